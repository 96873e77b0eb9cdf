"""The names that an article vouches for, and where they stand again.

The one idea: a name that is sure once is known in the whole article, and so are the parts of it that only one of the people
named has: the ends of a name with dots, a given name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from pbtool.extraction import names

SURE = 3.0  # log-odds that make a name known in the whole article


class Known(dict[str, float]):
    """The names that an article vouches for, with their log-odds."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        super().__init__(odds)
        #: Part of a name with dots -> the one whole name that it is of.
        self.parts = _parts(odds)
        #: Given name -> the one whole name that it is of; it is a mention only where it must be somebody (文秀说).
        self.given = {g: word for g, word in _given(odds).items() if g not in self.parts and g not in odds}
        self.parts.update(self.given)
        self.update((part, SURE) for part in self.parts if part not in odds)
        #: First character -> first two characters -> the names.
        self._heads: dict[str, dict[str, list[str]]] = {}
        for word in self:
            self._heads.setdefault(word[0], {}).setdefault(word[:2], []).append(word)

    def standing(self, texts: Sequence[str]) -> list[list[tuple[str, int]]]:
        """Where each of them stands in each text: one way through all texts for each of their first characters."""
        found: list[list[tuple[str, int]]] = [[] for _ in texts]
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        whole = "\n".join(texts)
        for char, heads in self._heads.items():
            at = whole.find(char)
            while at >= 0:
                for word in heads.get(whole[at : at + 2], ()):
                    if whole.startswith(word, at):
                        index = bisect_right(starts, at) - 1
                        found[index].append((word, at - starts[index]))
                at = whole.find(char, at + 1)
        return found


def _parts(names_known: Iterable[str]) -> dict[str, str]:
    """The first and the last parts of names with dots, where they are of one name only."""
    owners: dict[str, set[str]] = {}
    for word in names_known:
        ends = word.split("·")
        for part in (ends[0], ends[-1]) if len(ends) > 1 else ():
            if len(part) >= 2:
                owners.setdefault(part, set()).add(word)
    known = set(names_known)
    return {part: words.pop() for part, words in owners.items() if len(words) == 1 and part not in known}


def _given(names_known: Iterable[str]) -> dict[str, str]:
    """Given names of two characters that only one of the people named has, and that are no names themselves."""
    model, owners = names.model(), dict[str, set[str]]()
    for word in names_known:
        if len(word) == 3 and word[0] in model.surnames and word[1] != word[2]:
            owners.setdefault(word[1:], set()).add(word)
    return {g: whole.pop() for g, whole in owners.items() if len(whole) == 1 and g not in model.words}
