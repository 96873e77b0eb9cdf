"""`pbtool extract`: places, officials, metrics and dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Item, Reading, items, user_places
from pbtool.cli.outputs import Output
from pbtool.cli.run import write_documents
from pbtool.files import pasted
from pbtool.terminal import Messages, safe

if TYPE_CHECKING:
    from pbtool.cli.tables import Row
    from pbtool.document import Mention
    from pbtool.extraction.people import Person

EXAMPLES = """
pbtool extract --format text page.txt
pbtool extract page.txt | jq -c '.metrics[]'
pbtool segment issue.txt | pbtool extract --format csv - > facts.csv
pbtool extract --merge page.txt | jq -c '.persons[]'
pbtool extract --answers page.txt.answers.jsonl page.txt
"""


@options.command("extract", EXAMPLES)
@options.files
@options.formats("jsonl", "json", "csv", "text")
@click.option(
    "--merge", is_flag=True, help="Add `persons`: one entry a person, with all offices and mentions."
)
@click.option("--tokens", is_flag=True, help="Add `tokens`: the words of each paragraph, cut by jieba.")
@click.option("--gazetteer", type=click.Path(), help="Your own places: TSV with name, level, full, code.")
@click.option("--answers", type=click.Path(), help="Obey this answers file: facts and changes of the text.")
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    form: str,
    merge: bool,
    tokens: bool,
    gazetteer: str | None,
    answers: str | None,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """Find places down to the village, officials with their offices, metrics with what they measure, and dates.

    A text is segmented first; records keep the articles that they hold.
    """
    from pbtool import pipeline, writing
    from pbtool.reviews.facts import with_answers
    from pbtool.reviews.subject import obeyed

    messages = Messages(quiet, verbose, color)
    extra = user_places(gazetteer)
    if answers and len(files) != 1:
        raise click.UsageError("--answers goes with one file.")
    how["pages"] = options.page_numbers(how["pages"])

    def done() -> Iterator[Item]:
        told_of: set[str] = set()
        for item in items(files, Reading(**how), messages):
            _warn(item, told_of, messages)
            if answers is None:
                document = pipeline.extract(item.document, gazetteer=extra)
            else:
                told, given = obeyed(item.document, answers)
                # Records were asked about the facts that they hold.
                found = told if "extract" in told.steps else pipeline.extract(told, gazetteer=extra)
                document = with_answers(found, given)
            yield Item(document, item.name, item.path, item.record)

    if form in ("text", "csv") and (merge or tokens):
        raise click.UsageError(f"--merge and --tokens go with json and jsonl, not with --format {form}.")
    with Output(output) as out:
        if form == "text":
            for item in done():
                out.write(_tables(item, len(files) > 1))
            return messages.status
        if not (merge or tokens):
            write_documents(out, form, done(), len(files) == 1)
            return messages.status
        records = (record for item in done() for record in _enriched(item, merge, tokens))
        out.write(writing.jsonl(records) if form == "jsonl" else writing.json_list(records, False))
    return messages.status


def _warn(item: Item, told_of: set[str], messages: Messages) -> None:
    """Say once a file that its text should be repaired first, what was seen, and how to go on."""
    from pbtool.repair.symptoms import symptom

    if item.name in told_of or (seen := symptom(item.document)) is None:
        return
    told_of.add(item.name)
    file = pasted(item.path or "-")
    messages.say(
        f"{item.name}: holds {safe(seen)}, which spoils facts; repair it first "
        f"(pbtool fix {file} | pbtool extract -), or do all in one (pbtool run {file})"
    )


def _tables(item: Item, named: bool) -> Iterator[str]:
    """The facts of a document to read: under each title places, officials, metrics and dates, lined up."""
    from pbtool.cli import tables
    from pbtool.extraction.metrics import UNMEASURED

    if named:
        yield f"== {safe(item.name)}\n"
    for article in item.document.articles:
        yield f"{safe(article.title.text) if article.title else '(no title)'}\n"
        kinds: dict[str, list[Row]] = {
            "places": [_row(place, "level", "full") for place in article.places],
            "officials": [_row(official, "title", "org", "role") for official in article.officials],
            "metrics": [
                _row(metric, "value", "unit", "approx", "change", "what", "period")
                | {"kind": metric.kind if metric.kind in UNMEASURED else None}
                for metric in article.metrics
            ],
            "dates": [_row(date, "value") for date in article.dates],
        }
        for kind, rows in kinds.items():
            if rows:
                yield f"\n{kind}\n"
                yield from tables.shown(_filled(rows), "text")
        yield "\n"


def _row(fact: Mention, *names: str) -> Row:
    """A fact as a row: the paragraph it stands in (from 1) or another field, its words, and what was made of them."""
    where = str(fact.index + 1) if fact.field == "paragraph" else fact.field
    told = {name: getattr(fact, name) for name in names}
    if told.get("approx") == "exact":
        told["approx"] = None  # as most are
    return {"in": where, "text": fact.text, **told}


def _filled(rows: list[Row]) -> list[Row]:
    """The rows without the columns that none of them fills."""
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def _enriched(item: Item, merge: bool, tokens: bool) -> Iterator[dict[str, Any]]:
    """The records of a document's articles with persons merged and words cut."""
    from pbtool.extraction.people import merge_officials
    from pbtool.records import updated
    from pbtool.writing import records_of

    records = [updated(item.record, item.document)] if item.record else list(records_of(item.document))
    for record in records:
        owners = record.get("articles", [record])
        for owner, article in zip(owners, _articles(item, record), strict=False):
            if merge:
                owner["persons"] = [_person(person) for person in merge_officials(article.officials)]
            if tokens:
                from pbtool.extraction.words import words

                owner["tokens"] = [words(passage.text) for passage in article.paragraphs]
        yield record


def _person(person: Person) -> dict[str, Any]:
    """A merged person as a record: offices as they stand, mentions by their place in the source."""
    return {
        "name": person.name,
        "role": person.role,
        "offices": [{"org": org, "title": title} for org, title in person.offices],
        "mentions": [{"text": m.text, "source": [list(span) for span in m.source]} for m in person.mentions],
    }


def _articles(item: Item, record: dict[str, Any]) -> Any:
    if "articles" in record:
        return item.document.articles
    return [article for article in item.document.articles if article.id == record["id"]]
