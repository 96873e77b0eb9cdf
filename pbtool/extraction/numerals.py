"""Numbers as Chinese prose writes them, and what they are worth.

The one idea: a number is read by a small grammar, left to right and once, and either it is worth exactly what the text says
or it is not a number here. Arithmetic is decimal, so `2.27亿` is 227000000 and never a float beside it.

Everything works on text folded by `fold`, which keeps every offset: full-width signs become half-width, traditional
characters simplified, one character for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pbtool import gazetteer
from pbtool.tables import pattern

Number = int | float
Value = Number | tuple[Number, Number]


def _fold_table() -> dict[int, str]:
    table = {ord("弍"): "二", ord("弌"): "一"}
    # Full-width digits, letters and the few signs that numbers are made of.
    table.update({code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))})
    table.update({code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)})
    table.update({ord(a): b for a, b in zip("％﹪．／＋～　○〇", "%%./+~ 零零", strict=True)})
    table.update({ord(a): "—" for a in "–―‒－﹣−"})
    table.update({0xA0: " ", 0x2009: " ", 0x202F: " ", ord("∶"): ":", ord("："): ":", ord("\n"): " "})
    return table


_FOLD = _fold_table()
_CHEQUE = pattern(r"[壹贰貳叁肆伍陆陸柒捌玖拾佰仟万萬亿億零]{2,40}(?=[元圆圓个個户戶人名亩畝吨噸])")
_CHEQUE_DIGITS = str.maketrans("壹贰貳叁肆伍陆陸柒捌玖拾佰仟", "一二二三四五六六七八九十百千")


#: The letter that stands for a zero in a year: 二O一八年.
_LETTER_O = pattern("(?<=[一二])O{1,2}(?=[零一二三四五六七八九年])")


def fold(text: str) -> str:
    """`text` with one way of writing numbers and measure words; same length, same offsets.

    The digits of cheques (壹佰贰拾) count only where several stand together before a scale or a unit: 伍 and 陆 are words.
    """
    if "佰" in text or "仟" in text or "拾" in text:
        text = _CHEQUE.sub(lambda match: match[0].translate(_CHEQUE_DIGITS), text)
    if "O" in text:
        text = _LETTER_O.sub(lambda match: "零" * len(match[0]), text)
    return gazetteer.fold(text).translate(_FOLD)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number at [start, end) of the folded text.

    `value` is None where the text is no exact number (几个). `style` is arabic, chinese or mixed; `over` says that 余 or
    多 stood inside (400余万); `bare` that it has no leading digit (百, 万); `scale` the 万, 亿 or 百 carried out behind it.
    """

    start: int
    end: int
    value: Value | None
    style: str = "arabic"
    over: bool = False
    bare: bool = False
    scale: int = 1
    range: bool = False


#: Longer digit strings are serial numbers, hashes or attacks, not quantities.
LONGEST = 24

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
_TENS = {"廿": "二十", "卅": "三十"}

_ARABIC = pattern(
    # thousands set apart with the comma of Chinese prose: two groups, or one before a measure word
    r"\d{1,3}(?:，\d{3}){2,7}(?![\d，])(?:\.\d{1,12})?|(?<![第\d])\d{1,3}，\d{3}(?![\d，])(?=(?:\.\d{1,4})? ?[余多名万亿元人户次亩吨公斤担个座所])(?:\.\d{1,4})?|"
    r"\d{1,3}(?:,\d{3}){1,7}(?![\d])(?:\.\d{1,12})?"
    r"|[1-9]\d{0,2}(?: \d{3}){1,4}(?![\d,.])(?= ?[余多个名万亿元人户次亩吨公平家件项])"
    r"|\d+(?:\.\d+)?"
)
_HAN = pattern(r"[零一二两三四五六七八九十百千万亿廿卅]{1,40}")
# 千克, 千瓦, 千米 are units; so is 百帕.
_TIMES = pattern(r" ?(万亿|[十百千]?[万亿]|百万|[十百](?![帕分])|千(?![克瓦米伏卡帕安赫焦牛兆里万]))")
_INNER = pattern(r" ?(余|多|几|来)(?= ?[十百千]?[万亿]|[百千](?![分克瓦米伏卡帕]))")
_START = pattern(r"[\d零一二两三四五六七八九十百千万亿廿卅几数半]")
_FRACTION = pattern(r"分之")
_LEAD = pattern(r"[几数]([十百千]?[万亿]|[十百千]|万亿)")


