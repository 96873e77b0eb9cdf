"""What belongs to the page and not to an article: page numbers, running headers, mastheads, web buttons.

The one idea: furniture is told by its form (a number alone, an issue line, `责任编辑：`), by coming back (the same short
line at the edge of several pages) and by its place. A column name that occurs once counts where it stands at an edge.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pbtool.articles.lines import TextLine, compact, is_han

_N = r"(?:\d{1,4}|[一二三四五六七八九十〇零百]{1,4})"
_PAGE_NUMBER = re.compile(
    rf"[-—–－_·•.|/\s（(]{{0,6}}第?\s?{_N}\s?[版页頁]?(?:[/／]{_N}|\s?共\s?{_N}\s?[页頁版])?[-—–－_·•.|\s）)]{{0,6}}"
)
_BARE_WORD = re.compile(r"[一二三四五六七八九十〇零百]{1,4}")
_SHEET = re.compile(r"[A-D]?\d{1,2}\s?[版叠]|[A-D]\d{1,2}|P\s?\d{1,4}|Page\s?\d{1,4}(?:\s?of\s?\d{1,4})?")
_ISSUE = re.compile(
    r"[（(]?(?:\d{4}\s?年)?\s?(?:第\s?[\d一二三四五六七八九十]{1,4}\s?[期卷]|总第\s?\d{1,5}\s?期|\d{4}[.．/]\d{1,2}(?:[.．/]\d{1,2})?)"
    r"(?:[\s（(]{0,3}总第?\s?\d{1,5}\s?期[）)]?)?[）)]?"
)
_DAY = re.compile(
    r"(?:\d{4}\s?年\s?)\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?(?:\s?(?:星期|周)[一二三四五六日天])?(?:\s?第?\s?\w{0,4}\s?[版期])?"
)
_MASTHEAD = re.compile(
    r"(?:主\s?办|承\s?办|协\s?办|主\s?管|编\s?印|编\s?辑\s?部|编\s?委\s?会|出\s?版|印\s?刷|主\s?编|副主编|总\s?编\s?辑|顾\s?问|编\s?委|地\s?址|电\s?话|邮\s?编|邮\s?箱|投稿\w{0,6}|准印证\w{0,4}|刊\s?号|国内统一\w{0,10}|定\s?价|网\s?址|传\s?真|发行\w{0,4}|主任|副主任|封面\w{0,4}|封底\w{0,4}|E-?mail)"
    r"(?:单位|编辑|号码?)?\s?[:：]"
)
_MASTHEAD_LOOSE = re.compile(
    r"ISSN|\bCN\s?\d{2}|准印证|内部资料|免费交流|国内统一连续出版物|邮发代号|https?://|www\."
)
_FOOTER = re.compile(
    r"[（(【\[]?(?:责任编辑|責任編輯|责\s?编|責\s?編|本版编辑|本版責編|本版责编|栏目编辑|编\s?辑|編\s?輯|校\s?对|校\s?對|美\s?编|美术编辑|版式\w{0,3}|审\s?核|審\s?核|初审|复审|终审|终\s?审|监\s?制|值班\w{0,4}|签发|视觉|排版|制图|组版)\s?[:：丨|/／]"
)
_SOURCE = re.compile(
    r"(?:来源|來源|信息来源|稿件来源|文章来源|发布时间|發布時間|发布日期|更新时间|浏览次数|点击数?|阅读数?|阅读量|访问量|字号|字体|分享到?|版权\w{0,6})\s?[:：丨【\[]"
)
_BUTTON = re.compile(
    r"(?:分享|转发|点赞|在看|收藏|评论|打印(?:本页)?|关闭(?:窗口)?|返回(?:顶部|首页|列表)?|首页|上一[篇页条]|下一[篇页条]|阅读原文|微信|微博|新浪微博|QQ空间|QQ|朋友圈|扫一扫\w{0,12}|扫码\w{0,12}|长按\w{0,12}二维码\w{0,6}|相关\w{0,4}|当前位置|您所在的位置|繁体|简体|大|中|小|登录|注册|客户端\w{0,4})"
)
_PATH = re.compile(r"(?:当前位置|您(?:现)?在的?位置|您所在的位置|首页)\s?[:：>›»/]")
_PICTURES = re.compile(
    r"[（(]?(?:本版|以上|本组|文中|题)?(?:图片|照片|圖片|照片均?|资料图片?|图)(?:均|皆|除署名外)?(?:由|为|来自|來自|除)[^。]{2,40}[。]?[）)]?|[（(]?(?:资料图片|圖片来源|图片来源)[^。]{0,30}[）)]?"
)
_TURN = re.compile(
    r"[（(【▶→]{0,2}\s?(?:下转|下轉|上接|转接|接|转)(?:本版)?第?\s?[A-D]?[\d一二三四五六七八九十]{1,4}\s?[版页頁][^。]{0,16}[）)】◀]{0,2}|[（(][\u4e00-\u9fff]{0,10}(?:见|見)第?\s?[\d一二三四五六七八九十]{1,4}\s?[版页頁][）)]"
)
_LATIN_LINE = re.compile(r"[A-Za-z][A-Za-z'’·&.,:\-/\s]{3,60}")
_COLUMN = re.compile(
    r"\w{0,4}(?:论坛|之窗|窗口|天地|园地|動態|动态|要闻|短讯|简讯|快讯|短波|集锦|视点|视角|视窗|观察|聚焦|焦点|热点|前沿|一线|人物|风采|先锋|榜样|典型|故事|专栏|专题|专版|专稿|特稿|言论|评论|时评|卷首语?|寄语|导读|目录|目次|选登|文摘|参考|交流|经验|做法|探索|实践|思考|研究|调研|调查|文苑|副刊|随笔|荐读|广角|快递|之声|之家|课堂|讲堂|看台|平台|纵横|长廊|阵地|史话|关注|特别策划|策划|信箱|问答|传真|扫描|博览|心得|感悟|体会|党旗|来稿)"
)

EDGE_ROLES = ("page_number", "running_header", "footer", "masthead")


def furniture_roles(lines: Sequence[TextLine]) -> list[str | None]:
    """The furniture role of every line, or None where the line may belong to an article."""
    chinese = _mostly_chinese(lines)
    roles: list[str | None] = [_by_form(line, chinese) for line in lines]
    _doubtful_numbers(lines, roles)
    for i, line in enumerate(lines):
        if roles[i] == "masthead" and i and not _MASTHEAD.match(line.text) and _inside_text(lines[i - 1]):
            roles[i] = None
    _repeated(lines, roles)
    for _ in range(2):
        _at_edges(lines, roles)
    return roles


def turn_mark(text: str) -> bool:
    """Whether a line only says where the text goes on (`下转第三版`, `上接第1版`)."""
    return _TURN.fullmatch(text) is not None


def is_column(text: str) -> bool:
    """Whether a short line looks like the name of a column."""
    return 2 <= len(text) <= 7 and _COLUMN.fullmatch(text) is not None


def _mostly_chinese(lines: Sequence[TextLine]) -> bool:
    sample = "".join(line.text for line in lines[:2000])
    return sum(map(is_han, sample)) * 2 > sum(c.isalpha() for c in sample)


def _by_form(line: TextLine, chinese: bool) -> str | None:
    text = line.text
    if len(text) > 80:
        return None
    if _PAGE_NUMBER.fullmatch(text) or _SHEET.fullmatch(text):
        return "page_number"
    if line.ends and len(text) > 24:
        return None
    if _ISSUE.fullmatch(text) or _DAY.fullmatch(text):
        return "footer"
    if _FOOTER.match(text) and len(text) <= 60:
        return "footer"
    if _MASTHEAD.match(text) or (_MASTHEAD_LOOSE.search(text) and not line.ends):
        return "masthead"
    if _SOURCE.match(text) or _PATH.match(text) or _PICTURES.fullmatch(text) or _TURN.fullmatch(text):
        return "other"
    words = text.replace("|", " ").split()
    if (
        len(words) <= 12
        and words
        and all(_BUTTON.fullmatch(word) for word in words)
        and len(compact(text)) > 1
    ):
        return "other"
    if chinese and _LATIN_LINE.fullmatch(text) and len(text.split()) >= 2:
        return "footer"
    if not any(c.isalnum() for c in text) and len(text) > 2:
        return "other"
    return None


def _doubtful_numbers(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Numbers alone on a line are page numbers unless most lines are such (a table, one character a line)."""
    numbers = [i for i, role in enumerate(roles) if role == "page_number"]
    crowd = len(numbers) > 8 and len(numbers) * 6 > len(lines)
    for i in numbers:
        bare = _BARE_WORD.fullmatch(lines[i].text) is not None
        before = lines[i - 1] if i else None
        dangling = (
            bare and before is not None and not before.ends and roles[i - 1] is None and not lines[i].top
        )
        if crowd or dangling:
            roles[i] = None


