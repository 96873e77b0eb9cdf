"""Options that several commands share, one decorator each, so that they read the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from pbtool.files import shown
from pbtool.version import VERSION

Function = TypeVar("Function", bound=Callable[..., Any])
Decorator = Callable[[Function], Function]

SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 88}


def text(value: str) -> str:
    """A text to look for (the type of an option): where the locale is no help it comes as bytes, which are UTF-8 all the same."""
    if value.isascii() or value.isprintable():
        return value
    try:
        return os.fsencode(value).decode("utf-8")
    except UnicodeError:
        raise click.BadParameter(f"{shown(value)} is not UTF-8, so it can stand nowhere") from None


def command(name: str, examples: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A click command whose help ends in examples to paste."""
    lines = "\n".join(f"  {line}" for line in examples.strip().splitlines())

    def made(function: Callable[..., Any]) -> click.Command:
        # Answered everywhere, shown once: in the help of pbtool itself.
        told = click.version_option(VERSION, "-V", "--version", message="pbtool %(version)s", hidden=True)
        return click.command(name, epilog=f"\b\nExamples:\n{lines}", context_settings=SETTINGS)(
            told(function)
        )

    return made


def files(function: Function) -> Function:
    return click.argument("files", nargs=-1, type=click.Path(), metavar="FILE…")(function)


def messages(function: Function) -> Function:
    for option in (
        click.option(
            "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colour output."
        ),
        click.option("-v", "--verbose", is_flag=True, help="Say more on stderr."),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
    ):
        function = option(function)
    return function


def output(function: Function) -> Function:
    return click.option("-o", "--output", type=click.Path(), help="Write to PATH, whole or not at all.")(
        function
    )


def in_place(function: Function) -> Function:
    return click.option(
        "-i", "--in-place", is_flag=True, help="Change the files; encoding and newlines stay."
    )(function)


def reading(function: Function) -> Function:
    for option in (
        click.option(
            "--input",
            "kind",
            type=click.Choice(["auto", "text", "jsonl"]),
            default="auto",
            help="What comes in.",
        ),
        click.option("--password", help="Password of an encrypted PDF."),
        click.option("--pages", help="Only these pages, such as 3,7-12."),
        click.option(
            "--ocr",
            type=click.Choice(["auto", "never", "always"]),
            default="auto",
            help="Recognise pictures.",
        ),
        click.option("--encoding", help="The inputs' encoding (default: decided by evidence)."),
    ):
        function = option(function)
    return function


def formats(*names: str) -> Decorator[Any]:
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="Output format.",
    )


def rules(function: Function) -> Function:
    for option in (
        click.option("--only-sure", is_flag=True, help="Leave likely edits undone."),
        click.option("--skip", multiple=True, metavar="RULE", help="Leave this rule out (again for more)."),
        click.option("--rule", multiple=True, metavar="RULE", help="Use only this rule (again for more)."),
    ):
        function = option(function)
    return function


def keep(function: Function) -> Function:
    return click.option("--keep", type=click.Path(), help="Words to leave alone: a list, one a line.")(
        function
    )


def answers(function: Function) -> Function:
    for option in (
        click.option(
            "--pending",
            type=click.Choice(["keep", "accept", "reject"]),
            default="keep",
            help="What to do with changes without an answer.",
        ),
        click.option(
            "--answers", type=click.Path(), help="Make exactly the changes that this answers file accepts."
        ),
    ):
        function = option(function)
    return function


def apart(files: Sequence[str], named: Mapping[str, str | None]) -> None:
    """Raise a usage error where two of the files (inputs, and those that options name) are one."""
    taken = {os.path.realpath(file): file for file in files if file != "-"}
    for option, path in named.items():
        if not path or path == "-":
            continue
        place = os.path.realpath(path)
        if place in taken:
            raise click.UsageError(f"{option} would overwrite {taken[place]}; give it a file of its own.")
        taken[place] = path


def page_numbers(text: str | None, option: str = "--pages") -> list[int] | None:
    """The pages (or other numbers) that a list such as `3,7-12` names. Raises a usage error for anything else."""
    if text is None:
        return None
    pages: list[int] = []
    for part in text.split(","):
        low, _, high = part.strip().partition("-")
        if not (low.isdecimal() and (not high or high.isdecimal())) or len(low + high) > 12:
            raise click.BadParameter(f"{part!r} is no number or range; write 3,7-12", param_hint=option)
        first, last = int(low), int(high or low)
        if not 1 <= first <= last <= first + 100_000:
            raise click.BadParameter(
                f"{part!r} is no range; count from 1, the lower number first", param_hint=option
            )
        pages.extend(range(first, last + 1))
    return pages


def check_rules(names: tuple[str, ...]) -> None:
    """Raise a usage error for a name that is no repair rule."""
    if not names:
        return
    from pbtool.repair import RULES

    known = [rule.name for rule in RULES]
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f"{name!r}; the rules are {', '.join(known)}", param_hint="--rule or --skip"
            )
