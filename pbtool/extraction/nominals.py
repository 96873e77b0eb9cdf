"""Words of a clause, and which of them name something.

The one idea: after a number it matters little what a word means, only whether it is part of a name for a thing (a noun, a
verb used as one, a name) or says what happens. A linear model over strings of up to three characters tells both where words
begin and which characters belong to a noun; a word is nominal when its characters are so in sum.

The weights of a string for all the places beside it are one long integer of 16-bit lanes, so that a whole clause is weighed
by a shift and three additions a character (pointwise prediction: Neubig, Nakata, Mori 2011).
"""

from __future__ import annotations

import functools
import zlib
from array import array
from collections.abc import Iterable, Mapping
from importlib import resources
from itertools import accumulate, pairwise
from typing import NamedTuple

#: Longest string that has weights.
LONGEST = 3
#: Bits of the two lanes of a place: noun in the lower one, beginning of a word in the upper one.
_PLACE = 32
#: Places that are summed up in one integer; more than a clause has, as what a sum costs grows with its length.
_BLOCK = 128
#: Stands before and behind a text.
_EDGE = "\t"
#: What every sum is lifted by, so that none is below zero.
_ZERO = 0x8000


class Word(NamedTuple):
    """A word at [start, end) and what it reads; `nominal` says that it names something."""

    start: int
    end: int
    nominal: bool
    text: str


class Nominals:
    """The model; `weights` holds for each string its lanes from the place before it to the place behind it."""

    def __init__(self, weights: dict[str, int]) -> None:
        self._weights = weights

    def words(self, text: str, start: int, end: int, whole: Iterable[tuple[int, int]] = ()) -> list[Word]:
        """The words of text[start:end], in order; the spans in `whole` are names: nominal, and never cut."""
        if end <= start:
            return []
        low = max(0, start - LONGEST)  # what stands further off does not weigh here
        piece = text[low : end + LONGEST]
        if end + LONGEST > len(text) and piece[-1].isalnum():
            piece += "。"  # the model knows only sentences with a full stop
        lanes = self._lanes(piece)
        nouns, begins = lanes[0::2], lanes[1::2]
        for first, last in whole:
            first, last = max(first, start) - low, min(last, end) - low
            for at in range(first, last):
                nouns[at], begins[at] = 2 * _ZERO - 1, 0
            begins[first] = begins[last] = 2 * _ZERO - 1
        sums = [0, *accumulate(nouns)]
        last = end - low
        cuts = [at for at in range(start - low + 1, last) if begins[at] > _ZERO]
        return [
            Word(
                low + at, low + stop, sums[stop] - sums[at] > _ZERO * (stop - at), text[low + at : low + stop]
            )
            for at, stop in pairwise([start - low, *cuts, last])
        ]

    def _lanes(self, text: str) -> array[int]:
        """For each character and the end what it weighs as part of a noun and as the beginning of a word, by turns.

        Above `_ZERO` it is one.
        """
        for digit in "123456789":
            if digit in text:
                text = text.replace(digit, "0")
        text = f"{_EDGE}{text}{_EDGE}"
        get, rest, lanes = self._weights.get, 0, bytearray()
        for left in range(0, len(text), _BLOCK):
            right, total = min(left + _BLOCK, len(text)), 0
            for at in range(right - 1, left - 1, -1):
                here = get(text[at], 0) + get(text[at : at + 2], 0) + get(text[at : at + 3], 0)
                total = (total << _PLACE) + here
            size = right - left if right < len(text) else right - left + LONGEST + 1
            rest += total + _lift(size)
            done = rest & (1 << size * _PLACE) - 1
            lanes += done.to_bytes(size * _PLACE // 8, "little")
            rest >>= size * _PLACE  # what the strings of this block weigh in the next
        return array("H", lanes)[4:]


@functools.lru_cache(maxsize=64)
def _lift(size: int) -> int:
    """Half of every lane, so that no sum is below zero."""
    return sum((_ZERO << 16 | _ZERO) << (_PLACE * place) for place in range(size))


def read_weights(data: bytes) -> dict[str, int]:
    """String -> its lanes, out of the table's bytes (see `write_weights`)."""
    head, _, values = zlib.decompress(data).partition(b"\0")
    names = head.decode("utf-8").split("\n")[1:]
    ends = accumulate(_PLACE // 8 * (len(name) + 2) for name in names)
    found, start, value = {}, 0, int.from_bytes
    for name, end in zip(names, ends, strict=True):
        found[name] = value(values[start:end], "little", signed=True)
        start = end
    return found


def write_weights(header: str, weights: Mapping[str, Iterable[int]]) -> bytes:
    """The bytes of a table, compressed: a header and the strings by line, a zero byte, then the integer of each string."""
    values = bytearray()
    for name in sorted(weights):
        total = sum(lane << (16 * place) for place, lane in enumerate(weights[name]))
        values += total.to_bytes(_PLACE // 8 * (len(name) + 2), "little", signed=True)
    return zlib.compress("\n".join([header, *sorted(weights)]).encode("utf-8") + b"\0" + values, 9)


@functools.cache
def nominals() -> Nominals:
    """The model that the package ships."""
    return Nominals(read_weights((resources.files("pbtool.data") / "nominal_weights.bin").read_bytes()))
