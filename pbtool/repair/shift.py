"""Signs whose GB lead byte was shifted: `袁` for `，`, `园` for `０`, `犌犅` for `ＧＢ`.

The one idea: a text is a chain of font runs, each with its punctuation shifted or not and its digits and letters shifted
or not. The language model says how likely each reading of a cluster of candidates is; a hidden Markov chain over the
clusters says which kind of run they stand in; together they give each candidate its probability of being a sign.

Everything works in windows of bounded length, so time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, replacements
from pbtool.language import model
from pbtool.repair.brackets import paired
from pbtool.repair.doubts import doubted
from pbtool.repair.evidence import weighed
from pbtool.repair.figures import figures
from pbtool.repair.glances import Glance
from pbtool.repair.leanings import TRUSTED, leaning
from pbtool.repair.line_forms import formed
from pbtool.repair.readings import SURNAMES, clusters_of
from pbtool.repair.runs import Fonts, chain, chances_of, linked
from pbtool.repair.signs import (
    ALNUM,
    PROSE,
    half_width,
    italic,
    signs,
)
from pbtool.repair.suspects import REACH, parts

RULE = "shift"
_BEGIN = 1e-7  # a shifted run begins at a character of a text that showed none
_SPARSE = 100  # a stretch with fewer signs than one in so many characters is looked at again
_ENOUGH = 3  # signs shown for certain make a text one that holds shifted signs
_BEGIN_AGAIN = 5e-4  # the most that a second look assumes
_SUSPECT = 5.0  # how much better (in nats) a sign must fit than the character for a closer look
_HINT = 4.0  # less of it where a font is known to be broken
_SUSPECT_AGAIN = 0.0  # the same on a second look
SURE, LIKELY, SUGGESTED = 0.999, 0.9, 0.5
_ITALIC = 0.9999
_MOST = 0.99999  # confidence is never more


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
    chances = _likely(text, chances_in(text, Fonts(fonts)))
    chances.update(dict.fromkeys(_italics(text), _ITALIC))
    if not chances:
        return []
    edits = _edits(text, chances)
    edits.sort(key=_place)
    edits = _consistent(text, edits)
    return edits if any(run.broken for run in fonts) else doubted(text, edits)


def chances_in(text: str, fonts: Fonts) -> dict[int, float]:
    """The chance of every candidate worth a look; where the text shows shifted signs, a second look everywhere else.

    The first look asks of each stretch that it be convincing alone. In a text that holds shifted signs for certain, a
    heading or a byline far from them needs less; and a font in which some are for certain speaks for the others in it.
    """
    result: dict[int, float] = {}
    dense: list[tuple[int, int]] = []
    for low, high in parts(text, _SUSPECT - (_HINT if fonts.any_broken else 0.0), 0, len(text)):
        chances = _window(text, low, high, fonts, (_BEGIN, _BEGIN))
        if sum(map(SURE.__lt__, chances.values())) * _SPARSE > high - low:
            dense.append((low, high))
        result.update(chances)
    sure = [place for place, chance in result.items() if chance > SURE]
    counts = _by_kind(text, sure)
    if max(counts) >= _ENOUGH:
        fonts = fonts.showing(sure, _ENOUGH)
        rates = tuple(min(_BEGIN_AGAIN, max(_BEGIN, 0.05 * count / len(text))) for count in counts)
        for low, high in _gaps(dense, len(text)):
            for start, end in parts(text, _SUSPECT_AGAIN, low, high):
                result.update(_window(text, start, end, fonts, rates))
    result = weighed(text, result) if result else result
    return result | formed(text, result) | figures(text, result)


def _by_kind(text: str, places: Sequence[int]) -> tuple[int, int]:
    """How many of the signs at these places are punctuation, and how many digits and letters."""
    chars = Counter(map(text.__getitem__, places))
    alnum = sum(count for char, count in chars.items() if signs()[char].kind == ALNUM)
    return len(places) - alnum, alnum


def _gaps(spans: Sequence[tuple[int, int]], end: int) -> Iterator[tuple[int, int]]:
    """What lies between sorted spans."""
    place = 0
    for low, high in [*spans, (end, end)]:
        if place < low:
            yield place, low
        place = max(place, high)


def _consistent(text: str, edits: list[Edit]) -> list[Edit]:
    """A surname that the text keeps before the same given name elsewhere is at most a suggestion."""
    given_up = {edit.start for edit in edits if edit.before in SURNAMES}
    if not given_up:
        return edits
    surname, named = _names()
    others = {found.start() for found in surname.finditer(text)} - given_up
    kept = Counter(text[place : place + 3] for place in others if named.match(text, place))
    lost = {place: name for place in given_up if (name := text[place : place + 3]) in kept}
    often = Counter(lost.values())
    doubtful = {place for place, name in lost.items() if often[name] <= kept[name]}
    if not doubtful:
        return edits
    return [
        replace(edit, grade="suggested", confidence=0.5) if edit.start in doubtful else edit for edit in edits
    ]


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a surname, and what it begins where it may begin a name."""
    core = "".join(char for char, sign in signs().items() if sign.char in PROSE)
    surname = f"[{''.join(SURNAMES)}]"
    return re.compile(surname), re.compile(f"{surname}(?:(?![{core}])[\u4e00-\u9fff]){{2}}")


