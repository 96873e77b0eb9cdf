"""An open store: documents put in whole, questions asked of it.

The one idea: whoever writes holds the lock beside the store, and every change is one transaction; whoever reads may do so at
any time. What SQLite complains about becomes one sentence that says what to do.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from pbtool.errors import InputError, OutputError
from pbtool.files import shown
from pbtool.records import Record
from pbtool.store import schema
from pbtool.store.issued import named_date
from pbtool.store.lock import Lock
from pbtool.store.median import Median
from pbtool.store.migrations import migrate
from pbtool.store.rows import Row, Rows, document_key, region_rows, rows
from pbtool.store.words import spaced
from pbtool.version import MODEL_NAME
from pbtool.version import VERSION as PBTOOL

_INSERTS = {
    table: f"""INSERT INTO {table}({", ".join(f'"{name}"' for name in names)})
    VALUES({", ".join("?" * len(names))})"""
    for table, names in {**schema.COLUMNS, "words": ("rowid", "text")}.items()
}


class Store:
    """An open store. Close it, or use it as a context manager."""

    def __init__(self, path: str | Path, *, create: bool = True) -> None:
        """Open the store at `path`: to read it, or with `create` to write it, made or brought up to date where it must be.

        Raises InputError (reading) or OutputError (writing, also where another batch is at work on it) with what to do next.
        """
        self.path = str(path)
        self._lock: Lock | None = None
        if create:
            self._open_to_write()
        else:
            self._base = self._opened_to_read()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the store, and let others write it."""
        self._base.close()
        if self._lock is not None:
            self._lock.release()

    # --- opening ---------------------------------------------------------------------------------------------------------

    def _open_to_write(self) -> None:
        fresh = not Path(self.path).exists()
        if not fresh and not os.access(self.path, os.W_OK):
            raise OutputError(
                f"{shown(self.path)}: is read-only; make it one that can be written (chmod u+w)"
            )
        self._lock = Lock(self.path)
        try:
            self._base = sqlite3.connect(self.path, timeout=30, isolation_level=None)
            self._prepare()
        except BaseException as error:
            self._give_up(fresh)
            if isinstance(error, sqlite3.Error):
                raise self._unwritable(error) from None
            raise

    def _prepare(self) -> None:
        version = self._version(OutputError)
        if version == 0:
            self._base.execute("PRAGMA journal_mode = WAL")
            statements = ";".join(schema.STATEMENTS)
            self._base.executescript(f"BEGIN; {statements}; PRAGMA user_version = {schema.VERSION}; COMMIT;")
        elif version < schema.VERSION:
            migrate(self._base, version)
        self._base.execute("PRAGMA synchronous = NORMAL")
        # Documents lie all over the file (their keys are hashes): copied rarely, a page is copied once for many of them.
        self._base.execute("PRAGMA wal_autocheckpoint = 4000")

    def _give_up(self, fresh: bool) -> None:
        """Leave nothing behind of a store that could not be made."""
        if hasattr(self, "_base"):
            self._base.close()
        if fresh:
            for ending in ("", "-wal", "-shm", "-journal"):
                with contextlib.suppress(OSError):
                    Path(self.path + ending).unlink()
        if self._lock is not None:
            self._lock.release()

    def _opened_to_read(self) -> sqlite3.Connection:
        if not Path(self.path).is_file():
            raise InputError(self.path, "there is no such store; pbtool batch … --db makes one")
        try:
            self._base = self._asked()
            version = self._version(InputError)
        except sqlite3.Error as error:
            raise InputError(
                self.path, f"cannot be read as a store ({error}); pbtool batch … --db makes one"
            ) from None
        if version == 0:
            raise InputError(self.path, "is empty, no store; pbtool batch … --db makes one")
        if version < schema.VERSION:
            raise InputError(
                self.path,
                f"was made by an older pbtool (store version {version}); bring it up to date first: "
                f"pbtool batch --upgrade --db {shown(self.path)}",
            )
        # typeshed wants an aggregate to give the type that it takes.
        self._base.create_aggregate("median", 1, Median)  # type: ignore[arg-type]
        return self._base

    def _asked(self) -> sqlite3.Connection:
        """A connection that changes nothing; the last one to be closed takes SQLite's files beside the store with it."""
        where = Path(self.path).resolve()
        if os.access(where, os.W_OK) and os.access(where.parent, os.W_OK):
            base = sqlite3.connect(f"{where.as_uri()}?mode=rw", timeout=30, isolation_level=None, uri=True)
            base.execute("PRAGMA query_only = ON")
            return base
        # Beside a store that may only be read SQLite can put no index of its log; where there is no log it needs none.
        how = "mode=ro" if Path(f"{where}-wal").exists() else "immutable=1"
        return sqlite3.connect(f"{where.as_uri()}?{how}", timeout=30, isolation_level=None, uri=True)

    def _version(self, kind: type[InputError] | type[OutputError]) -> int:
        version: int = self._base.execute("PRAGMA user_version").fetchone()[0]
        tables = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        problem = None
        if version > schema.VERSION:
            problem = f"was made by a newer pbtool (store version {version}); install that"
        elif version == 0 and tables:
            problem = "is a database, but no pbtool store; give another path"
        if problem is not None:
            raise (
                InputError(self.path, problem)
                if kind is InputError
                else OutputError(f"{shown(self.path)}: {problem}")
            )
        return version

    def _unwritable(self, error: sqlite3.Error) -> OutputError:
        text = str(error)
        if "full" in text or "disk I/O" in text:
            advice = "free some space and give the same command again; what was done before is kept"
        elif "readonly" in text or "unable to open" in text:
            advice = "it must lie in a folder that can be written (chmod u+w), on a local disk"
        elif "locked" in text:
            advice = "another program is writing to it; close that and give the same command again"
        elif "not a database" in text or "malformed" in text:
            advice = "it is damaged or no store; give another path"
        else:
            advice = "give the path of a pbtool store that can be written"
        return OutputError(f"{shown(self.path)}: cannot be written ({text}); {advice}")

    # --- writing ---------------------------------------------------------------------------------------------------------

    def known(self, sha256: str) -> bool:
        """Whether a document with these bytes is in the store."""
        query = "SELECT 1 FROM documents WHERE sha256 = ?"
        return self._base.execute(query, (sha256,)).fetchone() is not None

    def holds(self, record: Record) -> bool:
        """Whether exactly this document is in the store, made by the same pbtool and model."""
        made = record["made_by"]
        row = (record["source"]["sha256"], made["pbtool"], made["model"])
        query = "SELECT 1 FROM documents WHERE sha256 = ? AND pbtool IS ? AND model IS ?"
        return self._base.execute(query, row).fetchone() is not None

    def failed(self, path: str) -> tuple[str, str] | None:
        """Hash and reason of the failure noted for a path."""
        row = self._base.execute("SELECT sha256, reason FROM failures WHERE path = ?", (path,)).fetchone()
        return None if row is None else (row[0], row[1])

    def add(self, path: str, record: Record) -> None:
        """Put a document record in, in one transaction; rows of an earlier one with the same bytes are replaced.

        Raises InputError where another document holds its key (63 bits of the hash, and one more for every paragraph: less
        than one chance in a thousand for a store of five million), OutputError where nothing can be written at all.
        """
        self.put(path, rows(record))

    def put(self, path: str, tables: Rows) -> None:
        """Put a document in of which the rows are made already (see `rows`), as `add` does."""
        key, sha256 = tables["documents"][0][:2]
        with self._transaction() as base:
            held = base.execute("SELECT sha256 FROM documents WHERE id = ?", (key,)).fetchone()
            if held is not None and held[0] == sha256:
                self._forget(key)
            elif held is not None or self._is_taken(tables["paragraphs"]):
                raise InputError(path, "its key is taken by another document; put it into a store of its own")
            for table, values in tables.items():
                base.executemany(_INSERTS[table], values)
            base.executemany("INSERT OR IGNORE INTO regions VALUES(?, ?, ?, ?, ?)", region_rows(tables))
            self._point(path, sha256)

    def link(self, path: str, sha256: str) -> None:
        """Note that a document that is in the store also lies at `path`."""
        row = self._base.execute("SELECT sha256 FROM files WHERE path = ?", (path,)).fetchone()
        if row is None or row[0] != sha256 or self.failed(path) is not None:
            with self._transaction():
                self._point(path, sha256)

    def fail(self, path: str, sha256: str, reason: str) -> None:
        """Note that a document could not be done, and why. What the file gave before it changed stays."""
        row = (_storable(path), sha256, _storable(reason), PBTOOL)
        with self._transaction() as base:
            base.execute("INSERT OR REPLACE INTO failures VALUES(?, ?, ?, ?)", row)

    def forgive(self, path: str) -> None:
        """Forget the failure of a path: what failed there is well again."""
        if self.failed(path) is not None:
            with self._transaction() as base:
                base.execute("DELETE FROM failures WHERE path = ?", (path,))

    def begin_run(self, inputs: str) -> int:
        """Note that a batch has begun; gives its number. `runs` is a log: the one table that tells when, not what."""
        row = (_now(), PBTOOL, MODEL_NAME, _storable(inputs))
        with self._transaction() as base:
            query = "INSERT INTO runs(started, pbtool, model, inputs) VALUES(?, ?, ?, ?)"
            return base.execute(query, row).lastrowid or 0

    def end_run(self, run: int, done: int, known: int, failed: int) -> None:
        """Note how a batch ended."""
        with self._transaction() as base:
            base.execute(
                "UPDATE runs SET ended = ?, done = ?, known = ?, failed = ? WHERE id = ?",
                (_now(), done, known, failed, run),
            )

    def settle(self) -> None:
        """Lay out what makes questions quick, where it is missing: once many documents are in, it costs least."""
        with self._transaction() as base:
            base.execute(schema.READERS_INDEX)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed when the block ends well, rolled back otherwise, told as an OutputError."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            yield self._base
            self._base.execute("COMMIT")
        except BaseException as error:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._unwritable(error) from None
            raise

    def _is_taken(self, paragraphs: Sequence[Row]) -> bool:
        """Whether another document has one of the keys of these paragraphs, which follow each other."""
        if not paragraphs:
            return False
        query = "SELECT 1 FROM paragraphs WHERE id BETWEEN ? AND ?"
        keys = [row[0] for row in paragraphs]
        return self._base.execute(query, (min(keys), max(keys))).fetchone() is not None

    def _point(self, path: str, sha256: str) -> None:
        """Let `path` lead to the document `sha256`; what it led to before goes where no other path leads to it."""
        path = _storable(path)
        old = self._base.execute("SELECT sha256 FROM files WHERE path = ?", (path,)).fetchone()
        self._base.execute("INSERT OR REPLACE INTO files VALUES(?, ?)", (path, sha256))
        self._base.execute("DELETE FROM failures WHERE path = ?", (path,))
        self._name(sha256)
        if old is not None and old[0] != sha256:
            if self._base.execute("SELECT 1 FROM files WHERE sha256 = ?", old).fetchone() is None:
                self._forget(document_key(old[0]))
            else:
                self._name(old[0])

    def _name(self, sha256: str) -> None:
        """A document that lies in several places is called by the first of them, in whatever order they were found."""
        name = self._base.execute("SELECT min(path) FROM files WHERE sha256 = ?", (sha256,)).fetchone()[0]
        issued = named_date(name)
        self._base.execute(
            """UPDATE documents SET name = ?, issued = CASE WHEN issued_by IS 'page' THEN issued ELSE ? END,
               issued_by = CASE WHEN issued_by IS 'page' THEN 'page' ELSE ? END WHERE sha256 = ?""",
            (name, issued, "name" if issued else None, sha256),
        )

    def _forget(self, key: int) -> None:
        """Take a document out. (Were SQLite to follow the foreign keys, it would also check every row that is put in.)"""
        stale = self._base.execute("SELECT id, text FROM paragraphs WHERE document = ?", (key,))
        self._base.executemany(
            "INSERT INTO words(words, rowid, text) VALUES('delete', ?, ?)",
            [(number, spaced(text)) for number, text in stale],
        )
        for table in reversed(schema.COLUMNS):
            name = "id" if table == "documents" else "document"
            self._base.execute(f"DELETE FROM {table} WHERE {name} = ?", (key,))

    # --- asking ----------------------------------------------------------------------------------------------------------

    def tuples(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query as tuples. Raises InputError where it cannot be asked."""
        try:
            yield from self._base.execute(query, values)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise InputError(self.path, f"cannot be asked that: {error}") from None

    def rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a query as dictionaries. Raises InputError where it cannot be asked."""
        try:
            cursor = self._base.execute(query, values)
            names = [column[0] for column in cursor.description]
            for row in cursor:
                yield dict(zip(names, row, strict=True))
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise InputError(self.path, f"cannot be asked that: {error}") from None

    def columns(self, table: str) -> list[str]:
        """The names of a table's or view's columns."""
        return [row[0] for row in self.tuples("SELECT name FROM pragma_table_info(?)", (table,))]


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
