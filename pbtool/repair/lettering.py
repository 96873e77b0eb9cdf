"""Characters set apart: `凝 心 聚 力` in a heading, `■王 宾` in a byline, and rows of characters that are no words.

The one idea: single characters with a blank between each are one word set wide, unless they are things of their own (`春 夏
秋 冬`): then the language would put a comma between them, or a table knows the series.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pbtool import tables
from pbtool.edits import Edit
from pbtool.language import model
from pbtool.repair.marks import BULLETS, HAN, around, han_in, is_han, prose
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "spacing"
_BLANK = "[ \xa0\u3000]"
_ONE = f"[{HAN}0-9“”《》（）、：，]"
_SINGLE = pattern(rf"{_BLANK}[{HAN}](?![{HAN}])")
_RUN = pattern(rf"(?<![{HAN}0-9A-Za-z]){_ONE}(?:{_BLANK}{{1,4}}{_ONE}){{1,60}}(?![{HAN}0-9A-Za-z])")
_ALONE = pattern(rf"(?m)^{_BLANK}{{0,9}}([{HAN}]){_BLANK}{{1,12}}([{HAN}]){_BLANK}{{0,9}}$")
_PAIR = pattern(rf"(?<![{HAN}])([{HAN}]){_BLANK}{{1,8}}([{HAN}])(?={_BLANK}{{0,2}}[：:])")
_BY = pattern(rf"(?:[{BULLETS}]|记者|通讯员|作者|编辑|摄影|[主责美]编|[、（(：:／/|]){_BLANK}*\Z")
_NAMES = pattern(rf"{_BLANK}*[{HAN}](?:{_BLANK}{{0,4}}[{HAN}]){{1,2}}{_BLANK}*")
_GAPS = pattern(rf"{_BLANK}+")
_WIDELY = pattern(rf"[{HAN}]{_BLANK}{{1,4}}(?:\S{_BLANK}{{1,4}}){{7}}")
_LINE = 2000  # characters of a line set wide on either side of a place
_MOSTLY, _READS = (
    0.7,
    -5.5,
)  # the share of single characters in such a line, and what it scores at least (nats a character)
_CHAPTER = pattern(rf"第[{HAN}0-9]{{1,3}}[章节编篇]\Z")
_DATED = pattern(r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}[日时点分]){0,3}")
_COLUMNS = frozenset("一二三四五六七八九十百日甲乙丙丁戊己庚辛上中下左右男女是否有无东西南北年月")
_FLUENT = -6.5  # nats a character that joined letters score at least
_LISTED = -5.5  # nats a gap by which commas between them are less likely than none, at least
_LEGIBLE = -8.5  # nats a character that they score at least where they can hardly be a list:
_UNLISTED = ((4, -6.5), (6, -6.0), (8, -5.2))  # so many in a row, with commas by so much less likely
_WORD = -5.5  # nats two characters that are a word score
_SINGLES = (
    -4.0
)  # nats by which two characters with a comma between them are less likely than without, at least,
_SERIES = -6.5  # and where a series has both (`人 物`: 人财物)
_NEAR = 60  # characters on either side of a line that are looked at
_LONG = 18  # Han characters of a line that can only be text
_ASKED = 60  # runs of one text that are looked for elsewhere in it


def letters(text: str) -> Iterator[Edit]:
    """Edits that close up words and names whose characters stand apart; a doubtful heading is suggested."""
    if not _SINGLE.search(text):
        return
    for start, end in _set_wide(text):
        yield from _closed_up(text, start, end)
    for match in _ALONE.finditer(text):
        if _heading(text, match):
            yield _closing(match.end(1), match.start(2), text, "letters of a heading")
    for match in _PAIR.finditer(text):
        if _label(text, match):
            yield _closing(match.end(1), match.start(2), text, "letters of a label")
    asked = 0
    for match in _RUN.finditer(text):
        chars = _GAPS.split(match.group())
        if len(chars) == 2:
            if all(map(is_han, chars)) and _name(text, match.start(), match.end(), chars):
                yield from _gaps(match, chars, "letters of a name")
        elif han_in(match.group()) < len(chars):
            if _mixed(chars):
                yield from _gaps(match, chars, "letters with marks")
        elif _surnamed(chars) and _by(text, match.start()):
            yield from _gaps(match, chars, "letters of a name", every=2)
        elif not _series(chars) and text[max(0, match.start() - 1) : match.start()] not in ("：", ":"):
            kind = _fluent(chars)
            if not kind and asked < _ASKED:
                asked += 1
                kind = _known(chars, text)
            if kind == "letters of a guess":
                yield _guess(match, chars)
            elif kind:
                yield from _gaps(match, chars, kind)


def _set_wide(text: str) -> Iterator[tuple[int, int]]:
    """The lines in which nearly every character stands apart, and which are prose."""
    end = 0
    while found := _WIDELY.search(text, end):
        left, right = around(text, found.start(), found.start(), _LINE)
        start, end = max(end, found.start() - len(left)), found.start() + len(right)
        parts = text[start:end].split()
        joined = "".join(parts)
        single = sum(len(part) == 1 for part in parts)
        if single >= _MOSTLY * len(parts) and prose(joined) and model().score(joined) >= _READS * len(joined):
            yield start, end


def _closed_up(text: str, start: int, end: int) -> Iterator[Edit]:
    """Edits that take every blank out of a line, but for those between Latin letters and those at its ends."""
    for gap in _GAPS.finditer(text, start, end):
        before, behind = text[gap.start() - 1 : gap.start()], text[gap.end() : gap.end() + 1]
        latin = before.isascii() and before.isalpha() and behind.isascii() and behind.isalpha()
        if start < gap.start() and gap.end() < end and not latin:
            yield _closing(gap.start(), gap.end(), text, "letters with marks")


def _closing(start: int, end: int, text: str, kind: str) -> Edit:
    return Edit(start, end, text[start:end], "", RULE, "likely", trust(f"spacing: {kind}"))


def _guess(match: re.Match[str], chars: list[str]) -> Edit:
    confidence = trust("spacing: letters of a guess")
    return Edit(match.start(), match.end(), match.group(), "".join(chars), RULE, "suggested", confidence)


def _gaps(match: re.Match[str], chars: list[str], kind: str, every: int = 1) -> Iterator[Edit]:
    """Edits that take out the blanks of a run: all of the narrowest, or (`every` 2) the first of each pair."""
    gaps = list(_GAPS.finditer(match.group()))
    narrow = min(len(gap.group()) for gap in gaps)
    for number, gap in enumerate(gaps):
        if (every == 2 and number % 2) or (every == 1 and len(gap.group()) > narrow):
            continue
        if every == 1 and _CHAPTER.match("".join(chars[: number + 1])):
            continue
        start = match.start() + gap.start()
        yield Edit(
            start, start + len(gap.group()), gap.group(), "", RULE, "likely", trust(f"spacing: {kind}")
        )


def _fluent(chars: list[str]) -> str:
    """The kind of edit where the joined characters read as words and commas between them do not; else nothing."""
    joined = "".join(chars)
    if joined in _wide():
        return "letters of a heading"
    if len(chars) % 2 == 0 and all(_word(joined[i : i + 2]) for i in range(0, len(joined), 2)):
        return "letters of words"
    return "letters" if _runs_on(chars) else ""


def _runs_on(chars: list[str]) -> bool:
    """Whether characters set apart say something together, and are no list of single things."""
    joined, judge = "".join(chars), model()
    score = judge.score(joined)
    listed = (judge.score("、".join(chars)) - score) / (len(chars) - 1)
    if score / len(chars) >= _FLUENT:
        return listed <= _LISTED
    return score / len(chars) >= _LEGIBLE and any(
        len(chars) >= least and listed <= most for least, most in _UNLISTED
    )


def _known(chars: list[str], text: str) -> str:
    """The kind of edit where the text holds the joined characters, or a part of four of them, elsewhere."""
    joined = "".join(chars)
    if joined in text:
        return "letters of words"
    if len(chars) != 4:
        return ""
    halves = joined[:2], joined[2:]
    if all(half in text or _word(half) for half in halves):
        return "letters of words"
    return "letters of a guess" if any(map(_word, halves)) else ""


def _word(two: str) -> bool:
    return model().score("的" * 13 + two, 14) >= _WORD


def _mixed(chars: list[str]) -> bool:
    """Whether characters, digits and marks set apart make a line that can be read."""
    joined = "".join(chars)
    if _DATED.fullmatch(joined):
        return True
    if len(chars) < 5 or han_in(joined) < 3 or not _counted().fullmatch(joined):
        return False
    return model().score(joined) / len(joined) >= _FLUENT or _runs_on([c for c in chars if not c.isdigit()])


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    """Text whose numbers are followed by what they count."""
    measures = {row[0] for row in tables.rows("measure_words.tsv") if len(row[0]) == 1 and is_han(row[0])}
    return re.compile(rf"(?:\d+[年月日期号版届余多万亿元时点分世{''.join(sorted(measures))}]|\D)+")


def _heading(text: str, match: re.Match[str]) -> bool:
    """Whether two characters alone on a line are a word set wide, or a name in a column of names."""
    two = match.group(1) + match.group(2)
    if two in _wide():
        return True
    if set(two) <= _COLUMNS or (_series(list(two)) and not _no_list(two, _SERIES)):
        return False
    beside = _beside(text, match.start(), match.end())
    if two[0] in _surnames() and any(map(_is_name, beside)):
        return True
    return _word(two) or (
        any(map(_paragraph, beside)) and not any(map(_scattered, beside)) and _no_list(two, _SINGLES)
    )


def _paragraph(line: str) -> bool:
    return prose(line) or han_in(line) >= _LONG


def _scattered(line: str) -> bool:
    """Whether a line is made of single characters: the row of a table, or a line of a text set from top to bottom."""
    return len(line) > 1 and all(len(part) == 1 for part in line.split())


def _no_list(two: str, most: float) -> bool:
    """Whether two characters are no pair of single things, as `甲 乙` is."""
    return model().score(two[0] + "、" + two[1]) - model().score(two) <= most


def _label(text: str, match: re.Match[str]) -> bool:
    """Whether two characters before a colon are a label of our list, or a speaker's name at the beginning of a line."""
    two = match.group(1) + match.group(2)
    if two in _wide():
        return True
    left, _ = around(text, match.start(), match.end(), 12)
    return not left.strip(" \xa0\u3000“") and two[0] in _surnames()


