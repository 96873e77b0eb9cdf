"""`pbtool check`: what fix would do, and why."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Item, Reading, items, words_of
from pbtool.cli.outputs import Output
from pbtool.document import Document
from pbtool.edits import Edit
from pbtool.errors import FOUND
from pbtool.terminal import Messages, counted, safe, wants_color

EXAMPLES = """
pbtool check issue.txt
pbtool check --format jsonl issue.txt | jq -r .rule | sort | uniq -c
pbtool check --statistics *.txt
pbtool check -q *.txt && echo nothing to repair
"""
_GRADE_COLORS = {"sure": "32", "likely": "33", "suggested": "36"}


@options.command("check", EXAMPLES)
@options.files
@options.formats("text", "json", "jsonl", "csv")
@click.option("--statistics", is_flag=True, help="Count the edits of each rule instead of listing them.")
@options.keep
@options.rules
@options.output
@options.reading
@options.messages
def command(
    files: tuple[str, ...],
    form: str,
    statistics: bool,
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
    """List what fix would do and why, edit by edit, with a summary on stderr.

    Exit status 1 if there is anything. Suggestions are listed too: fix never makes them.
    """
    from pbtool import pipeline, writing
    from pbtool.records import edit_record

    messages = Messages(quiet, verbose, color)
    if statistics and form != "text":
        raise click.UsageError("--statistics goes with --format text; the other formats list every edit.")
    options.check_rules((*rule, *skip))
    how["pages"] = options.page_numbers(how["pages"])
    coloured = wants_color(color, sys.stdout)
    words = words_of(keep) if keep else ()

    def found() -> Iterator[tuple[Item, Sequence[Edit]]]:
        for item in items(files, Reading(**how), messages):
            edits = pipeline.check(
                item.document, rules=rule or None, skip=skip, only_sure=only_sure, keep=words
            )
            messages.found(FOUND if edits else 0)
            yield item, edits
            # Only when the edits are out: a reader that has gone wants no summary either.
            _summary(item, edits, messages)

    with Output(output) as out:
        if form == "json":
            out.write(writing.json_list((edit_record(edit) for _, edits in found() for edit in edits), False))
        elif form == "jsonl":
            for _, edits in found():
                out.write(writing.jsonl(edit_record(edit) for edit in edits))
        elif form == "csv":
            rows = (
                row
                for item, edits in found()
                for row in writing.edit_rows(edits, item.name, _places(item.document))
            )
            out.write(writing.csv_text(rows, writing.EDIT_COLUMNS))
        elif statistics:
            out.write(_statistics(found()))
        else:
            for item, edits in found():
                out.write(_shown(item, edits, coloured))
    return messages.status


def _places(document: Document) -> Callable[[int], tuple[int, int]]:
    """From a place in the text as read to its line and column, both from 1."""
    starts = [0]
    for line in document.original.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def places(place: int) -> tuple[int, int]:
        line = bisect_right(starts, place, 0, max(1, len(starts) - 1))
        return line, place - starts[line - 1] + 1

    return places


def _statistics(found: Iterable[tuple[Item, Sequence[Edit]]]) -> Iterator[str]:
    """A line for each rule: how many edits, what kind they are, and the first of them; the commonest first."""
    from pbtool.repair import damage_summary, rule_of

    first: dict[str, str] = {}

    def noted() -> Iterator[Edit]:
        for item, edits in found:
            places = _places(item.document)
            for edit in edits:
                if (rule := rule_of(edit)) not in first:
                    line, col = places(edit.start)
                    change = f"{_quoted(edit.before)} -> {_quoted(edit.after)}"
                    first[rule] = f"{change}  {safe(item.name)}:{line}:{col}"
                yield edit

    counts = damage_summary(noted())
    width = max(map(len, counts), default=0)
    for rule, count in counts.items():
        yield f"{count:7}  {rule:{width}}  {first[rule]}\n"


def _shown(item: Item, edits: Sequence[Edit], coloured: bool) -> Iterator[str]:
    from pbtool.repair import rule_of

    places = _places(item.document)
    for edit in edits:
        line, col = places(edit.start)
        before, after = _quoted(edit.before), _quoted(edit.after)
        rule = rule_of(edit)
        if coloured:
            before, after = f"\x1b[31m{before}\x1b[0m", f"\x1b[32m{after}\x1b[0m"
            rule = f"\x1b[{_GRADE_COLORS[edit.grade]}m{rule}\x1b[0m"
        yield f"{safe(item.name)}:{line}:{col}: {before} -> {after}  {rule} {edit.confidence:.2f}\n"


def _quoted(text: str) -> str:
    """An edit's text so that blanks and nothing can be seen."""
    if not text:
        return "(nothing)"
    return f"'{safe(text)}'" if text.strip() != text or len(text.split()) > 1 else safe(text)


def _summary(item: Item, edits: Sequence[Edit], messages: Messages) -> None:
    if not edits:
        messages.detail(f"{item.name}: nothing to repair")
        return
    places = _places(item.document)
    source = item.document.source
    repairs = [edit for edit in edits if edit.grade != "suggested"]
    hints = [edit for edit in edits if edit.grade == "suggested"]
    parts = [f"encoding {source.encoding}"]
    if item.document.text:
        from pbtool.conversion import detect_script

        parts.append(f"script {detect_script(item.document.text)}")
    broken = {run.font for run in item.document.fonts if run.broken}
    if broken:
        parts.append("broken fonts " + ", ".join(sorted(broken)))
    if repairs:
        parts.append(counted(len(repairs), "repair") + _counts(repairs, places))
    if hints:
        parts.append(counted(len(hints), "suggestion") + _counts(hints, places))
    messages.say(f"{item.name}: " + "; ".join(parts))


def _counts(edits: Sequence[Edit], places: Callable[[int], tuple[int, int]]) -> str:
    """How many edits each rule makes and in how many lines, the commonest first."""
    lines: dict[str, list[int]] = {}
    for edit in edits:
        lines.setdefault(edit.rule, []).append(places(edit.start)[0])
    ranked = sorted(lines.items(), key=lambda rule: -len(rule[1]))
    kinds = [f"{rule} {len(found)} {_where(found)}" for rule, found in ranked]
    return f" ({', '.join(kinds)})" if kinds else ""


def _where(lines: Sequence[int]) -> str:
    places = sorted(set(lines))
    if len(places) < 3:
        return f"in line{'s' * (len(places) > 1)} {' and '.join(map(str, places))}"
    return f"in {len(places)} lines from {places[0]} to {places[-1]}"
