"""The command as a process: streams, files, exit statuses, pipes, signals, terminals, locales."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pbtool.terminal import width

PBTOOL = [sys.executable, "-m", "pbtool"]
ROOT = Path(__file__).resolve().parent.parent
BROKEN = "推进基层党组织建设袁提高服务群众的能力，办好每一件实事。"
MENDED = BROKEN.replace("袁", "，")
SOUND = "村里的事大家商量着办。“行！”（试行）２０２３年\n"
COMMANDS = [
    *("run", "read", "check", "fix", "convert", "segment", "extract"),
    *("review", "batch", "stats", "export", "rules"),
]


def run(*args: object, given: str | bytes | None = None, env: dict[str, str] | None = None, **more: object):
    data = given.encode() if isinstance(given, str) else given
    stdin: dict[str, object] = {"input": data} if data is not None else {"stdin": subprocess.DEVNULL}
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        [*PBTOOL, *map(str, args)], capture_output=True, timeout=100, env=environment, **stdin, **more
    )
    assert b"Traceback" not in done.stderr
    return done


def on_terminal(*args: str, env: dict[str, str] | None = None) -> tuple[bytes, int]:
    """Output and exit status of a run on a pseudo terminal."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [*PBTOOL, *args],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, **(env or {})},
    )
    os.close(slave)
    shown = b""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if select.select([master], [], [], 0.1)[0]:
            try:
                shown += os.read(master, 65536)
            except OSError:
                break
        elif child.poll() is not None:
            break
    os.close(master)
    return shown, child.wait(5)


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    path = tmp_path / "期刊 1.txt"
    path.write_text(BROKEN + "\n", "utf-8")
    return path


def test_without_arguments_the_help_and_status_2():
    done = run()
    assert done.returncode == 2 and done.stdout == b"" and b"pbtool fix" in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_ends_in_an_example_and_fits_the_width(name):
    done = run(name, "-h")
    text = done.stdout.decode()
    assert done.returncode == 0 and text.rstrip().splitlines()[-1].strip().startswith(("pbtool", "cat"))
    assert "Examples:" in text and max(map(len, text.splitlines())) <= 88


def test_the_help_lists_exactly_the_commands():
    listed = run("--help").stdout.decode().split("Commands:")[1].split("Examples:")[0]
    assert [line.split()[0] for line in listed.splitlines() if line.strip()] == COMMANDS


def test_a_typo_is_answered_with_the_command_meant():
    done = run("sgement")
    assert done.returncode == 2 and b"Did you mean 'segment'" in done.stderr
    assert b"Did you mean '--help'" in run("help").stderr and b"There are: run" in run("xyz").stderr
    done = run("fix", "--in-plac")
    assert done.returncode == 2 and b"--in-place" in done.stderr and done.stdout == b""


def test_a_terminal_without_input_is_told_to_pipe():
    shown, status = on_terminal("segment")
    assert status == 2 and b"pipe" in shown


def test_standard_input_and_files_give_the_same(issue):
    want = (MENDED + "\n").encode()
    assert (
        run("fix", issue).stdout
        == run("fix", "-", given=BROKEN + "\n").stdout
        == run("fix", given=BROKEN + "\n").stdout
        == want
    )
    assert run("fix", given="").stdout == b""


@pytest.mark.parametrize("command", ["run", "read", "check", "fix", "segment", "extract"])
def test_a_bad_file_among_good_ones_costs_itself_only(command, issue, tmp_path):
    junk = tmp_path / "junk.bin"
    junk.write_bytes(bytes(range(256)) * 20)
    good = run(command, issue)
    done = run(command, "-q", junk, issue, tmp_path / "none.txt", tmp_path)
    assert done.returncode == 3 and done.stdout == good.stdout
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 3 and all(line.startswith("pbtool: ") for line in lines)
    assert "binary" in lines[0] and "none.txt" in lines[1] and "directory" in lines[2] and "*.txt" in lines[2]


def test_gb18030_is_decided_and_given_back_in_place(tmp_path):
    path = tmp_path / "gbk.txt"
    path.write_bytes((BROKEN + "\r\n第二行\r\n").encode("gb18030"))
    assert run("fix", path).stdout.decode() == MENDED + "\n第二行\n"
    done = run("fix", "-i", path)
    assert done.returncode == 0 and done.stdout == b"" and "期刊" not in done.stderr.decode()
    assert path.read_bytes() == (MENDED + "\r\n第二行\r\n").encode("gb18030")


