"""A thread as it is being read: the window, the cursor, and what is wanted of the feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_tui.document.spans import Line
from chatkit_tui.render.context import Context
from chatkit_tui.ui.transcript.cursor import Moved, TranscriptCursor
from chatkit_tui.ui.transcript.gap import Failure, gap_lines
from chatkit_tui.ui.transcript.height_index import HeightIndex
from chatkit_tui.ui.transcript.items import DrawApart, TranscriptItems
from chatkit_tui.ui.transcript.row_changes import RowChanges
from chatkit_tui.ui.transcript.rows import TranscriptRows
from chatkit_tui.ui.transcript.viewport import Held, Place, Viewport

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.items import Item

AHEAD = 2
"""How many windows before the gap the next page is asked for."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where one is, for a status line."""

    index: int
    """The number of the cursor's item among those that are loaded, 1 for the top; 0 for none."""
    loaded: int
    """How many items are loaded."""
    whole: bool
    """Whether these are all there are."""
    more_before: bool
    """Whether items above the cursor are not loaded."""
    more_after: bool
    """The same below it."""
    percent: int | None
    """How much of the thread lies above the lower edge of the window; None unless `whole`."""
    fresh: int
    """How many items arrived at the newest end and were not in the window yet."""
    jump: Side | None
    """The end that one asked for and that is still on its way."""
    asked_at: float | None = None
    """When the cursor's item was asked for, if it was not asked for again with the others."""


