"""Which place a name means, for a whole document at once.

The one idea: a document speaks of few regions. Names that can only mean one place, names right after the place they lie
in, and the masthead say which; every other name is read as the place of that name in those regions, or not at all. So the
finds are gone through in order of certainty: full names with one meaning, full names by their neighbours and regions,
short names of places the document has named, short names that are nothing but a place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from pbtool.extraction.place_judge import area_fits, whole_fits
from pbtool.extraction.place_mentions import Find, Sheet, goes_on, in_other_word, place_words
from pbtool.gazetteer import Entry, fold, gazetteer, short

Key = tuple[str | None, str]
#: Signs after or before which a doubtful name may stand.
_EDGE = frozenset(" \n　，。、；：！？“”‘’（）《》〈〉【】〔〕—…,.;:!?()[]\"'■●◆▲/|·-")
#: First characters that with 县, 镇 … more often belong to the word before: 和县委, 随县长, 全镇.
_LOOSE = frozenset("和该本全各我市州随任成应道通理代息文宾渠易横城集小大古老新乡同与及在到对向为县省区镇")
#: Last characters of what leads up to a name and are hardly ever the first of one.
_LEADING = frozenset(
    "的了着过是于由从往赴驻访进来去回以及并被把将让使给等这那该其与和者共局会部委社报讯日月年时后前内外中"
)
#: Endings of names that stand by themselves; 某某园区, 某某农场 need the county that they lie in.
_SETTLED = ("镇", "乡", "街道", "街道办", "苏木", "办事处", "地区")
#: The share of all mentions of counties that makes a document one about a county.
_MAINLY = 0.25


class Regions:
    """How strongly each article, and the document, speaks of each place and the places around it."""

    def __init__(self) -> None:
        self._near: dict[int, Counter[Key]] = defaultdict(Counter)
        self._all: Counter[Key] = Counter()
        self._counties = 0.0  # the weight of all counties
        self.size = 0  # how many places they speak of; grows only

    def add(self, article: int, entry: Entry, weight: float = 1.0) -> None:
        """Count a mention of `entry` for it and for all that it lies in."""
        for one in (entry, *entry.parents()):
            key = one.code, one.name
            self.size += key not in self._near[article]
            self._near[article][key] += weight  # type: ignore[assignment]
            self._all[key] += weight  # type: ignore[assignment]
            self._counties += weight if one.level == "county" else 0.0
            weight /= 2

    def weight(self, article: int, entry: Entry) -> float:
        """How much speaks for `entry` here: its parents in this article, then in the document; itself counts too."""
        near, total = self._near.get(article, Counter()), 0.0
        for distance, one in enumerate((entry, *entry.parents())):
            key = one.code, one.name
            share = 0.05 if one.level == "province" and distance > 1 else 1 / (1 + distance)
            total += share * (4 * min(near[key], 8) + min(self._all[key], 8))
        return total

    def names(self, article: int, entry: Entry) -> bool:
        """Whether the article names this place, or one that lies in it."""
        return self._near[article][entry.code, entry.name] > 0 if article in self._near else False

    def at_home(self, article: int, entry: Entry) -> bool:
        """Whether the article, or most of the document, speaks of the county around a town or village."""
        county = next((one for one in (entry, *entry.parents()) if one.level in ("county", "city")), None)
        if county is None:
            return self.names(article, entry)
        mainly = self._all[county.code, county.name] >= _MAINLY * max(self._counties, 1.0)
        return mainly or self.names(article, county)


class Resolution:
    """The finds of a document's sheets, resolved step by step."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = sheets
        self.regions = Regions()
        self.named: dict[str, list[Entry]] = defaultdict(list)  # short form → entries named in full
        self._meant: dict[tuple[int, str], tuple[Entry | None, int]] = {}
        self.strength: Counter[Key] = Counter()
        self.clear: dict[str, set[str]] = defaultdict(set)  # full form → what was seen before it

    def run(self) -> None:
        """Accept the full names that the document decides."""
        steps = (
            self._chained,
            self._certain,
            self._doubtful,
            self._chained,
            self._by_region,
            self._only,
            self._by_region,
            self._only_towns,
            self._doubtful,
        )
        sheets = [sheet for sheet in self.sheets if sheet.finds]
        for step in steps:
            for sheet in sheets:
                step(sheet)
        self._collect()

    def settle(self) -> None:
        """Go once more through what the short names said (see `ShortAreas`); what stays open has a level only."""
        sheets = [sheet for sheet in self.sheets if sheet.finds]
        for step in (self._chained, self._by_region):
            for sheet in sheets:
                step(sheet)
        self._unsettled()
        for sheet in sheets:
            self._historical(sheet)

    def accept(self, sheet: Sheet, find: Find, entry: Entry, confidence: float) -> None:
        """Let `find` mean `entry`, and let the article speak of its region."""
        if find.accepted and find.entry is entry:
            return
        find.accepted, find.entry, find.level, find.name = True, entry, entry.level, entry.name
        find.full, find.confidence = written_out(entry), confidence
        self.regions.add(sheet.article, entry)
        self.strength[entry.code, entry.name] += 1

    def _certain(self, sheet: Sheet) -> None:
        """Counties and above with a name that only one ever had."""
        for find in sheet.finds:
            if find.whole and not find.accepted and not doubtful(find):
                entries = find.living()
                if len(entries) == 1 and entries[0].level != "town" and self._begins(sheet, find, entries[0]):
                    self.accept(sheet, find, entries[0], 0.98)

    def _begins(self, sheet: Sheet, find: Find, entry: Entry) -> bool:
        """Whether the full name of an area is no end of another word (四明山区, 创新社区)."""
        before = sheet.folded[find.start - 1] if find.start else ""
        if entry.level != "county" or len(find.form) > 3:
            return True
        if not "㐀" <= before <= "鿿" or before in _LOOSE or before in _LEADING:
            return True
        behind = sheet.touching(find.start - 1, find.start)
        if behind or (entry.parent is not None and self.regions.names(sheet.article, entry.parent)):
            return True
        return whole_fits(sheet.folded, find.start, find.end) > 0

    def _only(self, sheet: Sheet) -> None:
        """Towns of regions that the document speaks of are settled by now; others need a unique name and a clear edge."""
        for find in sheet.finds:
            if find.whole and not find.accepted and not doubtful(find) and self._unique(find) is not None:
                self.clear[find.form].add(sheet.folded[find.start - 1] if find.start else "")

    def _only_towns(self, sheet: Sheet) -> None:
        for find in sheet.finds:
            if not find.whole or find.accepted or doubtful(find):
                continue
            meant = self._remembered(sheet.article, find)
            entry = meant or self._unique(find)
            if entry is not None and not _misplaced(sheet, find, entry) and self._stands(sheet, find):
                self.accept(sheet, find, entry, 0.9 if meant is None else 0.95)

    def _unique(self, find: Find) -> Entry | None:
        """The one living entry of that name, or the one that ever was."""
        entries = find.living()
        return entries[0] if len(entries) == 1 else None

    def _stands(self, sheet: Sheet, find: Find) -> bool:
        """Whether a town's name without any region begins and ends where words do."""
        if find.start == 0 or sheet.folded[find.start - 1] in _EDGE or len(self.clear[find.form]) > 2:
            return True
        return whole_fits(sheet.folded, find.start, find.end) > 0

    def _chained(self, sheet: Sheet) -> None:
        """Names right after the place they lie in, from left to right."""
        before: Find | None = None
        for find in sheet.finds:
            if before is not None and _touch(sheet, before, find):
                self._link(sheet, before, find)
            before = find

    def _link(self, sheet: Sheet, before: Find, find: Find) -> None:
        outer = (before.entry,) if before.entry is not None else before.living()
        outer = tuple(entry for entry in outer if entry.level != "town")
        pairs = [(o, e) for e in find.entries for o in outer if lies_in(e, o)]
        pairs = _prefer_living(pairs) or (
            _as_written(outer, find.entries) if find.whole and before.whole else []
        )
        if not pairs or (not find.whole and not before.whole and not _provincial(before)):
            return
        if find.entry is not None and before.entry is not None and find.entry.parent == before.entry:
            return
        if not find.whole and not find.accepted and not self._fits_behind(sheet, find, *pairs[0]):
            return
        if find.whole or find.accepted or not goes_on(sheet.folded, find.end):
            self.accept(sheet, find, pairs[0][1], 0.99)
            if before.entry is None and (
                before.whole or not in_other_word(sheet.folded, before.start, before.form)
            ):
                self.accept(sheet, before, pairs[0][0], 0.98)

    def _fits_behind(self, sheet: Sheet, find: Find, outer: Entry, entry: Entry) -> bool:
        """Whether a short name right behind its province or city is one (辽宁丹东), not a word (辽宁振兴)."""
        if entry.level == "county" and entry.name.endswith("区") and outer.level == "province":
            return False
        return not wordlike(find.form) or area_fits(sheet.folded, find.start, find.end) > 3

    def _by_region(self, sheet: Sheet) -> None:
        for find in sheet.finds:
            if find.whole and find.entry is None and not doubtful(find):
                best = self._remembered(sheet.article, find)
                if best is not None and not _misplaced(sheet, find, best) and self._begins(sheet, find, best):
                    self.accept(sheet, find, best, 0.95)

    def _remembered(self, article: int, find: Find) -> Entry | None:
        """What a full name means in an article: asked again only after the regions have changed."""
        key = article, find.form
        entry, size = self._meant.get(key, (None, -1))
        if entry is None and size != self.regions.size:
            entry = self.best(article, find.entries)
            self._meant[key] = entry, self.regions.size
        return entry

    def best(self, article: int, entries: Iterable[Entry]) -> Entry | None:
        """The entry that the regions speak for clearly; None where they do not decide."""
        ranked = sorted(
            ((self.regions.weight(article, e), e.current, -i, e) for i, e in enumerate(entries)),
            reverse=True,
            key=lambda r: r[:3],
        )
        if not ranked or ranked[0][0] <= (0.3 if len(ranked) > 1 and ranked[1][0] > 0 else 0.1):
            return None
        if len(ranked) > 1 and ranked[1][0] >= ranked[0][0] * 0.8 and ranked[1][1] == ranked[0][1]:
            same = ranked[1][3].name == ranked[0][3].name and ranked[1][3].parent == ranked[0][3].parent
            return ranked[0][3] if same else None
        return ranked[0][3]

    def _doubtful(self, sheet: Sheet) -> None:
        """Two-character names (和县, 新镇) and general ones: where the document names them clearly, or begins with them."""
        for find in sheet.finds:
            if find.accepted or not find.whole or not doubtful(find) or find.form in place_words()["generic"]:
                continue
            if find.form[-1] == "团":
                self._regiment(sheet, find)
                continue
            left = find.start == 0 or sheet.folded[find.start - 1] in _EDGE
            known = [e for e in find.entries if self.strength[e.code, e.name]]
            if known and (left or whole_fits(sheet.folded, find.start, find.end) > 0):
                self.accept(sheet, find, known[0], 0.9)
            elif left and find.form[0] not in _LOOSE:
                self._lone(sheet, find)

    def _regiment(self, sheet: Sheet, find: Find) -> None:
        """A farm of the production corps, where the document speaks of the corps."""
        entries = find.living()
        entry = self.best(sheet.article, entries) or (entries[0] if len(entries) == 1 else None)
        if entry is not None and any("兵团" in one.folded for one in self.sheets):
            self.accept(sheet, find, entry, 0.9)

    def _lone(self, sheet: Sheet, find: Find) -> None:
        entries = [e for e in find.living() if self.regions.weight(sheet.article, e) > 0.3]
        if not entries and len(find.form) == 2 and find.entries[0].level == "county":
            entries = list(find.living())
        if len(entries) == 1:
            self.accept(sheet, find, entries[0], 0.85)

    def _collect(self) -> None:
        self.named.clear()
        for sheet in self.sheets:
            for find in sheet.finds:
                if find.accepted and find.whole and find.entry is not None:
                    form = fold(short(find.entry.name))
                    if find.entry not in self.named[form]:
                        self.named[form].append(find.entry)

    def _unsettled(self) -> None:
        """Full names that stay open: the level is known, the place is not."""
        for sheet in self.sheets:
            for find in sheet.finds:
                if not find.whole or find.accepted or doubtful(find) or not self._stands(sheet, find):
                    continue
                entry = find.living()[0]
                if not _misplaced(sheet, find, entry) and self._begins(sheet, find, entry):
                    levels = {e.level for e in find.living()}
                    find.accepted, find.name, find.confidence = True, find.entries[0].name, 0.85
                    find.level = min(levels, key=("province", "city", "county", "town").index)

    def _historical(self, sheet: Sheet) -> None:
        """A county explained by a later one (宁远县（今伊宁县）) is not the one of its name in another province."""
        for find, later in pairwise(sheet.finds):
            if later.entry is None or find.entry is None or not find.whole:
                continue
            between = sheet.folded[find.end : later.start]
            if between in ("（今", "(今", "（现", "(现", "（今属", "（现属") and _root(find.entry) != _root(
                later.entry
            ):
                find.entry, find.full = None, None

    def towns(self) -> list[Entry]:
        """The towns that the document names in full, in the order it first does."""
        return self._of(("town",))

    def areas(self) -> list[Entry]:
        """The provinces, cities and counties that the document names, in the order it first does."""
        return self._of(("province", "city", "county"))

    def cities(self) -> list[Entry]:
        """The cities that the document names and that have counties."""
        return [city for city in self._of(("city",)) if city.code and not city.code.startswith("9")]

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


