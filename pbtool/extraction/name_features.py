"""What the name model looks at, and the table of weights that it has for it.

The one idea: a feature is a short string, so that the table of weights is a dictionary that anybody can read: `S` a surname,
`G` a given name, `L` what stands before, `R` what stands after, and so on, each with the kind of candidate where that
matters. The features of a name with a surname come in three parts, in the order in which they are worth their time: what
its first characters say (`head_features`), what its extent says (`tail_features`), what stands on both sides
(`side_features`). `name_weights` adds up the weights of the same features without making most of their names.

A kind is a letter and a size: `g2` a surname with two given characters, `c` the same with a compound surname, `j` with a
Japanese one, `h` a surname alone before a form of address, `o` 老, 小 or 阿 with a surname, `s` a chain of sounds, `d` one with `·`.
"""

from __future__ import annotations

from array import array
from functools import lru_cache
from operator import sub

from pbtool import language

EDGE = "^"
_KEPT = 20_000  # characters whose log-probability is remembered
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


def ties(text: str) -> list[int]:
    """How much likelier each character is behind the three before it than anywhere: -2 to 8, 9 where the text ends.

    Log ratios by the language model; two more follow than the text has characters.
    """
    judge, folded = language.model(), text.translate(_folding())
    gains = map(sub, judge.values(judge.start, folded), map(_ALONE.__getitem__, folded))
    return [*[-2 if gain < -2 else 8 if gain > 8 else round(gain) for gain in gains], 9, 9]


def features(text: str, bonds: list[int], start: int, at: int, end: int, kind: str) -> list[str]:
    """The names of all features of a candidate, for learning; its given name begins at `at`."""
    if kind[0] in GIVEN:
        found = head_features(text, bonds, start, at, kind) + tail_features(text, bonds, start, at, end, kind)
    else:
        found = other_features(text, bonds, start, end, kind)
    return found + side_features(text, start, end, kind)


def head_features(text: str, bonds: list[int], start: int, at: int, kind: str) -> list[str]:
    """Features that all candidates with one surname at one place share."""
    letter = kind[0]
    return [
        *surname_features(letter, text[start:at], text[at]),
        "W" + (text[start - 1 : start] or EDGE) + text[start],
        f"{letter}tb{bonds[start]}",
        f"{letter}ti{bonds[at]}",
    ]


def surname_features(letter: str, surname: str, first: str) -> list[str]:
    """Features of a surname with the first character of a given name."""
    return ["H" + letter + surname, "f" + letter + first, "B" + surname[-1] + first]


def tail_features(text: str, bonds: list[int], start: int, at: int, end: int, kind: str) -> list[str]:
    """Features of a given name: its characters, and the words they would make with what follows."""
    after, given = text[end : end + 1] or EDGE, text[at:end]
    found = [
        f"{kind}ta{bonds[end]}",
        f"{kind}tz{bonds[end + 1]}",
        f"{kind}tl{bonds[end - 1]}",
        "X" + given[-1] + after,
        *given_features(kind, text[start:at], given),
    ]
    if len(given) == 1:
        found.append("Z" + given + after)
    return found


def given_features(kind: str, surname: str, given: str) -> list[str]:
    """Features of the characters of a name."""
    found = ["S" + kind + surname, "F" + kind + given[0], "Y" + kind + given[-1], "N" + surname + given]
    if len(given) > 1:
        found.append("G" + given)
    return found


def other_features(text: str, bonds: list[int], start: int, end: int, kind: str) -> list[str]:
    """Features of a candidate without surname and given name, but for those of its sides."""
    after, last = text[end : end + 1] or EDGE, text[end - 1]
    found = [
        f"{kind}ta{bonds[end]}",
        f"{kind}tz{bonds[end + 1]}",
        "X" + last + after,
        f"{kind}tb{bonds[start]}",
        "W" + (text[start - 1 : start] or EDGE) + text[start],
    ]
    if kind in "ho":
        found.append("S" + kind + last)
    elif kind == "s":
        found += _sound_features(text, bonds, start, end)
    else:
        found += _dotted_features(text, start, end)
    return found


def _sound_features(text: str, bonds: list[int], start: int, end: int) -> list[str]:
    size = min(end - start, 6)
    found = [
        f"s{size}",
        f"sti{bonds[start + 1]}",
        f"stl{bonds[end - 1]}",
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
        "l" + kind + left[2],
        "R" + right[0],
        "R" + right[:2],
        "R" + right,
        "r" + kind + right[0],
    ]


def read_weights(data: bytes) -> dict[str, float]:
    """The weights out of the table's bytes (see `write_weights`)."""
    head, _, rest = data.partition(b"\0")
    count, step = head.decode("utf-8").split("\t")[-2:]
    values = array("b", rest[: int(count)])
    keys = rest[int(count) :].decode("utf-8").split("\n")
    unit = float(step)
    return {key: value * unit for key, value in zip(keys, values, strict=True)}


def write_weights(header: str, weights: dict[str, float]) -> bytes:
    """The bytes of a table of weights: header, a zero byte, one signed byte a weight, then the features by line."""
    largest = max(abs(value) for value in weights.values())
    unit = largest / 127
    kept = {key: round(value / unit) for key, value in sorted(weights.items())}
    kept = {key: value for key, value in kept.items() if value}
    head = f"{header}\t{len(kept)}\t{unit!r}"
    return head.encode() + b"\0" + array("b", kept.values()).tobytes() + "\n".join(kept).encode("utf-8")
