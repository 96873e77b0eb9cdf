"""The judge: a character language model of official and news prose, in one memory-mapped table.

The one idea: the n-grams (up to four characters, with back-off) lie in a trie whose children are *strings*: the children
of a node are one slice of a long string of characters, so that a look-up is `str.find` inside a slice, exact and without
hashing. A `State` is the trie nodes of the last three, two and one characters; it is a dictionary that learns, on first
use, where each further character leads, so that text which comes again costs one look-up a character.

Text is folded before it is scored: full width to half width, every digit to `0`, Latin letters to `A` and `a` (each member
of such a class is equally likely). White space other than the end of a line weighs nothing: it is passed over.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Sequence
from functools import lru_cache
from math import log
from pathlib import Path

MAGIC = b"PBLM0001"
HEADER = struct.Struct("<8s4I")  # magic, number of n-grams of order 1..4
CODES = struct.Struct("<256f256f")  # what a byte of the probabilities and of the back-off weights stands for
UNKNOWN = "\ufffd"
END = "\n"

_KEPT = 1 << 17  # steps that are remembered; about 50 MB when full
_RIGHT = 4  # characters after a choice that still feel it

_CLASSES = {"0": log(10), "A": log(26), "a": log(26), UNKNOWN: log(20000)}
_SIGNS = {
    "⋯": "…",
    "―": "—",
    "─": "—",
    "•": "·",
    "・": "·",
    "･": "·",
    "∙": "·",
    "⋅": "·",
    "∶": ":",
    "﹕": ":",
    "﹑": "、",
}


@lru_cache(maxsize=1)
def folding() -> dict[int, str]:
    """The table for `str.translate` that folds a text to what the model counts in."""
    table = dict.fromkeys(range(48, 58), "0")
    table |= dict.fromkeys(range(65, 91), "A") | dict.fromkeys(range(97, 123), "a")
    table |= {0xFEE0 + code: table.get(code, chr(code)) for code in range(0x21, 0x7F)}
    table |= {ord(sign): kept for sign, kept in _SIGNS.items()}
    table |= {ord(space): "" for space in "\t\r \x0b\x85\xa0\u3000\u200b\u2009\u2002\u2003\ufeff"}
    table |= {ord(end): END for end in "\f\u2028\u2029"}
    return table


class State(dict[str, tuple["State", float]]):
    """What the model remembers of the text so far; `state[char]` is the next state and the character's log-probability.

    Compare states with `is`: those of one piece of work are unique, later ones may be made anew.
    """

    __slots__ = ("_judge", "one", "three", "two")

    def __init__(self, judge: LanguageModel, three: int, two: int, one: int) -> None:
        self._judge, self.three, self.two, self.one = judge, three, two, one

    @property
    def nodes(self) -> tuple[int, int, int]:
        """Where the last three, two and one characters lie in the trie."""
        return self.three, self.two, self.one

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __missing__(self, char: str) -> tuple[State, float]:
        result = self[char] = self._judge._step(self, char)
        return result


#: Of one character: where its followers begin and end, its back-off weight, what its class costs, its log-probability.
Followers = tuple[int, int, float, float, float]


class _Followers(dict[str, Followers]):
    """What a model knows of single characters, each looked up when it is first met."""

    def __init__(self, judge: LanguageModel) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, char: str) -> Followers:
        found = self[char] = self._judge.alone(char)
        return found


class LanguageModel:
    """Log-probabilities (natural) of Chinese text. Get the one that is shipped with `model()`."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        magic, *sizes = HEADER.unpack_from(view)
        if magic != MAGIC:
            raise ValueError(f"{path}: is not a language model of this version; build it again")
        codes: tuple[float, ...] = CODES.unpack_from(view, HEADER.size)
        self._logs, self._weights = codes[:256], codes[256:]
        self._place = HEADER.size + CODES.size
        self._chars: list[str] = []
        self._probs: list[memoryview] = []
        self._backs: list[memoryview] = []
        self._first: list[memoryview] = []
        for order, size in enumerate(sizes, start=1):
            self._read_order(view, order, size)
        self._roots = {char: index for index, char in enumerate(self._chars[0])}
        self._unknown = self._roots[UNKNOWN]
        self._behind = _Followers(self)
        self._states: dict[tuple[int, int, int], State] = {}
        self._kept = 0
        #: Where a line begins.
        self.start = self._state(-1, -1, self._roots[END])
        #: Where nothing is known of what stands before.
        self.nowhere = self._state(-1, -1, -1)

    def _read_order(self, view: memoryview, order: int, size: int) -> None:
        def take(length: int) -> memoryview:
            piece = view[self._place : self._place + length]
            self._place += -(-length // 4) * 4
            return piece

        self._chars.append(str(take(2 * size), "utf-16-le"))
        self._probs.append(take(size))
        if order < 4:
            self._backs.append(take(size))
            self._first.append(take(4 * (size + 1)).cast("I"))

    def alone(self, char: str) -> Followers:
        """What the model knows of one (folded) character by itself; of an unknown one what it knows of any such."""
        root = self._roots.get(char, self._unknown)
        if root == self._unknown:
            char = UNKNOWN
        low, high = self._first[0][root], self._first[0][root + 1]
        back, plain = self._weights[self._backs[0][root]], self._logs[self._probs[0][root]]
        return low, high, back, -_CLASSES.get(char, 0.0), plain

    def _state(self, three: int, two: int, one: int) -> State:
        key = (three, two, one)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = State(self, three, two, one)
        return state

    def relax(self) -> None:
        """Forget steps once many are remembered. Called between pieces of work: states made before and after differ."""
        if self._kept > _KEPT:
            for state in self._states.values():
                state.clear()
            self._states = {
                (state.three, state.two, state.one): state for state in (self.start, self.nowhere)
            }
            self._kept = 0

    def step(self, state: State, char: str) -> tuple[State, float]:
        """The state after one more (folded) character, and the log-probability of that character."""
        return state[char]

    def _step(self, state: State, char: str) -> tuple[State, float]:
        self._kept += 1
        three, two, one = state.three, state.two, state.one
        # Where an n-gram is known its suffixes are, so that the shortest is looked for first.
        chars, first = self._chars, self._first
        second = chars[1].find(char, first[0][one], first[0][one + 1]) if one >= 0 else -1
        third = chars[2].find(char, first[1][two], first[1][two + 1]) if second >= 0 <= two else -1
        root = self._roots.get(char, self._unknown)
        after = self.start if char == END else self._state(third, second, root)
        logs, weights = self._logs, self._weights
        total = -_CLASSES.get(char, 0.0) if root != self._unknown else -_CLASSES[UNKNOWN]
        if three >= 0:
            fourth = chars[3].find(char, first[2][three], first[2][three + 1]) if third >= 0 else -1
            if fourth >= 0:
                return after, total + logs[self._probs[3][fourth]]
            total += weights[self._backs[2][three]]
        if third >= 0:
            return after, total + logs[self._probs[2][third]]
        if two >= 0:
            total += weights[self._backs[1][two]]
        if second >= 0:
            return after, total + logs[self._probs[1][second]]
        if one >= 0:
            total += weights[self._backs[0][one]]
        return after, total + logs[self._probs[0][root]]

    def tail(self, state: State, folded: str) -> float:
        """Log-probability of folded text behind a state. As `walk`, for text that hardly comes again: nothing is kept."""
        return sum(self.values(state, folded))

    def values(self, state: State, folded: str) -> list[float]:
        """Log-probability of each character of folded text behind a state. As `tail`, nothing is kept."""
        three, two, one = state.three, state.two, state.one
        low, high, back = self._behind[self._chars[0][one]][:3] if one >= 0 else (0, 0, 0.0)
        find2, find3, find4 = (chars.find for chars in self._chars[1:])
        _, first2, first3 = self._first
        _, probs2, probs3, probs4 = self._probs
        _, backs2, backs3 = self._backs
        logs, weights, behind = self._logs, self._weights, self._behind
        found: list[float] = []
        for char in folded:
            second, third, fourth = find2(char, low, high), -1, -1
            low, high, next_back, total, plain = behind[char]
            if second >= 0 <= two:
                third = find3(char, first2[two], first2[two + 1])
                if third >= 0 <= three:
                    fourth = find4(char, first3[three], first3[three + 1])
            if fourth >= 0:
                total += logs[probs4[fourth]]
            else:
                if three >= 0:
                    total += weights[backs3[three]]
                if third >= 0:
                    total += logs[probs3[third]]
                else:
                    if two >= 0:
                        total += weights[backs2[two]]
                    total += logs[probs2[second]] if second >= 0 else back + plain
            found.append(total)
            three, two, back = (-1, -1, next_back) if char == END else (third, second, next_back)
        return found

    def pair(self, before: str, char: str) -> float:
        """Log-probability of a (folded) character behind one other, where nothing else is known."""
        one, root = self._roots.get(before, self._unknown), self._roots.get(char, self._unknown)
        total = -_CLASSES.get(char, 0.0) if root != self._unknown else -_CLASSES[UNKNOWN]
        second = self._chars[1].find(char, self._first[0][one], self._first[0][one + 1])
        if second >= 0:
            return total + self._logs[self._probs[1][second]]
        return total + self._weights[self._backs[0][one]] + self._logs[self._probs[0][root]]

    def walk(self, state: State, folded: str) -> tuple[State, float]:
        """The state after folded text, and its log-probability."""
        total = 0.0
        for char in folded:
            state, value = state[char]
            total += value
        return state, total

    def state(self, left: str) -> State:
        """The state after `left`, which is taken to begin in the middle of a text unless it is empty or ends a line."""
        self.relax()
        folded = left[-12:].translate(folding())
        if not folded:
            return self.start
        return self.walk(self.nowhere, folded[-3:])[0]

    def score(self, text: str, start: int = 0, end: int | None = None) -> float:
        """Log-probability of text[start:end] given what stands before it (the start of a line where nothing does)."""
        self.relax()
        end = len(text) if end is None else end
        table = folding()
        if start <= 12:
            state = self.walk(self.start, text[:start].translate(table))[0]
        else:
            state = self.state(text[start - 12 : start])
        return self.walk(state, text[start:end].translate(table))[1]

    def alternatives(self, left: str, choices: Sequence[str], right: str) -> list[float]:
        """Log-probability of each choice between `left` and `right`, with its effect on what follows."""
        table = folding()
        state = self.state(left)
        after = right[:12].translate(table)[:_RIGHT]
        return [self.tail(state, choice.translate(table) + after) for choice in choices]

    def continuation(self, before: str, after: str) -> float:
        """How much better `after` goes on from the end of `before` than it begins a line: > 0 where it goes on.

        The log-probability of the first eight characters of `after` behind `before`, less the same at the start of a
        line behind the end of a line (both ways pay for what they claim about the line's end).
        """
        head = after[:24].translate(folding()).lstrip(END)[:8]
        state = self.state(before.rstrip())
        joined = self.walk(state, head)[1]
        ended = self.walk(state, END)[1]
        return joined - ended - self.walk(self.start, head)[1]


@lru_cache(maxsize=1)
def model() -> LanguageModel:
    """The model that is shipped with the package; loaded on first use, its table shared by all processes."""
    return LanguageModel(Path(__file__).resolve().with_name("data") / "language_model.bin")
