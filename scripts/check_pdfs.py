"""Read every PDF of the project's shared folder and print what came of each: a table for the eye.

    python scripts/check_pdfs.py [--shared ../shared] [--ocr never]

One line a file: exit status, characters, CPU seconds, seconds, peak memory of the largest process, and the beginning of the
text, or the error. Files of columns are compared with NAME_gold.txt where that lies beside them.
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


def row(path: Path, ocr: str) -> str:
    """One line of the table."""
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
    if gold.exists():
        shown = (
            f"{'in order' if in_order(text, gold.read_text(encoding='utf-8')) else 'NOT IN ORDER'}: {shown}"
        )
    spent = used.ru_utime + used.ru_stime
    return (
        f"{path.name:34} {process.returncode:>2} {len(text):>7} {spent:6.2f} {wall:6.2f} s {used.ru_maxrss >> 10:>5} MB  "
        + shown.replace(str(path), path.name).replace("\n", " | ")
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--ocr", choices=("auto", "never"), default="never")
    told = parser.parse_args()
    for path in sorted((told.shared / "pdfs").rglob("*.pdf")):
        print(row(path, told.ocr), flush=True)


if __name__ == "__main__":
    main()
