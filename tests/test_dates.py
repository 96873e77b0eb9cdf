"""Dates: ISO values, partial where the text is partial, anchored only where the issue's date is known."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.document import Article, Document, Passage, Source
from pbtool.extraction.dates import find_dates


def dates(text: str, masthead: str | None = None) -> list[tuple[str, str]]:
    furniture = (Passage(masthead, role="masthead"),) if masthead else ()
    document = Document(Source("-"), furniture=furniture)
    article = Article("a01", paragraphs=(Passage(text),))
    return [(date.text, date.value) for date in find_dates(article, document)]


@pytest.mark.parametrize(
    ("text", "date", "value"),
    [
        ("2018年4月15日开会", "2018年4月15日", "2018-04-15"),
        ("2018 年 4 月开会", "2018 年 4 月", "2018-04"),
        ("２０１８年开会", "２０１８年", "2018"),
        ("4月15日开会", "4月15日", "--04-15"),
        ("从4月底开始", "4月底", "--04"),
        ("6月中旬动工", "6月中旬", "--06"),
        ("二〇二五年十月", "二〇二五年十月", "2025-10"),
        ("一九四九年十月一日", "一九四九年十月一日", "1949-10-01"),
        ("十二月三十一日", "十二月三十一日", "--12-31"),
        ("2012—2017年间", "2012—2017年", "2012/2017"),
        ("2012年至2017年间", "2012年至2017年", "2012/2017"),
        ("2018-04-15", "2018-04-15", "2018-04-15"),
        ("2018.4.15", "2018.4.15", "2018-04-15"),
        ("2018/4/15", "2018/4/15", "2018-04-15"),
        ("20世纪80年代", "20世纪80年代", "198X"),
        ("上世纪九十年代", "上世纪九十年代", "199X"),
        ("80年代", "80年代", "198X"),
        ("21世纪", "21世纪", "20XX"),
        ("民国二十三年", "民国二十三年", "1934"),
        ("咸丰三年", "咸丰三年", "1853"),
        ("记者20日获悉", "20日", "---20"),
        ("2019年元旦", "2019年元旦", "2019-01-01"),
        ("二O一八年十二月九日", "二O一八年十二月九日", "2018-12-09"),
        ("2023下半年", "2023下半年", "2023-07/2023-12"),
        ("1-10月，投资增长", "1-10月", "--01/--10"),
        ("2023年1—9月", "2023年1—9月", "2023-01/2023-09"),
    ],
)
def test_value(text: str, date: str, value: str) -> None:
    assert dates(text) == [(date, value)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2021年4月12日至6月11日开放", ["2021-04-12", "2021-06-11"]),
        ("6月19日至20日培训，20日下午结业", ["--06-19", "--06-20", "--06-20"]),
        ("2021年11月3日至2月8日", ["2021-11-03", "--02-08"]),
        ("1949年5月3日解放，同月21日成立", ["1949-05-03", "1949-05-21"]),
        ("1948年冬，次年1月南下", ["1948", "1949-01"]),
        ("订阅3日刊", []),
        ("历时3至5个月", []),
    ],
)
def test_a_date_behind_another_has_its_year_and_month(text: str, values: list[str]) -> None:
    assert [value for _, value in dates(text)] == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今年1至5月", "2022-01/2022-05"),
        ("去年9月", "2021-09"),
        ("今年以来", "2022"),
        ("昨天下午", "2022-07-02"),
        ("上月", "2022-06"),
        ("记者28日获悉", "2022-06-28"),
        ("记者2日获悉", "2022-07-02"),
    ],
)
def test_relative_dates_are_anchored_by_the_masthead(text: str, value: str) -> None:
    assert [found for _, found in dates(text, "某县报 2022年7月3日 星期日")] == [value]


def test_an_issue_gives_its_year() -> None:
    assert dates("今年9月", "党建 2018年第3期") == [("今年9月", "2018-09")]


def test_mastheads_that_disagree_anchor_nothing() -> None:
    assert dates("今年以来", "2018年7月3日 2019年7月3日") == []


def test_the_same_year_is_the_last_one_named() -> None:
    assert dates("2015年3月动工，同年12月完工") == [("2015年3月", "2015-03"), ("同年12月", "2015-12")]


@pytest.mark.parametrize(
    "text",
    [
        "历时3个月",
        "今年以来",
        "近2000年的历史",
        "三年级学生",
        "15日内办结",
        "月亮和月饼",
        "2月30日",
        "13月5日",
        "下雨五年",
    ],
)
def test_no_date(text: str) -> None:
    assert dates(text) == []


@given(st.text(alphabet="0123456789年月日至—-./今去上世纪代一二十零 ", max_size=60))
def test_offsets_hold(text: str) -> None:
    article = Article("a01", paragraphs=(Passage(text),))
    place = 0
    for date in find_dates(article, Document(Source("-"))):
        assert text[date.start : date.end] == date.text
        assert place <= date.start < date.end
        place = date.end


@pytest.mark.parametrize("piece", ["1", "1月", "年", "20", "2018年", "十", "-", "1."])
def test_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begin = time.process_time()
        dates(text)
        return time.process_time() - begin

    assert seconds(400_000) < 40 * max(seconds(40_000), 0.01)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("6月12日至13日", ["--06-12", "--06-13"]),
        ("2012年3月5日至8日", ["2012-03-05", "2012-03-08"]),
        ("4月23、24日", ["--04-23", "--04-24"]),
        ("1996.05至1998.01任职", ["1996-05", "1998-01"]),
        ("2021.03至今", ["2021-03"]),
        ("相传建于公元1381年", ["1381"]),
    ],
)
def test_days_and_months_of_one_list(text: str, values: list[str]) -> None:
    assert [value for _, value in dates(text)] == values
