"""Lays out articles as a synthetic issue, the way real ones come out of a PDF, and says what belongs together.

The one idea: an issue has a style (width of the column, blank lines, where titles and bylines stand, what stands at the
page edges, what is damaged), drawn once from a seed; every article is then set in that style, and the gold is known because
we set it. Articles are turned over to later pages, printed beside each other, interrupted by pictures and boxes.

    python scripts/make_issue.py --seed 7 --out /tmp/issue   # writes issue.txt and issue.gold.json

Needs the corpora in ../shared/corpora/dev (or --corpora). Nothing of them is kept in the repository.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from issue_words import COLUMNS, PAPERS, PLACES, Words

FINAL = "。！？…”）"
NO_START = "，。、；：？！）》”’」』"
NO_END = "（《“‘「『"
SHIFT = 0x31  # how much too high a shifted lead byte is
_SHIFTED = "，。、；：？！“”（）《》■"


@dataclass(frozen=True, slots=True)
class Source:
    """An article of a corpus: its title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(slots=True)
class Style:
    """What all pages of one issue have in common."""

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

    def ranked(self) -> Setting:
        """The same with the reading order noted."""
        for rank, line in enumerate(self.body):
            line.rank = rank
        return self


@dataclass(slots=True)
class Issue:
    """The text of an issue and, for every line, what it is."""

    lines: list[Line] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    bylines: list[list[str]] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)
    damage: str = ""

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


def read_sources(folder: Path) -> list[Source]:
    """Articles of the corpora that have a title line and at least two whole paragraphs."""
    result = []
    for path in sorted(folder.glob("*.txt.xz")):
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        for block in text.split("\n\n"):
            source = _source([line.strip() for line in block.split("\n") if line.strip()])
            if source is not None:
                result.append(source)
    return result


def _source(lines: list[str]) -> Source | None:
    if len(lines) < 3:
        return None
    title = re.sub(r"（[^（）]{0,12}）$", "", lines[0])
    body = [
        re.sub(
            r"^(?:(?:据?新华社|本报).{2,14}?电)?\s{0,4}(?:（[^（）]{0,8}(?:记者|通讯员)[^）]{2,24}）)?",
            "",
            line,
        ).strip()
        for line in lines[1:]
        if len(line) >= 40
        and line[-1] == "。"
        and "版）" not in line[:60]
        and not line.startswith(("■", "编者按", "（", "图为", "上图", "下图", "左图", "右图"))
    ]
    body = list(dict.fromkeys(re.sub(r"[　\s]{1,9}", "", line) for line in body))
    if (
        not 8 <= len(title) <= 30
        or title[-1] in "。！？："
        or not 2 <= len(body) <= 40
        or any(c in title for c in "，:：;")
    ):
        return None
    return Source(title, tuple(body))


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


def make_issue(sources: list[Source], seed: int) -> Issue:
    """A synthetic issue of eight to fourteen articles (a web page: of one); the same seed gives the same issue."""
    return Maker(sources, seed).make()


