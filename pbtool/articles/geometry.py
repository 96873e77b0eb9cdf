"""What the places of lines on a page say: type sizes, indents, white between lines, and which title a line lies under.

The one idea: a title governs what lies below it, between its neighbours left and right, down to the next title. So a page of
many blocks is read block by block, whatever order its columns come in; what type size and white say goes into the same lines
that plain text has, and nothing behind this module knows whether they were drawn or typed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from pbtool.articles.lines import TextLine
from pbtool.document import Box, Document

_TITLE = 1.12  # type this much larger than that of the text belongs to a title
_SMALL = 0.93  # and this much smaller to a caption


def placed(document: Document, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines with sizes, indents and gaps as the page shows them, read block by block; as they are where it shows none."""
    if not document.lines:
        return list(lines)
    boxes = _boxes(document, lines)
    if sum(box is not None for box in boxes) < 0.8 * len(lines):
        return list(lines)
    sized = [
        replace(line, box=box, size=line.size or _height(line, box))
        for line, box in zip(lines, boxes, strict=True)
    ]
    body = body_size(sized)
    if not body:
        return sized
    pages: dict[int, list[TextLine]] = {}
    for line in _spaced(sized, body):
        pages.setdefault(line.page, []).append(line)
    return [line for page in pages.values() for line in _by_blocks(page, body)]


def body_size(lines: Sequence[TextLine]) -> float:
    """The type size in which most characters are set (0 where no size is known)."""
    sizes: Counter[float] = Counter()
    for line in lines:
        if line.size:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def is_large(line: TextLine, body: float) -> bool:
    """Whether a line is set larger than the text."""
    return bool(body and line.size and line.size >= _TITLE * body)


def is_small(line: TextLine, body: float) -> bool:
    """Whether a line is set smaller than the text."""
    return bool(body and line.size and line.size <= _SMALL * body)


def _boxes(document: Document, lines: Sequence[TextLine]) -> list[Box | None]:
    origin = document.origin()
    starts = [line.start for line in document.lines]
    result: list[Box | None] = []
    for line in lines:
        low, _ = origin.back(line.start, line.end)
        index = bisect_right(starts, low) - 1
        result.append(document.lines[index].box if index >= 0 and low < document.lines[index].end else None)
    return result


def _height(line: TextLine, box: Box | None) -> float | None:
    """The type size of a line of a scan: its height, or its width where it runs down the page."""
    if box is None:
        return None
    tall, wide = box.y1 - box.y0, box.x1 - box.x0
    return round(wide if tall > 2 * wide and len(line.text) > 2 else tall, 0)


def _spaced(lines: Sequence[TextLine], body: float) -> list[TextLine]:
    """The lines with their indents and the white before them, column by column."""
    result: list[TextLine] = []
    column: list[TextLine] = []
    for line in lines:
        if column and not _below(column[-1], line, body):
            result += _column(column, body)
            column = []
        column.append(line)
    return [*result, *_column(column, body)]


def _below(before: TextLine, line: TextLine, body: float) -> bool:
    """Whether a line stands in the same column as the one before it, below it."""
    a, b = before.box, line.box
    if a is None or b is None or before.page != line.page or before.size != line.size:
        return False
    return b.y0 > a.y0 and abs(b.x0 - a.x0) <= 4 * body and b.y0 - a.y1 < 4 * body


def _column(lines: list[TextLine], body: float) -> list[TextLine]:
    boxes = [line.box for line in lines if line.box is not None]
    if len(lines) < 3 or len(boxes) < len(lines) or (lines[0].size or 0) > 1.05 * body:
        return lines
    left = min(box.x0 for box in boxes)
    step = median(b.y0 - a.y0 for a, b in zip(boxes, boxes[1:], strict=False))
    result = []
    for n, (line, box) in enumerate(zip(lines, boxes, strict=True)):
        indent = round((box.x0 - left) / body * 2) / 2
        white = (box.y0 - boxes[n - 1].y0) / step if n and step else 1.0
        gap = max(line.gap, round(white) - 1) if white > 1.6 else line.gap
        result.append(replace(line, indent=indent if 1.0 <= indent <= 5.0 else line.indent, gap=gap))
    return result


