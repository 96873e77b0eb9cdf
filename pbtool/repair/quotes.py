"""Quotation marks: straight ones that pair, turned ones, and those whose partner is lost.

The one idea: quotation marks alternate. Where they do not, or do not say which way they open, the cheapest way to read all marks of
the paragraph together is looked for: the language model says how well each mark opens or closes where it stands. Where one is
still over, it says where its partner may have stood. A line of a column may begin or end within a quotation: the lines of a
paragraph are joined before anything is judged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pbtool.edits import Edit
from pbtool.language import model
from pbtool.repair.marks import HAN, chinese, is_han
from pbtool.repair.trust import curve, trust
from pbtool.tables import pattern

RULE = "punctuation"
_LONGEST = 2000  # characters of a paragraph that are looked at together
_COLUMN = 60  # characters of a line that may go on in the next; a longer one is a paragraph
_RAGGED = 4  # half-width cells by which a full line may be shorter than the next
_NEAR = 12  # characters beside a mark that tell which way it opens
_BREAK = pattern(r"\s*\n\s*")
_SENTENCE_ENDS = frozenset("。！？；：…!?;:")
_SINGLE = pattern(rf"(?<![A-Za-z0-9])'([{HAN}](?:[^'\n]{{0,60}}[{HAN}。！？!?.])?)'(?![A-Za-z0-9])")
_CODE = pattern(r"[{}\\<>=_|`]|[A-Za-z0-9_]\([\"'A-Za-z]|[\"'], ?[\"']|\"\"\"")
_PAIR = pattern("“[^“”]*”")
_CURLY = pattern("[“”]")
_ANY = pattern('[“”"]')
_NEVER_BEHIND_OPENING = frozenset("，。、；：”！？,.;:!?)）")
_NEVER_BEFORE_CLOSING = frozenset("“：，,:（(")
_MIXED = pattern("“[^“”〝〞\n]{1,80}(〞)|(〝)[^“”〝〞\n]{1,80}”")
_NEVER = 10.0  # nats that speak against a mark where it cannot stand, and the most that any context does
_TURNED = 4.0  # nats against a mark that was turned
_NESTED = 3.0  # against a quotation in the same marks as the one around it
_OVER, _STRAY = 6.0, 3.0  # against one too many, and against one that opens nothing
_STRAY_BEFORE = frozenset("，。、；”")
_WORST = 7.0  # nats that may speak against a straight mark
_REACH = 24  # characters from a mark to where its lost partner is looked for
#: Log share of quotations of 1, 2 … characters in press text; longer ones are about as rare as the last.
_LENGTHS = (
    -3.4,
    -2.1,
    -1.8,
    -1.3,
    -2.9,
    -3.3,
    -3.4,
    -3.9,
    -3.4,
    -4.3,
    -4.0,
    -4.6,
    -4.4,
    -4.5,
    -4.3,
    -4.8,
    -4.7,
    -5.0,
    -5.2,
)
_LOST_AT_ONCE = 40  # lost marks of one text that a partner is looked for

#: What speaks against a mark that opens, and against one that closes (nats).
Costs = tuple[float, float]


def quotes(text: str) -> Iterator[Edit]:
    """Edits for quotation marks; what only probably stood there is suggested."""
    if '"' in text:
        yield from _straight(text)
    if "'" in text:
        yield from _single(text)
    if "〝" in text or "〞" in text:
        yield from (
            _turned(m.start(m.lastindex or 0), m.group(m.lastindex or 0), "”" if m.group(1) else "“")
            for m in _MIXED.finditer(text)
        )
    if not len(_PAIR.findall(text)) == text.count("“") == text.count("”"):
        yield from _curly(text)


def _paragraphs(text: str, places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Which of the marks at these places are judged together, a range of their numbers for each line.

    A line whose marks do not pair, or not in this order, is judged together with the rest of its paragraph.
    """
    last = 0
    while last < len(places):
        first = last
        end = _line(text, places[first])[1]
        last = bisect_left(places, end, first + 1)
        if last - first & 1 or not _alternate(text, places[first:last]):
            while last < len(places) and places[last] - places[first] < _LONGEST:
                end = _goes_on(text, end, places[last])
                if end <= places[last]:
                    break
                last = bisect_left(places, end, last)
        yield first, last


def _alternate(text: str, places: Sequence[int]) -> bool:
    """Whether the marks at these places open and close in turn, as far as they say which they do."""
    return all(text[place] in ('"', "“”"[number % 2]) for number, place in enumerate(places))


