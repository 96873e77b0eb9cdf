"""The steps for one document, as plain functions: fix, convert, segment, extract, and `run`, which is all of them.

The one idea: every step is `Document -> Document`, and works the same on a text that was just read and on a document that
came back out of a record, where only passages are left of the text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pbtool.document import Article, Document, Passage, PassageMap
from pbtool.edits import Edit, Span, apply, invert, merge, ordered

if TYPE_CHECKING:
    from pbtool.gazetteer import Entry

Proposer = Callable[[str], tuple[Sequence[Edit], Sequence[Edit]]]


def run(
    document: Document | str,
    *,
    to: str | None = None,
    only_sure: bool = False,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    keep: Sequence[str] = (),
    gazetteer: Sequence[Entry] = (),
) -> Document:
    """The main job on one document: fix → (convert, where `to` is given) → segment → extract."""
    document = fix(document, rules=rules, skip=skip, only_sure=only_sure, keep=keep)
    if to:
        document = convert(document, to, keep=keep)
    return extract(segment(document), gazetteer=gazetteer)


def fix(
    document: Document | str,
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
    keep: Sequence[str] = (),
) -> Document:
    """The document with its damage repaired; what was done is in `repairs`, what a person must decide in `suggestions`.

    `rules` names the only rules to use, `skip` those to leave out; `only_sure` leaves edits below "sure" undone;
    nothing that touches one of the words in `keep` is changed.
    """
    from pbtool import repair

    document = _document(document)
    if document.articles and not document.original:

        def propose(text: str) -> tuple[Sequence[Edit], Sequence[Edit]]:
            edits, notes = repair.propose(text, rules=rules, skip=skip, only_sure=only_sure)
            return leaving(text, edits, keep), leaving(text, notes, keep)

        document = revise_passages(document, propose)
    else:
        before = document
        document = repair.repair(document, rules=rules, skip=skip, only_sure=only_sure)
        if keep:
            document = _left_alone(document, before, keep)
    return _stepped(document, "fix")


def leaving(text: str, edits: Sequence[Edit], keep: Sequence[str]) -> Sequence[Edit]:
    """The edits (in places of `text`) that touch no word of `keep`."""
    words: dict[str, list[str]] = {}
    for word in sorted(set(keep), key=len, reverse=True):
        words.setdefault(word[:1], []).append(word)
    spans = []
    for at, char in enumerate(text) if any(words) else ():
        found = next((word for word in words.get(char, ()) if text.startswith(word, at)), None)
        if found is not None:
            spans.append((at, at + len(found)))
    if not spans:
        return edits
    longest = max(end - start for start, end in spans)

    def touches(edit: Edit) -> bool:
        index = bisect_left(spans, (edit.end, 0))
        near = spans[max(0, index - longest) : index]
        return any(start < edit.end and edit.start < end for start, end in near)

    return [edit for edit in edits if not touches(edit)]


def _left_alone(document: Document, before: Document, keep: Sequence[str]) -> Document:
    """The repaired document without the repairs and suggestions that touch words to keep."""
    known = set(before.repairs)
    fresh = [edit for edit in document.repairs if edit not in known]
    left = set(leaving(document.original, fresh, keep))
    kept = [edit for edit in document.repairs if edit in known or edit in left]
    suggestions = tuple(leaving(document.original, document.suggestions, keep))
    return replace(document.revise_original(kept), suggestions=suggestions)


def convert(
    document: Document | str,
    to: str,
    *,
    script: str = "auto",
    keep: Sequence[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
) -> Document:
    """The document in another script: `to` is hans, hant, tw, twp or hk; names and the words in `keep` are protected."""
    from pbtool import conversion

    document = _document(document)
    if document.articles and not document.original:
        document = conversion.convert_passages(
            document, to, revise_passages, script=script, keep=keep, engine=engine, quotes=quotes
        )
    else:
        document = conversion.convert(document, to, script=script, keep=keep, engine=engine, quotes=quotes)
    return _stepped(document, "convert")


def segment(document: Document | str) -> Document:
    """The document with its articles found and its page furniture set aside; articles that are there already stay."""
    from pbtool import articles

    document = _document(document)
    if document.articles or "segment" in document.steps:
        return document
    return _stepped(articles.segment(document), "segment")


def extract(document: Document | str, *, gazetteer: Sequence[Entry] = ()) -> Document:
    """The document with places, officials, metrics and dates found in each article (segmented first where it is not)."""
    from pbtool import extraction

    return _stepped(extraction.extract(segment(document), tuple(gazetteer)), "extract")


def check(
    document: Document | str,
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
    keep: Sequence[str] = (),
) -> tuple[Edit, ...]:
    """Every edit that `fix` would make and every suggestion, sorted by place; places count in the text as read."""
    from pbtool import conversion

    document = _document(document)
    if rules is None and document.text and "half-converted" not in skip:
        document = document.revise((), conversion.half_converted(document.text))
    before = document.repairs
    document = fix(document, rules=rules, skip=skip, only_sure=only_sure, keep=keep)
    fresh = [edit for edit in document.repairs if edit not in before] if before else document.repairs
    return tuple(sorted((*fresh, *document.suggestions), key=lambda edit: (edit.start, edit.end)))


def undo(text: str, edits: Sequence[Edit]) -> str:
    """The text as it was before `edits` (which count in that earlier text). Raises ValueError where they do not fit."""
    return apply(text, invert(ordered(edits)))


def revise_passages(document: Document, propose: Proposer) -> Document:
    """The document with what `propose` says of each passage done; for documents that came out of records.

    An edit that would reach across a place where two lines were joined is left undone: what stood between is not known.
    """
    gathered: list[Edit] = list(document.edits)
    noted: list[Edit] = list(document.suggestions)

    def revised(passage: Passage | None) -> Passage | None:
        if passage is None or not passage.text:
            return passage
        edits, suggestions = propose(passage.text)
        text, lifted = _revise_passage(passage, document.edits, edits)
        if lifted is not None:
            gathered[:] = [edit for edit in gathered if not _inside(edit, passage.source)]
            gathered.extend(lifted)
        place = PassageMap(passage, document.edits)
        for edit in suggestions:
            spans = place.source(edit.start, edit.end)
            if len(spans) == 1 and spans[0][1] - spans[0][0] == len(edit.before):
                noted.append(replace(edit, start=spans[0][0], end=spans[0][1]))
        return replace(passage, text=text)

    articles = tuple(revise_article(article, revised) for article in document.articles)
    furniture = tuple(revised(passage) or passage for passage in document.furniture)
    unique = {(edit.start, edit.end, edit.before, edit.after): edit for edit in gathered}
    return replace(
        document,
        articles=articles,
        furniture=furniture,
        edits=ordered(unique.values()),
        # A record that was fixed before brings its suggestions along.
        suggestions=tuple(sorted(set(noted), key=lambda edit: (edit.start, edit.end, edit.after))),
    )


def _document(document: Document | str) -> Document:
    return Document.from_text(document) if isinstance(document, str) else document


def _stepped(document: Document, step: str) -> Document:
    return document if step in document.steps else replace(document, steps=(*document.steps, step))


def revise_article(article: Article, revised: Callable[[Passage | None], Passage | None]) -> Article:
    """The article with each of its passages revised; names in the byline come as passages without a source."""

    def all_of(passages: Sequence[Passage]) -> tuple[Passage, ...]:
        return tuple(revised(passage) or passage for passage in passages)

    names = [Passage(name) for name in article.byline]
    return replace(
        article,
        title=revised(article.title),
        kicker=revised(article.kicker),
        subtitle=revised(article.subtitle),
        affiliation=revised(article.affiliation),
        dateline=revised(article.dateline),
        editor_note=revised(article.editor_note),
        byline=tuple(passage.text for passage in all_of(names)),
        byline_lines=all_of(article.byline_lines),
        paragraphs=all_of(article.paragraphs),
        captions=all_of(article.captions),
    )


def _inside(edit: Edit, spans: Sequence[Span]) -> bool:
    return any(start <= edit.start and edit.end <= end for start, end in spans)


def _revise_passage(
    passage: Passage, known: Sequence[Edit], edits: Sequence[Edit]
) -> tuple[str, list[Edit] | None]:
    """The passage's new text, and all its edits in places of the source (None where it has no known source)."""
    if not passage.source:
        return apply(passage.text, edits), None
    local, joints, base = _local(passage, known)
    old = apply(passage.text, invert(local)) if local else passage.text
    kept = [edit for edit in edits if not _crosses(edit, local, joints)]
    merged = merge(local, kept)
    text = apply(old, merged)
    lifted = []
    for edit in merged:
        shift = next(shift for start, shift in reversed(base) if start <= edit.start)
        lifted.append(edit.shifted(shift))
    return text, lifted


