"""Articles of web pages: what the reading of the page found, as drafts.

The one idea: on a web page the frame says where an article begins and ends and what its title is, so nothing is left for the
assembly to decide; the lines of each page only have to be put together into pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pbtool.articles.assembly import Draft
from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import Byline, credited, glued_names, names_author, parse_byline, sent_by
from pbtool.articles.items import Item, items_of
from pbtool.articles.lines import ENUMERATOR
from pbtool.articles.pictures import describes
from pbtool.articles.web import Page


class WebDrafts:
    """The drafts of a document of web pages: one article a page."""

    def __init__(self, blocks: Blocks, pages: Sequence[Page]) -> None:
        """`pages` count in the lines of `blocks`."""
        self.blocks, self.pages = blocks, pages
        self.framed = all(page.framed for page in pages)
        for page in pages:
            for i in page.title:
                blocks.kinds[i], blocks.roles[i] = "title", None
            for i in (*page.head, *page.text[-3:]):
                self._credit(i)
            if all(blocks.kinds[i] in ("caption", "furniture") for i in page.text):
                self._photo_news(page)
            self._pictures(page)

    def _credit(self, i: int) -> None:
        """A line of the head, or behind the text, that names the author."""
        line = self.blocks.lines[i]
        if line.ends and line.text[0] not in "（(":
            return
        found = sent_by(line.text) or credited(line.text)
        if found is None and (self.blocks.roles[i] != "other" or names_author(line.text)):
            names = glued_names(line.text) if len(line.text) >= 4 else None
            found = parse_byline(line.text) or (Byline(names) if names else None)
        if found is not None:
            self.blocks.kinds[i], self.blocks.roles[i] = "byline", None
            self.blocks.bylines[i] = found

    def _pictures(self, page: Page) -> None:
        """Where the heads of the page are numbered, a line without a number that shows people or a scene is a caption."""
        heads = [i for i in page.text if self.blocks.kinds[i] == "title"]
        numbered = sum(ENUMERATOR.match(self.blocks.lines[i].text) is not None for i in page.text)
        for i in heads if numbered >= 2 else ():
            if not ENUMERATOR.match(self.blocks.lines[i].text) and describes(self.blocks.lines[i].text):
                self.blocks.kinds[i] = "caption"

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
