"""The clause of a number, cut into words.

The one idea: what a number measures stands in its own clause, so only that is cut into words, and no further than a reader
would look.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.extraction.nominals import Word, nominals
from pbtool.extraction.phrases import islands, right_edge, words
from pbtool.tables import pattern

Span = tuple[int, int]

#: Joins the things of a list.
AND = frozenset(("、", "和", "与", "及", "以及", "或"))
BLANK = ' “”‘’"「」『』:《》'
_REACH = 26  # characters behind a number in which its noun may end


@dataclass(frozen=True, slots=True)
class Clause:
    """The clause of a number at [start, end): `before` are its words before the number, `behind` those after it.

    `names` are the spans of people named in the passage; `follows` says that the clause begins right behind another quantity.
    """

    text: str
    left: int
    start: int
    end: int
    right: int
    before: Sequence[Word] = ()
    behind: Sequence[Word] = ()
    names: Sequence[Span] = ()
    follows: bool = False

    def named(self, start: int, end: int) -> Span | None:
        """The first person named in [start, end)."""
        at = bisect_left(self.names, (start, 0))
        return self.names[at] if at < len(self.names) and self.names[at][1] <= end else None


#: What opens a clause and is no part of its noun: 其中, 该旗.
_OPENING = pattern("其中|[该本][省市州盟县区旗乡镇村](?![场域庄城区地委民级直长名])")
#: Areas that are counted without a measure word: a second count behind them is another (8镇6乡).
_AREAS = frozenset("省市县区乡镇村")
_DIGIT = pattern(r"\d")
#: What stands between a number and its noun and is no other quantity: a size (两座60KW光伏电站), an age, a second count.
_BETWEEN = pattern(
    r" ?(?:\d[\d.]{0,6}[A-Za-z]{1,4}(?=[一-鿿])|\d{1,3} ?(?:周?岁|年级|级)(?:及?以[上下])?的?"
    r"|\d[\d.]{0,6}[万亿]?[余多]?[条个名项件种类家处支场户人](?=[一-鿿])(?!人次|次))"
)


def clause_of(
    folded: str,
    left: int,
    start: int,
    end: int,
    names: Sequence[Span] = (),
    places: Sequence[Span] = (),
    follows: bool = False,
) -> Clause:
    """The clause around the number at [start, end), as far back as `left`; names of people and places are never cut."""
    if (opening := _OPENING.match(folded, left)) and opening.end() < start:
        left = opening.end()
    right = right_edge(folded, end)
    while (
        end < right < end + _REACH
        and folded[right : right + 1] == "、"
        and not folded[right + 1 : right + 2].isdigit()
    ):
        right = right_edge(folded, right + 1)
    right = min(right, end + _REACH)
    between = None if folded[end - 1] in _AREAS else _BETWEEN.match(folded, end, right)
    first = between.end() if between else end
    if (digit := _DIGIT.search(folded, first, right)) is not None:
        right = digit.start()
    whole = [*_within(names, left, right), *_within(places, left, right), *islands(folded, left, right)]
    if folded.startswith("地", end) and folded[end - 1] in "亩分垧顷":
        whole.append((end, end + 1))
    model = nominals()
    before = _without_closed(model.words(folded, left, start, [span for span in whole if span[0] < start]))
    behind = _without_closed(model.words(folded, first, right, [span for span in whole if span[1] > first]))
    return Clause(folded, left, start, end, right, before, behind, names, follows)


def _without_closed(found: list[Word]) -> list[Word]:
    """The words, those of closed classes (links, adverbs) as no nouns, though the model takes some for one."""
    closed = words("lead", "link", "adverb").words
    return [word._replace(nominal=False) if word.nominal and word.text in closed else word for word in found]


def _within(spans: Sequence[Span], left: int, right: int) -> Sequence[Span]:
    """The spans that reach into [left, right), of spans in order."""
    low = max(0, bisect_left(spans, (left, 0)) - 1)
    return [span for span in spans[low : bisect_left(spans, (right, 0))] if span[1] > left]
