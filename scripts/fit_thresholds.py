"""Write pbtool/data/thresholds.md: the thresholds of repair, and the curves that they were chosen by.

    python scripts/fit_thresholds.py [--shared ../shared] [--chars 300000] [--lines 4000]

Everything is measured on the tuning half of the development corpora; `evaluate_repair.py` and `evaluate_families.py` print
how the chosen thresholds do on the other half.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

import evaluate_families  # noqa: E402
from break_families import misread  # noqa: E402
from evaluate_repair import blocks, broken, sample  # noqa: E402

from pbtool.repair import lookalike, shift  # noqa: E402

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "thresholds.md"
CHANCES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 0.99, 0.999)
GAINS = (6.0, 7.0, 7.5, 8.0, 9.0, 10.0, 12.0, 15.0)
EVERY = 10  # one line of so many holds a misread character
HEAD = """# Thresholds of repair

Written by `scripts/fit_thresholds.py`; do not edit. Measured on the half of the development corpora that thresholds may see.

## Shifted signs: from which chance on a sign is put in

`repair/shift.py` applies edits from {likely} on and calls them sure from {sure} on. A lower threshold would find a few signs
more and break a few characters more; a false repair weighs more than a missed one. Prose broken by `make_broken.py`:

| chance | punctuation: missed | false | F1 | one passage in seven: missed | false | F1 | false in a million untouched characters |
|---|---|---|---|---|---|---|---|
"""
MIDDLE = """
## Look-alikes: by how many nats another character must fit better

`repair/lookalike.py` suggests from {gain} on. One line of {every} holds a misread character:

| nats | misread characters found | suggestions that are right | wrong ones a page of 1,500 characters |
|---|---|---|---|
"""

Said = Sequence[tuple[float, bool]]


def shifted(shared: Path, chars: int) -> Iterator[str]:
    """The rows of the first table."""
    sampled = sample(shared, "tune", chars)
    scores = [broken(sampled, mode)[0] for mode in ("punctuation", "few")]
    clean, length = list[float](), 0
    for block in blocks(shared, "tune"):
        text = "\n".join(block) + "\n"
        clean += [edit.confidence for edit in shift.propose_shift(text)]
        length += len(text)
    for least in CHANCES:
        cells = []
        for score in scores:
            total = score.count["hit"] + score.count["miss"]
            right, false = _from(score.said, least)
            f1 = 2 * right / (total + right + false)
            cells += [f"{total - right}", f"{false}", f"{f1:.5f}"]
        over = sum(chance >= least for chance in clean) / length * 1e6
        yield f"| {least:g} | " + " | ".join(cells) + f" | {over:.2f} |\n"


def misread_lines(shared: Path, lines: int) -> Iterator[str]:
    """The rows of the second table."""
    chance, said, total, chars = random.Random(7), list[tuple[float, bool]](), 0, 0
    for number, line in enumerate(evaluate_families.sample(shared, "tune", lines)):
        wrong, meant = (misread(line, chance) if number % EVERY == 0 else None) or (line, line)
        total, chars = total + (wrong != meant), chars + len(line)
        for place, near, far in lookalike._strange(wrong):
            gain, char = lookalike._best(wrong, place, near, far)
            said.append((gain, wrong[place] != meant[place] == char))
    for least in GAINS:
        right, false = _from(said, least)
        yield f"| {least:g} | {right / total:.3f} of {total} | {right / max(1, right + false):.3f} | {false / chars * 1500:.3f} |\n"


def _from(said: Said, least: float) -> tuple[int, int]:
    """How many of what was said at least so surely are right, and how many wrong."""
    right = [was_right for value, was_right in said if value >= least]
    return sum(right), len(right) - sum(right)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds corpora/")
    parser.add_argument("--chars", type=int, default=300_000, help="characters to break")
    parser.add_argument("--lines", type=int, default=4000, help="lines to look for misread characters in")
    options = parser.parse_args()
    parts = [HEAD.format(likely=shift.LIKELY, sure=shift.SURE), *shifted(options.shared, options.chars)]
    parts.append(MIDDLE.format(gain=lookalike._GAIN, every=EVERY))
    parts += misread_lines(options.shared, options.lines)
    TARGET.write_text("".join(parts), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
