"""The child process that reads one foreign file, under limits that it cannot lift.

The one idea: whatever happens here (a bomb, a crash, an endless loop) ends this process only. The first line on standard
input is the request, the rest is the file; lines on standard output are signs of life, the last one is the answer.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from typing import Any, NoReturn

from pbtool.document import Document
from pbtool.errors import PbtoolError

#: Exit statuses that the parent understands.
TOO_MUCH_MEMORY = 77
_LIBC_DEATH_SIGNAL = 1
_PAUSE = 0.02


def main() -> NoReturn:
    """Read the request, answer it, leave."""
    # One file, then the end: looking for garbage costs a fifth of the time and finds none.
    gc.disable()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    limits = Limits(request["memory"], request["seconds"], request["parent"])
    data = sys.stdin.buffer.read()

    def tick(done: int, total: int) -> None:
        limits.renew()
        out.write(b'{"tick":[%d,%d]}\n' % (done, total))
        out.flush()

    answer = _answer(request, data, tick)
    out.write(json.dumps(answer, ensure_ascii=True).encode())
    out.write(b"\n")
    out.flush()
    os._exit(0)


def _answer(request: dict[str, Any], data: bytes, tick: Any) -> dict[str, Any]:
    from pbtool.reading.foreign import reader, rendered
    from pbtool.reading.pdf import MoreRoom

    try:
        if request["kind"] == "rendering":
            return rendered(data, request["name"], **request["options"])
        document = reader(request["kind"])(data, request["name"], request["options"], tick)
    except PbtoolError as error:
        return {"error": getattr(error, "why", str(error)), "usage": error.status == 2}
    except MoreRoom:
        return {"again": True}
    except MemoryError:
        os._exit(TOO_MUCH_MEMORY)
    except RecursionError:
        return {"error": "is nested too deeply to be read; it may be damaged"}
    except Exception as error:
        return {"error": f"cannot be read ({type(error).__name__}: {str(error)[:200]}); it may be damaged"}
    return packed(document)


def packed(document: Document) -> dict[str, Any]:
    """A document just read as plain lists."""
    fonts = sorted({run.font for run in document.fonts})
    number = {font: index for index, font in enumerate(fonts)}
    source = document.source
    return {
        "text": document.original,
        "source": [source.encoding, source.newline, source.bom, source.pages],
        "pages": [[p.number, p.start, p.end, p.label, p.width, p.height] for p in document.pages],
        "lines": [
            [
                n.start,
                n.end,
                n.page,
                n.confidence,
                n.doubts,
                n.choices,
                *((n.box.x0, n.box.y0, n.box.x1, n.box.y1) if n.box else ()),
            ]
            for n in document.lines
        ],
        "fonts": fonts,
        "runs": [[r.start, r.end, number[r.font], r.size, r.broken] for r in document.fonts],
        "notes": list(document.notes),
    }


class Limits:
    """Memory and time of this process, and its end when the parent is gone."""

    def __init__(self, memory: int, seconds: int, parent: int) -> None:
        self._memory = memory
        self._seconds = seconds
        self._parent = parent
        self._follow_parent()
        try:
            import resource
            import signal
        except ImportError:
            # Windows has no such limits; the parent's deadline still holds.
            return
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for which, limit in (("RLIMIT_CORE", 0), ("RLIMIT_DATA", 2 * memory), ("RLIMIT_FSIZE", 0)):
            if hasattr(resource, which):
                resource.setrlimit(getattr(resource, which), (limit, limit))
        self.renew()
        threading.Thread(target=self._watch, daemon=True).start()

    def renew(self) -> None:
        """A sign of life: the clock of processor time starts again."""
        try:
            import resource
        except ImportError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + self._seconds
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))

    def _follow_parent(self) -> None:
        if sys.platform == "linux":
            import ctypes
            import signal

            ctypes.CDLL(None).prctl(_LIBC_DEATH_SIGNAL, signal.SIGKILL)

    def _watch(self) -> None:
        while True:
            time.sleep(_PAUSE)
            if _resident() > self._memory:
                os._exit(TOO_MUCH_MEMORY)
            if os.getppid() != self._parent:
                os._exit(1)


def _resident() -> int:
    """Bytes of memory that this process holds (on systems other than Linux: the most it ever held)."""
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123 - fifty times a second
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
