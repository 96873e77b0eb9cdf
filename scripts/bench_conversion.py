"""Measure the conversion engine against opencc-python-reimplemented, in one run on one text.

    python scripts/bench_conversion.py [--shared ../shared] [--characters 400000]

CPU seconds, best of three, the two engines in turn; the text is simplified prose for s2t and its traditional form for
t2s. Also: the whole path with edits, and what a first conversion adds to the start.
"""

from __future__ import annotations

import argparse
import lzma
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pbtool.conversion import conversion_edits
from pbtool.conversion.engine import converter
from pbtool.edits import apply


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def benchmark(text: str, rounds: int = 3) -> dict[str, dict[str, float]]:
    """Megabytes of UTF-8 per CPU second for s2t and t2s: our engine, with edits, the peer, and engine : peer."""
    from opencc import OpenCC

    traditional = converter("s2t").convert(text)
    return {
        config: _compared(source, to, converter(config).convert, OpenCC(config).convert, rounds)
        for config, to, source in (("s2t", "hant", text), ("t2s", "hans", traditional))
    }


def _compared(
    text: str, to: str, own: Callable[[str], str], peer: Callable[[str], str], rounds: int
) -> dict[str, float]:
    size = len(text.encode()) / 1e6
    own(text[:20_000]), peer(text[:100])  # what is loaded once is measured as start-up
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(seconds(lambda: own(text)))
        theirs.append(seconds(lambda: peer(text)))
    return {
        "engine MB/s": size / min(ours),
        "with edits MB/s": size / seconds(lambda: apply(text, conversion_edits(text, to))),
        "reimplemented MB/s": size / min(theirs),
        "times": min(theirs) / min(ours),
    }


def start_up(rounds: int = 5) -> float:
    """Milliseconds of CPU that a first conversion adds to `import pbtool.cli`."""
    base = "import pbtool.cli, time; a = time.process_time(); "
    code = base + (
        "from pbtool.conversion import convert_text; convert_text('这里的干部', 'hant'); "
        "print(time.process_time() - a)"
    )
    return 1000 * min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(rounds)
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--characters", type=int, default=400_000)
    options = parser.parse_args()
    path = options.shared / "corpora" / "dev" / "dangjianyanjiu_2025.txt.xz"
    with lzma.open(path, "rt", encoding="utf-8") as file:
        text = file.read(options.characters)
    for config, figures in benchmark(text).items():
        print(config, *(f"{name} {value:.2f}" for name, value in figures.items()), sep="  ")
    print(f"start-up: {start_up():.0f} ms more than the command line itself")


if __name__ == "__main__":
    main()
