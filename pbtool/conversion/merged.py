"""Merged characters: which of its traditional forms a simplified character has where no phrase of the dictionaries says.

The one idea: the model of the language knows simplified text only, but a character's sense shows in the words that could
stand in its place. In 防台抗台 it could be 汛 or 洪, so it is 颱; in 三只羊 it could be 头, so it is 隻. A rarer form is
believed only where its words are likelier by a margin at which, where phrases do decide, hardly any place of the usual
form would have been lost (`scripts/build_merged_characters.py`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pbtool import language, tables

#: How much of the text the model is shown on either side.
_LEFT, _RIGHT = 12, 8

#: How sure a judgement is, for the usual form and for a rarer one.
_USUAL, _RARER = 0.93, 0.9


@dataclass(frozen=True, slots=True)
class Senses:
    """The forms of one character: the usual one, words in the place of each, and the margin of each rarer one."""

    usual: str
    words: dict[str, tuple[str, ...]]
    margins: dict[str, float]


@functools.cache
def senses() -> dict[str, Senses]:
    """The merged characters."""
    found: dict[str, Senses] = {}
    for char, form, margin, words in tables.rows("merged_characters.tsv"):
        one = found.setdefault(char, Senses("", {}, {}))
        if margin == "-":
            one = found[char] = Senses(form, one.words, one.margins)
        else:
            one.margins[form] = float(margin)
        one.words[form] = tuple(words.split(" "))
    return found


def judged(text: str, place: int) -> tuple[str, float]:
    """The traditional form of the merged character at `place` of a simplified text, and how sure that is."""
    known = senses()[text[place]]
    if not known.margins:
        return known.usual, _USUAL
    scores = likelihoods(text, place, known.words)
    least = scores[known.usual]
    ahead = {form: scores[form] - least - margin for form, margin in known.margins.items()}
    best = max(ahead, key=ahead.__getitem__)
    return (best, _RARER) if ahead[best] > 0 else (known.usual, _USUAL)


def likelihoods(text: str, place: int, words: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """For each form the log-probability of the likeliest of its words in the place of the character."""
    flat = [word for forms in words.values() for word in forms]
    scores = iter(
        language.model().alternatives(
            text[max(0, place - _LEFT) : place], flat, text[place + 1 : place + 1 + _RIGHT]
        )
    )
    return {form: max(next(scores) for _ in standing) for form, standing in words.items()}
