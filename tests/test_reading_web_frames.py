"""The frame of web pages: what stands around the article in files as people copy or save them, and who wrote it."""

from __future__ import annotations

import pytest

from pbtool.articles import explain, segment
from pbtool.articles.bylines import credited, dateline, glued_names, parse_byline, sent_by, trailing_byline
from pbtool.articles.lines import read_lines
from pbtool.articles.web import web_pages
from pbtool.document import Document
from pbtool.reading import read_bytes

TITLE = "把支部会开到田埂上"
FIRST = "近日，云湖县石桥镇党委书记周大川走进茶山，与农户一起算春茶账，把支部会开到了田埂上。"
SECOND = "“路修好了，茶叶当天就能进城。”村党支部书记何秀兰说，全村今年增收67万元，比上年增长23%。"
THIRD = "下一步，镇里将推广积分管理，让863名党员在网格里亮出身份，把群众的难处一件一件办好。"
BODY = [FIRST, SECOND, THIRD]


def article(lines: list[str]):
    found = segment(Document.from_text("\n".join(lines))).articles
    assert len(found) == 1
    return found[0]


HEADS = {
    "path and label": ["云湖县人民政府", "您当前的位置：首页 > 镇街动态", TITLE, "发布时间：2023-05-06 09:10 来源：石桥镇 浏览次数："],
    "glued label": ["北斗星 新闻 视频 论坛", TITLE, "2023-05-06 15:45来源：云湖日报作者：陈一舟关键词：云湖县支部会收藏点赞"],
    "title twice": ["云湖范文网 > 党建", TITLE, "时间：2023-05-06 10:43:14", "相关推荐", TITLE],
    "window title": [f"{TITLE}_云湖新闻网", "新闻 广告热线：0571-5052851", TITLE],
    "day alone": ["2023-05-06", TITLE],
    "paper": ["第07版：县区新闻 PDF版阅读", TITLE],
    "metadata": ["索 引 号：1150038300/2021-00021 主题分类：其他", "发布机构：石桥镇 公开日期：2023-05-06", f"标题：{TITLE}", "有效性：有效"],
    "share bar": ["云湖网 正文", TITLE, "2023-05-06 14:55:53 来源： 云湖网", "关注云湖网", "微博", "Qzone", "评论", "图集"],
}  # fmt: skip


@pytest.mark.parametrize("name", HEADS)
def test_the_title_is_found_in_the_frame_above_the_text(name):
    page = article([*HEADS[name], *BODY])
    assert page.title is not None and page.title.text == TITLE
    assert [p.text for p in page.paragraphs] == BODY


FEET = {
    "buttons": ["【打印本页】 【关闭窗口】", "扫一扫在手机打开当前页"],
    "links": ["上一篇：党员活动日走进敬老院", "下一篇：没有了", "相关新闻", "县里召开春季农业生产工作会议", "全县干部夜校开班"],
    "remarks": ["评论 0人参与,0条评论", "还没有评论,快来抢沙发吧!", "最热评论", "写得真好，我们村也要这样开会，大家一起商量着办！"],
    "notice": ["版权声明：凡本网注明来源的作品，未经授权请勿转载，违者必究。", "云湖ICP备00000000号"],
    "credits": ["来源：云湖融媒", "一审|何静", "二审：林晓", "终审|罗明"],
}  # fmt: skip


@pytest.mark.parametrize("name", FEET)
def test_the_text_ends_where_the_frame_behind_it_begins(name):
    page = article(["首页 > 党建 > 正文", TITLE, "2023-05-06 09:10 来源：云湖日报", *BODY, *FEET[name]])
    assert [p.text for p in page.paragraphs] == BODY


def test_a_line_above_the_particulars_explains_the_title():
    page = article(
        ["首页 > 要闻", TITLE, "石桥镇今春已经开了十四次", "时间：2023-09-18 来源：云湖日报", *BODY]
    )
    assert page.title.text == TITLE and page.subtitle.text == "石桥镇今春已经开了十四次"


@pytest.mark.parametrize(
    "head",
    [
        ["全部评论 按赞排序", "举报", "微信扫一扫"],
        ["【发布时间】:2023-05-06  【部门】:党群办  【阅读人数】:4906"],
    ],
)
def test_a_page_without_a_title_has_none(head):
    page = article([*head, *BODY, "责任编辑：罗玉", "版权所有 云湖论坛"])
    assert page.title is None and [p.text for p in page.paragraphs] == BODY


def test_pictures_between_the_particulars_and_the_text():
    pictures = ["图片 3", "党员们到敬老院看望老人", "图片 1", "何秀兰给大家上党课"]
    page = article(["您的位置: 首页 投稿中心", TITLE, "发布时间:2023-05-06 11:16", *pictures, *BODY])
    assert page.title.text == TITLE and [p.text for p in page.paragraphs][-3:] == BODY


def test_columns_and_issues_are_no_web_pages():
    column = "近日，云湖县石桥镇党委书记周大川走进茶山，与农户一起算春茶账，把支部会开到了田埂上，会上大家说得热闹，一直谈到日头偏西。"
    wrapped = [column[i : i + 16] for i in range(0, len(column), 16)]
    issue = ["目 录", f"{TITLE}……10", "· 9 ·", TITLE, "■何 静", *wrapped * 4, "责任编辑：罗玉"]
    assert web_pages(read_lines(Document.from_text("\n".join(issue)))) == []
    briefs = [
        TITLE,
        "云湖讯（记者 何静）" + FIRST,
        "茶山上的夜校",
        "云湖讯（记者 林晓）" + SECOND,
        "责任编辑：罗玉",
        "校对：罗明",
        "美编：林晓",
    ]
    assert web_pages(read_lines(Document.from_text("\n".join(briefs)))) == []


