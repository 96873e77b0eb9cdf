"""The articles as a Word file: clean for print, or with every change as a tracked one that Word, WPS and LibreOffice know.

The one idea: a repair is a tracked deletion and insertion inside a bookmark that bears the edit's id; programs renumber and
split revisions as they like, but a bookmark keeps its name, so the verdict can be read back (see `word_verdicts`).

A repair's author is its rule, so all changes of one rule can be taken or refused at once. A suggestion is a comment. Line ends of
the page that a paragraph runs across are tracked deletions of paragraph marks, by `pbtool lines`; what was set aside from the page
stands at the end as one tracked deletion, by `pbtool furniture`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from pbtool.document import Document
from pbtool.edits import Edit
from pbtool.reviews.answers import Answers, edit_id
from pbtool.reviews.manuscript import Layout, Piece, blocks, manuscript
from pbtool.reviews.questions import shown, standing
from pbtool.reviews.subject import Subject, segmented
from pbtool.reviews.word_parts import MOMENT, archive, style_id

AUTHOR = "pbtool "
LINES, FURNITURE = AUTHOR + "lines", AUTHOR + "furniture"
#: What XML cannot hold, and what would turn the direction of the text around it.
_HARMFUL = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def clean_word(name: str, documents: Sequence[Document]) -> bytes:
    """The articles of the documents as a Word file without any revision: the copy for print."""
    body = [
        _paragraph(block.style, _run(_plain(block.text)))
        for document in documents
        for article in document.articles
        for block in blocks(article, document.original)
        if block.text
    ]
    return archive(_plain(name), "".join(body))


def review_word(name: str, subject: Subject, answers: Answers) -> bytes:
    """The articles as a Word file in which every edit without an answer is open; an answered one is plain text."""
    document = replace(segmented(subject, answers), original=subject.document.original)
    printed, aside = manuscript(document, subject.edits, standing(answers))
    writer = _Writer(answers)
    for block, found in printed:
        writer.paragraphs(block.style, found)
    writer.aside = True
    for block, found in aside:
        writer.paragraphs(block.style, found)
    header = answers.header()
    properties = {f"pbtool-{key}": header[key] for key in ("sha256", "source") if key in header}
    return archive(_plain(name), "".join(writer.body), "".join(writer.comments), properties)


def bookmark(edit: Edit, aside: bool = False) -> str:
    """The name of the bookmark around an edit; `aside`: in what was set aside from the page."""
    return ("pbaside_" if aside else "pb_") + edit_id(edit).replace("-", "_")


def as_written(text: str) -> str:
    """The text of an edit as the file shows it: line ends stay, whatever steers or cannot be seen is written out."""
    return "\n".join(shown(line) for line in _plain(text).split("\n"))


class _Writer:
    """Writes blocks one after the other, and counts revisions, bookmarks and comments."""

    def __init__(self, answers: Answers) -> None:
        self.body: list[str] = []
        self.comments: list[str] = []
        self.aside = False
        self._answers = answers
        self._revision = self._bookmark = 0

    def paragraphs(self, style: str, found: Sequence[Piece]) -> None:
        """Write a block: one paragraph for every line that it has in the source."""
        inside: list[str] = []
        for piece in found:
            if isinstance(piece, Layout) and piece.source == "\n":
                inside.append(self._inserted(piece.printed, LINES))
                self.body.append(_paragraph(style, "".join(inside), self._mark(LINES)))
                inside = []
            else:
                inside.append(self._piece(piece))
        self.body.append(_paragraph(style, "".join(inside), self._mark(FURNITURE) if self.aside else ""))

    def _piece(self, piece: Piece) -> str:
        if isinstance(piece, str):
            words = _plain(piece)
            return self._deleted(words, FURNITURE) if self.aside else _run(words)
        if isinstance(piece, Layout):
            if piece.source == piece.printed:
                return _run(piece.source)
            return self._marked(
                f"pblayout_{self._bookmark + 1}",
                self._deleted(_plain(piece.source), LINES) + self._inserted(_plain(piece.printed), LINES),
            )
        return self._edit(piece)

    def _edit(self, edit: Edit) -> str:
        name = bookmark(edit, self.aside)
        answer = self._answers[edit]
        before, after = as_written(edit.before), as_written(edit.after)
        if answer is not None:
            stands = {"accept": after, "reject": before}.get(answer.verdict, as_written(answer.text or ""))
            return self._marked(name, self._deleted(stands, FURNITURE) if self.aside else _run(stands))
        if edit.grade == "suggested":
            return self._marked(name, self._commented(edit, before))
        author = AUTHOR + edit.rule
        return self._marked(name, self._deleted(before, author) + self._inserted(after, author))

    def _marked(self, name: str, inside: str) -> str:
        self._bookmark += 1
        start = f'<w:bookmarkStart w:id="{self._bookmark}" w:name="{name}"/>'
        return f'{start}{inside}<w:bookmarkEnd w:id="{self._bookmark}"/>'

    def _commented(self, edit: Edit, before: str) -> str:
        number = len(self.comments)
        text = (
            f"{_quoted(edit.before)} → {_quoted(edit.after)}  ({_quoted(edit.rule)}, {edit.confidence:.0%}). "
            "To take the suggestion, type it; to refuse it, delete this comment."
        )
        self.comments.append(
            f'<w:comment w:id="{number}" w:author={quoteattr(_plain(AUTHOR + edit.rule))} w:date="{MOMENT}" w:initials="pb">'
            f"<w:p>{_run(text)}</w:p></w:comment>"
        )
        words = self._deleted(before, FURNITURE) if self.aside else _run(before)
        return (
            f'<w:commentRangeStart w:id="{number}"/>{words}<w:commentRangeEnd w:id="{number}"/>'
            f'<w:r><w:commentReference w:id="{number}"/></w:r>'
        )

    def _deleted(self, text: str, author: str) -> str:
        return f"<w:del {self._by(author)}>{_run(text, 'delText')}</w:del>" if text else ""

    def _inserted(self, text: str, author: str) -> str:
        if not text:
            return ""
        words = self._deleted(text, FURNITURE) if self.aside else _run(text)
        return f"<w:ins {self._by(author)}>{words}</w:ins>"

    def _mark(self, author: str) -> str:
        """The properties of a paragraph mark that is deleted."""
        return f"<w:rPr><w:del {self._by(author)}/></w:rPr>"

    def _by(self, author: str) -> str:
        self._revision += 1
        return f'w:id="{self._revision}" w:author={quoteattr(_plain(author))} w:date="{MOMENT}"'


def _paragraph(style: str, inside: str, mark: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id(style)}"/>{mark}</w:pPr>{inside}</w:p>'


def _run(text: str, element: str = "t") -> str:
    """A run: text elements, with tabs and line breaks as elements of their own."""
    if not text:
        return ""
    inside = []
    for part in re.split("([\t\n])", text):
        if part == "\t":
            inside.append("<w:tab/>")
        elif part == "\n":
            inside.append("<w:br/>")
        elif part:
            inside.append(f'<w:{element} xml:space="preserve">{escape(part)}</w:{element}>')
    return f"<w:r>{''.join(inside)}</w:r>"


def _plain(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HARMFUL.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def _quoted(text: str) -> str:
    return shown(_plain(text)) or "(nothing)"
