"""What the name model looks at, and the table of weights that it has for it.

The one idea: a feature is a short string, so that the table of weights is a dictionary that anybody can read: `S` a surname,
`G` a given name, `L` what stands before, `R` what stands after, and so on, each with the kind of candidate where that
matters. They come in parts, in the order in which they are worth their time: what the characters and their neighbours say
(`surname_features`, `given_features`, `side_features`), then what the language model says of how firmly they hang together
(`tie_features`). `name_weights` adds up the weights of the same features without making most of their names.

A kind is a letter and a size: `g2` a surname with two given characters, `c` the same with a compound surname, `j` with a
Japanese one, `h` a surname alone before a form of address, `o` 老, 小 or 阿 with a surname, `s` a chain of sounds, `d` one with `·`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import sub

from pbtool import language

EDGE = "^"
_KEPT = 20_000  # characters whose log-probability is remembered
_BEHIND = 3  # characters before one that its tie depends on
#: How many characters the surname of a kind has; that of `j` is looked up.
GIVEN = "gcj"
#: What `ties` may say.
TIES = range(-2, 10)


@lru_cache(maxsize=1)
def _folding() -> dict[int, str]:
    """The language model's folding, one for one: what it passes over ends a line here."""
    return {code: char or language.END for code, char in language.folding().items()}


class _Alone(dict[str, float]):
    """Folded character -> its log-probability anywhere, as far as it was asked for."""

    def __missing__(self, folded: str) -> float:
        if len(self) >= _KEPT:
            self.clear()
        judge = language.model()
        result = self[folded] = judge.values(judge.nowhere, folded)[0]
        return result


_ALONE = _Alone()


