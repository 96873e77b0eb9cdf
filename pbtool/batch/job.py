"""One batch: what is new goes through the pool and into the store, document by document."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pbtool.batch.inputs import Task, tasks
from pbtool.batch.pool import run
from pbtool.errors import InputError
from pbtool.records import Record
from pbtool.store import Store
from pbtool.version import VERSION


@dataclass(slots=True)
class Report:
    """What a batch came to: documents done now, known before, and failed (name and reason)."""

    done: int = 0
    known: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)


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
    watch: Callable[[Report], None] | None = None,
) -> Report:
    """Put every document of `inputs` into the store `db`; what is there already (by content) is left alone.

    A document that raises, crashes its process, takes longer than `seconds` or needs more than `memory` bytes is noted
    in the store with its reason, and tried again only with `retry_failed` or when it has changed. `watch` is called after
    each document. Raises OutputError where the store cannot be written.
    """
    report = Report()
    with Store(db) as store:
        hashes: dict[str, str] = {}

        def waiting() -> Iterator[Task]:
            for task in tasks(inputs, include=include, exclude=exclude):
                if isinstance(task, InputError):
                    report.failures.append((task.where, task.why))
                elif _is_new(store, task, hashes, redo, retry_failed, report):
                    yield task

        for outcome in run(
            document_record_of,
            waiting(),
            workers=workers or os.cpu_count() or 1,
            seconds=seconds,
            memory=memory,
        ):
            name = outcome.item.name
            sha256 = hashes.pop(name)
            if outcome.result is not None:
                store.add(name, outcome.result)
                report.done += 1
            else:
                reason = outcome.failure or "gave no result"
                store.fail(name, sha256, reason, VERSION)
                report.failures.append((name, reason))
            if watch is not None:
                watch(report)
    return report


def document_record_of(task: Task) -> Record:
    """The finished record of one document; what a worker does."""
    from pbtool import pipeline, reading
    from pbtool.records import document_record

    if task.member is None:
        return document_record(pipeline.run(reading.read(task.path)))
    return document_record(pipeline.run(reading.read_bytes(task.data(), task.name)))


def _is_new(
    store: Store, task: Task, hashes: dict[str, str], redo: bool, retry_failed: bool, report: Report
) -> bool:
    try:
        sha256 = task.sha256()
    except InputError as error:
        report.failures.append((error.where, error.why))
        return False
    if store.known(sha256) and not redo or sha256 in hashes.values():
        report.known += 1
        return False
    failed = store.failed(task.name)
    if failed is not None and failed[0] == sha256 and not retry_failed and not redo:
        report.failures.append((task.name, f"{failed[1]} (noted before; --retry-failed tries it again)"))
        return False
    hashes[task.name] = sha256
    return True
