"""From characters on a page to lines in reading order: pieces of rows, vertical text, and what stands where.

The one idea: characters that follow each other without a gap are a piece, whatever order the file draws pieces in; `columns`
says in which order pieces are read, and here they become lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pbtool.document import Box
from pbtool.reading.columns import Block, ordered
from pbtool.reading.pieces import Char, Piece, Row, TextLine

#: Gaps in units of the type size: between pieces, between Latin words, between Han characters.
_BREAK, _WORD, _LOOSE = 0.85, 0.18, 0.6
#: Half an em between two Han characters is a space where all others of the row stand closer than that.
_HALF, _CLOSE = 0.4, 0.12
#: So many stacks on a page may be vertical headlines, with this pitch at most (cells of a table stand as far apart as rows
#: do), and with this log-probability a character.
_FEW, _TIGHT, _WORDS = 100, 1.2, -6.4


def lines_of(chars: Sequence[Char], width: float, more: Sequence[Piece] = ()) -> list[TextLine]:
    """The lines of a page in reading order, from its characters in the order they are drawn, and `more` pieces of lines."""
    return lines_of_pieces([*_pieces(chars), *more], width)


def lines_of_pieces(pieces: list[Piece], width: float) -> list[TextLine]:
    """The lines of a page in reading order, from pieces whose order does not matter."""
    standing = _standing(pieces)
    lying = [piece for piece in pieces if not piece.vertical]
    if not standing:
        return _all_finished(ordered(lying))
    if 2 * sum(len(piece.chars) for piece in standing) > sum(len(piece.chars) for piece in pieces):
        top = min(piece.y0 for piece in standing)
        above = [p for p in lying if p.y1 <= top + p.size]
        below = [p for p in lying if p.y1 > top + p.size]
        return [*_all_finished(ordered(above)), *_columns_of(standing, width), *_all_finished(ordered(below))]
    columns = [_Standing(group, width) for group in _groups(standing)]
    rows = ordered(lying, [column.block for column in columns])
    lines = {id(column.block.rows[0]): column.lines for column in columns}
    return [line for row in rows for line in lines.get(id(row)) or _finished(row)]


class _Standing:
    """A group of vertical lines as one block among others: one row stands for it, its lines are read right to left."""

    def __init__(self, pieces: list[Piece], width: float) -> None:
        self.lines = _columns_of(pieces, width)
        self.block = Block.of([Row.of(pieces)])


def _groups(standing: Sequence[Piece]) -> list[list[Piece]]:
    """Vertical lines that stand side by side, no more than two ems apart."""
    groups: list[list[Piece]] = []
    for piece in sorted(standing, key=lambda p: (p.x0, p.y0)):
        for group in groups:
            if any(
                piece.x0 - other.x1 < 2 * other.size
                and piece.y0 < other.y1 + other.size
                and other.y0 < piece.y1 + piece.size
                for other in group[-6:]
            ):
                group.append(piece)
                break
        else:
            groups.append([piece])
    return groups


def _all_finished(rows: Sequence[Row]) -> list[TextLine]:
    return [line for row in rows for line in _finished(row)]


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
    if share <= 0.05:
        tall = [piece for piece in tall[:_FEW] if _is_headline(piece, pieces)]
    stand = {id(piece) for piece in tall}
    kept: list[Piece] = []
    for piece in pieces:
        if piece.vertical and id(piece) not in stand:
            kept += [Piece([char]).measure() for char in piece.chars]
        else:
            kept.append(piece)
    pieces[:] = kept
    return [piece for piece in pieces if piece.vertical]


def _is_headline(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether a stack of characters among rows is set close, has white on both sides and reads like words."""
    text = "".join([char.text for char in piece.chars])
    if not all(char.isalnum() and char >= "\u2e80" for char in text):
        return False
    if piece.y1 - piece.y0 > _TIGHT * piece.size * len(piece.chars):
        return False
    room = 0.5 * piece.size
    left, right, top, bottom = piece.x0 - room, piece.x1 + room, piece.y0 + room, piece.y1 - room
    if any(p.x1 > left and p.x0 < right and p.y1 > top and p.y0 < bottom for p in pieces if p is not piece):
        return False
    from pbtool.language import model

    return model().score(text) > _WORDS * len(text)


def _same_column(piece: Piece, other: Piece) -> bool:
    return abs(piece.x0 + piece.x1 - other.x0 - other.x1) < piece.size


def _columns_of(standing: list[Piece], width: float) -> list[TextLine]:
    """Lines of vertical text: the page laid on its side, so that right to left becomes top to bottom."""
    turned = [
        Piece(
            [
                Char(c.text, c.y0, width - c.x1, c.y1, width - c.x0, c.size, c.font, c.confidence, c.others)
                for c in p.chars
            ]
        )
        for p in standing
    ]
    lines = _all_finished(ordered([piece.measure() for piece in turned]))
    for line in lines:
        box = line.box
        line.box = Box(width - box.y1, box.x0, width - box.y0, box.x1)
    return lines


def _finished(row: Row) -> list[TextLine]:
    chars = [char for piece in row.pieces for char in piece.chars]
    if any(second.x0 < first.x1 - 0.5 * first.size for first, second in pairwise(row.pieces)):
        chars.sort(key=lambda char: char.x0)
    half = 0.0
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
            if char.x0 - last.x1 > 0.1:
                if not half and char.x0 - last.x1 > _HALF * char.size:
                    half = _half(chars)
                if _apart(last, char, half or _LOOSE):
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


def _half(chars: Sequence[Char]) -> float:
    """The gap from which on two Han characters of a row are parted, in ems: narrower where the row is not set wide."""
    gaps = sorted((b.x0 - a.x1) / (a.size or 1.0) for a, b in pairwise(chars) if _is_han(a) and _is_han(b))
    return _HALF if gaps and gaps[len(gaps) // 2] < _CLOSE else _LOOSE


def _apart(last: Char, char: Char, half: float) -> bool:
    gap = char.x0 - last.x1
    if last.text.isspace() or char.text.isspace():
        return False
    narrow = last.text < "\u2000" and char.text < "\u2000"
    least = _WORD if narrow else half if _is_han(last) and _is_han(char) else _LOOSE
    return gap > least * (min(last.size, char.size) or 1.0)


def _is_han(char: Char) -> bool:
    return "\u3400" <= char.text <= "\u9fff"
