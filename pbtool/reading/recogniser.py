"""The engine that recognises print, and what it says of a picture: lines, characters, doubts and second choices.

The one idea: rapidocr is asked for more than its text. Where in its line each character stands comes with its answer; what else a
doubtful character may be does not, and is heard on the way from its recogniser to its decoder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from typing import Any

from pbtool.reading.pdf import DOUBT

#: Pictures in a PDF may say that their page is metres wide; more pixels than this on a side tell the engine nothing.
LONGEST = 3000
#: Lines are found as well on a page of this many pixels on its longer side as on the A4 page of 200 dpi, in half the time.
_A4, _ENOUGH = 2400, 1600
#: So many second choices of a doubtful character are kept, where their chance is at least this.
_SECOND, _CHANCE = 4, 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """A line of print as the engine gives it: its four corners in pixels, its text, how sure it is.

    `letters`: where each character that is no space begins and ends (pixels from the left; from the top in a line that
    stands), and its confidence; `others`: what else the doubtful ones may be, by their number among those characters.
    """

    corners: Sequence[tuple[float, float]]
    text: str
    confidence: float
    letters: Sequence[tuple[float, float, float]] = ()
    others: Mapping[int, str] = field(default_factory=dict)

    @property
    def stands(self) -> bool:
        """Whether the line is higher than wide; the engine has then read it from top to bottom."""
        (left, top), (right, _), _, (_, bottom) = self.corners
        return abs(bottom - top) > 1.5 * abs(right - left)

    def laid(self, width: float) -> Found:
        """The same line on the picture turned by a quarter to the left; `width` is that of the picture."""
        first, *others = [(y, width - x) for x, y in self.corners]
        return replace(self, corners=[*others, first])


@lru_cache(maxsize=2)
def _engine(longest: int) -> tuple[Any, _Listener]:
    """The engine, and who listens to it; it looks for lines on the picture scaled to `longest` pixels at most.

    Its line classifier turns upright lines round now and then; pages are turned as a whole here. Half the processors at most:
    more threads wait for each other rather than work.
    """
    threads = max(1, min(4, (os.cpu_count() or 1) // 2))
    settings = {
        "Global.use_cls": False,
        "Global.log_level": "critical",
        "Global.max_side_len": LONGEST,
        "Det.limit_type": "max",
        "Det.limit_side_len": longest,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
    }
    engine = import_module("rapidocr").RapidOCR(params=settings)
    # Versions differ in when they load their recogniser; without a place to listen there are only no second choices.
    load = getattr(engine, "_load_rec_model", None)
    recogniser = load() if load else engine.text_rec
    listener = _Listener(getattr(recogniser, "postprocess_op", None))
    if listener.decoder is not None:
        recogniser.postprocess_op = listener
    return engine, listener


class _Listener:
    """Stands between the engine's recogniser and its decoder, and remembers the second choices of doubtful characters."""

    def __init__(self, decoder: Any) -> None:
        self.decoder = decoder
        self.others: dict[tuple[str, float], dict[int, str]] = {}

    def __call__(self, chances: Any, *more: Any, **named: Any) -> Any:
        """What the decoder makes of the chances: of each line, each step along it, and each character."""
        lines, words = self.decoder(chances, *more, **named)
        for (text, score), line in zip(lines, chances, strict=True):
            self.others[text, float(score)] = self._choices(text, line)
        return lines, words

    def _choices(self, text: str, line: Any) -> dict[int, str]:
        best, characters = line.argmax(axis=1).tolist(), self.decoder.character
        steps = [at for at, mark in enumerate(best) if mark and (not at or mark != best[at - 1])]
        others = {}
        for number, at in enumerate([at for at in steps if characters[best[at]] != " "]):
            chance = line[at]
            if chance[best[at]] < DOUBT:
                ranked = chance.argsort()[::-1][1 : _SECOND + 1].tolist()
                others[number] = "".join(
                    [characters[mark] for mark in ranked if mark and chance[mark] >= _CHANCE]
                ).strip()
        return {number: chars for number, chars in others.items() if chars}


def lines_in(picture: Any) -> list[Found]:
    """The lines of print in a picture (Pillow, RGB), in no order."""
    engine, listener = _engine(_ENOUGH if max(picture.size) <= _A4 else LONGEST)
    listener.others.clear()
    result = engine(
        import_module("numpy").asarray(picture)[:, :, ::-1], return_word_box=True, return_single_char_box=True
    )
    if result.boxes is None or result.txts is None:
        return []
    return [
        Found(
            [(float(x), float(y)) for x, y in box],
            text,
            float(score),
            letters,
            listener.others.get((text, float(score)), {}),
        )
        for box, text, score, letters in zip(
            result.boxes, result.txts, result.scores, _letters(result), strict=True
        )
    ]


def _letters(result: Any) -> list[list[tuple[float, float, float]]]:
    """What the engine says of every line's characters; nothing where its lists do not fit each other."""
    seen = result.word_results
    if seen is None or len(seen) != len(result.txts):
        return [[] for _ in result.txts]
    lines = []
    for text, words, (left, right, _, below) in zip(result.txts, seen, result.boxes, strict=True):
        fits = "".join(word[0] for word in words) == text.replace(" ", "")
        side = int(abs(below[1] - left[1]) > 1.5 * abs(right[0] - left[0]))
        lines.append(
            [(float(b[0][side]), float(b[2][side]), float(sure)) for _, sure, b in words] if fits else []
        )
    return lines
