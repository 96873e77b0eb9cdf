"""A font of one glyph, a box, that stands in for every Chinese font a PDF names but does not hold.

The one idea: the engine drops characters whose shape is empty, and looks on this machine for fonts to know the shape. A font
made here, in memory, makes it see every character, and the same on every machine.
"""

from __future__ import annotations

import ctypes
import struct
from functools import lru_cache
from typing import Any

_EM = 1000
#: Character sets (as Windows numbers them) for which fonts are lent: Japanese, Korean, simplified and traditional Chinese.
_EASTERN = (128, 129, 134, 136)
_HANDLE = 1
_keep: list[Any] = []


def lend() -> None:
    """Make the engine take the box font for Chinese fonts that are not in the file, and no font of this machine."""
    import pypdfium2  # noqa: F401 - starts the engine, which must run before it is told about fonts
    import pypdfium2.raw as raw

    if _keep:
        return
    data = font_bytes()
    fields: dict[str, Any] = dict(raw.FPDF_SYSFONTINFO._fields_)

    def map_font(
        _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        return _HANDLE if charset in _EASTERN else None

    def get_data(_: Any, handle: Any, table: int, buffer: Any, size: int) -> int:
        if table:
            return 0
        if buffer and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def get_name(_: Any, handle: Any, buffer: Any, size: int) -> int:
        return 0

    info = raw.FPDF_SYSFONTINFO(
        version=1,
        Release=fields["Release"](lambda _: None),
        EnumFonts=fields["EnumFonts"](lambda _, mapper: None),
        MapFont=fields["MapFont"](map_font),
        GetFont=fields["GetFont"](lambda _, face: None),
        GetFontData=fields["GetFontData"](get_data),
        GetFaceName=fields["GetFaceName"](get_name),
        GetFontCharset=fields["GetFontCharset"](lambda _, handle: 134),
        DeleteFont=fields["DeleteFont"](lambda _, handle: None),
    )
    # The engine keeps the addresses for as long as it runs.
    _keep.append(info)
    raw.FPDF_SetSystemFontInfo(info)


@lru_cache(maxsize=1)
def font_bytes() -> bytes:
    """The font as TrueType: every character but the controls is glyph 1, a box as wide and high as the em."""
    glyph = struct.pack(">hhhhh", 1, 0, -120, _EM, 880) + struct.pack(">HH", 3, 0) + bytes([1] * 4)
    glyph += struct.pack(">hhhh", 0, 0, _EM, 0) + struct.pack(">hhhh", -120, 1000, 0, -1000)
    glyph += b"\0" * (-len(glyph) % 4)
    groups = struct.pack(">HHIII", 13, 0, 28, 0, 1) + struct.pack(">III", 32, 0x10FFFF, 1)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 10, 12) + groups,
        b"glyf": glyph,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x10000,
            0x10000,
            0,
            0x5F0F3CF5,
            0,
            _EM,
            0,
            0,
            0,
            -120,
            _EM,
            880,
            0,
            8,
            2,
            1,
            0,
        ),
        b"hhea": struct.pack(
            ">IhhhHhhhhhhhhhhhH", 0x10000, 880, -120, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, 0, 0, 0, 0, 2
        ),
        b"hmtx": struct.pack(">HhHh", _EM, 0, _EM, 0),
        b"loca": struct.pack(">III", 0, 0, len(glyph)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 1, 0, 0, 0, 0),
    }
    directory, body = b"", b""
    start = 12 + 16 * len(tables)
    for tag, table in tables.items():
        directory += tag + struct.pack(">III", _sum(table), start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, len(tables) * 16 - 128) + directory + body


def _sum(table: bytes) -> int:
    table += b"\0" * (-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(table) // 4}I", table)
    return sum(words) & 0xFFFFFFFF
