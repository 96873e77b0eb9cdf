"""From bytes to text: which encoding is it, and is every byte of it right?

The one idea: nothing is guessed that the bytes can say. A byte order mark or strict UTF-8 settle it; otherwise the whole file
is read as GB 18030 and as Big5, and the reading in which most characters are everyday ones wins. Bytes that fit nowhere are
refused with their place, never dropped.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections import Counter
from functools import lru_cache

from pbtool.document import Source
from pbtool.errors import InputError, UsageError
from pbtool.reading.alignment import aligned

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
#: What people call an encoding and what their files are really in: the standard's successors hold all of its bytes.
_SUCCESSORS = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8-sig": "utf-8"}
#: Encodings, each with the script whose everyday characters are looked for in it (named by the encoding that holds them).
_CHINESE = (
    ("gb18030", "gb18030"),
    ("big5", "big5"),
    ("gb18030", "big5"),
    ("cp950", "big5"),
    ("big5hkscs", "big5"),
)
_SCRIPT_OF = dict(reversed(_CHINESE))
_CONTROLS = bytes([*range(1, 9), *range(14, 27), *range(28, 32), 127])
#: Below this share of everyday characters a reading of a longer text is taken for an accident.
_BELIEVABLE = 0.5
#: One wrong character in so many that are not ASCII is forgiven, where anything is, and two in any case.
_FORGIVEN = 20


def decode(data: bytes, name: str, encoding: str | None = None) -> tuple[str, Source]:
    """The text of a file and how it was written down (encoding, byte order mark, line ends, hash).

    `encoding` overrides the evidence, but not a byte order mark of the same family. Raises InputError for bytes that cannot
    be decoded (with offset and line) and for binary data, UsageError for an encoding that does not exist.
    """
    codec, body, bom = _begun(data, encoding)
    if codec is None or not codec.startswith(("utf-16", "utf-32")):
        _refuse_binary(body, name)
    skipped = len(data) - len(body)
    if codec is not None:
        text = _strict(body, codec, name, skipped)
    else:
        text, codec = _by_evidence(body, name)
    if "\0" in text:
        raise InputError(
            name,
            f"holds a NUL character in line {text.count(chr(10), 0, text.index(chr(0))) + 1}; remove it first",
        )
    digest = hashlib.sha256(data).hexdigest()
    return text, Source(name, digest, codec, newline_of(text), bom)


def decode_leniently(data: bytes, name: str, encoding: str | None = None) -> tuple[str, Source, int]:
    """Like `decode`, but a few bytes that fit nowhere are forgiven, as browsers do: each becomes U+FFFD; how many there are.

    Raises InputError where they are more than a few.
    """
    try:
        return *decode(data, name, encoding), 0
    except InputError as error:
        refused = error
    codec, body, bom = _begun(data, encoding)
    if codec is None and _nearly_utf8(body):
        codec = "utf-8"
    if codec is not None:
        text = body.decode(codec, "replace")
    else:
        readings = (_reading(body, *way, "replace") for way in _CHINESE)
        score, codec, text = max(found for found in readings if found is not None)
        if score < _BELIEVABLE:
            raise refused
    if codec in _SCRIPT_OF:
        text = aligned(body, codec, _everyday(_SCRIPT_OF[codec])[0])
    text = text.replace("\0", "\ufffd")
    lost = text.count("\ufffd")
    if lost * _FORGIVEN > len(text) - sum(map(str.isascii, text)) + 2 * _FORGIVEN:
        raise refused
    return text, Source(name, hashlib.sha256(data).hexdigest(), codec, newline_of(text), bom), lost


def newline_of(text: str) -> str:
    """The line end that most lines of the text have: "\\n", "\\r\\n" or "\\r" ("\\n" where there is none)."""
    if "\r" not in text:
        return "\n"
    pairs = text.count("\r\n")
    counts = {"\r\n": pairs, "\n": text.count("\n") - pairs, "\r": text.count("\r") - pairs}
    return max(counts, key=lambda end: counts[end])


def _begun(data: bytes, encoding: str | None) -> tuple[str | None, bytes, bool]:
    """The codec, as far as the name told or the byte order mark settle it, what follows the mark, and whether there is one."""
    codec = _known(encoding) if encoding else None
    mark, bom_codec = next(((m, c) for m, c in _BOMS if data.startswith(m)), (b"", None))
    if codec is None and bom_codec:
        codec = bom_codec
    elif codec in _WIDE:
        codec = bom_codec if bom_codec and bom_codec.startswith(codec) else _WIDE[codec]
    bom = bool(mark) and codec == bom_codec
    return codec, data[len(mark) :] if bom else data, bom


def _known(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
    except (LookupError, ValueError):
        info = None
    if info is None or not getattr(info, "_is_text_encoding", True) or info.name in ("undefined", "idna"):
        raise UsageError(
            f"unknown encoding {encoding}; use utf-8, gb18030, big5, utf-16 or another that Python knows"
        ) from None
    return _SUCCESSORS.get(info.name, info.name)


def _refuse_binary(data: bytes, name: str) -> None:
    nul = data.find(b"\0")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    zeros = data.count(b"\0") if nul >= 0 else 0
    if not zeros and controls * 20 <= len(data):
        return
    if (controls + zeros) * 50 > len(data):
        raise InputError(
            name,
            "looks binary, not like text; if it is text after all, name its --encoding (such as utf-16-le)",
        )
    raise InputError(
        name,
        f"holds a NUL byte at offset {nul} (line {_line(data, nul)}); remove such bytes first (tr -d '\\000' < IN > OUT)",
    )


def _line(data: bytes, place: int) -> int:
    head = data[:place]
    return max(head.count(b"\n"), head.count(b"\r")) + 1


def _strict(data: bytes, codec: str, name: str, skipped: int = 0) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        place = error.start
        line = _line(data, place)
        if codec.startswith(("utf-16", "utf-32")):
            line = data[:place].decode(codec, "replace").count("\n") + 1
        raise InputError(name, _undecodable(data[place : place + 1], place + skipped, line, codec)) from None
    except UnicodeError as error:
        raise InputError(name, f"is not {codec} ({error}); name another --encoding") from None


def _undecodable(byte: bytes, offset: int, line: int, codec: str) -> str:
    return (
        f"is not {codec} throughout: byte 0x{byte.hex()} at offset {offset} (line {line}); "
        "name the right --encoding, or mend the file there"
    )


def _by_evidence(data: bytes, name: str) -> tuple[str, str]:
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        first = error
    if not _nearly_utf8(data):
        readings = [found for way in _CHINESE if (found := _reading(data, *way)) is not None]
        if readings:
            score, codec, text = max(readings, key=lambda reading: reading[0])
            if score >= _BELIEVABLE:
                return text, codec
        else:
            raise _farthest(data, name)
    raise InputError(
        name,
        _undecodable(data[first.start : first.start + 1], first.start, _line(data, first.start), "utf-8"),
    )


def _nearly_utf8(data: bytes) -> bool:
    """Whether the text is UTF-8 but for a few bytes (which GB 18030 would swallow and turn into rubbish)."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    good = sum(1 for _ in re.finditer("[\u0080-\ufffc\U00010000-\U0010ffff]", text))
    return good > 3 * wrong


