"""Numbers one after another: what the next one measures where its own words do not say.

The one idea: a number without a noun of its own goes on with the thing of the number before it (`产值3亿元，增长5%`), and
numbers behind 分别 go with the things of a list one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pbtool.document import Metric
from pbtool.extraction.nominals import nominals
from pbtool.tables import pattern

_PEOPLE = frozenset("户戶人名口家") | {"人次", "口人"}
_AREAS = frozenset("省市县縣区區乡鄉镇鎮村")
_GAINS = pattern("(?:年|月|纯|純)?(?:增收|收入|获利|獲利|分红|分紅|增加)")
_AGES = ("岁", "歲")
_RATES = ("%", "倍", "个百分点", "個百分點")
_AREA = pattern("(?:全|本|该|該|我)[国國省市州县縣区區旗乡鄉镇鎮村]$")
_REMEMBERED = 24  # numbers of a sentence that are looked back at
_NEAR = (
    14,
    28,
)  # characters between a number and its share, and a change of it (出口…，比去年早5个月，增长1.2倍)
_LONGEST_SHARE = 20  # characters of a thing with what it is a share of
_CHANGE_ONLY = pattern(
    r"(?:同比|环比|同口径|按可比口径|可比|比?较?(?:上年|去年|上月|上季度|年初|上年末|上年底|上年同期|去年同期)|年均|平均|实际|名义|分别|累计|净|又|再){0,3}"
    r"(?:增长|增加|提高|上升|提升|扩大|上涨|下降|减少|降低|压缩|回落|下滑|增|降|减|涨|跌|增幅|降幅|增速)?$"
)
_EACH = pattern("(?:户|戶|人|亩|畝|村)均|平均每.|每[户戶人亩畝村家个個]")
_REST = pattern(r"(?:其余|其餘|另外|另有|剩下|其他)[^，。；]{0,3}$")


def follow(metric: Metric, before: Sequence[Metric], text: str, areas: frozenset[str]) -> str | None:
    """What a metric measures, after those `before` it in its sentence; `areas` are the places that the passage names."""
    last, what = before[-1] if before else None, metric.what
    bare = what is None or _CHANGE_ONLY.match(what) is not None
    if last is not None and bare and metric.unit in _RATES and metric.change:
        last = next((one for one in reversed(before) if one.what and one.kind != "duration"), last)
    if last is None or not last.what:
        return what
    if bare or what is None:
        return _inherited(metric, last, before, text)
    if what[0] in "占佔" and len(what) > 1:  # 占党员总数的28%
        return last.what + what if len(last.what + what) <= _LONGEST_SHARE else last.what
    repeats = last.unit not in _AGES and (what in last.text or what.endswith(last.text))
    if repeats or _compares(metric, last, areas):
        return last.what
    if (
        (each := _EACH.match(last.what))
        and _GAINS.match(what)
        and metric.start - last.end <= 6
        and what in text[last.end : metric.start]
    ):
        return each[0] + what  # 户均养鸡20只，增收3000元
    return what


def _inherited(metric: Metric, last: Metric, before: Sequence[Metric], text: str) -> str | None:
    """What the number before it measures: that of `last`, or of the last one of its unit where units differ."""
    what = metric.what
    near = metric.start - last.end
    if (
        what
        or near <= 6
        and last.change
        or metric.unit in _RATES
        and near <= _NEAR[metric.change is not None]
    ):
        return last.what  # 收入增长7.3%，达到2.8万元
    if near <= 1 and {metric.unit, last.unit} <= _AREAS:
        return last.what  # 8镇6乡
    if near <= 1 and metric.unit in _PEOPLE and (last.unit in _PEOPLE or not near):
        return last.what  # 319户1600余人
    if metric.kind == "duration" or metric.unit in _AGES:
        return None
    alike = [one for one in before[-_REMEMBERED:] if one.unit == metric.unit and one.what]
    if _REST.search(text, max(0, metric.start - 8), metric.start):
        return alike[0].what if alike else None
    return alike[-1].what if alike else None


def _compares(metric: Metric, last: Metric, areas: frozenset[str]) -> bool:
    """人均收入只有3000元，与全省8000元、青山县6000元…: the same of another area."""
    if (
        metric.kind not in ("money", "percent")
        or metric.unit != last.unit
        or not metric.what
        or not last.what
    ):
        return False
    if any(last.what.endswith(area) for area in areas):
        return False  # 丰乐村50万元、夏桐村15万元
    return metric.what in areas or bool(_AREA.match(metric.what))


_RESPECTIVE = pattern("分别|分別|依次")
_AND = "(?:、|和|与|與|及|以及)"
_JOINT = pattern(f" ?(?:{_AND} ?(?:同比)?(?:增长|增長|下降|提高|上升|增加|减少|減少)?|，)? ?$")
_BETWEEN = pattern(f" ?{_AND} ?")
_SPLIT = pattern(_AND)
_AMOUNTS = frozenset("数數量额額率值积積入费費产產价價")
_SHARED_HEAD = 2  # characters of the noun that a list shares, where the model does not cut the last thing
_LONGEST_ALONE = 4  # characters of a thing that may stand without a noun that others share (会议、文件)
_LONGEST_THING = 5  # characters of a thing that shares its noun with the last of a list (蔬菜、水果产量)
#: One word for two that 分别 takes apart.
_PAIRS = {
    "城乡": ("城镇", "农村"),
    "城鄉": ("城鎮", "農村"),
    "进出口": ("进口", "出口"),
    "進出口": ("進口", "出口"),
    "男女": ("男", "女"),
}


def respective(metrics: Sequence[Metric], text: str) -> Iterator[Metric]:
    """The metrics of a passage in order; of several that a list of things shares each with its own.

    The list is that before 分别, or one of as many things as there are numbers (工业、农业产值增长5%、3%).
    """
    found: list[Metric] = []
    at = 0
    while at < len(metrics):
        stop = at + 1
        while stop < len(metrics) and _JOINT.fullmatch(text, metrics[stop - 1].end, metrics[stop].start):
            stop += 1
        run = metrics[at:stop]
        low = max(metrics[at - 1].end if at else 0, run[0].start - 16)
        said = len(run) > 1 and _RESPECTIVE.search(text, low, run[0].start) is not None
        if said or len(run) > 1 and _alike(run, text):
            own = [one.what for one in run]
            whats: Sequence[str | None] = _things(own[0] or "", len(run)) or own
            things = [what for one in found[-len(run) :] if (what := one.what)]
            if (
                whats is own
                and len(things) == len(run) == len(set(things))
                and (said or own[0] == things[-1])
            ):
                whats = things  # …，同比分别增长8.4%、6.5%
            run = [replace(one, what=what) for one, what in zip(run, whats, strict=True)]
        found += run
        at = stop
    yield from found


def _alike(run: Sequence[Metric], text: str) -> bool:
    """Whether numbers of one measure word stand in a list with nothing of their own between them."""
    return all(
        one.unit == two.unit and _BETWEEN.fullmatch(text, one.end, two.start)
        for one, two in zip(run, run[1:], strict=False)
    )


def _things(what: str, count: int) -> list[str] | None:
    """The things of a list, each with the noun that the last one has for all."""
    things = [thing for thing in _SPLIT.split(what) if thing]
    if len(things) == 1:
        pairs = ([what.replace(pair, one) for one in both] for pair, both in _PAIRS.items() if pair in what)
        return next((both for both in pairs if count == len(both)), None)
    if len(things) != count:
        return None
    *first, last = things
    size = max(len(thing) for thing in first)
    shares = last[-1] in _AMOUNTS or len(last) > size + 1 and size < _LONGEST_ALONE
    if not shares or size > _LONGEST_THING or any(thing[-1] in _AMOUNTS for thing in first):
        return things
    head = _head(last, size)
    return [*(thing if thing.endswith(head) else thing + head for thing in first), last]


def _head(last: str, size: int) -> str:
    """The noun that the last thing of a list has for all: what stands behind the word at which those before end."""
    words = nominals().words(last, 0, len(last))
    return next((last[word.start :] for word in words if word.start >= size), last[-_SHARED_HEAD:])
