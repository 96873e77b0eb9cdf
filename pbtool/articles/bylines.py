"""Who wrote it: names out of bylines, units as authors, affiliations, datelines.

The one idea: a byline is a list of names once role words (`记者`, `通讯员`) and marks (`■`) are taken away; a name is two
to four characters that open with a surname, and single characters between spaces are the halves of letter-spaced names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pbtool import tables
from pbtool.articles.lines import cells, ends_sentence, is_han
from pbtool.gazetteer import fold

#: A byline has little beside it that could tell a rare surname from a word, so only those of more than 60 in a million count.
_USUAL = 60.0
_MARK = re.compile(r"[■□▪●◆◇▲△★☆◎○►▶▌|丨]\s{0,3}")
_DESK = r"(?:本报|本刊|本网|本台|融媒体?|全媒体|见习|实习|特约|首席|特派|驻[\u4e00-\u9fff]{1,6}|[\u4e00-\u9fff]{2,6}(?:日报|晚报|融媒|网))"
_ROLE = re.compile(
    rf"(?:{_DESK}\s?){{0,3}}(?:记者|記者|通讯员|通訊員|作者|撰稿人?|撰文|供稿|摄影|攝影|摄|编辑|实习生|文\s?[/／、]\s?图|图\s?[/／、]\s?文|[文图](?=\s?[/／:：]))\s?[:：/／]?"
)
_ROLE_ALONE = re.compile(rf"(?:{_DESK}\s?){{0,3}}(?:记者|通讯员|作者|撰稿人?|撰文|供稿|摄影|摄|编辑|实习生)")
_SPLIT = re.compile(r"[\s、，,；;/／|丨·]+(?![^\s]{0,1}·)")
_UNIT_END = re.compile(
    r"(?:评论员|评论|编辑部|课题组|调研组|组织部|宣传部|党委|县委|市委|区委|州委|支部|党组|工委|中心|办公室|办|局|委|部|组|院|校|社|台|团|会|厅|处|科|站|公司|大队|编写组|写作组|专班)"
)
_UNIT_ONLY = re.compile(rf"(?!从|专访|采访|在|向)[\u4e00-\u9fff]{{2,20}}{_UNIT_END.pattern}")
_OFFICE = re.compile(
    r"书记|部长|主任|局长|县长|市长|区长|镇长|乡长|常委|委员|处长|科长|院长|校长|主席|会长|教授|研究员|组长|主编|干部|记者|理事|专员|州长|旗长|站长|所长|書記|部長"
)
_BRACKETED = re.compile(r"[（(]([^（）()。！？]{2,60})[）)]")
_AFFILIATION = re.compile(
    r"[（(]\s?(?:作\s?者|第一作者|執筆|执笔)[^（）()]{0,120}(?:[（(][^（）()]{0,40}[）)][^（）()]{0,80}){0,3}[）)]"
)
_ORIGIN = re.compile(
    r"[（(]\s?(?:本文|此文|原文|原载|摘自|选自|转自|转载|根据|本刊[^（）()]{0,6}有)[^（）()]{0,160}[）)]"
)
_UNIT_ALONE = re.compile(
    r"[（(](?:中共)?[^（）()，。；：]{2,40}(?:委|部|局|党校|大学|学院|研究院|中心|办公室|公司|党委|党组|工委|研究所|研究室|支部)[）)]"
)
_OPENED = re.compile(r"[（(]\s?(?:作\s?者|本文|此文|摘自|选自|转自)")
_DATELINE = re.compile(
    r"(?:本报|本刊|本网|本台|新华社|新華社|中新社|人民网|[\u4e00-\u9fff]{2,5}(?:日报|晚报|网|社))[\u4e00-\u9fff]{0,8}?(?:\s?\d{1,2}\s?月\s?\d{1,2}\s?日)?\s?(?:讯|訊|电|電)(?![影话视力子脑商网气动信])"
)
_SENDERS = re.compile(r"\s?[（(]([^（）()。]{2,50})[）)]\s?")


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors that a byline names, and the office or unit that stands beside them."""

    names: tuple[str, ...]
    office: str | None = None
    marked: bool = True


@cache
def _compounds() -> tuple[str, ...]:
    return tuple(name for name, _ in tables.rows("surnames.tsv") if len(name) > 1)


@cache
def _surnames() -> frozenset[str]:
    return frozenset(name for name, share in tables.rows("surnames.tsv") if float(share) > _USUAL)


def is_name(text: str) -> bool:
    """Whether a text can be a Chinese personal name."""
    if not 2 <= len(text) <= 4 or not all(map(is_han, text)):
        return "·" in text and 3 <= len(text) <= 14 and all(is_han(c) or c == "·" for c in text)
    simple = fold(text)
    if simple.startswith(_compounds()):
        return len(text) >= 3
    return len(text) <= 3 and simple[0] in _surnames()


