"""What stands around a candidate for a name, and what it says for it or against it.

The one idea: the name model looks at three characters on each side; offices, places, lists, brackets and what makers of a
page put behind their names speak further than that, and each is worth a fixed number of natural log-odds.

All functions work on prepared text (`names.prepared`), whose places are those of the text itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pbtool import tables
from pbtool.extraction import names, offices
from pbtool.extraction.names import Name
from pbtool.extraction.offices import Span
from pbtool.extraction.phrases import words
from pbtool.extraction.place_mentions import joint_at
from pbtool.tables import pattern

_STAFF = 5.0  # what it is worth to stand alone behind 责任编辑：
OFFICE = 2.5  # what an office beside it is worth
_BETWEEN = 4.0  # what it is worth to stand between 记者 or the like and a sign
_BOUNDS = ("", " ", "）", "、", "/")
_LINKED = 4.0  # what 时任…的 with an office is worth
_SIGNED = 3.0  # what it is worth to stand where only names stand
#: A name inside the name of a doctrine is no mention of the person.
_DOCTRINE = pattern(
    r"(?:马克思(?:列宁)?|列宁|马列|毛泽东|邓小平|孙中山)(?:主义|思想|理论)|习近平(?:新时代|强军|经济|法治|文化|外交|生态|党建|总体国家)[一-鿿]{0,9}思想"
)
_SPEAKING = pattern(
    r"(?:[一-鿿]{0,4}地)?(?:说|介绍|表示|告诉|坦言|认为|指出|强调|感慨|回忆|解释|笑|谈|称|看来|是|在|带领|担任|任|[^一-鿿]|率|向|对|也|的|和|与|及|以及|同|并|又|还|都|曾|作|做|受|从|到|来|前往|主持|出席|参加|为|将|把|等|带|报道|摄|今[天日晚]|昨[天日晚]|日前|近日|当[选天])"
)
#: What only follows a person: a chess player's rank, sex or people in a bracket.
_AFTER_PERSON = pattern(
    r"[一二三四五六七八九]段(?!时|落|路)|（(?:女|男|[一-鿿]{1,6}族|左|右|前排|后排|中)(?=[），、0-9一二三四五])"
    r"|，(?:女|男|[一-鿿]{1,5}族|现年0|年仅0|今年0)(?=[，、0岁])|0{4}年0{1,2}月(?:出?生)|等0{1,4}[名位人]"
)


def beside(text: str, name: Name, places: Sequence[Span]) -> float:
    """What the office before a name, or the signs around it, add to its odds; `places` are spans in order."""
    if name.kind in ("surname", "short"):
        return 0.0
    if _in_staff_line(text, name):
        return _STAFF
    start = name.start
    while text[start - 1 : start] == " " and name.start - start < 3:
        start -= 1
    head = offices.head_before(text, start)
    kind = offices.heads()[text[head:start]] if head >= 0 else "courtesy"
    if kind == "byline" and text[name.end : name.end + 1] in _BOUNDS:
        return _BETWEEN  # 记者 某某 通讯员 某某
    if kind == "byline" or kind != "courtesy" and start == name.start:
        says = name.end == len(text) or _SPEAKING.match(text, name.end) or _titled(text, name.end)
        says = says or place_at(places, name.end)  # 剧团团长某某青海省湟源县…
        if kind == "member":  # 村民, 党员 mostly stand for many and are followed by a verb
            return 1.5 if says and "一" <= text[name.end : name.end + 1] <= "鿿" else 0.7 if says else 0.0
        return OFFICE if says else 1.5
    if name.odds < OFFICE and _is_in_office(text, name, places):
        return OFFICE
    if linked := _linked(text, name):
        return linked
    titled = _titled(text, name.end) or _in_bracket(text, name.end)
    at = bisect_left(places, (name.start, 0))
    if any(end == name.start for _, end in places[max(0, at - 2) : at]):
        if titled:
            return OFFICE  # 石桥镇李某某镇长
        if _SPEAKING.match(text, name.end):
            return 1.0  # 石桥村李某某说
    if titled and offices.is_body(text, name.start):
        return OFFICE  # 县民政局某某局长
    return 1.5 if head >= 0 or titled else 1.0 if _alone(text, name) else 0.0


def _is_in_office(text: str, name: Name, places: Sequence[Span]) -> bool:
    """Whether 是 or the like leads from the name to an office (某某是村妇女主任)."""
    if text[name.end : name.end + 1] not in ("是", "系", "任", "担"):
        return False
    found = offices.office_after(text, name.end, len(text), places)
    return found is not None and found.kind == "official"


def _in_bracket(text: str, at: int) -> bool:
    """Whether a bracket with an office follows: 某某（青山县副县长、某局局长）."""
    if not text.startswith("（", at):
        return False
    close = re.compile("[）、，；]").search(text, at, at + 40)
    head = offices.head_before(text, close.start(), at) if close else -1
    return close is not None and head >= 0 and offices.heads()[text[head : close.start()]] == "official"


#: What names of three characters seldom end in: a thing that is called so (洪兴路), or the next word (林琳则).
_OF_THINGS = frozenset("桥网报邦村局站店牌库矿厂校社院馆派县省")
_NEXT_WORD = frozenset("摄则略却也还就在已再便即均皆亦等曾并都又")
_COUPLE = ("夫妇", "夫人", "会见", "会谈", "会晤", "先生", "女士")
_DAYS = ("昨天", "今天", "昨日", "今日", "当天", "当日", "日前", "近日")
_TELLING = 2.5
#: What a name of three characters hardly ever ends in (滕平路), and what it loses for that.
_OF_WAYS, _WAY = frozenset("路街镇乡族"), 5.0


def telling(text: str, name: Name, support: float) -> float:
    """What a name loses for its last characters, which are the next word, or for its first, which ends the word before.

    `support` is what stands for it: an office beside a name outweighs an odd last character.
    """
    word = text[name.start : name.end]
    if len(word) == 3 and word[-1] in _OF_WAYS and support < OFFICE:
        return _WAY
    if name.kind in ("dotted", "sound"):
        return (_TELLING if _runs_over(text, name, word) else 0.0) + (
            _TELLING if _in_quotes(text, name) else 0.0
        )
    if name.kind != "given" or len(word) != 3:
        return 0.0
    if text[name.end - 1 : name.end + 1] in _verbs():
        return _TELLING  # 王涛|带领
    if support >= OFFICE and word[-1] != "摄":
        return 0.0
    return _TELLING if word[-1] in _OF_THINGS or word[-1] in _NEXT_WORD or word[1:] == "政府" else 0.0


@lru_cache(maxsize=1)
def _verbs() -> frozenset[str]:
    """Words of two characters of which a name does not take the first: verbs, adverbs and what follows names."""
    followers = (row[0] for row in tables.rows("name_followers.tsv"))
    return frozenset(word for word in (*followers, *words("link", "change", "have").words) if len(word) == 2)


def _runs_over(text: str, name: Name, word: str) -> bool:
    """Whether a name in sounds takes in the next word (某某·某某宣布) or the end of the word before (总|理某某·某某)."""
    tail = word[-2:]
    if name.kind == "dotted" and (text[name.end - 1 : name.end + 1] in _COUPLE or names.model().odd(word)):
        return True
    if len(word) > 4 and word[:2] in offices.heads():
        return True
    if len(word) > 4 and (
        tail in offices.heads() or words("link", "change", "have").at(tail, 0, 2) == 2 or tail in _DAYS
    ):
        return True
    return any(
        text[name.start - size : name.start + 1] in offices.heads() for size in (1, 2) if name.start >= size
    )


def _in_quotes(text: str, name: Name) -> bool:
    """Whether a name with dots is part of the name of something: “礼让斑马线·创建文明城”."""
    opened = text.rfind("“", max(0, name.start - 12), name.start) if name.kind == "dotted" else -1
    return opened >= 0 and text.find("”", opened, name.start) < 0


_IN_OFFICE = pattern(r"(?:时任|现任|曾任|担任|作为|身为)[^，。；：！？、]{0,24}$")


def _linked(text: str, name: Name) -> float:
    """What an office is worth that is linked to the name by 的 (时任县委副书记的某某，)."""
    if text[name.start - 1 : name.start] != "的" or text[name.end : name.end + 1] not in (
        "，",
        "。",
        "、",
        "",
    ):
        return 0.0
    head = offices.head_before(text, name.start - 1)
    if head < 0 or offices.heads()[text[head : name.start - 1]] != "official":
        return 0.0
    return _LINKED if _IN_OFFICE.search(text, max(0, head - 30), head) else OFFICE


def place_at(places: Sequence[Span], at: int) -> bool:
    """Whether a place begins at `at`."""
    index = bisect_left(places, (at, 0))
    return index < len(places) and places[index][0] == at


def _in_staff_line(text: str, name: Name) -> bool:
    """Whether a name stands alone behind who made the page: 责任编辑：某某."""
    if text[name.start - 1 : name.start] != "：" or text[name.end : name.end + 1] not in (
        "",
        " ",
        "）",
        "、",
        "　",
    ):
        return False
    head = offices.head_before(text, name.start - 1)
    return head >= 0 and offices.heads()[text[head : name.start - 1]] == "byline"


def _titled(text: str, end: int) -> bool:
    """Whether a title, a form of address or the like follows a name: 上将, 教授, 先生, （女）."""
    if any(text[end : end + size] in offices.heads() for size in (2, 3)):
        return True
    return bool(_AFTER_PERSON.match(text, end))


def listed(text: str, name: Name, starts: set[int], ends: set[int]) -> bool:
    """Whether a name stands in a list beside a name that is taken."""
    before, after = text[name.start - 1 : name.start], text[name.end : name.end + 1]
    if name.kind in ("surname", "short") or before not in ("、", "（", "，", " ", "：", "") and name.start:
        return False
    near = before in "、 " and name.start - 1 in ends or after in ("、", " ") and name.end + 1 in starts
    return near and (not after or after in "、 ，。）（；等" or bool(_COUNTED.match(text, name.end)))


#: What says how many a list of names holds: 王某某、李某某3人.
_COUNTED = pattern("0{1,3}[人名位]|[两二三四五六七八九十]{1,2}[人名位]")


def _alone(text: str, name: Name) -> bool:
    """Whether the name stands between signs, as in a list or a bracket."""
    return (name.start == 0 or text[name.start - 1] in "、（ 　：■") and (
        name.end == len(text) or text[name.end] in "、）（ ：，"
    )


def is_word(text: str, name: Name) -> bool:
    """Whether this is a word of the table of offices, a doubled word (`殷殷`) or part of a doctrine's name."""
    word = text[name.start : name.end]
    return (
        word in offices.heads()
        or len(word) == 2
        and word[0] == word[1]
        or bool(_DOCTRINE.match(text, name.start))
        or bool(_PEOPLES.match(text, name.start))
    )


