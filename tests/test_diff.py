"""The diff that people read: clauses with what goes and what comes, for texts and for records."""

from __future__ import annotations

from pbtool import fix, segment
from pbtool.cli.diff import clauses, of_record
from pbtool.document import Document
from pbtool.edits import Edit
from pbtool.records import from_record
from pbtool.writing import records_of

TEXT = "今年以来,全乡干部下沉一线，走访 15 户群众。"


def test_changes_are_marked_inside_their_clause():
    edits = [Edit(4, 5, ",", "，", "punctuation")]
    shown = "".join(clauses("a.txt", TEXT, edits, False))
    assert shown == "--- a.txt\n@@ 1 @@ punctuation\n  今年以来[-,-]{+，+}全乡干部下沉一线\n"


def test_colour_marks_the_same_places():
    shown = "".join(clauses("a.txt", TEXT, [Edit(4, 5, ",", "，", "punctuation")], True))
    assert "\x1b[9;31m,\x1b[0m\x1b[1;32m，\x1b[0m" in shown


def test_a_blank_that_goes_is_seen_in_colour_too():
    (_, shown) = clauses("a.txt", "凝 心", [Edit(1, 2, " ", "", "spacing")], True)
    assert "␣" in shown


def test_a_record_shows_its_changes_passage_by_passage():
    (record,) = records_of(segment(Document.from_text(TEXT)))
    before = from_record(record, "record")
    after = fix(before)
    shown = "".join(of_record("r.jsonl", before, after.repairs, False))
    assert shown.startswith("--- r.jsonl a01 ")
    assert "[-,-]{+，+}" in shown and "走访[- -]15[- -]户群众" in shown


def test_nothing_changed_shows_nothing():
    (record,) = records_of(segment(Document.from_text("全乡干部下沉一线，走访群众。")))
    before = from_record(record, "record")
    assert "".join(of_record("r.jsonl", before, fix(before).repairs, False)) == ""
