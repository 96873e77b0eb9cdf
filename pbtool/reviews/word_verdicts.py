"""Reads an editor's verdicts out of a Word file that `word` wrote, whatever program saved it since.

The one idea: revisions may be renumbered, split and merged, but what stands inside a change's bookmark says what was decided: what was
there before, what was proposed, something else, or both still open.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from xml.parsers import expat

from pbtool.edits import Edit
from pbtool.errors import InputError
from pbtool.reviews.answers import Answer, Answers
from pbtool.reviews.subject import Subject
from pbtool.reviews.word import AUTHOR, FURNITURE, as_written, bookmark, review_word
from pbtool.reviews.word_parts import W

State = Literal["plain", "gone", "come"]
_W = W + " "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_MOST_BYTES = 64 << 20
_MOST_MEMBERS = 5_000
_NEAR = 12
_DAMAGED = "open it in Word or LibreOffice and save it again as .docx"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a Word file says of one edit: accept, reject, change (to `text`) or nothing (None)."""

    edit: Edit
    verdict: Literal["accept", "reject", "change"] | None
    text: str | None = None

    def repeats(self, answer: Answer | None) -> bool:
        """Whether the answers file says so already."""
        return answer is not None and (answer.verdict, answer.text) == (self.verdict, self.text)


@dataclass(slots=True)
class Marked:
    """What stands inside one bookmark: its text by state, whether a comment hangs there, whether somebody else's revision does."""

    texts: dict[State, list[str]] = field(default_factory=lambda: {"plain": [], "gone": [], "come": []})
    commented: bool = False
    touched: bool = False

    def said(self, *states: State) -> str:
        """The text in these states."""
        return "".join(part for state in states for part in self.texts[state])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a Word file says: the decision on each edit, and whether (and where) the text around them was changed by hand."""

    decisions: list[Decision]
    changed: str | None = None


def read_verdicts(path: str | Path, subject: Subject, answers: Answers) -> Verdicts:
    """What the editor decided. Raises InputError for a file that is no review, damaged, or made for another text."""
    edits = subject.edits
    name = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(name, f"cannot be read ({error.strerror or error})") from None
    body, properties = _parsed(data, name)
    for key, value in answers.header().items():
        if properties.get(f"pbtool-{key}", value) != value and key != "schema":
            raise InputError(
                name, "is the review of another text; give the file that it was made from, read the same way"
            )
    if edits and not body.marked and not any(key.startswith("pbtool-") for key in properties):
        raise InputError(
            name, "holds no change that could be answered; pbtool review --docx makes such files"
        )
    # It may have been written before these answers were given; articles can begin elsewhere then.
    texts = (
        _parsed(review_word(name, subject, given), name)[0] for given in (subject.answers(None), answers)
    )
    differences = [_difference(written.around(), body.around()) for written in texts]
    changed = None if None in differences else differences[0]
    return Verdicts([_found(edit, body) for edit in edits], changed)


def _difference(written: str, now: str) -> str | None:
    """Where the text around the changes is not what was written; what was set aside, at the end, may have gone or come."""
    if now.startswith(written):
        return None
    at = next(
        (n for n, (a, b) in enumerate(zip(written, now, strict=False)) if a != b), min(len(written), len(now))
    )
    return now[max(0, at - _NEAR) : at + _NEAR] or written[max(0, at - _NEAR) : at + _NEAR]


def _found(edit: Edit, body: _Body) -> Decision:
    aside = body.marked.get(bookmark(edit, aside=True))
    if aside is None:
        return _decided(edit, body.marked.get(bookmark(edit)))
    # What was set aside goes when its deletion is taken, and takes its open changes along.
    return _decided(edit, aside) if aside.said("plain", "gone", "come") else Decision(edit, None)


def _decided(edit: Edit, found: Marked | None) -> Decision:
    before, after = as_written(edit.before), as_written(edit.after)
    if found is None:
        return _vanished(edit, before, after)
    gone, come, plain = found.said("gone"), found.said("come"), found.said("plain")
    if edit.grade == "suggested" and not gone and not come and plain == before:
        return Decision(edit, None if found.commented else "reject")
    if not found.touched and (gone or come):
        if gone == before and come == after and not plain:
            return Decision(edit, None)
        if edit.grade != "suggested":
            # Where one half of a change was decided, the other goes with it.
            kept = (plain or come) == after and not (gone and not plain)
            return Decision(edit, "accept" if kept else "reject" if (plain or gone) == before else None)
    now = plain + come
    if now == after:
        return Decision(edit, "accept")
    if now == before:
        return Decision(edit, "reject")
    return Decision(edit, "change", now)


def _vanished(edit: Edit, before: str, after: str) -> Decision:
    """A bookmark goes when all the text in it does: then a deletion was taken, or an insertion refused."""
    if edit.grade == "suggested" or (before and after):
        return Decision(edit, None)
    return Decision(edit, "accept" if not after else "reject")


# --- the file --------------------------------------------------------------------------------------------------------


class _Refused(Exception):
    pass


def _parsed(data: bytes, name: str) -> tuple[_Body, dict[str, str]]:
    body, properties = _Body(), _Properties()
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.namelist()
        if len(members) > _MOST_MEMBERS or "word/document.xml" not in members:
            raise InputError(name, "is no Word file; give the .docx that pbtool review --docx wrote")
        _read(archive, "word/document.xml", body)
        if "docProps/custom.xml" in members:
            _read(archive, "docProps/custom.xml", properties)
    except _Refused as error:
        raise InputError(name, f"{error}; it is not read") from None
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as error:
        raise InputError(name, f"is a damaged Word file ({str(error)[:100]}); {_DAMAGED}") from None
    except RuntimeError:
        raise InputError(name, "is encrypted; save it without a password") from None
    return body, properties.values


def _read(archive: zipfile.ZipFile, member: str, handler: Any) -> None:
    with archive.open(member) as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise _Refused(f"unpacks to more than {_MOST_BYTES >> 20} MB")
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text

    def refuse(*_: Any) -> None:
        raise _Refused("holds a document type declaration, which Word never writes")

    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(data, True)


class _Properties:
    """The custom properties of the file."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._name = ""

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag.endswith(" property"):
            self._name = attrs.get("name", "")
            self.values[self._name] = ""

    def end(self, tag: str) -> None:
        if tag.endswith(" property"):
            self._name = ""

    def text(self, text: str) -> None:
        if self._name:
            self.values[self._name] += text


