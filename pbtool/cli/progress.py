"""How far a batch is: a bar on a terminal, a plain line now and then elsewhere, or a log that programs read.

The one idea: a teller hears the same news whatever it makes of them, so that a batch does not know who is listening.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from time import monotonic
from typing import TYPE_CHECKING, Any

from pbtool.terminal import Messages

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from pbtool.batches import Event, Report

#: Seconds between two plain lines (and entries "progress" of the log), and before the first sign of a bar.
_EVERY = 10.0
_BAR_AFTER = 1.0
_BAR_EVERY = 0.1


class Lines:
    """A plain line now and then."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._begun = self._last = monotonic()

    def news(self, report: Report, event: Event) -> None:
        """Something has become of a document."""
        now = monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            self._messages.say(summary(report, now - self._begun))

    def shards(self, done: int, total: int) -> None:
        """So many shards of a cluster are done."""
        self._messages.say(f"{done} of {total} shards done")

    def close(self) -> None:
        """There is no more news."""


class Bar(Lines):
    """A bar with documents, pages, facts, errors, rate and time left, once the work has taken a second."""

    def __init__(self, messages: Messages) -> None:
        super().__init__(messages)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def news(self, report: Report, event: Event) -> None:
        now = monotonic()
        if now - self._last < (_BAR_EVERY if self._bar else _BAR_AFTER):
            return
        self._last = now
        self._show(report.seen, report.total, counts(report), report.done / (now - self._begun))

    def shards(self, done: int, total: int) -> None:
        self._show(done, total, "shards", done / max(0.1, monotonic() - self._begun))

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _show(self, done: int, total: int | None, text: str, rate: float) -> None:
        if self._bar is None:
            self._bar = _rich_bar()
            self._task = self._bar.add_task(text, total=total, rate="")
            self._bar.start()
        assert self._task is not None
        self._bar.update(self._task, completed=done, total=total, description=text, rate=f"{rate:.1f}/s")


class Log(Lines):
    """One JSON object a line on standard error, for programs that watch."""

    def news(self, report: Report, event: Event) -> None:
        entry: dict[str, Any] = {"name": event.name}
        if event.what == "done":
            entry.update(pages=event.pages, facts=event.facts)
        elif event.reason is not None:
            entry["reason"] = event.reason
        self.tell(event.what, **entry)
        now = monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            self.tell("progress", **numbers(report, now - self._begun))

    def shards(self, done: int, total: int) -> None:
        self.tell("shards", done=done, total=total)

    def tell(self, event: str, **entry: Any) -> None:
        """Write one entry."""
        time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self._messages.say(json.dumps({"event": event, "time": time, **entry}))

    def end(self, report: Report, status: int) -> None:
        """Write the last entry."""
        self.tell("end", **numbers(report, monotonic() - self._begun), status=status)


def teller(messages: Messages, json_log: bool) -> Lines:
    """Who tells how far the batch is."""
    if json_log:
        return Log(messages)
    return Bar(messages) if sys.stderr.isatty() and not messages.quiet else Lines(messages)


def counts(report: Report) -> str:
    """What was found so far."""
    errors = len(report.failures)
    return (
        f"{report.pages:,} pages, {report.facts:,} facts, {errors:,} {'error' if errors == 1 else 'errors'}"
    )


def summary(report: Report, seconds: float) -> str:
    """How far a batch is, in one line."""
    of = f" of {report.total:,}" if report.total is not None else ""
    rate = report.done / seconds
    left = _left(report, seconds)
    tail = f", about {_duration(left)} left" if left is not None else ""
    return f"{report.seen:,}{of} documents, {counts(report)}; {rate:.1f} documents a second{tail}"


def numbers(report: Report, seconds: float) -> dict[str, Any]:
    """The same for programs."""
    left = _left(report, seconds)
    return {
        "done": report.done,
        "known": report.known,
        "failed": len(report.failures),
        "total": report.total,
        "pages": report.pages,
        "facts": report.facts,
        "seconds": round(seconds, 3),
        "left": None if left is None else round(left, 1),
    }


def _left(report: Report, seconds: float) -> float | None:
    if report.total is None or not report.done:
        return None
    return (report.total - report.seen) * seconds / report.done


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _rich_bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
