"""Names in conversion: which stretches of a text are names, and what their characters become in traditional script.

The one idea: a name has its own spelling, whatever its characters mean elsewhere. 于谦 is no 於, 余某 no 餘, 范县 no 範.
Places come from a table of those that OpenCC by itself gets wrong. People are looked for only where a character that names
spell their own way stands outside every phrase of the dictionaries: by what stands beside it (an office, a form of
address, a verb of saying) or as the extraction of names sees it. Once found, a name is known everywhere in the text.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from pbtool import language, tables
from pbtool.conversion.engine import any_of, stage
from pbtool.tables import pattern

#: Stretch of the simplified text, and what it is in traditional script (OpenCC's standard).
Name = tuple[int, int, str]

#: What may stand on either side of a name besides words.
_BOUND = frozenset("、，。；：！？,.;:!?（）()《》“”‘’\"' \u3000\n")

#: Function words that end a name, or stand before one.
_LINKS = frozenset("在到向对为与和及同是任将把被等的曾已也就从又还给由请让")

#: How far around a candidate the extraction's model sees, and the log-odds from which its names are believed.
_AROUND = 15
_LEAST = 1.0

#: Parts per million from which a surname counts.
_COMMON = 100.0

#: Given names that any surname has, and by how much (natural log) a character may be likelier than these in a name.
_GIVEN = ("文", "明", "华", "国", "海")
_LIKELIER = 4.0


def places(text: str) -> Iterator[Name]:
    """The places and phrases in a simplified text that OpenCC by itself gets wrong."""
    # The line end in front lets phrases that begin a line match at the beginning of the text as well.
    for start, end, form in stage("places").overriding("\n" + text):
        yield (start - 1, end - 1, form) if start else (0, end - 1, form[1:])


#: A family and what it lives in: 余村, 范家庄. Behind a number 余 counts, and 于 alone mostly leads to a place (建于村口).
_SETTLED = pattern("(?:家[村庄屯店集寨堡楼桥湾坊沟坪坝岭坡洼塘院营圩镇乡]|[村庄屯寨堡])(?!民|落|庄)")
_COUNTED = frozenset("一二三四五六七八九十百千万亿几两多0123456789０１２３４５６７８９")


def is_settlement(text: str, place: int) -> bool:
    """Whether the surname at `place` names a village (余村, 于家庄)."""
    found = _SETTLED.match(text, place + 1)
    if found is None or (text[place] == "于" and text[place + 1] != "家"):
        return False
    return not (place and text[place] == "余" and text[place - 1] in _COUNTED)


def people(
    text: str,
    spots: Sequence[int],
    likely: Collection[int] = (),
    phrased: Sequence[int] = (),
    known: Collection[str] = (),
) -> list[Name]:
    """The names of people that may need their own spelling, sorted, without overlaps.

    `spots` (ascending) are the places of a simplified text outside every phrase where a character of `own_forms` stands
    that would become something else, `likely` those of them that the language model takes for a surname, `phrased` places
    where such a character begins a phrase (沈海, of 沈海波); `known` are names found elsewhere, by an extraction perhaps.
    """
    found = [name for spot in spots for name in _beside(text, spot)]
    found += _listed(text, spots)
    inside = {place for start, end in found for place in range(start, end)}
    found += _weighed(
        text,
        [
            spot
            for spot in spots
            if spot not in inside and (text[spot] in risky() or spot in likely or _may_be_given(text, spot))
        ],
    )
    found += _confirmed(text, [name for spot in phrased for name in _beside(text, spot) if name[0] == spot])
    names = {text[start:end] for start, end in found if end - start > 2} | {name for name in known if name}
    names = {name for name in names if not own_forms().keys().isdisjoint(name)}
    found += _literal(names, text)
    return disjoint([(start, end, person_form(text[start:end])) for start, end in found])


def person_form(name: str) -> str:
    """A person's name in traditional script: surnames and given names keep the forms that names have."""
    st = stage("st")
    known = st.value(name)
    if known is not None:
        return known
    forms = own_forms()
    return "".join(forms.get(char) or st.characters.get(ord(char), char) for char in name)


