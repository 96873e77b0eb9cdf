"""OpenCC's scheme in plain Python: longest match over chained dictionaries, as the official configurations chain them.

The one idea: nearly every character says by itself what it becomes, so a text is translated character by character in one
call of C, and only where a phrase may say something else does Python look. Which places these are a regular expression
and a character's neighbours tell; the longest match is then run from the last place where no phrase can be cut.

Dictionaries come compiled (`data/dictionaries.txt`, see `scripts/build_dictionaries.py`). A configuration with a
segmentation keeps matches of later stages inside its segments: a sign that no key holds stands between them meanwhile.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import ne

from pbtool import tables
from pbtool.edits import Edit, merge
from pbtool.errors import UsageError
from pbtool.tables import pattern

#: A stretch that a phrase matched: start and end in the text before the stage, start and end in the text after it.
Match = tuple[int, int, int, int]

#: Signs that may stand between segments; one that the text does not hold is taken. Noncharacters, in no dictionary.
_BARRIERS = ("\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3")

#: From this length on, a text pays for a table of all characters of the basic plane.
_LONG = 10_000
_PLANE = 0x10000

#: Characters that a list of the basic plane does not know, or that are normalised before anything else.
_UNUSUAL = pattern("[\uf900-\ufaff\U00010000-\U0010ffff]")

_FILE = tables.FOLDER / "dictionaries.txt"


class Phrases(dict[str, dict[str, str]]):
    """Phrases with what they become, by the character they begin with; each group is made when it is first wanted.

    A phrase becomes nothing where that is what its characters say one by one.
    """

    def __init__(self, keys: str, values: str) -> None:
        super().__init__()
        groups = keys.split("\v") if keys else []
        self._groups = dict(
            zip([group[0] for group in groups], zip(groups, values.split("\v"), strict=False), strict=True)
        )

    def __missing__(self, first: str) -> dict[str, str]:
        keys, values = self._groups.get(first, ("", ""))
        found = self[first] = dict(zip(keys.split("\t"), values.split("\t"), strict=True)) if keys else {}
        return found

    def said(self, phrase: str) -> str | None:
        """What the phrase becomes; None where it is none."""
        return self[phrase[:1]].get(phrase)


class Stage:
    """One compiled dictionary: what characters become, and phrases. Its fields are decoded when they are first wanted."""

    def __init__(self, name: str) -> None:
        self._name = name

    def _field(self, field: str) -> str:
        return vector(f"{self._name}.{field}").replace("^", "\n")

    @functools.cached_property
    def characters(self) -> dict[int, str]:
        """What each character becomes by itself."""
        return dict(zip(map(ord, self._field("old")), self._field("new"), strict=True))

    @functools.cached_property
    def phrases(self) -> Phrases:
        """The phrases of the dictionary."""
        return Phrases(self._field("keys"), self._field("values"))

    @functools.cached_property
    def _links(self) -> dict[str, str]:
        return _listed(self._field("links"))

    @functools.cached_property
    def _turning(self) -> frozenset[str]:
        return frozenset(self._field("turning"))

    @functools.cached_property
    def _pairs(self) -> frozenset[str]:
        return frozenset(self._field("pairs").split("\t"))

    @functools.cached_property
    def _single(self) -> frozenset[str]:
        return frozenset(self._field("single"))

    @functools.cached_property
    def _plane(self) -> list[str]:
        plane = list(map(chr, range(_PLANE)))
        for code, new in self.characters.items():
            if code < _PLANE:
                plane[code] = new
        return plane

    @functools.cached_property
    def longest(self) -> int:
        """How many characters the longest phrase has."""
        return int(self._field("longest"))

    def plain(self, text: str) -> str:
        """The text with every character converted by itself."""
        if len(text) < _LONG or _UNUSUAL.search(text):
            return text.translate(self.characters)
        return text.translate(self._plane)

    def value(self, phrase: str) -> str | None:
        """What a phrase of the dictionary becomes; None where it is none."""
        found = self.phrases.said(phrase)
        return self.plain(phrase) if found == "" else found

    def spots(self, text: str) -> list[int]:
        """Places where a phrase may turn a character into something that it does not say by itself."""
        pairs, single = self._pairs, self._single
        return [
            place
            for place in places_of(self._turning, text)
            if text[place : place + 2] in pairs
            or text[place - 1 : place + 1] in pairs
            or (single and text[place] in single)
        ]

    def covering(self, text: str, places: Iterable[int]) -> Iterator[tuple[int, int, int]]:
        """For each of `places` (ascending): itself, and start and end of what the longest match takes there.

        That is one character where no phrase covers it. Time is linear in the text, whatever the places.
        """
        phrases, links, longest = self.phrases, self._links, self.longest
        size = len(text)
        done = start = 0
        for place in places:
            if place >= done:
                start = place
                while start > done and text[start] in links.get(text[start - 1], ""):
                    start -= 1
                while True:
                    end = start + 1
                    limit = min(size, start + longest)
                    while end < limit and text[end] in links.get(text[end - 1], ""):
                        end += 1
                    if end > start + 1:
                        beginning = phrases[text[start]]
                        while end > start + 1 and text[start:end] not in beginning:
                            end -= 1
                    if end > place:
                        break
                    start = end
                done = end
            yield place, start, done

    def overriding(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and outcome of the phrases that say something unusual, where the longest match takes them."""
        phrases = self.phrases
        last = -1
        for _, start, end in self.covering(text, self.spots(text)):
            if start != last and (after := phrases.said(text[start:end])):
                yield start, end, after
            last = start

    def convert(self, text: str) -> str:
        """The text after this stage."""
        plain = self.plain(text)
        pieces: list[str] = []
        done = 0
        for start, end, after in self.overriding(text):
            pieces += (plain[done:start], after)
            done = end
        pieces.append(plain[done:])
        return "".join(pieces)

    def trace(self, text: str) -> tuple[str, list[Match]]:
        """The text after this stage, with every stretch whose length a phrase changed."""
        plain = self.plain(text)
        pieces: list[str] = []
        found: list[Match] = []
        done = place = 0
        for start, end, after in self.overriding(text):
            pieces += (plain[done:start], after)
            place += start - done
            if len(after) != end - start:
                found.append((start, end, place, place + len(after)))
            place += len(after)
            done = end
        pieces.append(plain[done:])
        return "".join(pieces), found

    def segments(self, text: str, near: Iterable[int]) -> Iterator[int]:
        """Where segments end and begin around the places `near` (ascending): at both ends of every phrase."""
        done = 0
        for _, start, end in self.covering(text, near):
            if end > done and end - start > 1:
                if start > done:
                    yield start
                yield end
                done = end


