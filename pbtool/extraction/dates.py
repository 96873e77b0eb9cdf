"""Dates: found in one pass, written as ISO 8601, and partial where the text is partial.

The one idea: a date says no more than the text does. `4月15日` is `--04-15`; it gains a year only where the text gives one
right there (`去年`, with the issue's own date known). Ranges are intervals (`2012/2017`), decades are `198X`.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pbtool.document import Article, Date, Document, Passage
from pbtool.extraction.numerals import chinese, fold
from pbtool.tables import pattern

_YEAR = r"(?:1[6-9]\d\d|20\d\d|[一二][零一二三四五六七八九]{3})"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|[一二]?十[一二三四五六七八九]?|[一二三四五六七八九])"
#: A day has 日 behind it, or another day that has.
_DAYS = rf"(?: ?[日号]|(?= ?(?:、|至|到|-|—|~) ?{_DAY} ?[日号]))"
_PART = r"(?:[上中下]旬|月?[底初末]|中旬)"
#: What a date may begin with, looked at before anything else.
_FIRST = "(?=[0-9一二三四五六七八九十“‘「今去前明同次翌当民洪永万嘉康雍乾道咸光宣上下本昨公])"
_DATE = pattern(
    _FIRST + "(?:"
    rf"(?P<iso>(?<![\d.])(?:19|20)\d\d([-/.])(?:1[0-2]|0?[1-9])(?:\2(?:3[01]|[12]\d|0?[1-9]))(?![\d]))"
    r"|(?P<dotted>(?<![\d.])(?:19|20)\d\d\.(?:0[1-9]|1[0-2])(?= ?(?:-|—{1,2}|~|至|到) ?(?:(?:19|20)\d\d\.|今)))"
    r"|(?P<until>(?<=[-—~至到])(?<![\d.])(?:19|20)\d\d\.(?:0[1-9]|1[0-2])(?![\d.]))"
    r"|公元 ?(?P<era>\d{1,4}) ?年"
    rf"|(?P<span>(?<!\d){_YEAR} ?年? ?(?:-|—{{1,2}}|~|至|到) ?{_YEAR} ?年(?!级))"
    r"|[“‘「]?(?P<plan>十[一二三四五]五)[”’」]?(?:规划|计划)?(?=期间|时期|以来|末|初|开局|收官|前|后)(?:期间|时期)?"
    rf"|(?:(?P<myear>(?<!\d){_YEAR}|今|去) ?年 ?)?(?<![\d.])(?P<months>{_MONTH} ?(?:-|—{{1,2}}|~|至|到) ?{_MONTH}) ?月(?!份?内)份?(?! ?[\d零一二三四五六七八九十])"
    rf"|(?P<hyear>{_YEAR}(?=下半年|上半年|年)|今|去|前|明) ?年?(?P<half>上半年|下半年|第?[一二三四1-4] ?季度|前 ?(?:1[01]|[2-9]|[两二三四五六七八九十]|十一) ?个月)"
    rf"|(?P<year>(?<!\d){_YEAR}) ?年(?!级|级|代)(?: ?(?P<ymonth>{_MONTH}) ?月(?!份?[以之]?[内里])(?: ?(?P<yday>{_DAY}){_DAYS}|份?(?:{_PART})?)| ?(?P<newyear>元旦)|[底末](?![线])|初(?![中级步])|年?[春夏秋冬](?=[，季天])季?)?"
    r"|(?P<reign>民国|洪武|永乐|万历|嘉靖|康熙|雍正|乾隆|嘉庆|道光|咸丰|同治|光绪|宣统) ?(?P<ryear>元|[零一二三四五六七八九十]{1,3}|\d{1,2}) ?年"
    rf"|(?P<rel>今|去|前|明|同|当|次|翌)年(?: ?(?P<rmonth>{_MONTH}) ?月份?(?: ?(?P<rday>{_DAY}){_DAYS}|(?:{_PART})?))?"
    rf"|同月 ?(?P<sameday>{_DAY}) ?[日号]"
    rf"|(?<![\d.百千零一二三四五六七八九十])(?P<month>{_MONTH}) ?月(?!亮|球|饼|薪|租|票|嫂|色|光|报|刊|内|均|度|息|供)(?: ?(?P<day>{_DAY}){_DAYS}|份?(?:{_PART})?)"
    rf"|(?<![\d.月])(?P<alone>3[01]|[12]\d|[1-9])日(?!内|[以之]内|均|元|[刊报]|后|前|游|志|之|本)"
    rf"|(?P<century>(?:上个?|1\d|2[01]|十[一二三四五六七八九]?|二十一?) ?世纪)(?P<cdecade>[1-9一二三四五六七八九][0十]年代)?"
    rf"|(?<!\d)(?P<decade>(?:(?:19|20)[0-9]|[2-9])0|[二三四五六七八九]十)年代"
    r"|(?P<near>本|上个?|下个?)月(?!份?[底初末])|(?P<today>今天|昨天|昨日|今日|前天|明天))"
)
_CLOCK = pattern(
    r"(?=[0-9上下早中晚凌清傍日号午])(?:"
    r"(?:(?:上午|下午|早上|中午|晚上|凌晨|清晨|傍晚|[日号早晚午]) ?(?:[01]?\d|2[0-4]|十?[一二三四五六七八九十]|二十[一二三四]?)(?:点|时)(?:[0-5]?\d ?分|半|许|整|多)?)"
    r"|(?<![\d.])(?:[01]?\d|2[0-4])(?:时|点)(?:[0-5]?\d ?分(?:[0-5]?\d ?秒)?|半|许|整)(?!钟)"
    r"|(?<![\d:.])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:%.]))"
)
_LENGTH_BEFORE = ("近", "约", "超", "逾", "跨越", "历经", "有着", "超过", "长达", "相传")
_LENGTH_AFTER = pattern(r" ?(?:来|以来的历史|前|的?历史|以上|左右|的?文明|的?时间|多|余|间)")
_HUNDREDS = pattern(r"(?:\d+00|[一二]千)$")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A date or a clock time at [start, end) of a text; `value` is empty where nothing sure can be written down."""

    start: int
    end: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day a document was issued, as far as it says so."""

    year: int
    month: int | None = None
    day: int | None = None


def find_dates(article: Article, document: Document) -> tuple[Date, ...]:
    """The dates of an article, in order; offsets count in each passage's text."""
    anchor = issued(article, document)
    found: list[Date] = []
    for name, index, passage in article.passages():
        if name in ("byline", "affiliation"):
            continue
        for date in stretches(fold(passage.text), anchor):
            if date.value:
                text = passage.text[date.start : date.end]
                found.append(Date(text, date.start, date.end, name, index, value=date.value))
    return tuple(found)


