"""Officials: each mention with the office and organisation that the text gives it there. All people are invented."""

from __future__ import annotations

import time
from itertools import zip_longest

import pytest

from pbtool.document import Article, Official, Passage, Place
from pbtool.extraction.officials import find_officials
from pbtool.extraction.people import merge_officials


def article(*paragraphs: str, **fields: object) -> Article:
    return Article("a01", paragraphs=tuple(map(Passage, paragraphs)), **fields)  # type: ignore[arg-type]


def people(one: Article, places: tuple[Place, ...] = ()) -> tuple[Official, ...]:
    return find_officials(one, places)


def place(text: str, name: str, nth: int = 0) -> Place:
    start = -1
    for _ in range(nth + 1):
        start = text.index(name, start + 1)
    return Place(name, start, start + len(name), name=name)


def rows(text: str, *names: str) -> list[tuple[str, str, str]]:
    """Name, organisation and title joined, role; `names` are the places of the text."""
    return [
        (o.name, (o.org or "") + (o.title or ""), o.role)
        for o in people(article(text), tuple(place(text, n) for n in names))
    ]


CASES = [
    # a Zhejiang paper: before the name, after it, in brackets
    ("近日，青溪镇党委书记罗守田说，路修好了。", ("青溪镇",), [("罗守田", "青溪镇党委书记", "official")]),
    ("罗守田（青溪镇人大主席）：大家都很高兴。", ("青溪镇",), [("罗守田", "青溪镇人大主席", "official")]),
    ("罗守田是青溪镇石桥村的老党员。", ("青溪镇", "石桥村"), [("罗守田", "青溪镇石桥村老党员", "member")]),
    # lists: each has its own office
    (
        "县委书记周大勇，县委常委、组织部部长马文涛，副县长李秀英参加会议。",
        (),
        [
            ("周大勇", "县委书记", "official"),
            ("马文涛", "县委常委、组织部部长", "official"),
            ("李秀英", "副县长", "official"),
        ],
    ),
    # what somebody becomes, is named, has held for years, holds beside what else is said of him
    (
        "2021年，陈志远成为大塘村党总支书记，带着乡亲们种茶。",
        ("大塘村",),
        [("陈志远", "大塘村党总支书记", "official")],
    ),
    ("钱伟民被任命为县水利局局长。", (), [("钱伟民", "县水利局局长", "official")]),
    ("刘海燕担任镇妇联主席已有六年。", (), [("刘海燕", "镇妇联主席", "official")]),
    (
        "何建华，青年干部，现任下河村第一书记，驻村三年。",
        ("下河村",),
        [("何建华", "下河村第一书记", "official")],
    ),
    ("冯小军，大塘村人，退伍军人，2018年起任村支书。", ("大塘村",), [("冯小军", "村支书", "official")]),
    ("李明辉成为村党支部书记的榜样。", (), [("李明辉", "", "mention")]),
    (
        "农志强担任三门镇双江村党支部“第一书记”已有3个月之久。",
        ("三门镇", "双江村"),
        [("农志强", "三门镇双江村党支部第一书记", "official")],
    ),
    (
        "说话的人叫陈海飞——中旺村党支部书记、村委会主任。",
        ("中旺村",),
        [("陈海飞", "中旺村党支部书记、村委会主任", "official")],
    ),
    # behind birth, schooling and party, however much is said of them
    (
        "苏桂兰，女，满族，黑龙江牡丹江人，1957年6月出生，1975年12月参加工作，1998年4月加入中国共产党，县实验中学党支部书记、校长。",
        (),
        [("苏桂兰", "县实验中学党支部书记、校长", "official")],
    ),
    (
        "郑海生1956年12月出生，1996年6月入党，目前担任潭口村党支部书记、村委会主任。",
        ("潭口村",),
        [("郑海生", "潭口村党支部书记、村委会主任", "official")],
    ),
    ("以他名字命名的“何建华农民专业合作社”规模最大，何建华很高兴。", (), [("何建华", "", "mention")] * 2),
    # leaders without an office of their own, and what is no office
    (
        "县领导王秀兰、张建军和市领导陈志远一同调研。",
        (),
        [
            ("王秀兰", "县领导", "official"),
            ("张建军", "县领导", "official"),
            ("陈志远", "市领导", "official"),
        ],
    ),
    # a shared office is inherited along a list, a single one is not
    (
        "县委常委周大勇、马文涛、李秀英到会。",
        (),
        [
            ("周大勇", "县委常委", "official"),
            ("马文涛", "县委常委", "official"),
            ("李秀英", "县委常委", "official"),
        ],
    ),
    # Hui, Tibetan, Uyghur, Mongol, Yi
    (
        "同心村党支部书记马生福介绍，全村有回族群众三百户。",
        ("同心村",),
        [("马生福", "同心村党支部书记", "official")],
    ),
    ("乡党委副书记扎西次仁告诉记者，牧民搬进了新居。", (), [("扎西次仁", "乡党委副书记", "official")]),
    ("村委会主任艾合买提·吐尔逊说，葡萄熟了。", (), [("艾合买提·吐尔逊", "村委会主任", "official")]),
    ("嘎查党支部书记那仁其其格说，草场恢复了。", (), [("那仁其其格", "嘎查党支部书记", "official")]),
    ("第一书记吉克木呷表示，要把路修通。", (), [("吉克木呷", "第一书记", "official")]),
    # compound surnames
    ("组织委员欧阳静怡说，台账建好了。", (), [("欧阳静怡", "组织委员", "official")]),
    # women and peoples in brackets
    (
        "李秀英（女，汉族）河东省青山县红石镇党委副书记",
        ("河东省", "青山县", "红石镇"),
        [("李秀英", "河东省青山县红石镇党委副书记", "official")],
    ),
    ("马生福（回族）青山县财政局局长", ("青山县",), [("马生福", "青山县财政局局长", "official")]),
    # bylines inside the text
    (
        "本报记者 黄立新 通讯员 周大勇 马文涛",
        (),
        [("黄立新", "本报记者", "byline"), ("周大勇", "通讯员", "byline"), ("马文涛", "通讯员", "byline")],
    ),
    ("责任编辑:李秀英", (), [("李秀英", "责任编辑", "byline")]),
    ("工作越做越实。(黄立新 周大勇)", (), [("黄立新", "", "byline"), ("周大勇", "", "byline")]),
    # what else is said of the person stands between
    (
        "李秀英（女），1968年12月生，青山县委常委、宣传部部长；马生福，男，回族，1972年3月生，现任青山县副县长。",
        ("青山县",),
        [("李秀英", "青山县委常委、宣传部部长", "official"), ("马生福", "青山县副县长", "official")],
    ),
    # what leads from the name to the office, or from the office to the name
    (
        "李秀英，原本是青山县文旅局的副局长。",
        ("青山县",),
        [("李秀英", "青山县文旅局副局长", "official")],
    ),
    (
        "市财政局的马文涛被派到石桥村担任第一书记。",
        ("石桥村",),
        [("马文涛", "第一书记", "official")],
    ),
    ("党委书记为罗守田同时兼任政委。", (), [("罗守田", "党委书记", "official")]),
    (
        "先后由周大勇、马文涛、李秀英担任支部书记。",
        (),
        [
            ("周大勇", "支部书记", "official"),
            ("马文涛", "支部书记", "official"),
            ("李秀英", "支部书记", "official"),
        ],
    ),
    (
        "河东省地震局监测预报处处长罗守田说，省财政厅法规处（审理处）副处长马文涛到了。",
        ("河东省",),
        [
            ("罗守田", "河东省地震局监测预报处处长", "official"),
            ("马文涛", "省财政厅法规处（审理处）副处长", "official"),
        ],
    ),
    (
        "村主任，曾方伦，男，汉族。副主任，孙华忠，男。",
        (),
        [("曾方伦", "村主任", "official"), ("孙华忠", "副主任", "official")],
    ),
    ("妹妹央宗是村妇女主任。", (), [("央宗", "村妇女主任", "official")]),
    ("石桥村村民赵大爷很高兴。", ("石桥村",), [("赵", "石桥村村民", "member")]),
    (
        "记者 陈静 通讯员 王磊 刘芳",
        (),
        [("陈静", "记者", "byline"), ("王磊", "通讯员", "byline"), ("刘芳", "通讯员", "byline")],
    ),
    ("他们的好支书罗守田来了。", (), [("罗守田", "支书", "official")]),
    ("镇党委书记王 伟说，路修好了。", (), [("王伟", "镇党委书记", "official")]),
    # two offices of one person, bodies of two departments, a numbered body
    ("县委书记及县长罗守田到会。", (), [("罗守田", "县委书记及县长", "official")]),
    ("市委书记兼市长罗守田到会。", (), [("罗守田", "市委书记兼市长", "official")]),
    ("县住房和城乡建设局局长罗守田说，路修好了。", (), [("罗守田", "县住房和城乡建设局局长", "official")]),
    (
        "县委第二巡察组副组长罗守田、马文涛，县纪委监委第五派驻纪检监察组组长李秀英到会。",
        (),
        [
            ("罗守田", "县委第二巡察组副组长", "official"),
            ("马文涛", "县委第二巡察组副组长", "official"),
            ("李秀英", "县纪委监委第五派驻纪检监察组组长", "official"),
        ],
    ),
    # the organisation before the name, the title behind it; a list of who holds which
    ("县民政局罗守田局长介绍了政策。", (), [("罗守田", "县民政局局长", "official")]),
    (
        "组长：罗守田 副组长：李秀英",
        (),
        [("罗守田", "组长", "official"), ("李秀英", "副组长", "official")],
    ),
    ("罗守田代表全体党员发言。", (), [("罗守田", "", "mention")]),
    (
        "会上，罗守田、李秀英等2位同志当选为支部委员。",
        (),
        [("罗守田", "支部委员", "official"), ("李秀英", "支部委员", "official")],
    ),
    (
        "各支部书记罗守田、李秀英到会。",
        (),
        [("罗守田", "支部书记", "official"), ("李秀英", "支部书记", "official")],
    ),
    # Hong Kong and Taiwan
    (
        "民政及青年事務局局長羅守田、立法會議員李秀英到場。",
        (),
        [("羅守田", "民政及青年事務局局長", "official"), ("李秀英", "立法會議員", "official")],
    ),
    # traditional script
    ("青溪鎮黨委書記羅守田說,今年收成好。", ("青溪鎮",), [("羅守田", "青溪鎮黨委書記", "official")]),
]


