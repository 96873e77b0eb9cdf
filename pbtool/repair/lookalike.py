"""Misread and mistyped characters: `后顾之优` for 后顾之忧. Suggestions only, a handful a page, best first.

The one idea: a character that is strange beside its neighbours, while one that looks or sounds like it fits far better, was
probably misread. The model of the language measures both; a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from types import MappingProxyType

from pbtool import tables
from pbtool.document import FontRun
from pbtool.edits import Edit
from pbtool.gazetteer import fold
from pbtool.language import folding, model
from pbtool.repair.corners import alike
from pbtool.repair.marks import is_han
from pbtool.repair.trust import curve

RULE = "lookalike"
NOTHING: Mapping[int, str] = MappingProxyType({})
_STRANGE = -13.0  # log-probability of a character and the one behind it: above, it is not strange there
_HINT = 1.0  # nats that another must fit its two neighbours better, before it is judged in full
_GAIN = 8.0  # nats that the other character must fit better: about one in three is right there
_FAR = 8.0  # nats more for one that only shares three corners with it, of which there are many
_FAR_STRANGE, _FAR_HINT = -20.0, 5.0  # as the two above, for those
_NAME, _IN_NAME = (
    1.0,
    4.0,
)  # log-odds of a name around it, and the nats that names, which no model knows, take off
_DOUBT = 5.0  # nats that a recogniser's doubt is worth: a doubted character is wrong that much more often than others
_PLAIN = 12.0  # and so many that it is misread wherever it stands, even where the text has it again and again
#: Characters around in which so many places that are alike make a word of the text's own.
_PAGES, _OFTEN = 10_000, 3
_AROUND_NAME = 10
_MEMO = 1 << 18
_PIECE = 4000  # characters judged at once
_BLANK = " "
_PAGE = 1500
_A_PAGE = 5


def propose_lookalike(
    text: str, fonts: Sequence[FontRun] = (), doubts: Mapping[int, str] = NOTHING
) -> list[Edit]:
    """Characters that look or sound like the one that was meant are reported, the likeliest first.

    What it repairs: nothing by itself. It reports `后顾之优` (忧), `生活需耍` (要): at most five on a page of 1,500 characters.
    Where the page was recognised, it takes less to report a character that was read with doubt, and what else the recogniser
    took it for is tried, too (`doubts`: place -> other characters).

    How it comes about: recognition of small or worn print; typing by sound.

    Example:
        >>> [(edit.before, edit.after, edit.grade) for edit in propose_lookalike("着力解决群众的后顾之优。")]
        [('优', '忧', 'suggested')]

    When it is wrong: names, dialect, and words younger than the model; that is why it only reports.

    Source: look-alikes and homophones from the data of pycorrector (Apache-2.0), `data/confusions.tsv`, and four-corner codes
    (four-corner-method, MIT), `data/corners.tsv`, both written by `scripts/build_confusions.py`.
    """
    found = {place: (gain, char) for place, gain, char in (*_misfits(text), *_misread(text, doubts))}
    pages: dict[int, list[tuple[float, int, str]]] = {}
    for place, (gain, char) in found.items():
        pages.setdefault(place // _PAGE, []).append((gain, place, char))
    best = [entry for page in pages.values() for entry in nlargest(_A_PAGE, page)]
    return [
        Edit(place, place + 1, text[place], char, RULE, "suggested", curve("lookalike", gain))
        for gain, place, char in sorted(best, key=lambda entry: entry[1])
    ]


def _misfits(text: str) -> Iterator[tuple[int, float, str]]:
    """Place, gain and better character of what does not fit where it stands."""
    for place, near, far in _strange(text):
        gain, char = _best(text, place, near, far)
        if gain >= _PLAIN or (gain >= _GAIN and not _own_word(text, place, char)):
            yield place, gain, char


def _best(text: str, place: int, near: Sequence[str], far: Sequence[str]) -> tuple[float, str]:
    """How much better the best other character does, what speaks against it taken off, and which it is."""
    found = [_better(text, place, others) for others in (near, far) if others]
    if far:
        gain, char = found.pop()
        found.append((gain - _FAR, char))
    gain, char = max(found)
    return (gain - _IN_NAME if gain >= _GAIN and _in_name(text, place) else gain), char


def _in_name(text: str, place: int) -> bool:
    """Whether the character probably belongs to the name of a person."""
    from pbtool.extraction import names

    low = max(0, place - _AROUND_NAME)
    found = names.find_names(text[low : place + _AROUND_NAME], _NAME)
    return any(low + name.start <= place < low + name.end for name in found)


def _misread(text: str, doubts: Mapping[int, str]) -> Iterator[tuple[int, float, str]]:
    """The same of characters that were recognised with doubt, which counts for another."""
    for place, choices in doubts.items():
        seen = [char for char in choices if char != text[place] and is_han(char)]
        others = seen or confusions().get(text[place])
        if others and is_han(text[place]):
            gain, char = _better(text, place, others)
            if gain + _DOUBT >= _GAIN:
                yield place, gain + _DOUBT, char


def _strange(text: str) -> Iterator[tuple[int, list[str], list[str]]]:
    """Places of characters that are strange where they stand, each with those that fit both neighbours better.

    First those that are known to look or sound like it, then those that only share its corners.
    """
    table, pairs = confusions(), _pairs()
    for piece, at in _pieces(text):
        values = model().values(model().nowhere, piece)
        before = 0.0
        for place, value in enumerate(values):
            both, before = before + value, value
            if both >= _STRANGE or not place >= 2:
                continue
            left, char, right = piece[place - 2], piece[place - 1], piece[place]
            far = alike(char) if both < _FAR_STRANGE else ""
            if left == _BLANK or right == _BLANK or not (far or char in table):
                continue
            least = pairs[left + char] + pairs[char + right] + _HINT
            near = [
                other for other in table.get(char, "") if pairs[left + other] + pairs[other + right] >= least
            ]
            least += _FAR_HINT - _HINT
            shaped = [other for other in far if pairs[left + other] + pairs[other + right] >= least]
            if near or shaped:
                yield at + place - 1, near, shaped


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The text in pieces, folded one for one, each with its place; they overlap by what stands around a place."""
    folding = _folding()
    for start in range(0, len(text), _PIECE):
        low = max(0, start - 2)
        yield text[low : start + _PIECE].translate(folding), low


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    """The model's folding, but a blank stays one character."""
    return {code: folded or _BLANK for code, folded in folding().items()}


