"""What a candidate's neighbours say at a glance, and the stretches in which that settles most of them.

The one idea: where sign follows sign and no clean punctuation stands between, nearly every one of them is plain from the
pair of characters before it and the pair behind it; such pairs come again and again, so each is judged once. Only what they
leave open is worth the model's whole attention.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import exp
from typing import NamedTuple

from pbtool.language import END, folding, model
from pbtool.repair.readings import PRESENT, STAND_INS, SURNAMES
from pbtool.repair.signs import DASH, PUNCTUATION, candidates, clean_signs, signs

_PLAIN = 4.0  # nats by which a sign must fit better, whichever way its neighbours are read
_WORDY = 2.0  # so much more for characters that end or begin many words, which a pair does not show
_PLAINER = 5.0  # nats by which two characters on each side must speak for a sign,
_ITSELF = -6.0  # or neighbours for the character, to settle it
_LEAST = 4  # plain signs in a row make a stretch
_TOGETHER = 30.0  # and so many nats that all of them bring in
_APART = 100  # at most so many characters from one to the next
_KEPT = 1 << 16
_NEVER = -99.0


class Stretch(NamedTuple):
    """Plain signs in a row without clean punctuation between them: their places, and what they bring in (nats)."""

    places: list[int]
    margins: list[float]


class Glance(NamedTuple):
    """A part of a text after a glance: its stretches, the chances of what is settled in them, the part with the settled
    signs in place of their characters, and the places of candidates that are open."""

    stretches: list[Stretch]
    chances: dict[int, float]
    piece: str
    unclear: list[int]

    def covers(self, start: int, end: int) -> bool:
        """Whether [start, end) lies between the plain signs of one stretch."""
        index = bisect_right(self.stretches, start, key=lambda stretch: stretch.places[0]) - 1
        return index >= 0 and end <= self.stretches[index].places[-1]


class _Before(dict[str, float]):
    """For a character and a candidate behind it: how much better (nats) the sign fits there, at the least."""

    def __missing__(self, pair: str) -> float:
        if _unclear(pair, pair[-1:]) or pair[0].isspace():
            value = _NEVER
        else:
            value = min(_fits_behind(before, pair[1]) for before in _readings(pair[0]))
            value -= _WORDY if pair[1] in _wordy() else 0.0
        self[pair] = value
        return value


class _Behind(dict[str, float]):
    """The same for a candidate and the character behind it."""

    def __missing__(self, pair: str) -> float:
        if _unclear(pair, pair[:1]):
            value = _NEVER
        elif pair[1].isspace():
            value = 0.0 if pair[1] == END else _NEVER
        else:
            value = min(_fits_before(pair[0], behind) for behind in _readings(pair[1]))
        self[pair] = value
        return value


class _Itself(dict[str, bool]):
    """For a candidate between two characters: whether it is itself, whichever way its neighbours are read."""

    def __missing__(self, three: str) -> bool:
        if len(three) < 3 or not signs()[three[1]].folded or three[0].isspace() or three[2].isspace():
            value = False
        else:
            before = max(_fits_behind(before, three[1]) for before in _readings(three[0]))
            value = before + max(_fits_before(three[1], behind) for behind in _readings(three[2])) < _ITSELF
        self[three] = value
        return value


def _unclear(pair: str, char: str) -> bool:
    return len(pair) < 2 or signs()[char].kind != PUNCTUATION or not signs()[char].folded


def _fits_behind(before: str, char: str) -> float:
    fits, sign = model().pair, signs()[char]
    own = max(fits(before, own) + share for own, share in _selves(char))
    return fits(before, sign.folded) + sign.cost - own


def _fits_before(char: str, behind: str) -> float:
    fits = model().pair
    return fits(signs()[char].folded, behind) - max(fits(own, behind) for own, _ in _selves(char))


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
def _wordy() -> frozenset[str]:
    return frozenset(SURNAMES) | {DASH, "院"}


@lru_cache(maxsize=1)
def _memory() -> tuple[_Before, _Behind, _Itself]:
    return _Before(), _Behind(), _Itself()


def pairs() -> tuple[dict[str, float], dict[str, float]]:
    """By how much (nats) a sign fits better, at the least: by the character before it, and by the one behind it."""
    before, behind, _ = _memory()
    if len(before) + len(behind) > _KEPT:
        before.clear()
        behind.clear()
    return before, behind


def glance(text: str, low: int, high: int) -> Glance:
    """A glance at text[low:high]; candidates that can only be themselves are in none of its lists."""
    found, unclear = _stretches(text, low, high)
    if not found:
        return Glance(found, {}, text[low:high], unclear)
    chars, table = list(text[low:high]), signs()
    chances: dict[int, float] = {}
    for stretch in found:
        for place, margin in zip(stretch.places, stretch.margins, strict=True):
            chars[place - low] = table[chars[place - low]].char
            chances[place] = _certainty(margin)
    whole = Glance(found, chances, "".join(chars), unclear)
    left = [place for place in unclear if not _settled(whole, place - low, place)]
    for place in chances:
        chars[place - low] = table[text[place]].char
    return Glance(found, chances, "".join(chars), left)


def _stretches(text: str, low: int, high: int) -> tuple[list[Stretch], list[int]]:
    """The stretches of text[low:high], and the places of all other candidates that may be signs."""
    before, behind = pairs()
    itself = _memory()[2]
    if len(itself) > _KEPT:
        itself.clear()
    plain: list[tuple[int, float]] = []
    unclear: list[int] = []
    for match in candidates().finditer(text, low, high):
        place = match.start()
        margin = before[text[place - 1 : place + 1]] + behind[text[place : place + 2]]
        if margin >= _PLAIN:
            plain.append((place, margin))
        elif margin > _ITSELF or not itself[text[place - 1 : place + 2]]:
            unclear.append(place)
    found = []
    for row in _rows(text, plain):
        if len(row) >= _LEAST and sum(margin + PRESENT for _, margin in row) >= _TOGETHER:
            found.append(Stretch([place for place, _ in row], [margin for _, margin in row]))
        else:
            unclear.extend(place for place, _ in row)
    unclear.sort()
    return found, unclear


def _rows(text: str, plain: Sequence[tuple[int, float]]) -> Iterator[list[tuple[int, float]]]:
    """Plain signs in rows that neither a clean one nor a long way interrupts."""
    if not plain:
        return
    clean = clean_signs()[0]
    clear = clean.search(text, plain[0][0], plain[-1][0]) is None
    row: list[tuple[int, float]] = []
    last = plain[0][0]
    for entry in plain:
        place = entry[0]
        if place - last > _APART or not (clear or clean.search(text, last, place) is None):
            yield row
            row = []
        row.append(entry)
        last = place
    yield row


def _settled(whole: Glance, at: int, place: int) -> bool:
    """Whether a candidate inside a stretch is settled now that its neighbours are; its chance is noted."""
    piece = whole.piece
    if signs()[piece[at]].kind != PUNCTUATION or not whole.covers(place, place + 1):
        return False
    before, behind = pairs()
    margin = before[piece[at - 1 : at + 1]] + behind[piece[at : at + 2]]
    if margin < _PLAIN:
        margin = _closer(piece, at)
        if margin < _PLAINER:
            return margin < _ITSELF
    whole.chances[place] = _certainty(margin)
    return True


def _closer(piece: str, at: int) -> float:
    """How much better the sign fits between two characters on each side; unclear (0) where those are not plain either."""
    char, table = piece[at], signs()
    left, right = piece[at - 2 : at], piece[at + 1 : at + 3]
    if len(left) < 2 or any(beside in table or beside.isspace() for beside in left + right):
        return 0.0
    judge, sign = model(), signs()[char]
    left, right = left.translate(folding()), right.translate(folding())
    state = judge.walk(judge.nowhere, left)[0]
    own = max(judge.tail(state, own + right) + share for own, share in _selves(char))
    return judge.tail(state, sign.folded + right) + sign.cost - own


def _certainty(margin: float) -> float:
    return 1 - exp(-margin - PRESENT)
