"""Where a text may name a place: every string of the table that stands in it, in one pass.

The one idea: a full name ends in one of a few characters (县, 镇, 街道 …), so looking back from those finds every full
name; a short name is only sought for counties and above, by its first two characters. What a find means, and whether it
is one at all, is for `place_resolution` to say, which knows the document.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pbtool import tables
from pbtool.gazetteer import Entry, fold, gazetteer, short
from pbtool.tables import pattern

#: A full name's end. 场 is sought as 农场, 林场 … only: markets and squares are no places of the table. The pattern begins with
#: all characters that begin an end, so that the text is searched for these and nothing else.
ENDING = pattern(
    r"[团农林牧渔茶马街办苏省市县区旗州盟镇乡](?:(?<=[省市县区旗州盟镇乡])"
    r"|(?<=[零〇一二三四五六七八九十]团)(?![长队体伙结员支委建课组政校购])|(?<=[农林牧渔茶马])场"
    r"|(?<=街)道(?:办(?![事公理学好起实成结])|(?!办(?![公理学好起实成结])))|(?<=办)事处|(?<=苏)木)"
)
LONGEST = 15
_REGIMENT = pattern(r"(?<![0-9.])([1-9][0-9]{0,2})团(?![长队体伙结员支委建课组政校购])")
_DIGITS = "零一二三四五六七八九"
#: What after an ending shows that it belongs to the next word: 乡村, 镇静, 区域 …
_NEXT = {
    "市": "场值容",
    "区": "域别间分划",
    "镇": "静定压痛",
    "乡": "村镇土亲贤情风音愁邻",
    "旗": "帜袍舰",
    "盟": "友国主军",
    "省": "略心悟",
}
#: A branch of an office, which stands behind a whole name: 任城区分局.
_BRANCH = ("分局", "分会", "分公司", "分校")
#: What after a short name shows that it is the name of something else: 中山路, 黄山湖, 山西村.
_OTHER = "坝村路街山湖河江岛庙寺塔桥镇乡巷屯庄堡峡沟湾坡岭峰洞泉滩塬脉舰"
#: What makes the short name before it that of a community: 华安里社区.
_COURT = pattern(r"[里苑园坊庭]社区")
_OPEN = pattern(
    r"山[区村水里东西南北歌川林地体清东]|乡[镇村亲音土]|村[镇庄级民集落]|街[道头巷]|路[上段况网]|湖[区南北](?!岸)|河[南北段道长湖流]|江[西苏]|镇[村域街]|庄[稼严]|桥梁|岛内|沟通|湾区|洞察|峰会|坡地|滩[底头涂]"
)


#: The number of a document (吉政发〔2020〕1号): the characters before it stand for who issued it.
_DOCUMENT = pattern(r"[㐀-鿿]{1,8}〔(?:19|20)\d\d〕")
#: What joins the members of a row of places, as a sign or as a character that may stand in a name too.
JOINTS = "、和及与"
#: How far a place and what lies in it may stand apart, in characters.
REACH = 6


@dataclass(slots=True)
class Find:
    """A string that may name one of `entries`. `whole` tells a full name from a short one."""

    start: int
    end: int
    form: str
    whole: bool
    entries: tuple[Entry, ...]
    entry: Entry | None = None
    accepted: bool = False
    level: str = ""
    full: str | None = None
    name: str = ""
    confidence: float = 0.0

    def living(self) -> tuple[Entry, ...]:
        """The entries that still exist; where none does, the last to go."""
        return _living(self.form, self.whole) if len(self.entries) > 1 else self.entries


@dataclass(slots=True)
class Sheet:
    """One passage, folded, with what was found in it. `article` counts in the document, -1 for furniture."""

    article: int
    field: str
    index: int
    text: str
    folded: str
    finds: list[Find] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, article: int, name: str, index: int, text: str) -> Sheet:
        """The sheet of a passage's text."""
        return cls(article, name, index, text, fold(text))

    def touching(self, start: int, end: int) -> list[Find]:
        """The finds that overlap [start, end); finds are sorted and never overlap each other."""
        low = bisect_right(self.finds, start, key=lambda find: find.end)
        high = bisect_left(self.finds, end, lo=low, key=lambda find: find.start)
        return self.finds[low:high]

    def before(self, place: int) -> Find | None:
        """The last accepted find that ends at `place` or at most six characters before it."""
        index = bisect_right(self.finds, place, key=lambda find: find.end) - 1
        while index >= 0 and self.finds[index].end >= place - REACH:
            if self.finds[index].accepted:
                return self.finds[index]
            index -= 1
        return None

    def ends_village(self, place: int) -> bool:
        """Whether a village ends right at `place`."""
        before = self.before(place)
        return before is not None and before.end == place and before.level == "village"

    def put(self, find: Find) -> None:
        """Add a find in the place of all that it overlaps."""
        low = bisect_right(self.finds, find.start, key=lambda one: one.end)
        high = bisect_left(self.finds, find.end, lo=low, key=lambda one: one.start)
        self.finds[low:high] = [find]


