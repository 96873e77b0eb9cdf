"""Edits are data: they apply, invert, merge over three passes, and any subset of them applies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.edits import Edit, Origin, apply, invert, merge, ordered, without_overlaps

TEXT = st.text("党建，袁\n ab\U0001f600", max_size=24)


@st.composite
def edits_for(draw: st.DrawFn, text: str) -> tuple[Edit, ...]:
    """A set of edits of `text`, insertions and deletions among them."""
    place, found = 0, []
    for gap, length, after in draw(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.text("xy\n。", max_size=3)), max_size=6)
    ):
        start = place + gap
        end = min(len(text), start + length)
        if start > len(text):
            break
        if text[start:end] != after:
            found.append(Edit(start, end, text[start:end], after, "rule"))
        place = max(end, start + 1)
    return ordered(found)


@st.composite
def three_passes(draw: st.DrawFn) -> tuple[str, list[tuple[Edit, ...]]]:
    first = text = draw(TEXT)
    passes = []
    for _ in range(3):
        edits = draw(edits_for(text))
        passes.append(edits)
        text = apply(text, edits)
    return first, passes


@given(three_passes())
def test_three_passes_merge_into_one_that_does_the_same_and_can_be_undone(case):
    source, passes = case
    text, merged = source, ()
    for edits in passes:
        text = apply(text, edits)
        merged = merge(merged, edits)
    assert apply(source, merged) == text
    assert apply(text, invert(merged)) == source
    assert all(source[edit.start : edit.end] == edit.before for edit in merged)


@given(st.data())
def test_any_subset_applies(data):
    text = data.draw(TEXT)
    edits = data.draw(edits_for(text))
    subset = [edit for edit in edits if data.draw(st.booleans())]
    assert apply(apply(text, subset), invert(subset)) == text


@given(three_passes())
def test_origin_leads_back_to_what_was_not_changed(case):
    source, (edits, _, _) = case
    text, origin = apply(source, edits), Origin(edits)
    touched = {place for edit in edits for place in range(edit.start, edit.end)}
    for place in range(len(text)):
        start, end = origin.back(place, place + 1)
        assert 0 <= start <= end <= len(source)
        if end - start == 1 and start not in touched:
            assert source[start] == text[place]
    assert origin.back(0, len(text))[1] <= len(source)


def test_origin_answers_one_to_one_where_the_length_stays_and_as_a_whole_where_not():
    source = "甲ABC乙丙"
    same, longer = Edit(1, 4, "ABC", "abc", "case"), Edit(4, 5, "乙", "乙乙", "double")
    origin = Origin([same, longer])
    assert apply(source, [same, longer]) == "甲abc乙乙丙"
    assert origin.back(2, 3) == (2, 3)
    assert origin.back(5, 6) == (4, 5)
    assert origin.back(6, 7) == (5, 6)
    assert origin.forward(5) == 6


def test_covering_takes_in_what_was_deleted_at_the_end():
    origin = Origin([Edit(2, 4, "建建", "", "bold")])
    assert origin.back(0, 2) == (0, 2)
    assert origin.covering(0, 2) == (0, 4)


def test_an_edit_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        apply("党建", [Edit(0, 1, "建", "党", "rule")])
    with pytest.raises(ValueError, match="overlap"):
        ordered([Edit(0, 2, "党建", "", "a"), Edit(1, 2, "建", "", "b")])


def test_of_edits_that_collide_the_first_named_stays():
    first, second = Edit(2, 4, "cd", "x", "a"), Edit(1, 3, "bc", "y", "b")
    assert without_overlaps([first, second]) == (first,)
    assert without_overlaps([second, first]) == (second,)


def test_what_a_later_pass_takes_back_disappears():
    there, back = Edit(1, 2, "袁", "，", "shift"), Edit(1, 2, "，", "袁", "shift")
    assert merge([there], [back]) == ()


def test_a_merged_edit_keeps_the_worse_grade_and_the_lower_confidence():
    first = Edit(1, 2, "袁", "，", "shift", "sure", 0.99)
    second = Edit(1, 3, "， ", "，", "spacing", "likely", 0.9)
    assert merge([first], [second]) == (Edit(1, 3, "袁 ", "，", "shift", "likely", 0.9),)
