"""Boxes: what a widget is laid out with. Each knows how wide it wants to be and draws itself.

Layout engines of the web's kind have bindings for Python (Yoga's, Taffy's). They are compiled for
each platform, place rectangles in fractions of a cell, and where the room runs out they let
things overlap or run over the edge. Here the room runs out often, and then parts must wrap and
stack with every word kept. So the few rules of rows and columns stand here, in whole cells:
a box is measured once, when it is made, and drawn once, at the width that it is given.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from chatkit_tui.document.spans import DIM, PLAIN, Line, Span
from chatkit_tui.text.width import cells

ROOM: Final = 12
"""Cells that frames, bars and padding leave to what is inside, as long as there are as many."""

MAX_NESTED: Final = 6
"""Frames, bars and paddings inside one another; what is nested deeper is drawn without its own."""

LONGEST_RULE: Final = 300
"""Cells of the longest rule and the widest frame: text that is copied is drawn without a width to
speak of."""


class Sheet:
    """What one drawing is made on: the reader's side, and the folds met so far."""

    __slots__ = ("closed", "copy", "folds", "nested", "open", "plain")

    def __init__(
        self,
        *,
        open: bool = False,  # noqa: A002 - as in layout
        plain: bool = False,
        copy: bool = False,
    ) -> None:
        self.open = open
        """Whether what is folded or cut is shown in full."""
        self.plain = plain
        """Whether the program's own symbols are ASCII."""
        self.copy = copy
        """Whether the text leaves the terminal (`safe_spans`)."""
        self.folds = 0
        """How many things have more than they show when closed."""
        self.closed = 0
        """How many of them are closed in what was drawn."""
        self.nested = 0
        """How many frames, bars and paddings are around what is being drawn."""

    def fold(self) -> bool:
        """Count something that has more than it shows; whether it is closed."""
        self.folds += 1
        self.closed += not self.open
        return not self.open


class Box(ABC):
    """A part of a widget that takes a rectangle of cells."""

    __slots__ = ("air", "flex", "least", "most", "natural", "share", "tight")

    stretches = False
    """Whether its one line is repeated to the height of its row."""

    def __init__(self, least: int, natural: int) -> None:
        self.least = max(1, min(least, natural))
        """Cells below which it looks poor: its neighbours rather go to another line."""
        self.natural = max(1, natural)
        """Cells that it takes when nothing in it has to be broken."""
        self.tight = self.natural
        """Cells that it takes when notes stand below what they belong to, and nothing is broken."""
        self.most: int | None = None
        """Cells that it is never wider than; None: as wide as there is room."""
        self.share: float | None = None
        """The part of a row's width that it asks for, from 0 to 1."""
        self.air = False
        """Whether empty lines part it from what is above and below it in a column."""
        self.flex = 0.0
        """Its part of what is left over in a row; 0 takes nothing."""

    @abstractmethod
    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """Its lines, each at most `width` cells (1 or more), with every word at any width."""

    def parts(self) -> Sequence[Box]:
        """The boxes inside it."""
        return ()

    def words(self) -> Iterable[tuple[Span, ...]]:
        """Its own words, those of its parts left out; a tuple for each piece of text."""
        return ()

    def limited(self, width: int) -> int:
        """The width that it draws at where there are `width` cells."""
        return width if self.most is None else max(1, min(width, self.most))


class Picture:
    """A box as what `blocks.Drawn` holds."""

    __slots__ = ("_box",)

    def __init__(self, box: Box) -> None:
        self._box = box

    def draw(
        self,
        width: int,
        *,
        open: bool,  # noqa: A002
        plain: bool,
        copy: bool = False,
    ) -> tuple[list[Line], int, int]:
        """Lines, how many folds there are in them, and how many of these are closed."""
        sheet = Sheet(open=open, plain=plain, copy=copy)
        lines = self._box.draw(self._box.limited(min(width, LONGEST_RULE)), sheet)
        return lines, sheet.folds, sheet.closed

    def words(self) -> Iterator[tuple[Span, ...]]:
        """Each piece of text in the order of the tree, folded ones included."""
        waiting = [self._box]
        while waiting:
            box = waiting.pop()
            yield from box.words()
            waiting.extend(reversed(box.parts()))


def rule_line(width: int, sheet: Sheet) -> Line:
    """A rule across."""
    return (Span(("-" if sheet.plain else "─") * min(width, LONGEST_RULE), DIM),)


def line_width(line: Line) -> int:
    """The cells that a line takes."""
    if len(line) == 1:
        return cells(line[0].text)
    return sum([cells(span.text) for span in line])


def block_width(lines: Iterable[Line]) -> int:
    """The cells of the widest line."""
    return max(map(line_width, lines), default=0)


def shifted(lines: list[Line], by: int) -> list[Line]:
    """Lines moved to the right; empty ones stay empty."""
    if by <= 0:
        return lines
    space = Span(" " * by, PLAIN)
    return [(space, *line) if line else line for line in lines]
