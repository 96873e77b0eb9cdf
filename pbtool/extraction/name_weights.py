"""The weights of the name model, laid out so that a candidate is weighed in a few look-ups.

The one idea: a feature is a letter and what it was seen with, so the table falls into one dictionary a letter, which is asked
with a slice of the text itself. What the characters of a candidate and its neighbours weigh (`next_to`, `further`, `behind`) is cheap
to see, and leaves so few candidates open that only these are asked how firmly they hang together (`tied`), which takes the
language model. What is added up here is what `name_features.features` names.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from pbtool.extraction.name_features import EDGE, GIVEN, TIES

#: Letter of a kind -> the names of its kinds by the length of the given name.
KINDS = {letter: tuple(f"{letter}{size}" for size in range(4)) for letter in GIVEN}
_FAMILIES = "HfBWXZNGLRSFYrs"
_OF_KIND = "SFYr"  # families whose features begin with the kind
_ENDS = ("ta", "tz", "tl")
_Table = dict[str, float]


class Around(NamedTuple):
    """A prepared text with three edges on each side: as it is, and with its spaces as edges."""

    text: str
    edged: str

    @classmethod
    def of(cls, text: str) -> Around:
        """The text with its edges."""
        padded = f"{EDGE * 3}{text}{EDGE * 3}"
        return cls(padded, padded.replace(" ", EDGE))


class Sounds(NamedTuple):
    """Running sums of the weights of characters and of pairs of a stretch that begins at `start`."""

    start: int
    chars: list[float]
    pairs: list[float]

    def between(self, start: int, end: int) -> float:
        """What the characters and pairs of [start, end) weigh."""
        start, end = start - self.start, end - self.start
        return self.chars[end] - self.chars[start] + self.pairs[end - 1] - self.pairs[start]


class Weights:
    """Feature -> weight (natural log-odds); what is not there weighs nothing."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._families: dict[str, _Table] = {family: {} for family in _FAMILIES}
        for feature, weight in weights.items():
            self._families.setdefault(feature[0], {})[feature[1:]] = weight
        of = self._families
        self._befores, self._closings, self._endings = of["W"], of["X"], of["Z"]
        self._surnames = of["H"]
        #: Letter of a kind -> what the character behind a surname weighs.
        self.seconds = {letter: _beginning(of["f"], letter) for letter in GIVEN}
        #: What the last character of a surname weighs with the one behind it.
        self.pairs = of["B"]
        self._names, self._givens, self._lefts, self._rights = of["N"], of["G"], of["L"], of["R"]
        self._alone = of["S"]
        self._sounds, self._right_of_kind = of["s"], of["r"]
        kinds = [kind for letter in GIVEN for kind in KINDS[letter]]
        self._sorts = {kind: [_beginning(of[family], kind) for family in _OF_KIND] for kind in kinds}
        self._ties = {
            kind: [
                self._tie(kind[0] + "tb"),
                self._tie(kind[0] + "ti"),
                *(self._tie(kind + where) for where in _ENDS),
            ]
            for kind in kinds
        }

    def _tie(self, name: str) -> list[float]:
        """What each tie weighs, by its number: negative ones count from the end."""
        return [self.get(f"{name}{tie}") for tie in (*TIES[2:], *TIES[:2])]

    def get(self, feature: str, default: float = 0.0) -> float:
        """The weight of one feature."""
        return self._families.get(feature[0], {}).get(feature[1:], default)

    def total(self, features: Iterable[str]) -> float:
        """The sum of the weights of features."""
        return sum(map(self.get, features))

    def opening(self, letter: str, surname: str, first: str) -> float:
        """What a surname weighs with the character behind it."""
        return (
            self._surnames.get(letter + surname, 0.0)
            + self.seconds[letter].get(first, 0.0)
            + self.pairs.get(surname[-1] + first, 0.0)
        )

    def next_to(self, around: Around, start: int) -> float:
        """What the character before a candidate weighs."""
        pair = around.text[start + 2 : start + 4]
        return self._befores.get(pair, 0.0) + self._lefts.get(around.edged[start + 2], 0.0)

    def further(self, around: Around, start: int) -> float:
        """What the two and the three characters before a candidate weigh."""
        get, left = self._lefts.get, around.edged[start : start + 3]
        return get(left[1:], 0.0) + get(left, 0.0)

    def behind(self, around: Around, start: int, at: int, end: int, kind: str) -> float:
        """What `given_features` weigh, and what stands after them."""
        text, right = around.text, around.edged[end + 3 : end + 6]
        name, after = text[start + 3 : end + 3], text[end + 2 : end + 4]
        size = end - at
        given = name[-size:]
        surnames, firsts, lasts, rights = self._sorts[kind]
        odds = (
            surnames.get(name[:-size], 0.0)
            + firsts.get(given[0], 0.0)
            + self._names.get(name, 0.0)
            + self._closings.get(after, 0.0)
            + rights.get(right[0], 0.0)
            + self._rights.get(right[:2], 0.0)
            + self._rights.get(right, 0.0)
        )
        if size == 1:
            return odds + self._endings.get(after, 0.0)
        return odds + lasts.get(after[0], 0.0) + self._givens.get(given, 0.0)

    def sides(self, around: Around, start: int, end: int, kind: str) -> float:
        """What `side_features` weigh."""
        left, right = around.edged[start : start + 3], around.edged[end + 3 : end + 6]
        lefts, rights = self._lefts.get, self._rights.get
        return (
            lefts(left[2], 0.0)
            + lefts(left[1:], 0.0)
            + lefts(left, 0.0)
            + rights(right[:2], 0.0)
            + rights(right, 0.0)
            + self._right_of_kind.get(kind + right[0], 0.0)
        )

    def called(self, around: Around, start: int, end: int, kind: str) -> float:
        """What `other_features` weigh of a surname that stands for a whole name."""
        after = around.text[end + 2 : end + 4]
        return (
            self._befores.get(around.text[start + 2 : start + 4], 0.0)
            + self._closings.get(after, 0.0)
            + self._alone.get(kind + after[0], 0.0)
        )

    def sounds(self, text: str, start: int, end: int) -> Sounds:
        """The sounds of text[start:end], laid out so that any part of it is weighed at once."""
        sounds = self._sounds
        chars = [sounds.get("c" + char, 0.0) for char in text[start:end]]
        pairs = [sounds.get("m" + text[place : place + 2], 0.0) for place in range(start, end - 1)]
        return Sounds(start, list(accumulate(chars, initial=0.0)), list(accumulate(pairs, initial=0.0)))

    def sounded(self, around: Around, sounds: Sounds, start: int, end: int) -> float:
        """What `other_features` weigh of a chain of sounds."""
        get, name = self._sounds.get, around.text[start + 3 : end + 3]
        head, tail = name[:2], name[-2:]
        return (
            sounds.between(start, end)
            + get(str(min(end - start, 6)), 0.0)
            + get("b" + head, 0.0)
            + get("f" + head[0], 0.0)
            + get("e" + tail, 0.0)
            + get("l" + tail[1], 0.0)
            + self._names.get(name, 0.0)
            + self._closings.get(around.text[end + 2 : end + 4], 0.0)
            + self._befores.get(around.text[start + 2 : start + 4], 0.0)
        )

    def tied(self, bonds: list[int], start: int, at: int, end: int, kind: str) -> float:
        """What `tie_features` weigh."""
        opening, inner, after, beyond, last = self._ties[kind]
        return (
            opening[bonds[start]]
            + inner[bonds[at]]
            + after[bonds[end]]
            + beyond[bonds[end + 1]]
            + last[bonds[end - 1]]
        )


def _beginning(table: _Table, kind: str) -> _Table:
    """The features of one kind, without it."""
    return {rest[len(kind) :]: weight for rest, weight in table.items() if rest.startswith(kind)}
