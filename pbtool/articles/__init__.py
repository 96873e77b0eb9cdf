"""Articles out of lines: furniture, paragraphs, blocks, whose block it is, titles, bylines.

The one idea: every character of the text ends in exactly one passage of an article or of the furniture; what no rule
claims is swept into the furniture, so that nothing is ever lost.
"""

from __future__ import annotations

from dataclasses import replace

from pbtool.articles.abreast import column_by_column
from pbtool.articles.assembly import Assembly
from pbtool.articles.blocks import Blocks
from pbtool.articles.drafting import Drafting
from pbtool.articles.geometry import placed
from pbtool.articles.items import items_of
from pbtool.articles.lines import TextLine, read_lines
from pbtool.articles.pages import WebDrafts
from pbtool.articles.passages import Passages
from pbtool.articles.web import controls_apart, web_pages
from pbtool.document import Document
from pbtool.tables import pattern

_TAG = pattern(r"[a-z]{1,10}[1-6]?")

__all__ = ["explain", "segment"]


def segment(document: Document) -> Document:
    """The document with its articles in file order and its page furniture set aside.

    Passages give their places in `document.original`. Every character that is not white space lies in exactly one of
    them. An empty document has no articles.
    """
    lines = placed(document, column_by_column(document, read_lines(document)))
    if not lines:
        return replace(document, articles=(), furniture=Passages(document).leftovers())
    blocks, assembly = _assembled(document, lines)
    drafting = Drafting(document, blocks, assembly)
    articles = drafting.articles()
    furniture = drafting.furniture()
    return replace(document, articles=articles, furniture=furniture)


def explain(document: Document) -> list[str]:
    """For every line of the document: what it was taken for; for every article: why each of its pieces stands there.

    Places count in the text as it stands; figures with a sign are log odds.
    """
    lines = placed(document, column_by_column(document, read_lines(document)))
    if not lines:
        return []
    blocks, assembly = _assembled(document, lines)
    drafts = assembly.drafts()
    kinds = dict(
        zip((line.start for line in blocks.lines), zip(blocks.roles, blocks.kinds, strict=True), strict=True)
    )
    result = []
    for line in lines:
        role, kind = kinds.get(line.start, ("frame of the page", ""))
        result.append(f"line at {line.start}: {role or kind} | {line.text[:24]}")
    for number, draft in enumerate(drafts, 1):
        title = blocks.lines[draft.title.lines[0]].text if draft.title else "(no title)"
        result.append(f"article {number}: {title}")
        result += [f"  {reason}" for reason in draft.why]
    return result


def _assembled(document: Document, lines: list[TextLine]) -> tuple[Blocks, Assembly | WebDrafts]:
    """The blocks of a document and the drafts made of them; of web pages without the frame, which belongs to no article."""
    apart = controls_apart(lines)
    pages = web_pages(apart, _heads(document, apart), _is_html(document, lines))
    if not pages:
        blocks = Blocks(lines)
        return blocks, Assembly(blocks, items_of(blocks))
    kept = sorted({i for page in pages for i in page.lines()})
    place = {i: n for n, i in enumerate(kept)}
    blocks = Blocks([apart[i] for i in kept])
    moved = [page.moved(place) for page in pages]
    return blocks, WebDrafts(blocks, moved)


def _is_html(document: Document, lines: list[TextLine]) -> bool:
    """Whether a document was read from a web page: each of its lines has a font, and all are names of tags.

    (The styles of Word files may be named like tags, but what has the usual style has no name.)
    """
    fonts = document.fonts
    return bool(fonts) and len(fonts) >= len(lines) and all(_TAG.fullmatch(run.font) for run in fonts)


def _heads(document: Document, lines: list[TextLine]) -> list[int]:
    """The lines that a web page sets as its title."""
    starts = {run.start for run in document.fonts if run.font == "h1"}
    return [i for i, line in enumerate(lines) if line.start in starts] if starts else []
