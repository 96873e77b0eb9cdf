"""Review: the same questions and answers everywhere; nothing is made that was not answered."""

from __future__ import annotations

import json
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pbtool
from pbtool.cli.asking import TerminalScreen
from pbtool.document import Article, Document, Metric, Page, Passage, Source
from pbtool.edits import Edit, apply
from pbtool.errors import InputError, OutputError
from pbtool.records import from_record
from pbtool.reviews import Answer, Answers, edit_id, resolved
from pbtool.reviews.lessons import lessons
from pbtool.reviews.questions import Question, Sentences, Signature, of_edits, shown, standing
from pbtool.reviews.subject import Subject, answered, subject_of
from pbtool.reviews.terminal import OF_OPTIONS, review
from pbtool.terminal import width

TEXT = "推进建设袁提高能力遥\n后顾之优要解决。\n"
EDITS = (
    Edit(4, 5, "袁", "，", "shift", "sure", 0.99),
    Edit(9, 10, "遥", "。", "shift", "sure", 0.99),
    Edit(14, 15, "优", "忧", "lookalike", "suggested", 0.8),
)
DOCUMENT = Document.from_text(TEXT)
QUESTIONS = of_edits(DOCUMENT, EDITS)
HOSTILE = "</script><script>alert(1)</script><!--\x1b]0;x\x07\u202e=cmd()javascript:"
BROKEN = Path(__file__).resolve().parent.parent / "samples" / "issue_broken.txt"


