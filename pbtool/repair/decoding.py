"""Text that was decoded with the wrong codec: `鍏氬缓` for 党建, `µ³½¨` for 党建.

The one idea: the wrong characters are encoded back with the codec that made them and decoded with the right one. Only text
made of unusual characters that becomes text made of everyday ones counts; nobody has to know which codec it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pbtool.document import FontRun
from pbtool.edits import Edit, without_overlaps
from pbtool.repair.marks import CLOSING, OPENING, STOPS, common_han, is_han

RULE = "decoding"
_LONGEST = 4000  # characters looked at together
_BACK = 60  # how far before an unusual character the run can begin
_EVERYDAY = 0.93  # share of everyday characters that right text has
_UNUSUAL = 0.75  # and the most that wrong text has
_SIGNS = frozenset(STOPS + OPENING + CLOSING + "…—·％\u3000０１２３４５６７８９－／＋．")
_LOST = re.compile("(?:锟斤拷){1,200}锟?|(?:嚙踝蕭){1,200}|(?:烫烫烫|屯屯屯)[烫屯]{0,200}")
_LATIN = "\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122\x80-\x9f"
_HIGH = re.compile(f"[{_LATIN}](?:[ -~]{{0,12}}[{_LATIN}]){{3,2000}}")
_HOLES = re.compile("\ufffd{1,9}")
_LETTERS = re.compile("[À-ÿ]")


def propose_decoding(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Text that was read with the wrong codec is decoded again; what is lost for good is reported.

    What it repairs: UTF-8 read as GBK (`鍏氬缓`), GBK or UTF-8 read as Latin-1 or Windows-1252 (`µ³½¨`), Big5 read as GBK and
    GBK read as Big5, and two of these on top of each other; whole texts, single lines, and pieces of a line.

    How it comes about: a file without a declared encoding, a database column with another one, a page that passed through
    two programs.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "µ³½¨ÒýÁì"
        >>> apply(text, propose_decoding(text))
        '党建引领'

    When it is wrong: a list of rare characters could spell everyday ones by chance; at least four characters must do so.
    `锟斤拷` and `嚙踝蕭` stand where bytes were thrown away: nothing brings them back, so they are only reported.

    Source: the codecs of Python (gb18030, big5, cp1252, utf-8); everyday is level 1 of GB 2312 and of Big5.
    """
    found = _LOST.finditer(text) if lost(text) else ()
    edits = [Edit(m.start(), m.end(), m.group(), "\ufffd", RULE, "suggested", 0.99) for m in found]
    taken = [(edit.start, edit.end) for edit in edits]
    for start, end in _pieces(text):
        if any(low < end and start < high for low, high in taken[:50]):
            continue
        after = _decoded(text[start:end])
        if after is not None:
            whole = "\ufffd" not in after
            edits.append(
                Edit(
                    start,
                    end,
                    text[start:end],
                    after,
                    RULE,
                    "sure" if whole else "likely",
                    0.999 if whole else 0.97,
                )
            )
    return list(without_overlaps(edits))


def lost(text: str) -> int:
    """How many places show what is left of bytes that were thrown away."""
    return sum(map(text.count, ("锟斤拷", "嚙踝蕭", "烫烫烫", "屯屯屯")))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """The stretches worth trying: pieces of Latin letters, then lines with unusual characters, or the odd run in one."""
    for match in _HIGH.finditer(text):
        if len(_LETTERS.findall(match.group())) >= 2:
            yield match.start(), match.end()
    done = tried = 0
    for match in _unusual().finditer(text):
        place = match.start()
        if place < done:
            continue
        if place >= tried:
            start, tried = _line(text, place, done)
            if _decoded(text[start:tried]) is not None:
                yield start, tried
                done = tried
                continue
        run = _run(text, place, done, tried)
        if run:
            yield run
            done = run[1]


def _line(text: str, place: int, done: int) -> tuple[int, int]:
    """The line around `place`, without the blanks at its ends."""
    start = max(text.rfind("\n", max(done, place - _LONGEST), place) + 1, done, place - _LONGEST)
    end = text.find("\n", place, place + _LONGEST)
    end = min(len(text), place + _LONGEST) if end < 0 else end
    while start < place and text[start].isspace():
        start += 1
    while place < end - 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _run(text: str, place: int, low: int, high: int) -> tuple[int, int] | None:
    """The run of UTF-8 read as GBK that covers `place`."""
    for match in _utf8_as_gbk().finditer(text, max(low, place - _BACK), max(high, place + 2)):
        if match.end() > place:
            return match.span() if match.start() <= place + 1 else None
    return None


@lru_cache(maxsize=1)
def _unusual() -> re.Pattern[str]:
    """Two unusual characters within seven: the cheap gate."""
    rare = f"[{_ranges(_rare())}]"
    return re.compile(f"{rare}[^\n]{{0,5}}?{rare}")


