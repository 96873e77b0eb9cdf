"""Short names in a row that ends by saying what they are: A、B和C等乡镇, A、B两县, A、B等地.

The one idea: alone, a short name is only a word; in a row whose end says 3个县 or 等乡镇, and most of whose members are places
of the table that fit together, all of them are places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from pbtool.extraction.numerals import chinese
from pbtool.extraction.place_judge import strangeness
from pbtool.extraction.place_kinds import STRANGE, generic
from pbtool.extraction.place_mentions import JOINTS, Find, Sheet
from pbtool.extraction.place_resolution import Key, Resolution
from pbtool.gazetteer import Entry, gazetteer
from pbtool.tables import pattern

_SOME = r"[0-9０-９一二三四五六七八九十两几多]"
_JOINT = f"[{JOINTS}]"
_WORD = f"[{''.join(sign for sign in JOINTS if sign.isalpha())}]"  # a joint that may be of a name
_HAN = f"(?:(?!{_JOINT})[㐀-鿿])"  # a character that is no joint


def _row(most: int, last: int) -> str:
    """A row of up to thirteen names of up to `most` characters, the last of up to `last`.

    A joint is of a name only behind or before a single character of it (仁和, 呼和浩特, 和平): every row can be cut in one way.
    """
    member = rf"(?:{_HAN}{{2,{most}}}|{_HAN}{_WORD}{_HAN}{{0,{most - 2}}}|{_WORD}{_HAN}{{1,{most - 1}}})"
    end = rf"(?:{_HAN}{{2,{last}}}?|{_HAN}{_WORD}{_HAN}{{0,{last - 2}}}?|{_WORD}{_HAN}{{1,{last - 1}}}?)"
    return rf"((?:{member}{_JOINT}){{1,12}}{end})"


@cache
def _towns() -> re.Pattern[str]:
    """Rows that end as towns and villages do, or in 等地; as the other two made for the first text that may have one."""
    return re.compile(
        _row(6, 5)
        + rf"(?:(?:等{_SOME}{{0,3}}个?|{_SOME}{{1,3}}个)(乡镇街道|乡镇（街道）|乡镇|镇街|镇乡|乡街|街道|镇|乡|村居|行政村|自然村|村)(?![㐀-鿿]?书|委[员会书主]|[㐀-鿿]委)"
        r"|等(地)(?![区方位]))"
    )


@cache
def _areas() -> re.Pattern[str]:
    """Rows that end as counties and cities do."""
    return re.compile(
        _row(6, 5)
        + rf"(?:等{_SOME}{{0,3}}个?|{_SOME}{{1,3}}个|[两三四])(县（市、区）|县（市）|县（区）|县市区|县区|区县|市县|县市|县(?![委域])|市州|州市|市(?![委场级区州])|区(?![委域间块]))"
    )


@cache
def _counted() -> re.Pattern[str]:
    """Rows that end in a number of villages."""
    return re.compile(
        _row(4, 4) + r"(?<![这那])等?(\d{1,2}|[二两三四五六七八九十]{1,3})"
        r"个?(?:行政|自然)?村(?![㐀-鿿]?[书委]|[庄子]|民(?:小组|组)|级)"
    )


#: What every such row has at its end; looked for first, because hardly a text has it.
_TOWNS_END = pattern(rf"[等个](?:{_SOME}{{0,3}}个?)?[乡镇街行自村地]")
_AREAS_END = pattern(rf"[等个两三四](?:{_SOME}{{0,3}}个?)?[县市州区]")
_COUNTED_END = pattern(r"[0-9二两三四五六七八九十]个?[行自]?[政然]?村")
#: In how many prefectures villages have the name of a member that reads like a word.
_SEVERAL = 10
#: How much the article must speak of the region of a town in a row.
_SPOKEN_OF = 0.3

Member = Callable[[int, str], list[Entry]]
Pattern = Callable[[], re.Pattern[str]]


class Lists:
    """The rows of short names of a resolved document."""

    def __init__(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.table = gazetteer()

    def run_areas(self) -> None:
        """Accept the counties and cities of rows that end in 两县, 3个县（市、区）, 等市."""
        self._run(_AREAS_END, _areas, lambda match: _areas_of(match[2]))

    def run(self, known: Callable[[str], Sequence[Entry]]) -> None:
        """Accept the towns and villages; `known` gives the table's villages of the regions for a name without 村."""

        def village(article: int, piece: str) -> list[Entry]:
            return self._spoken_of(article, known(piece.removesuffix("村")))

        def member(match: re.Match[str]) -> Member:
            return self._anything if match[2] is None else village if "村" in match[2] else self._towns

        self._run(_TOWNS_END, _towns, member)
        for sheet, match in self._rows(_COUNTED_END, _counted):
            self._counted(sheet, match)

    def _counted(self, sheet: Sheet, match: re.Match[str]) -> None:
        """Villages of no table, where as many names stand as the row says."""
        names = re.split(_JOINT, match[1])
        number = int(match[2]) if match[2].isdecimal() else chinese(match[2].replace("两", "二"))
        if number != len(names):
            return
        place = match.start(1) + len(names[0]) + 1  # where the first begins is not known
        if not all(_nameable(name) for name in names[1:]):
            return
        for name in names[1:]:
            start, place = place, place + len(name) + 1
            if not any(find.accepted for find in sheet.touching(start, start + len(name))):
                form = name.removesuffix("村") + "村"
                find = Find(
                    start, start + len(name), name, False, (), None, True, "village", None, form, 0.85
                )
                sheet.put(find)

    def _run(self, end: re.Pattern[str], row: Pattern, member: Callable[[re.Match[str]], Member]) -> None:
        for sheet, match in self._rows(end, row):
            self._row(sheet, match, member(match))

    def _rows(self, end: re.Pattern[str], row: Pattern) -> Iterator[tuple[Sheet, re.Match[str]]]:
        for sheet in self.resolution.sheets:
            for match in row().finditer(sheet.folded) if end.search(sheet.folded) else ():
                yield sheet, match

    def _row(self, sheet: Sheet, match: re.Match[str], member: Member) -> None:
        hits: list[tuple[int, int, list[Entry]]] = []
        place = match.start(1)
        for piece in re.split(f"({_JOINT})", match[1]):
            if piece and piece not in JOINTS:
                hits.append(self._item(sheet, place, piece, member, not hits))
            place += len(piece)
        if sum(bool(entries) for _, _, entries in hits) * 2 < len(hits):
            return
        votes = Counter(key for _, _, entries in hits for key in {k for e in entries for k in _around(e)})
        for start, end, entries in hits:
            levels = {entry.level for entry in entries}
            there = [one for one in sheet.touching(start, end) if one.accepted]
            if entries and not any(one.whole or one.level in levels or match[2] is None for one in there):
                entry = max(entries, key=lambda e: (sum(votes[key] for key in _around(e)), e.current))
                find = Find(start, end, sheet.folded[start:end], False, (entry,))
                sheet.put(find)
                if entry.level == "village":  # which of that name is for `Homes` to say
                    find.accepted, find.level, find.name, find.confidence = True, "village", entry.name, 0.9
                else:
                    self.resolution.accept(sheet, find, entry, 0.9)

    def _item(
        self, sheet: Sheet, place: int, piece: str, member: Member, first: bool
    ) -> tuple[int, int, list[Entry]]:
        """One member of a row; the first may have other words before it (走访东山、…)."""
        for cut in range(len(piece) - 1 if first else 1):
            entries = member(sheet.article, piece[cut:])
            if entries:
                return place + cut, place + len(piece), entries
        return place, place + len(piece), []

    def _spoken_of(self, article: int, entries: Sequence[Entry]) -> list[Entry]:
        """Of entries with one name, those of the region that the article speaks of most."""
        weights = [(self.resolution.regions.weight(article, e), e.current) for e in entries]
        top = max(weights, default=(0.0, False))
        return [e for e, w in zip(entries, weights, strict=True) if w == top and w[0] > _SPOKEN_OF]

    def _towns(self, article: int, piece: str) -> list[Entry]:
        return self._spoken_of(article, [e for e in self.table.named(piece) if e.level == "town"])

    def _anything(self, article: int, piece: str) -> list[Entry]:
        if self.table.is_ordinary(piece):
            return []
        areas = [e for e in self.table.named(piece) if e.level in ("county", "city") and e.current]
        return self._spoken_of(article, areas) or self._towns(article, piece)


def _nameable(name: str) -> bool:
    """Whether a member of a counted row may be the name of a village of no table."""
    return not generic(name) and (strangeness(name) > STRANGE or gazetteer().spread(name) >= _SEVERAL)


def _areas_of(kind: str) -> Member:
    """Gives the counties, or the cities, or both of a name, as the end of a row says."""
    levels = ("city",) if "州" in kind else ("city", "county") if kind == "市" else ("county",)
    return lambda _, piece: [e for e in gazetteer().named(piece) if e.level in levels and e.current]


def _around(entry: Entry) -> list[Key]:
    return [(one.code, one.name) for one in entry.parents()]
