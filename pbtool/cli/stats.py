"""`pbtool stats`: tables out of a store."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.cli.outputs import Output
from pbtool.terminal import Messages

if TYPE_CHECKING:
    from pbtool.statistics import Question, Table

EXAMPLES = """
pbtool stats corpus.sqlite
pbtool stats corpus.sqlite --by county,year --metric 集体经济收入 --agg sum,median
pbtool stats corpus.sqlite --metric 集体经济收入 --only year=2021 --by year --cite
pbtool stats corpus.sqlite --by year --metric 党员 --agg median --plot members.svg
pbtool stats corpus.sqlite --table officials --by title,issued --top 20
pbtool stats corpus.sqlite --table repairs
"""


@options.command("stats", EXAMPLES)
@click.argument("db", type=click.Path())
@click.option(
    "--table",
    "subject",
    default="facts",
    show_default=True,
    help="What to count: facts, officials, places, dates, repairs, suggestions, failures.",
)
@click.option(
    "--by",
    type=options.text,
    help="Group by these (comma between), such as county,year; a wrong name lists all.",
)
@click.option(
    "--agg", type=options.text, help="count, sum, mean, median, min, max (comma between; default: count)."
)
@click.option("--metric", type=options.text, help="Only what is measured by a phrase with these words.")
@click.option("--unit", type=options.text, help="Only this unit.")
@click.option(
    "--kind",
    type=options.text,
    help="Only these kinds of numbers (comma between; default: what counts or measures; or all).",
)
@click.option(
    "--text", type=options.text, help="Only paragraphs with this phrase (full text; words of any length)."
)
@click.option(
    "--only",
    type=options.text,
    multiple=True,
    metavar="GROUP=VALUE",
    help="Only this group; - is unknown (again for more).",
)
@click.option("--top", type=click.IntRange(1), help="Only the rows with the greatest numbers.")
@click.option("--cite", is_flag=True, help="List the facts behind the table instead: file, page, sentence.")
@click.option("--plot", type=click.Path(), help="Also draw the table: a .png or .svg.")
@options.formats("text", "csv", "json", "jsonl", "md")
@options.output
@options.messages
def command(
    db: str, form: str, output: str | None, quiet: bool, verbose: bool, color: str, **asked: Any
) -> int:
    """Tables out of a store; without options, how much is in it.

    Every number can be opened: the same command with --cite lists the facts behind it, with file, page and sentence; --only
    picks the row. Values are never taken together across units. `year` is the year that a number speaks of, `issued` the year
    in which its issue came out.
    """
    from pbtool import statistics
    from pbtool.cli import tables
    from pbtool.store import Store

    messages = Messages(quiet, verbose, color)
    cite, plot, top = asked.pop("cite"), asked.pop("plot"), asked.pop("top")
    plain = asked["subject"] == "facts" and not any(
        value not in (None, ()) for name, value in asked.items() if name != "subject"
    )
    question = None if plain and not (cite or plot or top) else _question(**asked)
    _check(question, asked["agg"], cite, plot, top)
    with Store(db, create=False) as store, Output(output) as out:
        if question is None:
            out.write(tables.shown(statistics.overview(store), form))
        elif cite:
            rows = statistics.cited(store, question)
            first = next(rows, None)
            if first is None:
                messages.say(statistics.nothing(question))
            else:
                rows = chain((first,), rows)
            out.write(
                tables.citations(rows)
                if form == "text"
                else tables.shown(list(rows), form, tuple(question.of.shown))
            )
        else:
            table = statistics.table(store, question)
            table = table.top(top) if top else table
            for note in (*table.notes, *(_drawn(table, plot) if plot else ())):
                messages.say(note)
            out.write(tables.shown(table.rows, form, (*table.question.by, *table.question.aggregates)))
    return 0


def _question(
    subject: str,
    by: str | None,
    agg: str | None,
    metric: str | None,
    unit: str | None,
    kind: str | None,
    text: str | None,
    only: tuple[str, ...],
) -> Question:
    from pbtool.statistics import SUBJECTS, Question

    groups = _names(by, "--by")
    if by is None and subject in SUBJECTS and subject != "facts":
        groups = SUBJECTS[subject].default
    pairs = []
    for pair in only:
        name, sign, value = pair.partition("=")
        if not sign:
            raise click.BadParameter(f"{pair!r}; write GROUP=VALUE, such as year=2021", param_hint="--only")
        pairs.append((name, None if value == "-" else value))
    aggregates = ("count",) if agg is None else _names(agg, "--agg")
    kinds = _names(kind, "--kind")
    return Question(subject, groups, aggregates, metric, unit, kinds, text, tuple(pairs))


def _names(text: str | None, option: str) -> tuple[str, ...]:
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise click.BadParameter(f"{text!r}; write names with commas between", param_hint=option)
    return names


def _check(question: Question | None, agg: str | None, cite: bool, plot: str | None, top: int | None) -> None:
    """Refuse options that do not go together, so that none is left unheard."""
    from pbtool.statistics.pictures import KINDS

    if cite and (plot or top or agg):
        raise click.UsageError("--cite lists the facts behind a table: leave --agg, --top and --plot out.")
    if plot and (question is None or not question.by):
        raise click.UsageError("--plot wants --by: what are the bars or lines to be?")
    if plot and Path(plot).suffix.lower()[1:] not in KINDS:
        raise click.BadParameter(f"{plot!r}; a picture is called *.png or *.svg", param_hint="--plot")
    if top and (question is None or not question.by):
        raise click.UsageError("--top wants --by: the greatest of which rows?")


def _drawn(table: Table, path: str) -> tuple[str, ...]:
    from pbtool.files import write_whole
    from pbtool.statistics.pictures import picture

    data, notes = picture(table, Path(path).suffix.lower()[1:])
    write_whole(path, data)
    return notes