def _goes_on(text: str, end: int, place: int) -> int:
    """Where the line around `place` ends if the line that ends at `end` goes on so far, else how far it goes."""
    while end <= place:
        line = text[max(0, end - _COLUMN - 1) : end].rpartition("\n")[2]
        below = _BREAK.match(text, end, end + _COLUMN)
        if not below or len(line) > _COLUMN or below.group().count("\n") > 2:
            break
        following = _line(text, below.end())[1]
        indent = below.end() - text.rfind("\n", end, below.end()) - 1
        if indent > len(line) - len(line.lstrip()):
            break
        if line.rstrip()[-1:] in _SENTENCE_ENDS and (
            text[below.end()] in '“"' or _width(line) + _RAGGED < _width(text[below.end() : following])
        ):
            break
        end = following
    return end


def _width(line: str) -> int:
    """How wide a line is, in half-width cells."""
    return sum(1 + (char > "ÿ") for char in line.strip())


def _line(text: str, place: int) -> tuple[int, int]:
    """Where the line around a place begins and ends, as far as it is looked at."""
    start = max(text.rfind("\n", 0, place) + 1, place - _LONGEST)
    end = text.find("\n", place, place + _LONGEST)
    return start, min(len(text), place + _LONGEST) if end < 0 else end


def _straight(text: str) -> Iterator[Edit]:
    every = [match.start() for match in _ANY.finditer(text)]
    for first, last in _paragraphs(text, every):
        places = every[first:last]
        start, end = _line(text, places[0])[0], _line(text, places[-1])[1]
        lines = text[start:end]
        if '"' not in lines or not chinese(lines) or _CODE.search(lines):
            continue
        costs = [_costs(text, place, start, end) for place in places]
        ways = [number % 2 for number in range(len(places))]
        if len(places) % 2 or any(cost[way] > _WORST for cost, way in zip(costs, ways, strict=True)):
            continue
        for opening, closing in zip(places[::2], places[1::2], strict=True):
            if _quotes_chinese(text, opening, closing):
                for place, mark in ((opening, "“"), (closing, "”")):
                    if text[place] == '"':
                        confidence = trust("punctuation: straight quotes")
                        yield Edit(place, place + 1, '"', mark, RULE, "likely", confidence)


def _quotes_chinese(text: str, opening: int, closing: int) -> bool:
    """Whether a quotation holds Chinese, or stands between Han characters."""
    around = is_han(text[opening - 1 : opening]) and is_han(text[closing + 1 : closing + 2])
    return around or any(map(is_han, text[opening + 1 : closing]))


def _costs(text: str, place: int, start: int, end: int) -> Costs:
    """How badly a mark at this place opens, and how badly it closes, in the lines of [start, end) joined."""
    left = _BREAK.sub("", text[max(start, place - 2 * _NEAR) : place])[-_NEAR:]
    right = _BREAK.sub("", text[place + 1 : min(end, place + 1 + 2 * _NEAR)])[:_NEAR]
    if left[-1:] in ("“", "”", '"'):
        left = left[:-1] + "”"  # marks side by side close one quotation and open the next
    if right[:1] in ("“", "”", '"'):
        right = "“" + right[1:]
    opens, closes = model().alternatives(left, "“”", right)
    best = max(opens, closes)
    against_opening = _NEVER if right[:1] in _NEVER_BEHIND_OPENING or not right else best - opens
    against_closing = _NEVER if left[-1:] in _NEVER_BEFORE_CLOSING or not left else best - closes
    return min(_NEVER, against_opening), min(_NEVER, against_closing)


def _single(text: str) -> Iterator[Edit]:
    for match in _SINGLE.finditer(text):
        line = text[max(0, match.start() - 30) : match.end() + 30]
        if not chinese(line) or _CODE.search(line):
            continue
        for at, mark in ((match.start(), "‘"), (match.end() - 1, "’")):
            yield Edit(at, at + 1, "'", mark, RULE, "likely", trust("punctuation: single quotes"))


def _curly(text: str) -> Iterator[Edit]:
    """Turned marks, and suggestions for marks whose partner is nowhere near."""
    places = [match.start() for match in _CURLY.finditer(text)]
    marks = [text[place] for place in places]
    for first, last in _paragraphs(text, places):
        span = places[first:last]
        if _alternate(text, span):
            continue
        own = [mark == "”" for mark in marks[first:last]]
        ways = _cheapest(text, span, own)
        for number, (place, before, way) in enumerate(zip(span, own, ways, strict=True), first):
            if before != way:
                marks[number] = "“”"[way]
                yield _turned(place, "“”"[before], "“”"[way])
    for place, mark, other in _alone(text, places, marks)[:_LOST_AT_ONCE]:
        yield from _partner(text, place, mark, other)


