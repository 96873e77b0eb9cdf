"""Bytes that are paired wrongly because one before them was lost: `。現公告` as `?，F公告`.

The one idea: in text of two bytes a character, a lead byte that a reader does not take turns into `?`, and the bytes behind it
pair up one place off, until a trail byte that is ASCII brings them back into step (`。”` may lose its first byte without a trace, and looks like
`！`). Such a run gives its bytes back; only the
first one is unknown, and the language model knows which characters can stand there. Only traditional text in GBK has
ASCII among its trail bytes; in any text a second lost byte brings them back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from math import exp

from pbtool.gazetteer import fold
from pbtool.language import model
from pbtool.repair.marks import HAN, PINYIN, around, common_han, everyday
from pbtool.repair.mojibake import Reading
from pbtool.tables import pattern

_READING = rf"(?:[(（]?{PINYIN}[)）])"  # injected, often with half of its brackets
_INJECTED = pattern(_READING)
_RUN = pattern(
    rf"[?？！](?:(?<=[?？]){_READING})?((?:[^\0-\x7f\n]|[,;:!?()](?=[^\0-\x7f])|[a-zA-Z](?=[@-~])){{0,16}}?)([@-~?€])"
    rf"(?=[(（{HAN}，。、：；？！”》,;:]|\Z)"
)
_ENDS = {"?": b"", "€": b"\x80"}  # a lost byte, and one that Windows reads alone
_WIDE = {code: chr(0xFEE0 + code) for code in range(0x21, 0x7F)}  # what pages make half-width
_MARKS = frozenset("，。、；：？！“”‘’（）《》…—·　")
_TRADITIONAL = 3  # characters of traditional script alone that the line around must hold
_MOST = 2000  # runs of one text that are looked at
_SHORTEST = 3  # characters of a run between two lost bytes
_KNOWN = 0.9  # chance from which the first character is put in
_MARK = 0.5  # and for a mark, of which few can stand there
_NEVER_SURE = 0.999
_GAIN = 3.0  # nats a character by which the reading must be likelier


def slipped(text: str) -> Iterator[Reading]:
    """Stretches whose bytes are paired one place off, each with what it says."""
    if not any(mark in text for mark in "?？！"):
        return
    for match in islice(_RUN.finditer(text), _MOST):
        left, right = around(text, match.start(), match.end())
        lost = match.group(2) == "?"
        if lost and len(match.group(1)) < _SHORTEST:
            continue
        if lost or sum(char in _only_traditional() for char in left + right) >= _TRADITIONAL:
            found = _meant(match, _INJECTED.sub("", left)[-8:], _INJECTED.sub("", right)[:6])
            if found:
                yield Reading(match.start(), match.end(), *found)


def _meant(match: re.Match[str], left: str, right: str) -> tuple[str, float] | None:
    """What a run says, and the chance of its first character; None where it makes no sense."""
    lost = match.group()[0] != "！"
    read = match.group(1) if lost else match.group()[0] + match.group(1)
    try:
        known = read.translate(_WIDE).encode("gbk") + _ENDS.get(match.group(2), match.group(2).encode())
        rest = known[1 : 1 + (len(known) - 1) // 2 * 2].decode("gbk")
    except UnicodeError:
        return None
    if not read or not all(char in common_han() or char in _MARKS for char in rest):
        return None
    first = [char for char in _with_trail(known[0]) if char in _MARKS or (lost and char in common_han())]
    # Where the run ends with a lost byte its last character has lost the second half.
    last = [""] if len(known) % 2 else [char for char in _with_lead(known[-1]) if char in common_han()]
    if not first or not last:
        return None
    if last != [""]:
        ends, chance = _likeliest(rest, last, right)
        if chance < _KNOWN:
            return None
        rest += ends
    before = fold(match.group())
    scores = model().alternatives(fold(left), [before, *(fold(char + rest) for char in first)], fold(right))
    top = max(range(1, len(scores)), key=scores.__getitem__)
    if scores[top] - scores[0] < _GAIN * (1 + len(rest)):
        return None
    chance = 1 / sum(exp(score - scores[top]) for score in scores[1:])
    known_first = chance >= (_MARK if first[top - 1] in _MARKS else _KNOWN)
    begins = first[top - 1] if known_first or not lost else match.group()[0]
    return begins + rest, min(chance, _NEVER_SURE)


def _likeliest(left: str, chars: Sequence[str], right: str) -> tuple[str, float]:
    """The character that fits best between, and its chance among all of them."""
    scores = model().alternatives(fold(left), [fold(char) for char in chars], fold(right))
    top = max(range(len(scores)), key=scores.__getitem__)
    return chars[top], 1 / sum(exp(score - scores[top]) for score in scores)


@lru_cache(maxsize=256)
def _with_trail(trail: int) -> tuple[str, ...]:
    """The characters of GBK whose second byte is this one."""
    cells = (bytes((lead, trail)).decode("gbk", "ignore") for lead in range(0x81, 0xFF))
    return tuple(char for char in cells if len(char) == 1)


@lru_cache(maxsize=256)
def _with_lead(lead: int) -> tuple[str, ...]:
    """The characters of GBK whose first byte is this one."""
    cells = (bytes((lead, trail)).decode("gbk", "ignore") for trail in range(0x40, 0xFF))
    return tuple(char for char in cells if len(char) == 1)


@lru_cache(maxsize=1)
def _only_traditional() -> frozenset[str]:
    return everyday("big5") - everyday("gb2312")
