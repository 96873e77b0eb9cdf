"""Exit statuses, and errors that say what is wrong, where, and what to do next.

The one idea: an error is a sentence for the person who typed the command. It carries the status that the command line
exits with, so no caller has to translate it.
"""

from __future__ import annotations

DONE = 0
FOUND = 1
USAGE = 2
UNREADABLE = 3
UNWRITABLE = 4
FAULT = 70
INTERRUPTED = 130
PIPE_CLOSED = 141


class PbtoolError(Exception):
    """Base of everything that pbtool raises on purpose; `status` is the exit status of the command line."""

    status = FAULT


class UsageError(PbtoolError):
    """The command or call itself is wrong (unknown encoding, option that does not fit)."""

    status = USAGE


class InputError(PbtoolError):
    """An input cannot be read. `where` names it; the message says why and what to do next."""

    status = UNREADABLE

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        # Readers run in child processes; the default reduction would pass one argument where two are wanted.
        return type(self), (self.where, self.why)


class OutputError(PbtoolError):
    """An output cannot be written; nothing on disk was changed."""

    status = UNWRITABLE


class PipeClosedError(PbtoolError):
    """The reader of standard output has gone; there is nobody to tell."""

    status = PIPE_CLOSED
