"""The answers file: JSON Lines, one line an answer, the last one counts.

The one idea: answers belong to one text, so the first line names it by its hash, and answers for another text are refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from pbtool.edits import Edit
from pbtool.errors import InputError, OutputError

SCHEMA = "pbtool/answers/1"
Verdict = Literal["accept", "reject", "change"]
Pending = Literal["accept", "reject", "keep"]
_VERDICTS = ("accept", "reject", "change")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an editor said of one edit; `text` is what should stand there where the verdict is "change"."""

    id: str
    verdict: Verdict
    text: str | None = None
    who: str | None = None
    when: str | None = None


def edit_id(edit: Edit) -> str:
    """A stable name for an edit: its place, and a short hash of what stood there and what should."""
    digest = hashlib.sha256(f"{edit.before}\0{edit.after}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{edit.start}-{edit.end}-{digest[:8]}"


def text_hash(text: str) -> str:
    """The hash by which an answers file names its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Answers:
    """The answers for one text, kept in a file to which every answer is added at once."""

    def __init__(self, text: str, path: str | Path | None = None) -> None:
        """Open the file at `path` (it is made with the first answer). Raises InputError for answers made for another text."""
        self._hash = text_hash(text)
        self._path = Path(path) if path is not None else None
        self._answers: dict[str, Answer] = {}
        self._begun = False
        if self._path is not None and self._path.exists():
            self._load(self._path)

    def __getitem__(self, edit: Edit) -> Answer | None:
        return self._answers.get(edit_id(edit))

    def __len__(self) -> int:
        return len(self._answers)

    def give(self, answers: Iterable[Answer]) -> None:
        """Add answers, on disk first. Raises OutputError where they cannot be kept."""
        lines = []
        for answer in answers:
            self._answers[answer.id] = answer
            lines.append(_line(answer))
        if self._path is None or not lines:
            return
        if not self._begun:
            lines.insert(0, json.dumps({"schema": SCHEMA, "sha256": self._hash}))
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write("".join(f"{line}\n" for line in lines))
        except OSError as error:
            raise OutputError(
                f"{self._path}: {error.strerror or error}; the last answer was not kept"
            ) from None
        self._begun = True

    def forget(self, edit: Edit) -> None:
        """Take an answer back: the edit is open again."""
        if self._answers.pop(edit_id(edit), None) and self._path is not None:
            line = json.dumps({"id": edit_id(edit), "verdict": None})
            with self._path.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(line + "\n")

    def _load(self, path: Path) -> None:
        try:
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            entries = [json.loads(line) for line in lines]
            if entries and (entries[0].get("schema") != SCHEMA or "sha256" not in entries[0]):
                raise ValueError("the first line does not name the schema")
            for entry in entries:
                if "schema" in entry:
                    self._check(path, entry)
                else:
                    self._take(entry)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(str(path), f"is no answers file ({error}); pbtool review writes them") from None
        self._begun = bool(lines)

    def _check(self, path: Path, entry: dict[str, str]) -> None:
        if entry["sha256"] != self._hash:
            raise InputError(
                str(path),
                "holds answers for another text; review this text, or give the text it was made for",
            )

    def _take(self, entry: dict[str, str]) -> None:
        name, verdict = entry["id"], entry["verdict"]
        if verdict is None:
            self._answers.pop(name, None)
        elif verdict in _VERDICTS:
            kind = cast(Verdict, verdict)
            self._answers[name] = Answer(name, kind, entry.get("text"), entry.get("who"), entry.get("when"))
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


def _line(answer: Answer) -> str:
    entry = {
        "id": answer.id,
        "verdict": answer.verdict,
        "text": answer.text,
        "who": answer.who,
        "when": answer.when,
    }
    return json.dumps({key: value for key, value in entry.items() if value is not None}, ensure_ascii=False)
