"""When an issue came out: told by its running heads and mastheads, else by its file name, else unknown.

The one idea: a guess that anybody can check. `2023年第2期` in the furniture says 2023, a file called `2019-03-05.txt` says that
day, and `issued_by` in the store says which of the two it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePath

_YEAR = r"(?<!\d)((?:19|20)\d\d)"
_DAY = r"(0?[1-9]|1[0-2])[-./月](0?[1-9]|[12]\d|3[01])(?!\d)"
_PRINTED = re.compile(rf"{_YEAR}(?:年(?:{_DAY}|第?\d|总第)|[-./]{_DAY})")
_IN_NAME = re.compile(rf"{_YEAR}(?:[-._年]{_DAY}|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)|(?:\d\d)?(?!\d))")


def printed_date(furniture: Iterable[str]) -> str | None:
    """The year or day (ISO 8601) that mastheads and running heads agree on; the commonest, then the earliest."""
    found = Counter(_date(match.groups()) for text in furniture for match in _PRINTED.finditer(text[:200]))
    return min(found, key=lambda date: (-found[date], -len(date), date)) if found else None


def named_date(path: str) -> str | None:
    """The year or day that a file name, or else the name of its folder, tells."""
    parts = PurePath(path).parts[-2:]
    for name in reversed(parts):
        match = _IN_NAME.search(name)
        if match:
            return _date(match.groups())
    return None


def _date(groups: tuple[str | None, ...]) -> str:
    year, *rest = groups
    month, day = [part for part in rest if part] or (None, None)
    return f"{year}-{int(month):02}-{int(day):02}" if month and day else str(year)
