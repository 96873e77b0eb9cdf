"""Shifted signs: repaired in every mix of runs, never where the character is itself, in time that grows with the text."""

from __future__ import annotations

import doctest
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbtool import tables
from pbtool.document import FontRun
from pbtool.edits import apply, invert
from pbtool.repair import propose, shift
from pbtool.repair.leanings import leaning
from pbtool.repair.shift import propose_shift
from pbtool.repair.signs import signs
from pbtool.repair.suspects import REACH

CLEAN = """青石镇党委坚持“一村一策”，选派２６名干部驻村，帮助１３个村（社区）理清思路、建强班子。
■本刊记者　林小禾
“过去开会找不到人，现在大家抢着来。”村党支部书记周立新说：“关键是要给群众办实事！”
一是抓学习。组织党员学习《党章》和有关文件，做到学深、学透；二是抓制度，完善议事规则，严格落实“四议两公开”。
全镇村级集体经济收入增长１５．８％，其中桃源村、新园村收入超过１００万元。
教育医疗怎么办？镇里与县人民医院签订协议，医院派出医生每月坐诊。
（作者单位：青石镇党委）"""

SENTENCES = [line for line in CLEAN.split("\n") if "，" in line]

#: A table of its own, made by encoding and moving the lead byte.
BREAK = {
    sign: bytes([sign.encode("gbk")[0] + 0x31, sign.encode("gbk")[1]]).decode("gbk")
    for sign in "，。、；：？！“”（）《》％■　０１２３４５６７８９ＡＰ"
}
PUNCTUATION = {sign: char for sign, char in BREAK.items() if not sign.isalnum()}


def broken(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)


def repaired(text: str, **options) -> str:
    return apply(text, [edit for edit in propose_shift(text, **options) if edit.grade != "suggested"])


def test_the_page_of_the_rule_runs():
    assert doctest.testmod(shift).failed == 0
    assert doctest.testmod(shift).attempted > 0
    for part in ("What it repairs", "How it comes about", "Example", "When it is wrong", "Source"):
        assert part in propose_shift.__doc__


def test_the_table_is_the_arithmetic_of_the_codec():
    known = dict(
        zip(
            "袁遥尧曰院钥浴野冶渊冤叶曳要噎窑豫姻摇园员粤葬淤玉滋郾鄄",
            "，。、；：？！“”（）《》—…·％■　０１Ａａ①Ⅰμ.-",
            strict=True,
        )
    )
    assert {char: signs()[char].char for char in known} == known
    assert all(sign.char != char and sign.char not in signs() for char, sign in signs().items())


def test_punctuation_comes_back_and_the_rest_stays():
    assert repaired(broken(CLEAN, PUNCTUATION)) == CLEAN


def test_digits_and_letters_come_back_too():
    assert repaired(broken(CLEAN, BREAK)) == CLEAN


def test_no_number_begins_with_a_nought():
    text = "这个时候，回望中国共产党１０５年的历史，全镇２６个支部、１３００名党员都有话说。"
    assert repaired(broken(text, BREAK)) == text


def test_a_number_goes_on_behind_the_end_of_a_line():
    text = "全镇村级集体经济收入增长了１５\n．８个百分点，达到１３６０万元，２６个村都有自己的产业。"
    table = BREAK | {"．": bytes([0xA3 + 0x31, "．".encode("gbk")[1]]).decode("gbk")}
    assert repaired(broken(text, table)) == text


def test_digits_alone_come_back():
    digits = {sign: char for sign, char in BREAK.items() if sign.isdigit()}
    assert repaired(broken(CLEAN, digits)) == CLEAN


def test_digits_take_the_width_of_the_others():
    text = "2019年至2021年，全县新增党员3560名。圆园圆源年，新增员园园名。"
    assert repaired(text) == "2019年至2021年，全县新增党员3560名。2024年，新增100名。"
    assert "２０２４年" in repaired("圆园圆源年袁全县新增党员员园园名遥")


@pytest.mark.parametrize("seed", range(6))
def test_runs_that_change_inside_a_line(seed):
    """Runs of shifted and of clean punctuation by turns; what is left is a miss, and there is no false repair."""
    chance, pieces, on = random.Random(seed), [], True
    for line in CLEAN.split("\n"):
        pieces.append(broken(line, PUNCTUATION) if on else line)
        on = chance.random() < 0.5
    assert repaired("\n".join(pieces)) == CLEAN


