"""Counties and towns that no table holds, and names of the table that are the end of a longer one (石桥头乡: no 桥头乡).

The one idea: a name proves itself by how the document uses it. It stands where words begin, more than once and beside
different words, it has an office (县委, 乡政府) or lies right behind a place, and it does not read like words. What is
found so has a level and a name, but no code and no chain.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pbtool.extraction.place_judge import strangeness
from pbtool.extraction.place_mentions import Find, Sheet, han_run, kind_words
from pbtool.extraction.place_resolution import Resolution
from pbtool.gazetteer import Entry
from pbtool.tables import pattern

_END = pattern(
    r"县(?![城域级区际直情])|镇(?![静定压痛区域街长级])|乡(?![村镇土亲贤情风音愁邻间下民级])|街道(?!办事处)|街道办事处|[市区](?=委(?!托|员(?!会))|纪委|监委)"
)
_LEVELS = {
    "县": "county",
    "市": "county",
    "区": "county",
    "镇": "town",
    "乡": "town",
    "道": "town",
    "处": "town",
}
#: What only an area has that governs itself, or had: 昆阳县（今晋宁）.
_OFFICE = pattern(
    r"(?:[（(][今现]|委(?!托|员(?!会))|党委|工委|党工委|纪委|纪工委|政府|人民政府|人大|政协|监委|人民法院|人民检察院|人民医院|党校|公安局|[㐀-鿿]{2,4}局|长(?=[㐀-鿿]{2,3}[，说介带]))"
)
#: Words that end before a name begins.
_OPENERS = (
    "中共",
    "共青团",
    "记者",
    "本报",
    "本刊",
    "位于",
    "地处",
    "作者系",
    "来自",
    "走进",
    "我省",
    "我市",
    "我县",
)
#: Characters that belong to the words around a name and hardly ever to a name.
_LOOSE = frozenset(
    "在到从向对于与及并赴往为把将被让使给由经据至或的了着过是个名位户内等这那该各每某其此以和来去入进回驻访走请我本全同跨邻原现任兼系县省市区镇乡村州旗盟道街书记委"
    "带多几整数两所有时前后又也都就还已均不无各自选派说称做当好听看作出发比若但而且则因所"
)
#: Last characters of what says what kind of county or town it is (产粮大县, 百强县, 中心镇).
_KIND = frozenset(
    "大小强弱名穷富困级型类性式点范心重省市州地国家边古老新业粮茶果区居制设化市城建团色史族灾山牧农林渔半非直辖属"
)
_COUNTED = pattern(r"[一二三四五六七八九十百千万两几0-9第]")
_MOST, _LEAST = 3, 2
#: A name that stands but once must read less like words than most do.
_LONE = 8.0


@dataclass(slots=True)
class _Seen:
    """How a document uses one string that may be a name."""

    places: list[tuple[Sheet, int, int]] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    after: set[str] = field(default_factory=set)
    free: int = 0  # begins where words begin
    homes: list[Entry] = field(default_factory=list)  # the places it stands right behind
    offices: int = 0

    def add(self, sheet: Sheet, start: int, end: int, level: str) -> None:
        """Count one occurrence."""
        folded = sheet.folded
        self.places.append((sheet, start, end))
        behind = _outer(sheet, start, level)
        edge = start == 0 or not _han(folded[start - 1]) or folded.endswith(_OPENERS, 0, start)
        if behind is not None:
            self.homes.append(behind)
        self.free += edge or behind is not None
        self.before["" if edge or behind is not None else folded[start - 1]] += 1
        self.after.add(folded[end : end + 2])
        self.offices += _OFFICE.match(folded, end) is not None

    def entry(self, form: str) -> Entry:
        """The name as a place, in the place that all its occurrences agree on."""
        agreed = self.homes and all(home == self.homes[0] for home in self.homes)
        return Entry(form, _LEVELS[form[-1]], parent=self.homes[0] if agreed else None)

    def proven(self, form: str) -> bool:
        """Whether this is the use of a name."""
        if not self.free or (form[-1] in "市区" and self.offices < 2):
            return False
        if not self.offices + len(self.homes):
            return False
        if len(self.places) == 1:
            return strangeness(form[:-1]) > _LONE
        if len(self.after) == 1 and not self.offices:
            return False
        shares = self.before.most_common(1)[0]
        return shares[0] == "" or shares[1] < len(self.places)


class Unlisted:
    """The names of a resolved document that no table holds."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        #: The sheets where a name may end, with the places of the endings.
        self.ends: list[tuple[Sheet, list[tuple[int, int]]]] = []

    def run(self) -> None:
        """Add counties, lengthen names of towns that are always part of a longer one, then add towns."""
        found = ((sheet, [m.span() for m in _END.finditer(sheet.folded)]) for sheet in self.resolution.sheets)
        self.ends = [(sheet, spans) for sheet, spans in found if spans]
        self._add("县市区")
        self._lengthen()
        self._rehome()
        self._add("镇乡道处")

    # -- names inside longer names ---------------------------------------------------------------------------------

    def _lengthen(self) -> None:
        uses: dict[str, list[tuple[Sheet, Find]]] = defaultdict(list)
        for sheet in self.resolution.sheets:
            for find in sheet.finds:
                if find.whole and find.form[-1] in "镇乡道":
                    uses[find.form].append((sheet, find))
        for form, places in uses.items():
            if len(form) > 2 and all(self._may_grow(sheet, find) for sheet, find in places):
                self._grow(form, places)

    def _may_grow(self, sheet: Sheet, find: Find) -> bool:
        if find.confidence >= 0.99 or find.start == 0:
            return False
        char = sheet.folded[find.start - 1]
        return _han(char) and char not in _LOOSE and not _taken(sheet, find.start - 1, find.start)

    def _grow(self, form: str, places: list[tuple[Sheet, Find]]) -> None:
        chars = {sheet.folded[find.start - 1] for sheet, find in places}
        seen = _Seen()
        for sheet, find in places:
            seen.add(sheet, find.start - 1, find.end, "town")
        if len(chars) != 1 or seen.free < 1 or len(places) + len(seen.homes) < 2:
            return
        longer = chars.pop() + form
        if not _nameable(longer):
            return
        for sheet, find in places:
            self._put(sheet, find.start - 1, find.end, seen.entry(longer), 0.8)

    # -- names of no table -----------------------------------------------------------------------------------------

    def _add(self, endings: str) -> None:
        found: dict[str, _Seen] = defaultdict(_Seen)
        for sheet, spans in self.ends:
            for start, end in self._candidates(sheet, spans, endings):
                found[sheet.folded[start:end]].add(sheet, start, end, _LEVELS[sheet.folded[end - 1]])
        for form in sorted(found, key=lambda form: (-len(form), form)):
            if found[form].proven(form) and _nameable(form):
                for sheet, start, end in found[form].places:
                    if not _taken(sheet, start, end):
                        self._put(sheet, start, end, found[form].entry(form), 0.8)

    def _candidates(
        self, sheet: Sheet, spans: list[tuple[int, int]], endings: str
    ) -> Iterator[tuple[int, int]]:
        for cut, end in spans:
            if sheet.folded[end - 1] not in endings or _taken(sheet, cut, end):
                continue
            low = han_run(sheet.folded, cut, _MOST)
            for start in range(low, cut - _LEAST + 1):
                if not _taken(sheet, start, end):
                    yield start, end

    def _put(self, sheet: Sheet, start: int, end: int, entry: Entry, confidence: float) -> None:
        find = Find(start, end, sheet.folded[start:end], True, (entry,))
        sheet.put(find)
        self.resolution.accept(sheet, find, entry, confidence)

    def _rehome(self) -> None:
        """Towns right behind a county of no table lie in it, whatever the table has of that name."""
        homes: dict[str, Entry] = {}
        for sheet in self.resolution.sheets:
            for find in sheet.finds:
                outer = _outer(sheet, find.start, "town")
                if find.whole and find.form[-1] in "镇乡道" and outer is not None and _unlisted(outer):
                    homes[find.form] = Entry(find.form, "town", parent=outer)
        for sheet in self.resolution.sheets if homes else ():
            for find in sheet.finds:
                if find.whole and find.form in homes:
                    self.resolution.accept(sheet, find, homes[find.form], 0.8)


