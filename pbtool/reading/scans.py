"""Pictures of pages: recognised by rapidocr where the extra is installed.

The one idea: the engine finds lines of print and reads them; their order is decided by the same `layout` as everything else. The
engine also says where in its line it saw each character and how sure it is: gaps between names are kept, the size of type is
the pitch of the characters, and what was read with doubt is said character by character.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import Any

from pbtool.document import Box, Document
from pbtool.errors import InputError
from pbtool.reading.layout import lines_of_pieces
from pbtool.reading.pdf import PageText, assemble
from pbtool.reading.pieces import Char, Piece, turned_back
from pbtool.reading.recogniser import LONGEST, Found, lines_in

INSTALL = "pip install 'pbtool[ocr]'"
Tick = Callable[[int, int], None]
_DPI = 200
_MOST_PIXELS = 120_000_000
_MOST_FRAMES = 2_000
#: The engine draws its boxes a little around the print: what to take off, in units of a box's height.
_MARGIN = 0.12
#: Below this mean confidence a page is tried in the other directions as well.
_READS_WELL = 0.8
#: Characters from here on are as wide as a Han character.
_HAN = "\u2e80"


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
    pages = []
    total = 0
    for number, total, picture, dpi in _frames(data, name):
        if not wanted or number in wanted:
            pages.append(recognised(picture, number, dpi))
            tick(number, total)
    if wanted and max(wanted) > total:
        raise InputError(name, f"has {total} pages; there is no page {max(wanted)}")
    if not any(page.lines for page in pages):
        raise InputError(
            name, "is a picture in which no print was found; scan it at 200 dpi or more, upright"
        )
    return assemble(pages, name)


def pixels(data: bytes, name: str, page: int, scale: float) -> tuple[int, int, bytes]:
    """Width, height and pixels (red, green, blue) of a picture's page, `scale` pixels a point.

    Raises InputError where the extra is missing.
    """
    if find_spec("PIL") is None:
        raise InputError(name, f"is a picture; to show it: {INSTALL}")
    for number, _, picture, dpi in _frames(data, name):
        if number == page:
            part = min(scale * 72 / dpi, 6000 / max(picture.size))
            picture = picture.resize([max(1, round(side * part)) for side in picture.size])
            return picture.width, picture.height, picture.tobytes()
    raise InputError(name, f"has no page {page}")


def pdf_pages(data: bytes, turns: dict[int, int], password: str | None) -> Iterator[PageText]:
    """Pages of a PDF, recognised from their picture. `turns`: page number -> degrees clockwise that set its print upright."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data, password=password)
    for number, turn in turns.items():
        page = pdf[number - 1]
        picture, dpi = _rendered(page)
        page.close()
        yield recognised(picture, number, dpi, turn)


