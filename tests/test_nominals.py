"""Words of a clause: where they begin, which of them name something, and the table that says so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pbtool.extraction.nominals import Nominals, nominals, read_weights, write_weights


def cut(text: str, *whole: tuple[int, int]) -> str:
    """The words of a text, those that name something in brackets."""
    words = nominals().words(text, 0, len(text), whole)
    return " ".join(f"[{word.text}]" if word.nominal else word.text for word in words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("全镇先后打造40个", "[全镇] 先后 打造 40个"),
        ("村级集体经济收入达到9万元", "[村级] [集体经济] [收入] 达到 9万元"),
        ("选派8名优秀年轻干部到村任职。", "选派 8名 [优秀] [年轻] [干部] 到 [村] 任职 。"),
        ("，流转土地50亩", "， 流转 [土地] 50亩"),
        ("群众年务工收入可达6元", "[群众] [年] [务工] [收入] 可达 6元"),
    ],
)
def test_words_and_which_of_them_name_something(text: str, words: str) -> None:
    assert cut(text) == words


def test_a_name_is_nominal_and_never_cut() -> None:
    assert cut("来到大于村建成3座", (2, 5)) == "来到 [大于村] 建成 3座"


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=80)
def test_words_cover_the_stretch_that_is_asked_for(text: str, one: int, two: int) -> None:
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    words = nominals().words(text, start, end)
    assert "".join(word.text for word in words) == text[start:end]
    assert all(text[word.start : word.end] == word.text for word in words)


def test_digits_are_one_class() -> None:
    assert cut("种树300棵") == cut("种树479棵").replace("479", "300")


def test_a_table_reads_back_as_it_was_written() -> None:
    weights = {"村": [3, -4, 127, 0, -127, 5], "村庄": [0, 1, 2, 3, -1, -2, -3, 9]}
    read = read_weights(write_weights("head", weights))
    assert read == {
        name: sum(lane << 16 * place for place, lane in enumerate(lanes)) for name, lanes in weights.items()
    }


def test_weights_add_up_around_a_place() -> None:
    lanes = {"村": [0, 0, 5, 9, 0, 0], "好": [0, 0, -5, 9, 0, 0]}
    model = Nominals(read_weights(write_weights("head", lanes)))
    assert [(word.text, word.nominal) for word in model.words("村好", 0, 2)] == [("村", True), ("好", False)]


def test_time_grows_with_the_length_only() -> None:
    def seconds(length: int) -> float:
        text = "党员" * (length // 2)
        begin = time.process_time()
        assert nominals().words(text, 0, length)
        return time.process_time() - begin

    assert seconds(80_000) < 25 * max(seconds(8_000), 0.01)


def test_words_are_the_same_wherever_a_long_text_is_summed_up() -> None:
    sentence = "全镇先后打造40个示范点，"
    long = nominals().words(sentence * 100, 0, 100 * len(sentence))
    one = nominals().words(sentence * 3, len(sentence), 2 * len(sentence))
    assert [word.text for word in long[len(one) : 99 * len(one)]] == [word.text for word in one] * 98


def test_the_words_of_a_stretch_are_those_of_its_sentence() -> None:
    sentence = "全镇先后打造40个示范点，"
    whole = nominals().words(sentence, 0, len(sentence))
    for word in whole:
        assert nominals().words(sentence, word.start, word.end)[-1].nominal == word.nominal
