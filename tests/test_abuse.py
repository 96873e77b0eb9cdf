"""What a careless or hostile user does: nothing is lost, what was done can be taken back, and what is wrong is told calmly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = "支部带头袁党员带头，把村里的事办好。\n他们走村入户袁听取群众意见，记下每一件难事。\n全县 218名干部驻村，\n和村民一起算账遥\n"


PBTOOL = [sys.executable, "-m", "pbtool"]


def run(
    *args: object, given: bytes | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*PBTOOL, *map(str, args)],
        capture_output=True,
        timeout=100,
        input=given or b"",
        env={**os.environ, **(env or {})},
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode != 70, done.stderr
    return done


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_bytes(BROKEN.encode())
    return path


def test_a_list_of_edits_that_cannot_be_written_leaves_the_file_alone(page, tmp_path):
    before = page.read_bytes()
    assert run("fix", "-i", "--edits", tmp_path / "none" / "edits.jsonl", page).returncode == 4
    assert page.read_bytes() == before
    made = tmp_path / "made.txt"
    assert run("fix", "-o", made, "--edits", tmp_path / "none" / "edits.jsonl", page).returncode == 4
    assert not made.exists()


@pytest.mark.parametrize("more", [["-i"], ["-o", "OUT"]])
def test_a_list_of_edits_does_not_overwrite_what_it_lists(page, tmp_path, more):
    before = page.read_bytes()
    out = tmp_path / "out.txt"
    target = page if more == ["-i"] else out
    more = [out if word == "OUT" else word for word in more]
    assert run("fix", *more, "--edits", target, page).returncode == 2
    assert page.read_bytes() == before


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_repairs_are_taken_back_whatever_the_line_ends(page, tmp_path, newline):
    before = BROKEN.replace("\n", newline).encode()
    page.write_bytes(before)
    edits = tmp_path / "edits.jsonl"
    assert run("fix", "-i", "--edits", edits, page).returncode == 0
    assert page.read_bytes() != before
    assert run("fix", "--undo", edits, page).stdout == BROKEN.encode()
    assert run("fix", "-i", "--undo", edits, page).returncode == 0
    assert page.read_bytes() == before
    piped = run("fix", page).stdout
    assert run("fix", "--undo", edits, "-", given=piped).stdout == BROKEN.encode()


@pytest.mark.parametrize("command", ["stats", "export"])
def test_what_is_no_store_is_an_input_that_cannot_be_read(page, tmp_path, command):
    before = page.read_bytes()
    empty = tmp_path / "empty"
    empty.touch()
    for path in (page, empty):
        assert run(command, path).returncode == 3
    assert page.read_bytes() == before
    assert not empty.stat().st_size


@pytest.mark.parametrize("option", ["--html", "--answers"])
def test_a_review_does_not_overwrite_what_it_reviews(page, option):
    before = page.read_bytes()
    assert run("review", option, page, page).returncode == 2
    assert page.read_bytes() == before


def test_a_wrong_number_names_its_own_option(page):
    done = run("segment", "--articles", "x", page)
    assert done.returncode == 2
    assert b"--articles" in done.stderr


def test_undo_of_a_record_without_a_text_says_so(page, tmp_path):
    record, edits = tmp_path / "page.jsonl", tmp_path / "edits.jsonl"
    record.write_bytes(run("segment", page).stdout)
    edits.write_bytes(b"")
    done = run("fix", "--undo", edits, record)
    assert done.returncode == 3
    assert b"holds no text" in done.stderr


@pytest.mark.parametrize("command", [["fix"], ["convert", "--to", "hant"]])
def test_a_part_of_a_file_is_not_written_over_the_whole(tmp_path, command):
    path = tmp_path / "pages.txt"
    path.write_text("第一页\n\f第二页\n", encoding="utf-8")
    done = run(*command, "-i", "--pages", "2", path)
    assert done.returncode == 2 and b"--pages" in done.stderr
    assert path.read_text(encoding="utf-8") == "第一页\n\f第二页\n"


def shell(line, **more):
    return subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        timeout=60,
        env={**os.environ, "PB": " ".join(PBTOOL)},
        **more,
    )


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("$PB fix page.txt >&-", 4, "standard output: is closed; use -o PATH"),
        ("$PB fix -o out.txt page.txt >&-", 0, ""),
        ("$PB fix nosuch 2>&-", 3, ""),
        ("$PB fix page.txt 2>&- | grep -q ，", 0, ""),
        ("$PB fix - <&-", 3, "standard input is closed"),
        ("$PB batch - --db a.sqlite <&-", 3, "standard input is closed"),
        ("$PB fix <&-", 2, "No input"),
        ("$PB fix page.txt <&- >&- 2>&-", 4, ""),
        ("$PB review page.txt <&-", 2, "asks on a terminal"),
        ("$PB --help >&-", 4, "standard output"),
        ("$PB fix --help >/dev/full", 4, "No space left"),
        ("PYTHONUNBUFFERED=1 $PB fix --help | true; exit ${PIPESTATUS[0]}", 141, ""),
        ("$PB fix ''", 3, "'': is no file name"),
    ],
)
def test_closed_and_full_streams_are_told_calmly(page, line, status, said):
    done = shell(line, cwd=page.parent)
    assert done.returncode == status and said in done.stderr.decode() and b"Traceback" not in done.stderr


def test_words_come_as_bytes_where_the_locale_knows_no_chinese(page, tmp_path):
    run("batch", page, "--db", tmp_path / "a.sqlite")
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    asked = ("stats", tmp_path / "a.sqlite", "--text", "提高", "--by", "what")
    assert run(*asked, env=plain).stdout == run(*asked).stdout
    done = shell("$PB stats a.sqlite --metric $'\\xb5\\xb3'", cwd=tmp_path)
    assert done.returncode == 2 and "\\xb5\\xb3 is not UTF-8" in done.stderr.decode()


def test_a_hint_can_be_pasted_whatever_the_name(tmp_path):
    path = tmp_path / "it's two words.txt"
    path.write_text("山上茶香袁漫山遍野遥大家一起采摘尧炒制遥\n", "utf-8")
    hint = run("extract", path).stderr.decode()
    command = hint[hint.index("(pbtool fix ") + 1 : hint.index(" | pbtool extract -)")]
    done = shell(command.replace("pbtool", "$PB", 1))
    assert "茶香，漫山遍野。" in done.stdout.decode()


def test_a_second_run_does_not_lose_the_list_that_leads_back(page, tmp_path):
    edits, before = tmp_path / "edits.jsonl", page.read_bytes()
    run("fix", "-i", "--edits", edits, page)
    listed = edits.read_bytes()
    again = run("fix", "-i", "--edits", edits, page)
    assert again.returncode == 0 and "nothing to repair" in again.stderr.decode()
    assert edits.read_bytes() == listed
    refused = run("convert", "--to", "hant", "-i", "--edits", edits, page)
    assert refused.returncode == 4 and "an earlier run did to" in refused.stderr.decode()
    assert edits.read_bytes() == listed
    back = run("fix", "-i", "--undo", edits, page)
    assert page.read_bytes() == before and "edits taken back (" in back.stderr.decode()
    # What leads to another text is of no use any more.
    assert run("fix", "-i", "--edits", edits, "--rule", "shift", page).returncode == 0
    assert len(edits.read_bytes()) < len(listed)


@pytest.mark.parametrize(
    "options",
    [
        ("--diff", "-i"),
        ("--check", "-i"),
        ("--check", "-o", "out.txt"),
        ("--pending", "accept"),
        ("--undo", "edits.jsonl", "--only-sure"),
    ],
)
def test_options_of_fix_that_do_not_go_together_are_told(page, options):
    before = page.read_bytes()
    assert run("fix", *options, page).returncode == 2
    assert page.read_bytes() == before


def test_check_and_diff_combine(page):
    done = run("fix", "--check", "--diff", page)
    assert done.returncode == 1 and "[-袁-]{+，+}" in done.stdout.decode()


def test_suggestions_are_not_counted_where_not_all_were_looked_for(page):
    page.write_text("锟斤拷" + BROKEN, "utf-8")
    said = run("fix", "-i", page).stderr.decode()
    assert said.rstrip().endswith("; suggestions left, which pbtool check lists")


def test_a_mistyped_store_is_not_made_by_bringing_it_up_to_date(tmp_path):
    done = run("batch", "--upgrade", "--db", tmp_path / "none.sqlite")
    assert done.returncode == 3 and list(tmp_path.iterdir()) == []
