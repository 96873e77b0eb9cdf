"""Which place a name means, for a whole document at once.

The one idea: a document speaks of few regions. Names that can only mean one place, names right after the place they lie
in, and the masthead say which; every other name is read as the place of that name in those regions, or not at all. So the
finds are gone through in order of certainty: full names with one meaning, full names by their neighbours and regions,
short names of places the document has named, short names that are nothing but a place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from pbtool.extraction.place_mentions import GENERIC, Find, Sheet, goes_on, in_other_word
from pbtool.gazetteer import Entry, fold, gazetteer, short

Key = tuple[str | None, str]
#: Signs after or before which a doubtful name may stand.
_EDGE = frozenset(" \n　，。、；：！？“”‘’（）《》〈〉【】〔〕—…,.;:!?()[]\"'■●◆▲/|·-")
#: First characters that with 县, 镇 … more often belong to the word before: 和县委, 随县长, 全镇.
_LOOSE = frozenset("和该本全各我市州随任成应道通理代息文宾渠易横城集小大古老新乡同与及在到对向为县省区镇")
#: Surnames whose bearers' given names are often a place's short name.
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱郭何罗宋郑谢韩唐冯董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范石姚谭廖邹熊陆郝孔崔康毛邱秦史顾侯邵孟龙段雷钱汤尹黎常武乔贺赖龚"
)


class Regions:
    """How strongly each article, and the document, speaks of each place and the places around it."""

    def __init__(self) -> None:
        self._near: dict[int, Counter[Key]] = defaultdict(Counter)
        self._all: Counter[Key] = Counter()

    def add(self, article: int, entry: Entry, weight: float = 1.0) -> None:
        """Count a mention of `entry` for it and for all that it lies in."""
        for one in (entry, *entry.parents()):
            key = one.code, one.name
            self._near[article][key] += weight  # type: ignore[assignment]
            self._all[key] += weight  # type: ignore[assignment]
            weight /= 2

    def weight(self, article: int, entry: Entry) -> float:
        """How much speaks for `entry` here: its parents in this article, then in the document; itself counts too."""
        near, total = self._near.get(article, Counter()), 0.0
        for distance, one in enumerate((entry, *entry.parents())):
            key = one.code, one.name
            if one.level == "province" and distance > 1:
                share = 0.05
            else:
                share = 1 / (1 + distance)
            total += share * (4 * min(near[key], 8) + min(self._all[key], 8))
        return total

    def has(self, entry: Entry) -> bool:
        """Whether the document names the entry, or something in it."""
        return self._all[entry.code, entry.name] > 0

    def counties(self) -> list[Entry]:
        """Nothing is kept of entries here; see `Resolution.counties`."""
        return []


class Resolution:
    """The finds of a document's sheets, resolved step by step."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        self.regions = Regions()
        self.named: dict[str, list[Entry]] = defaultdict(list)  # short form → entries named in full
        self.strength: Counter[Key] = Counter()

    def run(self) -> None:
        """Accept and resolve finds; what stays unaccepted is no place."""
        for step in (self._certain, self._chained, self._by_region, self._by_region):
            for sheet in self.sheets:
                step(sheet)
        for sheet in self.sheets:
            self._drop_doubtful(sheet)
        self._collect()
        for _ in range(2):
            for sheet in self.sheets:
                self._shorts(sheet)
        self._unsettled()

    def accept(self, sheet: Sheet, find: Find, entry: Entry, confidence: float) -> None:
        """Let `find` mean `entry`, and let the article speak of its region."""
        if find.accepted and find.entry is entry:
            return
        find.accepted, find.entry, find.level, find.name = True, entry, entry.level, entry.name
        find.full, find.confidence = gazetteer().chain(entry), confidence
        self.regions.add(sheet.article, entry)
        self.strength[entry.code, entry.name] += 1

    def _certain(self, sheet: Sheet) -> None:
        for find in sheet.finds:
            if find.whole and not find.accepted and not doubtful(find):
                entries = living(find.entries)
                if len(entries) == 1 and len(find.form) > 2:
                    self.accept(sheet, find, entries[0], 0.98)

    def _chained(self, sheet: Sheet) -> None:
        """Names right after the place they lie in, from left to right."""
        before: Find | None = None
        for find in sheet.finds:
            if before is not None and _touch(sheet, before, find):
                self._link(sheet, before, find)
            before = find

    def _link(self, sheet: Sheet, before: Find, find: Find) -> None:
        outer = (before.entry,) if before.entry is not None else living(before.entries)
        pairs = [(o, e) for e in find.entries for o in outer if lies_in(e, o)]
        pairs = _prefer_living(pairs)
        if not pairs or (not find.whole and not before.whole and not _provincial(before)):
            return
        if find.whole or find.accepted or not goes_on(sheet.folded, find.end):
            self.accept(sheet, find, pairs[0][1], 0.99)
            if before.entry is None and (
                before.whole or not in_other_word(sheet.folded, before.start, before.form)
            ):
                self.accept(sheet, before, pairs[0][0], 0.98)

    def _by_region(self, sheet: Sheet) -> None:
        for find in sheet.finds:
            if find.whole and find.entry is None and not doubtful(find):
                best = self.best(sheet.article, find.entries)
                if best is not None:
                    self.accept(sheet, find, best, 0.95)

    def best(self, article: int, entries: Iterable[Entry]) -> Entry | None:
        """The entry that the regions speak for clearly; None where they do not decide."""
        ranked = sorted(
            ((self.regions.weight(article, e), e.current, -i, e) for i, e in enumerate(entries)),
            reverse=True,
            key=lambda r: r[:3],
        )
        if not ranked or ranked[0][0] <= 0.3:
            return None
        if len(ranked) > 1 and ranked[1][0] >= ranked[0][0] * 0.8 and ranked[1][1] == ranked[0][1]:
            same = ranked[1][3].name == ranked[0][3].name and ranked[1][3].parent == ranked[0][3].parent
            return ranked[0][3] if same else None
        return ranked[0][3]

    def _drop_doubtful(self, sheet: Sheet) -> None:
        """Two-character names (和县, 新镇) and generic ones count only where nothing else can be meant."""
        for find in sheet.finds:
            if find.accepted or not find.whole or not doubtful(find):
                continue
            if find.form in GENERIC or find.form[0] in _LOOSE:
                continue
            left = find.start == 0 or sheet.folded[find.start - 1] in _EDGE
            entries = [e for e in living(find.entries) if self.regions.weight(sheet.article, e) > 0.3]
            entries = entries or (list(living(find.entries)) if find.entries[0].level == "county" else [])
            if left and len(entries) == 1:
                self.accept(sheet, find, entries[0], 0.85)

    def _collect(self) -> None:
        self.named.clear()
        for sheet in self.sheets:
            for find in sheet.finds:
                if find.accepted and find.whole and find.entry is not None:
                    form = fold(short(find.entry.name))
                    if find.entry not in self.named[form]:
                        self.named[form].append(find.entry)

    def _shorts(self, sheet: Sheet) -> None:
        for number, find in enumerate(sheet.finds):
            if find.whole or find.accepted or goes_on(sheet.folded, find.end):
                continue
            entry, confidence = self._short(sheet, number, find)
            if entry is not None:
                self.accept(sheet, find, entry, confidence)

    def _short(self, sheet: Sheet, number: int, find: Find) -> tuple[Entry | None, float]:
        """What a short name means: what the document named in full, what its neighbour lies in, or its one meaning."""
        named = [e for e in self.named.get(find.form, ()) if e.level != "town"]
        if named:
            best = named[0] if len(named) == 1 else self.best(sheet.article, named)
            if best is not None and (len(find.form) > 2 or not _person(sheet.folded, find)):
                return best, 0.95
        after = sheet.finds[number + 1] if number + 1 < len(sheet.finds) else None
        if after is not None and after.start == find.end and after.entry is not None:
            outer = [e for e in living(find.entries) if lies_in(after.entry, e)]
            if outer:
                return outer[0], 0.97
        return self._alone(sheet, find)

    def _alone(self, sheet: Sheet, find: Find) -> tuple[Entry | None, float]:
        entries = [e for e in find.entries if e.current]
        ordinary = gazetteer().is_ordinary(find.form)
        provinces = [e for e in entries if e.level == "province"]
        if provinces:
            return provinces[0], 0.95
        if ordinary or _person(sheet.folded, find):
            return None, 0.0
        cities = [e for e in entries if e.level == "city"]
        if len(cities) == 1:
            return cities[0], 0.9
        rural = [e for e in entries if not e.name.endswith("区")]
        if len(rural) == 1 and (len(entries) == 1 or self.regions.weight(sheet.article, rural[0]) > 0.3):
            return rural[0], 0.85
        return None, 0.0

    def _unsettled(self) -> None:
        """Full names that stay open: the level is known, the place is not."""
        for sheet in self.sheets:
            for find in sheet.finds:
                if find.whole and not find.accepted and not doubtful(find):
                    levels = {e.level for e in living(find.entries)}
                    find.accepted, find.name, find.confidence = True, find.entries[0].name, 0.6
                    find.level = min(levels, key=("province", "city", "county", "town").index)

    def towns(self) -> list[Entry]:
        """The towns that the document names in full, in the order it first does."""
        return self._of(("town",))

    def counties(self) -> list[Entry]:
        """The counties (and cities without counties) that it speaks of, those of its towns included; strongest first."""
        found: dict[Key, Entry] = {}
        for entry in self._of(("city", "county", "town")):
            county = entry.parent if entry.level == "town" else entry
            if county is not None and county.level in ("county", "city"):
                found.setdefault((county.code, county.name), county)
        rank = list(found)
        return sorted(
            found.values(), key=lambda e: (-self.regions._all[e.code, e.name], rank.index((e.code, e.name)))
        )

    def _of(self, levels: tuple[str, ...]) -> list[Entry]:
        found: dict[Key, Entry] = {}
        for sheet in self.sheets:
            for find in sheet.finds:
                if find.accepted and find.entry is not None and find.entry.level in levels:
                    found.setdefault((find.entry.code, find.full or find.entry.name), find.entry)
        return list(found.values())


