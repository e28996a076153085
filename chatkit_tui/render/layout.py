"""Blocks and a width in, lines out.

Nothing here recurses: an item can be nested hundreds of levels deep. Where the width runs out,
indentation gives way first, then tables become lists; words are never given up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, Inline, Line, Span, Style, SymbolSpan, plain
from chatkit_tui.render.tables import table_lines
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.text.wrap import break_lines, fold, folded_height, wrap

ROOM: Final = 12
"""Cells that indentation leaves to the text, as long as the line has twice as many."""

LONGEST_RULE: Final = 300
"""Cells of the longest rule: text that is copied is laid out without a width to speak of."""


class Layout(NamedTuple):
    """Lines, and what is folded in them."""

    lines: list[Line]
    folds: int
    """How many folds have more than they show when closed, whether they are open or not."""
    closed: int
    """How many of them are closed in these lines."""


def lay_out(
    blocks: Iterable[Block],
    width: int,
    *,
    open: bool | None = None,  # noqa: A002 - what is done to a fold
    plain: bool = False,
) -> list[Line]:
    """Draw blocks as lines of at most `width` cells; a width below 1 counts as 1.

    `open` opens all folds when True and closes them when False or None. With `plain`, whatever is
    drawn here and not foreign text is ASCII.
    """
    return arrange(blocks, width, open=open, plain=plain).lines


def fold_count(blocks: Iterable[Block]) -> int:
    """How many `Fold` blocks there are, nested ones included, at no particular width."""
    count = 0
    waiting = [iter(blocks)]
    while waiting:
        for block in waiting[-1]:
            if isinstance(block, Fold):
                count += 1
            if isinstance(block, (Fold, Indented)):
                waiting.append(iter(block.blocks))
                break
        else:
            waiting.pop()
    return count


def arrange(
    blocks: Iterable[Block],
    width: int,
    *,
    open: bool | None = None,  # noqa: A002 - what is done to a fold
    plain: bool = False,
    copy: bool = False,
) -> Layout:
    """As `lay_out`, with the folds counted; `copy` is that of `safe_spans`."""
    width = max(1, width)
    page = _Page(width, plain, copy)
    waiting: list[tuple[Iterator[Block], Indented | Fold | None]] = [(iter(blocks), None)]
    while waiting:
        block = next(waiting[-1][0], None)
        if block is None:
            _, container = waiting.pop()
            if isinstance(container, Indented):
                page.leave()
            elif isinstance(container, Fold):
                page.end_fold(container)
        elif isinstance(block, (Indented, Fold)):
            if isinstance(block, Indented):
                page.enter(block)
            else:
                page.begin_fold(block, closed=not open)
            waiting.append((iter(block.blocks), block))
        elif isinstance(block, Widget):
            raise TypeError("a widget must be drawn as a picture")
        elif isinstance(block, Drawn):
            page.draw_picture(block, open=bool(open))
        else:
            page.draw(block)
    return Layout(page.lines, page.folds, page.closed)


class _Level:
    """One level of indentation: what stands before its first line and before the others."""

    __slots__ = ("first", "fresh", "marked", "rest", "width")

    def __init__(self, first: Span, rest: Span) -> None:
        self.width = max(cells(first.text), cells(rest.text))
        self.first = _padded(first, self.width)
        self.rest = _padded(rest, self.width)
        self.marked = first.text != rest.text and not first.text.isspace()
        self.fresh = True


def _own(span: Span | SymbolSpan, plain: bool) -> Span:
    return safe_spans((span,), plain=plain)[0] if span.text else Span("")


def _padded(span: Span, width: int) -> Span:
    return Span(span.text + " " * (width - cells(span.text)), span.style)


class _OpenFold:
    """A fold whose blocks are being drawn."""

    __slots__ = ("after_blank", "closed", "fresh", "limit", "start", "unseen")

    def __init__(
        self, start: int, limit: int, *, closed: bool, after_blank: bool, fresh: list[_Level]
    ) -> None:
        self.start = start
        self.limit = limit
        self.closed = closed
        self.after_blank = after_blank
        """Whether an empty line waits in front of it, which is not the fold's own."""
        self.fresh = fresh
        """The levels whose first line the fold draws."""
        self.unseen = 0
        """Lines that were counted and not drawn, because they will be folded away."""