@dataclass
class Keys:
    """A screen that presses these keys, and writes down what it was asked."""

    waiting: list[str]
    asked: list[tuple[Question, int, int]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    text: str | None = "！"

    def ask(self, question: Question, number: int, left: int) -> str:
        self.asked.append((question, number, left))
        return self.waiting.pop(0)

    def ask_text(self, proposal: str) -> str | None:
        return self.text

    def tell(self, line: str) -> None:
        self.told.append(line)


def walk(answers: Answers, *pressed: str, text: str | None = "！") -> Keys:
    screen = Keys(list(pressed), text=text)
    screen.left = review(QUESTIONS, answers, screen)  # type: ignore[attr-defined]
    return screen


def verdicts(answers: Answers) -> list[str | None]:
    return [answer.verdict if (answer := answers[edit]) else None for edit in EDITS]


# --- the loop --------------------------------------------------------------------------------------------------------


def test_keys_do_what_they_say():
    answers = Answers(TEXT)
    screen = walk(answers, "y", "u", "n", "e", "s")
    assert verdicts(answers) == ["reject", "change", None]
    assert [(number, left) for _, number, left in screen.asked] == [(1, 3), (2, 2), (1, 3), (2, 2), (3, 1)]
    assert resolved(EDITS, answers)[0].after == "！"
    answers = Answers(TEXT)
    walk(answers, "a", "q")
    assert apply(TEXT, resolved(EDITS, answers)) == "推进建设，提高能力。\n后顾之优要解决。\n"
    answers = Answers(TEXT)
    walk(answers, "d", "y")
    assert verdicts(answers) == ["reject", "reject", "accept"]


def test_undo_takes_back_everything_that_one_key_did(tmp_path):
    path = tmp_path / "a.jsonl"
    walk(Answers(TEXT, path), "a", "u", "n", "q")
    assert verdicts(Answers(TEXT, path)) == ["reject", None, None]


def test_an_unknown_key_and_an_empty_undo_are_told():
    screen = walk(Answers(TEXT), "", "x", "u", "7", "q")
    assert sum("quit" in line for line in screen.told) == 3 and "There is nothing to undo." in screen.told
    assert [number for _, number, _ in screen.asked] == [1] * 5


def test_what_is_not_written_is_not_answered():
    answers = Answers(TEXT)
    walk(answers, "e", "q", text=None)
    assert len(answers) == 0


def test_a_complaint_leaves_the_question_open():
    answers = Answers(TEXT)
    screen = Keys(["e", "q"])
    review(QUESTIONS, answers, screen, complaint=lambda question, text: f"{text} is nothing")
    assert screen.told == ["！ is nothing"] and len(answers) == 0


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_sentence_reads_as_it_will_print():
    answers = Answers(TEXT)
    around = Sentences(TEXT, EDITS, standing(answers)).around
    assert around(4, 5) == ("推进建设", "提高能力。")
    assert around(9, 10) == ("推进建设，提高能力", "")
    assert around(14, 15) == ("后顾之", "要解决。")
    answers.give([Answer(edit_id(EDITS[0]), "reject"), Answer(edit_id(EDITS[1]), "change", "；")])
    assert around(9, 10) == ("推进建设袁提高能力", "")
    assert around(4, 5) == ("推进建设", "提高能力；")


@settings(deadline=None)
@given(st.text("甲乙。\n", max_size=80), st.sets(st.integers(0, 79)))
def test_a_sentence_never_reaches_over_its_end(text, places):
    edits = [Edit(at, at + 1, text[at], "丙丙", "x") for at in sorted(places) if at < len(text)]
    around = Sentences(text, edits, lambda edit: edit.after).around
    for edit in edits:
        left, right = around(edit.start, edit.end)
        assert not set("。\n") & set(left) and not set("。\n") & set(right[:-1]) and "\n" not in right
        told = text[: edit.start].replace("\n", "。").rsplit("。", 1)[-1]
        assert len(left) <= 60 and (not told or bool(left))


def test_questions_say_where_and_why():
    pages = (Page(1, 0, 11), Page(2, 11, 20))
    first, _, third = of_edits(Document.from_text(TEXT, pages=pages), EDITS)
    assert (first.line, first.page, third.line, third.page) == (1, 1, 2, 2)
    assert "GB lead byte" in first.reason and third.about == "优 → 忧"


def screen_of(question: Question, columns: int, color: str = "never") -> list[str]:
    os.environ["COLUMNS"] = str(columns)
    try:
        screen = TerminalScreen("名" * 30, 142, lambda q: ("左" * 55, "右" * 60), color)
        return list(screen._lines(question, 3, 139))
    finally:
        del os.environ["COLUMNS"]


@pytest.mark.parametrize("columns", [80, 40, 21])
def test_a_question_fits_the_terminal_whatever_it_holds(columns):
    long = Question("1", "shift", "sure", 0.99, 0, 1, "Ａ" * 500, "B字" * 300, 7, 2, "为什么" * 20)
    lines = screen_of(long, columns)
    assert all(width(line) < columns for line in lines)
    if columns == 80:
        assert len(lines) <= 22
    assert "".join(line.strip() for line in lines).count("左") == 55
    colored = screen_of(long, columns, "always")
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in colored if "\x1b" in line]
    assert all(width(re.sub(r"\x1b\[[\d;]*m", "", line)) < columns for line in colored)


def test_marks_take_the_place_of_colour():
    lines = "".join(screen_of(QUESTIONS[0], 200))
    assert "左[-袁-]{+，+}右" in lines and "\x1b" not in lines


def test_words_of_letters_are_not_cut_and_a_claim_is_told_once():
    question = Question(
        "1",
        "shift",
        "sure",
        0.99,
        0,
        1,
        "袁",
        "，",
        7,
        2,
        "Signs whose GB lead byte was shifted: 袁 for ，, 园 for ０.",
    )
    for columns in (80, 60, 40):
        lines = screen_of(question, columns)
        said = [line.strip() for line in lines if "GB" in line or "byte" in line or "shifted" in line]
        assert not any(word in " ".join(said).split() for word in ("lea", "d", "by", "te", "shif"))
    fact = Question(
        "1",
        "place 云溪镇",
        "",
        0.85,
        0,
        3,
        "云溪镇",
        "云溪镇",
        7,
        None,
        "several of that name",
        "place: 云溪镇, town",
        ("甲", "乙"),
    )
    assert sum("place" in line for line in screen_of(fact, 80)) == 1
    asked = Keys(["?", "q"])
    review([fact], Answers("云溪镇"), asked)
    assert OF_OPTIONS in asked.told


