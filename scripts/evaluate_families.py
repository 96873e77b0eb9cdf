"""Measure the families of damage on held-out prose: broken on purpose, line by line, and untouched.

    python scripts/evaluate_families.py [--shared ../shared] [--part test] [--lines 300] [--clean 4000000] [--only RULE] [-v]

The lines come from the development corpora in ../shared: the half that confidences were fitted on (`--part tune`) or the other
(`test`). For each kind of damage: how many broken lines come out as they were (for kinds that are only suggested: how many
have the right suggestion). For each rule: what its confidence says and how often it is right. For clean text: false edits
by rule, each of them printed with -v.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from break_families import BREAKERS  # noqa: E402
from evaluate_repair import blocks, reliability  # noqa: E402

from pbtool.edits import Edit, apply  # noqa: E402
from pbtool.repair import propose  # noqa: E402
from pbtool.repair.marks import HAN  # noqa: E402

PAGE = """# How well the other families are repaired

Written by `scripts/evaluate_families.py`: lines of held-out press text, broken on purpose by `scripts/break_families.py`, and the
untouched texts. Of what is only suggested nine lines in ten stay clean, so that suggestions where nothing is wrong count.

Edits in clean text were looked at one by one. All of them mend something that the texts themselves have: a blank before a
quotation mark in the middle of a sentence, a half-width comma or colon among full-width ones, a Japanese dot in a
Chinese title, joiners of emoji left over at the end of a line. No edit was wrong.

`recall` says how often the line comes out as it was meant. For kinds that are only suggested two figures stand apart:
`found` says in how many of the broken lines the rule suggests something, and `right` in how many what stood there. `reported`
counts the lines that are mended or at least spoken of. What stays below .95, and why:

* one byte late: characters vanish from such a run without a trace, and in simplified text most runs have several likely
  readings; they are left as they are. `punctuation` keeps out of runs that look so;
  where one is too short to be seen, it suggests to widen the question mark.
* two marks: `，、` for one of them has no sign of which was meant; it is put in where it fits 3 nats better, else suggested.
* one word twice: verbs that the language doubles (`商量商量`) look the same at the end of a clause; there it takes more.
* lost characters, lost quotes: nearly every hole is found. What stood in it is open wherever several words fit (`重□项目`: 大 or
  点), and where a quotation begins or ends wherever a longer or shorter part of the sentence can be quoted; the guess is for a
  person to judge.
* lookalike: on the tuning half a threshold of 8 nats finds .797 with .19 wrong ones a page, one of 6 nats .873 with .89
  ([thresholds](../pbtool/data/thresholds.md)); fewer wrong ones weigh more.

