"""Where the phrases of a clause begin and end, and which of them say something.

The one idea: a closed table of verbs, adverbs and prepositions ends every phrase; what is left over may be a noun. A phrase
that holds nothing but such words says nothing, and one with another quantity in it speaks of that one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pbtool import tables

LONGEST = 40  # characters of a clause that are looked at on each side of a number
_STOP = frozenset("，。；：！？、,;:!?…\n\t|()（）[]【】—《》/+")
_BRACKET = 10  # characters of a bracket that is read as part of its phrase (县（市、区）委书记)


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words, asked for by the place where they would begin or end."""

    words: frozenset[str]
    heads: Mapping[
        str, tuple[int, ...]
    ]  # first character -> lengths of the words that begin with it, longest first
    tails: Mapping[str, tuple[int, ...]]  # the same for last characters

    def at(self, text: str, start: int, end: int) -> int:
        """Length of the longest word of the set that begins at `start`, 0 where there is none."""
        for length in self.heads.get(text[start : start + 1], ()):
            if start + length <= end and text[start : start + length] in self.words:
                return length
        return 0

    def before(self, text: str, start: int, end: int) -> int:
        """Length of the longest word of the set that ends at `end`, 0 where there is none."""
        for length in self.tails.get(text[end - 1 : end], ()):
            if end - length >= start and text[end - length : end] in self.words:
                return length
        return 0


@functools.cache
def words(kind: str) -> Words:
    """The words of one class (end, lead, link) of the table of phrase ends."""
    chosen = frozenset(word for word, of in tables.rows("phrase_ends.tsv") if of == kind)
    return Words(chosen, _lengths(chosen, 0), _lengths(chosen, -1))


def _lengths(chosen: frozenset[str], at: int) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for word in chosen:
        found.setdefault(word[at], set()).add(len(word))
    return {sign: tuple(sorted(lengths, reverse=True)) for sign, lengths in found.items()}


#: Of the one-character words only these end a phrase by themselves: most others are parts of nouns (发 in 发展, 会 in 会议).
BREAKS = frozenset("到在从向往对把将被均都也已就并而还则是由按让使给以等共")
ADVERBS = frozenset("均都也已就并而还则共仍皆") | {
    "最终", "首次", "仍然", "依然", "始终", "如期", "按期", "顺利",
    "主动", "积极", "自觉", "不断", "持续", "逐步", "共同", "先后", "陆续", "相继", "分别", "全部", "累计", "平均", "同比", "环比",
}  # fmt: skip


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


_INSIDE = re.compile(rf"[(（][^，。；！？,;!?()（）\d\n]{{1,{_BRACKET}}}[)）]")


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


def break_at(folded: str, place: int, end: int) -> int:
    """Length of the word at `place` that ends a phrase, negative for a word to pass over whole, 0 for anything else."""
    kept = words("keep").at(folded, place, end)
    length = words("end").at(folded, place, end)
    if kept and kept > length:
        return -kept
    if folded[place + 1 : place + 2] == "着" and place + 1 < end and folded[place] not in "穿执衣":
        return max(length, 2)  # a verb with its aspect (背着)
    if length == 1 and folded[place] not in BREAKS:
        return 0
    return length


def speaks(folded: str, start: int, end: int) -> bool:
    """Whether [start, end) holds anything but adverbs, prepositions, particles and verbs that say nothing."""
    place = start
    while place < end:
        if words("keep").at(folded, place, end) or words("dual").at(folded, place, end):
            return True
        length = max(words(kind).at(folded, place, end) for kind in ("lead", "link", "mute"))
        length = length or int(words("end").at(folded, place, end) == 1)
        if not length and folded[place] not in " 的了着过地得":
            return True
        place += length or 1
    return False


def is_mute(folded: str, start: int, end: int) -> bool:
    """Whether [start, end) is nothing but a verb that says nothing of what is counted (带动99户, 赚5万元)."""
    return folded[start:end].strip(" 的了着过地得") in words("mute").words


_QUANTITY = re.compile(r"\d[\d.]*[余多几万亿千百]*(?=[一-鿿%])")
_HAVING = re.compile(r"(?:现|共|中|里|内|下)?(?:有|达|为|共|辖|设|下辖|占|计)*$")


def unnumbered(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of [start, end) before another quantity, without what leads up to that; None where nothing is left."""
    match = _QUANTITY.search(folded, start, end)
    if match is None or _YEAR.match(folded, match.start()):
        return start, end
    having = _HAVING.search(folded, start, match.start())
    stop = having.start() if having else match.start()
    return (start, stop) if stop - start >= 2 else None


_YEAR = re.compile(r"(?:19|20)\d\d ?年")