def test_hostile_text_does_not_reach_the_terminal():
    question = Question(
        "1", HOSTILE, "sure", 0.99, 0, 1, HOSTILE, HOSTILE, 1, None, HOSTILE, HOSTILE, (HOSTILE,)
    )
    lines = "".join(screen_of(question, 80))
    assert "⟨U+001B⟩" in lines and "⟨U+202E⟩" in lines
    assert not re.search("[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", lines)
    assert shown(HOSTILE).isprintable()


# --- the answers file ------------------------------------------------------------------------------------------------


def test_answers_are_kept_at_once_and_taken_up_again(tmp_path):
    path = tmp_path / "a.jsonl"
    walk(Answers(TEXT, path), "y", "q")
    again = Answers(TEXT, path)
    assert len(again) == 1
    walk(again, "n", "y")
    assert len(Answers(TEXT, path)) == 3
    header, first, *_ = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    assert header["sha256"] and first["about"] == "袁 → ，"


def test_answers_for_another_text_are_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    walk(Answers(TEXT, path), "y", "q")
    with pytest.raises(InputError, match="another text"):
        Answers(TEXT + "。", path)
    for wrong in ("not json\n", "[]\n", '{"id": 1}\n', '{"schema":"pbtool/answers/1"}\n', "1\n", "\udcff"):
        path.write_bytes(wrong.encode("utf-8", "surrogateescape"))
        with pytest.raises(InputError, match="no answers file"):
            Answers(TEXT, path)


def test_a_record_of_the_same_file_takes_the_answers_of_its_text(tmp_path):
    path = tmp_path / "a.jsonl"
    Answers(TEXT, path, source="5a").give([Answer(edit_id(EDITS[0]), "reject")])
    assert len(Answers(None, path, source="5a")) == 1
    with pytest.raises(InputError, match="another text"):
        Answers(None, path, source="6b")


def test_files_merge_by_writing_one_after_the_other(tmp_path):
    one, two, both = (tmp_path / name for name in ("1", "2", "3"))
    walk(Answers(TEXT, one), "y", "y", "q")
    walk(Answers(TEXT, two), "s", "n", "y", "q")
    both.write_text(one.read_text("utf-8") + two.read_text("utf-8"), encoding="utf-8")
    assert verdicts(Answers(TEXT, both)) == ["accept", "reject", "accept"]


def test_a_line_cut_short_loses_only_itself(tmp_path):
    path = tmp_path / "a.jsonl"
    walk(Answers(TEXT, path), "y", "n", "q")
    whole = path.read_text("utf-8")
    path.write_text(whole[:-20], encoding="utf-8")
    again = Answers(TEXT, path)
    assert verdicts(again) == ["accept", None, None]
    walk(again, "s", "y")
    walk(Answers(TEXT, path), "n")
    assert verdicts(Answers(TEXT, path)) == ["accept", "reject", "accept"]


def test_an_answer_that_cannot_be_kept_is_not_given(tmp_path):
    answers = Answers(TEXT, tmp_path / "no" / "a.jsonl")
    with pytest.raises(OutputError, match="not kept"):
        answers.give([Answer(edit_id(EDITS[0]), "accept")])
    assert len(answers) == 0


def test_who_and_when_are_kept_where_they_are_given(tmp_path):
    path = tmp_path / "a.jsonl"
    review(QUESTIONS, Answers(TEXT, path), Keys(["y", "q"]), Signature("王编辑", "2026-01-02T03:04:05+00:00"))
    answer = Answers(TEXT, path)[EDITS[0]]
    assert answer is not None and (answer.who, answer.when) == ("王编辑", "2026-01-02T03:04:05+00:00")


# --- what is made ----------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["accept", "reject", None]), min_size=3, max_size=3),
    st.sampled_from(["keep", "accept", "reject"]),
)
def test_what_is_made_is_what_was_answered(given_verdicts, pending):
    answers = Answers(TEXT)
    answers.give(Answer(edit_id(e), v) for e, v in zip(EDITS, given_verdicts, strict=True) if v)
    made = resolved(EDITS, answers, pending)
    for edit, verdict in zip(EDITS, given_verdicts, strict=True):
        default = pending == "accept" or (pending == "keep" and edit.grade != "suggested")
        assert (edit in made) == (verdict == "accept" if verdict else default)
    document = answered(Subject(DOCUMENT, EDITS), answers, pending)
    assert document.original == TEXT and document.text == apply(TEXT, made)