def test_one_shifted_comma_in_a_clean_line():
    text = "加强党的建设袁提高执政能力，建设高素质干部队伍。"
    (edit,) = propose_shift(text)
    assert (edit.start, edit.before, edit.after, edit.rule) == (6, "袁", "，", "shift")
    assert edit.confidence > 0.99


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "镇党委渊含机关支部)和街道(含社区党委冤都要参加学习袁不得缺席遥",
            "镇党委（含机关支部)和街道(含社区党委）都要参加学习，不得缺席。",
        ),
        ("开展野我为群众办实事”活动袁解决难题遥", "开展“我为群众办实事”活动，解决难题。"),
    ],
)
def test_half_of_a_pair_may_be_clean(text, wanted):
    assert repaired(text) == wanted


def test_a_word_over_the_end_of_a_line_is_a_word():
    text = "要把握这一思想的理论渊\n源和实践要求袁学深悟透遥村里的老庭\n院经过整治袁变成了文化广场遥"
    assert (
        repaired(text)
        == "要把握这一思想的理论渊\n源和实践要求，学深悟透。村里的老庭\n院经过整治，变成了文化广场。"
    )


def test_a_surname_before_a_shifted_comma_stays():
    assert (
        repaired("县委书记袁文清指出袁要加强领导遥会后袁袁文清走访了老党员遥")
        == "县委书记袁文清指出，要加强领导。会后，袁文清走访了老党员。"
    )


def test_a_bullet_before_a_byline():
    text = "以高质量党建引领乡村振兴\n姻陈立平\n近年来袁白沙县坚持党建引领袁推动产业发展遥各村党组织积极行动尧主动作为遥"
    assert repaired(text).startswith("以高质量党建引领乡村振兴\n■陈立平\n近年来，白沙县")


def test_italic_letters():
    assert repaired("按照犌犅／犜的规定执行。") == "按照ＧＢ／Ｔ的规定执行。"
    assert repaired("演员牛犇和犇犇公司。") == "演员牛犇和犇犇公司。"


CLEAN_LINES = [
    "党员、团员和广大职工积极参加，医院、学院、法院、检察院干部到场。",
    "桃源村、幸福园社区、远景公司和源头水厂，都是圆梦工程的受益者。",
    "袁立春、叶小青、尧文远三位同志，分别来自原野村、渊源村和冶炼厂。",
    "摇篮、遥远、联姻、窑洞、浴室、钥匙、爷爷、野外、冤案、预约。",
    "他回到遥远的家乡，愿意为缘分和心愿而努力，员工们都很敬佩。",
    "人员编制由院长办公会研究确定，不愿调整的人员可以书面说明原因。",
    "要坚持问题导向，要突出重点，要抓好落实，还要加强监督。",
]


@pytest.mark.parametrize("line", CLEAN_LINES)
def test_clean_text_stays(line):
    assert propose_shift(line) == []
    assert [edit for edit in propose_shift("\n".join(CLEAN_LINES)) if edit.grade != "suggested"] == []


@pytest.mark.parametrize(
    "text",
    ["要要要要要要要", "要要要\n我要我要我要\n要，要，要", "员员员员员员员员", "员员员\n员员员", "园园园圆圆圆", "1员2园3圆", "耘耘众生",
     "摇摇欲坠，扶摇直上。摇啊摇，摇到溪边桥。", "公曰诺。对曰不知。王曰善。或曰天命，或曰人事。", "曰若稽古帝尧，曰放勋。",
     "袁伟 叶青 尧建 冶强 渊明 袁飞 叶平", "园园 圆圆 媛媛 员员"],
)  # fmt: skip
def test_what_makes_no_sense_as_signs_stays(text):
    assert apply(text, [edit for edit in propose_shift(text) if edit.grade != "suggested"]) == text


@pytest.mark.parametrize("table", [PUNCTUATION, BREAK], ids=["punctuation", "all"])
def test_a_second_time_changes_nothing(table):
    once = repaired(broken(CLEAN, table))
    assert propose_shift(once) == []


