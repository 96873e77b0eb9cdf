"""Quotation marks: straight ones that pair, turned ones, and those whose partner is lost.

The one idea: quotation marks alternate. Where a line's marks can be read so that none opens before a comma and none closes
behind a colon, that reading holds; where one is over, the language model says where its partner may have stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pbtool.edits import Edit
from pbtool.language import model
from pbtool.repair.marks import HAN, chinese, is_han
from pbtool.repair.trust import curve, trust

RULE = "punctuation"
_LONGEST = 2000  # characters of a line that are looked at together
_STRAIGHT = re.compile('"')
_SINGLE = re.compile(rf"(?<![A-Za-z0-9'])'([{HAN}][^'\n]{{0,60}}[{HAN}。！？!?.])'(?![A-Za-z0-9'])")
_CODE = re.compile(r"[{}\\<>=_|`]|[A-Za-z0-9_]\([\"'A-Za-z]|[\"'],? ?[\"']")
_CURLY = re.compile("[“”]")
_NEVER_BEHIND_OPENING = frozenset("，。、；：”！？,.;:!?)）")
_NEVER_BEFORE_CLOSING = frozenset("“：，,:（(")
_ENDS = frozenset("。！？，；!?,;.")
_MIXED = re.compile("“[^“”〝〞\n]{1,80}(〞)|(〝)[^“”〝〞\n]{1,80}”")
_REACH = 24  # characters from a mark to where its lost partner is looked for
_LOST_AT_ONCE = 40  # lost marks of one text that a partner is looked for


def quotes(text: str) -> Iterator[Edit]:
    """Edits for quotation marks; what only probably stood there is suggested."""
    if '"' in text:
        yield from _straight(text)
    if "'" in text:
        yield from _single(text)
    if "〝" in text or "〞" in text:
        yield from (
            _turned(m.start(m.lastindex or 0), m.group(m.lastindex or 0), "”" if m.group(1) else "“")
            for m in _MIXED.finditer(text)
        )
    if "“" in text or "”" in text:
        yield from _curly(text)


def _lines(text: str, mark: str) -> Iterator[tuple[int, str]]:
    """The lines (or pieces of very long ones) that hold a mark, each with its place."""
    place = text.find(mark)
    while place >= 0:
        start = max(text.rfind("\n", 0, place) + 1, place - _LONGEST)
        end = text.find("\n", place, place + _LONGEST)
        end = min(len(text), place + _LONGEST) if end < 0 else end
        yield start, text[start:end]
        place = text.find(mark, end)


def _straight(text: str) -> Iterator[Edit]:
    for start, line in _lines(text, '"'):
        if not chinese(line) or _CODE.search(line):
            continue
        places = [match.start() for match in _STRAIGHT.finditer(line)]
        pairs = list(zip(places[::2], places[1::2], strict=False))
        if len(places) % 2 or not all(_possible(line, *pair) for pair in pairs):
            continue
        for pair in pairs:
            if is_han(line[pair[0] + 1]):
                for place, mark in zip(pair, "“”", strict=True):
                    at = start + place
                    yield Edit(at, at + 1, '"', mark, RULE, "likely", trust("punctuation: straight quotes"))


def _possible(line: str, opening: int, closing: int) -> bool:
    """Whether marks at these places can open and close a quotation."""
    behind = line[opening + 1 : opening + 2]
    return behind not in _NEVER_BEHIND_OPENING and line[closing - 1] not in _NEVER_BEFORE_CLOSING


def _single(text: str) -> Iterator[Edit]:
    for match in _SINGLE.finditer(text):
        line = text[max(0, match.start() - 30) : match.end() + 30]
        if not chinese(line) or _CODE.search(line):
            continue
        for at, mark in ((match.start(), "‘"), (match.end() - 1, "’")):
            yield Edit(at, at + 1, "'", mark, RULE, "likely", trust("punctuation: single quotes"))


def _curly(text: str) -> Iterator[Edit]:
    """Turned marks, and suggestions for marks whose partner is nowhere near."""
    marks = [(match.start(), match.group()) for match in _CURLY.finditer(text)]
    open_at, alone = -1, []
    for number, (place, mark) in enumerate(marks):
        near = open_at >= 0 and place - open_at < _LONGEST
        following = marks[number + 1] if number + 1 < len(marks) else (len(text), "")
        if mark == "“":
            if near and _closes(text, place) and following[1] != "”":
                yield _turned(place, "“", "”")
                open_at = -1
                continue
            if open_at >= 0 and not _begins(text, place):
                alone.append((open_at, "”", place))
            open_at = place
        elif not near and _opens(text, place) and following[1] == "”":
            yield _turned(place, "”", "“")
            open_at = place
        else:
            if not near:
                alone.append((place, "“", marks[number - 1][0] if number else -1))
            open_at = -1
    if open_at >= 0:
        alone.append((open_at, "”", len(text)))
    for place, mark, other in alone[:_LOST_AT_ONCE]:
        yield from _partner(text, place, mark, other)


def _begins(text: str, place: int) -> bool:
    """Whether a mark opens a paragraph, as each paragraph of a long quotation begins."""
    begins = text.rfind("\n", max(0, place - 9), place) + 1
    return (begins > 0 or place < 9) and not text[begins:place].strip(" \u3000")


def _turned(place: int, before: str, after: str) -> Edit:
    return Edit(place, place + 1, before, after, RULE, "likely", trust("punctuation: turned quotes"))


def _closes(text: str, place: int) -> bool:
    """Whether an opening mark stands where only a closing one can: behind the end of a sentence, before more of it."""
    return text[place - 1] in "。！？" and (
        is_han(text[place + 1 : place + 2]) or text[place + 1 : place + 2] in "，。\n"
    )


def _opens(text: str, place: int) -> bool:
    """Whether a closing mark stands where only an opening one can: behind a colon."""
    return text[place - 1 : place] in ("：", ":") and is_han(text[place + 1 : place + 2])


def _partner(text: str, place: int, mark: str, other: int) -> Iterator[Edit]:
    """A suggestion for the partner of the mark at `place`, within its clause and not beyond `other`."""
    from math import exp

    spots = _ahead(text, place, other) if mark == "”" else _back(text, place, other)
    if not spots:
        return
    low, high = min(*spots, place), max(*spots, place) + 1
    left, right = text[max(0, low - 12) : low], text[high : high + 12]
    scores = [
        model().score(left + text[low:spot] + mark + text[spot:high] + right, len(left)) for spot in spots
    ]
    top = max(range(len(scores)), key=scores.__getitem__)
    chance = 1 / sum(exp(score - scores[top]) for score in scores)
    spot = spots[top]
    yield Edit(spot, spot, "", mark, RULE, "suggested", curve("punctuation: lost quotes", chance))


def _ahead(text: str, place: int, other: int) -> list[int]:
    """Where a closing mark can stand behind an opening one: up to the end of the clause."""
    spots = []
    for spot in range(place + 3, min(len(text), place + _REACH, other) + 1):
        if text[spot - 1] == "\n":
            break
        spots.append(spot)
        if text[spot - 1] in "。！？；":
            break
    return spots


def _back(text: str, place: int, other: int) -> list[int]:
    """Where an opening mark can stand before a closing one: back to the beginning of the clause."""
    spots = []
    for spot in range(place - 2, max(0, place - _REACH, other + 1) - 1, -1):
        spots.append(spot)
        if spot and text[spot - 1] in "\n。；，：":
            break
    return spots
