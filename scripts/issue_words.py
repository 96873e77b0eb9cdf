"""What the pages of a synthetic issue say besides the articles: names, headings, captions, furniture. Our own words.

The one idea: everything that stands around real articles is drawn here from short lists, so that the maker of issues only
has to say where it stands.
"""

from __future__ import annotations

import random

PLACES = ("青屏", "云溪", "石桥", "柳塘", "白鹭", "松岭", "高坪", "南湖", "梅岙", "双井")
UNITS = ("县委组织部", "市委宣传部", "县委党校", "区委组织部", "县委办公室", "市直机关工委")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "建国志强丽华文静海涛晓明春燕立新玉兰永康"
COLUMNS = (
    "基层之声", "党建论坛", "经验交流", "先锋人物", "调查研究", "工作动态", "一线传真", "学习园地", "组织生活", "热点聚焦",
)  # fmt: skip
PAPERS = ("党建", "组工", "先锋", "日报", "组织工作")
_VERBS = ("把准", "建强", "用好", "守住", "做实", "擦亮", "织密", "激活", "拓宽", "夯实", "管好", "办好")
_OBJECTS = (
    "方向", "支部", "阵地", "身边活教材", "群众的小事", "基层网格", "红色资源", "乡村产业", "议事长廊", "干部队伍", "账本",
)  # fmt: skip
_ENDS = ("", "", "抓落实", "聚合力", "促发展", "解难题", "管长远", "做示范", "，人心齐了", "，群众说了算")
_PEOPLE = ("党员干部", "驻村干部", "志愿者", "村民", "青年党员", "网格员", "社区工作者")
_DOINGS = (
    "在田间帮助农户抢收", "走访困难群众", "清理河道", "参加主题党日活动", "宣讲政策", "检查防汛物资", "同群众座谈",
)  # fmt: skip
_NOTES = (
    "编者按：各地在实践中创造了不少好做法。本刊选登几篇，供大家学习借鉴。",
    "编者按：抓基层就是打基础。本期起，我们陆续介绍一批先进支部的经验，欢迎来稿。",
)
_KICKERS = ("{}县：", "{}市：", "{}县探索基层治理新路径——", "{}县委书记在工作例会上强调")
_SUBTITLES = ("——{}县工作纪实", "——来自{}县的报道", "——记{}县的一次探索")
_SHARES = (
    "分享到：微信 微博 QQ空间",
    "打印本页 关闭窗口",
    "上一篇：{}县召开工作推进会",
    "下一篇：{}县开展志愿服务活动",
)


class Words:
    """Draws words from one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def one(self, choices: tuple[str, ...]) -> str:
        """One of several templates, its gap filled with a place."""
        return self.chance.choice(choices).format(self.chance.choice(PLACES))

    def name(self) -> str:
        """A person's name."""
        given = "".join(self.chance.choice(GIVEN) for _ in range(self.chance.choice((1, 2, 2))))
        return self.chance.choice(SURNAMES) + given

    def names(self) -> list[str]:
        """One or two authors."""
        return list(dict.fromkeys(self.name() for _ in range(self.chance.choice((1, 1, 2)))))

    def unit(self) -> str:
        """The unit of an author."""
        return self.chance.choice(PLACES) + self.chance.choice(UNITS)

    def heading(self) -> str:
        """A head inside an article, without its number."""
        return "".join(map(self.chance.choice, (_VERBS, _OBJECTS, _ENDS)))

    def caption(self) -> str:
        """What a picture shows; now and then with its photographer."""
        scene = f"{self.chance.choice(PLACES)}{self.chance.choice('县镇村')}{self.chance.choice(_PEOPLE)}{self.chance.choice(_DOINGS)}"
        return self.chance.choice((f"图为{scene}。", f"{scene}。 {self.name()} 摄", f"▲{scene}"))

    def note(self) -> str:
        """An editors' note."""
        return self.chance.choice(_NOTES)

    def kicker(self) -> str:
        """A line above a title."""
        return self.one(_KICKERS)

    def subtitle(self) -> str:
        """A line below a title."""
        return self.one(_SUBTITLES)

    def shares(self) -> list[str]:
        """The lines below an article of a web page."""
        return [f"责任编辑：{self.name()}", *(share.format(self.chance.choice(PLACES)) for share in _SHARES)]
