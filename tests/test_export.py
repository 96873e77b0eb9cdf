"""Rows for other tools: whole, harmless in a spreadsheet, and with places that annotators can trust."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_store import record, sha

from pbtool.cli.export import command
from pbtool.errors import InputError, UsageError
from pbtool.exports import Selected, annotated_articles
from pbtool.store import TABLES, VIEWS, Store

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "c.sqlite"
    with Store(path) as store:
        for number, text in enumerate(FORMULAS):
            store.add(f"{number}.txt", record(text, sha(number), what=text, value=-number - 1))
        one = record("何兰说，😀茶叶卖了5元。", sha(9), start=7, end=9)
        article = one["articles"][0]
        article["title"], article["spans"] = "茶叶", {"title": [[0, 2]]}
        where = {"source": [[0, 2]], "confidence": 1.0, "start": 0, "end": 2}
        who = {
            "text": "何兰",
            "name": "何兰",
            "title": None,
            "org": None,
            "role": "mention",
            "paragraph": 0,
            **where,
        }
        place = {
            "text": "茶叶",
            "name": "茶叶",
            "level": "other",
            "code": None,
            "full": None,
            "paragraph": None,
        }
        article["officials"] = [who]
        article["places"] = [{**place, "field": "title", "index": 0, **where}]
        article["captions"] = [{"text": "图", "source": [[20, 21]]}]
        store.add("article.txt", one)
    return path


def run(*arguments: Any) -> Any:
    return CliRunner().invoke(command, list(map(str, arguments)), standalone_mode=False)


def test_rows_come_file_by_file_in_the_order_of_the_text(db):
    rows = list(csv.DictReader(io.StringIO(run(db).output)))
    assert rows == sorted(
        rows, key=lambda row: (row["file"], int(row["document"]), int(row["article"]), int(row["n"]))
    )
    for table in (*VIEWS, *TABLES, "files", "regions"):
        assert run(db, "--table", table).exit_code == 0, table


def test_csv_holds_no_formula_and_numbers_stay_numbers(db):
    rows = list(csv.DictReader(io.StringIO(run(db, "--where", "sha256 <> ''").output)))
    texts = {row["file"]: row["what"] for row in rows}
    assert [texts[f"{n}.txt"] for n in range(len(FORMULAS))] == [f"'{text}" for text in FORMULAS]
    assert {row["value"] for row in rows if row["file"] == "1.txt"} == {"-2"}


def test_a_byte_order_mark_comes_when_asked_for(db, tmp_path):
    path = tmp_path / "facts.csv"
    run(db, "--bom", "-o", path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbffile,article_title")
    assert not run(db).output.startswith("\ufeff")


def test_jsonl_is_what_the_store_holds(db):
    rows = [json.loads(line) for line in run(db, "-f", "jsonl", "--table", "officials").output.splitlines()]
    assert [row["name"] for row in rows] == ["何兰"]


def test_parquet_has_the_types_of_the_store(db, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "facts.parquet"
    assert run(db, "-o", path).exception is None
    table = parquet.read_table(path)
    assert table.num_rows == len(FORMULAS) + 1
    assert (str(table.schema.field("value").type), str(table.schema.field("year").type)) == (
        "double",
        "int64",
    )
    assert "=1+1" in table.column("what").to_pylist(), "nothing is changed where no spreadsheet looks"


def test_xlsx_holds_no_formula_and_says_what_it_cuts(db, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    long = tmp_path / "long.sqlite"
    with Store(long) as store:
        store.add("a.txt", record("长" * 40_000, sha(1)))
        store.add("b.txt", record("a\x01b", sha(2), what="=1+1"))
    path = tmp_path / "facts.xlsx"
    result = run(long, "-o", path)
    # The number's text and its sentence are the whole paragraph here.
    assert "2 cells were cut at 32,767 characters" in result.output
    sheet = openpyxl.load_workbook(path)["facts"]
    header, *rows = [list(row) for row in sheet.iter_rows()]
    cells = {row[0].value: dict(zip([c.value for c in header], row, strict=True)) for row in rows}
    assert len(cells["a.txt"]["text"].value) == 32_767 and cells["a.txt"]["text"].value.endswith("…")
    assert (cells["b.txt"]["what"].value, cells["b.txt"]["what"].data_type) == ("=1+1", "s")
    assert cells["b.txt"]["what"].quotePrefix and cells["b.txt"]["text"].value == "a\ufffdb"
    assert cells["b.txt"]["value"].value == 5
    assert isinstance(cells["b.txt"]["document"].value, str), "Excel would round a number that long"


def test_more_rows_than_a_sheet_holds_go_to_the_next(db, tmp_path, monkeypatch):
    openpyxl = pytest.importorskip("openpyxl")
    from pbtool.exports import sheets

    monkeypatch.setattr(sheets, "MOST_ROWS", 5)
    run(db, "-o", tmp_path / "f.xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert sum(sheet.max_row - 1 for sheet in book) == len(FORMULAS) + 1
    assert all(sheet.max_row <= 5 and sheet.cell(1, 1).value == "file" for sheet in book)


def test_places_of_labels_count_in_the_text_that_annotators_see(db):
    with Store(db, create=False) as store:
        (article,) = annotated_articles(store, "file = 'article.txt'")
    assert article.text == "茶叶\n何兰说，😀茶叶卖了5元。\n图"
    labels = {label: article.text[start:end] for start, end, label in article.labels}
    assert labels == {"place": "茶叶", "official": "何兰", "metric": "卖了"}
    (line,) = run(db, "-f", "doccano", "--where", "title = '茶叶'").output.splitlines()
    assert json.loads(line)["label"] == [[0, 2, "place"], [3, 5, "official"], [10, 12, "metric"]]
    (task,) = json.loads(run(db, "-f", "labelstudio", "--where", "title = '茶叶'").output)
    (first, *_) = task["predictions"][0]["result"]
    assert first["value"] == {"start": 0, "end": 2, "text": "茶叶", "labels": ["place"]}
    assert (first["from_name"], first["to_name"], first["type"]) == ("label", "text", "labels")


@pytest.mark.parametrize("where", ["nope = 1", "1 = 1; DROP TABLE metrics", "1) --", ""])
def test_conditions_that_cannot_be_asked_are_told(db, where):
    with Store(db, create=False) as store:
        if not where:
            assert len(list(Selected(store, where="1 = 1 -- all of them").rows())) == len(FORMULAS) + 1
            return
        with pytest.raises(InputError, match="cannot be asked"):
            list(Selected(store, where=where).rows())
        with pytest.raises(InputError, match="cannot be asked"):
            list(annotated_articles(store, where))


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("DB", "--table", "nope"),
        ("DB", "-f", "jsonl", "--bom"),
        ("DB", "-f", "doccano", "--table", "facts"),
        ("DB", "-f", "xlsx"),
        ("DB", "--db", "x"),
        ("--merge", "x"),
        ("DB", "--merge", "x", "--db", "y"),
    ],
)
def test_options_that_do_not_go_together_are_usage_errors(db, arguments):
    result = run(*(db if argument == "DB" else argument for argument in arguments))
    assert getattr(result.exception, "exit_code", None) == 2 or isinstance(result.exception, UsageError)


def test_a_failed_export_leaves_what_was_there(db, tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text("old")
    assert isinstance(run(db, "--where", "nope = 1", "-o", path).exception, InputError)
    assert path.read_text() == "old" and [p.name for p in tmp_path.iterdir()] == ["facts.csv"]
