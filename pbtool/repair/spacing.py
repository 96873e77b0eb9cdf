"""Blanks that nobody typed: around digits and letters, after marks, between the characters of a name or a heading.

The one idea: a blank in Chinese text is either a boundary that somebody meant (between names, between the clauses of a title,
between the cells of a table) or the trace of a layout. What stands on both sides, and the line it stands in, tells which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pbtool import tables
from pbtool.document import FontRun
from pbtool.edits import Edit, without_overlaps
from pbtool.language import model
from pbtool.repair.marks import BULLETS, CLOSING, HAN, OPENING, STOPS, around, is_han, prose

RULE = "spacing"
_SIDE = f"{HAN}{STOPS}{OPENING}{CLOSING}％"
_GAP = re.compile(rf"[ \xa0](?:(?<=[{_SIDE}][ \xa0])[ \xa0]?(?=\S)|(?<=\S[ \xa0])[ \xa0]?(?=[{_SIDE}]))")
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,:/~\-]{0,20}[%％‰+＋]?")
_TOKEN_BEFORE = re.compile(r"[0-9A-Za-z.,:/~\-]{0,20}[0-9A-Za-z.,:%％‰+＋]\Z")
_FULL_DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_UNITS = frozenset(
    "年月日号时点分秒个名位人次件项条家户岁元万亿千百余多名届期周天米吨亩公平里克级套支份起场处座所间批辆台部篇本章节倍成类种"
)
_EDGES = frozenset(STOPS + OPENING + CLOSING + BULLETS + "()—…-～~")
_LEADING = frozenset("的是在为和与于从至到及以对由向自第")
_NUMBERING = frozenset("年月日号时名位次件户岁元万亿千百余多届周天米吨亩公平辆台支后")
_SINGLE = re.compile(rf"[ \xa0\u3000][{HAN}](?![{HAN}])")
_LETTERS = re.compile(rf"(?<![{HAN}])[{HAN}](?:[ \xa0\u3000]{{1,3}}[{HAN}]){{1,60}}(?![{HAN}])")
_COLUMNS = frozenset("一二三四五六七八九十百日甲乙丙丁戊己庚辛上中下左右男女是否有无东西南北年月")
_BY = re.compile(rf"(?:[{BULLETS}]|记者|通讯员|作者|[、（(：:／/|])[ \xa0\u3000]*\Z")
_ITEM = re.compile(r"(\d{1,2}|[A-H])([.．、])[ \xa0]?[^\d\s]")  # what begins an item of a list
_YEAR = re.compile(r"(?:19|20)\d{2}年?(?:\d{1,2}月)?生?")
_CLOSED = "。！？”）"  # what the line above a heading ends with, if anything
_DIVIDED = -5.0  # nats by which a comma between the clauses of a heading may be less likely than none
_FLUENT = -6.5  # nats a character that joined letters score at least
_WIDE, _LEGIBLE = (
    6,
    -8.0,
)  # so many single characters in a row are letters set wide unless they say nothing at all


def propose_spacing(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Blanks that the layout left behind disappear; blanks that separate things stay.

    What it repairs: blanks between Han characters and digits, letters, `%` and `+`; blanks before and after marks; blanks
    between the characters of a heading (`凝 心 聚 力`) or of a two-character name in a byline (`■王 宾`).

    How it comes about: a PDF reader takes the gap that typesetting puts between scripts, or between letters set wide, for
    a blank; names of two characters are set to the width of three.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "截至 2018年 6月，共有 300 余名党员， 覆盖率 95%。"
        >>> apply(text, propose_spacing(text))
        '截至2018年6月，共有300余名党员，覆盖率95%。'

    When it is wrong: where a text keeps such blanks on purpose, as web style guides ask; edits are `likely`, never `sure`.
    Names, title clauses and slogans keep the blank between them, numbered headings the one behind their number, tables and
    contents theirs, lines their indent.

    Source: GB/T 15834 knows no blanks; measured on magazine pages and on held-out press text.
    """
    edits = []
    for match in _GAP.finditer(text):
        chance = _chance(text, match.start(), match.end())
        if chance:
            edits.append(Edit(match.start(), match.end(), match.group(), "", RULE, "likely", chance))
    taken = {edit.start for edit in edits}
    if _SINGLE.search(text):
        edits.extend(edit for edit in _letters(text) if edit.start not in taken)
    return list(without_overlaps(edits))


