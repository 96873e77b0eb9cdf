"""Fonts of PDFs: what is read where their maps to characters are missing, brought along, or wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from make_pdf import assembled, make_pdf  # noqa: E402

from pbtool.errors import InputError  # noqa: E402
from pbtool.reading import pdfminer, read_bytes  # noqa: E402
from pbtool.reading.layout import lines_of  # noqa: E402
from pbtool.reading.pdf import PageText, _better  # noqa: E402
from pbtool.reading.pieces import Char  # noqa: E402

PROSE = "云湖县石桥镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收"


def test_a_font_without_a_map_is_an_error_that_names_it():
    with pytest.raises(InputError, match="Sample.*fonts embedded"):
        read_bytes(make_pdf([[(60, 700, 12, "\ue001\ue002\ue003\ue004")]]), "made.pdf", ocr="never")


def numbered(text: str, encoding: bytes, ordering: bytes = b"GB1", more: bytes = b"null") -> bytes:
    """A PDF whose codes are the numbers that the characters have in Adobe-GB1."""
    from pdfminer.cmapdb import CMapDB

    known = CMapDB.get_unicode_map("Adobe-GB1", vertical=False).cid2unichr
    numbers = {char: number for number, char in known.items()}
    data = make_pdf([[(60, 700, 12, text)]], packed=False)
    data = data.replace(
        text.encode("utf-16-be").hex().encode(), b"".join(b"%04x" % numbers[char] for char in text)
    )
    data = data.replace(b"/Encoding/UniGB-UCS2-H", b"/Encoding" + encoding).replace(
        b"(GB1)", b"(%s)" % ordering
    )
    bodies = re.findall(rb"\d 0 obj(.*?)\nendobj\n", data, re.S)
    return assembled([*bodies, more])


def test_a_map_that_the_file_brings_along_is_used():
    ranges = (
        b"1 begincodespacerange <0000> <ffff> endcodespacerange 1 begincidrange <0000> <7fff> 0 endcidrange"
    )
    stream = b"<</Length %d/Type/CMap/CMapName/Own>>stream\n%s\nendstream" % (
        len(ranges),
        ranges,
    )
    assert (
        read_bytes(numbered(PROSE[:40], b" 8 0 R", more=stream), "a.pdf", ocr="never").text
        == PROSE[:40] + "\n"
    )


def test_codes_without_any_map_are_read_as_a_collection_only_where_that_makes_sense():
    document = read_bytes(numbered(PROSE[:40], b"/Identity-H", b"Identity"), "a.pdf", ocr="never")
    assert document.text == PROSE[:40] + "\n"
    assert document.fonts[0].broken and "no map" in document.notes[-1]
    with pytest.raises(InputError, match="without a map"):
        read_bytes(numbered("".join(sorted(PROSE[:40])), b"/Identity-H", b"Identity"), "a.pdf", ocr="never")


def test_two_readings_that_differ_are_evidence_against_their_font():
    def page(text: str, fonts: str) -> PageText:
        chars = [
            Char(c, 10.0 * n, 0.0, 10.0 * n + 10, 10.0, 10.0, int(f))
            for n, (c, f) in enumerate(zip(text, fonts, strict=True))
        ]
        return PageText(
            1, 595, 842, lines=lines_of(chars, 595), fonts=["甲", "乙"], broken={1}, guessed={1}, chars=chars
        )

    first, second = page("支部书记哾㦓", "000011"), page("支部书记黎荣", "111100")
    better = _better(first, second)
    assert [line.text for line in better.lines] == ["支部书记黎荣"]
    assert (first.broken, first.guessed, second.broken) == ({1}, set(), {0, 1})


def test_what_is_cropped_away_counts_for_neither_reader():
    data = make_pdf([[(60, 700, 12, PROSE[:20])]], packed=False, width=300).replace(
        b"/MediaBox", b"/CropBox[40 600 290 842]/MediaBox"
    )
    first = read_bytes(data, "a.pdf").lines[0].box
    second = pdfminer.page_text(data, 1, None)
    assert first and second and (first.x0, round(first.y1)) == (20, 143)
    assert abs(second.lines[0].box.x0 - first.x0) < 0.1 and abs(second.lines[0].box.y1 - first.y1) < 0.1


def test_a_doubtful_font_among_sound_ones_is_marked():
    data = make_pdf(
        [[(60, 700, 12, "正文读得出来，没有问题。")], [(60, 700, 12, "\ue001\ue002")]], packed=False
    )
    document = read_bytes(data, "made.pdf", ocr="never")
    assert [run.broken for run in document.fonts] == [False, True]
