"""A line of the screen with something at its left and something at its right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.text.width import cells, shorten

Part: TypeAlias = tuple[str, str]
"""Showable text, and what it is: `plain`, `dim`, `strong`, `good`, `busy`, `bad`, `chip`, `key`."""


class OneLine(Widget):
    """One line that is drawn again only when what it says changes. It never causes a layout.

    The right part keeps its room; the left one is shortened.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "one-line--dim",
        "one-line--strong",
        "one-line--good",
        "one-line--busy",
        "one-line--bad",
        "one-line--chip",
        "one-line--key",
    }

    DEFAULT_CSS = """
    OneLine {
        height: 1;
        width: 1fr;
        & > .one-line--dim { text-style: dim; }
        & > .one-line--strong { text-style: bold; }
        & > .one-line--good { color: $success; }
        & > .one-line--busy { color: $warning; }
        & > .one-line--bad { color: $error; text-style: bold; }
        & > .one-line--chip { text-style: reverse bold; }
        & > .one-line--key { text-style: bold; color: $primary; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()

    def show(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Say something else. Nothing is drawn when it is the same."""
        new = tuple(left), tuple(right)
        if new != (self._left, self._right):
            self._left, self._right = new
            self.refresh()

    @property
    def words(self) -> str:
        """What is said, left and right, without the space between."""
        return " ".join("".join(text for text, _ in part) for part in (self._left, self._right))

    def render_line(self, y: int) -> Strip:
        """The line, as wide as the widget."""
        width = self.size.width
        if y:
            return Strip.blank(width, self.rich_style)
        right = fit(self._right, width)
        taken = sum(cells(text) for text, _ in right)
        room = max(0, width - taken - (1 if taken else 0))
        left = fit(self._left, room)
        space = width - taken - sum(cells(text) for text, _ in left)
        segments = [self._segment(part) for part in left]
        segments.append(Segment(" " * space, None))
        segments += [self._segment(part) for part in right]
        return Strip(segments, width).apply_style(self.rich_style)

    def _segment(self, part: Part) -> Segment:
        text, what = part
        if what == "plain":
            return Segment(text, None)
        return Segment(text, self.get_component_rich_style(f"one-line--{what}", partial=True))


def fit(parts: Sequence[Part], width: int) -> list[Part]:
    """As many of the parts as have room, the last one shortened."""
    kept: list[Part] = []
    room = width
    for text, what in parts:
        size = cells(text)
        if size > room:
            if room > 1 and (short := shorten(text, room)):
                kept.append((short, what))
            break
        kept.append((text, what))
        room -= size
    return kept
