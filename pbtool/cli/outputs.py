"""What goes out: to standard output as UTF-8 with LF, or to a file, whole or not at all."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterable
from types import TracebackType

from pbtool.errors import OutputError, PipeClosedError
from pbtool.files import write_whole


class Output:
    """Where a command's data goes. As a context manager it writes a file only when all went well."""

    def __init__(self, path: str | None = None) -> None:
        self._path = path if path != "-" else None
        self._pieces: list[bytes] = []

    def write(self, pieces: Iterable[str] | str) -> None:
        """Write text, encoded as UTF-8 (what no encoding can hold becomes U+FFFD)."""
        for piece in [pieces] if isinstance(pieces, str) else pieces:
            data = _encoded(piece)
            if self._path is None:
                _to_stdout(data)
            else:
                self._pieces.append(data)

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            return
        if self._path is None:
            _to_stdout(b"")
        else:
            write_whole(self._path, b"".join(self._pieces))


def _to_stdout(data: bytes) -> None:
    """Write to standard output, or flush it where there is nothing to write."""
    try:
        left = memoryview(data)
        while left:
            # With PYTHONUNBUFFERED the stream is raw, and writes as much as the pipe will take.
            left = left[sys.stdout.buffer.write(left) :]
        if not data:
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        # click would turn a bare BrokenPipeError into an exit status of its own.
        raise PipeClosedError from None
    except OSError as error:
        if error.errno == errno.EBADF:
            raise OutputError("standard output: is closed; use -o PATH") from None
        raise OutputError(f"standard output: {error.strerror or error}; make room, or use -o PATH") from None


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")