def _inside_text(before: TextLine) -> bool:
    return not before.ends and before.width > 12


def _repeated(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    keys = [_key(line) if role is None else "" for line, role in zip(lines, roles, strict=True)]
    counts = Counter(key for key in keys if key)
    often = {key for key, count in counts.items() if count >= 3}
    if sum(counts[key] for key in often) * 3 > len(lines) > 12:
        return
    paged = any(line.top for line in lines[1:]) or "page_number" in roles
    narrow = sorted(line.width for line in lines)[len(lines) // 2] <= 40
    edges: Counter[str] = Counter(
        key for i, key in enumerate(keys) if key in often and (narrow or not paged or _edge(lines, roles, i))
    )
    for i, key in enumerate(keys):
        if key in often and edges[key] * 2 > counts[key]:
            roles[i] = "running_header"


def _key(line: TextLine) -> str:
    text = compact(line.text)
    if (
        line.width > 18
        or line.ends
        or text[-1] in "：:，,、；"
        or len(text) < 2
        or not any(map(is_han, text))
        or text[0] in "（(■【“"
    ):
        return ""
    return re.sub(r"\d", "0", text)


def _edge(lines: Sequence[TextLine], roles: Sequence[str | None], i: int) -> bool:
    if i == 0 or i == len(lines) - 1 or lines[i].top or lines[i + 1].top:
        return True
    return roles[i - 1] in EDGE_ROLES or roles[i + 1] in EDGE_ROLES


def _at_edges(lines: Sequence[TextLine], roles: list[str | None]) -> None:
    """Column names that occur once, at an edge of the page; headers that stand beside two page numbers or more."""
    counts = Counter(compact(line.text) for line, role in zip(lines, roles, strict=True) if role is None)
    for i, line in enumerate(lines):
        text = compact(line.text)
        if roles[i] is not None or not 2 <= len(text) <= 8 or not all(map(is_han, text)):
            continue
        before = roles[i - 1] if i else "page_number"
        after = roles[i + 1] if i + 1 < len(lines) else "page_number"
        opening = i < 12 and all(line.width < 24 and not line.ends for line in lines[:i])
        column = is_column(text) and (opening or _edge(lines, roles, i) or _apart(lines, i))
        held = before in EDGE_ROLES and after in EDGE_ROLES and i not in (0, len(lines) - 1)
        again = counts[text] >= 2 and "page_number" in (before, after) and i > 0
        under = before == "running_header" and len(text) <= 5 and _heads_page(lines, i)
        if column or held or again or under:
            roles[i] = "running_header"


def _heads_page(lines: Sequence[TextLine], i: int) -> bool:
    """Line i stands under a running header, and a title or running text follows."""
    after = lines[i + 1] if i + 1 < len(lines) else None
    return after is not None and not after.text.startswith("■") and after.width >= 10


def _apart(lines: Sequence[TextLine], i: int) -> bool:
    if not 0 < i < len(lines) - 1:
        return False
    before, after = lines[i - 1], lines[i + 1]
    return (
        not before.ends
        and before.text[-1] not in "，、；："
        and after.text.startswith(("编者", "编 者", "■", "【"))
    )
