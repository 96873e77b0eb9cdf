"""`pbtool convert`: another script, names protected."""

from __future__ import annotations

from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.fix import add_edits, refuse_same, write_edits, write_in_place, write_like_input
from pbtool.cli.inputs import Reading, items, lines_of
from pbtool.cli.outputs import Output
from pbtool.terminal import Messages, counted

EXAMPLES = """
pbtool convert --to hans page.txt
pbtool convert --to hant --keep names.txt -i page.txt
pbtool convert --to hant --edits edits.jsonl -i page.txt
pbtool fix --undo edits.jsonl -i page.txt
cat page.txt | pbtool fix - | pbtool convert --to hans -
"""


@options.command("convert", EXAMPLES)
@options.files
@click.option(
    "--to", required=True, type=click.Choice(["hans", "hant", "tw", "twp", "hk"]), help="The target script."
)
@click.option(
    "--from",
    "script",
    default="auto",
    type=click.Choice(["auto", "hans", "hant", "tw", "twp", "hk"]),
    help="The script of the input.",
)
@click.option("--keep", type=click.Path(), help="Words to leave alone, one a line.")
@click.option(
    "--engine",
    default="opencc",
    type=click.Choice(["opencc", "reimplemented"]),
    help="reimplemented: opencc-python-reimplemented, to reproduce earlier work.",
)
@click.option("--quotes", is_flag=True, help="Also change the style of quotation marks.")
@click.option(
    "--edits",
    type=click.Path(),
    help="Also write the edits made, one JSON object a line; pbtool fix --undo takes them back.",
)
@options.in_place
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    to: str,
    script: str,
    keep: str | None,
    engine: str,
    quotes: bool,
    edits: str | None,
    in_place: bool,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """Change the script, traditional or simplified; names of people and places are protected.

    twp also puts Taiwan's vocabulary in place of the mainland's. Text that is in the target script already stays.
    """
    from pbtool import conversion, pipeline

    messages = Messages(quiet, verbose, color)
    if in_place and (output or not files or "-" in files or how["pages"]):
        raise click.UsageError("--in-place wants whole files, and neither --output nor --pages.")
    if edits and len(files) > 1:
        raise click.UsageError("--edits lists the edits of one file; give one file.")
    if edits:
        refuse_same(edits, [*files, *filter(None, (output, keep))])
    ways: dict[str, Any] = {"script": script, "keep": lines_of(keep) if keep else (), "engine": engine}
    ways["quotes"] = quotes
    how["pages"] = options.page_numbers(how["pages"])
    # Spelling out the edits costs twice what the conversion does; a text that goes on as text needs none.
    silent = not (in_place or verbose or edits)
    with Output(None if in_place else output) as out:
        for item in items(files, Reading(**how), messages):
            if silent and item.record is None:
                out.write(conversion.convert_text(item.document.text, to, **ways))
                continue
            document = pipeline.convert(item.document, to, **ways)
            if edits:
                if in_place:
                    add_edits(edits, item, document.repairs)
                else:
                    write_edits(edits, document.repairs)
            if in_place:
                write_in_place(item, document, messages)
            else:
                write_like_input(out, item, document)
            if in_place or verbose:
                messages.say(f"{item.name}: {counted(len(document.repairs), 'change')} to {to}")
    return messages.status