@functools.lru_cache(maxsize=256)
def stretches(text: str, anchor: Anchor | None = None) -> tuple[Stretch, ...]:
    """Every date of folded `text`, also those that cannot be anchored (with an empty value)."""
    return tuple(_stretches(text, anchor))


def _stretches(text: str, anchor: Anchor | None) -> Iterator[Stretch]:
    year = anchor.year if anchor else None
    last = Stretch(0, 0)
    for match in _DATE.finditer(text):
        if _is_length(text, match):
            continue
        value, seen = _value(match, anchor, year)
        value = _after(match, last, value)
        year = seen or year
        last = Stretch(match.start(), match.start() + len(match[0].rstrip()), value)
        yield last


def _after(match: re.Match[str], last: Stretch, value: str) -> str:
    """The value of a date with the year and the month that the date right before it gives."""
    if match["sameday"] and (month := _MONTHLY.match(last.value)):
        return f"{month[0]}-{_number(match['sameday']):02d}"
    further = _FURTHER.fullmatch(match.string, last.end, match.start())
    if match["alone"] and _DAILY.search(last.value):
        later = match.start() - last.end <= _NEAR and int(match["alone"]) >= int(last.value[-2:])
        if further or later and value[:3] == "---":
            return f"{last.value[:-2]}{int(match['alone']):02d}"  # 6月12日至13日
    dated = _DATED.fullmatch(last.value)
    if further and dated and match["month"] and dated[2] <= value[2:4]:
        return dated[1] + value[1:]  # 2021年4月12日至6月11日
    return value


_DATED = pattern(r"(\d{4})-(\d\d)(?:-\d\d)?")
_MONTHLY = pattern(r"(?:\d{4}|-)-\d\d(?!/)")
_NEAR = 60  # characters between a date and a day of the same month
_FURTHER = pattern(r" ?(?:、|至|到|-|—|~|和|及) ?")
_DAILY = pattern(r"\d\d-\d\d$")


