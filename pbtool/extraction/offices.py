"""Offices: the title and the organisation that stand beside a name, as the text gives them there.

The one idea: an office ends in one of a few hundred words (a table); from there the text is read to the left, over
modifiers and organisations, until something says that no office goes on there: a sign, a verb or preposition (a table), a
person. What lies between is cut into organisation and title at the end of the last place or organisation in it.

All functions work on prepared text (`names.prepared`), whose places are those of the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pbtool import tables
from pbtool.tables import pattern

Span = tuple[int, int]

_LONGEST = 8  # characters of a word of the table
_REACH = 40  # characters that an organisation may have to the left of its office
_BREAK = frozenset("，。；：！？（）()《》〈〉【】[]“”\"'‘’、 \n…—|■□●◆▲丨/")
#: What may stand between an organisation and its office, and belongs to neither.
_SENT = pattern(
    r"(?:(?:机关|企事业|事业)?(?:选派|下派|派驻|选任|挂职|派出|驻派|包联|结对)(?:到村|到社区|驻村|入村|到镇|在村)?(?:任职|工作|帮扶|挂职)?的?|到村任职的?|新当选的?|新上任的?|刚上任的?|新任|现任|时任|曾任|历任|拟任|名叫)$"
)
_PARTY = pattern(
    r"(?:(?:前任|第[一二三四五六七八九十]{1,3}|临时|联合|流动|机关|企业|退休|离退休)?(?:党的)?(?:党支部|党总支|党工委|党委|党组|纪委|纪工委|人大|政协|村委会|居委会|妇联|团委|团支部|支部|支委会|村党支部|村党总支|社区党委|社区党总支|组织部|宣传部|统战部|政法委|政府|总工会|工会|武装部)?)"
    r"(?:副|代|代理|常务|第一|原|前任?|名誉|专职|兼职|执行|轮值|党员|驻村|联村|包村|挂职|年轻|乡镇|镇|乡|村|社区|县|区|市|机关|新|老|优秀|退休|普通|基层){0,4}$"
)
_ORG_END = pattern(
    r"(?:省委|市委|县委|区委|州委|旗委|盟委|立法会|[省市县区州]?议会|党委|党支部|党总支|党工委|党组织?|纪委|人大|政协|政府|委员会|管委会|村委会|居委会|办公室|工作办|中心|公司|集团|大学|学院|学校|中学|小学|幼儿园|医院|卫生院|合作社|银行|支行|协会|学会|联合会|研究院|研究所|派出所|法院|检察院|大队|支队|总队|局|厅|部|委|处|科|站|所|院|社|厂|店|团|队|办|组|会|校|村|社区|镇|乡|县|市|区|省|州|旗|街道|园区|农场|林场)"
)
#: What joins two offices of one person (县委书记及县长).
_JOINED = frozenset("、及兼暨")
#: A body with a number in its name: 第三管理区, 第一小学.
_NUMBERED = pattern(r"第[一二三四五六七八九十0-9]{1,4}(?!书记|责任|时间|线|批|届|次|个|任)[一-鿿]{1,6}")
_NAMES = ("派驻", "选派")
_NUMBER = pattern(r"第[一二三四五六七八九十]{1,3}$")
_GOOD = ("好", "老", "新", "名", "位", "个")
_PEOPLE = pattern(r"[一-鿿]{1,6}族$")
#: What may follow an office that somebody takes, and does not belong to it: 担任村支书已有六年, 任组长期间.
_HELD_FOR = pattern(
    r"(?:一职|职务|期间|以来|以后|之后|[后时]|(?:已经?)?(?:有|满|近|达)?[0一二两三四五六七八九十多几余]{1,4}个?[多余]?[年月届](?:多|有余)?(?:了|来|间)?)$"
)
#: What stands before the place in the name of a body: 中国延安干部学院.
_NATIONAL = pattern(r"(?:武警|解放军|中国|国家|全国|中央|中华|中共|国网|中建|中铁|北大荒集团)$")
_FORMER = pattern(r"(?:原|前|时任|曾任|历任)(?!进)")
_ACTING = pattern(r"(?:代理|代)(?=[县市区镇乡省州旗书院局部主会厂总]|理)")
_PERSONAL = pattern(
    r"^(?:男|女|[一-鿿]{1,6}族|汉族|中共(?:预备)?党员|共青团员|群众|无党派(?:人士)?|0{1,4}(?:年)?(?:0{1,2}月)?(?:出?生(?:于|人)?)?|0{1,3}岁|[一-鿿]{2,12}(?:人|籍)|(?:0{4}年(?:0{1,2}月)?|同年(?:同月|0{1,2}月)?|当年)(?:参加(?:工作|革命)|(?:光荣)?入党|(?:光荣地?)?加入(?:了?中国)?共产党|入伍|参军|退伍|退休|离休|毕业)|(?:本科|大专|大学|研究生|高中|初中|中专|博士|硕士)(?:学历|文化)?|民建会员|九三学社社员|民革党员|民盟盟员)$"
)


@dataclass(frozen=True, slots=True)
class Office:
    """What stands beside a name: spans of organisation and title, the class of the title's last word, and its status."""

    org: Span | None
    title: Span | None
    kind: str
    status: str | None = None

    @property
    def start(self) -> int:
        """Where the organisation or title begins."""
        return min(span[0] for span in (self.org, self.title) if span)


