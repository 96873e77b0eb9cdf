"""From a file to a Document: what kind of file it is, and who reads it.

The one idea: the first bytes say what a file is, its name only helps where they do not. Plain text is decoded here; everything
foreign (PDF, pictures, web pages, Word files) is read in a child process with limits, see `sandbox`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pbtool.document import Document, Page, Source
from pbtool.errors import InputError
from pbtool.files import shown
from pbtool.reading.encodings import decode

_OCR = ("auto", "never", "always")
#: A pipe or device may never end; a regular file has its size.
_STREAM_LIMIT = 256 << 20
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR"}
_WEB = re.compile(
    rb"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--.{0,500}?-->\s{0,200})?<(?:!doctype\s+html|html|head|body|meta)\b",
    re.I | re.S,
)
_BLOCK = re.compile(
    rb"\s{0,200}<(?:p|div|span|section|article|table|center|font|h[1-6]|ul|ol)\b[^<>]{0,1000}>", re.I
)
_LOOK = 1 << 20


def read(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    password: str | None = None,
    pages: Sequence[int] | None = None,
    ocr: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Read a file. `pages` counts from 1; `ocr` is auto, never or always; `progress` is told pages done, and of how many.

    Raises InputError with one sentence for whatever cannot be read.
    """
    data = _contents(Path(path), shown(path))
    name = str(path)
    return read_bytes(
        data, name, encoding=encoding, password=password, pages=pages, ocr=ocr, progress=progress
    )


def read_bytes(
    data: bytes,
    name: str,
    *,
    encoding: str | None = None,
    password: str | None = None,
    pages: Sequence[int] | None = None,
    ocr: str = "auto",
    progress: Callable[[int, int], None] | None = None,
) -> Document:
    """Read what a file held; like `read`. `name` is for messages, and helps where the bytes do not say what they are."""
    if ocr not in _OCR:
        raise ValueError(f"ocr is one of {', '.join(_OCR)}, not {ocr!r}")
    name = shown(name)
    kind = kind_of(data, name)
    if kind == "text":
        text, source = decode(data, name, encoding)
        return Document.from_text(text, source) if not pages else _some_pages(text, source, pages)
    from pbtool.reading.sandbox import read_foreign

    return read_foreign(
        kind,
        data,
        name,
        {"encoding": encoding, "password": password, "pages": list(pages) if pages else None, "ocr": ocr},
        progress=progress,
    )


def _some_pages(text: str, source: Source, pages: Sequence[int]) -> Document:
    """The pages of a text that form feeds part; offsets count in what is left."""
    parts = text.removesuffix("\f").split("\f")
    if len(parts) == 1:
        raise InputError(source.name, "has no pages (no form feeds part it); leave --pages out")
    beyond = [page for page in pages if page > len(parts)]
    if beyond:
        raise InputError(source.name, f"has {len(parts)} pages; there is no page {beyond[0]}")
    wanted = sorted(set(pages))
    text = "\f".join(parts[page - 1] for page in wanted)
    made = []
    place = 0
    for page in wanted:
        end = place + len(parts[page - 1])
        made.append(Page(page, place, end))
        place = end + 1
    return Document.from_text(text, replace(source, pages=len(parts)), pages=tuple(made))


def kind_of(data: bytes, name: str) -> str:
    """What a file is: text, pdf, html, docx or picture. Raises InputError for kinds that are known but not read."""
    suffix = Path(name).suffix.lower()
    if data.startswith(b"%PDF-") or (b"%PDF-" in data[:4096] and b" obj" in data):
        return "pdf"
    if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "picture"
    if data.startswith(b"PK\x03\x04"):
        if suffix == ".docx" or b"word/" in data:
            return "docx"
        raise InputError(name, "is a ZIP archive; unpack it and name the files in it")
    for magic, packer in _PACKED.items():
        if data.startswith(magic):
            raise InputError(name, f"is packed with {packer}; unpack it first")
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise InputError(name, "is an old Word file; save it as .docx first (soffice --convert-to docx FILE)")
    if suffix == ".pdf":
        raise InputError(name, "is empty" if not data else "is no PDF, whatever its name says")
    if suffix in (".docx", ".png", ".jpg", ".jpeg", ".tif", ".tiff"):
        raise InputError(
            name, "is empty" if not data else f"is no {suffix[1:].upper()} file, whatever its name says"
        )
    head = data[:2048].replace(b"\0", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data[:2048]
    if _WEB.match(head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")):
        return "html"
    if suffix in (".html", ".htm", ".xhtml", ".shtml"):
        return "html" if b"<" in head else "text"
    return "html" if _is_cut_from_web(data) else "text"


def _is_cut_from_web(data: bytes) -> bool:
    """Whether a text is a piece of a web page: it begins with a tag, and its lines hold elements, not only sentences."""
    if not _BLOCK.match(data):
        return False
    lines = [line for line in data[:_LOOK].split(b"\n") if line.strip()]
    return 2 * sum(b"</" in line for line in lines) > len(lines)


def _contents(path: Path, name: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise InputError(name, f"is a directory; name the files in it ({name.rstrip('/')}/*.txt)")
        if stat.S_ISREG(mode):
            return path.read_bytes()
        with path.open("rb") as stream:
            data = stream.read(_STREAM_LIMIT + 1)
    except OSError as error:
        raise InputError(name, _why(error)) from None
    except ValueError as error:
        raise InputError(name, f"is no file name ({error})") from None
    if len(data) > _STREAM_LIMIT:
        raise InputError(
            name, f"gives more than {_STREAM_LIMIT >> 20} MB and may never end; save it to a file first"
        )
    return data


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist; check the name, and the folder you are in"
    if isinstance(error, PermissionError):
        return "may not be read; ask for the right to (chmod u+r)"
    return f"cannot be read ({error.strerror or error})"
