"""Articles of web pages: what the reading of the page found, as drafts.

The one idea: on a web page the frame says where an article begins and ends and what its title is, so nothing is left for the
assembly to decide; the lines of each page only have to be put together into pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pbtool.articles.assembly import Draft
from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import credited, parse_byline
from pbtool.articles.items import Item, items_of
from pbtool.articles.web import Page


class WebDrafts:
    """The drafts of a document of web pages: one article a page."""

    def __init__(self, blocks: Blocks, pages: Sequence[Page]) -> None:
        """`pages` count in the lines of `blocks`."""
        self.blocks, self.pages = blocks, pages
        for page in pages:
            for i in page.title:
                blocks.kinds[i], blocks.roles[i] = "title", None
            for i in page.head:
                self._credit(i)
            if all(blocks.kinds[i] in ("caption", "furniture") for i in page.text):
                self._photo_news(page)

    def _credit(self, i: int) -> None:
        """A line of the head that names the author."""
        text = self.blocks.lines[i].text
        found = parse_byline(text) or credited(text)
        if found is not None:
            self.blocks.kinds[i], self.blocks.roles[i] = "byline", None
            self.blocks.bylines[i] = found

    def _photo_news(self, page: Page) -> None:
        """Where all the text is a caption, the caption is the news."""
        for i in page.text:
            if self.blocks.kinds[i] == "caption":
                self.blocks.kinds[i] = "body"

    def drafts(self) -> list[Draft]:
        """One draft a page, in file order."""
        items = items_of(self.blocks)
        return [self._draft(page, items) for page in self.pages]

    def _draft(self, page: Page, items: Sequence[Item]) -> Draft:
        title = Item("title", list(page.title), strong=True, role="page") if page.title else None
        own = {*page.head, *page.text}
        parts = [replace(item, lines=[i for i in item.lines if i in own]) for item in items]
        why = ["title, head and text as the frame of the web page has them"]
        return Draft([*([title] if title else []), *(part for part in parts if part.lines)], title, why)
