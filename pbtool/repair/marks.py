"""Classes of characters that the rules share, and the piece of a line around a place.

The one idea: what counts as Han, as a mark, as the neighbourhood of a place is said once, and every look around is bounded.
"""

from __future__ import annotations

from functools import lru_cache

from pbtool.tables import pattern

HAN = "〇㐀-䶿一-鿿\U00020000-\U000323af"
STOPS = "，。、；：？！"
OPENING = "“‘（《〈「『【〔"
CLOSING = "”’）》〉」』】〕"
PINYIN = "[a-zü]{0,4}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ][a-z]{0,4}"  # a syllable with its tone
BULLETS = "■□◆◇●○▲△★☆▪•"
_HAN = pattern(f"[{HAN}]")
_LATIN = pattern("[A-Za-z]")
_SENTENCE = pattern("[，。；？！]")


def is_han(char: str) -> bool:
    """Whether `char` is one Han character (False for the empty string)."""
    return bool(_HAN.match(char))


def han_in(text: str) -> int:
    """How many Han characters there are in `text`."""
    return len(_HAN.findall(text))


def around(text: str, start: int, end: int, reach: int = 60) -> tuple[str, str]:
    """What stands left and right of [start, end) in the same line, at most `reach` characters each."""
    left = text[max(0, start - reach) : start]
    right = text[end : end + reach]
    return left[left.rfind("\n") + 1 :], right.partition("\n")[0]


def chinese(text: str) -> bool:
    """Whether `text` is Chinese rather than Latin: more Han characters than half its Latin letters."""
    return 2 * han_in(text) > len(_LATIN.findall(text))


def prose(line: str) -> bool:
    """Whether a piece of a line runs on as prose does: not short, with a comma or a full stop."""
    return len(line) >= 12 and bool(_SENTENCE.search(line))


@lru_cache(maxsize=2)
def everyday(codec: str) -> frozenset[str]:
    """The Han characters of everyday use in one script: level 1 of `gb2312` or of `big5`."""
    leads = {"gb2312": range(0xB0, 0xD8), "big5": range(0xA4, 0xC7)}[codec]
    # A line break behind each pair keeps what is no character from eating the next one.
    cells = b"".join(bytes((lead, trail, 0x0A)) for lead in leads for trail in range(0x40, 0xFF))
    return frozenset(_HAN.findall(cells.decode(codec, "ignore")))


@lru_cache(maxsize=1)
def common_han() -> frozenset[str]:
    """The Han characters of everyday use in either script."""
    return everyday("gb2312") | everyday("big5")
