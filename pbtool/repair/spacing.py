"""Spaces that typesetting or a text layer put where Chinese has none.

The one idea: a space between Han and a number, or after a full-width mark, says nothing and goes; a space between Han and Han
may divide names, clauses of a title or words of a slogan, and goes only where every character of a word stands alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from pbtool.document import FontRun
from pbtool.edits import Edit
from pbtool.repair.punctuation import HAN

RULE = "spacing"
_MARKS = "，。；：？！、"
_BESIDE = re.compile(
    rf"(?<=[{HAN}{_MARKS}“”‘’（）《》—…])[ \u00a0]{{1,2}}(?=[0-9０-９+%％＋])"
    rf"|(?<=[0-9０-９%％＋])[ \u00a0]{{1,2}}(?=[{HAN}{_MARKS}”’（）》])"
    rf"|(?<=[{HAN}{_MARKS}“”‘’（）《》])[ \u00a0](?=[A-Za-z]{{1,12}}(?![A-Za-z ,.]))"
    rf"|(?<![A-Za-z ][A-Za-z])(?<=[A-Za-z])[ \u00a0](?=[{HAN}{_MARKS}”’（）》])"
)
_AFTER = re.compile(
    rf"(?<=[{_MARKS}])[ \u00a0\u3000]{{1,2}}(?=[{HAN}“‘《（])|(?<=[{HAN}”’》）])[ \u00a0]{{1,2}}(?=[{_MARKS}])"
)
_SPACED = re.compile(rf"(?<![{HAN}])(?:[{HAN}][ \u00a0\u3000]){{3,60}}[{HAN}](?![{HAN}])")
_TRIPLE = re.compile(rf"^([{HAN}])[ \u3000]([{HAN}])[ \u3000]([{HAN}])(?=[：:\n]|$)", re.M)
_NAMES = re.compile(
    rf"^([ \u3000■●◆▲□]{{0,3}})((?:[{HAN}]{{1,4}}[ \u3000]{{1,2}}){{1,12}}[{HAN}]{{1,4}})[ \u3000]{{0,3}}$",
    re.M,
)
_TABLE = re.compile(r"[0-9][ \t\u3000]{1,20}[0-9]|[ \t\u3000]{3}|\t")
_WORD = 4.0  # nats a character by which a word must fit better joined than its characters do alone


def propose_spacing(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Spaces between Han and numbers, after full-width marks, and inside letter-spaced words go.

    **What it repairs.** `全县 218名`, `， 抢抓`, `象 珠 铁 军`, `编 者 按`, and two-character names in a byline (`■童 星`).

    **How it comes about.** Justified lines and changes of font leave a gap that a text layer reports as a space.

    >>> from pbtool.repair.spacing import propose_spacing
    >>> [(e.start, e.before, e.after) for e in propose_spacing("全县 218名， 其中 9 名")]
    [(2, ' ', ''), (8, ' ', ''), (11, ' ', ''), (13, ' ', '')]

    **When it is wrong.** In texts that put a space between Han and Latin on purpose. Lines that look like rows of a table are
    left alone, as are indents, spaces between names and between the clauses of a title.

    **Source.** Counted on annotated issues: 327 spaces between Han and digits in one magazine, none of them meant.
    """
    if " " not in text and "\u00a0" not in text and "\u3000" not in text:
        return []
    found: dict[int, Edit] = {}
    for pattern in (_BESIDE, _AFTER):
        for match in pattern.finditer(text):
            if not _in_table(text, match.start()):
                found[match.start()] = _without(match.start(), match[0])
    for edit in _letter_spaced(text):
        found.setdefault(edit.start, edit)
    return [found[place] for place in sorted(found)]


def _letter_spaced(text: str) -> Iterator[Edit]:
    for match in _SPACED.finditer(text):
        if _is_word(re.sub(r"[ \u00a0\u3000]", "", match[0])):
            yield from (_without(match.start() + at, match[0][at]) for at in range(1, len(match[0]), 2))
    for match in _TRIPLE.finditer(text):
        if _is_word(match[1] + match[2] + match[3]):
            yield from (_without(match.start() + at, match[0][at]) for at in (1, 3))
    for match in _NAMES.finditer(text):
        yield from _names(match.start(2), match[2])


def _names(start: int, line: str) -> Iterator[Edit]:
    """The gaps inside two-character names of a line that holds nothing but names."""
    tokens = [(m.start(), m[0]) for m in re.finditer(f"[{HAN}]{{1,4}}", line)]
    index = 0
    pairs = []
    while index < len(tokens):
        at, word = tokens[index]
        if len(word) == 1:
            if index + 1 == len(tokens) or len(tokens[index + 1][1]) > 1 or word not in _surnames():
                return
            pairs.append((at + 1, tokens[index + 1][0]))
            index += 1
        elif not _may_be_name(word):
            return
        index += 1
    for low, high in pairs:
        yield _without(start + low, line[low:high])


def _may_be_name(word: str) -> bool:
    return word[0] in _surnames() or word[:2] in _surnames()


def _without(place: int, space: str) -> Edit:
    return Edit(place, place + len(space), space, "", RULE, "likely", 0.97)


def _in_table(text: str, place: int) -> bool:
    start = max(text.rfind("\n", max(0, place - 200), place) + 1, place - 200, 0)
    end = text.find("\n", place, place + 200)
    return _TABLE.search(text, start, end if end >= 0 else min(len(text), place + 200)) is not None


def _is_word(word: str) -> bool:
    """Whether the characters go together far better than they would each alone."""
    from pbtool.language import model

    judge = model()
    alone = sum(judge.score(char) for char in word)
    return (judge.score(word) - alone) / len(word) > _WORD - 2 * (len(word) > 3)


@functools.cache
def _surnames() -> frozenset[str]:
    table = files("pbtool.data").joinpath("surnames.tsv").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#"))
