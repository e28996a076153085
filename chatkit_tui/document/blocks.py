"""Blocks: what an item consists of before it has a width.

`render.layout` turns blocks into lines and sanitizes the untrusted text in them. They are named
tuples, since data classes take several times as long to define when the program starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from chatkit_tui.document.spans import (
    DIM,
    PLAIN,
    Inline,
    Line,
    Span,
    Style,
    SymbolSpan,
    text_spans,
)
from chatkit_tui.text.sanitize import Untrusted

if TYPE_CHECKING:
    from chatkit_tui.models.widgets import WidgetNode


class Paragraph(NamedTuple):
    """Running text, wrapped between words. A "\\n" inside a span's text is a line break."""

    spans: tuple[Inline, ...]


class Preformatted(NamedTuple):
    """Text whose line breaks and spaces count; a line that is too long is folded, never cut."""

    lines: tuple[tuple[Inline, ...], ...]
    is_code: bool = False
    """Whether lines are folded after a space, with a mark before the rest."""


class Code(NamedTuple):
    """Code in a language by any name that Pygments knows; "" for none."""

    text: Untrusted
    language: str = ""

    def lines(self) -> list[str]:
        """Return its lines unchanged, without line breaks at the end."""
        return self.text.unsafe.replace("\r\n", "\n").rstrip("\n").split("\n")


class Table(NamedTuple):
    """Cells of running text. The first row is the header if `header` is set."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    align: tuple[str, ...] = ()
    """`left`, `center` or `right` for each column; by default left."""
    header: bool = True


class Rule(NamedTuple):
    """A horizontal line."""


class Blank(NamedTuple):
    """An empty line; several in a row are drawn as one, and none at the edges of an item."""


class Indented(NamedTuple):
    """Blocks behind a prefix: list items, quotes, outlines.

    The first line has the prefix `first`, the others `rest`; both are equally wide.
    """

    blocks: tuple[Block, ...]
    first: Inline
    rest: Span | SymbolSpan


class Fold(NamedTuple):
    """Blocks that are shown in part until the user opens them.

    A closed fold shows its first `limit` lines and one line with the number of the others.
    Blocks of at most `limit` + 1 lines are never folded.
    """

    blocks: Iterable[Block]
    """The blocks, which can be iterated over several times."""
    limit: int = 8
    rest: Span | SymbolSpan | None = None
    """What a closed fold shows instead of the number of lines."""


class DeferredBlocks:
    """Blocks that are made again for each iteration: few of those in a closed fold are needed."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[], Iterable[Block]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Block]:
        return iter(self._make())


class Widget(NamedTuple):
    """A tree of components with untrusted texts."""

    root: WidgetNode


class Picture(Protocol):
    """Something that draws itself in cells. The same width gives the same lines every time."""

    def draw(
        self,
        width: int,
        *,
        open: bool,  # noqa: A002 - the word for it
        plain: bool,
        copy: bool,
    ) -> tuple[list[Line], int]:
        """Return lines of at most `width` cells, and the number of closed folds in them.

        The other arguments are those of `layout.arrange`.
        """

    def texts(self) -> Iterable[Sequence[Inline]]:
        """Yield each piece of its text once, including folded ones."""


class Drawn(NamedTuple):
    """A picture among other blocks."""

    picture: Picture


Block: TypeAlias = (
    Paragraph | Preformatted | Code | Table | Rule | Blank | Indented | Fold | Widget | Drawn
)


def text_block(text: str, style: Style = PLAIN) -> Paragraph:
    """Return text of a source as running text with its line breaks, web addresses as links."""
    return Paragraph(text_spans(text, style, breaks=True, links="inside"))


def note(text: str) -> Paragraph:
    """Return words of the program that are secondary."""
    return Paragraph((Span(text, DIM),))


def indented(*blocks: Block, by: int = 2) -> Indented:
    """Return blocks indented by a number of spaces."""
    gutter = Span(" " * by, DIM)
    return Indented(blocks, gutter, gutter)
