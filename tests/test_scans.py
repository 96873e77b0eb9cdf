"""Recognised lines become text in reading order; without the extra one line says what to install."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from make_layouts import set_in  # noqa: E402
from make_pdf import make_pdf  # noqa: E402
from make_scan import font_path, make_scan, save  # noqa: E402

from pbtool.errors import InputError  # noqa: E402
from pbtool.reading import read, read_bytes, scans  # noqa: E402
from pbtool.reading.layout import lines_of_pieces  # noqa: E402
from pbtool.reading.recogniser import _Listener  # noqa: E402

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

    monkeypatch.setattr(scans, "lines_in", lambda p: [box(0, 0, LINES[0])] if p.turn == 270 else lying)
    found, turn = scans._read_any_way(Picture())
    assert turn == 90 and found[0].text == LINES[0]


def test_lines_that_stand_and_read_well_need_no_second_look(monkeypatch):
    """Vertical text: columns from right to left, the places of characters from top to bottom."""

    def column(x: float, text: str) -> scans.Found:
        letters = [(60.0 + 40 * n, 100.0 + 40 * n, 0.9) for n in range(len(text))]
        return scans.Found(
            [(x, 50), (x + 48, 50), (x + 48, 60 + 40 * len(text)), (x, 60 + 40 * len(text))],
            text,
            0.97,
            letters,
        )

    class Picture:
        width, height, size = 1000, 1400, (1000, 1400)

    monkeypatch.setattr(
        scans, "lines_in", lambda _: [column(100 + 80 * n, text) for n, text in enumerate(LINES[:5])]
    )
    page = scans.recognised(Picture(), 1, 72)
    assert [line.text for line in page.lines] == LINES[4::-1]
    first = page.lines[0].box
    assert (page.width, page.height) == (1000, 1400)
    assert 420 < first.x0 < first.x1 < 470 and (first.y0, first.y1) == (60, 60 + 40 * 12)


def test_a_line_that_stands_among_others_is_a_headline_of_its_own():
    rows = [box(300, 200 + 60 * n, text) for n, text in enumerate(LINES * 3)]
    head = scans.Found([(100, 200), (160, 200), (160, 640), (100, 640)], "支部建在产业链上", 0.95)
    lines = lines_of_pieces(scans.pieces_of([*rows, head], 72 / 200), 595)
    assert [line.text for line in lines] == ["支部建在产业链上", *LINES * 3]
    assert lines[0].box.y1 - lines[0].box.y0 > 5 * (lines[0].box.x1 - lines[0].box.x0)


def test_second_choices_are_heard_between_recogniser_and_decoder():
    numpy = pytest.importorskip("numpy")

    class Decoder:
        character = ("blank", "支", "部", "沉", "浸", "漫", " ")

        def __call__(self, chances, *_, **__):
            return [("支 漫", 0.7)], ["words"]

    steps = [{1: 0.99}, {1: 0.9}, {0: 0.9}, {6: 0.95}, {5: 0.5, 4: 0.4, 3: 0.08, 2: 0.001}, {0: 0.6, 5: 0.4}]
    chances = numpy.zeros((1, len(steps), 7))
    for at, step in enumerate(steps):
        for mark, chance in step.items():
            chances[0, at, mark] = chance
    listener = _Listener(Decoder())
    assert listener(chances, True) == ([("支 漫", 0.7)], ["words"])
    assert listener.others == {("支 漫", 0.7): {1: "浸沉"}}
    line = scans.Found(
        [(0, 0), (90, 0), (90, 30), (0, 30)], "支 漫", 0.7, [(2, 28, 0.99), (62, 88, 0.5)], {1: "浸沉"}
    )
    (first, second) = scans.pieces_of([line], 1.0, 0.0)[0].chars
    assert (first.others, second.others) == ("", "浸沉")


needs_ocr = pytest.mark.skipif(
    not (scans.available() and font_path()) and not os.environ.get("PBTOOL_TEST_ALL"),
    reason="the extra ocr and the test font are not installed",
)
WIDTH, HEIGHT = 440, 300
BYLINE = "刘　畅　欧阳文静"
FIRST = (
    "本刊讯4月12日清晨，青屏县云溪镇竹林湾村的茶山上，二十多条板凳围成一圈，一场特别的会议开始了。镇党委书记周明远边听边记。",
    "云溪镇辖12个行政村，有党员863名。去年以来，镇党委把支委会开到田间地头，累计召开会议156场，收集意见建议1200余条。",
)
SECOND = (
    "“过去开会是干部讲、群众听，现在是群众讲、干部记。”竹林湾村党支部书记何秀兰说，村里去年新修机耕路4.2公里，就是在板凳上商量出来的。",
    "路修通了，茶叶卖得快了。2022年，竹林湾村茶叶产值突破1800万元，比上年增长23%，村集体经济收入达到67万元。",
)


def page_of(paragraphs, top=250.0):
    lines = [(n == 0, line) for text in paragraphs for n, line in enumerate(set_in(text, 32))]
    return [(30.0 + 24 * first, top - 20 * row, 12.0, line) for row, (first, line) in enumerate(lines)]


@pytest.fixture(scope="module")
def pages():
    head = [(30.0, 260.0, 20.0, "板凳会开到茶山上"), (30.0, 230.0, 12.0, BYLINE)]
    return make_scan(
        [[*head, *page_of(FIRST, 200.0)], page_of(SECOND)], width=WIDTH, height=HEIGHT, skew=0.7, noise=10
    )


def same(text: str) -> str:
    """The text with widths and forms of marks set equal, as `fix` would."""
    return unicodedata.normalize("NFKC", "".join(text.split())).translate(str.maketrans("“”", '""'))


@needs_ocr
def test_a_scan_becomes_articles_and_facts_with_page_and_box(pages, tmp_path):
    save(pages, tmp_path / "scan.pdf")
    command = [sys.executable, "-m", "pbtool", "run", "--format", "json", str(tmp_path / "scan.pdf")]
    done = subprocess.run(command, capture_output=True, timeout=500, check=True)
    (article,) = json.loads(done.stdout)["articles"]
    assert (article["title"], article["byline"], article["pages"]) == (
        "板凳会开到茶山上", ["刘畅", "欧阳文静"], [1, 2],
    )  # fmt: skip
    facts = {f["text"]: f for kind in ("places", "officials", "metrics", "dates") for f in article[kind]}
    assert {"云溪镇", "竹林湾村", "周明远", "何秀兰", "863名", "67万元"} <= set(facts)
    assert facts["周明远"]["title"].endswith("党委书记")
    assert all(fact["page"] in (1, 2) and fact["boxes"] for fact in facts.values())
    assert facts["863名"]["page"] == 1 and facts["67万元"]["page"] == 2
    # Where `make_scan` drew it: the second paragraph's first line, twelve points high, "863名" from its 14th cell on.
    row = next(
        row for row, piece in enumerate(page_of(FIRST, 200.0)) if "863" in piece[3] or "党员8" in piece[3]
    )
    page, x0, y0, x1, y1 = facts["863名"]["boxes"][0]
    baseline = HEIGHT - 200.0 + 20 * row
    assert page == 1 and abs((y0 + y1) / 2 - (baseline - 4.5)) < 7 and 8 < y1 - y0 < 16 and x1 - x0 < 60
    assert "recognised" in done.stderr.decode()


@needs_ocr
def test_black_and_white_pages_of_a_tiff_are_read_one_by_one(pages, tmp_path):
    save(pages, tmp_path / "scan.tif", bits=1)
    told = []
    document = read(tmp_path / "scan.tif", pages=[2], progress=lambda done, total: told.append((done, total)))
    assert same(document.text) == same("".join(SECOND))
    assert [page.number for page in document.pages] == [2] and told == [(2, 2)]
    assert all(0.5 < line.confidence <= 1 for line in document.lines)


@needs_ocr
def test_a_picture_that_lies_on_its_side_is_set_upright(pages, tmp_path):
    pages[1].rotate(90, expand=True).save(tmp_path / "scan.jpg", dpi=(200, 200), quality=80)
    document = read(tmp_path / "scan.jpg")
    assert same(document.text) == same("".join(SECOND))
    page, box = document.pages[0], document.lines[0].box
    assert page.height and page.width and box
    assert page.height > page.width and box.y1 - box.y0 > 10 * (box.x1 - box.x0) and box.x0 < 60


@needs_ocr
def test_print_in_a_picture_beside_a_text_layer_is_read_with_it(pages, tmp_path):
    out = io.BytesIO()
    pages[1].save(out, "JPEG", quality=85)
    picture = (out.getvalue(), *pages[1].size, 60.0, 80.0, WIDTH, HEIGHT)
    data = make_pdf([[(60.0, 760.0, 16.0, "板凳会开到茶山上"), *page_of(FIRST, 700.0)]], picture=picture)
    document = read_bytes(data, "half.pdf")
    assert same(document.text) == same("".join(("板凳会开到茶山上", *FIRST, *SECOND)))
    assert "pictures with print on 1 of 1 pages" in document.notes[-1]
    assert "".join(FIRST) in "".join(read_bytes(data, "half.pdf", ocr="never").text.split())
