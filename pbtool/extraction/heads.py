"""The noun phrase behind a number: what is counted.

The one idea: Chinese puts what is counted right behind the measure word (`40个示范点`), at most with a relative clause that
leads up to 的 between the two (`30名在外务工的青年`).
"""

from __future__ import annotations

from collections.abc import Sequence

from pbtool.extraction.clauses import AND, BLANK, Clause, Span
from pbtool.extraction.nominals import Word
from pbtool.extraction.phrases import words
from pbtool.language import model

_LONGEST_RELATIVE = 14  # characters of a relative clause between a number and its noun
_LONGEST_ATTRIBUTE = 4  # characters of a verb that is an attribute without 的 (28名新提拔干部)
_LONGEST_TAIL = 2  # characters behind a noun that still belong to it at the end of a clause (45户的定桩放样)
_AS_LIKELY = 1.0  # how much less likely the noun behind a relative clause may be (natural log of odds) than the one in it
_NO_TAIL = frozenset("的了过着等中里内上下后前、之时是为有都也就在被达与和")
_LONGEST_KEPT = 8  # characters of a relative clause that is kept with its noun
#: With these a clause about those who are counted begins, and no attribute of theirs.
_RURAL = ("乡村", "农村", "城市", "城区", "园区")
#: Ends of nouns that are measured, and not counted with 个.
_UNCOUNTED = frozenset("入值额量费金积率产济资")
_DOERS = frozenset("班队组团会站所员车库园区点馆院校网室厅")
#: Measure words of what takes place: a verb at the end of the clause is its name (55期专题报道).
_EVENTS = tuple("期场次届轮")
_AREAS = frozenset("村县乡镇市区")  # 20个选派村
_PREPOSITION = frozenset("在被把将到从向以与对由让给")
#: Behind a noun that is where or when something is done (在调研的基础上).
_PLACED = frozenset("上中下时内后前")
_PREDICATE = frozenset("在被把将到从向于为以与就都均也已是有由给让因对不没未处外内远长宽高深")


def head(clause: Clause, relative: bool = True) -> Span | None:
    """The noun phrase behind the number; with `relative` also past a clause that leads up to 的 (30名在外务工的青年)."""
    found = clause.behind
    at = _first(clause)
    if at == len(found):
        return None
    near = at if found[at].nominal else _past_attribute(clause, at)
    if near is None:
        far = _past_relative(clause, at) if relative else None
        return None if far is None else _with_relative(clause, at, far)
    stop = _of_areas(clause, near, _run_end(found, near))
    if relative and near > at and _past_relative(clause, stop) == stop + 1:
        odds = fits(clause, found[stop + 1 : _run_end(found, stop + 1)])
        if odds > fits(clause, found[near:stop]) - _AS_LIKELY:
            return _with_relative(clause, at, stop + 1)  # 符合条件的党员, but 后进党支部的阵地
    listed = _list_end(clause, stop)
    if listed > stop and len(found[stop - 1].text) == 1 and found[stop + 1].text[-1] == "级":
        return _closed(clause, at, listed)  # 省、市级示范村
    if _of_kind(clause, listed):
        return _closed(clause, listed + 1, _run_end(found, listed + 1))
    if stop < len(found) and found[stop].text == "的":
        aged = clause.text[clause.end - 1] in "岁上下"
        if relative and not aged and _past_relative(clause, stop) == stop + 1:
            odds = fits(clause, found[stop + 1 : _run_end(found, stop + 1)])
            if odds > fits(clause, found[near:stop]) + _AS_LIKELY:
                return _with_relative(clause, at, stop + 1)  # 热心公益事业的企业家
        return _closed(clause, at, stop) if relative else None
    led = stop < len(found) and found[stop].text[0] in _PREPOSITION  # 两对组合以第一的成绩晋级
    far = _past_relative(clause, stop) if relative and not led else None
    if far is not None and fits(clause, found[far : _run_end(found, far)]) > fits(clause, found[near:stop]):
        return _with_relative(clause, at, far)
    return _closed(clause, at, stop)


def _of_areas(clause: Clause, near: int, stop: int) -> int:
    """End of the run [near, stop) without what the areas that are counted have (19个村|集体经济收入, but 19个村党支部)."""
    found = clause.behind
    if clause.text[clause.end - 1] != "个" or found[stop - 1].text[-1] not in _UNCOUNTED:
        return stop
    areas = (
        at for at in range(near, stop - 1) if found[at].text[-1] in _AREAS and found[at].text not in _RURAL
    )
    return next(areas, stop - 1) + 1


def _with_relative(clause: Clause, at: int, far: int) -> Span:
    """The noun at word `far` with the relative clause from word `at` on, where that is short."""
    found = clause.behind
    begin = at if found[far].start - found[at].start <= _LONGEST_KEPT else far
    return _closed(clause, begin, _run_end(found, far))


