"""Edits: a change of text as data. Apply them, invert them, merge passes, and map places back.

The one idea: text is never changed, only described. An `Edit` says where, what stood there, what stands there now, which
rule said so and how sure it is. Offsets count code points of the text that the edit was proposed for; ends are exclusive.

Sets of edits are always tuples sorted by place. Two edits of one set never overlap; two insertions never share a place.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import Literal

Grade = Literal["sure", "likely", "suggested"]
Span = tuple[int, int]

_GRADES: dict[Grade, int] = {"sure": 0, "likely": 1, "suggested": 2}


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: `text[start:end] == before` becomes `after`, because of `rule`."""

    start: int
    end: int
    before: str
    after: str
    rule: str
    grade: Grade = "sure"
    confidence: float = 1.0

    def shifted(self, by: int) -> Edit:
        """The same edit, `by` code points further on."""
        start, end = self.start + by, self.end + by
        return Edit(start, end, self.before, self.after, self.rule, self.grade, self.confidence)


class _Draft:
    """An edit before it is frozen: the same slots, filled by plain assignment.

    A frozen dataclass fills each of its slots by a call of `object.__setattr__`, which takes more than twice as long; filling
    them column by column through their descriptors takes a quarter longer.
    """

    __slots__ = ("after", "before", "confidence", "end", "grade", "rule", "start")

    def __init__(
        self, start: int, end: int, before: str, after: str, rule: str, grade: Grade, confidence: float
    ) -> None:
        self.start, self.end, self.before, self.after = start, end, before, after
        self.rule, self.grade, self.confidence = rule, grade, confidence


def replacements(
    rule: str,
    places: Iterable[int],
    befores: Iterable[str],
    afters: Iterable[str],
    grades: Iterable[Grade],
    confidences: Iterable[float],
) -> list[Edit]:
    """Edits of one character each, column by column: for texts that need tens of thousands of them."""
    starts = [*places]
    ends = map((1).__add__, starts)
    drafts = [*map(_Draft, starts, ends, befores, afters, repeat(rule), grades, confidences)]
    for draft in drafts:
        draft.__class__ = Edit  # type: ignore[assignment]  # Python allows it where both have the same slots
    return drafts  # type: ignore[return-value]


