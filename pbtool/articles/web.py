"""Web pages: which stretches of lines are the title, the head and the text of an article, and which the frame around them.

The one idea: a page is read as frame, title, head (particulars, byline, subtitle), text, frame, and over again where several
pages were put into one file. Of all such readings of a document the one with the highest sum of log odds (see `frames`) is
taken, found by dynamic programming over the lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pbtool.articles.bylines import affiliation, dateline, sent_by, trailing_byline, units_of
from pbtool.articles.days import DAY_OF_MONTH, MONTH_OF_YEAR
from pbtool.articles.forms import controls_begin, is_path, unfinished
from pbtool.articles.frames import Frame
from pbtool.articles.furniture import printed
from pbtool.articles.lines import TextLine, cells, ends_sentence
from pbtool.articles.pictures import taken_by
from pbtool.articles.titles import is_subtitle
from pbtool.tables import pattern

_BEFORE, _TITLE, _HEAD, _TEXT, _BEHIND = range(5)
#: Log odds of passing from one part of a page to the next; a second article, and text without a title, must be worth it.
_STEPS = {
    (_BEFORE, _BEFORE): 0.0,
    (_BEFORE, _TITLE): 0.0,
    (_BEFORE, _HEAD): -1.5,
    (_BEFORE, _TEXT): -1.5,
    (_TITLE, _HEAD): 0.0,
    (_TITLE, _TEXT): 0.0,
    (_HEAD, _HEAD): 0.0,
    (_HEAD, _TEXT): 0.0,
    (_TEXT, _TEXT): 0.0,
    (_TEXT, _BEHIND): -0.5,
    (_TEXT, _TITLE): -8.0,
    (_BEHIND, _BEHIND): 0.0,
    (_BEHIND, _TITLE): -8.0,
}
_DATE = pattern(MONTH_OF_YEAR + DAY_OF_MONTH)
_MOST_LINES = 6000
_COLUMN = 30.0  # cells; where so much of the text (_NARROW) stands in narrower lines, it is set in columns
_NARROW = 0.75
_ENTRY = 12.0
_MARKS, _MARKED = frozenset("，。、；：,"), 0.4
_WIDE = 36.0  # cells; of paragraphs that are a line each, one in four is wider
_HEADS = 6  # heads that a text without a title may have
_FEET = 12  # lines behind a text among which its author is looked for
_FILE = 200_000  # characters of a file of web pages
_LONGEST = 20_000  # characters of the text of one web page
_SHORTEST_HEAD, _LONGEST_HEAD = (
    6.0,
    80.0,
)  # cells of a line that buttons may stand behind, and of both together
_SIGNS = 2.0  # how much must speak for a web page


@dataclass(frozen=True, slots=True)
class Page:
    """An article of a web page: the lines of its title, of its head, and of its text (in file order).

    `framed`: a frame was seen around it, so that its lines are paragraphs.
    """

    title: tuple[int, ...]
    head: tuple[int, ...]
    text: tuple[int, ...]
    framed: bool = True

    def lines(self) -> list[int]:
        """All lines of the article in file order."""
        return sorted({*self.title, *self.head, *self.text})

    def moved(self, places: Mapping[int, int]) -> Page:
        """The same article where its lines have other places."""
        title, head, text = (tuple(places[i] for i in part) for part in (self.title, self.head, self.text))
        return Page(title, head, text, self.framed)


def web_pages(lines: Sequence[TextLine], heads: Sequence[int] = (), html: bool = False) -> list[Page]:
    """The articles of a document that is a web page or several; nothing where it is none.

    `heads`: lines that the page itself sets as its title; `html`: the document is a web page beyond doubt, and one only.
    """
    if not 1 < len(lines) <= _MOST_LINES or any(line.box is not None for line in lines):
        return []
    if not html and (_in_columns(lines) or lines[-1].end > _FILE):
        return []
    frame = Frame(lines, heads, alone=html)
    pages = _pages(frame, _best(frame))
    if html or not pages:
        return pages
    if not all(page.text for page in pages):
        return []
    framed = _framed(frame, pages)
    if not _covered(frame, pages) or not (framed or _plain(frame, pages)):
        return []
    several = any(_several(frame, page) for page in pages)
    if several or printed([lines[i] for page in pages for i in page.text]):
        return []
    return [replace(page, framed=framed) for page in pages]


def controls_apart(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines, those of buttons and counters that stand behind another cut off from it as lines of their own."""
    result = []
    for line in lines:
        cut = len(line.text) if line.ends or line.width > _LONGEST_HEAD else controls_begin(line.text)
        if (
            cut < len(line.text)
            and cells(line.text[:cut]) >= _SHORTEST_HEAD
            and line.end - line.start == len(line.text)
        ):
            begin = cut + len(line.text[cut:]) - len(line.text[cut:].lstrip())
            ends = ends_sentence(line.text[:cut])
            result.append(
                replace(
                    line, end=line.start + cut, text=line.text[:cut], width=cells(line.text[:cut]), ends=ends
                )
            )
            rest = line.text[begin:]
            line = replace(line, start=line.start + begin, text=rest, width=cells(rest), top=False, gap=0)
        result.append(line)
    return result


