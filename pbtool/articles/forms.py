"""Furniture that its form gives away: page numbers, issue lines, credits, mastheads, web labels and buttons.

The one idea: such a line is made of pieces of few kinds and of nothing else, in any order: a date, a number of the issue, the
name of a paper, `责任编辑` with names, an address. So one scanner takes the pieces off one by one; what is used up is furniture.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pbtool.articles.bylines import is_name
from pbtool.articles.days import CLOCK, DAY, DAY_OF_MONTH, MONTH_OF_YEAR, WEEKDAY, YEAR
from pbtool.articles.lines import HAN, compact, is_han
from pbtool.articles.words import PAGE, any_of, words
from pbtool.gazetteer import fold
from pbtool.tables import pattern

_N = r"(?:\d{1,4}|[一二三四五六七八九十〇零百]{1,4})"
_PAGE_NUMBER = pattern(
    rf"[-—–－_·•.|/\s（(]{{0,6}}第?\s?{_N}\s?[版页]?(?:[/／]{_N}|\s?共\s?{_N}\s?[页版])?[-—–－_·•.|\s）)]{{0,6}}"
)
_SHEET = pattern(
    r"[A-D]?\d{1,2}\s?[版叠]|[A-D]\d{1,2}(?:[-—]\d{1,2}\s?版?)?|P\s?\d{1,4}|Page\s?\d{1,4}(?:\s?of\s?\d{1,4})?"
)
_ISSUE = pattern(
    r"[（(]?(?:\d{4}\s?年)?\s?(?:第\s?[\d一二三四五六七八九十]{1,4}\s?[期卷号]|总第?\s?\d{1,6}\s?期|第\s?\d{1,6}\s?期)"
    r"(?:[\s（(]{0,3}总第?\s?\d{1,6}\s?期[）)]?)?[）)]?"
)
_DAY = pattern(
    rf"{MONTH_OF_YEAR}(?:{DAY_OF_MONTH})?(?:\s?{WEEKDAY})?|{DAY}(?:\s{{1,2}}{CLOCK})?(?!\d)|\d{{4}}[-./．]\d{{1,2}}(?!\d)"
)
_FEAST = pattern(
    rf"{WEEKDAY}|(?:农历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年[{HAN}]{{2,8}}|农历[{HAN}]{{2,9}}|{YEAR}"
)
_PUBLISHER = pattern(rf"[{HAN}、（）()]{{2,30}}?(?:主办|主管|编印|承办|协办|出版|发行)(?![{HAN}])")
_LOOSE = pattern(r"https?://\S{3,80}|www\.\S{3,60}|[\w.+-]{1,40}@[\w-]{1,40}\.[\w.]{2,20}|0\d{2,3}-\d{7,8}")
_DATETIME = pattern(rf"{DAY}\s{{0,4}}(?:{WEEKDAY}\s{{0,4}})?{CLOCK}")
_CRUMBS = pattern(r"\S\s?(?:>>|››|»)\s?\S|\S\s[>›]\s\S")
_PATH_END = pattern(r"^第\s?[A-Z]?\d{1,3}\s?版\s?[:：]|^\s?[>›»]\s?\S|(?:^|[\s>›»•·/])(?:正文|内容)$")
_NAMED_ISSUE = pattern(r"\d{4}\s?年第?\s?\d{1,2}\s?期[）)]?$")
_YEAR_DAY = pattern(DAY)
_AGO = pattern(r"今天|昨天|前天|\d{1,2}\s?(?:小时|分钟|天|周|个月)前")
_COLUMN_DAY = pattern(rf"[{HAN}]{{2,6}}\s?(?!\d{{4}}\s?年){DAY}")
#: Where a paper had the text: `《县报》（2023年05月06日 03版）`.
_IMPRINT = pattern(
    rf"[（(]?\s?《\s?[{HAN}]{{2,12}}\s?》\s?[（(]?\s?(?:20|19)\d\d\s?年[^（）()]{{3,24}}[版期]\s?[）)]{{0,2}}\W{{0,3}}"
)
_STAMP = pattern(
    rf"(?:[\w.]{{1,20}}\.(?:com|cn|net))?{DAY}[\s-]{{0,4}}(?:{CLOCK})?|\d{{1,2}}\.\d{{1,2}}\.(?:20|19)\d\d(?:\s{{1,3}}{CLOCK})?"
)
_SEPARATOR = pattern(r"[\s|｜丨·•/／,，;；—\-]{1,6}")
_TURN = pattern(
    rf"[（(【▶→]{{0,2}}\s?(?:紧接|下转|上接|转接|接|转)(?:本版)?第?\s?[A-D]?[\d一二三四五六七八九十]{{1,4}}\s?[版页][^。]{{0,16}}[）)】◀]{{0,2}}|[（(][{HAN}]{{0,10}}见第?\s?[\d一二三四五六七八九十]{{1,4}}\s?[版页][）)]"
)
_PICTURES = pattern(
    r"[（(]?(?:本版|以上|本组|文中|题|均为)?(?:图片|照片|资料图片?|图)(?:均|皆|除署名外)?(?:由|来自|除|为)[^。]{2,40}(?:提供|摄|拍摄|供图|资料图片?)[。]?[）)]?"
    r"|[（(]?(?:资料图片|图片来源|图片来自)[^。]{0,30}[）)]?"
)
_LATIN_LINE = pattern(r"[A-Za-z][A-Za-z'’·&.,:\-/\s]{3,60}")
_FILE = pattern(
    r"[\w()（）.-]{1,60}\.(?:jpe?g|png|gif|bmp|pdf|docx?|mp4)|(?=\d{0,63}[a-f])[0-9a-f]{16,64}|图片\s?\d{1,2}",
    re.IGNORECASE,
)
_END = pattern(r"[-—–·\s]{0,4}(?:END|The End|THE END|完|全文完)[-—–·\s]{0,4}|[（(]\s?(?:全文)?完\s?[）)]")
_TOKEN = pattern(r"\S+")
_COUNT = pattern(r"\d{1,9}[次人条]?|大|中|小|[|｜·]")
#: Counters and buttons with a number, as they stand behind titles.
_LABELLED = pattern(
    r"(?:\d{1,9}[次人条]?)?[次人条]?(?:阅读|浏览|点击|评论|点赞|收藏|转发|赞)(?:量|数|次数)?\s?[:：]?\s?[（(]?\d{0,9}[次人条]?[+＋]?[）)]?$|分享[到至]?[:：]?$"
)
_GLUED = pattern(r"\s{0,4}(?:分享[到至]\s?[:：]|[【\[［]\s?字[体号]\s?[:：]?[大中小\s]{1,8}[】\]］]).{0,40}$")
_NUMBER_ALONE = pattern(r"[一二三四五六七八九十〇零百]{1,4}")
_REFERENCE = pattern(r"[\[［]\d{1,3}[\]］]\S")
_GREETING = pattern(
    rf"(?:各|尊敬的|敬爱的|亲爱的|全体|全县|全市|广大)[{HAN}、，,“”]{{1,20}}[：:]|(?:同志们|朋友们|乡亲们|老师们|同学们|女士们)[，、{HAN}]{{0,12}}[：:]"
)
_NAME = rf"(?:[{HAN}]{{2,4}}|[{HAN}]\s{{1,2}}[{HAN}](?![{HAN}]))"


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """The patterns that are made of words, compiled on first use."""
    credit, contact = any_of(PAGE, "credit"), any_of(PAGE, "contact")
    made = {
        "credit": rf"[（(【\[]?(?:本[报刊版期])?{credit}(?:\s?[、/／\s]\s?{credit}){{0,3}}\s?[:：丨|/／]",
        "credits": rf"{credit}(?:\s?[、/／]\s?{credit}){{0,3}}\s?[:：/／丨|]?\s{{1,3}}((?:(?!{credit}){_NAME}(?:[\s、]{{1,3}}|$)){{1,4}})",
        "masthead": rf"{any_of(PAGE, 'masthead')}\s?[:：]",
        "contact": rf"{contact}\s?[:：]?\s?[^。，；]{{0,30}}[A-Za-z\d.@/_()（）\-—、\s]{{3,40}}|{contact}\s?[:：]",
        "loose": rf"{any_of(PAGE, 'mark')}|\bCN\s?\d{{2}}|{_LOOSE.pattern}",
        "label": rf"[\[［【]?{any_of(PAGE, 'label')}\s?[:：丨【\[]",
        "next": rf"{any_of(PAGE, 'next')}\s?[:：>›»]",
        "metadata": rf"[\[［【]?{any_of(PAGE, 'metadata')}\s?[:：\]］】]",
        "button": any_of(PAGE, "button"),
        "fields": rf"(?:^|(?<=[\s|｜])){any_of(PAGE, 'label')}(?=[\s:：|｜]|$)",
        "path": r"(?:您?(?:所在|现在|在)?的?(?:当前|现在)?的?位置|首页)\s?[:：>›»/]",
        "call": any_of(PAGE, "call"),
        "share": any_of(PAGE, "share"),
        "paper": rf"[{HAN}]{{1,8}}?{any_of(PAGE, 'paper')}",
        "column": rf"\w{{0,4}}{any_of(PAGE, 'column')}",
        "piece": rf"[◎■□●○◆◇▲★☆▌|｜]\s?{any_of(PAGE, 'piece')}|[【\[［]\s?{any_of(PAGE, 'piece')}\s?[】\]］]|{any_of(PAGE, 'piece')}[:：]",
        "note": rf"[【\[（(]?\s?{any_of(PAGE, 'note')}\s?(?:[】\]）)]?\s?[:：]|[】\]）)]|$)",
        "abstract": rf"[\[［【]?\s?{any_of(PAGE, 'abstract')}\s?[\]］】:：]",
        "site": rf"欢迎|首页|{any_of(PAGE, 'site')}$",
        "more": rf"[-—◆●▼↓>【\[\s]{{0,3}}{any_of(PAGE, 'more')}[:：↓▼>】\]\s]{{0,3}}",
        "notice": rf"[【\[（(*※•\s]{{0,3}}{any_of(PAGE, 'notice')}",
        "reserved": rf"{any_of(PAGE, 'reserved')}|Copyright|All Rights Reserved|©",
        "particular": rf"(?:{any_of(PAGE, 'label', 'credit')}|作\s?者|记者|通讯员)[】\]]?\s{{0,3}}[:：]",
    }
    return re.compile(made[name])


def turn_mark(text: str) -> bool:
    """Whether a line only says where the text goes on (`下转第三版`, `上接第1版`)."""
    return _TURN.fullmatch(fold(text)) is not None


def turned_page(text: str) -> int:
    """The page that a mark of turned pages names (0 where it names none)."""
    found = re.search(r"\d{1,4}|[一二三四五六七八九十]{1,3}", text)
    if found is None:
        return 0
    return int(found.group()) if found.group().isdecimal() else _number(found.group())


def _number(text: str) -> int:
    """A Chinese number below a hundred."""
    tens, _, ones = text.rpartition("十")
    digits = "〇一二三四五六七八九"
    high = (digits.find(tens) if tens else 1) * 10 if "十" in text else 0
    return high + max(0, digits.find(ones))


def is_column(text: str) -> bool:
    """Whether a short line looks like the name of a column."""
    return 2 <= len(text) <= 7 and _pattern("column").fullmatch(fold(text)) is not None


def is_paper(text: str) -> bool:
    """Whether a text can be the name of a newspaper or magazine (letter-spaced as on a front page, too)."""
    return len(text) <= 12 and _pattern("paper").fullmatch(fold(compact(text))) is not None


def is_piece(text: str) -> bool:
    """Whether a line names a piece beside an article (`◎短评`, `【相关链接】`)."""
    return len(text) <= 12 and _pattern("piece").fullmatch(fold(text)) is not None


def is_abstract(text: str) -> bool:
    """Whether a line opens an abstract or the list of key words of a paper."""
    return _pattern("abstract").match(fold(text)) is not None


def note_label(text: str) -> int:
    """Where the label of a note of the editors ends that a line opens with (`编者按：…`), 0 where there is none."""
    match = _pattern("note").match(fold(text))
    return match.end() if match else 0


def is_greeting(text: str) -> bool:
    """Whether a line greets the readers of a letter (`各位乡亲：`)."""
    return text[-1:] in "：:" and len(text) <= 24 and _GREETING.match(fold(text)) is not None


def opens_text(text: str) -> bool:
    """Whether a line opens running text by its form: a greeting, an abstract, a reference (`[1]…`)."""
    return is_greeting(text) or is_abstract(text) or _REFERENCE.match(text) is not None


def is_more(text: str) -> bool:
    """Whether a line announces links to other articles (`往期推荐`)."""
    return len(text) <= 14 and _pattern("more").fullmatch(fold(text).replace("·", "")) is not None


def is_notice(text: str) -> bool:
    """Whether a line says what may be done with the page, or where its readers may write (`声明：…`, `转载请注明…`)."""
    folded = fold(text)
    return _pattern("notice").match(folded) is not None or (
        len(text) <= 100 and _pattern("reserved").search(folded) is not None
    )


def is_button(text: str) -> bool:
    """Whether a short line consists of buttons, whatever adorns them (`—分享—`, `T | T`)."""
    bare = text.strip("—-–·•|｜【】[]（）()×+＋:：*# ")
    return not bare or (len(bare) <= 12 and _pattern("button").fullmatch(fold(bare)) is not None)


def shares(text: str) -> bool:
    """Whether a short line calls on readers to share the page (`微信扫一扫，分享到朋友圈`)."""
    return len(text) <= 30 and len(set(_pattern("share").findall(fold(text)))) >= 2


def controls_begin(text: str) -> int:
    """Where the buttons and counters begin that a page has set behind a line of its own (`… 分享到： 阅读：1024`); its length
    where none do."""
    glued = _GLUED.search(text)
    end = glued.start() if glued else len(text)
    place, word = end, False
    for token in reversed(list(_TOKEN.finditer(text, 0, end))):
        if _COUNT.fullmatch(token[0]) is None:
            if not (
                is_button(token[0])
                or _LABELLED.match(token[0])
                or _pattern("label").fullmatch(fold(token[0]))
            ):
                break
            word = True
        if word and token.start():
            place = token.start()
    # Behind particulars they are some of them.
    return len(text) if _pattern("particular").search(fold(text[:place])) else len(text[:place].rstrip())


def unfinished(text: str) -> bool:
    """Whether a line of a title breaks off within its phrase (`关于做好换届选举工作的`)."""
    return text[-1] in "的和与及、，《“"


def is_path(text: str) -> bool:
    """Whether a line is the way to the page, or the end of it (`>要闻`, `县报网 正文`)."""
    return len(text) <= 60 and _PATH_END.search(text) is not None


def names_issue(text: str) -> bool:
    """Whether a short line names a periodical with its issue (`云湖学刊 2020年7期`)."""
    return len(text) <= 24 and _NAMED_ISSUE.search(fold(text)) is not None


def names_site(text: str) -> bool:
    """Whether a line greets the visitors of a site or ends as the names of sites and their owners do (`云湖县人民政府`)."""
    return _pattern("site").search(fold(text)) is not None


def is_particulars(text: str) -> bool:
    """Whether a line says when, where and by whom an article was put up: dates, and values behind their labels, often glued."""
    if len(text) > 160 or "。" in text:
        return False
    folded = fold(text)
    fields = len(_pattern("particular").findall(folded))
    dated = _STAMP.match(folded)
    if _AGO.fullmatch(text) or _COLUMN_DAY.fullmatch(text) or _IMPRINT.fullmatch(text):
        return True
    if dated is not None:
        return fields > 0 or len(folded) - dated.end() <= 24
    return fields >= (1 if _YEAR_DAY.search(folded) else 2)


def bare_number(text: str) -> bool:
    """Whether a line is a number in Chinese characters, which may as well be a word of the text."""
    return _NUMBER_ALONE.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def form_role(text: str, ends: bool, chinese: bool) -> str | None:
    """The furniture role that the form of a line gives away; None where it may belong to an article.

    `ends`: the line ends a sentence; `chinese`: most of the document is Chinese. Three answers are no roles yet, since such
    lines stand in articles too: `call` (`长按二维码关注我们`), `contact` (`电话：…`), `label` (`发布时间：…`).
    """
    if len(text) > 80:
        return None
    text = fold(text)
    if _PAGE_NUMBER.fullmatch(text) or _SHEET.fullmatch(text):
        return "page_number"
    if ends and len(text) > 24:
        return None
    if _pattern("credit").match(text) and len(text) <= 60:
        return "footer"
    if _pattern("masthead").match(text) or (_pattern("loose").search(text) and not ends):
        return "masthead"
    if _IMPRINT.fullmatch(text):
        return "footer"
    role = (None if text.endswith(("，", "、")) else _used_up(text.strip("（()）"))) or _web(text, ends)
    if role:
        return role
    if any(pattern.fullmatch(text) for pattern in (_PICTURES, _TURN, _END, _FILE)) or text in "|丨\\":
        return "other"
    if _pattern("metadata").match(text):
        return "other"
    if _pattern("contact").fullmatch(text):
        return "contact"
    if chinese and _LATIN_LINE.fullmatch(text) and len(text.split()) >= 2:
        return "footer"
    if not any(c.isalnum() for c in text) and (len(text) > 2 or not text.strip("|｜丨-·•")):
        return "other"
    return None


def _used_up(text: str) -> str | None:
    """The role of a line that dates, numbers of issues and pages, papers and credits make up to the last sign."""
    place, found = 0, []
    while place < len(text):
        gap = _SEPARATOR.match(text, place)
        if gap:
            place = gap.end()
            continue
        end, kind = _piece(text, place)
        if end <= place:
            return None
        place = end
        found.append(kind)
    telling = [kind for kind in found if kind in ("credit", "issue", "day", "publisher")]
    if telling:
        return "footer" if telling[0] != "publisher" else "masthead"
    return None


def _piece(text: str, place: int) -> tuple[int, str]:
    for kind, sign in (("issue", _ISSUE), ("day", _DAY), ("feast", _FEAST)):
        match = sign.match(text, place)
        if match:
            return match.end(), kind
    match = _pattern("credits").match(text, place)
    if match:
        names = [compact(name) for name in re.findall(_NAME, match.group(1))]
        if names and all(map(is_name, names)):
            return match.end(), "credit"
    for kind, sign in (
        ("publisher", _PUBLISHER),
        ("sheet", _SHEET),
        ("sheet", re.compile(rf"第?\s?{_N}\s?[版页]?(?![{HAN}\d])")),
        ("paper", _pattern("paper")),
    ):
        match = sign.match(text, place)
        if match and (kind != "paper" or match.end() == len(text) or not is_han(text[match.end()])):
            return match.end(), kind
    return place, ""


def _web(text: str, ends: bool) -> str | None:
    """Labels, buttons, paths and calls of web pages, also as items of a list."""
    text = text.lstrip("-–·•▪ ")
    if _pattern("path").match(text) or _pattern("next").match(text):
        return "other"
    if _pattern("label").match(text):
        return "label"
    if not ends and len(_pattern("fields").findall(text)) >= (1 if text.count("|") >= 2 else 2):
        return "label"
    if not ends and _CRUMBS.search(text):
        return "other"
    if not ends and len(text) <= 60 and _DATETIME.search(text) and "，" not in text:
        return "label"
    tokens = re.split(r"[\s|｜丨>›»\[\]［］【】:：•·]+", text.strip("[]［］【】"))
    tokens = [token for token in tokens if token]
    if tokens and len(tokens) <= 16 and len(compact(text)) > 1:
        if all(_pattern("button").fullmatch(token) for token in tokens):
            return "other"
        if len(tokens) >= 4 and "首页" in tokens and not ends:
            return "other"
    if not ends or len(text) <= 24:
        strong, weak = (set(_pattern(name).findall(text)) for name in ("call", "share"))
        if strong and len(strong | weak) >= 2:
            return "call"
    return None


def is_contents(text: str) -> bool:
    """Whether a line heads a table of contents."""
    bare = compact(text).strip("【】[]·•—-")
    return bare in _contents_heads()


@cache
def _contents_heads() -> frozenset[str]:
    return frozenset(compact(word) for word in words(PAGE, "contents"))