@pytest.mark.parametrize(("text", "places", "expected"), CASES, ids=range(len(CASES)))
def test_offices(text: str, places: tuple[str, ...], expected: list[tuple[str, str, str]]):
    assert rows(text, *places) == expected


def test_organisation_and_title_are_cut_behind_the_place():
    text = "青溪镇党委书记罗守田说，路修好了。"
    (one,) = people(article(text), (place(text, "青溪镇"),))
    assert (one.org, one.title) == ("青溪镇", "党委书记")


def test_words_of_sending_belong_to_nothing():
    text = "青溪镇石桥村选派到村任职党支部书记罗守田发展产业。"
    (one,) = people(article(text), (place(text, "青溪镇"), place(text, "石桥村")))
    assert (one.org, one.title) == ("青溪镇石桥村", "党支部书记")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("原副主任周大勇说，当年很苦。", "former"),
        ("时任县委书记周大勇指出，要修路。", "former"),
        ("代县长周大勇介绍，预算已定。", "acting"),
        ("县长周大勇介绍，预算已定。", None),
    ],
)
def test_status(text: str, status: str | None):
    (one,) = people(article(text))
    assert (one.name, one.status) == ("周大勇", status)


def test_every_later_mention_counts():
    found = people(article("镇长周大勇说，路修好了。", "如今，周大勇常到村里走走。", "大家都说周大勇好。"))
    assert [(o.name, o.index, o.title) for o in found] == [
        ("周大勇", 0, "镇长"),
        ("周大勇", 1, None),
        ("周大勇", 2, None),
    ]


