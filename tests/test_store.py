"""The store: what is written is kept, whatever happens; old stores come along; anything that reads SQLite reads it."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pbtool.errors import InputError, OutputError
from pbtool.store import VERSION, Store, document_key, phrase
from pbtool.store.issued import named_date, printed_date
from pbtool.store.regions import region
from pbtool.store.schema import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
#: The schema of version 1 as it was.
OLD = """
CREATE TABLE documents(id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, encoding TEXT, script TEXT,
  page_count INTEGER, pbtool TEXT, model TEXT, notes TEXT);
CREATE TABLE files(path TEXT PRIMARY KEY, sha256 TEXT NOT NULL);
CREATE TABLE articles(document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE, article INTEGER NOT NULL,
  title TEXT, kicker TEXT, subtitle TEXT, byline TEXT, affiliation TEXT, dateline TEXT, column_name TEXT, editor_note TEXT,
  pages TEXT, PRIMARY KEY(document, article)) WITHOUT ROWID;
CREATE TABLE paragraphs(id INTEGER PRIMARY KEY, document INTEGER NOT NULL, article INTEGER NOT NULL, n INTEGER NOT NULL,
  role TEXT NOT NULL, text TEXT NOT NULL, source TEXT NOT NULL,
  FOREIGN KEY(document, article) REFERENCES articles(document, article) ON DELETE CASCADE);
