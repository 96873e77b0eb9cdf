"""The place chain of a fact: which province, city, county and town a written-out place lies in.

The one idea: only the gazetteer can cut 湖北省荆州市沙市区 in the right places, because names hold 市, 县 and 区 themselves; what it
does not know is cut by its endings.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pbtool.gazetteer import LEVELS, gazetteer

Region = tuple[str | None, str | None, str | None, str | None]
_LONGEST_NAME = 20
_COUNTY = re.compile(r".{1,12}?(?:县|区|市|旗)")
_TOWN = re.compile(r".{1,12}?(?:镇|乡|街道|苏木)")


@lru_cache(maxsize=1 << 16)
def region(full: str) -> Region:
    """Province, city, county and town of a place in full, each written with all it lies in; None where there is none."""
    ends = _known_ends(full)
    last = max(ends.values(), default=0)
    if "county" not in ends and "town" not in ends and (county := _COUNTY.match(full, last)):
        ends["county"] = last = county.end()
    if "town" not in ends and (town := _TOWN.match(full, last)):
        ends["town"] = town.end()
    province, city, county_name, town_name = (
        full[: ends[level]] if level in ends else None for level in LEVELS[:4]
    )
    return province, city, county_name, town_name


def _known_ends(full: str) -> dict[str, int]:
    """Level → where its name ends, as far as the gazetteer knows the chain."""
    table = gazetteer()
    ends: dict[str, int] = {}
    start = 0
    for level in LEVELS[:4]:
        for end in range(min(len(full), start + _LONGEST_NAME), start + 1, -1):
            name, chain = full[start:end], full[:end]
            if any(
                e.level == level and e.name == name and table.chain(e) == chain for e in table.named(name)
            ):
                ends[level] = start = end
                break
    return ends
