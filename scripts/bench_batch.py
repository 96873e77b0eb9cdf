"""What a large corpus costs: the store with a million facts, the memory of a batch's parent, the time of a thousand pages.

    python scripts/bench_batch.py store              # rows a second, seconds of a table, size of the file
    python scripts/bench_batch.py memory             # of the parent, from 1,000 to 20,000 documents
    python scripts/bench_batch.py pages FILE…        # CPU seconds and store size a thousand pages, and a hundred million

Everything is made up from a fixed seed, so that two runs measure the same work. CPU seconds are those of the process (and of
its children, where it has some); a page is 1,000 characters where the file does not say how many it has.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pbtool import statistics
from pbtool.batches import Event, Report, batch
from pbtool.batches.inputs import Task
from pbtool.records import Record
from pbtool.statistics import Question
from pbtool.store import Store
from pbtool.store import rows as made_rows
from pbtool.store.schema import COLUMNS

_PAGE = 1000
#: A fact is whatever was found in a text and can be cited: a row of one of these tables.
_FACTS = ("metrics", "places", "officials", "dates")
_COUNTIES = (
    "青屏县",
    "云溪县",
    "石桥县",
    "竹林县",
    "大坪县",
    "松岭县",
    "白水县",
    "南塘县",
    "花桥县",
    "柳河县",
)
_WHAT = ("村级集体经济收入", "党员", "新修机耕路", "茶叶产值", "入党积极分子", "脱贫户", "党支部", "慰问金")
_UNITS = ("元", "名", "公里", "元", "人", "户", "个", "元")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    store = commands.add_parser("store")
    store.add_argument("--facts", type=int, default=1_000_000)
    store.set_defaults(measure=lambda how: measure_store(how.facts))
    memory = commands.add_parser("memory")
    memory.add_argument("--documents", type=int, nargs="+", default=[1000, 20_000])
    memory.set_defaults(measure=lambda how: measure_memory(how.documents))
    pages = commands.add_parser("pages")
    pages.add_argument("files", nargs="+")
    pages.set_defaults(measure=lambda how: measure_pages(how.files))
    how = parser.parse_args()
    how.measure(how)


# --- a million facts -----------------------------------------------------------------------------------------------------


def measure_store(facts: int) -> None:
    """Put documents with many facts in, and ask for tables."""
    folder = Path(tempfile.mkdtemp())
    db = folder / "facts.sqlite"
    rows = count = metrics = 0
    clock = _Clock()
    try:
        with Store(db) as store:
            for number, record in enumerate(_records(facts)):
                tables = made_rows(record)
                with clock:
                    store.put(f"{number}.txt", tables)
                count += sum(len(tables[table]) for table in _FACTS)
                rows += sum(len(tables[table]) for table in COLUMNS)
                metrics += len(tables["metrics"])
            with clock:
                store.settle()
        print(
            f"insert: {count:,} facts (metrics {metrics:,}, the others places, officials, dates), {rows:,} rows, "
            f"{number + 1:,} documents of a transaction each"
        )
        print(f"  {clock}: {rows / clock.cpu:,.0f} rows a CPU second, {rows / clock.wall:,.0f} a second")
        size = db.stat().st_size
        print(f"file: {size / 1e6:,.0f} MB with text and index, {size / count:,.0f} bytes a fact")
        with Store(db, create=False) as store:
            for question in (
                Question(by=("county", "year")),
                Question(
                    by=("county", "year"),
                    aggregates=("sum", "median", "count"),
                    metric="集体经济收入",
                    unit="元",
                ),
                Question(by=("county", "year"), aggregates=("sum", "median", "count")),
                Question(by=("city", "issued")),
                Question("officials", by=("title", "issued")),
                Question(by=("county", "year"), text="茶叶"),
            ):
                clock = _Clock()
                with clock:
                    table = statistics.table(store, question)
                asked = " ".join(filter(None, (question.metric, question.text)))
                print(
                    f"stats {question.subject} --by {','.join(question.by)} --agg {','.join(question.aggregates)} {asked}: "
                    f"{len(table.rows)} rows, {clock}"
                )
    finally:
        shutil.rmtree(folder)


class _Clock:
    """Seconds, of the processor and of the wall, spent in the blocks that it is put around."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def __enter__(self) -> None:
        self.cpu -= time.process_time()
        self.wall -= time.perf_counter()

    def __exit__(self, *error: object) -> None:
        self.cpu += time.process_time()
        self.wall += time.perf_counter()

    def __str__(self) -> str:
        return f"{self.cpu:.2f} CPU s, {self.wall:.2f} s"


