"""People: the mentions of an article put together, one entry a person.

The one idea: one name is one person, unless the offices that the text gives cannot be one person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pbtool.document import Official
from pbtool.extraction import names


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an article: name, all offices in order of mention, the surest role, and all mentions."""

    name: str
    offices: tuple[tuple[str | None, str | None], ...]
    role: str
    mentions: tuple[Official, ...]


def merge_officials(officials: Iterable[Official]) -> tuple[Person, ...]:
    """One entry a person: mentions of one name together, short forms with whom they stand for.

    Mentions of one name are kept apart as people of the same name where their offices cannot be one person's: the same
    office of different organisations, or two offices that stand beside each other (红石镇书记王伟、石桥镇镇长王伟). A later
    mention goes to whom its title fits. `offices` are pairs (org, title).
    """
    groups: dict[str, list[list[Official]]] = {}
    for one in officials:
        same = groups.setdefault(names.prepared(one.name), [])
        able = [group for group in reversed(same) if not _differs(group, one)]
        home = next((group for group in able if _has_title(group, one)), able[0] if able else None)
        if home is None:
            home = []
            same.append(home)
        home.append(one)
    people = [_person(group) for same in groups.values() for group in same]
    return tuple(people)


def _has_title(group: Sequence[Official], one: Official) -> bool:
    """Whether the title of a mention is one that the person was given before."""
    return bool(one.title) and any(agree(one.title or "", o.title or "") for o in group)


def agree(short: str, title: str) -> bool:
    """Whether a title said in short (书记, 支书) may be another said in full (县委副书记, 党支部书记)."""
    short = short.replace("支书", "支部书记").replace("支書", "支部書記")
    return any(
        part.replace("支书", "支部书记").replace("支書", "支部書記").endswith(short)
        for part in title.split("、")
    )


_APART = 40  # characters between two mentions that stand beside each other


def _differs(group: Sequence[Official], one: Official) -> bool:
    """Whether a mention is of somebody else: the same office elsewhere, or another office in the same breath."""
    if not (one.org and one.title):
        return False
    if any(_elsewhere(o, one) for o in group if _beside(o, one)):
        return True
    rivals = [o for o in group if o.org and o.title == one.title]
    return bool(rivals) and all(_elsewhere(o, one) for o in rivals)


def _beside(one: Official, two: Official) -> bool:
    return (
        (one.field, one.index) == (two.field, two.index)
        and 0 <= two.start - one.end < _APART
        and bool(one.org)
    )


def _elsewhere(one: Official, two: Official) -> bool:
    """Whether two mentions give organisations of which neither is the other said in short."""
    org, other = one.org or "", two.org or ""
    return (
        not org.endswith(other[-2:]) and not other.endswith(org[-2:])
        if one.title == two.title
        else org != other
    )


def _person(group: Sequence[Official]) -> Person:
    found = dict.fromkeys((o.org, o.title) for o in group if o.title or o.org)
    rank = ("official", "member", "byline", "mention")
    role = min((o.role for o in group), key=rank.index)
    return Person(max((o.name for o in group), key=len), tuple(found), role, tuple(group))