def clocks(text: str) -> Iterator[Stretch]:
    """Every time of day in folded `text`."""
    for match in _CLOCK.finditer(text):
        yield Stretch(match.start(), match.end())


def _is_length(text: str, match: re.Match[str]) -> bool:
    """近2000年, 1800年的历史: a length of time that looks like a year."""
    if not match["year"] or match["ymonth"] or not _HUNDREDS.match(match["year"]):
        return False
    before = text[max(0, match.start() - 4) : match.start()]
    return before.endswith(_LENGTH_BEFORE) or bool(_LENGTH_AFTER.match(text, match.end()))


def _value(match: re.Match[str], anchor: Anchor | None, last: int | None) -> tuple[str, int | None]:
    """The ISO value of a match, and the year it names (for 同年 later on)."""
    if match["iso"]:
        parts = [int(part) for part in re.split(r"[-/.]", match["iso"])]
        return _iso(*parts), parts[0]
    if month := match["dotted"] or match["until"]:
        year, part = (int(part) for part in month.split("."))
        return _iso(year, part), year
    if match["era"]:
        return f"{int(match['era']):04d}", None
    if match["span"]:
        low, high = (_number(part) for part in re.findall(_YEAR, match["span"])[:2])
        return (f"{low}/{high}", high) if low < high else ("", None)
    if match["year"]:
        year = _number(match["year"])
        if match["newyear"]:
            return _iso(year, 1, 1), year
        return _iso(year, _maybe(match["ymonth"]), _maybe(match["yday"])), year
    if match["rel"]:
        return _relative(match, anchor, last)
    if match["month"]:
        return _iso(None, _number(match["month"]), _maybe(match["day"])), None
    if match["sameday"]:
        return "", None  # the month is that of the date before it
    if match["months"]:
        return _months(match, anchor)
    if match["half"]:
        return _part_of_year(match, anchor)
    return _rarer(match, anchor), None


#: The first and last year of the five-year plans.
_PLANS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
_RELATIVE = {"今": 0, "去": -1, "前": -2, "明": 1}


def _relative_year(word: str, anchor: Anchor | None) -> int | None:
    return anchor.year + _RELATIVE[word] if anchor else None


def _part_of_year(match: re.Match[str], anchor: Anchor | None) -> tuple[str, int | None]:
    """A half, a quarter or the first months of a year as an interval of months."""
    word, part = match["hyear"], match["half"].replace(" ", "")
    year = _relative_year(word, anchor) if word in _RELATIVE else _number(word)
    if year is None:
        return "", None
    if "半年" in part:
        first, last = (1, 6) if part[0] == "上" else (7, 12)
    elif "季度" in part:
        last = 3 * _number(part.strip("第季度"))
        first = last - 2
    else:
        months = part.removeprefix("前").removesuffix("个月")
        first, last = 1, 2 if months == "两" else _number(months)
    return f"{year:04d}-{first:02d}/{year:04d}-{last:02d}", year


def _months(match: re.Match[str], anchor: Anchor | None) -> tuple[str, int | None]:
    """Months in a row (1-10月) as an interval."""
    word = match["myear"]
    low, high = (_number(part) for part in re.findall(_MONTH, match["months"])[:2])
    year = _relative_year(word, anchor) if word in _RELATIVE else _number(word) if word else None
    if not low < high or word and year is None:
        return "", year
    head = "-" if year is None else f"{year:04d}"
    return f"{head}-{low:02d}/{head}-{high:02d}", year


#: The year before the first of an era.
_ERAS = {
    "民国": 1911, "洪武": 1367, "永乐": 1402, "嘉靖": 1521, "万历": 1572, "康熙": 1661, "雍正": 1722, "乾隆": 1735,
    "嘉庆": 1795, "道光": 1820, "咸丰": 1850, "同治": 1861, "光绪": 1874, "宣统": 1908,
}  # fmt: skip


