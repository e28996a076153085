"""Drawn items, kept while there is room for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sized
from typing import Any, Generic, Protocol, TypeVar


class Lined(Protocol):
    """Something that takes room by its lines."""

    @property
    def lines(self) -> Sized:
        """Its lines."""


Drawn = TypeVar("Drawn", bound=Lined)


class RenderedCache(Generic[Drawn]):
    """What was drawn last, under an item's id and a stamp that says how it was drawn.

    The least recently used ones go when there are more than `capacity` lines; the `least` that
    were used last stay, however long they are. So one item that is longer than the capacity and
    those around it in the window do not take turns to be drawn again.
    """

    def __init__(self, capacity: int = 10_000, least: int = 1) -> None:
        self.capacity = capacity
        self.least = least
        self.lines = 0
        """How many lines are kept."""
        self._kept: OrderedDict[str, tuple[Hashable, Drawn]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: str, stamp: Hashable) -> Drawn | None:
        """What was drawn for an item; None when that was never, too long ago or otherwise."""
        found = self._kept.get(key)
        if found is None or found[0] != stamp:
            return None
        self._kept.move_to_end(key)
        return found[1]

    def last(self, key: str) -> tuple[Any, Drawn] | None:
        """What was drawn for an item, however it was, and its stamp; None when that is not kept."""
        return self._kept.get(key)

    def put(self, key: str, stamp: Hashable, drawn: Drawn) -> None:
        """Keep what was drawn, in place of what was drawn before for the same item."""
        self.forget(key)
        self._kept[key] = (stamp, drawn)
        self.lines += len(drawn.lines)
        while self.lines > self.capacity and len(self._kept) > self.least:
            self.forget(next(iter(self._kept)))

    def forget(self, key: str) -> None:
        """Keep an item no longer, if it was kept."""
        found = self._kept.pop(key, None)
        if found is not None:
            self.lines -= len(found[1].lines)

    def clear(self) -> None:
        """Keep nothing."""
        self._kept.clear()
        self.lines = 0