class _Pairs(dict[str, float]):
    """Log-probability of a pair's second character behind the first, where nothing else is known."""

    def __missing__(self, pair: str) -> float:
        if len(self) >= _MEMO:
            self.clear()
        value = self[pair] = model().pair(pair[0], pair[1])
        return value


@lru_cache(maxsize=1)
def _pairs() -> _Pairs:
    return _Pairs()


def _own_word(text: str, place: int, other: str) -> bool:
    """Whether the pages around have a character beside one of these neighbours again and again, and never the other one."""
    left, char, right = text[place - 1], text[place], text[place + 1 : place + 2]
    pages = text[max(0, place - _PAGES) : place + _PAGES]
    return any(
        pages.count(before + char + behind) >= _OFTEN and before + other + behind not in pages
        for before, behind in ((left, ""), ("", right))
    )


def _better(text: str, place: int, fitting: Sequence[str]) -> tuple[float, str]:
    """How much better the best of those that fit does, and which it is."""
    left, right = text[max(0, place - 12) : place], text[place + 1 : place + 13]
    own, *scores = model().alternatives(left, [text[place], *fitting], right)
    top = max(range(len(scores)), key=scores.__getitem__)
    return scores[top] - own, fitting[top]


@lru_cache(maxsize=1)
def confusions() -> dict[str, str]:
    """Character -> those that look or sound like it; other forms of the same character are none."""
    table = tables.pairs("confusions.tsv")
    return {
        char: "".join(other for other in others if fold(other) != fold(char))
        for char, others in table.items()
    }
