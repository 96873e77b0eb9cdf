"""The rooms of docs/architecture.md, and who may know whom: imports only point to an earlier floor."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pbtool"


def floors() -> dict[str, int]:
    """Room -> floor, as the picture in docs/architecture.md draws them (its lines look like `2  reading, repair`)."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = text.split("```")[1]
    result = {}
    for floor, rooms in re.findall(r"^ *(\d)  +([a-z_, ]+?)(?:  .*)?$", picture, re.M):
        result.update({room.strip(): int(floor) for room in rooms.split(",")})
    return result


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0] if parts[0] != "__init__" else "pbtool"


def imports(path: Path) -> set[str]:
    """Rooms that a module imports at run time, wherever in the module it does so."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "pbtool":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found


def test_every_room_has_a_floor_and_every_floor_a_room():
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py")} - {"pbtool", "__main__", "data"}
    assert rooms == set(floors())


def test_imports_only_point_down():
    floor = floors()
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for path in PACKAGE.rglob("*.py")
        for other in imports(path)
        if (room := room_of(path)) in floor
        and other in floor
        and other != room
        and floor[other] > floor[room]
    ]
    assert wrong == []


def test_every_module_says_what_it_is_for():
    silent = [
        str(p)
        for p in PACKAGE.rglob("*.py")
        if not ast.get_docstring(ast.parse(p.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_module_outgrows_its_noun():
    assert {
        p.name: n
        for p in PACKAGE.rglob("*.py")
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 500
    } == {}
