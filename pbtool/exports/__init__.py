"""Rows out of a store for other tools: CSV, JSON Lines, Parquet and xlsx for tables, doccano and Label Studio for annotators.

The one idea: an export streams, so that its memory does not grow with the store; and it changes nothing but what the other
tool could not bear, and says so.
"""

from __future__ import annotations

from pbtool.exports.annotation import annotated_articles, doccano, label_studio
from pbtool.exports.sheets import Selected, write_parquet, write_xlsx

__all__ = ["Selected", "annotated_articles", "doccano", "label_studio", "write_parquet", "write_xlsx"]
