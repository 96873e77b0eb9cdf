"""Two texts that share the columns of a page: which line belongs to which, when nothing stands between them?

The one idea: two articles in columns come out of a text layer in turn, a column of the one, a column of the other, with nothing but
the language to tell where the one stops. A title stands where the second begins; from there on every division of the lines into
two strands has one sum of log odds (does each line go on from the line before it in its strand, and does it use the words of
its strand), and dynamic programming finds the best. One seam alone is a box in the midst of an article.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.articles.blocks import Blocks
from pbtool.articles.cohesion import Cohesion
from pbtool.articles.titles import bigrams
from pbtool.articles.wrapping import joining, opening

_SEAM = 4.0  # log odds against a seam at any one line where nothing is seen
_SURE = 2.0  # how much better than no seam at all a division must be
_UNTITLED = 6.0  # and how much more where the text above may be of the title below it
_APART = 2.0  # weight of what the two strands speak about
_ALONE = 2.5  # what a sentence costs that goes on nowhere
_EVEN = 2.0  # what columns of equal height say
_MOST_SEAMS = 40  # places where the text may change that are looked at in one region
_MOST_LINES = 400  # lines of a region
_SEED = 8  # lines behind a title that surely belong to it
#: Share of words that a text repeats; weight of words; most that one line's words say.
_MIXED, _WORDS, _LINE = 0.3, 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Region:
    """The lines above a title on its page (of one text), the lines of that title, and those below it up to the next title or page end.

    `ended`: the lines below behind which a text is over (its author stands there). `titled`: the text above has its own title there.
    """

    above: Sequence[int]
    title: Sequence[int]
    below: Sequence[int]
    ended: frozenset[int]
    titled: bool


class Strands:
    """Divides regions of a document into two strands."""

    def __init__(self, blocks: Blocks, cohesion: Cohesion) -> None:
        self.blocks, self.cohesion = blocks, cohesion
        self.lines = blocks.lines
        self._spread = Counter(pair for line in blocks.lines for pair in bigrams(line.text))
        self._total = sum(self._spread.values()) or 1

    def seams(self, region: Region) -> list[int]:
        """The places in `region.below` at which the text changes to the other strand; the strand above the title goes on at
        the first. Nothing where one text is likelier."""
        below = region.below[:_MOST_LINES]
        if not region.above or len(below) < 2:
            return []
        stay = [self._stay(region, i, k) for i, k in zip(below, below[1:], strict=False)]
        places = self._places(region, below, stay)
        if not places:
            return []
        gain, seams = _best(self, region, below, stay, places, self._words(region, below))
        needed = _SURE if region.titled else _SURE + _UNTITLED
        return seams if seams and gain - _APART * self._alike(region, below, seams) > needed else []

    def _alike(self, region: Region, below: Sequence[int], seams: Sequence[int]) -> float:
        """Log odds (-1 or more) that the two strands are of one article after all, by their words."""
        lower, upper, place = [*region.title], [*region.above], 0
        for number, seam in enumerate([*seams, len(below) - 1]):
            (upper if number % 2 else lower).extend(below[place : seam + 1])
            place = seam + 1
        one, other = ("".join(self.lines[i].text for i in strand) for strand in (upper, lower))
        return max(-1.0, self.cohesion.compare(one, other))

    def _stay(self, region: Region, i: int, k: int) -> float:
        return -6.0 if i in region.ended else self.link(i, k)

    def _places(self, region: Region, below: Sequence[int], stay: Sequence[float]) -> list[int]:
        """Where the text may change: n stands for a change behind the n-th line. The likeliest, in order."""
        found = []
        for n, value in enumerate(stay):
            i = below[n]
            if i in region.ended or (value < 0.5 and (self.lines[i].ends or self.blocks.full(i))):
                found.append((value, n))
        return sorted(n for _, n in sorted(found)[:_MOST_SEAMS])

    def link(self, i: int, k: int) -> float:
        """Log odds that line k goes on where line i stops."""
        a, b = self.lines[i], self.lines[k]
        fresh = self.blocks.fresh(k)
        if a.ends or not self.blocks.full(i):
            return max(-4.0, min(4.0, opening(b.text))) + min(fresh, 0.0)
        return max(-6.0, min(6.0, joining(a.text, b.text))) - max(fresh, 0.0)

    def loose(self, i: int) -> float:
        """What it costs that nothing goes on where line i stops."""
        return 0.0 if self.lines[i].ends or not self.blocks.full(i) else _ALONE

    def _words(self, region: Region, below: Sequence[int]) -> list[float]:
        """Sums up to each line of the log odds, by their words, that the lines belong to the strand above the title."""
        upper = bigrams("".join(self.lines[i].text for i in region.above[-80:]))
        lower = bigrams("".join(self.lines[i].text for i in (*region.title, *below[:_SEED])))
        sums = [0.0]
        for n, i in enumerate(below):
            value = 0.0
            if n >= _SEED:
                for pair in bigrams(self.lines[i].text) & (upper | lower):
                    value += self._odds(pair, upper, lower)
            sums.append(sums[-1] + max(-_LINE, min(_LINE, _WORDS * value)))
        return sums

    def _odds(self, pair: str, upper: set[str], lower: set[str]) -> float:
        rate = (1 - _MIXED) * self._spread[pair] / self._total
        high = rate + (_MIXED / len(upper) if pair in upper else 0.0)
        low = rate + (_MIXED / len(lower) if pair in lower else 0.0)
        return math.log(high / low)


def _best(
    strands: Strands,
    region: Region,
    below: Sequence[int],
    stay: Sequence[float],
    places: Sequence[int],
    words: Sequence[float],
) -> tuple[float, list[int]]:
    """The best division with a seam, and how much better it is than none: dynamic programming over the last two seams."""
    tail = region.above[-1]
    whole = max(strands.link(tail, below[0]), -strands.loose(tail))
    last = len(below) - 1

    def cross(p: int, c: int) -> float:
        """The strand that stopped at p (-1: above the title) goes on behind c."""
        return strands.link(below[p] if p >= 0 else tail, below[c + 1]) - stay[c] - _SEAM

    def own(state: tuple[int, int, bool], d: int) -> float:
        """What the lines behind c up to d say for their strand: their words, and whether its columns are equally high."""
        p, c, upper = state
        before = source[state]
        height = p - before[0] if before is not None else len(region.above)
        even = _EVEN if abs(d - c - height) <= 3 and height >= 4 else 0.0
        return even if upper else even + words[d + 1] - words[c + 1]

    # A state (p, c, upper): seams behind p and c, between them lines of the upper strand or of the lower; behind c the other goes on.
    value: dict[tuple[int, int, bool], float] = {}
    source: dict[tuple[int, int, bool], tuple[int, int, bool] | None] = {}
    for c in places:
        value[(-1, c, False)], source[(-1, c, False)] = cross(-1, c), None
    for at, c in enumerate(places):
        for p in (-1, *places[:at]):
            for upper in (False, True):
                if (p, c, upper) not in value:
                    continue
                for d in places[at + 1 :]:
                    score = value[(p, c, upper)] + own((p, c, upper), d) + cross(c, d)
                    state = (c, d, not upper)
                    if score > value.get(state, -math.inf):
                        value[state], source[state] = score, (p, c, upper)
    best, end = -math.inf, None
    for state, score in value.items():
        c = state[1]
        total = score + own(state, last) - strands.loose(below[c])
        if total > best:
            best, end = total, state
    result = []
    while end is not None:
        result.append(end[1])
        end = source[end]
    return best - whole, result[::-1]
