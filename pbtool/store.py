"""The store: one SQLite file that holds what was found in a corpus, and can be opened by anything that reads SQLite.

The one idea: a document is one transaction, under a key made of its content, so that writing it twice, in any order, from any
number of workers, gives the same rows. `facts` is the view for people: a number with its article, place and period.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pbtool.errors import InputError, OutputError
from pbtool.records import Record

#: Kept in PRAGMA user_version. A store of an older number is brought up to date when it is opened for writing.
VERSION = 1

SCHEMA = """
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
"""
TABLES = (
    "documents",
    "articles",
    "paragraphs",
    "places",
    "officials",
    "metrics",
    "dates",
    "repairs",
    "suggestions",
    "failures",
)
_HAN = re.compile("([\u3400-\u9fff\U00020000-\U0003ffff])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTY = re.compile(r"^(?:.{2,12}?(?:省|自治区|市|州|盟|地区)){0,3}(.{1,12}?(?:县|区|市|旗))")


class Store:
    """An open store. Close it, or use it as a context manager."""

    def __init__(self, path: str | Path, *, create: bool = True) -> None:
        """Open, and with `create` make, the store at `path`. Raises InputError or OutputError with what to do next."""
        self.path = str(path)
        if not create and not Path(path).is_file():
            raise InputError(self.path, "there is no such store; pbtool batch … --db makes one")
        try:
            target = self.path if create else f"{Path(path).resolve().as_uri()}?mode=ro"
            self._base = sqlite3.connect(target, timeout=30, isolation_level=None, uri=not create)
            self._open(create)
        except sqlite3.DatabaseError as error:
            if not create:
                raise InputError(
                    self.path, f"cannot be read as a store ({error}); pbtool batch … --db makes one"
                ) from None
            raise OutputError(
                f"{self.path}: {error}; give the path of a pbtool store that can be written"
            ) from None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self._base.close()

    def _open(self, create: bool) -> None:
        version = self._base.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise OutputError(
                f"{self.path}: was made by a newer pbtool (store version {version}); install that"
            )
        tables = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and tables:
            raise OutputError(f"{self.path}: is a database, but no pbtool store; give another path")
        if not create:
            if version == 0:
                raise InputError(self.path, "is empty, no store; pbtool batch … --db makes one")
            return
        self._base.execute("PRAGMA foreign_keys = ON")
        if version == 0:
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        self._base.execute("PRAGMA synchronous = NORMAL")

    def known(self, sha256: str) -> bool:
        """Whether a document with these bytes is in the store."""
        return (
            self._base.execute("SELECT 1 FROM documents WHERE sha256 = ?", (sha256,)).fetchone() is not None
        )

    def failed(self, path: str) -> tuple[str, str] | None:
        """Hash and reason of the failure noted for a path."""
        row = self._base.execute("SELECT sha256, reason FROM failures WHERE path = ?", (path,)).fetchone()
        return None if row is None else (row[0], row[1])

    def add(self, path: str, record: Record) -> None:
        """Put a document record in, in one transaction; rows of an earlier one with the same bytes are replaced."""
        sha256 = record["source"]["sha256"]
        key = document_key(sha256)
        with _Transaction(self._base) as base:
            self._forget(base, key)
            old = base.execute("SELECT sha256 FROM files WHERE path = ?", (path,)).fetchone()
            base.execute("INSERT OR REPLACE INTO files VALUES(?, ?)", (path, sha256))
            if old is not None and old[0] != sha256:
                others = base.execute("SELECT 1 FROM files WHERE sha256 = ?", (old[0],)).fetchone()
                if others is None:
                    self._forget(base, document_key(old[0]))
            base.execute("DELETE FROM failures WHERE path = ?", (path,))
            for table, rows in _rows(key, record):
                if rows:
                    marks = ",".join("?" * len(rows[0]))
                    base.executemany(f"INSERT INTO {table} VALUES({marks})", rows)
            self._index(base, key)

    def fail(self, path: str, sha256: str, reason: str, version: str) -> None:
        """Note that a document could not be done, and why."""
        with _Transaction(self._base) as base:
            base.execute(
                "INSERT OR REPLACE INTO failures VALUES(?, ?, ?, ?)", (path, sha256, _text(reason), version)
            )

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a query as dictionaries."""
        try:
            cursor = self._base.execute(query, values)
        except sqlite3.Error as error:
            raise InputError(self.path, f"cannot be asked that: {error}") from None
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))

    def _forget(self, base: sqlite3.Connection, key: int) -> None:
        stale = base.execute("SELECT id, text FROM paragraphs WHERE document = ?", (key,)).fetchall()
        base.executemany(
            "INSERT INTO words(words, rowid, text) VALUES('delete', ?, ?)", [(i, spaced(t)) for i, t in stale]
        )
        base.execute("DELETE FROM documents WHERE id = ?", (key,))

    def _index(self, base: sqlite3.Connection, key: int) -> None:
        rows = base.execute(
            "SELECT id, text FROM paragraphs WHERE document = ? ORDER BY id", (key,)
        ).fetchall()
        base.executemany("INSERT INTO words(rowid, text) VALUES(?, ?)", [(i, spaced(t)) for i, t in rows])