def _in_columns(lines: Sequence[TextLine]) -> bool:
    """Whether text is set in columns, whose lines are no paragraphs: most of it stands in lines as narrow as a column's."""
    if max(line.width for line in lines) < _COLUMN:
        return True
    # Entries of menus are narrower still, and names of other pages have no commas.
    long = [line for line in lines if line.width >= _ENTRY]
    narrow = [line for line in long if line.width < _COLUMN]
    marked = sum(not _MARKS.isdisjoint(line.text) for line in narrow)
    if marked >= _MARKED * len(narrow) > 0 and _extent(narrow) >= _NARROW * _extent(long):
        return True
    widths = sorted(line.width for line in lines if line.ends)
    return bool(widths) and widths[len(widths) * 3 // 4] < _WIDE and printed(lines)


def _extent(lines: Sequence[TextLine]) -> float:
    return sum(line.width for line in lines)


def _framed(frame: Frame, pages: Sequence[Page]) -> bool:
    """Whether a frame is seen: particulars, a path or buttons above the text; or credits, notices and links behind the text of one
    article, in which nothing could head another."""
    first, last = pages[0].text[0], pages[-1].text[-1]
    above, behind = frame.roles[:first], frame.roles[last:]
    score = 2.0 * ("label" in above)
    score += 2.0 * any(is_path(line.text) or "首页" in line.text for line in frame.lines[:first])
    score += min(2.0, sum(role == "other" for role in above)) + 2.0 * frame.named(pages[0].title)
    if score >= _SIGNS:
        return True
    feet = sum(frame.is_foot(i) for i in range(last + 1, len(frame.lines)))
    score += 2.0 * ("more" in behind) + min(2.0, 0.75 * feet)
    return score >= _SIGNS and len(pages) == 1 and not any(map(frame.heads_text, pages[0].text[1:]))


def _plain(frame: Frame, pages: Sequence[Page]) -> bool:
    """Whether there is one article in which no line is less than a sentence, so that nothing in it could head another. Where the text
    has lost its own title, a few lines that stand in it are its heads."""
    text = pages[0].text
    heads = sum(frame.roles[i] is None and frame.text(i) <= 0 and not _signs_off(frame, i) for i in text)
    return len(pages) == 1 and heads <= (0 if pages[0].title else _HEADS)


def _covered(frame: Frame, pages: Sequence[Page]) -> bool:
    """Whether the pages hold most of the running text; what stands behind links to other pages (remarks of readers) does not count."""
    held = {i for page in pages for i in page.lines()}
    more = (
        frame.roles.index("more", pages[-1].text[-1])
        if "more" in frame.roles[pages[-1].text[-1] :]
        else len(frame.roles)
    )
    lost = sum(len(frame.texts[i]) for i in frame.running if i not in held and i < more)
    return 2 * lost <= sum(len(frame.texts[i]) for i in frame.running if i in held)


def _best(frame: Frame) -> list[int]:
    """The part of a page to which each line belongs, in the best reading."""
    count = len(frame.lines)
    scores = {_BEFORE: 0.0}
    back: list[dict[int, int]] = []
    for i in range(count):
        gains = {
            _BEFORE: frame.before(i),
            _TITLE: frame.title(i),
            _HEAD: frame.about(i),
            _TEXT: frame.text(i),
            _BEHIND: frame.outside(i),
        }
        after: dict[int, float] = {}
        source: dict[int, int] = {}
        for (old, new), step in _STEPS.items():
            if old in scores and _possible(frame, i, old, new):
                value = scores[old] + step + gains[new]
                if value > after.get(new, -1e9):
                    after[new], source[new] = value, old
        scores = after
        back.append(source)
    state = max((part for part in scores if part in (_TEXT, _BEHIND, _BEFORE)), key=lambda part: scores[part])
    parts = [state]
    for source in reversed(back[1:]):
        parts.append(source[parts[-1]])
    return parts[::-1]


def _possible(frame: Frame, i: int, old: int, new: int) -> bool:
    """Whether line i may begin another part: only particulars with a day announce a further page, and without a title
    only a byline is taken for the head."""
    if new == _TITLE and old != _BEFORE:
        return frame.dated(i)
    return (old, new) != (_BEFORE, _HEAD) or (frame.roles[i] in (None, "label") and frame.byline(i))


def _pages(frame: Frame, parts: Sequence[int]) -> list[Page]:
    """The articles of a reading."""
    starts = [i for i, part in enumerate(parts) if part == _TITLE]
    untitled = next((i for i, part in enumerate(parts) if part != _BEFORE), len(parts))
    if not starts or untitled < starts[0]:
        starts.insert(0, untitled)
    result = []
    for start, end in zip(starts, [*starts[1:], len(parts)], strict=True):
        text = [i for i in range(start, end) if parts[i] == _TEXT]
        if text:
            result.append(_page(frame, parts, range(start, end), text))
    return result


def _page(frame: Frame, parts: Sequence[int], place: range, text: Sequence[int]) -> Page:
    start = place.start
    title = [start] if parts[start] == _TITLE else []
    said = frame.texts[start] if title else ""
    head = [i for i in range(start, text[0]) if parts[i] == _HEAD and not frame.said_again(i, said)]
    marks = [i for i in head if frame.roles[i] is not None or frame.byline(i)]
    title += [
        i for i in head if is_subtitle(frame.lines[i].text) or (title and _explains(frame, i, start, marks))
    ]
    kept = [
        i
        for i in head
        if i not in title and (frame.byline(i) or frame.notes(i) or _leads_in(frame, i, marks))
    ]
    signed = _signatures(frame, range(text[-1] + 1, min(text[-1] + 1 + _FEET, place.stop)))
    inner = [i for i in text if not frame.said_again(i, said) and not frame.repeated(i)]
    return Page(tuple(title), tuple(kept), (*inner, *signed))


def _explains(frame: Frame, i: int, title: int, marks: Sequence[int]) -> bool:
    """Whether line i is a second line of the title: right below it, and above the particulars or the rest of its phrase."""
    if i != title + 1 or frame.roles[i] is not None or i in marks:
        return False
    rest = unfinished(frame.lines[title].text) and frame.lines[i].width <= 30
    return rest or (i + 1 in marks and frame.lines[i].width >= 8)


def _leads_in(frame: Frame, i: int, marks: Sequence[int]) -> bool:
    """Whether line i of the head stands right above the text and is of it: a head, a note, a caption."""
    return (
        frame.roles[i] is None
        and not any(k > i for k in marks)
        and frame.lines[i].width >= 8
        and not frame.repeated(i)
    )


def _signatures(frame: Frame, behind: range) -> list[int]:
    """The lines behind a text that say who wrote it, also among credits."""
    result = []
    for n, i in enumerate(behind):
        if _signs_off(frame, i) and not frame.dates(i):
            result.append(i)
        elif n >= 3 and not frame.is_foot(i):
            break
    return result


def _signs_off(frame: Frame, i: int) -> bool:
    """Whether line i, behind the text, says who wrote it or where it comes from."""
    text = frame.lines[i].text
    if frame.roles[i] is None and units_of(text) is not None or _DATE.fullmatch(text):
        return True  # as notices end
    return frame.byline(i) or affiliation(text) or (frame.roles[i] is None and sent_by(text) is not None)


def _several(frame: Frame, page: Page) -> bool:
    """Whether the text of a page is that of several articles, which are told apart by other means."""
    if sum(len(frame.texts[i]) for i in page.text) > _LONGEST:
        return True
    inner = [i for i in page.text[1:-1] if not taken_by(frame.lines[i].text)]
    signed = sum(trailing_byline(frame.lines[i].text) is not None for i in inner)
    # Where the article has said who wrote it, one more in the midst of it is somebody else's head.
    headed = sum(frame.roles[i] is None and frame.byline(i) for i in inner)
    headed += any(frame.roles[i] is None and frame.byline(i) for i in page.head)
    sent = sum(dateline(frame.lines[i].text) is not None for i in page.text)
    parted = sum(frame.roles[i] in ("footer", "page_number", "label") for i in inner)
    return signed > 1 or headed > 1 or sent > 1 or parted > 2
