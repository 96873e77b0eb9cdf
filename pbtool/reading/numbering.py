"""Word's automatic numbers: `一、`, `（二）`, `1.2` are not in the text of a .docx but follow from its lists.

The one idea: a paragraph names a list and a level; the list says how numbers of each level look. Counting them as Word does gives
back what the reader of the printed page sees. Bullets are no numbers and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LEVELS = 9
_PART = re.compile("%([1-9])")
#: Numbers longer than this are no numbers of paragraphs.
_MOST = 100_000
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_ROWS = {
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
}
_COUNTED = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
    ]
)
_DIGITS = frozenset(["ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"])
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


@dataclass(slots=True)
class Level:
    """How the numbers of one level of a list look: `text` is their pattern, such as `第%1章`, `glued` what follows at once."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    glued: bool = False
    plain: bool = False


@dataclass(slots=True)
class Lists:
    """The lists of a file, and how far each has been counted."""

    #: Abstract list -> its levels; list -> abstract list; list -> level -> another beginning.
    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    #: Abstract list -> the numbers reached, and the lists that have begun anew.
    _reached: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def number(self, name: str, depth: int) -> str:
        """The next number of a level (from 0) of a list as it is printed, with the space behind it; "" for bullets."""
        kind = self.abstract.get(name, "")
        levels = self.levels.get(kind, {})
        level = levels.get(depth)
        if level is None or not 0 <= depth < _LEVELS:
            return ""
        reached = self._reached.setdefault(kind, {})
        start = self.starts.get(name, {}).get(depth)
        if start is not None and (name, depth) not in self._begun:
            # A list that begins anew shares its numbers with the one it was made from until then.
            reached[depth] = start
        else:
            reached[depth] = reached[depth] + 1 if depth in reached else level.start
        self._begun.add((name, depth))
        for deeper in [known for known in reached if known > depth]:
            del reached[deeper]
        if level.form in ("bullet", "none") or not level.text:
            return ""
        shown = _PART.sub(lambda part: self._part(levels, reached, int(part[1]) - 1, level.plain), level.text)
        return shown + ("" if level.glued or shown[-1] >= "\u2e80" else " ")

    def _part(self, levels: dict[int, Level], reached: dict[int, int], depth: int, plain: bool) -> str:
        level = levels.get(depth, Level())
        return written(reached.get(depth, level.start), "decimal" if plain else level.form)


def written(number: int, form: str) -> str:
    """A number in one of Word's forms (ISO 29500, ST_NumberFormat); forms that are not known are figures."""
    if not 0 <= number < _MOST:
        return str(number)
    if form in _COUNTED:
        return _counted(number).removeprefix("一" if 10 <= number < 20 else "")
    if form in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return _counted(number).translate(_LEGAL)
    if form in _DIGITS:
        return "".join("〇一二三四五六七八九"[int(figure)] for figure in str(number))
    if form in ("upperLetter", "lowerLetter") and number:
        letter = chr(ord("A") + (number - 1) % 26) * min(1 + (number - 1) // 26, 9)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman") and number < 4000:
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form in _ROWS and 0 < number <= len(_ROWS[form]):
        return _ROWS[form][number - 1]
    if form == "decimalZero":
        return f"{number:02}"
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord(figure) + 0xFEE0) for figure in str(number))
    return str(number)


def _counted(number: int) -> str:
    """A number below 100,000 in words: 一十, 二十一, 一百零三."""
    out, gap = "", False
    for unit, word in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = number // unit % 10
        if figure:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[figure] + word
        gap = not figure
    return out or "零"


def _roman(number: int) -> str:
    out = ""
    for value, letters in _ROMAN:
        out += letters * (number // value)
        number %= value
    return out
