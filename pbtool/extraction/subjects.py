"""The noun phrase before a number: what measures so much, and whose it is.

The one idea: a phrase before a number ends where the words begin that only link the two (达, 为, 共有, 同比增长), and begins
where its run of nominal words does. One that says too little alone takes the verb before it along (`流转土地120亩`).
"""

from __future__ import annotations

from pbtool.extraction.clauses import AND, BLANK, Clause, Span
from pbtool.extraction.phrases import words

_LONGEST_LIST = 36  # characters of a list of things that are counted together
_LONGEST_OWNED = 14  # characters of a phrase with what 的 makes its attribute
_LONGEST_OWNER = 10
_LONGEST_RATE = 20  # characters of a share or a rate with both things that it is of (经费占总产值的比重)
_LONGEST_ATTRIBUTE = 7  # characters of a clause before a number that is kept with the noun behind it
_LONGEST_CLAUSE = 24  # characters of a clause that is taken as a whole
_SAYS_LITTLE = 2  # characters of a noun that takes its verb along

_COMPARES = frozenset(("比", "较", "同", "与", "跟"))
#: How two amounts differ: 比上年高3个百分点, 高于城镇1.3个百分点.
_MORE = frozenset(("高", "低", "快", "慢", "多", "少", "高出", "低出", "多出", "早", "晚"))
_THAN = frozenset(("高于", "低于", "快于", "慢于", "多于", "少于", "高出", "低出"))
_FROM = frozenset(("由", "从"))
_TO = frozenset("到至为成达")
_EACH = frozenset(("平均", "户均", "人均", "亩均", "年均", "月均", "日均", "均"))
_TIMES = frozenset("年月天日周次季")
_UNTIL = frozenset(("至", "到", "-", "—", "~"))
_YEARLY = frozenset("年月日")
_RATE = frozenset("率度量额数值")
_RESPECTIVELY = frozenset(("分别", "依次"))
_SELF = frozenset(("我", "我们", "他", "她", "他们", "只有", "仅有", "只"))
#: What still belongs to the date before a clause: 近3年来, 2010年以来.
_SINCE = frozenset(("以来", "来", "间", "内", "中", "底", "初", "末", "起", "后", "期间", "同期"))
#: Signs of verbs of getting, and of those that say it is possible: every household gets, whatever the verb is.
_GETS = frozenset("能可以够分拿领挣赚得到")
_ACCORDING = frozenset(("按照", "根据", "通过", "围绕", "针对", "经过", "随着", "依托", "利用"))
_COMPLEMENTS = frozenset("起出上下成到回入")  # 建起暖棚, where the model cuts the verb in two
_REAL = frozenset(("实际", "名义"))
_SHARES_OF = frozenset(("占", "对", "用于"))
_SHARES = frozenset(("占", "约占", "仅占", "只占", "已占"))
_LEADS_TO = frozenset(("对", "把", "将", "给", "为", "由", "向", "让", "使"))
_GLUE = frozenset(("以上", "以下", "及以上", "及以下", "及"))
_EMPTY = frozenset(
    ("的", "了", "着", "过", "地", "得", "等", "中", "里", "内", "上", "后", "前", "时", "以来")
)


def _in(kind: str) -> frozenset[str]:
    return words(kind).words


def _gets(word: str) -> bool:
    """Whether a verb says no more than that somebody gets the amount (能分, 拿到)."""
    return _GETS.issuperset(word)


