"""Pictures of the pages that a change stands on, small enough to travel inside a web page.

The one idea: a page of print needs few colours, so six steps of red, green and blue each do, and the standard library packs
them; what is rendered depends on the file alone.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pbtool.errors import InputError
from pbtool.reviews.subject import Subject

#: Pixels across; enough to read a page of a magazine beside its text.
_WIDTH = 900
_STEPS = [(value * 5 + 127) // 255 for value in range(256)]
_TABLES = tuple(bytes(step * weight for step in _STEPS) for weight in (36, 6, 1))
_PALETTE = bytes(
    channel for index in range(216) for channel in (index // 36 * 51, index // 6 % 6 * 51, index % 6 * 51)
)
Progress = Callable[[Iterable[int], str, int | None], Iterator[int]]


def pictures(file: str, subject: Subject, password: str | None, progress: Progress) -> dict[int, bytes]:
    """PNG files of the pages (by number) that hold a change; empty where the file has no pages to show.

    A page that cannot be rendered is left out: its text is there all the same.
    """
    document = subject.document
    sizes = {page.number: page.width for page in document.pages if page.width and page.height}
    if not subject.whole or not sizes or file == "-":
        return {}
    from pbtool.reading.sandbox import render_page

    try:
        data = Path(file).read_bytes()
    except OSError:
        return {}
    numbers = _with_changes(subject)
    made: dict[int, bytes] = {}
    for number in progress(numbers, "pages", len(numbers)):
        try:
            width, height, pixels = render_page(data, file, number, _WIDTH / sizes[number], password)
        except (InputError, KeyError):
            continue
        made[number] = png(*_smaller(width, height, bytes(pixels)))
    return made


def _with_changes(subject: Subject) -> list[int]:
    pages = subject.document.pages
    found: dict[int, None] = {}
    index = 0
    for edit in subject.edits:
        while index + 1 < len(pages) and pages[index + 1].start <= edit.start:
            index += 1
        found[pages[index].number] = None
    return list(found)


def _smaller(width: int, height: int, pixels: bytes) -> tuple[int, int, bytes]:
    """Every second, third … pixel of a picture (a scan) that is much wider than wanted."""
    step = max(1, width // _WIDTH)
    if step == 1:
        return width, height, pixels
    across, down = width // step, height // step
    rows = []
    for y in range(down):
        row = pixels[3 * y * step * width : 3 * (y * step + 1) * width]
        thin = bytearray(3 * across)
        for channel in range(3):
            thin[channel::3] = row[channel :: 3 * step][:across]
        rows.append(bytes(thin))
    return across, down, b"".join(rows)


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG file with a palette of 216 colours, from three bytes (red, green, blue) a pixel."""
    channels = [pixels[n::3].translate(table) for n, table in enumerate(_TABLES)]
    # No sum reaches 256, so the bytes can be added as one long number.
    flat = sum(int.from_bytes(channel, "big") for channel in channels).to_bytes(width * height, "big")
    rows = b"".join(b"\0" + flat[start : start + width] for start in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", _PALETTE), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
