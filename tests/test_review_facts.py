"""Doubtful facts: asked like changes of the text, answered in the same file, obeyed by extract and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pbtool
from pbtool.document import Article, Date, Document, Metric, Official, Passage, Place, Source
from pbtool.errors import InputError
from pbtool.reviews import Answer, Answers
from pbtool.reviews.facts import complaint, fact_id, of_facts, with_answers
from pbtool.reviews.questions import Question
from pbtool.reviews.terminal import review

TEXT = "李明在松林镇说，全县党员有218名，其中松林镇党员有30名，后来又说全县党员有281名。3月5日。"


def at(words: str, **more: object) -> dict[str, object]:
    start = TEXT.index(words)
    return {
        "text": words,
        "start": start,
        "end": start + len(words),
        "source": ((start, start + len(words)),),
        **more,
    }


def metric(words: str, value: int, confidence: float = 0.95) -> Metric:
    return Metric(**at(words), value=value, unit="名", what="全县党员", confidence=confidence)  # type: ignore[arg-type]


ARTICLE = Article(
    "a01",
    paragraphs=(Passage(TEXT, ((0, len(TEXT)),)),),
    places=(Place(**at("松林镇"), name="松林镇", level="town", confidence=0.9),),  # type: ignore[arg-type]
    officials=(Official(**at("李明"), name="李明", role="mention", confidence=0.6),),  # type: ignore[arg-type]
    metrics=(
        metric("218名", 218),
        metric("281名", 281),
        Metric(**at("30名"), value=30, unit="名", what="松林镇党员", confidence=0.95),  # type: ignore[arg-type]
    ),
    dates=(Date(**at("3月5日"), value="--03-05", confidence=0.99),),  # type: ignore[arg-type]
)
DOCUMENT = Document(Source("a.txt", "5a"), TEXT, TEXT, articles=(ARTICLE,))


def by_text(document: Document, below: float = 0.8) -> dict[str, Question]:
    return {question.before: question for question in of_facts(document, below)}


def test_what_is_doubtful_is_asked_and_why():
    asked = by_text(DOCUMENT)
    assert set(asked) == {"李明", "松林镇", "218名", "281名"}
    assert (
        asked["李明"].reason == "no more than 60% sure" and asked["李明"].claim == "official: 李明, mention"
    )
    assert asked["218名"].reason == "the article also says 281名"
    assert "several of that name" in asked["松林镇"].reason
    assert len(asked["松林镇"].options) > 1 and all(o.endswith("松林镇") for o in asked["松林镇"].options)
    assert "3月5日" in by_text(DOCUMENT, 1.0) and set(by_text(DOCUMENT, 0.0)) == {"松林镇", "218名", "281名"}


def test_answers_are_obeyed():
    asked = by_text(DOCUMENT, 1.0)
    answers = Answers(TEXT)
    choice = asked["松林镇"].options[1]
    answers.give(
        [
            Answer(asked["李明"].id, "reject"),
            Answer(asked["218名"].id, "accept"),
            Answer(asked["281名"].id, "change", "200-281 / 人"),
            Answer(asked["松林镇"].id, "change", choice),
            Answer(asked["3月5日"].id, "change", "2023-03-05"),
        ]
    )
    (article,) = with_answers(DOCUMENT, answers).articles
    assert article.officials == ()
    first, second, third = article.metrics
    assert (first.value, first.confidence) == (218, 1.0)
    assert (second.value, second.unit, second.what) == ((200, 281), "人", "全县党员")
    assert third == ARTICLE.metrics[2]
    (place,) = article.places
    assert place.full == choice and place.code and place.confidence == 1.0
    assert article.dates[0].value == "2023-03-05"


@pytest.mark.parametrize(
    ("given_text", "fields"),
    [
        ("王强", ("王强", "书记", "松林镇")),
        ("王强 / 主任", ("王强", "主任", "松林镇")),
        ("王强//", ("王强", None, None)),
    ],
)
def test_what_a_correction_does_not_name_stays(given_text, fields):
    official = replace(ARTICLE.officials[0], title="书记", org="松林镇")
    document = replace(DOCUMENT, articles=(replace(ARTICLE, officials=(official,)),))
    answers = Answers(TEXT)
    answers.give([Answer(fact_id("official", official), "change", given_text)])
    (told,) = with_answers(document, answers).articles[0].officials
    assert (told.name, told.title, told.org) == fields


def test_a_place_of_no_table_keeps_its_name_and_has_no_code():
    answers = Answers(TEXT)
    answers.give([Answer(fact_id("place", ARTICLE.places[0]), "change", "甲省乙县松林镇")])
    (place,) = with_answers(DOCUMENT, answers).articles[0].places
    assert (place.full, place.code, place.name) == ("甲省乙县松林镇", None, "松林镇")


def test_an_answer_that_is_no_number_is_refused_when_given_and_when_read():
    asked = by_text(DOCUMENT)
    assert (
        complaint(asked["218名"], "很多")
        and complaint(asked["218名"], "")
        and complaint(asked["李明"], " / 主任")
    )
    for good in ("218", "218 / 名", "-3", "1.5-2", "1,200"):
        assert complaint(asked["218名"], good) is None
    answers = Answers(TEXT)
    answers.give([Answer(asked["218名"].id, "change", "很多")])
    with pytest.raises(InputError, match="no metric"):
        with_answers(DOCUMENT, answers)


@settings(deadline=None)
@given(st.text(max_size=12) | st.text("0/.- 一", max_size=6))
def test_no_text_breaks_a_correction(text):
    for question in by_text(DOCUMENT, 1.0).values():
        if complaint(question, text) is None:
            answers = Answers(TEXT)
            answers.give([Answer(question.id, "change", text)])
            assert with_answers(DOCUMENT, answers).articles


class Keys:
    """A screen that presses these keys."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)

    def ask(self, question: Question, number: int, left: int) -> str:
        return self.keys.pop(0)

    def ask_text(self, proposal: str) -> str | None:
        return proposal + "号"

    def tell(self, line: str) -> None:
        assert line


