"""`pbtool review`: the editor's loop."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.inputs import Reading, items
from pbtool.cli.outputs import Output
from pbtool.edits import Edit
from pbtool.errors import InputError
from pbtool.terminal import Messages, safe, wants_color

EXAMPLES = """
pbtool review issue.txt
pbtool review --html review.html issue.pdf
pbtool fix --answers issue.txt.answers.jsonl issue.txt -o clean.txt
"""


@options.command("review", EXAMPLES)
@click.argument("file", type=click.Path())
@click.option("--answers", type=click.Path(), help="The answers file (default: FILE.answers.jsonl).")
@click.option("--html", type=click.Path(), help="Write a page for the browser instead of asking here.")
@options.rules
@options.reading
@options.messages
def command(
    file: str,
    answers: str | None,
    html: str | None,
    rule: tuple[str, ...],
    skip: tuple[str, ...],
    only_sure: bool,
    quiet: bool,
    verbose: bool,
    color: str,
    **how: Any,
) -> int:
    """See each change in its context, accept or reject it; pbtool fix --answers then makes exactly those.

    Every answer is kept at once in the answers file; stop whenever you like, and go on later.
    """
    from pbtool import pipeline
    from pbtool.review import Answers

    messages = Messages(quiet, verbose, color)
    options.check_rules((*rule, *skip))
    how["pages"] = options.page_numbers(how["pages"])
    kept = answers or f"{file}.answers.jsonl"
    for name, path in (("--html", html), ("--answers", answers)):
        if path and "-" not in (path, file) and os.path.realpath(path) == os.path.realpath(file):
            raise click.UsageError(f"{name} would overwrite {file}; give it a file of its own.")
    for item in items([file], Reading(**how), messages):
        text = item.document.original
        if not text:
            messages.error(
                InputError(
                    item.name, "holds no text to review; records are reviewed as the text they came from"
                )
            )
            continue
        edits = pipeline.check(item.document, rules=rule or None, skip=skip, only_sure=only_sure)
        given = Answers(text, kept)
        if html:
            from pbtool.review.page import page

            with Output(html) as out:
                out.write(page(item.name, text, edits, given, Path(kept).name))
            messages.say(f"{html}: {len(edits)} changes; save the answers beside {file}")
        else:
            left = _ask(text, edits, given, color)
            messages.say(f"{kept}: {len(given)} answers, {left} open")
    return messages.status


def _ask(text: str, edits: Sequence[Edit], answers: Any, color: str) -> int:
    from pbtool.review.terminal import review

    if not sys.stdin.isatty():
        raise click.UsageError("The review asks on a terminal; use --html FILE for the browser.")
    coloured = wants_color(color, sys.stderr)

    def paint(kind: str, words: str) -> str:
        if not words:
            return ""
        if coloured:
            return f"\x1b[{'9;31' if kind == 'gone' else '1;32'}m{safe(words)}\x1b[0m"
        return f"[-{safe(words)}-]" if kind == "gone" else f"{{+{safe(words)}+}}"

    return review(
        text,
        edits,
        answers,
        ask=lambda: click.getchar().lower(),
        ask_text=lambda proposal: str(click.prompt("instead", default=proposal, err=True)),
        show=lambda line: click.echo(line, err=True),
        paint=paint,
    )
