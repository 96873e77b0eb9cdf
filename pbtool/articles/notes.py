"""Notes of the editors (`编者按：…`): which lines are of the note, and where does the article below it begin?

The one idea: a note is a paragraph behind a label; its label may stand alone, and then its text is the next paragraph, or the
lines of the page that are set in another measure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbtool.articles.forms import note_label

if TYPE_CHECKING:
    from pbtool.articles.blocks import Blocks


class Notes:
    """Finds the notes of the editors among the lines of a document."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks

    def labelled(self) -> None:
        i = 0
        while i < len(self.blocks.lines):
            label = 0 if self.blocks.kinds[i] else note_label(self.blocks.lines[i].text)
            if label:
                end = i if label == len(self.blocks.lines[i].text) else self.end(i)
                for k in range(i, end + 1):
                    self.blocks.kinds[k], self.blocks.groups[k] = "note", i
                i = end
            i += 1

    def end(self, first: int) -> int:
        """The last line of a paragraph that begins at a line: it ends a sentence and stays short, or nothing follows."""
        lines, width = self.blocks.lines, self.blocks.lines[first].width
        for i in range(first, min(first + 60, len(lines))):
            width = max(width, lines[i].width)
            last = i + 1 == len(lines) or lines[i + 1].top or bool(self.blocks.kinds[i + 1])
            beside = lines[min(i + 1, len(lines) - 1)].width
            alone = i == first and (
                width > 44 or not (0.8 * width <= beside <= 1.25 * width or self._closes(i))
            )
            if last or (
                lines[i].ends
                and (
                    alone
                    or self._headed(i + 1)
                    or self._displayed(i + 1, width)
                    or lines[i].width <= width - 1
                    or lines[i + 1].gap > lines[first + 1].gap
                )
            ):
                return i
        return first

    def _displayed(self, i: int, width: float) -> bool:
        """Whether line i is no running text of so many cells: it stays short and ends no sentence."""
        line = self.blocks.lines[i]
        return not line.ends and line.width + line.indent <= width - 1.25

    def _closes(self, i: int) -> bool:
        """Whether the line behind line i is the last, short one of a paragraph, with a title below it."""
        if (
            i + 2 >= len(self.blocks.lines)
            or not self.blocks.lines[i + 1].ends
            or self.blocks.lines[i + 1].gap > self.blocks.lines[i].gap
        ):
            return False
        width = self.blocks.lines[i].width
        return self.blocks.lines[i + 1].width < width and (
            self._displayed(i + 2, width) or self._headed(i + 2)
        )

    def _headed(self, i: int) -> bool:
        """Whether a title of a line or two and its byline begin at line i."""
        below = [k for k in (i + 1, i + 2) if k < len(self.blocks.lines) and self.blocks.kinds[k] == "byline"]
        return bool(below) and not any(
            self.blocks.kinds[k] or self.blocks.lines[k].ends for k in range(i, below[0])
        )

    def bare(self) -> None:
        """A label alone (`编者按`): its text follows, or stands on the page in lines of another measure."""
        for i in [
            k for k, kind in enumerate(self.blocks.kinds) if kind == "note" and self.blocks.groups[k] == k
        ]:
            text = self.blocks.lines[i].text
            if note_label(text) != len(text):
                continue
            block = self._odd_block(i)
            for k in block:
                self.blocks.kinds[k], self.blocks.groups[k] = "note", i

    def _odd_block(self, label: int) -> list[int]:
        """The lines that a bare label stands for: a run of another width on the same page, else the next paragraph."""
        page = self._page(label)
        free = [k for k in page if not self.blocks.kinds[k]]
        if not free:
            return []
        widths = sorted(self.blocks.lines[k].width for k in free)
        usual = widths[len(widths) // 2]
        wide = [k for k in free if self.blocks.lines[k].width > usual * 1.3]
        if wide and len(wide) * 2 < len(free):
            end = self.end(wide[0])
            return list(range(wide[0], end + 1))
        after = [k for k in free if k > label]
        return list(range(after[0], self.end(after[0]) + 1)) if after and after[0] == label + 1 else []

    def _page(self, i: int) -> list[int]:
        low = i
        while low > 0 and not self.blocks.lines[low].top and i - low < 150:
            low -= 1
        high = i + 1
        while high < len(self.blocks.lines) and not self.blocks.lines[high].top and high - i < 150:
            high += 1
        return list(range(low, high))
