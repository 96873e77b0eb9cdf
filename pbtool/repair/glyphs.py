"""Characters that only look right: radicals for characters, private glyphs for bullets, invisible ones for nothing.

The one idea: one character class finds everything that has no business in Chinese prose, one table or one line says what
it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pbtool import tables
from pbtool.document import FontRun
from pbtool.edits import Edit, Grade
from pbtool.repair.marks import is_han
from pbtool.repair.trust import trust
from pbtool.tables import pattern

RULE = "glyphs"
_BULLETS = {
    "\uf06c": "●", "\uf06e": "■", "\uf06f": "□", "\uf071": "❑", "\uf075": "◆", "\uf076": "❖", "\uf0a7": "▪",
    "\uf0a8": "□", "\uf0b2": "◆", "\uf0b7": "•", "\uf0d8": "➢", "\uf0e8": "➔", "\uf0f0": "➪", "\uf0fc": "✓",
}  # fmt: skip
_HALF = {"｡": "。", "｢": "「", "｣": "」", "､": "、"}
_INVISIBLE = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
_QUOTED = frozenset("”’》）")
_JOINERS = "\u200c\u200d"
_MISSING = "〓"  # what printers set for a character they do not have
_SINGLE = "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f\ue000-\uf8ff｡｢｣､・･‧"
_ODD = pattern(f"[{_INVISIBLE}{_SINGLE}⋯]")
_RUN = pattern(f"[{_INVISIBLE}]{{1,500}}|⋯{{1,60}}|[{_SINGLE}]")
_DASHES = pattern("———[—―─]{0,57}|[―─][—―─]{1,59}")
_RIGHT_TO_LEFT = pattern("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_KANA = pattern("[ぁ-ヺー-ヿｦ-ﾟ]")


def propose_glyphs(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Look-alike code points become the characters that were meant, and invisible ones disappear.

    What it repairs: Kangxi and CJK radicals (`⼀⽅`, `⻓`), also where the right character follows (`⽂文`); compatibility
    ideographs; bullets in private code points; half-width `｡｢｣､`; Japanese dots in names; `⋯⋯` for `……`; a dash of three
    strokes or of box-drawing lines; control characters, zero-width characters and soft hyphens. Other private glyphs are reported.

    How it comes about: a PDF's font maps glyphs to the first code point that looks like them; Word's symbol fonts live in
    private code points; web pages carry invisible characters along.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "⼀⽅⽔⼟养⼀⽅⼈⋯⋯"
        >>> apply(text, propose_glyphs(text))
        '一方水土养一方人……'

    When it is wrong: in a text about radicals. Joiners inside emoji and Arabic or Indic words stay, direction marks stay
    where anything runs from right to left, and dots stay beside kana.

    Source: the compatibility mappings of Unicode (NFKC); for CJK radicals its EquivalentUnifiedIdeograph data
    (`data/radicals.tsv`).
    """
    return sorted(_edits(text), key=lambda edit: edit.start)


def _edits(text: str) -> Iterator[Edit]:
    directed: bool | None = None
    for match in _odd(text):
        start, end, before = match.start(), match.end(), match.group()
        left, right = text[start - 1 : start], text[end : end + 1]
        if "\x80" <= before[0] <= "\x9f" and (_latin(left) or _latin(right)):
            continue  # what is left of text read with the wrong codec
        if before[0] in _JOINERS and not (_plain(left) and _plain(right)):
            continue
        if before[0] in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
            directed = bool(_RIGHT_TO_LEFT.search(text)) if directed is None else directed
            if directed:
                continue
        if before in _HALF and _KANA.search(text[max(0, start - 30) : end + 30]):
            continue
        found = _meant(before, left, right)
        if found is not None and found[0] != before:
            after, grade, confidence = found
            yield Edit(start, end, before, after, RULE, grade, confidence)


def _odd(text: str) -> Iterator[re.Match[str]]:
    """Runs that are out of place; a class alone is searched several times faster than alternatives."""
    place = 0
    while found := _ODD.search(text, place):
        match = _RUN.match(text, found.start())
        if match is None:
            return
        yield match
        place = match.end()
    if "———" in text or "―" in text or "─" in text:
        yield from _DASHES.finditer(text)


def _latin(char: str) -> bool:
    return "\xa0" <= char <= "\xff"


def _plain(char: str) -> bool:
    """A neighbour that needs no joiner: nothing, a blank, ASCII, Han, a mark."""
    return not char or char.isspace() or char < "\x7f" or is_han(char) or unicodedata.category(char)[0] == "P"


def _meant(before: str, left: str, right: str) -> tuple[str, Grade, float] | None:
    first = before[0]
    if "\u2e80" <= first <= "\u2fdf":
        after = radicals().get(first, first)
        known = trust("glyphs: radicals")
        return ("", "likely", trust("glyphs: doubled radicals")) if right == after else (after, "sure", known)
    if "\uf900" <= first <= "\ufaff" or first >= "\U0002f800":
        return unicodedata.normalize("NFKC", first), "sure", trust("glyphs: compatibility")
    if "\ue000" <= first <= "\uf8ff":
        begins = not left or left.isspace()
        if begins and first in _BULLETS:
            return _BULLETS[first], "likely", trust("glyphs: bullets")
        return "■" if begins else _MISSING, "suggested", trust("glyphs: private")
    if first in _HALF:
        return _HALF[first], "sure", trust("glyphs: half-width marks")
    if first in "・･‧":
        return ("·", "likely", trust("glyphs: dots in names")) if is_han(left) and is_han(right) else None
    if first == "⋯":
        return "…" * len(before), "sure", trust("glyphs: dots")
    if first in "—―─":
        return _dash(before, left, right)
    return "", "sure", trust("glyphs: invisible")


def _dash(before: str, left: str, right: str) -> tuple[str, Grade, float] | None:
    """A dash before a word has two strokes, in a line and where it begins one; a longer line, or one that ends one, is a rule."""
    beside = is_han(left) or left in _QUOTED or is_han(right)
    between = beside and bool(right.strip()) and (bool(left.strip()) or left in ("", "\n"))
    wrong = len(before) == 3 or (len(before) == 2 and before != "——")
    return ("——", "likely", trust("glyphs: dashes")) if between and wrong else None


@lru_cache(maxsize=1)
def radicals() -> dict[str, str]:
    """Radical -> the character that it looks like."""
    kangxi = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    return kangxi | tables.pairs("radicals.tsv")
