"""Where does a torn end go on? All dangling ends of a document and all possible starts, matched at once.

The one idea: a pair of an end and a start gets one sum of log odds: does the language go on there, do both sides speak of the
same things, do `下转` and `上接` name each other's page, how far is it. The assignment with the largest sum wins, in which a
neighbour in the file is a candidate like any other, and an end may stay alone (its continuation is not in the file).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.articles.cohesion import Cohesion
from pbtool.articles.matching import matched
from pbtool.articles.wrapping import joining

_FAR = 24  # segments between a torn end and its continuation
_NEAR = 6  # pieces between the ends of columns that meet in one text
_HOLDS = 1.5  # a neighbour that goes on as well as this is not torn off
_ALONE = 2.5  # what a dangling end loses that goes on nowhere
_JOINED = 4.0  # how much likelier a line is followed by its own next line than by one of another article
_AGREE = 3.0  # marks of turned pages at both ends, and each page number that is right
_LOST = 1.0  # a mark at one end only


@dataclass(frozen=True, slots=True)
class Piece:
    """Running text between two interruptions, as far as its ends matter.

    `whole`: it stops at the end of a sentence or of a head; `goes`: `下转` stands behind it; `comes`: `上接` stands before it; both hold the page that is named (0: none is), or None.
    `pages`: the numbers of its first and last page. `fresh`: log odds, by its indent, that its first line begins a paragraph;
    `headed`: a title stands right before it; `joined`: nothing at all stands between it and the piece before.
    """

    head: str
    tail: str
    whole: bool = True
    goes: int | None = None
    comes: int | None = None
    pages: tuple[int, int] = (0, 0)
    fresh: float = 0.0
    headed: bool = False
    joined: bool = False

    @property
    def dangles(self) -> bool:
        """Whether it stops in the middle of a sentence."""
        return not self.whole


def torn(
    pieces: Sequence[Piece], cohesion: Cohesion, known: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Pairs (end, start) of pieces that belong together and are no neighbours in the file; those that are `known` among them."""
    count = len(pieces)
    beside = [_beside(pieces, n, cohesion) for n in range(count)]
    settled, met = {x for x, _ in known}, {y for _, y in known}
    ends = {
        n for n in range(count) if pieces[n].goes is not None or (pieces[n].dangles and beside[n] < _HOLDS)
    }
    held = {n + 1 for n in range(count - 1) if n not in settled.union(ends) and pieces[n].dangles} | met
    starts = [n for n in range(count) if n not in held and not pieces[n].joined]
    marked = _marked(pieces, starts)
    pairs = []
    for x in sorted((ends | marked.keys()) - settled):
        near = set(marked.get(x, ()))
        if x in ends:
            reach = _NEAR if x + 1 < count and pieces[x + 1].joined else _FAR
            near.update(_around(starts, x, reach), range(max(0, x - _NEAR), min(count, x + _NEAR + 1)))
        near -= held | {x}
        alone = _ALONE if pieces[x].dangles or pieces[x].goes is not None else 0.0
        pairs += [
            (alone + gain, x, y)
            for y in sorted(near)
            if (gain := _gain(pieces, x, y, len(near), cohesion)) > -alone
        ]
    return sorted([*known, *((x, y) for x, y in matched(pairs) if y != x + 1)])


def _around(places: Sequence[int], n: int, reach: int) -> Sequence[int]:
    """So many of the places (in order) to either side of n."""
    at = bisect_left(places, n)
    return places[max(0, at - reach) : at + reach]


def _marked(pieces: Sequence[Piece], starts: Sequence[int]) -> dict[int, list[int]]:
    """The starts that a mark of turned pages, at the one or the other, suggests for an end."""
    first, last = defaultdict(list), defaultdict(list)
    for n in starts:
        first[pieces[n].pages[0]].append(n)
    for n, piece in enumerate(pieces):
        if not piece.dangles and piece.goes is None:
            last[piece.pages[1]].append(n)
    coming = [n for n in starts if pieces[n].comes is not None]
    result: dict[int, list[int]] = {}
    for x, piece in enumerate(pieces):
        if piece.goes is not None:
            named = first[piece.goes] if piece.goes else []
            result[x] = [*_around(coming, x, _FAR), *_around(named, x, _NEAR)]
    for y in coming:
        page = pieces[y].comes
        for x in _around(last[page], y, _NEAR) if page else ():
            result.setdefault(x, []).append(y)
    return result


def _beside(pieces: Sequence[Piece], n: int, cohesion: Cohesion) -> float:
    """How well the text goes on with the next piece of the file."""
    if n + 1 >= len(pieces):
        return -9.0
    after = pieces[n + 1]
    return (
        _language(pieces[n], after) + 0.5 * cohesion.between(n, n + 1) - after.fresh + _JOINED * after.joined
    )


def _language(end: Piece, start: Piece) -> float:
    return max(-6.0, min(6.0, joining(end.tail, start.head)))


def _gain(pieces: Sequence[Piece], x: int, y: int, rivals: int, cohesion: Cohesion) -> float:
    """Log odds that piece y goes on where piece x stops."""
    end, start = pieces[x], pieces[y]
    gain = _language(end, start) if end.dangles else -1.5
    gain += 0.8 * cohesion.between(x, y)
    # Behind a whole sentence a new paragraph is as likely as the midst of one.
    gain += _marks(end, start) + (-start.fresh if end.dangles else min(0.0, start.fresh))
    if y == x + 1:
        return gain + _JOINED * start.joined
    return gain - math.log(1 + rivals) - 0.02 * abs(y - x) - 1.0 * (y < x) - 2.0 * start.headed


def _marks(end: Piece, start: Piece) -> float:
    """What `下转第三版` behind the one and `上接第一版` before the other say together."""
    if end.goes is None and start.comes is None:
        return 0.0
    gain = -_LOST if end.goes is None or start.comes is None else _AGREE
    for named, page in ((end.goes, start.pages[0]), (start.comes, end.pages[1])):
        if named and page:
            gain += _AGREE if named == page else -_AGREE / 2
    return gain
