"""Who wrote it: names out of bylines, units as authors, affiliations, datelines.

The one idea: a byline is a list of names once role words (`记者`, `通讯员`) and marks (`■`) are taken away; a name is two
to four characters that open with a surname, and single characters between spaces are the halves of letter-spaced names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from pbtool import tables
from pbtool.articles.days import CLOCK, DAY, WEEKDAY
from pbtool.articles.lines import HAN, cells, ends_sentence, is_han
from pbtool.articles.words import BYLINE, PAGE, any_of, words
from pbtool.gazetteer import fold
from pbtool.tables import pattern

#: A byline has little beside it that could tell a rare surname from a word, so only those of more than 60 in a million count.
_USUAL = 60.0
_MARK = pattern(r"(?:[■□▪●◆◇▲△★☆◎○►▶▌|丨]|[〉》>＞»]{1,3})\s{0,3}")
_CAPTION, _LONGEST_UNIT = (
    9,
    14,
)  # characters before who took a picture that say what it shows, not where that person works
_BULLETS = "●○◆◇▲△★☆►▶◎"
_SPLIT = pattern(r"[\s、，,；;/／|丨·+＋&＆]+(?![^\s]{0,1}·)")
_NOTE_SIGN = pattern(rf"(?<=[{HAN}])(?:[\d¹²³⁴*＊①-⑨]{{1,3}}(?:[,，]\d)?)(?=$|[\s，,、；;])")
_BRACKETED = pattern(r"[（(【\[]([^（）()【】。！？]{2,60})[）)】\]]")
_AFFILIATION = pattern(
    r"[（(]\s?(?:作\s?者|第一作者|執筆|执笔)[^（）()]{0,120}(?:[（(][^（）()]{0,40}[）)][^（）()]{0,80}){0,3}[）)]"
)
_ORIGIN = pattern(
    r"[（(]\s?(?:本文|此文|原文|原载|摘自|选自|转自|转载|根据|本刊[^（）()]{0,6}有)[^（）()]{0,160}[）)]"
)
_UNIT_ALONE = pattern(
    r"[（(](?:中共)?[^（）()，。；：]{2,40}(?:委|部|局|党校|大学|学院|研究院|中心|办公室|公司|党委|党组|工委|研究所|研究室|支部)[）)]"
)
_ADDRESS = pattern(r"[（(]\s?(?:\d\s?[.．、]\s?)?[^（）()。]{4,150}\d{6}\s?(?:[；;][^（）()。]{4,150})?[）)]")
_BIOGRAPHY = pattern(r"[\[［【]?\s?(?:作者简介|作者介绍|作者信息|第一作者|通[讯信]作者)\s?[\]］】:：]")
_AUTHOR = pattern(r"[（(]\s?作\s?者\s?[:：]")
_OF_PLACE = pattern(r"[省市县区旗州镇乡村局办委部校院]$")
_AUTHORS = pattern(
    r"[（(]?\s?(?:文\s?[/／、]?\s?图|图文|文字|作\s?者|记者|通讯员|撰稿|撰文|供稿|来稿)\s?[:：|丨/／]"
)
#: In a line of particulars: the time before the author's name, and what stands behind it.
_TIME = pattern(rf"{DAY}(?:\s{{0,2}}{CLOCK})?\s{{0,4}}(?:{WEEKDAY})?\s{{0,4}}")
_SOURCE = pattern(rf"\s{{1,12}}(?:文章|稿件|信息)?来源\s?[:：].{{0,30}}$|[\s／/]\s?[{HAN}]{{2,6}}报[道导]$")
_PRESENTED = pattern(rf"([{HAN}·]{{2,8}})\s?[（(][^（）()。]{{2,40}}[）)]\s?[：:]?")
_OPENED = pattern(r"[（(]\s?(?:作\s?者|本文|此文|摘自|选自|转自)")
_AGENCY = pattern(rf"[。！？!?”]\s{{0,4}}([{HAN}]{{2,6}}发)$")
_TAKEN = pattern(
    r"[。！？!?”\s（(]\s{0,6}(?P<who>[^\s。！？!?”（()）][^。！？!?（()）]{1,23}?)\s?(?:摄|摄影|供图)\s?[）)]?$"
)
_BAR = pattern(r"(?<=[:：])\s?[|｜]|[|｜]\s?$")  # of a table that was copied
_COLON = pattern(r"\s?[:：]")
_SENT = pattern(r"[（(]([^（(]{0,62})[）)][|｜ ]{0,4}")
_WROTE = pattern("报道|供稿")
_SENDERS = pattern(r"\s?[（(【]([^（）()【】。]{2,50})[）)】]\s?")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The patterns that are made of words, compiled on first use; they match simplified characters."""
    source = any_of(BYLINE, "source")
    desk = rf"(?:[A-Z]{{2,6}}\s?)?(?:(?:{any_of(BYLINE, 'desk')}|驻[{HAN}]{{1,6}}?|[{HAN}]{{2,6}}?{source})\s?){{0,3}}"
    role = rf"{desk}{any_of(BYLINE, 'role')}"
    offices = "|".join(re.escape(word) for word, kind in tables.rows("offices.tsv") if kind != "courtesy")
    unit = any_of(BYLINE, "unit")
    made = {
        "role": rf"(?:{desk}(?:记者|通讯员|实习生)|(?<![{HAN}]){role}(?![{HAN}]{{5}})|摄影?$"
        rf"|(?<![{HAN}])(?:文\s?[/／、]\s?图|图\s?[/／、]\s?文|(?:图\s?文|文\s?图)(?=[\s:：/／])|[文图](?=\s?[/／:：])))\s?[:：/／]?"
        rf"|[/／]\s?(?:文\s?[/／、]?\s?图|图\s?[/／、]?\s?文|文字?|图片?|摄影?)(?![{HAN}])"
        rf"|(?<![{HAN}])(?P<house>[{HAN}]{{2,8}}?)(?:记者|通讯员|作者|评论员)(?=[\s:：/／{HAN}])\s?[:：/／]?",
        "role alone": any_of(BYLINE, "role"),
        "unit end": rf"(?:{unit}|{offices})$",
        "unit": rf"(?![{HAN}]{{0,6}}(?:从|专访|采访|在|向|获悉))[{HAN}]{{2,20}}{unit}",
        "standing": rf"[{HAN}、·（）()“”\d]{{0,30}}(?:{offices}|{unit}|[{HAN}]{{1,6}}[省市县区旗州镇乡村])",
        "dateline": rf"[【\[]?(?:本报|本刊|本网|本台|本站|新华社|中新社|人民网|[{HAN}]{{0,8}}?{source})[{HAN}]{{0,8}}?(?:\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日)?\s?(?:讯|电)[】\]]?(?=$|[\s（(：:—\d今昨近日记])"
        rf"|[{HAN}]{{2,10}}报道[:：]?\s?(?=[（(](?:{role}))|[{HAN}]{{2,8}}(?:讯|{source}消息)(?=\s|[（(](?:{role}))"
        rf"|[{HAN}]{{2,8}}(?:网|日报|晚报|晨报|都市报|融媒|客户端)(?=\s{{1,3}}[^\s]{{6,40}}[，。,])",
        "reporter": rf"^(?:{role})(?:\s?[:：])?\s?[{HAN}\s、]{{2,30}}$|[{HAN}]\s?(?:报道|供稿)(?=$|\s?[|｜])|(?:记者|通讯员)\s?[:：]",
        "reports": rf"\s{{0,3}}({role}\s?[{HAN}\s、]{{2,30}}?)(?:报道|摄影报道)(?=[\s:：，])[:：，]?",
        "house": rf"{source}(?:$|\s)",
        "edits": rf"{any_of(PAGE, 'credit')}(?:\s|[:：/／])",
        "editors": rf"(?<=\s){any_of(PAGE, 'credit')}(?:\s?[:：/／|]\s?[{HAN}]{{2,4}}(?:[\s、][{HAN}]{{2,3}}(?=\s|$))?|[{HAN}]{{2,3}}(?=\s|$))",
        "field": rf"(?:作\s?者(?:姓名)?|撰\s?文|记\s?者|通讯员|采写|文字)\s?[:：]\s{{0,3}}(?P<who>[^:：|｜]{{2,30}}?)(?=\s{{1,8}}\S{{2,6}}\s?[:：]|\s{{0,8}}$|\s{{0,3}}[|｜]|{any_of(PAGE, 'label', 'credit', 'abstract')}\s?[:：])",
        "part": rf"(?:(?P<author>{desk}(?:{any_of(BYLINE, 'role')}|图\s?文|文\s?图|文|图))|(?P<other>[{HAN}]{{2,4}}))\s?[:：/／]\s{{0,3}}(?P<who>[{HAN}·\s、]{{2,24}}?)(?=\s{{0,4}}[；;，,|｜]|\s{{1,8}}[{HAN}]{{1,4}}\s?[:：/／]|\s{{0,4}}$)[\s；;，,|｜]{{0,4}}",
    }
    return re.compile(made[name])


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors that a byline names, and the office or unit that stands beside them."""

    names: tuple[str, ...]
    office: str | None = None
    marked: bool = True


@cache
def _surnames() -> dict[str, float]:
    """Of every surname, how many in a million bear it."""
    return {name: float(share) for name, share in tables.rows("surnames.tsv")}


def _is_usual(surname: str) -> bool:
    return _surnames().get(surname, 0.0) > _USUAL


@cache
def _words() -> frozenset[str]:
    """Words that look like names: those of the table, and names of columns (`简讯`)."""
    return frozenset(
        (*(row[0] for row in tables.rows("not_names.tsv")), *words(PAGE, "column", "piece", "more"))
    )


def is_name(text: str, rare: bool = False) -> bool:
    """Whether a text can be a Chinese personal name; `rare`: a role beside it lets rare surnames count, too."""
    if text in _words():
        return False
    if not 2 <= len(text) <= 4 or not all(map(is_han, text)):
        return "·" in text and 3 <= len(text) <= 14 and all(is_han(c) or c == "·" for c in text)
    simple = fold(text)
    if simple[:2] in _surnames():
        return len(text) >= 3
    return len(text) <= 3 and (simple[0] in _surnames() if rare else _is_usual(simple[0]))


def names_of(text: str, rare: bool = False) -> tuple[str, ...] | None:
    """The names that a text consists of (freed of role words and letter-spacing), or None where it holds anything else.

    `rare`: see `is_name`.
    """
    glued = _glue(_tokens(text))
    return tuple(glued) if glued and all(is_name(name, rare) for name in glued) else None


def _tokens(text: str) -> list[str]:
    """The words of a byline without role words and without the signs that lead to notes (`陈文静1，李志强2`)."""
    bare = _NOTE_SIGN.sub("", text)
    kept, place = "", 0
    for match in _pattern("role").finditer(fold(bare)):
        house = match["house"]
        # `记者 林晓通讯员 何静`: what stands before a role is a house (`县报记者`) only where no role came before.
        own = bare[match.start() : match.end("house")] if house and place and is_name(house) else ""
        kept += bare[place : match.start()] + " " + own + " "
        place = match.end()
    return [token for token in _SPLIT.split(kept + bare[place:]) if token]


def _glue(tokens: list[str]) -> list[str]:
    """Single characters between spaces, put together in pairs (`王 震 王 程` are two names)."""
    result: list[str] = []
    half = ""
    for token in tokens:
        if len(token) != 1 or not is_han(token):
            result += [half] if half else []
            half = ""
            result.append(token)
        elif half and (_is_usual(fold(half)) or len(half) > 1):
            result.append(half + token)
            half = ""
        else:
            result += [half] if half else []
            half = token
    if half:
        if result and len(result[-1]) == 2 and not _is_usual(fold(half)):
            result[-1] += half
        else:
            result.append(half)
    return result


@lru_cache(maxsize=8192)
def parse_byline(text: str) -> Byline | None:
    """A line of its own as a byline; None where it is none.

    Plain names, and an office or unit with names behind it, come back with `marked` False: only their place can tell.
    """
    if len(text) > 60 or ends_sentence(text):
        return None
    taken = photographer(text)
    if taken and taken[0] > (_CAPTION if units_of(text[: taken[0]]) is None else _LONGEST_UNIT):
        return None  # what a picture shows, and who took it
    if _pattern("edits").match(fold(text).lstrip("（(【[ ")):
        parts = _parts(text)
        return Byline(parts) if parts else None
    bare = text if _MARK.match(text) else _without_editors(text)
    bracket = _BRACKETED.fullmatch(text)
    if bracket:
        bare = _without_editors(bracket.group(1))
        sender = _without_role(bare)
        if sender != bare and _pattern("unit").fullmatch(fold(sender)):
            return Byline((sender,))
    mark = _MARK.match(bare)
    if mark:
        bare = bare[mark.end() :]
    parts = _parts(bare, bool(mark)) if ":" in fold(bare) or "：" in bare else None
    if parts:
        return Byline(parts)
    role = _pattern("role").search(fold(bare))
    if _of_place(bare):
        return _with_office(bare, bool(mark or bracket))
    names = names_of(bare)
    if names:
        return Byline(names, None, bool(mark or role or bracket or _NOTE_SIGN.search(bare)))
    if mark:
        return _marked(bare, mark.group()[0] in _BULLETS)
    if _WROTE.search(fold(bare)) and (units := units_of(bare)):
        return Byline(units, marked=False)
    if role and role.start() == 0 and cells(bare) <= 30 and not bracket:
        return _with_roles(bare)
    return _with_office(bare, bool(bracket))


def _without_editors(text: str) -> str:
    """A line with blanks in the place of its editors (`…供稿 摄影/林晓 编辑/何静`)."""
    folded = fold(text)
    for match in _pattern("editors").finditer(folded):
        text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text.rstrip()


def _parts(text: str, marked: bool = False) -> tuple[str, ...] | None:
    """The authors in a row of roles and names (`图文：林晓；审核：何静`), None where it is no such row or names none.

    `marked`: a mark says that it is a byline, whatever the roles are called.
    """
    folded, place = fold(text), 0
    names: list[str] = []
    while place < len(folded):
        match = _pattern("part").match(folded, place)
        found = names_of(text[match.start("who") : match.end("who")], rare=True) if match else None
        if match is None or found is None:
            return None
        editor = _pattern("edits").match(folded, place) is not None
        if marked or (match["author"] and not editor):
            names += found
        elif match["other"] and not editor:
            return None
        place = match.end()
    return tuple(dict.fromkeys(names)) or None


def glued_names(text: str) -> tuple[str, ...] | None:
    """The names that a run of characters without any space consists of, where it can be cut in one way only."""
    if not 2 <= len(text) <= 9 or not all(map(is_han, text)):
        return None
    ways: dict[int, list[tuple[str, ...]]] = {0: [()]}
    for end in range(2, len(text) + 1):
        found = []
        for start in (end - 3, end - 2):
            if start >= 0 and is_name(text[start:end]):
                found += [(*way, text[start:end]) for way in ways.get(start, [])]
        ways[end] = found
    whole = ways[len(text)]
    return whole[0] if len(whole) == 1 else None


def _marked(bare: str, bullet: bool) -> Byline | None:
    """What stands behind a mark; a mark that opens items of lists too wants a name or the whole name of a unit."""
    if cells(bare) > 28 or any(c in bare for c in "，,；：:") or not bare:
        return None
    found = _with_office(bare, True)
    if found is not None:
        return found
    if bullet:
        return Byline((bare,)) if _pattern("unit").fullmatch(fold(bare)) else None
    if _pattern("unit end").search(fold(bare)):
        return Byline((bare,))
    return None


def _with_office(bare: str, marked: bool) -> Byline | None:
    """`青屏县云溪镇党委书记 林晓`: an office or unit, then names."""
    if cells(bare) > 32 or any(c in bare for c in "，,；：:。！？"):
        return None
    tokens = bare.split()
    for cut in range(1, len(tokens)):
        behind = [_pattern("unit").fullmatch(fold(token)) is not None for token in tokens[cut:]]
        names = names_of(" ".join(tokens[:cut])) if all(behind) else None
        if names and marked:
            return Byline(names, " ".join(tokens[cut:]), marked)
        names = names_of(" ".join(tokens[cut:]))
        if names and all(_pattern("standing").fullmatch(fold(token)) for token in tokens[:cut]):
            return Byline(names, " ".join(tokens[:cut]), marked)
    return None


def _of_place(text: str) -> bool:
    """`云溪镇 何静`: the first word could be a name by its characters, but it ends as places and offices do."""
    first, *others = text.split() or [""]
    return (
        bool(others)
        and len(first) >= 3
        and _OF_PLACE.search(fold(first)) is not None
        and names_of(" ".join(others)) is not None
    )


def units_of(text: str) -> tuple[str, ...] | None:
    """The units that a line consists of (`上洋村党支部 上洋村委会`), or None where it holds anything else."""
    tokens = text.split()
    tokens = tokens[:-1] if len(tokens) > 1 and _WROTE.fullmatch(fold(tokens[-1])) else tokens
    whole = tokens and all(_pattern("unit").fullmatch(fold(token)) for token in tokens)
    return tuple(tokens) if whole and len(text) <= 40 else None


def _with_roles(bare: str) -> Byline | None:
    rest = _glue(_tokens(bare))
    if not rest:
        alone = _pattern("role alone").fullmatch(fold(bare)) is not None
        return None if alone else Byline((_without_role(bare),), marked=False)
    names = tuple(part for part in rest if is_name(part))
    units = tuple(part for part in rest if part not in names)
    if not all(_pattern("unit").fullmatch(fold(unit)) for unit in units):
        return None
    return Byline(names, " ".join(units) or None) if names else Byline(units)


def trailing_byline(text: str) -> tuple[int, Byline] | None:
    """Where a bracketed byline at the end of a paragraph begins, and whom it names."""
    text = text.rstrip("|｜ ")
    if not text.endswith(("）", ")")):
        taken = photographer(text)
        return (taken[0], Byline(taken[1])) if taken and ends_sentence(text[: taken[0]].rstrip()) else None
    start = max(text.rfind("（", -64), text.rfind("(", -64))
    if start < 2:
        return None
    before = text[:start].rstrip()
    agency = _AGENCY.search(before)
    if not ends_sentence(before) and not agency:
        return None
    found = _in_bracket(text[start + 1 : -1])
    return (agency.start(1) if agency else start, found) if found else None


def _in_bracket(text: str) -> Byline | None:
    """Whom the words of a bracket name as authors or senders."""
    inner = _without_editors(text).strip()
    if _pattern("edits").match(fold(inner)):
        return None
    parts = _parts(inner) or _of_unit(inner)
    names = parts or names_of(inner)
    if names and not _of_place(inner):
        return Byline(names)
    found = _with_roles(inner) if _pattern("role").match(fold(inner)) else _with_office(inner, True)
    if found is None:
        sender = _without_role(inner)
        found = Byline((sender,)) if _pattern("unit").fullmatch(fold(sender)) else None
    return found


def _of_unit(text: str) -> tuple[str, ...] | None:
    """The authors behind their unit and a colon (`云溪镇党委：林晓、何静`)."""
    unit, *who = re.split("[:：]", text, maxsplit=1)
    units = all(_pattern("unit").fullmatch(part) for part in re.split(r"[/、\s]", fold(unit)))
    return names_of(who[0]) if who and units else None


def _without_role(text: str) -> str:
    """A sender without what it did (`石桥镇党委供稿`)."""
    return re.sub(r"\s?(?:供稿|报道|提供)$", "", text)


def sent_by(text: str) -> Byline | None:
    """Whom a line names that is nothing but a bracket with the senders (`（石桥镇党委供稿）`) or a dateline with them."""
    sent = dateline(text)
    if sent is not None and sent[1] == len(text):
        return sent[2]
    bracket = _SENT.fullmatch(text)
    return _in_bracket(bracket.group(1)) if bracket else None


def photographer(text: str) -> tuple[int, tuple[str, ...]] | None:
    """Where a line says behind its words who took the picture (`…采摘春茶。 林晓 摄`, `采茶（县融媒中心供图）`), and who: persons or units."""
    match = _TAKEN.search(fold(text))
    who = text[match.start("who") : match.end("who")] if match else ""
    names = names_of(who) or units_of(who)
    return (match.start("who"), names) if match and names else None


def affiliation(text: str) -> bool:
    """Whether a line (or joined lines) is `（作者单位：…）`, `（作者系…）`, a bare unit or addresses in brackets."""
    if _AUTHOR.match(text) and names_of(text.strip("（()） ")):
        return False
    return any(pattern.fullmatch(text) for pattern in (_AFFILIATION, _UNIT_ALONE, _ADDRESS))


def credited(text: str) -> Byline | None:
    """The authors that a line of particulars names (`2026-01-29 来源：县报 作者：林晓`, `记者 林晓 来源：县报`)."""
    if len(text) > 120 or ends_sentence(text):
        return None
    folded = fold(text)
    folded = _BAR.sub(lambda match: " " * len(match.group()), folded)
    fields = [text[match.start("who") : match.end("who")] for match in _pattern("field").finditer(folded)]
    if fields:
        authors = [name for who in fields for name in names_of(who) or units_of(who) or ()]
        return Byline(tuple(dict.fromkeys(authors))) if authors else None
    start = match.end() if (match := _TIME.match(folded)) else 0
    end = match.start() if (match := _SOURCE.search(folded)) else len(text)
    bare = text[start:end].strip()
    if start and (names := names_of(bare) or glued_names(bare)) and not _pattern("house").search(fold(bare)):
        return Byline(names)
    found = parse_byline(bare) if bare != text and _pattern("role").search(fold(bare)) else None
    return replace(found, marked=True) if found else None


def presents(text: str) -> bool:
    """Whether a line says who speaks below it (`郑德明（双井村党员）`)."""
    match = _PRESENTED.fullmatch(text)
    return match is not None and is_name(match.group(1))


def names_author(text: str) -> bool:
    """Whether a line beside a text says who wrote it (`记者：林晓 通讯员：何静`)."""
    return _AUTHORS.match(fold(text)) is not None or credited(text) is not None


def biography(text: str) -> bool:
    """Whether a line opens a note on the authors (`[作者简介]…`)."""
    return _BIOGRAPHY.match(fold(text)) is not None


def origin_note(text: str) -> bool:
    """Whether a line (or joined lines) is `（本文系…）`, `（摘自…）`: said by the editors, at the end of an article."""
    return _ORIGIN.fullmatch(text) is not None


def opens_note(text: str) -> bool:
    """Whether a line opens a bracket about the author or the text."""
    return _OPENED.match(text) is not None


@lru_cache(maxsize=8192)
def dateline(text: str) -> tuple[int, int, Byline | None] | None:
    """The dateline at the start of a paragraph: its end, the end of the bracket with the senders, and the senders.

    A bracket with reporters alone (`（记者 林晓）昨日，…`) is a dateline without place: it ends where it begins.
    """
    folded = fold(text[:80])
    match = _pattern("dateline").match(folded)
    if match is None:
        return _by_senders(text)
    colon = _COLON.match(text, match.end())
    end = (colon or match).end()
    senders = _SENDERS.match(text, end)
    if senders is None:
        reports = _pattern("reports").match(folded, end)
        names = names_of(text[reports.start(1) : reports.end(1)]) if reports else None
        return (end, reports.end(), Byline(names)) if reports and names else (end, end, None)
    found = _senders(senders.group(1))
    return (end, senders.end(), found) if found is not None else (end, end, None)


def _by_senders(text: str) -> tuple[int, int, Byline] | None:
    """A bracket with reporters at the start of a paragraph, without a place."""
    match = _SENDERS.match(text)
    if match is None or not _pattern("reporter").search(fold(match.group(1))):
        return None
    found = _senders(match.group(1))
    return (0, match.end(), found) if found is not None else None


def _senders(inner: str) -> Byline | None:
    """Who sent a text, in the bracket behind its dateline."""
    if _pattern("edits").match(fold(inner)):
        return None
    names = names_of(inner, rare=_pattern("role").search(fold(inner)) is not None) or _parts(inner)
    if names:
        return Byline(names)
    if "|" in inner or "｜" in inner:
        pieces = [_senders(piece) for piece in re.split(r"\s?[|｜]\s?", inner)]
        authors = [name for piece in pieces if piece for name in piece.names]
        return Byline(tuple(dict.fromkeys(authors))) if authors and all(pieces) else None
    if _pattern("role").match(fold(inner)):
        return _with_roles(inner)
    return _with_office(_without_role(inner), True) if inner != _without_role(inner) else None
