"""Break clean Chinese prose the way Founder's fonts break it: lead bytes shifted by 0x31, in font runs.

    python scripts/make_broken.py --mode punctuation --seed 1 CLEAN.txt > BROKEN.txt
    python scripts/make_broken.py --mode alnum --truth TRUTH.tsv CLEAN.txt > BROKEN.txt

Modes: `punctuation` (whole passages, signs only), `alnum` (signs, digits and letters), `everything` (as alnum; also bullets
and spaces in names), `half` (as punctuation, but one bracket of some pairs is clean), `mixed` (runs of 5 to 60 characters,
shifted and clean by turns), `few` (as punctuation, one passage in seven, as headings and bylines are). Half of the passages are wrapped into short lines, as magazines are. Same seed, same output.

The table here is made by encoding, moving the lead byte and decoding: it does not share a line with the repair.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

MODES = ("punctuation", "alnum", "everything", "half", "mixed", "few")
_FULL = {ord(char): 0xFEE0 + ord(char) for char in map(chr, range(0x21, 0x7F))}
_PAIRS = "“”‘’（）《》【】〈〉"
_FOUNDER = {".": 0xB1, "-": 0xB2}


def shifted(sign: str) -> str | None:
    """What a sign looks like once its lead byte is shifted; None where it has no such form."""
    try:
        code = sign.encode("gbk")
        if len(code) != 2 or code[0] not in (0xA1, 0xA2, 0xA3, 0xA6) or code[1] < 0xA1:
            return None
        return bytes([code[0] + 0x31, code[1]]).decode("gbk")
    except UnicodeError:
        return None


class Breaker:
    """Breaks passages; remembers nothing but the state of its random numbers."""

    def __init__(self, mode: str, seed: int) -> None:
        if mode not in MODES:
            raise ValueError(f"mode {mode}: is none of {', '.join(MODES)}")
        self.mode, self.random = mode, random.Random(seed)

    def passage(self, text: str) -> tuple[str, list[str | None]]:
        """The broken passage, and for each of its characters the sign it stands for (None where it is itself)."""
        text = self._dressed(text)
        runs: list[bool] = []
        while len(runs) < len(text):
            runs.extend(self._run())
        broken, truth = [], []
        spared = self._spared(text) if self.mode == "half" else set()
        for place, (char, on) in enumerate(zip(text, runs, strict=False)):
            new = self._broken(text, place) if on and place not in spared else None
            broken.append(new or char)
            truth.append(char if new else None)
        return self._wrapped("".join(broken), truth)

    def _dressed(self, text: str) -> str:
        if self.mode == "everything" and self.random.random() < 0.2:
            return "■" + text
        return text

    def _run(self) -> list[bool]:
        if self.mode == "few":
            return [self.random.random() < 1 / 7] * 10_000
        if self.mode != "mixed":
            return [True] * 200
        return [self.random.random() < 0.6] * self.random.randint(5, 60)

    def _spared(self, text: str) -> set[int]:
        return {i for i, char in enumerate(text) if char in _PAIRS and self.random.random() < 0.25}

    def _broken(self, text: str, place: int) -> str | None:
        char = text[place]
        if char.isascii() and char.isalnum():
            return shifted(char.translate(_FULL)) if self.mode in ("alnum", "everything") else None
        if char in _FOUNDER and place and text[place - 1].isalnum() and text[place - 1].isascii():
            return (
                bytes([0xDB, _FOUNDER[char]]).decode("gbk") if self.mode in ("alnum", "everything") else None
            )
        return shifted(char.translate(_FULL) if char.isascii() else char)

    def _wrapped(self, text: str, truth: Sequence[str | None]) -> tuple[str, list[str | None]]:
        if self.random.random() < 0.5:
            return text, list(truth)
        width = self.random.randint(17, 26)
        lines = [text[i : i + width] for i in range(0, len(text), width)]
        marks: list[str | None] = []
        for i in range(0, len(text), width):
            marks += [*truth[i : i + width], None]
        return "\n".join(lines), marks[:-1]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="clean text, one passage a line")
    parser.add_argument("--mode", choices=MODES, default="punctuation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--truth", type=Path, help="write place, character and sign of every break here")
    options = parser.parse_args()
    breaker, place, rows = Breaker(options.mode, options.seed), 0, []
    for line in options.file.read_text(encoding="utf-8").splitlines():
        text, truth = breaker.passage(line)
        rows += [f"{place + i}\t{text[i]}\t{sign}" for i, sign in enumerate(truth) if sign]
        sys.stdout.write(text + "\n")
        place += len(text) + 1
    if options.truth:
        options.truth.write_text("place\tchar\tsign\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
