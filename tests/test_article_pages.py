"""Whole pages as other publications have them: text pages with the result an editor would print, and PDF pages with gold.

A case is NAME.txt (the page as its text layer or web page has it) and NAME.out (what must come out of it).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pbtool
from pbtool.articles import segment
from pbtool.articles.cohesion import Cohesion
from pbtool.articles.continuations import Piece, torn
from pbtool.articles.matching import matched
from pbtool.document import Article, Document

ROOT = Path(__file__).resolve().parent
CASES = sorted((ROOT / "cases" / "articles").glob("*.txt"))
sys.path.insert(0, str(ROOT.parent / "scripts"))


def printed(article: Article) -> list[str]:
    """An article as lines: each field with its name, headings with `#`, captions with `=`."""
    fields = [
        (name, passage.text)
        for name, _, passage in article.passages()
        if name in ("kicker", "title", "subtitle", "editor_note", "dateline", "affiliation")
    ]
    lines = [f"{name}: {text}" for name, text in fields]
    lines += [f"byline: {' '.join(article.byline)}"] if article.byline else []
    lines += [f"column: {article.column}"] if article.column else []
    lines += [("# " if p.role == "heading" else "") + p.text for p in article.paragraphs]
    return [*lines, *(f"= {caption.text}" for caption in article.captions), ""]


def outcome(document: Document) -> str:
    lines = [line for article in document.articles for line in printed(article)]
    aside = [f"- {passage.text}" for passage in document.furniture]
    return "\n".join([*lines, *aside]) + "\n"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_page_comes_out_as_an_editor_would_print_it(path: Path) -> None:
    document = segment(Document.from_text(path.read_text(encoding="utf-8")))
    assert outcome(document) == path.with_suffix(".out").read_text(encoding="utf-8")


@pytest.mark.parametrize("scanned", [False, True])
@pytest.mark.parametrize("name", ["magazine-2", "magazine-3", "newspaper", "upright"])
def test_printed_page_is_read_block_by_block(name: str, scanned: bool, tmp_path: Path) -> None:
    """A scan knows no fonts: there the heights of the lines stand for their sizes."""
    from make_pages import PAGES

    data, stories = PAGES[name]()
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    document = pbtool.read(path)
    articles = segment(replace(document, fonts=()) if scanned else document).articles
    found = [
        (
            a.kicker.text if a.kicker else "",
            a.title.text if a.title else "",
            " ".join(a.byline),
            tuple(p.text for p in a.paragraphs),
            [c.text for c in a.captions],
        )
        for a in articles
    ]
    wanted = [(s.kicker, s.title, s.byline, s.paragraphs, [s.caption] if s.caption else []) for s in stories]
    assert found == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(-5, 9), min_size=4, max_size=4), min_size=1, max_size=4))
def test_matching_is_the_best_there_is(gains: list[list[int]]) -> None:
    pairs = matched(
        (float(gain), row, column) for row, line in enumerate(gains) for column, gain in enumerate(line)
    )
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    best = max(
        sum(max(0, gains[row][column]) for row, column in enumerate(order[: len(gains)]))
        for order in permutations(range(4))
    )
    assert sum(gains[row][column] for row, column in pairs) == best


def test_a_large_matching_is_quick() -> None:
    pairs = [
        (1.0 + (row * 7 + column * 3) % 11, row, column)
        for row in range(400)
        for column in range(row, row + 9)
    ]
    assert len(matched(pairs)) > 300


def test_cohesion_tells_what_pieces_speak_about() -> None:
    tea = "白鹭镇的茶园在春天里采茶，茶农林晓带着采茶队上山，茶园里一片忙碌，白鹭镇的新茶装车下山。"
    more = "林晓说，白鹭镇的茶园今年又添了三百亩，采茶队里多了年轻人，新茶的价钱也比去年好。"
    road = "石桥村修路的事情议了三年，去年冬天开了工，党员带头出工出力，水泥路通到了最后一户人家门口。"
    cohesion = Cohesion([tea, more, road])
    assert cohesion.between(0, 1) > cohesion.between(0, 2)
    assert cohesion.between(1, 0) == cohesion.between(0, 1)
    assert cohesion.held("白鹭镇茶园", 0) > cohesion.held("白鹭镇茶园", 2)


def test_marks_of_turned_pages_name_each_other() -> None:
    pieces = [
        Piece("春天到了。", "事情定下来以后，群众", whole=False, goes=3, pages=(1, 1)),
        Piece("会议指出，要抓好落实。", "各项工作有序推进。", pages=(2, 2)),
        Piece("的心气也高了。", "日子越过越好。", comes=1, pages=(3, 3)),
    ]
    assert torn(pieces, Cohesion([piece.head for piece in pieces])) == [(0, 2)]
