"""Questions: what an editor is asked, whatever it is asked with.

The one idea: a change of the text and a doubtful fact are asked in the same way (a sentence with something marked in it, why,
how sure), so that one loop, one set of keys and one answers file serve both.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pbtool.document import Document
from pbtool.edits import Edit
from pbtool.reviews.answers import Answer, Answers, Verdict, edit_id

_ENDS = "。！？\n"
_REACH = 60
#: What steers a screen or a page, or cannot be seen on it.
_STEERING = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide: `before` stands at [start, end) of the text as read, `after` is proposed instead.

    For a fact `after` equals `before`, and `claim` says what is believed of it. `family` is what "all of these" means:
    the rule of a change, the kind and the name of a fact. `options` are answers to choose from, `value` is what is to be put right.
    `line` and `page` count from 1.
    """

    id: str
    family: str
    grade: str
    confidence: float
    start: int
    end: int
    before: str
    after: str
    line: int
    page: int | None = None
    reason: str = ""
    claim: str = ""
    options: tuple[str, ...] = ()
    value: str | None = None

    @property
    def proposal(self) -> str:
        """What a person who wants something else begins with: the text proposed, or the value of a fact."""
        return self.after if self.value is None else self.value

    @property
    def about(self) -> str:
        """What is asked, in a few characters, for the reader of the answers file."""
        return shown(self.claim or f"{self.before} → {self.after}")[:120]


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers, and when, where they want that to be noted."""

    who: str | None = None
    when: str | None = None

    def answer(self, question: Question, verdict: Verdict, text: str | None = None) -> Answer:
        """The answer to a question, signed."""
        return Answer(question.id, verdict, text, self.who, self.when, question.about)


def of_edits(document: Document, edits: Sequence[Edit]) -> list[Question]:
    """The questions that the edits (sorted by place in `document.original`) ask."""
    place = Places(document)
    why = reasons()
    return [
        Question(
            edit_id(edit),
            edit.rule,
            edit.grade,
            edit.confidence,
            edit.start,
            edit.end,
            edit.before,
            edit.after,
            *place(edit.start),
            reason=why.get(edit.rule, ""),
        )
        for edit in edits
    ]


def reasons() -> dict[str, str]:
    """For each repair rule the line that says what it mends."""
    from pbtool.repair import RULES

    told = {rule.name: rule.summary for rule in RULES}
    return {
        **told,
        "half-converted": "Traditional characters left in a simplified text, or the other way round.",
    }


class Places:
    """The line and the page, from 1, of a place in the text as read."""

    def __init__(self, document: Document) -> None:
        self._starts = [0]
        for line in document.original.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._pages = document.pages

    def __call__(self, place: int) -> tuple[int, int | None]:
        line = bisect_right(self._starts, place, 0, max(1, len(self._starts) - 1))
        index = bisect_right(self._pages, place, key=lambda page: page.start) - 1
        return line, self._pages[index].number if index >= 0 else None


class Sentences:
    """The sentence around a place, with the changes in it made that will be made, so that it reads as it will print."""

    def __init__(self, text: str, edits: Sequence[Edit], made: Callable[[Edit], str]) -> None:
        """`made` gives the text that stands for an edit as things are: its `after`, its `before`, or an editor's words."""
        self._text = text
        self._edits = edits
        self._made = made

    def around(self, start: int, end: int) -> tuple[str, str]:
        """What stands before `start` and after `end`, at most 60 characters of the same sentence on either side."""
        return self._left(start), self._right(end)

    def _left(self, place: int) -> str:
        index = bisect_right(self._edits, place, key=lambda edit: edit.end) - 1
        while index >= 0 and self._edits[index].start >= place:
            index -= 1
        pieces: list[str] = []
        room = _REACH
        while room > 0:
            edit = self._edits[index] if index >= 0 else None
            low = max(0, place - room, edit.end if edit else 0)
            pieces.append(self._text[low:place])
            room -= place - low
            if edit is None or low > edit.end:
                break
            pieces.append(self._made(edit))
            room -= len(pieces[-1]) or 1
            place, index = edit.start, index - 1
        left = "".join(reversed(pieces))[-_REACH:]
        return left[max(left.rfind(mark) for mark in _ENDS) + 1 :]

    def _right(self, place: int) -> str:
        index = bisect_right(self._edits, place - 1, key=lambda edit: edit.start)
        while index < len(self._edits) and self._edits[index].end <= place:
            index += 1
        pieces: list[str] = []
        room = _REACH
        while room > 0:
            edit = self._edits[index] if index < len(self._edits) else None
            high = min(len(self._text), place + room, edit.start if edit else len(self._text))
            pieces.append(self._text[place:high])
            room -= high - place
            if edit is None or high < edit.start:
                break
            pieces.append(self._made(edit))
            room -= len(pieces[-1]) or 1
            place, index = edit.end, index + 1
        right = "".join(pieces)[:_REACH]
        ends = [at + (mark != "\n") for mark in _ENDS if (at := right.find(mark)) >= 0]
        return right[: min(ends, default=len(right))]


def standing(answers: Answers) -> Callable[[Edit], str]:
    """The text that stands for an edit, given the answers; without one, what `fix` would make of it."""

    def made(edit: Edit) -> str:
        answer = answers[edit]
        if answer is None:
            return edit.before if edit.grade == "suggested" else edit.after
        if answer.verdict == "change":
            return answer.text or ""
        return edit.after if answer.verdict == "accept" else edit.before

    return made


def shown(text: str) -> str:
    """The text as it can be shown anywhere: line ends as ⏎, whatever steers or cannot be seen as ⟨U+XXXX⟩."""
    text = text.replace("\r\n", "⏎").replace("\n", "⏎")
    if text.isprintable():
        return text
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _STEERING else c for c in text)