def part_of_page(data: bytes, number: int, parts: Sequence[Box], password: str | None) -> list[Piece]:
    """The print in some parts of a page of a PDF, as pieces in their places on the page."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(data, password=password)
    page = pdf[number - 1]
    picture, dpi = _rendered(page)
    page.close()
    pieces: list[Piece] = []
    for box in parts:
        sides = tuple(round(side * dpi / 72) for side in (box.x0, box.y0, box.x1, box.y1))
        found = [
            replace(line, corners=[(x + sides[0], y + sides[1]) for x, y in line.corners],
                    letters=[(start + sides[line.stands], end + sides[line.stands], sure) for start, end, sure in line.letters])
            for line in lines_in(picture.crop(sides))
        ]  # fmt: skip
        pieces += pieces_of(found, 72 / dpi)
    for piece in pieces:
        for char in piece.chars:
            char.font = -1
    return pieces


def _rendered(page: Any) -> tuple[Any, float]:
    """A page of a PDF as a picture, and its dots per inch."""
    width, height = page.get_size()
    scale = min(_DPI / 72, LONGEST / max(1.0, width, height))
    return page.render(scale=scale).to_pil().convert("RGB"), 72 * scale


def recognised(picture: Any, number: int, dpi: float, turn: int = 0) -> PageText:
    """A page from its picture (Pillow, RGB), upright or lying on a side; `turn` is where to begin, degrees clockwise.

    Boxes are those of the page as it is, whichever way its print lies.
    """
    found, turn = _read_any_way(picture, turn)
    unit = 72 / dpi
    page = PageText(number, picture.width * unit, picture.height * unit)
    slope = _skew(found)
    upright = page.height if turn % 180 else page.width
    page.lines = lines_of_pieces(pieces_of(found, unit, slope), upright)
    for line in page.lines:
        box = _skewed(line.box, slope)
        line.box = turned_back(box, turn, page.width, page.height) if turn else box
    return page


def _skewed(box: Box, slope: float) -> Box:
    """A box on the page made straight as one of the same size on the page as it is."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    norm = 1 + slope * slope
    more, down = (x - slope * y) / norm - x, (y + slope * x) / norm - y
    sides = (box.x0 + more, box.y0 + down, box.x1 + more, box.y1 + down)
    return Box(*(round(side, 2) for side in sides))


def pieces_of(found: Sequence[Found], unit: float, slope: float | None = None) -> list[Piece]:
    """The engine's lines as pieces for `layout`, in points, the page's skew (`slope`) taken out."""
    slope = _skew(found) if slope is None else slope
    pieces = []
    for line in found:
        if line.stands and len(line.text.strip()) > 1:
            pieces.append(_standing(line, unit, slope))
            continue
        points = [(x + slope * y, y - slope * x) for x, y in line.corners]
        height = (points[3][1] - points[0][1] + points[2][1] - points[1][1]) / 2
        x0 = min(x for x, _ in points) + _MARGIN * height
        x1 = max(x for x, _ in points) - _MARGIN * height
        middle = sum(y for _, y in points) / 4
        if not line.text.strip() or x1 <= x0 or height <= 0:
            continue
        size = _pitch(line) or (1 - 2 * _MARGIN) * height
        chars = _placed(line, slope * middle) or _spread(line.text, x0, x1, line.confidence)
        for char in chars:
            char.x0, char.x1, char.size = char.x0 * unit, char.x1 * unit, size * unit
            char.y0, char.y1 = (middle - size / 2) * unit, (middle + size / 2) * unit
        pieces.append(Piece(chars).measure())
    return pieces


def _standing(line: Found, unit: float, slope: float) -> Piece:
    """A line that stands as a vertical piece, its characters from top to bottom."""
    across, down = zip(*((x + slope * y, y - slope * x) for x, y in line.corners), strict=True)
    wide, middle = (max(across) - min(across)), sum(across) / 4
    size = _pitch(line) or (1 - 2 * _MARGIN) * wide
    more = _MARGIN * wide
    chars = _placed(line, -slope * middle) or _spread(
        line.text, min(down) + more, max(down) - more, line.confidence
    )
    for char in chars:
        char.y0, char.y1, char.size = char.x0 * unit, char.x1 * unit, size * unit
        char.x0, char.x1 = (middle - size / 2) * unit, (middle + size / 2) * unit
    return Piece(chars, vertical=True).measure()


def _pitch(line: Found) -> float:
    """The type size in pixels: the usual distance of Han characters that follow each other; 0 where there are too few."""
    text = line.text.replace(" ", "")
    if len(line.letters) != len(text):
        return 0.0
    places = [(left + right) / 2 for left, right, _ in line.letters]
    steps = [
        places[at + 1] - places[at] for at, (a, b) in enumerate(pairwise(text)) if a >= _HAN and b >= _HAN
    ]
    return median(steps) if len(steps) >= 4 else 0.0


