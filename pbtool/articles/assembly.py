"""Whose piece is it, and in what order? The jigsaw of a page, solved as one best assignment.

The one idea: running text falls into segments wherever something interrupts it. A dangling end looks for the start that
the language goes on with (an assignment over all of them); then the chain of segments is cut into articles and every
title group given to one of them by dynamic programming over one sum of evidence: where the title stands, what words it
shares with the text, what a page end, an author's bracket or a dateline says.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import dateline
from pbtool.articles.cohesion import Cohesion
from pbtool.articles.continuations import Piece, torn
from pbtool.articles.forms import turn_mark, turned_page
from pbtool.articles.items import Item, page_labels
from pbtool.articles.lines import ends_sentence
from pbtool.articles.wrapping import continuation

_REACH = 40  # segments that one article may span
_NEAR = 8  # segments on either side of a title that are compared with it
_BRIEF = re.compile(r"\d{1,2}\s?月\s?\d{1,2}\s?日|近日|日前|[\u4e00-\u9fff]{2,6}[讯訊]\s")
_GRAM = 6
_HOPELESS = 7.0  # a division that is worse by this much is not followed up
#: Numbered heads, which are no titles; and those that cannot be the first of an article.
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,2}[、.．](?![一二三四五六七八九十])|[（(][一二三四五六七八九十]{1,2}[）)]|\d{1,2}[.．、](?!\d)"
)
_LATER = re.compile(
    r"[二三四五六七八九]、|[（(][二三四五六七八九][）)]|[2-9][.．、](?!\d)|十[一二三四五六七八九]、"
)
_HELD = 2.5  # log odds of a sentence that goes on
_MOST_SEGMENTS = 3000  # segments that are looked through for seams
_TOGETHER = 0.5  # how much what two segments speak about weighs
_UNTITLED = -4.5  # what an article without a title costs
#: Items behind which an article is over.
_ENDINGS = ("affiliation", "origin", "signed")


@dataclass(slots=True, eq=False)
class Segment:
    """Running text between two interruptions, and the other items that stand before it in the file."""

    items: list[Item] = field(default_factory=list)
    before: list[Item] = field(default_factory=list)

    @property
    def lines(self) -> list[int]:
        """The lines of all items, in their order."""
        return [i for item in self.items for i in item.lines]


@dataclass(slots=True)
class Draft:
    """An article before its fields are read: items in reading order, and the title group among them."""

    items: list[Item]
    title: Item | None
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Titles:
    """What the title groups of an article cost together, and the gain of the one that fits best as its title."""

    cost: float = 0.0
    best: float = _UNTITLED

    def score(self) -> float:
        return self.cost + self.best


class Assembly:
    """The segments of a document and the best division of them into articles."""

    def __init__(self, blocks: Blocks, items: Sequence[Item]) -> None:
        self.blocks = blocks
        self.lines = blocks.lines
        self._numbers = page_labels(blocks)
        self.segments: list[Segment] = []
        self.after: list[Item] = []
        self._cut_segments(items)
        self._open_seams()
        self.teasers = self._take_teasers()
        self._shared: dict[tuple[int, int], float] = {}
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
            if torn_off and not held:
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
        if self._fresh(k) > 0 or not self.blocks.full(k):
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
            self.segments = _closed(self._moved(torn(self._pieces(), self.cohesion)))
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
                if not (_joined(self.segments[end]) or self._goes_on(end)):
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
            whole = ends_sentence(tail.text) or not self.blocks.full(lines[-1])
            fresh = self._fresh(lines[0])
            result.append(Piece(head.text, tail.text, whole, goes, comes, pages, fresh, headed, joined))
        return result

    def _fresh(self, i: int) -> float:
        """Log odds, by the indent where indents are kept, that line i begins a paragraph."""
        if not self.blocks.measures.indents_speak:
            return 0.0
        return 4.0 if self.lines[i].indent >= 1.0 else -1.5

    def _goes_on(self, n: int) -> bool:
        """Whether segment n goes on with the sentence at the end of the segment before it in the file."""
        tail = self._tail(n - 1)
        return not ends_sentence(tail) and continuation(tail, self.lines[self.segments[n].lines[0]].text) > 0

    def _tail(self, n: int) -> str:
        return self.lines[self.segments[n].lines[-1]].text

    # --- articles -----------------------------------------------------------------------------------------------------

    def overlap(self, item: Item, n: int) -> float:
        """The share (0 to 1) of the weight of an item's word pairs that segment n holds."""
        key = (item.lines[0], n)
        if key not in self._shared:
            text = "".join(self.lines[i].text for i in item.lines)
            self._shared[key] = self.cohesion.held(text, n)
        return self._shared[key]

    def drafts(self) -> list[Draft]:
        """The articles of the best division, in file order."""
        if not self.segments:
            loose = [item for item in self.after if item.lines]
            return [Draft(loose, None)] if loose else []
        borders = [s.before for s in self.segments] + [self.after]
        cuts = [_cut_places(border) for border in borders]
        cuts[0], cuts[-1] = [0], [len(borders[-1])]
        rows = sum(len(s.lines) for s in self.segments)
        self._reach = _REACH if rows >= 4 * len(self.segments) or len(self.segments) < 200 else 8
        self._links = [self._link(n, borders[n]) if n else 0.0 for n in range(len(self.segments))]
        self._inner = [self._inside(n, borders[n]) if n else [] for n in range(len(self.segments))]
        best = self._divide(borders, cuts)
        return self._collect(borders, best)

    def _divide(self, borders: list[list[Item]], cuts: list[list[int]]) -> list[tuple[int, int, int, int]]:
        count = len(self.segments)
        value: dict[tuple[int, int], float] = {(0, 0): 0.0}
        source: dict[tuple[int, int], tuple[int, int]] = {}
        for i in range(count):
            reached = [p for p in cuts[i] if (i, p) in value]
            top = max((value[(i, p)] for p in reached), default=0.0)
            for p in reached:
                if value[(i, p)] > top - _HOPELESS:
                    self._extend(i, p, borders, cuts, value, source)
        state = (count, cuts[-1][0])
        result = []
        while state in source:
            back = source[state]
            result.append((*back, *state))
            state = back
        return result[::-1]

    def _extend(
        self,
        i: int,
        p: int,
        borders: list[list[Item]],
        cuts: list[list[int]],
        value: dict[tuple[int, int], float],
        source: dict[tuple[int, int], tuple[int, int]],
    ) -> None:
        """Try every article that begins with segment i and the items of its border from p on."""
        inner = 0.0
        held = self._weigh(_Titles(), _placed(borders[i], p, len(borders[i]), "front"), i, i)
        for j in range(i + 1, min(len(self.segments), i + self._reach) + 1):
            if j > i + 1:
                inner += self._links[j - 1]
                held = self._weigh(held, self._inner[j - 1], i, j - 1)
            for q in cuts[j]:
                own = self._weigh(held, _placed(borders[j], 0, q, "end"), i, j - 1)
                score = value[(i, p)] + inner + own.score() + _at_break(borders[j], q)
                if (j, q) not in value or score > value[(j, q)]:
                    value[(j, q)] = score
                    source[(j, q)] = (i, p)
            if inner + held.cost < -14:
                break

    def _inside(self, n: int, border: Sequence[Item]) -> list[tuple[Item, str]]:
        """The title groups between segments n - 1 and n when both are of one article."""
        where = "inside" if ends_sentence(self._tail(n - 1)) else "torn"
        return _placed(border, 0, len(border), where)

    def _weigh(self, held: _Titles, placed: Sequence[tuple[Item, str]], i: int, n: int) -> _Titles:
        """The titles of an article that begins with segment i, with those near segment n added."""
        cost, best = held.cost, held.best
        for item, where in placed[:6]:
            loss = -4.0 if item.strong else 0.0
            cost += loss
            best = max(best, self._title_gain(item, where, i, n) - loss)
        return _Titles(cost, best)

    def _link(self, n: int, border: Sequence[Item]) -> float:
        """Evidence that segment n goes on with the article of segment n - 1."""
        kinds = [item.kind for item in border]
        tail, head = self._tail(n - 1), self.lines[self.segments[n].lines[0]].text
        if "turn" in kinds:
            return 6.0
        if any(kind in _ENDINGS for kind in kinds):
            return -6.0
        if not ends_sentence(tail):
            return 4.0 + min(3.0, max(-3.0, continuation(tail, head)))
        score = -0.3 + _TOGETHER * self.cohesion.between(n - 1, n)
        if dateline(head):
            score -= 3.0
        titles = [item for item in border if item.kind == "title"]
        if titles and _LATER.match(self.lines[titles[-1].lines[0]].text):
            score += 4.0
        elif titles and all(not item.strong for item in titles):
            brief = _BRIEF.match(head) is not None and "break" not in kinds
            score += -1.5 if brief else 2.5
        elif titles:
            score -= 0.7
        elif "break" in kinds:
            score -= 0.3
        else:
            score += 3.0
        return score

    def _title_gain(self, item: Item, where: str, i: int, n: int) -> float:
        """What a title group is worth as the title of an article that begins with segment i, standing near segment n."""
        if _NUMBERED.match(self.lines[item.lines[0]].text):
            return -6.0
        base = {"front": 2.0, "front break": -2.5, "torn": 1.5, "inside": 0.0, "end": -0.5, "end break": 1.0}[
            where
        ]
        if not item.strong:
            base -= 2.0
        near = (i, n) if n - i < 2 else (i, i + 1, n - 1, n)
        return base + 3.0 * max(self.overlap(item, k) for k in near)

    def _collect(self, borders: list[list[Item]], best: Sequence[tuple[int, int, int, int]]) -> list[Draft]:
        drafts = []
        teasers: dict[int, list[Item]] = {}
        for teaser, home in self.teasers:
            teasers.setdefault(home, []).append(Item("caption", teaser.lines))
        for i, p, j, q in best:
            placed = [(*pair, i) for pair in _placed(borders[i], p, len(borders[i]), "front")]
            items = list(borders[i][p:]) + list(self.segments[i].items)
            for n in range(i + 1, j):
                placed += [(*pair, n) for pair in self._inner[n]]
                items += list(borders[n]) + list(self.segments[n].items)
            placed += [(*pair, j - 1) for pair in _placed(borders[j], 0, q, "end")]
            items += list(borders[j][:q])
            title, where = self._main(placed, i)
            for n in range(i, j):
                items += teasers.get(n, [])
            drafts.append(Draft(items, title, [f"segments {i + 1}-{j}; title stands: {where}"]))
        return drafts

    def _main(self, placed: Sequence[tuple[Item, str, int]], i: int) -> tuple[Item | None, str]:
        """The title group to which the division gave the article, and where it stands."""
        best: tuple[float, Item | None, str] = (_UNTITLED, None, "nowhere")
        for item, where, n in placed:
            score = self._title_gain(item, where, i, n) + (4.0 if item.strong else 0.0)
            if score > best[0]:
                best = (score, item, where)
        return best[1], best[2]


