"""Read every PDF of the project's shared folder and print what came of each: a table for the eye.

    python scripts/check_pdfs.py [--shared ../shared] [--ocr never]

One line a file: exit status, characters, CPU seconds, seconds, peak memory of the largest process, and the beginning of the
text, or the error. Files of columns are compared with NAME_gold.txt where that lies beside them. Exit status 1 if a file made
the reader crash, took more than its limits, said more than a line, or came out of order.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

#: CPU seconds and megabytes that no file may take.
SECONDS, MEGABYTES = 10.0, 600


def row(path: Path, ocr: str) -> tuple[str, list[str]]:
    """One line of the table, and what is wrong with it."""
    command = [sys.executable, "-m", "pbtool", "read", "--ocr", ocr, str(path)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        text, notes = (read_back(stream) for stream in (out, said))
    shown = "".join(text.split())[:30] or notes.strip()
    if text and notes:
        shown += f"  ({notes.strip()})"
    gold = path.with_name(f"{path.stem.split('_')[0]}_gold.txt")
    spent, peak = used.ru_utime + used.ru_stime, used.ru_maxrss >> 10
    faults = {
        "status": process.returncode not in (0, 3),
        "time": spent > SECONDS,
        "memory": peak > MEGABYTES,
        "message": process.returncode == 3 and notes.count("\n") != 1,
        "order": gold.exists() and not in_order(text, gold.read_text(encoding="utf-8")),
    }
    wrong = [name for name, found in faults.items() if found]
    shown = shown.replace(str(path), path.name).replace("\n", " | ")
    mark = f"WRONG {', '.join(wrong)}: " if wrong else "in order: " if gold.exists() else ""
    return (
        f"{path.name:34} {process.returncode:>2} {len(text):>7} {spent:6.2f} {wall:6.2f} s {peak:>5} MB  {mark}{shown}",
        wrong,
    )


def in_order(text: str, gold: str) -> bool:
    """Whether nearly all pieces of the gold text stand in the text, one after the other."""
    text, gold = "".join(text.split()), "".join(gold.split())
    places = [text.find(gold[at : at + 20]) for at in range(0, len(gold) - 20, 20)]
    found = [place for place in places if place >= 0]
    return len(found) > 0.9 * len(places) and found == sorted(found)


def read_back(stream: IO[bytes]) -> str:
    """What was written to a temporary file."""
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--ocr", choices=("auto", "never"), default="never")
    told = parser.parse_args()
    paths = sorted((told.shared / "pdfs").rglob("*.pdf"))
    bad = 0
    for path in paths:
        line, wrong = row(path, told.ocr)
        print(line, flush=True)
        bad += bool(wrong)
    print(f"{len(paths)} files, {bad} of them wrong (limits: {SECONDS:g} CPU s, {MEGABYTES} MB)")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
