"""Signs whose GB lead byte was shifted: `袁` for `，`, `园` for `０`, `犌犅` for `ＧＢ`.

The one idea: a text is a chain of font runs, each with its punctuation shifted or not and its digits and letters shifted
or not. The language model says how likely each reading of a cluster of candidates is; a hidden Markov chain over the
clusters says which kind of run they stand in; together they give each candidate its probability of being a sign.

Everything works in windows of bounded length, so time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade
from pbtool.language import State, folding, model
from pbtool.repair.brackets import paired
from pbtool.repair.doubts import doubted
from pbtool.repair.glances import Stretch, mended, stretches
from pbtool.repair.readings import STRAY, SURNAMES, Cluster, clusters_of
from pbtool.repair.runs import Fonts, chain, chances_of, linked
from pbtool.repair.signs import (
    ALNUM,
    BULLETS,
    DASH,
    PROSE,
    Sign,
    half_width,
    italic,
    seeds,
    shifted_alnum,
    signs,
)

RULE = "shift"
_CORE = 4000  # characters judged together
_REACH = 160  # how far around a suspicious character the run is followed
_MEMO = 1 << 15
_BEGIN = 1e-7  # a shifted run begins at a character of a text that showed none
_SPARSE = 100  # a stretch with fewer signs than one in so many characters is looked at again
_ENOUGH = 3  # signs shown for certain make a text one that holds shifted signs
_BEGIN_AGAIN = 5e-4  # the most that a second look assumes
_SUSPECT = 5.0  # how much better (in nats) a sign must fit than the character for a closer look
_HINT = 4.0  # less of it where a font is known to be broken
_SUSPECT_AGAIN = 0.0  # the same on a second look
_OBVIOUS = -9.0  # so bad between its two neighbours that no closer look is needed
SURE, LIKELY, SUGGESTED = 0.999, 0.9, 0.5


def propose_shift(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Signs whose GB lead byte was shifted by 0x31 become themselves again; so do shifted italic letters (A3 to A0).

    What it repairs: `袁遥尧野冶渊冤院` for `，。、“”（）：`, `圆园员源` for `２０１４`, `粤孕孕` for `ＡＰＰ`, `摇` for an ideographic space,
    `姻` for `■`, `郾` for a decimal point, `犌犅` for `ＧＢ`; in short every sign of the rows A1, A2, A3, A6 of GB 2312, and two
    of Founder's own row AA.

    How it comes about: Founder's typesetting stores every sign that is not Han as a double byte of its own; fonts without
    a map to Unicode give it out with a lead byte 0x31 too high (D2 for A1, D4 for A3), or 3 too low in italic letters.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "加强党的建设袁提高执政能力，建设高素质干部队伍。"
        >>> apply(text, propose_shift(text))
        '加强党的建设，提高执政能力，建设高素质干部队伍。'

    When it is wrong: a rare name (`袁`, `尧`, `叶`) right where a comma could stand; a lone sign whose character also makes
    a word there (`庭院` over a line's end).

    Source: GB 2312 and the `gbk` codec; measured on texts of Founder's typesetting and on held-out press text that was
    broken on purpose (`scripts/make_broken.py`, `scripts/evaluate_repair.py`).
    """
    half = _half_width(text)
    chances = _looked(text, Fonts(fonts))
    edits = [_edit(text, place, chance, half) for place, chance in chances.items() if chance >= SUGGESTED]
    edits.extend(_italics(text, half))
    edits.sort(key=lambda edit: edit.start)
    edits = _consistent(text, edits)
    return edits if any(run.broken for run in fonts) else doubted(text, edits)