class TranscriptState:
    """The state of one thread on the screen. It draws what touches the window and fetches nothing.

    Whatever changes the feed, call `follow` before anything else here: until then rows may stand
    elsewhere than the window says. `at` is where to begin, if that is loaded with the first page.
    """

    def __init__(
        self,
        feed: Feed[Item],
        context: Context,
        draw_apart: DrawApart,
        *,
        newest_first: bool = False,
        at: Place | None = None,
    ) -> None:
        self.feed = feed
        self.rows = TranscriptRows(feed, newest_first=newest_first)
        self.items = TranscriptItems(self.rows, context, draw_apart)
        self.heights = HeightIndex(self.rows)
        self.viewport = Viewport(self.rows, self.lines_of)
        self.cursor = TranscriptCursor(self.rows, self.viewport, self._cannot_wait)
        self.failures: dict[Side, Failure] = {}
        self.jump: Side | None = None
        """The end to go to as soon as its first page is there."""
        self.fresh = 0
        """Items that arrived at the newest end and were not in the window yet."""
        self.arrived = 0
        """Items that came at the newest end since the first of them was loaded."""
        self.window: list[tuple[int, int]] = []
        """Row and line of each line in the window."""
        self.texts: dict[int, tuple[Line, ...]] = {}
        """The lines of each row that is in the window, as they were when it was last drawn."""
        self.ahead = AHEAD
        """How many windows of items are loaded before anybody gets there."""
        self._at = at
        self._held: Held | None = None
        self._revision = -1
        self._was_whole = False
        self._newest = RowChanges(feed, self._newest_side())
        self._asked: dict[Side, int] = {}
        self._gap: tuple[object, tuple[Line, ...]] = (None, ())

    def _newest_side(self) -> Side:
        return self.rows.above if self.rows.newest_first else self.rows.below

    # -- lines -------------------------------------------------------------------------------------

    def lines(self, row: int) -> tuple[Line, ...]:
        """The lines of a row, the gap's included; at least one."""
        return self._gap_lines() if row == self.rows.gap else self.items.drawn(row).lines

    def lines_of(self, row: int) -> int:
        """How many lines a row has."""
        count = len(self.lines(row))
        if row != self.rows.gap:
            self.heights.measure(row, count)
        return count

    def _gap_lines(self) -> tuple[Line, ...]:
        loading = any(self.is_loading(side) for side in self.rows.sides)
        failures = tuple(dict.fromkeys(self.failures.values()))
        manner = (self.items.context, self.items.width)
        stamp = (self.feed.revision, loading, failures, manner, self.rows.newest_first)
        if self._gap[0] != stamp:
            lines = gap_lines(self.rows, *manner, loading=loading, failures=failures)
            self._gap = (stamp, lines)
        return self._gap[1]

    # -- what changes ------------------------------------------------------------------------------

    def follow(self) -> bool:
        """Take in what became of the feed, what one reads staying where it is; False for nothing.

        An end that was asked for is gone to when it is there.
        """
        if self._revision == self.feed.revision:
            return False
        self._revision = self.feed.revision
        self.heights.follow()
        change = self._newest.look()
        newer = 0 if change.anew else change.front + (change.back if self._was_whole else 0)
        self.fresh = 0 if change.anew else self.fresh + newer
        self.arrived += newer
        self._was_whole = self.feed.whole
        if len(self.rows) and self.viewport.height:
            if self.jump:
                self._land(self.jump)
            self.keep()
        return True

    def follow_looks_new(self) -> bool:
        """As `follow`, but whether the window looks different by it."""
        before = self.window, self.texts
        return self.follow() and (self.window, self.texts) != before

    def resize(self, width: int, height: int) -> bool:
        """Fit into a window of so many cells and lines; False when nothing changed."""
        wider = self.items.set_manner(width=width)
        if not wider and height == self.viewport.height:
            return False
        if wider:
            self.heights.forget()
        self.viewport.height = height
        if len(self.rows):
            self.keep(scaled=wider)
        return True

    def set_context(self, context: Context) -> None:
        """Draw for another clock, zone or terminal."""
        if self.items.set_manner(context=context):
            self.keep(scaled=True)

    def set_newest_first(self, *, newest_first: bool) -> None:
        """Turn the order round; the cursor's item stays where it is."""
        if newest_first == self.rows.newest_first:
            return
        rows = TranscriptRows(self.feed, newest_first=newest_first)
        self.rows = self.items.rows = self.viewport.rows = self.cursor.rows = rows
        self.heights = HeightIndex(rows)
        self.keep()

    def keep(self, *, scaled: bool = False) -> None:
        """Draw the window again, with the line that is held where it was."""
        if self.cursor.row is None and self._held is None:
            self._begin()
        elif self._held is None or not self.viewport.restore(self._held, scaled=scaled):
            self.viewport.scroll(0)
        self.cursor.settle()
        self.look()

    def _begin(self) -> None:
        row = self.rows.index(self._at.key) if self._at else None
        if row is not None and self._at is not None and row != self.rows.gap:
            self.cursor.go_to(row, self._at.line)
        elif len(self.rows):
            self.cursor.go_to(int(self.rows.gap == 0))

    def look(self) -> None:
        """Take in what is in the window now, and hold the cursor's item there."""
        self.window = self.viewport.window()
        self.texts = {row: self.lines(row) for row in dict.fromkeys(row for row, _ in self.window)}
        self._held = self.viewport.hold(self.cursor.row, self.window)
        if self.fresh and self.window:
            row = self.window[0 if self.rows.newest_first else -1][0]
            if row != self.rows.gap:
                side, number = self.rows.side_and_number(row)
                seen = number if side == self._newest_side() else self.fresh
                self.fresh = min(self.fresh, seen)

    # -- moving ------------------------------------------------------------------------------------

    def move(self, act: Callable[[], Moved]) -> Moved:
        """Do what a key asked for. It takes the place of an end that was asked for before."""
        self.jump = None
        moved = act() if len(self.rows) else Moved.NOTHING
        self.look()
        return moved

    def go_to_end(self, side: Side) -> bool:
        """Go to the first or last item, at once or as soon as it is there; False for not yet."""
        self.jump = side
        self.failures.pop(side, None)
        if not len(self.rows) or not self._land(side):
            return False
        self.look()
        return True

    def _land(self, side: Side) -> bool:
        if not self.feed.whole and not self._count(side):
            return False
        self.jump = None
        if side == self.rows.above:
            self.cursor.go_to(0)
        else:
            last = len(self.rows) - 1
            self.cursor.go_to(last, self.lines_of(last) - 1, self.viewport.height - 1)
        self.look()
        return True

    def _count(self, side: Side) -> int:
        return len(self.feed.old if side == "old" else self.feed.new)

    def _cannot_wait(self) -> bool:
        """Whether nothing that is under way, or could be asked for, would fill the gap."""
        return not any(
            self.feed.can_grow(side) and side not in self.failures for side in self.rows.sides
        )

    # -- pages -------------------------------------------------------------------------------------

    def is_loading(self, side: Side) -> bool:
        """Whether a page of a side is under way, or was asked for."""
        asked = self._asked.get(side) == self.feed.revision and self.feed.can_grow(side)
        return side in self.feed.loading or (asked and side not in self.failures)

    def wanted(self) -> Side | None:
        """The side that a page is to be loaded of now; never the same one twice for one state."""
        side = self.jump or (self._near() if len(self.rows) else self.rows.above)
        if side is None or side in self.failures or self.is_loading(side):
            return None
        return side if self.ask(side) else None

    def ask(self, side: Side) -> bool:
        """Count a page of a side as asked for; False when that could bring nothing."""
        if not self.feed.can_grow(side):
            return False
        self._asked[side] = self.feed.revision
        return True

    def _near(self) -> Side | None:
        """The side that runs out of items near the window."""
        gap, cursor = self.rows.gap, self.cursor.row
        if gap is None or not self.window or cursor is None:
            return None
        first, last = self.window[0][0], self.window[-1][0]
        start, stop = (last + 1, gap) if cursor < gap else (gap + 1, first)
        # Where the items here are shorter than the estimate, those ahead will be as well.
        as_here = max(0, stop - start) * len(self.window) / (last + 1 - first)
        lines = min(as_here, self.heights.above(stop) - self.heights.above(start))
        if lines > self.ahead * self.viewport.height:
            return None
        sides = self.rows.sides if cursor < gap else self.rows.sides[::-1]
        growing = [side for side in sides if self.feed.can_grow(side)]
        return growing[0] if growing else None

    def fail(self, side: Side, failure: Failure) -> None:
        """A page did not come. It is asked for again only when the failure is cleared."""
        self.failures[side] = failure
        self._asked.pop(side, None)
        if self.jump == side:
            self.jump = None
        self._keep_if_any()

    def clear_failures(self) -> tuple[Side, ...]:
        """Forget what failed, and return the sides it was on."""
        sides = tuple(self.failures)
        self.failures.clear()
        self._keep_if_any()
        return sides

    def _keep_if_any(self) -> None:
        if len(self.rows) and self.viewport.height:
            self.keep()

    # -- where one is ------------------------------------------------------------------------------

    @property
    def position(self) -> Position:
        """Where one is."""
        row, gap = self.cursor.row, self.rows.gap
        percent = None
        if self.feed.whole and self.window:
            last, line = self.window[-1]
            seen = self.heights.above(last) + line + 1
            percent = min(100, 100 * seen // max(1, self.heights.total))
        return Position(
            index=0 if row is None else self.rows.place(row) + 1,
            loaded=len(self.feed),
            whole=self.feed.whole,
            more_before=gap is not None and row is not None and gap < row,
            more_after=gap is not None and row is not None and gap > row,
            percent=percent,
            fresh=self.fresh,
            jump=self.jump,
            asked_at=None if row is None else self.rows.asked_at(row),
        )