def _reading(data: bytes, codec: str, script: str, errors: str = "strict") -> tuple[float, str, str] | None:
    """The text read in one encoding, with the share of the script's everyday characters among all that are not ASCII."""
    try:
        text = data.decode(codec, errors)
    except UnicodeDecodeError:
        return None
    everyday, frequent = _everyday(script)
    total = usual = common = 0
    for char, count in Counter(text).items():
        if char > "\x7f":
            total += count
            usual += count * (char in everyday)
            common += count * (char in frequent)
    # A file that says the same in an older standard is given back in the same bytes by it; earlier names win ties.
    return (usual + common / 4) / max(1, total), codec, text


def _farthest(data: bytes, name: str) -> InputError:
    best, place = "utf-8", -1
    for codec in ("utf-8", "gb18030", "big5"):
        try:
            data.decode(codec)
        except UnicodeDecodeError as error:
            if error.start > place:
                best, place = codec, error.start
    return InputError(name, _undecodable(data[place : place + 1], place, _line(data, place), best))


_FREQUENT = {
    "gb18030": "的一是了在人有和中大国会为地上发展工作党组织建设民不我年这们来他个以说到要就时出下也全新生"
    "村镇县市区干部委员领导群众服务政治学习教育基层社经济农业实",
    "big5": "的一是了在人有和中大國會為地上發展工作黨組織建設民不我年這們來他個以說到要就時出下也全新生"
    "村鎮縣市區幹部委員領導群眾服務政治學習教育基層社經濟農業實",
}
#: Rows of everyday characters, first and last lead byte: signs and the standard's first, frequency-ordered level.
_ROWS = {"gb18030": ((0xA1, 0xA3), (0xB0, 0xD7)), "big5": ((0xA1, 0xA2), (0xA4, 0xC6))}


@lru_cache(maxsize=2)
def _everyday(codec: str) -> tuple[frozenset[str], frozenset[str]]:
    chars = set()
    trails = range(0xA1, 0xFF) if codec == "gb18030" else (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    for first, last in _ROWS[codec]:
        for lead in range(first, last + 1):
            chars |= {bytes((lead, trail)).decode(codec, "ignore") for trail in trails}
    return frozenset(chars - {""}), frozenset(_FREQUENT[codec])
