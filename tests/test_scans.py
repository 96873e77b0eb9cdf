"""Recognised lines become text in reading order; without the extra one line says what to install."""

from __future__ import annotations

import pytest

from pbtool.errors import InputError
from pbtool.reading import read_bytes, scans
from pbtool.reading.layout import lines_of_pieces

PROSE = (
    "云湖县石桥镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收，村级集体经济收入比上年增长两成。"
    "镇党委书记介绍，下一步将推广积分管理，把党员的先锋作用落到每一个网格，让群众看得见、摸得着、信得过。山路修通以后，茶叶、竹笋都能运到县城。"
)
LINES = [PROSE[at : at + 12] for at in range(0, 120, 12)]


def box(x: float, y: float, text: str, slope: float = 0.0) -> scans.Found:
    wide, high = 30 * len(text), 36
    return scans.Found(
        [
            (x, y + slope * x),
            (x + wide, y + slope * (x + wide)),
            (x + wide, y + high + slope * (x + wide)),
            (x, y + high + slope * x),
        ],
        text,
        0.97,
    )


@pytest.mark.parametrize("slope", [0.0, 0.017, -0.017])
def test_two_columns_are_read_one_after_the_other_also_on_a_skewed_page(slope):
    found = [box(100 + 700 * (at // 5), 200 + 48 * (at % 5), text, slope) for at, text in enumerate(LINES)]
    lines = lines_of_pieces(scans.pieces_of(sorted(found, key=lambda f: f.corners[0][1]), 72 / 200), 595)
    assert [line.text for line in lines] == LINES
    assert all(line.confidence == 0.97 for line in lines)


@pytest.fixture
def bare(monkeypatch):
    monkeypatch.setattr(scans, "available", lambda: False)


def test_without_the_extra_a_picture_says_what_to_install(bare):
    with pytest.raises(InputError, match=r"pip install 'pbtool\[ocr\]'"):
        scans.read_picture(b"\x89PNG\r\n\x1a\n", "a.png", {"ocr": "auto"}, lambda *_: None)


def test_recognition_can_be_forbidden():
    with pytest.raises(InputError, match="--ocr never"):
        read_bytes(b"\x89PNG\r\n\x1a\nrest", "a.png", ocr="never")


def test_a_lying_page_is_turned(monkeypatch):
    lying = [scans.Found([(0, 0), (36, 0), (36, 400), (0, 400)], "??", 0.3)] * 4

    class Picture:
        def __init__(self, turn: int = 0) -> None:
            self.turn = turn

        def rotate(self, turn: int, expand: bool) -> Picture:
            return Picture(turn)

    monkeypatch.setattr(scans, "_read", lambda p: [box(0, 0, LINES[0])] if p.turn == 270 else lying)
    found, turn = scans._read_any_way(Picture())
    assert turn == 90 and found[0].text == LINES[0]
