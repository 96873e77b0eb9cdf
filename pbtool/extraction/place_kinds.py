"""What stands before 村, 社区, 镇 and names nothing: how many there are, whose, and of which kind (示范村, 20个村, 全镇).

The one idea: words that say what kind it is are a table that can grow; names are what is left.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pbtool.extraction.place_mentions import kind_words
from pbtool.tables import pattern

#: Characters that end the words before a village's name and are hardly ever in one.
BEFORE = frozenset(
    "她他您在到从向对于与及并赴往为把将被让使给由经据至或的了着过是个名位户内等这那该各每某其该此"
)
#: The same, but found in names of villages too: cut there only where what is left is known to the document or the table.
MAYBE = frozenset("以和来去入进回驻访走如请而但")
#: One or two of these before 村 are no name either: 全村, 小山村, 各村; nor is one of the others: 进村, 同村.
_LITTLE = frozenset(
    "全本我各每该某邻外整驻多几数两渔农乡山小古新老弱强穷富牧林大家空好那这哪包联帮治兴建护爱跨近远之的有无别他你咱在众个名"
)
_ALONE = frozenset("同进入下到出回离")
#: Last characters of what says how many or what kind.
_LAST = frozenset("个多型式性级化每各该全的农乡镇县区省市本不")
#: 这类村, and what became a village when the communes ended (大队改村, 社改村).
_SORT = pattern(r"[这那各同该此几两多一二三四五六七八九十0-9]类$|[队社]改$")
_NUMBER = pattern(
    r"^[0-9０-９〇一二三四五六七八九十百千两多几余数第]+[0-9０-９〇一二三四五六七八九十百千两多几余数个来]*$"
)
#: How little a name reads like words, anywhere (see `strangeness`).
STRANGE = 6.3

#: Who or what belongs to a village, and no village begins with.
_OF_VILLAGES = pattern(
    r"村[民干委支里级内中]|(?:打造|建设|推进|实施|强化|坚持|带动|助推|聚焦|围绕|加快|促进|召集|引导|动员|因人|因地|一人|更多|众多|许多|无数|大量)"
)


@lru_cache(maxsize=1)
def _modifier() -> re.Pattern[str]:
    kinds = "|".join(map(re.escape, kind_words("village")))
    return re.compile(f"^.{{0,5}}(?:{kinds})$")


@lru_cache(maxsize=10_000)
def generic(stem: str) -> bool:
    """Whether what stands before 村 or 社区 says what kind it is, or how many (示范, 20个), and is no name."""
    if (
        not stem
        or stem[-1] in _LAST
        or "村" in stem[1:-1]
        or _OF_VILLAGES.match(stem)
        or stem in _ALONE
        or (len(stem) < 3 and not (set(stem) - _LITTLE))
    ):
        return True
    return bool(_modifier().match(stem) or _NUMBER.match(stem) or _SORT.search(stem))
