"""Review in a terminal, one change after the other, like `git add -p` with the sentence in view.

The one idea: the loop knows nothing of keyboards and screens; it is given a function that asks and one that shows, so that it can be
tested without either, and works over ssh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pbtool.edits import Edit
from pbtool.review.answers import Answer, Answers, edit_id
from pbtool.review.context import contexts

KEYS = "y yes  n no  e edit  a all of this rule  d none of this rule  u undo  s skip  q quit"


def review(
    text: str,
    edits: Sequence[Edit],
    answers: Answers,
    *,
    ask: Callable[[], str],
    ask_text: Callable[[str], str],
    show: Callable[[str], None],
    paint: Callable[[str, str], str],
) -> int:
    """Walk the open edits until the end or `q`; every answer is kept at once. Gives the number still open.

    `ask` gives a key, `ask_text` a text (its argument is the proposal), `show` prints a line, `paint(kind, text)` marks
    "gone" and "come".
    """
    where = contexts(text, edits)
    history: list[int] = []
    index = 0
    while index < len(edits):
        edit = edits[index]
        if answers[edit] is not None:
            index += 1
            continue
        left = sum(answers[other] is None for other in edits[index:])
        before = where[index]
        show(
            f"{before.line}: {_flat(before.left)}{paint('gone', _flat(edit.before))}{paint('come', _flat(edit.after))}{_flat(before.right)}"
        )
        show(f"   {edit.rule}, {edit.grade}, {edit.confidence:.0%}; {left} left   [y n e a d u s q ?]")
        key = ask()
        if key == "q":
            break
        if key == "u" and history:
            index = history.pop()
            answers.forget(edits[index])
            continue
        if key in "yn":
            answers.give([Answer(edit_id(edit), "accept" if key == "y" else "reject")])
            history.append(index)
        elif key == "e":
            answers.give([Answer(edit_id(edit), "change", ask_text(edit.after))])
            history.append(index)
        elif key in "ad":
            same = [other for other in edits[index:] if other.rule == edit.rule and answers[other] is None]
            answers.give(Answer(edit_id(other), "accept" if key == "a" else "reject") for other in same)
            history.append(index)
        elif key != "s":
            show(KEYS)
            continue
        index += 1
    return sum(answers[edit] is None for edit in edits)


def _flat(text: str) -> str:
    return text.replace("\r\n", "⏎").replace("\n", "⏎")
