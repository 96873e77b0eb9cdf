"""How well `segment` puts synthetic issues back together: articles, paragraphs, order, titles, bylines.

`order`, `titles`, `bylines`: of all articles; in brackets: how many of those that were put together have no paragraph out of place.

    python scripts/evaluate_articles.py --seeds 0-49 [-v] [--features] [--tidy]

`--tidy`: the same prose without columns, pages and damage, one paragraph a line. Needs the corpora in ../shared/corpora/dev (or --corpora); see make_issue.py.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from issue_sources import read_sources
from issue_style import Style
from make_issue import Maker

from pbtool.articles import segment
from pbtool.document import Article, Document
from pbtool.pipeline import fix


def score(document: Document, gold: dict[str, Any], torn: dict[int, str]) -> Counter[str]:
    """Counts of what was right, for one issue; `torn`: what tore an article apart (their counts are kept apart as well)."""
    text, counts = document.original, Counter[str]()
    wanted: dict[int, set[int]] = defaultdict(set)
    order: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for start, end, article, role, rank in gold["spans"]:
        for i in range(start, end):
            if article is not None and not text[i].isspace():
                wanted[article].add(i)
                if role in ("body", "heading"):
                    order[article].append((rank, i))
    owner = {i: article for article, places in wanted.items() for i in places}
    found = [_characters(article, text) for article in document.articles]
    pairs = Counter((owner[i], n) for n, chars in enumerate(found) for i in chars if i in owner)
    home: dict[int, int] = {}
    for (a, n), shared in pairs.items():
        if shared >= 0.98 * len(wanted[a] | found[n]):
            home[a] = n
    counts["right"], counts["wanted"], counts["found"] = len(home), len(wanted), len(found)
    starts = {p.source[0][0] for a in document.articles for p in a.paragraphs if p.source}
    counts["starts right"] = len(starts & set(gold["starts"]))
    counts["starts"], counts["starts found"] = len(gold["starts"]), len(starts)
    for a in wanted:
        counts[f"{torn.get(a, 'whole')} wanted"] += 1
        if a not in home:
            continue
        counts[f"{torn.get(a, 'whole')} right"] += 1
        article = document.articles[home[a]]
        counts["titles"] += _title_right(article, gold["titles"][a])
        counts["bylines"] += sorted(article.byline) == sorted(gold["bylines"][a])
        counts["order"] += _reading(article, text) == [i for _, i in sorted(order[a])]
    return counts


def _title_right(article: Article, wanted: str) -> bool:
    title = article.title.text if article.title else ""
    return _same(title, wanted) or _same((article.kicker.text if article.kicker else "") + title, wanted)


def _reading(article: Article, text: str) -> list[int]:
    """The places of the characters of the paragraphs in the order in which they are read."""
    spans = [span for passage in article.paragraphs for span in passage.source]
    return [i for start, end in spans for i in range(start, end) if not text[i].isspace()]


def _characters(article: Article, text: str) -> set[int]:
    spans = [span for _, _, passage in article.passages() for span in passage.source]
    return {i for start, end in spans for i in range(start, end) if not text[i].isspace()}


def _same(left: str, right: str) -> bool:
    return "".join(left.split()) == "".join(right.split())


def figures(counts: Counter[str]) -> str:
    """The counts as the figures that are reported."""
    article = 2 * counts["right"] / max(1, counts["wanted"] + counts["found"])
    start = 2 * counts["starts right"] / max(1, counts["starts"] + counts["starts found"])
    share = {name: counts[name] / max(1, counts["wanted"]) for name in ("order", "titles", "bylines")}
    whole = counts["order"] / max(1, counts["right"])
    rest = " ".join(f"{name} {value:.3f}" for name, value in share.items())
    rest = rest.replace(" titles", f" ({whole:.3f} of whole ones) titles", 1)
    return f"article F1 {article:.3f} paragraph F1 {start:.3f} {rest}"


def features(style: Style) -> list[str]:
    """What makes issues of a style hard: how they are printed, and everything that tears articles apart."""
    if style.mode != "wrapped":
        return ["not wrapped"]
    names = [
        name
        for name in ("continued", "beside", "backwards", "boxes", "briefs", "damage")
        if getattr(style, name)
    ]
    torn = {"beside", "backwards", "boxes"}.intersection(names)
    return [*names, "blocks torn" if torn else "blocks whole"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="0-49", help="first-last")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/dev"))
    parser.add_argument("-v", "--verbose", action="store_true", help="one line an issue")
    parser.add_argument("--tidy", action="store_true", help="without columns, pages and damage")
    parser.add_argument("--features", action="store_true", help="also by what makes an issue hard")
    options = parser.parse_args()
    by_feature: dict[str, Counter[str]] = defaultdict(Counter)
    first, _, last = options.seeds.partition("-")
    sources, total, began = read_sources(options.corpora), Counter[str](), time.process_time()
    for seed in range(int(first), int(last or first) + 1):
        maker = Maker(sources, seed, options.tidy)
        issue = maker.make()
        document = Document.from_text(issue.text())
        counts = score(segment(fix(document) if issue.damage else document), issue.gold(), issue.torn)
        total += counts
        for name in features(maker.style):
            by_feature[name] += counts
        if options.verbose:
            print(seed, figures(counts))
    for name in sorted(by_feature) if options.features else ():
        print(f"{name:12} {by_feature[name]['wanted']:5} articles: {figures(by_feature[name])}")
    for name in (
        sorted(key[: -len(" wanted")] for key in total if key.endswith(" wanted")) if options.features else ()
    ):
        wanted, right = total[f"{name} wanted"], total[f"{name} right"]
        print(f"{name:16} {wanted:5} articles: {right / wanted:.3f} whole")
    print(f"seeds {options.seeds}: {figures(total)} ({time.process_time() - began:.1f} s)")


if __name__ == "__main__":
    main()
