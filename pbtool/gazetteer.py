"""The gazetteer: every province, city and county since 1981, every town since 2015, every village of 2023.

The one idea: one read-only file, mapped into memory and shared by processes, that answers "what is called this?" with
one hash and a few bytes read. Nothing is parsed when it is opened; villages lie compressed by prefecture and are unpacked
only once a document has named the place around them.

Names are compared in a folded form (`fold`): traditional characters become simplified ones, one for one, in the table
and in the question alike. The table is built by `scripts/build_tables.py`; sources and licences are in its docstring.
"""

from __future__ import annotations

import lzma
import mmap
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from zlib import crc32

MAGIC = b"PBGAZ\x00\x00\x02"
#: Sections of the file, in the order of their (offset, size) pairs after the magic number.
SECTIONS = (
    "names",
    "areas",
    "towns",
    "successors",
    "buckets",
    "forms",
    "prefixes",
    "blocks",
    "villages",
    "fold",
)
AREA = struct.Struct("<IHBBII")  # code, parent + 1, first, last, name, successors
TOWN = struct.Struct(
    "<IIHBBI"
)  # statistics bureau's code, civil affairs' code, parent + 1, first, last, name
BLOCK = struct.Struct("<HII")  # prefecture, offset, size
BUCKETS = 1 << 16
YEAR_0, STILL = 1900, 255
ORDINARY = 1
LEVELS = ("province", "city", "county", "town", "village")
#: What the name of a village is followed by in the table, by the number of its kind.
VILLAGE_KINDS = ("村", "社区", "嘎查", "居委会", "生活区", "管理区", "")
VILLAGE_YEAR = 2023
FILTERS = ({"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 0, "lp": 1, "pb": 1},)

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|"
    "拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|锡伯族|阿昌族|普米族|塔吉克|"
    "塔吉克族|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春族|鄂伦春|门巴族|珞巴族|基诺族|高山族|哈萨克族|柯尔克孜族|各族|满族蒙古族"
)
PEOPLES = tuple(sorted(_PEOPLES.split("|"), key=lambda name: (-len(name), name)))
_ENDINGS = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "矿区",
    "林区",
    "特区",
    "地区",
    "街道",
    "苏木",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "州",
    "盟",
    "镇",
    "乡",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the table. `last` is None while it exists; `successors` are the codes it was merged or changed into.

    `code_system` is "gbt2260" for counties and above, "nbs" (statistics bureau) or "mca" (civil affairs) for towns, "nbs"
    for villages, "user" for a user's own rows. A town's other code is `other_code`, in the other of the two systems.
    """

    name: str
    level: str
    code: str | None = None
    code_system: str | None = None
    first: int | None = None
    last: int | None = None
    parent: Entry | None = None
    other_code: str | None = None
    successors: tuple[str, ...] = ()
    whole: str | None = field(default=None, compare=False)

    @property
    def current(self) -> bool:
        """Whether the place still exists."""
        return self.last is None

    def parents(self) -> Iterator[Entry]:
        """The places around it, nearest first."""
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    def within(self, other: Entry) -> bool:
        """Whether it lies in `other` (whatever the years of either)."""
        return any(
            parent is other or (parent.code == other.code and parent.name == other.name)
            for parent in self.parents()
        )


@lru_cache(maxsize=50_000)
def short(name: str) -> str:
    """The name without its ending and without its peoples: 浮山县 → 浮山, 玉龙纳西族自治县 → 玉龙; 陇县 stays."""
    for ending in _ENDINGS:
        if name.endswith(ending):
            rest = name[: -len(ending)]
            if ending in ("自治区", "自治州", "自治县", "自治旗", "街道", "乡", "区"):
                rest = _without_peoples(rest)
            return rest if len(rest) > 1 else name
    return name


def _without_peoples(name: str) -> str:
    while True:
        for people in PEOPLES:
            if name.endswith(people) and len(name) - len(people) > 1:
                name = name[: -len(people)]
                break
        else:
            return name


class Gazetteer:
    """The table, open. `named` looks names up, `villages` lists a town's villages, `chain` writes a place out in full."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError(
                f"{path}: is not a gazetteer of this version; rebuild it with scripts/build_tables.py"
            )
        pairs = struct.unpack_from(f"<{2 * len(SECTIONS)}I", self._map, len(MAGIC))
        self._at = dict(zip(SECTIONS, pairs[::2], strict=True))
        self._size = dict(zip(SECTIONS, pairs[1::2], strict=True))
        self._area_count = self._size["areas"] // AREA.size
        self._entries: dict[int, Entry] = {}
        self._blocks: dict[int, dict[int, tuple[tuple[int, str], ...]]] = {}
        self._villages: dict[int, tuple[Entry, ...]] = {}
        self._found: dict[str, tuple[int, ...]] = {}
        self._town_index: dict[int, list[int]] = {}

    def named(self, name: str) -> list[Entry]:
        """Everything called `name`, in full or short (without 省, 市, 县, 镇 …), in either script; counties first."""
        return [self.entry(number) for number in self._lookup(fold(name))[1:]]

    def is_ordinary(self, name: str) -> bool:
        """Whether the short form is also an ordinary word (发展, 和平) by a dictionary of the language."""
        found = self._lookup(name)
        return bool(found) and bool(found[0] & ORDINARY)

    def known(self, folded: str) -> tuple[int, ...]:
        """Numbers of the entries for a name that is folded already (see `entry`); empty where there is none."""
        return self._lookup(folded)[1:]

    def entry(self, number: int) -> Entry:
        """The entry of a number; areas come before towns."""
        found = self._entries.get(number)
        if found is None:
            found = self._area(number) if number < self._area_count else self._town(number)
            self._entries[number] = found
        return found

    def chain(self, entry: Entry) -> str:
        """The place with all it lies in: province, city, county, town, village, in one name."""
        if entry.whole is not None:
            return entry.whole
        names = [entry.name, *(parent.name for parent in entry.parents())]
        return "".join(reversed(names))

    def villages(self, town: Entry | str) -> tuple[Entry, ...]:
        """The villages of a town, given as an entry or by its nine-digit code of the statistics bureau."""
        code, parent = _statistics_code(town)
        if code is None:
            return ()
        number = int(code)
        found = self._villages.get(number)
        if found is None or (parent is not None and found and found[0].parent is None):
            rows = self._block(number // 100_000).get(number, ())
            found = tuple(
                Entry(name, "village", f"{number:09d}{last:03d}", "nbs", VILLAGE_YEAR, None, parent)
                for last, name in rows
            )
            self._villages[number] = found
        return found

    def villages_in(self, county: str) -> Iterator[tuple[str, str, str]]:
        """Town code, village code and name of every village of a county (six digits) or, with four, of a prefecture."""
        for town, rows in self._block(int(county[:4])).items():
            code = f"{town:09d}"
            if code.startswith(county):
                for last, name in rows:
                    yield code, f"{code}{last:03d}", name

    def towns(self, county: Entry) -> tuple[Entry, ...]:
        """Every town that the table has for a county (or a city without counties), former ones too."""
        wanted = [number for number in self.known(fold(county.name)) if self.entry(number) == county]
        return tuple(self.entry(town) for number in wanted for town in self._towns_of().get(number, ()))

    def _towns_of(self) -> dict[int, list[int]]:
        """Number of a county -> the numbers of its towns; counted through once."""
        if not self._town_index:
            rows = TOWN.iter_unpack(self._section("towns"))
            for number, row in enumerate(rows, self._area_count):
                self._town_index.setdefault(row[2] - 1, []).append(number)
        return self._town_index

    def counties(self, city: Entry) -> tuple[Entry, ...]:
        """Every county that the table has for a city or province, former ones too."""
        result = []
        for number in range(self._area_count):
            entry = self.entry(number)
            if entry.parent is not None and (entry.parent.code, entry.parent.name) == (city.code, city.name):
                result.append(entry)
        return tuple(result)

    @property
    def prefixes(self) -> frozenset[str]:
        """The first two characters of every short name of a province, city or county."""
        text = self._section("prefixes").decode("utf-16-le")
        return frozenset(map("".join, zip(text[::2], text[1::2], strict=True)))

    def folding(self) -> dict[int, str]:
        """The one-to-one map from traditional to simplified characters, for `str.translate`."""
        text = self._section("fold").decode("utf-16-le")
        return {ord(old): new for old, new in zip(text[::2], text[1::2], strict=True)}

    def _section(self, name: str) -> bytes:
        start = self._at[name]
        return self._map[start : start + self._size[name]]

    def _lookup(self, folded: str) -> tuple[int, ...]:
        found = self._found.get(folded)
        if found is None:
            if len(self._found) > 100_000:
                self._found.clear()
            found = self._found[folded] = self._read(folded)
        return found

    def _read(self, folded: str) -> tuple[int, ...]:
        """Flags and entry numbers of a name, out of its bucket."""
        key = folded.encode("utf-8", "surrogatepass")
        if len(key) > 255:
            return ()
        start, end = struct.unpack_from("<II", self._map, self._at["buckets"] + 4 * (crc32(key) % BUCKETS))
        base = self._at["forms"]
        data = self._map[base + start : base + end]
        place = 0
        while place < len(data):
            length, count = data[place], data[place + 1]
            after = place + 3 + length
            if length == len(key) and data[place + 3 : after] == key:
                numbers = (
                    int.from_bytes(data[after + 2 * i : after + 2 * i + 2], "little") for i in range(count)
                )
                return (data[place + 2], *numbers)
            place = after + 2 * count
        return ()

    def _name(self, packed: int) -> str:
        start = self._at["names"] + (packed >> 8)
        return self._map[start : start + (packed & 255)].decode("utf-8")

    def _parent(self, number: int) -> Entry | None:
        return self.entry(number - 1) if number else None

    def _area(self, number: int) -> Entry:
        row = AREA.unpack_from(self._map, self._at["areas"] + number * AREA.size)
        code, parent, first, last, name, successors = row
        level = "province" if code % 10_000 == 0 else "city" if code % 100 == 0 else "county"
        start = self._at["successors"] + (successors >> 8)
        codes = struct.unpack_from(f"<{successors & 255}I", self._map, start)
        return Entry(
            self._name(name),
            level,
            f"{code:06d}",
            "gbt2260",
            first + YEAR_0,
            None if last == STILL else last + YEAR_0,
            self._parent(parent),
            None,
            tuple(f"{code:06d}" for code in codes),
        )

    def _town(self, number: int) -> Entry:
        place = self._at["towns"] + (number - self._area_count) * TOWN.size
        statistics, affairs, parent, first, last, name = TOWN.unpack_from(self._map, place)
        codes = [(f"{statistics:09d}", "nbs")] if statistics else []
        codes += [(f"{affairs:09d}", "mca")] if affairs else []
        return Entry(
            self._name(name),
            "town",
            codes[0][0] if codes else None,
            codes[0][1] if codes else None,
            first + YEAR_0,
            None if last == STILL else last + YEAR_0,
            self._parent(parent),
            codes[1][0] if len(codes) > 1 else None,
        )

    def _block(self, prefecture: int) -> dict[int, tuple[tuple[int, str], ...]]:
        found = self._blocks.get(prefecture)
        if found is None:
            if len(self._blocks) >= 64:
                self._blocks.clear()
                self._villages.clear()
            found = self._blocks[prefecture] = self._unpack(prefecture)
        return found

    def _unpack(self, prefecture: int) -> dict[int, tuple[tuple[int, str], ...]]:
        for number, offset, size in BLOCK.iter_unpack(self._section("blocks")):
            if number == prefecture:
                start = self._at["villages"] + offset
                return unpack_villages(self._map[start : start + size], prefecture)
        return {}


def _statistics_code(town: Entry | str) -> tuple[str | None, Entry | None]:
    if isinstance(town, str):
        return (town if len(town) == 9 and town.isdecimal() else None), None
    return (town.code if town.code_system == "nbs" else None), town


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


def unpack_villages(block: bytes, prefecture: int) -> dict[int, tuple[tuple[int, str], ...]]:
    """What `pack_villages` packed: town code → (last three digits, name) of its villages."""
    one, two = struct.unpack_from("<II", block)
    cuts = (8, 8 + one, 8 + one + two, len(block))
    raw = [
        lzma.decompress(block[cuts[i] : cuts[i + 1]], lzma.FORMAT_RAW, filters=list(FILTERS))
        for i in range(3)
    ]
    names, kinds, codes = raw[0].decode("utf-16-le").split("\n"), raw[1], raw[2]
    result: dict[int, list[tuple[int, str]]] = {}
    place, last, town = 0, 0, 0
    for name, kind in zip(names, kinds, strict=True):
        if kind & 128:
            town = prefecture * 100_000 + int.from_bytes(codes[place : place + 4], "little")
            place, last = place + 4, 0
        if codes[place] == 255:
            last = int.from_bytes(codes[place + 1 : place + 3], "little")
            place += 3
        else:
            last += codes[place]
            place += 1
        result.setdefault(town, []).append((last, name + VILLAGE_KINDS[kind & 127]))
    return {key: tuple(rows) for key, rows in result.items()}


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The table that ships with the package, opened once."""
    return Gazetteer(Path(__file__).parent / "data" / "gazetteer.bin")


@lru_cache(maxsize=1)
def _folding() -> tuple[re.Pattern[str], dict[int, str]]:
    table = gazetteer().folding()
    return re.compile(f"[{re.escape(''.join(map(chr, table)))}]"), table


def fold(text: str) -> str:
    """The text with every traditional character replaced by its simplified one; the length stays the same."""
    traditional, table = _folding()  # to search is ten times as fast as to translate, and most text has none
    return text.translate(table) if traditional.search(text) else text
