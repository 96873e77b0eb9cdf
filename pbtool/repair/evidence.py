"""What a text as a whole says of its shifted signs, once each was judged by its neighbourhood.

The one idea: three things reach further than the model does. A row of short pieces in quotation marks is joined by dashes; a
character that the text uses as itself elsewhere is likelier itself here; and a surname before what only given names
are made of begins a name. Each moves the odds of the signs that are still in doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from math import exp, log

from pbtool.language import folding, model
from pbtool.repair.readings import SURNAMES
from pbtool.repair.signs import DASH, PROSE, PUNCTUATION, signs

_DOUBTFUL = 0.9995  # from here on a sign is certain enough
_ROW, _PAIR = (
    4.0,
    2.0,
)  # what a row of pieces brings for its dashes, and what two pieces of one length do (nats)
_ITSELF = 3.0  # what a character's other uses bring at most against a sign
_UNHEARD = -12.0  # log-probability of what follows, if it follows a comma: what names are made of is below
_GIVEN = 0.2  # weight of two characters as a given name from which the names are asked,
_NAME = 2.0  # log-odds from which they are believed,
_NAMED = 8.0  # and what a name takes from its sign


def weighed(text: str, chances: dict[int, float]) -> dict[int, float]:
    """The chances once more, with what the whole text says."""
    doubtful = [place for place, chance in chances.items() if chance < _DOUBTFUL]
    moves = Counter[int]()
    for place, nats in (
        *_dashes(text, doubtful),
        *_uses(text, chances, doubtful),
        *_names(text, doubtful, chances),
    ):
        moves[place] += nats  # type: ignore[assignment]
    result = dict(chances)
    for place, nats in moves.items():
        chance = min(max(chances[place], 1e-9), 1 - 1e-9)
        result[place] = 1 / (1 + exp(-max(-30.0, log(chance / (1 - chance)) + nats)))
    return result


def _dashes(text: str, doubtful: list[int]) -> Iterator[tuple[int, float]]:
    """For dashes between pieces in quotation marks, what speaks for them."""
    places = {place for place in doubtful if text[place] == DASH}
    if not places:
        return
    for found in _quoted().finditer(text):
        pieces = [len("".join(piece.split())) for piece in found.group()[1:-1].split(DASH)]
        nats = _ROW if len(pieces) > 2 else _PAIR if len(set(pieces)) == 1 else 0.0
        for place, char in enumerate(found.group(), found.start()):
            if char == DASH and place in places and nats:
                yield place, nats


@lru_cache(maxsize=1)
def _quoted() -> re.Pattern[str]:
    """What stands in quotation marks, shifted or clean, and holds no sign but dashes between short pieces."""
    marks = {sign.char: char for char, sign in signs().items()}
    others = "".join(
        char for char, sign in signs().items() if sign.char in PROSE and sign.kind == PUNCTUATION
    )
    piece = f"[^，。、；：？！“”‘’（）《》{others}{DASH}]{{1,10}}"
    return re.compile(
        f"[“‘{marks['“']}{marks['‘']}]{piece}(?:{DASH}{piece}){{1,6}}[”’{marks['”']}{marks['’']}]"
    )


def _uses(text: str, chances: dict[int, float], doubtful: list[int]) -> Iterator[tuple[int, float]]:
    """For characters that the text uses as themselves more than others do, what speaks against their signs."""
    by_char: dict[str, list[int]] = {}
    for place in doubtful:
        by_char.setdefault(text[place], []).append(place)
    shifted = Counter(text[place] for place, chance in chances.items() if chance >= 0.1)
    anywhere = model().nowhere
    for char, places in by_char.items():
        own = text.count(char) - shifted[char]
        if own < 2 or char == DASH:
            continue
        usual = len(text) * exp(anywhere[char][1])
        nats = min(_ITSELF, log((own + 0.5) / (usual + 0.5)))
        if nats > 0:
            yield from ((place, -nats) for place in places)


def _names(text: str, doubtful: list[int], chances: dict[int, float]) -> Iterator[tuple[int, float]]:
    """For surnames that begin a name, what speaks against their signs; a name is one wherever it stands."""
    asked = [place for place in doubtful if text[place] in SURNAMES and chances[place] > 0.1]
    known = {
        text[place : place + 3]
        for place in asked
        if _unheard(text[place + 1 : place + 3]) and _named(text, place)
    }
    for place in chances if known else ():
        if text[place : place + 3] in known:
            yield place, -_NAMED


def _unheard(given: str) -> bool:
    """Whether two characters hardly follow a comma as they stand."""
    judge = model()
    return len(given) == 2 and judge.tail(judge.nowhere["，"][0], given.translate(folding())) < _UNHEARD


def _named(text: str, place: int) -> bool:
    """Whether a name is found at a surname."""
    from pbtool.extraction import names

    known = names.model()
    low = max(0, place - 4)
    around = names.prepared(text[low : place + 7])
    at = place - low
    first, last = around[at + 1], around[at + 2]
    weights = (f"Fg2{first}", f"Yg2{last}", f"G{first}{last}", f"B{around[at]}{first}")
    if sum(known.weights.get(weight, 0.0) for weight in weights) < _GIVEN:
        return False
    return any(name.start == at and name.odds > _NAME for name in known.weighed(around, _NAME))
