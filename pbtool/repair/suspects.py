"""Where a text is suspicious: the parts around characters that would fit better as signs.

The one idea: most texts are clean, so that looking must be cheap. A glance at the two neighbours rules nearly everything out
and shows most of what is shifted; the model looks closer only at the few places in between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import lru_cache

from pbtool.language import END, folding, model
from pbtool.repair.neighbours import SAID, neighbours
from pbtool.repair.readings import lead
from pbtool.repair.signs import ALNUM, DASH, seeds, shifted_alnum, signs

REACH = 160  # how far around a suspicious character the run is followed
_CORE = 8000  # characters judged together
_MEMO = 1 << 15
_OBVIOUS = -3.0  # so bad between its two neighbours that no closer look is needed


def parts(text: str, limit: float, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of text[begin:end], of bounded length, around all that fits better as a sign by `limit` nats."""
    low = high = -1
    for place in _suspects(text, limit, begin, end):
        if place - REACH > high:
            if high >= 0:
                yield from _pieces(low, min(high, end))
            low = max(begin, place - REACH)
        high = place + REACH
    if high >= 0:
        yield from _pieces(low, min(high, end))


def _pieces(low: int, high: int) -> Iterator[tuple[int, int]]:
    for start in range(low, high, _CORE):
        yield start, min(start + _CORE, high)


def _suspects(text: str, limit: float, begin: int, end: int) -> Iterator[int]:
    """Places that fit better as signs by `limit`, but none within a stretch that was looked at already.

    A doubtful place waits for a plain one nearby, beside which it needs no look of its own.
    """
    passed = begin
    waiting: deque[int] = deque()
    look = _Look(text, limit)
    following = seeds().finditer(text, begin, end)
    while found := next(following, None):
        place = found.start()
        while waiting and waiting[0] + REACH // 2 < place:
            doubtful = waiting.popleft()
            if doubtful >= passed and look.closer(doubtful):
                passed = doubtful + REACH // 2
                yield doubtful
        if place < passed:
            continue
        margin = look.glance(place)
        if margin > limit:
            waiting.clear()
            passed = place + REACH // 2
            yield place
            following = seeds().finditer(text, passed, end)
        elif margin >= _OBVIOUS:
            waiting.append(place)
    for doubtful in waiting:
        if doubtful >= passed and look.closer(doubtful):
            passed = doubtful + REACH // 2
            yield doubtful


class _Look:
    """Looks at the places of one text; what was seen is remembered by its surroundings."""

    def __init__(self, text: str, limit: float) -> None:
        self._text, self._limit, self._known = text, limit, neighbours()
        self._known.relax()
        self._around: dict[str, bool] = {}

    def glance(self, place: int) -> float:
        """How much better (in nats) the sign fits its two neighbours; never plain for digits and letters."""
        left, right, known = self._text[place - 1 : place + 1], self._text[place : place + 2], self._known
        margin = known.before[left] + known.behind[right]
        if margin > SAID:
            return margin
        most = known.most_before[left] + known.most_behind[right]
        if most < _OBVIOUS:
            return most
        if place < 2:
            return _beside(self._text[: place + 2], place)
        return _beside("\0" + self._text[place - 1 : place + 2], 2)  # no line begins here

    def closer(self, place: int) -> bool:
        """Whether the sign fits better by enough among the five characters on each side."""
        around = self._text[max(0, place - 5) : place + 6]
        suspect = self._around.get(around)
        if suspect is None:
            if len(self._around) > _MEMO:
                self._around.clear()
                model().relax()
            suspect = self._around[around] = _gain(self._text, place, 5) > self._limit
        return suspect


@lru_cache(maxsize=_MEMO)
def _beside(around: str, place: int) -> float:
    """The same for a place in the few characters around it, at most as likely as not; such come again in every text."""
    return min(0.0, _gain(around, place, 1))


def _gain(text: str, place: int, reach: int) -> float:
    """How much better (in nats) the sign fits than the character, within `reach` characters.

    A line's end may count or not; digits and letters side by side are shifted together, and so are the halves of a dash.
    """
    table, sign = folding(), signs()[text[place]]
    left, right = text[max(0, place - reach) : place], text[place + 1 : place + 1 + reach]
    start = END if place <= reach else ""
    best = lead(start + left.translate(table), text[place], right.translate(table), named=False)
    if "\n" in left or "\n" in right:
        joined = left.replace("\n", "").translate(table), right.replace("\n", "").translate(table)
        best = max(best, lead(joined[0], text[place], joined[1], named=False))
    if sign.kind == ALNUM or text[place] == DASH:
        others = shifted_alnum() if sign.kind == ALNUM else {ord(DASH): sign.char}
        whole = left + text[place] + right
        together = whole.translate(others)
        if together != left + sign.char + right:  # else it stands alone, and was judged above
            own, other = model().between(start, (whole.translate(table), together.translate(table)), "")
            best = max(best, other - own)
    return best
