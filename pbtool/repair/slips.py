"""Bytes that are paired wrongly because one before them was lost: `。現公告` as `?，F公告`.

The one idea: in text of two bytes a character, a lead byte that a reader does not take turns into `?`, and the bytes behind it
pair up one place off, until a trail byte that is ASCII brings them back into step (`。”` may lose its first byte without a trace, and looks like
`！`). Such a run gives its bytes back; only the
first one is unknown, and the language model knows which characters can stand there. Only traditional text in GBK has
ASCII among its trail bytes; in any text a second lost byte brings them back.

Amid such a run whole characters can be gone: one place off, a seventh of all pairs fall into the rows that GBK keeps for its
users, of which a page shows nothing, and what is left of two characters (采摘入 without the middle, 采针) looks like one. So each
character of a run may have been two, and the model weighs all that the bytes leave open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nlargest
from math import exp, log
from operator import itemgetter

from pbtool.gazetteer import fold
from pbtool.language import State, model
from pbtool.repair.marks import HAN, PINYIN, around, common_han, everyday
from pbtool.repair.mojibake import Reading
from pbtool.tables import pattern

_READING = rf"(?:[(（]?{PINYIN}[)）])"  # injected, often with half of its brackets
_HAN = pattern(f"[{HAN}]")
_INJECTED = pattern(_READING)
_RUN = pattern(
    rf"[?？！](?:(?<=[?？]){_READING})?((?:[^\0-\x7f\n]|[,;:!?()](?=[^\0-\x7f]|[@-~](?:[(（]|[^\0-\x7f]))|[a-zA-Z](?=[@-~])){{0,16}}?)([@-~?€])"
    rf"(?=[(（{HAN}，。、：；？！”》,;:]|\Z)"
)
_ENDS = {"?": b"", "€": b"\x80"}  # a lost byte, and one that Windows reads alone
_WIDE = {code: chr(0xFEE0 + code) for code in range(0x21, 0x7F)}  # what pages make half-width
_WIDE_FORMS = frozenset(_WIDE.values()) - frozenset("，：；？！（）")
_MARKS = frozenset("，。、；：？！“”‘’（）《》…—·　")
_TRADITIONAL = 3  # characters of traditional script alone that the line around must hold
_PATIENCE, _ENCOURAGED = (
    60,
    10,
)  # runs of one text that may make no sense, and how many more each may that does
_SHORTEST = 3  # characters of a run between two lost bytes
_KNOWN = 0.9  # chance from which the rest
_FIRST = 0.8  # and the first character is put in
_MARK = 0.5  # and for a mark, of which few can stand there
_NEVER_SURE = 0.999
_CLEAR = 0.995  # chance from which a run of simplified characters is put right that begins with a mark
_NATURAL = -6.5  # nats a character from which on a run reads like text as it stands
_NEAR = 5000  # characters around a run in which words are looked for that it may say
_GAIN = 3.0  # nats a character by which the reading must be likelier
#: Pairs of bytes in the rows that GBK keeps for its users: any of the first with any of the second.
_GONE_TOGETHER = (
    (bytes((*range(0xAA, 0xB0), *range(0xF8, 0xFF))), bytes(range(0xA1, 0xFF))),
    (bytes(range(0xA1, 0xA8)), bytes((*range(0x40, 0x7F), *range(0x80, 0xA1)))),
)
_GONE = b"".join(first for first, _ in _GONE_TOGETHER)
_EACH = 60  # characters that may begin or end what one place says,
_OPTIONS, _BEAM = 24, 8  # what it may say, and readings that are followed at once
_TEMPER = 0.7  # the model is surer of whole readings than it has reason to be
_LONGER = 1.0  # nats for one more character: to the model, a clause without one of its words is as good
_SAID = 3.0  # nats for a word that the document says elsewhere
_MARK_LOST = (
    3.0  # nats for a mark to begin a run: what readers lose is nearly always the first byte of a full stop
)
_ANY = 5.0  # nats that a character costs behind an unknown one


@dataclass(frozen=True, slots=True)
class _Option:
    """What one place of a run may say; without text, all that is not listed, with its log-probability."""

    text: str
    others: float = 0.0
    more: float = 0.0  # nats for what else speaks for it


def slipped(text: str) -> Iterator[tuple[Reading, bool]]:
    """Stretches whose bytes are paired one place off, each with what it says and whether that is clear: simplified
    characters leave more readings open."""
    if not any(mark in text for mark in "?？！"):
        return
    patience = _PATIENCE
    for match in _RUN.finditer(text):
        if not patience:
            return
        left, right = around(text, match.start(), match.end())
        lost = match.group(2) == "?"
        if lost and len(match.group(1)) < _SHORTEST:
            continue
        traditional = sum(char in _only_traditional() for char in left + right) >= _TRADITIONAL
        if (lost or traditional) and not _natural(match.group(), left):
            near = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            found = _meant(
                match, near, _INJECTED.sub("", left)[-8:], _INJECTED.sub("", right)[:6], traditional
            )
            patience += _ENCOURAGED if found else -1
            if found:
                clear = traditional or (found[1] >= _CLEAR and found[0][0] in _MARKS)
                yield Reading(match.start(), match.end(), *found), clear


def slipping(text: str) -> Iterator[tuple[int, int]]:
    """Where bytes are paired one place off by the look of it, whether or not anything can be made of them: the marks in
    there are none."""
    for match in _RUN.finditer(text) if "?" in text else ():
        run = match.group(1)
        # Behind the first byte of a full stop the second begins a form of full width, of which texts have few; other runs
        # hold a rare character, which questions that follow upon each other do not.
        lost = run[:1] in _WIDE_FORMS or (
            match.group(2) == "?" and len(run) >= _SHORTEST and not common_han().issuperset(_HAN.findall(run))
        )
        if lost and not _natural(match.group(), around(text, match.start(), match.end())[0]):
            yield match.span()


def _natural(run: str, left: str) -> bool:
    """Whether a run reads like text as it stands: questions that follow upon each other look like one."""
    return _readings([[_Option(char)] for char in run], left, "")[0][0] > _NATURAL * len(run)


def _meant(
    match: re.Match[str], near: str, left: str, right: str, traditional: bool
) -> tuple[str, float] | None:
    """What a run says, and the chance that it does; None where it makes no sense."""
    lost = match.group()[0] != "！"
    read = match.group(1) if lost else match.group()[0] + match.group(1)
    try:
        known = read.translate(_WIDE).encode("gbk") + _ENDS.get(match.group(2), match.group(2).encode())
    except UnicodeError:
        return None
    if not read:
        return None
    places = _places(known, lost, fold(left[-1:]), fold(right[:1]), traditional)
    _prefer_said(places, near)
    if not all(places):
        return None
    found = _readings(places, left, right)
    scores = [score for score, _ in found]
    top, best = found[0]
    shares = [exp((score - top) * _TEMPER) for score in scores]

    def chance(part: slice) -> float:
        """The share of the readings that say there what the best one does."""
        return sum(
            share for share, (_, said) in zip(shares, found, strict=True) if said[part] == best[part]
        ) / sum(shares)

    if not all(best[1:]):
        return None
    rest = "".join(best[1:])
    shown = _readings([[_Option(char)] for char in match.group()], left, right)[0][0]
    sure_of_rest, sure_of_first = chance(slice(1, None)), chance(slice(1))
    if sure_of_rest < _KNOWN or top - shown < _GAIN * (1 + len(rest)):
        return None
    known_first = sure_of_first >= (_MARK if best[0] in _MARKS else _FIRST)
    begins = best[0] if known_first or not lost else match.group()[0]
    sure = sure_of_rest if begins == match.group()[0] else min(sure_of_rest, sure_of_first)
    return begins + rest, min(sure, _NEVER_SURE)


def _prefer_said(places: Sequence[list[_Option]], near: str) -> None:
    """Mark the words that the text around says, too (小區, and not 校區)."""
    for options in places:
        options[:] = [
            replace(option, more=option.more + _SAID)
            if len(option.text) > 1 and option.text in near
            else option
            for option in options
        ]


def _places(known: bytes, lost: bool, left: str, right: str, traditional: bool) -> list[list[_Option]]:
    """What each place of a run may say: the first without its lead byte, pairs, perhaps a last one without its trail."""
    usual = _usual(traditional)
    pairs = [known[at : at + 2] for at in range(1, len(known) - 1, 2)]
    shown = [char if char in common_han() or char in _MARKS else "" for char in map(_char, pairs)]
    around = [left, *(map(fold, shown)), right]
    first = [char for char in _with_trail(known[0]) if char in _MARKS or (lost and char in common_han())]
    places = [[_Option(char) for char in first]]
    if lost:
        places[0] += _more(_everyone(traditional), _of(_with_trail(known[0]), usual), left, around[1])
    places[0] = [
        replace(one, more=_MARK_LOST * (one.text[:1] in _MARKS)) if one.text else one for one in places[0]
    ]
    for at, pair in enumerate(pairs):
        begins, ends = _of(_with_lead(pair[0]), usual), _of(_with_trail(pair[1]), usual)
        more = _more(begins, ends, around[at] if at else "", around[at + 2])
        places.append([_Option(char) for char in shown[at : at + 1] if char] + more)
    if len(known) % 2 == 0:
        # Where the run ends with a lost byte its last character has lost the second half.
        last = [_Option(char) for char in _with_lead(known[-1]) if char in common_han()]
        before = around[len(pairs)] if pairs else ""
        more = _more(_of(_with_lead(known[-1]), usual), _everyone(traditional), before, right)
        places.append(last + more)
    return places


def _more(first: str, second: str, left: str, right: str) -> list[_Option]:
    """The likeliest strings that begin with one of `first`, end with one of `second` and lose all between one place off;
    and one option for all the others together. `left` and `right` may be unknown."""
    judge = model()
    begins = [
        pair
        for pair in zip(judge.behind(left, fold(first)) if left else [-_ANY] * len(first), first, strict=True)
        if _trail(pair[1]) in _GONE
    ]
    ends = list(zip(judge.before(fold(second), right) if right else [0.0] * len(second), second, strict=True))
    begins, ends = nlargest(_EACH, begins), nlargest(_EACH, ends)
    found: list[tuple[float, float, str]] = []
    for trails, leads in _GONE_TOGETHER:
        heads = [pair for pair in begins if _trail(pair[1]) in trails]
        tails = [pair for pair in ends if pair[1].encode("gbk")[0] in leads]
        found += _joined(heads, tails)
        for mark in _MARKS:
            if mark.encode("gbk")[0] in leads and _trail(mark) in _GONE:
                onward = next(ways for trail, ways in _GONE_TOGETHER if _trail(mark) in trail)
                middle = [
                    (cost + value, char + mark)
                    for cost, char in heads
                    for value in [judge.pair(fold(char), mark)]
                ]
                found += _joined(middle, [pair for pair in ends if pair[1].encode("gbk")[0] in onward])
    best = nlargest(_OPTIONS, found)
    rest = sum(exp(value) for _, value, _ in found) - sum(exp(value) for _, value, _ in best)
    others = [_Option("", log(rest))] if rest > 1e-30 else []
    return [_Option(text) for _, _, text in best] + others


def _joined(
    heads: Sequence[tuple[float, str]], tails: Sequence[tuple[float, str]]
) -> list[tuple[float, float, str]]:
    judge, folded = model(), fold("".join(char for _, char in tails))
    return [
        (cost + value + end, cost + value, text + char)
        for cost, text in heads
        for value, (end, char) in zip(judge.behind(fold(text[-1]), folded), tails, strict=True)
    ]


def _trail(char: str) -> int:
    return char.encode("gbk")[-1]


def _readings(
    places: Sequence[Sequence[_Option]], left: str, right: str
) -> list[tuple[float, tuple[str, ...]]]:
    """What all places may say together, the likeliest first, each with its log-probability (a beam search)."""
    judge = model()
    beam: list[tuple[float, tuple[str, ...], State]] = [(0.0, (), judge.state(left))]
    for options in places:
        longer = []
        folded = [(one.text, fold(one.text), one.others, one.more) for one in options]
        for score, said, state in beam:
            for option, text, others, more in folded:
                after, value = judge.walk(state, text) if option else (judge.nowhere, others)
                value += _LONGER * (len(option) - 1 if option else 1) + more
                longer.append((score + value, (*said, option), after))
        beam = nlargest(_BEAM, longer, key=itemgetter(0))
    ended = [(score + judge.tail(state, fold(right)), said) for score, said, state in beam]
    return sorted(ended, key=itemgetter(0), reverse=True)


def _likeliest(chars: str, values: Sequence[float]) -> list[tuple[float, str]]:
    return nlargest(_EACH, zip(values, chars, strict=True))


@lru_cache(maxsize=256)
def _with_trail(trail: int) -> tuple[str, ...]:
    """The characters of GBK whose second byte is this one."""
    cells = (bytes((lead, trail)).decode("gbk", "ignore") for lead in range(0x81, 0xFF))
    return tuple(char for char in cells if len(char) == 1)


@lru_cache(maxsize=256)
def _with_lead(lead: int) -> tuple[str, ...]:
    """The characters of GBK whose first byte is this one."""
    cells = (bytes((lead, trail)).decode("gbk", "ignore") for trail in range(0x40, 0xFF))
    return tuple(char for char in cells if len(char) == 1)


@lru_cache(maxsize=2)
def _everyone(traditional: bool) -> str:
    return "".join(sorted(_usual(traditional)))


def _of(chars: Iterable[str], usual: frozenset[str]) -> str:
    return "".join(char for char in chars if char in usual)


def _char(pair: bytes) -> str:
    """The character of two bytes; empty where there is none."""
    char = pair.decode("gbk", "ignore")
    return char if len(char) == 1 else ""


@lru_cache(maxsize=2)
def _usual(traditional: bool) -> frozenset[str]:
    """What is expected where a character is gone: marks, and the everyday characters of the script."""
    han = everyday("big5" if traditional else "gb2312")
    return frozenset(char for char in han | _MARKS if len(char.encode("gbk", "ignore")) == 2)


@lru_cache(maxsize=1)
def _only_traditional() -> frozenset[str]:
    return everyday("big5") - everyday("gb2312")