def _joined(segment: Segment) -> bool:
    """Whether a segment is the next line of the one before it, and only its language made a seam between them."""
    return bool(segment.before) and all(item.kind == "seam" for item in segment.before)


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
    while count < len(border) and border[count].kind in (*_ENDINGS, "goes"):
        count += 1
    return list(border[:count])


def _cut_places(border: Sequence[Item]) -> list[int]:
    """Where between two segments one article may end and the next begin."""
    places = {0, len(border)}
    for n, item in enumerate(border):
        if item.kind == "break":
            places.add(n)
        if item.kind == "title":
            places.update((n, n + 1))
        if item.kind in _ENDINGS:
            places.add(n + 1)
            places.discard(n)
    ends = [n for n, item in enumerate(border) if item.kind in _ENDINGS]
    low = ends[0] + 1 if ends else 0
    found = sorted(place for place in places if place >= low) or [len(border)]
    return found if len(found) <= 8 else [*found[:4], *found[-4:]]


def _at_break(border: Sequence[Item], cut: int) -> float:
    """A division is likelier at a page end, and never between a title and its own byline."""
    score = 0.6 if cut < len(border) and border[cut].kind == "break" else 0.0
    if cut < len(border) and border[cut].kind == "caption":
        follows = next((item.kind for item in border[cut:] if item.kind != "caption"), "")
        score -= 0.5 if follows in ("title", "break") else 0.0
    if 0 < cut < len(border):
        pair = (border[cut - 1].kind, border[cut].kind)
        if pair in (("title", "byline"), ("byline", "title"), ("title", "affiliation"), ("title", "note")):
            score -= 3.0
    return score


def _placed(border: Sequence[Item], low: int, high: int, where: str) -> list[tuple[Item, str]]:
    """The title groups of border[low:high] with their place; a page end beside them is noted."""
    part = border[low:high]
    last = max((n for n, item in enumerate(part) if item.kind == "break"), default=-1)
    closed = high < len(border) and border[high].kind == "break"
    result = []
    for n, item in enumerate(part):
        if item.kind == "title":
            before = (where == "front" and n < last) or (where == "end" and (closed or n < last))
            result.append((item, f"{where} break" if before else where))
    return result
