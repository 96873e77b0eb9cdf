"""From characters on a page to lines in reading order: rows, columns, vertical text.

The one idea: a column of print is told from the white around it. A stretch of white that runs down between well filled
pieces of several rows is a gutter, whatever order the file draws in; each row may belong to one band of rows that share
their gutters, and the split of the page into bands that explains most rows by gutters wins. Tables, whose cells are
poorly filled, stay rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pbtool.document import Box


@dataclass(slots=True)
class Char:
    """A character as drawn: its text, box (points from the top left corner), size, and font (a number or name)."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    font: int
    confidence: float = 1.0


@dataclass(slots=True)
class Piece:
    """Characters that follow each other without a gap, along a row (`vertical`: down a column)."""

    chars: list[Char]
    vertical: bool = False
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0
    size: float = 0.0
    wide: int = 0

    def measure(self) -> Piece:
        """Take the box and the size from the characters."""
        chars = self.chars
        self.x0, self.y0 = min([c.x0 for c in chars]), min([c.y0 for c in chars])
        self.x1, self.y1 = max([c.x1 for c in chars]), max([c.y1 for c in chars])
        self.size = max([c.size for c in chars])
        self.wide = len([c for c in chars if c.text >= "\u2000"])
        return self


@dataclass(slots=True)
class Row:
    """Pieces at one height, from left to right."""

    pieces: list[Piece] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Half the height of the first piece."""
        return (self.pieces[0].y0 + self.pieces[0].y1) / 2


@dataclass(slots=True)
class TextLine:
    """A line of text in reading order: its characters (None: a space that nobody drew), and its box."""

    text: str
    chars: list[Char | None]
    box: Box
    confidence: float = 1.0


#: Gaps in units of the type size: between pieces, between Latin words, between Han characters, and of the narrowest gutter.
_BREAK, _WORD, _LOOSE, _GUTTER = 0.85, 0.18, 0.6, 0.8
#: A gutter wants this many rows on each side, columns of this many ems, and lines that fill this much of them.
_ROWS, _MEASURE, _FILL = 3, 5.0, 0.65
#: A line is full from this part of the measure on, and this part of a column's lines are; cells of tables seldom are.
_FULL, _MOSTLY = 0.85, 0.5
#: Type this much larger than a band's own makes a heading.
_LARGER = 1.25
_MOST_ROWS = 400
#: Rows with more white between them than this are rows of a table.
_MOST_GUTTERS, _MOST_PIECES = 9, 24
_DEPTH = 4

Span = tuple[float, float]


def lines_of(chars: Sequence[Char], width: float) -> list[TextLine]:
    """The lines of a page in reading order, from its characters in the order they are drawn."""
    return lines_of_pieces(_pieces(chars), width)


def lines_of_pieces(pieces: list[Piece], width: float) -> list[TextLine]:
    """The lines of a page in reading order, from pieces whose order does not matter."""
    standing = _standing(pieces)
    lying = [piece for piece in pieces if not piece.vertical]
    if not standing:
        return [line for row in _ordered(lying) for line in _finished(row)]
    top = min(piece.y0 for piece in standing)
    lines = []
    for part in ([p for p in lying if p.y1 <= top + p.size], None, [p for p in lying if p.y1 > top + p.size]):
        if part is None:
            lines += _columns_of(standing, width)
        else:
            lines += [line for row in _ordered(part) for line in _finished(row)]
    return lines


def _pieces(chars: Sequence[Char]) -> list[Piece]:
    pieces: list[Piece] = []
    current: list[Char] = []
    down = False
    for char in chars:
        if current:
            last = current[-1]
            size = min(last.size, char.size) or 1.0
            if not down and _follows(last, char, size):
                current.append(char)
                continue
            if (down or len(current) == 1) and _hangs(last, char, size, 1.2 if down else 0.5):
                down = True
                current.append(char)
                continue
            pieces.append(Piece(current, down).measure())
        current, down = [char], False
    if current:
        pieces.append(Piece(current, down).measure())
    return [piece for piece in pieces if any(not c.text.isspace() for c in piece.chars)]


def _follows(last: Char, char: Char, size: float) -> bool:
    gap = char.x0 - last.x1
    if gap >= _BREAK * size or (gap < 0 and char.x0 < last.x0 - 0.1 * size):
        return False
    if last.y0 == char.y0 and last.y1 == char.y1:
        return True
    if abs((last.y0 + last.y1) - (char.y0 + char.y1)) > size:
        return False
    return min(last.y1, char.y1) - max(last.y0, char.y0) > 0.4 * min(last.y1 - last.y0, char.y1 - char.y0)


def _hangs(last: Char, char: Char, size: float, sway: float) -> bool:
    if abs((last.x0 + last.x1) - (char.x0 + char.x1)) > sway * size:
        return False
    return -0.35 * size <= char.y0 - last.y1 < 0.5 * size and last.size == char.size


def _standing(pieces: list[Piece]) -> list[Piece]:
    """The pieces that are vertical text; those that only look so (short stacks among rows) are taken apart in place."""
    tall = [piece for piece in pieces if piece.vertical and len(piece.chars) >= 4]
    total = sum(len(piece.chars) for piece in pieces)
    share = sum(len(piece.chars) for piece in tall) / max(1, total)
    if tall and share > 0.5:
        for piece in pieces:
            if not piece.vertical and len(piece.chars) == 1 and any(_same_column(piece, t) for t in tall):
                piece.vertical = True
        return [piece for piece in pieces if piece.vertical]
    kept: list[Piece] = []
    for piece in pieces:
        if piece.vertical and (len(piece.chars) < 4 or share <= 0.05):
            kept += [Piece([char]).measure() for char in piece.chars]
        else:
            kept.append(piece)
    pieces[:] = kept
    return [piece for piece in pieces if piece.vertical]


def _same_column(piece: Piece, other: Piece) -> bool:
    return abs(piece.x0 + piece.x1 - other.x0 - other.x1) < piece.size


def _columns_of(standing: list[Piece], width: float) -> list[TextLine]:
    """Lines of vertical text: the page laid on its side, so that right to left becomes top to bottom."""
    turned = [
        Piece(
            [
                Char(c.text, c.y0, width - c.x1, c.y1, width - c.x0, c.size, c.font, c.confidence)
                for c in p.chars
            ]
        )
        for p in standing
    ]
    lines = [line for row in _ordered([p.measure() for p in turned]) for line in _finished(row)]
    for line in lines:
        box = line.box
        line.box = Box(width - box.y1, box.x0, width - box.y0, box.x1)
    return lines


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda p: (p.y0 + p.y1, p.x0)):
        middle = (piece.y0 + piece.y1) / 2
        if rows:
            first = rows[-1].pieces[0]
            reach = 0.5 * min(first.y1 - first.y0, piece.y1 - piece.y0)
            if middle - rows[-1].middle <= reach:
                rows[-1].pieces.append(piece)
                continue
        rows.append(Row([piece]))
    for row in rows:
        row.pieces.sort(key=lambda p: p.x0)
    return rows


def _ordered(pieces: Sequence[Piece], depth: int = 0) -> list[Row]:
    """Rows in reading order: bands from top to bottom, in each band columns from left to right."""
    rows = _rows(pieces)
    if depth >= _DEPTH or not _ROWS <= len(rows) <= _MOST_ROWS or not _side_by_side(pieces):
        return rows
    gap = _GUTTER * sorted(piece.size for piece in pieces)[len(pieces) // 2]
    result: list[Row] = []
    for first, last, gutters in _parted(rows, _bands(rows, gap)):
        band = rows[first:last]
        if not gutters:
            result += band
            continue
        edges = [float("-inf"), *((low + high) / 2 for low, high in gutters), float("inf")]
        for low, high in pairwise(edges):
            inside = [p for row in band for p in row.pieces if low <= (p.x0 + p.x1) / 2 < high]
            result += _ordered(inside, depth + 1)
    return result


def _side_by_side(pieces: Sequence[Piece]) -> bool:
    """Whether enough pieces that could be lines of a column lie left and right of something.

    Lines of a column begin below each other and end below each other; cells of a table seldom do both.
    """
    places: dict[tuple[int, int], list[Piece]] = {}
    for piece in pieces:
        if piece.x1 - piece.x0 >= _MEASURE * piece.size and 2 * piece.wide >= len(piece.chars):
            unit = 2 * piece.size or 1.0
            places.setdefault((round(piece.x0 / unit), round(piece.x1 / unit)), []).append(piece)
    regular = []
    for (start, end), group in places.items():
        near = [(start + i, end + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        if sum(len(places.get(place, ())) for place in near) >= _ROWS:
            regular += group
    if len(regular) < 2 * _ROWS:
        return False
    return sorted(p.x1 for p in regular)[_ROWS - 1] < sorted(p.x0 for p in regular)[-_ROWS]


def _bands(rows: Sequence[Row], gap: float) -> list[tuple[int, int, list[Span]]]:
    """The best split of the rows into bands (first, last, gutters), by dynamic programming over where a band begins."""
    left = min(row.pieces[0].x0 for row in rows)
    right = max(piece.x1 for row in rows for piece in row.pieces)
    least = min(piece.size for row in rows for piece in row.pieces) * _MEASURE
    free = [_free(row, left, right, gap) if len(row.pieces) <= _MOST_PIECES else [] for row in rows]
    count = len(rows)
    # What the rows from here on gain at best, where the first of their bands ends, and its gutters. A row on its own is plain.
    best: list[tuple[float, int, list[Span]]] = [(0.0, count, [])] * (count + 1)
    for start in range(count - 1, -1, -1):
        choice: tuple[float, int, list[Span]] = (best[start + 1][0], start + 1, [])
        for end, inner in _runs(free, start, gap, left, right):
            gain, gutters = _gain(rows[start:end], inner, left, right, least)
            total = best[end][0] + gain - 1.0
            if gutters and total > choice[0]:
                choice = (total, end, gutters)
        best[start] = choice
    result: list[tuple[int, int, list[Span]]] = []
    start = 0
    while start < count:
        _, end, gutters = best[start]
        result.append((start, end, gutters))
        start = end
    return result


def _parted(
    rows: Sequence[Row], bands: Sequence[tuple[int, int, list[Span]]]
) -> Iterator[tuple[int, int, list[Span]]]:
    """The bands, cut at headings in larger type beside which there is nothing: below one of these another article begins."""
    for first, last, gutters in bands:
        sizes = sorted(piece.size for row in rows[first:last] for piece in row.pieces)
        usual = sizes[len(sizes) // 2]
        start = first
        for place in range(first + 1, last - 1) if gutters else ():
            if _stands_alone(rows, place, usual):
                if place > start:
                    yield start, place, gutters
                yield place, place + 1, []
                start = place + 1
        if start < last:
            yield start, last, gutters


def _stands_alone(rows: Sequence[Row], place: int, usual: float) -> bool:
    pieces = rows[place].pieces
    size = min(piece.size for piece in pieces)
    if size < _LARGER * usual:
        return False
    top, bottom = min(p.y0 for p in pieces) - 0.1 * size, max(p.y1 for p in pieces) + 0.1 * size
    around = (*rows[max(0, place - 4) : place], *rows[place + 1 : place + 5])
    return not any(p.y0 < bottom and p.y1 > top for row in around for p in row.pieces)


def _runs(
    free: Sequence[list[Span]], start: int, gap: float, left: float, right: float
) -> Iterator[tuple[int, list[Span]]]:
    """The longest runs of rows from `start` that share white stretches: where each ends, and the stretches."""
    white = free[start]
    inner = [span for span in white if span[0] > left and span[1] < right]
    for end in range(start + 1, len(free) + 1):
        after = _common(white, free[end], gap) if end < len(free) else []
        kept = [span for span in after if span[0] > left and span[1] < right]
        if 0 < len(inner) <= _MOST_GUTTERS and len(kept) < len(inner) and end - start >= _ROWS:
            yield end, inner
        if not kept and (inner or end - start >= _ROWS):
            return
        white, inner = after, kept


def _free(row: Row, left: float, right: float, gap: float) -> list[Span]:
    spans = []
    at = left - 1
    for piece in row.pieces:
        if piece.x0 - at >= gap or at < left:
            spans.append((at, piece.x0))
        at = max(at, piece.x1)
    spans.append((at, right + 1))
    return spans


def _common(some: list[Span], others: list[Span], gap: float) -> list[Span]:
    result = []
    i = j = 0
    while i < len(some) and j < len(others):
        low, high = max(some[i][0], others[j][0]), min(some[i][1], others[j][1])
        if high - low >= gap:
            result.append((low, high))
        if some[i][1] < others[j][1]:
            i += 1
        else:
            j += 1
    return result


def _gain(
    band: Sequence[Row], white: list[Span], left: float, right: float, least: float
) -> tuple[float, list[Span]]:
    """How many rows the gutters among the white stretches explain, and which those gutters are."""
    edges = [left, *(edge for span in white for edge in span), right]
    columns = list(zip(edges[::2], edges[1::2], strict=True))
    if sum(high - low >= least for low, high in columns) < 2:
        return 0.0, []
    filled = [_column(band, low, high, least) for low, high in columns]
    gutters: list[Span] = []
    gain = 0.0
    before = filled[0]
    for span, after in zip(white, filled[1:], strict=True):
        if before and after:
            gutters.append(span)
            gain += min(before, after)
        before = after or before
    return gain, gutters


def _column(band: Sequence[Row], low: float, high: float, least: float) -> int:
    """The number of rows with text between `low` and `high` where they look like a column of print, else 0."""
    measure = high - low
    if measure < least:
        return 0
    limit = _FULL * measure
    count = full = han = total = 0
    size = filled = 0.0
    for row in band:
        width = 0.0
        for piece in row.pieces:
            if piece.x1 > low and piece.x0 < high:
                width += piece.x1 - piece.x0
                han += piece.wide
                total += len(piece.chars)
                size = max(size, piece.size)
        if width:
            count += 1
            full += width > limit
            filled += width
    if count < _ROWS or measure < _MEASURE * size or 2 * han < total:
        return 0
    return count if filled > _FILL * measure * count and full > _MOSTLY * count else 0


def _finished(row: Row) -> list[TextLine]:
    chars = [char for piece in row.pieces for char in piece.chars]
    if any(second.x0 < first.x1 - 0.5 * first.size for first, second in pairwise(row.pieces)):
        chars.sort(key=lambda char: char.x0)
    out: list[Char | None] = []
    last = before = None
    for char in chars:
        if last is not None:
            text = char.text
            if (last.text == text and _overprint(last, char)) or (
                before is not None and before.text == text and _overprint(before, char)
            ):
                # Bold that is made by drawing a character twice, a hair apart, is one character.
                continue
            if char.x0 - last.x1 > 0.1 and _apart(last, char):
                out.append(None)
        out.append(char)
        before, last = last, char
    while out and (out[0] is None or out[0].text.isspace() and out[0].text != "\u3000"):
        out.pop(0)
    while out and (out[-1] is None or out[-1].text.isspace()):
        out.pop()
    drawn = [char for char in out if char is not None]
    if not drawn:
        return []
    left, right = min([c.x0 for c in drawn]), max([c.x1 for c in drawn])
    top, bottom = min([c.y0 for c in drawn]), max([c.y1 for c in drawn])
    box = Box(round(left, 2), round(top, 2), round(right, 2), round(bottom, 2))
    text = "".join(char.text if char is not None else " " for char in out)
    return [TextLine(text, out, box, min([char.confidence for char in drawn]))]


def _overprint(one: Char, other: Char) -> bool:
    return abs(one.x0 - other.x0) < 0.25 * other.size and abs(one.y0 - other.y0) < 0.25 * other.size


def _apart(last: Char, char: Char) -> bool:
    gap = char.x0 - last.x1
    if last.text.isspace() or char.text.isspace():
        return False
    narrow = last.text < "\u2000" and char.text < "\u2000"
    return gap > (_WORD if narrow else _LOOSE) * (min(last.size, char.size) or 1.0)
