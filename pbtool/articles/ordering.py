"""In what order is the text read? The segments of a document, the seams in them, and every torn end with its continuation.

The one idea: running text falls into segments wherever something interrupts it, and where the sentence that one of them left
unfinished goes on in the midst of another; `continuations` matches ends and starts, and the segments are put in that order.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pbtool.articles.blocks import Blocks
from pbtool.articles.cohesion import Cohesion
from pbtool.articles.continuations import Piece, torn
from pbtool.articles.forms import turn_mark, turned_page
from pbtool.articles.items import ENDINGS, Item, page_labels
from pbtool.articles.lines import ends_sentence
from pbtool.articles.strands import Region, Strands
from pbtool.articles.wrapping import continuation

_GRAM = 6
_HELD = 2.5  # log odds of a sentence that goes on
_MOST_SEGMENTS = 3000  # segments that are looked through for seams


@dataclass(slots=True, eq=False)
class Segment:
    """Running text between two interruptions, and the other items that stand before it in the file."""

    items: list[Item] = field(default_factory=list)
    before: list[Item] = field(default_factory=list)

    @property
    def lines(self) -> list[int]:
        """The lines of all items, in their order."""
        return [i for item in self.items for i in item.lines]


class Ordering:
    """The segments of a document in reading order, pieces set beside the text (teasers), and what the segments share."""

    def __init__(self, blocks: Blocks, items: Sequence[Item]) -> None:
        self.blocks = blocks
        self.lines = blocks.lines
        self._numbers = page_labels(blocks)
        self.segments: list[Segment] = []
        self.after: list[Item] = []
        self._woven: list[tuple[Segment, Segment]] = []
        self._cut_segments(items)
        # Only columns tear sentences: where no line is wrapped, the file ends in the midst of one.
        self.columns = any(blocks.wrapped(i) for segment in self.segments for i in segment.lines)
        if self.columns:
            self._weave()
            self._open_seams()
        self.teasers = self._take_teasers()
        self._reorder()

    def _cut_segments(self, items: Sequence[Item]) -> None:
        pending: list[Item] = []
        for item in items:
            if item.kind == "furniture":
                text = self.lines[item.lines[0]].text
                if turn_mark(text):
                    pending.append(Item("comes" if "接" in text[:3] else "goes", [], page=turned_page(text)))
                continue
            if item.kind == "body":
                if self.segments and not pending:
                    self.segments[-1].items.append(item)
                else:
                    self.segments.append(Segment([item], pending))
                    pending = []
            else:
                pending.append(item)
        self.after = pending

    # --- two texts in the same columns ---------------------------------------------------------------------------------

    def _weave(self) -> None:
        """Divide what stands below a title where two texts come in turn, and note which piece goes on in which."""
        strands = Strands(self.blocks, Cohesion([self._text(s) for s in self.segments]))
        n = 1
        while n < len(self.segments):
            region, end = self._region(n)
            seams = strands.seams(region) if region is not None else []
            if seams:
                n = self._divide(n, seams)
            n += 1

    def _region(self, n: int) -> tuple[Region | None, int]:
        """What stands around the title before segment n on its page, and the first segment behind that."""
        border = self.segments[n].before
        titles = [item for item in border if item.kind == "title"]
        tail = self.segments[n - 1].lines[-1]
        whole = self.lines[tail].ends or not self.blocks.full(tail)
        head = self.segments[n].lines[0]
        columns = self.blocks.wrapped(tail) and self.blocks.wrapped(head)
        if (
            not titles
            or not columns
            or _breaks(border)
            or (whole and not any(item.strong for item in titles))
        ):
            return None, n
        first = n - 1
        while first and not _apart(self.segments[first].before):
            first -= 1
        end = n + 1
        while end < len(self.segments) and not _apart(self.segments[end].before):
            end += 1
        inner = self.segments[n:end]
        ended = [
            s.lines[-1]
            for s, t in zip(inner, inner[1:], strict=False)
            if any(item.kind in ENDINGS for item in t.before)
        ]
        above = [i for s in self.segments[first:n] for i in s.lines]
        return Region(
            above,
            [i for item in titles for i in item.lines],
            [i for s in inner for i in s.lines],
            frozenset(ended),
            any(item.kind == "title" and item.strong for item in self.segments[first].before),
        ), end

    def _divide(self, n: int, seams: Sequence[int]) -> int:
        """Part the segments from n on behind so many lines each; gives the last segment of the region."""
        strands = [
            self.segments[n - 1],
            self.segments[n - 1],
        ]  # where each strand stopped; the lower one is still to come
        place, count, lower = n, 0, True
        for seam in seams:
            while (
                count + len(self.segments[place].lines) <= seam + 1
                and count + len(self.segments[place].lines) != seam + 1
            ):
                count += len(self.segments[place].lines)
                place += 1
            if count + len(self.segments[place].lines) > seam + 1:
                self._part(place, seam + 1 - count)
            strands[lower] = self.segments[place]
            count += len(self.segments[place].lines)
            place += 1
            lower = not lower
            self._woven.append((strands[lower], self.segments[place]))
        return place

    def _open_seams(self) -> None:
        """Divide segments where the sentence that another one left unfinished goes on in the midst of their lines.

        That is how boxes and columns that two articles share come out: nothing stands between the one text and the other.
        """
        n = 0
        while n < min(len(self.segments), _MOST_SEGMENTS):
            tail = self.segments[n].lines[-1]
            torn_off = not self.lines[tail].ends and self.blocks.full(tail)
            head = self.segments[n + 1].lines[0] if n + 1 < len(self.segments) else None
            held = head is not None and continuation(self.lines[tail].text, self.lines[head].text) > _HELD
            if torn_off and not held and all(end is not self.segments[n] for end, _ in self._woven):
                self._open_seam(n)
            n += 1

    def _open_seam(self, n: int) -> None:
        """Divide one of the segments near segment n where its last sentence goes on by far the best."""
        before = self.lines[self.segments[n].lines[-1]]
        found: list[tuple[float, int, int]] = []
        for m in range(n + 1, min(n + 4, len(self.segments))):
            lines = self.segments[m].lines
            places = [k for k in range(1, min(len(lines), 200)) if self._may_part(lines[k - 1], lines[k])]
            found += [(continuation(before.text, self.lines[lines[k]].text), m, k) for k in places]
        if not found:
            return
        found.sort(reverse=True)
        margin = found[0][0] - (found[1][0] if len(found) > 1 else 0.0)
        if found[0][0] > _HELD + 0.5 * math.log(len(found)) and margin > 0.5:
            self._part(*found[0][1:])

    def _may_part(self, i: int, k: int) -> bool:
        """Whether the text may change between two lines: the first ends a sentence or does not go on in the other."""
        a, b = self.lines[i], self.lines[k]
        if self.blocks.fresh(k) > 0 or not self.blocks.full(k):
            return False
        return a.ends or (self.blocks.full(i) and continuation(a.text, b.text) < 1.0)

    def _part(self, m: int, k: int) -> None:
        """Divide segment m before its k-th line."""
        segment, items = self.segments[m], self.segments[m].items
        count = 0
        for number, item in enumerate(items):
            if count + len(item.lines) > k:
                first = Item("body", item.lines[: k - count])
                second = Item("body", item.lines[k - count :])
                segment.items = [*items[:number], first] if first.lines else items[:number]
                self.segments.insert(m + 1, Segment([second, *items[number + 1 :]], [Item("seam", [])]))
                return
            count += len(item.lines)

    # --- pieces set beside the text -----------------------------------------------------------------------------------

    def _take_teasers(self) -> list[tuple[Segment, int]]:
        """Short pieces between two page ends whose words stand again in another segment, with that segment's number."""
        candidates = [n for n in range(len(self.segments)) if self._between_breaks(n)]
        grams = {n: self._grams(n) for n in candidates}
        wanted = {gram for found in grams.values() for gram in found}
        homes: dict[int, Counter[int]] = {n: Counter() for n in candidates}
        owners: dict[str, list[int]] = {}
        for n in candidates:
            for gram in grams[n]:
                owners.setdefault(gram, []).append(n)
        for m in range(len(self.segments)) if wanted else ():
            for gram in self._grams(m) & wanted:
                for n in owners[gram]:
                    if n != m:
                        homes[n][m] += 1
        found: list[tuple[Segment, int]] = []
        for n in candidates:
            total = sum(homes[n].values())
            if total >= 0.5 * len(grams[n]) and len(grams[n]) >= 40:
                found.append((self.segments[n], homes[n].most_common(1)[0][0]))
        if not found:
            return []
        kept = [s for s in self.segments if all(s is not teaser for teaser, _ in found)]
        result = [
            (teaser, kept.index(self.segments[home])) for teaser, home in found if self.segments[home] in kept
        ]
        taken = {id(teaser) for teaser, _ in result}
        remaining: list[Segment] = []
        carry: list[Item] = []
        for segment in self.segments:
            if id(segment) in taken:
                carry += segment.before
                continue
            segment.before = carry + segment.before
            carry = []
            remaining.append(segment)
        self.after = carry + self.after
        self.segments = remaining
        return result

    def _between_breaks(self, n: int) -> bool:
        segment = self.segments[n]
        behind = self.segments[n + 1].before if n + 1 < len(self.segments) else self.after
        pure = all(item.kind == "break" for item in segment.before) and bool(segment.before)
        return pure and bool(behind) and behind[0].kind == "break" and len(segment.lines) <= 20

    def _grams(self, n: int) -> set[str]:
        text = "".join(self.lines[i].text for i in self.segments[n].lines)
        return {text[i : i + _GRAM] for i in range(len(text) - _GRAM + 1)}

    # --- order --------------------------------------------------------------------------------------------------------

    def _reorder(self) -> None:
        """Move a segment that starts in the middle of a sentence behind the end that it continues."""
        self.cohesion = Cohesion([self._text(s) for s in self.segments])
        if self.segments:
            place = {id(segment): n for n, segment in enumerate(self.segments)}
            woven = [
                (place[id(x)], place[id(y)]) for x, y in self._woven if id(x) in place and id(y) in place
            ]
            self.segments = _closed(self._moved(torn(self._pieces(), self.cohesion, woven)))
            self.cohesion = Cohesion([self._text(s) for s in self.segments])

    def _moved(self, moves: Sequence[tuple[int, int]]) -> list[Segment]:
        """The segments with every start that was found again behind its end, and what follows it along."""
        order = list(self.segments)
        starts = {y for _, y in moves}
        ends = {x for x, _ in moves}
        for x in ends:
            if x + 1 < len(order) and _joined(order[x + 1]):
                order[x + 1].before = [Item("break", [])]
        for x, y in moves:
            left = self.segments[x]
            end = y + 1
            while end < len(self.segments) and end != x and end not in starts and end - 1 not in ends:
                if not self._follows(end):
                    break
                end += 1
            run = self.segments[y:end]
            at = order.index(run[0])
            if order[at : at + len(run)] != run or left in run:
                continue
            del order[at : at + len(run)]
            border = self._before(order, at)
            closing = _leading_endings(border)
            border[:] = run[0].before + border[len(closing) :]
            run[0].before = [Item("break", []), Item("turn", [])]
            place = order.index(left) + 1
            order[place:place] = run
            behind = self._before(order, place + len(run))
            behind[:0] = closing
        return order

    def _before(self, order: Sequence[Segment], place: int) -> list[Item]:
        """The items before the segment at a place of an order, or those behind the last one."""
        return order[place].before if place < len(order) else self.after

    def _text(self, segment: Segment) -> str:
        return "".join(self.lines[i].text for i in segment.lines)

    def _pieces(self) -> list[Piece]:
        """The segments as far as their ends matter, with what the marks of turned pages say."""
        behind = [*(s.before for s in self.segments[1:]), self.after]
        result = []
        for segment, after in zip(self.segments, behind, strict=True):
            lines = segment.lines
            goes = next((item.page for item in after if item.kind == "goes"), None)
            comes = next((item.page for item in reversed(segment.before) if item.kind == "comes"), None)
            pages = (self._numbers[lines[0]], self._numbers[lines[-1]])
            joined = _joined(segment)
            headed = bool(segment.before) and segment.before[-1].kind in ("title", "byline")
            head, tail = self.lines[lines[0]], self.lines[lines[-1]]
            whole = not self.columns or ends_sentence(tail.text) or not self.blocks.full(lines[-1])
            fresh = self.blocks.fresh(lines[0])
            result.append(Piece(head.text, tail.text, whole, goes, comes, pages, fresh, headed, joined))
        return result

    def _follows(self, n: int) -> bool:
        """Whether segment n belongs to the text of the segment before it in the file, and goes where that goes."""
        border = self.segments[n].before
        if any(item.kind in (*ENDINGS, "comes") or item.strong for item in border):
            return False
        if _joined(self.segments[n]):
            return True
        tail, head = self.tail(n - 1), self.lines[self.segments[n].lines[0]].text
        if not ends_sentence(tail):
            return continuation(tail, head) > 0
        apart = any(item.kind == "break" for item in border)
        return not apart or self.cohesion.between(n - 1, n) > 0

    def tail(self, n: int) -> str:
        """The last line of segment n."""
        return self.lines[self.segments[n].lines[-1]].text


def _joined(segment: Segment) -> bool:
    """Whether a segment is the next line of the one before it, and only its language made a seam between them."""
    return bool(segment.before) and all(item.kind == "seam" for item in segment.before)


def _breaks(border: Sequence[Item]) -> bool:
    return any(item.kind == "break" for item in border)


def _apart(border: Sequence[Item]) -> bool:
    """Whether a page or an article ends at a border."""
    return _breaks(border) or any(item.kind == "title" and item.strong for item in border)


def _closed(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with every seam closed at which nothing was taken away."""
    result: list[Segment] = []
    for segment in segments:
        if result and _joined(segment):
            result[-1].items[-1].lines += segment.items[0].lines
            result[-1].items += segment.items[1:]
        else:
            result.append(segment)
    return result


def _leading_endings(border: Sequence[Item]) -> list[Item]:
    """The items that end the text before a border (`（作者单位：…）`), and go where that text goes."""
    count = 0
    while count < len(border) and border[count].kind in (*ENDINGS, "goes"):
        count += 1
    return list(border[:count])
