"""Names of people: where in a text one may stand, and how sure that is.

The one idea: a name is a surname with one or two given characters (or a chain of sounds: `·`, Tibetan, Mongol, foreign),
so there are few places where one can begin, and each of these is weighed by the same small log-linear model: its surname,
its characters, the words they would make instead with their neighbours, and what stands on both sides. The weights are
learnt by `scripts/build_name_tables.py`; the best set of names that do not overlap wins (dynamic programming).

Everything is weighed in simplified characters and full-width signs, one for one, so that places stay those of the text.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp

from pbtool import language, tables
from pbtool.gazetteer import fold

EDGE = "^"
_PARTS = 3.5  # log-odds of a name put together from known parts, and of a single one (which needs an office beside it)
_PART = -2.0
_KINDS = {"g": "given", "c": "given", "s": "sound", "d": "dotted", "h": "surname", "o": "short"}
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
    }
)
_DIGITS = str.maketrans("0123456789０１２３４５６７８９", "0" * 20)
#: A surname and a given character that stand alone between spaces: one name, letter-spaced.
_SPACED = re.compile(r"(?<![一-鿿])([一-鿿])( {1,4})([一-鿿])(?![一-鿿])")
_TO_DOT = re.compile(r"[一-鿿]{0,6}·")
_DOTTED = re.compile(r"[一-鿿]{1,8}(?:·[一-鿿]{1,8}){1,5}")
_DOTS = 3.0  # what a dot between sounds is worth
_WORD = 4.0  # what a word that looks like a name loses
_SIDES = 5.0  # what both sides together bring at most, but for one candidate in a hundred
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
    return fold(text.translate(_SIGNS)).translate(_DIGITS)


class NameModel:
    """Surnames, characters of sounds and the weights of features. Get the shipped one with `model()`."""

    def __init__(
        self,
        surnames: dict[str, float],
        sounds: frozenset[str],
        weights: dict[str, float],
        parts: Sequence[str] = (),
    ) -> None:
        self.surnames = surnames
        self._address = tuple(row[0] for row in tables.rows("forms_of_address.tsv"))
        #: What follows a surname that stands for the whole name (`施书记`, `周总理`).
        self.address = frozenset(self._address)
        longest = "|".join(sorted(parts, key=lambda part: (-len(part), part)))
        self._parts = re.compile(f"(?:{longest}){{1,3}}") if parts else re.compile("(?!)")
        self.compound = frozenset(s for s in surnames if len(s) == 2)
        self.sounds = sounds
        self.words = frozenset(row[0] for row in tables.rows("not_names.tsv"))
        self.weights = weights
        self._short = re.compile(f"[老小阿][{''.join(sorted(s for s in surnames if len(s) == 1))}]")
        firsts = "".join(sorted({s[0] for s in surnames}))
        self._firsts = re.compile(f"[{firsts}]")
        chars = "".join(sorted(sounds))
        self._run = re.compile(f"[{chars}]{{2,16}}") if sounds else re.compile(r"(?!)")

    def candidates(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every (start, end, kind) of prepared text that may be a name."""
        size = len(text)
        for match in self._firsts.finditer(text):
            start = match.start()
            if text[start : start + 2] in self.compound:
                yield from self._given(text, start, start + 2, size, "c")
            if text[start] in self.surnames:
                yield from self._given(text, start, start + 1, size, "g")
                if text.startswith(self._address, start + 1):
                    yield start, start + 1, "h"
        for match in self._short.finditer(text):
            yield match.start(), match.end(), "o"
        for match in self._run.finditer(text):
            yield from _pieces(match.start(), match.end())
        for match in _DOTTED.finditer(text):
            yield from _dotted(text, match.start(), match.end())

    def _given(self, text: str, start: int, at: int, size: int, kind: str) -> Iterator[tuple[int, int, str]]:
        for end in range(at + 1, min(at + 2, size) + 1):
            char = text[end - 1]
            if not "一" <= char <= "鿿" or char in _NEVER:
                return
            if text[at:end] not in self.address:
                yield start, end, kind + str(end - at)

    def weighed(self, text: str, least: float) -> list[Name]:
        """The candidates of prepared text with log-odds of at least `least`.

        What stands on both sides is only looked at where the candidate itself leaves it open.
        """
        found: list[Name] = []
        get, bonds = self.weights.get, ties(text)
        for start, end, kind in self.candidates(text):
            odds = sum([get(feature, 0.0) for feature in inner_features(text, bonds, start, end, kind)])
            odds += _DOTS if kind == "d" else 0.0
            if odds < least - _SIDES:
                continue
            sides = left_features(text, start, kind) + right_features(text, end, kind)
            odds += sum([get(feature, 0.0) for feature in sides])
            odds -= _WORD if text[start:end] in self.words else 0.0
            if odds >= least:
                found.append(Name(start, end, odds, _KINDS[kind[0]]))
        found += [name for name in self._from_parts(text) if name.odds >= least]
        return _without_pieces(found)

    def _from_parts(self, text: str) -> Iterator[Name]:
        """Names put together from the known parts of Tibetan, Mongol, Yi and Uyghur names."""
        get = self.weights.get
        for match in self._parts.finditer(text):
            start, end = match.span()
            if "·" in text[max(0, start - 1) : start] or _TO_DOT.match(text, end):
                continue
            sides = sum(get(f, 0.0) for f in left_features(text, start, "s") + right_features(text, end, "s"))
            sides = max(-2.0, min(2.0, sides / 2))
            yield Name(start, end, sides + (_PARTS if end - start > 3 else _PART), "sound")


