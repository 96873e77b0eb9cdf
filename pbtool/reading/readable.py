"""Which part of a web page is its article: the element that holds it, the title, the lines that say who and when.

The one idea: every block of text speaks for the elements around it (prose) or against them (links, menus, comments, notices). The
element with the highest sum is the article; it is neither so small that prose lies outside nor so large that the frame lies inside.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from pbtool.articles.days import DAY
from pbtool.articles.forms import form_role
from pbtool.articles.lines import ends_sentence
from pbtool.articles.titles import is_subtitle, never_title
from pbtool.articles.words import PAGE, any_of
from pbtool.gazetteer import fold

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_HAN = re.compile("[\u3400-\u9fff]")
_PIECES = re.compile("[ \\u3000]{2,}")
#: Marks (classes, ids) of what leads to a title, of a title, and of what is no part of an article.
_KICKERS = ("pre", "kicker", "yinti", "jianti", "eyebrow")
_BEFORE = re.compile("原标题[：:]|原標題[：:]")
_TITLES = ("title", "biaoti", "headline", "bt", "tit")
_REMARKS = re.compile(r"(?<![a-z])(?:comments?|cmt|pinglun|reply|replies)(?![a-z])")
_NOISE = re.compile(
    r"(?<![a-z])(?:relate|related|relation|recommend(?:ed)?|tuijian|rank(?:ing)?|hot|foot(?:er)?"
    r"|copyright|share|nav|menu|sidebar|sider?|aside|login|logout|popup|dialog|crumbs?|breadcrumb|toolbar|statement|disclaimer"
    r"|qrcode|friendlink|prenext|pagination|advert|ads?|banner|topbar|search)(?![a-z])"
)
_CONTENT = re.compile(r"article|content|main|text|body|detail|zhengwen|zoom")
#: What sites and their owners are called, which is no title.
_OWNER = re.compile(r"(?:[网站院局委部会社厅报]|网站|政府|公司|集团|大学|学校|中心|门户|首页|频道|平台)$")
_SPEAKER = re.compile("[\u3400-\u9fff·]{1,8}(?=[：:])")
_TOKEN = re.compile("[a-z]+")
_LEVELS = 4  # how far up from the article what is said about it may stand
_MOST_NOISE = 0.4  # share of all prose that an element marked as no part of an article may hold
_SPEAKS = 3  # lines that open with the same words and a colon from which somebody speaks in them
_SHORT = 12  # characters of a line that is no prose count at most so much against its elements


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The patterns that are made of words of pages, compiled on first use; they match simplified characters."""
    made = {
        "about": rf"(?:{any_of(PAGE, 'label', 'credit')}|作者|记者|通讯员)\s{{0,3}}[：:|]|{DAY}",
        "bar": rf"{any_of(PAGE, 'bar')}|字体[：:]|[大中小]字号",
        "source": r"来源|责任编辑|责编|(?:作者|记者|通讯员)\s{0,3}[：:]",
        # What the page's machinery says in the middle of a line about the article: counters, sizes of type, who typed it in.
        "machinery": rf"{any_of(PAGE, 'counter')}\s{{0,3}}[：:]\s{{0,3}}\d{{0,9}}\s{{0,3}}次?"
        r"|(?:字体|字号)(?:大小)?\s{0,3}[：:]?\s{0,3}[\[【(（]?(?:\s{0,3}(?:特大|[大中小])号?){2,4}\s{0,3}[\]】)）]?"
        r"|(?:文章)?录入(?:员|者)?\s{0,3}[：:]\s{0,3}[^\s　]{0,12}"
        r"|[\[【](?:打印|关闭|收藏|大|中|小)[^\]】]{0,6}[\]】]",
        # Where the next piece of such a line begins, also where no white stands before it.
        "piece": r"(?<=[^\s　|（(【\[])(?=(?:信息来源|文章来源|(?<![信文][息章])来源|稿源|作者|责任编辑|发布时间|发布日期|更新时间)[：:])",
    }
    return re.compile(made[name])


@dataclass(eq=False, slots=True)
class Element:
    """An element of a page; `mark`: its class and id, in small letters."""

    tag: str
    parent: Element | None
    depth: int
    mark: str = ""


@dataclass(slots=True)
class Block:
    """A paragraph's worth of text, with the element it stands in and how many of its characters are links."""

    element: Element
    text: str
    linked: int
    prose: int = 0


