"""Rows of a table or view, and how they become Parquet or an xlsx workbook.

The one idea: a sheet is opened by people. Text that a spreadsheet would run as a formula stays text, numbers that it would
round become text, and what it cannot hold at all is cut and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from pbtool.errors import InputError, UsageError
from pbtool.store import TABLES, VIEWS, Store

#: What a cell of a worksheet can hold (UTF-16 units), how many rows a worksheet has, and the digits of its numbers.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
_EXACT = 10**15
_GROUP = 10_000
#: The documents one after the other (LIMIT keeps SQLite from taking the order out), then what each of them has. Sorting the
#: rows themselves would take as much disk again as the store.
_BY_FILE = """(SELECT id AS of_key FROM documents ORDER BY name, id LIMIT -1) AS by_file CROSS JOIN """
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_ARROW = {"INTEGER": "int64", "REAL": "float64"}


@dataclass(frozen=True, slots=True)
class Selected:
    """The rows of `table` (a table or view of the store) for which the SQL condition `where` holds.

    Raises UsageError for a name that the store does not have.
    """

    store: Store
    table: str = "facts"
    where: str | None = None

    def __post_init__(self) -> None:
        known = (*VIEWS, *TABLES, "files", "regions")
        if self.table not in known:
            raise UsageError(f"there is no table {self.table!r}; there are {', '.join(known)}")

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self.store.columns(self.table)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The rows, file by file and in the order of the text. Raises InputError where the condition cannot be asked."""
        columns = self.columns
        # The condition gets a line of its own, so that a comment in it cannot swallow the bracket.
        condition = f" WHERE ({self.where}\n)" if self.where else ""
        source = (
            f"{_BY_FILE}{self.table} AS t ON t.document = by_file.of_key"
            if "document" in columns
            else self.table
        )
        names = ", ".join(f'"{name}"' for name in columns)
        try:
            for row in self.store.rows(f"SELECT {names} FROM {source}{condition}"):
                yield {name: plain_number(value) for name, value in row.items()}
        except InputError as error:
            told = f"; {self.table} has {', '.join(columns)}" if "no such column" in error.why else ""
            raise InputError(error.where, error.why + told) from None


def plain_number(value: Any) -> Any:
    """A number as it would be written by hand: 3, not 3.0."""
    return int(value) if isinstance(value, float) and abs(value) < _EXACT and value.is_integer() else value


def write_parquet(selected: Selected, stream: IO[bytes]) -> None:
    """Write the rows as Parquet, with the types of the store. Raises UsageError without the extra."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError('Parquet needs pyarrow: pip install "pbtool[parquet]"') from None
    types = selected.store.tuples("SELECT name, type FROM pragma_table_info(?)", (selected.table,))
    fields = [(name, getattr(pyarrow, _ARROW.get(declared, "string"))()) for name, declared in types]
    schema = pyarrow.schema(fields)
    rows = selected.rows()
    with pyarrow.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(rows, _GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def write_xlsx(selected: Selected, stream: IO[bytes]) -> int:
    """Write the rows as a workbook (more than one sheet where one cannot hold them); gives how many cells were cut.

    Raises UsageError without the extra.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
    except ImportError:
        raise UsageError('xlsx needs openpyxl: pip install "pbtool[xlsx]"') from None
    names = selected.columns
    book = Workbook(write_only=True)
    rows, cut, number = selected.rows(), 0, 0

    def cell(value: Any) -> Any:
        nonlocal cut
        if isinstance(value, int) and abs(value) >= _EXACT:
            value = str(value)
        if not isinstance(value, str):
            return value
        text = _cell_text(value)
        cut += len(text) < len(value)
        made = WriteOnlyCell(sheet, text)
        # openpyxl would make a formula of it; and typing Enter in the cell would, without the mark of a quoted text.
        made.data_type = "s"
        made.quotePrefix = text.lstrip(" ").startswith(_FORMULA)
        return made

    while number == 0 or (first := next(rows, None)) is not None:
        sheet = book.create_sheet(selected.table + (f" {number + 1}" if number else ""))
        sheet.freeze_panes = "A2"
        for index, name in enumerate(names):
            sheet.column_dimensions[_letters(index)].width = (
                60 if name in ("sentence", "text", "notes") else 16
            )
        header = [WriteOnlyCell(sheet, name) for name in names]
        for made in header:
            made.font = Font(bold=True)
        sheet.append(header)
        if number:
            assert first is not None
            sheet.append([cell(first[name]) for name in names])
        for row in islice(rows, MOST_ROWS - 2):
            sheet.append([cell(row[name]) for name in names])
        number += 1
    book.save(stream)
    return cut


def _cell_text(text: str) -> str:
    """The text as a cell can hold it: no control characters, cut where it is too long."""
    text = _ILLEGAL.sub("\ufffd", text)
    if len(text) * 2 <= LONGEST_CELL:
        return text
    packed = text.encode("utf-16-le")
    if len(packed) <= 2 * LONGEST_CELL:
        return text
    return packed[: 2 * (LONGEST_CELL - 1)].decode("utf-16-le", "ignore") + "…"


def _letters(index: int) -> str:
    """The name of a column of a worksheet: A, B … Z, AA …"""
    return ("" if index < 26 else _letters(index // 26 - 1)) + chr(ord("A") + index % 26)
