"""What the form of a line says of the signs in it, whatever the words around them are.

The one idea: some lines are made by the layout, not by a sentence: a paragraph is indented by two blanks, a page number stands
between two dots or dashes, and a byline is names set apart by blanks. There the form decides, in a text without any other
shifted sign as well, as headings and feet are often set in a font of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pbtool.repair.marks import HAN
from pbtool.repair.signs import BLANK, BULLETS, DASH, signs
from pbtool.tables import pattern

_SHOWN = 0.9  # a blank as likely as this shows that the other one of an indent is one too
_FORMED = 0.999  # how sure the form of a line is
_LONGEST = 40  # characters of a byline
_PIECE = pattern(f"[{HAN}]{{1,4}}")
_NAME = 0.0  # log-odds from which a name is believed where all of a line is names


def formed(text: str, chances: Mapping[int, float]) -> dict[int, float]:
    """The chances of the signs that the form of their line shows."""
    found = (*_indents(text, chances), *_numbers(text), *_bylines(text))
    return {place: max(_FORMED, chances.get(place, 0.0)) for place in found}


def _indents(text: str, chances: Mapping[int, float]) -> Iterator[int]:
    """Two blanks at the beginning of a line, one of which is known: the other is one as well."""
    if not chances:
        return
    for match in re.finditer(f"[{BLANK}\u3000]{BLANK}(?![\\s{BLANK}])(?<![^\\n\\f]..)", text):
        places = [place for place in range(match.start(), match.end()) if text[place] == BLANK]
        if len(places) == 1 or any(chances.get(place, 0.0) > _SHOWN for place in places):
            yield from places


def _numbers(text: str) -> Iterator[int]:
    """A page number between two dots or two dashes, alone on its line."""
    for match in _numbered().finditer(text):
        yield from (place for place in range(*match.span(1)) if text[place] in signs())


@lru_cache(maxsize=1)
def _numbered() -> re.Pattern[str]:
    dot = next(char for char, sign in signs().items() if sign.char == "·")
    digits = "".join(char for char, sign in signs().items() if sign.folded == "0")
    blanks = "[ \u3000]*"
    return re.compile(
        f"(([{dot}{DASH}])(?<![^\\n\\f \u3000].) ?[0-9０-９{digits}]{{1,4}} ?\\2){blanks}(?=[\\n\\f]|\\Z)"
    )


def _bylines(text: str) -> Iterator[int]:
    """Names set apart by blanks, and nothing else on the line."""
    end = 0
    while (place := text.find(BLANK, end)) >= 0:
        start, end = text.rfind("\n", 0, place) + 1, text.find("\n", place)
        end = end if end >= 0 else len(text)
        line = text[start:end]
        if len(line) <= _LONGEST and _is_byline(line.strip(BULLETS + " \u3000")):
            yield from (start + at for at, char in enumerate(line) if char == BLANK)


@lru_cache(maxsize=1 << 10)
def _is_byline(line: str) -> bool:
    from pbtool.extraction import names

    pieces = line.replace(BLANK, " ").split(" ")
    if len(pieces) < 2 or not all(map(_PIECE.fullmatch, pieces)):
        return False
    spaced = " ".join(pieces)
    at, ends = 0, {(name.start, name.end) for name in names.candidates(spaced, _NAME)}
    while at < len(spaced):
        at = max((end for start, end in ends if start == at), default=-1) + 1
        if not at:
            return False
    return True
