"""From drafts to articles: fields, paragraphs, headings, captions, in the shape of the record.

The one idea: what the assembly left undecided inside an article is decided here by its neighbours there: a title group
that is not the title is a head if text follows it, a caption if it describes a picture; torn heads find their section by
the words that they share with it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from pbtool.articles.assembly import Assembly, Draft
from pbtool.articles.blocks import Blocks
from pbtool.articles.bylines import Byline, dateline, names_of, parse_byline, presents, trailing_byline
from pbtool.articles.forms import is_column, is_paper, unfinished
from pbtool.articles.items import Item
from pbtool.articles.lines import ENTRY, ENUMERATOR
from pbtool.articles.pages import WebDrafts
from pbtool.articles.passages import Passages
from pbtool.articles.pictures import depicts
from pbtool.articles.titles import TitleParts, bigrams, looks_like_caption, title_joint, title_parts
from pbtool.articles.wrapping import Flow, is_heading
from pbtool.document import Article, Document, Passage
from pbtool.edits import Span
from pbtool.tables import pattern

#: What some pages set before their titles.
_TITLE_LABEL = pattern(r"(?:标\s{0,3}题|文章标题|信息名称)\s?[:：]\s{0,3}")
#: What stands behind titles and is none of their words: a bar before the name of the site, the star of a footnote.
_TITLE_TAIL = pattern(r"[|｜ ]+$|(?<=[^*＊∗\s])\s?[*＊∗]$")

Piece = tuple[str, list[int]]  # "body" or "heading", lines


class Drafting:
    """Turns the drafts of an assembly into articles and keeps account of what they took."""

    def __init__(self, document: Document, blocks: Blocks, assembly: Assembly | WebDrafts) -> None:
        self.document = document
        self.blocks = blocks
        self.lines = blocks.lines
        self.assembly = assembly
        self.passages = Passages(document)
        self._columns = _column_names(blocks)
        self._numbers = _page_numbers(blocks)

    def articles(self) -> tuple[Article, ...]:
        """The articles, numbered in file order."""
        return tuple(self._article(draft, n) for n, draft in enumerate(self.assembly.drafts(), 1))

    def furniture(self) -> tuple[Passage, ...]:
        """What belongs to the page and to no article; also what nobody claimed."""
        named = [
            self.passages.make([self._span(i)], role)
            for i, role in enumerate(self.blocks.roles)
            if role is not None and self.blocks.kinds[i] == "furniture"
        ]
        return tuple(sorted([*named, *self.passages.leftovers()], key=lambda p: p.source))

    def _span(self, i: int) -> Span:
        return self.lines[i].start, self.lines[i].end

    def _text(self, lines: Sequence[int]) -> str:
        return "".join(self.lines[i].text for i in lines)

    # --- one article ---------------------------------------------------------------------------------------------------

    def _article(self, draft: Draft, number: int) -> Article:
        parts: dict[str, object] = {"id": f"a{number:02d}"}
        names: list[str] = []
        credits: list[Passage] = []
        if draft.title is not None and self._names_author(draft):
            self._credit(draft.title, parts, names, credits)
        elif draft.title is not None:
            self._title(draft.title, parts)
        self._fields(draft, parts, names, credits)
        pieces, captions = self._content(draft)
        parts["captions"] = tuple(self.passages.make([self._span(i) for i in c], "caption") for c in captions)
        parts["paragraphs"] = tuple(self._paragraphs(pieces, parts, names, credits))
        own = [i for item in draft.items for i in item.lines]
        parts["byline"] = tuple(dict.fromkeys(names))
        parts["byline_lines"] = tuple(credits)
        parts["column"] = self._column(own)
        parts["pages"] = self._pages(own)
        return Article(**parts)  # type: ignore[arg-type]

    def _names_author(self, draft: Draft) -> bool:
        """Whether what stands where a title should be is the author's name alone: the page has lost its title."""
        lone = draft.title is not None and len(draft.title.lines) == 1
        bare = lone and names_of(self._text(draft.title.lines)) is not None if draft.title else False
        return bare and not any(item.kind == "byline" for item in draft.items)

    def _title(self, item: Item, parts: dict[str, object]) -> None:
        texts = [self.lines[i].text for i in item.lines]
        found = title_parts(texts, [self.lines[i].size for i in item.lines])
        if (
            item.role == "page"
        ):  # the first line of a web page's title is the title, whatever the others look like
            main = 2 if len(texts) > 1 and unfinished(texts[0]) else 1
            found = TitleParts((), tuple(range(main)), tuple(range(main, len(texts))))
        for name, chosen in (("kicker", found.kicker), ("title", found.title), ("subtitle", found.subtitle)):
            if chosen:
                picked = [texts[k] for k in chosen]
                joints = [title_joint(a, b) for a, b in zip(picked, picked[1:], strict=False)]
                spans = [self._span(item.lines[k]) for k in chosen]
                label = _TITLE_LABEL.match(picked[0]) if item.role == "page" else None
                tail = _TITLE_TAIL.search(picked[-1])
                spans[0] = (spans[0][0] + (label.end() if label else 0), spans[0][1])
                spans[-1] = (spans[-1][0], spans[-1][1] - (len(tail[0]) if tail else 0))
                parts[name] = self.passages.make(spans, name, joints)

    def _fields(
        self, draft: Draft, parts: dict[str, object], names: list[str], credits: list[Passage]
    ) -> None:
        notes: list[int] = []
        for item in draft.items:
            if item.kind == "byline" and item.byline is not None:
                self._credit(item, parts, names, credits)
            elif item.kind == "affiliation":
                self._affiliation(item, parts, credits)
            elif item.kind in ("note", "origin"):
                notes += item.lines
        if notes:
            spans = [self._span(i) for i in sorted(notes, key=self._note_order)]
            parts["editor_note"] = self.passages.make(spans, "editor_note")

    def _note_order(self, i: int) -> tuple[int, int]:
        """A bare label (`编者按：`) comes before the text that it announces, wherever it stands."""
        label = self.blocks.groups[i] == i and len(self.lines[i].text.replace(" ", "")) <= 5
        return (self.blocks.groups[i] if self.blocks.kinds[i] == "note" else i, 0 if label else i + 1)

    def _credit(self, item: Item, parts: dict[str, object], names: list[str], credits: list[Passage]) -> None:
        for i in item.lines:
            found = self.blocks.bylines.get(i) or parse_byline(self.lines[i].text)
            if found is None:
                continue
            if set(names) <= set(found.names):
                names.clear()  # the same authors again, in full: their order counts
            names += found.names
            start, end = self._span(i)
            place = self.lines[i].text.find(found.office) if found.office else -1
            if found.office and place >= 0 and "affiliation" not in parts:
                low, high = start + place, start + place + len(found.office)
                parts["affiliation"] = self.passages.make([(low, high)], "affiliation")
                credits.append(self.passages.make([(start, low), (high, end)], "byline"))
            else:
                credits.append(self.passages.make([(start, end)], "byline"))

    def _affiliation(self, item: Item, parts: dict[str, object], credits: list[Passage]) -> None:
        spans = [self._span(i) for i in item.lines]
        if "affiliation" in parts:
            credits.append(self.passages.make(spans, "byline"))
            return
        first, last = spans[0], spans[-1]
        if self.document.text[first[0]] not in "（(":
            parts["affiliation"] = self.passages.make(spans, "affiliation")
            return
        closed = self.document.text[last[1] - 1] in "）)"
        outer: list[Span] = [(first[0], first[0] + 1)]
        spans[0] = (first[0] + 1, first[1])
        if closed:
            outer.append((last[1] - 1, last[1]))
            spans[-1] = (spans[-1][0], last[1] - 1)
        parts["affiliation"] = self.passages.make(spans, "affiliation")
        credits.append(self.passages.make(outer, "byline"))

    # --- running text --------------------------------------------------------------------------------------------------

    def _content(self, draft: Draft) -> tuple[list[tuple[Item, bool]], list[list[int]]]:
        """Body items and heads in reading order (with whether the file jumped before them), and the captions."""
        ordered: list[tuple[Item, bool]] = []
        captions: list[list[int]] = []
        jump = False
        lone = not any(item.kind == "body" for item in draft.items)
        # Only columns tear heads off, and leave captions as wide as a column: what is not wrapped stands where it belongs.
        columns = any(
            self.blocks.wrapped(i) for item in draft.items if item.kind == "body" for i in item.lines
        )
        for item in draft.items:
            if item.kind == "body" or (lone and item.kind == "title" and item is not draft.title):
                ordered.append((item, jump))
                jump = False
                continue
            jump = True
            if item.kind == "caption":
                captions.append(item.lines)
            elif item.kind == "title" and item is not draft.title:
                pictures = [i for i in item.lines if self._is_caption(draft, item, i, columns)]
                captions += [[i] for i in pictures]
                rest = [i for i in item.lines if i not in pictures]
                if rest:
                    ordered.append((Item("title", rest), True))
        return self._place_heads(ordered) if columns else ordered, captions

    def _is_caption(self, draft: Draft, item: Item, i: int, columns: bool) -> bool:
        if looks_like_caption(self.lines[i].text):
            return True
        if ENTRY.match(self.lines[i].text):
            return False
        behind = draft.items[draft.items.index(item) + 1 :]
        followed = next((other for other in behind if other.kind not in ("break", "caption")), None)
        apart = followed is None or followed.kind != "body"
        return apart and (columns and self.lines[i].width > 26 or depicts(self.lines[i].text))

    def _place_heads(self, ordered: list[tuple[Item, bool]]) -> list[tuple[Item, bool]]:
        """Heads torn from their sections go back before the section whose words they share."""
        heads = [item for item, _ in ordered if item.kind == "title"]
        bodies = [item for item, _ in ordered if item.kind == "body"]
        if not heads or not bodies or ordered[-1][0].kind != "title":
            return ordered
        texts = {id(b): bigrams(self._text(b.lines)) for b in bodies}
        home = {id(h): self._next_body(ordered, h) for h in heads}
        pairs = []
        for n, head in enumerate(heads):
            words = bigrams(self._text(head.lines))
            for m, body in enumerate(bodies):
                shared = len(words & texts[id(body)]) / (len(words) or 1)
                rare = sum(1 / sum(w in t for t in texts.values()) for w in words & texts[id(body)]) / (
                    len(words) or 1
                )
                pairs.append((shared + rare + (0.15 if home[id(head)] is body else 0.0), -n, -m, head, body))
        pairs.sort(key=lambda pair: pair[:3], reverse=True)
        chosen: dict[int, Item] = {}
        taken: set[int] = set()
        for _, _, _, head, body in pairs:
            if id(head) not in taken and id(body) not in chosen:
                chosen[id(body)] = head
                taken.add(id(head))
        result: list[tuple[Item, bool]] = []
        for item, jump in ordered:
            if item.kind == "title" and id(item) in taken:
                continue
            if id(item) in chosen:
                result.append((chosen[id(item)], True))
            result.append((item, jump))
        return result

    @staticmethod
    def _next_body(ordered: Sequence[tuple[Item, bool]], head: Item) -> Item | None:
        items = [item for item, _ in ordered]
        behind = items[items.index(head) + 1 :]
        return behind[0] if behind and behind[0].kind == "body" else None

    def _paragraphs(
        self,
        ordered: Sequence[tuple[Item, bool]],
        parts: dict[str, object],
        names: list[str],
        credits: list[Passage],
    ) -> list[Passage]:
        flow_lines: list[int] = []
        jumps: list[bool] = []
        heads: dict[int, Item] = {}
        for item, jump in ordered:
            if item.kind == "title":
                heads.setdefault(len(flow_lines), item)
                if heads[len(flow_lines)] is not item:
                    heads[len(flow_lines)].extra.append(item)
                continue
            for k, i in enumerate(item.lines):
                flow_lines.append(i)
                jumps.append(k == 0 and jump)
        places = [self.blocks.place(i) for i in flow_lines]
        flow = Flow([self.lines[i] for i in flow_lines], jumps, self.blocks.measures, places)
        result: list[Passage] = []
        group: list[int] = []
        for n, i in enumerate(flow_lines):
            if n in heads:
                flow.restart(n)
            if n and (self._lines_stand(flow_lines[n - 1]) or flow.starts(n)):
                result += self._paragraph(group, parts, names, credits)
                group = []
            if n in heads:
                result += self._heads(heads[n])
            group.append(i)
        result += self._paragraph(group, parts, names, credits)
        if len(flow_lines) in heads:
            result += self._heads(heads[len(flow_lines)])
        return result

    def _lines_stand(self, i: int) -> bool:
        """Whether line i is a paragraph because lines of web pages are; a comma says that the line was broken by chance."""
        framed = isinstance(self.assembly, WebDrafts) and self.assembly.framed
        return framed and self.lines[i].text[-1] not in "，,、"

    def _heads(self, item: Item) -> list[Passage]:
        result = []
        for head in (item, *item.extra):
            for lines in self._single(head.lines):
                texts = [self.lines[i].text for i in lines]
                joints = [title_joint(a, b) for a, b in zip(texts, texts[1:], strict=False)]
                result.append(self.passages.make([self._span(i) for i in lines], "heading", joints))
        return result

    def _single(self, lines: Sequence[int]) -> list[list[int]]:
        """The heads that a group of lines holds: one, unless each line has a label of its own (`党建引领：…`) or presents a person."""
        result = [[lines[0]]]
        for before, i in zip(lines, lines[1:], strict=False):
            labels = all("：" in self.lines[k].text[2:9] for k in (before, i))
            if (labels and not self.blocks.wrapped(i)) or presents(self.lines[i].text):
                result.append([i])
            else:
                result[-1].append(i)
        return result

    def _paragraph(
        self, group: Sequence[int], parts: dict[str, object], names: list[str], credits: list[Passage]
    ) -> list[Passage]:
        if not group:
            return []
        spans = [self._span(i) for i in group]
        text = self._text(group)
        listed = len(group) == 1 and self.blocks.running[group[0]]
        if (
            not listed
            and is_heading(text, len(group))
            and "。" not in text
            and (ENUMERATOR.match(text) or len(group) == 1 and len(text) <= 24)
        ):
            return [self.passages.make(spans, "heading")]
        spans = self._take_dateline(group, spans, parts, names, credits)
        spans = self._take_byline(group, spans, names, credits)
        passage = self.passages.make(spans, "body")
        return [passage] if passage.text else []

    def _take_dateline(
        self,
        group: Sequence[int],
        spans: list[Span],
        parts: dict[str, object],
        names: list[str],
        credits: list[Passage],
    ) -> list[Span]:
        if "dateline" in parts:
            return spans
        length = sum(high - low for low, high in spans)
        found = dateline(self._text(group))
        if found is None or found[2] is None:
            found = self._spaced_dateline(group) or found
        if found is None or found[1] >= length - 4:
            return spans
        end, after, senders = found
        if end:
            parts["dateline"] = self.passages.make(_slice(spans, 0, end), "dateline")
        if senders is not None:
            names += senders.names
            credits.append(self.passages.make(_slice(spans, end, after), "byline"))
        return _slice(spans, after, length)

    def _spaced_dateline(self, group: Sequence[int]) -> tuple[int, int, Byline | None] | None:
        """The dateline where its lines are joined by spaces: two names may be divided by the end of a line alone."""
        lines = group[:5]
        found = dateline(" ".join(self.lines[i].text for i in lines))
        if found is None or found[2] is None:
            return None
        ends = [sum(len(self.lines[i].text) + 1 for i in lines[: k + 1]) - 1 for k in range(len(lines) - 1)]
        return (
            found[0] - sum(e < found[0] for e in ends),
            found[1] - sum(e < found[1] for e in ends),
            found[2],
        )

    def _take_byline(
        self, group: Sequence[int], spans: list[Span], names: list[str], credits: list[Passage]
    ) -> list[Span]:
        length = 0
        for joint in ("", " "):
            text = joint.join(self.lines[i].text for i in group[-3:])
            found = trailing_byline(text)
            if found is not None:
                tail = text[found[0] :]
                bare = tail if not joint else self._without_joints(group, tail)
                length, byline = len(bare), found[1]
                break
        if not length:
            return spans
        total = sum(end - begin for begin, end in spans)
        names += byline.names
        credits.append(self.passages.make(_slice(spans, total - length, total), "byline"))
        return _slice(spans, 0, total - length)

    def _without_joints(self, group: Sequence[int], tail: str) -> str:
        """The end of the lines of a group as they stand, for an end of the same lines joined by spaces."""
        text = " ".join(self.lines[i].text for i in group[-3:])
        start = len(text) - len(tail)
        joints = 0
        place = -1
        for i in group[-3:][:-1]:
            place += len(self.lines[i].text) + 1
            joints += place >= start
        return self._text(group[-3:])[-(len(tail) - joints) :]

    # --- page and column -----------------------------------------------------------------------------------------------

    def _column(self, own: Sequence[int]) -> str | None:
        """The column name on the pages of the article, else the last one before it."""
        if not self._columns or not own:
            return None
        low, high = min(own), max(own)
        inside = [i for i in self._columns if low <= i <= high]
        at = bisect_left(self._columns, low)
        chosen = inside[-1] if inside else self._columns[at - 1] if at else None
        return "".join(self.lines[chosen].text.split()) if chosen is not None else None

    def _pages(self, own: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted({self._numbers[i] for i in own}))


def _slice(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The part [start, end) of the text that the spans make up, as spans."""
    result = []
    place = 0
    for low, high in spans:
        left, right = max(start, place), min(end, place + high - low)
        if left < right:
            result.append((low + left - place, low + right - place))
        place += high - low
    return result


def _column_names(blocks: Blocks) -> list[int]:
    """The running headers that name a column; one that comes back again and again names the publication."""
    headers = [i for i, role in enumerate(blocks.roles) if role == "running_header"]
    names = {i: "".join(blocks.lines[i].text.split()) for i in headers}
    counts = Counter(names.values())
    return [i for i in headers if counts[names[i]] <= 2 or (is_column(names[i]) and not is_paper(names[i]))]


def _page_numbers(blocks: Blocks) -> list[int]:
    """The page of every line: as the reader gives it, else counted by the page numbers printed in the text."""
    lines = blocks.lines
    if any(line.page != lines[0].page for line in lines):
        return [line.page for line in lines]
    result, page = [], 1
    for i, line in enumerate(lines):
        result.append(page)
        if blocks.roles[i] == "page_number" and i + 1 < len(lines):
            page += 1
        del line
    return result


__all__ = ["Byline", "Drafting"]
