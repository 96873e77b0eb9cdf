"""How long `segment` takes and how much memory: issues of many pages, and text that is no issue at all.

    python scripts/bench_articles.py --pages 48 480 5000 [--hostile]

One line a measurement: pages, characters, CPU seconds, seconds a million characters, peak memory of a process of its own, and
whether every character came back once. Needs the corpora in ../shared/corpora/dev (or --corpora); see make_issue.py.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from issue_sources import read_sources
from make_issue import Maker

from pbtool.articles import segment
from pbtool.document import Document

LINES = 100_000
HOSTILE: dict[str, Callable[[int], str]] = {
    "one character a line": lambda n: "\n".join("党建引领乡村振兴"[i % 8] for i in range(n)),
    "English": lambda n: "\n".join(
        f"The committee met on day {i} and went on with its work" for i in range(n)
    ),
    "a table": lambda n: "\n".join(f"云溪村\t{i}\t{i % 97}\t{i % 89}%" for i in range(n)),
    "digits": lambda n: "\n".join(str(i * 7919 % 1000003) for i in range(n)),
    "one line": lambda n: "党建引领乡村振兴，" * n,
    "empty lines": lambda n: "\n" * n,
}


def issues(pages: int, corpora: Path) -> str:
    """Wrapped issues one after the other until there are so many pages."""
    sources, texts, count, seed = read_sources(corpora), list[str](), 0, 2000
    while count < pages:
        maker = Maker(sources, seed)
        seed += 1
        if maker.style.mode != "wrapped" or maker.issue.damage or not maker.style.number:
            continue
        issue = maker.make()
        starts = [i for i, line in enumerate(issue.lines) if line.role == "page_number"]
        keep = starts[min(len(starts), pages - count) - 1] + 1
        issue.lines, issue.blanks = issue.lines[:keep], issue.blanks[:keep]
        texts.append(issue.text())
        count += min(len(starts), pages - count)
    return "".join(texts)


def measure(name: str, text: str) -> None:
    """Print one line about one text."""
    began = time.process_time()
    document = segment(Document.from_text(text))
    spent = time.process_time() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts: Counter[int] = Counter()
    passages = [p for article in document.articles for _, _, p in article.passages()]
    for passage in (*passages, *document.furniture):
        for start, end in passage.source:
            counts.update(range(start, end))
    lost = sum(counts[i] != 1 for i, char in enumerate(document.original) if not char.isspace())
    rate = spent / max(1, len(text)) * 1e6
    print(
        f"{name:24} {len(text):9} characters {spent:7.2f} s {rate:6.1f} s/million {memory:5.0f} MB "
        f"{len(document.articles):6} articles, {lost} characters lost",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, nargs="*", default=[48, 480])
    parser.add_argument("--hostile", action="store_true", help="also what is no issue at all")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/dev"))
    options = parser.parse_args()
    work = [(f"{pages} pages", issues(pages, options.corpora)) for pages in options.pages]
    work += [(name, make(LINES)) for name, make in HOSTILE.items()] if options.hostile else []
    for job in work:
        process = multiprocessing.get_context("spawn").Process(target=measure, args=job)
        process.start()
        process.join()


if __name__ == "__main__":
    main()
