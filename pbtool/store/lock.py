"""One writer at a time: a lock beside the store that the system takes away when its holder dies, however it dies."""

from __future__ import annotations

import os
from pathlib import Path

from pbtool.errors import OutputError
from pbtool.files import shown


class Lock:
    """The lock of a store, held from now on until `release`. Raises OutputError where another process holds it."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._path = Path(f"{store}.lock")
        self._handle = -1
        while self._handle < 0:
            self._handle = self._take()

    def release(self) -> None:
        """Give the lock up; its file goes with it."""
        if self._handle >= 0:
            self._path.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1

    def _take(self) -> int:
        """The locked file, or -1 where it was removed by its last holder in this very moment."""
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise OutputError(
                f"{shown(self._store)}: cannot be written ({error.strerror}); give a --db in a folder that can be written"
            ) from None
        try:
            import fcntl
        except ImportError:
            # Windows: SQLite's own locks keep the store whole; two batches only do the same work twice.
            return handle
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise OutputError(
                f"{shown(self._store)}: another batch (process {holder or 'unknown'}) is at work on it; "
                "wait for it, or give another --db"
            ) from None
        if not self._is_current(handle):
            os.close(handle)
            return -1
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        return handle

    def _is_current(self, handle: int) -> bool:
        try:
            return self._path.stat().st_ino == os.fstat(handle).st_ino
        except FileNotFoundError:
            return False
