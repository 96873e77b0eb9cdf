"""Characters that share most of their corners: what a worn or small print of one may be read as.

The one idea: the four-corner method writes a character's shape as five digits, one for each corner and one for the middle.
Two characters that agree in three of them look alike from afar, whether or not anybody has listed them as confusable.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from itertools import combinations

from pbtool import tables
from pbtool.repair.marks import everyday

_SHARED = 3  # digits that two characters have in common
_PARTS = tuple(combinations(range(5), _SHARED))


@lru_cache(maxsize=4096)
def alike(char: str) -> str:
    """The everyday characters that share three corners with `char`, in the order of their code points; nothing for one without a code."""
    code = _codes().get(char)
    if code is None:
        return ""
    near = {other for part in _PARTS for other in _sharing().get((part, _digits(code, part)), ())}
    return "".join(sorted(near - {char}))


def _digits(code: str, part: tuple[int, ...]) -> str:
    return "".join(code[place] for place in part)


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {char: code for code, chars in tables.rows("corners.tsv") for char in chars}


@lru_cache(maxsize=1)
def _sharing() -> dict[tuple[tuple[int, ...], str], list[str]]:
    """Three corners -> the everyday characters that have them."""
    found: dict[tuple[tuple[int, ...], str], list[str]] = defaultdict(list)
    for char in everyday("gb2312") & _codes().keys():
        for part in _PARTS:
            found[part, _digits(_codes()[char], part)].append(char)
    return found
