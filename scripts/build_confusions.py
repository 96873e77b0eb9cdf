"""Build pbtool/data/confusions.tsv from the wheel of pycorrector (Apache-2.0): look-alikes and homophones of everyday characters.

    pip download --no-deps pycorrector==1.1.4
    python scripts/build_confusions.py pycorrector-1.1.4-py3-none-any.whl [--check]

Look-alikes are taken as they are, homophones only those of the same tone and of everyday use; both ways round.
"""

from __future__ import annotations

import argparse
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pbtool.repair.marks import common_han, is_han  # noqa: E402

TARGET = ROOT / "pbtool" / "data" / "confusions.tsv"
HEADER = """# Characters that look or sound like each other: character, those that can be meant.
# Source: pycorrector 1.1.4, same_stroke.txt and same_pinyin.txt (same tone); licence: Apache-2.0.
# Written by scripts/build_confusions.py
"""


def table(wheel: Path) -> str:
    """The whole file as text."""
    near: dict[str, set[str]] = defaultdict(set)
    with zipfile.ZipFile(wheel) as archive:
        strokes = archive.read("pycorrector/data/same_stroke.txt").decode("utf-8")
        sounds = archive.read("pycorrector/data/same_pinyin.txt").decode("utf-8")
    for line in strokes.splitlines():
        group = [char for char in line if is_han(char)] if line[:1] != "#" else []
        for char in group:
            near[char].update(group)
    for line in sounds.splitlines():
        cells = line.split("\t")
        if len(cells) > 1 and is_han(cells[0]):
            near[cells[0]].update(char for char in cells[1] if is_han(char))
    for char in list(near):
        for other in near[char]:
            near[other].add(char)
    everyday = common_han()
    rows = []
    for char in sorted(everyday & set(near)):
        others = sorted((near[char] & everyday) - {char})
        if others:
            rows.append(f"{char}\t{''.join(others)}\n")
    return HEADER + "".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--check", action="store_true", help="only compare")
    options = parser.parse_args()
    made = table(options.wheel)
    if options.check:
        same = TARGET.read_text(encoding="utf-8") == made
        print("same" if same else "differs")
        return 0 if same else 1
    TARGET.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
