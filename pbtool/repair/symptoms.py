"""What shows that a text should be repaired before facts are read from it.

The one idea: damage that spoils facts is loud, so a few counts in C over the whole text tell it, and clean text pays nothing.
What is wrong where is for the rules to say; this only says that they should be asked.
"""

from __future__ import annotations

from pbtool.document import Document
from pbtool.repair.marks import HAN
from pbtool.repair.signs import signs
from pbtool.tables import pattern

_CODECS = ("latin-1", "cp1252")
#: Chinese in UTF-8, read with one of these: the lead byte of a Han character of the first planes, and what follows it.
_LEAD = bytes((0xE3,)).decode("latin-1") + "-" + bytes((0xE9,)).decode("latin-1")
_FOLLOWING = "".join(bytes(range(0x80, 0xC0)).decode(codec, "ignore") for codec in _CODECS)
_LATIN = pattern(f"[{_LEAD}](?:[{_FOLLOWING}]{{2}})")
#: The same read as GBK: what the first two bytes of signs and of the commonest characters become, and no text has.
_BEGUN = "".join(char.encode()[:2].decode("gbk") for char in "，。党的国可大动家在经们日方分同")
_DOUBLE = pattern(f"[{_BEGUN}{'，'.encode()[1:].decode('gbk')}]")
#: Signs that every text has, and whose shifted forms are rare as themselves.
_COMMON = "，。、（）”"
#: Characters set apart by spaces.
_SPACED = pattern(f"(?:[{HAN}] ){{5}}")
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
    return f"UTF-8 that was read as Latin-1 ({found[0]})" if _many(len(found), text) else None


def _double(text: str) -> str | None:
    found = _DOUBLE.findall(text)
    kinds = sorted(set(found), key=found.index)
    if len(kinds) < _KINDS or not _many(len(found), text):
        return None
    return f"UTF-8 that was read as GBK ({kinds[0]}, {kinds[1]})"


def _shifted(text: str) -> str | None:
    meant = {char: sign.char for char, sign in signs().items() if sign.char in _COMMON}
    counts = {char: count for char in meant if (count := text.count(char))}
    if len(counts) < _KINDS or not _many(sum(counts.values()), text):
        return None
    first, second = sorted(counts, key=lambda char: -counts[char])[:2]
    return f"shifted signs ({first} for {meant[first]}, {second} for {meant[second]})"


def _spaced(text: str) -> str | None:
    spaced = 10 * len(_SPACED.findall(text))  # in characters; a list of names has a few
    return "characters set apart by spaces" if spaced > len(text) / 10 and spaced > 10 * _FEW else None


def _many(count: int, text: str) -> bool:
    return count > _FEW and count * _RARE > len(text)
