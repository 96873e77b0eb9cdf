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
#: A half of a pair: its place, whether it opens, and how surely it stands there.
Mark = tuple[int, bool, float]
_PAIR = 120  # how far a bracket reaches
_TOGETHER, _ALONE = 3.0, 2.5  # what its partner adds to a bracket, and what no partner takes from it (nats)
_NEEDED = 3.0  # and what it adds more where nothing else could be its own partner
_QUOTE = "野"  # where this opens in the middle of a clause,
_INSIDE = 5.0  # no partner takes so much: no long quotation does


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
    """What chances become where the other half of a pair has its say: a bracket is likelier where its partner stands."""
    result: dict[int, float] = {}
    for marks in _marks(text, chances).values():
        doubtful = [number for number, (_, _, sure) in enumerate(marks) if 1e-4 < sure < 0.9999]
        for _ in range(2):
            for number in doubtful:
                place = marks[number][0]
                chance, partner = chances[place], _partner(marks, number)
                alone = _INSIDE if text[place] == _QUOTE and _runs_on(text, place, chances) else _ALONE
                together = _TOGETHER + _NEEDED * _needed(marks, number)
                odds = log(chance / (1 - chance)) + together * partner - alone * (1 - partner)
                result[place] = 1 / (1 + exp(-odds))
            for number in doubtful:
                place, opens, _ = marks[number]
                marks[number] = place, opens, result[place]
    return result


def _marks(text: str, chances: dict[int, float]) -> dict[str, list[Mark]]:
    """The signs of each pair, shifted ones by their chance."""
    found: dict[str, list[Mark]] = {}
    if chances:
        low, high = max(0, min(chances) - _PAIR), max(chances) + _PAIR
        known, shifted = _brackets(), signs()
        for match in _bracket().finditer(text, low, high):
            char, place = match.group(), match.start()
            sure = chances.get(place, 0.0 if char in shifted else 1.0)
            if sure > 1e-4:
                pair, opens = known[char]
                found.setdefault(pair, []).append((place, opens, sure))
    return found


def _partner(marks: Sequence[Mark], number: int) -> float:
    """How surely the other half of a pair stands within reach, with no half of the same side before it."""
    place, opens, _ = marks[number]
    step, free, best = 1 if opens else -1, 1.0, 0.0
    at = number + step
    while 0 <= at < len(marks) and abs(marks[at][0] - place) <= _PAIR and free > 0.05:
        _, other_opens, sure = marks[at]
        if other_opens != opens:
            best += free * sure
        free *= 1 - sure
        at += step
    return min(1.0, best)


def _needed(marks: Sequence[Mark], number: int) -> float:
    """How surely the mark on the other side of a bracket's partner is none of the bracket's own side, which could take it."""
    place, opens, _ = marks[number]
    beside = number - 1 if opens else number + 1
    if not 0 <= beside < len(marks) or abs(marks[beside][0] - place) > _PAIR:
        return 1.0
    _, other_opens, sure = marks[beside]
    return 1 - sure if other_opens == opens else 1.0
