"""Two-byte encodings that lost their step: where one byte is missing or too many, the next ones pair up wrongly.

The one idea: of all ways to cut the bytes into characters, the one with most everyday characters is right; a byte that belongs
to none is U+FFFD. What stands between two signs of the markup is cut on its own, so that damage ends where the paragraph does.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import partial

#: Bytes that no character of two bytes holds, and that stand between paragraphs.
_STRETCH = re.compile(rb"[^<>\r\n]+")
#: What a character adds that is everyday, one that is not, one of four bytes, and a byte that belongs to none.
_EVERYDAY, _RARE, _LONG, _LOST = 1.0, -0.5, -1.0, -3.0
#: A file in which more bytes than this stand in damaged stretches gets no second look at the rest.
_MOST_BYTES = 1 << 18


def aligned(data: bytes, codec: str, everyday: AbstractSet[str]) -> str:
    """The text of bytes in `codec` (gb18030 or one of the family of Big5), every byte that fits nowhere as U+FFFD.

    `everyday`: the characters that most of the text is made of. Linear in the length of the data.
    """
    pieces, place, left = [], 0, _MOST_BYTES
    for stretch in _STRETCH.finditer(data):
        pieces.append(data[place : stretch.start()].decode("ascii"))
        try:
            pieces.append(stretch[0].decode(codec))
        except UnicodeDecodeError:
            left -= len(stretch[0])
            if left < 0:
                pieces.append(stretch[0].decode(codec, "replace"))
            else:
                pieces.append(_best_cut(stretch[0], codec, everyday))
        place = stretch.end()
    return "".join([*pieces, data[place:].decode("ascii")])


def _best_cut(data: bytes, codec: str, everyday: AbstractSet[str]) -> str:
    """The characters of the best way to cut a stretch: best[n] is that of the first n bytes, with how it ends."""
    best: list[tuple[float, int, str]] = [(0.0, 0, "")]
    char_of = partial(_character, codec=codec)
    for end in range(1, len(data) + 1):
        ways = [(best[end - 1][0] + _LOST, 1, "\ufffd")]
        if data[end - 1] < 0x80:
            ways.append((best[end - 1][0], 1, chr(data[end - 1])))
        for size, worth in ((2, _RARE), (4, _LONG)):
            if end >= size and (char := char_of(data[end - size : end])):
                ways.append((best[end - size][0] + (_EVERYDAY if char in everyday else worth), size, char))
        # Of equal ways the one whose loss comes last is as good as any.
        best.append(max(ways, key=lambda way: way[0]))
    chars, at = [], len(data)
    while at:
        _, size, char = best[at]
        chars.append(char)
        at -= size
    return "".join(reversed(chars))


def _character(data: bytes, codec: str) -> str:
    """The one character that all the bytes make; nothing where they make none, or several."""
    if data[0] < 0x80:
        return ""
    char = data.decode(codec, "ignore")
    return (
        char
        if len(char) == 1 and ord(char) >= 0x80 and len(char.encode(codec, "ignore")) == len(data)
        else ""
    )
