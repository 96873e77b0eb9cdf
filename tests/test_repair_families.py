"""The families of damage: their cases, their pages, and what holds for any text."""

from __future__ import annotations

import doctest
import importlib
import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbtool import tables
from pbtool.document import Document, FontRun
from pbtool.edits import apply, invert
from pbtool.repair import RULES, damage_summary, propose, repair
from pbtool.repair.glyphs import radicals
from pbtool.repair.lookalike import confusions
from pbtool.repair.marks import common_han
from pbtool.repair.trust import curve

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
FAMILIES = ("decoding", "glyphs", "bold", "spacing", "punctuation", "insertions", "lookalike")
PARTS = ("What it repairs:", "How it comes about:", "Example:", "When it is wrong:", "Source:")
CLEAN = "坚持党要管党、全面从严治党。“好！”１２３（试行）"
PIECES = st.sampled_from(
    [*"党建 ，。,;:!?()（）“”\"'&;?\ufffd⋯—⽂文\u200d\xad\u30001234年个AbÖµ³½袁遥\n\t\ud800鏌愭杭", "&nbsp;", "（jiàn）",
     "杭杭杭杭州州州州", "开展工作开展工作交流交流", "象 珠 铁 军", "鍏氬缓寮曢", "http://a.cn/b,c", "锟斤拷", "———"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))


