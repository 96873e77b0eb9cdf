"""Where on the paper a piece of text stands.

The one idea: a line knows its box; a part of it takes the part of the box that its characters would fill, a letter or figure
half as much as a Han character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from pbtool.document import Box, Document
from pbtool.edits import Span

_WIDE = "\u2000"


def boxes_of(document: Document, spans: Sequence[Span]) -> list[tuple[int, Box]]:
    """Page (physical number) and box of every line that the spans, which lie in `original`, touch.

    Empty where the document has no lines with boxes (plain text, web pages).
    """
    return [place for start, end in spans for place in _of_span(document, start, end)]


def _of_span(document: Document, start: int, end: int) -> Iterator[tuple[int, Box]]:
    lines = document.lines
    for index in range(max(0, bisect_right(lines, start, key=lambda line: line.start) - 1), len(lines)):
        line = lines[index]
        if line.start >= end:
            return
        if line.box is not None and line.end > start:
            text = document.original[line.start : line.end]
            yield (
                line.page,
                _part(line.box, text, max(0, start - line.start), min(end, line.end) - line.start),
            )


def _part(box: Box, text: str, first: int, last: int) -> Box:
    """The part of a line's box that its characters from `first` to `last` fill, along its longer side."""
    cells = [0.5 if char < _WIDE else 1.0 for char in text]
    whole = sum(cells) or 1.0
    low, high = sum(cells[:first]) / whole, sum(cells[:last]) / whole
    if len(text) > 1 and box.y1 - box.y0 > 1.5 * (box.x1 - box.x0):
        tall = box.y1 - box.y0
        return Box(box.x0, round(box.y0 + low * tall, 2), box.x1, round(box.y0 + high * tall, 2))
    wide = box.x1 - box.x0
    return Box(round(box.x0 + low * wide, 2), box.y0, round(box.x0 + high * wide, 2), box.y1)
