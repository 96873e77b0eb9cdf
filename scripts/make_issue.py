"""Lays out articles as a synthetic issue, the way real ones come out of a PDF, and says what belongs together.

The one idea: an issue has a style, drawn once from a seed (`issue_style`); every article is set in that style
(`issue_typesetting`) and laid on pages (`issue_pages`), then the text is damaged; the gold is known because we set it.

    python scripts/make_issue.py --seed 7 --out /tmp/issue   # writes issue.txt and issue.gold.json

Needs the corpora in ../shared/corpora/dev (or --corpora). Nothing of them is kept in the repository.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from issue_pages import Pages
from issue_parts import Issue, Line, Setting
from issue_sources import Source, read_sources
from issue_style import draw_style, plain
from issue_typesetting import Typesetter
from issue_words import PLACES, Words

SHIFT = 0x31  # how much too high a shifted lead byte is
_SHIFTED = "，。、；：？！“”（）《》■"


def make_issue(sources: list[Source], seed: int, tidy: bool = False) -> Issue:
    """A synthetic issue of eight to fourteen articles (a web page: of one); the same seed gives the same issue.

    `tidy`: without columns, pages and damage.
    """
    return Maker(sources, seed, tidy).make()


class Maker:
    """One issue in the making."""

    def __init__(self, sources: list[Source], seed: int, tidy: bool = False) -> None:
        self.rng = random.Random(seed)
        drawn = draw_style(self.rng)
        self.style = plain(drawn) if tidy else drawn
        self.words = Words(self.rng)
        self.issue = Issue(damage=self.style.damage)
        count = 1 if self.style.mode == "web" else self.rng.randint(8, 14)
        self.chosen = self.rng.sample(sources, count)

    def make(self) -> Issue:
        """The issue, laid out and damaged."""
        briefs = self.rng.randint(3, 5) if self.style.briefs and self.style.mode != "web" else 0
        typesetter = Typesetter(self.rng, self.style, self.words, self.issue)
        first = len(self.chosen) - briefs
        settings = [typesetter.setting(n, source, n >= first) for n, source in enumerate(self.chosen)]
        if self.style.mode == "web":
            self._web(settings[0])
        elif self.style.mode == "lines":
            for setting in settings:
                self.issue.add(setting.group + setting.body, self.style.blank)
                self.issue.blanks[-1] = self.style.blank + 1
        else:
            Pages(self.rng, self.style, self.words, self.issue).print(settings[:first], settings[first:])
        self._damage()
        return self.issue

    def _web(self, setting: Setting) -> None:
        """A page of a town's web site: the way to it, its title, its source, and what can be done with it."""
        place, rng = self.rng.choice(PLACES), self.rng
        frame = (
            f"{place}县人民政府",
            "首页 政务公开 办事服务 互动交流",
            f"当前位置：首页 > 工作动态 > {place}镇",
        )
        source = f"发布时间：2023-0{rng.randint(1, 9)}-1{rng.randint(0, 9)} 09:12 来源：{place}县融媒体中心 浏览次数：{rng.randint(9, 999)}"
        top = [Line(text, None, "other") for text in frame] if rng.random() < 0.7 else []
        below = [Line(source, None, "other")]
        below += [Line("分享到：", None, "other")] if rng.random() < 0.5 else []
        bottom = [Line(text, None, "other") for text in self.words.shares()]
        self.issue.add([*top, *setting.head, *below, *setting.body, *bottom], self.style.blank)

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
    parser.add_argument("--tidy", action="store_true", help="without columns, pages and damage")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/dev"))
    parser.add_argument("--out", type=Path, required=True, help="path without ending")
    options = parser.parse_args()
    issue = make_issue(read_sources(options.corpora), options.seed, options.tidy)
    options.out.with_suffix(".txt").write_text(issue.text(), encoding="utf-8")
    gold = json.dumps(issue.gold(), ensure_ascii=False)
    options.out.with_suffix(".gold.json").write_text(gold, encoding="utf-8")


if __name__ == "__main__":
    main()