#: The peoples of China whose names look like those of persons.
_PEOPLES = pattern(
    "(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米"
    "|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)(?:同胞|族(?!别))"
)


def in_doctrine(text: str, start: int) -> bool:
    """Whether the name of a doctrine begins at `start`."""
    return bool(_DOCTRINE.match(text, start))


def in_place(name: Name, text: str, places: Sequence[Span]) -> bool:
    """Whether a place has a better claim to these characters, or the verb 任 leads up to one (曾任青山县…)."""
    at = bisect_left(places, (name.end, 0))
    for start, end in places[max(0, at - 4) : at]:
        if start < name.end and name.start < end and (end - start > 1):
            return True
    return text[name.start] == "任" and place_at(places, name.start + 1)


#: What a list of places has at its end: 徐坂、梅渡|两个行政村, 汪场、蒋场|等地.
_PLACES_END = pattern(
    r"等?(?:[0两二三四五六七八九十百]{1,3}|数)(?:个|余个|多个)(?:行政|自然|中心|贫困)?(?:村|县|市|区|乡|镇|街道|社区|屯|寨|地区|省)"
    r"|等(?:地|县|市|区|乡|镇|村)(?![一-鿿]{0,3}[长委书])"
)
_ITEM = pattern("[一-鿿]{1,6}$")
_MOST = 13  # items of a list of places


