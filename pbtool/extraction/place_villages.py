"""Villages and communities, and short names of towns: places that only a document that names their surroundings has.

The one idea: the villages of a region are looked up once the document has named the region; a village in no table (a
自然村, a community of last year) is known by its ending, by a clear beginning, and by not being an ordinary word. Where a
name begins is for `place_beginnings` to say, where the village lies for `place_homes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pbtool.extraction.place_beginnings import Beginnings
from pbtool.extraction.place_homes import Homes
from pbtool.extraction.place_judge import strangeness, whole_fits
from pbtool.extraction.place_kinds import STRANGE, generic
from pbtool.extraction.place_lists import Lists
from pbtool.extraction.place_mentions import Find, Sheet, goes_on, han_run, joint_at
from pbtool.extraction.place_resolution import Resolution
from pbtool.extraction.place_shorts import ShortNames
from pbtool.extraction.place_table import VillageRows
from pbtool.gazetteer import gazetteer, stem_of
from pbtool.tables import pattern

#: Where a name of a village ends; it begins with all characters that may begin an ending, as `ENDING` of areas does.
END = pattern(
    r"[自行村社嘎居](?:(?:(?<=自)然村|(?<=行)政村|(?<=村))(?!村[^民委干级支党两主书长会医里组史（(]|级|民(?!委)|里|务|情|庄|委?会?干|镇|集体|容|线|史|规|风|口|头|落(?![实户地后])|企|屯|貌|居|域|巷|东|西|南|北|内|外|社|校|医)"
    r"|(?<=村)(?=民委|委|民|里|干|集体|口|级)|(?<=社)区|(?<=嘎)查|(?<![村的各个]居)(?<=居)民?委员?会(?!主任会))"
)
_EDGE = pattern(r"[^㐀-鿿〇]")
#: What follows the name of a water or a road.
_BANK = pattern(r"[畔岸边]|上游|下游|流域|大桥")
_HAN = pattern(r"[㐀-鿿〇]+")
#: What a name in quotation marks needs; only the table gives it.
_ELSEWHERE_QUOTED = 0.93
#: What after a quoted name says that it is given for praise: “银匠村”之称.
_PRAISE = pattern(r"[”’」』](?:之称|之名|之誉|的?称号|的?美誉|的?荣誉|的?名片|的?美称|的?招牌)")
#: How much less than a well-known village's name the sentence may want one that the article has behind its town.
_NAMED_BEFORE = -3.0

Span = tuple[int, int]


class Villages:
    """The villages of a document's regions, and those it names itself."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.accepted: dict[str, Find] = {}
        #: The articles that write a village's name in full.
        self.written: dict[str, set[int]] = defaultdict(set)
        self.rows = VillageRows(resolution)
        self.known = self.rows.named
        self.homes = Homes(resolution, self.rows)

    def run(self) -> None:
        """Find the villages of every sheet, then what is left of them in short."""
        found = [(sheet, list(_endings(sheet))) for sheet in self.resolution.sheets]
        beginnings = Beginnings(self.resolution, self.rows, found)
        left = [
            (sheet, span)
            for sheet, spans in found
            for span in spans
            if not self._settle(sheet, span, beginnings)
        ]
        for sheet, span in left:
            self._again(sheet, span)
        Lists(self.resolution).run(self.known)
        ShortNames(self.resolution, self.accepted, self.written, self.homes.note).run(self.known)
        self.homes.settle()
        for sheet in self.resolution.sheets:
            self._neighbours(sheet)

    def _settle(self, sheet: Sheet, span: Span, beginnings: Beginnings) -> bool:
        """Put a village in the sheet where one ends; false where none begins."""
        cut, end = span
        if self._inside(sheet, cut, end) or (sheet.folded[cut - 1 : cut] == "村" and sheet.ends_village(cut)):
            return True
        behind = self._behind(sheet, cut)
        start, sure = beginnings.start(sheet, cut, end, behind)
        if start is None:
            return False
        quoted = _quoted(sheet.folded, start, end)
        worded = sure < _ELSEWHERE_QUOTED or strangeness(sheet.folded[start:cut]) <= STRANGE
        if _PRAISE.match(sheet.folded, end) or (quoted and worded):
            return True
        find = self._put(sheet, start, end, sure)
        if behind is not None and behind.end == start:
            self.homes.note(sheet, find.form, behind.entry)
        elif behind is not None:
            self._near(sheet, find, behind)
        return True

    def _again(self, sheet: Sheet, span: Span) -> None:
        """A name that reads like words, where the article has it in a place that shows it."""
        cut, end = span
        for start in range(han_run(sheet.folded, cut, 5), cut):
            if sheet.article in self.written.get(sheet.folded[start:end], ()):
                if whole_fits(sheet.folded, start, end) > _NAMED_BEFORE:
                    find = self._put(sheet, start, end, 0.85)
                    behind = sheet.before(start)
                    if behind is not None and behind.end == start:
                        self.homes.note(sheet, find.form, behind.entry)
                return

    def _put(self, sheet: Sheet, start: int, end: int, sure: float) -> Find:
        form = sheet.folded[start:end]
        find = Find(start, end, form, True, (), None, True, "village", None, form, sure)
        sheet.put(find)
        self.accepted.setdefault(form, find)
        self.written[form].add(sheet.article)
        return find

    def _near(self, sheet: Sheet, find: Find, behind: Find) -> None:
        """Settle a village by the county or town a few words before it, where that has one of the name (…县也有个…村)."""
        outer = behind.entry
        if outer is None or outer.level not in ("county", "town"):
            return
        rows = [row for row in self.known(stem_of(find.form)) if row.parent and row.within(outer)]
        if len(rows) == 1:
            find.accepted = False
            self.resolution.accept(sheet, find, rows[0], find.confidence)

    def _inside(self, sheet: Sheet, cut: int, end: int) -> bool:
        return any(find.accepted and find.whole for find in sheet.touching(cut, end))

    def _behind(self, sheet: Sheet, cut: int) -> Find | None:
        """The last accepted place shortly before the ending, with nothing but Chinese between."""
        best = sheet.before(cut)
        if best is None or cut == best.end or (best.entry is None and best.level == "village"):
            return None
        return None if _EDGE.search(sheet.folded, best.end, cut) else best

    def _neighbours(self, sheet: Sheet) -> None:
        """A village's short name right behind its town, or joined to another village by 及, 和, 、."""
        for find in list(sheet.finds):
            if not find.accepted:
                continue
            if find.level == "village":
                self._before(sheet, find)
            start = find.end
            if find.level == "village" and joint_at(sheet.folded, start):
                start += 1
            elif find.level != "town" or find.entry is None:
                continue
            self._neighbour(sheet, find, start)

    def _before(self, sheet: Sheet, find: Find) -> None:
        """The short names in a row before a village, where its town has villages of those names (徐家寨、青峰岭、南埠村)."""
        town = find.entry.parent if find.entry is not None else None
        end = find.start - 1
        while town is not None and joint_at(sheet.folded, end):
            low = max(
                [han_run(sheet.folded, end, 5)]
                + [one.end for one in sheet.touching(max(0, end - 5), end) if one.accepted]
            )
            rows = [
                (at, row)
                for at in range(low, end - 1)
                for row in self.known(sheet.folded[at:end])
                if row.parent == town and not generic(sheet.folded[at:end])
            ]
            if not rows:
                return
            at, row = rows[0]
            new = Find(at, end, sheet.folded[at:end], False, (row,))
            sheet.put(new)
            self.resolution.accept(sheet, new, row, 0.9)
            end = at - 1

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
            if rows and not (find.level == "town" and gazetteer().is_ordinary(stem)):
                short_find = Find(start, start + length, stem, False, (rows[0],))
                sheet.put(short_find)
                self.resolution.accept(sheet, short_find, rows[0], 0.85)
                return


def _endings(sheet: Sheet) -> Iterator[Span]:
    """Where the endings of names of villages stand."""
    for match in END.finditer(sheet.folded):
        yield match.start(), match.end()


def _quoted(folded: str, start: int, end: int) -> bool:
    """Whether the name stands alone in quotation marks: a nickname (“光棍村”)."""
    return folded[start - 1 : start] in tuple('“‘「『"') and folded[end : end + 1] in tuple('”’」』"')