def ordered(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits sorted by place, stably; raises ValueError where two of them touch the same characters."""
    result = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
    for left, right in zip(result, result[1:], strict=False):
        if right.start < left.end or (right.start == left.start and right.end == left.end):
            raise ValueError(f"edits overlap at {right.start}: {left} and {right}")
    return result


def without_overlaps(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits sorted by place, keeping of any that collide the one that came first in `edits` (rules are in order of trust)."""
    edits = tuple(edits)
    if _apart(edits):
        return edits
    ranked = sorted(enumerate(edits), key=lambda pair: (pair[1].start, pair[1].end, pair[0]))
    kept: list[tuple[int, Edit]] = []
    for rank, edit in ranked:
        while kept:
            last_rank, last = kept[-1]
            collides = edit.start < last.end or (edit.start == last.start and edit.end == last.end)
            if not collides or last_rank <= rank:
                break
            kept.pop()
        else:
            kept.append((rank, edit))
            continue
        if not collides:
            kept.append((rank, edit))
    return tuple(edit for _, edit in kept)


def _apart(edits: Sequence[Edit]) -> bool:
    """Whether edits are in order as they stand, and no two of them touch the same characters."""
    last = -1
    for edit in edits:
        if edit.start < last or (edit.start == last and edit.start == edit.end):
            return False
        last = edit.end
    return True


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits (sorted, see `ordered`). Raises ValueError where the text is not what an edit expects."""
    pieces: list[str] = []
    done = 0
    for edit in edits:
        start, end = edit.start, edit.end
        if start < done or text[start:end] != edit.before:
            raise ValueError(f"edit does not fit the text: {edit}")
        pieces += text[done:start], edit.after
        done = end
    pieces.append(text[done:])
    return "".join(pieces)


def invert(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Edits of the new text that give the old one back."""
    origin = Origin(edits)
    return tuple(map(origin.inverse, range(len(edits))))


def merge(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
    """One set of edits that does what `first` and then `second` (places in the text after `first`) do together.

    Edits that touch become one: it keeps the rule of the earlier pass, the worse grade and the lower confidence.
    An edit that a later pass takes back entirely disappears.
    """
    if not first or not second:
        return tuple(first or second)
    between = Origin(first)  # places of the first pass's edits in the text between the passes
    result: list[Edit] = []
    i = j = shift = 0  # shift: what to add to a place between the passes to get the place in the old text
    while j < len(second):
        ahead = between.ending_before(second[j].start, i)
        if ahead > i:
            result.extend(first[i:ahead])
            i = ahead
            shift = -between.grown(i)
        if i < len(first) and _before(between.inverse(i), second[j]):
            result.append(first[i])
            i += 1
            shift = -between.grown(i)
        elif i == len(first) or _before(second[j], between.inverse(i)):
            result.append(second[j].shifted(shift) if shift else second[j])
            j += 1
        else:
            low = min(between.inverse(i).start, second[j].start)
            end_i, end_j, high = _cluster(between, second, i, j)
            inverse = [between.inverse(number) for number in range(i, end_i)]
            merged = _fuse(first[i:end_i], inverse, second[j:end_j], low, high, shift)
            if merged.before != merged.after:
                result.append(merged)
            i, j = end_i, end_j
            shift = -between.grown(i)
    result.extend(first[i:])
    return tuple(result)


def _cluster(between: Origin, second: Sequence[Edit], i: int, j: int) -> tuple[int, int, int]:
    """Where the edits of both passes that touch each other, from the i-th and the j-th on, end: numbers and place."""
    one, other = between.inverse(i), second[j]
    low, high = min(one.start, other.start), max(one.end, other.end)
    while True:
        if i < len(between) and _touches(between.inverse(i), low, high):
            high = max(high, between.inverse(i).end)
            i += 1
        elif j < len(second) and _touches(second[j], low, high):
            high = max(high, second[j].end)
            j += 1
        else:
            return i, j, high


def _before(one: Edit, other: Edit) -> bool:
    """Whether `one` lies wholly before `other`, not even touching where either is an insertion or a deletion."""
    if one.end < other.start:
        return True
    return one.end == other.start and one.start < one.end and other.start < other.end


def _touches(edit: Edit, low: int, high: int) -> bool:
    if edit.start < high:
        return True
    return edit.start == high and (edit.start == edit.end or low == high)


def _fuse(
    first: Sequence[Edit], inverse: Sequence[Edit], second: Sequence[Edit], low: int, high: int, shift: int
) -> Edit:
    """One edit for a cluster that covers [low, high) of the text between the passes."""
    # What the text between the passes holds in [low, high), as far as the edits themselves show it.
    middle: list[str | None] = [None] * (high - low)
    for edit in inverse:
        middle[edit.start - low : edit.end - low] = list(edit.before)
    for edit in second:
        middle[edit.start - low : edit.end - low] = list(edit.before)
    between = "".join(char or "" for char in middle)
    before = _replaced(between, inverse, low)
    after = _replaced(between, second, low)
    worst = max((*first, *second), key=lambda edit: _GRADES[edit.grade])
    lead = first[0] if first else second[0]
    start = low + shift
    confidence = min(edit.confidence for edit in (*first, *second))
    return Edit(start, start + len(before), before, after, lead.rule, worst.grade, confidence)


def _replaced(text: str, edits: Sequence[Edit], offset: int) -> str:
    return apply(text, [edit.shifted(-offset) for edit in edits])


class Origin:
    """Where a place of the new text comes from in the old one, for one sorted set of edits."""

    __slots__ = ("_edits", "_ends", "_shifts", "_starts")

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = tuple(edits)
        lengths = [len(edit.after) for edit in self._edits]
        grown = (length - (edit.end - edit.start) for length, edit in zip(lengths, self._edits, strict=True))
        self._shifts = list(accumulate(grown))
        self._ends = [edit.end + shift for edit, shift in zip(self._edits, self._shifts, strict=True)]
        self._starts = [end - length for end, length in zip(self._ends, lengths, strict=True)]

    def __len__(self) -> int:
        return len(self._edits)

    def grown(self, count: int) -> int:
        """By how much the first `count` edits make the text longer."""
        return self._shifts[count - 1] if count else 0

    def ending_before(self, place: int, least: int = 0) -> int:
        """How many edits end before a place of the new text (at least `least`)."""
        return bisect_left(self._ends, place, least)

    def inverse(self, number: int) -> Edit:
        """The edit of the new text that takes back the edit with this number."""
        edit, start, end = self._edits[number], self._starts[number], self._ends[number]
        return Edit(start, end, edit.after, edit.before, edit.rule, edit.grade, edit.confidence)

    def back(self, start: int, end: int) -> Span:
        """The span of the old text that [start, end) of the new text was made of.

        Inside an edit that keeps the length, characters answer one to one; inside any other edit, the whole of what
        stood there answers. Deleted text lies in a span only where both its neighbours do.
        """
        if end <= start:
            place = self._start(start)
            return place, place
        return self._start(start), self._end(end - 1)

    def covering(self, start: int, end: int) -> Span:
        """Like `back`, but takes in text that was deleted right at the end of the span."""
        old_start, old_end = self.back(start, end)
        index = bisect_right(self._starts, end) - 1
        while index >= 0 and self._starts[index] == self._ends[index] == end:
            old_end = max(old_end, self._edits[index].end)
            index -= 1
        return old_start, old_end

    def forward(self, place: int) -> int:
        """The place in the new text of a place in the old one (start of the edit's text where it was changed)."""
        index = bisect_right(self._edits, place, key=lambda edit: edit.start) - 1
        if index < 0:
            return place
        edit = self._edits[index]
        if place >= edit.end:
            return place + self._shifts[index]
        if len(edit.before) == len(edit.after):
            return self._starts[index] + place - edit.start
        return self._starts[index]

    def _start(self, place: int) -> int:
        index = self._at(place)
        if index < 0:
            return place
        if place >= self._ends[index]:
            return place - self._shifts[index]
        edit = self._edits[index]
        if len(edit.before) == len(edit.after):
            return edit.start + place - self._starts[index]
        return edit.start

    def _end(self, place: int) -> int:
        """End in the old text of the character at `place` of the new one."""
        index = self._at(place)
        if index < 0:
            return place + 1
        if place >= self._ends[index]:
            return place - self._shifts[index] + 1
        edit = self._edits[index]
        if len(edit.before) == len(edit.after):
            return edit.start + place - self._starts[index] + 1
        return edit.end

    def _at(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1