class Subject:
    """The words of a clause before its number, without those that only link the two."""

    __slots__ = ("changed", "clause", "stop")

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self.changed = False
        self.stop = self._stripped(len(clause.before))
        self._compared()

    def _stripped(self, stop: int) -> int:
        """How many words are left without links, blanks and verbs of change at the end."""
        before, links, leads = self.clause.before, _in("link"), _in("lead")
        changes, adverbs = _in("change"), _in("adverb")
        while stop:
            word = before[stop - 1].text.strip(BLANK)
            behind = before[stop].text if stop < len(before) else ""
            if word in changes or word == "发展" and behind in ("到", "至"):
                self.changed = True
            elif word == "的":
                if stop < 2 or before[stop - 2].text not in leads:
                    break
                stop -= 1  # 目前的
            elif self.changed and word in _REAL:
                pass  # 实际增长
            elif word == "比" and self.changed and stop > 1 and before[stop - 2].nominal:
                break  # 城乡收入比缩小到
            elif stop > 1 and before[stop - 2].text in _RESPECTIVELY and not before[stop - 1].nominal:
                pass  # 分别完成
            elif word and not ({word, word + behind} & links or word in adverbs or word in ("等", "了")):
                break  # 升|至 is one link, though the model cuts it in two
            stop -= 1
        return stop

    def _compared(self) -> None:
        """Leaves out what the amount is compared with (比上年增加…), and what it came from (由…增加到…)."""
        before, clause = self.clause.before, self.clause
        for at in range(self.stop - 1, max(-1, self.stop - 8), -1):
            word = before[at].text
            tail = clause.text[before[at].end : before[self.stop - 1].end]
            differs = self.changed or before[self.stop - 1].text in _MORE
            compares = word in _COMPARES and (differs and word in ("比", "较") or tail.endswith("相比"))
            compares = (compares or word in _THAN) and tail != ""  # 收入比缩小到: a ratio
            comes = (
                word in _FROM
                and len(tail) <= 10
                and (
                    any(sign in _TO for sign in clause.text[before[self.stop - 1].end : clause.start])
                    or any(sign in "到至为" for sign in clause.text[clause.end : clause.end + 8])
                )
            )
            if compares or comes:
                self.stop = self._stripped(at)
                return

    def run(self) -> int:
        """Number of the first word of the noun phrase that ends here; `stop` where none does."""
        before = self.clause.before
        at = self.stop
        while at and (before[at - 1].nominal or at < self.stop and before[at - 1].text in _GLUE):
            if before[at - 1].text in _in("have"):
                break
            at -= 1
            if 1 < at < self.stop and before[at - 1].text in _YEARLY and before[at - 2].nominal:
                at -= 1  # 集装箱年吞吐量
        if at == self.stop:
            return at
        if at and before[at].text in _GLUE:
            at -= 1  # 70岁以上老人
        end = before[self.stop - 1].end
        while at >= 2 and before[at - 1].text in AND and before[at - 2].nominal:
            first = at - 1
            while first and before[first - 1].nominal:
                first -= 1
            if end - before[first].start > _LONGEST_LIST:
                break
            at = first
        return at

    def _rated(self, at: int) -> int:
        """The run that begins at word `at` with what comes about at that rate (垃圾主动分类率, 问题按时办结数)."""
        before = self.clause.before
        end = before[self.stop - 1].end
        if self.clause.text[end - 1] not in _RATE:
            return at
        first = at
        while first and (before[first - 1].nominal or not self._opens(first - 1)):
            first -= 1
            if end - before[first].start > _LONGEST_OWNED:
                return at
        return first

    def _opens(self, at: int) -> bool:
        """Whether a word ends or opens phrases, and so is no part of one."""
        said = self.clause.before[at].text
        closed = said in _EMPTY or said in _in("change") or said in AND or not said.strip(BLANK)
        return closed or said in _in("lead") or said in _in("link") or len(said) < 2

    def first(self) -> Span | None:
        """The noun phrase that opens the clause, where it is short."""
        before, at = self.clause.before, self.opening()
        stop = at
        while stop < self.stop and before[stop].nominal:
            stop += 1
        short = at < stop and before[stop - 1].end - before[at].start <= _LONGEST_OWNER
        return (before[at].start, before[stop - 1].end) if short else None

    def owned(self, at: int) -> int:
        """The run that begins at word `at` with what 的 makes its attribute, where the whole stays short."""
        before = self.clause.before
        if at < 2 or before[at - 1].text != "的":
            return at
        end, first = before[self.stop - 1].end, at - 1
        if before[first - 1].nominal:
            while first and before[first - 1].nominal:
                first -= 1
        else:
            first = self.opening()
        wide = first
        while wide > 1 and before[wide - 1].text in _SHARES_OF:  # 研发经费占总产值的比重, 科技对增长的贡献率
            wide -= 1
            while wide and before[wide - 1].nominal:
                wide -= 1
        if wide < first and end - before[wide].start <= _LONGEST_RATE:
            return wide
        return first if end - before[first].start <= _LONGEST_OWNED else at

    def opening(self) -> int:
        """Number of the first word behind those that only open a clause (目前, 今年)."""
        before, leads = self.clause.before, _in("lead")
        at = 0
        while at < self.stop and (
            not before[at].text.strip(BLANK + "、的了")
            or before[at].text in leads
            or before[at].text in _SINCE
        ):
            at += 1
        return at

    def spans(self) -> list[Span]:
        """The phrase: its owner where 有 leads from it to the thing, then the thing; nothing where the clause has none."""
        if self.opening() >= self.stop:
            return []
        at = self.run()
        if at == self.stop:
            return self._verbal()
        first = self.owned(self._rated(at))
        owner = self._owner(first)
        if first == at:
            first = self._each(self._with_verb(at))
        before = self.clause.before
        thing = before[first].start, before[self.stop - 1].end
        return [owner, thing] if owner and owner[1] <= thing[0] else [thing]

    def _with_verb(self, at: int) -> int:
        """The run that begins at word `at` with the verb before it, where it is too short to speak alone."""
        before = self.clause.before
        if not at or before[self.stop - 1].end - before[at].start > _SAYS_LITTLE:
            return at
        verb = before[at - 1].text
        empty = (
            verb in _EMPTY
            or verb in _in("have")
            or verb in AND
            or verb in _in("link")
            or not verb.strip(BLANK)
        )
        if empty or verb in _in("lead"):
            return at
        if verb[0].isdigit() and at > 2 and before[at - 2].text in _UNTIL:
            return at - 3  # 46至50岁党员
        return at - 2 if verb in _COMPLEMENTS and at > 1 else at - 1

    def _each(self, at: int) -> int:
        """The phrase with 每个, 户均 … before it: without that a table would not be true."""
        before = self.clause.before
        for first in range(at - 1, max(-1, at - 5), -1):
            word = before[first].text
            if word[0] == "每" and word[1:2] not in _TIMES:
                while first and before[first - 1].text[0] == "每":
                    first -= 1  # 每户每亩
                return first
            if word in _EACH:
                return self._whose(first - (word == "均" and first > 0))
            if word in _EMPTY:
                break
        return at

    def _whose(self, at: int) -> int:
        """The run that begins at word `at` with the noun right before it, where the whole stays short (农民人均纯收入)."""
        before, first = self.clause.before, at
        while first and before[first - 1].nominal:
            first -= 1
        return first if before[self.stop - 1].end - before[first].start <= _LONGEST_OWNED else at

    def _owner(self, at: int) -> Span | None:
        """Whose the thing is: the noun phrase that 有 leads from (全镇现有合作社12家)."""
        before = self.clause.before
        first = at
        while first and before[first - 1].text in _in("have"):
            first -= 1
        stop = first
        while first and before[first - 1].nominal:
            first -= 1
        if not first < stop < at or before[stop - 1].end - before[first].start > _LONGEST_OWNER:
            return None
        return before[first].start, before[stop - 1].end

    def _verbal(self) -> list[Span]:
        """A verb that measures by itself (投资560万元), with its subject where nothing but adverbs stands between the two."""
        before, leads = self.clause.before, _in("lead")
        end, at = before[self.stop - 1].end, self.stop
        low = min(self.opening(), self.stop - 1)
        if before[at - 1].text == "的":  # 35岁以下的有6名
            begin = self._led(low)
            if end - before[begin].start > _LONGEST_CLAUSE:
                begin = at - 1
            return [(before[begin].start, end)]
        while (
            at > low
            and not before[at - 1].nominal
            and before[at - 1].text not in leads
            and self.stop - at < 3
        ):
            at -= 1
        each, last = self._each(min(at, self.stop - 1)), self.stop
        while each < self.stop - 1 and before[each].text[0] == "每" and _gets(before[self.stop - 1].text):
            self.stop -= 1  # 每户能分
        if self.stop < min(last, at + 1):
            return [(before[each].start, before[self.stop - 1].end)]
        end = before[self.stop - 1].end
        says = any(word.text not in _in("have") for word in before[at : self.stop])
        verb = before[self._each(min(at, self.stop - 1))].start, end
        while at > low and before[at - 1].text in leads:
            at -= 1
        first = at
        while first > low and before[first - 1].nominal:
            first -= 1
        if first == at and not says:
            return []  # 辖360户
        while first < at - 1 and before[at - 1].end - before[first].start > _LONGEST_OWNER:
            first += 1
        owner = (before[self._each(first)].start, before[at - 1].end) if first < at else verb
        if owner[1] > verb[0] or owner[0] == verb[0] or owner[1] - owner[0] > _LONGEST_OWNER:
            return [verb]
        if owner[1] < verb[0]:
            return [owner, verb]
        return [(owner[0], end)] if says else [owner]

    def _led(self, low: int) -> int:
        """Number of the word behind the last preposition that leads up to a clause with 的 (法院对考核不佳的18人)."""
        before = self.clause.before
        for at in range(self.stop - 3, low - 1, -1):
            if before[at].text in _LEADS_TO:
                return at + 1
        return low

    def whole(self) -> list[Span]:
        """All words before the number, without what opens the clause, what links it and the adverbs between."""
        first, before = self.opening(), self.clause.before
        if first and first < self.stop and before[self.stop - 1].end - before[first].start < 2:
            first -= 1  # 在党
        adverbs = _in("adverb")
        for at in range(self.stop - 2, first, -1):
            if before[at].text in _ACCORDING:
                first = at + 1
                break
        return [(word.start, word.end) for word in before[first : self.stop] if word.text not in adverbs]

    def owner(self) -> Span | None:
        """The noun phrase that opens the clause and stands before its number, with nothing but 有 between the two."""
        before = self.clause.before
        stop = len(before)
        while stop and (
            before[stop - 1].text in _in("have")
            or before[stop - 1].text in _SELF
            or not before[stop - 1].text.strip(BLANK)
        ):
            stop -= 1
        first = stop
        while first and before[first - 1].nominal:
            first -= 1
        if first == stop or first > self.opening():
            return None
        size = before[stop - 1].end - before[first].start
        return (before[first].start, before[stop - 1].end) if 2 <= size <= _LONGEST_OWNER else None

    def linked(self) -> bool:
        """Whether 达 or 为 leads from a noun to its number."""
        named = self.run() < self.stop
        ends = "达为" if not self.clause.behind else "达"  # 为30名老人: for them
        return named and any(word.text[-1] in ends for word in self.clause.before[self.stop :])

    def attribute(self) -> Span | None:
        """The short clause with 的 that stands before its number (参加培训的30名党员)."""
        before, first = self.clause.before, self.opening()
        if not before or before[-1].text != "的" or first >= len(before) - 1:
            return None
        if before[first].text in _FROM or before[first].text in _COMPARES:
            return None
        start, end = before[first].start, before[-1].end
        return (start, end) if end - start <= _LONGEST_ATTRIBUTE else None

    def shared(self) -> list[Span]:
        """The phrase of a share; of what it is one where the clause says only that (占党员总数的28%)."""
        before = self.clause.before
        if not self.stop or before[self.stop - 1].text != "的":
            at = self.run()
            if 1 < at < self.stop and before[at - 1].text in _SHARES:  # 出口量占全国70%
                whole = before[at - 1].end - 1, before[self.stop - 1].end
                self.stop = self._stripped(at - 1)
                return [*self.spans(), whole] if self.run() < self.stop else [whole]
            return self.spans()
        for at in range(self.stop - 1, -1, -1):
            if before[at].text == "占":
                whole = before[at].start, before[self.stop - 1].start
                self.stop = self._stripped(at)
                return [*self.spans(), whole] if self.run() < self.stop else [whole]
            if before[at].text in ("是", "为", "达到", "相当于"):
                self.stop = self._stripped(at)
                return self.spans()
        takes = self.stop < len(before) and before[self.stop].text in _SHARES
        return self.spans() if takes else []  # 35岁以下的占72%