class Maker:
    """One issue in the making."""

    def __init__(self, sources: list[Source], seed: int) -> None:
        self.rng = random.Random(seed)
        self.style = draw_style(self.rng)
        self.words = Words(self.rng)
        self.issue = Issue(damage=self.style.damage)
        self.page = self.rng.randint(1, 9)
        count = 1 if self.style.mode == "web" else self.rng.randint(8, 14)
        self.chosen = self.rng.sample(sources, count)
        self.turned: list[tuple[Setting, Line, int]] = []

    def make(self) -> Issue:
        """The issue, laid out and damaged."""
        briefs = self.rng.randint(3, 5) if self.style.briefs and self.style.mode != "web" else 0
        settings = [
            self._setting(n, source, n >= len(self.chosen) - briefs) for n, source in enumerate(self.chosen)
        ]
        if self.style.mode == "web":
            self._web(settings[0])
        elif self.style.mode == "lines":
            for setting in settings:
                self._add(setting.head + setting.byline + setting.body)
                self.issue.blanks[-1] = self.style.blank + 1
        else:
            self._print(settings, len(settings) - briefs)
        self._damage()
        return self.issue

    def _add(self, lines: list[Line]) -> None:
        self.issue.lines += lines
        self.issue.blanks += [self.style.blank] * len(lines)

    # --- one article -------------------------------------------------------------------------------------------------

    def _setting(self, number: int, source: Source, brief: bool) -> Setting:
        rng, style = self.rng, self.style
        author = self.words.names()
        body = source.paragraphs[:1] if brief else source.paragraphs[: rng.randint(2, 10)]
        self.issue.titles.append(source.title)
        head = [Line(text, number, "title") for text in self._title(source.title)]
        if brief:
            self.issue.bylines.append(author)
            return Setting(number, head, [], self._brief(number, body[0], author)).ranked()
        if style.kickers and rng.random() < style.kickers:
            head = [Line(self.words.kicker(), number, "kicker"), *head]
        elif style.kickers and rng.random() < style.kickers:
            head.append(Line(self.words.subtitle(), number, "subtitle"))
        signed = style.mode != "lines" or style.marked
        self.issue.bylines.append(author if signed else [])
        names = " ".join(" ".join(n) if len(n) == 2 and rng.random() < 0.5 else n for n in author)
        byline = [Line(("■" if style.marked else "") + names, number, "byline")] if signed else []
        lines = self._body(number, body)
        if style.affiliation and style.mode != "web":
            lines.append(Line(f"（作者单位：{self.words.unit()}）", number, "byline"))
        return Setting(number, head, byline, lines).ranked()

    def _title(self, title: str) -> list[str]:
        if self.style.mode != "wrapped" or len(title) <= self.style.width:
            return [title]
        cut = len(title) // 2 + self.rng.randint(-1, 1)
        while title[cut] in NO_START or title[cut - 1] in NO_END or title[cut - 1 : cut + 1].isascii():
            cut += 1
        return [title[:cut], title[cut:]]

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
            if self.style.heads and len(body) >= 4 and lines and self.rng.random() < 0.35 and heads < 9:
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
        mark = {"一、": f"{number}、", "（一）": f"（{number}）", "1.": f"{count + 1}.", "plain": ""}[
            self.style.heads
        ]
        return self.style.indent + mark + self.words.heading()

    def _paragraph(self, number: int, text: str) -> list[Line]:
        style = self.style
        rows = [text] if style.mode != "wrapped" else wrap(text, style.width, style.width - 2)
        rows[0] = style.indent + rows[0]
        return [Line(row, number, "body", not k) for k, row in enumerate(rows)]

    # --- pages -------------------------------------------------------------------------------------------------------

    def _print(self, settings: list[Setting], first_brief: int) -> None:
        if self.style.contents:
            self._contents(settings)
        queue = settings[:first_brief]
        while queue:
            setting = queue.pop(0)
            chance = self.rng.random()
            if chance < self.style.continued:
                setting = self._turn(setting)
            elif queue and chance < self.style.continued + self.style.beside:
                self._side_by_side(setting, queue.pop(0))
                continue
            elif chance > 1 - self.style.backwards and len(setting.body) >= 24:
                self._backwards(setting)
                continue
            elif queue and chance > 1 - self.style.boxes and len(setting.body) >= 24:
                self._boxed(setting, queue.pop(0))
                continue
            self._pages(setting)
        if first_brief < len(settings):
            self._page([line for s in settings[first_brief:] for line in (*s.head, *s.byline, *s.body)])
        for setting, goes, page in self.turned:
            if goes.text:
                goes.text = f"（下转第{self.page}版）"
                setting.body.insert(0, Line(f"（上接第{page}版）", None, "other"))
            self._pages(setting)

    def _contents(self, settings: list[Setting]) -> None:
        """A table of contents; the pages in it are near the truth, as in life."""
        lines = [Line("目 录", None, "other")]
        for number, setting in enumerate(settings):
            lines.append(
                Line(f"{self.issue.titles[setting.number]}……{self.page + 1 + number}", None, "other")
            )
        self._page(lines)

    def _cuts(self, lines: list[Line], margin: int = 8) -> list[int]:
        """Where lines may be torn in the middle of a sentence."""
        return [
            i
            for i in range(margin, len(lines) - margin)
            if lines[i].role == lines[i - 1].role == "body" and lines[i - 1].text[-1] not in FINAL
        ]

    def _turn(self, setting: Setting) -> Setting:
        """Break an article off in the middle of a sentence; the rest goes to a page at the end of the issue."""
        cuts = self._cuts(setting.body)
        if not cuts:
            return setting
        cut = self.rng.choice(cuts)
        goes = Line("（下转）" if self.rng.random() < 0.7 else "", None, "other")
        self.turned.append((Setting(setting.number, [], [], setting.body[cut:]), goes, self.page))
        return replace(setting, body=[*setting.body[:cut], *([goes] if goes.text else [])])

    def _side_by_side(self, left: Setting, right: Setting) -> None:
        """Two articles that share the columns of a page: a part of the one, a part of the other, and so on."""
        parts: list[list[list[Line]]] = []
        for setting in (left, right):
            whole = [*setting.head, *setting.byline, *setting.body]
            cuts = [len(setting.head) + len(setting.byline) + c for c in self._cuts(setting.body)]
            cut = self.rng.choice(cuts) if cuts else len(whole)
            parts.append([whole[:cut], whole[cut:]])
        self._page([*parts[0][0], *parts[1][0], *parts[0][1], *parts[1][1]])

    def _backwards(self, setting: Setting) -> None:
        """An article whose second part comes first in the file."""
        cuts = self._cuts(setting.body)
        if cuts:
            cut = self.rng.choice(cuts)
            self._page([*setting.body[cut:], *setting.head, *setting.byline, *setting.body[:cut]])
        else:
            self._pages(setting)

    def _boxed(self, setting: Setting, inner: Setting) -> None:
        """An article with another one in a box, where a sentence of it goes on below."""
        cuts = self._cuts(setting.body)
        if cuts:
            cut = self.rng.choice(cuts)
            box = [*inner.head, *inner.byline, *inner.body]
            self._page([*setting.head, *setting.byline, *setting.body[:cut], *box, *setting.body[cut:]])
        else:
            self._pages(setting)
            self._pages(inner)

    def _pages(self, setting: Setting) -> None:
        """Set an article on pages of its own, the title group where the style puts it."""
        place = (
            self.style.order
            if self.style.order != "mixed"
            else self.rng.choice(("before", "after", "middle"))
        )
        group = [*setting.head, *setting.byline]
        rest = setting.body
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
        style = self.style
        top = (
            [Line(style.header, None, "running_header")] if self.rng.random() < 0.5 or not style.space else []
        )
        if top and self.rng.random() < 0.4:
            top.append(Line(self.rng.choice(COLUMNS), None, "running_header"))
        bottom = [Line(f"责任编辑：{self.words.name()}", None, "footer")] if self.rng.random() < 0.1 else []
        bottom += [Line(style.number.format(self.page), None, "page_number")] if style.number else []
        note = []
        if self.rng.random() < 0.04 and part[0].role == "title" and part[0].article is not None:
            note = [
                Line(row, part[0].article, "note")
                for row in wrap(self.words.note(), style.width, style.width - 2)
            ]
        whole = [*top, *note, *part, *bottom]
        if style.space and not top:
            whole[0].text = " " + whole[0].text.lstrip()
        self._add(whole)
        self.page += 1

    def _web(self, setting: Setting) -> None:
        """A page of a town's web site: the way to it, its title, its source, and what can be done with it."""
        place, number = self.rng.choice(PLACES), setting.number
        frame = (
            "其他",
            f"{place}县人民政府",
            "首页 政务公开 办事服务 互动交流",
            f"当前位置：首页 > 工作动态 > {place}镇",
        )
        source = f"发布时间：2023-0{self.rng.randint(1, 9)}-1{self.rng.randint(0, 9)} 09:12 来源：{place}县融媒体中心 浏览次数：{self.rng.randint(9, 999)}"
        self.issue.bylines[number] = []
        top = [Line(text, None, "other") for text in frame[1:]] if self.rng.random() < 0.7 else []
        below = [Line(source, None, "other")] + (
            [Line("分享到：", None, "other")] if self.rng.random() < 0.5 else []
        )
        bottom = [Line(text, None, "other") for text in self.words.shares()]
        self._add([*top, *setting.head, *below, *setting.body, *bottom])

    # --- damage ------------------------------------------------------------------------------------------------------

    def _damage(self) -> None:
        """Spaces beside numbers, or marks of the title font stored with a shifted lead byte."""
        for line in self.issue.lines:
            if self.style.damage == "spaces":
                self._space(line)
            elif self.style.damage == "shift" and line.role != "page_number":
                display = line.role in ("title", "byline", "heading", "kicker", "subtitle")
                if display or self.rng.random() < 0.2:
                    line.text = "".join(_shifted(char) if char in _SHIFTED else char for char in line.text)

    def _space(self, line: Line) -> None:
        if line.skip or line.tail or line.role == "other":
            return
        line.text = re.sub(
            r"(?<=[\u4e00-\u9fff])(?=\d)", lambda _: " " if self.rng.random() < 0.4 else "", line.text
        )


def _shifted(char: str) -> str:
    lead, trail = char.encode("gbk")
    return bytes([lead + SHIFT, trail]).decode("gbk")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/dev"))
    parser.add_argument("--out", type=Path, required=True, help="path without ending")
    options = parser.parse_args()
    issue = make_issue(read_sources(options.corpora), options.seed)
    options.out.with_suffix(".txt").write_text(issue.text(), encoding="utf-8")
    gold = json.dumps(issue.gold(), ensure_ascii=False)
    options.out.with_suffix(".gold.json").write_text(gold, encoding="utf-8")


if __name__ == "__main__":
    main()
