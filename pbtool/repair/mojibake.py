"""What a piece of text says when the bytes behind it are read with another codec; bytes that were lost are holes.

The one idea: a wrong codec turns bytes into characters one way only, so the characters give the bytes back. Where the reader
threw a byte away it left U+FFFD (or `?`); the bytes beside the hole leave few characters, and the language model knows which.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, product

from pbtool.language import model
from pbtool.repair.marks import common_han
from pbtool.tables import pattern

HOLE = "\ufffd"
LATIN = "latin"  # Latin-1 and Windows-1252 at once: where one has a control, the other has a sign
_LOST = b"\xff"  # no codec here uses this byte
_BETWEEN = b"\n"  # stands for a character that the codec does not know
_KNOWN = 0.98  # chance from which a character is put into a hole
_MOST_HOLES = 3  # of so many characters at most one may be a hole
_TOGETHER, _MOST_CHOICES = 2, 2000  # holes in a row that are filled at once, and ways of doing so
_FILLED = 300  # holes of one piece that are filled
_ONE = rb"[\xe2-\xef][\x80-\xbf]{2}"
_HOLED = (
    rb"[\xe2-\xef][\x80-\xbf][\xff?](?:(?<=\xff)[\x80-\xbf]{2}(?![\x80-\xbf]))?|[\xe2-\xef][\xff?][\x80-\xbf]"
    rb"|[\xe2-\xef]\xff(?:\xff(?![\x80-\xbf]))?|\xff[\x80-\xbf]{1,2}"
)
_TOKEN = pattern(rb"(?P<one>" + _ONE + rb")|(?P<holed>" + _HOLED + rb")|[\xc2\xc3][\x80-\xbf]|[\x00-\x7f]")
_UTF8 = pattern(
    rb"(?:" + _ONE + rb"|" + _HOLED + rb")"
    rb"(?:(?:[\x20-\x7e]|[\xc2\xc3][\x80-\xbf]){0,20}(?:" + _ONE + rb"|" + _HOLED + rb")){1,1500}"
)
_TWICE = pattern(rb"[\xc2\xc3][\x80-\xbf](?:[\x20-\x7e]{0,20}[\xc2\xc3][\x80-\xbf]){5,3000}")
_GB2312 = rb"[\xa1-\xa9\xb0-\xf7][\xa1-\xfe]"
_GBK = rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]"
_BIG5 = rb"[\xa1-\xf9][\x40-\x7e\xa1-\xfe]"
_DOUBLE = {
    codec: re.compile(pair + rb"(?:[\x20-\x7e]{0,20}?" + pair + rb"){1,1500}")
    for codec, pair in (("gb2312", _GB2312), ("gb18030", _GBK), ("big5", _BIG5))
}
_PAIRED = {
    right: re.compile(
        rb"(?P<one>" + pair + rb")|(?P<holed>\xff[\x40-\x7e\x80-\xfe]|[\x81-\xfe]\xff|\xff)|[\x00-\x7f]"
    )
    for right, pair in (("gb18030", _GBK), ("big5", _BIG5))
}
_WHOLE = {
    right: re.compile(rb"(?:" + pair + rb"|[\x00-\x7f])*")
    for right, pair in (("gb18030", _GBK), ("big5", _BIG5))
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What [start, end) of a piece says; `chance` is below 1 where a lost byte had to be guessed."""

    start: int
    end: int
    text: str
    chance: float = 1.0


def utf8_read_as(wrong: str, piece: str) -> Iterator[Reading]:
    """Stretches of `piece` that are UTF-8 read with the codec `wrong`."""
    for match in _UTF8.finditer(_bytes(piece, wrong)):
        yield from _reading(_offsets(piece, wrong), match, "utf-8", wrong)


def latin_read_twice(wrong: str, piece: str) -> Iterator[Reading]:
    """Stretches that are UTF-8, read as Latin letters, saved as UTF-8 and read with the codec `wrong`."""
    raw = _bytes(piece, wrong)
    for match in _TWICE.finditer(raw):
        offsets = _offsets(piece, wrong)
        span = _aligned(offsets, match.start(), match.end())
        if span:
            low, high = offsets[span[0]], offsets[span[1]]
            yield Reading(*span, raw[low:high].decode("utf-8", "replace"))


def double_byte_read_as_latin(right: str, piece: str) -> Iterator[Reading]:
    """Stretches of Latin letters and signs that are text of the double-byte codec `right`."""
    for match in _DOUBLE[right].finditer(_bytes(piece, LATIN)):
        yield from _reading(_offsets(piece, LATIN), match, right, LATIN)


def swapped(wrong: str, right: str, piece: str) -> Iterator[Reading]:
    """The whole piece as text of `right` that was read as `wrong`, both double-byte codecs."""
    raw = _bytes(piece, wrong)
    if _LOST not in raw:
        if not _WHOLE[right].fullmatch(raw):
            return
        with suppress(UnicodeDecodeError):
            yield Reading(0, len(piece), raw.decode(right))
            return
    tokens = list(_PAIRED[right].finditer(raw))
    if sum(len(token.group()) for token in tokens) == len(raw):
        text, chance = _filled(tokens, right, wrong)
        if text.count(HOLE) * _MOST_HOLES <= len(text):
            yield Reading(0, len(piece), text, chance)


@lru_cache(maxsize=1 << 14)
def exchanged(wrong: str, right: str, char: str) -> str:
    """The character that two bytes of `right` mean when `wrong` made `char` of them; empty where there is none."""
    two = _byte(char, wrong)
    return two.decode(right, "ignore") if len(two) == 2 else ""


