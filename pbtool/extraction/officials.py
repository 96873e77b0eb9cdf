"""Officials: every mention of a person in an article, with the title and the organisation that the text gives there.

The one idea: names are found in three rounds, each surer for what the last one learnt. First what the name model and the
offices beside it vouch for; then every other place where a name stands that is sure by now; last the short forms
(`施书记`, `老张`), which stand for a person that the article has named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pbtool.document import Article, Official, Place
from pbtool.extraction import name_evidence, names, offices
from pbtool.extraction.name_known import SURE, Known
from pbtool.extraction.names import Name
from pbtool.extraction.offices import Office, Span
from pbtool.extraction.people import agree
from pbtool.tables import pattern

_LEAST = -3.5  # what a candidate needs to be looked at
_TAKEN = -0.5  # what makes a mention
#: What each further mention of the same name is worth, up to four, if it has at least these log-odds.
_AGAIN = 0.7
_AGAIN_LEAST = -2.5
_VOUCHED_FOR = 1.5  # what makes a name known with an office beside it
_VOUCHED = 2.8  # what makes a name known that is met again
#: What a mention of each kind needs, after all bonuses; a short form needs more where nobody of that surname was named.
_NEED = {"given": 0.6, "sound": 0.2, "dotted": 0.0, "surname": -1.0, "short": 1.2}
_STANDS = -3.5  # what a short form needs where a person of that surname is named
_LIST = pattern(r"、|和|及|与|以及| {1,4}")
#: Offices of which a body has several, so that a list of names may share one.
_SHARED = pattern(
    r"(?:副|领导$|委员|常委|成员|代表|干部|队员|教师|教授|专家|院士|研究员|[民众员工生农户者人]|记者|通讯员|编辑|摄影?|同志|理事|董事)"
)
_ROLES = {"official": "official", "member": "member", "byline": "byline", "courtesy": "mention"}


@dataclass(slots=True)
class _Sheet:
    """A passage being read."""

    where: str
    index: int
    text: str
    folded: str
    places: list[Span]
    weighed: list[Name] = field(default_factory=list)
    vouched: set[Span] = field(default_factory=set)  # what an office speaks for
    signed: set[int] = field(default_factory=set)
    names: list[Name] = field(default_factory=list)
    short: list[Name] = field(default_factory=list)  # short forms that need a person they stand for
    offices: dict[int, Office] = field(default_factory=dict)


def find_officials(article: Article, places: Sequence[Place]) -> tuple[Official, ...]:
    """Every mention of a person's name in the article, in reading order.

    `start` and `end` count in the passage (`field`, `index`); `title` and `org` are what stands in the text, null where
    that mention has none; `name` is free of letter-spacing and, for a short form, the full name where it is sure.
    """
    spans: dict[tuple[str, int], list[Span]] = {}
    for place in places:
        spans.setdefault((place.field, place.index), []).append((place.start, place.end))
    sheets = [_sheet(f, i, passage.text, spans.get((f, i), [])) for f, i, passage in article.passages()]
    for sheet in sheets:
        signatures = _signatures(sheet)
        sheet.signed = {name.start for name in signatures}
        sheet.weighed = [*_weighed(sheet), *signatures]
        sheet.names = _first(sheet)
    cut = _shorten(sheets)
    known = _known(sheets, cut)
    surnames = {
        sheet.folded[n.start] for sheet in sheets for n in sheet.names if n.kind == "given" and n.odds >= 0
    }
    for sheet, standing in zip(sheets, known.standing([s.folded for s in sheets]), strict=True):
        _again(sheet, known, standing, surnames)
        _inherit(sheet)
    full = _full_names(sheets)
    return tuple(_official(sheet, name, full, known.parts) for sheet in sheets for name in sheet.names)


def _sheet(where: str, index: int, text: str, places: Sequence[Span]) -> _Sheet:
    return _Sheet(where, index, text, names.prepared(text), sorted(places))


def _weighed(sheet: _Sheet) -> list[Name]:
    """What may be a name in a passage, with what stands around it added."""
    text, places = sheet.folded, sheet.places
    bonus = 4.0 if sheet.where == "byline" else 0.0
    found = []
    for name in names.candidates(sheet.text, _LEAST - bonus, bonus):
        if name_evidence.in_place(name, text, places) or name_evidence.is_word(text, name):
            continue
        support = name_evidence.beside(text, name, places)
        odds = name.odds + support - name_evidence.telling(text, name, support)
        found.append(Name(name.start, name.end, odds, name.kind))
        if support >= name_evidence.OFFICE:
            sheet.vouched.add((name.start, name.end))
    whole = {n.end for n in found if n.kind == "given" and n.end - n.start < 4 and n.odds >= _NEED["given"]}
    found = [name for name in found if name.kind != "surname" or name.end not in whole]  # 罗守|田局长
    for start, end in name_evidence.among_places(text):
        found = [n for n in found if n.end <= start or end <= n.start or n.odds >= SURE + 2]
    return found


def _signatures(sheet: _Sheet) -> list[Name]:
    """The names that stand where only names stand: who wrote this, who took the picture."""
    signed = [] if sheet.where in ("byline", "title") else name_evidence.signed(sheet.folded)
    return [
        name
        for span in signed
        for name in name_evidence.only_names(sheet.folded, span, span == (0, len(sheet.text)))
    ]


def _first(sheet: _Sheet) -> list[Name]:
    """The names of a passage by the model, the places, the offices beside them and the lists they stand in."""
    weighed = sheet.weighed
    sheet.short = [n for n in weighed if n.kind in ("surname", "short") and n.odds >= _STANDS]
    chosen = [name for name in names.best(weighed) if name.odds >= _NEED[name.kind]]
    ends, starts = {n.end for n in chosen}, {n.start for n in chosen}
    listed = [
        n
        for n in weighed
        if n.odds < _NEED[n.kind] and n.odds >= -3 and name_evidence.listed(sheet.folded, n, starts, ends)
    ]
    if listed:
        chosen = names.best([*chosen, *(n._replace(odds=n.odds + 3.0) for n in listed)])
    return [name for name in chosen if name.odds >= _TAKEN]


def _known(sheets: Sequence[_Sheet], cut: Collection[str]) -> Known:
    """Names that the article vouches for: sure once, or likely and met again; none of `cut`."""
    odds: dict[str, float] = {}
    seen: dict[str, set[tuple[int, int]]] = {}
    for number, sheet in enumerate(sheets):
        for name in sheet.weighed:
            if name.kind in ("given", "sound", "dotted") and name.odds >= _AGAIN_LEAST:
                word = _plain(sheet.folded[name.start : name.end])
                sure = _VOUCHED_FOR <= name.odds < SURE and (name.start, name.end) in sheet.vouched
                odds[word] = max(odds.get(word, -9.0), SURE if sure else name.odds)
                seen.setdefault(word, set()).add((number, name.start))
    found = {w: value + _AGAIN * min(len(seen[w]) - 1, 4) for w, value in odds.items() if w not in cut}
    return Known(
        {
            w: value
            for w, value in found.items()
            if odds[w] >= SURE or odds[w] >= 0 and len(seen[w]) > 1 and value >= _VOUCHED
        }
    )


def _shorten(sheets: Sequence[_Sheet]) -> set[str]:
    """Cut a name that is another of the article's names and the beginning of the next word (`刘芳刚`, `贝·布托于`).

    Gives the words that are no names.
    """
    cut = set[str]()
    seen, sure = Counter[str](), dict[str, float]()
    for sheet in sheets:
        for name in sheet.names:
            word = sheet.folded[name.start : name.end]
            seen[word] += 1
            sure[word] = max(sure.get(word, name.odds), name.odds)
    for sheet in sheets:
        for place, name in enumerate(sheet.names):
            word = sheet.folded[name.start : name.end]
            for size in _SHORTER.get(name.kind, ()):
                short = word[:-size]
                if len(short) >= 2 and seen[short] and _outweighs(name, seen, sure, word, short):
                    sheet.names[place] = name._replace(end=name.end - size)
                    cut.add(word)
                    break
    return cut


_SHORTER = {"given": (1,), "dotted": (3, 2, 1), "sound": (2, 1)}


def _outweighs(name: Name, seen: Mapping[str, int], sure: Mapping[str, float], word: str, short: str) -> bool:
    """Whether the shorter of two names is what stands here."""
    if name.kind == "given":
        if len(word) != 3 or name.odds >= 4.0:
            return False
        return seen[word] < seen[short] or sure[word] < min(SURE, sure[short])
    return seen[word] < seen[short] + (name.kind == "dotted") and ("·" in short) == ("·" in word)


def _plain(word: str) -> str:
    return "".join(word.split()) if " " in word else word


def _again(sheet: _Sheet, known: Known, standing: Iterable[tuple[str, int]], surnames: set[str]) -> None:
    """Add the mentions of known names that were passed over, and give each mention its office."""
    added = []
    starts = [n.start for n in sheet.names]
    for word, start in standing:
        end = start + len(word)
        rivals = sheet.names[max(0, bisect_left(starts, start - 12)) : bisect_left(starts, end)]
        if not _outdone(rivals, start, end):
            continue
        if _alone(sheet, start, end) if word in known.given else _fits(sheet, start, end, word):
            added.append(Name(start, end, min(known[word], SURE), "given"))
    starts_taken = [(n.start, n.end) for n in sheet.names]
    for short in sheet.short:
        near = starts_taken[max(0, bisect_left(starts, short.start - 12)) : bisect_left(starts, short.end)]
        if sheet.folded[short.end - 1] in surnames and not any(
            s < short.end and short.start < e for s, e in near
        ):
            added.append(short)
    if added:
        sheet.names = names.best([*sheet.names, *(n._replace(odds=n.odds + 20) for n in added)])
        sheet.names = [
            n._replace(odds=n.odds - 20) if n.odds > 15 and n.kind == "given" else n for n in sheet.names
        ]
    _offices(sheet)


_CALLED = pattern(
    "(?:同志|书记|[哥姐叔嫂爷婆姨](?![一-鿿]?们)|说(?![明法服])|告诉|笑着|回忆|坦言|心里|一家|的(?:父亲|母亲|爱人|妻子|丈夫|家))"
)


def _alone(sheet: _Sheet, start: int, end: int) -> bool:
    """Whether a given name stands where it can only be somebody: between a sign or a particle and what people do."""
    text = sheet.folded
    if text[start - 1 : start] not in _LEADING or not _CALLED.match(text, end):
        return False
    return not any(low < end and start < high for low, high in sheet.places)


_LEADING = frozenset(("", *"，。；：！？“”‘’（）、 的和与跟对向让给看像是为叫到"))


def _outdone(rivals: Sequence[Name], start: int, end: int) -> bool:
    """Whether nothing that stands here already is as long, but for a surname."""
    return all(
        n.end <= start or end <= n.start or n.kind == "surname" or n.end - n.start < end - start
        for n in rivals
    )


def _fits(sheet: _Sheet, start: int, end: int, word: str) -> bool:
    if any(p[0] < end and start < p[1] for p in sheet.places) or name_evidence.in_doctrine(
        sheet.folded, start
    ):
        return False
    return len(word) >= 3 or names.weigh(sheet.folded, start, end) > -3.5


def _offices(sheet: _Sheet) -> None:
    size = len(sheet.text)
    for number, name in enumerate(sheet.names):
        floor = sheet.names[number - 1].end if number else 0
        ceiling = sheet.names[number + 1].start if number + 1 < len(sheet.names) else size
        found = _office(sheet, name, floor, ceiling)
        if found:
            sheet.offices[name.start] = found


def _office(sheet: _Sheet, name: Name, floor: int, ceiling: int) -> Office | None:
    text, at = sheet.folded, name.start
    if text.startswith("：", name.end) and (entered := _behind(sheet, name, floor, ceiling)):
        return entered  # a list of people: what stands before the name is the last one's office
    before = at
    while before > floor and text[before - 1] in " ：" and at - before < 4:
        before -= 1
    if before > floor and text[before - 1] in "的为":
        linked = offices.office_before(text, before - 1, floor, sheet.places)
        if linked and linked.kind in ("official", "member") and _leads(text, linked, before):
            return linked
    if name.kind == "surname":
        held = offices.office_before(text, at, floor, sheet.places)
        if held and held.kind in ("official", "member"):
            return held  # 村民赵大爷
        return _behind(sheet, name, floor, ceiling)
    if text[at - 1 : at] == "，" and _PERSONAL.match(text, name.end):
        return offices.office_before(text, at - 1, floor, sheet.places)  # 村主任，某某，男
    found = offices.office_before(text, before, floor, sheet.places)
    if found and found.kind != "byline" and text[before:at].strip(" ") == "：" and not _is_label(text, found):
        found = None
    if found and found.kind == "courtesy" and found.title:
        word = offices.head_before(text, found.title[1], found.title[0])
        found = replace(found, org=None, title=(word, found.title[1]))
    after = None if found and found.kind != "courtesy" else _behind(sheet, name, floor, ceiling)
    if found is None and after is None:
        return _stands_in(sheet, name, floor)
    return after or found


def _behind(sheet: _Sheet, name: Name, floor: int, ceiling: int) -> Office | None:
    """The office behind a name; where it stands right there, with the organisation before the name."""
    found = offices.office_after(sheet.folded, name.end, ceiling, sheet.places)
    if found and found.title and found.title[0] == name.end:
        return offices.with_body(sheet.folded, found, name.start, floor, sheet.places)
    return found


_PERSONAL = pattern("，(?:男|女|[一-鿿]{1,5}族)[，。；、]")


def _is_label(text: str, office: Office) -> bool:
    """Whether nothing stands before an office, as in a list of who holds which (组长：某某 副组长：某某)."""
    return office.start == 0 or not "一" <= text[office.start - 1] <= "鿿"


def _leads(text: str, office: Office, before: int) -> bool:
    """Whether what links an office to the name behind it says who holds it: 时任副县长的某某, 党委书记为某某."""
    if text[before - 1] == "为":
        return office.kind == "official"
    return bool(
        re.search(
            "(?:作为|身为|担任|时任|现任|曾任|兼任|也是|是)$", text[max(0, office.start - 2) : office.start]
        )
    )


#: What is called after somebody, and stands where he need not have lived.
_MEMORIAL = pattern(
    "(?:同志|烈士|将军)?(?:故居|旧居|故里|纪念|陵园|墓|雕像|塑像|广场|大学|学院|中学|小学|医院|图书馆|奖)"
)


def _stands_in(sheet: _Sheet, name: Name, floor: int) -> Office | None:
    """A place directly before a name is where that person belongs (`王家村李四`)."""
    start = name.start
    if _MEMORIAL.match(sheet.folded, name.end):
        return None
    for place in reversed(sheet.places):
        if place[1] == start and place[0] >= floor:
            start = place[0]
    return (
        Office((start, name.start), None, "mention")
        if start < name.start and sheet.where != "byline"
        else None
    )


def _inherit(sheet: _Sheet) -> None:
    """Names of a list share the office of the first where a body has several of that office."""
    for one, two in zip(sheet.names, sheet.names[1:], strict=False):
        office = sheet.offices.get(one.start)
        between = sheet.folded[one.end : two.start]
        if (
            office is None
            or office.title is None
            or two.start in sheet.offices
            or not _LIST.fullmatch(between)
        ):
            continue
        title = sheet.folded[office.title[0] : office.title[1]]
        shared = (
            office.kind == "byline"
            or _SHARED.search(title)
            or "各" in sheet.folded[office.start - 1 : office.start + 1]
        )
        if office.title[1] <= one.start and shared:
            sheet.offices[two.start] = office
    _hand_back(sheet)


_HELD = pattern(rf"{offices.GROUP}(?:共同|都|均|先后)?(?:担任|兼任|任|当选|是|为)")


def _hand_back(sheet: _Sheet) -> None:
    """Names of a list share the office that follows the last (由某某、某某先后担任村支书)."""
    text, handed = sheet.folded, set[int]()
    for one, two in zip(reversed(sheet.names[:-1]), reversed(sheet.names[1:]), strict=True):
        office = sheet.offices.get(two.start)
        if office is None or one.start in sheet.offices or not _LIST.fullmatch(text, one.end, two.start):
            continue
        if two.start in handed or office.start > two.end and _HELD.match(text, two.end):
            sheet.offices[one.start] = office
            handed.add(one.start)


def _full_names(sheets: Iterable[_Sheet]) -> dict[str, dict[str, set[str]]]:
    """Surname -> the people of that surname whom the article names, with the titles that it gives each of them."""
    owners: dict[str, dict[str, set[str]]] = {}
    for sheet in sheets:
        for name in sheet.names:
            if name.kind == "given":
                word = _plain(sheet.text[name.start : name.end])
                titles = owners.setdefault(word[0], {}).setdefault(word, set())
                office = sheet.offices.get(name.start)
                if office and office.title:
                    titles.add(sheet.text[office.title[0] : office.title[1]])
    return owners


def _stood_for(people: dict[str, set[str]], title: str | None, called: bool) -> str | None:
    """Whom a surname stands for: the one whose title agrees with its own, or the only one, where nothing speaks against it.

    `called`: a form of address follows it (李大爷), which says that it may be somebody else.
    """
    if title:
        agreeing = [word for word, titles in people.items() if any(agree(title, one) for one in titles)]
        if len(agreeing) == 1:
            return agreeing[0]
    only = next(iter(people)) if len(people) == 1 else None
    return only if only and not (people[only] and (title or called)) else None


def _official(
    sheet: _Sheet, name: Name, full: dict[str, dict[str, set[str]]], parts: Mapping[str, str]
) -> Official:
    text = sheet.text[name.start : name.end]
    office = sheet.offices.get(name.start)
    title = _slice(sheet.text, office.title if office else None)
    word = _plain(text)
    if name.kind in ("surname", "short"):
        own = title if office and office.start >= name.end else None
        word = _stood_for(full.get(word[-1], {}), own, name.kind == "surname") or word
    elif word in parts:
        word = parts[word]
    return Official(
        text=text,
        start=name.start,
        end=name.end,
        field=sheet.where,
        index=sheet.index,
        confidence=round(name.confidence, 3),
        name=word,
        title=title,
        org=_slice(sheet.text, office.org if office else None),
        role=_role(sheet, name, office),
        status=office.status if office else None,
    )


def _slice(text: str, span: Span | None) -> str | None:
    return re.sub(r"\s", "", text[span[0] : span[1]]) or None if span else None


def _role(sheet: _Sheet, name: Name, office: Office | None) -> str:
    if sheet.where == "byline" or name.start in sheet.signed or _signs(sheet, name):
        return "byline"
    return _ROLES.get(office.kind, "mention") if office else "mention"


def _signs(sheet: _Sheet, name: Name) -> bool:
    """Whether the name stands in a bracket of names alone behind the last sentence: who wrote it."""
    text = sheet.folded.rstrip()
    if not text.endswith("）") or len(text) - name.end > 30:
        return False
    start = text.rfind("（", 0, len(text))
    if start < 0 or name.start < start or (start and text[start - 1] not in "。！？”…"):
        return False
    rest = list(text[start + 1 : -1])
    for one in sheet.names:
        if start < one.start:
            rest[one.start - start - 1 : one.end - start - 1] = " " * (one.end - one.start)
    return not re.sub(r"[\s、，：]|记者|通讯员|本报|本刊|文|图|摄影?|作者|供稿", "", "".join(rest))
