"""Captions that neither a photographer nor a sign gives away, in text that is not wrapped.

The one idea: a web page sets its pictures between the paragraphs, so that their captions are lines apart: larger gaps around
them, several in a row, longer than heads are, behind the end of an article; and they speak of people or of a scene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbtool.articles.bylines import trailing_byline
from pbtool.articles.lines import ENTRY
from pbtool.articles.pictures import describes
from pbtool.articles.titles import has_subtitle

if TYPE_CHECKING:
    from pbtool.articles.blocks import Blocks


class Legends:
    """Finds such captions among the display lines of a document's blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks

    def name(self) -> None:
        """Descriptions of pictures in text that is not wrapped: set apart by larger gaps, or between article and title."""
        p = 0
        while p < len(self.blocks.rest):
            end = p
            while end < len(self.blocks.rest) and self._captionable(p, end):
                end += 1
            if end > p:
                self._name_captions(list(range(p, end)))
            p = max(end, p + 1)

    def _captionable(self, first: int, p: int) -> bool:
        """Whether line p may be a caption in a run of display lines that begins at `first`."""
        line = self.blocks.lines[self.blocks.rest[p]]
        if self.blocks.measures.wrapped[p] or (
            p > first and self.blocks.rest[p] != self.blocks.rest[p - 1] + 1
        ):
            return False
        if self.blocks.kinds[self.blocks.rest[p]] == "title":
            return True
        if ENTRY.match(line.text):
            return False
        whole = "。" not in line.text[:-1]
        long_phrase = not self.blocks.kinds[self.blocks.rest[p]] and 22 < line.width <= 70 and whole
        beside = p > first or (
            p + 1 < len(self.blocks.rest) and self.blocks.kinds[self.blocks.rest[p + 1]] == "title"
        )
        return long_phrase and beside and (not line.ends or (p > first and self._phrase_after(p)))

    def _phrase_after(self, p: int) -> bool:
        after = self.blocks.lines[self.blocks.rest[p + 1]] if p + 1 < len(self.blocks.rest) else None
        return after is not None and not after.ends and after.width > 22 and "。" not in after.text

    def _name_captions(self, run: list[int]) -> None:
        first = self.blocks.rest[run[0]]
        signed = first > 0 and self._article_ended(first - 1)
        behind = run[-1] + 1
        followed = behind < len(self.blocks.rest) and not self.blocks.kinds[self.blocks.rest[behind]]
        wide_gap = [
            p
            for p in run
            if first and self.blocks.lines[self.blocks.rest[p]].gap >= self.blocks.measures.typical_gap + 2
        ]
        long = [p for p in run if len(run) > 1 and p > 0 and self._long_phrase(self.blocks.rest[p])]
        chosen = {*(wide_gap if len(wide_gap) > 1 else ()), *long}
        if signed:
            short = run[-1] + 1
            while followed and short > run[0] and (short - 1) not in long:
                short -= 1
            chosen.update(range(run[0], short))
        if all(kind == "furniture" for kind in self.blocks.kinds[:first]):
            chosen.discard(run[0])  # the first line of all is the title
        for p in run:
            if p in chosen:
                self.blocks.kinds[self.blocks.rest[p]] = "caption"
            elif (
                not self.blocks.kinds[self.blocks.rest[p]]
                and self.blocks.lines[self.blocks.rest[p]].width <= 40
            ):
                self.blocks.kinds[self.blocks.rest[p]] = "title"

    def _long_phrase(self, i: int) -> bool:
        """Whether line i is longer than titles are, and nothing below says that it is one all the same."""
        below = i + 1 if i + 1 < len(self.blocks.lines) else i
        headed = self.blocks.kinds[below] == "byline" or has_subtitle(
            [self.blocks.lines[i].text, self.blocks.lines[below].text]
        )
        return self.blocks.lines[i].width > 26 and not headed and describes(self.blocks.lines[i].text)

    def _article_ended(self, i: int) -> bool:
        if self.blocks.kinds[i] in ("affiliation", "origin"):
            return True
        return not self.blocks.kinds[i] and trailing_byline(self.blocks.lines[i].text) is not None
