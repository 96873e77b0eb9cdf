"""The numbers of a passage that count or measure, with their measure words and how exact they are.

The one idea: a number is innocent only when its neighbours say so. Dates, clock times, codes, list numbers and names with
numbers in them are set aside first; what is left needs a measure word, a scale (万, 亿) or a word that leads up to a value.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import replace

from pbtool import tables
from pbtool.extraction import units
from pbtool.extraction.kinds import GREAT, Quantity, Scope, kind_of
from pbtool.extraction.numerals import LONGEST, Numeral, fold, numeral, plain, scale_of
from pbtool.extraction.units import Unit
from pbtool.tables import pattern

#: What a number may begin with.
START = pattern(r"[\d零一二三四五六七八九十百千万亿两几数廿卅半]")


def quantities(scope: Scope) -> Iterator[Quantity]:
    """The numbers of a passage that count or measure, left to right, each character in at most one."""
    folded, place = scope.folded, 0
    while match := START.search(folded, place):
        start = match.start()
        if (end := scope.masked(start)) or (end := _again(folded, start)):
            place = end
            continue
        if (name := _name(folded, start)) and not _PART.match(folded, start):
            place = name
            continue
        found, place = _at(scope, start)
        if found is not None:
            yield found
            place = max(place, found.end)


#: 一件件, 一年又一年, 一步一个脚印, and words like 一起 that only sometimes count.
_AGAIN = pattern(r"一([\u4e00-\u9fff])(?:\1|(?:又|接着|接|连着|挨着|复|比|隔|跟着|一|、)?一\1)")
_ADVERB = pattern(
    r"一[起同道块](?![\u4e00-\u9fff“]{0,8}(?:案|事件|事故|纠纷|矛盾|冲突|菜|题|工序|风景|防线|门槛|坎|彩虹|难关|屏障))"
    r"|一片(?=[\u4e00-\u9fff]{2}(?:[，。；！景的]|$))|一(?:阵风|番风味|脸|肚子|身正气|心想|味地)|一方(?=面|水土|百姓|平安)"
)


def _again(folded: str, start: int) -> int:
    """End of a turn of phrase with 一 that counts nothing, 0 where there is none."""
    if folded[start] != "一":
        return 0
    match = _AGAIN.match(folded, start) or _ADVERB.match(folded, start)
    return match.end() if match else 0


_PART = pattern(
    r"[十百千万]分之|[一二三四五六七八九]点[零一二三四五六七八九]{1,8}[倍万亿%]|一[到至][二两三四五六七八九十]"
)


@functools.cache
def _names() -> dict[str, list[tuple[int, str]]]:
    """A name's first number sign with what follows it -> the names that hold the two, with the place of the sign in them."""
    rows: dict[str, list[tuple[int, str]]] = {}
    for word in (fold(row[0]) for row in tables.rows("count_names.tsv")):
        first = next(i for i, sign in enumerate(word) if START.match(sign))
        rows.setdefault(word[first : first + 2], []).append((first, word))
    return rows


def _name(folded: str, start: int) -> int:
    """End of the longest name or idiom (三会一课, 千方百计) whose first number stands at `start`, 0 where there is none."""
    names, length, end = _names(), 0, 0
    for offset, word in (*names.get(folded[start : start + 2], ()), *names.get(folded[start], ())):
        if len(word) > length and start >= offset and folded.startswith(word, start - offset):
            length, end = len(word), start - offset + len(word)
    return end


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
    unit = unit or _shared(folded, number)
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
    signs = number.end - number.start
    if number.style == "arabic" and signs - folded.count("，", number.start, number.end) > _LONGEST_PLAIN:
        return True
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


_LONGEST_PLAIN = 13  # signs of a plain number; longer ones are serial numbers
_STRING = pattern(r"零[零一二三四五六七八九两]*$|[一二三四五六七八九两][零一二三四五六七八九两]+$")
_PLUS = pattern(r"·\d")
_CONNECT = pattern(r" ?(?:以上(?:至|、)?|-|—{1,2}|~|至|到) ?(?=[\d一二两三四五六七八九十百千])")
_LIST = pattern(r"、(?=[二三四五六七八九])")


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
    if folded.startswith("以上", connect.start()) and not _up_to(folded, second):
        return None
    shared = _shared_scale(folded, number, second)
    listed = folded[connect.start()] == "、"
    if listed and (number.end - number.start, second.value) != (1, (number.value + 1) * shared):
        return None
    second, other = _with_unit(folded, second)
    if not _fits(folded, number, unit, other, listed):
        return None
    low, high = number.value * shared, second.value
    if not low < high:  # type: ignore[operator]
        return None
    merged = Numeral(number.start, second.end, (low, high), second.style, second.over, range=True)  # type: ignore[arg-type]
    return merged, other