def _rarer(match: re.Match[str], anchor: Anchor | None) -> str:
    if match["reign"]:
        year = 1 if match["ryear"] == "元" else _number(match["ryear"])
        return f"{_ERAS[match['reign']] + year:04d}"
    if match["plan"]:
        first = _PLANS[match["plan"]]
        return f"{first}/{first + 4}"
    if match["alone"]:
        return _alone(int(match["alone"]), anchor)
    if match["century"]:
        return _century(match["century"], match["cdecade"])
    if match["decade"]:
        return _decade(match["decade"])
    if not anchor or not anchor.month:
        return ""
    if match["near"]:
        shift = {"本": 0, "上": -1, "下": 1}[match["near"][0]]
        months = anchor.year * 12 + anchor.month - 1 + shift
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return _today(match["today"], anchor)


def _today(word: str, anchor: Anchor) -> str:
    from datetime import date, timedelta

    if not anchor.month or not anchor.day:
        return ""
    shift = {"今": 0, "昨": -1, "前": -2, "明": 1}[word[0]]
    try:
        return (date(anchor.year, anchor.month, anchor.day) + timedelta(days=shift)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _relative(match: re.Match[str], anchor: Anchor | None, last: int | None) -> tuple[str, int | None]:
    word = match["rel"]
    month, day = _maybe(match["rmonth"]), _maybe(match["rday"])
    if word in ("次", "翌"):
        year = last + 1 if last else None
    else:
        year = _relative_year(word, anchor) if word in _RELATIVE else last if month else None
    if year is None and month is None:
        return "", None
    return _iso(year, month, day), None


def _alone(day: int, anchor: Anchor | None) -> str:
    if anchor and anchor.month and anchor.day:
        months = anchor.year * 12 + anchor.month - 1 - (day > anchor.day)
        return _iso(months // 12, months % 12 + 1, day)
    return f"---{day:02d}"


def _century(words: str, decade: str | None) -> str:
    name = words.removesuffix("世纪").strip()
    number = 20 if name.startswith("上") else _number(name)
    if decade is None:
        return f"{number - 1:02d}XX"
    tens = int(decade[0]) if decade[0].isdigit() else (chinese(decade[0]) or 0)
    return f"{number - 1:02d}{tens}X"


def _decade(words: str) -> str:
    number = _number(words)
    if number >= 1000:
        return f"{number // 10}X"
    return f"19{number // 10}X" if number >= 30 else f"20{number // 10}X"


def _iso(year: int | None, month: int | None = None, day: int | None = None) -> str:
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return ""
    if day is not None and day > (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31):
        return ""
    head = "-" if year is None else f"{year:04d}"
    return "-".join([head, *(f"{part:02d}" for part in (month, day) if part is not None)])


def _number(words: str) -> int:
    return int(words) if words.isdigit() and words.isascii() else (chinese(words) or 0)


def _maybe(words: str | None) -> int | None:
    return None if words is None else _number(words)


def issued(article: Article, document: Document) -> Anchor | None:
    """When the issue came out: by the article's dateline, else by what the mastheads and headers agree on."""
    if article.dateline is not None:
        anchor = _full((article.dateline,))
        if anchor and anchor.month:
            return anchor
    return _issue(document.furniture)


@functools.lru_cache(maxsize=8)
def _issue(furniture: tuple[Passage, ...]) -> Anchor | None:
    return _full(furniture)


_FULL = pattern(
    rf"(?<!\d)({_YEAR}) ?年 ?(?:({_MONTH}) ?月 ?(?:({_DAY}) ?[日号])?|第? ?\d{{1,3}} ?期|总第)"
    r"|(?<!\d)(20\d\d|19\d\d)[-./](1[0-2]|0?[1-9])[-./](3[01]|[12]\d|0?[1-9])(?!\d)"
)


def _full(passages: tuple[Passage, ...]) -> Anchor | None:
    votes: Counter[tuple[int, int | None, int | None]] = Counter()
    for passage in passages:
        for match in _FULL.finditer(fold(passage.text[:200])):
            year, month, day = match[1] or match[4], match[2] or match[5], match[3] or match[6]
            votes[(_number(year), _maybe(month), _maybe(day))] += 1
    if not votes:
        return None
    years = {year for year, _, _ in votes}
    if len(years) > 1:
        return None
    best = max(votes, key=lambda vote: (sum(part is not None for part in vote), votes[vote]))
    days = {(month, day) for _, month, day in votes if month}
    return Anchor(*best) if len(days) <= 1 else Anchor(best[0])
