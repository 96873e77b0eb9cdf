"""The rows of the store that one document record gives, table by table.

The one idea: everything an entity needs to be read by itself is worked out here, once: its page, its sentence, its county and
its year. The same record gives the same rows, whoever makes them and when.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from pbtool.records import FIELDS, Record
from pbtool.store.issued import printed_date
from pbtool.store.regions import Region, region
from pbtool.store.words import spaced

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_STOPS = re.compile(r"[。！？!?\n]+[”’」』）]?")
#: Passages of an article that are no paragraphs; the store keeps them as paragraphs of that role, after the others.
_OTHERS = ("kicker", "title", "subtitle", "editor_note", "dateline", "byline", "affiliation", "caption")

_KEYS = 1 << 63


def document_key(sha256: str) -> int:
    """The integer key of a document: the first 63 bits of its hash."""
    return int(sha256[:16], 16) >> 1


def is_storable(record: Record) -> bool:
    """Whether SQLite can keep the texts of a record (what was found in them is a piece of them)."""
    texts = [passage["text"] for article in record["articles"] for passage in article["paragraphs"]]
    texts += [article["title"] or "" for article in record["articles"]]
    texts += [
        edit[side]
        for kind in ("repairs", "suggestions")
        for edit in record[kind]
        for side in ("before", "after")
    ]
    return _UNSTORABLE.search("".join(texts)) is None


def storable(record: Record) -> Record:
    """The record without what SQLite cannot keep as text: NUL and lone surrogates become U+FFFD."""
    clean = _clean(record)
    assert isinstance(clean, dict)
    return clean


def rows(record: Record) -> Rows:
    """The rows (values in the order of `schema.COLUMNS`) of everything that a record holds, by table.

    `words` is what the full-text index gets: the keys of the paragraphs, and their texts in single characters.
    """
    if not is_storable(record):
        return dict(_Rows(storable(record)).tables())
    made = dict(_Rows(record).tables())
    try:
        "".join(
            value for of in made.values() for row in of for value in row if isinstance(value, str)
        ).encode()
    except UnicodeEncodeError:
        # Some other field of it, where a record came from elsewhere.
        return dict(_Rows(storable(record)).tables())
    return made


class _Rows:
    def __init__(self, record: Record) -> None:
        self._record = record
        self._key = document_key(record["source"]["sha256"])
        self._pages = record.get("pages") or ()
        self._starts = [page["start"] for page in self._pages]

    def tables(self) -> Iterator[tuple[str, list[Row]]]:
        yield "documents", [self._document()]
        yield "pages", list(self._page_rows())
        yield "articles", [self._article(n, article) for n, article in enumerate(self._record["articles"])]
        passages = [_Passages(article) for article in self._record["articles"]]
        found = [row for n, of in enumerate(passages) for row in self._paragraphs(n, of)]
        # Numbered from the key on, they lie together in the file and in the index of words.
        paragraphs = [((self._key + number) % _KEYS, *row) for number, row in enumerate(found)]
        yield "paragraphs", paragraphs
        yield "words", [(row[0], spaced(row[5])) for row in paragraphs]
        for kind, values in _VALUES.items():
            yield kind, list(self._mentions(kind, values, passages))
        for kind in ("repairs", "suggestions"):
            yield kind, [(self._key, i, *edit.values()) for i, edit in enumerate(self._record[kind])]

    def _document(self) -> Row:
        source, made = self._record["source"], self._record["made_by"]
        notes = "\n".join(self._record.get("notes", ())) or None
        issued = printed_date(passage["text"] for passage in self._record.get("furniture", ()))
        head = (self._key, source["sha256"], source["name"], source["encoding"], source["script"])
        return (
            *head,
            source["pages"],
            made["pbtool"],
            made["model"],
            notes,
            issued,
            "page" if issued else None,
        )

    def _page_rows(self) -> Iterator[Row]:
        seen: set[int] = set()
        for page in self._pages:
            if page["number"] not in seen:
                seen.add(page["number"])
                where = (page["label"], page["start"], page["end"], page["width"], page["height"])
                yield (self._key, page["number"], *where)

    def _article(self, number: int, article: Record) -> Row:
        head = (article["title"], article["kicker"], article["subtitle"], _json(article["byline"]))
        names = ("affiliation", "dateline", "column", "editor_note")
        fields = (article[name] for name in names)
        return (self._key, number, *head, *fields, _json(article["pages"]))

    def _paragraphs(self, number: int, passages: _Passages) -> Iterator[Row]:
        for index, (role, text, source) in enumerate(passages.all):
            yield (self._key, number, index, role, text, _spans(source), self._page(source))

    def _mentions(self, kind: str, values: _Values, passages: list[_Passages]) -> Iterator[Row]:
        for number, article in enumerate(self._record["articles"]):
            of = passages[number]
            for index, entity in enumerate(article[kind]):
                paragraph, source = of.index(entity), entity["source"]
                where = (paragraph, entity["start"], entity["end"], _spans(source), entity["confidence"])
                row = (self._key, number, index, *values(entity), *where, self._page(source))
                yield (*row, *of.sentence(paragraph, entity)) if kind in _CITED else row

    def _page(self, source: list[list[int]]) -> int | None:
        """The number of the page on which a source begins, where the document has pages."""
        if not source or not self._starts:
            return None
        page = self._pages[max(0, bisect_right(self._starts, source[0][0]) - 1)]
        number: int = page["number"]
        return number


class _Passages:
    """The passages of one article in the order of the store: paragraphs as the record counts them, then all others."""

    def __init__(self, article: Record) -> None:
        self.all = [(p["role"], p["text"], p["source"]) for p in article["paragraphs"]]
        self._first: dict[str, int] = {}
        for name in _OTHERS:
            self._first[name] = len(self.all)
            self.all += [(name, text, source) for text, source in _named(article, name)]
        self._stops: dict[int, list[int]] = {}

    def index(self, entity: Record) -> int | None:
        """The number of the passage that an entity stands in."""
        if entity["paragraph"] is not None:
            number: int = entity["paragraph"]
        elif entity.get("field") in self._first:
            number = self._first[entity["field"]] + (entity.get("index") or 0)
        else:
            return None
        return number if 0 <= number < len(self.all) else None

    def sentence(self, passage: int | None, entity: Record) -> tuple[int | None, int | None]:
        """Where the sentence of an entity starts and ends in its passage."""
        if passage is None:
            return None, None
        text = self.all[passage][1]
        if passage not in self._stops:
            self._stops[passage] = [0, *(match.end() for match in _STOPS.finditer(text))]
        stops = self._stops[passage]
        first = bisect_right(stops, entity["start"]) - 1
        last = bisect_right(stops, max(entity["start"], entity["end"] - 1))
        return stops[max(0, first)], stops[last] if last < len(stops) else len(text)


def _named(article: Record, name: str) -> list[tuple[str, list[list[int]]]]:
    """Text and source of the passages that an article has under a name."""
    if name == "caption":
        return [(caption["text"], caption["source"]) for caption in article.get("captions", ())]
    if name == "byline":
        return [(line["text"], line["source"]) for line in article.get("byline_lines", ())]
    assert name in FIELDS
    if article[name] is None:
        return []
    return [(article[name], (article.get("spans") or {}).get(name, []))]


def _place(entity: Record) -> Row:
    return entity["text"], entity["name"], entity["level"], entity["code"], entity["full"]


def _official(entity: Record) -> Row:
    return (*(entity[name] for name in ("text", "name", "title", "org", "role")), entity.get("status"))


def _metric(entity: Record) -> Row:
    value = entity["value"]
    low, high = value if isinstance(value, list) else (value, None)
    place, period = entity.get("place"), entity.get("period")
    year = _YEAR.search(period) if period else None
    return (
        entity["text"],
        _number(low),
        _number(high),
        *(entity[name] for name in ("unit", "approx", "what", "kind", "change")),
        place,
        region(place)[2] if place else None,
        period,
        int(year[0]) if year else None,
    )


def _date(entity: Record) -> Row:
    return entity["text"], entity["value"]


_Values = Callable[[Record], Row]
_VALUES: dict[str, _Values] = {"places": _place, "officials": _official, "metrics": _metric, "dates": _date}
#: Entities whose sentence the views show.
_CITED = ("officials", "metrics")


def region_rows(tables: Rows) -> list[tuple[str | None, ...]]:
    """The place chain of every place that metrics and places name, once each, in order."""
    # Columns of schema.COLUMNS: metrics.place is the 12th, places.full the 8th.
    names = {row[11] for row in tables["metrics"]} | {row[7] for row in tables["places"]}
    found: list[tuple[str, Region]] = [(name, region(name)) for name in sorted(filter(None, names))]
    return [(name, *chain) for name, chain in found]


def _number(value: float | int | None) -> float | None:
    """A number that SQLite can hold and JSON can say; larger ones are kept as text only."""
    return float(value) if value is not None and abs(value) < 1e300 else None


def _spans(source: list[list[int]]) -> str:
    """Spans as JSON; there are so many of them that the way over `json` would take longer than all the rest."""
    return "[" + ",".join([f"[{start},{end}]" for start, end in source]) + "]"


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value
