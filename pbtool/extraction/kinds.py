"""What sort of number it is: money, a share, a time, a rank, or a count that belongs to a name.

The one idea: a count in figures counts; a count in words may be grammar (一个), rank (二等奖) or part of a name (三会一课, 百日百场),
and what stands beside it tells which.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pbtool import tables
from pbtool.extraction import dates
from pbtool.extraction.numerals import Numeral, Value
from pbtool.extraction.units import Unit
from pbtool.tables import pattern


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its measure word: [start, end) takes in the qualifiers."""

    start: int
    end: int
    number: Numeral
    value: Value | None
    unit: Unit | None
    approx: str
    kind: str


class Scope:
    """A passage with what is no metric in it: dates, times, quoted names."""

    def __init__(
        self,
        text: str,
        folded: str,
        days: Sequence[dates.Stretch],
        names: Sequence[tuple[int, int]] = (),
        people: Sequence[tuple[int, int]] = (),
    ) -> None:
        self.text, self.folded, self.people = text, folded, people
        masks = [(d.start, d.end) for d in days] + [(c.start, c.end) for c in dates.clocks(folded)]
        masks += [match.span() for match in _CODES.finditer(folded)]
        self.days = [(d.start, d.end) for d in days]
        self.day_ends = [end for _, end in self.days]
        self.masks = sorted([*masks, *names])
        self.places = sorted(names)
        self.quotes = [match.span() for match in _QUOTED.finditer(folded)]

    def masked(self, place: int) -> int:
        """End of the mask over `place`, 0 where there is none."""
        at = bisect_right(self.masks, (place, len(self.text) + 1)) - 1
        return max((end for _, end in self.masks[max(0, at - 3) : at + 1] if end > place), default=0)

    def named(self, place: int) -> bool:
        """Whether `place` lies in a person's name."""
        at = bisect_right(self.people, (place, len(self.text) + 1)) - 1
        return at >= 0 and self.people[at][0] <= place < self.people[at][1]

    def quoted(self, place: int) -> bool:
        """Whether `place` lies in a short quotation or a book title: a name."""
        return self.quotation(place) is not None

    def quotation(self, place: int) -> tuple[int, int] | None:
        """The short quotation or book title, with its marks, in which `place` lies."""
        at = bisect_right(self.quotes, (place, len(self.text) + 1)) - 1
        return self.quotes[at] if at >= 0 and self.quotes[at][0] < place < self.quotes[at][1] else None


_QUOTED = pattern(r"[“‘「『\"《](?:(?<=《)[^》]{1,60}》|(?<!《)[^”’」』\"“‘，。；]{1,14}[”’」』\"])")
_CODES = pattern(
    r"(?=[0-9A-Za-z〔\[【(（一二三四五六七八九十周星礼№＃#第共每 ])(?:"  # what they may begin with
    r"(?<![\d.])\d{1,4}(?:[.-]\d{1,5}){2,6}(?![\d%])"  # versions, addresses
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|(?<![\d.])1[3-9]\d{9}(?!\d)"  # telephones
    r"|[A-Za-z]+[-+]?\d[\dA-Za-z.+-]{0,20}"  # S316, PM2.5, A4
    r"|(?<![\d.])\d(?: \d(?!\d))+(?: ?[百千万亿]{1,2})?"  # digits set apart by blanks: which belong together, only a repair can say
    r"|\d{1,4}(?:\.\d{1,3})? ?[×✕] ?\d{1,4}(?:\.\d{1,3})?"  # 7×24小时
    r"|\d{1,3}(?:号楼|[栋幢])\d{1,2}单元"
    r"|\d{1,4}\+[\dXxNn](?:\+[\dA-Za-z]{1,3}){0,3}"  # 1+X
    r"|(?<![\d.])\d{1,2}·\d{1,2}(?!\d)"  # 9·18
    r"|[〔\[【(（](?:19|20)\d\d[〕\]】)）] ?\d{1,5} ?号"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:世纪)?(?:、|至|到|—{1,2}|-|~)(?:\d{1,2}|[一二三四五六七八九十]{1,3})世纪"
    r"|(?:周|星期|礼拜)[一二三四五六日天1-6](?![年岁个])"
    r"|(?<!\d)(?:19|20)\d\d-\d{5,12}(?!\d)|〔\d{4,8} ?号?|第 ?\d{1,4} ?页(?:[,，/、 ]{0,2}共 ?\d{1,4} ?页)?|共 ?\d{1,4} ?页(?= ?第)"
    r"|每(?:个?月|年) ?(?:\d{1,2} ?月)? ?\d{1,2} ?[日号]|(?<![\d.万亿])\d{5,12} ?[月日号](?!\d)|(?<![\d.万亿])\d{6,12} ?年|(?<=年)\d{1,3} ?期"
    r"|(?:No\.?|NO\.?|№|＃|#) ?\d{1,12}"
    r"|\d{1,4} ?(?:国道|省道|县道|乡道|高速|专线)"
    r"|[(（][零一二三四五六七八九十\d]{1,3}[)）]"
    r"|(?:(?<=[。；：！？\s])|^) ?\d{1,3} ?[.、)）](?!\d)"
    r"|(?:(?<=[。；：！？，\s])|^)[一二三四五六七八九十]{1,3}(?:、|是|要|曰|则))"
)


