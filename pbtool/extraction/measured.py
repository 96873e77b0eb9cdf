"""What a number measures: the shortest phrase of its clause that says so.

The one idea: Chinese puts what is counted right behind the measure word (`40个示范点`), or, in lists and reports, right
before the number (`示范点40个`, `总收入达2.27亿元`); the class of the measure word says where to look first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pbtool.extraction.clauses import AND, Clause, Span, clause_of
from pbtool.extraction.heads import described, fits, head, predicate
from pbtool.extraction.phrases import LONGEST, is_mute, left_edge, speaks, unnumbered, words
from pbtool.extraction.subjects import Subject
from pbtool.tables import pattern

_BLANKS = str.maketrans("", "", " \u3000")
_SIGNS = "，。、：:“”‘’「」"
_TAIL = pattern("(?<!目)[的了]+$")
_LEADING = pattern(r"^(?:(?:这|該|该|那)?一[个個种種项項名支条條]|[这那][个件项种次批片条位名些])(?=.)")
#: Measure words of people that are nouns themselves: what follows says what they do (130余人被选为委员).
_PEOPLE = tuple("人户口")
_NUMERALS = frozenset("二三四五六七八九十百千万亿两几半多余")
_MONEY = frozenset("资款金费税收")
_LONGEST_REST = 16
_SAYS_LITTLE = 2  # characters of a noun that takes its verb along


def measured(
    text: str,
    folded: str,
    start: int,
    end: int,
    group: str,
    date: Span | None = None,
    floor: int = 0,
    names: Sequence[Span] = (),
    places: Sequence[Span] = (),
) -> str | None:
    """What the number at [start, end) measures, as the text prints it, or None where the clause does not say.

    `start` and `end` hold the number with its qualifiers and its measure word; `group` is the class of the measure word; `date` is
    the last date before the number, which is no part of the phrase; `floor` is where the quantity before it ends; `names` are
    the spans of people's names, in order, `places` those of places: neither is cut in two.
    """
    if label := _labelled(folded, floor, start):
        return text[slice(*label)]
    edge = _edge(folded, start, floor)
    left, stop = _beside(folded, max(edge, _listed(folded, floor, start)), start, date)
    clause = clause_of(folded, left, stop, end, names, places, left == floor > edge)
    for spans in _choices(clause, group):
        clean = [part for span in spans if span and (part := _cleaned(folded, span, places))]
        phrase = "".join(text[slice(*span)] for span in clean if not is_mute(folded, *span))
        phrase = _LEADING.sub("", _bare(phrase.translate(_BLANKS)))
        phrase = _TAIL.sub("", phrase)
        if phrase.count("（") != phrase.count("）"):
            phrase = phrase.strip("（）")
        if _LETTER.search(phrase) and any(speaks(folded, *span) for span in clean):
            return phrase + _measure_of(text, clause, clean, group)
    return None


def _bare(phrase: str) -> str:
    """A phrase without the signs around it; quotations that begin or end within it stay whole, halves of others are left out."""
    lead = len(phrase) - len(phrase.lstrip("的了" + _SIGNS))
    bare = phrase[lead:].rstrip(_SIGNS)
    within, closed, behind = bare.partition("”")
    if closed and "“" not in within:
        bare = f"“{bare}" if phrase[:lead].endswith("“") else behind.lstrip("的了" + _SIGNS)
    _, opened, inside = bare.rpartition("“")
    if opened and "”" not in inside:
        bare = f"{bare}”" if phrase.startswith("”", phrase.find(bare) + len(bare)) else inside
    return bare


_PER = pattern("[/／] ?(人|户|亩|年|月|天|日|村|公斤|斤|吨|平方米|次|头|只|棵|株|套|间|小时)")


_TIMES = ("时间", "时长", "年限", "期限", "时限", "时光", "寿命", "年数", "历时")


def _measure_of(text: str, clause: Clause, spans: Sequence[Span], group: str) -> str:
    """What makes a noun of a deed that lasts (驻村3年 is the 驻村时间), and says of what a price is one (300元/人)."""
    if group == "money" and (per := _PER.match(clause.text, clause.end)):
        return "每" + per[1]
    timed = clause.text.endswith(_TIMES, 0, spans[-1][1])
    if group != "duration" or timed or spans[-1][1] > clause.start or _named(clause, *spans):
        return ""
    around = slice(clause.left, clause.right)
    return "时间" if text[around] == clause.text[around] else "時間"


def _named(clause: Clause, *spans: Span) -> bool:
    """Whether the words before the number from the first of these spans to the last all name something."""
    return all(word.nominal for word in clause.before if spans[0][0] <= word.start < spans[-1][1])


def _edge(folded: str, start: int, floor: int) -> int:
    """Where the clause of a number begins: over the 、 of a list of things that are counted together."""
    edge = left_edge(folded, start)
    while edge > max(floor, start - LONGEST) and folded[edge - 1] == "、":
        before = left_edge(folded, edge - 1)
        if before and _PER.match(folded, before - 1, edge):
            break  # 6000元/人、二等奖5500元
        edge = before
    return edge


def _choices(clause: Clause, group: str) -> Iterator[Sequence[Span | None]]:
    """What may be measured, the likeliest first."""
    if group in _REACHED and _changes(clause):
        yield _before(clause, group)
        return
    if group == "age":
        spans = _of_age(clause)
    elif group == "anniversary":
        spans = [*Subject(clause).spans()] or _of_count(clause, group)
    elif group in ("percent", "multiple"):
        spans = _of_share(clause)
    elif group == "money":
        spans = _of_money(clause)
    elif group in ("duration", "degree", "speed"):
        spans = _of_extent(clause)
    else:
        spans = _of_count(clause, group)
    yield spans
    if not any(spans):
        yield _before(clause, group)


_FROM = pattern("[从由][^，。；：]{1,24}[到至][^，。；：、从由到至]{0,8}$")
_TOWARDS = pattern("(?:向着?|朝着?)$")
#: What is reached; of people and things that are counted the noun stands behind all the same (向5个村拨付, 从3名到8名的志愿者).
_REACHED = ("money", "percent", "multiple")


def _changes(clause: Clause) -> bool:
    """Whether what follows a number is the way to it and not what it counts: 从3万元到30万元的飞跃, 向40万元迈进."""
    folded, start, end = clause.text, clause.start, clause.end
    if _TOWARDS.search(folded, max(0, start - 2), start):
        return True
    return folded.startswith("的", end) and _FROM.search(folded, max(0, start - 36), start) is not None


#: What is itself measured by the number behind it: 7人平均年龄50岁.
_MEASURE = tuple("龄均数额率量值积高长重价费入产")
#: What a number without another noun before it gives the amount of: 党员人数超3人.
_AMOUNT = frozenset("数额量率积")
_NUMBER = pattern(r"\d")
_LETTER = pattern("[一-鿿A-Za-z]")
_LABEL = pattern(r"[一-鿿][一-鿿()（）/]{1,13}(?= ?: ?$)")
_SAYING = pattern(
    r"(?:说|道|称|问|答|指出|表示|介绍|认为|强调|获悉|了解|如下|其中|包括|分别|目标|显示|透露|例如|比如|即|是|有|为)$"
)


def _labelled(folded: str, floor: int, start: int) -> Span | None:
    """The label of a number in a list of labels (总人口：2401人), None where the colon is none of a label."""
    if folded[start - 1 : start] not in (":", " ") or ":" not in folded[max(floor, start - 2) : start]:
        return None
    match = _LABEL.search(folded, max(floor, start - 18), start)
    return match.span() if match and not _SAYING.search(match[0]) else None


def _cleaned(folded: str, span: Span, places: Sequence[Span]) -> Span | None:
    """A span with the whole of a place at its beginning, without another quantity."""
    part = unnumbered(folded, *_uncut(span, places))
    if part is None:
        return None
    start, end = part
    if (opened := folded.find("(", start, end)) > start and folded.find(")", opened, end) < 0:
        end = opened
    return start, end


def _uncut(span: Span, places: Sequence[Span]) -> Span:
    """The span with the whole of a place that begins before it and ends in it (河东区, not 东区)."""
    at = bisect_left(places, span) - 1
    if at >= 0 and places[at][0] < span[0] < places[at][1] <= span[1]:
        return places[at][0], span[1]
    return span


def _listed(folded: str, floor: int, start: int) -> int:
    """Where the words before a number begin to be its own, and not those of the quantity that ends at `floor`."""
    return start if floor and folded[start - 1 : start] == "、" and start - floor < LONGEST else floor


_SINCE = pattern("起(?!义|草|诉|步|点|降)|开始|以来")


def _beside(folded: str, left: int, start: int, date: Span | None) -> Span:
    """The part of [left, start) behind the date, or before it where nothing stands behind, or where it is compared with it."""
    if date is None or date[1] <= left:
        return left, start
    if date[0] > left and folded[date[0] - 1] in "比较":
        return left, date[0] - 1  # 较去年同期增长
    if start - date[1] >= 3 or date[0] <= left:
        since = _SINCE.match(folded, date[1], start)
        return since.end() if since else date[1], start
    return left, date[0]


def _before(clause: Clause, group: str) -> list[Span]:
    """The subject of the clause before, for a clause that is nothing but a number (…增长, 达到25%).

    Of people and things that are only counted (全村辖12个组，360户) it is whose they are.
    """
    folded, end = clause.text, clause.left - 1
    if end < 0 or folded[end : end + 1] not in ("，", ",", "、") or clause.start - clause.left > 2:
        return []
    left = left_edge(folded, end)
    before = Subject(clause_of(folded, left, end, end, clause.names))
    if group in ("percent", "multiple", "money"):
        return [] if _NUMBER.search(folded, left, end) else before.spans()
    if group == "duration":
        return []
    owner = None if folded[left - 1 : left] == "、" else before.first()
    return [owner] if owner and not clause.named(*owner) else []


def _of_money(clause: Clause) -> list[Span | None]:
    """An amount: its subject (总收入达…), what it is (2000万元项目资金), or the verb that spends it with what follows."""
    subject = Subject(clause)
    behind = _counted(clause, subject, relative=False)
    names = subject.stop and clause.before[subject.stop - 1].text[-1] in _MONEY  # 投资, 捐款
    if subject.run() < subject.stop:
        return [*subject.spans()]
    if behind and names:
        return [*subject.spans(), None if clause.behind[0].nominal else behind]  # 出资40万元入股公司
    if behind:
        return [behind]
    if spans := subject.spans():
        return [*spans, _after(clause)]
    return [_after(clause)]


def _of_extent(clause: Clause) -> list[Span | None]:
    """A length of time, a speed: the clause it closes, with the noun it leads up to."""
    subject = Subject(clause)
    whole = subject.whole()
    inside = clause.text.startswith(_WITHIN, clause.end)
    if not whole:
        return [None if inside else _after(clause)]
    if clause.before[-1].text in _NO_DEED:
        return []  # 进步最快的一年, 比前五年
    short = whole[-1][1] - whole[0][0] <= _SAYS_LITTLE
    if inside:
        lasted = not short and clause.text.startswith(_WITHIN_ALL, clause.end)
        return [*_shortened(clause, whole)] if lasted else []
    follows = head(clause)
    if follows and (clause.text.startswith("的", clause.end) or clause.behind[0].start == follows[0]):
        kept = _shortened(clause, whole)
        size = clause.start - kept[0][0] + follows[1] - clause.end
        whose = size <= _LONGEST_REST and (kept[-1][1] == clause.start or _named(clause, *kept))
        return [*kept, follows] if whose or follows[1] - follows[0] < 2 else [follows]
    follows = follows or _after(clause)
    if follows:
        follows = (follows[0], _word_end(clause, follows[0] + 10, follows[1]))
    elif short and not _named(clause, *whole):
        return [_person(clause), *whole]  # 在党20年
    return [*_shortened(clause, whole), follows]


_NO_DEED = frozenset(("的", "前", "后", "头", "比前", "较前", "比", "较"))
#: Behind a length of time in which something else is told (近3年来, 10分钟内); the first of them ends a deed that lasted.
_WITHIN = ("来", "以来", "间", "之间", "期间", "内", "之内", "以内", "中", "里", "之际")
_WITHIN_ALL = ("来", "以来")


def _word_end(clause: Clause, place: int, end: int) -> int:
    """Where the last word ends that lies before `place`, or `end` where that is nearer."""
    ends = [word.end for word in clause.behind if word.end <= place]
    return min(end, ends[-1] if ends else place)


def _shortened(clause: Clause, whole: list[Span]) -> list[Span]:
    """A long clause without what comes before its last name, or its last 14 characters."""
    end = whole[-1][1]
    if end - whole[0][0] <= 16:
        return whole
    named = [start for start, stop in clause.names if whole[0][0] <= start and stop <= end - 4]
    low = max([end - 14, *named[-1:]])
    return [span for span in whole if span[0] >= low]


def _person(clause: Clause) -> Span | None:
    """The last person named before the number, not far from it."""
    at = bisect_left(clause.names, (clause.start, 0)) - 1
    return clause.names[at] if at >= 0 and clause.start - clause.names[at][1] < 40 else None


_AGED = pattern(r"(?:年龄|年纪|党龄|工龄|教龄|寿命)(?:为|是|达|仅|已)?$")


def _of_age(clause: Clause) -> list[Span | None]:
    """An age: the one who follows (72岁的老党员…), what the clause calls an age, or the one named before."""
    behind, spans = head(clause), Subject(clause).spans()
    subject = spans[-1] if spans else None
    if behind and (clause.text.startswith("的", clause.end) or clause.text[clause.end - 1] in "上下"):
        return [behind]
    if subject and (_AGED.search(clause.text, subject[0], subject[1]) or subject[1] - subject[0] > 3):
        return [subject]
    limit = clause.text[clause.end - 1] in "上下"
    return [(None if limit else _person(clause)) or behind or subject]


def _after(clause: Clause) -> Span | None:
    """The words behind the number, without what opens them, at most 16 characters."""
    leads = words("lead").words
    for word in clause.behind:
        if word.text not in leads and word.text.strip(" 的了就来间内里中、“”‘’"):
            end = min(clause.right, word.start + _LONGEST_REST)
            sized = clause.text[end : end + 1].isdigit() and clause.text[word.start : end].endswith(_MEASURE)
            return None if sized or word.text[0] in _NUMERALS or end - word.start < 2 else (word.start, end)
    return None


def _of_share(clause: Clause) -> list[Span | None]:
    """A share: its subject when it closes the clause (出勤率达98%), what it is a share of when a noun follows (30%的企业)."""
    before = Subject(clause)
    behind, subject = _counted(clause, before, relative=False), before.shared()
    if behind and behind[1] - behind[0] < 2:
        behind = None
    if subject and behind:
        return [*subject, behind]
    return [*subject] if subject else [behind or _after(clause)]


_AREAS = frozenset("省市县区")
_AREAS = frozenset("省市县区")
#: Verbs that say where a share goes or comes from: the share is one of that.
_GOES = frozenset(("用于", "来自", "来源于", "源于", "投向", "集中", "分布", "投入"))
#: Nouns that say only how much: 破5万元的任务, 98%的目标.
_LEVELS = ("任务", "目标", "大关", "关口", "水平", "速度", "规模", "幅度")


def _counted(clause: Clause, subject: Subject, relative: bool = True) -> Span | None:
    """The noun behind the number, but for one that only says how much of what stands before."""
    behind = head(clause, relative)
    if behind is None or not clause.text.endswith(_LEVELS, *behind):
        return behind
    if clause.text[clause.end] != "的" and clause.text[slice(*behind)] != "大关":
        return behind  # 3项任务
    return None if subject.spans() else behind


def _of_count(clause: Clause, group: str) -> list[Span | None]:
    people = clause.text[clause.end - 1] in _PEOPLE
    subject = Subject(clause)
    behind = _counted(clause, subject, relative=not people)
    at = subject.run()
    if behind and clause.text[behind[1] : behind[1] + 1].isdigit():
        if at < subject.stop and not _closer(clause, subject, behind):
            return [*subject.spans()]  # 青脆李50亩沙糖柑40亩
        if clause.text[behind[1] - 1] in _MEASURE:
            return []  # 7人平均年龄50岁
    if at < subject.stop and clause.before[subject.stop - 1].text[-1] in _AMOUNT:
        return [*subject.spans()]  # 党员人数超3人
    if subject.linked() and (spans := subject.spans()):
        return [*spans]  # 边境线长达4000公里的土地
    if says := described(clause) if group in ("person", "count") else None:
        return [says]
    if behind and _object(clause, subject, behind):
        return [*subject.spans()]
    if behind:
        area = clause.text[slice(*behind)] in _AREAS  # 广东有19个市: no 广东市
        whose = None if area else _owner(clause, subject) or _deed(clause, behind)
        return [subject.attribute() or whose, behind]
    listed = people and clause.before and clause.before[-1].text == "等"
    if listed and not clause.named(clause.before[0].start, clause.start) and (spans := subject.spans()):
        return [*spans]  # 社长、会计等150余人
    nominalised = clause.text.startswith("的", clause.end)  # 末5位的
    if nominalised and (spans := subject.spans()):
        return [*spans]
    if people and (says := predicate(clause) or _befallen(clause, subject)):
        return [_owner(clause, subject), says]
    if group == "times" and (whole := subject.whole()) and whole[-1][1] - whole[0][0] <= 16:
        return [*whole]
    if spans := subject.spans():
        if clause.named(clause.before[subject.stop - 1].start, spans[-1][1]):
            return []  # 许某、徐某4位: the last of those who are counted
        return [*spans]
    return [_bracketed(clause) or _after(clause) or _of_list(clause)]


def _befallen(clause: Clause, subject: Subject) -> Span | None:
    """What befalls those who are counted: the verb that ends the clause (造成14人死亡), where no noun stands before them."""
    said = [word for word in clause.behind if word.text.strip("的了")]
    if subject.run() < subject.stop or len(said) != 1 or len(said[0].text) != _SAYS_LITTLE:
        return None
    return said[0].start, said[0].end


def _closer(clause: Clause, subject: Subject, behind: Span) -> bool:
    """Whether the noun behind a number goes with it better than the one before it (全镇12个村3860户, not 青脆李50亩沙糖柑40亩)."""
    run = clause.before[subject.run() : subject.stop]
    if _AREA.fullmatch(clause.text, run[0].start, run[-1].end):
        return True
    after = [word for word in clause.behind if behind[0] <= word.start < behind[1]]
    return fits(clause, after) > fits(clause, run)


def _object(clause: Clause, subject: Subject, behind: Span) -> bool:
    """Whether the noun right before the number is what is counted, and the one behind it another (互派干部6名挂职锻炼)."""
    at = subject.run()
    if subject.stop < len(clause.before) or at == subject.stop or at <= subject.opening():
        return False
    verb = clause.before[at - 1].text
    if verb in "的了着、" or verb in words("lead", "link", "have").words:
        return False
    run = [word for word in clause.behind if behind[0] <= word.start < behind[1]]
    return fits(clause, clause.before[at:]) > fits(clause, run)


def _deed(clause: Clause, behind: Span) -> Span | None:
    """The verb right before the number, where its object is too short to speak alone (包联10户群众)."""
    if clause.text.startswith("的", behind[1]):
        return None  # 整合5个村的资金
    if behind[1] - behind[0] > _SAYS_LITTLE or not clause.before or clause.before[-1].nominal:
        return None
    if any(word.text in AND for word in clause.before):
        return None  # 改革、土地、合作4个方面
    verb = clause.before[-1]
    empty = verb.text in words("lead", "link").words
    return None if empty or len(verb.text) != _SAYS_LITTLE else (verb.start, verb.end)


_AREA = pattern("全[村镇乡县市区省州旗国]|[该我本][村镇乡县市区省]")
_LIST_OWNER = pattern(
    r"([\u4e00-\u9fff]{2,10}?)(?:现有|共有|拥有|下辖|辖有|共|现|有|辖)?\d[^，。；！？,;\n]{1,36}、$"
)


def _of_list(clause: Clause) -> Span | None:
    """Whose numbers a list gives: 全村37个村民组、1032户."""
    if clause.text[clause.start - 1 : clause.start] != "、":
        return None
    match = _LIST_OWNER.search(clause.text, _sentence_part(clause.text, clause.start), clause.start)
    if match is None or match.start() != _sentence_part(clause.text, clause.start):
        return None
    area = _AREA.match(match[1])
    if match[1].endswith(_MEASURE):  # 全村总户数907户、3885人
        return (match.start(1), match.start(1) + area.end()) if area else None
    return match.span(1)


def _sentence_part(folded: str, place: int) -> int:
    """Where the part of the sentence around `place` begins, at most 48 characters back."""
    low = max(0, place - 48)
    return max(low, 1 + max(folded.rfind(sign, low, place) for sign in "，。；！？,;\n"))


_BEFORE_BRACKET = pattern(r"[^，。；：！？、,;:!?…\s()（）]{2,20}(?=[（(]共?计?$)")


def _bracketed(clause: Clause) -> Span | None:
    """What stands before a bracket that holds nothing but the number: 名单（共6名）."""
    match = _BEFORE_BRACKET.search(clause.text, max(0, clause.start - 24), clause.start)
    return match.span() if match and clause.text[clause.end : clause.end + 1] in ("）", ")") else None


def _owner(clause: Clause, subject: Subject) -> Span | None:
    """Whose it is: the noun phrase that opens the clause right before the number, or before 有."""
    if clause.follows or clause.left > 0 and clause.text[clause.left - 1] == "、":
        return None
    return subject.owner()
