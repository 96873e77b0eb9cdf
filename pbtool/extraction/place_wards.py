"""Wards of Taiwan (里), which stand where the mainland has communities: 善化區蓮潭里, 民榮里長.

The one idea: 里 is a measure, a place and a word for inside, so a ward is read only in an article that speaks of Taiwan, right
behind its district or town, or before what only a ward has; once read so, it is read wherever the article has its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from pbtool.extraction.place_judge import strangeness
from pbtool.extraction.place_kinds import BEFORE, STRANGE
from pbtool.extraction.place_mentions import JOINTS, Find, Sheet, joint_at
from pbtool.extraction.place_resolution import Resolution, written_out
from pbtool.gazetteer import Entry
from pbtool.tables import pattern

_WARD = pattern(r"([㐀-鿿]{1,3}?)里(?!程|斯|昂|长征)")
#: The characters of the longest name, 里 and all.
_LONGEST = 4
#: What only a ward has.
_OF_WARD = pattern(rf"里?长(?!途|达|约)|办公处|活动中心|联合活动|社区|民(?!间)|邻|内|[{JOINTS}]")
#: The same where nothing else shows a ward: it must be its head, its office, its hall or its people.
_OFFICE = pattern(r"里?长(?:[㐀-鿿]{2,3}|[，、。及])|办公处|活动中心|里民")
#: What no ward is called: inside of what, and how many.
_INSIDE = frozenset("公英海华市区镇乡村邻家城心这那哪各该本全百千余座个处的在有") | BEFORE
_COUNT = frozenset("零一二三四五六七八九十两几百千万")
#: What a district or town ends in.
_DISTRICT = frozenset("区镇乡市")
_ROW = pattern(rf"(?:[㐀-鿿]{{2,3}}里[{JOINTS}]){{1,20}}[㐀-鿿]{{2,3}}里")
_PREFIX = "71"


class Wards:
    """The wards of a resolved document."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        #: Article → name of a ward → what it lies in.
        self._homes: dict[int, dict[str, Entry | None]] = defaultdict(dict)
        #: Article → the one district or town of which it speaks.
        self._only: dict[int, Entry | None] = {}

    def run(self) -> None:
        """Add them to every sheet of an article about Taiwan; those that their district shows first."""
        speaking = {sheet.article for sheet in self.resolution.sheets if any(map(_taiwan, sheet.finds))}
        sheets = [sheet for sheet in self.resolution.sheets if sheet.article in speaking]
        articles: dict[int, list[Sheet]] = defaultdict(list)
        for sheet in sheets:
            articles[sheet.article].append(sheet)
        self._only = {article: _district(of) for article, of in articles.items()}
        for read in (self._behind, self._officers, self._again):
            for sheet in sheets:
                read(sheet)

    def _behind(self, sheet: Sheet) -> None:
        """Wards right behind their district or town, and those joined to one."""
        for find in [one for one in sheet.finds if _taiwan(one) and one.level in ("county", "town")]:
            start: int | None = find.end
            while start is not None:
                match = _WARD.match(sheet.folded, start)
                if match is None or not _nameable(match[1]):
                    break
                if not _OF_WARD.match(sheet.folded, match.end()) and strangeness(match[1]) <= STRANGE:
                    break
                self._put(sheet, match.start(), match.end(), find.entry, 0.95)
                start = match.end() + 1 if joint_at(sheet.folded, match.end()) else None

    def _officers(self, sheet: Sheet) -> None:
        """Wards that begin where words begin and are followed by what only a ward has, and rows of them."""
        for match in _WARD.finditer(sheet.folded):
            edge = match.start() == 0 or not "㐀" <= sheet.folded[match.start() - 1] <= "鿿"
            if not edge or len(match[1]) < 2 or not _nameable(match[1]):
                continue
            row = _ROW.match(sheet.folded, match.start())
            if row is None and not (
                _OFFICE.match(sheet.folded, match.end()) and strangeness(match[1]) > STRANGE
            ):
                continue
            for one in _WARD.finditer(sheet.folded, match.start(), row.end() if row else match.end()):
                start = one.start() + joint_at(sheet.folded, one.start())
                self._put(sheet, start, one.end(), None, 0.85)

    def _again(self, sheet: Sheet) -> None:
        """Wards that the article has shown elsewhere."""
        homes = self._homes[sheet.article]
        for end in (match.end() for match in re.finditer("里", sheet.folded)) if homes else ():
            for start in range(max(0, end - _LONGEST), end - 1):
                if sheet.folded[start:end] in homes:
                    self._put(sheet, start, end, homes[sheet.folded[start:end]], 0.9)
                    break

    def _put(self, sheet: Sheet, start: int, end: int, home: Entry | None, sure: float) -> None:
        if any(find.accepted and (find.whole or _taiwan(find)) for find in sheet.touching(start, end)):
            return
        form = sheet.folded[start:end]
        homes = self._homes[sheet.article]
        home = homes[form] = home or homes.get(form) or self._only[sheet.article]
        chain = written_out(home) if home is not None else None
        entry = Entry(form, "village", parent=home)
        sheet.put(
            Find(start, end, form, True, (entry,), entry, True, "village", chain and chain + form, form, sure)
        )


def _district(sheets: Iterable[Sheet]) -> Entry | None:
    """The one district or town of Taiwan that the sheets name; None where there are several."""
    named = {
        find.entry
        for sheet in sheets
        for find in sheet.finds
        if _taiwan(find) and find.level in ("county", "town") and find.name[-1:] in _DISTRICT
    }
    return named.pop() if len(named) == 1 else None


def _taiwan(find: Find) -> bool:
    if not find.accepted or find.entry is None:
        return False
    return ((find.entry, *find.entry.parents())[-1].code or "").startswith(_PREFIX)


def _nameable(stem: str) -> bool:
    return bool(set(stem) - _COUNT) and not set(stem) & _INSIDE
