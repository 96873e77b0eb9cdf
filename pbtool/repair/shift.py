"""Signs whose GB lead byte was shifted: `袁` for `，`, `园` for `０`, `犌犅` for `ＧＢ`.

The one idea: a text is a chain of font runs, each with its punctuation shifted or not and its digits and letters shifted
or not. The language model says how likely each reading of a cluster of candidates is; a hidden Markov chain over the
clusters says which kind of run they stand in; together they give each candidate its probability of being a sign.

Everything works in windows of bounded length, so time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from math import exp, log, log1p
from typing import NamedTuple

from pbtool.document import FontRun
from pbtool.edits import Edit, Grade
from pbtool.language import END, LanguageModel, State, folding, model

RULE = "shift"
PUNCTUATION, ALNUM = 1, 2

_ROWS = (0xA1, 0xA2, 0xA3, 0xA6)
_SHIFT = 0x31
_FOUNDER = {0xB1: ".", 0xB2: "-"}  # Founder's own row AA: half-width signs inside numbers

_BULLETS = "■□◆◇●○▲△★☆"  # stand at the beginning of a line, and what follows begins there

_PROSE = "，。、；：？！“”‘’（）《》〈〉【】…·％■０１２３４５６７８９\u3000"  # what Chinese prose is full of
_DASH = "要"  # common as itself, but so is its sign, and it often stands alone

_PAIRS = ("“”", "‘’", "（）", "《》", "〈〉", "【】", "「」", "『』", "〔〕")
_PAIR = 120  # how far a bracket reaches
_TOGETHER, _ALONE = 4.0, 2.5  # what its partner adds to a bracket, and what no partner takes from it (nats)

_NOWHERE: State = (-1, -1, -1)
_CORE = 4000  # characters judged together
_REACH = 160  # how far around a suspicious character the run is followed
_GAP = 3  # a character feels what was read up to three characters before
_BEAM = 24
_HOPELESS = 10.0  # nats
_LONGEST = 120  # characters in one cluster
_MEMO = 1 << 15

# Prior odds of the chain; see the card of `scripts/evaluate_repair.py` for the curves behind them.
_BEGIN = 1e-8  # a shifted run begins at a character of a text that showed none
_BEGIN_MOST = 2e-3
_STOP = 1 / 300
_BREAK = 25  # the end of a line counts as so many characters: runs change with headings and bylines
_CLEAN = 2.2  # cost of a clean sign inside a run of shifted ones
_PRESENT = 1.0  # what a sign is favoured by in a run of shifted ones
_WRAP = -1.5  # a line's end that ends nothing
_BLANK = -5.0  # an ideographic space where text goes on
_BULLET = 1.5  # `■` where a line begins: nearly nothing else begins with `姻`, which the model cannot know
_RARE_BULLET = -6.0  # the others, whose characters begin many a word
_UNUSUAL = -8.0  # a sign that the model counts as a commoner one, such as the sign of ratio
_STRAY = -14.0  # a bullet anywhere else
_SPARSE = 100  # a stretch with fewer signs than one in so many characters is looked at again
_ENOUGH = 3  # signs shown for certain make a text one that holds shifted signs
_BEGIN_AGAIN = 5e-4  # the most that a second look assumes
_SUSPECT = 5.0  # how much better (in nats) a sign must fit than the character for a closer look
_SUSPECT_AGAIN = 0.0  # the same on a second look
_OBVIOUS = -9.0  # so bad between its two neighbours that no closer look is needed

SURE, LIKELY, SUGGESTED = 0.999, 0.9, 0.5


# Surnames among the candidates, with their share of the people of China (rounded); each can stand wherever the commonest
# two can, in that proportion, and given names follow it as they follow those.
_STAND_INS = ("王", "李")
_SURNAMES = {
    char: log(share / 0.144)
    for char, share in {
        "袁": 5.4e-3,
        "叶": 4.2e-3,
        "尧": 4e-5,
        "苑": 3e-4,
        "元": 2e-4,
        "原": 3e-4,
        "冶": 2e-5,
    }.items()
}


Modes = tuple[float, float, float, float]  # one value for each kind of run: neither, punctuation, alnum, both


Beam = dict[
    tuple[int, int, State], float
]  # (candidates read as signs, kinds of sign used, state): log-probability


class Sign(NamedTuple):
    """What a shifted character stands for: the sign, its kind, what the model counts it as, and a prior."""

    char: str
    kind: int
    folded: str
    cost: float


class Cluster(NamedTuple):
    """Candidates near each other: their places, and what the model says of their readings (see `_readings`)."""

    start: int
    end: int
    places: tuple[int, ...]
    readings: Readings


class Readings(NamedTuple):
    """Readings of a cluster: (mask of the candidates read as signs, kinds of sign used, log-probability)."""

    choices: tuple[tuple[int, int, float], ...]
    by_mode: Modes  # what the cluster says of each kind of run


@lru_cache(maxsize=1)
def signs() -> dict[str, Sign]:
    """Every character that a shifted sign can look like, by arithmetic on the codec."""
    table = folding()
    found = {}
    for lead in _ROWS:
        for trail in range(0xA1, 0xFF):
            try:
                sign = bytes([lead, trail]).decode("gbk")
            except UnicodeDecodeError:
                continue
            kind = ALNUM if sign.translate(table) in ("0", "A", "a") or sign in "．－／" else PUNCTUATION
            counted = "" if sign in _BULLETS else sign.translate(table)
            cost = _prior(sign, counted, kind)
            found[bytes([lead + _SHIFT, trail]).decode("gbk")] = Sign(sign, kind, counted, cost)
    for trail, sign in _FOUNDER.items():
        found[bytes([0xAA + _SHIFT, trail]).decode("gbk")] = Sign(sign, ALNUM, sign, 0.0)
    return found


def _prior(sign: str, counted: str, kind: int) -> float:
    """What a sign costs beside what the model says, which passes over spaces and bullets and takes some signs for others."""
    if not counted:
        return _BULLET if sign == "■" else _RARE_BULLET if sign in _BULLETS else _BLANK
    return _UNUSUAL if kind == PUNCTUATION and counted != _half(sign) else 0.0


def _half(sign: str) -> str:
    """The half-width form of a full-width sign, any other as it is."""
    return chr(ord(sign) - 0xFEE0) if 0xFF01 <= ord(sign) <= 0xFF5E else sign


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Candidates, their signs no part of all prose, so common as themselves that they are looked at only beside other candidates of their kind."""
    judge = model()
    result = set()
    for char, sign in signs().items():
        if sign.char in _PROSE:
            continue
        own = judge.step(_NOWHERE, char)[1]
        other = judge.step(_NOWHERE, sign.folded)[1] if sign.folded else _BLANK
        if own - other > 2.0:
            result.add(char)
    return frozenset(result)


