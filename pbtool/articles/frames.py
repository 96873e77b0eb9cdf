"""What a line of a web page looks like: of its text, of its title, of what is said about it, or of the frame around it.

The one idea: each reading of a line has log odds against the frame (menus, paths, buttons, links, notices), read off its form,
its words and its neighbours; `web` finds the reading of the whole page that adds up to most.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from pbtool.articles.bylines import credited, dateline, glued_names, parse_byline, sent_by, units_of
from pbtool.articles.days import DAY
from pbtool.articles.forms import (
    form_role,
    is_abstract,
    is_button,
    is_more,
    is_notice,
    is_particulars,
    is_path,
    names_issue,
    names_site,
    note_label,
    shares,
)
from pbtool.articles.lines import ENUMERATOR, HAN, TextLine, compact, is_han
from pbtool.articles.pictures import photo_credit, points, taken_by
from pbtool.articles.titles import bigrams, is_subtitle, never_title
from pbtool.gazetteer import fold
from pbtool.tables import pattern

#: Sums of log odds for the shapes of lines; rounded, set by looking at pages and not fitted.
_SENTENCE, _CLAUSE, _SAID, _PART_OF_TEXT, _PHRASE = 2.0, 1.2, 0.7, 0.3, -0.8
_FURNITURE, _NOTICE, _MORE, _LINK = -3.0, -6.0, -9.0, -2.0
_TITLED = 2.5  # log odds from which a line inside the text could be the title of another article
_AHEAD, _PART = (
    15,
    300,
)  # lines of running text behind a title, and characters of each, that are searched for its words
_COLUMN = 7  # characters of a column's name, at most
_NEAR = 20  # lines around a title that breaks off in dots among which the whole of it is looked for
_BULLET = pattern(r"[•·▪◦>»*|-]\s|[•·▪◦»]")
_DATED = pattern(
    rf"[\[（(]?\s?(?:{DAY}|\d{{1,2}}[-/.月]\d{{1,2}}日?)\s?[\]）)]?$|^[\[（(]\d{{1,2}}-\d{{1,2}}[\]）)]"
)
_DAY = pattern(DAY)
_JOINED = pattern(r"[ +＋&＆]")
_STOP = pattern(rf"。|(?<=[{HAN}])\.(?!\d)")  # some pages set a full stop as in English
_DAY_SIGNS = pattern("[年月日星期一二三四五六]")
_FORMERLY = pattern(r"[（(]?原(?:标题|题(?:目|为)?)\s?(?:[:：]|(?=《))")


class Frame:
    """The lines of a document with the log odds of each reading against the frame."""

    def __init__(self, lines: Sequence[TextLine], heads: Sequence[int] = (), alone: bool = False) -> None:
        """`heads`: lines that the page itself sets as its title (`h1` of its source); `alone`: there is one page and no more."""
        self.lines, self.alone = lines, alone
        self.heads = frozenset(heads)
        self.texts = [compact(line.text) for line in lines]
        self.roles = [_role(line) for line in lines]
        self.running = [i for i, line in enumerate(lines) if self.roles[i] is None and _is_running(line)]
        self._ahead = -1, ""  # the text behind the line that was asked about last
        self._counts = Counter(self.texts)
        self._paths = {
            text for line, role in zip(lines, self.roles, strict=True) if role for text in _pieces(line.text)
        }

    def text(self, i: int) -> float:
        """Log odds that line i is of the text."""
        line, role = self.lines[i], self.roles[i]
        if is_notice(line.text) or role == "more":
            return _NOTICE if role != "more" else _MORE
        if role is not None:
            return _FURNITURE / 2 if self.alone and role == "other" else _FURNITURE
        if _is_running(line):
            return _SENTENCE + min(3.0, line.width / 40)
        if line.ends:
            return _SAID
        score = _LINK if _BULLET.match(line.text) or _DATED.search(line.text) else 0.0
        if (
            ENUMERATOR.match(line.text)
            or line.text[-1] in "：:；;，"
            or points(line.text)
            or taken_by(line.text)
        ):
            return score + _PART_OF_TEXT
        if (line.width >= 30 and any(c in line.text for c in "，,")) or (
            line.width >= 20 and line.text.count("、") > 2
        ):
            return score + _CLAUSE
        return score + (_PHRASE / 2 if self.alone else _PHRASE)

    def outside(self, i: int) -> float:
        """Log odds that line i is of the frame above or behind: in HTML, where the reader looked for the article, no text is left there."""
        if not self.alone or self.roles[i] is not None:
            return 0.0
        return -4.0 if _is_running(self.lines[i]) else -0.6

    def before(self, i: int) -> float:
        """Log odds that line i is of the frame above the title, where running text seldom stands."""
        return min(self.outside(i), -2.0 if self.roles[i] is None and _is_running(self.lines[i]) else 0.0)

    def title(self, i: int) -> float:
        """Log odds that line i is the title of the running text behind it."""
        line = self.lines[i]
        if (
            self.roles[i] is not None
            or (line.ends and line.text[-1] not in "？！?!…”）)]】")
            or line.width > 60
        ):
            return -99.0
        held = self._held(i)
        score = (-1.5 if held else -2.5) + 5.0 * held + self._shape(line)
        score += 5.0 if i in self.heads else 0.0
        if self._illustrates(i):
            score -= 3.0
        elif self._counts[self.texts[i]] > 1 or self.texts[i] in self._paths:
            score += 1.0 if len(self.texts[i]) > 7 else -1.0
        below = self._below(i)
        score += 1.2 if self._above_text(i) else 0.0
        score += {0: 1.5, 1: 1.9}.get(below, 0.0)
        if self.texts[i].endswith("…") and self._said_in_full(i):
            score -= 3.0  # the page's own short form of its title
        if i + 1 < len(self.lines) and self.roles[i + 1] is None and is_subtitle(self.lines[i + 1].text):
            score += 2.5
        return score

    def _illustrates(self, i: int) -> bool:
        """Whether line i comes again amid the text: a picture's caption does, beside its other picture or its name."""
        if self._counts[self.texts[i]] < 2 or not self.running:
            return False
        first, last = self.running[bisect_right(self.running, i) :][:1] or [len(self.lines)], self.running[-1]
        again = (k for k in range(first[0] + 1, last) if self.texts[k] == self.texts[i])
        return next(again, None) is not None

    def _said_in_full(self, i: int) -> bool:
        """Whether a line near line i goes on where line i breaks off in dots."""
        said = self.texts[i].rstrip("….")
        near = self.texts[max(0, i - _NEAR) : i + _NEAR]
        return any(text.startswith(said) and text != self.texts[i] for text in near)

    def named(self, title: Sequence[int]) -> bool:
        """Whether a line above the title says it with the name of the site behind it (`…_县报网`), as windows do."""
        if not title:
            return False
        said = self.texts[title[0]]
        return any(
            text.startswith(said) and text[len(said) : len(said) + 1] in tuple("_-—|")
            for text in self.texts[: title[0]]
        )

    def is_foot(self, i: int) -> bool:
        """Whether line i is such as stands behind texts: credits, buttons, mastheads, notices."""
        return self.roles[i] not in (None, "more", "page_number") or is_notice(self.lines[i].text)

    def heads_text(self, i: int) -> bool:
        """Whether line i could as well be the title of another article."""
        line = self.lines[i]
        return (
            line.width >= 8
            and not self.repeated(i)
            and not ENUMERATOR.match(line.text)
            and self.title(i) >= _TITLED
        )

    def about(self, i: int) -> float:
        """Log odds that line i, between the title and the text, belongs to the head of the article."""
        line, role = self.lines[i], self.roles[i]
        if role == "label":
            return 2.0 if i == 0 or self.roles[i - 1] != "label" else 0.3
        if self.byline(i):
            return 2.0
        if role is not None:
            return 0.3 if role != "more" else -1.0
        if is_subtitle(line.text) or self.notes(i):
            return 1.0
        if _is_running(line):
            return -6.0
        return 1.0 if self._explains(i) else -0.5

    def notes(self, i: int) -> bool:
        """Whether line i is a note of the editors or an abstract."""
        text = self.lines[i].text
        return self.roles[i] is None and (note_label(text) > 0 or is_abstract(text))

    def _explains(self, i: int) -> bool:
        """Whether line i may be a second line of the title: right below a line and right above particulars."""
        if not 0 < i < len(self.lines) - 1 or self.lines[i].width < 8 or self.roles[i - 1] is not None:
            return False
        return (self.roles[i + 1] == "label" or self.byline(i + 1)) and not self.repeated(i)

    def byline(self, i: int) -> bool:
        """Whether line i says who wrote the text."""
        text = self.lines[i].text
        if self.roles[i] == "other" or (text[0] in "（(" and self.roles[i] is None and self.lines[i].ends):
            return False
        found = parse_byline(text) or credited(text) or sent_by(text)
        if found is None:
            return 4 <= len(text) <= 6 and glued_names(text) is not None and self._above_text(i)
        joined = len(text) <= 16 and _JOINED.search(text) is not None
        return found.marked or joined or (len(text) <= 4 and self._above_text(i))

    def _above_text(self, i: int) -> bool:
        return i + 1 < len(self.lines) and self.roles[i + 1] is None and _is_running(self.lines[i + 1])

    def said_again(self, i: int, title: str) -> bool:
        """Whether line i repeats the title (`原标题：…`, too)."""
        text = _FORMERLY.sub("", self.texts[i])
        return text == title or _FORMERLY.match(self.texts[i]) is not None

    def repeated(self, i: int) -> bool:
        """Whether line i is a phrase of the page that comes back (`点击查看大图`), and no label of a speaker or a section."""
        line = self.lines[i]
        return (
            self._counts[self.texts[i]] > 1
            and not photo_credit(line.text)
            and not _is_running(line)
            and line.text[-1] not in "：:"
            and line.width > 4
        )

    def dates(self, i: int) -> bool:
        """Whether line i names a day with its year."""
        return _DAY.search(self.lines[i].text) is not None

    def dated(self, i: int) -> bool:
        """Whether a line right below line i says on which day it was put up."""
        below = range(i + 1, min(i + 4, len(self.lines)))
        return not self.alone and any(self.roles[k] == "label" and self.dates(k) for k in below)

    def _below(self, i: int) -> int:
        """How many lines stand between line i and the line of particulars below it; 9 where none does."""
        for steps in range(3):
            k = i + 1 + steps
            if k < len(self.lines) and (self.roles[k] == "label" or self.byline(k)):
                return steps
            if k >= len(self.lines) or self.roles[k] is None and self.lines[k].width > 60:
                break
        return 9

    def _held(self, i: int) -> float:
        """The share (0 to 1) of the words of line i that the running text behind it holds; little where it has few words."""
        words = bigrams(self.lines[i].text)
        if not words:
            return 0.0
        start = bisect_right(self.running, i)
        if self._ahead[0] != start:
            behind = [k for k in self.running[start : start + _AHEAD] if k - i < 120]
            self._ahead = start, "".join(self.lines[k].text[:_PART] for k in behind)
        return sum(word in self._ahead[1] for word in words) / max(len(words), 5)

    def _shape(self, line: TextLine) -> float:
        text = line.text
        text = text.strip("|｜ ")
        tokens = [token for token in re.split(r"[\s|｜]+", text) if token]
        score = 0.0
        if line.width < 6:
            score -= 2.0
        elif 9 <= line.width <= 40:
            score += 0.5
        if (("|" in text or "｜" in text) and not _in_two(text)) or (
            len(tokens) >= 3 and len(compact(text)) <= 5 * len(tokens)
        ):
            score -= 4.0
        if _BULLET.match(text) or (_DATED.search(text) and line.width > 8):
            score -= 2.0
        if line.width < 24 and names_site(text):
            score -= 2.0
        if text[-1] in "：:，、；":
            score -= 2.0
        if ENUMERATOR.match(text) and text[0] not in "【[［":
            score -= 5.0  # the first head of a text, whose own title is not there
        if is_subtitle(text):
            score -= 6.0
        if never_title(text):
            score -= 6.0
        if points(text) or photo_credit(text) or dateline(text) or _FORMERLY.match(text) or units_of(text):
            score -= 2.0
        return score


