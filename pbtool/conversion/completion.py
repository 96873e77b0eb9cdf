"""Half-converted text: pages of one script in which characters of the other were left behind, or never converted.

The one idea: simplify the text first, then convert it, so that a phrase is seen whatever was converted of it already
(聯系 is 联系). Where a phrase decides, it is believed; where none does, the language model judges, and its word is taken
only on a page that has shown itself half-converted or never uses that form otherwise. What is right is not touched.
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

#: Characters with another form that traditional print uses as well, as it likes: no sign of half conversion.
FREE = {
    "台": "臺", "周": "週", "布": "佈", "托": "託", "占": "佔", "杯": "盃", "志": "誌", "注": "註", "升": "昇", "岩": "巖",
    "群": "羣", "峰": "峯", "昆": "崑", "岳": "嶽", "凶": "兇", "吃": "喫", "才": "纔", "秘": "祕", "溪": "谿", "念": "唸",
    "背": "揹", "局": "侷", "夫": "伕", "私": "俬", "弦": "絃", "雇": "僱", "回": "迴", "藤": "籐", "雕": "鵰", "熏": "燻",
    "焰": "燄", "席": "蓆", "札": "劄", "朱": "硃",
}  # fmt: skip

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
    after = stage(variety).convert(reading.text) if variety else reading.text
    spots = [place for place in _spots(text, after, clauses) if not _stays(text[place], after[place])]
    phrased = decided("st", simple, spots)
    # What a region writes so itself (Taiwan's 老么) is no sign, unless a phrase says otherwise (什么).
    region = page_variety(text)
    local = frozenset(stage(region).characters.values()) if region else frozenset()
    left = []
    half = False
    for place in spots:
        char, new = text[place], after[place]
        if char == simple[place]:
            if place not in phrased and reading.doubts.get(place, 0.0) < _TOLD:
                if char not in local:
                    left.append(place)
                continue
        # What stands in a given name is trusted; but 於, 餘 and 範 are no surnames.
        elif new not in _SWAPPED.get(char, "") or (place not in phrased and place not in reading.surnames):
            continue
        half = True
        yield place, new, 0.99 if char == simple[place] else 0.97
    for place in left:
        if half or text[place] in simplified_only() or after[place] not in text:
            yield place, after[place], 0.9


def _spots(text: str, after: str, clauses: Sequence[tuple[int, int, Script]]) -> Iterator[int]:
    """Places in clauses that are not simplified, where something else is to stand."""
    for start, end, script in clauses:
        if script != "hans":
            yield from compress(range(start, end), map(ne, text[start:end], after[start:end]))


@functools.cache
def _several() -> frozenset[str]:
    """Simplified characters with several traditional forms."""
    return frozenset(item[0] for item in vector("forms").split("\t"))


def _stays(char: str, new: str) -> bool:
    """Whether another form is no sign of half conversion: free, or the same in OpenCC's standard (污, 着)."""
    if FREE.get(char) == new:
        return True
    only = char not in _several() and stage("st").characters.get(ord(char), char) == char
    return char not in _SWAPPED and only


#: Characters that tell Taiwan's forms, Hong Kong's and OpenCC's standard apart.
_VARIETIES = (("tw", "為裡群眾啟麵"), ("hk", "為裏群眾啟麵着説衞綫"), (None, "爲裏羣衆啓麪着"))


def page_variety(text: str) -> str | None:
    """The dictionary of the forms a traditional page uses: Taiwan's, Hong Kong's, or None for OpenCC's standard."""
    return max(_VARIETIES, key=lambda variety: sum(map(text.count, variety[1])))[0]
