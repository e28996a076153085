"""A line of the screen with parts at its left and at its right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.document.spans import Span
from chatkit_tui.text.width import cells
from chatkit_tui.ui.styled_lines import spread
from chatkit_tui.ui.theme import strip_of


class OneLine(Widget):
    """A line that redraws only the cells that change, and never causes a layout.

    If there is not enough room, the left parts are shortened.
    """

    DEFAULT_CSS = """
    OneLine { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._left: tuple[Span, ...] = ()
        self._right: tuple[Span, ...] = ()

    def show(self, left: Sequence[Span], right: Sequence[Span] = ()) -> None:
        """Replace the parts."""
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
            else:  # there is no layout yet, or the same cells are in different parts
                self.refresh()

    @property
    def words(self) -> str:
        """The text, without the space between left and right."""
        return " ".join("".join(text for text, _ in part) for part in (self._left, self._right))

    def render_line(self, y: int) -> Strip:
        return strip_of(self, [] if y else spread(self._left, self._right, self.size.width))


def _common(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Return the cells of the parts that two lines have in common at their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(cells(part[0]) for part, _ in same)
