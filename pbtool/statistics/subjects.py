"""What can be counted: facts, officials, places, dates, repairs, suggestions and failures, and by what each can be grouped.

The one idea: a subject is a table of the store with names for people; a name leads to SQL and to the joins that it needs, and
nothing that is not named here ever reaches a query.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_DOCUMENT = "LEFT JOIN documents d ON d.id = t.document"
_ARTICLE = "LEFT JOIN articles a ON a.document = t.document AND a.article = t.article"
_PARAGRAPH = (
    "LEFT JOIN paragraphs p ON p.document = t.document AND p.article = t.article AND p.n = t.paragraph"
)
#: Alias → the join that brings it in; the alias of the subject's own table is t.
JOINS = {
    "d": _DOCUMENT,
    "a": _ARTICLE,
    "p": _PARAGRAPH,
    "r": 'LEFT JOIN regions r ON r."full" = t.place',
    "rp": 'LEFT JOIN regions r ON r."full" = t."full"',
}
_ISSUED = ("CAST(substr(d.issued, 1, 4) AS INTEGER)", "d")
_FILE = ("d.name", "d")
_SENTENCE = ("coalesce(substr(p.text, t.sentence_start + 1, t.sentence_end - t.sentence_start), p.text)", "p")


@dataclass(frozen=True, slots=True)
class Subject:
    """A table of the store: what it can be grouped by, and what a citation of one of its rows shows.

    `groups` and `shown` lead from a name to SQL and the aliases of the joins that it needs; `default` is what it is grouped by
    where nobody says; `value` is the SQL of what can be summed. `filters` are the filters that it understands.
    """

    name: str
    table: str
    groups: dict[str, tuple[str, ...]]
    default: tuple[str, ...]
    shown: dict[str, tuple[str, ...]]
    order: str
    value: str | None = None
    condition: str | None = None
    filters: tuple[str, ...] = ()
    times: tuple[str, ...] = field(default=("year", "issued"))


_PLACE_IN_TEXT = {"page": ("t.page",), "pages": ("a.pages", "a"), "article": ("a.title", "a")}
_FOUND = {"file": _FILE, **_PLACE_IN_TEXT, "source": ("t.source",)}
_ORDER = "d.name, t.document, t.article, t.n"

FACTS = Subject(
    "facts",
    "metrics",
    {
        "province": ("r.province", "r"),
        "city": ("r.city", "r"),
        "county": ("t.county",),
        "town": ("r.town", "r"),
        "place": ("t.place",),
        "year": ("t.year",),
        "period": ("t.period",),
        "issued": _ISSUED,
        "what": ("t.what",),
        "unit": ("t.unit",),
        "kind": ("t.kind",),
        "change": ("t.change",),
        "approx": ("t.approx",),
        "file": _FILE,
        "article": ("a.title", "a"),
    },
    ("kind", "unit"),
    {
        "what": ("t.what",),
        "text": ("t.text",),
        "value": ("t.value",),
        "value_high": ("t.value_high",),
        "unit": ("t.unit",),
        "change": ("t.change",),
        "place": ("t.place",),
        "period": ("t.period",),
        "sentence": _SENTENCE,
        **_FOUND,
    },
    _ORDER,
    "CASE WHEN t.value_high IS NULL THEN t.value ELSE (t.value + t.value_high) / 2 END",
    "t.value IS NOT NULL",
    ("metric", "unit", "kind", "text"),
)
OFFICIALS = Subject(
    "officials",
    "officials",
    {
        "name": ("t.name",),
        "title": ("t.title",),
        "org": ("t.org",),
        "office": ("nullif(coalesce(t.org, '') || coalesce(t.title, ''), '')",),
        "role": ("t.role",),
        "status": ("t.status",),
        "issued": _ISSUED,
        "file": _FILE,
        "article": ("a.title", "a"),
    },
    ("title", "issued"),
    {
        "name": ("t.name",),
        "org": ("t.org",),
        "title": ("t.title",),
        "role": ("t.role",),
        "issued": ("d.issued", "d"),
        "sentence": _SENTENCE,
        **_FOUND,
    },
    _ORDER,
    filters=("text",),
)
PLACES = Subject(
    "places",
    "places",
    {
        "province": ("r.province", "rp"),
        "city": ("r.city", "rp"),
        "county": ("r.county", "rp"),
        "town": ("r.town", "rp"),
        "place": ('coalesce(t."full", t.name)',),
        "name": ("t.name",),
        "level": ("t.level",),
        "issued": _ISSUED,
        "file": _FILE,
        "article": ("a.title", "a"),
    },
    ("level",),
    {
        "name": ("t.name",),
        "level": ("t.level",),
        "full": ('t."full"',),
        "code": ("t.code",),
        "paragraph": ("p.text", "p"),
        **_FOUND,
    },
    _ORDER,
    filters=("text",),
)
DATES = Subject(
    "dates",
    "dates",
    {
        "year": (
            "CAST(CASE WHEN t.value GLOB '[12][0-9][0-9][0-9]*' THEN substr(t.value, 1, 4) END AS INTEGER)",
        ),
        "value": ("t.value",),
        "issued": _ISSUED,
        "file": _FILE,
        "article": ("a.title", "a"),
    },
    ("year",),
    {"text": ("t.text",), "value": ("t.value",), "paragraph": ("p.text", "p"), **_FOUND},
    _ORDER,
    filters=("text",),
)
_EDIT_GROUPS = {
    "rule": ("t.rule",),
    "grade": ("t.grade",),
    "before": ("t.before",),
    "after": ("t.after",),
    "issued": _ISSUED,
    "file": _FILE,
}
_EDIT_SHOWN = {
    "before": ("t.before",),
    "after": ("t.after",),
    "rule": ("t.rule",),
    "grade": ("t.grade",),
    "confidence": ("t.confidence",),
    "file": _FILE,
    "start": ("t.start",),
    "end": ('t."end"',),
}
REPAIRS = Subject("repairs", "repairs", _EDIT_GROUPS, ("rule",), _EDIT_SHOWN, "d.name, t.document, t.n")
SUGGESTIONS = Subject(
    "suggestions", "suggestions", _EDIT_GROUPS, ("rule",), _EDIT_SHOWN, "d.name, t.document, t.n"
)
FAILURES = Subject(
    "failures",
    "failures",
    {"reason": ("t.reason",), "file": ("t.path",), "pbtool": ("t.pbtool",)},
    ("reason",),
    {"file": ("t.path",), "reason": ("t.reason",), "pbtool": ("t.pbtool",)},
    "t.path",
)
SUBJECTS = {
    subject.name: subject for subject in (FACTS, OFFICIALS, PLACES, DATES, REPAIRS, SUGGESTIONS, FAILURES)
}
