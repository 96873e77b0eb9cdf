"""Articles: lines into paragraphs, titles wherever they stand, bylines, furniture, and nothing lost."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbtool.articles import explain, segment
from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import (
    credited,
    dateline,
    is_name,
    names_of,
    parse_byline,
    trailing_byline,
)
from pbtool.articles.forms import is_particulars
from pbtool.articles.furniture import furniture_roles, is_column, turn_mark
from pbtool.articles.lines import cells, ends_sentence, joined, read_lines
from pbtool.articles.pictures import photo_credit
from pbtool.articles.titles import looks_like_caption, title_parts
from pbtool.articles.wrapping import joining, opening
from pbtool.document import Article, Document, FontRun, PassageMap
from pbtool.edits import Edit

FIRST = (
    "去年以来，柳塘县把农村党支部建设作为基层治理的重点，组织干部到村里住下来，同群众一起商量办法，解决了一批多年没有解决的难题。",
    "干部住下来以后，首先做的是听。每个支部都设立了议事长廊，群众有什么想法，随时可以坐下来说，说了就有人记，记了就有人办。",
    "听完以后就要办。全县共收集意见三千多条，能当场解决的当场解决，不能当场解决的列出清单，逐条明确责任人和完成时间。",
)
SECOND = (
    "白鹭镇地处大山深处，过去交通不便，茶叶运不出去，村民守着好山好水却过不上好日子，村集体的账上常常是空的。",
    "镇党委决定从修路开始。党员带头捐款出工，用了两个冬天，修通了通往山外的公路，茶叶第一次坐上汽车出了山。",
)


def wrapped(text: str, width: int = 17) -> str:
    """A paragraph set in a column, its first line short by the indent that a text layer loses."""
    lines, line, room = [], "", float(width - 2)
    for char in text:
        if room < 1 and char not in "，。、；：？！”）":
            lines.append(line)
            line, room = "", float(width)
        line += char
        room -= 0.5 if char.isascii() else 1
    return "\n".join([*lines, line])


def column(paragraphs: tuple[str, ...]) -> str:
    return "\n".join(map(wrapped, paragraphs))


def seg(text: str) -> Document:
    return segment(Document.from_text(text))


def bodies(article: Article) -> list[str]:
    return [p.text for p in article.paragraphs if p.role == "body"]


def assert_nothing_lost(document: Document) -> None:
    counts: Counter[int] = Counter()
    passages = [p for article in document.articles for _, _, p in article.passages()] + list(
        document.furniture
    )
    for passage in passages:
        for start, end in passage.source:
            counts.update(range(start, end))
    wrong = [i for i, c in enumerate(document.original) if not c.isspace() and counts[i] != 1]
    assert not wrong, [(i, document.original[i], counts[i]) for i in wrong[:5]]


def test_title_byline_body_affiliation() -> None:
    text = f"把支部建在群众身边\n■罗 兰 陈志明\n{column(FIRST)}\n（作者单位：柳塘县委组织部）\n"
    document = seg(text)
    (article,) = document.articles
    assert article.title is not None and article.title.text == "把支部建在群众身边"
    assert article.byline == ("罗兰", "陈志明")
    assert article.affiliation is not None and article.affiliation.text == "作者单位：柳塘县委组织部"
    assert bodies(article) == list(FIRST)
    assert_nothing_lost(document)


def test_title_after_the_body_belongs_to_its_page() -> None:
    text = f" {column(FIRST)}\n把支部建在群众身边\n■罗 兰\n {column(SECOND)}\n大山里的茶叶路\n■陈志明\n"
    document = seg(text)
    assert [a.title.text for a in document.articles if a.title] == ["把支部建在群众身边", "大山里的茶叶路"]
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert [a.byline for a in document.articles] == [("罗兰",), ("陈志明",)]


def test_title_in_the_middle_of_a_sentence() -> None:
    lines = column(FIRST).split("\n")
    cut = 6
    assert not ends_sentence(lines[cut - 1])
    text = "\n".join([*lines[:cut], "把支部建在群众身边", "■罗 兰", *lines[cut:]])
    (article,) = seg(text).articles
    assert article.title is not None and article.title.text == "把支部建在群众身边"
    assert bodies(article) == list(FIRST)


def test_page_furniture_between_two_halves_of_a_sentence() -> None:
    lines = column(FIRST).split("\n")
    text = "\n".join(
        ["把支部建在群众身边", "■罗 兰", *lines[:6], "12", "柳塘党建", *lines[6:], "13", "柳塘党建"]
    )
    document = seg(text)
    (article,) = document.articles
    assert bodies(article) == list(FIRST)
    assert [p.role for p in document.furniture if p.text in ("12", "13")] == ["page_number", "page_number"]
    assert_nothing_lost(document)


def test_one_line_a_paragraph_and_a_torn_one() -> None:
    cut = FIRST[1].index("群众有什么")
    text = "\n".join(["把支部建在群众身边", FIRST[0], FIRST[1][: cut + 3], FIRST[1][cut + 3 :], FIRST[2]])
    (article,) = seg(text).articles
    assert bodies(article) == list(FIRST)


def test_plain_prose_is_one_article_without_title() -> None:
    document = seg("\n".join(FIRST))
    (article,) = document.articles
    assert article.title is None and bodies(article) == list(FIRST)


WEB = "\n".join(
    (
        "小院里每个月初五都有一场会，村里的大事小事都在这里商量。会开在院子里，支部和乡亲的心就贴在一起。",
        "去年冬天，村里要修一条三公里的路，有人担心占了自家的地，党员一家一家去说，最后二十七户都同意了。",
        "路修好以后，货车能直接开到田头，橘子当天就能装车，价格也比往年高了不少，乡亲们都说这个会开得好。",
    )
)


@pytest.mark.parametrize(
    ("head", "title", "byline"),
    [
        ("基层党建 | 小院里的大事\n2023-06-01 10:12\n大塘村党总支\n〉〉何建华+刘海燕", "基层党建 | 小院里的大事", ["何建华", "刘海燕"]),
        ("小院里的大事\n何建华＋刘海燕", "小院里的大事", ["何建华", "刘海燕"]),
        ("小院里的大事 分享到： 阅读：1024\n2021-03-04 来源：县委组织部 作者：林晓", "小院里的大事", ["林晓"]),
        ("小院里的大事 0 人点赞 分享 收藏\n2021-03-04 10:20", "小院里的大事", []),
        ("要闻 | 党员 | 干部 | 人才 | 专题\n小院里的大事\n2021-03-04 10:20", "小院里的大事", []),
    ],
)  # fmt: skip
def test_what_stands_around_the_title_of_a_web_page(head: str, title: str, byline: list[str]) -> None:
    document = seg(f"{head}\n{WEB}")
    assert [(one.title and one.title.text, list(one.byline)) for one in document.articles] == [
        (title, byline)
    ]
    assert_nothing_lost(document)


def test_a_caption_that_comes_again_amid_the_text_is_no_title() -> None:
    first, rest = WEB.split("\n", 1)
    caption = "党员在村里的小院开会"
    document = seg(f"小院里的大事\n2021-03-04 10:20\n{caption}\n{first}\n{caption}\n{rest}")
    assert [one.title and one.title.text for one in document.articles] == ["小院里的大事"]
    assert_nothing_lost(document)


def test_web_page_lines() -> None:
    text = "\n".join(
        ["大山里的茶叶路", "来源：柳塘融媒", *SECOND, "（罗兰 陈志明）", "责任编辑：何静", "分享 微信 微博"]
    )
    document = seg(text)
    (article,) = document.articles
    assert article.byline == ("罗兰", "陈志明")
    assert {p.role for p in document.furniture} <= {"footer", "other"}
    assert_nothing_lost(document)


def test_headings_stand_alone_and_run_in_heads_do_not() -> None:
    text = "\n".join(
        [
            "把支部建在群众身边",
            "■罗 兰",
            wrapped(FIRST[0]),
            "一、听得进去",
            wrapped(FIRST[1]),
            "二、办得下来",
            wrapped(FIRST[2]),
        ]
    )
    (article,) = seg(text).articles
    assert [p.text for p in article.paragraphs if p.role == "heading"] == ["一、听得进去", "二、办得下来"]
    assert bodies(article) == list(FIRST)


def test_dateline_with_senders_and_editors_note() -> None:
    text = "\n".join(
        [
            "编者按：本刊今起介绍各地做法，供学习交流。",
            "大山里的茶叶路",
            f"本报柳塘讯（通讯员 罗兰 陈志明）{SECOND[0]}",
            SECOND[1],
        ]
    )
    document = seg(text)
    article = document.articles[0]
    assert article.dateline is not None and article.dateline.text == "本报柳塘讯"
    assert article.byline == ("罗兰", "陈志明")
    assert article.editor_note is not None and article.editor_note.text.startswith("编者按")
    assert_nothing_lost(document)


def test_sources_hold_after_repairs() -> None:
    text = "把支部建在群众身边\n姻罗 兰\n" + column(FIRST).replace("，", "袁").replace("。", "遥")
    edits = [
        Edit(i, i + 1, c, {"袁": "，", "遥": "。", "姻": "■"}[c], "shift")
        for i, c in enumerate(text)
        if c in "袁遥姻"
    ]
    document = segment(Document.from_text(text).revise(edits))
    (article,) = document.articles
    assert bodies(article) == list(FIRST) and article.byline == ("罗兰",)
    for _, _, passage in article.passages():
        place = PassageMap(passage, document.edits)
        assert place.fits
    assert_nothing_lost(document)


def test_explain_speaks_of_every_line() -> None:
    text = f"把支部建在群众身边\n■罗 兰\n{column(FIRST)}\n"
    said = explain(Document.from_text(text))
    assert len([line for line in said if line.startswith("line at")]) == len(text.strip().split("\n"))
    assert said[-3] == "article 1: 把支部建在群众身边"
    assert said[-2].startswith("  title at 0: stands before the text; the text holds ")
    assert said[-1] == f"  text at {text.index(wrapped(FIRST[0])[:8])}: begins the article"
    assert explain(Document.from_text("")) == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("■童 飞 郑雪梅", ("童飞", "郑雪梅")),
        ("融媒记者 胡明 通讯员 吕星辰 李静", ("胡明", "吕星辰", "李静")),
        ("（通讯员 王强 何远山）", ("王强", "何远山")),
        ("■王 飞 王 程 林芳草", ("王飞", "王程", "林芳草")),
        ("■本刊评论员", ("本刊评论员",)),
        ("作者：欧阳文静", ("欧阳文静",)),
        ("■柳塘县委组织部课题组", ("柳塘县委组织部课题组",)),
    ],
)
def test_bylines(line: str, names: tuple[str, ...]) -> None:
    found = parse_byline(line)
    assert found is not None and found.names == names


@pytest.mark.parametrize(
    "line",
    [
        "全县共有党员三千名",
        "会议强调，要抓好落实。",
        "记者在现场看到一片忙碌的景象",
        "■要始终把群众放在心上，多走山路",
    ],
)
def test_no_bylines(line: str) -> None:
    assert parse_byline(line) is None


def test_office_beside_a_name() -> None:
    found = parse_byline("■县委常委、组织部长 陈晓玲")
    assert found is not None and found.names == ("陈晓玲",) and found.office == "县委常委、组织部长"


def test_small_readings() -> None:
    assert is_name("欧阳文静") and not is_name("组织部") and not is_name("的")
    assert all(map(is_name, ("付小河", "常青", "洪大川", "賴小山", "俞平", "翁山川")))
    assert names_of("张三丰 李小四") == ("张三丰", "李小四")
    assert trailing_byline("茶叶出了山。（罗兰 陈志明）") is not None
    assert trailing_byline("茶叶出了山（见图二）") is None
    assert dateline("本刊讯 四月十二日清晨") is not None and dateline("本报告指出了问题") is None
    assert cells("党建 2018") == 4.25
    assert ends_sentence("好。”") and not ends_sentence("（作者单位：县委）")
    assert joined(["open", "source", "软件"]) == "open source软件"
    assert turn_mark("（下转第三版）") and is_column("基层论坛") and not is_column("我们走在大路上")
    assert looks_like_caption("图为白鹭镇茶园") and not looks_like_caption("制度建设：强队伍")
    parts = title_parts(["柳塘县：", "大山里的茶叶路", "——白鹭镇修路记"])
    assert (parts.kicker, parts.title, parts.subtitle) == ((0,), (1,), (2,))


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("- 12 -", "page_number"),
        ("第3版", "page_number"),
        ("2023年第2期", "footer"),
        ("责任编辑：何静", "footer"),
        ("主办：中共柳塘县委", "masthead"),
        ("Liu Tang Dang Jian", "footer"),
        ("上一篇", "other"),
    ],
)
def test_furniture_by_form(text: str, role: str) -> None:
    lines = read_lines(Document.from_text(f"{text}\n{FIRST[0]}\n"))
    assert furniture_roles(lines)[0][0] == role


def test_names_in_large_type_below_a_larger_title() -> None:
    lines = [
        "大山里的茶叶路与",
        "白鹭镇修路的经验*",
        "罗 兰 陈志明 王 芳",
        *column((*FIRST, *SECOND)).split("\n"),
    ]
    sizes = [32.0, 32.0, 16.0, *[9.7] * (len(lines) - 3)]
    runs, at = [], 0
    for line, size in zip(lines, sizes, strict=True):
        runs.append(FontRun(at, at + len(line), "Song", size))
        at += len(line) + 1
    article = segment(replace(Document.from_text("\n".join(lines)), fonts=tuple(runs))).articles[0]
    assert article.title is not None and article.title.text == "大山里的茶叶路与白鹭镇修路的经验"
    assert article.byline == ("罗兰", "陈志明", "王芳")


def test_running_text_is_no_furniture() -> None:
    sentence = "在新征程上把茶叶路修到每个山头是镇党委的事，{}"
    again = "\n".join(wrapped(sentence.format(rest)) for rest in (FIRST[0], FIRST[1], FIRST[2], SECOND[0]))
    sponsor = "大会由柳塘县人民政府主办，\n" + wrapped(SECOND[1])
    for text in (again, sponsor):
        roles, _ = furniture_roles(read_lines(Document.from_text(text)))
        assert not any(roles), text


@pytest.mark.parametrize("text", ["", "\n\n \n", "\u3000"])
def test_nothing_gives_no_article(text: str) -> None:
    assert seg(text).articles == ()


@pytest.mark.parametrize(
    "text",
    [
        "党",
        "党\n" * 3000,
        "好。\n" * 3000,
        "This is a title\n\nIt is a paragraph of text that goes on.\nMore of it.\n" * 40,
        "村名\t户数\t比例\n" * 600,
        "（作者单位：\n" * 1500,
        "12\n" * 2000,
        "1" * 100000,
        "■王小明\n" * 1500,
        "关于加强党的建设的意见\n\n" * 1000,
        "标题一\r\n\r\n正文很好。\r\n",
        "编者按：\n" * 800,
    ],
    ids=range(12),
)
def test_hostile_text_is_survived_quickly_and_nothing_lost(text: str) -> None:
    began = time.process_time()
    document = seg(text)
    assert time.process_time() - began < 5
    assert_nothing_lost(document)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("党建工作一二三。，“”（）：12 Aa■—\u3000", max_size=24), max_size=30))
def test_every_character_is_claimed_once(lines: list[str]) -> None:
    document = seg("\n".join(lines))
    assert_nothing_lost(document)
    for article in document.articles:
        for _, _, passage in article.passages():
            assert passage.text and passage.source


def test_continuation_on_a_later_page() -> None:
    lines = column(FIRST).split("\n")
    text = "\n".join(
        [
            "把支部建在群众身边",
            "■罗 兰",
            *lines[:6],
            "（下转第三版）",
            "1",
            "大山里的茶叶路",
            "■陈志明",
            column(SECOND),
        ]
        + ["（作者单位：白鹭镇党委）", "2", "（上接第一版）", *lines[6:], "3"]
    )
    document = seg(text)
    assert [a.title.text for a in document.articles if a.title] == ["把支部建在群众身边", "大山里的茶叶路"]
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert_nothing_lost(document)


def test_column_of_an_article_is_not_the_name_of_the_publication() -> None:
    pages = [["柳塘党建", "基层经验", "把支部建在群众身边", "■罗 兰", column(FIRST), "1"]]
    pages += [["柳塘党建", "先锋人物", "大山里的茶叶路", "■陈志明", column(SECOND), "2"], ["柳塘党建", "3"]]
    document = seg("\n".join(line for page in pages for line in page))
    assert [a.column for a in document.articles] == ["基层经验", "先锋人物"]


def test_box_with_another_article_in_the_middle_of_a_sentence() -> None:
    lines = column(FIRST).split("\n")
    assert not ends_sentence(lines[5])
    box = ["大山里的茶叶路", "■陈志明", column(SECOND)]
    document = seg("\n".join(["把支部建在群众身边", "■罗 兰", *lines[:6], *box, *lines[6:]]))
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert [a.byline for a in document.articles] == [("罗兰",), ("陈志明",)]
    assert_nothing_lost(document)


def test_table_of_contents_is_set_aside_and_names_the_titles() -> None:
    contents = ["目 录", "把支部建在群众身边……3", "大山里的茶叶路……5"]
    text = "\n".join([*contents, "把支部建在群众身边", *FIRST, "大山里的茶叶路", *SECOND])
    document = seg(text)
    assert [a.title.text for a in document.articles if a.title] == ["把支部建在群众身边", "大山里的茶叶路"]
    assert [p.text for p in document.furniture] == contents


def test_names_divided_by_the_end_of_a_line() -> None:
    text = "\n".join(
        ["大山里的茶叶路", *wrapped(f"本报柳塘讯（通讯员 罗兰 陈志明）{SECOND[0]}", 15).split("\n")]
    )
    (article,) = seg(text).articles
    assert article.byline == ("罗兰", "陈志明") and bodies(article) == [SECOND[0]]


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("本报通讯员 孙立群 摄", True),
        ("图/县融媒体中心", True),
        ("供图：陈志明", True),
        ("文/图 本报记者 陈志明", False),
        ("党员在茶园里采茶", False),
    ],
)
def test_credits_of_pictures(line: str, taken: bool) -> None:
    assert photo_credit(line) is taken


def test_clean_prose_of_several_articles_comes_back_article_by_article() -> None:
    text = "\n".join(
        ["把支部建在群众身边", *FIRST, "（作者：罗兰）", "大山里的茶叶路", *SECOND, "（作者：陈志明）"]
    )
    document = seg(text)
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert [a.byline for a in document.articles] == [("罗兰",), ("陈志明",)]


def test_text_that_is_not_wrapped_stays_in_the_order_of_the_file() -> None:
    body = [*FIRST, *SECOND]
    page = "\n".join([body[0], "（柳塘河畔）", *body[1:-1], body[-1][:-9], "读完此文您有何感受"])
    starts = [p.source[0][0] for a in seg(page).articles for p in a.paragraphs]
    assert starts == sorted(starts)


def test_frame_of_a_web_page_is_no_title() -> None:
    page = [
        "期刊", "文章", "会议",
        "青屏新闻网>>基层动态",
        "索引号 | qp/2023-00017 | 发布机构 | 云溪镇 |",
        "把支部建在群众身边",
        "把支部建在群众身边",
        "2023-05-06 09:12:00  来源：青屏日报  作者：本报记者 林晓",
        *FIRST,
        "相关阅读：",
        "茶叶路修通了",
    ]  # fmt: skip
    (article,) = seg("\n".join(page)).articles
    assert article.title and article.title.text == "把支部建在群众身边"
    assert article.kicker is None and article.byline == ("林晓",)
    assert bodies(article) == list(FIRST)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("2023-05-06 09:12:00  来源：青屏日报  作者：林晓 何静  点击：20", ("林晓", "何静")),
        ("記者 林曉  何靜      來源：青屏日報", ("林曉", "何靜")),
        ("2023/05/06 19:59 記者林曉／青屏報導", ("林曉",)),
        ("青屏网新闻记者 林晓 云溪报道", ("林晓",)),
        ("来源：青屏日报 作者：    发布时间：2023-05-06", ()),
        ("记者来源：各县", ()),
    ],
)
def test_lines_of_particulars_name_the_author(line: str, names: tuple[str, ...]) -> None:
    found = credited(line)
    assert (found.names if found else ()) == names


def test_two_articles_that_share_two_columns() -> None:
    one, other = column(FIRST).split("\n"), column(SECOND).split("\n")
    page = [
        "把支部建在群众身边",
        "■罗 兰",
        *one[:6],
        "大山里的茶叶路",
        "■陈志明",
        *other[:4],
        *one[6:],
        *other[4:],
    ]
    document = seg("\n".join(page))
    assert [a.title.text for a in document.articles if a.title] == ["把支部建在群众身边", "大山里的茶叶路"]
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert_nothing_lost(document)


def test_what_follows_a_turned_page_comes_along() -> None:
    one = column(FIRST).split("\n")
    rest = ["（上接第1版）", *one[6:8], "图为柳塘县党员在议事长廊里。", *one[8:]]
    pages = [["把支部建在群众身边", "■罗 兰", *one[:6], "（下转第3版）", "第1版"]]
    pages += [["大山里的茶叶路", "■陈志明", column(SECOND), "第2版"], [*rest, "第3版"]]
    document = seg("\n".join(line for page in pages for line in page))
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert [c.text for c in document.articles[0].captions] == ["图为柳塘县党员在议事长廊里。"]


def test_the_judge_tells_what_goes_on() -> None:
    assert joining("解决了一批多年没有解", "决的难题。") > joining("解决了一批多年没有解", "捐款出工，用了")
    assert opening("今年以来，全县") > 0 > opening("的难题，群众")


def test_questions_and_answers_are_paragraphs() -> None:
    spoken = (
        "问：今年村里修了几条路？群众满意不满意？",
        "答：修了三条。路修到哪里，大家就把长凳搬到哪里，坐下来一起商量下一步怎么办。",
        "问：钱从哪里来？",
        "答：党员带头凑一点，县里补一点，剩下的靠村集体的茶园。账目每个月贴在村口，谁都可以看。",
    )
    (article,) = seg("\n".join(["茶园边上的三条路", *map(wrapped, spoken)])).articles
    assert bodies(article) == list(spoken)


def test_a_mark_at_one_end_of_a_turned_page_is_enough() -> None:
    one = column(FIRST).split("\n")
    pages = [["把支部建在群众身边", "■罗 兰", *one[:4], "（下转第3版）", "1"]]
    pages += [["大山里的茶叶路", "■陈志明", column(SECOND), "2"], [*one[4:], "3"]]
    document = seg("\n".join(line for page in pages for line in page))
    assert [bodies(a) for a in document.articles] == [list(FIRST), list(SECOND)]
    assert_nothing_lost(document)


def test_a_page_that_comes_out_backwards() -> None:
    one = column(FIRST).split("\n")
    pages = [["大山里的茶叶路", "■陈志明", column(SECOND), "（作者单位：白鹭镇党委）", "1"]]
    pages += [[*one[4:], "（作者单位：柳塘县委组织部）", "把支部建在群众身边", "■罗 兰", *one[:4], "2"]]
    document = seg("\n".join(line for page in pages for line in page))
    assert [bodies(a) for a in document.articles] == [list(SECOND), list(FIRST)]
    assert any("goes on from the page's end" in line for line in explain(document))
    assert_nothing_lost(document)


def test_a_note_ends_above_a_title_without_a_byline() -> None:
    note = "编者按：各地在实践中想了不少办法。\n本刊选登几篇，供大家参考。"
    document = seg(f"{note}\n大山里的茶叶路\n{column(SECOND)}")
    (article,) = document.articles
    assert article.editor_note is not None and article.editor_note.text.endswith("供大家参考。")
    assert article.title is not None and article.title.text == "大山里的茶叶路"
    assert bodies(article) == list(SECOND)


def test_a_kicker_may_end_in_a_dash_in_the_midst_of_a_sentence() -> None:
    one = column(FIRST).split("\n")
    lines = [*one[:2], "柳塘县走出治理新路——", "把支部建在群众身边", "■罗 兰", *one[2:]]
    (article,) = seg("\n".join(lines)).articles
    assert article.kicker is not None and article.kicker.text == "柳塘县走出治理新路——"
    assert bodies(article) == list(FIRST)


def test_two_authors_are_of_two_articles() -> None:
    sent = ("本报柳塘讯（通讯员 罗兰）" + FIRST[0], FIRST[1])
    signed = (SECOND[0], SECOND[1] + "（陈志明）")
    document = seg(f"把支部建在群众身边\n{column(sent)}\n大山里的茶叶路\n{column(signed)}")
    assert [a.byline for a in document.articles] == [("罗兰",), ("陈志明",)]


def test_verses_keep_their_lines_and_their_order() -> None:
    clauses = (
        "山里的路", "一级一级接到天边", "她背着布包", "走进一户又一户人家", "本子上记满了名字", "谁家的屋顶漏雨",
        "谁家的孩子上学远", "她都记在心里", "第一年修了水渠", "第二年种上茶苗", "第三年的春天", "满山都是采茶人的歌声",
    )  # fmt: skip
    (article,) = seg("\n\n".join(clauses)).articles
    read = [p.text for p in article.paragraphs]
    assert read == [c for c in clauses if c in read] and len(read) >= len(clauses) - 1


def test_pieces_are_joined_with_spaces_between_latin_words_only() -> None:
    assert joined(["村民用", "", "Wi", "Fi", "看报"]) == "村民用Wi Fi看报"


def test_a_question_in_quotation_marks_above_an_author_is_a_title() -> None:
    text = "\n".join((*FIRST, "“谁说山里没有好茶？”", "■陈志明", *SECOND, "“谁说山里没有好茶？”", *FIRST))
    assert Blocks(read_lines(Document.from_text(text))).kinds == [
        "body", "body", "body", "title", "byline", *["body"] * 6
    ]  # fmt: skip


def test_a_numbered_line_heads_a_section_and_no_page() -> None:
    frame = "首页 > 新闻中心 > 基层动态\n发布时间：2023-05-06 09:10 来源：云湖县报\n"
    text = "周大川在石桥镇当了三十年支部书记，带着全村人修路、种茶、办学，把荒山变成了茶山。\n村里的路通到了每家门口。\n"
    document = seg(f"{frame}1.周大川：茶山上的带头人\n{text}{text}")
    assert document.articles[0].title is None
    document = seg(f"{frame}全部评论 按赞排序\n{text}")
    assert document.articles[0].title is None


def test_days_are_read_in_every_spelling() -> None:
    for day in ("2023年5月6日", "2023-05-06", "2023/5/6", "2023．05．06", "1998年 5月 6日"):
        assert is_particulars(f"{day} 10:20 云湖县报")
        found = credited(f"{day} 10:20 林晓")
        assert found is not None and found.names == ("林晓",)


def test_a_style_of_a_word_file_makes_no_web_page_of_it() -> None:
    text = (Path(__file__).resolve().parent.parent / "samples" / "issue.txt").read_text(encoding="utf-8")
    plain = segment(Document.from_text(text))
    styled = segment(Document.from_text(text, fonts=(FontRun(0, text.index("\n"), "caption"),)))
    assert [a.title and a.title.text for a in styled.articles] == [
        a.title and a.title.text for a in plain.articles
    ]


def test_the_entries_of_a_list_are_paragraphs_and_no_captions():
    entries = [
        "1.丁守田：云岭县石桥镇柳湾村党总支书记、村民委员会主任，驻村帮扶工作队员",
        "2.沈玉兰：云岭县石桥镇东街社区党委书记、居民委员会主任，社区网格员总负责人",
        "3.贺长林：云岭县白水乡党委副书记、乡农业技术服务中心主任",
    ]
    text = (
        "云岭县公布优秀基层干部名单\n\n近日，云岭县公布了优秀基层干部名单，三名同志受到表彰。\n\n"
        + "\n\n".join(entries)
    )
    (found,) = segment(Document.from_text(text)).articles
    assert [passage.text for passage in found.paragraphs][1:] == entries
    assert not found.captions


def test_a_list_ends_where_a_blank_line_sets_it_apart():
    text = "一、工作目标\n\n1.抓好基层党组织建设\n2.壮大村级集体经济\n3.加强党员教育管理\n\n全镇要高度重视，认真抓好落实。\n"
    (found,) = segment(Document.from_text(text)).articles
    assert [passage.text for passage in found.paragraphs][-2:] == [
        "3.加强党员教育管理",
        "全镇要高度重视，认真抓好落实。",
    ]