_ANY = frozenset("全该本我各此")


def is_body(text: str, end: int, floor: int = 0) -> bool:
    """Whether the name of an organisation ends at `end`."""
    return bool(_BODY_END.search(text, max(floor, end - _LONGEST), end))


def with_body(text: str, office: Office, start: int, floor: int, places: Sequence[Span]) -> Office:
    """An office right behind a name with the organisation right before it, which begins at `start` (县民政局某某局长)."""
    if office.org or not office.title or not is_body(text, start, floor):
        return office
    begin, middle = _extent(text, start, floor, places)
    if middle or start - begin < 2 or text[begin] in _ANY:
        return office
    return replace(office, org=(begin, start))


@lru_cache(maxsize=1)
def heads() -> dict[str, str]:
    """Last word of a title -> official, member, byline or courtesy."""
    return tables.pairs("offices.tsv")


@lru_cache(maxsize=1)
def _stops() -> dict[str, list[tuple[str, bool]]]:
    """First character -> the words that end an office on its left, the longest first; False: it only looks so."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for word, sort in sorted(tables.rows("office_stops.tsv"), key=lambda row: (-len(row[0]), row[0])):
        found.setdefault(word[0], []).append((word, sort == "stop"))
    return found


def _stopped(text: str, start: int, end: int) -> Iterator[Span]:
    """The words in [start, end) that end an office on their left."""
    table, at = _stops(), start
    while at < end:
        for word, stops in table.get(text[at], ()):
            if text.startswith(word, at, end):
                if stops:
                    yield at, at + len(word)
                at += len(word)
                break
        else:
            at += 1


def head_before(text: str, end: int, floor: int = 0) -> int:
    """Where the longest office word that ends at `end` begins, or -1."""
    table = heads()
    for start in range(max(floor, end - _LONGEST), end):
        if text[start:end] in table:
            return start
    return -1


def office_before(text: str, end: int, floor: int, places: Sequence[Span]) -> Office | None:
    """The office that ends at `end` (the start of a name), not reaching left of `floor`."""
    head = head_before(text, end, floor)
    if head < 0:
        return None
    kind = heads()[text[head:end]]
    if kind == "byline":
        start = _desk(text, head, floor)
        return Office(None, (start, end), kind)
    start, middle = _extent(text, head, floor, places)
    first = start
    at = start
    while at > floor and text[at - 1] in _JOINED:
        inner = head_before(text, at - 1, floor)
        if inner < 0 or heads()[text[inner : at - 1]] == "courtesy":
            break
        at, middle = _extent(text, inner, floor, places)
        first = inner if at > inner else at
    return _cut(text, min(at, first), middle, end, floor, places, kind)


def _desk(text: str, head: int, floor: int) -> int:
    start = head
    while start > floor and head - start < 8 and "一" <= text[start - 1] <= "鿿":
        start -= 1
    found = re.search(
        r"(?:本报|本刊|本网|本台|融媒体?|全媒体|见习|实习|特约|首席|特派|新华社|驻[一-鿿]{1,4})*$",
        text[start:head],
    )
    return start + found.start() if found else head


def _extent(text: str, head: int, floor: int, places: Sequence[Span]) -> tuple[int, Span | None]:
    """Where what belongs to the office word at `head` begins, and the words inside that belong to nothing."""
    start = head
    while start > max(floor, head - _REACH):
        if text[start - 1] == "”" and (quote := text.rfind("“", max(floor, start - 10), start)) >= 0:
            start = quote  # 州委“两新”工委书记
        elif text[start - 1] == "）" and (bracket := text.rfind("（", max(floor, start - 9), start)) > floor:
            start = bracket  # 法规处（审理处）处长
        elif text[start - 1] in _BREAK:
            break
        else:
            start -= 1
    middle: Span | None = None
    sent = _SENT.search(text, max(start, head - 24), _bare(text, start, head))
    limit = head
    if sent and sent.group() and not _NUMBER.search(text, start, sent.start()):
        middle = sent.span()
        limit = sent.start()
    for low, high in _stopped(text, start, limit):
        word = text[low:high]
        if _inside(low, high, places) or word in _NAMES and _NUMBER.search(text, start, low):
            continue  # 第十五派驻纪检监察组
        if word == "第" and _NUMBERED.match(text, low):
            continue
        if high == limit and word == "的" and _body_ends(text, start, low, places):
            middle = (low, middle[1] if middle else high)
            continue
        start = high
    if middle and start >= middle[0]:
        return middle[1], None
    inside = [p for p in places if start <= p[0] < limit and p[1] <= head + 1]
    if inside:
        national = _NATIONAL.search(text, start, inside[0][0])
        start = national.start() if national else inside[0][0]
    elif head - start > 4:
        start = _plausible(text, start, head)
    return start, middle


def _bare(text: str, start: int, head: int) -> int:
    """Where the party body and the modifiers directly before an office word begin (`黨支部`書記)."""
    found = _PARTY.search(text, max(start, head - 14), head)
    return found.start() if found else head


def _inside(start: int, end: int, places: Sequence[Span]) -> bool:
    return any(p[0] <= start and end <= p[1] for p in places)


_BODY_END = pattern(rf"{_ORG_END.pattern}$")


def _body_ends(text: str, start: int, at: int, places: Sequence[Span]) -> bool:
    """Whether a place, or the name of an organisation of some length, ends at `at`."""
    return any(p[1] == at for p in places) or bool(_BODY_END.search(text, start + 3, at))


def _plausible(text: str, start: int, head: int) -> int:
    """A stretch without a place is taken for an organisation only if it holds the name of one."""
    bare = _bare(text, start, head)
    if bare - start <= 1 or _ORG_END.search(text, start + 1, min(head, bare + 4)):
        return start
    return bare


def _cut(
    text: str, start: int, middle: Span | None, end: int, floor: int, places: Sequence[Span], kind: str
) -> Office:
    status = _status(text, max(floor, start - 2), end)
    if middle is not None:
        org, title = _trim(start, middle[0]), (middle[1], end)
        return Office(org, title, kind, status)
    last = max((p[1] for p in places if start <= p[0] and p[1] < end), default=start)
    head = head_before(text, _first_part(text, start, end), start)
    head = head if head >= 0 else end
    bare = _bare(text, start, head)
    cut = max(min(last, head), bare if last <= start else last)
    if cut < end and text[cut] in "委" and cut > start:
        cut += 1
    cut = min(max(cut, _body_before(text, cut, bare)), head)
    org = None if _PEOPLE.match(text[start:cut]) or text[start:cut] in _GOOD else _trim(start, cut)
    unknown = org and last <= start and not _BODY_END.search(text, start, cut)
    if unknown and cut - start <= 3 and (kind == "member" or text[head:end] == "干部"):
        return Office(None, (start, end), kind, status)  # 困难党员, 青年干部
    return Office(org, (cut, end), kind, status)


def _body_before(text: str, start: int, end: int) -> int:
    """Where the last office or company in [start, end) ends (…监测预报处|处长), or `start`."""
    last, also = start, text.find("兼", start, end)
    for match in _BODY.finditer(text, start, also if also >= 0 else end):
        last = match.end()
    return last


#: Bodies whose name is part of the organisation, and not of the title.
_BODY = pattern("公司|集团|中心|医院|法院|检察院|协会|学会|联合会|研究[院所]|大学|学院|[局厅处](?!长)")


def _first_part(text: str, start: int, end: int) -> int:
    """Where the first of several offices ends."""
    return next((at for at in range(start, end) if _joins(text, at, start)), end)


def _joins(text: str, at: int, start: int) -> bool:
    """Whether a sign or word at `at` joins an office before it to another."""
    return text[at] == "、" or text[at] in _JOINED and head_before(text, at, start) >= 0


def _trim(start: int, end: int) -> Span | None:
    return (start, end) if end > start else None


def _status(text: str, start: int, end: int) -> str | None:
    if _FORMER.search(text, start, end):
        return "former"
    if _ACTING.search(text, start, end):
        return "acting"
    return "current" if re.search("现任|新任", text[max(0, start - 2) : end]) else None


def office_after(text: str, at: int, ceiling: int, places: Sequence[Span]) -> Office | None:
    """The office behind a name that ends at `at`: in brackets, behind 是 or 任, in apposition, or directly."""
    if text.startswith("（", at):
        return _bracketed(text, at, ceiling, places)
    if left := _post_left(text, at, ceiling, places):
        return left
    linked = _LINK.match(text, at)
    if linked:
        end = _clause_end(text, linked.end(), ceiling)
        if quoted := _quoted(text, linked.end(), end, places):
            return quoted
        held = _HELD_FOR.search(text, linked.end(), end)
        found = _whole(text, linked.end(), end, places, linked=True)
        return found or (_whole(text, linked.end(), held.start(), places, linked=True) if held else None)
    if text.startswith(("，", " "), at):
        return _apposed(text, at + 1, ceiling, places)
    if text.startswith("：", at):
        return _entered(text, at + 1, ceiling, places)
    if text.startswith("——", at):
        return _apposed(text, at + 2, ceiling, places)
    if _BORN.match(text, at, ceiling):
        return _apposed(text, at, ceiling, places)
    return _direct(text, at, ceiling)


def _entered(text: str, start: int, ceiling: int, places: Sequence[Span]) -> Office | None:
    """The office behind a name and a colon in a list of people, where it is all that is said."""
    end = _clause_end(text, start, ceiling)
    found = _whole(text, start, end, places) if text[end : end + 1] in ("", " ", "。", "；", "\n") else None
    return found if found and found.kind in ("official", "member") else None


def _quoted(text: str, start: int, end: int, places: Sequence[Span]) -> Office | None:
    """The office in quotation marks at `end`, behind the organisation from `start` (任某村党组织“第一书记”)."""
    title = _TITLE_QUOTED.match(text, end)
    kind = heads().get(title[1]) if title else None
    if title is None or kind not in ("official", "member"):
        return None
    if start < end and not _body_ends(text, start, end, places):
        return None
    return Office(_trim(start, end), title.span(1), kind)


_TITLE_QUOTED = pattern("“([^”]{2,8})”")
_COMES_TO = r"(?:担任|兼任|现任|历任|曾任|拟任|调任|升任|转任|改任|接任|继任|出任|挂任|就任|提任|任职|任|当选为?|当上了?|成为了?|成了|晋升为?|履新)"
#: What may stand behind a name or the last of a list before the verb: 等5位同志, 等.
GROUP = r"(?:等?(?:0{1,3}|[两三四五六七八九十]{1,3})(?:(?:位|名)(?:同志|人|村民)?|人)|等?同志|等)?"
#: What leads from a name to the office: 是, 曾任, 从某县县长调任, 被派到某村担任, ，原本是.
_LINK = pattern(
    rf"{GROUP}，?(?:(?:则|将|已|均|都|皆|分别|先后)?(?:从|由)[一-鿿、（）]{{2,24}}?{_COMES_TO}|被[一-鿿]{{0,24}}?(?:任命|{_COMES_TO}|选|推选|推举|聘|评选|增补))为?(?=[一-鿿])"
    rf"|{GROUP}，?(?:生前|原本|本来|原来|原先|以前|过去|此前|之前|同时|后来|随后|先后|曾经|目前|当时|原|曾|现|新|就|也|还|都|又)?(?:是|{_COMES_TO}|系|为)为?(?=[一-鿿])"
)
_LEAVING = pattern(r"(?:同志)?的?(?:(?:请求)?辞去(?:其)?)?(?=[一-鿿])")


def _post_left(text: str, at: int, ceiling: int, places: Sequence[Span]) -> Office | None:
    """The office that somebody is relieved of or resigns: 免去王某某同志某某镇镇长职务."""
    close = text.find("职务", at, min(len(text), ceiling, at + 60))
    start = _LEAVING.match(text, at)
    if close < 0 or start is None or close > _clause_end(text, at, ceiling):
        return None
    found = _whole(text, start.end(), close, places)
    return replace(found, status="former") if found else None


def _clause_end(text: str, at: int, ceiling: int) -> int:
    end = at
    while end < min(len(text), ceiling, at + 60) and (text[end] not in _BREAK or text[end] == "、"):
        end += 1
    return end


def _whole(text: str, start: int, end: int, places: Sequence[Span], linked: bool = False) -> Office | None:
    """The office that [start, end) consists of, or None where it holds anything else (linked: where none ends it)."""
    while start < end and text[start] in "，、 ":
        start += 1
    found = office_before(text, end, start, places) if start < end else None
    if found is None:
        return None
    if linked:
        if found.kind == "byline" or found.start > start + 4:
            return None
        return _freed(text, found)
    return found if found.start == start else _widened(text, found, start)


def _widened(text: str, found: Office, start: int) -> Office | None:
    """The office with all that stands before it from `start`, where no word there says that it is something else."""
    if found.kind == "byline" or found.start - start > _REACH or "、" in text[start : found.start]:
        return None
    if any(_stopped(text, start, found.start)):
        return None
    return replace(found, org=(start, found.org[1] if found.org else found.start))


def _freed(text: str, found: Office) -> Office:
    """The organisation without a 的 that links it to the title."""
    if found.org and text[found.org[1] - 1] == "的":
        return Office(_trim(found.org[0], found.org[1] - 1), found.title, found.kind, found.status)
    return found


def _bracketed(text: str, at: int, ceiling: int, places: Sequence[Span]) -> Office | None:
    close = text.find("）", at, min(len(text), at + 80))
    if close < 0:
        return None
    parts, begin = [], at + 1
    for match in re.finditer("[，；]", text[at + 1 : close] + "，"):
        parts.append((begin, at + 1 + match.start()))
        begin = at + 1 + match.end()
    for start, end in parts:
        if not _PERSONAL.match(text[start:end]):
            found = _whole(text, start, end, places)
            if found is not None:
                return found
    if all(_PERSONAL.match(text[s:e]) for s, e in parts):
        return _award(text, close + 1, ceiling, places)
    return None


def _award(text: str, at: int, ceiling: int, places: Sequence[Span]) -> Office | None:
    """The office behind `姓名（女，汉族）`, past what else is said of the person, on to the end of the clause."""
    while at < len(text) and text[at] in " ，：":
        at += 1
    at, end = _impersonal(text, at, ceiling)
    return _whole(text, at, end, places)


_HOLDING = pattern(
    r"(?:[自从]?0{4}年(?:0{1,2}月)?(?:起|开始|以来)?)?(?:现任|时任|原任|曾任|历任|(?:目前|现在?|先后|曾)?(?:担任|兼任)|现为|现系|系|任)(?=[一-鿿])"
)


_MOST_SAID = 12  # clauses on a person that may stand before the office
#: What may stand right behind a name and leads to what else is said of the person: 某某1956年12月出生，….
_BORN = pattern(r"(?:生于)?0{4}年(?:0{1,2}月)?(?:出?生|入党|参加工作)")


def _impersonal(text: str, at: int, ceiling: int) -> Span:
    """The first clause from `at` on that says more than sex, people, birth and schooling, without the word that leads in."""
    for _ in range(_MOST_SAID):
        end = _clause_end(text, at, ceiling)
        if end == at or not _PERSONAL.match(text[at:end]) or text[end : end + 1] not in ("，", "、", " "):
            break
        at = end + 1
    lead = _HOLDING.match(text, at, end)
    return (lead.end() if lead else at), end


def _apposed(text: str, at: int, ceiling: int, places: Sequence[Span]) -> Office | None:
    first, end = _impersonal(text, at, ceiling)
    if text.startswith("，", end) and (holding := _HOLDING.match(text, end + 1, ceiling)):
        # …，青年干部，现任某村第一书记
        holds = _whole(text, holding.end(), _clause_end(text, holding.end(), ceiling), places)
        if holds and holds.kind in ("official", "member"):
            return holds
    if end >= len(text) or text[end] in "，。；":
        found = _whole(text, first, end, places)
        return found if found and found.kind in ("official", "member") and end - first > 2 else None
    return None


#: What stands behind a title behind a name, where the title might be a verb.
_SPOKEN = pattern(r"$|[^一-鿿]|说|介绍|表示|认为|指出|提出|建议|告诉")


def _direct(text: str, at: int, ceiling: int) -> Office | None:
    """An office word directly behind the name (`王某某书记`)."""
    table = heads()
    for end in range(min(len(text), ceiling, at + 6), at + 1, -1):
        kind = table.get(text[at:end])
        if kind and kind not in ("byline",):
            plural = text.startswith("们", end)
            if kind == "courtesy" or plural or text[at:end] == "代表" and not _SPOKEN.match(text, end):
                return None  # 王某某代表全体党员发言
            if kind == "member" and not _SPOKEN.match(text, end):
                return None  # 王某某农民专业合作社
            return Office(None, (at, end), kind)
    return None
