"""`pbtool run`: the main job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Item, Reading, items, user_places, words_of
from pbtool.cli.outputs import Output
from pbtool.document import Document
from pbtool.terminal import Messages

if TYPE_CHECKING:
    from pbtool.reviews.answers import Pending

EXAMPLES = """
pbtool run issue.pdf | jq -r .title
pbtool run --format md issue.txt > issue.md
pbtool run --answers issue.pdf.answers.jsonl --docx print.docx issue.pdf
pbtool run --to hans --format csv *.txt -o facts.csv
"""


@options.command("run", EXAMPLES)
@options.files
@options.formats("jsonl", "json", "csv", "md", "text")
@click.option("--to", type=click.Choice(["hans", "hant", "tw", "twp", "hk"]), help="Also convert the script.")
@click.option("--gazetteer", type=click.Path(), help="Your own places: TSV with name, level, full, code.")
@click.option("--md", type=click.Path(), help="Write the whole issue as Markdown; records only with -o.")
@click.option("--docx", type=click.Path(), help="Write the whole issue as a Word file; records only with -o.")
@options.answers
@options.keep
@options.rules
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    form: str,
    to: str | None,
    gazetteer: str | None,
    md: str | None,
    docx: str | None,
    answers: str | None,
    pending: Pending,
    keep: str | None,
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
    options.apart(files, {"--answers": answers, "--md": md, "--docx": docx, "--output": output})
    if answers and len(files) != 1:
        raise click.UsageError("--answers goes with one file.")
    if pending != "keep" and not answers:
        raise click.UsageError("--pending goes with --answers: whose answers are open?")
    words = words_of(keep) if keep else []
    how["pages"] = options.page_numbers(how["pages"])
    choice: dict[str, Any] = {"only_sure": only_sure, "rules": rule or None, "skip": skip, "keep": words}

    def work(document: Document) -> Document:
        if answers is None:
            return pipeline.run(document, to=to, gazetteer=extra, **choice)
        from pbtool.reviews.facts import with_answers
        from pbtool.reviews.subject import obeyed

        document, given = obeyed(document, answers, pending, **choice)
        if to:
            document = pipeline.convert(document, to, keep=words)
        return with_answers(pipeline.extract(document, gazetteer=extra), given)

    done = (_worked(item, work) for item in items(files, Reading(**how), messages))
    if not md and not docx:
        with Output(output) as out:
            write_documents(out, form, done, len(files) == 1)
        return messages.status
    finished = list(done)
    if output:
        with Output(output) as out:
            write_documents(out, form, finished, len(files) == 1)
    _write_copy(md, docx, [item.document for item in finished])
    return messages.status


def _write_copy(md: str | None, docx: str | None, documents: Sequence[Document]) -> None:
    """The copy for print: all articles of all documents in one file."""
    from pbtool.writing import markdown

    if md:
        with Output(md) as out:
            out.write(piece for document in documents for piece in markdown(document))
    if docx:
        from pbtool.files import write_whole
        from pbtool.reviews.word import clean_word

        name = documents[0].source.name if documents else docx
        write_whole(docx, clean_word(name, documents))


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