def joint_at(folded: str, place: int) -> bool:
    """Whether a joint of a row stands at `place`, which may lie outside of the text."""
    return 0 <= place < len(folded) and folded[place] in JOINTS


@lru_cache(maxsize=1)
def place_words() -> dict[str, frozenset[str]]:
    """Names of places that are ordinary words too, by kind: generic, city, county, era; after: what may follow."""
    words: dict[str, set[str]] = {kind: set() for kind in ("generic", "city", "county", "after", "era")}
    for word, kind in tables.rows("place_words.tsv"):
        words[kind].add(word)
    return {kind: frozenset(found) for kind, found in words.items()}


@lru_cache(maxsize=8)
def kind_words(sort: str) -> tuple[str, ...]:
    """Words that say what kind of village or town it is (示范, 重点), and name none; longest first."""
    found = [word for word, of in tables.rows("place_kinds.tsv") if of == sort]
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=1)
def not_places() -> dict[str, tuple[tuple[str, int], ...]]:
    """Words that hold a place's name and are none (长治久安), by that name, with where it stands in them."""
    words: dict[str, list[tuple[str, int]]] = {}
    for word, name in tables.rows("not_places.tsv"):
        words.setdefault(name, []).append((word, word.index(name)))
    return {name: tuple(found) for name, found in words.items()}


def in_other_word(folded: str, start: int, form: str) -> bool:
    """Whether the name at `start` is part of a word that is no place."""
    return any(folded.startswith(word, start - at) for word, at in not_places().get(form, ()) if start >= at)


def scan(folded: str) -> list[Find]:
    """Every possible place of the table in a folded text, left to right, without overlaps."""
    finds = _whole_names(folded)
    finds += _short_names(folded, finds)
    finds.sort(key=lambda find: (find.start, -find.end))
    finds = _disjoint(finds)
    if finds and "〔" in folded:
        numbers = [match.span() for match in _DOCUMENT.finditer(folded)]
        finds = [find for find in finds if not any(low <= find.start < high for low, high in numbers)]
    return finds


def _whole_names(folded: str) -> list[Find]:
    finds: list[Find] = []
    for match in ENDING.finditer(folded):
        end = match.end()
        if folded[end - 3 : end] == folded[end - 1] * 3:
            continue  # a row of one character names nothing
        after = folded[end : end + 1]
        if after and after in _NEXT.get(folded[end - 1], "") and not folded.startswith(_BRANCH, end):
            continue
        low = han_run(folded, end - 1, LONGEST - 1)
        find = _longest(folded, low, end)
        if find is not None and finds and finds[-1].start < find.start < finds[-1].end:
            find = _longest(folded, finds[-1].end, end) or find  # 阳泉市 + 郊区, not 市郊区
        if find is not None:
            finds.append(find)
    if "团" in folded:
        finds += _regiments(folded)
    return finds


def _regiments(folded: str) -> Iterator[Find]:
    """Farms of the production corps whose number is written in figures (83团)."""
    for match in _REGIMENT.finditer(folded):
        name = _in_words(match[1]) + "团"
        if entries := _wholes(name):
            yield Find(match.start(), match.end(), name, True, entries)


def _in_words(number: str) -> str:
    """A number as the names of farms have it: 83 is 八十三, 141 is 一四一."""
    digits = [_DIGITS[int(char)] for char in number]
    if len(digits) != 2:
        return "".join(digits)
    return (digits[0] if number[0] != "1" else "") + "十" + (digits[1] if number[1] != "0" else "")


def _longest(folded: str, low: int, end: int) -> Find | None:
    """The longest full name that ends at `end` and begins at `low` or later."""
    for start in range(low, end - 1):
        entries = _wholes(folded[start:end])
        form = folded[start:end]
        if entries and not _broken(folded, start, end) and not in_other_word(folded, start, form):
            return Find(start, end, form, True, entries)
    return None


@lru_cache(maxsize=50_000)
def _wholes(form: str) -> tuple[Entry, ...]:
    """What has this full name."""
    table = gazetteer()
    numbers = table.known(form)
    if not numbers and form.endswith(("办事处", "街道办")) and (stem := form[:-3].removesuffix("街道")):
        numbers = table.known(stem + "街道")
    return tuple(entry for entry in map(table.entry, numbers) if _names(entry, form))


@lru_cache(maxsize=20_000)
def _living(form: str, whole: bool) -> tuple[Entry, ...]:
    return living(_wholes(form) if whole else _areas(form))


