"""Word files: every change tracked, read by two independent programs, and the verdicts read back."""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import needs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pbtool
from pbtool.document import Article, Document, Passage, Source
from pbtool.edits import Edit, apply
from pbtool.errors import InputError
from pbtool.records import document_record, from_record
from pbtool.reviews import Answer, Answers, edit_id
from pbtool.reviews.manuscript import blocks
from pbtool.reviews.questions import shown
from pbtool.reviews.subject import Subject, answered, subject_of
from pbtool.reviews.word import bookmark, clean_word, review_word
from pbtool.reviews.word_verdicts import counted, read_verdicts

ROOT = Path(__file__).resolve().parent.parent
BROKEN = ROOT / "samples" / "issue_broken.txt"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = '<w:t>&amp;</w:t>]]>\x00\x1b]0;x\x07\u202e=cmd()|HYPERLINK "javascript:x"\ufffe\ud800\t末'


def words(one: Subject, answers: Answers | None = None) -> bytes:
    answers = answers or one.answers(None)
    return review_word("issue.txt", one, answers)


def broken() -> Subject:
    return subject_of([pbtool.read(BROKEN)])


def flat(text: str) -> str:
    return "".join(text.split())


def body(data: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))
        return ElementTree.fromstring(archive.read("word/document.xml"))


def view(data: bytes, accept: bool) -> list[str]:
    """The paragraphs after all revisions are accepted or rejected, by a reader that knows nothing of the writer."""
    lines, line = [], ""
    for paragraph in body(data).iter(f"{W}p"):
        line += "".join(_texts(paragraph, accept))
        mark = paragraph.find(f"{W}pPr/{W}rPr/{W}del")
        if mark is None or not accept:
            lines.append(line)
            line = ""
    return [*lines, line] if line else lines


def _texts(element: ElementTree.Element, accept: bool):
    for child in element:
        if child.tag == f"{W}pPr" or child.tag == (f"{W}del" if accept else f"{W}ins"):
            continue
        if child.tag in (f"{W}t", f"{W}delText"):
            yield child.text or ""
        elif child.tag in (f"{W}br", f"{W}tab"):
            yield "\n" if child.tag == f"{W}br" else "\t"
        yield from _texts(child, accept)


def decided(data: bytes, one: Subject, verdict: Callable[[Edit], str | None]) -> bytes:
    """The file as an editor leaves it who accepts and rejects changes one by one."""
    root = body(data)
    known = {bookmark(edit, aside): edit for edit in one.edits for aside in (False, True)}
    for paragraph in root.iter(f"{W}p"):
        inside: Edit | None = None
        for child in list(paragraph):
            if child.tag == f"{W}bookmarkStart":
                inside = known[child.get(f"{W}name", "")]
            elif child.tag == f"{W}bookmarkEnd":
                inside = None
            elif inside is not None and (said := verdict(inside)) is not None:
                _decide(paragraph, child, inside, said == "accept")
    return repacked(data, ElementTree.tostring(root))


def _decide(paragraph: ElementTree.Element, child: ElementTree.Element, edit: Edit, accept: bool) -> None:
    at = list(paragraph).index(child)
    if child.tag == (f"{W}del" if accept else f"{W}ins"):
        paragraph.remove(child)
    elif child.tag in (f"{W}ins", f"{W}del"):
        paragraph.remove(child)
        for run in reversed(list(child)):
            for text in run.iter(f"{W}delText") if child.tag == f"{W}del" else ():
                text.tag = f"{W}t"
            paragraph.insert(at, run)
    elif child.tag.startswith(f"{W}comment") or child.find(f"{W}commentReference") is not None:
        paragraph.remove(child)
    elif accept and edit.grade == "suggested":
        text = child.find(f"{W}t")
        assert text is not None
        text.text = edit.after


