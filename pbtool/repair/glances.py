"""What a candidate's two neighbours say, and the stretches in which that settles most of them.

The one idea: where sign follows sign and no clean punctuation stands between, nearly every one of them is plain from the
pair of characters before it and the pair behind it; such pairs come again and again, so each is judged once. Only what they
leave open is worth the model's whole attention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import exp
from typing import NamedTuple

from pbtool.language import END, folding, model
from pbtool.repair.readings import PRESENT, STAND_INS, SURNAMES
from pbtool.repair.signs import PUNCTUATION, candidates, clean_signs, signs

_PLAIN = 4.0  # nats by which a sign must fit better, whichever way its neighbours are read
_LEAST = 4  # plain signs in a row make a stretch
_TOGETHER = 30.0  # and so many nats that all of them bring in
_APART = 100  # at most so many characters from one to the next
_KEPT = 1 << 16
_NEVER = -99.0


class Stretch(NamedTuple):
    """Plain signs in a row without clean punctuation between them: their places, and by how much each is plain (nats)."""

    places: list[int]
    margins: list[float]

    def certainties(self) -> list[float]:
        """For each place, the probability that a sign stands there."""
        return [1 - exp(-margin - PRESENT) for margin in self.margins]


class _Before(dict[str, float]):
    """For a character and a candidate behind it: how much better (nats) the sign fits there, at the least."""

    def __missing__(self, pair: str) -> float:
        value = self[pair] = _NEVER if _unclear(pair, pair[-1:]) or pair[0].isspace() else self._least(pair)
        return value

    def _least(self, pair: str) -> float:
        char, fits = pair[1], model().pair
        sign = signs()[char]
        return min(
            fits(before, sign.folded)
            + sign.cost
            - max(fits(before, own) + share for own, share in _selves(char))
            for before in _readings(pair[0])
        )


class _Behind(dict[str, float]):
    """The same for a candidate and the character behind it."""

    def __missing__(self, pair: str) -> float:
        value = self[pair] = _NEVER if _unclear(pair, pair[:1]) else self._least(pair)
        return value

    def _least(self, pair: str) -> float:
        char, after = pair[0], pair[1]
        if after.isspace():
            return 0.0 if after == END else _NEVER
        fits, sign = model().pair, signs()[char]
        return min(
            fits(sign.folded, behind) - max(fits(own, behind) for own, _ in _selves(char))
            for behind in _readings(after)
        )


def _unclear(pair: str, char: str) -> bool:
    return len(pair) < 2 or signs()[char].kind != PUNCTUATION or not signs()[char].folded


def _selves(char: str) -> Iterator[tuple[str, float]]:
    """The character, and for a surname those that stand in for it, each with what it is worth."""
    yield char, 0.0
    if char in SURNAMES:
        for stand_in in STAND_INS:
            yield stand_in, SURNAMES[char]


def _readings(char: str) -> list[str]:
    """A neighbour as the model counts it: as itself, and as the sign it may be."""
    sign = signs().get(char)
    readings = [char.translate(folding())]
    return [*readings, sign.folded] if sign and sign.folded else readings


@lru_cache(maxsize=1)
def _pairs() -> tuple[_Before, _Behind]:
    return _Before(), _Behind()


def stretches(text: str, low: int, high: int) -> tuple[list[Stretch], list[int]]:
    """The stretches of text[low:high], and the places of all other candidates in it."""
    before, behind = _pairs()
    if len(before) + len(behind) > _KEPT:
        before.clear()
        behind.clear()
    clean = clean_signs()[0]
    clear = clean.search(text, low, high) is None
    found: list[Stretch] = []
    open_places: list[int] = []
    places: list[int] = []
    margins: list[float] = []

    def close() -> None:
        nonlocal places, margins
        if len(places) >= _LEAST and sum(margins) + PRESENT * len(places) >= _TOGETHER:
            found.append(Stretch(places, margins))
        else:
            open_places.extend(places)
        places, margins = [], []

    for match in candidates().finditer(text, low, high):
        place = match.start()
        margin = before[text[place - 1 : place + 1]] + behind[text[place : place + 2]]
        if margin < _PLAIN:
            open_places.append(place)
            continue
        if places and (
            place - places[-1] > _APART or not (clear or not clean.search(text, places[-1], place))
        ):
            close()
        places.append(place)
        margins.append(margin)
    close()
    open_places.sort()
    return found, open_places


def mended(text: str, low: int, high: int, found: Sequence[Stretch]) -> str:
    """text[low:high] with the plain signs in place of their characters."""
    table, chars = signs(), list(text[low:high])
    for stretch in found:
        for place in stretch.places:
            chars[place - low] = table[chars[place - low]].char
    return "".join(chars)