def _half_width(text: str) -> bool:
    """Whether the digits and letters that stand clean in the text are mostly half-width."""
    half = sum(map(text.count, "0123456789")) + sum(map(text.count, "aeiouAEIOU"))
    full = sum(map(text.count, "０１２３４５６７８９")) + sum(map(text.count, "ａｅｉｏｕＡＥＩＯＵ"))
    return half > full


def _window(text: str, low: int, high: int, fonts: Fonts, begin: tuple[float, ...]) -> dict[int, float]:
    """The chances of the candidates of one part, judged with what stands around it."""
    model().relax()
    first, last = max(0, low - REACH), min(len(text), high + REACH)
    seen = Glance(text, first, last)
    clusters = clusters_of(seen.piece, first, seen.open)
    chances, links = seen.chances, []
    for cluster in clusters:
        if cluster.marks_only and seen.covers(cluster.start, cluster.end):
            chances.update(zip(cluster.places, chances_of(cluster, (0.0, 1.0, 0.0, 0.0)), strict=True))
        else:
            links.append(cluster)
    if links:
        links = linked(links, seen.stretches)
        for cluster, weights in zip(links, chain(text, links, fonts, begin), strict=True):
            chances.update(zip(cluster.places, chances_of(cluster, weights), strict=True))
    chances.update(paired(text, chances))
    for place in (*range(first, low), *range(high, last)):
        chances.pop(place, None)
    return chances


_place = attrgetter("start")


def _likely(text: str, chances: dict[int, float]) -> dict[int, float]:
    """The places where a sign is at least as likely as not, with chances as they can be trusted."""
    doubtful = [place for place, chance in chances.items() if chance < TRUSTED]
    for place in doubtful:
        chance = leaning(chances.pop(place), text[place])
        if chance >= SUGGESTED:
            chances[place] = chance
    return chances


def _edits(text: str, chances: dict[int, float]) -> list[Edit]:
    """An edit for every sign."""
    said = [round(chance, 5) if chance < _MOST else _MOST for chance in chances.values()]
    grades: list[Grade] = [
        "sure" if chance >= SURE else "likely" if chance >= LIKELY else "suggested" for chance in said
    ]
    befores, afters = [*map(text.__getitem__, chances)], _afters(_half_width(text))
    return replacements(RULE, chances, befores, map(afters.__getitem__, befores), grades, said)


@lru_cache(maxsize=2)
def _afters(half: bool) -> dict[str, str]:
    """What each character becomes: digits and letters half-width where the text's others are."""
    found = {char: half_width(letter) if half else letter for char, letter in italic()[1].items()}
    for char, sign in signs().items():
        found[char] = half_width(sign.char) if half and sign.kind == ALNUM else sign.char
    return found


def _italics(text: str) -> Iterator[int]:
    """Letters of italic fonts, 3 below the row of letters: two different ones together, one at least no everyday Han."""
    pattern, table, everyday = italic()
    for found in pattern.finditer(text):
        letters = {char for char in found.group() if char in table}
        if letters <= everyday or len(letters) < 2:
            continue
        yield from (place for place, char in enumerate(found.group(), found.start()) if char in table)