def test_short_forms_stand_for_the_person_named():
    found = people(article("镇党委书记施明远来了。", "施书记说，路要修。", "老周也来了。"))
    assert [(o.text, o.name) for o in found] == [("施明远", "施明远"), ("施", "施明远"), ("老周", "老周")]


def test_a_short_form_stands_only_for_whom_its_title_fits():
    found = people(article("妇女主任王瑞香说，王书记很忙。", "镇长李大勇来了，李镇长很忙。"))
    assert [(o.text, o.name) for o in found] == [
        ("王瑞香", "王瑞香"),
        ("王", "王"),
        ("李大勇", "李大勇"),
        ("李", "李大勇"),
    ]


def test_a_place_is_no_person():
    text = "记者在江山采访，江山的变化很大。"
    places = (place(text, "江山"), place(text, "江山", 1))
    assert people(article(text), places) == ()


def test_byline_passages_hold_authors():
    one = article("路修好了。", byline_lines=(Passage("■青溪镇党委 童 星 郑雪莲"),))
    assert [(o.name, o.text, o.role, o.field) for o in people(one)] == [
        ("童星", "童 星", "byline", "byline"),
        ("郑雪莲", "郑雪莲", "byline", "byline"),
    ]


def test_titles_and_captions_are_read():
    one = article(
        "路修好了。",
        title=Passage("罗守田：一心为民的村支书"),
        captions=(Passage("村党支部书记罗守田查看苗情"),),
    )
    assert [(o.field, o.name, o.title) for o in people(one)] == [
        ("title", "罗守田", None),
        ("caption", "罗守田", "村党支部书记"),
    ]


