"""Text that was printed several times over itself to look bold, and came out that often.

The one idea: doubling for boldness is regular. Every character of a stretch stands there equally often, or phrase after
phrase stands there twice; reduplication in the language is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.language import model
from pbtool.repair.marks import han_in, is_han
from pbtool.repair.signs import signs
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "bold"
_CHARS = pattern(r"(\S)\1(?:\1|(\S)\2)")
_SOUNDS = frozenset("吧吱哐啷哈呵嘿嘻啦呀咚叮当哗啪呜嗒滴咕噜唰嗖轰隆啊哦嗯喵汪吼嘎")
_DOUBLE = frozenset("—…")  # marks of two strokes
_GROUPS = 4  # characters in a row, each twice, that are no chain of reduplications unless they read as one
_NATURAL = -5.5  # log-probability of a character in a chain of reduplications
_PERIODS = range(2, 21)  # length of a phrase that stands twice
_PAIR = 2
_CHUNK = 1 << 16
_OTHER = pattern(rb"[^\0]")
_LONG = 6  # a single phrase of so many characters that stands twice is worth a look
_HEADING = 4  # and of so many where it fills a line
_GAIN, _GAIN_AT_END = 8.5, 12.0  # nats by which a word that stands twice fits better once, to be reported
_COUNTING = frozenset("一二两三四五六七八九十几每逐成大很多")  # 一步一步, 成箱成箱, 大口大口
_BEHIND_DOUBLED = frozenset("长再的地")  # 很久很久的, 缩小缩小再缩小
_GOING_ON = frozenset("着了地")  # 走着走着


def propose_bold(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Characters and phrases that were drawn several times to look bold stand once.

    What it repairs: `杭杭杭杭州州州州` (each character equally often), and phrase after phrase twice
    (`讨论年度讨论年度工作计划工作计划`). A single long phrase, a heading or a word (`实绩实绩`) that stands twice is reported.

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
    return list(without_overlaps([*_by_character(text), *_by_phrase(text)]))


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
        start += sum(count for _, count in _edge(groups))
        yield from _thinned(text, start, groups)


def _edge(groups: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Takes dashes and dots that are whole with two strokes off both ends; gives those at the beginning."""
    taken = []
    while groups and groups[0][0] in _DOUBLE and groups[0][1] == 2:
        taken.append(groups.pop(0))
    while groups and groups[-1][0] in _DOUBLE and groups[-1][1] == 2:
        groups.pop()
    return taken


