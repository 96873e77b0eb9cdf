"""Names of people: found where they stand, not where words only look like them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbtool.extraction import names
from pbtool.extraction.name_features import features, other_ties, read_weights, ties, write_weights
from pbtool.extraction.name_weights import Around


def found(text: str) -> list[str]:
    return [text[name.start : name.end] for name in names.find_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("村党支部书记罗守田说，今年的收成不错。", ["罗守田"]),
        ("镇长欧阳静怡介绍，项目已经完工。", ["欧阳静怡"]),
        ("记者黄立采访了支书周大勇。", ["黄立", "周大勇"]),
        ("县委书记喬飛宇、縣長馬濤出席會議。", ["喬飛宇", "馬濤"]),
        ("阿布都热合曼·吐尔逊是村里的护边员。", ["阿布都热合曼·吐尔逊"]),
        ("乡党委副书记扎西次仁告诉记者", ["扎西次仁"]),
        ("旗委书记巴特尔说，草原越来越绿。", ["巴特尔"]),
        ("镇党委书记王建军、副镇长李秀英、人大主席赵志强参加会议。", ["王建军", "李秀英", "赵志强"]),
        ("（李春梅 赵 伟）", ["李春梅", "赵 伟"]),
    ],
)
def test_names_are_found(text: str, expected: list[str]):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "高度重视基层党组织建设，全面推进乡村振兴。",
        "金融服务进村入户，农民增收致富的路子越走越宽。",
        "要严格落实责任制，严明纪律，马上就办。",
        "和谐社会建设取得明显成效，方便群众办事。",
        "全村共有党员五十六名，成立了三个党小组。",
        "任务由村党支部统一安排，时间紧、要求高。",
        "江苏、安徽、湖南等地的经验值得学习。",
    ],
)
def test_words_are_no_names(text: str):
    assert found(text) == []


def test_letter_spacing_belongs_to_the_name():
    text = "通讯员 童 星 郑雪莲"
    assert found(text) == ["童 星", "郑雪莲"]


def test_names_in_one_list_do_not_overlap():
    text = "、".join(["刘长河", "孙玉兰", "陈一鸣", "周正", "吴小丽"])
    spans = [(n.start, n.end) for n in names.find_names(text)]
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert found(text) == text.split("、")


def test_preparing_keeps_places():
    text = "縣委書記(喬飛宇): ２０２１年·abc\t"
    assert len(names.prepared(text)) == len(text)


@given(st.text(alphabet="王李张·、 （）马上说书记特尔乔\n·a1", max_size=60))
@settings(max_examples=80, deadline=None)
def test_any_text_is_survived(text: str):
    for name in names.find_names(text):
        assert 0 <= name.start < name.end <= len(text)


@pytest.mark.parametrize(
    "text", ["王" * 10_000, "尔" * 10_000, "王·" * 8_000, "· " * 20_000, "王伟、" * 8_000]
)
def test_hostile_text_takes_linear_time(text: str):
    begun = time.process_time()
    names.find_names(text)
    assert time.process_time() - begun < 12


def test_table_of_weights_reads_back():
    weights = {"La": 1.27, "Rb": -0.5, "N王伟": 0.25}
    read = read_weights(write_weights("header", weights))
    assert read == pytest.approx(weights, abs=0.01)


def test_the_quick_sums_are_those_of_all_features():
    text = names.prepared("县委书记施亦农、欧阳春晓和小林纯一，于 12 月到了巴特尔家和安吉县。")
    weights, bonds, around = names.model().weights, ties(text), Around.of(text)
    found = list(names.model().candidates(text))
    assert {kind for *_, kind in found} >= {"g1", "g2", "c2", "s"}
    for start, at, end, kind in found:
        if kind == "s":
            quick = weights.sounded(around, weights.sounds(text, start, end), start, end)
            quick += weights.sides(around, start, end, kind) + weights.total(
                other_ties(bonds, start, end, kind)
            )
        elif kind[0] in "gcj":
            quick = weights.opening(kind[0], text[start:at], text[at]) + weights.next_to(around, start)
            quick += weights.further(around, start) + weights.behind(around, start, at, end, kind)
            quick += weights.tied(bonds, start, at, end, kind)
        else:
            continue
        assert quick == pytest.approx(weights.total(features(text, bonds, start, at, end, kind)))


def test_ties_of_a_part_are_those_of_the_whole():
    text = names.prepared("县委书记施亦农、欧阳春晓和小林纯一，于 12 月到了安吉县。")
    whole = ties(text)
    for spans in ([(2, 7)], [(0, 3), (5, 9), (25, 31)], [(12, len(text) + 2)]):
        part = ties(text, spans)
        assert all(part[low:high] == whole[low:high] for low, high in spans)