def test_merging_gives_one_entry_a_person():
    found = people(
        article("镇党委书记施明远来了。", "施书记说，路要修。", "施明远兼任河长。", "副镇长李秀英也在。")
    )
    merged = merge_officials(found)
    assert [(p.name, len(p.mentions), p.role) for p in merged] == [
        ("施明远", 3, "official"),
        ("李秀英", 1, "official"),
    ]
    assert merged[0].offices[0] == (None, "镇党委书记")


def test_two_offices_side_by_side_are_two_people():
    text = "红石镇党委书记王伟、石桥镇镇长王伟参加会议。王伟镇长表示赞同。"
    places = (place(text, "红石镇"), place(text, "石桥镇"))
    merged = merge_officials(people(article(text), places))
    assert [(p.name, p.offices[0], len(p.mentions)) for p in merged] == [
        ("王伟", ("红石镇", "党委书记"), 1),
        ("王伟", ("石桥镇", "镇长"), 2),
    ]


def test_forms_of_address_and_parts_of_names_lead_to_the_person_where_it_is_sure():
    found = people(
        article("村党支部书记赵铁柱来了，赵支书很高兴，赵大爷也在。", "扎西·多吉是驻村干部，多吉来了三年。")
    )
    assert [(o.text, o.name) for o in found] == [
        ("赵铁柱", "赵铁柱"),
        ("赵", "赵铁柱"),
        ("赵", "赵"),
        ("扎西·多吉", "扎西·多吉"),
        ("多吉", "扎西·多吉"),
    ]


def test_people_of_one_name_are_kept_apart():
    def mention(org: str) -> Official:
        return Official("王伟", 0, 2, name="王伟", title="党支部书记", org=org, role="official")

    assert len(merge_officials([mention("石桥村"), mention("柳树湾社区")])) == 2
    assert len(merge_officials([mention("石桥村"), mention("青溪镇石桥村")])) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("图为村民在果园里采摘。（罗守田摄）", [("罗守田", "byline")]),
        ("图为村民在果园里采摘。羅守田 攝", [("羅守田", "byline")]),
        ("路修好了。（周大勇马文涛）", [("周大勇", "byline"), ("马文涛", "byline")]),
        ("周大勇马文涛", [("周大勇", "byline"), ("马文涛", "byline")]),
        ("路修好了。（石桥社区）", []),
        ("安全生产", []),
    ],
)
def test_names_alone_sign(text: str, expected: list[tuple[str, str]]):
    assert [(name, role) for name, _, role in rows(text)] == expected


def test_lists_of_places_hold_no_people():
    assert rows("由徐湾、梅渡两个行政村合并而成。") == []
    assert rows("他深入汪场、蒋场、黄潭等地走访。") == []


