"""PDF text layers: pypdfium2 reads, pdfminer.six is asked where that reading looks wrong.

The one idea: a character counts only if its font says what it is. Characters that no Chinese page holds (private use,
control codes, scripts from elsewhere) are evidence against a font; the page is then read by the other engine as well, and the
reading with fewer such characters is kept. Runs of fonts that stay doubtful are marked, never made up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from pbtool.document import Box, Document, FontRun, Line, Page, Source
from pbtool.edits import Span
from pbtool.errors import InputError
from pbtool.reading.layout import lines_of
from pbtool.reading.pieces import Char, TextLine

if TYPE_CHECKING:
    from pbtool.reading.pdfium import Opened

Tick = Callable[[int, int], None]
#: More text than this is no document but an attack.
_MOST_CHARS = 20_000_000
_MOST_ON_PAGE = 400_000
_MOST_PAGES = 20_000
_HAN = re.compile("[\u4e00-\u9fff]")
#: Log-probability a character below which a text layer makes no sense.
_SENSELESS = -7.2
_MOST_NOTES = 8
#: Below this confidence a recognised character is doubtful (`scripts/evaluate_ocr.py` counts how many of those are wrong).
DOUBT = 0.8
_ODD = re.compile(
    "[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\u02b0-\u036f\u0530-\u1dff\u2c00-\u2dff\ua000-\uabff\uac00-\uf8ff\ufb13-\ufdff\ufffe\uffff"
    "\U000f0000-\U0010ffff]|[\u3400-\u4dbf]|\ufffd"
)


class MoreRoom(Exception):
    """Pages must be recognised, which takes more memory and time than reading text is allowed."""


@dataclass(slots=True)
class PageText:
    """A page on the way: its lines, its fonts' names, and which of them are doubtful."""

    number: int
    width: float
    height: float
    label: str | None = None
    lines: list[TextLine] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    pictures: float = 0.0
    turn: int = 0
    #: Fonts whose characters are only guessed from their codes, and how many characters are not known in the end.
    guessed: set[int] = field(default_factory=set)
    unread: int = 0
    chars: list[Char] = field(default_factory=list)
    #: Whether the page can be recognised from its picture, whether its text makes no sense, and pictures that hold print.
    shown: bool = False
    senseless: bool = False
    parts: list[Box] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Characters of all lines."""
        return sum(len(line.text) for line in self.lines)

    @property
    def unknown(self) -> int:
        """Characters that are odd, or guessed."""
        return self.odd + (sum(char.font in self.guessed for char in self.chars) if self.guessed else 0)

    @property
    def odd(self) -> int:
        """Characters that no page prints: private use, rare planes, signs of a lost mapping."""
        return sum(len(_ODD.findall(line.text)) for line in self.lines)


def read_pdf(data: bytes, name: str, options: dict[str, Any], tick: Tick) -> Document:
    """The document in a PDF. Raises InputError for what is encrypted, broken beyond recovery, or holds no text."""
    from pbtool.reading import pdfium

    notes: list[str] = []
    start = max(0, data.find(b"%PDF-"))
    if start:
        data = data[start:]
        notes.append(f"{start} bytes before the PDF's beginning were skipped")
    password = options.get("password")
    found, total = pdfium.opened(data, name, password, notes, options.get("ocr") != "always")
    data = found.data
    pages = list(_pages(found, name, options, _wanted(options.get("pages"), total, name), tick, notes))
    pages, more = _recognised(data, name, options, tick, pages)
    notes += more
    if not any(page.lines for page in pages):
        raise InputError(name, "holds no characters at all (no text layer, no pictures); nothing to read")
    _refuse_unreadable(pages, name, notes)
    return assemble(pages, name, notes)


def assemble(pages: Sequence[PageText], name: str, notes: Sequence[str] = ()) -> Document:
    """One document from pages: a line ends in "\\n", each page but the first begins with a form feed."""
    pieces: list[str] = []
    made: list[Page] = []
    lines: list[Line] = []
    runs: list[FontRun] = []
    place = 0
    for index, page in enumerate(pages):
        if index:
            pieces.append("\f")
            place += 1
        start = place
        for line in page.lines:
            end, sure = place + len(line.text), round(line.confidence, 4)
            lines.append(
                Line(place, end, page.number, line.box, sure, _doubts(line, place), _choices(line, place))
            )
            _add_runs(runs, page, line, place)
            pieces += (line.text, "\n")
            place += len(line.text) + 1
        made.append(Page(page.number, start, place, page.label, round(page.width, 2), round(page.height, 2)))
    text = "".join(pieces)
    source = Source(name, pages=len(pages))
    return Document.from_text(
        text, source, pages=tuple(made), lines=tuple(lines), fonts=tuple(runs), notes=tuple(notes)
    )


def _doubts(line: TextLine, place: int) -> tuple[Span, ...]:
    """The stretches of characters that were recognised with doubt."""
    if line.confidence >= DOUBT:
        return ()
    spans: list[Span] = []
    for char in line.chars:
        end = place + (1 if char is None else len(char.text))
        if char is not None and char.confidence < DOUBT:
            if spans and spans[-1][1] == place:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((place, end))
        place = end
    return tuple(spans)


def _choices(line: TextLine, place: int) -> tuple[tuple[int, str], ...]:
    """What else the recogniser thought of, by place."""
    if line.confidence >= DOUBT:
        return ()
    places = accumulate((1 if char is None else len(char.text) for char in line.chars), initial=place)
    pairs = zip(line.chars, places, strict=False)
    return tuple((at, char.others) for char, at in pairs if char is not None and char.others)


def _add_runs(runs: list[FontRun], page: PageText, line: TextLine, place: int) -> None:
    if not page.fonts:
        return
    at = place
    current: tuple[int, float] | None = None
    start = place
    for char in line.chars:
        key = current if char is None else (char.font, round(char.size, 1)) if char.font >= 0 else None
        if key != current and current is not None:
            _add_run(runs, start, at, page, current)
            start = at
        current = key
        at += 1 if char is None else len(char.text)
    if current is not None:
        _add_run(runs, start, at, page, current)


def _add_run(runs: list[FontRun], start: int, end: int, page: PageText, key: tuple[int, float]) -> None:
    run = FontRun(start, end, page.fonts[key[0]], key[1], key[0] in page.broken)
    last = runs[-1] if runs else None
    if (
        last
        and last.end + 1 >= start
        and (last.font, last.size, last.broken) == (run.font, run.size, run.broken)
    ):
        runs[-1] = FontRun(last.start, end, run.font, run.size, run.broken)
    else:
        runs.append(run)


def _pages(
    found: Opened, name: str, options: dict[str, Any], wanted: Sequence[int], tick: Tick, notes: list[str]
) -> Iterator[PageText]:
    from pbtool.reading import pdfium, pdfminer

    chars = 0
    for done, number in enumerate(wanted, 1):
        page = pdfium.page_text(found, number, name, notes)
        # A page that cannot even be loaded (counts lie) is no matter for a second opinion.
        if page.width and (
            page.count == 0 or (not page.turn and (page.odd > 0.02 * page.count or page.broken))
        ):
            page = _better(page, pdfminer.page_text(found.data, number, options.get("password")))
        page.unread, page.senseless = page.unknown, _is_senseless(page)
        if not page.parts:
            page.chars = []
        chars += page.count
        if chars > _MOST_CHARS:
            raise InputError(
                name,
                f"holds more than {_MOST_CHARS:,} characters by page {number}; give --pages to read a part",
            )
        tick(done, len(wanted))
        yield page


def _is_senseless(page: PageText) -> bool:
    """Whether a text layer is damaged beyond repair: what the middle of the page says is hardly Chinese at all.

    Measured on held-out prose (log-probability a character): clean text lies above -5.7, with shifted signs above -6.3,
    with one character in five wrong above -7.1; characters in random order at -7.7, random characters at -9.7.
    """
    text = "".join([line.text for line in page.lines])
    middle = text[max(0, len(text) // 2 - 120) : len(text) // 2 + 120]
    if 10 * len(_HAN.findall(middle)) < 6 * len(middle) or len(middle) < 60:
        return False
    from pbtool.language import model

    def sense(text: str) -> float:
        return model().score(text) / len(text)

    if sense(middle) > _SENSELESS:
        return False
    from pbtool.conversion import convert_text

    return sense(convert_text(middle, "hans")) < _SENSELESS


def _wanted(pages: Sequence[int] | None, total: int, name: str) -> list[int]:
    if not pages:
        if total > _MOST_PAGES:
            raise InputError(name, f"says it has {total:,} pages; give --pages to read some of them")
        return list(range(1, total + 1))
    beyond = [page for page in pages if page > total]
    if beyond:
        raise InputError(name, f"has {total} pages; there is no page {beyond[0]}")
    return sorted(set(pages))


def _better(page: PageText, other: PageText | None) -> PageText:
    """The page with what the second reading knows better: single characters where it can, else all of it."""
    if other is None or not other.lines:
        return page
    other.label, other.pictures, other.shown = page.label, page.pictures, page.shown
    if not page.lines:
        return other
    page.broken |= _contradicted(page, other)
    other.broken |= _contradicted(other, page)
    known = {_cell(char): char.text for char in other.chars if not _ODD.match(char.text)}
    named: Counter[int] = Counter()
    for char in page.chars:
        if char.font in page.guessed or _ODD.match(char.text):
            better = known.get(_cell(char), char.text)
            named[char.font] += better != char.text
            char.text = better
    page.guessed = {font for font in page.guessed if not named[font]}
    page.lines = lines_of(page.chars, page.width)
    return other if other.count - 2 * other.odd > page.count - 2 * page.odd else page


def _contradicted(page: PageText, other: PageText) -> set[int]:
    """The fonts of a page of which the other reading of the same places says something else."""
    there = {_cell(char): char.text for char in other.chars}
    seen: Counter[int] = Counter()
    different: Counter[int] = Counter()
    for char in page.chars:
        text = there.get(_cell(char))
        if text and _HAN.match(char.text):
            seen[char.font] += 1
            different[char.font] += text != char.text
    return {font for font in seen if different[font] > 0.2 * seen[font]}


def _cell(char: Char) -> tuple[int, int]:
    """Where a character stands, so that two engines that measure a little differently agree."""
    return round(char.x0 / 2), round((char.y1 - 0.12 * char.size) / 4)


def doubtful(chars: Sequence[Char], fonts: Sequence[str]) -> set[int]:
    """The fonts that mostly give characters no Chinese page holds."""
    if not _ODD.search("".join([char.text for char in chars])):
        return set()
    seen: Counter[int] = Counter()
    odd: Counter[int] = Counter()
    for char in chars:
        seen[char.font] += 1
        odd[char.font] += bool(_ODD.match(char.text))
    return {font for font in range(len(fonts)) if odd[font] > 0.2 * seen[font]}


def _refuse_unreadable(pages: Sequence[PageText], name: str, notes: list[str]) -> None:
    """Raise InputError where no page can be read; note which fonts of which pages are not to be trusted."""
    read = [page for page in pages if page.lines]
    bad = [page for page in read if page.unread * 2 > page.count]
    fonts: dict[str, list[int]] = {}
    for page in bad or read:
        for name_of_font in sorted(page.fonts[font] for font in page.broken):
            fonts.setdefault(name_of_font, []).append(page.number)
    if bad and len(bad) == len(read):
        way = (
            "recognise its pictures instead: --ocr always (pip install 'pbtool[ocr]')"
            if any(page.shown for page in bad)
            else "their shapes are not in the file either; get a PDF with its fonts embedded, or a scan"
        )
        named = ", ".join(list(fonts)[:3]) or "unnamed"
        raise InputError(
            name, f"has text in fonts without a map to characters ({named}), so it cannot be read; {way}"
        )
    for font, numbers in list(fonts.items())[:_MOST_NOTES]:
        notes.append(
            f"font {font} (page{_listed(numbers)}) has no map to characters, or a wrong one: do not trust it"
        )
    senseless = [page.number for page in read if page.senseless]
    if senseless:
        notes.append(f"the text layer of page{_listed(senseless)} makes no sense; try --ocr always")


def _listed(numbers: Sequence[int]) -> str:
    """Page numbers for a note: ` 3` or `s 3, 5, 8`, the first twelve of them."""
    numbers = sorted(set(numbers))
    more = " …" if len(numbers) > 12 else ""
    return ("s " if len(numbers) > 1 else " ") + ", ".join(map(str, numbers[:12])) + more


def _recognised(
    data: bytes, name: str, options: dict[str, Any], tick: Tick, pages: list[PageText]
) -> tuple[list[PageText], list[str]]:
    """The pages, with those that need it recognised from their picture (see the option `ocr`)."""
    mode = options.get("ocr", "auto")
    needy = [page for page in pages if mode == "always" or (mode == "auto" and _needs_ocr(page))]
    if mode == "never" or not needy:
        return pages, []
    from pbtool.reading import scans

    if not scans.available():
        missing = f"{len(needy)} of {len(pages)} pages are pictures or unreadable; to recognise them: {scans.INSTALL}"
        if mode == "always" or not any(page.lines for page in pages):
            raise InputError(name, missing)
        return pages, [missing]
    if mode == "auto" and not options.get("roomy"):
        raise MoreRoom
    password = options.get("password")
    whole = {page.number: page.turn for page in needy if mode == "always" or not _is_sound(page)}
    read: dict[int, PageText] = {}
    for page in scans.pdf_pages(data, whole, password):
        read[page.number] = page
        tick(len(read), len(needy))
    for page in needy:
        if page.number not in whole:
            more = scans.part_of_page(data, page.number, page.parts, password)
            page.lines = lines_of(page.chars, page.width, more)
            read[page.number] = page
            tick(len(read), len(needy))
    for page in needy:
        read[page.number].label = page.label
    said = f"{len(whole)} of {len(pages)} pages were recognised from their picture" if whole else ""
    parts = len(needy) - len(whole)
    if parts:
        said += f"{', ' if said else ''}pictures with print on {parts} of {len(pages)} pages were recognised"
    return [read.get(page.number, page) for page in pages], [said]


def _needs_ocr(page: PageText) -> bool:
    if not page.lines:
        return page.pictures > 0.0 or (page.shown and bool(page.fonts))
    if page.unread * 2 > page.count or page.senseless:
        return page.shown
    return bool(page.parts) or not _is_sound(page)


def _is_sound(page: PageText) -> bool:
    """Whether the page has a text layer worth keeping."""
    if not page.lines or page.unread * 2 > page.count or page.senseless:
        return False
    return page.pictures <= 0.5 or page.count >= 20
