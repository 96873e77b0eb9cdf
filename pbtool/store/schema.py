"""What a store looks like inside: its tables, its views for people, and the number of its version.

The one idea: the schema is data. Rows are inserted by the column names of `COLUMNS`, so a store that was brought up from an
older version (its newer columns stand last) takes the same rows as a fresh one. docs/store.md explains every column.
"""

from __future__ import annotations

#: Kept in PRAGMA user_version. `migrations` brings a store of an older number up to this one.
VERSION = 2

_LISTED = """
documents    id sha256 name encoding script page_count pbtool model notes issued issued_by
pages        document page label start end width height
articles     document article title kicker subtitle byline affiliation dateline column_name editor_note pages
paragraphs   id document article n role text source page
places       document article n text name level code full paragraph start end source confidence page
officials    document article n text name title org role status
             paragraph start end source confidence page sentence_start sentence_end
metrics      document article n text value value_high unit approx what kind change place county period year
             paragraph start end source confidence page sentence_start sentence_end
dates        document article n text value paragraph start end source confidence page
repairs      document n start end before after rule grade confidence
suggestions  document n start end before after rule grade confidence
"""
#: Columns of every table that documents fill, in the order in which `rows` gives values.
COLUMNS = {
    table: tuple(names) for table, *names in map(str.split, _LISTED.replace("\n  ", " ").strip().splitlines())
}
#: All tables that a person would ask for, in the order in which they are told.
TABLES = (*COLUMNS, "failures", "runs")
VIEWS = ("facts", "offices")

_OF_ARTICLE = "FOREIGN KEY(document, article) REFERENCES articles(document, article) ON DELETE CASCADE"
_OF_DOCUMENT = "document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE"
_MENTION = """paragraph INTEGER, start INTEGER, "end" INTEGER, source TEXT, confidence REAL, page INTEGER"""
_SENTENCE = "sentence_start INTEGER, sentence_end INTEGER"
_ENTITY = "document INTEGER NOT NULL, article INTEGER NOT NULL, n INTEGER NOT NULL"
_ENTITY_KEY = f"PRIMARY KEY(document, article, n), {_OF_ARTICLE}"
_EDIT = """n INTEGER NOT NULL, start INTEGER, "end" INTEGER, before TEXT, after TEXT, rule TEXT, grade TEXT,
  confidence REAL, PRIMARY KEY(document, n)"""

#: Tables that version 2 brought; the statement that makes each also serves the migration.
PAGES = f"""CREATE TABLE pages({_OF_DOCUMENT}, page INTEGER NOT NULL, label TEXT, start INTEGER, "end" INTEGER,
  width REAL, height REAL, PRIMARY KEY(document, page)) WITHOUT ROWID"""
REGIONS = """CREATE TABLE regions("full" TEXT PRIMARY KEY, province TEXT, city TEXT, county TEXT, town TEXT)
  WITHOUT ROWID"""
RUNS = """CREATE TABLE runs(id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, pbtool TEXT, model TEXT,
  inputs TEXT, done INTEGER, known INTEGER, failed INTEGER)"""
INDEXES = (
    "CREATE UNIQUE INDEX paragraphs_of ON paragraphs(document, article, n)",
    "CREATE INDEX files_of ON files(sha256)",
)
#: What only makes questions quick. Its entries lie all over the file, so a store is filled first: that takes half the time.
READERS_INDEX = """CREATE INDEX IF NOT EXISTS facts_by
  ON metrics(county, year, unit, kind, what, value, value_high, change)"""

