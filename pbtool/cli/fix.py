"""`pbtool fix`: repair, and list every edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Item, Reading, items, words_of
from pbtool.cli.outputs import Output
from pbtool.document import Document
from pbtool.edits import Edit
from pbtool.errors import FOUND, InputError, OutputError
from pbtool.files import shown
from pbtool.terminal import Messages, counted

if TYPE_CHECKING:
    from pbtool.reviews.answers import Pending

EXAMPLES = """
pbtool fix --diff issue.txt
pbtool fix -i --edits issue.edits.jsonl issue.txt
pbtool fix --undo issue.edits.jsonl issue.txt
cat page.txt | pbtool fix - | pbtool segment -
"""


@options.command("fix", EXAMPLES)
@options.files
@options.in_place
@options.output
@click.option("--diff", is_flag=True, help="Show the changes inside their clauses instead of the text.")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if there is something to do.")
@click.option("--edits", type=click.Path(), help="Also write the edits made, one JSON object a line.")
@options.answers
@click.option("--undo", type=click.Path(), help="Take back the edits that this file lists.")
@options.keep
@options.rules
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    in_place: bool,
    output: str | None,
    diff: bool,
    check: bool,
    edits: str | None,
    answers: str | None,
    pending: Pending,
    undo: str | None,
    keep: str | None,
    rule: tuple[str, ...],
    skip: tuple[str, ...],
    only_sure: bool,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """Repair mojibake and OCR or PDF damage.

    Applies edits that are sure or likely; suggestions are for pbtool check and pbtool review. Records in, records out.
    """
    from pbtool import pipeline
    from pbtool.reviews.subject import obeyed

    messages = Messages(quiet, verbose, color)
    options.check_rules((*rule, *skip))
    if in_place and (output or not files or "-" in files or how["pages"]):
        raise click.UsageError("--in-place wants whole files, and neither --output nor --pages.")
    if in_place and (check or diff):
        raise click.UsageError("--check and --diff change nothing: leave --in-place out.")
    if check and output and not diff:
        raise click.UsageError("--check writes nothing: leave --output out, or add --diff.")
    if answers and (undo or len(files) > 1):
        raise click.UsageError("--answers goes with one file, and not with --undo.")
    if pending != "keep" and not answers:
        raise click.UsageError("--pending goes with --answers: whose answers are open?")
    if undo and (keep or rule or skip or only_sure):
        raise click.UsageError("--undo takes back what its list says: leave what chooses repairs out.")
    if edits and len(files) > 1:
        raise click.UsageError(
            "--edits lists the edits of one file; give one file, or use pbtool check --format jsonl."
        )
    if edits:
        refuse_same(edits, [*files, *filter(None, (output, answers, undo))])
    how["pages"] = options.page_numbers(how["pages"])
    taken_back = _edits_of(undo) if undo else None
    # Nobody sees suggestions here unless a record carries them on, and looking for them costs more than the repair.
    unasked = skip if verbose or rule else (*skip, "lookalike")
    words = words_of(keep) if keep else ()
    done: list[Edit] = []
    said: list[str] = []
    with Output(None if in_place else output) as out:
        for item in items(files, Reading(**how), messages):
            if taken_back is not None:
                document = _undone(item, taken_back)
            elif answers is not None:
                choice: dict[str, Any] = {
                    "rules": rule or None,
                    "skip": skip,
                    "only_sure": only_sure,
                    "keep": words,
                }
                document, _ = obeyed(item.document, answers, pending, **choice)
            else:
                document = pipeline.fix(
                    item.document, rules=rule or None, skip=unasked, only_sure=only_sure, keep=words
                )
            done.extend(_new(document, item.document))
            if check:
                messages.found(FOUND if _new(document, item.document) else 0)
            if diff:
                show_diff(out, item, document, messages)
            elif check:
                pass
            elif in_place:
                # The list first: a file changed without it could not be taken back.
                if edits:
                    add_edits(edits, item, done)
                write_in_place(item, document, messages, exact=taken_back is not None)
            else:
                write_like_input(out, item, document)
            said.append(_summary(item, document, taken_back is not None, "lookalike" in unasked))
            if in_place:
                messages.say(said.pop())
        if edits and not in_place:
            write_edits(edits, done)
    # After the output stands: a summary of what could not be written would mislead.
    for text in said:
        (messages.say if output else messages.detail)(text)
    return messages.status


def write_like_input(out: Output, item: Item, document: Document) -> None:
    """A record for a record, a text for anything else."""
    if item.record is None:
        out.write(document.text)
    else:
        from pbtool.records import updated
        from pbtool.writing import jsonl

        out.write(jsonl([updated(item.record, document)]))


def write_in_place(item: Item, document: Document, messages: Messages, *, exact: bool = False) -> None:
    """Give the file back its own way: encoding, byte order mark, newlines. Untouched where nothing changed.

    `exact`: the edits hold the line ends that the file is to have.
    """
    from pbtool.edits import apply
    from pbtool.files import encode_like, write_whole

    if not document.repairs:
        return
    if item.record is not None or document.lines or item.path is None:
        messages.error(InputError(item.name, "cannot be changed in place: it is no plain text; use -o PATH"))
        return
    newline = "\n" if exact else document.source.newline
    text = apply(document.original, [_with_newline(edit, newline) for edit in document.repairs])
    write_whole(item.path, encode_like(text, document.source))


def show_diff(out: Output, item: Item, document: Document, messages: Messages) -> None:
    """The changes of one document, each inside its clause."""
    import sys

    from pbtool.cli.diff import clauses, of_record
    from pbtool.terminal import wants_color

    coloured = wants_color(messages.color, sys.stdout)
    fresh = _new(document, item.document)
    if document.original:
        out.write(clauses(item.name, document.original, fresh, coloured))
    else:
        out.write(of_record(item.name, item.document, fresh, coloured))


def _with_newline(edit: Edit, newline: str) -> Edit:
    from dataclasses import replace

    if newline == "\n" or "\n" not in edit.after:
        return edit
    return replace(edit, after=edit.after.replace("\n", newline))


def _new(document: Document, before: Document) -> Sequence[Edit]:
    known = set(before.repairs)
    return [edit for edit in document.repairs if edit not in known] if known else document.repairs


def _summary(item: Item, document: Document, undone: bool, partly: bool) -> str:
    """What was done to a document, or taken back; `partly`: not all of its suggestions were looked for."""
    from pbtool.repair import damage_summary

    kinds = damage_summary(_new(document, item.document))
    count = sum(kinds.values())
    listed = ", ".join(f"{name} {number}" for name, number in kinds.items())
    what = f"{counted(count, 'edit')} taken back" if undone else counted(count, "repair")
    said = f"{item.name}: {what} ({listed})" if count else f"{item.name}: nothing to repair"
    if not document.suggestions:
        return said
    waiting = "suggestions" if partly else counted(len(document.suggestions), "suggestion")
    return f"{said}; {waiting} left, which pbtool check lists"


def add_edits(path: str, item: Item, edits: Sequence[Edit]) -> None:
    """As `write_edits`, for a file that is changed in place: a list that leads back from it as it is must not be lost.

    A run that finds nothing to do leaves the list alone. Raises OutputError where other edits would take its place.
    """
    from pathlib import Path

    if Path(path).is_file() and Path(path).stat().st_size:
        if not edits:
            return
        earlier = _edits_of(path)
        if earlier != tuple(edits) and _leads_to(earlier, item):
            raise OutputError(
                f"{shown(path)}: lists what an earlier run did to {item.name}, and --undo would want it; nothing was changed; "
                "give another --edits, or remove it"
            )
    write_edits(path, edits)


def _leads_to(edits: tuple[Edit, ...], item: Item) -> bool:
    try:
        _undone(item, edits)
    except InputError:
        return False
    return True


def write_edits(path: str, edits: Sequence[Edit]) -> None:
    """The edits as JSON Lines, the way `--undo` reads them."""
    from pbtool.records import edit_record
    from pbtool.writing import jsonl

    with Output(path) as out:
        out.write(jsonl(edit_record(edit) for edit in edits))


def _edits_of(path: str) -> tuple[Edit, ...]:
    import json

    from pbtool.cli.inputs import lines_of
    from pbtool.edits import ordered
    from pbtool.records import edit_from_record

    try:
        edits = [edit_from_record(json.loads(line)) for line in lines_of(path)]
        return ordered(edit for edit in edits if edit.grade != "suggested")
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            path, f"is no list of edits ({error}); fix --edits and check -f jsonl write them"
        ) from None


def _undone(item: Item, edits: tuple[Edit, ...]) -> Document:
    """The document before `edits`, whether its line ends are those of the source (`-i`) or "\\n" (any other output)."""
    from dataclasses import replace

    from pbtool.edits import apply, invert

    given = item.document.original
    if not given and item.document.articles:
        raise InputError(item.name, "holds no text to undo edits in; undo wants the text that fix wrote")
    for newline in ("\n", "\r\n", "\r"):
        back = invert([_with_newline(edit, newline) for edit in edits])
        for now in dict.fromkeys((given, given.replace("\n", newline) if "\r" not in given else given)):
            try:
                before = apply(now, back)
            except ValueError:
                continue
            document = Document.from_text(now, item.document.source).revise_original(back)
            return replace(document, text=Document.from_text(before).text)
    raise InputError(item.name, "is not the text that these edits led to; undo needs exactly that text")


def refuse_same(edits: str, others: Sequence[str]) -> None:
    """Wrong usage where the list of edits would be written over a file that the command also reads or writes."""
    from pathlib import Path

    place = Path(edits).resolve()
    if edits != "-" and any(other != "-" and Path(other).resolve() == place for other in others):
        raise click.UsageError(f"--edits would overwrite {edits}; give it a file of its own.")
