"""Tables: one row a group, one column an aggregate.

The one idea: a sum over different units is a wrong number, so values are never taken together across units; what else a reader
of the table should know (increases among levels, ranges, what was left out) comes along as notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pbtool.statistics.questions import Question
from pbtool.store import TABLES, Store

Row = dict[str, Any]
_CALLS = {
    "count": "count(*)",
    "sum": "total({v})",
    "mean": "avg({v})",
    "median": "median({v})",
    "min": "min({v})",
    "max": "max({v})",
}


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to `question`: rows sorted by group (unknown last), and notes for whoever reads them."""

    question: Question
    rows: list[Row]
    notes: tuple[str, ...] = ()

    def top(self, count: int) -> Table:
        """The rows with the greatest first aggregate, greatest first; a note says how many others there are."""
        if len(self.rows) <= count and not self.question.by:
            return self
        name = self.question.aggregates[0]
        rows = sorted(self.rows, key=lambda row: -(row[name] if row[name] is not None else float("-inf")))
        left = len(rows) - count
        notes = (f"{left} more rows; --top {len(rows)} shows all",) if left > 0 else ()
        return replace(self, rows=rows[:count], notes=(*self.notes, *notes))


def table(store: Store, question: Question) -> Table:
    """Ask the store. A range counts with its middle. Raises InputError where the store cannot be asked."""
    notes = list(_notes(store, question))
    if (
        question.values
        and "unit" not in question.by
        and question.unit is None
        and _units(store, question) > 1
    ):
        question = replace(question, by=(*question.by, "unit"))
        notes.append("values have different units, so the table is split by unit; --unit 元 keeps one")
    groups = [question.of.groups[name] for name in question.by]
    where, values = question.conditions()
    columns = [f'{sql} AS "{name}"' for name, (sql, *_) in zip(question.by, groups, strict=True)]
    columns += [f'{_CALLS[name].format(v=question.of.value)} AS "{name}"' for name in question.aggregates]
    query = f"SELECT {', '.join(columns)} {question.source(groups)} {where}"
    if question.by:
        numbers = ", ".join(str(i) for i in range(1, len(question.by) + 1))
        query += f" GROUP BY {numbers}"
    rows = list(store.rows(query, values))
    rows.sort(key=lambda row: [_rank(row[name]) for name in question.by])
    return Table(question, rows, tuple(notes))


def overview(store: Store) -> list[Row]:
    """How many rows each table of the store has."""
    names = list(TABLES)
    counts = (next(store.tuples(f"SELECT count(*) FROM {name}"))[0] for name in names)
    return [{"table": name, "rows": count} for name, count in zip(names, counts, strict=True)]


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers in order, then texts in order, then what is not known."""
    if value is None:
        return 2, 0
    return (1, value) if isinstance(value, str) else (0, value)


def _units(store: Store, question: Question) -> int:
    where, values = question.conditions()
    query = f"SELECT count(*) FROM (SELECT DISTINCT t.unit {question.source(())} {where} LIMIT 2)"
    count: int = next(store.tuples(query, values))[0]
    return count


def _notes(store: Store, question: Question) -> Sequence[str]:
    """What a reader of the values should know."""
    if not question.values or "change" in (*question.by, *(name for name, _ in question.only)):
        return ()
    where, values = question.conditions()
    query = f"SELECT count(*), count(t.change), count(t.value_high) {question.source(())} {where}"
    every, changes, ranges = next(store.tuples(query, values))
    notes = []
    if changes:
        notes.append(
            f"{changes} of {every} values are increases or decreases, not levels; --by change tells them apart, "
            "--only change=- leaves them out"
        )
    if ranges:
        notes.append(f"{ranges} of {every} values are ranges, which count with their middle")
    return notes