def written_out(entry: Entry) -> str | None:
    """The place with all it lies in; None where a county of no table is part of that, so that it is not known whole."""
    for one in (entry, *entry.parents()):
        if one.whole is not None:
            break
        if one.code is None and (one.level == "county" or one.parent is None):
            return None
    return gazetteer().chain(entry)


def _root(entry: Entry) -> str:
    """The province that a place lies in."""
    return [entry, *entry.parents()][-1].name


def lies_in(entry: Entry, outer: Entry) -> bool:
    """Whether `entry` lies in `outer`, which may have had another code or another rank in other years."""
    return any(
        (p.code is not None and p.code == outer.code) or (p.name == outer.name and p.level == outer.level)
        for p in entry.parents()
    )


def _as_written(outer: Sequence[Entry], inner: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """A town of a county that has another name by now, in the county as it is written (沾化县下河乡, now in 沾化区)."""
    return [
        (o, replace(e, parent=o))
        for o in outer
        for e in inner
        if e.level == "town"
        and o.level == "county"
        and e.parent is not None
        and e.parent.code in o.successors
    ]


def _prefer_living(pairs: list[tuple[Entry, Entry]]) -> list[tuple[Entry, Entry]]:
    """Pairs of outer and inner place, those of one code first (not another county of the name), then those that exist."""
    return sorted(
        pairs,
        key=lambda pair: (
            all(parent.code != pair[0].code for parent in pair[1].parents()),
            not pair[1].current,
            not pair[0].current,
            -(pair[1].last or 9999),
        ),
    )


def doubtful(find: Find) -> bool:
    """Whether a full name is so short or so general that it needs its neighbours."""
    if len(find.form) == 2 or find.form in place_words()["generic"] or find.form.endswith("城乡"):
        return True
    return not find.form.endswith(_SETTLED) and all(entry.level == "town" for entry in find.entries)


def wordlike(form: str) -> bool:
    """Whether a short name is an ordinary word too."""
    words = place_words()
    return gazetteer().is_ordinary(form) or form in words["city"] or form in words["county"]


def _touch(sheet: Sheet, before: Find, find: Find) -> bool:
    return find.start == before.end or (find.start == before.end + 1 and sheet.folded[before.end] in " 　\n")


def _misplaced(sheet: Sheet, find: Find, entry: Entry) -> bool:
    """Whether a town would stand right behind a county or city that it does not lie in (武冈市湾头镇, not that of 扬州)."""
    before = sheet.before(find.start)
    if entry.level != "town" or before is None or before.end != find.start or before.entry is None:
        return False
    return before.level in ("county", "city") and not lies_in(entry, before.entry)


def _provincial(find: Find) -> bool:
    return any(e.level in ("province", "city") for e in find.entries)
