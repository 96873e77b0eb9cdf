"""Measure words behind a number, and the words around it that say how exact it is.

The one idea: a measure word is looked up, longest first, and only believed where no longer noun begins with it
(`10项` but not `10项目`: there the number has no measure word and the noun is what it counts).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from pbtool import tables
from pbtool.extraction.numerals import fold
from pbtool.tables import pattern


@dataclass(frozen=True, slots=True)
class Unit:
    """A measure word at [start, end) with its class; `extra` is what a 半 behind it adds; `over` that 多 or 余 stands there."""

    start: int
    end: int
    group: str
    over: bool = False
    extra: float = 0.0
    stop: int = 0


@functools.cache
def _table() -> dict[str, dict[str, str]]:
    """First character -> measure word -> class."""
    table: dict[str, dict[str, str]] = {}
    for word, group in tables.rows("measure_words.tsv"):
        table.setdefault(fold(word)[0], {})[fold(word)] = group
    return table


#: What may not follow a measure word, because the two begin a noun together.
_NOUN = {
    "项": "目圈链", "条": "件例款约理", "件": "套", "家": "庭训园禽务族", "户": "籍型主",
    "位": "于置次数", "名": "单额称词录片", "年": "级轻龄味薪", "月": "份", "天": "然气", "人": "才民类均",
    "场": "所景馆站", "门": "诊槛票店口窗户", "节": "能假约点庆省奏气水目", "部": "门署队分委长级属位", "处": "理置于级方罚境",
    "层": "面级次", "面": "积向对貌临料条包粉", "台": "风湾州账阶子", "组": "织合长", "村": "民庄委干落级居情社支部务规两书改",
    "县": "委级域乡城政区", "区": "域间委级块位划县", "市": "场民委区级政值直", "省": "委级政会区直市", "乡": "村镇亲贤愁", "镇": "街村级区",
    "国": "家产际务有资内外道旗策债防企庆", "岁": "月", "元": "素旦件", "份": "额", "批": "准示评发", "代": "表码理价办工", "级": "别",
    "类": "别型", "步": "伐骤行", "方": "面案式向针便法位程机阵", "阶": "段", "班": "子级主", "课": "程题堂", "队": "伍员", "排": "放名水污列", "行": "业动政程政",
    "支": "持付援书", "回": "应复归", "种": "子", "成": "为员绩果功立长熟效本都品分人年交就套熟活家", "分": "之别公管配布析支类工期场局店社部队行数点",
    "周": "边围岁年期", "星": "期光", "日": "报常志本均刊", "里": "程面", "两": "个年次名项人种天月", "周年": "级", "度": "假量过", "点": "多位评名赞", "首": "次先批要席飞",
    "出": "台现行入发口", "头": "脑", "口": "号径味岸", "道": "路德理", "校": "园长", "院": "士校长", "企": "业", "社": "会区保", "站": "点", "号": "召码称",
    "套": "餐", "对": "象于比口接", "章": "程", "期": "间待望货刊末限", "卷": "烟本", "单": "位元独", "双": "方边向重",
    "网": "络格友", "团": "队结体员", "地": "区方块点级市理质下", "厂": "房家商", "店": "铺", "轮": "流船", "格": "局式", "集": "体中团", "船": "舶", "车": "辆间票道站",
    "根": "据本", "角": "度色落楼", "本": "地身职科", "顶": "层", "丝": "绸", "票": "据房", "平": "台均安方原",
    "股": "份东权指", "笔": "记试", "例": "如外", "亩": "产均",
    "旗": "帜县舰", "克": "服隆", "折": "合叠算扣", "次": "日年序要品方", "下": "降一乡跌岗",
    "圈": "层", "路": "线径", "盘": "活山", "幅": "度", "封": "闭面", "通": "过报用道知", "味": "道",
    "梯": "队度", "串": "联", "间": "接谍", "座": "谈位", "等": "级", "季": "度节", "夜": "间", "世": "界纪",
    "群": "众体", "城": "乡市镇", "吉": "林", "巴": "勒", "井": "喷冈", "发": "售展",
}  # fmt: skip
_INSIDE = pattern(r"个(半|多|余|来)(月|小时|钟头|星期|学期|世纪|学年)")
_MIDDLE = pattern(r" {0,2}(余|多|来(?![自到说看讲的]))? ?")


def unit(text: str, place: int) -> Unit | None:
    """The measure word behind a number that ends at `place` of folded `text`.

    Takes in 余, 多 and 来 before it, 个半 and 多 inside it (3个多月), 半 and 多 behind it (两年半, 3年多).
    """
    match = _MIDDLE.match(text, place)
    over, at = (match[1] is not None, match.end()) if match else (False, place)
    inner = _INSIDE.match(text, at)
    if inner:
        extra = 0.5 if inner[1] == "半" else 0.0
        return Unit(at, inner.end(), "duration", over or inner[1] != "半", extra, inner.end())
    found = _longest(text, at)
    if found is None:
        return None
    end, group = found
    if (group in ("duration", "length", "weight", "money", "age") or text[at:end] == "成") and text[
        end : end + 1
    ] in (
        "半",
        "多",
        "余",
    ):
        sign, following = text[end], text[end + 1 : end + 2]
        if sign == "半" and group != "money" and following not in ("以", "数", "功", "岛", "年", "途"):
            return Unit(at, end, group, over, 0.5, end + 1)
        if sign != "半" and following not in tuple("种个项次名家样少数元位条场处方万") and not over:
            return Unit(at, end, group, True, 0.0, end + 1)
    if text[at:end] in ("米", "块") and (rest := _REST.match(text, end)):
        return Unit(at, end, group, over, float(f"0.{rest[1]}"), rest.end())  # 1米6
    return Unit(at, end, group, over, 0.0, end)


_REST = pattern(
    r"(\d{1,2})(?![\d.%万亿千百余多]| ?[个米块元毛人名条株棵根户家座处项年月日时分秒道层度倍次天位])"
)


def _longest(text: str, at: int) -> tuple[int, str] | None:
    words = _table().get(text[at : at + 1])
    if not words:
        return None
    for length in range(min(9, len(text) - at), 0, -1):
        word = text[at : at + length]
        group = words.get(word)
        if group and not _swallowed(text, at + length, word):
            return at + length, group
    return None


def _swallowed(text: str, end: int, word: str) -> bool:
    following = text[end : end + 1]
    if word[-1].isascii() and word[-1].isalpha():
        return following.isascii() and following.isalnum()
    if word == "支" and following == "部":
        return text[end + 1 : end + 2] != "队"  # 医技一支部, but 三支部队
    if len(word) == 1 or word[0] in "个大":
        noun = _NOUN.get(word[-1] if word[0] == "大" else word, "")
        return bool(following) and following in noun  # 十大项目: no 大项
    return False


_AFTER = pattern(r" ?(及?以上|及?以下|[以之]内|左右|上下|有余|之多|开外)")
_AFTER_MEANS = {"以上": "over", "以下": "under", "内": "under", "右": "about", "上下": "about"}
#: Qualifiers before a number, what they mean, and what may not stand before them (节约 is no 约).
_QUALIFIERS: tuple[tuple[str, str, str], ...] = (
    ("不得超过", "under", ""), ("不能超过", "under", ""), ("不应超过", "under", ""), ("不会超过", "under", ""), ("未超过", "under", ""),
    ("不得高于", "under", ""), ("不得多于", "under", ""), ("不得大于", "under", ""), ("不得少于", "over", ""), ("不得低于", "over", ""),
    ("不应少于", "over", ""), ("不应低于", "over", ""), ("不能少于", "over", ""), ("不得小于", "over", ""), ("应不少于", "over", ""),
    ("不少于", "over", ""), ("不低于", "over", ""), ("不小于", "over", ""), ("不下于", "over", ""), ("不下", "over", "居高"),
    ("不超过", "under", ""), ("不高于", "under", ""), ("不多于", "under", ""), ("不大于", "under", ""), ("不超", "under", ""),
    ("至少", "over", ""), ("起码", "over", ""), ("超过", "over", ""), ("多于", "over", ""), ("高于", "over", "不"), ("大于", "over", "不"),
    ("突破", "over", ""), ("超出", "over", ""), ("已超", "over", ""), ("远超", "over", ""), ("逾", "over", "年"), ("超", "over", "赶反"),
    ("最多", "under", ""), ("至多", "under", ""), ("不到", "under", ""), ("不足", "under", ""), ("不满", "under", ""), ("未满", "under", ""),
    ("少于", "under", "不"), ("低于", "under", "不"), ("小于", "under", "不"), ("将近", "nearly", ""), ("接近", "nearly", ""),
    ("近", "nearly", "附最临亲靠就远相邻新逼贴切"), ("大约", "about", ""), ("约", "about", "节签公条制集预履违契简特隐邀盟婚"),
    ("大概", "about", ""), ("大致", "about", ""), ("估计", "about", ""), ("约合", "about", ""), ("约为", "about", ""), ("约占", "about", ""),
    ("约有", "about", ""), ("破", "over", "侦告打攻爆识抓看点"), ("满", "exact", ""),
)  # fmt: skip


@functools.cache
def _qualifiers() -> dict[str, list[tuple[str, str, str]]]:
    """Last character → the qualifiers that end in it."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in _QUALIFIERS:
        found.setdefault(row[0][-1], []).append(row)
    return found


