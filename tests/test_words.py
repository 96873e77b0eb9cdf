"""Words by jieba: cut where words end, without a cache that others could plant or that could fail to be written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from pbtool.extraction import words


def test_joined_they_are_the_text_without_its_blanks() -> None:
    text = "村党支部书记说， 今年的收成不错。"
    assert "".join(words.words(text)) == text.replace(" ", "")
    assert "今年" in words.words(text)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    words._tokenizer.cache_clear()
    assert words.words("推进乡村振兴") == ["推进", "乡村", "振兴"]
    assert list(tmp_path.iterdir()) == []


def test_no_directory_for_a_cache_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> object:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    words._tokenizer.cache_clear()
    assert words.words("推进乡村振兴") == ["推进", "乡村", "振兴"]


def test_a_long_line_of_one_character_takes_linear_time() -> None:
    assert len("".join(words.words("党" * 20_000))) == 20_000
