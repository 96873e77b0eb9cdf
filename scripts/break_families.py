"""Ways of breaking a line of clean prose, one for each kind of damage besides shifted signs; used by the scripts that measure.

The one idea: a breaker knows nothing of the repair. It takes a clean line and a source of chance, and gives the broken line
and what it should become (None where the line has nothing to break).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from random import Random

from pbtool import tables
from pbtool.pipeline import convert
from pbtool.repair.glyphs import radicals
from pbtool.repair.lookalike import confusions
from pbtool.repair.marks import HAN

Broken = tuple[str, str] | None  # the broken line, and what it should become
Breaker = Callable[[str, Random], Broken]
_WINDOWS = {code: bytes((code,)).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}
_HEADINGS = [
    "目录",
    "前言",
    "要闻",
    "简讯",
    "通知",
    "公告",
    "后记",
    "导读",
    "声明",
    "视点",
    "论坛",
    "党建",
    "时评",
    "经验",
    "人物",
    "典型",
    "聚焦",
    "关注",
    "特稿",
    "文化",
]
_PINYIN = ("jiàn", "shí", "dǎng", "xiāng", "zhèn", "yè")


def wrong_codec(meant: str, shown: str, *, script: str = "", errors: str = "strict") -> Breaker:
    """The line encoded with one codec and decoded with another; in traditional script where `script` says so."""

    def broken(line: str, chance: Random) -> Broken:
        text = convert(line, script).text if script else line
        try:
            wrong = text.encode(meant).decode(shown, errors)
        except UnicodeError:
            return None
        return wrong, text

    return broken


def twice(meant: str, shown: str, again: str) -> Breaker:
    """The line read as Latin letters, saved as UTF-8 and read wrongly once more."""

    def broken(line: str, chance: Random) -> Broken:
        try:
            return line.encode(meant).decode(shown).encode().decode(again), line
        except UnicodeError:
            return None

    return broken


def inside(breaker: Breaker) -> Breaker:
    """Only the longest stretch of Han characters is broken; the rest of the line is right."""

    def broken(line: str, chance: Random) -> Broken:
        found = max(re.findall(f"[{HAN}]{{6,20}}", line), key=len, default="")
        piece = breaker(found, chance) if found else None
        return (
            (line.replace(found, f"“{piece[0]}”", 1), line.replace(found, f"“{piece[1]}”", 1))
            if piece
            else None
        )

    return broken


def replaced(pattern: str, by: str | Callable[[re.Match[str], Random], str], share: float = 1.0) -> Breaker:
    """What matches is replaced, each time with the chance `share`."""
    found = re.compile(pattern)

    def broken(line: str, chance: Random) -> Broken:
        def one(match: re.Match[str]) -> str:
            if chance.random() >= share:
                return match.group()
            return by(match, chance) if callable(by) else match.expand(by)

        return found.sub(one, line), line

    return broken


def translated(table: dict[str, str]) -> Breaker:
    codes = {ord(char): other for char, other in table.items()}
    return lambda line, chance: (line.translate(codes), line)


def _compatibility() -> dict[str, str]:
    found: dict[str, str] = {}
    for code in (*range(0xF900, 0xFAFF), *range(0x2F800, 0x2FA1E)):
        meant = unicodedata.normalize("NFKC", chr(code))
        if meant != chr(code):
            found.setdefault(meant, chr(code))
    return found


def beginning(line: str, chance: Random) -> Broken:
    """A line behind a bullet whose font has a code of its own for it."""
    private, bullet = chance.choice((("\uf06c", "●"), ("\uf06e", "■"), ("\uf0b7", "•"), ("\uf0d8", "➢")))
    return private + line, bullet + line


def doubled_radicals(line: str, chance: Random) -> Broken:
    """The radical and the right character, both."""
    by_char = {char: radical for radical, char in radicals().items()}
    return "".join(by_char.get(char, "") + char for char in line), line


def wrong_marks(line: str, chance: Random) -> Broken:
    """Marks that are UTF-8 read as Windows-1252, in a line that is right otherwise."""
    table = {ord(mark): mark.encode().decode("latin-1").translate(_WINDOWS) for mark in "“”‘’—…"}
    return line.translate(table), line


def lost_bytes(line: str, chance: Random) -> Broken:
    """Six bytes that two programs threw away."""
    places = [match.start() for match in re.finditer(f"[{HAN}]{{6}}", line)]
    if not places:
        return None
    place = chance.choice(places)
    return line[:place] + "锟斤拷锟斤拷" + line[place + 2 :], line


def one_byte_late(script: str = "") -> Breaker:
    """GBK whose reader loses a lead byte and reads on from the one behind it, until ASCII or a second loss brings it back.

    Of pairs that no character stands for (those of GBK's users) nothing is to be seen.
    """

    def broken(line: str, chance: Random) -> Broken:
        line = convert(line, script).text if script else line
        # What readers lose is the first byte of a mark, on which their tables differ.
        places = [match.start() for match in re.finditer("。(?=[^\x00-\x7f]{9})", line)]
        try:
            start = chance.choice(places)
            run = line[start : start + chance.randint(3, 9)].encode("gbk")[1:]
        except (IndexError, UnicodeError):
            return None
        if not script:
            shown, taken = run[:-1].decode("gb18030", "replace") + "?", len(run) + 1
        else:
            off = next((at for at in range(0, len(run), 2) if run[at] < 0x80), None)
            if off is None or run[off] < 0x40:
                return None
            shown, taken = run[: off + 1].decode("gb18030", "replace"), off + 2
        shown = re.sub("[\ue000-\uf8ff]", "", shown)
        return None if "\ufffd" in shown else (line[:start] + "?" + shown + line[start + taken // 2 :], line)

    return broken


def invisible(line: str, chance: Random) -> Broken:
    place = chance.randrange(1, len(line))
    return line[:place] + chance.choice("\u200b\ufeff\u00ad\x07\u2060") + line[place:], line


def _first_han(line: str, low: int, high: int) -> re.Match[str] | None:
    match = re.search(f"[{HAN}]{{{low},{high}}}", line)
    return (
        None
        if match is None or re.search(r"(.)\1", line[max(0, match.start() - 1) : match.end() + 1])
        else match
    )


def bold_characters(times: int) -> Breaker:
    def broken(line: str, chance: Random) -> Broken:
        match = _first_han(line, 5, 10)
        if match is None:
            return None
        thick = "".join(char * times for char in match.group())
        return line[: match.start()] + thick + line[match.end() :], line

    return broken


def bold_heading(line: str, chance: Random) -> Broken:
    heading = re.split("[，。；]", line)[0]
    if (
        not 4 <= len(heading) <= 24
        or re.search(r"(.)\1|[“”—…]", heading)
        or len(re.findall(f"[{HAN}]", heading)) < 4
    ):
        return None
    return "".join(char * 2 for char in heading), heading


def bold_phrases(line: str, chance: Random) -> Broken:
    match = re.search(f"([{HAN}]{{6}})([{HAN}]{{4}})", line)
    if match is None or re.search(r"(.)\1", match.group()):
        return None
    return line[: match.start()] + match.group(1) * 2 + match.group(2) * 2 + line[match.end() :], line


def doubled(size: int, count: int) -> Breaker:
    """So many pieces of so many characters in a row, each of them twice."""

    def broken(line: str, chance: Random) -> Broken:
        match = _first_han(line, size * count, size * count)
        if match is None:
            return None
        pieces = [match.group()[at : at + size] for at in range(0, size * count, size)]
        return line[: match.start()] + "".join(piece * 2 for piece in pieces) + line[match.end() :], line

    return broken


def letter_spaced(line: str, chance: Random) -> Broken:
    match = re.match(f"[{HAN}]{{4,14}}(?=[，。；：]|\\Z)", line)
    return (" ".join(match.group()), match.group()) if match else None


@cache
def _surnames() -> list[str]:
    """Common surnames."""
    return [row[0] for row in tables.rows("surnames.tsv") if len(row[0]) == 1 and float(row[1]) > 2000]


def byline(line: str, chance: Random) -> Broken:
    """A byline of three persons, two of them with names of two characters set to the width of three."""
    given = re.findall(f"[{HAN}]", line)
    if len(given) < 4:
        return None
    names = [
        chance.choice(_surnames()) + given[0],
        chance.choice(_surnames()) + given[1],
        chance.choice(_surnames()) + given[2] + given[3],
    ]
    wide = [" ".join(names[0]), " ".join(names[1]), names[2]]
    return "■" + " ".join(wide), "■" + " ".join(names)


def spaced_with_marks(line: str, chance: Random) -> Broken:
    """The head of a line with a blank between all of its characters, marks and digits among them."""
    match = re.match(f"[{HAN}0-9“”《》（）、：]{{6,16}}(?=[，。；]|\\Z)", line)
    if match is None or re.fullmatch(f"[{HAN}]+", match.group()):
        return None
    return " ".join(match.group()), match.group()


def wide_word(line: str, chance: Random) -> Broken:
    """A heading of one word alone on its line, set wide, above a line of text."""
    word = chance.choice(_HEADINGS)
    return "  ".join(word) + "\n" + line, word + "\n" + line


def speaker(line: str, chance: Random) -> Broken:
    """A line that someone says: a name of two characters set wide, and a colon."""
    given = re.findall(f"[{HAN}]", line)
    if not given:
        return None
    name = chance.choice(_surnames()) + chance.choice(given)
    return f"{name[0]} {name[1]}：{line}", f"{name}：{line}"


def over_the_end(line: str, chance: Random) -> Broken:
    """A blank before a number at the end of a wrapped line."""
    match = re.search(f"(?<=[{HAN}])([0-9]{{1,4}})(?=[{HAN}])", line)
    if match is None:
        return None
    head, tail = line[: match.start()], line[match.end() :]
    return f"{head} {match.group()}\n{tail}", f"{head}{match.group()}\n{tail}"


def with_pinyin(line: str, chance: Random) -> Broken:
    places = [match.end() for match in re.finditer(f"[{HAN}](?=[{HAN}])", line)]
    if len(places) < 2:
        return None
    broken = line
    for place in sorted(chance.sample(places, 2), reverse=True):
        reading = chance.choice(_PINYIN)
        broken = broken[:place] + chance.choice((f"({reading})", f"（{reading}）")) + broken[place:]
    return broken, line


def with_reading(line: str, chance: Random) -> Broken:
    """One reading in full-width brackets."""
    places = [match.end() for match in re.finditer(f"[{HAN}](?=[{HAN}])", line)]
    if not places:
        return None
    place = chance.choice(places)
    return f"{line[:place]}（{chance.choice(_PINYIN)}）{line[place:]}", line


def with_entities(line: str, chance: Random) -> Broken:
    named: dict[str, str | int | None] = {
        "“": "&ldquo;",
        "”": "&#8221;",
        "—": "&mdash;",
        "·": "&middot;",
        "…": "&#x2026;",
    }
    return line.translate(str.maketrans(named)), line


def with_tags(line: str, chance: Random) -> Broken:
    """A line in a paragraph of HTML, with a phrase set bold or coloured, and its sentences on lines of their own."""
    match = re.search(f"[{HAN}]{{4,8}}", line)
    if match is None:
        return None
    opening, closing = chance.choice(
        (
            ("<strong>", "</strong>"),
            ('<span style="color: red">', "</span>"),
            ("<b>", "</b>"),
            ('<a href="/a.html">', "</a>"),
        )
    )
    marked = line[: match.start()] + opening + match.group() + closing + line[match.end() :]
    end = chance.choice(("<br>", "<br/>", "<BR>", "</p><p>"))
    sentences = f"。(?=[{HAN}“])"
    return f"<p>{re.sub(sentences, f'。{end}', marked)}</p>", re.sub(sentences, "。\n", line)


def with_escapes(line: str, chance: Random) -> Broken:
    """Line ends that were written out."""
    sentences = f"。(?=[{HAN}“])"
    end = chance.choice(("\\n", "\\r\\n"))
    return re.sub(sentences, lambda _: f"。{end}", line), re.sub(sentences, "。\n", line)


def with_note(line: str, chance: Random) -> Broken:
    places = [match.start() for match in re.finditer(f"(?<=[{HAN}])[，。；]", line)]
    if not places:
        return None
    place = chance.choice(places)
    return line[:place] + chance.choice(("[1]", "[12]", "[3,4]", "①")) + line[place:], line


def with_hole(line: str, chance: Random) -> Broken:
    places = [match.start() for match in re.finditer(f"(?<=[{HAN}]{{2}})[{HAN}](?=[{HAN}]{{2}})", line)]
    if not places:
        return None
    place = chance.choice(places)
    return line[:place] + chance.choice("?\ufffd") + line[place + 1 :], line


def two_marks(line: str, chance: Random) -> Broken:
    """A mark and another one beside it, or the same one half-width."""
    places = [match.start() for match in re.finditer(f"(?<=[{HAN}])[，、。](?=[{HAN}])", line)]
    if not places:
        return None
    place = chance.choice(places)
    mark = line[place]
    half = {"，": ",", "、": ",", "。": "."}[mark]
    other = chance.choice([another for another in "，、。" if another != mark])
    two = chance.choice(
        (half + half if mark == "，" else mark + mark, half + mark, mark + other, other + mark)
    )
    return line[:place] + two + line[place + 1 :], line


def without_quote(line: str, chance: Random) -> Broken:
    found = [m.span() for m in re.finditer(f"“[{HAN}]{{2,10}}”", line)]
    if len(found) != 1 or line.count("“") != 1:
        return None
    start, end = found[0]
    place = chance.choice((start, end - 1))
    return line[:place] + line[place + 1 :], line


def misread(line: str, chance: Random) -> Broken:
    table = confusions()
    places = [place for place in range(2, len(line) - 2) if line[place] in table]
    if not places:
        return None
    place = chance.choice(places)
    return line[:place] + chance.choice(table[line[place]]) + line[place + 1 :], line


_GAPS = rf"(?<=[{HAN}])(?=[0-9])|(?<=[0-9%])(?=[{HAN}])"
#: Kind of damage -> (breaker, whether its repair is only suggested). The first word is the rule.
BREAKERS: dict[str, tuple[Breaker, bool]] = {
    "decoding utf-8 as gbk": (wrong_codec("utf-8", "gb18030"), False),
    "decoding utf-8 as gbk, bytes lost": (wrong_codec("utf-8", "gbk", errors="replace"), False),
    "decoding utf-8 as latin-1": (wrong_codec("utf-8", "latin-1"), False),
    "decoding utf-8 as cp1252, bytes lost": (wrong_codec("utf-8", "cp1252", errors="replace"), False),
    "decoding gbk as latin-1": (wrong_codec("gbk", "latin-1"), False),
    "decoding gbk as big5": (wrong_codec("gbk", "big5"), False),
    "decoding big5 as gbk": (wrong_codec("big5", "gb18030", script="hant", errors="replace"), False),
    "decoding big5 as latin-1": (wrong_codec("big5", "latin-1", script="hant"), False),
    "decoding twice, latin-1": (twice("utf-8", "latin-1", "latin-1"), False),
    "decoding twice, gbk": (twice("utf-8", "latin-1", "gb18030"), False),
    "decoding inside a line, gbk as latin-1": (inside(wrong_codec("gbk", "latin-1")), False),
    "decoding inside a line, utf-8 as gbk": (inside(wrong_codec("utf-8", "gb18030")), False),
    "decoding marks in a line, utf-8 as cp1252": (wrong_marks, False),
    "decoding lost bytes": (lost_bytes, True),
    "decoding one byte late": (one_byte_late(), True),
    "decoding one byte late, traditional": (one_byte_late("hant"), False),
    "glyphs radicals": (translated({char: radical for radical, char in radicals().items()}), False),
    "glyphs doubled radicals": (doubled_radicals, False),
    "glyphs bullets": (beginning, False),
    "glyphs compatibility": (translated(_compatibility()), False),
    "glyphs invisible": (invisible, False),
    "glyphs dots": (replaced("……", "⋯⋯"), False),
    "glyphs dashes": (replaced("(?<=.)——(?=.)", "———"), False),
    "glyphs half-width marks": (translated({"。": "｡", "、": "､", "「": "｢", "」": "｣"}), False),
    "glyphs dots in names": (replaced(rf"(?<=[{HAN}])·(?=[{HAN}])", "・"), False),
    "bold characters three times": (bold_characters(3), False),
    "bold characters twice": (bold_characters(2), False),
    "bold heading": (bold_heading, False),
    "bold phrases": (bold_phrases, False),
    "bold words": (doubled(2, 4), False),
    "bold few words": (doubled(2, 3), True),
    "bold one word": (doubled(2, 1), True),
    "bold one phrase": (doubled(6, 1), True),
    "spacing numbers": (replaced(_GAPS, " ", 0.7), False),
    "spacing Latin": (replaced(rf"(?<=[{HAN}])(?=[A-Za-z])|(?<=[A-Za-z])(?=[{HAN}])", " ", 0.8), False),
    "spacing marks": (replaced(rf"(?<=[，。、；：])(?=[{HAN}])|(?<=[{HAN}])(?=[，。；])", " ", 0.3), False),
    "spacing opening marks": (replaced("(?<=[“《（])", " ", 0.5), False),
    "spacing quotation marks": (replaced(rf"(?<=”)(?=[{HAN}])|(?<=[{HAN}])(?=“)", " "), False),
    "spacing signs": (replaced(rf"(?<=[{HAN}])(?=[+%/])", " "), False),
    "spacing over the end of a line": (over_the_end, False),
    "spacing letters with marks": (spaced_with_marks, False),
    "spacing wide words": (wide_word, False),
    "spacing speakers": (speaker, False),
    "spacing letters": (letter_spaced, False),
    "spacing names": (byline, False),
    "punctuation marks": (translated(dict(zip("，；：？！", ",;:?!", strict=True))), False),
    "punctuation brackets": (translated(dict(zip("（）", "()", strict=True))), False),
    "punctuation straight quotes": (translated(dict(zip("“”", '""', strict=True))), False),
    "punctuation full stops": (replaced(rf"(?<=[{HAN}])。\Z", "."), False),
    "punctuation full stops inside": (replaced(rf"(?<=[{HAN}])。(?=[{HAN}])", "."), False),
    "punctuation dots": (replaced("……", "..."), False),
    "punctuation doubled marks": (replaced(rf"(?<=[{HAN}])([，、；])(?=[{HAN}])", r"\1\1", 0.3), False),
    "punctuation two marks": (two_marks, False),
    "punctuation single quotes": (translated(dict(zip("‘’", "''", strict=True))), False),
    "punctuation turned quotes": (replaced(r"(?<=：)“|(?<=[。！？])”", lambda m, _: "”“"[m.group() == "”"]), False),
    "punctuation stray quotes": (replaced("(?=[，。、])", "“", 0.2), True),
    "insertions pinyin": (with_pinyin, False),
    "insertions one reading": (with_reading, True),
    "insertions entities": (with_entities, False),
    "insertions tags": (with_tags, False),
    "insertions escapes": (with_escapes, False),
    "insertions notes": (with_note, True),
    "insertions lost characters": (with_hole, True),
    "punctuation lost quotes": (without_quote, True),
    "lookalike": (misread, True),
}  # fmt: skip