_FACTS = """CREATE VIEW facts AS SELECT d.name AS file, a.title AS article_title, m.what, m.text, m.value, m.value_high,
  m.unit, m.approx, m.change, m.kind, m.place, r.province, r.city, m.county, r.town, m.period, m.year, d.issued,
  (SELECT group_concat(coalesce(o.org, '') || coalesce(o.title, '') || o.name, '、') FROM officials o
    WHERE o.document = m.document AND o.article = m.article AND o.paragraph = m.paragraph AND o.role = 'official')
    AS official,
  coalesce(substr(p.text, m.sentence_start + 1, m.sentence_end - m.sentence_start), p.text) AS sentence,
  m.page, a.pages, m.source, m.confidence, d.sha256, m.document, m.article, m.n
  FROM metrics m LEFT JOIN articles a ON a.document = m.document AND a.article = m.article
  LEFT JOIN documents d ON d.id = m.document LEFT JOIN regions r ON r."full" = m.place
  LEFT JOIN paragraphs p ON p.document = m.document AND p.article = m.article AND p.n = m.paragraph"""
_OFFICES = """CREATE VIEW offices AS SELECT d.name AS file, a.title AS article_title, o.name, o.org, o.title, o.role,
  o.status, d.issued,
  coalesce(substr(p.text, o.sentence_start + 1, o.sentence_end - o.sentence_start), p.text) AS sentence,
  o.page, a.pages, o.source, o.confidence, d.sha256, o.document, o.article, o.n
  FROM officials o LEFT JOIN articles a ON a.document = o.document AND a.article = o.article
  LEFT JOIN documents d ON d.id = o.document
  LEFT JOIN paragraphs p ON p.document = o.document AND p.article = o.article AND p.n = o.paragraph"""
VIEW_STATEMENTS = (_FACTS, _OFFICES)

STATEMENTS = (
    """CREATE TABLE documents(id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, encoding TEXT,
  script TEXT, page_count INTEGER, pbtool TEXT, model TEXT, notes TEXT, issued TEXT, issued_by TEXT)""",
    "CREATE TABLE files(path TEXT PRIMARY KEY, sha256 TEXT NOT NULL)",
    PAGES,
    """CREATE TABLE articles(document INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  article INTEGER NOT NULL, title TEXT, kicker TEXT, subtitle TEXT, byline TEXT, affiliation TEXT, dateline TEXT,
  column_name TEXT, editor_note TEXT, pages TEXT, PRIMARY KEY(document, article)) WITHOUT ROWID""",
    f"""CREATE TABLE paragraphs(id INTEGER PRIMARY KEY, {_ENTITY}, role TEXT NOT NULL, text TEXT NOT NULL,
  source TEXT NOT NULL, page INTEGER, {_OF_ARTICLE})""",
    f"""CREATE TABLE places({_ENTITY}, text TEXT, name TEXT, level TEXT, code TEXT, "full" TEXT, {_MENTION},
  {_ENTITY_KEY}) WITHOUT ROWID""",
    f"""CREATE TABLE officials({_ENTITY}, text TEXT, name TEXT, title TEXT, org TEXT, role TEXT, status TEXT, {_MENTION},
  {_SENTENCE}, {_ENTITY_KEY}) WITHOUT ROWID""",
    f"""CREATE TABLE metrics({_ENTITY}, text TEXT, value REAL, value_high REAL, unit TEXT, approx TEXT, what TEXT,
  kind TEXT, change TEXT, place TEXT, county TEXT, period TEXT, year INTEGER, {_MENTION}, {_SENTENCE},
  {_ENTITY_KEY}) WITHOUT ROWID""",
    f"CREATE TABLE dates({_ENTITY}, text TEXT, value TEXT, {_MENTION}, {_ENTITY_KEY}) WITHOUT ROWID",
    f"CREATE TABLE repairs({_OF_DOCUMENT}, {_EDIT}) WITHOUT ROWID",
    f"CREATE TABLE suggestions({_OF_DOCUMENT}, {_EDIT}) WITHOUT ROWID",
    "CREATE TABLE failures(path TEXT PRIMARY KEY, sha256 TEXT, reason TEXT NOT NULL, pbtool TEXT)",
    REGIONS,
    RUNS,
    "CREATE VIRTUAL TABLE words USING fts5(text, content='', tokenize='unicode61')",
    # A segment of the index comes with every document: merged in larger batches, they take a sixth less time to write.
    "INSERT INTO words(words, rank) VALUES('automerge', 16)",
    *INDEXES,
    *VIEW_STATEMENTS,
)
