"""The weights of the name model, laid out so that a candidate is weighed in a few look-ups.

The one idea: the features of a name with a surname fall into groups that depend on a few characters each, and these
characters come again and again; so the sum of a group is worked out once and remembered by its characters. What is
added up here is what `name_features.features` names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pbtool.extraction.name_features import (
    EDGE,
    GIVEN,
    TIES,
    given_features,
    side_features,
    surname_features,
)

_KEPT = 1 << 16  # sums that are remembered of each group; about 8 MB when full


class _Sums(dict[str, float]):
    """Sums of weights by the characters that decide them, worked out on first use."""

    __slots__ = ("_work_out",)

    def __init__(self, work_out: Callable[[str], float]) -> None:
        self._work_out = work_out

    def __missing__(self, key: str) -> float:
        if len(self) >= _KEPT:
            self.clear()
        result = self[key] = self._work_out(key)
        return result


class Weights(dict[str, float]):
    """Feature -> weight (natural log-odds); what is not there weighs nothing."""

    def __init__(self, weights: dict[str, float]) -> None:
        super().__init__(weights)
        self._surnames = _Sums(lambda key: self.total(surname_features(key[0], key[1:-1], key[-1])))
        self._givens = _Sums(self._given)
        self._ties: dict[str, list[float]] = {}
        for letter in GIVEN:
            self._tie(letter + "tb", letter + "ti")
            for size in "123":
                self._tie(*(letter + size + where for where in ("ta", "tz", "tl")))

    def _tie(self, *names: str) -> None:
        """Lay out what each tie weighs, by its number: negative ones count from the end."""
        for name in names:
            self._ties[name] = [self.get(f"{name}{tie}", 0.0) for tie in (*TIES[2:], *TIES[:2])]

    def _given(self, key: str) -> float:
        size = int(key[1])
        return self.total(given_features(key[:2], key[2:-size], key[-size:]))

    def total(self, features: Sequence[str]) -> float:
        """The sum of the weights of features."""
        get = self.get
        return sum([get(feature, 0.0) for feature in features])

    def head(self, text: str, bonds: list[int], start: int, at: int, letter: str) -> float:
        """What `head_features` weigh; `text` has a character at `at`."""
        return (
            self._surnames[letter + text[start : at + 1]]
            + self.get("W" + (text[start - 1 : start] or EDGE) + text[start], 0.0)
            + self._ties[letter + "tb"][bonds[start]]
            + self._ties[letter + "ti"][bonds[at]]
        )

    def tail(self, text: str, bonds: list[int], start: int, end: int, kind: str) -> float:
        """What `tail_features` weigh."""
        last = text[end - 1] + (text[end : end + 1] or EDGE)
        found = (
            self._givens[kind + text[start:end]]
            + self.get("X" + last, 0.0)
            + self._ties[kind + "ta"][bonds[end]]
            + self._ties[kind + "tz"][bonds[end + 1]]
            + self._ties[kind + "tl"][bonds[end - 1]]
        )
        return found + self.get("Z" + last, 0.0) if kind[1] == "1" else found

    def sides(self, text: str, start: int, end: int, kind: str) -> float:
        """What `side_features` weigh."""
        return self.total(side_features(text, start, end, kind))