def _chance(text: str, start: int, end: int) -> float:
    """How sure it is that the blanks [start, end) should go; 0 where they stay."""
    left, right = text[start - 1], text[end]
    if right in STOPS or right in CLOSING or left in OPENING:
        return 0.97 if left not in BULLETS and not (right in CLOSING and left in OPENING) else 0.0
    if left in STOPS:
        if not (is_han(right) or right in OPENING or right.isascii() and right.isalnum()):
            return 0.0
        return 0.97 if left not in "！？" or _in_prose(text, start, end) else 0.0
    if left == "”" and is_han(right) or is_han(left) and right in "“‘":
        line = "".join(around(text, start, end))
        return 0.93 if "。" in line or (len(line) >= 40 and prose(line)) else 0.0
    if is_han(left) and right in "+＋%％":
        return 0.95
    if right == "/" and left in _UNITS and is_han(text[end + 1 : end + 2]):
        return 0.93
    if is_han(right) and left in "%％+＋":
        return 0.95 if _after_token(text, start, end) and not _clauses(text, start, end) else 0.0
    if is_han(left) and right.isascii() and right.isalnum():
        return _before_token(text, start, end)
    if is_han(right) and left.isascii() and left.isalnum():
        return _after_token(text, start, end)
    return 0.0


def _in_prose(text: str, start: int, end: int) -> bool:
    left, right = around(text, start, end)
    return prose(left + right)


def _before_token(text: str, start: int, end: int) -> float:
    """Han, blank, then a number or a Latin word."""
    token = _TOKEN.match(text, end)
    if token is None or _item(text, start, end) or text[start - 1] == "电" or _FULL_DATE.match(text, end):
        return 0.0
    following = text[token.end() : token.end() + 4]
    if following[:1] in ("", "\n"):
        after = following.lstrip("\n")[:1]
        goes_on = after in _UNITS if token.group().isdigit() else _in_prose(text, start, end)
        return 0.93 if after and goes_on else 0.0
    if _titled(token.group(), text[start - 1], following[0]):
        return 0.0
    if following[0] in "@=?&_#<>^" or _variable(token.group()):
        return 0.0
    if following[0] in " \xa0" and not is_han(following.strip(" \xa0")[:1]):
        return 0.0
    if _column(token.group()) or _tabular(text, start, end):
        return 0.0
    return 0.0 if _clauses(text, start, end) else 0.95


def _clauses(text: str, start: int, end: int) -> bool:
    """Whether the only blank of a heading divides it into two clauses (`大坝决口 7人受伤`)."""
    left, right = around(text, start, end, 40)
    begins, ends = start - len(left), end + len(right)
    if not (
        len(left) >= 6 and len(right) >= 3 and begins and text[begins - 1] == "\n" == text[ends : ends + 1]
    ):
        return False
    before = text[max(0, begins - 40) : begins - 1].rpartition("\n")[2].rstrip()
    if before[-1:] not in _CLOSED or any(char in STOPS or char in " \xa0" for char in left + right):
        return False
    judge = model()
    return judge.score(left + "，" + right) - judge.score(left + right) > _DIVIDED


def _item(text: str, start: int, end: int) -> bool:
    """Whether a further item of a list begins here (`1.名单 2.表格`)."""
    found = _ITEM.match(text, end)
    if found is None or found.group(2) != "、":
        return found is not None
    return bool(re.search(r"(?<![0-9A-Za-z])[0-9A-H]{1,2}、", around(text, start, end)[0]))


def _titled(number: str, before: str, after: str) -> bool:
    """Whether a year begins the name of an event behind a clause (`… 2026全国…`)."""
    year = len(number) == 4 and number.isdigit() and number[:2] in ("19", "20")
    return year and is_han(after) and after not in "年版届" and before not in _LEADING


