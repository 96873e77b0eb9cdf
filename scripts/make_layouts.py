"""Pages laid out in the ways that confuse readers, each with the order a person reads it in.

    python scripts/make_layouts.py FOLDER      (writes NAME.pdf, NAME.txt and NAME.png, what was understood drawn on it)

The pieces of a page are drawn in an order that is shuffled, so that nothing but geometry and language can tell.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from make_pdf import Piece, make_pdf  # noqa: E402

#: A page: its pieces, and its lines in reading order (without spaces).
Page = tuple[list[Piece], list[str]]

TEXTS = (
    "云湖县石桥镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收。镇党委书记介绍，下一步将推广积分管理，"
    "把党员的先锋作用落到每一个网格，让群众看得见、摸得着、信得过。山路修通以后，茶叶、竹笋、蜂蜜都能当天运到县城，年轻人也陆续回到村里办起了合作社。",
    "老支书把一本用了二十年的笔记本交给新任书记，里面记着每家每户的难处。哪家的屋顶漏雨，哪家的孩子上学要走十里山路，都写得明明白白。"
    "新书记接过本子，第二天就去了最远的一户人家，坐在火塘边听老人把话说完，又把答应的事一件一件写了下来。",
    "县里的干部夜校开班已经三个月，每周二晚上灯火通明。学员们先听一堂课，再围着一张地图讨论自己镇上的事情。有人说水渠该从哪里过，"
    "有人说学校该添几间教室，争到最后，往往是大家一起骑着车去现场再看一遍，回来接着商量。",
)


def set_in(text: str, measure: int, indent: bool = True) -> list[str]:
    """The text in lines of so many characters, the first two shorter."""
    first = measure - 2 if indent else measure
    return [text[:first], *(text[at : at + measure] for at in range(first, len(text), measure))]


def column(
    lines: list[str], x: float, top: float, size: float = 10.5, lead: float = 17.0, indent: bool = True
) -> list[Piece]:
    """The lines below each other; the first is indented."""
    return [
        (x + 2 * size * (indent and not at), top - lead * at, size, line) for at, line in enumerate(lines)
    ]


def down(line: str, x: float, top: float, size: float = 12.0) -> list[Piece]:
    """A line of vertical text, one character below the other."""
    return [(x, top - size * at, size, char) for at, char in enumerate(line)]


def short_columns() -> Page:
    left, right = set_in(TEXTS[0][:64], 20), set_in(TEXTS[0][64:120], 20, indent=False)
    title = "支部建在产业链上"
    pieces = [(60.0, 760.0, 18.0, title), *column(left, 60, 720), *column(right, 310, 720, indent=False)]
    return [*pieces, (290.0, 40.0, 9.0, "17")], [title, *left, *right, "17"]


def unequal_columns() -> Page:
    left, right = set_in(TEXTS[0], 20), set_in(TEXTS[1][:70], 20)
    return [*column(left, 60, 720), *column(right, 310, 720)], [*left, *right]


def narrow_and_wide() -> Page:
    left, right = set_in(TEXTS[1], 12), set_in(TEXTS[2] + TEXTS[0], 28)
    return [*column(left, 60, 720), *column(right, 220, 720)], [*left, *right]


def columns_out_of_step() -> Page:
    left, right = set_in(TEXTS[0], 20), set_in(TEXTS[1], 20)
    return [*column(left, 60, 720), *column(right, 310, 712)], [*left, *right]


def heading_across() -> Page:
    one, two = set_in(TEXTS[0], 20), set_in(TEXTS[1], 20)
    head, other = "石桥镇：把支部建在产业链上", "一本笔记本的二十年"
    pieces = [
        (60.0, 760.0, 18.0, head), *column(one[:4], 60, 720), *column(one[4:], 310, 720, indent=False),
        (60.0, 590.0, 18.0, other), *column(two[:4], 60, 550), *column(two[4:], 310, 550, indent=False),
    ]  # fmt: skip
    return pieces, [head, *one, other, *two]


def heading_over_two_of_three() -> Page:
    one, two, three = (set_in(text, 13) for text in TEXTS)
    head = "一本笔记本交到新书记手里的那个晚上"
    one, two, three = one[:12], two[:12], three[:10]
    pieces = [
        *column(one[:6], 50, 760), *column(one[6:], 215, 760, indent=False), *column(three, 380, 760),
        (50.0, 630.0, 17.0, head), *column(two[:6], 50, 600), *column(two[6:], 215, 600, indent=False),
    ]  # fmt: skip
    return pieces, [*one, head, *two, *three]


def two_articles_side_by_side() -> Page:
    left, right = set_in(TEXTS[1], 20), set_in(TEXTS[2], 20)
    heads = "一本笔记本", "夜校的灯"
    pieces = [(60.0, 760.0, 16.0, heads[0]), (310.0, 760.0, 16.0, heads[1])]
    return [*pieces, *column(left, 60, 730), *column(right, 310, 730)], [heads[0], *left, heads[1], *right]


def three_columns_by_rows() -> Page:
    lines = set_in("".join(TEXTS), 14)
    rows = -(-len(lines) // 3)
    pieces = [
        p
        for at in range(3)
        for p in column(lines[at * rows : (at + 1) * rows], 50 + 170 * at, 760, indent=not at)
    ]
    return sorted(pieces, key=lambda p: -p[1]), lines


def box_in_the_middle() -> Page:
    """Two columns, a box with a text of its own set narrower in the right one."""
    left, right, inside = set_in(TEXTS[0], 20), set_in(TEXTS[1], 20), set_in(TEXTS[2][:64], 16)
    pieces = [
        *column(left, 60, 720), *column(right[:3], 310, 720),
        (360.0, 650.0, 12.0, "链接"), *column(inside, 330, 626, 9.0, 14.0),
        *column(right[3:], 310, 540, indent=False),
    ]  # fmt: skip
    return pieces, [*left, *right[:3], "链接", *inside, *right[3:]]


def caption_in_a_column() -> Page:
    left, right = set_in(TEXTS[0], 20), set_in(TEXTS[1] + TEXTS[2], 20)
    caption = "干部和村民在茶山上开板凳会"
    pieces = [
        *column(left[:4], 60, 720), (70.0, 600.0, 9.0, caption), *column(left[4:], 60, 578, indent=False),
        *column(right, 310, 720),
    ]  # fmt: skip
    return pieces, [*left[:4], caption, *left[4:], *right]


def running_heads() -> Page:
    left, right = set_in(TEXTS[0], 20), set_in(TEXTS[1], 20)
    pieces = [
        (60.0, 800.0, 9.0, "云湖党建"), (440.0, 800.0, 9.0, "2023年第2期"),
        *column(left, 60, 740), *column(right, 310, 740), (60.0, 40.0, 9.0, "责任编辑：陈一"), (500.0, 40.0, 9.0, "9"),
    ]  # fmt: skip
    return pieces, ["云湖党建2023年第2期", *left, *right, "责任编辑：陈一9"]


def table_between() -> Page:
    left, right = set_in(TEXTS[0], 20), set_in(TEXTS[1], 20)
    cells = [
        ("党支部", "12", "党员", "863"),
        ("合作社", "8", "社员", "1204"),
        ("集体收入", "67", "农户", "3021"),
    ]
    table = [
        (60 + 120.0 * at, 590 - 18.0 * row, 10.5, cell)
        for row, line in enumerate(cells)
        for at, cell in enumerate(line)
    ]
    pieces = [*column(left[:5], 60, 720), *column(left[5:], 310, 720, indent=False), *table]
    pieces += [*column(right[:4], 60, 500), *column(right[4:], 310, 500, indent=False)]
    return pieces, [*left, *("".join(line) for line in cells), *right]


def vertical_beside_rows() -> Page:
    """A title set vertically on the right of a page of two columns."""
    left, right = set_in(TEXTS[0], 18), set_in(TEXTS[1], 18)
    title = ["一本用了二十年的笔记本", "老支书把它交给新书记"]
    pieces = [*down(title[0], 510, 740, 16), *down(title[1], 480, 740, 16)]
    return [*pieces, *column(left, 50, 740), *column(right, 260, 740)], [*left, *right, *title]


def headline_down_the_margin() -> Page:
    """A short headline set vertically beside much text, and a column of marks that is no headline."""
    lines = set_in("".join(TEXTS * 2), 24)
    names = ("村道", "水渠", "路灯", "广场")
    pieces = [*down("老支书交班", 60, 740, 20), *column(lines, 150, 740)]
    pieces += [(120.0, 130 - 17.0 * row, 12.0, mark) for row, mark in enumerate("是否是否")]
    pieces += [(150.0, 130 - 17.0 * row, 12.0, name) for row, name in enumerate(names)]
    return pieces, ["老支书交班", *lines, "是村道", "否水渠", "是路灯", "否广场"]


LAYOUTS: tuple[Callable[[], Page], ...] = (
    short_columns, unequal_columns, narrow_and_wide, columns_out_of_step, heading_across, heading_over_two_of_three,
    two_articles_side_by_side, three_columns_by_rows, box_in_the_middle, caption_in_a_column, running_heads, table_between,
    vertical_beside_rows, headline_down_the_margin,
)  # fmt: skip


def shuffled(pieces: list[Piece], seed: int = 1) -> list[Piece]:
    """The pieces in another order; single characters (vertical text) keep theirs."""
    lines = [piece for piece in pieces if len(piece[3]) > 1]
    random.Random(seed).shuffle(lines)
    return [*(piece for piece in pieces if len(piece[3]) == 1), *lines]


def main() -> None:
    from pbtool.reading import read
    from pbtool.reading.draw import draw_boxes

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for layout in LAYOUTS:
        pieces, gold = layout()
        path = folder / f"{layout.__name__}.pdf"
        path.write_bytes(make_pdf([shuffled(pieces)]))
        path.with_suffix(".txt").write_text("\n".join(gold) + "\n", encoding="utf-8")
        document = read(path)
        draw_boxes(document, path, 1, path.with_suffix(".png"))
        right = ["".join(line.split()) for line in document.text.splitlines()] == gold
        print(f"{'right' if right else 'WRONG':6} {layout.__name__}")


if __name__ == "__main__":
    main()
