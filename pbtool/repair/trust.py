"""How often an edit of each kind is right, as measured.

The one idea: nobody sets a confidence by hand. Each proposer names the kind of evidence that it went by, and the table says how
often that kind was right on prose that was broken on purpose; `scripts/fit_confidences.py` measures it.
"""

from __future__ import annotations

from functools import cache
from math import exp

from pbtool import tables

TABLE = "confidences.tsv"


@cache
def trust(kind: str) -> float:
    """The confidence of an edit of this kind. Raises KeyError for a kind that was never measured."""
    return float(tables.pairs(TABLE)[kind])


def curve(kind: str, evidence: float) -> float:
    """The confidence of a suggestion whose `evidence` is a number: a logistic curve that was fitted to the kind."""
    middle, slope = map(float, tables.pairs(TABLE)[kind].split())
    return round(1 / (1 + exp(min(50.0, (middle - evidence) * slope))), 4)
