"""The language model: it prefers what is written, on both sides, and its file is what its card says."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib import resources
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbtool.language import UNKNOWN, LanguageModel, folding, model

DATA = Path(str(resources.files("pbtool.data")))


def test_the_sign_that_fits_wins_and_what_follows_counts():
    left, right = "要加强干部队伍建设", "提高服务群众的本领"
    comma, surname, stop = model().alternatives(left, ["，", "袁", "。"], right)
    assert comma > surname + 10
    assert comma > stop
    open_end, closed_end = model().alternatives("广大党", ["员", "圆"], "干部")
    assert open_end > closed_end + 5


def test_width_digits_and_spaces_make_no_difference():
    plain = model().score("2019年,全镇新增党员35名")
    assert model().score("２０１９年，全镇 新增党员３５名") == pytest.approx(plain)
    assert model().score("1234年") == pytest.approx(model().score("5678年"))


def test_a_score_is_the_sum_over_its_parts():
    text = "支部书记带头，群众跟着干。"
    whole = model().score(text)
    parts = sum(model().score(text, place, place + 1) for place in range(len(text)))
    assert whole == pytest.approx(parts)
    assert model().score(text, 3, 3) == 0


@pytest.mark.parametrize(
    ("before", "after", "goes_on"),
    [
        ("各级党组织要切实加强对基层工作的领", "导，把责任落到实处。", True),
        ("坚持问题导向，着力解决群众反映强", "烈的突出问题。", True),
        ("群众的满意度明显提高。", "第二章组织建设", False),
    ],
)
def test_continuation_tells_a_wrapped_line_from_a_new_one(before, after, goes_on):
    assert (model().continuation(before, after) > 0) is goes_on


@pytest.mark.parametrize("left", ["", "党", "中国共产", "工作。\n", "䶮䶮"])
def test_probabilities_after_a_context_sum_to_at_most_one(left):
    judge = model()
    state = judge.state(left)
    letters = {char for char in map(chr, range(0x20, 0xFFFF)) if not 0xD800 <= ord(char) < 0xE000}
    folded = {char.translate(folding()) for char in letters} - {""}
    members = {"0": 10, "A": 26, "a": 26, UNKNOWN: 20000}
    known = [char for char in folded if char in judge._roots]
    total = sum(members.get(char, 1) * exp(judge.step(state, char)[1]) for char in known)
    assert 0.97 < total < 1.03


@given(st.text(max_size=40), st.text(max_size=5), st.text(max_size=10))
def test_any_text_has_a_finite_score(left, choice, right):
    values = [model().score(left + choice), *model().alternatives(left, [choice, ""], right)]
    values.append(model().continuation(left, right))
    assert all(-1e5 < value < 1e5 for value in values)


def test_the_card_describes_the_file_that_is_shipped():
    data = (DATA / "language_model.bin").read_bytes()
    card = (DATA / "language_model.md").read_text(encoding="utf-8")
    assert hashlib.sha256(data).hexdigest() in card
    assert len(re.findall(r"`[0-9a-f]{64}`", card)) == 8  # the file and seven corpora
    assert len(data) < 11_000_000


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(bytes(4096))
    with pytest.raises(ValueError, match=r"other\.bin: is not a language model"):
        LanguageModel(path)


def test_the_first_score_needs_no_heavy_import():
    code = "import sys; from pbtool.language import model; model().score('党的建设'); print('numpy' in sys.modules, 'jieba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@given(st.text("党建工作，。\n0Aa龘袁", max_size=6), st.text("的是在，\n0A袁", max_size=5))
def test_what_is_kept_and_what_is_not_score_alike(left, text):
    judge = model()
    for state in (judge.start, judge.nowhere, judge.walk(judge.nowhere, left)[0]):
        assert judge.tail(state, text) == pytest.approx(judge.walk(state, text)[1])
    if left and text:
        behind = judge.nowhere[left[0]][0]
        if left[0] != "\n":
            assert judge.pair(left[0], text[0]) == pytest.approx(behind[text[0]][1])


def test_forgetting_changes_no_score():
    judge = model()
    before = judge.score("党的建设和组织工作")
    judge._kept = 1 << 20
    judge.relax()
    assert judge._kept == 0
    assert judge.score("党的建设和组织工作") == pytest.approx(before)
