"""The answers file: JSON Lines, one line an answer, the last one counts.

The one idea: answers belong to one text, so the first line names it by its hash, and answers for another text are refused.
Two files for one text are merged by writing one after the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from pbtool.edits import Edit
from pbtool.errors import InputError, OutputError

SCHEMA = "pbtool/answers/1"
Verdict = Literal["accept", "reject", "change"]
Pending = Literal["accept", "reject", "keep"]
_VERDICTS = ("accept", "reject", "change")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an editor said to one question; `text` is what should stand there where the verdict is "change".

    `about` says for the reader of the file what was asked (`袁 → ，`); nothing depends on it.
    """

    id: str
    verdict: Verdict
    text: str | None = None
    who: str | None = None
    when: str | None = None
    about: str | None = None


def edit_id(edit: Edit) -> str:
    """A stable name for an edit: its place, and a short hash of what stood there and what should."""
    digest = hashlib.sha256(f"{edit.before}\0{edit.after}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{edit.start}-{edit.end}-{digest[:8]}"


def text_hash(text: str) -> str:
    """The hash by which an answers file names its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Answers:
    """The answers for one text, kept in a file to which every answer is added at once."""

    def __init__(self, text: str | None, path: str | Path | None = None, *, source: str = "") -> None:
        """Open the file at `path` (it is made with the first answer). Raises InputError for answers made for another text.

        `text` is None where only a record of it is at hand; then `source`, the hash of the file it was read from, decides.
        """
        self._hash = None if text is None else text_hash(text)
        self._source = source or None
        self._path = Path(path) if path is not None else None
        self._answers: dict[str, Answer] = {}
        self._begun = self._torn = False
        if self._path is not None and self._path.exists():
            self._load(self._path)

    def __getitem__(self, key: Edit | str) -> Answer | None:
        return self._answers.get(key if isinstance(key, str) else edit_id(key))

    def __len__(self) -> int:
        return len(self._answers)

    def __iter__(self) -> Iterator[Answer]:
        return iter(self._answers.values())

    def header(self) -> dict[str, str]:
        """The first line of the file: which text the answers are for."""
        named = {"schema": SCHEMA, "sha256": self._hash, "source": self._source}
        return {key: value for key, value in named.items() if value is not None}

    def begin(self) -> None:
        """Make the file, so that it names its text before there is an answer. Raises OutputError where it cannot be made."""
        if not self._begun:
            self._append([json.dumps(self.header())])

    def give(self, answers: Iterable[Answer]) -> None:
        """Add answers, on disk first. Raises OutputError where they cannot be kept."""
        given = list(answers)
        self._keep([answer_line(answer) for answer in given])
        self._answers.update((answer.id, answer) for answer in given)

    def forget(self, ids: Iterable[str]) -> None:
        """Take answers back: their questions are open again."""
        gone = [name for name in ids if name in self._answers]
        self._keep([json.dumps({"id": name, "verdict": None}) for name in gone])
        for name in gone:
            del self._answers[name]

    def _keep(self, lines: list[str]) -> None:
        if self._path is not None and lines:
            self._append(lines if self._begun else [json.dumps(self.header()), *lines])

    def _append(self, lines: list[str]) -> None:
        if self._path is None:
            return
        # A line that was cut short when the power went stays a line of its own.
        block = ("\n" if self._torn else "") + "".join(f"{line}\n" for line in lines)
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(block)
        except OSError as error:
            raise OutputError(
                f"{self._path}: {error.strerror or error}; the last answer was not kept"
            ) from None
        self._begun, self._torn = True, False

    def _load(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8-sig")
            entries = list(_entries(text))
            if entries and (entries[0].get("schema") != SCHEMA or not self._named(entries[0])):
                raise ValueError("the first line does not name the text")
            for entry in entries:
                if "schema" in entry:
                    self._check(path, entry)
                else:
                    self._take(entry)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(str(path), f"is no answers file ({error}); pbtool review writes them") from None
        self._begun = bool(entries)
        self._torn = bool(text) and not text.endswith("\n")

    @staticmethod
    def _named(entry: dict[str, Any]) -> bool:
        return any(isinstance(entry.get(key), str) for key in ("sha256", "source"))

    def _check(self, path: Path, entry: dict[str, Any]) -> None:
        for mine, theirs in ((self._hash, entry.get("sha256")), (self._source, entry.get("source"))):
            if mine and theirs:
                if mine == theirs:
                    return
                break
        raise InputError(
            str(path),
            "holds answers for another text; review this text, or give the text it was made for",
        )

    def _take(self, entry: dict[str, Any]) -> None:
        name, verdict = entry["id"], entry["verdict"]
        told = {key: entry.get(key) for key in ("text", "who", "when", "about")}
        if not all(value is None or isinstance(value, str) for value in (name, *told.values())):
            raise ValueError("an answer holds something that is no text")
        if verdict is None:
            self._answers.pop(name, None)
        elif verdict in _VERDICTS:
            self._answers[name] = Answer(name, cast(Verdict, verdict), **told)
        else:
            raise ValueError(f"{verdict!r} is no verdict")


def resolved(edits: Sequence[Edit], answers: Answers, pending: Pending = "keep") -> tuple[Edit, ...]:
    """The edits to make, given the answers; those without one follow `pending`.

    `keep` makes what `fix` would make (sure and likely, no suggestion); `accept` makes all; `reject` makes none.
    """
    made = []
    for edit in edits:
        answer = answers[edit]
        if answer is None:
            if pending == "accept" or (pending == "keep" and edit.grade != "suggested"):
                made.append(edit)
        elif answer.verdict == "accept":
            made.append(edit)
        elif answer.verdict == "change" and answer.text != edit.before:
            made.append(replace(edit, after=answer.text or "", grade="sure", confidence=1.0))
    return tuple(made)


def answer_line(answer: Answer) -> str:
    """An answer as its line of the file, without the end of the line."""
    entry = {name: getattr(answer, name) for name in Answer.__slots__}
    text = json.dumps({key: value for key, value in entry.items() if value is not None}, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _entries(text: str) -> Iterator[dict[str, Any]]:
    """The objects of the file's lines; a last line that was cut short is left out."""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError:
            # Only a line that was being written when the power went may be broken.
            following = next((other for other in lines[number:] if other.strip()), None)
            if number == 1 or (following is not None and not line.startswith('{"id"')):
                raise
