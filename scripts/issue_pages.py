"""Lays the articles of a synthetic issue on pages: one after the other, turned over, sharing columns, in boxes, backwards.

The one idea: what tears articles apart here is what tears them apart in print, no more and no less. Text breaks where a column
is full, in the middle of a sentence or not, as it happens. Articles that share a page are set in columns of equal height (a
picture or a head makes one of them longer by a few lines), so that a text layer which comes out column by column holds equal
parts of them in turn. Whoever turns an article over to a later page says so in print, at one of the two ends at least; a text
layer may have lost the marks, but rarely.
"""

from __future__ import annotations

import random
from dataclasses import replace

from issue_parts import Issue, Line, Setting
from issue_style import Style
from issue_typesetting import wrap
from issue_words import COLUMNS, Words

_LONG = 24  # lines of an article that is worth a box or a second part
_MARGIN = 8  # lines that stay together at either end of it


class Pages:
    """The pages of one issue in the making."""

    def __init__(self, rng: random.Random, style: Style, words: Words, issue: Issue) -> None:
        self.rng, self.style, self.words, self.issue = rng, style, words, issue
        self.page = rng.randint(1, 9)
        self._turned: list[tuple[Setting, Line | None, int]] = []

    def print(self, settings: list[Setting], briefs: list[Setting]) -> None:
        """Set the articles on pages, the briefs together on one, and at last what was turned over."""
        if self.style.contents:
            self._contents([*settings, *briefs])
        queue = list(settings)
        while queue:
            setting, chance = queue.pop(0), self.rng.random()
            if chance < self.style.continued:
                self._pages(self._turn(setting))
            elif queue and chance < self.style.continued + self.style.beside:
                self._share_columns(setting, queue.pop(0))
            elif chance > 1 - self.style.backwards and len(setting.body) >= _LONG:
                self._backwards(setting)
            elif queue and chance > 1 - self.style.boxes and len(setting.body) >= _LONG:
                self._boxed(setting, queue.pop(0))
            else:
                self._pages(setting)
        if briefs:
            self._page([line for s in briefs for line in (*s.group, *s.body)])
        self._turn_over()

    def _contents(self, settings: list[Setting]) -> None:
        """A table of contents; the pages in it are near the truth, as in life."""
        lines = [Line("目 录", None, "other")]
        for number, setting in enumerate(settings):
            title = self.issue.titles[setting.number]
            lines.append(Line(f"{title}……{self.page + 1 + number}", None, "other"))
        self._page(lines)

    # --- what tears articles apart -----------------------------------------------------------------------------------

    def _cuts(self, lines: list[Line], margin: int = _MARGIN) -> list[int]:
        """Where a column may end: between any two lines of running text."""
        return [i for i in range(margin, len(lines) - margin) if lines[i].role == lines[i - 1].role == "body"]

    def _turn(self, setting: Setting) -> Setting:
        """Break an article off; the rest goes to a page at the end of the issue."""
        cuts = self._cuts(setting.body)
        if not cuts:
            return setting
        cut = self.rng.choice(cuts)
        goes = Line("", None, "other") if self.rng.random() < 0.85 else None
        self._turned.append((Setting(setting.number, [], [], setting.body[cut:]), goes, self.page))
        self.issue.torn[setting.number] = "turned"
        return replace(setting, body=[*setting.body[:cut], *([goes] if goes else [])])

    def _turn_over(self) -> None:
        """The rests of the articles that were broken off, each on pages of its own."""
        for setting, goes, page in self._turned:
            comes = self.rng.random() < 0.8
            if goes is not None:
                goes.text = f"（下转第{self.page}版）"
            if comes:
                setting.body.insert(0, Line(f"（上接第{page}版）", None, "other"))
            if goes is None and not comes:
                self.issue.torn[setting.number] = "turned unmarked"
            self._pages(setting)

    def _share_columns(self, upper: Setting, lower: Setting) -> None:
        """Two articles one above the other in two or three columns, as the text comes out column by column."""
        count = self.rng.choice((2, 2, 3))
        columns = [self._columns(setting, count) for setting in (upper, lower)]
        for setting in (upper, lower):
            self.issue.torn[setting.number] = "beside"
        self._page([line for pair in zip(*columns, strict=True) for part in pair for line in part])

    def _columns(self, setting: Setting, count: int) -> list[list[Line]]:
        """The lines of an article in columns of one height, its title before the first."""
        body, deep = setting.body, -(-len(setting.body) // count)
        ends = [
            deep * k + (self.rng.choice((0, 0, 0, -3, -2, 2, 3)) if deep > 8 else 0) for k in range(1, count)
        ]
        ends = [end - (0 < end <= len(body) and body[end - 1].role == "heading") for end in ends]
        parts = [body[low:high] for low, high in zip([0, *ends], [*ends, len(body)], strict=True)]
        return [[*setting.group, *parts[0]], *parts[1:]]

    def _backwards(self, setting: Setting) -> None:
        """An article whose second part comes first in the file."""
        cuts = self._cuts(setting.body)
        if not cuts:
            self._pages(setting)
            return
        cut = self.rng.choice(cuts)
        self.issue.torn[setting.number] = "backwards"
        self._page([*setting.body[cut:], *setting.group, *setting.body[:cut]])

    def _boxed(self, setting: Setting, inner: Setting) -> None:
        """An article with another one in a box in the midst of a column."""
        cuts = self._cuts(setting.body)
        if not cuts:
            self._pages(setting)
            self._pages(inner)
            return
        cut = self.rng.choice(cuts)
        self.issue.torn[setting.number] = self.issue.torn[inner.number] = "box"
        box = [*inner.group, *inner.body]
        self._page([*setting.group, *setting.body[:cut], *box, *setting.body[cut:]])

    # --- pages -------------------------------------------------------------------------------------------------------

    def _pages(self, setting: Setting) -> None:
        """Set an article on pages of its own, the title group where the style puts it."""
        place = self.style.order
        if place == "mixed":
            place = self.rng.choice(("before", "after", "middle"))
        group, rest = setting.group, setting.body
        while rest or group:
            part, rest = rest[: self.style.rows], rest[self.style.rows :]
            if len(rest) == 1 or (rest and rest[0].role not in ("body", "other")):
                part, rest = part + rest, []
            if place == "before":
                part = group + part
            elif place == "after":
                part = part + group
            elif group:
                cuts = self._cuts(part, 3)
                cut = self.rng.choice(cuts) if cuts else 0
                part = part[:cut] + group + part[cut:]
            group = []
            self._page(part)

    def _page(self, part: list[Line]) -> None:
        """A page: headers and footers around its lines, now and then a note of the editors above a title."""
        style, rng = self.style, self.rng
        top = [Line(style.header, None, "running_header")] if rng.random() < 0.5 or not style.space else []
        if top and rng.random() < 0.4:
            top.append(Line(rng.choice(COLUMNS), None, "running_header"))
        bottom = [Line(f"责任编辑：{self.words.name()}", None, "footer")] if rng.random() < 0.1 else []
        bottom += [Line(style.number.format(self.page), None, "page_number")] if style.number else []
        whole = [*top, *self._note(part[0]), *part, *bottom]
        if style.space and not top:
            whole[0].text = " " + whole[0].text.lstrip()
        self.issue.add(whole, style.blank)
        self.page += 1

    def _note(self, first: Line) -> list[Line]:
        if self.rng.random() >= 0.04 or first.role != "title" or first.article is None:
            return []
        rows = wrap(self.words.note(), self.style.width, self.style.width - 2)
        return [Line(row, first.article, "note") for row in rows]
