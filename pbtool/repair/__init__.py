"""Repair: each kind of damage is a rule that proposes edits; this module holds them in order and runs them.

The one idea: a rule never changes text. Each pass sees the text after the pass before it; the passes are merged into one set
of edits in places of the text that came in, so that any of them can be refused and all of them undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pbtool.document import Document, FontRun
from pbtool.edits import Edit, Origin, apply, merge, without_overlaps
from pbtool.repair.shift import propose_shift

Proposer = Callable[[str, Sequence[FontRun]], Iterable[Edit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of damage: its name, one line of summary, its page, and the function that proposes edits."""

    name: str
    summary: str
    proposer: Proposer

    @property
    def page(self) -> str:
        """What it repairs, how it comes about, an example, when it is wrong, where it is known from."""
        return self.proposer.__doc__ or ""


RULES: tuple[Rule, ...] = (
    Rule("shift", "Signs whose GB lead byte was shifted: 袁 for ，, 园 for ０.", propose_shift),
)


def propose(
    text: str,
    fonts: Sequence[FontRun] = (),
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """The edits to make in `text`, and the suggestions; places count in `text`.

    `rules` names the only rules to use, `skip` those to leave out; `only_sure` turns likely edits into suggestions.
    """
    merged: tuple[Edit, ...] = ()
    noted: list[Edit] = []
    now = text
    for rule in RULES:
        if (rules is not None and rule.name not in rules) or rule.name in skip:
            continue
        proposed = without_overlaps(rule.proposer(now, fonts if not merged else ()))
        made = [
            edit for edit in proposed if edit.grade == "sure" or (edit.grade == "likely" and not only_sure)
        ]
        origin = Origin(merged)
        for edit in proposed:
            if edit not in made:
                start, end = origin.back(edit.start, edit.end)
                noted.append(
                    Edit(start, end, text[start:end], edit.after, edit.rule, "suggested", edit.confidence)
                )
        if made:
            now = apply(now, made)
            merged = merge(merged, made)
    return merged, _clear(noted, merged)


def repair(
    document: Document,
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
) -> Document:
    """The document with its text repaired and the suggestions noted."""
    fonts = document.fonts if not document.edits else ()
    edits, suggestions = propose(document.text, fonts, rules=rules, skip=skip, only_sure=only_sure)
    return document.revise(edits, suggestions)


def _clear(notes: Iterable[Edit], edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The suggestions that touch no edit and no other suggestion."""
    changed = {place for edit in edits for place in range(edit.start, max(edit.end, edit.start + 1))}
    return tuple(
        note
        for note in without_overlaps(sorted(notes, key=lambda note: (note.start, note.end)))
        if changed.isdisjoint(range(note.start, max(note.end, note.start + 1)))
    )
