"""Numbers out of the store: grouped, counted, summed, drawn, and every one of them opened again.

The one idea: a cell of a table is a question, and the same question without its sum lists the facts behind the cell, each with
file, page, place in the text and sentence.
"""

from __future__ import annotations

from pbtool.statistics.citations import cited
from pbtool.statistics.questions import AGGREGATES, Question
from pbtool.statistics.subjects import SUBJECTS, Subject
from pbtool.statistics.tables import Table, nothing, overview, stats, table

__all__ = [
    "AGGREGATES",
    "SUBJECTS",
    "Question",
    "Subject",
    "Table",
    "cited",
    "nothing",
    "overview",
    "stats",
    "table",
]
