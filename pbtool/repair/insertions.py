"""What was put into the text, or lost from it: pinyin behind a character, HTML entities, characters that became U+FFFD.

The one idea: an insertion can be told by its form; a loss can only be guessed, so it is a suggestion, with the guess that the
language model thinks best.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from html import unescape

from pbtool.document import FontRun
from pbtool.edits import Edit
from pbtool.repair.punctuation import HAN

RULE = "insertions"
LOST = "lost"
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
_PINYIN = re.compile(rf"(?<=[{HAN}])[(（][a-zü]{{0,5}}[{_TONES}][a-zü]{{0,4}}[)）](?=[{HAN}，。、；：？！”])")
_ENTITY = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|lsquo|rsquo|hellip|mdash|middot|#\d{2,6}|#x[0-9a-fA-F]{2,5});"
)
_GONE = re.compile(rf"(?<=[{HAN}])(?:\ufffd|\?)(?=[{HAN}])")
_MOST = 20


def propose_insertions(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Injected pinyin and HTML entities go; a lost character gets a suggestion.

    **What it repairs.** `新時(shí)期`, `建（jiàn）设`, `&nbsp;` and other entities. For U+FFFD, or `?`, between two Han it suggests the
    character that the language model thinks best.

    **How it comes about.** Web pages that give readings, pages escaped twice, converters that met a byte they did not know.

    >>> from pbtool.repair.insertions import propose_insertions
    >>> [(e.before, e.after) for e in propose_insertions("新时（shí）期&nbsp;建设")]
    [('（shí）', ''), ('&nbsp;', ' ')]

    **When it is wrong.** In a textbook, where readings are meant.

    **Source.** HTML Living Standard, named character references; GB/T 16159—2012 for the form of a syllable.
    """
    edits = []
    if "(" in text or "（" in text:
        edits += [Edit(m.start(), m.end(), m[0], "", RULE, "likely", 0.99) for m in _PINYIN.finditer(text)]
    if "&" in text:
        edits += [
            Edit(m.start(), m.end(), m[0], _meant(m[0]), RULE, "likely", 0.99) for m in _ENTITY.finditer(text)
        ]
    if "\ufffd" in text or "?" in text:
        edits += _guessed(text)
    return sorted(edits, key=lambda edit: edit.start)


def _meant(entity: str) -> str:
    char = unescape(entity).replace("\u00a0", " ")
    return char if char.isprintable() and not "\ud800" <= char <= "\udfff" else "\ufffd"


def _guessed(text: str) -> Iterator[Edit]:
    from math import exp

    from pbtool.language import model

    judge = model()
    for number, match in enumerate(_GONE.finditer(text)):
        if number == _MOST:
            return
        left, right = text[max(0, match.start() - 12) : match.start()], text[match.end() : match.end() + 12]
        choices = _common() + ("？",) if match[0] == "?" else _common()
        scores = judge.alternatives(left, choices, right)
        best = max(range(len(choices)), key=scores.__getitem__)
        chance = 1 / sum(exp(min(0.0, score - scores[best])) for score in scores)
        if chance > 0.3:
            yield Edit(
                match.start(), match.end(), match[0], choices[best], LOST, "suggested", min(chance, 0.95)
            )


@functools.cache
def _common() -> tuple[str, ...]:
    """The 3,755 characters of level 1 of GB/T 2312, by arithmetic from the codec."""
    cells = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return tuple(char for cell in cells if len(char := cell.decode("gb2312", "ignore")) == 1)