CREATE INDEX paragraphs_of ON paragraphs(document, article, n);
CREATE TABLE places(document INTEGER NOT NULL, article INTEGER NOT NULL, n INTEGER NOT NULL, text TEXT, name TEXT, level TEXT,
  code TEXT, "full" TEXT, paragraph INTEGER, start INTEGER, "end" INTEGER, source TEXT, confidence REAL,
  PRIMARY KEY(document, article, n),
  FOREIGN KEY(document, article) REFERENCES articles(document, article) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE officials(document INTEGER NOT NULL, article INTEGER NOT NULL, n INTEGER NOT NULL, text TEXT, name TEXT,
  title TEXT, org TEXT, role TEXT, status TEXT, paragraph INTEGER, start INTEGER, "end" INTEGER, source TEXT, confidence REAL,
  PRIMARY KEY(document, article, n),
  FOREIGN KEY(document, article) REFERENCES articles(document, article) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE metrics(document INTEGER NOT NULL, article INTEGER NOT NULL, n INTEGER NOT NULL, text TEXT, value REAL,
  value_high REAL, unit TEXT, approx TEXT, what TEXT, kind TEXT, change TEXT, place TEXT, county TEXT, period TEXT, year INTEGER,
  paragraph INTEGER, start INTEGER, "end" INTEGER, source TEXT, confidence REAL,
  PRIMARY KEY(document, article, n),
  FOREIGN KEY(document, article) REFERENCES articles(document, article) ON DELETE CASCADE) WITHOUT ROWID;
CREATE INDEX metrics_by ON metrics(county, year, unit, value);
CREATE TABLE dates(document INTEGER NOT NULL, article INTEGER NOT NULL, n INTEGER NOT NULL, text TEXT, value TEXT,
  paragraph INTEGER, start INTEGER, "end" INTEGER, source TEXT, confidence REAL,
  PRIMARY KEY(document, article, n),
  FOREIGN KEY(document, article) REFERENCES articles(document, article) ON DELETE CASCADE) WITHOUT ROWID;
CREATE TABLE repairs(document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE, n INTEGER NOT NULL, start INTEGER,
  "end" INTEGER, before TEXT, after TEXT, rule TEXT, grade TEXT, confidence REAL, PRIMARY KEY(document, n)) WITHOUT ROWID;
CREATE TABLE suggestions(document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE, n INTEGER NOT NULL,
  start INTEGER, "end" INTEGER, before TEXT, after TEXT, rule TEXT, grade TEXT, confidence REAL, PRIMARY KEY(document, n))
  WITHOUT ROWID;
CREATE TABLE failures(path TEXT PRIMARY KEY, sha256 TEXT, reason TEXT NOT NULL, pbtool TEXT);
CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61');
CREATE VIEW facts AS SELECT d.name AS file, a.title AS article_title, m.what, m.text, m.value, m.value_high, m.unit, m.approx,
  m.change, m.kind, m.place, m.county, m.period, m.year, p.text AS sentence, m.source, a.pages, d.sha256, m.document, m.article, m.n
  FROM metrics m JOIN articles a USING(document, article) JOIN documents d ON d.id = m.document
  LEFT JOIN paragraphs p ON p.document = m.document AND p.article = m.article AND p.n = m.paragraph;
INSERT INTO documents VALUES(7, 'aa', '青屏党建 2021-03-05.txt', 'utf-8', 'hans', NULL, '0.9', 'm', NULL);
INSERT INTO files VALUES('青屏党建 2021-03-05.txt', 'aa');
INSERT INTO articles VALUES(7, 0, '修路', NULL, NULL, '[]', NULL, NULL, NULL, NULL, '[]');
INSERT INTO paragraphs VALUES(70, 7, 0, 0, 'body', '路通了。永康市象珠镇收入达5万元。人也笑了。', '[[0,23]]');
INSERT INTO words(rowid, text) VALUES(70, ' 路  通  了 。 永  康  市  象  珠  镇  收  入  达 5 万  元 。 人  也  笑  了 。');
INSERT INTO metrics VALUES(7, 0, 0, '5万元', 50000, NULL, '元', 'exact', '收入', 'money', NULL, '浙江省金华市永康市象珠镇',
  '浙江省金华市', '2021', 2021, 0, 13, 16, '[[13,16]]', 1.0);
INSERT INTO officials VALUES(7, 0, 0, '周远', '周远', NULL, NULL, 'mention', NULL, NULL, 0, 2, '[[0,2]]', 0.9);
INSERT INTO failures VALUES('b.txt', 'bb', 'is encrypted', '0.9');
PRAGMA user_version = 1;
"""


def record(text: str, sha256: str, **more: Any) -> dict[str, Any]:
    """The record of a document of one paragraph, with one metric that is the whole text."""
    entity = {"paragraph": 0, "start": 0, "end": len(text), "source": [[0, len(text)]], "confidence": 1.0}
    metric = {
        "text": text,
        "value": 5,
        "unit": "元",
        "approx": "exact",
        "what": "收入",
        "kind": "money",
        "change": None,
    }
    fields = dict.fromkeys(
        ("title", "kicker", "subtitle", "affiliation", "dateline", "column", "editor_note")
    )
    article = {
        **fields,
        "id": "a01",
        "byline": [],
        "pages": [],
        "spans": {},
        "paragraphs": [{"role": "body", "text": text, "source": [[0, len(text)]]}],
        "places": [],
        "officials": [],
        "metrics": [{**metric, **entity, **more}],
        "dates": [],
    }
    source = {"name": "x", "sha256": sha256, "encoding": "utf-8", "script": "hans", "pages": None}
    return {
        "schema": "pbtool/1",
        "source": source,
        "made_by": {"pbtool": "1", "model": "m", "steps": []},
        "articles": [article],
        "furniture": [],
        "repairs": [],
        "suggestions": [],
    }


def sha(number: int) -> str:
    return f"{number:064x}"[::-1]


def command(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "pbtool", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(line, capture_output=True, text=True, env=environment, **more)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.sqlite"
    base = sqlite3.connect(path)
    base.executescript(OLD)
    base.close()
    return path


@pytest.fixture
def issue(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(4):
        text = f"青屏县大坪村修路\n周明远\n2022年，大坪村集体经济收入达到{number + 10}万元，路通了。\n"
        (folder / f"{number}.txt").write_text(text, "utf-8")
    return folder


def test_an_older_store_is_not_asked_but_told_how_to_come_along(old):
    done = command("stats", old)
    assert done.returncode == 3 and "--upgrade" in one_line(done)
    assert command("batch", "--upgrade", "--db", old).returncode == 0
    assert "documents" in command("stats", old).stdout


def test_an_older_store_comes_along_with_all_that_it_holds(old):
    before = {
        table: sqlite3.connect(old).execute(f"SELECT * FROM {table}").fetchall()
        for table in ("documents", "files", "articles", "paragraphs", "metrics", "officials", "failures")
    }
    Store(old).close()
    base = sqlite3.connect(old)
    assert base.execute("PRAGMA user_version").fetchone()[0] == VERSION
    for table, rows in before.items():
        width = len(rows[0])
        kept = [row[:width] for row in base.execute(f"SELECT * FROM {table}").fetchall()]
        # The county of a fact was worked out too coarsely; everything else is as it was.
        wanted = [tuple("浙江省金华市永康市" if v == "浙江省金华市" else v for v in row) for row in rows]
        assert kept == wanted, table
    (fact,) = base.execute("SELECT sentence, county, town, issued FROM facts").fetchall()
    assert fact == (
        "永康市象珠镇收入达5万元。",
        "浙江省金华市永康市",
        "浙江省金华市永康市象珠镇",
        "2021-03-05",
    )
    with Store(old) as store:
        store.add("new.txt", record("收入5元", sha(1)))
    assert base.execute("SELECT count(*) FROM facts").fetchone()[0] == 2
    found = base.execute("SELECT rowid FROM words WHERE words MATCH ?", (phrase("收入"),)).fetchall()
    assert (70,) in found and len(found) == 2


def test_a_migration_that_fails_leaves_the_old_store(old):
    sqlite3.connect(old).executescript("CREATE TABLE runs(mine TEXT)")
    with pytest.raises(OutputError, match="cannot be written"):
        Store(old)
    base = sqlite3.connect(old)
    assert base.execute("PRAGMA user_version").fetchone()[0] == 1
    assert "page" not in [row[1] for row in base.execute("PRAGMA table_info(metrics)")]


def test_a_fresh_store_and_one_that_came_along_have_the_same_columns(old, tmp_path):
    Store(old).close()
    Store(tmp_path / "new.sqlite").close()
    for table, names in COLUMNS.items():
        columns = [
            {row[1] for row in sqlite3.connect(path).execute(f"PRAGMA table_info({table})")}
            for path in (old, tmp_path / "new.sqlite")
        ]
        assert columns[0] == columns[1] == set(names)


def test_two_batches_on_one_store(issue, tmp_path):
    db = tmp_path / "c.sqlite"
    with Store(db):
        done = command("batch", issue, "--db", db)
        assert done.returncode == 4
        assert f"another batch (process {os.getpid()})" in one_line(done)
        assert command("stats", db).returncode == 0, "whoever only asks is not held up"
    assert command("batch", issue, "--db", db).returncode == 0
    assert not Path(f"{db}.lock").exists()


def test_a_lock_dies_with_its_holder(issue, tmp_path):
    db = tmp_path / "c.sqlite"
    code = "import sys, os, signal; from pbtool.store import Store; s = Store(sys.argv[1]); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", code, str(db)], env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert Path(f"{db}.lock").exists()
    assert command("batch", issue, "--db", db).returncode == 0


def mortal() -> None:
    """Let even the administrator write only what the mode of a file allows (Linux)."""
    drop_from_bounding_set, override, read_search = 24, 1, 2
    for capability in (override, read_search):
        ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="capabilities are Linux")
def test_a_store_that_may_only_be_read(issue, tmp_path):
    folder = tmp_path / "read-only"
    folder.mkdir()
    db = folder / "c.sqlite"
    assert command("batch", issue, "--db", db).returncode == 0
    before = db.read_bytes()
    db.chmod(0o444)
    done = command("batch", issue, "--db", db, "--redo", preexec_fn=mortal)
    assert done.returncode == 4 and "can be written" in one_line(done)
    folder.chmod(0o555)
    try:
        done = command("batch", issue, "--db", db, "--redo", preexec_fn=mortal)
        assert done.returncode == 4 and "can be written" in one_line(done)
        asked = command("stats", db, preexec_fn=mortal)
        assert asked.returncode == 0 and "documents" in asked.stdout, asked.stderr
    finally:
        folder.chmod(0o755)
    assert db.read_bytes() == before and sorted(p.name for p in folder.iterdir()) == ["c.sqlite"]


def test_a_full_disk_costs_nothing_that_was_done(issue, tmp_path):
    resource = pytest.importorskip("resource")
    db = tmp_path / "c.sqlite"
    whole = tmp_path / "whole.sqlite"
    assert command("batch", issue, "--db", whole).returncode == 0
    assert command("batch", issue / "0.txt", "--db", db).returncode == 0
    most = db.stat().st_size + 20_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    done = command("batch", issue, "--db", db, "-q", "--workers", "1", preexec_fn=limit)
    assert done.returncode == 4 and "free some space and give the same command again" in one_line(done)
    with Store(db, create=False) as store:
        assert next(store.tuples("PRAGMA integrity_check"))[0] == "ok"
        assert store.known(next(store.tuples("SELECT sha256 FROM files"))[0])
    assert command("batch", issue, "--db", db).returncode == 0
    assert dump(db) == dump(whole)


def test_a_small_disk_that_is_full_from_the_start(issue, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "none", disk]).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        done = command("batch", issue, "--db", disk / "c.sqlite")
        assert done.returncode == 4 and "free some space" in one_line(done)
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", disk], check=True)


def dump(path: Path) -> list[str]:
    base = sqlite3.connect(path)
    return sorted(
        repr(row)
        for table in (*COLUMNS, "files", "failures", "regions")
        for row in base.execute(f"SELECT * FROM {table}")
    )


def test_sqlite_utils_opens_it(issue, tmp_path):
    sqlite_utils = pytest.importorskip("sqlite_utils")
    db = tmp_path / "c.sqlite"
    assert command("batch", issue, "--db", db).returncode == 0
    base = sqlite_utils.Database(db)
    assert set(COLUMNS) <= set(base.table_names()) and {"facts", "offices"} <= set(base.view_names())
    assert base["documents"].count == 4
    assert all(base[table].count >= 0 for table in base.table_names()), "every table can be looked at"
    rows = list(base["facts"].rows_where("unit = '元'", order_by="value"))
    assert [row["value"] for row in rows] == [100_000, 110_000, 120_000, 130_000]
    assert all(row["sentence"].startswith("2022年") for row in rows)
    (key,) = [k for k in base["articles"].foreign_keys if k.column == "document"]
    assert key.other_table == "documents"


def test_a_fact_has_its_sentence_its_people_and_its_place_chain(tmp_path):
    text = "路通了。村党支部书记何秀兰说，收入5元。好！"
    one = record(text, sha(2), start=15, end=19, place="浙江省金华市永康市象珠镇")
    who = {"name": "何秀兰", "title": "党支部书记", "org": "村", "role": "official", "text": "何秀兰"}
    where = {"paragraph": 0, "start": 10, "end": 13, "source": [[10, 13]], "confidence": 1.0}
    one["articles"][0]["officials"] = [{**who, **where}]
    one["pages"] = [
        {"number": n, "label": None, "start": s, "end": s + 12, "width": None, "height": None}
        for n, s in ((8, 0), (9, 12))
    ]
    one["articles"][0]["metrics"][0]["source"] = [[15, 19]]
    with Store(tmp_path / "c.sqlite") as store:
        store.add("a.txt", one)
        (fact,) = store.rows("SELECT * FROM facts")
        (office,) = store.rows("SELECT * FROM offices")
    assert fact["sentence"] == office["sentence"] == "村党支部书记何秀兰说，收入5元。"
    assert fact["official"] == "村党支部书记何秀兰"
    assert (fact["province"], fact["county"]) == ("浙江省", "浙江省金华市永康市")
    assert fact["page"] == 9 and office["page"] == 8


def test_one_text_in_two_places_is_one_document_with_the_first_name(tmp_path):
    for order in (("b.txt", "a.txt"), ("a.txt", "b.txt")):
        with Store(tmp_path / f"{order[0]}.sqlite") as store:
            store.add(order[0], record("收入5元", sha(3)))
            store.link(order[1], sha(3))
            assert [row["name"] for row in store.rows("SELECT name FROM documents")] == ["a.txt"]
            store.add("a.txt", record("收入6元", sha(4)))
            names = [row["name"] for row in store.rows("SELECT name FROM documents ORDER BY name")]
            assert names == ["a.txt", "b.txt"]


def test_nothing_that_sqlite_cannot_keep_gets_in(tmp_path):
    with Store(tmp_path / "c.sqlite") as store:
        store.add("a\udcff.txt", record("收\0入\ud8005元", sha(5)))
        store.fail("b\0.txt", "", "bad\udcff")
        (row,) = store.rows("SELECT text FROM metrics")
    assert row["text"] == "收\ufffd入\ufffd5元"


def test_a_document_that_is_added_again_leaves_no_words_behind(tmp_path):
    with Store(tmp_path / "c.sqlite") as store:
        for text in ("茶叶5元", "水稻5元"):
            store.add("a.txt", record(text, sha(6)))
        query = "SELECT count(*) FROM words WHERE words MATCH ?"
        assert [next(store.tuples(query, (phrase(word),)))[0] for word in ("茶叶", "水稻")] == [0, 1]


def test_a_document_whose_key_is_taken_costs_itself_only(tmp_path):
    same = sha(6)[:40]
    with Store(tmp_path / "c.sqlite") as store:
        store.add("a.txt", record("茶叶5元", same + "0" * 24))
        with pytest.raises(InputError, match=r"b\.txt: its key is taken"):
            store.add("b.txt", record("水稻5元", same + "1" * 24))
        # A paragraph's key is its document's, and some more.
        key = next(store.tuples("SELECT id FROM documents"))[0]
        neighbour = record("水稻5元", f"{(key - 1) << 1:016x}" + "0" * 48)
        neighbour["articles"][0]["paragraphs"] *= 2
        with pytest.raises(InputError, match="taken"):
            store.add("c.txt", neighbour)
        assert [row["text"] for row in store.rows("SELECT text FROM paragraphs")] == ["茶叶5元"]


def test_a_document_that_goes_takes_all_its_rows_along(tmp_path):
    one, other = record("收入5元", sha(7)), record("收入6元", sha(8))
    edit = {
        "start": 0,
        "end": 1,
        "before": "收",
        "after": "收",
        "rule": "r",
        "grade": "sure",
        "confidence": 1.0,
    }
    one["repairs"] = [edit]
    one["pages"] = [{"number": 1, "label": None, "start": 0, "end": 4, "width": None, "height": None}]
    with Store(tmp_path / "c.sqlite") as store:
        store.add("a.txt", one)
        full = {table: next(store.tuples(f"SELECT count(*) FROM {table}"))[0] for table in COLUMNS}
        store.add("a.txt", other)
        for table in COLUMNS:
            (left,) = store.tuples(f"SELECT count(*) FROM {table}")
            assert left[0] == full[table] - (table in ("repairs", "pages")), table
        assert list(store.tuples("PRAGMA foreign_key_check")) == []
        assert [row[0] for row in store.tuples("SELECT sha256 FROM documents")] == [sha(8)]


def test_what_makes_questions_quick_is_laid_out_at_the_end_of_a_batch(issue, tmp_path):
    db = tmp_path / "c.sqlite"
    query = "SELECT count(*) FROM sqlite_master WHERE name = 'facts_by'"
    with Store(db) as store:
        assert next(store.tuples(query)) == (0,)
    assert command("batch", issue, "--db", db).returncode == 0
    with Store(db, create=False) as store:
        assert next(store.tuples(query)) == (1,)


def test_keys_are_made_of_the_content():
    assert document_key("f" * 64) == 2**63 - 1


@pytest.mark.parametrize(
    ("full", "wanted"),
    [
        (
            "浙江省金华市永康市象珠镇",
            ("浙江省", "浙江省金华市", "浙江省金华市永康市", "浙江省金华市永康市象珠镇"),
        ),
        ("湖北省荆州市沙市区", ("湖北省", "湖北省荆州市", "湖北省荆州市沙市区", None)),
        ("湖北省仙桃市", ("湖北省", None, "湖北省仙桃市", None)),
        ("浙江省", ("浙江省", None, None, None)),
        ("青屏县石桥头乡", (None, None, "青屏县", "青屏县石桥头乡")),
        ("大坪村", (None, None, None, None)),
        ("", (None, None, None, None)),
    ],
)
def test_the_place_chain_is_cut_in_the_right_places(full, wanted):
    assert region(full) == wanted


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("2019-03-05.txt", "2019-03-05"),
        ("党建20190305.pdf", "2019-03-05"),
        ("党建_2019_03.pdf", "2019"),
        ("201903.pdf", "2019"),
        ("2019/03.txt", "2019"),
        ("2020年12月1日.txt", "2020-12-01"),
        ("12345678.txt", None),
        ("x.txt", None),
    ],
)
def test_a_file_name_tells_when_an_issue_came_out(path, wanted):
    assert named_date(path) == wanted


def test_running_heads_tell_when_an_issue_came_out():
    assert printed_date(["青屏党建", "2023年第2期", "2023年第2期", "2022年度"]) == "2023"
    assert printed_date(["2021年3月5日 星期五"]) == "2021-03-05"
    assert printed_date(["第3版", "电话12019年"]) is None


def test_questions_that_cannot_be_asked_are_told(tmp_path):
    with Store(tmp_path / "c.sqlite") as store:
        for query in ("SELECT nothing", "SELECT 1; SELECT 2"):
            with pytest.raises(InputError, match="cannot be asked"):
                list(store.rows(query))
