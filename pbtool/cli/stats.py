"""`pbtool stats`: tables out of a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click

from pbtool.cli import options
from pbtool.cli.outputs import Output
from pbtool.terminal import padded, safe, width

EXAMPLES = """
pbtool stats corpus.sqlite
pbtool stats corpus.sqlite --by county,year --metric 总收入 --agg sum,count
pbtool stats corpus.sqlite --metric 总收入 --cite
"""


@options.command("stats", EXAMPLES)
@click.argument("db", type=click.Path())
@click.option("--by", help="Group by county, year, unit, what, kind, place or file (comma between).")
@click.option("--metric", help="Only what is measured by a phrase with these words.")
@click.option("--unit", help="Only this unit.")
@click.option("--text", help="Only paragraphs with this phrase.")
@click.option(
    "--agg", default="count", show_default=True, help="count, sum, mean, median, min, max (comma between)."
)
@click.option("--cite", is_flag=True, help="List the facts behind the table instead.")
@options.formats("text", "csv", "json", "jsonl", "md")
@options.output
def command(
    db: str,
    by: str | None,
    metric: str | None,
    unit: str | None,
    text: str | None,
    agg: str,
    cite: bool,
    form: str,
    output: str | None,
) -> int:
    """Tables out of a store; without options, how much is in it.

    Every number can be opened: the same command with --cite lists the facts behind it, with file, page and sentence.
    """
    from pbtool import statistics
    from pbtool.store import TABLES, Store

    with Store(db, create=False) as store, Output(output) as out:
        if cite:
            rows = list(statistics.cited(store, metric=metric, unit=unit, text=text))
        elif by is None and metric is None and unit is None and text is None:
            rows = [
                {"table": t, "rows": next(store.rows(f"SELECT count(*) AS n FROM {t}"))["n"]} for t in TABLES
            ]
        else:
            groups = by.split(",") if by else []
            rows = statistics.table(store, groups, agg.split(","), metric=metric, unit=unit, text=text)
        out.write(shown(rows, form))
    return 0


def shown(rows: Sequence[dict[str, Any]], form: str) -> Iterator[str]:
    """Rows in one of the formats; `text` lines up Chinese."""
    from pbtool import writing

    if form == "json":
        yield from writing.json_list(rows, False)
    elif form == "jsonl":
        yield from writing.jsonl(rows)
    elif form == "csv":
        yield from writing.csv_text(rows, list(rows[0]) if rows else [])
    elif rows:
        lines = [[*rows[0]], *([_cell(value) for value in row.values()] for row in rows)]
        if form == "md":
            lines.insert(1, ["---"] * len(lines[0]))
            yield from (
                "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines
            )
            return
        columns = [max(width(line[i]) for line in lines) for i in range(len(lines[0]))]
        for line in lines:
            yield (
                "  ".join(padded(cell, room) for cell, room in zip(line, columns, strict=True)).rstrip()
                + "\n"
            )


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:,.4g}"
    return safe(str(value))
