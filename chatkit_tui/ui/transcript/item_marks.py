"""The marked items of an open thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.models.page import RawRow


class ItemMarks:
    """Which items are marked, by the keys of their rows.

    They are what copying and pipes take in place of the item under the cursor, and end when
    another thread is shown.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._keys: dict[str, None] = {}
        """In the order of marking."""

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    @property
    def last(self) -> str | None:
        """The key that was marked last."""
        return next(reversed(self._keys), None)

    def add(self, key: str) -> None:
        self._keys[key] = None

    def discard(self, key: str) -> None:
        self._keys.pop(key, None)

    def clear(self) -> None:
        self._keys.clear()

    def rows(self) -> list[RawRow]:
        """Return the marked items that are loaded, the oldest first."""
        return [row for row in self._feed.rows if row.key in self._keys] if self._keys else []
