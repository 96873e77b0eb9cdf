"""Facts on the samples of the repository and on annotated documents: how many are right, and whether confidences hold.

    python scripts/evaluate_facts.py [--shared ../shared]

Prints the scores of tests/cases/facts (places with level, officials with office, metrics with value and unit, dates) and
a table of reliability of the places: of those with a confidence in each range, how many are right (place and level).
With `--shared`, the annotated documents of shared/eval are counted into that table too; optional places there are left out.
"""

from __future__ import annotations

import argparse
import json
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pbtool.document import Article  # noqa: E402

#: Lower ends of the ranges of confidence.
RANGES = (0.0, 0.7, 0.82, 0.9, 0.94, 0.96, 0.98)
#: A place's confidence and whether it is one, with its level.
Judged = tuple[float, bool]


def of_samples(name: str, facts: dict[str, Any]) -> Iterator[Judged]:
    """The places that are found in a file of samples."""
    samples, extracted = facts["samples"], facts["extracted"]
    for sample in samples(name):
        wanted = list(sample.facts.get("P", []))
        article: Article = extracted(sample)
        for place in article.places:
            if place.level != "other":
                right = (place.text, place.level) in wanted
                if right:
                    wanted.remove((place.text, place.level))
                yield place.confidence, right


def of_document(path: Path) -> Iterator[Judged]:
    """The places that are found in an annotated document, where its annotation is complete."""
    folder = path.parent.parent / "gold"
    lines = (folder / f"{path.stem}.places.jsonl").read_text(encoding="utf-8").splitlines()
    gold = {(row["start"], row["end"]): row for row in map(json.loads, lines)}
    scope = json.loads((folder / "scope.json").read_text(encoding="utf-8")).get(path.stem)
    for place in _places(path):
        start, end = place["source"][0][0], place["source"][-1][1]
        row = gold.get((start, end))
        inside = scope is None or any(low <= start < high for low, high in scope)
        if inside and place["level"] != "other" and not (row and row["optional"]):
            yield place["confidence"], row is not None and row["level"] == place["level"]


def _places(path: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "pbtool", "run", "-q", "--format", "json", str(path)]
    for document in _listed(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)):
        for article in document["articles"]:
            yield from article["places"]


def _listed(found: Any) -> list[dict[str, Any]]:
    return found if isinstance(found, list) else [found]


def reliability(judged: list[Judged]) -> Iterator[str]:
    """One row for each range of confidence: how many places, their mean confidence, the share of right ones."""
    yield f"{'confidence':<12}{'places':>8}{'mean':>8}{'right':>8}"
    for low, high in zip(RANGES, (*RANGES[1:], 1.01), strict=True):
        inside = [pair for pair in judged if low <= pair[0] < high]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            right = sum(right for _, right in inside) / len(inside)
            yield f"{low:.2f}–{min(high, 1.0):.2f}{len(inside):>11}{mean:>8.3f}{right:>8.3f}"


def main() -> None:
    """Print the scores and the table of reliability."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, help="the folder with eval/docs and eval/gold")
    shared = parser.parse_args().shared
    facts = runpy.run_path(str(ROOT / "tests" / "test_facts.py"))
    judged: list[Judged] = []
    for name in facts["FLOORS"]:
        print(name, {kind: round(value, 3) for kind, value in facts["scores"](name).items()})
        judged += of_samples(name, facts)
    for path in sorted((shared / "eval" / "docs").glob("*.txt")) if shared else ():
        if (shared / "eval" / "gold" / f"{path.stem}.places.jsonl").exists():
            judged += of_document(path)
    print(*reliability(judged), sep="\n")


if __name__ == "__main__":
    main()
