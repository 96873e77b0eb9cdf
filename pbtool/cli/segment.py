"""`pbtool segment`: articles, and the furniture set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Item, Reading, items
from pbtool.cli.outputs import Output
from pbtool.cli.run import write_documents
from pbtool.document import Document
from pbtool.terminal import Messages, padded, safe, width

EXAMPLES = """
pbtool segment --list issue.txt
pbtool segment --format md --articles 3,5 issue.txt
pbtool fix issue.pdf | pbtool segment - | jq -r .title
"""


@options.command("segment", EXAMPLES)
@options.files
@options.formats("jsonl", "json", "md", "text")
@click.option(
    "--list", "listing", is_flag=True, help="One line an article: number, pages, length, title, authors."
)
@click.option(
    "--explain", is_flag=True, help="Say what each line was taken for, and why articles hold together."
)
@click.option("--articles", help="Only these articles, such as 3,5-7.")
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    form: str,
    listing: bool,
    explain: bool,
    articles: str | None,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """Find the articles: title, byline, paragraphs in reading order; page furniture is set aside.

    Works on text as it stands; run pbtool fix before it, or use pbtool run.
    """
    from pbtool import pipeline

    messages = Messages(quiet, verbose, color)
    if explain and (listing or articles):
        raise click.UsageError("--explain tells of all lines and articles: leave --list and --articles out.")
    chosen = options.page_numbers(articles, "--articles")
    how["pages"] = options.page_numbers(how["pages"])

    def done() -> Iterator[Item]:
        for item in items(files, Reading(**how), messages):
            document = _only(pipeline.segment(item.document), chosen)
            if chosen and not document.articles:
                messages.say(f"{item.name}: none of its articles has such a number; see segment --list")
            yield Item(document, item.name, item.path, None if chosen else item.record)

    with Output(output) as out:
        if explain:
            from pbtool.articles import explain as reasons

            for item in items(files, Reading(**how), messages):
                out.write(_headed(item, len(files)))
                out.write(f"{safe(line)}\n" for line in reasons(item.document))
        elif listing:
            for item in done():
                out.write(_headed(item, len(files)))
                out.write(_listed(item.document))
        else:
            write_documents(out, form, done(), len(files) == 1)
    return messages.status


def _only(document: Document, numbers: list[int] | None) -> Document:
    if numbers is None:
        return document
    kept = tuple(article for number, article in enumerate(document.articles, 1) if number in numbers)
    return replace(document, articles=kept)


def _headed(item: Item, inputs: int) -> str:
    """The name of the document, where there are several."""
    return f"== {safe(item.name)}\n" if inputs > 1 else ""


def _listed(document: Document) -> Iterator[str]:
    titles = [safe(article.title.text if article.title else "（无题）") for article in document.articles]
    columns = min(60, max(map(width, titles), default=0))
    for number, (article, title) in enumerate(zip(document.articles, titles, strict=True), 1):
        length = sum(len(passage.text) for passage in article.paragraphs)
        pages = f"{article.pages[0]}-{article.pages[-1]}" if article.pages else "-"
        names = safe(" ".join(article.byline))
        yield f"{number:>3}  {pages:>7}  {length:>6}  {padded(title, columns)}  {names}".rstrip() + "\n"
