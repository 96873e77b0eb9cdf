"""Names of people: where in a text one may stand, and how sure that is.

The one idea: a name is a surname with one or two given characters (or a chain of sounds: `·`, Tibetan, Mongol, foreign),
so there are few places where one can begin, and each of these is weighed by the same small log-linear model: its surname,
its characters, the words they would make instead with their neighbours, and what stands on both sides. The weights are
learnt by `scripts/build_name_tables.py`; the best set of names that do not overlap wins (dynamic programming).

Everything is weighed in simplified characters and full-width signs, one for one, so that places stay those of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from itertools import chain
from math import exp, log
from typing import NamedTuple

from pbtool import tables
from pbtool.extraction.name_features import (
    GIVEN,
    other_features,
    other_ties,
    read_weights,
    side_features,
    surname_features,
    ties,
)
from pbtool.extraction.name_weights import KINDS, Around, Weights
from pbtool.gazetteer import fold
from pbtool.tables import pattern

Candidate = tuple[int, int, int, str]
_Untied = tuple[int, int, int, str, float]
#: A surname of several characters, the letter of its kind, the longest given name.
_Long = tuple[str, str, int]
_PLAIN = 2  # characters of a given name behind a surname of one character
_PARTS = 3.5  # log-odds of a name put together from known parts, and of a single one (which needs an office beside it)
_PART = -2.0
_KINDS = {"g": "given", "c": "given", "j": "given", "s": "sound", "d": "dotted", "h": "surname", "o": "short"}
#: No surname or given name is made with these; they end every candidate.
_NEVER = frozenset("的了着是被把这那哪您我你他她它们吗呢吧啊很没氏")
_SIGNS = str.maketrans(
    {
        ",": "，",
        ":": "：",
        ";": "；",
        "(": "（",
        ")": "）",
        "!": "！",
        "?": "？",
        "•": "·",
        "・": "·",
        "･": "·",
        "∙": "·",
        "⋅": "·",
        "﹑": "、",
        "▪": "·",
        "‧": "·",
        "\u3000": " ",
        "\t": " ",
        "\n": " ",
        "\r": " ",
        "\xa0": " ",
        **dict.fromkeys("123456789０１２３４５６７８９", "0"),
    }
)
_REPLACED = pattern(f"[{re.escape(''.join(map(chr, _SIGNS)))}]+")
#: A surname and a given character that stand alone between spaces: one name, letter-spaced.
_SPACED = pattern(r"(?<![一-鿿])([一-鿿])( {1,4})([一-鿿])(?![一-鿿])")
#: The same behind a word, which must be an office (`书记王 伟说`).
_SPACED_BEHIND = pattern(r"(?<=[一-鿿])([一-鿿])( {1,4})([一-鿿])(?! [一-鿿](?![一-鿿]))")
_TO_DOT = pattern(r"[一-鿿]{0,6}·")
#: No name from another language is made with these; they stand beside one.
_BESIDE = "和与及在时后前当也均曾将先等说对向受到就被上下的了是这那为年编会见请由同给从很用近一"
_DOTTED = pattern(rf"(?:(?![{_BESIDE}])[一-鿿]){{1,8}}(?:·(?:(?![{_BESIDE}])[一-鿿]){{1,8}}){{1,5}}")
#: What stands in for a surname that there is not.
_NO_SURNAME = -99.0
#: Characters of a name with a dot (counted) from which on one of them is a sound and nothing else; 简·爱 is shorter.
_SHORT_DOTTED = 5
#: Sounds that are mostly the next word behind a chain with dots (某某·某某于 1 月…).
_NO_LAST = "于日和"
#: Surnames that before 某 are mostly other words (于某种, 任某).
_NOT_SOMEBODY = "于任成和向从由同对及有为时经国全如能"
_CHAIN = 3.0  # log-odds of a whole chain of sounds with dots
_DOTS = 3.0  # what a dot between sounds is worth
_WORD = 4.0  # what a word that looks like a name loses
_FAMOUS = 5.0  # log-odds of a name that everybody knows
_CERTAIN = 3.0  # log-odds of 王某
_LEAST = -3.5  # below these log-odds nothing makes a name of a candidate
#: What a candidate needs above the least at each stage, as what follows mostly speaks against it: for its surname with the
#: character behind it, with the one before it too, with three before it, with all but its ties.
_OPENED, _NEAR, _BEGUN, _UNTIED = 1.7, 1.5, 2.4, 2.9
_UNTIED_OTHER = 2.0  # the last of these for names without a given name
_AROUND = 2.5  # what stands around a chain of sounds seldom makes good more than this
#: Log of the share (ppm) at which a surname before a form of address is neither common nor rare; what one loses that is a
#: word of another kind more often. Both by the first part of `scripts/evaluate_names.py`.
_COMMON, _OTHER_WORD = 3.8, 2.0
_MODIFIERS, _MODIFIER = "代原现时任首新", 4.0  # 代县长: part of the title, and what it loses
_CALLED = 2.5  # what words around a rare surname may make good
_SPREAD = 3.0  # what letter-spacing is worth


class Name(NamedTuple):
    """A name in a text: its span, what it is weighed to be (natural log-odds), and its kind.

    `kind` is `given` (surname and given name), `sound` (a chain of sounds) or `dotted` (with `·`).
    """

    start: int
    end: int
    odds: float
    kind: str

    @property
    def confidence(self) -> float:
        """The odds as a probability."""
        return 1 / (1 + exp(-max(-30.0, min(30.0, self.odds))))


def prepared(text: str) -> str:
    """The text as it is weighed: simplified, full-width signs, one digit, one kind of space; the same length."""
    return _REPLACED.sub(_replaced, fold(text))


def _replaced(match: re.Match[str]) -> str:
    return match[0].translate(_SIGNS)


class NameModel:
    """Surnames, characters of sounds and the weights of features. Get the shipped one with `model()`."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.weights = Weights(weights)
        self.surnames = {name: float(share) for name, share in tables.rows("surnames.tsv")}
        #: What follows a surname that stands for the whole name (`施书记`, `周总理`).
        self.address = frozenset(row[0] for row in tables.rows("forms_of_address.tsv"))
        self.words = frozenset(row[0] for row in tables.rows("not_names.tsv"))
        self.compound = frozenset(s for s in self.surnames if len(s) == 2)
        japanese = [row[0] for row in tables.rows("surnames_japanese.tsv")]
        single = sorted(s for s in self.surnames if len(s) == 1)
        #: The first two characters of a surname of several -> those that begin so.
        self._long: dict[str, list[_Long]] = {}
        for surname, letter, most in (
            *((s, "c", 2) for s in sorted(self.compound)),
            *((s, "j", 3) for s in japanese if len(s) > 1),
        ):
            self._long.setdefault(surname[:2], []).append((surname, letter, most))
        self._single = {surname: self.weights.get("Hg" + surname) for surname in single}
        self._first = _one_of(surname[0] for surname in (*single, *self._long))
        parts = sorted((row[0] for row in tables.rows("name_parts.tsv")), key=lambda part: (-len(part), part))
        part = f"(?:{'|'.join(parts)})"
        self._parts = _Words(parts, f"{part}{{1,3}}")
        famous = [row[0] for row in tables.rows("famous_names.tsv")]
        self._famous = _Words(famous, "|".join(sorted(famous, key=lambda name: (-len(name), name))))
        sounds = tables.pairs("name_sounds.tsv")
        dotted = f"[{''.join(sounds)}]{{1,8}}"
        self._dotted = re.compile(f"(?<![一-鿿]·){dotted}(?:·{dotted}){{1,5}}(?!·)")
        self._sounds = frozenset(sounds) | {"·"}
        self._typical = frozenset(char for char, sort in sounds.items() if sort == "typical")
        plain = "".join(char for char, sort in sounds.items() if sort != "dotted")
        self._run = re.compile(f"[{plain}]{{2,16}}")
        one = f"[{''.join(single)}]"
        #: What the frequency of a surname says of it before a form of address.
        self._of_surname = {surname: self._called_so(surname) for surname in single}
        self._address_begins = frozenset(word[0] for word in self.address)
        self._address = re.compile("|".join(sorted(self.address)))
        self._somebody = re.compile(
            f"(?<={one})(?<![{_NOT_SOMEBODY}])某(?:某{{1,2}}|[甲乙丙丁])?(?![种些个一类次天日人地方项位年月省市县处家])"
        )
        self._short = re.compile(f"[老小阿](?={one})")

    def _called_so(self, surname: str) -> float:
        share = log(max(1.0, self.surnames[surname]))
        odds = share - _COMMON - (_OTHER_WORD if surname in _NOT_SOMEBODY else 0.0)
        return odds - (_MODIFIER if surname in _MODIFIERS else 0.0)

    def odd(self, word: str) -> bool:
        """Whether a name with dots has two characters or more with which no foreign name is written."""
        return sum(char not in self._sounds for char in word) > 1

    def candidates(self, text: str) -> Iterator[Candidate]:
        """Every (start, start of the given name, end, kind) of prepared text that may be a name."""
        for start, at, letter, most in self._with_surname(text):
            for end in self._ends(text, at, most):
                yield start, at, end, letter + str(end - at)
        yield from self._called(text, self._starts(text))
        for start, end in chain.from_iterable(self._runs(text)):
            yield start, start, end, "s"
        yield from _with_dots(text)

    def _with_surname(self, text: str) -> Iterator[tuple[int, int, str, int]]:
        """Where a surname stands: start, end, letter of its kind, how long a given name may be."""
        for start in self._starts(text):
            for surname, letter, most in self._long.get(text[start : start + 2], ()):
                if text.startswith(surname, start):
                    yield start, start + len(surname), letter, most
            if text[start] in self._single:
                yield start, start + 1, "g", _PLAIN

    def _starts(self, text: str) -> list[int]:
        """Where the first character of a surname stands."""
        return [match.start() for match in self._first.finditer(text)]

    def _ends(self, text: str, at: int, most: int) -> Iterator[int]:
        """Where a given name that begins at `at` may end."""
        for end in range(at + 1, min(at + most, len(text)) + 1):
            char = text[end - 1]
            if not "一" <= char <= "鿿" or char in _NEVER:
                return
            if text[at:end] not in self.address:
                yield end

    def _called(self, text: str, starts: Iterable[int]) -> Iterator[Candidate]:
        """The surnames that stand for a whole name: 施书记, 老张."""
        for start in starts:
            if text[start + 1 : start + 2] not in self._address_begins or text[start] not in self._single:
                continue
            if self._address.match(text, start + 1):
                yield start, start + 1, start + 1, "h"
        for match in self._short.finditer(text):
            yield match.start(), match.end() + 1, match.end() + 1, "o"

    def _runs(self, text: str) -> Iterator[list[tuple[int, int]]]:
        """For each run of sounds the parts of it that may be a name."""
        for match in self._run.finditer(text):
            if self._typical.isdisjoint(match[0]):
                continue
            if pieces := list(self._pieces(text, match.start(), match.end())):
                yield pieces

    def _pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a run of sounds that may be a name: two to seven characters, the first cut of long runs only."""
        typical = [char in self._typical for char in text[start:end]]
        for first in range(start, min(end - 1, start + 9)):
            count = int(typical[first - start])
            for last in range(first + 1, min(first + 7, end)):
                count += typical[last - start]
                if text[last - 1 : last + 1] in self.address:
                    continue
                if count > 1 or (count and last - first < 3):
                    yield first, last + 1

    def weighed(self, text: str, least: float) -> list[Name]:
        """The candidates of prepared text with log-odds of at least `least`.

        The language model is only asked about those whose characters and neighbours leave it open: of a thousand names,
        two are lost so (measured on the first part of `scripts/evaluate_names.py`).
        """
        floor = min(least, _LEAST)
        around, starts = Around.of(text), self._starts(text)
        left = sorted(
            (
                *self._with_given(text, around, starts, floor),
                *self._without_given(text, around, starts, floor + _UNTIED_OTHER),
            )
        )
        bonds = ties(text, [(start, end + 2) for start, _, end, *_ in left])
        found = []
        for start, at, end, kind, odds in left:
            odds += self._tied(text, bonds, start, at, end, kind)
            if odds >= least and text[start:end] in self.words:
                odds -= _WORD
            if odds >= least:
                found.append(Name(start, end, odds, _KINDS[kind[0]]))
        found += [name for name in (*self._from_parts(text), *self._chains(text)) if name.odds >= least]
        if "某" in text:
            found += [Name(m.start() - 1, m.end(), _CERTAIN, "given") for m in self._somebody.finditer(text)]
        found += [Name(m.start(), m.end(), _FAMOUS, "given") for m in self._famous.finditer(text)]
        return _without_pieces(found)

    def _with_given(
        self, text: str, around: Around, starts: Iterable[int], floor: float
    ) -> Iterator[_Untied]:
        """What may be a surname with a given name, and what it weighs but for its ties."""
        behind = self.weights.behind
        for start, at, letter, most, odds in self._begun(text, around, starts, floor):
            kinds = KINDS[letter]
            for end in self._ends(text, at, most):
                kind = kinds[end - at]
                whole = odds + behind(around, start, at, end, kind)
                if whole >= floor + _UNTIED:
                    yield start, at, end, kind, whole

    def _begun(
        self, text: str, around: Around, starts: Iterable[int], floor: float
    ) -> Iterator[tuple[int, int, str, int, float]]:
        """Where a surname may stand, as `_with_surname`, and what it weighs with its neighbours.

        Every fourth character may be a surname, so this loop asks for each of them as little as it can.
        """
        single, long = self._single, self._long
        seconds, pairs = self.weights.seconds["g"].get, self.weights.pairs.get
        next_to, further = self.weights.next_to, self.weights.further
        opened, near, begun = floor + _OPENED, floor + _NEAR, floor + _BEGUN
        edged = around.edged
        for start in starts:
            pair = edged[start + 3 : start + 5]
            if pair in long:
                for surname, letter, most in long[pair]:
                    at = start + len(surname)
                    odds = self.weights.opening(letter, surname, edged[at + 3])
                    if odds < opened or not text.startswith(surname, start):
                        continue
                    odds += next_to(around, start) + further(around, start)
                    if odds >= begun:
                        yield start, at, letter, most, odds
            odds = single.get(pair[0], _NO_SURNAME) + seconds(pair[1], 0.0) + pairs(pair, 0.0)
            if odds < opened or (odds := odds + next_to(around, start)) < near:
                continue
            if (odds := odds + further(around, start)) >= begun:
                yield start, start + 1, "g", _PLAIN, odds

    def _without_given(
        self, text: str, around: Around, starts: Iterable[int], least: float
    ) -> Iterator[_Untied]:
        """The same of other candidates."""
        weights = self.weights
        for start, at, end, kind in self._called(text, starts):
            odds = self._of_surname[text[start]] if kind == "h" else 0.0
            if odds >= least - _CALLED:
                odds += weights.called(around, start, end, kind) + weights.sides(around, start, end, kind)
                if odds >= least:
                    yield start, at, end, kind, odds
        for start, at, end, kind in _with_dots(text):
            odds = weights.total(other_features(text, start, end, kind)) + _DOTS
            odds += weights.sides(around, start, end, kind)
            if end - start > _SHORT_DOTTED and self._typical.isdisjoint(text[start:end]):
                continue  # the name of a building, of a brand
            if odds >= least:
                yield start, at, end, kind, odds
        for pieces in self._runs(text):
            sounds = weights.sounds(text, pieces[0][0], max(end for _, end in pieces))
            for start, end in pieces:
                odds = weights.sounded(around, sounds, start, end)
                if odds < least - _AROUND:
                    continue
                if (odds := odds + weights.sides(around, start, end, "s")) >= least:
                    yield start, start, end, "s", odds

    def _tied(self, text: str, bonds: list[int], start: int, at: int, end: int, kind: str) -> float:
        """What the ties of a candidate weigh."""
        if kind[0] in GIVEN:
            return self.weights.tied(bonds, start, at, end, kind)
        odds = self.weights.total(other_ties(bonds, start, end, kind))
        if kind == "h":
            odds -= max(0, bonds[start])  # 担任|书记: the surname is the end of a word
        if kind == "h" and any(self._ends(text, end, 2)):  # 施书记: 书 might be a given name
            odds += self.weights.total(surname_features(text, start, end, "g"))
            odds += self.weights.total((f"gtb{bonds[start]}", f"gti{bonds[end]}"))
        return odds

    def _sides(self, text: str, start: int, end: int, kind: str) -> float:
        return self.weights.total(side_features(text, start, end, kind))

    def _chains(self, text: str) -> Iterator[Name]:
        """Whole chains of sounds with dots: nearly always names."""
        for match in self._dotted.finditer(text) if "·" in text else ():
            start, end = match.start(), match.start() + len(match[0].rstrip(_NO_LAST))
            if end - start > 3 and any(char in self._typical for char in match[0]):
                sides = self._sides(text, start, end, "d")
                yield Name(start, end, _CHAIN + max(-1.5, min(1.5, sides / 3)), "dotted")

    def _from_parts(self, text: str) -> Iterator[Name]:
        """Names put together from the known parts of Tibetan, Mongol, Yi and Uyghur names."""
        for match in self._parts.finditer(text):
            start, end = match.span()
            if "·" in text[max(0, start - 1) : start] or _TO_DOT.match(text, end):
                continue
            sides = max(-2.0, min(2.0, self._sides(text, start, end, "s") / 2))
            yield Name(start, end, sides + (_PARTS if end - start > 3 else _PART), "sound")


def _one_of(chars: Iterable[str]) -> re.Pattern[str]:
    """Finds one of these characters."""
    return re.compile(f"[{''.join(sorted(set(chars)))}]")


class _Words:
    """A pattern that begins with one of many words, found by their first two characters: far quicker than a choice of all."""

    def __init__(self, words: Sequence[str], pattern: str) -> None:
        firsts, seconds = (_one_of(word[at] for word in words).pattern for at in (0, 1))
        self._begins = re.compile(f"{firsts}(?={seconds})")
        self._pairs = frozenset(word[:2] for word in words)
        self._pattern = re.compile(pattern)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """As the method of a pattern."""
        end = 0
        for begin in self._begins.finditer(text):
            start = begin.start()
            if start < end or text[start : start + 2] not in self._pairs:
                continue
            if match := self._pattern.match(text, start):
                end = match.end()
                yield match


def _with_dots(text: str) -> Iterator[Candidate]:
    """The extents of names with dots, whose first and last part may run into other words."""
    for match in _DOTTED.finditer(text) if "·" in text else ():
        start, end = match.span()
        first, last = text.index("·", start), text.rindex("·", start, end)
        for s in range(max(start, first - 8), first):
            for e in range(last + 2, min(end, last + 8) + 1):
                yield s, s, e, "d"


def _without_pieces(found: list[Name]) -> list[Name]:
    """The candidates less those that are pieces of a likely name with dots."""
    whole = [(n.start, n.end) for n in found if n.kind == "dotted" and n.odds >= 1.0]
    if not whole:
        return found
    inside = {place for start, end in whole for place in range(start, end)}
    return [n for n in found if n.kind == "dotted" or not (n.start in inside and n.end - 1 in inside)]


def best(found: list[Name]) -> list[Name]:
    """The names that do not overlap and have the largest sum of odds, in order of place."""
    ordered = sorted(found, key=lambda name: (name.end, name.start))
    total, keep, ends = [0.0], [-1], [0]
    from bisect import bisect_right

    for index, name in enumerate(ordered):
        before = bisect_right(ends, name.start, 1, index + 1) - 1
        value = total[before] + max(name.odds, 0.0) + 0.01
        better = value > total[-1]
        ends.append(name.end)
        total.append(value if better else total[-1])
        keep.append(before if better else -1)
    chosen, at = [], len(ordered)
    while at > 0:
        if keep[at] >= 0:
            chosen.append(ordered[at - 1])
            at = keep[at]
        else:
            at -= 1
    return chosen[::-1]


def _spaced(text: str) -> Iterator[re.Match[str]]:
    """The letter-spaced names of two characters, in order."""
    from pbtool.extraction.offices import head_before

    alone = list(_SPACED.finditer(text))
    behind = [m for m in _SPACED_BEHIND.finditer(text) if head_before(text, m.start()) >= 0]
    at = 0
    for match in sorted(alone + behind, key=lambda match: match.start()):
        if match.start() >= at and match[1] in model().surnames:
            at = match.end()
            yield match


def joined(text: str) -> tuple[str, list[int]]:
    """Prepared text with letter-spaced names (`童 星`) closed up, and the place in `text` of each of its characters."""
    closed: list[str] = []
    places: list[int] = []
    at = 0
    for match in _spaced(text) if " " in text else ():
        closed.append(text[at : match.end(1)])
        places += range(at, match.end(1))
        at = match.start(3)
    closed.append(text[at:])
    places += range(at, len(text) + 1)
    return "".join(closed), places


def find_names(text: str, least: float = 0.0, bonus: float = 0.0) -> list[Name]:
    """The names in a text, in order, with log-odds of at least `least`. Offsets count in `text`."""
    return best(candidates(text, least - bonus, bonus))


def candidates(text: str, least: float, bonus: float = 0.0) -> list[Name]:
    """Everything in a text that may be a name, with log-odds of at least `least`, overlapping or not."""
    closed, places = joined(prepared(text))
    found = model().weighed(closed, least - (_SPREAD if len(closed) < len(text) else 0.0))
    if len(closed) == len(text):
        return [Name(n.start, n.end, n.odds + bonus, n.kind) for n in found] if bonus else found
    moved = [Name(places[n.start], places[n.end - 1] + 1, n.odds + bonus, n.kind) for n in found]
    return [n._replace(odds=n.odds + _SPREAD) if " " in prepared(text[n.start : n.end]) else n for n in moved]


def weigh(text: str, start: int, end: int) -> float:
    """The log-odds that text[start:end] of prepared text is a name, the kind that fits best."""
    around = text[max(0, start - 4) : end + 4]
    shift = start - max(0, start - 4)
    return max(
        (n.odds for n in model().weighed(around, -99.0) if (n.start, n.end) == (shift, shift + end - start)),
        default=-99.0,
    )


@lru_cache(maxsize=1)
def model() -> NameModel:
    """The model that is shipped with the package."""
    return NameModel(read_weights((resources.files("pbtool.data") / "name_weights.bin").read_bytes()))