class _Body:
    """Follows the bookmarks through document.xml, and the revisions that each piece of text lies in."""

    def __init__(self) -> None:
        self.marked: dict[str, Marked] = {}
        self._around: list[str] = []
        self._open: dict[str, Marked] = {}
        self._revisions: list[tuple[str, str]] = []
        self._listening = False
        self._in_properties = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        kind = _local(tag)
        if kind in ("pPr", "rPr"):
            # A revision in here is one of the paragraph's mark or of a format, and holds no text.
            self._in_properties += 1
        elif self._in_properties:
            return
        elif kind in ("ins", "del", "moveFrom", "moveTo"):
            self._revise(kind, _attribute(attrs, "author"))
        elif kind == "bookmarkStart":
            self._begin(_attribute(attrs, "id"), _attribute(attrs, "name"))
        elif kind == "bookmarkEnd":
            self._open.pop(_attribute(attrs, "id"), None)
        elif kind in ("t", "delText"):
            self._listening = True
        elif kind in ("br", "cr", "tab"):
            self._add("\t" if kind == "tab" else "\n")
        elif kind == "commentReference":
            for marked in self._open.values():
                marked.commented = True

    def end(self, tag: str) -> None:
        kind = _local(tag)
        if kind in ("pPr", "rPr"):
            self._in_properties -= 1
        elif self._in_properties:
            return
        elif kind in ("ins", "del", "moveFrom", "moveTo"):
            self._revisions.pop()
        elif kind in ("t", "delText"):
            self._listening = False

    def text(self, text: str) -> None:
        if self._listening:
            self._add(text)

    def around(self) -> str:
        """The text outside of all changes, without blanks and without what was set aside."""
        return "".join("".join(self._around).split())

    def _revise(self, kind: str, author: str) -> None:
        self._revisions.append((kind, author))
        if not author.startswith(AUTHOR):
            for marked in self._open.values():
                marked.touched = True

    def _begin(self, number: str, name: str) -> None:
        if name.startswith(("pb_", "pbaside_", "pblayout_")):
            self._open[number] = self.marked.setdefault(name, Marked())

    def _add(self, text: str) -> None:
        state = self._state()
        if (
            not self._open
            and state == "plain"
            and (FURNITURE not in (author for _, author in self._revisions))
        ):
            self._around.append(text)
        if state is not None:
            for marked in self._open.values():
                marked.texts[state].append(text)
                marked.touched = marked.touched or any(not a.startswith(AUTHOR) for _, a in self._revisions)

    def _state(self) -> State | None:
        """How the text here stands; None where somebody else's revision took it out."""
        state: State = "plain"
        for kind, author in self._revisions:
            gone = kind in ("del", "moveFrom")
            if author == FURNITURE:
                continue
            if not author.startswith(AUTHOR):
                if gone:
                    return None
            elif state == "plain":
                state = "gone" if gone else "come"
        return state


def _local(tag: str) -> str:
    """The local name of an element of WordprocessingML; empty for any other."""
    for space in (_W, _STRICT):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""


def _attribute(attrs: dict[str, str], name: str) -> str:
    return attrs.get(_W + name) or attrs.get(_STRICT + name) or ""


def counted(decisions: Iterable[Decision]) -> dict[str, int]:
    """How many edits were accepted, rejected, changed and left open."""
    counts = {"accept": 0, "reject": 0, "change": 0, "open": 0}
    for decision in decisions:
        counts[decision.verdict or "open"] += 1
    return counts
