"""Every file of pbtool/data is listed with its source and licence, and every table is sorted, unique and well-formed."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from pbtool import tables

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "pbtool" / "data"
TABLES = sorted(path.name for path in DATA.glob("*.tsv"))
COLUMNS = {
    "islands.tsv": 3,
    "forms_of_address.tsv": 1,
    "merged_characters.tsv": 4,
    "name_followers.tsv": 1,
    "famous_names.tsv": 1,
    "surnames_japanese.tsv": 1,
    "not_names.tsv": 1,
    "place_surnames.tsv": 1,
}
#: A word of these may be of several kinds: the row is unique, not the word.
SEVERAL_KINDS = {
    "byline_words.tsv",
    "merged_characters.tsv",
    "page_words.tsv",
    "phrase_ends.tsv",
    "place_kinds.tsv",
    "place_words.tsv",
    "islands.tsv",
}
#: The classes that code asks for by name.
KINDS = {
    "byline_words.tsv": {"desk", "role", "unit", "source"},
    "office_stops.tsv": {"stop", "safe"},
    "offices.tsv": {"official", "member", "byline", "courtesy"},
    "phrase_ends.tsv": {"adverb", "change", "have", "lead", "link", "mute"},
    "place_words.tsv": {"era", "generic", "city", "county", "after"},
}


def listed() -> dict[str, list[str]]:
    """File -> what it holds, source, licence, made by; as data/README.md has it."""
    text = (DATA / "README.md").read_text(encoding="utf-8")
    rows = (line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `"))
    return {row[0].strip("`"): row[1:] for row in rows}


def test_every_file_is_listed_with_source_and_licence() -> None:
    files = {path.name for path in DATA.iterdir() if path.is_file()} - {"README.md", "__init__.py"}
    assert set(listed()) == files
    assert list(listed()) == sorted(files)
    assert [name for name, row in listed().items() if len(row) != 4 or not all(row)] == []


def test_scripts_that_make_tables_exist() -> None:
    scripts = {script for row in listed().values() for script in re.findall(r"scripts/\w+\.py", row[3])}
    assert scripts and [script for script in scripts if not (ROOT / script).exists()] == []


@pytest.mark.parametrize("name", TABLES)
def test_table_is_sorted_unique_and_well_formed(name: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    assert text.endswith("\n") and "\r" not in text and "\n\n" not in text and text.startswith("# ")
    lines = text.splitlines()
    body = [line for line in lines if not line.startswith("#")]
    assert lines[len(lines) - len(body) :] == body, "a comment stands among the rows"
    assert body == sorted(set(body))
    rows = tables.rows(name)
    assert len(rows) == len(body)
    assert {len(row) for row in rows} == {COLUMNS.get(name, 2)}
    assert [row for row in rows if not all(row) or any(cell != cell.strip() for cell in row)] == []
    assert name in SEVERAL_KINDS or len({row[0] for row in rows}) == len(rows)


@pytest.mark.parametrize("name", TABLES)
def test_table_says_where_it_comes_from(name: str) -> None:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    head = " ".join(line for line in lines if line.startswith("#"))
    assert re.search(r"source|own (list|work)|from|written for pbtool", head, re.I)
    assert re.search(r"Apache-2\.0|CC0|MIT|Unicode License", head)


@pytest.mark.parametrize(("name", "kinds"), KINDS.items())
def test_table_has_only_the_classes_that_are_asked_for(name: str, kinds: set[str]) -> None:
    assert {row[1] for row in tables.rows(name)} == kinds


def test_rows_leave_out_the_head() -> None:
    assert all(row[0][0] != "#" for row in tables.rows("surnames.tsv"))
    assert tables.pairs("radicals.tsv")["⺁"] == "厂"


def patterns() -> dict[str, tables.Pattern]:
    """Every pattern that waits for its first use in a module of the package, by where it stands."""
    found = {}
    for path in sorted((ROOT / "pbtool").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if path.stem not in ("__main__", "__init__"):
            for key, value in vars(importlib.import_module(name)).items():
                if isinstance(value, tables.Pattern):
                    found[f"{name}.{key}"] = value
    return found


def test_every_pattern_that_waits_can_be_compiled():
    waiting = patterns()
    assert len(waiting) > 300
    for where, value in waiting.items():
        assert value.groups >= 0, where


def test_a_pattern_that_waits_does_what_a_compiled_one_does():
    ours, theirs = tables.pattern(r"(?P<n>\d+)个(村|社区)", re.I), re.compile(r"(?P<n>\d+)个(村|社区)", re.I)
    text = "走访12个村、3个社区"
    assert ours.pattern == theirs.pattern
    assert [m.span() for m in ours.finditer(text)] == [m.span() for m in theirs.finditer(text)]
    assert ours.sub("", text) == theirs.sub("", text)
    assert (ours.flags, ours.groups, dict(ours.groupindex)) == (theirs.flags, 2, {"n": 1})
    assert tables.pattern(b"[0-9]+").search(b"a12")[0] == b"12"
    with pytest.raises(AttributeError):
        ours.nothing  # noqa: B018
    with pytest.raises(re.error):
        tables.pattern("(").search(text)
