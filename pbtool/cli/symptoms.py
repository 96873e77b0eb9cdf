"""What shows that a text should be repaired before facts are read from it.

The one idea: damage that spoils facts is loud, so a few counts in C over the whole text tell it, and clean text pays nothing.
What is wrong where is for `pbtool check` to say; this only says that it should be asked.
"""

from __future__ import annotations

import re

from pbtool.document import Document
from pbtool.terminal import safe

#: Chinese in UTF-8, read as Latin-1 or Windows-1252: a lead byte and what follows it.
_LATIN = re.compile("[ã-é](?:[\x80-\xbfŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]{2})")
#: The same read as GBK: what its signs and commonest characters become, and no text has.
_DOUBLE = re.compile("[锛紝銆鍏鐨鍥鍙澶鍔瀹鍦缁浠鏃鏂鍒鍚]")
#: Signs of Founder's typesetting without their map, and what they stand for.
_SHIFTED = {"袁": "，", "遥": "。", "尧": "、", "渊": "（", "冤": "）", "冶": "”"}
#: Characters set apart by spaces.
_SPACED = re.compile("(?:[㐀-鿿] ){5}")
#: Fewer are no damage of the text; of so many characters one must be damaged; so many kinds of signs must be shifted.
_FEW, _RARE, _KINDS = 3, 400, 3


def symptom(document: Document) -> str | None:
    """What is seen in the document that `fix` repairs and that spoils facts; None where nothing is, or where it was fixed."""
    if "fix" in document.steps:
        return None
    text = document.text or "\n".join(
        passage.text for article in document.articles for _, _, passage in article.passages()
    )
    return _latin(text) or _double(text) or _shifted(text) or _spaced(text)


def _latin(text: str) -> str | None:
    found = _LATIN.findall(text)
    return f"UTF-8 that was read as Latin-1 ({safe(found[0])})" if _many(len(found), text) else None


def _double(text: str) -> str | None:
    found = _DOUBLE.findall(text)
    kinds = sorted(set(found), key=found.index)
    if len(kinds) < _KINDS or not _many(len(found), text):
        return None
    return f"UTF-8 that was read as GBK ({kinds[0]}, {kinds[1]})"


def _shifted(text: str) -> str | None:
    counts = {char: count for char in _SHIFTED if (count := text.count(char))}
    if len(counts) < _KINDS or not _many(sum(counts.values()), text):
        return None
    first, second = sorted(counts, key=lambda char: -counts[char])[:2]
    return f"shifted signs ({first} for {_SHIFTED[first]}, {second} for {_SHIFTED[second]})"


def _spaced(text: str) -> str | None:
    spaced = 10 * len(_SPACED.findall(text))  # in characters; a list of names has a few
    return "characters set apart by spaces" if spaced > len(text) / 10 and spaced > 10 * _FEW else None


def _many(count: int, text: str) -> bool:
    return count > _FEW and count * _RARE > len(text)
