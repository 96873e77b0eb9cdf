"""A question to the store: what is counted, by what, and which of it.

The one idea: a question is checked as a whole before anything is asked, so that nothing in it is left unheard; names that
are not known, filters that a subject has not, and sums of what has no value are told at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pbtool.errors import UsageError
from pbtool.extraction.metrics import UNMEASURED
from pbtool.statistics.subjects import JOINS, SUBJECTS, Subject
from pbtool.store import phrase

AGGREGATES = ("count", "sum", "mean", "median", "min", "max")
#: Kinds of metrics that count or measure nothing, left out unless they are asked for.
_NO_MEASURES = tuple(sorted(UNMEASURED))
ALL_KINDS = "all"


@dataclass(frozen=True, slots=True)
class Question:
    """A table to be made: `by` groups, `aggregates` of their values, of those rows of `subject` that the rest leaves.

    `metric` is looked for inside what is measured, `unit` must be equal, `kinds` are kinds of metrics ("all": whatever there
    is; else what counts or measures something), `text` is a phrase of the paragraph, `only` pairs of a group and what it is.
    Raises UsageError for whatever does not go together.
    """

    subject: str = "facts"
    by: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = ("count",)
    metric: str | None = None
    unit: str | None = None
    kinds: tuple[str, ...] = ()
    text: str | None = None
    only: tuple[tuple[str, str | None], ...] = ()

    def __post_init__(self) -> None:
        if self.subject not in SUBJECTS:
            raise UsageError(f"there is no table {self.subject!r} to count; there are {', '.join(SUBJECTS)}")
        for name in (*self.by, *(name for name, _ in self.only)):
            if name not in self.of.groups:
                raise UsageError(
                    f"cannot group {self.subject} by {name!r}; there are {', '.join(self.of.groups)}"
                )
        for name in self.aggregates:
            if name not in AGGREGATES:
                raise UsageError(f"there is no aggregate {name!r}; there are {', '.join(AGGREGATES)}")
            if name != "count" and self.of.value is None:
                raise UsageError(f"{self.subject} have no value to take the {name} of; only count them")
        for names in (self.by, self.aggregates):
            if len(set(names)) < len(names) or (names is self.aggregates and not names):
                raise UsageError(f"{','.join(names) or 'nothing'!r}: name everything once")
        for name in ("metric", "unit", "text"):
            self._check_filter(name, getattr(self, name))
        self._check_filter("kind", ",".join(self.kinds) or None)

    @property
    def of(self) -> Subject:
        """The subject."""
        return SUBJECTS[self.subject]

    @property
    def values(self) -> bool:
        """Whether values are summed or compared, and not only counted."""
        return any(name != "count" for name in self.aggregates)

    def source(self, columns: Sequence[tuple[str, ...]]) -> str:
        """The tables that a query for these columns (SQL and aliases) needs."""
        wanted = [self.of.groups[name] for name, _ in self.only]
        aliases = dict.fromkeys(alias for _, *needs in (*columns, *wanted) for alias in needs)
        return " ".join((f"FROM {self.of.table} t", *(JOINS[alias] for alias in aliases)))

    def conditions(self) -> tuple[str, list[Any]]:
        """The condition of the query, and its values."""
        parts = [self.of.condition] if self.of.condition else []
        values: list[Any] = []
        if self.metric is not None:
            parts.append("instr(t.what, ?) > 0")
            values.append(self.metric)
        if self.unit is not None:
            parts.append("t.unit = ?")
            values.append(self.unit)
        if self.subject == "facts":
            kinds = self._kinds()
            if kinds is not None:
                parts.append(kinds[0])
                values += kinds[1]
        if self.text is not None:
            parts.append(
                "(t.document, t.article, t.paragraph) IN (SELECT document, article, n FROM paragraphs WHERE id IN "
                "(SELECT rowid FROM words WHERE words MATCH ?))"
            )
            values.append(phrase(self.text))
        for name, wanted in self.only:
            sql = self.of.groups[name][0]
            # A number in the store is compared as one, though the value is text (SQLite's column affinity).
            parts.append(f"{sql} IS NULL" if wanted is None else f"{sql} = ?")
            values += [] if wanted is None else [wanted]
        return ("WHERE " + " AND ".join(parts) if parts else ""), values

    def _kinds(self) -> tuple[str, Sequence[str]] | None:
        if self.kinds:
            if ALL_KINDS in self.kinds:
                return None
            return f"t.kind IN ({','.join('?' * len(self.kinds))})", self.kinds
        if "kind" in self.by or any(name == "kind" for name, _ in self.only):
            return None
        return f"t.kind NOT IN ({','.join('?' * len(_NO_MEASURES))})", _NO_MEASURES

    def _check_filter(self, name: str, value: str | None) -> None:
        if value is None:
            return
        if name not in self.of.filters:
            raise UsageError(f"--{name} does not go with {self.subject}; it has no such thing")
        if not value.strip():
            raise UsageError(f"--{name} is empty; leave it out, or say what to look for")
