"""The first reader of PDFs: pypdfium2, character by character with box, font and size.

The one idea: take each character from the engine exactly as drawn, in page coordinates as a reader sees the page; spaces and
line ends that the engine makes up are left to `layout`.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pbtool.document import Box
from pbtool.errors import InputError
from pbtool.reading.layout import lines_of
from pbtool.reading.pdf import _MOST_ON_PAGE, PageText, doubtful
from pbtool.reading.pieces import Char, turned_back
from pbtool.reading.recovery import rebuilt

#: Below this code are the letters, digits and signs that are narrower than an em.
_NARROW = 0x2000
_MOST_NOTES = 12
#: A page without text but with more things on it than this may have its letters drawn as outlines.
_MANY_STROKES = 200
#: Pictures are looked for among so many things on a page; a picture that covers more of the page than this may hold print.
_MOST_LOOKED_AT, _LARGE = 5_000, 0.2


@dataclass(slots=True)
class Opened:
    """An open PDF, the bytes it came from (recovered ones where recovery was needed)."""

    pdf: Any
    data: bytes


def opened(
    data: bytes, name: str, password: str | None, notes: list[str], lend: bool = True
) -> tuple[Opened, int]:
    """The PDF and its number of pages; a damaged file is rebuilt from what is left of it. Raises InputError.

    `lend`: give the engine the box font (to read text); to draw pages it wants the fonts of the machine.
    """
    if lend:
        from pbtool.reading import boxfont

        boxfont.lend()
    pdf = _open(data, name, password)
    if pdf is None or not _usable(pdf):
        again = rebuilt(data)
        pdf = _open(again, name, password) if again else None
        if pdf is None or not _usable(pdf):
            raise InputError(
                name, "is damaged: no page of it can be found; get a fresh copy, or print it to a new PDF"
            )
        data = again or data
        notes.append(
            f"the file is damaged (cut off, or its index is lost); {len(pdf)} pages were recovered, others may be missing"
        )
    return Opened(pdf, data), len(pdf)


def _open(data: bytes, name: str, password: str | None) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if "assword" not in str(error):
            return None
    if password:
        raise InputError(name, "is encrypted, and the password is not right")
    raise InputError(name, "is encrypted; give --password, or decrypt it first (qpdf --decrypt IN OUT)")


def _usable(pdf: Any) -> bool:
    import pypdfium2

    for index in range(min(len(pdf), 3)):
        try:
            pdf[index].close()
            return True
        except pypdfium2.PdfiumError:
            continue
    return False


def page_text(found: Opened, number: int, name: str, notes: list[str]) -> PageText:
    """One page's characters in lines. A page that cannot be loaded is noted and left empty."""
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        page = found.pdf[number - 1]
    except pypdfium2.PdfiumError:
        if len(notes) < _MOST_NOTES:
            notes.append(f"page {number} is damaged and was left out")
        return PageText(number, 0.0, 0.0)
    width, height = page.get_size()
    out = PageText(number, width, height, _label(found.pdf, number))
    text = page.get_textpage()
    count = raw.FPDFText_CountChars(text.raw)
    if count > _MOST_ON_PAGE:
        raise InputError(
            name, f"page {number} holds {count:,} characters, more than any printed page; it is not read"
        )
    fonts = Fonts()
    chars, lean = _chars(text.raw, count, fonts)
    if not chars:
        _ask_objects(page, fonts)
    out.turn = (lean - page.get_rotation()) % 360 if chars else 0
    out.chars = chars = _placed(chars, page, out.turn)
    out.fonts, out.guessed = fonts.names, fonts.unmapped
    out.broken = doubtful(chars, fonts.names) | fonts.unmapped
    out.lines = lines_of(chars, height if out.turn % 180 else width)
    for line in out.lines if out.turn else ():
        line.box = turned_back(line.box, out.turn, width, height)
    _look_at_pictures(page, out)
    # What is to be recognised must be drawn by the file itself: with fonts of this machine other characters may appear.
    out.shown = out.pictures > 0.5 or not (out.broken or set(range(len(fonts.names)))) - fonts.drawn
    text.close()
    page.close()
    return out


