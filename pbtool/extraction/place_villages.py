"""Villages and communities, and short names of towns: places that only a document that names their surroundings has.

The one idea: the villages of a region are looked up once the document has named the region; a village in no table (a
自然村, a community of last year) is known by its ending, by a clear beginning, and by not being an ordinary word. The
town around it is the one it stands behind anywhere in the document, else the table's, else none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pbtool.extraction.place_mentions import Find, Sheet, goes_on, han_run
from pbtool.extraction.place_resolution import Resolution
from pbtool.gazetteer import Entry, Gazetteer, fold, gazetteer

_END = re.compile(r"(?:自然|行政)?村(?!级|民(?!委)|里|务|情|庄|委?会?干|镇|集体|容|史|规|风|口|头|落|企|屯|貌|居|域|巷|东|西|南|北|内|外|社|校|医)|村(?=民委|委|民|里|干|集体|口|级)|社区|嘎查")
#: Characters that end the words before a village's name and are hardly ever in one.
_BEFORE = frozenset("在到从向对于与及并赴往为把将被让使给由经据至或的了着过是个名位户内等这那该各每某其该此")
#: The same, but found in names of villages too: cut there only where what is left is known to the document or the table.
_MAYBE = frozenset("和来去入进回驻访走")
_MODIFIER = re.compile(
    r"^.{0,4}(?:示范|贫困|薄弱|先进|后进|重点|试点|中心|帮扶|包联|包村|联系|结对|选派|派驻|行政|自然|城中|城郊|空心|文明|小康|美丽|生态|旅游|特色|专业|移民|搬迁"
    r"|景区|渔|农|乡|山|小|古|新|老|全|本|我|各|每|该|某|邻|外|整|驻|多|几|数|两|周边|邻近|附近|相关|有关|所在|所辖|下辖|脱贫|富裕|落后|软弱涣散|涣散|难点|难"
    r"|达标|标杆|样板|明星|强|弱|穷|富|红榜|黑榜|红色|民族|少数民族|革命|传统|历史文化|文化|智慧|数字|电商|淘宝|产业|度假|奥运|地球|城乡|农业|牧|林|库区|矿区|沿线|沿江|沿海"
    r"|未来|和谐|平安|幸福|现代|现代化|城市|农村|村改居|老旧|网格|街道|服务|综合|试验|实验|高档|型|类|式|性|级|化|个|多个|省|市|县|镇|试行|对口|同|进|入|下|到|出|回|离|驻|包|联|帮|治|强|兴|建|护|爱|跨|近|远|邻|大|家|空壳|经济|集体|联合|一|二|三|四|五|六|七|八|九|十|百|千|万|余|部分|个别|不少|许多|所有|其他|其它|另|另外|哪|什么|无|有)$"
)
_NUMBER = re.compile(r"^[0-9０-９〇一二三四五六七八九十百千两多几余数第]+[0-9０-９〇一二三四五六七八九十百千两多几余数个来]*$")
_EDGE = re.compile(r"[^㐀-鿿〇]")
#: What only follows the name of a village or community that is meant as a body or a place.
_BODY = re.compile(
    r"(?:的|党|支部|总支|两委|“两委”|村委|村民|居民|党员|书记|主任|委会|民委员会|第一书记|位于|地处|曾|有|通过|以|坚持|按照|把|成立|开展|推行|原|现任|妇女|人|群众|种植|養|养|里|实施|建|是|做|召开|组织|从|在|结合|依托|积极|[，。、；：）)》”]|$)"
)
_COUNT = r"[0-9０-９一二三四五六七八九十两几多]{0,3}个?"
_LIST = re.compile(
    rf"((?:[㐀-鿿]{{2,6}}[、和及与]){{1,12}}[㐀-鿿]{{2,5}}?)等?{_COUNT}(乡镇街道|乡镇（街道）|乡镇|镇街|镇乡|乡街|街道|镇|乡|村居|行政村|自然村|村)(?![㐀-鿿]?[书委])"
)


class Villages:
    """The villages of a document's regions, and those it names itself."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.table: Gazetteer = gazetteer()
        self.towns = resolution.towns()
        self.homes: dict[str, Entry] = {}  # name of a village → what it stands behind somewhere in the document
        self.known: dict[str, list[Entry]] = defaultdict(list)  # folded name without 村 → entries of the table
        self.accepted: dict[str, Find] = {}
        self._fill()

    def _fill(self) -> None:
        towns = {town.code: town for town in self.towns if town.code_system == "nbs"}
        for county in self.resolution.counties()[:40]:
            if county.code is None or county.level == "city" and not county.code.startswith(("4419", "4420", "4604", "6202")):
                continue
            prefix = county.code if county.level == "county" else county.code[:4]
            for town_code, code, name in self.table.villages_in(prefix):
                parent = towns.get(town_code) or self._town(town_code, county)
                entry = Entry(name, "village", code, "nbs", 2023, None, parent)
                stem = re.sub(r"(?:村|社区|嘎查|居委会)$", "", fold(name))
                self.known[stem].append(entry)

    def _town(self, code: str, county: Entry) -> Entry:
        names = self.resolution.__dict__.setdefault("_town_cache", {})
        key = county.code, county.name
        if key not in names:
            names[key] = {t.code: t for t in self.table.towns(county) if t.code_system == "nbs" and t.current}
        return names[key].get(code, county)  # type: ignore[no-any-return]

    def run(self) -> None:
        """Find the villages of every sheet, then what is left of them in short."""
        found = [(sheet, list(self._candidates(sheet))) for sheet in self.resolution.sheets]
        repeated = self._repeated(found)
        for sheet, finds in found:
            for find in finds:
                self._settle(sheet, find, repeated)
        self._town_lists()
        self._rehome()
        self._shorts()

    # -- full names ------------------------------------------------------------------------------------------------

    def _candidates(self, sheet: Sheet) -> Iterator[tuple[int, int]]:
        for match in _END.finditer(sheet.folded):
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
        if self._inside(sheet, cut, end):
            return
        behind = self._behind(sheet, cut)
        start, sure = self._start(sheet, cut, end, behind, repeated)
        if start is None:
            return
        form = sheet.folded[start:end]
        home = behind.entry if behind is not None and behind.end == start else None
        if home is not None and home.level in ("county", "town", "city"):
            old = self.homes.get(form)
            if old is None or (old.level != "town" and home.level == "town"):
                self.homes[form] = home
        find = Find(start, end, form, True, (), None, True, "village", None, form, sure)
        self._put(sheet, find)
        self.accepted.setdefault(form, find)

    def _inside(self, sheet: Sheet, cut: int, end: int) -> bool:
        return any(f.accepted and f.whole and f.start < end and cut < f.end for f in sheet.finds)

    def _behind(self, sheet: Sheet, cut: int) -> Find | None:
        """The last accepted place before the ending, at most seven characters back with nothing but Chinese between."""
        best = None
        for find in sheet.finds:
            if find.accepted and find.end <= cut and (best is None or find.end > best.end):
                best = find
        if best is None or best.entry is None or cut - best.end > 6 or cut == best.end:
            return None
        return None if _EDGE.search(sheet.folded, best.end, cut) else best

    def _start(
        self, sheet: Sheet, cut: int, end: int, behind: Find | None, repeated: dict[str, set[str]]
    ) -> tuple[int | None, float]:
        folded = sheet.folded
        low = han_run(folded, cut, 7)
        if behind is not None:
            low = max(low, behind.end)
        known = self._known_start(folded, low, cut, behind)
        if known is not None:
            return known, 0.97
        if behind is not None and cut - behind.end >= 1:
            stem = folded[behind.end : cut]
            if not (set(stem) & _BEFORE) and not generic(stem) and stem[0] not in _MAYBE and (len(stem) > 1 or behind.level == "town"):
                return behind.end, 0.93
        if end - cut > 2 and folded[cut] in "自行":
            return self._open_start(folded, low, cut), 0.85
        start = self._open_start(folded, low, cut)
        if start is None:
            return None, 0.0
        form = folded[start:end]
        at_edge = start == 0 or not ("㐀" <= folded[start - 1] <= "鿿")
        if len(repeated.get(form, ())) > 1 or (at_edge and cut - start <= 4 and _BODY.match(folded, end)):
            return start, 0.85
        return None, 0.0

    def _known_start(self, folded: str, low: int, cut: int, behind: Find | None) -> int | None:
        for start in range(low, cut - 1):
            stem = folded[start:cut]
            rows = self.known.get(stem)
            if rows and (not generic(stem) or (behind is not None and behind.end == start)):
                if start > low and len(stem) == 2 and not self._clear(folded, start, rows):
                    continue
                return start
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
        stem = folded[start:cut]
        if not 2 <= len(stem) <= 5 or generic(stem):
            return None
        return start

    # -- short names and lists -------------------------------------------------------------------------------------

    def _town_lists(self) -> None:
        """A、B和C等乡镇: short names of towns (or villages) of the article's counties, several in a row."""
        for sheet in self.resolution.sheets:
            for match in _LIST.finditer(sheet.folded):
                self._list(sheet, match)

    def _list(self, sheet: Sheet, match: re.Match[str]) -> None:
        village = "村" in match[2]
        items = []
        place = match.start(1)
        for piece in re.split(r"([、和及与])", match[1]):
            if piece and piece not in "、和及与":
                items.append((place, place + len(piece), piece))
            place += len(piece)
        hits = [(s, e, self._member(sheet, piece, village)) for s, e, piece in items]
        if sum(entry is not None for _, _, entry in hits) * 2 < len(hits):
            return
        for start, end, entry in hits:
            if entry is not None and not self._inside(sheet, start, end):
                find = Find(start, end, sheet.folded[start:end], False, (entry,))
                self._put(sheet, find)
                self.resolution.accept(sheet, find, entry, 0.9)

    def _member(self, sheet: Sheet, piece: str, village: bool) -> Entry | None:
        if village:
            rows = self.known.get(piece.removesuffix("村"), [])
        else:
            rows = [e for e in self.table.named(piece) if e.level == "town"]
        rows = [e for e in rows if self.resolution.regions.weight(sheet.article, e) > 0.3]
        if not rows:
            return None
        return max(rows, key=lambda e: (self.resolution.regions.weight(sheet.article, e), e.current))

    def _shorts(self) -> None:
        forms: dict[str, tuple[str, Entry | None, Find | None]] = {}
        for form, find in self.accepted.items():
            stem = re.sub(r"(?:(?:自然|行政)?村|社区|嘎查)$", "", form)
            if len(stem) > 2 or (len(stem) == 2 and self._rare(stem)):
                forms[stem] = ("village", find.entry, find)
        for form, entries in self.resolution.named.items():
            towns = [e for e in entries if e.level == "town"]
            if towns and len(form) > 1 and not self.table.is_ordinary(form):
                forms[form] = ("town", towns[0], None)
        if not forms:
            return
        pattern = re.compile("|".join(sorted(map(re.escape, forms), key=lambda f: (-len(f), f))))
        for sheet in self.resolution.sheets:
            for match in pattern.finditer(sheet.folded):
                self._short(sheet, match.start(), match.end(), *forms[match[0]])
            self._neighbours(sheet)

    def _rare(self, stem: str) -> bool:
        return stem in self.known and not self.table.is_ordinary(stem)

    def _short(self, sheet: Sheet, start: int, end: int, level: str, entry: Entry | None, model: Find | None) -> None:
        if goes_on(sheet.folded, end) or self._inside(sheet, start, end):
            return
        find = Find(start, end, sheet.folded[start:end], False, ())
        if entry is not None and model is None:
            self._put(sheet, find)
            self.resolution.accept(sheet, find, entry, 0.92)
        elif model is not None:
            find.accepted, find.level, find.entry, find.full = True, level, model.entry, model.full
            find.name, find.confidence = model.name, 0.88
            self._put(sheet, find)

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
        if town is None or any(f.accepted and f.start < start + 2 and start < f.end for f in sheet.finds):
            weak = [f for f in sheet.finds if f.accepted and f.start < start + 2 and start < f.end]
            if town is None or any(f.whole or f.confidence > 0.96 for f in weak):
                return
        for length in (5, 4, 3, 2):
            stem = sheet.folded[start : start + length]
            rows = [e for e in self.known.get(stem, ()) if e.parent == town]
            if len(stem) == length and rows and not generic(stem) and (length > 2 or find.level == "village"):
                if find.level == "town" and self.table.is_ordinary(stem):
                    continue
                short_find = Find(start, start + length, stem, False, (rows[0],))
                self._put(sheet, short_find)
                self.resolution.accept(sheet, short_find, rows[0], 0.85)
                return

    # -- where they lie --------------------------------------------------------------------------------------------

    def _rehome(self) -> None:
        for sheet in self.resolution.sheets:
            for find in sheet.finds:
                if find.level == "village" and find.accepted and find.entry is None:
                    self._home(sheet, find)

    def _home(self, sheet: Sheet, find: Find) -> None:
        stem = re.sub(r"(?:(?:自然|行政)?村|社区|嘎查)$", "", find.form)
        rows = self.known.get(stem, [])
        home = self.homes.get(find.form)
        if home is not None:
            rows = [r for r in rows if r.parent == home or (r.parent is not None and home.level != "town" and r.within(home))]
        entry = max(rows, key=lambda r: self._pull(sheet, find, r), default=None)
        if entry is not None and (home is None or home.level != "town" or entry.parent == home):
            find.entry = entry
            self.resolution.accept(sheet, find, entry, find.confidence)
            find.name = find.form
            find.full = self.table.chain(entry.parent) + find.form if entry.parent else find.form
            return
        outer = home or self._nearest(sheet, find)
        find.name = find.form
        if outer is not None:
            find.entry = Entry(find.form, "village", None, None, None, None, outer)
            find.full = self.table.chain(outer) + find.form

    def _pull(self, sheet: Sheet, find: Find, row: Entry) -> tuple[bool, float, str]:
        near = self._nearest(sheet, find)
        return (row.parent == near, self.resolution.regions.weight(sheet.article, row), row.code or "")

    def _nearest(self, sheet: Sheet, find: Find) -> Entry | None:
        """The town or county named last before the village in its article."""
        best: Entry | None = None
        for other in self.resolution.sheets:
            if other.article != sheet.article:
                continue
            for one in other.finds:
                if other is sheet and one.start >= find.start:
                    break
                if one.accepted and one.entry is not None and one.level in ("county", "town"):
                    best = one.entry
            if other is sheet:
                break
        return best

    def _put(self, sheet: Sheet, find: Find) -> None:
        """Add the find; weaker ones that it overlaps are no places."""
        for other in sheet.finds:
            if other.start < find.end and find.start < other.end:
                other.accepted = False
        sheet.finds = sorted(
            [f for f in sheet.finds if not (f.start < find.end and find.start < f.end)] + [find],
            key=lambda f: (f.start, f.end),
        )


def generic(stem: str) -> bool:
    """Whether what stands before 村 or 社区 says what kind it is, or how many (示范, 20个), and is no name."""
    return bool(_MODIFIER.match(stem) or _NUMBER.match(stem))
