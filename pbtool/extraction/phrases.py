"""Where the phrases of a clause begin and end, and which of them say something.

The one idea: signs end every clause, but a short bracket or quotation in the midst of it is one word. A phrase that holds
nothing but words of closed classes (links, adverbs, verbs that say nothing of what is counted) says nothing, and one with
another quantity in it speaks of that one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from pbtool import tables
from pbtool.tables import pattern

LONGEST = 40  # characters of a clause that are looked at on each side of a number
_STOP = frozenset("，。；：！？、,;:!?…\n\t|()（）[]【】—《》/+")
_QUOTE = 12  # characters of a quotation that is read as a name
_BRACKET = 10  # characters of a bracket that is read as part of its phrase (县（市、区）委书记)


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words, asked for by the place where they would begin."""

    words: frozenset[str]
    heads: Mapping[
        str, tuple[int, ...]
    ]  # first character -> lengths of the words that begin with it, longest first

    def at(self, text: str, start: int, end: int) -> int:
        """Length of the longest word of the set that begins at `start`, 0 where there is none."""
        for length in self.heads.get(text[start : start + 1], ()):
            if start + length <= end and text[start : start + length] in self.words:
                return length
        return 0


@functools.cache
def words(*kinds: str) -> Words:
    """The words of these classes of the table of phrase ends. Raises ValueError for a class that it does not have."""
    rows = list(tables.rows("phrase_ends.tsv"))
    if not set(kinds) <= {kind for _, kind in rows}:
        raise ValueError(f"phrase_ends.tsv has no class {' or '.join(kinds)}")
    chosen = frozenset(word for word, kind in rows if kind in kinds)
    return Words(chosen, _lengths(chosen))


def _lengths(chosen: frozenset[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for word in chosen:
        found.setdefault(word[0], set()).add(len(word))
    return {sign: tuple(sorted(lengths, reverse=True)) for sign, lengths in found.items()}


def right_edge(folded: str, end: int) -> int:
    """Where the clause behind `end` ends; a short bracket in the middle of it is passed over."""
    limit, place = min(len(folded), end + LONGEST), end
    while place < limit:
        if folded[place] in _STOP:
            close = _closed(folded, place) if folded[place] in "(（" else 0
            if not close or not "一" <= folded[close : close + 1] <= "鿿":
                return place
            place = close
        else:
            place += 1
    return limit


def left_edge(folded: str, start: int) -> int:
    """Where the clause before `start` begins; a short bracket in the middle of it is passed over."""
    low, place = max(0, start - LONGEST), start - 1
    while place >= low:
        sign = folded[place]
        if sign in ")）" and (opened := _opened(folded, place)) >= max(low, 1):
            place = opened
        elif sign in _STOP and (place < start - 1 or sign in "，。；！？,;!?"):
            return place + 1
        place -= 1
    return low


_INSIDE = pattern(rf"[(（][^，。；！？,;!?()（）\d\n]{{1,{_BRACKET}}}[)）]")


_ISLAND = pattern(rf"(?<=[一-鿿]){_INSIDE.pattern}(?=[一-鿿])|[“‘「][^”’」“‘，。；]{{1,{_QUOTE}}}[”’」]")


def islands(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """What in [start, end) is one word whatever it holds: short brackets inside a word (县（市、区）委), short quotations."""
    return [
        (max(start, first - 1), last) if folded[first] in "(（" else (first, last)
        for first, last in (match.span() for match in _ISLAND.finditer(folded, start, end))
    ]


def _closed(folded: str, place: int) -> int:
    """End of a short bracket without numbers that opens at `place`, or 0."""
    match = _INSIDE.match(folded, place)
    return match.end() if match else 0


def _opened(folded: str, place: int) -> int:
    """Where a short bracket without numbers opens that closes at `place`, right behind a word, or -1."""
    at = max(
        folded.rfind("(", max(0, place - _BRACKET - 1), place),
        folded.rfind("（", max(0, place - _BRACKET - 1), place),
    )
    if at < 1 or _closed(folded, at) != place + 1 or not "一" <= folded[at - 1] <= "鿿":
        return -1
    return at


def speaks(folded: str, start: int, end: int) -> bool:
    """Whether [start, end) holds anything but words that open a clause, link it or say nothing, and particles."""
    if folded[start : start + 2] in _EACH:
        return True
    place, empty = start, words("lead", "link", "mute")
    while place < end:
        length = empty.at(folded, place, end)
        if not length and folded[place] not in _PARTICLES:
            return True
        place += length or 1
    return False


_EACH = frozenset(("每户", "每人", "每亩", "每家"))
_PARTICLES = frozenset(" 的了着过得到在从向往对把将被均都也已就并而还则是由按让使给以等共")


def is_mute(folded: str, start: int, end: int) -> bool:
    """Whether [start, end) is nothing but a verb that says nothing of what is counted (带动99户, 赚5万元)."""
    return folded[start:end].strip(" 的了着过地得") in words("mute").words


_QUANTITY = pattern(r"\d[\d.]*[余多几万亿千百]*(?=[一-鿿%])(?! ?(?:周?岁|后|至\d+岁|[一-鿿]{0,2}以[上下]的))")
_HAVING = pattern(r"(?:现|共|中|里|内|下)?(?:有|达|为|共|辖|设|下辖|占|计)*$")


def unnumbered(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of [start, end) before another quantity, without what leads up to that; None where nothing is left."""
    match = _QUANTITY.search(folded, start, end)
    if match is None or _YEAR.match(folded, match.start()):
        return start, end
    having = _HAVING.search(folded, start, match.start())
    stop = having.start() if having else match.start()
    return (start, stop) if stop - start >= 2 else None


_YEAR = pattern(r"(?:19|20)\d\d ?年")
