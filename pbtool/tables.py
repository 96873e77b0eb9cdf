"""The tables of words in `data/`, and the patterns of the code: one reader for all, and each made when it is first asked for.

The one idea: a table is text that a person can read and sort, tab-separated, with its source and licence in lines that
begin with `#`; who needs it in another shape makes that shape and keeps it. data/README.md lists them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, AnyStr, cast

#: Where the tables lie. A path, not `importlib.resources`, whose import alone costs a start of 10 ms.
FOLDER = Path(__file__).resolve().parent / "data"
_OF_PATTERNS = (
    *("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split", "scanner"),
    *("flags", "groups", "groupindex"),
)


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table of the package, without its header, in the order of the file."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.split("\n") if line and line[0] != "#")


def pairs(name: str) -> dict[str, str]:
    """A table of two columns: the first leads to the second."""
    return {row[0]: row[1] for row in rows(name)}


def pattern(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, but compiled where it is first used: a class of Chinese characters takes a millisecond.

    A short text needs a third of the patterns that the rules have. Once compiled, what is called are the pattern's own methods.
    """
    return cast("re.Pattern[AnyStr]", Pattern(source, flags))


class Pattern:
    """A regular expression before its first use (see `pattern`)."""

    __slots__ = ("_flags", "pattern", *_OF_PATTERNS)

    def __init__(self, source: str | bytes, flags: int) -> None:
        self.pattern, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        # Asked only for what is not there yet.
        if name not in _OF_PATTERNS:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        for each in _OF_PATTERNS:
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)
