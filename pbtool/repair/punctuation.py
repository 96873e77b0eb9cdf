"""Half-width marks in Chinese prose, and quotation marks that do not pair.

The one idea: a mark belongs to the script it stands in. Han on one side and nothing foreign on the other makes it Chinese;
numbers, addresses, English and code keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.repair.marks import CLOSING, HAN, OPENING, around, chinese, is_han

RULE = "punctuation"
_FULL = dict(zip(",;:!?()", "，；：！？（）", strict=True))
_MARKS = frozenset(",;:!?")
_NEAR = f"{HAN}{OPENING}{CLOSING}，。、；：？！％…"
_MARK = re.compile(rf"[,;:!?](?:(?<=[{_NEAR}].)|(?=[ \xa0]?[{HAN}“‘《（]))")
_BRACKETS = re.compile(r"[(（][^()（）\n]{1,80}[)）]")
_STRAIGHT = re.compile(r'"[^"\n]{1,200}"')
_DOTS = re.compile(rf"(?<=[{HAN}”])(?:\.{{6}}|。{{3,6}}|\.{{3}})(?=[{HAN}”\n])")
_CODE = re.compile(r"[{}\\<>=_|]|[A-Za-z0-9_]\([\"'A-Za-z]")
_STRAY = re.compile(rf"“(?:(?=[，。、；”])|(?<=[{HAN}]”“)(?=\n|\Z))")
_LABEL = re.compile(
    r"\s*[A-Za-z][A-Za-z0-9 \-]{0,20}\Z"
)  # `Q`, `Subject`: what a line begins with before a colon
_COMMENT = re.compile(r"(?:^\s*(?://|/?\*)|^\s{2,}#|\S\s{2}#) ")
_REFERENCE = re.compile(r"\[(?:[A-Z]|[A-Z]{1,2}/OL)\]")
_NAMED = re.compile(r"&#?\w{2,8}\Z")
_QUOTED = re.compile(r'"[^"\n]{0,100}"')
_CELLS = re.compile(r"[^，。；：？！、;:!?\n]{3,200}")
_CELL = 14  # characters in a cell of a table
_ASKS = re.compile("[吗呢么何谁什哪吧否几啊咋怎]|多少|是不是|能不能|有没有")
_SENTENCE = re.compile("[。！？；!?;]")


def propose_punctuation(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Half-width marks in Chinese prose become full-width; quotation marks that cannot be right are reported.

    What it repairs: `, ; : ! ?` beside Han characters, brackets `( )` around Chinese text or behind it, straight quotation
    marks that pair inside a line, dots for an ellipsis. Reports an opening quotation mark that opens nothing.

    How it comes about: text typed or converted with half-width marks; web pages that were "normalised" by NFKC.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "今年以来,全镇(含3个村)完成投资1,200万元,比例为1:3。"
        >>> apply(text, propose_punctuation(text))
        '今年以来，全镇（含3个村）完成投资1,200万元，比例为1:3。'

    When it is wrong: Chinese inside program code that does not look like code; quotations of a foreign style.

    Source: GB/T 15834-2011; measured on web pages in both scripts and on held-out press text.
    """
    edits = [*_marks(text), *_brackets(text), *_quotes(text)]
    if "..." in text or "。。。" in text:
        edits.extend(
            Edit(m.start(), m.end(), m.group(), "……", RULE, "likely", 0.95) for m in _DOTS.finditer(text)
        )
    edits.extend(Edit(m.start(), m.end(), "“", "", RULE, "suggested", 0.7) for m in _STRAY.finditer(text))
    return list(without_overlaps(edits))


def _marks(text: str) -> Iterator[Edit]:
    if not any(mark in text for mark in _FULL):
        return
    for match in _MARK.finditer(text):
        place, mark = match.start(), match.group()
        left, right = around(text, place, place + 1, 40)
        if left[-1:].isdigit() and right[:1].isdigit() or not _in_chinese(left + mark, right):
            continue
        if _foreign(text, place, mark, left):
            continue
        if not left.strip() or left[-1] in ",;:!?" or right[:1] in _MARKS:
            continue
        if (
            mark == ":"
            and right[:1] in {"/", "\\"}
            or (left[-1:].isdigit() and mark in ":" and right[:1] == " ")
        ):
            continue
        grade, confidence = _trust(mark, left, right)
        if grade:
            yield Edit(place, place + 1, mark, _FULL[mark], RULE, grade, confidence)


def _foreign(text: str, place: int, mark: str, left: str) -> bool:
    """Whether a mark belongs to a label, a table, a comment, a reference or an entity rather than to prose."""
    begins = text.rfind("\n", 0, place) + 1
    if mark == ":":
        return place - begins <= 24 and bool(_LABEL.match(text[begins:place]))
    if mark == ";" and _NAMED.search(left):
        return True
    if _COMMENT.search(left) or _REFERENCE.search(left):
        return True
    return mark == "," and _row(text, begins)


def _row(text: str, begins: int) -> bool:
    """Whether the line is one of several that commas divide into equally many short cells."""
    line = _QUOTED.sub("“", text[begins : begins + 201].partition("\n")[0])
    if line.count(",") < 2 or not _CELLS.fullmatch(line) or max(map(len, line.split(","))) > _CELL:
        return False
    before = text[max(0, begins - 202) : max(0, begins - 1)].rpartition("\n")[2]
    after = text[begins : begins + 402].split("\n", 2)[1:2]
    beside = (_QUOTED.sub("“", other) for other in (before, *after) if other)
    return ", " not in line and any(other.count(",") == line.count(",") for other in beside)


def _trust(mark: str, left: str, right: str) -> tuple[Grade, float]:
    """How sure a mark is: between Han most; a question that asks nothing may be a character that was lost."""
    if mark == "?" and is_han(right[:1]) and not _ASKS.search(_SENTENCE.split(left)[-1]):
        return "suggested", 0.55
    if is_han(left[-1:]) and is_han(right[:1]):
        return "sure", 0.998
    return "likely", 0.98


def _in_chinese(left: str, right: str) -> bool:
    return chinese(left + right) and not _CODE.search(left[-24:] + right[:24])


def _brackets(text: str) -> Iterator[Edit]:
    if "(" not in text and ")" not in text:
        return
    for match in _BRACKETS.finditer(text):
        start, end, inside = match.start(), match.end() - 1, match.group()[1:-1]
        left, right = around(text, start, end + 1, 40)
        meant = is_han(left[-1:]) or any(map(is_han, inside)) or left[-1:] in "”》"
        called = left[-1:].isascii() and left[-1:].isalnum() and not any(map(is_han, inside))
        if not meant or called or not _in_chinese(left + "(", inside[:12] + right):
            continue
        for place in (start, end):
            if text[place] in "()":
                yield Edit(place, place + 1, text[place], _FULL[text[place]], RULE, "likely", 0.98)


def _quotes(text: str) -> Iterator[Edit]:
    for match in _STRAIGHT.finditer(text):
        left, right = around(text, match.start(), match.end(), 200)
        inside = match.group()[1:-1]
        if (
            (left + right).count('"') % 2
            or left[-1:] == ","
            and _row(text, text.rfind("\n", 0, match.start()) + 1)
            or not is_han(inside[:1])
            or not _in_chinese(left + '"', inside + right)
        ):
            continue
        for place, mark in ((match.start(), "“"), (match.end() - 1, "”")):
            yield Edit(place, place + 1, '"', mark, RULE, "likely", 0.96)
