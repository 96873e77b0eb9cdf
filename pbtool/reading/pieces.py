"""What lies on a page before it is put in order: characters, pieces of lines, rows.

The one idea: everything here has a box in points from the top left corner, and what is wider is made of what is smaller; no
reader knows more about a page than this.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.document import Box


@dataclass(slots=True)
class Char:
    """A character as drawn: its text, box (points from the top left corner), size, and font (a number or name).

    Where it was recognised: how surely, and what else it may be (`others`, the likeliest first).
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    font: int
    confidence: float = 1.0
    others: str = ""


@dataclass(slots=True, eq=False)
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
        """Take the box and the size from the characters; `wide` is how many of them are as wide as a Han character."""
        chars = self.chars
        self.x0, self.y0 = min([c.x0 for c in chars]), min([c.y0 for c in chars])
        self.x1, self.y1 = max([c.x1 for c in chars]), max([c.y1 for c in chars])
        self.size = max([c.size for c in chars])
        self.wide = len([c for c in chars if c.text >= "\u2000"])
        return self


@dataclass(slots=True, eq=False)
class Row:
    """Pieces at one height, from left to right, that are read as one line."""

    pieces: list[Piece]
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0
    size: float = 0.0

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> Row:
        """The row that these pieces make."""
        return cls(
            sorted(pieces, key=lambda p: p.x0),
            min([p.x0 for p in pieces]),
            min([p.y0 for p in pieces]),
            max([p.x1 for p in pieces]),
            max([p.y1 for p in pieces]),
            max([p.size for p in pieces]),
        )

    @property
    def middle(self) -> float:
        """Half the height of the first piece."""
        return (self.pieces[0].y0 + self.pieces[0].y1) / 2

    @property
    def text(self) -> str:
        """What stands in it, without the spaces that nobody drew."""
        return "".join([char.text for piece in self.pieces for char in piece.chars])


@dataclass(slots=True)
class TextLine:
    """A line of text in reading order: its characters (None: a space that nobody drew), and its box."""

    text: str
    chars: list[Char | None]
    box: Box
    confidence: float = 1.0


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Pieces sorted into rows by their height, from top to bottom."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.y0 + p.y1, p.x0)):
        if groups:
            first = groups[-1][0]
            reach = 0.5 * min(first.y1 - first.y0, piece.y1 - piece.y0)
            if (piece.y0 + piece.y1) / 2 - (first.y0 + first.y1) / 2 <= reach:
                groups[-1].append(piece)
                continue
        groups.append([piece])
    return [Row.of(group) for group in groups]


def turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """A box on the page turned clockwise by 90, 180 or 270 degrees as a box on the page as shown (`width` by `height`)."""
    if turn == 90:
        sides = (box.y0, height - box.x1, box.y1, height - box.x0)
    elif turn == 180:
        sides = (width - box.x1, height - box.y1, width - box.x0, height - box.y0)
    else:
        sides = (width - box.y1, box.x0, width - box.y0, box.x1)
    return Box(*(round(side, 2) for side in sides))
