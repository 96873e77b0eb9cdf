"""The words that pages and bylines are made of, as patterns.

The one idea: a list of words that can grow stands in a table of `data/`; here one class of it becomes an alternation that
also finds the word letter-spaced (`责 编`). Text is folded to simplified characters before it is matched.
"""

from __future__ import annotations

import re
from functools import cache

from pbtool import tables

PAGE, BYLINE = "page_words.tsv", "byline_words.tsv"


@cache
def words(table: str, *kinds: str) -> tuple[str, ...]:
    """The words of the classes, longest first."""
    found = {word for word, kind in tables.rows(table) if kind in kinds}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def any_of(table: str, *kinds: str) -> str:
    """A group that matches any word of the classes; white space may stand between the characters of short ones."""
    return f"(?:{'|'.join(map(_spaced, words(table, *kinds)))})"


def _spaced(word: str) -> str:
    gap = r"\s{0,2}" if len(word) <= 4 else ""
    return gap.join(map(re.escape, word.replace(" ", "")))
