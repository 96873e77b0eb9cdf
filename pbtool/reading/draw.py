"""Pictures of what was understood: a page with its lines framed, numbered in reading order.

The one idea: people would rather look than read. The page is rendered in the child process like everything foreign; frames and
figures are drawn into its pixels here, and the PNG is written by the standard library.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from pbtool.document import Document
from pbtool.errors import InputError
from pbtool.files import shown, write_whole

_SCALE = 1.5
_LINE, _ORDER, _DOUBT = (210, 60, 40), (30, 90, 200), (230, 160, 0)
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

    Frames are red (amber: recognised with doubt), numbers count the lines in reading order, the blue thread joins them.
    Raises InputError where the page cannot be rendered, OutputError where the picture cannot be written.
    """
    from pbtool.reading.sandbox import render_page

    name = shown(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(name, f"cannot be read ({error.strerror or error})") from None
    canvas = Canvas(*render_page(data, name, page, _SCALE, password))
    lines = [line for line in document.lines if line.page == page and line.box is not None]
    before: tuple[int, int] | None = None
    for number, line in enumerate(lines, 1):
        box = line.box
        if box is None:
            continue
        x0, y0, x1, y1 = (round(value * _SCALE) for value in (box.x0, box.y0, box.x1, box.y1))
        canvas.frame(x0 - 1, y0 - 1, x1 + 1, y1 + 1, _LINE if line.confidence > 0.9 else _DOUBT)
        canvas.figures(number, x0 - 3, y0, _ORDER)
        if before is not None:
            _thread(canvas, before, (x0, y0))
        before = (x1, y1)
    write_whole(out, canvas.png())


def _thread(canvas: Canvas, start: tuple[int, int], end: tuple[int, int]) -> None:
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
    for step in range(0, steps + 1, 3):
        x = start[0] + (end[0] - start[0]) * step // steps
        y = start[1] + (end[1] - start[1]) * step // steps
        canvas.fill(x, y, x + 1, y + 1, _ORDER)
