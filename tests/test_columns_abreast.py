"""Columns that stand side by side in plain text: read one after the other, and nothing else is."""

from __future__ import annotations

import pytest

from pbtool import Document, fix, segment

TEXTS = (
    "青屏县云溪镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收。镇党委书记介绍，下一步将推广积分管理，让群众看得见、信得过。",
    "老支书把一本用了二十年的笔记本交给新任书记，里面记着每家每户的难处。哪家的屋顶漏雨，哪家的孩子上学要走十里山路，都写得明明白白。",
    "县里的干部夜校开班已经三个月，每周二晚上灯火通明。学员们先听一堂课，再围着一张地图讨论自己镇上的事情。有人说水渠该从哪里过，争到最后，往往是大家一起去现场再看一遍。",
    "茶叶、竹笋、蜂蜜都能当天运到县城，年轻人也陆续回到村里办起了合作社。山路修通以后，来收货的车一辆接着一辆，村口的小卖部也热闹了起来。",
)
HEAD = "让山路通到每一户人家\n\n"


def column(texts: tuple[str, ...], measure: int, indent: str = "　　") -> list[str]:
    lines = []
    for text in texts:
        text = indent + text
        lines += [text[i : i + measure] for i in range(0, len(text), measure)]
    return lines


def abreast(columns: list[list[str]], measure: int, gap: str, narrow: bool) -> str:
    """The columns in rows; `narrow`: filled up with narrow blanks, one a character, as pdftotext does."""
    rows = []
    for i in range(max(map(len, columns))):
        cells = [of[i] if i < len(of) else "" for of in columns]
        fill = (lambda n: " " * n) if narrow else (lambda n: "　" * n)
        rows.append(gap.join(cell + fill(measure - len(cell)) for cell in cells).rstrip())
    return "\n".join(rows) + "\n"


def paragraphs(text: str) -> list[str]:
    return [p.text for article in segment(Document.from_text(text)).articles for p in article.paragraphs]


@pytest.mark.parametrize(("gap", "narrow"), [("　　", False), ("    ", True), ("  ", True)])
def test_two_columns_are_read_one_after_the_other(gap, narrow):
    page = abreast([column(TEXTS[:2], 17), column(TEXTS[2:], 17)], 17, gap, narrow)
    assert paragraphs(HEAD + page) == list(TEXTS)


def test_three_columns_and_one_that_is_longer():
    columns = [column(TEXTS[:2], 12), column(TEXTS[2:3], 12), column(TEXTS[3:], 12)]
    assert paragraphs(HEAD + abreast(columns, 12, "   ", True)) == list(TEXTS)


def test_a_paragraph_goes_on_from_one_column_to_the_next_and_over_the_page():
    lines = column(TEXTS, 16)
    cut = [lines[i : i + 5] for i in range(0, len(lines), 5)]
    pages = [abreast(cut[i : i + 2], 16, "　　", False) for i in range(0, len(cut), 2)]
    assert paragraphs(HEAD + "\f".join(pages)) == list(TEXTS)


def test_columns_are_measured_as_they_were_read():
    """Repairs that make signs narrow, or blanks of signs, do not move the gutter."""
    left = column(("　　".join(("", TEXTS[0])),), 16, "")
    page = abreast([left, column(TEXTS[2:3], 16)], 16, "　　", False)
    broken = page.replace("，", "袁").replace("。", "遥").replace("、", "尧")
    broken = "\n".join("摇摇" + row[2:] if row.startswith("　　") else row for row in broken.split("\n"))
    document = segment(fix(Document.from_text(broken)))
    found = [p.text for article in document.articles for p in article.paragraphs]
    assert found == [TEXTS[0], TEXTS[2]]


@pytest.mark.parametrize(
    "text",
    [
        "".join(
            f"云溪镇第{n}村民小组组长      林晓{n}      负责沟渠和机耕路的养护      {n}公里\n"
            for n in "一二三四五六七"
        ),
        "".join(
            f"{name}　　　{other}　　　{third}\n"
            for name, other, third in [("王大山", "李秀兰", "陈志远")] * 6
        ),
        "".join(f"{TEXTS[0][i : i + 20]}  {TEXTS[0][i + 20 : i + 40]}\n" for i in range(0, 80, 40)) * 3,
    ],
    ids=["a table", "names", "words apart"],
)
def test_what_does_not_run_down_is_left_as_it_stands(text):
    document = segment(Document.from_text(text))
    passages = [p for article in document.articles for _, _, p in article.passages()]
    spans = sorted(span for passage in (*passages, *document.furniture) for span in passage.source)
    starts = [start for passage in passages for start, _ in passage.source]
    assert starts == sorted(starts)
    assert sum(end - start for start, end in spans) >= len("".join(text.split()))


def test_nothing_is_lost_or_said_twice():
    page = HEAD + abreast([column(TEXTS[:2], 17), column(TEXTS[2:], 17)], 17, "　　", False)
    document = segment(Document.from_text(page))
    passages = [p for article in document.articles for _, _, p in article.passages()]
    places = [
        i for p in (*passages, *document.furniture) for start, end in p.source for i in range(start, end)
    ]
    assert len(places) == len(set(places))
    assert {i for i, char in enumerate(page) if not char.isspace()} <= set(places)
