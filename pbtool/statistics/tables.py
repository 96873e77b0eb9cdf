"""Tables: one row a group, one column an aggregate.

The one idea: a sum over different units is a wrong number, so values are never taken together across units; what else a reader
of the table should know (increases among levels, ranges, what was left out) comes along as notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pbtool.statistics.questions import ALL_KINDS, Question
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


#: What is counted beside the values, for the notes.
_SEEN = {".all": "count(*)", ".changes": "count(t.change)", ".ranges": "count(t.value_high)"}


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
        notes = (
            (f"{left} more {'rows' if left > 1 else 'row'}; --top {len(rows)} shows all",) if left > 0 else ()
        )
        return replace(self, rows=rows[:count], notes=(*self.notes, *notes))


def stats(
    path: str, by: tuple[str, ...] = (), aggregates: tuple[str, ...] = ("count",), **asked: Any
) -> Table:
    """The table that `pbtool stats` prints of the store at `path`; `asked` are the other fields of `Question`.

    Raises UsageError for what cannot be asked, InputError where there is no store.
    """
    question = Question(by=by, aggregates=aggregates, **asked)
    with Store(path, create=False) as store:
        return table(store, question)


def table(store: Store, question: Question) -> Table:
    """Ask the store. A range counts with its middle. Raises InputError where the store cannot be asked."""
    splits = question.values and "unit" not in question.by and question.unit is None
    asked = replace(question, by=(*question.by, "unit")) if splits else question
    rows, seen = _grouped(store, asked)
    found = rows and (question.by or (seen[".all"] if question.values else rows[0]["count"]))
    notes = list(_notes(question, seen)) if found else [nothing(question)]
    if splits and len({row["unit"] for row in rows}) < 2:
        asked, rows = question, [{k: v for k, v in row.items() if k != "unit"} for row in rows]
    elif splits:
        notes.append("values have different units, so the table is split by unit; --unit 元 keeps one")
    return Table(asked, rows, tuple(notes))


def _grouped(store: Store, question: Question) -> tuple[list[Row], dict[str, int]]:
    """The rows, sorted; and how many values, changes and ranges there were among them."""
    groups = [question.of.groups[name] for name in question.by]
    where, values = question.conditions()
    columns = [f'{sql} AS "{name}"' for name, (sql, *_) in zip(question.by, groups, strict=True)]
    columns += [f'{_CALLS[name].format(v=question.of.value)} AS "{name}"' for name in question.aggregates]
    columns += [f'{sql} AS "{name}"' for name, sql in _SEEN.items()] if question.values else []
    query = f"SELECT {', '.join(columns)} {question.source(groups)} {where}"
    if question.by:
        query += f" GROUP BY {', '.join(str(i) for i in range(1, len(question.by) + 1))}"
    rows = list(store.rows(query, values))
    rows.sort(key=lambda row: [_rank(row[name]) for name in question.by])
    seen = {name: sum(row.pop(name) for row in rows) for name in _SEEN if question.values}
    return rows, seen


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


def nothing(question: Question) -> str:
    """What to look at where a table is empty."""
    if question.metric is not None:
        return f"nothing is measured by words with {question.metric!r}; --by what --top 20 shows what is measured"
    if question.kinds and ALL_KINDS not in question.kinds:
        return f"no facts are of kind {' or '.join(question.kinds)} here; --by kind shows which there are"
    if question.only or question.text or question.unit or question.kinds:
        return (
            f"there are no {question.subject} like that; leave a filter out, or see what there is with --by"
        )
    return f"the store has no {question.subject}"


def _notes(question: Question, seen: dict[str, int]) -> Iterator[str]:
    """What a reader of the values should know."""
    told = (*question.by, *(name for name, _ in question.only))
    if seen.get(".changes") and "change" not in told:
        yield (
            f"{seen['.changes']} of {seen['.all']} values are increases or decreases, not levels; "
            "--by change tells them apart, --only change=- leaves them out"
        )
    if seen.get(".ranges"):
        yield f"{seen['.ranges']} of {seen['.all']} values are ranges, which count with their middle"