def _thinned(text: str, start: int, groups: list[tuple[str, int]]) -> Iterator[Edit]:
    han = [(char, count) for char, count in groups if is_han(char)]
    chars = {char for char, _ in han}
    if len(chars) < 2 or chars <= signs().keys():
        return
    times = min(count for _, count in groups)
    if any(count % times for _, count in groups):
        return
    if times >= 3 and not chars <= _SOUNDS:
        grade: Grade = "sure" if len(groups) > 2 else "likely"
        kind = "bold: characters three times"
    elif times == 2 and len(chars) >= _GROUPS and not _reduplicated(han):
        grade, kind = "likely", "bold: characters twice"
    elif times == 2 and len(chars) > _GROUPS:
        grade, kind = "suggested", "bold: reduplication"
    else:
        return
    end = start + sum(count for _, count in groups)
    after = "".join(char * (count // times) for char, count in groups)
    yield Edit(start, end, text[start:end], after, RULE, grade, trust(kind))


def _reduplicated(groups: list[tuple[str, int]]) -> bool:
    """Whether a chain of doubled characters reads as words that the language doubles (`明明白白清清楚楚`)."""
    doubled = "".join(char * count for char, count in groups)
    return model().score(doubled) / len(doubled) >= _NATURAL


def _by_phrase(text: str) -> Iterator[Edit]:
    done = paired = 0
    for start, size in _twice(text):
        found: Edit | None = None
        if size == _PAIR and start >= paired:
            found, paired = _words(text, start)
        elif size != _PAIR and start >= done:
            found = _phrase(text, start, size)
            done = found.end if found else done
        if found:
            yield found


def _phrase(text: str, start: int, size: int) -> Edit | None:
    """A phrase that stands twice and is followed by another one that does, or is worth a look by itself."""
    phrase = text[start : start + size]
    if "\n" in phrase or phrase in (phrase + phrase)[1:-1] or 2 * han_in(phrase) < size:
        return None
    place = start + 2 * size
    more = _follows(text, place)
    if more and text[place - 2 : place] != text[place + more - 2 : place + more]:  # no chant
        end = place + 2 * more
        after = phrase + text[place : place + more]
        return Edit(start, end, text[start:end], after, RULE, "likely", trust("bold: phrases"))
    if han_in(phrase) == size and (size >= _LONG or (size >= _HEADING and _fills(text, start, place))):
        return Edit(start, place, text[start:place], phrase, RULE, "suggested", trust("bold: a phrase"))
    return None


def _fills(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is a whole line."""
    return text[start - 1 : start] in ("", "\n") and text[end : end + 1] in ("", "\n")


def _words(text: str, start: int) -> tuple[Edit | None, int]:
    """Words of two characters that stand twice: several in a row, or one that fits better once; and where they end."""
    end, words = start, list[str]()
    while _is_word_twice(text, end):
        words.append(text[end : end + _PAIR])
        end += 2 * _PAIR
    before, once = text[start:end], "".join(words)
    if len(words) >= _GROUPS and len(set(words)) > 2:
        return Edit(start, end, before, once, RULE, "likely", trust("bold: words")), end
    if len(words) == 3 or (len(words) == 2 and _fills(text, start, end)):
        return Edit(start, end, before, once, RULE, "suggested", trust("bold: few words")), end
    if len(words) == 1 and _misprint(text, start, once):
        return Edit(start + _PAIR, end, once, "", RULE, "suggested", trust("bold: a word")), end
    return None, end


def _is_word_twice(text: str, place: int) -> bool:
    word = text[place : place + _PAIR]
    return (
        len(word) == _PAIR
        and word[0] != word[1]
        and han_in(word) == _PAIR
        and text.startswith(word, place + _PAIR)
    )


def _misprint(text: str, start: int, word: str) -> bool:
    """Whether a word that stands twice is no reduplication: the sentence wants it once. Verbs are doubled at its end (商量商量。)."""
    if word[0] in _COUNTING or word[1] in _GOING_ON or text[start + 4 : start + 5] in _BEHIND_DOUBLED:
        return False
    if set(word) <= _SOUNDS:
        return False
    judge = model()
    left, right = text[max(0, start - 12) : start], text[start + 4 : start + 10]
    once, double = (
        judge.score(left + word + right, len(left)),
        judge.score(left + word * 2 + right, len(left)),
    )
    return once - double >= (_GAIN if is_han(right[:1]) else _GAIN_AT_END)


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
        chunk = text[low : low + _CHUNK + 8]
        same = _against_itself(_low_bytes(chunk), 1, len(chunk))
        place = same.find(b"\0", 0, _CHUNK)
        while place >= 0:
            if chunk[place : place + 1] == chunk[place + 1 : place + 2]:
                yield low + place
            place = same.find(b"\0", place + 1, _CHUNK)


def _twice(text: str) -> Iterator[tuple[int, int]]:
    """(place, size) of phrases that stand twice in a row: one exclusive or of a chunk with itself, moved, for each size."""
    for low in range(0, len(text), _CHUNK):
        chunk = text[low : low + _CHUNK + 2 * _PERIODS.stop]
        data = _low_bytes(chunk)
        found = [(low + place, size) for size in _PERIODS for place in _repeated(chunk, data, size)]
        yield from sorted(found)


def _repeated(chunk: str, data: int, size: int) -> Iterator[int]:
    """Places in a chunk where so many characters stand twice; what repeats something shorter is passed over."""
    same, zeros = _against_itself(data, size, len(chunk)), bytes(size)
    place = same.find(zeros, 0, _CHUNK + size)
    while place >= 0:
        phrase = chunk[place : place + size]
        step = 1
        if chunk.startswith(phrase, place + size) and len(phrase) == size:
            step = size
            if phrase in (phrase + phrase)[1:-1]:
                end = _OTHER.search(same, place)
                stop = min(end.start() if end else len(same), len(chunk) - size)
                step = stop - place if chunk[place:stop] == chunk[place + size : stop + size] else size
            else:
                yield place
        place = same.find(zeros, place + step, _CHUNK + size)


def _low_bytes(chunk: str) -> int:
    """The low byte of each character, as one number: characters whose bytes differ are different."""
    return int.from_bytes(chunk.encode("utf-32-le", "surrogatepass")[::4], "little")


def _against_itself(data: int, size: int, length: int) -> bytes:
    """A zero for each byte that is like the one so many places on."""
    return (data ^ (data >> (8 * size))).to_bytes(length, "little")