def _after_token(text: str, start: int, end: int) -> float:
    """A number or a Latin word, blank, then Han."""
    line, _ = around(text, start, end, 24)
    token = _TOKEN_BEFORE.search(line)
    if token is None or _column(token.group()) or token.group()[-1] in ".:," or _variable(token.group()):
        return 0.0
    before = line[: token.start()]
    if before and not (before[-1].isspace() or before[-1] in _EDGES or is_han(before[-1])):
        return 0.0  # the end of an address or a formula
    if not before.strip():
        named = text[end] in _NUMBERING or (text[end] == "个" and text[end + 1 : end + 2] != "人")
        return 0.9 if token.group().isdigit() and named else 0.0
    if before[-1] == "《" and _titled(token.group(), "", text[end]):
        return 0.0
    if before[-1].isspace() and not (is_han(before.rstrip()[-1]) or before.rstrip()[-1] in STOPS):
        return 0.0
    return 0.0 if _tabular(text, start, end) else 0.95


def _variable(token: str) -> bool:
    """A single small letter, as mathematics uses them."""
    return len(token) == 1 and token.islower()


def _column(token: str) -> bool:
    """Times, telephone numbers, paths: things that stand in columns of their own."""
    return ":" in token or "/" in token or (len(token) >= 7 and token.replace("-", "").isdigit())


def _tabular(text: str, start: int, end: int) -> bool:
    """Whether the line is the row of a table: words and bare numbers in turn, without a mark."""
    left, right = around(text, start, end)
    line = left + " " + right
    cells = line.split()
    if len(cells) < 4 or any(mark in line for mark in STOPS):
        return False
    bare = 0
    for cell, after in zip(cells, [*cells[1:], ""], strict=True):
        bare += (cell.replace(".", "").isdigit() and after[:1] not in _UNITS) or bool(_YEAR.fullmatch(cell))
        bare += cell in ("男", "女")
    return bare >= 2


def _letters(text: str) -> Iterator[Edit]:
    for match in _LETTERS.finditer(text):
        run = match.group()
        chars = run.split()
        if len(chars) == 2:
            join = _name(text, match.start(), match.end(), chars)
        elif set(chars) <= _COLUMNS:
            join = False
        elif len(chars) % 2 == 0 and all(char in _surnames() for char in chars[::2]) and _names(text, match):
            yield from _gaps(match, chars, every=2)
            continue
        else:
            joined = "".join(chars)
            least = _LEGIBLE if len(chars) >= _WIDE else _FLUENT
            listed = text[max(0, match.start() - 1) : match.start()] in ("：", ":")
            join = not listed and model().score(joined) / len(joined) >= least
        if join:
            yield from _gaps(match, chars, every=1)


def _gaps(match: re.Match[str], chars: list[str], every: int) -> Iterator[Edit]:
    """Edits that take out the blanks of a run: all of the narrowest, or (`every` 2) the first of each pair."""
    gaps = list(re.finditer(r"[ \xa0\u3000]+", match.group()))
    narrow = min(len(gap.group()) for gap in gaps)
    for number, gap in enumerate(gaps):
        if (every == 2 and number % 2) or (every == 1 and len(gap.group()) > narrow):
            continue
        start = match.start() + gap.start()
        yield Edit(start, start + len(gap.group()), gap.group(), "", RULE, "likely", 0.93)


def _name(text: str, start: int, end: int, chars: list[str]) -> bool:
    """Whether two characters with a blank between are a name where names stand: in a byline or a list of names."""
    if chars[0] not in _surnames() or set(chars) <= _COLUMNS:
        return False
    left, right = around(text, start, end, 30)
    if right and right[0] not in " \xa0\u3000、，）)／/|":
        return False
    words = re.split(r"[ \xa0\u3000、／/|]+", right.strip(" \xa0\u3000、"))
    names = all(len(word) <= 4 for word in words)
    return names and (bool(_BY.search(left)) or _only_names(left))


def _names(text: str, match: re.Match[str]) -> bool:
    left, _ = around(text, match.start(), match.end(), 30)
    return bool(_BY.search(left)) or _only_names(left)


def _only_names(left: str) -> bool:
    """Whether what stands left of a name in its line can only be more names behind a bullet."""
    words = left.strip(BULLETS + " \xa0\u3000").split()
    return (
        bool(left.strip())
        and bool(words)
        and all(2 <= len(word) <= 4 for word in words)
        and left[0] in BULLETS
    )


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(tables.pairs("surnames.tsv"))
