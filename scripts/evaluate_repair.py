"""Measure the repair of shifted signs on held-out prose: broken on purpose, and untouched.

    python scripts/evaluate_repair.py [--shared ../shared] [--chars 300000] [--part test] [--first 0] [-v]

The development corpora are split by article-sized blocks: blocks with an even number tune thresholds (`--part tune`), blocks
with an odd number are the test. Printed: F1 for each way of breaking, false edits in a million untouched characters, and
a table of reliability (what the confidence says, how often it is right).
"""

from __future__ import annotations

import argparse
import lzma
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from make_broken import MODES, Breaker  # noqa: E402

from pbtool.edits import Edit  # noqa: E402
from pbtool.repair.shift import LIKELY, SURE, propose_shift  # noqa: E402
from pbtool.repair.signs import signs  # noqa: E402

BLOCK = 20  # passages
PAGE = """# How well shifted signs are repaired

Written by `scripts/evaluate_repair.py`: held-out press text, broken on purpose by `scripts/make_broken.py` and untouched.
An edit counts where it is applied (sure from {}, likely from {}); the table of reliability takes in suggestions.

```
{}
```
"""
BINS = (0.5, 0.7, 0.9, 0.97, 0.99, 0.999, 0.9999, 1.01)


def blocks(shared: Path, part: str) -> Iterator[list[str]]:
    """Blocks of passages of the development corpora that belong to `part`."""
    for path in sorted((shared / "corpora" / "dev").glob("*.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            lines = [line for line in file.read().split("\n") if line.strip()]
        for number, start in enumerate(range(0, len(lines), BLOCK)):
            if number % 2 == (part == "test"):
                yield lines[start : start + BLOCK]


def sample(shared: Path, part: str, chars: int, first: int = 0) -> list[list[str]]:
    """Every k-th block from the first on, so that `chars` characters come together from all over the corpora."""
    every = list(blocks(shared, part))
    total = sum(len(line) for block in every for line in block)
    stride = max(1, total // chars)
    return every[first % stride :: stride]


def same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)


class Score:
    """Hits, false repairs and misses, and what was said with which confidence."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.said: list[tuple[float, bool]] = []
        self.wrong: list[str] = []

    def add(self, text: str, truth: dict[int, str], edits: list[Edit]) -> None:
        found = {edit.start: edit for edit in edits}
        for place, edit in found.items():
            right = place in truth and same(truth[place], edit.after)
            self.said.append((edit.confidence, right))
            if edit.grade != "suggested":
                self.count["hit" if right else "false"] += 1
                if not right:
                    self.wrong.append(f"false {around(text, place)} -> {edit.after} {edit.confidence}")
        for place, sign in truth.items():
            if place not in found or found[place].grade == "suggested":
                self.count["miss"] += 1
                said = found[place].confidence if place in found else 0
                self.wrong.append(f"miss  {around(text, place)} is {sign} {said}")

    @property
    def f1(self) -> float:
        hit, wrong = self.count["hit"], self.count["false"] + self.count["miss"]
        return 2 * hit / (2 * hit + wrong) if hit + wrong else 1.0


def around(text: str, place: int) -> str:
    return repr(text[max(0, place - 10) : place] + "[" + text[place] + "]" + text[place + 1 : place + 9])


def broken(sampled: list[list[str]], mode: str) -> tuple[Score, float]:
    """The score for one way of breaking, and characters a second."""
    score, breaker, chars, spent = Score(), Breaker(mode, 7), 0, 0.0
    for block in sampled:
        text = ""
        truth: dict[int, str] = {}
        for line in block:
            piece, marks = breaker.passage(line)
            truth |= {len(text) + i: sign for i, sign in enumerate(marks) if sign}
            text += piece + "\n"
        began = time.process_time()
        edits = propose_shift(text)
        spent += time.process_time() - began
        chars += len(text)
        score.add(text, truth, edits)
    return score, chars / max(spent, 1e-9)


def untouched(shared: Path, part: str) -> tuple[Score, int, float]:
    """False edits on the whole part as it is, its length, and characters a second."""
    score, chars, spent = Score(), 0, 0.0
    for block in blocks(shared, part):
        text = "\n".join(block) + "\n"
        began = time.process_time()
        edits = propose_shift(text)
        spent += time.process_time() - began
        chars += len(text)
        score.add(text, {}, edits)
    return score, chars, chars / max(spent, 1e-9)


def reliability(said: list[tuple[float, bool]]) -> Iterator[str]:
    """The table of reliability, and the expected calibration error."""
    error = 0.0
    for low, high in zip(BINS, BINS[1:], strict=False):
        inside = [(confidence, right) for confidence, right in said if low <= confidence < high]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            error += abs(mean - share) * len(inside) / len(said)
            yield f"  said {low:.4f}-{high:.4f}: {len(inside):7d} edits, mean {mean:.4f}, right {share:.4f}"
    yield f"  expected calibration error {error:.5f}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds corpora/")
    parser.add_argument("--chars", type=int, default=300_000, help="characters to break for each mode")
    parser.add_argument("--part", choices=("tune", "test"), default="test")
    parser.add_argument(
        "--first",
        type=int,
        default=0,
        help="begin with this block: another sample than the one that was looked at",
    )
    parser.add_argument("--mode", choices=MODES, action="append", help="only these")
    parser.add_argument("--report", type=Path, help="also write the figures here, as a page in Markdown")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what went wrong")
    options = parser.parse_args()
    signs()
    lines = list(report(options))
    if options.report:
        options.report.write_text(PAGE.format(SURE, LIKELY, "\n".join(lines)), encoding="utf-8")
    return 0


def report(options: argparse.Namespace) -> Iterator[str]:
    """The lines of the report; each is printed as soon as it is known."""
    for line in measured(options):
        print(line, flush=True)
        yield line


def measured(options: argparse.Namespace) -> Iterator[str]:
    sampled = sample(options.shared, options.part, options.chars, options.first)
    yield f"{options.part} part, every so many blocks from number {options.first}: {sum(map(len, map(''.join, sampled)))} characters"
    said: list[tuple[float, bool]] = []
    for mode in options.mode or MODES:
        score, speed = broken(sampled, mode)
        said += score.said
        count = score.count
        yield (
            f"{mode:12s} F1 {score.f1:.5f}  right {count['hit']}, missed {count['miss']}, false {count['false']}; "
            f"{speed / 1e3:.0f} thousand characters a second"
        )
        if options.verbose:
            yield from score.wrong[:400]
    yield from reliability(said)
    score, chars, speed = untouched(options.shared, options.part)
    rate = score.count["false"] / chars * 1e6
    yield (
        f"untouched    {rate:.2f} false edits a million ({score.count['false']} in {chars}); "
        f"{speed / 1e3:.0f} thousand characters a second"
    )
    if options.verbose:
        yield from score.wrong


if __name__ == "__main__":
    sys.exit(main())
