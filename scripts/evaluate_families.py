"""Measure the families of damage on held-out prose: broken on purpose, line by line, and untouched.

    python scripts/evaluate_families.py [--shared ../shared] [--lines 400] [--clean 3000000] [-v]

The lines come from the development corpora in ../shared, which no table and no model was made from. For each kind of damage:
how many broken lines come out as they were. For clean text: false edits by rule, each of them printed with -v.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from evaluate_repair import blocks  # noqa: E402

from pbtool.edits import apply  # noqa: E402
from pbtool.repair import propose  # noqa: E402
from pbtool.repair.glyphs import radicals  # noqa: E402
from pbtool.repair.lookalike import confusions  # noqa: E402
from pbtool.repair.marks import HAN  # noqa: E402

Breaker = Callable[[str, random.Random], str]
_PLAIN = re.compile(f"[{HAN}，。、；：？！“”（）《》0-9A-Za-z%·—…]+")


def wrong_codec(meant: str, shown: str) -> Breaker:
    """Lines encoded with one codec and decoded with another, where nothing is lost by it."""

    def broken(line: str, chance: random.Random) -> str:
        try:
            return line.encode(meant).decode(shown)
        except UnicodeError:
            return line

    return broken


def as_radicals(line: str, chance: random.Random) -> str:
    looks = {char: radical for radical, char in radicals().items()}
    return "".join(looks.get(char, char) for char in line)


def invisible(line: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(line))
    return line[:place] + chance.choice("\u200b\ufeff\u00ad\x07") + line[place:]


def dots_and_dashes(line: str, chance: random.Random) -> str:
    return re.sub("(?<=.)——(?=.)", "———", line.replace("……", "⋯⋯"))


def bold_characters(line: str, chance: random.Random) -> str:
    match = re.search(f"[{HAN}]{{4,10}}", line)
    if match is None or re.search(r"(.)\1", match.group()):
        return line
    thick = "".join(char * 3 for char in match.group())
    return line[: match.start()] + thick + line[match.end() :]


def bold_phrases(line: str, chance: random.Random) -> str:
    match = re.search(f"([{HAN}]{{6}})([{HAN}]{{4}})", line)
    if match is None or re.search(r"(.)\1", match.group()):
        return line
    return line[: match.start()] + match.group(1) * 2 + match.group(2) * 2 + line[match.end() :]


def around_numbers(line: str, chance: random.Random) -> str:
    line = re.sub(rf"(?<=[{HAN}])(?=[0-9])", " ", line)
    return re.sub(rf"(?<=[0-9%])(?=[{HAN}])", lambda m: chance.choice(("", " ")), line)


def after_marks(line: str, chance: random.Random) -> str:
    return re.sub(rf"(?<=[，。、；：])(?=[{HAN}])", lambda m: chance.choice(("", " ")), line)


def letter_spaced(line: str, chance: random.Random) -> str:
    match = re.match(f"[{HAN}]{{6,14}}", line)
    return " ".join(match.group()) if match else line


def half_width(line: str, chance: random.Random) -> str:
    return line.translate(str.maketrans("，；：？！（）", ",;:?!()"))


def with_pinyin(line: str, chance: random.Random) -> str:
    places = [match.end() for match in re.finditer(f"[{HAN}](?=[{HAN}])", line)]
    for place in sorted(chance.sample(places, min(2, len(places))), reverse=True):
        line = line[:place] + chance.choice(("(jiàn)", "（shí）")) + line[place:]
    return line


def with_entities(line: str, chance: random.Random) -> str:
    return line.replace("“", "&ldquo;").replace("”", "&#8221;").replace("——", "&mdash;&mdash;")


BREAKERS: dict[str, Breaker] = {
    "decoding utf-8 as gbk": wrong_codec("utf-8", "gb18030"),
    "decoding utf-8 as latin-1": wrong_codec("utf-8", "latin-1"),
    "decoding gbk as latin-1": wrong_codec("gbk", "latin-1"),
    "decoding gbk as big5": wrong_codec("gbk", "big5"),
    "glyphs radicals": as_radicals,
    "glyphs invisible": invisible,
    "glyphs dots and dashes": dots_and_dashes,
    "bold characters": bold_characters,
    "bold phrases": bold_phrases,
    "spacing numbers": around_numbers,
    "spacing marks": after_marks,
    "spacing letters": letter_spaced,
    "punctuation": half_width,
    "insertions pinyin": with_pinyin,
    "insertions entities": with_entities,
}


def sample(shared: Path, count: int) -> list[str]:
    """Plain lines of medium length, spread over the corpora."""
    lines = [
        line
        for block in blocks(shared, "test")
        for line in block
        if 20 <= len(line) <= 200 and _PLAIN.fullmatch(line) and propose(line)[0] == ()
    ]
    return lines[:: max(1, len(lines) // count)][:count]


def recall(lines: list[str], breaker: Breaker, verbose: bool) -> tuple[int, int]:
    """(mended exactly, broken)."""
    chance, mended, broken = random.Random(7), 0, 0
    for line in lines:
        wrong = breaker(line, chance)
        meant = re.sub(" ", "", wrong) if breaker is letter_spaced else line
        if wrong == line:
            continue
        broken += 1
        got = apply(wrong, propose(wrong)[0])
        mended += got == meant
        if verbose and got != meant:
            print(f"   {wrong[:70]!r} -> {got[:70]!r}")
    return mended, broken


def suggested(lines: list[str]) -> tuple[int, int, int]:
    """(right suggestions, suggestions, lines with one character misread)."""
    chance, right, made, table = random.Random(7), 0, 0, confusions()
    for line in lines:
        places = [place for place in range(2, len(line) - 2) if line[place] in table]
        place = chance.choice(places)
        wrong = line[:place] + chance.choice(table[line[place]]) + line[place + 1 :]
        notes = [note for note in propose(wrong)[1] if note.rule == "lookalike"]
        made += len(notes)
        right += any(note.start == place and note.after == line[place] for note in notes)
    return right, made, len(lines)


def clean(shared: Path, most: int) -> Iterator[tuple[str, str]]:
    """(rule, the edit in its context) for every edit in untouched text."""
    seen = 0
    for part in ("test", "tune"):
        for block in blocks(shared, part):
            text = "\n".join(block)
            for edit in propose(text)[0]:
                left, right = text[max(0, edit.start - 10) : edit.start], text[edit.end : edit.end + 10]
                yield edit.rule, f"{left!r} {edit.before!r} -> {edit.after!r} {right!r}"
            seen += len(text)
            if seen >= most:
                return


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--lines", type=int, default=400)
    parser.add_argument("--clean", type=int, default=3_000_000)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    lines = sample(options.shared, options.lines)
    for name, breaker in BREAKERS.items():
        mended, broken = recall(lines, breaker, options.verbose)
        print(f"{name:28s} recall {mended / max(1, broken):.4f} of {broken}")
    right, made, total = suggested(lines)
    print(
        f"{'lookalike (suggested)':28s} recall {right / total:.4f} of {total}, precision {right / max(1, made):.4f}"
    )
    found = list(clean(options.shared, options.clean))
    print(f"false edits in {options.clean} clean characters: {dict(Counter(rule for rule, _ in found)) or 0}")
    for rule, shown in found if options.verbose else ():
        print(f"   {rule}: {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
