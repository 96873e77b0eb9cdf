"""The JSON record, both ways: what a document gives, and the document that a record gives back.

The one idea: the record is the contract (schema "pbtool/1"), so it is spelled out here, field by field, and nowhere else.
A record read back keeps what it does not know: filters update the object that they were given.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pbtool.document import (
    Article,
    Box,
    Date,
    Document,
    FontRun,
    Line,
    Mention,
    Metric,
    Official,
    Page,
    Passage,
    Place,
    Source,
    newline_edits,
)
from pbtool.edits import Edit, Span, apply, ordered
from pbtool.errors import InputError
from pbtool.reading.geometry import boxes_of
from pbtool.version import MODEL_NAME, SCHEMA, VERSION

Record = dict[str, Any]

#: Fields of an article that are one passage each, in the order in which the record lists them.
FIELDS = ("title", "kicker", "subtitle", "affiliation", "dateline", "editor_note")
_SURROGATE = re.compile("[\ud800-\udfff]")
_RECORD = re.compile(r'\s{0,64}\[?\s{0,64}\{\s{0,64}"schema"\s{0,8}:\s{0,8}"pbtool/')


def is_record(text: str) -> bool:
    """Whether a text (its beginning is enough) is a pbtool record rather than prose."""
    return _RECORD.match(text) is not None


# --- writing ---------------------------------------------------------------------------------------------------------


def document_record(document: Document) -> Record:
    """The whole document as one JSON object (`run --format json`)."""
    record: Record = {
        "schema": SCHEMA,
        "source": source_record(document),
        "made_by": made_by(document),
    }
    if document.original and not document.articles and "segment" not in document.steps:
        record.update(_text_record(document))
    record["articles"] = [_on_paper(article_fields(article), document) for article in document.articles]
    record["furniture"] = [_passage_record(passage) for passage in document.furniture]
    record["repairs"] = [edit_record(edit) for edit in document.repairs]
    record["suggestions"] = [edit_record(edit) for edit in document.suggestions]
    if document.notes:
        record["notes"] = list(document.notes)
    return record


def article_records(document: Document) -> Iterable[Record]:
    """One JSON object an article (`--format jsonl`): the article, its source, its own repairs and suggestions."""
    owners = _Owners(document)
    repairs, suggestions = owners.share(document.repairs), owners.share(document.suggestions)
    source = source_record(document)
    for number, article in enumerate(document.articles):
        yield {
            "schema": SCHEMA,
            "source": dict(source),
            "made_by": made_by(document),
            **_on_paper(article_fields(article), document),
            "repairs": [edit_record(edit) for edit in repairs.get(number, ())],
            "suggestions": [edit_record(edit) for edit in suggestions.get(number, ())],
        }


def made_by(document: Document) -> Record:
    """Which pbtool, which model and which steps made a record."""
    return {"pbtool": VERSION, "model": MODEL_NAME, "steps": list(document.steps)}


def source_record(document: Document) -> Record:
    """The part of a record that says which bytes were read, and how; the script is that of the text as it was read."""
    from pbtool.conversion import detect_script

    source = document.source
    script = source.script or detect_script(document.original)
    return {
        "name": source.name,
        "sha256": source.sha256,
        "encoding": source.encoding,
        "newline": source.newline,
        "bom": source.bom,
        "pages": source.pages,
        "script": script if script != "undecided" else None,
    }


def edit_record(edit: Edit) -> Record:
    """An edit with exactly the fields of the contract."""
    return {
        "start": edit.start,
        "end": edit.end,
        "before": edit.before,
        "after": edit.after,
        "rule": edit.rule,
        "grade": edit.grade,
        "confidence": round(edit.confidence, 4),
    }


def article_fields(article: Article) -> Record:
    """The article object of the contract, without the document around it."""
    spans = {name: _spans(getattr(article, name)) for name in FIELDS}
    spans["byline"] = [list(span) for passage in article.byline_lines for span in passage.source]
    record: Record = {"id": article.id}
    for name in ("title", "kicker", "subtitle"):
        record[name] = _text(getattr(article, name))
    record["byline"] = list(article.byline)
    for name in ("affiliation", "dateline"):
        record[name] = _text(getattr(article, name))
    record["column"] = article.column
    record["editor_note"] = _text(article.editor_note)
    record["pages"] = list(article.pages)
    record["spans"] = spans
    record["byline_lines"] = [_plain(passage) for passage in article.byline_lines]
    record["paragraphs"] = [_passage_record(passage) for passage in article.paragraphs]
    record["captions"] = [_plain(passage) for passage in article.captions]
    record["places"] = [_place_record(place) for place in article.places]
    record["officials"] = [_official_record(official) for official in article.officials]
    record["metrics"] = [_metric_record(metric) for metric in article.metrics]
    record["dates"] = [{"text": date.text, "value": date.value, **_where(date)} for date in article.dates]
    return record


#: What a record tells of an article's text.
_FACTS = ("places", "officials", "metrics", "dates")


def _on_paper(fields: Record, document: Document) -> Record:
    """The article with page and boxes (page, x0, y0, x1, y1) of every fact, where the document's lines have boxes."""
    if not any(line.box for line in document.lines):
        return fields
    for kind in _FACTS:
        for fact in fields[kind]:
            boxes = boxes_of(document, fact["source"])
            fact["page"] = boxes[0][0] if boxes else None
            fact["boxes"] = [[page, *(_box(box) or ())] for page, box in boxes]
    return fields


