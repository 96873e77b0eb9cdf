"""Villages and communities, and short names of towns: places that only a document that names their surroundings has.

The one idea: the villages of a region are looked up once the document has named the region; a village in no table (a
自然村, a community of last year) is known by its ending, by a clear beginning, and by not being an ordinary word. The
town around it is the one it stands behind anywhere in the document, else the table's, else none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pbtool.extraction.place_judge import strangeness, whole_fits
from pbtool.extraction.place_lists import Lists
from pbtool.extraction.place_mentions import Find, Sheet, goes_on, han_run, kind_words
from pbtool.extraction.place_resolution import Resolution, written_out
from pbtool.extraction.place_shorts import ShortNames
from pbtool.extraction.place_table import VillageRows
from pbtool.gazetteer import Entry, Gazetteer, gazetteer, short, stem_of

END = re.compile(
    r"(?:自然|行政)?村(?!村[^民委干级支党两主书长会医里]|级|民(?!委)|里|务|情|庄|委?会?干|镇|集体|容|线|史|规|风|口|头|落|企|屯|貌|居|域|巷|东|西|南|北|内|外|社|校|医)|村(?=民委|委|民|里|干|集体|口|级)|社区|嘎查"
)
#: Characters that end the words before a village's name and are hardly ever in one.
_BEFORE = frozenset(
    "她他您在到从向对于与及并赴往为把将被让使给由经据至或的了着过是个名位户内等这那该各每某其该此"
)
#: The same, but found in names of villages too: cut there only where what is left is known to the document or the table.
_MAYBE = frozenset("以和来去入进回驻访走如请而但")
#: One or two of these before 村 are no name either: 全村, 小山村, 各村.
_LITTLE = frozenset(
    "全本我各每该某邻外整驻多几数两渔农乡山小古新老弱强穷富牧林大家空好那这哪同进入下到出回离包联帮治兴建护爱跨近远之的有无别他你咱在众个名"
)
#: Last characters of what says how many or what kind.
_LAST = frozenset("个多余类型式性级化每各该全的农乡镇县区省市本不")
_NUMBER = re.compile(
    r"^[0-9０-９〇一二三四五六七八九十百千两多几余数第]+[0-9０-９〇一二三四五六七八九十百千两多几余数个来]*$"
)
_EDGE = re.compile(r"[^㐀-鿿〇]")
#: What follows the name of a water or a road.
_BANK = re.compile(r"[畔岸边]|上游|下游|流域|大桥")
_HAN = re.compile(r"[㐀-鿿〇]+")
#: Words before a village's name that say where it is and are no part of it: 镇上花桥社区.
_IN_TOWN = re.compile(r"(?:[镇乡县市区城村][上里内]|[东南西北][邻接靠连临依毗])(?=[㐀-鿿]{2})")
#: First characters that tell villages of one name apart (西王黑村 beside 王黑村).
_SIDES = frozenset("东西南北上下前后大小老新中")
#: What only follows the name of a village or community that is meant as a body or a place.
_BODY = re.compile(
    r"(?:的|等|和|与|及|党|支部|总支|两委|“两委”|村委|村民|居民|党员|书记|主任|委会|民委员会|第一书记|位于|地处|曾|有|通过|以|坚持|按照|把|成立|开展|推行|原|现任|妇女|人|群众|种植|養|养|实施|建|是|做|召开|组织|从|在|获|举办|启动|邀请|联合|网格|志愿|入选|结合|依托|积极|[，。、；：）)》”]|$)"
)
_TOWN = re.compile(r"([㐀-鿿]{2,4}?)(?:镇|乡(?![村镇土亲贤情风音愁邻])|街道|苏木)")
_TOWN_END = re.compile(r"[镇乡](?![村镇土亲贤情风音愁邻静定压痛区域街长级间下民])")
#: What before 镇 or 乡 names no town.
_NO_TOWN = frozenset(["小城", "新城", "建制", "中心", "重点", "特色小", "美丽城", "各", "古", "历史文化名"])
#: How sure a village is of which the table has the name, but not where the article speaks of.
_ELSEWHERE = 0.8
#: What a name in quotation marks needs; only the table gives it.
_ELSEWHERE_QUOTED = 0.93
#: How little what stands before an ending must read like words: anywhere, and that of a community between its town and its office.
_STRANGE, _BEHIND_TOWN = 6.3, 4.5
#: What after a quoted name says that it is given for praise: “银匠村”之称.
_PRAISE = re.compile(r"[”’」』](?:之称|之名|之誉|的?称号|的?美誉|的?荣誉|的?名片|的?美称|的?招牌)")


class Villages:
    """The villages of a document's regions, and those it names itself."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.table: Gazetteer = gazetteer()
        #: (article, name of a village) → what it stands behind somewhere there; article None: in the whole document.
        self.homes: dict[tuple[int | None, str], Entry] = {}
        self.accepted: dict[str, Find] = {}
        #: The articles that write a village's name in full.
        self.written: dict[str, set[int]] = defaultdict(set)
        self.rows = VillageRows(resolution)
        self.known = self.rows.named
        self.towns = resolution.towns()

    def run(self) -> None:
        """Find the villages of every sheet, then what is left of them in short."""
        for sheet in self.resolution.sheets:
            self._new_towns(sheet)
            self._former_towns(sheet)
        found = [(sheet, list(self._candidates(sheet))) for sheet in self.resolution.sheets]
        repeated = self._repeated(found)
        for sheet, finds in found:
            for find in finds:
                self._settle(sheet, find, repeated)
        Lists(self.resolution).run(self.known)
        ShortNames(self.resolution, self.accepted, self.written, self._note_home).run(self.known)
        self._rehome()
        for sheet in self.resolution.sheets:
            self._neighbours(sheet)

    def _new_towns(self, sheet: Sheet) -> None:
        """Towns that no table has (abolished long ago, or named another way), right behind their county."""
        for find in list(sheet.finds):
            if find.level != "county" or find.entry is None or not find.accepted:
                continue
            match = _TOWN.match(sheet.folded, find.end)
            if match is None or any(one.accepted for one in sheet.touching(find.end, match.end())):
                continue
            if set(match[1]) & _BEFORE or generic(match[1]) or match[1] in _NO_TOWN or match[1][0] in _MAYBE:
                continue
            if not _strange(match[1]):
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

    # -- full names ------------------------------------------------------------------------------------------------

    def _candidates(self, sheet: Sheet) -> Iterator[tuple[int, int]]:
        for match in END.finditer(sheet.folded):
            yield match.start(), match.end()

    def _repeated(self, found: Iterable[tuple[Sheet, list[tuple[int, int]]]]) -> dict[str, set[str]]:
        """For every string before an ending, the characters it was seen behind (a name stands behind several)."""
        seen: dict[str, set[str]] = defaultdict(set)
        for sheet, spans in found:
            for cut, end in spans:
                low = han_run(sheet.folded, cut, 6)
                for start in range(low, cut - 1):
                    before = sheet.folded[start - 1] if start else ""
                    seen[sheet.folded[start:end]].add(before if "㐀" <= before <= "鿿" else "")
        return seen

    def _settle(self, sheet: Sheet, span: tuple[int, int], repeated: dict[str, set[str]]) -> None:
        cut, end = span
        if self._inside(sheet, cut, end) or (sheet.folded[cut - 1 : cut] == "村" and self._ends(sheet, cut)):
            return
        behind = self._behind(sheet, cut)
        start, sure = self._start(sheet, cut, end, behind, repeated)
        if start is None:
            return
        form = sheet.folded[start:end]
        if _PRAISE.match(sheet.folded, end) or (
            sure < _ELSEWHERE_QUOTED and _quoted(sheet.folded, start, end)
        ):
            return
        home = behind.entry if behind is not None and behind.end == start else None
        if home is not None and home.level in ("county", "town", "city"):
            self._note_home(sheet, form, home)
        find = Find(start, end, form, True, (), None, True, "village", None, form, sure)
        sheet.put(find)
        if home is None and behind is not None and behind.entry is not None:
            self._near(sheet, find, behind.entry)
        self.accepted.setdefault(form, find)
        self.written[form].add(sheet.article)

    def _near(self, sheet: Sheet, find: Find, outer: Entry) -> None:
        """Settle a village by the county or town a few words before it, where that has one of the name (…县也有个…村)."""
        rows = [row for row in self.known(stem_of(find.form)) if row.parent and row.within(outer)]
        if outer.level in ("county", "town") and len(rows) == 1:
            find.accepted = False
            self.resolution.accept(sheet, find, rows[0], find.confidence)

    def _note_home(self, sheet: Sheet, form: str, home: Entry) -> None:
        for key in ((sheet.article, form), (None, form)):
            old = self.homes.get(key)
            if old is None or (old.level != "town" and home.level == "town"):
                self.homes[key] = home

    def _inside(self, sheet: Sheet, cut: int, end: int) -> bool:
        return any(find.accepted and find.whole for find in sheet.touching(cut, end))

    def _ends(self, sheet: Sheet, place: int) -> bool:
        before = sheet.before(place)
        return before is not None and before.end == place and before.level == "village"

    def _behind(self, sheet: Sheet, cut: int) -> Find | None:
        """The last accepted place shortly before the ending, with nothing but Chinese between."""
        best = sheet.before(cut)
        if best is None or best.entry is None or cut == best.end:
            return None
        return None if _EDGE.search(sheet.folded, best.end, cut) else best

    def _start(
        self, sheet: Sheet, cut: int, end: int, behind: Find | None, repeated: dict[str, set[str]]
    ) -> tuple[int | None, float]:
        folded = sheet.folded
        low = han_run(folded, cut, 7)
        if behind is not None:
            low = max(low, behind.end)
        known = self._known_start(sheet, low, cut, end, behind)
        if known is not None:
            return known
        if behind is not None and cut - behind.end >= 1:
            stem = folded[behind.end : cut]
            if (
                not (set(stem) & _BEFORE)
                and not generic(stem)
                and stem[0] not in _MAYBE
                and (len(stem) > 1 or behind.level == "town")
            ):
                body = end - cut > 1 and behind.level == "town" and _BODY.match(folded, end)
                odd = strangeness(stem) > (_BEHIND_TOWN if body else _STRANGE)
                return (behind.end, 0.93) if odd else (None, 0.0)
        if self._joined(sheet, low, cut):
            return low, 0.85
        if end - cut > 2 and folded[cut] in "自行":
            place = self._open_start(folded, low, cut)
            return (place, 0.85) if place is not None and _strange(folded[place:cut]) else (None, 0.0)
        start = self._open_start(folded, low, cut)
        if start is None:
            return None, 0.0
        form = folded[start:end]
        at_edge = start == 0 or not ("㐀" <= folded[start - 1] <= "鿿")
        at_edge = at_edge or _IN_TOWN.match(folded, max(0, start - 2)) is not None
        if len(repeated.get(form, ())) > 1 or (at_edge and cut - start <= 4 and _BODY.match(folded, end)):
            fits = whole_fits(folded, start, end) > 0 and _strange(folded[start:cut])
            return (start, 0.85) if fits else (None, 0.0)
        return None, 0.0

    def _joined(self, sheet: Sheet, low: int, cut: int) -> bool:
        """Whether the name is one of a row: it stands behind 、 that follows another village."""
        if sheet.folded[low - 1 : low] != "、" or not self._ends(sheet, low - 1):
            return False
        stem = sheet.folded[low:cut]
        return 2 <= len(stem) <= 5 and not generic(stem) and not set(stem) & _BEFORE

    def _known_start(
        self, sheet: Sheet, low: int, cut: int, end: int, behind: Find | None
    ) -> tuple[int, float] | None:
        """Where a name of the table begins, surely where the article speaks of its region."""
        folded = sheet.folded
        for start in range(low, cut - 1):
            stem = folded[start:cut]
            beside = behind is not None and start == behind.end + 1
            if beside and folded[start - 1] in _SIDES:
                return None
            if generic(stem) and (behind is None or behind.end != start):
                continue
            rows = self.rows.of(sheet.article, stem)
            clear = start == low or (behind is None and (len(stem) > 2 or folded[start - 1] in _BEFORE))
            sure, rows = bool(rows), rows or (list(self.known(stem)) if clear else [])
            if not rows or not (start == low or len(stem) > 2 or self._clear(folded, start, rows)):
                continue
            if beside and _longer(folded[start - 1 : cut]):
                return None
            if sure or whole_fits(folded, start, end) > 0:
                return start, 0.97 if sure else 0.93 if behind is not None else _ELSEWHERE
        return None

    def _clear(self, folded: str, start: int, rows: list[Entry]) -> bool:
        """Whether a short known name begins where a word may begin, or lies in a town that the document names."""
        before = folded[start - 1]
        if before in _BEFORE or before in _MAYBE:
            return True
        return any(row.parent in self.towns for row in rows)

    def _open_start(self, folded: str, low: int, cut: int) -> int | None:
        start = low
        for place in range(cut - 1, low - 1, -1):
            if folded[place] in _BEFORE:
                start = place + 1
                break
        while start < cut and folded[start] in _MAYBE:
            start += 1
        if match := _IN_TOWN.match(folded, start, cut):
            start = match.end()
        stem = folded[start:cut]
        if not 2 <= len(stem) <= 5 or generic(stem):
            return None
        return start

    # -- short names -------------------------------------------------------------------------------------

    def _neighbours(self, sheet: Sheet) -> None:
        """A village's short name right behind its town, or joined to another village by 及, 和, 、."""
        for find in list(sheet.finds):
            if not find.accepted:
                continue
            start = find.end
            if find.level == "village" and sheet.folded[start : start + 1] in tuple("、和及与"):
                start += 1
            elif find.level != "town" or find.entry is None:
                continue
            self._neighbour(sheet, find, start)

    def _neighbour(self, sheet: Sheet, find: Find, start: int) -> None:
        town = find.entry if find.level == "town" else find.entry.parent if find.entry else None
        if town is None:
            return
        if any(
            one.accepted and (one.whole or one.confidence > 0.96) for one in sheet.touching(start, start + 2)
        ):
            return
        for length in (5, 4, 3, 2) if find.level == "village" else (5, 4, 3):
            stem = sheet.folded[start : start + length]
            if len(stem) < length or not _HAN.fullmatch(stem) or generic(stem):
                continue
            if _BANK.match(sheet.folded, start + length) or goes_on(sheet.folded, start + length):
                continue
            rows = [e for e in self.known(stem) if e.parent == town]
            if rows and not (find.level == "town" and self.table.is_ordinary(stem)):
                short_find = Find(start, start + length, stem, False, (rows[0],))
                sheet.put(short_find)
                self.resolution.accept(sheet, short_find, rows[0], 0.85)
                return

    # -- where they lie --------------------------------------------------------------------------------------------

    def _rehome(self) -> None:
        anchors = self._anchors()
        for number, sheet in enumerate(self.resolution.sheets):
            for find in sheet.finds:
                if find.level == "village" and find.accepted and find.entry is None:
                    self._home(sheet, find, _nearest(anchors[sheet.article], (number, find.start)))

    def _anchors(self) -> dict[int, list[tuple[tuple[int, int], Entry]]]:
        """Where each article names towns and counties, in reading order."""
        anchors: dict[int, list[tuple[tuple[int, int], Entry]]] = defaultdict(list)
        for number, sheet in enumerate(self.resolution.sheets):
            for find in sheet.finds:
                if find.accepted and find.entry is not None and find.level in ("county", "town"):
                    anchors[sheet.article].append(((number, find.start), find.entry))
        return anchors

    def _home(self, sheet: Sheet, find: Find, near: Entry | None) -> None:
        form = find.form if find.whole else find.name
        rows = self.rows.of(sheet.article, stem_of(form))
        home = self.homes.get((sheet.article, form)) or self.homes.get((None, form))
        if home is not None:
            rows = [row for row in self.known(stem_of(form)) or rows if _same_home(row, home)]
        entry = max(rows, key=lambda row: self._pull(sheet, row, near), default=None)
        find.name = form
        outer = home if home is not None and (home.level == "town" or entry is None) else None
        if entry is not None:
            find.entry = entry
            self.resolution.regions.add(sheet.article, entry, 0.5)
            outer = outer or entry.parent
        else:
            outer = outer or (near if find.confidence > _ELSEWHERE else None)
        if outer is not None:
            chain = written_out(outer)
            find.full = chain + form if chain is not None else None
            find.entry = find.entry or Entry(form, "village", None, None, None, None, outer)

    def _pull(self, sheet: Sheet, row: Entry, near: Entry | None) -> tuple[bool, float, str]:
        return row.parent == near, self.resolution.regions.weight(sheet.article, row), row.code or ""