def living(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries that still exist; where none does, the last to go."""
    current = tuple(e for e in entries if e.current)
    if current:
        return current
    latest = max((e.last or 0 for e in entries), default=0)
    return tuple(e for e in entries if e.last == latest)


def lies_in(entry: Entry, outer: Entry) -> bool:
    """Whether `entry` lies in `outer`, which may have had another code or another rank in other years."""
    return any(
        p.code == outer.code or (p.name == outer.name and p.level == outer.level) for p in entry.parents()
    )


def _prefer_living(pairs: list[tuple[Entry, Entry]]) -> list[tuple[Entry, Entry]]:
    return sorted(pairs, key=lambda pair: (not pair[1].current, not pair[0].current, -(pair[1].last or 9999)))


def doubtful(find: Find) -> bool:
    """Whether a full name is so short or so general that it needs its neighbours."""
    return len(find.form) == 2 or find.form in GENERIC


def _touch(sheet: Sheet, before: Find, find: Find) -> bool:
    return find.start == before.end or (find.start == before.end + 1 and sheet.folded[before.end] in " 　\n")


def _provincial(find: Find) -> bool:
    return any(e.level in ("province", "city") for e in find.entries)


def _person(folded: str, find: Find) -> bool:
    """Whether a two-character short name may be a given name: a surname stands before it."""
    if len(find.form) != 2 or find.start == 0:
        return False
    return folded[find.start - 1] in _SURNAMES


def sheet_runs(sheets: Sequence[Sheet], visit: Callable[[Sheet], None]) -> None:
    """Visit every sheet."""
    for sheet in sheets:
        visit(sheet)
