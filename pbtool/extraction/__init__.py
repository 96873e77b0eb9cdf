"""Extraction: the places, people, numbers and dates that an article speaks of.

The one idea: a finder says where an entity stands in a passage; this module alone turns that into places of the source,
because it alone knows the document's edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from pbtool.document import Article, Document, Mention, Passage, PassageMap
from pbtool.gazetteer import Entry

_M = TypeVar("_M", bound=Mention)


def extract(document: Document, extra: tuple[Entry, ...] = ()) -> Document:
    """The document with what was found in each article; `extra` are a user's own places (see `load_user_gazetteer`).

    Offsets of an entity count in its passage, `source` in the text as it was read.
    """
    return replace(
        document, articles=tuple(_extracted(article, document, extra) for article in document.articles)
    )


def _extracted(article: Article, document: Document, extra: tuple[Entry, ...]) -> Article:
    from pbtool.extraction.dates import find_dates
    from pbtool.extraction.metrics import find_metrics
    from pbtool.extraction.officials import find_officials
    from pbtool.extraction.places import find_places

    places = find_places(article, document, extra)
    officials = find_officials(article, places)
    metrics = find_metrics(article, document, places, officials)
    dates = find_dates(article, document)
    rank, trace = _order(article), _tracer(article, document)
    return replace(
        article,
        places=_placed(places, rank, trace),
        officials=_placed(officials, rank, trace),
        metrics=_placed(metrics, rank, trace),
        dates=_placed(dates, rank, trace),
    )


def _order(article: Article) -> dict[tuple[str, int], int]:
    return {(field, index): rank for rank, (field, index, _) in enumerate(article.passages())}


def _tracer(article: Article, document: Document) -> Callable[[str, int], PassageMap]:
    passages: dict[tuple[str, int], Passage] = {
        (field, index): passage for field, index, passage in article.passages()
    }
    maps: dict[tuple[str, int], PassageMap] = {}

    def trace(field: str, index: int) -> PassageMap:
        key = field, index
        if key not in maps:
            maps[key] = PassageMap(passages[key], document.edits)
        return maps[key]

    return trace


def _placed(
    found: Iterable[_M], rank: dict[tuple[str, int], int], trace: Callable[[str, int], PassageMap]
) -> tuple[_M, ...]:
    ordered = sorted(found, key=lambda one: (rank[one.field, one.index], one.start, one.end))
    return tuple(
        replace(one, source=trace(one.field, one.index).source(one.start, one.end)) for one in ordered
    )