_UNLED = pattern(
    r"(?:达到|达|为|共|有|至|增到|升到|[缩减]小到|扩大到|提高到|降低到|下降到|占|超过|超|突破|近|约|逾|不足|共计|累计|合计|总计|总数|人数|数量|指数|得分|系数|数)[了:： ]{0,2}$"
)
#: 农业局等9部门: offices are counted without a measure word.
_PARTIES = pattern(r"部门|单位|部委|机构|省份|城市")
#: 11省市: areas of several ranks are counted together without a measure word.
AREAS = pattern(r"省市区?|市县|县区|区县|省区(?!市|、)")
#: 四次全会: meetings that bear a number.
_MEETING = pattern(r"全会|全体会议|(?:党|职|团|妇|人)代会|代表大会")
_NUMBERED = pattern(
    r"(?:电话|热线|邮编|编号|代码|账号|证号|号码|传真|手机|QQ|代号|密码|拨打|编码|型号|书号|刊号)"
)
#: 四大, 三大: the number of a programme.
GREAT = pattern(
    r"(?:(?<![\d十百])[一二两三四五六七八九十])大(?![家会队量型小学约多概人米豆厅门楼桥步地胆江河])"
)


def kind_of(scope: Scope, quantity: Quantity) -> str | None:
    """The kind of a quantity, or None where the number counts nothing."""
    folded, number, unit = scope.folded, quantity.number, quantity.unit
    if unit is None:
        return _unitless(scope, quantity)
    group = unit.group
    if group == "anniversary" or folded.startswith("周年", unit.start):
        return "anniversary"
    if scope.quoted(number.start):
        return "slogan"
    if (group == "rank" and not _held(folded, quantity)) or _ordinal(folded, quantity):
        return "ordinal"
    if number.style == "chinese" and (special := _counted_word(scope, quantity)):
        return special if special != "none" else None
    if group == "duration":
        return _time(folded, quantity)
    if group in ("money", "percent"):
        return group
    if group in ("times", "count") and _EVERY.search(folded, max(0, quantity.start - 16), quantity.start):
        return "frequency" if group == "times" else "quantity"
    return "quantity"


_EVERY = pattern(r"每(?:一|两|半)?个?(?:天|日|周|星期|月|季度|季|年|半年|学期)[^，。；,;]{0,13}$")


