"""Simplified text in traditional forms (OpenCC's standard), one character for one.

The one idea: most characters and phrases are told by the dictionaries, and what they leave open is told in order of trust:
places and people have spellings of their own; a phrase that another one overlaps still says how it ends; the language
model judges the rest. Every step looks only at the characters that the steps before it left open.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pbtool.conversion import merged
from pbtool.conversion.engine import normalised, places_of, stage
from pbtool.conversion.names import disjoint, is_settlement, own_forms, people, places, risky

#: A name is surer than a judgement, and less sure than a phrase.
_NAME, _OVERLAP = 0.98, 0.95


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in other forms, as long as before, the confidence of what is less than certain, by place, and surnames."""

    text: str
    doubts: dict[int, float] = field(default_factory=dict)
    surnames: frozenset[int] = frozenset()


def traditional(text: str, known: Collection[str] = ()) -> Reading:
    """The simplified text in traditional forms; `known` are names of people besides those found in the text."""
    text = normalised(text)
    after = stage("st").convert(text)
    patches: dict[int, str] = {}
    doubts: dict[int, float] = {}
    spots: list[int] = []
    phrased: list[int] = []
    likely: set[int] = set()
    own_form, senses = own_forms().get, merged.senses()
    for place, start, end in _unclear_places(text, after):
        own = own_form(text[place], after[place])
        if start == place and text[place] in risky() and is_settlement(text, place):
            patches[place], doubts[place] = own, _NAME
            continue
        if end - start > 1:
            if start == place and own != after[place] and text[place] in risky():
                phrased.append(place)
            continue
        if form := _overlapped(text, after, place):
            patches[place], doubts[place] = form, _OVERLAP
            continue
        if text[place] in senses:
            patches[place], doubts[place] = merged.judged(text, place)
            if own == patches[place] != after[place]:
                likely.add(place)
        if own != after[place] or own != patches.get(place, own):
            spots.append(place)
    named = people(text, spots, likely, phrased, known)
    for start, end, form in disjoint([*named, *places(text)]):
        patches.update(enumerate(form, start))
        doubts.update(dict.fromkeys(range(start, end), _NAME))
    return Reading(patched(after, patches), doubts, frozenset(start for start, _, _ in named))


def patched(text: str, patches: Mapping[int, str]) -> str:
    """The text with other characters at some places."""
    pieces: list[str] = []
    done = 0
    for place in sorted(patches):
        pieces += (text[done:place], patches[place])
        done = place + 1
    pieces.append(text[done:])
    return "".join(pieces)


@functools.cache
def _unclear() -> frozenset[str]:
    """Characters that may need more than the dictionaries."""
    return frozenset({*merged.senses(), *own_forms()})


def _unclear_places(text: str, after: str) -> Iterator[tuple[int, int, int]]:
    """Places of unclear characters, each with start and end of the phrase that covers it (or of itself).

    Most are covered for certain: a phrase of two begins there. Unless it may be a surname, nothing more is asked of them.
    """
    own, senses, surnames = own_forms(), merged.senses(), risky()
    phrases = stage("st").phrases
    asked = (
        place
        for place in places_of(_unclear(), text)
        if ((char := text[place]) in surnames or text[place : place + 2] not in phrases[char])
        and (char in senses or own[char] != after[place])
    )
    return stage("st").covering(text, asked)


def _overlapped(text: str, after: str, place: int) -> str:
    """What a phrase says that ends at `place` and whose beginning another phrase took: 种稻|谷, 稻谷.

    It has to agree with the other phrase about all that they share. Phrases that leave the character alone are mostly
    names and ignored.
    """
    st = stage("st")
    char = text[place]
    for start in range(place - 1, max(place - 4, -1), -1):
        form = st.phrases.said(text[start : place + 1])
        if form and form[:-1] == after[start:place] and form[-1] not in (char, after[place]):
            return form[-1]
    return ""


def decided(name: str, text: str, places_of: Sequence[int]) -> dict[int, str]:
    """Of `places_of` (ascending) those that a phrase of dictionary `name` covers, with what it makes of them."""
    dictionary = stage(name)
    found = {}
    for place, start, end in dictionary.covering(text, places_of):
        form = dictionary.value(text[start:end]) if end - start > 1 else None
        if form is not None and len(form) == end - start:
            found[place] = form[place - start]
    return found
