"""A record's articles told anew, after changes of their text were taken or taken back.

The one idea: each passage is a list of pieces with what stands for each of them before and after, so its new text follows,
and so does the place of every fact in it. A fact whose own text has changed is left out: it was read from something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from pbtool.document import Article, Document, Mention, Passage
from pbtool.edits import Edit
from pbtool.pipeline import revise_article
from pbtool.reviews.manuscript import Layout, Piece, Standing, of_passage, read_with

#: A piece of a passage: where it begins in the old text and in the new, its length in either, and whether it is the same.
Stretch = tuple[int, int, int, int, bool]
_Fact = TypeVar("_Fact", bound=Mention)


def retold(document: Document, edits: Sequence[Edit], before: Standing, after: Standing) -> Document:
    """The document with each passage as `after` says; `before` tells what its text has now for each of `edits`.

    `edits` (sorted) count in `document.original`, the text as read.
    """
    told: set[Edit] = set()
    moves: dict[tuple[Passage, int], list[Stretch]] = {}

    def tell(passage: Passage | None) -> Passage | None:
        if passage is None or not passage.source:
            return passage
        found = of_passage(passage, document.original, edits, before)
        # Two passages may meet in an insertion.
        found = [piece for piece in found if not (isinstance(piece, Edit) and piece in told)]
        told.update(piece for piece in found if isinstance(piece, Edit))
        text = read_with(found, after)
        if text == passage.text:
            return passage
        moves[passage, id(passage)] = _stretches(found, before, after)
        return replace(passage, text=text)

    articles = tuple(_followed(revise_article(one, tell), one, moves) for one in document.articles)
    furniture = tuple(tell(passage) or passage for passage in document.furniture)
    return replace(document, articles=articles, furniture=furniture)


def _stretches(found: Sequence[Piece], before: Standing, after: Standing) -> list[Stretch]:
    stretches: list[Stretch] = []
    old = new = 0
    for piece in found:
        if isinstance(piece, Edit):
            was, now = before(piece), after(piece)
        else:
            was = now = piece.printed if isinstance(piece, Layout) else piece
        stretches.append((old, new, len(was), len(now), was == now))
        old, new = old + len(was), new + len(now)
    return stretches


def _followed(article: Article, old: Article, moves: dict[tuple[Passage, int], list[Stretch]]) -> Article:
    """The article with the names of its new byline, and its facts where their text has gone."""
    moved = {
        (name, index): (moves[passage, id(passage)], now.text)
        for (name, index, passage), (_, _, now) in zip(old.passages(), article.passages(), strict=True)
        if (passage, id(passage)) in moves
    }

    def follow(facts: tuple[_Fact, ...]) -> tuple[_Fact, ...]:
        found = (
            _moved(fact, *moved[fact.field, fact.index]) if (fact.field, fact.index) in moved else fact
            for fact in facts
        )
        return tuple(fact for fact in found if fact is not None)

    return replace(
        article,
        byline=_names(article) if article.byline_lines != old.byline_lines else article.byline,
        places=follow(article.places),
        officials=follow(article.officials),
        metrics=follow(article.metrics),
        dates=follow(article.dates),
    )


def _moved(fact: _Fact, stretches: Sequence[Stretch], text: str) -> _Fact | None:
    """The fact at its new place; None where its text is another now."""
    starts = [
        new + fact.start - old
        for old, new, length, _, same in stretches
        if same and old <= fact.start < old + length
    ]
    if not starts:
        return None
    start, end = starts[0], starts[0] + len(fact.text)
    return replace(fact, start=start, end=end) if text[start:end] == fact.text else None


def _names(article: Article) -> tuple[str, ...]:
    from pbtool.articles.bylines import parse_byline

    found = [parse_byline(passage.text) for passage in article.byline_lines]
    names = [name for one in found if one is not None for name in one.names]
    return tuple(dict.fromkeys(names)) or article.byline
