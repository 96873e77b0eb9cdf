"""Measure how fast PDFs are read, side by side with pdfminer.six's own extraction of text.

    python scripts/bench_reading.py [../shared/pdfs/cjk95.pdf] [--times 3]

Each reader runs as a process of its own, the two in turn; printed are the CPU seconds of the best run of each, start-up
included, and how many times faster `pbtool read` is.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READERS = {
    "pbtool read": [sys.executable, "-m", "pbtool", "read", "-q", "--ocr", "never"],
    "pdfminer.six": [
        sys.executable, "-c", "import sys; from pdfminer.high_level import extract_text; print(extract_text(sys.argv[1]))",
    ],
}  # fmt: skip


def seconds(command: list[str]) -> tuple[float, int]:
    """CPU seconds of a process and of all that it starts, and how many Han characters it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = done.stdout.decode("utf-8", "replace")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent, sum("一" <= char <= "鿿" for char in text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, nargs="?", default=Path("../shared/pdfs/cjk95.pdf"))
    parser.add_argument("--times", type=int, default=3)
    told = parser.parse_args()
    best: dict[str, tuple[float, int]] = {}
    for _ in range(told.times):
        for name, command in READERS.items():
            result = seconds([*command, str(told.path.resolve())])
            best[name] = min(result, best.get(name, result))
    for name, (spent, han) in best.items():
        print(f"{name:14} {spent:6.2f} CPU s  {han:,} Han characters")
    print(f"ratio {best['pdfminer.six'][0] / best['pbtool read'][0]:.1f}")


if __name__ == "__main__":
    main()
