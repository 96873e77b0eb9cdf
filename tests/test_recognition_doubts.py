"""What a recogniser doubted is reported sooner than what it was sure of."""

from __future__ import annotations

import pytest

from pbtool.document import Document, Line
from pbtool.repair import repair

TEXT = "共 300 余名农户。\n路修好了，茶叶档天就能进城。\n"
START, PLACE = TEXT.index("路"), TEXT.index("档")


@pytest.mark.parametrize(
    ("doubts", "found"),
    [((), []), (((PLACE, PLACE + 1),), [(PLACE, "档", "当")]), (((START, START + 4),), [])],
)
def test_a_doubted_character_needs_less_evidence(doubts, found):
    lines = (Line(0, START - 1, 1), Line(START, len(TEXT) - 1, 1, doubts=doubts))
    document = repair(Document.from_text(TEXT, lines=lines))
    assert len(document.repairs) == 2
    assert [(edit.start, edit.before, edit.after) for edit in document.suggestions] == found


def test_second_choices_of_the_recogniser_are_tried_before_the_table():
    text = "来自各地的代表仍然沉漫在大会热烈的气氛里。\n"
    place = text.index("漫")
    for others, found in (("浸没", [("漫", "浸")]), ("", [])):
        line = Line(
            0, len(text) - 1, 1, doubts=((place, place + 1),), choices=((place, others),) if others else ()
        )
        document = repair(Document.from_text(text, lines=(line,)))
        assert [(edit.before, edit.after) for edit in document.suggestions] == found


def test_what_a_repair_has_touched_is_doubted_no_more():
    lines = (Line(0, START - 1, 1, doubts=((1, 6),)),)
    assert repair(Document.from_text(TEXT, lines=lines)).suggestions == ()
