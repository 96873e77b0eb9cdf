"""Make pictures of pages as a scanner gives them: print with noise, a little askew, in grey or black and white.

The one idea: the pieces that `make_pdf` draws as text are drawn as pixels here, in a font that comes as a Python package
(`pip install cvttf-notosanscjk-regular`), so that the same pages can be read both ways, on any machine.

    python scripts/make_scan.py IN.txt OUT.pdf|OUT.tif|OUT.png [--dpi 200] [--skew 1] [--noise 12]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from make_pdf import Piece, pages_of

_FONT = "cvttf_NotoSansCJK_Regular"


def font_path() -> Path | None:
    """The file of the font, or None where its package is not installed."""
    found = find_spec(_FONT)
    folders = found.submodule_search_locations if found else None
    return next((path for folder in folders or () for path in Path(folder).glob("*.otf")), None)


def make_scan(
    pages: Sequence[Sequence[Piece]],
    *,
    width: float = 595,
    height: float = 842,
    dpi: int = 200,
    skew: float = 0.0,
    noise: int = 0,
    seed: int = 1,
    vertical: bool = False,
) -> list[Any]:
    """Pictures (Pillow, grey), one a page, of the same pieces and sizes as `make_pdf` takes.

    `skew`: degrees that the paper lies turned to the left; `noise`: the spread of the grey of a pixel (of 256 levels).
    """
    return [
        _page(pieces, width, height, dpi, skew, noise, seed + n, vertical) for n, pieces in enumerate(pages)
    ]


def _page(
    pieces: Sequence[Piece],
    width: float,
    height: float,
    dpi: int,
    skew: float,
    noise: int,
    seed: int,
    vertical: bool,
) -> Any:
    Image: Any = import_module("PIL.Image")
    ImageDraw: Any = import_module("PIL.ImageDraw")
    unit = dpi / 72
    picture = Image.new("L", (round(width * unit), round(height * unit)), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, size, text in pieces:
        for number, char in enumerate(text if vertical else [text]):
            at = (x * unit, (height - y + number * size) * unit)
            draw.text(at, char, font=_font(round(size * unit)), fill=0, anchor="mt" if vertical else "ls")
    if skew:
        picture = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)
    return _noisy(picture, noise, seed) if noise else picture


@lru_cache(maxsize=32)
def _font(pixels: int) -> Any:
    path = font_path()
    if path is None:
        raise SystemExit("make_scan: no font; pip install cvttf-notosanscjk-regular")
    return import_module("PIL.ImageFont").truetype(str(path), pixels)


def _noisy(picture: Any, noise: int, seed: int) -> Any:
    """The picture as a scanner sees it: ink that is not quite black, paper not quite white, grain over both."""
    numpy = import_module("numpy")
    grain = numpy.random.default_rng(seed).normal(0, noise, (picture.height, picture.width))
    levels = numpy.asarray(picture, dtype=float) * 0.82 + 28 + grain
    return import_module("PIL.Image").fromarray(levels.clip(0, 255).astype("uint8"))


def save(pictures: Sequence[Any], path: Path, dpi: int = 200, bits: int = 8) -> None:
    """Write pages to a .pdf or .tif of several pages, or the first to any other kind; `bits` 1 is black and white."""
    if bits == 1:
        pictures = [picture.point(lambda level: 255 * (level > 140), mode="1") for picture in pictures]
    more: dict[str, Any] = {"resolution": dpi} if path.suffix == ".pdf" else {"dpi": (dpi, dpi)}
    if path.suffix in (".tif", ".tiff"):
        more["compression"] = "group4" if bits == 1 else "tiff_lzw"
    if path.suffix in (".pdf", ".tif", ".tiff"):
        more.update(save_all=True, append_images=list(pictures[1:]))
    pictures[0].save(path, **more)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--skew", type=float, default=0.0)
    parser.add_argument("--noise", type=int, default=12)
    parser.add_argument("--bits", type=int, choices=(1, 8), default=8)
    told = parser.parse_args()
    pages = pages_of(told.text.read_text(encoding="utf-8"))
    save(make_scan(pages, dpi=told.dpi, skew=told.skew, noise=told.noise), told.out, told.dpi, told.bits)


if __name__ == "__main__":
    main()
