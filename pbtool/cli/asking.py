"""The screen of `pbtool review`: a question in a few lines, wide characters aligned, and a key.

The one idea: a question fits a terminal of 80 columns and 24 lines, scrolls like any output, and needs neither colour nor cursor
movement.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence

import click

from pbtool.reviews.questions import Question, shown
from pbtool.terminal import safe, wants_color, width

#: Text with how it is to be marked: "gone", "come", "fact", "faint" or not at all.
Run = tuple[str, str]
_COLORS = {"gone": "9;31", "come": "1;32", "fact": "1;36", "faint": "2"}
_BRACKETS = {"gone": ("[-", "-]"), "come": ("{+", "+}"), "fact": ("[", "]")}
_INDENT = "  "
_LONGEST = 160


class TerminalScreen:
    """Asks on the terminal: shows on standard error, reads single keys."""

    def __init__(
        self, name: str, total: int, around: Callable[[Question], tuple[str, str]], color: str
    ) -> None:
        self._name = name
        self._total = total
        self._around = around
        self._colored = wants_color(color, sys.stderr)

    def ask(self, question: Question, number: int, left: int) -> str:
        """Show the question and give the key that was pressed, in lower case; an end of input counts as `q`."""
        for line in self._lines(question, number, left):
            self.tell(line)
        self._write(f"{_INDENT}[{_keys(question)}] ")
        try:
            # An input method may give full-width letters.
            key = unicodedata.normalize("NFKC", click.getchar()).lower()
        except EOFError:
            key = "q"
        except KeyboardInterrupt:
            self.tell("")
            raise
        self.tell(safe(key) if key.isprintable() else "")
        return key

    def ask_text(self, proposal: str) -> str | None:
        """A line of text, with the proposal to begin with where the terminal can offer it; None after Ctrl-C."""
        offered = _offer(proposal)
        self._write(f"{_INDENT}instead: " if offered else f"{_INDENT}instead of {safe(proposal)}: ")
        try:
            text = input()
        except (EOFError, KeyboardInterrupt):
            self.tell("")
            return None
        finally:
            _offer("")
        return text.encode("utf-8", "replace").decode("utf-8")

    def tell(self, line: str) -> None:
        """Show a line."""
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    def _lines(self, question: Question, number: int, left: int) -> Iterator[str]:
        columns = max(20, shutil.get_terminal_size((80, 24)).columns) - 1
        page = f"page {question.page}, " if question.page is not None else ""
        yield ""
        yield from self._wrapped(
            [
                (
                    "faint",
                    f"{safe(self._name)}  {page}line {question.line}  {number} of {self._total}, {left} left",
                )
            ],
            columns,
            "",
        )
        yield from self._wrapped(self._marked(question), columns)
        reason = question.reason.rstrip(".")
        if question.claim:
            told = f"{question.claim} ({reason})"
        else:
            why = ", ".join(filter(None, (question.family, question.grade, f"{question.confidence:.0%}")))
            told = f"{why}: {reason}" if reason else why
        yield from self._wrapped([("faint", safe(told))], columns)
        for key, option in enumerate(question.options, 1):
            yield from self._wrapped([("", f"{key}  {safe(option)}")], columns)

    def _marked(self, question: Question) -> Iterator[Run]:
        left, right = self._around(question)
        yield "", shown(left)
        if question.claim:
            yield "fact", _cut(shown(question.before))
            yield "", shown(right)
            return
        for kind, text in (("gone", question.before), ("come", question.after)):
            if text:
                yield kind, _cut(shown(text) if text.strip() else shown(text.replace(" ", "␣")))
        yield "", shown(right)

    def _wrapped(
        self, runs: Sequence[Run] | Iterator[Run], columns: int, indent: str = _INDENT
    ) -> Iterator[str]:
        """The runs in lines of at most `columns`, cut between characters, but not inside a word of letters."""
        line, used = [indent], len(indent)
        for kind, text in runs:
            opening, closing = ("", "") if self._colored else _BRACKETS.get(kind, ("", ""))
            for piece in _fitting(opening + text + closing, columns - used, columns - len(indent)):
                if piece is None:
                    yield "".join(line)
                    line = [indent]
                    continue
                line.append(self._painted(kind, piece))
            used = width("".join(_bare(line)))
        yield "".join(line)

    def _painted(self, kind: str, text: str) -> str:
        return f"\x1b[{_COLORS[kind]}m{text}\x1b[0m" if self._colored and kind and text else text


def _fitting(text: str, room: int, columns: int) -> Iterator[str | None]:
    """The text in pieces: the first fits `room`, the others `columns`; None stands for the end of a line."""
    start = used = 0
    for at, char in enumerate(text):
        wide = width(char)
        if used + wide > room:
            cut = _before_word(text, start, at, room < columns)
            yield text[start:cut]
            yield None
            start, used, room = cut, width(text[cut:at]), columns
        used += wide
    yield text[start:]


def _before_word(text: str, start: int, at: int, inside: bool) -> int:
    """Where to end the line that `at` no longer fits: before the word that it cuts, where the line has more than that word.

    `inside`: other text stands on the line before `start`.
    """
    if at <= start or not (_of_word(text[at]) and _of_word(text[at - 1])):
        return at
    blank = text.rfind(" ", start, at)
    if blank >= 0 and text[blank + 1 : at].isascii():
        return blank + 1
    return start if inside and text[start:at].isascii() else at


def _of_word(char: str) -> bool:
    return char.isascii() and char.isprintable() and char != " "


def _bare(pieces: Sequence[str]) -> Iterator[str]:
    for piece in pieces:
        yield click.unstyle(piece)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _keys(question: Question) -> str:
    numbers = f"1-{len(question.options)} " if question.options else ""
    return f"{numbers}y n e a d u s q ?"


def _offer(text: str) -> bool:
    """Let the next line begin with `text`; False where the terminal cannot."""
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        return False
    with contextlib.suppress(ImportError):
        import readline

        readline.set_startup_hook((lambda: readline.insert_text(text)) if text else None)
        return True
    return False
