"""Zip archives: which documents lie in one, and their bytes.

The one idea: nothing is ever unpacked to disk, and what an archive says about itself is not believed. A member that would lead
out of the archive, or unpack to more than it may, is refused by name; the others are read.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pbtool.errors import InputError

#: A member of an archive may be this large, and this many times larger than it was packed.
LARGEST_MEMBER = 256 << 20
_LARGEST_RATIO = 200
_MOST_MEMBERS = 100_000
_ENCRYPTED = 1
_BROKEN = (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error)


def members(path: str) -> Iterator[str | InputError]:
    """The names of the documents in an archive, sorted, as the archive spells them; an InputError for what is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except _BROKEN as error:
        yield InputError(path, f"is no readable zip archive ({error}); pack it again")
        return
    if len(found) > _MOST_MEMBERS:
        yield InputError(path, f"holds {len(found)} members; unpack it and give the folder")
        return
    for info in sorted(found, key=lambda info: info.filename):
        if info.is_dir() or info.filename.startswith("__MACOSX/"):
            continue
        problem = _problem(info)
        name = f"{path}!/{readable(info.filename)}"
        yield InputError(name, problem) if problem else info.filename


def data(path: str, member: str, name: str) -> bytes:
    """The bytes of a member; `name` is for messages. Raises InputError where they cannot be had or may not be."""
    try:
        there = Path(path).stat()
        archive = _opened(path, there.st_mtime_ns, there.st_size)
        info = archive.getinfo(member)
        problem = _problem(info)
        if problem:
            raise InputError(name, problem)
        with archive.open(info) as stream:
            found = stream.read(LARGEST_MEMBER + 1)
    except KeyError:
        raise InputError(name, "is no longer in the archive") from None
    except _BROKEN as error:
        raise InputError(name, f"cannot be read ({error}); pack the archive again") from None
    if len(found) > LARGEST_MEMBER:
        raise InputError(name, "is larger than its archive says; it is not read")
    return found


@lru_cache(maxsize=4096)
def readable(member: str) -> str:
    """A member's name as it was meant: Windows packs Chinese names in GBK, others in UTF-8, and neither says so."""
    if member.isascii():
        return member
    for encoding in ("utf-8", "gb18030"):
        try:
            return member.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return member


@lru_cache(maxsize=1)
def _opened(path: str, changed: int, size: int) -> zipfile.ZipFile:
    """The archive, kept open for its next member: its table of contents may be long."""
    return zipfile.ZipFile(path)


def _problem(info: zipfile.ZipInfo) -> str | None:
    """Why a member is refused, if it is."""
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "leads out of its archive, and is refused; unpack it yourself if you trust it"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link, and is refused; give what it leads to"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted; unpack the archive with its password and give the folder"
    if info.file_size > LARGEST_MEMBER or info.file_size > _LARGEST_RATIO * max(info.compress_size, 4096):
        return f"would unpack to {info.file_size} bytes; unpack it yourself if you trust it"
    return None