def _unlisted(entry: Entry) -> bool:
    return entry.code is None and entry.whole is None and entry.level == "county"


def _outer(sheet: Sheet, start: int, level: str) -> Entry | None:
    """The place right before `start` that a place of this level may lie in."""
    before = sheet.before(start)
    if before is None or before.end != start or before.entry is None:
        return None
    inside = ("province", "city") if level == "county" else ("city", "county")
    return before.entry if before.level in inside else None


@lru_cache(maxsize=1)
def _kinds() -> re.Pattern[str]:
    """Finds what says what kind of county or town it is (示范, 重点), anywhere or at the end."""
    inside, last = ("|".join(map(re.escape, kind_words(sort))) for sort in ("area", "area_end"))
    return re.compile(f"{_COUNTED.pattern}|{inside}|(?:{last})$")


def _nameable(form: str) -> bool:
    stem = form.removesuffix("办事处").removesuffix("街道") if form[-1] in "道处" else form[:-1]
    if len(stem) < _LEAST or set(stem) & _LOOSE or stem[-1] in _KIND or _kinds().search(stem):
        return False
    return strangeness(stem) > (6.3 if len(stem) < 3 else 5.8)


def _taken(sheet: Sheet, start: int, end: int) -> bool:
    return any(find.accepted for find in sheet.touching(start, end))


def _han(char: str) -> bool:
    return "㐀" <= char <= "鿿"
