"""Feed mutated PDFs, web pages and Word files to the readers: each gives text or one line, in bounded time, and leaves nothing.

    python scripts/fuzz_reading.py [how many] [seed] [--workers 2] [--only NUMBER]

(2000 and 1 where not told.) The same seed makes the same files, whatever the number of workers; `--only` reads one of them
again and says what came of it, error and all. Printed are the outcomes, the slowest file, the largest child, and what is left behind:
exit status 1 where a reader raised what it should not, a limit was passed, or a process, thread or file stayed.

Every twentieth file goes the whole way of `pbtool read`. The others go to the same child under the same limits, but forked from a
process that has its modules loaded, which takes a tenth of the time.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import re
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from make_pdf import make_pdf

from pbtool.errors import InputError
from pbtool.reading import child, read_bytes, sandbox

_PROSE = "云湖县石桥镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收。"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WHOLE_WAY = 20
#: Bytes of memory, seconds of processor time between two signs of life, seconds of silence: tighter than those of `read`.
_LIMITS = (300 << 20, 5, 60)
#: What a child says that met an error nobody foresaw.
_FAULT = re.compile(r"cannot be read \([A-Z][A-Za-z]+(?:Error|Exception|Warning)?: ")


def seeds() -> dict[str, bytes]:
    """Sound files of each kind."""
    page = [(60.0, 700.0 - 16 * row, 10.0, _PROSE) for row in range(20)]
    stack = [(500.0 - 30 * at, 780.0, 18.0, _PROSE[:20]) for at in range(8)]
    paragraphs = f"<p>{_PROSE}</p>" * 9
    return {
        "plain.pdf": make_pdf([page, page], packed=False),
        "packed.pdf": make_pdf([page, page], cmap="GBK-EUC-H", labels="/Nums[0<</S/r>>1<</S/D>>]"),
        "vertical.pdf": make_pdf([stack], cmap="UniGB-UCS2-V", packed=False, rotate=90),
        "unmapped.pdf": make_pdf([page], packed=False).replace(b"/UniGB-UCS2-H", b"/Identity-H"),
        "old.html": f'<!DOCTYPE html><html><head><meta charset="gbk"><title>题_网</title></head><body><h1>题</h1>{paragraphs}</body></html>'.encode("gbk"),
        "new.html": f'<html><head><meta charset="utf-8"></head><body><div id=a><table><tr><td>{paragraphs}</table></div></body></html>'.encode(),
        "a.docx": _word(_parts()),
    }  # fmt: skip


def _parts() -> dict[str, bytes]:
    """The parts of a Word file with styles, numbering, a table and a note."""
    numbered = (
        '<w:pPr><w:pStyle w:val="1"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    )
    body = f"<w:p>{numbered}<w:r><w:t>{_PROSE}</w:t></w:r></w:p>" * 5
    table = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>{_PROSE}</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    note = f'<w:footnote w:id="1"><w:p><w:r><w:t>{_PROSE}</w:t></w:r></w:p></w:footnote>'
    levels = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    lists = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    return {
        f"word/{name}.xml": f'<w:{root} xmlns:w="{_W}">{inside}</w:{root}>'.encode()
        for name, root, inside in (
            ("document", "document", f"<w:body>{body}{table}</w:body>"),
            ("styles", "styles", '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'),
            ("numbering", "numbering", lists),
            ("footnotes", "footnotes", note),
        )
    }


def _word(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The file with some bytes changed, pieces cut out, doubled or swapped, or its end lost."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 3, 10, 40))):
        place = dice.randrange(len(out) or 1)
        size = dice.choice((1, 1, 4, 64))
        match dice.randrange(4):
            case 0:
                out[place : place + size] = dice.randbytes(size)
            case 1:
                del out[place : place + size]
            case 2:
                out[place:place] = out[place : place + size] * dice.choice((1, 2, 50))
            case 3:
                out[place : place + size] = dice.choice(
                    (b"\0", b"<", b">>", b"9999999999", b"-1", b"endobj", b"&#x10ffff;", b"\xff\xfe")
                )
    return bytes(out[: dice.randrange(len(out) + 1)] if dice.random() < 0.1 else out)


def made(number: int, seed: int, kinds: dict[str, bytes]) -> tuple[str, bytes]:
    """Name and bytes of the mutated file of that number; of Word files, half are mutated inside the packing."""
    dice = random.Random(f"{seed}:{number}")
    name = dice.choice(sorted(kinds))
    if name.endswith(".docx") and dice.random() < 0.5:
        parts = _parts()
        part = dice.choice(sorted(parts))
        return name, _word({**parts, part: mutated(parts[part], dice)})
    return name, mutated(kinds[name], dice)


class Forked:
    """What `sandbox` starts by `subprocess.Popen`, forked from this process instead, whose modules are loaded."""

    def __init__(self, *_: object, **__: object) -> None:
        request, self_in = os.pipe()
        self_out, answer = os.pipe()
        self.returncode: int | None = None
        self.pid = os.fork()
        if not self.pid:
            try:
                self._serve(request, answer, (self_in, self_out))
            finally:
                os._exit(1)
        os.close(request)
        os.close(answer)
        self.stdin, self.stdout = os.fdopen(self_in, "wb"), os.fdopen(self_out, "rb")

    @staticmethod
    def _serve(request: int, answer: int, others: tuple[int, ...]) -> None:
        for place, target in ((request, 0), (answer, 1), (os.open(os.devnull, os.O_WRONLY), 2)):
            os.dup2(place, target)
        for place in (request, answer, *others):
            os.close(place)
        sys.stdin = os.fdopen(0, "r", closefd=False)
        child.main()

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (timeout or 0.0)
        while self.returncode is None:
            pid, status = os.waitpid(self.pid, 0 if timeout is None else os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > end:
                raise subprocess.TimeoutExpired("child", timeout or 0.0)
            else:
                time.sleep(0.002)
        return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


@dataclass(slots=True)
class Report:
    """What came of some files."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    largest: int = 0
    left: str = ""

    def add(self, other: Report) -> None:
        """Take the other report in."""
        self.outcomes += other.outcomes
        self.faults += other.faults
        self.slowest, self.largest = max(self.slowest, other.slowest), max(self.largest, other.largest)
        self.left = self.left or other.left


