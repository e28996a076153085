"""Items of the feed as lines: rendered, cached, or rendered in a thread when they are large."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.document.spans import DIM, Line, Role, Span, Style
from chatkit_tui.render import RenderContext
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.background_work import freeze_garbage, pause_gc
from chatkit_tui.ui.transcript.status_text import paragraph_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatkit_tui.feed import Feed, RowView
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.models.timestamps import Timestamp

LARGE: Final = 8 * 1024
"""Bytes of JSON from which on an item is rendered in a thread. A shorter item takes at most 40 ms,
when all of it is nesting or hidden characters."""
CACHED_LINES: Final = 10_000
IN_VIEW: Final = 32
"""Items that stay cached at any length: as many as fit into a window."""
WAIT: Final = 0.015
"""Seconds to wait for an item that a thread renders: most are ready, and would only flicker."""
WAIT_INTERVAL: Final = 0.1
"""Seconds after such a wait in which no other item is waited for."""


class DrawOptions(NamedTuple):
    """How to render an item."""

    width: int
    """Cells."""
    context: RenderContext
    open: bool | None = None
    """Whether folds are open; None for the default of each fold."""
    raw: bool = False
    """Whether to show the JSON of the item."""


class Neighbors(NamedTuple):
    """The times of the items around an item, which its header refers to."""

    previous: Timestamp | None = None
    """Of the item before it; None for the first item, behind a gap, and if it is unknown."""
    above: Timestamp | None = None
    """Of the item above it on the screen; likewise."""


class DrawnItem(NamedTuple):
    """An item as lines. The last line is blank and separates the item from the next."""

    lines: tuple[Line, ...]
    head: int = 0
    """How many lines from the top are the head, which find does not search."""
    folded: bool = False
    """Whether opening the item would show more."""
    role: Role = "dim"
    """The role whose color the bar beside the item has."""
    pending: bool = False
    """Whether this is a placeholder until a thread has rendered the item."""


# -- one item --------------------------------------------------------------------------------------


def draw(entry: RawRow, options: DrawOptions, neighbors: Neighbors) -> DrawnItem:
    """Render an item. An error becomes a card."""
    from chatkit_tui.render.items import render_item

    try:
        drawn = render_item(
            read(entry),
            options.width,
            options.context,
            open=options.open,
            raw=options.raw,
            previous=neighbors.previous,
            above=neighbors.above,
        )
    except Exception as error:  # noqa: BLE001 - one bad item must not stop the screen
        return _error_card(entry, options, error)
    return DrawnItem((*drawn.lines, ()), drawn.head, drawn.folded, drawn.role)


def read(entry: RawRow) -> Item:
    """Return an item's model; an outline of an item that is too large to render."""
    from chatkit_tui.document.from_item import LARGEST
    from chatkit_tui.models.items import read_item, read_outline

    if entry.size > LARGEST:
        return read_outline(entry.raw, zone=entry.page.zone)
    return read_item(entry)


def _error_card(entry: RawRow, options: DrawOptions, error: Exception) -> DrawnItem:
    reason = sanitize(f"{type(error).__name__}: {error}"[:500])
    texts = (
        Span("! this item could not be drawn", Style("bad", bold=True)),
        Span(reason),
        Span(f"{sanitize(entry.name)}{ui_text(' · ')}copy its JSON to look into it", DIM),
    )
    lines = paragraph_lines(texts, options.width, plain=options.context.plain)
    return DrawnItem((*lines, ()), head=len(lines), role="bad")


def _placeholder(entry: RawRow) -> DrawnItem:
    return DrawnItem(((Span(f"drawing {size_text(entry.size)}", DIM),), ()), head=1, pending=True)


