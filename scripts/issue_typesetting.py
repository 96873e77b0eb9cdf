"""Sets one article in the style of its issue: title lines, byline, wrapped paragraphs, heads, captions, the author's unit.

The one idea: all choices that concern one article alone are made here; where its lines come to stand is no matter of theirs.
"""

from __future__ import annotations

import random

from issue_parts import Issue, Line, Setting
from issue_sources import Source
from issue_style import Style
from issue_words import PLACES, Words

NO_START = "，。、；：？！）》”’」』"
NO_END = "（《“‘「『"
_MOST_HEADS = 9


def wrap(text: str, width: int, first: int) -> list[str]:
    """Lines of a paragraph with the rules of Chinese setting (no mark at a line's start, half-width counts half)."""
    lines, line, room = [], "", float(first)
    for i, char in enumerate(text):
        size = 0.5 if char.isascii() else 1.0
        after = text[i + 1] if i + 1 < len(text) else ""
        if room < size and char not in NO_START or (room < 2 * size and char in NO_END and after):
            lines.append(line)
            line, room = "", float(width)
        line += char
        room -= size
    return [*lines, line]


class Typesetter:
    """Sets articles for one issue, and notes their titles and authors there."""

    def __init__(self, rng: random.Random, style: Style, words: Words, issue: Issue) -> None:
        self.rng, self.style, self.words, self.issue = rng, style, words, issue

    def setting(self, number: int, source: Source, brief: bool) -> Setting:
        """The lines of an article (of its first paragraph: a brief) in their reading order."""
        self.issue.titles.append(source.title)
        author = self.words.names()
        head = [Line(text, number, "title") for text in self._title(source.title)]
        if brief:
            self.issue.bylines.append(author)
            return Setting(number, head, [], self._brief(number, source.paragraphs[0], author)).ranked()
        body = source.paragraphs[: self.rng.randint(2, 10)]
        head = self._led(number, head)
        byline = self._byline(number, author)
        lines = self._body(number, body)
        if self.style.affiliation and self.style.mode != "web":
            lines.append(Line(f"（作者单位：{self.words.unit()}）", number, "byline"))
        return Setting(number, head, byline, lines).ranked()

    def _title(self, title: str) -> list[str]:
        if self.style.mode != "wrapped" or len(title) <= self.style.width:
            return [title]
        cut = len(title) // 2 + self.rng.randint(-1, 1)
        while title[cut] in NO_START or title[cut - 1] in NO_END or title[cut - 1 : cut + 1].isascii():
            cut += 1
        return [title[:cut], title[cut:]]

    def _led(self, number: int, head: list[Line]) -> list[Line]:
        """The title with a kicker above it or a subtitle below it, where the style has such."""
        if self.style.kickers and self.rng.random() < self.style.kickers:
            return [Line(self.words.kicker(), number, "kicker"), *head]
        if self.style.kickers and self.rng.random() < self.style.kickers:
            return [*head, Line(self.words.subtitle(), number, "subtitle")]
        return head

    def _byline(self, number: int, author: list[str]) -> list[Line]:
        signed = self.style.mode != "web" and (self.style.mode != "lines" or self.style.marked)
        self.issue.bylines.append(author if signed else [])
        names = " ".join(" ".join(n) if len(n) == 2 and self.rng.random() < 0.5 else n for n in author)
        return [Line(("■" if self.style.marked else "") + names, number, "byline")] if signed else []

    def _brief(self, number: int, text: str, author: list[str]) -> list[Line]:
        """A short report: a dateline with its senders, or the senders behind the last word."""
        names = " ".join(author)
        if self.rng.random() < 0.5:
            opening = f"本报{self.rng.choice(PLACES)}讯（通讯员 {names}）"
            lines = self._paragraph(number, opening + text)
            rest = len(opening)
            for line in lines:
                line.skip = min(rest, len(line.text.lstrip()))
                rest -= line.skip
                line.starts = False
            next(line for line in lines if line.skip < len(line.text.lstrip())).starts = True
            return lines
        closing = f"（{names}）"
        lines = self._paragraph(number, text + closing)
        rest = len(closing)
        for line in reversed(lines):
            line.tail = min(rest, len(line.text.lstrip()))
            rest -= line.tail
        return lines

    def _body(self, number: int, body: tuple[str, ...]) -> list[Line]:
        lines: list[Line] = []
        heads = 0
        for text in body:
            headed = self.style.heads and len(body) >= 4 and lines and self.rng.random() < 0.35
            if headed and heads < _MOST_HEADS:
                lines.append(Line(self._heading(heads), number, "heading", True))
                heads += 1
            lines += self._paragraph(number, text)
            if self.rng.random() < self.style.pictures / 3:
                lines.append(Line(self.words.caption(), number, "caption"))
        if lines[-1].role == "caption":
            lines.pop()
        return lines

    def _heading(self, count: int) -> str:
        number = "一二三四五六七八九"[count]
        marks = {"一、": f"{number}、", "（一）": f"（{number}）", "1.": f"{count + 1}.", "plain": ""}
        return self.style.indent + marks[self.style.heads] + self.words.heading()

    def _paragraph(self, number: int, text: str) -> list[Line]:
        style = self.style
        rows = [text] if style.mode != "wrapped" else wrap(text, style.width, style.width - 2)
        rows[0] = style.indent + rows[0]
        return [Line(row, number, "body", not k) for k, row in enumerate(rows)]
