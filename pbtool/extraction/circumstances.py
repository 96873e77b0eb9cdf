"""Where and when a number holds: the place and the date that its sentence, its paragraph or the title give.

The one idea: a place that opens a sentence is what the sentence speaks of, and those that follow, until another does; one in
the number's own clause comes first; one that stands in a row, a quotation or a company's name is none. A date holds for its
sentence, but not one that the number is compared with.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pbtool.document import Place
from pbtool.extraction.dates import Anchor, Stretch
from pbtool.tables import pattern

#: Ends a sentence.
SENTENCE = pattern("[。！？]")
_CLAUSE = pattern("[，。；：！？,;!?]")
_OPENING = 24  # characters of a sentence in which its place or its date stands
_REACH = 200  # characters before a number in which its place and its time are looked for
_NESTED = 5  # places right behind each other that lie in each other
_DATES = 6  # dates before a number that are looked at
_FURTHER = pattern(" ?(?:、|和|与|及|以及) ?")
_JOINT = pattern(_FURTHER.pattern + "$")
_NOT_HERE = pattern("(?:从|由|自|来自|比|较|与|和|同|毗邻|距|离)$")
#: What follows an area that a rank or a first is counted in: 居全省第一位 says nothing about where the next number holds.
_RANK = pattern(" ?(?:第[一二三四五六七八九十\\d]|前[列茅三五十\\d]|首[位个批例家次]|之[首最冠]|榜首)")
_TIMES_OF = pattern(" ?的 ?[\\d.一二三四五六七八九十百两几]{1,6} ?[多余]?倍")
#: From when on something is told: the numbers that follow are of now, or of all the time since.
_FROM = pattern("(?:从|自|[始起源]于)$")
_SINCE = pattern(r" ?[初春夏秋冬末底]?(?:[^，。；：、\d]{0,14}以来|开始|至今|起(?![义草诉步]))")
#: Behind a date from which on something is told: its own number (从2016年不足3万元到…), or the other date.
_ITS_OWN = pattern(r" ?(?:[的至到\-—~\d]|不[足到]|[仅约近])")
_COMPANY = pattern(r"[^，。；：、\d]{0,12}?(?:公司|银行|大学|日报|集团|晚报|电视台)")
_AREA = pattern("[全该本我这]([省市州县区旗乡镇村]|街道|社区)")
_UNTIL = pattern(" ?(?:至|到|-|—{1,2}|~) ?")
_LIFE = pattern(
    " ?(?:出生|生于|生，|入党|加入|参加工作|参加革命|入伍|参军|毕业|退休|退伍|成立|创办|建成投[产用运入])"
)
_NOW = pattern("目前|如今|现在|现已|至今|近年|当前|眼下|此后|后来|随后")


class Scene:
    """What an article has named so far; its passages are looked at in order."""

    def __init__(self, title: Sequence[Place] = ()) -> None:
        self._last: dict[str, str] = {}  # last signs of a name -> the last place with such a name
        self.topic = _deepest(title)

    def named(self, place: Place) -> None:
        """Remembers a place for 全县, 该村 later on."""
        for size in (1, 2):
            self._last[place.name[-size:]] = place.full or place.name

    def area(self, kind: str) -> str | None:
        """The place that 全县, 该村 stands for."""
        return self._last.get(kind)


def _deepest(places: Sequence[Place]) -> str | None:
    """The place that a title names: one, or the last of several that lie in each other."""
    names = [place.full or place.name for place in places if place.level != "other"]
    nested = all(one in two for one, two in zip(names, names[1:], strict=False))
    return names[-1] if names and nested else None


class Circumstances:
    """The places and dates of one passage, asked for by the place of a number in it, from left to right.

    What stands in `quotes` (short quotations, titles of books) names something else.
    """

    def __init__(
        self,
        folded: str,
        places: Sequence[Place],
        days: Sequence[Stretch],
        quotes: Sequence[tuple[int, int]],
        anchor: Anchor | None,
        scene: Scene,
    ) -> None:
        self._text, self._scene, self._anchor = folded, scene, anchor
        self._places = [place for place in places if place.level != "other"]
        self._starts = {place.start: place.end for place in self._places if place.start < place.end}
        self._ends = {place.end: place.start for place in self._places if place.start < place.end}
        self._here = [
            place
            for place in self._places
            if not _inside(place.start, quotes) and not _COMPANY.match(folded, place.end)
        ]
        self._openings = [place.start for place in self._here]
        self._days = [day for day in days if day.value and not _inside(day.start, quotes)]
        self._day_ends = [day.end for day in self._days]
        self._years = {day.value[:4] for day in self._days if day.value[:1] != "-"}
        self._stops = [0, *(match.end() for match in SENTENCE.finditer(folded))]
        self._clauses = [0, *(match.end() for match in _CLAUSE.finditer(folded))]
        self._sentence = -1
        self._named = 0
        self._topic = self._before = (
            scene.topic
        )  # what this sentence speaks of from `_since` on, and until there
        self._since = 0

    def place(self, start: int, floor: int) -> str | None:
        """The place that the number at `start` speaks of; the number before it ends at `floor`."""
        text, at = self._text, bisect_right(self._stops, start) - 1
        self._read(at)
        clause = max(self._clauses[bisect_right(self._clauses, start) - 1], floor, start - _REACH)
        for place in reversed(self._between(clause, start)):
            if place.end <= start and self._speaks(place, start):
                if place.start <= clause + 1:
                    self._topic, self._since = place.full or place.name, place.start
                return place.full or place.name
        topic = self._topic if self._since <= start else self._before
        area = [match[1] for match in _AREA.finditer(text, clause, start)]
        if area and not (topic and topic.endswith(area[-1])):
            topic = self._scene.area(area[-1]) or topic
            self._topic, self._since = topic, clause
        return topic

    def _between(self, start: int, end: int) -> Sequence[Place]:
        """The places that begin in [start, end)."""
        return self._here[bisect_left(self._openings, start) : bisect_left(self._openings, end)]

    def _speaks(self, place: Place, start: int) -> bool:
        """Whether a number at `start` may speak of a place: none of a row, none that something comes from or is compared with."""
        away = place.end < start - 1 and _NOT_HERE.search(self._text, max(0, place.start - 2), place.start)
        return not away and not _RANK.match(self._text, place.end) and not self._listed(place)

    def _listed(self, place: Place) -> bool:
        """Whether a place, with those that it lies in right before it, is one of several in a row or an example."""
        first, last = place.start, place.end
        for _ in range(_NESTED):
            first, last = self._ends.get(first, first), self._starts.get(last, last)
        joint = _JOINT.search(self._text, max(0, first - 3), first)
        if joint is not None and joint.start() in self._ends:
            return True
        further = _FURTHER.match(self._text, last)
        return further is not None and further.end() in self._starts or self._text.startswith("等", last)

    def _read(self, sentence: int) -> None:
        """Reads on up to a sentence: a place that opens one is spoken of from then on."""
        while self._sentence < sentence:
            self._sentence += 1
            begin = self._stops[self._sentence]
            end = (
                self._stops[self._sentence + 1] if self._sentence + 1 < len(self._stops) else len(self._text)
            )
            while self._named < len(self._places) and self._places[self._named].start < end:
                self._scene.named(self._places[self._named])
                self._named += 1
            self._before, self._since = self._topic, begin
            if (place := self._opening(begin, end)) is not None:
                self._topic, self._since = place.full or place.name, place.start
            elif area := _AREA.match(self._text, begin):
                self._topic = self._scene.area(area[1]) or self._topic

    def _opening(self, begin: int, end: int) -> Place | None:
        """The place that the sentence [begin, end) or a clause of it opens with; of several right behind each other the last."""
        found: Place | None = None
        for place in self._between(begin, min(end, begin + _REACH)):
            if found is not None and place.start - found.end > 1:
                break
            opens = place.start - begin <= _OPENING or self._text[place.start - 1] in "，,"
            if opens and self._speaks(place, end):
                found = place
        return found

    def period(self, start: int, floor: int) -> str | None:
        """The date that the number at `start` holds for; the number before it ends at `floor`."""
        text, at = self._text, bisect_right(self._stops, start) - 1
        before = bisect_right(self._day_ends, start)
        for day in reversed(self._days[max(0, before - _DATES) : before]):
            if day.start < self._stops[at]:
                break
            came = floor > day.end and text[max(0, day.start - 1) : day.start] in ("从", "由")
            if not came and not self._compared(day):
                return None if self._resumed(day.end, start) else self._spanned(day)
        return None if self._resumed(self._stops[at], start) else self._carried(at, start)

    def _spanned(self, day: Stretch) -> str:
        """The date, or the interval that it ends (1954年10月至1958年9月)."""
        at = bisect_left(self._day_ends, day.end)
        first = self._days[at - 1] if at else None
        if (
            first is None
            or not _UNTIL.fullmatch(self._text, first.end, day.start)
            or "/" in first.value + day.value
        ):
            return self._dated(day)
        return f"{self._dated(first)}/{self._dated(day)}"

    def _resumed(self, start: int, end: int) -> bool:
        """Whether the text comes back to its own time in [start, end)."""
        return _NOW.search(self._text, max(start, end - _REACH), end) is not None

    def _compared(self, day: Stretch) -> bool:
        """Whether a date is only there to be compared with, to say before or since when, or of somebody's life."""
        if _LIFE.match(self._text, day.end) or _TIMES_OF.match(self._text, day.end) or self._begun(day):
            return True
        before, after = self._text[max(0, day.start - 1) : day.start], self._text[day.end : day.end + 6]
        if before in ("比", "较") or self._text[day.end - 1 : day.end + 1] == "年前":
            return True
        return before in ("与", "同", "和", "跟") and "相比" in after

    def _begun(self, day: Stretch) -> bool:
        """Whether a date says only from when on something is told, in a year before the one that the text is of."""
        year = day.value[:4]
        if not year.isdecimal() or "/" in day.value:
            return False
        later = max(self._years) > year or self._anchor is not None and self._anchor.year > int(year)
        if _FROM.search(self._text, max(0, day.start - 2), day.start):
            now = self._anchor is not None and self._anchor.year == int(year)
            return not now and not _ITS_OWN.match(self._text, day.end)
        return later and _SINCE.match(self._text, day.end) is not None

    def _carried(self, at: int, start: int) -> str | None:
        """What the date at the head of a report says for all of it, and a sentence for the 其中 that follows."""
        begin = self._stops[at]
        if not self._days or at == 0:
            return None
        if self._text.startswith("其中", begin):
            said = bisect_right(self._day_ends, begin)
            for day in reversed(self._days[max(0, said - _DATES) : said]):
                if day.start < self._stops[at - 1]:
                    break
                if not self._compared(day):
                    return self._dated(day)
        first = self._days[0]
        until = "截至" in self._text[max(0, first.start - 3) : first.start]
        report = until or "/" in first.value and first.start <= _OPENING
        only = bisect_left(self._day_ends, start) == 1
        return self._dated(first) if report and only and not self._resumed(first.end, start) else None

    def _dated(self, day: Stretch) -> str:
        """The date, with the year of the issue where the passage names no other and the month was not to come."""
        anchor, value = self._anchor, day.value
        if anchor is None or not anchor.month or value[:2] != "--" or value[:3] == "---":
            return value
        known = self._years <= {f"{anchor.year:04d}"}
        last = int(value.rpartition("/")[2][2:4])  # the later month of --01/--10
        return value.replace("--", f"{anchor.year:04d}-") if known and last <= anchor.month else value


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies in one of these spans, which are in order."""
    at = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return at >= 0 and place < spans[at][1]
