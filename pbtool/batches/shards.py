"""A share of a batch, for machines that have no store in common; and the parts united again.

The one idea: the unit of work is the shard. It is worked by the same supervised pool as anything else, and leaves one file, whole
or not at all, in which every document stands once, done or failed. Whatever moves shards about (Slurm, GNU parallel, Dask, Ray,
Spark) may run one twice or lose one: the part says the same, and uniting it twice changes nothing.
"""

from __future__ import annotations

import gc
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pbtool.batches.inputs import Task, tasks
from pbtool.batches.job import AGAIN, Report, Watch, Work, document_record_of, facts_of, pages_of, silence
from pbtool.batches.parts import Entry, entries, packed, parts_in, written
from pbtool.batches.pool import Outcome, run
from pbtool.errors import InputError
from pbtool.store import Store


def shard_of(name: str, shards: int) -> int:
    """The number (from 1) of the shard that a document belongs to; it depends on the name alone."""
    return zlib.crc32(os.fsencode(name)) % shards + 1


def work_shard(
    inputs: Sequence[str],
    number: int,
    shards: int,
    out: str,
    *,
    workers: int | None = None,
    seconds: float = 300,
    memory: int = 2 << 30,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    redo: bool = False,
    retry_failed: bool = False,
    watch: Watch = silence,
    work: Work | None = None,
) -> Report:
    """Do shard `number` of `shards` of the documents of `inputs`, and write the part `out` (.jsonl or .parquet).

    What a part of that name holds already (by path and content) is taken over from it, so that a shard which is run again
    does only what is new. Raises OutputError where the part cannot be written, InputError where the old one is damaged.
    """
    found = tasks(inputs, include=include, exclude=exclude, never=frozenset({str(Path(out).resolve())}))
    mine = (task for task in found if shard_of(_name(task), shards) == number)
    shard = _Shard(out, redo, retry_failed, watch)
    outcomes = run(
        partial(_packed, work or document_record_of),
        shard.waiting(mine),
        workers=workers or os.cpu_count() or 1,
        seconds=seconds,
        memory=memory,
    )
    first = next(outcomes, None)
    if first is None and not shard.refused and Path(out).exists():
        return shard.report
    with written(out) as put:
        if first is not None:
            put(shard.entry(first))
        for outcome in outcomes:
            put(shard.entry(outcome))
        for entry in shard.rest():
            put(entry)
    return shard.report


@dataclass(frozen=True, slots=True)
class _Packed:
    """What a worker gives for the part: the record as it will stand there, and what to count."""

    record: bytes
    pages: int
    facts: int


def _packed(work: Work, task: Task) -> _Packed:
    record = work(task)
    return _Packed(packed(record), pages_of(record), facts_of(record))


class _Shard:
    """What a part holds already, and what is made anew."""

    def __init__(self, out: str, redo: bool, retry_failed: bool, watch: Watch) -> None:
        self.report = Report()
        self.refused: list[InputError] = []
        self._out = out
        self._redo = redo
        self._retry_failed = retry_failed
        self._watch = watch
        self._hashes: dict[str, str] = {}
        self._anew: set[str] = set()
        #: Path → hash, and the reason where it failed, of what the part holds.
        self._held: dict[str, tuple[str, str | None]] = {}
        if Path(out).exists():
            self._held = {e["path"]: (e.get("sha256", ""), e.get("failure")) for e in entries(out)}

    def waiting(self, found: Iterator[Task | InputError]) -> Iterator[Task]:
        """The tasks that are to be done; the others are accounted for on the way."""
        for task in found:
            try:
                if isinstance(task, InputError):
                    raise task
                sha256 = task.sha256()
            except InputError as error:
                self.refused.append(error)
                self._anew.add(error.where)
                self._watch(self.report, self.report.fail(error.where, error.why))
                continue
            if self._is_new(task.name, sha256):
                self._anew.add(task.name)
                self._hashes[task.name] = sha256
                yield task

    def entry(self, outcome: Outcome[Task, _Packed]) -> Entry:
        """The entry of a document that went through the pool."""
        name = outcome.item.name
        entry: Entry = {"path": name, "sha256": self._hashes.pop(name)}
        if outcome.result is None:
            entry["failure"] = outcome.failure or "gave no result"
            self._watch(self.report, self.report.fail(name, entry["failure"]))
        else:
            made = outcome.result
            entry["record"] = made.record
            counted = self.report.count(name, made.pages, made.facts)
            self._watch(self.report, counted)
        return entry

    def rest(self) -> Iterator[Entry]:
        """Entries for what could not be looked at, and those of the old part that stay."""
        for error in self.refused:
            yield {"path": error.where, "sha256": "", "failure": error.why}
        if self._held:
            yield from (entry for entry in entries(self._out) if entry["path"] not in self._anew)

    def _is_new(self, name: str, sha256: str) -> bool:
        held, failure = self._held.get(name, ("", None))
        if held != sha256 or self._redo or (failure is not None and self._retry_failed):
            return True
        if failure is None:
            self._watch(self.report, self.report.skip(name))
        else:
            self._watch(self.report, self.report.fail(name, failure + AGAIN))
        return False


def unite(folder: str, db: str, *, watch: Watch = silence) -> Report:
    """Put every part of a folder into the store `db`; what is there already is left alone, whatever part it comes from.

    Raises InputError for a folder without parts, or a part that is damaged; what was taken before the damage is kept.
    """
    parts = parts_in(folder)
    with union(db, folder, watch=watch) as one:
        for part in parts:
            one.take(part)
    return one.report


class Union:
    """A store that parts are put into, one after the other. Made by `union`."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self.report = Report()
        self.taken: set[Path] = set()
        self._store = store
        self._watch = watch

    def take(self, part: Path) -> None:
        """Put in what a part holds and the store does not. Raises InputError where the part is damaged."""
        with _no_collection():
            for entry in entries(part):
                try:
                    _take(self._store, entry, self.report, self._watch)
                except (KeyError, TypeError, ValueError, AttributeError) as error:
                    raise InputError(
                        f"{part}: {entry['path']}",
                        f"is damaged ({error!r}); delete the part and make it again",
                    ) from None
        self.taken.add(part)


@contextmanager
def union(db: str, source: str, *, watch: Watch = silence) -> Iterator[Union]:
    """A union of parts in the store `db`, noted there as a run over `source`; what readers need is laid out at the end."""
    with Store(db) as store:
        run = store.begin_run(source)
        one = Union(store, watch)
        try:
            yield one
            store.settle()
        finally:
            report = one.report
            store.end_run(run, report.done, report.known, len(report.failures))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the search for cycles: records are trees, and there are so many nodes that it would take a third of the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _take(store: Store, entry: Entry, report: Report, watch: Watch) -> None:
    path = entry["path"]
    if "record" not in entry:
        if not store.known(entry["sha256"]):
            store.fail(path, entry["sha256"], entry["failure"])
            watch(report, report.fail(path, entry["failure"]))
        return
    record = entry["record"]
    if store.holds(record):
        store.link(path, record["source"]["sha256"])
        watch(report, report.skip(path))
        return
    try:
        store.add(path, record)
    except InputError as error:
        store.fail(path, entry["sha256"], error.why)
        watch(report, report.fail(path, error.why))
    else:
        watch(report, report.count(path, pages_of(record), facts_of(record)))


def _name(task: Task | InputError) -> str:
    return task.where if isinstance(task, InputError) else task.name