def _ask_objects(page: Any, fonts: Fonts) -> None:
    """The fonts of a page of which the engine gives no character."""
    import pypdfium2.raw as raw

    for thing in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=2), 50):
        fonts.unmapped.add(fonts.number(thing.raw))


def _label(pdf: Any, number: int) -> str | None:
    label = pdf.get_page_label(number - 1)
    return label if label and label.isprintable() else None


def _chars(text: Any, count: int, fonts: Fonts) -> tuple[list[Char], int]:
    """The characters in the PDF's own axes, and by how many degrees most of them lean to the left.

    `fonts` is filled with what is found.
    """
    import pypdfium2.raw as raw

    place = ctypes.cast(text, ctypes.c_void_p).value or 0
    get_unicode = _plainly(raw.FPDFText_GetUnicode, ctypes.c_uint)
    get_object = _plainly(raw.FPDFText_GetTextObject, ctypes.c_void_p)
    is_generated = _plainly(raw.FPDFText_IsGenerated, ctypes.c_int)
    get_box = _plainly(raw.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p)
    box = raw.FS_RECTF()
    reference = ctypes.addressof(box)
    styles = _Styles(place, fonts)
    tight = _Tight(text)
    lying: set[int] = set()
    chars: list[Char] = []
    turns = [0, 0, 0, 0]
    high = last_index = 0
    for index in range(count):
        code = get_unicode(place, index)
        if code <= 32 and is_generated(place, index) == 1:
            continue
        if 0xD800 <= code < 0xE000:
            if code < 0xDC00:
                high = code
                continue
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else code
        high = 0
        if not get_box(place, index, reference):
            continue
        address = get_object(place, index) or 0
        style = styles.get(address) or styles.of(index, address)
        left, right, low, top = box.left, box.right, box.bottom, box.top
        size, base, turn = style.size, style.base, style.turn
        turns[turn] += 1
        # Founder's fonts lie about how high they are: rows are told by the base line, so every box is one em high.
        if turn == 0:
            if low < base + 0.1 * size and top > base + 0.3 * size:
                low, top = base - 0.12 * size, base + 0.88 * size
        elif turn == 1:
            left, right = base - 0.88 * size, base + 0.12 * size
        elif turn == 3:
            left, right = base - 0.12 * size, base + 0.88 * size
        char = Char(_text(code), left, low, right, top, size, style.font)
        if code < _NARROW and style.font in lying:
            char.x0, char.x1 = tight.sides(index, char.text.isdigit(), size)
        elif chars and turn == 0 and code < _NARROW:
            last = chars[-1]
            if (
                last.x0 < char.x0 < last.x1 - 0.1 * size
                and abs(last.y0 - low) < 0.5 * size
                and char.text != last.text < "\u2000"
            ):
                # Founder's Latin letters say that each is one em wide; what is drawn says better where they are.
                lying.add(style.font)
                last.x0, last.x1 = tight.sides(last_index, last.text.isdigit(), size)
                char.x0, char.x1 = tight.sides(index, char.text.isdigit(), size)
        chars.append(char)
        last_index = index
    fonts.unmapped |= _unmapped(styles.values())
    most = max(range(4), key=lambda turn: turns[turn])
    return chars, 90 * most if 10 * turns[most] > 6 * len(chars) else 0


def _plainly(function: Any, answer: Any, *more: Any) -> Any:
    """The engine's function (of a text page and an index) with addresses as plain numbers, which is much faster."""
    kind = ctypes.CFUNCTYPE(answer, ctypes.c_void_p, ctypes.c_int, *more)
    return kind(ctypes.cast(function, ctypes.c_void_p).value or 0)


@dataclass(frozen=True, slots=True)
class _Style:
    """What the characters of one text object share: font, size, by how many quarters they lean left, and their base line."""

    font: int
    size: float
    turn: int
    base: float
    mapped: bool


