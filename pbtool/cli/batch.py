"""`pbtool batch`: a whole corpus into a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import standard_input
from pbtool.errors import InputError
from pbtool.files import shown
from pbtool.terminal import Messages

if TYPE_CHECKING:
    from pbtool.batches import Report
    from pbtool.cli.progress import Lines

EXAMPLES = """
pbtool batch issues/ --include '*.pdf' --db corpus.sqlite
find . -name '*.txt' | pbtool batch - --db corpus.sqlite --workers 4
pbtool batch issues/ --db corpus.sqlite --retry-failed
pbtool batch issues/ --shard 3/64 --out parts/part-3.jsonl
pbtool export --merge parts/ --db corpus.sqlite
"""
#: So many failures are told one by one; the store knows them all.
_MOST_TOLD = 50


@options.command("batch", EXAMPLES)
@click.argument("inputs", nargs=-1, metavar="IN…")
@click.option("--db", type=click.Path(), help="The store, made where there is none.")
@click.option(
    "--include", multiple=True, help="Only files of folders and archives that match (again for more)."
)
@click.option("--exclude", multiple=True, help="Not these files of folders and archives (again for more).")
@click.option("--redo", is_flag=True, help="Also do what is in the store.")
@click.option("--retry-failed", is_flag=True, help="Also try again what failed before.")
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
@click.option("--shard", metavar="K/N", help="Do the K-th of N shares, into --out instead of a store.")
@click.option(
    "--out", type=click.Path(), help="The part that a shard writes (.jsonl or .parquet), whole or not at all."
)
@click.option("--cluster", metavar="ADDRESS", help="Do it on a Dask cluster; see docs/scaling.md.")
@click.option("--shards", type=click.IntRange(1, 1_000_000), help="Shards for --cluster (default: 64).")
@click.option("--parts", type=click.Path(), help="Folder for the parts of --cluster (default: DB.parts).")
@click.option("--json-log", is_flag=True, help="Tell what happens as JSON, one object a line, on stderr.")
@click.option("--upgrade", is_flag=True, help="Only bring the store of an older pbtool up to date.")
@options.messages
def command(
    inputs: tuple[str, ...], quiet: bool, verbose: bool, color: str, json_log: bool, **how: Any
) -> int:
    """Put a whole corpus into a store: parallel, resumable, nothing lost.

    IN is a file, a folder, a pattern, a zip archive, or - for a list of them on standard input (one a line, or as find -print0
    writes them). A document is done once, by
    its content; the same command goes on where it stopped. What fails is noted with its reason (exit 3).
    """
    from pbtool.cli import progress

    messages = Messages(quiet, verbose, color)
    _check(inputs, **how)
    if how.pop("upgrade"):
        from pbtool.store import Store

        Store(how["db"]).close()
        messages.say(f"{how['db']}: is up to date")
        return 0
    teller = progress.teller(messages, json_log)
    try:
        report = _work(_listed(inputs), teller, **how)
    except KeyboardInterrupt:
        teller.close()
        messages.say("stopped; what was done is kept, and the same command goes on")
        raise
    finally:
        teller.close()
    _tell_failures(report, messages, json_log)
    target = how["db"] or how["out"]
    if isinstance(teller, progress.Log):
        teller.end(report, messages.status)
    else:
        messages.say(
            f"{target}: {report.done} done, {report.known} known before, {len(report.failures)} failed"
        )
    return messages.status


def _check(
    inputs: tuple[str, ...],
    *,
    db: str | None,
    shard: str | None,
    out: str | None,
    cluster: str | None,
    shards: int | None,
    parts: str | None,
    upgrade: bool,
    redo: bool,
    retry_failed: bool,
    **others: Any,
) -> None:
    """Refuse options that do not go together, so that none is left unheard."""
    if upgrade:
        if db is None or inputs or shard or cluster or redo or retry_failed:
            raise click.UsageError("--upgrade wants --db and nothing else.")
        if not Path(db).exists():
            raise InputError(shown(db), "there is no such store to bring up to date; check the name")
        return
    if not inputs:
        raise click.UsageError(
            "No input: name files, folders, patterns or archives, or - for a list on standard input."
        )
    if shard is not None and (db is not None or cluster is not None):
        raise click.UsageError("--shard writes a part (--out), not a store: leave --db and --cluster out.")
    if (shard is None) != (out is None):
        raise click.UsageError("--shard K/N and --out PART go together.")
    if out is not None and not out.lower().endswith((".jsonl", ".parquet")):
        raise click.BadParameter(f"{out!r}; a part is called *.jsonl or *.parquet", param_hint="--out")
    if shard is None and db is None:
        raise click.UsageError("Missing option --db (or --shard K/N with --out).")
    if cluster is None and (shards is not None or parts is not None):
        raise click.UsageError("--shards and --parts go with --cluster.")


def _listed(inputs: tuple[str, ...]) -> list[str]:
    """The inputs, with the names on standard input in the place of `-`."""
    from pbtool.batches.inputs import listed

    result: list[str] = []
    for text in inputs:
        result += listed(standard_input()) if text == "-" else [text]
    return result


def _work(
    inputs: list[str],
    teller: Lines,
    *,
    db: str,
    shard: str | None,
    out: str,
    cluster: str | None,
    shards: int | None,
    parts: str | None,
    **limits: Any,
) -> Report:
    """One of the three ways: one shard, a cluster, or this machine."""
    from pbtool.batches import batch

    limits["memory"] <<= 20
    if shard:
        from pbtool.batches.shards import work_shard

        number, count = _share(shard)
        return work_shard(inputs, number, count, out, watch=teller.news, **limits)
    if cluster:
        from pbtool.batches.cluster import on_cluster

        return on_cluster(
            cluster,
            inputs,
            db,
            shards=shards or 64,
            parts=parts or f"{db}.parts",
            arguments=_of_shards(**limits),
            progress=teller.shards,
            watch=teller.news,
        )
    return batch(inputs, db, watch=teller.news, **limits)


def _of_shards(
    *,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    workers: int | None,
    seconds: float,
    memory: int,
    redo: bool,
    retry_failed: bool,
) -> list[str]:
    """The options of this command that the command of each shard gets too."""
    arguments = ["--seconds", str(seconds), "--memory", str(memory >> 20), "--workers", str(workers or 1)]
    arguments += [f"--include={pattern}" for pattern in include]
    arguments += [f"--exclude={pattern}" for pattern in exclude]
    arguments += ["--redo"] if redo else []
    return arguments + (["--retry-failed"] if retry_failed else [])


def _share(text: str) -> tuple[int, int]:
    number, _, count = text.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count) <= 1_000_000):
        raise click.BadParameter(
            f"{text!r} is no share; write 3/64 for the third of 64", param_hint="--shard"
        )
    return int(number), int(count)


def _tell_failures(report: Report, messages: Messages, json_log: bool) -> None:
    """Every document that failed, at the end where nobody overlooks it (the log has told them already)."""
    from pbtool.errors import UNREADABLE

    told = len(report.failures) if messages.verbose else _MOST_TOLD
    for name, reason in report.failures[:told]:
        if not json_log:
            messages.error(InputError(name, reason))
    if len(report.failures) > told and not json_log:
        messages.error(f"… and {len(report.failures) - told} more; -v tells all, and the store keeps them")
    if report.failures:
        messages.found(UNREADABLE)