def _by_blocks(lines: list[TextLine], body: float) -> list[TextLine]:
    """The lines of a page, those under each title together."""
    titles = _titles(lines, body)
    if len(titles) < 2:
        return lines
    regions = _regions(titles, lines, body)
    groups: dict[int, list[TextLine]] = {}
    for line in lines:
        groups.setdefault(_governor(line, titles, regions), []).append(line)
    order = sorted(groups, key=lambda n: (-1.0, 0.0) if n < 0 else (regions[n].y0, regions[n].x0))
    result = []
    for n in order:
        first, *rest = groups[n]
        result += [replace(first, top=True), *(replace(line, top=False) for line in rest)]
    return result


def _titles(lines: Sequence[TextLine], body: float) -> list[list[TextLine]]:
    """Lines in large type, those that stand close below each other together."""
    groups: list[list[TextLine]] = []
    for line in lines:
        if not is_large(line, body) or line.box is None:
            continue
        above = groups[-1][-1] if groups else None
        last = above.box if above is not None else None
        white = 1.2 * max(body, (above.size or body) if above is not None else body)
        if last is not None and abs(line.box.y0 - last.y1) < white and _overlap(last, line.box):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _overlap(a: Box, b: Box) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1


def _regions(titles: Sequence[Sequence[TextLine]], lines: Sequence[TextLine], body: float) -> list[Box]:
    """What each title governs: from its upper edge down, as far to both sides as nothing stands beside it."""
    found = [_region(group, lines) for group in titles]
    extents = [_extent(group) for group in titles]
    # Where titles stand side by side, the border is the left edge of the column in which the right one begins.
    columns = sorted({line.box.x0 for line in lines if line.box is not None and not is_large(line, body)})
    lefts = []
    for region, own in zip(found, extents, strict=True):
        index = bisect_right(columns, own.x0 + body) - 1
        edge = columns[index] if index >= 0 else own.x0
        lefts.append(max(region.x0, min(edge, own.x0)) if region.x0 > float("-inf") else region.x0)
    result: list[Box] = []
    for region, own in zip(found, extents, strict=True):
        beside = [
            left
            for left, other in zip(lefts, extents, strict=True)
            if other.x0 >= own.x1 and other.y0 < own.y1 and own.y0 < other.y1 and left > own.x0
        ]
        result.append(Box(lefts[len(result)], region.y0, min([region.x1, *beside]), region.y1))
    return result


def _extent(group: Sequence[TextLine]) -> Box:
    """The rectangle around the lines of a title."""
    boxes = [line.box for line in group if line.box is not None]
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _region(group: Sequence[TextLine], lines: Sequence[TextLine]) -> Box:
    own = _extent(group)
    left, right = float("-inf"), float("inf")
    for line in lines:
        box = line.box
        if box is None or line in group or box.y1 <= own.y0 or box.y0 >= own.y1:
            continue
        if box.x1 <= own.x0:
            left = max(left, box.x1)
        elif box.x0 >= own.x1:
            right = min(right, box.x0)
    return Box(left, own.y0, right, own.y1)


def _governor(line: TextLine, titles: Sequence[Sequence[TextLine]], regions: Sequence[Box]) -> int:
    """The title that a line lies under (-1: none)."""
    best = -1
    for n, region in enumerate(regions):
        if line in titles[n]:
            return n
        if line.box is None or line.box.y0 < region.y0:
            continue
        inside = region.x0 <= line.box.x0 + 1 and line.box.x0 < region.x1 - 1
        if inside and (best < 0 or (region.y0, region.x0) > (regions[best].y0, regions[best].x0)):
            best = n
    return best
