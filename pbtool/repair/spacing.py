"""Blanks that nobody typed: around digits and letters, after marks, between the characters of a name or a heading.

The one idea: a blank in Chinese text is either a boundary that somebody meant (between names, between the clauses of a title,
between the cells of a table, around every Latin word of a house style) or the trace of a layout. What stands on both sides,
the line it stands in, and what the whole text does tell which.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.language import model
from pbtool.repair.houses import House
from pbtool.repair.lettering import letters
from pbtool.repair.marks import BULLETS, CLOSING, HAN, OPENING, STOPS, around, is_han, prose
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "spacing"
_SIDE = f"{HAN}{STOPS}{OPENING}{CLOSING}％"
_GAP = pattern(rf"[ \xa0](?:(?<=[{_SIDE}][ \xa0])[ \xa0]?(?=\S)|(?<=\S[ \xa0])[ \xa0]?(?=[{_SIDE}]))")
_TOKEN = pattern(r"[0-9A-Za-z][0-9A-Za-z.,:/~\-]{0,20}[%％‰+＋]?")
_TOKEN_BEFORE = pattern(r"[0-9A-Za-z.,:/~\-]{0,20}[0-9A-Za-z.,:%％‰+＋]\Z")
_FULL_DATE = pattern(r"\d{4}年\d{1,2}月\d{1,2}日")
_DATE = pattern(r"\d{4}年(?:\d{1,2}月)?(?:\d{1,2}日)?[ \xa0]*(?:\n|\Z)")
_UNITS = frozenset(
    "年月日号时点分秒个名位人次件项条家户岁元万亿千百余多名届期周天米吨亩公平里克级套支份起场处座所间批辆台部篇本章节倍成类种"
)
_EDGES = frozenset(STOPS + OPENING + CLOSING + BULLETS + "()—…-～~")
_LEADING = frozenset("的是在为和与于从至到及以对由向自第")
_NUMBERING = frozenset("年月日号时名位次件户岁元万亿千百余多届周天米吨亩公平辆台支后")
_ITEM = pattern(r"(\d{1,2}|[A-H])([.．、])[ \xa0]?[^\d\s]")  # what begins an item of a list
_YEAR = pattern(r"(?:19|20)\d{2}年?(?:\d{1,2}月)?生?")
_TIMED = pattern(r"[ \xa0\u3000]{0,4}(?:周[一二三四五六日]|\d{1,2}[:：]\d{2})[^，。；]{0,60}\Z")
_CODE = pattern("[{}<>=_;]|[A-Z]{4,} ")
_BEFORE_QUOTATION = pattern(rf"[{HAN}][ \xa0]{{1,2}}“[^“” ]{{1,20}}”\Z")
_BEHIND_QUOTATION = pattern(rf"“[^“” ]{{1,20}}”[ \xa0]{{1,2}}[{HAN}]")
_NEWS = pattern("[^，。；：]{1,24}[讯电]")
_CLOSED = "。！？”）"  # what the line above a heading ends with, if anything
_DIVIDED = -5.0  # nats by which a comma between the clauses of a heading may be less likely than none
_TOGETHER = -7.0  # and by which one beside a quotation is, where no clause ends
_PLAIN_KINDS = {"before a mark", "behind an opening mark", "behind a mark"}  # sure in prose
_COUNTED_KINDS = {
    "before a number",
    "behind a number",
}  # sure in prose that has such places without a blank too


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

    When it is wrong: in a short text that keeps blanks around numbers and Latin words on purpose, as web style guides ask;
    where a longer text does so on both sides throughout, they stay. Names, title clauses and slogans keep the blank between
    them, numbered headings the one behind their number, tables and contents theirs, lines their indent, rows of single
    characters (`春 夏 秋 冬`) theirs.

    Source: GB/T 15834 knows no blanks; measured on magazine pages and on held-out press text.
    """
    edits = []
    house = House(text)
    for match in _GAP.finditer(text):
        start, end = match.span()
        kind = _kind(text, start, end)
        if kind and not house.keeps(start, end):
            grade = _grade(kind, text, start, end, house)
            edits.append(Edit(start, end, match.group(), "", RULE, grade, trust(f"spacing: {kind}")))
    taken = {edit.start for edit in edits}
    edits.extend(edit for edit in letters(text) if edit.start not in taken)
    return list(without_overlaps(edits))


