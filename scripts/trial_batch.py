"""What a batch survives: poisoned documents, kill -9 of the batch, of a Dask worker, of the scheduler; told in numbers.

    python scripts/trial_batch.py poison             # 5,000 documents, 8 of them poisoned, against a serial loop
    python scripts/trial_batch.py poison --cluster   # the same on a Dask cluster of two workers
    python scripts/trial_batch.py kill               # kill -9 of the batch at 50 random moments
    python scripts/trial_batch.py cluster            # kill -9 of a Dask worker at 20 random moments, of the scheduler once
    python scripts/trial_batch.py workers            # the same store from 1, 2 and 4 workers and from 3 shards

Documents are made up from a fixed seed; a poisoned one says on its first line what it does to whoever reads it. Stores are
compared row by row, without `runs`, which tells when and not what. Every process that is killed was started here.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from pbtool.batches import Report, batch
from pbtool.batches.inputs import Task
from pbtool.batches.job import document_record_of
from pbtool.batches.shards import unite, work_shard
from pbtool.records import Record
from pbtool.store import Store
from pbtool.store.schema import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
#: What a poisoned document does, and how many there are of each: eight in all.
POISON = {"raise": 5, "crash": 1, "hang": 1, "eat": 1}
_MARK = "毒："
_MEMORY = 1 << 30
#: A process that runs so long (seconds) after its parent was killed is one that stays.
_PATIENCE = 60.0


def main() -> None:
    """Make the trial that was asked for; exit 1 where something was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    poison = commands.add_parser("poison")
    poison.add_argument("--documents", type=int, default=5000)
    poison.add_argument("--cluster", action="store_true")
    poison.add_argument("--every", type=int, default=1, help="the serial loop takes one of so many documents")
    poison.add_argument("--pages", type=int, default=4, help="of a document; 0: one paragraph")
    poison.add_argument("--seconds", type=float, default=10, help="the deadline of a document")
    poison.set_defaults(
        trial=lambda how: try_poison(how.documents, how.cluster, how.every, how.pages, how.seconds)
    )
    kill = commands.add_parser("kill")
    kill.add_argument("--times", type=int, default=50)
    kill.add_argument("--seed", type=int, default=1, help="of the random moments")
    kill.set_defaults(trial=lambda how: try_kill(how.times, how.seed))
    cluster = commands.add_parser("cluster")
    cluster.add_argument("--times", type=int, default=20)
    cluster.add_argument("--seed", type=int, default=1, help="of the random moments")
    cluster.set_defaults(trial=lambda how: try_cluster(how.times, how.seed))
    workers = commands.add_parser("workers")
    workers.set_defaults(trial=lambda how: try_workers())
    how = parser.parse_args()
    sys.exit(0 if how.trial(how) else 1)


def poisonous(task: Task) -> Record:
    """What a worker does in these trials: what the document says, or else its record."""
    first = task.data().decode("utf-8").partition("\n")[0]
    kind = first.removeprefix(_MARK) if first.startswith(_MARK) else None
    if kind == "raise":
        raise ValueError("a bad page")
    if kind == "crash":
        os._exit(3)
    if kind == "hang":
        time.sleep(3600)
    if kind == "eat":
        bytearray(64 << 30)
    return document_record_of(task)


def poisoned_command_line() -> None:
    """The command line of pbtool, with poison at work in it."""
    from pbtool.batches import job, shards
    from pbtool.cli import main as command_line

    for module in (job, shards):
        setattr(module, "document_record_of", poisonous)  # noqa: B010 - one of the two only imports it
    command_line()


# --- poisoned documents --------------------------------------------------------------------------------------------------


