"""Take in what Textual writes, and send the terminal only the difference.

`Renderer` keeps the screens and builds frames; the caller has the clock. `LiveRenderer` runs one on
the app's event loop, as fast as flow control lets it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from threading import Event, get_ident
from typing import Final, NamedTuple

from chatkit_tui.terminal.ansi_parser import AnsiParser
from chatkit_tui.terminal.cell_buffer import BLANK, CellBuffer
from chatkit_tui.terminal.diff import RESET, DiffWriter, Modes
from chatkit_tui.terminal.environment import erases_in_color
from chatkit_tui.terminal.flow_control import (
    STALLED_AFTER,
    UNACKNOWLEDGED,
    FlowControl,
    Multiplexer,
)
from chatkit_tui.terminal.scroll_regions import ScrollRegion, find_scroll_regions
from chatkit_tui.terminal.styles import Styles

SWITCH: Final = "CHATKIT_TUI_STAGE"
"""The environment variable that switches the renderer off (`off`), for terminals that need it."""
MAX_END_WAIT: Final = 2.0
"""Seconds to wait at most for a pending reply before the terminal is released."""
MAX_HOLD: Final = 2.0
"""Seconds that frames are held back at most."""

_SHOWN_POLL_SECONDS: Final = 0.02
"""Seconds between two checks whether the terminal shows what was drawn."""
_FRAME_BEGINS: Final = "\x1b[?2026h"
_FRAME_ENDS: Final = "\x1b[?2026l"
_WORTH_A_FRAME: Final = 400
"""Bytes from which a partly drawn frame could be visible."""
_WORTH_SCROLLING: Final = 150
"""Bytes of difference from which a search for scrolled rows pays."""


def is_enabled(environ: Mapping[str, str]) -> bool:
    """Return whether the screen goes through a renderer."""
    return environ.get(SWITCH, "").lower() not in ("off", "0")


class _Frame(NamedTuple):
    """What brings the terminal up to date; without text if it is up to date."""

    text: str
    is_query_safe: bool
    """Whether a query is safe behind it."""
    modes: Modes
    """The modes of the terminal behind it."""


class Renderer:
    """Turn the output of Textual into frames that change only what differs."""

    def __init__(
        self,
        send: Callable[[str], None],
        *,
        size: tuple[int, int],
        erases_in_color: bool,
        flow_control: FlowControl | None = None,
    ) -> None:
        """`send` writes to the terminal; `size` is columns and rows. Without flow control, every
        frame is sent at once."""
        self._send = send
        self._erases_in_color = erases_in_color
        self._flow_control = flow_control
        self._knows_frames = False
        self._styles = Styles()
        self._shown: CellBuffer | None = None
        """What the terminal shows; None if that is unknown, and its modes with it."""
        self._modes = RESET
        self._parser = AnsiParser(CellBuffer(*size), self._styles)
        self._cursor = (0, 0)
        self._is_query_safe = False
        """Whether the terminal's cursor is below the first row, or in its first column.

        Elsewhere in that row, the reply to a query would be the same bytes as F3 with modifiers.
        """

    def assume(self, screen: CellBuffer, styles: Styles) -> None:
        """Take for granted that the terminal shows this screen, with cells in these styles."""
        self._styles, self._modes = styles, RESET
        self._parser.begin(screen, styles)
        self._note_sent()

    # -- input -------------------------------------------------------------------------------------

    def write(self, written: str) -> bool:
        """Take in what Textual writes; return whether any of it is to be drawn.

        Sequences that do not draw are sent at once.
        """
        parsed = self._parser.read(written)
        if parsed.frames:
            self._knows_frames = True
        if parsed.screen_lost:
            self._shown = None
        if parsed.through:
            self._send("".join(parsed.through))
        return parsed.drawn

    def resize(self, columns: int, rows: int) -> None:
        """Adopt a size. What terminals show after a resize is unknown."""
        screen = self._parser.screen
        if (columns, rows) != (screen.width, screen.height):
            self._parser.begin(screen.resized(columns, rows), self._styles)
            self._shown = None

    def invalidate(self) -> None:
        """Send the whole screen with the next frame."""
        self._shown = None

    # -- output ------------------------------------------------------------------------------------

    def draw(self, now: float, *, query_since: float | None = None) -> float:
        """Bring the terminal up to date if flow control lets it.

        `now` is in seconds of any clock. Return 0 when done, else the seconds after which to try
        again unless a reply comes first. With `query_since`, a query sent at that time or later
        follows everything drawn, even if there is nothing to draw.
        """
        frame, is_query_safe, modes = self._frame()
        flow = self._flow_control
        asks = query_since is not None and flow is not None and not flow.ends_in_query(query_since)
        if not frame and not asks:
            return 0
        length = len(frame.encode("utf-8", "replace"))
        if flow is not None and (delay := flow.delay(length, now)):
            return delay
        if self._knows_frames and length > _WORTH_A_FRAME:
            frame = f"{_FRAME_BEGINS}{frame}{_FRAME_ENDS}"
        query = flow.sent(length, now, ask=asks) if flow is not None else ""
        self._note_sent()
        self._modes = modes  # only now: a frame that has to wait is made again
        if frame:
            self._is_query_safe = is_query_safe
        if query and not self._is_query_safe:
            column = self._cursor[1]
            query = f"\x1b[H{query}" + (f"\x1b[1;{column + 1}H" if column else "")
            self._is_query_safe = not column
        if frame or query:
            self._send(frame + query)
        return 0

    def _frame(self) -> _Frame:
        new, old = self._parser.screen, self._shown
        writer = self._diff_writer()
        cursor = self._parser.line, self._parser.column
        if old is None:
            writer.clear()
            writer.rows(CellBuffer(new.width, new.height), new, range(new.height))
            return self._finished(writer)
        changes = {
            line: row.differences(new.rows[line])
            for line, row in enumerate(old.rows)
            if row != new.rows[line]
        }
        if not changes:
            is_there = cursor in (self._cursor, (0, 0))
            text = "" if is_there else f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H"
            return _Frame(text, cursor[0] > 0, self._modes)
        least = _min_bytes(new, changes)
        scrolled = self._scrolled(old, new, changes) if least >= _WORTH_SCROLLING else None
        if scrolled is not None and len(scrolled.text) <= least:
            return scrolled
        writer.rows(old, new, changes)
        frame = self._finished(writer)
        if least < _WORTH_SCROLLING <= len(frame.text):
            scrolled = self._scrolled(old, new, changes)
        if scrolled is not None and len(scrolled.text) < len(frame.text):
            return scrolled
        return frame

    def _scrolled(
        self, old: CellBuffer, new: CellBuffer, changes: Mapping[int, Sequence[int]]
    ) -> _Frame | None:
        """Return the shortest frame that scrolls rows first; None if no rows scrolled."""
        frames = []
        for region in find_scroll_regions(old, new, changes):
            ways = [region]
            margins = self._modes.margins
            if margins is not None and region.is_within(*margins):
                ways.append(ScrollRegion(*margins, region.by))
            for way in dict.fromkeys(ways):
                writer = self._diff_writer()
                writer.rows(writer.scroll(way, old, new), new, range(new.height))
                frames.append(self._finished(writer))
        return min(frames, key=lambda frame: len(frame.text), default=None)

    def _finished(self, writer: DiffWriter) -> _Frame:
        text = writer.end(self._parser.line, self._parser.column, keeps_style=True)
        return _Frame(text, writer.is_below_first_row, writer.modes)

    def _diff_writer(self) -> DiffWriter:
        return DiffWriter(self._styles, erases_in_color=self._erases_in_color, modes=self._modes)

    def _note_sent(self) -> None:
        screen = self._parser.screen
        self._cursor = self._parser.line, self._parser.column
        if self._styles.full:
            self._renumber()
        shown = self._shown
        if shown is None:
            shown = self._shown = CellBuffer(screen.width, screen.height)
        for line, row in enumerate(screen.rows):
            if shown.rows[line] != row:
                shown.rows[line] = row.copy()

    def _renumber(self) -> None:
        screen, styles = self._parser.screen, Styles()
        for row in screen.rows:
            row.styles = [styles.number(self._styles[style]) for style in row.styles]
        self._styles, self._shown = styles, None
        self._parser.begin(screen, styles)


def _min_bytes(new: CellBuffer, changes: Mapping[int, Sequence[int]]) -> int:
    """Return the bytes that the difference takes at least without scrolling: the characters."""
    return sum(
        sum(new.rows[line].texts[column] != BLANK for column in columns)
        for line, columns in changes.items()
    )


class LiveRenderer:
    """Draw each frame of the app as soon as the terminal keeps up.

    All methods but `write` and `reply_received` run on the thread of the event loop.
    """

    def __init__(
        self,
        send: Callable[[str], None],
        environ: Mapping[str, str],
        on_reply: Callable[[float], None] | None = None,
        is_slow: Callable[[], bool] = lambda: False,
        is_drained: Callable[[], bool] = lambda: True,
    ) -> None:
        """`send` writes to the terminal that `environ` describes.

        `on_reply` is called with the seconds that each reply took. `is_slow` returns whether the
        connection is known to be slow, `is_drained` whether everything sent is written.
        """
        self.is_enabled = is_enabled(environ)
        """Whether frames are drawn; otherwise what Textual writes is sent as it is."""
        self._send = send
        self._on_reply = on_reply
        self._is_slow = is_slow
        self._is_drained = is_drained
        self._loop = asyncio.get_running_loop()
        self._thread = get_ident()
        self._next: asyncio.Handle | None = None
        self._is_open = False
        self._has_drawn = False
        """Whether there was ever anything to draw."""
        self._replied = Event()
        self._on_shown: Callable[[float], None] | None = None
        """What to call when the terminal shows what was drawn at the time of the request."""
        self._since: float | None = None
        """The time before which no query counts; None if no query is to be sent."""
        self._query: int | None = None
        """The number of the query behind what was drawn; None unless a reply to it is pending."""
        self._requested_at = 0.0
        self._drained_at: float | None = None
        self._watch: asyncio.Handle | None = None
        self._flow_control = FlowControl(Multiplexer.of(environ))
        self._renderer = Renderer(
            send,
            size=(0, 0),
            erases_in_color=erases_in_color(environ),
            flow_control=self._flow_control,
        )

    @property
    def expects_replies(self) -> bool:
        """Return whether the terminal owes a reply, even after a timeout."""
        flow = self._flow_control
        return flow.is_waiting or flow.is_mute or flow.is_owed

    @property
    def is_behind(self) -> bool:
        """Return whether something drawn is not sent yet."""
        return self._next is not None

    def write(self, written: str, size: tuple[int, int]) -> None:
        """Take in what Textual writes for a terminal of so many columns and rows."""
        if not self.is_enabled:
            self._send(written)
            return
        if get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self.write, written, size)
            return
        self._renderer.resize(*size)
        is_drawn = self._renderer.write(written)
        self._has_drawn |= is_drawn
        if not self._has_drawn:
            return  # the splash screen stays until then
        if not self._is_open or isinstance(self._next, asyncio.TimerHandle):
            return  # a delayed frame includes what is written meanwhile
        if is_drawn:
            self._draw()  # a key waits for it
        elif self._next is None:  # more sequences that set up the terminal may follow
            self._next = self._loop.call_soon(self._draw)

    def hold(self) -> None:
        """Draw nothing until `release`, or for `MAX_HOLD`."""
        self._next = self._loop.call_later(MAX_HOLD, self._draw)

    def release(self) -> None:
        """Draw what was held back."""
        if self._is_open and self.is_behind:
            self._draw()

    def redraw(self) -> None:
        """Send the whole screen again."""
        self._renderer.invalidate()
        if self._is_open:
            self._draw()

    def reply_received(self, at: float) -> None:
        """Take a reply of the terminal, on any thread.

        `at` is when it was read, since a busy loop is not a delay of the connection.
        """
        self._replied.set()
        self._loop.call_soon_threadsafe(self._take_reply, at)

    def begin(self) -> None:
        """Start to draw: the terminal belongs to the program."""
        self._is_open = self.is_enabled
        self._flow_control.begin()
        self._renderer.invalidate()

    def assume(self, screen: CellBuffer, styles: Styles) -> None:
        """Take for granted that the terminal shows this screen."""
        self._renderer.assume(screen, styles)

    def end(self) -> None:
        """Stop drawing before the terminal is released.

        Wait for a pending reply, at most `MAX_END_WAIT`, which the shell would take for input.
        """
        self._cancel()
        self._is_open = False
        if left := self._flow_control.time_left(self._loop.time()):
            self._replied.wait(min(left, MAX_END_WAIT))
        self._replied.clear()
        self._flow_control.begin()

    def _take_reply(self, at: float) -> None:
        self._replied.clear()
        seconds = self._flow_control.reply_received(at)
        if seconds is not None and self._on_reply is not None:
            self._on_reply(seconds)
        self._report_if_replied(at)
        if self._is_open:
            self._draw()

    def _draw(self) -> None:
        self._cancel()
        self._flow_control.is_slow = self._is_slow()
        since = self._since
        delay = self._renderer.draw(self._loop.time(), query_since=since)
        if delay:
            self._next = self._loop.call_later(delay, self._draw)
        elif since is not None and self._flow_control.ends_in_query(since):
            self._query, self._since = self._flow_control.queries, None
            self._report_if_replied(self._loop.time())

    def _cancel(self) -> None:
        if self._next is not None:
            self._next.cancel()
            self._next = None

    # -- when the terminal shows what was drawn ----------------------------------------------------

    def when_shown(self, on_shown: Callable[[float], None], since: float = 0.0) -> None:
        """Call `on_shown` once with the time since when all that is drawn by now is shown.

        Replies to queries from before `since` do not count. Times are in seconds of the loop's
        clock. A later request replaces this one.
        """
        self._stop_watching()
        self._on_shown, self._drained_at = on_shown, None
        self._watch = self._loop.call_soon(self._check_shown)
        self._request(since)

    def _request(self, since: float) -> None:
        self._since, self._query, self._requested_at = since, None, self._loop.time()
        if self._is_open:
            self._draw()

    def _acknowledges(self, now: float) -> bool:
        """Return whether the user's terminal replies, and not a multiplexer in its place."""
        return self.is_enabled and self._flow_control.acknowledges(now)

    def _report_if_replied(self, at: float) -> None:
        if self._query is not None and self._flow_control.replies >= self._query:
            self._query = None
            if self._acknowledges(self._loop.time()):
                self._report(at)

    def _check_shown(self) -> None:
        """Request again if a reply is lost; without replies, wait until everything is written."""
        self._watch = self._loop.call_later(_SHOWN_POLL_SECONDS, self._check_shown)
        now, flow = self._loop.time(), self._flow_control
        if self._acknowledges(now):
            self._drained_at = None
            if now - self._requested_at >= STALLED_AFTER or flow.is_lost(now):
                flow.forget_owed()
                self._request(now)
        elif self.is_behind or not self._is_drained():
            self._drained_at = None
        elif self._drained_at is None:
            self._drained_at = flow.free_at(now)
        elif now >= self._drained_at + UNACKNOWLEDGED:
            self._report(self._drained_at + UNACKNOWLEDGED)

    def _report(self, at: float) -> None:
        on_shown = self._on_shown
        self._stop_watching()
        if on_shown is not None:
            on_shown(at)

    def _stop_watching(self) -> None:
        self._on_shown = self._since = self._query = None
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
