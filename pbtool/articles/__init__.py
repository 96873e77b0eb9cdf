"""Articles out of lines: furniture, paragraphs, blocks, whose block it is, titles, bylines.

The one idea: every character of the text ends in exactly one passage of an article or of the furniture; what no rule
claims is swept into the furniture, so that nothing is ever lost.
"""

from __future__ import annotations

from dataclasses import replace

from pbtool.articles.assembly import Assembly
from pbtool.articles.blocks import Blocks
from pbtool.articles.drafting import Drafting
from pbtool.articles.geometry import placed
from pbtool.articles.items import items_of
from pbtool.articles.lines import read_lines
from pbtool.articles.passages import Passages
from pbtool.document import Document

__all__ = ["explain", "segment"]


def segment(document: Document) -> Document:
    """The document with its articles in file order and its page furniture set aside.

    Passages give their places in `document.original`. Every character that is not white space lies in exactly one of
    them. An empty document has no articles.
    """
    lines = placed(document, read_lines(document))
    if not lines:
        return replace(document, articles=(), furniture=Passages(document).leftovers())
    blocks = Blocks(lines)
    assembly = Assembly(blocks, items_of(blocks))
    drafting = Drafting(document, blocks, assembly)
    articles = drafting.articles()
    furniture = drafting.furniture()
    return replace(document, articles=articles, furniture=furniture)


def explain(document: Document) -> list[str]:
    """For every line of the document: what it was taken for; for every article: why each of its pieces stands there.

    Places count in the text as it stands; figures with a sign are log odds.
    """
    lines = placed(document, read_lines(document))
    if not lines:
        return []
    blocks = Blocks(lines)
    drafts = Assembly(blocks, items_of(blocks)).drafts()
    result = [
        f"line at {line.start}: {blocks.roles[i] or kind} | {line.text[:24]}"
        for i, (line, kind) in enumerate(zip(lines, blocks.kinds, strict=True))
    ]
    for number, draft in enumerate(drafts, 1):
        title = lines[draft.title.lines[0]].text if draft.title else "(no title)"
        result.append(f"article {number}: {title}")
        result += [f"  {reason}" for reason in draft.why]
    return result
