"""Clusters of candidates near each other, and how likely the language model finds each way to read them.

The one idea: a character feels what stands up to three characters before it, so candidates further apart are judged apart.
Inside a cluster a beam of hypotheses goes from left to right; at each candidate it forks into the character and the sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import exp, log, log1p
from typing import NamedTuple

from pbtool.language import END, LanguageModel, State, folding, model
from pbtool.repair.signs import BULLETS, PUNCTUATION, signs

_GAP = 3  # a character feels what was read up to three characters before
_BEAM = 24
_HOPELESS = 10.0  # nats
_LONGEST = 60  # characters in one cluster
_MEMO = 1 << 15
PRESENT = 1.0  # what a sign is favoured by in a run of shifted ones
_WRAP = -1.5  # a line's end that ends nothing
STRAY = -14.0  # a bullet anywhere else

# Surnames among the candidates, with their share of the people of China (rounded); each can stand wherever the commonest
# two can, in that proportion, and given names follow it as they follow those.
STAND_INS = ("王", "李")
SURNAMES = {
    char: log(share / 0.144)
    for char, share in {
        "袁": 5.4e-3,
        "叶": 4.2e-3,
        "尧": 4e-5,
        "苑": 3e-4,
        "元": 2e-4,
        "原": 3e-4,
        "冶": 2e-5,
    }.items()
}

Modes = tuple[float, float, float, float]  # one value for each kind of run: neither, punctuation, alnum, both
Beam = dict[
    tuple[int, int, State], float
]  # (candidates read as signs, kinds of sign used, state): log-probability


class Cluster(NamedTuple):
    """Candidates near each other: their places, and what the model says of their readings (see `_readings`)."""

    start: int
    end: int
    places: tuple[int, ...]
    readings: Readings

    @property
    def marks_only(self) -> bool:
        """Whether none of its candidates can be a digit or a letter."""
        neither, marks, alnum, both = self.readings.by_mode
        return neither == alnum and marks == both


class Readings(NamedTuple):
    """Readings of a cluster: (mask of the candidates read as signs, kinds of sign used, log-probability)."""

    choices: tuple[tuple[int, int, float], ...]
    by_mode: Modes  # what the cluster says of each kind of run


def clusters_of(piece: str, at: int, places: Iterable[int]) -> list[Cluster]:
    """The candidates at these places (sorted), gathered where one can feel the other; `piece` of the text begins at `at`."""
    groups: list[list[int]] = []
    last: list[int] = []
    for place in places:
        if last and _near(piece, last[-1] - at, place - at) and place - last[0] < _LONGEST:
            last.append(place)
        else:
            last = [place]
            groups.append(last)
    return [_cluster(piece, at, tuple(group)) for group in groups]


def _near(text: str, one: int, other: int) -> bool:
    if other - one <= _GAP + 1:
        return True
    return other - one <= 12 and len("".join(text[one + 1 : other].split())) <= _GAP


def _cluster(piece: str, at: int, places: tuple[int, ...]) -> Cluster:
    start, end = places[0], places[-1] + 1
    low, high = _context(piece, start - at, -1), _context(piece, end - at, 1)
    offsets = tuple(place - at - low for place in places)
    return Cluster(start, end, places, _readings(piece[low:high], offsets, low == at == 0))


def _context(text: str, place: int, step: int) -> int:
    """The place `_GAP` visible characters (and at most twelve in all) before or behind `place`."""
    seen = 0
    for _ in range(12):
        at = place - 1 if step < 0 else place
        if seen == _GAP or not 0 <= at < len(text):
            break
        seen += not text[at].isspace()
        place += step
    return place


@lru_cache(maxsize=_MEMO)
def _readings(piece: str, offsets: tuple[int, ...], first: bool) -> Readings:
    """How likely the model finds each way to read the candidates of a piece of text."""
    left = piece[: offsets[0]].translate(folding()).lstrip(END)
    if len(offsets) == 1 and END not in left:
        right = piece[offsets[0] + 1 :].translate(folding())
        if END not in right:
            return _one(END + left if first else left, piece[offsets[0]], right)
    judge = model()
    beam = {(0, 0, state): score for state, score in _beginning(judge, left, first).items()}
    number, ended = 0, False
    for offset in range(offsets[0], len(piece)):
        if number < len(offsets) and offset == offsets[number]:
            beam, ended = _fork(judge, beam, piece[offset], number), False
            number += 1
            continue
        folded = piece[offset].translate(folding())
        if folded == END:
            beam = beam if ended else _soft_end(judge, beam)
            ended = True
        elif folded:
            beam, ended = _advance(judge, beam, folded), False
    return _summed(beam)


def lead(left: str, char: str, right: str, named: bool = True) -> float:
    """How much better (nats) the sign fits than its candidate between (folded) pieces of text.

    `named`: a surname may also be what other surnames are.
    """
    sign, share = signs()[char], SURNAMES.get(char, 0.0)
    choices = (char, sign.folded, *STAND_INS) if named and share else (char, sign.folded)
    cost = sign.cost + STRAY if sign.char in BULLETS and left[-1:] != END else sign.cost
    own, other, *names = model().between(left, choices, right)
    for value in names:
        own = log_sum(own, value + share)
    return other + cost - own


def _one(left: str, char: str, right: str) -> Readings:
    """The same for the commonest case, one candidate and no line's end, without the beam."""
    kind, other = signs()[char].kind, lead(left, char, right) + PRESENT
    both = log_sum(0.0, other)
    choices = ((0, 0, 0.0), (1, kind, other))
    return Readings(choices, (0.0, both, 0.0, both) if kind == PUNCTUATION else (0.0, 0.0, both, both))