def test_a_broken_font_speaks_for_its_signs():
    """A lone sign in a line that says little: more certain where its font is known to be broken."""
    text = "新园社区袁周立新\n"
    plain = {edit.start: edit.confidence for edit in propose_shift(text)}
    known = {
        edit.start: edit.confidence
        for edit in propose_shift(text, [FontRun(0, len(text), "F1", broken=True)])
    }
    assert known.get(4, 0.0) > plain.get(4, 0.0)


CANDIDATES = "".join(sorted(signs())) + "，。“”（） \n\t1Aa党的建设犌犅"


@settings(max_examples=150, deadline=None)
@given(st.text(st.one_of(st.sampled_from(CANDIDATES), st.characters()), max_size=80))
def test_any_text_gets_edits_that_fit_it_and_a_second_look_is_calm(text):
    edits = propose_shift(text)
    made = [edit for edit in edits if edit.grade != "suggested"]
    assert edits == sorted(edits, key=lambda edit: edit.start)
    assert all(0.5 <= edit.confidence <= 1 for edit in edits)
    assert len(apply(text, edits)) == len(text)
    assert edits == propose_shift(text)
    assert len([edit for edit in propose_shift(apply(text, made)) if edit.grade != "suggested"]) <= len(made)


@pytest.mark.parametrize(
    "unit",
    [
        "加强党的建设袁提高执政能力，建设高素质干部队伍。",
        "袁",
        "员",
        "圆园员源",
        "野",
        "要",
        "犌",
        "袁\n",
        "渊 ",
    ],
)
def test_time_grows_with_the_text(unit):
    def spent(size: int) -> float:
        text = unit * (size // len(unit))
        began = time.process_time()
        propose_shift(text)
        return time.process_time() - began

    spent(4000)
    assert spent(64_000) < 8 * 4 * spent(8_000) + 0.5


def test_one_long_line_is_repaired_all_along():
    text = "加强党的建设袁提高执政能力，建设高素质干部队伍。" * 2000
    assert repaired(text) == text.replace("袁", "，")


def test_more_readings_than_the_beam_holds():
    text = "圆园员源援缘豫尧员园援远豫渊员远冤元尧原员园愿".replace("元", "") * 6
    assert all(edit.before in signs() for edit in propose_shift(text + "\n" + text))


def test_pieces_in_quotation_marks_are_joined_by_dashes():
    text = "村里探索出野支部要协会要农户冶的做法袁带动群众增收遥大家都说袁要坚持下去遥"
    assert repaired(text) == "村里探索出“支部—协会—农户”的做法，带动群众增收。大家都说，要坚持下去。"


def test_chances_lean_on_curves_that_rise():
    assert all(leaning(chance, "一") == chance for chance in (0.2, 0.7, 0.95))
    for char in tables.pairs("sign_leanings.tsv"):
        said = [leaning(step / 100, char) for step in range(1, 100)]
        assert all(0 <= one <= other + 1e-9 <= 1.1 for one, other in zip(said, said[1:], strict=False))
        assert leaning(0.9999, char) == 0.9999


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CLEAN.split("\n") + CLEAN_LINES), min_size=1, max_size=4), st.integers(0, 9))
def test_repairing_twice_changes_nothing_and_any_subset_applies(lines, seed):
    text = broken("\n".join(lines), PUNCTUATION)
    edits = [edit for edit in propose_shift(text) if edit.grade != "suggested"]
    once = apply(text, edits)
    assert repaired(once) == once
    chance = random.Random(seed)
    subset = [edit for edit in edits if chance.random() < 0.5]
    assert apply(apply(text, subset), invert(subset)) == text


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(SENTENCES), max_size=9),
    st.lists(st.sampled_from(SENTENCES), max_size=9),
    st.sampled_from([PUNCTUATION, BREAK]),
    st.booleans(),
)
def test_a_page_gives_the_same_edits_alone_and_inside_its_issue(lines, around, table, twice):
    """Whatever stands on it and around it, but for what lies within reach of the other pages."""
    page = broken("\n".join([*SENTENCES, *lines, *SENTENCES]), table) + "\n"
    before = "\n".join(around * (1 + 20 * twice)) + "\n"
    at, issue = len(before), before + page + before
    alone, inside = (
        {edit.start - low: edit.after for edit in propose_shift(text) if edit.grade != "suggested"}
        for text, low in ((page, 0), (issue, at))
    )
    assert all(0 <= place < len(page) for place in inside)
    assert all(min(place, len(page) - place) < REACH for place, _ in alone.items() ^ inside.items())


