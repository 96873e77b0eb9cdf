"""`pbtool batch`: a whole corpus into a store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.terminal import Messages

if TYPE_CHECKING:
    from pbtool.batch import Report

EXAMPLES = """
pbtool batch issues/ --include '*.pdf' --db corpus.sqlite
find . -name '*.txt' | pbtool batch - --db corpus.sqlite --workers 4
pbtool batch issues/ --db corpus.sqlite --retry-failed
pbtool batch issues/ --shard 3/64 --out parts/part-3.jsonl
pbtool batch --merge parts/ --db corpus.sqlite
"""


@options.command("batch", EXAMPLES)
@click.argument("inputs", nargs=-1, metavar="IN…")
@click.option("--db", type=click.Path(), help="The store, made where there is none.")
@click.option("--shard", metavar="K/N", help="Do the K-th of N shares, into --out instead of a store.")
@click.option("--out", type=click.Path(), help="The part that a shard writes, whole or not at all.")
@click.option("--merge", type=click.Path(), help="Unite the parts in this folder in --db.")
@click.option("--cluster", metavar="ADDRESS", help="Do it on a Dask cluster; see docs/scaling.md.")
@click.option(
    "--shards", type=click.IntRange(1, 1_000_000), default=64, show_default=True, help="Shards for --cluster."
)
@click.option("--parts", type=click.Path(), help="Folder for the parts of --cluster (default: DB.parts).")
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
def command(inputs: tuple[str, ...], quiet: bool, verbose: bool, color: str, **how: Any) -> int:
    """Put a whole corpus into a store: parallel, resumable, nothing lost.

    IN is a file, a folder, a pattern, a zip archive, or - for a list of them on standard input. A document is done once, by
    its content; the same command goes on where it stopped. What fails is noted with its reason (exit 3).
    """
    from pbtool.errors import InputError

    messages = Messages(quiet, verbose, color)
    if inputs == ("-",):
        inputs = tuple(line.rstrip("\n") for line in sys.stdin if line.strip())
    report = _work(inputs, messages, **how)
    for name, reason in report.failures:
        messages.error(InputError(name, reason.removeprefix(f"{name}: ")))
    target = how["db"] or how["out"]
    messages.say(f"{target}: {report.done} done, {report.known} known before, {len(report.failures)} failed")
    return messages.status


def _work(
    inputs: tuple[str, ...],
    messages: Messages,
    *,
    db: str | None,
    shard: str | None,
    out: str | None,
    merge: str | None,
    cluster: str | None,
    shards: int,
    parts: str | None,
    retry_failed: bool,
    **limits: Any,
) -> Report:
    """One of the four ways: unite parts, one shard, a cluster, or this machine."""
    from pbtool import batch

    limits["memory"] <<= 20
    if merge:
        if db is None or inputs:
            raise click.UsageError("--merge DIR wants --db and no inputs.")
        from pbtool.batch.shards import unite

        return unite(merge, db)
    if not inputs:
        raise click.UsageError(
            "No input: name files, folders, patterns or archives, or - for a list on standard input."
        )
    if shard:
        number, count = _share(shard)
        if out is None:
            raise click.UsageError("--shard wants --out PART.")
        from pbtool.batch.shards import work_shard

        return work_shard(inputs, number, count, out, **limits)
    if db is None:
        raise click.UsageError("Missing option --db (or --shard K/N with --out).")
    if cluster:
        from pbtool.batch.cluster import on_cluster

        options_of_shards = ["--seconds", str(limits["seconds"]), "--memory", str(limits["memory"] >> 20)]
        options_of_shards += [f"--include={p}" for p in limits["include"]] + [
            f"--exclude={p}" for p in limits["exclude"]
        ]
        options_of_shards += ["--workers", str(limits["workers"] or 1)]
        return on_cluster(
            cluster, inputs, db, shards=shards, parts=parts or f"{db}.parts", arguments=options_of_shards
        )
    return batch.batch(inputs, db, retry_failed=retry_failed, watch=_teller(messages), **limits)


def _share(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count) <= 1_000_000):
        raise click.BadParameter(
            f"{text!r} is no share; write 3/64 for the third of 64", param_hint="--shard"
        )
    return int(number), int(count)


def _teller(messages: Messages) -> Callable[[Report], None]:
    """Says now and then how far a batch is."""
    begun = last = monotonic()

    def tell(report: Report) -> None:
        nonlocal last
        if monotonic() - last > 10:
            last = monotonic()
            rate = report.done / (last - begun)
            messages.say(f"{report.done} done, {len(report.failures)} failed, {rate:.1f} documents a second")

    return tell