def article(blocks: list[Block], page_title: str, named_title: str) -> list[tuple[str, str]]:
    """The lines of the article with their tags: title first, then what is about it, then its paragraphs.

    `page_title`: what the page calls itself; `named_title`: the title that it declares for others.
    """
    for block in blocks:
        block.prose = _prose(block)
    noisy = _noisy(blocks)
    for block in blocks:
        block.prose = 0 if block.element in noisy else block.prose
    home = _home(blocks, noisy)
    inside = [home is None or _within(block.element, home) for block in blocks]
    first = inside.index(True) if True in inside else 0
    opening = next((n for n, block in enumerate(blocks) if inside[n] and block.prose > 20), first)
    at = _title_at(blocks, opening, page_title, named_title)
    title = blocks[at].text if at >= 0 else named_title or _named(page_title, blocks)
    kept: list[tuple[str, str]] = [("h1", title)] if title else []
    for place, block in enumerate(blocks):
        if block.text == title or _is_bar(block) or _BEFORE.sub("", block.text) == title:
            continue
        if inside[place] or 0 <= at < place < first:
            wanted = block.element not in noisy and (2 * block.linked < len(block.text) or block.prose > 0)
        else:
            wanted = (
                home is not None
                and _is_about_it(block)
                and _near(block.element, home)
                and block.element not in noisy
            )
        if wanted:
            kept.append((block.element.tag, _without_machinery(block.text)))
        elif 0 <= place == at - 1 and _is_kicker(block, blocks[at]):
            kept.insert(0, (block.element.tag, block.text))
    kept = [(tag, text) for tag, text in kept if text]
    return kept if any(len(text) > 1 for _, text in kept) else []


def _noisy(blocks: list[Block]) -> set[Element]:
    """The elements that say by their marks, or by those around them, that they are no part of an article.

    Marks are given for many reasons: what holds a good part of all prose is the article all the same, unless it holds remarks.
    """
    weight = _sums(blocks, [float(block.prose) for block in blocks])
    most = _MOST_NOISE * sum(block.prose for block in blocks)
    known: dict[Element, bool] = {}
    for block in blocks:
        path = []
        at: Element | None = block.element
        while at is not None and at not in known:
            path.append(at)
            at = at.parent
        noise = at is not None and known[at]
        for element in reversed(path):
            noise = (
                noise
                or _REMARKS.search(element.mark) is not None
                or (_is_noise(element) and weight[element] <= most)
            )
            known[element] = noise
    return {element for element, noise in known.items() if noise}


def _sums(blocks: list[Block], values: list[float]) -> defaultdict[Element, float]:
    """For every element the sum of the values of the blocks in it."""
    sums: defaultdict[Element, float] = defaultdict(float)
    for block, value in zip(blocks, values, strict=True):
        at: Element | None = block.element
        while at is not None and value:
            sums[at] += value
            at = at.parent
    return sums


def _is_noise(element: Element) -> bool:
    if element.tag in ("body", "html", "article", "main") or _CONTENT.search(element.mark):
        return False
    return _NOISE.search(element.mark) is not None


def _home(blocks: list[Block], noisy: set[Element]) -> Element | None:
    """The element for which most speaks: its prose less the links, menus and remarks in it. A paragraph stands for what it is in."""
    values = []
    for block in blocks:
        value = float(block.prose)
        if not block.prose:
            value = -float(
                block.linked or (len(block.text) if block.element in noisy else min(_SHORT, len(block.text)))
            )
        values.append(value)
    if not any(block.prose for block in blocks):
        return None
    weight = _sums(blocks, values)
    best = max(weight, key=lambda element: (weight[element], element.depth))
    return best.parent if best.tag == "p" and best.parent is not None else best


