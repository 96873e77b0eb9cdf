"""The sentence around a change: what an editor must see to judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.edits import Edit

_ENDS = "。！？\n"
_REACH = 60


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after an edit in its sentence, and its line (from 1)."""

    left: str
    right: str
    line: int


def contexts(text: str, edits: Sequence[Edit]) -> list[Context]:
    """The context of each edit (sorted by place) in `text`; at most 60 characters on either side."""
    found = []
    line, done = 1, 0
    for edit in edits:
        line += text.count("\n", done, edit.start)
        done = edit.start
        low = max(0, edit.start - _REACH)
        start = max([low, *(at + 1 for mark in _ENDS if (at := text.rfind(mark, low, edit.start)) >= 0)])
        high = min(len(text), edit.end + _REACH)
        ends = [at + (mark != "\n") for mark in _ENDS if (at := text.find(mark, edit.end, high)) >= 0]
        found.append(Context(text[start : edit.start], text[edit.end : min([high, *ends])], line))
    return found
