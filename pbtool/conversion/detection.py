"""Which script a text is in, line by line and clause by clause, and which characters do not belong.

The one idea: only characters that one script alone uses are evidence. A character is traditional only where OpenCC
simplifies it and the mainland's basic set (GB 2312) lacks it, simplified only where OpenCC has another form for it and
the basic traditional set (Big5) lacks it. Everything between (后, 干, 里, 台) says nothing by itself: it is what
half-converted pages are made of.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal

from pbtool.conversion.engine import choices

Script = Literal["hans", "hant", "mixed", "undecided"]

#: One script has to outnumber the other so many times, or the text is mixed.
_CLEARLY = 4

#: Forms that the mainland's list of 2013 admits again, mostly for names; they are no sign of traditional text.
_READMITTED = "仝昇陞甯喆堃淼犇邨甦龢迺祇鉅逕颺勣菉耑筦絜谿脩蒐衹釐鍊鎔鍾剋噘瞋皙"

_CLAUSE = re.compile(r"[^，。；：！？、,;:!?…《》〈〉「」『』“”‘’（）()\[\]【】\n]+")


@functools.cache
def traditional_only() -> frozenset[str]:
    """Characters that only traditional text uses."""
    keys = choices("TSCharacters.txt")
    basic = _basic("gb2312", 0xA1, 0xF7)
    return frozenset(key for key, forms in keys.items() if forms[0] != key) - basic - frozenset(_READMITTED)


@functools.cache
def simplified_only() -> frozenset[str]:
    """Characters that only simplified text uses."""
    keys = choices("STCharacters.txt")
    return frozenset(key for key, forms in keys.items() if key not in forms) - _basic("big5", 0xA1, 0xF9)


@functools.cache
def strays() -> dict[int, str]:
    """Forms that OpenCC leads to and does not lead back from (揹), with the simplified character they came from."""
    back = choices("TSCharacters.txt")
    keys = choices("STCharacters.txt")
    local = set(choices("TWVariantsRev.txt")) | set(choices("HKVariantsRev.txt"))
    basic = _basic("gb2312", 0xA1, 0xF7)
    return {
        ord(form): key
        for key, forms in keys.items()
        for form in forms[1:]
        if key in basic and not any(form in known for known in (back, keys, local, basic))
    }


@functools.cache
def _basic(codec: str, first: int, last: int) -> frozenset[str]:
    """All characters of a two-byte set."""
    trails = (
        bytes(range(0xA1, 0xFF)) if codec == "gb2312" else bytes((*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    )
    pairs = b"".join(bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return frozenset(pairs.decode(codec, "ignore"))


def evidence(text: str) -> tuple[int, int]:
    """How many characters of `text` are traditional only, and how many simplified only."""
    if text.isascii():
        return 0, 0
    return (
        sum(map(traditional_only().__contains__, text)),
        sum(map(simplified_only().__contains__, text)),
    )


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
    return verdict(*evidence(text))


def line_scripts(text: str) -> list[tuple[int, int, Script]]:
    """Start, end (without the line end) and script of every line that is not blank."""
    result: list[tuple[int, int, Script]] = []
    place = 0
    for line in text.split("\n"):
        if line.strip():
            result.append((place, place + len(line), detect_script(line)))
        place += len(line) + 1
    return result


def clause_scripts(text: str, document: Script | None = None) -> Iterator[tuple[int, int, Script]]:
    """Start, end and script of every clause.

    A clause is judged by its own evidence where it has enough: any simplified character, or two traditional ones (one
    alone in simplified text is mostly a name: 任京暘). One with less is judged with its line, and a line without
    evidence with the document (`document`, else the text).
    """
    whole = document or detect_script(text)
    for start, end, line in line_scripts(text):
        context = whole if line == "undecided" else line
        if context != "mixed" and line != "undecided" and _agrees(text[start:end], context):
            yield start, end, context
            continue
        for match in _CLAUSE.finditer(text, start, end):
            traditional, simplified = evidence(match.group())
            if context == "hans" and traditional < 2:
                yield match.start(), match.end(), "hans"
            elif traditional + 2 * simplified >= 2:
                yield match.start(), match.end(), verdict(traditional, simplified)
            else:
                yield match.start(), match.end(), context


def _agrees(line: str, script: Script) -> bool:
    """Whether nothing in the line speaks against its script."""
    traditional, simplified = evidence(line)
    return not (traditional if script == "hans" else simplified)


def foreign_characters(text: str) -> list[tuple[int, str, Script]]:
    """Place, character and script of every character that does not belong to the script of its line and document.

    A line without a clear script of its own counts as part of the document. In mixed text nothing can be said.
    """
    whole = detect_script(text)
    result: list[tuple[int, str, Script]] = []
    for start, end, line in line_scripts(text):
        script = line if line in ("hans", "hant") else whole
        if script not in ("hans", "hant"):
            continue
        other: Script = "hant" if script == "hans" else "hans"
        alien = traditional_only() if script == "hans" else simplified_only()
        result += [(place, char, other) for place, char in enumerate(text[start:end], start) if char in alien]
    return result
