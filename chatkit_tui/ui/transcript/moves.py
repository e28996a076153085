"""Moving through a transcript, by keys and by the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from textual import events

from chatkit_tui.render.context import Context
from chatkit_tui.ui.background_work import IdleTasks
from chatkit_tui.ui.transcript.canvas import TranscriptCanvas
from chatkit_tui.ui.transcript.cursor import STEP, Moved
from chatkit_tui.ui.transcript.messages import PageWanted, PositionChanged
from chatkit_tui.ui.transcript.transcript_state import Position, TranscriptState
from chatkit_tui.ui.transcript.viewport import Place

LAST: Final = 1 << 30
"""A line behind the last one of any item."""
MOST_AHEAD: Final = 50
"""Lines above and below the window that are drawn before anybody comes there."""


class TranscriptMoves(TranscriptCanvas):
    """The cursor and the window. Every move tells where one is, and asks for pages ahead."""

    def __init__(self, context: Context, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(context, placeholder, id=id)
        self._told: tuple[str | None, Position | None] = (None, None)
        self._tells = False
        """Whether it is going to tell where one is."""
        self._leisure = IdleTasks(self._draw_ahead)

    @property
    def position(self) -> Position | None:
        """Where one is; None while there is no thread."""
        return self.reading.position if self.reading else None

    @property
    def place(self) -> Place | None:
        """The cursor's item and the first of its lines in the window, for `show` to come back."""
        reading = self.reading
        if reading is None or reading.cursor.key is None:
            return None
        row = reading.cursor.row
        line = next((line for shown, line in reading.window if shown == row), 0)
        return Place(reading.cursor.key, line)

    def cursor_down(self) -> Moved:
        """On through the item, if it is longer than the window, then to the next one."""
        return self._move(lambda reading: reading.cursor.down())

    def cursor_up(self) -> Moved:
        """Back through the item, if it is longer than the window, then to the one before."""
        return self._move(lambda reading: reading.cursor.up())

    def scroll_lines(self, lines: int) -> Moved:
        """Move the window down by so many lines, or up when negative; the cursor stays in it."""
        return self._move(lambda reading: reading.cursor.scroll(lines))

    def line_down(self) -> Moved:
        """One line down."""
        return self.scroll_lines(1)

    def line_up(self) -> Moved:
        """One line up."""
        return self.scroll_lines(-1)

    def page_down(self) -> Moved:
        """A window down; its last line becomes the first."""
        return self.scroll_lines(max(1, self.size.height - 1))

    def page_up(self) -> Moved:
        """A window up; its first line becomes the last."""
        return self.scroll_lines(-max(1, self.size.height - 1))

    def half_page_down(self) -> Moved:
        """Half a window down."""
        return self.scroll_lines(max(1, self.size.height // 2))

    def half_page_up(self) -> Moved:
        """Half a window up."""
        return self.scroll_lines(-max(1, self.size.height // 2))

    def home(self) -> bool:
        """To the first item, at once or as soon as it is there; False for not yet."""
        return self._to_end(0)

    def end(self) -> bool:
        """To the last item, without what lies between; False for not yet."""
        return self._to_end(1)

    def _to_end(self, edge: int) -> bool:
        reading = self.reading
        if reading is None:
            return False
        reading.follow()
        arrived = reading.go_to_end(reading.rows.sides[edge])
        self._changed()
        return arrived

    def go_to_item(self, item_id: str) -> bool:
        """Put the cursor on an item, shown from its first line; False when it is not loaded."""
        row = self.reading.rows.index(item_id) if self.reading else None
        if row is None:
            return False
        self._move(lambda reading: reading.cursor.go_to(row))
        return True

    def _move(self, act: Callable[[TranscriptState], Moved]) -> Moved:
        reading = self.reading
        if reading is None:
            return Moved.NOTHING
        reading.follow()
        before = reading.cursor.row
        moved = reading.move(lambda: act(reading))
        if moved is Moved.CURSOR:
            self.redraw_gutter(before)
            self.redraw_gutter(reading.cursor.row)
        elif moved is not Moved.NOTHING:
            self.refresh()
        self._tell()
        return moved

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls a few lines."""
        event.stop()
        self.scroll_lines(STEP)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls a few lines."""
        event.stop()
        self.scroll_lines(-STEP)

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor on an item; the end of a selection does not."""
        window = self.reading.window if self.reading else []
        if event.y < len(window) and not self.text_selection:
            self._move(lambda reading: reading.cursor.choose(window[event.y][0]))

    def on_resize(self) -> None:
        """Fit into another size; the line that is read stays as far down its item as it was."""
        if self.fit():
            self._changed()

    def _changed(self) -> None:
        """Draw and tell what may be different now."""
        self.redraw()
        self._tell()

    def _tell(self) -> None:
        reading = self.reading
        if not self._tells:
            # Behind the frame: who pressed a key has it said without being told.
            self._tells = self.call_after_refresh(self._tell_place)
        if reading is not None and (side := reading.wanted()):
            self.post_message(PageWanted(side))
        self._leisure.postpone()

    def _tell_place(self) -> None:
        self._tells = False
        reading = self.reading
        position = reading.position if reading else None
        item_id = reading.cursor.key if reading else None
        if (item_id, position) != self._told:
            self._told = (item_id, position)
            self.post_message(PositionChanged(position, item_id))

    # -- drawing what comes next -------------------------------------------------------------------

    @property
    def is_drawn_ahead(self) -> bool:
        """Whether what the next key may bring into the window is drawn already."""
        return self._leisure.is_done

    def _draw_ahead(self) -> bool:
        """Draw an item that the next key may bring into the window; False when all are."""
        reading = self.reading
        if reading is None or self.found is not None or not self.is_attached:
            return False
        if reading.follow_looks_new():
            self.redraw()
        return bool(reading.window) and any(
            self.prepare(row, lines)
            for step, edge in ((1, reading.window[-1]), (-1, reading.window[0]))
            for row, lines in self._beyond(reading, edge, step)
        )

    def _beyond(
        self, reading: TranscriptState, edge: tuple[int, int], step: int
    ) -> Iterator[tuple[int, range]]:
        """Rows and their lines on one side of the window, from its edge on away from it.

        Ends where items are not loaded, or where one is so large that a thread draws it.
        """
        left = min(self.size.height, MOST_AHEAD)
        row, line = edge
        line += step
        while left > 0 and 0 <= row < len(reading.rows):
            if row == reading.rows.gap or reading.items.is_large(row):
                return
            count = len(reading.lines(row))
            if step > 0:
                lines = range(line, min(count, line + left))
            else:
                line = min(line, count - 1)
                lines = range(max(0, line + 1 - left), line + 1)
            if lines:
                yield row, lines
            left -= len(lines)
            row, line = row + step, 0 if step > 0 else LAST
