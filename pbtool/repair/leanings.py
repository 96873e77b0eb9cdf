"""How far the chances of signs can be trusted, character by character.

The one idea: the model and the chain of runs say how likely a sign is; on press text broken on purpose, what they say turns
out too bold for some characters (`叶`, which begins names and words) and too shy for others (`院`, which hardly ends an
unknown word). A curve of reliability for each, measured there, says how often what is said so was right.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from pbtool import tables

#: Chances between which what is said is measured together.
EDGES = (0.001, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97, 0.99, 0.9995)
#: Where in each of these spans the share that was right is known; between them it is interpolated.
KNOTS = tuple((low + high) / 2 for low, high in zip(EDGES, EDGES[1:], strict=False))
#: Chances from which on what is said is believed.
TRUSTED = KNOTS[-1]


def leaning(chance: float, char: str) -> float:
    """The chance that `char` stands for its sign, given what the model and the runs say of it."""
    curve = _curves().get(char)
    if curve is None or chance >= TRUSTED:
        return chance
    if chance <= KNOTS[0]:
        return curve[0] * chance / KNOTS[0]
    after = bisect_right(KNOTS, chance)
    low, high = KNOTS[after - 1], KNOTS[after]
    share = (chance - low) / (high - low)
    return curve[after - 1] * (1 - share) + curve[after] * share


@lru_cache(maxsize=1)
def _curves() -> dict[str, tuple[float, ...]]:
    return {
        char: tuple(map(float, values.split())) for char, values in tables.pairs("sign_leanings.tsv").items()
    }