def test_a_second_round_looks_around_what_changed_and_finds_the_same():
    """Blanks that go let a mark be seen: with much text around as with none."""
    damaged = "全镇干部群众 齐心协力 ,共同推进 2024 年重点项目建设。\n"
    plain = "\n".join(CLEAN_LINES * 90) + "\n"
    alone = apply(damaged, propose(damaged)[0])
    text = plain + damaged + plain
    assert apply(text, propose(text)[0]) == plain + alone + plain


def shifted(text: str) -> str:
    """Full-width marks as a broken font gives them."""
    table = dict(zip("，。、：“”（）—／×", "袁遥尧院野冶渊冤要辕伊", strict=True))
    return text.translate({ord(mark): char for mark, char in table.items()})


@pytest.mark.parametrize(
    "line",
    [
        "本报记者王尧报道，今年以来，全市新建公路三百公里，农民出行更加方便。",
        "摄影：周明　编辑：李红\n今年以来，全市新建公路三百公里，农民出行更加方便。",
        "他提出，要围绕“有什么—值多少—由谁管—怎么管—如何配置—如何监督”，推进改革，完善制度。",
        "镇里探索“基础训练—岗位练兵—一线提升”的培养办法，年轻干部成长更快了。",
        "村口立起一块3米×2米的公示牌，收支情况一目了然，大家都说好。",
        "每亩增收300元／亩，比去年增长，农民得到实惠，笑容多了。",
    ],
)
def test_names_labels_rows_and_slashes(line: str):
    kept = line.replace("王尧", "王\0")
    broken = shifted(kept).replace("\0", "尧")
    assert repaired(broken) == line.replace("　", "　")


def test_what_is_called_alone_elsewhere_begins_no_name():
    text = "志愿者老福回来了。\n火扑灭后袁老福在场外守着袁这些年袁老福从未停下脚步遥大家都说袁老福是好人遥"
    assert "，老福从未" in repaired(text)


def test_names_before_an_office_and_names_of_places():
    text = "市政府袁占亭市长出席会议并讲话袁要求各地抓好落实遥尧治河村变化大袁尧治河村的路修通了遥大家说袁尧治河村好遥"
    fixed = repaired(text)
    assert "市政府袁占亭市长" in fixed and fixed.count("尧治河村") == 3 and fixed.endswith("好。")


@pytest.mark.parametrize(
    "line",
    [
        "市科学技术协会副巡视员袁强先生出席了活动，并致辞。大家反响热烈。",
        "省地质研究院院士袁道明教授作了报告，介绍了岩溶地质。会后，大家进行了交流。",
        "感谢张书记，王书记的关心，大家一定努力。",
        "县委书记，县长都来到了现场，察看灾情。大家齐心协力，共渡难关。",
        "落实省负总责、市县抓落实的责任，激发政府、市场、社会的活力。",
    ],
)
def test_between_an_office_and_a_form_of_address_stands_a_name(line: str):
    assert repaired(broken(line, PUNCTUATION)) == line


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "加强党的建设袁提高能力遥\n郑海潮\n摇摇青石镇第一人民医院袁前身是县卫生院遥",
            "郑海潮\n　　青石镇第一人民医院，前身",
        ),
        ("党员认领微心愿，帮助老人。\n窑24窑\f党建园地\n村里的路修好了。", "\n·24·\f"),
        ("党员认领微心愿，帮助老人。\n要 圆源 要\n村里的路修好了，老人笑了。", "\n— ２４ —\n"),
        ("提高干部能力。\n■王海潮摇周摇敏\n党员认领微心愿，帮助老人。", "■王海潮　周　敏\n"),
        ("提高干部能力。\n大树摇风雨摇晃\n党员认领微心愿，帮助老人。", "大树摇风雨摇晃\n"),
        ("提高干部能力。\n摇摇欲坠的老屋修好了，老人笑了。", "\n摇摇欲坠的"),
    ],
)
def test_the_form_of_a_line_shows_its_signs(text: str, wanted: str):
    assert wanted in repaired(text)
