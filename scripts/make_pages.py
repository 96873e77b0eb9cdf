"""Makes printed pages as PDFs, with what belongs together on them: magazine pages in columns, a newspaper page of eight blocks,
pages whose titles run down the edge.

The one idea: a page is a list of blocks (where, how wide, in how many columns); each block sets one article there, its title
larger than its text, its author below, its captions smaller. The words are our own.

    python scripts/make_pages.py --out /tmp/pages      # writes NAME.pdf and NAME.gold.json
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from issue_typesetting import wrap
from make_pdf import Piece, make_pdf

BODY, SMALL = 10.0, 8.5  # points
LEADING = 1.5
WIDTH, HEIGHT, TALL, MARGIN = 595.0, 842.0, 1200.0, 50.0


@dataclass(frozen=True, slots=True)
class Story:
    """An article to print; `kicker` and `caption` may be missing."""

    title: str
    byline: str
    paragraphs: tuple[str, ...]
    kicker: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Where an article is printed: its left and upper edge in points, its width, its columns, the size of its title."""

    left: float
    top: float
    width: float
    columns: int
    title: float


STORIES = (
    Story(
        "板凳会开到茶山上", "林晓 何静",
        (
            "清明前后，青屏县的茶山上最忙。往年这个时候，村里的会总是开不起来，人都在山上采茶，谁也顾不上到会议室里坐一个下午。",
            "今年，镇党委索性把会开到了茶山上。几条长板凳往地头一摆，采茶的、收茶的、管山林的围坐在一起，一边歇脚一边商量修路和分水的事情。",
            "板凳会没有主席台，也没有话筒，谁有话谁先说。半个月里，全镇开了四十多场这样的会，定下来的事情贴在村口，办一件划掉一件。",
        ),
        "青屏县：", "党员干部在茶山上听取意见",
    ),
    Story(
        "红色账本管好村里的钱", "孙立群",
        (
            "石桥村有一本红皮账本，村里的每一笔收入和支出都记在上面，每个月的最后一天挂到祠堂门口，谁都可以翻开来看。",
            "账本是老会计郑德明提议做的。他说，账目不清楚，干部说话就没有人听；账目清楚了，再难的事情也好商量。",
            "三年下来，村集体的收入翻了一番，上访的信一封也没有了。邻近的几个村也学着做起了自己的红色账本。",
        ),
    ),
    Story(
        "山梁上的摩托书记", "丁国强",
        (
            "高坪村散落在三道山梁上，最远的一户离村部有十一里。党支部书记徐燕骑着一辆旧摩托，把每一户都跑了许多遍。",
            "有人劝她换一辆汽车，她笑着摇头：山路窄，汽车进不去，摩托车停下来就能同人说上话，听到的都是真心话。",
        ),
        "", "徐燕骑着摩托车走访农户",
    ),
    Story(
        "夜校的灯又亮了", "周海涛",
        (
            "停办多年的农民夜校今年春天重新开了课。每逢周二和周五的晚上，教室里的灯总要亮到九点多钟才熄灭。",
            "来上课的既有种粮大户，也有刚刚返乡的年轻人。老师讲完以后，大家围着讲台问个不停，都想把新技术带回自家地里。",
        ),
    ),
    Story(
        "老党员的修鞋摊", "朱燕",
        (
            "柳塘街口的修鞋摊摆了二十六年，摊主吴永康是一名老党员。谁家有了难处，都愿意到摊子前坐一坐，同他说说。",
            "他把听来的事情记在小本子上，隔几天就送到社区去。社区照着本子一件一件办，街坊们说，这是最小的议事厅。",
        ),
    ),
    Story(
        "一条水渠三代人", "高春燕",
        (
            "云溪村的水渠是祖父辈一锤一锤凿出来的，父亲辈给它铺上了石板，到了年轻人手里，又装上了自动的闸门。",
            "渠水流过三百亩稻田，也把村里人的心连在一起。每年放水的那一天，党支部都要请最老的修渠人来开闸。",
        ),
    ),
    Story(
        "快递小哥进支部", "罗明",
        (
            "南湖区把十二名快递小哥编进了一个新的党支部，活动安排在送货的间隙，地点就在他们每天停车的驿站里。",
            "小哥们走街串巷，最知道哪里的路灯坏了、哪户老人独居。支部给每个人发了一张卡片，看到什么就写上去。",
        ),
    ),
    Story(
        "把荒地种成花园", "马丽",
        (
            "村口的三亩荒地堆了多年垃圾，路过的人都要捂着鼻子。去年冬天，党支部带着大家清走了两百多车，翻土下种。",
            "今年四月，油菜花和紫云英一起开了。有人在花田边上摆起了小摊，卖茶叶蛋和米糕，荒地成了村里的新景致。",
        ),
    ),
)  # fmt: skip


