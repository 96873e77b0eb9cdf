"""Whether a process does anything: what tells one that hangs from one that works hard.

The one idea: who sleeps needs no core. The pool gives the core of a worker that only waits (for a lock, a pipe, a disk that does not
answer) to another one, so that a document that hangs costs itself and not a core until its deadline.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic

#: Who has used no processor time for so long (seconds) is taken to sleep.
_PATIENCE = 1.0


class Watch:
    """Looks at one process, with its children, from time to time, while it is at one item."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._used: int | None = None
        self._since = monotonic()
        self._asleep = False

    def asleep(self) -> bool:
        """Whether the process has used no processor time for a second; False where the system does not tell (not Linux)."""
        now = monotonic()
        if now - self._since >= _PATIENCE:
            used = _ticks(self._pid)
            self._asleep = used is not None and used == self._used
            self._used, self._since = used, now
        return self._asleep


def _ticks(pid: int) -> int | None:
    """Processor time of a process and its children, in the kernel's ticks; None where that cannot be read (see proc(5))."""
    try:
        # What stands before the last bracket is the program's name, which may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_bytes().split()
    except OSError:
        return None
    # utime, stime, and the same of children that have ended.
    return sum(map(int, fields[11:15])) + sum(_ticks(int(child)) or 0 for child in children)
