"""Names in conversion: which stretches of a text are names, and what their characters become in traditional script.

The one idea: a name has its own spelling, whatever its characters mean elsewhere. 于谦 is no 於, 余某 no 餘, 范县 no 範.
Places come from a table of those that OpenCC by itself gets wrong; people are found by a surname beside an office, a
form of address or a verb of saying, and once found are known everywhere in the document.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Sequence

from pbtool import tables
from pbtool.conversion.engine import Stage, compiled, converter, table

#: Stretch of the simplified text, and what it is in traditional script (OpenCC's standard).
Name = tuple[int, int, str]

#: Characters that stay what they are in the names of people, where running text mostly wants another form.
_SELF = frozenset("于余范后里干征斗岳郁涂台几朴党种占采咸游涌谷松姜沈仇向卜舍曲栗岩")
_OTHER = {"冲": "沖", "钟": "鍾"}

#: Surnames that a conversion endangers, and the other frequent ones, whose given names may be endangered.
_RISKY = "于余范岳郁涂朴游钟谷仇沈姜曲栗"
_COMMON = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏汪"
    "田任方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温"
    "芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢路齐梅莫庄辛管祝左时耿牟卞詹关苗凌费纪靳盛童欧甄项裴席卫查屈鲍位覃霍翁隋植甘景单包司柏宁柯阮桂闵"
)
_OFFICE = (
    "书记|主席|主任|部长|局长|县长|市长|省长|区长|镇长|乡长|村长|社长|校长|院长|处长|科长|所长|站长|会长|厂长|队长|组长|"
    "班长|馆长|司长|厅长|州长|旗长|委员|常委|代表|秘书长|总经理|董事长|经理|教授|院士|专家|医生|教师|老师|校友|"
    "记者|通讯员|作者|编辑|校对|摄影|党员|村民|居民|社员|干部|员工|选手|同志|烈士|英雄|模范|诗人|作家|学者|将军|县令|"
    "战士|学生|工程师|支书|专员|律师|民警|法官|检察官"
)
_AFTER = (
    "同志|先生|女士|小姐|老师|教授|院士|书记|主席|主任|部长|局长|县长|市长|省长|区长|镇长|乡长|村长|校长|院长|处长|科长|"
    "所长|站长|会长|厂长|队长|经理|医生|大夫|师傅|将军|烈士|说道|说|表示|介绍|强调|指出|认为|告诉|坦言|感慨|回忆|笑着|"
    "家住|出生|带领|等人|等同志|主持|出席|深入"
)
_BOUND = "、，。；：！？,.;:!?（）()《》“”‘’\"' \u3000\n"

_AFTER_OFFICE = re.compile(rf"(?:{_OFFICE})[:： \u3000]?(?=[{_RISKY}{_COMMON}])")
_BEFORE_TITLE = re.compile(rf"(?=(?P<name>[{_RISKY}][\u4e00-\u9fff]{{0,2}}?)(?:{_AFTER}))")
_CALLED = re.compile(rf"[{_RISKY}](?:某某|某)")
_LISTED = re.compile(
    rf"(?<=[{_BOUND}])(?P<name>[{_RISKY}][\u4e00-\u9fff]{{1,2}})(?=[、 \u3000）)][{_RISKY}{_COMMON}][\u4e00-\u9fff]{{1,2}}[{_BOUND}])"
)
_ENDS = re.compile(rf"[{_BOUND}]|$|(?:{_AFTER})|[在到向对为与和及同是任将把被等的曾已也就从又还给]")


def names(text: str, known: Collection[str] = ()) -> list[Name]:
    """The names of people and places in a simplified `text`, sorted, without overlaps.

    `known` are names that were found elsewhere, by an extraction for example. Whether 于 or 余 before a word is a
    surname at all is left to the language model where there is one.
    """
    # The line end in front lets phrases that begin a line match at the beginning of the text as well.
    found: list[Name] = [
        (start - 1, end - 1, form) if start else (0, end - 1, form[1:])
        for start, end, form in places().matches("\n" + text)
    ]
    people = {name for name in known if name}
    singles = []
    for start, end in _people(text):
        if text[start + 1] != "某" and (_is_word(text, start, end) or not _is_surname(text, start)):
            continue
        singles.append((start, end, person_form(text[start:end])))
    singles += [(start, end, person_form(text[start:end])) for start, end in _weighed(text)]
    people.update(text[start:end] for start, end, _ in singles if end - start > 2 and text[start] in _RISKY)
    found += [(match.start(), match.end(), person_form(match.group())) for match in _literal(people, text)]
    return _disjoint([*found, *singles])


def person_form(name: str) -> str:
    """A person's name in traditional script: surnames and given names keep the forms that names have."""
    known = converter("s2t").stages[0].phrases.get(name)
    if known is not None:
        return known
    usual = table("STCharacters.txt")
    return "".join(char if char in _SELF else _OTHER.get(char, usual.get(char, char)) for char in name)


