"""Half-width marks in Chinese prose, and quotation marks that do not pair.

The one idea: a mark belongs to the script it stands in. Han on one side and nothing foreign on the other makes it Chinese;
numbers, addresses, English and code keep theirs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.language import model
from pbtool.repair.marks import CLOSING, HAN, OPENING, around, chinese, han_in, is_han
from pbtool.repair.quotes import quotes
from pbtool.repair.slips import slipping
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "punctuation"
_FULL = dict(zip(",;:!?()", "，；：！？（）", strict=True))
_FULL_OF = str.maketrans(_FULL | {".": "。"})
_MARKS = frozenset(",;:!?，、；：。")  # beside these a mark is one of two
_NEAR = f"{HAN}{OPENING}{CLOSING}，。、；：？！％…"
_MARK = pattern(rf"[,;:!?](?:(?<=[{_NEAR}].)|(?=[ \xa0]?[{HAN}“‘《（]))")
_HALF_BRACKET, _BRACKET = pattern("[()]"), pattern("[()（）]")
_REACH = 600  # characters of a line in which brackets are paired
_STOP = pattern(
    rf"\.(?<=[{HAN}”’》）%0-9].)(?!(?<=[0-9].)\s{{1,4}}[0-9])(?=[\n”’\"'）]|\Z|(?<=[{HAN}”》）].)[{HAN}“《])"
)
_BETWEEN = pattern(
    rf"([A-Za-z0-9](?<=[{HAN}，；].)[A-Za-z0-9.%]{{0,19}})([,;])(?=[A-Za-z0-9][A-Za-z0-9.%]{{0,20}}[{HAN}])"
)
_URL = pattern(r"(?:https?://|www\.)[!-'*-~]{1,200}|[\w.+-]{1,40}@[\w.-]{1,40}", re.ASCII)
_BRANCH = pattern("[A-Za-z0-9]{1,2} ", re.ASCII)  # `(a) `: how a line of a list begins
_POINTS = pattern(r"-?[\d.]{1,12}(?:, ?-?[\d.]{1,12})+")
_DOTS = pattern(rf"(?<=[{HAN}”’》）])(?:\.{{6}}|。{{3,6}}|\.{{3}})(?=[{HAN}{OPENING}”’0-9\n]|\Z)")
_CODE = pattern(r"[{}\\=_|]|<[A-Za-z/!]|[A-Za-z\"'/\-]>|\s[<>]|[<>]\s|[A-Za-z0-9_]\([\"'A-Za-z]")
_DOUBLED = pattern("[，、；：。,;:.][，、；：。,;:.]{1,2}")
_BEFORE_DOUBLED, _BEHIND_DOUBLED = pattern(rf"[{HAN}”》）)%％]\Z"), pattern(rf"[{HAN}“‘《（0-9]|\Z")
_MANY, _KINDS = 5, 3  # of such pairs, and kinds of marks behind the comma, that are no accident
_SURELY = 3.0  # nats by which one of several marks must fit better
_STRAY = pattern(rf"“(?:(?=[，。、；”])|(?<=[{HAN}]”“)(?=\n|\Z))")
_ASKED_BEFORE = frozenset(["", *"”’）》…"])  # what stands behind a question, whatever it says
_NO_END = frozenset("，。、；：")  # behind these no question ended
_LABEL = pattern(
    r"\s*[A-Za-z][A-Za-z0-9 \-]{0,20}\Z"
)  # `Q`, `Subject`: what a line begins with before a colon
_COMMENT = pattern(r"(?:^\s*(?://|/?\*)|^\s{2,}#|\S\s{2}#) ")
_REFERENCE = pattern(r"\[(?:[A-Z]|[A-Z]{1,2}/OL)\]")
_NAMED = pattern(r"&#?\w{2,8}\Z")
_QUOTED = pattern(r'"[^"\n]{0,100}"')
_CELLS = pattern(r"[^，。；：？！、;:!?\n]{3,200}")
_CELL = 14  # characters in a cell of a table
_ASKS = pattern(r"[吗呢么嘛何谁什啥哪吧否几啊咋怎孰]|多少|(.)[不没]\1")
_ASKED = -8.5  # nats that a question mark may fit worse than nothing: a lost character leaves one, too
_QUESTION = 120  # characters before its mark in which a question asks
_SENTENCE = pattern("[。！？；!?;]")
_ENDS = pattern("[，。；：？！,;:?!.]")
_NUMBERED = pattern(r"(?:^|[，。；：（(\s])第?[一二三四五六七八九十]{1,3}\Z")  # `一.`: how an item begins
_OPENED = pattern(rf"[{OPENING}][^{CLOSING}]*\Z")
_CLOSES = pattern(rf"\A[^{OPENING}]*[{CLOSING}]")
#: Nats by which a full stop fits better than a dot in a name, and than a comma (which few points stand for).
_WANTED, _COMMAS = 1.0, -6.0


def propose_punctuation(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Half-width marks in Chinese prose become full-width; quotation marks that cannot be right are reported.

    What it repairs: `, ; : ! ?` beside Han characters, brackets `( )` around Chinese text or behind it, straight quotation
    marks that pair inside a line, turned ones (`：”好。”`), a full stop `.` behind Han, dots for an ellipsis, commas that stand twice. Reports quotation
    marks whose partner is missing, with the place where it may have stood, and one that opens nothing.

    How it comes about: text typed or converted with half-width marks; web pages that were "normalised" by NFKC.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "今年以来,全镇(含3个村)完成投资1,200万元,比例为1:3。"
        >>> apply(text, propose_punctuation(text))
        '今年以来，全镇（含3个村）完成投资1,200万元，比例为1:3。'

    When it is wrong: Chinese inside program code that does not look like code; quotations of a foreign style.

    Source: GB/T 15834-2011; measured on web pages in both scripts and on held-out press text.
    """
    edits = [*_marks(text), *_brackets(text), *_stops(text), *_doubled(text), *quotes(text)]
    if "..." in text or "。。。" in text:
        dots = trust("punctuation: dots")
        edits.extend(
            Edit(m.start(), m.end(), m.group(), "……", RULE, "likely", dots) for m in _DOTS.finditer(text)
        )
    stray = trust("punctuation: stray quotes")
    edits.extend(Edit(m.start(), m.end(), "“", "", RULE, "suggested", stray) for m in _STRAY.finditer(text))
    return list(_outside(without_overlaps(edits), list(slipping(text))))


