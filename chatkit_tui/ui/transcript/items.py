"""The items of a transcript as they are drawn now: folded or open, as words or as JSON."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from chatkit_tui.render.context import Context
from chatkit_tui.ui.background_work import freeze_garbage
from chatkit_tui.ui.transcript.item_renderer import LARGE, DrawnItem, DrawOptions, draw, stand_in
from chatkit_tui.ui.transcript.rendered_cache import RenderedCache
from chatkit_tui.ui.transcript.rows import TranscriptRows

if TYPE_CHECKING:
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Entry

IN_VIEW: Final = 32
"""Items that are kept whatever their length: as many as a window has room for."""

DrawApart: TypeAlias = (
    "Callable[[Entry[Item], DrawOptions, Entry[Item] | None, Hashable], DrawnItem | None]"
)
"""Has an item drawn in a thread; gives it, or None and hands it to `TranscriptItems.take` later,
with the stamp that came with it."""


class TranscriptItems:
    """Draws items when they are looked at, and keeps them while there is room.

    Nothing is kept for an item but its lines, and those are forgotten in time; what the reader
    opened or turned to JSON is remembered by its key.
    """

    def __init__(self, rows: TranscriptRows, context: Context, draw_apart: DrawApart) -> None:
        self.rows = rows
        self._draw_apart = draw_apart
        self._manner = DrawOptions(80, context)
        self._cache: RenderedCache[DrawnItem] = RenderedCache(least=IN_VIEW)
        self._open_by_default: bool | None = None
        self._at_hand: dict[int, DrawnItem] = {}
        """Rows that were looked at since anything changed: a key looks at each of them often."""
        self._at_hand_of: object = None
        self._opened: dict[str, bool | None] = {}
        self._raw: set[str] = set()

    @property
    def context(self) -> Context:
        """The reader's clock, zone and signs."""
        return self._manner.context

    @property
    def width(self) -> int:
        """Cells that an item may take."""
        return self._manner.width

    def set_manner(self, *, width: int | None = None, context: Context | None = None) -> bool:
        """Draw in another width or context from now on; False when nothing changes by that."""
        manner = replace(
            self._manner, width=width or self.width, context=context or self._manner.context
        )
        if manner == self._manner:
            return False
        if width not in {None, self.width}:
            self._cache.clear()
        self._manner = manner
        self._at_hand.clear()
        return True

    def drawn(self, row: int) -> DrawnItem:
        """The item of a row as lines; at least one."""
        rows = self.rows, self.rows.feed.revision
        if rows != self._at_hand_of:
            self._at_hand_of, self._at_hand = rows, {}
        drawn = self._at_hand.get(row)
        if drawn is None:
            drawn = self._drawn(row)
            if len(self._at_hand) >= IN_VIEW:  # the cache has to learn what is used, too
                self._at_hand.clear()
            if not drawn.pending:
                self._at_hand[row] = drawn
        return drawn

    def _drawn(self, row: int) -> DrawnItem:
        entry = self.rows.entry(row)
        previous = self._previous(row)
        manner = self._manner_of(entry.key)
        versions = self.rows.feed.versions
        before = previous.key if previous else ""
        stamp = (manner, before, versions.get(entry.key), versions.get(before))
        drawn = self._cache.get(entry.key, stamp)
        if drawn is None:
            if _is_large(entry, previous):
                drawn = self._draw_apart(entry, manner, previous, stamp)
                drawn = drawn or self._as_before(entry, manner)
            else:
                drawn = draw(entry, manner, previous)
                freeze_garbage("drawing an item")
            self._cache.put(entry.key, stamp, drawn)
        return drawn

    def _as_before(self, entry: Entry[Item], manner: DrawOptions) -> DrawnItem:
        """What is shown of a large item until a thread has drawn it: what was shown, if it was
        shown in the same form, so that what is read stays where it is."""
        known = self._cache.last(entry.key)
        if known is None:
            return stand_in(entry)
        (other, *_), drawn = known
        same_form = (other.width, other.raw, other.open) == (manner.width, manner.raw, manner.open)
        return drawn._replace(pending=True) if same_form else stand_in(entry)

    def is_large(self, row: int) -> bool:
        """Whether the item of a row is drawn in a thread, and may not be there at once."""
        return _is_large(self.rows.entry(row), self._previous(row))

    def take(self, key: str, stamp: Hashable, drawn: DrawnItem) -> bool:
        """Take in what a thread has drawn; False when it is not wanted so any more."""
        waiting = self._cache.get(key, stamp)
        if waiting is None or not waiting.pending:
            return False
        self._cache.put(key, stamp, drawn)
        self._at_hand.clear()
        return True

    def _manner_of(self, key: str) -> DrawOptions:
        opened = self._opened.get(key, self._open_by_default)
        raw = key in self._raw
        if opened is None and not raw:
            return self._manner
        return replace(self._manner, open=opened, raw=raw)

    def _previous(self, row: int) -> Entry[Item] | None:
        """The item before in time; None for the first, and for one behind a gap."""
        before = row + 1 if self.rows.newest_first else row - 1
        if not 0 <= before < len(self.rows) or before == self.rows.gap:
            return None
        return self.rows.entry(before)

    # -- folds and JSON ----------------------------------------------------------------------------

    def is_open(self, key: str) -> bool:
        """Whether the folds of an item are open."""
        return self._opened.get(key, self._open_by_default) is True

    def is_raw(self, key: str) -> bool:
        """Whether an item is shown as JSON."""
        return key in self._raw

    def open(self, row: int) -> bool:
        """Open the folds of a row's item; False when there is nothing to open."""
        key = self.rows.key(row)
        if self.is_open(key) or not self.drawn(row).folded:
            return False
        self._opened[key] = True
        self._at_hand.clear()
        return True

    def toggle_fold(self, row: int) -> bool:
        """Open or close the folds of a row's item; False when it has none."""
        key = self.rows.key(row)
        if not self.is_open(key):
            return self.open(row)
        open_lines = self.drawn(row).lines
        self._opened[key] = None
        self._at_hand.clear()
        return self.drawn(row).lines != open_lines

    def set_all_open(self, *, is_open: bool) -> None:
        """Open all folds, or bring them all to what they are by default."""
        self._open_by_default = True if is_open else None
        self._opened.clear()
        self._at_hand.clear()

    def toggle_raw(self, row: int) -> bool:
        """Show a row's item as JSON, or again as what it says; always True."""
        self._raw.symmetric_difference_update({self.rows.key(row)})
        self._at_hand.clear()
        return True


def _is_large(entry: Entry[Item], previous: Entry[Item] | None) -> bool:
    return max(entry.size, previous.size if previous else 0) >= LARGE