def broken() -> Subject:
    return subject_of([pbtool.read(BROKEN)])


def test_accepting_all_is_fix_and_rejecting_all_is_the_source():
    subject = broken()
    assert len(subject.edits) > 100
    answers = Answers(subject.document.original)
    assert answered(subject, answers, "keep").text == pbtool.fix(subject.document).text
    answers.give(Answer(edit_id(edit), "reject") for edit in subject.edits)
    assert answered(subject, answers, "accept").text == subject.document.original


def test_records_are_answered_like_the_text_they_came_from():
    subject = broken()
    choose = random.Random(9)
    given_answers = [
        Answer(edit_id(edit), choose.choice(["accept", "reject"]))
        for edit in subject.edits
        if choose.random() < 0.8
    ]
    of_text = Answers(subject.document.original)
    of_text.give(given_answers)
    whole = pbtool.run(subject.document)
    record = subject_of([from_record(pbtool.document_record(whole))])
    assert not record.whole and list(map(edit_id, record.edits)) == list(map(edit_id, subject.edits))
    of_record = Answers(None, source="x")
    of_record.give(given_answers)
    told, made = answered(record, of_record), answered(subject, of_text)
    assert list(map(edit_id, told.repairs)) == list(map(edit_id, made.repairs))
    passages = [passage for article in told.articles for _, _, passage in article.passages()]
    assert len(passages) > 40
    for passage in passages:
        parts = []
        for start, end in passage.source:
            inside = [
                edit.shifted(-start) for edit in made.repairs if start <= edit.start and edit.end <= end
            ]
            parts.append(apply(subject.document.original[start:end], inside))
        assert passage.text.replace(" ", "") == "".join(parts).replace(" ", "")


def test_facts_of_a_record_go_with_their_text_or_with_the_change_of_it():
    text = "全县共有党员218名袁其中云溪镇的党员有遥30名。"
    edits = (Edit(10, 11, "袁", "，，", "shift"), Edit(20, 21, "遥", "", "shift"))
    printed = apply(text, edits)

    def metric(words: str, value: int) -> Metric:
        start = printed.index(words)
        return Metric(words, start, start + len(words), value=value)

    article = Article(
        "a01",
        paragraphs=(Passage(printed, ((0, len(text)),)),),
        metrics=(metric("218名", 218), metric("30名", 30), metric("有30", 30)),
    )
    one = subject_of([Document(Source("a"), edits=edits, articles=(article,), steps=("fix", "extract"))])
    answers = one.answers(None)
    assert answered(one, answers).articles == (article,)
    answers.give([Answer(edit_id(edit), "reject") for edit in one.edits])
    (told,) = answered(one, answers).articles
    assert told.paragraphs[0].text == text
    assert [text[m.start : m.end] for m in told.metrics] == ["218名", "30名"]


def test_a_passage_that_is_not_made_of_its_spans_stays_as_it_is():
    article = Article("a01", paragraphs=(Passage("别的文字", ((0, 4),)),))
    edits = (Edit(1, 2, "袁", "，", "shift"),)
    one = subject_of([Document(Source("a"), edits=edits, articles=(article,), steps=("fix",))])
    answers = one.answers(None)
    answers.give([Answer(edit_id(edit), "reject") for edit in one.edits])
    assert answered(one, answers).articles == (article,)


def test_records_of_several_documents_are_not_reviewed_together():
    one, two = (from_record(pbtool.document_record(pbtool.run(pbtool.read(BROKEN)))) for _ in range(2))
    assert subject_of([one]).edits
    other = Document(Source("b", sha256="other"), articles=two.articles)
    with pytest.raises(InputError, match="several documents"):
        subject_of([one, other])


