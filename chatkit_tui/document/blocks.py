"""Blocks: what an item consists of before it has a width.

`render.layout` turns blocks into lines and sanitizes the untrusted text in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from chatkit_tui.document.spans import DIM, Inline, Line, Span, Style


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, wrapped between words. A "\\n" inside a span's text is a line break."""

    spans: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose line breaks and spaces count; a line that is too long is folded, never cut."""

    lines: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of running text. The first row is the header when `header` is set."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    align: tuple[str, ...] = ()
    """`left`, `center` or `right` for each column; missing ones are left."""
    header: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty line; several in a row are drawn as one, those at an item's edges not at all."""


@dataclass(frozen=True, slots=True)
class Indented:
    """Blocks behind a prefix: list items, quotes, outlines.

    `first` stands before the first line, `rest` before the others; both are equally wide.
    """

    blocks: tuple[Block, ...]
    first: Span
    rest: Span


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that are shown in part until they are opened.

    Closed, the first `limit` lines are shown and one line that says how many more there are;
    something that needs no more than `limit` + 1 lines is never folded.
    """

    blocks: tuple[Block, ...]
    limit: int = 8
    style: Style = field(default=DIM)
    rest: str = ""
    """Showable words for what is folded away, where they say more than the number of lines."""


class Picture(Protocol):
    """Something that draws itself in cells. The same width gives the same lines every time."""

    def draw(self, width: int, *, open: bool, plain: bool) -> tuple[list[Line], int, int]:  # noqa: A002
        """Lines of at most `width` cells, how many folds there are in them, how many of these are
        closed. `open` and `plain` are those of `layout.lay_out`."""

    def words(self) -> Iterable[tuple[Span, ...]]:
        """Each piece of its text once, folded ones included."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture among other blocks."""

    picture: Picture


Block: TypeAlias = Paragraph | Preformatted | Table | Rule | Blank | Indented | Fold | Drawn
