"""A diff for Chinese text: each change inside its clause, not whole lines.

The one idea: a line of Chinese is a paragraph; what the eye needs is the clause, with what goes and what comes marked in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pbtool.document import Document, Passage, PassageMap
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


def of_record(name: str, before: Document, edits: Sequence[Edit], coloured: bool) -> Iterator[str]:
    """The changes of a document that came out of a record, passage by passage: its text is only in its passages.

    `edits` count in the source, `before` is the document as it came in.
    """
    for article in before.articles:
        for field, index, passage in article.passages():
            local = list(_local(passage, before.edits, edits))
            if local:
                yield from clauses(f"{name} {article.id} {field} {index + 1}", passage.text, local, coloured)


def _local(passage: Passage, known: Sequence[Edit], edits: Sequence[Edit]) -> Iterator[Edit]:
    """The edits that lie in a passage, in places of its text."""
    if not passage.source:
        return
    low, high = passage.source[0][0], passage.source[-1][1]
    inside = [edit for edit in edits if low <= edit.start and edit.end <= high]
    if not inside:
        return
    places = PassageMap(passage, known)
    at = {places.source(place, place + 1)[0][0]: place for place in reversed(range(len(passage.text)))}
    for edit in inside:
        start = at.get(edit.start, -1)
        if passage.text.startswith(edit.before, start) and start >= 0:
            yield replace(edit, start=start, end=start + len(edit.before))


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
            # Colour alone shows no blank.
            before = edit.before.replace(" ", "␣") if coloured and not edit.before.strip(" ") else edit.before
            parts.append(gone[0] + _line(before) + gone[1])
        if edit.after:
            parts.append(come[0] + _line(edit.after) + come[1])
        start = edit.end
    parts.append(_line(text[start:end]))
    return "".join(parts).strip()


def _line(text: str) -> str:
    return safe(text.replace("\r\n", "⏎").replace("\n", "⏎"))
