"""Foreign files are read in a child process with limits; this is the parent's side.

The one idea: the parent never touches a foreign format. It hands over the bytes, waits for signs of life, and turns a crash, a
hang or a bomb into one sentence.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pbtool.document import Box, Document, FontRun, Line, Page, Source
from pbtool.errors import InputError, UsageError
from pbtool.reading.child import TOO_MUCH_MEMORY

_CODE = "import sys; sys.path[:] = {path!r}; from pbtool.reading.child import main; main()"
#: Bytes of memory, seconds of processor time between two signs of life, seconds of silence: to read text, and pictures.
_READING = (420 << 20, 8, 60)
_RECOGNITION = (1800 << 20, 300, 600)
_MOST_OUTPUT = 256 << 20

#: Told how many of how many pages are done.
Progress = Callable[[int, int], None]


def read_foreign(
    kind: str,
    data: bytes,
    name: str,
    options: dict[str, Any],
    *,
    limits: tuple[int, int, int] | None = None,
    progress: Progress | None = None,
) -> Document:
    """Read `data` in a child process. Raises InputError for whatever goes wrong there.

    `limits`: bytes of memory, seconds of processor time per page, seconds of silence.
    """
    roomy = kind == "picture" or options.get("ocr") == "always"
    answer = _asked(kind, data, name, options, limits or (_RECOGNITION if roomy else _READING), progress)
    if "again" in answer:
        # Only a file whose text was read within the tighter limits gets the wider ones.
        answer = _asked(kind, data, name, {**options, "roomy": True}, _RECOGNITION, progress)
    return _unpacked(answer, name, data)


def _asked(
    kind: str,
    data: bytes,
    name: str,
    options: dict[str, Any],
    limits: tuple[int, int, int],
    progress: Progress | None,
) -> dict[str, Any]:
    memory, seconds, silence = limits
    request = {
        "kind": kind,
        "name": name,
        "options": options,
        "memory": memory + len(data),
        "seconds": seconds,
        "parent": os.getpid(),
    }
    child = _Child(json.dumps(request).encode() + b"\n", data, silence)
    answer = child.answer(progress)
    if answer is None:
        raise InputError(name, _what_happened(child, memory, seconds, silence))
    if "error" in answer:
        raise UsageError(answer["error"]) if answer.get("usage") else InputError(name, answer["error"])
    return answer


def render_page(
    data: bytes, name: str, page: int, scale: float, password: str | None = None
) -> tuple[int, int, bytearray]:
    """Width, height and pixels (three bytes each) of a page, rendered in a child process. Raises InputError."""
    options = {"password": password, "page": page, "scale": scale}
    answer = _asked("rendering", data, name, options, _READING, None)
    return answer["width"], answer["height"], bytearray(base64.b64decode(answer["pixels"]))


class _Child:
    """One child process, from its start to its certain end."""

    def __init__(self, request: bytes, data: bytes, silence: float) -> None:
        home = str(Path(__file__).resolve().parents[2])
        code = _CODE.format(path=[home, *(path for path in sys.path if path and path != home)])
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.hung = self.overflowed = False
        self._heard = time.monotonic()
        self._silence = silence
        self._over = threading.Event()
        threading.Thread(target=self._feed, args=(request, data), daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def answer(self, progress: Progress | None) -> dict[str, Any] | None:
        """The child's answer, or None where it died without one."""
        stdout = self.process.stdout
        assert stdout is not None
        try:
            while line := stdout.readline(_MOST_OUTPUT):
                self._heard = time.monotonic()
                if not line.endswith(b"\n"):
                    self.overflowed = len(line) == _MOST_OUTPUT
                    return None
                message: dict[str, Any] = json.loads(line)
                if "tick" not in message:
                    return message
                if progress is not None:
                    progress(*message["tick"])
            return None
        except ValueError:
            return None
        except BaseException:
            # Ctrl-C, most of all: do not wait for what nobody wants any more.
            self.process.kill()
            raise
        finally:
            self._end()

    def _end(self) -> None:
        self._over.set()
        try:
            # A child that closed its output is about to leave; its status says why.
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        except BaseException:
            self.process.kill()
            raise
        if self.process.stdout is not None:
            self.process.stdout.close()

    def _feed(self, request: bytes, data: bytes) -> None:
        stdin = self.process.stdin
        assert stdin is not None
        try:
            stdin.write(request)
            stdin.write(data)
            stdin.close()
        except OSError:
            # It left without reading all; how it ended is told by its status.
            return

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            if time.monotonic() - self._heard > self._silence:
                self.hung = True
                self.process.kill()
                return


def _what_happened(child: _Child, memory: int, seconds: int, silence: int) -> str:
    status = child.process.returncode
    if child.overflowed:
        return f"gives more than {_MOST_OUTPUT >> 20} MB of text; it is no document, or a bomb"
    if child.hung:
        return f"was given up: nothing came of it for {silence} seconds; it may be damaged"
    if status == TOO_MUCH_MEMORY:
        return f"was given up: reading it takes more than {memory >> 20} MB of memory; it may be a bomb, or try --pages"
    if status == -getattr(signal, "SIGXCPU", 0):
        return (
            f"was given up: one page of it took more than {seconds} seconds; it may be a bomb, or try --pages"
        )
    return f"made its reader crash (status {status}); it is damaged; print it to a new PDF, or try --pages"


def _unpacked(answer: dict[str, Any], name: str, data: bytes) -> Document:
    encoding, newline, bom, pages = answer["source"]
    source = Source(name, hashlib.sha256(data).hexdigest(), encoding, newline, bom, pages)
    lines = tuple(
        Line(
            start,
            end,
            page,
            Box(*box) if box else None,
            confidence,
            tuple((low, high) for low, high in doubts),
            tuple((place, others) for place, others in choices),
        )
        for start, end, page, confidence, doubts, choices, *box in answer["lines"]
    )
    fonts = answer["fonts"]
    runs = tuple(
        FontRun(start, end, fonts[font], size, broken) for start, end, font, size, broken in answer["runs"]
    )
    return Document.from_text(
        answer["text"],
        source,
        pages=tuple(Page(*page) for page in answer["pages"]),
        lines=lines,
        fonts=runs,
        notes=tuple(answer["notes"]),
    )