def _text_record(document: Document) -> Record:
    record: Record = {"text": document.text}
    if document.repairs:
        record["original"] = document.original
    record["pages"] = page_records(document)
    record["lines"] = [_line_record(line) for line in document.lines]
    record["fonts"] = [
        {"start": f.start, "end": f.end, "font": f.font, "size": f.size, "broken": f.broken}
        for f in document.fonts
    ]
    return record


def _line_record(line: Line) -> Record:
    record: Record = {
        "start": line.start,
        "end": line.end,
        "page": line.page,
        "box": _box(line.box),
        "confidence": line.confidence,
    }
    if line.doubts:
        record["doubts"] = [list(span) for span in line.doubts]
    if line.choices:
        record["choices"] = [list(choice) for choice in line.choices]
    return record


def page_records(document: Document) -> list[Record]:
    """The pages of a document as it was read, with their places in the text."""
    names = ("number", "label", "start", "end", "width", "height")
    return [{name: getattr(page, name) for name in names} for page in document.pages]


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else [round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)]


def _text(passage: Passage | None) -> str | None:
    return None if passage is None else passage.text


def _spans(passage: Passage | None) -> list[list[int]]:
    return [] if passage is None else [list(span) for span in passage.source]


def _plain(passage: Passage) -> Record:
    return {"text": passage.text, "source": _spans(passage)}


def _passage_record(passage: Passage) -> Record:
    return {"role": passage.role, **_plain(passage)}


def _where(mention: Mention) -> Record:
    where: Record = {
        "confidence": round(mention.confidence, 4),
        "paragraph": mention.index if mention.field == "paragraph" else None,
        "start": mention.start,
        "end": mention.end,
        "source": [list(span) for span in mention.source],
    }
    if mention.field != "paragraph":
        where["field"], where["index"] = mention.field, mention.index
    return where


def _place_record(place: Place) -> Record:
    record = {
        "text": place.text,
        "name": place.name,
        "level": place.level,
        "code": place.code,
        "full": place.full,
    }
    if place.code_system:
        record["code_system"] = place.code_system
    return {**record, **_where(place)}


def _official_record(official: Official) -> Record:
    record = {
        "text": official.text,
        "name": official.name,
        "title": official.title,
        "org": official.org,
        "role": official.role,
    }
    if official.status:
        record["status"] = official.status
    return {**record, **_where(official)}


def _metric_record(metric: Metric) -> Record:
    value = list(metric.value) if isinstance(metric.value, tuple) else metric.value
    record = {
        "text": metric.text,
        "value": value,
        "unit": metric.unit,
        "approx": metric.approx,
        "what": metric.what,
        "kind": metric.kind,
        "change": metric.change,
    }
    for name in ("place", "period"):
        if getattr(metric, name):
            record[name] = getattr(metric, name)
    return {**record, **_where(metric)}


