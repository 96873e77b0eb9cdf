"""The style of a synthetic issue: how wide it sets its columns, where titles stand, what stands at the edges, what is damaged.

The one idea: a style is drawn once from a seed, and everything in the issue follows it, as in a real one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from issue_words import PAPERS, PLACES


@dataclass(slots=True)
class Style:
    """What all pages of one issue have in common.

    `mode`: `wrapped` (columns), `lines` (a paragraph a line), `web`. `continued`, `beside`, `backwards`, `boxes`: how often an
    article is turned over to a later page, shares the columns of a page with another, comes out second part first, or is
    interrupted by one in a box. `width`: cells of a column; `rows`: lines of a page.
    """

    width: int
    rows: int
    blank: int
    indent: str
    order: str
    marked: bool
    affiliation: bool
    header: str
    number: str
    space: bool
    continued: float
    mode: str
    heads: str
    pictures: float
    kickers: float
    briefs: bool
    beside: float
    backwards: float
    boxes: float
    contents: bool
    damage: str


def draw_style(rng: random.Random) -> Style:
    """A style that some real issue could have."""
    place = rng.choice(PLACES)
    mode = rng.choice(("wrapped", "wrapped", "wrapped", "wrapped", "lines", "web"))
    return Style(
        width=rng.randint(15, 28),
        rows=rng.randint(28, 60),
        blank=rng.choice((0, 0, 1)),
        indent=rng.choice(("", "", "　　")),
        order=rng.choice(("before", "before", "after", "mixed")),
        marked=rng.random() < 0.7,
        affiliation=rng.random() < 0.6,
        header=place + rng.choice(PAPERS),
        number=rng.choice(("{}", "- {} -", "· {} ·", "第{}页", "")),
        space=rng.random() < 0.5,
        continued=rng.choice((0.0, 0.0, 0.1, 0.3)),
        mode=mode,
        heads=rng.choice(("", "", "一、", "（一）", "1.", "plain")),
        pictures=rng.choice((0.0, 0.0, 0.3, 0.6)),
        kickers=rng.choice((0.0, 0.0, 0.4)),
        briefs=rng.random() < 0.3,
        beside=rng.choice((0.0, 0.0, 0.0, 0.2)),
        backwards=rng.choice((0.0, 0.0, 0.0, 0.15)),
        boxes=rng.choice((0.0, 0.0, 0.0, 0.2)),
        contents=rng.random() < 0.2,
        damage=rng.choice(("", "", "", "spaces", "shift")) if mode == "wrapped" else "",
    )


def plain(style: Style) -> Style:
    """The same without columns, pages and damage: one paragraph a line, as somebody would type it."""
    return replace(style, mode="lines", damage="", contents=False, briefs=False)