def _nearest(anchors: list[tuple[tuple[int, int], Entry]], place: tuple[int, int]) -> Entry | None:
    """The town or county named last before a place of the article, else the first after it."""
    index = bisect_left(anchors, place, key=lambda anchor: anchor[0])
    if index:
        return anchors[index - 1][1]
    return anchors[0][1] if anchors else None


def _longer(stem: str) -> bool:
    """Whether what stands right behind a place is one name, though the table has but its end (李康河村, not 康河村)."""
    return len(stem) < 5 and stem[0] not in _MAYBE and not set(stem) & _BEFORE and _strange(stem)


def _quoted(folded: str, start: int, end: int) -> bool:
    """Whether the name stands alone in quotation marks: a nickname (“光棍村”)."""
    return folded[start - 1 : start] in tuple('“‘「『"') and folded[end : end + 1] in tuple('”’」』"')


def _strange(stem: str) -> bool:
    """Whether the text before an ending reads like a name and not like words."""
    return strangeness(stem) > _STRANGE


def _same_home(row: Entry, home: Entry) -> bool:
    """Whether the table's village lies where the document says; a 乡 that became a 镇 is the same."""
    parent = row.parent
    if parent is None:
        return False
    if home.level == "town":
        same = short(parent.name) == short(home.name) and parent.parent == home.parent
        return same or (parent.code, parent.name) == (home.code, home.name)
    return parent == home or row.within(home)


#: Who or what belongs to a village, and no village begins with.
_OF_VILLAGES = re.compile(
    r"村[民干委支里级内中]|(?:打造|建设|推进|实施|强化|坚持|带动|助推|聚焦|围绕|加快|促进|因人|因地|一人)"
)


@lru_cache(maxsize=1)
def _modifier() -> re.Pattern[str]:
    kinds = "|".join(map(re.escape, kind_words("village")))
    return re.compile(f"^.{{0,5}}(?:{kinds})$")


def generic(stem: str) -> bool:
    """Whether what stands before 村 or 社区 says what kind it is, or how many (示范, 20个), and is no name."""
    if (
        not stem
        or stem[-1] in _LAST
        or "村" in stem[1:-1]
        or _OF_VILLAGES.match(stem)
        or (len(stem) < 3 and not (set(stem) - _LITTLE))
    ):
        return True
    return bool(_modifier().match(stem) or _NUMBER.match(stem))
