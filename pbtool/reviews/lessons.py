"""What rejections teach: words and names that are to be left alone from now on.

The one idea: a rejected change is the exception, so the shortest stretch around it that no other change of the text touches is the
word to keep; `fix --keep` leaves such words alone wherever they stand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pbtool.edits import Edit, Span
from pbtool.reviews.answers import Answers

#: How far to the left and to the right of a change a word may reach, in the order in which that is tried: names first.
_REACHES = ((0, 2), (0, 1), (1, 0), (1, 1), (2, 0), (0, 3), (1, 2), (2, 1), (3, 0), (2, 2), (3, 3))
_CLAUSE = 40


@dataclass(frozen=True, slots=True)
class Lesson:
    """A word to leave alone, the rules that would change it, and how often that was refused."""

    word: str
    rules: tuple[str, ...]
    count: int


def lessons(text: str, edits: Sequence[Edit], answers: Answers) -> list[Lesson]:
    """The words that the rejected edits (places in `text`) ask to be left alone, those refused most often first."""
    refused = [edit for edit in edits if (a := answers[edit]) is not None and a.verdict == "reject"]
    known = set(refused)
    wanted = [edit for edit in edits if edit not in known]
    counts: Counter[str] = Counter()
    rules: dict[str, dict[str, None]] = {}
    for edit in refused:
        word = _word(text, edit, wanted)
        if word is not None:
            counts[word] += 1
            rules.setdefault(word, {})[edit.rule] = None
    return [Lesson(word, tuple(rules[word]), count) for word, count in counts.most_common()]


def _word(text: str, edit: Edit, wanted: Sequence[Edit]) -> str | None:
    """The first word around the edit that would keep no wanted edit from being made."""
    for start, end in _stretches(text, edit):
        word = text[start:end]
        if word.isprintable() and word == word.strip() and not _stops(text, word, wanted):
            return word
    return None


def _stops(text: str, word: str, wanted: Sequence[Edit]) -> bool:
    """Whether an edit that is wanted touches the word anywhere in the text."""
    at = text.find(word)
    while at >= 0:
        index = bisect_right(wanted, at, key=lambda edit: edit.end)
        if index < len(wanted) and wanted[index].start < at + len(word):
            return True
        at = text.find(word, at + 1)
    return False


def _stretches(text: str, edit: Edit) -> Iterator[Span]:
    span = _cut_word(text, edit)
    if span is not None:
        yield span
    for left, right in _REACHES:
        start, end = edit.start - left, edit.end + right
        inside = start >= 0 and end <= len(text) and end - start > 1
        if inside and (edit.start < edit.end or (left and right)):
            yield start, end


def _cut_word(text: str, edit: Edit) -> Span | None:
    """The word of the language that holds the edit, where there is one of two characters or more."""
    if any(char.isspace() for char in edit.before):
        return None
    from pbtool.extraction.words import words

    left = text[max(0, edit.start - _CLAUSE) : edit.start].split()
    right = text[edit.end : edit.end + _CLAUSE].split()
    before = left[-1] if left and not text[edit.start - 1].isspace() else ""
    behind = right[0] if right and not text[edit.end].isspace() else ""
    at = edit.start - len(before)
    for word in words(before + edit.before + behind):
        if at <= edit.start and edit.end <= at + len(word) and len(word) > max(1, len(edit.before)):
            return at, at + len(word)
        at += len(word)
    return None
