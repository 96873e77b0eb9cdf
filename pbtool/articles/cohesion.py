"""What two pieces of text speak about: do they share the rare words, the names of places and people?

The one idea: pairs of neighbouring characters that few pieces of a document hold weigh much; the weight that two pieces share,
beside the weight that they have, says whether they are of one article. No list of names is needed: names are rare pairs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from pbtool.articles.titles import bigrams

#: Log odds that two pieces are of one article: fitted by logistic regression on 30,000 pairs of pieces of held-out articles,
#: mixed as issues mix them; it tells 91 % of the pairs of one article and 89 % of the others.
_SHARE, _LENGTH, _BASE, _FLOOR = 2.92, -1.58, 17.98, 0.005
_SURE = 4.0


class Cohesion:
    """The words of the pieces of a document and how much any two of them share."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.words = [bigrams(text) for text in texts]
        spread = Counter(word for words in self.words for word in words)
        total = len(texts) + 1
        by_count = {count: math.log(1 + total / (1 + count)) for count in set(spread.values())}
        self._weight = {word: by_count[count] for word, count in spread.items()}
        self._new = math.log(1 + total)
        self._mass = [self._weigh(words) for words in self.words]
        self._known: dict[tuple[int, int], float] = {}

    def between(self, m: int, n: int) -> float:
        """Log odds (at most 4 either way) that pieces m and n are of one article, by the words that they share."""
        key = (m, n) if m < n else (n, m)
        if key not in self._known:
            self._known[key] = self._measure(*key)
        return self._known[key]

    def _weigh(self, words: AbstractSet[str]) -> float:
        return sum(self._weight.get(word, self._new) for word in words)

    def _measure(self, m: int, n: int) -> float:
        return self._odds(self._mass[m], self._mass[n], self.words[m] & self.words[n])

    def compare(self, left: str, right: str) -> float:
        """As `between`, for two texts made of lines of the document."""
        one, other = bigrams(left), bigrams(right)
        return self._odds(self._weigh(one), self._weigh(other), one & other)

    def _odds(self, left: float, right: float, common: AbstractSet[str]) -> float:
        """Log odds by the weights of two pieces of text and the words in common."""
        least = min(left, right)
        if least < 12:
            return 0.0
        share = self._weigh(common) / math.sqrt(left * right)
        odds = _SHARE * math.log(share + _FLOOR) + _LENGTH * math.log(least) + _BASE
        return max(-_SURE, min(_SURE, odds))

    def held(self, text: str, n: int) -> float:
        """The share (0 to 1) of the weight of a title's words that piece n holds."""
        words = bigrams(text)
        total = sum(self._weight.get(word, self._new) for word in words)
        return sum(self._weight[word] for word in words & self.words[n]) / (total or 1.0)
