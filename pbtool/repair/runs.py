"""The chain of font runs: in which of them punctuation is shifted, in which digits and letters.

The one idea: a hidden Markov chain of four kinds of run (neither, punctuation, digits and letters, both), forward and
backward over the clusters of candidates. A clean sign speaks against a shifted run, a broken font for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from math import exp

from pbtool.document import FontRun
from pbtool.repair.glances import Stretch
from pbtool.repair.readings import Cluster, Modes, Readings
from pbtool.repair.signs import ALNUM, PUNCTUATION, clean_signs

_BEGIN_MOST = 2e-3
_STOP = 1 / 300
_BREAK = 25  # the end of a line counts as so many characters: runs change with headings and bylines
_CHANGE = 200  # and a change of font as so many
_BEFORE = 160  # characters before the first cluster that count
_ALONE = 1000  # characters to which a stretch's share of shifted signs is spread at least
_BROKEN = 4.0  # what a font with a broken map speaks for shifted signs (nats)
_NEGLIGIBLE = 25.0  # nats below all readings together from which one of them no longer counts
_CLEAN = 2.2  # cost of a clean sign inside a run of shifted ones


class Fonts:
    """Which font a place is set in, and which fonts are known to be broken."""

    def __init__(self, runs: Sequence[FontRun], shown: frozenset[str] = frozenset()) -> None:
        self._runs = sorted(runs, key=lambda run: (run.start, run.end))
        self._starts = [run.start for run in self._runs]
        self._broken = shown | {run.font for run in runs if run.broken}

    def at(self, place: int) -> str:
        """The name of the font at a place, empty where the reader does not know."""
        index = bisect_right(self._starts, place) - 1
        return self._runs[index].font if index >= 0 and place < self._runs[index].end else ""

    def broken(self, font: str) -> bool:
        return font in self._broken

    @property
    def any_broken(self) -> bool:
        return bool(self._broken)

    def showing(self, places: Sequence[int], least: int) -> Fonts:
        """The same, with the fonts in which at least so many of the places lie known as broken too."""
        if not self._runs:
            return self
        counts = Counter(self.at(place) for place in places)
        shown = frozenset(font for font, count in counts.items() if font and count >= least)
        return Fonts(self._runs, self._broken | shown)


def linked(clusters: Sequence[Cluster], found: Sequence[Stretch]) -> list[Cluster]:
    """The clusters, and between them the stretches of plain signs as links without choices, cut where a cluster begins."""
    links = []
    starts = [cluster.start for cluster in clusters]
    for stretch in found:
        at = 0
        while at < len(stretch.places):
            following = bisect_right(starts, stretch.places[at])
            end = (
                bisect_left(stretch.places, starts[following])
                if following < len(starts)
                else len(stretch.places)
            )
            links.append(_link(stretch.places[at:end], sum(stretch.margins[at:end])))
            at = end
    return sorted([*clusters, *links], key=lambda cluster: cluster.start)


def _link(places: Sequence[int], weight: float) -> Cluster:
    return Cluster(places[0], places[-1] + 1, (), Readings((), (0.0, weight, 0.0, weight)))


def chain(text: str, clusters: Sequence[Cluster], fonts: Fonts, begin: tuple[float, ...]) -> list[Modes]:
    """For each cluster, the probability of each kind of run; the rate at which runs begin is learnt in a second pass."""
    lengths, costs = _between(text, clusters, fonts)
    result = _passes(clusters, lengths, costs, begin)
    shown = [sum(w[kind] + w[3] for w in result) for kind in (PUNCTUATION, ALNUM)]
    size = clusters[-1].end - clusters[0].start + _ALONE
    learnt = tuple(
        min(_BEGIN_MOST, max(rate, 0.2 * (amount - 1) / size))  # one sign does not speak for itself
        for rate, amount in zip(begin, shown, strict=True)
    )
    return result if learnt == begin else _passes(clusters, lengths, costs, learnt)


def _between(text: str, clusters: Sequence[Cluster], fonts: Fonts) -> tuple[list[float], list[Modes]]:
    """How far each cluster lies from the last one, and what the clean signs up to its end cost in each kind of run."""
    punctuation, alnum = clean_signs()
    lengths: list[float] = []
    costs: list[Modes] = []
    last = max(0, clusters[0].start - _BEFORE)
    font = fonts.at(last)
    for cluster in clusters:
        gap = text[last : cluster.end]
        before, font = font, fonts.at(cluster.start)
        change = 0 if before == font else _CHANGE
        broken = _BROKEN if fonts.broken(font) and (before != font or not costs) else 0.0
        lengths.append(len(gap) + _BREAK * gap.count("\n") + change)
        marks = min(3, len(punctuation.findall(gap))) * _CLEAN
        others = _CLEAN if alnum.search(gap) else 0.0
        costs.append((broken, marks, others, marks + others))
        last = cluster.end
    return lengths, costs


def _passes(
    clusters: Sequence[Cluster], lengths: Sequence[float], costs: Sequence[Modes], begin: Sequence[float]
) -> list[Modes]:
    """Forward and backward over the chain of four kinds of run (neither, punctuation, digits and letters, both)."""
    known = {length: _moves(length, begin) for length in set(lengths)}
    moves = [known[length] for length in lengths]
    said = [_said(cluster.readings.by_mode, cost) for cluster, cost in zip(clusters, costs, strict=True)]
    one, two = (rate / (rate + _STOP) for rate in begin)
    now: Modes = ((1 - one) * (1 - two), one * (1 - two), (1 - one) * two, one * two)
    forward = []
    for move, (a, b, c, d) in zip(moves, said, strict=True):
        w, x, y, z = _moved(now, *move)
        now = _normal(w * a, x * b, y * c, z * d)
        forward.append(now)
    result: list[Modes] = []
    behind: Modes = (1.0, 1.0, 1.0, 1.0)
    for index in range(len(clusters) - 1, -1, -1):
        (w, x, y, z), (a, b, c, d) = forward[index], behind
        result.append(_normal(w * a, x * b, y * c, z * d))
        w, x, y, z = said[index]
        (on, off), (on_too, off_too) = moves[index]
        behind = _normal(*_felt((w * a, x * b, y * c, z * d), on, off, on_too, off_too))
    result.reverse()
    return result


def _said(by_mode: Modes, cost: Modes) -> Modes:
    a, b, c, d = (value - less for value, less in zip(by_mode, cost, strict=True))
    top = max(a, b, c, d)
    return exp(a - top), exp(b - top), exp(c - top), exp(d - top)


def _normal(a: float, b: float, c: float, d: float) -> Modes:
    total = a + b + c + d
    return max(a / total, 1e-300), max(b / total, 1e-300), max(c / total, 1e-300), max(d / total, 1e-300)


def _moves(length: float, begin: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """For punctuation and for digits and letters: the chances that over `length` characters a run begins, or stops."""
    one, two = begin
    return _move(length, one), _move(length, two)


def _move(length: float, rate: float) -> tuple[float, float]:
    whole = rate + _STOP
    change = 1 - exp(-whole * length)
    return change * rate / whole, change * _STOP / whole


def _moved(now: Modes, one: tuple[float, float], two: tuple[float, float]) -> Modes:
    """The chances of the kinds of run a stretch further on."""
    (a, b, c, d), (on, off), (on_too, off_too) = now, one, two
    a, b = a * (1 - on) + b * off, a * on + b * (1 - off)
    c, d = c * (1 - on) + d * off, c * on + d * (1 - off)
    a, c = a * (1 - on_too) + c * off_too, a * on_too + c * (1 - off_too)
    b, d = b * (1 - on_too) + d * off_too, b * on_too + d * (1 - off_too)
    return a, b, c, d


def _felt(later: Modes, on: float, off: float, on_too: float, off_too: float) -> Modes:
    """The same the other way round: what each kind of run expects of what comes."""
    a, b, c, d = later
    a, b = a * (1 - on) + b * on, a * off + b * (1 - off)
    c, d = c * (1 - on) + d * on, c * off + d * (1 - off)
    a, c = a * (1 - on_too) + c * on_too, a * off_too + c * (1 - off_too)
    b, d = b * (1 - on_too) + d * on_too, b * off_too + d * (1 - off_too)
    return a, b, c, d


def chances_of(cluster: Cluster, weights: Sequence[float]) -> list[float]:
    """For each candidate of the cluster, the probability that it is a sign."""
    chances = [0.0] * len(cluster.places)
    modes = [
        (mode, weights[mode], cluster.readings.by_mode[mode]) for mode in (1, 2, 3) if weights[mode] >= 1e-9
    ]
    for mask, used, score in cluster.readings.choices:
        share = 0.0
        for mode, weight, total in modes:
            if not used & ~mode and total - score < _NEGLIGIBLE:
                share += weight * exp(score - total)
        while mask and share:
            lowest = mask & -mask
            chances[lowest.bit_length() - 1] += share
            mask ^= lowest
    return chances
