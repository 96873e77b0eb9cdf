"""Short names of counties, cities and provinces: 浮山, 巴州, and what a document itself shortens (某某新区（以下简称“新区”）).

The one idea: a short name means the place that the document has named in full, else the one that its neighbour lies in or
its region has, else the only one of that name, and that only where the sentence wants a place there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pbtool import tables
from pbtool.extraction.place_judge import area_fits, ending_follows, straddles
from pbtool.extraction.place_mentions import Find, Sheet, goes_on, place_words, short_name
from pbtool.extraction.place_resolution import Resolution, lies_in, wordlike
from pbtool.gazetteer import Entry, fold, gazetteer, short
from pbtool.tables import pattern

#: How a document gives a place a short name of its own, right behind the full one.
_NAMED_SO = pattern(
    r"[（(，,]?(?:以下|下)?(?:简称|统称|下称)为?[“「『\"]?([㐀-鿿]{2,6})[”」』\"]?[）)，,。；;]"
)
#: Provinces whose names are also a water or a mountain with a side of it.
_SIDED = frozenset(["河南", "河北", "湖南", "湖北", "山东", "山西", "江西", "江东", "海南"])
_HAN = pattern(r"[㐀-鿿]+")
_SIDE = pattern(r"[东西南北]?[岸麓坡侧畔面]")
#: A name of something else in quotation marks that ends as a county is called: “飞来凤”, but “新青田”.
_CALLED = pattern(r"[“‘「『](?![新大老小全我在])[㐀-鿿]{3}[”’」』]")
#: What makes the short name before it that of a firm, where the article does not speak of its region.
_FIRM = pattern(r"[㐀-鿿]{0,4}(?:集团|股份|公司|制药|药业|生物|科技|控股|实业|银行|证券|汽车|电器|乳业|酒业)")
#: What before 任 makes it a verb and no surname: 时任平凉地委书记.
_HELD = frozenset("时现原曾担历调兼就升出连接前后转改留")
#: What follows an era's name and no county's: 咸丰十一年, 永乐年间.
_YEARS = pattern(r"(?:元|[一二三四五六七八九十]{1,3})年(?![来内多间以前后])|年间|皇帝|帝|[初末]年")


class ShortAreas:
    """The short names of areas in a document whose full names are resolved."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        #: Whether a river or mountain stands in the document without a side of it (巩乃斯河), by its last characters.
        self._rivers: dict[str, bool] = {}

    def run(self) -> None:
        """Accept them in every sheet; what one sheet settles may settle another, so all are read twice."""
        self._declared()
        self._of_zones()
        sheets = [sheet for sheet in self.resolution.sheets if sheet.finds]
        for sheet in (*sheets, *sheets):
            self._shorts(sheet)

    def _declared(self) -> None:
        """Short names that the document gives itself."""
        meant: dict[str, Entry] = {}
        for sheet in self.resolution.sheets:
            for find in sheet.finds if "称" in sheet.folded else ():
                match = _NAMED_SO.match(sheet.folded, find.end)
                if match is None or not find.accepted or find.entry is None:
                    continue
                if set(match[1]) & set(fold(short(find.entry.name))):  # and not 全县, 新区, 试点县
                    meant[match[1]] = find.entry
        for sheet in self.resolution.sheets if meant else ():
            for form, entry in meant.items():
                for start in _places(sheet.folded, form):
                    if not any(find.accepted for find in sheet.touching(start, start + len(form))):
                        find = Find(start, start + len(form), form, False, (entry,))
                        sheet.put(find)
                        self.resolution.accept(sheet, find, entry, 0.95)

    def _of_zones(self) -> None:
        """The short names that zones begin with which the table has as towns and the document leaves open (枞阳经济开发区)."""
        for sheet in self.resolution.sheets:
            for find in [one for one in sheet.finds if one.whole and not one.accepted and len(one.form) > 4]:
                area = short_name(sheet.folded, find.start) if find.form.endswith("区") else None
                if area is not None and area.end < find.end:
                    sheet.put(area)

    def _shorts(self, sheet: Sheet) -> None:
        for number, find in enumerate(sheet.finds):
            if find.whole or find.accepted or goes_on(sheet.folded, find.end) or _reign(sheet.folded, find):
                continue
            if self._cut_out(sheet, find):
                continue
            entry, confidence = self._short(sheet, number, find)
            if entry is not None and not self._misplaced(sheet, number, entry):
                self.resolution.accept(sheet, find, entry, confidence)

    def _cut_out(self, sheet: Sheet, find: Find) -> bool:
        """Whether the name is the end of a river or mountain with a side of it: 巩乃斯河南 where 巩乃斯河 stands elsewhere."""
        start, folded = find.start, sheet.folded
        if find.form not in _SIDED or start < 2 or not _HAN.fullmatch(folded, start - 2, start):
            return False
        if _SIDE.match(folded, find.end):
            return True
        head = folded[start - 2 : start + 1]
        if head not in self._rivers:
            alone = re.compile(re.escape(head) + "(?![东西南北])")
            self._rivers[head] = any(alone.search(sheet.folded) for sheet in self.resolution.sheets)
        return self._rivers[head]

    def _misplaced(self, sheet: Sheet, number: int, entry: Entry) -> bool:
        """Whether a county would stand right behind a place that it does not lie in (…街道天台西里社区, 湖南民丰公司).

        A city may stand behind a province of which it is none, but not behind a town (椒园镇庆阳坝村).
        """
        if not number or entry.level not in ("city", "county"):
            return False
        before = sheet.finds[number - 1]
        if not before.accepted or before.end != sheet.finds[number].start or before.entry is None:
            return False
        smaller = entry.level == "county" or before.level in ("county", "town")
        return smaller and not lies_in(entry, before.entry)

    def _short(self, sheet: Sheet, number: int, find: Find) -> tuple[Entry | None, float]:
        """What a short name means: what the document named in full, what its neighbour lies in, or its one meaning."""
        named = [e for e in self.resolution.named.get(find.form, ()) if e.level != "town"]
        if named:
            best = named[0] if len(named) == 1 else self.resolution.best(sheet.article, named)
            if best is not None and self._fits_named(sheet, find, best):
                return best, 0.95
        after = sheet.finds[number + 1] if number + 1 < len(sheet.finds) else None
        if after is not None and after.start == find.end and after.entry is not None:
            outer = [e for e in find.living() if lies_in(after.entry, e)]
            if outer:
                return outer[0], 0.97
        return self._alone(sheet, find)

    def _fits_named(self, sheet: Sheet, find: Find, entry: Entry) -> bool:
        """Whether the short name of a place that the document names is meant for it (江山 in 江山就是人民 is not)."""
        if _person(sheet.folded, find):
            return False
        if len(find.form) > 2:
            return True
        fits = area_fits(sheet.folded, find.start, find.end)
        if wordlike(find.form):
            return fits > 0
        return fits > -8 or ending_follows(find.form, entry.name[len(find.form) :]) > -5

    def _alone(self, sheet: Sheet, find: Find) -> tuple[Entry | None, float]:
        """The one place that a short name can mean where the document says nothing: provinces, cities, then counties."""
        entries = [e for e in find.entries if e.current]
        for entry in entries:
            if entry.level == "province":
                return entry, 0.95
        if _person(sheet.folded, find):
            return None, 0.0
        cities = [e for e in entries if e.level == "city"]
        if len(cities) == 1:
            nearer = self._nearer(sheet.article, cities[0], entries)
            if nearer is not None and area_fits(sheet.folded, find.start, find.end) > 3:
                return nearer, 0.85
            needed = 3.0 if find.form in place_words()["city"] else -99.0
            fits = needed < -90 or area_fits(sheet.folded, find.start, find.end) > needed
            return (cities[0], 0.9) if fits else (None, 0.0)
        return self._county(sheet, find, entries)

    def _nearer(self, article: int, city: Entry, entries: list[Entry]) -> Entry | None:
        """The county of a city's name in a city of which the article speaks more (巴州 in an article about 巴中)."""
        regions = self.resolution.regions
        best = max(entries, key=lambda e: regions.weight(article, e))
        if best is city or best.parent is None or best.parent.level != "city":
            return None
        return best if regions.names(article, best.parent) and not regions.names(article, city) else None

    def _county(self, sheet: Sheet, find: Find, entries: list[Entry]) -> tuple[Entry | None, float]:
        rural = [e for e in entries if not e.name.endswith("区") or _once_rural(e, find.entries)]
        if len(rural) != 1:
            return None, 0.0
        near = self.resolution.regions.weight(sheet.article, rural[0])
        town = self._town(sheet.article, find.form, rural[0])
        if near <= 0.3 and _FIRM.match(sheet.folded, find.end):
            return None, 0.0
        if straddles(sheet.folded, find.start) or _CALLED.match(sheet.folded, find.start - 2, find.end + 1):
            return None, 0.0
        if find.form in place_words()["county"] or (near <= 0.3 and gazetteer().is_ordinary(find.form)):
            return None, 0.0
        usual = ending_follows(find.form, rural[0].name[len(find.form) :])
        if rural[0].name.endswith("区"):
            needed = (3.0 if usual > -2.5 else 8.0) + (0.0 if near > 0.3 else 3.0)  # 昌平, not 新建
        else:
            needed = 3.0 if usual > -5 else 6.0 if usual > -8 else 10.0
        needed -= 3.0 if near > 0.3 else 0.0
        needed += 3.0 if gazetteer().is_ordinary(find.form) else 0.0
        needed -= 6.0 if len(find.form) > 2 else 0.0
        fits = area_fits(sheet.folded, find.start, find.end) > needed
        return (town or rural[0], 0.85) if fits else (None, 0.0)

    def _town(self, article: int, form: str, county: Entry) -> Entry | None:
        """The town of that short name in a county that the article names (古田 in a report of 上杭, not 古田县 far from it)."""
        regions = self.resolution.regions
        if any(
            regions.names(article, one) for one in (county, county.parent) if one and one.level != "province"
        ):
            return None
        towns = [e for e in gazetteer().named(form) if e.level == "town" and e.current and e.name != form]
        near = [e for e in towns if e.parent is not None and regions.names(article, e.parent)]
        return near[0] if len(near) == 1 else None