_HUNDREDS = pattern(r"[二两三四五六七八九]([百千][万亿]{0,2})$")


def _shared_scale(folded: str, number: Numeral, second: Numeral) -> int:
    """What the first half of a range leaves to the second to say: 10000 of 三到五万, 1000 of 两到三千, 1 of 三到五."""
    low, high = number.value, second.value
    assert low is not None and high is not None and not isinstance(low, tuple) and not isinstance(high, tuple)
    scale = second.scale
    if number.style == "chinese" and (hundreds := _HUNDREDS.match(folded, second.start, second.end)):
        scale = scale_of(hundreds[1])
    return scale if number.scale == 1 and scale > 1 and low < high / scale else 1


_SHARING = pattern(r" ?(?:和|与|及|、) ?(?=\d)")


def _shared(folded: str, number: Numeral) -> Unit | None:
    """分别回升0.6和0.3个百分点: the first number takes the measure word of the second."""
    match = _SHARING.match(folded, number.end)
    if match is None or "分别" not in folded[max(0, number.start - 16) : number.start]:
        return None
    second = numeral(folded, match.end())
    unit = _with_unit(folded, second)[1] if second and second.value is not None else None
    return replace(unit, stop=number.end, extra=0.0, over=False) if unit else None


def _up_to(folded: str, number: Numeral) -> bool:
    """Whether a number has its limit behind it: 五千元以上二万元以下."""
    _, unit = _with_unit(folded, number)
    return unit is not None and folded.startswith("以下", unit.stop)


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
    before = re.split("[，。；,;]", folded[max(0, number.start - 12) : number.start])[-1]
    around = before + folded[match.end() : match.end() + 8]
    low, high = (float(part) for part in match.groups()[:2])
    if match[3] or not high or not _OF_RATIO.search(around):
        return None, match.end()
    value = plain_ratio(match[1], match[2])
    whole = Numeral(match.start(), match.end(), value, "ratio")
    return Quantity(match.start(), match.end(), whole, value, None, "exact", "ratio"), match.end()


_OF_RATIO = pattern(r"比(?!赛|分|拼|划|方)|配(?!合|套|备)|系数")
_RATIO = pattern(r"(\d{1,6}(?:\.\d{1,4})?) ?: ?(\d{1,6}(?:\.\d{1,4})?)((?: ?: ?\d{1,6}(?:\.\d{1,4})?){1,9})?")


def plain_ratio(above: str, below: str) -> float | int:
    """`above` to `below` as a decimal fraction."""
    from decimal import Decimal

    return plain(Decimal(above) / Decimal(below))


_HALF_TIME = pattern(r"半(个?(?:年|天|月|小时|世纪|钟头|学期))(?!会|板|制|球|刊)(多|以上)?")


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
    if unit is None and not number.range and GREAT.match(folded, number.start):
        end = number.end + 1
    if unit is None and (tail := _TAIL.match(folded, end)):
        over, end = True, tail.end()
    if folded[max(0, number.start - 1) : number.start] == "第":
        if _NUMBERED_NAME.match(folded, number.end):
            return None
        return Quantity(number.start - 1, end, number, value, unit, "exact", "ordinal")
    if number.range:
        approx = "range"
    if approx and scope.named(start):
        start, approx = number.start, None  # 朴永超两年来
    approx = approx or later or ("over" if over else "exact")
    if (signed := _sign(folded, number, unit)) and not isinstance(value, tuple) and value is not None:
        value, start = -value, signed
    quantity = Quantity(start, end, number, value, unit, approx, "")
    kind = kind_of(scope, quantity)
    return replace(quantity, kind=kind) if kind else None


#: What bears its number in its name: 第一人民医院, 第二党支部, 第三方机构.
_NUMBERED_NAME = pattern(
    "[一-鿿]{0,7}?(?:医院|中学|小学|大学|学校|学院|幼儿园|支部|巡[察视]组|监察组|党小组|党委|工委|分局|分院|分公司|工程局|农场|方机构|方阵)"
)
_TAIL = pattern(r" ?(?:余|多)(?![少方元年种样个媒项于久])")
_NEGATIVE = pattern(r"(?:(?<=[为至达长降率到在])[-—]|(?<![\d℃%度])(?:零下 ?|-))$")


def _sign(folded: str, number: Numeral, unit: Unit | None) -> int:
    """Where the minus of -2.3% or 零下5摄氏度 begins, 0 where there is none."""
    if unit is None or unit.group not in ("degree", "percent"):
        return 0
    match = _NEGATIVE.search(folded, max(0, number.start - 4), number.start)
    return match.start() if match else 0
