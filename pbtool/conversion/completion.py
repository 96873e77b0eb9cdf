"""Half-converted text: traditional pages in which characters that two scripts share were left behind (干部, 任職后).

The one idea: read the text twice. Converted as it stands, a phrase that is written alike in both scripts shows itself
(干部); simplified first and then converted, so does a phrase whose neighbours were converted already (聯系, whose key is
联系). Where a phrase decides, it is believed; where none does, the usual form is taken only on a page that has shown
itself half-converted or never uses that form otherwise. A character that is right as it stands is never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from operator import ne

from pbtool.conversion.detection import Script, simplified_only
from pbtool.conversion.engine import choices, converter

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


def completions(text: str, clauses: Sequence[tuple[int, int, Script]], form: str) -> Iterator[Completion]:
    """Every character to complete in the clauses that are not simplified.

    `form` is the configuration whose forms are wanted: `s2tw`, `s2hk` or `s2t`.
    """
    simple = converter("t2s").convert(text)
    if len(simple) != len(text):
        raise AssertionError("t2s changed the length of the text")
    chain = converter(form)
    direct, _, direct_decided = chain.trace(text)
    via, _, via_decided = chain.trace(simple)
    seen = chain.overlooked(simple, via, via_decided)
    if seen:
        via = "".join(seen.get(place, char) for place, char in enumerate(via))
        via_decided.update(seen)
    spots = [place for place in _spots(text, direct, via, clauses) if not _stays(text[place])]
    silent: list[Completion] = []
    decided: list[Completion] = []
    for place in spots:
        char = text[place]
        if char != simple[place]:
            if place in via_decided and via[place] in _SWAPPED.get(char, ""):
                decided.append((place, via[place], 0.97))
        elif place in via_decided or place in direct_decided:
            new = via[place] if place in via_decided else direct[place]
            if new != char:
                decided.append((place, new, 0.99))
        elif via[place] != char:
            silent.append((place, via[place], 0.9))
    yield from decided
    half = bool(decided)
    for place, new, confidence in silent:
        if half or text[place] in simplified_only() or new not in text:
            yield place, new, confidence


def _spots(text: str, direct: str, via: str, clauses: Sequence[tuple[int, int, Script]]) -> Iterator[int]:
    """Places in clauses that are not simplified, where one of the readings differs from what stands there."""
    for start, end, script in clauses:
        if script == "hans":
            continue
        old = text[start:end]
        differs = map(max, map(ne, old, direct[start:end]), map(ne, old, via[start:end]))
        yield from compress(range(start, end), differs)


def _stays(char: str) -> bool:
    """Whether a character is no sign of half conversion: free, or the same in OpenCC's standard (污, 着)."""
    return char in FREE or (
        char not in _SWAPPED and all(form == char for form in choices("STCharacters.txt").get(char, ()))
    )


def page_form(text: str) -> str:
    """The configuration whose forms a traditional page uses: Taiwan's (為 裡 群), or OpenCC's standard (爲 裏 羣)."""
    standard = sum(text.count(char) for char in "爲裏羣衆啓麪")
    local = sum(text.count(char) for char in "為裡群眾啟麵")
    return "s2t" if standard > local else "s2tw"
