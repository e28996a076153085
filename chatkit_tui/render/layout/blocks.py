"""Layout of blocks: blocks and a width in, lines out.

Nothing here recurses, since an item can be nested hundreds of levels deep. Where the width runs
out, indentation is dropped first, then tables become lists; no word is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from chatkit_tui.document.blocks import (
    Blank,
    Block,
    Code,
    Drawn,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Rule,
    Table,
    Widget,
)
from chatkit_tui.document.code import code_lines
from chatkit_tui.document.safe_text import safe_spans, text_pieces
from chatkit_tui.document.spans import DIM, Inline, Line, Span, Style, line_text
from chatkit_tui.render.layout.box import COMFORT, ROOM, Box, LayoutState, Text, rule_line
from chatkit_tui.render.layout.table import table_box
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.text.wrap import break_lines, fold, fold_code, folded_height, has_room, wrap


class Layout(NamedTuple):
    """Lines, and the number of closed folds in them."""

    lines: list[Line]
    closed: int


def lay_out(
    blocks: Iterable[Block],
    width: int,
    *,
    open: bool | None = None,  # noqa: A002
    plain: bool = False,
) -> list[Line]:
    """Return blocks as lines of at most `width` cells; a width below 1 counts as 1.

    `open` opens all folds when True and closes them otherwise. With `plain`, decoration is ASCII.
    """
    return arrange(blocks, width, open=open, plain=plain).lines


def arrange(
    blocks: Iterable[Block],
    width: int,
    *,
    open: bool | None = None,  # noqa: A002
    plain: bool = False,
    copy: bool = False,
) -> Layout:
    """Lay out blocks as `lay_out` does; return the lines and the number of closed folds.

    `copy` is that of `safe_spans`.
    """
    state = LayoutState(open=bool(open), plain=plain, copy=copy)
    return Layout(_lines(blocks, max(1, width), state), state.closed)


def _lines(blocks: Iterable[Block], width: int, state: LayoutState) -> list[Line]:
    page = _Page(width, state)
    pending: list[tuple[Iterator[Block], Indented | Fold | None]] = [(iter(blocks), None)]
    while pending:
        remaining, container = pending[-1]
        block = None if page.is_complete() else next(remaining, None)
        if block is None:
            pending.pop()
            if isinstance(container, Indented):
                page.leave()
            elif isinstance(container, Fold):
                page.end_fold(container)
        elif isinstance(block, (Indented, Fold)):
            if isinstance(block, Indented):
                page.enter(block)
            else:
                page.begin_fold(block)
            pending.append((iter(block.blocks), block))
        elif isinstance(block, Widget):
            raise TypeError("a widget must be drawn as a picture")
        elif isinstance(block, Drawn):
            page.draw_picture(block)
        else:
            page.draw(block)
    return page.lines


_FOLD_MARK: Final = 2
"""Cells of the mark in front of a line of code that continues the one above."""


class _Level:
    """One level of indentation: the prefix of its first line and of the others."""

    __slots__ = ("first", "fresh", "marked", "rest", "width")

    def __init__(self, first: Span, rest: Span) -> None:
        self.width = max(cells(first.text), cells(rest.text))
        self.first = _padded(first, self.width)
        self.rest = _padded(rest, self.width)
        self.marked = first.text != rest.text and not first.text.isspace()
        self.fresh = True


def _padded(span: Span, width: int) -> Span:
    return Span(span.text + " " * (width - cells(span.text)), span.style)


@dataclass(slots=True)
class _OpenFold:
    """A fold whose blocks are being drawn."""

    start: int
    limit: int
    after_blank: bool
    """Whether an empty line is pending before it, which is not part of the fold."""
    fresh: list[_Level]
    """The levels whose first line is in the fold."""
    counts: bool
    """Whether the number of its lines is shown."""
    unseen: int = 0
    """Hidden lines that were counted instead of drawn."""


class _Page:
    """The lines drawn so far, and the indentation of the next one."""

    def __init__(self, width: int, state: LayoutState) -> None:
        self.lines: list[Line] = []
        self._state = state
        self._room = width
        self._least = max(min(2, width), min(ROOM, width // 2))
        self._levels: list[_Level] = []
        self._entered: list[_Level | None] = []  # None for a level that did not fit
        self._rest: Line = ()
        self._blank_at = -1  # the depth of a pending empty line, or -1
        self._open_folds: list[_OpenFold] = []

    def enter(self, block: Indented) -> None:
        first, rest = (self._prefix_span(span) for span in (block.first, block.rest))
        level = _Level(first, rest)
        if self._room - level.width >= self._least:
            self._entered.append(level)
            self._levels.append(level)
            self._room -= level.width
            self._rest = ()
            return
        self._entered.append(None)
        if level.marked:
            self._put(wrap([Span(first.text.strip(), first.style)], self._room))

    def leave(self) -> None:
        level = self._entered.pop()
        if level is None:
            return
        if level.fresh and level.marked:
            self._put([[]])
        self._levels.pop()
        self._room += level.width
        self._rest = ()
        self._blank_at = min(self._blank_at, len(self._levels))

    def draw(self, block: Paragraph | Preformatted | Code | Table | Rule | Blank) -> None:
        room = self._room
        if isinstance(block, Code):
            lines = code_lines(block, plain=self._state.plain, copy=self._state.copy)
            block = Preformatted(lines, is_code=True)
        if isinstance(block, Blank):
            if self._blank_at < 0 and self.lines:
                self._blank_at = sum(1 for level in self._levels if not level.fresh)
        elif self._is_unseen():
            self._pass_over(_height(block, room))
        elif isinstance(block, Paragraph):
            self._put(wrap(self._safe(block.spans), room))
        elif isinstance(block, Preformatted):
            for number, line in enumerate(block.lines):
                if self._is_unseen():
                    self._pass_over(_height(block._replace(lines=block.lines[number:]), room))
                    break
                fold_line = self._fold_code if block.is_code else fold
                self._put(fold_line(self._safe(line), room))
        elif isinstance(block, Table):
            self._put(map(_trimmed, table_box(block, self._state).draw(room, self._state)))
        else:
            self._put([rule_line(room, self._state)])

    def _fold_code(self, line: Line, room: int) -> Iterable[Sequence[tuple[str, Style]]]:
        first, *rest = fold_code(line, room, _FOLD_MARK)
        mark = Span("> " if self._state.plain else "↪ ", DIM)
        yield first
        yield from ((mark, *part) if has_room(room, _FOLD_MARK) else part for part in rest)

    def _prefix_span(self, span: Inline) -> Span:
        return Span(line_text(self._safe((span,))), span.style)

    def _safe(self, inlines: Sequence[Inline]) -> Line:
        return safe_spans(inlines, plain=self._state.plain, copy=self._state.copy)

    def draw_picture(self, block: Drawn) -> None:
        state = self._state
        lines, closed = block.picture.draw(
            self._room, open=state.open, plain=state.plain, copy=state.copy
        )
        state.closed += closed
        self._put(lines)

    def _is_unseen(self) -> bool:
        """Return whether the next block is certainly hidden, so that counting its lines will do."""
        if not self._open_folds or self._state.open:
            return False
        fold = self._open_folds[-1]
        return len(self.lines) - fold.start > fold.limit + 1

    def is_complete(self) -> bool:
        """Return whether the rest of the current fold changes nothing that is shown."""
        return bool(self._open_folds) and not self._open_folds[-1].counts and self._is_unseen()

    def _pass_over(self, height: int) -> None:
        if height:
            self._open_folds[-1].unseen += height + (self._blank_at >= 0)
            self._blank_at = -1

    def begin_fold(self, block: Fold) -> None:
        self._open_folds.append(
            _OpenFold(
                len(self.lines),
                max(0, block.limit),
                self._blank_at >= 0,
                [level for level in self._levels if level.fresh],
                counts=block.rest is None,
            )
        )

    def end_fold(self, block: Fold) -> None:
        fold = self._open_folds.pop()
        height = len(self.lines) - fold.start + fold.unseen
        if height <= fold.limit + 1:
            return
        if not self._state.fold():
            return
        del self.lines[fold.start + fold.limit :]
        self._blank_at = -1
        if fold.limit == 0:
            for level in fold.fresh:
                level.fresh = True
            self._rest = ()
        if block.rest:
            rest = self._prefix_span(block.rest)
        else:
            count = more_lines(height - fold.limit, self._room, plain=self._state.plain)
            rest = Span(count, DIM)
        self._put(wrap([rest], self._room))

    def _put(self, lines: Iterable[Sequence[tuple[str, Style]]]) -> None:
        for line in lines:
            if self._blank_at >= 0:
                self._put_blank()
                for begun in self._open_folds:
                    begun.start += begun.after_blank and begun.start == len(self.lines) - 1
            prefix = self._prefix()
            self.lines.append(_joined(prefix, line))

    def _put_blank(self) -> None:
        prefix = [level.rest for level in self._levels[: self._blank_at]]
        self._blank_at = -1
        while prefix and not prefix[-1].text.strip():
            prefix.pop()
        if prefix:
            prefix[-1] = Span(prefix[-1].text.rstrip(), prefix[-1].style)
        self.lines.append(_joined((), prefix))

    def _prefix(self) -> Line:
        if self._rest or not self._levels:
            return self._rest
        prefix: list[Span] = []
        rest: list[Span] = []
        for level in self._levels:
            prefix.append(level.first if level.fresh else level.rest)
            rest.append(level.rest)
            level.fresh = False
        self._rest = _joined((), rest)
        return _joined((), prefix)


def _joined(prefix: Line, line: Sequence[tuple[str, Style]]) -> Line:
    """Return a prefix and a line as one line: neighbors of one style in one span, none empty."""
    joined = list(prefix)
    for text, style in line:
        if not text:
            continue
        if joined and joined[-1].style == style:
            joined[-1] = Span(joined[-1].text + text, style)
        else:
            joined.append(Span(text, style))
    return tuple(joined)


def _trimmed(line: Line) -> Line:
    if line and line[-1].text[-1:].strip():
        return line
    spans = list(line)
    while spans:
        text, style = spans.pop()
        if text := text.rstrip(" "):
            return (*spans, Span(text, style))
    return ()


def _height(block: Paragraph | Preformatted | Table | Rule, width: int) -> int:
    """Return the number of lines of a block, without drawing it where that is possible."""
    if isinstance(block, Preformatted) and block.is_code:
        lines = map(safe_spans, block.lines)
        return sum(len(fold_code(line, width, _FOLD_MARK)) for line in lines)
    if isinstance(block, Preformatted):
        return sum(folded_height(line_text(safe_spans(line)), width) for line in block.lines)
    if isinstance(block, Paragraph):
        return sum(1 for _ in break_lines(line_text(safe_spans(block.spans)), width))
    state = LayoutState()
    return len(table_box(block, state).draw(width, state)) if isinstance(block, Table) else 1


def more_lines(count: int, width: int, *, plain: bool = False) -> str:
    """Return the last line of a closed fold: `… 41 more lines`, or a shorter form that fits."""
    dots = "..." if plain else "…"
    for text in (f"{dots} {count:,} more lines", f"{dots} {count:,} more", f"{dots}{count}"):
        if cells(text) <= width:
            return text
    return shorten(f"{dots}{count}", width, ellipsis="")


class BlockBox(Box):
    """Blocks as a box among others: Markdown, tables of numbers, JSON."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        natural = _natural(self.blocks)
        super().__init__(min(natural, 2 * COMFORT), natural)

    def texts(self) -> Iterable[Sequence[Inline]]:
        return text_pieces(self.blocks)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        return _lines(self.blocks, width, state)


def block_box(blocks: Sequence[Block]) -> Box | None:
    """Return blocks as a box; None if there are none."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return Text(blocks[0].spans)
    return BlockBox(blocks) if blocks else None


def _natural(blocks: Iterable[Block]) -> int:
    """Return the cells that blocks take when nothing in them is broken."""
    widest = 1
    pending: list[tuple[Block, int]] = [(block, 0) for block in blocks]
    while pending:
        block, indent = pending.pop()
        own = 0
        if isinstance(block, (Indented, Fold)):
            indent += _widest((block.first,)) if isinstance(block, Indented) else 0
            pending.extend((inner, indent) for inner in block.blocks)
        elif isinstance(block, Table):
            own = table_box(block, LayoutState()).natural
        elif isinstance(block, Paragraph):
            own = _widest(block.spans)
        elif isinstance(block, (Preformatted, Code)):
            lines = block.lines if isinstance(block, Preformatted) else code_lines(block)
            own = max(map(_widest, lines), default=0)
        widest = max(widest, indent + own)
    return widest


def _widest(inlines: Sequence[Inline]) -> int:
    return max(map(cells, line_text(safe_spans(inlines)).split("\n")))
