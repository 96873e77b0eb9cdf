"""What belongs to the page and not to an article: page numbers, running headers, mastheads, tables of contents, web shells.

The one idea: furniture is told by its form (see `forms`), by coming back (the same short line at the edge of several pages)
and by its place. A column name that occurs once counts where it stands at an edge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pbtool.articles.forms import bare_number, form_role, is_column, is_contents, is_paper, turn_mark
from pbtool.articles.lines import TextLine, compact, is_han
from pbtool.tables import pattern

EDGE_ROLES = ("page_number", "running_header", "footer", "masthead")
#: A line of a table of contents: its page stands before or behind the title.
_ENTRY = pattern(
    r"(?P<behind>.{2,60}?)(?:[…⋯·.．\s/／（(—\-]{1,40})(?:P\s?)?\d{1,3}\s?[版页]?[）)]?"
    r"|(?:P\s?|第)?\d{1,3}\s?(?:[版页][:：]?|[\s/／|丨·…—\-]{1,6})(?P<before>[^\d\s].{2,60})"
    r"|[▶►→▷◆●■]\s?(?P<marked>.{4,50}?)\s?[（(]?\s?\d{1,3}\s?[版页]?\s?[）)]?"
)

__all__ = ["EDGE_ROLES", "Contents", "furniture_roles", "is_column", "printed", "turn_mark"]

Contents = tuple[str, ...]


def furniture_roles(lines: Sequence[TextLine]) -> tuple[list[str | None], Contents]:
    """The furniture role of every line, or None where the line may belong to an article; and the titles listed as contents."""
    chinese = _mostly_chinese(lines)
    roles: list[str | None] = [form_role(line.text, line.ends, chinese) for line in lines]
    titles = _contents(lines, roles)
    _doubtful_numbers(lines, roles)
    _in_running_text(lines, roles)
    _settle_contacts(lines, roles)
    _repeated(lines, roles)
    for _ in range(2):
        _at_edges(lines, roles)
    return ["other" if role == "label" else role for role in roles], titles


def _mostly_chinese(lines: Sequence[TextLine]) -> bool:
    sample = "".join(line.text for line in lines[:2000])
    return sum(map(is_han, sample)) * 2 > sum(c.isalpha() for c in sample)


# --- forms that need a look around ----------------------------------------------------------------------------------


def _doubtful_numbers(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Numbers alone on a line are page numbers unless most lines are such (a table, one character a line)."""
    numbers = [i for i, role in enumerate(roles) if role == "page_number"]
    crowd = len(numbers) > 8 and len(numbers) * 6 > len(lines)
    for i in numbers:
        before = lines[i - 1] if i else None
        dangling = (
            bare_number(lines[i].text)
            and before is not None
            and not before.ends
            and roles[i - 1] is None
            and not lines[i].top
        )
        if crowd or dangling:
            roles[i] = None


