"""What a synthetic issue is made of: lines that know whose they are, the parts of an article, and the issue with its gold.

The one idea: every line carries its article, its role and its place in the reading order, so that the gold is read off the
issue whatever became of the order of its lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Line:
    """A printed line: its text, the article it belongs to (None: furniture), its role, whether a paragraph starts.

    `skip` characters at its start (a dateline) and `tail` at its end (the author) are no part of the paragraph.
    `rank`: its place in the reading order of its article.
    """

    text: str
    article: int | None
    role: str
    starts: bool = False
    skip: int = 0
    tail: int = 0
    rank: int = 0


@dataclass(slots=True)
class Setting:
    """The parts of one article before it is laid out."""

    number: int
    head: list[Line]
    byline: list[Line]
    body: list[Line]

    @property
    def group(self) -> list[Line]:
        """Title and byline, which stand together."""
        return [*self.head, *self.byline]

    def ranked(self) -> Setting:
        """The same with the reading order noted."""
        for rank, line in enumerate(self.body):
            line.rank = rank
        return self


@dataclass(slots=True)
class Issue:
    """The text of an issue and, for every line, what it is; `torn`: what tore an article apart, by its number."""

    lines: list[Line] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    bylines: list[list[str]] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    torn: dict[int, str] = field(default_factory=dict)
    damage: str = ""

    def add(self, lines: list[Line], blank: int) -> None:
        """Put lines at the end, with so many blank lines behind each."""
        self.lines += lines
        self.blanks += [blank] * len(lines)

    def text(self) -> str:
        """The issue as its text layer has it."""
        return "".join(
            line.text + "\n" * (1 + blank) for line, blank in zip(self.lines, self.blanks, strict=True)
        )

    def gold(self) -> dict[str, Any]:
        """Articles, roles, reading order and paragraph starts in places of `text()`."""
        place, spans, starts = 0, [], []
        for line, blank in zip(self.lines, self.blanks, strict=True):
            low = place + len(line.text) - len(line.text.lstrip())
            high = place + len(line.text)
            first, last = low + line.skip, high - line.tail
            for start, end, role in (
                (low, first, "byline"),
                (first, last, line.role),
                (last, high, "byline"),
            ):
                if start < end:
                    spans.append([start, end, line.article, role, line.rank])
            if line.starts:
                starts.append(first)
            place += len(line.text) + 1 + blank
        return {"spans": spans, "starts": starts, "titles": self.titles, "bylines": self.bylines}