def repacked(data: bytes, document: bytes, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.namelist():
            new.writestr(member, document if member == name else old.read(member))
    return out.getvalue()


def verdicts(data: bytes, one: Subject, folder: Path) -> dict[Edit, tuple[str | None, str | None]]:
    path = folder / "back.docx"
    path.write_bytes(data)
    decisions = read_verdicts(path, one, one.answers(None)).decisions
    return {decision.edit: (decision.verdict, decision.text) for decision in decisions}


# --- what the file holds ---------------------------------------------------------------------------------------------


def test_accepting_all_gives_the_repaired_text_and_rejecting_all_the_source():
    one = broken()
    data = words(one)
    fixed = pbtool.segment(pbtool.fix(one.document))
    paragraphs = [
        flat("".join(p.text for p in block.passages)) for a in fixed.articles for block in blocks(a)
    ]
    wanted = flat("".join(passage.text for a in fixed.articles for _, _, passage in a.passages()))
    accepted = [flat(line) for line in view(data, True) if line.strip()]
    assert sorted("".join(accepted)) == sorted(wanted)
    long = [text for text in paragraphs if len(text) > 40]
    assert len(long) > 10 and all(text in accepted for text in long)
    lines = [flat(line) for line in one.document.original.splitlines() if line.strip()]
    assert sorted(flat("".join(view(data, False)))) == sorted("".join(lines))
    rejected = {flat(line) for line in view(data, False)}
    assert sum(line in rejected for line in lines) > 0.95 * len(lines)


def test_every_repair_is_tracked_by_its_rule_and_every_suggestion_is_a_comment():
    text = "后顾之优要解决袁工作要落实遥这一段话是正文，所以比较长，一行写不下去了。\n"
    edits = (
        Edit(3, 4, "优", "忧", "lookalike", "suggested", 0.8),
        Edit(7, 8, "袁", "，", "shift"),
        Edit(13, 14, "遥", "。", "shift"),
    )
    data = words(Subject(Document.from_text(text), edits))
    root = body(data)
    authors = [element.get(f"{W}author") for tag in ("ins", "del") for element in root.iter(W + tag)]
    assert authors == ["pbtool shift"] * 4
    names = [element.get(f"{W}name") for element in root.iter(f"{W}bookmarkStart")]
    assert names == [bookmark(edit) for edit in edits] and all(len(str(name)) <= 40 for name in names)
    ids = [element.get(f"{W}id") for tag in ("ins", "del") for element in root.iter(W + tag)]
    assert len(set(ids)) == len(ids)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        comments = archive.read("word/comments.xml").decode()
    assert "优 → 忧  (lookalike, 80%)" in comments and 'w:author="pbtool lookalike"' in comments


def test_the_same_review_is_the_same_file():
    assert words(broken()) == words(broken())


def test_titles_bylines_and_captions_have_their_styles(tmp_path):
    docx = pytest.importorskip("docx")
    one = broken()
    data = clean_word("issue.txt", [pbtool.segment(pbtool.fix(one.document))])
    opened = docx.Document(io.BytesIO(data))
    styles = [(p.style.name, p.text) for p in opened.paragraphs]
    assert styles[:2] == [("Article Title", "把根扎进泥土里"), ("Article Byline", "本刊评论员")]
    assert ("Article Byline", "林晓 丁国强") in styles and ("Article Heading", "二、会上批评要较真") in styles
    assert ("Article Affiliation", "（作者系青屏县教育局机关党支部书记）") in styles
    assert {"Article Body"} <= {style for style, _ in styles}
    assert not any(text == "基层" for _, text in styles) and b"w:ins " not in zipped(data)
    path = tmp_path / "print.docx"
    path.write_bytes(data)
    again = pbtool.read(path)
    assert "全县218名驻村干部" in again.original and "袁" not in again.original


def zipped(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_hostile_text_is_text_in_word():
    edits = (Edit(0, len(HOSTILE), HOSTILE, f"乙{HOSTILE}", HOSTILE),)
    one = Subject(Document.from_text(HOSTILE + "\n袁说。", Source(HOSTILE)), edits)
    for answers in (None, one.answers(None)):
        if answers is not None:
            answers.give([Answer(edit_id(edits[0]), "change", HOSTILE)])
        data = words(one, answers)
        text = "".join(view(data, False))
        assert "⟨U+202E⟩" in text and "⟨U+001B⟩" in text and "&amp;" in text
        raw = zipped(data).decode("utf-8")
        assert not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\ufffe\ud800-\udfff]", raw)
        assert not re.search("<w:(?:hyperlink|fldSimple|instrText|object|altChunk)|TargetMode", raw)
    plain = clean_word(HOSTILE, [Document(Source("a"), articles=(Article("a01", Passage(HOSTILE)),))])
    assert "⟨U+202E⟩" in "".join(view(plain, True))


@settings(max_examples=25, deadline=None)
@given(st.text("甲乙丙丁。，：（）、 \n袁a1", min_size=1, max_size=160), st.data())
def test_no_character_and_no_edit_is_lost(text, data):
    places = sorted(data.draw(st.sets(st.integers(0, len(text) - 1), max_size=12)))
    edits = []
    for at in places:
        if edits and edits[-1].end >= at:
            continue
        end = data.draw(st.integers(at, min(len(text), at + 2)))
        after = data.draw(st.text("子丑，。 ", max_size=2))
        if "\n" not in text[at:end] and after != text[at:end]:
            grade = data.draw(st.sampled_from(["sure", "suggested"]))
            edits.append(Edit(at, end, text[at:end], after, "x", grade))
    one = Subject(Document.from_text(text), tuple(edits))
    made = words(one)
    names = [element.get(f"{W}name") for element in body(made).iter(f"{W}bookmarkStart")]
    of_edits = [str(name).replace("aside", "") for name in names if "layout" not in str(name)]
    assert sorted(of_edits) == sorted(map(bookmark, edits)) and len(set(names)) == len(names)
    assert sorted(flat("".join(view(made, False)))) == sorted(flat(text))


# --- verdicts --------------------------------------------------------------------------------------------------------


def test_a_file_as_written_decides_nothing(tmp_path):
    one = broken()
    found = verdicts(words(one), one, tmp_path)
    assert set(found) == set(one.edits) and set(found.values()) == {(None, None)}


@pytest.mark.parametrize("seed", range(2))
def test_random_verdicts_come_back_as_they_were_given(tmp_path, seed):
    one = broken()
    hint = Edit(43, 44, one.document.original[43], "忧", "lookalike", "suggested", 0.8)
    one = Subject(one.document, tuple(sorted((*one.edits, hint), key=lambda e: e.start)))
    choose = random.Random(seed)
    said = {edit: choose.choice(["accept", "reject", None]) for edit in one.edits}
    back = verdicts(decided(words(one), one, said.__getitem__), one, tmp_path)
    assert {edit: verdict for edit, (verdict, _) in back.items()} == said
    answers = one.answers(None)
    answers.give(Answer(edit_id(edit), v) for edit, v in said.items() if v)  # type: ignore[arg-type]
    made = [e for e in one.edits if said[e] == "accept" or (said[e] is None and e.grade != "suggested")]
    assert answered(one, answers).text == apply(one.document.original, made)


def test_answers_that_were_given_are_plain_text_and_come_back(tmp_path):
    one = broken()
    answers = one.answers(None)
    answers.give(
        [
            Answer(edit_id(one.edits[0]), "accept"),
            Answer(edit_id(one.edits[1]), "reject"),
            Answer(edit_id(one.edits[2]), "change", "！"),
        ]
    )
    back = verdicts(words(one, answers), one, tmp_path)
    wanted = [("accept", None), ("reject", None), ("change", "！"), (None, None)]
    assert [back[edit] for edit in one.edits[:4]] == wanted


SENTENCE = "工作要落实遥这一段话是正文，所以写得比较长，一行也写不下。\n"


def handmade(inside: str, folder: Path, edit: Edit | None = None) -> tuple[str | None, str | None]:
    """The verdict on the one change of a sentence, with `inside` between its bookmarks."""
    edit = edit or Edit(5, 6, "遥", "。", "shift")
    one = Subject(Document.from_text(SENTENCE), (edit,))
    raw = zipfile.ZipFile(io.BytesIO(words(one))).read("word/document.xml").decode()
    start, end = re.search("<w:bookmarkStart[^>]*>", raw), re.search("<w:bookmarkEnd[^>]*>", raw)
    assert start and end
    changed = raw[: start.end()] + inside + raw[end.start() :]
    return verdicts(repacked(words(one), changed.encode()), one, folder)[edit]


def run(text: str, element: str = "t") -> str:
    return f"<w:r><w:{element}>{text}</w:{element}></w:r>"


def by(kind: str, author: str, inside: str) -> str:
    return f'<w:{kind} w:id="900" w:author="{author}" w:date="2026-01-01T00:00:00Z">{inside}</w:{kind}>'


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [
        (run("。"), ("accept", None)),
        (run("遥"), ("reject", None)),
        (run("！"), ("change", "！")),
        ("", ("change", "")),
        (run("遥", "t") + by("ins", "pbtool shift", run("。")), ("reject", None)),
        (by("del", "pbtool shift", run("遥", "delText")) + run("。"), ("accept", None)),
        (by("del", "pbtool shift", run("遥", "delText")), ("reject", None)),
        (by("ins", "pbtool shift", run("。")), ("accept", None)),
        (by("del", "pbtool shift", run("遥", "delText")) + by("ins", "王", run("；")), ("change", "；")),
        (
            by("del", "pbtool shift", run("遥", "delText"))
            + by("ins", "pbtool shift", by("del", "王", run("。", "delText")) + run("！")),
            ("change", "！"),
        ),
        (by("del", "王", run("遥", "delText")) + by("ins", "王", run("。")), ("accept", None)),
        (run("")[:5] + "<w:rPr><w:ins w:id='7' w:author='王'/></w:rPr><w:t>。</w:t></w:r>", ("accept", None)),
    ],
)  # fmt: skip
def test_what_stands_in_the_bookmark_is_the_verdict(tmp_path, inside, verdict):
    assert handmade(inside, tmp_path) == verdict


