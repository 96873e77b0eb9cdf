"""Text that was decoded with the wrong encoding, line by line and run by run.

The one idea: a wrong decoding can be taken back only where every byte survives the round trip, and is taken back only where what comes
out is language and what stood there was not. The language model says which is which.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from pbtool.document import FontRun
from pbtool.edits import Edit
from pbtool.repair.punctuation import HAN

RULE = "decoding"
_CP1252 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_LATIN = re.compile(
    rf"[\u0080-\u00ff{_CP1252}](?:[\u0080-\u00ff{_CP1252}\x20-\x7e]{{0,400}}[\u0080-\u00ff{_CP1252}]){{1,200}}"
)
_LATIN_SIGN = re.compile(r"[\u00c0-\u00ff][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}")
_RUN = re.compile(r"[^\x00-\x7f\n]{3,400}")
_KANA = re.compile(
    f"[\u3041-\u30f6\u0391-\u03c9\u0410-\u044f\u3105-\u3129][{HAN}]|[{HAN}][\u3041-\u30f6\u0391-\u03c9\u0410-\u044f]"
)
_GAIN = 2.0  # nats a character that the text must gain


def propose_decoding(text: str, fonts: Sequence[FontRun] = ()) -> list[Edit]:
    """Runs of text that were decoded with the wrong encoding, and can be had back without loss.

    **What it repairs.** UTF-8 read as GBK (`鍏氱殑`), as Latin-1 or Windows-1252 (`å…šçš„`), GBK read as Latin-1 (`µ³µÄ`), Big5 read as GBK;
    doubly so as well, one pass after the other.

    **How it comes about.** A program guesses an encoding, or takes its system's.

    >>> from pbtool.repair.decoding import propose_decoding
    >>> wrong = "党的建设".encode("gbk").decode("latin-1")
    >>> [(e.start, e.after) for e in propose_decoding(f"标题：{wrong}")]
    [(3, '党的建设')]

    **When it is wrong.** Hardly: all bytes must survive, and the result must be far better language. `锟斤拷` and `嚙踝蕭` are what is
    left of bytes that are lost; they are reported and not touched.

    **Source.** The encodings themselves; the idea of taking back only what is reversible is that of ftfy (R. Speer, 2019).
    """
    edits: list[Edit] = []
    if _LATIN_SIGN.search(text):
        edits += _latin(text)
    if _utf8_as_gbk().search(text):
        edits += _again(text, "gb18030", "utf-8", _utf8_as_gbk())
    if _KANA.search(text):
        edits += _again(text, "gbk", "big5", _KANA)
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def lost(text: str) -> int:
    """How many places show what is left of lost bytes."""
    return text.count("锟斤拷") + text.count("嚙踝蕭") + text.count("烫烫烫")


def _latin(text: str) -> Iterator[Edit]:
    for match in _LATIN.finditer(text):
        run = match[0]
        if not _LATIN_SIGN.search(run):
            continue
        for shown in ("latin-1", "cp1252"):
            for meant in ("utf-8", "gb18030"):
                better = _decoded(run, shown, meant)
                if better is not None and _han(better) * 2 >= len(better.strip()) and _plausible(better):
                    yield Edit(match.start(), match.end(), run, better, RULE, "likely", 0.995)
                    break
            else:
                continue
            break


def _again(text: str, shown: str, meant: str, sign: re.Pattern[str]) -> Iterator[Edit]:
    """Runs that show `sign`, encoded as they were wrongly decoded and decoded as they should have been."""
    for match in _RUN.finditer(text):
        run = match[0]
        if not sign.search(run):
            continue
        better = _decoded(run, shown, meant)
        if (
            better is not None
            and _han(better) >= 2
            and _score(better) > _score(run) + _GAIN
            and _plausible(better)
        ):
            yield Edit(match.start(), match.end(), run, better, RULE, "likely", 0.995)


def _decoded(run: str, shown: str, meant: str) -> str | None:
    try:
        data = _bytes(run, shown)
        better = data.decode(meant)
    except (UnicodeError, ValueError):
        return None
    return better if better != run and better.isprintable() else None


def _bytes(run: str, shown: str) -> bytes:
    if shown != "cp1252":
        return run.encode(shown)
    # What Windows-1252 leaves undefined, programs pass through as Latin-1.
    return b"".join(c.encode("latin-1") if c < "\u0100" else c.encode("cp1252") for c in run)


def _han(text: str) -> int:
    return sum("\u4e00" <= char <= "\u9fff" for char in text)


def _plausible(text: str) -> bool:
    """Whether the characters are those of everyday text: nearly all Han of it lie in the common rows of GB/T 2312 or Big5."""
    han = [char for char in text if "\u3400" <= char <= "\u9fff"]
    return bool(han) and sum(char in _everyday() for char in han) >= 0.9 * len(han)


def _score(text: str) -> float:
    """Log-probability a character of the text in simplified script."""
    from pbtool.conversion import conversion_edits
    from pbtool.edits import apply
    from pbtool.language import model

    simple = apply(text, conversion_edits(text, "hans", script="hant"))
    return model().score(simple) / len(simple)


@functools.cache
def _everyday() -> frozenset[str]:
    rows = [(range(0xB0, 0xD8), "gb2312"), (range(0xA4, 0xC7), "big5")]
    cells = [
        (bytes([row, cell]), name) for leads, name in rows for row in leads for cell in range(0x40, 0xFF)
    ]
    return frozenset(char for cell, name in cells if len(char := cell.decode(name, "ignore")) == 1)


@functools.cache
def _utf8_as_gbk() -> re.Pattern[str]:
    """Two characters that UTF-8 Han give when they are read as GBK: lead bytes E4–E9, trail bytes below A1."""
    chars = {
        char
        for lead in range(0xE4, 0xEA)
        for trail in range(0x80, 0xC0)
        if len(char := bytes([lead, trail]).decode("gbk", "ignore")) == 1
    }
    return re.compile(f"[{''.join(sorted(chars))}][^\\x00-\\x7f\\n]")
