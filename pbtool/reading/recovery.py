"""A damaged PDF put together again from the objects that are left of it.

The one idea: pages are objects that say so. Those that survive, also inside object streams, get a new tree and a new trailer.
"""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(?<![0-9])(\d{1,8}) \d{1,5} obj\b")
_PAGE = re.compile(rb"/Type\s{0,4}/Page(?![A-Za-z])")
_MOST_PAGES = 20_000
_FONTS = re.compile(rb"/Font\s{0,4}<<([^<>]{0,4000})>>")
_NAMED = re.compile(rb"(\d{1,8}) \d{1,5} R")
#: What a lost font is read as: Chinese files of the kind name their fonts by the national standard's codes.
_STAND_IN = (
    b"%d 0 obj\n<</Type/Font/Subtype/Type0/BaseFont/Lost/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/Lost/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>]>>\nendobj\n"
)
#: Object streams are small; one that unpacks to more is not looked into.
_MOST_UNPACKED = 32 << 20


def rebuilt(data: bytes) -> bytes | None:
    """The same bytes with a fresh page tree over the pages that survive, or None where there is none."""
    extra = bytearray()
    pages: list[int] = []
    highest = 0
    places = [(int(match[1]), match.start(), match.end()) for match in _OBJECT.finditer(data)]
    for index, (number, start, body) in enumerate(places):
        highest = max(highest, number)
        end = places[index + 1][1] if index + 1 < len(places) else len(data)
        head = data[body : min(end, body + 4096)]
        if b"/ObjStm" in head[:400]:
            for inner, content in _unpacked(data[start:end]):
                highest = max(highest, inner)
                extra += b"%d 0 obj\n%s\nendobj\n" % (inner, content)
                if _PAGE.search(content):
                    pages.append(inner)
        elif _PAGE.search(head.partition(b"stream")[0]):
            pages.append(number)
    pages = list(dict.fromkeys(pages))[:_MOST_PAGES]
    if not pages:
        return None
    there = {number for number, _, _ in places}
    lost = {int(n[1]) for fonts in _FONTS.finditer(data) for n in _NAMED.finditer(fonts[1])} - there
    highest = max([highest, *lost])
    for number in sorted(lost):
        extra += _STAND_IN % number
    tree, root = highest + 1, highest + 2
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    tail = b"\n%s%d 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (extra, tree, len(pages), kids)
    tail += b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (root, tree)
    tail += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n0\n%%%%EOF\n" % (root + 1, root)
    return data + b"\nendstream\nendobj\n" + tail


def _unpacked(stream: bytes) -> list[tuple[int, bytes]]:
    """Number and body of every object in an object stream that is packed the usual way."""
    head, found, rest = stream.partition(b"stream")
    first = re.search(rb"/First\s{0,4}(\d{1,8})", head)
    if not found or not first:
        return []
    try:
        body = zlib.decompressobj().decompress(rest.lstrip(b"\r\n"), _MOST_UNPACKED)
        numbers = [int(word) for word in body[: int(first[1])].split()]
    except (zlib.error, ValueError):
        return []
    offset = int(first[1])
    starts = [*(offset + place for place in numbers[1::2]), len(body)]
    return [
        (number, body[low:high]) for number, low, high in zip(numbers[::2], starts, starts[1:], strict=False)
    ]
