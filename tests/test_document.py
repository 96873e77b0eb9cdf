"""Documents are frozen; `revise` changes their text; passages know where each character came from."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.document import Document, Passage, PassageMap, Source
from pbtool.edits import Edit, apply, invert


def test_a_document_cannot_be_changed_in_place():
    document = Document.from_text("青屏县")
    with pytest.raises(dataclasses.FrozenInstanceError):
        document.text = "别的"  # type: ignore[misc]


def test_line_ends_become_lf_for_the_steps_and_are_never_reported():
    document = Document.from_text("甲\r\n乙\r丙\n")
    assert document.text == "甲\n乙\n丙\n"
    assert document.repairs == ()
    assert document.revise([Edit(2, 3, "乙", "丁", "rule")]).repairs == (Edit(3, 4, "乙", "丁", "rule"),)


@given(st.text("甲乙袁 \r\n", max_size=12), st.integers(0, 11), st.integers(0, 11))
def test_repairs_of_two_passes_point_into_the_text_as_read(text, one, other):
    document = Document.from_text(text)
    for place in (one, other):
        if place < len(document.text) and document.text[place] != "\n":
            document = document.revise([Edit(place, place + 1, document.text[place], "xy", "rule")])
    assert all(text[edit.start : edit.end] == edit.before for edit in document.repairs)
    assert apply(document.text, invert(document.edits)) == text


def test_suggestions_are_lifted_into_the_text_as_read_and_give_way_to_edits():
    document = Document.from_text("甲\r\n后顾之优").revise(
        [], [Edit(5, 6, "优", "忧", "lookalike", "suggested", 0.8)]
    )
    assert document.suggestions == (Edit(6, 7, "优", "忧", "lookalike", "suggested", 0.8),)
    assert document.revise([Edit(5, 6, "优", "忧", "lookalike")]).suggestions == ()


def test_a_passage_of_several_spans_leads_each_character_back():
    source = "加强党的袁建 \n 设abc\ndef"
    edits = [Edit(4, 5, "袁", "，，", "rule"), Edit(6, 7, " ", "", "rule")]
    passage = Passage("加强党的，，建设abc def", ((0, 7), (9, 13), (14, 17)))
    where = PassageMap(passage, edits)
    assert where.fits
    assert where.source(0, 2) == ((0, 2),)
    assert where.source(4, 5) == ((4, 5),)
    assert where.source(6, 8) == ((5, 7), (9, 10))
    assert [source[s:e] for s, e in where.source(12, 15)] == ["def"]


def test_a_passage_that_does_not_fit_answers_with_all_of_it():
    passage = Passage("完全不同", ((3, 9),))
    assert PassageMap(passage, []).source(0, 1) == ((3, 9),)


def test_source_defaults_are_those_of_a_unix_text():
    assert Source("a.txt").newline == "\n"
