"""Metrics: the table of phrases, what a number measures, and the numbers that measure nothing."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pbtool.data
from pbtool.document import Article, Document, Metric, Official, Passage, Place, Source
from pbtool.extraction.metrics import find_metrics

CASES = Path(__file__).parent / "cases" / "metrics" / "numbers.tsv"
DATA = Path(pbtool.data.__file__).parent
UNMEASURED = {"slogan", "ordinal", "idiom", "indefinite", "vague", "reltime", "anniversary"}
DOCUMENT = Document(Source("-"))


def metrics(text: str, places: tuple[Place, ...] = ()) -> tuple[Metric, ...]:
    return find_metrics(Article("a01", paragraphs=(Passage(text),)), DOCUMENT, places)


def counted(text: str) -> list[str]:
    return [metric.text for metric in metrics(text) if metric.kind not in UNMEASURED]


def rows() -> list[list[str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line[:1] != "#"]


def phrases() -> list[list[str]]:
    lines = (CASES.parent / "phrases.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line[:1] != "#"]


def test_there_are_three_hundred_phrases() -> None:
    assert len({row[0] for row in rows()}) >= 300


@pytest.mark.parametrize(("phrase", "text", "value", "unit", "approx"), rows())
def test_number_phrase(phrase: str, text: str, value: str, unit: str, approx: str) -> None:
    (metric,) = metrics(f"共有{phrase}。")
    found = metric.value if isinstance(metric.value, tuple) else (metric.value,)
    assert [float(part) for part in found if part is not None] == [float(part) for part in value.split(",")]
    assert (metric.text, metric.unit or "", metric.approx) == (text, unit, approx)


@pytest.mark.parametrize(("sentence", "number", "what"), phrases())
def test_what_is_measured(sentence: str, number: str, what: str) -> None:
    assert [metric.what for metric in metrics(sentence) if metric.text == number] == [what]


@pytest.mark.parametrize(
    "sentence", ["近3年来，开设课程。", "有人说，10分钟内赶到。", "项目落地，仅用2个月。"]
)
def test_a_length_of_time_in_which_something_is_told_measures_nothing(sentence: str) -> None:
    assert [metric.what for metric in metrics(sentence)] == [None]


def test_a_second_share_measures_what_the_first_did() -> None:
    amount, growth = metrics("全县工业产值3亿元，同比增长5%。")
    assert amount.what == growth.what == "全县工业产值"
    women, share = metrics("女党员23名，占26%。")
    assert women.what == share.what == "女党员"


@pytest.mark.parametrize(
    "sentence",
    [
        "会议于2018年4月15日上午9时30分召开。",
        "文件编号为青政发〔2018〕3号。",
        "S316省道和307国道已经通车。",
        "拨打12345热线，或致电0579-87654321、13800138000。",
        "建成3A级景区，实施1+X证书制度。",
        "系统升级到3.2.1版本，采用5G技术，PM2.5下降。",
        "第三批干部参加第2次会议。",
        "一是抓学习，二是抓整改；三要抓落实。",
        "（一）加强领导。（2）落实责任。",
        "1.加强领导",
        "落实三会一课，做到两个维护，弘扬四大精神。",
        "他千方百计解决问题，一心一意为百姓，十分感人。",
        "这是一个重要的问题，也是一项任务。",
        "队伍登陆后收拾零部件，在大陆转了一圈。",
        "比赛以2:1结束。",
        "“百日百场”行动和“十件实事”受到欢迎。",
        "党的二十届三中全会召开，十四五规划实施。",
        "进一步统一思想，逐一落实。",
        "学习文集第1、2卷，新的一年又一年。",
        "市第一人民医院和机关第二党支部、第三巡察组来了，引入第三方机构。",
        "医技一支部进入第一阶段，走在第一方阵。",
        "一二三农场和八一农场、九三学社、一八五团的职工。",
        "唯一号为181120020210002059颗粒。",
        "一分部署九分落实，7×24小时服务，3号楼2单元。",
        "比分3:2，1-10月很忙。",
        "总产量为4 9 2 5 0 万吨。",
    ],
)
def test_what_measures_nothing(sentence: str) -> None:
    assert counted(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("捐款5000元", "money"),
        ("覆盖率达90%", "percent"),
        ("历时3个月", "duration"),
        ("建党101周年", "anniversary"),
        ("获得第二名", "ordinal"),
        ("推进四大工程", "slogan"),
        ("是一名党员", "indefinite"),
        ("10年前入党", "reltime"),
        ("每月组织培训一次", "frequency"),
        ("土与水的比例为1:3", "ratio"),
        ("种树3000棵", "quantity"),
        ("收入翻了一番", "quantity"),
        ("说了一番话", "indefinite"),
    ],
)
def test_kind(sentence: str, kind: str) -> None:
    assert [metric.kind for metric in metrics(sentence)] == [kind]


def test_no_qualifier_is_cut_out_of_a_name() -> None:
    person = Official("朴永超", 0, 3, name="朴永超")
    article = Article("a", paragraphs=(Passage("朴永超两年来走访了三支部队。"),))
    found = find_metrics(article, DOCUMENT, (), (person,))
    assert [(m.text, m.approx) for m in found] == [("两年", "exact"), ("三支", "exact")]


def test_numbers_that_share_a_measure_word() -> None:
    found = metrics("两项指数分别回升0.6和0.3个百分点。")[-2:]
    assert [(m.text, m.unit) for m in found] == [("0.6", "个百分点"), ("0.3个百分点", "个百分点")]


def test_offices_are_counted_without_a_measure_word() -> None:
    (metric,) = metrics("农业局等9部门印发通知。")
    assert (metric.text, metric.unit, metric.what) == ("9", None, "部门")


def test_one_is_a_count_only_with_weight() -> None:
    assert counted("学校只有一名教师。") == ["一名"]
    assert counted("安装路灯12盏、净水器一台。") == ["12盏", "一台"]
    assert counted("他是一名教师。") == []


@pytest.mark.parametrize(
    ("sentence", "change"),
    [
        ("人均增收3000元", "increase"),
        ("成本降低20%", "decrease"),
        ("收入增至3000元", None),
        ("增加值为3亿元", None),
    ],
)
def test_change(sentence: str, change: str | None) -> None:
    assert metrics(sentence)[0].change == change


def described(
    *sentences: str, named: str = "", title: str = "", issued: str = ""
) -> list[tuple[str | None, str | None]]:
    """Place and period of the numbers of one paragraph; `named` are the places, the title's first."""
    text = "".join(sentences)
    places = [
        Place(name, at.start(), at.end(), field, name=name, level="town")
        for field, passage in (("title", title), ("paragraph", text))
        for name in named.split()
        for at in re.finditer(name, passage)
    ]
    article = Article(
        "a01",
        title=Passage(title) if title else None,
        dateline=Passage(issued) if issued else None,
        paragraphs=(Passage(text),),
    )
    found = find_metrics(article, DOCUMENT, tuple(places))
    return [(metric.place, metric.period) for metric in found if metric.field == "paragraph"]


