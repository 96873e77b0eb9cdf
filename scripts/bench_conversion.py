"""Measure conversion against opencc-python-reimplemented, in one run on one text.

    python scripts/bench_conversion.py [--shared ../shared] [--characters 400000]

CPU seconds, best of three, in turn; the text is simplified prose for s2t and its traditional form for t2s. "engine" is
OpenCC's conversion alone, "text" all that `pbtool convert` does with a text (detection, names, places, merged characters
judged), "edits" the same with every change spelled out as an edit. Also: what a conversion of one line adds to the CPU
time of `pbtool --help`, with modules compiled (best of many, as a busy machine only ever adds).
"""

from __future__ import annotations

import argparse
import lzma
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pbtool.conversion import conversion_edits, convert_text
from pbtool.conversion.engine import converter

#: What is asked of the whole path: so many times the peer's speed, and so many milliseconds more than `--help`.
TIMES, START = 8.0, 60.0
LINES = {
    "hans": "這裡的幹部說，聯繫群眾要走進村裡",
    "hant": "这里的干部说，联系群众要走进村里",
    "tw": "这里的干部说，联系群众要走进村里",
    "hk": "这里的干部说，联系群众要走进村里",
}


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def benchmark(text: str, rounds: int = 3) -> dict[str, dict[str, float]]:
    """For s2t and t2s: megabytes of UTF-8 per CPU second of each way, and how many times the peer's speed that is."""
    from opencc import OpenCC

    traditional = converter("s2t").convert(text)
    result = {}
    for config, to, source in (("s2t", "hant", text), ("t2s", "hans", traditional)):
        peer = OpenCC(config)
        ways: dict[str, Callable[[str], object]] = {
            "reimplemented": peer.convert,
            "engine": converter(config).convert,
            "text": partial(convert_text, to=to),
            "edits": partial(conversion_edits, to=to),
        }
        best = dict.fromkeys(ways, 1e9)
        for way in ways.values():
            way(source[:20_000])  # what is loaded once is measured as start-up
        for _ in range(rounds):
            for name, way in ways.items():
                best[name] = min(best[name], seconds(partial(way, source)))
        size = len(source.encode()) / 1e6
        result[config] = {f"{name} MB/s": size / spent for name, spent in best.items()}
        for name in ("engine", "text", "edits"):
            result[config][f"{name} times"] = best["reimplemented"] / best[name]
    return result


def start_up(rounds: int = 25) -> dict[str, float]:
    """Milliseconds of CPU that a conversion of one line costs more than `pbtool --help`, by target."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def spent(*arguments: str, given: str = "") -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "pbtool", *arguments],
            input=given.encode(),
            env=environment,
            check=True,
            capture_output=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)

    best = dict.fromkeys(("--help", *LINES), 1e9)
    for _ in range(rounds):
        best["--help"] = min(best["--help"], spent("--help"))
        for to, line in LINES.items():
            best[to] = min(best[to], spent("convert", "--to", to, given=line))
    return {to: best[to] - best["--help"] for to in LINES}


def main() -> int:
    """Print the figures; 1 where the whole path misses what is asked of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--characters", type=int, default=400_000)
    options = parser.parse_args()
    path = options.shared / "corpora" / "dev" / "dangjianyanjiu_2025.txt.xz"
    with lzma.open(path, "rt", encoding="utf-8") as file:
        text = file.read(options.characters)
    found = benchmark(text)
    for config, figures in found.items():
        print(config, *(f"{name} {value:.1f}" for name, value in figures.items()), sep="  ")
    more = start_up()
    print("start-up, ms more than --help:", *(f"{to} {value:.0f}" for to, value in more.items()))
    fast = all(figures["text times"] >= TIMES for figures in found.values())
    return 0 if fast and max(more.values()) < START else 1


if __name__ == "__main__":
    sys.exit(main())
