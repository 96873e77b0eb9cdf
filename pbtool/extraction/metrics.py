"""Metrics: every number that measures or counts something, with what it counts, where and when.

The one idea: each number is read by itself (`quantities`), what it measures by its clause (`measured`), and only then by its
neighbours: the numbers before it (`sequences`), and the places and dates around it (`circumstances`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from pbtool.document import Article, Document, Mention, Metric, Official, Place
from pbtool.extraction import dates
from pbtool.extraction.circumstances import SENTENCE, Circumstances, Scene
from pbtool.extraction.kinds import AREAS, Quantity, Scope, change
from pbtool.extraction.measured import measured
from pbtool.extraction.numerals import fold
from pbtool.extraction.quantities import START, quantities
from pbtool.extraction.sequences import follow, respective
from pbtool.tables import pattern

#: Kinds of numbers that count nothing: they belong to a name, an order, a turn of phrase.
UNMEASURED = frozenset(("slogan", "ordinal", "indefinite", "vague", "reltime", "anniversary"))
#: Those of them for which nobody asks what they count.
_NAMELESS = frozenset(("ordinal", "indefinite", "vague", "reltime"))
_SKIPPED = ("byline", "affiliation", "dateline")
_M = TypeVar("_M", bound=Mention)


def find_metrics(
    article: Article, document: Document, places: tuple[Place, ...], people: tuple[Official, ...] = ()
) -> tuple[Metric, ...]:
    """The quantities of an article in order, with the place and the date each stands under where the article gives them.

    `places` and `people` are what was found in the article: no number inside a place counts, no phrase runs over a name.
    """
    anchor = dates.issued(article, document)
    found: list[Metric] = []
    here, named = _by_passage(places), _by_passage(people)
    scene = Scene(here.get(("title", 0), ()))
    for name, index, passage in article.passages():
        around = sorted(here.get((name, index), ()), key=lambda place: place.start)
        if name in _SKIPPED or not START.search(folded := fold(passage.text)):
            for place in around:
                scene.named(place)
            continue
        days = dates.stretches(folded, anchor)
        spans = [(place.start, place.end) for place in around]
        people_here = sorted((one.start, one.end) for one in named.get((name, index), ()))
        scope = Scope(passage.text, folded, days, spans, people_here)
        circumstances = Circumstances(folded, around, days, scope.quotes, anchor, scene)
        areas = frozenset(place.text for place in around)
        found.extend(respective([*_measured(scope, circumstances, areas, name, index)], folded))
    return tuple(found)


def _by_passage(found: Iterable[_M]) -> dict[tuple[str, int], list[_M]]:
    """Field and index of a passage -> what was found in it."""
    passages: dict[tuple[str, int], list[_M]] = {}
    for one in found:
        passages.setdefault((one.field, one.index), []).append(one)
    return passages


#: An age that says of whom the next number speaks: 35岁及以下的党员, 60岁以上老人.
_ATTRIBUTE = pattern("[岁上下](?:及?以[上下])?的?(?=[一-鿿])")


def _measured(
    scope: Scope, circumstances: Circumstances, areas: frozenset[str], name: str, index: int
) -> Iterator[Metric]:
    """The metrics of passage `index` of a field, each seen with those before it in its sentence."""
    before: list[Metric] = []
    floor = 0  # where the last number that measures ends
    for quantity in quantities(scope):
        start, end = quantity.start, quantity.end
        metric = Metric(
            scope.text[start:end],
            start,
            end,
            name,
            index,
            value=quantity.value,
            unit=_unit(scope, quantity),
            approx=quantity.approx,
            what=None if quantity.kind in _NAMELESS else _what(scope, quantity, floor),
            kind=quantity.kind,
            change=change(scope.folded, quantity),
            place=circumstances.place(start, floor),
            period=circumstances.period(start, floor),
        )
        if before and SENTENCE.search(scope.folded, before[-1].end, start):
            before = []
        what = follow(metric, before, scope.text, areas)
        if what != metric.what:
            metric = replace(metric, what=what)
        if metric.kind not in UNMEASURED:
            before.append(metric)
            floor = floor if _ATTRIBUTE.match(scope.folded, end - 1) else end
        yield metric


_MORE_INSIDE = pattern("(?<=^[个個])[半多余餘来來](?=.)")


def _unit(scope: Scope, quantity: Quantity) -> str | None:
    """The measure word as the text prints it."""
    if quantity.number.style in ("percent", "permille"):
        return "%" if quantity.number.style == "percent" else "‰"
    if quantity.unit is None:
        return None
    printed = "".join(scope.text[quantity.unit.start : quantity.unit.end].split())
    return _MORE_INSIDE.sub("", printed.replace("％", "%").replace("﹪", "%"))


#: What a number at the beginning of a name counts there: “五级书记”, “一元食堂”.
_NAMED = pattern("(?!的)[一-鿿]{1,6}")


def _what(scope: Scope, quantity: Quantity, floor: int) -> str | None:
    """What a quantity measures by its own clause; the one before it ends at `floor`."""
    if quantity.unit is None and (areas := AREAS.match(scope.folded, quantity.end)):
        return scope.text[areas.start() : areas.end()]
    name, inside = scope.quotation(quantity.start), _NAMED.match(scope.folded, quantity.end)
    if name and inside and (name[0] + 1, inside.end()) == (quantity.start, name[1] - 1):
        return scope.text[slice(*inside.span())]
    group = quantity.unit.group if quantity.unit else "percent" if quantity.kind == "percent" else "count"
    at = bisect_right(scope.day_ends, quantity.start)
    day = scope.days[at - 1] if at else None
    span = quantity.start, quantity.end
    return measured(scope.text, scope.folded, *span, group, day, floor, scope.people, scope.places)
