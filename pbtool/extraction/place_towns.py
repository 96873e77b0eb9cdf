"""Towns that no table holds as they are written: abolished long ago, named another way, or still called what they were.

The one idea: right behind its county a name with the ending of a town is one, unless it says what kind of town it is; and a
乡 that became a 镇 (or the other way) is found under its name without the ending, in the counties of the article.
"""

from __future__ import annotations

import re

from pbtool.extraction.place_judge import strangeness
from pbtool.extraction.place_kinds import BEFORE, MAYBE, STRANGE, generic
from pbtool.extraction.place_mentions import Find, Sheet, han_run
from pbtool.extraction.place_resolution import Resolution
from pbtool.gazetteer import Entry, gazetteer, short
from pbtool.tables import pattern

_TOWN = pattern(r"([㐀-鿿]{2,4}?)(?:镇|乡(?![村镇土亲贤情风音愁邻])|街道|苏木)")
_TOWN_END = pattern(r"[镇乡](?![村镇土亲贤情风音愁邻静定压痛区域街长级间下民])")
_STREET_ON = pattern(r"[道头巷区镇面市上口边角]|[东西南北中]?路|[0-9０-９]+号")
_STREET = pattern(rf"[㐀-鿿]{{2,4}}?街(?!{_STREET_ON.pattern})")
#: What before 镇 or 乡 names no town.
_NO_TOWN = frozenset(["小城", "新城", "建制", "中心", "重点", "特色小", "美丽城", "各", "古", "历史文化名"])


class OtherTowns:
    """The towns of a resolved document under names that the table does not have."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.table = gazetteer()

    def run(self) -> None:
        """Add them to every sheet."""
        for sheet in self.resolution.sheets:
            self._new_towns(sheet)
            self._former_towns(sheet)
        self._follow()
        self._streets()

    def _follow(self) -> None:
        """The other mentions of a town that stands behind its county and is not the one of its name in the table."""
        homes: dict[tuple[int, str], Entry] = {}
        for sheet in self.resolution.sheets:
            for find in sheet.finds:
                if find.accepted and find.level == "town" and find.entry and find.entry.code is None:
                    homes[sheet.article, find.form] = find.entry
        for sheet in self.resolution.sheets if homes else ():
            for find in sheet.finds:
                entry = homes.get((sheet.article, find.form))
                if entry is None or not find.whole or find.entry == entry:
                    continue
                before = sheet.before(find.start)
                if before is None or before.end != find.start or before.entry == entry.parent:
                    self.resolution.accept(sheet, find, entry, 0.8)

    def _streets(self) -> None:
        """Subdistricts without their last character (桥南街), where the document has one right behind its county."""
        meant: dict[str, Entry] = {}
        for sheet in self.resolution.sheets:
            for find in sheet.finds:
                match = _STREET.match(sheet.folded, find.end) if find.level == "county" else None
                if match is None or not find.accepted:
                    continue
                towns = [e for e in self.table.named(match[0] + "道") if e.level == "town"]
                meant.update((match[0], e) for e in towns if e.current and e.parent == find.entry)
        for sheet in self.resolution.sheets if meant else ():
            for match in re.finditer("|".join(map(re.escape, meant)), sheet.folded):
                taken = any(one.accepted for one in sheet.touching(match.start(), match.end()))
                if not taken and not _STREET_ON.match(sheet.folded, match.end()):
                    new = Find(match.start(), match.end(), match[0], True, (meant[match[0]],))
                    sheet.put(new)
                    self.resolution.accept(sheet, new, meant[match[0]], 0.9)

    def _new_towns(self, sheet: Sheet) -> None:
        """Towns that no table has (abolished long ago, or named another way), right behind their county."""
        for find in list(sheet.finds):
            if find.level != "county" or find.entry is None or not find.accepted:
                continue
            match = _TOWN.match(sheet.folded, find.end)
            if match is None or any(one.accepted for one in sheet.touching(find.end, match.end())):
                continue
            if set(match[1]) & BEFORE or generic(match[1]) or match[1] in _NO_TOWN or match[1][0] in MAYBE:
                continue
            if strangeness(match[1]) <= STRANGE:
                continue
            name = match[0]
            old = self._renamed(match[1], find.entry)
            code, system = (old.code, old.code_system) if old else (None, None)
            entry = Entry(name, "town", code, system, None, None, find.entry)
            new = Find(find.end, match.end(), name, True, (entry,))
            sheet.put(new)
            self.resolution.accept(sheet, new, entry, 0.8)

    def _renamed(self, stem: str, county: Entry) -> Entry | None:
        """The town of the table that a county has under the same name with another ending (乡 that became 镇)."""
        towns = [e for e in self.table.named(stem) if e.level == "town" and short(e.name) != e.name]
        return next((e for e in towns if e.parent == county), None)

    def _former_towns(self, sheet: Sheet) -> None:
        """Towns under the ending that they had before, in the counties of the article (下坳乡, now 下坳镇)."""
        for match in _TOWN_END.finditer(sheet.folded):
            low = han_run(sheet.folded, match.start(), 4)
            if any(one.accepted for one in sheet.touching(match.start(), match.end())):
                continue
            for start in range(low, match.start() - 1):
                rows = [e for e in self.table.named(sheet.folded[start : match.start()]) if e.level == "town"]
                rows = [e for e in rows if self.resolution.regions.weight(sheet.article, e) > 1.0]
                if len({e.parent for e in rows}) == 1 and rows[0].parent is not None:
                    name = sheet.folded[start : match.end()]
                    entry = Entry(
                        name, "town", rows[0].code, rows[0].code_system, None, rows[0].first, rows[0].parent
                    )
                    find = Find(start, match.end(), name, True, (entry,))
                    sheet.put(find)
                    self.resolution.accept(sheet, find, entry, 0.85)
                    break