def _pieces(start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The parts of a run of sounds that may be a name: two to seven characters, the first cut of long runs only."""
    for s in range(start, min(end - 1, start + 9)):
        for e in range(s + 2, min(s + 7, end) + 1):
            yield s, e, "s"


def _dotted(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """The extents of a name with dots, whose first and last part may run into other words."""
    first, last = text.index("·", start), text.rindex("·", start, end)
    for s in range(max(start, first - 8), first):
        for e in range(last + 2, min(end, last + 8) + 1):
            yield s, e, "d"


def _without_pieces(found: list[Name]) -> list[Name]:
    """The candidates less those that are pieces of a likely name with dots."""
    whole = [(n.start, n.end) for n in found if n.kind == "dotted" and n.odds >= 1.0]
    if not whole:
        return found
    inside = {place for start, end in whole for place in range(start, end)}
    return [n for n in found if n.kind == "dotted" or not (n.start in inside and n.end - 1 in inside)]


def ties(text: str) -> list[int]:
    """How much likelier each character is behind the three before it than anywhere: -2 to 8, 9 where the text ends.

    Log ratios by the language model; two more follow than the text has characters.
    """
    judge = language.model()
    step, table = judge.step, language.folding()
    state = judge.start
    found = []
    for char in text:
        folded = char.translate(table) or "\n"
        state, value = step(state, folded)
        value -= step(judge.nowhere, folded)[1]
        found.append(-2 if value < -2 else 8 if value > 8 else round(value))
    return [*found, 9, 9]


def features(text: str, bonds: list[int], start: int, end: int, kind: str) -> list[str]:
    """The names of all features of a candidate, for learning."""
    sides = left_features(text, start, kind) + right_features(text, end, kind)
    return sides + inner_features(text, bonds, start, end, kind)


def inner_features(text: str, bonds: list[int], start: int, end: int, kind: str) -> list[str]:
    """Features of a candidate's own characters and of the words they would make with their neighbours."""
    found = [f"{kind}tb{bonds[start]}", f"{kind}ta{bonds[end]}", f"{kind}tz{bonds[end + 1]}"]
    if end - start > 1:
        found += (f"{kind}ti{bonds[start + 1]}", f"{kind}tl{bonds[end - 1]}")
    if kind == "h" or kind == "o":
        found += ("S" + kind + text[end - 1], "X" + text[end - 1] + (text[end : end + 1] or EDGE))
        found.append("W" + (text[start - 1 : start] or EDGE) + text[start])
        return found
    if kind == "s":
        return found + _sound_features(text, start, end)
    if kind == "d":
        return found + _dotted_features(text, start, end)
    at = start + (2 if kind[0] == "c" else 1)
    given, first, last = text[at:end], text[at], text[end - 1]
    after = text[end : end + 1] or EDGE
    before = text[start - 1 : start] or EDGE
    found += (
        "S" + kind + text[start:at],
        "F" + kind + first,
        "B" + text[at - 1 : at + 1],
        "X" + last + after,
        "W" + before + text[start],
        "Y" + kind + last,
        "N" + text[start:end],
    )
    if len(given) == 2:
        found.append("G" + given)
    else:
        found.append("Z" + given + after)
    return found


def _sound_features(text: str, start: int, end: int) -> list[str]:
    size = min(end - start, 6)
    found = [
        f"s{size}",
        "sb" + text[start : start + 2],
        "se" + text[end - 2 : end],
        "sf" + text[start],
        "sl" + text[end - 1],
    ]
    found += (
        "X" + text[end - 1] + (text[end : end + 1] or EDGE),
        "W" + (text[start - 1 : start] or EDGE) + text[start],
    )
    found += ["sm" + text[i : i + 2] for i in range(start, end - 1)]
    found += ["sc" + char for char in text[start:end]]
    found.append("N" + text[start:end])
    return found


def _dotted_features(text: str, start: int, end: int) -> list[str]:
    first, last = text.index("·", start), text.rindex("·", start, end)
    found = [
        f"d{first - start}",
        f"D{end - last - 1}",
        "db" + text[start : start + 2],
        "de" + text[end - 2 : end],
    ]
    found += ("df" + text[start], "dl" + text[end - 1], "dk")
    found += (
        "X" + text[end - 1] + (text[end : end + 1] or EDGE),
        "W" + (text[start - 1 : start] or EDGE) + text[start],
    )
    found += ["sc" + char for char in text[start:first] + text[last + 1 : end]]
    found += ["sm" + text[i : i + 2] for i in (*range(start, first - 1), *range(last + 1, end - 1))]
    return found


def left_features(text: str, start: int, kind: str) -> list[str]:
    """Features of what stands before a candidate."""
    left = text[max(0, start - 3) : start].rjust(3, EDGE).replace(" ", EDGE)
    return ["L" + left[2], "L" + left[1:], "L" + left, "l" + kind + left[2]]


def right_features(text: str, end: int, kind: str) -> list[str]:
    """Features of what stands after a candidate."""
    right = text[end : end + 3].ljust(3, EDGE).replace(" ", EDGE)
    return ["R" + right[0], "R" + right[:2], "R" + right, "r" + kind + right[0]]


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
    moved = [Name(places[n.start], places[n.end - 1] + 1, n.odds + bonus, n.kind) for n in found]
    if len(closed) == len(text):
        return moved
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
    weights = (tables.FOLDER / "name_weights.bin").read_bytes()
    parts = [row[0] for row in tables.rows("name_parts.tsv")]
    return NameModel(
        {name: float(share) for name, share in tables.rows("surnames.tsv")}, *read_weights(weights), parts
    )


def read_weights(data: bytes) -> tuple[frozenset[str], dict[str, float]]:
    """The characters of sounds and the weights out of the table's bytes (see `write_weights`)."""
    head, _, rest = data.partition(b"\0")
    count, step, sounds = head.decode("utf-8").split("\t")[-3:]
    values = array("b", rest[: int(count)])
    keys = rest[int(count) :].decode("utf-8").split("\n")
    unit = float(step)
    return frozenset(sounds), {key: value * unit for key, value in zip(keys, values, strict=True)}


def write_weights(header: str, sounds: frozenset[str], weights: dict[str, float]) -> bytes:
    """The bytes of a table of weights: header, a zero byte, one signed byte a weight, then the features by line."""
    largest = max(abs(value) for value in weights.values())
    unit = largest / 127
    kept = {key: round(value / unit) for key, value in sorted(weights.items())}
    kept = {key: value for key, value in kept.items() if value}
    head = f"{header}\t{len(kept)}\t{unit!r}\t{''.join(sorted(sounds))}"
    return head.encode() + b"\0" + array("b", kept.values()).tobytes() + "\n".join(kept).encode("utf-8")
