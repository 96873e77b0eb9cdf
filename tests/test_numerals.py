"""Numbers: what they are worth, exactly, and that nothing makes the scanner slow."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.extraction.numerals import Numeral, chinese, fold, numeral, plain

DIGITS = "零一二三四五六七八九"


def numerals(text: str) -> Iterator[Numeral]:
    """The numbers of a folded text, left to right, none overlapping."""
    place = 0
    while place < len(text):
        if found := numeral(text, place):
            yield found
        place = found.end if found else place + 1


def spoken(value: int) -> str:
    """`value` (below 10^12) as a careful writer spells it in Chinese."""
    if value == 0:
        return "零"
    parts = []
    for unit in ("", "万", "亿"):
        value, section = divmod(value, 10**4)
        parts.append((section, unit))
    text = ""
    for section, unit in reversed(parts):
        if not section:
            continue
        if text and (section < 1000 or text[-1] not in "万亿"):
            text += "零" if section < 1000 else ""
        text += below_ten_thousand(section) + unit
    return text


def below_ten_thousand(section: int) -> str:
    text, gap = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = section // power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + word
            gap = False
        else:
            gap = True
    return text


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_a_spelled_number_is_read_back(value: int) -> None:
    assert chinese(spoken(value)) == value


@given(
    st.decimals(min_value=0, max_value=10**6, places=3),
    st.sampled_from([("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]),
)
def test_scales_are_exact(value: Decimal, scale: tuple[str, int]) -> None:
    found = numeral(f"{value}{scale[0]}", 0)
    assert found is not None
    assert found.value == plain(value * scale[1])


@given(st.text(alphabet="0123456789一二三十百千万亿零两几数余多.,/ -—至分之点半%", max_size=60))
def test_any_mixture_is_read_without_overlap(text: str) -> None:
    place = 0
    for found in numerals(fold(text)):
        assert place <= found.start < found.end <= len(text)
        place = found.end


@given(st.text(max_size=80))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["三百万千五", "千百", "十百", "一亿亿", "百五百"])
def test_a_badly_formed_number_is_none(text: str) -> None:
    assert chinese(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("队伍", []), ("大陆", []), ("收拾", []), ("壹佰贰拾万元", [1200000]), ("叁仟元", [3000])],
)
def test_cheque_digits_count_only_together(text: str, value: list[int]) -> None:
    assert [found.value for found in numerals(fold(text))] == value


@pytest.mark.parametrize("text", ["1", "一", "百万", "1,234", "1.", "几", "1/", "分之", "1 ", "十几"])
def test_a_million_signs_take_linear_time(text: str) -> None:
    def seconds(length: int) -> float:
        long = fold(text * (length // len(text)))
        begin = time.process_time()
        for _ in numerals(long):
            pass
        return time.process_time() - begin

    assert seconds(400_000) < 40 * max(seconds(40_000), 0.01)
