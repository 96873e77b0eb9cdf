"""Half-converted text: pages of one script in which characters of the other were left behind, or never converted.

The one idea: read the text twice. Converted as it stands, a phrase that is written alike in both scripts shows itself
(干部); simplified first and then converted, so does a phrase whose neighbours were converted already (聯系, whose key is
联系). Where a phrase decides, it is believed; where none does, the language model judges, and its word is taken only on
a page that has shown itself half-converted or never uses that form otherwise. What is right as it stands is not touched.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Sequence
from itertools import compress
from operator import ne

from pbtool.conversion.detection import Script, simplified_only
from pbtool.conversion.engine import normalised, stage, vector
from pbtool.conversion.forms import decided, traditional

#: From this confidence on a reading is told by phrases or names, not judged.
_TOLD = 0.95

#: Place, new character, confidence.
Completion = tuple[int, str, float]

#: Characters whose other form traditional print uses as well, as it likes (注/註, 台/臺): no sign of half conversion.
FREE = frozenset("台周布游托占杯志注升岩群峰昆岳凶吃才秘溪念背局夫私弦雇回愈藤雕熏荐焰席札朱")

#: Traditional characters that a careless conversion puts where another one belongs (頭發, 疑難雜癥), both ways round.
_SWAPPED = {
    "癥": "症", "後": "后", "裏": "里", "裡": "里", "發": "髮", "髮": "發", "麵": "面", "鬆": "松", "鬥": "斗",
    "隻": "只", "餘": "余", "範": "范", "錶": "表", "醜": "丑", "鬱": "郁", "薑": "姜", "雲": "云", "於": "于",
    "曆": "歷", "歷": "曆", "鐘": "鍾", "幹": "干乾", "乾": "干幹", "複": "復", "復": "複", "穀": "谷",
    "臟": "髒", "髒": "臟", "獲": "穫", "穫": "獲",
}  # fmt: skip


def completions(
    text: str, clauses: Sequence[tuple[int, int, Script]], variety: str | None, known: Collection[str] = ()
) -> Iterator[Completion]:
    """Every character to complete in the traditional clauses (and mixed ones) of a text, in no particular order.

    `variety` is the dictionary of the forms that are wanted, `tw` or `hk`, or None for OpenCC's standard.
    """
    simple = stage("ts").convert(normalised(text))
    if len(simple) != len(text):
        raise AssertionError("t2s changed the length of the text")
    reading = traditional(simple, known)
    direct, via = (_in(variety, form) for form in (stage("st").convert(normalised(text)), reading.text))
    spots = [place for place in _spots(text, direct, via, clauses) if not _stays(text[place])]
    as_it_stands, simplified = decided("st", text, spots), decided("st", simple, spots)
    open_spots = []
    half = False
    for place in spots:
        char, new = text[place], via[place]
        told = place in simplified or reading.doubts.get(place, 0.0) >= _TOLD
        if char != simple[place]:
            # What stands in a given name is trusted; 於, 餘 and 範 are no surnames.
            told = place in simplified or place in reading.surnames
            if told and new in _SWAPPED.get(char, ""):
                half = True
                yield place, new, 0.97
        elif told or place in as_it_stands:
            new = new if told else direct[place]
            if new != char:
                half = True
                yield place, new, 0.99
        elif new != char:
            open_spots.append(place)
    for place in open_spots:
        if half or text[place] in simplified_only() or via[place] not in text:
            yield place, via[place], 0.9


def _in(variety: str | None, text: str) -> str:
    return stage(variety).convert(text) if variety else text


def _spots(text: str, direct: str, via: str, clauses: Sequence[tuple[int, int, Script]]) -> Iterator[int]:
    """Places in clauses that are not simplified, where one of the readings differs from what stands there."""
    for start, end, script in clauses:
        if script == "hans":
            continue
        old = text[start:end]
        differs = map(max, map(ne, old, direct[start:end]), map(ne, old, via[start:end]))
        yield from compress(range(start, end), differs)


@functools.cache
def _several() -> frozenset[str]:
    """Simplified characters with several traditional forms."""
    return frozenset(item[0] for item in vector("forms").split("\t"))


def _stays(char: str) -> bool:
    """Whether a character is no sign of half conversion: free, or the same in OpenCC's standard (污, 着)."""
    if char in FREE:
        return True
    only = char not in _several() and stage("st").characters.get(ord(char), char) == char
    return char not in _SWAPPED and only


def page_variety(text: str) -> str | None:
    """The dictionary of the forms a traditional page uses: Taiwan's (為 裡 群), or None for the standard (爲 裏 羣)."""
    standard = sum(text.count(char) for char in "爲裏羣衆啓麪")
    local = sum(text.count(char) for char in "為裡群眾啟麵")
    return None if standard > local else "tw"
