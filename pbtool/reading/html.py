"""Web pages: the title, the lines that say who and when, and the article's paragraphs, without what stands around them.

The one idea: prose is dense in Chinese sentences and poor in links. The element that holds most of the page's prose is the
article; of the rest only the title and the lines that name source, date, author and editor are kept.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from pbtool.document import Document, FontRun, Source
from pbtool.errors import InputError, UsageError
from pbtool.reading.encodings import decode, decode_leniently

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
        "form",
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
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_DEEPEST = 200
_MOST_BLOCKS = 200_000
_HAN = re.compile("[\u3400-\u9fff]")
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_WIDE = re.compile("[\u2e80-\u9fff\uff00-\uffef]")
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\u200b\u200e\u200f\u202a-\u202e]")
_ABOUT = re.compile(
    "(?:来源|來源|稿源|作者|记者|記者|通讯员|通訊員|编辑|編輯|责编|責編|发布时间|發佈時間|时间|日期)\\s{0,3}[：:|]"
    "|\\d{4}\\s?[-年./]\\s?\\d{1,2}\\s?[-月./]\\s?\\d{1,2}"
)
_BARS = re.compile(
    "分享到|分享至|扫一扫|掃一掃|打印本页|打印本頁|字号|字號|字体[：:]|字體[：:]|关闭窗口|關閉窗口|相关阅读|相關閱讀|相关新闻|上一篇|下一篇|返回顶部|"
    "返回頂部|收藏本|我要纠错|浏览次数|点击数|打开APP|下载客户端|当前位置|當前位置|您的位置|现在的位置|版权所有|版權所有|ICP备|[大中小]字号|[大中小]字號|"
    "点击.{0,6}蓝字|关注我们|关注公众号|长按.{0,8}二维码|分享让更多人|阅读原文|点赞.{0,4}在看"
)
#: What the page's machinery says in the middle of a line about the article: counters, sizes of type, who typed it in.
_MACHINERY = re.compile(
    "(?:浏览|點擊|点击|阅读|閱讀|访问)(?:次数|次數|数|數|量)\\s{0,3}[：:]\\s{0,3}\\d{0,9}\\s{0,3}次?"
    "|(?:字体|字體|字号|字號)(?:大小)?\\s{0,3}[：:]?\\s{0,3}[\\[【(（]?(?:\\s{0,3}(?:特大|[大中小])[号號]?){2,4}\\s{0,3}[\\]】)）]?"
    "|(?:文章)?(?:录入|錄入)(?:员|者)?\\s{0,3}[：:]\\s{0,3}[^\\s　]{0,12}"
    "|[\\[【](?:打印|关闭|收藏|大|中|小)[^\\]】]{0,6}[\\]】]"
)
#: Where the next piece of such a line begins, also where no white stands before it.
_LABEL = re.compile(
    "(?<=[^\\s　|（(【\\[])(?=(?:信息来源|信息來源|文章来源|(?<![信文][息章])来源|(?<!信息)來源|稿源|作者|责任编辑|責任編輯|发布时间|發佈時間|发布日期|更新时间)[：:])"
)
_PIECES = re.compile("[ \\u3000]{2,}")
_KICKERS = ("pre", "kicker", "yinti", "jianti", "eyebrow")
_BEFORE = re.compile("原标题[：:]|原標題[：:]")


@dataclass(eq=False, slots=True)
class _Element:
    tag: str
    parent: _Element | None
    depth: int
    mark: str = ""


@dataclass(slots=True)
class _Block:
    """A paragraph's worth of text, with the element it stands in and how much of it is links."""

    element: _Element
    text: str
    linked: int
    prose: int = field(default=0)


def read_html(data: bytes, name: str, options: dict[str, Any], tick: Any) -> Document:
    """The document in a web page; fonts are the names of heading tags. Raises InputError where there is no text."""
    text, source, lost = _decoded(data, name, options.get("encoding"))
    parser = _Parser()
    parser.feed(text)
    blocks = _article(parser)
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
        if tag in _HEADINGS:
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
        self.blocks: list[_Block] = []
        self.page_title = ""
        self.named_title = ""
        self._at = _Element("html", None, 0)
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
                self._at = _Element(tag, self._at, self._at.depth + 1, marks)

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
            at: _Element | None = self._at
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
            self.blocks.append(_Block(self._at, text, self._linked))
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


