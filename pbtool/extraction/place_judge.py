"""Whether a string stands in its sentence as a place would: the language model's word on doubtful names.

The one idea: where a place is meant, other places would do. So the string is weighed against a few well-known places in the
same context; a string that the context wants far more than any place (长治 in 长治久安, 迁安 in 拆迁安置) is a word or a
piece of words.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, log

_AREAS = ("北京", "四川", "宁波", "当地", "延安")
_WHOLES = {
    "县": ("平山县", "云阳县", "该县"),
    "市": ("宁波市", "义乌市", "昆山市"),
    "区": ("海淀区", "浦东新区", "西湖区"),
    "镇": ("城关镇", "乌镇", "河口镇"),
    "乡": ("城关乡", "三河乡", "龙山乡"),
    "道": ("城关街道", "龙山街道", "西湖街道"),
    "查": ("巴彦嘎查", "乌兰嘎查", "白音嘎查"),
    "村": ("东山村", "王家村", "三河村", "龙门村"),
}
#: Nats by which the first character of a name that is none clings to the one before it, and more than to its second one:
#: no short name of a county in half a year of a newspaper does.
_CLINGS, _MORE = 1.8, 0.5
_COMMUNITY = ("东山社区", "幸福社区", "城关社区")


def area_fits(text: str, start: int, end: int) -> float:
    """How much better any well-known place would stand at text[start:end] (natural log; below 0: worse)."""
    return _against(text, start, end, _AREAS)


def whole_fits(text: str, start: int, end: int) -> float:
    """The same for a full name, against names with its ending; 0 where the ending has none."""
    others = _COMMUNITY if text[end - 2 : end] == "社区" else _WHOLES.get(text[end - 1], ())
    return _against(text, start, end, others) if others else 0.0


def ending_follows(form: str, ending: str) -> float:
    """How likely the ending is after a short name anywhere (log): high for names (延川 → 县), low for words (惠民 → 县)."""
    from pbtool.language import model

    return model().score("在" + form + ending[:1], 1 + len(form), 2 + len(form))


def straddles(text: str, start: int) -> bool:
    """Whether the name at `start` begins amid a word: its first character clings to what stands before it (到达|日)."""
    before = _attraction(text[start - 1 : start + 1])
    return before > _CLINGS and before > _attraction(text[start : start + 2]) + _MORE


def _attraction(two: str) -> float:
    """How much likelier the second of two characters is behind the first than anywhere (natural log)."""
    from pbtool.language import model

    if len(two) < 2:
        return 0.0
    judge = model()
    return judge.pair(two[0], two[1]) - judge.values(judge.nowhere, two[1])[0]


@lru_cache(maxsize=20_000)
def strangeness(form: str) -> float:
    """How little a string reads like the beginning of a clause, per character: words are below 6, most names above 7."""
    from pbtool.language import model

    return -model().score("，" + form, 1) / max(1, len(form))


def _against(text: str, start: int, end: int, others: tuple[str, ...]) -> float:
    return _weighed(text[max(0, start - 12) : start], text[start:end], text[end : end + 12], others)


@lru_cache(maxsize=10_000)
def _weighed(left: str, form: str, right: str, others: tuple[str, ...]) -> float:
    """How much better the others would stand than the form; asked again when a document is gone through once more."""
    from pbtool.language import model

    own, *rest = model().alternatives(left, (form, *others), right)
    top = max(rest)
    return top + log(sum(exp(value - top) for value in rest) / len(rest)) - own
