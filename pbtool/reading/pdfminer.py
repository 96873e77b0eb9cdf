"""The second opinion on PDFs: pdfminer.six, one page at a time.

The one idea: only its knowledge of character maps is wanted; its characters go through the same `layout` as the first reader's.
Two maps it does not know are added here: those that a file brings along for its codes, and none at all, where the codes turn
out to be the numbers of a standard collection because the language model finds that they make sense as such.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from pbtool.reading.layout import lines_of
from pbtool.reading.pdf import PageText, doubtful
from pbtool.reading.pieces import Char

_CID = re.compile(r"\(cid:(\d{1,9})\)")
#: Parts of a map from codes to the numbers of a collection.
_PART = re.compile(rb"begincid(char|range)\b([^g-z]{0,100000})endcid")
_CHAR = re.compile(rb"<([0-9A-Fa-f]{2,8})>()\s{0,9}(\d{1,6})")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,8})>\s{0,9}<([0-9A-Fa-f]{2,8})>\s{0,9}(\d{1,6})")
_BASE = re.compile(rb"/([A-Za-z0-9-]{1,40})\s{1,9}usecmap")
_MOST_CODES = 1 << 17
#: Collections of characters that fonts number, the fewest characters that can tell, and how likely each must be to believe it.
_COLLECTIONS = ("Adobe-GB1", "Adobe-CNS1")
_ENOUGH, _SENSE = 16, -6.0


def page_text(data: bytes, number: int, password: str | None) -> PageText | None:
    """One page read by pdfminer.six; None where it cannot read it."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.pdfpage import PDFPage

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    resources = _resources()
    device = PDFPageAggregator(resources, laparams=None)
    try:
        for page in PDFPage.get_pages(io.BytesIO(data), {number - 1}, password=password or ""):
            page.mediabox = _shown(page.mediabox, page.cropbox)
            PDFPageInterpreter(resources, device).process_page(page)
            return _page(device.get_result(), number)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:
        # Whatever it stumbles over, it is only the second opinion.
        return None
    return None


def _shown(paper: Sequence[float], crop: Sequence[float]) -> tuple[float, float, float, float]:
    """The part of the paper that a page shows: what is cropped away counts neither here nor for the first reader."""
    x0, y0 = max(paper[0], crop[0]), max(paper[1], crop[1])
    x1, y1 = min(paper[2], crop[2]), min(paper[3], crop[3])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else (paper[0], paper[1], paper[2], paper[3])


def _resources() -> Any:
    """The engine's fonts, with the character maps that a file brings along as streams."""
    from pdfminer.pdffont import PDFCIDFont
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.pdftypes import PDFStream

    class Resources(PDFResourceManager):
        def get_font(self, objid: object, spec: Any) -> Any:
            font = super().get_font(objid, spec)
            encoding = spec.get("Encoding")
            if isinstance(font, PDFCIDFont) and isinstance(encoding, PDFStream):
                font.cmap = _map_of(encoding.get_data())
            return font

    return Resources(caching=False)


def _map_of(stream: bytes) -> Any:
    """The map from codes to numbers of a collection that a stream holds, for the engine."""
    from pdfminer.cmapdb import CMapDB, FileCMap

    made = FileCMap()
    base = _BASE.search(stream)
    if base:
        with suppress(CMapDB.CMapNotFound):
            made.use_cmap(CMapDB.get_cmap(base[1].decode("latin-1")))
    left = _MOST_CODES
    for part in _PART.finditer(stream):
        for low, high, number in _RANGE.findall(part[2]) if part[1] == b"range" else _CHAR.findall(part[2]):
            first, size = int(low, 16), len(low) // 2
            count = int(high or low, 16) - first + 1
            left -= count
            if count < 1 or left < 0 or size > 4 or len(low) % 2:
                return made
            for step in range(count):
                code = (first + step).to_bytes(size, "big") if first + step < 1 << 8 * size else b""
                if code:
                    made.add_code2cid(code.decode("latin-1"), int(number) + step)
    return made


def _page(layout: Any, number: int) -> PageText:
    fonts: list[str] = []
    items = list(_drawn(layout, 0))
    chars = [_char(item, layout, fonts) for item in items]
    guessed = _guessed(chars, [_CID.fullmatch(item.get_text()) for item in items], len(fonts))
    page = PageText(number, layout.width, layout.height)
    page.lines = lines_of(chars, layout.width)
    page.chars = chars
    page.fonts, page.broken = fonts, doubtful(chars, fonts) | guessed
    return page


def _guessed(chars: Sequence[Char], codes: Sequence[re.Match[str] | None], fonts: int) -> set[int]:
    """Name the characters of fonts without any map where their codes make sense as a collection's; which fonts these are."""
    guessed = set()
    for font in range(fonts):
        mine = [at for at, char in enumerate(chars) if char.font == font]
        numbers = [int(code[1]) for at in mine if (code := codes[at])]
        if len(numbers) < _ENOUGH or len(numbers) < len(mine):
            continue
        readings = sorted((_sense(text), text) for text in map(_read_as, _COLLECTIONS, [numbers] * 2) if text)
        if readings and readings[-1][0] > _SENSE:
            guessed.add(font)
            for at, char in zip(mine, readings[-1][1], strict=True):
                chars[at].text = char
    return guessed


def _read_as(collection: str, numbers: Sequence[int]) -> str:
    """The characters that have these numbers in a collection; nothing where one has none."""
    from pdfminer.cmapdb import CMapDB

    known = CMapDB.get_unicode_map(collection, vertical=False).cid2unichr
    text = [known.get(number, "") for number in numbers]
    return "".join(text) if all(len(char) == 1 for char in text) else ""


def _sense(text: str) -> float:
    """Log-probability a character of a text, whichever its script."""
    from pbtool.conversion import convert_text
    from pbtool.language import model

    return max(model().score(t) for t in (text, convert_text(text, "hans"))) / len(text)


def _drawn(container: Any, depth: int) -> Iterator[Any]:
    from pdfminer.layout import LTChar, LTContainer

    for item in container:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer) and depth < 20:
            yield from _drawn(item, depth + 1)


def _char(item: Any, layout: Any, fonts: list[str]) -> Char:
    text = _CID.sub("\ufffd", item.get_text()).replace("\0", "\ufffd")
    name = item.fontname if isinstance(item.fontname, str) else repr(item.fontname)
    if name not in fonts:
        fonts.append(name)
    x0, x1 = item.x0 - layout.x0, item.x1 - layout.x0
    size = max(item.size, 0.1)
    y0, y1 = layout.y1 - item.y1, layout.y1 - item.y0
    base = layout.y1 - item.matrix[5]
    if not item.matrix[1] and abs(item.x0 - item.matrix[4]) < 0.05 * size:
        y0, y1 = base - 0.88 * size, base + 0.12 * size
    if not item.upright or getattr(item, "adv", 0) == 0:
        size = max(x1 - x0, y1 - y0, 0.1)
    return Char(text, x0, y0, x1, y1, size, fonts.index(name))
