"""Text that was decoded with the wrong codec: `鍏氬缓` for 党建, `µ³½¨` for 党建.

The one idea: the wrong characters are encoded back with the codec that made them and decoded with the right one. Only text
made of unusual characters that becomes text made of everyday ones counts; nobody has to know which codec it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.language import model
from pbtool.repair import mojibake
from pbtool.repair.marks import CLOSING, HAN, OPENING, STOPS, common_han, everyday, han_in, is_han
from pbtool.repair.mojibake import HOLE, LATIN, Reading
from pbtool.repair.slips import slipped
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "decoding"
Reader = Callable[[str], Iterator[Reading]]
_LONGEST = 4000  # characters looked at together
_LONG = 50_000  # characters from which on a pattern of all unusual ones pays
_EVERYDAY = 0.93  # share of everyday characters that right text has
_EVERYDAY_BY_FORM, _MANY = 0.8, 8  # where so many Han characters come out of Latin letters
_UNUSUAL = 0.75  # and the most that wrong text has
_STRANGE = 3  # everyday characters that a strange one outweighs
_PLAINER = 2.5  # nats a character of the reading must be likelier where the wrong text looks everyday too
_BEST = -2.5  # nats a character that text hardly ever scores,
_SAMPLE = 80  # as so many characters of it show
_WORD = -4.0  # nats that the second of two rare characters scores behind the first where they are a word
_THIN = 12  # of so many characters at least one is rare in a line that is wrong as a whole
_SAID = -6.0  # nats a character of a short reading must score
_SHORT = 4
_RARE = 0.95  # what an unusual character weighs that an everyday one can be behind
_ENOUGH = 2.8  # unusual characters that a stretch inside a right line has
_SIGNS = frozenset(STOPS + OPENING + CLOSING + "…—·％\u3000０１２３４５６７８９－／＋．■●◆①②③④⑤⑥")
_LOST = pattern("(?:锟斤拷){1,200}锟?|(?:嚙踝蕭){1,200}|(?:烫烫烫|屯屯屯)[烫屯]{0,200}")
_LETTERS = pattern("[À-ÿ]")
_OF_LATIN = pattern("[\x80-\xff\ufffd]")  # what wrong Latin text cannot do without
_CONTROLS = pattern("[\x80-\x9f]")
_COUNTED = pattern(rf"[^\x00-\x7f\s{HOLE}]")  # neither ASCII nor blank
_KANA = pattern("[\u0391-\u0450\u3041-\u312f]")  # letters of others that GBK and Big5 hold
_UNUSUAL_OR_HAN = pattern("[\u0391-\u044f\u3041-\u312f\u4e00-\u9fff]")
_SCRIPTS = tuple(map(pattern, ("[\u0391-\u03ff]", "[\u0400-\u0450]", "[\u3041-\u30ff]", "[\u3105-\u312f]")))
_PRIVATE = pattern("[\ue000-\uf8ff]")
_HIGH = pattern("[À-ÿ][^\n]{0,12}?[\x80-\xff\u0152-\u02dc\u2013-\u2122]")
_MARK = pattern("â€([œ\x9d\x93\x94˜™¦“”\x98\x99])")
_MARKS = dict(zip("œ\x9d\x93\x94˜™¦“”\x98\x99", "“”–—‘’…–—‘’", strict=True))
_DOT = pattern(f"(?<=[{HAN}])Â·(?=[{HAN}])")


def propose_decoding(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Text that was read with the wrong codec is decoded again; what is lost for good is reported.

    What it repairs: UTF-8 read as GBK (`鍏氬缓`), GBK or UTF-8 read as Latin-1 or Windows-1252 (`µ³½¨`), Big5 read as GBK and
    GBK read as Big5, and two of these on top of each other; whole texts, single lines, and pieces of a line; bytes of
    traditional text that are paired one place off behind a `?`.

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
    edits = [_reported(match) for match in _LOST.finditer(text)] if lost(text) else []
    lines = list(_lines(text))
    for start, end in lines:
        edits.extend(_edit(text, start, reading) for reading in _readings(text[start:end]))
    edits.extend(_slip(text, reading, clear) for reading, clear in slipped(text))
    if "â" in text:
        edits.extend(_single(text))
    if "Â·" in text:
        edits.extend(
            Edit(m.start(), m.end(), "Â·", "·", RULE, "sure", trust("decoding: a mark"))
            for m in _DOT.finditer(text)
        )
    return list(without_overlaps(edits))


def lost(text: str) -> int:
    """How many places show what is left of bytes that were thrown away."""
    return sum(map(text.count, ("锟斤拷", "嚙踝蕭", "烫烫烫", "屯屯屯")))


def _reported(match: re.Match[str]) -> Edit:
    return Edit(
        match.start(), match.end(), match.group(), HOLE, RULE, "suggested", trust("decoding: lost for good")
    )


def _edit(text: str, start: int, reading: Reading) -> Edit:
    low, high = start + reading.start, start + reading.end
    grade: Grade = "sure"
    confidence = trust("decoding: whole")
    if HOLE in reading.text or reading.chance < 1:
        grade, confidence = "likely", trust("decoding: with holes")
    return Edit(low, high, text[low:high], reading.text, RULE, grade, confidence)


def _slip(text: str, reading: Reading, clear: bool) -> Edit:
    before = text[reading.start : reading.end]
    grade: Grade = "likely" if clear else "suggested"
    how = trust("decoding: one byte late") if clear else trust("decoding: one byte late, unclear")
    return Edit(reading.start, reading.end, before, reading.text, RULE, grade, how)


def _single(text: str) -> Iterator[Edit]:
    """Marks that are UTF-8 read as Latin letters, in text that is right otherwise."""
    for match in _MARK.finditer(text):
        after = _MARKS[match.group()[-1]]
        yield Edit(match.start(), match.end(), match.group(), after, RULE, "sure", trust("decoding: a mark"))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines (or pieces of very long ones) that hold unusual characters close together, each once."""
    hits = [_HIGH] if _LETTERS.search(text) else []
    unusual = _unusual_in(text)
    if unusual:
        hits.append(_close_together(unusual))
    spans: set[tuple[int, int]] = set()
    for gate in hits:
        match = gate.search(text)
        while match:
            place = match.start() + 1
            if not _is_word(match.group()):
                span = _line(text, match.start())
                spans.add(span)
                place = max(span[1], place)
            match = gate.search(text, place)
    yield from sorted(spans)


