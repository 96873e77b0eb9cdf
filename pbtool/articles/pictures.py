"""Captions: what describes a picture instead of going on with the text.

The one idea: a caption is tied to a photographer (`林晓 摄`, `（县融媒供图）`), to a sign that points at the picture (`▲`, `图为`),
or, where a line stands apart from any text, to what photographs show: people at something, a scene.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pbtool.articles.bylines import names_of, photographer, units_of
from pbtool.articles.lines import TextLine
from pbtool.articles.words import PAGE, any_of
from pbtool.articles.wrapping import continuation
from pbtool.gazetteer import fold
from pbtool.tables import pattern

_POINTS = pattern(
    r"[▲△▼▽↑↓◀►◄→←⬆⬇]\s{0,2}\S|(?:上|下|左|右|题|大|小)?图[①②③④⑤⑥]?[为：:]|图(?:[①②③④⑤⑥]|\d{1,2}\s?[：:])"
)
_TAKEN = pattern(r"(?:摄|摄影|供图|图)\s?[）)]?$")
_NAMED = pattern(r"^[（(]?(?:摄影|供图|图片|照片|图)\s?[:：/／]")
_PAUSE = pattern(r"[：:，,；、？！?!—]")
_MOST_LINES = 6

__all__ = ["captions", "depicts", "describes", "photo_credit", "points"]


@cache
def _people() -> re.Pattern[str]:
    return re.compile(any_of(PAGE, "people"))


@cache
def _scene() -> re.Pattern[str]:
    return re.compile(any_of(PAGE, "scene"))


def photo_credit(text: str) -> bool:
    """Whether a line says who took a picture and nothing else (`本报通讯员 林晓 摄`, `图/县融媒中心`)."""
    text = fold(text)
    if len(text) > 40 or not (_TAKEN.search(text) or _NAMED.match(text)) or "文" in text:
        return False
    bare = _TAKEN.sub("", _NAMED.sub("", text)).strip("（()） ")
    return bool(bare) and (names_of(bare) is not None or units_of(bare) is not None)


def taken_by(text: str) -> bool:
    """Whether a line ends with the photographer behind its words (`…采摘春茶。 林晓 摄`)."""
    return photographer(text) is not None


def points(text: str) -> bool:
    """Whether a line points at a picture (`▲…`, `图为…`)."""
    return _POINTS.match(fold(text)) is not None


def depicts(text: str) -> bool:
    """Whether a line that stands apart rather shows people or a scene than heads a section."""
    text = fold(text)
    if len(text) < 9 or len(text) > 60 or _PAUSE.search(text):
        return False
    return bool(_scene().search(text)) or (len(text) >= 11 and bool(_people().search(text)))


def describes(text: str) -> bool:
    """Whether a phrase longer than titles are speaks of people or of a scene, as captions do."""
    text = fold(text)
    if text[-1] in "：:，,、；;" or "|" in text or text.startswith("关于"):
        return False
    return bool(_scene().search(text) or _people().search(text))


def captions(lines: Sequence[TextLine], kinds: Sequence[str], printed: bool) -> list[list[int]]:
    """Groups of lines that are captions by a photographer or by a sign; `printed`: the text is wrapped in columns."""
    result: list[list[int]] = []
    for i, line in enumerate(lines):
        if kinds[i] or (result and i <= result[-1][-1]):
            continue
        if photo_credit(line.text):
            result.append(_behind(lines, kinds, i, result))
        elif taken_by(line.text) and not printed:
            result.append([i])
        elif taken_by(line.text):
            result.append([*_before(lines, kinds, i, result), i])
        elif points(line.text) and len(line.text) <= 90:
            result.append(_sentence(lines, kinds, i) if printed else [i])
    return result


def _behind(lines: Sequence[TextLine], kinds: Sequence[str], i: int, taken: Sequence[list[int]]) -> list[int]:
    """A credit on a line of its own, and the words before it that it stands behind."""
    k = i - 1
    free = k >= 0 and not kinds[k] and not lines[i].top and not (taken and taken[-1][-1] == k)
    if not free or lines[k].gap + 3 < lines[i].gap:
        return [i]
    return [*_before(lines, kinds, i, taken, 1), i]


def _before(
    lines: Sequence[TextLine], kinds: Sequence[str], i: int, taken: Sequence[list[int]], least: int = 0
) -> list[int]:
    """The lines before line i back to the end of a sentence: what its photographer took."""
    found: list[int] = []
    for k in range(i - 1, max(-1, i - 1 - _MOST_LINES), -1):
        stop = lines[k].ends and len(found) >= least
        if stop or kinds[k] or lines[k + 1].top or (taken and taken[-1][-1] == k):
            return found[::-1]
        found.append(k)
    return []


def _sentence(lines: Sequence[TextLine], kinds: Sequence[str], i: int) -> list[int]:
    """The lines from line i on to the end of its sentence; the line alone where that is far or does not follow."""
    for k in range(i, min(len(lines), i + _MOST_LINES)):
        if kinds[k] or (k > i and (lines[k].top or continuation(lines[k - 1].text, lines[k].text) < 0)):
            break
        if lines[k].ends:
            return list(range(i, k + 1))
    return [i]
