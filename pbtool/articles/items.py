"""Items: the lines of the file, kind by kind, put together into the pieces that articles are made of.

The one idea: lines of one kind that follow each other are one piece, until a gap, a label, a signature or another measure
says that a new one begins; and a group of title lines is either the head of an article or a head inside one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import Byline, dateline, trailing_byline
from pbtool.articles.furniture import EDGE_ROLES, is_column, turn_mark
from pbtool.articles.lines import compact
from pbtool.articles.titles import has_subtitle, is_subtitle, looks_like_caption

#: Items behind which an article is over.
ENDINGS = ("affiliation", "origin", "signed")
_BRIEF_MARKS = "●○◆◇▲△★☆■□◎▶►※"


@dataclass(slots=True)
class Item:
    """A piece of the file: its kind, its lines, and for titles how sure it is that an article is headed by it.

    `page`: the page that a mark of turned pages names (0: none). Kinds: body, title, byline, affiliation, origin (said about the text), note (of the editors), caption, furniture; without lines: break (a page end),
    seam (two texts meet in one run of lines), signed (an author's name ended the text).
    """

    kind: str
    lines: list[int]
    strong: bool = False
    byline: Byline | None = None
    role: str = ""
    page: int = 0
    extra: list[Item] = field(default_factory=list)


def items_of(blocks: Blocks) -> list[Item]:
    """The items in file order; page ends are items of kind `break`."""
    result: list[Item] = []
    paged = False
    for i, line in enumerate(blocks.lines):
        kind, role = blocks.kinds[i], blocks.roles[i]
        edge = kind == "furniture" and role in EDGE_ROLES
        if result and (line.top or edge) and not paged and not turn_mark(line.text):
            result.append(Item("break", []))
        paged = edge
        if kind == "furniture":
            result.append(Item(kind, [i], role=role or "other"))
        elif kind == "byline" and line.text[0] in "（(" and result and result[-1].kind == "body":
            result.append(Item(kind, [i], byline=blocks.bylines.get(i)))
            result.append(Item("signed", []))
        elif result and _belongs(blocks, result[-1], i):
            result[-1].lines.append(i)
        elif kind == "title" and is_subtitle(line.text) and (title := _title_above(result)) is not None:
            title.lines.append(i)
        else:
            result.append(Item(kind, [i], byline=blocks.bylines.get(i)))
        if kind == "body" and _signed(blocks, i):
            result.append(Item("signed", []))
    for number, item in enumerate(result):
        if item.kind == "title":
            item.strong = _strong(blocks, result, number)
    return result


def _title_above(items: Sequence[Item]) -> Item | None:
    """The title that only a line or two of furniture (when it was put up, by whom) parts from what comes now."""
    for item in reversed(items[-3:]):
        if item.kind == "title":
            return item
        if item.kind != "furniture" or item.role not in ("other", "footer"):
            return None
    return None


def page_labels(blocks: Blocks) -> list[int]:
    """The number printed on the page of every line, or 0 where no number is."""
    lines = blocks.lines
    result = [0] * len(lines)
    first = 0
    for i, line in enumerate(lines):
        if line.top and i:
            first = i
        number = re.search(r"\d{1,4}", line.text) if blocks.roles[i] == "page_number" else None
        if number is not None:
            for k in range(first, i + 1):
                result[k] = int(number.group())
            first = i + 1
    return result


def _belongs(blocks: Blocks, item: Item, i: int) -> bool:
    if item.kind != blocks.kinds[i] or not item.lines:
        return False
    if item.kind in ("affiliation", "origin", "note", "caption"):
        return blocks.groups[i] == blocks.groups[item.lines[0]]
    if item.kind == "title":
        previous, line = blocks.lines[item.lines[-1]], blocks.lines[i]
        label = previous.text[-1] in "：:" and previous.width > 9 or line.text[-1] in "：:"
        label = label or i in blocks.labels
        apart = line.gap > blocks.measures.typical_gap + 1
        return len(item.lines) < 5 and item.lines[-1] == i - 1 and not label and not apart
    if item.kind == "body" and _signed(blocks, item.lines[-1]):
        return False
    return item.kind == "body" and item.lines[-1] == i - 1 and not _new_measure(blocks, i)


def _signed(blocks: Blocks, i: int) -> bool:
    """Whether the author's name at the end of line i ends an article, and not one of several briefs behind marks."""
    lines = blocks.lines
    text = lines[i].text
    readings = [text]
    if i and text[-1] in "）)" and not ("（" in text or "(" in text):
        # The line may have ended in the midst of a name or between two names.
        readings = [lines[i - 1].text + text, lines[i - 1].text + " " + text]
    if all(trailing_byline(reading) is None for reading in readings):
        return False
    return i + 1 == len(lines) or lines[i + 1].text[0] not in _BRIEF_MARKS


def _new_measure(blocks: Blocks, i: int) -> bool:
    """Whether the column gets another width at line i, behind the end of a sentence: another block of the page."""
    p = blocks.place(i)
    if p is None or not p or not blocks.lines[i - 1].ends:
        return False
    back, ahead = blocks.measures.back[p - 1], blocks.measures.ahead[p]
    return (
        min(back.share, ahead.share) >= 0.5
        and abs(back.width - ahead.width) >= 3
        and blocks.measures.wrapped[p]
    )


def _strong(blocks: Blocks, items: Sequence[Item], number: int) -> bool:
    """Whether a title group is more than a head inside an article."""
    item = items[number]
    texts = [blocks.lines[i].text for i in item.lines]
    near = [items[k].kind for k in (number - 1, number + 1) if 0 <= k < len(items)]
    if blocks.labels.intersection(item.lines) or blocks.listed(item.lines):
        return True
    if "byline" in near or has_subtitle(texts) or (texts[0][0] == "【" and texts[0][-1] == "】"):
        return True
    body = items[number + 1] if number + 1 < len(items) else None
    briefs = body is not None and body.kind == "body" and blocks.lines[body.lines[0]].text[0] in _BRIEF_MARKS
    if briefs and is_column(texts[-1]):
        return True
    loose = all(it.kind in ("break", "furniture") for it in items[max(0, number - 1) : number])
    if loose and number + 1 < len(items) and items[number + 1].kind in ("break", "furniture"):
        return False
    if number < 50 and all(it.kind in ("break", "furniture") for it in items[:number]):
        return True
    after = next((it for it in items[number + 1 : number + 4] if it.kind == "body"), None)
    if after is not None and dateline(blocks.lines[after.lines[0]].text):
        return True
    first = blocks.lines[item.lines[0]]
    if (
        first.gap > max(blocks.measures.typical_gap, blocks.measures.paragraph_gap)
        and blocks.measures.gaps_speak
        and not looks_like_caption(texts[0])
    ):
        return True
    wrapped = any(_wrapped_at(blocks, i) for i in item.lines)
    return wrapped and "break" in near and len(compact("".join(texts))) >= 6


def _wrapped_at(blocks: Blocks, i: int) -> bool:
    p = blocks.place(i)
    return p is not None and blocks.measures.wrapped[p]
