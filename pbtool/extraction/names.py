"""Names of people: where in a text one may stand, and how sure that is.

The one idea: a name is a surname with one or two given characters (or a chain of sounds: `·`, Tibetan, Mongol, foreign),
so there are few places where one can begin, and each of these is weighed by the same small log-linear model: its surname,
its characters, the words they would make instead with their neighbours, and what stands on both sides. The weights are
learnt by `scripts/build_name_tables.py`; the best set of names that do not overlap wins (dynamic programming).

Everything is weighed in simplified characters and full-width signs, one for one, so that places stay those of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from math import exp

from pbtool import tables
from pbtool.extraction.name_features import other_features, read_weights, ties
from pbtool.extraction.name_weights import Weights
from pbtool.gazetteer import fold

Candidate = tuple[int, int, int, str]
_PARTS = 3.5  # log-odds of a name put together from known parts, and of a single one (which needs an office beside it)
_PART = -2.0
_KINDS = {"g": "given", "c": "given", "j": "given", "s": "sound", "d": "dotted", "h": "surname", "o": "short"}
#: No surname or given name is made with these; they end every candidate.
_NEVER = frozenset("的了着是被把这那哪您我你他她它们吗呢吧啊很没")
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
_REPLACED = re.compile(f"[{re.escape(''.join(map(chr, _SIGNS)))}]+")
#: A surname and a given character that stand alone between spaces: one name, letter-spaced.
_SPACED = re.compile(r"(?<![一-鿿])([一-鿿])( {1,4})([一-鿿])(?![一-鿿])")
_TO_DOT = re.compile(r"[一-鿿]{0,6}·")
#: No name from another language is made with these; they stand beside one.
_BESIDE = "和与及在时后前当也均曾将先等说对向受到就被上下的了是这那为年编会见请由同给从很用近一"
_DOTTED = re.compile(rf"(?:(?![{_BESIDE}])[一-鿿]){{1,8}}(?:·(?:(?![{_BESIDE}])[一-鿿]){{1,8}}){{1,5}}")
#: Surnames that before 某 are mostly other words (于某种, 任某).
_NOT_SOMEBODY = "于任成和向从由同对及有为时经国全如能"
_CHAIN = 3.0  # log-odds of a whole chain of sounds with dots
_DOTS = 3.0  # what a dot between sounds is worth
_WORD = 4.0  # what a word that looks like a name loses
_FAMOUS = 5.0  # log-odds of a name that everybody knows
_CERTAIN = 3.0  # log-odds of 王某
_BASE = -3.5  # a surname whose neighbours speak more against it than this begins no name
_SIDES = 3.3  # what the sides must bring at least where all else speaks against a name
_SPREAD = 3.0  # what letter-spacing is worth


@dataclass(frozen=True, slots=True)
class Name:
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
        #: First two characters (or the only one) -> the surnames that begin so, each with the letter of its kind and how
        #: long a given name may be.
        self._begins = _by_beginning(
            [(s, "c", 2) for s in sorted(self.compound)]
            + [(s, "j", 3) for s in japanese]
            + [(s, "g", 2) for s in single]
        )
        self._firsts = frozenset(beginning[0] for beginning in self._begins)
        parts = sorted((row[0] for row in tables.rows("name_parts.tsv")), key=lambda part: (-len(part), part))
        part = f"(?:{'|'.join(parts)})"
        self._parts = re.compile(f"{part}{part}{{0,2}}")  # begins with a choice: that is searched for fast
        famous = (row[0] for row in tables.rows("famous_names.tsv"))
        self._famous = re.compile("|".join(sorted(famous, key=lambda name: (-len(name), name))))
        sounds = tables.pairs("name_sounds.tsv")
        dotted = f"[{''.join(sounds)}]{{1,8}}"
        self._dotted = re.compile(f"(?<![一-鿿]·){dotted}(?:·{dotted}){{1,5}}(?!·)")
        self._typical = frozenset(char for char, sort in sounds.items() if sort == "typical")
        plain = "".join(char for char, sort in sounds.items() if sort != "dotted")
        self._run = re.compile(f"[{plain}]{{2,16}}")
        one = f"[{''.join(single)}]"
        self._addressed = re.compile(f"{one}(?={'|'.join(sorted(self.address))})")
        self._somebody = re.compile(
            f"(?![{_NOT_SOMEBODY}]){one}某(?:某{{1,2}}|[甲乙丙丁])?(?![种些个一类次天日人地方项位年月省市县处家])"
        )
        self._short = re.compile(f"[老小阿]{one}")

    def candidates(self, text: str) -> Iterator[Candidate]:
        """Every (start, start of the given name, end, kind) of prepared text that may be a name."""
        for start, at, letter, most in self._with_surname(text):
            for end in self._ends(text, at, most):
                yield start, at, end, letter + str(end - at)
        yield from self._others(text)

    def _with_surname(self, text: str) -> Iterator[tuple[int, int, str, int]]:
        """Where a surname stands: start, end, letter of its kind, how long a given name may be."""
        firsts, begins = self._firsts, self._begins.get
        for start, char in enumerate(text):
            if char in firsts:
                for surname, letter, most in begins(text[start : start + 2], ()):
                    if text.startswith(surname, start):
                        yield start, start + len(surname), letter, most
                for _, letter, most in begins(char, ()):
                    yield start, start + 1, letter, most

    def _ends(self, text: str, at: int, most: int) -> Iterator[int]:
        """Where a given name that begins at `at` may end."""
        for end in range(at + 1, min(at + most, len(text)) + 1):
            char = text[end - 1]
            if not "一" <= char <= "鿿" or char in _NEVER:
                return
            if text[at:end] not in self.address:
                yield end

    def _others(self, text: str) -> Iterator[Candidate]:
        """The candidates that are no surname with a given name."""
        for match in self._addressed.finditer(text):
            yield match.start(), match.end(), match.end(), "h"
        for match in self._short.finditer(text):
            yield match.start(), match.end(), match.end(), "o"
        for match in self._run.finditer(text):
            yield from self._pieces(text, match.start(), match.end())
        for match in _DOTTED.finditer(text):
            yield from _dotted(text, match.start(), match.end())

    def _pieces(self, text: str, start: int, end: int) -> Iterator[Candidate]:
        """The parts of a run of sounds that may be a name: two to seven characters, the first cut of long runs only."""
        typical = [char in self._typical for char in text[start:end]]
        for first in range(start, min(end - 1, start + 9)):
            count = int(typical[first - start])
            for last in range(first + 1, min(first + 7, end)):
                count += typical[last - start]
                if text[last - 1 : last + 1] in self.address:
                    continue
                if count > 1 or (count and last - first < 3):
                    yield first, first, last + 1, "s"

    def weighed(self, text: str, least: float) -> list[Name]:
        """The candidates of prepared text with log-odds of at least `least`.

        What takes longer to look at is only looked at where what is quick to see leaves it open: of a thousand names,
        four are lost so (measured on the first part of `scripts/evaluate_names.py`).
        """
        bonds, floor = ties(text), min(least, _BASE)
        found = [
            name
            for start, end, kind, odds in (
                *self._weigh_surnames(text, bonds, floor),
                *self._weigh_others(text, bonds, floor),
            )
            if odds >= floor - _SIDES and (name := self._beside(text, start, end, kind, odds)).odds >= least
        ]
        found += [name for name in (*self._from_parts(text), *self._chains(text)) if name.odds >= least]
        found += [Name(m.start(), m.end(), _CERTAIN, "given") for m in self._somebody.finditer(text)]
        found += [Name(m.start(), m.end(), _FAMOUS, "given") for m in self._famous.finditer(text)]
        return _without_pieces(found)

    def _weigh_surnames(
        self, text: str, bonds: list[int], floor: float
    ) -> Iterator[tuple[int, int, str, float]]:
        """Start, end, kind and log-odds, but for its sides, of what may be a surname with a given name."""
        head, tail = self.weights.head, self.weights.tail
        for start, at, letter, most in self._with_surname(text):
            if not "一" <= text[at : at + 1] <= "鿿" or text[at] in _NEVER:
                continue
            base = head(text, bonds, start, at, letter)
            if base >= floor:
                for end in self._ends(text, at, most):
                    kind = letter + str(end - at)
                    yield start, end, kind, base + tail(text, bonds, start, end, kind)

    def _weigh_others(
        self, text: str, bonds: list[int], floor: float
    ) -> Iterator[tuple[int, int, str, float]]:
        """The same of other candidates."""
        total = self.weights.total
        for start, _, end, kind in self._others(text):
            odds = total(other_features(text, bonds, start, end, kind))
            if kind == "h" and any(self._ends(text, end, 2)):  # 施书记: 书 might be a given name
                base = self.weights.head(text, bonds, start, end, "g")
                if base < floor:
                    continue
                odds += base
            yield start, end, kind, odds + (_DOTS if kind == "d" else 0.0)

    def _beside(self, text: str, start: int, end: int, kind: str, odds: float) -> Name:
        """The candidate, weighed whole: with its sides, and the word that it may be."""
        odds += self.weights.sides(text, start, end, kind)
        odds -= _WORD if text[start:end] in self.words else 0.0
        return Name(start, end, odds, _KINDS[kind[0]])

    def _chains(self, text: str) -> Iterator[Name]:
        """Whole chains of sounds with dots: nearly always names."""
        for match in self._dotted.finditer(text):
            start, end = match.span()
            if end - start > 3 and any(char in self._typical for char in match[0]):
                sides = self.weights.sides(text, start, end, "d")
                yield Name(start, end, _CHAIN + max(-1.5, min(1.5, sides / 3)), "dotted")

    def _from_parts(self, text: str) -> Iterator[Name]:
        """Names put together from the known parts of Tibetan, Mongol, Yi and Uyghur names."""
        for match in self._parts.finditer(text):
            start, end = match.span()
            if "·" in text[max(0, start - 1) : start] or _TO_DOT.match(text, end):
                continue
            sides = max(-2.0, min(2.0, self.weights.sides(text, start, end, "s") / 2))
            yield Name(start, end, sides + (_PARTS if end - start > 3 else _PART), "sound")


def _by_beginning(surnames: Iterable[tuple[str, str, int]]) -> dict[str, list[tuple[str, str, int]]]:
    """Surnames by their first two characters, or the only one."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for surname in surnames:
        found.setdefault(surname[0][:2], []).append(surname)
    return found


def _dotted(text: str, start: int, end: int) -> Iterator[Candidate]:
    """The extents of a name with dots, whose first and last part may run into other words."""
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


def joined(text: str) -> tuple[str, list[int]]:
    """Prepared text with letter-spaced names (`童 星`) closed up, and the place in `text` of each of its characters."""
    closed: list[str] = []
    places: list[int] = []
    at = 0
    for match in _SPACED.finditer(text):
        if match.start() < at or match[1] not in model().surnames:
            continue
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
    return [replace(n, odds=n.odds + _SPREAD) if " " in prepared(text[n.start : n.end]) else n for n in moved]


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
