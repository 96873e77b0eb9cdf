"""Repair: each kind of damage is a rule that proposes edits; this module holds them in order and runs them.

The one idea: a rule never changes text. Each pass sees the text after the pass before it, and all passes run again until
nothing changes; they are merged into one set of edits in places of the text that came in, so that any of them can be
refused and all of them undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pbtool.document import Document, FontRun
from pbtool.edits import Edit, Origin, Span, apply, merge, without_overlaps
from pbtool.repair.bold import propose_bold
from pbtool.repair.decoding import lost, propose_decoding
from pbtool.repair.glyphs import propose_glyphs
from pbtool.repair.insertions import propose_insertions
from pbtool.repair.lookalike import NOTHING, propose_lookalike
from pbtool.repair.punctuation import propose_punctuation
from pbtool.repair.shift import propose_shift
from pbtool.repair.spacing import propose_spacing

Proposer = Callable[..., Iterable[Edit]]
_ROUNDS = 8  # a repair can uncover another; texts that people wrote settle in two
_SHORT = 10_000  # a text as short as that is looked at as a whole again,
_FEW = 64  # and so is one with more edits than that
_AROUND = 700  # characters around an edit that may feel it


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of damage: its name, one line of summary, and the function that proposes edits to a text and its fonts.

    `settles`: proposing again on the rule's own output gives nothing, so only another rule's edits call for a second look.
    `reports`: the rule never changes anything, so that one look at the repaired text is enough; its function is also told
    which characters were recognised with doubt.
    """

    name: str
    summary: str
    proposer: Proposer
    settles: bool = False
    reports: bool = False

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
    Rule("lookalike", "Misread characters, suggested only: 后顾之优.", propose_lookalike, reports=True),
)


