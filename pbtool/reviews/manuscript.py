"""The manuscript: the articles of a document in the order in which they print, each paragraph with what it was made of.

The one idea: a printed paragraph is a list of pieces (text that was always there, edits, and what the layout joined), so that it can
be written clean, or with every change open to be taken back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pbtool.document import Article, Document, Passage
from pbtool.edits import Edit, Span

#: Signs that stand before a byline on the page and are not printed in a manuscript.
_MARKS = "■□●○◆◇▲△★☆▉◎ 　"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the layout of the page did: `source` stands in the text as read, `printed` in the paragraph."""

    source: str
    printed: str = ""


Piece = str | Edit | Layout
Standing = Callable[[Edit], str]


@dataclass(frozen=True, slots=True)
class Block:
    """A printed paragraph: its style, and the passages that it is made of, one after the other.

    `lead` and `tail` are edits of blanks at the ends of lines, by the start and the end of the span that they touch.
    """

    style: str
    passages: tuple[Passage, ...]
    text: str
    lead: tuple[tuple[int, Edit], ...] = ()
    tail: tuple[tuple[int, Edit], ...] = ()

    def with_edge(self, end: str, at: int, edit: Edit) -> Block:
        """The block with one more edit at an end (`lead` or `tail`) of the span that begins or ends `at` a place."""
        if end == "lead":
            return replace(self, lead=(*self.lead, (at, edit)))
        return replace(self, tail=(*self.tail, (at, edit)))


Printed = tuple[Block, list[Piece]]


def blocks(article: Article, source: str = "") -> Iterator[Block]:
    """The paragraphs of an article as they print: heads, byline, note, running text, affiliation, captions.

    `source` is the text as read, where it is at hand: it tells which parts of one line became passages of their own.
    """
    inline = _Inline(article, source)
    for style in ("kicker", "title", "subtitle"):
        passage: Passage | None = getattr(article, style)
        if passage is not None:
            yield _block(style, [passage])
    credits = _credits(article, inline)
    yield from (block for block in credits if block.style == "byline")
    if article.editor_note is not None:
        yield _block("note", [article.editor_note])
    if article.dateline is not None and not inline.holds(article.dateline):
        yield _block("body", [article.dateline])
    for paragraph in article.paragraphs:
        yield _block("heading" if paragraph.role == "heading" else "body", inline.around(paragraph))
    yield from (block for block in credits if block.style == "affiliation")
    for caption in article.captions:
        yield _block("caption", [caption])


def manuscript(
    document: Document, edits: Sequence[Edit], standing: Standing
) -> tuple[list[Printed], list[Printed]]:
    """The printed paragraphs of all articles, and those of what was set aside (page numbers, running heads), in pieces.

    Every edit of `edits` (sorted, in places of `document.original`) lies in exactly one of them; `standing` tells what the
    document's text has for it.
    """
    text = document.original
    found = [block for article in document.articles for block in blocks(article, text)]
    furniture = [_block("furniture", [p]) for p in sorted(document.furniture, key=lambda p: p.source)]
    told = {e for block in found for e in pieces(block, text, edits, standing) if isinstance(e, Edit)}
    spans = sorted(
        (span, number) for number, block in enumerate(found) for p in block.passages for span in p.source
    )
    outside = [edit for edit in edits if edit not in told]
    for edit in outside:
        touched = _neighbour(text, edit, spans)
        if touched is not None:
            number, end, at = touched
            found[number] = found[number].with_edge(end, at, edit)
    aside = [block for block in (_beside(block, edits) for block in furniture) if block.passages[0].source]
    seen: set[Edit] = set()
    printed, set_aside = (
        [_once(b, pieces(b, text, edits, standing), seen) for b in some] for some in (found, aside)
    )
    for edit in edits:
        if edit not in seen:
            set_aside.append((Block("furniture", (), ""), [edit]))
    return printed, set_aside


def _beside(block: Block, edits: Sequence[Edit]) -> Block:
    """A block of what was set aside, without what lies in edits that begin before it."""
    passage = block.passages[0]
    left: list[Span] = []
    for start, end in passage.source:
        index = bisect_left(edits, start, key=lambda edit: edit.start)
        if index and edits[index - 1].end > start:
            start = edits[index - 1].end
        left += [(start, end)] if start < end else []
    if tuple(left) == passage.source:
        return block
    return replace(block, passages=(Passage("", tuple(left), passage.role),))


def _once(block: Block, found: list[Piece], seen: set[Edit]) -> Printed:
    """A block with its pieces, but for the edits that a block before it had: two lines may meet in an insertion."""
    fresh = [piece for piece in found if not (isinstance(piece, Edit) and piece in seen)]
    seen.update(piece for piece in fresh if isinstance(piece, Edit))
    return block, fresh


