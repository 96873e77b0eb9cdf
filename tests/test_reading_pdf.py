"""PDFs: text, order, geometry, fonts, damage; and what a child process does for the parent when it dies."""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time
import zlib
from hashlib import md5
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

from make_pdf import make_pdf  # noqa: E402

from pbtool.document import Document  # noqa: E402
from pbtool.errors import InputError  # noqa: E402
from pbtool.reading import kind_of, read, read_bytes  # noqa: E402
from pbtool.reading.sandbox import read_foreign  # noqa: E402

PROSE = (
    "云湖县石桥镇党委坚持把支部建在产业链上，今年以来新建联合党支部十二个，带动三千多户农民增收，"
    "村级集体经济收入比上年增长两成。镇党委书记周大川介绍，下一步将推广积分管理，把党员的先锋作用落到每一个网格，"
    "让群众看得见、摸得着、信得过。山路修通以后，茶叶、竹笋、蜂蜜都能当天运到县城，年轻人也陆续回到村里办起了合作社。"
)


def wrapped(text: str, measure: int) -> list[str]:
    return [text[at : at + measure] for at in range(0, len(text), measure)]


def column(
    lines: list[str], x: float, top: float, size: float = 10, lead: float = 16
) -> list[tuple[float, float, float, str]]:
    return [(x, top - lead * row, size, line) for row, line in enumerate(lines)]


def read_pages(pages, **options) -> Document:
    how = {key: options.pop(key) for key in ("password", "ocr") if key in options}
    wanted = options.pop("only", None)
    return read_bytes(make_pdf(pages, **options), "made.pdf", pages=wanted, **how)


@pytest.mark.parametrize("cmap", ["UniGB-UCS2-H", "GBK-EUC-H", "GBK2K-H"])
def test_text_with_geometry_and_fonts(cmap):
    lines = wrapped(PROSE, 20)
    document = read_pages([column(lines, 60, 760)], cmap=cmap)
    assert document.original == "\n".join(lines) + "\n"
    assert [document.original[line.start : line.end] for line in document.lines] == lines
    box = document.lines[1].box
    assert box is not None
    assert (box.x0, box.x1) == (60, 260) and 97 < box.y1 < 100 and box.y1 - box.y0 == 10
    (run,) = document.fonts
    assert (run.start, run.end, run.size, run.broken) == (0, len(document.original) - 1, 10, False)
    assert document.source.pages == 1 and len(document.source.sha256) == 64


def test_traditional_text_in_big5():
    assert (
        read_pages([[(60, 700, 12, "雲湖縣石橋鎮黨委書記")]], cmap="ETen-B5-H").text
        == "雲湖縣石橋鎮黨委書記\n"
    )


def test_single_characters_are_not_lost():
    """The engine drops text objects whose shape it does not know; the lent font gives it one."""
    pieces = [(60 + 12 * at, 700, 12, char) for at, char in enumerate("二〇二三年六月二十日")]
    assert read_pages([pieces]).text == "二〇二三年六月二十日\n"