class _Page:
    """The lines drawn so far, and the indentation that the next one gets."""

    def __init__(self, width: int, plain: bool, copy: bool) -> None:
        self.lines: list[Line] = []
        self.folds = self.closed = 0
        self._width = self._room = width
        self._least = max(min(2, width), min(ROOM, width // 2))
        self._plain = plain
        self._copy = copy
        self._levels: list[_Level] = []
        self._entered: list[_Level | None] = []  # None where there was no room for a level
        self._rest: Line = ()
        self._blank_at = -1  # depth of an empty line that waits for the next line, or none
        self._open_folds: list[_OpenFold] = []

    def enter(self, block: Indented) -> None:
        first, rest = (_own(span, self._plain) for span in (block.first, block.rest))
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
            block = Preformatted(code_lines(block, plain=self._plain, copy=self._copy))
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
                    self._pass_over(_height(Preformatted(block.lines[number:]), room))
                    break
                self._put(fold(self._safe(line), room))
        elif isinstance(block, Table):
            self._put(table_lines(block, room, plain=self._plain, copy=self._copy))
        else:
            length = min(room, LONGEST_RULE)
            self._put([[Span(("-" if self._plain else "─") * length, DIM)]])

    def _safe(self, inlines: Sequence[Inline]) -> Line:
        return safe_spans(inlines, plain=self._plain, copy=self._copy)

    def draw_picture(self, block: Drawn, *, open: bool) -> None:  # noqa: A002 - as above
        lines, folds, closed = block.picture.draw(
            self._room, open=open, plain=self._plain, copy=self._copy
        )
        self.folds += folds
        self.closed += closed
        self._put(lines)

    def _is_unseen(self) -> bool:
        """Whether what comes now is folded away for certain, so that it need only be counted."""
        if not self._open_folds:
            return False
        fold = self._open_folds[-1]
        return fold.closed and len(self.lines) - fold.start > fold.limit + 1

    def _pass_over(self, height: int) -> None:
        if height:
            self._open_folds[-1].unseen += height + (self._blank_at >= 0)
            self._blank_at = -1

    def begin_fold(self, block: Fold, *, closed: bool) -> None:
        self._open_folds.append(
            _OpenFold(
                len(self.lines),
                max(0, block.limit),
                closed=closed,
                after_blank=self._blank_at >= 0,
                fresh=[level for level in self._levels if level.fresh],
            )
        )

    def end_fold(self, block: Fold) -> None:
        fold = self._open_folds.pop()
        height = len(self.lines) - fold.start + fold.unseen
        if height <= fold.limit + 1:
            return
        self.folds += 1
        if not fold.closed:
            return
        self.closed += 1
        del self.lines[fold.start + fold.limit :]
        self._blank_at = -1
        if fold.limit == 0:
            for level in fold.fresh:
                level.fresh = True
            self._rest = ()
        if block.rest:
            rest = _own(block.rest, self._plain)
        else:
            count = more_lines(height - fold.limit, self._room, plain=self._plain)
            rest = Span(count, block.style)
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
    """A prefix and a line as one line: neighbours of one style in one span, none empty."""
    joined = list(prefix)
    for text, style in line:
        if not text:
            continue
        if joined and joined[-1].style == style:
            joined[-1] = Span(joined[-1].text + text, style)
        else:
            joined.append(Span(text, style))
    return tuple(joined)


def _height(block: Paragraph | Preformatted | Table | Rule, width: int) -> int:
    """The number of lines that a block takes, found without drawing it where that is possible."""
    if isinstance(block, Preformatted):
        return sum(folded_height(plain(safe_spans(line)), width) for line in block.lines)
    if isinstance(block, Paragraph):
        return sum(1 for _ in break_lines(plain(safe_spans(block.spans)), width))
    return len(table_lines(block, width)) if isinstance(block, Table) else 1


def more_lines(count: int, width: int, *, plain: bool = False) -> str:
    """What a closed fold says of the rest: `… 41 more lines`, shorter where there is no room."""
    dots = "..." if plain else "…"
    for text in (f"{dots} {count:,} more lines", f"{dots} {count:,} more", f"{dots}{count}"):
        if cells(text) <= width:
            return text
    return shorten(f"{dots}{count}", width, ellipsis="")
