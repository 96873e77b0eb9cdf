"""The lines of a document as the segmenter sees them: where they lie, how wide they are, how they end.

The one idea: a printed line is measured in cells. A Han character fills one, a half-width sign half of one; how far a
line stays short of its neighbours' common width says more about paragraphs than any blank line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pbtool.document import Box, Document
from pbtool.tables import pattern

#: The Chinese characters, for classes of patterns: the two great blocks, and the zero of years.
HAN = "\u4e00-\u9fff\u3400-\u4dbf〇"
FINAL = "。！？!?…⋯"
CLOSERS = "”’」』）)】》〉〕\"'"
QUOTES = "“”‘’"
_HAN = pattern(f"[{HAN}]")
#: What ends a line.
BREAK = pattern("[\n\f\v\x85\u2028\u2029]")
_SIGNED = pattern(r"(?<=[。！？!?…”])\s{0,4}[（(][^（）()。]{2,40}[）)]$")
_LATIN_STOP = pattern(r"[A-Za-z]\.$")
#: What opens an item of a list or a numbered head.
ENUMERATOR = pattern(
    r"[一二三四五六七八九十]{1,3}[、．.](?![一二三四五六七八九十])|[一二三四五六七八九十](?:是|要)|第[一二三四五六七八九十]{1,2}[、，,：:]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、．.](?!\d)|[①-⑳●◆▲※★○◎▶]|[\[［]\d{1,3}[\]］]"
    rf"|[\[［【][{HAN} ]{{2,8}}[\]］】]."
)

#: How a numbered entry of a list begins: unlike bullets and triangles (ENUMERATOR), which stand before captions as well.
ENTRY = pattern(
    r"\s*(?:\d{1,3}[.．、)）](?!\d)|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)"
)
#: The number of an entry in a list, with what stands around it (`2.`, `（3）`).
_COUNT = pattern(r"([(（]?)(\d{1,3})([.．、)）])(?!\d)")


def counts_on(before: str, after: str) -> bool:
    """Whether a line begins with the number that follows the one that another begins with, written alike."""
    second = _COUNT.match(after)
    first = _COUNT.match(before) if second else None
    return bool(
        first and second and first.group(1, 3) == second.group(1, 3) and int(first[2]) + 1 == int(second[2])
    )


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that is not blank: its span of the document's text without surrounding white space, and its looks.

    `ends`: it stops where a sentence stops, a bracket with names behind it included. `top`: it opens a page or a text box; `gap`: blank lines before it; `indent`: cells of white space before it.
    """

    start: int
    end: int
    text: str
    width: float
    page: int
    top: bool
    gap: int
    indent: float
    size: float | None = None
    ends: bool = False
    box: Box | None = None


def cells(text: str, quote: float = 0.75) -> float:
    """The width of a text in full-width cells; white space counts a quarter, a curly quote `quote` (often squeezed)."""
    narrow = sum(0.25 if c == " " else 0.5 for c in text if c < "\u2000" or "\uff61" <= c <= "\uffdc")
    wide = sum(not (c < "\u2000" or "\uff61" <= c <= "\uffdc") for c in text)
    return narrow + wide - (1 - quote) * sum(map(text.count, QUOTES))


