"""Areas and towns: one hash and a few bytes read for every question.

The one idea: names are compared in a folded form (`fold`): traditional characters become simplified ones, one for one, in
the table and in the question alike. Towns lie in the order of what they lie in, so that those of a county are one stretch.
"""

from __future__ import annotations

import mmap
import re
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from zlib import crc32

from pbtool.gazetteer.names import VILLAGE_YEAR, Entry
from pbtool.gazetteer.villages import Row, Villages

MAGIC = b"PBGAZ\x00\x00\x03"
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
    "mark_buckets",
    "marks",
    "fold",
)
AREA = struct.Struct("<IHBBII")  # code, parent + 1, first, last, name, successors
TOWN = struct.Struct(
    "<IIHBBI"
)  # statistics bureau's code, civil affairs' code, parent + 1, first, last, name
BUCKETS = 1 << 16
YEAR_0, STILL = 1900, 255
ORDINARY = 1
#: Provinces (first two digits) whose districts have no code of the standard; the table counts them itself.
ISLANDS = (71, 81, 82)
#: The longest short name that is looked for, in characters.
LONGEST_SHORT = 8
LEVELS = ("province", "city", "county", "town", "village")


class Gazetteer:
    """The table, open. `named` looks names up, `villages` lists a town's villages, `chain` writes a place out in full."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._file = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._map = memoryview(self._file)
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError(
                f"{path}: is not a gazetteer of this version; rebuild it with scripts/build_tables.py"
            )
        pairs = struct.unpack_from(f"<{2 * len(SECTIONS)}I", self._map, len(MAGIC))
        self._at = dict(zip(SECTIONS, pairs[::2], strict=True))
        self._size = dict(zip(SECTIONS, pairs[1::2], strict=True))
        self._area_count = self._size["areas"] // AREA.size
        self._buckets = self._section("buckets").cast("I")
        self._forms = self._at["forms"]
        self._entries: dict[int, Entry] = {}
        self._found: dict[str, tuple[int, ...]] = {}

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
        rows = self._villages.block(int(code[:4])).of_town(int(code))
        return tuple(_village(row, parent) for row in rows)

    def villages_named(self, stem: str, prefecture: str) -> list[tuple[str, Entry]]:
        """The villages of a prefecture (four digits) with this folded stem (`stem_of`), each with the code of its town.

        What they lie in is not filled in. Hardly anything is read where the prefecture has no village of that name.
        """
        rows = self._villages.named(stem, prefecture)
        return [(f"{row[0]:09d}", _village(row, None)) for row in rows]

    def having_village(self, stem: str, prefectures: Iterable[str]) -> list[str]:
        """Those of the prefectures (four digits each) that may have a village with this folded stem; quick to say none."""
        return self._villages.having(stem, prefectures)

    def spread(self, stem: str) -> int:
        """In how many of the prefectures a village has this folded stem (光明: 245); now and then one too many."""
        return self._villages.spread(stem)

    def towns(self, county: Entry) -> tuple[Entry, ...]:
        """Every town that the table has for a county (or a city without counties), former ones too."""
        wanted = [number for number in self.known(fold(county.name)) if self.entry(number) == county]
        return tuple(self.entry(town) for number in wanted for town in self._towns_of(number))

    def _towns_of(self, area: int) -> range:
        """The numbers of the towns of an area, by its number."""
        first = bisect_left(self._town_parents, area + 1)
        return range(
            self._area_count + first, self._area_count + bisect_right(self._town_parents, area + 1, first)
        )

    def counties(self, city: Entry) -> tuple[Entry, ...]:
        """Every county that the table has for a city or province, former ones too."""
        same = {
            number
            for number in self.known(fold(city.name))
            if (entry := self.entry(number)).code == city.code and entry.name == city.name
        }
        parents = enumerate(row[1] - 1 for row in AREA.iter_unpack(self._section("areas")))
        return tuple(self.entry(number) for number, parent in parents if parent in same)

    def prefixes(self) -> dict[str, tuple[int, ...]]:
        """The first two characters of every short name of a province, city or county → its lengths, longest first."""
        text = str(self._section("prefixes"), "utf-16-le")
        return {
            text[at : at + 2]: tuple(
                length for length in range(LONGEST_SHORT, 1, -1) if ord(text[at + 2]) >> length & 1
            )
            for at in range(0, len(text), 3)
        }

    def folding(self) -> dict[int, str]:
        """The one-to-one map from traditional to simplified characters, for `str.translate`."""
        text = str(self._section("fold"), "utf-16-le")
        return {ord(old): new for old, new in zip(text[::2], text[1::2], strict=True)}

    def _section(self, name: str) -> memoryview:
        start = self._at[name]
        return self._map[start : start + self._size[name]]

    @cached_property
    def _villages(self) -> Villages:
        return Villages(self._section, fold)

    @cached_property
    def _town_parents(self) -> _Field:
        return _Field(self._section("towns"), TOWN.size, 8)

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
        bucket = crc32(key) % BUCKETS
        start, end = self._forms + self._buckets[bucket], self._forms + self._buckets[bucket + 1]
        if self._file.find(key, start, end) < 0:
            return ()  # as for most strings that are asked about
        data = self._file[start:end]
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
        return str(self._map[start : start + (packed & 255)], "utf-8")

    def _parent(self, number: int) -> Entry | None:
        return self.entry(number - 1) if number else None

    def _area(self, number: int) -> Entry:
        row = AREA.unpack_from(self._map, self._at["areas"] + number * AREA.size)
        code, parent, first, last, name, successors = row
        level = "province" if code % 10_000 == 0 else "city" if code % 100 == 0 else "county"
        own = code // 10_000 in ISLANDS and code % 10_000 > 0
        start = self._at["successors"] + (successors >> 8)
        codes = struct.unpack_from(f"<{successors & 255}I", self._map, start)
        return Entry(
            self._name(name),
            level,
            f"{code:06d}",
            None if own else "gbt2260",
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


class _Field(Sequence[int]):
    """One field of two bytes of every row of a section, to be searched without unpacking the rows."""

    def __init__(self, rows: memoryview, size: int, at: int) -> None:
        self._rows, self._size, self._at = rows, size, at

    def __len__(self) -> int:
        return len(self._rows) // self._size

    def __getitem__(self, index: int) -> int:  # type: ignore[override]
        place = index * self._size + self._at
        return int.from_bytes(self._rows[place : place + 2], "little")


def _village(row: Row, parent: Entry | None) -> Entry:
    town, last, name = row
    return Entry(name, "village", f"{town:09d}{last:03d}", "nbs", VILLAGE_YEAR, None, parent)


def _statistics_code(town: Entry | str) -> tuple[str | None, Entry | None]:
    if isinstance(town, str):
        return (town if len(town) == 9 and town.isdecimal() else None), None
    return (town.code if town.code_system == "nbs" else None), town


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The table that ships with the package, opened once."""
    return Gazetteer(Path(__file__).parent.parent / "data" / "gazetteer.bin")


@lru_cache(maxsize=1)
def _folding() -> tuple[re.Pattern[str], dict[int, str]]:
    table = gazetteer().folding()
    return re.compile(f"[{re.escape(''.join(map(chr, table)))}]"), table


def fold(text: str) -> str:
    """The text with every traditional character replaced by its simplified one; the length stays the same."""
    traditional, table = _folding()  # to search is ten times as fast as to translate, and most text has none
    return text.translate(table) if traditional.search(text) else text