@lru_cache(maxsize=1)
def _seeds() -> re.Pattern[str]:
    return re.compile("[" + "".join(sorted(set(signs()) - _common())) + "]")


@lru_cache(maxsize=1)
def _candidates() -> re.Pattern[str]:
    return re.compile("[" + "".join(sorted(signs())) + "]")


@lru_cache(maxsize=1)
def _clean_signs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds clean punctuation, and clean digits and letters."""
    ascii_alnum = "0-9A-Za-z"
    punctuation = "".join(sorted(sign.char for sign in signs().values() if sign.kind == PUNCTUATION))
    alnum = "".join(sorted(sign.char for sign in signs().values() if sign.kind == ALNUM))
    return (
        re.compile(f"[,;:!?(){re.escape(punctuation.replace(chr(0x3000), ''))}]"),
        re.compile(f"[{ascii_alnum}{re.escape(alnum)}]"),
    )


def propose_shift(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Signs whose GB lead byte was shifted by 0x31 become themselves again; so do shifted italic letters (A3 to A0).

    What it repairs: `袁遥尧野冶渊冤院` for `，。、“”（）：`, `圆园员源` for `２０１４`, `粤孕孕` for `ＡＰＰ`, `摇` for an ideographic space,
    `姻` for `■`, `郾` for a decimal point, `犌犅` for `ＧＢ`; in short every sign of the rows A1, A2, A3, A6 of GB 2312, and two
    of Founder's own row AA.

    How it comes about: Founder's typesetting stores every sign that is not Han as a double byte of its own; fonts without
    a map to Unicode give it out with a lead byte 0x31 too high (D2 for A1, D4 for A3), or 3 too low in italic letters.

    Example:
        >>> from pbtool.edits import apply
        >>> text = "加强党的建设袁提高执政能力，建设高素质干部队伍。"
        >>> apply(text, propose_shift(text))
        '加强党的建设，提高执政能力，建设高素质干部队伍。'

    When it is wrong: a rare name (`袁`, `尧`, `叶`) right where a comma could stand; a lone sign whose character also makes
    a word there (`庭院` over a line's end).

    Source: GB 2312 and the `gbk` codec; measured on texts of Founder's typesetting and on held-out press text that was
    broken on purpose (`scripts/make_broken.py`, `scripts/evaluate_repair.py`).
    """
    half = _half_width(text)
    chances = _first_look(text, fonts)
    edits = [_edit(text, place, chance, half) for place, chance in chances.items() if chance >= SUGGESTED]
    edits.extend(_italics(text, half))
    edits.sort(key=lambda edit: edit.start)
    return _consistent(text, edits)