class _Tight:
    """Where the drawn shape of a character begins and ends."""

    def __init__(self, text: Any) -> None:
        self._text = text
        self._values = [ctypes.c_double() for _ in range(4)]

    def sides(self, index: int, digit: bool, size: float) -> tuple[float, float]:
        import pypdfium2.raw as raw

        raw.FPDFText_GetCharBox(self._text, index, *self._values)
        left, right = self._values[0].value, self._values[1].value
        # Digits are set on equal widths, of which a 1 fills little.
        more = max(0.0, 0.46 * size - (right - left)) / 2 if digit else 0.0
        return left - more, right + more


def _text(code: int) -> str:
    if code in (2, 0xAD, 0xFFFE):
        return "-"
    if code < 32 or code == 0xFFFF or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return " " if code in (9, 10, 13) else "\ufffd"
    return chr(code)


@dataclass(slots=True)
class Fonts:
    """The fonts of a page: their names, which of them lie in the file, and of which the characters are not known."""

    names: list[str] = field(default_factory=list)
    drawn: set[int] = field(default_factory=set)
    unmapped: set[int] = field(default_factory=set)
    _known: dict[int, int] = field(default_factory=dict)

    def number(self, thing: Any) -> int:
        """The number of a text object's font."""
        import pypdfium2.raw as raw

        font = raw.FPDFTextObj_GetFont(thing)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        known = self._known.get(address)
        if known is not None:
            return known
        buffer = ctypes.create_string_buffer(256)
        length = raw.FPDFFont_GetBaseFontName(font, buffer, 256)
        name = buffer.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
        name = "".join(char if char.isprintable() else "\ufffd" for char in name)
        if name not in self.names:
            self.names.append(name)
        number = self._known[address] = self.names.index(name)
        if raw.FPDFFont_GetIsEmbedded(font) == 1:
            self.drawn.add(number)
        return number