def among_places(text: str) -> Iterator[Span]:
    """The stretches that list places."""
    for match in _PLACES_END.finditer(text) if "、" in text else ():
        start = _list_start(text, match.start())
        if start < match.start():
            yield start, match.start()


def _list_start(text: str, end: int) -> int:
    """Where the longest list that ends at `end` begins, or `end`: items of up to six characters, joined by 、 or 和 or the like.

    A joint may also be a character of an item, so all places are kept where the items so far may begin.
    """
    start, begins = end, _begins(text, {end})
    for _ in range(_MOST - 1):
        begins = _begins(text, {at - 1 for at in begins if joint_at(text, at - 1)})
        start = min(start, *begins, end)
    return start


def _begins(text: str, stops: set[int]) -> set[int]:
    """Where items may begin that end at one of these places."""
    items = [item for stop in stops if (item := _ITEM.search(text, max(0, stop - 6), stop))]
    return {at for item in items for at in range(item.start(), item.end())}


_LEAD = r"(?:(?:本报|本刊|本网)?(?:特约|见习)?(?:记者|通讯员|作者|供稿|图/文|文/图|摄影|撰文|执笔|图|文)[：: /]{0,2})?"
_TAIL = r"(?:摄影报道|摄影|摄|图片?|文|作|画|摘编?|供稿|整理|绘|编译|撰)?"
_BRACKETED = pattern(
    rf"（{_LEAD}([一-鿿· 、]{{2,32}}?) ?{_TAIL}）(?=[。 ]*$)|（([一-鿿· 、]{{2,32}}?) ?摄影?）"
)
_CREDITED = pattern(
    r"(?:(?<=[。！？”）」：，])|(?<= )|^)([一-鿿·]{2,4}(?:[ 、][一-鿿·]{2,4}){0,3}) ?摄影?(?=$|[）。」])"
)
_LONGEST_LINE = 14  # characters of a line that may hold nothing but names


