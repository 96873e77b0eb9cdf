"""The villages of the table that a document may speak of, by their names without 村 or 社区.

The one idea: a document names its regions, so a village's name is only asked for in their prefectures, and the table answers
from its marks: in the counties the document speaks of, and, for names of three characters and more, in the cities that it
names without their counties.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pbtool.extraction.place_resolution import Resolution
from pbtool.gazetteer import Entry, gazetteer, short
from pbtool.tables import pattern

_VILLAGE = pattern(r"([㐀-鿿]{2,4}?)(?:村(?!民|里|委|庄|镇)|社区)")
#: Villages are looked up in at most so many counties for one document, those it speaks of most.
_MOST_COUNTIES = 40
#: The same of whole cities, for names whose county the document does not name.
_MOST_CITIES = 12
#: The first digits of cities without counties.
_WITHOUT_COUNTIES = ("4419", "4420", "4604", "6202")


class VillageRows:
    """The table's villages of a document's regions, asked for by stem."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.table = gazetteer()
        self._known: dict[str, tuple[Entry, ...]] = {}
        self._wider: dict[str, tuple[tuple[Entry, Entry], ...]] = {}
        self._open_counties()
        counties = [county for county in resolution.counties() if _has_villages(county)][:_MOST_COUNTIES]
        self._counties = [(_digits(county), county) for county in counties]
        self._prefectures = sorted({digits[:4] for digits, _ in self._counties})
        self._cities = [((city.code or "")[:4], city) for city in resolution.cities()[:_MOST_CITIES]]

    def of(self, article: int, stem: str) -> list[Entry]:
        """The villages of this name in the regions that the article speaks of."""
        regions = self.resolution.regions
        rows = [row for row in self.named(stem) if regions.at_home(article, row)]
        if rows or len(stem) < 3:
            return rows
        wider = self._in_cities(stem)
        return [row for row, city in wider if len(wider) == 1 and regions.names(article, city)]

    def named(self, stem: str) -> tuple[Entry, ...]:
        """The villages of this name in the counties of the document."""
        found = self._known.get(stem)
        if found is None:
            found = self._known[stem] = tuple(self._in_counties(stem)) if self._counties else ()
        return found

    def _in_counties(self, stem: str) -> list[Entry]:
        having = self.table.having_village(stem, self._prefectures)
        hits = {p: rows for p in having if (rows := self.table.villages_named(stem, p))}
        return [
            _in(village, self._town(county, town) or county)
            for digits, county in (self._counties if hits else ())
            for town, village in hits.get(digits[:4], ())
            if town.startswith(digits)
        ]

    def _in_cities(self, stem: str) -> tuple[tuple[Entry, Entry], ...]:
        """The villages of this name in the cities of the document, each with its city."""
        found = self._wider.get(stem)
        if found is None:
            hits = [
                (town, village, city)
                for prefecture, city in self._cities
                for town, village in self.table.villages_named(stem, prefecture)
                if len(village.name) > 3
            ]
            found = self._wider[stem] = tuple(
                (_in(village, outer), city)
                for town, village, city in hits
                if (outer := self._town_of_city(city, town)) is not None
            )
        return found

    def _town(self, county: Entry, code: str) -> Entry | None:
        """The town of a county with this code of the statistics bureau."""
        return _towns(county).get(code)

    def _town_of_city(self, city: Entry, code: str) -> Entry | None:
        counties = [county for county in self.table.counties(city) if county.code == code[:6]]
        return next((town for county in counties if (town := self._town(county, code)) is not None), None)

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
        code = county.code
        return any(town.startswith(code) for town, _ in self.table.villages_named(stem, code[:4]))


@lru_cache(maxsize=500)
def _towns(county: Entry) -> dict[str | None, Entry]:
    """The towns of a county by their code of the statistics bureau."""
    return _by_code(gazetteer().towns(county))


def _by_code(towns: Iterable[Entry]) -> dict[str | None, Entry]:
    """Towns by the code of the statistics bureau, under the newer name that the civil affairs may have for the same code."""
    found: dict[str | None, Entry] = {}
    for town in sorted(towns, key=lambda town: town.code_system != "nbs"):
        old = found.get(town.code)
        if town.code_system == "nbs" or (old and set(short(old.name)) & set(short(town.name))):
            found[town.code] = town
    return found


def _in(village: Entry, outer: Entry) -> Entry:
    return Entry(
        village.name, "village", village.code, village.code_system, village.first, village.last, outer
    )


def _digits(county: Entry) -> str:
    """What the codes of its villages begin with."""
    return (county.code or "")[: 6 if county.level == "county" else 4]


def _has_villages(county: Entry) -> bool:
    return county.code is not None and (county.level == "county" or county.code.startswith(_WITHOUT_COUNTIES))
