"""Lines into paragraphs: is this line break a printed one, or does a paragraph begin here?

The one idea: within one column all lines that fill the measure are equally wide, so a paragraph shows twice: its last
line ends a sentence and stays short, its first line is short by the indent that was lost. The measure is local (the
lines before and the lines behind), and where form says nothing the language model says whether B goes on where A stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from statistics import median

from pbtool.articles.forms import opens_text
from pbtool.articles.lines import ENUMERATOR, HAN, TextLine, counts_on, ends_sentence, is_han
from pbtool.tables import pattern

WINDOW = 9
_SAMPLE, _FEW, _RUNS_ON = (
    200,
    6,
    1.0,
)  # ends of lines that are asked whether the text stands in columns; log odds
_INDENT = (1.4, 3.3)  # cells by which a line stays short that has lost its indent
_COLUMN = 64  # cells of the widest column
_NEVER_FIRST = "，。、；：？！,;:?!）)】》」』”’%％"


#: Numbers of heads, which rarely come to stand at the start of a line by chance.
_NUMBERED = pattern(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]{1,3}[章节条]"
)
_ENTRY = 6  # lines in which the entry before the one of a list began
#: Who speaks (`本刊记者：`, `问：`).
_SPEAKER = pattern(rf"[{HAN}]{{1,6}}[：:]")


@dataclass(frozen=True, slots=True)
class Measure:
    """The common width of the lines around one line, the share of them that have it, and their share of the text."""

    width: float
    share: float
    mass: float = 0.0


class Measures:
    """The measure before and behind every line of a flow, and whether the text there is wrapped at all."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self.lines = lines
        widths = [line.width for line in lines]
        count = len(widths)
        self.back = [_measure(widths[max(0, i - WINDOW + 1) : i + 1]) for i in range(count)]
        self.ahead = [_measure(widths[i : i + WINDOW]) for i in range(count)]
        self.wrapped = _wrapped(lines, self.back, self.ahead)
        self.typical_gap, self.gaps_speak, self.gaps_regular = _gaps(lines)
        self.indents_speak = _indents(lines)
        self.firsts_short = self._firsts_short()
        self.blanks_end = _blanks(lines)
        self.speakers = _speakers(lines)
        self.paragraph_gap = self._paragraph_gap()

    def short(self, i: int) -> float:
        """By how many cells line i stays short of its measure (negative: it is wider)."""
        width = self.lines[i].width
        options = [m.width - width for m in (self.back[i], self.ahead[i]) if m.share >= 0.35]
        if not options:
            return max(self.back[i].width, self.ahead[i].width) - width
        fitting = [short for short in options if short >= -1.25]
        return min(fitting) if fitting else max(options)

    def adopt(self, whole: Measures, places: Sequence[int | None]) -> None:
        """Take from the measures of the whole document (line i is at places[i] there) what few lines cannot tell."""
        self.typical_gap, self.gaps_speak = whole.typical_gap, whole.gaps_speak
        self.gaps_regular, self.indents_speak = whole.gaps_regular, whole.indents_speak
        self.blanks_end, self.speakers = whole.blanks_end, whole.speakers
        unwrapped = not any(whole.wrapped)
        for i, p in enumerate(places):
            if unwrapped:
                self.wrapped[i] = False
            if p is None:
                continue
            self.wrapped[i] = self.wrapped[i] or whole.wrapped[p]
            if max(self.back[i].share, self.ahead[i].share) < 0.5:
                self.back[i], self.ahead[i] = whole.back[p], whole.ahead[p]

    def doubt(self) -> None:
        """Take no line as wrapped where the language does not run on over the ends of full lines: verses, clauses, lists.

        In columns half of the ends have log odds of 4 or more (2 in traditional characters), in lines that a writer ended 0.
        """
        inner = [
            i
            for i in range(len(self.lines) - 1)
            if self.wrapped[i] and self.wrapped[i + 1] and not self.lines[i].ends and self.short(i) <= 1.25
        ]
        pairs = [(self.lines[i].text, self.lines[i + 1].text) for i in inner[:: len(inner) // _SAMPLE + 1]]
        odds = [continuation(a, b) for a, b in pairs if is_han(a[-1]) and is_han(b[0])]
        if len(odds) >= _FEW and median(odds) < _RUNS_ON:
            self.wrapped = [False] * len(self.lines)

    def _firsts_short(self) -> bool:
        """Whether the first lines of paragraphs stay short by an indent that the file has lost."""
        firsts = [
            self.indented(i)
            for i, (before, line) in enumerate(zip(self.lines, self.lines[1:], strict=False), 1)
            if before.ends
            and not line.ends
            and self.wrapped[i - 1]
            and self.wrapped[i]
            and self.short(i - 1) > _INDENT[1]
            and self.short(i) <= _INDENT[1]
        ]
        return not self.indents_speak and len(firsts) >= 3 and sum(firsts) >= 0.6 * len(firsts)

    def indented(self, i: int) -> bool:
        """Whether line i stays short by as much as an indent, and does not end a sentence."""
        return _INDENT[0] <= self.short(i) <= _INDENT[1] and not self.lines[i].ends

    def _paragraph_gap(self) -> int:
        """The usual number of blank lines behind the end of a paragraph."""
        ended = [
            b.gap
            for i, (a, b) in enumerate(zip(self.lines, self.lines[1:], strict=False))
            if a.ends and (not self.wrapped[i] or self.short(i) >= 1)
        ]
        return Counter(ended).most_common(1)[0][0] if ended else self.typical_gap

    def speaks(self, text: str) -> bool:
        """Whether a line begins with the name of somebody who speaks again and again (questions and answers)."""
        match = _SPEAKER.match(text)
        return match is not None and match.group() in self.speakers

    def measure(self, i: int) -> float:
        """The width of the column that line i stands in."""
        best = max((self.back[i], self.ahead[i]), key=lambda m: (m.share, m.width))
        return best.width


def _measure(widths: Sequence[float]) -> Measure:
    wide = [w for w in widths if w >= 6]
    if len(wide) < 2:
        return Measure(max(widths, default=0.0), 0.0)
    best: list[float] = []
    for top in sorted(set(wide), reverse=True):
        near = [w for w in wide if top - 1.0 <= w <= top + 0.6]
        if sum(near) > sum(best):
            best = near
    counts = Counter(best)
    width = max(counts, key=lambda w: (counts[w], w))
    return Measure(width, len(best) / len(widths), sum(best) / sum(widths))


def _wrapped(lines: Sequence[TextLine], back: Sequence[Measure], ahead: Sequence[Measure]) -> list[bool]:
    """Wrapped text: lines of one width that mostly do not end a sentence."""
    count = len(lines)
    ends, considered = [0], [0]
    for line, behind, before in zip(lines, back, ahead, strict=True):
        weight = line.width >= min(12.0, 0.75 * max(behind.width, before.width, 6.0)) or line.ends
        ends.append(ends[-1] + (weight and line.ends))
        considered.append(considered[-1] + weight)
    result: list[bool] = []
    for i in range(count):
        low, high = max(0, i - 20), min(count, i + 21)
        seen = considered[high] - considered[low]
        stopped = ends[high] - ends[low]
        even = any(m.share >= 0.4 and m.mass >= 0.45 for m in (back[i], ahead[i]))
        narrow = max(back[i].width, ahead[i].width) <= _COLUMN
        result.append(bool(narrow and seen and stopped <= 0.65 * seen and (even or (result and result[-1]))))
    return result


def _gaps(lines: Sequence[TextLine]) -> tuple[int, bool, bool]:
    """The usual number of blank lines between two lines, whether a larger one means something, and a usual one too."""
    gaps = [line.gap for line in lines[1:]]
    if not gaps:
        return 0, False, False
    usual = Counter(gaps).most_common(1)[0][0]
    larger = sum(gap > usual for gap in gaps)
    after_end = sum(lines[i].ends for i, gap in enumerate(gaps) if gap > usual)
    speak = bool(larger) and larger * 2 <= len(gaps) and after_end >= 0.7 * larger
    return usual, speak, speak and larger >= 0.05 * len(gaps) and after_end >= 0.85 * larger


def _speakers(lines: Sequence[TextLine]) -> frozenset[str]:
    """What stands before a colon at the start of two lines or more, where a sentence ended before."""
    labels: Counter[str] = Counter()
    for before, line in zip(lines, lines[1:], strict=False):
        match = _SPEAKER.match(line.text)
        if match is not None and (before.ends or before.width < 0.7 * line.width):
            labels[match.group()] += 1
    return frozenset(label for label, count in labels.items() if count >= 2)


def _blanks(lines: Sequence[TextLine]) -> bool:
    """Whether lines before a blank one mostly end a sentence, or are longer than any column: then a blank line may end a
    paragraph whatever its last sign."""
    long = [a for a, b in zip(lines, lines[1:], strict=False) if b.gap and a.width > 20]
    ended = sum(line.ends or line.width > _COLUMN for line in long)
    return len(long) >= 2 and ended >= 0.6 * len(long)


def _indents(lines: Sequence[TextLine]) -> bool:
    """Whether the file keeps the indents of paragraphs."""
    indented = [i for i, line in enumerate(lines) if 1.0 <= line.indent <= 5.0]
    if not 2 <= len(indented) <= 0.7 * len(lines):
        return False
    fresh = [
        i
        for i in indented
        if i == 0 or lines[i].top or lines[i - 1].ends or lines[i - 1].width < lines[i].width
    ]
    return len(fresh) >= 0.6 * len(indented)


@lru_cache(maxsize=65536)
def continuation(before: str, after: str) -> float:
    """Log odds that `after` goes on where `before` stopped, by the language model.

    Measured on held-out prose cut at random: true continuations lie at 16 (5 % below 5), starts of other paragraphs at 3
    (5 % above 8) on the model's own scale; the line between them is at 6, and 0.6 turns the scale into log odds.
    """
    from pbtool.language import model

    return 0.6 * (model().continuation(before[-24:], after[:24]) - 6.0)


@lru_cache(maxsize=65536)
def joining(before: str, after: str) -> float:
    """Log odds that `after`, which may come out of the midst of any text, goes on where `before` stopped unfinished.

    Beside what `after` would be at the start of a line or anywhere else, half of the one and half of the other. Measured on
    held-out prose cut into lines: it puts 93 of 100 true continuations above a line out of the midst of another paragraph
    (`continuation` 85) and 96 above a first line (94).
    """
    from pbtool.language import folding, model

    judge = model()
    head = after[:8].translate(folding())
    joined = judge.walk(judge.state(before[-24:].rstrip()), head)[1]
    first, midst = judge.walk(judge.start, head)[1], judge.walk(judge.nowhere, head)[1]
    top = max(first, midst)
    rival = top + log(0.5 * exp(first - top) + 0.5 * exp(midst - top))
    return 0.73 * (joined - rival) - 0.44


@lru_cache(maxsize=65536)
def opening(text: str) -> float:
    """Log odds that a line begins a sentence rather than goes on with one (held-out prose: 86 of 100 pairs are told apart)."""
    from pbtool.language import folding, model

    judge = model()
    head = text[:8].translate(folding())
    return 0.58 * (judge.walk(judge.start, head)[1] - judge.walk(judge.nowhere, head)[1])


@lru_cache(maxsize=65536)
def completeness(text: str) -> float:
    """Log odds that a line which ends without a mark is whole (a title, a head) and not torn off.

    By the model's probability of a line's end there: on held-out titles -4.9 on average, on lines of wrapped paragraphs -8.3;
    it tells 89 of 100 pairs of the two. The line between them is at -6.6, and 0.7 turns the scale into log odds.
    """
    from pbtool.language import END, model

    judge = model()
    return max(-3.0, min(3.0, 0.7 * (judge.walk(judge.state(text), END)[1] + 6.6)))


class Flow:
    """The running lines of one article in reading order, ready to be cut into paragraphs.

    `jumps[i]`: something else (a page end, a title, a photo) stands in the file between line i - 1 and line i; `whole`: the
    measures of all running lines of the document, where line i is at `places[i]`.
    """

    def __init__(
        self,
        lines: Sequence[TextLine],
        jumps: Sequence[bool],
        whole: Measures | None = None,
        places: Sequence[int | None] = (),
    ) -> None:
        self.lines = lines
        self.jumps = jumps
        self.measures = Measures(lines)
        if whole is not None:
            self.measures.adopt(whole, places)
        self._known: list[bool] = []

    def starts(self, i: int) -> bool:
        """Whether line i begins a paragraph."""
        while len(self._known) <= i:
            at = len(self._known)
            self._known.append(at == 0 or self.score(at) > 0)
        return self._known[i]

    def restart(self, i: int) -> None:
        """Let line i begin a paragraph: a head stands before it."""
        self.starts(i)
        self._known[i] = True

    def score(self, i: int) -> float:
        """Evidence, in rough log odds, that line i begins a paragraph rather than goes on with line i - 1."""
        a, b = self.lines[i - 1], self.lines[i]
        if b.text[0] in _NEVER_FIRST and not a.ends:
            return -20.0
        score = self._spacing(i) + (5.0 if opens_text(b.text) else 0.0)
        if not (self.measures.wrapped[i - 1] and self.measures.wrapped[i]):
            blank = self.measures.blanks_end and b.gap > 0 and not self.jumps[i]
            return score + (self._blank(a, b) if blank else self._plain(a, b))
        return score + (self._after_end(i) if a.ends else self._inside(i))

    def _spacing(self, i: int) -> float:
        b, m = self.lines[i], self.measures
        score = 0.0
        if m.indents_speak:
            score += 6.0 if b.indent >= 1.0 else -3.5
        if m.gaps_speak and not self.jumps[i]:
            if b.gap <= m.typical_gap:
                score -= 1.0 * m.gaps_regular
            else:
                score += 3.0 + 1.5 * m.gaps_regular if self.lines[i - 1].ends else 1.0
        return score

    def _blank(self, a: TextLine, b: TextLine) -> float:
        """A blank line where blank lines end paragraphs: only a word that goes on behind it says otherwise."""
        if a.ends:
            return 6.0
        return -4.0 if a.text[-1] in "，、," else completeness(a.text) - joining(a.text, b.text)

    def _plain(self, a: TextLine, b: TextLine) -> float:
        """Text that is not wrapped: a line is a paragraph, unless it was torn in the middle of a sentence."""
        if a.ends:
            return 6.0
        if a.text[-1] in "，、,":
            return -4.0
        if a.width < 20 or ENUMERATOR.match(b.text) or is_han(a.text[-1]) and _latin(b.text):
            return 4.0
        return -1.0 - min(4.0, max(-4.0, continuation(a.text, b.text)))

    def _after_end(self, i: int) -> float:
        short_a, short_b = self.measures.short(i - 1), self.measures.short(i)
        b = self.lines[i]
        if self.starts(i - 1) and 0.6 <= short_a <= 3.3:
            short_a -= (
                self.lines[i - 1].indent or 2.0
            )  # with its indent, also a lost one, a first line fills the measure
        score = -0.5 + (4.0 if short_a >= 1 else 1.0 if short_a >= 0.6 else -2.0)
        if 1.4 <= short_b <= 3.3 and not b.ends and b.text[-1] not in "，、" or self._first_line(i):
            score += 3.5
        elif 1.0 <= short_b < 1.4 and not b.ends and b.text[-1] not in "，、":
            score += 1.5
        elif short_b < 1.0:
            score -= 1.0
        if _NUMBERED.match(b.text) or self.measures.speaks(b.text):
            return score + 5.0
        return score + (2.5 if ENUMERATOR.match(b.text) else 0.0)

    def _first_line(self, i: int) -> bool:
        """Line i is short by an indent and the next line fills the measure or ends."""
        if not 1.4 <= self.measures.short(i) <= 3.3 or self.lines[i].ends or i + 1 >= len(self.lines):
            return False
        return self.lines[i + 1].ends or self.measures.short(i + 1) < 1.25

    def _inside(self, i: int) -> float:
        a, b = self.lines[i - 1], self.lines[i]
        short = self.measures.short(i - 1)
        score = -4.5 - 0.6 * min(4.0, max(-4.0, continuation(a.text, b.text)))
        if a.text[-1] in "，、,；":
            score -= 5.0
        score += 4.5 if short >= 3 else 1.0 if short >= 1 else -1.0
        score += 2.5 if short >= 6 and not self.jumps[i] else 0.0
        if self._first_line(i) and (short >= 1 or self._is_head(i - 1)):
            score += 3.0
        if ENUMERATOR.match(b.text) and (short >= 1 or a.text[-1] in "：；"):
            score += 4.0 + 4.0 * (a.text[-1] in "：；")
        if self._counts_on(i) or (b.gap > a.gap and self._counts_on(i - 1)):
            score += 8.0
        if self._is_head(i - 1):
            score += 1.5 + max(0.0, completeness(a.text)) + max(0.0, -0.3 * joining(a.text, b.text))
        return score

    def _counts_on(self, i: int) -> bool:
        """Whether line i begins with the number after the one that a line shortly above it begins with."""
        text = self.lines[i].text
        return any(counts_on(line.text, text) for line in self.lines[max(0, i - _ENTRY) : i])

    def _is_head(self, i: int) -> bool:
        """Line i ends a run of at most three lines that opens like a numbered head after the end of a sentence."""
        for first in range(i, max(-1, i - 3), -1):
            if first == 0 or self.lines[first - 1].ends:
                return ENUMERATOR.match(self.lines[first].text) is not None
        return False


def _latin(text: str) -> bool:
    """Whether a line is of Latin letters (an English abstract below a Chinese one)."""
    return len(text) > 20 and not any(map(is_han, text[:40]))


def paragraphs(flow: Flow) -> list[list[int]]:
    """The lines of the flow grouped into paragraphs."""
    groups: list[list[int]] = []
    for i in range(len(flow.lines)):
        if flow.starts(i) or not groups:
            groups.append([])
        groups[-1].append(i)
    return groups


def is_heading(text: str, lines: int) -> bool:
    """Whether a paragraph is a head that stands alone: short, numbered or label-like, without a sentence's end."""
    if ends_sentence(text) or text[-1:] in "，、；;," or opens_text(text):
        return False
    numbered = ENUMERATOR.match(text) is not None
    return lines <= 3 and len(text) <= (60 if numbered else 30)