def _is_word(two: str) -> bool:
    """Whether two rare characters side by side are a word that the language has (`峥嵘`, `漉漉`): they alone are no sign."""
    return len(two) == 2 and (two[0] == two[1] or model().pair(two[0], two[1]) >= _WORD)


def _line(text: str, place: int) -> tuple[int, int]:
    """The piece of a line around `place`, without the blanks at its ends; pieces of one line never overlap."""
    start = text.rfind("\n", max(0, place - _LONGEST), place) + 1
    if not start:
        start = place - place % _LONGEST
    end = text.find("\n", place, start + _LONGEST)
    end = min(len(text), start + _LONGEST) if end < 0 else end
    while start < place and text[start].isspace():
        start += 1
    while place < end - 1 and text[end - 1].isspace():
        end -= 1
    return start, end


def _readings(piece: str, depth: int = 2) -> list[Reading]:
    """What the piece, or stretches of it, say when they are decoded rightly; nothing where all is right."""
    if _foreign(piece):
        return []
    candidates: list[Reading] = []
    for reader in _readers(piece):
        for reading in reader(piece):
            better = _settled(piece[reading.start : reading.end], reading, depth)
            if better:
                candidates.append(better)
        if candidates and candidates[-1].end - candidates[-1].start == len(piece):
            break
    found: list[Reading] = []
    for reading in sorted(candidates, key=_worth, reverse=True):
        if not any(other.start < reading.end and reading.start < other.end for other in found):
            found.append(reading)
    return found


def _readers(piece: str) -> Iterator[Reader]:
    """The readers to ask, in the order of trust: some read Latin letters only, some only text that is wrong as a whole."""
    if _OF_LATIN.search(piece):
        yield from _READERS_OF_LATIN
    yield from _READERS_OF_HAN
    if sum(map(_unusual_in(piece).__contains__, piece)) * _THIN >= len(piece) and (
        _share(piece, common_han()) <= _UNUSUAL or _plain(piece[:_SAMPLE]) < _BEST - _PLAINER
    ):
        yield from _READERS_OF_WHOLES
    yield from _READERS_OF_LINES


def _worth(reading: Reading) -> int:
    """How many everyday characters of one script a reading brings, strange ones taken off."""
    chars = [char for char in reading.text if char > "\x7f"]
    return max(
        sum(1 if char in good or char in _SIGNS else -_STRANGE for char in chars)
        for good in (everyday("gb2312"), everyday("big5"))
    )


def _settled(before: str, reading: Reading, depth: int) -> Reading | None:
    """The reading, read once more where it is still wrong; None where it makes no sense."""
    if _sensible(before, reading.text):
        return reading
    if depth and _LETTERS.search(reading.text) and not any(map(is_han, reading.text[:200])):
        text = _applied(reading.text, _readings(reading.text, depth - 1))
        if _sensible(before, text):
            return replace(reading, text=text)
    return None


def _applied(piece: str, readings: Sequence[Reading]) -> str:
    parts, done = [], 0
    for reading in sorted(readings, key=lambda reading: reading.start):
        parts += [piece[done : reading.start], reading.text]
        done = reading.end
    return "".join((*parts, piece[done:]))


