"""Where the name of a village or community begins that ends in 村, 社区 or 嘎查.

The one idea: its end is plain and its beginning is not. The table says where, for the regions that the document names; behind a
place the name begins where that ends; else the document says it, by writing the same string behind different words, or the
sentence, by leading up to a place. What is left must read like a name, or be the name of many villages (光明, 团结).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from pbtool import tables
from pbtool.extraction.place_judge import strangeness, whole_fits
from pbtool.extraction.place_kinds import BEFORE, MAYBE, STRANGE, generic
from pbtool.extraction.place_mentions import Find, Sheet, han_run, joint_at
from pbtool.extraction.place_resolution import Resolution
from pbtool.extraction.place_table import VillageRows
from pbtool.gazetteer import Entry, gazetteer
from pbtool.tables import pattern

#: Words before a village's name that say where it is and are no part of it: 镇上花桥社区.
_IN_TOWN = pattern(r"(?:[镇乡县市区城村][上里内]|[东南西北][邻接靠连临依毗])(?=[㐀-鿿]{2})")
#: Words that lead up to a place: 走进黑坭坳村, 现任下河村第一书记, 今年申楼村….
_LEAD_WORDS = pattern(
    r"走进|走近|来到|赶到|回到|位于|地处|前往|走访|进驻|派驻|来自|[现时曾担新挂出兼]任|当选"
    r"|[今去明前当近][年天晚]|[今去前昨明][春夏秋冬日]|目前|近日|日前|近期|如今"
)
_LEADS = pattern(rf"(?:{_LEAD_WORDS.pattern}|在|到|赴|进)$")
#: First characters that tell villages of one name apart (西王黑村 beside 王黑村).
_SIDES = frozenset("东西南北上下前后大小老新中")
#: What only follows the name of a village or community that is meant as a body or a place.
_BODY = pattern(
    r"(?:的|等|和|与|及|党|支部|总支|两委|“两委”|村委|村民|居民|党员|书记|主任|委会|民委员会|第一书记|位于|地处|曾|有|通过|以|坚持|按照|把|成立|开展|推行|原|现任|妇女|人|群众|种植|養|养|实施|建(?!设)|是|做|召开|组织|从|在|获|举办|启动|邀请|联合|网格|志愿|入选|结合|依托|积极|[，。、；：）)》”\n]|$)"
)
#: What a place has and no village is called: 任城区分局贾村派出所.
_OFFICE = pattern(r"分局|支局|支队|大队|支行|法庭|学校|公司|中心")
_DATED = pattern(r"[0-9０-９〇][年月日号](?=[㐀-鿿])")
#: How sure a village is of which the table has the name, but not where the article speaks of.
ELSEWHERE = 0.8
#: How little what stands before an ending must read like words: that of a community between its town and its office.
_BEHIND_TOWN = 4.5
#: In how many prefectures villages have a name that is an ordinary word too (光明, 团结; 牵头 in none).
_MANY = 20
#: The longest name of a village, and the longest of sounds of another language, in characters.
_LONGEST, _LONGEST_FOREIGN = 7, 12
#: From how many characters on a name half of which are sounds of another language is one, whatever the table has of its end.
_FOREIGN = 5
#: Provinces where villages have names of other languages (the first digits of their codes).
_MANY_TONGUES = frozenset(["15", "51", "53", "54", "62", "63", "65"])

Start = tuple[int | None, float]
_NONE: Start = (None, 0.0)


class Beginnings:
    """The beginnings of the names in a document; `spans` are the places of the endings in each of its sheets."""

    def __init__(
        self,
        resolution: Resolution,
        rows: VillageRows,
        spans: Iterable[tuple[Sheet, list[tuple[int, int]]]],
    ) -> None:
        self.rows, self.towns = rows, resolution.towns()
        self.repeated = _repeated(spans)
        self.many_tongues = any((one.code or "")[:2] in _MANY_TONGUES for one in resolution.areas())

    def start(self, sheet: Sheet, cut: int, end: int, behind: Find | None) -> Start:
        """Where the name with its ending at sheet.folded[cut:end] begins, and how sure that is.

        `behind` is the place shortly before it, with nothing but Chinese between.
        """
        folded = sheet.folded
        low = _low(sheet, cut)
        foreign = _foreign(sheet, low, cut) if self.many_tongues and folded[cut] != "社" else None
        if foreign is not None:
            return foreign, 0.93
        known = self._known_start(sheet, low, cut, end, behind)
        if known is not None:
            return known
        if behind is not None and cut > behind.end and _may_be_named(folded[behind.end : cut], behind):
            return (behind.end, 0.93) if _named_behind(folded, cut, end, behind) else _NONE
        if self._joined(sheet, low, cut):
            return low, 0.85
        start = self._open_start(folded, low, cut, end)
        if start is None:
            return self._single(sheet, cut, end)
        if end - cut > 2 and folded[cut] in "自行":
            return (start, 0.85) if _strange(folded[start:cut]) else _NONE
        return self._free_start(folded, start, cut, end)

    def _free_start(self, folded: str, start: int, cut: int, end: int) -> Start:
        """The start, where the document or the sentence shows that a name begins there."""
        stem, form = folded[start:cut], folded[start:end]
        edge = start == 0 or not ("㐀" <= folded[start - 1] <= "鿿")
        led = _IN_TOWN.match(folded, max(0, start - 2)) or _LEADS.search(folded, max(0, start - 2), start)
        shown = len(self.repeated.get(form, ())) > 1
        longest = 8 if folded[cut] == "嘎" else 4
        body = cut - start <= longest and (edge or led) and _BODY.match(folded, end) is not None
        if not (shown or body) or whole_fits(folded, start, end) <= 0:
            return _NONE
        if not self.many_tongues and len(stem) > 2 and _sounding(stem):
            return _NONE  # a village of another country
        if _strange(stem):
            return start, 0.85
        return (start, 0.8) if body and _common(stem) else _NONE

    def _single(self, sheet: Sheet, cut: int, end: int) -> Start:
        """A name of one character (焦村), where a place may begin and the table has it."""
        folded, start = sheet.folded, cut - 1
        if (
            start < 0
            or generic(folded[start:cut])
            or "、" in (folded[start - 1 : start], folded[end : end + 1])
        ):
            return _NONE  # in a row it may be a town's short name (贺村、峡口等乡镇)
        edge = (
            start == 0 or not ("㐀" <= folded[start - 1] <= "鿿") or _LEADS.search(folded, start - 2, start)
        )
        known = edge and self.rows.of(sheet.article, folded[start:end])
        return (start, 0.9) if known and whole_fits(folded, start, end) > 0 else _NONE

    def _joined(self, sheet: Sheet, low: int, cut: int) -> bool:
        """Whether the name is one of a row: it stands behind 、 that follows another village."""
        if sheet.folded[low - 1 : low] != "、" or not sheet.ends_village(low - 1):
            return False
        stem = sheet.folded[low:cut]
        return 2 <= len(stem) <= 5 and not generic(stem) and not set(stem) & BEFORE

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
            clear = start == low or (behind is None and (len(stem) > 2 or folded[start - 1] in BEFORE))
            sure, rows = bool(rows), rows or (list(self.rows.named(stem)) if clear else [])
            if not rows or not (start == low or len(stem) > 2 or self._clear(folded, start, rows)):
                continue
            if beside and _longer(folded[start - 1 : cut]):
                return None
            row = joint_at(folded, start - 1) and sheet.ends_village(start - 1)
            named = row or len(stem) > 2 or (behind and behind.end == start) or _strange(stem)
            if (sure and named) or whole_fits(folded, start, end) > 0:
                return start, 0.97 if sure else 0.93 if behind is not None else ELSEWHERE
        return None

    def _clear(self, folded: str, start: int, rows: list[Entry]) -> bool:
        """Whether a short known name begins where a word may begin, or lies in a town that the document names."""
        before = folded[start - 1]
        if before in BEFORE or before in MAYBE:
            return True
        return any(row.parent in self.towns for row in rows)

    def _open_start(self, folded: str, low: int, cut: int, end: int) -> int | None:
        """Where a name of no table may begin: behind the last character that ends the words before one."""
        start = low
        for place in range(cut - 1, low - 1, -1):
            if folded[place] in BEFORE:
                start = place + 1
                break
        for match in _LEAD_WORDS.finditer(folded, start, cut):
            start = match.end()
        while start < cut and folded[start] in MAYBE:
            start += 1
        if inner := _IN_TOWN.match(folded, start, cut):
            start = inner.end()
        if folded[start : start + 1] == "原" and len(self.repeated.get(folded[start + 1 : end], ())) > 1:
            start += 1  # (原三姓村和湾西村)
        stem = folded[start:cut]
        longest = 8 if folded[cut] == "嘎" else 5  # Mongol names are long
        return start if 2 <= len(stem) <= longest and not generic(stem) else None


def _repeated(spans: Iterable[tuple[Sheet, list[tuple[int, int]]]]) -> dict[str, set[str]]:
    """For every string before an ending, the characters it was seen behind (a name stands behind several)."""
    seen: dict[str, set[str]] = defaultdict(set)
    for sheet, endings in spans:
        for cut, end in endings:
            low = han_run(sheet.folded, cut, 6)
            for start in range(low, cut - 1):
                before = sheet.folded[start - 1] if start else ""
                seen[sheet.folded[start:end]].add(before if "㐀" <= before <= "鿿" else "")
    return seen


def _low(sheet: Sheet, cut: int) -> int:
    """The first place where the name may begin: not in a date (1995年湾西村), not in the place before it."""
    low = han_run(sheet.folded, cut, _LONGEST)
    if low and _DATED.match(sheet.folded, low - 1):
        low += 1
    return max(low, _taken(sheet, low, cut))


def _taken(sheet: Sheet, start: int, cut: int) -> int:
    """Where the last place that was read between `start` and `cut` ends; 0 where none was."""
    ends = [find.end for find in sheet.touching(start, cut) if find.accepted and find.end <= cut]
    return max(ends, default=0)


def _foreign(sheet: Sheet, low: int, cut: int) -> int | None:
    """Where a long name of sounds of another language begins, so that none of the table is cut out of it."""
    folded = sheet.folded
    start = han_run(folded, cut, _LONGEST_FOREIGN)
    start = max(start, _taken(sheet, start, cut))
    for place in range(cut - 1, start - 1, -1):
        if folded[place] in BEFORE:
            start = place + 1
            break
    if cut - start < _FOREIGN or start > low:
        return None
    return start if _sounding(folded[start:cut]) else None


def _may_be_named(stem: str, behind: Find) -> bool:
    """Whether what stands between a place and the ending may be a name at all."""
    if set(stem) & BEFORE or generic(stem) or stem[0] in MAYBE or _OFFICE.search(stem):
        return False
    return len(stem) > 1 or behind.level == "town"


def _named_behind(folded: str, cut: int, end: int, behind: Find) -> bool:
    """Whether what stands right behind a place is a name: it reads like one, or many villages have it and a body follows."""
    stem = folded[behind.end : cut]
    body = _BODY.match(folded, end) is not None
    community = body and end - cut > 1 and behind.level == "town"
    if strangeness(stem) > (_BEHIND_TOWN if community else STRANGE):
        return True
    return body and _common(stem)


def _longer(stem: str) -> bool:
    """Whether what stands right behind a place is one name, though the table has but its end (李康河村, not 康河村)."""
    return len(stem) < 5 and stem[0] not in MAYBE and not set(stem) & BEFORE and _strange(stem)


def _strange(stem: str) -> bool:
    """Whether the text before an ending reads like a name and not like words."""
    return strangeness(stem) > STRANGE


@lru_cache(maxsize=5_000)
def _common(stem: str) -> bool:
    """Whether villages all over the country have this name."""
    return gazetteer().spread(stem) >= _MANY


def _sounding(stem: str) -> bool:
    """Whether at least half of the characters write sounds of another language."""
    return 2 * sum(char in _sounds() for char in stem) >= len(stem)


@lru_cache(maxsize=1)
def _sounds() -> frozenset[str]:
    """Characters that hardly stand for anything but the sounds of other languages."""
    return frozenset(char for char, kind in tables.rows("name_sounds.tsv") if kind == "typical")
