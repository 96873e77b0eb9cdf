"""Make the broken samples out of the clean one: samples/issue_broken.txt and samples/issue.pdf.

    python scripts/make_samples.py            # write them
    python scripts/make_samples.py --check    # exit 1 if the files in samples/ are not what this script makes

The damage is of the kinds that real issues have: signs of the title font stored with a shifted lead byte, hard-wrapped
lines with a blank line after each, spaces between Han and digits, letter-spaced authors, a page number on a line of its own.
"""

from __future__ import annotations

import argparse
import random
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLEAN = ROOT / "samples" / "issue.txt"
BROKEN = ROOT / "samples" / "issue_broken.txt"
PDF = ROOT / "samples" / "issue.pdf"
MEASURE = 20
SHIFT = 0x31
LEADING = 16.8  # points
_WHOLE = "，。、；：？！“”‘’（）《》■"


def shifted(text: str) -> str:
    """The text with every sign that is not Han stored with its lead byte too high."""
    return "".join(_shifted(char) if char in _WHOLE else char for char in text)


def _shifted(char: str) -> str:
    lead, trail = char.encode("gbk")
    return bytes([lead + SHIFT, trail]).decode("gbk")


def wrapped(text: str, measure: int = MEASURE, narrow: float = 0.5) -> Iterator[str]:
    """Lines of about `measure` cells (`narrow` for a digit), the first two cells shorter; no line begins with a closing mark or inside a number."""
    line, room = "", measure - 2.0
    for char in text:
        cell = 1.0 if unicodedata.east_asian_width(char) in "WFA" else narrow
        number = line[-1:].isascii() and line[-1:].isalnum() and (char.isascii() and not char.isspace())
        if room < cell and char not in "，。、；：？！”’）》" and not number:
            yield line
            line, room = "", float(measure)
        line += char
        room -= cell
    if line:
        yield line


def is_body(line: str) -> bool:
    """Whether a line of the clean issue is a paragraph (set in the body font) rather than a title, byline or furniture."""
    return len(line) > 40


def broken_issue() -> str:
    """The clean issue as a text layer with shifted signs, hard wraps and stray spaces would hold it."""
    chance = random.Random(20230402)
    lines: list[str] = []
    page = 0
    masthead = True  # the lines before the first blank one, set in a font that is whole
    for line in CLEAN.read_text(encoding="utf-8").splitlines():
        masthead = masthead and bool(line)
        if not line:
            continue
        if line.isdecimal():
            page += 1
        damaged_font = page % 3 != 1
        for piece in wrapped(line) if is_body(line) else [line]:
            piece = _spaced(piece, chance)
            damaged = (damaged_font or not is_body(line)) and not masthead
            lines += [shifted(piece) if damaged else piece, ""]
    return "\n".join(lines) + "\n"


def _spaced(text: str, chance: random.Random) -> str:
    """The text with a space here and there before a number."""
    pieces = []
    for index, char in enumerate(text):
        if index and char.isdecimal() and "一" <= text[index - 1] <= "鿿" and chance.random() < 0.4:
            pieces.append(" ")
        pieces.append(char)
    return "".join(pieces)


def two_column_pdf() -> bytes:
    """The clean issue on A4 pages, heads across the page and text in two columns below; no font is embedded."""
    from make_pdf import make_pdf

    pages: list[list[str]] = [[]]
    for line in CLEAN.read_text(encoding="utf-8").splitlines():
        if line:
            pages[-1].append(line)
        if line.isdecimal():
            pages.append([])
    return make_pdf([_page(lines) for lines in pages if lines])


def _page(lines: list[str]) -> list[tuple[float, float, float, str]]:
    """One page: (x, y, size, text) of every line; the last line is the page number."""
    *text, number = lines
    head = next(i for i, line in enumerate(text) if is_body(line))
    y = 780.0
    drawn = []
    for line in text[:head]:
        size = 16.0 if line == text[head - 2] else 10.5
        drawn.append((60.0, y, size, line))
        y -= 2 * LEADING
    column = [
        (21.0 if is_body(line) and i == 0 else 0.0, piece)
        for line in text[head:]
        for i, piece in enumerate(wrapped(line, 18, 1.0) if is_body(line) else [line])
    ]
    half = (len(column) + 1) // 2
    for index, (indent, piece) in enumerate(column):
        side, row = divmod(index, half)
        drawn.append((60.0 + 255.0 * side + indent, y - LEADING * row, 10.5, piece))
    return [*drawn, (290.0, 40.0, 9.0, number)]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare instead of write")
    check = parser.parse_args().check
    made = {BROKEN: broken_issue().encode(), PDF: two_column_pdf()}
    stale = [path for path, data in made.items() if not path.exists() or path.read_bytes() != data]
    for path in stale:
        if not check:
            path.write_bytes(made[path])
        print(f"{path.relative_to(ROOT)}: {'is stale' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    sys.exit(main())
