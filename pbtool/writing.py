"""Records as text: json, jsonl, csv, Markdown and plain text.

The one idea: a format is a function from documents to pieces of text, so that what streams can stream.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pbtool.document import Article, Document, Page
from pbtool.edits import Edit
from pbtool.records import Record, article_records, document_record, edit_record
from pbtool.reviews.manuscript import blocks

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ENTITY_COLUMNS = (
    "document", "article", "article_title", "kind", "text", "name", "level", "code", "full", "title", "org", "role",
    "value", "value_high", "unit", "approx", "what", "change", "date", "field", "index", "start", "end", "source",
    "page", "confidence",
)  # fmt: skip
#: What Markdown puts around a paragraph, by its style.
_MARKS = {
    "kicker": ("*", "*"),
    "title": ("# ", ""),
    "subtitle": ("**", "**"),
    "note": ("> ", ""),
    "heading": ("## ", ""),
    "caption": ("*", "*"),
}
EDIT_COLUMNS = ("file", "line", "col", "start", "end", "before", "after", "rule", "grade", "confidence")


def dumps(value: object) -> str:
    """Compact JSON on one line, Chinese readable, never NaN or Infinity."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def json_list(records: Iterable[Mapping[str, Any]], single: bool) -> Iterator[str]:
    """Records as one JSON value: the object itself where `single`, else a list, written as they come."""
    opened = False
    for record in records:
        text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
        yield text if single else ("," if opened else "[") + "\n" + text
        opened = True
    if single and opened:
        yield "\n"
    elif not single:
        yield "\n]\n" if opened else "[]\n"


def jsonl(records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One record a line."""
    for record in records:
        yield dumps(record) + "\n"


def markdown(document: Document) -> Iterator[str]:
    """A readable issue: `#` title, byline, paragraphs, captions."""
    for article in document.articles:
        yield "\n".join(_markdown_article(article, document.original)) + "\n"


def plain(document: Document) -> Iterator[str]:
    """The same issue without any marks."""
    for article in document.articles:
        parts = [block.text for block in blocks(article, document.original)]
        yield "\n".join(part for part in parts if part) + "\n\n"


def entity_rows(document: Document) -> Iterator[dict[str, object]]:
    """One row an entity, with the columns of ENTITY_COLUMNS."""
    pages = document.pages
    for record in document_record(document)["articles"]:
        for kind in ("places", "officials", "metrics", "dates"):
            for entity in record[kind]:
                yield _entity_row(document, record, kind[:-1], entity, pages)


def csv_text(
    rows: Iterable[Mapping[str, object]], columns: Sequence[str], header: bool = True
) -> Iterator[str]:
    """Rows as CSV (RFC 4180, LF). Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, lineterminator="\n", extrasaction="ignore")
    if header:
        writer.writeheader()
    for row in rows:
        writer.writerow({key: _cell(value) for key, value in row.items()})
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def edit_rows(edits: Iterable[Edit], name: str, places: Callable[[int], tuple[int, int]]) -> Iterator[Record]:
    """One row an edit with file, line and column, for CSV."""
    for edit in edits:
        line, col = places(edit.start)
        yield {"file": name, "line": line, "col": col, **edit_record(edit)}


def records_of(document: Document) -> Iterable[Record]:
    """What `jsonl` writes for a document: its articles, or the document itself while it has none."""
    if document.articles or "segment" in document.steps:
        return article_records(document)
    return [document_record(document)]


def _markdown_article(article: Article, source: str) -> Iterator[str]:
    if article.title is None:
        yield "# （无题）\n"
    for block in blocks(article, source):
        opening, closing = _MARKS.get(block.style, ("", ""))
        yield f"{opening}{_escaped(block.text)}{closing}\n"


def _escaped(text: str) -> str:
    """Text that Markdown would otherwise take for marks or HTML."""
    for mark in "\\`*_<>#[]":
        if mark in text:
            text = text.replace(mark, "\\" + mark)
    return text


def _cell(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value


def _entity_row(
    document: Document, article: Record, kind: str, entity: Record, pages: Sequence[Page]
) -> dict[str, object]:
    value = entity.get("value")
    low, high = value if isinstance(value, list) else (value, None)
    spans = entity["source"]
    row: dict[str, object] = {**entity, "document": document.source.name, "article": article["id"]}
    row.update(article_title=article["title"], kind=kind, field=entity.get("field", "paragraph"))
    row.update(index=entity.get("index", entity["paragraph"]), value=low, value_high=high)
    if kind == "date":
        row.update(date=value, value=None)
    row["source"] = " ".join(f"{start}-{end}" for start, end in spans)
    row["page"] = next((p.number for p in pages if spans and p.start <= spans[0][0] < p.end), None)
    return row