class Converter:
    """A whole configuration of OpenCC: normalisation, segmentation where it has one, and a chain of one or two stages."""

    def __init__(self, stages: Sequence[Stage], segmentation: Stage | None = None) -> None:
        self.stages = tuple(stages)
        self._segmentation = segmentation

    def convert(self, text: str) -> str:
        """The converted text, what OpenCC makes of it with this configuration."""
        return self.trace(text)[0]

    def trace(self, text: str) -> tuple[str, list[Match]]:
        """The converted text, and the stretches whose length changed."""
        normal = normalised(text)
        first, last = self.stages[0], self.stages[-1]
        after, bumps = first.trace(normal)
        if first is last:
            return after, bumps
        if self._segmentation in (first, None):
            return self.finish(normal, after)
        near: Iterable[int] = range(len(normal))
        if not bumps:
            near = sorted({*_around(first, normal), *_around(last, after)})
        barrier = _barrier(text)
        before = self._apart(normal, normal, barrier, near)
        after, bumps = first.trace(before)
        passes = _bumps(before, after, bumps, barrier)
        before = after
        after, bumps = last.trace(before)
        passes = merge(passes, _bumps(before, after, bumps, barrier))
        return after.replace(barrier, ""), _stretches(passes)

    def finish(self, text: str, between: str) -> tuple[str, list[Match]]:
        """What the last stage makes of `between`, which is the text, place for place, after the stages before it."""
        last = self.stages[-1]
        if self._segmentation is None or not last.spots(between):
            return last.trace(between)
        barrier = _barrier(between)
        before = self._apart(text, between, barrier, _around(last, between))
        after, bumps = last.trace(before)
        return after.replace(barrier, ""), _stretches(_bumps(before, after, bumps, barrier))

    def _apart(self, text: str, between: str, barrier: str, near: Iterable[int]) -> str:
        """`between` with a barrier wherever segments of the text meet around the places `near`."""
        assert self._segmentation is not None
        pieces, done = [], 0
        for place in self._segmentation.segments(text, near):
            pieces.append(between[done:place])
            done = place
        pieces.append(between[done:])
        return barrier.join(pieces)


