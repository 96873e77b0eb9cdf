"""Columns that stand side by side in plain text, as `pdftotext -layout` and many an old file leave them.

The one idea: a gutter is white space that ends at the same place in row after row, and the language says which way the text
runs: in columns the end of a row goes on below, in a table or a list of names it goes on beside, or nowhere. Places are
measured on the text as it was read: a repair that makes a digit narrow moves nothing on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from pbtool.articles.lines import BREAK, TextLine, cells, ends_sentence, quote_width
from pbtool.articles.wrapping import joining
from pbtool.document import Document
from pbtool.tables import pattern

_GAP = pattern("(?<=[^ \u3000])[ \u3000]+(?=[^ \u3000])")
#: White space that may be a gutter by itself; a single narrow blank is one only in line with others.
_WIDE = pattern("[ \u3000]{2,}|\u3000")
_NARROW = pattern("[\0-\u1fff\uff61-\uffdc]")
_STOP = pattern("[。！？；：…”]$")
#: What a narrow sign fills, beside a Chinese character: half of it in type, as much where a program counted characters.
_SCALES = (0.5, 1.0)
#: So many rows with text on both sides make columns; fewer could be anything.
_FEWEST = 4
#: A gutter is looked for among so many rows, and followed over so many: more than any page has.
_WINDOW, _LONGEST = 12, 200
#: The narrowest column and the widest row of a page, in characters.
_NARROWEST, _WIDEST = 7.0, 160.0
#: By how much text behind a gutter may begin early (a row that was measured otherwise) or late (a paragraph set in).
_EARLY, _LATE = 2.1, 3.1
#: Text before a gutter of one blank fills so much of its column at least.
_FULL = 0.75
#: So many rows with text on the left only may lie between two with text on both sides.
_MOST_ALONE = 2
#: Rows that the judge looks at, and by how much (log odds a row) it must find the text to run down rather than across.
_SAMPLE, _CLEAR = 24, 1.0


class _Gap(NamedTuple):
    """White space amid a row: its span of the row's text, and where the text before it ends and the text behind it begins."""

    start: int
    end: int
    before: float
    after: float
    wide: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """A line as it was read, or a piece of one: its span, its `text` without white space around it, from where to where.

    `scale` is what a narrow sign fills, `number` that of the row in the file, `line` that of the line that it is now, `top`
    whether it opens a page.
    """

    start: int
    end: int
    text: str
    left: float
    right: float
    gaps: tuple[_Gap, ...]
    scale: float
    number: int
    line: int
    top: bool

    def sides(self, gap: _Gap) -> tuple[_Row, _Row]:
        """What stands before a gap and what behind it; the gap itself goes with what stands before it."""
        here, there = self.text[: gap.start], self.text[gap.end :]
        middle = self.start + gap.end
        return (
            replace(self, end=middle, text=here, right=gap.before, gaps=_gaps(here, self.left, self.scale)),
            replace(self, start=middle, text=there, left=gap.after, gaps=_gaps(there, gap.after, self.scale)),
        )

    def moved(self, margin: float) -> _Row:
        """The row where `margin` is the edge; what begins before it begins there."""
        left = max(0.0, self.left - margin)
        by = left - self.left
        gaps = tuple(gap._replace(before=gap.before + by, after=gap.after + by) for gap in self.gaps)
        return replace(self, left=left, right=self.right + by, gaps=gaps)


class _Stretch(NamedTuple):
    """Rows side by side: the first, the one behind the last, where the first gutter ends, in how many rows just there."""

    first: int
    after: int
    edge: float
    exact: int