```
{}
```
"""
_PLAIN = re.compile(f"[{HAN}，。、；：？！“”‘’（）《》0-9A-Za-z%·—…+/]+")
_HOLE = "\ufffd"  # a byte that was lost for good
_ALIKE = 3  # times as many look-alikes: of a few hundred suggestions chance alone makes an error of .02
_SUGGESTED = 10  # of so many lines one is broken, where what is over in clean lines says how much suggestions are worth


class Judged(NamedTuple):
    """An edit or a suggestion, and whether it was right."""

    edit: Edit
    right: bool


def sample(shared: Path, part: str, count: int) -> list[str]:
    """Plain lines of medium length, spread over the corpora."""
    lines = [
        line
        for block in blocks(shared, part)
        for line in block
        if 20 <= len(line) <= 160 and _PLAIN.fullmatch(line)
    ]
    return lines[:: max(1, len(lines) // count)][:count]


def distance(one: str, other: str) -> int:
    """How many characters must be put in, taken out or changed to make one text of the other."""
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, counterpart in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (char != counterpart))
    return row[-1]


def _all_but_holes(fixed: str, meant: str) -> bool:
    """Whether nothing is wrong but holes that are still there, at most one in five characters."""
    pattern = "".join("..?" if char == _HOLE else re.escape(char) for char in fixed)
    return 5 * fixed.count(_HOLE) <= len(fixed) and re.fullmatch(pattern, meant) is not None


def judged(broken: str, meant: str, skip: Sequence[str] = ()) -> tuple[bool, list[Judged]]:
    """Whether the broken line comes out as it was meant, and each edit and suggestion with whether it brings it nearer."""
    edits, notes = propose(broken, skip=skip)
    fixed = apply(broken, edits)
    holed = _HOLE in fixed and _HOLE not in meant and fixed != broken
    whole = fixed == meant or (holed and _all_but_holes(fixed, meant))
    result = []
    far = 0 if whole else distance(fixed, meant)
    for number, edit in enumerate(edits):
        without = apply(broken, (*edits[:number], *edits[number + 1 :]))
        result.append(Judged(edit, whole or distance(without, meant) > far))
    for note in notes:
        with_it = apply(broken, sorted((*edits, note), key=lambda edit: (edit.start, edit.end)))
        result.append(Judged(note, not whole and distance(with_it, meant) < far))
    return whole, result


def broken_lines(lines: list[str], name: str) -> Iterator[tuple[str, str]]:
    """(broken, meant) for the lines that hold something to break; where repairs are only suggested most lines stay clean."""
    breaker, chance = BREAKERS[name][0], random.Random(7)
    for number, line in enumerate(lines):
        if BREAKERS[name][1] and number % _SUGGESTED:
            yield line, line
            continue
        made = breaker(line, chance)
        if made and made[0] != made[1]:
            yield made


def measure(lines: list[str], name: str, verbose: bool) -> tuple[int, int, int, list[Judged]]:
    """(mended or rightly suggested, reported by any suggestion of the rule, broken, everything that was proposed)."""
    mended = reported = total = 0
    proposed: list[Judged] = []
    skip = () if name == "lookalike" else ("lookalike",)  # its own lines say how often it is right
    for broken, meant in broken_lines(lines, name):
        whole, said = judged(broken, meant, skip)
        proposed += said
        if broken == meant:
            continue
        total += 1
        helped = whole or (BREAKERS[name][1] and any(j.right and j.edit.grade == "suggested" for j in said))
        mended += helped
        reported += helped or any(name.startswith(edit.rule) for edit, _ in said)
        if verbose and not helped:
            print(f"   {broken[:70]!r} -> {apply(broken, propose(broken)[0])[:70]!r}")
    return mended, reported, total, proposed


def clean(shared: Path, most: int) -> Iterator[tuple[str, str]]:
    """(rule, the edit in its context) for every edit in untouched text; the last item says how much text there was."""
    seen = 0
    for part in ("test", "tune"):
        for block in blocks(shared, part):
            text = "\n".join(block)
            for edit in propose(text, skip=["lookalike"])[0]:
                left, right = text[max(0, edit.start - 10) : edit.start], text[edit.end : edit.end + 10]
                yield edit.rule, f"{left!r} {edit.before!r} -> {edit.after!r} {right!r}"
            seen += len(text)
            if seen >= most:
                break
    yield "", str(seen)


def report(options: argparse.Namespace) -> Iterator[str]:
    """The lines of the report."""
    said: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for name in BREAKERS:
        if options.only and not name.startswith(options.only):
            continue
        times = (_SUGGESTED if BREAKERS[name][1] else 1) * (_ALIKE if name == "lookalike" else 1)
        lines = sample(options.shared, options.part, options.lines * times)
        mended, reported, broken, proposed = measure(lines, name, options.verbose)
        kind = " (suggested)" if BREAKERS[name][1] else ""
        share, spoken_of = mended / max(1, broken), reported / max(1, broken)
        if kind:
            figures = f"found {spoken_of:.4f}, right {share:.4f} of {broken}"
        else:
            more = f"; reported {spoken_of:.4f}" if reported > mended else ""
            figures = f"recall {share:.4f} of {broken}{more}"
        yield f"{name + kind:46s} {figures}"
        for edit, right in proposed:
            said[edit.rule].append((edit.confidence, right))
    for rule, pairs in said.items():
        yield f"{rule}: what confidence says, and how often it is right"
        yield from reliability(pairs)
    yield "all rules together"
    yield from reliability([pair for pairs in said.values() for pair in pairs])
    if options.clean:
        *edits, (_, seen) = clean(options.shared, options.clean)
        counts = dict(Counter(rule for rule, _ in edits))
        yield f"edits in {int(seen):,} clean characters: {counts or 0}"
        for rule, shown in edits if options.verbose else ():
            print(f"   {rule}: {shown}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--part", choices=("tune", "test"), default="test")
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--clean", type=int, default=4_000_000, help="characters of untouched text (0: none)")
    parser.add_argument("--only", help="only kinds of damage that begin so")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--report", type=Path, help="also write the figures here, as a page in Markdown")
    options = parser.parse_args()
    lines = []
    for line in report(options):
        print(line, flush=True)
        lines.append(line)
    if options.report:
        options.report.write_text(PAGE.format("\n".join(lines)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
