"""Make small PDFs with a Chinese text layer, without any font on this machine.

The one idea: a PDF may name a font it does not hold and a predefined character map; readers of text need no more than that.
Used for the samples and by the tests of reading.

    python scripts/make_pdf.py IN.txt OUT.pdf      (text, one line a line, 40 lines a page)
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

#: x and y of the first character's lower left corner in points from the lower left corner of the page, size, text.
Piece = tuple[float, float, float, str]
#: A JPEG (grey), its width and height in pixels, and where it is drawn: x, y of its lower left corner, width, height in points.
Picture = tuple[bytes, int, int, float, float, float, float]
#: Characters in a line of the page that the command makes.
_MEASURE = 40
_CODECS = {"UniGB-UCS2": "utf-16-be", "GBK-EUC": "gbk", "GBK2K": "gb18030", "ETen-B5": "big5"}


def make_pdf(
    pages: Sequence[Sequence[Piece]],
    *,
    cmap: str = "UniGB-UCS2-H",
    width: float = 595,
    height: float = 842,
    labels: str | None = None,
    packed: bool = True,
    rotate: int = 0,
    lean: str = "1 0 0 1",
    picture: Picture | None = None,
) -> bytes:
    """A PDF with one text object for each piece, drawn in the order given; the same input gives the same bytes.

    `cmap` ends in H (rows) or V (columns); `labels` is the body of a /PageLabels dictionary;
    `rotate` turns the pages clockwise; `lean` is the part of the text matrix that turns the text; `picture` is drawn on every page.
    """
    fonts = (
        f"<</Type/Font/Subtype/Type0/BaseFont/Sample-{cmap}/Encoding/{cmap}/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/Sample/CIDSystemInfo<</Registry(Adobe)/Ordering"
        f"({'CNS1' if 'B5' in cmap or 'CNS' in cmap else 'GB1'})/Supplement 2>>/FontDescriptor 5 0 R/DW 1000>>",
        "<</Type/FontDescriptor/FontName/Sample/Flags 4/FontBBox[0 -120 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 700/StemV 80>>",
    )
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    label = f"/PageLabels<<{labels}>>" if labels else ""
    bodies = [
        f"<</Type/Catalog/Pages 2 0 R{label}>>".encode(),
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 {width:g} {height:g}]>>".encode(),
        *(font.encode() for font in fonts),
    ]
    image = f"/XObject<</I {6 + 2 * len(pages)} 0 R>>" if picture else ""
    for index, pieces in enumerate(pages):
        bodies.append(
            f"<</Type/Page/Rotate {rotate}/Parent 2 0 R/Contents {7 + 2 * index} 0 R/Resources<</Font<</F 3 0 R>>{image}>>>>".encode()
        )
        bodies.append(_stream(pieces, cmap, packed, lean, picture))
    if picture:
        data, across, down = picture[:3]
        head = f"<</Type/XObject/Subtype/Image/Width {across}/Height {down}/ColorSpace/DeviceGray/BitsPerComponent 8"
        bodies.append(
            f"{head}/Filter/DCTDecode/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"
        )
    return assembled(bodies)


def _stream(
    pieces: Sequence[Piece], cmap: str, packed: bool, lean: str, picture: Picture | None = None
) -> bytes:
    codec = _CODECS[cmap[:-2]]
    drawn = "\n".join(
        f"BT /F {size:g} Tf {lean} {x:g} {y:g} Tm <{text.encode(codec).hex()}> Tj ET"
        for x, y, size, text in pieces
    ).encode()
    if picture:
        x, y, width, height = picture[3:]
        drawn += f"\nq {width:g} 0 0 {height:g} {x:g} {y:g} cm /I Do Q".encode()
    body, how = (zlib.compress(drawn, 9), "/Filter/FlateDecode") if packed else (drawn, "")
    return f"<</Length {len(body)}{how}>>stream\n".encode() + body + b"\nendstream"


def assembled(bodies: Sequence[bytes]) -> bytes:
    """A PDF file of these objects, numbered from 1; the first is its catalog."""
    out = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + body + b"\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010} 00000 n \n" for place in places).encode()
    out += f"trailer<</Size {len(bodies) + 1}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def pages_of(text: str) -> list[list[Piece]]:
    """The text in one column: 40 characters a line, 40 lines a page; a form feed begins a page."""
    pages = []
    for part in text.split("\f"):
        lines = [
            line[at : at + _MEASURE]
            for line in part.splitlines()
            for at in range(0, len(line) or 1, _MEASURE)
        ]
        for first in range(0, len(lines), 40):
            some = lines[first : first + 40]
            pages.append([(60.0, 770.0 - 18 * row, 11.0, line) for row, line in enumerate(some) if line])
    return pages


def main() -> None:
    Path(sys.argv[2]).write_bytes(make_pdf(pages_of(Path(sys.argv[1]).read_text(encoding="utf-8"))))


if __name__ == "__main__":
    main()
