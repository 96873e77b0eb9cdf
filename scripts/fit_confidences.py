"""Measure how often each kind of edit is right, and write pbtool/data/confidences.tsv from it.

    python scripts/fit_confidences.py [--shared ../shared] [--lines 200] [--only RULE] [--check]

Prose of one half of the development corpora is broken in every way of `break_families.py` and repaired; a kind of edit gets
the share of its edits that were right ((right + 1/2) of (all + 1)), a kind that has a number as its evidence a logistic curve.
The other half is left for `evaluate_families.py`. A kind that no breaker brings about keeps the figure it has.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from math import exp, log
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from break_families import BREAKERS  # noqa: E402
from evaluate_families import measure, sample  # noqa: E402
from generated import keep  # noqa: E402

from pbtool import tables  # noqa: E402
from pbtool.repair import trust  # noqa: E402

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / trust.TABLE
_SLOPE = 0.02  # of the curve that leads back to the evidence
_MARK = 0.9  # confidences from here on are marks of kinds
_RIDGE, _FLATTEST = 0.01, 0.01
_FEWEST = 8  # edits of a kind that say something


def marked(kinds: dict[str, str]) -> dict[str, str]:
    """A table in which each confidence says of which kind it is, or of which evidence."""
    return {
        kind: f"0 {_SLOPE}" if " " in value else f"{_MARK + number * 1e-5:.5f}"
        for number, (kind, value) in enumerate(kinds.items(), 1)
    }


def evidence(confidence: float) -> float:
    """The number that the marked table turned into this confidence."""
    inside = min(max(confidence, 1e-6), 1 - 1e-6)
    return log(inside / (1 - inside)) / _SLOPE


def logistic(pairs: list[tuple[float, bool]]) -> tuple[float, float]:
    """The middle and the slope of the logistic curve that fits (evidence, right) best, by Newton's method."""
    base, slope = 0.0, 0.0
    mean = sum(x for x, _ in pairs) / len(pairs)
    for _ in range(30):
        g0, g1, h00, h01, h11 = -_RIDGE * base, -_RIDGE * slope, _RIDGE, 0.0, _RIDGE
        for x, right in pairs:
            x -= mean
            chance = 1 / (1 + exp(-max(-30.0, min(30.0, base + slope * x))))
            weight = chance * (1 - chance)
            g0, g1 = g0 + right - chance, g1 + (right - chance) * x
            h00, h01, h11 = h00 + weight, h01 + weight * x, h11 + weight * x * x
        whole = h00 * h11 - h01 * h01
        base, slope = base + (h11 * g0 - h01 * g1) / whole, slope + (h00 * g1 - h01 * g0) / whole
    slope = max(slope, _FLATTEST)
    return round(mean - base / slope, 2), round(slope, 3)


def fitted(shared: Path, lines: int, only: str = "") -> str:
    """The whole table as text; only kinds of damage that begin with `only` are measured, the others keep their figures."""
    kinds = tables.pairs(trust.TABLE)
    table = marked(kinds)
    names = {value: kind for kind, value in table.items()}
    curves = {kind.split(":")[0]: kind for kind, value in kinds.items() if " " in value}
    usual, tables.pairs = tables.pairs, lambda name: table if name == trust.TABLE else usual(name)
    trust.trust.cache_clear()
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for name in (name for name in BREAKERS if name.startswith(only)):
        # Wrong codecs take longest, and their evidence is of few kinds; a curve wants many suggestions.
        many = 40 * lines if name == "lookalike" else 10 * lines
        count = lines // 4 if name.startswith("decoding") else many if BREAKERS[name][1] else 3 * lines
        for edit, right in measure(sample(shared, "tune", count), name, False)[-1]:
            kind = names.get(f"{edit.confidence:.5f}") or (
                curves.get(edit.rule) if edit.grade == "suggested" else None
            )
            if kind:
                found[kind].append((evidence(edit.confidence), right))
    tables.pairs = usual
    trust.trust.cache_clear()
    return "".join(f"{kind}\t{_figure(value, found[kind])}\n" for kind, value in sorted(kinds.items()))


def _figure(value: str, pairs: list[tuple[float, bool]]) -> str:
    if len(pairs) < _FEWEST:
        return value
    if " " in value:
        return " ".join(map(str, logistic(pairs)))
    return f"{(sum(right for _, right in pairs) + 0.5) / (len(pairs) + 1):.4f}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument(
        "--only", default="", help="only kinds of damage that begin so; the others keep their figures"
    )
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    now = TARGET.read_text(encoding="utf-8")
    head = "".join(line for line in now.splitlines(keepends=True) if line.startswith("#"))
    made = head + fitted(options.shared, options.lines, options.only)
    return keep({TARGET: made}, options.check)


if __name__ == "__main__":
    sys.exit(main())
