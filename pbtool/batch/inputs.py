"""Which documents a batch is about: files, folders, patterns, lists and zip archives, each once and in a fixed order."""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pbtool.errors import InputError

_CHUNK = 1 << 20
#: A member of an archive may be this large, and this many times larger than it was packed.
LARGEST_MEMBER = 256 << 20
_LARGEST_RATIO = 200
_MOST_MEMBERS = 100_000


@dataclass(frozen=True, slots=True)
class Task:
    """One document: a file, or a member of a zip archive."""

    path: str
    member: str | None = None

    @property
    def name(self) -> str:
        """The path, and behind `!/` the member of an archive."""
        return self.path if self.member is None else f"{self.path}!/{self.member}"

    def data(self) -> bytes:
        """The bytes of the document. Raises InputError where they cannot be had."""
        try:
            if self.member is None:
                return Path(self.path).read_bytes()
            with zipfile.ZipFile(self.path) as archive:
                return _member(archive, self.name, self.member)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
            raise InputError(self.name, f"cannot be read ({error})") from None

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
            raise InputError(self.name, error.strerror or str(error)) from None
        return digest.hexdigest()


def tasks(
    inputs: Sequence[str], *, include: Sequence[str] = (), exclude: Sequence[str] = ()
) -> Iterator[Task | InputError]:
    """Every document named by `inputs`, once, sorted inside folders and patterns; an InputError for what names none.

    `include` and `exclude` are shell patterns for file names; they hold for what folders, patterns and archives hold.
    """
    seen: set[str] = set()
    for text in inputs:
        found = False
        for task in _expand(text, include, exclude):
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


def _expand(text: str, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Task | InputError]:
    path = Path(text)
    if path.is_dir():
        for inner in sorted(path.rglob("*")):
            if inner.is_file() and not inner.is_symlink() and _wanted(inner.name, include, exclude):
                yield from _file(inner, include, exclude)
    elif path.exists():
        yield from _file(path, include, exclude)
    elif glob.has_magic(text):
        for name in sorted(glob.glob(text, recursive=True)):  # noqa: PTH207 - the pattern may be absolute
            if Path(name).is_file() and _wanted(Path(name).name, include, exclude):
                yield from _file(Path(name), include, exclude)
    else:
        yield InputError(text, "there is no such file or folder")


def _file(path: Path, include: Sequence[str], exclude: Sequence[str]) -> Iterator[Task | InputError]:
    if path.suffix.lower() != ".zip":
        yield Task(str(path))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile) as error:
        yield InputError(str(path), f"is no readable zip archive ({error})")
        return
    if len(members) > _MOST_MEMBERS:
        yield InputError(str(path), f"holds {len(members)} members; unpack it and give the folder")
        return
    for member in sorted(members, key=lambda m: m.filename):
        if not member.is_dir() and _wanted(Path(member.filename).name, include, exclude):
            yield Task(str(path), member.filename)


def _wanted(name: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    if name.startswith("."):
        return False
    if include and not any(fnmatch.fnmatch(name, pattern) for pattern in include):
        return False
    return not any(fnmatch.fnmatch(name, pattern) for pattern in exclude)


def _member(archive: zipfile.ZipFile, name: str, member: str) -> bytes:
    """A member's bytes; nothing is ever unpacked to disk, so its path can do no harm."""
    info = archive.getinfo(member)
    if info.file_size > LARGEST_MEMBER or info.file_size > _LARGEST_RATIO * max(info.compress_size, 4096):
        raise InputError(name, f"would unpack to {info.file_size} bytes; unpack it yourself if you trust it")
    with archive.open(info) as stream:
        data = stream.read(LARGEST_MEMBER + 1)
    if len(data) > LARGEST_MEMBER:
        raise InputError(name, "is larger than its archive says; it is not read")
    return data
