"""Build pbtool/data/language_model.bin and its card from the press corpora, bit for bit the same every time.

    python scripts/build_language_model.py [--shared ../shared] [--check]

Needs numpy (`pip install -e .[build]`) and the corpora in ../shared/corpora (statistics of them are shipped, the texts are
not). Method: character n-grams up to order 4, modified Kneser-Ney smoothing (Chen and Goodman 1998), interpolated, pruned
by the weighted difference of Seymore and Rosenfeld (1996), then turned into back-off form; probabilities and back-off
weights in 256 steps each.
"""

from __future__ import annotations

import argparse
import hashlib
import lzma
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pbtool.language import CODES, END, HEADER, MAGIC, UNKNOWN, LanguageModel, folding  # noqa: E402

BITS = 13  # of a character's number: four of them fit into 64 bits
RARE = 4  # a character seen less often is unknown
PRUNE = {2: 6.0, 3: 20.0, 4: 26.0}  # natural log-likelihood of the training text that an n-gram must bring in
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "pbtool" / "data" / "language_model.bin"
CARD = ROOT / "pbtool" / "data" / "language_model.md"


def corpus(path: Path) -> str:
    """The folded text of one corpus: one passage a line, no white space."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        text = file.read().translate(folding())
    return END + END.join(line for line in text.split(END) if line) + END


class Order:
    """All n-grams of one order: sorted keys, counts, and (once estimated) probabilities."""

    def __init__(self, keys: np.ndarray, counts: np.ndarray) -> None:
        self.keys, self.counts = keys, counts.astype(np.float64)
        self.kinds = self.counts  # what probabilities are estimated from
        self.parent = self.suffix = np.zeros(0, np.int64)
        self.full = self.gamma = self.log = self.back = np.zeros(0)
        self.keep = np.ones(len(keys), bool)


def encode(texts: list[str]) -> tuple[np.ndarray, str]:
    """The texts as numbers of characters, and the characters in the order of their numbers."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    found, counts = np.unique(codes, return_counts=True)
    kept = found[(counts >= RARE) & (found < 0x10000)]
    kept = np.unique(np.append(kept, [ord(UNKNOWN)]))
    table = np.full(0x110000, np.searchsorted(kept, ord(UNKNOWN)), np.int64)
    table[kept] = np.arange(len(kept))
    return table[codes], "".join(map(chr, kept))


def count(ids: np.ndarray, end: int) -> list[Order]:
    """Counts of all n-grams of order 1 to 4 that hold the end of a line only as their first or their last character."""
    orders = []
    for n in range(1, 5):
        size = len(ids) - n + 1
        keys = np.zeros(size, np.uint64)
        whole = np.ones(size, bool)
        for k in range(n):
            piece = ids[k : k + size]
            keys = keys << np.uint64(BITS) | piece.astype(np.uint64)
            if 0 < k < n - 1:
                whole &= piece != end
        found, counts = np.unique(keys[whole], return_counts=True)
        both = (found >> np.uint64(BITS * (n - 1)) == end) & (found & np.uint64((1 << BITS) - 1) == end)
        keep = ~both if n > 1 else np.ones(len(found), bool)
        orders.append(Order(found[keep], counts[keep]))
    return orders


def relate(orders: list[Order], end: int) -> None:
    """Prefixes and suffixes of all n-grams; and for the lower orders, in how many contexts each n-gram was seen.

    That number (Kneser and Ney 1995), not the count, is what a lower order answers with once the higher one knew
    nothing. An n-gram at the beginning of a line has no context and keeps its count.
    """
    for n in range(1, 4):
        low, high = orders[n - 1], orders[n]
        high.parent = np.searchsorted(low.keys, high.keys >> np.uint64(BITS))
        high.suffix = np.searchsorted(low.keys, high.keys & np.uint64((1 << BITS * n) - 1))
        kinds = np.bincount(high.suffix, minlength=len(low.keys)).astype(np.float64)
        first = (low.keys >> np.uint64(BITS * (n - 1))).astype(np.int64)
        begins = (first == end) & (n > 1) | (kinds == 0)
        low.kinds = np.where(begins, low.counts, kinds)


