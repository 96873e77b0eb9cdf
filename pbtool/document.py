"""The frozen types that travel from step to step, and the only way to change text: `revise`.

The one idea: a `Document` keeps the text as it was read for ever (`original`) and the text as it stands now (`text`),
with the edits that lead from one to the other. Whatever is found in it later (articles, places, numbers) says where it
came from in `original`, so that anything can be cited and everything can be undone.

Offsets count code points, ends are exclusive. `Page`, `Line` and `FontRun` lie in `original`; every `source` does too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pbtool.edits import Edit, Origin, Span, apply, merge, ordered

#: Rule name of the one change that is never reported: line ends become "\n" for the steps, and stay as they are on disk.
NEWLINE = "newline"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from and how it was written down."""

    name: str
    sha256: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"
    bom: bool = False
    pages: int | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points (1/72 inch) from the top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page: physical `number` (from 1), printed `label` where the file tells it, and its span of `original`."""

    number: int
    start: int
    end: int
    label: str | None = None
    width: float | None = None
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it lies on a page (physical number), with its box.

    Where it was recognised, `confidence` is that of its least certain character, and `doubts` are the stretches of `original`
    whose characters may well be others; `choices` says for a place in them what else it may be, the likeliest first.
    """

    start: int
    end: int
    page: int
    box: Box | None = None
    confidence: float = 1.0
    doubts: tuple[Span, ...] = ()
    choices: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FontRun:
    """A stretch of `original` set in one font and size (points). `broken`: its map to Unicode is missing or contradicted."""

    start: int
    end: int
    font: str
    size: float | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article or of the furniture: a title, a paragraph, a caption, a page number.

    `text` is what the source spans hold once the document's edits are applied, joined without a sign between the parts,
    or with one space where Latin words or digits meet.
    """

    text: str
    source: tuple[Span, ...] = ()
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an entity stands: `start`, `end` inside the text of passage `index` of the article's `field`."""

    text: str
    start: int
    end: int
    field: str = "paragraph"
    index: int = 0
    source: tuple[Span, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Place(Mention):
    """A mention of a place. `level` is province, city, county, town, village or other."""

    name: str = ""
    level: str = "other"
    code: str | None = None
    code_system: str | None = None
    full: str | None = None


@dataclass(frozen=True, slots=True)
class Official(Mention):
    """A mention of a person, with `title` and `org` as the text gives them right there."""

    name: str = ""
    title: str | None = None
    org: str | None = None
    role: str = "mention"
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Metric(Mention):
    """A quantity with what it counts; see the contract of the record for the fields."""

    value: float | int | tuple[float | int, float | int] | None = None
    unit: str | None = None
    approx: str = "exact"
    what: str | None = None
    kind: str = "quantity"
    change: str | None = None
    place: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Date(Mention):
    """A date; `value` is ISO 8601, partial where the text is partial (`--04-15`, `2018`)."""

    value: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its fields as passages, its paragraphs in reading order, and what was found in them."""

    id: str
    title: Passage | None = None
    kicker: Passage | None = None
    subtitle: Passage | None = None
    byline: tuple[str, ...] = ()
    byline_lines: tuple[Passage, ...] = ()
    affiliation: Passage | None = None
    dateline: Passage | None = None
    editor_note: Passage | None = None
    column: str | None = None
    pages: tuple[int, ...] = ()
    paragraphs: tuple[Passage, ...] = ()
    captions: tuple[Passage, ...] = ()
    places: tuple[Place, ...] = ()
    officials: tuple[Official, ...] = ()
    metrics: tuple[Metric, ...] = ()
    dates: tuple[Date, ...] = ()

    def passages(self) -> Iterator[tuple[str, int, Passage]]:
        """Every passage with the name of its field and its index there, fields first, then paragraphs, then captions."""
        for name in ("kicker", "title", "subtitle", "editor_note", "dateline"):
            passage: Passage | None = getattr(self, name)
            if passage is not None:
                yield name, 0, passage
        for index, passage in enumerate(self.byline_lines):
            yield "byline", index, passage
        if self.affiliation is not None:
            yield "affiliation", 0, self.affiliation
        for index, passage in enumerate(self.paragraphs):
            yield "paragraph", index, passage
        for index, passage in enumerate(self.captions):
            yield "caption", index, passage


@dataclass(frozen=True, slots=True)
class Document:
    """A document on its way through the steps. Make one with `from_text`; change its text with `revise` only."""

    source: Source
    original: str = ""
    text: str = ""
    edits: tuple[Edit, ...] = ()
    suggestions: tuple[Edit, ...] = ()
    pages: tuple[Page, ...] = ()
    lines: tuple[Line, ...] = ()
    fonts: tuple[FontRun, ...] = ()
    articles: tuple[Article, ...] = ()
    furniture: tuple[Passage, ...] = ()
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def from_text(cls, original: str, source: Source | None = None, **parts: object) -> Document:
        """A document whose current text is `original` with every line end turned into "\\n"."""
        source = source or Source("-")
        edits = tuple(newline_edits(original)) if "\r" in original else ()
        text = apply(original, edits)
        return replace(cls(source, original, text, edits), **parts)  # type: ignore[arg-type]

    @property
    def repairs(self) -> tuple[Edit, ...]:
        """The edits to report: all but the line ends, in places of `original`."""
        return tuple(edit for edit in self.edits if edit.rule != NEWLINE)

    def origin(self) -> Origin:
        """The map from places in `text` to places in `original`."""
        return Origin(self.edits)

    def revise_original(self, edits: Sequence[Edit]) -> Document:
        """A document with nothing but `edits` made, which count in `original`; whatever was done before is dropped."""
        made = ordered(edits)
        taken = list(newline_edits(self.original)) if "\r" in self.original else []
        ends = [edit for edit in taken if not _collides(edit, made)]
        every = ordered([*made, *ends])
        return replace(self, text=apply(self.original, every), edits=every)

    def revise(self, edits: Sequence[Edit], suggestions: Sequence[Edit] = ()) -> Document:
        """The document after `edits`, which (like `suggestions`) count in the current `text`.

        Raises ValueError where an edit does not fit the text.
        """
        edits = ordered(edits)
        origin = self.origin()
        text = apply(self.text, edits)
        lifted = []
        for note in suggestions:
            start, end = origin.back(note.start, note.end)
            lifted.append(replace(note, start=start, end=end, before=self.original[start:end]))
        merged = merge(self.edits, edits)
        changed = [edit for edit in merged if edit.rule != NEWLINE]
        kept = [s for s in (*self.suggestions, *lifted) if not _collides(s, changed)]
        return replace(
            self, text=text, edits=merged, suggestions=tuple(sorted(kept, key=lambda s: (s.start, s.end)))
        )


def _collides(note: Edit, edits: Sequence[Edit]) -> bool:
    from bisect import bisect_left

    index = bisect_left(edits, note.start, key=lambda edit: edit.end)
    while index < len(edits) and edits[index].start <= note.end:
        edit = edits[index]
        if (
            edit.start < note.end
            and note.start < edit.end
            or (edit.start, edit.end) == (note.start, note.end)
        ):
            return True
        index += 1
    return False


def newline_edits(text: str) -> Iterator[Edit]:
    """The edits that turn "\\r\\n" and lone "\\r" into "\\n"."""
    place = text.find("\r")
    while place >= 0:
        end = place + 2 if text.startswith("\r\n", place) else place + 1
        yield Edit(place, end, text[place:end], "\n", NEWLINE)
        place = text.find("\r", end)


class PassageMap:
    """Where each character of a passage's text lies in the source, for a document's edits.

    It needs no source text, only the passage's spans and the edits, so it works for records as well.
    """

    __slots__ = ("_parts", "_whole", "fits")

    def __init__(self, passage: Passage, edits: Sequence[Edit]) -> None:
        from bisect import bisect_left

        # Each part: start in the passage, length there, start and end in the source, and whether it is one to one.
        self._parts: list[tuple[int, int, int, int, bool]] = []
        self._whole = passage.source
        place = 0
        for number, (start, end) in enumerate(passage.source):
            if number and passage.text[place : place + 1] == " ":
                place += 1
            index = bisect_left(edits, start, key=lambda edit: edit.end)
            at = start
            while index < len(edits) and edits[index].start <= end:
                edit = edits[index]
                index += 1
                if (
                    edit.start < at
                    or edit.end > end
                    or (edit.start == edit.end and edit.start in (start, end))
                ):
                    continue
                place = self._add(place, edit.start - at, at, edit.start, True)
                same = len(edit.before) == len(edit.after)
                place = self._add(place, len(edit.after), edit.start, edit.end, same)
                at = edit.end
            place = self._add(place, end - at, at, end, True)
        self.fits = place == len(passage.text)

    def _add(self, place: int, length: int, start: int, end: int, exact: bool) -> int:
        if length or end > start:
            self._parts.append((place, length, start, end, exact))
        return place + length

    def source(self, start: int, end: int) -> tuple[Span, ...]:
        """The spans of the source that [start, end) of the passage was made of (all of it where spans do not fit)."""
        if not self.fits:
            return self._whole
        spans: list[list[int]] = []
        from bisect import bisect_right

        index = max(0, bisect_right(self._parts, start, key=lambda part: part[0]) - 1)
        while index > 0 and self._parts[index - 1][0] + self._parts[index - 1][1] > start:
            index -= 1
        for at, length, low, high, exact in self._parts[index:]:
            if at >= end:
                break
            left, right = max(at, start), min(at + length, end)
            if left >= right and not (length == 0 and start < at < end):
                continue
            if exact and length:
                low, high = low + left - at, low + right - at
            if spans and spans[-1][1] == low:
                spans[-1][1] = high
            else:
                spans.append([low, high])
        return tuple((low, high) for low, high in spans)
