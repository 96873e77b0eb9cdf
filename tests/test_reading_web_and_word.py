"""Web pages and Word files: the article without what stands around it, and no tricks."""

from __future__ import annotations

import io
import resource
import zipfile

import pytest

from pbtool.errors import InputError
from pbtool.reading import read_bytes
from pbtool.reading.numbering import written

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>茶山新事：云湖县抓实基层党建_云湖新闻网</title>
<script>var a = "脚本里的话，不是正文。";</script><style>p{{}}</style></head><body>
<div class="nav"><ul><li><a href="/">首页</a><li><a href="/n">要闻，快讯</a></ul></div>
<div class="main"><h1>茶山新事：云湖县抓实基层党建</h1>
<div class="info">2023-05-06 08:00　来源：云湖日报　作者：童 星 郑小舟</div>
<div class="text"><p>　　本报讯（记者 郑小舟）近日，云湖县石桥镇党委书记周大川
走访农户，了解春耕生产情况。</p><p>全镇共有党员1203名，网格党支部覆盖率达95%以上。<br>第二段，也是正文。</p>
<table><tr><td>党支部</td><td>12个</td></tr></table><p>（责任编辑：陈一）</p></div>
<div class="share"><a href="#">分享到</a>：<a href="#">微信</a></div></div>
<div class="list"><a href="/1">相关：另一条新闻，标题很长很长的一条</a></div>
<div class="footer">版权所有　云湖新闻网　ICP备00000000号</div></body></html>"""


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("gb18030", "gb2312"), ("utf-8", "utf-8"), ("utf-8", "gb2312"), ("utf-16", "gb2312")],
)
def test_a_news_page_becomes_its_article(encoding, said):
    data = PAGE.replace('"gb2312"', f'"{said}"').encode(encoding)
    document = read_bytes(data, "page.html")
    assert document.text.splitlines() == [
        "茶山新事：云湖县抓实基层党建",
        "2023-05-06 08:00　来源：云湖日报　作者：童 星 郑小舟",
        "本报讯（记者 郑小舟）近日，云湖县石桥镇党委书记周大川走访农户，了解春耕生产情况。",
        "全镇共有党员1203名，网格党支部覆盖率达95%以上。",
        "第二段，也是正文。",
        "党支部",
        "12个",
        "（责任编辑：陈一）",
    ]
    assert document.fonts[0].font == "h1"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
@pytest.mark.parametrize("wrong", [b"\0", b"\xff", b"\x81"])
def test_a_few_wrong_bytes_are_forgiven_and_said(encoding, wrong):
    lines = ["浮山上修路，大家都同意。", "路修通了，茶能天天外出。"] * 5
    page = f"<html><body><h1>茶山修路</h1>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>"
    data = page.encode(encoding)
    place = data.index("同意".encode(encoding)) + (len("同".encode(encoding)) if wrong == b"\x81" else 0)
    document = read_bytes(data[:place] + wrong + data[place:], "a.html")
    first, *others = document.text.splitlines()[1:]
    lost = first.count("\ufffd")
    assert 1 <= lost <= 2 and document.notes == (
        f"{lost} bytes are no {document.source.encoding} and are shown as U+FFFD",
    )
    assert first.startswith("浮山上修路，大家都") and others == lines[1:]


def test_a_byte_that_is_lost_harms_its_neighbours_only():
    page = f"<html><body>{'<p>石桥镇党委书记走访农户，了解春耕生产情况。</p>' * 4}</body></html>".encode(
        "gbk"
    )
    place = page.index("走访".encode("gbk"))
    first = read_bytes(page[:place] + page[place + 1 :], "a.html").text.splitlines()[0]
    assert first.startswith("石桥镇党委书记") and first.endswith("农户，了解春耕生产情况。")
    assert "\ufffd" in first and len(first) <= 22


def test_pages_that_are_mostly_wrong_are_refused():
    with pytest.raises(InputError, match="is not utf-8 throughout"):
        read_bytes("<html><body>正文，".encode() + b"\xff\x80" * 40, "a.html")


def test_a_page_built_by_scripts_is_an_error():
    with pytest.raises(InputError, match="without text"):
        read_bytes(b"<!doctype html><html><body><script>boot()</script></body></html>", "a.html")


@pytest.mark.parametrize(
    "data",
    [
        b"<html>" + b"<div>" * 100_000 + "深，处".encode(),
        b"<html><!--" * 20_000 + "末，尾".encode(),
        b"<html>" + b"<p" * 50_000,
    ],
)
def test_hostile_pages_end_in_linear_time(data):
    begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    try:
        assert len(read_bytes(data, "a.html").original) <= len(data)
    except InputError as error:
        assert "\n" not in str(error)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun < 3


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f'<w:styles {W}><w:style w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'


def word(body: str, *more: tuple[str, str], head: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{head}<w:document {W}><w:body>{body}</w:body></w:document>',
        )
        archive.writestr("word/styles.xml", STYLES)
        for name, text in more:
            archive.writestr(name, text)
    return out.getvalue()


def paragraph(text: str, style: str = "") -> str:
    return f'<w:p><w:pPr>{style and f"""<w:pStyle w:val="{style}"/>"""}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def test_a_word_file_gives_paragraphs_styles_and_tables():
    table = (
        "<w:tbl><w:tr><w:tc>"
        + paragraph("党支部")
        + "</w:tc><w:tc>"
        + paragraph("12个")
        + "</w:tc></w:tr></w:tbl>"
    )
    changed = "<w:p><w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins><w:r><w:t>补上</w:t></w:r></w:ins></w:p>"
    document = read_bytes(
        word(paragraph("支部建在茶山上", "1") + paragraph("正文。") + table + changed), "a.docx"
    )
    assert document.text == "支部建在茶山上\n正文。\n党支部\t12个\n补上\n"
    assert [(run.start, run.end, run.font) for run in document.fonts] == [(0, 7, "heading 1")]


LISTS = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/><w:pStyle w:val="1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="space"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""


def item(text: str, level: int, name: int = 1) -> str:
    return paragraph(text).replace(
        "<w:pPr>",
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>'
        '<w:pPrChange><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:pPrChange>',
    )


def test_automatic_numbers_of_word_are_text():
    styles = STYLES.replace("</w:style>", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>')
    body = [
        paragraph("抓支部", "1"), item("选书记", 1), item("建队伍", 1), paragraph("不编号。"), item("", 1), item("看效果", 2),
        paragraph("抓产业", "1"), item("修路", 1), item("第二份", 0, 2), item("圆点", 0, 3), item("接着数", 0),
    ]  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{''.join(body)}</w:body></w:document>"
        )
        archive.writestr("word/styles.xml", styles)
        archive.writestr("word/numbering.xml", LISTS)
    document = read_bytes(out.getvalue(), "a.docx")
    assert document.text.splitlines() == [
        "一、抓支部", "1. 选书记", "2. 建队伍", "不编号。", "1.1 看效果",
        "二、抓产业", "1. 修路", "一、第二份", "圆点", "二、接着数",
    ]  # fmt: skip
    assert document.original[document.fonts[1].start :].startswith("二、抓产业")


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("chineseCountingThousand", ["一", "十", "十二", "二十", "一百零三", "一千零二十"]),
        ("chineseLegalSimplified", ["壹", "壹拾", "壹拾贰", "贰拾", "壹佰零叁", "壹仟零贰拾"]),
        ("ideographDigital", ["一", "一〇", "一二", "二〇", "一〇三", "一〇二〇"]),
        ("decimalEnclosedCircle", ["①", "⑩", "⑫", "⑳", "103", "1020"]),
        ("upperRoman", ["I", "X", "XII", "XX", "CIII", "MXX"]),
        ("lowerLetter", ["a", "j", "l", "t", "yyyy", "fffffffff"]),
        ("nobody knows", ["1", "10", "12", "20", "103", "1020"]),
    ],
)
def test_forms_of_numbers(form, shown):
    assert [written(number, form) for number in (1, 10, 12, 20, 103, 1020)] == shown


def test_notes_stand_behind_the_text_and_running_heads_nowhere():
    lines = '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>——</w:t></w:r></w:p></w:footnote>'
    notes = f'<w:footnotes {W}>{lines}<w:footnote w:id="1">{paragraph("见县志。")}</w:footnote></w:footnotes>'
    head = f"<w:hdr {W}>{paragraph('云湖县委文件')}</w:hdr>"
    mark = '<w:p><w:r><w:t>正文</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:t>。</w:t></w:r></w:p>'
    data = word(mark, ("word/footnotes.xml", notes), ("word/header1.xml", head))
    assert read_bytes(data, "a.docx").text == "正文。\n见县志。\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (word("", head='<!DOCTYPE a [<!ENTITY b "c">]>'), "document type"),
        (word(""), "without text"),
        (word("<w:p>"), "damaged"),
        (word(paragraph("正")) [:-30], "damaged"),
        (word(paragraph(" " * (80 << 20))), "bomb"),
    ],
    ids=["doctype", "empty", "xml", "cut", "bomb"],
)  # fmt: skip
def test_word_files_that_are_refused(data, said):
    with pytest.raises(InputError, match=said):
        read_bytes(data, "a.docx")


def test_two_parts_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        data = word(paragraph("正"), ("word/document.xml", "<a/>"))
    with pytest.raises(InputError, match="two of one name"):
        read_bytes(data, "a.docx")


def test_paths_inside_the_archive_are_not_followed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = word(paragraph("正文。"), ("../../evil.txt", "x"), ("/abs.txt", "x"))
    assert read_bytes(data, "a.docx").text == "正文。\n"
    assert list(tmp_path.iterdir()) == []