def estimate(orders: list[Order]) -> None:
    """Interpolated probabilities of every n-gram seen; `gamma` is what a context leaves to the lower order."""
    base = orders[0]
    base.full = (base.kinds + 0.5) / (base.kinds + 0.5).sum()
    for n in range(1, 4):
        low, high = orders[n - 1], orders[n]
        discount = discounts(high.kinds)
        total = np.maximum(np.bincount(high.parent, high.kinds, len(low.keys)), 1.0)
        low.gamma = np.bincount(high.parent, discount, len(low.keys)) / total
        high.full = (high.kinds - discount) / total[high.parent] + low.gamma[high.parent] * low.full[
            high.suffix
        ]


def discounts(counts: np.ndarray) -> np.ndarray:
    """What Chen and Goodman's three discounts take from each count."""
    ones, twos, threes, fours = (float((counts == k).sum()) for k in (1, 2, 3, 4))
    y = ones / (ones + 2 * twos)
    steps = np.array([0.0, 1 - 2 * y * twos / ones, 2 - 3 * y * threes / twos, 3 - 4 * y * fours / threes])
    return np.asarray(steps[np.minimum(counts, 3).astype(np.int64)])


def prune(orders: list[Order], limits: dict[int, float]) -> None:
    """Mark what stays: n-grams that bring in enough, and the prefixes and suffixes of those."""
    for n in (3, 2, 1):
        low, high = orders[n - 1], orders[n]
        fallen = low.gamma[high.parent] * low.full[high.suffix]
        gain = high.counts * (np.log(high.full) - np.log(fallen))
        needed = np.zeros(len(high.keys), bool)
        if n < 3:
            above = orders[n + 1]
            needed[above.parent[above.keep]] = True
            needed[above.suffix[above.keep]] = True
        high.keep = needed | (gain > limits[n + 1])


def back_off(orders: list[Order]) -> None:
    """Back-off weights of what stays, so that each context's probabilities sum to one."""
    orders[0].log = np.log(orders[0].full)
    for n in (1, 2, 3):
        low, high = orders[n - 1], orders[n]
        high.log = np.log(high.full)
        parent = high.parent[high.keep]
        taken = np.bincount(parent, high.full[high.keep], len(low.keys))
        lower = np.bincount(parent, low.full[high.suffix[high.keep]], len(low.keys))
        low.back = np.log(np.maximum(1 - taken, 1e-6) / np.maximum(1 - lower, 1e-6))


def steps(values: np.ndarray) -> np.ndarray:
    """256 values that stand for all: the means of equally filled classes, refined by eight rounds of Lloyd's algorithm."""
    unique, weight = np.unique(values.astype(np.float32), return_counts=True)
    centres = np.quantile(unique, (np.arange(256) + 0.5) / 256).astype(np.float64)
    for _ in range(8):
        place = nearest(unique, centres)
        mass = np.bincount(place, weight, 256)
        means = np.bincount(place, weight * unique, 256)
        centres = np.sort(np.where(mass > 0, means / np.maximum(mass, 1), centres))
    return centres.astype(np.float32)


