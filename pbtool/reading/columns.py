"""The order in which a page is read: where its gutters are, and what comes after what.

The one idea: rows are read across unless there is evidence against it. Lines that hang below each other form a stack; the white
between two stacks is a gutter where both look like columns of print (full lines), or where the language model finds that the
text goes on down each of them and not across. A gutter reaches up and down as far as nothing lies across it. The blocks that
gutters and what crosses them leave follow each other as a reader's eye goes: what lies above in the same column first, the
column on the left before the one on the right, unless something lies across both of them in between.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pbtool.reading.pieces import Piece, Row, rows_of

#: More than this on a page is no print that has an order: it stays in rows.
_MOST_PIECES, _MOST_BLOCKS = 3_000, 120
#: In units of the type size: the widest pitch of lines, how far a line may be indented, the narrowest column and gutter.
_PITCH, _INDENT, _MEASURE, _GUTTER = 2.4, 3.0, 5.0, 0.6
#: Sizes that differ by more than this are not of one text; type this much larger than most is a heading.
_ALIKE, _LARGER = 1.2, 1.25
#: A line is full from this part of its column's measure on; this part of the lines of a column of print are.
_FULL, _MOSTLY = 0.85, 0.5
#: Lines of print that need no other evidence, and the most lines of a stack for which the language model is asked.
_MANY, _ASKED = 6, 12
#: By how much (log odds: of a mean join, in all) reading down must beat reading across.
_A_JOIN, _IN_ALL = 1.0, 4.0


@dataclass(slots=True, eq=False)
class Block:
    """Rows below each other that are read one after the other, and the room they take."""

    rows: list[Row]
    x0: float
    y0: float
    x1: float
    y1: float
    #: The room a block claims: the white beside a heading belongs to it.
    left: float = 0.0
    right: float = 0.0

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Block:
        """The block that these rows make."""
        x0, x1 = min([row.x0 for row in rows]), max([row.x1 for row in rows])
        return cls(list(rows), x0, min([row.y0 for row in rows]), x1, max([row.y1 for row in rows]), x0, x1)

    @property
    def size(self) -> float:
        """The type size of the first row."""
        return self.rows[0].size


@dataclass(slots=True, eq=False)
class _Gutter:
    """White that runs down between two columns: `x0` to `x1`, from `y0` to `y1`."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def ordered(pieces: Sequence[Piece], around: Sequence[Block] = ()) -> list[Row]:
    """Rows in reading order; `around` are blocks whose own order is settled (vertical text)."""
    rows = rows_of(pieces)
    if len(pieces) > _MOST_PIECES:
        return [*rows, *(row for block in around for row in block.rows)]
    gutters = _gutters(rows) if _side_by_side(pieces) else []
    if not gutters and not around:
        return rows
    blocks = _blocks(rows, gutters, around)
    return [row for block in _sequence([*blocks, *around]) for row in block.rows]


def _side_by_side(pieces: Sequence[Piece]) -> bool:
    """Whether enough pieces that could be lines of print lie left and right of something, on one level or not."""
    wide = [p for p in pieces if 2 * p.wide >= len(p.chars) and p.x1 - p.x0 >= 2 * p.size]
    if len(wide) < 4:
        return False
    return sorted([p.x0 for p in wide])[-2] >= sorted([p.x1 for p in wide])[1]


