"""Pictures of pages: recognised by rapidocr where the extra is installed.

The one idea: the engine finds lines of print and reads them; their order is decided by the same `layout` as everything else.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from typing import Any

from pbtool.document import Document
from pbtool.errors import InputError
from pbtool.reading.layout import lines_of_pieces
from pbtool.reading.pdf import PageText, assemble
from pbtool.reading.pieces import Char, Piece

INSTALL = "pip install 'pbtool[ocr]'"
Tick = Callable[[int], None]
#: A line of print as the engine gives it: its four corners in pixels, its text, how sure it is.
Found = tuple[Sequence[Sequence[float]], str, float]
_DPI = 200
#: Pictures in a PDF may say that their page is metres wide; more pixels than this on a side tell the engine nothing.
_LONGEST = 3000
_MOST_PIXELS = 120_000_000
_MOST_FRAMES = 2_000
#: The engine draws its boxes a little around the print: what to take off, in units of a box's height.
_MARGIN = 0.12
#: Below this mean confidence a page is tried in the other directions as well.
_READS_WELL = 0.8


def available() -> bool:
    """Whether pictures can be recognised here."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


def read_picture(data: bytes, name: str, options: dict[str, Any], tick: Tick) -> Document:
    """The document in a picture, of one page or several. Raises InputError where the extra is missing or nothing is found."""
    if options.get("ocr") == "never":
        raise InputError(name, "is a picture, and --ocr never forbids to recognise it")
    if not available():
        raise InputError(name, f"is a picture; to recognise it: {INSTALL}")
    wanted = options.get("pages")
    pages, count = [], 0
    for count, (picture, dpi) in enumerate(_frames(data, name), 1):
        if not wanted or count in wanted:
            pages.append(recognised(picture, count, dpi))
            tick(count)
    if wanted and max(wanted) > count:
        raise InputError(name, f"has {count} pages; there is no page {max(wanted)}")
    if not any(page.lines for page in pages):
        raise InputError(
            name, "is a picture in which no print was found; scan it at 200 dpi or more, upright"
        )
    return assemble(pages, name)


def pixels(data: bytes, name: str, page: int) -> tuple[int, int, bytes]:
    """Width, height and pixels (red, green, blue) of a picture's page. Raises InputError where the extra is missing."""
    if find_spec("PIL") is None:
        raise InputError(name, f"is a picture; to show it: {INSTALL}")
    for number, (picture, _) in enumerate(_frames(data, name), 1):
        if number == page:
            return picture.width, picture.height, picture.tobytes()
    raise InputError(name, f"has no page {page}")


