"""Doubtful facts: what was found in the articles and should be seen by a person before it is counted.

The one idea: a fact is named by its kind and its place in the source, so that an answer holds however it is found again; it
is asked like a change of the text, and answered in the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from pbtool.document import Article, Date, Document, Mention, Metric, Official, Place
from pbtool.errors import InputError
from pbtool.gazetteer import Entry, gazetteer
from pbtool.reviews.answers import Answers
from pbtool.reviews.questions import Places, Question

KINDS = {"places": "place", "officials": "official", "metrics": "metric", "dates": "date"}
#: Below this confidence a fact is asked about, unless the caller says otherwise.
DOUBTFUL = 0.8
_MOST_OPTIONS = 9
_BETWEEN = " / "
_Fact = TypeVar("_Fact", bound=Mention)


def fact_id(kind: str, fact: Mention) -> str:
    """A stable name for a fact: its kind, its place in the source, and a short hash of its text."""
    start, end = _place(fact)
    digest = hashlib.sha256(fact.text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}-{start}-{end}-{digest[:8]}"


def of_facts(document: Document, below: float = DOUBTFUL) -> list[Question]:
    """The questions that a document's facts ask: those less sure than `below`, numbers that contradict each other, and
    places that could lie in several counties."""
    where = Places(document)
    found: dict[str, Question] = {}
    for article in document.articles:
        values = _values(article)
        for kind, fact in _facts(article):
            reasons = list(_doubts(fact, below, values))
            if not reasons or not fact.source:
                continue
            start, end = _place(fact)
            question = Question(
                fact_id(kind, fact),
                f"{kind} {fact.text}",
                "",
                fact.confidence,
                start,
                end,
                fact.text,
                fact.text,
                *where(start),
                reason="; ".join(reasons),
                claim=f"{kind}: {_claim(fact)}",
                options=_options(fact),
                value=_BETWEEN.join(_fields(fact)),
            )
            found.setdefault(question.id, question)
    return sorted(found.values(), key=lambda question: (question.start, question.end, question.family))


def complaint(question: Question, text: str) -> str | None:
    """What is wrong with a text that a person gives for a fact; None where nothing is."""
    first = text.split("/")[0].strip()
    if question.id.startswith("metric-") and _number(first) is None:
        return "A number is wanted first, as digits: 1200, 96.5, or 3-5 for a range; then / unit / what."
    return None if first else "Write what it should be, or press n to drop it."


def with_answers(document: Document, answers: Answers) -> Document:
    """The document with its facts as the answers say: refused ones gone, confirmed and corrected ones certain.

    Raises InputError where an answer cannot be what it says.
    """

    def kept(
        kind: str, facts: tuple[_Fact, ...], corrected: Callable[[_Fact, str], _Fact]
    ) -> tuple[_Fact, ...]:
        return tuple(one for fact in facts for one in _obeyed(kind, fact, answers, corrected))

    articles = tuple(
        replace(
            article,
            places=kept("place", article.places, _corrected_place),
            officials=kept("official", article.officials, _corrected_official),
            metrics=kept("metric", article.metrics, _corrected_metric),
            dates=kept("date", article.dates, _corrected_date),
        )
        for article in document.articles
    )
    return replace(document, articles=articles)


def _obeyed(
    kind: str, fact: _Fact, answers: Answers, corrected: Callable[[_Fact, str], _Fact]
) -> Iterator[_Fact]:
    answer = answers[fact_id(kind, fact)]
    if answer is None:
        yield fact
    elif answer.verdict == "accept":
        yield replace(fact, confidence=1.0)
    elif answer.verdict == "change":
        try:
            yield replace(corrected(fact, answer.text or ""), confidence=1.0)
        except ValueError:
            raise InputError(
                answer.id,
                f"is answered with {answer.text!r}, which is no {kind}; answer it again with review --facts",
            ) from None


# --- what is doubtful ------------------------------------------------------------------------------------------------


def _facts(article: Article) -> Iterator[tuple[str, Mention]]:
    for name, kind in KINDS.items():
        for fact in getattr(article, name):
            yield kind, fact


def _place(fact: Mention) -> tuple[int, int]:
    return (fact.source[0][0], fact.source[-1][1]) if fact.source else (0, 0)


def _values(article: Article) -> dict[tuple[object, ...], list[Metric]]:
    """The metrics of an article by what they count, where and when."""
    values: dict[tuple[object, ...], list[Metric]] = {}
    for metric in article.metrics:
        if metric.what and len(metric.what) > 1 and metric.kind in ("quantity", "money", "percent"):
            values.setdefault(_counted(metric), []).append(metric)
    return values


def _counted(metric: Metric) -> tuple[object, ...]:
    return metric.what, metric.unit, metric.kind, metric.change, metric.place, metric.period


def _doubts(fact: Mention, below: float, values: dict[tuple[object, ...], list[Metric]]) -> Iterator[str]:
    if fact.confidence < below:
        yield f"no more than {fact.confidence:.0%} sure"
    if isinstance(fact, Metric):
        others = [m.text for m in values.get(_counted(fact), ()) if m.value != fact.value]
        if others:
            yield f"the article also says {', '.join(dict.fromkeys(others))}"
    elif isinstance(fact, Place) and fact.full is None and len(_candidates(fact)) > 1:
        yield "there are several of that name"


def _candidates(place: Place) -> list[Entry]:
    if place.level not in ("county", "town"):
        return []
    return [e for e in gazetteer().named(place.name) if e.current and e.level == place.level and e.parent]


def _options(fact: Mention) -> tuple[str, ...]:
    if not isinstance(fact, Place) or fact.full is not None:
        return ()
    found = tuple(dict.fromkeys(gazetteer().chain(entry) for entry in _candidates(fact)))
    return found if 1 < len(found) <= _MOST_OPTIONS else ()


# --- what is believed, and how it is put right ------------------------------------------------------------------------


def _fields(fact: Mention) -> list[str]:
    """The fields of a fact that a person may put right, in the order in which they are written."""
    if isinstance(fact, Place):
        return [fact.full or fact.name or fact.text]
    if isinstance(fact, Official):
        return [fact.name, fact.title or "", fact.org or ""]
    if isinstance(fact, Metric):
        return [_written(fact.value), fact.unit or "", fact.what or ""]
    return [fact.value] if isinstance(fact, Date) else [fact.text]


def _claim(fact: Mention) -> str:
    told = [field for field in _fields(fact) if field]
    if isinstance(fact, Place):
        told.append(fact.level)
    if isinstance(fact, Official):
        told.append(fact.role)
    if isinstance(fact, Metric) and fact.approx != "exact":
        told.append(fact.approx)
    return ", ".join(told)


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "-".join(map(_written, value))
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _number(text: str) -> float | int | tuple[float | int, float | int] | None:
    """The number, or the two of a range, that a text is; None for anything else."""
    low, dash, high = text[1:].partition("-")
    parts = [text[:1] + low, high] if dash else [text]
    numbers: list[float | int] = []
    for part in parts:
        digits = part.strip().replace(",", "").replace("，", "")
        if len(digits) > 30 or not digits.lstrip("-").replace(".", "", 1).isdecimal():
            return None
        numbers.append(float(digits) if "." in digits else int(digits))
    return (numbers[0], numbers[1]) if len(numbers) == 2 else numbers[0]


def _parts(text: str, old: Sequence[str | None]) -> list[str | None]:
    """The parts of a correction; those that it does not come to stay, empty ones are none."""
    given: list[str | None] = [part.strip() or None for part in text.split("/")]
    return [*given, *old[len(given) :]][: len(old)]


def _corrected_place(place: Place, text: str) -> Place:
    name = text.strip()
    if not name:
        raise ValueError
    for entry in _candidates(place):
        if gazetteer().chain(entry) == name:
            return replace(
                place,
                name=entry.name,
                level=entry.level,
                code=entry.code,
                code_system=entry.code_system,
                full=name,
            )
    return replace(place, full=name, code=None, code_system=None)


def _corrected_official(official: Official, text: str) -> Official:
    name, title, org = _parts(text, (official.name, official.title, official.org))
    if name is None:
        raise ValueError
    return replace(official, name=name, title=title, org=org)


def _corrected_metric(metric: Metric, text: str) -> Metric:
    number, unit, what = _parts(text, (None, metric.unit, metric.what))
    value = _number(number or "")
    if value is None:
        raise ValueError
    return replace(metric, value=value, unit=unit, what=what)


def _corrected_date(date: Date, text: str) -> Date:
    if not text.strip():
        raise ValueError
    return replace(date, value=text.strip())
