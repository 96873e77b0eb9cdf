"""Review by a function: whoever has a screen of their own, or a program that decides, needs no terminal.

The one idea: a question is answered by the text that shall stand there. What is proposed accepts it, what stood there rejects it,
anything else is an editor's own wording.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pbtool.document import Document
from pbtool.reviews.answers import Answer, Pending
from pbtool.reviews.questions import Question, Signature, of_edits
from pbtool.reviews.subject import answered, subject_of

Decide = Callable[[Question], str | None]


def review(
    document: Document | str,
    decide: Decide,
    answers: str | Path | None = None,
    *,
    pending: Pending = "keep",
    signature: Signature | None = None,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
    keep: Sequence[str] = (),
) -> Document:
    """Ask `decide` about every change that is not answered yet; gives the document with what was decided made.

    `decide` gives the text that shall stand there, or None to leave the question open; then `pending` says what becomes of it
    ("keep": what `fix` would do). `answers` is a file to which every answer is added at once and in which those of earlier
    reviews stand; without it they are kept for this one. The other arguments are those of `fix`. Raises InputError for
    answers that were made for another text.
    """
    asked = Document.from_text(document) if isinstance(document, str) else document
    subject = subject_of([asked], rules=rules, skip=skip, only_sure=only_sure, keep=keep)
    kept = subject.answers(None if answers is None else str(answers))
    for question in of_edits(subject.document, subject.edits):
        if kept[question.id] is None and (text := decide(question)) is not None:
            kept.give([_answer(question, text, signature or Signature())])
    return answered(subject, kept, pending)


def _answer(question: Question, text: str, signature: Signature) -> Answer:
    if text == question.after:
        return signature.answer(question, "accept")
    if text == question.before:
        return signature.answer(question, "reject")
    return signature.answer(question, "change", text)
