"""The second opinion on PDFs: pdfminer.six, one page at a time.

The one idea: only its knowledge of character maps is wanted; its characters go through the same `layout` as the first reader's.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from pbtool.reading.layout import lines_of
from pbtool.reading.pdf import PageText, doubtful
from pbtool.reading.pieces import Char

_CID = re.compile(r"\(cid:\d{1,9}\)")


def page_text(data: bytes, number: int, password: str | None) -> PageText | None:
    """One page read by pdfminer.six; None where it cannot read it."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    resources = PDFResourceManager(caching=False)
    device = PDFPageAggregator(resources, laparams=None)
    try:
        for page in PDFPage.get_pages(io.BytesIO(data), {number - 1}, password=password or ""):
            PDFPageInterpreter(resources, device).process_page(page)
            return _page(device.get_result(), number)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:
        # Whatever it stumbles over, it is only the second opinion.
        return None
    return None


def _page(layout: Any, number: int) -> PageText:
    fonts: list[str] = []
    chars = [_char(item, layout, fonts) for item in _drawn(layout, 0)]
    page = PageText(number, layout.width, layout.height)
    page.lines = lines_of(chars, layout.width)
    page.chars = chars
    page.fonts, page.broken = fonts, doubtful(chars, fonts)
    return page


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