def _looked(text: str, fonts: Fonts) -> dict[int, float]:
    """The chance of every candidate worth a look; where the text shows shifted signs, a second look everywhere else.

    The first look asks of each stretch that it be convincing alone. In a text that holds shifted signs for certain, a
    heading or a byline far from them needs less; and a font in which some are for certain speaks for the others in it.
    """
    result: dict[int, float] = {}
    dense: list[tuple[int, int]] = []
    shown: tuple[list[int], list[int]] = ([], [])
    for low, high in _windows(text, _SUSPECT - (_HINT if fonts.any_broken else 0.0), 0, len(text)):
        chances = _window(text, low, high, fonts, (_BEGIN, _BEGIN))
        sure = [place for place, chance in chances.items() if chance > SURE]
        for place in sure:
            shown[signs()[text[place]].kind - 1].append(place)
        if len(sure) * _SPARSE > high - low:
            dense.append((low, high))
        result.update(chances)
    if max(map(len, shown)) >= _ENOUGH:
        fonts = fonts.showing(shown[0] + shown[1], _ENOUGH)
        rates = tuple(min(_BEGIN_AGAIN, max(_BEGIN, 0.05 * len(places) / len(text))) for places in shown)
        for low, high in _gaps(dense, len(text)):
            for start, end in _windows(text, _SUSPECT_AGAIN, low, high):
                result.update(_window(text, start, end, fonts, rates))
    return result


def _gaps(spans: Sequence[tuple[int, int]], end: int) -> Iterator[tuple[int, int]]:
    """What lies between sorted spans."""
    place = 0
    for low, high in [*spans, (end, end)]:
        if place < low:
            yield place, low
        place = max(place, high)


def _consistent(text: str, edits: list[Edit]) -> list[Edit]:
    """A surname that the text keeps before the same given name elsewhere is at most a suggestion."""
    if not any(edit.before in SURNAMES for edit in edits):
        return edits
    changed = {edit.start for edit in edits}
    kept = Counter(found.group() for found in _names().finditer(text) if found.start() not in changed)
    lost = Counter(text[edit.start : edit.start + 3] for edit in edits)
    return [
        replace(edit, grade="suggested", confidence=0.5)
        if edit.before in SURNAMES
        and 0 < lost[text[edit.start : edit.start + 3]] <= kept[text[edit.start : edit.start + 3]]
        else edit
        for edit in edits
    ]


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    core = "".join(char for char, sign in signs().items() if sign.char in PROSE)
    return re.compile(f"[{''.join(SURNAMES)}](?:(?![{core}])[\u4e00-\u9fff]){{2}}")


def _half_width(text: str) -> bool:
    """Whether the digits and letters that stand clean in the text are mostly half-width."""
    half = sum(map(text.count, "0123456789")) + sum(map(text.count, "aeiouAEIOU"))
    full = sum(map(text.count, "０１２３４５６７８９")) + sum(map(text.count, "ａｅｉｏｕＡＥＩＯＵ"))
    return half > full


