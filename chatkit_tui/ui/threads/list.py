"""The list of threads: its widget, whose lines are drawn on demand, and their first words."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.document.spans import Span
from chatkit_tui.errors import ChatKitError
from chatkit_tui.inspection.findings import Findings
from chatkit_tui.inspection.notes import NO_NOTE, Note
from chatkit_tui.sources.base import GetSource, ListQuery
from chatkit_tui.ui.styled_lines import centered
from chatkit_tui.ui.theme import SLOW_CLASS, strip_of
from chatkit_tui.ui.threads.line import (
    BAR,
    RESTING_BAR,
    Setting,
    Shown,
    gap_line,
    lines_for,
    thread_lines,
)
from chatkit_tui.ui.threads.rows import Row, ThreadRows
from chatkit_tui.ui.tokens import Fill

# -- the widget ------------------------------------------------------------------------------------


class ThreadList(ScrollView, can_focus=True, inherit_bindings=False):
    """Threads with a cursor. It loads nothing.

    All threads take one line, or two, depending on the size of the widget.
    """

    DEFAULT_CSS = """
    ThreadList {
        height: 1fr;
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """

    @dataclass(eq=False, repr=False)
    class Moved(Message):
        """The cursor or the window moved."""

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """The thread under the cursor was clicked."""

    def __init__(self, setting: Setting, marks: Container[str], words: Mapping[str, str | None]):
        super().__init__(id="thread-list")
        self.setting = setting
        """The form of times and symbols."""
        self._marks = marks
        self._words = words
        self.note_of: Callable[[str], Note] = lambda _: NO_NOTE
        """Returns the bookmark and the note of a thread."""
        self.findings = Findings()
        """What scans found in threads."""
        self.rows = ThreadRows()
        self.cursor = 0
        """The index of the thread under the cursor; 0 if there is none."""
        self.top = 0
        """The index of the first thread in the window."""
        self._is_sized = False
        """Whether the list had a size before the next one."""
        self.one_user = False
        """Whether all threads have the same user, because the server filters."""
        self._window_of: tuple[ThreadRows, int, Size] | None = None
        """The window that the next two are about."""
        self._titles: frozenset[str | None] = frozenset()
        """The titles that several threads have, such as "New thread"."""
        self._with_words: list[Row] = []
        """The threads that show their first words."""
        self._empty_lines: tuple[Sequence[Span], ...] = ()
        self.auto_links = False

    # -- rows --------------------------------------------------------------------------------------

    def show(self, rows: ThreadRows, *, cursor: int | None = None) -> None:
        """Show other rows. Without `cursor`, it stays on its thread, or near where that was."""
        current = self.current
        first = self.rows.get(self.top)
        offset = self.cursor - self.top
        self.rows = rows
        if cursor is None:
            cursor = rows.index(current.key) if current else None
            if cursor is None:
                top = rows.index(first.key) if first else None
                cursor = self.cursor if top is None else top
        self.cursor = max(0, min(cursor, len(rows) - 1))
        self.top = self.cursor - offset  # the visible text stays in place
        self._settle()
        self.refresh()

    def set_empty_lines(self, *lines: Sequence[Span]) -> None:
        """Set what an empty list shows."""
        if lines != self._empty_lines:
            self._empty_lines = lines
            if not len(self.rows):
                self.refresh()

    @property
    def current(self) -> Row | None:
        """The thread under the cursor."""
        return self.rows.get(self.cursor)

    @property
    def lines_each(self) -> int:
        return lines_for(self.size.width, self.size.height)

    @property
    def window(self) -> int:
        """How many threads fit into the window, at least one."""
        return max(1, self.size.height // self.lines_each)

    def in_window(self) -> list[Row]:
        last = min(self.top + self.window, len(self.rows))
        return [row for index in range(self.top, last) if (row := self.rows.get(index))]

    # -- moving ------------------------------------------------------------------------------------

    def move(self, by: int) -> bool:
        """Move the cursor by so many threads; return False if it is at that end."""
        last = len(self.rows) - 1
        target = max(0, min(self.cursor + by, last))
        if last >= 0 and target == self.rows.gap:
            target = max(0, min(target + (1 if by > 0 else -1), last))
        return self.move_to(target)

    def move_to(self, index: int) -> bool:
        """Go to a thread; return False if the cursor is there."""
        index = max(0, min(index, len(self.rows) - 1))
        if index == self.cursor:
            return False
        before, self.cursor = self.cursor, index
        if self._settle():
            self.refresh()
        else:
            for changed in (before, index):
                self.refresh_thread(changed)
        self.post_message(self.Moved())
        return True

    def refresh_thread(self, index: int) -> None:
        lines = self.lines_each
        if self.top <= index < self.top + self.window:
            self.refresh(Region(0, (index - self.top) * lines, self.size.width, lines))

    def _settle(self) -> bool:
        """Scroll the cursor into the window; return whether the window moved."""
        before = self.top
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.window:
            self.top = self.cursor - self.window + 1
        self.top = max(0, min(self.top, len(self.rows) - self.window))
        return self.top != before

    def on_resize(self) -> None:
        has_moved = self._settle()
        if has_moved or self._is_sized:  # before the first size nothing was drawn for another one
            self.refresh()
        self._is_sized = True
        self.post_message(self.Moved())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.move(-3)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor; choose a thread that is under the cursor."""
        index = self.top + event.y // self.lines_each
        if index < len(self.rows) and not self.move_to(index):
            self.post_message(self.Chosen())

    # -- drawing -----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        if not len(self.rows):
            return strip_of(self, centered(self._empty_lines, self.size, y))
        index, line = divmod(y, self.lines_each)
        index += self.top
        if index >= len(self.rows):
            return strip_of(self, [])
        fill: Fill | None = None
        if index == self.cursor and index != self.rows.gap:
            fill = "chosen" if self.has_focus else "chosen-other"
        return strip_of(self, self._thread_line(index, line), fill)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Skip Textual's slow search for style rules: none depends on the focus."""

    def on_focus(self) -> None:
        self.refresh_thread(self.cursor)

    def on_blur(self) -> None:
        self.refresh_thread(self.cursor)

    def _thread_line(self, index: int, line: int) -> list[Span]:
        row, width = self.rows.get(index), self.size.width
        if row is None:
            return gap_line(width) if line == 0 else []
        bar = None
        if index == self.cursor:
            bar = BAR if self.has_focus else RESTING_BAR
        self._look_at_window()
        two_lines = self.lines_each == 2
        shown = Shown(
            bar,
            marked=row.id in self._marks,
            first_words=self._words.get(row.id),
            repeats_title=row.title in self._titles,
            repeats_user=two_lines and self._repeats_user(index, row),
            tinted=bar is BAR and self.app.has_class(SLOW_CLASS),
            note=self.note_of(row.id),
            problems=self.findings.words(row.id),
        )
        return thread_lines(row, width, self.setting, shown, two_lines=two_lines)[line]

    def row_changed(self, index: int) -> None:
        """Draw a thread again, of which more is known."""
        self._window_of = None
        self.refresh_thread(index)

    def _look_at_window(self) -> None:
        """Find what the threads in the window have in common, if it has changed."""
        window = self.rows, self.top, self.size
        if self._window_of == window:
            return
        self._window_of = window
        counts = Counter(row.title for row in self.in_window() if row.title)
        self._titles = frozenset(title for title, count in counts.items() if count > 1)
        two_lines = self.lines_each == 2
        self._with_words = [
            row
            for index in range(self.top, self.top + self.window)
            if (row := self.rows.get(index))
            and row.id
            and (
                not row.title
                or row.title in self._titles
                or (two_lines and self._repeats_user(index, row))
            )
        ]

    def _repeats_user(self, index: int, row: Row) -> bool:
        """Return whether the user of a thread goes without saying."""
        if self.one_user or not (row.user or self.setting.users):
            return True
        above = self.rows.get(index - 1)
        return above is not None and above.user == row.user

    def rows_without_words(self) -> list[Row]:
        """Return the visible threads that show their first words, which are not known."""
        self._look_at_window()
        return [row for row in self._with_words if row.id not in self._words]


# -- first words of threads ------------------------------------------------------------------------

FIRST_ITEMS = 3
"""How many items of a thread may contain its first words."""
IMPORT_AFTER = 0.3
"""Seconds before the first request, which imports models: keys typed at the start go first."""


class FirstWords:
    """Requests and caches the first words of threads whose title does not tell them apart.

    The request is cancelled when its thread is no longer visible. A failure is cached, too: first
    words are not worth a retry.
    """

    @dataclass(eq=False, repr=False)
    class Found(Message, namespace="first_words"):
        """The first words of a thread; None if there are none, or the request failed."""

        thread_id: str
        words: str | None

    def __init__(self, get_source: GetSource) -> None:
        self._get_source = get_source
        self.found: dict[str, str | None] = {}
        """First words by thread id."""
        self._requested: str | None = None
        self._worker: Worker[None] | None = None

    def request(self, widget: Widget, rows: Sequence[Row]) -> None:
        """Request the first words of `rows`, one after the other; post `Found` to `widget`."""
        wanted = [row.id for row in rows]
        if self._requested is not None:
            if self._requested in wanted:
                return
            if self._worker is not None:
                self._worker.cancel()
            self._requested = None
        if wanted:
            self._requested = wanted[0]
            work = partial(self._load, widget, wanted[0])
            self._worker = widget.run_worker(work, group="first words")

    def add(self, message: Found) -> None:
        """Cache the first words of a thread."""
        self.found[message.thread_id] = message.words
        if self._requested == message.thread_id:
            self._requested = None

    async def _load(self, widget: Widget, thread_id: str) -> None:
        words = None
        if "chatkit_tui.models.items" not in sys.modules:
            await asyncio.sleep(IMPORT_AFTER)
        try:
            source = await self._get_source()
            query = ListQuery(FIRST_ITEMS, "asc", background=True)
            page = await source.list_items(thread_id, query)
        except ChatKitError:
            pass
        else:
            from chatkit_tui.models.items import read_item
            from chatkit_tui.render.threads import first_words

            words = first_words(map(read_item, page.rows))
        widget.post_message(self.Found(thread_id, words))
