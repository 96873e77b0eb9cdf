"""Many documents into one store: parallel, resumable, nothing lost.

The one idea: a document is known by the hash of its bytes, and is one transaction. Whatever happens (Ctrl-C, kill -9, a
crash in one document) costs what was under way and nothing else; the same command goes on where it stopped.
"""

from __future__ import annotations

from pbtool.batches.job import Event, Report, batch

__all__ = ["Event", "Report", "batch"]
