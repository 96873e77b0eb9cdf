"""What is left of the markup that a text came from: `<br>`, `<strong>`, `&nbsp;`, `\\n` written out.

The one idea: markup among Chinese prose was never meant to be read; in a page of markup, in code and in a line about markup it
is the text itself. So the neighbours of each piece, its line and the whole text have to agree that it was left over.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from pbtool.edits import Edit, Grade
from pbtool.repair.marks import CLOSING, HAN, OPENING, STOPS, around, chinese, han_in
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "insertions"
_BREAKING = "br|p|div|h[1-6]|li|ul|ol|tr|table|tbody|thead|section|article|blockquote|center|hr"
_CELL, _LETTER = "td|th", "[abipsu]"
_INLINE = f"span|strong|em|font|img|sup|sub|small|big|label|nobr|wbr|o:p|{_LETTER}"
_TAG = pattern(
    rf"</?(?:({_BREAKING})|({_CELL})|{_INLINE})(?:\s[^<>\n]{{0,400}})?\s?/?>|<!--[^<>\n]{{0,400}}-->", re.I
)
_SINGLE = pattern(rf"</?({_LETTER})[\s/>]", re.I)
_CLOSED = pattern(f"</({_LETTER})>", re.I)
_PAGE = pattern(r"<(?:!doctype|html|head|body|meta|script|style|link|form|\?xml)\b|```|~~~", re.I)
_TEXT = f"{HAN}{STOPS}{OPENING}{CLOSING}…—"
_FEW = 6  # Han characters that a line of prose has, at least
_ENTITY = pattern(
    r"&(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}[0-9]{0,2});|&(?:nbsp|ensp|emsp)(?![A-Za-z0-9;])"
)
_BLANKS = {"\xa0": " ", "\u2002": " ", "\u2003": "\u3000", "\u2009": " "} | dict.fromkeys(
    "\u200b\u200c\u200d\xad", ""
)
_MARKUP = pattern(r"<[a-zA-Z/!]|</")
_SPOKEN_OF = pattern(
    "HTML|XML|实体(?!经济|企业|店)|實體(?!經濟|企業|店)|转义|轉義|空格|标签|標籤|标记|代码|代碼|换行|換行"
)
_NAMED = pattern("[用写寫]\\Z"), re.compile("表示|代表|代替")  # `用&amp;表示`
_ESCAPES = pattern(r"(?:\\r|\\n|\\t|\\u3000|\\xa0){1,9}")
_MEANT = {"\\n": "\n", "\\r": "", "\\t": "\t", "\\u3000": "\u3000", "\\xa0": " "}
_ESCAPE = pattern(r"\\(?:r|n|t|u3000|xa0)")
_CODE = pattern(r"[{}=;_`|$<>\\]|\(\"|\"\)|[A-Za-z]:\\")
_SAID = frozenset("。！？；…”")  # behind these a line ends
_SIDES = 300  # characters of a line that tell what it is


def markup(text: str) -> Iterator[Edit]:
    """Edits that take tags, entities and escapes out of prose, or put in what they stand for."""
    if "<" in text and ">" in text and not _PAGE.search(text):
        yield from _tags(text)
    if "&" in text:
        yield from _entities(text)
    if "\\" in text:
        yield from _escapes(text)


def _left_over(text: str, pattern: re.Pattern[str]) -> Iterator[list[tuple[re.Match[str], str, str]]]:
    """What matches and stands in a line of prose, in groups side by side, each match with the characters around its group."""
    groups: list[list[re.Match[str]]] = []
    for match in pattern.finditer(text):
        if groups and not text[groups[-1][-1].end() : match.start()].strip(" \t\xa0\u3000"):
            groups[-1].append(match)
        else:
            groups.append([match])
    for group in groups:
        start, end = group[0].start(), group[-1].end()
        left, right = (pattern.sub("", side) for side in around(text, start, end, _SIDES))
        line = _ENTITY.sub("", left + right)
        if han_in(line) < _FEW or not chinese(line) or _CODE.search(line) or _SPOKEN_OF.search(line):
            continue
        before, behind = left.rstrip()[-1:], right.lstrip()[:1]
        yield [(match, before, behind) for match in group]


def _han(char: str) -> bool:
    """Whether a character is one of Chinese text, or there is none."""
    return not char or re.match(f"[{_TEXT}]", char) is not None


def _tags(text: str) -> Iterator[Edit]:
    """Tags go; of those side by side that break a line one becomes the end of a line, of cells one a blank."""
    closed = {name.lower() for name in _CLOSED.findall(text)}
    for group in _left_over(text, _TAG):
        _, before, behind = group[0]
        sure = _han(before) and _han(behind)
        if not sure and not (_han(before) or _han(behind)):
            continue
        letters = {found.group(1).lower() for match, _, _ in group if (found := _SINGLE.match(match.group()))}
        if not sure and not letters <= closed:
            continue  # an inequality looks like it: 乙<b>0
        joint = _joint([match for match, _, _ in group]) if before and behind else ""
        for match, _, _ in group:
            grade: Grade = "sure" if sure else "likely"
            yield Edit(
                match.start(), match.end(), match.group(), joint, RULE, grade, trust("insertions: tags")
            )
            joint = ""


def _joint(tags: Sequence[re.Match[str]]) -> str:
    """What stands between two pieces of text instead of these tags."""
    if any(tag.group(1) for tag in tags):
        return "\n"
    return " " if any(tag.group(2) for tag in tags) else ""


def _entities(text: str) -> Iterator[Edit]:
    marked: bool | None = None
    for match in _ENTITY.finditer(text):
        marked = bool(_MARKUP.search(text)) if marked is None else marked
        left, right = around(text, match.start(), match.end(), 12)
        about = _SPOKEN_OF.search(left + right) or (_NAMED[0].search(left) and _NAMED[1].match(right))
        meant = html.unescape(match.group())
        after = _BLANKS.get(meant, meant)
        fits = len(meant) == 1 and meant not in "\ufffd<>" and (meant in _BLANKS or meant.isprintable())
        if fits and not marked and not about:
            chance = trust("insertions: entities")
            yield Edit(match.start(), match.end(), match.group(), after, RULE, "sure", chance)


def _escapes(text: str) -> Iterator[Edit]:
    """Line ends that are written out become line ends."""
    found = [group[0] for group in _left_over(text, _ESCAPES)]
    for match, before, behind in found:
        if not _han(behind) or (before.isascii() and not before.isdigit() and before):
            continue
        after = _ESCAPE.sub(lambda one: _MEANT[one.group()], match.group())
        if not before or not behind:
            after = after.strip("\n")
        plain = not before or before in _SAID
        grade: Grade = "sure" if plain else "likely" if len(found) > 1 or len(after) > 1 else "suggested"
        yield Edit(
            match.start(), match.end(), match.group(), after, RULE, grade, trust("insertions: escapes")
        )
