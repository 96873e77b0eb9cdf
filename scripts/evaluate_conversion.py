"""Measure script conversion against what it promises, side by side with every peer that is installed.

    python scripts/evaluate_conversion.py [--shared ../shared] [--peers VENV…] [--characters 3000000]

Prints a table for every promise: OpenCC's own cases, the annotated half-converted page, clean prose, half-converted prose
made here (every character that has only one traditional form is converted, the shared ones are left), there and back, the
gazetteer, the names of the tests. Exit status 1 where a figure misses its target. `conversion_peers.py` says how to install
the peers; `bench_conversion.py` measures speed.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from build_conversion_tables import broken, place_names
from build_dictionaries import choices, source
from conversion_peers import Peer, peers

from pbtool.conversion import conversion_edits, convert_text
from pbtool.conversion.completion import FREE
from pbtool.conversion.detection import traditional_only
from pbtool.conversion.engine import converter

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases" / "conversion"
TARGETS = {
    "t2s": 1.0, "s2t": 1.0, "s2tw": 1.0, "tw2s": 1.0, "s2hk": 1.0, "hk2s": 1.0, "s2twp": 0.98, "tw2sp": 0.98,
}  # fmt: skip
#: After a number 只 counts; OpenCC's dictionaries know a few numbers only.
COUNTED = re.compile(r"(?<=[0-9０-９一二三四五六七八九十百千万几])只(?!有|要|能|是|会)")

Convert = Callable[[str, str], "str | None"]


def table(head: str, rows: dict[str, list[object]]) -> None:
    """Print one table."""
    print(f"\n{head}")
    for name, cells in rows.items():
        print(f"  {name:14}", *(f"{cell!s:>10}" for cell in cells))


def opencc_cases() -> Iterator[tuple[str, str, list[str]]]:
    """Configuration, input and accepted outputs of OpenCC's own cases (JSON with comments and trailing commas)."""
    raw = (source().parent / "test_data" / "testcases.json").read_text("utf-8")
    raw = re.sub(r"^\s*//.*$", "", raw, flags=re.M)
    for case in json.loads(re.sub(r",(\s*[}\]])", r"\1", raw))["cases"]:
        for config, wanted in case["expected"].items():
            yield config, case["input"], wanted if isinstance(wanted, list) else [wanted]


def own_cases(others: list[Peer]) -> bool:
    """OpenCC's cases through our engine and the peers."""
    right: dict[str, Counter[str]] = {"pbtool": Counter(), **{peer.name: Counter() for peer in others}}
    total: Counter[str] = Counter()
    for config, text, wanted in opencc_cases():
        total[config] += 1
        right["pbtool"][config] += converter(config).convert(text) in wanted
        for peer in others:
            right[peer.name][config] += peer.convert(config, text) in wanted
    configs = sorted(total)
    table(
        "OpenCC's own cases",
        {
            "": [*configs, "all"],
            "cases": [*(total[config] for config in configs), sum(total.values())],
            **{name: [*(ours[c] for c in configs), sum(ours.values())] for name, ours in right.items()},
        },
    )
    return all(right["pbtool"][config] >= share * total[config] for config, share in TARGETS.items())


def annotated(shared: Path) -> tuple[str, dict[int, str]]:
    """The half-converted page, and by place what its merged characters should be."""
    text = (shared / "eval" / "docs" / "web-page-hant.txt").read_text("utf-8")
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    gold = {}
    for row in (shared / "eval" / "gold" / "web-page-hant.damage.jsonl").read_text("utf-8").splitlines():
        damage = json.loads(row)
        if damage["kind"] in ("s2t_homograph", "zhe"):
            gold[starts[damage["line"] - 1] + damage["start"]] = damage["should_be"]
    return text, gold


def annotated_page(shared: Path, others: list[Peer]) -> bool:
    """The annotated page: what is right, what else changed, what is left after simplifying."""
    text, gold = annotated(shared)
    rows: dict[str, list[object]] = {"": ["right", "of", "others", "left"]}
    ways: dict[str, Convert] = {peer.name: peer.convert for peer in others}
    ways["pbtool"] = lambda config, given: convert_text(given, "hans" if config == "tw2s" else "hant")
    for name, convert in ways.items():
        there, back = convert("s2tw", text), convert("tw2s", text)
        if there is None or back is None or len(there) != len(text):
            continue
        right = sum(there[place] == form for place, form in gold.items())
        other = sum(
            place not in gold and old != new for place, (old, new) in enumerate(zip(text, there, strict=True))
        )
        left = sum(char in traditional_only() or char == "著" for char in back)
        rows[name] = [right, len(gold), other, left]
    table("annotated page: merged characters right; other changes; traditional characters or 著 left", rows)
    return rows["pbtool"][0] == len(gold) and rows["pbtool"][3] == 0


def clean_prose(text: str, others: list[Peer]) -> bool:
    """Clean simplified prose into simplified script: every change is one too many."""
    changed = len(conversion_edits(text, "hans"))
    rows: dict[str, list[object]] = {"pbtool": [changed]}
    for peer in others:
        after = peer.convert("t2s", text)
        if after is not None and len(after) == len(text):
            rows[peer.name] = [sum(old != new for old, new in zip(text, after, strict=True))]
    table(f"clean simplified prose to hans: changes in {len(text):,} characters", rows)
    return not changed


