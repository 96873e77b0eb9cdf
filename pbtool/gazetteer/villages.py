"""The villages of the table: packed by prefecture, with a mark for every name that a prefecture has.

The one idea: a text holds hundreds of strings that might be a village's name, and hardly one of them is. A mark of two bytes
for each (prefecture, name), found by a hash, says no without unpacking anything; only where it says yes is the prefecture
unpacked (2 ms), and kept.
"""

from __future__ import annotations

import lzma
import re
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from zlib import crc32

BLOCK = struct.Struct("<HII")  # prefecture, offset, size
MARK_BUCKETS = 1 << 16
#: What the name of a village is followed by in the table, by the number of its kind.
VILLAGE_KINDS = ("村", "社区", "嘎查", "居委会", "生活区", "管理区", "")
FILTERS = ({"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 1, "pb": 1},)
#: So many prefectures stay unpacked.
_KEPT = 64
_KIND = re.compile(r"(?:(?:自然|行政)?村|社区|嘎查|居委会)$")

#: A village: nine-digit code of its town, last three digits of its own, name.
Row = tuple[int, int, str]
Fold = Callable[[str], str]


def stem_of(form: str) -> str:
    """The name of a village or community without what kind it is."""
    return _KIND.sub("", form)


def _keys(folded: str) -> Iterator[str]:
    """What a village is looked for by: its stem; also its name where the stem is one character (某村 written 某村村)."""
    stem = stem_of(folded)
    yield stem
    if len(stem) == 1:
        yield folded


class Block:
    """The villages of one prefecture, unpacked: `rows` in the order of their codes, `named` by stem."""

    def __init__(self, rows: list[Row], fold: Fold) -> None:
        self.rows, self._fold = rows, fold

    @cached_property
    def towns(self) -> dict[int, list[Row]]:
        """Code of a town -> its villages."""
        towns: dict[int, list[Row]] = {}
        for row in self.rows:
            towns.setdefault(row[0], []).append(row)
        return towns

    @cached_property
    def _by_key(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        names = self._fold("\n".join(row[2] for row in self.rows)).split("\n")
        for name, row in zip(names, self.rows, strict=True):
            for key in _keys(name):
                found.setdefault(key, []).append(row)
        return found

    def named(self, stem: str) -> list[Row]:
        """The villages with this (folded) stem."""
        return self._by_key.get(stem, [])


class Villages:
    """The villages in the sections of an open file: `blocks` and `packed`, `buckets` and `marks`."""

    def __init__(self, section: Callable[[str], memoryview], fold: Fold) -> None:
        self._packed, self._marks, self._fold = section("villages"), section("marks"), fold
        self._buckets = section("mark_buckets").cast("I")
        self._places = {number: (at, size) for number, at, size in BLOCK.iter_unpack(section("blocks"))}
        self._blocks: dict[int, Block] = {}

    def block(self, prefecture: int) -> Block:
        """The villages of a prefecture, by the four digits of its code; empty where it has none."""
        found = self._blocks.get(prefecture)
        if found is None:
            if len(self._blocks) >= _KEPT:
                self._blocks.clear()
            at, size = self._places.get(prefecture, (0, 0))
            rows = unpack_villages(bytes(self._packed[at : at + size]), prefecture) if size else []
            found = self._blocks[prefecture] = Block(rows, self._fold)
        return found

    def named(self, stem: str, prefecture: str) -> list[Row]:
        """The villages of a prefecture (the four digits of its code) with this folded stem."""
        mark = crc32((prefecture + stem).encode("utf-8", "surrogatepass"))
        bucket = mark & (MARK_BUCKETS - 1)
        marks = bytes(self._marks[self._buckets[bucket] : self._buckets[bucket + 1]])
        if (mark >> 16).to_bytes(2, "little") not in marks:
            return []
        return self.block(int(prefecture)).named(stem)


def pack_marks(villages: Iterable[tuple[str, str]]) -> tuple[bytes, bytes]:
    """Where each bucket of marks begins, and the marks, for villages as (four digits of the prefecture, folded name)."""
    buckets: list[set[bytes]] = [set() for _ in range(MARK_BUCKETS)]
    for prefecture, name in villages:
        for key in _keys(name):
            mark = crc32((prefecture + key).encode())
            buckets[mark & (MARK_BUCKETS - 1)].add((mark >> 16).to_bytes(2, "little"))
    starts, marks = bytearray(), bytearray()
    for bucket in buckets:
        starts += struct.pack("<I", len(marks))
        marks += b"".join(sorted(bucket))
    return bytes(starts + struct.pack("<I", len(marks))), bytes(marks)


def pack_villages(rows: list[tuple[str, str]]) -> bytes:
    """The villages of one prefecture, (twelve-digit code, name) sorted by code, as one compressed block."""
    names, kinds, codes = [], bytearray(), bytearray()
    town, previous = "", 0
    for code, name in rows:
        kind = next(i for i, ending in enumerate(VILLAGE_KINDS) if name.endswith(ending))
        names.append(name.removesuffix(VILLAGE_KINDS[kind]))
        new = code[:9] != town
        town, previous = code[:9], 0 if new else previous
        kinds.append(kind | (128 if new else 0))
        if new:
            codes += struct.pack("<I", int(town[4:]))
        step = int(code[9:]) - previous
        codes += bytes([step]) if 0 < step < 255 else b"\xff" + struct.pack("<H", int(code[9:]))
        previous = int(code[9:])
    parts = ["\n".join(names).encode("utf-16-le"), bytes(kinds), bytes(codes)]
    packed = [lzma.compress(part, lzma.FORMAT_RAW, filters=list(FILTERS)) for part in parts]
    return struct.pack("<II", len(packed[0]), len(packed[1])) + b"".join(packed)


def unpack_villages(block: bytes, prefecture: int) -> list[Row]:
    """What `pack_villages` packed, in its order."""
    one, two = struct.unpack_from("<II", block)
    cuts = (8, 8 + one, 8 + one + two, len(block))
    raw = [
        lzma.decompress(block[cuts[i] : cuts[i + 1]], lzma.FORMAT_RAW, filters=list(FILTERS))
        for i in range(3)
    ]
    names, kinds, codes = raw[0].decode("utf-16-le").split("\n"), raw[1], raw[2]
    rows: list[Row] = []
    place, last, town = 0, 0, 0
    for name, kind in zip(names, kinds, strict=True):
        if kind & 128:
            town = prefecture * 100_000 + int.from_bytes(codes[place : place + 4], "little")
            place, last = place + 4, 0
        step = codes[place]
        if step == 255:
            last = int.from_bytes(codes[place + 1 : place + 3], "little")
            place += 3
        else:
            last += step
            place += 1
        rows.append((town, last, name + VILLAGE_KINDS[kind & 127]))
    return rows
