"""Tables out of the store: right numbers, refused nonsense, and every number opened again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_store import record, sha

import pbtool
from pbtool import statistics
from pbtool.cli import tables
from pbtool.cli.stats import command
from pbtool.errors import UsageError
from pbtool.statistics import Question
from pbtool.store import Store
from pbtool.terminal import width

#: County, year, value in 元, and what it is: what the store of these tests holds.
FACTS = [
    ("浙江省金华市永康市", 2021, 100, "村集体经济收入"),
    ("浙江省金华市永康市", 2021, 300, "村集体经济收入"),
    ("浙江省金华市永康市", 2022, 500, "村集体经济收入"),
    ("浙江省衢州市江山市", 2021, 700, "集体经济收入"),
    ("浙江省衢州市江山市", None, 900, "集体经济收入"),
    ("浙江省衢州市江山市", 2021, 11, "茶叶产值"),
]


def fact(number: int, place: str, year: int | None, value: Any, what: str, **more: Any) -> dict[str, Any]:
    text = f"第{number}句。{what}达到{value}元。"
    fields = {"value": value, "what": what, "place": place, "period": str(year) if year else None, **more}
    return record(text, sha(number), **fields)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("statistics") / "c.sqlite"
    with Store(path) as store:
        for number, (place, year, value, what) in enumerate(FACTS):
            store.add(f"{number}.txt", fact(number, place, year, value, what))
        people = fact(10, "浙江省", 2021, 5, "党员", unit="名", kind="quantity", change="increase")
        where = {"paragraph": 0, "start": 0, "end": 2, "source": [[0, 2]], "confidence": 1.0}
        for title in ("县委书记", "县委书记", "镇长"):
            who = {"text": "何兰", "name": "何兰", "title": title, "org": "县", "role": "official", **where}
            people["articles"][0]["officials"].append(who)
        people["furniture"] = [{"role": "masthead", "text": "2020年第2期", "source": []}]
        edit = {
            "start": 0,
            "end": 1,
            "before": "袁",
            "after": "，",
            "rule": "shift",
            "grade": "sure",
            "confidence": 1,
        }
        people["repairs"] = [
            edit,
            {**edit, "start": 2, "end": 3},
            {**edit, "start": 4, "end": 5, "rule": "bold"},
        ]
        store.add("people.txt", people)
        store.add("slogan.txt", fact(11, "浙江省", 2021, 4, "四大行动", kind="slogan"))
        store.add("range.txt", fact(12, "浙江省", 2021, [10, 30], "奖金"))
        store.fail("bad.pdf", "", "is encrypted")
        store.fail("worse.pdf", "", "is encrypted")
    return path


@pytest.fixture
def store(db: Path) -> Iterator[Store]:
    with Store(db, create=False) as opened:
        yield opened


def run(db: Path, *arguments: str) -> Any:
    return CliRunner().invoke(command, [str(db), *arguments], standalone_mode=False)


def test_sum_median_and_count_by_county_and_year(store):
    question = Question(
        by=("county", "year"), aggregates=("sum", "median", "count"), metric="集体经济收入", unit="元"
    )
    assert [tuple(row.values()) for row in statistics.table(store, question).rows] == [
        ("浙江省衢州市江山市", 2021, 700, 700, 1),
        ("浙江省衢州市江山市", None, 900, 900, 1),
        ("浙江省金华市永康市", 2021, 400, 200, 2),
        ("浙江省金华市永康市", 2022, 500, 500, 1),
    ]


def test_the_library_asks_by_path(db):
    table = pbtool.stats(str(db), ("year",), ("sum",), metric="村集体经济收入")
    assert table.rows == [{"year": 2021, "sum": 400}, {"year": 2022, "sum": 500}]
    assert [row["value"] for row in pbtool.export(str(db), where="what = '党员'")] == [5]


def test_all_aggregates_of_everything(store):
    question = Question(aggregates=statistics.AGGREGATES, metric="集体经济收入")
    (row,) = statistics.table(store, question).rows
    assert row == {"count": 5, "sum": 2500, "mean": 500, "median": 500, "min": 100, "max": 900}


def test_places_are_grouped_by_every_level(store):
    def groups(level: str) -> dict[Any, int]:
        return {row[level]: row["count"] for row in statistics.table(store, Question(by=(level,))).rows}

    assert groups("province") == {"浙江省": 8}
    assert groups("city") == {"浙江省金华市": 3, "浙江省衢州市": 3, None: 2}


def test_values_are_never_summed_across_units(store):
    table = statistics.table(store, Question(aggregates=("sum",)))
    assert table.question.by == ("unit",) and {row["unit"] for row in table.rows} == {"元", "名"}
    assert any("different units" in note for note in table.notes)
    assert not statistics.table(store, Question()).notes, "counting needs no unit"


def test_what_is_no_measure_counts_only_when_asked_for(store):
    def count(**more: Any) -> int:
        return statistics.table(store, Question(**more)).rows[0]["count"]

    assert (count(), count(kinds=("all",)), count(kinds=("slogan",))) == (8, 9, 1)


def test_a_range_counts_with_its_middle_and_increases_are_told(store):
    table = statistics.table(store, Question(aggregates=("sum",), metric="奖金"))
    assert table.rows == [{"sum": 20}] and "ranges" in table.notes[0]
    notes = statistics.table(store, Question(aggregates=("sum",), unit="名")).notes
    assert "1 of 1 values are increases" in notes[0]


def test_officials_repairs_and_failures_are_counted_too(store):
    officials = statistics.table(store, Question("officials", ("title", "issued"))).rows
    assert officials == [
        {"title": "县委书记", "issued": 2020, "count": 2},
        {"title": "镇长", "issued": 2020, "count": 1},
    ]
    repairs = statistics.table(store, Question("repairs", ("rule",))).rows
    assert repairs == [{"rule": "bold", "count": 1}, {"rule": "shift", "count": 2}]
    assert statistics.table(store, Question("failures", ("reason",))).rows == [
        {"reason": "is encrypted", "count": 2}
    ]


def test_full_text_finds_words_of_two_characters(store):
    def count(text: str) -> int:
        return statistics.table(store, Question(text=text)).rows[0]["count"]

    assert (count("茶叶"), count("叶茶"), count("集体经济")) == (1, 0, 5)


def test_a_cell_is_opened(store):
    question = Question(
        by=("county",), metric="收入", only=(("county", "浙江省金华市永康市"), ("year", "2021"))
    )
    facts = list(statistics.cited(store, question))
    (row,) = statistics.table(store, Question(**{**_fields(question), "aggregates": ("sum", "count")})).rows
    assert (row["sum"], row["count"]) == (sum(fact["value"] for fact in facts), len(facts)) == (400, 2)
    assert [fact["file"] for fact in facts] == ["0.txt", "1.txt"]
    assert facts[0]["sentence"] == facts[0]["text"] and json.loads(facts[0]["source"]) == [
        [0, len(facts[0]["text"])]
    ]
    unknown = Question(by=("year",), metric="收入", only=(("year", None),))
    assert [fact["value"] for fact in statistics.cited(store, unknown)] == [900]


def _fields(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in Question.__slots__}


def test_every_subject_can_be_counted_by_all_its_groups_and_opened(store):
    for subject in statistics.SUBJECTS.values():
        for group in subject.groups:
            rows = statistics.table(store, Question(subject.name, (group,))).rows
            every = list(statistics.cited(store, Question(subject.name, (group,))))
            assert sum(row["count"] for row in rows) == len(every)
            for row in rows:
                only = ((group, None if row[group] is None else str(row[group])),)
                opened = list(statistics.cited(store, Question(subject.name, (group,), only=only)))
                assert len(opened) == row["count"], (subject.name, row)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"subject": "colours"}, "no table 'colours'"),
        ({"by": ("colour",)}, "cannot group"),
        ({"only": (("colour", "red"),)}, "cannot group"),
        ({"aggregates": ("nope",)}, "no aggregate 'nope'"),
        ({"aggregates": ()}, "name everything once"),
        ({"by": ("year", "year")}, "name everything once"),
        ({"subject": "repairs", "aggregates": ("sum",)}, "no value"),
        ({"subject": "repairs", "unit": "元"}, "--unit does not go with repairs"),
        ({"subject": "officials", "metric": "x"}, "--metric does not go with officials"),
        ({"metric": " "}, "--metric is empty"),
    ],
)
def test_wrong_questions_are_told(wrong, told):
    with pytest.raises(UsageError, match=told):
        Question(**wrong)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--agg", "nope"),
        ("--agg", ""),
        ("--by", "county,,year"),
        ("--only", "year"),
        ("--cite", "--agg", "sum"),
        ("--cite", "--top", "3"),
        ("--cite", "--plot", "x.png"),
        ("--top", "3"),
        ("--plot", "x.png"),
        ("--plot", "x.gif", "--by", "year"),
        ("--table", "repairs", "--metric", "x"),
    ],
)
def test_options_that_do_not_go_together_are_usage_errors(db, arguments):
    line = [sys.executable, "-m", "pbtool", "stats", str(db), *arguments]
    result = run(db, *arguments)
    assert result.exception is not None, line
    assert getattr(result.exception, "exit_code", None) == 2 or isinstance(result.exception, UsageError)


def test_tables_line_up_and_come_in_every_format(db):
    lines = run(db, "--by", "county", "--unit", "元", "--agg", "sum,count").output.splitlines()
    table = [line for line in lines if "市" in line or line.startswith("county")]
    assert len({width(line) for line in table}) == 1, "numbers stand right, Chinese takes two columns"
    question = ("--by", "year", "--metric", "集体经济收入", "-f")
    assert run(db, *question, "csv").output == "year,count\n2021,3\n2022,1\n,1\n"
    assert run(db, *question, "md").output.splitlines()[:3] == [
        "| year | count |",
        "| --: | --: |",
        "| 2021 | 3 |",
    ]
    assert json.loads(run(db, *question, "json").output)[0] == {"year": 2021, "count": 3}
    assert run(db, "--by", "year", "--metric", "没有", "-f", "csv", "-q").output == "year,count\n"
    assert "--by what" in run(db, "--by", "year", "--metric", "没有").output
    assert "documents" in run(db).output and "runs" in run(db).output


def test_nothing_found_is_told_and_whole_numbers_are_written_whole(db):
    for asked in ((), ("--by", "year"), ("--agg", "sum"), ("--cite",)):
        assert "--by what" in run(db, "--metric", "没有", *asked).output
        assert "--by kind shows" in run(db, "--kind", "nosuch", *asked).output
        assert "--by kind" not in run(db, "--kind", "all", *asked).output
    sums = ("--unit", "元", "--agg", "sum", "-q", "-f")
    assert "." not in run(db, *sums, "csv").output and "." not in run(db, *sums, "jsonl").output


def test_the_greatest_come_first(db):
    lines = run(db, "--by", "county", "--unit", "元", "--agg", "sum", "--top", "1").output.splitlines()
    assert [line.split()[0] for line in lines if "省" in line] == ["浙江省衢州市江山市"]
    assert any("2 more rows" in line for line in lines)


def test_citations_are_readable(db):
    output = run(db, "--metric", "茶叶", "--cite").output
    assert (
        output
        == "茶叶产值  第5句。茶叶产值达到11元。  11  元  浙江省衢州市江山市  2021\n    5.txt, 0-14\n    第5句。茶叶产值达到11元。\n"
    )


@pytest.mark.parametrize("by", ["county,year", "county", "year"])
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_table_is_drawn(db, tmp_path, by, kind):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"x.{kind}"
    result = run(db, "--by", by, "--metric", "收入", "--agg", "sum,count", "--plot", str(path))
    assert result.exception is None and "drawn is the sum" in result.output
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG") if kind == "png" else b"<svg" in data
    run(db, "--by", by, "--metric", "收入", "--agg", "sum,count", "--plot", str(path))
    assert path.read_bytes() == data, "the same table gives the same picture"


def test_a_missing_chinese_font_is_told(db, monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    from pbtool.statistics import pictures

    monkeypatch.setattr(pictures, "chinese_font", lambda: None)
    result = run(db, "--by", "county", "--plot", str(tmp_path / "x.png"))
    assert "no Chinese font was found" in result.output


def test_nothing_is_drawn_of_nothing(store):
    pytest.importorskip("matplotlib")
    from pbtool.statistics.pictures import picture

    with pytest.raises(UsageError, match="nothing to draw"):
        picture(statistics.table(store, Question(by=("year",), metric="没有")), "png")


def test_stats_as_a_process(db):
    line = [sys.executable, "-m", "pbtool", "stats", str(db), "--agg", "nope"]
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == ""
    assert (
        done.stderr == "pbtool: there is no aggregate 'nope'; there are count, sum, mean, median, min, max\n"
    )


def test_large_sums_are_read_without_an_exponent():
    rows = [{"sum": 20_989_800_000.5}, {"sum": 1.5}, {"sum": 3.0}]
    assert [line.strip() for line in tables.shown(rows, "text")] == ["sum", "20,989,800,000", "1.5", "3"]