def nearest(values: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return np.searchsorted((centres[1:] + centres[:-1]) / 2, values)


def pack(orders: list[Order], alphabet: str) -> bytes:
    """The file: header, what the bytes stand for, then for each order characters, logs, back-offs and first children."""
    letters = np.array([ord(char) for char in alphabet], "<u2")
    logs = steps(np.concatenate([order.log[order.keep] for order in orders]))
    weights = steps(np.concatenate([order.back[order.keep] for order in orders[:3]]))
    sizes = [int(order.keep.sum()) for order in orders]
    parts = [HEADER.pack(MAGIC, *sizes), CODES.pack(*logs, *weights)]
    for n, order in enumerate(orders):
        last = (order.keys[order.keep] & np.uint64((1 << BITS) - 1)).astype(np.int64)
        parts.append(padded(letters[last].tobytes()))
        parts.append(padded(nearest(order.log[order.keep], logs).astype(np.uint8).tobytes()))
        if n < 3:
            above = orders[n + 1]
            parts.append(padded(nearest(order.back[order.keep], weights).astype(np.uint8).tobytes()))
            children = np.bincount(above.parent[above.keep], minlength=len(order.keys))[order.keep]
            parts.append(np.concatenate([[0], np.cumsum(children)]).astype("<u4").tobytes())
    return b"".join(parts)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def build(shared: Path, limits: dict[int, float]) -> tuple[bytes, list[int]]:
    """The table, and how many n-grams of each order it holds."""
    texts = [corpus(path) for path in sorted((shared / "corpora" / "train").glob("*.xz"))]
    ids, alphabet = encode(texts)
    orders = count(ids, alphabet.index(END))
    relate(orders, alphabet.index(END))
    estimate(orders)
    prune(orders, limits)
    back_off(orders)
    return pack(orders, alphabet), [int(order.keep.sum()) for order in orders]


def held_out(shared: Path, path: Path) -> dict[str, float]:
    """Bits per character of every fifth passage of the development corpora."""
    model, result = LanguageModel(path), {}
    for source in sorted((shared / "corpora" / "dev").glob("*.xz")):
        with lzma.open(source, "rt", encoding="utf-8") as file:
            lines = file.read().split("\n")[::5]
        folded = [line.translate(folding()) + END for line in lines if line.strip()][:3000]
        total = sum(model.walk(model.start, line)[1] for line in folded)
        result[source.name] = -total / np.log(2) / sum(map(len, folded))
    return result


def card(shared: Path, data: bytes, sizes: list[int], bits: dict[str, float]) -> str:
    """The model card, in Markdown."""
    lines = [
        "# The language model",
        "",
        "Written by `scripts/build_language_model.py`; do not edit. Character n-grams up to order 4 in back-off form, for",
        "official and news prose in simplified Chinese. Used to judge repairs and joins; not to write text.",
        "",
        f"* size: {len(data):,} bytes, sha256 `{hashlib.sha256(data).hexdigest()}`",
        "* n-grams of order 1 to 4: " + ", ".join(f"{size:,}" for size in sizes),
        f"* pruned below (natural log-likelihood an n-gram brings to the training text): {PRUNE}",
        "* folded: full width to half width, digits to one class, Latin letters to two; white space passed over",
        "* only these counts are shipped; the texts they were counted in are not",
        "* thresholds that go by this model, and the curves they were chosen by: [thresholds.md](thresholds.md)",
        "",
        "| trained on | bytes | sha256 |",
        "|---|---|---|",
    ]
    for path in sorted((shared / "corpora" / "train").glob("*.xz")):
        raw = path.read_bytes()
        lines.append(f"| {path.name} | {len(raw):,} | `{hashlib.sha256(raw).hexdigest()}` |")
    lines += ["", "| held out (every fifth passage, at most 3,000) | bits per character |", "|---|---|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in bits.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder that holds corpora/")
    parser.add_argument("--check", action="store_true", help="rebuild and compare; write nothing")
    options = parser.parse_args()
    data, sizes = build(options.shared, PRUNE)
    if options.check:
        same = TARGET.exists() and TARGET.read_bytes() == data
        print(
            "language_model.bin is as built" if same else "language_model.bin differs from what was built now"
        )
        return 0 if same else 1
    beside = TARGET.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(TARGET)  # written in place it would pull the file from under processes that have it mapped
    CARD.write_text(card(options.shared, data, sizes, held_out(options.shared, TARGET)), encoding="utf-8")
    print(CARD.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