def _cheapest(text: str, places: Sequence[int], own: Sequence[bool]) -> Sequence[bool]:
    """Which marks of a paragraph close, in the cheapest way to read all of them: as they are, or some turned so that all pair."""
    start, end = _line(text, places[0])[0], _line(text, places[-1])[1]
    costs = [_costs(text, place, start, end) for place in places]
    # The cheapest way so far to each depth: outside, in a quotation, in one inside it; None stands for a mark too many.
    never = float("inf"), list[bool | None]()
    ways: list[tuple[float, list[bool | None]]] = [(0.0, []), never, never]
    for place, cost, mine in zip(places, costs, own, strict=True):
        over = _OVER if mine or text[place + 1 : place + 2] not in _STRAY_BEFORE else _STRAY
        opens, closes = cost[0] + _TURNED * mine, cost[1] + _TURNED * (not mine)
        steps = [
            [(way[0] + over, [*way[1], None]) for way in ways],
            [
                never,
                *((way[0] + opens + _NESTED * depth, [*way[1], False]) for depth, way in enumerate(ways[:2])),
            ],
            [*((way[0] + closes, [*way[1], True]) for way in ways[1:]), never],
        ]
        ways = [min(found, key=_price) for found in zip(*steps, strict=True)]
    best = ways[0][1]
    return own if None in best else [bool(way) for way in best]


def _price(way: tuple[float, list[bool | None]]) -> float:
    return way[0]


def _alone(text: str, places: Sequence[int], marks: Sequence[str]) -> list[tuple[int, str, int]]:
    """Marks without a partner: the place of each, the mark that is missing, and where another mark ends the search."""
    open_at, alone = -1, []
    for number, (place, mark) in enumerate(zip(places, marks, strict=True)):
        if mark == "“":
            if open_at >= 0 and not _begins(text, place):
                alone.append((open_at, "”", place))
            open_at = place
        else:
            if open_at < 0 or place - open_at >= _LONGEST:
                alone.append((place, "“", places[number - 1] if number else -1))
            open_at = -1
    if open_at >= 0:
        alone.append((open_at, "”", len(text)))
    return alone


def _begins(text: str, place: int) -> bool:
    """Whether a mark opens a paragraph, as each paragraph of a long quotation begins."""
    begins = text.rfind("\n", max(0, place - 9), place) + 1
    return (begins > 0 or place < 9) and not text[begins:place].strip(" \u3000")


def _turned(place: int, before: str, after: str) -> Edit:
    return Edit(place, place + 1, before, after, RULE, "likely", trust("punctuation: turned quotes"))


def _partner(text: str, place: int, mark: str, other: int) -> Iterator[Edit]:
    """A suggestion for the partner of the mark at `place`, within its clause and not beyond `other`."""
    from math import exp

    spots = _ahead(text, place, other) if mark == "”" else _back(text, place, other)
    if not spots:
        return
    low, high = min(*spots, place), max(*spots, place) + 1
    left, right = text[max(0, low - 12) : low], text[high : high + 12]
    scores = [
        model().score(left + text[low:spot] + mark + text[spot:high] + right, len(left))
        + _LENGTHS[min(max(place - spot, spot - place - 1), len(_LENGTHS)) - 1]
        for spot in spots
    ]
    top = max(range(len(scores)), key=scores.__getitem__)
    chance = 1 / sum(exp(score - scores[top]) for score in scores)
    spot = spots[top]
    yield Edit(spot, spot, "", mark, RULE, "suggested", curve("punctuation: lost quotes", chance))


def _ahead(text: str, place: int, other: int) -> list[int]:
    """Where a closing mark can stand behind an opening one: up to the end of the clause."""
    spots = []
    for spot in range(place + 3, min(len(text), place + _REACH, other) + 1):
        if text[spot - 1] == "\n":
            break
        spots.append(spot)
        if text[spot - 1] in "。！？；":
            break
    return spots


def _back(text: str, place: int, other: int) -> list[int]:
    """Where an opening mark can stand before a closing one: back to the beginning of the clause."""
    spots = []
    for spot in range(place - 2, max(0, place - _REACH, other + 1) - 1, -1):
        spots.append(spot)
        if spot and text[spot - 1] in "\n。；，：":
            break
    return spots
