"""`pbtool export`: rows out of a store, for other tools."""

from __future__ import annotations

import click

from pbtool.cli import options
from pbtool.cli.outputs import Output

EXAMPLES = """
pbtool export corpus.sqlite --table facts --format csv --bom -o facts.csv
pbtool export corpus.sqlite --table officials --where "org LIKE '%镇%'" | head
"""


@options.command("export", EXAMPLES)
@click.argument("db", type=click.Path())
@click.option("--table", default="facts", show_default=True, help="A table of the store, or facts.")
@click.option("--where", help="An SQL condition on its columns.")
@click.option("--bom", is_flag=True, help="Begin with a byte order mark, which Excel wants of CSV in UTF-8.")
@options.formats("csv", "jsonl")
@options.output
def command(db: str, table: str, where: str | None, bom: bool, form: str, output: str | None) -> int:
    """Rows out of a store as CSV or JSON Lines; text that a spreadsheet would run as a formula is neutralised."""
    from pbtool import writing
    from pbtool.store import TABLES, Store

    if table not in (*TABLES, "facts"):
        raise click.BadParameter(f"{table!r}; there are facts, {', '.join(TABLES)}", param_hint="--table")
    with Store(db, create=False) as store, Output(output) as out:
        condition = f" WHERE {where}" if where else ""
        rows = store.rows(f"SELECT * FROM {table}{condition}")
        if form == "jsonl":
            out.write(writing.jsonl(rows))
            return 0
        names = [row["name"] for row in store.rows("SELECT name FROM pragma_table_info(?)", (table,))]
        out.write("\ufeff" if bom else "")
        out.write(writing.csv_text(rows, names))
    return 0
