"""Word files: paragraphs with their automatic numbers, tables as lines, styles as evidence for titles.

The one idea: the text of a .docx is one XML file in a ZIP archive, read here as a stream of events by the standard library, so
that nothing is unpacked to disk, no entity is expanded and no macro is even seen.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from pbtool.document import Document, FontRun, Source
from pbtool.errors import InputError
from pbtool.reading.numbering import Level, Lists

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006 "
_MOST_MEMBERS = 5_000
#: Styles are based on others, which are based on others.
_DEEPEST = 20
_MOST_BYTES = 64 << 20
#: Notes stand behind the text, in this order.
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f]")
#: What is not text of the page: deleted revisions, properties before a revision, field codes, second versions of drawings.
_SILENT = frozenset(
    {
        *(_W + tag for tag in ("del", "moveFrom", "instrText", "delText", "pPrChange", "rPrChange")),
        _MC + "Fallback",
    }
)
_SEPARATORS = ("separator", "continuationSeparator", "continuationNotice")


def read_docx(data: bytes, name: str, options: dict[str, Any], tick: Any) -> Document:
    """The document in a .docx as it reads with all tracked changes accepted, notes behind the text.

    Fonts are the names of paragraph styles. Headers, footers and comments are no part of the text. Raises InputError for bombs
    and broken files.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        names = [member.filename for member in archive.infolist()]
        _refuse_tricks(names, name)
        styles = _Styles()
        if "word/styles.xml" in names:
            _parse(_member(archive, "word/styles.xml", name), styles, name)
        numbers = _Numbers()
        if "word/numbering.xml" in names:
            _parse(_member(archive, "word/numbering.xml", name), numbers, name)
        body = _Body(styles, numbers)
        _parse(_member(archive, _main_part(names, name), name), body, name)
        for part in _NOTES:
            if part in names:
                _parse(_member(archive, part, name), body, name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise InputError(
            name, f"is a damaged Word file ({str(error)[:100]}); open it in Word and save it again"
        ) from None
    except RuntimeError:
        raise InputError(name, "is encrypted; open it in Word and save it without a password") from None
    if not body.pieces:
        raise InputError(name, "is a Word file without text")
    return Document.from_text("".join(body.pieces), Source(name), fonts=tuple(body.fonts))


def _refuse_tricks(names: list[str], name: str) -> None:
    if len(names) > _MOST_MEMBERS or len(set(names)) != len(names):
        raise InputError(
            name, "is no ordinary Word file (too many parts, or two of one name); it is not read"
        )


def _main_part(names: list[str], name: str) -> str:
    if "word/document.xml" in names:
        return "word/document.xml"
    raise InputError(name, "is a ZIP archive but no Word file; unpack it, or save it as .docx")


def _member(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    with archive.open(member) as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise InputError(
            name, f"unpacks to more than {_MOST_BYTES >> 20} MB of text; it is a bomb, or must be split"
        )
    return data


class _Doctype(Exception):
    pass


def _parse(data: bytes, handler: Any, name: str) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text

    def refuse(*_: Any) -> None:
        raise _Doctype

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except _Doctype:
        raise InputError(
            name, "holds a document type declaration, which Word never writes; it is not read"
        ) from None
    except expat.ExpatError as error:
        raise InputError(
            name, f"is a damaged Word file ({error}); open it in Word and save it again"
        ) from None


@dataclass(slots=True)
class _Styles:
    """Style id -> its name, the list and level that its paragraphs belong to, and the style it is based on."""

    names: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    based: dict[str, str] = field(default_factory=dict)
    _id: str = ""
    _level: int = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        tag, attrs = _plain(tag, attrs)
        value = attrs.get(_W + "val", "")
        if tag == _W + "style":
            self._id, self._level = attrs.get(_W + "styleId", ""), 0
        elif not self._id:
            return
        elif tag == _W + "name":
            self.names.setdefault(self._id, value[:100])
        elif tag == _W + "basedOn":
            self.based[self._id] = value
        elif tag == _W + "ilvl":
            self._level = _whole(value)
        elif tag == _W + "numId":
            self.lists[self._id] = (value, self._level)

    def end(self, tag: str) -> None:
        if tag.endswith(" style"):
            self._id = ""

    def text(self, text: str) -> None:
        return

    def list_of(self, style: str) -> tuple[str, int]:
        """The list and the level of a style's paragraphs; ("", 0) where they have none."""
        for _ in range(_DEEPEST):
            if style in self.lists:
                return self.lists[style]
            style = self.based.get(style, "")
        return "", 0


class _Numbers(Lists):
    """The lists that numbering.xml describes."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[tuple[str, str], int] = {}
        self._abstract = self._list = ""
        self._at = -1
        self._level = Level()

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        tag, attrs = _plain(tag, attrs)
        value = attrs.get(_W + "val", "")
        if tag == _W + "abstractNum":
            self._abstract, self._list = attrs.get(_W + "abstractNumId", ""), ""
        elif tag == _W + "num":
            self._list = attrs.get(_W + "numId", "")
        elif tag == _W + "abstractNumId":
            self.abstract[self._list] = value
        elif tag in (_W + "lvl", _W + "lvlOverride"):
            self._at, self._level = _whole(attrs.get(_W + "ilvl", "")), Level()
            if tag == _W + "lvl" and not self._list:
                self.levels.setdefault(self._abstract, {})[self._at] = self._level
        elif tag == _W + "startOverride":
            self.starts.setdefault(self._list, {})[self._at] = _whole(value)
        elif tag == _W + "pStyle":
            self.styles[self._abstract, value] = self._at
        else:
            self._describe(tag, value)

    def _describe(self, tag: str, value: str) -> None:
        if tag == _W + "start":
            self._level.start = _whole(value)
        elif tag == _W + "numFmt":
            self._level.form = value
        elif tag == _W + "lvlText":
            self._level.text = value[:100]
        elif tag == _W + "suff":
            self._level.glued = value == "nothing"
        elif tag == _W + "isLgl":
            self._level.plain = value not in ("0", "false")

    def end(self, tag: str) -> None:
        return

    def text(self, text: str) -> None:
        return

    def depth(self, name: str, style: str, depth: int) -> int:
        """The level of a paragraph: the one that its style is tied to, where it is tied to one."""
        return self.styles.get((self.abstract.get(name, ""), style), depth)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


@dataclass(slots=True)
class _Body:
    """Collects lines from document.xml."""

    styles: _Styles
    numbers: _Numbers
    pieces: list[str] = field(default_factory=list)
    fonts: list[FontRun] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _style: str = ""
    _list: str | None = None
    _depth: int = 0
    _label: str = ""
    _place: int = 0
    _silent: int = 0
    _cells: int = 0
    _listening: bool = False

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        tag, attrs = _plain(tag, attrs)
        if self._silent or tag in _SILENT or attrs.get(_W + "type") in _SEPARATORS:
            self._silent += 1
            return
        if tag == _W + "p" and not self._cells:
            self._finish()
        elif tag == _W + "p":
            self._style = ""
        elif tag == _W + "pStyle":
            self._style = attrs.get(_W + "val", "")
        elif tag == _W + "ilvl":
            self._depth = _whole(attrs.get(_W + "val", ""))
        elif tag == _W + "numId":
            self._list = attrs.get(_W + "val", "")
        elif tag == _W + "t":
            self._listening = True
        elif tag in (_W + "tab", _W + "ptab"):
            self._line.append("\t")
        elif tag in (_W + "br", _W + "cr"):
            self._line.append(" " if self._cells else "\n")
        elif tag == _W + "noBreakHyphen":
            self._line.append("-")
        elif tag == _W + "tc":
            self._cells += 1

    def end(self, tag: str) -> None:
        tag, _ = _plain(tag, {})
        if self._silent:
            self._silent -= 1
        elif tag == _W + "t":
            self._listening = False
        elif tag == _W + "pPr":
            self._number()
        elif tag == _W + "tc":
            self._cells -= 1
            self._line.append("\t" if not self._cells else " ")
        elif tag == _W + "tr" or (tag == _W + "p" and not self._cells):
            self._finish()
        elif tag == _W + "p":
            self._line.append(" ")

    def text(self, text: str) -> None:
        if self._listening and not self._silent:
            self._line.append(_CONTROLS.sub("", text))

    def _number(self) -> None:
        """Begin the line with the number of its paragraph, now that its list and style are known."""
        name, depth = self.styles.list_of(self._style) if self._list is None else (self._list, self._depth)
        if self._list is None:
            depth = self.numbers.depth(name, self._style, depth)
        self._label = self.numbers.number(name, depth)
        self._line.append(self._label)
        self._list, self._depth = None, 0

    def _finish(self) -> None:
        text = "".join(self._line).rstrip().strip("\n")
        self._line.clear()
        style, self._style = self.styles.names.get(self._style, self._style), ""
        label, self._label = self._label, ""
        if text.strip() == label.strip():
            return
        text = re.sub(" {0,3}\t {0,3}", "\t", text)
        if style:
            self.fonts.append(FontRun(self._place, self._place + len(text), style))
        self.pieces += (text, "\n")
        self._place += len(text) + 1


def _plain(tag: str, attrs: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Names of the strict variant of the format as those of the usual one."""
    if not tag.startswith(_STRICT):
        return tag, attrs
    return _W + tag[len(_STRICT) :], {key.replace(_STRICT, _W): value for key, value in attrs.items()}
