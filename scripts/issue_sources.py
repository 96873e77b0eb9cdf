"""Articles to lay out as issues: titles and whole paragraphs out of the corpora of press text.

The one idea: only what is surely an article is taken (a title line, then at least two whole paragraphs); datelines, captions
and notes of the editors are left away, because the issue sets its own.
"""

from __future__ import annotations

import lzma
import re
from dataclasses import dataclass
from pathlib import Path

_SENDERS = re.compile(
    r"^(?:(?:据?新华社|本报).{2,14}?电)?\s{0,4}(?:（[^（）]{0,8}(?:记者|通讯员)[^）]{2,24}）)?"
)
_ASIDE = ("■", "编者按", "（", "图为", "上图", "下图", "左图", "右图")


@dataclass(frozen=True, slots=True)
class Source:
    """An article of a corpus: its title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


def read_sources(folder: Path) -> list[Source]:
    """Articles of the corpora (`*.txt.xz`, blank lines between articles) that have a title and at least two whole paragraphs."""
    result = []
    for path in sorted(folder.glob("*.txt.xz")):
        text = lzma.decompress(path.read_bytes()).decode("utf-8")
        for block in text.split("\n\n"):
            source = _source([line.strip() for line in block.split("\n") if line.strip()])
            if source is not None:
                result.append(source)
    return result


def _source(lines: list[str]) -> Source | None:
    if len(lines) < 3:
        return None
    title = re.sub(r"（[^（）]{0,12}）$", "", lines[0])
    whole = [_SENDERS.sub("", line).strip() for line in lines[1:] if _is_paragraph(line)]
    body = list(dict.fromkeys(re.sub(r"[　\s]{1,9}", "", line) for line in whole))
    headed = 8 <= len(title) <= 30 and title[-1] not in "。！？：" and not any(c in title for c in "，:：;")
    return Source(title, tuple(body)) if headed and 2 <= len(body) <= 40 else None


def _is_paragraph(line: str) -> bool:
    return len(line) >= 40 and line[-1] == "。" and "版）" not in line[:60] and not line.startswith(_ASIDE)