def ties(text: str, spans: Sequence[tuple[int, int]] | None = None) -> list[int]:
    """How much likelier each character is behind the three before it than anywhere: -2 to 8, 9 where the text ends.

    Log ratios by the language model; two more follow than the text has characters. Where `spans` (in order) are given,
    only what lies in them is worked out.
    """
    judge, folded = language.model(), text.translate(_folding())
    found = [9] * (len(text) + 2)
    for low, high in _merged(spans) if spans is not None else ((0, len(text)),):
        first = low - _BEHIND if low > _BEHIND else 0
        piece = folded[first:high]
        values = judge.values(judge.nowhere if first else judge.start, piece)
        gains = list(map(sub, values, map(_ALONE.__getitem__, piece)))[low - first :]
        found[low : low + len(gains)] = [-2 if g < -2 else 8 if g > 8 else round(g) for g in gains]
    return found


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that lie so close that they are cheaper to read as one."""
    low = high = -1
    for start, end in spans:
        if low >= 0 and start <= high + _BEHIND:
            high = max(high, end)
        else:
            if low >= 0:
                yield low, high
            low, high = start, end
    if low >= 0:
        yield low, high


def features(text: str, bonds: list[int], start: int, at: int, end: int, kind: str) -> list[str]:
    """The names of all features of a candidate, for learning; its given name begins at `at`."""
    if kind[0] in GIVEN:
        found = surname_features(text, start, at, kind[0]) + given_features(text, start, at, end, kind)
        found += tie_features(bonds, start, at, end, kind)
    else:
        found = other_features(text, start, end, kind) + other_ties(bonds, start, end, kind)
    return found + side_features(text, start, end, kind)


def surname_features(text: str, start: int, at: int, letter: str) -> list[str]:
    """Features that all candidates with one surname at one place share."""
    surname, first = text[start:at], text[at]
    return [
        "H" + letter + surname,
        "f" + letter + first,
        "B" + surname[-1] + first,
        "W" + _beside(text, start - 1) + text[start],
    ]


def given_features(text: str, start: int, at: int, end: int, kind: str) -> list[str]:
    """Features of a given name: its characters, and the words they would make with what follows."""
    surname, given, after = text[start:at], text[at:end], _beside(text, end)
    found = ["S" + kind + surname, "F" + kind + given[0], "N" + surname + given, "X" + given[-1] + after]
    return found + (["Y" + kind + given[-1], "G" + given] if len(given) > 1 else ["Z" + given + after])


def _beside(text: str, at: int) -> str:
    """The character at a place, or an edge."""
    return (text[at : at + 1] if at >= 0 else "") or EDGE


def tie_features(bonds: list[int], start: int, at: int, end: int, kind: str) -> list[str]:
    """Features of how firmly a name with a surname hangs together with itself and with what stands beside it."""
    return [
        f"{kind[0]}tb{bonds[start]}",
        f"{kind[0]}ti{bonds[at]}",
        f"{kind}ta{bonds[end]}",
        f"{kind}tz{bonds[end + 1]}",
        f"{kind}tl{bonds[end - 1]}",
    ]


def other_features(text: str, start: int, end: int, kind: str) -> list[str]:
    """Features of a candidate without surname and given name, but for its ties and its sides."""
    last = text[end - 1]
    found = ["X" + last + _beside(text, end), "W" + _beside(text, start - 1) + text[start]]
    if kind in "ho":
        found.append("S" + kind + last)
    elif kind == "s":
        found += _sound_features(text, start, end)
    else:
        found += _dotted_features(text, start, end)
    return found


def other_ties(bonds: list[int], start: int, end: int, kind: str) -> list[str]:
    """Features of how firmly a candidate without given name hangs together with what stands beside it."""
    found = [f"{kind}ta{bonds[end]}", f"{kind}tz{bonds[end + 1]}", f"{kind}tb{bonds[start]}"]
    if kind == "s":
        found += [f"sti{bonds[start + 1]}", f"stl{bonds[end - 1]}"]
    return found


def _sound_features(text: str, start: int, end: int) -> list[str]:
    size = min(end - start, 6)
    found = [
        f"s{size}",
        "sb" + text[start : start + 2],
        "se" + text[end - 2 : end],
        "sf" + text[start],
        "sl" + text[end - 1],
        "N" + text[start:end],
    ]
    found += ["sm" + text[i : i + 2] for i in range(start, end - 1)]
    found += ["sc" + char for char in text[start:end]]
    return found


def _dotted_features(text: str, start: int, end: int) -> list[str]:
    first, last = text.index("·", start), text.rindex("·", start, end)
    found = [
        f"d{first - start}",
        f"D{end - last - 1}",
        "db" + text[start : start + 2],
        "de" + text[end - 2 : end],
        "df" + text[start],
        "dl" + text[end - 1],
        "dk",
    ]
    found += ["sc" + char for char in text[start:first] + text[last + 1 : end]]
    found += ["sm" + text[i : i + 2] for i in (*range(start, first - 1), *range(last + 1, end - 1))]
    return found


def side_features(text: str, start: int, end: int, kind: str) -> list[str]:
    """Features of what stands before a candidate and behind it."""
    left = text[max(0, start - 3) : start].rjust(3, EDGE).replace(" ", EDGE)
    right = text[end : end + 3].ljust(3, EDGE).replace(" ", EDGE)
    return [
        "L" + left[2],
        "L" + left[1:],
        "L" + left,
        "R" + right[:2],
        "R" + right,
        "r" + kind + right[0],
    ]


def read_weights(data: bytes) -> dict[str, float]:
    """The weights out of the table's bytes (see `write_weights`)."""
    head, _, rest = data.partition(b"\0")
    count, step = head.decode("utf-8").split("\t")[-2:]
    keys = rest[int(count) :].decode("utf-8").split("\n")
    unit = float(step)
    # One object a value, not one a feature: they stay in the processor's cache.
    values = [value * unit for value in (*range(128), *range(-128, 0))]
    return dict(zip(keys, map(values.__getitem__, rest[: int(count)]), strict=True))


def write_weights(header: str, weights: dict[str, float]) -> bytes:
    """The bytes of a table of weights: header, a zero byte, one signed byte a weight, then the features by line."""
    largest = max(abs(value) for value in weights.values())
    unit = largest / 127
    kept = {key: round(value / unit) for key, value in sorted(weights.items())}
    kept = {key: value for key, value in kept.items() if value}
    head = f"{header}\t{len(kept)}\t{unit!r}"
    return head.encode() + b"\0" + array("b", kept.values()).tobytes() + "\n".join(kept).encode("utf-8")
