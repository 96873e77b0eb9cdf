"""The judge: a character language model of official and news prose, in one memory-mapped table.

The one idea: the n-grams (up to four characters, with back-off) lie in a trie whose children are *strings*: the children
of a node are one slice of a long string of characters, so that a look-up is `str.find` inside a slice, exact and without
hashing. A `State` is where the last characters lie in the trie; it is a dictionary that learns, on first
use, where each further character leads, so that text which comes again costs one look-up a character.

Text is folded before it is scored: full width to half width, every digit to `0`, Latin letters to `A` and `a` (each member
of such a class is equally likely). White space other than the end of a line weighs nothing: it is passed over.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Sequence
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

#: Where a text lies in the trie: its last three and its last two characters (-1 where they are not in it), where the
#: followers of its last one begin and end, and that one's back-off weight.
Nodes = tuple[int, int, int, int, float]
_NOWHERE: Nodes = (-1, -1, 0, 0, 0.0)

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

    __slots__ = ("_judge", "nodes")

    def __init__(self, judge: LanguageModel, nodes: Nodes) -> None:
        self._judge = judge
        #: Where the text so far lies in the trie.
        self.nodes = nodes

    __hash__ = object.__hash__  # type: ignore[assignment]

    def __missing__(self, char: str) -> tuple[State, float]:
        result = self[char] = self._judge.step_from(self.nodes, char)
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
        self._finds = tuple(chars.find for chars in self._chars)
        self._states: dict[Nodes, State] = {}
        self._kept = 0
        #: Where a line begins.
        self.start = self._state(self._read(_NOWHERE, END)[1])
        #: Where nothing is known of what stands before.
        self.nowhere = self._state(_NOWHERE)

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

    def _state(self, nodes: Nodes) -> State:
        state = self._states.get(nodes)
        if state is None:
            state = self._states[nodes] = State(self, nodes)
        return state

    def relax(self) -> None:
        """Forget steps once many are remembered. Called between pieces of work: states made before and after differ."""
        if self._kept > _KEPT:
            for state in self._states.values():
                state.clear()
            self._states = {state.nodes: state for state in (self.start, self.nowhere)}
            self._kept = 0

    def step(self, state: State, char: str) -> tuple[State, float]:
        """The state after one more (folded) character, and the log-probability of that character."""
        return state[char]

    def step_from(self, nodes: Nodes, char: str) -> tuple[State, float]:
        """The same where the step is not yet remembered."""
        self._kept += 1
        (value,), after = self._read(nodes, char)
        return self._state(after), value

    def tail(self, state: State, folded: str) -> float:
        """Log-probability of folded text behind a state. As `walk`, for text that hardly comes again: nothing is kept."""
        return sum(self._read(state.nodes, folded)[0])

    def values(self, state: State, folded: str) -> list[float]:
        """Log-probability of each character of folded text behind a state. As `tail`, nothing is kept."""
        return self._read(state.nodes, folded)[0]

    def between(self, left: str, choices: Sequence[str], right: str) -> list[float]:
        """Log-probability of each choice followed by `right` behind `left`, all of them folded. Nothing is kept.

        Nothing is known of what stands before `left`; where a line begins it begins with `END`.
        """
        nodes = self._read(_NOWHERE, left[-3:])[1]
        return [sum(found) for found, _ in self._each(nodes, [choice + right for choice in choices])]

    def _read(self, nodes: Nodes, folded: str) -> tuple[list[float], Nodes]:
        """Log-probability of each character of folded text behind these nodes, and the nodes behind it."""
        return self._each(nodes, (folded,))[0]

    def _each(self, nodes: Nodes, texts: Iterable[str]) -> list[tuple[list[float], Nodes]]:
        """The same for each of several texts."""
        _, find2, find3, find4 = self._finds
        _, first2, first3 = self._first
        _, probs2, probs3, probs4 = self._probs
        _, backs2, backs3 = self._backs
        logs, weights, behind = self._logs, self._weights, self._behind
        result = []
        for folded in texts:
            three, two, low, high, back = nodes
            found: list[float] = []
            for char in folded:
                # Where an n-gram is known its suffixes are, so that the shortest is looked for first.
                second = find2(char, low, high)
                third = find3(char, first2[two], first2[two + 1]) if second >= 0 <= two else -1
                low, high, next_back, total, plain = behind[char]
                if third >= 0:
                    fourth = find4(char, first3[three], first3[three + 1]) if three >= 0 else -1
                    if fourth >= 0:
                        total += logs[probs4[fourth]]
                    elif three >= 0:
                        total += weights[backs3[three]] + logs[probs3[third]]
                    else:
                        total += logs[probs3[third]]
                else:
                    if two >= 0:
                        total += weights[backs2[two]]
                        if three >= 0:
                            total += weights[backs3[three]]
                    total += logs[probs2[second]] if second >= 0 else back + plain
                found.append(total)
                three, two, back = (third, second, next_back) if char != END else (-1, -1, next_back)
            result.append((found, (three, two, low, high, back)))
        return result

    def pair(self, before: str, char: str) -> float:
        """Log-probability of a (folded) character behind one other, where nothing else is known."""
        return self.behind(before, char)[0]

    def behind(self, before: str, chars: str) -> list[float]:
        """Log-probability of each of these (folded) characters behind one other, where nothing else is known."""
        low, high, back, _, _ = self._behind[before]
        find, probs, logs, known = self._finds[1], self._probs[1], self._logs, self._behind
        found = []
        for char in chars:
            at = find(char, low, high)
            _, _, _, cost, plain = known[char]
            found.append(cost + (logs[probs[at]] if at >= 0 else back + plain))
        return found

    def before(self, chars: str, behind: str) -> list[float]:
        """Log-probability of one (folded) character behind each of these, where nothing else is known."""
        _, _, _, cost, plain = self._behind[behind]
        find, probs, logs, known = self._finds[1], self._probs[1], self._logs, self._behind
        found = []
        for char in chars:
            low, high, back, _, _ = known[char]
            at = find(behind, low, high)
            found.append(cost + (logs[probs[at]] if at >= 0 else back + plain))
        return found

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
        table, end = folding(), len(text) if end is None else end
        left = text[max(0, start - 12) : start].translate(table)
        nodes = self._read(_NOWHERE, (END + left if start <= 12 or not left else left)[-3:])[1]
        return sum(self._read(nodes, text[start:end].translate(table))[0])

    def alternatives(self, left: str, choices: Sequence[str], right: str) -> list[float]:
        """Log-probability of each choice between `left` and `right`, with its effect on what follows."""
        table = folding()
        folded = left[-12:].translate(table)
        after = right[:12].translate(table)[:_RIGHT]
        return self.between(folded or END, [choice.translate(table) for choice in choices], after)

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
