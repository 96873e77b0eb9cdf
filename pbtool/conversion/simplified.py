"""Text into simplified script: clauses that are traditional are converted, and what is left of them elsewhere.

The one idea: whatever variety a traditional text is in, one compiled dictionary leads back. It is laid over the whole text,
and taken only where a clause is traditional. In a simplified page a single traditional character is mostly a name; it is
converted only where the language model finds its simplified form so much likelier that no clean text would say so.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from itertools import compress
from operator import ne

from pbtool import language
from pbtool.conversion.detection import Script, clause_scripts, marked, traditional_only
from pbtool.conversion.draft import Draft
from pbtool.conversion.engine import converter, normalised, places_of, stage
from pbtool.conversion.forms import patched
from pbtool.conversion.names import people

#: Traditional characters that given names keep in simplified script (萧乾, 王於昌).
_KEPT_IN_NAMES = frozenset("乾於")

#: Log-odds from which a remain of traditional script is converted: of a character that is traditional only, the same in
#: a text that holds several, and of one that simplified script has too (著, 乾). In four million characters of clean
#: newspaper prose 11.4 and 3.9 are the highest.
_ALONE, _AMONG, _SHARED = 12.0, 9.0, 6.0
_SEVERAL = 3

#: Log-odds from which such a remain is worth a look.
_LOOK, _LOOK_SHARED = 8.0, 5.0

_LEFT, _RIGHT = 12, 8


def to_simplified(text: str, script: str, page: Script | None = None) -> Draft:
    """The draft of `text` in simplified script; `script` is what it is in, "auto" where every clause is to be judged.

    `page` is the script of the page around it, for clauses that say nothing by themselves.
    """
    if script == "hans":
        return Draft(text, text)
    if script == "twp":
        return Draft(text, *converter("tw2sp").trace(text))
    marks = marked(text) if script == "auto" else ""
    if script == "auto" and "t" not in marks and not places_of(_shared(), text):
        return Draft(text, text)
    after = _with_names(text, stage("back").convert(normalised(text)))
    if script != "auto":
        return Draft(text, after)
    result, doubts = _chosen(text, after, marks, page)
    return Draft(text, result, doubts=doubts)


@functools.cache
def _shared() -> frozenset[str]:
    """Characters that both scripts use and that traditional text mostly means otherwise (著, 乾, 後)."""
    characters = stage("back").characters
    changed = {chr(code) for code, new in characters.items() if chr(code) != new}
    return frozenset(changed - traditional_only())


def remains(text: str) -> list[tuple[int, str, float]]:
    """Traditional characters in simplified clauses that are worth a look: place, simplified form, log-odds of it."""
    marks = marked(text)
    if "t" not in marks and not places_of(_shared(), text):
        return []
    after = stage("back").convert(normalised(text))
    spans = [(start, end) for start, end, kind in clause_scripts(text, None, marks) if kind == "hans"]
    return [
        (place, form, odds)
        for place, form, odds in _judged(text, after, spans)
        if odds >= (_LOOK if marks[place] == "t" else _LOOK_SHARED)
    ]


def _chosen(text: str, after: str, marks: str, page: Script | None) -> tuple[str, dict[int, float]]:
    """The text with the traditional clauses out of `after`, and of mixed ones what is traditional beyond doubt."""
    pieces: list[str] = []
    simplified: list[tuple[int, int]] = []
    done = 0
    for start, end, kind in clause_scripts(text, page, marks):
        if kind == "hant":
            pieces += (text[done:start], after[start:end])
        elif kind == "mixed":
            mixed = zip(text[start:end], after[start:end], marks[start:end], strict=True)
            pieces += (text[done:start], *(new if mark == "t" else old for old, new, mark in mixed))
        else:
            if kind == "hans":
                simplified.append((start, end))
            continue
        done = end
    pieces.append(text[done:])
    left = _left_over(text, after, simplified, marks)
    return patched("".join(pieces), left), dict.fromkeys(left, 0.95)


def _left_over(text: str, after: str, spans: list[tuple[int, int]], marks: str) -> dict[int, str]:
    """The remains of traditional script in simplified clauses that are to be converted, by place."""
    found = list(_judged(text, after, spans))
    strong = sum(odds >= _ALONE for place, _, odds in found if marks[place] == "t")
    only = _AMONG if strong >= _SEVERAL else _ALONE
    return {place: form for place, form, odds in found if odds >= (only if marks[place] == "t" else _SHARED)}


def _judged(text: str, after: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, str, float]]:
    """For every character in the spans that has another simplified form: place, that form, and its log-odds."""
    judge = language.model()
    for low, high in spans:
        if text[low:high] == after[low:high]:
            continue
        for place in compress(range(low, high), map(ne, text[low:high], after[low:high])):
            left, right = after[max(0, place - _LEFT) : place], after[place + 1 : place + 1 + _RIGHT]
            old, new = judge.alternatives(left, [text[place], after[place]], right)
            yield place, after[place], new - old


def _with_names(text: str, after: str) -> str:
    """`after` with the characters that given names keep."""
    spots = {place for char in _KEPT_IN_NAMES for place in _places_of(char, text) if after[place] != char}
    named = people(after, sorted(spots)) if spots else ()
    inside = {place for start, end, _ in named for place in range(start + 1, end)}
    return patched(after, {place: text[place] for place in spots & inside})


def _places_of(char: str, text: str) -> Iterator[int]:
    place = text.find(char)
    while place >= 0:
        yield place
        place = text.find(char, place + 1)
