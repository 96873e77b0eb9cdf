"""Which encoding a file is in, and what is said where its bytes fit none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.errors import InputError, UsageError
from pbtool.files import encode_like
from pbtool.reading import read_bytes
from pbtool.reading.encodings import decode, newline_of

HANS = "石桥镇党委书记周大川走访农户，了解春耕生产情况。“好！”大家说。\n"
HANT = "石橋鎮黨委書記周大川走訪農戶，了解春耕生產情況。「好！」大家說。\n"


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        (HANS, "utf-8", "utf-8"),
        (HANS, "utf-8-sig", "utf-8"),
        (HANS, "utf-16", "utf-16-le"),
        ("\ufeff" + HANS, "utf-16-be", "utf-16-be"),
        (HANS, "utf-32", "utf-32-le"),
        (HANS, "gbk", "gb18030"),
        (HANT, "gbk", "gb18030"),
        ("黨組織會議", "gbk", "gb18030"),
        ("鄉村振興", "gbk", "gb18030"),
        (HANT, "big5", "big5"),
        ("鄉村振興", "big5", "big5"),
        (HANS + "㐀𠀀", "gb18030", "gb18030"),
        ("云湖县", "gbk", "gb18030"),
        ("雲湖縣", "big5", "big5"),
        ("", "utf-8", "utf-8"),
        ("ASCII only\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_the_bytes_given_back(text, written, read):
    data = text.encode(written)
    found, source = decode(data, "a.txt")
    assert found == text.removeprefix("\ufeff")
    assert source.encoding == read
    assert encode_like(found, source) == data


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40))
def test_gbk_never_comes_back_in_other_bytes(text):
    data = (HANS * 3 + text).encode("gbk")
    found, source = decode(data, "a.txt")
    assert encode_like(found, source) == data


def test_evidence_counts_over_the_whole_file():
    data = b"plain\n" * 20_000 + HANS.encode("gbk")
    assert decode(data, "a.txt")[1].encoding == "gb18030"


def test_utf8_with_a_few_wrong_bytes_is_refused_with_their_place():
    data = HANS.encode() * 40 + b"\xff\n" + HANS.encode()
    with pytest.raises(InputError, match=r"byte 0xff at offset 3880 \(line 41\).*--encoding"):
        decode(data, "a.txt")


def test_told_encodings_are_strict_and_known():
    assert decode(HANT.encode("big5"), "a.txt", "Big5")[0] == HANT
    with pytest.raises(InputError, match="line 2.*--encoding"):
        decode(b"ok\n\xff\xff\n", "a.txt", "utf-8")
    for name in ("klingon", "rot13", "hex", "undefined", "a\0b"):
        with pytest.raises(UsageError):
            decode(b"ok", "a.txt", name)


def test_a_told_encoding_may_be_an_old_name_for_its_successor():
    text, source = decode("—·".encode("gbk"), "a.txt", "gb2312")
    assert (text, source.encoding) == ("—·", "gb18030")


def test_wide_encodings_take_their_order_from_the_mark_or_little_endian():
    assert decode(HANS.encode("utf-16-be"), "a.txt", "utf-16-be")[0] == HANS
    assert decode(("\ufeff" + HANS).encode("utf-16-be"), "a.txt", "utf-16")[0] == HANS
    assert decode(HANS.encode("utf-16-le"), "a.txt", "utf-16")[1].encoding == "utf-16-le"


def test_binary_is_called_so():
    for data in (bytes(range(256)) * 40, b"\0" * 1000, b"\x01\x02\x03\x04" * 50):
        with pytest.raises(InputError, match="binary"):
            decode(data, "photo.dat")


def test_a_nul_in_good_text_is_named_with_its_line():
    with pytest.raises(InputError, match=r"NUL byte at offset \d+ \(line 61\)"):
        decode(HANS.encode() * 60 + b"a\0b\n", "a.txt")
    with pytest.raises(InputError, match="NUL character in line 2"):
        decode(b"\xff\xfe" + (HANS + "a\0b").encode("utf-16-le"), "a.txt")


@pytest.mark.parametrize("data", [b"\xd6", "café\n".encode("latin-1"), b"\xff\xfe\x00", b"\xef\xbb\xbf\xff"])
def test_bytes_that_fit_nowhere_are_refused(data):
    with pytest.raises(InputError):
        decode(data, "a.txt")


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("", "\n"),
        ("a\nb\n", "\n"),
        ("a\r\nb\r\n", "\r\n"),
        ("a\rb\r", "\r"),
        ("a\r\nb\nc\n", "\n"),
        ("a\r\nb\r\nc\n", "\r\n"),
    ],
)
def test_newlines_are_those_of_most_lines(text, newline):
    assert newline_of(text) == newline


def test_ten_megabytes_take_seconds_not_minutes():
    data = HANS.encode("gbk") * (10_000_000 // len(HANS.encode("gbk")))
    begun = time.process_time()
    assert decode(data, "a.txt")[1].encoding == "gb18030"
    assert time.process_time() - begun < 5


def test_form_feeds_part_a_text_into_pages():
    document = read_bytes("第一页\n\f第二页\n\f第三页\n".encode(), "a.txt", pages=[3, 1])
    assert document.original == "第一页\n\f第三页\n" and document.source.pages == 3
    assert [(p.number, document.original[p.start : p.end]) for p in document.pages] == [
        (1, "第一页\n"), (3, "第三页\n"),
    ]  # fmt: skip
    with pytest.raises(InputError, match="has 3 pages; there is no page 4"):
        read_bytes("第一页\n\f第二页\n\f第三页\n".encode(), "a.txt", pages=[4])
    with pytest.raises(InputError, match="no form feeds"):
        read_bytes("一页\n".encode(), "a.txt", pages=[1])
