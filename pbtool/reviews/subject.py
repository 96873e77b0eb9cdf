"""What is under review: one text with its changes, whether it was just read or comes out of records.

The one idea: a record holds every printed character of its source with its place, so the text as read can be put together again
from it (blanks between the passages apart), and records are reviewed, shown and answered exactly like texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pbtool import pipeline
from pbtool.document import Document, Passage, PassageMap
from pbtool.edits import Edit, apply, ordered, without_overlaps
from pbtool.errors import InputError
from pbtool.reviews.answers import Answers, Pending, resolved
from pbtool.reviews.retelling import retold

#: No document is longer; a record that says so is not to cost memory.
_LONGEST = 1 << 26


@dataclass(frozen=True, slots=True)
class Subject:
    """A document as it was read, and everything that can be asked about its text: `edits`, sorted by place in it.

    `whole` is false where the text was put together from records; then answers are kept for the file it was read from.
    """

    document: Document
    edits: tuple[Edit, ...]
    whole: bool = True

    def answers(self, path: str | None) -> Answers:
        """The answers for this text in the file at `path`. Raises InputError for answers made for another one."""
        text = self.document.original if self.whole else None
        return Answers(text, path, source=self.document.source.sha256)


def subject_of(
    documents: Sequence[Document],
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
    keep: Sequence[str] = (),
) -> Subject:
    """The one text that the documents (one read, or the records of one file) hold, with its changes.

    Raises InputError where they come from several files, or hold no text.
    """
    document, whole = _united(documents)
    if whole or "fix" not in document.steps:
        asked = document if whole else replace(document, original="")
        found = pipeline.check(asked, rules=rules, skip=skip, only_sure=only_sure)
    else:
        found = document.suggestions
    trusted = sorted((*found, *document.repairs), key=lambda edit: edit.grade == "suggested")
    edits = [edit for edit in without_overlaps(trusted) if _fits(edit, document.original)]
    return Subject(document, tuple(pipeline.leaving(document.original, edits, keep)), whole)


def answered(subject: Subject, answers: Answers, pending: Pending = "keep") -> Document:
    """The document with exactly the changes made that the answers (and for the rest `pending`) say."""
    made = resolved(subject.edits, answers, pending)
    document = subject.document
    if subject.whole:
        bare = Document.from_text(document.original, document.source)
        parts = {name: getattr(document, name) for name in ("pages", "lines", "fonts", "notes")}
        return replace(bare.revise_original(made), **parts, steps=("fix",))
    known = frozenset(document.repairs)
    told = retold(
        document,
        subject.edits,
        lambda edit: edit.after if edit in known else edit.before,
        lambda edit: _text_of(edit, made),
    )
    left = [e for e in subject.edits if e.grade == "suggested" and _text_of(e, made) == e.before]
    steps = tuple(dict.fromkeys((*document.steps, "fix")))
    return replace(told, original="", text="", edits=ordered(made), suggestions=tuple(left), steps=steps)


def obeyed(
    document: Document,
    path: str,
    pending: Pending = "keep",
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
    keep: Sequence[str] = (),
) -> tuple[Document, Answers]:
    """The document with the changes made that the answers file at `path` accepts, and the answers.

    Raises InputError where there is no such file, or it holds answers for another text.
    """
    if not Path(path).exists():
        raise InputError(path, "does not exist; pbtool review writes it")
    subject = subject_of([document], rules=rules, skip=skip, only_sure=only_sure, keep=keep)
    answers = subject.answers(path)
    return answered(subject, answers, pending), answers


def segmented(subject: Subject, answers: Answers, pending: Pending = "keep") -> Document:
    """The document with the answers' changes made and its articles found."""
    return pipeline.segment(answered(subject, answers, pending))


def _united(documents: Sequence[Document]) -> tuple[Document, bool]:
    first = documents[0]
    if len(documents) == 1 and first.original:
        return first, True
    if any(other.source.sha256 != first.source.sha256 or other.original for other in documents):
        raise InputError(first.source.name, "holds records of several documents; review them one at a time")
    united = replace(
        first,
        articles=tuple(article for document in documents for article in document.articles),
        furniture=tuple(passage for document in documents for passage in document.furniture),
        edits=_all(edit for document in documents for edit in document.edits),
        suggestions=_all(edit for document in documents for edit in document.suggestions),
    )
    text = _put_together(united)
    if not text.strip():
        why = "; review the file that it was read from" if united.articles else ""
        raise InputError(first.source.name, f"holds no text to review{why}")
    edits = tuple(edit for edit in united.edits if _fits(edit, text))
    return replace(united, original=text, text=apply(text, edits), edits=edits), False


def _all(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    return without_overlaps(dict.fromkeys(edits))


def _passages(document: Document) -> list[Passage]:
    own = [passage for article in document.articles for _, _, passage in article.passages()]
    return [*own, *document.furniture]


def _put_together(document: Document) -> str:
    """The text as read, as far as the record's passages hold it; a line end everywhere else."""
    passages = [passage for passage in _passages(document) if passage.source]
    length = max((end for passage in passages for _, end in passage.source), default=0)
    if length > _LONGEST:
        raise InputError(
            document.source.name, "says that its text is longer than any document; it is damaged"
        )
    chars = ["\n"] * length
    for passage in passages:
        place = PassageMap(passage, document.edits)
        if not place.fits:
            continue
        for at, char in enumerate(passage.text):
            spans = place.source(at, at + 1)
            if len(spans) == 1 and spans[0][1] - spans[0][0] == 1:
                chars[spans[0][0]] = char
    for edit in (*document.suggestions, *document.edits):
        if 0 <= edit.start <= edit.end <= length and len(edit.before) == edit.end - edit.start:
            chars[edit.start : edit.end] = edit.before
    return "".join(chars)


def _fits(edit: Edit, text: str) -> bool:
    return 0 <= edit.start <= edit.end <= len(text) and text[edit.start : edit.end] == edit.before


def _text_of(edit: Edit, made: Sequence[Edit]) -> str:
    from bisect import bisect_left

    index = bisect_left(made, (edit.start, edit.end), key=lambda other: (other.start, other.end))
    found = made[index] if index < len(made) else None
    same = found is not None and (found.start, found.end, found.before) == (edit.start, edit.end, edit.before)
    return found.after if same and found is not None else edit.before


def with_facts(subject: Subject, answers: Answers, documents: Sequence[Document]) -> Document:
    """The document with its facts: those of the records that it came from, or found now in what the answers make of it."""
    if not subject.whole and all("extract" in document.steps for document in documents):
        return subject.document
    return pipeline.extract(segmented(subject, answers))
