"""Pieces of the text as passages of the record, with their places in the source, and what nobody claimed.

The one idea: a claim is made once. Every span of the text that goes into a passage is remembered; the sweep at the end
turns what is left over into furniture of role `other`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pbtool.articles.lines import joined
from pbtool.document import Document, Passage
from pbtool.edits import Span


class Passages:
    """Makes the passages of one document and keeps account of the characters that they took."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._origin = document.origin()
        self._taken: list[Span] = []

    def make(self, pieces: Sequence[Span], role: str = "body", joints: Sequence[str] = ()) -> Passage:
        """A passage of pieces of the current text; `joints` says what stands between them (default: nothing)."""
        spans = [span for span in (self._stripped(*piece) for piece in pieces) if span[0] < span[1]]
        texts = [self._text[start:end] for start, end in spans]
        if len(joints) == len(texts) - 1 and joints:
            text = texts[0] + "".join(a + b for a, b in zip(joints, texts[1:], strict=True))
        else:
            text = joined(texts)
        return Passage(text, tuple(self._source(*span) for span in spans), role)

    def _stripped(self, start: int, end: int) -> Span:
        raw = self._text[start:end]
        bare = raw.strip()
        start += len(raw) - len(raw.lstrip())
        return start, start + len(bare)

    def _source(self, start: int, end: int) -> Span:
        span = self._origin.covering(start, end)
        self._taken.append(span)
        return span

    def leftovers(self) -> tuple[Passage, ...]:
        """Every stretch of the source that is not blank and that no passage took."""
        original = self._document.original
        result: list[Passage] = []
        place = 0
        for start, end in [*sorted(self._taken), (len(original), len(original))]:
            if start > place:
                result += self._stretch(place, start)
            place = max(place, end)
        return tuple(result)

    def _stretch(self, start: int, end: int) -> list[Passage]:
        raw = self._document.original[start:end]
        if not raw.strip():
            return []
        result, place = [], start
        for piece in raw.splitlines(keepends=True):
            bare = piece.strip()
            if bare:
                low = place + len(piece) - len(piece.lstrip())
                text = self._current(low, low + len(bare)) or bare
                result.append(Passage(text, ((low, low + len(bare)),), "other"))
            place += len(piece)
        return result

    def _current(self, start: int, end: int) -> str:
        low, high = self._origin.forward(start), self._origin.forward(end)
        return self._text[low:high].strip()
