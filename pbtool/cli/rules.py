"""`pbtool rules`: the page of a repair rule."""

from __future__ import annotations

import inspect

import click

from pbtool.cli import options
from pbtool.cli.outputs import Output
from pbtool.terminal import padded

EXAMPLES = """
pbtool rules
pbtool rules shift
"""


@options.command("rules", EXAMPLES)
@click.argument("name", required=False)
@options.output
def command(name: str | None, output: str | None) -> int:
    """Explain the repair rules: a list, or the page of one (what, why, example, when it is wrong)."""
    from pbtool.repair import RULES

    with Output(output) as out:
        if name is None:
            columns = max(len(rule.name) for rule in RULES)
            out.write(f"{padded(rule.name, columns)}  {rule.summary}\n" for rule in RULES)
            return 0
        page = next((rule.page for rule in RULES if rule.name == name), None)
        if page is None:
            raise click.UsageError(f"No rule {name!r}. There are: {', '.join(rule.name for rule in RULES)}.")
        out.write(inspect.cleandoc(page).rstrip() + "\n")
    return 0
