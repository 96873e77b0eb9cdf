"""`pbtool run`: the main job."""

from __future__ import annotations

from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Item, Reading, items, user_places
from pbtool.cli.outputs import Output
from pbtool.document import Document
from pbtool.terminal import Messages

EXAMPLES = """
pbtool run issue.pdf | jq -r .title
pbtool run --format md issue.txt > issue.md
pbtool run --to hans --format csv *.txt -o facts.csv
"""


@options.command("run", EXAMPLES)
@options.files
@options.formats("jsonl", "json", "csv", "md", "text")
@click.option("--to", type=click.Choice(["hans", "hant", "tw", "twp", "hk"]), help="Also convert the script.")
@click.option("--gazetteer", type=click.Path(), help="Your own places: TSV with name, level, full, code.")
@options.rules
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    form: str,
    to: str | None,
    gazetteer: str | None,
    rule: tuple[str, ...],
    skip: tuple[str, ...],
    only_sure: bool,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """The main job: read, fix, (convert), segment, extract.

    Gives articles with repaired text, places, officials, metrics and dates, every piece with its place in the source.
    """
    from pbtool import pipeline

    messages = Messages(quiet, verbose, color)
    extra = user_places(gazetteer)
    options.check_rules((*rule, *skip))

    def work(document: Document) -> Document:
        return pipeline.run(
            document, to=to, only_sure=only_sure, rules=rule or None, skip=skip, gazetteer=extra
        )

    how["pages"] = options.page_numbers(how["pages"])
    with Output(output) as out:
        write_documents(
            out,
            form,
            (_worked(item, work) for item in items(files, Reading(**how), messages)),
            len(files) == 1,
        )
    return messages.status


def _worked(item: Item, work: Any) -> Item:
    return Item(work(item.document), item.name, item.path, item.record)


def write_documents(out: Output, form: str, done: Any, single: bool) -> None:
    """Write finished documents in one of the formats; each is written before the next is worked on."""
    from pbtool import writing
    from pbtool.records import document_record, updated

    if form == "json":
        records = (updated(i.record, i.document) if i.record else document_record(i.document) for i in done)
        out.write(writing.json_list(records, single))
        return
    header = True
    for item in done:
        document = item.document
        if form == "jsonl":
            fresh = [updated(item.record, document)] if item.record else writing.records_of(document)
            out.write(writing.jsonl(fresh))
        elif form == "csv":
            out.write(writing.csv_text(writing.entity_rows(document), writing.ENTITY_COLUMNS, header))
        else:
            out.write(writing.markdown(document) if form == "md" else writing.plain(document))
        header = False
    if form == "csv" and header:
        out.write(writing.csv_text([], writing.ENTITY_COLUMNS))
