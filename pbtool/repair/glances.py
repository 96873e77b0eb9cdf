"""What candidates look like at a glance, and the stretches in which a glance settles most of them.

The one idea: where sign follows sign and no clean punctuation stands between, nearly every one of them is plain from its two
neighbours alone. Only what they leave open is worth the model's whole attention.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import compress
from math import exp
from operator import add
from typing import NamedTuple

from pbtool.language import END, folding
from pbtool.repair.neighbours import SAID, neighbours
from pbtool.repair.readings import PRESENT, lead
from pbtool.repair.signs import PUNCTUATION, candidates, clean_signs, signs

_PLAIN = 2.5  # nats by which a sign must fit better, whichever way its neighbours are read
_ITSELF = -6.0  # and below which it can only be the character,
_NO_DIGIT = -1.0  # and the same for digits and letters, which hardly ever stand alone
_REACH = 3  # characters on each side that are felt
_LEAST = 4  # plain signs in a row make a stretch
_TOGETHER = 30.0  # and so many nats that all of them bring in
_APART = 100  # at most so many characters from one to the next
_SPARED = 3.5  # nats by which margins understate what is plain, measured on broken press text
_HOPELESS = -8.0  # nats below which none fits, measured on broken press text
_CLEAR = 6.0  # nats from which on what stands further off is not asked
_NO_SIGN = 1e-4  # and a chance below which it is nowhere a sign
_FAR = 1 << 60  # a place beyond any text
_MOST_WAYS = 2  # open neighbours of which every reading is tried


class Stretch(NamedTuple):
    """Plain signs in a row without clean punctuation between them: their places, and what they bring in (nats)."""

    places: list[int]
    margins: list[float]


class Glance:
    """A part of a text after a glance: its stretches, the chances of what is settled, the part with the settled signs in
    place of their characters, and the places of candidates that are open."""

    def __init__(self, text: str, low: int, high: int) -> None:
        self.low, self.chances, self._known = low, dict[int, float](), neighbours()
        self.stretches, unclear = _stretches(text, low, high)
        self._firsts = [stretch.places[0] for stretch in self.stretches]
        self._chars, table = list(text[low:high]), signs()
        for stretch in self.stretches:
            certain = [1 - exp(-margin - _SPARED) for margin in stretch.margins]
            self.chances.update(zip(stretch.places, certain, strict=True))
        for place in self.chances:
            self._chars[place - low] = table[self._chars[place - low]].char
        self.open = self._settled(unclear)
        self.piece = "".join(self._chars)

    def covers(self, start: int, end: int) -> bool:
        """Whether [start, end) lies between the plain signs of one stretch."""
        index = bisect_right(self._firsts, start) - 1
        return index >= 0 and end <= self.stretches[index].places[-1]

    def _settled(self, unclear: Sequence[int]) -> list[int]:
        """Look closer at each unclear place, its neighbours as they are by now; give those that stay open."""
        left: list[int] = []
        table, last = signs(), -_REACH - 1  # last: the last place that stayed open
        for place, following, more in zip(
            unclear, (*unclear[1:], _FAR), (*unclear[2:], _FAR, _FAR), strict=False
        ):
            at = place - self.low
            if place - last > _REACH < following - place:
                chance = self._chance(at, ())
            elif place - last <= _REACH >= more - place:
                chance = None  # three beside it: more than are tried
            else:
                near = (*left[-2:], following, more)
                chance = self._chance(
                    at, [other - self.low for other in near if abs(other - place) <= _REACH]
                )
            if chance is None:
                left.append(last := place)
                continue
            sign = table[self._chars[at]]
            if sign.kind == PUNCTUATION and self.covers(place, place + 1):
                self.chances[place] = chance
                if chance > 0.5:
                    self._chars[at] = sign.char
            elif chance > _NO_SIGN:
                left.append(last := place)
        return left

    def _chance(self, at: int, beside: Sequence[int]) -> float | None:
        """The chance of a sign, were this a shifted run; None where it depends on how its surroundings are read."""
        if len(beside) > _MOST_WAYS:
            return None
        around, known = "".join(self._chars[max(at - 2, 0) : at + 3]), self._known
        if len(around) < 5 or not known.counts(around):
            return None if beside else self._agreed(at)
        margin = known.before[around[1:3]] + known.behind[around[2:4]]
        if margin >= _PLAIN or SAID < margin < _HOPELESS:
            return 1 - exp(-margin - _SPARED) if margin > 0 else 0.0
        if not beside:
            margin = known.margin(around)
            if -_CLEAR < margin < _CLEAR:
                margin = self._closer(at)
            return 1 / (1 + exp(-margin - PRESENT))
        ways = [around]
        for other in beside:
            place = other - at + 2
            if 0 <= place < 5:
                sign = signs()[around[place]].char
                ways += [way[:place] + sign + way[place + 1 :] for way in ways]
        margins = [*map(known.margin, ways)]
        if (margin := min(margins)) < _CLEAR and (margin := max(margins)) > -_CLEAR:
            return None
        return 1 / (1 + exp(-margin - PRESENT))

    def _closer(self, at: int) -> float:
        """How much better (nats) the sign fits between a character more on each side."""
        left, right = self._chars[max(0, at - _REACH) : at], self._chars[at + 1 : at + 1 + _REACH]
        return lead("".join(left).translate(folding()), self._chars[at], "".join(right).translate(folding()))

    def _agreed(self, at: int) -> float | None:
        """The same beside a line's end: whether it ends something or not, there is a sign, or there is none."""
        low, table = max(0, at - _REACH - 1), folding()
        left = "".join(self._chars[low:at]).translate(table)
        right = "".join(self._chars[at + 1 : at + 2 + _REACH]).translate(table)
        begins, char = END if low == self.low == 0 else "", self._chars[at]
        ended = lead(begins + left, char, right)
        joined = lead(begins + left.replace(END, ""), char, right.replace(END, ""))
        if min(ended, joined) < _CLEAR and max(ended, joined) > -_CLEAR:
            return None
        return 1 / (1 + exp(-min(ended, joined, key=abs) - PRESENT))


