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
from pbtool.repair.readings import PRESENT, STAND_INS, SURNAMES, log_sum
from pbtool.repair.signs import DASH, PUNCTUATION, candidates, clean_signs, signs

_PLAIN = 2.5  # nats by which a sign must fit better, whichever way its neighbours are read
_NAMING, _WORDY = (
    1.5,
    3.5,
)  # so much more for characters that begin names or end words, which a pair does not show
_ITSELF = -6.0  # and below which it can only be the character
_REACH = 3  # characters on each side that are felt
_NO_DIGIT = -1.0  # the same for digits and letters, which hardly ever stand alone
_LEAST = 4  # plain signs in a row make a stretch
_TOGETHER = 30.0  # and so many nats that all of them bring in
_APART = 100  # at most so many characters from one to the next
_KEPT = 1 << 16
_SPARED = 3.5  # nats by which margins understate what is plain, measured on broken press text
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
        if _unclear(pair, pair[-1:]) or (pair[0].isspace() and pair[0] != END):
            value = _NEVER
        else:
            value = min(_fits_behind(before, pair[1]) for before in _readings(pair[0]))
            value -= _demanded().get(pair[1], 0.0)
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
            margin = before + max(_fits_before(three[1], behind) for behind in _readings(three[2]))
            value = margin < (_ITSELF if signs()[three[1]].kind == PUNCTUATION else _NO_DIGIT)
        self[three] = value
        return value


def _unclear(pair: str, char: str) -> bool:
    return len(pair) < 2 or signs()[char].kind != PUNCTUATION or not signs()[char].folded


def _fits_behind(before: str, char: str) -> float:
    fits, sign = model().pair, signs()[char]
    own = max(fits(before, own) + share for own, share in _selves(char))
    margin = fits(before, sign.folded) + sign.cost - own
    return min(margin, _unplaced(char)) if before == END else margin


def _unplaced(char: str) -> float:
    """How much likelier the sign is than the character where nothing is known of what stands before."""
    anywhere, sign = model().nowhere, signs()[char]
    return (
        anywhere[sign.folded][1] + sign.cost - max(anywhere[own][1] + share for own, share in _selves(char))
    )


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
def _demanded() -> dict[str, float]:
    """What a glance demands more of some characters."""
    return dict.fromkeys([*SURNAMES, "耶"], _NAMING) | dict.fromkeys([DASH, "院"], _WORDY)


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
    left = [place for number, place in enumerate(unclear) if not _settled(whole, place - low, number)]
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


def _settled(whole: Glance, at: int, number: int) -> bool:
    """Whether the candidate with this number is settled now that its neighbours are; its chance is noted."""
    piece, place = whole.piece, whole.unclear[number]
    sign = signs()[piece[at]]
    if sign.kind != PUNCTUATION or not sign.folded or not whole.covers(place, place + 1):
        return False
    before, behind = pairs()
    margin = before[piece[at - 1 : at + 1]] + behind[piece[at : at + 2]]
    if margin >= _PLAIN:
        whole.chances[place] = _certainty(margin)
        return True
    if not _alone(whole, number):
        return False
    left, right = piece[max(0, at - _REACH) : at], piece[at + 1 : at + 1 + _REACH]
    if len(left) < _REACH or len("".join((left + right).split())) < 2 * _REACH:
        return False
    margin = _judged(left.translate(folding()), piece[at], right.translate(folding()))
    whole.chances[place] = 1 / (1 + exp(-margin - PRESENT))
    return True


def _alone(whole: Glance, number: int) -> bool:
    """Whether no other open candidate is near enough to be felt."""
    unclear = whole.unclear
    place = unclear[number]
    return (number == 0 or place - unclear[number - 1] > _REACH) and (
        number + 1 == len(unclear) or unclear[number + 1] - place > _REACH
    )


def _judged(left: str, char: str, right: str) -> float:
    """How much better the sign fits among the (folded) characters on each side."""
    judge, sign = model(), signs()[char]
    state = judge.walk(judge.nowhere, left)[0]
    own = judge.tail(state, char + right)
    for stand_in, share in _selves(char):
        if stand_in != char:
            own = log_sum(own, judge.tail(state, stand_in + right) + share)
    return judge.tail(state, sign.folded + right) + sign.cost - own


def _certainty(margin: float) -> float:
    """The probability of a plain sign: the least of all readings says less than there is."""
    return 1 - exp(-margin - _SPARED)
