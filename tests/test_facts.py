"""Facts on passages of our own: development ones, by which rules were mended, and some kept for evaluation alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pbtool.document import Article, Document, Passage
from pbtool.extraction import extract
from pbtool.extraction.metrics import UNMEASURED

CASES = Path(__file__).parent / "cases" / "facts"


@dataclass
class Sample:
    """A passage with the facts that a reader finds in it: letter of the kind -> (text, rest) pairs."""

    title: str
    lines: list[str] = field(default_factory=list)
    facts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def samples(name: str) -> list[Sample]:
    found: list[Sample] = []
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            found.append(Sample(line[3:]))
        elif line[:2] in ("P ", "O ", "M ", "D "):
            sign = "/" if line[0] == "P" else "="
            facts = [fact.partition(sign) for fact in line[2:].split(" · ") if fact]
            found[-1].facts[line[0]] = [(text, rest) for text, _, rest in facts]
        elif not line.startswith("#"):
            found[-1].lines.append(line)
    return found


def extracted(sample: Sample) -> Article:
    passages, place = [], 0
    for line in sample.lines:
        passages.append(Passage(line, ((place, place + len(line)),)))
        place += len(line) + 1
    article = Article("a01", paragraphs=tuple(passages))
    return extract(Document.from_text("\n".join(sample.lines), articles=(article,))).articles[0]


def number(value: object) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return "-".join(f"{float(part):.10g}" for part in parts)


def found(article: Article) -> Iterator[tuple[str, str, str]]:
    """Letter of the kind, text and rest of every fact that was found, as the samples write them."""
    for place in article.places:
        if place.level != "other":
            yield "P", place.text, place.level
    for one in article.officials:
        yield "O", one.text, (one.org or "") + (one.title or "")
    for metric in article.metrics:
        if metric.kind not in UNMEASURED:
            yield "M", metric.text, f"{number(metric.value)} {metric.unit or ''}|{metric.what or ''}"
    for date in article.dates:
        yield "D", date.text, date.value


def alike(one: str, two: str) -> bool:
    """Whether two phrases share at least half of their characters."""
    shared = sum((Counter(one) & Counter(two)).values())
    return bool(one and two) and 2 * shared >= (len(one) + len(two)) / 2


def scores(name: str) -> dict[str, float]:
    """F1 of each kind of fact in a file of samples, and how often the phrase of a metric is right."""
    hits, wanted, made = Counter[str](), Counter[str](), Counter[str]()
    phrases = right = 0
    for sample in samples(name):
        gold = [(k, t, r) for k, facts in sample.facts.items() for t, r in facts]
        rest = list(found(extracted(sample)))
        wanted.update(kind for kind, _, _ in gold)
        made.update(kind for kind, _, _ in rest)
        for kind, text, more in gold:
            core = more.partition("|")[0] if kind == "M" else more
            match = next((f for f in rest if f[:2] == (kind, text) and f[2].partition("|")[0] == core), None)
            if match is not None:
                rest.remove(match)
                hits[kind] += 1
                phrases += kind == "M"
                right += kind == "M" and alike(more.partition("|")[2], match[2].partition("|")[2])
    result = {kind: 2 * hits[kind] / (wanted[kind] + made[kind]) for kind in "POMD"}
    return result | {"what": right / phrases}


#: Least F1 of places with level, officials with office, metrics with value and unit, dates with value; share of phrases right.
FLOORS = {
    "development.txt": {"P": 0.98, "O": 0.94, "M": 0.98, "D": 0.98, "what": 0.92},
    "evaluation.txt": {"P": 0.95, "O": 0.82, "M": 0.95, "D": 0.95, "what": 0.92},
}


@pytest.mark.parametrize("name", FLOORS)
def test_facts_of_the_samples(name: str) -> None:
    reached = scores(name)
    assert {kind: value for kind, value in reached.items() if value < FLOORS[name][kind]} == {}, reached


if __name__ == "__main__":
    for file in FLOORS:
        print(file, {kind: round(value, 3) for kind, value in scores(file).items()})