def outcome(name: str, data: bytes) -> str:
    """What reading gives: `text`, or the error."""
    try:
        read_bytes(data, name)
    except InputError as error:
        return error.why
    return "text"


def worked(job: tuple[int, int, range]) -> Report:
    """Read the files of these numbers, one after the other."""
    seed, _, numbers = job
    kinds, report = seeds(), Report()
    before = _held()
    for number in numbers:
        name, data = made(number, seed, kinds)
        begun = _spent()
        with mock.patch.object(sandbox, "_READING", _LIMITS):
            if number % _WHOLE_WAY:
                with mock.patch.object(subprocess, "Popen", Forked):
                    said = outcome(name, data)
            else:
                said = outcome(name, data)
        report.outcomes[f"{name:13} {re.sub(r'[0-9]+', 'N', said.partition(';')[0])[:70]}"] += 1
        if _FAULT.search(said) or "\n" in said:
            report.faults.append(f"{number}: {name}: {said}")
        report.slowest = max(report.slowest, (_spent() - begun, number))
    time.sleep(0.3)
    report.largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    if _held() != before:
        report.left = f"left behind: (processes, threads, files) were {before}, are {_held()}"
    return report


def _spent() -> float:
    """CPU seconds of all children so far: the clock of a busy machine tells little."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _held() -> tuple[int, int, int]:
    """Processes, threads and files that this process holds (Linux; elsewhere only threads)."""
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    there = own.exists()
    files = len(list(Path("/proc/self/fd").iterdir())) if there else 0
    return len(own.read_text().split()) if there else 0, threading.active_count(), files


def _jobs(count: int, seed: int) -> Iterator[tuple[int, int, range]]:
    for number, first in enumerate(range(0, count, 100)):
        yield seed, number, range(first, min(count, first + 100))


def preload() -> None:
    """Load what the readers import when they are asked, so that forked children have it."""
    for name, data in seeds().items():
        options: dict[str, Any] = {"ocr": "never"}
        if not name.endswith(".pdf"):
            child._answer({"kind": name.rpartition(".")[2], "name": name, "options": options}, data, print)
    import pdfminer.converter
    import pdfminer.pdfpage
    import pypdfium2.raw

    import pbtool.conversion
    import pbtool.language
    import pbtool.reading.pdfium
    import pbtool.reading.pdfminer

    assert pdfminer.converter and pdfminer.pdfpage and pypdfium2.raw and pbtool.conversion
    pbtool.language.model().score("支部")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", type=int)
    told = parser.parse_args()
    if told.only is not None:
        name, data = made(told.only, told.seed, seeds())
        print(name, outcome(name, data))
        return 0
    begun, total = time.monotonic(), Report()
    preload()
    with multiprocessing.get_context("fork").Pool(told.workers) as pool:
        for report in pool.imap_unordered(worked, _jobs(told.count, told.seed)):
            total.add(report)
            print(f"{sum(total.outcomes.values())} files …", file=sys.stderr, flush=True)
    for what, number in sorted(total.outcomes.items()):
        print(f"{number:6} {what}")
    print(*total.faults, sep="\n")
    print(
        f"{sum(total.outcomes.values())} files in {time.monotonic() - begun:.0f} s, slowest {total.slowest[0]:.1f} CPU s "
        f"(number {total.slowest[1]}), largest child {total.largest} MB, {len(total.faults)} faults, "
        + (total.left or "nothing left behind")
    )
    return 1 if total.faults or total.left else 0


if __name__ == "__main__":
    sys.exit(main())
