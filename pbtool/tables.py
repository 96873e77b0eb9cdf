"""The tables of words in `data/`: one reader for all of them.

The one idea: a table is text that a person can read and sort, tab-separated, with its source and licence in lines that
begin with `#`; who needs it in another shape makes that shape and keeps it. data/README.md lists them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

#: Where the tables lie. A path, not `importlib.resources`, whose import alone costs a start of 10 ms.
FOLDER = Path(__file__).resolve().parent / "data"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of the package, without its header, in the order of the file."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.split("\n") if line and line[0] != "#")


def pairs(name: str) -> dict[str, str]:
    """A table of two columns: the first leads to the second."""
    return {row[0]: row[1] for row in rows(name)}