def _records(facts: int) -> Iterator[Record]:
    """Documents of forty numbers each, every one with its place and date: a fact for every ten characters."""
    chance = random.Random(8)
    made = 0
    while made < facts:
        record = _record(chance, 40)
        made += sum(len(record["articles"][0][table]) for table in _FACTS)
        yield record


class _Paragraph:
    """A paragraph in the making: text, and the entities in it with their places."""

    def __init__(self, index: int, place: int) -> None:
        self.text = ""
        self.entities: dict[str, list[Record]] = {"places": [], "officials": [], "metrics": [], "dates": []}
        self._index = index
        self._place = place

    def add(self, words: str, table: str | None = None, **fields: Any) -> None:
        """Write words, which are an entity of `table` where one is given."""
        if table is not None:
            start, end = len(self.text), len(self.text) + len(words)
            where = {"paragraph": self._index, "start": start, "end": end, "confidence": 0.97}
            source = [[self._place + start, self._place + end]]
            self.entities[table].append({"text": words, **fields, **where, "source": source})
        self.text += words


def _paragraph(chance: random.Random, index: int, place: int) -> _Paragraph:
    """Four facts, each with its date and place; every other paragraph names an official."""
    made = _Paragraph(index, place)
    town = f"{chance.choice('东西南北中')}{chance.choice('山水田林湖')}镇"
    full, year = f"浙江省金华市{chance.choice(_COUNTIES)}{town}", str(chance.randrange(2012, 2024))
    for _ in range(4):
        which, value = chance.randrange(len(_WHAT)), chance.randrange(1, 9000)
        unit = _UNITS[which]
        kind = "money" if unit == "元" else "quantity"
        made.add(f"{year}年", "dates", value=year)
        made.add("，")
        made.add(town, "places", name=town, level="town", code="330784102", full=full)
        made.add(f"{_WHAT[which]}达到")
        measured = {"value": value * 10_000, "unit": unit, "approx": "exact", "what": _WHAT[which]}
        made.add(f"{value}万{unit}", "metrics", **measured, kind=kind, change=None, place=full, period=year)
        made.add("，比上年更多。")
    if index % 2:
        name = f"{chance.choice('王李张刘陈')}{chance.choice('建国志远秀兰')}{chance.choice('明华军平')}"
        made.add("党委书记")
        made.add(name, "officials", name=name, title="党委书记", org=town, role="official")
        made.add("说，路子走对了。")
    return made


def _record(chance: random.Random, facts: int) -> Record:
    """A document of one article with so many facts."""
    paragraphs: list[_Paragraph] = []
    place = 0
    while 4 * len(paragraphs) < facts:
        paragraphs.append(_paragraph(chance, len(paragraphs), place))
        place += len(paragraphs[-1].text) + 1
    fields = dict.fromkeys(("kicker", "subtitle", "affiliation", "dateline", "column", "editor_note"))
    article: Record = {**fields, "id": "a01", "title": "实干出成绩", "byline": [], "pages": [1], "spans": {}}
    article["paragraphs"] = [
        {"role": "body", "text": p.text, "source": [[0, len(p.text)]]} for p in paragraphs
    ]
    for table in ("places", "officials", "metrics", "dates"):
        article[table] = [entity for p in paragraphs for entity in p.entities[table]]
    sha256 = hashlib.sha256(str(chance.random()).encode()).hexdigest()
    source = {"name": "x", "sha256": sha256, "encoding": "utf-8", "script": "hans", "pages": None}
    head = {"role": "running_header", "text": f"{chance.randrange(2012, 2024)}年第2期", "source": []}
    return {
        "source": source,
        "made_by": {"pbtool": "1", "model": "m", "steps": []},
        "articles": [article],
        "furniture": [head],
        "repairs": [],
        "suggestions": [],
    }


