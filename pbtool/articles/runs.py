"""Display lines before a break, and in the middle of a sentence: where does running text stop and a title begin?

The one idea: every cut between running and display lines is scored by the language model (does the text above go on behind the
break, is the last display line whole, do its lines read on) and by form, and the best cut is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pbtool.articles.forms import turn_mark
from pbtool.articles.lines import ENUMERATOR, TextLine
from pbtool.articles.wrapping import completeness, continuation, joining

if TYPE_CHECKING:
    from pbtool.articles.blocks import Blocks

_RUN = 4
_FIRST = 4.0  # what speaks against a title that is as long as a paragraph's first line without its indent
_TORN = -1.5  # what running text that does not go on behind the break loses at most
_DASH = "——"  # ends a kicker as well as a sentence
COMMA = "，、；,;"
CLOSING = "，。、；：？！,;:)）】》」』”’%％"


class Runs:
    """Decides about runs of lines for the blocks of a document."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self._places = {blocks.lines[i].start: p for p, i in enumerate(blocks.rest)}

    def trailing(self, last: int) -> None:
        """Where the running text stops before a break: which of the lines above it are display lines?"""
        if (
            self.blocks.kinds[self.blocks.rest[last]] not in ("", "title")
            or not self.blocks.measures.wrapped[last]
        ):
            return
        run = self._run(last)
        if not run:
            return
        x = self.blocks.rest[run[0] - 1] if run[0] > 0 and not self._gap_before(run[0]) else None
        previous = self.blocks.lines[x] if x is not None and not self.blocks.kinds[x] else None
        if previous is not None and not previous.ends and ENUMERATOR.match(previous.text):
            previous = None  # a head of its own: running text begins below it
        elif len(run) > 1 and (previous is None or previous.ends) and self._heads_paragraph(run[0]):
            self.blocks.kinds[self.blocks.rest[run[0]]] = "title"
            run, previous = run[1:], None
        following = self._next_body(last)
        if last + 1 < len(self.blocks.rest) and any(
            map(self._turns, range(self.blocks.rest[last] + 1, self.blocks.rest[last + 1]))
        ):
            return
        scores = [self._cut_score(run, cut, previous, following) for cut in range(len(run) + 1)]
        below = self.blocks.rest[last] + 1
        if below < len(self.blocks.lines) and self.blocks.kinds[below] == "byline":
            scores[:-1] = [score + 3.0 for score in scores[:-1]]
        best = max(range(len(scores)), key=lambda cut: scores[cut])
        for number, p in enumerate(run):
            self.blocks.kinds[self.blocks.rest[p]] = "title" if number >= best else ""

    def _heads_paragraph(self, p: int) -> bool:
        """Whether line p is too short for a paragraph's first line, and the next one looks like that (without its indent)."""
        measures = self.blocks.measures
        return measures.firsts_short and measures.short(p) > 3.5 and measures.indented(p + 1)

    def _turns(self, i: int) -> bool:
        """Whether line i says that the text before it goes on elsewhere."""
        return (
            self.blocks.roles[i] == "other"
            and turn_mark(self.blocks.lines[i].text)
            and "接" not in self.blocks.lines[i].text[:3]
        )

    def _run(self, last: int) -> list[int]:
        run: list[int] = []
        for p in range(last, max(-1, last - _RUN), -1):
            line = self.blocks.lines[self.blocks.rest[p]]
            asks = p == last and line.ends and self._asks(p)
            comma = line.text[-1] in COMMA and (p == last or line.text[-1] != "、")
            head = ENUMERATOR.match(line.text) is not None and p != last
            kept = (
                head
                or self.blocks.running[self.blocks.rest[p]]
                or self.blocks.kinds[self.blocks.rest[p]] not in ("", "title")
            )
            leads = p != last and line.text.endswith(_DASH)
            if (line.ends and not asks and not leads) or comma or kept:
                break
            run.insert(0, p)
            if self._gap_before(p):
                break
        return run

    def _asks(self, p: int) -> bool:
        """A title that ends like a sentence (`…怎么办？`): alone above a byline, behind the end of another text."""
        i, line = self.blocks.rest[p], self.blocks.lines[self.blocks.rest[p]]
        above = i + 1 < len(self.blocks.lines) and self.blocks.kinds[i + 1] == "byline"
        fresh = p == 0 or self._gap_before(p) or self.blocks.lines[self.blocks.rest[p - 1]].ends
        return above and fresh and line.text[-1] in "？！?!…⋯”" and "。" not in line.text

    def _gap_before(self, p: int) -> bool:
        return (
            p == 0
            or self.blocks.rest[p] != self.blocks.rest[p - 1] + 1
            or self.blocks.lines[self.blocks.rest[p]].top
        )

    def _next_body(self, last: int) -> TextLine | None:
        for p in range(last + 1, min(last + 8, len(self.blocks.rest))):
            if not self.blocks.kinds[self.blocks.rest[p]]:
                return self.blocks.lines[self.blocks.rest[p]]
        return None

    def _cut_score(
        self, run: list[int], cut: int, previous: TextLine | None, following: TextLine | None
    ) -> float:
        """How well the lines before `cut` read as running text that goes on behind the break; the others are display."""
        score, line, measures = 0.0, previous, self.blocks.measures
        for p in run[:cut]:
            here = self.blocks.lines[self.blocks.rest[p]]
            fresh = line is None or (line.ends and not line.text.endswith(_DASH))
            short = self.blocks.measures.short(p)
            if not fresh and line is not None:
                score += continuation(line.text, here.text)
            if short < -1.75 or (short > 1.25 and not (fresh and short <= 3.3)):
                score -= 1.5 if fresh and short > 3.3 and p != run[cut - 1] else 4.0
            line = here
        if line is not None and (not line.ends or line.text.endswith(_DASH)):
            # What goes on elsewhere (on another page) says little against running text.
            score += max(_TORN, joining(line.text, following.text)) if following is not None else -1.0
            score -= completeness(line.text)
        for p, q in zip(run[cut:], run[cut + 1 :], strict=False):
            score += max(
                0.0,
                continuation(
                    self.blocks.lines[self.blocks.rest[p]].text, self.blocks.lines[self.blocks.rest[q]].text
                ),
            )
        if cut < len(run):
            score += completeness(self.blocks.lines[self.blocks.rest[run[-1]]].text)
        for p in run[cut:]:
            text = self.blocks.lines[self.blocks.rest[p]].text
            score -= 6.0 * any(c in text for c in "。；") + 1.5 * ("，" in text)
            score -= 2.0 * (abs(self.blocks.measures.short(p)) < 0.6) + 3.0 * self._indented(p)
        if cut == 0 and (previous is None or previous.ends):
            score += 1.5
            score += self._opens(following)
            score -= _FIRST * (measures.firsts_short and measures.indented(run[0]))
            if self.blocks.measures.short(run[0]) > 3.5 or self.blocks.measures.short(run[0]) < -1.75:
                score += 1.5
        return score

    def _indented(self, p: int) -> bool:
        """Whether line p opens a paragraph by its indent, where indents are kept."""
        return (
            self.blocks.measures.indents_speak and 1.0 <= self.blocks.lines[self.blocks.rest[p]].indent <= 3.0
        )

    def _opens(self, following: TextLine | None) -> float:
        """Whether the running text behind a break looks like the first line of a paragraph (> 0) or a later one."""
        if following is None:
            return 0.0
        p = self._places[following.start]
        if following.indent >= 1.0 or self.blocks.measures.indents_speak:
            return 2.0 if following.indent >= 1.0 else -2.0
        return 1.0 if 1.4 <= self.blocks.measures.short(p) <= 3.3 else -1.0

    def interruption(self, p: int) -> None:
        """A title in the middle of a sentence: the text before it goes on better behind it."""
        i, x = self.blocks.rest[p], self.blocks.rest[p - 1]
        line, before = self.blocks.lines[i], self.blocks.lines[x]
        if (
            self.blocks.kinds[i]
            or self.blocks.kinds[x]
            or before.ends
            or line.ends
            or line.text[0] in CLOSING
        ):
            return
        first = continuation(before.text, line.text)
        odd = self.blocks.measures.short(p) > 1.25 or self.blocks.measures.short(p) < -1.75
        if first > (0.5 if odd else -1.0) or before.text[-1] in "“（《" or line.text[0] in "“‘《":
            return
        for cut in range(1, 4):
            q = p + cut
            if q >= len(self.blocks.rest) or self.blocks.kinds[self.blocks.rest[q]]:
                return
            inner = self.blocks.lines[self.blocks.rest[q - 1]]
            if inner.ends or inner.text[-1] in COMMA:
                return
            after = self.blocks.lines[self.blocks.rest[q]]
            better = continuation(before.text, after.text)
            clear = better > 1.0 and better - first > (3.0 if odd else 5.0)
            if clear and continuation(inner.text, after.text) < 0.5:
                for k in range(p, q):
                    self.blocks.kinds[self.blocks.rest[k]] = "title"
                return
