"""The store: one SQLite file that holds what was found in a corpus, and can be opened by anything that reads SQLite.

The one idea: a document is one transaction, under a key made of its content, so that writing it twice, in any order, from any
number of workers, gives the same rows. `facts` and `offices` are the views for people; docs/store.md explains every column.
"""

from __future__ import annotations

from pbtool.store.connection import Store
from pbtool.store.rows import Rows, document_key, rows
from pbtool.store.schema import TABLES, VERSION, VIEWS
from pbtool.store.words import phrase, spaced

__all__ = ["TABLES", "VERSION", "VIEWS", "Rows", "Store", "document_key", "phrase", "rows", "spaced"]
