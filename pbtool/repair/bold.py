"""Faux bold: text that was printed several times over itself, and is reported several times.

The one idea: language doubles a syllable or two (清清楚楚); only a printer doubles everything. So a line counts as doubled only where
nothing in it stands once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from pbtool.document import FontRun
from pbtool.edits import Edit, without_overlaps
from pbtool.repair.punctuation import HAN

RULE = "bold"
_TRIPLED = re.compile(rf"(?:([{HAN}0-9A-Za-z，。、：；])\1{{2,3}}){{2,60}}")
_PAIRED = re.compile(rf"(?:([{HAN}])\1){{4,60}}")
_LONGEST = 160


def propose_bold(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Characters or phrases that are reported two to four times because they were printed over themselves.

    **What it repairs.** `杭杭杭杭州州州州`, and lines in which every phrase stands twice (`工作交流工作交流现场现场`).

    **How it comes about.** Layout programs make a bold face by printing a text several times, a little apart.

    >>> from pbtool.repair.bold import propose_bold
    >>> [(e.before, e.after) for e in propose_bold("青青青青屏屏屏屏")]
    [('青青青青屏屏屏屏', '青屏')]

    **When it is wrong.** In verse and cries that repeat everything. 清清楚楚, 条条框框 and a word said twice inside a sentence stay.

    **Source.** Seen in captions and headings of newspaper pages.
    """
    return list(without_overlaps([*_by_character(text), *_by_phrase(text)]))


def _by_character(text: str) -> Iterator[Edit]:
    for pattern in (_TRIPLED, _PAIRED):
        for match in pattern.finditer(text):
            groups = [(char, len(list(run))) for char, run in groupby(match[0])]
            times = groups[0][1]
            least = 2 if times > 2 else 4
            if times <= 4 and len(groups) >= least and all(count == times for _, count in groups):
                once = "".join(char for char, _ in groups)
                yield Edit(match.start(), match.end(), match[0], once, RULE, "likely", 0.98)


def _by_phrase(text: str) -> Iterator[Edit]:
    place = 0
    for line in text.split("\n"):
        if 8 <= len(line) <= _LONGEST and line.count(line[0]) % 2 == 0 and line.count(line[-1]) % 2 == 0:
            bare = line.strip()
            once = _once(bare) if len(bare) % 2 == 0 else None
            if once is not None:
                start = place + line.index(bare)
                yield Edit(start, start + len(bare), bare, once, RULE, "likely", 0.97)
        place += len(line) + 1


def _once(line: str) -> str | None:
    """The line with every phrase said once, where all of it is phrases said twice, one of them of at least four Han."""
    phrases = []
    place = 0
    while place < len(line):
        longest = (len(line) - place) // 2
        size = next(
            (n for n in range(longest, 1, -1) if line[place : place + n] == line[place + n : place + 2 * n]),
            0,
        )
        if not size:
            return None
        phrases.append(line[place : place + size])
        place += 2 * size
    enough = any(len(p) >= 4 and len(set(p)) >= 4 for p in phrases) and (
        len(phrases) > 1 or len(phrases[0]) >= 6
    )
    return "".join(phrases) if enough else None