def living(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that still exist; where none does, the last to go."""
    current = {
        (entry.name, entry.parent and entry.parent.code): entry
        for entry in reversed(entries)
        if entry.current
    }
    mainland = {key: entry for key, entry in current.items() if not entry.offshore}
    current = mainland or current  # 大安区 of Taipei is meant only where the document speaks of Taiwan
    if current:
        return tuple(reversed(current.values()))
    latest = max((entry.last or 0 for entry in entries), default=0)
    return tuple(entry for entry in entries if entry.last == latest)


def _names(entry: Entry, form: str) -> bool:
    """Whether the form is the entry's full name, or its customary one with the same kind of ending (楚雄州)."""
    name = fold(entry.name)
    if form.endswith(("办事处", "街道办")):
        return entry.level == "town"
    if entry.level not in ("city", "county") or form[-1] != name[-1]:
        return name == form
    return name == form or short(form) != form or form[-1] == "旗"


def _broken(folded: str, start: int, end: int) -> bool:
    """Whether the name is cut out of other words: 沿海城市 is not 海城市."""
    if folded[end - 2 : end] == "乡镇" and not set(folded[start : end - 2]) - _NUMBERS:
        return True
    if folded[end - 2 : end] == "城市" and end - start == 3 and start:
        return "㐀" <= folded[start - 1] <= "鿿" and folded[start - 1 : start + 1] in _WITH_CITY
    return False


_NUMBERS = frozenset("一二三四五六七八九十百两几各多")
_WITH_CITY = frozenset(
    [
        "上海",
        "沿海",
        "近海",
        "滨海",
        "临海",
        "珠海",
        "威海",
        "青海",
        "北海",
        "奥运",
        "大运",
        "亚运",
        "海运",
        "食盐",
    ]
)


@lru_cache(maxsize=1)
def _prefixes() -> tuple[re.Pattern[str], dict[str, tuple[int, ...]]]:
    """Finds what may be the first two characters of a short name; the lengths of the names for those that are."""
    lengths = gazetteer().prefixes()
    first, second = (re.escape("".join(sorted({pair[at] for pair in lengths}))) for at in (0, 1))
    return re.compile(f"[{first}](?=[{second}])"), lengths


def _short_names(folded: str, wholes: list[Find]) -> list[Find]:
    pairs, lengths = _prefixes()
    taken = {find.start for find in wholes}
    places = [match.start() for match in pairs.finditer(folded)]
    hits = [place for place in places if folded[place : place + 2] in lengths and place not in taken]
    finds = [short_name(folded, place) for place in hits]
    return [find for find in finds if find is not None]


@lru_cache(maxsize=20_000)
def _areas(form: str) -> tuple[Entry, ...]:
    """Counties and above with this short name; none where it is no short name."""
    entries = [gazetteer().entry(number) for number in gazetteer().known(form)]
    return tuple(e for e in entries if e.level != "town" and fold(e.name) != form)


def short_name(folded: str, start: int) -> Find | None:
    """The longest short name of an area at `start`; None where there is none."""
    for length in _prefixes()[1].get(folded[start : start + 2], ()):
        form = folded[start : start + length]
        if len(form) == length and (entries := _areas(form)) and not in_other_word(folded, start, form):
            return Find(start, start + length, form, False, entries)
    return None


def goes_on(folded: str, end: int) -> bool:
    """Whether what follows a short name at `end` makes it part of another name (中山路, 山西村)."""
    after, words = folded[end : end + 1], place_words()["after"]
    if folded[end : end + 2] in words or folded[end : end + 3] in words or _COURT.match(folded, end):
        return True
    return after != "" and after in _OTHER and not _OPEN.match(folded, end)


def _disjoint(finds: list[Find]) -> list[Find]:
    """Of finds that overlap, the full name; of the same kind, the one further left (青海西宁: not 海西)."""
    kept: list[Find] = []
    for find in finds:
        if not find.whole and any(
            one.whole and one.start < find.end and find.start < one.end for one in kept[-1:]
        ):
            continue
        while kept and find.start < kept[-1].end:
            last = kept[-1]
            if find.whole and not last.whole and find.start > last.start and not _at_home(last):
                kept.pop()
                continue
            break
        else:
            kept.append(find)
    return kept


def _at_home(find: Find) -> bool:
    """Whether a short name is that of a province, which gives way to nothing that begins inside it."""
    return any(entry.level == "province" for entry in find.entries)


def han_run(folded: str, end: int, limit: int) -> int:
    """Where the run of Chinese characters that ends at `end` begins, at most `limit` back."""
    start = end
    while (
        start > 0 and end - start < limit and ("㐀" <= folded[start - 1] <= "鿿" or folded[start - 1] == "〇")
    ):
        start -= 1
    return start