@pytest.mark.parametrize("columns", [2, 3])
@pytest.mark.parametrize("shift", [0, 7])
def test_columns_drawn_row_by_row_come_out_in_column_order(columns, shift):
    """`shift`: the columns' lines are not level."""
    text = PROSE * columns
    lines = wrapped(text, 48 // columns)
    rows = -(-len(lines) // columns)
    pieces = [
        (50 + column * (480 / columns + 18), 700 - 16 * row - shift * column, 10, lines[column * rows + row])
        for row in range(rows)
        for column in range(columns)
        if column * rows + row < len(lines)
    ]
    title = [(50.0, 760.0, 20.0, "支部建在产业链上带动一方百姓增收致富的石桥镇")]
    document = read_pages([title + pieces])
    assert document.text.split("\n") == [title[0][3], *lines, ""]


def test_a_heading_between_columns_parts_the_articles_above_and_below():
    upper, lower = wrapped(PROSE, 21)[:6], wrapped(PROSE[::-1], 21)[:6]
    pieces = [
        *column(upper[:3], 50, 700), *column(upper[3:], 310, 700),
        (150.0, 620.0, 16.0, "积分管理暖人心"),
        *column(lower[:3], 50, 590), *column(lower[3:], 310, 590),
    ]  # fmt: skip
    random.Random(1).shuffle(pieces)
    assert read_pages([pieces]).text.splitlines() == [*upper, "积分管理暖人心", *lower]


def test_a_table_stays_in_rows():
    cells = [
        ("党支部", "12", "3,000.50"),
        ("党员人数", "1203", "95.10"),
        ("合作社", "8", "17,200.00"),
        ("集体收入", "227", "4.00"),
    ]
    pieces = [
        (60 + 150 * at, 700 - 18 * row, 10, cell)
        for row, line in enumerate(cells)
        for at, cell in enumerate(line)
    ]
    assert read_pages([pieces]).text == "".join(" ".join(line) + "\n" for line in cells)


@pytest.mark.parametrize("order", [1, -1])
def test_vertical_text_is_read_from_right_to_left(order):
    lines = ["石桥镇党委书记走访农户", "了解春耕生产各项情况", "大家都说今年收成有望"]
    pieces = [(500 - 30 * at, 780, 18, line) for at, line in enumerate(lines)]
    document = read_pages([pieces[::order]], cmap="UniGB-UCS2-V")
    assert document.text == "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("rotate", "lean", "spot"),
    [(0, "0 1 -1 0", (300, 100, 16, 0)), (90, "0 1 -1 0", (300, 100, 16, 0)), (0, "0 -1 1 0", (300, 700, -16, 0)),
     (180, "-1 0 0 -1", (500, 100, 0, 16)), (270, "0 -1 1 0", (300, 700, -16, 0))],
)  # fmt: skip
def test_pages_that_lie_on_their_side_are_read(rotate, lean, spot):
    x, y, across, down = spot
    lines = wrapped(PROSE, 20)
    pieces = [(x + across * row, y + down * row, 10, line) for row, line in enumerate(lines)]
    document = read_pages([pieces], rotate=rotate, lean=lean)
    assert document.text.splitlines() == lines
    page, first = document.pages[0], document.lines[0].box
    assert page.width and page.height and first
    assert 0 <= first.x0 < first.x1 <= page.width and 0 <= first.y0 < first.y1 <= page.height
    assert ((page.width, page.height) == (595, 842)) == (rotate % 180 == 0)


def test_bold_by_double_drawing_is_one_character():
    assert read_pages([[(60, 700, 12, "支部联建"), (60.3, 700, 12, "支部联建")]]).text == "支部联建\n"
    assert read_pages([[(60, 700, 12, "清清楚楚")]]).text == "清清楚楚\n"


def test_pages_begin_with_a_form_feed_and_carry_their_labels():
    pages = [[(60, 700, 12, f"第{number}页")] for number in "一二三"]
    document = read_pages(pages, labels="/Nums[0<</S/r>>1<</S/D/St 7>>]")
    assert document.text == "第一页\n\f第二页\n\f第三页\n"
    assert [(p.number, p.label, document.text[p.start : p.end]) for p in document.pages] == [
        (1, "i", "第一页\n"), (2, "7", "第二页\n"), (3, "8", "第三页\n"),
    ]  # fmt: skip
    some = read_pages(pages, only=[3, 1])
    assert some.text == "第一页\n\f第三页\n" and [page.number for page in some.pages] == [1, 3]
    with pytest.raises(InputError, match="has 3 pages; there is no page 4"):
        read_pages(pages, only=[4])


def test_no_text_is_an_error_not_an_empty_result():
    with pytest.raises(InputError, match="no characters"):
        read_pages([[]])


def test_half_an_em_is_a_space_where_the_others_stand_close():
    def row(*places: float) -> str:
        text = "第二节基本情况"
        return read_pages(
            [[(60 + 12 * at, 700, 12, char) for at, char in zip(places, text, strict=True)]]
        ).text

    assert row(0, 1, 2, 3.5, 4.5, 5.5, 6.5) == "第二节 基本情况\n"
    assert row(0, 1.45, 2.9, 4.4, 5.85, 7.3, 8.75) == "第二节基本情况\n"


def test_damage_is_recovered_and_said():
    pages = [column(wrapped(PROSE, 20), 60, 760)] * 4
    whole = make_pdf(pages, packed=False)
    text = read_bytes(whole, "made.pdf").text
    assert read_bytes(b"junk\n" * 300 + whole, "made.pdf").text == text
    cut = read_bytes(whole[: int(len(whole) * 0.8)], "cut.pdf")
    assert cut.text.startswith(text.split("\f")[0]) and any("damaged" in note for note in cut.notes)
    with pytest.raises(InputError, match="no page of it"):
        read_bytes(whole[:60], "cut.pdf")


def test_encrypted_files_say_what_to_do():
    data = make_pdf([[(60, 700, 12, "密")]])
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
    data = data.replace(b"trailer<<", b"trailer<<" + lock)
    with pytest.raises(InputError, match="--password"):
        read_bytes(data, "locked.pdf")
    with pytest.raises(InputError, match="password is not right"):
        read_bytes(data, "locked.pdf", password="guess")


def rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    at = 0
    for i in range(256):
        at = (at + box[i] + key[i % len(key)]) % 256
        box[i], box[at] = box[at], box[i]
    out, i, at = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        at = (at + box[i]) % 256
        box[i], box[at] = box[at], box[i]
        out.append(byte ^ box[(box[i] + box[at]) % 256])
    return bytes(out)


def locked(pieces, password: bytes) -> bytes:
    """A PDF encrypted the oldest way (40 bits, revision 2), whose text needs the password."""
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    padded = (password + padding)[:32]
    owner = rc4(md5(padded).digest()[:5], padded)
    key = md5(padded + owner + (-4 & 0xFFFFFFFF).to_bytes(4, "little") + b"0").digest()[:5]
    data = make_pdf([pieces], packed=False)
    start = data.index(b"stream\n", data.index(b"7 0 obj")) + 7
    end = data.index(b"\nendstream", start)
    text = rc4(md5(key + (7).to_bytes(3, "little") + b"\0\0").digest()[:10], data[start:end])
    words = tuple(word.hex().encode() for word in (owner, rc4(key, padding)))
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<30><30>]" % words
    return (data[:start] + text + data[end:]).replace(b"trailer<<", b"trailer<<" + lock)


