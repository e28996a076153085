"""Two threads side by side, turn by turn; one below the other in a narrow terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest
from typing import Final, NamedTuple

from textual.worker import Worker

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, PLAIN, Span, Style
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.inspection.compare import Line, Loaded, Pair, compare, load_items
from chatkit_tui.sources.base import GetSource, ThreadSource
from chatkit_tui.text.plain import counted, is_plain, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import line_width, shorten
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.screens.pages import Lines, LinesScreen, wrapped
from chatkit_tui.ui.styled_lines import STRONG

SIDE_BY_SIDE_FROM: Final = 80
"""Columns from which both threads fit side by side."""
CHANGED: Final = Style("busy", bold=True, underline=True)
"""What the other side does not have."""


def _no_lines(width: int) -> list[list[Span]]:
    del width
    return []


class TurnLines(Lines):
    """The lines of both threads; the cursor keys move turn by turn."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__(_no_lines)
        self._titles = titles
        self._pairs: Sequence[Pair] = ()
        self._notes: Sequence[str] = ()
        self._starts = [0]

    def show(self, pairs: Sequence[Pair], notes: Sequence[str]) -> None:
        """Show other turns below some notes."""
        self._pairs, self._notes = pairs, notes
        self.renew()

    def renew(self) -> None:
        """Wrap in a thread: long threads take half a second, in which keys work."""
        made = partial(turn_lines, self._titles, self._pairs, self._notes, self.size.width)
        _: Worker[None] = self.run_worker(partial(self._wrap, made), group="wrap", exclusive=True)

    async def _wrap(self, made: Callable[[], tuple[list[list[Span]], list[int]]]) -> None:
        self._lines, self._starts = await asyncio.to_thread(made)
        self.scroll_by(0)

    def action_cursor_down(self) -> None:
        """Go to the next turn, or on in one that is longer than the screen."""
        later = [start for start in self._starts if start > self.top]
        self._go_to(min([*later, self.top + self._page]))

    def action_cursor_up(self) -> None:
        """Go to the previous turn, or back in one that is longer than the screen."""
        earlier = [start for start in self._starts if start < self.top]
        self._go_to(max([*earlier, self.top - self._page]))

    action_page_down = action_cursor_down
    action_page_up = action_cursor_up

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 1)

    def _go_to(self, line: int) -> None:
        self.scroll_by(line - self.top)


def turn_lines(
    titles: Sequence[str], pairs: Sequence[Pair], notes: Sequence[str], width: int
) -> tuple[list[list[Span]], list[int]]:
    """Return the turns of two threads below some notes, as lines in a width.

    Also return the line that each turn begins with, after the first line. All texts but those of
    the pairs are untrusted.
    """
    lines = [line for note in notes for line in wrapped(note, width, DIM, " ", "   ")]
    lines.append([])
    each = (width - 1) // 2 if width >= SIDE_BY_SIDE_FROM else width
    starts = [0]
    for number, pair in enumerate(pairs):
        left, right = (_side(side, each) for side in pair)
        starts.append(len(lines))
        head = f" turn {number + 1:,} "
        names = [shorten(f"{head}{sanitize(title)}", each) for title in titles]
        if each < width:
            lines.append(_beside([Span(names[0], STRONG)], [Span(names[1], STRONG)], each))
            lines += [_beside(one or [], two or [], each) for one, two in zip_longest(left, right)]
        else:
            lines += [[Span(names[0], STRONG)], *left, [Span(names[1], STRONG)], *right]
        lines.append([])
    return lines, starts


def _beside(left: Sequence[Span], right: Sequence[Span], each: int) -> list[Span]:
    space = each - line_width(left)
    return [*left, Span(" " * max(0, space)), Span("|" if is_plain() else "│", DIM), *right]


def _side(lines: Sequence[Line], width: int) -> list[list[Span]]:
    """Return one side of a turn in a width."""
    found: list[list[Span]] = [] if lines else [[Span("  (no such turn)", DIM)]]
    for line in lines:
        if line.kind:
            found.append([Span(f"  {line.kind}", DIM)])
        for begin, end in break_lines(line.text, max(10, width - 4)):
            pieces = _pieces(line, begin, end)
            is_marked = any(style is CHANGED for _, style in pieces)
            found.append([Span("  * " if is_marked else "    "), *pieces])
    return found


def _pieces(line: Line, begin: int, end: int) -> list[Span]:
    spans: list[Span] = []
    at = begin
    for start, stop in line.differences:
        first, last = max(start, begin), min(stop, end)
        if first < last:
            spans += [Span(line.text[at:first], PLAIN), Span(line.text[first:last], CHANGED)]
            at = last
    return [*spans, Span(line.text[at:end], PLAIN)]


class ComparedThread(NamedTuple):
    """A thread to compare. The texts are untrusted."""

    id: str
    title: str
    about: str = ""
    """Its user and its time, as far as the list knows them."""


class CompareScreen(LinesScreen):
    """Loads two threads to their end, and shows their comparison."""

    def __init__(
        self, get_source: GetSource, threads: Sequence[ComparedThread], keys: Keymap
    ) -> None:
        moves = TurnLines([thread.title for thread in threads])
        super().__init__(_no_lines, keys)
        self.moves = self._turns = moves
        self._get_source = get_source
        self._threads = threads
        self._loaded = [Loaded(missing="stopped") for _ in threads]
        self._loading: Worker[None] | None = None

    def on_mount(self) -> None:
        self._show_progress()
        self._loading = self.run_worker(self._load, group="compare")

    async def _load(self) -> None:
        try:
            source = await self._get_source()
        except ChatKitError as error:
            self._loaded = [Loaded(missing=error_line(error)) for _ in self._threads]
        else:
            await asyncio.gather(*(self._load_one(source, side) for side in (0, 1)))
        await self._show()

    async def _load_one(self, source: ThreadSource, side: int) -> None:
        def report(loaded: Loaded) -> None:
            self._loaded[side] = loaded
            self._show_progress()

        self._loaded[side] = await load_items(source, self._threads[side].id, report)

    def _show_progress(self) -> None:
        stop = self.commands.keymap.first_name("close")
        amounts = " and ".join(counted(len(loaded.rows), "item") for loaded in self._loaded)
        self._turns.show((), [ui_text(f"loading… {amounts}; {stop} stops")])

    async def _show(self) -> None:
        self._loading = None
        pairs = await asyncio.to_thread(compare, self._loaded[0].rows, self._loaded[1].rows)
        notes = [
            ui_text(" · ").join(part for part in (
                thread.title, thread.about, counted(len(loaded.rows), "item"),
                f"not whole: {loaded.missing}" if loaded.missing else "the whole thread",
            ) if part)
            for thread, loaded in zip(self._threads, self._loaded, strict=True)
        ]  # fmt: skip
        different = sum(any(line.differences for side in pair for line in side)
                        or not (pair.left and pair.right) for pair in pairs)  # fmt: skip
        notes.append(f"{different:,} of {counted(len(pairs), 'turn')} differ, marked with *")
        self._turns.show(pairs, notes)

    def action_close(self) -> None:
        """Stop loading, and compare what is loaded; else close."""
        if self._loading is None:
            self.dismiss(None)
        else:
            self._loading.cancel()
            self._loading = None
            _: Worker[None] = self.run_worker(self._show, group="compare")
