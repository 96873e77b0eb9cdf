"""What was put into the text on its way (pinyin, markup, numbers of notes), and what fell out of it.

The one idea: what was put in is recognised by its form and goes; what fell out left a hole (`?`, U+FFFD), and the language
model says what would fit, but a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import nlargest

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.language import folding, model
from pbtool.repair.marks import HAN, PINYIN, common_han, is_han
from pbtool.repair.markup import markup
from pbtool.repair.trust import curve, trust
from pbtool.tables import pattern

RULE = "insertions"
_AGAIN = r"(?:[(（]\2[)）]){0,3}"  # the same reading once more
_PINYIN = pattern(rf"[(（](?<=([{HAN}]).)({PINYIN})[)）]{_AGAIN}")
_TONELESS = pattern(
    rf"[(（](?<=([{HAN}]).)((?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?"
    r"(?:[aeiou]|ai|ei|ao|ou|an|en|ang|eng|ong|ia|ie|iao|iu|ian|in|iang|ing|iong|ua|uo|uai|ui|uan|un|uang|ue|er))[)）]"
    rf"{_AGAIN} ?(?=[{HAN}，。、；：！？”》）]|\Z)"
)
_NOTE = pattern(rf"\[(?<=[{HAN}”]\[)\d{{1,2}}(?:[-,，、]\d{{1,2}}){{0,5}}\](?=[{HAN}，。；：])")
_HOLE = pattern(rf"[\ufffd?](?<=[{HAN}，。、“].)(?:(?<=\ufffd)\ufffd{{1,2}})?(?=[{HAN}，。、；：”])")
_CIRCLED = pattern(rf"[①-⑳¹²³⁰-⁹](?<=[{HAN}”].)(?:(?<=[¹²³⁰-⁹])[¹²³⁰-⁹])?(?=[，。；、])")
_NOTED = pattern("[\\[①-⑳¹²³⁰-⁹]")
_GUESSES = 200  # holes of one text for which a guess is made
_NEAR = 60  # characters that are judged in full
_LESSON = 1  # characters between one reading and the next
#: Readings that stand alone make the others damage, and so many without tones are no abbreviations.
_SCATTERED = 4


def propose_insertions(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Injected pinyin and what is left of HTML go; numbers of notes and lost characters are reported.

    What it repairs: `新時(shí)期` and `建（jiàn）设` lose the pinyin, `&ldquo;` and `&#8220;` become the sign they name; tags that were
    left among prose go (`<br>` becomes the end of a line), and so does `\\n` written out.
    Reports `[3]` inside a sentence and `①` at its end, and a `?` or U+FFFD inside a sentence with the character that fits best.

    How it comes about: web pages that spoil their text against copying; markup that was escaped twice; encodings without
    the character.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "新时(shí)期党的建（jiàn）设&ldquo;三会一课&rdquo;"
        >>> apply(text, propose_insertions(text))
        '新时期党的建设“三会一课”'

    When it is wrong: a text that teaches how characters are read. Pinyin behind a rare character stays, a single
    full-width one behind an everyday character is only reported; entities and tags stay where the
    whole text is markup, in code and in lines about markup.

    Source: HTML 5 (Python's `html.entities`); everyday characters are level 1 of GB 2312 and of Big5.
    """
    edits = [*_pinyin(text), *markup(text), *_holes(text)]
    for note in (_NOTE, _CIRCLED) if _NOTED.search(text) else ():
        chance = trust("insertions: numbers of notes")
        found = note.finditer(text)
        edits.extend(Edit(m.start(), m.end(), m.group(), "", RULE, "suggested", chance) for m in found)
    return list(without_overlaps(edits))


def _pinyin(text: str) -> Iterator[Edit]:
    if "(" not in text and "（" not in text:
        return
    found = [match for match in _PINYIN.finditer(text) if match.group(1) in common_han()]
    plain = [match for match in _TONELESS.finditer(text) if match.group(1) in common_han()]
    if len(plain) >= _SCATTERED:
        found = sorted((*found, *plain), key=lambda match: match.start())
    taught = _taught(found)
    for number, match in enumerate(found):
        if number in taught:
            continue
        sure = len(found) > 1 or match.group()[0] == "("
        grade: Grade = "likely" if sure else "suggested"
        kind = "insertions: pinyin" if sure else "insertions: a reading"
        yield Edit(match.start(), match.end(), match.group(), "", RULE, grade, trust(kind))


def _taught(found: Sequence[re.Match[str]]) -> set[int]:
    """Which of the readings follow each other character by character, at least three: lessons, not damage.

    Where more readings stand alone than in such rows, nobody teaches: the rows are damage too.
    """
    chain: list[int] = []
    result: set[int] = set()
    for number, match in enumerate(found):
        if not chain or match.start() - found[number - 1].end() > _LESSON:
            chain = []
        chain.append(number)
        if len(chain) >= 3:
            result.update(chain[-3:])
    alone = len(found) - len(result)
    return set() if alone >= max(_SCATTERED, len(result)) else result


def _holes(text: str) -> Iterator[Edit]:
    if "?" not in text and "\ufffd" not in text:
        return
    for number, match in enumerate(_HOLE.finditer(text)):
        if number >= _GUESSES:
            return
        start, end, hole = match.start(), match.end(), match.group()
        asks = hole == "?" and is_han(text[end])
        guess, odds = _best(text[max(0, start - 8) : start], text[end : end + 6], asks)
        if guess:
            chance = curve("insertions: lost characters", odds)
            yield Edit(start, end, hole, guess, RULE, "suggested", chance)


@lru_cache(maxsize=1024)
def _best(left: str, right: str, asks: bool) -> tuple[str, float]:
    """The character that fits best into a hole, and the logarithm of its odds against all that could stand there."""
    from math import exp, log

    judge = model()
    state, folded = judge.state(left), right.translate(folding())[:1]
    rough = []
    for char in common_han():
        after, value = judge.step(state, char)
        rough.append((value + (judge.step(after, folded)[1] if folded else 0.0), char))
    near = [char for _, char in nlargest(_NEAR, rough)]
    if asks:
        near.append("？")
    scores = judge.alternatives(left, near, right)
    top = max(range(len(near)), key=scores.__getitem__)
    others = sum(exp(score - scores[top]) for score in scores) - 1
    return ("", 0.0) if near[top] == "？" else (near[top], round(-log(max(others, 1e-9)), 3))
