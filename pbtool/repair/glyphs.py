"""Code points that look like another character, or like nothing.

The one idea: these have one meaning and one right form, so each is a table and the repair is sure.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit

RULE = "glyphs"
#: Radicals that Unicode does not map to the character they are (EquivalentUnifiedIdeograph of the Unicode database).
_RADICALS = dict(
    zip(
        "⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⺟",
        "民虎西见角贝车長长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙母",
        strict=True,
    )
)
#: Bullets of the Symbol and Wingdings fonts, which a PDF reports in the private use area.
_BULLETS = {
    "\uf0b7": "•", "\uf0a7": "▪", "\uf06c": "●", "\uf06e": "■", "\uf075": "◆", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0b2": "◇",
}  # fmt: skip
_UNSEEN = "\u200b\u2060\u00ad\ufeff"
_GLYPH = re.compile(
    "[\u2f00-\u2fd5\u2e80-\u2ef3\uf900-\ufaff\uff65\uf06c-\uf0fc\u200b\u2060\u00ad\ufeff"
    "\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]|\u22ef{2,6}|(?<![—\n])———(?![—\n])"
)


def propose_glyphs(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Radicals, compatibility ideographs, private-use bullets, wrong ellipses and dashes, and characters that cannot be seen.

    **What it repairs.** `⽂` and `⻓` for 文 and 长 (also doubled: `⽂文`), `⋯⋯` for ……, `———` for ——, `･` for ·, bullets of the
    private use area, zero-width and control characters.

    **How it comes about.** PDF fonts whose map to Unicode names the radical; converters that keep layout characters.

    >>> from pbtool.repair.glyphs import propose_glyphs
    >>> [(e.before, e.after) for e in propose_glyphs("⼈民和⽂文⋯⋯")]
    [('⼈', '人'), ('⽂', ''), ('⋯⋯', '……')]

    **When it is wrong.** In a text about radicals.

    **Source.** The Unicode Character Database: NFKC of the Kangxi radicals, NFC of the compatibility ideographs.
    """
    edits = []
    for match in _GLYPH.finditer(text):
        char = match[0]
        after = _right(char)
        if after is None:
            continue
        if after and text.startswith(after, match.end()) and "\u2e80" <= char <= "\u2fd5":
            after = ""
        edits.append(Edit(match.start(), match.end(), char, after, RULE, "sure", 0.999))
    return edits


@functools.lru_cache(maxsize=4096)
def _right(char: str) -> str | None:
    """The right form of a glyph; None where it is right as it is."""
    if char[0] == "⋯":
        return "……" if len(char) == 2 else None
    if char == "———":
        return "——"
    if char == "\uff65":
        return "·"
    if char in _BULLETS or char in _RADICALS:
        return _BULLETS.get(char) or _RADICALS[char]
    if char in _UNSEEN or unicodedata.category(char) == "Cc":
        return ""
    normal = unicodedata.normalize("NFKC" if "\u2f00" <= char <= "\u2fd5" else "NFC", char)
    return normal if normal != char else None