def _unitless(scope: Scope, quantity: Quantity) -> str | None:
    folded, number = scope.folded, quantity.number
    if GREAT.match(folded, number.start):
        return "slogan"
    before = folded[max(0, number.start - 12) : number.start]
    if scope.quoted(number.start) or _NUMBERED.search(before):
        return None
    if number.style == "fraction":
        return None if folded.startswith("决赛", number.end) else "percent"
    large = number.scale >= 10**4 or (number.style == "chinese" and _least(number) >= 10**4)
    if large and not number.bare:
        return "quantity"
    if (number.bare or number.style == "chinese") and not AREAS.match(folded, number.end):
        qualified = quantity.approx in ("over", "nearly", "about", "range") and number.scale >= 10
        return "quantity" if qualified and quantity.start < number.start else None
    if number.scale > 1:
        return "quantity"
    if AREAS.match(folded, number.end) and not number.bare:
        return "quantity"
    if folded[number.start - 1 : number.start] == "等" and _PARTIES.match(folded, number.end):
        return "quantity"
    if not _UNLED.search(folded, max(0, number.start - 5), number.start):
        return None
    following = folded[quantity.end : quantity.end + 1]
    if isinstance(number.value, int) and 1900 <= number.value <= 2099 and quantity.approx == "exact":
        return None
    return None if following in (".", "、", ")", "-", "/", ":", "时") and following else "quantity"


def _least(number: Numeral) -> float:
    low = number.value[0] if isinstance(number.value, tuple) else number.value
    return low or 0


def _held(folded: str, quantity: Quantity) -> bool:
    """已举办六届: how often, not which."""
    unit = quantity.unit
    if unit is None or folded[unit.start : unit.end] != "届":
        return False
    return folded.endswith(("举办", "连续", "办了", "历经", "举办了", "参加了"), 0, quantity.start)


def _ordinal(folded: str, quantity: Quantity) -> bool:
    """第三批, 第N个十年, 汪溪一期, 一等奖, 三年级."""
    before = folded[max(0, quantity.number.start - 4) : quantity.number.start]
    if "第" in before[-3:] and before[before.rfind("第") + 1 :].strip("一二三四五六七八九十N几个 ") == "":
        return True
    if _LISTED.search(folded, max(0, quantity.number.start - 12), quantity.number.start):
        return True
    unit = quantity.unit
    word = folded[unit.start : unit.end] if unit else ""
    following = folded[quantity.end : quantity.end + 1]
    value = quantity.number.value
    if following == "级" and unit and unit.group not in ("count", "person", "percent"):
        return True
    if word == "级" and isinstance(value, int) and 1900 < value < 2100:
        return True
    if quantity.number.style != "chinese" or quantity.approx != "exact":
        return False
    if word == "村" and "\u4e00" <= before[-1:] <= "\u9fff" and before[-1] not in "的有在和及与共各达为":
        return True
    if word == "次" and _MEETING.match(folded, quantity.end):
        return "届" in folded[max(0, quantity.start - 6) : quantity.start] or folded.startswith(
            "全会", quantity.end
        )
    if word == "版" and isinstance(value, int) and value < 30:
        return True
    if word == "期" and following not in ("培", "专", "班"):
        return True
    return word in ("线", "等", "年级", "类") and quantity.number.value in (1, 2, 3)


_WHICH = ("新", "又", "这", "那", "同", "某", "哪", "上", "下", "前", "每")
_LISTED = pattern(
    r"第(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:、(?:\d{1,3}|[一二三四五六七八九十]{1,3}))*(?:、|至|到|-|—)$"
)
_STRUCTURE = frozenset("级重层步种类位方")
_INDEFINITE = frozenset(
    "个名项支位件条批份面种艘台座张场户间片块段道只本篇家所棵辆部幅封首句堂次起人股套群颗粒"
)
_ONLY = pattern(r"(?:只有|仅有|仅|只|唯一|至少|最多|不到|不足|只剩)[\u4e00-\u9fff]{0,2}$")
_EACH = pattern(r"每(?!年|月|天|日|周|季|次|当|一|到|逢)[\u4e00-\u9fff]{1,8}$")
_NEAR_LIST = pattern(r"\d[^，。；,;]{1,14}[、和][\u4e00-\u9fff]{0,6}$")


