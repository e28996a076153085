"""The widget of a transcript: a window onto the items of a thread, moved by keys and the mouse.

It composes a `TranscriptState` (window, cursor, heights), a `StripRenderer` (strips and their
cache), a `BackgroundRenderer` (large items) and a `Finder` (search).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from chatkit_tui.render import RenderContext
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.terminal.flow_control import LinkSpeed
from chatkit_tui.ui.background_work import IdleTasks
from chatkit_tui.ui.messages import PageWanted, PositionChanged
from chatkit_tui.ui.transcript.empty import EmptyTranscript
from chatkit_tui.ui.transcript.find_session import Finder
from chatkit_tui.ui.transcript.item_renderer import BackgroundRenderer
from chatkit_tui.ui.transcript.selection import copies_of, selected_text
from chatkit_tui.ui.transcript.status_text import Failure
from chatkit_tui.ui.transcript.strips import GUTTER, StripRenderer, cursor_regions
from chatkit_tui.ui.transcript.viewport import STEP, Moved

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.ui.transcript.status_text import Position
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState
    from chatkit_tui.ui.transcript.viewport import Place

MARGIN = 1
"""Columns that stay empty behind the items."""
AHEAD = 2
"""How many windows before the gap the next page is requested."""


class TranscriptView(ScrollView, can_focus=True, inherit_bindings=False):
    """A thread with a cursor. It loads nothing and binds no key.

    The owner handles `PageWanted`: it loads that side of the feed, and then calls `feed_changed`,
    or `page_failed` if the load failed or was stopped.
    """

    DEFAULT_CSS = """
    TranscriptView {
        height: 1fr;
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = True

    def __init__(
        self,
        context: RenderContext,
        *,
        newest_first: bool = False,
        placeholder: str = "No thread is open.",
        text_width: int = 0,
    ) -> None:
        """`placeholder` is shown while there is no thread.

        `text_width` is the width of items in cells, if the widget has as many; 0 for all.
        """
        super().__init__()
        self.auto_links = False
        self.context = context
        self.newest_first = newest_first
        self.state: TranscriptState | None = None
        self.finder = Finder(self, self._changed)
        self.strips = StripRenderer(self, plain=context.plain)
        self.empty = EmptyTranscript(self, placeholder, plain=context.plain)
        self._text_width = text_width
        self._background = BackgroundRenderer(self)
        self._preparation = IdleTasks(self._prepare_next)
        self._ahead = AHEAD
        self._posted: tuple[str | None, Position | None] = (None, None)
        self._will_post = False
        self._may_load = True

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Skip Textual's slow search for style rules: none depends on the focus."""

    def on_focus(self, event: events.Focus) -> None:
        """Redraw the cursor only; Textual would redraw all."""
        self._set_focus(event, events.DescendantFocus(self))

    def on_blur(self, event: events.Blur) -> None:
        """Redraw the cursor only."""
        self._set_focus(event, events.DescendantBlur(self))

    def _set_focus(
        self, event: events.Event, report: events.DescendantFocus | events.DescendantBlur
    ) -> None:
        event.prevent_default()
        self.has_focus = isinstance(report, events.DescendantFocus)
        self._refresh_cursor(self.state.cursor.row if self.state else None)
        if self.parent is not None:
            self.parent.post_message(report)

    # -- the thread --------------------------------------------------------------------------------

    def show(self, feed: Feed | None, *, at: Place | None = None, may_load: bool = True) -> None:
        """Show another thread, or none, and request its first page if nothing is loaded.

        `at` is the place to begin at, if the first page contains it. Unless it `may_load`, no page
        is requested before `start_loading`.
        """
        self._may_load = may_load
        self.finder.show(None)
        self.state = None
        if feed is not None:
            from chatkit_tui.ui.transcript.transcript_state import TranscriptState

            self.state = TranscriptState(
                feed,
                self.context,
                self._background.draw,
                ahead=self._ahead,
                newest_first=self.newest_first,
                at=at,
            )
        self.finder.show(self.state)
        self._fit()
        self.feed_changed()

    @property
    def first_side(self) -> Side:
        """The side of a feed that a thread begins with."""
        from chatkit_tui.feed import Side

        return Side.NEW if self.newest_first else Side.OLD

    def start_loading(self) -> None:
        """Request the pages that the thread needs from now on."""
        self._may_load = True
        self._post()

    def feed_changed(self, *, keep_end: bool = False) -> None:
        """Follow a change of the feed: of its rows, or of what is in flight.

        With `keep_end`, a cursor at the newest end stays there.
        """
        if self.state is not None:
            self.state.follow(keep_end=keep_end)
        self.finder.follow()
        self._changed()

    def page_failed(self, side: Side, message: str, hint: str = "") -> None:
        """Show that a page failed. It is not requested again before `retry`.

        `message` is one line, `hint` what helps; call again to replace them.
        """
        if self.state is not None:
            self.state.fail(side, Failure(message, hint))
            self._changed()

    def retry(self) -> bool:
        """Request the failed pages again; return False if there are none."""
        sides = self.state.clear_failures() if self.state else ()
        for side in sides:
            if self.state and self.state.ask(side):
                self.post_message(PageWanted(side))
        self._changed()
        return bool(sides)

    def set_link_speed(self, link: LinkSpeed) -> None:
        """Load ahead, and draw colors, as the connection to the terminal allows."""
        self._ahead = link.ahead
        if self.state is not None:
            self.state.ahead = link.ahead
        if self.strips.set_slow(slow=link.slow):
            self.refresh()

    def _fit(self) -> bool:
        """Fit the state into the widget; return False if nothing changes."""
        if self.state is None or not self.size:
            return False
        return self.state.resize(min(self.room, self._text_width or self.room), self.size.height)

    @property
    def room(self) -> int:
        """The columns for text."""
        return max(1, self.size.width - GUTTER - MARGIN)

    # -- moving ------------------------------------------------------------------------------------

    @property
    def position(self) -> Position | None:
        return self.state.position if self.state else None

    @property
    def place(self) -> Place | None:
        """The cursor's item and its first line in the window, for `show` to come back to."""
        return self.state.place if self.state else None

    def action_cursor_down(self) -> Moved:
        """Scroll through an item longer than the window, then go to the next item."""
        return self._move(lambda state: state.cursor.down())

    def action_cursor_up(self) -> Moved:
        """Scroll back through an item longer than the window, then go to the previous item."""
        return self._move(lambda state: state.cursor.up())

    def scroll_lines(self, lines: int) -> Moved:
        """Scroll down, or up if negative; the cursor stays in the window."""
        return self._move(lambda state: state.cursor.scroll(lines))

    def action_line_down(self) -> Moved:
        return self.scroll_lines(1)

    def action_line_up(self) -> Moved:
        return self.scroll_lines(-1)

    def action_page_down(self) -> None:
        """Scroll a window down; its last line becomes the first."""
        self.scroll_lines(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Scroll a window up; its first line becomes the last."""
        self.scroll_lines(-max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Go to the first item, now or as soon as it is loaded."""
        self._go_to_end(0)

    def action_bottom(self) -> None:
        """Go to the last item, now or as soon as it is loaded."""
        self._go_to_end(1)

    def _go_to_end(self, edge: int) -> None:
        if (state := self.state) is not None:
            state.follow()
            state.go_to_end(state.rows.sides[edge])
            self._changed()

    def go_to_item(self, key: str) -> bool:
        """Go to the first line of an item; return False if it is not loaded."""
        row = self.state.rows.index(key) if self.state else None
        if row is None:
            return False
        self._move(lambda state: state.cursor.go_to(row))
        return True

    def _move(self, act: Callable[[TranscriptState], Moved]) -> Moved:
        state = self.state
        if state is None:
            return Moved.NOTHING
        state.follow()
        before = state.cursor.row
        moved = state.move(lambda: act(state))
        if moved is Moved.CURSOR:
            self._refresh_cursor(before)
            self._refresh_cursor(state.cursor.row)
        elif moved is not Moved.NOTHING:
            self.refresh()
        self._post()
        return moved

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(STEP)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-STEP)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked item, unless the click ends a selection."""
        window = self.state.window if self.state else []
        if event.y < len(window) and not self.text_selection:
            self._move(lambda state: state.cursor.choose(window[event.y][0]))

    def on_resize(self) -> None:
        """Fit the state into the new size, keeping the visible text in place."""
        if self._fit():
            self._changed()

    # -- how items are shown -----------------------------------------------------------------------

    def toggle_fold(self) -> bool:
        """Open or close the folds of the cursor's item; return False if it has none."""
        return self._toggle(lambda state, row: state.items.toggle_fold(row))

    def toggle_raw(self) -> bool:
        """Switch the cursor's item between JSON and its rendered form; False without an item."""
        return self._toggle(lambda state, row: state.items.toggle_raw(row))

    def _toggle(self, act: Callable[[TranscriptState, int], bool]) -> bool:
        state = self.state
        if state is None or (row := state.cursor.row) is None or not act(state, row):
            return False
        state.keep()
        state.move(state.cursor.reveal)
        self._changed()
        return True

    def set_all_open(self, *, is_open: bool) -> None:
        """Open the folds of all items, including later ones, or reset them to their defaults."""
        if self.state is not None:
            self.state.items.set_all_open(is_open=is_open)
            self.state.keep()
            self._changed()

    def set_context(self, context: RenderContext) -> None:
        """Set the current time, the zone and the form of times."""
        self.context = context
        if self.state is not None:
            self.state.set_context(context)
        self._changed()

    def set_order(self, *, newest_first: bool) -> None:
        """Set the order; the cursor's item stays in place."""
        self.newest_first = newest_first
        if self.state is not None:
            self.state.set_newest_first(newest_first=newest_first)
        self.feed_changed()

    # -- copying -----------------------------------------------------------------------------------

    def id_of_cursor(self) -> str | None:
        """Return the id of the cursor's item; None if there is no item or it has no id."""
        entry = self.entry()
        return entry.id if entry else None

    def copies(self) -> list[Source]:
        entry = self.entry()
        return copies_of(entry, self.context) if entry else []

    def marked(self) -> list[RawRow]:
        """Return the marked items, the oldest first."""
        return self.state.marks.rows() if self.state else []

    def entry(self) -> RawRow | None:
        row = self.state.cursor.row if self.state else None
        return self.state.rows.entry(row) if self.state and row is not None else None

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text of a mouse selection."""
        text = selected_text(self.state, selection, GUTTER) if self.state else None
        return None if text is None else (text, "\n")

    # -- changes -----------------------------------------------------------------------------------

    def _changed(self) -> None:
        """Draw everything again, and post what has changed."""
        self._redraw()
        self._post()

    def _redraw(self) -> None:
        self.strips.clear()
        self.refresh()

    def _refresh_cursor(self, row: int | None) -> None:
        if self.state is None or row is None:
            return
        if regions := cursor_regions(self.state, row, self.size.width):
            self.refresh(*regions)

    def _post(self) -> None:
        if not self._will_post:
            # After the frame, which shows the user the result of a key first.
            self._will_post = self.call_after_refresh(self._post_position)
        if self._may_load and self.state is not None and (side := self.state.wanted()):
            self.post_message(PageWanted(side))
        self._preparation.postpone()

    def _post_position(self) -> None:
        self._will_post = False
        position = self.position
        item_id = self.state.cursor.key if self.state else None
        if (item_id, position) != self._posted:
            self._posted = (item_id, position)
            self.post_message(PositionChanged())

    def on_background_renderer_drawn(self, message: BackgroundRenderer.Drawn) -> None:
        """Show a large item in place of its placeholder."""
        message.stop()
        state = self.state
        if state is None or not state.items.take(message.key, message.stamp, message.drawn):
            return
        state.keep()
        self.finder.item_drawn(message.key)
        self._changed()

    def notify_style_update(self) -> None:
        """Draw again if the theme has changed; Textual calls this for other changes, too."""
        super().notify_style_update()
        self.strips.theme_changed()

    def on_unmount(self) -> None:
        self._preparation.stop()
        self._background.stop()

    # -- drawing -----------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return a part of the widget, which has no border, padding or tint.

        Textual's own method makes new strips of all lines with every key.
        """
        width = self.size.width
        strips = self._strips_of(crop.line_range)
        if filters := self.get_line_filters():
            _, background = self.background_colors
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span == (0, width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        return self._strips_of(range(y, y + 1))[0]

    def _strips_of(self, lines: range) -> list[Strip]:
        state = self.state
        if state is None or not len(state.rows):
            return self.empty.render(state, lines, self.room)
        # Textual reports no size if something asked for it between a change and its layout.
        if self._fit():
            self.call_later(self._changed)
        if state.follow_changes_window():
            self.call_later(self._redraw)  # other lines of this frame may be out of date
        return self.strips.render(state, self.finder.session, lines)

    def _prepare_next(self) -> bool:
        """Render an item that the next key may scroll into the window; False if none is left."""
        state = self.state
        if state is None or self.finder.session is not None or not self.is_attached:
            return False
        if state.follow_changes_window():
            self._redraw()
        return self.strips.prepare_next(state)
