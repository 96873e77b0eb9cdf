"""What a person sees on stderr, and how text is made safe to show.

The one idea: stdout carries data only; everything said to a person goes through here, as UTF-8 whatever the locale, in one
line, with nothing in it that could steer a terminal.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import IO, TYPE_CHECKING, TypeVar

from pbtool.errors import DONE, UNREADABLE, PbtoolError

if TYPE_CHECKING:
    from rich.progress import Progress

Item = TypeVar("Item")
_UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def safe(text: str) -> str:
    """Text with control, format and lone surrogate characters written as ⟨U+XXXX⟩."""
    if text.isprintable():
        return text
    return "".join(f"⟨U+{ord(c):04X}⟩" if unicodedata.category(c) in _UNSAFE else c for c in text)


def width(text: str) -> int:
    """Columns that a text takes on a terminal (wide and full-width characters take two)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 repair`, `2 repairs`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def padded(text: str, columns: int) -> str:
    """The text filled with spaces to a number of columns."""
    return text + " " * (columns - width(text))


def wants_color(choice: str, stream: IO[str] | None) -> bool:
    """Whether to colour what goes to `stream`: told by --color, else by NO_COLOR, TERM and the stream itself."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream is not None and stream.isatty()


class Messages:
    """Everything a command says to the person who called it, and the exit status that follows from it."""

    def __init__(self, quiet: bool = False, verbose: bool = False, color: str = "auto") -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.color = color
        self.status = DONE

    def error(self, error: PbtoolError | str) -> None:
        """One line about something that went wrong; an input's error makes the exit status 3."""
        if isinstance(error, PbtoolError):
            self.status = max(self.status, error.status)
        self._write(f"pbtool: {error}")

    def say(self, text: str) -> None:
        """One line that --quiet leaves out."""
        if not self.quiet:
            self._write(text)

    def detail(self, text: str) -> None:
        """One line for --verbose."""
        if self.verbose and not self.quiet:
            self._write(text)

    def found(self, status: int) -> None:
        """Note an exit status that is no error; unreadable inputs weigh more."""
        if self.status != UNREADABLE:
            self.status = max(self.status, status)

    def progress(self, items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
        """The items, with a bar on a terminal for work that takes longer than a second."""
        if self.quiet or not sys.stderr.isatty():
            yield from items
            return
        bar = None
        begun = monotonic()
        try:
            for number, item in enumerate(items):
                yield item
                if bar is None and monotonic() - begun > 1:
                    bar = _bar()
                    task = bar.add_task(what, total=total)
                    bar.start()
                if bar is not None:
                    bar.update(task, completed=number + 1)
        finally:
            if bar is not None:
                bar.stop()

    @contextmanager
    def counter(self, what: str) -> Iterator[Callable[[int, int], None] | None]:
        """A function to tell how many of how many are done, for a bar as in `progress`; None where nobody would see it."""
        if self.quiet or not sys.stderr.isatty():
            yield None
            return
        bar: Progress | None = None
        begun = monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal bar
            if bar is None and monotonic() - begun > 1:
                bar = _bar()
                bar.add_task(what)
                bar.start()
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done, total=total)

        try:
            yield tell
        finally:
            if bar is not None:
                bar.stop()

    def _write(self, text: str) -> None:
        line = safe(text.replace("\n", " ")) + "\n"
        try:
            sys.stderr.buffer.write(line.encode("utf-8", "backslashreplace"))
            sys.stderr.buffer.flush()
        except (OSError, ValueError, AttributeError):
            # Nobody is listening: the exit status still tells.
            return


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)