def quote_width(texts: Sequence[str]) -> float:
    """How wide this document sets a curly quote: full, or (measured in Founder's setting) anything from nothing to full.

    Told by what lines with quotes lack beside their neighbours without.
    """
    plain = [None if ends_sentence(t) or any(q in t for q in QUOTES) else cells(t) for t in texts]
    samples = []
    for i, text in enumerate(texts[:6000]):
        count = sum(map(text.count, QUOTES))
        near = sorted(w for w in plain[max(0, i - 6) : i + 7] if w is not None)
        if count >= 2 and len(near) >= 5 and not ends_sentence(text):
            missing = near[len(near) // 2] - cells(text, 0.0)
            samples.append(missing / count)
    good = sorted(s for s in samples if -0.2 <= s <= 1.5)
    return 1.0 if len(good) >= 6 and good[len(good) // 2] >= 0.9 else 0.75


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a mark that can end a paragraph (closing quotes, and a bracket with names, may follow)."""
    bare = _SIGNED.sub("", text).rstrip(CLOSERS)
    return bool(bare) and (
        bare[-1] in FINAL or bare.endswith("——") or (bare[-1] == "." and bool(_LATIN_STOP.search(bare[-2:])))
    )


def _closes(before: str, text: str) -> bool:
    """Whether a line is the rest of a bracket with names that began in the line before, behind the end of a sentence."""
    if text[-1] not in "）)" or len(text) > 30 or "（" in text or "(" in text:
        return False
    return _SIGNED.search(before[-44:] + text) is not None


def compact(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


def is_han(char: str) -> bool:
    """Whether a character is Chinese, as HAN has it."""
    return _HAN.match(char) is not None


def read_lines(document: Document) -> list[TextLine]:
    """Every line of the document's text that holds more than white space, in file order."""
    text = document.text
    starts = _page_starts(document)
    sizes = _Sizes(document)
    result: list[TextLine] = []
    place, gap, fed, last_page = 0, 0, 0, 0
    quote = quote_width([line.strip() for line in text.split("\n") if line.strip()])
    for end, mark in _pieces(text):
        raw = text[place:end]
        body = raw.strip()
        if body:
            start = place + len(raw) - len(raw.lstrip())
            lead = raw[: start - place]
            page = bisect_right(starts, start) if starts else fed + 1
            top = page != last_page or (lead == " " and not starts and not fed)
            indent = _indent(lead)
            ends = ends_sentence(body) or (bool(result) and _closes(result[-1].text, body))
            result.append(
                TextLine(
                    start,
                    start + len(body),
                    body,
                    cells(body, quote),
                    page,
                    top,
                    gap,
                    indent,
                    sizes.at(start, start + len(body)),
                    ends,
                )
            )
            gap, last_page = 0, page
        else:
            gap += 1
        fed += mark == "\f"
        place = end + 1
    return result


def _indent(lead: str) -> float:
    return 0.0 if lead in ("", " ") else sum(2.0 if c == "\t" else 1.0 if c > "\u2000" else 0.5 for c in lead)


def _pieces(text: str) -> list[tuple[int, str]]:
    marks = [(match.start(), match.group()) for match in BREAK.finditer(text)]
    return [*marks, (len(text), "")]


def _page_starts(document: Document) -> list[int]:
    if len(document.pages) < 2:
        return []
    origin = document.origin()
    return sorted(origin.forward(page.start) for page in document.pages)


class _Sizes:
    """The height of the letters of a line, where the reader knows the fonts."""

    def __init__(self, document: Document) -> None:
        self._runs = [run for run in document.fonts if run.size]
        self._starts = [run.start for run in self._runs]
        self._origin = document.origin() if self._runs else None

    def at(self, start: int, end: int) -> float | None:
        if self._origin is None:
            return None
        low, high = self._origin.back(start, end)
        index = max(0, bisect_right(self._starts, low) - 1)
        best: tuple[int, float] | None = None
        while index < len(self._runs) and self._runs[index].start < high:
            run = self._runs[index]
            share = min(high, run.end) - max(low, run.start)
            if share > 0 and run.size and (best is None or share > best[0]):
                best = (share, run.size)
            index += 1
        return best[1] if best else None


def joined(texts: Sequence[str]) -> str:
    """Pieces of one paragraph as one text: nothing between them, or a space where two Latin words meet."""
    parts: list[str] = []
    last = ""
    for text in filter(None, texts):
        if last and _latin(last) and _latin(text[0]):
            parts.append(" ")
        parts.append(text)
        last = text[-1]
    return "".join(parts)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
