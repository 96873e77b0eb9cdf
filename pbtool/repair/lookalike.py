"""Misread and mistyped characters: `后顾之优` for 后顾之忧. Suggestions only, a handful a page, best first.

The one idea: a character that fits neither what stands before it nor what stands behind it, while one that looks or sounds
like it fits both, was probably misread. The model of the language measures both; a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import nlargest
from math import exp

from pbtool import tables
from pbtool.document import FontRun
from pbtool.edits import Edit
from pbtool.language import folding, model

RULE = "lookalike"
_STRANGE = -7.0  # log-probability of a character behind its neighbour: below, it is strange there
_GAIN = 9.0  # nats that the other character must fit better
_HALF = 12.0  # nats at which every second suggestion is right
_PAGE = 1500
_A_PAGE = 5


def propose_lookalike(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Characters that look or sound like the one that was meant are reported, the likeliest first.

    What it repairs: nothing by itself. It reports `后顾之优` (忧), `规落化` (范): at most five on a page of 1,500 characters.

    How it comes about: recognition of small or worn print; typing by sound.

    Example:
        >>> [(edit.before, edit.after, edit.grade) for edit in propose_lookalike("着力解决群众的后顾之优。")]
        [('优', '忧', 'suggested')]

    When it is wrong: names, dialect, and words younger than the model; that is why it only reports.

    Source: look-alikes and homophones from the data of pycorrector (Apache-2.0), `data/confusions.tsv`, written by
    `scripts/build_confusions.py`.
    """
    found: dict[int, list[tuple[float, int, str]]] = {}
    for place in _strange(text):
        gain, char = _better(text, place)
        if gain >= _GAIN:
            found.setdefault(place // _PAGE, []).append((gain, place, char))
    best = [entry for page in found.values() for entry in nlargest(_A_PAGE, page)]
    return [
        Edit(
            place,
            place + 1,
            text[place],
            char,
            RULE,
            "suggested",
            round(1 / (1 + exp((_HALF - gain) / 2)), 4),
        )
        for gain, place, char in sorted(best, key=lambda entry: entry[1])
    ]


def _strange(text: str) -> Iterator[int]:
    """Places of confusable characters that fit neither neighbour; each pair of neighbours is judged once."""
    table, folded = confusions(), text.translate(folding())
    if len(folded) != len(text):
        return
    judge, rare = model(), set()
    for pair in set(zip(folded, folded[1:], strict=False)):
        if (pair[0] in table or pair[1] in table) and judge.score(
            "的" * 13 + pair[0] + pair[1], 14
        ) < _STRANGE:
            rare.add(pair)
    if not rare:
        return
    last = -2
    for place, pair in enumerate(zip(folded, folded[1:], strict=False)):
        if pair in rare:
            if last == place - 1 and text[place] in table:
                yield place
            last = place


def _better(text: str, place: int) -> tuple[float, str]:
    """How much better the best other character fits, and which it is."""
    choices = [text[place], *confusions()[text[place]]]
    left, right = text[max(0, place - 12) : place], text[place + 1 : place + 13]
    scores = model().alternatives(left, choices, right)
    top = max(range(1, len(choices)), key=scores.__getitem__)
    return scores[top] - scores[0], choices[top]


@lru_cache(maxsize=1)
def confusions() -> dict[str, str]:
    """Character -> those that look or sound like it."""
    return tables.pairs("confusions.tsv")
