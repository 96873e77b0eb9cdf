"""Stores of older versions brought up to date, one step a version, all in one transaction.

The one idea: a step only adds. What an older pbtool wrote stays as it was; what it did not know (pages, places of titles) stays
empty until the documents are done again (`batch --redo`). Killed half-way, the store is still the old one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable

from pbtool.store import schema
from pbtool.store.issued import named_date
from pbtool.store.regions import region

_STOP = re.compile(r"[。！？!?\n]+[”’」』）]?")


def migrate(base: sqlite3.Connection, version: int) -> None:
    """Bring an open store of `version` up to `schema.VERSION`. Raises sqlite3.Error; the store is unchanged then."""
    base.execute("BEGIN IMMEDIATE")
    try:
        for number in range(version, schema.VERSION):
            _STEPS[number](base)
        base.execute(f"PRAGMA user_version = {schema.VERSION}")
        base.execute("COMMIT")
    except BaseException:
        if base.in_transaction:
            base.execute("ROLLBACK")
        raise


def _from_1_to_2(base: sqlite3.Connection) -> None:
    """Pages, runs, regions, dates of issue, sentences of facts; views that show them."""
    for table in ("places", "officials", "metrics", "dates", "paragraphs"):
        base.execute(f"ALTER TABLE {table} ADD COLUMN page INTEGER")
    for table in ("officials", "metrics"):
        for column in ("sentence_start", "sentence_end"):
            base.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER")
    for column in ("issued", "issued_by"):
        base.execute(f"ALTER TABLE documents ADD COLUMN {column} TEXT")
    base.execute("DROP VIEW facts")
    for index in ("paragraphs_of", "metrics_by"):
        base.execute(f"DROP INDEX {index}")
    for statement in (schema.PAGES, schema.REGIONS, schema.RUNS, *schema.INDEXES, *schema.VIEW_STATEMENTS):
        base.execute(statement)
    _fill_2(base)
    base.execute(schema.READERS_INDEX)


def _fill_2(base: sqlite3.Connection) -> None:
    base.create_function("sentence_start", 2, _sentence_start, deterministic=True)
    base.create_function("sentence_end", 2, _sentence_end, deterministic=True)
    base.create_function("named_date", 1, named_date, deterministic=True)
    base.execute("UPDATE documents SET issued = named_date(name)")
    base.execute("UPDATE documents SET issued_by = 'name' WHERE issued IS NOT NULL")
    places = base.execute(
        "SELECT place FROM metrics WHERE place <> '' UNION SELECT \"full\" FROM places WHERE \"full\" <> ''"
    ).fetchall()
    base.executemany("INSERT INTO regions VALUES(?, ?, ?, ?, ?)", [(p, *region(p)) for (p,) in places])
    base.execute(
        'UPDATE metrics SET county = (SELECT county FROM regions WHERE "full" = place) WHERE place IS NOT NULL'
    )
    for table in ("officials", "metrics"):
        text = (
            f"(SELECT p.text FROM paragraphs p WHERE p.document = {table}.document"
            f" AND p.article = {table}.article AND p.n = {table}.paragraph)"
        )
        base.execute(
            f"UPDATE {table} SET sentence_start = sentence_start({text}, start),"
            f' sentence_end = sentence_end({text}, "end") WHERE paragraph IS NOT NULL'
        )


def _sentence_start(text: str | None, start: int) -> int | None:
    if text is None:
        return None
    return max((match.end() for match in _STOP.finditer(text, 0, start)), default=0)


def _sentence_end(text: str | None, end: int) -> int | None:
    if text is None:
        return None
    match = _STOP.search(text, max(0, end - 1))
    return match.end() if match else len(text)


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1_to_2}
