"""Which script a text is in, line by line and clause by clause, and which characters do not belong.

The one idea: only characters that one script alone uses are evidence. A character is traditional only where OpenCC
simplifies it and the mainland's basic set (GB 2312) lacks it, simplified only where OpenCC has another form for it and
the basic traditional set (Big5) lacks it. Everything between (后, 干, 里, 台) says nothing by itself: it is what
half-converted pages are made of. A text is translated once into marks, one a character, and marks are counted.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Literal

from pbtool.conversion.engine import vector
from pbtool.tables import pattern

Script = Literal["hans", "hant", "mixed", "undecided"]

#: One script has to outnumber the other so many times, or the text is mixed.
_CLEARLY = 4

#: What stands in the marks for a character that one script alone uses; any other character is a blank.
_TRADITIONAL, _SIMPLIFIED, _NEITHER = "t", "s", " "

#: From this length on, a text pays for a table of all characters.
_LONG = 10_000

_CLAUSE = pattern(r"[^，。；：！？、,;:!?…《》〈〉「」『』“”‘’（）()\[\]【】\n]+")


@functools.cache
def traditional_only() -> frozenset[str]:
    """Characters that only traditional text uses."""
    return frozenset(vector("traditional"))


@functools.cache
def simplified_only() -> frozenset[str]:
    """Characters that only simplified text uses."""
    return frozenset(vector("simplified"))


@functools.cache
def _marking() -> list[str]:
    """The mark of every character up to the end of the CJK planes, by code point."""
    marks = [_NEITHER] * 0x32000
    for script, mark in ((traditional_only(), _TRADITIONAL), (simplified_only(), _SIMPLIFIED)):
        for char in script:
            marks[ord(char)] = mark
    return marks


def marked(text: str) -> str:
    """One mark for each character of `text`: t where it is traditional only, s where it is simplified only."""
    if len(text) < _LONG:
        traditional, simplified = traditional_only(), simplified_only()
        return "".join(
            _TRADITIONAL if char in traditional else _SIMPLIFIED if char in simplified else _NEITHER
            for char in text
        )
    return text.translate(_marking())


def _counted(marks: str, start: int = 0, end: int | None = None) -> tuple[int, int]:
    return marks.count(_TRADITIONAL, start, end), marks.count(_SIMPLIFIED, start, end)


def script_of(marks: str, start: int = 0, end: int | None = None) -> Script:
    """The script that marks (see `marked`) speak for."""
    return verdict(*_counted(marks, start, end))


def verdict(traditional: int, simplified: int) -> Script:
    """The script for such evidence: one of the two where it clearly outnumbers the other."""
    if not traditional and not simplified:
        return "undecided"
    if traditional >= _CLEARLY * simplified:
        return "hant"
    if simplified >= _CLEARLY * traditional:
        return "hans"
    return "mixed"


def detect_script(text: str) -> Script:
    """The script of a text: "hans", "hant", "mixed" (both, neither clearly more), or "undecided" (no evidence)."""
    return script_of(marked(text))


def line_scripts(text: str) -> list[tuple[int, int, Script]]:
    """Start, end (without the line end) and script of every line that is not blank."""
    marks = marked(text)
    return [(start, end, script_of(marks, start, end)) for start, end in _lines(text)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every line that is not blank."""
    place = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            yield place, place + len(line)
        place += len(line) + 1


def clause_scripts(
    text: str, document: Script | None = None, marks: str | None = None
) -> Iterator[tuple[int, int, Script]]:
    """Start, end and script of every clause, or of a whole line where all its clauses agree.

    A clause is judged by its own evidence where it has enough: any simplified character, or two traditional ones (one
    alone in simplified text is mostly a name: 任京暘). One with less is judged with its line, and a line without
    evidence with the document (`document`, else the text). `marks` are those of the text where they are known.
    """
    marks = marked(text) if marks is None else marks
    whole = document or script_of(marks)
    for start, end in _lines(text):
        traditional, simplified = _counted(marks, start, end)
        line = verdict(traditional, simplified)
        context = whole if line == "undecided" else line
        if line in ("hans", "hant") and not (traditional if line == "hans" else simplified):
            yield start, end, line
            continue
        for match in _CLAUSE.finditer(text, start, end):
            low, high = match.span()
            traditional, simplified = _counted(marks, low, high)
            if context == "hans" and traditional < 2:
                yield low, high, "hans"
            elif traditional + 2 * simplified >= 2:
                yield low, high, verdict(traditional, simplified)
            else:
                yield low, high, context


def foreign_characters(text: str) -> list[tuple[int, str, Script]]:
    """Place, character and script of every character that does not belong to the script of its line and document.

    A line without a clear script of its own counts as part of the document. In mixed text nothing can be said.
    """
    marks = marked(text)
    whole = script_of(marks)
    result: list[tuple[int, str, Script]] = []
    for start, end in _lines(text):
        line = script_of(marks, start, end)
        script = line if line in ("hans", "hant") else whole
        if script not in ("hans", "hant"):
            continue
        other: Script = "hant" if script == "hans" else "hans"
        alien = _TRADITIONAL if script == "hans" else _SIMPLIFIED
        result += [(at, text[at], other) for at in range(start, end) if marks[at] == alien]
    return result
