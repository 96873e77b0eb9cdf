"""One batch: what is new goes through the pool and into the store, document by document."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pbtool.batches.inputs import Task, tasks
from pbtool.batches.pool import Outcome, run
from pbtool.errors import InputError
from pbtool.records import Record
from pbtool.store import Rows, Store, rows

Work = Callable[[Task], Record]
AGAIN = " (noted before; --retry-failed tries it again)"


@dataclass(slots=True)
class Report:
    """What a batch came to so far: documents done now, known before, and failed (name and reason); pages and facts found.

    `total` is how many there are in all, where that is known.
    """

    done: int = 0
    known: int = 0
    pages: int = 0
    facts: int = 0
    total: int | None = None
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many documents are accounted for."""
        return self.done + self.known + len(self.failures)

    def count(self, name: str, pages: int, facts: int) -> Event:
        """Count a document that was done; gives the news of it."""
        event = Event("done", name, pages=pages, facts=facts)
        self.done += 1
        self.pages += event.pages
        self.facts += event.facts
        return event

    def fail(self, name: str, reason: str) -> Event:
        """Count a document that failed; gives the news of it."""
        self.failures.append((name, reason))
        return Event("failed", name, reason)

    def skip(self, name: str) -> Event:
        """Count a document that was done before; gives the news of it."""
        self.known += 1
        return Event("known", name)


@dataclass(frozen=True, slots=True)
class Event:
    """News of one document: it was done, failed, or known before."""

    what: str
    name: str
    reason: str | None = None
    pages: int = 0
    facts: int = 0


Watch = Callable[[Report, Event], None]


def silence(report: Report, event: Event) -> None:
    """A watch that nobody keeps."""


def batch(
    inputs: Sequence[str],
    db: str,
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
    """Put every document of `inputs` into the store `db`; what is there already (by content) is left alone.

    A document that raises, crashes its process, takes longer than `seconds` or needs more than `memory` bytes is noted
    in the store with its reason, and tried again only with `retry_failed` or when it has changed. `watch` is called after
    each document. `work` is what a worker does with one; it must be importable. Raises OutputError where the store
    cannot be written.
    """
    with Store(db) as store:
        job = _Job(store, redo, retry_failed, watch)
        found = partial(tasks, inputs, include=include, exclude=exclude, never=_own_files(db))
        job.report.total = sum(1 for _ in found())
        number = store.begin_run("\n".join(inputs)[:10_000])
        try:
            outcomes = run(
                partial(_prepared, work or document_record_of),
                job.waiting(found()),
                workers=workers or os.cpu_count() or 1,
                seconds=seconds,
                memory=memory,
            )
            for outcome in outcomes:
                job.finish(outcome)
            store.settle()
        finally:
            report = job.report
            store.end_run(number, report.done, report.known, len(report.failures))
    return report


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a worker gives for the store: the rows, so that the one who writes has nothing else to do; and what to count."""

    rows: Rows
    pages: int
    facts: int


def _prepared(work: Work, task: Task) -> _Prepared:
    record = work(task)
    return _Prepared(rows(record), pages_of(record), facts_of(record))


class _Job:
    """The bookkeeping between pool and store."""

    def __init__(self, store: Store, redo: bool, retry_failed: bool, watch: Watch) -> None:
        self.report = Report()
        self._store = store
        self._redo = redo
        self._retry_failed = retry_failed
        self._watch = watch
        #: Hash of every document under way, with all names under which it was found meanwhile.
        self._under_way: dict[str, list[str]] = {}
        self._hashes: dict[str, str] = {}
        self._redone: set[str] = set()
        self._archive = ""

    def waiting(self, found: Iterator[Task | InputError]) -> Iterator[Task]:
        """The tasks that are to be done; the others are accounted for on the way."""
        for task in found:
            if isinstance(task, InputError):
                self._refuse(task)
                continue
            if task.member is not None and task.path != self._archive:
                # It could be opened, whatever was noted of it before.
                self._archive = task.path
                self._store.forgive(task.path)
            try:
                sha256 = task.sha256()
            except InputError as error:
                self._refuse(error)
                continue
            if self._is_new(task.name, sha256):
                yield task

    def finish(self, outcome: Outcome[Task, _Prepared]) -> None:
        """Write down what came of a task, under every name that its contents have."""
        sha256 = self._hashes.pop(outcome.item.name)
        name, *others = self._under_way.pop(sha256)
        made, reason = outcome.result, outcome.failure or "gave no result"
        if made is not None:
            try:
                self._store.put(name, made.rows)
            except InputError as error:
                made, reason = None, error.why
        if made is None:
            for each in (name, *others):
                self._store.fail(each, sha256, reason)
                self._watch(self.report, self.report.fail(each, reason))
            return
        if self._redo:
            self._redone.add(sha256)
        self._watch(self.report, self.report.count(name, made.pages, made.facts))
        for other in others:
            self._know(other, sha256)

    def _is_new(self, name: str, sha256: str) -> bool:
        if sha256 in self._under_way:
            self._under_way[sha256].append(name)
            return False
        if self._store.known(sha256) and (not self._redo or sha256 in self._redone):
            self._know(name, sha256)
            return False
        failed = self._store.failed(name)
        if failed is not None and failed[0] == sha256 and not (self._retry_failed or self._redo):
            self._watch(self.report, self.report.fail(name, failed[1] + AGAIN))
            return False
        self._under_way[sha256] = [name]
        self._hashes[name] = sha256
        return True

    def _know(self, name: str, sha256: str) -> None:
        self._store.link(name, sha256)
        self._watch(self.report, self.report.skip(name))

    def _refuse(self, error: InputError) -> None:
        """What cannot even be looked at is tried again every time, and noted all the same."""
        if Path(error.where.split("!/")[0]).exists():
            self._store.fail(error.where, "", error.why)
        self._watch(self.report, self.report.fail(error.where, error.why))


def document_record_of(task: Task) -> Record:
    """The finished record of one document; what a worker does."""
    from pbtool import pipeline, reading
    from pbtool.records import document_record, page_records

    document = reading.read(task.path) if task.member is None else reading.read_bytes(task.data(), task.name)
    return {**document_record(pipeline.run(document)), "pages": page_records(document)}


def pages_of(record: Record) -> int:
    """How many pages a document has, as far as it tells; at least one."""
    return int(record["source"]["pages"] or 1)


def facts_of(record: Record) -> int:
    """How many metrics a document gave."""
    return sum(len(article["metrics"]) for article in record["articles"])


def _own_files(db: str) -> frozenset[str]:
    """The files of the store itself, which may lie in the folder that is read."""
    path = Path(db).resolve()
    return frozenset(f"{path}{ending}" for ending in ("", "-wal", "-shm", "-journal", ".lock"))
