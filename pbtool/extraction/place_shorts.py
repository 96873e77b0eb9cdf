"""Short names of towns and villages: 象珠 for 象珠镇, once the document has said 象珠镇.

The one idea: a short name has three things to prove. The article speaks of the region that it lies in; nothing greater of
the same name is meant (西宁 is the city); and the sentence wants a place there, which the language model says (保安 in 确保安全,
人和 in 家人和同事 are pieces of words) and the words beside it may confirm (在…, …镇党委).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from pbtool.extraction.place_judge import area_fits
from pbtool.extraction.place_mentions import Find, Sheet, goes_on, place_words
from pbtool.extraction.place_resolution import Resolution
from pbtool.gazetteer import Entry, gazetteer, stem_of
from pbtool.tables import pattern

#: How far the sentence must want a place more than the name (natural log): with, and without a word that leads up to one.
_LED, _UNLED = 2.5, 4.0
#: What a name that is an ordinary word too must have beyond that.
_WORD = 2.5
#: A short name that was resolved more surely than this is left what it is.
_SETTLED = 0.9
_LEADS = pattern(r"(?:在|到|来到|走进|走访|赴|前往|回到|位于|地处|离开|扎根|奔赴|重返|深入)$")
_FOLLOWS = pattern(
    r"(?:党委|党工委|镇|乡|街道|人(?!民|才|和|力|类|员|物|口|均|心|生|群)|全镇|全乡|全村|村民|的村民|籍)"
)


class ShortNames:
    """The short names of the towns and villages that a document names in full."""

    def __init__(
        self,
        resolution: Resolution,
        villages: Mapping[str, Find],
        written: Mapping[str, set[int]],
        note_home: Callable[[Sheet, str, Entry], None],
    ) -> None:
        self.resolution, self.villages, self.written = resolution, villages, written
        self.note_home = note_home
        self.alone = len(resolution.counties()) == 1  # the whole document is about one county

    def run(self, known: Callable[[str], Sequence[Entry]]) -> None:
        """Accept them in every sheet; `known` gives the table's villages of the regions for a name without 村."""
        towns = dict(self._towns())
        stems = dict(self._stems(known))
        forms = sorted({*towns, *stems}, key=lambda form: (-len(form), form))
        if not forms:
            return
        pattern = re.compile("|".join(map(re.escape, forms)))
        for sheet in self.resolution.sheets:
            for match in pattern.finditer(sheet.folded):
                if match[0] in towns:
                    self._town(sheet, match.start(), match.end(), towns[match[0]])
                else:
                    self._village(sheet, match.start(), match.end(), stems[match[0]])

    def _towns(self) -> Iterator[tuple[str, list[Entry]]]:
        for form, entries in self.resolution.named.items():
            towns = [entry for entry in entries if entry.level == "town" and entry.name != form]
            if towns and len(form) > 1 and form not in place_words()["generic"] and form[-1] not in "路街道":
                yield form, towns

    def _stems(self, known: Callable[[str], Sequence[Entry]]) -> Iterator[tuple[str, Find]]:
        for form, find in self.villages.items():
            stem = stem_of(form)
            rare = bool(known(stem)) and not gazetteer().is_ordinary(stem)
            if form.endswith("村") and (len(stem) > 2 or (len(stem) == 2 and rare)):
                yield stem, find

    def _town(self, sheet: Sheet, start: int, end: int, towns: list[Entry]) -> None:
        home = [entry for entry in towns if self.resolution.regions.at_home(sheet.article, entry)]
        entry = home[0] if len(home) == 1 else self.resolution.best(sheet.article, home)
        if entry is None or not self._free(sheet, start, end, self._named(sheet, entry)):
            return
        if self._stands(sheet, start, end):
            find = Find(start, end, sheet.folded[start:end], False, ())
            sheet.put(find)
            self.resolution.accept(sheet, find, entry, 0.92)

    def _village(self, sheet: Sheet, start: int, end: int, model: Find) -> None:
        here = sheet.article in self.written[model.form] or self.alone
        if not here or not self._free(sheet, start, end, True) or not self._stands(sheet, start, end):
            return
        find = Find(start, end, sheet.folded[start:end], False, ())
        find.accepted, find.level, find.name, find.confidence = True, "village", model.form, 0.88
        sheet.put(find)
        behind = sheet.before(start)
        if behind is not None and behind.end == start and behind.level == "town" and behind.entry:
            self.note_home(sheet, model.form, behind.entry)

    def _named(self, sheet: Sheet, entry: Entry) -> bool:
        return self.resolution.regions.names(sheet.article, entry)

    def _free(self, sheet: Sheet, start: int, end: int, named: bool) -> bool:
        """Whether nothing greater was read there; a county that was only guessed gives way to what the article names."""
        if goes_on(sheet.folded, end):
            return False
        for find in sheet.touching(start, end):
            if not find.accepted:
                continue
            if find.whole or find.level != "county" or find.confidence >= _SETTLED or not named:
                return False
        return True

    def _stands(self, sheet: Sheet, start: int, end: int) -> bool:
        """Whether the sentence wants a place here rather than this word."""
        folded = sheet.folded
        form = folded[start:end]
        behind = sheet.before(start)
        led = bool(_LEADS.search(folded, max(0, start - 2), start) or _FOLLOWS.match(folded, end))
        led = led or (behind is not None and behind.end == start and behind.level in ("county", "city"))
        needed = (_LED if led else _UNLED) + _WORD * gazetteer().is_ordinary(form)
        if end - start > 2:
            needed -= _LED
        return area_fits(folded, start, end) > needed
