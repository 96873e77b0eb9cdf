"""Text that was printed several times over itself to look bold, and came out that often.

The one idea: doubling for boldness is regular. Every character of a stretch stands there equally often, or phrase after
phrase stands there twice; reduplication in the language is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit, without_overlaps
from pbtool.language import model
from pbtool.repair.marks import HAN, han_in
from pbtool.repair.signs import signs

RULE = "bold"
_CHARS = re.compile(rf"([{HAN}])\1(?:\1|([{HAN}])\2)")
_SOUNDS = frozenset("哈呵嘿嘻啦呀咚叮当哗啪呜嗒滴咕噜唰嗖轰隆啊哦嗯喵汪吼嘎")
_GROUPS = 6  # characters in a row, each twice, that no chain of reduplications has
_NATURAL = -5.5  # log-probability of a character in a chain of reduplications
_PERIODS = range(4, 21)  # length of a phrase that stands twice
_CHUNK = 1 << 16
_LONG = 6  # a single phrase of so many characters that stands twice is worth a look


def propose_bold(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Characters and phrases that were drawn several times to look bold stand once.

    What it repairs: `杭杭杭杭州州州州` (each character equally often), and phrase after phrase twice
    (`讨论年度讨论年度工作计划工作计划`). A single long phrase that stands twice is reported.

    How it comes about: a program without a bold font draws the same text two to four times, a hair apart; a PDF reader
    collects all of it.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "杭杭杭杭州州州州市，清清楚楚"
        >>> apply(text, propose_bold(text))
        '杭州市，清清楚楚'

    When it is wrong: sounds (`哈哈哈嘿嘿嘿`, left alone); a slogan that repeats two phrases on purpose.

    Source: seen in layers of text behind newspaper pages; the negatives are reduplications (`清清楚楚`, `条条框框`, `一步一步`).
    """
    edits = [*_by_character(text), *_by_phrase(text)]
    return list(without_overlaps(edits))


def _by_character(text: str) -> Iterator[Edit]:
    place = 0
    for start in _doubled(text):
        if start < place or not _CHARS.match(text, start):
            continue
        groups: list[tuple[str, int]] = []
        place = start
        while place < len(text) and not text[place].isspace():
            end = place + 1
            while end < len(text) and text[end] == text[place]:
                end += 1
            if end - place < 2:
                break
            groups.append((text[place], end - place))
            place = end
        yield from _thinned(text, start, groups)


def _thinned(text: str, start: int, groups: list[tuple[str, int]]) -> Iterator[Edit]:
    times = min(count for _, count in groups)
    chars = {char for char, _ in groups}
    if len(chars) < 2 or chars <= signs().keys() or any(count % times for _, count in groups):
        return
    if times >= 3 and not chars <= _SOUNDS:
        grade, confidence = ("sure", 0.999) if len(groups) > 2 else ("likely", 0.97)
    elif times == 2 and len(groups) >= _GROUPS and not _reduplicated(groups):
        grade, confidence = "likely", 0.95
    elif times == 2 and len(groups) >= _GROUPS - 1:
        grade, confidence = "suggested", 0.6
    else:
        return
    end = start + sum(count for _, count in groups)
    after = "".join(char * (count // times) for char, count in groups)
    yield Edit(start, end, text[start:end], after, RULE, grade, confidence)  # type: ignore[arg-type]


def _reduplicated(groups: list[tuple[str, int]]) -> bool:
    """Whether a chain of doubled characters reads as words that the language doubles (`明明白白清清楚楚`)."""
    doubled = "".join(char * count for char, count in groups)
    return model().score(doubled) / len(doubled) >= _NATURAL


def _by_phrase(text: str) -> Iterator[Edit]:
    done = 0
    for start, size in sorted(set(_twice(text))):
        phrase = text[start : start + size]
        if start < done or "\n" in phrase or phrase in (phrase + phrase)[1:-1] or 2 * han_in(phrase) < size:
            continue
        place = start + 2 * size
        more = _follows(text, place)
        if more and text[place - 2 : place] != text[place + more - 2 : place + more]:  # no chant
            done = place + 2 * more
            after = phrase + text[place : place + more]
            yield Edit(start, done, text[start:done], after, RULE, "likely", 0.95)
        elif size >= _LONG and han_in(phrase) == size:
            done = place
            yield Edit(start, done, text[start:done], phrase, RULE, "suggested", 0.7)


def _follows(text: str, place: int) -> int:
    """The length of another phrase that stands twice right here, else 0."""
    for size in range(2, _PERIODS.stop):
        phrase = text[place : place + size]
        twice = len(phrase) == size and text.startswith(phrase, place + size)
        if twice and han_in(phrase) == size and phrase not in (phrase + phrase)[1:-1]:
            return size
    return 0


def _doubled(text: str) -> Iterator[int]:
    """Places of characters that stand twice in a row, as `_twice` finds phrases."""
    for low in range(0, len(text), _CHUNK):
        chunk = _narrow(text[low : low + _CHUNK + 8])
        data = chunk.encode("utf-16-le", "surrogatepass")
        number = int.from_bytes(data, "little")
        same = (number ^ (number >> 16)).to_bytes(len(data), "little")
        place = same.find(b"\0\0")
        while 0 <= place < 2 * _CHUNK:
            place += place % 2
            if same.startswith(b"\0\0", place):
                yield low + place // 2
            place = same.find(b"\0\0", place + 2)


def _narrow(chunk: str) -> str:
    """The chunk with every character one UTF-16 unit long."""
    if len(chunk.encode("utf-16-le", "surrogatepass")) == 2 * len(chunk):
        return chunk
    return "".join(char if char <= "\uffff" else "\ue000" for char in chunk)


def _twice(text: str) -> Iterator[tuple[int, int]]:
    """(place, size) of phrases that stand twice in a row: one exclusive or of a chunk with itself, moved, for each size."""
    for low in range(0, len(text), _CHUNK):
        chunk = _narrow(text[low : low + _CHUNK + 2 * _PERIODS.stop])
        data = chunk.encode("utf-16-le", "surrogatepass")
        number = int.from_bytes(data, "little")
        for size in _PERIODS:
            same = (number ^ (number >> (16 * size))).to_bytes(len(data), "little")
            zeros = bytes(2 * size)
            place = same.find(zeros)
            while place >= 0:
                place += place % 2
                if same.startswith(zeros, place) and place // 2 + 2 * size <= len(chunk):
                    yield low + place // 2, size
                    place += 2 * size
                else:
                    place += 2
                place = same.find(zeros, place)
