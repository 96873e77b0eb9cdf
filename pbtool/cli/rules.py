"""`pbtool rules`: the page of a repair rule."""

from __future__ import annotations

import click

from pbtool.cli import options
from pbtool.cli.outputs import Output

EXAMPLES = """
pbtool rules
pbtool rules shift
"""


@options.command("rules", EXAMPLES)
@click.argument("name", required=False)
@options.output
@options.messages
def command(name: str | None, output: str | None, quiet: bool, verbose: bool, color: str) -> int:
    """Explain the repair rules: a list, or the page of one (what, why, example, when it is wrong)."""
    from pbtool.repair.rulebook import rules

    with Output(output) as out:
        out.write(rules(name))
    return 0
