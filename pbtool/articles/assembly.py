"""Whose piece is it? The chain of segments, cut into articles, and every title given to one of them.

The one idea: with the text in reading order, articles are found by dynamic programming over one sum of evidence: where a title
stands, what words it shares with the text, what the segments share, what a page end, an author's bracket or a dateline says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import dateline
from pbtool.articles.items import ENDINGS, Item
from pbtool.articles.lines import HAN, ends_sentence
from pbtool.articles.ordering import Ordering
from pbtool.articles.wrapping import continuation
from pbtool.tables import pattern

_REACH = 40  # segments that one article may span
_NEAR = 8  # segments on either side of a title that are compared with it
_BRIEF = pattern(rf"\d{{1,2}}\s?月\s?\d{{1,2}}\s?日|近日|日前|[{HAN}]{{2,6}}[讯訊]\s")
_HOPELESS = 7.0  # a division that is worse by this much is not followed up
#: Numbered heads, which are no titles; and those that cannot be the first of an article.
_NUMBERED = pattern(
    r"[一二三四五六七八九十]{1,2}[、.．](?![一二三四五六七八九十])|[（(][一二三四五六七八九十]{1,2}[）)]|\d{1,2}[.．、](?!\d)"
)
_LATER = pattern(
    r"[二三四五六七八九]、|[（(][二三四五六七八九][）)]|[2-9][.．、](?!\d)|十[一二三四五六七八九]、"
)
_TOGETHER = 0.5  # how much what two segments speak about weighs
_UNTITLED = -4.5  # what an article without a title costs
_BEHIND = -6.0  # what it costs that a title stands behind the beginning of text that is not in columns
_BACKWARDS = -3.0  # what it costs that the second part of an article stands before the first in the file
_GIVEN_UP = -14.0  # what a text may lose inside before no further end of it is tried
_TWO_AUTHORS = -4.0  # what it costs that an author signs at the end of an article and another is named before


_PLACES = {
    "front": "stands before the text",
    "end": "stands behind the text",
    "inside": "stands between paragraphs",
    "torn": "stands in the middle of a sentence that goes on behind it",
}


@dataclass(slots=True)
class Draft:
    """An article before its fields are read: items in reading order, and the title group among them."""

    items: list[Item]
    title: Item | None
    why: list[str] = field(default_factory=list)


class _Part(NamedTuple):
    """An article in a division: from the p-th item before segment i to the q-th before segment j; it is read from segment
    `first` on, and what stands before that (its end) afterwards."""

    i: int
    p: int
    j: int
    q: int
    first: int


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
        self.lines = blocks.lines
        order = Ordering(blocks, items)
        self.segments, self.after, self.teasers = order.segments, order.after, order.teasers
        self.cohesion, self._tail = order.cohesion, order.tail
        self._body = blocks.body
        self._columns = [order.columns and blocks.wrapped(s.lines[0]) for s in self.segments]
        self._shared: dict[tuple[int, int], float] = {}

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
        crumbs = rows < 4 * len(self.segments)  # pieces of a line or two: no text is made of many of them
        self._reach = (
            _REACH if not crumbs or len(self.segments) < 200 else 8 if len(self.segments) < 2000 else 3
        )
        self._links = [self._link(n, borders[n]) if n else 0.0 for n in range(len(self.segments))]
        self._inner = [self._inside(n, borders[n]) if n else [] for n in range(len(self.segments))]
        self._sent = [self._has_senders(n) for n in range(len(self.segments))]
        best = self._divide(borders, cuts)
        return self._collect(borders, best)

    def _divide(self, borders: list[list[Item]], cuts: list[list[int]]) -> list[_Part]:
        count = len(self.segments)
        value: dict[tuple[int, int], float] = {(0, 0): 0.0}
        source: dict[tuple[int, int], tuple[int, int, int]] = {}
        for i in range(count):
            reached = [p for p in cuts[i] if (i, p) in value]
            top = max((value[(i, p)] for p in reached), default=0.0)
            for p in reached:
                if value[(i, p)] <= top - _HOPELESS:
                    continue
                ways = chain(self._forwards(i, p, borders, cuts), self._backwards(i, p, borders, cuts))
                for j, q, first, gain in ways:
                    score = value[(i, p)] + gain
                    if (j, q) not in value or score > value[(j, q)]:
                        value[(j, q)], source[(j, q)] = score, (i, p, first)
        state = (count, cuts[-1][0])
        result = []
        while state in source:
            i, p, first = source[state]
            result.append(_Part(i, p, *state, first))
            state = (i, p)
        return result[::-1]

    def _forwards(
        self, i: int, p: int, borders: list[list[Item]], cuts: list[list[int]]
    ) -> Iterator[tuple[int, int, int, float]]:
        """Every article that begins with segment i and the items of its border from p on: where it ends, where it is read from,
        and what it is worth."""
        for j, q, score in self._ends(i, p, borders, cuts):
            two = any(item.kind == "signed" for item in borders[j][:q]) and any(self._sent[i:j])
            yield j, q, i, score + (_TWO_AUTHORS if two else 0.0)

    def _backwards(
        self, i: int, p: int, borders: list[list[Item]], cuts: list[list[int]]
    ) -> Iterator[tuple[int, int, int, float]]:
        """Every article whose second part begins with segment i, without a title, and ends where its first part begins.

        That is how a page comes out whose columns were drawn in another order: the end with its author's bracket, the title,
        and then the beginning.
        """
        inner, t = 0.0, i + 1
        opens = i == 0 or any(item.kind == "break" for item in borders[i])
        if not opens or not self._columns[i] or any(item.strong for item in borders[i][p:]):
            return
        while t < len(self.segments) and not any(item.kind in ENDINGS for item in borders[t]):
            if any(item.strong for item in borders[t]) or t - i > _NEAR:
                return
            inner += self._links[t]
            t += 1
        if t == len(self.segments) or not any(item.strong for item in borders[t]):
            return
        for j, q, score in self._ends(t, 0, borders, cuts, inner):
            closes = j == len(self.segments) or any(item.kind == "break" for item in borders[j])
            if closes and not any(item.kind in ENDINGS for item in borders[j]):
                yield j, q, t, score + _BACKWARDS + _TOGETHER * self.cohesion.between(j - 1, i)

    def _ends(
        self, i: int, p: int, borders: list[list[Item]], cuts: list[list[int]], inner: float = 0.0
    ) -> Iterator[tuple[int, int, float]]:
        """Where a text that begins with segment i and the items of its border from p on may end (segment, item), and what its links
        and titles are worth then; `inner`: the worth of links that it has already."""
        held = self._weigh(_Titles(), _placed(borders[i], p, len(borders[i]), "front"), i, i)
        for j in range(i + 1, min(len(self.segments), i + self._reach) + 1):
            if j > i + 1:
                inner += self._links[j - 1]
                held = self._weigh(held, self._inner[j - 1], i, j - 1)
            for q in cuts[j]:
                own = self._weigh(held, _placed(borders[j], 0, q, "end"), i, j - 1)
                yield j, q, inner + own.score() + _at_break(borders[j], q)
            if inner + held.cost < _GIVEN_UP:
                return

    def _has_senders(self, n: int) -> bool:
        """Whether segment n opens with a dateline that names who sent it."""
        first = self.segments[n].lines[:2]
        found = dateline(self.lines[first[0]].text)
        if found is not None and found[2] is None:
            found = dateline("".join(self.lines[i].text for i in first))
        return found is not None and found[2] is not None

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
        if any(kind in ENDINGS for kind in kinds):
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
            score += -1.5 if brief else 2.5 - self._news(titles[-1], n)
        elif titles:
            score -= 0.7
        elif "break" in kinds:
            score -= 0.3
        else:
            score += 3.0
        return score

    def _news(self, item: Item, n: int) -> float:
        """Evidence that a title group before segment n heads another article: its words stand below it and not above, and the
        two texts have little in common."""
        fresh = self.overlap(item, n) - self.overlap(item, n - 1)
        long = min(1.0, max(0.0, sum(self.lines[i].width for i in item.lines) - 8) / 6)  # heads are short
        strange = -min(0.0, self.cohesion.between(n - 1, n))
        return long * (4.0 * max(0.0, fresh - 0.2) + (1 - _TOGETHER) * strange)

    def _title_gain(self, item: Item, where: str, i: int, n: int) -> float:
        """What a title group is worth as the title of an article that begins with segment i, standing near segment n."""
        if _NUMBERED.match(self.lines[item.lines[0]].text):
            return -6.0
        base = {"front": 2.0, "front break": -2.5, "torn": 1.5, "inside": 0.0, "end": -0.5, "end break": 1.0}[
            where
        ]
        if not item.strong:
            base -= 2.0
        if self._body:
            base += min(2.0, (self.lines[item.lines[-1]].size or self._body) / self._body - 1)
        if not self._columns[i] and not where.startswith("front"):
            base += _BEHIND  # what is not wrapped was written from its beginning: a later line is a head
        near = (i, n) if n - i < 2 else (i, i + 1, n - 1, n)
        return base + 3.0 * max(self.overlap(item, k) for k in near)

    def _collect(self, borders: list[list[Item]], best: Sequence[_Part]) -> list[Draft]:
        drafts = []
        teasers: dict[int, list[Item]] = {}
        for teaser, home in self.teasers:
            teasers.setdefault(home, []).append(Item("caption", teaser.lines))
        for i, p, j, q, first in best:
            placed = [(*pair, i) for pair in _placed(borders[i], p, len(borders[i]), "front")]
            items = list(borders[i][p:]) + list(self.segments[i].items)
            begun: list[Item] = []
            for n in range(i + 1, j):
                if n == first:
                    begun, items = items, [Item("break", [])]
                    placed = [(*pair, n) for pair in _placed(borders[n], 0, len(borders[n]), "front")]
                else:
                    placed += [(*pair, n) for pair in self._inner[n]]
                items += list(borders[n]) + list(self.segments[n].items)
            placed += [(*pair, j - 1) for pair in _placed(borders[j], 0, q, "end")]
            items += list(borders[j][:q]) + ([Item("break", []), *begun] if begun else [])
            title, where = self._main(placed, i)
            for n in range(i, j):
                items += teasers.get(n, [])
            drafts.append(Draft(items, title, self._reasons(borders, i, j, first, title, where)))
        return drafts

    def _reasons(
        self, borders: list[list[Item]], i: int, j: int, first: int, title: Item | None, where: str
    ) -> list[str]:
        """Why the title is the title, and why each segment of the article stands where it does."""
        reasons = ["no title was found for it"]
        if title is not None:
            shared = max(self.overlap(title, n) for n in range(i, j))
            place = _PLACES.get(where.split()[0], where)
            reasons = [
                f"title at {self._place(title.lines[0])}: {place}; the text holds {shared:.0%} of its words"
            ]
        for n in (*range(first, j), *range(i, first)):
            if n == first:
                why = "begins the article"
            elif n == i:
                why = f"goes on from the page's end (words in common {self.cohesion.between(j - 1, i):+.1f})"
            else:
                why = self._why(n, borders[n])
            reasons.append(f"text at {self._place(self.segments[n].lines[0])}: {why}")
        return reasons

    def _why(self, n: int, border: Sequence[Item]) -> str:
        """Why segment n follows segment n - 1."""
        kinds = {item.kind for item in border}
        across = (
            "behind a page end"
            if "break" in kinds
            else "behind a title"
            if "title" in kinds
            else "next to it"
        )
        same = f"words in common {self.cohesion.between(n - 1, n):+.1f}"
        tail, head = self._tail(n - 1), self.lines[self.segments[n].lines[0]].text
        if "turn" in kinds:
            return f"found again elsewhere: the sentence before it goes on here ({continuation(tail, head):+.1f}, {same})"
        if ends_sentence(tail):
            return f"{across}, a new paragraph of the same article ({same})"
        return f"{across}, the sentence goes on ({continuation(tail, head):+.1f}, {same})"

    def _place(self, i: int) -> int:
        return self.lines[i].start

    def _main(self, placed: Sequence[tuple[Item, str, int]], i: int) -> tuple[Item | None, str]:
        """The title group to which the division gave the article, and where it stands."""
        best: tuple[float, Item | None, str] = (_UNTITLED, None, "nowhere")
        for item, where, n in placed:
            score = self._title_gain(item, where, i, n) + (4.0 if item.strong else 0.0)
            if score > best[0]:
                best = (score, item, where)
        return best[1], best[2]


def _cut_places(border: Sequence[Item]) -> list[int]:
    """Where between two segments one article may end and the next begin."""
    places = {0, len(border)}
    for n, item in enumerate(border):
        if item.kind == "break":
            places.add(n)
        if item.kind == "title":
            places.update((n, n + 1))
        if item.kind in ENDINGS:
            places.add(n + 1)
            places.discard(n)
    ends = [n for n, item in enumerate(border) if item.kind in ENDINGS]
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