def plain(value: Decimal) -> Number:
    """A Python number for an exact decimal: int where it is whole, else the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)


def chinese(text: str) -> int | None:
    """What a number in Chinese characters is worth, or None where it is badly formed.

    >>> chinese("一百二十三"), chinese("三万四"), chinese("二零二五"), chinese("三百万千五")
    (123, 34000, 2025, None)
    """
    for sign, words in _TENS.items():
        text = text.replace(sign, words)
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) <= LONGEST else None
    return _positional(text)


def _positional(text: str) -> int | None:
    total = section = 0  # what 亿 and 万 have closed; what stands before the next 万
    digit: int | None = None
    scale = 10**5  # of the last multiplier, to see that they fall
    top = 10**13
    zero = False
    for sign in text:
        if sign in _DIGITS:
            if digit is not None and not zero:
                return None
            zero = sign == "零"
            digit = None if zero else _DIGITS[sign]
        elif sign in _SMALL:
            if _SMALL[sign] >= scale or (digit is None and (section or total) and sign != "十"):
                return None
            scale = _SMALL[sign]
            section += (1 if digit is None else digit) * scale
            digit, zero = None, False
        else:
            joined = sign == "亿" and top == 10**4 and not section and digit is None  # 万亿
            value = (section + (digit or 0)) or (0 if total else 1)
            if joined:
                value, total = total + section + (digit or 0), 0
            if (_BIG[sign] >= top and not joined) or value == 0:
                return None
            total += value * _BIG[sign]
            top = _BIG[sign]
            section, digit, scale, zero = 0, None, _BIG[sign], False
    if digit is not None and not zero and text[-2] in "百千万亿":
        digit *= scale // 10  # 三万四 is 34000, 一百五 is 150
    return total + section + (digit or 0)


def numeral(text: str, start: int) -> Numeral | None:
    """The number that begins at `start` of folded `text`, with a range or a fraction that it begins."""
    first = _single(text, start)
    if first is None:
        return None
    return _fraction(text, first) or first


def _single(text: str, start: int) -> Numeral | None:
    sign = text[start]
    if sign in "几数":
        return _led(text, start)
    if sign == "半":
        return None
    return _arabic(text, start) if sign.isdigit() else _han(text, start)


def _led(text: str, start: int) -> Numeral | None:
    """几十, 数百万: the first digit is anything from two to nine."""
    match = _LEAD.match(text, start)
    if match is None:
        return None
    scale = scale_of(match[1])
    return Numeral(start, match.end(), (2 * scale, 9 * scale), "chinese", scale=scale, range=True)


def scale_of(words: str) -> int:
    """What multipliers come to together: 1000000 for 百万."""
    scale = 1
    for sign in words:
        scale *= _SMALL.get(sign) or _BIG[sign]
    return scale


def _arabic(text: str, start: int) -> Numeral | None:
    match = _ARABIC.match(text, start)
    if match is None:
        return None
    end = match.end()
    if end - start > LONGEST:
        return Numeral(start, end, None, "code")
    value = Decimal(match[0].replace(",", "").replace("，", "").replace(" ", ""))
    over = several = False
    if inner := _INNER.match(text, end):
        several = inner[1] == "几" and value % 10 == 0
        over = not several
        end = inner.end()
    scale = 1
    times = _TIMES.match(text, end)
    if times:
        scale = scale_of(times[1])
        end = times.end()
    style = "mixed" if times else "arabic"
    if several:
        low, high = plain((value + 1) * scale), plain((value + 9) * scale)
        return Numeral(start, end, (low, high), style, scale=scale, range=True)
    value *= scale
    if scale >= 10**4 and not over:
        end, value = _further(text, end, value, scale)
    return Numeral(start, end, plain(value), style, over, scale=scale)


_FURTHER = pattern(r"(\d{1,4})(?![\d.,])(千(?![克瓦米伏])|万)?")


def _further(text: str, end: int, value: Decimal, scale: int) -> tuple[int, Decimal]:
    """The rest of 3万4000 and 2亿3000万."""
    match = _FURTHER.match(text, end)
    if match is None:
        return end, value
    more = Decimal(match[1]) * (scale_of(match[2]) if match[2] else 1)
    return (match.end(), value + more) if more < scale else (end, value)


_AFTER_HAN = pattern(r"(余|多|几|来)(?=[十百千]?[万亿]|[百千])([十百千]?[万亿]|[百千]|万亿)")
_SEVERAL = pattern(r"几([百千]?[万亿]{0,2})(?![何])")
_POINT = pattern(r"点([零一二三四五六七八九]{1,8})(?![十百千])([万亿]{0,2})")


def _han(text: str, start: int) -> Numeral | None:
    match = _HAN.match(text, start)
    if match is None:
        return None
    run, end = match[0], match.end()
    bare = run[0] in "百千万亿"
    if (several := _SEVERAL.match(text, end)) and run[-1] == "十":
        base, scale = chinese(run), scale_of(several[1])
        if base is not None:
            value = ((base + 1) * scale, (base + 9) * scale)
            return Numeral(start, several.end(), value, "chinese", scale=scale, range=True)
    if pair := _adjacent(run):
        return Numeral(start, end, pair, "chinese", scale=_tail(run), range=True)
    value_ = chinese(run)
    if value_ is None:
        return Numeral(start, end, None, "word")
    if (point := _POINT.match(text, end)) and all(c in _DIGITS or c == "十" for c in run):
        digits = "".join(str(_DIGITS[c]) for c in point[1])
        exact = Decimal(f"{value_}.{digits}") * scale_of(point[2])
        return Numeral(start, point.end(), plain(exact), "chinese", scale=scale_of(point[2]))
    if after := _AFTER_HAN.match(text, end):
        scale = scale_of(after[2])
        over = after[1] != "几"
        if not bare or len(run) == 1:
            return Numeral(start, after.end(), value_ * scale, "chinese", over, bare=bare, scale=scale)
    return Numeral(start, end, value_, "chinese", bare=bare, scale=_tail(run))


def _tail(run: str) -> int:
    """What the multipliers at the end of a number in characters come to: 10000 for 三十万."""
    return scale_of(run[len(run.rstrip("万亿")) :])


_PAIR = pattern(
    r"([一二三四五六七八九两十百]{0,6}?)([一二两三四五六七八])([二两三四五六七八九])([十百千万亿]{0,3})$"
)


def _adjacent(run: str) -> tuple[int, int] | None:
    """两三, 七八百, 十五六, 三五: two neighbouring digits are a range."""
    if len(run) > 8 or not (match := _PAIR.match(run)):
        return None
    head, low, high, tail = match.groups()
    a, b = _DIGITS[low], _DIGITS[high]
    if b != a + 1 and (a, b) != (3, 5):
        return None
    if head and head[-1] in _DIGITS:
        return None
    bottom, top = chinese(head + low + tail), chinese(head + high + tail)
    if head and tail == "" and head[-1] != "十":
        return None
    return (bottom, top) if bottom is not None and top is not None and bottom < top else None


_SLASH = pattern(r"(\d{1,2})/(\d{1,3})(?![\d/.%])")


def _fraction(text: str, first: Numeral) -> Numeral | None:
    """三分之二, 百分之九十五, 百分之95, 1/3."""
    if match := _SLASH.match(text, first.start):
        above, below = int(match[1]), int(match[2])
        clean = first.start == 0 or text[first.start - 1] not in "/0123456789.:"
        if clean and 0 < above < below and text[match.end() : match.end() + 1] not in ("月", "日"):
            return Numeral(first.start, match.end(), plain(Decimal(above) / Decimal(below)), "fraction")
    if not _FRACTION.match(text, first.end) or isinstance(first.value, tuple) or not first.value:
        return None
    begin = first.end + 2
    above_ = _single(text, begin) if begin < len(text) and _START.match(text, begin) else None
    if above_ is None or above_.value is None:
        return None
    if first.value in (100, 1000):
        style = "percent" if first.value == 100 else "permille"
        return Numeral(first.start, above_.end, above_.value, style, above_.over, range=above_.range)
    if isinstance(above_.value, tuple):
        return None
    value = plain(Decimal(str(above_.value)) / Decimal(str(first.value)))
    return Numeral(first.start, above_.end, value, "fraction", above_.over)
