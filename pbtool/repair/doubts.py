"""Shifted signs that the text as a whole speaks against.

The one idea: each sign was judged by its neighbourhood; here the text is asked once more whether what was found makes sense
together. What does not is a suggestion at most.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from pbtool.edits import Edit
from pbtool.repair.marks import HAN, STOPS, around, han_in
from pbtool.repair.readings import SURNAMES
from pbtool.repair.signs import ALNUM, signs
from pbtool.tables import pattern

_FIRST = frozenset("，。、")  # signs that any text has; where none of them is shifted, a rare one hardly is
_RARE = "；："
_BLANK = "\u3000"
_GIBBERISH = 0.6  # share of a text's Han characters that cannot all be signs
_SHORT = 400
_SURNAME = pattern(rf"[{''.join(SURNAMES)}](?<![^\n \u3000].)")  # at the beginning of a piece
_REPEATED = pattern(rf"([{HAN}])(?:[ \u3000]?\1){{2,}}")
_LISTED = pattern(rf"(?:[{HAN}]{{2,4}}[ \u3000]+)*[{HAN}]{{2,4}}")


def doubted(text: str, edits: list[Edit]) -> list[Edit]:
    """The edits, with those that the text speaks against as suggestions."""
    if not edits:
        return edits
    misplaced = _misplaced(text)
    if misplaced:
        edits = [_lowered(edit) if edit.start in misplaced else edit for edit in edits]
    befores = {edit.before for edit in edits if edit.grade != "suggested"}
    shown = {signs()[char].char for char in befores if char in signs()}
    if not shown or shown & _FIRST or len(shown) < len(befores):
        return edits
    made = [edit for edit in edits if edit.grade != "suggested"]
    if _senseless(text, made, shown):
        return [_lowered(edit) for edit in edits]
    clean = any(map(text.count, _FIRST))
    return [_lowered(edit) if clean and signs()[edit.before].char in _RARE else edit for edit in edits]


def _lowered(edit: Edit) -> Edit:
    if edit.grade == "suggested":
        return edit
    return Edit(edit.start, edit.end, edit.before, edit.after, edit.rule, "suggested", 0.5)


def _senseless(text: str, made: Sequence[Edit], shown: Collection[str]) -> bool:
    """Whether signs without any comma or full stop among them are doubtful, or the text little but one repetition."""
    if all(
        edit.grade != "sure" and (shown == {_BLANK} or signs()[edit.before].kind == ALNUM) for edit in made
    ):
        return True
    if len(text) < _SHORT and len(made) > _GIBBERISH * han_in(text):
        return True
    chars = {edit.before for edit in made}
    repeated = {found.group(1) for found in _REPEATED.finditer(text)}
    return len(chars) == 1 and chars <= repeated


def _misplaced(text: str) -> set[int]:
    """Where a stop or a blank would stand right before a clean stop, or a surname begins a name in a list."""
    found = {match.start() for match in _before_stop().finditer(text)}
    return found | {match.start() for match in _SURNAME.finditer(text) if _in_list(text, match.start())}


@lru_cache(maxsize=1)
def _before_stop() -> re.Pattern[str]:
    """What would be a stop or a blank right before a clean stop."""
    shifted = "".join(char for char, sign in signs().items() if sign.char in (*STOPS, _BLANK))
    return re.compile(f"[{shifted}](?=[{STOPS}])")


def _in_list(text: str, place: int) -> bool:
    """Whether a surname begins one of several words, short and set apart by blanks, that fill a line."""
    left, right = around(text, place, place)
    line = (left + right).strip(" \u3000")
    return len(line.split()) > 1 and bool(_LISTED.fullmatch(line))
