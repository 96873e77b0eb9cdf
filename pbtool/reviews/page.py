"""Review in a browser: one self-contained file, no network, everything of the text inert.

The one idea: the text travels as JSON inside a script element of type application/json and reaches the page only through
text nodes, and the policy in the head allows exactly the one script and the one style whose hashes it names. The browser
draws one sheet of the text at a time, so that the number of changes does not matter.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Any

from pbtool.document import Document, Line
from pbtool.edits import Edit, Span
from pbtool.reviews.answers import Answer, Answers, edit_id
from pbtool.reviews.questions import of_edits, reasons, shown
from pbtool.reviews.subject import Subject

#: What a sheet may hold: more takes the browser too long to draw, or the editor too long to find.
_MOST_TEXT, _MOST_EDITS = 4_000, 80
#: What must not stand in a script element, and what would turn the direction of text in an editor.
_LOUD = re.compile("[<>&\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def page(
    name: str,
    subject: Subject,
    answers: Answers,
    file: str,
    who: str | None = None,
    pictures: Mapping[int, bytes] | None = None,
) -> str:
    """The review of one text as an HTML page.

    `file` is the name under which answers are downloaded, `pictures` are PNG files of pages by number.
    """
    images = "".join(
        f'<script type="application/octet-stream" id="page-{number}">{base64.b64encode(png).decode()}</script>\n'
        for number, png in (pictures or {}).items()
    )
    data = f'<script type="application/json" id="data">{_inert(_data(subject, answers, file, who))}</script>'
    return _part("page.html").format(
        name=escape(shown(name)),
        style=_part("page.css"),
        script=_part("page.js"),
        style_hash=_hash(_part("page.css")),
        script_hash=_hash(_part("page.js")),
        data=images + data,
    )


def _data(subject: Subject, answers: Answers, file: str, who: str | None) -> dict[str, Any]:
    document, edits = subject.document, subject.edits
    units = _Units(document.original)
    rules = sorted({edit.rule for edit in edits})
    grades = [grade for grade in ("sure", "likely", "suggested") if any(e.grade == grade for e in edits)]
    boxes = _Boxes(document)
    entries = [
        [
            units(edit.start),
            units(edit.end),
            edit.after,
            rules.index(edit.rule),
            grades.index(edit.grade),
            round(edit.confidence, 4),
            question.line,
            question.page,
            edit_id(edit).rsplit("-", 1)[1],
            boxes(edit),
        ]
        for edit, question in zip(edits, of_edits(document, edits), strict=True)
    ]
    given = {edit_id(edit): _given(answer) for edit in edits if (answer := answers[edit]) is not None}
    return {
        **answers.header(),
        "file": file,
        "who": who,
        "text": document.original,
        "rules": rules,
        "grades": grades,
        "reasons": reasons(),
        "edits": entries,
        "places": [f"{edit.start}-{edit.end}" for edit in edits],
        "sheets": [[units(start), units(end), *rest] for start, end, *rest in sheets(document, edits)],
        "answers": given,
        "stamp": _hash(json.dumps(given))[:12],
    }


def sheets(document: Document, edits: Sequence[Edit]) -> list[tuple[int, int, int, int, int | None, int]]:
    """The text in pieces that are shown one at a time: start, end, first and last edit (exclusive), page, part of it.

    Pieces are pages, or parts of them that end with a line where that is too much for one sheet.
    """
    text = document.original
    found: list[tuple[int, int, int, int, int | None, int]] = []
    starts = [edit.start for edit in edits]
    bounds: list[tuple[int, int, int | None]] = [(p.start, p.end, p.number) for p in document.pages]
    bounds = _seamless(bounds, len(text)) or [(0, len(text), None)]
    index = 0
    for start, end, number in bounds:
        part = 0
        while True:
            stop = _sheet_end(text, edits, index, start, end)
            last = len(edits) if stop == len(text) else bisect_left(starts, stop, index)
            found.append((start, stop, index, last, number, part))
            start, index, part = stop, last, part + 1
            if stop >= end:
                break
    return found


def _seamless(bounds: list[tuple[int, int, int | None]], length: int) -> list[tuple[int, int, int | None]]:
    """Pages without gaps between them, from the beginning of the text to its end."""
    starts = [0, *(start for start, _, _ in bounds[1:]), length]
    return [(starts[n], starts[n + 1], number) for n, (_, _, number) in enumerate(bounds)]


def _sheet_end(text: str, edits: Sequence[Edit], index: int, start: int, end: int) -> int:
    most = min(end, start + _MOST_TEXT)
    if index + _MOST_EDITS < len(edits):
        most = min(most, max(start + 1, edits[index + _MOST_EDITS].start))
    if most < end:
        line = text.rfind("\n", start, most) + 1
        most = line if line > start else most
    # No edit is torn: its sheet ends with it.
    near = bisect_right(edits, most, key=lambda edit: edit.start) - 1
    return min(end, max(most, edits[near].end)) if near >= 0 and edits[near].start < most else most


class _Boxes:
    """Where an edit stands on its page: boxes in hundredths of a percent of the page's width and height."""

    def __init__(self, document: Document) -> None:
        self._text = document.original
        self._lines = sorted((line for line in document.lines if line.box), key=lambda line: line.start)
        self._ends = [line.end for line in self._lines]
        self._sizes = {p.number: (p.width, p.height) for p in document.pages if p.width and p.height}

    def __call__(self, edit: Edit) -> list[list[int]]:
        index = bisect_left(self._ends, edit.start)
        found = []
        while index < len(self._lines) and self._lines[index].start <= edit.end:
            line = self._lines[index]
            index += 1
            if line.page in self._sizes and (line.start < edit.end or edit.start == edit.end):
                found.append(self._box(line, (max(edit.start, line.start), min(edit.end, line.end))))
        return found[:4]

    def _box(self, line: Line, span: Span) -> list[int]:
        box = line.box
        assert box is not None
        width, height = self._sizes[line.page]
        before = _cells(self._text[line.start : span[0]])
        inside = _cells(self._text[span[0] : span[1]])
        whole = _cells(self._text[line.start : line.end]) or 1.0
        low, high = before / whole, (before + max(inside, 0.4)) / whole
        x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
        if y1 - y0 > 1.5 * (x1 - x0) and line.end - line.start > 2:
            y0, y1 = y0 + low * (y1 - y0), y0 + min(1.0, high) * (y1 - y0)
        else:
            x0, x1 = x0 + low * (x1 - x0), x0 + min(1.0, high) * (x1 - x0)
        assert width and height
        return [round(10_000 * value) for value in (x0 / width, y0 / height, x1 / width, y1 / height)]


def _cells(text: str) -> float:
    return sum(1.0 if char > "\u2000" else 0.5 for char in text)


class _Units:
    """Places as a browser counts them: characters beyond the basic plane count twice."""

    def __init__(self, text: str) -> None:
        self._high = [at for at, char in enumerate(text) if char > "\uffff"] if not text.isascii() else []

    def __call__(self, place: int) -> int:
        return place + bisect_left(self._high, place)


def _given(answer: Answer) -> dict[str, str]:
    told = {name: getattr(answer, name) for name in ("verdict", "text", "who", "when")}
    return {name: value for name, value in told.items() if value is not None}


@cache
def _part(name: str) -> str:
    return (resources.files("pbtool.reviews") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert(value: object) -> str:
    """JSON that cannot end the script element that holds it, and holds no lone surrogate."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _LOUD.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
