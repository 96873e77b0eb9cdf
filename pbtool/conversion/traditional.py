"""Text into traditional script: simplified clauses are converted, traditional ones completed, then the variety is made.

The one idea: everything is brought into one standard first, place for place, and only the last step knows Taiwan's forms,
Hong Kong's, or Taiwan's vocabulary. A page that is traditional already keeps the forms it uses unless a variety is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pbtool.conversion.completion import completions, page_variety
from pbtool.conversion.detection import Script, clause_scripts, marked, script_of
from pbtool.conversion.draft import Draft
from pbtool.conversion.engine import Match, converter, stage
from pbtool.conversion.forms import patched, traditional

Clause = tuple[int, int, Script]

#: The configuration of OpenCC whose last step makes a target's forms.
_CONFIGURATIONS = {"tw": "s2tw", "twp": "s2twp", "hk": "s2hk"}

#: Characters whose form in Taiwan is another than OpenCC's standard, one for one.
_LOCAL = frozenset("裡著為群眾啟麵峰床秘污洩")


def to_traditional(
    text: str, to: str, script: str, known: Collection[str] = (), page: Script | None = None
) -> Draft:
    """The draft of `text` in traditional script; `script` is what it is in, "auto" where every clause is to be judged.

    `page` is the script of the page around it, for clauses that say nothing by themselves.
    """
    if script == "hans":
        return _converted(text, to, known)
    if script == "auto":
        marks = marked(text)
        whole = page or script_of(marks)
        clauses = list(clause_scripts(text, "hans" if whole == "undecided" else whole, marks))
        if all(kind == "hans" for _, _, kind in clauses):
            return _converted(text, to, known)
    else:
        clauses = [(0, len(text), "hant")]
    standard, doubts = _completed(text, clauses, page_variety(text) if to == "hant" else None, known)
    if to == "hant":
        return Draft(text, standard, doubts=doubts)
    last = converter(_CONFIGURATIONS[to]).stages[-1]
    return Draft(text, *last.trace(_standardised(standard, to)), doubts)


def completion_draft(text: str, clauses: Sequence[Clause], known: Collection[str] = ()) -> Draft:
    """The draft of a traditional page with only its traditional clauses (and mixed ones) completed."""
    found = list(completions(text, clauses, page_variety(text), known))
    after = patched(text, {place: new for place, new, _ in found})
    return Draft(text, after, doubts={place: sure for place, _, sure in found})


def _converted(text: str, to: str, known: Collection[str]) -> Draft:
    """Simplified text in the forms of the target."""
    reading = traditional(text, known)
    after: str = reading.text
    stretches: Sequence[Match] = ()
    if to != "hant":
        after, stretches = converter(_CONFIGURATIONS[to]).finish(text, after)
    return Draft(text, after, stretches, reading.doubts)


def _completed(
    text: str, clauses: Sequence[Clause], variety: str | None, known: Collection[str]
) -> tuple[str, dict[int, float]]:
    """The text with simplified clauses converted and the others completed, and the confidence of what is not certain."""
    patches: dict[int, str] = {}
    doubts: dict[int, float] = {}
    for place, new, sure in completions(text, clauses, variety, known):
        patches[place], doubts[place] = new, sure
    if any(kind == "hans" for _, _, kind in clauses):
        reading = traditional(text, known)
        after = stage(variety).convert(reading.text) if variety else reading.text
        for start, end, kind in clauses:
            if kind == "hans":
                patches.update((at, after[at]) for at in range(start, end) if after[at] != text[at])
                doubts.update((at, reading.doubts[at]) for at in range(start, end) if at in reading.doubts)
    return patched(text, patches), doubts


def _standardised(text: str, to: str) -> str:
    """Traditional text of any variety in OpenCC's standard, which the last step of a conversion wants."""
    if to == "hk":
        # Of what leads from Taiwan's forms only the sure part: the dictionary makes 蔘 of 參 and 樑 of 梁 as well.
        if page_variety(text) is None:
            return text
        standard, simple = converter("tw2t").convert(text), stage("back").convert(text)
        return "".join(
            new if old in _LOCAL and plain != "著" else old
            for old, new, plain in zip(text, standard, simple, strict=True)
        )
    if any(char in text for char in "説衞綫"):
        return converter("hk2t").convert(text)
    return text
