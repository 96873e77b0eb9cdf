"""Repair: each kind of damage is a rule that proposes edits; this module holds them in order and runs them.

The one idea: a rule never changes text. Each pass sees the text after the pass before it; the passes are merged into one set
of edits in places of the text that came in, so that any of them can be refused and all of them undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pbtool.document import Document, FontRun
from pbtool.edits import Edit, Origin, apply, merge, without_overlaps
from pbtool.repair.bold import propose_bold
from pbtool.repair.decoding import lost, propose_decoding
from pbtool.repair.glyphs import propose_glyphs
from pbtool.repair.insertions import propose_insertions
from pbtool.repair.lookalike import propose_lookalikes
from pbtool.repair.punctuation import propose_punctuation
from pbtool.repair.shift import propose_shift
from pbtool.repair.spacing import propose_spacing

#: One repair can lay bare the next (a decoded run holds a wrong dash); so many rounds are run at most.
_ROUNDS = 3

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
    Rule("decoding", "Text decoded with the wrong encoding.", propose_decoding),
    Rule("glyphs", "Radicals, private-use bullets, wrong dashes, invisible characters.", propose_glyphs),
    Rule("shift", "Signs whose GB lead byte was shifted: 袁 for ，, 园 for ０.", propose_shift),
    Rule("bold", "Text reported several times because it was printed several times.", propose_bold),
    Rule("punctuation", "ASCII punctuation in Chinese prose.", propose_punctuation),
    Rule("spacing", "Spaces beside numbers, after marks, inside letter-spaced words.", propose_spacing),
    Rule("insertions", "Injected pinyin, HTML entities; guesses for lost characters.", propose_insertions),
    Rule("lookalike", "Misread characters, as suggestions.", propose_lookalikes),
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
    chosen = [rule for rule in RULES if (rules is None or rule.name in rules) and rule.name not in skip]
    merged: tuple[Edit, ...] = ()
    noted: tuple[Edit, ...] = ()
    now = text
    for _ in range(_ROUNDS):
        # Suggestions of the last round count: one for damage that a later pass mended has gone by then.
        noted = ()
        before = now
        for rule in chosen:
            proposed = without_overlaps(rule.proposer(now, fonts if now is text else ()))
            made = [
                edit
                for edit in proposed
                if edit.grade == "sure" or (edit.grade == "likely" and not only_sure)
            ]
            if len(made) < len(proposed):
                noted += _lifted(text, merged, (edit for edit in proposed if edit not in set(made)))
            if made:
                now = apply(now, made)
                merged = merge(merged, made)
        if now == before:
            break
    return merged, _clear(noted, merged)


def _lifted(text: str, merged: Sequence[Edit], notes: Iterable[Edit]) -> tuple[Edit, ...]:
    """Suggestions in places of the text that came in."""
    origin = Origin(merged)
    result = []
    for note in notes:
        start, end = origin.back(note.start, note.end)
        result.append(replace(note, start=start, end=end, before=text[start:end], grade="suggested"))
    return tuple(result)


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
    revised = document.revise(edits, suggestions)
    gone = lost(revised.text)
    if not gone:
        return revised
    note = f"{gone} places hold what is left of lost bytes (锟斤拷 and the like); only the source can bring them back"
    return replace(revised, notes=(*revised.notes, note))


def _clear(notes: Iterable[Edit], edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The suggestions that touch no edit and no other suggestion."""
    changed = {place for edit in edits for place in range(edit.start, max(edit.end, edit.start + 1))}
    return tuple(
        note
        for note in without_overlaps(sorted(notes, key=lambda note: (note.start, note.end)))
        if changed.isdisjoint(range(note.start, max(note.end, note.start + 1)))
    )
