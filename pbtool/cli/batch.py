"""`pbtool batch`: a whole corpus into a store."""

from __future__ import annotations

import sys
from time import monotonic

import click

from pbtool.cli import options
from pbtool.terminal import Messages

EXAMPLES = """
pbtool batch issues/ --include '*.pdf' --db corpus.sqlite
find . -name '*.txt' | pbtool batch - --db corpus.sqlite --workers 4
pbtool batch issues/ --db corpus.sqlite --retry-failed
"""


@options.command("batch", EXAMPLES)
@click.argument("inputs", nargs=-1, required=True, metavar="IN…")
@click.option("--db", required=True, type=click.Path(), help="The store, made where there is none.")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes at work (default: one a core).")
@click.option(
    "--seconds",
    type=click.FloatRange(0.1),
    default=300.0,
    show_default=True,
    help="Deadline of one document.",
)
@click.option(
    "--memory", type=click.IntRange(256), default=2048, show_default=True, help="Memory of one worker, in MB."
)
@click.option(
    "--include", multiple=True, help="Only files of folders and archives that match (again for more)."
)
@click.option("--exclude", multiple=True, help="Not these files of folders and archives (again for more).")
@click.option("--redo", is_flag=True, help="Also do what is in the store.")
@click.option("--retry-failed", is_flag=True, help="Also try again what failed before.")
@options.messages
def command(
    inputs: tuple[str, ...],
    db: str,
    workers: int | None,
    seconds: float,
    memory: int,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    redo: bool,
    retry_failed: bool,
    quiet: bool,
    verbose: bool,
    color: str,
) -> int:
    """Put a whole corpus into a store: parallel, resumable, nothing lost.

    IN is a file, a folder, a pattern, a zip archive, or - for a list of them on standard input. A document is done once, by
    its content; the same command goes on where it stopped. What fails is noted with its reason (exit 3).
    """
    from pbtool.batch import Report, batch
    from pbtool.errors import InputError

    messages = Messages(quiet, verbose, color)
    if inputs == ("-",):
        inputs = tuple(line.rstrip("\n") for line in sys.stdin if line.strip())
    begun = last = monotonic()

    def watch(report: Report) -> None:
        nonlocal last
        if monotonic() - last > 10:
            last = monotonic()
            rate = report.done / (last - begun)
            messages.say(f"{report.done} done, {len(report.failures)} failed, {rate:.1f} documents a second")

    report = batch(
        inputs,
        db,
        workers=workers,
        seconds=seconds,
        memory=memory << 20,
        include=include,
        exclude=exclude,
        redo=redo,
        retry_failed=retry_failed,
        watch=watch,
    )
    for name, reason in report.failures:
        messages.error(InputError(name, reason.removeprefix(f"{name}: ")))
    messages.say(f"{db}: {report.done} done, {report.known} known before, {len(report.failures)} failed")
    return messages.status
