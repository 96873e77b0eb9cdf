"""`pbtool export`: rows out of a store, for other tools; and the parts of shards united in one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pbtool.cli import options
from pbtool.cli.outputs import Output
from pbtool.terminal import Messages

if TYPE_CHECKING:
    from pbtool.store import Store

EXAMPLES = """
pbtool export corpus.sqlite --table facts --bom -o facts.csv
pbtool export corpus.sqlite --table offices --where "org LIKE '%镇%'" | head
pbtool export corpus.sqlite -o facts.parquet
pbtool export corpus.sqlite -f doccano --where "issued >= '2018'" -o articles.jsonl
pbtool export --merge parts/ --db corpus.sqlite
"""
FORMATS = ("csv", "jsonl", "parquet", "xlsx", "doccano", "labelstudio")
_ANNOTATION = ("doccano", "labelstudio")
_BY_SUFFIX = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet", ".xlsx": "xlsx"}


@options.command("export", EXAMPLES)
@click.argument("store", required=False, metavar="DB", type=click.Path())
@click.option(
    "--table", type=options.text, help="A table of the store, or a view of it: facts (the default), offices."
)
@click.option(
    "--where", type=options.text, help="An SQL condition on its columns (of articles, for annotators)."
)
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, which Excel wants of CSV in UTF-8.")
@click.option("--merge", type=click.Path(), help="Unite the parts in this folder in --db.")
@click.option("--db", type=click.Path(), help="The store, made where there is none (with --merge).")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Output format (default: as the output is called, else csv).",
)
@options.output
@options.messages
def command(
    store: str | None,
    table: str | None,
    where: str | None,
    bom: bool,
    merge: str | None,
    db: str | None,
    form: str | None,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
) -> int:
    """Rows out of a store: csv, jsonl, parquet, xlsx; or articles with labels for annotators: doccano, labelstudio.

    In csv and xlsx, text that a spreadsheet would run as a formula is neutralised.
    """
    messages = Messages(quiet, verbose, color)
    if merge is not None or db is not None:
        if merge is None or db is None or any((store, table, where, bom, form, output)):
            raise click.UsageError("--merge DIR and --db DB go together, and with nothing else.")
        return _merge(merge, db, messages)
    if store is None:
        raise click.UsageError("Missing argument DB (or --merge DIR with --db).")
    form = form or _BY_SUFFIX.get(Path(output or "").suffix.lower(), "csv")
    if bom and form != "csv":
        raise click.UsageError(f"--bom goes with csv, not with {form}.")
    if table and form in _ANNOTATION:
        raise click.UsageError(f"--table does not go with {form}: annotators get articles.")
    if form in ("parquet", "xlsx") and output in (None, "-"):
        raise click.UsageError(f"{form} is no text: give -o PATH.")
    from pbtool.store import Store

    with Store(store, create=False) as opened:
        if form in ("parquet", "xlsx"):
            _sheet(opened, table or "facts", where, form, str(output), messages)
        elif output in (None, "-"):
            with Output() as out:
                for piece in _text(opened, table or "facts", where, form, bom):
                    out.write(piece)
        else:
            from pbtool.files import whole_file

            with whole_file(str(output)) as stream:
                for piece in _text(opened, table or "facts", where, form, bom):
                    stream.write(piece.encode("utf-8"))
    return 0


def _text(store: Store, table: str, where: str | None, form: str, bom: bool) -> Iterator[str]:
    """The rows, or the articles, as text, piece by piece."""
    from pbtool import exports, writing
    from pbtool.version import MODEL_NAME

    if form in _ANNOTATION:
        articles = exports.annotated_articles(store, where)
        if form == "doccano":
            yield from writing.jsonl(exports.doccano(articles))
        else:
            yield from writing.json_list(exports.label_studio(articles, MODEL_NAME), False)
        return
    selected = exports.Selected(store, table, where)
    if form == "jsonl":
        yield from writing.jsonl(selected.rows())
    else:
        yield "\ufeff" if bom else ""
        yield from writing.csv_text(selected.rows(), selected.columns)


def _sheet(store: Store, table: str, where: str | None, form: str, output: str, messages: Messages) -> None:
    from pbtool import exports
    from pbtool.files import whole_file

    selected = exports.Selected(store, table, where)
    with whole_file(output) as stream:
        if form == "parquet":
            exports.write_parquet(selected, stream)
            return
        cut = exports.write_xlsx(selected, stream)
    if cut:
        messages.say(
            f"{output}: {cut} cells were cut at 32,767 characters, the most that xlsx holds; "
            "csv, jsonl and parquet hold all"
        )


def _merge(folder: str, db: str, messages: Messages) -> int:
    from pbtool.batches.shards import unite
    from pbtool.cli import progress
    from pbtool.errors import UNREADABLE

    teller = progress.teller(messages, False)
    try:
        report = unite(folder, db, watch=teller.news)
    finally:
        teller.close()
    messages.say(f"{db}: {report.done} done, {report.known} known before, {len(report.failures)} failed")
    if report.failures:
        messages.found(UNREADABLE)
    return messages.status