def cases(kind: str) -> list[object]:
    found: list[object] = []
    for family in FAMILIES:
        lines = (CASES / family / f"{kind}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
        found += [
            pytest.param(json.loads(line), id=f"{family}-{number}") for number, line in enumerate(lines)
        ]
    return found


def holds(case: dict[str, object]) -> bool:
    text = str(case["text"])
    edits, notes = propose(text)
    suggested = case.get("suggested")
    return apply(text, edits) == case["fixed"] and (
        suggested is None or suggested in [[note.before, note.after] for note in notes]
    )


@pytest.mark.parametrize("case", [*cases("wild"), *cases("synthetic"), *cases("negative")])
def test_case(case):
    assert holds(case), propose(case["text"])


@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failure_is_still_one(case):
    assert not holds(case), "mended by now: move it to the other cases"


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_cases(family):
    kinds = ("wild", "synthetic", "negative")
    lines = [
        (CASES / family / f"{kind}.jsonl").read_text(encoding="utf-8").split("\n")[:-1] for kind in kinds
    ]
    assert sum(map(len, lines)) >= 8 and len(lines[2]) >= 6


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_page_is_whole(rule):
    places = [rule.page.find(part) for part in PARTS]
    assert -1 not in places and places == sorted(places)
    assert rule.summary


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_examples_on_pages(rule):
    module = importlib.import_module(rule.proposer.__module__)
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_clean_prose_stays():
    assert propose(CLEAN) == ((), ())


def test_a_shifted_comma_is_the_only_edit():
    edits, notes = propose("加强党的建设袁提高执政能力，建设高素质干部队伍。")
    assert [(edit.before, edit.after, edit.rule) for edit in edits] == [("袁", "，", "shift")] and not notes


def test_passes_see_each_other():
    text = "加强党的建设袁 提高执政能力，覆盖率 95%;党的建（jiàn）设、组（zǔ）织建设⋯⋯"
    edits, _ = propose(text)
    assert apply(text, edits) == "加强党的建设，提高执政能力，覆盖率95%；党的建设、组织建设……"


def test_rules_skip_and_only_sure():
    text = "今年以来,选派 15 名干部"
    assert {edit.rule for edit in propose(text, rules=["spacing"])[0]} == {"spacing"}
    assert {edit.rule for edit in propose(text, skip=["spacing"])[0]} == {"punctuation"}
    edits, notes = propose(text, only_sure=True)
    assert all(edit.grade == "sure" for edit in edits)
    assert {note.rule for note in notes} == {"spacing"} and {note.grade for note in notes} == {"suggested"}


def test_repair_counts_in_the_text_as_read():
    document = Document.from_text("青屏乡\r\n选派 15 名干部,锟斤拷")
    fixed = repair(document)
    assert fixed.text == "青屏乡\n选派15名干部，锟斤拷"
    assert all(document.original[e.start : e.end] == e.before for e in (*fixed.repairs, *fixed.suggestions))
    assert any("锟斤拷" in note for note in fixed.notes)
    assert damage_summary((*fixed.repairs, *fixed.suggestions)) == {
        "spacing": 2, "punctuation": 1, "decoding (suggested)": 1,
    }  # fmt: skip


def test_fonts_move_with_the_text():
    fonts = [FontRun(0, 8, "Body"), FontRun(8, 16, "Shifted", broken=True)]
    text = "\u200b\u200b\u200b加强建设\n党的领导袁党的建设遥"
    edits, _ = propose(text, fonts)
    assert apply(text, edits) == "加强建设\n党的领导，党的建设。"


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_fixed_text_stays_and_undo_is_exact(text):
    edits, notes = propose(text)
    fixed = apply(text, edits)
    assert propose(fixed)[0] == ()
    assert apply(fixed, invert(edits)) == text
    assert all(text[note.start : note.end] == note.before for note in notes)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_any_subset_applies(text, random):
    edits = [edit for edit in propose(text)[0] if random.random() < 0.5]
    assert apply(apply(text, edits), invert(edits)) == text


@pytest.mark.parametrize(
    "piece",
    [" ", "党 ", "(", "(党", ",党", "\"", "&", "&amp", "?", "党?", "⋯", "—", "鍏", "鍏氬", "Ö", "Öa", "杭", "杭杭州州", "\u200d",
     "⽂文", "。", "“", "[1]党", "锟斤拷", "王 ", "党 ， ", "<b>", "<br>党", "&nbsp", "\\n", "\\n党", "<a ", "．"],
)  # fmt: skip
def test_time_grows_with_the_length_only(piece):
    """One line of 60,000 candidates: what is quadratic takes minutes here."""
    text = piece * (60_000 // len(piece))
    begun = time.process_time()
    for rule in RULES:
        if rule.name != "shift":
            list(rule.proposer(text, ()))
    assert time.process_time() - begun < 12


def test_tables_are_sound():
    assert all(radical != char for radical, char in radicals().items())
    assert not set(radicals()) & set(radicals().values())
    for char, others in confusions().items():
        assert char not in others and sorted(set(others)) == list(others)
    assert set(confusions()) <= common_han()


def _one_byte_late(before, run, behind):
    """GBK without the first and the last byte of `run`; of pairs in the rows of GBK's users nothing is to be seen."""
    shown = run.encode("gbk")[1:-1].decode("gb18030")
    return before + "?" + "".join(char for char in shown if not "\ue000" <= char <= "\uf8ff") + "?" + behind


def test_characters_that_went_without_a_trace_are_not_joined_to_a_false_one():
    text = _one_byte_late("山上的茶园", "采摘入尾声", "，合作社又忙着给茶树修枝。")
    edits, _ = propose(text)
    assert apply(text, edits) == text


def test_simplified_text_read_one_byte_late_is_only_suggested():
    text = _one_byte_late("这些年，", "农民专业合作", "社越办越多，茶园也越来越大。")
    edits, suggested = propose(text)
    assert [edit.after for edit in suggested if edit.rule == "decoding"] == ["农民专业合作"]
    assert not edits


def test_every_kind_of_evidence_was_measured():
    """A kind without a figure would be a fault at run time; a figure without a kind is a leftover."""
    kinds = set(tables.pairs("confidences.tsv"))
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pbtool" / "repair").glob("*.py"))
    assert set(re.findall(r'(?:trust|curve)\(\s*"([^"]+)"', source)) <= kinds
    plain = {
        re.sub("(before|behind) (?=Latin|a number)", "", kind.removeprefix("spacing: ")) for kind in kinds
    }
    assert [kind for kind in plain if f'{kind}"' not in source] == []


def test_a_curve_rises_with_its_evidence():
    low, middle, high = (curve("lookalike", evidence) for evidence in (6.0, 10.0, 20.0))
    assert 0 <= low < middle < high <= 1


@pytest.mark.parametrize("length", [3, 4, 5])
def test_the_marks_of_a_run_that_is_one_byte_late_are_no_questions(length: int) -> None:
    line = "全村修好了水渠。我们还要把路修通，大家都很高兴。"
    start = line.index("。")
    shown = line[start : start + length].encode("gbk")[1:-1].decode("gbk")
    text = f"{line[:start]}?{shown}?{line[start + length :]}"
    applied, suggested = propose(text)
    assert not [edit for edit in (*applied, *suggested) if edit.rule == "punctuation"]


def test_a_question_before_a_capital_of_full_width_stays_one() -> None:
    text = "这个程序好用吗?ＡＰＰ大家都下载了。"
    assert apply(text, propose(text, rules=["punctuation"])[0]) == "这个程序好用吗？ＡＰＰ大家都下载了。"
