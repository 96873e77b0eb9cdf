"""Which reader reads which kind of foreign file; each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pbtool.document import Document

Reader = Callable[[bytes, str, dict[str, Any], Callable[[int], None]], Document]


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