def test_a_bookmark_that_vanished_with_its_text_was_decided(tmp_path):
    for edit, verdict in (
        (Edit(5, 6, "遥", "", "x"), "accept"),
        (Edit(5, 5, "", "，", "x"), "reject"),
        (Edit(5, 6, "遥", "。", "x"), None),
        (Edit(5, 6, "遥", "", "x", "suggested"), None),
    ):
        one = Subject(Document.from_text(SENTENCE), (edit,))
        raw = zipfile.ZipFile(io.BytesIO(words(one))).read("word/document.xml").decode()
        gone = re.sub("<w:bookmarkStart.*<w:bookmarkEnd[^>]*>", "", raw)
        assert verdicts(repacked(words(one), gone.encode()), one, tmp_path)[edit][0] == verdict


def test_a_suggestion_is_taken_by_typing_and_refused_by_deleting_the_comment(tmp_path):
    edit = Edit(5, 6, "遥", "摇", "lookalike", "suggested", 0.7)
    comment = '<w:r><w:commentReference w:id="0"/></w:r>'
    assert handmade(run("遥") + comment, tmp_path, edit) == (None, None)
    assert handmade(run("遥"), tmp_path, edit) == ("reject", None)
    assert handmade(run("摇") + comment, tmp_path, edit) == ("accept", None)
    assert handmade(by("del", "王", run("遥", "delText")) + by("ins", "王", run("谣")), tmp_path, edit) == (
        "change",
        "谣",
    )