def test_place_and_period_come_from_the_sentence() -> None:
    place = Place("石桥镇", 0, 3, name="石桥镇", level="town", full="某省某县石桥镇")
    (metric,) = metrics("石桥镇2019年种树3000棵。", (place,))
    assert (metric.place, metric.period) == ("某省某县石桥镇", "2019")


@pytest.mark.parametrize(
    ("sentences", "title", "places"),
    [
        ("石桥镇很美。种树3000棵。", "", ["石桥镇"]),
        ("石桥镇依托沙溪村的果园种树3000棵。", "", ["沙溪村"]),
        ("石桥镇依托沙溪村的果园，种树3000棵。", "", ["石桥镇"]),
        ("石桥镇整合沙溪村、柳林村等5个村的资金，修路2公里。", "", ["石桥镇", "石桥镇"]),
        ("沙溪村50万元、柳林村15万元。", "", ["沙溪村", "柳林村"]),
        ("石桥镇从沙溪村抽调3名干部。", "", ["石桥镇"]),
        ("沙溪村的茶叶产量居石桥镇第一位，产值300万元。", "", ["沙溪村", "沙溪村"]),
        ("石桥镇开会，沙溪村种茶20亩，养鸡300只。", "", ["沙溪村", "沙溪村"]),
        ("石桥镇的沙溪村变了样。该村种茶20亩，全镇种茶900亩。", "", ["沙溪村", "石桥镇"]),
        ("选派3名干部到沙溪村任职。", "", [None]),
        ("选派3名干部驻村。", "石桥镇抓党建促振兴", ["石桥镇"]),
        ("成立“沙溪村果业公司”，投资50万元。", "", [None]),
        ("评出石桥镇沙溪村、柳林村等20个村。", "", [None]),
    ],
)
def test_place_of_a_number(sentences: str, title: str, places: list[str | None]) -> None:
    found = described(sentences, named="石桥镇 沙溪村 柳林村", title=title)
    assert [place for place, _ in found] == places