def test_explain_names_the_frame():
    said = explain(Document.from_text("\n".join([*HEADS["path and label"], *BODY])))
    assert any("frame of the page" in line for line in said)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("澎湃新闻记者 陈一舟 何静", ("陈一舟", "何静")),
        ("采写：南湖报记者 余晓 向明", ("余晓", "向明")),
        ("图文 陈一舟", ("陈一舟",)),
        ("【文/云湖网专栏作者 陈一舟】", ("陈一舟",)),
        ("□资料：陈一舟 制图：何静", ("陈一舟", "何静")),
        ("记者：马晓玲 通讯员：何志强", ("马晓玲", "何志强")),
        ("（石桥镇党委供稿）", ("石桥镇党委",)),
    ],
)
def test_lines_that_name_authors(line, names):
    assert parse_byline(line).names == names


@pytest.mark.parametrize("line", ["编 辑 何静", "【责任编辑：何静】", "审核：何静"])
def test_editors_are_no_authors(line):
    assert parse_byline(line) is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("2023-05-06 15:45来源：县供电局作者：郭芳关键词：县供电局", ("郭芳",)),
        ("来源：县委组织部 作者：陈一舟 何静 责任编辑：王一", ("陈一舟", "何静")),
        ("2024-01-21 09:51程方何明", ("程方", "何明")),
        ("作者姓名： | 高明 |", ("高明",)),
        ("2018年12月28日 19:55 云湖日报", None),
        ("2023年4月13日 星期四", None),
    ],
)
def test_particulars_that_name_authors(line, names):
    found = credited(line)
    assert (found.names if found else None) == names


@pytest.mark.parametrize(
    ("tail", "names"),
    [
        ("（图文：李明；审核：何静）", ("李明",)),
        ("（陈一舟/文 何静/图）", ("陈一舟", "何静")),
        ("（信息员：曾明）", ("曾明",)),
        ("（文 图/李明）", ("李明",)),
        ("（云湖县医院党支部/儿童科：李明、何静）", ("李明", "何静")),
        ("（文/陈一舟 集团党办）", ("陈一舟",)),
        ("（云湖县农业局）", ("云湖县农业局",)),
        (" 林永康 高静 摄", ("林永康", "高静")),
        ("（编辑：何静）", None),
    ],
)
def test_senders_behind_a_text(tail, names):
    found = trailing_byline(SECOND + tail)
    assert (found[1].names if found else None) == names


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("红星网云湖7月23日讯（时刻新闻记者 李俊 通讯员 杨明）", ("李俊", "杨明")),
        ("云上云湖报道：（通讯员 何静）", ("何静",)),
        ("本报讯 记者陈一舟 通讯员何静报道 ", ("陈一舟", "何静")),
        ("【通讯员 何静】", ("何静",)),
        ("（外国语学院 刘明 报道|摄影 陈强）", ("刘明", "陈强")),
        ("本网讯 （学生记者 弓明 容震）", ("弓明", "容震")),
    ],
)
def test_senders_before_a_text(head, names):
    found = dateline(head + FIRST)
    assert found is not None and found[2] is not None and found[2].names == names


def test_names_without_a_space_between_them():
    assert glued_names("陈广民叶超平") == ("陈广民", "叶超平")
    assert glued_names("走进茶山") is None and sent_by(FIRST) is None


def test_html_keeps_all_its_text_and_its_paragraphs():
    page = f"""<html><head><title>云湖县第一医院</title></head><body><p>{FIRST}</p><p>先进集体三个；</p><p>先进个人十名；</p>
<p>走进茶山</p><p>{SECOND}</p><p>{THIRD}</p></body></html>"""
    found = segment(read_bytes(page.encode(), "a.html")).articles
    assert [p.text for a in found for p in a.paragraphs] == [
        FIRST,
        "先进集体三个；",
        "先进个人十名；",
        "走进茶山",
        SECOND,
        THIRD,
    ]
    assert found[0].title is None


SITE = "云湖学院软件系"
FORM = f"""<html><head><title>{SITE}</title></head><body><div class="nav"><a>首页</a><a>新闻</a></div><h1><a href="/">{SITE}</a></h1>
<form name="_newscontent_fromname"><h2>{TITLE}</h2><p>发布时间：2023年5月6日</p><div class="share_area main"><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div></form>
<div class="comment-list"><p class="comment-txt">写得真好，我们村也要这样开会，大家一起商量着办，办好一件是一件！</p>
<p class="comment-txt">支持，把会开到老百姓家门口，什么话都好说，什么事都好办，希望越办越好。</p></div></body></html>"""


def test_html_in_a_form_with_remarks_of_readers():
    lines = read_bytes(FORM.encode(), "a.html").text.splitlines()
    assert lines == [TITLE, "发布时间：2023年5月6日", *BODY]


def test_two_articles_with_an_author_each_are_no_web_page() -> None:
    lines = [TITLE, "■罗 兰", *BODY, "“谁说山里没有好茶？”", "■陈志明", *BODY]
    found = segment(Document.from_text("\n".join(lines))).articles
    assert [(a.title and a.title.text, a.byline) for a in found] == [
        (TITLE, ("罗兰",)),
        ("“谁说山里没有好茶？”", ("陈志明",)),
    ]
