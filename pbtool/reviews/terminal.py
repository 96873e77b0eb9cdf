"""Review in a terminal, one question after the other, like `git add -p` with the sentence in view.

The one idea: the loop knows nothing of keyboards and screens; it is given something that asks, so that it can be tested without
either, and works over ssh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pbtool.reviews.answers import Answers, Verdict
from pbtool.reviews.questions import Question, Signature

HELP = (
    "y  yes                      a  yes to all that is left of this rule or name",
    "n  no                       d  no to all that is left of this rule or name",
    "e  write something else     u  undo",
    "s  skip                     q  quit; every answer is kept",
)
OF_OPTIONS = "1  that one of those listed, for all that is left of this name (so do 2, 3 …)"


class Screen(Protocol):
    """What the loop needs of a terminal."""

    def ask(self, question: Question, number: int, left: int) -> str:
        """Show the question (its number from 1, and how many are left) and give the key that was pressed."""

    def ask_text(self, proposal: str) -> str | None:
        """Let a text be written, beginning with the proposal; None where nothing was meant."""

    def tell(self, line: str) -> None:
        """Show a line of help."""


def review(
    questions: Sequence[Question],
    answers: Answers,
    screen: Screen,
    signature: Signature | None = None,
    complaint: Callable[[Question, str], str | None] = lambda question, text: None,
) -> int:
    """Walk the open questions until the end or `q`; every answer is kept at once. Gives the number still open.

    `complaint` says what is wrong with a text that was written for a question; then it is asked again.
    """
    walk = _Walk(questions, answers, signature or Signature(), complaint)
    while walk.index < len(questions):
        question = questions[walk.index]
        if answers[question.id] is not None:
            walk.index += 1
            continue
        key = screen.ask(question, walk.index + 1, walk.left)
        if key == "q":
            break
        if not walk.press(key, screen):
            for line in (*HELP, *([OF_OPTIONS] if question.options else ())):
                screen.tell(line)
    return walk.left


class _Walk:
    """Where the review stands, and the way back."""

    def __init__(
        self,
        questions: Sequence[Question],
        answers: Answers,
        signature: Signature,
        complaint: Callable[[Question, str], str | None],
    ) -> None:
        self.index = 0
        self.left = sum(answers[question.id] is None for question in questions)
        self._questions = questions
        self._answers = answers
        self._sign = signature.answer
        self._complaint = complaint
        self._history: list[tuple[int, list[str]]] = []

    def press(self, key: str, screen: Screen) -> bool:
        """Do what a key says; False for one that says nothing."""
        question = self._questions[self.index]
        if key == "u":
            self._undo(screen)
        elif key == "s":
            self.index += 1
        elif key in ("y", "n"):
            self._give([question], "accept" if key == "y" else "reject")
        elif key in ("a", "d"):
            self._give(self._same(question), "accept" if key == "a" else "reject")
        elif key == "e":
            self._change(question, screen)
        elif key.isdecimal() and 1 <= int(key) <= len(question.options):
            # What has one name in a document is one thing.
            same = [other for other in self._same(question) if other.options == question.options]
            self._give(same, "change", question.options[int(key) - 1])
        else:
            return False
        return True

    def _same(self, question: Question) -> list[Question]:
        """The question, and those behind it of the same family that are still open."""
        behind = self._questions[self.index :]
        return [q for q in behind if q.family == question.family and self._answers[q.id] is None]

    def _change(self, question: Question, screen: Screen) -> None:
        text = screen.ask_text(question.proposal)
        wrong = None if text is None else self._complaint(question, text)
        if wrong is not None:
            screen.tell(wrong)
        elif text is not None:
            self._give([question], "change", text)

    def _give(self, questions: Sequence[Question], verdict: Verdict, text: str | None = None) -> None:
        self._answers.give([self._sign(question, verdict, text) for question in questions])
        self._history.append((self.index, [question.id for question in questions]))
        self.left -= len(questions)
        self.index += 1

    def _undo(self, screen: Screen) -> None:
        if not self._history:
            screen.tell("There is nothing to undo.")
            return
        self.index, gone = self._history.pop()
        self._answers.forget(gone)
        self.left += len(gone)