def _counted_word(scope: Scope, quantity: Quantity) -> str | None:
    """Counts in words that belong to a name (百日百场, 三级), to grammar (一个), or to nothing at all; None: a true count."""
    folded, number, unit = scope.folded, quantity.number, quantity.unit
    assert unit is not None
    word = folded[unit.start : unit.end]
    if number.bare and (
        quantity.approx == "exact" and quantity.start == number.start or word in ("安", "瓦", "克")
    ):
        return "slogan"
    if isinstance(number.value, int) and number.value < 10 and _pair(folded, number):
        return "slogan"
    if word in _STRUCTURE and isinstance(number.value, int) and number.value < 10:
        return "slogan" if number.value > 1 else ("indefinite" if word == "种" else "none")
    if unit.group == "place" and (number.value == 1 or word == "国" and number.value == 2):
        return "none"
    if folded[number.start : number.end] == "二" and unit.group != "percent" and word != "两":
        return "ordinal"
    if word == "番" and "翻" not in folded[max(0, quantity.start - 4) : number.start]:
        return "indefinite"
    which = folded[max(0, number.start - 1) : number.start] in _WHICH
    if (
        number.value == 1
        and word in ("年", "天", "周")
        and (which or folded.endswith("又是", 0, number.start))
    ):
        return "none"
    if number.value != 1 or unit.group in ("duration", "money", "percent", "multiple", "age"):
        return None
    if word not in _INDEFINITE:
        return "none"
    return None if _weighty(folded, quantity) else "indefinite"


def _pair(folded: str, number: Numeral) -> bool:
    """一村一品, 一人一档: the number returns at once with another noun."""
    sign = folded[number.start]
    for step in (2, 3):
        if folded[number.start + step : number.start + step + 1] == sign:
            return folded[number.start + step - 1] not in "、为有是了的和与在或，"
        if number.start >= step and folded[number.start - step] == sign:
            return True
    return False


def _weighty(folded: str, quantity: Quantity) -> bool:
    """Whether 一 is said as a count: 只有一个人, 每村一名, 路灯12盏、净水器一台."""
    window = folded[max(0, quantity.start - 16) : quantity.start]
    if _ONLY.search(window) or _NEAR_LIST.search(window) or _EACH.search(window):
        return True
    word = folded[quantity.unit.start : quantity.unit.end] if quantity.unit else ""
    return word in ("次", "场", "期", "遍") and bool(_EVERY.search(window))


_RECENT = pattern(r"(?:近|这|过去|未来|今后|最近|头)$")


def _time(folded: str, quantity: Quantity) -> str:
    unit, number = quantity.unit, quantity.number
    assert unit is not None
    if (
        folded[quantity.end : quantity.end + 1] in ("前", "后")
        and folded[unit.end : unit.end + 1] in "前后多"
    ):
        return "reltime"
    word = folded[unit.start : unit.end]
    if word == "季度":
        return "ordinal"
    if number.style == "chinese" and _RECENT.search(folded, max(0, number.start - 2), number.start):
        return "vague" if word in ("天", "日", "年") and number.value != 1 else "duration"
    return "duration"


@functools.cache
def _changes() -> dict[str, str]:
    return {row[0]: row[1] for row in tables.rows("change_words.tsv")}


@functools.cache
def _change_word() -> re.Pattern[str]:
    verbs = "|".join(sorted(_changes(), key=len, reverse=True))
    return re.compile(f"({verbs})(?![值速量幅到至为达派免灾])")


def change(folded: str, quantity: Quantity) -> str | None:
    """increase or decrease where a verb of change rules the amount in its clause (增收3000元), null for levels (增至)."""
    low = max(0, quantity.start - 24)
    cut = max(folded.rfind(sign, low, quantity.start) for sign in "，。；、,;")
    clause = folded[max(low, cut + 1) : quantity.start]
    last = None
    for match in _change_word().finditer(clause):
        last = match
    if (
        last is None
        or re.search(r"[到至达为]", clause[last.end() :])
        or re.search(r"\d", clause[last.end() :])
    ):
        return None
    return _changes()[last[1]]
