"""What was put into the text on its way (pinyin, entities, numbers of notes), and what fell out of it.

The one idea: what was put in is recognised by its form and goes; what fell out left a hole (`?`, U+FFFD), and the language
model says what would fit, but a person decides.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade, without_overlaps
from pbtool.language import model
from pbtool.repair.marks import HAN, around, common_han

RULE = "insertions"
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_PINYIN = re.compile(rf"[(（](?<=([{HAN}]).)([a-zü]{{0,4}}[{_TONES}][a-z]{{0,4}})[)）]")
_ENTITY = re.compile(r"&(?:#[0-9]{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z]{2,8}[0-9]{0,2});")
_NOTE = re.compile(rf"(?<=[{HAN}”])\[\d{{1,2}}(?:[-,，、]\d{{1,2}}){{0,5}}\](?=[{HAN}，。；：])")
_HOLE = re.compile(rf"(?<=[{HAN}，。、“])(?:\ufffd|\?)(?=[{HAN}])")
_GUESSES = 200  # holes of one text for which a guess is made
_MARKUP = re.compile(r"<[a-zA-Z/!]|</")
_SPOKEN_OF = re.compile("HTML|XML|实体|實體|转义|轉義|空格|表示")  # a line about entities
_LESSON = 4  # characters between one reading and the next


def propose_insertions(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Injected pinyin and HTML entities go; numbers of notes and lost characters are reported.

    What it repairs: `新時(shí)期` and `建（jiàn）设` lose the pinyin, `&ldquo;` and `&#8220;` become the sign they name.
    Reports `[3]` inside a sentence, and a `?` or U+FFFD between Han characters with the character that fits best.

    How it comes about: web pages that spoil their text against copying; markup that was escaped twice; encodings without
    the character.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "新时(shí)期党的建（jiàn）设&ldquo;三会一课&rdquo;"
        >>> apply(text, propose_insertions(text))
        '新时期党的建设“三会一课”'

    When it is wrong: a text that teaches how characters are read. Pinyin behind a rare character stays, a single
    full-width one behind an everyday character is only reported; entities stay where the text is markup.

    Source: HTML 5 (Python's `html.entities`); everyday characters are level 1 of GB 2312 and of Big5.
    """
    edits = [*_pinyin(text), *_entities(text), *_holes(text)]
    if "[" in text:
        notes = _NOTE.finditer(text)
        edits.extend(Edit(m.start(), m.end(), m.group(), "", RULE, "suggested", 0.6) for m in notes)
    return list(without_overlaps(edits))


def _pinyin(text: str) -> Iterator[Edit]:
    if "(" not in text and "（" not in text:
        return
    found = [match for match in _PINYIN.finditer(text) if match.group(1) in common_han()]
    taught = _taught(found)
    for number, match in enumerate(found):
        if number in taught:
            continue
        sure = len(found) > 1 or match.group()[0] == "("
        grade: Grade = "likely" if sure else "suggested"
        yield Edit(match.start(), match.end(), match.group(), "", RULE, grade, 0.95 if sure else 0.6)


def _taught(found: Sequence[re.Match[str]]) -> set[int]:
    """Which of the readings follow each other character by character, at least three: lessons, not damage."""
    chain: list[int] = []
    result: set[int] = set()
    for number, match in enumerate(found):
        if not chain or match.start() - found[number - 1].end() > _LESSON:
            chain = []
        chain.append(number)
        if len(chain) >= 3:
            result.update(chain)
    return result


def _entities(text: str) -> Iterator[Edit]:
    markup: bool | None = None
    for match in _ENTITY.finditer(text):
        markup = bool(_MARKUP.search(text)) if markup is None else markup
        if not markup and _SPOKEN_OF.search("".join(around(text, match.start(), match.end(), 12))):
            continue
        after = html.unescape(match.group()).replace("\xa0", " ")
        if (
            markup
            or after == match.group()
            or after in "\ufffd<>"
            or not (after.isprintable() and len(after) == 1)
        ):
            continue
        yield Edit(match.start(), match.end(), match.group(), after, RULE, "sure", 0.998)


def _holes(text: str) -> Iterator[Edit]:
    if "?" not in text and "\ufffd" not in text:
        return
    for number, match in enumerate(_HOLE.finditer(text)):
        if number >= _GUESSES:
            return
        place = match.start()
        guess, chance = _best(
            text[max(0, place - 8) : place], text[place + 1 : place + 7], match.group() == "?"
        )
        if guess:
            yield Edit(place, place + 1, match.group(), guess, RULE, "suggested", chance)


@lru_cache(maxsize=1024)
def _best(left: str, right: str, asks: bool) -> tuple[str, float]:
    """The character that fits best into a hole and how much of all that could stand there it is."""
    from math import exp

    judge = model()
    state = judge.state(left)
    near = sorted(common_han(), key=lambda char: (-judge.step(state, char)[1], char))[:400]
    if asks:
        near.append("？")
    scores = judge.alternatives(left, near, right)
    top = max(range(len(near)), key=scores.__getitem__)
    chance = 1 / sum(exp(score - scores[top]) for score in scores)
    return ("", 0.0) if near[top] == "？" else (near[top], round(chance, 4))
