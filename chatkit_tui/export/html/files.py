"""A thread as HTML: one file, or several with an index if it has many items."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from math import ceil
from typing import Final

from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.export.heading import end_words, export_context, exported_head
from chatkit_tui.export.html.items import Anchors, item_html
from chatkit_tui.export.html.page import (
    Heading,
    Link,
    index_entries,
    page_end,
    page_start,
    shown,
)
from chatkit_tui.models.items import read_item
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.threads import read_thread
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import time_text

MOST_ITEMS: Final = 10_000
"""Items of a file: a browser needs some seconds for as many."""
SUFFIX: Final = ".html"


def thread_html(thread: ExportedThread, context: RenderContext) -> Iterator[bytes]:
    """Yield a thread as one file, however long it is."""
    context = _context(thread, context)
    page = _Page(thread, context)
    yield _bytes(page_start(page.heading))
    yield from page.items(thread.items())
    yield _bytes(page_end(page.end))


def thread_files(
    thread: ExportedThread, context: RenderContext, stem: str, *, most: int = MOST_ITEMS
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name and the pieces of each file of a thread.

    These are `STEM.html`, or `STEM.1.html` and so on with at most `most` items each, and last
    their index, `STEM.html`. The pieces of a file must be used up before the next one is asked for.
    """
    if thread.item_count <= most:
        yield _name(stem), thread_html(thread, context)
        return
    context = _context(thread, context)
    page = _Page(thread, context)
    count = ceil(thread.item_count / most)
    rows = thread.items()
    parts: list[tuple[Link, str]] = []
    for number in range(1, count + 1):
        first = page.number + 1
        yield _name(stem, number), page.part(islice(rows, most), stem, number, count)
        words = f"items {first:,} to {page.number:,}"
        parts.append((Link(words, _name(stem, number)), page.times()))
    yield _name(stem), page.index(parts)


def _name(stem: str, number: int = 0) -> str:
    return f"{stem}.{number}{SUFFIX}" if number else f"{stem}{SUFFIX}"


class _Page:
    """The pages of one thread, written one after the other."""

    def __init__(self, thread: ExportedThread, context: RenderContext) -> None:
        head = exported_head(thread)
        facts = tuple((name, shown(value)) for name, value in head.facts(context))
        self.heading = Heading(shown(head.title) or "(untitled)", facts)
        self.end = shown(end_words(head))
        self.number = 0
        """The number of the last item that was written, from 1."""
        self._context = context
        self._previous: Timestamp | None = None
        self._first: Timestamp | None = None

    def items(self, rows: Iterator[RawRow]) -> Iterator[bytes]:
        anchors = Anchors()
        self._first = None
        for row in rows:
            self.number += 1
            item = read_item(row)
            anchor = anchors.anchor(item.id, self.number)
            yield _bytes(item_html(item, self._context, anchor, self._previous))
            self._previous = item.time or self._previous
            self._first = self._first or item.time

    def part(self, rows: Iterator[RawRow], stem: str, number: int, count: int) -> Iterator[bytes]:
        """Yield the file of some of the items, with links to those beside it."""
        links = [Link("All parts", _name(stem))]
        if number > 1:
            links.append(Link("← Earlier", _name(stem, number - 1)))
        if number < count:
            links.append(Link("Later →", _name(stem, number + 1)))
        part = ("part", f"{number:,} of {count:,}")
        heading = self.heading._replace(facts=(*self.heading.facts, part))
        yield _bytes(page_start(heading, links))
        yield from self.items(rows)
        end = self.end if number == count else f"end of part {number:,} of {count:,}"
        yield _bytes(page_end(end, links))

    def index(self, parts: list[tuple[Link, str]]) -> Iterator[bytes]:
        yield _bytes(page_start(self.heading))
        yield from map(_bytes, index_entries(parts))
        yield _bytes(page_end(self.end))

    def times(self) -> str:
        """Return the times of the first and the last item of the file that was written."""
        if self._first is None or self._previous is None:
            return ""
        first, last = (time_text(at, self._context) for at in (self._first, self._previous))
        return f"{first} to {last}"


def _context(thread: ExportedThread, context: RenderContext) -> RenderContext:
    user = read_thread(thread.thread).user or ""
    return export_context(context)._replace(plain=False, tables=False, user=user)


def _bytes(html: str) -> bytes:
    return html.encode("utf-8", "replace")