def _once_rural(district: Entry, entries: Sequence[Entry]) -> bool:
    """Whether a district was a county or a city of the same name (奉化, 青浦), so that people still call it by that alone."""
    return any(
        one.last is not None and one.name[-1] in "县市" and one.parent and district.parent == one.parent
        for one in entries
        if one.level == "county"
    )


def _reign(folded: str, find: Find) -> bool:
    """Whether a short name is that of an era of emperors here."""
    return find.form in place_words()["era"] and _YEARS.match(folded, find.end) is not None


def _places(folded: str, part: str) -> Iterator[int]:
    at = folded.find(part)
    while at >= 0:
        yield at
        at = folded.find(part, at + 1)


def _person(folded: str, find: Find) -> bool:
    """Whether a short name may be part of a person's or another word: a surname or its own first character stands before it,
    or a foreign name's point is near."""
    if "·" in folded[max(0, find.start - 1) : find.end + 6]:
        point = folded.find("·", max(0, find.start - 1))
        if all("㐀" <= char <= "鿿" for char in folded[find.end : point]):
            return True
    if len(find.form) != 2 or find.start == 0:
        return False
    before = folded[find.start - 1]
    if before == "任" and find.start > 1 and folded[find.start - 2] in _HELD:
        return False
    return before == find.form[0] or before in _surnames()  # 静静安放 is no 静安


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    """Surnames whose bearers' given names are often a place's short name."""
    return frozenset(row[0] for row in tables.rows("place_surnames.tsv"))
