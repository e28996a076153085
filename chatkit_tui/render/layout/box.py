"""Boxes: the measured parts that rows, frames and tables consist of.

Layout engines of the web's kind have bindings for Python (Yoga's, Taffy's). They are compiled for
each platform, place rectangles in fractions of a cell, and let content overflow where the width
runs out. A terminal is often too narrow, and then content must wrap and stack without losing a
word. A box is measured once, when it is made, and drawn in whole cells at the width it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal, TypeAlias

from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, PLAIN, Inline, Line, Span, line_text, untrusted
from chatkit_tui.text.width import cells, line_width, shorten, take
from chatkit_tui.text.wrap import wrap

ROOM: Final = 12
"""Cells that indentation, frames and padding leave to their content where the width allows it."""

MAX_NESTED: Final = 6
"""Frames and prefixes inside one another; deeper ones are drawn without their decoration."""

LONGEST_RULE: Final = 300
"""Cells of the longest rule and the widest frame: the clipboard lays text out without a limit."""

COMFORT: Final = 18
"""Cells that running text needs in a row before its neighbors move to another line."""
LONGEST_WORD: Final = 40
"""Cells of the longest word for which a row is broken; longer ones, addresses say, are broken."""
LONGEST_WHOLE: Final = 300
"""The same for text in brackets, which only a line of its own that is too short breaks."""

NotePlace: TypeAlias = Literal["apart", "behind", "inside", "held"]
"""Where the notes of actions are drawn: each row places its own, behind their controls, in the
columns of a row, or by a row around the box."""


class LayoutState:
    """The options of one layout, and the closed folds counted in it."""

    __slots__ = (
        "brief",
        "closed",
        "copy",
        "left_over",
        "nested",
        "notes",
        "open",
        "payloads",
        "plain",
    )

    def __init__(
        self,
        *,
        open: bool = False,  # noqa: A002
        plain: bool = False,
        copy: bool = False,
    ) -> None:
        self.open = open
        """Whether folded and truncated content is drawn in full."""
        self.plain = plain
        """Whether decoration is ASCII."""
        self.copy = copy
        """Whether the text leaves the terminal (`safe_spans`)."""
        self.closed = 0
        """The number of parts that have more than they show."""
        self.nested = 0
        """The number of frames and prefixes around the current box."""
        self.notes: NotePlace = "apart"
        self.payloads = False
        """Whether notes that are behind their controls show payloads."""
        self.brief = False
        """Whether no note shows a payload."""
        self.left_over = False
        """Whether a note found no room at its place."""

    def fold(self) -> bool:
        """Count a part that has more than it shows when closed; return whether to draw it so."""
        self.closed += not self.open
        return not self.open


class Box:
    """A part that occupies a rectangle of cells.

    It is no `ABC`, whose `isinstance` would take a tenth of the time of drawing.
    """

    __slots__ = (
        "flex",
        "margin",
        "max_width",
        "min_width",
        "natural",
        "noted",
        "notes",
        "notes_beside",
        "share",
    )

    stretches = False
    """Whether its only line repeats down to the height of its row."""
    pushes = False
    """Whether it takes the free cells of its row and draws nothing."""
    places_notes = False
    """Whether it is a row, which places its notes as a whole."""
    picture = 0
    """The cells of an image at its own size; 0 for any other box."""

    def __init__(self, min_width: int, natural: int) -> None:
        self.min_width = max(1, min(min_width, natural))
        """Cells below which its neighbors rather move to another line."""
        self.natural = max(1, natural)
        """Cells that it takes when nothing in it is broken."""
        self.noted = self.natural
        """The same with the notes of actions behind their controls."""
        self.notes: tuple[Note, ...] = ()
        """The notes of all actions in it, which are not part of the other sizes."""
        self.notes_beside = False
        """Whether some of its notes are outside of columns."""
        self.max_width: int | None = None
        """Cells that it never exceeds; None for no limit."""
        self.share: float | None = None
        """The requested part of its row's width, from 0 to 1."""
        self.margin = False
        """Whether empty lines separate it from its neighbors in a column."""
        self.flex = 0.0
        """Its weight when the rest of a row is distributed; 0 takes nothing."""

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return its lines, each at most `width` cells (1 or more), with every word."""
        raise NotImplementedError

    def parts(self) -> Sequence[Box]:
        """Return the boxes inside it."""
        return ()

    def texts(self) -> Iterable[Sequence[Inline]]:
        """Return its own pieces of text, without those of its parts."""
        return ()

    def lead(self) -> int:
        """Return the cells of a marker or icon that notes below it are indented by."""
        return 0

    def breaks(self, _width: int) -> bool:
        """Return whether it is a row that needs several lines for its parts."""
        return False

    def keep_notes(self, inner: Box) -> None:
        """Take over the notes of the box inside it."""
        self.noted = self.natural - inner.natural + inner.noted
        self.notes, self.notes_beside = inner.notes, inner.notes_beside

    def limited(self, width: int) -> int:
        """Return the width to draw at where `width` cells are available."""
        return width if self.max_width is None else max(1, min(width, self.max_width))

    def draw_limited(self, width: int, state: LayoutState) -> list[Line]:
        """Return its lines at no more than its maximum width."""
        return self.draw(self.limited(width), state)


class Picture:
    """A box as the content of a `document.blocks.Drawn`."""

    __slots__ = ("_box", "_opened")

    def __init__(self, box: Box, opened: Callable[[], Box] | None = None) -> None:
        """Take the box, and what builds another one for an open item, if that has more words."""
        self._box = box
        self._opened = opened

    def draw(
        self,
        width: int,
        *,
        open: bool,  # noqa: A002
        plain: bool,
        copy: bool = False,
    ) -> tuple[list[Line], int]:
        """Return lines, and the number of closed folds in them."""
        state = LayoutState(open=open, plain=plain, copy=copy)
        box = self.whole() if open else self._box
        lines = box.draw_limited(min(width, LONGEST_RULE), state)
        return lines, state.closed

    def texts(self) -> Iterator[Sequence[Inline]]:
        """Yield each piece of text in the order of the tree, folded ones included."""
        pending = [self.whole()]
        while pending:
            box = pending.pop()
            yield from box.texts()
            pending.extend(reversed(box.parts()))

    def whole(self) -> Box:
        """Return the box with every word in it."""
        return self._opened() if self._opened else self._box


# -- lines -----------------------------------------------------------------------------------------


def rule_line(width: int, state: LayoutState) -> Line:
    """Return a horizontal rule."""
    return (Span(("-" if state.plain else "─") * min(width, LONGEST_RULE), DIM),)


def block_width(lines: Iterable[Line]) -> int:
    """Return the cells of the widest line."""
    return max(map(line_width, lines), default=0)


def shifted(lines: list[Line], by: int) -> list[Line]:
    """Return lines moved to the right; empty ones stay empty."""
    if by <= 0:
        return lines
    space = Span(" " * by, PLAIN)
    return [(space, *line) if line else line for line in lines]


def aligned(lines: list[Line], width: int, side: str) -> list[Line]:
    """Return lines moved within the width, each by itself; `side` is `center`, `end` or start."""
    if side not in ("center", "end"):
        return lines
    moved: list[Line] = []
    for line in lines:
        free = width - line_width(line)
        moved += shifted([line], free if side == "end" else free // 2)
    return moved


# -- text ------------------------------------------------------------------------------------------


class Text(Box):
    """Running text, wrapped between words; a "\\n" in it is a line break."""

    __slots__ = ("_max_lines", "align", "inlines", "is_bracketed", "spans")

    def __init__(
        self,
        inlines: Sequence[Inline],
        *,
        align: str = "start",
        max_lines: int | None = None,
        comfort: int = COMFORT,
    ) -> None:
        """Measure the text.

        `align` is `start`, `center` or `end`. Lines beyond `max_lines` are cut, with an ellipsis,
        until the item is opened. Text of `comfort` cells is not broken while its neighbors can
        move to another line; 0 leaves the minimum width to `longest_word`.
        """
        self.inlines = inlines
        self.spans = safe_spans(inlines)
        text = line_text(self.spans)
        natural = max(map(cells, text.split("\n"))) if "\n" in text else cells(text)
        minimum = min(natural, comfort)
        if comfort and natural > COMFORT:
            minimum = max(minimum, min(self.longest_word(), LONGEST_WORD))
        super().__init__(minimum, natural)
        self.align = align
        self.is_bracketed = comfort == LONGEST_WHOLE
        """Whether it is a control or a badge: its first words are in brackets."""
        self._max_lines = max_lines

    def texts(self) -> Iterable[Sequence[Inline]]:
        return (self.inlines,)

    def longest_word(self) -> int:
        text = line_text(self.spans)
        return max(map(len if text.isascii() else cells, text.split()), default=1)

    def shown(self, state: LayoutState) -> Line:
        """Return its spans in the form that the options request."""
        if state.plain or state.copy:
            return safe_spans(self.inlines, plain=state.plain, copy=state.copy)
        return self.spans

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return its lines, moved within the width by its alignment."""
        spans = self.shown(state)
        if len(spans) == 1 and "\n" not in spans[0].text and cells(spans[0].text) <= width:
            lines: list[Line] = [spans]
        else:
            lines = wrapped(spans, width)
        if self._max_lines is not None and len(lines) > self._max_lines and state.fold():
            last = _truncated(lines[self._max_lines - 1], width, state)
            lines = [*lines[: self._max_lines - 1], last]
        return aligned(lines, width, self.align)


class Note:
    """The action of a control, which `layout.notes` places."""

    __slots__ = ("action", "arrow", "brief", "full", "payload")

    def __init__(self, arrow: Span, action: str, payload: str = "") -> None:
        """Make a note; the `payload` is shown where others have the same action."""
        self.arrow = arrow
        self.action = action
        self.payload = payload
        words = untrusted(action, DIM)
        self.brief = Text((arrow, words))
        self.full = self.brief
        if payload:
            self.full = Text((arrow, words, Span(" ", DIM), untrusted(payload, DIM)))


def wrapped(spans: Line, width: int) -> list[Line]:
    """Return the lines of running text."""
    return [tuple([Span(text, style) for text, style in line]) for line in wrap(spans, width)]


def _truncated(line: Line, width: int, state: LayoutState) -> Line:
    dots = "..." if state.plain else "…"
    room = width - cells(dots)
    spans: list[Span] = []
    for span in line:
        text = take(span.text, room)
        spans.append(Span(text, span.style))
        room -= cells(text)
        if text != span.text:
            break
    style = spans[-1].style if spans else DIM
    return (*spans, Span(shorten(dots, width, ellipsis=""), style))