def size_text(size: int) -> str:
    """Return a number of bytes in KB or MB."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1000 * 1024 else f"{size / 1024:.0f} KB"


# -- large items, in a thread ----------------------------------------------------------------------

DrawLarge: TypeAlias = "Callable[[RawRow, DrawOptions, Neighbors, Hashable], DrawnItem | None]"
"""Renders an item in a thread. Returns it, or None if it comes later through `RenderedItems.take`,
with the stamp of the request."""


class BackgroundRenderer:
    """Renders large items in threads, and posts `Drawn` to a widget for those that take long."""

    @dataclass(eq=False, repr=False)
    class Drawn(Message, namespace="background_renderer"):
        """An item was rendered."""

        key: str
        stamp: Hashable
        """The options and the version of the item."""
        drawn: DrawnItem

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._threads = ThreadPoolExecutor(2, "draw")
        self._waited_at = 0.0

    def draw(
        self,
        entry: RawRow,
        options: DrawOptions,
        neighbors: Neighbors,
        stamp: Hashable,
    ) -> DrawnItem | None:
        """Return the item if a thread renders it at once; else None, and post it later."""
        drawing = self._threads.submit(
            copy_context().run, _draw_in_thread, entry, options, neighbors
        )
        if perf_counter() - self._waited_at > WAIT_INTERVAL:
            with suppress(TimeoutError):
                return drawing.result(WAIT)
            self._waited_at = perf_counter()
        post = partial(self._post, drawing, entry.key, stamp)
        _worker: Worker[None] = self._widget.run_worker(post, group="draw")
        return None

    async def _post(self, drawing: Future[DrawnItem], key: str, stamp: Hashable) -> None:
        drawn = await asyncio.wrap_future(drawing)
        self._widget.post_message(self.Drawn(key, stamp, drawn))

    def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _draw_in_thread(entry: RawRow, options: DrawOptions, neighbors: Neighbors) -> DrawnItem:
    with pause_gc():
        return draw(entry, options, neighbors)


# -- all items -------------------------------------------------------------------------------------


class RenderedCache:
    """The items that were rendered last, each under its key with a stamp of how.

    The least recently used items go when there are more than `capacity` lines. The last `least`
    items stay at any length, so that an item longer than the capacity and its neighbors in the
    window do not evict each other with every frame.
    """

    def __init__(self, capacity: int = CACHED_LINES, least: int = 1) -> None:
        self.capacity = capacity
        self.least = least
        self.lines = 0
        """How many lines are cached."""
        self._items: OrderedDict[str, tuple[Any, DrawnItem]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: str, stamp: Hashable) -> DrawnItem | None:
        """Return an item that was rendered with this stamp, or None."""
        found = self._items.get(key)
        if found is None or found[0] != stamp:
            return None
        self._items.move_to_end(key)
        return found[1]

    def last(self, key: str) -> tuple[Any, DrawnItem] | None:
        """Return the stamp and the item as it was rendered last, or None."""
        return self._items.get(key)

    def put(self, key: str, stamp: Hashable, drawn: DrawnItem) -> None:
        """Add a rendered item in place of an earlier one."""
        self.forget(key)
        self._items[key] = (stamp, drawn)
        self.lines += len(drawn.lines)
        while self.lines > self.capacity and len(self._items) > self.least:
            self.forget(next(iter(self._items)))

    def forget(self, key: str) -> None:
        found = self._items.pop(key, None)
        if found is not None:
            self.lines -= len(found[1].lines)

    def clear(self) -> None:
        self._items.clear()
        self.lines = 0


class RenderedItems:
    """Renders the items of a transcript on demand and caches them.

    Remembers by key which items the user opened or turned to JSON.
    """

    def __init__(
        self,
        feed: Feed,
        rows: RowView,
        context: RenderContext,
        draw_large: DrawLarge,
    ) -> None:
        self.rows = rows
        self._feed = feed
        self._draw_large = draw_large
        self._options = DrawOptions(80, context)
        self._cache = RenderedCache(least=IN_VIEW)
        self._open_by_default: bool | None = None
        self._recent: dict[int, DrawnItem] = {}
        """Rows that were asked for since anything changed: a key asks for each of them often."""
        self._recent_of: object = None
        self._opened: dict[str, bool | None] = {}
        self._raw: set[str] = set()

    @property
    def context(self) -> RenderContext:
        """The clock, the zone and the symbols."""
        return self._options.context

    @property
    def width(self) -> int:
        return self._options.width

    def set_options(
        self, *, width: int | None = None, context: RenderContext | None = None
    ) -> bool:
        """Set the width or the context; return False if nothing changes."""
        options = self._options._replace(
            width=width or self.width, context=context or self._options.context
        )
        if options == self._options:
            return False
        if width not in {None, self.width}:
            self._cache.clear()
        self._options = options
        self._recent.clear()
        return True

    def drawn(self, row: int) -> DrawnItem:
        """Return the item of a row as lines, at least one."""
        rows = self.rows, self.rows.feed.revision
        if rows != self._recent_of:
            self._recent_of, self._recent = rows, {}
        drawn = self._recent.get(row)
        if drawn is None:
            drawn = self._drawn(row)
            if len(self._recent) >= IN_VIEW:  # the cache has to see what is used, too
                self._recent.clear()
            if not drawn.pending:
                self._recent[row] = drawn
        return drawn

    def _drawn(self, row: int) -> DrawnItem:
        entry = self.rows.entry(row)
        neighbors = self._neighbors(row)
        options = self._options_of(entry.key)
        stamp = (options, neighbors, self._feed.rows.versions.get(entry.key))
        drawn = self._cache.get(entry.key, stamp)
        if drawn is None:
            if entry.size >= LARGE:
                drawn = self._draw_large(entry, options, neighbors, stamp)
                drawn = drawn or self._until_drawn(entry, options)
            else:
                drawn = draw(entry, options, neighbors)
                freeze_garbage("drawing an item")
            self._cache.put(entry.key, stamp, drawn)
        return drawn

    def _until_drawn(self, entry: RawRow, options: DrawOptions) -> DrawnItem:
        """Return what a large item shows until a thread has rendered it.

        That is what it showed before if the form is the same, so that the text does not move.
        """
        known = self._cache.last(entry.key)
        if known is None:
            return _placeholder(entry)
        (other, *_), drawn = known
        same_form = other._replace(context=options.context) == options
        return drawn._replace(pending=True) if same_form else _placeholder(entry)

    def is_large(self, row: int) -> bool:
        """Return whether the item of a row is rendered in a thread."""
        return self.rows.entry(row).size >= LARGE

    def take(self, key: str, stamp: Hashable, drawn: DrawnItem) -> bool:
        """Take an item that a thread has rendered; return False if it is no longer wanted."""
        pending = self._cache.get(key, stamp)
        if pending is None or not pending.pending:
            return False
        self._cache.put(key, stamp, drawn)
        self._recent.clear()
        return True

    def _options_of(self, key: str) -> DrawOptions:
        opened = self._opened.get(key, self._open_by_default)
        raw = key in self._raw
        if opened is None and not raw:
            return self._options
        return self._options._replace(open=opened, raw=raw)

    def _neighbors(self, row: int) -> Neighbors:
        above = self._time(row - 1)
        return Neighbors(self._time(row + 1) if self.rows.newest_first else above, above)

    def _time(self, row: int) -> Timestamp | None:
        """Return the time of a row; None for the gap and beyond the ends."""
        if not 0 <= row < len(self.rows) or row == self.rows.gap:
            return None
        return self.rows.entry(row).time

    # -- folds and JSON ----------------------------------------------------------------------------

    def is_open(self, key: str) -> bool:
        """Return whether the folds of an item are open."""
        return self._opened.get(key, self._open_by_default) is True

    def open(self, row: int) -> bool:
        """Open the folds of a row's item; return False if it has none, or they are open."""
        key = self.rows.key(row)
        if self.is_open(key) or not self.drawn(row).folded:
            return False
        self._opened[key] = True
        self._recent.clear()
        return True

    def toggle_fold(self, row: int) -> bool:
        """Open or close the folds of a row's item; return False if it has none."""
        key = self.rows.key(row)
        if not self.is_open(key):
            return self.open(row)
        open_lines = self.drawn(row).lines
        self._opened[key] = None
        self._recent.clear()
        return self.drawn(row).lines != open_lines

    def set_all_open(self, *, is_open: bool) -> None:
        """Open all folds, or reset them to their defaults."""
        self._open_by_default = True if is_open else None
        self._opened.clear()
        self._recent.clear()

    def toggle_raw(self, row: int) -> bool:
        """Switch a row's item between JSON and its rendered form; always return True."""
        self._raw.symmetric_difference_update({self.rows.key(row)})
        self._recent.clear()
        return True