def _grade(kind: str, text: str, start: int, end: int, house: House) -> Grade:
    """`sure` in running prose, where the blank can mean nothing: beside a mark, or where the text is not consistent."""
    plain = kind in _PLAIN_KINDS or (kind in _COUNTED_KINDS and house.mixed)
    return "sure" if plain and _in_prose(text, start, end) else "likely"


def _kind(text: str, start: int, end: int) -> str:
    """Why the blanks [start, end) should go; empty where they stay."""
    left, right = text[start - 1], text[end]
    if right in STOPS or right in CLOSING:
        return "before a mark" if left not in BULLETS and not (right in CLOSING and left in OPENING) else ""
    if left in OPENING:
        return "behind an opening mark"
    if left in STOPS:
        if not (is_han(right) or right in OPENING or right.isascii() and right.isalnum()):
            return ""
        return "behind a mark" if left not in "！？" or _in_prose(text, start, end) else ""
    if left == "”" and is_han(right) or is_han(left) and right in "“‘":
        return "beside a quotation mark" if _quoting(text, start, end) else ""
    if is_han(left) and right in "+＋%％":
        return "before a sign"
    if right == "/" and left in _UNITS and is_han(text[end + 1 : end + 2]):
        return "before a sign"
    if is_han(right) and left in "%％+＋":
        return "behind a sign" if _after_token(text, start, end) and not _clauses(text, start, end) else ""
    if is_han(left) and right.isascii() and right.isalnum():
        return _before_token(text, start, end)
    if is_han(right) and left.isascii() and left.isalnum():
        return _after_token(text, start, end)
    return ""


def _quoting(text: str, start: int, end: int) -> bool:
    """Whether a blank beside a quotation mark is the font's: in a long sentence, or where others stand inside the marks.

    Blanks on both sides of the same quotation are as well (clauses of a title are not that short), and so is one where no
    comma could stand.
    """
    left, right = around(text, start, end)
    if _BEFORE_QUOTATION.search(left) or _BEHIND_QUOTATION.match(right):
        return True
    line = left + right
    if "“ " in left or " ”" in right or "。" in line or (len(line) >= 40 and prose(line)):
        return True
    if left.rfind("（") > left.rfind("）"):
        return False  # the name of a column has parts
    comma, none = model().alternatives(left, ("，", ""), right)
    return comma - none <= _TOGETHER


def _in_prose(text: str, start: int, end: int) -> bool:
    left, right = around(text, start, end)
    return prose(left + right)


def _before_token(text: str, start: int, end: int) -> str:
    """The kind of a blank between Han and a number or a Latin word."""
    token = _TOKEN.match(text, end)
    if token is None or _item(text, start, end) or _dateline(text, start) or _FULL_DATE.match(text, end):
        return ""
    following = text[token.end() : token.end() + 4]
    if following[:1] in ("", "\n"):
        after = following.lstrip("\n")[:1]
        goes_on = token.group().isdigit() and after in _UNITS
        runs_on = is_han(after) or not token.group().isdigit()
        return (
            "over the end of a line" if goes_on or (after and runs_on and _in_prose(text, start, end)) else ""
        )
    if _titled(token.group(), text[start - 1], following[0]):
        return ""
    if following[0] in "@=?&_#<>^" or _variable(token.group()) or _code(token.group(), text, start, end):
        return ""
    if following[0] in " \xa0" and not is_han(following.strip(" \xa0")[:1]):
        return ""
    if _column(token.group()) or _tabular(text, start, end):
        return ""
    return "" if _clauses(text, start, end) else _named("before", token.group())


