"""What an item is made of before it has a width.

`render.layout` turns blocks into lines. All text in a block is showable already: whoever makes a
`Span` of foreign text sends it through `text.visible` first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from chatkit_tui.render.lines import DIM, Span, Style


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, wrapped between words. A "\\n" inside a span's text is a line break."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose line breaks and spaces count; a line that is too long is folded, never cut."""

    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of running text. The first row is the header when `header` is set."""

    rows: tuple[tuple[tuple[Span, ...], ...], ...]
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


Block: TypeAlias = Paragraph | Preformatted | Table | Rule | Blank | Indented | Fold
