"""What a number measures: the shortest phrase of its clause that says so.

The one idea: Chinese puts what is counted right behind the measure word (`40个示范点`), or, in lists and reports, right
before the number (`示范点40个`, `总收入达2.27亿元`). A closed table of verbs, adverbs and prepositions says where the phrase ends;
everything else may be part of a noun.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pbtool.extraction.phrases import (
    ADVERBS,
    BREAKS,
    LONGEST,
    break_at,
    is_mute,
    left_edge,
    right_edge,
    speaks,
    unnumbered,
    words,
)

_QUOTES = str.maketrans("", "", " \u3000")
_LEADING = re.compile(r"^(?:(?:这|該|该|那)?一[个個种種项項名支条條]|[这那][个件项种次批片条位名些])(?=.)")
_MODIFIER = re.compile(r"[^，。；：！？、,;:!?…\d()（）]{1,14}?的(?=[^，。；：！？、,;:!?…\d的])")


#: What makes a noun of the verb before it: 参与率, 投资额.
_MADE = ("率", "量", "额", "费", "金", "者")
_CLASSIFIERS = tuple("个件项种次批片条位名份场些家户")
#: Verbs of one character right before a number: what stands before them does, and does not own, what is counted.
_TAKES_OBJECT = frozenset("办做建种养买卖送发给开修拿收拍写出举获派选请招帮救带跑用花设练打需要交领")
_JOINING = "和及与或、等共已均都也并"


def measured(
    text: str,
    folded: str,
    start: int,
    end: int,
    group: str,
    date: tuple[int, int] | None = None,
    floor: int = 0,
    names: Sequence[tuple[int, int]] = (),
    places: Sequence[tuple[int, int]] = (),
) -> str | None:
    """What the number at [start, end) measures, as the text prints it, or None where the clause does not say.

    `start` and `end` hold the number with its qualifiers and its measure word; `group` is the class of the measure word; `date` is
    the last date before the number, which is no part of the phrase; `floor` is where the quantity before it ends; `names` are
    the spans of people's names, in order, `places` those of places: neither is cut in two.
    """
    if label := _labelled(folded, floor, start):
        return text[slice(*label)]
    edge = left_edge(folded, start)
    left, stop = _beside(folded, max(edge, _listed(folded, floor, start)), start, date)
    clause = _Clause(folded, left, stop, end, right_edge(folded, end), names, left == floor > edge)
    for spans in _choices(clause, group):
        clean = [part for span in spans if span and (part := _cleaned(folded, span, places))]
        phrase = "".join(text[slice(*span)] for span in clean if not is_mute(folded, *span))
        phrase = _LEADING.sub("", phrase.translate(_QUOTES).strip("的了，。、：:“”‘’「」"))
        if _LETTER.search(phrase) and any(speaks(folded, *span) for span in clean):
            return phrase
    return None


def _choices(clause: _Clause, group: str) -> Iterator[Sequence[Span | None]]:
    """What may be measured, the likeliest first."""
    if group == "age":
        spans = _of_age(clause)
    elif group in ("percent", "multiple"):
        spans = _of_share(clause)
    elif group == "money":
        spans = _of_money(clause)
    elif group in ("duration", "degree", "speed", "energy"):
        spans = _of_extent(clause)
    else:
        spans = _of_count(clause, group)
    yield spans
    if not any(spans):
        yield [_before(clause)]


_LETTER = re.compile("[一-鿿A-Za-z]")
_LABEL = re.compile(r"[一-鿿][一-鿿()（）/]{1,13}(?= ?: ?$)")
_SAYING = re.compile(
    r"(?:说|道|称|问|答|指出|表示|介绍|认为|强调|获悉|了解|如下|其中|包括|分别|目标|显示|透露|例如|比如|即|是|有|为)$"
)


def _labelled(folded: str, floor: int, start: int) -> Span | None:
    """The label of a number in a list of labels (总人口：2401人), None where the colon is none of a label."""
    if folded[start - 1 : start] not in (":", " ") or ":" not in folded[max(floor, start - 2) : start]:
        return None
    match = _LABEL.search(folded, max(floor, start - 18), start)
    return match.span() if match and not _SAYING.search(match[0]) else None


def _cleaned(folded: str, span: Span, places: Sequence[Span]) -> Span | None:
    """A span with the whole of a place at its beginning, without another quantity and without adverbs at its end."""
    part = unnumbered(folded, *_uncut(span, places))
    if part is None:
        return None
    start, end = part
    if (opened := folded.find("(", start, end)) > start and folded.find(")", opened, end) < 0:
        end = opened
    while end - start > 2:
        last = words("end").before(folded, start, end)
        if folded[end - 1] not in "皆仅也" and not (last > 1 and folded[end - last : end] in ADVERBS):
            break
        end -= max(last, 1)
    return start, end


Span = tuple[int, int]


def _uncut(span: Span, places: Sequence[Span]) -> Span:
    """The span with the whole of a place that begins before it and ends in it (河东区, not 东区)."""
    at = bisect_left(places, span) - 1
    if at >= 0 and places[at][0] < span[0] < places[at][1] <= span[1]:
        return places[at][0], span[1]
    return span


@dataclass(frozen=True, slots=True)
class _Clause:
    """The clause of a number: it stands at [start, end), the clause at [left, right) of `text`."""

    text: str
    left: int
    start: int
    end: int
    right: int
    names: Sequence[Span] = ()
    follows: bool = False  # it begins right behind another quantity

    def named(self, start: int, end: int) -> Span | None:
        """The first person named in [start, end)."""
        at = bisect_left(self.names, (start, 0))
        return self.names[at] if at < len(self.names) and self.names[at][1] <= end else None


def _listed(folded: str, floor: int, start: int) -> int:
    """Where the words before a number begin to be its own, and not those of the quantity that ends at `floor`."""
    return start if floor and folded[start - 1 : start] == "、" and start - floor < LONGEST else floor


def _beside(folded: str, left: int, start: int, date: Span | None) -> Span:
    """The part of [left, start) behind the date, or before it where nothing stands behind."""
    if date is None or date[1] <= left:
        return left, start
    if start - date[1] >= 3 or date[0] <= left:
        return date[1], start
    return left, date[0]


def _noun(clause: _Clause) -> Span | None:
    """The noun phrase behind the number, past a relative clause that leads up to 的."""
    folded, end = clause.text, clause.right
    place = _skip(folded, clause.end, end)
    if size := _SIZE.match(folded, place) or _NEXT.match(folded, place):
        place = size.end()
    if place >= end or folded[place].isdigit() or folded[place] == "处" and folded[place - 1] in "里米":
        return None
    if _opens_badly(folded, place, end):
        match = _MODIFIER.match(folded, place)
        if match is None:
            return None
        place = match.end()
        if _opens_badly(folded, place, end):
            return None
    first, stop = place, _noun_end(folded, place, end)
    if person := clause.named(first, stop):
        stop = person[1]
    if stop == end and folded[end : end + 1] == "、" and (match := _MODIFIER.match(folded, end + 1)):
        first = match.end()
        edge = right_edge(folded, first)
        if break_at(folded, first, edge) > 0:
            return None
        stop = _noun_end(folded, first, edge)
    if folded[stop : stop + 1].isdigit() and folded[first:stop].endswith(_MEASURE):
        return None
    particle = folded.rfind("的", first, stop)
    if particle >= 0 and stop - particle > 3:
        first = particle + 1
    while stop > first and folded[stop - 1] in _JOINING + "的中里内占达为有是说给 ":
        stop -= 1
    return (first, stop) if stop > first else None


#: A size between a number and its noun: 两座60KW光伏电站.
_NEXT = re.compile(
    r"\d[\d.]{0,6}[万亿]?[余多]?[条个名项件种类家处支场户人](?=[一-鿿])"
)  # 6类9000余条基础信息
_SIZE = re.compile(r"\d[\d.]{0,6}[A-Za-z]{1,4}(?=[一-鿿])")
_DIGIT = re.compile(r"\d")
#: What is itself measured by the number behind it, and not counted by the one before: 7人平均年龄50岁.
_MEASURE = tuple("龄均数额率量值积高长重价费入产")


def _opens_badly(folded: str, place: int, end: int) -> bool:
    """Whether a word begins at `place` with which no noun phrase begins."""
    length = break_at(folded, place, end)
    return length > 0 and words("dual").at(folded, place, end) < length


def _noun_end(folded: str, first: int, end: int) -> int:
    place = first
    while place < end:
        if place > first and folded[place].isdigit():
            break
        length = break_at(folded, place, end)
        dual = words("dual").at(folded, place, end)
        if length > 0 and dual < length and place > first and not _nominal(folded, place, length, end):
            break
        place += abs(length) or 1
    return min(place, end)


_NOUN_AFTER = frozenset("会部组队员者点站所室率量额费金款案书单表圈带区岗位群期团网券卡法力度性制")


def _nominal(folded: str, place: int, length: int, end: int) -> bool:
    """Whether a verb is part of a noun: 服务队, 参观者."""
    after = place + length
    return length > 1 and after < end and folded[after] in _NOUN_AFTER


def _skip(folded: str, start: int, end: int) -> int:
    while start < end and folded[start] in " 的":
        start += 1
    return start


def _bare_subject(clause: _Clause) -> Span | None:
    """What stands before the number without what links it (达, 为, 共有) and what opens the clause (目前, 今年)."""
    folded, start, stop = clause.text, clause.left, clause.start
    links = words("link")
    while stop > start:
        if folded[stop - 1] in " :“”":
            stop -= 1
        elif words("keep").before(folded, start, stop):
            break
        elif length := links.before(folded, start, stop):
            if words("end").before(folded, start, stop) > length:
                break
            stop -= length
        else:
            break
    first = start if clause.follows else _past_leads(folded, start, stop)
    return (first, stop) if first < stop else None


def _past_leads(folded: str, first: int, stop: int) -> int:
    while first < stop:
        if folded[first] in " 的了、":
            first += 1
        elif words("keep").at(folded, first, stop):
            break
        elif length := words("lead").at(folded, first, stop):
            first += length
            if folded[first - 1] in "这那该" and folded[first : first + 1] in _CLASSIFIERS:
                first += 1
        else:
            break
    return first


#: A verb of change right before an amount says how it changed, not what it is.
_CHANGED = re.compile(
    r"(?:却|则|又|也|还|再|同比|环比|比?(?:上年|去年|上月|上季度|年初|上年同期|去年同期)|年均|平均|累计|分别|逐年|连年|大幅|稳步|净){0,3}"
    r"(?:增长|增加|提高|上升|提升|扩大|上涨|下降|减少|降低|压减|压缩|回落|下滑|缩短)(?:了|近|约|逾|超)?$"
)
_HAS = re.compile(
    r"(?:现有|共有|拥有|建有|设有|下辖|辖有|已有|(?<![没具含所])有|辖)(?!关|效|力|序|机|限|偿|志)"
)


def _unchanged(clause: _Clause, span: Span) -> Span:
    """The subject without the verb of change behind it, where enough is left (收入增长, but 增收)."""
    match = _CHANGED.search(clause.text, max(span[0], span[1] - 16), span[1])
    return (span[0], match.start()) if match and match.start() - span[0] >= 2 else span


def _with_owner(clause: _Clause, span: Span) -> list[Span]:
    """The subject, or whose it is and what it is where 有 stands between the two (全镇现有合作社)."""
    match = _HAS.search(clause.text, span[0] + 2, span[1] - 2)
    if match is None or span[1] - match.end() < 2:
        return [span]
    return [(span[0], match.start()), (match.end(), span[1])]


def _last_verb(folded: str, start: int, end: int) -> Span | None:
    """The last word of [start, end) that ends a phrase, but for one that 的 turns into an attribute (反映的问题)."""
    place, verb = start, None
    while place < end:
        length = break_at(folded, place, end)
        adverb = (
            folded[place : place + length] in ADVERBS or folded[place + length : place + length + 1] in _MADE
        )
        if length > 0 and not adverb and folded[place + length : place + length + 1] != "的":
            verb = (place, place + length)
        place += abs(length) or 1
    return verb


def _subject(clause: _Clause) -> Span | None:
    """The noun phrase before the number: the object of the last verb where it can stand alone, else the verb with it."""
    folded = clause.text
    whole = _bare_subject(clause)
    if whole is None:
        return None
    start, end = whole
    verb = _last_verb(folded, start, end)
    if verb is not None:
        rest = end - verb[1]
        shortest = 2 if folded[verb[0]] == "等" else 3
        if rest >= shortest:
            start = verb[1]
        elif rest:
            return verb[0], end
    particle = folded.rfind("的", start, end)
    if particle >= 0 and end - particle > 4:
        start = particle + 1
    return start, end


def _before(clause: _Clause) -> Span | None:
    """The subject of the clause before, for a clause that is nothing but a number (…增长, 达到25%)."""
    folded, end = clause.text, clause.left - 1
    if end < 0 or folded[end : end + 1] not in ("，", ",", "、") or clause.start - clause.left > 2:
        return None
    before = _Clause(folded, left_edge(folded, end), end, end, end)
    subject = _subject(before)
    return None if subject and clause.named(*subject) else subject


def _of_money(clause: _Clause) -> list[Span | None]:
    """An amount: its subject (总收入达…), or the verb that spends it with what follows (出资…入股公司)."""
    subject, head = _subject(clause), _noun(clause)
    if subject is None:
        return [head or _after(clause)]
    subject = _unchanged(clause, subject)
    verb = _last_verb(clause.text, *subject)
    if verb and verb[1] == subject[1]:
        follows = head or _after(clause)
        return [verb, follows] if follows else [subject]
    return [subject]


def _of_extent(clause: _Clause) -> list[Span | None]:
    """A length of time, a speed: the clause it closes, with the noun it leads up to."""
    whole = _bare_subject(clause)
    if whole is None:
        return [_after(clause)]
    follows = _noun(clause) or _after(clause)
    if follows:
        follows = (follows[0], min(follows[1], follows[0] + 10))
    return [_shortened(clause, whole), follows]


def _shortened(clause: _Clause, span: Span) -> Span:
    """A long clause without what comes before its last name, or its last 14 characters."""
    if span[1] - span[0] <= 16:
        return span
    named = [end for start, end in clause.names if span[0] <= start and end <= span[1] - 4]
    return (max([span[1] - 14, *(start for start, end in clause.names if end in named[-1:])]), span[1])


_AGED = re.compile(r"(?:年龄|年纪|党龄|工龄|教龄|寿命)(?:为|是|达|仅|已)?$")


def _of_age(clause: _Clause) -> list[Span | None]:
    """An age: the one who follows (72岁的老党员…), what the clause calls an age, or the one named before."""
    head, subject = _noun(clause), _subject(clause)
    if head and (clause.text.startswith("的", clause.end) or clause.text[clause.end - 1] in "上下"):
        return [head]
    if subject and (_AGED.search(clause.text, subject[0], subject[1]) or subject[1] - subject[0] > 3):
        return [subject]
    at = bisect_left(clause.names, (clause.start, 0)) - 1
    near = clause.names[at] if at >= 0 and clause.start - clause.names[at][1] < 40 else None
    return [near or head or subject]


def _after(clause: _Clause) -> Span | None:
    """The clause behind the number, at most 16 characters of it."""
    folded, end = clause.text, clause.right
    place = _skip(folded, clause.end, end)
    while place < end:
        if folded[place] in " 的了就来间内里中" and not words("keep").at(folded, place, end):
            place += 1
        elif length := words("lead").at(folded, place, end):
            place += length
        else:
            break
    if place < end and folded[place].isdigit():
        return None
    number = _DIGIT.search(folded, place, end)
    if number and folded[place : number.start()].endswith(_MEASURE):
        return None
    return (place, min(end, place + 16)) if end > place else None


def _of_share(clause: _Clause) -> list[Span | None]:
    """A share: its subject when it closes the clause (出勤率达98%), subject and noun when a noun follows (园区30%企业)."""
    subject, head = _subject(clause), _noun(clause)
    if head and head[1] - head[0] < 2:
        head = None
    if subject:
        subject = _unchanged(clause, subject)
    if subject and head:
        return [subject, head]
    follows = None if head else _after(clause)
    if follows and (follows[1] - follows[0] < 3 or any(map(str.isdigit, clause.text[slice(*follows)]))):
        follows = None
    return [subject, follows] if subject and follows else [subject or head or follows]


def _of_count(clause: _Clause, group: str) -> list[Span | None]:
    head = _noun(clause)
    if head is None and group == "times" and (whole := _bare_subject(clause)) and whole[1] - whole[0] <= 16:
        return [whole]
    if head is None:
        subject = _subject(clause)
        if subject and clause.named(*subject) == subject:
            return []  # 许某、徐某4位: the last of those who are counted
        return (
            [*_with_owner(clause, _unchanged(clause, subject))]
            if subject
            else [_bracketed(clause) or _of_list(clause) or _after(clause)]
        )
    owner = _owner(clause)
    if head[1] - head[0] <= 2 and not owner:
        whole = _bare_subject(clause)
        if whole and whole[1] - whole[0] <= 8 and _last_verb(clause.text, *whole) is None:
            return [whole, head]
        verb = _last_verb(clause.text, *whole) if whole else None
        if verb and whole and verb[1] == whole[1] and verb[1] - verb[0] > 1 and head[1] - head[0] > 1:
            return [verb, head]
        if head[1] - head[0] == 1:
            return [(head[0], min(clause.right, head[0] + 7))]
    return [owner, head]


_AREA = re.compile("全[村镇乡县市区省州旗国]|[该我本][村镇乡县市区省]")
_LIST_OWNER = re.compile(
    r"([\u4e00-\u9fff]{2,10}?)(?:现有|共有|拥有|下辖|辖有|共|现|有|辖)?\d[^，。；！？,;\n]{1,36}、$"
)


def _of_list(clause: _Clause) -> Span | None:
    """Whose numbers a list gives: 全村37个村民组、1032户."""
    if clause.text[clause.start - 1 : clause.start] != "、":
        return None
    match = _LIST_OWNER.search(clause.text, _sentence_part(clause.text, clause.start), clause.start)
    if match is None or match.start() != _sentence_part(clause.text, clause.start):
        return None
    area = _AREA.match(match[1])
    if match[1].endswith(_MEASURE):  # 全村总户数907户、3885人
        return (match.start(1), match.start(1) + area.end()) if area else None
    return match.span(1)


def _sentence_part(folded: str, place: int) -> int:
    """Where the part of the sentence around `place` begins, at most 48 characters back."""
    low = max(0, place - 48)
    return max(low, 1 + max(folded.rfind(sign, low, place) for sign in "，。；！？,;\n"))


_BEFORE_BRACKET = re.compile(r"[^，。；：！？、,;:!?…\s()（）]{2,20}(?=[（(]共?计?$)")


def _bracketed(clause: _Clause) -> Span | None:
    """What stands before a bracket that holds nothing but the number: 名单（共6名）."""
    match = _BEFORE_BRACKET.search(clause.text, max(0, clause.start - 24), clause.start)
    return match.span() if match and clause.text[clause.end : clause.end + 1] in ("）", ")") else None


def _owner(clause: _Clause) -> Span | None:
    """Whose it is: what stands right before the number, when no verb or preposition stands between."""
    folded, stop = clause.text, clause.start
    if clause.follows or clause.left > 0 and folded[clause.left - 1] == "、":
        return None
    while stop > clause.left and folded[stop - 1] == " ":
        stop -= 1
    first = _past_leads(folded, clause.left, stop)
    if not 2 <= stop - first <= 10 or folded[stop - 1] in _TAKES_OBJECT or "为" in folded[first:stop]:
        return None
    for place in range(first, stop):
        if words("end").at(folded, place, stop) > 1 or folded[place] in BREAKS or folded[place].isdigit():
            return None
        if words("link").at(folded, place, stop) == stop - place:
            return None
    return first, stop
