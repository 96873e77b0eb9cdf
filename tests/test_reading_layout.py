"""Pages in the order a person reads them: columns, headings, boxes, captions, tables, vertical text."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from make_layouts import LAYOUTS, shuffled  # noqa: E402

from pbtool.reading.layout import lines_of  # noqa: E402
from pbtool.reading.pieces import Char  # noqa: E402


def chars_of(pieces) -> list[Char]:
    """The characters of pieces as a reader gives them: em squares from the top left corner."""
    return [
        Char(char, x + size * at, 842 - y - 0.88 * size, x + size * (at + 1), 842 - y + 0.12 * size, size, 0)
        for x, y, size, text in pieces
        for at, char in enumerate(text)
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_reading_order(layout, seed):
    pieces, gold = layout()
    lines = lines_of(chars_of(shuffled(pieces, seed)), 595)
    assert ["".join(line.text.split()) for line in lines] == gold


def test_a_page_of_scattered_characters_takes_bounded_time():
    dice = random.Random(1)
    chars = [
        Char(chr(0x4E00 + at), x, y, x + 5, y + 5, 5.0, 0)
        for at, (x, y) in enumerate((dice.uniform(0, 590), dice.uniform(0, 840)) for _ in range(2_900))
    ]
    begun = time.process_time()
    lines = lines_of(chars, 595)
    assert sum(len(line.text.replace(" ", "")) for line in lines) == len(chars)
    assert time.process_time() - begun < 5