def signed(text: str) -> Iterator[Span]:
    """The stretches that hold nothing but the names of who wrote or took something, if their signs do not deceive."""
    for match in _BRACKETED.finditer(text):
        yield match.span(1) if match[1] else match.span(2)
    for match in _CREDITED.finditer(text) if "摄" in text else ():
        yield match.span(1)
    if len(text) <= _LONGEST_LINE and _names_only().fullmatch(text):
        yield 0, len(text)


@lru_cache(maxsize=1)
def _names_only() -> re.Pattern[str]:
    """Matches what surnames with one or two characters behind each fill."""
    known = names.model().surnames
    surname = f"(?:[{''.join(s for s in known if len(s) == 1)}]|{'|'.join(s for s in known if len(s) > 1)})"
    return re.compile(f"(?:[ 、]*{surname} ?[一-鿿]{{1,2}})+[ 、]*")


def only_names(text: str, span: Span, whole: bool) -> list[Name]:
    """The names that fill a stretch without a rest, surer for that; none where they do not (`whole`: it is a line of its own)."""
    start, end = span
    piece = f"（{text[start:end]}）"
    found = names.candidates(piece, -7.0)
    best: dict[int, tuple[float, list[Name]]] = {1: (0.0, [])}
    for at in range(1, len(piece) - 1):
        if at not in best:
            continue
        total, chain = best[at]
        if piece[at] in " 、":
            _keep(best, at + 1, total, chain)
        for name in found:
            if name.start == at and _signs(piece, name):
                _keep(best, name.end, total + name.odds, [*chain, name])
    total, chain = best.get(len(piece) - 1, (0.0, []))
    if not chain or total / len(chain) < (0.0 if whole else -3.0):
        return []
    return [Name(n.start + start - 1, n.end + start - 1, max(n.odds, 0.0) + _SIGNED, n.kind) for n in chain]


def _signs(text: str, name: Name) -> bool:
    """Whether a name is of the kind that stands without anything beside it: no short form, and no Japanese name."""
    if name.kind in ("surname", "short"):
        return False
    return (
        name.kind != "given" or name.end - name.start < 4 or text[name.start :][:2] in names.model().compound
    )


def _keep(best: dict[int, tuple[float, list[Name]]], at: int, total: float, chain: list[Name]) -> None:
    if at not in best or total > best[at][0]:
        best[at] = total, chain
