"""The parts that shards leave: JSON Lines or Parquet, one document an entry, whole or not at all.

The one idea: an entry stands by itself. `{"path", "sha256", "record"}` is a document that was done, `{"path", "sha256",
"failure"}` one that was not; Parquet has the same four columns, the record as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pbtool.errors import InputError, UsageError
from pbtool.files import shown, whole_file
from pbtool.records import Record
from pbtool.writing import dumps

Entry = dict[str, Any]
SUFFIXES = (".jsonl", ".parquet")
#: Parquet is written in groups of rows; a group is held in memory.
_GROUP_BYTES = 16 << 20
_COLUMNS = ("path", "sha256", "failure", "record")


@contextmanager
def written(path: str) -> Iterator[Callable[[Entry], None]]:
    """A function that puts an entry into the part `path`, which is there as a whole when the block has ended well.

    An entry's record may be JSON already (see `packed`). The suffix tells the kind. Raises OutputError where it cannot be written, UsageError without the extra for Parquet.
    """
    if is_parquet(path):
        _pyarrow()
    with whole_file(path) as stream:
        if is_parquet(path):
            with _rows_written(stream) as put:
                yield put
        else:
            yield lambda entry: _put_line(stream, entry)


def entries(path: str | Path) -> Iterator[Entry]:
    """The entries of a part, one after the other. Raises InputError where it is damaged."""
    number = 0
    try:
        for entry in _rows(path) if is_parquet(path) else _lines(path):
            if not isinstance(entry.get("path"), str) or not ("record" in entry or "failure" in entry):
                raise ValueError("it is no entry of a part")
            yield entry
            number += 1
    except (ValueError, AttributeError, OSError) as error:
        where = f"{shown(path)}: line {number + 1}"
        raise InputError(where, f"is damaged ({error}); delete the part and make it again") from None


def parts_in(folder: str) -> list[Path]:
    """The parts in a folder, sorted. Raises InputError where there are none."""
    found = sorted(p for p in Path(folder).glob("*") if p.suffix in SUFFIXES and not p.name.startswith("."))
    if not found:
        raise InputError(
            folder,
            "holds no parts (*.jsonl, *.parquet); pbtool batch … --shard K/N --out PART makes them",
        )
    return found


def is_parquet(path: str | Path) -> bool:
    """Whether a part of this name is Parquet."""
    return Path(path).suffix.lower() == ".parquet"


def packed(record: Record) -> bytes:
    """A record as the JSON that stands in a part: a worker packs its own, and nobody on the way need look into it."""
    return dumps(record).encode("utf-8", "replace")


def _put_line(stream: IO[bytes], entry: Entry) -> None:
    line = dumps({key: value for key, value in entry.items() if key != "record"}).encode("utf-8", "replace")
    if "record" in entry:
        line = line[:-1] + b',"record":' + _packed(entry["record"]) + b"}"
    stream.write(line + b"\n")


def _packed(record: Record | bytes) -> bytes:
    return record if isinstance(record, bytes) else packed(record)


def _lines(path: str | Path) -> Iterator[Entry]:
    with Path(path).open("rb") as stream:
        for line in stream:
            yield json.loads(line)


def _rows(path: str | Path) -> Iterator[Entry]:
    pyarrow = _pyarrow()
    try:
        with pyarrow.parquet.ParquetFile(path) as table:
            for group in table.iter_batches(16, columns=list(_COLUMNS)):
                for row in group.to_pylist():
                    entry: Entry = {"path": row["path"], "sha256": row["sha256"]}
                    if row["record"] is None:
                        yield {**entry, "failure": row["failure"]}
                    else:
                        yield {**entry, "record": json.loads(row["record"])}
    except pyarrow.ArrowException as error:
        raise ValueError(str(error)) from None


@contextmanager
def _rows_written(stream: IO[bytes]) -> Iterator[Callable[[Entry], None]]:
    pyarrow = _pyarrow()
    schema = pyarrow.schema([(name, pyarrow.string()) for name in _COLUMNS])
    waiting: list[dict[str, str | None]] = []
    size = 0
    with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:

        def flush() -> None:
            nonlocal size
            writer.write_table(pyarrow.Table.from_pylist(waiting, schema))
            waiting.clear()
            size = 0

        def put(entry: Entry) -> None:
            nonlocal size
            row = {**entry, "record": _packed(entry["record"]).decode() if "record" in entry else None}
            clean = {key: value and value.encode("utf-8", "replace").decode() for key, value in row.items()}
            waiting.append(clean)
            size += sum(len(value or "") for value in clean.values())
            if size > _GROUP_BYTES:
                flush()

        yield put
        flush()


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError('Parquet needs pyarrow: pip install "pbtool[parquet]"') from None
    return pyarrow
