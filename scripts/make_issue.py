"""Lays out articles as a synthetic issue, the way real ones come out of a PDF, and says what belongs together.

The one idea: an issue has a style (width of the column, blank lines, where titles and bylines stand, what stands at the
page edges), drawn once from a seed; every article is then set in that style, and the gold is known because we set it.

    python scripts/make_issue.py --seed 7 --out /tmp/issue   # writes issue.txt and issue.gold.json

Needs the corpora in ../shared/corpora/dev (or --corpora). Nothing of them is kept in the repository.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FINAL = "。！？…”）"
NO_START = "，。、；：？！）》”’」』"
NO_END = "（《“‘「『"
COLUMNS = (
    "基层之声",
    "党建论坛",
    "经验交流",
    "先锋人物",
    "调查研究",
    "工作动态",
    "一线传真",
    "学习园地",
    "组织生活",
    "热点聚焦",
)
TOWNS = ("青屏", "云溪", "石桥", "柳塘", "白鹭", "松岭")
UNITS = ("县委组织部", "市委宣传部", "县委党校", "区委组织部", "县委办公室", "市直机关工委")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "建国志强丽华文静海涛晓明春燕立新玉兰永康"


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


@dataclass(slots=True)
class Line:
    """A printed line: its text, the article it belongs to (None: furniture), its role, whether a paragraph starts."""

    text: str
    article: int | None
    role: str
    starts: bool = False


@dataclass(slots=True)
class Issue:
    """The text of an issue and, for every line, what it is."""

    lines: list[Line] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    bylines: list[list[str]] = field(default_factory=list)
    orders: list[list[str]] = field(default_factory=list)
    blanks: list[int] = field(default_factory=list)

    def text(self) -> str:
        return "".join(
            line.text + "\n" * (1 + blank) for line, blank in zip(self.lines, self.blanks, strict=True)
        )

    def gold(self) -> dict[str, Any]:
        """Articles, roles and paragraph starts in places of `text()`."""
        place, spans, starts = 0, [], []
        for line, blank in zip(self.lines, self.blanks, strict=True):
            lead = len(line.text) - len(line.text.lstrip())
            spans.append([place + lead, place + len(line.text), line.article, line.role])
            if line.starts:
                starts.append(place + lead)
            place += len(line.text) + 1 + blank
        return {
            "spans": spans,
            "starts": starts,
            "titles": self.titles,
            "bylines": self.bylines,
            "paragraphs": self.orders,
        }


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
        re.sub(r"^(?:(?:据?新华社|本报).{2,14}?电)?\s{0,4}(?:（[^（）]{0,8}(?:记者|通讯员)[^）]{2,24}）)?", "", line).strip()
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
    town = rng.choice(TOWNS)
    return Style(
        width=rng.randint(15, 28),
        rows=rng.randint(28, 60),
        blank=rng.choice((0, 0, 1)),
        indent=rng.choice(("", "", "　　")),
        order=rng.choice(("before", "before", "after", "mixed")),
        marked=rng.random() < 0.7,
        affiliation=rng.random() < 0.6,
        header=rng.choice((f"{town}党建", f"{town}组工", f"{town}先锋")),
        number=rng.choice(("{}", "- {} -", "· {} ·", "第{}页", "")),
        space=rng.random() < 0.5,
        continued=rng.choice((0.0, 0.0, 0.1, 0.3)),
        mode=rng.choice(("wrapped", "wrapped", "wrapped", "lines")),
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
    """A synthetic issue of eight to fourteen articles; the same seed gives the same issue."""
    rng = random.Random(seed)
    style, issue = draw_style(rng), Issue()
    page = rng.randint(1, 9)
    chosen = rng.sample(sources, rng.randint(8, 14))
    queue: list[list[Line]] = []
    for number, source in enumerate(chosen):
        author = list(dict.fromkeys(_name(rng) for _ in range(rng.choice((1, 1, 2)))))
        issue.titles.append(source.title)
        issue.bylines.append(author if style.mode == "wrapped" or style.marked else [])
        body = source.paragraphs[: rng.randint(2, 10)]
        issue.orders.append(list(body))
        queue.append(_article(rng, style, number, source.title, author, body))
    if style.mode == "lines":
        for lines in queue:
            issue.lines += lines
            issue.blanks += [style.blank] * (len(lines) - 1) + [style.blank + 1]
        return issue
    turned: list[list[Line]] = []
    for lines in queue:
        if rng.random() < style.continued:
            lines = _turn(rng, lines, turned, page)
        page = _pages(rng, style, lines, issue, page)
    for lines in turned:
        page = _pages(rng, style, lines, issue, page)
    issue.blanks = [style.blank] * len(issue.lines)
    return issue


def _turn(rng: random.Random, lines: list[Line], turned: list[list[Line]], page: int) -> list[Line]:
    """Break an article off in the middle of a sentence; the rest goes to a page at the end of the issue."""
    cuts = [
        i for i in range(8, len(lines) - 8) if lines[i].role == "body" and lines[i - 1].text[-1] not in FINAL
    ]
    if not cuts or lines[cuts[0] - 1].role != "body":
        return lines
    cut, marked = rng.choice(cuts), rng.random() < 0.7
    rest = lines[cut:]
    if marked:
        rest = [Line(f"（上接第{page}版）", None, "other"), *rest]
    turned.append(rest)
    return [*lines[:cut], *([Line("（下转第八版）", None, "other")] if marked else [])]


def _name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice((1, 2, 2))))


def _article(
    rng: random.Random, style: Style, number: int, title: str, author: list[str], body: tuple[str, ...]
) -> list[Line]:
    head = [Line(text, number, "title") for text in _title_lines(rng, style, title)]
    names = " ".join(" ".join(n) if len(n) == 2 and rng.random() < 0.5 else n for n in author)
    byline = Line(("■" if style.marked else "") + names, number, "byline")
    lines: list[Line] = []
    for text in body:
        rows = [text] if style.mode == "lines" else wrap(text, style.width, style.width - 2)
        rows[0] = style.indent + rows[0]
        lines += [Line(row, number, "body", not k) for k, row in enumerate(rows)]
    end = (
        [Line(f"（作者单位：{rng.choice(TOWNS)}{rng.choice(UNITS)}）", number, "byline")]
        if style.affiliation
        else []
    )
    if style.mode == "lines":
        return [*head, *([byline] if style.marked else []), *lines, *end]
    return [*head, byline, *lines, *end]


def _title_lines(rng: random.Random, style: Style, title: str) -> list[str]:
    if style.mode == "lines" or len(title) <= style.width:
        return [title]
    cut = len(title) // 2 + rng.randint(-1, 1)
    return [title[:cut], title[cut:]]


def _pages(rng: random.Random, style: Style, lines: list[Line], issue: Issue, page: int) -> int:
    """Set an article on pages of its own: furniture at the edges, the title group where the style puts it."""
    head = [line for line in lines if line.role == "title"]
    byline = [line for line in lines if line.role == "byline" and not line.text.startswith("（")]
    rest = [line for line in lines if line not in head and line not in byline]
    place = style.order if style.order != "mixed" else rng.choice(("before", "after", "middle"))
    first = True
    while rest:
        part, rest = rest[: style.rows], rest[style.rows :]
        if len(rest) == 1 or (rest and rest[0].role not in ("body", "other")):
            part, rest = part + rest, []
        group = [*head, *byline] if first else []
        if place == "before":
            part = group + part
        elif place == "after":
            part = part + group
        elif group:
            cuts = [
                i
                for i in range(3, len(part) - 3)
                if part[i].role == "body" and part[i - 1].text[-1] not in FINAL
            ]
            cut = rng.choice(cuts) if cuts else 0
            part = part[:cut] + group + part[cut:]
        top, bottom = _furniture(rng, style, page)
        part = [Line(line.text, line.article, line.role, line.starts) for line in part]
        whole = [*top, *part, *bottom]
        if style.space and not top:
            whole[0].text = " " + whole[0].text.lstrip()
        issue.lines += whole
        page, first = page + 1, False
    return page


def _furniture(rng: random.Random, style: Style, page: int) -> tuple[list[Line], list[Line]]:
    top = [Line(style.header, None, "running_header")] if rng.random() < 0.5 or not style.space else []
    if top and rng.random() < 0.4:
        top.append(Line(rng.choice(COLUMNS), None, "running_header"))
    bottom = [Line(style.number.format(page), None, "page_number")] if style.number else []
    return top, bottom


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