def _title_at(blocks: list[Block], opening: int, page_title: str, named: str) -> int:
    """The place of the title among the blocks up to the first prose, or -1: a heading, a block marked as title, what the page says,
    words that the prose holds."""
    headed = opening < len(blocks) and blocks[opening].element.tag in HEADINGS
    prose = _sample(blocks[opening + headed :])  # no line is held by itself
    said = Counter(filter(None, (_speaker(block.text) for block in blocks)))
    best, at = 2.5, -1
    for n, block in enumerate(blocks[: opening + 1]):
        if (
            not 2 <= len(block.text) <= 80
            or 2 * block.linked > len(block.text)
            or (n == opening and block.element.tag not in HEADINGS)
        ):
            continue
        tokens = _TOKEN.findall(block.element.mark)
        score = {"h1": 3.0, "h2": 1.5, "h3": 1.0}.get(block.element.tag, 0.0)
        score += 1.5 * any(token.endswith(_TITLES) for token in tokens)
        score += 3.0 * (block.text == named)
        if len(block.text) >= 4 and (block.text in page_title or page_title.startswith(block.text[:8])):
            score += 3.0 * min(1.0, len(block.text) / 10)
        score += 0.5 * (len(block.text) >= 8) - 3.0 * (_is_bar(block) or _is_about_it(block))
        score -= 3.0 * (
            never_title(block.text) or is_subtitle(block.text) or said[_speaker(block.text)] >= _SPEAKS
        )
        pairs = _pairs(block.text)
        score += 3.0 * sum(pair in prose for pair in pairs) / max(8, len(pairs))
        if score >= best:
            best, at = score, n
    return at


def _speaker(text: str) -> str:
    """What stands before the colon of a line of an interview (`周大川：…`), or nothing."""
    match = _SPEAKER.match(text)
    return match.group() if match else ""


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring characters of a text."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _sample(blocks: list[Block]) -> str:
    """The beginning of the prose of the page."""
    return "".join(block.text for block in blocks if block.prose > _SHORT)[:3000]


def _named(page_title: str, blocks: list[Block]) -> str:
    """The part of what the page calls itself that its prose speaks of most; sites put their own names before or behind."""
    pieces = [piece.strip() for piece in re.split(r"[_|]|--|——?|\s-\s", page_title)]
    pieces = [piece for piece in pieces if len(piece) >= 6 and not _OWNER.search(piece)]
    prose = _sample(blocks)

    def held(piece: str) -> float:
        pairs = _pairs(piece)
        return len(pairs) + 3.0 * sum(pair in prose for pair in pairs)

    return max(pieces, key=held, default="")[:200]


def _is_about_it(block: Block) -> bool:
    """Whether a short line says when, where and by whom the article was made."""
    return len(block.text) < 120 and _says("about", block.text) and 2 * block.linked < len(block.text)


def _is_kicker(block: Block, title: Block) -> bool:
    """Whether a line right above the title belongs to it."""
    beside = block.element.parent is title.element.parent
    marked = block.element.tag in HEADINGS or any(word in block.element.mark for word in _KICKERS)
    return beside and marked and len(block.text) <= 30 and not block.linked


def _says(what: str, text: str) -> bool:
    return _pattern(what).search(fold(text)) is not None


def _without_machinery(text: str) -> str:
    """A line about the article without counters and buttons, its pieces parted by white."""
    if len(text) > 120 or "。" in text or not (_says("about", text) or _says("machinery", text)):
        return text
    for match in reversed([*_pattern("machinery").finditer(fold(text))]):
        text = text[: match.start()] + text[match.end() :]
    text = _PIECES.sub("\u3000\u3000", text)
    for match in reversed([*_pattern("piece").finditer(fold(text))]):
        text = text[: match.start()] + " " + text[match.start() :]
    return text.strip(" \u3000|")


def _prose(block: Block) -> int:
    """How many Han characters of prose a block holds: none where it is mostly links, or no sentence."""
    if 3 * block.linked > len(block.text) or not re.search("[，。；！？、：]", block.text):
        return 0
    return len(_HAN.findall(block.text))


def _within(element: Element, home: Element) -> bool:
    at: Element | None = element
    while at is not None and at.depth >= home.depth:
        if at is home:
            return True
        at = at.parent
    return False


def _near(element: Element, home: Element) -> bool:
    """Whether an element stands in the same part of the page: at most four levels up from the article."""
    top = home
    for _ in range(_LEVELS):
        top = top.parent or top
    return _within(element, top)


def _is_bar(block: Block) -> bool:
    """Whether a short line is of the page's buttons, paths and calls, and names neither source nor author."""
    if len(block.text) >= 80 or _says("source", block.text):
        return False
    return _says("bar", block.text) or form_role(block.text, ends_sentence(block.text), True) == "call"