def half_convert(line: str) -> str:
    """A line as a careless conversion leaves it: only characters with one traditional form are converted."""
    forms = choices("STCharacters.txt")
    return "".join(
        form[0] if (form := forms.get(char)) and len(form) == 1 and char not in form else char
        for char in line
    )


def documents(lines: list[str], size: int = 40) -> Iterator[str]:
    """Lines in documents of some pages, those left out that do not come back from plain conversion."""
    simplify = converter("t2s")
    good = [line for line in lines if simplify.convert(half_convert(line)) == line]
    for start in range(0, len(good), size):
        yield "\n".join(good[start : start + size])


class Completion:
    """What one converter made of half-converted prose."""

    def __init__(self) -> None:
        self.merged = self.right = self.wrong = self.characters = 0
        self.misses: Counter[str] = Counter()

    def add(self, document: str, found: str, done: str, wanted: str) -> None:
        """Count one document: as it was, half-converted, as it came out, as it should be."""
        self.characters += len(document)
        for place, (old, new, want) in enumerate(zip(found, done, wanted, strict=True)):
            if old == want == new or (old != want and old in FREE):
                continue
            self.merged += old != want
            self.right += old != want == new
            self.wrong += old == want
            if new != want:
                self.misses[f"{want}:{new} {document[max(0, place - 3) : place + 4]!r}"] += 1

    def figures(self) -> list[object]:
        """Right, of all, in per cent, and wrong changes per 100,000 characters."""
        per = self.wrong / self.characters * 100_000
        return [self.right, self.merged, f"{self.right / self.merged:.2%}", f"{per:.2f}"]


def half_converted_prose(lines: list[str], others: list[Peer]) -> bool:
    """Half-converted prose, completed, against the conversion of the simplified prose."""
    chain = converter("s2tw")
    last = chain.stages[-1]
    counts: dict[str, Completion] = {}
    for document in documents(lines):
        found = last.convert(half_convert(document))
        wanted = list(chain.convert(document))
        for match in COUNTED.finditer(document):
            wanted[match.start()] = "隻"
        answers = {"pbtool": convert_text(found, "hant")}
        for peer in others:
            after = peer.convert("s2tw", found)
            if after is not None and len(after) == len(found):
                answers[peer.name] = after
        for name, done in answers.items():
            counts.setdefault(name, Completion()).add(document, found, done, "".join(wanted))
    rows: dict[str, list[object]] = {"": ["right", "of", "share", "wrong/100k"]}
    table("half-converted prose", rows | {name: count.figures() for name, count in counts.items()})
    print("  what pbtool makes otherwise (wanted:got):", *counts["pbtool"].misses)
    ours = counts["pbtool"]
    return ours.right / ours.merged >= 0.99 and ours.wrong / ours.characters <= 1e-5


def there_and_back(text: str) -> None:
    """Simplified prose to each target and back, and to each target again."""
    rows: dict[str, list[object]] = {"": ["lost", "of", "again"]}
    for to in ("hant", "tw", "hk"):
        there = convert_text(text, to)
        back = convert_text(there, "hans", script=to)
        lost = Counter(f"{a}:{b}" for a, b in zip(text, back, strict=True) if a != b)
        rows[to] = [
            sum(lost.values()),
            len(text),
            len(conversion_edits(there, to)),
            " ".join(map("{0[0]}×{0[1]}".format, lost.most_common(8))),
        ]
    table("there and back: characters that do not come back; changes when done again", rows)


def all_names(shared: Path, others: list[Peer]) -> bool:
    """Places and people there and back."""
    places = place_names(shared)
    lost = broken(shared)
    people = [
        line.split("\t")[0]
        for line in (CASES / "names.txt").read_text("utf-8").splitlines()
        if line and line[0] != "#"
    ]
    said = [f"昨天，书记{name}说。" for name in people]
    rows: dict[str, list[object]] = {"": ["places", "people"]}
    rows["pbtool"] = [len(lost), sum(convert_text(convert_text(one, "hant"), "hans") != one for one in said)]
    for peer in others:
        rows[peer.name] = [_lost(peer, places), _lost(peer, said)]
    table(f"names lost there and back, of {len(places)} places and {len(people)} people", rows)
    return not lost


def _lost(peer: Peer, names: list[str]) -> int:
    text = "\n".join(names)
    back = peer.convert("t2s", peer.convert("s2t", text) or "") or ""
    return sum(old != new for old, new in zip(names, back.split("\n"), strict=False))


def main() -> int:
    """Run everything; 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--peers", type=Path, nargs="*", default=[])
    parser.add_argument("--characters", type=int, default=3_000_000)
    options = parser.parse_args()
    others = peers(options.peers)
    corpus = options.shared / "corpora" / "dev" / "renminribao_2026_07.txt.xz"
    with lzma.open(corpus, "rt", encoding="utf-8") as file:
        text = file.read(options.characters)
    lines = text.split("\n")
    results = [
        own_cases(others),
        annotated_page(options.shared, others),
        clean_prose(text, others),
        half_converted_prose(lines[: options.characters // 400], others),
        all_names(options.shared, others),
    ]
    there_and_back(text)
    for peer in others:
        peer.close()
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