def _beginning(judge: LanguageModel, left: str, first: bool) -> dict[State, float]:
    """The states in which a cluster may begin; two where a line's end shortly before it may or may not end something."""
    start = judge.start if first else judge.nowhere
    before, end, after = left.rpartition(END)
    if not end:
        return {judge.walk(start, left)[0]: 0.0}
    before = before.replace(END, "")
    state = judge.walk(start, before)[0]
    ended = judge.walk(state, END + after)
    joined = judge.walk(state, after)
    return {ended[0]: ended[1], joined[0]: joined[1] + _WRAP}


def _advance(judge: LanguageModel, beam: Beam, folded: str) -> Beam:
    step = judge.step
    after: Beam = {}
    for (mask, used, state), score in beam.items():
        state, value = step(state, folded)
        key = (mask, used, state)
        after[key] = log_sum(after[key], score + value) if key in after else score + value
    return after


def _fork(judge: LanguageModel, beam: Beam, char: str, number: int) -> Beam:
    """Each hypothesis goes on with the character and with the sign."""
    sign, step = signs()[char], judge.step
    after: Beam = {}
    share = SURNAMES.get(char)
    for (mask, used, state), score in beam.items():
        own, value = step(state, char)
        _add(after, (mask, used, own), score + value)
        if share:
            for stand_in in STAND_INS:
                own, value = step(state, stand_in)
                _add(after, (mask, used, own), score + value + share)
        if sign.folded:
            state, value = step(state, sign.folded)
            score += value
        elif sign.char in BULLETS and state is not judge.start:
            score += STRAY
        _add(after, (mask | 1 << number, used | sign.kind, state), score + sign.cost + PRESENT)
    return _pruned(after)


def _soft_end(judge: LanguageModel, beam: Beam) -> Beam:
    """A line's end may end a sentence or only a line: both ways go on."""
    after: Beam = {}
    for (mask, used, state), score in beam.items():
        ended, value = judge.step(state, END)
        _add(after, (mask, used, ended), score + value)
        _add(after, (mask, used, state), score + _WRAP)
    return _pruned(after)


def _add(beam: Beam, key: tuple[int, int, State], score: float) -> None:
    old = beam.get(key)
    beam[key] = score if old is None else log_sum(old, score)


def log_sum(one: float, other: float) -> float:
    """log(exp(one) + exp(other))"""
    if one < other:
        one, other = other, one
    return one + log1p(exp(other - one)) if one - other < 40 else one


def _pruned(beam: Beam) -> Beam:
    """Of each set of kinds, the hypotheses that are not hopeless beside its best; at most `_BEAM` of them."""
    best = [-1e9] * 4
    for (_, used, _), score in beam.items():
        if score > best[used]:
            best[used] = score
    kept = {key: score for key, score in beam.items() if score > best[key[1]] - _HOPELESS}
    if len(kept) <= _BEAM:
        return kept
    ranked = sorted(
        kept.items(), key=lambda item: (best[item[0][1]] - item[1], item[0][:2], item[0][2].nodes)
    )
    return dict(ranked[:_BEAM])


def _summed(beam: Beam) -> Readings:
    totals: dict[tuple[int, int], float] = {}
    for (mask, used, _), score in beam.items():
        old = totals.get((mask, used))
        totals[mask, used] = score if old is None else log_sum(old, score)
    choices = tuple((mask, used, score) for (mask, used), score in sorted(totals.items()))
    by_mode = [-1e9] * 4
    for mode in range(4):
        for _, used, score in choices:
            if not used & ~mode:
                by_mode[mode] = log_sum(by_mode[mode], score)
    return Readings(choices, (by_mode[0], by_mode[1], by_mode[2], by_mode[3]))
