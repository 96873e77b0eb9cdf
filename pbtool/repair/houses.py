"""Whether a text sets blanks around its numbers or Latin words on purpose, as many web pages do.

The one idea: a house style is consistent. It puts a blank on both sides, throughout a text of whole paragraphs; a layout
leaves blanks on one side, here and there, or in lines that break in the middle of a sentence.
"""

from __future__ import annotations

from functools import cached_property

from pbtool.repair.marks import HAN, is_han
from pbtool.tables import pattern

_KINDS = {"number": "[0-9]", "latin": "[A-Za-z]"}
_SPACED = {
    kind: (pattern(rf"(?<=[{HAN}])[ \xa0](?={chars})"), pattern(rf"(?:(?<={chars})|(?<={chars}%))[ \xa0](?=[{HAN}])"))
    for kind, chars in _KINDS.items()
}  # fmt: skip
_CLOSED = {
    kind: (pattern(rf"[{HAN}]{chars}"), pattern(rf"{chars}%?[{HAN}]")) for kind, chars in _KINDS.items()
}
_BROKEN = pattern(rf"[{HAN}][^\n]{{9,200}}[{HAN}]\n{{1,2}}(?=[{HAN}])")
_WHOLE = pattern("[^\n]{10,10000}[。！？；：”）]\n")
_LEAST = 2  # blanks on either side
_LINES, _LOOK = 3, 60  # lines that hold them, among so many blanks
_CONSISTENT = 0.9


class House:
    """The habits of one text; nothing is counted before it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def keeps(self, start: int, end: int) -> bool:
        """Whether the blank [start, end) stands between Han and what this text sets apart on purpose."""
        left, right = self._text[start - 1], self._text[end]
        if not (is_han(left) or is_han(right)):
            return False
        other = right if is_han(left) else left
        kind = "latin" if other.isascii() and other.isalpha() else "number"
        return (other.isascii() and other.isalnum() or other == "%") and kind in self._kept

    @cached_property
    def mixed(self) -> bool:
        """Whether numbers stand both with and without a blank beside Han: no style does that."""
        return "number" not in self._kept and any(pattern.search(self._text) for pattern in _CLOSED["number"])

    @cached_property
    def _kept(self) -> frozenset[str]:
        if self._wrapped():
            return frozenset()
        kept = {kind for kind in _KINDS if self._consistent(kind)}
        places = [
            match.start()
            for kind in kept
            for spaced in _SPACED[kind]
            for match in spaced.finditer(self._text)
        ]
        lines = {self._text.count("\n", 0, place) for place in places[:_LOOK]}
        if len(lines) < _LINES:
            return frozenset()
        if "number" in kept and not any(pattern.search(self._text) for pattern in _CLOSED["latin"]):
            kept.add("latin")
        return frozenset(kept)

    def _consistent(self, kind: str) -> bool:
        for spaced, closed in zip(_SPACED[kind], _CLOSED[kind], strict=True):
            blanks = sum(1 for _ in spaced.finditer(self._text))
            without = sum(1 for _ in closed.finditer(self._text))
            if blanks < _LEAST or blanks < _CONSISTENT * (blanks + without):
                return False
        return True

    def _wrapped(self) -> bool:
        """Whether lines break in the middle of a sentence about as often as at its end."""
        broken = sum(1 for _ in _BROKEN.finditer(self._text))
        return 2 * broken > sum(1 for _ in _WHOLE.finditer(self._text))
