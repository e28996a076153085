"""Rows with given heights."""

from __future__ import annotations

from chatkit_tui.feed import GAP
from chatkit_tui.ui.transcript.viewport import Viewport


class RowList:
    """Rows named by letters or numbers, each with a height; `GAP` may be one of them."""

    def __init__(self, heights: dict[str, int]) -> None:
        self.heights = heights
        self.drawn: set[str] = set()

    def __len__(self) -> int:
        return len(self.heights)

    def key(self, index: int) -> str:
        return list(self.heights)[index]

    def index(self, key: str) -> int | None:
        keys = list(self.heights)
        return keys.index(key) if key in self.heights else None

    @property
    def gap(self) -> int | None:
        return self.index(GAP)

    def lines_of(self, index: int) -> int:
        self.drawn.add(self.key(index))
        return self.heights[self.key(index)]

    def lines(self) -> list[tuple[str, int]]:
        """Return key and line of all lines."""
        return [(key, line) for key, count in self.heights.items() for line in range(count)]


def shown(viewport: Viewport) -> list[tuple[str, int]]:
    """Return key and line of each line of the window."""
    return [(viewport.rows.key(row), line) for row, line in viewport.window()]