def _sensible(before: str, after: str) -> bool:
    """Whether `after` is made of everyday characters of one script, and `before` is not."""
    han = han_in(after)
    if han < 2 or 3 * after.count(HOLE) > len(after) or _CONTROLS.search(after):
        return False
    least = _EVERYDAY if han < _MANY or any(map(is_han, before)) else _EVERYDAY_BY_FORM
    if max(_share(after, everyday("gb2312")), _share(after, everyday("big5"))) < least:
        return False
    if han < _SHORT and _plain(after) < _SAID:
        return False
    return _share(before, common_han()) <= _UNUSUAL or _plain(after) - _plain(before) >= _PLAINER


def _foreign(text: str) -> bool:
    """Whether a text is Japanese or Russian: letters that GBK and Big5 hold too, and few Han characters beside them.

    Wrong bytes make letters of several scripts among Han characters, and private ones; no language does.
    """
    letters, han = len(_KANA.findall(text)), han_in(text)
    mixed = _PRIVATE.search(text) or sum(bool(script.search(text)) for script in _SCRIPTS) > 1
    if not letters or (mixed and 2 * han >= letters):
        return False
    return 3 * letters >= han and not _LETTERS.search(text)


def _plain(text: str) -> float:
    return model().score(text) / max(1, len(text))


def _share(text: str, good: frozenset[str]) -> float:
    """The share of `good` characters and of marks, ASCII and blanks left out (1.0 where nothing else is there)."""
    chars = _COUNTED.findall(text)
    return sum(map(_and_signs(good).__contains__, chars)) / len(chars) if chars else 1.0


@lru_cache(maxsize=4)
def _and_signs(good: frozenset[str]) -> frozenset[str]:
    return good | _SIGNS


def _exchanged(piece: str) -> Iterator[Reading]:
    """Stretches inside a right line that were read as Big5 instead of GBK, or the other way round."""
    simple, full, both = everyday("gb2312"), everyday("big5"), common_han()
    for wrong, right, usual, good in (("big5", "gb18030", simple, simple), ("gb18030", "big5", both, full)):
        chars = {char for char in set(piece) if char > "\x7f"}
        worth = {char: _RARE for char in chars - usual if mojibake.exchanged(wrong, right, char) in good}
        if sum(map(piece.count, worth)) * _RARE < _ENOUGH:
            continue
        worth |= {char: -0.1 for char in chars & usual if mojibake.exchanged(wrong, right, char) in good}
        weights = [worth.get(char, -2.0) for char in piece]
        for start, end in _heavy(weights):
            text = "".join(mojibake.exchanged(wrong, right, char) for char in piece[start:end])
            if good is full or _plain(text) >= _SAID:
                yield Reading(start, end, text)


def _heavy(weights: Sequence[float]) -> Iterator[tuple[int, int]]:
    """The stretches whose weights add up to more than `_ENOUGH` (each the best one between two drops below zero)."""
    start, total, best, end = 0, 0.0, 0.0, 0
    for place, weight in enumerate((*weights, -1e9)):
        total += weight
        if total > best:
            best, end = total, place + 1
        if total <= 0 or best - total >= 2:
            if best >= _ENOUGH:
                yield start, end
            start, total, best = place + 1, 0.0, 0.0


def _unusual_in(text: str) -> frozenset[str]:
    """The Han characters of a text that are not everyday ones, and the letters that Big5 read as GBK becomes; of a long
    text all that there are, which takes less time than to see which it holds."""
    return _unusual() if len(text) > _LONG else _unusual_among(text)


@lru_cache(maxsize=1)
def _unusual() -> frozenset[str]:
    """All of them."""
    return _unusual_among("".join(map(chr, range(0x391, 0xA000))))


def _unusual_among(text: str) -> frozenset[str]:
    """Those that a text holds."""
    return frozenset(filter(_UNUSUAL_OR_HAN.match, set(text) - common_han()))


@lru_cache(maxsize=8)
def _close_together(chars: frozenset[str]) -> re.Pattern[str]:
    """Two of these characters within seven: the cheap gate."""
    one = f"[{''.join(sorted(chars))}]"
    return re.compile(f"{one}[^\n]{{0,5}}?{one}")


_READERS_OF_LATIN: tuple[Reader, ...] = (
    lambda piece: mojibake.utf8_read_as(LATIN, piece),
    lambda piece: mojibake.latin_read_twice(LATIN, piece),
    lambda piece: mojibake.double_byte_read_as_latin("gb2312", piece),
    lambda piece: mojibake.double_byte_read_as_latin("gb18030", piece),
    lambda piece: mojibake.double_byte_read_as_latin("big5", piece),
)
_READERS_OF_HAN: tuple[Reader, ...] = (
    lambda piece: mojibake.utf8_read_as("gb18030", piece),
    lambda piece: mojibake.latin_read_twice("gb18030", piece),
)
_READERS_OF_WHOLES: tuple[Reader, ...] = (
    lambda piece: mojibake.swapped("big5", "gb18030", piece),
    lambda piece: mojibake.swapped("gb18030", "big5", piece),
)
_READERS_OF_LINES: tuple[Reader, ...] = (
    lambda piece: mojibake.utf8_read_as("big5", piece),
    _exchanged,
)