def test_rejections_teach_words_to_leave_alone():
    text = "指导员袁尧明说袁要下田遥袁尧明又说袁要插秧遥\n"
    edits = [Edit(i, i + 1, c, "，。"[c == "遥"], "shift") for i, c in enumerate(text) if c in "袁遥"]
    answers = Answers(text)
    answers.give(
        Answer(edit_id(edit), "reject" if text[edit.start + 1] == "尧" else "accept") for edit in edits
    )
    (lesson,) = lessons(text, edits, answers)
    assert (lesson.word, lesson.rules, lesson.count) == ("袁尧明", ("shift",), 2)
    kept = pbtool.fix(text, keep=[lesson.word])
    assert "袁尧明" in kept.text and kept.text.count("，") == 2


# --- the command -----------------------------------------------------------------------------------------------------


def in_terminal(arguments: list[str], keys: list[bytes], folder: Path, **environment: str) -> tuple[str, int]:
    """Run pbtool in a terminal of 80 columns and 24 lines; each key is pressed at the next prompt."""
    pid, terminal = pty.fork()
    if pid == 0:
        import fcntl
        import struct
        import termios

        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.chdir(folder)
        env = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path), **environment}
        os.execve(sys.executable, [sys.executable, "-m", "pbtool", *arguments], env)
    shown_text, seen = b"", 0
    waiting = list(keys)
    deadline = time.monotonic() + 100
    while time.monotonic() < deadline:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        shown_text += data
        if waiting and (b"?] " in shown_text[seen:] or b"instead" in shown_text[seen:]):
            seen = len(shown_text)
            time.sleep(0.05)
            os.write(terminal, waiting.pop(0))
    else:
        os.kill(pid, signal.SIGKILL)
    return shown_text.decode("utf-8", "replace"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def pbtool_run(folder: Path, *arguments: str) -> str:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "pbtool", *arguments], cwd=folder, capture_output=True, env=env, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.decode("utf-8")


def test_what_was_learnt_is_left_alone(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("指导员袁尧明说袁要下田遥袁尧明又说袁要插秧遥\n", encoding="utf-8")
    one = subject_of([pbtool.read(path)])
    refused = [edit for edit in one.edits if edit.before == "遥"][:1]
    assert refused
    Answers(one.document.original, tmp_path / "a.txt.answers.jsonl").give(
        Answer(edit_id(edit), "reject") for edit in refused
    )
    learnt = pbtool_run(tmp_path, "review", "--learn", "a.txt")
    (tmp_path / "words.tsv").write_text(learnt, encoding="utf-8")
    word = learnt.split("\t")[0]
    assert "遥" in word and learnt.rstrip().endswith("shift\t1")
    plain, kept = (
        pbtool_run(tmp_path, "fix", "a.txt"),
        pbtool_run(tmp_path, "fix", "--keep", "words.tsv", "a.txt"),
    )
    assert plain.count("遥") < kept.count("遥") and word in kept
    told = pbtool_run(tmp_path, "check", "--keep", "words.tsv", "a.txt")
    assert len(told.splitlines()) == len(one.edits) - len(refused)


def test_the_review_works_in_a_terminal(tmp_path):
    (tmp_path / "a.txt").write_bytes(BROKEN.read_bytes())
    text, status = in_terminal(
        ["review", "a.txt"], [b"y", b"n", b"e", b"\x15!\r", b"q"], tmp_path, NO_COLOR="1"
    )
    assert status == 0, text
    assert "[-姻-]{+■+}" in text and "\x1b[9" not in text and re.search(r"1 of (\d+), \1 left", text)
    assert "a.txt.answers.jsonl: 3 answered, " in text
    lines = [json.loads(line) for line in (tmp_path / "a.txt.answers.jsonl").read_text("utf-8").splitlines()]
    assert [line.get("verdict") for line in lines[1:]] == ["accept", "reject", "change"]
    assert lines[3]["text"] == "!"


def test_ctrl_c_loses_nothing(tmp_path):
    (tmp_path / "a.txt").write_bytes(BROKEN.read_bytes())
    text, status = in_terminal(["review", "a.txt"], [b"y", b"\x03"], tmp_path)
    assert status == 130 and "1 answered, " in text and "Traceback" not in text
    assert "\x1b[9;31m姻\x1b[0m" in text
    text, status = in_terminal(["review", "a.txt"], [b"q"], tmp_path)
    assert status == 0 and re.search(r"2 of \d+, \d+ left", text)
