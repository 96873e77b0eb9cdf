"""Files on disk: written whole or not at all, and given back the way they came.

The one idea: a file under its own name is always complete. New contents are written beside the target, forced to disk and
moved over it; whatever fails on the way, the old file is still there and nothing is left behind.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import shlex
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pbtool.errors import OutputError

if TYPE_CHECKING:
    from pbtool.document import Source

_BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}
_STEERING = {"Cc", "Cf", "Zl", "Zp"}
#: What helps, by what the system says.
_ADVICE = {
    errno.ENOENT: "make its folder first, or give another path",
    errno.EISDIR: "name a file in it",
    errno.EACCES: "change its permissions, or give another path",
    errno.ENOSPC: "free some space, or give another path",
    errno.ENAMETOOLONG: "give a shorter name",
}


def shown(name: str | bytes | os.PathLike[str]) -> str:
    """A file name fit for a message: bytes that are no text as `\\xd6`, control and direction characters escaped too."""
    if not name:
        return "''"
    # Where the locale knows ASCII only, a name comes in as escaped bytes of what is UTF-8 on disk.
    text = os.fsencode(name).decode("utf-8", "surrogateescape")
    if text.isprintable():
        return text
    return "".join(_escaped(char) for char in text)


def pasted(name: str | bytes | os.PathLike[str]) -> str:
    """A file name as a shell takes it, for commands that a message asks to type; a hint for bash where it must be escaped."""
    text = os.fsencode(name).decode("utf-8", "surrogateescape")
    if text.startswith("-") and text != "-":
        text = f"./{text}"
    if all(char.isalnum() or char in "./_-+=:,@%" for char in text):
        return text
    if text.isprintable():
        return shlex.quote(text)
    inner = text.replace("\\", "\\\\").replace("'", "\\'")
    return "$'" + "".join(_escaped(char) for char in inner) + "'"


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if 0xD800 <= code <= 0xDFFF or unicodedata.category(char) in _STEERING:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return char


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Put `data` into the file, whole or not at all; the mode of an existing file is kept.

    A symbolic link stays a link: the file it leads to is replaced. Of several hard links only the named one changes.
    Pipes and devices are written to directly. Raises OutputError; nothing on disk has changed then.
    """
    try:
        target = Path(os.path.realpath(path, strict=False))
        try:
            there = target.stat()
        except FileNotFoundError:
            there = None
        if there is not None and stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if there is not None and not stat.S_ISREG(there.st_mode):
            with target.open("wb", buffering=0) as stream:
                _write_all(stream.fileno(), data)
        else:
            _replace(target, data, there)
    except OSError as error:
        raise _unwritable(path, error) from None


@contextlib.contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A stream whose contents become the file `path` when the block ends well; else nothing on disk has changed.

    For what is too large to be held in memory, see `write_whole` for the rest. Raises OutputError.
    """
    target = Path(os.path.realpath(path, strict=False))
    temporary = target.parent / f".pbtool-{os.urandom(6).hex()}.tmp"
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a directory")
        if target.exists() and not target.is_file():
            raise OSError(None, "is no regular file")
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "is read-only")
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def encode_like(text: str, source: Source) -> bytes:
    """`text` in the encoding of `source`, with its byte order mark where it had one; line ends are left as they are.

    Raises OutputError where the encoding has no such character.
    """
    try:
        data = text.encode(source.encoding)
    except UnicodeEncodeError as error:
        char = text[error.start]
        raise OutputError(
            f"{shown(source.name)}: {source.encoding} has no {shown(char)} (U+{ord(char):04X}); "
            "nothing on disk was changed; write UTF-8 with --output instead"
        ) from None
    return _BOMS.get(source.encoding, b"") + data if source.bom else data


def _unwritable(path: str | os.PathLike[str], error: OSError) -> OutputError:
    """The error for a file that cannot be written: why, that nothing is lost, and what to do."""
    advice = _ADVICE.get(error.errno or 0, "give another path")
    why = error.strerror or str(error)
    return OutputError(f"{shown(path)}: cannot be written ({why}); nothing on disk was changed; {advice}")


def _replace(target: Path, data: bytes, there: os.stat_result | None) -> None:
    if there is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "is read-only")
    temporary = target.parent / f".pbtool-{os.urandom(6).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666 if there is None else 0o600)
    try:
        try:
            if there is not None:
                _take_over(handle, temporary, there)
            _write_all(handle, data)
            os.fsync(handle)
        finally:
            os.close(handle)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(target.parent)


def _take_over(handle: int, temporary: Path, there: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        # Only the administrator may give files away; for anyone else owner and group are their own.
        with contextlib.suppress(OSError):
            os.fchown(handle, there.st_uid, there.st_gid)
    temporary.chmod(stat.S_IMODE(there.st_mode))


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync_folder(folder: Path) -> None:
    # Some systems cannot open folders, and some file systems cannot sync them; the file itself is safe already.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
