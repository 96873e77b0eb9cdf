"""`pbtool review`: the editor's loop."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Reading, items, words_of
from pbtool.cli.outputs import Output
from pbtool.files import pasted, shown
from pbtool.terminal import Messages, counted

if TYPE_CHECKING:
    from pbtool.document import Document
    from pbtool.reviews.answers import Answers
    from pbtool.reviews.questions import Question, Signature
    from pbtool.reviews.subject import Subject

EXAMPLES = """
pbtool review issue.txt
pbtool review --html review.html issue.pdf
pbtool review --docx review.docx issue.pdf
pbtool review --from-docx review.docx issue.pdf
pbtool review --facts issue.pdf
pbtool run --answers issue.pdf.answers.jsonl --docx print.docx issue.pdf
"""


@options.command("review", EXAMPLES)
@click.argument("file", type=click.Path())
@click.option("--answers", type=click.Path(), help="The answers file (default: FILE.answers.jsonl).")
@click.option("--html", type=click.Path(), help="Write a page for the browser instead of asking here.")
@click.option("--docx", type=click.Path(), help="Write a Word file with every change tracked.")
@click.option("--from-docx", type=click.Path(), help="Take the answers out of such a Word file.")
@click.option("--facts", is_flag=True, help="Ask about doubtful places, officials, metrics and dates.")
@click.option(
    "--below",
    type=click.FloatRange(0, 1),
    default=0.8,
    show_default=True,
    help="With --facts: what is less sure than this is doubtful.",
)
@click.option("--learn", is_flag=True, help="Print words that rejections ask to leave alone, for --keep.")
@click.option("--who", type=options.text, help="Note this name, and the time, with every answer.")
@options.keep
@options.rules
@options.reading
@options.messages
def command(
    file: str,
    answers: str | None,
    html: str | None,
    docx: str | None,
    from_docx: str | None,
    facts: bool,
    below: float,
    learn: bool,
    who: str | None,
    keep: str | None,
    rule: tuple[str, ...],
    skip: tuple[str, ...],
    only_sure: bool,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """See each change in its context, accept or reject it; pbtool fix --answers then makes exactly those.

    Every answer is kept at once in the answers file; stop whenever you like, and go on later. In a Word file a repair is
    a tracked change and a suggestion a comment: save it when you have decided, and give it back with --from-docx.
    """
    from pbtool.reviews.subject import subject_of

    messages = Messages(quiet, verbose, color)
    options.check_rules((*rule, *skip))
    how["pages"] = options.page_numbers(how["pages"])
    chosen = [name for name, given in _ways(html, docx, from_docx, facts, learn) if given]
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} do not go together; give one of them.")
    if chosen in ([], ["--facts"]) and (file == "-" or sys.stdin is None or not sys.stdin.isatty()):
        raise click.UsageError(
            "The review asks on a terminal; use --html FILE for the browser, --docx FILE for Word."
        )
    kept = answers or f"{'stdin' if file == '-' else file}.answers.jsonl"
    options.apart([file], {"--from-docx": from_docx, "--html": html, "--docx": docx, "--answers": kept})
    found = [item.document for item in items([file], Reading(**how), messages)]
    if not found:
        return messages.status
    subject = subject_of(
        found, rules=rule or None, skip=skip, only_sure=only_sure, keep=words_of(keep) if keep else ()
    )
    review = _Review(file, subject, subject.answers(kept), kept, messages, _signature(who))
    if html:
        review.page(html, how["password"])
    elif docx:
        review.word(docx)
    elif from_docx:
        review.read_word(from_docx)
    elif learn:
        review.learn()
    elif facts:
        review.facts(found, below)
    else:
        review.changes()
    return messages.status


@dataclass(frozen=True, slots=True)
class _Review:
    """One review: what it is about, where its answers are kept, and who is told."""

    file: str
    subject: Subject
    answers: Answers
    kept: str
    messages: Messages
    signature: Signature

    def changes(self) -> None:
        """Ask about every change on the terminal."""
        from pbtool.reviews.questions import Sentences, of_edits, standing

        sentences = Sentences(self.subject.document.original, self.subject.edits, standing(self.answers))
        questions = of_edits(self.subject.document, self.subject.edits)
        self._ask(questions, lambda question: sentences.around(question.start, question.end))

    def facts(self, documents: Sequence[Document], below: float) -> None:
        """Ask about every doubtful fact on the terminal."""
        from pbtool.reviews.facts import complaint, of_facts
        from pbtool.reviews.questions import Sentences, standing
        from pbtool.reviews.subject import with_facts

        document = with_facts(self.subject, self.answers, documents)
        sentences = Sentences(self.subject.document.original, self.subject.edits, standing(self.answers))
        self._ask(
            of_facts(document, below),
            lambda question: sentences.around(question.start, question.end),
            complaint,
            "run",
        )

    def page(self, path: str, password: str | None) -> None:
        """Write the page for the browser."""
        from pbtool.reviews.page import page
        from pbtool.reviews.pictures import pictures

        drawn = pictures(self.file, self.subject, password, self.messages.progress)
        with Output(path) as out:
            out.write(
                page(self.file, self.subject, self.answers, Path(self.kept).name, self.signature.who, drawn)
            )
        changes = counted(len(self.subject.edits), "change")
        self.messages.say(f"{shown(path)}: {changes}; save the answers as {shown(self.kept)}, {self._then()}")

    def word(self, path: str) -> None:
        """Write the Word file."""
        from pbtool.files import write_whole
        from pbtool.reviews.word import review_word

        write_whole(path, review_word(self.file, self.subject, self.answers))
        hints = sum(edit.grade == "suggested" for edit in self.subject.edits)
        self.messages.say(
            f"{shown(path)}: tracked changes: {len(self.subject.edits) - hints}, suggestions as comments: {hints}; "
            f"decide, save it, then: pbtool review --from-docx {pasted(path)} {pasted(self.file)}"
        )

    def read_word(self, path: str) -> None:
        """Take the verdicts of a Word file into the answers file."""
        from pbtool.reviews.questions import of_edits
        from pbtool.reviews.word_verdicts import counted as counted_verdicts
        from pbtool.reviews.word_verdicts import read_verdicts

        found = read_verdicts(path, self.subject, self.answers)
        questions = of_edits(self.subject.document, self.subject.edits)
        fresh = [
            self.signature.answer(question, decision.verdict, decision.text)
            for question, decision in zip(questions, found.decisions, strict=True)
            if decision.verdict is not None and not decision.repeats(self.answers[question.id])
        ]
        self.answers.begin()
        self.answers.give(fresh)
        counts = counted_verdicts(found.decisions)
        self.messages.say(
            f"{shown(self.kept)}: {counts['accept']} accepted, {counts['reject']} rejected, "
            f"{counts['change']} changed by hand, {counts['open']} open"
        )
        if found.changed is not None:
            self.messages.error(
                f"{shown(path)}: the text was also changed where no change is marked (first at …{found.changed}…); "
                "that stays in the Word file alone"
            )

    def learn(self) -> None:
        """Print the words that the rejections ask to leave alone."""
        from pbtool.reviews.lessons import lessons

        found = lessons(self.subject.document.original, self.subject.edits, self.answers)
        with Output() as out:
            for lesson in found:
                out.write(f"{lesson.word}\t{', '.join(lesson.rules)}\t{lesson.count}\n")
        self.messages.say(
            f"{counted(len(found), 'word')}; put those that are always right into a file for fix --keep"
            if found
            else f"{shown(self.kept)}: no rejection asks to leave a word alone"
        )

    def _ask(
        self,
        questions: Sequence[Question],
        around: Callable[[Question], tuple[str, str]],
        complaint: Callable[[Question, str], str | None] = lambda question, text: None,
        does: str = "fix",
    ) -> None:
        from pbtool.cli.asking import TerminalScreen
        from pbtool.reviews.terminal import review

        screen = TerminalScreen(self.file, len(questions), around, self.messages.color)
        try:
            review(questions, self.answers, screen, self.signature, complaint)
        finally:
            left = sum(self.answers[question.id] is None for question in questions)
            done = f"{len(questions) - left} answered, {left} open" if questions else "nothing to ask"
            self.messages.say(
                f"{shown(self.kept)}: {done}{f'; {self._then(does)}' if left < len(questions) else ''}"
            )

    def _then(self, does: str = "fix") -> str:
        """The command that makes what was answered."""
        return f"then: pbtool {does} --answers {pasted(self.kept)} {pasted(self.file)}"


def _ways(*given: object) -> list[tuple[str, object]]:
    return list(zip(("--html", "--docx", "--from-docx", "--facts", "--learn"), given, strict=True))


def _signature(who: str | None) -> Signature:
    from pbtool.reviews.questions import Signature

    if not who:
        return Signature()
    from datetime import datetime, timezone

    return Signature(who, datetime.now(timezone.utc).isoformat(timespec="seconds"))
