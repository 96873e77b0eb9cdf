"""What a careless or hostile user does to `pbtool fix`: nothing is lost, and what was done can be taken back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = "支部带头袁党员带头，把村里的事办好。\n他们走村入户袁听取群众意见，记下每一件难事。\n全县 218名干部驻村，\n和村民一起算账遥\n"


def run(*args: object, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "pbtool", *map(str, args)],
        capture_output=True,
        timeout=100,
        input=given or b"",
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