def names_of(text: str) -> tuple[str, ...] | None:
    """The names that a text consists of (freed of role words and letter-spacing), or None where it holds anything else."""
    tokens = [token for token in _SPLIT.split(_ROLE.sub(" ", text)) if token]
    glued = _glue(tokens)
    return tuple(glued) if glued and all(map(is_name, glued)) else None


def _glue(tokens: list[str]) -> list[str]:
    """Single characters between spaces, put together in pairs (`王 震 王 程` are two names)."""
    result: list[str] = []
    half = ""
    for token in tokens:
        if len(token) != 1 or not is_han(token):
            result += [half] if half else []
            half = ""
            result.append(token)
        elif half and (fold(half) in _surnames() or len(half) > 1):
            result.append(half + token)
            half = ""
        else:
            result += [half] if half else []
            half = token
    if half:
        if result and len(result[-1]) == 2 and fold(half) not in _surnames():
            result[-1] += half
        else:
            result.append(half)
    return result


def parse_byline(text: str) -> Byline | None:
    """A line of its own as a byline; None where it is none. Plain names come back with `marked` False."""
    if len(text) > 60 or ends_sentence(text):
        return None
    bare = text
    bracket = _BRACKETED.fullmatch(bare)
    if bracket:
        bare = bracket.group(1)
    mark = _MARK.match(bare)
    if mark:
        bare = bare[mark.end() :]
    role = _ROLE.search(bare)
    names = names_of(bare)
    if names:
        return Byline(names, None, bool(mark or role or bracket))
    if mark:
        return _marked(bare)
    if role and role.start() == 0 and cells(bare) <= 30 and not bracket:
        return _with_roles(bare)
    return None


def _marked(bare: str) -> Byline | None:
    if cells(bare) > 28 or any(c in bare for c in "，,；：:") or not bare:
        return None
    tokens = bare.split()
    for cut in range(1, len(tokens)):
        names = names_of(" ".join(tokens[cut:]))
        if names and (_OFFICE.search(tokens[cut - 1]) or _UNIT_END.search(tokens[cut - 1])):
            return Byline(names, " ".join(tokens[:cut]))
    if _UNIT_END.search(bare) or _OFFICE.search(bare):
        return Byline((bare,))
    return None


def _with_roles(bare: str) -> Byline | None:
    rest = [token for token in _SPLIT.split(_ROLE.sub(" ", bare)) if token]
    if not rest:
        return Byline((bare,)) if _ROLE_ALONE.fullmatch(bare) is None else None
    parts = [part for part in _glue(rest) if is_name(part) or _UNIT_ONLY.fullmatch(part)]
    if len(parts) == len(_glue(rest)):
        return Byline(tuple(parts))
    return None


def trailing_byline(text: str) -> tuple[int, Byline] | None:
    """Where a bracketed byline at the end of a paragraph begins, and whom it names."""
    if not text.endswith(("）", ")")):
        return None
    start = max(text.rfind("（", -64), text.rfind("(", -64))
    if start < 2:
        return None
    inner = text[start + 1 : -1].strip()
    names = names_of(inner)
    head = text[:start].rstrip()
    if not names and _ROLE.match(inner):
        found = _with_roles(inner)
        names = found.names if found else None
    if names and ends_sentence(head):
        return start, Byline(names)
    return None


def affiliation(text: str) -> bool:
    """Whether a line (or joined lines) is `（作者单位：…）`, `（作者系…）` or a bare unit in brackets."""
    return _AFFILIATION.fullmatch(text) is not None or _UNIT_ALONE.fullmatch(text) is not None


def origin_note(text: str) -> bool:
    """Whether a line (or joined lines) is `（本文系…）`, `（摘自…）`: said by the editors, at the end of an article."""
    return _ORIGIN.fullmatch(text) is not None


def opens_note(text: str) -> bool:
    """Whether a line opens a bracket about the author or the text."""
    return _OPENED.match(text) is not None


def dateline(text: str) -> tuple[int, int, Byline | None] | None:
    """The dateline at the start of a paragraph: its end, the end of the bracket with the senders, and the senders."""
    match = _DATELINE.match(text)
    if match is None:
        return None
    senders = _SENDERS.match(text, match.end())
    if senders is None:
        return match.end(), match.end(), None
    inner = senders.group(1)
    names = names_of(inner)
    found = Byline(names) if names else _with_roles(inner) if _ROLE.match(inner) else None
    if found is None:
        return match.end(), match.end(), None
    return match.end(), senders.end(), found
