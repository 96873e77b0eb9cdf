"""ASCII punctuation in Chinese prose.

The one idea: a mark belongs to what it stands beside. Beside Han it is Chinese and gets its full width; between digits, in
addresses and in Latin text it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit

RULE = "punctuation"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
_CLOSING = "”’》）】」』〉…％"
_MARK = re.compile(rf"(?<=[{HAN}{_CLOSING}])[,;:!?](?!//)|(?<=[0-9A-Za-z%０-９])[,;!?](?=[{HAN}“‘《（])")
_ROUND = re.compile(r"[(（][^()（）\n]{0,60}[)）]")
_HAN = re.compile(f"[{HAN}]")
_ADDRESS = re.compile(r"(?:https?|ftp)://[!-~]{1,500}|www\.[!-~]{1,500}|[\w.+-]{1,64}@[A-Za-z0-9.-]{1,200}")


def propose_punctuation(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """ASCII commas, colons and brackets in Chinese prose become full-width.

    **What it repairs.** `, ; : ! ? ( )` beside Han characters, and brackets of which one half is full-width already.

    **How it comes about.** Web editors and converters that know only ASCII punctuation; fonts that lack one half of a pair.

    >>> from pbtool.repair.punctuation import propose_punctuation
    >>> [(e.start, e.after) for e in propose_punctuation("春耕开始,镇里(含6个村)8:30开会!")]
    [(4, '，'), (7, '（'), (12, '）'), (19, '！')]

    **When it is wrong.** In program text with Chinese words in it. Numbers, clock times, ratios, addresses and Latin text are
    left alone.

    **Source.** GB/T 15834—2011, General rules for punctuation, 4 and 5: in Chinese text a mark takes the width of a character.
    """
    found = {}
    for match in _MARK.finditer(text):
        found[match.start()] = match[0]
    if "(" in text or ")" in text:
        found.update(_brackets(text))
    if not found:
        return []
    kept = _addresses(text) if "://" in text or "@" in text or "www." in text else []
    return [
        Edit(place, place + 1, mark, _FULL[mark], RULE, "likely", 0.98)
        for place, mark in sorted(found.items())
        if not any(start <= place < end for start, end in kept)
    ]


def _brackets(text: str) -> Iterator[tuple[int, str]]:
    """The ASCII halves of brackets that hold Han, or stand right behind Han, or whose other half is full-width."""
    for match in _ROUND.finditer(text):
        opening, closing = match[0][0], match[0][-1]
        if opening + closing == "（）":
            continue
        mixed = opening == "（" or closing == "）"
        before = text[match.start() - 1 : match.start()]
        if mixed or _HAN.search(match[0]) or (_HAN.match(before) and len(match[0]) > 2):
            if opening == "(":
                yield match.start(), opening
            if closing == ")":
                yield match.end() - 1, closing


def _addresses(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _ADDRESS.finditer(text)]
