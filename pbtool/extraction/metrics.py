"""Metrics: every number that measures or counts something, with what it counts.

The one idea: a number is innocent only when its neighbours say so. Dates, clock times, codes, list numbers and names with
numbers in them are set aside first; what is left needs a measure word, a scale (万, 亿) or a word that leads up to a value.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pbtool.data
from pbtool.document import Article, Document, Metric, Passage, Place
from pbtool.extraction import dates, units
from pbtool.extraction.measured import measured
from pbtool.extraction.numerals import LONGEST, Numeral, Value, fold, numeral, plain
from pbtool.extraction.units import Unit

_SKIPPED = ("byline", "affiliation", "dateline")


def find_metrics(article: Article, document: Document, places: tuple[Place, ...]) -> tuple[Metric, ...]:
    """The quantities of an article in order, with the place and the date each stands under where its sentence gives them."""
    anchor = dates.issued(article, document)
    found: list[Metric] = []
    for name, index, passage in article.passages():
        if name in _SKIPPED:
            continue
        here = [place for place in places if place.field == name and place.index == index]
        found.extend(_passage(name, index, passage, here, anchor))
    return tuple(found)


def _passage(
    name: str, index: int, passage: Passage, places: list[Place], anchor: dates.Anchor | None
) -> Iterator[Metric]:
    text = passage.text
    folded = fold(text)
    days = list(dates.stretches(folded, anchor))
    spans = [(place.start, place.end) for place in places]
    scope = Scope(text, folded, days, spans)
    places = sorted(places, key=lambda place: place.end)
    place_ends, day_ends = [place.end for place in places], [day.end for day in days]
    stops = [match.start() for match in _SENTENCE.finditer(folded)]
    for quantity in quantities(scope):
        metric = _metric(scope, quantity)
        sentence = stops[at - 1] if (at := bisect_right(stops, quantity.start)) else 0
        place = places[at - 1] if (at := bisect_right(place_ends, quantity.start)) else None
        day = days[at - 1] if (at := bisect_right(day_ends, quantity.start)) else None
        if day is not None and day.start < sentence:
            day = None
        yield replace(
            metric,
            field=name,
            index=index,
            place=(place.full or place.name) if place else None,
            period=(day.value or None) if day else None,
        )


_SENTENCE = re.compile(r"[。！？]")


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
        self, text: str, folded: str, days: list[dates.Stretch], names: Sequence[tuple[int, int]] = ()
    ) -> None:
        self.text, self.folded = text, folded
        masks = [(d.start, d.end) for d in days] + [(c.start, c.end) for c in dates.clocks(folded)]
        masks += [match.span() for match in _CODES.finditer(folded)]
        self.days = [(d.start, d.end) for d in days]
        self.day_ends = [end for _, end in self.days]
        self.masks = sorted([*masks, *names])
        self.quotes = [match.span() for match in _QUOTED.finditer(folded)]

    def masked(self, place: int) -> int:
        """End of the mask over `place`, 0 where there is none."""
        at = bisect_right(self.masks, (place, len(self.text) + 1)) - 1
        return max((end for _, end in self.masks[max(0, at - 3) : at + 1] if end > place), default=0)

    def quoted(self, place: int) -> bool:
        """Whether `place` lies in a short quotation or a book title: a name."""
        at = bisect_right(self.quotes, (place, len(self.text) + 1)) - 1
        return at >= 0 and self.quotes[at][0] < place < self.quotes[at][1]


_QUOTED = re.compile(r"[“‘「『\"][^”’」』“‘\"，。；]{1,14}[”’」』\"]|《[^》]{1,60}》")
_CODES = re.compile(
    r"(?<![\d.])\d{1,4}(?:[.-]\d{1,5}){2,6}(?![\d%])"  # versions, addresses
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|(?<![\d.])1[3-9]\d{9}(?!\d)"  # telephones
    r"|[A-Za-z]+[-+]?\d[\dA-Za-z.+-]{0,20}"  # S316, PM2.5, A4
    r"|\d{1,4}\+[\dXxNn](?:\+[\dA-Za-z]{1,3}){0,3}"  # 1+X
    r"|(?<![\d.])\d{1,2}·\d{1,2}(?!\d)"  # 9·18
    r"|[〔\[【(（](?:19|20)\d\d[〕\]】)）] ?\d{1,5} ?号"
    r"|(?:No\.?|NO\.?|№|＃|#) ?\d{1,12}"
    r"|\d{1,4} ?(?:国道|省道|县道|乡道|高速|专线)"
    r"|[(（][零一二三四五六七八九十\d]{1,3}[)）]"
    r"|(?:(?<=[。；：！？\s])|^) ?\d{1,3} ?[.、)）](?!\d)"
    r"|(?:(?<=[。；：！？，\s])|^)[一二三四五六七八九十]{1,3}(?:、|是|要|曰|则)"
)
_START = re.compile(r"[\d零一二三四五六七八九十百千万亿两几数廿卅半]")


def quantities(scope: Scope) -> Iterator[Quantity]:
    """The numbers of a passage that count or measure, left to right, each character in at most one."""
    folded, place = scope.folded, 0
    while match := _START.search(folded, place):
        start = match.start()
        if end := scope.masked(start):
            place = end
            continue
        if name := _name(folded, start):
            place = name
            continue
        found, place = _at(scope, start)
        if found is not None:
            yield found
            place = max(place, found.end)


@functools.cache
def _names() -> tuple[dict[str, tuple[str, ...]], int]:
    path = Path(pbtool.data.__file__).with_name("count_names.tsv")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows: dict[str, list[str]] = {}
    for word in (fold(line.split("\t")[0]) for line in lines if line[:1] != "#"):
        first = next(i for i, sign in enumerate(word) if _START.match(sign))
        rows.setdefault(word[first], []).append(f"{first}{word}")
    return {sign: tuple(sorted(words, key=len, reverse=True)) for sign, words in rows.items()}, 0


def _name(folded: str, start: int) -> int:
    """End of the name or idiom (三会一课, 千方百计) whose first number stands at `start`, 0 where there is none."""
    for entry in _names()[0].get(folded[start], ()):
        offset, word = int(entry[0]), entry[1:]
        if start >= offset and folded.startswith(word, start - offset):
            return start - offset + len(word)
    return 0


def _at(scope: Scope, start: int) -> tuple[Quantity | None, int]:
    """The quantity that begins at `start`, and where to look on."""
    folded = scope.folded
    if folded[start] == "半" or folded.startswith("一半", start):
        return _half(scope, start)
    number = numeral(folded, start)
    if number is None:
        return None, start + 1
    if number.value is None or number.end - number.start > LONGEST or _code(folded, number):
        return None, number.end
    if ratio := _ratio(scope, number):
        return ratio
    number, unit = _with_unit(folded, number)
    joined = _range(folded, number, unit)
    if joined:
        number, unit = joined
    end = unit.stop if unit else number.end
    quantity = _qualified(scope, number, unit, end)
    return (quantity, end) if quantity else (None, number.end)


def _with_unit(folded: str, number: Numeral) -> tuple[Numeral, Unit | None]:
    if number.style in ("percent", "permille"):
        return number, Unit(number.start, number.end, "percent", stop=number.end)
    unit = units.unit(folded, number.end)
    if unit and unit.extra and not isinstance(number.value, tuple) and number.value is not None:
        number = replace(number, value=number.value + unit.extra)
    return number, unit


def _code(folded: str, number: Numeral) -> bool:
    """Whether the neighbours make the number part of a code, a model or a version."""
    if number.style == "chinese" and not number.range and _STRING.match(folded, number.start, number.end):
        return True
    before = folded[number.start - 1 : number.start]
    if before and (before.isascii() and before.isalpha() or before in "_@#/·$&"):
        return True
    if number.style == "arabic" and before == "." and number.start > 1 and folded[number.start - 2].isdigit():
        return True
    following = folded[number.end : number.end + 1]
    if following and following.isascii() and following.isalpha():
        return units.unit(folded, number.end) is None
    return following in ("+", "_", "@") or bool(_PLUS.match(folded, number.end))


_STRING = re.compile(r"零[零一二三四五六七八九两]*$|[一二三四五六七八九两][零一二三四五六七八九两]+$")
_PLUS = re.compile(r"·\d")
_CONNECT = re.compile(r" ?(?:-|—{1,2}|~|至|到) ?(?=[\d一二两三四五六七八九十百千])")
_LIST = re.compile(r"、(?=[二三四五六七八九])")


def _range(folded: str, number: Numeral, unit: Unit | None) -> tuple[Numeral, Unit | None] | None:
    """10-30万元, 5%—10%, 三到五年, 两、三个: one number for both ends."""
    if isinstance(number.value, tuple) or number.value is None:
        return None
    place = unit.stop if unit else number.end
    connect = _CONNECT.match(folded, place) or (None if unit else _LIST.match(folded, place))
    if connect is None or folded[number.start : number.start + 1] == "0" and number.value >= 1:
        return None
    second = numeral(folded, connect.end())
    if second is None or isinstance(second.value, tuple) or second.value is None:
        return None
    listed = folded[connect.start()] == "、"
    if listed and (number.end - number.start, second.value) != (1, number.value + 1):
        return None
    second, other = _with_unit(folded, second)
    if not _fits(folded, number, unit, other, listed):
        return None
    low, high = number.value, second.value
    if number.scale == 1 and second.scale > 1 and low < high / second.scale:  # type: ignore[operator]
        low *= second.scale
    if not low < high:  # type: ignore[operator]
        return None
    merged = Numeral(number.start, second.end, (low, high), second.style, second.over, range=True)  # type: ignore[arg-type]
    return merged, other


def _fits(folded: str, number: Numeral, unit: Unit | None, other: Unit | None, listed: bool) -> bool:
    if other is None:
        return unit is None and not listed and number.style == "fraction"
    if unit and folded[unit.start : unit.end] != folded[other.start : other.end] and unit.group != "percent":
        return False
    if listed and other.group not in ("count", "person", "duration", "times"):
        return False
    return not (unit and folded[max(0, number.start - 2) : number.start].strip()[-1:] in ("从", "由"))


def _ratio(scope: Scope, number: Numeral) -> tuple[Quantity | None, int] | None:
    """1:3 where the clause speaks of a ratio; elsewhere a score or a time, which is passed over."""
    folded = scope.folded
    match = _RATIO.match(folded, number.start)
    if match is None:
        return None
    around = folded[max(0, number.start - 12) : number.start] + folded[match.end() : match.end() + 8]
    low, high = (float(part) for part in match.groups()[:2])
    if match[3] or not high or not any(word in around for word in ("比", "配", "系数")):
        return None, match.end()
    value = plain_ratio(match[1], match[2])
    whole = Numeral(match.start(), match.end(), value, "ratio")
    return Quantity(match.start(), match.end(), whole, value, None, "exact", "ratio"), match.end()


_RATIO = re.compile(
    r"(\d{1,6}(?:\.\d{1,4})?) ?: ?(\d{1,6}(?:\.\d{1,4})?)((?: ?: ?\d{1,6}(?:\.\d{1,4})?){1,9})?"
)


def plain_ratio(above: str, below: str) -> float | int:
    """`above` to `below` as a decimal fraction."""
    from decimal import Decimal

    return plain(Decimal(above) / Decimal(below))


_HALF = re.compile(
    r"(一?半)(以上|左右|以下|多)?(?![导径途岛路夜截空山决衰])|半(?:个)?(年|天|个?月|个?小时|个?世纪|个?钟头)"
)
_HALF_TIME = re.compile(r"半(个?(?:年|天|月|小时|世纪|钟头|学期))(?!会|板|制|球|刊)(多|以上)?")


def _half(scope: Scope, start: int) -> tuple[Quantity | None, int]:
    """一半, 过半, 半年, 半个月."""
    folded = scope.folded
    if match := _HALF_TIME.match(folded, start):
        unit = Unit(match.start(1), match.end(1), "duration", match[2] is not None, stop=match.end())
        before, approx = units.before(folded, start, False)
        number = Numeral(start, start + 1, 0.5, "chinese")
        if folded[max(0, start - 1) : start] in ("上", "下", "前", "后", "大", "小", "夜"):
            return None, start + 1
        approx = approx or ("over" if unit.over else "exact")
        return Quantity(before, match.end(), number, 0.5, unit, approx, "duration"), match.end()
    word = "一半" if folded[start] == "一" else "半数" if folded.startswith("半数", start) else "半"
    over = word == "半" and folded[max(0, start - 1) : start] == "过"
    end = start + len(word)
    if (word == "半" and not over) or folded[end : end + 1] in ("途", "天", "路", "径"):
        return None, end
    before, approx = units.before(folded, start, over)
    end, later = units.after(folded, end)
    number = Numeral(start, start + len(word), 0.5, "fraction")
    return Quantity(before, end, number, 0.5, None, approx or later or "exact", "percent"), end


def _qualified(scope: Scope, number: Numeral, unit: Unit | None, end: int) -> Quantity | None:
    folded = scope.folded
    start, approx = units.before(folded, number.start, number.bare)
    end, later = units.after(folded, end)
    value = number.value
    over = number.over or bool(unit and unit.over)
    if unit is None and (tail := _TAIL.match(folded, end)):
        over, end = True, tail.end()
    if folded[max(0, number.start - 1) : number.start] == "第":
        return Quantity(number.start - 1, end, number, value, unit, "exact", "ordinal")
    if number.range:
        approx = "range"
    approx = approx or later or ("over" if over else "exact")
    if (signed := _sign(folded, number, unit)) and not isinstance(value, tuple) and value is not None:
        value, start = -value, signed
    quantity = Quantity(start, end, number, value, unit, approx, "")
    kind = _kind(scope, quantity)
    return replace(quantity, kind=kind) if kind else None


_TAIL = re.compile(r" ?(?:余|多)(?![少方元年种样个媒项于久])")
_NEGATIVE = re.compile(r"(?:(?<=[为至达长降率到在])[-—]|(?<![\d℃%度])(?:零下 ?|-))$")


def _sign(folded: str, number: Numeral, unit: Unit | None) -> int:
    """Where the minus of -2.3% or 零下5摄氏度 begins, 0 where there is none."""
    if unit is None or unit.group not in ("degree", "percent"):
        return 0
    match = _NEGATIVE.search(folded, max(0, number.start - 4), number.start)
    return match.start() if match else 0


_UNLED = re.compile(
    r"(?:达到|达|为|共|有|至|增到|升到|占|超过|超|突破|近|约|逾|不足|共计|累计|合计|总计|总数|人数|数量|指数|得分|系数|数)[了:： ]{0,2}$"
)
_NUMBERED = re.compile(
    r"(?:电话|热线|邮编|编号|代码|账号|证号|号码|传真|手机|QQ|代号|密码|拨打|编码|型号|书号|刊号)"
)
_GREAT = re.compile(
    r"(?:(?<![\d十百])[一二两三四五六七八九十])大(?![家会队量型小学约多概人米豆厅门楼桥步地胆江河])"
)


def _kind(scope: Scope, quantity: Quantity) -> str | None:
    """The kind of a quantity, or None where the number counts nothing."""
    folded, number, unit = scope.folded, quantity.number, quantity.unit
    if unit is None:
        return _unitless(scope, quantity)
    group = unit.group
    if group == "anniversary" or folded.startswith("周年", unit.start):
        return "anniversary"
    if scope.quoted(number.start):
        return "slogan"
    if group == "rank" or _ordinal(folded, quantity):
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


_EVERY = re.compile(r"每(?:一|两|半)?个?(?:天|日|周|星期|月|季度|季|年|半年|学期)[^，。；,;]{0,13}$")


def _unitless(scope: Scope, quantity: Quantity) -> str | None:
    folded, number = scope.folded, quantity.number
    if _GREAT.match(folded, number.start):
        return "slogan"
    before = folded[max(0, number.start - 12) : number.start]
    if scope.quoted(number.start) or _NUMBERED.search(before):
        return None
    if number.style == "fraction":
        return None if folded.startswith("决赛", number.end) else "percent"
    if number.scale >= 10**4 and not number.bare:
        return "quantity"
    if number.bare or number.style == "chinese":
        qualified = quantity.approx in ("over", "nearly", "about", "range") and number.scale >= 10
        return "quantity" if qualified and quantity.start < number.start else None
    if number.scale > 1:
        return "quantity"
    if not _UNLED.search(folded, max(0, number.start - 5), number.start):
        return None
    following = folded[quantity.end : quantity.end + 1]
    if isinstance(number.value, int) and 1900 <= number.value <= 2099 and quantity.approx == "exact":
        return None
    return None if following in (".", "、", ")", "-", "/", ":") and following else "quantity"


def _ordinal(folded: str, quantity: Quantity) -> bool:
    """第三批, 第N个十年, 汪溪一期, 一等奖, 三年级."""
    before = folded[max(0, quantity.number.start - 4) : quantity.number.start]
    if "第" in before[-3:] and before[before.rfind("第") + 1 :].strip("一二三四五六七八九十N几个 ") == "":
        return True
    unit = quantity.unit
    word = folded[unit.start : unit.end] if unit else ""
    if quantity.number.style != "chinese" or quantity.approx != "exact":
        return False
    following = folded[quantity.end : quantity.end + 1]
    if word == "期" and following not in ("培", "专", "班"):
        return True
    return word in ("线", "等", "年级", "类") and quantity.number.value in (1, 2, 3)


_STRUCTURE = frozenset("级重层步种类位方")
_PAIRED = re.compile(
    r"[一二两三四五六七八九十百千万][\u4e00-\u9fff]{1,3}?[一二两三四五六七八九十百千万][\u4e00-\u9fff]"
)
_INDEFINITE = frozenset(
    "个名项支位件条批份面种艘台座张场户间片块段道只本篇家所棵辆部幅封首句堂次起人股套群颗粒"
)
_ONLY = re.compile(r"(?:只有|仅有|仅|只|唯一|至少|最多|不到|不足|只剩)[\u4e00-\u9fff]{0,2}$")
_EACH = re.compile(r"每(?!年|月|天|日|周|季|次|当|一|到|逢)[\u4e00-\u9fff]{1,8}$")
_NEAR_LIST = re.compile(r"\d[^，。；,;]{1,14}[、和]$")


def _counted_word(scope: Scope, quantity: Quantity) -> str | None:
    """Counts in words that belong to a name (百村百策, 三级), to grammar (一个), or to nothing at all; None: a true count."""
    folded, number, unit = scope.folded, quantity.number, quantity.unit
    assert unit is not None
    word = folded[unit.start : unit.end]
    if number.bare and quantity.approx == "exact" and quantity.start == number.start:
        return "slogan"
    if isinstance(number.value, int) and number.value < 10 and _pair(folded, number):
        return "slogan"
    if word in _STRUCTURE and isinstance(number.value, int) and number.value < 10:
        return "slogan" if number.value > 1 else ("indefinite" if word == "种" else "none")
    if unit.group == "place" and (number.value == 1 or word == "国" and number.value == 2):
        return "none"
    if folded[number.start : number.end] == "二" and unit.group != "percent" and word != "两":
        return "ordinal"
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


_RECENT = re.compile(r"(?:近|这|过去|未来|今后|最近|头)$")


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


_CHANGE = {
    "increase": (
        "增长",
        "增加",
        "提高",
        "上升",
        "提升",
        "增收",
        "新增",
        "净增",
        "扩大",
        "上涨",
        "增",
        "涨",
        "增产",
        "攀升",
        "翻",
    ),
    "decrease": (
        "下降",
        "减少",
        "降低",
        "压缩",
        "缩短",
        "回落",
        "下滑",
        "减",
        "降",
        "跌",
        "压减",
        "缩减",
        "减轻",
        "下跌",
        "节约",
    ),
}
_CHANGE_WORD = re.compile(
    "("
    + "|".join(sorted(sum(map(list, _CHANGE.values()), []), key=len, reverse=True))
    + ")(?![值速量幅到至为达派免灾])"
)


def _change(folded: str, quantity: Quantity) -> str | None:
    """increase or decrease where a verb of change rules the amount in its clause (增收3000元), null for levels (增至)."""
    low = max(0, quantity.start - 24)
    cut = max(folded.rfind(sign, low, quantity.start) for sign in "，。；、,;")
    clause = folded[max(low, cut + 1) : quantity.start]
    last = None
    for match in _CHANGE_WORD.finditer(clause):
        last = match
    if (
        last is None
        or re.search(r"[到至达为]", clause[last.end() :])
        or re.search(r"\d", clause[last.end() :])
    ):
        return None
    return next(change for change, verbs in _CHANGE.items() if last[1] in verbs)


def _metric(scope: Scope, quantity: Quantity) -> Metric:
    unit = None
    if quantity.unit is not None:
        unit = "".join(scope.text[quantity.unit.start : quantity.unit.end].split()).replace("％", "%")
    if quantity.number.style in ("percent", "permille"):
        unit = "%" if quantity.number.style == "percent" else "‰"
    group = quantity.unit.group if quantity.unit else "percent" if quantity.kind == "percent" else "count"
    at = bisect_right(scope.day_ends, quantity.start)
    day = scope.days[at - 1] if at else None
    what = measured(scope.text, scope.folded, quantity.start, quantity.end, group, day)
    return Metric(
        scope.text[quantity.start : quantity.end],
        quantity.start,
        quantity.end,
        value=quantity.value,
        unit=unit,
        approx=quantity.approx,
        what=what,
        kind=quantity.kind,
        change=_change(scope.folded, quantity),
    )
