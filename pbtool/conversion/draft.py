"""What a conversion makes of a text, before it is spelled out as edits.

The one idea: a draft is the text before and after, side by side. As long as both are equally long, what changed is seen by
comparing them, character for character; the few stretches of another length are noted. Edits are made when asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, repeat
from operator import ne

from pbtool.conversion.engine import Match, changes
from pbtool.edits import Edit, Grade, apply

RULE = "script"

#: From this confidence on a change of script is sure.
_SURE = 0.97

_QUOTES = {"hans": "“”‘’", "hant": "「」『』"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and what it becomes; `doubts` holds the confidence of changes that are less than certain, by place."""

    before: str
    after: str
    stretches: Sequence[Match] = ()
    doubts: Mapping[int, float] = field(default_factory=dict)

    def edits(self) -> tuple[Edit, ...]:
        """The changes as edits, one a character except in the stretches of another length."""
        if self.before == self.after:
            return ()
        if self.stretches:
            found = changes(self.before, self.after, self.stretches)
            return tuple(self._edit(start, end, new) for start, end, new in found)
        before, after = self.before, self.after
        places = list(compress(range(len(before)), map(ne, before, after)))
        ends = map((1).__add__, places)
        olds, news = map(before.__getitem__, places), map(after.__getitem__, places)
        edits = list(map(Edit, places, ends, olds, news, repeat(RULE)))
        if self.doubts:
            edits = [self._weighed(edit) if edit.start in self.doubts else edit for edit in edits]
        return tuple(edits)

    def _edit(self, start: int, end: int, new: str) -> Edit:
        sure = min((self.doubts.get(place, 1.0) for place in range(start, end)), default=1.0)
        return Edit(start, end, self.before[start:end], new, RULE, _grade(sure), sure)

    def _weighed(self, edit: Edit) -> Edit:
        return self._edit(edit.start, edit.end, edit.after)

    def sparing(self, spans: Sequence[tuple[int, int]]) -> Draft:
        """The draft without the changes that touch one of the spans (sorted)."""
        if not spans:
            return self
        if self.stretches:
            return of_edits(self.before, tuple(_outside(self.edits(), spans)))
        pieces: list[str] = []
        done = 0
        for start, end in spans:
            pieces += (self.after[done:start], self.before[start:end])
            done = end
        return replace(self, after="".join(pieces) + self.after[done:])

    def with_quotes(self, to: str) -> Draft:
        """The draft with quotation marks in the style of the target script, first and second level alike."""
        old, new = (_QUOTES["hant"], _QUOTES["hans"]) if to == "hans" else (_QUOTES["hans"], _QUOTES["hant"])
        return replace(self, after=self.after.translate(str.maketrans(old, new)))


def of_edits(text: str, edits: Sequence[Edit]) -> Draft:
    """The draft that some edits of a text are."""
    shift = 0
    stretches = []
    for edit in edits:
        if len(edit.after) != edit.end - edit.start:
            start = edit.start + shift
            stretches.append((edit.start, edit.end, start, start + len(edit.after)))
        shift += len(edit.after) - len(edit.before)
    doubts = {edit.start: edit.confidence for edit in edits if edit.confidence < 1}
    return Draft(text, apply(text, edits), stretches, doubts)


def _outside(edits: Sequence[Edit], spans: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    index = 0
    for edit in edits:
        while index < len(spans) and spans[index][1] <= edit.start:
            index += 1
        if index == len(spans) or edit.end <= spans[index][0]:
            yield edit


def _grade(confidence: float) -> Grade:
    return "sure" if confidence >= _SURE else "likely"
