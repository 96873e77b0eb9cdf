"""Places that are no administrative ones: new areas and zones, parks behind the place they lie in, numbered roads.

The one idea: only what cannot be anything else is taken. The state's new areas are a table; a 高新区, an industrial or a forest
park must stand right behind a place; a road must bear its number. All of them have the level `other`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pbtool import tables
from pbtool.extraction.place_judge import strangeness
from pbtool.extraction.place_mentions import Find, Sheet
from pbtool.extraction.place_resolution import Resolution, written_out
from pbtool.gazetteer import Entry
from pbtool.tables import pattern

_ROAD = pattern(
    r"(?<![A-Za-z0-9])(?:[GSXY]\d{1,4}(?:国道|省道|县道|乡道|高速公路|高速)|[1-3]\d\d国道)(?![A-Za-z0-9])"
)
#: Zones of which a place has one: they need no name of their own.
_ZONE = pattern(
    r"(?:国家级?)?(?:高新技术产业开发区|高新区|经济开发区|经济技术开发区|经开区|综合保税区|综保区|自贸试验区|自由贸易试验区|临空经济区)"
)
#: Endings that need a name between the place and them.
_PARK = pattern(
    r"([㐀-鿿]{2,4}?)(?:水库|湿地公园|森林公园|地质公园|国家公园|烈士陵园|风景名胜区|风景区|工业园区?|产业园区?|小微园|物流园区?|新区|经开区|高新区|开发区)"
)
#: Characters that no name of a park begins with or holds, and words that say what kind it is.
_NO_NAME = frozenset("的和与及在到从向对将把被为是有个各该本全了着过市县区镇乡村")
_KINDS = pattern(
    r"产业|科技|工业|农业|现代|生态|文化|物流|国家|省级|市级|城市|创业|创新|示范|综合|特色|高新|电商|数字|食品|国际|大型|中型|小型"
)


class Zones:
    """The other named locations of a resolved document."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution

    def run(self) -> None:
        """Add them to every sheet; a place that is read there already stays, but for the short one a zone begins with."""
        for sheet in self.resolution.sheets:
            for match in _table().finditer(sheet.folded) if "区" in sheet.folded else ():
                self._put(sheet, match.start(), match.end(), _zones()[match[0]] + match[0], 0.97)
            for match in (
                _ROAD.finditer(sheet.folded) if "道" in sheet.folded or "高速" in sheet.folded else ()
            ):
                self._put(sheet, match.start(), match.end(), None, 0.95)
            for find in list(sheet.finds):
                if find.accepted and find.entry is not None and find.level != "other":
                    self._behind(sheet, find, find.entry)

    def _behind(self, sheet: Sheet, outer: Find, entry: Entry) -> None:
        """A zone or a park right behind the place it lies in."""
        match = (
            _ZONE.match(sheet.folded, outer.end) if entry.level in ("city", "county", "province") else None
        )
        named = any(find.accepted for find in sheet.touching(outer.end, outer.end + 1))  # 郑州市中牟新区
        match = match or (None if named else _park(sheet.folded, outer.end))
        if match is not None:
            chain = written_out(entry)
            self._put(sheet, match.start(), match.end(), chain + match[0] if chain else None, 0.85)

    def _put(self, sheet: Sheet, start: int, end: int, full: str | None, confidence: float) -> None:
        if any(
            find.accepted and (find.whole or find.start != start or find.end >= end)
            for find in sheet.touching(start, end)
        ):
            return
        form = sheet.folded[start:end]
        sheet.put(Find(start, end, form, True, (), None, True, "other", full, form, confidence))


def _park(folded: str, start: int) -> re.Match[str] | None:
    match = _PARK.match(folded, start)
    if match is None or set(match[1]) & _NO_NAME or _KINDS.search(match[1]):
        return None
    return match if strangeness(match[1]) > 6.3 else None


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    return {row[0]: row[1] for row in tables.rows("zones.tsv")}


@lru_cache(maxsize=1)
def _table() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, _zones()), key=lambda name: (-len(name), name))))