def test_ways_peoples_and_places_abroad_are_no_people():
    assert rows("滕平路两侧种满了树。") == []
    assert rows("哈尼族姑娘背着竹篓上山。") == []
    assert rows("会议在伊斯坦布尔举行，来自达喀尔的代表参加。") == []


def test_the_last_of_a_counted_list_is_a_name():
    assert [name for name, _, _ in rows("支部委员王永、王志全、彭荣3人到会。")] == ["王永", "王志全", "彭荣"]


def test_a_given_name_alone_leads_to_the_person_where_it_can_only_be_one():
    found = people(article("村支书罗守田来了。", "守田说，路修好了。", "他们守田埂、修水渠。"))
    assert [(o.text, o.name) for o in found] == [("罗守田", "罗守田"), ("守田", "罗守田")]


def test_what_is_called_after_somebody_is_not_where_he_lived():
    assert rows("他们参观了青山县罗守田同志故居。", "青山县") == [("罗守田", "", "mention")]


def test_the_verb_before_a_place_is_no_surname():
    assert rows("他曾任青山县副县长。", "青山县") == []


def test_a_surname_before_an_office_is_a_mention():
    assert [(name, office) for name, office, _ in rows("只要杨书记还能来，大家就高兴。李镇长也这样想。")] == [
        ("杨", "书记"),
        ("李", "镇长"),
    ]
    assert rows("班主任和县长都到了，他担任书记，是首任校长。") == []


def test_a_name_that_comes_again_is_known():
    found = people(article("时任副书记的单得真，来到村里。", "单得真走访了农户。", "大家忘不了单得真。"))
    assert [o.name for o in found] == ["单得真"] * 3


def test_a_name_does_not_swallow_the_next_word():
    found = people(article("村书记魏良，五十二岁。", "魏良略作沉思。", "贝·布托说，贝·布托于昨日到达。"))
    assert [o.name for o in found] == ["魏良", "魏良", "贝·布托", "贝·布托"]


def test_clean_prose_has_no_people():
    text = (
        "今年以来，全县各级党组织坚持以高质量党建引领乡村振兴，严格落实包联制度，安排专项资金，完善方案，"
        "方便群众办事，金秋时节，马铃薯喜获丰收，全体党员干部任劳任怨，成效明显。"
    )
    assert people(article(text)) == ()


def test_time_grows_with_the_length_of_a_list_only():
    def spent(count: int) -> float:
        one = article("、".join(["王建军", "李秀英", "赵志强"] * count))
        begun = time.process_time()
        assert len(people(one)) == 3 * count
        return time.process_time() - begun

    spent(100)
    assert spent(4_000) < 14 * spent(500) + 0.5


def test_lists_of_nothing_but_joints_take_linear_time():
    def spent(count: int) -> float:
        one = article("中国、" + "和" * 90 + "、和与等地" * count)
        begun = time.process_time()
        people(one)
        return time.process_time() - begun

    spent(10)
    assert spent(4_000) < 14 * spent(500) + 0.5


def test_speed():
    text = (
        "青溪镇党委书记罗守田说，今年以来，全镇坚持以党建引领基层治理，村级集体经济收入稳步提高，群众满意度持续提升。"
        * 20
    )
    one = article(*[text] * 10)
    people(one)
    begun = time.process_time()
    people(one)
    assert len(text) * 10 / (time.process_time() - begun) > 25_000


def test_empty_article():
    assert people(article("")) == ()
    assert list(zip_longest(people(article()), ())) == []


def test_a_list_of_people_gives_each_what_stands_behind_the_colon():
    found = people(article("丁守田：石桥镇柳湾村党总支书记、村委会主任 沈玉兰：石桥镇东街社区党委书记"))
    assert [(one.name, one.title) for one in found] == [
        ("丁守田", "村党总支书记、村委会主任"),
        ("沈玉兰", "社区党委书记"),
    ]


def test_who_speaks_behind_a_colon_is_not_what_he_speaks_of():
    assert [one.title for one in people(article("丁守田：镇党委书记已经说过了。"))] == [None]
