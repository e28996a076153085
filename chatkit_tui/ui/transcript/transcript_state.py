"""The state of an open thread: its window, its cursor, and the pages that it needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatkit_tui.document.spans import Line
from chatkit_tui.feed import RowChanges, RowView
from chatkit_tui.render import RenderContext
from chatkit_tui.ui.transcript.heights import HeightIndex
from chatkit_tui.ui.transcript.item_marks import ItemMarks
from chatkit_tui.ui.transcript.item_renderer import DrawLarge, RenderedItems
from chatkit_tui.ui.transcript.status_text import Failure, Position, gap_lines
from chatkit_tui.ui.transcript.viewport import Anchor, Moved, Place, TranscriptCursor, Viewport

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side


class TranscriptState:
    """The state of an open thread. It renders what touches the window, and loads nothing.

    After a change of the feed, call `follow` first: until then the window has wrong row indices.
    """

    def __init__(
        self,
        feed: Feed,
        context: RenderContext,
        draw_large: DrawLarge,
        *,
        ahead: int,
        newest_first: bool = False,
        at: Place | None = None,
    ) -> None:
        """`ahead` is how many windows of items to load in advance.

        `at` is the place to begin at, if the first page contains it.
        """
        self.feed = feed
        self.rows = RowView(feed, newest_first=newest_first)
        self.items = RenderedItems(feed, self.rows, context, draw_large)
        self.heights = HeightIndex(self.rows, feed)
        self.viewport = Viewport(self.rows, self.lines_of)
        self.cursor = TranscriptCursor(self.rows, self.viewport, self._cannot_wait)
        self.marks = ItemMarks(feed)
        self.failures: dict[Side, Failure] = {}
        self.jump: Side | None = None
        """The end to go to as soon as its first page is loaded."""
        self.fresh = 0
        """How many new items were not in the window yet."""
        self.arrived = 0
        """How many items were added at the newest end since its first page was loaded."""
        self.window: list[tuple[int, int]] = []
        """Row and line of each line in the window."""
        self.texts: dict[int, tuple[Line, ...]] = {}
        """The lines of each row in the window, as they were rendered last."""
        self.ahead = ahead
        self._at = at
        self._anchor: Anchor | None = None
        self._is_at_end = False
        """Whether the user was at the newest end when the window was last computed."""
        self._is_scaling = False
        """Whether the anchor waits for a thread that renders its item in another width."""
        self._revision = -1
        self._was_whole = False
        self._newest = RowChanges(feed, self._newest_side())
        self._requested: dict[Side, int] = {}
        """The revision of the feed at the last request of each side."""
        self._gap: tuple[object, tuple[Line, ...]] = (None, ())

    def _newest_side(self) -> Side:
        return self.rows.above if self.rows.newest_first else self.rows.below

    # -- lines -------------------------------------------------------------------------------------

    def lines(self, row: int) -> tuple[Line, ...]:
        """Return the lines of an item or of the gap, at least one."""
        return self._gap_lines() if row == self.rows.gap else self.items.drawn(row).lines

    def lines_of(self, row: int) -> int:
        """Return how many lines a row has."""
        count = len(self.lines(row))
        if row != self.rows.gap:
            self.heights.measure(row, count)
        return count

    def _gap_lines(self) -> tuple[Line, ...]:
        loading = any(self.is_loading(side) for side in self.rows.sides)
        failures = tuple(dict.fromkeys(self.failures.values()))
        options = (self.items.context, self.items.width)
        stamp = (self.feed.revision, loading, failures, options, self.rows.newest_first)
        if self._gap[0] != stamp:
            lines = gap_lines(self.feed, *options, loading=loading, failures=failures)
            self._gap = (stamp, lines)
        return self._gap[1]

    # -- changes -----------------------------------------------------------------------------------

    def follow(self, *, keep_end: bool = False) -> bool:
        """Follow a change of the feed, keeping the visible text in place; False if none.

        Go to the end that the user wanted once it is loaded. With `keep_end`, a cursor at the
        newest end stays there, as far as the first new item stays in the window.
        """
        if self._revision == self.feed.revision:
            return False
        self._revision = self.feed.revision
        self.heights.follow()
        change = self._newest.take()
        newer = 0 if change.reset else change.front + (change.back if self._was_whole else 0)
        self.fresh = 0 if change.reset else self.fresh + newer
        self.arrived += newer
        self._was_whole = self.feed.whole
        if len(self.rows) and self.viewport.height:
            if self.jump:
                self._land(self.jump)
            keep_end = keep_end and self._is_at_end and newer > 0
            self.keep()
            if keep_end:
                self._advance(newer)
        return True

    def _advance(self, newer: int) -> None:
        """Go to the newest item, or to the first of the new ones if not all fit the window."""
        last = len(self.rows) - 1
        if self.rows.newest_first:
            first, end = newer - 1, 0
        else:
            first, end = last + 1 - newer, last
        lines = 0
        for row in range(min(first, end), max(first, end) + 1):
            lines += self.lines_of(row)
            if lines > self.viewport.height:
                break
        if lines > self.viewport.height:
            y = 0 if first <= end else max(0, self.viewport.height - self.lines_of(first))
            self.cursor.go_to(first, 0, y)
        elif self.rows.newest_first:
            self.cursor.go_to(0)
        else:
            self.cursor.go_to(last, self.lines_of(last) - 1, self.viewport.height - 1)
        self._look()

    def follow_changes_window(self) -> bool:
        """Follow a change of the feed; return whether the window looks different."""
        before = self.window, self.texts
        return self.follow() and (self.window, self.texts) != before

    def resize(self, width: int, height: int) -> bool:
        """Set the size of the window; return False if nothing changes."""
        wider = self.items.set_options(width=width)
        if not wider and height == self.viewport.height:
            return False
        if wider:
            self.heights.forget()
        self.viewport.height = height
        if len(self.rows):
            self.keep(scaled=wider)
        return True

    def set_context(self, context: RenderContext) -> None:
        """Set the clock, the zone and the symbols."""
        if self.items.set_options(context=context):
            self.keep(scaled=True)

    def set_newest_first(self, *, newest_first: bool) -> None:
        """Set the order; the cursor's item stays in place."""
        if newest_first == self.rows.newest_first:
            return
        rows = RowView(self.feed, newest_first=newest_first)
        self.rows = self.items.rows = self.viewport.rows = self.cursor.rows = rows
        self.heights = HeightIndex(rows, self.feed)
        self.keep()

    def keep(self, *, scaled: bool = False) -> None:
        """Compute the window again with the anchor in place."""
        anchor, scaled = self._anchor, scaled or self._is_scaling
        if self.cursor.row is None and anchor is None:
            self._begin()
        elif anchor is None or not self.viewport.restore(anchor, scaled=scaled):
            self.viewport.scroll(0)
        self.cursor.settle()
        self._look()
        if scaled and anchor is not None:
            row = self.rows.index(anchor.place.key)
            if row not in {None, self.rows.gap} and self.items.drawn(row or 0).pending:
                self._anchor, self._is_scaling = anchor, True

    def _begin(self) -> None:
        row = self.rows.index(self._at.key) if self._at else None
        if row is not None and self._at is not None and row != self.rows.gap:
            self.cursor.go_to(row, self._at.line)
        elif len(self.rows):
            self.cursor.go_to(int(self.rows.gap == 0))

    def _look(self) -> None:
        """Compute the window, and anchor the cursor's item in it."""
        self.window = self.viewport.window()
        self.texts = {row: self.lines(row) for row in dict.fromkeys(row for row, _ in self.window)}
        self._anchor = self.viewport.hold(self.cursor.row, self.window)
        self._is_scaling = False
        self._is_at_end = self._shows_end()
        if self.fresh and self.window:
            row = self.window[0 if self.rows.newest_first else -1][0]
            if row != self.rows.gap:
                side, number = self.rows.side_and_number(row)
                seen = number if side == self._newest_side() else self.fresh
                self.fresh = min(self.fresh, seen)

    def _shows_end(self) -> bool:
        """Return whether the cursor is on the newest item, and its outer end is in the window."""
        if not self.window:
            return False
        if self.rows.newest_first:
            return self.cursor.row == 0 and self.window[0] == (0, 0)
        row, line = self.window[-1]
        # Every item ends in a blank line, which may be outside the window.
        return self.cursor.row == row == len(self.rows) - 1 and line >= len(self.texts[row]) - 2

    # -- moving ------------------------------------------------------------------------------------

    def move(self, act: Callable[[], Moved]) -> Moved:
        """Move for a key, which cancels going to an end."""
        self.jump = None
        moved = act() if len(self.rows) else Moved.NOTHING
        self._look()
        return moved

    def go_to_end(self, side: Side) -> None:
        """Go to an end, now or as soon as it is loaded."""
        self.jump = side
        self.failures.pop(side, None)
        if len(self.rows):
            self._land(side)

    def _land(self, side: Side) -> None:
        if not self.rows.has(side):
            return
        self.jump = None
        if side == self.rows.above:
            self.cursor.go_to(0)
        else:
            last = len(self.rows) - 1
            self.cursor.go_to(last, self.lines_of(last) - 1, self.viewport.height - 1)
        self._look()

    def _cannot_wait(self) -> bool:
        """Return whether no page, in flight or possible, would fill the gap."""
        return not any(
            self.feed.can_grow(side) and side not in self.failures for side in self.rows.sides
        )

    # -- pages -------------------------------------------------------------------------------------

    def is_loading(self, side: Side) -> bool:
        """Return whether a page of a side is in flight or requested."""
        asked = self._requested.get(side) == self.feed.revision and self.feed.can_grow(side)
        return side in self.feed.loading or (asked and side not in self.failures)

    def wanted(self) -> Side | None:
        """Return the side to load a page of now; the same side only once per state."""
        side = self.jump or (self._near() if len(self.rows) else self.rows.above)
        if side is None or side in self.failures or self.is_loading(side):
            return None
        return side if self.ask(side) else None

    def ask(self, side: Side) -> bool:
        """Note the request of a page of a side; return False if that can bring nothing."""
        if not self.feed.can_grow(side):
            return False
        self._requested[side] = self.feed.revision
        return True

    def _near(self) -> Side | None:
        """Return the side that runs out of items near the window."""
        gap, cursor = self.rows.gap, self.cursor.row
        if gap is None or not self.window or cursor is None:
            return None
        first, last = self.window[0][0], self.window[-1][0]
        start, stop = (last + 1, gap) if cursor < gap else (gap + 1, first)
        # If the items here are shorter than the estimate, those ahead probably are, too.
        like_here = max(0, stop - start) * len(self.window) / (last + 1 - first)
        lines = min(like_here, self.heights.above(stop) - self.heights.above(start))
        if lines > self.ahead * self.viewport.height:
            return None
        sides = self.rows.sides if cursor < gap else self.rows.sides[::-1]
        growing = [side for side in sides if self.feed.can_grow(side)]
        return growing[0] if growing else None

    def fail(self, side: Side, failure: Failure) -> None:
        """Note that a page failed. It is requested again only after `clear_failures`."""
        self.failures[side] = failure
        self._requested.pop(side, None)
        if self.jump == side:
            self.jump = None
        self._keep_if_any()

    def clear_failures(self) -> tuple[Side, ...]:
        """Forget the failures, and return their sides."""
        sides = tuple(self.failures)
        self.failures.clear()
        self._keep_if_any()
        return sides

    def _keep_if_any(self) -> None:
        if len(self.rows) and self.viewport.height:
            self.keep()

    # -- the position ------------------------------------------------------------------------------

    def asked_at(self, row: int) -> float | None:
        """Return when a row was requested, in Unix seconds, if it is older than a refresh.

        Return None for a row that is current, and for the gap.
        """
        if row == self.rows.gap:
            return None
        entry = self.rows.entry(row)
        return None if self.feed.rows.is_current(entry) else entry.page.asked[1]

    @property
    def place(self) -> Place | None:
        """The cursor's item and its first line in the window, to come back to."""
        if self.cursor.key is None:
            return None
        row = self.cursor.row
        line = next((line for shown, line in self.window if shown == row), 0)
        return Place(self.cursor.key, line)

    @property
    def position(self) -> Position:
        """Where the cursor is."""
        row, gap = self.cursor.row, self.rows.gap
        percent = None
        if self.feed.whole and self.window:
            last, line = self.window[-1]
            seen = self.heights.above(last) + line + 1
            percent = min(100, 100 * seen // max(1, self.heights.total))
        return Position(
            number=0 if row is None else self.rows.place(row) + 1,
            loaded=len(self.feed),
            whole=self.feed.whole,
            more_before=gap is not None and row is not None and gap < row,
            percent=percent,
            fresh=self.fresh,
            newest_first=self.rows.newest_first,
            jump=self.jump,
            asked_at=None if row is None else self.asked_at(row),
        )
