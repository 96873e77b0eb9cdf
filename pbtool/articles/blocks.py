"""What each line is: running text, title, byline, affiliation, note, caption, furniture.

The one idea: in wrapped text a display line gives itself away because running text does not survive it: the line is not
full and does not end a sentence, or the text before it goes on better behind it. Where both readings are possible, every
cut between running and display lines is scored by the language model and the best cut taken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from pbtool.articles.bylines import (
    Byline,
    affiliation,
    biography,
    credited,
    dateline,
    names_author,
    opens_note,
    origin_note,
    parse_byline,
    trailing_byline,
    units_of,
)
from pbtool.articles.forms import is_column, is_piece, opens_text
from pbtool.articles.furniture import furniture_roles, printed
from pbtool.articles.geometry import body_size, is_large, is_small
from pbtool.articles.legends import Legends
from pbtool.articles.lines import ENUMERATOR, TextLine, compact, counts_on
from pbtool.articles.notes import Notes
from pbtool.articles.pictures import captions
from pbtool.articles.runs import CLOSING, COMMA, Runs
from pbtool.articles.titles import bigrams, has_subtitle, is_subtitle
from pbtool.articles.wrapping import Measures, completeness, continuation, joining
from pbtool.tables import pattern

_KICKER = pattern(r"^[^。！？]{4,40}(?:——|[：:])$")
#: Log odds that a line begins a paragraph: by its indent, or by the place that a lost indent leaves; and that it does not.
_INDENTED, _FLUSH, _SHORT = 4.0, -1.5, 2.0
_AMOUNT = pattern(r"-?\d[\d,]*\.\d+%?|-?\d{1,3}(?:,\d{3})+|\d+%|[\d.]+[~～–-][\d.]+")
_CLAUSES = 8  # lines that look like titles and are not, where they are most of a text
_WHOLE = 4.5  # log odds for a head that happens to fill the measure


def _is_row(text: str) -> bool:
    """Whether a line is a row of a table: two amounts or more in cells of their own. No title has them."""
    return sum(_AMOUNT.fullmatch(cell) is not None for cell in text.split()) >= 2


def _speaking_size(lines: Sequence[TextLine]) -> float:
    """The type size of the text where sizes tell titles from text: some lines are larger, and few of all characters."""
    body = body_size(lines)
    large = [line for line in lines if is_large(line, body)]
    known = sum(line.size is not None for line in lines)
    share = sum(len(line.text) for line in large) / (sum(len(line.text) for line in lines) or 1)
    return body if large and share < 0.3 and known >= 0.9 * len(lines) else 0.0


class Blocks:
    """All lines of a document with what each of them is."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self.lines = lines
        self.roles, contents = furniture_roles(lines)
        self._contents: dict[
            str, list[int]
        ] = {}  # the titles that the table of contents lists, by their pairs of characters
        for n, title in enumerate(contents):
            for word in bigrams(title):
                self._contents.setdefault(word, []).append(n)
        self.kinds: list[str] = ["furniture" if role else "" for role in self.roles]
        self.groups: list[int] = list(range(len(lines)))
        self.bylines: dict[int, Byline] = {}
        self.labels: set[int] = set()
        self.body = _speaking_size(lines)
        self.sized: set[int] = set()  # pages on which type sizes tell titles from text
        self._editors = Notes(self)
        self._brackets()
        self._pictures()
        self._labels()
        self._sizes()
        self._marked_bylines()
        self._editors.labelled()
        self.rest = [i for i, kind in enumerate(self.kinds) if not kind]
        self.measures = Measures([lines[i] for i in self.rest])
        self.measures.doubt()
        self.running = [
            opens_text(line.text) or dateline(line.text) is not None or _is_row(line.text) for line in lines
        ]
        self._editors.bare()
        self._short_bylines()
        self._display()
        self._plain_bylines()
        Legends(self).name()
        self._column_labels()
        self._long_lists()
        for i, kind in enumerate(self.kinds):
            if not kind:
                self.kinds[i] = "body"

    # --- what is told by its form ----------------------------------------------------------------------------------

    def _brackets(self) -> None:
        for i, line in enumerate(self.lines):
            if self.kinds[i] or line.text[0] not in "（(":
                continue
            joint, end = line.text, i
            while opens_note(line.text) and joint[-1] not in "）)" and end < min(i + 5, len(self.lines) - 1):
                end += 1
                joint += self.lines[end].text
            kind = "affiliation" if affiliation(joint) else "origin" if origin_note(joint) else ""
            if kind and (
                end > i
                or i == 0
                or self.lines[i - 1].ends
                or opens_note(joint)
                or line.gap
                or not origin_note(joint)
            ):
                for k in range(i, end + 1):
                    self.kinds[k], self.groups[k] = kind, i

    def _pictures(self) -> None:
        for group in captions(self.lines, self.kinds, printed(self.lines)):
            for k in group:
                self.kinds[k], self.groups[k] = "caption", group[0]

    def _labels(self) -> None:
        """Names of the pieces beside an article (`◎短评`), and notes on the author (`[作者简介]…`)."""
        for i, line in enumerate(self.lines):
            if self.kinds[i]:
                continue
            if is_piece(line.text):
                self.kinds[i] = "title"
                self.labels.add(i)
            elif biography(line.text):
                for k in range(i, self._editors.end(i) + 1):
                    self.kinds[k], self.groups[k] = "affiliation", i

    def _sizes(self) -> None:
        """Where the page shows type sizes: large type is a title, small type that is no furniture a caption.

        Names in smaller type than the line beside them are its authors, however large they are.
        """
        for i, line in enumerate(self.lines):
            if self.kinds[i] or not self.body or len(line.text) > 60:
                continue
            found = parse_byline(line.text)
            if is_large(line, self.body) and not (found and found.marked):
                self.kinds[i] = "title"
                self.sized.add(line.page)
                if found and self._beside_larger(i):
                    self.kinds[i], self.bylines[i] = "byline", found
            elif is_small(line, self.body) and not found:
                self.kinds[i] = "caption"

    def _beside_larger(self, i: int) -> bool:
        """Whether line i stands right below or above a title in much larger type."""
        line = self.lines[i]
        near = [self.lines[k] for k in (i - 1, i + 1) if 0 <= k < len(self.lines)]
        return any(
            other.page == line.page
            and is_large(other, self.body)
            and (other.size or 0.0) >= 1.2 * (line.size or 0.0)
            for other in near
        )

    def _marked_bylines(self) -> None:
        for i, line in enumerate(self.lines):
            named = self.roles[i] in ("other", "footer") and names_author(line.text)
            if self.kinds[i] and not named:
                continue
            found = parse_byline(line.text) or credited(line.text)
            if found is not None and found.marked:
                self.kinds[i] = "byline"
                self.roles[i] = None
                self.bylines[i] = found

    # --- what is told by its surroundings ----------------------------------------------------------------------------

    def _display(self) -> None:
        for p, i in enumerate(self.rest):
            if not self.kinds[i] and self._is_display(p):
                self.kinds[i] = "title"
        self._above_datelines()
        runs = Runs(self)
        free = [p for p, i in enumerate(self.rest) if self.lines[i].page not in self.sized]
        for p in free:
            if self.broken(p + 1):
                runs.trailing(p)
            if self.measures.wrapped[p] and p > 0:
                runs.interruption(p)
        for p, i in enumerate(self.rest):
            above = i + 1 < len(self.lines) and self.kinds[i + 1] == "title"
            if above and not self.kinds[i] and not self.running[i] and self._leads_in(p, i):
                self.kinds[i] = "title"
        for i, line in enumerate(self.lines[1:], 1):
            below = self.kinds[i - 1] == "title" and not self.kinds[i] and line.width <= 26
            if below and is_subtitle(line.text) and not line.ends:
                self.kinds[i] = "title"
        self._lists()
        self._verses()

    def _leads_in(self, p: int, i: int) -> bool:
        """Whether line i, above a title, is a kicker (`…——`, `…：`) or the title of a subtitle (`——…`), and no running text."""
        line, before = self.lines[i], self.lines[i - 1] if i else None
        free = before is None or before.ends or self.broken(p)
        if _KICKER.search(line.text):
            return (
                before is None
                or free
                or (self.measures.short(p) > 1.25 and joining(before.text, line.text) < 0.5)
            )
        return free and not line.ends and has_subtitle([line.text, self.lines[i + 1].text])

    def _lists(self) -> None:
        """Three rows or more of the same number of words (a name and a school, a village and a sum) are no titles."""
        counts = [len(line.text.split()) if line.width <= 40 else 0 for line in self.lines]
        i = 0
        while i < len(self.lines):
            end = i
            while (
                end < len(self.lines) and counts[end] == counts[i] >= 2 and self.kinds[end] in ("", "title")
            ):
                end += 1
            if end - i >= 3 and any(self.kinds[k] == "title" for k in range(i, end)):
                for k in range(i, end):
                    self.kinds[k], self.running[k] = "", True
            i = max(end, i + 1)
        self._entries()

    def _entries(self) -> None:
        """Nor are three lines or more that count on from one to the next."""
        first = 0
        for i in range(1, len(self.lines) + 1):
            if i < len(self.lines) and counts_on(self.lines[i - 1].text, self.lines[i].text):
                continue
            if i - first >= 3:
                for k in range(first, i):
                    if self.kinds[k] == "title":
                        self.kinds[k], self.running[k] = "", True
            first = i

    def _verses(self) -> None:
        """Where most lines would be titles, a text has a clause or a name a line: only what stands first heads it."""
        titles = [i for i in self.rest if self.kinds[i] == "title"]
        if any(self.measures.wrapped) or len(titles) < _CLAUSES or 2 * len(titles) < len(self.rest):
            return
        for i in titles:
            if i > titles[0]:
                self.kinds[i], self.running[i] = "", True

    def _long_lists(self) -> None:
        """Three short lines or more below a numbered head, in text that is not wrapped, are a list (of winners, of units)."""
        for p, i in enumerate(self.rest):
            if self.measures.wrapped[p] or not ENUMERATOR.match(self.lines[i].text) or self.lines[i].ends:
                continue
            end = p + 1
            while end < len(self.rest) and self.kinds[self.rest[end]] == "title" and end - p < 200:
                end += 1
            if end - p > 3:
                for k in self.rest[p + 1 : end]:
                    self.kinds[k], self.running[k] = "", True

    def _column_labels(self) -> None:
        """The name of a column right above a title (`简讯`, `“七一”特稿`) belongs to the page."""
        for i, line in enumerate(self.lines[:-1]):
            text = compact(line.text).strip("“”【】[]《》·-—")
            above = self.kinds[i] == self.kinds[i + 1] == "title" and (not i or self.kinds[i - 1] != "title")
            longer = self.lines[i + 1].width >= line.width + 2 and not is_subtitle(self.lines[i + 1].text)
            if (
                above
                and longer
                and i not in self.labels
                and is_column(text.replace("”", "").replace("“", ""))
            ):
                self.kinds[i], self.roles[i] = "furniture", "running_header"

    def broken(self, p: int) -> bool:
        """Something stands between the p-th free line and the one before it: a page end, furniture, a byline."""
        if p <= 0 or p >= len(self.rest):
            return True
        i, before = self.rest[p], self.rest[p - 1]
        return (
            i != before + 1
            or self.lines[i].top
            or bool(self.kinds[before])
            or self.kinds[i] not in ("", "title")
        )

    def _is_display(self, p: int) -> bool:
        line = self.lines[self.rest[p]]
        if line.text[0] in CLOSING or line.text[-1] in COMMA or self.running[self.rest[p]]:
            return False
        if line.page in self.sized:
            apart = line.gap > self.measures.typical_gap and self.measures.short(p) > 3.3
            return apart and not line.ends and completeness(line.text) > 0.5
        if not self.measures.wrapped[p]:
            return self._is_display_unwrapped(p)
        if line.ends or ENUMERATOR.match(line.text):
            return False
        short = self.measures.short(p)
        before = self.lines[self.rest[p - 1]] if p else None
        fresh = before is None or self.broken(p) or before.ends
        if short < -1.75 and fresh:
            return line.width < 40 and not self._in_wide_flow(p)
        if not fresh and before is not None:
            return False
        if self.broken(p + 1):
            return False  # decided with the whole run, see _trailing_run
        return self._heads_text(p, short)

    def _heads_text(self, p: int, short: float) -> bool:
        """A line behind the end of a sentence: a head, or the first line of a paragraph that lost its indent?"""
        line, after = self.lines[self.rest[p]], self.lines[self.rest[p + 1]]
        if self.measures.indents_speak and (line.indent >= 1.0) != (after.indent >= 1.0):
            return after.indent >= 1.0
        after_full = self.measures.short(p + 1) < 1.25
        runs_on = continuation(line.text, after.text)
        if short < 1.25:
            odd = not after_full and not after.ends and runs_on < -2.0
            return after.text[0] not in CLOSING and (odd or completeness(line.text) - runs_on > _WHOLE)
        if after.text[0] in CLOSING:
            return False
        paused = any(c in line.text for c in "，、；。")
        if not after_full and not after.ends:
            return short > 3.3 or runs_on < (-2.5 if paused else 1.5)
        if self.measures.gaps_speak and line.gap > self.measures.typical_gap >= after.gap and short <= 3.3:
            return False
        return runs_on < ((-4.5 if paused else -3.0) if short <= 3.3 else (-1.0 if paused else 1.0))

    def _in_wide_flow(self, p: int) -> bool:
        """Whether a line wider than the measure stands among others of its width (a box set across two columns)."""
        width = self.lines[self.rest[p]].width
        near = [q for q in (p - 1, p + 1) if 0 <= q < len(self.rest) and not self.broken(max(p, q))]
        return any(abs(self.lines[self.rest[q]].width - width) <= 2.5 for q in near)

    def _is_display_unwrapped(self, p: int) -> bool:
        line = self.lines[self.rest[p]]
        before = self.lines[self.rest[p - 1]] if p else None
        after = self.lines[self.rest[p + 1]] if p + 1 < len(self.rest) else None
        if ENUMERATOR.match(line.text) and p:
            return False
        if line.text[-1] in "：:":
            return line.width <= 26 and (before is None or before.ends or before.width <= 26)
        if line.ends:
            signed = self.rest[p] + 1 < len(self.lines) and self.kinds[self.rest[p] + 1] == "byline"
            quoted = line.text[0] in "“「" and line.text[-2:-1] in "？！?!" and line.text[-1] in "”」"
            asks = (line.text[-1] in "？！?!…⋯" or quoted and signed) and line.width <= 24
            return asks and (before is None or line.gap > self.measures.typical_gap or signed)
        if line.width > 48 or "。" in line.text or (line.width > 22 and completeness(line.text) < -1.0):
            return False
        torn = (
            before is not None and not before.ends and before.width > 30 and not trailing_byline(before.text)
        )
        if (
            torn
            and before is not None
            and any(c in before.text for c in "，。；,")
            and continuation(before.text, line.text) > 1
        ):
            return False
        if (
            after is not None
            and line.width > 22
            and after.width > 8
            and ("，" in line.text or "," in line.text)
        ):
            return continuation(line.text, after.text) < 0
        return True

    def _above_datelines(self) -> None:
        """What stands between the end of a text and a dateline is a title, also where it fills the measure."""
        for i, line in enumerate(self.lines):
            if self.kinds[i] or dateline(line.text) is None:
                continue
            first = i
            while first > 0 and i - first < 3 and self._could_head(first - 1):
                first -= 1
            if first < i and (
                first == 0 or self.kinds[first - 1] or self.lines[first - 1].ends or self.lines[first].top
            ):
                for k in range(first, i):
                    self.kinds[k] = "title"

    def _could_head(self, k: int) -> bool:
        line = self.lines[k]
        return (
            self.kinds[k] in ("", "title")
            and not line.ends
            and (line.text[-1] not in COMMA or line.text[-1] == "、")
            and not self.running[k]
        )

    def _short_bylines(self) -> None:
        """Names alone on a line that is far from full: no running text looks like that."""
        for p, i in enumerate(self.rest):
            line = self.lines[i]
            if self.kinds[i] or line.ends or not self.measures.wrapped[p] or self.measures.short(p) < 4:
                continue
            found = parse_byline(line.text) if not any(c in line.text for c in "，,、；") else None
            if found is not None and not self._ends_paragraph(p):
                self.kinds[i] = "byline"
                self.bylines[i] = found

    def _ends_paragraph(self, p: int) -> bool:
        """Whether the line before p is running text that p could end (without a mark)."""
        before = self.lines[self.rest[p - 1]] if p else None
        return before is not None and not before.ends and before.text[-1] in COMMA

    def _plain_bylines(self) -> None:
        """Names alone on a line, next to a title."""
        for p, i in enumerate(self.rest):
            line = self.lines[i]
            if self.kinds[i] not in ("", "title") or line.ends or line.width > 24:
                continue
            units = units_of(line.text) if self.roles[min(i + 1, len(self.roles) - 1)] == "footer" else None
            found = parse_byline(line.text) or (Byline(units) if units else None)
            if found is None or any(c in line.text for c in "，,、；"):
                continue
            if self._signs_off(p, i):
                self.kinds[i] = "byline"
                self.bylines[i] = found
                continue
            beside = [k for k in (i - 1, i + 1) if 0 <= k < len(self.lines) and self.kinds[k] == "title"]
            dangling = p > 0 and not self.broken(p) and not self.lines[self.rest[p - 1]].ends
            if beside and not (dangling and self.kinds[i] == "") and (i - 1 in beside or " " in line.text):
                self.kinds[i] = "byline"
                self.bylines[i] = found

    def _signs_off(self, p: int, i: int) -> bool:
        """Whether line i stands where a letter is signed: behind the end of running text, nothing of the text below."""
        above = p > 0 and not self.broken(p) and not self.kinds[i - 1] and self.lines[i - 1].ends
        below = i + 1 == len(self.lines) or self.kinds[i + 1] != "" or self.lines[i + 1].top
        return above and below and self.measures.short(p) > 3.5

    def listed(self, group: Sequence[int]) -> bool:
        """Whether the table of contents lists a group of lines as a title."""
        words = bigrams("".join(self.lines[i].text for i in group)) if self._contents else set()
        shared = Counter(title for word in words for title in self._contents.get(word, ()))
        return len(words) >= 4 and max(shared.values(), default=0) >= 0.75 * len(words)

    def wrapped(self, i: int) -> bool:
        """Whether line i is running text set in a column."""
        p = self.place(i)
        return p is not None and self.measures.wrapped[p]

    def full(self, i: int) -> bool:
        """Whether line i fills its column (or stands in text that is not wrapped): its text may go on in another line.

        The first line of a paragraph fills it with its indent, which the file may have lost.
        """
        p = self.place(i)
        if p is None or not self.measures.wrapped[p] or self.measures.short(p) <= 1.25:
            return True
        before = self.lines[i - 1] if i else None
        first = before is None or before.ends or bool(self.kinds[i - 1]) or self.lines[i].indent >= 1.0
        return first and self.measures.indented(p)

    def fresh(self, i: int) -> float:
        """Log odds, by the indent or by what a lost indent leaves, that line i begins a paragraph."""
        if self.measures.indents_speak:
            return _INDENTED if self.lines[i].indent >= 1.0 else _FLUSH
        p = self.place(i)
        if p is None or not self.measures.wrapped[p] or not self.measures.firsts_short:
            return 0.0
        if self.measures.indented(p):
            return _SHORT
        return -_SHORT if self.measures.short(p) < 1.0 else 0.0

    def place(self, i: int) -> int | None:
        """The place of line i among the lines that no form gave away."""
        p = bisect_left(self.rest, i)
        return p if p < len(self.rest) and self.rest[p] == i else None