def _in_running_text(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """A full line before it that does not end says that the words only happen to open a line of running text."""
    for i, role in enumerate(roles):
        if role in ("masthead", "other", "label", "contact", "footer") and i and roles[i - 1] is None:
            before, line = lines[i - 1], lines[i]
            full = not before.ends and before.width > 12 and abs(before.width - line.width) <= 1.5
            if (
                full
                and not turn_mark(line.text)
                and (line.ends or i + 1 < len(lines) and roles[i + 1] is None)
            ):
                roles[i] = None


def _settle_contacts(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Addresses and calls are furniture beside furniture, at the ends of a page, and (calls) where lines are not wrapped."""
    free = printed(_unclaimed(lines, roles))
    for i, role in enumerate(roles):
        if role == "call":
            below = lines[i + 1] if i + 1 < len(lines) and roles[i + 1] is None else None
            wraps = below is not None and not lines[i].ends and abs(below.width - lines[i].width) <= 1.5
            roles[i] = None if free or wraps else "other"
        elif role == "contact":
            near = [roles[k] for k in (i - 1, i + 1) if 0 <= k < len(roles)]
            edge = i + 1 == len(lines) or lines[i + 1].top
            roles[i] = "masthead" if edge or any(near) else None


def _unclaimed(lines: Sequence[TextLine], roles: Sequence[str | None]) -> list[TextLine]:
    return [line for line, role in zip(lines, roles, strict=True) if role is None]


def printed(lines: Sequence[TextLine]) -> bool:
    """Whether the lines are those of printed columns: few end a sentence, and those that do not are as wide as the next."""
    long = [line for line in lines if line.width >= 12]
    if len(long) < 8 or sum(line.ends for line in long) > 0.55 * len(long):
        return False
    pairs = list(zip(lines, lines[1:], strict=False))
    torn = [(a, b) for a, b in pairs if a.width >= 12 and not a.ends]
    even = sum(abs(a.width - b.width) <= 1.5 for a, b in torn)
    return len(torn) >= 3 and even >= 0.3 * len(torn)


def _contents(lines: Sequence[TextLine], roles: list[str | None]) -> Contents:
    """Set tables of contents aside; gives the titles that they list."""
    titles: list[str] = []
    i = 0
    while i < len(lines):
        headed = is_contents(lines[i].text)
        last = _contents_end(lines, i + headed)
        entries = [k for k in range(i + headed, last + 1) if _entry(lines[k].text)]
        if len(entries) >= (1 if headed else 4):
            titles += [_entry(lines[k].text) for k in entries]
            for k in range(i, last + 1):
                roles[k] = roles[k] or "other"
            i = last
        i += 1
    return tuple(titles)


def _contents_end(lines: Sequence[TextLine], first: int) -> int:
    """The last entry of a run of entries; a short line between two (a column name, an author) does not end it."""
    last, i = first - 1, first
    while i < len(lines) and i - last <= 2:
        if _entry(lines[i].text):
            last = i
        elif lines[i].ends or lines[i].width > 26:
            break
        i += 1
    return last


def _entry(text: str) -> str:
    """The title in a line of a table of contents, or nothing."""
    if len(text) > 70 or text[-1] in "。，；！？":
        return ""
    match = _ENTRY.fullmatch(text)
    if match is None:
        return ""
    title = (match["behind"] or match["before"] or match["marked"] or "").strip(" …·.●■◆▶►")
    return title if sum(map(is_han, title)) >= 4 else ""


# --- what comes back, and what stands at the edges ---------------------------------------------------------------------


def _repeated(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    keys = [_key(line) if role is None else "" for line, role in zip(lines, roles, strict=True)]
    counts = Counter(key for key in keys if key)
    often = {key for key, count in counts.items() if count >= 3}
    if sum(counts[key] for key in often) * 3 > len(lines) > 12:
        return
    paged = any(line.top for line in lines[1:]) or "page_number" in roles
    narrow = sorted(line.width for line in lines)[len(lines) // 2] <= 40
    edges: Counter[str] = Counter(
        key
        for i, key in enumerate(keys)
        if key in often
        and (_edge(lines, roles, i) or (not paged or narrow) and not _goes_on(lines[i], lines[i + 1]))
    )
    for i, key in enumerate(keys):
        if key in often and edges[key] * 2 > counts[key]:
            roles[i] = "running_header"


def _goes_on(line: TextLine, below: TextLine) -> bool:
    """Whether a line fills its column and the next one as well, indented or not: running text, which may come back word for word."""
    return line.width >= 12 and not line.ends and -1.5 <= below.width - line.width <= 2.5


def _key(line: TextLine) -> str:
    text = compact(line.text)
    if (
        line.width > 18
        or line.ends
        or text[-1] in "：:，,、；"
        or len(text) < 2
        or not any(map(is_han, text))
        or text[0] in "（(■【“"
    ):
        return ""
    return re.sub(r"\d", "0", text)


def _edge(lines: Sequence[TextLine], roles: Sequence[str | None], i: int) -> bool:
    if i == 0 or i == len(lines) - 1 or lines[i].top or lines[i + 1].top:
        return True
    return roles[i - 1] in EDGE_ROLES or roles[i + 1] in EDGE_ROLES


def _at_edges(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Column names that occur once, at an edge of the page; headers that stand beside two page numbers or more."""
    counts = Counter(compact(line.text) for line, role in zip(lines, roles, strict=True) if role is None)
    for i, line in enumerate(lines):
        text = compact(line.text)
        if roles[i] is not None or not 2 <= len(text) <= 8 or not all(map(is_han, text)):
            continue
        before = roles[i - 1] if i else "page_number"
        after = roles[i + 1] if i + 1 < len(lines) else "page_number"
        opening = i < 12 and all(line.width < 24 and not line.ends for line in lines[:i])
        if is_paper(text) and opening and (i == 0 or after in EDGE_ROLES or before in EDGE_ROLES):
            roles[i] = "masthead"
            continue
        column = is_column(text) and (opening or _edge(lines, roles, i) or _apart(lines, i))
        inner = i not in (0, len(lines) - 1) or (i == 0 and len(text) <= 4)
        held = before in EDGE_ROLES and after in EDGE_ROLES and inner
        again = counts[text] >= 2 and "page_number" in (before, after) and i > 0
        under = before == "running_header" and len(text) <= 5 and _heads_page(lines, i)
        if column or held or again or under:
            roles[i] = "running_header"


def _heads_page(lines: Sequence[TextLine], i: int) -> bool:
    """Line i stands under a running header, and a title or running text follows."""
    after = lines[i + 1] if i + 1 < len(lines) else None
    return after is not None and not after.text.startswith("■") and after.width >= 10


def _apart(lines: Sequence[TextLine], i: int) -> bool:
    if not 0 < i < len(lines) - 1:
        return False
    before, after = lines[i - 1], lines[i + 1]
    return (
        not before.ends
        and before.text[-1] not in "，、；："
        and after.text.startswith(("编者", "编 者", "■", "【"))
    )