def column_by_column(document: Document, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines of a document in the order in which they are read: what stands side by side, column by column.

    As they were where nothing stands side by side, or where the reader knows the lines and their boxes.
    """
    result: list[TextLine] = []
    if (
        document.lines
        or sum(match.end() - match.start() > 1 for match in _GAP.finditer(document.text)) < _FEWEST
    ):
        return list(lines)
    place = document.origin().forward
    quote = quote_width([line.text for line in lines])
    scaled = [_rows(document, lines, scale) for scale in _SCALES]
    rows, stretches = max(((of, list(_stretches(of))) for of in scaled), key=lambda found: _reach(found[1]))
    done = 0
    for first, after, edge, _ in stretches:
        result += lines[done : rows[first].line]
        for row in _by_column(rows[first:after], edge):
            start, text = place(row.start), document.text[place(row.start) : place(row.end)].rstrip()
            if text:
                line = replace(lines[row.line], start=start, end=start + len(text), text=text)
                if start != lines[row.line].start:
                    line = replace(line, top=False, gap=0)
                width, ends = cells(text, quote), ends_sentence(text)
                result.append(replace(line, width=width, indent=row.left, ends=ends))
        done = rows[after - 1].line + 1
    return [*result, *lines[done:]]


def _as_read(document: Document) -> str:
    """The original text, but for signs that turned out to be blanks."""
    chars = list(document.original)
    for edit in document.edits:
        if len(edit.before) == len(edit.after) and not edit.after.strip(" \u3000"):
            chars[edit.start : edit.end] = edit.after
    return "".join(chars)


def _rows(document: Document, lines: Sequence[TextLine], scale: float) -> list[_Row]:
    text, place = _as_read(document), document.origin().forward
    by_start = {line.start: n for n, line in enumerate(lines)}
    rows: list[_Row] = []
    start = 0
    for number, match in enumerate((*BREAK.finditer(text), None)):
        end = match.start() if match else len(text)
        raw = text[start:end]
        bare, lead = raw.strip(), raw[: len(raw) - len(raw.lstrip())]
        line = by_start.get(place(start + len(lead)))
        if line is not None:
            first, left = start + len(lead), _width(lead, scale)
            right = left + _width(bare, scale)
            gaps = _gaps(bare, left, scale) if right <= _WIDEST else ()
            span = (first, first + len(bare))
            rows.append(_Row(*span, bare, left, right, gaps, scale, number, line, lines[line].top))
        start = end + 1
    return rows


def _gaps(text: str, left: float, scale: float) -> tuple[_Gap, ...]:
    gaps = []
    for match in _GAP.finditer(text):
        before = left + _width(text[: match.start()], scale)
        after = before + _width(match.group(), scale)
        gaps.append(_Gap(*match.span(), before, after, _WIDE.fullmatch(match.group()) is not None))
    return tuple(gaps)


def _reach(stretches: Sequence[_Stretch]) -> tuple[int, int]:
    """How many rows lie in stretches, each of which costs as much as a few of them; and how many are exactly in line."""
    return sum(of.after - of.first - _FEWEST // 2 for of in stretches), sum(of.exact for of in stretches)


def _stretches(rows: Sequence[_Row]) -> Iterator[_Stretch]:
    """Where columns stand side by side."""
    tried: dict[float, int] = {}
    first = 0
    while first < len(rows):
        best: _Stretch | None = None
        for edge in _edges(rows[first : first + _WINDOW]):
            if tried.get(edge, 0) > first or not _gutter(rows[first], edge):
                continue
            tried[edge], pairs = _grown(rows, first, edge)
            exact = sum(abs(gap.after - edge) < 0.5 for _, gap in pairs)
            if (best is None or (exact, -edge) > (best.exact, -best.edge)) and _runs_down(pairs):
                best = _Stretch(first, tried[edge], edge, exact)
        if best is not None:
            yield best
        first = best.after if best is not None else first + 1


def _edges(rows: Sequence[_Row]) -> list[float]:
    """Where wide gaps of some rows end most often."""
    if not rows[0].gaps:
        return []
    ends = Counter(gap.after for row in rows for gap in row.gaps if gap.wide)
    return [edge for edge, count in ends.most_common(3) if count > 1]


def _grown(rows: Sequence[_Row], first: int, edge: float) -> tuple[int, list[tuple[_Row, _Gap]]]:
    """How far a gutter that ends at `edge` goes down, and the rows with text on both sides of it."""
    pairs: list[tuple[_Row, _Gap]] = []
    end, alone = first, 0
    for i in range(first, min(len(rows), first + _LONGEST)):
        row = rows[i]
        if i > first and (row.top or row.number > rows[i - 1].number + 2):
            break
        gutter = _gutter(row, edge)
        if gutter:
            pairs.append((row, gutter))
            end, alone = i + 1, 0
        elif _is_right(row, edge):
            end = i + 1
        elif row.right <= edge - 0.9 and alone < _MOST_ALONE:
            alone += 1
        else:
            break
    return end + (_goes_on(pairs, rows[end : end + _LONGEST]) if pairs else 0), pairs


def _gutter(row: _Row, edge: float) -> _Gap | None:
    """The gap of a row that ends at `edge`, or where a paragraph behind it is set in."""
    if row.left > edge / 2:
        return None
    found = [
        gap
        for gap in row.gaps
        if gap.before <= edge
        and (edge - _EARLY <= gap.after <= edge + _LATE if gap.wide else gap.before >= _FULL * edge)
    ]
    return min(found, key=lambda gap: abs(gap.after - edge)) if found else None


def _is_right(row: _Row, edge: float) -> bool:
    return row.left >= edge - _EARLY


def _goes_on(pairs: Sequence[tuple[_Row, _Gap]], rows: Sequence[_Row]) -> int:
    """How many rows below the last with text on both sides still belong to the left column, which is the longer one."""
    full = max(gap.before for _, gap in pairs) - 1.0
    above, beside = pairs[-1][0].sides(pairs[-1][1])
    for count, row in enumerate(rows):
        if row.top or row.number > above.number + 1 or row.right > beside.left - 0.9:
            return count
        if not _STOP.search(above.text):
            other = 0.0 if _STOP.search(beside.text) else joining(beside.text, row.text)
            fits = joining(above.text, row.text) >= max(0.0, other)
        else:
            # A paragraph begins where it is set in, a sentence behind a full row; both go on in the next row. A title does not.
            below = rows[count + 1].text if count + 1 < len(rows) else ""
            begins = 1.0 <= row.left <= _LATE or above.right >= full
            fits = begins and joining(row.text, below) > 0
        if not fits:
            return count
        above = row
    return len(rows)


def _runs_down(pairs: Sequence[tuple[_Row, _Gap]]) -> bool:
    """Whether the text of both sides goes on below rather than beside."""
    if len(pairs) < _FEWEST:
        return False
    middle = len(pairs) // 2
    if sorted(gap.before - row.left for row, gap in pairs)[middle] < _NARROWEST:
        return False
    if sorted(row.right - gap.after for row, gap in pairs)[middle] < _NARROWEST:
        return False
    down = across = 0.0
    count = 0
    for above, below in pairwise([row.sides(gap) for row, gap in pairs[: _SAMPLE + 1]]):
        for side in (0, 1):
            if below[side].number <= above[side].number + 2 and not _STOP.search(above[side].text):
                # A side may hold further columns: the last of them goes on in the last.
                down += joining(_columns(above[side])[-1], _columns(below[side])[-1])
                across += joining(above[0].text, _columns(above[1])[0])
                count += 1
    return count >= _FEWEST - 1 and down > 0 and down - across > _CLEAR * count


def _columns(row: _Row) -> list[str]:
    return _WIDE.split(row.text)


def _by_column(rows: Sequence[_Row], edge: float) -> Iterator[_Row]:
    """The rows of a stretch column by column, each measured from the edge of its column."""
    left: list[_Row] = []
    right: list[_Row] = []
    for row in rows:
        gutter = _gutter(row, edge)
        if gutter:
            here, there = row.sides(gutter)
            left.append(here)
            right.append(there)
        else:
            (right if _is_right(row, edge) else left).append(row)
    for side, margin in ((left, min(row.left for row in left)), (right, edge)):
        column = [row.moved(margin) for row in side]
        done = 0
        for first, after, inner, _ in _stretches(column):
            yield from column[done:first]
            yield from _by_column(column[first:after], inner)
            done = after
        yield from column[done:]


def _width(text: str, scale: float) -> float:
    """The width of a text in Chinese characters, where a narrow sign (a blank, a digit) fills `scale` of one."""
    return len(text) - (1 - scale) * len(_NARROW.findall(text))