def test_what_was_changed_elsewhere_is_told(office, tmp_path):
    one = broken()
    path = tmp_path / "review.docx"
    path.write_bytes(words(one))
    office(f'macro:///Standard.Module1.Everything("{path.as_uri()}","{tmp_path.as_uri()}")')
    for name in ("review", "untouched", "accepted", "rejected"):
        saved = (tmp_path / f"{name}.docx").read_bytes()
        assert read_verdicts(tmp_path / f"{name}.docx", one, one.answers(None)).changed is None
        raw = zipfile.ZipFile(io.BytesIO(saved)).read("word/document.xml").decode()
        path.write_bytes(repacked(saved, raw.replace("驻村干部", "驻村年轻干部", 1).encode()))
        told = read_verdicts(path, one, one.answers(None)).changed
        assert told is not None and "年轻" in told


def test_files_that_are_no_review_are_refused_in_one_line(tmp_path):
    one = broken()
    path = tmp_path / "x.docx"
    good = words(one)
    bomb = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    foreign = clean_word("x", [pbtool.segment("没有改动的文章。\n")])
    cases = {
        b"no zip": "damaged",
        good[:-300]: "damaged",
        repacked(good, b"<w:p>"): "damaged",
        repacked(good, bomb): "type declaration",
        repacked(good, b"x" * ((64 << 20) + 2)): "unpacks",
        foreign: "no change that could be answered",
        words(Subject(Document.from_text("袁。"), (Edit(0, 1, "袁", "，", "x"),))): "another text",
    }
    for data, why in cases.items():
        path.write_bytes(data)
        with pytest.raises(InputError, match=why):
            read_verdicts(path, one, one.answers(None))
    with pytest.raises(InputError, match="cannot be read"):
        read_verdicts(tmp_path / "none.docx", one, one.answers(None))


