"""Boxes of words: running text, whatever blocks can say, and notes behind another box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from chatkit_tui.document.blocks import Block, Code, Fold, Indented, Paragraph, Preformatted, Table
from chatkit_tui.document.code import code_lines
from chatkit_tui.document.plain_text import text_pieces
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, PLAIN, Inline, Line, Span, plain
from chatkit_tui.render.layout import arrange
from chatkit_tui.render.widgets.layout import Box, Sheet, line_width, shifted
from chatkit_tui.text.width import cells, shorten, take
from chatkit_tui.text.wrap import wrap

COMFORT: Final = 18
"""Cells that running text wants in a row before its neighbours go to another line."""
LONGEST_WORD: Final = 40
"""Cells of the longest word, an address say, that a row is broken for rather than the word."""
LONGEST_SIGN: Final = 24
"""Cells of the longest words in brackets, and of the longest note, likewise."""


class Words(Box):
    """Running text, wrapped between words; a "\\n" in it is a line break."""

    __slots__ = ("_align", "_inlines", "_most_lines", "_own", "_spans")

    def __init__(
        self,
        inlines: Sequence[Inline],
        *,
        align: str = "start",
        most_lines: int | None = None,
        whole: bool = False,
    ) -> None:
        """`align` is `start`, `center` or `end`. `whole` words look poor when they are broken, as
        those in brackets do. What is beyond `most_lines` is cut, which an
        ellipsis shows, until the item is opened."""
        self._inlines = tuple(inlines)
        self._spans = safe_spans(inlines)
        text = plain(self._spans)
        pieces = text.split("\n") if "\n" in text else (text,)
        natural = max(map(cells, pieces))
        word = natural if natural <= COMFORT else max(map(cells, text.split()), default=1)
        comfort = LONGEST_SIGN if whole else COMFORT
        super().__init__(max(min(word, LONGEST_WORD), min(natural, comfort)), natural)
        self._own = natural  # what the component asks for may take the place of the other
        self._align = align if align in ("center", "end") else ""
        self._most_lines = most_lines

    def words(self) -> Iterable[tuple[Span, ...]]:
        return (self._spans,)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """Its lines; with an alignment they are moved within the width."""
        spans = self._spans
        if sheet.plain or sheet.copy:
            spans = safe_spans(self._inlines, plain=sheet.plain, copy=sheet.copy)
        if len(spans) == 1 and "\n" not in spans[0].text and cells(spans[0].text) <= width:
            lines: list[Line] = [spans]
        else:
            lines = [_line(line) for line in wrap(spans, width)]
        most = self._most_lines
        if most is not None and len(lines) > most and sheet.fold():
            lines = [*lines[: most - 1], _cut(lines[most - 1], width, sheet)]
        if self._align:
            lines = [_aligned(line, width, self._align) for line in lines]
        return lines


def _line(runs: Iterable[tuple[str, object]]) -> Line:
    return tuple(Span(*run) for run in runs)  # type: ignore[arg-type] # what the spans carried


def _aligned(line: Line, width: int, align: str) -> Line:
    free = width - line_width(line)
    return shifted([line], free if align == "end" else free // 2)[0]


def _cut(line: Line, width: int, sheet: Sheet) -> Line:
    """A line that more would follow, with an ellipsis at its end."""
    dots = "..." if sheet.plain else "…"
    room = width - cells(dots)
    kept: list[Span] = []
    for span in line:
        text = take(span.text, room)
        kept.append(Span(text, span.style))
        room -= cells(text)
        if text != span.text:
            break
    style = kept[-1].style if kept else DIM
    return (*kept, Span(shorten(dots, width, ellipsis=""), style))


class Flowing(Box):
    """Anything that blocks can say: Markdown, tables of figures, JSON."""

    __slots__ = ("_blocks",)

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = tuple(blocks)
        natural = _natural(self._blocks)
        super().__init__(min(natural, 2 * COMFORT), natural)

    def words(self) -> Iterable[tuple[Span, ...]]:
        return text_pieces(self._blocks)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """As the blocks of any other item."""
        layout = arrange(self._blocks, width, open=sheet.open, plain=sheet.plain, copy=sheet.copy)
        sheet.folds += layout.folds
        sheet.closed += layout.closed
        return layout.lines


def _natural(blocks: Iterable[Block]) -> int:
    """The cells that blocks take when nothing in them is broken."""
    widest = 1
    waiting: list[tuple[Block, int]] = [(block, 0) for block in blocks]
    while waiting:
        block, indent = waiting.pop()
        own = 0
        if isinstance(block, (Indented, Fold)):
            indent += cells(block.first.text) if isinstance(block, Indented) else 0
            waiting.extend((inner, indent) for inner in block.blocks)
        elif isinstance(block, Table):
            columns = max(map(len, block.rows), default=0)
            own = 3 * (columns - 1) + sum(
                max((_widest(row[column]) for row in block.rows if column < len(row)), default=0)
                for column in range(columns)
            )
        elif isinstance(block, Paragraph):
            own = _widest(block.spans)
        elif isinstance(block, (Preformatted, Code)):
            lines = block.lines if isinstance(block, Preformatted) else code_lines(block)
            own = max(map(_widest, lines), default=0)
        widest = max(widest, indent + own)
    return widest


def _widest(inlines: Sequence[Inline]) -> int:
    return max(map(cells, plain(safe_spans(inlines)).split("\n")))


class Noted(Box):
    """A box and a note: behind its last line where there is room, else on a line of its own."""

    __slots__ = ("_box", "_note")

    def __init__(self, box: Box, note: Sequence[Inline]) -> None:
        self._box = box
        self._note = Words(note)
        note_least = min(self._note.natural, LONGEST_SIGN)
        super().__init__(max(box.least, note_least), box.natural + 2 + self._note.natural)
        self.tight = max(box.tight, self._note.natural)
        self.flex, self.share = box.flex, box.share

    def parts(self) -> Sequence[Box]:
        return (self._box, self._note)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        lines = self._box.draw(self._box.limited(width), sheet)
        note = self._note.draw(width, sheet)
        used = line_width(lines[-1]) if lines else 0
        if lines and len(note) == 1 and used + 2 + self._note.natural <= width:
            return [*lines[:-1], (*lines[-1], Span("  ", PLAIN), *note[0])]
        return [*lines, *note]