def propose(
    text: str,
    fonts: Sequence[FontRun] = (),
    *,
    doubts: Mapping[int, str] = NOTHING,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """The edits to make in `text`, and the suggestions; places count in `text`.

    `doubts`: places of characters that were recognised with doubt, and what else each may be ("" where nothing is known).
    `rules` names the only rules to use, `skip` those to leave out; `only_sure` turns likely edits into suggestions.
    """
    chosen = [rule for rule in RULES if (rules is None or rule.name in rules) and rule.name not in skip]
    work = _Work(text, fonts, doubts, only_sure)
    for _ in range(_ROUNDS):
        before = work.text
        for rule in chosen:
            if not rule.reports:
                work.look(rule)
        if work.text == before:
            break
    for rule in chosen:
        if rule.reports:
            work.look(rule)
    return work.edits, _clear([note for rule in chosen for note in work.notes.get(rule.name, ())], work.edits)


class _Work:
    """A text under repair: as it stands now, the edits that led there, and what each rule has already seen of it.

    A rule that has looked at everything looks again only around what changed since, and at everything again only where
    something comes of that: most texts need few edits, and should not be read twice for them.
    """

    def __init__(
        self, text: str, fonts: Sequence[FontRun], doubts: Mapping[int, str], only_sure: bool
    ) -> None:
        self.original = self.text = text
        self.edits: tuple[Edit, ...] = ()
        self.notes: dict[str, list[Edit]] = {}
        self._fonts, self._doubts = fonts, doubts
        self._applied = ("sure",) if only_sure else ("sure", "likely")
        self._passes: list[Sequence[Edit]] = []
        self._seen: dict[str, int] = {}  # how many passes a rule knows of

    def look(self, rule: Rule) -> None:
        """Let a rule propose, and make the edits that are sure enough."""
        if not self._stirred(rule):
            self._seen[rule.name] = len(self._passes)
            return
        more = (self._moved_doubts(),) if rule.reports and self._doubts else ()
        proposed = without_overlaps(rule.proposer(self.text, self._moved_fonts(), *more))
        made = [edit for edit in proposed if edit.grade in self._applied]
        self._note(rule, proposed, len(made))
        if made:
            self.text = apply(self.text, made)
            self.edits = merge(self.edits, made)
            self._passes.append(made)
        self._seen[rule.name] = len(self._passes) - (bool(made) and not rule.settles)

    def _moved_fonts(self) -> Sequence[FontRun]:
        return _moved(self._fonts, Origin(self.edits)) if self._fonts and self.edits else self._fonts

    def _moved_doubts(self) -> Mapping[int, str]:
        """The doubted characters that no repair has touched, by their places in the text as it stands."""
        origin = Origin(self.edits)
        moved = ((origin.forward(place), place, others) for place, others in self._doubts.items())
        return {
            now: others
            for now, place, others in moved
            if self.text[now : now + 1] == self.original[place] and origin.forward(place + 1) == now + 1
        }

    def _note(self, rule: Rule, proposed: Sequence[Edit], made: int) -> None:
        """Keep what is only suggested, in places of the text that came in."""
        self.notes[rule.name] = []
        if len(proposed) > made:
            origin = Origin(self.edits)
            self.notes[rule.name] = [
                _note(self.original, edit, origin) for edit in proposed if edit.grade not in self._applied
            ]

    def _stirred(self, rule: Rule) -> bool:
        """Whether a rule has reason to look at the whole text (again)."""
        if rule.name not in self._seen:
            return True
        if self._seen[rule.name] == len(self._passes):
            return False
        parts = self._changed(self._seen[rule.name])
        if parts is None:
            return True
        return any(
            any(True for _ in rule.proposer(self.text[low:high], self._cut_fonts(low, high)))
            for low, high in parts
        )

    def _changed(self, seen: int) -> list[Span] | None:
        """The neighbourhoods of what passes since then changed; None where they are most of the text."""
        passes = self._passes[seen:]
        if len(self.text) < _SHORT or sum(map(len, passes)) > _FEW:
            return None
        spans: list[Span] = []
        for made in passes:
            origin = Origin(made)
            spans = [(origin.forward(start), origin.forward(end)) for start, end in spans]
            spans += [
                (start, start + len(edit.after)) for edit in made for start in [origin.forward(edit.start)]
            ]
        parts: list[Span] = []
        for start, end in sorted(spans):
            low = max(0, self.text.rfind("\n", 0, max(0, start - _AROUND)) + 1, start - 2 * _AROUND)
            high = self.text.find("\n", end + _AROUND, end + 2 * _AROUND)
            high = high + 1 if high >= 0 else min(len(self.text), end + 2 * _AROUND)
            if parts and low <= parts[-1][1]:
                parts[-1] = (parts[-1][0], max(high, parts[-1][1]))
            else:
                parts.append((low, high))
        return parts if 2 * sum(high - low for low, high in parts) < len(self.text) else None

    def _cut_fonts(self, low: int, high: int) -> Sequence[FontRun]:
        """The font runs of a part, in places of that part."""
        return [
            replace(run, start=max(run.start - low, 0), end=min(run.end, high) - low)
            for run in self._moved_fonts()
            if run.start < high and low < run.end
        ]


def repair(
    document: Document,
    *,
    rules: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    only_sure: bool = False,
) -> Document:
    """The document with its text repaired and the suggestions noted."""
    fonts = _moved(document.fonts, document.origin()) if document.edits else document.fonts
    edits, suggestions = propose(
        document.text, fonts, doubts=_doubts(document), rules=rules, skip=skip, only_sure=only_sure
    )
    revised = document.revise(edits, suggestions)
    gone = lost(revised.text)
    if not gone:
        return revised
    note = f"{gone} places hold what is left of lost bytes (锟斤拷 and the like); only the source can bring them back"
    return replace(revised, notes=(*revised.notes, note))


def rule_of(edit: Edit) -> str:
    """The name of an edit's rule, and behind it whether it is only suggested (`name (suggested)`)."""
    return edit.rule if edit.grade != "suggested" else f"{edit.rule} (suggested)"


def damage_summary(edits: Iterable[Edit]) -> dict[str, int]:
    """How many edits each rule made, and how many it suggests (see `rule_of`), the commonest first."""
    return dict(Counter(map(rule_of, edits)).most_common())


def _note(text: str, edit: Edit, origin: Origin) -> Edit:
    start, end = origin.back(edit.start, edit.end)
    return Edit(start, end, text[start:end], edit.after, edit.rule, "suggested", edit.confidence)


def _moved(fonts: Sequence[FontRun], origin: Origin) -> Sequence[FontRun]:
    """The font runs in places of the text as it stands now."""
    return [replace(run, start=origin.forward(run.start), end=origin.forward(run.end)) for run in fonts]


def _doubts(document: Document) -> Mapping[int, str]:
    """The characters that were recognised with doubt, by their places in the text as it stands now, and what they may be."""
    origin, text = document.origin(), document.text
    doubts = {}
    for line in document.lines:
        choices = dict(line.choices)
        for place in (place for start, end in line.doubts for place in range(start, end)):
            now = origin.forward(place)
            if text[now : now + 1] == document.original[place : place + 1] != "":
                doubts[now] = choices.get(place, "")
    return doubts


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
