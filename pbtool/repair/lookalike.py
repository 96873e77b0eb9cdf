"""Characters misread for one that looks or sounds alike: suggestions only.

The one idea: a table says what could have been misread, the language model says whether it was; a person decides.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib.resources import files
from math import exp

from pbtool.document import FontRun
from pbtool.edits import Edit

RULE = "lookalike"
_MARGIN = 9.0  # nats by which the other character must fit better
_PAGE, _MOST = 1500, 3


def propose_lookalikes(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """A character whose look-alike fits its place far better, a few a page, the best first.

    **What it repairs.** Nothing by itself: `后顾之优` is shown with 忧 as a suggestion.

    **How it comes about.** Recognition of printed characters, and typing by sound or shape.

    >>> from pbtool.repair.lookalike import propose_lookalikes
    >>> [(e.start, e.before, e.after, e.grade) for e in propose_lookalikes("解除群众的后顾之优。")]
    [(8, '优', '忧', 'suggested')]

    **When it is wrong.** Names of people and places, and quotations of old texts.

    **Source.** pbtool/data/lookalikes.tsv; the noisy-channel view of Kernighan, Church and Gale (1990).
    """
    from pbtool.language import model

    judge = model()
    table, pattern = _table()
    pages: dict[int, list[tuple[float, int, str]]] = {}
    for match in pattern.finditer(text):
        place = match.start()
        left, right = text[max(0, place - 4) : place], text[place + 1 : place + 4]
        choices = (match[0], *table[match[0]])
        scores = judge.alternatives(left, choices, right)
        best = max(range(len(choices)), key=scores.__getitem__)
        gain = scores[best] - scores[0]
        if gain > _MARGIN:
            pages.setdefault(place // _PAGE, []).append((gain, place, choices[best]))
    found = [found for page in pages.values() for found in sorted(page, reverse=True)[:_MOST]]
    return [
        Edit(place, place + 1, text[place], char, RULE, "suggested", min(0.95, 1 - exp(-gain / 6)))
        for gain, place, char in sorted(found, key=lambda item: item[1])
    ]


@functools.cache
def _table() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    others: dict[str, tuple[str, ...]] = {}
    text = files("pbtool.data").joinpath("lookalikes.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            one, other = line.split("\t")
            others[one] = (*others.get(one, ()), other)
            others[other] = (*others.get(other, ()), one)
    return others, re.compile(f"[{''.join(sorted(others))}]")