def _article(parser: _Parser) -> list[tuple[str, str]]:
    """The lines of the article with their tags: title first, then what is about it, then its paragraphs."""
    blocks = parser.blocks
    for block in blocks:
        block.prose = _prose(block)
    home = _home(blocks)
    inside = [home is None or _within(block.element, home) for block in blocks]
    first = inside.index(True) if True in inside else 0
    title = _title(parser, blocks, first)
    at = next((n for n, block in enumerate(blocks[: first + 3]) if block.text == title), -1)
    kept: list[tuple[str, str]] = [("h1", title)] if title else []
    for place, block in enumerate(blocks):
        if block.text == title or _is_bar(block) or _BEFORE.sub("", block.text) == title:
            continue
        if inside[place] or 0 <= at < place < first:
            wanted = 2 * block.linked < len(block.text) or block.prose > 0
        else:
            wanted = home is not None and _is_about_it(block) and _near(block.element, home)
        if wanted:
            kept.append((block.element.tag, _without_machinery(block.text)))
        elif 0 <= place == at - 1 and _is_kicker(block, blocks[at]):
            kept.insert(0, (block.element.tag, block.text))
    kept = [(tag, text) for tag, text in kept if text]
    return kept if any(len(text) > 1 for _, text in kept) else []


def _is_about_it(block: _Block) -> bool:
    """Whether a short line says when, where and by whom the article was made."""
    return (
        len(block.text) < 120 and _ABOUT.search(block.text) is not None and 2 * block.linked < len(block.text)
    )


def _is_kicker(block: _Block, title: _Block) -> bool:
    """Whether a line right above the title belongs to it."""
    beside = block.element.parent is title.element.parent
    marked = block.element.tag in _HEADINGS or any(word in block.element.mark for word in _KICKERS)
    return beside and marked and len(block.text) <= 30 and not block.linked


def _without_machinery(text: str) -> str:
    """A line about the article without counters and buttons, its pieces parted by white."""
    if len(text) > 120 or "。" in text or not (_ABOUT.search(text) or _MACHINERY.search(text)):
        return text
    return _LABEL.sub(" ", _PIECES.sub("\u3000\u3000", _MACHINERY.sub("", text))).strip(" \u3000|")


def _prose(block: _Block) -> int:
    """How many Han characters of prose a block holds: none where it is mostly links, or no sentence."""
    if 3 * block.linked > len(block.text) or not re.search("[，。；！？、：]", block.text):
        return 0
    return len(_HAN.findall(block.text))


def _home(blocks: list[_Block]) -> _Element | None:
    """The smallest element that holds nearly all prose of the densest part of the page."""
    weight: Counter[_Element] = Counter()
    for block in blocks:
        at: _Element | None = block.element
        while at is not None and block.prose:
            weight[at] += block.prose
            at = at.parent
    total = sum(block.prose for block in blocks)
    fitting = [element for element, prose in weight.items() if prose >= 0.7 * total]
    return max(fitting, key=lambda element: element.depth) if fitting else None


def _within(element: _Element, home: _Element) -> bool:
    at: _Element | None = element
    while at is not None and at.depth >= home.depth:
        if at is home:
            return True
        at = at.parent
    return False


def _near(element: _Element, home: _Element) -> bool:
    """Whether an element stands in the same part of the page: at most four levels up from the article."""
    top = home
    for _ in range(4):
        top = top.parent or top
    return _within(element, top)


def _is_bar(block: _Block) -> bool:
    return len(block.text) < 80 and _BARS.search(block.text) is not None and not _is_about(block.text)


def _is_about(text: str) -> bool:
    return re.search("责任编辑|責任編輯|责编|来源|來源", text) is not None


def _title(parser: _Parser, blocks: list[_Block], first: int) -> str:
    """The title: a heading that the page's own title begins with, else what the page calls itself."""
    page = _clean(parser.page_title)
    around = blocks[: first + 3]
    for block in around[::-1]:
        marked = (
            block.element.tag in ("h1", "h2")
            or "title" in block.element.mark
            or "biaoti" in block.element.mark
        )
        if (
            marked
            and 4 <= len(block.text) <= 80
            and (page.startswith(block.text[:8]) or parser.named_title == block.text)
        ):
            return block.text
    for block in around[::-1]:
        if block.element.tag == "h1" and 2 <= len(block.text) <= 80 and 2 * block.linked < len(block.text):
            return block.text
    if parser.named_title:
        return parser.named_title
    return re.split(r"\s{0,3}(?:[_|]|--|——?| - )\s{0,3}", page)[0].strip()[:200]
