"""Numbers out of the store: grouped, counted, summed, and every one of them opened again.

The one idea: a cell of a table is a query, and the same query without its sum lists the facts behind the cell, each with file,
place in the text and sentence.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from pbtool.errors import UsageError
from pbtool.store import Store, phrase

#: What facts can be grouped by, with the SQL that says it.
GROUPS = {
    "county": "county",
    "year": "year",
    "unit": "unit",
    "what": "what",
    "file": "file",
    "kind": "kind",
    "place": "place",
}
AGGREGATES = ("count", "sum", "mean", "median", "min", "max")


def table(
    store: Store,
    by: Sequence[str],
    aggregates: Sequence[str] = ("count",),
    *,
    metric: str | None = None,
    unit: str | None = None,
    text: str | None = None,
) -> list[dict[str, Any]]:
    """One row a group of facts, sorted by group, with the aggregates of their values.

    `metric` is looked for inside what is measured, `unit` must be equal, `text` is a full-text phrase of the paragraph. A range
    counts with its middle. Raises UsageError for a name that is not known.
    """
    for name in by:
        if name not in GROUPS:
            raise UsageError(f"cannot group by {name!r}; there are {', '.join(GROUPS)}")
    for name in aggregates:
        if name not in AGGREGATES:
            raise UsageError(f"there is no aggregate {name!r}; there are {', '.join(AGGREGATES)}")
    where, values = _conditions(metric, unit, text)
    columns = ", ".join(GROUPS[name] for name in by)
    middle = "CASE WHEN value_high IS NULL THEN value ELSE (value + value_high) / 2 END"
    if "median" in aggregates:
        return _medians(
            store,
            by,
            aggregates,
            f"SELECT {columns + ',' if by else ''} {middle} AS v FROM facts {where}",
            values,
        )
    calls = {"count": "count(*)", "sum": "sum(v)", "mean": "avg(v)", "min": "min(v)", "max": "max(v)"}
    chosen = ", ".join(f'{calls[name]} AS "{name}"' for name in aggregates)
    inner = f"SELECT {columns + ',' if by else ''} {middle} AS v FROM facts {where}"
    group = f"GROUP BY {columns} ORDER BY {columns}" if by else ""
    return list(store.rows(f"SELECT {columns + ',' if by else ''} {chosen} FROM ({inner}) {group}", values))


def cited(
    store: Store, *, metric: str | None = None, unit: str | None = None, text: str | None = None
) -> Iterator[dict[str, Any]]:
    """The facts behind a table, each with file, pages, article, place in the text and sentence."""
    where, values = _conditions(metric, unit, text)
    columns = (
        "county, year, what, text, value, value_high, unit, file, pages, article_title, source, sentence"
    )
    yield from store.rows(f"SELECT {columns} FROM facts {where} ORDER BY file, document, article, n", values)


def _conditions(metric: str | None, unit: str | None, text: str | None) -> tuple[str, list[Any]]:
    parts, values = ["value IS NOT NULL"], []
    if metric is not None:
        parts.append("instr(what, ?) > 0")
        values.append(metric)
    if unit is not None:
        parts.append("unit = ?")
        values.append(unit)
    if text is not None:
        parts.append(
            "(document, article) IN (SELECT p.document, p.article FROM paragraphs p WHERE p.id IN "
            "(SELECT rowid FROM words WHERE words MATCH ?))"
        )
        values.append(phrase(text))
    return "WHERE " + " AND ".join(parts), values


def _medians(
    store: Store, by: Sequence[str], aggregates: Sequence[str], query: str, values: Sequence[Any]
) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], list[float]] = {}
    for row in store.rows(query, values):
        groups.setdefault(tuple(row[name] for name in by), []).append(row["v"])
    calls = {
        "count": len,
        "sum": sum,
        "mean": statistics.fmean,
        "median": statistics.median,
        "min": min,
        "max": max,
    }
    rows = []
    for key in sorted(groups, key=lambda key: tuple((part is not None, str(part)) for part in key)):
        cells = {name: calls[name](groups[key]) for name in aggregates}  # type: ignore[operator]
        rows.append({**dict(zip(by, key, strict=True)), **cells})
    return rows