# --- the memory of the parent -----------------------------------------------------------------------------------------------


def measure_memory(documents: list[int]) -> None:
    """The most memory that a parent held, for batches of ever more documents, each in a process of its own."""
    for count in documents:
        code = f"from bench_batch import memory_of_parent; memory_of_parent({count})"
        subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).resolve().parent)


def memory_of_parent(documents: int) -> None:
    """Run a batch whose workers give a made-up record for each file, so that the parent is what is measured."""
    folder = Path(tempfile.mkdtemp())
    try:
        for number in range(documents):
            (folder / f"{number:06}.txt").write_text(f"{number}\n", "utf-8")
        report = batch([str(folder)], str(folder / "c.sqlite"), workers=2, work=made_up, watch=_nothing)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"parent: {report.done:,} documents, {report.facts:,} facts: {most:.0f} MB at most", flush=True)
    finally:
        shutil.rmtree(folder)


def made_up(task: Task) -> Record:
    """A record of twenty facts for a file."""
    record = _record(random.Random(task.name), 20)
    record["source"]["sha256"] = task.sha256()
    return record


def _nothing(report: Report, event: Event) -> None:
    """Nobody watches."""


# --- what a thousand pages cost ---------------------------------------------------------------------------------------------


def measure_pages(files: list[str]) -> None:
    """CPU seconds and bytes of the store for each file alone, and what a hundred million such pages would take."""
    folder = Path(tempfile.mkdtemp())
    try:
        for path in files:
            db = folder / f"{Path(path).name}.sqlite"
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "pbtool", "batch", path, "--db", str(db), "-q", "--workers", "1"]
            subprocess.run([*command, "--seconds", "3600"], check=False)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            _tell_pages(path, db, cpu - _start_up())
    finally:
        shutil.rmtree(folder)


_started: list[float] = []


def _start_up() -> float:
    """CPU seconds that a batch of one tiny file takes: paid once a shard, not once a page."""
    if not _started:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "a.txt").write_text("好。\n", "utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [
                sys.executable,
                "-m",
                "pbtool",
                "batch",
                f"{folder}/a.txt",
                "--db",
                f"{folder}/c.sqlite",
                "-q",
            ]
            subprocess.run([*command, "--workers", "1"], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        _started.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        print(f"one start of a batch: {_started[0]:.1f} CPU s", flush=True)
    return _started[0]


def _tell_pages(path: str, db: Path, cpu: float) -> None:
    if not db.exists():
        print(f"{path}: nothing came of it")
        return
    with Store(db, create=False) as store:
        row = next(
            store.tuples("SELECT page_count, (SELECT sum(length(text)) FROM paragraphs) FROM documents"), None
        )
        facts = next(store.tuples("SELECT count(*) FROM metrics"))[0]
    if row is None:
        print(f"{path}: failed")
        return
    pages = row[0] or max(1, round((row[1] or 0) / _PAGE))
    # An empty store has its tables and indexes already; what grows with the pages is the rest.
    empty = db.with_suffix(".empty")
    Store(empty).close()
    size = db.stat().st_size - empty.stat().st_size
    hours = cpu / pages * 1e8 / 3600
    print(
        f"{Path(path).name}: {pages} pages, {cpu:.1f} CPU s = {cpu / pages * 1000:,.0f} CPU s and "
        f"{size / pages * 1000 / 1e6:,.1f} MB a thousand pages ({facts / pages:.1f} facts a page); "
        f"a hundred million pages: {hours:,.0f} CPU hours, {size / pages * 1e8 / 1e12:,.2f} TB",
        flush=True,
    )


if __name__ == "__main__":
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).resolve().parent.parent))
    # As a module that worker processes can import too: they know none of the name __main__.
    import bench_batch

    bench_batch.main()
