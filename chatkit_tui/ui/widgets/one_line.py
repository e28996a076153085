"""A line of the screen with something at its left and something at its right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.text.width import cells
from chatkit_tui.ui.parts import Part, spread
from chatkit_tui.ui.theme import strip_of


class OneLine(Widget):
    """One line of which only what changes is drawn again. It never causes a layout.

    The right part keeps its room; the left one is shortened.
    """

    DEFAULT_CSS = """
    OneLine { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()

    def show(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Say something else. Nothing is drawn when it is the same."""
        new = tuple(left), tuple(right)
        if new != (self._left, self._right):
            width = self.size.width
            before = spread(self._left, self._right, width)
            self._left, self._right = new
            after = spread(*new, width)
            start = _common(before, after)
            end = width - _common(before[::-1], after[::-1])
            if start < end:
                self.refresh(Region(start, 0, end - start, 1))
            else:  # nothing is laid out yet, or the same cells are parted otherwise
                self.refresh()

    @property
    def words(self) -> str:
        """What is said, left and right, without the space between."""
        return " ".join("".join(text for text, _ in part) for part in (self._left, self._right))

    def render_line(self, y: int) -> Strip:
        """The line, as wide as the widget."""
        return strip_of(self, [] if y else spread(self._left, self._right, self.size.width))


def _common(one: Sequence[Part], other: Sequence[Part]) -> int:
    """The cells of the parts that two lines begin with alike."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(cells(part[0]) for part, _ in same)
