"""Feed mutated PDFs, web pages and Word files to the readers: each gives text or one line, in bounded time, and leaves no process.

python scripts/fuzz_reading.py [how many] [seed] [seconds]      (2000, 1 and 3600 where not told; some four a second)
"""

from __future__ import annotations

import io
import os
import random
import resource
import sys
import threading
import time
import zipfile
from collections import Counter
from pathlib import Path

from make_pdf import make_pdf

from pbtool.errors import InputError
from pbtool.reading import read_bytes

_PROSE = "云湖县石桥镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收。"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def seeds() -> dict[str, bytes]:
    """One sound file of each kind."""
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        body = f"<w:p><w:r><w:t>{_PROSE}</w:t></w:r></w:p>" * 5
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
        )
    page = [(60.0, 700.0 - 16 * row, 10.0, _PROSE) for row in range(20)]
    html = f'<!DOCTYPE html><html><head><meta charset="gbk"><title>题_网</title></head><body><h1>题</h1>{f"<p>{_PROSE}</p>" * 9}</body></html>'
    return {
        "a.pdf": make_pdf([page, page], packed=False),
        "b.pdf": make_pdf([page, page], cmap="GBK-EUC-H"),
        "a.html": html.encode("gbk"),
        "a.docx": word.getvalue(),
    }


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
                    (b"\0", b"<", b">>", b"9999999999", b"endobj", b"&#x10ffff;")
                )
    return bytes(out[: dice.randrange(len(out) + 1)] if dice.random() < 0.1 else out)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    dice = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    kinds = seeds()
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    end = time.monotonic() + (float(sys.argv[3]) if len(sys.argv) > 3 else 3600)
    for _ in range(count):
        if time.monotonic() > end:
            break
        name = dice.choice(sorted(kinds))
        data = mutated(kinds[name], dice)
        begun = time.monotonic()
        try:
            read_bytes(data, name)
            outcomes[f"{name} text"] += 1
        except InputError as error:
            assert "\n" not in str(error), error
            outcomes[f"{name} {error.why.split('(')[0][:60]}"] += 1
        slowest = max(slowest, time.monotonic() - begun)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    for outcome, number in sorted(outcomes.items()):
        print(f"{number:6} {outcome}")
    left = Path(f"/proc/self/task/{os.getpid()}/children")
    alive = len(left.read_text().split()) if left.exists() else 0
    files = len(list(Path("/proc/self/fd").iterdir())) if left.exists() else 0
    print(
        f"{sum(outcomes.values())} files, slowest {slowest:.1f} s, largest child {peak} MB, "
        f"{alive} processes and {threading.active_count() - 1} threads left, {files} files open"
    )


if __name__ == "__main__":
    main()
