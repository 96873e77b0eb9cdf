"""Rows out of a store for other tools: CSV, JSON Lines, Parquet and xlsx for tables, doccano and Label Studio for annotators.

The one idea: an export streams, so that its memory does not grow with the store; and it changes nothing but what the other
tool could not bear, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pbtool.exports.annotation import annotated_articles, doccano, label_studio
from pbtool.exports.sheets import Selected, plain_number, write_parquet, write_xlsx
from pbtool.store import Store

__all__ = [
    "Selected",
    "annotated_articles",
    "doccano",
    "export",
    "label_studio",
    "plain_number",
    "write_parquet",
    "write_xlsx",
]


def export(path: str, table: str = "facts", where: str | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a table or view of the store at `path`, one by one; `where` is SQL. Raises InputError, UsageError."""
    with Store(path, create=False) as store:
        yield from Selected(store, table, where).rows()
