"""Web pages: the title, the lines that say who and when, and the article's paragraphs, without what stands around them.

The one idea: prose is dense in Chinese sentences and poor in links. The element that holds most of the page's prose is the
article; of the rest only the title and the lines that name source, date, author and editor are kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

from pbtool.document import Document, FontRun, Source
from pbtool.errors import InputError, UsageError
from pbtool.reading.encodings import decode, decode_leniently
from pbtool.reading.readable import Block, Element, article

_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s{0,5}=\s{0,5}[\"']?\s{0,5}([A-Za-z0-9_:.-]{2,30})", re.I)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "nav",
        "footer",
        "aside",
        "button",
        "select",
        "option",
        "textarea",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "dialog",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_RAW = frozenset(["script", "style", "textarea", "noscript", "iframe"])
_TOKEN = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9:-]{0,30})([^<>]{0,4000})|[!?/][^<>]{0,4000})>")
_ATTRIBUTE = re.compile(r"([A-Za-z:-]{1,30})\s{0,9}=\s{0,9}(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)")
#: Tags whose earlier sibling ends where the next one begins.
_SELF_CLOSING = {"p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"}}
_DEEPEST = 200
_MOST_BLOCKS = 200_000
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\u200b\u200e\u200f\u202a-\u202e]")


def read_html(data: bytes, name: str, options: dict[str, Any], tick: Any) -> Document:
    """The document in a web page; fonts are the names of the tags. Raises InputError where there is no text."""
    text, source, lost = _decoded(data, name, options.get("encoding"))
    parser = _Parser()
    parser.feed(text)
    blocks = article(parser.blocks, _clean(parser.page_title), parser.named_title)
    if not blocks:
        raise InputError(
            name,
            "is a web page without text (it may be built by scripts); save the page as seen, or its text",
        )
    pieces: list[str] = []
    fonts: list[FontRun] = []
    place = 0
    for tag, line in blocks:
        pieces += (line, "\n")
        fonts.append(FontRun(place, place + len(line), tag))
        place += len(line) + 1
    notes = (f"{lost} bytes are no {source.encoding} and are shown as U+FFFD",) if lost else ()
    return Document.from_text("".join(pieces), replace(source, newline="\n"), fonts=tuple(fonts), notes=notes)


def _decoded(data: bytes, name: str, told: str | None) -> tuple[str, Source, int]:
    """The page's text: told, by byte order mark, by what its meta tag says where the bytes agree, else by evidence.

    With it comes how many bytes fit nowhere.
    """
    said = _CHARSET.search(data[:8192])
    if told is None and said and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return *decode(data, name, said[1].decode()), 0
        except (InputError, UsageError):
            pass
    return decode_leniently(data, name, told)


class _Parser:
    """Cuts a page into blocks of text, in time linear in its length whatever it holds.

    (The standard library's parser takes quadratic time on tags and comments that never end.)
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.page_title = ""
        self.named_title = ""
        self._at = Element("html", None, 0)
        self._text: list[str] = []
        self._linked = 0
        self._in_title = False
        self._skipping: list[str] = []
        self._links = 0

    def feed(self, text: str) -> None:
        """Read the whole page."""
        place = 0
        while place < len(text):
            start = text.find("<", place)
            if start < 0:
                start = len(text)
            if start > place:
                self.handle_data(unescape(text[place:start]))
            place = self._tag(text, start) if start < len(text) else start
        self.end_block()

    def _tag(self, text: str, start: int) -> int:
        """Handle what begins with the "<" at `start`; where it ends."""
        if text.startswith("<!--", start):
            end = text.find("-->", start + 4)
            return end + 3 if end >= 0 else len(text)
        token = _TOKEN.match(text, start)
        if token is None:
            self.handle_data("<")
            return start + 1
        name = (token[2] or "").lower()
        if not name:
            return token.end()
        if token[1]:
            self.handle_endtag(name)
        elif name in _RAW:
            closing = re.compile(f"</{name}", re.I).search(text, token.end())
            return closing.start() if closing else len(text)
        else:
            self.handle_starttag(
                name, {k.lower(): unescape(v.strip("\"'")) for k, v in _ATTRIBUTE.findall(token[3])}
            )
        return token.end()

    def handle_starttag(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "title":
            self._in_title = True
        if tag == "meta":
            self._meta(attrs)
        if tag in _VOID:
            if tag in _BLOCKS:
                self.end_block()
            return
        if tag in _SKIPPED:
            # Only the head is left by the body's beginning; everything else must be closed.
            self._skipping.append(tag)
            return
        if tag == "body":
            self._skipping.clear()
        if self._skipping:
            return
        if tag == "a":
            self._links += 1
        if tag in _BLOCKS:
            self.end_block()
            while self._at.tag in _SELF_CLOSING.get(tag, ()) and self._at.parent is not None:
                self._at = self._at.parent
            if self._at.depth < _DEEPEST:
                marks = f"{attrs.get('class', '')} {attrs.get('id', '')}"[:200].lower()
                self._at = Element(tag, self._at, self._at.depth + 1, marks)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag in _SKIPPED:
            if tag in self._skipping:
                del self._skipping[self._skipping.index(tag) :]
            return
        if self._skipping:
            return
        if tag == "a":
            self._links = max(0, self._links - 1)
        if tag in _BLOCKS:
            self.end_block()
            at: Element | None = self._at
            while at is not None and at.tag != tag:
                at = at.parent
            if at is not None and at.parent is not None:
                self._at = at.parent

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page_title += data[:500]
        elif not self._skipping:
            self._text.append(data)
            if self._links:
                self._linked += len(data.strip())

    def end_block(self) -> None:
        text = _clean("".join(self._text))
        if text and len(self.blocks) < _MOST_BLOCKS:
            self.blocks.append(Block(self._at, text, self._linked))
        self._text.clear()
        self._linked = 0

    def _meta(self, attrs: dict[str, str]) -> None:
        if (attrs.get("property") or attrs.get("name") or "").lower() in ("og:title", "articletitle"):
            self.named_title = _clean(attrs.get("content", "")[:500])


def _clean(text: str) -> str:
    return _BLANKS.sub(_blank, _CONTROLS.sub("", text)).strip(" \u3000")


def _blank(match: re.Match[str]) -> str:
    """One space; nothing where a line of Chinese source goes on in the next."""
    text, start, end = match.string, match.start(), match.end()
    if "\n" in match[0] and start and _WIDE.match(text[start - 1]) and _WIDE.match(text[end : end + 1]):
        return ""
    return " "