def _stretches(text: str, low: int, high: int) -> tuple[list[Stretch], list[int]]:
    """The stretches of text[low:high], and the places of all other candidates that may be signs."""
    known = neighbours()
    known.relax()
    places = [match.start() for match in candidates().finditer(text, low, high)]
    lefts = [text[place - 1 : place + 1] for place in places]
    rights = [text[place : place + 2] for place in places]
    before, behind = map(known.before.__getitem__, lefts), map(known.behind.__getitem__, rights)
    margins = [*map(add, before, behind)]
    plain = [*map(_PLAIN.__le__, margins)]
    rows = [*_rows(text, Stretch([*compress(places, plain)], [*compress(margins, plain)]))]
    unclear = [
        place
        for place, margin, left, right in zip(places, margins, lefts, rights, strict=True)
        if margin < _PLAIN
        and (margin > _ITSELF or known.most(left, right) >= (_ITSELF if margin > SAID else _NO_DIGIT))
    ]
    found = []
    for row in rows:
        if len(row.places) >= _LEAST and sum(row.margins) + PRESENT * len(row.places) >= _TOGETHER:
            found.append(row)
        else:
            unclear.extend(row.places)
    unclear.sort()
    return found, unclear


def _rows(text: str, plain: Stretch) -> Iterator[Stretch]:
    """Plain signs in rows that neither a clean one nor a long way interrupts."""
    places, margins = plain
    if not places:
        return
    clean = (found.start() for found in clean_signs()[0].finditer(text, places[0], places[-1]))
    following, begin = next(clean, len(text)), 0
    for number in range(1, len(places)):
        place = places[number]
        if place - places[number - 1] > _APART or following < place:
            yield Stretch(places[begin:number], margins[begin:number])
            begin = number
            while following < place:
                following = next(clean, len(text))
    yield Stretch(places[begin:], margins[begin:])