def pieces(block: Block, text: str, edits: Sequence[Edit], standing: Standing) -> list[Piece]:
    """What a block is made of: `text` is the text as read, `standing` tells what the block's text has for each of `edits`."""
    result: list[Piece] = [] if block.passages else [block.text]
    before: Passage | None = None
    for passage in block.passages:
        if before is not None and passage.source and before.source:
            gap = text[before.source[-1][1] : passage.source[0][0]]
            same_line = not gap.strip() and "\n" not in gap and "\r" not in gap
            result += [gap] if same_line and gap else [] if same_line else [Layout("\n")]
        result += of_passage(passage, text, edits, standing, block.lead, block.tail)
        before = passage
    return result


def read_with(found: Sequence[Piece], standing: Standing) -> str:
    """The text that pieces print, given the text that stands for each edit."""
    return "".join(
        piece if isinstance(piece, str) else piece.printed if isinstance(piece, Layout) else standing(piece)
        for piece in found
    )


# --- one passage -----------------------------------------------------------------------------------------------------


def of_passage(
    passage: Passage,
    text: str,
    edits: Sequence[Edit],
    standing: Standing,
    lead: Sequence[tuple[int, Edit]] = (),
    tail: Sequence[tuple[int, Edit]] = (),
) -> list[Piece]:
    """What one passage is made of; `lead` and `tail` are the edits at the ends of its spans that its text does not hold."""
    result: list[Piece] = []
    at = 0
    for number, span in enumerate(passage.source):
        tokens = _tokens(span, text, edits)
        # A passage without a text of its own prints what its spans hold.
        fitted = _fitted(tokens, passage.text, at, standing, number > 0) if passage.text else ("", tokens, 0)
        if fitted is None:
            # Its text is not what its spans give: it is shown as a whole, before and after.
            return [
                Layout("\n".join(text[start:end] for start, end in passage.source)),
                Layout("", passage.text),
            ]
        joint, tokens, at = fitted
        if number:
            gap = text[passage.source[number - 1][1] : span[0]]
            blank = bool(gap) and not gap.strip() and "\n" not in gap and "\r" not in gap
            result.append(Layout(gap if blank else "\n", joint) if gap or joint else "")
        result += [edit for at_start, edit in lead if at_start == span[0]]
        result += tokens
        result += [edit for at_end, edit in tail if at_end == span[1]]
    return [piece for piece in result if piece != ""]


def _tokens(span: Span, text: str, edits: Sequence[Edit]) -> list[str | Edit]:
    """The text and the edits in a span; an edit that reaches over an end belongs to the span in which its text begins."""
    start, end = span
    tokens: list[str | Edit] = []
    index = bisect_left(edits, start, key=lambda edit: edit.start)
    before = edits[index - 1] if index else None
    if before is not None and before.end > start:
        if text[before.start : start].strip():
            start = before.end
        else:
            index, start = index - 1, before.start
    while index < len(edits) and edits[index].start <= end:
        edit = edits[index]
        index += 1
        if edit.end > end and edit.start == end:
            break
        tokens += [text[start : edit.start], edit]
        start = edit.end
    return [*tokens, text[start:end]]


def _fitted(
    tokens: list[str | Edit], whole: str, at: int, standing: Standing, joined: bool
) -> tuple[str, list[str | Edit], int] | None:
    """What stands before the part that begins at `at` of the passage's text, its tokens, and where it ends."""
    for chosen in _choices(tokens):
        raw = "".join(t if isinstance(t, str) else standing(t) for t in chosen)
        for part in (raw, raw.strip()):
            for gap in (0, 1) if joined else (0,):
                if whole.startswith(part, at + gap) and not whole[at : at + gap].strip():
                    return whole[at : at + gap], chosen, at + gap + len(part)
    return None


def _choices(tokens: list[str | Edit]) -> Iterator[list[str | Edit]]:
    """The tokens, and without an insertion at either end: it may belong to the neighbour."""
    yield tokens
    inner = [n for n, token in enumerate(tokens) if token != ""]
    ends = [n for n in dict.fromkeys((*inner[:1], *inner[-1:])) if _inserts(tokens[n])]
    for n in ends:
        yield [*tokens[:n], *tokens[n + 1 :]]
    if len(ends) == 2:
        yield [token for n, token in enumerate(tokens) if n not in ends]


def _inserts(token: str | Edit) -> bool:
    return isinstance(token, Edit) and token.start == token.end


# --- which passages make a paragraph ---------------------------------------------------------------------------------


