"""A share of a batch, for machines that have no store in common; and the parts united again.

The one idea: the unit of work is the shard. It is worked by the same supervised pool as anything else, and leaves one file, whole
or not at all, in which every document stands once, done or failed. Whatever moves shards about (Slurm, GNU parallel, Dask, Ray,
Spark) may run one twice or lose one: the part is the same, and uniting it twice changes nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pbtool.batch.inputs import Task, tasks
from pbtool.batch.job import Report, document_record_of
from pbtool.batch.pool import run
from pbtool.errors import InputError, OutputError
from pbtool.store import Store
from pbtool.version import VERSION
from pbtool.writing import dumps


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
) -> Report:
    """Do shard `number` of `shards` of the documents of `inputs`, and write the part `out` (JSON Lines).

    A part that is there already is done and left alone, unless `redo`. Raises OutputError where it cannot be written.
    """
    report = Report()
    if Path(out).exists() and not redo:
        report.known = sum(1 for _ in _lines(Path(out)))
        return report

    def mine() -> Iterator[Task]:
        for task in tasks(inputs, include=include, exclude=exclude):
            if isinstance(task, InputError):
                report.failures.append((task.where, task.why))
            elif shard_of(task.name, shards) == number:
                yield task

    outcomes = run(
        document_record_of, mine(), workers=workers or os.cpu_count() or 1, seconds=seconds, memory=memory
    )
    try:
        with tempfile.NamedTemporaryFile(
            "wb", dir=Path(out).resolve().parent, prefix=".part-", delete=False
        ) as stream:
            try:
                for outcome in outcomes:
                    line: dict[str, object] = {"path": outcome.item.name}
                    if outcome.result is not None:
                        line["record"] = outcome.result
                        report.done += 1
                    else:
                        line["failure"] = outcome.failure or "gave no result"
                        line["sha256"] = _hash(outcome.item)
                        report.failures.append((outcome.item.name, str(line["failure"])))
                    stream.write(dumps(line).encode("utf-8", "replace") + b"\n")
                stream.flush()
                os.fsync(stream.fileno())
                Path(stream.name).replace(out)
            except BaseException:
                Path(stream.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(f"{out}: {error.strerror or error}; no part was written") from None
    return report


def unite(folder: str, db: str) -> Report:
    """Put every part of a folder (`*.jsonl`) into the store `db`; what is there already is left alone.

    Raises InputError for a folder without parts, or a part that is damaged; whole lines before the damage are kept.
    """
    report = Report()
    parts = sorted(Path(folder).glob("*.jsonl"))
    if not parts:
        raise InputError(folder, "holds no parts (*.jsonl); pbtool batch … --shard K/N --out PART makes them")
    with Store(db) as store:
        for part in parts:
            for number, line in enumerate(_lines(part), 1):
                try:
                    entry = json.loads(line)
                    path = entry["path"]
                    if "record" in entry:
                        if store.known(entry["record"]["source"]["sha256"]):
                            report.known += 1
                            continue
                        store.add(path, entry["record"])
                        report.done += 1
                    else:
                        store.fail(path, entry["sha256"], entry["failure"], VERSION)
                        report.failures.append((path, entry["failure"]))
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(
                        f"{part}: line {number}", f"is damaged ({error}); make the part again"
                    ) from None
    return report


def _lines(part: Path) -> Iterator[str]:
    with part.open(encoding="utf-8") as stream:
        yield from stream


def _hash(task: Task) -> str:
    try:
        return task.sha256()
    except InputError:
        return ""