def kept(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Where the words that a user wants left alone stand."""
    return list(_literal({word for word in words if word}, text))


@functools.cache
def own_forms() -> dict[str, str]:
    """Characters that names spell their own way, with the traditional form that they have there."""
    return tables.pairs("name_forms.tsv")


@functools.cache
def surnames() -> frozenset[str]:
    """Surnames that are not too rare, single and double."""
    return frozenset(name for name, share in tables.rows("surnames.tsv") if float(share) >= _COMMON)


@functools.cache
def risky() -> frozenset[str]:
    """Surnames that running text spells another way."""
    return surnames() & own_forms().keys()


@functools.cache
def _offices() -> frozenset[str]:
    return frozenset(row[0] for row in tables.rows("offices.tsv"))


@functools.cache
def _office_ends() -> frozenset[str]:
    return frozenset(office[-1] for office in _offices())


@functools.cache
def _doubles() -> frozenset[str]:
    """The first characters of double surnames."""
    return frozenset(surname[0] for surname in surnames() if len(surname) > 1)


@functools.cache
def _address() -> frozenset[str]:
    return frozenset(row[0] for row in tables.rows("forms_of_address.tsv"))


@functools.cache
def _followers() -> frozenset[str]:
    return _address() | {row[0] for row in tables.rows("name_followers.tsv")}


def _beside(text: str, spot: int) -> Iterator[tuple[int, int]]:
    """The name over `spot` that its neighbours give away, if there is one."""
    if text[spot] in risky():
        rest = text[spot + 1 : spot + 6]
        if rest[:1] == "某":
            yield spot, spot + (3 if rest[:2] == "某某" else 2)
            return
        if _begins(rest, _address()) and (_opens(text, spot) or text[spot - 1] in _LINKS):
            yield spot, spot + 1
            return
    for start in range(max(0, spot - 3), spot + 1):
        given = _given(text, start)
        if given and _follows_office(text, start) and (end := _end(text, given, spot)):
            if start == spot or _may_be_given(text, spot):
                yield start, end
            return


#: A list of items that are as long as names, and how much of it counts where it goes on and on.
_LIST = pattern("[\u4e00-\u9fff]{2,3}(?:[、和][\u4e00-\u9fff]{2,3}){2,}")
_LIST_SIZE = 200


def _listed(text: str, spots: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Names that begin at a spot and stand in a list of people (游松涛、王建国、余发).

    It is one where the extraction's model sees most items as names.
    """
    asked = [spot for spot in spots if text[spot] in risky()]
    for match in _LIST.finditer(text) if asked else ():
        low, high = match.start(), min(match.end(), match.start() + _LIST_SIZE)
        own = asked[bisect_left(asked, low) : bisect_left(asked, high)]
        seen = _people_listed(text, low, high) if own else {}
        for start in own if seen else ():
            if start == low or text[start - 1] in "、和":
                end = seen.get(start) or _end(text, start + 1, start)
                if end:
                    yield start, end


def _people_listed(text: str, low: int, high: int) -> dict[int, int]:
    """Start and end of the names that the model sees in a list; none where they are not most of its items."""
    from pbtool.extraction.names import find_names

    items = {(low + match.start(), low + match.end()) for match in re.finditer("[^、和]+", text[low:high])}
    seen = {low + name.start: low + name.end for name in find_names(text[low:high], _LEAST)}
    return seen if 2 * len(items & seen.items()) > len(items) else {}


def _given(text: str, start: int) -> int:
    """Where the given name begins behind a surname at `start`; 0 where there is none."""
    if text[start] in _doubles() and text[start : start + 2] in surnames():
        return start + 2
    return start + 1 if text[start] in surnames() else 0


def _end(text: str, given: int, spot: int) -> int:
    """Where a name ends whose given name begins at `given` and which holds `spot`; 0 where nothing shows it."""
    for end in (given + 2, given + 1):
        if (
            end <= spot
            or end > len(text)
            or not all("\u4e00" <= char <= "\u9fff" for char in text[given:end])
        ):
            continue
        after = text[end : end + 4]
        if not after or after[0] in _BOUND or after[0] in _LINKS or _begins(after, _followers()):
            return end
    return 0


def _opens(text: str, start: int) -> bool:
    """Whether a name may begin here: after a sign, a space, or an office."""
    return not start or text[start - 1] in _BOUND or _follows_office(text, start)


def _follows_office(text: str, start: int) -> bool:
    """Whether an office stands before `start`, perhaps with a sign between them (记者：于…)."""
    if start and text[start - 1] in ":： \u3000":
        start -= 1
    if not start or text[start - 1] not in _office_ends():
        return False
    return any(text[max(0, start - size) : start] in _offices() for size in (2, 3, 4, 5))


def _begins(text: str, words: frozenset[str]) -> bool:
    return any(text[:size] in words for size in (1, 2, 3, 4))


def _weighed(text: str, spots: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Names over the spots as the extraction's model of names sees them."""
    if not spots:
        return
    from pbtool.extraction.names import find_names

    low = high = 0
    inside: list[int] = []
    for spot in (*spots, len(text) + 2 * _AROUND):
        if spot - _AROUND > high:
            for name in find_names(text[low:high], _LEAST) if inside else ():
                start, end = low + name.start, low + name.end
                if text[start] not in _rare() and any(start <= one < end for one in inside):
                    yield start, end
            low, inside = max(0, spot - _AROUND), []
        high = min(len(text), spot + _AROUND)
        inside.append(spot)


@functools.cache
def _rare() -> frozenset[str]:
    """Characters that are words rather than surnames where running text spells them another way (干, 里)."""
    return frozenset(own_forms()) - surnames()


def _confirmed(text: str, found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those of the names that the extraction's model sees as well."""
    for start, end in found:
        low = max(0, start - _AROUND)
        if (start - low, end - low) in _weighed(text[low : end + _AROUND], [start - low]):
            yield start, end


def _may_be_given(text: str, spot: int) -> bool:
    """Whether a given name may go on at `spot`: behind a surname, and not much likelier there than in any other name."""
    if text[spot - 1 : spot] not in surnames() and text[max(0, spot - 2) : spot - 1] not in surnames():
        return False
    left, right = text[max(0, spot - 12) : spot], text[spot + 1 : spot + 9]
    itself, *others = language.model().alternatives(left, (text[spot], *_GIVEN), right)
    return itself - max(others) < _LIKELIER


def _literal(words: Collection[str], text: str) -> Iterator[tuple[int, int]]:
    """Where words stand, from left to right and the longest first, however many there are."""
    begun: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        begun.setdefault(word[0], []).append(word)
    done = 0
    for match in any_of(begun).finditer(text):
        start = match.start()
        if start < done:
            continue
        for word in begun[text[start]]:
            if text.startswith(word, start):
                done = start + len(word)
                yield start, done
                break


def disjoint(found: Sequence[Name]) -> list[Name]:
    """Names in order; of two that overlap the longer one."""
    result: list[Name] = []
    for name in sorted(set(found), key=lambda item: (item[0], -item[1])):
        if not result or name[0] >= result[-1][1]:
            result.append(name)
        elif name[1] - name[0] > result[-1][1] - result[-1][0]:
            result[-1] = name
    return result
