"""Find in a transcript as the user types: the search, its matches on the screen, its progress."""

from __future__ import annotations

import asyncio
import re
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.document.spans import line_text
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.messages import FindChanged
from chatkit_tui.ui.transcript.viewport import Moved

if TYPE_CHECKING:
    from chatkit_tui.feed import Side
    from chatkit_tui.ui.transcript.item_renderer import DrawnItem
    from chatkit_tui.ui.transcript.search import AnyQuery, Match, Search
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState
    from chatkit_tui.ui.transcript.viewport import Place


# -- matches in rendered lines ---------------------------------------------------------------------

_WORD = re.compile(r"\S+")
_FRAMES = "─│╌╎╭╮├┤╰╯┼▎▌"
"""Symbols of frames and bars, which may split the words of a match."""


class Piece(NamedTuple):
    """The part of a match in one line, as offsets of characters."""

    start: int
    end: int
    number: int
    """The number of the match in the item, from 0."""


class Highlights(NamedTuple):
    """The matches in an item."""

    pieces: dict[int, list[Piece]]
    """Pieces by line."""
    lines: tuple[int, ...]
    """The line where each match begins."""


NO_HIGHLIGHTS = Highlights({}, ())


def find_highlights(item: DrawnItem, query: AnyQuery, count: int) -> Highlights:
    """Find the matches in an item's lines, including those split by a line break.

    `count` is the number of matches in the item's words. The head is searched only if the body
    has fewer, because most of the head, such as the time, does not belong to the words.
    """
    found = NO_HIGHLIGHTS
    for first, ignored in ((item.head, _FRAMES), (item.head, ""), (0, "")):
        found = _find(item, query, first, ignored)
        if len(found.lines) >= count:
            break
    return found


def _find(item: DrawnItem, query: AnyQuery, first: int, ignored: str) -> Highlights:
    """Return the matches from a line on, without words that consist of `ignored` symbols."""
    starts: list[int] = []  # where each word begins in the text of all words
    places: list[tuple[int, int]] = []  # line and offset of each word
    words: list[str] = []
    length = 0
    for number, line in enumerate(item.lines[first:], first):
        for word in _WORD.finditer(line_text(line)):
            if not word[0].strip(ignored or None):
                continue
            starts.append(length)
            places.append((number, word.start()))
            words.append(word[0])
            length += len(word[0]) + 1
    # A space at each end, for queries that begin or end with a space.
    spans = query.spans(f" {' '.join(words)} ")
    pieces: dict[int, list[Piece]] = {}
    lines: list[int] = []
    for start, end in spans:
        found = _pieces(max(0, start - 1), min(end - 1, length - 1), starts, places, words)
        for line_number, begin, stop in found:
            pieces.setdefault(line_number, []).append(Piece(begin, stop, len(lines)))
        lines.append(found[0][0])
    return Highlights(pieces, tuple(lines))


def _pieces(
    start: int, end: int, starts: list[int], places: list[tuple[int, int]], words: list[str]
) -> list[tuple[int, int, int]]:
    """Return line, begin and end of each part of a span of the text of all words."""
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
    found: list[tuple[int, int, int]] = []
    for word in range(first, last + 1):
        line, offset = places[word]
        begin = offset + min(max(0, start - starts[word]), len(words[word]))
        stop = offset + min(end - starts[word], len(words[word]))
        if found and found[-1][0] == line:
            found[-1] = (line, found[-1][1], stop)
        else:
            found.append((line, begin, stop))
    return found


# -- the session -----------------------------------------------------------------------------------

SLICE = 0.004
"""Seconds of searching at a time, which a key may have to wait for."""
PAUSE = 0.002
"""Seconds between two slices, for keys."""
REPORT_INTERVAL = 0.1
"""Seconds between two messages about the progress of a search."""
CACHED_ITEMS = 64
"""How many items' highlights are cached."""


class CurrentMatch(NamedTuple):
    """The match that the user is at."""

    key: str
    """The key of the item."""
    number: int
    """The number of the match in the item, from 0."""


class Awaited(NamedTuple):
    """A match that is wanted beyond what is loaded."""

    by: int
    """1 for the next match, -1 for the one before."""
    edge: str | None
    """The key of the last row before the gap on the way; None for the end of the list."""
    cursor: str | None
    """The key of the cursor's item: once the user has moved on, nothing jumps."""


