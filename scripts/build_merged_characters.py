"""Set the margins of pbtool/data/merged_characters.tsv: how much better a rarer form has to be before it is believed.

    python scripts/build_merged_characters.py [--shared ../shared] [--check]

Where a phrase of the dictionaries decides, the right form is known. Of the places where it is the usual one, at most one
in five hundred may look so much like another form; that is the margin (natural log-odds), 2 at least, and 8 where there
are too few places to tell. A form that the model hardly ever finds where phrases say it is not judged at all (inf). The
usual form is the dictionaries' own, or one that phrases want three times as often. Measured on the first half of a corpus
that the model has not seen; `scripts/evaluate_conversion.py` measures on the second.
"""

from __future__ import annotations

import argparse
import lzma
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import inf
from pathlib import Path

from generated import keep

from pbtool import tables
from pbtool.conversion.engine import any_of, stage
from pbtool.conversion.merged import likelihoods

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "merged_characters.tsv"
ENOUGH, SAMPLE, WRONG = 100, 2000, 500
FEW, FOUND = 20, 0.05
LEAST, UNKNOWN = 2.0, 8.0

Key = tuple[str, str]
Words = Mapping[str, Sequence[str]]


def held_out(shared: Path, half: int = 0) -> str:
    """One half of the prose of a newspaper that is not in the model."""
    with lzma.open(shared / "corpora" / "dev" / "renminribao_2026_07.txt.xz", "rt", encoding="utf-8") as file:
        text = file.read()
    return text[: len(text) // 2] if half == 0 else text[len(text) // 2 :]


def decided(text: str, senses: Mapping[str, Mapping[str, object]]) -> dict[Key, list[int]]:
    """The places where a phrase decides, by character and form."""
    st = stage("st")
    found = defaultdict(list)
    places = (match.start() for match in any_of(senses).finditer(text))
    for place, start, end in st.covering(text, places):
        form = st.value(text[start:end])
        if end - start > 1 and form and form[place - start] in senses[text[place]]:
            found[text[place], form[place - start]].append(place)
    return found


def margin(text: str, right: Mapping[str, Sequence[int]], usual: str, form: str, words: Words) -> float:
    """The margin of `form`, from places where the usual form is right; infinite where it would find nothing."""

    def ahead(places: Sequence[int]) -> list[float]:
        some = random.Random(1).sample(places, min(SAMPLE, len(places)))
        found = (likelihoods(text, place, words) for place in some)
        return sorted((scores[form] - scores[usual] for scores in found), reverse=True)

    if len(right[usual]) >= ENOUGH:
        false = ahead(right[usual])
        least = max(LEAST, round(false[len(false) // WRONG], 1))
    else:
        least = LEAST if len(right[form]) >= ENOUGH else UNKNOWN
    true = ahead(right[form])
    if len(true) >= FEW and sum(odds > least for odds in true) < FOUND * len(true):
        return inf
    return least


def build(shared: Path) -> str:
    """The text of the table."""
    words: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for char, form, _, listed in tables.rows("merged_characters.tsv"):
        words[char][form] = listed.split(" ")
    text = held_out(shared)
    right = decided(text, words)
    lines = [line for line in TARGET.read_text(encoding="utf-8").split("\n") if line.startswith("#")]
    for char, forms in words.items():
        places = {form: right[char, form] for form in forms}
        usual = stage("st").characters.get(ord(char), char)
        often = max(forms, key=lambda form: len(places[form]))
        if len(places[usual]) >= FEW and len(places[often]) >= max(ENOUGH, 3 * len(places[usual])):
            usual = often
        for form, standing in forms.items():
            least = "-" if form == usual else margin(text, places, usual, form, forms)
            lines.append(f"{char}\t{form}\t{least}\t{' '.join(standing)}")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the table, or compare it; 1 where it is not what would be built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    return keep({TARGET: build(options.shared)}, options.check)


if __name__ == "__main__":
    sys.exit(main())
