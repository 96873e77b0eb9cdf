"""Numbers that would begin with a nought: the character before it is their first digit.

The one idea: no number begins with a nought and goes on, so that of 党员园缘年 (党105年) no more can be told apart than the first digit
from a word that ends there (党员); the model says which, for the number as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pbtool.language import model
from pbtool.repair.signs import ALNUM, signs

_SHOWN = 0.9  # chance from which the nought and the digit behind it are known
_BETTER = 1.0  # nats by which the first digit must fit better than the word
_CHANCE = 0.996
_BEFORE, _BEHIND = 8, 6  # characters around the digit that the model sees


def figures(text: str, chances: Mapping[int, float]) -> dict[int, float]:
    """The chance of each first digit in front of a known nought and another digit that was not taken for one."""
    return {place: max(_CHANCE, chances.get(place, 0.0)) for place in _first_digits(text, chances)}


def _first_digits(text: str, chances: Mapping[int, float]) -> Iterator[int]:
    for match in _noughts().finditer(text) if chances else ():
        place, shown = match.start(), match.span(1)
        known = all(chances.get(at, 0.0) >= _SHOWN for at in range(*shown) if text[at] != "\n")
        if known and chances.get(place, 0.0) < _SHOWN and _fits(text, place):
            yield place


def _fits(text: str, place: int) -> bool:
    """Whether the digit fits better than the word: what is a digit behind it counts as one."""
    left = text[max(0, place - _BEFORE) : place].replace("\n", "")
    right = text[place + 1 : place + 1 + _BEHIND].replace("\n", "")
    digits = _digits()
    right = "".join(digits.get(char, char) for char in right)
    digit, word = model().alternatives(left, [digits[text[place]], text[place]], right)
    return digit - word > _BETTER


@lru_cache(maxsize=1)
def _digits() -> dict[str, str]:
    """What stands for a digit, and the digit as the model counts it."""
    return {char: sign.folded for char, sign in signs().items() if sign.kind == ALNUM and sign.folded == "0"}


@lru_cache(maxsize=1)
def _noughts() -> re.Pattern[str]:
    digits = "".join(_digits())
    nought = next(char for char, sign in signs().items() if sign.char == "０")
    return re.compile(f"[{digits}](?=(\\n?{nought}\\n?[{digits}]))(?<![{digits}].)")
