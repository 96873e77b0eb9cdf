"""A diff for Chinese text: each change inside its clause, not whole lines.

The one idea: a line of Chinese is a paragraph; what the eye needs is the clause, with what goes and what comes marked in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pbtool.edits import Edit
from pbtool.terminal import safe

_ENDS = "，。；：！？、\n,;!?"
_REACH = 24


def clauses(name: str, text: str, edits: Sequence[Edit], coloured: bool) -> Iterator[str]:
    """The changes of one text, clause by clause: `[-gone-]{+come+}`, or red and green where colour is wanted."""
    if not edits:
        return
    yield f"--- {safe(name)}\n"
    index = line = done = 0
    line = 1
    while index < len(edits):
        start = _left(text, edits[index].start)
        end, last = _right(text, edits[index].end), index + 1
        while last < len(edits) and edits[last].start <= end:
            end, last = _right(text, edits[last].end), last + 1
        line += text.count("\n", done, edits[index].start)
        done = edits[index].start
        rules = ", ".join(dict.fromkeys(edit.rule for edit in edits[index:last]))
        yield f"@@ {line} @@ {rules}\n  {_marked(text, start, end, edits[index:last], coloured)}\n"
        index = last


def _left(text: str, place: int) -> int:
    low = max(0, place - _REACH)
    at = max((text.rfind(mark, low, place) for mark in _ENDS), default=-1)
    return at + 1 if at >= low else low


def _right(text: str, place: int) -> int:
    high = min(len(text), place + _REACH)
    found = [at for mark in _ENDS if (at := text.find(mark, place, high)) >= 0]
    return min(found) if found else high


def _marked(text: str, start: int, end: int, edits: Sequence[Edit], coloured: bool) -> str:
    gone = ("\x1b[9;31m", "\x1b[0m") if coloured else ("[-", "-]")
    come = ("\x1b[1;32m", "\x1b[0m") if coloured else ("{+", "+}")
    parts = []
    for edit in edits:
        parts.append(_line(text[start : edit.start]))
        if edit.before:
            parts.append(gone[0] + _line(edit.before) + gone[1])
        if edit.after:
            parts.append(come[0] + _line(edit.after) + come[1])
        start = edit.end
    parts.append(_line(text[start:end]))
    return "".join(parts).strip()


def _line(text: str) -> str:
    return safe(text.replace("\r\n", "⏎").replace("\n", "⏎"))
