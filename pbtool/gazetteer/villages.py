"""The villages of the table: packed by prefecture, with a mark for every name that a prefecture has.

The one idea: a text holds hundreds of strings that might be a village's name, and hardly one of them is. A mark of two bytes
for each (prefecture, name), found by a hash, says no without unpacking anything. Where it says yes, the names of the
prefecture are unpacked to one string and searched as that; codes are worked out for what is found.
"""

from __future__ import annotations

import lzma
import struct
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from zlib import crc32

from pbtool.tables import pattern

BLOCK = struct.Struct("<HII")  # prefecture, offset, size
PARTS = struct.Struct("<5I")  # sizes of the parts of a block
FAR = struct.Struct("<HH")  # number of a village, last three digits
MARK_BUCKETS = 1 << 16
#: Names of a prefecture that are remembered.
_MOST_KNOWN = 10_000
#: What the name of a village is followed by in the table, by the number of its kind.
VILLAGE_KINDS = ("村", "社区", "嘎查", "居委会", "生活区", "管理区", "")
FILTERS = ({"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 1, "pb": 1, "dict_size": 1 << 18},)
_KIND = pattern(r"(?:(?:自然|行政)?村|社区|嘎查|居委会)$")

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
    """The villages of one prefecture; what is not asked for stays packed."""

    def __init__(self, packed: bytes, prefecture: int, fold: Fold) -> None:
        self._packed, self._prefecture, self._fold = packed, prefecture, fold
        self._known: dict[str, list[Row]] = {}  # of the names that were asked for, which come again

    def _part(self, number: int) -> bytes:
        sizes = PARTS.unpack_from(self._packed)
        start = PARTS.size + sum(sizes[:number])
        return lzma.decompress(
            self._packed[start : start + sizes[number]], lzma.FORMAT_RAW, filters=list(FILTERS)
        )

    @cached_property
    def _names(self) -> str:
        """The names without their kind, each between two line ends."""
        return self._part(0).decode("utf-16-le")

    @cached_property
    def _stems(self) -> str:
        return self._fold(self._names)

    @cached_property
    def _kinds(self) -> bytes:
        return self._part(1)

    @cached_property
    def _firsts(self) -> bytes:
        """1 for each village that is the first of its town, else 0."""
        return self._kinds.translate(bytes(kind >> 7 for kind in range(256)))

    @cached_property
    def _steps(self) -> bytes:
        return self._part(2)

    @cached_property
    def _towns(self) -> tuple[int, ...]:
        codes = self._part(3)
        return struct.unpack(f"<{len(codes) // 4}I", codes)

    @cached_property
    def _far(self) -> dict[int, int]:
        """Number of a village → its last three digits, where they are no small step."""
        return dict(FAR.iter_unpack(self._part(4)))

    def rows(self) -> Iterator[Row]:
        """All villages in the order of their codes."""
        town, last = -1, 0
        names = self._names[1:-1].split("\n") if self._kinds else []
        for number, (name, kind, step) in enumerate(zip(names, self._kinds, self._steps, strict=True)):
            if kind & 128:
                town, last = town + 1, 0
            last = self._far[number] if step == 255 else last + step
            yield self._code(town), last, name + VILLAGE_KINDS[kind & 127]

    def _code(self, town: int) -> int:
        return self._prefecture * 100_000 + self._towns[town]

    def of_town(self, code: int) -> list[Row]:
        """The villages of a town, by its nine-digit code."""
        return [row for row in self.rows() if row[0] == code]

    def named(self, stem: str) -> list[Row]:
        """The villages with this (folded) stem, in the order of their codes."""
        found = self._known.get(stem)
        if found is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            found = self._known[stem] = self._named(stem)
        return found

    def _named(self, stem: str) -> list[Row]:
        heads = {stem, *(stem.removesuffix(kind) for kind in VILLAGE_KINDS)}  # 某某管理区 is packed as 某某
        packed = [head + kind for head in heads for kind in ("", "自然", "行政")]
        found = sorted({one for name in packed for one in self._packed_as(name)})
        return [row for row in (self._row(*one) for one in found) if stem in _keys(self._fold(row[2]))]

    def _packed_as(self, name: str) -> Iterator[tuple[int, str]]:
        """Number and packed name of the villages whose packed name, folded, is `name`."""
        place = -1
        while (place := self._stems.find(f"\n{name}\n", place + 1)) >= 0:
            yield self._stems.count("\n", 0, place), self._names[place + 1 : place + 1 + len(name)]

    def _row(self, number: int, name: str) -> Row:
        first = self._firsts.rindex(1, 0, number + 1)
        steps = self._steps[first : number + 1]
        last = self._far[number] if steps[-1] == 255 else self._last(first, steps)
        kind = self._kinds[number] & 127
        return self._code(self._firsts.count(1, 0, number + 1) - 1), last, name + VILLAGE_KINDS[kind]

    def _last(self, first: int, steps: bytes) -> int:
        far = steps.rfind(255)
        return sum(steps[far + 1 :]) + (self._far[first + far] if far >= 0 else 0)


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
            at, size = self._places.get(prefecture, (0, 0))
            packed = bytes(self._packed[at : at + size]) or pack_villages([])
            found = self._blocks[prefecture] = Block(packed, prefecture, self._fold)
        return found

    def named(self, stem: str, prefecture: str) -> list[Row]:
        """The villages of a prefecture (the four digits of its code) with this folded stem."""
        marked = self._marked(stem.encode("utf-8", "surrogatepass"), prefecture.encode())
        return self.block(int(prefecture)).named(stem) if marked else []

    def having(self, stem: str, prefectures: Iterable[str]) -> list[str]:
        """Those of the prefectures that have a village with this folded stem, by the marks alone (now and then one too many)."""
        key = stem.encode("utf-8", "surrogatepass")
        return [prefecture for prefecture in prefectures if self._marked(key, prefecture.encode())]

    def spread(self, stem: str) -> int:
        """In how many prefectures a village has this folded stem; by the marks alone, so now and then one too many."""
        key = stem.encode("utf-8", "surrogatepass")
        return sum(self._marked(key, b"%04d" % prefecture) for prefecture in self._places)

    def _marked(self, stem: bytes, prefecture: bytes) -> bool:
        mark = crc32(prefecture + stem)
        bucket = mark & (MARK_BUCKETS - 1)
        marks = bytes(self._marks[self._buckets[bucket] : self._buckets[bucket + 1]])
        return (mark >> 16).to_bytes(2, "little") in marks


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
    """The villages of one prefecture, (twelve-digit code, name) sorted by code, as one compressed block.

    Its parts: names without their kind; kinds, with a mark on the first village of each town; by how much the last three
    digits grow; the last five digits of each town; the last three of the villages whose step is no single byte.
    """
    names, kinds, steps, towns, far = [""], bytearray(), bytearray(), bytearray(), bytearray()
    town, previous = "", 0
    for number, (code, name) in enumerate(rows):
        kind = next(i for i, ending in enumerate(VILLAGE_KINDS) if name.endswith(ending))
        names.append(name.removesuffix(VILLAGE_KINDS[kind]))
        last = int(code[9:])
        if code[:9] != town:
            town, previous, kind = code[:9], 0, kind | 128
            towns += struct.pack("<I", int(town[4:]))
        step = last - previous
        small = 0 <= step < 255
        steps.append(step if small else 255)
        far += b"" if small else FAR.pack(number, last)
        kinds.append(kind)
        previous = last
    parts = [
        "\n".join([*names, ""]).encode("utf-16-le"),
        bytes(kinds),
        bytes(steps),
        bytes(towns),
        bytes(far),
    ]
    packed = [lzma.compress(part, lzma.FORMAT_RAW, filters=list(FILTERS)) for part in parts]
    return PARTS.pack(*map(len, packed)) + b"".join(packed)