def _stacks(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows in chains: each has exactly the next one below it, and that one has nothing else above."""
    ordered = sorted(rows, key=lambda row: row.y0)
    tops = [row.y0 for row in ordered]
    below = [_next(ordered, tops, place) for place in range(len(ordered))]
    above: list[list[int]] = [[] for _ in ordered]
    for place, found in enumerate(below):
        for other in found:
            above[other].append(place)
    stacks: list[list[Row]] = []
    owner: dict[int, list[Row]] = {}
    for place, row in enumerate(ordered):
        stack = None
        if len(above[place]) == 1:
            (before,) = above[place]
            if below[before] == [place] and _goes_on(owner[before], row):
                stack = owner[before]
        if stack is None:
            stack = []
            stacks.append(stack)
        stack.append(row)
        owner[place] = stack
    return stacks


def _next(rows: Sequence[Row], tops: Sequence[float], place: int) -> list[int]:
    """The rows right below a row: those that overlap it, at the nearest level within reach."""
    row = rows[place]
    found: list[int] = []
    level = 0.0
    for other in range(bisect_right(tops, row.y0 + 0.5 * row.size), len(rows)):
        candidate = rows[other]
        if candidate.y0 > row.y0 + 2 * _PITCH * row.size:
            break
        if found and candidate.y0 > level + 0.5 * candidate.size:
            break
        if min(row.x1, candidate.x1) - max(row.x0, candidate.x0) > 0.2 * min(row.size, candidate.size):
            found.append(other)
            level = level or candidate.y0
    return found


def _goes_on(stack: Sequence[Row], row: Row) -> bool:
    """Whether a row is one more line of the stack: type of one size, a pitch like the others', edges that agree."""
    last = stack[-1]
    low, high = sorted((last.size, row.size))
    if high > _ALIKE * low:
        return False
    pitch = row.y1 - last.y1
    if pitch > _PITCH * high or (len(stack) > 2 and pitch > 1.35 * (last.y1 - stack[-2].y1) + 0.3 * high):
        return False
    left, right = min([line.x0 for line in stack[-3:]]), max([line.x1 for line in stack[-3:]])
    if abs(row.x0 - left) <= _INDENT * high:
        return row.x1 <= right + _INDENT * high or len(stack) == 1
    return row.x0 > left and row.x1 <= right + high


class _Stack:
    """A chain of pieces, and whether it looks like a column of print."""

    __slots__ = ("letters", "prose", "rows", "sentences", "size", "wide", "x0", "x1", "y0", "y1")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.x0, self.x1 = min([row.x0 for row in rows]), max([row.x1 for row in rows])
        self.y0, self.y1 = rows[0].y0, rows[-1].y1
        self.size = max([row.size for row in rows])
        quarter = len(rows) // 4
        # A mark that hangs over the edge or an indented line must not stretch the measure.
        right = sorted([row.x1 for row in rows])[-1 - quarter]
        measure = right - sorted([row.x0 for row in rows])[quarter]
        text = "".join([row.text for row in rows])
        full = sum([row.x1 >= right - (1 - _FULL) * measure for row in rows])
        self.letters = 2 * sum([char.isalpha() for char in text]) > len(text)
        self.wide = measure >= _MEASURE * self.size
        self.sentences = any(mark in text for mark in "，。、；,.;")
        self.prose = len(rows) >= 3 and self.wide and self.letters and full > _MOSTLY * len(rows)


def _gutters(rows: Sequence[Row]) -> list[_Gutter]:
    """The gutters of a page whose rows are not cut yet."""
    single = [Row.of([piece]) for row in rows for piece in row.pieces]
    stacks = [_Stack(stack) for stack in _stacks(single)]
    usual = _usual_size(single)
    gutters: list[_Gutter] = []
    for one, other in _neighbours([stack for stack in stacks if len(stack.rows) > 1 and stack.wide]):
        top, bottom = max(one.y0, other.y0), min(one.y1, other.y1)
        if any(r.x0 < other.x0 and r.x1 > one.x1 and r.y0 < bottom and r.y1 > top for r in single):
            continue
        known = any(g.x0 < other.x0 and g.x1 > one.x1 and g.y0 <= top and g.y1 >= bottom for g in gutters)
        if not known and _parted(one, other):
            gutters.append(_stretched(_Gutter(one.x1, other.x0, top, bottom), single, usual))
    return _merged(gutters)


def _neighbours(stacks: Sequence[_Stack]) -> Iterator[tuple[_Stack, _Stack]]:
    """Pairs of stacks, left and right, that overlap in height with no other stack between them; the longest first."""
    pairs = []
    for one in stacks:
        beside = [s for s in stacks if s.x0 >= one.x1 and min(s.y1, one.y1) - max(s.y0, one.y0) > one.size]
        beside.sort(key=lambda stack: stack.x0)
        nearest = [s for s in beside if s.x0 < min([b.x1 for b in beside])]
        pairs += [(min(s.y1, one.y1) - max(s.y0, one.y0), one, s) for s in nearest]
    pairs.sort(key=lambda pair: -pair[0])
    for _, one, other in pairs:
        yield one, other


def _parted(one: _Stack, other: _Stack) -> bool:
    """Whether what stands side by side in two stacks is read down each of them rather than across."""
    if other.x0 - one.x1 < _GUTTER * min(one.size, other.size) or not (one.letters and other.letters):
        return False
    # Cells of a table are equally long or read on from line to line now and then, but hold no sentences.
    if not (one.sentences and other.sentences):
        return min(len(one.rows), len(other.rows)) >= _MANY and _reads_down(one, other)
    if one.prose and other.prose and min(len(one.rows), len(other.rows)) >= _MANY:
        return True
    return _reads_down(one, other)


def _reads_down(one: _Stack, other: _Stack) -> bool:
    """Whether the language model finds that the text goes on down the stacks rather than across from one to the other."""
    from pbtool.language import model

    judge = model()

    def joins(pairs: Sequence[tuple[Row, Row]]) -> float:
        # The scale of `continuation` is that of its measurement: what goes on lies above 6, other lines below.
        values = [0.6 * (judge.continuation(a.text[-12:], b.text[:12]) - 6.0) for a, b in pairs]
        return sum(values) / len(values)

    left, right = one.rows[:_ASKED], other.rows[:_ASKED]
    downwards = [*pairwise(left), *pairwise(right)]
    level = min(one.size, other.size)
    across = sorted((*left, *right), key=lambda row: (round(row.y1 / level), row.x0))
    down, better = joins(downwards), joins(downwards) - joins(list(pairwise(across)))
    if one.prose and other.prose and one.sentences and other.sentences:
        return better > -_A_JOIN
    return better > _A_JOIN and better * len(downwards) > _IN_ALL and down > 0


def _stretched(gutter: _Gutter, rows: Sequence[Row], usual: float) -> _Gutter:
    """The gutter as far up and down as white goes on between lines that are no further apart than lines are."""
    for upwards in (True, False):
        for row in sorted(rows, key=lambda row: -row.y1 if upwards else row.y0):
            white = gutter.y0 - row.y1 if upwards else row.y0 - gutter.y1
            if white < -0.5 * row.size:
                continue
            if white > (_PITCH - 1) * row.size or _lies_alone(row, rows, usual):
                break
            x0, x1 = max(gutter.x0, row.x1), min(gutter.x1, row.x0)
            if row.x1 <= gutter.middle and gutter.x1 - x0 >= _GUTTER * row.size:
                gutter.x0 = x0
            elif row.x0 >= gutter.middle and x1 - gutter.x0 >= _GUTTER * row.size:
                gutter.x1 = x1
            else:
                break
            gutter.y0, gutter.y1 = min(gutter.y0, row.y0), max(gutter.y1, row.y1)
    return gutter


def _lies_alone(row: Row, rows: Sequence[Row], usual: float) -> bool:
    """Whether a row is in larger type, with nothing beside it: a heading of all that stands below."""
    if row.size < _LARGER * usual:
        return False
    top, bottom = row.y0 - 0.1 * row.size, row.y1 + 0.1 * row.size
    return not any(other.y0 < bottom and other.y1 > top for other in rows if other is not row)


def _merged(gutters: Sequence[_Gutter]) -> list[_Gutter]:
    """Gutters that are the same white, found between several pairs of stacks, as one."""
    merged: list[_Gutter] = []
    for gutter in sorted(gutters, key=lambda g: g.y0):
        for known in merged:
            x0, x1 = max(known.x0, gutter.x0), min(known.x1, gutter.x1)
            if x1 > x0 and gutter.y0 <= known.y1 and known.y0 <= gutter.y1:
                known.x0, known.x1 = x0, x1
                known.y0, known.y1 = min(known.y0, gutter.y0), max(known.y1, gutter.y1)
                break
        else:
            merged.append(gutter)
    return merged


def _blocks(rows: Sequence[Row], gutters: Sequence[_Gutter], around: Sequence[Block]) -> list[Block]:
    """The rows cut at the gutters, in blocks: one for every stretch of a column that nothing interrupts."""
    open_blocks: dict[tuple[int, int], list[Row]] = {}
    closed: list[list[Row]] = []
    for line, cell in _cut(rows, gutters):
        for other in [key for key in open_blocks if key != cell and _cells_meet(key, cell, gutters)]:
            closed.append(open_blocks.pop(other))
        block = open_blocks.setdefault(cell, [])
        top = block[-1].y1 if block else line.y0
        if any(b.y0 < line.y1 and b.y1 > top and b.x0 < line.x1 and b.x1 > line.x0 for b in around):
            closed.append(open_blocks.pop(cell))
            block = open_blocks.setdefault(cell, [])
        block.append(line)
    return [Block.of(block) for block in (*closed, *open_blocks.values()) if block]


def _cut(rows: Sequence[Row], gutters: Sequence[_Gutter]) -> Iterator[tuple[Row, tuple[int, int]]]:
    """The parts of every row between gutters, each with the gutters on its left and right (-1: none)."""
    for row in rows:
        lines: dict[tuple[int, int], list[Piece]] = defaultdict(list)
        for piece in row.pieces:
            height, at = (piece.y0 + piece.y1) / 2, (piece.x0 + piece.x1) / 2
            active = [n for n, g in enumerate(gutters) if g.y0 <= height <= g.y1]
            left = max(
                (n for n in active if gutters[n].middle <= at), key=lambda n: gutters[n].x0, default=-1
            )
            right = min(
                (n for n in active if gutters[n].middle > at), key=lambda n: gutters[n].x0, default=-1
            )
            lines[left, right].append(piece)
        for cell, pieces in lines.items():
            yield Row.of(pieces), cell


def _cells_meet(one: tuple[int, int], other: tuple[int, int], gutters: Sequence[_Gutter]) -> bool:
    def edges(cell: tuple[int, int]) -> tuple[float, float]:
        left, right = cell
        return (
            gutters[left].x1 if left >= 0 else float("-inf"),
            gutters[right].x0 if right >= 0 else float("inf"),
        )

    (low, high), (start, end) = edges(one), edges(other)
    return low < end and start < high


def _sequence(blocks: list[Block]) -> list[Block]:
    """The blocks in reading order."""
    blocks = sorted(blocks, key=lambda block: (block.y0, block.x0))
    if len(blocks) > _MOST_BLOCKS:
        return blocks
    _claim(blocks)
    return list(_sorted(blocks))


def _usual_size(rows: Sequence[Row]) -> float:
    """The type size of most rows."""
    sizes = sorted([row.size for row in rows])
    return sizes[len(sizes) // 2] if sizes else 0.0


def _claim(blocks: Sequence[Block]) -> None:
    """Give headings, and lines above or below everything else, the white beside them."""
    usual = _usual_size([row for block in blocks for row in block.rows])
    for block in blocks:
        others = [b for b in blocks if b is not block]
        heading = block.size >= _LARGER * usual and len(block.rows) <= 3
        if not heading and not (len(block.rows) <= 2 and _is_outermost(block, others)):
            continue
        top, bottom = block.y0 - 0.1 * block.size, block.y1 + 0.1 * block.size
        beside = [b for b in others if b.y0 < bottom and b.y1 > top]
        block.left = max([b.x1 for b in beside if b.x1 <= block.x0], default=float("-inf"))
        block.right = min([b.x0 for b in beside if b.x0 >= block.x1], default=float("inf"))


def _is_outermost(block: Block, others: Sequence[Block]) -> bool:
    return all(other.y0 >= block.y1 for other in others) or all(other.y1 <= block.y0 for other in others)


def _sorted(blocks: Sequence[Block]) -> Iterator[Block]:
    """Topological order by `_precedes`; on equal terms what lies below the last block, then the leftmost, comes first."""
    waiting = list(blocks)
    before = {
        id(block): {id(other) for other in blocks if other is not block and _precedes(other, block, blocks)}
        for block in blocks
    }
    given: set[int] = set()
    last: Block | None = None
    while waiting:
        ready = [block for block in waiting if before[id(block)] <= given] or waiting[:1]
        chosen = min(ready, key=lambda b: (last is None or not _below(last, b), b.left, b.y0))
        waiting.remove(chosen)
        given.add(id(chosen))
        last = chosen
        yield chosen


def _overlap(one: Block, other: Block) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0.3 * min(one.size, other.size)


def _below(one: Block, other: Block) -> bool:
    return other.y0 >= one.y1 - 0.3 * one.size and _overlap(one, other)


def _precedes(one: Block, other: Block, blocks: Sequence[Block]) -> bool:
    if _overlap(one, other):
        return one.y0 < other.y0 or (one.y0 == other.y0 and one.x0 < other.x0)
    if one.x0 >= other.x0:
        return False
    top, bottom = other.y1 - 0.3 * other.size, one.y0 + 0.3 * one.size
    return not any(
        b.y0 >= top and b.y1 <= bottom and _overlap(b, one) and _overlap(b, other)
        for b in blocks
        if b is not one and b is not other
    )
