"""Batches: poisoned documents cost themselves only, nothing is done twice, and every number can be opened again."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pool_work import work

from pbtool.batches import Event, Report, batch, orphans
from pbtool.batches.inputs import Task, tasks
from pbtool.batches.parts import entries
from pbtool.batches.pool import run
from pbtool.batches.shards import shard_of, unite, work_shard
from pbtool.cli import progress
from pbtool.cli.batch import command as command_line
from pbtool.errors import InputError, PbtoolError
from pbtool.store import Store
from pbtool.terminal import Messages

POISON = ["raise", "crash", "hang", "eat", "killed"]
ROOT = Path(__file__).resolve().parent.parent


def test_poisoned_items_cost_themselves_only():
    items = [("good", n) for n in range(40)]
    for place, kind in enumerate(POISON):
        items.insert(place * 7, (kind, place))
    outcomes = list(run(work, items, workers=2, seconds=8, memory=2 << 30))
    assert sorted(o.item for o in outcomes) == sorted(items)
    assert {o.result for o in outcomes if o.item[0] == "good"} == {n * n for n in range(40)}
    reasons = {o.item[0]: o.failure for o in outcomes if o.failure}
    assert set(reasons) == set(POISON)
    assert reasons["raise"] == "ValueError: a bad page" and "longer than 8 seconds" in str(reasons["hang"])
    assert (
        "memory" in str(reasons["eat"])
        and "status 3" in str(reasons["crash"])
        and "signal 9" in str(reasons["killed"])
    )


def test_items_are_taken_only_as_workers_become_free():
    taken = []

    def items():
        for n in range(100):
            taken.append(n)
            yield ("good", n)

    outcomes = run(work, items(), workers=2)
    next(outcomes)
    assert len(taken) <= 4
    outcomes.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what a process has used")
def test_an_item_that_sleeps_does_not_keep_the_others_waiting():
    items = [("hang", 0), *(("good", n) for n in range(20))]
    outcomes = list(run(work, items, workers=1, seconds=15))
    assert outcomes[-1].item == ("hang", 0) and outcomes[-1].failure
    assert [o.result for o in outcomes[:-1]] == [n * n for n in range(20)]


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state not in "ZX":
            found.append(int(stat.parent.name))
    return found


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells the children of a process")
@pytest.mark.parametrize("moment", [0.0, 0.05, 0.2, 1.0])
def test_no_worker_outlives_a_parent_that_is_killed(moment):
    code = "from pbtool.batches.pool import run; from pool_work import work; list(run(work, [('hang', 1)] * 2, workers=2))"
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
    parent = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": path})
    assert eventually(lambda: bool(children_of(parent.pid)))
    time.sleep(moment)
    workers = children_of(parent.pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert workers and eventually(lambda: all(map(is_gone, workers)))


def test_a_worker_ends_with_its_pipe_even_amid_an_item():
    worker = subprocess.Popen(
        orphans.command("from pbtool.batches.worker import main; main()"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert worker.stdin is not None and worker.stdout is not None
    for first in (2 << 30, work):
        pickle.dump(first, worker.stdin)
    worker.stdin.flush()
    assert pickle.load(worker.stdout) is None
    pickle.dump(("hang", 1), worker.stdin)
    worker.stdin.flush()
    assert worker.poll() is None
    worker.stdin.close()
    assert worker.wait(30) == 1
    worker.stdout.close()


def test_workers_that_cannot_begin_are_no_fault_of_the_documents(monkeypatch):
    monkeypatch.setattr(orphans, "command", lambda code: [sys.executable, "-c", "import sys; sys.exit(9)"])
    with pytest.raises(PbtoolError, match="end before they can begin .status 9"):
        list(run(work, [("good", n) for n in range(100)], workers=2))


def test_a_batch_can_be_called_from_a_plain_script_and_from_standard_input(tmp_path):
    issue(tmp_path, 1)
    code = "import pbtool, sys\nprint(pbtool.batch([sys.argv[1]], sys.argv[2], workers=1, include=['*.txt']).done)\n"
    (tmp_path / "plain.py").write_text(code)
    for number, name in enumerate((str(tmp_path / "plain.py"), "-")):
        line = [sys.executable, name, str(tmp_path), str(tmp_path / f"{number}.sqlite")]
        done = subprocess.run(
            line, input=code, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        assert (done.stdout, done.stderr) == ("1\n", "")


def issue(folder: Path, number: int) -> Path:
    path = folder / f"{number:02}.txt"
    path.write_text(
        f"青屏县大坪村修路\n周明远\n2022年，青屏县大坪村新修道路{number + 1}公里袁村集体经济收入达到{number + 10}万元。"
        f"村党支部书记何秀兰说，路通了，茶叶卖得快了。\n",
        "utf-8",
    )
    return path


def dump(path: Path) -> list[str]:
    base = sqlite3.connect(path)
    tables = [
        row[0]
        for row in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%' AND name <> 'runs'"
        )
    ]
    return [
        repr(row)
        for table in sorted(tables)
        for row in sorted(base.execute(f"SELECT * FROM {table}"), key=repr)
    ]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    for number in range(8):
        issue(folder, number)
    (folder / "junk.txt").write_bytes(bytes(range(256)))
    return folder


@pytest.fixture(scope="module")
def store_path(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "corpus.sqlite"
    report = batch([str(corpus)], str(path), workers=2)
    assert (report.done, report.known) == (8, 0)
    assert [Path(name).name for name, _ in report.failures] == ["junk.txt"]
    return path


def test_a_second_run_does_nothing_again(corpus, store_path):
    before = dump(store_path)
    report = batch([str(corpus)], str(store_path), workers=1)
    assert (report.done, report.known, len(report.failures)) == (0, 8, 1)
    assert dump(store_path) == before


def test_the_store_is_the_same_whatever_the_number_of_workers_and_the_order(corpus, store_path, tmp_path):
    other = tmp_path / "other.sqlite"
    batch([str(path) for path in sorted(corpus.iterdir(), reverse=True)], str(other), workers=1)
    assert dump(other) == dump(store_path)


def test_a_killed_batch_goes_on_where_it_stopped(corpus, store_path, tmp_path):
    path = tmp_path / "killed.sqlite"
    line = [sys.executable, "-m", "pbtool", "batch", str(corpus), "--db", str(path), "--workers", "1"]
    child = subprocess.Popen(line, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)})
    time.sleep(1.5)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = subprocess.run(line, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 3 and b"junk.txt" in done.stderr and b"Traceback" not in done.stderr
    assert dump(path) == dump(store_path)


def test_a_changed_file_replaces_what_it_was(tmp_path):
    path, db = issue(tmp_path, 1), tmp_path / "c.sqlite"
    batch([str(path)], str(db), workers=1)
    path.write_text("别的文章\n这里什么数字也没有了。\n", "utf-8")
    batch([str(path)], str(db), workers=1)
    with Store(db, create=False) as store:
        assert [row["n"] for row in store.rows("SELECT count(*) AS n FROM documents")] == [1]


def test_inputs_are_expanded_once_and_in_order(tmp_path):
    for name in ("b.txt", "a.txt", "c.pdf", ".hidden.txt"):
        (tmp_path / name).write_text("x")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("in/d.txt", "y")
    names = [
        t.name
        for t in tasks([str(tmp_path), str(tmp_path / "*.txt")], include=["*.txt", "*.zip"])
        if isinstance(t, Task)
    ]
    assert names == [str(tmp_path / n) for n in ("a.txt", "b.txt", "z.zip!/in/d.txt")]
    assert [type(t) for t in tasks([str(tmp_path / "none")])] == [InputError]


def test_members_that_lead_out_or_blow_up_are_refused_by_name(tmp_path):
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../up.txt", "/etc/absolute.txt", "in/../../up.txt", "..\\up.txt", "C:/disk.txt"):
            archive.writestr(name, "y")
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb.txt", b" " * (30 << 20))
        archive.writestr("good.txt", "好")
    found = list(tasks([str(tmp_path / "z.zip")]))
    assert [task.data() for task in found if isinstance(task, Task)] == ["好".encode()]
    refused = [error for error in found if isinstance(error, InputError)]
    assert sum("leads out of its archive" in error.why for error in refused) == 5
    assert sum("is a link" in error.why for error in refused) == 1
    assert sum("would unpack to" in error.why for error in refused) == 1


def test_what_cannot_be_looked_at_is_noted_and_forgotten_once_it_can(tmp_path):
    archive, db = tmp_path / "z.zip", tmp_path / "c.sqlite"
    archive.write_bytes(b"PK\x03\x04 torn")
    report = batch([str(archive)], str(db), workers=1)
    assert len(report.failures) == 1
    with Store(db, create=False) as store:
        (row,) = store.rows("SELECT path, reason FROM failures")
    assert row["path"] == str(archive) and "no readable zip archive" in row["reason"]
    with zipfile.ZipFile(archive, "w") as whole:
        whole.writestr("一.txt", "青屏县修路\n今年修了3公里。\n")
    assert batch([str(archive)], str(db), workers=1).done == 1
    with Store(db, create=False) as store:
        assert list(store.rows("SELECT * FROM failures")) == []


def test_names_that_windows_packed_are_read_as_they_were_meant(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("中文.txt".encode("gbk").decode("cp437"), "y")
    (task,) = tasks([str(tmp_path / "z.zip")])
    assert isinstance(task, Task) and task.name.endswith("z.zip!/中文.txt") and task.data() == b"y"


def test_shards_united_are_the_same_store(corpus, store_path, tmp_path):
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in (1, 2, 3):
        work_shard([str(corpus)], number, 3, str(parts / f"{number}.jsonl"), workers=1)
    db = tmp_path / "united.sqlite"
    assert unite(str(parts), str(db)).done == 8
    assert unite(str(parts), str(db)).known == 8
    assert dump(db) == dump(store_path)


def test_every_document_is_in_one_shard():
    names = [f"{n}.txt" for n in range(200)]
    assert {shard_of(name, 7) for name in names} == set(range(1, 8))
    assert [shard_of(name, 1) for name in names] == [1] * 200


def test_a_damaged_part_and_a_folder_without_parts_are_told(tmp_path):
    with pytest.raises(InputError, match="no parts"):
        unite(str(tmp_path), str(tmp_path / "a.sqlite"))
    (tmp_path / "1.jsonl").write_text('{"path": "a"')
    with pytest.raises(InputError, match="line 1"):
        unite(str(tmp_path), str(tmp_path / "a.sqlite"))


def test_a_dask_cluster_gives_the_same_store(corpus, store_path, tmp_path):
    distributed = pytest.importorskip("distributed")
    from pbtool.batches.cluster import on_cluster

    db = tmp_path / "cluster.sqlite"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster:
        report = on_cluster(
            cluster.scheduler_address, [str(corpus)], str(db), shards=3, parts=str(tmp_path / "parts")
        )
    assert (report.done, len(report.failures)) == (8, 1)
    assert dump(db) == dump(store_path)


def command(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "pbtool", "batch", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, **more)


def test_a_shard_that_is_run_again_does_only_what_is_new(corpus, tmp_path):
    folder, part = tmp_path / "in", tmp_path / "1.parquet"
    pytest.importorskip("pyarrow")
    shutil.copytree(corpus, folder)
    first = work_shard([str(folder)], 1, 1, str(part), workers=1)
    assert (first.done, first.known, len(first.failures)) == (8, 0, 1)
    again = work_shard([str(folder)], 1, 1, str(part), workers=1)
    assert (again.done, again.known, len(again.failures)) == (0, 8, 1)
    issue(folder, 20)
    (folder / "00.txt").write_text("青屏县修桥\n今年修了3座桥。\n", "utf-8")
    more = work_shard([str(folder)], 1, 1, str(part), workers=1)
    assert (more.done, more.known, len(more.failures)) == (2, 7, 1)
    assert len(list(entries(part))) == 10
    db, whole = tmp_path / "united.sqlite", tmp_path / "whole.sqlite"
    assert unite(str(tmp_path), str(db)).done == 9
    batch([str(folder)], str(whole), workers=1)
    assert dump(db) == dump(whole)


def test_a_part_that_cannot_be_written_is_told_and_leaves_nothing(corpus, tmp_path):
    done = command(corpus, "--shard", "1/1", "--out", tmp_path / "none" / "1.jsonl", "-q")
    assert done.returncode == 4 and b"nothing on disk was changed" in done.stderr


def test_duplicates_are_done_once_and_known_by_all_their_names(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("b.txt", "a.txt", "c.txt"):
        (folder / name).write_text("青屏县修路\n今年修了3公里。\n", "utf-8")
    db = tmp_path / "c.sqlite"
    report = batch([str(folder)], str(db), workers=2)
    assert (report.done, report.known) == (1, 2)
    with Store(db, create=False) as store:
        assert [row["name"] for row in store.rows("SELECT name FROM documents")] == [str(folder / "a.txt")]
        assert len(list(store.rows("SELECT * FROM files"))) == 3
    assert batch([str(folder)], str(db), workers=2, redo=True).done == 1


def test_a_list_on_standard_input_and_a_log_for_programs(corpus, tmp_path):
    names = b"\0".join(os.fsencode(path) for path in corpus.glob("0[0-2].txt"))
    done = command("-", "--db", tmp_path / "c.sqlite", "--json-log", "--workers", "1", input=names)
    assert done.returncode == 0
    log = [json.loads(line) for line in done.stderr.splitlines()]
    assert [entry["event"] for entry in log if entry["event"] != "progress"] == ["done"] * 3 + ["end"]
    assert (log[-1]["done"], log[-1]["total"], log[-1]["status"]) == (3, 3, 0)
    assert all(entry["facts"] > 0 for entry in log if entry["event"] == "done")


def test_the_store_is_no_document_of_the_folder_it_lies_in(tmp_path):
    issue(tmp_path, 1)
    for _ in range(2):
        report = batch([str(tmp_path)], str(tmp_path / "c.sqlite"), workers=1)
        assert report.failures == []


def test_runs_tell_what_was_done_when(tmp_path):
    batch([str(issue(tmp_path, 1))], str(tmp_path / "c.sqlite"), workers=1)
    with Store(tmp_path / "c.sqlite", create=False) as store:
        (run_,) = store.rows("SELECT * FROM runs")
    assert (run_["done"], run_["known"], run_["failed"]) == (1, 0, 0) and run_["started"] <= run_["ended"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("IN",),
        ("IN", "--db", "x", "--shard", "1/2", "--out", "y.jsonl"),
        ("IN", "--shard", "1/2"),
        ("IN", "--shard", "3/2", "--out", "y.jsonl"),
        ("IN", "--shard", "1/2", "--out", "y.txt"),
        ("IN", "--db", "x", "--out", "y.jsonl"),
        ("IN", "--db", "x", "--shards", "3"),
        ("IN", "--db", "x", "--parts", "y"),
        ("--upgrade",),
        ("IN", "--db", "x", "--upgrade"),
    ],
)
def test_options_that_do_not_go_together_are_usage_errors(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command_line, list(arguments), standalone_mode=False)
    assert getattr(result.exception, "exit_code", None) == 2
    assert list(tmp_path.iterdir()) == []


def test_what_a_bar_and_a_line_say():
    messages = Messages(quiet=True)
    bar = progress.Bar(messages)
    report = Report(done=30, pages=60, facts=1200, total=100, failures=[("a", "b")])
    assert progress.summary(report, 10.0) == (
        "31 of 100 documents, 60 pages, 1,200 facts, 1 error; 3.0 documents a second, about 23 s left"
    )
    bar._last = bar._begun = bar._begun - 10
    bar.news(report, Event("done", "x"))
    assert bar._bar is not None
    (task,) = bar._bar.tasks
    assert (task.completed, task.total, task.fields["rate"]) == (31, 100, "3.0/s")
    bar.shards(3, 64)
    bar.close()