class Sheet:
    """One page in the making: pieces of text at their places."""

    def __init__(self, height: float = HEIGHT) -> None:
        self.height = height
        self.pieces: list[Piece] = []

    def text(self, left: float, top: float, size: float, text: str) -> float:
        """Set one line with its upper edge at `top`, counted from the upper edge of the page; gives the next upper edge."""
        self.pieces.append((left, self.height - top - size, size, text))
        return top + LEADING * size

    def down(self, left: float, top: float, size: float, text: str) -> None:
        """Set a line down the page, one character below the other."""
        for number, char in enumerate(text):
            self.text(left, top + 1.1 * size * number, size, char)

    def upright(self, story: Story, block: Block) -> None:
        """Set an article beside its title, which runs down the left edge of the block; the author stands above the text."""
        self.down(block.left, block.top, block.title, story.title)
        inner = Block(
            block.left + 2 * block.title, block.top, block.width - 2 * block.title, block.columns, 0.0
        )
        top = self.text(inner.left, inner.top, BODY, story.byline) + 4
        self.columns(story, inner, top)

    def story(self, story: Story, block: Block) -> None:
        """Set an article in its block: kicker, title, author, then the text column by column, the caption below the text."""
        top = block.top
        if story.kicker:
            top = self.text(block.left, top, 1.2 * BODY, story.kicker)
        for line in wrap(story.title, int(block.width / block.title), int(block.width / block.title)):
            top = self.text(block.left, top, block.title, line)
        self.columns(story, block, self.text(block.left, top + 2, BODY, story.byline) + 4)

    def columns(self, story: Story, block: Block, top: float) -> None:
        """Set the text of an article column by column, the caption below it."""
        measure = int((block.width - 20 * (block.columns - 1)) / block.columns / BODY)
        rows = [
            (2.0 * BODY if not k else 0.0, row)
            for paragraph in story.paragraphs
            for k, row in enumerate(wrap(paragraph, measure, measure - 2))
        ]
        deep = -(-len(rows) // block.columns)
        for number, (indent, row) in enumerate(rows):
            column, place = divmod(number, deep)
            left = block.left + column * (block.width + 20) / block.columns
            self.text(left + indent, top + place * LEADING * BODY, BODY, row)
        if story.caption:
            self.text(block.left, top + deep * LEADING * BODY + 60, SMALL, story.caption)


def magazine(columns: int) -> tuple[bytes, list[Story]]:
    """Pages of a magazine, each with one article in columns, the name of the magazine above and the page number below."""
    pages, stories = [], list(STORIES[:3])
    for number, story in enumerate(stories, 12):
        sheet = Sheet()
        sheet.text(MARGIN, 30, SMALL, "青屏党建")
        sheet.story(story, Block(MARGIN, 80, WIDTH - 2 * MARGIN, columns, 22.0))
        sheet.text(WIDTH / 2, HEIGHT - 40, SMALL, str(number))
        pages.append(sheet.pieces)
    return make_pdf(pages), stories


def newspaper() -> tuple[bytes, list[Story]]:
    """A page of a newspaper with eight articles: two across the page, six in pairs below them."""
    sheet = Sheet(TALL)
    sheet.text(MARGIN, 24, SMALL, "青屏日报 2023年4月18日 星期二 第3版")
    half = (WIDTH - 2 * MARGIN - 30) / 2
    sheet.story(STORIES[0], Block(MARGIN, 50, WIDTH - 2 * MARGIN, 3, 24.0))
    sheet.story(STORIES[1], Block(MARGIN, 320, WIDTH - 2 * MARGIN, 3, 20.0))
    for number, story in enumerate(STORIES[2:]):
        row, side = divmod(number, 2)
        sheet.story(story, Block(MARGIN + side * (half + 30), 480 + 235 * row, half, 2, 15.0))
    return make_pdf([sheet.pieces], height=sheet.height), list(STORIES)


def upright() -> tuple[bytes, list[Story]]:
    """Pages whose titles run down the edge beside two columns of text in rows."""
    pages, stories = [], [replace(story, kicker="") for story in STORIES[:2]]
    for number, story in enumerate(stories, 20):
        sheet = Sheet()
        sheet.text(MARGIN, 30, SMALL, "青屏党建")
        sheet.upright(story, Block(MARGIN, 80, WIDTH - 2 * MARGIN, 2, 26.0))
        sheet.text(WIDTH / 2, HEIGHT - 40, SMALL, str(number))
        pages.append(sheet.pieces)
    return make_pdf(pages), stories


PAGES = {
    "magazine-2": lambda: magazine(2),
    "magazine-3": lambda: magazine(3),
    "newspaper": newspaper,
    "upright": upright,
}


def gold(stories: Sequence[Story]) -> str:
    """The articles as JSON."""
    return json.dumps([asdict(story) for story in stories], ensure_ascii=False, indent=1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True, help="a folder")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        data, stories = make()
        (options.out / f"{name}.pdf").write_bytes(data)
        (options.out / f"{name}.gold.json").write_text(gold(stories), encoding="utf-8")


if __name__ == "__main__":
    main()