def kept(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Where the words that a user wants left alone stand."""
    return [match.span() for match in _literal({word for word in words if word}, text)]


@functools.cache
def places() -> Stage:
    """The places and phrases that OpenCC by itself gets wrong, with what they are in traditional script."""
    phrases = {
        key.replace("^", "\n"): form.replace("^", "\n") for key, form in tables.rows("phrase_forms.tsv")
    }
    return compiled({**phrases, **tables.pairs("place_forms.tsv")})


@functools.cache
def places_back() -> Stage:
    """Places in traditional script, in the forms of OpenCC's standard, Taiwan and Hong Kong, with their names."""
    rows = {}
    for name, form in tables.rows("place_forms.tsv") + tables.rows("phrase_forms.tsv"):
        if form in rows and converter("t2s").convert(name) != name:
            continue  # an older coding of a name that the table also has as it is written today
        for config in ("t2tw", "t2hk"):
            rows[converter(config).convert(form)] = name
        rows[form] = name
    return compiled(rows)


def _people(text: str) -> Iterator[tuple[int, int]]:
    for match in _AFTER_OFFICE.finditer(text):
        start = match.end()
        end = _end_of_name(text, start)
        if end:
            yield start, end
    for pattern in (_BEFORE_TITLE, _LISTED):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            if pattern is _LISTED or _opens(text, start):
                yield start, end
    for match in _CALLED.finditer(text):
        yield match.span()


#: Surnames with which everyday words begin as well, and words that are taken for themselves before anything.
_WORDS = frozenset("于余范谷曲游")
_EVERYDAY = frozenset(
    ("于是", "于此", "余下", "余地", "余额", "范围", "范例", "范畴", "范本", "谷物", "曲线", "游客")
)


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether what looks like a name is a phrase of the dictionary that says another form than a name has (于是, 范围)."""
    if text[start] not in _WORDS:
        return False
    if text[start : start + 2] in _EVERYDAY:
        return True
    form = converter("s2t").stages[0].phrases.get(text[start:end])
    return form is not None and form[0] != person_form(text[start])


#: How far around a surname the extraction's model sees, and the log-odds from which its names are believed.
_AROUND = 15
_LEAST = 1.0


def _weighed(text: str) -> Iterator[tuple[int, int]]:
    """Names that begin with an endangered surname, as the extraction's model of names sees them."""
    phrases = converter("s2t").stages[0].phrases
    spots = [
        match.start()
        for match in re.finditer(f"[{_RISKY}]", text)
        if phrases.get(text[max(0, match.start() - 1) : match.end()]) is None
        and text[match.start() : match.start() + 2] not in phrases
    ]
    if not spots:
        return
    try:
        from pbtool.extraction.names import find_names
    except ImportError:
        return
    wanted = set(spots)
    low = high = 0
    for spot in (*spots, len(text) + 2 * _AROUND):
        if spot - _AROUND > high:
            window = text[low:high]
            for name in find_names(window, _LEAST) if high > low else ():
                if low + name.start in wanted and name.kind == "given":
                    yield low + name.start, low + name.end
            low = max(0, spot - _AROUND)
        high = min(len(text), spot + _AROUND)


def _opens(text: str, start: int) -> bool:
    """Whether a name may begin here: after a sign, a space, or an office."""
    before = text[max(0, start - 4) : start]
    return not before or before[-1] in _BOUND or re.search(rf"(?:{_OFFICE})$", before) is not None


def _end_of_name(text: str, start: int) -> int:
    """Where a name that begins at `start` ends: after three characters or two, where something begins that may follow."""
    for length in (3, 2):
        piece = text[start : start + length]
        if len(piece) == length and all("\u4e00" <= char <= "\u9fff" for char in piece):
            if piece[1] == "某" and length == 2 and text[start + 2 : start + 3] != "某":
                return start + 2
            if _ENDS.match(text, start + length):
                return start + length
    return 0


def _is_surname(text: str, start: int) -> bool:
    """Whether the character is a surname, not 于 as a preposition or 余 as "more than", as the language model sees it."""
    if text[start] not in _STANDINS:
        return True
    scores = alternatives(
        text[max(0, start - 12) : start], _STANDINS[text[start]], text[start + 1 : start + 7]
    )
    return scores is None or max(scores[:2]) >= max(scores[2:])


#: Words that mean one reading only: two surnames, then what the character says otherwise.
_STANDINS = {"于": ("李", "王", "在", "对"), "余": ("李", "王", "多", "剩")}


def alternatives(left: str, words: Sequence[str], right: str) -> list[float] | None:
    """What the language model thinks of each word between `left` and `right`; None where there is no model."""
    try:
        from pbtool.language import model

        return list(model().alternatives(left, words, right))
    except (ImportError, OSError):
        return None


def _literal(words: Collection[str], text: str) -> Iterator[re.Match[str]]:
    if not words:
        return iter(())
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return re.finditer("|".join(map(re.escape, ordered)), text)


def _disjoint(found: Sequence[Name]) -> list[Name]:
    """Names in order; of two that overlap the longer one."""
    result: list[Name] = []
    for name in sorted(set(found), key=lambda item: (item[0], -item[1])):
        if not result or name[0] >= result[-1][1]:
            result.append(name)
        elif name[1] - name[0] > result[-1][1] - result[-1][0]:
            result[-1] = name
    return result
