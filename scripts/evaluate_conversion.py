"""Measure script conversion against what it promises, side by side with opencc-python-reimplemented.

    python scripts/evaluate_conversion.py [--shared ../shared] [--characters 3000000]

Prints one line a promise: OpenCC's own cases, the annotated half-converted page, clean prose, half-converted prose made
here (every character that has only one traditional form is converted, the shared ones are left), there and back, the
gazetteer. Exit status 1 where a figure misses its target.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from build_conversion_tables import broken, place_names
from build_dictionaries import choices, source

from pbtool.conversion import conversion_edits, convert_text
from pbtool.conversion.completion import FREE
from pbtool.conversion.detection import traditional_only
from pbtool.conversion.engine import converter

TARGETS = {
    "t2s": 1.0, "s2t": 1.0, "s2tw": 1.0, "tw2s": 1.0, "s2hk": 1.0, "hk2s": 1.0, "s2twp": 0.98, "tw2sp": 0.98,
}  # fmt: skip


def opencc_cases() -> Iterator[tuple[str, str, list[str]]]:
    """Configuration, input and accepted outputs of OpenCC's own cases (JSON with comments and trailing commas)."""
    raw = (source().parent / "test_data" / "testcases.json").read_text("utf-8")
    raw = re.sub(r"^\s*//.*$", "", raw, flags=re.M)
    for case in json.loads(re.sub(r",(\s*[}\]])", r"\1", raw))["cases"]:
        for config, wanted in case["expected"].items():
            yield config, case["input"], wanted if isinstance(wanted, list) else [wanted]


def own_cases() -> bool:
    """OpenCC's cases through both engines."""
    from opencc import OpenCC

    total: Counter[str] = Counter()
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    peers: dict[str, object] = {}
    for config, text, wanted in opencc_cases():
        total[config] += 1
        ours[config] += converter(config).convert(text) in wanted
        try:
            peer = peers.setdefault(config, OpenCC(config))
            theirs[config] += peer.convert(text) in wanted  # type: ignore[attr-defined]
        except (OSError, KeyError, ValueError):
            peers[config] = None
    for config in sorted(total):
        print(f"  {config:6} {ours[config]:4}/{total[config]:<4} reimplemented {theirs[config]:4}")
    print(f"  all    {sum(ours.values()):4}/{sum(total.values()):<4} reimplemented {sum(theirs.values()):4}")
    return all(ours[config] >= share * total[config] for config, share in TARGETS.items())


def annotated_page(shared: Path) -> bool:
    """The half-converted page: what was annotated, what else changed, what is left after simplifying."""
    text = (shared / "eval" / "docs" / "web-page-hant.txt").read_text("utf-8")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    gold = {}
    for row in (shared / "eval" / "gold" / "web-page-hant.damage.jsonl").read_text("utf-8").splitlines():
        damage = json.loads(row)
        if damage["kind"] in ("s2t_homograph", "zhe"):
            gold[starts[damage["line"] - 1] + damage["start"]] = damage["should_be"]
    edits = {edit.start: edit for edit in conversion_edits(text, "hant")}
    right = sum(place in edits and edits[place].after == form for place, form in gold.items())
    others = [f"{edit.before}→{edit.after}" for place, edit in edits.items() if place not in gold]
    simple = convert_text(text, "hans")
    left = [char for char in simple if char in traditional_only() or char == "著"]
    print(f"  to hant: {right}/{len(gold)} right, {len(others)} not annotated: {' '.join(others)}")
    print(f"  to hans: {len(left)} traditional characters or 著 left")
    return right == len(gold) and not left


def half_convert(line: str) -> str:
    """A line as a careless conversion leaves it: only characters with one traditional form are converted."""
    forms = choices("STCharacters.txt")
    return "".join(
        form[0] if (form := forms.get(char)) and len(form) == 1 and char not in form else char
        for char in line
    )


def _documents(lines: list[str], size: int = 40) -> Iterator[str]:
    """Lines in documents of some pages, those left out that do not come back from plain conversion."""
    simplify = converter("t2s")
    good = [line for line in lines if simplify.convert(half_convert(line)) == line]
    for start in range(0, len(good), size):
        yield "\n".join(good[start : start + size])


def half_converted_prose(lines: list[str]) -> bool:
    """Half-converted prose, completed, against the conversion of the simplified prose."""
    chain = converter("s2tw")
    last = chain.stages[-1]
    merged = right = free = characters = wrong = 0
    misses: Counter[str] = Counter()
    for document in _documents(lines):
        found = last.convert(half_convert(document))
        wanted = chain.convert(document)
        done = convert_text(found, "hant")
        characters += len(document)
        for place, (old, new, want) in enumerate(zip(found, done, wanted, strict=True)):
            if old != want and old in FREE:
                free += 1
            elif old != want:
                merged += 1
                right += new == want
                if new != want:
                    misses[f"{want}:{new} {document[max(0, place - 3) : place + 4]!r}"] += 1
            elif new != old:
                wrong += 1
                misses[f"{want}:{new}! {document[max(0, place - 3) : place + 4]!r}"] += 1
    per = wrong / characters * 100_000
    print(f"  {right}/{merged} = {right / merged:.2%} right, {per:.2f} wrong changes per 100,000 characters")
    print(f"  left alone as free variants (台/臺, 周/週 …): {free}")
    print("  most frequent misses (wanted:got, ! where nothing was wanted):", misses.most_common(40))
    print("  unwanted:", [pair for pair in misses if "!" in pair])
    return right / merged >= 0.99 and per <= 1


def there_and_back(lines: list[str]) -> None:
    """Simplified prose to each target and back."""
    text = "\n".join(lines)
    for to in ("hant", "tw", "hk"):
        there = convert_text(text, to)
        back = convert_text(there, "hans", script=to)
        lost = Counter(f"{a}:{b}" for a, b in zip(text, back, strict=True) if a != b)
        again = len(conversion_edits(there, to))
        print(
            f"  {to}: {sum(lost.values())} of {len(text)} characters do not come back; {again} changes when done again",
            lost.most_common(12),
        )


def main() -> int:
    """Run everything; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--characters", type=int, default=3_000_000)
    options = parser.parse_args()
    results = []
    print("OpenCC's own cases")
    results.append(own_cases())
    print("annotated half-converted page")
    results.append(annotated_page(options.shared))
    with lzma.open(
        options.shared / "corpora" / "dev" / "renminribao_2026_07.txt.xz", "rt", encoding="utf-8"
    ) as file:
        text = file.read(options.characters)
    changed = conversion_edits(text, "hans")
    print(f"clean simplified prose to hans: {len(changed)} changes in {len(text)} characters")
    results.append(not changed)
    lines = text.split("\n")[: options.characters // 400]
    print("half-converted prose")
    results.append(half_converted_prose(lines))
    print("there and back")
    there_and_back(lines)
    lost = broken(options.shared)
    print(f"gazetteer: {len(lost)} of {len(place_names(options.shared))} names lost", *lost[:10])
    results.append(not lost)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
