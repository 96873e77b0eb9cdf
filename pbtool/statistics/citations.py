"""The facts behind a table, each with file, page, article, place in the text and sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbtool.statistics.questions import Question
from pbtool.store import Store


def cited(store: Store, question: Question) -> Iterator[dict[str, Any]]:
    """Every row that a table of this question counts, in the order of files and of the text: its groups, then where it stands.

    `source` are the places (code points) in the text as `pbtool read` prints it.
    """
    groups = {name: question.of.groups[name] for name in question.by}
    columns = {**groups, **{name: sql for name, sql in question.of.shown.items() if name not in groups}}
    where, values = question.conditions()
    order = ("", "d") if "d." in question.of.order else ("",)
    selected = ", ".join(f'{sql} AS "{name}"' for name, (sql, *_) in columns.items())
    source = question.source([*columns.values(), order])
    yield from store.rows(f"SELECT {selected} {source} {where} ORDER BY {question.of.order}", values)