def _beside(text: str, start: int, end: int) -> tuple[str, str]:
    """The lines before and behind the line [start, end), blank ones passed over, as much of them as tells what they are."""
    before = text[max(0, start - _NEAR) : start].rstrip().rpartition("\n")[2]
    return before, text[end : end + _NEAR].lstrip().partition("\n")[0]


def _is_name(line: str) -> bool:
    return bool(_NAMES.fullmatch(line)) and line.strip(" \xa0\u3000")[0] in _surnames()


def _name(text: str, start: int, end: int, chars: list[str]) -> bool:
    """Whether two characters with a blank between are a name where names stand: in a byline or a list of names."""
    if chars[0] not in _surnames() or set(chars) <= _COLUMNS:
        return False
    _, right = around(text, start, end, 30)
    if right and right[0] not in " \xa0\u3000、，）)／/|":
        return False
    words = re.split(r"[ \xa0\u3000、／/|]+", right.strip(" \xa0\u3000、"))
    return all(len(word) <= 4 for word in words) and _by(text, start)


def _surnamed(chars: list[str]) -> bool:
    return len(chars) % 2 == 0 and all(char in _surnames() for char in chars[::2])


def _by(text: str, start: int) -> bool:
    """Whether names stand here: right behind a bullet, a role or a mark, or behind other names."""
    left, _ = around(text, start, start, 30)
    if _BY.search(left):
        return True
    words = left.strip(BULLETS + " \xa0\u3000").split()
    return bool(words) and all(2 <= len(word) <= 4 for word in words) and left[0] in BULLETS


def _series(chars: list[str]) -> bool:
    """Whether all characters belong to one series, as the seasons do."""
    return set(chars) <= _COLUMNS or any(set(chars) <= row for row in _rows())


@lru_cache(maxsize=1)
def _rows() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(row) for row, kind in tables.rows("wide_words.tsv") if kind == "row")


@lru_cache(maxsize=1)
def _wide() -> frozenset[str]:
    return frozenset(word for word, kind in tables.rows("wide_words.tsv") if kind == "word")


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(tables.pairs("surnames.tsv"))
