"""An ordered, growing list behind cursors: both ends are one request away, however long it is."""

from chatkit_tui.feed.feed import Feed, Fetch, Growth, Order, Side
from chatkit_tui.feed.rows import Rows

__all__ = ["Feed", "Fetch", "Growth", "Order", "Rows", "Side"]
