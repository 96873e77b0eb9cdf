"""What names of people and places, and labels, say of the shifted signs beside them.

The one idea: `袁`, `叶`, `尧` and others are comma, bracket or mark, and the beginning or end of a name as well; the words around
cannot always tell. Who else is named in the text, how people are called, and where a byline or a speaker stands can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Container, Iterator, Mapping
from functools import lru_cache
from itertools import compress

from pbtool import tables
from pbtool.language import folding, model
from pbtool.repair.marks import BULLETS, is_han
from pbtool.repair.readings import SURNAMES
from pbtool.repair.signs import PROSE, signs
from pbtool.tables import pattern

#: The chance from which on something may be a sign.
_MAY = 0.1
#: Log-probability of what follows a sign, if it is one: what names are made of is below.
_UNHEARD = -12.0
#: Weight of two characters as a given name from which names are asked; log-odds from which a name is believed, and where an
#: office follows.
_GIVEN, _NAME, _TITLED = 0.2, 2.0, -2.0
_WEIGHED = -9.0  # log-odds from which candidates are weighed to the end: an office is not among what weighs
_BEFORE, _BEHIND = 4, 4  # characters around a name that tell whether it is one
#: What (in nats) is taken from a sign by a name; by a form of address that the text uses with this surname alone; by a lone
#: surname that wants a given name.
_NAMED, _CALLED, _ENDED = 8.0, 4.0, 6.0
#: Places where a sign and what follows it stand together, and never apart, that make a name of them.
_BOUND = 3
#: What a label, and a speaker's name, that fills the line so far brings for a colon; how long it may be; a colon less likely
#: than this is not asked about.
_LABELLED, _SPEAKS = 3.0, 5.0
_COLON, _ASKING = "院", frozenset("问答")
_LINE = 12
_LEAST_COLON = 0.003
#: A sign that is a mark of lists and the end of names, and how what somebody says begins.
_LAST, _SPEAKING = "尧", frozenset("说告介表认坦特笑回补感")
#: Characters within which a title ends, how, and how surely.
_TITLE, _CLOSING_TITLE, _CLOSED = 30, ("》", "曳"), 0.9
_AREAS = frozenset("省市县区镇乡州盟旗")
_ROLE = pattern("(?:记者|通讯员|作者|编辑|摄影|责编|主编)[ \xa0\u3000]?")
#: Pieces that are counted one by one; more are counted in one pass.
_FEW = 16

Evidence = Iterator[tuple[int, float]]


def persons(text: str, doubtful: Collection[int], chances: Mapping[int, float]) -> Evidence:
    """For the signs in doubt (places in `text`), what names and labels speak for them, or (below 0) against them, in nats."""
    surnames = [place for place in doubtful if text[place] in SURNAMES and chances[place] > _MAY]
    yield from _named(text, surnames, chances)
    yield from _titled(text, chances)
    yield from _bound(text, doubtful, chances)
    yield from _placed(text, doubtful, chances)
    yield from _addressed(text, surnames)
    yield from _ended(text, doubtful, chances)
    yield from _labelled(text, doubtful, chances)


def _counts(text: str, pieces: Collection[str]) -> Counter[str]:
    """How often each of these pieces (of two characters and more) stands in a text; many are counted in one pass."""
    if len(pieces) <= _FEW:
        return Counter({piece: text.count(piece) for piece in pieces})
    asked = frozenset(pieces)
    first, second = ("".join(sorted({piece[at] for piece in asked})) for at in (0, 1))
    begins = re.compile(f"[{re.escape(first)}](?=[{re.escape(second)}])")
    places = [match.start() for match in begins.finditer(text)]
    found = Counter[str]()
    for size in {len(piece) for piece in asked}:
        found.update(filter(asked.__contains__, [text[place : place + size] for place in places]))
    return found


def _among(chars: Container[str], text: str, chances: Mapping[int, float]) -> list[int]:
    """The places at which one of these characters stands, whatever its chance."""
    return [*compress(chances, map(chars.__contains__, map(text.__getitem__, chances)))]


def _named(text: str, surnames: Collection[int], chances: Mapping[int, float]) -> Evidence:
    """Against the surnames that begin a name; a name is one wherever it stands."""
    asked = [
        place
        for place in surnames
        if _possible(text[place : place + 3]) and not opens_title(text, place, chances)
    ]
    counts = _counts(text, {text[start : place + 3] for place in asked for start in (place, place + 1)})
    known = {
        text[place : place + 3]
        for place in asked
        if counts[text[place + 1 : place + 3]] <= counts[text[place : place + 3]]
        and _begins_name(text, place)
    }
    for place in chances if known else ():
        if text[place : place + 3] in known:
            yield place, -_NAMED


def opens_title(text: str, place: int, chances: Mapping[int, float]) -> bool:
    """Whether what may be an opening bracket has a closing one within reach: a title rather than a name."""
    if signs()[text[place]].char != "《":
        return False
    following = text[place + 1 : place + _TITLE]
    ends = [following.find(mark) for mark in _CLOSING_TITLE if mark in following]
    end = min(ends, default=-1)
    return end >= 0 and (following[end] == "》" or chances.get(place + 1 + end, 0.0) > _CLOSED)


def _titled(text: str, chances: Mapping[int, float]) -> Evidence:
    """Against the surnames of names that an office follows, however sure the sign looks."""
    from pbtool.extraction.offices import head_before

    forms, family = _forms(), _surnames()
    surnames = _among(SURNAMES, text, chances)
    for size in (1, 2):
        behind = [text[place + 1 + size : place + 3 + size] for place in surnames]
        for place in compress(surnames, map(forms.__contains__, behind)):
            end = place + 1 + size
            if (
                chances[place] > _MAY
                and (head_before(text, place) >= 0 or size == 2 and _possible(text[place : place + 3]))
                # 王书记 is complete without what stands before it
                and _begins_name(text, place, _NAME if text[end - 1] in family else _TITLED, end)
            ):
                yield place, -_NAMED


def _bound(text: str, doubtful: Collection[int], chances: Mapping[int, float]) -> Evidence:
    """Against signs whose following characters, rare ones, stand nowhere without them: a name of a place or a thing."""
    again = Counter([text[place : place + 3] for place in chances])
    asked = [
        place
        for place in doubtful
        if again[text[place : place + 3]] >= _BOUND
        and chances[place] > _MAY
        and _plain(text[place + 1 : place + 3])
        and _unheard(text[place + 1 : place + 3], signs()[text[place]].folded)
    ]
    counts = _counts(text, {text[start : place + 3] for place in asked for start in (place, place + 1)})
    for place in asked:
        often = counts[text[place : place + 3]]
        bound = often >= _BOUND and often == counts[text[place + 1 : place + 3]]
        if bound and not opens_title(text, place, chances):
            yield place, -_CALLED


def _placed(text: str, doubtful: Collection[int], chances: Mapping[int, float]) -> Evidence:
    """Against signs inside the full name of a county, a city or a town."""
    for place in doubtful:
        if _AREAS.isdisjoint(text[place : place + 5]) or chances[place] <= _MAY:
            continue
        if any(
            text[end - 1 : end] in _AREAS and _full_name(text[start:end])
            for start in range(max(0, place - 2), place + 1)
            for end in range(max(place, start + 1) + 1, start + 6)
        ):
            yield place, -_ENDED


def _full_name(word: str) -> bool:
    """Whether a place is called so in full (`尧市` is short for 尧市镇, and nearly always 、 and 市)."""
    from pbtool.gazetteer import gazetteer

    known = gazetteer()
    return any(known.entry(number).name == word for number in known.known(word))


def _plain(two: str) -> bool:
    """Whether these are two Han characters that stand for no sign of prose."""
    return all(is_han(char) and (char not in signs() or signs()[char].char not in PROSE) for char in two)


@lru_cache(maxsize=1 << 12)
def _unheard(given: str, sign: str = ",") -> bool:
    """Whether two characters hardly follow a sign as they stand."""
    judge = model()
    return (
        len(given) == 2 and judge.tail(judge.nowhere[sign or ","][0], given.translate(folding())) < _UNHEARD
    )


@lru_cache(maxsize=1 << 12)
def _may_begin(three: str) -> bool:
    """Whether names are made of a surname and the two characters behind it, as far as these tell."""
    from pbtool.extraction import names

    weights, prepared = names.model().weights, names.prepared(three)
    if len(prepared) < 3:
        return False
    first, last = prepared[1], prepared[2]
    asked = (f"Fg2{first}", f"Yg2{last}", f"G{first}{last}", f"B{prepared[:2]}")
    return sum(weights.get(weight, 0.0) for weight in asked) >= _GIVEN


def _possible(three: str) -> bool:
    """Whether a surname and two characters can be a name, and hardly a comma and what follows it."""
    return _may_begin(three) and _unheard(three[1:])


def _begins_name(text: str, place: int, least: float = _NAME, end: int | None = None) -> bool:
    """Whether a name of more than `least` log-odds begins at a surname, and no better one right behind it.

    `end`: where the name must end, so that an office behind it, which is not among what weighs, may speak for a poor one.
    """
    from pbtool.extraction import names

    known, low = names.model(), max(0, place - _BEFORE)
    around, at = names.prepared(text[low : (end or place + 3) + _BEHIND]), place - low
    asked = _NAME if end is None else _WEIGHED
    found = (name for name in known.weighed(around, asked) if name.start == at)
    own = max((name.odds for name in found if end is None or name.end == end - low), default=least)
    if own <= least:
        return False
    without = around[:at] + "，" + around[at + 1 :]
    return not any(name.start == at + 1 and name.odds > own for name in known.weighed(without, asked))


def _addressed(text: str, surnames: Collection[int]) -> Evidence:
    """Against the surnames before a form of address that the text uses with this surname only, more than once."""
    calls = {place: call for place in surnames if (call := _call(text, place))}
    often = Counter(text[place] + call for place, call in calls.items())
    counts = _counts(text, {*calls.values(), *often})
    for place, call in calls.items():
        if often[text[place] + call] > 1 and counts[call] == counts[text[place] + call]:
            yield place, -_CALLED


def _call(text: str, place: int) -> str:
    """The form of address right behind a place, else nothing."""
    forms = _forms()
    return next((call for size in (4, 3, 2) if (call := text[place + 1 : place + 1 + size]) in forms), "")


def _ended(text: str, doubtful: Collection[int], chances: Mapping[int, float]) -> Evidence:
    """Against a sign that ends a name: behind a lone surname that a role introduces, or before what its bearer says."""
    for place in _among(_LAST, text, chances):
        if text[place + 1 : place + 2] in _SPEAKING and chances[place] > _MAY and _ends_name(text, place):
            yield place, -_ENDED
    surnames = _surnames()
    for place in doubtful:
        if text[place - 1 : place] in surnames and _ROLE.fullmatch(
            text[max(0, place - 5) : place - 1].lstrip("本刊报社")
        ):
            yield place, -_ENDED


def _ends_name(text: str, place: int) -> bool:
    """Whether a name is found that ends with the character at a place."""
    from pbtool.extraction import names

    low = max(0, place - _BEFORE)
    around = names.prepared(text[low : place + 1 + _BEHIND])
    return any(name.end == place - low + 1 for name in names.model().weighed(around, _NAME))


def _labelled(text: str, doubtful: Collection[int], chances: Mapping[int, float]) -> Evidence:
    """For a colon behind a label (`摄影`) or a speaker's name at the beginning of a line."""
    for place in doubtful:
        if text[place] == _COLON and chances[place] >= _LEAST_COLON:
            left = text[max(0, place - _LINE - 1) : place]
            begins = left.rfind("\n") + 1
            label = left[begins:].lstrip(BULLETS + " \xa0\u3000")
            if begins or place <= _LINE:
                yield (
                    place,
                    _SPEAKS if label in _ASKING or _speaker(label) else _LABELLED if _label(label) else 0.0,
                )


def _label(label: str) -> bool:
    """Whether a word that leads names, or stands on a title page, ends the piece of a line."""
    return any(label[-size:] in _labels() for size in (2, 3, 4))


def _speaker(label: str) -> bool:
    """Whether a piece of a line is a name and nothing else."""
    from pbtool.extraction import names

    if not 2 <= len(label) <= 4 or not all(map(is_han, label)):
        return False
    return any(
        name.start == 0 and name.end == len(label) for name in names.model().weighed(label + "：", _NAME)
    )


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    kinds = {"role", "word", "label", "credit"}
    names = ("byline_words.tsv", "wide_words.tsv", "page_words.tsv")
    return frozenset(word for name in names for word, kind, *_ in tables.rows(name) if kind in kinds)


@lru_cache(maxsize=1)
def _forms() -> frozenset[str]:
    return frozenset(row[0] for row in tables.rows("forms_of_address.tsv"))


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(tables.pairs("surnames.tsv"))