def try_poison(documents: int, cluster: bool, every: int, pages: int, seconds: float) -> bool:
    """So many documents with eight poisoned ones; how many are done, how many reported, and how long it takes."""
    cores = os.cpu_count() or 1
    with _folder() as folder, _dask(folder) if cluster else nullcontext() as dask:
        healthy = make_corpus(folder / "in", documents - sum(POISON.values()), pages)
        for kind, count in POISON.items():
            for number in range(count):
                (folder / "in" / f"{number * 7 + 3:05}-{kind}.txt").write_text(f"{_MARK}{kind}\n", "utf-8")
        serial_cpu, serial = (of * every for of in serial_loop(healthy[::every], folder / "serial.sqlite"))
        abreast = _abreast(healthy[::every], folder, cores) * every
        if dask:
            dask.start_worker()
            dask.start_worker()
            dask.wait_for_workers(2)
        before, begun, own = _children(), time.perf_counter(), time.process_time()
        if dask:
            report = _poison_on_cluster(dask, folder, seconds)
        else:
            db = str(folder / "c.sqlite")
            report = batch([str(folder / "in")], db, seconds=seconds, memory=_MEMORY, work=poisonous)
        wall, cpu = time.perf_counter() - begun, _children() - before
        own = time.process_time() - own
        reasons = Counter(reason.split("(")[0].strip() for _, reason in report.failures)
        where = "a Dask cluster of 2 workers" if cluster else f"the local pool, {cores} workers"
        print(f"{documents:,} documents on {where}: {report.done:,} done, {len(report.failures)} reported")
        for reason, count in sorted(reasons.items()):
            print(f"  {count} × {reason}")
        print(
            f"serial loop over the healthy, into a store: {serial:.1f} s ({serial_cpu:.1f} CPU s; one in {every}, times {every})"
        )
        print(
            f"{cores} such loops at once, over a part each: {abreast:.1f} s = {serial / abreast / cores:.2f} of {cores} cores"
        )
        print(
            f"the batch: {wall:.1f} s = {serial / wall:.2f} × serial, {serial / wall / cores:.2f} of {cores} cores, "
            f"{abreast / wall:.2f} of the loops at once; {own:.1f} CPU s in the parent"
            + ("" if dask else f", {cpu:.1f} in its workers")
        )
        return report.done == len(healthy) and len(report.failures) == sum(POISON.values())


def _poison_on_cluster(dask: Dask, folder: Path, seconds: float) -> Report:
    from pbtool.batches.cluster import on_cluster

    return on_cluster(
        dask.address,
        [str(folder / "in")],
        str(folder / "c.sqlite"),
        shards=8,
        parts=str(folder / "parts"),
        arguments=["--workers", "1", "--seconds", str(seconds), "--memory", str(_MEMORY >> 20)],
        code=f"sys.path.insert(0, {str(ROOT / 'scripts')!r}); import trial_batch; trial_batch.poisoned_command_line()",
    )


def serial_loop(paths: list[Path], db: Path) -> tuple[float, float]:
    """CPU and wall seconds of a plain loop that does the same: every document read, and put into a store."""
    document_record_of(Task(str(paths[0])))
    with Store(db) as store:
        cpu, wall = time.process_time(), time.perf_counter()
        for path in paths:
            store.add(str(path), document_record_of(Task(str(path))))
        store.settle()
        return time.process_time() - cpu, time.perf_counter() - wall


def _abreast(paths: list[Path], folder: Path, cores: int) -> float:
    """Wall seconds of as many plain loops as there are cores, each over its part: they share memory and caches, so no
    batch on this machine can do better."""
    with ProcessPoolExecutor(cores, get_context("spawn")) as processes:
        loops = [
            processes.submit(serial_loop, paths[core::cores], folder / f"abreast-{core}.sqlite")
            for core in range(cores)
        ]
        return max(loop.result()[1] for loop in loops)


# --- kill -9 of the batch ------------------------------------------------------------------------------------------------


def try_kill(times: int, seed: int) -> bool:
    """A batch killed at random moments and given again each time gives the store of an undisturbed one."""
    chance = random.Random(seed)
    with _folder() as folder:
        make_corpus(folder / "in", 150)
        (folder / "in" / "junk.txt").write_bytes(bytes(range(256)))
        whole = folder / "whole.sqlite"
        begun = time.perf_counter()
        _command(folder / "in", whole).wait()
        length = time.perf_counter() - begun
        wanted, killed, stores, same = dump(whole), 0, 0, 0
        longest = 0.0
        while killed < times:
            db = folder / f"{stores}.sqlite"
            while True:
                child = _command(folder / "in", db)
                try:
                    # Before the first document as well as amid the last.
                    child.wait(chance.uniform(0, length) if killed < times else None)
                    break
                except subprocess.TimeoutExpired:
                    workers = _children_of(child.pid)
                    child.send_signal(signal.SIGKILL)
                    child.wait()
                    killed += 1
                    longest = max(longest, _seconds_until_gone(workers))
            stores += 1
            same += dump(db) == wanted
        print(
            f"kill -9 of the batch at random moments (seed {seed}): {killed} times (an undisturbed run takes {length:.1f} s), {stores} stores finished, "
            f"{same} of them the same as undisturbed; all workers were gone {longest:.2f} s later at the latest"
        )
        return same == stores and longest < _PATIENCE


