"""Pictures of what was understood: a page with its columns tinted, its lines framed, both numbered in reading order.

The one idea: people would rather look than read. Lines that follow each other down the page are a column's stretch of one
tint; an arrow leads from the end of each to the beginning of the next. The page is rendered in the child process like everything foreign; frames and
figures are drawn into its pixels here, and the PNG is written by the standard library.
"""

from __future__ import annotations

import math
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pbtool.document import Box, Document
from pbtool.errors import InputError
from pbtool.files import shown, write_whole

#: Left, top, right, bottom in pixels.
Pixels = tuple[int, int, int, int]
_SCALE = 1.5
_LINE, _ORDER, _DOUBT = (210, 60, 40), (30, 90, 200), (240, 150, 0)
#: What is left of red, green and blue under a column, by turns.
_TINTS = ((255, 240, 215), (220, 245, 225), (222, 236, 255), (250, 226, 245))
#: Below this a line was recognised with doubt.
_SURE = 0.9
#: Figures as 3 by 5 dots, row by row.
_ROWS = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 7, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 1, 1, 1),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
}


@dataclass(slots=True)
class Canvas:
    """Pixels, three bytes each, row by row."""

    width: int
    height: int
    pixels: bytearray

    def fill(self, x0: int, y0: int, x1: int, y1: int, color: tuple[int, int, int]) -> None:
        """Paint the rectangle; what lies outside is left out."""
        x0, x1 = max(0, x0), min(self.width, x1)
        if x1 <= x0:
            return
        strip = bytes(color) * (x1 - x0)
        for y in range(max(0, y0), min(self.height, y1)):
            start = 3 * (y * self.width + x0)
            self.pixels[start : start + len(strip)] = strip

    def tint(self, x0: int, y0: int, x1: int, y1: int, color: tuple[int, int, int]) -> None:
        """Lay a transparent colour over the rectangle."""
        x0, x1 = max(0, x0), min(self.width, x1)
        tables = [bytes(value * part // 255 for value in range(256)) for part in color]
        for y in range(max(0, y0), min(self.height, y1) if x1 > x0 else 0):
            start, end = 3 * (y * self.width + x0), 3 * (y * self.width + x1)
            for channel, table in enumerate(tables):
                self.pixels[start + channel : end : 3] = self.pixels[start + channel : end : 3].translate(
                    table
                )

    def frame(self, x0: int, y0: int, x1: int, y1: int, color: tuple[int, int, int]) -> None:
        """A frame of one pixel."""
        for box in ((x0, y0, x1, y0 + 1), (x0, y1 - 1, x1, y1), (x0, y0, x0 + 1, y1), (x1 - 1, y0, x1, y1)):
            self.fill(*box, color)

    def figures(self, number: int, x: int, y: int, color: tuple[int, int, int], dot: int = 2) -> None:
        """A number, its upper right corner at x, y."""
        left = x - 4 * dot * len(str(number))
        for figure in str(number):
            for row, bits in enumerate(_ROWS[figure]):
                for column in range(3):
                    if bits >> (2 - column) & 1:
                        at, top = left + column * dot, y + row * dot
                        self.fill(at, top, at + dot, top + dot, color)
            left += 4 * dot

    def png(self) -> bytes:
        """The picture as a PNG file."""
        rows = b"".join(
            b"\0" + self.pixels[start : start + 3 * self.width]
            for start in range(0, 3 * self.width * self.height, 3 * self.width)
        )
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in parts
        )


def draw_boxes(
    document: Document,
    path: str | os.PathLike[str],
    page: int,
    out: str | os.PathLike[str],
    *,
    password: str | None = None,
) -> None:
    """Write a PNG of the page (physical number) of the file with the document's lines drawn on it.

    Frames are red (amber: recognised with doubt) and numbered in reading order; so are, in blue, the tinted stretches of
    columns, with arrows between them.
    Raises InputError where the page cannot be rendered, OutputError where the picture cannot be written.
    """
    from pbtool.reading.sandbox import render_page

    name = shown(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(name, f"cannot be read ({error.strerror or error})") from None
    canvas = Canvas(*render_page(data, name, page, _SCALE, password))
    boxes = [
        (_in_pixels(box), line.confidence)
        for line in document.lines
        if line.page == page and (box := line.box) is not None
    ]
    stretches = _stretches([box for box, _ in boxes])
    for number, stretch in enumerate(stretches):
        canvas.tint(*_around(stretch), _TINTS[number % len(_TINTS)])
    for number, (sides, sure) in enumerate(boxes, 1):
        canvas.frame(
            sides[0] - 1, sides[1] - 1, sides[2] + 1, sides[3] + 1, _LINE if sure >= _SURE else _DOUBT
        )
        canvas.figures(number, sides[0] - 4, sides[1] + 1, _LINE)
    for number, stretch in enumerate(stretches, 1):
        x0, y0, _, _ = _around(stretch)
        canvas.figures(number, x0 + 2, y0 - 17, _ORDER, 3)
    for number, (one, other) in enumerate(pairwise(stretches), 2):
        _arrow(canvas, one[-1][2:], (_around(other)[0] - 12 - 12 * len(str(number)), _around(other)[1] - 8))
    write_whole(out, canvas.png())


def _in_pixels(box: Box) -> Pixels:
    return round(box.x0 * _SCALE), round(box.y0 * _SCALE), round(box.x1 * _SCALE), round(box.y1 * _SCALE)


def _stretches(boxes: Sequence[Pixels]) -> list[list[Pixels]]:
    """The lines in groups that hang together: each right below the last, or right to its left where they are vertical."""
    groups: list[list[Pixels]] = []
    for box in boxes:
        if groups and _hangs_on(groups[-1][-1], box):
            groups[-1].append(box)
        else:
            groups.append([box])
    return groups


def _hangs_on(last: Pixels, box: Pixels) -> bool:
    if box[3] - box[1] > 1.5 * (box[2] - box[0]) and last[3] - last[1] > 1.5 * (last[2] - last[0]):
        # Laid on its side, a line of vertical text is a line like any other.
        last, box = _laid(last), _laid(box)
    height, other = last[3] - last[1], box[3] - box[1]
    alike = max(height, other) < 1.25 * min(height, other) + 2
    below = 0 < box[1] - last[1] < 2.6 * max(height, other)
    return alike and below and min(last[2], box[2]) > max(last[0], box[0])


def _laid(box: Pixels) -> Pixels:
    return box[1], -box[2], box[3], -box[0]


def _around(boxes: Sequence[Pixels]) -> Pixels:
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return left - 4, top - 4, max(box[2] for box in boxes) + 4, max(box[3] for box in boxes) + 4


def _arrow(canvas: Canvas, start: tuple[int, int], end: tuple[int, int]) -> None:
    """A line two pixels wide, with a head of ten at its end."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down) or 1.0
    for step in range(int(length)):
        # The head is where the line grows as wide as it is far from its tip.
        half = max(1, round(length - step) // 2) if length - step < 12 else 1
        x, y = start[0] + round(across * step / length), start[1] + round(down * step / length)
        canvas.fill(x - half, y - half, x + half, y + half, _ORDER)
