"""Misread and mistyped characters: `后顾之优` for 后顾之忧. Suggestions only, a handful a page, best first.

The one idea: a character that is strange beside its neighbours, while one that looks or sounds like it fits far better, was
probably misread. The model of the language measures both; a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import nlargest

from pbtool import tables
from pbtool.document import FontRun
from pbtool.edits import Edit
from pbtool.language import folding, model
from pbtool.repair.trust import curve

RULE = "lookalike"
_STRANGE = -7.0  # log-probability of a character behind its neighbour: below, it is strange there
_RATHER = -4.5  # and here, where it is so beside both
_HINT = 1.0  # nats that another must fit its two neighbours better, before it is judged in full
_GAIN = 7.5  # nats that the other character must fit better: about one in four is right there
_MEMO = 1 << 18
_BLANK = " "
_PAGE = 1500
_A_PAGE = 5


def propose_lookalike(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Characters that look or sound like the one that was meant are reported, the likeliest first.

    What it repairs: nothing by itself. It reports `后顾之优` (忧), `生活需耍` (要): at most five on a page of 1,500 characters.

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
            curve("lookalike", gain),
        )
        for gain, place, char in sorted(best, key=lambda entry: entry[1])
    ]


def _strange(text: str) -> Iterator[int]:
    """Places of confusable characters that are strange beside a neighbour, where another would be less so."""
    table, pairs, folded = confusions(), _pairs(), text.translate(_folding())
    for place in range(1, len(text) - 1):
        char = text[place]
        if char not in table:
            continue
        left, right = folded[place - 1], folded[place + 1]
        if left == _BLANK or right == _BLANK:
            continue
        before, behind = pairs[left + char], pairs[char + right]
        if min(before, behind) >= _STRANGE and max(before, behind) >= _RATHER:
            continue
        least = before + behind + _HINT
        if any(pairs[left + other] + pairs[other + right] >= least for other in table[char]):
            yield place


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    """The model's folding, but a blank stays one character."""
    return {code: folded or _BLANK for code, folded in folding().items()}


class _Pairs(dict[str, float]):
    """Log-probability of a pair's second character behind the first, where nothing else is known."""

    def __missing__(self, pair: str) -> float:
        if len(self) >= _MEMO:
            self.clear()
        value = self[pair] = model().pair(pair[0], pair[1])
        return value


@lru_cache(maxsize=1)
def _pairs() -> _Pairs:
    return _Pairs()


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