def _command(source: Path, db: Path) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "pbtool", "batch", str(source), "--db", str(db), "-q", "--workers", "2"]
    return subprocess.Popen(line, stderr=subprocess.DEVNULL, env=_environment(), cwd=ROOT)


def _children_of(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _seconds_until_gone(pids: list[int]) -> float:
    """How long these processes still run."""
    begun = time.monotonic()
    while any(map(_runs, pids)) and time.monotonic() - begun < _PATIENCE:
        time.sleep(0.01)
    return time.monotonic() - begun


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# --- the cluster ---------------------------------------------------------------------------------------------------------


def try_cluster(times: int, seed: int) -> bool:
    """Dask workers killed at random moments, new ones joining late, the scheduler started again in the middle."""
    from pbtool.batches.cluster import on_cluster

    chance = random.Random(seed)
    with _folder() as folder, _dask(folder) as dask, ThreadPoolExecutor(1) as threads:
        make_corpus(folder / "in", 400)
        whole = folder / "whole.sqlite"
        batch([str(folder / "in")], str(whole), workers=2)
        for _ in range(2):
            dask.start_worker()
        killed = rounds = same = 0
        while killed < times:
            db = folder / f"{rounds}.sqlite"
            parts = str(folder / f"parts-{rounds}")
            options: Any = {"shards": 8, "parts": parts, "arguments": ["--workers", "1"]}
            future = threads.submit(on_cluster, dask.address, [str(folder / "in")], str(db), **options)
            while killed < times and not wait([future], chance.uniform(0.5, 6)).done:
                dask.kill_worker(chance)
                killed += 1
                dask.start_worker()
                if killed == times // 2:
                    dask.restart_scheduler()
            wait([future])
            rounds += 1
            same += future.exception() is None and dump(db) == dump(whole)
        print(
            f"Dask workers killed at random moments (seed {seed}): {killed} times, the scheduler started again once; {rounds} batches, {same} of them gave "
            "the same store as an undisturbed one"
        )
        return same == rounds


#: Looks at the stack a hundred times a second, and at its own loop fifty times, where all that Dask does is wait for a shard.
_QUIET = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",
}


