"""Articles with what was found in them, for annotators: doccano and Label Studio take them as labels to be corrected.

The one idea: an annotator reads an article as it was printed, title first; the places of all labels count in that text, in
code points as both tools do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pbtool.errors import InputError
from pbtool.store import Store

LABELS = ("place", "official", "metric", "date")
_BEFORE = ("kicker", "title", "subtitle", "byline", "dateline", "editor_note")
_ARTICLES = """SELECT * FROM (SELECT d.name AS file, d.sha256, d.issued, a.* FROM articles a
  JOIN documents d ON d.id = a.document)"""


@dataclass(frozen=True, slots=True)
class Annotated:
    """An article as text, with labels (start, end, one of LABELS) and where it comes from."""

    text: str
    labels: tuple[tuple[int, int, str], ...]
    about: dict[str, Any]


def annotated_articles(store: Store, where: str | None = None) -> Iterator[Annotated]:
    """Every article for which the SQL condition holds (file, issued, title, byline, pages …), in the order of the files."""
    condition = f" WHERE ({where}\n)" if where else ""
    try:
        for article in store.rows(f"{_ARTICLES}{condition} ORDER BY file, document, article"):
            yield _annotated(store, article)
    except InputError as error:
        raise InputError(
            error.where,
            error.why.removesuffix("; pbtool batch … --db makes one")
            + "; articles have file, sha256, issued, title, kicker, subtitle, byline, column_name, pages",
        ) from None


def doccano(articles: Iterator[Annotated]) -> Iterator[dict[str, Any]]:
    """Records for doccano's import of sequence labels (JSONL)."""
    for article in articles:
        yield {"text": article.text, "label": [list(label) for label in article.labels], **article.about}


def label_studio(articles: Iterator[Annotated], model: str) -> Iterator[dict[str, Any]]:
    """Tasks for Label Studio, with what was found as predictions.

    They fit a labelling set-up of `<Labels name="label" toName="text">` with LABELS, and `<Text name="text" value="$text"/>`.
    """
    for article in articles:
        result = [
            {
                "id": f"{label}-{start}-{end}",
                "from_name": "label",
                "to_name": "text",
                "type": "labels",
                "value": {"start": start, "end": end, "text": article.text[start:end], "labels": [label]},
            }
            for start, end, label in article.labels
        ]
        yield {
            "data": {"text": article.text, **article.about},
            "predictions": [{"model_version": model, "result": result}],
        }


def _annotated(store: Store, article: dict[str, Any]) -> Annotated:
    key = article["document"], article["article"]
    query = "SELECT n, role, text FROM paragraphs WHERE document = ? AND article = ? ORDER BY n"
    passages = sorted(store.tuples(query, key), key=_reading_order)
    starts: dict[int, int] = {}
    place = 0
    for number, _, text in passages:
        starts[number] = place
        place += len(text) + 1
    labels = sorted(
        {
            (starts[paragraph] + start, starts[paragraph] + end, label)
            for label in LABELS
            for paragraph, start, end in store.tuples(
                f'SELECT paragraph, start, "end" FROM {label}s WHERE document = ? AND article = ?', key
            )
            if paragraph in starts and start < end
        }
    )
    about = {
        "file": article["file"],
        "article": article["article"],
        "title": article["title"],
        "pages": json.loads(article["pages"] or "[]"),
        "sha256": article["sha256"],
    }
    return Annotated("\n".join(text for _, _, text in passages), tuple(labels), about)


def _reading_order(passage: tuple[int, str, str]) -> tuple[int, int]:
    """What stands before the text, the text, what stands after it."""
    number, role, _ = passage
    if role in _BEFORE:
        return _BEFORE.index(role), number
    after = {"affiliation": 1, "caption": 2}.get(role, 0)
    return len(_BEFORE) + after, number
