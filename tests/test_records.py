"""The record is the contract: its fields, the round trip, and steps that work on records as on text."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pbtool import pipeline, writing
from pbtool.document import Article, Date, Document, Metric, Official, Passage, Place, Source
from pbtool.edits import Edit, apply
from pbtool.errors import InputError
from pbtool.reading import read
from pbtool.records import article_records, document_record, from_record, is_record, parse, updated

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "书记说袁干 得好遥\n有50人参加。\n12\n"
EDITS = (Edit(3, 4, "袁", "，", "shift", "sure", 0.99), Edit(5, 6, " ", "", "spacing", "likely", 0.9))


def sample() -> Document:
    document = Document.from_text(SOURCE, Source("a.txt", "00", pages=1)).revise(EDITS)
    article = Article(
        "a01",
        title=Passage("书记说，干得好遥", ((0, 9),), "title"),
        byline=("周小舟",),
        byline_lines=(Passage("周小舟", ()),),
        column="基层",
        pages=(12,),
        paragraphs=(Passage("有50人参加。", ((10, 17),)),),
        captions=(Passage("会场", ()),),
        places=(Place("村", 0, 1, source=((10, 11),), name="村", level="village"),),
        officials=(Official("周小舟", 0, 3, field="byline", name="周小舟", role="byline"),),
        metrics=(Metric("50人", 1, 4, source=((11, 14),), value=50, unit="人"),),
        dates=(Date("今年", 0, 2, value="2023"),),
    )
    furniture = (Passage("12", ((18, 20),), "page_number"),)
    note = Edit(8, 9, "遥", "。", "shift", "suggested", 0.6)
    return replace(
        document, articles=(article,), furniture=furniture, suggestions=(note,), steps=("fix", "segment")
    )


def test_the_record_keeps_to_the_contract():
    record = document_record(sample())
    assert list(record)[:3] == ["schema", "source", "made_by"]
    assert set(record["source"]) == {"name", "sha256", "encoding", "newline", "bom", "pages", "script"}
    assert record["source"]["script"] == "hans"
    (article,) = record["articles"]
    assert set(article["spans"]) == {
        "title",
        "kicker",
        "subtitle",
        "byline",
        "affiliation",
        "dateline",
        "editor_note",
    }
    assert article["paragraphs"][0] == {"role": "body", "text": "有50人参加。", "source": [[10, 17]]}
    assert record["furniture"] == [{"role": "page_number", "text": "12", "source": [[18, 20]]}]
    assert all(
        SOURCE[e["start"] : e["end"]] == e["before"] for e in record["repairs"] + record["suggestions"]
    )
    assert (article["metrics"][0]["paragraph"], article["officials"][0]["paragraph"]) == (0, None)


def test_a_document_comes_back_from_its_record():
    document = sample()
    record = json.loads(writing.dumps(document_record(document)))
    again = from_record(record)
    assert again.articles == document.articles and again.furniture == document.furniture
    assert document_record(again) == record


def test_an_article_comes_back_from_its_line():
    (record,) = article_records(sample())
    assert [edit["rule"] for edit in record["repairs"]] == ["shift", "spacing"]
    again = from_record(record)
    assert again.articles[0] == sample().articles[0]
    assert updated({**record, "mine": 1}, again)["mine"] == 1


def test_a_text_comes_back_from_what_read_writes():
    document = Document.from_text("甲\r\n乙袁\r\n").revise([Edit(3, 4, "袁", "，", "shift")])
    again = from_record(json.loads(writing.dumps(document_record(document))))
    assert (again.text, again.original, again.repairs) == (document.text, document.original, document.repairs)


def test_what_is_no_record_is_told_from_what_is():
    assert is_record('{"schema":"pbtool/1","id":"a01"}') and is_record('[\n {"schema": "pbtool/1"')
    assert not is_record("加强党的建设") and not is_record('{"id": 1}')


@pytest.mark.parametrize(
    "text",
    [
        '{"schema":"pbtool/1"',
        "[]",
        '{"schema":"pbtool/2"}',
        '{"id":1}',
        "1",
        '{"schema":"pbtool/1","a":' + "[" * 5000,
    ],
)
def test_a_broken_record_is_one_error(text):
    with pytest.raises(InputError):
        parse(text, "line 1")


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"source": 3},
        {"source": {"name": 1}},
        {"source": {"name": "a"}, "paragraphs": [{"text": 5}]},
        {"source": {"name": "a"}, "repairs": [{"start": "x"}]},
        {"source": {"name": "a"}, "paragraphs": [{"text": "a", "source": [[1]]}]},
    ],
)
def test_a_record_against_the_contract_is_one_error(record):
    with pytest.raises(InputError, match="contract"):
        from_record({"schema": "pbtool/1", **record})


def replace_all(pairs: dict[str, str]) -> pipeline.Proposer:
    def propose(text: str) -> tuple[list[Edit], list[Edit]]:
        return [Edit(i, i + 1, c, pairs[c], "test") for i, c in enumerate(text) if c in pairs], []

    return propose


def test_passages_of_a_record_are_revised_in_places_of_the_source():
    (record,) = article_records(sample())
    document = pipeline.revise_passages(
        from_record(record), replace_all({"遥": "。", "，": "、", "参": "参参"})
    )
    assert document.articles[0].title and document.articles[0].title.text == "书记说、干得好。"
    assert document.articles[0].paragraphs[0].text == "有50人参参加。"
    assert apply(SOURCE, document.edits).startswith("书记说、干得好。\n有50人参参加。")


def test_an_edit_across_a_joint_is_left_undone():
    article = Article("a01", paragraphs=(Passage("甲乙丙丁", ((0, 2), (5, 7))),))
    document = Document(Source("a"), articles=(article,))

    def propose(text: str) -> tuple[list[Edit], list[Edit]]:
        return [Edit(1, 3, text[1:3], "x", "test")], []

    assert pipeline.revise_passages(document, propose).articles[0].paragraphs[0].text == "甲乙丙丁"


def test_csv_neutralises_formulas_and_leaves_numbers_alone():
    rows = [{"a": "=cmd()", "b": -5}, {"a": "＋1", "b": 2.5}]
    text = "".join(writing.csv_text(rows, ("a", "b")))
    assert list(csv.reader(io.StringIO(text)))[1:] == [["'=cmd()", "-5"], ["'＋1", "2.5"]]


def test_markdown_reads_like_an_issue_and_cannot_be_broken_by_text():
    article = Article(
        "a01", title=Passage("一<b>二"), byline=("甲",), paragraphs=(Passage("小标题", role="heading"),)
    )
    text = "".join(writing.markdown(Document(Source("a"), articles=(article,))))
    assert text.startswith("# 一\\<b\\>二\n\n甲\n\n## 小标题\n")


def test_json_never_holds_what_json_does_not_know():
    with pytest.raises(ValueError):
        writing.dumps(float("nan"))


def test_a_suggestion_that_a_record_brings_along_is_not_made_twice():
    def propose(text: str) -> tuple[list[Edit], list[Edit]]:
        return [], [Edit(0, 1, text[0], "又", "test", "suggested", 0.5)]

    document = Document(Source("a"), articles=(Article("a01", paragraphs=(Passage("甲乙", ((0, 2),)),)),))
    twice = pipeline.revise_passages(pipeline.revise_passages(document, propose), propose)
    assert len(twice.suggestions) == 1


def test_where_facts_stand_on_paper_comes_along_through_filters():
    issue = pipeline.run(read(ROOT / "samples" / "issue.pdf"))
    record = json.loads(json.dumps(document_record(issue)))
    placed = [fact["boxes"] for article in record["articles"] for fact in article["places"]]
    assert placed and all(placed)
    for step in (pipeline.fix, pipeline.extract):
        passed = updated(record, step(from_record(record)))
        assert [fact["boxes"] for article in passed["articles"] for fact in article["places"]] == placed