def _windows(text: str, limit: float, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches of at most `_CORE` characters of text[begin:end] around everything suspicious."""
    low = high = -1
    for place in _suspects(text, limit, begin, end):
        if place - _REACH > high:
            if high >= 0:
                yield from _pieces(low, min(high, end))
            low = max(begin, place - _REACH)
        high = place + _REACH
    if high >= 0:
        yield from _pieces(low, min(high, end))


def _pieces(low: int, high: int) -> Iterator[tuple[int, int]]:
    for start in range(low, high, _CORE):
        yield start, min(start + _CORE, high)


def _suspects(text: str, limit: float, begin: int, end: int) -> Iterator[int]:
    """Places of candidates that fit their neighbours better as signs by `limit`; none within a stretch already looked at."""
    passed = -1
    narrow: dict[str, bool] = {}
    wide: dict[str, bool] = {}
    for found in seeds().finditer(text, begin, end):
        place = found.start()
        if place < passed:
            continue
        near = text[place - 1 : place + 2] if place else text[:2]
        obvious = narrow.get(near)
        if obvious is None:
            obvious = narrow[near] = _gain(text, place, 1) < _OBVIOUS
        if obvious:
            continue
        around = text[max(0, place - 5) : place + 6]
        suspect = wide.get(around)
        if suspect is None:
            if len(wide) > _MEMO:
                wide.clear()
                narrow.clear()
            suspect = wide[around] = _gain(text, place, 5) > limit
        if suspect:
            passed = place + _REACH // 2
            yield place


def _gain(text: str, place: int, reach: int) -> float:
    """How much better (in nats) the sign fits than the character, within `reach` characters.

    A line's end may count or not; digits and letters side by side are shifted together, and so are the halves of a dash.
    """
    table, sign = folding(), signs()[text[place]]
    left, right = text[max(0, place - reach) : place], text[place + 1 : place + 1 + reach]
    start = model().start if place <= reach else model().nowhere
    best = _fit(start, left.translate(table), text[place], right.translate(table), sign)
    if "\n" in left or "\n" in right:
        joined = left.replace("\n", "").translate(table), right.replace("\n", "").translate(table)
        best = max(best, _fit(model().nowhere, joined[0], text[place], joined[1], sign))
    if sign.kind == ALNUM or text[place] == DASH:
        others = shifted_alnum() if sign.kind == ALNUM else {ord(DASH): sign.char}
        own = model().tail(start, (left + text[place] + right).translate(table))
        together = (left + text[place] + right).translate(others).translate(table)
        best = max(best, model().tail(start, together) - own)
    return best


def _fit(start: State, left: str, char: str, right: str, sign: Sign) -> float:
    judge = model()
    state = judge.walk(start, left)[0]
    own = judge.tail(state, char + right)
    stray = STRAY if sign.char in BULLETS and state is not judge.start else 0.0
    return judge.tail(state, sign.folded + right) + sign.cost + stray - own


def _window(text: str, low: int, high: int, fonts: Fonts, begin: tuple[float, ...]) -> dict[int, float]:
    """The chances of the candidates of one part, judged with what stands around it."""
    model().relax()
    first, last = max(0, low - _REACH), min(len(text), high + _REACH)
    found, unclear = stretches(text, first, last)
    clusters = clusters_of(mended(text, first, last, found), first, unclear)
    chances: dict[int, float] = {}
    for stretch in found:
        chances.update(zip(stretch.places, stretch.certainties(), strict=True))
    links = []
    for cluster in clusters:
        if cluster.marks_only and _inside(cluster, found):
            chances.update(zip(cluster.places, chances_of(cluster, (0.0, 1.0, 0.0, 0.0)), strict=True))
        else:
            links.append(cluster)
    if links:
        links = linked(links, found)
        for cluster, weights in zip(links, chain(text, links, fonts, begin), strict=True):
            chances.update(zip(cluster.places, chances_of(cluster, weights), strict=True))
    result = paired(text, chances)
    return {place: chance for place, chance in result.items() if low <= place < high and chance > 1e-3}


def _inside(cluster: Cluster, found: Sequence[Stretch]) -> bool:
    """Whether a cluster stands between the plain signs of one stretch."""
    index = bisect_right(found, cluster.start, key=lambda stretch: stretch.places[0]) - 1
    return index >= 0 and cluster.end <= found[index].places[-1]


def _edit(text: str, place: int, chance: float, half: bool) -> Edit:
    sign = signs()[text[place]]
    after = half_width(sign.char) if half and sign.kind == ALNUM else sign.char
    return Edit(place, place + 1, text[place], after, RULE, _grade(chance), round(min(chance, 0.99999), 5))


def _grade(chance: float) -> Grade:
    if chance >= SURE:
        return "sure"
    return "likely" if chance >= LIKELY else "suggested"


def _italics(text: str, half: bool) -> Iterator[Edit]:
    """Letters of italic fonts, 3 below the row of letters: two different ones together, one at least no everyday Han."""
    pattern, table, everyday = italic()
    for found in pattern.finditer(text):
        letters = {char for char in found.group() if char in table}
        if letters <= everyday or len(letters) < 2:
            continue
        for place, char in enumerate(found.group(), found.start()):
            if char in table:
                after = half_width(table[char]) if half else table[char]
                yield Edit(place, place + 1, char, after, RULE, "sure", 0.9999)