def _dateline(text: str, start: int) -> bool:
    """Whether the line so far says where the news comes from (`本刊讯`, `新华社北京7月1日电`)."""
    return bool(_NEWS.fullmatch(around(text, start, start, 30)[0]))


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


def _after_token(text: str, start: int, end: int) -> str:
    """The kind of a blank between a number or a Latin word and Han."""
    line, _ = around(text, start, end, 24)
    token = _TOKEN_BEFORE.search(line)
    if token is None or _column(token.group()) or token.group()[-1] in ".:," or _variable(token.group()):
        return ""
    if _code(token.group(), text, start, end):
        return ""
    before = line[: token.start()]
    if before and not (before[-1].isspace() or before[-1] in _EDGES or is_han(before[-1])):
        return ""  # the end of an address or a formula
    if token.group() in "+＋" and _quote_goes_on(text, start - len(line)):
        return "over the end of a line"
    if not before.strip():
        named = text[end] in _NUMBERING or (text[end] == "个" and text[end + 1 : end + 2] != "人")
        return "behind a first number" if token.group().isdigit() and named else ""
    if before[-1] == "《" and _titled(token.group(), "", text[end]):
        return ""
    if before[-1].isspace() and not (is_han(before.rstrip()[-1]) or before.rstrip()[-1] in STOPS):
        return ""
    return "" if _tabular(text, start, end) else _named("behind", token.group())


def _quote_goes_on(text: str, begins: int) -> bool:
    """Whether a line begins inside quotation marks that the line before opened."""
    left = text[max(0, begins - 60) : begins].rstrip("\n")
    return left[-1:] not in ("", *_CLOSED) and left.rfind("“") > left.rfind("”")


def _named(side: str, token: str) -> str:
    return f"{side} a number" if token[0].isdigit() else f"{side} Latin"


def _variable(token: str) -> bool:
    """A single small letter, as mathematics uses them."""
    return len(token) == 1 and token.islower()


def _code(token: str, text: str, start: int, end: int) -> bool:
    """Whether a Latin word stands in a line of program code."""
    left, right = around(text, start, end)
    return not token[0].isdigit() and bool(_CODE.search(left + right))


def _column(token: str) -> bool:
    """Times, telephone numbers, paths: things that stand in columns of their own."""
    return ":" in token or "/" in token or (len(token) >= 7 and token.replace("-", "").isdigit())


def _tabular(text: str, start: int, end: int) -> bool:
    """Whether the line is the row of a table: words and bare numbers in turn, without a mark."""
    left, right = around(text, start, end)
    line = left + " " + right
    cells = line.split()
    if any(mark in line for mark in STOPS):
        return False
    if _TIMED.match(line) or (_DATE.match(text, end) and _divided(left)):
        return True
    bare = 0
    for cell, after in zip(cells, [*cells[1:], ""], strict=True):
        bare += (cell.replace(".", "").isdigit() and after[:1] not in _UNITS) or bool(_YEAR.fullmatch(cell))
        bare += cell in ("男", "女")
    return (
        len(cells) >= 4
        and bare >= 2
        or bare > 0
        and len(cells) >= 3
        and _like_its_neighbour(text, start, len(cells))
    )


def _divided(left: str) -> bool:
    """Whether a blank between Han characters stands in this part of a line already."""
    return bool(re.search(f"[{HAN}][ \xa0]+[{HAN}]", left))


def _like_its_neighbour(text: str, place: int, cells: int) -> bool:
    """Whether the line above or below has as many cells."""
    begins = text.rfind("\n", max(0, place - 200), place) + 1
    before = text[max(0, begins - 200) : max(0, begins - 1)].rpartition("\n")[2]
    after = text[place : place + 400].split("\n", 2)[1:2]
    return any(len(line.split()) == cells for line in (before, *after))
