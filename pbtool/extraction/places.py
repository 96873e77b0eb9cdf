"""Places: every mention of a province, city, county, town or village, with its level, its code and all it lies in.

The one idea: the document is read once as a whole, because what one article leaves open (`城关镇`, `浮山`) another, the
masthead or the dateline says. The steps: `place_mentions` finds what may be a name, `place_resolution` says what it means,
`place_lists` reads rows of short
names, `place_unlisted` adds names of no table, `place_villages` adds villages and short names of the places that were named,
`place_zones` what is no administrative place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from pbtool.document import Article, Document, Place
from pbtool.errors import InputError
from pbtool.extraction.place_areas import ShortAreas
from pbtool.extraction.place_lists import Lists
from pbtool.extraction.place_mentions import Find, Sheet, scan
from pbtool.extraction.place_resolution import Resolution
from pbtool.extraction.place_towns import OtherTowns
from pbtool.extraction.place_unlisted import Unlisted
from pbtool.extraction.place_villages import Villages
from pbtool.extraction.place_wards import Wards
from pbtool.extraction.place_zones import Zones
from pbtool.gazetteer import Entry, fold

LEVELS = ("province", "city", "county", "town", "village", "other")
#: The last document read, with the user's places and its sheets by article: its articles are asked for one after the other.
_last: list[tuple[Document, tuple[Entry, ...], dict[int, list[Sheet]]]] = []


def find_places(article: Article, document: Document, extra: Sequence[Entry] = ()) -> tuple[Place, ...]:
    """Every mention of a place in the article, in reading order.

    `start` and `end` count in the passage (`field`, `index`); `text` is what stands there, `name` and `full` are
    simplified. `extra` are a user's own places (`load_user_gazetteer`); they win over the table.
    """
    number = _number(article, document)
    sheets = _read(article if number < 0 else None, document, tuple(extra))
    found = sheets.get(max(number, 0), ())
    return tuple(_place(sheet, find) for sheet in found for find in sheet.finds if find.accepted)


def _number(article: Article, document: Document) -> int:
    """Which article of the document it is; -1 where it is none of them."""
    for number, one in enumerate(document.articles):
        if one is article:
            return number
    return document.articles.index(article) if article in document.articles else -1


def load_user_gazetteer(path: str | Path) -> tuple[Entry, ...]:
    """A user's own places: a UTF-8 table with the columns name, level, full, code, separated by tabs.

    `full` and `code` may be empty; lines that begin with # and a heading line are skipped. Raises InputError.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            str(path), f"cannot be read as a table of places ({error}); give a UTF-8 file"
        ) from error
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith(("#", "name\t")):
            entries.append(_user_entry(line, f"{path}:{number}"))
    return tuple(entries)


def _user_entry(line: str, where: str) -> Entry:
    name, level, full, code = ([part.strip() for part in line.split("\t")] + ["", "", ""])[:4]
    if not name or level not in LEVELS:
        raise InputError(where, f"is no row of name, level, full, code with a level of {', '.join(LEVELS)}")
    return Entry(name, level, code or None, "user" if code else None, whole=full or name)


def _read(article: Article | None, document: Document, extra: tuple[Entry, ...]) -> dict[int, list[Sheet]]:
    """The sheets of the whole document, read, by article; an article that is none of the document's is read before them."""
    if article is None and _last and _last[0][0] is document and _last[0][1] == extra:
        return _last[0][2]
    articles = document.articles if article is None else (article, *document.articles)
    sheets = _sheets(articles, document)
    for sheet in sheets:
        sheet.finds = scan(sheet.folded)
    _claim(sheets, extra)
    resolution = Resolution(sheets)
    resolution.run()
    ShortAreas(resolution).run()
    resolution.settle()
    Lists(resolution).run_areas()
    Unlisted(resolution).run()
    OtherTowns(resolution).run()
    Villages(resolution).run()
    Wards(resolution).run()
    Zones(resolution).run()
    read: dict[int, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        read[sheet.article].append(sheet)
    if article is None:
        _last[:] = [(document, extra, read)]
    return read


def _sheets(articles: Sequence[Article], document: Document) -> list[Sheet]:
    sheets = [Sheet.of(-1, "furniture", i, passage.text) for i, passage in enumerate(document.furniture)]
    for number, one in enumerate(articles):
        sheets += [Sheet.of(number, field, index, passage.text) for field, index, passage in one.passages()]
    return sheets


def _claim(sheets: list[Sheet], extra: tuple[Entry, ...]) -> None:
    """Give the user's names their places before anything else is read there."""
    names: dict[str, Entry] = {}
    for entry in extra:
        names.setdefault(fold(entry.name), entry)
    for sheet in sheets if names else ():
        for form in sorted(names, key=lambda f: (-len(f), f)):
            start = sheet.folded.find(form)
            while start >= 0:
                end = start + len(form)
                if not any(find.accepted for find in sheet.touching(start, end)):
                    entry = names[form]
                    sheet.put(
                        Find(
                            start,
                            end,
                            form,
                            True,
                            (entry,),
                            entry,
                            True,
                            entry.level,
                            entry.whole,
                            entry.name,
                            0.99,
                        )
                    )
                start = sheet.folded.find(form, end)


def _place(sheet: Sheet, find: Find) -> Place:
    entry = find.entry
    return Place(
        text=sheet.text[find.start : find.end],
        start=find.start,
        end=find.end,
        field=sheet.field,
        index=sheet.index,
        confidence=find.confidence,
        name=find.name,
        level=find.level,
        code=entry.code if entry is not None and entry.code_system is not None else None,
        code_system=entry.code_system if entry is not None else None,
        full=find.full,
    )
