"""Pairs of brackets and quotation marks: one half speaks for the other.

The one idea: after everything else is weighed, a bracket is likelier where its partner stands within reach, shifted or
clean, and less likely where none does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from math import exp, log

from pbtool.repair.marks import is_han
from pbtool.repair.signs import half_width, signs

_PAIRS = ("“”", "‘’", "（）", "《》", "〈〉", "【】", "「」", "『』", "〔〕", "［］", "〖〗")
_PAIR = 120  # how far a bracket reaches
_TOGETHER, _ALONE = 4.0, 2.5  # what its partner adds to a bracket, and what no partner takes from it (nats)


_QUOTE, _INSIDE = (
    "野",
    5.0,
)  # the same from a quotation mark that opens in the middle of a clause: no long quotation does


def _runs_on(text: str, place: int, chances: dict[int, float]) -> bool:
    """Whether a character right before a place belongs to the same clause."""
    before = text[place - 1 : place]
    return is_han(before) and chances.get(place - 1, 0.0) < 0.5


@lru_cache(maxsize=1)
def _brackets() -> dict[str, tuple[str, bool]]:
    """Every sign of a pair, clean or shifted: the name of the pair, and whether it opens."""
    found = {}
    for pair in _PAIRS:
        opening, closing = pair[0], pair[1]
        for char, opens in ((opening, True), (closing, False)):
            found[char] = found[half_width(char)] = (opening, opens)
    shifted = {char: found[sign.char] for char, sign in signs().items() if sign.char in found}
    return found | shifted


@lru_cache(maxsize=1)
def _bracket() -> re.Pattern[str]:
    return re.compile("[" + re.escape("".join(sorted(_brackets()))) + "]")


def paired(text: str, chances: dict[int, float]) -> dict[int, float]:
    """Chances once more, with what the other half of a pair says: a bracket is likelier where its partner stands."""
    if not any(text[place] in _brackets() and 1e-4 < chance < 0.9999 for place, chance in chances.items()):
        return chances
    result = dict(chances)
    for _ in range(2):
        marks = _marks(text, result)
        for number, (place, pair, opens, _) in enumerate(marks):
            chance = chances.get(place)
            if chance is None or not 1e-4 < chance < 0.9999:
                continue
            partner = _partner(marks, number, pair, opens)
            alone = _INSIDE if text[place] == _QUOTE and _runs_on(text, place, result) else _ALONE
            odds = log(chance / (1 - chance)) + _TOGETHER * partner - alone * (1 - partner)
            result[place] = 1 / (1 + exp(-odds))
    return result


def _marks(text: str, chances: dict[int, float]) -> list[tuple[int, str, bool, float]]:
    """The signs of pairs: place, pair, whether it opens, and how surely it stands there (shifted ones by their chance)."""
    if not chances:
        return []
    low, high = max(0, min(chances) - _PAIR), max(chances) + _PAIR
    marks = []
    for found in _bracket().finditer(text, low, high):
        pair, opens = _brackets()[found.group()]
        sure = chances.get(found.start(), 0.0 if found.group() in signs() else 1.0)
        if sure > 1e-4:
            marks.append((found.start(), pair, opens, sure))
    return marks


def _partner(marks: Sequence[tuple[int, str, bool, float]], number: int, pair: str, opens: bool) -> float:
    """How surely the other half of a pair stands within reach, with no half of the same side before it."""
    place, step, free = marks[number][0], 1 if opens else -1, 1.0
    best = 0.0
    at = number + step
    while 0 <= at < len(marks) and abs(marks[at][0] - place) <= _PAIR and free > 0.05:
        _, other, other_opens, sure = marks[at]
        if other == pair:
            if other_opens != opens:
                best += free * sure
            free *= 1 - sure
        at += step
    return min(1.0, best)
