"""The frame of a web page: the way to the page, its buttons and links, titles said twice.

The one idea: a web page is a text with a frame around it. What stands before the text and is no title, and what stands behind
it from the first link on, is furniture; the last of several equal lines above the text is the title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pbtool.articles.bylines import names_of
from pbtool.articles.forms import is_greeting, is_more
from pbtool.articles.lines import TextLine, compact, is_han

_TAIL = 60  # lines at the end of a web page that may be links
_HEAD = 30  # lines before the text of a web page that may be its frame
_FORMERLY = re.compile("原[标標]?[题題]目?[:：]")
_MENU = 3  # short lines in a row that are a menu


def web_frame(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Set aside what stands before the way to the page, between buttons behind the text, and under `往期推荐`."""
    texts = _texts(lines, roles)
    if not texts:
        return
    first, last = texts[0], texts[-1]
    _menu(lines, roles, first)
    frame = [i for i in range(min(first, _HEAD)) if roles[i] in ("other", "label", "masthead", "footer")]
    dated = [i for i in frame if roles[i] == "label" and any(role is None for role in roles[:i])]
    heads = [i for i in range(min(dated[:1] or [first])) if roles[i] is None]
    above = [i for i in frame if heads and i < heads[-1]]
    for k in range(above[-1] if above else 0):
        roles[k] = roles[k] or "other"
    for k in heads:
        if any(lines[k].text != lines[i].text and lines[k].text in lines[i].text.split() for i in frame):
            roles[k] = "other"
    more = next((i for i in range(last + 1, len(lines)) if is_more(lines[i].text)), len(lines))
    links = next((i for i in range(last + 1, len(lines)) if roles[i] == "other"), len(lines))
    for k in range(min(more, links), min(len(lines), last + _TAIL)):
        roles[k] = roles[k] or "other"


def _texts(lines: Sequence[TextLine], roles: Sequence[str | None]) -> list[int]:
    """The lines that are running text beyond doubt."""
    return [i for i, line in enumerate(lines) if line.ends and line.width > 20 and roles[i] is None]


def said_twice(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Of equal lines above the text only the last stands, and `原标题：…` only where no other line says the same."""
    first = next(iter(_texts(lines, roles)), 0)
    above = [i for i in range(min(first, _HEAD)) if roles[i] is None]
    words = {i: _FORMERLY.sub("", compact(lines[i].text)) for i in above}
    left = Counter(words.values())
    for i in sorted(above, key=lambda i: (not _FORMERLY.match(compact(lines[i].text)), i)):
        left[words[i]] -= 1
        if left[words[i]]:
            roles[i] = "other"


def _menu(lines: Sequence[TextLine], roles: list[str | None], first: int) -> None:
    """Short lines in a row above the text (`期刊`, `论文`, `会议`) that are mostly no names are a menu; a label without its value."""
    row: list[int] = []
    for i in range(min(first, _HEAD) + 1):
        text = compact(lines[i].text)
        if i < first and text[-1] in "：:" and len(text) <= 12 and not is_greeting(text):
            roles[i] = roles[i] or "other"
        if i < first and roles[i] is None and len(text) <= 6 and all(map(is_han, text)):
            row.append(i)
            continue
        named = sum(names_of(compact(lines[k].text)) is not None for k in row)
        for k in row if len(row) >= _MENU and 2 * named < len(row) else ():
            roles[k] = "other"
        row = []
