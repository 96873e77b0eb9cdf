"""The signs that a shifted lead byte makes into Han, and what each is worth.

The one idea: nothing here is typed in. A sign of the rows A1, A2, A3, A6 of GB 2312 is encoded, its lead byte moved by 0x31
(or by -3 in italic letters) and decoded again with the `gbk` codec (`gb2312` gives other characters for · and —).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pbtool.language import folding, model

_ROWS = (0xA1, 0xA2, 0xA3, 0xA6)
_SHIFT = 0x31
_FOUNDER = {0xB1: ".", 0xB2: "-"}  # Founder's own row AA: half-width signs inside numbers
PUNCTUATION, ALNUM = 1, 2
BULLETS = "■□◆◇●○▲△★☆"  # stand at the beginning of a line, and what follows begins there
BLANK = "摇"  # an ideographic space
DASH = "要"  # common as itself, but so is its sign, and it often stands alone
BRACKETS = "［］〖〗「」『』"
PROSE = "，。、；：？！“”‘’（）《》〈〉【】…·％■０１２３４５６７８９\u3000"  # what Chinese prose is full of

_EVERYDAY, _UNCOMMON = -7.2, -9.0  # log-probabilities of characters
_BLANK = -5.0  # an ideographic space where text goes on
_BULLET = 1.5  # `■` where a line begins: nearly nothing else begins with `姻`, which the model cannot know
_RARE_BULLET = -6.0  # the others, whose characters begin many a word
_UNUSUAL = -8.0  # a sign that the model counts as a commoner one, such as the sign of ratio


class Sign(NamedTuple):
    """What a shifted character stands for: the sign, its kind, what the model counts it as, and a prior."""

    char: str
    kind: int
    folded: str
    cost: float


@lru_cache(maxsize=1)
def signs() -> dict[str, Sign]:
    """Every character that a shifted sign can look like, by arithmetic on the codec."""
    table = folding()
    found = {}
    for lead in _ROWS:
        for trail in range(0xA1, 0xFF):
            try:
                sign = bytes([lead, trail]).decode("gbk")
            except UnicodeDecodeError:
                continue
            kind = ALNUM if sign.translate(table) in ("0", "A", "a") or sign in "．－" else PUNCTUATION
            counted = "" if sign in BULLETS else sign.translate(table)
            cost = _prior(sign, counted, kind)
            found[bytes([lead + _SHIFT, trail]).decode("gbk")] = Sign(sign, kind, counted, cost)
    for trail, sign in _FOUNDER.items():
        found[bytes([0xAA + _SHIFT, trail]).decode("gbk")] = Sign(sign, ALNUM, sign, 0.0)
    return found


def _prior(sign: str, counted: str, kind: int) -> float:
    """What a sign costs beside what the model says, which passes over spaces and bullets and takes some signs for others."""
    if not counted:
        return _BULLET if sign == "■" else _RARE_BULLET if sign in BULLETS else _BLANK
    return _UNUSUAL if kind == PUNCTUATION and counted != half_width(sign) else 0.0


def half_width(sign: str) -> str:
    """The half-width form of a full-width sign, any other as it is."""
    return chr(ord(sign) - 0xFEE0) if 0xFF01 <= ord(sign) <= 0xFF5E else sign


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """Candidates too common as themselves to be looked at anywhere but beside others of their kind.

    Those whose signs all prose is full of are looked at everywhere.
    """
    judge = model()
    result = set()
    for char, sign in signs().items():
        if sign.char in PROSE:
            continue
        own = judge.step(judge.nowhere, char)[1]
        other = judge.step(judge.nowhere, sign.folded)[1] if sign.folded else _BLANK
        if own - other > 2.0:
            result.add(char)
    return frozenset(result)


@lru_cache(maxsize=1)
def shifted_alnum() -> dict[int, str]:
    """What shifted digits and letters stand for, but those whose characters are common."""
    everyday = common()
    return {
        ord(char): sign.char for char, sign in signs().items() if sign.kind == ALNUM and char not in everyday
    }


@lru_cache(maxsize=1)
def seeds() -> re.Pattern[str]:
    """Candidates rare enough as themselves to make a text suspicious."""
    judge, chosen = model(), []
    for char, sign in sorted(signs().items()):
        limit = _EVERYDAY if sign.char in PROSE else _UNCOMMON
        if char not in common() and judge.step(judge.nowhere, char)[1] < limit:
            chosen.append(char)
    # One class to begin with: the search then looks at classes of characters only, five times as fast.
    return re.compile(f"[{''.join(chosen)}{DASH}](?:(?<!{DASH})|(?=\\n?{DASH}))")


@lru_cache(maxsize=1)
def candidates() -> re.Pattern[str]:
    """What finds candidates worth judging: of the common ones only those beside others of their kind.

    Common digits and letters need one beside them, clean or possibly shifted; common punctuation needs itself, or a
    digit on both sides (`＞`), with a unit before it or not (`5米×3米`). Brackets have partners, and are looked at everywhere, those of the numbers of documents
    around a year; the signs of Founder's own row stand between digits or letters only.
    """
    every = signs()
    everyday = frozenset(char for char in common() - {DASH} if every[char].char not in BRACKETS)
    opening, closing = (next(char for char, sign in every.items() if sign.char == mark) for mark in "〔〕")
    year = f"[0-9{''.join(char for char, sign in every.items() if sign.char in '０１２３４５６７８９')}]{{4}}"
    founder = "".join(bytes([0xAA + _SHIFT, trail]).decode("gbk") for trail in _FOUNDER)
    rare = "".join(sorted(every.keys() - everyday - set(founder)))
    alnum = "".join(sorted(char for char in everyday if every[char].kind == ALNUM))
    punctuation = "".join(sorted(char for char in everyday if every[char].kind == PUNCTUATION))
    kin = clean_signs()[1].pattern[1:-1] + "".join(
        sorted(char for char in every if every[char].kind == ALNUM)
    )
    return re.compile(
        f"[{''.join(sorted(every))}](?:(?<=[{rare}])|(?<=[{founder}])(?:(?<=[{kin}].)|(?<=[{kin}]\n.))(?=\n?[{kin}])|(?<=[{alnum}])(?:(?=[{kin}])|(?<=[{kin}].))"
        rf"|(?<=([{punctuation}]))(?:(?=\1)|(?<=\1.)|(?=[0-9])(?:(?<=[0-9].)|(?<=[0-9][米厘毫分吨度元].)))"
        rf"|(?<={opening})(?={year}{closing})|(?<={opening}{year}{closing}))"
    )


@lru_cache(maxsize=1)
def clean_signs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds clean punctuation, and clean digits and letters."""
    ascii_alnum = "0-9A-Za-z"
    punctuation = "".join(sorted(sign.char for sign in signs().values() if sign.kind == PUNCTUATION))
    alnum = "".join(sorted(sign.char for sign in signs().values() if sign.kind == ALNUM))
    return (
        re.compile(f"[,;:!?(){re.escape(punctuation.replace(chr(0x3000), ''))}]"),
        re.compile(f"[{ascii_alnum}{re.escape(alnum)}]"),
    )


@lru_cache(maxsize=1)
def italic() -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    """Runs of italic letters, what each stands for, and those of them that are everyday Han in traditional script."""
    table = {}
    for trail in range(0xA1, 0xFF):
        sign = bytes([0xA3, trail]).decode("gbk")
        if sign.translate(folding()) in ("0", "A", "a") or sign in "－．／":
            table[bytes([0xA0, trail]).decode("gbk")] = sign
    everyday = frozenset(char for char in table if _in_big5(char))
    letter = "[" + "".join(sorted(table)) + "]"
    return re.compile(f"{letter}(?:[／/．.－\\-0-9０-９]?{letter}){{0,60}}"), table, everyday


def _in_big5(char: str) -> bool:
    try:
        return char.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False