class _Owners:
    """Which article an edit belongs to: the one whose span holds its place or ended last before it."""

    def __init__(self, document: Document) -> None:
        spans: list[tuple[int, int]] = [
            (start, number)
            for number, article in enumerate(document.articles)
            for _, _, passage in article.passages()
            for start, _ in passage.source
        ]
        spans += [(start, -1) for passage in document.furniture for start, _ in passage.source]
        spans.sort()
        self._starts = [start for start, _ in spans]
        self._owners = [owner for _, owner in spans]

    def share(self, edits: Sequence[Edit]) -> dict[int, list[Edit]]:
        shares: dict[int, list[Edit]] = {}
        for edit in edits:
            index = bisect_right(self._starts, edit.start) - 1
            if self._owners:
                shares.setdefault(self._owners[max(index, 0)], []).append(edit)
        return shares


# --- reading ---------------------------------------------------------------------------------------------------------


def parse(text: str, where: str) -> Record:
    """The record that a JSON text holds. Raises InputError for text that is no record.

    A lone surrogate (legal in JSON, illegal in every encoding) becomes U+FFFD, which keeps all offsets.
    """
    try:
        record = json.loads(text, parse_constant=lambda name: math.nan)
    except (ValueError, RecursionError) as error:
        why = (
            f"{error.msg} at character {error.pos + 1}"
            if isinstance(error, json.JSONDecodeError)
            else str(error)
        )
        raise InputError(where, f"is not a JSON record ({why}); give one JSON object a line") from None
    if not isinstance(record, dict) or not str(record.get("schema", "")).startswith("pbtool/"):
        raise InputError(
            where, 'is not a pbtool record: it has no "schema": "pbtool/…"; say --input text for text'
        )
    if record["schema"] != SCHEMA:
        raise InputError(
            where, f"has schema {record['schema']!r}; this pbtool reads {SCHEMA!r}: install a newer one"
        )
    clean = _clean(record)
    assert isinstance(clean, dict)
    return clean


def from_record(record: Mapping[str, Any], where: str = "record") -> Document:
    """The document that a record (of a whole document or of one article) describes.

    Raises InputError where the record does not keep to the contract.
    """
    try:
        return _document(record)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message = f"field {error}" if isinstance(error, KeyError) else str(error)
        raise InputError(where, f"does not keep to the record's contract ({message})") from None


def updated(record: Mapping[str, Any], document: Document) -> Record:
    """The record as it stands after a step: known fields from the document, everything else as it came."""
    if "articles" in record or "text" in record:
        fresh = document_record(document)
        for index, old in enumerate(record.get("articles", ())):
            if index < len(fresh["articles"]):
                fresh["articles"][index] = {**old, **_placed(fresh["articles"][index], old)}
    else:
        owner = document.articles[0]
        fresh = {
            "schema": SCHEMA,
            "source": source_record(document),
            "made_by": made_by(document),
            **_placed(article_fields(owner), record),
            "repairs": [edit_record(edit) for edit in document.repairs],
            "suggestions": [edit_record(edit) for edit in document.suggestions],
        }
    return {**record, **fresh}


def _placed(article: Record, old: Mapping[str, Any]) -> Record:
    """The article with page and boxes of every fact that the old record knew at the same place of the source.

    A record holds no lines, so where a fact stands on paper can only come along, not be found again.
    """
    known = {
        str(fact.get("source")): {name: fact[name] for name in ("page", "boxes")}
        for kind in _FACTS
        for fact in old.get(kind) or ()
        if "boxes" in fact
    }
    for kind in _FACTS if known else ():
        for fact in article[kind]:
            fact.update(known.get(str(fact["source"]), {}))
    return article


