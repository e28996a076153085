"""An ordered, growing list behind cursors: both ends are one request away, however long it is."""

from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.feed.loaded_rows import Growth
from chatkit_tui.feed.page_requests import Fetch
from chatkit_tui.feed.row_view import GAP, LoadedCopy, RowChanges, RowView
from chatkit_tui.sources.base import Order

__all__ = [
    "GAP",
    "Feed",
    "Fetch",
    "Growth",
    "LoadedCopy",
    "Order",
    "RowChanges",
    "RowView",
    "Side",
]