class FindSession:
    """A query, the search for it, and the current match.

    It goes to the first match at or below the row where it began as soon as one is found.
    """

    def __init__(
        self,
        state: TranscriptState,
        query: AnyQuery,
        origin: int,
        previous: FindSession | None = None,
    ) -> None:
        """`origin` is the row to begin at; `previous` is the session that this one replaces."""
        from chatkit_tui.render.items import item_words
        from chatkit_tui.ui.transcript import search

        self.query = query
        self.state = state
        self.search: Search = search.Search(
            state.feed, state.rows, query, origin, item_words, previous.search if previous else None
        )
        self.current: CurrentMatch | None = None
        self._origin = state.rows.key(origin) if len(state.rows) else None
        self._awaited: Awaited | None = None
        self._highlights: dict[str, tuple[DrawnItem, Highlights]] = {}

    def follow(self) -> None:
        """Follow a change of the feed or of the order."""
        self.search.rows = self.state.rows
        self.search.follow()

    def step(self) -> bool:
        """Search for one slice; return False when all items are searched."""
        has_more = self.search.step(SLICE)
        awaited = self._awaited
        if awaited is not None and awaited.cursor != self.state.cursor.key:
            return has_more
        if self.current is not None:
            self._go_to_awaited()
        elif self.search.total and not self.state.jump:
            row = self.state.rows.index(self._origin) if self._origin else None
            self.go_to(self.search.from_row(row or 0))
        return has_more

    @property
    def number(self) -> int:
        """The number of the current match from the top, from 1; 0 if there is none."""
        match = self._match()
        return self.search.number_of(match) + 1 if match else 0

    def _match(self) -> Match | None:
        from chatkit_tui.ui.transcript.search import Match

        if self.current is None:
            return None
        row = self.state.rows.index(self.current.key)
        if row is None or self.search.count_in(row) <= self.current.number:
            return None
        return Match(row, self.current.number)

    def go(self, by: int) -> bool:
        """Go to the next match (1) or the one before (-1), also past an end; False if none."""
        self._awaited = None
        return self.go_to(self._next(by)[0])

    def _next(self, by: int) -> tuple[Match | None, bool]:
        """Return the next match or the one before, and whether it is past an end of the list."""
        match, cursor = self._match(), self.state.cursor.row or 0
        if match and match.row == cursor:
            number = self.search.number_of(match) + by
            return self.search.numbered(number), not 0 <= number < self.search.total
        if by > 0:
            found = self.search.from_row(cursor)
            return found, found is not None and found.row < cursor
        found = self.search.before_row(cursor)
        return found, found is not None and found.row >= cursor

    # -- beyond what is loaded ---------------------------------------------------------------------

    def passes_gap(self, by: int) -> bool:
        """Return whether `go` would pass over items that are not loaded."""
        gap, cursor = self.state.rows.gap, self.state.cursor.row or 0
        found, wraps = self._next(by)
        if gap is None or found is None:
            return not self.state.feed.whole
        first, last = (cursor, found.row) if by > 0 else (found.row, cursor)
        return gap > first or gap < last if wraps else first < gap < last

    def await_match(self, by: int) -> Side:
        """Go to the first match in what is loaded from now on; return the side to load."""
        rows = self.state.rows
        side = rows.above if by > 0 else rows.below
        loaded = rows.feed.old if side == "old" else rows.feed.new
        edge = loaded[-1].key if loaded else None
        self._awaited = Awaited(by, edge, self.state.cursor.key)
        return side

    def _go_to_awaited(self) -> None:
        if self._awaited is None:
            return
        by, edge, _ = self._awaited
        rows, is_last = self.state.rows, self.search.done and self.state.feed.whole
        row = rows.index(edge) if edge else None
        if row is None:
            row = -1 if by > 0 else len(rows)
        match = self.search.from_row(row + 1) if by > 0 else self.search.before_row(row)
        gap = rows.gap
        if match is not None and (match.row - row) * by > 0:
            if is_last or (gap is not None and (gap - match.row) * by > 0):
                self._awaited = None
                self.go_to(match)
        elif is_last:
            self._awaited = None

    def restore(self) -> None:
        """Scroll to the current match again after its item was rendered differently."""
        self.go_to(self._match())

    def go_to(self, match: Match | None) -> bool:
        """Make a match the current one and scroll to it; open its item if necessary."""
        if match is None:
            return False
        self.current = CurrentMatch(self.state.rows.key(match.row), match.number)
        found = self.highlights(match.row)
        if len(found.lines) < self.search.count_in(match.row):
            self.state.items.open(match.row)
            found = self.highlights(match.row)
        line = found.lines[min(match.number, len(found.lines) - 1)] if found.lines else 0
        self.state.move(lambda: self._show(match.row, line))
        return True

    def _show(self, row: int, line: int) -> Moved:
        if (row, line) in self.state.viewport.window():
            return self.state.cursor.choose(row)
        return self.state.cursor.go_to(row, line, self.state.viewport.height // 3)

    def highlights(self, row: int) -> Highlights:
        """Return the matches in a row's lines as they are rendered now."""
        count = self.search.count_in(row)
        if not count:
            return NO_HIGHLIGHTS
        drawn, key = self.state.items.drawn(row), self.state.rows.key(row)
        cached = self._highlights.get(key)
        if cached is None or cached[0] is not drawn:
            if len(self._highlights) >= CACHED_ITEMS:
                self._highlights.clear()
            cached = self._highlights[key] = (drawn, find_highlights(drawn, self.query, count))
        return cached[1]

    def current_in(self, row: int) -> int | None:
        """Return the number of the current match in a row; None if it is in another row."""
        if self.current is None or self.current.key != self.state.rows.key(row):
            return None
        return min(self.current.number, len(self.highlights(row).lines) - 1)


class Finder:
    """Runs the search of a transcript in a worker of its widget, and posts `FindChanged`."""

    def __init__(self, widget: Widget, changed: Callable[[], None]) -> None:
        """`changed` is called when the window may show something else."""
        self._widget = widget
        self._changed = changed
        self._state: TranscriptState | None = None
        self._began_at: Place | None = None
        """Where the user began to type."""
        self._worker: Worker[None] | None = None
        self.session: FindSession | None = None

    def show(self, state: TranscriptState | None) -> None:
        """End the search, and search another transcript from now on."""
        self.clear()
        self._state = state

    def find(self, wanted: str | AnyQuery) -> None:
        """Search from the cursor on, in place of an earlier search; an empty text ends it.

        While the user types, each text is searched from where the first one was.
        """
        state, previous = self._state, self.session
        began_at = self._began_at or (state.place if state else None)
        self._stop()
        self._began_at = began_at
        if not wanted or state is None:
            self.clear(back=True)
            return
        row = state.rows.index(began_at.key) if began_at else None
        query = Query(wanted) if isinstance(wanted, str) else wanted
        self.session = FindSession(state, query, row or 0, previous)
        self._search_on()
        self._changed()

    def accept(self) -> None:
        """End typing: the next search begins at the cursor."""
        self._began_at = None

    def clear(self, *, back: bool = False) -> None:
        """End the search; with `back`, return to where it began, unless it was accepted."""
        state, began_at, was_on = self._state, self._began_at, self.session is not None
        self._stop()
        row = state.rows.index(began_at.key) if state and began_at else None
        if back and state and began_at and row is not None:
            state.move(lambda: state.cursor.go_to(row, began_at.line))
            self._changed()
        if was_on:
            self._widget.post_message(FindChanged(""))
            self._changed()

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
        self._worker = self.session = self._began_at = None

    def go(self, by: int) -> bool:
        """Go to the next match (1) or the one before (-1), also past an end; False if none."""
        went = self.session is not None and self.session.go(by)
        if went:
            self._changed()
        self._report()
        return went

    def passes_gap(self, by: int) -> bool:
        """Return whether `go` would pass over items that are not loaded."""
        session = self.session
        return session is not None and session.search.done and session.passes_gap(by)

    def follow(self) -> None:
        """Search what the feed has loaded."""
        if self.session is not None:
            self.session.follow()
            self._search_on()

    def item_drawn(self, key: str) -> None:
        """Scroll to the current match if it is in an item that was just rendered."""
        session = self.session
        if session and session.current and session.current.key == key:
            session.restore()

    def _search_on(self) -> None:
        is_running = self._worker is not None and not self._worker.is_finished
        if self.session is not None and not is_running and not self.session.search.done:
            self._worker = self._widget.run_worker(
                partial(self._search, self.session), group="find"
            )
        else:
            self._report()

    async def _search(self, session: FindSession) -> None:
        reported = 0.0
        has_more = True
        while has_more:
            before = session.current
            if slow := session.search.next_slow():
                await asyncio.to_thread(session.search.count_slow, slow)
            has_more = session.step()
            if session.current != before:
                self._changed()
                self._report()
            elif perf_counter() - reported > REPORT_INTERVAL:
                reported = perf_counter()
                self._report()
            await asyncio.sleep(PAUSE)
        self._changed()
        self._report()

    def _report(self) -> None:
        if (session := self.session) is None:
            return
        search = session.search
        self._widget.post_message(
            FindChanged(
                session.query.text,
                session.number,
                search.total,
                search.searched,
                len(session.state.feed),
                search.done,
                not session.state.feed.whole,
                search.too_slow,
            )
        )