@lru_cache(maxsize=8)
def _bytes(piece: str, codec: str) -> bytes:
    """The bytes behind a piece."""
    if codec != LATIN and HOLE not in piece and "€" not in piece:
        try:
            return piece.encode(codec)
        except UnicodeEncodeError:
            pass
    return b"".join(_byte(char, codec) for char in piece)


@lru_cache(maxsize=8)
def _offsets(piece: str, codec: str) -> tuple[int, ...]:
    """Where each character of a piece (and its end) lies in the bytes behind it."""
    return tuple(accumulate((len(_byte(char, codec)) for char in piece), initial=0))


@lru_cache(maxsize=1 << 15)
def _byte(char: str, codec: str) -> bytes:
    if char == HOLE:
        return _LOST
    if codec == "gb18030" and char == "€":
        return b"\x80"  # Windows reads a lone 80 as the euro sign
    for one in ("latin-1", "cp1252") if codec == LATIN else (codec,):
        try:
            return char.encode(one)
        except UnicodeEncodeError:
            continue
    return _BETWEEN


def _aligned(offsets: Sequence[int], low: int, high: int) -> tuple[int, int] | None:
    """The characters whose bytes are exactly [low, high)."""
    start, end = bisect_left(offsets, low), bisect_left(offsets, high)
    return (start, end) if offsets[start] == low and offsets[end] == high else None


def _reading(offsets: Sequence[int], match: re.Match[bytes], right: str, wrong: str) -> Iterator[Reading]:
    span = _aligned(offsets, match.start(), match.end())
    if span is None:
        return
    if right == "utf-8":
        text, chance = _filled(list(_TOKEN.finditer(match.group())), right, wrong)
    else:
        text, chance = match.group().decode("gb18030" if right == "gb2312" else right, "replace"), 1.0
    if text.count(HOLE) * _MOST_HOLES <= len(text):
        yield Reading(*span, text, chance)


def _filled(tokens: Sequence[re.Match[bytes]], right: str, wrong: str) -> tuple[str, float]:
    """The tokens decoded, their holes filled where one character fits far better than all others; and the worst chance."""
    if not any(token.lastgroup == "holed" for token in tokens):
        try:
            return b"".join(token.group() for token in tokens).decode(right), 1.0
        except UnicodeDecodeError:
            pass
    done, chance, number, filled = [], 1.0, 0, 0
    while number < len(tokens):
        if tokens[number].lastgroup != "holed":
            done.append(tokens[number].group().decode(right, "replace"))
            number += 1
            continue
        holes: list[tuple[str, ...]] = []
        while number < len(tokens) and tokens[number].lastgroup == "holed" and len(holes) < _TOGETHER:
            number += 1
            after = tokens[number].group()[:1] if number < len(tokens) else b""
            holes += [_fitting(hole, after, right, wrong) for hole in _holes(tokens[number - 1].group())]
        filled += len(holes)
        if filled > _FILLED:
            done.append(HOLE * len(holes))
            continue
        rest = tokens[number : number + 5]
        following = b"".join(token.group() for token in rest if token.lastgroup != "holed")
        text, likely = _best(holes, "".join(done[-8:]), following.decode(right, "replace") or "\n")
        done.append(text)
        chance = min(chance, likely)
    return "".join(done), chance


def _holes(token: bytes) -> list[bytes]:
    """The characters with a hole in a token: one, or two that share the bytes lost between them."""
    return [token] if len(token) <= 3 else [token[:3], _LOST + token[3:]]


def _best(holes: Sequence[tuple[str, ...]], before: str, following: str) -> tuple[str, float]:
    """The characters for holes in a row, and their chance among all that fit; U+FFFD where none stands out."""
    from math import exp, prod

    unknown = HOLE * len(holes)
    if not 0 < prod(map(len, holes)) <= _MOST_CHOICES:
        return unknown, 1.0
    fitting = list(map("".join, product(*holes)))
    scores = model().alternatives(before, fitting, following)
    top = max(range(len(scores)), key=scores.__getitem__)
    chance = 1 / sum(exp(score - scores[top]) for score in scores)
    return (fitting[top], chance) if chance >= _KNOWN else (unknown, 1.0)


@lru_cache(maxsize=4096)
def _fitting(hole: bytes, after: bytes, right: str, wrong: str) -> tuple[str, ...]:
    """The everyday characters and marks that fit the bytes left of them, and whose lost byte `wrong` cannot read."""
    place = max(hole.find(b"\xff"), hole.find(b"?"))
    lead, trail = hole[:place], hole[place + 1 :]
    result = []
    for char in _candidates():
        code = char.encode(right, "ignore")
        if not (code.startswith(lead) and code.endswith(trail) and len(code) > len(lead) + len(trail)):
            continue
        gone = code[len(lead) : len(code) - len(trail)]
        if wrong == LATIN and any(_readable(bytes((byte,)), wrong) for byte in gone):
            continue
        if len(gone) == 1 and _readable(gone + (trail or after)[:1], wrong):
            continue
        result.append(char)
    return tuple(result)


def _readable(two: bytes, wrong: str) -> bool:
    """Whether the codec would have read these bytes, so that no hole had come about."""
    codec = {LATIN: "cp1252", "gb18030": "gbk"}.get(wrong, wrong)
    try:
        two[: 1 if wrong == LATIN else 2].decode(codec)
    except UnicodeDecodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _candidates() -> tuple[str, ...]:
    return (*sorted(common_han()), *"，。、；：？！“”‘’（）《》…—·")