class _Styles(dict[int, _Style]):
    """The styles of a page by the address of their text object."""

    def __init__(self, place: int, fonts: Fonts) -> None:
        import pypdfium2.raw as raw

        super().__init__()
        self._place, self._fonts = place, fonts
        self._get_matrix = _plainly(raw.FPDFText_GetMatrix, ctypes.c_int, ctypes.c_void_p)
        self._get_size = _plainly(raw.FPDFText_GetFontSize, ctypes.c_double)
        self._is_unmapped = _plainly(raw.FPDFText_HasUnicodeMapError, ctypes.c_int)
        self._matrix = raw.FS_MATRIX()
        self._reference = ctypes.addressof(self._matrix)
        self._kind = raw.FPDF_PAGEOBJECT

    def of(self, index: int, address: int) -> _Style:
        """The style of the character at `index`, which the text object at `address` draws."""
        matrix = self._matrix
        self._get_matrix(self._place, index, self._reference)
        size = self._get_size(self._place, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
        mapped = self._is_unmapped(self._place, index) != 1
        turn = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        number = self._fonts.number(ctypes.cast(address, self._kind))
        style = _Style(number, size, turn, matrix.e if turn % 2 else matrix.f, mapped)
        self[address] = style
        return style


def _unmapped(styles: Iterable[_Style]) -> set[int]:
    """The fonts of which most text objects begin with a character that the engine cannot name."""
    known: Counter[int] = Counter()
    unknown: Counter[int] = Counter()
    for style in styles:
        (known if style.mapped else unknown)[style.font] += 1
    return {font for font in unknown if unknown[font] > known[font]}


def _placed(chars: list[Char], page: Any, more: int) -> list[Char]:
    """Boxes from the PDF's own axes to points from the top left corner of the page as shown and turned `more` degrees.

    What lies outside the page is dropped.
    """
    left, bottom, right, top = page.get_bbox()
    turn = (page.get_rotation() + more) % 360
    wide, tall = right - left, top - bottom
    across, down = (wide, tall) if turn % 180 == 0 else (tall, wide)
    inside: list[Char] = []
    for char in chars:
        x0, x1, y0, y1 = char.x0 - left, char.x1 - left, top - char.y1, top - char.y0
        if turn == 90:
            x0, x1, y0, y1 = tall - y1, tall - y0, x0, x1
        elif turn == 180:
            x0, x1, y0, y1 = wide - x1, wide - x0, tall - y1, tall - y0
        elif turn == 270:
            x0, x1, y0, y1 = y0, y1, wide - x1, wide - x0
        char.x0, char.x1, char.y0, char.y1 = x0, x1, y0, y1
        if x1 > -5 and y1 > -5 and x0 < across + 5 and y0 < down + 5:
            inside.append(char)
    return inside or chars


def pixels(found: Opened, number: int, scale: float) -> tuple[int, int, bytes]:
    """Width, height and pixels (red, green, blue) of a page; at most some 36 million pixels."""
    page = found.pdf[number - 1]
    width, height = page.get_size()
    scale = min(scale, 6000 / max(1.0, width), 6000 / max(1.0, height))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    rows = bytes(bitmap.buffer)
    used = 3 * bitmap.width
    if bitmap.n_channels == 1:
        rows = bytes(value for value in rows for _ in range(3))
        out = b"".join(
            rows[3 * y * bitmap.stride : 3 * y * bitmap.stride + used] for y in range(bitmap.height)
        )
    elif bitmap.n_channels == 4:
        flat = b"".join(
            rows[y * bitmap.stride : y * bitmap.stride + 4 * bitmap.width] for y in range(bitmap.height)
        )
        colors = bytearray(used * bitmap.height)
        for channel in range(3):
            colors[channel::3] = flat[channel::4]
        out = bytes(colors)
    else:
        out = b"".join(rows[y * bitmap.stride : y * bitmap.stride + used] for y in range(bitmap.height))
    return bitmap.width, bitmap.height, out


def _look_at_pictures(page: Any, out: PageText) -> None:
    """Note how much of the page its largest picture covers, and which large pictures hold print that no text lies on."""
    import pypdfium2.raw as raw

    count = raw.FPDFPage_CountObjects(page.raw)
    if count > _MANY_STROKES and not out.count and not out.broken:
        # Letters drawn as outlines are a picture, too.
        out.pictures = 1.0
        return
    values = [ctypes.c_float() for _ in range(4)]
    for index in range(min(count, _MOST_LOOKED_AT)):
        thing = raw.FPDFPage_GetObject(page.raw, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind not in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        if not raw.FPDFPageObj_GetBounds(thing, *values):
            continue
        left, bottom, right, top = (value.value for value in values)
        share = (right - left) * (top - bottom) / max(1.0, out.width * out.height)
        if kind == raw.FPDF_PAGEOBJ_IMAGE or not out.count:
            out.pictures = max(out.pictures, min(1.0, share))
        if kind == raw.FPDF_PAGEOBJ_IMAGE and share > _LARGE and out.count and not out.turn:
            box = _on_page(left, bottom, right, top, page)
            if box is not None and not _written_on(box, out.chars) and _is_print(page, box):
                out.parts.append(box)


def _on_page(left: float, bottom: float, right: float, top: float, page: Any) -> Box | None:
    """A rectangle of the PDF's own axes as a box on the page, as far as it lies on it; None for turned pages."""
    if page.get_rotation():
        return None
    x, low, far, high = page.get_bbox()
    return Box(max(left, x) - x, high - min(top, high), min(right, far) - x, high - max(bottom, low))


def _written_on(box: Box, chars: list[Char]) -> bool:
    return sum([box.x0 < c.x0 < box.x1 and box.y0 < c.y1 < box.y1 for c in chars]) > 5


def _is_print(page: Any, box: Box) -> bool:
    """Whether a part of the page looks like print: mostly white, a little black, few greys; a photo does not."""
    width, height = page.get_size()
    around = (box.x0, height - box.y1, width - box.x1, box.y0)
    if box.x1 - box.x0 < 50 or box.y1 - box.y0 < 20:
        return False
    bitmap = page.render(scale=1, crop=around, grayscale=True)
    levels = bytes(bitmap.buffer)
    dark = len(levels.translate(None, bytes(range(128, 256))))
    bright = len(levels.translate(None, bytes(range(190))))
    return bright > 0.6 * len(levels) and 0.01 * len(levels) < dark < 0.3 * len(levels)