def test_a_password_opens_the_file_it_belongs_to():
    data = locked([(60, 700, 12, "密件也读得出来")], b"sesame")
    assert read_bytes(data, "locked.pdf", password="sesame").text == "密件也读得出来\n"
    with pytest.raises(InputError, match="password is not right"):
        read_bytes(data, "locked.pdf", password="open")


def test_a_page_tree_that_bites_its_tail_and_a_lying_count_end():
    data = make_pdf([[(60, 700, 12, "页")]])
    loop = read_bytes(data.replace(b"/Kids[6 0 R]", b"/Kids[2 0 R]"), "loop.pdf")
    assert loop.text == "页\n" and "damaged" in loop.notes[0]
    assert read_bytes(data.replace(b"/Count 1", b"/Count 9"), "lie.pdf").text.startswith("页")


def bomb(size: int) -> bytes:
    """A content stream that is deflated twice and unpacks to `size` bytes of spaces."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(size >> 20)) + packer.flush()
    body = zlib.compress(packed, 9)
    data = make_pdf([[(60, 700, 12, "页")]])
    start, end = data.index(b"7 0 obj"), data.index(b"endobj", data.index(b"7 0 obj"))
    head = b"7 0 obj<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n" % len(body)
    return data[:start] + head + body + b"\nendstream" + data[end:]


def test_a_bomb_is_one_line_and_little_memory():
    data = bomb(640 << 20)
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(InputError, match="may be a bomb") as caught:
        read_bytes(data, "bomb.pdf")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, as the machine may be busy with other tests.
    assert (
        "\n" not in str(caught.value) and used.ru_utime + used.ru_stime - begun.ru_utime - begun.ru_stime < 10
    )


def test_limits_kill_for_real(monkeypatch):
    data = make_pdf([column(wrapped(PROSE, 20), 60, 760)] * 3)
    with pytest.raises(InputError, match="memory"):
        read_foreign("pdf", data, "a.pdf", {"ocr": "never"}, limits=(16 << 20, 8, 60))
    monkeypatch.setattr("pbtool.reading.sandbox._CODE", "import time; time.sleep(60)")
    with pytest.raises(InputError, match="nothing came of it"):
        read_foreign("pdf", data, "a.pdf", {"ocr": "never"}, limits=(1 << 30, 8, 1))


def test_processor_time_is_limited():
    code = (
        "import sys; from pbtool.reading import child, foreign\n"
        "def spin(*_):\n    while True: pass\n"
        "foreign.reader = lambda kind: spin\nchild.main()"
    )
    request = (
        b'{"kind":"pdf","name":"a","options":{},"memory":1000000000,"seconds":1,"parent":%d}\n' % os.getpid()
    )
    result = subprocess.run([sys.executable, "-c", code], input=request, capture_output=True, timeout=30)
    assert result.returncode == -24 and result.stdout == b""


def test_a_child_follows_its_parent():
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'from pbtool.reading.child import main; main()'], stdin=subprocess.PIPE)\n"
        'child.stdin.write(b\'{"kind":"pdf","name":"a","options":{},"memory":1000000000,"seconds":5,"parent":%d}\\n\' % os.getpid())\n'
        "child.stdin.flush()\nprint(child.pid, flush=True)\nimport time; time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split(")")[1].split()[0] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child outlived its parent")


def test_mutated_files_give_text_or_one_line():
    whole = make_pdf([column(wrapped(PROSE, 20), 60, 760)] * 2, packed=False)
    dice = random.Random(4)
    for _ in range(12):
        data = bytearray(whole)
        for _ in range(dice.randrange(1, 40)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.3:
            del data[dice.randrange(len(data)) :]
        try:
            document = read_bytes(bytes(data), "mutant.pdf")
            assert all(0 <= line.start <= line.end <= len(document.original) for line in document.lines)
        except InputError as error:
            assert "\n" not in str(error)


def test_boxes_are_drawn(tmp_path):
    from pbtool.reading.draw import draw_boxes

    path = tmp_path / "a.pdf"
    path.write_bytes(make_pdf([column(wrapped(PROSE, 20), 60, 760)]))
    draw_boxes(read(path), path, 1, tmp_path / "a.png")
    picture = (tmp_path / "a.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and int.from_bytes(picture[16:20], "big") in (892, 893)
    with pytest.raises(InputError, match="no page 9"):
        draw_boxes(read(path), path, 9, tmp_path / "b.png")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"hello" * 100, "a.pdf", "no PDF"),
        (b"", "a.pdf", "empty"),
        (b"PK\x03\x04rest", "a.zip", "ZIP archive"),
        (b"\x1f\x8bxxx", "a.gz", "gzip"),
        (b"\xd0\xcf\x11\xe0rest", "a.doc", "old Word"),
    ],
)
def test_known_kinds_that_are_not_read_say_what_to_do(data, name, said):
    with pytest.raises(InputError, match=said):
        read_bytes(data, name)


def test_what_a_file_is_is_told_by_its_first_bytes():
    assert kind_of("正文提到 %PDF-1.5 也还是正文。".encode(), "a.txt") == "text"
    assert kind_of(make_pdf([[]]), "scan.txt") == "pdf"
    assert kind_of(b"\n <!DOCTYPE html><p>", "a.txt") == "html"
    assert kind_of(b"\x89PNG\r\n\x1a\n", "a.txt") == "picture"
    assert kind_of(b"a < b", "a.txt") == "text"
    assert kind_of('<p class="a">正文。</p>\n<p>正文。</p>'.encode(), "a.txt") == "html"
    assert kind_of("<p>\n正文第一行。\n正文第二行。\n</p>".encode(), "a.txt") == "text"


def test_paths_that_are_no_files(tmp_path):
    with pytest.raises(InputError, match=r"directory.*\*\.txt"):
        read(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path / "nope.txt")
    with pytest.raises(InputError, match=r"\\xd6\\xd0"):
        read(os.fsdecode(os.fsencode(tmp_path) + b"/\xd6\xd0.txt"))
    with pytest.raises(InputError):
        read("a\0b")


def test_a_pipe_is_read_and_an_endless_device_is_not(tmp_path):
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    writer = subprocess.Popen(["sh", "-c", 'printf 党建 > "$0"', fifo])
    assert read(fifo).text == "党建"
    writer.wait()
    with pytest.raises(InputError, match="may never end"):
        read("/dev/zero")


def _damaged(how: str) -> bytes:
    whole = make_pdf([column(wrapped(PROSE, 20), 60, 760)] * 4, packed=False)
    return {
        "whole": whole,
        "junk before": b"junk\n" * 300 + whole,
        "half of it": whole[: len(whole) // 2],
        "no index": whole[: whole.index(b"xref\n")],
        "page tree in a loop": whole.replace(b"/Kids[6 0 R", b"/Kids[2 0 R"),
        "too many pages said": whole.replace(b"/Count 4", b"/Count 9000"),
        "no page": make_pdf([[]]),
        "cut in the head": whole[:60],
        "no PDF": b"%PDF-1.7 but nothing else",
        "fonts without a map": make_pdf([[(60, 700, 12, "\ue001\ue002\ue003\ue004")]]),
    }[how]


#: What is expected of each: pages that are read, or a word of the error.
TABLE = {
    "whole": 4, "junk before": 4, "half of it": 1, "no index": 4, "page tree in a loop": 3, "too many pages said": 4,
    "no page": "no characters", "cut in the head": "no page", "no PDF": "damaged", "fonts without a map": "without a map",
}  # fmt: skip


@pytest.mark.parametrize("how", TABLE)
def test_table_of_damage(how, capsys):
    """Every kind of damage gives text or one line; `pytest -s` prints the table."""
    try:
        document = read_bytes(_damaged(how), "a.pdf", ocr="never")
        read_pages = len([page for page in document.pages if page.end - page.start > 20])
        came, said = read_pages, f"{read_pages} pages {'; '.join(document.notes)}"
    except InputError as error:
        came, said = error.why, error.why
    with capsys.disabled():
        print(f"\n{how:22} {said[:110]}", end="")
    expected = TABLE[how]
    if isinstance(expected, int):
        assert isinstance(came, int) and came >= expected
        assert PROSE[:20] in document.text
    else:
        assert expected in str(came)