def pdf_pages(data: bytes, numbers: Sequence[int], password: str | None, tick: Tick) -> Iterator[PageText]:
    """Pages of a PDF, recognised from their picture."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data, password=password)
    for number in numbers:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = min(_DPI / 72, _LONGEST / max(1.0, width, height))
        picture = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
        yield recognised(picture, number, 72 * scale)
        tick(number)


def recognised(picture: Any, number: int, dpi: float) -> PageText:
    """A page from its picture (Pillow, RGB), upright or lying on a side."""
    found, turn = _read_any_way(picture)
    if turn:
        picture = picture.rotate(turn, expand=True)
    unit = 72 / dpi
    page = PageText(number, picture.width * unit, picture.height * unit)
    page.lines = lines_of_pieces(pieces_of(found, unit), page.width)
    return page


def pieces_of(found: Sequence[Found], unit: float) -> list[Piece]:
    """The engine's lines as pieces for `layout`, in points, the page's skew taken out."""
    slope = _skew(found)
    pieces = []
    for corners, text, confidence in found:
        points = [(x + slope * y, y - slope * x) for x, y in corners]
        height = (points[3][1] - points[0][1] + points[2][1] - points[1][1]) / 2
        x0 = min(x for x, _ in points) + _MARGIN * height
        x1 = max(x for x, _ in points) - _MARGIN * height
        y0 = (points[0][1] + points[1][1]) / 2 + _MARGIN * height
        y1 = (points[2][1] + points[3][1]) / 2 - _MARGIN * height
        if text.strip() and x1 > x0 and y1 > y0:
            box = (x0 * unit, y0 * unit, x1 * unit, y1 * unit)
            pieces.append(Piece(_spread(text, box, confidence)).measure())
    return pieces


def _spread(text: str, box: tuple[float, float, float, float], confidence: float) -> list[Char]:
    """Characters over the width of their line: a Han character takes one em, a letter half of one."""
    x0, y0, x1, y1 = box
    weights = [0.5 if char < "\u2000" else 1.0 for char in text]
    step = (x1 - x0) / sum(weights)
    chars, at = [], x0
    for char, weight in zip(text, weights, strict=True):
        chars.append(Char(char, at, y0, at + weight * step, y1, y1 - y0, 0, confidence))
        at += weight * step
    return chars


def _skew(found: Sequence[Found]) -> float:
    """The slope of the lines of print, from those that are long enough to tell."""
    slopes = [
        (corners[1][1] - corners[0][1]) / (corners[1][0] - corners[0][0])
        for corners, text, _ in found
        if len(text) >= 8 and corners[1][0] - corners[0][0] > 8
    ]
    slope = median(slopes) if slopes else 0.0
    return slope if abs(slope) < 0.1 else 0.0


def _read_any_way(picture: Any) -> tuple[list[Found], int]:
    """The lines, and by how many degrees the picture had to be turned to read them best."""
    found = _read(picture)
    if not found or (_sureness(found) >= _READS_WELL and not _lies(found)):
        return found, 0
    turns = (90, 270) if _lies(found) else (180,)
    choices = [(found, 0)]
    for turn in turns:
        again = _read(picture.rotate(turn, expand=True))
        choices.append((again, turn))
        if _sureness(again) >= _READS_WELL and not _lies(again):
            break
    return max(choices, key=lambda choice: _sureness(choice[0]))


def _sureness(found: Sequence[Found]) -> float:
    """Mean confidence by character; a page that is read badly has few and doubtful ones."""
    total = sum(len(text) for _, text, _ in found)
    return sum(len(text) * confidence for _, text, confidence in found) / max(1, total)


def _lies(found: Sequence[Found]) -> bool:
    """Whether most lines are higher than wide: the page lies on its side (or is set in columns of vertical text)."""
    tall = sum(abs(c[3][1] - c[0][1]) > 1.5 * abs(c[1][0] - c[0][0]) for c, _, _ in found)
    return 2 * tall > len(found)


_engines: list[Any] = []


def _read(picture: Any) -> list[Found]:
    if not _engines:
        # The line classifier turns upright lines round now and then; pages are turned as a whole here.
        _engines.append(
            import_module("rapidocr").RapidOCR(
                params={"Global.use_cls": False, "Global.log_level": "critical", "Global.max_side_len": 3000}
            )
        )
    result = _engines[0](import_module("numpy").asarray(picture)[:, :, ::-1])
    if result.boxes is None or result.txts is None:
        return []
    return [
        ([(float(x), float(y)) for x, y in box], text, float(score))
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
    ]


def _frames(data: bytes, name: str) -> Iterator[tuple[Any, float]]:
    """The pictures in a file, upright as its camera says, with dots per inch (200 where the file does not know)."""
    Image: Any = import_module("PIL.Image")
    ImageOps: Any = import_module("PIL.ImageOps")
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"))
        for index, frame in enumerate(import_module("PIL.ImageSequence").Iterator(picture)):
            if index >= _MOST_FRAMES:
                raise InputError(name, f"has more than {_MOST_FRAMES} pages; split it")
            dpi = float(frame.info.get("dpi", (0, 0))[0] or 0)
            yield ImageOps.exif_transpose(frame).convert("RGB"), dpi if 50 <= dpi <= 1200 else float(_DPI)
    except Image.DecompressionBombError:
        raise InputError(
            name, f"has more than {_MOST_PIXELS // 1_000_000} million pixels; scale it down"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(name, f"is a damaged picture ({str(error)[:100]}); save it again") from None