def _around(stage: Stage, text: str) -> Iterator[int]:
    """The places (ascending) that a phrase of the stage may reach from a place where one says something unusual."""
    done = 0
    for spot in stage.spots(text):
        end = min(len(text), spot + stage.longest)
        yield from range(max(done, spot - stage.longest), end)
        done = max(done, end)


def normalised(text: str) -> str:
    """The text with compatibility ideographs as the characters they stand for."""
    return text.translate(_compatible()) if _UNUSUAL.search(text) else text


def changes(before: str, after: str, stretches: Sequence[Match] = ()) -> Iterator[tuple[int, int, str]]:
    """The smallest changes that make `after` of `before`, one a character except in stretches of another length."""
    done = place = 0
    for start, end, new_start, new_end in (*stretches, (len(before), len(before), len(after), len(after))):
        old, new = before[done:start], after[place:new_start]
        for index in compress(range(len(old)), map(ne, old, new)):
            yield done + index, done + index + 1, new[index]
        yield from _trimmed(start, before[start:end], after[new_start:new_end])
        done, place = end, new_end


def _trimmed(start: int, old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """One change without what both sides begin and end with alike."""
    if old == new:
        return
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield start + head, start + len(old) - tail, new[head : len(new) - tail]


def _barrier(text: str) -> str:
    for sign in _BARRIERS:
        if sign not in text:
            return sign
    raise UsageError(
        "the text holds all the noncharacters U+FDD0 to U+FDD3, which cannot be converted; remove them"
    )


def _bumps(before: str, after: str, found: Sequence[Match], barrier: str) -> tuple[Edit, ...]:
    """Stretches as edits, their places freed of barriers, so that passes can be merged."""
    edits = []
    barriers = done = 0
    for start, end, new_start, new_end in found:
        if barrier:
            barriers += before.count(barrier, done, start)
            done = start
        at = start - barriers
        edits.append(Edit(at, at + end - start, before[start:end], after[new_start:new_end], "script"))
    return tuple(edits)


def _stretches(edits: Sequence[Edit]) -> list[Match]:
    shift = 0
    result = []
    for edit in edits:
        start = edit.start + shift
        result.append((edit.start, edit.end, start, start + len(edit.after)))
        shift += len(edit.after) - len(edit.before)
    return result


@functools.cache
def converter(name: str) -> Converter:
    """The configuration `name` of OpenCC (`s2t`, `tw2sp` …). Raises UsageError where there is none."""
    try:
        cut, *chain = vector(f"config.{name}").split(" ")
    except KeyError:
        raise UsageError(f"there is no conversion {name!r}") from None
    return Converter([stage(part) for part in chain], None if cut == "-" else stage(cut))


@functools.cache
def stage(name: str) -> Stage:
    """The compiled dictionary `name`."""
    return Stage(name)


def places_of(chars: frozenset[str], text: str) -> list[int]:
    """Where any of the characters stands: a short text is not worth the pattern that a long one is searched with."""
    if len(text) < _LONG:
        return [place for place, char in enumerate(text) if char in chars]
    return [match.start() for match in any_of(chars).finditer(text)]


def any_of(chars: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the characters; one that never matches where there are none."""
    listed = "".join(map(re.escape, sorted(chars)))
    return re.compile(f"[{listed}]" if listed else "(?!)")


def vector(name: str) -> str:
    """One field of the compiled file. Raises KeyError where it has none of that name."""
    return _vectors()[name.encode()].decode("utf-8")


@functools.cache
def _vectors() -> dict[bytes, bytes]:
    lines = _FILE.read_bytes().split(b"\n")
    return {name: value for line in lines[1:-1] for name, _, value in (line.partition(b"\t"),)}


@functools.cache
def _compatible() -> dict[int, str]:
    pairs = vector("normal")
    return dict(zip(map(ord, pairs[::2]), pairs[1::2], strict=True))


def _listed(field: str) -> dict[str, str]:
    return {item[0]: item[1:] for item in field.split("\t") if item}
