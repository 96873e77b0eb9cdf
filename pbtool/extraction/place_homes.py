"""Where the villages of a document lie.

The one idea: the town or county that a village's name stands behind anywhere in the document is its home, else the one that the
table gives it in the regions of the article, those before it and around it first; the members of a row agree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator

from pbtool.extraction.place_beginnings import ELSEWHERE
from pbtool.extraction.place_mentions import Find, Sheet, joint_at
from pbtool.extraction.place_resolution import Resolution, written_out
from pbtool.extraction.place_table import VillageRows
from pbtool.gazetteer import Entry, gazetteer, short, stem_of

#: In how many prefectures villages have a name that is common.
_COMMON = 60
#: Two names may be neighbours by chance; more are a row.
_ROW = 3


class Homes:
    """The homes of a document's villages."""

    def __init__(self, resolution: Resolution, rows: VillageRows) -> None:
        self.resolution, self.rows = resolution, rows
        #: (article, name of a village) → what it stands behind somewhere there; article None: in the whole document.
        self._seen: dict[tuple[int | None, str], Entry] = {}

    def note(self, sheet: Sheet, form: str, home: Entry | None) -> None:
        """Remember that a village's name stands right behind `home` (None: a place that is not known)."""
        if home is None or home.level not in ("county", "town", "city"):
            return
        for key in ((sheet.article, form), (None, form)):
            old = self._seen.get(key)
            if old is None or (old.level != "town" and home.level == "town"):
                self._seen[key] = home

    def settle(self) -> None:
        """Give every village of the document what it lies in, where that can be said."""
        anchors = self._anchors()
        for number, sheet in enumerate(self.resolution.sheets):
            agreed = self._agreed(sheet)
            said: set[Entry] = set()  # the towns that the sentence has named
            place = 0
            for find in sheet.finds:
                if "。" in sheet.folded[place : find.start]:
                    said.clear()
                place = find.end
                if _open(find):
                    near = agreed.get(find.start, _nearest(anchors[sheet.article], (number, find.start)))
                    self._home(sheet, find, near, near in said)
                elif find.entry is not None and find.entry.level == "town":
                    said.add(find.entry)

    def _anchors(self) -> dict[int, list[tuple[tuple[int, int], Entry]]]:
        """Where each article names towns and counties, in reading order."""
        anchors: dict[int, list[tuple[tuple[int, int], Entry]]] = defaultdict(list)
        for number, sheet in enumerate(self.resolution.sheets):
            named = [find for find in sheet.finds if find.accepted and find.level in ("county", "town")]
            towns = {find.start for find in named if find.level == "town"}
            for find in named:
                if find.entry is not None and find.end not in towns:  # 仙居县白塔镇 is one place, the town
                    anchors[sheet.article].append(((number, find.start), find.entry))
        return anchors

    def _agreed(self, sheet: Sheet) -> dict[int, Entry]:
        """The town that most members of a row have in the table, by where each begins."""
        agreed: dict[int, Entry] = {}
        for row in _rows(sheet):
            towns = [
                dict.fromkeys(e.parent for e in self.rows.of(sheet.article, stem_of(find.name)))
                for find in row
            ]
            votes = Counter(town for parents in towns for town in parents if town is not None)
            for town, count in votes.most_common(1):
                if count > 1 and 2 * count > sum(map(bool, towns)):
                    agreed.update((find.start, town) for find in row)
        return agreed

    def _home(self, sheet: Sheet, find: Find, near: Entry | None, said: bool) -> None:
        """Say where a village lies, as `near` to it; `said`: its sentence names that before it."""
        form = find.form if find.whole else find.name
        rows = self.rows.of(sheet.article, stem_of(form))
        home = self._seen.get((sheet.article, form)) or self._seen.get((None, form))
        if home is not None:
            rows = [row for row in self.rows.named(stem_of(form)) or rows if _same_home(row, home)]
        entry = max(rows, key=lambda row: self._pull(sheet, row, near), default=None)
        if home is None and entry is not None and said and self._chance(sheet, find, entry, near):
            entry = None
        find.name = form
        outer = home if home is not None and (home.level == "town" or entry is None) else None
        if entry is not None:
            find.entry = entry
            self.resolution.regions.add(sheet.article, entry, 0.5)
            outer = outer or _nearer(entry.parent, near)
        else:
            outer = outer or (near if find.confidence > ELSEWHERE else None)
        if outer is not None:
            chain = written_out(outer)
            find.full = chain + form if chain is not None else None
            find.entry = find.entry or Entry(form, "village", None, None, None, None, outer)

    def _chance(self, sheet: Sheet, find: Find, entry: Entry, near: Entry | None) -> bool:
        """Whether the table has a village of a common name (郭庄) only in a town that the article does not name.

        Then it is one of no table, in the town that the sentence names.
        """
        town = entry.parent
        if near is None or near.level != "town" or town is None or town.level != "town" or town == near:
            return False
        if near.parent != town.parent:
            return False
        named = self.resolution.regions.names(sheet.article, town)
        return not named and gazetteer().spread(stem_of(find.name)) >= _COMMON

    def _pull(self, sheet: Sheet, row: Entry, near: Entry | None) -> tuple[bool, float, str]:
        return row.parent == near, self.resolution.regions.weight(sheet.article, row), row.code or ""


def _nearer(parent: Entry | None, near: Entry | None) -> Entry | None:
    """The town before a village of which the table only knows the county, where it lies in that county."""
    if near is not None and near.level == "town" and near.parent == parent:
        return near
    return parent


def _open(find: Find) -> bool:
    return find.level == "village" and find.accepted and find.entry is None


def _rows(sheet: Sheet) -> Iterator[list[Find]]:
    """The rows of villages in a sheet whose home is open."""
    row: list[Find] = []
    for find in (*(one for one in sheet.finds if one.accepted), None):
        if find is not None and _open(find) and (not row or _joined(sheet, row[-1], find)):
            row.append(find)
            continue
        if len(row) >= _ROW:
            yield row
        row = [find] if find is not None and _open(find) else []


def _joined(sheet: Sheet, one: Find, two: Find) -> bool:
    """Whether nothing but a joint stands between two finds."""
    return two.start == one.end + 1 and joint_at(sheet.folded, one.end)


def _nearest(anchors: list[tuple[tuple[int, int], Entry]], place: tuple[int, int]) -> Entry | None:
    """The town or county named last before a place of the article, else the first after it."""
    index = bisect_left(anchors, place, key=lambda anchor: anchor[0])
    if index:
        return anchors[index - 1][1]
    return anchors[0][1] if anchors else None


def _same_home(row: Entry, home: Entry) -> bool:
    """Whether the table's village lies where the document says; a 乡 that became a 镇 is the same."""
    parent = row.parent
    if parent is None:
        return False
    if home.level == "town":
        same = short(parent.name) == short(home.name) and parent.parent == home.parent
        return same or (parent.code, parent.name) == (home.code, home.name)
    return parent == home or row.within(home)
