"""pbtool: repairs, restores and reads Chinese party-building articles that come as scans, broken PDFs and OCR text.

Every command is a function of the same name. `run`, `read`, `fix`, `convert`, `segment`, `extract`, `check` and `review` take and
give a `Document` (a plain text will do); `batch` fills a store, `stats` and `export` ask it; `rules` gives the page of a repair
rule. Nothing is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from pbtool.version import VERSION as __version__

if TYPE_CHECKING:
    from pbtool.batches import batch as batch
    from pbtool.document import Document as Document
    from pbtool.edits import Edit as Edit
    from pbtool.exports import export as export
    from pbtool.pipeline import check as check
    from pbtool.pipeline import convert as convert
    from pbtool.pipeline import extract as extract
    from pbtool.pipeline import fix as fix
    from pbtool.pipeline import run as run
    from pbtool.pipeline import segment as segment
    from pbtool.pipeline import undo as undo
    from pbtool.reading import read as read
    from pbtool.records import document_record as document_record
    from pbtool.repair.rulebook import rules as rules
    from pbtool.reviews import review as review
    from pbtool.statistics import stats as stats

_HOMES = {
    "Document": "document",
    "Edit": "edits",
    "batch": "batches",
    "check": "pipeline",
    "convert": "pipeline",
    "document_record": "records",
    "export": "exports",
    "extract": "pipeline",
    "fix": "pipeline",
    "read": "reading",
    "review": "reviews",
    "rules": "repair.rulebook",
    "run": "pipeline",
    "segment": "pipeline",
    "stats": "statistics",
    "undo": "pipeline",
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604 - the names are those of _HOMES


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'pbtool' has no attribute {name!r}")
    return getattr(importlib.import_module(f"pbtool.{_HOMES[name]}"), name)