def _document(record: Mapping[str, Any]) -> Document:
    source = Source(**{key: record["source"].get(key) for key in Source.__slots__ if key in record["source"]})
    if not isinstance(source.name, str):
        raise TypeError("source.name is no text")
    repairs = ordered(edit_from_record(item) for item in record.get("repairs", ()))
    suggestions = tuple(edit_from_record(item) for item in record.get("suggestions", ()))
    steps = tuple(record.get("made_by", {}).get("steps", ()))
    document = Document(source, suggestions=suggestions, steps=steps, notes=tuple(record.get("notes", ())))
    if "text" in record:
        return _with_text(document, record, repairs)
    document = replace(document, edits=repairs)
    if "articles" in record:
        furniture = tuple(_passage(item) for item in record.get("furniture", ()))
        return replace(
            document, articles=tuple(_article(item) for item in record["articles"]), furniture=furniture
        )
    return replace(document, articles=(_article(record),))


def _with_text(document: Document, record: Mapping[str, Any], repairs: tuple[Edit, ...]) -> Document:
    original = record.get("original", record["text"])
    taken = [(edit.start, edit.end) for edit in repairs]
    ends = [e for e in newline_edits(original) if not any(s < e.end and e.start < t for s, t in taken)]
    edits = ordered([*repairs, *ends])
    return replace(
        document,
        original=original,
        text=apply(original, edits),
        edits=edits,
        pages=tuple(Page(**page) for page in record.get("pages", ())),
        lines=tuple(_line(line) for line in record.get("lines", ())),
        fonts=tuple(FontRun(**run) for run in record.get("fonts", ())),
    )


def _line(item: Mapping[str, Any]) -> Line:
    box = None if item.get("box") is None else Box(*map(float, item["box"]))
    doubts = tuple((int(start), int(end)) for start, end in item.get("doubts", ()))
    choices = tuple((int(place), str(others)) for place, others in item.get("choices", ()))
    return Line(
        int(item["start"]),
        int(item["end"]),
        int(item["page"]),
        box,
        float(item.get("confidence", 1)),
        doubts,
        choices,
    )


def edit_from_record(item: Mapping[str, Any]) -> Edit:
    """The edit that a record of it describes. Raises KeyError, TypeError or ValueError where it is none."""
    return Edit(
        int(item["start"]),
        int(item["end"]),
        str(item["before"]),
        str(item["after"]),
        str(item["rule"]),
        item.get("grade", "sure"),
        float(item.get("confidence", 1)),
    )


def _source(item: Any) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in item or ())


def _passage(item: Mapping[str, Any]) -> Passage:
    return Passage(_str(item["text"]), _source(item.get("source")), str(item.get("role", "body")))


def _str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} stands where a text is wanted")
    return value


def _article(record: Mapping[str, Any]) -> Article:
    spans = record.get("spans") or {}
    fields = {
        name: Passage(_str(record[name]), _source(spans.get(name)), name)
        for name in FIELDS
        if record.get(name) is not None
    }
    return Article(
        id=str(record.get("id", "a01")),
        byline=tuple(map(_str, record.get("byline") or ())),
        byline_lines=tuple(_passage(item) for item in record.get("byline_lines", ())),
        column=record.get("column"),
        pages=tuple(int(page) for page in record.get("pages") or ()),
        paragraphs=tuple(_passage(item) for item in record.get("paragraphs", ())),
        captions=tuple(_passage(item) for item in record.get("captions", ())),
        places=tuple(Place(**_mention(item, Place)) for item in record.get("places", ())),
        officials=tuple(Official(**_mention(item, Official)) for item in record.get("officials", ())),
        metrics=tuple(Metric(**_mention(item, Metric)) for item in record.get("metrics", ())),
        dates=tuple(Date(**_mention(item, Date)) for item in record.get("dates", ())),
        **fields,
    )


def _mention(item: Mapping[str, Any], kind: type[Mention]) -> dict[str, Any]:
    names = {name for base in kind.__mro__ for name in getattr(base, "__slots__", ())}
    values = {name: value for name, value in item.items() if name in names}
    if item.get("paragraph") is not None:
        values["field"], values["index"] = "paragraph", item["paragraph"]
    values["source"] = _source(item.get("source"))
    if isinstance(values.get("value"), list):
        values["value"] = tuple(values["value"])
    return values


def _clean(value: Any) -> Any:
    """The value with every lone surrogate replaced, without recursion that a hostile record could exhaust."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value
