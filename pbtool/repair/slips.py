"""Bytes that are paired wrongly because one before them was lost: `。現公告` as `?，F公告`.

The one idea: in text of two bytes a character, a lead byte that a reader does not take turns into `?`, and the bytes behind it
pair up one place off, until a trail byte that is ASCII brings them back into step (`。”` may lose its first byte without a trace, and looks like
`！`). Such a run gives its bytes back; only the
first one is unknown, and the language model knows which characters can stand there. Only traditional text in GBK has
ASCII among its trail bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from math import exp

from pbtool.gazetteer import fold
from pbtool.language import model
from pbtool.repair.marks import HAN, around, common_han, everyday
from pbtool.repair.mojibake import Reading

_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_READING = rf"(?:[(（]?[a-zü]{{0,4}}[{_TONES}][a-z]{{0,4}}[)）])"  # injected, often with half of its brackets
_INJECTED = re.compile(_READING)
_RUN = re.compile(
    rf"[?？！](?:(?<=[?？]){_READING})?((?:[^\0-\x7f\n]|[,;:!?()](?=[^\0-\x7f])){{0,16}}?)([@-~])(?=[(（{HAN}，。、：；？！”》]|\Z)"
)
_WIDE = {code: chr(0xFEE0 + code) for code in map(ord, ",;:!?()")}  # what pages make half-width
_MARKS = frozenset("，。、；：？！“”‘’（）《》…—·　")
_TRADITIONAL = 3  # characters of traditional script alone that the line around must hold
_MOST = 2000  # runs of one text that are looked at
_KNOWN = 0.9  # chance from which the first character is put in
_MARK = 0.5  # and for a mark, of which few can stand there
_NEVER_SURE = 0.999
_GAIN = 3.0  # nats a character by which the reading must be likelier


def slipped(text: str) -> Iterator[Reading]:
    """Stretches of traditional text whose bytes are paired one place off, each with what it says."""
    if not any(mark in text for mark in "?？！"):
        return
    for match in islice(_RUN.finditer(text), _MOST):
        left, right = around(text, match.start(), match.end())
        if sum(char in _only_traditional() for char in left + right) >= _TRADITIONAL:
            found = _meant(match, _INJECTED.sub("", left)[-8:], _INJECTED.sub("", right)[:6])
            if found:
                yield Reading(match.start(), match.end(), *found)


def _meant(match: re.Match[str], left: str, right: str) -> tuple[str, float] | None:
    """What a run says, and the chance of its first character; None where it makes no sense."""
    lost = match.group()[0] != "！"
    read = match.group(1) if lost else match.group()[0] + match.group(1)
    try:
        known = read.translate(_WIDE).encode("gbk") + match.group(2).encode()
        rest = known[1:].decode("gbk")
    except UnicodeError:
        return None
    if not read or not all(char in common_han() or char in _MARKS for char in rest):
        return None
    first = [char for char in _with_trail(known[0]) if char in _MARKS or (lost and char in common_han())]
    if not first:
        return None
    before = fold(match.group())
    scores = model().alternatives(fold(left), [before, *(fold(char + rest) for char in first)], fold(right))
    top = max(range(1, len(scores)), key=scores.__getitem__)
    if scores[top] - scores[0] < _GAIN * (1 + len(rest)):
        return None
    chance = 1 / sum(exp(score - scores[top]) for score in scores[1:])
    known = chance >= (_MARK if first[top - 1] in _MARKS else _KNOWN)
    return (first[top - 1] if known or not lost else match.group()[0]) + rest, min(chance, _NEVER_SURE)


@lru_cache(maxsize=256)
def _with_trail(trail: int) -> tuple[str, ...]:
    """The characters of GBK whose second byte is this one."""
    cells = (bytes((lead, trail)).decode("gbk", "ignore") for lead in range(0x81, 0xFF))
    return tuple(char for char in cells if len(char) == 1)


@lru_cache(maxsize=1)
def _only_traditional() -> frozenset[str]:
    return everyday("big5") - everyday("gb2312")
