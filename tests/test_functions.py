"""The library: every command is a function of the same name, and does what the command does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pbtool
from pbtool.cli import COMMANDS
from pbtool.errors import InputError, UsageError

BROKEN = "春分刚过袁青屏县的茶山上已是一片忙碌遥\n后顾之优没有了。\n"


def test_every_command_is_a_function_whatever_else_was_imported():
    code = (
        "import importlib, pkgutil, sys, pbtool\n"
        "for module in pkgutil.walk_packages(pbtool.__path__, 'pbtool.'):\n"
        "    if not module.name.endswith('__main__'): importlib.import_module(module.name)\n"
        "print(*[name for name in sys.argv[1:] if not callable(getattr(pbtool, name))])"
    )
    done = subprocess.run([sys.executable, "-c", code, *COMMANDS], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")
    assert set(COMMANDS) <= set(pbtool.__all__)


def test_a_review_asks_a_function_and_does_what_it_says():
    asked = []

    def decide(question):
        asked.append((question.before, question.after))
        return question.before if question.before == "遥" else question.after

    made = pbtool.review(BROKEN, decide)
    assert ("袁", "，") in asked and ("优", "忧") in asked
    assert made.text == "春分刚过，青屏县的茶山上已是一片忙碌遥\n后顾之忧没有了。\n"


def test_what_a_review_leaves_open_is_done_as_fix_does_it_and_a_wording_of_ones_own_is_taken():
    assert pbtool.review(BROKEN, lambda question: None).text == pbtool.fix(BROKEN).text
    assert pbtool.review(BROKEN, lambda question: None, pending="reject").text == BROKEN
    own = pbtool.review(BROKEN, lambda question: "、" if question.before == "袁" else None)
    assert own.text.startswith("春分刚过、青屏县的茶山上已是一片忙碌。")


def test_answers_are_kept_and_asked_for_once(tmp_path: Path):
    kept = tmp_path / "answers.jsonl"
    pbtool.review(BROKEN, lambda question: question.before, kept)
    assert pbtool.review(BROKEN, lambda question: pytest.fail("asked twice"), kept).text == BROKEN
    with pytest.raises(InputError, match="another text"):
        pbtool.review("别的文章遥\n", lambda question: None, kept)


def test_rules_are_listed_and_explained():
    listed = pbtool.rules()
    assert all(line.split()[0] in listed for line in listed.splitlines())
    assert ">>>" in pbtool.rules("shift")
    with pytest.raises(UsageError, match="there are .*shift"):
        pbtool.rules("no-such")


def test_a_batch_fills_the_store_that_stats_and_export_ask(tmp_path: Path):
    (tmp_path / "a.txt").write_text("青屏县修路\n周明远\n2022年，青屏县新修道路3公里。\n", "utf-8")
    db = str(tmp_path / "c.sqlite")
    assert pbtool.batch([str(tmp_path / "a.txt")], db, workers=1).done == 1
    assert pbtool.stats(db, by=("unit",)).rows == [{"unit": "公里", "count": 1}]
    assert [row["text"] for row in pbtool.export(db)] == ["3公里"]