class Dask:
    """A scheduler and workers, each a process of its own, started by Dask's own commands."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._folder = folder
        self._workers: list[subprocess.Popen[bytes]] = []
        self._scheduler = self._start_scheduler()

    def start_worker(self) -> None:
        """One more worker."""
        line = [
            "worker",
            self.address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--memory-limit",
            "0",
        ]
        self._workers.append(self._start(*line, "--local-directory", str(self._folder / "dask")))

    def wait_for_workers(self, count: int) -> None:
        """Come back when so many workers have said that they are there: a batch is given to a cluster that runs."""
        code = (
            f"import distributed; distributed.Client({self.address!r}).wait_for_workers({count}, timeout=60)"
        )
        subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.DEVNULL)

    def kill_worker(self, chance: random.Random) -> None:
        """kill -9 of any worker."""
        worker = self._workers.pop(chance.randrange(len(self._workers)))
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def restart_scheduler(self) -> None:
        """kill -9 of the scheduler, and another one at the same address."""
        self._scheduler.send_signal(signal.SIGKILL)
        self._scheduler.wait()
        self._scheduler = self._start_scheduler()

    def stop(self) -> None:
        """End what was started."""
        for process in (*self._workers, self._scheduler):
            process.kill()
            process.wait()

    def _start_scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self._port), "--no-dashboard")

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        line = [sys.executable, "-m", "dask", *arguments]
        with (self._folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                line,
                stdout=log,
                stderr=log,
                env={**_environment(), **_QUIET},
                cwd=self._folder,
            )


@contextmanager
def _dask(folder: Path) -> Iterator[Dask]:
    dask = Dask(folder)
    try:
        yield dask
    finally:
        dask.stop()


# --- workers and shards ---------------------------------------------------------------------------------------------------


def try_workers() -> bool:
    """The same store whatever the number of workers, and from shards."""
    with _folder() as folder:
        make_corpus(folder / "in", 120)
        dumps = []
        for workers in (1, 2, 4):
            batch([str(folder / "in")], str(folder / f"{workers}.sqlite"), workers=workers)
            dumps.append(dump(folder / f"{workers}.sqlite"))
        (folder / "parts").mkdir()
        for number, kind in ((1, "jsonl"), (2, "parquet"), (3, "jsonl")):
            work_shard([str(folder / "in")], number, 3, str(folder / "parts" / f"{number}.{kind}"), workers=1)
        for _ in range(2):
            unite(str(folder / "parts"), str(folder / "united.sqlite"))
        dumps.append(dump(folder / "united.sqlite"))
        same = all(one == dumps[0] for one in dumps)
        print(
            f"1, 2 and 4 workers and 3 shards united twice: {'the same store' if same else 'DIFFERENT stores'}"
        )
        return same


# --- what all trials need ------------------------------------------------------------------------------------------------


def make_corpus(folder: Path, documents: int, pages: int = 0) -> list[Path]:
    """Articles of our own words, from a fixed seed: one paragraph, or so many pages of about a thousand characters."""
    chance = random.Random(5)
    folder.mkdir(parents=True)
    paths = []
    for number in range(documents):
        name = f"{chance.choice('王李张刘陈何周')}{chance.choice('秀建国志远')}{chance.choice('兰明华军平')}"
        village = f"{chance.choice('大小上下东西')}{chance.choice('坪岭塘溪湾桥')}村"
        lines = [f"{village}修好致富路", name]
        lines += [_paragraph(chance, village, name) for _ in range(max(1, 6 * pages))]
        path = folder / f"{number:05}.txt"
        path.write_text("\n".join([*lines, f"这是第{number}号材料。"]) + "\n", "utf-8")
        paths.append(path)
    return paths


#: Sentences without a number of their own; `{}` is the village.
_PROSE = (
    "路修到哪里，产业就跟到哪里。",
    "支部的会开在田埂上，谁家有难处，当场就能说。",
    "遇到下雨天，{}的干部总要先去看看河边那几户老人。",
    "有人担心茶叶卖不出去，合作社就带着样品一家一家去跑。",
    "这件事没有写进哪份报告，可是乡亲们都记得。",
    "会后，大家又围着图纸商量了很久，直到把每一条沟渠都定下来。",
    "要把好事办好，先得把账算清，把道理讲透。",
    "从前的荒坡如今种满了茶树，远远望去，一层绿一层雾。",
)


def _paragraph(chance: random.Random, village: str, name: str) -> str:
    """About 170 characters with three numbers: as many to the thousand characters as magazines and county pages have (10 to 24)."""
    told = chance.choice(
        (
            f"{chance.randrange(2015, 2024)}年，青屏县{village}新修机耕路{chance.randrange(2, 30)}公里。",
            f"村集体经济收入达到{chance.randrange(5, 200)}万元，比上年增长{chance.randrange(2, 40)}%。",
            f"全村{chance.randrange(80, 900)}户都受了益，{chance.randrange(3, 60)}名党员带头出工。",
        )
    )
    said = f"{village}党支部书记{name}说，路通了，今年有{chance.randrange(3, 60)}户人家想把房子翻修一下。"
    prose = [sentence.format(village) for sentence in chance.sample(_PROSE, 4)]
    return "".join([prose[0], told, *prose[1:3], said, prose[3]])


def dump(path: Path) -> list[str]:
    """Every row of a store but those of `runs`, sorted."""
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    tables = (*COLUMNS, "files", "failures", "regions")
    rows = sorted(f"{table} {row!r}" for table in tables for row in base.execute(f"SELECT * FROM {table}"))
    base.close()
    return rows


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pbtool-trial-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    # As a module that worker processes can import too: they know none of the name __main__.
    import trial_batch

    trial_batch.main()