def _placed(line: Found, shift: float) -> list[Char]:
    """The characters where the engine saw them; nothing where it did not say."""
    drawn = [char for char in line.text if char != " "]
    if len(drawn) != len(line.letters):
        return []
    return [
        Char(char, left + shift, 0.0, right + shift, 0.0, 0.0, 0, sure, line.others.get(number, ""))
        for number, (char, (left, right, sure)) in enumerate(zip(drawn, line.letters, strict=True))
    ]


def _spread(text: str, x0: float, x1: float, confidence: float) -> list[Char]:
    """Characters over the width of their line: a Han character takes one em, a letter half of one."""
    weights = [0.5 if char < "\u2000" else 1.0 for char in text]
    step = (x1 - x0) / sum(weights)
    chars, at = [], x0
    for char, weight in zip(text, weights, strict=True):
        chars.append(Char(char, at, 0.0, at + weight * step, 0.0, 0.0, 0, confidence))
        at += weight * step
    return chars


def _skew(found: Sequence[Found]) -> float:
    """The slope of the lines of print, from those that are long enough to tell."""
    slopes = [
        (line.corners[1][1] - line.corners[0][1]) / (line.corners[1][0] - line.corners[0][0])
        for line in found
        if len(line.text) >= 8 and line.corners[1][0] - line.corners[0][0] > 8 and not line.stands
    ]
    slope = median(slopes) if slopes else 0.0
    return slope if abs(slope) < 0.1 else 0.0


def _read_any_way(picture: Any, turn: int = 0) -> tuple[list[Found], int]:
    """The lines, and by how many degrees clockwise the picture had to be turned to read them best.

    Lines of vertical text are read as they stand; laid on their side, the page is one of rows from right to left.
    """
    turned = _turned(picture, turn)
    found = lines_in(turned)
    if not found:
        return found, turn
    stand = _stand(found)
    if _sureness(found) >= _READS_WELL:
        return ([line.laid(turned.width) for line in found], (turn + 270) % 360) if stand else (found, turn)
    choices = [(found, turn)]
    for more in (90, 270) if stand else (180,):
        again = lines_in(_turned(picture, (turn + more) % 360))
        choices.append((again, (turn + more) % 360))
        if _sureness(again) >= _READS_WELL and not _stand(again):
            break
    return max(choices, key=lambda choice: _sureness(choice[0]))


def _turned(picture: Any, turn: int) -> Any:
    return picture.rotate(360 - turn, expand=True) if turn else picture


def _sureness(found: Sequence[Found]) -> float:
    """Mean confidence by character; a page that is read badly has few and doubtful ones."""
    total = sum(len(line.text) for line in found)
    return sum(len(line.text) * line.confidence for line in found) / max(1, total)


def _stand(found: Sequence[Found]) -> bool:
    """Whether most lines are higher than wide: the page lies on its side, or is set in columns of vertical text."""
    return 2 * sum(line.stands for line in found) > len(found)


def _frames(data: bytes, name: str) -> Iterator[tuple[int, int, Any, float]]:
    """The pictures in a file, upright as its camera says: number, how many there are, picture, and dots per inch.

    (200 where the file does not know.)
    """
    Image: Any = import_module("PIL.Image")
    ImageOps: Any = import_module("PIL.ImageOps")
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"))
        total = getattr(picture, "n_frames", 1)
        if total > _MOST_FRAMES:
            raise InputError(name, f"has more than {_MOST_FRAMES} pages; split it")
        for index, frame in enumerate(import_module("PIL.ImageSequence").Iterator(picture)):
            dpi = float(frame.info.get("dpi", (0, 0))[0] or 0)
            upright = ImageOps.exif_transpose(frame).convert("RGB")
            yield index + 1, total, upright, dpi if 50 <= dpi <= 1200 else float(_DPI)
    except Image.DecompressionBombError:
        raise InputError(
            name, f"has more than {_MOST_PIXELS // 1_000_000} million pixels; scale it down"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputError(name, f"is a damaged picture ({str(error)[:100]}); save it again") from None