class _Inline:
    """Bylines and datelines that stand on the line of a paragraph, before it or behind it."""

    def __init__(self, article: Article, source: str) -> None:
        self._source = source
        own = [p for p in article.byline_lines if p.source and p.text]
        self._dateline = article.dateline if article.dateline and article.dateline.source else None
        parts = sorted([*own, *([self._dateline] if self._dateline else [])], key=lambda p: p.source)
        self._before: dict[int, list[Passage]] = {}
        self._behind: dict[int, list[Passage]] = {}
        self._taken: set[int] = set()
        for paragraph in article.paragraphs:
            if paragraph.source:
                self._gather(paragraph, parts)

    def holds(self, passage: Passage) -> bool:
        """Whether a passage prints inside a paragraph."""
        return id(passage) in self._taken

    def around(self, paragraph: Passage) -> list[Passage]:
        """The paragraph with what stands on its line."""
        return [*self._before.get(id(paragraph), ()), paragraph, *self._behind.get(id(paragraph), ())]

    def _gather(self, paragraph: Passage, parts: Sequence[Passage]) -> None:
        start, end = paragraph.source[0][0], paragraph.source[-1][1]
        before: list[Passage] = []
        index = bisect_left(parts, start, key=_start) - 1
        while index >= 0 and self._touch(parts[index].source[-1][1], start, parts[index] is self._dateline):
            before.insert(0, parts[index])
            start, index = _start(parts[index]), index - 1
        behind: list[Passage] = []
        index = bisect_left(parts, end, key=_start)
        while index < len(parts) and self._touch(end, _start(parts[index]), False):
            behind.append(parts[index])
            end, index = parts[index].source[-1][1], index + 1
        self._before[id(paragraph)] = before
        self._behind[id(paragraph)] = behind
        self._taken.update(id(part) for part in (*before, *behind))

    def _touch(self, end: int, start: int, dateline: bool) -> bool:
        """Whether nothing but blanks of one line lies between; a dateline may end its line."""
        if not 0 <= start - end <= 4:
            return False
        gap = self._source[end:start] if self._source else "\n" * (start - end)
        return start == end or (not gap.strip() and (dateline or "\n" not in gap))


def _start(passage: Passage) -> int:
    return passage.source[0][0]


def _credits(article: Article, inline: _Inline) -> list[Block]:
    """Bylines that are paragraphs of their own, and the affiliation: with the names where it is part of their line."""
    own = sorted((p for p in article.byline_lines if not inline.holds(p)), key=lambda p: p.source)
    office = article.affiliation
    # A record may know the names, and no line that they stood on.
    bare = bool(article.byline) and not article.byline_lines
    names = [Block("byline", (), " ".join(article.byline))] if bare else []
    if office is None:
        return [*names, *(Block("byline", (p,), _byline(article, p.text)) for p in own)]
    # The brackets around an affiliation are bylines only for want of a better place: here they come back to it.
    around = [p for p in own if _touches(p, office)]
    found = [*names, *(Block("byline", (p,), _byline(article, p.text)) for p in own if p not in around)]
    parts = [Passage("", (span,)) for p in around for span in p.source]
    line = tuple(sorted([*parts, office], key=lambda p: p.source))
    words = "".join(p.text for p in around)
    if any(char.isalnum() for char in words):
        return [*found, Block("byline", line, f"{_byline(article, words)}（{office.text}）")]
    closed = f"（{office.text}）" if around else office.text
    return [*found, Block("affiliation", line, closed)]


def _touches(passage: Passage, office: Passage) -> bool:
    edges = {office.source[0][0], office.source[-1][1]} if office.source else set()
    return bool(passage.source) and any(edges & {start, end} for start, end in passage.source)


def _byline(article: Article, line: str) -> str:
    """A byline as it prints: names freed of their spacing where there is nothing else, else the line without its mark."""
    rest = bare = "".join(line.split())
    names = [name for name in article.byline if "".join(name.split()) in bare]
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace("".join(name.split()), "", 1)
    return " ".join(names) if names and not rest.strip(_MARKS) else line.strip(_MARKS)


def _block(style: str, passages: Sequence[Passage]) -> Block:
    parts = [passages[0].text]
    for left, right in zip(passages, passages[1:], strict=False):
        touch = not (left.source and right.source) or left.source[-1][1] == right.source[0][0]
        parts += ["" if touch or left.role == "dateline" else " ", right.text]
    return Block(style, tuple(passages), "".join(parts))


# --- edits between the passages --------------------------------------------------------------------------------------


def _around(spans: Sequence[tuple[Span, int]], edit: Edit) -> Sequence[tuple[Span, int]]:
    """The spans near an edit: the last that begins before it, and the next."""
    index = bisect_right(spans, edit.start, key=lambda pair: pair[0][0])
    return spans[max(0, index - 2) : index + 1]


def _neighbour(text: str, edit: Edit, spans: Sequence[tuple[Span, int]]) -> tuple[int, str, int] | None:
    """The block whose line an edit of blanks stands at the end of: its number, which end, and the place of the span."""
    for (start, end), number in _around(spans, edit):
        for which, low, high, at in (("lead", edit.end, start, start), ("tail", end, edit.start, end)):
            gap = text[low:high]
            if 0 <= high - low <= 40 and not gap.strip() and "\n" not in gap and "\r" not in gap:
                return number, which, at
    return None
