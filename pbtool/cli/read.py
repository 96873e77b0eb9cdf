"""`pbtool read`: what is in a file, unchanged."""

from __future__ import annotations

from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Reading, items
from pbtool.cli.outputs import Output
from pbtool.terminal import Messages

EXAMPLES = """
pbtool read issue.pdf | less
pbtool read --pages 3,7-12 --format json issue.pdf | jq '.fonts[0]'
"""


@options.command("read", EXAMPLES)
@options.files
@options.formats("text", "json", "jsonl")
@click.option("--boxes", type=click.Path(), help="Draw what was understood of the first page read: a PNG.")
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    form: str,
    boxes: str | None,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """Show what is in a file, unchanged: text, pages, lines, boxes, fonts.

    Offsets in all records point into the text that this command prints.
    """
    from pbtool import writing
    from pbtool.records import document_record

    messages = Messages(quiet, verbose, color)
    how["pages"] = options.page_numbers(how["pages"])
    found = items(files, Reading(**how), messages)
    with Output(output) as out:
        if form == "json":
            out.write(
                writing.json_list((i.record or document_record(i.document) for i in found), len(files) == 1)
            )
            return messages.status
        for item in found:
            if boxes:
                _draw(item.path, item.document, boxes, how["password"])
                boxes = None
            if form == "jsonl":
                out.write(writing.jsonl([item.record or document_record(item.document)]))
            elif item.document.original:
                out.write(item.document.original.replace("\r\n", "\n").replace("\r", "\n"))
            else:
                out.write(writing.plain(item.document))
    return messages.status


def _draw(path: str | None, document: Any, target: str, password: str | None) -> None:
    from pbtool.reading.draw import draw_boxes

    if path is None or path == "-" or not document.pages:
        raise click.UsageError("--boxes wants a PDF or a picture named on the command line.")
    draw_boxes(document, path, document.pages[0].number, target, password=password)