@pytest.mark.parametrize(
    ("sentences", "issued", "periods"),
    [
        ("2021年，总收入达300万元，与2020年相比增加60万元。", "", ["2021", "2021"]),
        ("收入由2018年的30万元增加到60万元。", "", ["2018", None]),
        ("去年收入30万元，目前达60万元。", "2022年3月1日", ["2021", None]),
        ("2019年换届，种茶20亩。养鸡300只。", "", ["2019", None]),
        ("2020年修路3公里。其中水泥路2公里。", "", ["2020", "2020"]),
        ("截至2021年6月，发展党员30名。新建支部3个。", "", ["2021-06", "2021-06"]),
        ("截至3月底，发展党员30名。", "2022年4月8日", ["2022-03"]),
        ("截至11月底，发展党员30名。", "2022年4月8日", ["--11"]),
        ("根据《2018年规划》，修路3公里。", "", [None]),
        ("他1955年6月出生，走访5户。", "", [None]),
        ("2015年10月至2018年9月，修路3公里。", "", ["2015-10/2018-09"]),
        ("1-10月，修路3公里。", "2022年11月8日", ["2022-01/2022-10"]),
        ("茶业始于2008年，茶园达3000亩。", "", [None]),
        ("从2008年开始种茶，茶园达3000亩。", "", [None]),
        ("2022年，从2008年开始种的茶园达3000亩。", "", ["2022"]),
        ("产值从2018年的300万元增加到500万元。", "", ["2018", None]),
        ("2018年以来，修路3公里。", "2021年3月8日", [None]),
        ("2021年以来，修路3公里。", "2021年3月8日", ["2021"]),
        ("2018年场馆揭牌以来，接待3000人。", "2021年3月8日", [None]),
        ("2023年收入60万元，是2022年的2.4倍，修路3公里。", "", ["2023", "2023", "2023"]),
    ],
)
def test_period_of_a_number(sentences: str, issued: str, periods: list[str | None]) -> None:
    assert [period for _, period in described(sentences, issued=issued)] == periods


def test_numbers_inside_a_place_are_no_metric() -> None:
    place = Place("八里铺村", 2, 6, name="八里铺村", level="village")
    assert [metric.text for metric in metrics("来到八里铺村看望5户。", (place,))] == ["5户"]


def test_traditional_script_keeps_its_own_signs() -> None:
    (metric,) = metrics("共投入資金400餘萬元。")
    assert (metric.text, metric.value, metric.what) == ("400餘萬元", 4000000, "共投入資金"[1:])


def test_traditional_verbs_end_a_phrase_too() -> None:
    first, second = metrics("選派機關干部8名，幫助農戶解決難題34件。")
    assert (first.what, second.what) == ("機關干部", "解決難題")


def test_bylines_are_left_alone() -> None:
    article = Article("a01", byline_lines=(Passage("记者3名"),))
    assert find_metrics(article, DOCUMENT, ()) == ()


@settings(max_examples=60)
@given(st.text(alphabet="共有3十万余名党员占5%增长了、，。“”（）—至半年月日第一个每 aS.:/", max_size=80))
def test_offsets_hold_and_metrics_do_not_overlap(text: str) -> None:
    place = 0
    for metric in metrics(text):
        assert place <= metric.start < metric.end
        assert text[metric.start : metric.end] == metric.text
        place = metric.end


@pytest.mark.parametrize(
    "piece",
    [
        "3",
        "一",
        "（",
        "“",
        "10个、",
        "5月1日3个，",
        "每",
        "的",
        "1 ",
        "第",
        "1:",
        "2020年1月1日有3人。其中5人。",
    ],
)
def test_long_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begin = time.process_time()
        metrics(text)
        return time.process_time() - begin

    assert seconds(80_000) < 40 * max(seconds(8_000), 0.01)


def test_many_dates_before_a_sentence_of_shares_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "比2020年1月1日，" * count + "多3人。其中" + "5人，" * count
        begin = time.process_time()
        metrics(text)
        return time.process_time() - begin

    assert seconds(4_000) < 20 * max(seconds(500), 0.01)


def test_a_number_of_a_million_digits_is_passed_over() -> None:
    assert metrics("共" + "7" * 10**6 + "个") == ()


def test_several_hundred_measure_words() -> None:
    lines = (DATA / "measure_words.tsv").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 500


def test_a_caption_and_a_title_are_read_too() -> None:
    article = Article("a01", title=Passage("三年种树5万棵"), captions=(Passage("20名党员参加活动"),))
    found = find_metrics(article, DOCUMENT, ())
    assert [(m.field, m.text) for m in found] == [("title", "三年"), ("title", "5万棵"), ("caption", "20名")]
    assert all(replace(m, text="") != m for m in found)


def test_several_ranks_of_areas_are_counted_together() -> None:
    (found,) = metrics("来自11省市的代表参加会议。")
    assert (found.text, found.value, found.unit, found.what) == ("11", 11, None, "省市")


