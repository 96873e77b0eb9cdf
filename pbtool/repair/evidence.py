"""What a text as a whole says of its shifted signs, once each was judged by its neighbourhood.

The one idea: some things reach further than the model does. A row of short pieces in quotation marks is joined by dashes; a
character that the text uses as itself elsewhere is likelier itself here; what is likely a sign again and again in the same
surroundings is surer; and names have ways of their own. Each moves the odds of the signs that are still in doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from math import exp, log

from pbtool import tables
from pbtool.language import folding, model
from pbtool.repair.persons import opens_title, persons
from pbtool.repair.signs import BLANK, DASH, PROSE, PUNCTUATION, signs

_DOUBTFUL = 0.9995  # from here on a sign is certain enough
#: Nats that a row of pieces brings for its dashes, and that two pieces of one length do.
_ROW, _PAIR = 4.0, 2.0
_ALIKE = 9.0  # three pieces and more of one length,
_UNSEEN = 2e-3  # where a dash counts that was not worth a look as well
_EVERYDAY = -7.3  # log-probability of characters that words are full of: they end no piece
_DOUBLE, _BESIDE = 4.0, 3.0  # and what a second stroke, and another dash within `_NEAR` characters, brings
_SWUNG, _SWINGING = 8.0, frozenset("来啊呀了一着")  # what a particle before the next blank takes from a blank
_NEAR, _NOT_UNLIKELY = 6, 0.07
_ITSELF = 3.0  # what a character's other uses bring at most against a sign
_AGAIN = 1.5  # what the same surroundings elsewhere bring at most to a sign that is likely there


def weighed(text: str, chances: dict[int, float]) -> dict[int, float]:
    """The chances once more, with what the whole text says."""
    doubtful = [place for place, chance in chances.items() if chance < _DOUBTFUL]
    moves = Counter[int]()
    for place, nats in (
        *_dashes(text, chances, doubtful),
        *_uses(text, chances, doubtful),
        *_swung(text, chances),
        *persons(text, doubtful, chances),
    ):
        moves[place] += nats  # type: ignore[assignment]
    result = dict(chances)
    for place, nats in moves.items():
        chance = min(max(chances.get(place, _UNSEEN), 1e-9), 1 - 1e-9)
        result[place] = 1 / (1 + exp(-max(-30.0, log(chance / (1 - chance)) + nats)))
    return result


def _dashes(text: str, chances: dict[int, float], doubtful: list[int]) -> Iterator[tuple[int, float]]:
    """For dashes of two strokes, beside other dashes, inside foreign names, or between quoted pieces, what speaks for them."""
    places = {place for place in doubtful if text[place] == DASH}
    if not places:
        return
    for place in places:
        if text[place - 1 : place] == DASH or text[place + 1 : place + 2] == DASH:
            yield place, _DOUBLE
        elif chances[place] > _NOT_UNLIKELY and any(
            text[other : other + 1] == DASH and chances.get(other, 0.0) > _NOT_UNLIKELY
            for other in (*range(place - _NEAR, place - 1), *range(place + 2, place + _NEAR + 1))
        ):
            yield place, _BESIDE
        elif _foreign(text[place - 2 : place] + text[place + 1 : place + 3]):
            yield place, _DOUBLE
    for found in _quoted().finditer(text):
        pieces = [len("".join(piece.split())) for piece in found.group()[1:-1].split(DASH)]
        alike, row = len(set(pieces)) == 1, len(pieces) > 2
        nats = _ALIKE if alike and row and pieces[0] > 1 else _ROW if row else _PAIR if alike else 0.0
        for place, char in enumerate(found.group(), found.start()):
            if char == DASH and nats and (place in places or nats == _ALIKE and place not in chances):
                yield place, nats


def _foreign(around: str) -> bool:
    """Whether two characters on each side are sounds of names from another language, two of them of little else."""
    kinds = [_sounds().get(char, "") for char in around]
    return (
        len(kinds) == 4 and all(kind in ("typical", "other") for kind in kinds) and kinds.count("typical") > 1
    )


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    return tables.pairs("name_sounds.tsv")


@lru_cache(maxsize=1)
def _quoted() -> re.Pattern[str]:
    """What stands in quotation marks, shifted or clean, and holds no sign but dashes between short pieces."""
    marks = {sign.char: char for char, sign in signs().items()}
    alone = model().nowhere
    others = "".join(
        char
        for char, sign in signs().items()
        if sign.char in PROSE and sign.kind == PUNCTUATION and alone[char][1] < _EVERYDAY
    )
    piece = f"[^，。、；：？！“”‘’（）《》{others}{DASH}]{{1,14}}"
    return re.compile(
        f"[“‘{marks['“']}{marks['‘']}]{piece}(?:{DASH}{piece}){{1,12}}[”’{marks['”']}{marks['’']}]"
    )


def _swung(text: str, chances: dict[int, float]) -> Iterator[tuple[int, float]]:
    """Against blanks with no more than a particle between them (`摇来摇去`)."""
    for place, chance in chances.items():
        if text[place] == BLANK and any(
            text[other : other + 1] == BLANK and text[(place + other) // 2] in _SWINGING
            for other in (place - 2, place + 2)
            if other >= 0
        ):
            yield place, -_SWUNG * (chance > 0.1)


def _uses(text: str, chances: dict[int, float], doubtful: list[int]) -> Iterator[tuple[int, float]]:
    """Against characters that the text uses as themselves more than others do; for those that are signs again and again."""
    by_char: dict[str, list[int]] = {}
    for place in doubtful:
        by_char.setdefault(text[place], []).append(place)
    shifted = Counter(map(text.__getitem__, chances))
    shifted.subtract(text[place] for place in doubtful if chances[place] < 0.1)
    anywhere = model().nowhere
    for char, places in by_char.items():
        own = text.count(char) - shifted[char]
        if own < 2 or char == DASH:
            yield from _again(text, [place for place in places if chances[place] > 0.5])
            continue
        usual = len(text) * exp(anywhere[char][1])
        nats = min(_ITSELF, log((own + 0.5) / (usual + 0.5)))
        if nats > 0:
            yield from ((place, -nats) for place in places if not opens_title(text, place, chances))


def _again(text: str, likely: list[int]) -> Iterator[tuple[int, float]]:
    """For signs that are likely in the same surroundings (a character on each side) more than once."""
    around = {place: text[max(0, place - 1) : place + 2].translate(folding()) for place in likely}
    times = Counter(around.values())
    for place, pair in around.items():
        if times[pair] > 1:
            yield place, min(_AGAIN, log(times[pair]))