def _in_two(text: str) -> bool:
    """Whether a bar parts a line into a column's name and a title, rather than a menu into its entries."""
    parts = [part.strip() for part in re.split(r"[|｜]", text)]
    short, long = sorted(parts, key=len) if len(parts) == 2 else ("", "")
    return 0 < len(short) <= _COLUMN < len(compact(long)) and not any(map(names_site, parts))


def _is_running(line: TextLine) -> bool:
    """Whether a line is running text beyond doubt."""
    return (line.ends and line.width >= 20) or (line.width >= 30 and _STOP.search(line.text) is not None)


def _role(line: TextLine) -> str | None:
    """The furniture role of a line of a web page; `label` for particulars, `more` where links to other pages begin."""
    text = line.text
    if is_more(text):
        return "more"
    if is_particulars(text):
        return "label"
    role = form_role(text, line.ends, True)
    if role in ("call", "contact"):
        return "other" if not line.ends or line.width < 24 else None
    if role == "footer" and any(c.isdigit() for c in text) and not any(map(is_han, _DAY_SIGNS.sub("", text))):
        return "label"
    return role or ("other" if not line.ends and _is_control(text) else None)


def _is_control(text: str) -> bool:
    """Whether a line is made of buttons, a path, a link on, a call to share, or the issue of a periodical."""
    if is_button(text) or is_path(text) or names_issue(text) or shares(text) or len(_DAY.findall(text)) > 2:
        return True
    tokens = re.split(r"[\s|｜]+", text)
    links_on = len(text) <= 40 and text.endswith((">>", "»"))
    return links_on or (len(tokens) >= 3 and 3 * sum(map(is_button, tokens)) >= 2 * len(tokens))


def _pieces(text: str) -> list[str]:
    return [piece for piece in map(compact, re.split(r"[>›»|｜《》]+|\s{2,}", fold(text))) if len(piece) > 5]
