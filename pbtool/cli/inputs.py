"""What comes in: files or standard input, texts or records, one document at a time.

The one idea: a bad input is reported and skipped, so that every command does the rest of its work.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import click

from pbtool.document import Document
from pbtool.errors import InputError
from pbtool.files import shown
from pbtool.records import Record, from_record, is_record, parse
from pbtool.terminal import Messages

_LOOK = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One document that came in; `record` is what it was read from where it came as a record."""

    document: Document
    name: str
    path: str | None = None
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the options of the `reading` decorator."""

    kind: str = "auto"
    encoding: str | None = None
    password: str | None = None
    pages: list[int] | None = None
    ocr: str = "auto"
    progress: Callable[[int, int], None] | None = None

    def keywords(self) -> dict[str, Any]:
        return {
            "encoding": self.encoding,
            "password": self.password,
            "pages": self.pages,
            "ocr": self.ocr,
            "progress": self.progress,
        }


def items(paths: Sequence[str], how: Reading, messages: Messages) -> Iterator[Item]:
    """The documents of all inputs in order; what cannot be read becomes one line on stderr and exit status 3."""
    if not paths:
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("No input: name files, or pipe text in (cat issue.txt | pbtool …).")
        paths = ["-"]
    if how.encoding:
        _check_encoding(how.encoding)
    # Of one file the pages are counted, of several the files.
    counted = messages.progress(paths, "files", len(paths)) if len(paths) > 1 else paths
    for path in counted:
        try:
            with messages.counter("pages") if len(paths) == 1 else nullcontext() as progress:
                for item in _of_input(path, replace(how, progress=progress), messages):
                    for note in item.document.notes if item.record is None else ():
                        messages.say(f"{item.name}: {note}")
                    yield item
        except InputError as error:
            messages.error(error)


def _check_encoding(name: str) -> None:
    from pbtool.reading.encodings import decode

    decode(b"", "-", name)


def _of_input(path: str, how: Reading, messages: Messages) -> Iterator[Item]:
    from pbtool import reading

    if path == "-":
        yield from _of_stream(standard_input(), "-", None, how, messages)
        return
    if not path:
        raise InputError("''", "is no file name; perhaps a variable of the shell is empty")
    if how.kind == "text" or not _may_hold_records(path, how.kind):
        document = reading.read(path, **how.keywords())
        yield Item(document, document.source.name, path)
        return
    try:
        stream = Path(path).open("rb")  # noqa: SIM115 - stays open while the caller works on each record
    except OSError as error:
        raise InputError(path, error.strerror or str(error)) from None
    with stream:
        yield from _of_stream(stream, path, path, how, messages)


def standard_input() -> IO[bytes]:
    """Standard input as bytes. Raises InputError where the caller has closed it."""
    if sys.stdin is None:
        raise InputError("-", "standard input is closed; pipe something in, or name files")
    return sys.stdin.buffer


def _may_hold_records(path: str, kind: str) -> bool:
    """Whether a regular file begins like a record (so that anything else goes to the reader untouched)."""
    if kind == "jsonl":
        return True
    if not Path(path).is_file():
        return False
    try:
        with Path(path).open("rb") as stream:
            return is_record(stream.read(_LOOK).decode("utf-8", "replace"))
    except OSError:
        return False


def _of_stream(
    stream: IO[bytes], name: str, path: str | None, how: Reading, messages: Messages
) -> Iterator[Item]:
    from pbtool import reading

    first = stream.readline() if how.kind != "text" else b""
    records = how.kind == "jsonl" or is_record(first[:_LOOK].decode("utf-8", "replace"))
    if not records:
        data = first + stream.read()
        if how.kind == "auto" and is_record(data[:_LOOK].decode("utf-8", "replace")):
            yield from _of_json(data, name, path)
        else:
            yield Item(reading.read_bytes(data, name, **how.keywords()), name, path)
        return
    if not _is_whole(first):
        yield from _of_json(first + stream.read(), name, path)
        return
    yield from _of_lines(first, stream, name, path, how, messages)


def _is_whole(line: bytes) -> bool:
    return line.rstrip().endswith(b"}") and line.lstrip().startswith(b"{")


def _of_json(data: bytes, name: str, path: str | None) -> Iterator[Item]:
    """The records of one pretty-printed object or of a list of them."""
    text = _decoded(data, name)
    value: Any = None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(name, f"is not valid JSON ({error}); give one record a line") from None
    for number, one in enumerate(value if isinstance(value, list) else [value], 1):
        where = f"{name}: record {number}" if isinstance(value, list) else name
        record = parse(json.dumps(one), where)
        yield Item(from_record(record, where), name, path, record)


def _of_lines(
    first: bytes, stream: IO[bytes], name: str, path: str | None, how: Reading, messages: Messages
) -> Iterator[Item]:
    from pbtool import reading

    line, number = first, 1
    while line:
        where = f"{name}: line {number}"
        try:
            text = _decoded(line, where)
            if how.kind == "jsonl" or is_record(text):
                if text.strip():
                    record = parse(text, where)
                    yield Item(from_record(record, where), name, path, record)
            elif text.strip():
                yield Item(reading.read_bytes(line, name, **how.keywords()), name, path)
        except InputError as error:
            messages.error(error)
        line = stream.readline()
        number += 1


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(where, f"is not UTF-8 at byte {error.start}; records are always UTF-8") from None


def lines_of(path: str) -> list[str]:
    """The non-empty lines of a user's list; `#` starts a comment line."""
    from pbtool import reading

    text = reading.read(path).text
    return [line.strip() for line in io.StringIO(text) if line.strip() and not line.startswith("#")]


def words_of(path: str) -> list[str]:
    """The words of a user's list: one a line, or the first column of a table."""
    return [word for line in lines_of(path) if (word := line.split("\t")[0].strip())]


def user_places(path: str | None) -> list[Any]:
    """The rows of a user's gazetteer."""
    if path is None:
        return []
    from pbtool.extraction.places import load_user_gazetteer

    if not Path(path).exists():
        raise InputError(shown(path), "does not exist; check the name, and the folder you are in")
    return list(load_user_gazetteer(path))
