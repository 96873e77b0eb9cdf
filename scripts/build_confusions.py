"""Build pbtool/data/confusions.tsv and corners.tsv: look-alikes and homophones of everyday characters, and the shapes of all.

    pip download --no-deps pycorrector==1.1.4 four-corner-method==0.2.0
    python scripts/build_confusions.py pycorrector-1.1.4-py3-none-any.whl four_corner_method-0.2.0-py3-none-any.whl [--check]

Look-alikes are taken as they are, homophones only those of the same tone and of everyday use; both ways round. The shapes are
four-corner codes of the characters of GB 2312.
"""

from __future__ import annotations

import argparse
import io
import pickle
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from generated import keep  # noqa: E402

from pbtool.repair.marks import common_han, is_han  # noqa: E402

TARGET = ROOT / "pbtool" / "data" / "confusions.tsv"
HEADER = """# Characters that look or sound like each other: character, those that can be meant.
# Source: pycorrector 1.1.4, same_stroke.txt and same_pinyin.txt (same tone); licence: Apache-2.0.
# Written by scripts/build_confusions.py
"""
CORNERS = ROOT / "pbtool" / "data" / "corners.tsv"
CORNERS_HEADER = """# Shapes of the characters of GB 2312: four-corner code (four corners and the middle), the characters that have it.
# Source: four-corner-method 0.2.0 (PyPI); licence: MIT. Written by scripts/build_confusions.py
"""


class _OnlyData(pickle.Unpickler):
    """Reads dictionaries and strings; whatever would run code is an error."""

    def find_class(self, module: str, name: str) -> object:
        raise pickle.UnpicklingError(f"{module}.{name} is no data")


def corners(wheel: Path) -> str:
    """The whole file of shapes as text."""
    with zipfile.ZipFile(wheel) as archive:
        codes = _OnlyData(io.BytesIO(archive.read("four_corner_method/data/data.pkl"))).load()
    shapes: dict[str, list[str]] = defaultdict(list)
    for char in sorted(_gb2312()):
        if char in codes:
            shapes[codes[char]].append(char)
    return CORNERS_HEADER + "".join(f"{code}\t{''.join(chars)}\n" for code, chars in sorted(shapes.items()))


def _gb2312() -> set[str]:
    cells = (
        bytes((lead, trail)).decode("gb2312", "ignore")
        for lead in range(0xB0, 0xF8)
        for trail in range(0xA1, 0xFF)
    )
    return {char for char in cells if is_han(char)}


def table(wheel: Path) -> str:
    """The whole file as text."""
    near: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as archive:
        strokes = archive.read("pycorrector/data/same_stroke.txt").decode("utf-8")
        sounds = archive.read("pycorrector/data/same_pinyin.txt").decode("utf-8")
    for line in strokes.splitlines():
        group = [char for char in line if is_han(char)] if line[:1] != "#" else []
        for char in group:
            near[char].update(group)
    for line in sounds.splitlines():
        cells = line.split("\t")
        if len(cells) > 1 and is_han(cells[0]):
            near[cells[0]].update(char for char in cells[1] if is_han(char))
    for char in list(near):
        for other in near[char]:
            near[other].add(char)
    everyday = common_han()
    rows = []
    for char in sorted(everyday & set(near)):
        others = sorted((near[char] & everyday) - {char})
        if others:
            rows.append(f"{char}\t{''.join(others)}\n")
    return HEADER + "".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pycorrector", type=Path)
    parser.add_argument("four_corner_method", type=Path)
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    made = {TARGET: table(options.pycorrector), CORNERS: corners(options.four_corner_method)}
    return keep(made, options.check)


if __name__ == "__main__":
    sys.exit(main())
