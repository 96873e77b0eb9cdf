"""The villages of the table that a document may speak of, by their names without 村 or 社区.

The one idea: a document names its regions, so only their villages are unpacked: those of every county it speaks of, and,
for names of three characters and more that the text holds, those of the cities it names without their counties.
"""

from __future__ import annotations

import re
from collections import defaultdict

from pbtool.extraction.place_mentions import han_run
from pbtool.extraction.place_resolution import Resolution
from pbtool.gazetteer import VILLAGE_YEAR, Entry, fold, gazetteer

_VILLAGE = re.compile(r"([㐀-鿿]{2,4}?)(?:村(?!民|里|委|庄|镇)|社区)")
#: The villages of at most so many counties are looked up for one document, those it speaks of most.
_MOST_COUNTIES = 40
#: The same of whole cities, for names whose county the document does not name.
_MOST_CITIES = 12
#: The first digits of cities without counties.
_WITHOUT_COUNTIES = ("4419", "4420", "4604", "6202")


def stem_of(form: str) -> str:
    """The name of a village or community without what kind it is."""
    return re.sub(r"(?:(?:自然|行政)?村|社区|嘎查|居委会)$", "", form)


class VillageRows:
    """The table's villages of a document's regions; `ending` finds where a village's name may end."""

    def __init__(self, resolution: Resolution, ending: re.Pattern[str]) -> None:
        self.resolution, self.ending = resolution, ending
        self.table = gazetteer()
        #: Folded name without 村 → villages of the counties.
        self.known: dict[str, list[Entry]] = defaultdict(list)
        #: The same for cities, with the city.
        self.wider: dict[str, list[tuple[Entry, Entry]]] = defaultdict(list)
        self._open_counties()
        self._fill()
        self._widen()

    def of(self, article: int, stem: str) -> list[Entry]:
        """The villages of this name in the regions that the article speaks of."""
        regions = self.resolution.regions
        rows = [row for row in self.known.get(stem, ()) if regions.at_home(article, row)]
        wider = self.wider.get(stem, ())
        return rows or [row for row, city in wider if len(wider) == 1 and regions.names(article, city)]

    def _open_counties(self) -> None:
        """Accept short names of counties right before a village that the table has there (安塞南沟村)."""
        asked = 0
        for sheet in self.resolution.sheets:
            for find in sheet.finds:
                match = None if find.whole or find.accepted else _VILLAGE.match(sheet.folded, find.end)
                if match is None or asked >= _MOST_COUNTIES:
                    continue
                asked += 1
                homes = [entry for entry in find.living() if self._has(entry, match[1])]
                if len(homes) == 1:
                    self.resolution.accept(sheet, find, homes[0], 0.95)

    def _has(self, county: Entry, stem: str) -> bool:
        if county.level != "county" or county.code is None:
            return False
        return any(stem_of(fold(name)) == stem for _, _, name in self.table.villages_in(county.code))

    def _fill(self) -> None:
        counties = [county for county in self.resolution.counties() if _has_villages(county)]
        for county in counties[:_MOST_COUNTIES]:
            code = (county.code or "")[: 6 if county.level == "county" else 4]
            towns = {town.code: town for town in self.table.towns(county) if town.code_system == "nbs"}
            for town, village, name in self.table.villages_in(code):
                self._know(_village(name, village, towns.get(town, county)))

    def _know(self, village: Entry) -> None:
        name = fold(village.name)
        stem = stem_of(name)
        self.known[stem].append(village)
        if len(stem) == 1:  # a 某村 may be written 某村村
            self.known[name].append(village)

    def _widen(self) -> None:
        stems = self._stems()
        for city in self.resolution.cities()[:_MOST_CITIES] if stems else ():
            rows = [row for row in self.table.villages_in((city.code or "")[:4]) if _stem_in(row[2], stems)]
            towns = self._towns(city) if rows else {}
            for town, village, name in rows:
                if town in towns:
                    row = _village(name, village, towns[town])
                    self.wider[stem_of(fold(name))].append((row, city))

    def _stems(self) -> set[str]:
        """What stands before 村, 社区 … in the text, every three to seven characters of it."""
        stems: set[str] = set()
        for sheet in self.resolution.sheets:
            for match in self.ending.finditer(sheet.folded):
                low = han_run(sheet.folded, match.start(), 7)
                stems.update(sheet.folded[start : match.start()] for start in range(low, match.start() - 2))
        return stems

    def _towns(self, city: Entry) -> dict[str | None, Entry]:
        return {town.code: town for county in self.table.counties(city) for town in self.table.towns(county)}


def _village(name: str, code: str, parent: Entry) -> Entry:
    return Entry(name, "village", code, "nbs", VILLAGE_YEAR, None, parent)


def _stem_in(name: str, stems: set[str]) -> bool:
    return len(name) > 3 and stem_of(fold(name)) in stems


def _has_villages(county: Entry) -> bool:
    return county.code is not None and (county.level == "county" or county.code.startswith(_WITHOUT_COUNTIES))
