"""What a group of display lines is made of: kicker, title, subtitle; and what only looks like a title: a caption.

The one idea: a title group reads like a sentence broken by its maker. A line led in by a dash explains the title, a line
that ends in a colon or in `强调` introduces it, and lines are joined without a space where the language runs on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.articles.bylines import photographer
from pbtool.articles.forms import is_piece
from pbtool.articles.lines import HAN, compact
from pbtool.articles.wrapping import continuation
from pbtool.tables import pattern

_DASH = pattern(r"[—―–\-－─]{1,4}\s{0,2}\S")
_INTRODUCES = pattern(r"(?:强调|指出|要求|表示|提出|认为|部署|強調|指出)$")
_OCCASION = pattern("在|时|会|对|赴")
_EVENT = pattern(r"(?:举行|召开|开幕|闭幕|启动|举办|印发|发布|成立|揭晓|開幕|舉行|召開)$")
_LABEL = pattern(r"[^，。；]{1,10}[：:]")
#: The language of photographs only; what a picture shows is not listed, since that could be anything.
_CAPTION = pattern(r"合影|留影|图为|圖為|图[①②③④⑤：:]|[左右]起?[一二三四]|一角|外景|鸟瞰|剪影|资料图|航拍")
#: What no title is: more than a sentence, a line of a list, a caption, a bracket.
_NO_TITLE = pattern(
    r"。.|[；;，、]$|^[：:，。；]|图\s?[/／]|[（(][左右前后中][一二三四五排侧]?[）)]|摄$|^[（(][^（）()]{0,60}[）)]$"
)
_PAIR = pattern(f"(?=([{HAN}]{{2}}))")


@dataclass(frozen=True, slots=True)
class TitleParts:
    """Which of the lines of a group are the kicker, the title and the subtitle (indexes into the group)."""

    kicker: tuple[int, ...]
    title: tuple[int, ...]
    subtitle: tuple[int, ...]


def title_parts(texts: Sequence[str], sizes: Sequence[float | None] = ()) -> TitleParts:
    """The parts of a title group; at least one line is always the title.

    `sizes`: the type sizes of the lines, where they are known: what is set much smaller than the largest line is no title.
    """
    roles = [_role(text) for text in texts]
    if len(texts) > 1 and sizes and all(sizes):
        _by_size(roles, [size or 0.0 for size in sizes])
    if "title" not in roles:
        roles[max(range(len(roles)), key=lambda i: (roles[i] != "subtitle", len(texts[i])))] = "title"
    for i in range(1, len(texts)):
        if roles[i] == "title" and roles[i - 1] == "subtitle" and i + 1 == len(texts):
            roles[i] = "subtitle" if "title" in roles[:i] else roles[i]
    if len(texts) > 1 and len(texts[0]) <= 4 and len(texts[1]) >= 8 and roles[:2] == ["title", "title"]:
        roles[0] = "kicker"
    main = [i for i, role in enumerate(roles) if role == "title"]
    if len(main) >= 2 and _EVENT.search(texts[main[0]]) and main[1] == main[0] + 1:
        for i in main[1:]:
            roles[i] = "subtitle"

    def pick(name: str) -> tuple[int, ...]:
        return tuple(i for i, role in enumerate(roles) if role == name)

    return TitleParts(pick("kicker"), pick("title"), pick("subtitle"))


def _by_size(roles: list[str], sizes: Sequence[float]) -> None:
    """Lines above the largest ones lead to the title, lines below explain it."""
    large = [i for i, size in enumerate(sizes) if size >= 0.87 * max(sizes)]
    for i in range(len(roles)):
        if i not in large and roles[i] == "title":
            roles[i] = "kicker" if i < large[0] else "subtitle"


def _role(text: str) -> str:
    if _DASH.match(text):
        return "subtitle"
    if (
        _LABEL.fullmatch(text)
        or is_piece(text)
        or text.endswith("——")
        or (_INTRODUCES.search(text) and len(text) >= 8 and _OCCASION.search(text))
    ):
        return "kicker"
    return "title"


def title_joint(before: str, after: str) -> str:
    """What stands between two lines of one title: nothing where a word or phrase runs on, else a space."""
    if before[-1:] in "，、：—“《（" or after[:1] in "，、：”》）":
        return ""
    return "" if continuation(before, after) > 2.5 else " "


def is_subtitle(text: str) -> bool:
    """Whether a line stands behind a dash (`——…`)."""
    return _DASH.match(text) is not None


def has_subtitle(texts: Sequence[str]) -> bool:
    """Whether a group of title lines has a line behind a dash (`——…`)."""
    return len(texts) > 1 and any(_DASH.match(text) for text in texts)


def looks_like_caption(text: str) -> bool:
    """Whether a short line rather describes a picture than heads a section."""
    if "：" in text[:8] or text.endswith(("：", ":")):
        return False
    return photographer(text) is not None or _CAPTION.search(text) is not None


def never_title(text: str) -> bool:
    """Whether the form of a line says that it is no title: a sentence and more, a line of a list, a caption, a bracket."""
    return _NO_TITLE.search(text) is not None or photographer(text) is not None


def bigrams(text: str) -> set[str]:
    """The pairs of neighbouring Han characters of a text."""
    return set(_PAIR.findall(compact(text)))
