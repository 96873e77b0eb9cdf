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

    Mentions of one name whose offices lie in different organisations of the same kind, both given with a place, are kept
    apart: they are people of the same name. `offices` are pairs (org, title).
    """
    groups: dict[str, list[list[Official]]] = {}
    for one in officials:
        same = groups.setdefault(names.prepared(one.name), [])
        home = next((group for group in reversed(same) if not _differs(group, one)), None)
        if home is None:
            home = []
            same.append(home)
        home.append(one)
    people = [_person(group) for same in groups.values() for group in same]
    return tuple(people)


def _differs(group: Sequence[Official], one: Official) -> bool:
    """Whether a mention is of somebody else: the same office elsewhere."""
    if not (one.org and one.title):
        return False
    rivals = [o for o in group if o.org and o.title == one.title]
    return bool(rivals) and all(
        not (o.org or "").endswith(one.org[-2:]) and not one.org.endswith((o.org or "")[-2:]) for o in rivals
    )


def _person(group: Sequence[Official]) -> Person:
    found = dict.fromkeys((o.org, o.title) for o in group if o.title or o.org)
    rank = ("official", "member", "byline", "mention")
    role = min((o.role for o in group), key=rank.index)
    return Person(max((o.name for o in group), key=len), tuple(found), role, tuple(group))
