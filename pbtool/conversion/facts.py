"""Facts of a converted article: each goes on standing where it stood, and says what stands there now.

The one idea: a fact repeats words of its passage, so its new words are cut out of the new passage, at the places that the
edits lead to; only words that the passage does not hold (a unit in full) are converted by themselves. Names and full names
of places are the gazetteer's, and stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pbtool.document import Article, Mention, Passage
from pbtool.edits import Edit, Origin

Fact = TypeVar("Fact", bound=Mention)
Place = tuple[str, int]

#: Fields of facts that repeat words of the text.
_WORDS = {
    "places": (),
    "officials": ("name", "title", "org"),
    "metrics": ("unit", "what"),
    "dates": (),
}


def names_of(articles: Iterable[Article]) -> frozenset[str]:
    """The names of people that the articles are known to hold."""
    found = {official.name for article in articles for official in article.officials}
    return frozenset(name for name in found.union(*(article.byline for article in articles)) if name)


def carried(
    before: Article, after: Article, made: Mapping[str, Sequence[Edit]], converted: Callable[[str], str]
) -> Article:
    """`after` with the facts of `before` in the words of its passages.

    `made` are the edits of each passage's text; `converted` converts words that stand nowhere.
    """
    old = {(field, index): passage for field, index, passage in before.passages()}
    new = {(field, index): passage for field, index, passage in after.passages()}
    kinds: dict[str, Any] = {
        kind: tuple(_carried(fact, old, new, made, converted, words) for fact in getattr(before, kind))
        for kind, words in _WORDS.items()
    }
    return replace(after, **kinds)


def _carried(
    fact: Fact,
    old: Mapping[Place, Passage],
    new: Mapping[Place, Passage],
    made: Mapping[str, Sequence[Edit]],
    converted: Callable[[str], str],
    words: Sequence[str],
) -> Fact:
    at = fact.field, fact.index
    if at not in old or at not in new:
        text = converted(fact.text)
        alone: dict[str, Any] = {
            name: converted(value) for name in words if isinstance(value := getattr(fact, name), str)
        }
        return replace(fact, text=text, **alone)
    was, now = old[at].text, new[at].text
    origin = Origin(made.get(was, ()))

    def moved(start: int, end: int) -> str:
        return now[origin.forward(start) : origin.forward(end)]

    def spelled(value: str) -> str:
        start = _nearest(was, value, fact.start)
        return converted(value) if start < 0 else moved(start, start + len(value))

    values: dict[str, Any] = {
        name: spelled(value) for name in words if isinstance(value := getattr(fact, name), str)
    }
    start, end = origin.forward(fact.start), origin.forward(fact.end)
    return replace(fact, text=now[start:end], start=start, end=end, **values)


def _nearest(text: str, words: str, place: int) -> int:
    """Where `words` stand in `text` nearest to `place`; -1 where they do not."""
    if not words:
        return -1
    before, after = text.rfind(words, 0, place + len(words)), text.find(words, place)
    found = [start for start in (before, after) if start >= 0]
    return min(found, key=lambda start: abs(start - place), default=-1)