def _first(clause: Clause) -> int:
    """Number of the first word behind the number that says something."""
    at = 0
    while at < len(clause.behind) and clause.behind[at].text.strip(BLANK + "的了") == "":
        at += 1
    return at


def _run_end(found: Sequence[Word], at: int) -> int:
    """Number of the word behind the nominal words from `at` on."""
    while at < len(found) and (found[at].nominal or _of_verb(found, at)):
        at += 1
    return at


def _of_verb(found: Sequence[Word], at: int) -> bool:
    """Whether word `at` is a verb between nouns of which the second, of one character, says what does or is done (提升|班)."""
    if not 0 < at < len(found) - 1 or len(found[at].text) != 2 or not found[at - 1].nominal:
        return False
    noun = found[at + 1]
    return noun.nominal and noun.text in _DOERS and found[at].text[0] not in _PREDICATE


def _closed(clause: Clause, begin: int, stop: int) -> Span:
    """The run of words [begin, stop) with the rest of its list, or with a short rest of the clause."""
    found, end = clause.behind, len(clause.behind)
    further = _list_end(clause, stop)
    rest = clause.text[found[further].start : found[-1].end] if further < end else ""
    whole = not clause.text[clause.right : clause.right + 1].isdigit()
    tail = clause.text.startswith("的", clause.end) or further > stop
    tail = tail or clause.text.endswith(_EVENTS, 0, clause.end)
    if whole and (not rest or tail and len(rest) <= _LONGEST_TAIL and rest[0] not in _NO_TAIL):
        stop = end
    return found[begin].start, found[stop - 1].end


def _list_end(clause: Clause, stop: int) -> int:
    """Number of the word behind the list that the run up to word `stop` begins."""
    found = clause.behind
    while stop + 1 < len(found) and found[stop].text in AND and found[stop + 1].nominal:
        stop = _run_end(found, stop + 1)
    return stop


def _past_attribute(clause: Clause, at: int) -> int | None:
    """Number of the nominal word behind a short verb that is its attribute (新提拔干部), None where none is."""
    found = clause.behind
    lead = found[at].text in words("lead").words and found[at].text not in ("拟", "待")
    if lead or found[at].text[0] in _PREDICATE:
        return None
    stop = at
    while stop < len(found) and not found[stop].nominal:
        if found[stop].text in AND or found[stop].text == "的":
            return None
        stop += 1
    if stop == len(found) or found[stop].start - found[at].start > _LONGEST_ATTRIBUTE:
        return None
    size = found[_run_end(found, stop) - 1].end - found[stop].start
    return stop if size > 1 or found[stop].text in _AREAS else None


def _past_relative(clause: Clause, at: int) -> int | None:
    """Number of the nominal word that a relative clause leads up to, None where there is none."""
    found = clause.behind
    for place in range(at, len(found) - 1):
        if found[place].start - found[at].start > _LONGEST_RELATIVE:
            break
        if found[place].text == "的" and found[place + 1].nominal:
            stop = _run_end(found, place + 1)
            placed = stop < len(found) and found[stop].text in _PLACED
            return None if placed else place + 1
    return None


def _of_kind(clause: Clause, stop: int) -> bool:
    """Whether the run that ends at word `stop` only says of what kind the thing behind 的 is (国家级的示范点)."""
    found = clause.behind
    followed = stop + 1 < len(found) and found[stop].text == "的" and found[stop + 1].nominal
    return followed and found[stop - 1].text[-1] in "级型式性类"


def fits(clause: Clause, run: Sequence[Word]) -> float:
    """How much likelier the noun that ends a run of words is behind the measure word than behind 的, as the model has it."""
    noun = run[-1].text
    if len(noun) < 2 and len(run) > 1:
        noun = run[-2].text + noun
    counted, named = "0" + clause.text[clause.end - 1], "的"
    return model().between(counted, (noun,), "")[0] - model().between(named, (noun,), "")[0]


def predicate(clause: Clause) -> Span | None:
    """What those who are counted do or are: the words behind the number up to the end of the first noun phrase."""
    found = clause.behind
    at = stop = _first(clause)
    while stop < len(found) and not found[stop].nominal:
        stop += 1
    if stop == len(found):
        return None
    return found[at].start, found[_run_end(found, stop) - 1].end


def described(clause: Clause) -> Span | None:
    """What is said of those who are counted, where 的 alone stands for them (9名吃苦耐劳、肯动脑筋的当上组长)."""
    found = clause.behind
    particle = next((at for at, word in enumerate(found) if word.text == "的"), 0)
    alone = particle + 1 < len(found) and not found[particle + 1].nominal
    if not particle or not alone or not found[0].nominal:
        return None
    short = found[particle].start - found[0].start <= _LONGEST_RELATIVE
    return (found[0].start, found[particle].start) if short else None
