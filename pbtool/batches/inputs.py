"""Which documents a batch is about: files, folders, patterns, lists and zip archives, each once and in a fixed order."""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pbtool.batches import archives
from pbtool.errors import InputError
from pbtool.files import shown

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Task:
    """One document: a file, or a member of a zip archive, which `member` names as the archive does."""

    path: str
    member: str | None = None

    @property
    def name(self) -> str:
        """The path, and behind `!/` the member of an archive, fit to be shown and kept."""
        return shown(self.path if self.member is None else f"{self.path}!/{archives.readable(self.member)}")

    def data(self) -> bytes:
        """The bytes of the document. Raises InputError where they cannot be had."""
        if self.member is not None:
            return archives.data(self.path, self.member, self.name)
        try:
            return Path(self.path).read_bytes()
        except OSError as error:
            raise InputError(self.name, f"cannot be read ({error.strerror or error})") from None

    def sha256(self) -> str:
        """The hash of the bytes, read piece by piece."""
        if self.member is not None:
            return hashlib.sha256(self.data()).hexdigest()
        digest = hashlib.sha256()
        try:
            with Path(self.path).open("rb") as stream:
                while piece := stream.read(_CHUNK):
                    digest.update(piece)
        except OSError as error:
            raise InputError(self.name, f"cannot be read ({error.strerror or error})") from None
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Selection:
    """What to take of folders, patterns and archives: shell patterns for file names, and files that are never meant."""

    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    never: frozenset[str] = frozenset()

    def is_never(self, path: str) -> bool:
        """Whether a path leads to one of the files that are never meant."""
        name = path.rpartition("/")[2]
        if not any(own.endswith(name) for own in self.never):
            return False
        return str(Path(path).resolve()) in self.never

    def wants(self, name: str) -> bool:
        """Whether a file of this name is one to take; hidden ones are not."""
        if name.startswith("."):
            return False
        if self.include and not any(fnmatch.fnmatch(name, pattern) for pattern in self.include):
            return False
        return not any(fnmatch.fnmatch(name, pattern) for pattern in self.exclude)


def listed(stream: IO[bytes]) -> list[str]:
    """The names in a list: one a line, or ended by NUL bytes as `find -print0` writes them."""
    data = stream.read()
    ending = b"\0" if b"\0" in data else b"\n"
    lines = (line if ending == b"\0" else line.rstrip(b"\r") for line in data.split(ending))
    return [os.fsdecode(line) for line in lines if line.strip()]


def tasks(
    inputs: Sequence[str],
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    never: frozenset[str] = frozenset(),
) -> Iterator[Task | InputError]:
    """Every document named by `inputs`, once, sorted inside folders and patterns; an InputError for what names none.

    `include` and `exclude` are shell patterns for file names; they hold for what folders, patterns and archives hold.
    `never` are absolute paths that are no documents, such as the store that is being written.
    """
    selection = Selection(include, exclude, never)
    seen: set[str] = set()
    for text in inputs:
        found = False
        for task in _expand(text, selection):
            found = True
            if isinstance(task, InputError):
                yield task
            elif task.name not in seen:
                seen.add(task.name)
                yield task
        if not found:
            yield InputError(
                text, "names no document; check the path, or the patterns of --include and --exclude"
            )


def _expand(text: str, selection: Selection) -> Iterator[Task | InputError]:
    path = Path(text)
    try:
        if path.is_dir():
            yield from _folder(text, selection)
        elif path.exists():
            yield from _file(text, selection)
        elif glob.has_magic(text):
            yield from _matching(text, selection)
        else:
            yield InputError(text, "there is no such file or folder")
    except (OSError, ValueError) as error:
        yield InputError(text, f"cannot be looked at ({getattr(error, 'strerror', None) or error})")


def _matching(pattern: str, selection: Selection) -> Iterator[Task | InputError]:
    for name in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207 - the pattern may be absolute
        if Path(name).is_dir():
            # `**` names folders beside all that is in them.
            if "**" not in pattern:
                yield from _folder(name, selection)
        elif selection.wants(Path(name).name):
            yield from _file(name, selection)


def _folder(top: str, selection: Selection) -> Iterator[Task | InputError]:
    """What a folder holds, one folder after the other; links to folders are not followed, so there are no circles."""
    denied: list[InputError] = []

    def deny(error: OSError) -> None:
        denied.append(InputError(str(error.filename), f"cannot be looked at ({error.strerror})"))

    for folder, inner, names in os.walk(top, onerror=deny):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            # Not as a Path: there are millions of them, and it would lose the "./" that the user wrote.
            path = os.path.join(folder, name)  # noqa: PTH118
            if selection.wants(name) and os.path.isfile(path):  # noqa: PTH113
                yield from _file(path, selection)
    yield from denied


def _file(path: str, selection: Selection) -> Iterator[Task | InputError]:
    if selection.is_never(path):
        return
    if not path.lower().endswith(".zip"):
        yield Task(path)
        return
    for member in archives.members(path):
        if isinstance(member, InputError):
            yield member
        elif selection.wants(archives.readable(member).rsplit("/", 1)[-1]):
            yield Task(path, member)