@pytest.mark.parametrize(
    "sentence",
    [
        "1.01的365次方很大。",
        "石窟开凿于五、六世纪。",
        "5至6世纪的墓葬。",
        "长三角的企业来了。",
        "事情一波三折。",
    ],
)
def test_powers_centuries_and_names_count_nothing(sentence: str) -> None:
    assert counted(sentence) == []


def test_meetings_that_bear_a_number_are_not_counted() -> None:
    assert [found.kind for found in metrics("市纪委四次全会召开。")] == ["ordinal"]
    assert [found.kind for found in metrics("他们召开了三次会议。")] == ["quantity"]


def test_what_is_measured_holds_the_whole_place() -> None:
    place = Place("共和县", 2, 5, level="county", name="共和县", field="paragraph", index=0)
    (found,) = metrics("今年共和县共有40个社区", (place,))
    assert found.what == "共和县社区"


@pytest.mark.parametrize(
    ("sentence", "whats"),
    [
        ("其中经营性收入125万元。", ["经营性收入"]),
        ("总人口：2401人农业人口：2350人", ["总人口", "农业人口"]),
        ("全村辖12个村民小组，360户。", ["全村村民小组", "全村"]),
        ("全村总户数907户、3885人。", ["全村总户数", "全村"]),
        ("共有7位县（市、区）委书记，建成两座60KW村级光伏电站。", ["县（市、区）委书记", "村级光伏电站"]),
        ("这7人平均年龄50岁，最年轻的3人皆为47岁。", [None, "平均年龄", "最年轻", None]),
        ("带动99户，还赚了5万元。", [None, None]),
        ("许晴、徐仁标4位都到了。", [None]),
        ("人均纯收入3700元，与全省8896元有差距。", ["人均纯收入", "人均纯收入"]),
        ("距县城30公里处有水库。", ["距县城"]),
    ],
)
def test_what_is_no_verb_no_other_number_and_no_half_of_a_bracket(
    sentence: str, whats: list[str | None]
) -> None:
    people = tuple(
        Official(name, sentence.index(name), sentence.index(name) + len(name), name=name)
        for name in ("许晴", "徐仁标")
        if name in sentence
    )
    article = Article("a", paragraphs=(Passage(sentence),))
    assert [m.what for m in find_metrics(article, Document.from_text(sentence), (), people)] == whats


@pytest.mark.parametrize(
    "sentence",
    [
        "196212月生",
        "每月15日开会",
        "2023-00071 发布机构",
        "第1页共10页",
        "2019年19期",
        "又是一年秋收时",
        "幸福万安",
    ],
)
def test_damaged_dates_codes_and_pages_count_nothing(sentence: str) -> None:
    article = Article("a", paragraphs=(Passage(sentence),))
    found = find_metrics(article, Document.from_text(sentence), ())
    assert [m.text for m in found if m.kind not in UNMEASURED] == []


def test_a_quoted_name_says_what_its_number_counts() -> None:
    found = metrics("镇里推行“五级书记”抓产业，开办“一元食堂”“百元小店”。")
    assert [(metric.text, metric.what, metric.kind) for metric in found] == [
        ("五级", "书记", "slogan"),
        ("一元", "食堂", "slogan"),
        ("百元", "小店", "slogan"),
    ]


def test_a_quotation_within_what_is_measured_stays_whole() -> None:
    assert [metric.what for metric in metrics("探索“农旅融合”发展模式3种。")] == ["“农旅融合”发展模式"]
    assert [metric.what for metric in metrics("建成“红色驿站”5个。")] == ["红色驿站"]


def test_a_number_amid_a_title_measures_what_stands_before_it() -> None:
    (metric,) = metrics("《在庆祝青屏县供销合作社成立70周年大会上的讲话》印发。")
    assert metric.what != "大会上的讲话"


def test_no_half_of_a_quotation_is_left_in_what_is_measured() -> None:
    assert [metric.what for metric in metrics("认领“微心愿”“微实事”560个。")] == ["“微心愿”“微实事”"]


def test_the_way_to_a_number_is_not_what_it_measures() -> None:
    text = "村集体收入实现了从2016年3万元到2021年30万元的跨越，正向40万元迈进。"
    found = metrics(text)
    assert [metric.what for metric in found] == ["村集体收入"] * 3
    assert [metric.period for metric in found][:2] == ["2016", "2021"]


def test_towards_whom_something_goes_is_still_counted() -> None:
    assert [metric.what for metric in metrics("镇里向300户群众发放化肥。")] == ["群众"]
    assert [metric.what for metric in metrics("向5个村拨付资金。")] == ["村"]


def test_since_when_is_no_part_of_what_is_measured() -> None:
    assert [metric.what for metric in metrics("从2016年起全村党员30人。")] == ["全村党员"]
