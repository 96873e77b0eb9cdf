"""What a place of the table is, and its short name.

The one idea: an `Entry` knows all it lies in, so that a place can be written out in full, and a name loses its ending and its
peoples the same way wherever it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

VILLAGE_YEAR = 2023

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
    for villages, "user" for a user's own rows, None where the code is no official one (districts of Taiwan, Hong Kong, Macau). A town's other code is `other_code`, in the other of the two systems.
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

    @property
    def offshore(self) -> bool:
        """Whether it lies in Taiwan, Hong Kong or Macau (or is one of them)."""
        outermost = (self, *self.parents())[-1]
        return (outermost.code or "")[:2] in ("71", "81", "82")

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