def _outside(edits: Iterable[Edit], spans: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    """The edits that touch none of the spans; both are sorted, and the spans do not overlap."""
    ends = [end for _, end in spans]
    for edit in edits:
        at = bisect_right(ends, edit.start)
        if at == len(spans) or spans[at][0] >= max(edit.end, edit.start + 1):
            yield edit


def _marks(text: str) -> Iterator[Edit]:
    if not any(mark in text for mark in _FULL):
        return
    for match in _MARK.finditer(text):
        place, mark = match.start(), match.group()
        left, right = around(text, place, place + 1, 40)
        if left[-1:].isdigit() and right[:1].isdigit() or not _in_chinese(left + mark, right):
            continue
        if _foreign(text, place, mark, left, text[place + 1 : place + 120].partition("\n")[0]):
            continue
        if not left.strip() or left[-1] in _MARKS or right[:1] in _MARKS:
            continue
        if (
            mark == ":"
            and right[:1] in {"/", "\\"}
            or (left[-1:].isdigit() and mark in ":" and right[:1] == " ")
        ):
            continue
        grade, confidence = _trust(mark, around(text, place, place, _QUESTION)[0], right)
        yield Edit(place, place + 1, mark, _FULL[mark], RULE, grade, confidence)
    for match in _BETWEEN.finditer(text):
        if _in_chinese(*around(text, match.start(2), match.end(), 40)) and not match.group(1).isdigit():
            place, mark = match.start(2), match.group(2)
            confidence = trust("punctuation: between foreign words")
            yield Edit(place, place + 1, mark, _FULL[mark], RULE, "likely", confidence)


def _doubled(text: str) -> Iterator[Edit]:
    """Two or three marks in a row become the one that all are, or the one of them that fits far better.

    Where a text has a comma before marks of several kinds again and again, a program has put it there.
    """
    found = list(_DOUBLED.finditer(text))
    behind = [match.group()[1] for match in found if match.group()[0] in ",，"]
    extra = len(behind) >= _MANY and len(set(behind)) >= _KINDS
    for match in found:
        start, end, marks = match.start(), match.end(), match.group()
        left, right = around(text, start, end, 40)
        if set(marks) == {"."} or not _BEFORE_DOUBLED.search(left) or not _BEHIND_DOUBLED.match(right):
            continue
        if not marks.isascii() or (
            _in_chinese(left, right) and not _row(text, text.rfind("\n", 0, start) + 1)
        ):
            kinds = "".join(dict.fromkeys(marks.translate(_FULL_OF)))
            if extra and len(marks) == 2 and kinds[0] == "，":
                kinds = kinds[-1]
            after, margin = _one_of(kinds, left, right)
            if margin >= _SURELY:
                chance = trust("punctuation: doubled marks")
                yield Edit(start, end, marks, after, RULE, "likely", chance)
            else:
                chance = trust("punctuation: one of two marks")
                yield Edit(start, end, marks, after, RULE, "suggested", chance)


def _one_of(marks: str, left: str, right: str) -> tuple[str, float]:
    """Which of these marks fits best here, and by how many nats; at the end of a line that is the full stop."""
    if "、" in marks and _NUMBERED.search(left):
        return "、", _SURELY
    if len(marks) == 1 or (not right and "。" in marks):
        return "。" if "。" in marks else marks, _SURELY
    scores = model().alternatives(left, marks, right or "\n")
    best, second = sorted(scores)[:-3:-1]
    return marks[scores.index(best)], best - second


def _foreign(text: str, place: int, mark: str, left: str, right: str) -> bool:
    """Whether a mark belongs to a label, a table, a comment, a reference or an entity rather than to prose."""
    begins = text.rfind("\n", max(0, place - 1000), place) + 1
    if mark == ";" and _NAMED.search(left):
        return True
    if _COMMENT.search(left) or ("[" in left + right and _REFERENCE.search(left + right)):
        return True
    if mark == ":":
        return place - begins <= 24 and bool(_LABEL.match(text[begins:place]))
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
    if mark == "?" and (right[:1] in _NO_END or not _asks(left, right)):
        return "suggested", trust("punctuation: a question that asks nothing")
    if is_han(left[-1:]) and is_han(right[:1]):
        return "sure", trust("punctuation: between Han")
    return "likely", trust("punctuation: beside Han")


def _asks(left: str, right: str) -> bool:
    """Whether a question ends here: a word of the sentence asks, and the next begins as a sentence does; or nothing follows."""
    if right[:1] in _ASKED_BEFORE:
        return True
    if not _ASKS.search(_SENTENCE.split(left)[-1]):
        return False
    mark, none = model().alternatives(left, ("？", ""), right)
    return mark - none >= _ASKED


def _in_chinese(left: str, right: str) -> bool:
    left, right = _URL.sub("", left), _URL.sub("", right)
    return chinese(left + right) and not _CODE.search(left[-24:] + right[:24])


def _brackets(text: str) -> Iterator[Edit]:
    for start, end in _bracketed(text):
        inside = text[start + 1 : end]
        left, right = around(text, start, end + 1, 40)
        han = han_in(inside)
        meant = is_han(left[-1:]) or han or left[-1:] in "”》"
        called = left[-1:].isascii() and left[-1:].isalnum() and not han
        if not meant or called or not _in_chinese(left + "(", inside[:40] + right):
            continue
        if _POINTS.fullmatch(inside) or _BRANCH.fullmatch(inside + right[:1] + left[-1:]):
            continue
        whole = text[start] == "(" and text[end] == ")" and is_han(left[-1:]) and is_han(inside[:1])
        grade: Grade = "sure" if whole and is_han(inside[-1]) else "likely"
        for place in (start, end):
            if text[place] in "()":
                mark, confidence = text[place], trust("punctuation: brackets")
                yield Edit(place, place + 1, mark, _FULL[mark], RULE, grade, confidence)


def _bracketed(text: str) -> Iterator[tuple[int, int]]:
    """The places of brackets that pair in their line, a half-width one among them, with something between."""
    done = 0
    while half := _HALF_BRACKET.search(text, done):
        start = max(text.rfind("\n", 0, half.start()) + 1, half.start() - _REACH, done)
        end = text.find("\n", half.start(), half.start() + _REACH)
        done = min(len(text), half.start() + _REACH) if end < 0 else end
        opened: list[int] = []
        for match in _BRACKET.finditer(text, start, done):
            place = match.start()
            if match.group() in "(（":
                opened.append(place)
            elif opened:
                begins = opened.pop()
                if begins + 1 < place and (text[begins] == "(" or match.group() == ")"):
                    yield begins, place


def _stops(text: str) -> Iterator[Edit]:
    """Full stops written as a point, behind Han; between two Han characters the model must want one there."""
    if "." not in text:
        return
    for match in _STOP.finditer(text):
        place = match.start()
        left, right = around(text, place, place + 1, 60)
        if text[place - 1] in "%0123456789" and sum(map(is_han, left)) < 6:
            continue
        if not _in_chinese(left, right) or _REFERENCE.search(left + right) or _COMMENT.search(left):
            continue
        yield _stop(place, left, right)


def _stop(place: int, left: str, right: str) -> Edit:
    if not is_han(right[:1]) or not is_han(left[-1:]):
        return Edit(place, place + 1, ".", "。", RULE, "likely", trust("punctuation: full stops"))
    full, dot, comma = model().alternatives(left, "。·，", right)
    part = _NUMBERED.search(left) is not None or _titled(left, right)
    if full - dot >= _WANTED and full - comma >= _COMMAS and not part:
        return Edit(place, place + 1, ".", "。", RULE, "likely", trust("punctuation: full stops between Han"))
    after = "·" if dot > max(full, comma) else "。"
    return Edit(place, place + 1, ".", after, RULE, "suggested", trust("punctuation: points between Han"))


def _titled(left: str, right: str) -> bool:
    """Whether a point parts a title: nothing of a sentence stands in the line, or in the brackets around it."""
    before, after = _ENDS.split(left)[-1], _ENDS.split(right)[0]
    if len(before) == len(left) and len(after) == len(right):
        return True
    return _OPENED.search(before) is not None and _CLOSES.search(after) is not None
