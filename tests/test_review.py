"""Review: the same questions and answers in a terminal, a web page and the answers file; nothing is made that was not answered."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.document import Document
from pbtool.edits import Edit, apply
from pbtool.errors import InputError
from pbtool.review import Answer, Answers, edit_id, resolved
from pbtool.review.page import page
from pbtool.review.terminal import review

TEXT = "推进建设袁提高能力遥\n后顾之优要解决。\n"
EDITS = (
    Edit(4, 5, "袁", "，", "shift", "sure", 0.99),
    Edit(9, 10, "遥", "。", "shift", "sure", 0.99),
    Edit(14, 15, "优", "忧", "lookalike", "suggested", 0.8),
)
HOSTILE = "</script><script>alert(1)</script><!--\x1b]0;x\x07\u202e=cmd()javascript:"


def keys(*pressed: str):
    waiting = list(pressed)
    return lambda: waiting.pop(0)


def walk(answers: Answers, *pressed: str, shown: list[str] | None = None) -> int:
    return review(
        TEXT,
        EDITS,
        answers,
        ask=keys(*pressed),
        ask_text=lambda proposal: proposal + "!",
        show=(shown if shown is not None else []).append,
        paint=lambda kind, text: f"[-{text}-]" if kind == "gone" else f"{{+{text}+}}",
    )


def test_every_change_is_shown_in_its_sentence():
    shown: list[str] = []
    walk(Answers(TEXT), "y", "y", "n", shown=shown)
    assert shown[0] == "1: 推进建设[-袁-]{+，+}提高能力遥"
    assert shown[4] == "2: 后顾之[-优-]{+忧+}要解决。" and "suggested, 80%; 1 left" in shown[5]


def test_keys_do_what_they_say():
    answers = Answers(TEXT)
    assert walk(answers, "y", "u", "n", "e", "s") == 1
    assert [answers[edit] and answers[edit].verdict for edit in EDITS] == ["reject", "change", None]
    assert resolved(EDITS, answers)[0].after == "。!"
    answers = Answers(TEXT)
    assert walk(answers, "a", "q") == 1
    assert apply(TEXT, resolved(EDITS, answers)) == "推进建设，提高能力。\n后顾之优要解决。\n"


def test_answers_are_kept_at_once_and_taken_up_again(tmp_path):
    path = tmp_path / "a.jsonl"
    walk(Answers(TEXT, path), "y", "q")
    again = Answers(TEXT, path)
    assert len(again) == 1
    walk(again, "n", "y")
    assert len(Answers(TEXT, path)) == 3
    assert json.loads(path.read_text("utf-8").splitlines()[0])["sha256"]


def test_answers_for_another_text_are_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    walk(Answers(TEXT, path), "y", "q")
    with pytest.raises(InputError, match="another text"):
        Answers(TEXT + "。", path)
    path.write_text("not json\n")
    with pytest.raises(InputError, match="no answers file"):
        Answers(TEXT, path)


@given(
    st.lists(st.sampled_from(["accept", "reject", None]), min_size=3, max_size=3),
    st.sampled_from(["keep", "accept", "reject"]),
)
def test_what_is_made_is_what_was_answered(verdicts, pending):
    answers = Answers(TEXT)
    answers.give(Answer(edit_id(e), v) for e, v in zip(EDITS, verdicts, strict=True) if v)
    made = resolved(EDITS, answers, pending)
    for edit, verdict in zip(EDITS, verdicts, strict=True):
        default = pending == "accept" or (pending == "keep" and edit.grade != "suggested")
        assert (edit in made) == (verdict == "accept" if verdict else default)
    assert Document.from_text(TEXT).revise_original(made).original == TEXT


def test_accept_all_and_reject_all():
    assert apply(TEXT, resolved(EDITS, Answers(TEXT), "accept")) == "推进建设，提高能力。\n后顾之忧要解决。\n"
    assert resolved(EDITS, Answers(TEXT), "reject") == ()


class Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.bodies: dict[int, str] = {}

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.elements.append(("/" + tag, {}))

    def handle_data(self, data):
        self.bodies[len(self.elements) - 1] = self.bodies.get(len(self.elements) - 1, "") + data


def test_the_page_is_inert_whatever_the_text_holds():
    text = TEXT + HOSTILE
    edits = (*EDITS, Edit(len(TEXT), len(text), HOSTILE, "<img src=x onerror=alert(2)>", "x"))
    made = page(HOSTILE, text, edits, Answers(text), "a.jsonl")
    parser = Scripts()
    parser.feed(made)
    scripts = [i for i, (tag, _) in enumerate(parser.elements) if tag == "script"]
    assert len(scripts) == 2 and "img" not in {tag for tag, _ in parser.elements}
    data, code = (parser.bodies[i] for i in scripts)
    assert json.loads(data)["edits"][3]["before"] == HOSTILE
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in made and "default-src 'none'" in made
    assert not re.search(r"""(?:src|href)=["']?(?:https?:|//)""", made)


def test_the_page_stays_small():
    text = "推进建设袁" * 600
    edits = [Edit(i * 5 + 4, i * 5 + 5, "袁", "，", "shift") for i in range(600)]
    assert len(page("a", text, edits, Answers(text), "a.jsonl").encode()) < 3_000_000
