"""What the two neighbours of a candidate say of it: by how much its sign fits better beside each of them.

The one idea: a neighbour may itself be a sign, so that every reading of it is asked and the least of what they say counts.
Such pairs come again and again, in every text; each is judged once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pbtool.language import END, folding, model
from pbtool.repair.readings import STAND_INS, SURNAMES, log_sum
from pbtool.repair.signs import DASH, PUNCTUATION, signs

NEVER = -99.0  # what a neighbour says that says nothing,
SAID = -60.0  # so that less than this in all was not said
_NAMING = 1.5  # so much more is asked of characters that begin names,
_WORDY = 3.5  # and of those that end words: neither shows in a pair
_KEPT = 1 << 16


class _Form(NamedTuple):
    """A candidate as it is counted: its sign, itself, and what stands in for a surname; what each of these is worth."""

    kind: int
    choices: str
    cost: float  # of the sign
    share: float  # of a surname in its stand-ins
    asked: float

    def margin(self, values: Sequence[float]) -> float:
        """How much better (nats) the sign is than the best of the others, by the value of each choice."""
        own = values[1]
        if len(values) > 2:
            own = max(own, max(values[2:]) + self.share)
        return values[0] + self.cost - own

    def behind(self, before: str) -> float:
        """How much better the sign fits behind a (folded) character."""
        margin = self.margin(model().behind(before, self.choices))
        if before != END:
            return margin
        anywhere = model().nowhere  # a line's end may mean nothing
        return min(margin, self.margin([anywhere[choice][1] for choice in self.choices]))

    def ahead(self, behind: str) -> float:
        """How much better a (folded) character follows the sign."""
        values = model().before(self.choices, behind)
        return values[0] - max(values[1:])


class _Pairs(dict[str, float]):
    """For two characters side by side, one of them a candidate: how much better its sign fits there, seen once each."""

    def __init__(self) -> None:
        super().__init__()
        self._forms, self._readings = _forms(), _readings()


class _Before(_Pairs):
    """For a character and a candidate behind it: how much better the sign fits there, at the least."""

    def __missing__(self, pair: str) -> float:
        form = self._forms.get(pair[1:])
        if form is None or form.kind != PUNCTUATION or (pair[0].isspace() and pair[0] != END):
            value = NEVER
        else:
            own, *other = self._readings[pair[0]]
            value = form.behind(own)
            if other:
                value = min(value, form.behind(other[0]))
            value -= form.asked
        self[pair] = value
        return value


class _Behind(_Pairs):
    """The same for a candidate and the character behind it."""

    def __missing__(self, pair: str) -> float:
        form = self._forms.get(pair[:1])
        if form is None or form.kind != PUNCTUATION or len(pair) < 2:
            value = NEVER
        elif pair[1].isspace():
            value = 0.0 if pair[1] == END else NEVER
        else:
            own, *other = self._readings[pair[1]]
            value = form.ahead(own)
            if other:
                value = min(value, form.ahead(other[0]))
        self[pair] = value
        return value


class _MostBefore(_Pairs):
    """For a character and a candidate behind it: how much better the sign fits there, at the most."""

    def __missing__(self, pair: str) -> float:
        form, value = self._forms.get(pair[1:]), -NEVER
        if form is not None and not pair[0].isspace():
            value = max(map(form.behind, self._readings[pair[0]]))
        self[pair] = value
        return value


class _MostBehind(_Pairs):
    """The same for a candidate and the character behind it."""

    def __missing__(self, pair: str) -> float:
        form, value = self._forms.get(pair[:1]), -NEVER
        if form is not None and len(pair) > 1 and not pair[1].isspace():
            value = max(map(form.ahead, self._readings[pair[1]]))
        self[pair] = value
        return value


class _TwoBefore(dict[str, list[float]]):
    """For two characters and a candidate behind them: the log-probability of each of its choices, with what it is worth."""

    def __missing__(self, three: str) -> list[float]:
        form = _forms()[three[2]]
        values = model().between(three[:2].translate(folding()), form.choices, "")
        values[0] += form.cost
        values[2:] = [value + form.share for value in values[2:]]
        self[three] = values
        return values


class _TwoBehind(dict[str, list[float]]):
    """For a candidate and two characters behind it: their log-probability behind each of its choices."""

    def __missing__(self, three: str) -> list[float]:
        judge, behind = model(), three[1:].translate(folding())
        choices = _forms()[three[0]].choices
        values = self[three] = [judge.tail(judge.nowhere[choice][0], behind) for choice in choices]
        return values


@lru_cache(maxsize=1)
def _forms() -> dict[str, _Form]:
    """Every candidate whose sign the model counts."""
    asked = dict.fromkeys([*SURNAMES, "耶"], _NAMING) | dict.fromkeys([DASH, "院"], _WORDY)
    forms = {}
    for char, sign in signs().items():
        if sign.folded:
            choices = "".join((sign.folded, char, *(STAND_INS if char in SURNAMES else ())))
            forms[char] = _Form(sign.kind, choices, sign.cost, SURNAMES.get(char, 0.0), asked.get(char, 0.0))
    return forms


class _Readings(dict[str, tuple[str, ...]]):
    """A neighbour as the model counts it: as itself, and as the sign it may be."""

    def __missing__(self, char: str) -> tuple[str, ...]:
        form, own = _forms().get(char), char.translate(folding())
        found = self[char] = (own, form.choices[0]) if form else (own,)
        return found


@lru_cache(maxsize=1)
def _readings() -> _Readings:
    return _Readings()


class Neighbours:
    """What was seen so far, each kept from text to text."""

    def __init__(self) -> None:
        #: For pairs: by how much (nats) a sign fits better, at the least, behind and before its neighbour.
        self.before, self.behind = _Before(), _Behind()
        #: The same at the most.
        self.most_before, self.most_behind = _MostBefore(), _MostBehind()
        self._two_before, self._two_behind = _TwoBefore(), _TwoBehind()
        self._forms = _forms()

    def most(self, left: str, right: str) -> float:
        """By how much (nats) a sign fits better at the most: a pair that ends with it, and one that begins with it."""
        return self.most_before[left] + self.most_behind[right]

    def counts(self, five: str) -> bool:
        """Whether the model counts the sign of the middle one of five characters, and no blank is among them.

        It passes over bullets and blanks.
        """
        return five[2] in self._forms and len(five.split(None, 1)[0]) == 5

    def margin(self, five: str) -> float:
        """How much better (nats) the sign of the middle one of five characters fits; blanks must not be among them."""
        before, behind = self._two_before[five[:3]], self._two_behind[five[2:]]
        sign, own = before[0] + behind[0], before[1] + behind[1]
        for one, other in zip(before[2:], behind[2:], strict=True):
            own = log_sum(own, one + other)
        return sign - own

    def relax(self) -> None:
        """Forget what is remembered of any kind once it is much."""
        pairs = (self.before, self.behind, self.most_before, self.most_behind)
        for known in (*pairs, self._two_before, self._two_behind):
            if len(known) > _KEPT:
                known.clear()


@lru_cache(maxsize=1)
def neighbours() -> Neighbours:
    """What is known of the neighbours of candidates; kept from text to text."""
    return Neighbours()
