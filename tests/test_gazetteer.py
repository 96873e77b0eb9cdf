"""The table of places: what it answers, that it is compact and opens at once, and that its text tables are in order."""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from pbtool.gazetteer import fold, gazetteer, short
from pbtool.gazetteer.villages import Block, pack_villages

DATA = Path(__file__).parent.parent / "pbtool" / "data"


def one(name: str, level: str, inside: str = "") -> str:
    """The only living place of that name and level (within a chain that begins with `inside`), written out."""
    table = gazetteer()
    found = [
        e for e in table.named(name) if e.level == level and e.current and table.chain(e).startswith(inside)
    ]
    assert len(found) == 1, found
    return table.chain(found[0])


@pytest.mark.parametrize(
    ("name", "level", "chain"),
    [
        ("永康市", "county", "浙江省金华市永康市"),
        ("象珠镇", "town", "浙江省金华市永康市象珠镇"),
        ("象珠", "town", "浙江省金华市永康市象珠镇"),
        ("石河子市", "county", "新疆维吾尔自治区石河子市"),
        ("东莞市", "city", "广东省东莞市"),
        ("内蒙", "province", "内蒙古自治区"),
        ("楚雄州", "city", "云南省楚雄彝族自治州"),
        ("玉龙县", "county", "云南省丽江市玉龙纳西族自治县"),
        ("科右前旗", "county", "内蒙古自治区兴安盟科尔沁右翼前旗"),
        ("麦子店街道", "town", "北京市朝阳区麦子店街道"),
        ("米林市", "county", "西藏自治区林芝市米林市"),
        ("蕉嶺縣", "county", "广东省梅州市蕉岭县"),
    ],
)
def test_names_full_short_and_traditional(name: str, level: str, chain: str) -> None:
    assert one(name, level) == chain


def test_former_counties_keep_their_years_and_successors() -> None:
    former = [e for e in gazetteer().named("崇文区") if e.level == "county"]
    assert [(e.code, e.first, e.last, e.successors) for e in former] == [("110103", 1981, 2010, ("110101",))]
    assert not former[0].current


def test_a_town_that_was_merged_away_is_still_there() -> None:
    found = [e for e in gazetteer().named("张庄乡") if e.parent is not None and e.parent.name == "浮山县"]
    assert [(e.first, e.last) for e in found] == [(2015, 2020)]


def test_both_code_systems_of_a_town() -> None:
    (town,) = [e for e in gazetteer().named("象珠镇") if e.level == "town"]
    assert (town.code, town.code_system, town.other_code) == ("330784112", "nbs", "330784102")


def test_same_named_towns_are_all_given() -> None:
    assert len({gazetteer().chain(e) for e in gazetteer().named("城关镇")}) > 80


def test_villages_of_a_town_by_entry_and_by_code() -> None:
    (town,) = [e for e in gazetteer().named("象珠镇") if e.level == "town"]
    names = {village.name: village for village in gazetteer().villages(town)}
    assert gazetteer().chain(names["派溪吕村"]) == "浙江省金华市永康市象珠镇派溪吕村"
    assert names["派溪吕村"].code == "330784112214"
    assert {v.name for v in gazetteer().villages("330784112")} == set(names)
    assert gazetteer().villages("330784999") == ()


def test_towns_and_villages_of_a_county() -> None:
    (county,) = [e for e in gazetteer().named("双柏县") if e.current]
    towns = gazetteer().towns(county)
    assert {"妥甸镇", "安龙堡乡", "独田乡"} <= {town.name for town in towns}
    assert "丫口村" in {village.name for town in towns for village in gazetteer().villages(town)}


def test_counties_of_a_city() -> None:
    (city,) = [e for e in gazetteer().named("衢州市") if e.level == "city"]
    assert {"柯城区", "衢江区", "龙游县", "江山市", "开化县", "常山县"} <= {
        e.name for e in gazetteer().counties(city)
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("浮山县", "浮山"),
        ("陇县", "陇县"),
        ("恭城瑶族自治县", "恭城"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("广西壮族自治区", "广西"),
        ("麦子店街道", "麦子店"),
        ("喀什地区", "喀什"),
        ("回民区", "回民"),
    ],
)
def test_short_names(name: str, expected: str) -> None:
    assert short(name) == expected


def test_nothing_is_found_under_other_names() -> None:
    for name in ("", "象珠县", "没有这个地方镇", "\ud800", "县", "x" * 1000):
        assert gazetteer().named(name) == []


def test_ordinary_words_are_marked() -> None:
    assert gazetteer().is_ordinary("发展") and gazetteer().is_ordinary("和平")
    assert not gazetteer().is_ordinary("象珠")


def test_folding_keeps_the_length() -> None:
    text = "浮山縣張莊鄉衛家河村\n，ABC𠮷"
    assert fold(text) == "浮山县张庄乡卫家河村\n，ABC𠮷"


def test_villages_survive_packing() -> None:
    rows = [
        ("330784112002", "象珠居委会"),
        ("330784112600", "远村"),
        ("330784112601", "近行政村"),
        ("330784113001", "名社区"),
        ("330784113002", "某队"),
        ("330784114300", "农场生活区"),
    ]
    block = Block(pack_villages(rows), 3307, fold)
    assert [(f"{town:09d}{last:03d}", name) for town, last, name in block.rows()] == rows
    assert block.of_town(330784113) == [(330784113, 1, "名社区"), (330784113, 2, "某队")]
    assert block.named("近") == [(330784112, 601, "近行政村")]
    assert block.named("远村") == [(330784112, 600, "远村")]
    assert block.named("农场生活区") == [(330784114, 300, "农场生活区")]
    assert list(Block(pack_villages([]), 1, fold).rows()) == block.named("没有") == []


def test_villages_of_a_prefecture_by_their_stem() -> None:
    found = gazetteer().villages_named("派溪吕", "3307")
    assert [(town, village.name, village.code) for town, village in found] == [
        ("330784112", "派溪吕村", "330784112214")
    ]
    assert gazetteer().villages_named("派溪吕", "1410") == []
    assert gazetteer().villages_named("\ud800", "3307") == gazetteer().villages_named("派溪吕", "9999") == []


def test_the_table_is_at_most_six_megabytes_in_the_wheel() -> None:
    assert len(zlib.compress((DATA / "gazetteer.bin").read_bytes(), 6)) < 6_000_000


def test_opening_reads_next_to_nothing() -> None:
    code = (
        "import time; from pathlib import Path; from pbtool.gazetteer import Gazetteer; t = time.process_time();"
        f"Gazetteer(Path({str(DATA / 'gazetteer.bin')!r})).named('象珠镇'); print(time.process_time() - t)"
    )
    times = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(3)]
    assert min(times) < 0.02


def test_another_file_is_refused(tmp_path: Path) -> None:
    from pbtool.gazetteer import Gazetteer

    path = tmp_path / "other.bin"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="not a gazetteer"):
        Gazetteer(path)


def test_words_that_are_no_places_hold_the_name() -> None:
    for line in (DATA / "not_places.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            word, name = line.split("\t")
            assert name in word and gazetteer().named(name), line


def test_how_many_prefectures_have_a_village_of_a_name() -> None:
    table = gazetteer()
    assert table.spread("光明") > 200
    assert table.spread("牵头") < 3