_BARE = {"上": "over", "过": "over", "成": "over", "破": "over"}
_BECOME = frozenset(("建成", "形成", "完成", "组成", "变成", "达成", "造成", "构成", "经过", "通过", "超过"))
_FAR = pattern(r"约(?:是|为|占|有|合|需|相当于)[^，。；,;\d]{0,6}$")


def after(text: str, place: int) -> tuple[int, str | None]:
    """End and meaning of 以上, 左右 … behind a quantity that ends at `place`."""
    match = _AFTER.match(text, place)
    if match is None:
        return place, None
    for tail, meaning in _AFTER_MEANS.items():
        if match[1].endswith(tail):
            return match.end(), meaning
    return match.end(), "over"


def before(text: str, place: int, bare: bool) -> tuple[int, str | None]:
    """Start and meaning of 近, 约, 不少于 … before a number that begins at `place`; `bare`: it has no leading digit (上万)."""
    end = place
    while end > 0 and text[end - 1] == " " and place - end < 2:
        end -= 1
    for word, meaning, veto in _qualifiers().get(text[end - 1 : end], ()):
        start = end - len(word)
        if start >= 0 and text.startswith(word, start):
            if start > 0 and text[start - 1] in veto:
                continue
            return (start, meaning) if meaning != "exact" else (place, None)
    if bare and text[end - 1 : end] in _BARE and end and text[end - 2 : end] not in _BECOME:
        return end - 1, _BARE[text[end - 1]]
    if _FAR.search(text, max(0, end - 12), end):
        return place, "about"
    return place, None