def _first_look(text: str, fonts: Sequence[FontRun]) -> dict[int, float]:
    """The chance of every candidate worth a look; where the text shows shifted signs, a second look everywhere else.

    The first look asks of each stretch that it be convincing alone. In a text that holds shifted signs for certain, a
    heading or a byline far from them needs less.
    """
    result: dict[int, float] = {}
    dense: list[tuple[int, int]] = []
    shown = [0, 0]
    for low, high in _windows(text, _SUSPECT, 0, len(text)):
        chances = _window(text, low, high, fonts, (_BEGIN, _BEGIN))
        sure = [signs()[text[place]].kind - 1 for place, chance in chances.items() if chance > SURE]
        shown[0] += sure.count(0)
        shown[1] += sure.count(1)
        if len(sure) * _SPARSE > high - low:
            dense.append((low, high))
        result.update(chances)
    if max(shown) >= _ENOUGH:
        rates = tuple(min(_BEGIN_AGAIN, max(_BEGIN, 0.05 * amount / len(text))) for amount in shown)
        for low, high in _gaps(dense, len(text)):
            for start, end in _windows(text, _SUSPECT_AGAIN, low, high):
                result.update(_window(text, start, end, fonts, rates))
    return result


def _gaps(spans: Sequence[tuple[int, int]], end: int) -> Iterator[tuple[int, int]]:
    """What lies between sorted spans."""
    place = 0
    for low, high in [*spans, (end, end)]:
        if place < low:
            yield place, low
        place = max(place, high)


def _consistent(text: str, edits: list[Edit]) -> list[Edit]:
    """A surname that the text keeps before the same given name elsewhere is at most a suggestion."""
    if not any(edit.before in _SURNAMES for edit in edits):
        return edits
    changed = {edit.start for edit in edits}
    kept = Counter(found.group() for found in _names().finditer(text) if found.start() not in changed)
    lost = Counter(text[edit.start : edit.start + 3] for edit in edits)
    return [
        replace(edit, grade="suggested", confidence=0.5)
        if edit.before in _SURNAMES
        and 0 < lost[text[edit.start : edit.start + 3]] <= kept[text[edit.start : edit.start + 3]]
        else edit
        for edit in edits
    ]


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    core = "".join(char for char, sign in signs().items() if sign.char in _PROSE)
    return re.compile(f"[{''.join(_SURNAMES)}](?:(?![{core}])[\u4e00-\u9fff]){{2}}")


