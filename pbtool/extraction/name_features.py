"""What the name model looks at, and the table of weights that it has for it.

The one idea: a feature is a short string, so that the table of weights is a dictionary that anybody can read: `S` a surname,
`G` a given name, `L` what stands before, `R` what stands after, and so on, each with the kind of candidate where that
matters. The features of a candidate come in three parts, in the order in which they are worth their time: what its
first characters say (`head_features`), what its extent says (`tail_features`), what stands on both sides
(`side_features`).

A kind is a letter and a size: `g2` a surname with two given characters, `c` the same with a compound surname, `j` with a
Japanese one, `h` a surname alone before a form of address, `o` 老, 小 or 阿 with a surname, `s` a chain of sounds, `d` one with `·`.
"""

from __future__ import annotations

from array import array
from functools import lru_cache

from pbtool import language

EDGE = "^"
#: How many characters the surname of a kind has; that of `j` is looked up.
GIVEN = "gcj"


@lru_cache(maxsize=20_000)
def _alone(char: str) -> tuple[str, float]:
    """A character as the language model folds it, and its log-probability anywhere."""
    folded = char.translate(language.folding()) or "\n"
    judge = language.model()
    return folded, judge.step(judge.nowhere, folded)[1]


def ties(text: str) -> list[int]:
    """How much likelier each character is behind the three before it than anywhere: -2 to 8, 9 where the text ends.

    Log ratios by the language model; two more follow than the text has characters.
    """
    judge = language.model()
    step, state = judge.step, judge.start
    found = []
    for char in text:
        folded, alone = _alone(char)
        state, value = step(state, folded)
        value -= alone
        found.append(-2 if value < -2 else 8 if value > 8 else round(value))
    return [*found, 9, 9]


def features(text: str, bonds: list[int], start: int, at: int, end: int, kind: str) -> list[str]:
    """The names of all features of a candidate, for learning; its given name begins at `at`."""
    head = head_features(text, bonds, start, at, kind)
    return head + tail_features(text, bonds, start, at, end, kind) + side_features(text, start, end, kind)


def head_features(text: str, bonds: list[int], start: int, at: int, kind: str) -> list[str]:
    """Features that all candidates with one surname at one place share; none for other kinds."""
    letter = kind[0]
    if letter not in GIVEN:
        return []
    first = text[at]
    return [
        "H" + letter + text[start:at],
        "f" + letter + first,
        "B" + text[at - 1 : at + 1],
        "W" + (text[start - 1 : start] or EDGE) + text[start],
        f"{letter}tb{bonds[start]}",
        f"{letter}ti{bonds[at]}",
    ]


def tail_features(text: str, bonds: list[int], start: int, at: int, end: int, kind: str) -> list[str]:
    """Features of a candidate's extent: its characters, and the words they would make with what follows."""
    after, last, letter = text[end : end + 1] or EDGE, text[end - 1], kind[0]
    found = [f"{kind}ta{bonds[end]}", f"{kind}tz{bonds[end + 1]}", "X" + last + after]
    if letter in GIVEN:
        given = text[at:end]
        found += (
            f"{kind}tl{bonds[end - 1]}",
            "S" + kind + text[start:at],
            "F" + kind + text[at],
            "Y" + kind + last,
            "N" + text[start:end],
            "Z" + given + after if len(given) == 1 else "G" + given,
        )
        return found
    found += (f"{kind}tb{bonds[start]}", "W" + (text[start - 1 : start] or EDGE) + text[start])
    if letter == "h" or letter == "o":
        found.append("S" + kind + last)
    elif letter == "s":
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
