"""Places in articles about other counties than the project was made with, and what must not be taken for a place."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pbtool.document import Article, Document, Passage, Place, Source
from pbtool.errors import InputError
from pbtool.extraction.places import find_places, load_user_gazetteer


def places(*paragraphs: str, title: str = "", furniture: tuple[str, ...] = ()) -> tuple[Place, ...]:
    article = Article(
        "a01",
        title=Passage(title, role="title") if title else None,
        paragraphs=tuple(Passage(text) for text in paragraphs),
    )
    running = tuple(Passage(text, role="masthead") for text in furniture)
    return find_places(article, Document(Source("-"), articles=(article,), furniture=running))


def rows(
    *paragraphs: str, title: str = "", furniture: tuple[str, ...] = ()
) -> list[tuple[str, str, str | None]]:
    return [(p.text, p.level, p.full) for p in places(*paragraphs, title=title, furniture=furniture)]


def texts(*paragraphs: str, title: str = "") -> list[str]:
    return [p.text for p in places(*paragraphs, title=title)]


def test_offsets_point_at_the_text() -> None:
    text = "近日，双柏县妥甸镇丫口村的党员走进田间。"
    for place in places(text):
        assert text[place.start : place.end] == place.text
        assert (place.field, place.index) == ("paragraph", 0)


def test_autonomous_banner_and_its_customary_name() -> None:
    found = rows(
        "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗尼尔基镇的党员集中学习。", "莫旗旗委组织部部长到会。"
    )
    banner = "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗"
    assert found == [
        ("内蒙古自治区", "province", "内蒙古自治区"),
        ("呼伦贝尔市", "city", "内蒙古自治区呼伦贝尔市"),
        ("莫力达瓦达斡尔族自治旗", "county", banner),
        ("尼尔基镇", "town", banner + "尼尔基镇"),
        ("莫旗", "county", banner),
    ]


def test_autonomous_prefecture_and_title_first() -> None:
    found = rows(
        "楚雄州双柏县妥甸镇丫口村党总支书记说，安龙堡乡各村都建起了合作社。",
        "双柏县委副书记到独田乡检查。",
        title="双柏：支部建在产业链上",
    )
    county = "云南省楚雄彝族自治州双柏县"
    assert found == [
        ("双柏", "county", county),
        ("楚雄州", "city", "云南省楚雄彝族自治州"),
        ("双柏县", "county", county),
        ("妥甸镇", "town", county + "妥甸镇"),
        ("丫口村", "village", county + "妥甸镇丫口村"),
        ("安龙堡乡", "town", county + "安龙堡乡"),
        ("双柏县", "county", county),
        ("独田乡", "town", county + "独田乡"),
    ]


def test_autonomous_county_in_full_cut_and_short() -> None:
    found = rows("恭城瑶族自治县栗木镇的群众尝到了甜头。", "恭城县委书记召开会议。恭城今年种了三万亩月柿。")
    county = "广西壮族自治区桂林市恭城瑶族自治县"
    assert [(text, full) for text, _, full in found] == [
        ("恭城瑶族自治县", county),
        ("栗木镇", county + "栗木镇"),
        ("恭城县", county),
        ("恭城", county),
    ]


def test_the_masthead_says_which_town_is_meant() -> None:
    text = "城关镇党委把党小组建在楼栋上。"
    assert rows(text, furniture=("礼县党建", "礼县县委主办"))[0] == (
        "城关镇",
        "town",
        "甘肃省陇南市礼县城关镇",
    )
    assert rows(text, furniture=("和政县县委主办",))[0][2] == "甘肃省临夏回族自治州和政县城关镇"
    assert rows(text) == [("城关镇", "town", None)]


def test_a_community_in_no_table_lies_in_its_town() -> None:
    found = rows("城关镇北街社区党支部书记介绍了情况。", title="礼县：党建引领网格治理")
    assert ("北街社区", "village", "甘肃省陇南市礼县城关镇北街社区") in found


def test_subdistrict_and_community_of_a_city() -> None:
    found = rows("北京市朝阳区麦子店街道枣营北里社区的居民议事。")
    assert [level for _, level, _ in found] == ["province", "county", "town", "village"]
    assert found[-1][2] == "北京市朝阳区麦子店街道枣营北里社区"


def test_a_subdistrict_that_is_still_called_an_office() -> None:
    assert ("芹阳办事处", "town", "浙江省衢州市开化县芹阳街道") in rows(
        "开化县华埠镇和芹阳办事处的党员参加了培训。"
    )


def test_abolished_places_are_what_they_were() -> None:
    found = rows("1998年，萧山市的乡镇企业迅速发展。2001年，杭州市萧山区成立。")
    assert ("萧山市", "county", "浙江省杭州市萧山市") in found
    assert ("萧山区", "county", "浙江省杭州市萧山区") in found
    assert rows("崇文区委的老同志回忆往事。")[0] == ("崇文区", "county", "北京市崇文区")


def test_a_town_merged_away_wins_where_its_county_is_named() -> None:
    found = places("浮山县张庄乡的干部进村入户。")
    assert [(p.text, p.full) for p in found][1] == ("张庄乡", "山西省临汾市浮山县张庄乡")


def test_cities_of_the_corps() -> None:
    found = rows("第八师石河子市北泉镇的党员走上街头。")
    assert found == [
        ("石河子市", "county", "新疆维吾尔自治区石河子市"),
        ("北泉镇", "town", "新疆维吾尔自治区石河子市北泉镇"),
    ]


def test_new_area_and_its_subdistrict() -> None:
    found = rows("天津滨海新区塘沽街道召开会议。")
    assert found[-1] == ("塘沽街道", "town", "天津市滨海新区塘沽街道")


def test_traditional_script_gives_simplified_names() -> None:
    found = places("蕉嶺縣委組織部部長到三圳鎮芳心村走訪。")
    assert [(p.text, p.name, p.full) for p in found] == [
        ("蕉嶺縣", "蕉岭县", "广东省梅州市蕉岭县"),
        ("三圳鎮", "三圳镇", "广东省梅州市蕉岭县三圳镇"),
        ("芳心村", "芳心村", "广东省梅州市蕉岭县三圳镇芳心村"),
    ]


def test_simplified_names_that_look_traditional_stay() -> None:
    assert ("乾安县", "county", "吉林省松原市乾安县") in rows("乾安县委书记到乡镇调研。")


def test_rows_of_villages() -> None:
    found = rows("寿光市纪台镇任家村、曹官庄村和王府村三个村的大棚上新了。", "纪台的茄子全国有名。")
    town = "山东省潍坊市寿光市纪台镇"
    assert [f for f in found if f[1] == "village"] == [
        ("任家村", "village", town + "任家村"),
        ("曹官庄村", "village", town + "曹官庄村"),
        ("王府村", "village", town + "王府村"),
    ]
    assert found[-1] == ("纪台", "town", town)


def test_short_names_of_towns_in_a_row() -> None:
    found = rows("江山市召开会议。", "走访清湖、贺村、峡口等乡镇街道的农户。")
    assert [text for text, level, _ in found if level == "town"] == ["清湖", "贺村", "峡口"]


def test_short_counties_in_a_row() -> None:
    assert texts("衡水市组织阜城、武邑、深州等县（市）参加。") == ["衡水市", "阜城", "武邑", "深州"]


def test_a_natural_village() -> None:
    found = rows("永康市象珠镇推进拆迁，梧塘坑自然村的农户签了协议。")
    assert found[-1] == ("梧塘坑自然村", "village", "浙江省金华市永康市象珠镇梧塘坑自然村")


def test_a_village_stays_where_the_document_puts_it() -> None:
    found = rows("卫家河村党支部书记王小川说，今年种了梨树。", "浮山县张庄乡卫家河村的党员很高兴。")
    assert [full for text, _, full in found if text == "卫家河村"] == ["山西省临汾市浮山县张庄乡卫家河村"] * 2


def test_a_village_in_short_once_it_was_named() -> None:
    found = rows("凌云县加尤镇百陇村的茶香了。", "在百陇的茶园里，人们忙着采茶。")
    assert found[-1] == ("百陇", "village", "广西壮族自治区百色市凌云县加尤镇百陇村")


def test_two_counties_share_a_name() -> None:
    assert rows("福州市鼓楼区的社区工作者。")[-1][2] == "福建省福州市鼓楼区"
    assert rows("徐州市鼓楼区的社区工作者。")[-1][2] == "江苏省徐州市鼓楼区"
    assert rows("鼓楼区的社区工作者。") == [("鼓楼区", "county", None)]


def test_names_of_two_characters_need_their_surroundings() -> None:
    assert texts("安徽省和县乌江镇的瓜农。") == ["安徽省", "和县", "乌江镇"]
    assert texts("省、市和县委的要求已经传达。") == []
    assert texts("渠县土溪镇的干部很忙。", "会后，渠县县委研究了方案。") == ["渠县", "土溪镇", "渠县"]


def test_neighbours_do_not_make_a_third_place() -> None:
    assert texts("青海西宁举行表彰会。") == ["青海", "西宁"]
    assert "海城市" not in texts("沿海城市的党建经验值得学习。")


def test_place_inside_an_organisation() -> None:
    assert texts("龙游县委组织部、龙游县总工会、衢州市委党校联合举办。") == ["龙游县", "龙游县", "衢州市"]


def test_generic_words_are_no_places() -> None:
    text = (
        "全镇上下、该村、我市、本县、各乡镇、村村通、城镇化、新农村、示范村、贫困村、三个村、20个村、几个社区、"
        "各社区、老旧小区、街道社区、乡村振兴、乡镇干部、城中村、小山村、空壳村、全省、市区、开发区、工业园区、集镇。"
    )
    assert texts(text) == []


def test_ordinary_words_are_no_places() -> None:
    text = (
        "大兴调查研究之风，为了长治久安，谋求和平与发展，人民团结一致，走共同富裕之路，迈向光明未来，建设文化强国，"
        "各位来宾请就座，这是朝阳产业，征地拆迁安置工作完成，要惠民利民，7月全面完成签订。"
    )
    assert texts(text) == []


def test_the_end_of_one_word_and_the_beginning_of_another_are_no_county() -> None:
    assert texts("货车到达日，全村人都来帮忙卸货。", "从到达日算起，工作队住了三个月。") == []


def test_a_town_of_the_county_spoken_of_comes_before_a_far_county() -> None:
    found = rows("福建省上杭县近日召开党建工作会。", "县委书记说，要把古田的红色资源用好。")
    assert found[-1] == ("古田", "town", "福建省龙岩市上杭县古田镇")
    found = rows("福建省宁德市今年种了两万亩食用菌。", "古田的菌农说，今年的价格很好。")
    assert found[-1] == ("古田", "county", "福建省宁德市古田县")


def test_what_is_called_otherwise_in_quotation_marks_is_no_county() -> None:
    assert texts("村里的“飞来凤”养殖基地建了八座大棚。") == []


def test_the_liberated_areas_are_no_district() -> None:
    assert texts("1945年，解放区的群众踊跃支前，解放区军民修好了路。") == []
    assert texts("河南省焦作市解放区的社区干部上门走访。") == ["河南省", "焦作市", "解放区"]


def test_the_verb_of_an_office_is_no_part_of_a_village() -> None:
    assert texts("何建华，青年干部，现任下河村第一书记，驻村三年。") == ["下河村"]
    assert texts("天台县下河村总支书记表示：今年下河村党支部领办合作社种油葵。") == [
        "天台县",
        "下河村",
        "下河村",
    ]


def test_a_named_place_does_not_claim_the_word() -> None:
    assert texts("江山市的党员说，江山就是人民、人民就是江山，守江山靠民心。", "江山今年的旅游很热。") == [
        "江山市",
        "江山",
    ]
    assert texts("推动辽宁振兴发展，辽宁丹东的口岸很忙。") == ["辽宁", "辽宁", "丹东"]


def test_a_town_in_no_table_behind_its_county() -> None:
    found = rows("浮山县槐沟坪镇吴家岭村的党员在修路。")
    assert found[1:] == [
        ("槐沟坪镇", "town", "山西省临汾市浮山县槐沟坪镇"),
        ("吴家岭村", "village", "山西省临汾市浮山县槐沟坪镇吴家岭村"),
    ]


def test_what_is_done_in_a_town_is_no_village() -> None:
    text = "恭城瑶族自治县栗木镇加强村党支部建设，组织村干部培训，推进社区治理，选派第一书记，扎根农村，依靠村里的资源。"
    assert texts(text) == ["恭城瑶族自治县", "栗木镇"]


def test_people_are_no_places() -> None:
    assert texts("组织部部长陈永康说，李海安和王丽江同志表现突出，高南江（人大主席）发言。") == []


def test_streets_and_villages_with_the_name_of_a_province() -> None:
    assert [t for t in texts("沿着中山路走到北京路，路边有山西村。") if t in ("中山", "北京", "山西")] == []


def test_unknown_characters_and_hostile_texts() -> None:
    for text in (
        "\ud800村" * 50,
        "县" * 2000,
        "、" * 2000,
        "村村村村",
        "镇",
        "\u202e浮山县\u200b",
        "甲村、" * 500,
    ):
        places(text)


def test_time_grows_with_the_length_only() -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        places(text)
        return time.process_time() - start

    for unit in ("县", "城关镇", "浮山县张庄乡东鲁村，右玉县城关镇", "甲山村、", "清湖、贺村"):
        places(unit)
        assert seconds(unit * (20_000 // len(unit))) < 2.5, unit


def test_other_articles_of_the_document_help() -> None:
    first = Article("a01", paragraphs=(Passage("江山市贺村镇的党员大会。"),))
    second = Article("a02", paragraphs=(Passage("贺村镇的群众说好。"),))
    document = Document(Source("-"), articles=(first, second))
    assert [p.full for p in find_places(second, document)] == ["浙江省衢州市江山市贺村镇"]
    assert [p.text for p in find_places(first, document)] == ["江山市", "贺村镇"]


def test_a_users_own_places_win(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(
        "name\tlevel\tfull\tcode\n# own\n红星谷\tother\t某省某市红星谷\tX1\n象珠镇\tvillage\t\t\n",
        encoding="utf-8",
    )
    extra = load_user_gazetteer(path)
    article = Article("a01", paragraphs=(Passage("在红星谷和象珠镇，人们植树。"),))
    found = find_places(article, Document(Source("-"), articles=(article,)), extra)
    assert [(p.text, p.level, p.full, p.code, p.code_system) for p in found] == [
        ("红星谷", "other", "某省某市红星谷", "X1", "user"),
        ("象珠镇", "village", "象珠镇", None, None),
    ]


@pytest.mark.parametrize("content", ["象珠镇\tplanet\t\t\n", "\ttown\t\t\n", "只有一列\n"])
def test_a_wrong_row_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="mine.tsv:1"):
        load_user_gazetteer(path)


def test_a_missing_table_of_the_user_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nowhere.tsv"):
        load_user_gazetteer(tmp_path / "nowhere.tsv")


def test_a_county_of_no_table_is_known_by_its_use() -> None:
    found = rows(
        "春分刚过，岚屏县的茶山上一片忙碌。",
        "5月8日，岚屏县首期夜校开班。",
        "（作者单位：岚屏县委组织部）",
    )
    assert found == [("岚屏县", "county", None)] * 3


def test_a_town_in_a_county_of_no_table_is_not_a_town_elsewhere() -> None:
    found = places(
        "岚屏县委近日到岚屏县城南镇调研。", "岚屏县城南镇党委书记说，岚屏县的路通了。", "岚屏县教育局"
    )
    towns = [(p.text, p.level, p.full, p.code) for p in found if p.level == "town"]
    assert towns == [("城南镇", "town", None, None)] * 2


def test_the_end_of_a_longer_name_is_not_the_table_s_name() -> None:
    found = texts("石桥头乡推行公开账本。", "村民说，石桥头乡的账清清楚楚。", "石桥头乡纪委书记介绍了做法。")
    assert found == ["石桥头乡"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "全县、我县、各县、该县、本县、邻县都来学习。全县干部，全县教育局，全县委员。",
        "贫困县，贫困县委书记；百强县，百强县政府；示范县，示范县委；产粮大县，产粮大县政府。",
        "小城镇，小城镇党委；中心镇，中心镇政府；特色小镇，特色小镇党委；家乡，家乡政府。",
        "开发区，开发区委；高新区，高新区政府；工业园区，工业园区党委；特大城市，特大城市政府；省直管县，直管县委。",
    ],
)
def test_kinds_of_counties_are_no_names(text: str) -> None:
    assert texts(text, text, text.replace("，", "、")) == []


def test_cities_of_other_countries_are_no_counties() -> None:
    assert texts("首尔市政府宣布新措施。", "据悉，首尔市政府将推出计划。") == []


def test_unlisted_names_on_hostile_text_take_linear_time() -> None:
    started = time.process_time()
    for char in "县镇乡":
        places(char * 100_000)
    assert time.process_time() - started < 10


@pytest.mark.parametrize("joined", ["和", "和甲", "甲乙和", "甲和乙丙与"])
def test_rows_of_nothing_but_joints_take_linear_time(joined: str) -> None:
    started = time.process_time()
    places("5个行政村。等3个镇。" + joined * 5_000)
    assert time.process_time() - started < 5


def test_many_villages_in_one_sentence_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "江山市贺村镇说，" + "村民在江郎山村和红石桥村，" * count
        started = time.process_time()
        places(text)
        return time.process_time() - started

    assert seconds(4_000) < 20 * max(seconds(500), 0.01)


def test_many_wards_take_linear_time() -> None:
    wards = "\n".join(f"善化區{chr(0x4E00 + 7 * n)}{chr(0x4E10 + 3 * n)}里的人" for n in range(2_000))
    started = time.process_time()
    places("台南市善化區的里長說。\n" + wards)
    assert time.process_time() - started < 5


def test_what_stands_between_a_county_and_a_town_belongs_to_the_town() -> None:
    found = rows("岚屏县委宣传部说，全县今年增收。", "岚屏县石桥头乡的村民说，路通了。")
    assert found == [("岚屏县", "county", None), ("岚屏县", "county", None), ("石桥头乡", "town", None)]


def test_a_county_of_no_table_has_no_chain_even_in_a_province() -> None:
    assert ("岚屏县", "county", None) in rows("湖南省岚屏县近日举办夜校。")


def test_a_city_is_not_a_town_of_its_name() -> None:
    found = rows("本报西宁3月2日电（记者 王明）", "湖北省某地的西宁街道办起了夜校。西宁的群众也来了。")
    assert [full for text, level, full in found if text == "西宁"] == ["青海省西宁市"] * 2


def test_the_short_name_of_a_town_must_stand_as_a_place() -> None:
    named = "湖北省黄石市大冶市保安镇的村民在家种菜。"
    assert "保安" in texts(named + "保安镇党委书记来到保安，和大家谈心。")
    for words in ("他在工厂当保安。", "要确保安全生产。", "从事保安、保洁工作。"):
        assert "保安" not in texts(named + words)


def test_the_short_name_of_a_town_needs_its_region() -> None:
    first = Article(
        "a01", paragraphs=(Passage("宁夏固原市彭阳县古城镇修了路。" + "江苏省宝应县也来人。" * 5),)
    )
    second = Article("a02", paragraphs=(Passage("在古城走走，福州市的夜色很美。"),))
    document = Document(Source("-"), articles=(first, second))
    assert [place.text for place in find_places(second, document)] == ["福州市"]


def test_a_new_officer_of_a_village_names_no_village() -> None:
    assert texts("他是新任村支书，也是前任村主任，和年轻村干部一起干。") == []
    assert texts("河北省的农户怕房子村不村、城不城，合作社吸纳本村人。") == ["河北省"]


def test_a_short_county_before_its_village() -> None:
    found = rows("再看安塞南沟村，梯田连片。吴起县也有一个南沟村。")
    assert [full for _, _, full in found] == [
        "陕西省延安市安塞区",
        "陕西省延安市安塞区高桥镇南沟村",
        "陕西省延安市吴起县",
        "陕西省延安市吴起县吴起街道南沟村",
    ]


@pytest.mark.parametrize("rest", ["茶园面积逐年扩大。", "党群服务中心里很热闹。"])
def test_a_village_of_a_city_whose_county_is_not_named(rest: str) -> None:
    found = rows("陕西省安康市请来专家，蒋家坪村" + rest)
    assert found[-1] == ("蒋家坪村", "village", "陕西省安康市平利县老县镇蒋家坪村")


def test_what_leads_up_to_a_village_is_no_part_of_it() -> None:
    assert texts("济南市章丘区文祖街道西王黑村办起合作社。")[-1] == "西王黑村"
    assert texts("中午，镇上东湖社区的食堂开饭了。") == ["东湖社区"]


def test_new_areas_and_zones_are_other_places() -> None:
    found = rows("重庆市两江新区、河北雄安新区和上海市浦东新区都派人来。兰州新区管委会负责人也来了。")
    assert [row for row in found if "新区" in row[0]] == [
        ("两江新区", "other", "重庆市两江新区"),
        ("雄安新区", "other", "河北省雄安新区"),
        ("浦东新区", "county", "上海市浦东新区"),
        ("兰州新区", "other", "甘肃省兰州市兰州新区"),
    ]


def test_a_zone_without_its_place_is_none() -> None:
    assert rows("成都高新区办起夜校。")[1:] == [("高新区", "other", "四川省成都市高新区")]
    assert rows("全市高新区和省级经开区都要改革，现代农业产业园也一样。") == []


def test_parks_behind_their_place_and_numbered_roads() -> None:
    found = rows("长兴县合溪水库边，沿S316省道和104国道走，是贺村镇现代农业产业园。")
    assert [(text, full) for text, level, full in found if level == "other"] == [
        ("合溪水库", "浙江省湖州市长兴县合溪水库"),
        ("S316省道", None),
        ("104国道", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "这座桥建于清咸丰十一年，光绪年间重修。",
        "山势自东向西，武夷山脉在此收尾。",
        "战士们把花篮静静安放在碑前。",
        "全县出了名的“光棍村”如今变了样。",
        "他被称为“最美公章村”的看门人。",
        "海军红河舰党委开展谈心。",
        "吉政发〔2020〕3号文件已经废止。",
        "报考团县委副书记一职的，年龄不超过三十岁。",
        "村民去村委会办事不再难。",
        "沿着叶尔羌河南岸走，是一片棉田。",
        "鸟群落在青海湖北岸的沙滩上。",
        "街道办事处的退休干部来了。",
        "全县十三乡镇都办起了夜校，示范村镇有九个。",
        "村里坚持因人定村，打造兴村产业。",
    ],
)
def test_words_and_other_names_that_hold_a_place(text: str) -> None:
    assert texts(text) == []


def test_an_era_leaves_the_county_of_its_name() -> None:
    assert texts("咸丰县档案馆藏有咸丰三年的地契，咸丰人很看重它。") == ["咸丰县", "咸丰"]


def test_a_river_with_a_side_where_the_river_is_named() -> None:
    assert texts("叶尔羌河发源于雪山。牧场位于叶尔羌河南，背靠戈壁。") == []


def test_rows_of_counties_and_of_places() -> None:
    assert [
        full for _, _, full in rows("他先后任武义、龙游两县县委书记，也到过瓯海、鹿城等3个县（市、区）。")
    ] == [
        "浙江省金华市武义县",
        "浙江省衢州市龙游县",
        "浙江省温州市瓯海区",
        "浙江省温州市鹿城区",
    ]
    found = rows("天门市的干部走进汪场、渔薪、黄潭等地，帮农户抢收。")
    assert [full for _, _, full in found] == [
        "湖北省天门市" + name for name in ("", "汪场镇", "渔薪镇", "黄潭镇")
    ]


def test_a_county_as_it_was_called_holds_its_towns() -> None:
    assert [full for _, _, full in rows("沾化县下河乡下河村党支部换届。")] == [
        "山东省滨州市沾化县",
        "山东省滨州市沾化县下河乡",
        "山东省滨州市沾化县下河乡下河村",
    ]


def test_a_county_that_is_explained_by_a_later_one_lies_nowhere_else() -> None:
    assert rows("此地时属宁远县（今伊宁县）。")[0] == ("宁远县", "county", None)


def test_a_longer_name_right_behind_a_town_is_not_cut() -> None:
    assert rows("睢县西陵寺镇李康河村的党员到了。")[-1][0] == "李康河村"


def test_taiwan_where_the_document_speaks_of_it() -> None:
    assert rows("澎湖縣馬公市和白沙鄉的里長到場。") == [
        ("澎湖縣", "county", "台湾省澎湖县"),
        ("馬公市", "town", "台湾省澎湖县马公市"),
        ("白沙鄉", "town", "台湾省澎湖县白沙乡"),
    ]
    assert rows("大安区团结镇的干部下了村。")[0] == ("大安区", "county", "四川省自贡市大安区")
    assert places("元朗区在香港的西北。")[0].code is None


def test_farms_of_the_production_corps() -> None:
    assert rows("兵团八师一五二团的职工领到了棉款。") == [
        ("一五二团", "town", "新疆维吾尔自治区石河子市一五二团")
    ]
    assert texts("一五二团的战士奔赴灾区。") == []


def test_which_side_a_village_borders_is_no_part_of_its_name() -> None:
    found = rows("江华县湘江乡桐冲口村，南邻梓木村、茶溪村。桐冲口村村主任说，路通了。")
    assert [text for text, level, _ in found if level == "village"] == [
        "桐冲口村",
        "梓木村",
        "茶溪村",
        "桐冲口村",
    ]


def test_a_community_with_an_ordinary_name_behind_its_town() -> None:
    assert rows("甘南县甘南镇光荣社区获奖。")[-1][0] == "光荣社区"
    assert texts("甘南县甘南镇和谐社区建设有了进展。") == ["甘南县", "甘南镇"]


@pytest.mark.parametrize(
    ("text", "alias", "full"),
    [
        ("巴州党委组织部印发方案。", "巴州", "新疆维吾尔自治区巴音郭楞蒙古自治州"),
        ("巴中市召开会议，恩阳区与巴州的干部到会。", "巴州", "四川省巴中市巴州区"),
        ("博州博乐市的党员走进夜市。", "博州", "新疆维吾尔自治区博尔塔拉蒙古自治州"),
        (
            "楚雄彝族自治州双柏县（以下简称“柏县”）召开会议。柏县的干部下乡。",
            "柏县",
            "云南省楚雄彝族自治州双柏县",
        ),
    ],
)
def test_short_names_by_custom_and_by_the_document(text: str, alias: str, full: str) -> None:
    assert {found for name, _, found in rows(text) if name == alias} == {full}


def test_a_company_named_like_a_county_is_none() -> None:
    assert texts("湖南民丰油茶合作社的基地。") == ["湖南"]


def test_villages_with_names_that_are_words() -> None:
    found = rows(
        "双柏县妥甸镇光明村的党员评星级。是光明村的带头人，也是群众的贴心人。",
        "团结村党支部书记讲党课。",
        "各地建设示范村、先进村，牵头村党支部带动一般村。",
    )
    assert [text for text, level, _ in found if level == "village"] == ["光明村", "光明村", "团结村"]


def test_a_village_behind_a_verb_in_a_date_and_said_to_be_former() -> None:
    found = texts(
        "浮山县张庄乡的干部走进黑坭坳村，了解情况。",
        "2005年瓦窑垴村并入东郭村。（原瓦窑垴村）的党员与瓦窑垴村的党员合署。",
    )
    assert "黑坭坳村" in found
    assert found.count("瓦窑垴村") == 3


def test_a_long_name_of_another_language_is_one() -> None:
    found = texts("莎车县米夏镇克尔喀依库勒村的党员在田里。喀普克尔喀依库勒村的支部也来了。")
    assert found == ["莎车县", "米夏镇", "克尔喀依库勒村", "喀普克尔喀依库勒村"]


def test_wards_of_taiwan() -> None:
    found = rows(
        "臺中市北屯區平田里、平和里與平順里活動中心動工。", "平和里長王大明說，要走三公里，這里很遠。"
    )
    district = "台湾省台中市北屯区"
    assert [f for f in found if f[1] == "village"] == [
        ("平田里", "village", district + "平田里"),
        ("平和里", "village", district + "平和里"),
        ("平順里", "village", district + "平顺里"),
        ("平和里", "village", district + "平和里"),
    ]
    assert texts("上海市静安区和平里长期改造，走了两里路。") == ["上海市", "静安区"]


def test_a_counted_row_of_villages_of_no_table() -> None:
    found = rows("浮山县张庄乡安排转移，堤内上垴、窑垴、黑坳3村撤离，教育、医疗、养老三村共建。")
    assert [text for text, level, _ in found if level == "village"] == ["窑垴", "黑坳"]


def test_a_community_behind_a_subdistrict_that_many_cities_have() -> None:
    found = rows("人民路街道东盛社区坚持敲门行动。", "卡片上印有东盛社区的电话。")
    assert found == [
        ("人民路街道", "town", None),
        ("东盛社区", "village", None),
        ("东盛社区", "village", None),
    ]


def test_a_subdistrict_without_its_last_character() -> None:
    found = rows("番禺区桥南街东沙村党委书记说。", "桥南街的街巷整洁，走到桥南街头，桥南街12号开了店。")
    assert [(text, full) for text, level, full in found if level == "town"] == [
        ("桥南街", "广东省广州市番禺区桥南街道"),
        ("桥南街", "广东省广州市番禺区桥南街道"),
    ]


def test_a_village_of_one_character_and_its_groups() -> None:
    found = rows(
        "东平县斑鸠店镇，焦村的清晨很安静。", "近年来，如今焦村2000亩地旱涝保收，焦村村组干部也来了。"
    )
    assert [f for f in found if f[1] == "village"] == [
        ("焦村", "village", "山东省泰安市东平县斑鸠店镇焦村")
    ] * 3


def test_a_district_by_the_town_behind_it() -> None:
    found = rows("石家庄市和西安市的经验都好，长安区王曲街道的党员也来交流。")
    assert [full for text, _, full in found if text == "长安区"] == ["陕西省西安市长安区"]


def test_small_words_beside_names() -> None:
    found = texts("时任平凉地委书记的老人来到静宁县三合乡，白田余村、菇类村的干部都在。聚居行政村有三类村。")
    assert found == ["平凉", "静宁县", "三合乡", "白田余村", "菇类村"]


def test_a_committee_of_residents_is_named_like_a_village() -> None:
    found = rows("浪卡子县浪卡子镇布日居委会紧邻省道，各居委会都设了代办点。")
    assert found[2:] == [("布日居委会", "village", "西藏自治区山南市浪卡子县浪卡子镇布日居委会")]


def test_a_village_named_before_its_town() -> None:
    found = rows("黑坭坳村党支部要换届了。", "黑坭坳村在仙居县白塔镇的各村中最小。")
    assert {full for text, _, full in found if text == "黑坭坳村"} == {"浙江省台州市仙居县白塔镇黑坭坳村"}


def test_districts_that_are_the_end_of_other_words() -> None:
    assert texts("推动创新社区自治，引导广大社区党员，建设乡村振兴区和服务区，建设幸福新社区。") == []
    assert texts("余姚市四明山区的村民。") == ["余姚市"]


def test_a_town_right_behind_another_county_is_not_the_far_one() -> None:
    found = rows("武冈市湾头镇的干部下乡。", "湾头镇党委开会。")
    assert [full for text, _, full in found if text == "湾头镇"] == ["湖南省邵阳市武冈市湾头镇"] * 2


def test_short_villages_before_a_full_one_in_a_row() -> None:
    town = "山东省潍坊市寿光市纪台镇"
    found = rows("寿光市纪台镇的任家、曹官庄、王府村都种菜。")
    assert [full for _, level, full in found if level == "village"] == [
        town + "任家村",
        town + "曹官庄村",
        town + "王府村",
    ]


def test_an_office_of_a_subdistrict_and_a_quoted_label() -> None:
    found = rows("宜昌市云集街道办白龙井社区书记说，居民共建“和美社区”，街道办理了手续。")
    assert [text for text, _, _ in found] == ["宜昌市", "云集街道办", "白龙井社区"]


def test_districts_that_were_counties_are_called_by_their_short_name() -> None:
    assert ("青浦", "county", "上海市青浦区") in rows("上海青浦供电公司的党员走进田间。")
    assert texts("南昌市推进项目，新建乡镇党校4所，以万全准备应对万一，清新雅致。") == ["南昌市"]
    assert texts("荣昌制药股份有限公司的武昌鱼。") == []


def test_a_zone_that_the_table_has_as_a_town_names_its_county() -> None:
    found = rows("枞阳经济开发区召开会议。")
    assert found[0] == ("枞阳", "county", "安徽省铜陵市枞阳县")
    assert found[1][1] == "other"


def test_states_and_villages_of_other_countries() -> None:
    assert texts("布良斯克州、奔萨州都派人来看，阿姆哈拉州贝莱萨村的村民领着大家走进贝莱萨村。") == []


def test_villages_that_the_table_has_and_the_sentence_does_not_mean() -> None:
    assert texts("长春市二道区四家乡的干部说，要创新社区集成服务。") == ["长春市", "二道区", "四家乡"]


def test_a_town_of_taiwan_that_the_mainland_has_too_and_its_wards() -> None:
    found = rows(
        "包括光復鄉大馬村、大同村、大安村，鳳林鎮長橋里、大榮里，共2720戶。", "大同村與大馬村的人撤離。"
    )
    chains = {text: full for text, _, full in found}
    assert chains["鳳林鎮"] == "台湾省花莲县凤林镇"
    assert chains["大榮里"] == "台湾省花莲县凤林镇大荣里"
    assert [text for text, _, _ in found].count("大同村") == 2
    assert texts("1984年公社改乡、大队改村，后来社改村。") == []
    assert texts("干部进村入户，回到村里，全村同村的人都来。") == []
    assert texts("臺南市善化區蓮池里")[-1] == "蓮池里"


def test_a_city_inside_the_name_of_a_village() -> None:
    found = texts("宣恩县椒园镇庆阳坝村家家采茶，政策在庆阳坝村落实，庆阳坝村村史馆开馆，庆阳坝村落很美。")
    assert found[:2] == ["宣恩县", "椒园镇"]
    assert found[2:5] == ["庆阳坝村"] * 3


def test_farms_whose_number_is_in_figures() -> None:
    found = rows("新疆生产建设兵团第五师83团的党员和141团交流。", "83团长征式的行军，参加旅游团。")
    assert ("83团", "town", "新疆维吾尔自治区博尔塔拉蒙古自治州精河县八十三团") in found
    assert "141团" in [text for text, _, _ in found]


def test_a_mongol_village_anywhere_and_what_is_none() -> None:
    found = texts("额济纳旗的牧民说，额日登高毕嘎查党支部书记来了，各嘎查、牧区嘎查都到了。")
    assert found == ["额济纳旗", "额日登高毕嘎查"]


def test_a_branch_of_an_office_and_an_office_in_a_row() -> None:
    assert texts("济宁市任城区分局贾村派出所的民警。") == ["济宁市", "任城区"]
    assert texts("合阳县查看了城关街道办、坊镇。") == ["合阳县", "城关街道办", "坊镇"]


def test_a_village_of_a_common_name_lies_in_the_town_of_its_sentence() -> None:
    found = rows("德州市陵城区边临镇推进示范，郭庄村党员带头。")
    assert found[-1] == ("郭庄村", "village", "山东省德州市陵城区边临镇郭庄村")


def test_general_words_are_no_short_names_though_a_document_says_so() -> None:
    assert texts(
        "双柏县（以下简称“全县”）推进工作，全县都动起来。", "浮山县（简称试点县）的试点县工作。"
    ) == [
        "双柏县",
        "浮山县",
    ]