@lru_cache(maxsize=1)
def _rare() -> frozenset[str]:
    """Han characters that are not everyday ones, and the letters that Big5 read as GBK becomes."""
    everyday = common_han()
    han = {chr(code) for code in range(0x4E00, 0xA000)} - everyday
    return frozenset(han | {chr(code) for code in (*range(0x3041, 0x3130), *range(0x391, 0x450))})


@lru_cache(maxsize=1)
def _utf8_as_gbk() -> re.Pattern[str]:
    """Han characters whose GBK bytes are those of UTF-8: three bytes a character, so three characters for two."""

    def chars(lead: range, trail: range) -> str:
        pairs = (bytes((a, b)).decode("gb18030", "ignore") for a in lead for b in trail)
        return _ranges(frozenset(pair for pair in pairs if len(pair) == 1))

    lead, tail = (*range(0xE3, 0xEA), 0xEF), range(0x80, 0xC0)
    first = "".join(chars(range(one, one + 1), tail) for one in lead)
    middle = "".join(chars(tail, range(one, one + 1)) for one in lead)
    last = chars(tail, tail)
    return re.compile(f"(?:[{first}][{middle}][{last}]){{1,500}}[{first}]?")


def _ranges(chars: frozenset[str]) -> str:
    """A set of characters as the inside of a regex class."""
    result, start, last = [], -2, -2
    for code in sorted(map(ord, chars)):
        if code != last + 1:
            if start >= 0:
                result.append(re.escape(chr(start)) + "-" + re.escape(chr(last)))
            start = code
        last = code
    if start >= 0:
        result.append(re.escape(chr(start)) + "-" + re.escape(chr(last)))
    return "".join(result)


def _share(text: str) -> float:
    """The share of everyday characters, ASCII and blanks left out (1.0 where nothing else is there)."""
    chars = [char for char in text if char > "\x7f" and char != "\ufffd" and not char.isspace()]
    everyday = common_han()
    good = sum(char in everyday or char in _SIGNS for char in chars)
    return good / len(chars) if chars else 1.0


def _decoded(text: str) -> str | None:
    """What `text` says when it is decoded rightly, once or twice; None where it is right as it is."""
    if _share(text) > _UNUSUAL:
        return None
    once = list(_readings(text))
    for candidate in (*once, *(again for first in once for again in _readings(first))):
        han = sum(map(is_han, candidate))
        clean = not any("\x80" <= char < "\xa0" for char in candidate)
        if han >= 2 and clean and len(text) >= 3 and _share(candidate) >= _EVERYDAY:
            return candidate
    return None


def _readings(text: str) -> Iterator[str]:
    rights: tuple[str, ...]
    for wrong, rights in (
        ("latin-1", ("utf-8", "gb18030", "big5")),
        ("cp1252", ("utf-8", "gb18030", "big5")),
        ("gb18030", ("utf-8", "big5")),
        ("big5", ("gb18030", "utf-8")),
    ):
        raw = _bytes(text, wrong)
        if wrong == "gb18030" and not _odd_han(text):
            rights = tuple(right for right in rights if right == "utf-8")
        for right in rights if raw else ():
            try:
                result = raw.decode(right)
            except UnicodeDecodeError:
                result = _with_holes(raw) if (wrong, right) == ("gb18030", "utf-8") else text
            if result and result != text:
                yield result


def _odd_han(text: str) -> bool:
    """Whether half the Han characters are unusual; those of Japanese are not, and Russian has none."""
    han = [char for char in text if is_han(char) or "\ue000" <= char <= "\uf8ff"]
    return bool(han) and 2 * sum(char not in common_han() for char in han) >= len(han)


def _with_holes(raw: bytes) -> str:
    """UTF-8 of which some bytes were lost when it was read as GBK; nothing where much was lost."""
    result = _HOLES.sub("\ufffd", raw.decode("utf-8", "replace"))
    return result if sum(map(is_han, result)) >= 4 * result.count("\ufffd") else ""


def _bytes(text: str, codec: str) -> bytes:
    try:
        if codec == "gb18030":  # Windows reads a lone 80 as the euro sign; FF stands for what was lost
            return b"\x80".join(
                b"\xff".join(part.encode(codec) for part in piece.split("\ufffd"))
                for piece in text.split("€")
            )
        return text.encode(codec)
    except UnicodeEncodeError:
        pass
    if codec != "cp1252":
        return b""
    try:  # Windows decoders let the five undefined bytes through
        return b"".join(
            char.encode("latin-1") if "\x80" <= char < "\xa0" else char.encode("cp1252") for char in text
        )
    except UnicodeEncodeError:
        return b""
