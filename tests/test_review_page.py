"""The review page: inert whatever the text holds, small, and worked in a browser as an editor works it."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import struct
import sys
import time
import zlib
from html.parser import HTMLParser
from pathlib import Path

import needs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_review import Keys
from test_review_word import decided

import pbtool
from pbtool.document import Box, Document, Line, Page, Source
from pbtool.edits import Edit, apply
from pbtool.reviews import Answer, Answers, edit_id, resolved
from pbtool.reviews.page import page, sheets
from pbtool.reviews.pictures import pictures, png
from pbtool.reviews.questions import of_edits
from pbtool.reviews.subject import Subject, answered, subject_of
from pbtool.reviews.terminal import review
from pbtool.reviews.word import review_word
from pbtool.reviews.word_verdicts import read_verdicts

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = '</script><script>document.title="hacked"</script><!--<img src=x onerror=document.title="hacked">javascript:\x1b]0;x\x07\u202e=cmd()\ud800&amp;'


def subject(text: str, edits: tuple[Edit, ...], **parts: object) -> Subject:
    return Subject(Document.from_text(text, Source("a.txt", "5a"), **parts), edits)


def many(count: int) -> Subject:
    text = "推进建设袁提高能力。" * count
    return subject(text, tuple(Edit(10 * i + 4, 10 * i + 5, "袁", "，", "shift") for i in range(count)))


def written(one: Subject, **more: object) -> str:
    return page("a.txt", one, one.answers(None), "a.txt.answers.jsonl", **more)  # type: ignore[arg-type]


class Elements(HTMLParser):
    """The elements of a page in order, and the text in each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[int, str] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        self.found.append((f"/{tag}", {}))

    def handle_data(self, data):
        self.texts[len(self.found) - 1] = self.texts.get(len(self.found) - 1, "") + data

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attrs, self.texts.get(n, "")) for n, (name, attrs) in enumerate(self.found) if name == tag]


# --- without a browser -----------------------------------------------------------------------------------------------


def test_the_page_is_inert_whatever_the_text_holds():
    one = subject(HOSTILE, (Edit(0, len(HOSTILE), HOSTILE, HOSTILE[::-1], "x<&"),))
    made = page(HOSTILE, one, one.answers(None), HOSTILE, HOSTILE, {1: b"png"})
    plain = Elements(written(subject("甲", (Edit(0, 1, "甲", "乙", "x"),)), pictures={1: b"png"}))
    parsed = Elements(made)
    assert [tag for tag, _ in parsed.found] == [tag for tag, _ in plain.found]
    image, data, code = parsed.of("script")
    assert image[0]["type"] == "application/octet-stream" and data[0]["type"] == "application/json"
    assert json.loads(data[1])["text"] == HOSTILE
    digest = base64.b64encode(hashlib.sha256(code[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in made and "default-src 'none'" in made and "unsafe" not in made
    assert not re.search(r"""(?:src|href)=["']?(?:https?:|//)""", made)
    assert not re.search("[\ud800-\udfff\u202a-\u202e\x1b\x07]", made)
    assert "<" not in data[1] and not [a for _, attrs in parsed.found for a in attrs if a.startswith("on")]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_sheets_cover_the_text_once_and_tear_no_edit(data):
    count = data.draw(st.integers(0, 200))
    text = "".join(data.draw(st.sampled_from(["甲" * 30, "甲\n", "乙" * 3])) for _ in range(count)) * 5
    places = sorted(data.draw(st.sets(st.integers(0, max(0, len(text) - 4)), max_size=200))) if text else []
    edits: list[Edit] = []
    for at in places:
        if not edits or edits[-1].end <= at:
            size = data.draw(st.integers(1, 4))
            edits.append(Edit(at, at + size, text[at : at + size], "丙", "x"))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(text) - 1)), max_size=3)))
    bounds = list(zip([0, *cuts], [*cuts, len(text)], strict=True)) if cuts else []
    pages = tuple(Page(n, start, end) for n, (start, end) in enumerate(bounds, 1))
    edits = [e for e in edits if not any(e.start < cut < e.end for cut in cuts)]
    found = sheets(Document.from_text(text, pages=pages), edits)
    assert "".join(text[start:end] for start, end, *_ in found) == text
    assert [n for _, _, first, last, *_ in found for n in range(first, last)] == list(range(len(edits)))
    for start, end, first, last, *_ in found:
        assert all(start <= edit.start and edit.end <= end for edit in edits[first:last])
        assert last - first <= 81 and end - start <= 4100