def test_what_cannot_be_decoded_says_where_and_what_to_do():
    done = run("fix", "--encoding", "utf-8", given=b"ok\n\xff\n")
    assert (
        done.returncode == 3
        and b"line 2" in done.stderr
        and b"--encoding" in done.stderr
        and done.stdout == b""
    )
    assert run("fix", "--encoding", "klingon", given="x").returncode == 2


def test_sound_text_stays_to_the_byte_and_the_file_is_not_touched(tmp_path):
    path = tmp_path / "sound.txt"
    path.write_bytes(b"\xef\xbb\xbf" + SOUND.encode())
    os.utime(path, (1, 1))
    assert run("fix", path).stdout.decode() == SOUND
    assert run("check", path).returncode == 0
    run("fix", "-i", path)
    assert path.stat().st_mtime == 1


def test_a_closed_pipe_is_quiet(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text((BROKEN + "\n") * 20_000, "utf-8")
    line = f'"{sys.executable}" -m pbtool fix "{path}" | head -1; echo ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60)
    assert done.stderr == b"" and done.stdout.decode() == f"{MENDED}\n141\n"


def test_a_full_pipe_loses_nothing_even_unbuffered(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text((SOUND) * 20_000, "utf-8")
    line = f'"{sys.executable}" -u -m pbtool fix "{path}" | (sleep 1; cmp - "{path}") && echo same'
    assert subprocess.run(["bash", "-c", line], capture_output=True, timeout=60).stdout == b"same\n"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_calmly(sign, tmp_path):
    child = subprocess.Popen(
        [*PBTOOL, "fix", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    time.sleep(1.5)
    child.send_signal(sign)
    out, err = child.communicate(timeout=5)
    assert (child.returncode, out) == (130, b"") and b"Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}]
)
def test_any_locale_gives_the_same_bytes(issue, env):
    assert run("fix", issue, env=env).stdout == (MENDED + "\n").encode()
    assert run("check", issue, env=env).stdout == run("check", issue).stdout


def test_colour_only_where_it_is_wanted(issue):
    escape = b"\x1b["
    assert escape not in run("check", issue).stdout
    assert escape in run("check", "--color", "always", issue).stdout
    assert escape in on_terminal("check", str(issue), env={"TERM": "xterm", "NO_COLOR": ""})[0]
    assert escape not in on_terminal("check", str(issue), env={"NO_COLOR": "1"})[0]


def test_formats_parse_even_when_there_is_nothing(issue):
    found = run("check", "-f", "json", issue)
    (edit,) = json.loads(found.stdout)
    assert found.returncode == 1
    assert set(edit) == {"start", "end", "before", "after", "rule", "grade", "confidence"}
    assert json.loads(run("check", "-f", "jsonl", issue).stdout) == edit
    (row,) = csv.DictReader(io.StringIO(run("check", "-f", "csv", issue).stdout.decode()))
    assert (row["line"], row["col"], row["before"]) == ("1", str(edit["start"] + 1), "袁")
    assert json.loads(run("check", "-f", "json", given=SOUND).stdout) == []
    assert run("run", "-f", "jsonl", given="").stdout == b""
    assert json.loads(run("run", "-f", "json", "-", given="").stdout)["articles"] == []
    assert run("extract", "-f", "csv", given="").stdout.startswith(b"document,")


def test_quiet_and_loud(issue):
    assert b"1 repair (shift 1 in line 1)" in run("check", issue).stderr
    assert run("check", "-q", issue).stderr == b""


def test_check_counts_the_edits_of_each_rule(issue):
    found = run("check", "--statistics", issue, issue)
    assert found.returncode == 1
    assert found.stdout.decode() == f"      2  shift  袁 -> ，  {issue}:1:10\n"
    assert run("check", "--statistics", given=SOUND).stdout == b""
    assert run("check", "--statistics", "-f", "json", issue).returncode == 2
    assert run("fix", issue).stderr == b""


def test_edits_can_be_listed_and_undone(issue, tmp_path):
    before = issue.read_bytes()
    edits = tmp_path / "edits.jsonl"
    run("fix", "-i", "--edits", edits, issue)
    assert issue.read_text("utf-8") == MENDED + "\n"
    run("fix", "-i", "--undo", edits, issue)
    assert issue.read_bytes() == before
    done = run("fix", "--undo", edits, given="别的文字\n")
    assert done.returncode == 3 and done.stdout == b""


def test_a_diff_marks_the_change_inside_its_clause(issue):
    shown = run("fix", "--diff", issue).stdout.decode()
    assert "[-袁-]{+，+}" in shown and "@@ 1 @@ shift" in shown
    assert run("fix", "--check", issue).returncode == 1


def test_a_failed_write_changes_nothing(issue, tmp_path):
    done = run("fix", issue, "-o", tmp_path / "no" / "such.txt")
    assert done.returncode == 4 and done.stderr.startswith(b"pbtool: ")
    if Path("/dev/full").exists():
        line = f'"{sys.executable}" -m pbtool fix "{issue}" > /dev/full'
        done = subprocess.run(["bash", "-c", line], capture_output=True, timeout=60)
        assert done.returncode == 4 and b"Traceback" not in done.stderr and done.stderr


def test_filters_compose_and_answer_in_the_language_they_were_spoken_to():
    sample = (ROOT / "samples" / "issue_broken.txt").read_bytes()
    text = run("fix", "-", given=sample).stdout
    assert not text.startswith(b"{")
    articles = run("segment", "-", given=text).stdout
    records = [json.loads(line) for line in articles.splitlines()]
    assert len(records) > 3 and all(record["schema"] == "pbtool/1" for record in records)
    marked = articles.replace(b'{"schema"', b'{"schema":"pbtool/1","mine":7,"schema"', 1)
    done = [json.loads(line) for line in run("extract", "-", given=marked).stdout.splitlines()]
    assert [record["title"] for record in done] == [record["title"] for record in records]
    assert done[0]["mine"] == 7 and any(record["metrics"] for record in done)
    fixed = [json.loads(line) for line in run("fix", "-", given=articles).stdout.splitlines()]
    assert [record["title"] for record in fixed] == [record["title"] for record in records]
    source = text.decode()
    assert all(source[e["start"] : e["end"]] == e["before"] for record in fixed for e in record["repairs"])


def test_persons_and_words_on_request():
    text = "青屏县大坪村修路\n大坪村党支部书记何秀兰说，路通了。何秀兰很高兴。\n"
    (record,) = [json.loads(x) for x in run("extract", "--merge", "--tokens", given=text).stdout.splitlines()]
    (person,) = record["persons"]
    assert person["name"] == "何秀兰" and len(person["mentions"]) == 2
    assert any("党支部" in word for words in record["tokens"] for word in words)


def test_facts_can_be_read_in_the_terminal():
    text = "云溪镇的变化\n\n青屏县云溪镇党委书记周明远说，2022年全镇茶叶产值1800万元，党员863名。\n"
    done = run("extract", "-f", "text", "-", given=text)
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "云溪镇的变化" and done.returncode == 0
    (head,) = (line for line in lines if "value  unit" in line)
    rows = lines[lines.index(head) + 1 :]
    ends = [
        width(line[: line.rindex(word) + len(word)])
        for line, word in zip([head, *rows[:2]], ("value", "18000000", "863"), strict=True)
    ]
    assert ends[0] == ends[1] == ends[2]  # right-aligned in cells, of which a Han character fills two
    assert run("extract", "-f", "text", "--merge", "-", given=text).returncode == 2


def test_a_bad_record_is_one_line_and_the_next_is_read():
    good = next(
        line for line in run("run", ROOT / "samples" / "article_hant.txt").stdout.splitlines() if line
    )
    done = run(
        "extract",
        "-",
        given=good
        + b'\n{"schema":"pbtool/1","id":\n{"schema":"pbtool/9"}\n{"schema":"pbtool/1"}\n'
        + good
        + b"\n",
    )
    assert done.returncode == 3 and done.stdout.count(b"\n") == 2
    assert len(done.stderr.splitlines()) == 3 and b"line 2" in done.stderr and b"pbtool/9" in done.stderr


def test_lone_surrogates_in_a_record_do_not_stop_it():
    record = run("run", ROOT / "samples" / "article_hant.txt").stdout.splitlines()[0]
    done = run("fix", "-", given=record.replace(b'"title":"', b'"title":"\\ud800', 1) + b"\n")
    assert done.returncode == 0 and "�" in json.loads(done.stdout)["title"]


def test_whatever_the_hash_seed_the_answer_is_the_same():
    given = (ROOT / "samples" / "issue_broken.txt").read_bytes()
    first, second = (
        run("run", "-f", "json", given=given, env={"PYTHONHASHSEED": seed}).stdout for seed in "01"
    )
    assert first == second


@pytest.mark.parametrize("name", ["党建 2023年.txt", "-n.txt", "a'b\"c.txt"])
def test_odd_file_names(name, tmp_path):
    (tmp_path / name).write_text(BROKEN, "utf-8")
    assert run("fix", "--", name, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}).stdout.decode() == MENDED


def test_names_with_escapes_cannot_steer_the_terminal(tmp_path):
    done = run("fix", tmp_path / "x\x1b]0;owned\x07\n.txt")
    assert done.returncode == 3 and b"\x1b" not in done.stderr and done.stderr.count(b"\n") == 1


def test_rules_explain_themselves():
    names = [line.split()[0] for line in run("rules").stdout.decode().splitlines()]
    assert "shift" in names
    assert ">>>" in run("rules", "shift").stdout.decode()
    assert run("rules", "no-such").returncode == 2


def test_completion_is_offered_for_the_shell():
    done = run(env={"_PBTOOL_COMPLETE": "bash_source"})
    assert done.returncode == 0 and b"complete" in done.stdout


def test_output_over_the_input_never_loses_text(issue, tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to(issue)
    assert run("fix", issue, "-o", link).returncode == 0
    assert issue.read_text("utf-8") == link.read_text("utf-8") == MENDED + "\n"


def test_a_huge_line_is_a_result_and_not_a_hang():
    done = run("fix", "-", given=(BROKEN + "我") * 20_000)
    assert done.returncode == 0 and done.stdout.decode() == (MENDED + "我") * 20_000


@pytest.mark.parametrize("name", COMMANDS)
def test_short_forms_are_known_everywhere(name):
    shown = run(name, "-V").stdout.decode()
    assert shown.startswith("pbtool ") and shown == run("-V").stdout.decode()
    options = run(name, "-h").stdout.decode()
    assert all(option in options for option in ("-q, --quiet", "-v, --verbose", "--color"))


def test_lists_of_several_files_say_which(issue, tmp_path):
    other = tmp_path / "b.txt"
    other.write_text(SOUND, "utf-8")
    for option in ("--list", "--explain"):
        lines = run("segment", option, issue, other).stdout.decode().splitlines()
        assert [line for line in lines if line.startswith("== ")] == [f"== {issue}", f"== {other}"]
        assert "== " not in run("segment", option, issue).stdout.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        ("segment", "--explain", "--list"),
        ("segment", "--explain", "--articles", "1"),
        ("extract", "--merge", "-f", "csv"),
        ("extract", "--tokens", "-f", "text"),
        ("run", "--pending", "accept"),
        ("check", "--rule", "shif"),
    ],
)
def test_no_option_is_left_unheard(arguments, issue):
    assert run(*arguments, issue).returncode == 2


def test_the_summary_says_in_which_lines(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"{BROKEN}\n{SOUND}{BROKEN}\n", "utf-8")
    assert "; 2 repairs (shift 2 in lines 1 and 3)" in run("check", path).stderr.decode()
    path.write_text(f"{BROKEN}\n" * 3, "utf-8")
    assert "(shift 3 in 3 lines from 1 to 3)" in run("check", path).stderr.decode()
    path.write_text("村民没有后顾之优。\n", "utf-8")
    said = run("check", path).stderr.decode()
    assert "repair" not in said and "1 suggestion (lookalike 1 in line 1)" in said


def test_a_missing_table_of_places_is_told_as_any_missing_file(issue):
    done = run("run", "--gazetteer", "none.tsv", issue)
    assert done.returncode == 3 and "none.tsv: does not exist; check the name" in done.stderr.decode()