def _local(passage: Passage, known: Sequence[Edit]) -> tuple[list[Edit], list[int], list[tuple[int, int]]]:
    """The known edits inside a passage in places of its own unrepaired text; its joints there; and the way back.

    The way back is a list of (place in the unrepaired text, what to add to get the place in the source).
    """
    local: list[Edit] = []
    joints: list[int] = []
    base: list[tuple[int, int]] = []
    place = now = 0  # in the unrepaired and in the present text
    for number, (start, end) in enumerate(passage.source):
        if number:
            joints.append(place)
            if passage.text[now : now + 1] == " ":
                place += 1
                now += 1
                joints.append(place)
        base.append((place, start - place))
        inside = [edit for edit in known if start <= edit.start and edit.end <= end]
        local += [edit.shifted(place - start) for edit in inside]
        now += end - start + sum(len(edit.after) - len(edit.before) for edit in inside)
        place += end - start
    return local, joints, base or [(0, 0)]


def _crosses(edit: Edit, local: Sequence[Edit], joints: Sequence[int]) -> bool:
    from pbtool.edits import Origin

    start, end = Origin(local).back(edit.start, edit.end)
    return any(start < joint < end or (start == end == joint) for joint in joints) or any(
        start <= joint - 1 < end and joint - 1 in joints for joint in joints
    )
