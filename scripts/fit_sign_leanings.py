"""Fit pbtool/data/sign_leanings.tsv: how far the chances of shifted signs can be trusted, character by character.

    python scripts/fit_sign_leanings.py [--shared ../shared] [--chars 2000000] [--check]

Method: the tuning part of the development corpora is broken on purpose (`make_broken.py`, all modes); for each character that
is often in doubt, what was right among what was said alike, drawn towards what was said by a few places more, and made to
rise (pooling neighbours that do not). The test part that `evaluate_repair.py` prints is not looked at.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from evaluate_repair import sample  # noqa: E402
from generated import keep  # noqa: E402
from make_broken import MODES, Breaker  # noqa: E402

from pbtool.repair.leanings import EDGES, KNOTS  # noqa: E402
from pbtool.repair.runs import Fonts  # noqa: E402
from pbtool.repair.shift import chances_in  # noqa: E402

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "sign_leanings.tsv"
HEADER = """# Shifted character -> share that was right at each of the knots of `repair/leanings.py`. Source: measured on press text
# broken on purpose by `scripts/fit_sign_leanings.py`; no text is kept. Licence: Apache-2.0.
"""
LEAST = 40  # places in doubt that a character must have
DRAWN = 4  # places that were as they were said, added everywhere

Observed = dict[str, list[tuple[float, bool]]]


def observed(shared: Path, chars: int) -> Observed:
    """For each character, the chance of every place in doubt, and whether a sign stood there."""
    found: Observed = defaultdict(list)
    sampled = sample(shared, "tune", chars)
    for mode in MODES:
        breaker = Breaker(mode, 11)
        for block in sampled:
            text, signs = "", set()
            for line in block:
                piece, marks = breaker.passage(line)
                signs |= {len(text) + place for place, sign in enumerate(marks) if sign}
                text += piece + "\n"
            for place, chance in chances_in(text, Fonts(())).items():
                if EDGES[0] <= chance < EDGES[-1]:
                    found[text[place]].append((chance, place in signs))
    return found


def curve(seen: Sequence[tuple[float, bool]]) -> list[float]:
    """The share that was right at each knot."""
    blocks: list[list[float]] = []  # right, places, knots
    for low, high, knot in zip(EDGES, EDGES[1:], KNOTS, strict=False):
        right = [right for chance, right in seen if low <= chance < high]
        blocks.append([sum(right) + DRAWN * knot, len(right) + DRAWN, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    return [right / places for right, places, knots in blocks for _ in range(int(knots))]


def table(found: Observed) -> str:
    rows = (
        f"{char}\t{' '.join(f'{share:.4f}' for share in curve(seen))}\n"
        for char, seen in found.items()
        if len(seen) >= LEAST
    )
    return HEADER + "".join(sorted(rows))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds corpora/")
    parser.add_argument("--chars", type=int, default=2_000_000, help="characters to break for each mode")
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    made = table(observed(options.shared, options.chars))
    return keep({TARGET: made}, options.check)


if __name__ == "__main__":
    sys.exit(main())
