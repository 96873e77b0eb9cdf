"""What `extract` says of a text that should be repaired first, and how it shows facts to read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pbtool.document import Document
from pbtool.repair.symptoms import symptom

CLEAN = "东平县斑鸠店镇的党员说，今年种了三百亩地；镇党委、村支部（共十二个）都到了田间，“支部建在链上”。" * 3
SHIFTED = str.maketrans(dict(zip("，。、（）”", "袁遥尧渊冤冶", strict=True)))


def seen(text: str) -> str | None:
    return symptom(Document.from_text(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (CLEAN.encode().decode("latin-1"), "Latin-1"),
        (CLEAN.encode().decode("cp1252", "replace"), "Latin-1"),
        (CLEAN.encode().decode("gbk", "replace"), "GBK"),
        (CLEAN.translate(SHIFTED), "shifted signs (袁 for ，"),
        (" ".join(CLEAN), "spaces"),
    ],
)
def test_damage_is_seen(text: str, what: str) -> None:
    assert what in (seen(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        CLEAN,
        "袁隆平院士和袁崇焕的同乡袁某说，尧舜之乡路途遥远，冤案平反，渊源深厚。" + CLEAN * 20,
        "Ça va, déjà vu: façade naïve — “Ã” und “å”.",
        "姓名 王 明 李 丽 张 强\n" + CLEAN,
        "第１条　總則。供應鏈與銀行（臺灣）的合作。",
    ],
)
def test_clean_text_has_none(text: str) -> None:
    assert seen(text) is None


def test_a_document_that_was_fixed_has_none() -> None:
    from dataclasses import replace

    document = Document.from_text(CLEAN.translate(SHIFTED))
    assert symptom(replace(document, steps=("read", "fix"))) is None


def test_the_command_says_it_once_a_file_and_keeps_its_output(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(CLEAN.translate(SHIFTED), encoding="utf-8")
    command = [sys.executable, "-m", "pbtool", "extract", str(page)]
    loud = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    quiet = subprocess.run([*command, "-q"], capture_output=True, text=True, encoding="utf-8", check=False)
    assert loud.returncode == quiet.returncode == 0
    assert loud.stderr.count("\n") == 1
    assert loud.stderr.startswith(f"{page}: holds shifted signs")
    assert f"pbtool run {page}" in loud.stderr
    assert quiet.stderr == ""
    assert loud.stdout == quiet.stdout


def test_facts_to_read_show_what_differs_and_leave_out_what_nobody_fills() -> None:
    from pbtool.cli.extract import _filled, _row
    from pbtool.document import Metric

    metrics = [
        Metric("约300亩", 0, 5, value=300, unit="亩", approx="about", what="梨树"),
        Metric("80户", 6, 9, value=80, unit="户", what="户"),
    ]
    rows = _filled([_row(metric, "value", "unit", "approx", "change", "what") for metric in metrics])
    assert [row["approx"] for row in rows] == ["about", None]
    assert "change" not in rows[0]