def _half_width(text: str) -> bool:
    """Whether the digits and letters that stand clean in the text are mostly half-width."""
    half = sum(map(text.count, "0123456789")) + sum(map(text.count, "aeiouAEIOU"))
    full = sum(map(text.count, "０１２３４５６７８９")) + sum(map(text.count, "ａｅｉｏｕＡＥＩＯＵ"))
    return half > full


# -- where to look ------------------------------------------------------------------------------------------------------


def _windows(text: str, limit: float, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches of at most `_CORE` characters of text[begin:end] around everything suspicious."""
    low = high = -1
    for place in _suspects(text, limit, begin, end):
        if place - _REACH > high:
            if high >= 0:
                yield from _pieces(low, min(high, end))
            low = max(begin, place - _REACH)
        high = place + _REACH
    if high >= 0:
        yield from _pieces(low, min(high, end))


def _pieces(low: int, high: int) -> Iterator[tuple[int, int]]:
    for start in range(low, high, _CORE):
        yield start, min(start + _CORE, high)


def _suspects(text: str, limit: float, begin: int, end: int) -> Iterator[int]:
    """Places of candidates that fit their neighbours better as signs by `limit`; none within a stretch already looked at."""
    passed = -1
    narrow: dict[str, bool] = {}
    wide: dict[str, bool] = {}
    for found in _seeds().finditer(text, begin, end):
        place = found.start()
        if place < passed:
            continue
        near = text[place - 1 : place + 2] if place else text[:2]
        obvious = narrow.get(near)
        if obvious is None:
            obvious = narrow[near] = _gain(text, place, 1) < _OBVIOUS
        if obvious:
            continue
        around = text[max(0, place - 5) : place + 6]
        suspect = wide.get(around)
        if suspect is None:
            if len(wide) > _MEMO:
                wide.clear()
                narrow.clear()
            suspect = wide[around] = _gain(text, place, 5) > limit
        if suspect:
            passed = place + _REACH // 2
            yield place


def _gain(text: str, place: int, reach: int) -> float:
    """How much better (in nats) the sign fits than the character, within `reach` characters."""
    judge, table = model(), folding()
    sign = signs()[text[place]]
    left = text[max(0, place - reach) : place].translate(table)
    right = text[place + 1 : place + 1 + reach].translate(table)
    best = -1e9
    for before, after in ((left, right), (left.replace(END, ""), right.replace(END, ""))):
        state = judge.walk(_NOWHERE if place > reach or before else judge.start, before)[0]
        own = judge.walk(state, text[place] + after)[1]
        stray = _STRAY if sign.char in _BULLETS and state != judge.start else 0.0
        best = max(best, judge.walk(state, sign.folded + after)[1] + sign.cost + stray - own)
    return best


# -- clusters and their readings ----------------------------------------------------------------------------------------


def _window(
    text: str, low: int, high: int, fonts: Sequence[FontRun], begin: tuple[float, ...]
) -> dict[int, float]:
    """The chances of the candidates of one stretch, judged with what stands around it."""
    clusters = _clusters(text, max(0, low - _REACH), min(len(text), high + _REACH))
    if not clusters:
        return {}
    chances: dict[int, float] = {}
    for cluster, weights in zip(clusters, _chain(text, clusters, fonts, begin), strict=True):
        chances.update(zip(cluster.places, _chances(cluster, weights), strict=True))
    paired = _paired(text, chances)
    return {place: chance for place, chance in paired.items() if low <= place < high and chance > 1e-3}


def _edit(text: str, place: int, chance: float, half: bool) -> Edit:
    sign = signs()[text[place]]
    after = _half(sign.char) if half and sign.kind == ALNUM else sign.char
    return Edit(place, place + 1, text[place], after, RULE, _grade(chance), round(min(chance, 0.99999), 5))


def _grade(chance: float) -> Grade:
    if chance >= SURE:
        return "sure"
    return "likely" if chance >= LIKELY else "suggested"


def _clusters(text: str, low: int, high: int) -> list[Cluster]:
    """The candidates of text[low:high], gathered where one can feel the other."""
    groups: list[list[int]] = []
    common = _common()
    for found in _candidates().finditer(text, low, high):
        place = found.start()
        if text[place] in common and text[place] != _DASH and not _accompanied(text, place):
            continue
        last = groups[-1] if groups else None
        if last and _near(text, last[-1], place) and place - last[0] < _LONGEST:
            last.append(place)
        else:
            groups.append([place])
    return [_cluster(text, tuple(group)) for group in groups]


def _near(text: str, one: int, other: int) -> bool:
    if other - one <= _GAP + 1:
        return True
    return other - one <= 12 and len("".join(text[one + 1 : other].split())) <= _GAP


def _accompanied(text: str, place: int) -> bool:
    """Whether a sign of the same kind, clean or possibly shifted, stands right beside."""
    table, kind = signs(), signs()[text[place]].kind
    clean = _clean_signs()[1]
    for beside in (text[place - 1 : place], text[place + 1 : place + 2]):
        if kind == PUNCTUATION:
            if beside == text[place]:
                return True
        elif beside and (clean.match(beside) or (beside in table and table[beside].kind == kind)):
            return True
    return False


def _cluster(text: str, places: tuple[int, ...]) -> Cluster:
    start, end = places[0], places[-1] + 1
    low, high = _context(text, start, -1), _context(text, end, 1)
    piece = text[low:high]
    offsets = tuple(place - low for place in places)
    return Cluster(start, end, places, _readings(piece, offsets, low == 0))


def _context(text: str, place: int, step: int) -> int:
    """The place `_GAP` visible characters (and at most twelve in all) before or behind `place`."""
    seen = 0
    for _ in range(12):
        at = place - 1 if step < 0 else place
        if seen == _GAP or not 0 <= at < len(text):
            break
        seen += not text[at].isspace()
        place += step
    return place


@lru_cache(maxsize=_MEMO)
def _readings(piece: str, offsets: tuple[int, ...], first: bool) -> Readings:
    """How likely the model finds each way to read the candidates of a piece of text."""
    judge = model()
    start = _beginning(judge, piece[: offsets[0]], first)
    beam = {(0, 0, state): score for state, score in start.items()}
    number, ended = 0, False
    for offset in range(offsets[0], len(piece)):
        if number < len(offsets) and offset == offsets[number]:
            beam, ended = _fork(judge, beam, piece[offset], number), False
            number += 1
            continue
        folded = piece[offset].translate(folding())
        if folded == END:
            beam = beam if ended else _soft_end(judge, beam)
            ended = True
        elif folded:
            beam, ended = _advance(judge, beam, folded), False
    return _summed(beam)


def _beginning(judge: LanguageModel, left: str, first: bool) -> dict[State, float]:
    """The states in which a cluster may begin; two where a line's end shortly before it may or may not end something."""
    folded = left.translate(folding()).lstrip(END)
    start = judge.start if first else _NOWHERE
    before, end, after = folded.rpartition(END)
    if not end:
        return {judge.walk(start, folded)[0]: 0.0}
    before = before.replace(END, "")
    state = judge.walk(start, before)[0]
    ended = judge.walk(state, END + after)
    joined = judge.walk(state, after)
    return {ended[0]: ended[1], joined[0]: joined[1] + _WRAP}


def _advance(judge: LanguageModel, beam: Beam, folded: str) -> Beam:
    step = judge.step
    after: Beam = {}
    for (mask, used, state), score in beam.items():
        state, value = step(state, folded)
        key = (mask, used, state)
        after[key] = _sum(after[key], score + value) if key in after else score + value
    return after


def _fork(judge: LanguageModel, beam: Beam, char: str, number: int) -> Beam:
    """Each hypothesis goes on with the character and with the sign."""
    sign, step = signs()[char], judge.step
    after: Beam = {}
    share = _SURNAMES.get(char)
    for (mask, used, state), score in beam.items():
        own, value = step(state, char)
        _add(after, (mask, used, own), score + value)
        if share:
            for stand_in in _STAND_INS:
                own, value = step(state, stand_in)
                _add(after, (mask, used, own), score + value + share)
        if sign.folded:
            state, value = step(state, sign.folded)
            score += value
        elif sign.char in _BULLETS and state != judge.start:
            score += _STRAY
        _add(after, (mask | 1 << number, used | sign.kind, state), score + sign.cost + _PRESENT)
    return _pruned(after)


def _soft_end(judge: LanguageModel, beam: Beam) -> Beam:
    """A line's end may end a sentence or only a line: both ways go on."""
    after: Beam = {}
    for (mask, used, state), score in beam.items():
        ended, value = judge.step(state, END)
        _add(after, (mask, used, ended), score + value)
        _add(after, (mask, used, state), score + _WRAP)
    return _pruned(after)


def _add(beam: Beam, key: tuple[int, int, State], score: float) -> None:
    old = beam.get(key)
    beam[key] = score if old is None else _sum(old, score)


def _sum(one: float, other: float) -> float:
    """log(exp(one) + exp(other))"""
    if one < other:
        one, other = other, one
    return one + log1p(exp(other - one)) if one - other < 40 else one


def _pruned(beam: Beam) -> Beam:
    """Of each set of kinds, the hypotheses that are not hopeless beside its best; at most `_BEAM` of them."""
    best = [-1e9] * 4
    for (_, used, _), score in beam.items():
        if score > best[used]:
            best[used] = score
    kept = {key: score for key, score in beam.items() if score > best[key[1]] - _HOPELESS}
    if len(kept) <= _BEAM:
        return kept
    ranked = sorted(kept.items(), key=lambda item: (best[item[0][1]] - item[1], item[0]))
    return dict(ranked[:_BEAM])


def _summed(beam: Beam) -> Readings:
    totals: dict[tuple[int, int], float] = {}
    for (mask, used, _), score in beam.items():
        old = totals.get((mask, used))
        totals[mask, used] = score if old is None else _sum(old, score)
    choices = tuple((mask, used, score) for (mask, used), score in sorted(totals.items()))
    by_mode = [-1e9] * 4
    for mode in range(4):
        for _, used, score in choices:
            if not used & ~mode:
                by_mode[mode] = _sum(by_mode[mode], score)
    return Readings(choices, (by_mode[0], by_mode[1], by_mode[2], by_mode[3]))


# -- the chain of runs --------------------------------------------------------------------------------------------------


def _chain(
    text: str, clusters: Sequence[Cluster], fonts: Sequence[FontRun], begin: tuple[float, ...]
) -> list[Modes]:
    """For each cluster, the probability of each kind of run; the rate at which runs begin is learnt in a second pass."""
    lengths, costs = _between(text, clusters)
    result = _passes(clusters, lengths, costs, begin)
    shown = [sum(w[kind] + w[3] for w in result) for kind in (PUNCTUATION, ALNUM)]
    size = clusters[-1].end - clusters[0].start + _CORE // 4
    learnt = tuple(
        min(_BEGIN_MOST, max(rate, 0.2 * amount / size)) if amount > 0.5 else rate
        for rate, amount in zip(begin, shown, strict=True)
    )
    return result if learnt == begin else _passes(clusters, lengths, costs, learnt)


def _between(text: str, clusters: Sequence[Cluster]) -> tuple[list[float], list[Modes]]:
    """How far each cluster lies from the last one, and what the clean signs up to its end cost in each kind of run."""
    punctuation, alnum = _clean_signs()
    lengths: list[float] = []
    costs: list[Modes] = []
    last = max(0, clusters[0].start - _REACH)
    for cluster in clusters:
        gap = text[last : cluster.end]
        lengths.append(len(gap) + _BREAK * gap.count("\n"))
        marks = min(3, len(punctuation.findall(gap))) * _CLEAN
        others = _CLEAN if alnum.search(gap) else 0.0
        costs.append((0.0, marks, others, marks + others))
        last = cluster.end
    return lengths, costs


def _passes(
    clusters: Sequence[Cluster], lengths: Sequence[float], costs: Sequence[Modes], begin: Sequence[float]
) -> list[Modes]:
    """Forward and backward over the chain of four kinds of run (neither, punctuation, digits and letters, both)."""
    moves = [_moves(length, begin) for length in lengths]
    said = [_said(cluster.readings.by_mode, cost) for cluster, cost in zip(clusters, costs, strict=True)]
    one, two = (rate / (rate + _STOP) for rate in begin)
    now: Modes = ((1 - one) * (1 - two), one * (1 - two), (1 - one) * two, one * two)
    forward = []
    for move, (a, b, c, d) in zip(moves, said, strict=True):
        w, x, y, z = _moved(now, *move)
        now = _normal(w * a, x * b, y * c, z * d)
        forward.append(now)
    result: list[Modes] = []
    behind: Modes = (1.0, 1.0, 1.0, 1.0)
    for index in range(len(clusters) - 1, -1, -1):
        (w, x, y, z), (a, b, c, d) = forward[index], behind
        result.append(_normal(w * a, x * b, y * c, z * d))
        w, x, y, z = said[index]
        (on, off), (on_too, off_too) = moves[index]
        behind = _normal(*_felt((w * a, x * b, y * c, z * d), on, off, on_too, off_too))
    result.reverse()
    return result


def _said(by_mode: Modes, cost: Modes) -> Modes:
    a, b, c, d = (value - less for value, less in zip(by_mode, cost, strict=True))
    top = max(a, b, c, d)
    return exp(a - top), exp(b - top), exp(c - top), exp(d - top)


def _normal(a: float, b: float, c: float, d: float) -> Modes:
    total = a + b + c + d
    return max(a / total, 1e-300), max(b / total, 1e-300), max(c / total, 1e-300), max(d / total, 1e-300)


def _moves(length: float, begin: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """For punctuation and for digits and letters: the chances that over `length` characters a run begins, or stops."""
    one, two = begin
    return _move(length, one), _move(length, two)


def _move(length: float, rate: float) -> tuple[float, float]:
    whole = rate + _STOP
    change = 1 - exp(-whole * length)
    return change * rate / whole, change * _STOP / whole


def _moved(now: Modes, one: tuple[float, float], two: tuple[float, float]) -> Modes:
    """The chances of the kinds of run a stretch further on."""
    (a, b, c, d), (on, off), (on_too, off_too) = now, one, two
    a, b = a * (1 - on) + b * off, a * on + b * (1 - off)
    c, d = c * (1 - on) + d * off, c * on + d * (1 - off)
    a, c = a * (1 - on_too) + c * off_too, a * on_too + c * (1 - off_too)
    b, d = b * (1 - on_too) + d * off_too, b * on_too + d * (1 - off_too)
    return a, b, c, d


def _felt(later: Modes, on: float, off: float, on_too: float, off_too: float) -> Modes:
    """The same the other way round: what each kind of run expects of what comes."""
    a, b, c, d = later
    a, b = a * (1 - on) + b * on, a * off + b * (1 - off)
    c, d = c * (1 - on) + d * on, c * off + d * (1 - off)
    a, c = a * (1 - on_too) + c * on_too, a * off_too + c * (1 - off_too)
    b, d = b * (1 - on_too) + d * on_too, b * off_too + d * (1 - off_too)
    return a, b, c, d


def _chances(cluster: Cluster, weights: Sequence[float]) -> list[float]:
    """For each candidate of the cluster, the probability that it is a sign."""
    chances = [0.0] * len(cluster.places)
    for mode in (1, 2, 3):
        if weights[mode] < 1e-9:
            continue
        total = cluster.readings.by_mode[mode]
        for mask, used, score in cluster.readings.choices:
            if mask and not used & ~mode and total - score < 40:
                share = weights[mode] * exp(score - total)
                for number in range(len(chances)):
                    if mask >> number & 1:
                        chances[number] += share
    return chances


# -- pairs --------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _brackets() -> dict[str, tuple[str, bool]]:
    """Every sign of a pair, clean or shifted: the name of the pair, and whether it opens."""
    found = {}
    for pair in _PAIRS:
        opening, closing = pair[0], pair[1]
        for char, opens in ((opening, True), (closing, False)):
            found[char] = found[_half(char)] = (opening, opens)
    shifted = {char: found[sign.char] for char, sign in signs().items() if sign.char in found}
    return found | shifted


@lru_cache(maxsize=1)
def _bracket() -> re.Pattern[str]:
    return re.compile("[" + re.escape("".join(sorted(_brackets()))) + "]")


def _paired(text: str, chances: dict[int, float]) -> dict[int, float]:
    """Chances once more, with what the other half of a pair says: a bracket is likelier where its partner stands."""
    if not any(text[place] in _brackets() and 1e-4 < chance < 0.9999 for place, chance in chances.items()):
        return chances
    result = dict(chances)
    for _ in range(2):
        marks = _marks(text, result)
        for number, (place, pair, opens, _) in enumerate(marks):
            chance = chances.get(place)
            if chance is None or not 1e-4 < chance < 0.9999:
                continue
            partner = _partner(marks, number, pair, opens)
            odds = log(chance / (1 - chance)) + _TOGETHER * partner - _ALONE * (1 - partner)
            result[place] = 1 / (1 + exp(-odds))
    return result


def _marks(text: str, chances: dict[int, float]) -> list[tuple[int, str, bool, float]]:
    """The signs of pairs: place, pair, whether it opens, and how surely it stands there (shifted ones by their chance)."""
    if not chances:
        return []
    low, high = max(0, min(chances) - _PAIR), max(chances) + _PAIR
    marks = []
    for found in _bracket().finditer(text, low, high):
        pair, opens = _brackets()[found.group()]
        sure = chances.get(found.start(), 0.0 if found.group() in signs() else 1.0)
        if sure > 1e-4:
            marks.append((found.start(), pair, opens, sure))
    return marks


def _partner(marks: Sequence[tuple[int, str, bool, float]], number: int, pair: str, opens: bool) -> float:
    """How surely the other half of a pair stands within reach, with no half of the same side before it."""
    place, step, free = marks[number][0], 1 if opens else -1, 1.0
    best = 0.0
    at = number + step
    while 0 <= at < len(marks) and abs(marks[at][0] - place) <= _PAIR and free > 0.05:
        _, other, other_opens, sure = marks[at]
        if other == pair:
            if other_opens != opens:
                best += free * sure
            free *= 1 - sure
        at += step
    return min(1.0, best)


# -- italic letters -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _italic() -> tuple[re.Pattern[str], dict[str, str], frozenset[str]]:
    """Runs of italic letters, what each stands for, and those of them that are everyday Han in traditional script."""
    table = {}
    for trail in range(0xA1, 0xFF):
        sign = bytes([0xA3, trail]).decode("gbk")
        if sign.translate(folding()) in ("0", "A", "a") or sign in "－．／":
            table[bytes([0xA0, trail]).decode("gbk")] = sign
    everyday = frozenset(char for char in table if _in_big5(char))
    return re.compile("[" + "".join(sorted(table)) + "]{1,60}"), table, everyday


def _in_big5(char: str) -> bool:
    try:
        return char.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _italics(text: str, half: bool) -> Iterator[Edit]:
    """Letters of italic fonts, 3 below the row of letters: two different ones together, one at least no everyday Han."""
    pattern, table, everyday = _italic()
    for found in pattern.finditer(text):
        run = found.group()
        if all(char in everyday for char in run) or len(set(run)) < 2:
            continue
        for place, char in enumerate(run, found.start()):
            after = table[char]
            yield Edit(place, place + 1, char, _half(after) if half else after, RULE, "sure", 0.9999)