class _Transaction:
    """One transaction: committed when the block ends well, rolled back otherwise, told as an OutputError."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> sqlite3.Connection:
        try:
            self._base.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise OutputError(
                f"the store cannot be written ({error}); is another batch at work on it?"
            ) from None
        return self._base

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is None:
            try:
                self._base.execute("COMMIT")
                return
            except sqlite3.Error as failure:
                error = failure
        if self._base.in_transaction:
            self._base.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error):
            raise OutputError(
                f"the store cannot be written ({error}); what was done before is kept"
            ) from None


def document_key(sha256: str) -> int:
    """The integer key of a document: the first 63 bits of its hash."""
    return int(sha256[:16], 16) >> 1


def spaced(text: str) -> str:
    """The text with a space around every Han character, so that a phrase query finds words of any length."""
    return _HAN.sub(r" \1 ", text)


def phrase(words: str) -> str:
    """The full-text query that finds exactly these words."""
    return '"' + spaced(words).replace('"', '""') + '"'


def _text(value: Any) -> Any:
    """A value that SQLite can keep: no NUL, no lone surrogate."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _joined(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _rows(key: int, record: Record) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    source, made = record["source"], record["made_by"]
    notes = "\n".join(record.get("notes", ())) or None
    row = (key, source["sha256"], source["name"], source["encoding"], source["script"], source["pages"])
    yield "documents", [_clean((*row, made["pbtool"], made["model"], notes))]
    articles = list(enumerate(record["articles"]))
    yield "articles", [_clean(_article(key, n, article)) for n, article in articles]
    yield "paragraphs", sorted(row for n, article in articles for row in _paragraphs(key, n, article))
    for kind in ("places", "officials", "metrics", "dates"):
        make = _MAKERS[kind]
        found = ((n, i, entity) for n, article in articles for i, entity in enumerate(article[kind]))
        yield kind, [_clean((key, n, i, *make(entity), *_where(entity))) for n, i, entity in found]
    for kind in ("repairs", "suggestions"):
        yield kind, [_clean((key, i, *edit.values())) for i, edit in enumerate(record[kind])]


def _clean(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(map(_text, row))


def _article(key: int, number: int, article: Record) -> tuple[Any, ...]:
    names = ("affiliation", "dateline", "column", "editor_note")
    head = (key, number, article["title"], article["kicker"], article["subtitle"], _joined(article["byline"]))
    return (*head, *(article[name] for name in names), _joined(article["pages"]))


def _paragraphs(key: int, number: int, article: Record) -> Iterator[tuple[Any, ...]]:
    for index, passage in enumerate(article["paragraphs"]):
        digest = hashlib.sha256(f"{key} {number} {index}".encode()).digest()
        row = (int.from_bytes(digest[:8], "big") >> 1, key, number, index)
        yield _clean((*row, passage["role"], passage["text"], _joined(passage["source"])))


def _where(entity: Record) -> tuple[Any, ...]:
    return (
        entity["paragraph"],
        entity["start"],
        entity["end"],
        _joined(entity["source"]),
        entity["confidence"],
    )


def _place(entity: Record) -> tuple[Any, ...]:
    return entity["text"], entity["name"], entity["level"], entity["code"], entity["full"]


def _official(entity: Record) -> tuple[Any, ...]:
    return (*(entity[name] for name in ("text", "name", "title", "org", "role")), entity.get("status"))


def _metric(entity: Record) -> tuple[Any, ...]:
    value = entity["value"]
    low, high = value if isinstance(value, list) else (value, None)
    place, period = entity.get("place"), entity.get("period")
    year = _YEAR.search(period or "")
    county = _COUNTY.match(place or "")
    numbers = tuple(None if n is None else float(n) if abs(n) < 1e300 else None for n in (low, high))
    return (
        entity["text"],
        *numbers,
        *(entity[name] for name in ("unit", "approx", "what", "kind", "change")),
        place,
        county[0] if county else None,
        period,
        int(year[0]) if year else None,
    )


def _date(entity: Record) -> tuple[Any, ...]:
    return entity["text"], entity["value"]


_MAKERS = {"places": _place, "officials": _official, "metrics": _metric, "dates": _date}
