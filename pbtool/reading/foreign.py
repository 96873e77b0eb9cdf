"""Which reader reads which kind of foreign file; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pbtool.document import Document

Reader = Callable[[bytes, str, dict[str, Any], Callable[[int, int], None]], Document]


def reader(kind: str) -> Reader:
    """The function that reads this kind of file: (data, name, options, sign of life) -> Document."""
    if kind == "pdf":
        from pbtool.reading.pdf import read_pdf

        return read_pdf
    if kind == "html":
        from pbtool.reading.html import read_html

        return read_html
    if kind == "docx":
        from pbtool.reading.docx import read_docx

        return read_docx
    from pbtool.reading.scans import read_picture

    return read_picture


def rendered(data: bytes, name: str, *, page: int, scale: float, password: str | None) -> dict[str, Any]:
    """A page as pixels: width, height and, as base64, three bytes a pixel. Raises InputError."""
    import base64

    from pbtool.errors import InputError
    from pbtool.reading import pdfium, scans

    if b"%PDF-" not in data[:4096]:
        width, height, pixels = scans.pixels(data, name, page, scale)
        return {"width": width, "height": height, "pixels": base64.b64encode(pixels).decode()}
    found, total = pdfium.opened(data[data.find(b"%PDF-") :], name, password, [], lend=False)
    if not 1 <= page <= total:
        raise InputError(name, f"has {total} pages; there is no page {page}")
    width, height, pixels = pdfium.pixels(found, page, scale)
    return {"width": width, "height": height, "pixels": base64.b64encode(pixels).decode()}
