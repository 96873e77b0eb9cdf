"""Rows as a person or a program wants them: lined up, as Markdown, CSV, JSON, or as citations to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pbtool.terminal import padded, safe, width

Row = dict[str, Any]
FORMATS = ("text", "csv", "json", "jsonl", "md")


def shown(rows: Sequence[Row], form: str, columns: Sequence[str] = ()) -> Iterator[str]:
    """Rows in one of the formats; `columns` are told even where there are no rows."""
    from pbtool import writing
    from pbtool.exports import plain_number

    names = list(rows[0]) if rows else list(columns)
    if form in ("csv", "json", "jsonl"):
        rows = [{name: plain_number(value) for name, value in row.items()} for row in rows]
    if form == "json":
        yield from writing.json_list(rows, False)
    elif form == "jsonl":
        yield from writing.jsonl(rows)
    elif form == "csv":
        yield from writing.csv_text(rows, names)
    elif form == "md":
        yield from _markdown(rows, names)
    else:
        yield from _aligned(rows, names)


def citations(rows: Iterable[Row]) -> Iterator[str]:
    """Citations to read: a number on a line, and under it where it stands and the sentence that says so."""
    for row in rows:
        where = [row["file"]]
        page = row.get("page") or _pages(row.get("pages"))
        where += [f"page {page}"] if page else []
        where += [f"《{row['article']}》"] if row.get("article") else []
        where += [_source(row["source"])] if row.get("source") else []
        if "start" in row:
            where.append(f"{row['start']}-{row['end']}")
        sentence = row.get("sentence") or row.get("paragraph") or ""
        skip = ("file", "page", "pages", "article", "source", "sentence", "paragraph", "start", "end")
        head = [_cell(value) for name, value in row.items() if name not in skip and value is not None]
        yield "  ".join(head) + "\n"
        yield f"    {', '.join(safe(part) for part in where)}\n"
        if sentence:
            yield f"    {safe(sentence.strip())}\n"


def _aligned(rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    cells = [[_cell(row[name]) for name in names] for row in rows]
    columns = [max(map(width, [name, *(line[i] for line in cells)])) for i, name in enumerate(names)]
    right = [_is_number(row[name] for row in rows) for name in names]
    for line in [list(names), *cells]:
        parts = (
            " " * (room - width(cell)) + cell if at_right else padded(cell, room)
            for cell, room, at_right in zip(line, columns, right, strict=True)
        )
        yield "  ".join(parts).rstrip() + "\n"


def _markdown(rows: Sequence[Row], names: Sequence[str]) -> Iterator[str]:
    right = [_is_number(row[name] for row in rows) for name in names]
    lines = [list(names), ["--:" if at_right else "---" for at_right in right]]
    lines += [[_cell(row[name]).replace("\\", "\\\\").replace("|", "\\|") for name in names] for row in rows]
    for line in lines:
        yield "| " + " | ".join(line) + " |\n"


def _is_number(values: Iterable[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(value, (int, float)) for value in known)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        if abs(value) >= 1e15:
            return f"{value:.6g}"
        return f"{value:,.0f}" if value == int(value) or abs(value) >= 1e6 else f"{value:,.6g}"
    return safe(str(value))


def _pages(text: str | None) -> str:
    """The pages of an article: the first and the last."""
    pages = json.loads(text) if text else []
    return f"{pages[0]}-{pages[-1]}" if len(pages) > 1 else "".join(map(str, pages))


def _source(text: str) -> str:
    return " ".join(f"{start}-{end}" for start, end in json.loads(text))