def test_records_become_the_same_word_file_as_their_text(tmp_path):
    one = broken()
    record = subject_of([from_record(document_record(pbtool.run(one.document)))])
    data = words(record)
    assert [flat(line) for line in view(data, True)] == [flat(line) for line in view(words(one), True)]
    assert flat("".join(view(data, False))) == flat("".join(view(words(one), False)))
    assert set(verdicts(data, record, tmp_path).values()) == {(None, None)}


# --- other programs --------------------------------------------------------------------------------------------------


def pandoc(path: Path, changes: str) -> str:
    command = [
        needs.program("pandoc"),
        "-f",
        "docx",
        "-t",
        "plain",
        "--wrap=none",
        f"--track-changes={changes}",
        str(path),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_pandoc_reads_the_repaired_text_and_the_source(tmp_path):
    one = broken()
    hint = Edit(43, 44, one.document.original[43], "忧", "lookalike", "suggested", 0.8)
    one = Subject(one.document, tuple(sorted((*one.edits, hint), key=lambda e: e.start)))
    data = words(one)
    path = tmp_path / "review.docx"
    path.write_bytes(data)
    for changes, accept in (("accept", True), ("reject", False)):
        assert flat(pandoc(path, changes)) == flat("".join(view(data, accept)))
    command = [needs.program("pandoc"), "-t", "native", "--track-changes=all", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.count('"comment-start"') == 1 and '"pbtool shift"' in told


BASIC = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Everything(source, folder)
  Decide(source, folder &amp; "/untouched.docx", "")
  Decide(source, folder &amp; "/accepted.docx", ".uno:AcceptAllTrackedChanges")
  Decide(source, folder &amp; "/rejected.docx", ".uno:RejectAllTrackedChanges")
End Sub
Sub Decide(source, target, command)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  If command &lt;&gt; "" Then
    helper = createUnoService("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(doc.CurrentController.Frame, command, "", 0, Array())
  End If
  Dim how(0) As New com.sun.star.beans.PropertyValue
  how(0).Name = "FilterName"
  how(0).Value = "MS Word 2007 XML"
  doc.storeToURL(target, how())
  doc.close(True)
End Sub
</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A function that starts LibreOffice with arguments, in a profile of its own."""
    program = needs.program("soffice")
    profile = tmp_path_factory.mktemp("profile")

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=120)

    # A new profile is filled when the program first starts, over whatever stands there.
    start("--terminate_after_init")
    library = profile / "user" / "basic" / "Standard"
    (library / "Module1.xba").write_text(BASIC, encoding="utf-8")
    (library / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    return start


def test_libreoffice_accepts_and_rejects_and_gives_the_verdicts_back(office, tmp_path):
    one = broken()
    data = words(one)
    path = tmp_path / "review.docx"
    path.write_bytes(data)
    office(f'macro:///Standard.Module1.Everything("{path.as_uri()}","{tmp_path.as_uri()}")')
    for name, accept, verdict in (("accepted", True, "accept"), ("rejected", False, "reject")):
        saved = (tmp_path / f"{name}.docx").read_bytes()
        assert flat("".join(view(saved, True))) == flat("".join(view(data, accept)))
        assert not list(body(saved).iter(f"{W}ins")) and not list(body(saved).iter(f"{W}del"))
        found = verdicts(saved, one, tmp_path)
        # What was set aside goes when all is accepted, and with it what was open there.
        left = [edit for edit, (said, _) in found.items() if said is None]
        assert {said for said, _ in found.values()} - {None} == {verdict} and len(left) <= accept
    untouched = verdicts((tmp_path / "untouched.docx").read_bytes(), one, tmp_path)
    assert set(untouched.values()) == {(None, None)}


def test_libreoffice_opens_a_file_with_comments(office, tmp_path):
    edits = (Edit(3, 4, "优", "忧", "lookalike", "suggested", 0.8), Edit(7, 8, "袁", "，", "shift"))
    path = tmp_path / "hints.docx"
    path.write_bytes(words(Subject(Document.from_text("后顾之优要解决袁工作要落实。\n"), edits)))
    done = office("--convert-to", "txt:Text", "--outdir", str(tmp_path), str(path))
    assert done.returncode == 0 and "后顾之优要解决" in (tmp_path / "hints.txt").read_text("utf-8-sig")


# --- the command -----------------------------------------------------------------------------------------------------


def pbtool_run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "pbtool", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, env=environment, timeout=120)


def test_from_the_broken_text_to_the_printed_copy(tmp_path):
    (tmp_path / "issue.txt").write_bytes(BROKEN.read_bytes())
    one = broken()
    done = pbtool_run(tmp_path, "review", "--docx", "review.docx", "issue.txt")
    assert (
        done.returncode == 0
        and f"tracked changes: {len(one.edits)}, suggestions as comments: 0".encode() in done.stderr
    )
    choose = random.Random(3)
    said = {edit: choose.choice(["accept", "reject"]) for edit in one.edits}
    path = tmp_path / "review.docx"
    path.write_bytes(decided(path.read_bytes(), one, said.__getitem__))
    done = pbtool_run(tmp_path, "review", "--from-docx", "review.docx", "--who", "王编辑", "issue.txt")
    refused = sum(verdict == "reject" for verdict in said.values())
    assert (
        f"{len(said) - refused} accepted, {refused} rejected, 0 changed by hand, 0 open".encode()
        in done.stderr
    )
    kept = tmp_path / "issue.txt.answers.jsonl"
    size = kept.stat().st_size
    assert "王编辑" in kept.read_text("utf-8")
    pbtool_run(tmp_path, "review", "--from-docx", "review.docx", "issue.txt")
    assert kept.stat().st_size == size
    done = pbtool_run(tmp_path, "fix", "--answers", kept.name, "issue.txt")
    made = [edit for edit in one.edits if said[edit] == "accept"]
    assert done.stdout.decode() == apply(one.document.original, made)
    done = pbtool_run(
        tmp_path, "run", "--answers", kept.name, "--docx", "print.docx", "--md", "print.md", "issue.txt"
    )
    assert done.returncode == 0 and done.stdout == b""
    copy = "".join(view((tmp_path / "print.docx").read_bytes(), True))
    article = pbtool.segment(answered(one, Answers(one.document.original, kept))).articles[0]
    assert article.paragraphs[0].text in copy
    assert (tmp_path / "print.md").read_text("utf-8").count("\n# ") >= 4


def test_all_rejected_is_the_source_byte_for_byte(tmp_path):
    source = BROKEN.read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / "issue.txt").write_bytes(source)
    one = subject_of([pbtool.read(tmp_path / "issue.txt")])
    pbtool_run(tmp_path, "review", "--docx", "review.docx", "issue.txt")
    path = tmp_path / "review.docx"
    path.write_bytes(decided(path.read_bytes(), one, lambda edit: "reject"))
    pbtool_run(tmp_path, "review", "--from-docx", "review.docx", "issue.txt")
    pbtool_run(tmp_path, "fix", "-i", "--answers", "issue.txt.answers.jsonl", "issue.txt")
    assert (tmp_path / "issue.txt").read_bytes() == source
    assert counted(read_verdicts(path, one, one.answers(None)).decisions)["open"] == 0


def test_ways_that_do_not_go_together_and_files_that_are_one(tmp_path):
    (tmp_path / "issue.txt").write_bytes(BROKEN.read_bytes())
    for arguments in (
        ("--html", "a.html", "--docx", "a.docx"),
        ("--docx", "issue.txt"),
        ("--from-docx", "a.docx", "--answers", "a.docx"),
    ):
        done = pbtool_run(tmp_path, "review", *arguments, "issue.txt")
        assert done.returncode == 2, arguments
    assert (tmp_path / "issue.txt").read_bytes() == BROKEN.read_bytes()
    assert pbtool_run(tmp_path, "run", "--docx", "issue.txt", "issue.txt").returncode == 2


def test_shown_text_is_never_empty_of_what_it_hides():
    assert shown("甲\u200b乙") == "甲⟨U+200B⟩乙"
