"""Web pages of the kinds that counties, towns and papers put up, each with the lines a reader would call the article."""

from __future__ import annotations

import pytest

from pbtool.reading import read_bytes

FIRST = "近日，云湖县石桥镇党委书记周大川走进茶山，与农户一起算春茶账，把支部会开到了田埂上。"
SECOND = "“路修好了，茶叶当天就能进城。”村党支部书记何秀兰说，全村今年增收67万元，比上年增长23%。"
THIRD = "下一步，镇里将推广积分管理，让863名党员在网格里亮出身份，把群众的难处一件一件办好。"
TITLE = "把支部会开到田埂上"

PAPER = f"""<!DOCTYPE html><html><head><meta charset="GB2312"><title>{TITLE}--地方领导--云湖新闻网</title></head><body>
<div class="top"><a href="/">云湖新闻网</a>&gt;&gt;<a href="/d">地方领导</a></div>
<div class="layout"><div class="col-1"><h4 class="pre">走基层</h4><h1>{TITLE}</h1><h4 class="sub">——石桥镇抓党建促增收记</h4>
<div class="author">本报记者 陈一舟 丁小雨</div>
<div class="channel"><div class="col-1-1">2023年05月06日08:00 | 来源：<a href="http://x">云湖日报</a></div>
<div>小字号</div></div>
<div class="rm_txt_con"><div class="otitle">原标题：{TITLE}</div><p>　　{FIRST}</p><p>　　{SECOND}</p>
<p style="text-align:center"><img src="a.jpg"></p><p class="pic">图为周大川（右一）在茶山上。李 晓摄</p><p>　　{THIRD}</p>
<p>　　《云湖日报》（2023年05月06日 03 版）</p>
<div class="edit">(责编：王一、赵二)</div></div>
<div class="share">分享让更多人看到</div></div>
<div class="col-2"><h2>推荐阅读</h2><ul><li><a href="1">县里召开春季农业生产工作会议，部署下一步任务</a></li>
<li><a href="2">全县干部夜校开班，四十六名学员参加</a></li></ul></div></div>
<div class="copy">云湖新闻网版权所有，未经书面授权禁止使用<br>Copyright 2023 by yunhu.cn all rights reserved</div></body></html>"""

OFFICE = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="ArticleTitle" content="{TITLE}"><meta name="PubDate" content="2023-05-06 09:10"><meta name="ContentSource" content="石桥镇人民政府">
<title>云湖县人民政府 镇街动态 {TITLE}</title></head><body>
<div class="header"><div class="logo">云湖县人民政府</div><div class="nav"><a>首页</a><a>政务公开</a><a>办事服务</a><a>互动交流</a></div></div>
<div class="position">您现在的位置：<a>首页</a> &gt; <a>镇街动态</a></div>
<div class="article"><div class="title">{TITLE}</div>
<div class="info"><span>发布时间：2023-05-06 09:10</span><span>信息来源：石桥镇人民政府</span><span>浏览次数：<em>123</em>次</span>
<span>字体：[ <a>大</a> <a>中</a> <a>小</a> ]</span></div>
<div id="zoom">{FIRST}<br/><br/>{SECOND}<br>&nbsp;&nbsp;&nbsp;&nbsp;{THIRD}</div>
<div class="bar"><a>【打印本页】</a> <a>【关闭窗口】</a></div></div>
<div class="links">友情链接：<a>省人民政府</a> <a>市人民政府</a></div>
<div class="footer"><p>主办：云湖县人民政府办公室　承办：云湖县大数据局</p><p>网站标识码：3300000000　ICP备00000000号</p></div></body></html>"""

CHAT = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="{TITLE}"><title></title></head><body>
<div id="js_article"><h1 class="rich_media_title" id="activity-name">
    {TITLE}
</h1><div id="meta_content"><span class="rich_media_meta">云湖党建</span> <em id="publish_time">2023-05-06 07:30</em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden"><section><section><section><p><span>点击</span><span>蓝字</span><span>关注我们</span></p></section></section>
<section><p><span style="font-size: 15px">近日，云湖县石桥镇党委书记</span><strong>周大川</strong><span>走进茶山，与农户一起算春茶账，把支部会开到了田埂上。</span></p></section>
<section><section><p><strong>板凳会上话增收</strong></p></section></section>
<section><p><span>{SECOND}</span></p></section><p><br></p><section><p>{THIRD}</p></section>
<section><p>来源：石桥镇</p><p>编辑：李小满</p><p>责编：陈一</p></section></section></div>
<div class="tool"><p>阅读 1024</p><p>分享 收藏 点赞 在看</p></div></div></body></html>"""