def test_a_number_chooses_for_all_mentions_of_the_name():
    other = replace(ARTICLE.places[0], **{k: v for k, v in at("松林镇党员").items() if k != "text"})
    other = replace(other, end=other.start + 3, source=((other.start, other.start + 3),))
    document = replace(DOCUMENT, articles=(replace(ARTICLE, places=(*ARTICLE.places, other)),))
    questions = [q for q in of_facts(document) if q.family == "place 松林镇"]
    assert len(questions) == 2
    answers = Answers(TEXT)
    assert review(questions, answers, Keys("2")) == 0
    assert {a.text for a in answers} == {questions[0].options[1]}
    assert review(questions, Answers(TEXT), Keys("a")) == 0


SENTENCES = (
    "青屏县举行党员大会\n\n"
    "本报讯 4月12日，青屏县云溪镇党委书记周明远说，全镇有党员863名，比去年增加12名。老支书吴阿婆在会上发言，"
    "她说村里的路修通了，茶叶好卖了，大家的日子一天比一天好。\n"
)


def pbtool_run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "pbtool", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode("utf-8")


def test_extract_and_run_obey_the_same_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(SENTENCES, encoding="utf-8")
    document = pbtool.run(pbtool.read(path))
    questions = of_facts(document, 1.1)
    wrong = next(q for q in questions if q.before == "863名")
    kept = tmp_path / "a.txt.answers.jsonl"
    Answers(document.original, kept, source=document.source.sha256).give(
        [Answer(q.id, "change", "836") if q is wrong else Answer(q.id, "reject") for q in questions]
    )
    for command in ("extract", "run"):
        (record,) = (
            json.loads(line)
            for line in pbtool_run(tmp_path, command, "--answers", kept.name, "a.txt").splitlines()
        )
        assert [m["value"] for m in record["metrics"]] == [836] and record["metrics"][0]["unit"] == "名"
        assert record["places"] == record["officials"] == record["dates"] == []
    (tmp_path / "a.jsonl").write_text(pbtool_run(tmp_path, "run", "a.txt"), encoding="utf-8")
    (record,) = (
        json.loads(line)
        for line in pbtool_run(tmp_path, "extract", "--answers", kept.name, "a.jsonl").splitlines()
    )
    assert [m["value"] for m in record["metrics"]] == [836] and record["places"] == []
