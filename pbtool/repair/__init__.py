"""Repair: each kind of damage is a rule that proposes edits; this module holds them in order and runs them.

The one idea: a rule never changes text. Each pass sees the text after the pass before it, and all passes run again until
nothing changes; they are merged into one set of edits in places of the text that came in, so that any of them can be
refused and all of them undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pbtool.document import Document, FontRun
from pbtool.edits import Edit, Origin, apply, merge, without_overlaps
from pbtool.repair.bold import propose_bold
from pbtool.repair.decoding import lost, propose_decoding
from pbtool.repair.glyphs import propose_glyphs
from pbtool.repair.insertions import propose_insertions
from pbtool.repair.lookalike import propose_lookalike
from pbtool.repair.punctuation import propose_punctuation
from pbtool.repair.shift import propose_shift
from pbtool.repair.spacing import propose_spacing

Proposer = Callable[[str, Sequence[FontRun]], Iterable[Edit]]
_ROUNDS = 8  # a repair can uncover another; texts that people wrote settle in two


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of damage: its name, one line of summary, and the function that proposes edits.

    `settles`: proposing again on the rule's own output gives nothing, so only another rule's edits call for a second look.
    """

    name: str
    summary: str
    proposer: Proposer
    settles: bool = False

    @property
    def page(self) -> str:
        """What it repairs, how it comes about, an example, when it is wrong, where it is known from."""
        return self.proposer.__doc__ or ""


RULES: tuple[Rule, ...] = (
    Rule("decoding", "Text read with the wrong codec: 鍏氬缓 for 党建.", propose_decoding),
    Rule("glyphs", "Radicals, private glyphs, invisible characters: ⼀ for 一, ⋯⋯ for ……", propose_glyphs),
    Rule("bold", "Text drawn several times to look bold: 杭杭杭州州州 for 杭州.", propose_bold),
    Rule("shift", "Signs whose GB lead byte was shifted: 袁 for ，, 园 for ０.", propose_shift, settles=True),
    Rule("insertions", "Injected pinyin, HTML entities, lost characters: 建（jiàn）设.", propose_insertions),
    Rule("punctuation", "Half-width marks in Chinese prose: , for ，.", propose_punctuation),
    Rule("spacing", "Blanks left by the layout: 共 300 余名, 凝 心 聚 力.", propose_spacing),
    Rule("lookalike", "Misread characters, suggested only: 后顾之优.", propose_lookalike),
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
    notes: dict[str, list[Edit]] = {}
    settled: dict[str, str] = {}  # the text in which a rule finds nothing more to mend
    now = text
    for _ in range(_ROUNDS):
        before = now
        for rule in chosen:
            if settled.get(rule.name) == now:
                continue
            origin = Origin(merged)
            proposed = without_overlaps(rule.proposer(now, _moved(fonts, origin) if merged else fonts))
            made = [edit for edit in proposed if _applies(edit, only_sure)]
            notes[rule.name] = [
                _note(text, edit, origin) for edit in proposed if not _applies(edit, only_sure)
            ]
            if made:
                now = apply(now, made)
                merged = merge(merged, made)
            if rule.settles or not made:
                settled[rule.name] = now
        if now == before:
            break
    return merged, _clear([note for rule in chosen for note in notes[rule.name]], merged)


def repair(
    document: Document,
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
) -> Document:
    """The document with its text repaired and the suggestions noted."""
    fonts = _moved(document.fonts, document.origin()) if document.edits else document.fonts
    edits, suggestions = propose(document.text, fonts, rules=rules, skip=skip, only_sure=only_sure)
    revised = document.revise(edits, suggestions)
    gone = lost(revised.text)
    if not gone:
        return revised
    note = f"{gone} places hold what is left of lost bytes (锟斤拷 and the like); only the source can bring them back"
    return replace(revised, notes=(*revised.notes, note))


def damage_summary(edits: Iterable[Edit], suggestions: Iterable[Edit] = ()) -> dict[str, int]:
    """How many edits each rule made, commonest first, then how many each suggests (`name (suggested)`)."""
    made = Counter(edit.rule for edit in edits)
    hints = Counter(f"{edit.rule} (suggested)" for edit in suggestions)
    return dict((*made.most_common(), *hints.most_common()))


def _applies(edit: Edit, only_sure: bool) -> bool:
    return edit.grade == "sure" or (edit.grade == "likely" and not only_sure)


def _note(text: str, edit: Edit, origin: Origin) -> Edit:
    start, end = origin.back(edit.start, edit.end)
    return Edit(start, end, text[start:end], edit.after, edit.rule, "suggested", edit.confidence)


def _moved(fonts: Sequence[FontRun], origin: Origin) -> Sequence[FontRun]:
    """The font runs in places of the text as it stands now."""
    return [replace(run, start=origin.forward(run.start), end=origin.forward(run.end)) for run in fonts]


def _clear(notes: Iterable[Edit], edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The suggestions that say something, and touch no edit and no other suggestion."""
    result, index = [], 0
    for note in without_overlaps(sorted(notes, key=lambda note: (note.start, note.end))):
        while index < len(edits) and edits[index].end < note.start:
            index += 1
        near = edits[index : index + 2]
        touched = any(
            (edit.start < note.end and note.start < edit.end) or edit.start == note.start for edit in near
        )
        if not touched and note.before != note.after:
            result.append(note)
    return tuple(result)