TABLES = f"""<HTML><HEAD><TITLE>{TITLE}</TITLE><META content="text/html; charset=gbk" http-equiv=Content-Type></HEAD>
<BODY><TABLE width=760><TR><TD><A href=/>首页</A> | <A href=/a>组织机构</A> | <A href=/b>党建动态</A></TD></TR></TABLE>
<TABLE width=760><TR><TD width=180 valign=top><A href=1>远程教育</A><BR><A href=2>党员风采</A><BR><A href=3>下载中心</A></TD>
<TD><TABLE><TR><TD align=center><FONT size=5><B>{TITLE}</B></FONT></TD></TR>
<TR><TD align=center>作者：陈一舟　　来源：本站原创　　点击数：88　　更新时间：2008-5-6</TD></TR>
<TR><TD><P>　　{FIRST}<P>　　{SECOND}<P>　　{THIRD}</TD></TR>
<TR><TD align=right>文章录入：admin　　责任编辑：王二</TD></TR>
<TR><TD>上一篇文章：<A href=8>党员活动日走进敬老院</A><BR>下一篇文章：没有了</TD></TR></TABLE></TD></TR></TABLE>
<TABLE width=760><TR><TD>云湖县委组织部主办　地址：云湖县人民路1号　邮编：300000</TD></TR></TABLE></BODY></HTML>"""

PAGES = {
    "paper": (
        PAPER,
        "gbk",
        [
            "走基层", TITLE, "——石桥镇抓党建促增收记", "本报记者 陈一舟 丁小雨", "2023年05月06日08:00 | 来源：云湖日报",
            FIRST, SECOND, "图为周大川（右一）在茶山上。李 晓摄", THIRD, "《云湖日报》（2023年05月06日 03 版）", "(责编：王一、赵二)",
        ],
    ),
    "office": (OFFICE, "utf-8", [TITLE, "发布时间：2023-05-06 09:10 信息来源：石桥镇人民政府", FIRST, SECOND, THIRD]),
    "chat": (
        CHAT,
        "utf-8",
        [TITLE, "云湖党建 2023-05-06 07:30", FIRST, "板凳会上话增收", SECOND, THIRD, "来源：石桥镇", "编辑：李小满", "责编：陈一"],
    ),
    "tables": (
        TABLES,
        "gbk",
        [TITLE, "作者：陈一舟　　来源：本站原创　　更新时间：2008-5-6", FIRST, SECOND, THIRD, "责任编辑：王二"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_page_becomes_its_article(name):
    page, encoding, lines = PAGES[name]
    assert read_bytes(page.encode(encoding), f"{name}.html").text.splitlines() == lines


def plain(*lines):
    """A page without headings, marks and a title of its own."""
    return "<html><body><div>" + "".join(f"<p>{line}</p>" for line in lines) + "</div></body></html>"


@pytest.mark.parametrize(
    "lines",
    [
        ("春风又绿", "——周大川走进茶山与农户一起算春茶账", FIRST, SECOND),
        ("春风又绿", "周大川（左二）走进茶山与农户一起算春茶账", FIRST, SECOND),
        ("支部会怎样开到田埂上", "周大川：石桥镇农户算春茶账", f"周大川：{FIRST}", f"周大川：{SECOND}"),
    ],
)
def test_subtitles_captions_and_speakers_are_no_titles(lines):
    document = read_bytes(plain(*lines).encode(), "page.html")
    assert document.text.splitlines() == list(lines)


def test_words_of_the_page_go_in_both_scripts_and_sentences_stay():
    sentence = "村民用手机扫描二维码，点赞身边的党员，每月评出十名先锋，在公示栏里亮出名字。"
    kept = ["支部會開到田埂上", "作者：林曉", FIRST, sentence, SECOND]
    page = plain(
        kept[0], "作者：林曉 瀏覽次數：123次", "【關閉窗口】", FIRST, sentence, SECOND, "掃描二維碼，關注我們"
    )
    assert read_bytes(page.encode(), "page.html").text.splitlines() == kept