def test_a_whole_issue_is_small():
    one = many(600)
    text = one.document.original * 10
    made = written(Subject(Document.from_text(text), one.edits))
    assert len(text) == 60_000 and len(made.encode()) < 3_000_000


def test_a_box_lies_where_its_characters_do():
    text = "甲乙丙丁ab\n竖排字"
    lines = (Line(0, 6, 1, Box(100, 100, 200, 120)), Line(7, 10, 1, Box(300, 100, 320, 160)))
    edits = (Edit(2, 3, "丙", "并", "x"), Edit(5, 6, "b", "", "x"), Edit(8, 9, "排", "拍", "x"))
    one = subject(text, edits, pages=(Page(1, 0, 10, None, 400, 400),), lines=lines)
    data = json.loads(Elements(written(one)).of("script")[0][1])
    assert [entry[-1] for entry in data["edits"]] == [
        [[3500, 2500, 4000, 3000]],
        [[4750, 2500, 5000, 3000]],
        [[7500, 3000, 8000, 3500]],
    ]


def test_the_picture_of_a_page_is_a_png():
    pixels = bytes([255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 128, 128, 128])
    made = png(3, 2, pixels)
    assert made.startswith(b"\x89PNG") and struct.unpack(">II", made[16:24]) == (3, 2)
    at = made.index(b"IDAT")
    rows = zlib.decompress(made[at + 4 : at + 4 + struct.unpack(">I", made[at - 4 : at])[0]])
    palette = made[made.index(b"PLTE") + 4 :]
    colors = [tuple(palette[3 * n : 3 * n + 3]) for n in (*rows[1:4], *rows[5:8])]
    assert colors == [(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (153, 153, 153)]


def broken_pdf(folder: Path) -> Path:
    """A PDF of two pages with shifted signs, such as Founder's typesetting leaves behind."""
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        from make_pdf import make_pdf, pages_of
    finally:
        sys.path.pop(0)
    text = "全县干部走进村庄袁挨家走访袁下田插秧袁和村民一起算账遥他们说得最多的一句话是院野人要沉下去袁心才能贴上来遥冶"
    path = folder / "issue.pdf"
    path.write_bytes(make_pdf(pages_of(f"{text}\n" * 3 + "\f" + f"{text}\n" * 3)))
    return path


def test_pages_with_changes_have_their_picture(tmp_path):
    path = broken_pdf(tmp_path)
    one = subject_of([pbtool.read(path)])
    shown = pictures(str(path), one, None, lambda items, what, total: iter(items))
    assert set(shown) == {1, 2} and all(len(image) < 200_000 for image in shown.values())
    boxes = [entry[-1] for entry in json.loads(Elements(written(one)).of("script")[0][1])["edits"]]
    assert len(boxes) > 20 and all(len(one) == 1 and 0 < one[0][0] < one[0][2] < 10_000 for one in boxes)
    assert pictures(str(tmp_path / "gone.pdf"), one, None, lambda items, what, total: iter(items)) == {}


# --- in a browser ----------------------------------------------------------------------------------------------------


class Browser:
    """Chromium without a window, that opens pages and saves what they download."""

    def __init__(self, folder: Path) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        for argument in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--lang=en-US",
        ):
            options.add_argument(argument)
        options.add_argument("--window-size=1400,900")
        options.binary_location = needs.program("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.add_experimental_option("prefs", {"download.default_directory": str(folder)})
        self.folder = folder
        self.driver = webdriver.Chrome(options, Service(needs.program("chromedriver")))
        self.driver.set_script_timeout(30)

    def open(self, made: str, *, fresh: bool = True) -> None:
        path = self.folder / "page.html"
        path.write_text(made, encoding="utf-8")
        if fresh and self.driver.current_url.startswith("file:"):
            self.run("clearTimeout(timer);saved=true;answers.clear();store()")
        self.driver.get(path.as_uri())

    def run(self, script: str, *arguments: object) -> object:
        return self.driver.execute_script(script, *arguments)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def text(self, name: str) -> str:
        return self.driver.find_element("id", name).text

    def choose(self, name: str, value: str) -> None:
        self.run(
            "const s=document.getElementById(arguments[0]);s.value=arguments[1];s.dispatchEvent(new Event('change'))",
            name,
            value,
        )

    def download(self, name: str) -> Path:
        path = self.folder / name
        path.unlink(missing_ok=True)
        self.driver.find_element("id", "save").click()
        deadline = time.monotonic() + 20
        while not (path.exists() and path.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        return path

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    pytest.importorskip("selenium")
    one = Browser(tmp_path_factory.mktemp("browser"))
    yield one
    one.driver.quit()


def broken() -> Subject:
    return subject_of([pbtool.read(ROOT / "samples" / "issue_broken.txt")])


def test_an_editor_works_with_the_keyboard_alone(browser):
    one = broken()
    browser.open(written(one, who="王编辑"))
    assert browser.text("totals") == f"{len(one.edits)} open, 0 accepted, 0 rejected, 0 changed"
    browser.press("y", "n", "e")
    browser.press("、", "\ue007")
    browser.press("s", "k", "y", "u", "?")
    assert browser.run("return document.getElementById('keys').open")
    browser.press("\ue00c")
    assert browser.text("totals") == f"{len(one.edits) - 3} open, 1 accepted, 1 rejected, 1 changed"
    assert browser.text("where").startswith(f"4 / {len(one.edits)}")
    assert browser.run("return document.activeElement.getAttribute('aria-current')") == "true"
    answers = Answers(
        one.document.original, browser.download("a.txt.answers.jsonl"), source=one.document.source.sha256
    )
    first = [answers[edit] for edit in one.edits[:4]]
    assert [a and a.verdict for a in first] == ["accept", "reject", "change", None]
    assert first[0] is not None and first[0].who == "王编辑" and first[0].when
    assert resolved(one.edits[:3], answers, "reject")[1].after.startswith("、")
    assert browser.complaints() == []


def test_all_of_a_rule_and_back(browser):
    one = broken()
    browser.open(written(one))
    shifts = sum(edit.rule == "shift" for edit in one.edits)
    browser.press("n", "a")
    assert (
        browser.text("totals")
        == f"{len(one.edits) - shifts} open, {shifts - 1} accepted, 1 rejected, 0 changed"
    )
    browser.press("u")
    assert browser.text("totals") == f"{len(one.edits) - 1} open, 0 accepted, 1 rejected, 0 changed"


def test_filters_choose_what_is_walked(browser):
    one = broken()
    browser.open(written(one))
    spaces = [edit for edit in one.edits if edit.rule == "spacing"]
    browser.choose("rule", "spacing")
    assert browser.text("where").startswith(f"1 / {len(spaces)}")
    browser.press(*["y"] * len(spaces))
    assert (
        browser.text("totals")
        == f"{len(one.edits) - len(spaces)} open, {len(spaces)} accepted, 0 rejected, 0 changed"
    )
    browser.choose("state", "open")
    assert browser.text("why").startswith("No (more) changes")
    browser.choose("rule", "")
    browser.choose("sureness", "0.99")
    doubtful = [edit for edit in one.edits if edit.confidence < 0.99 and edit.rule != "spacing"]
    if doubtful:
        assert browser.text("where").startswith(f"1 / {len(doubtful)}")


def test_a_reload_loses_nothing(browser):
    one = broken()
    made = written(one)
    browser.open(made)
    browser.press("y", "y", "n")
    browser.run("saved=true")
    browser.open(made, fresh=False)
    assert browser.text("totals") == f"{len(one.edits) - 3} open, 2 accepted, 1 rejected, 0 changed"


def test_the_page_image_lights_up_with_the_change(browser, tmp_path):
    path = broken_pdf(tmp_path)
    one = subject_of([pbtool.read(path)])
    browser.open(written(one, pictures=pictures(str(path), one, None, lambda i, what, total: iter(i))))
    assert browser.run("return document.getElementById('image').naturalWidth") > 800
    lit = "return [...document.querySelectorAll('#boxes .here')].map(b=>Number(b.dataset.index))"
    assert browser.run(lit) == [0]
    browser.press("j")
    assert browser.run(lit) == [1]
    browser.run("document.getElementById('on').click()")
    (index,) = browser.run(lit)
    assert one.edits[index].start >= one.document.pages[1].start
    assert browser.complaints() == []


def test_hostile_text_stays_text(browser):
    text = f"甲{HOSTILE}乙\U0001f600袁"
    edits = (
        Edit(1, 1 + len(HOSTILE), HOSTILE, "<b>x</b>", "x"),
        Edit(len(text) - 1, len(text), "袁", "，", "shift"),
    )
    browser.open(written(subject(text, edits)))
    assert browser.run("return document.querySelectorAll('#text img, #text b, #text script').length") == 0
    assert browser.driver.title == "pbtool review"
    assert "⟨U+202E⟩" in browser.text("text") and "⟨U+001B⟩" in browser.text("text")
    browser.press("y", "n")
    answers = Answers(text, browser.download("a.txt.answers.jsonl"), source="5a")
    assert [answers[edit] and answers[edit].verdict for edit in edits] == ["accept", "reject"]
    assert browser.complaints() == []


@pytest.mark.parametrize("seed", range(2))
def test_one_set_of_answers_makes_one_text_whatever_it_was_given_with(browser, tmp_path, seed):
    one = broken()
    choose = random.Random(seed)
    keys = [choose.choice("yns") for _ in one.edits]
    browser.open(written(one))
    browser.press("".join(keys))
    kept = browser.download("a.txt.answers.jsonl")
    of_page = Answers(one.document.original, kept, source=one.document.source.sha256)
    of_terminal = one.answers(None)
    review(of_edits(one.document, one.edits), of_terminal, Keys(list(keys)))
    said = dict(zip(one.edits, ({"y": "accept", "n": "reject", "s": None}[key] for key in keys), strict=True))
    path = tmp_path / "review.docx"
    path.write_bytes(decided(review_word("a.txt", one, one.answers(None)), one, said.__getitem__))
    of_word = one.answers(None)
    of_word.give(
        Answer(edit_id(d.edit), d.verdict) for d in read_verdicts(path, one, of_word).decisions if d.verdict
    )
    texts = [answered(one, answers, "reject").text for answers in (of_page, of_terminal, of_word)]
    made = [edit for edit, key in zip(one.edits, keys, strict=True) if key == "y"]
    assert texts == [apply(one.document.original, made)] * 3


def test_twenty_thousand_changes_stay_usable(browser):
    one = many(20_000)
    browser.open(written(one))
    browser.choose("state", "open")
    browser.press("y", "n", "j")
    assert browser.text("totals") == "19998 open, 1 accepted, 1 rejected, 0 changed"
    assert browser.run("return document.querySelectorAll('#text .c').length") <= 81
    browser.press("a")
    assert browser.text("totals") == "0 open, 19999 accepted, 1 rejected, 0 changed" or browser.text(
        "totals"
    ).startswith("1 open")


def test_the_page_says_what_it_is_to_those_who_cannot_see_it(browser):
    browser.open(written(broken()))
    nameless = browser.run(
        "return [...document.querySelectorAll('button,select,input,[role=button],progress')].filter(e=>"
        "!(e.getAttribute('aria-label')||e.textContent.trim()||e.labels?.length)).map(e=>e.outerHTML)"
    )
    assert nameless == []
    assert (
        browser.run("return document.querySelector('.c.here').getAttribute('aria-label')")
        == "姻 → ■, shift, sure"
    )
    colors = browser.run(CONTRAST)
    assert colors and min(colors.values()) >= 4.5, colors


#: The contrast (WCAG 2) of the ink of everything that holds text with the ground behind it.
CONTRAST = """
const rgb = text => text.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
const ground = node => { for (; node; node = node.parentElement) { const c = rgb(getComputedStyle(node).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
const found = {};
for (const node of document.querySelectorAll("h1,label span,button:not(:disabled),#totals,#where,#why,#change del,#change ins,#text,#text del,#text ins")) {
  const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
  const name = node.tagName + "#" + node.id + "." + node.className;
  found[name] = Math.min(found[name] ?? 99, (a + .05) / (b + .05));
}
return found;
"""


def test_edit_ids_agree_with_the_answers_file(browser):
    one = subject("\U00020000袁甲袁", (Edit(1, 2, "袁", "，", "shift"), Edit(3, 4, "袁", "，", "shift")))
    browser.open(written(one))
    browser.press("y")
    line = json.loads(browser.download("a.txt.answers.jsonl").read_text("utf-8").splitlines()[1])
    assert line["id"] == edit_id(one.edits[0]) and line["about"] == "袁 → ，"
