"""The lines around the panes: parts at the left and right, the status, the keys that work now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile
from time import monotonic
from typing import TypeAlias

from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.text.plain import counted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, line_width
from chatkit_tui.ui.failures import Waiting
from chatkit_tui.ui.styled_lines import BAD, BUSY, KEY, STRONG, spread
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.tokens import Fill

Parts: TypeAlias = tuple[Sequence[Span], Sequence[Span]]
"""What stands at the left and at the right of a line."""


class OneLine(Widget):
    """A line that redraws only the cells that change, and never causes a layout.

    If there is not enough room, the left parts are shortened.
    """

    DEFAULT_CSS = """
    OneLine { height: 1; width: 1fr; }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        fill: Fill | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._fill = fill
        self._parts_for: Callable[[int], Parts] = lambda _width: ((), ())
        self._width = 0
        """The columns that the parts are for."""
        self._left: Sequence[Span] = ()
        self._right: Sequence[Span] = ()

    def set_fill(self, fill: Fill | None) -> None:
        """Fill the whole line in another way, or not at all."""
        if fill != self._fill:
            self._fill = fill
            self.refresh()

    def show(self, left: Sequence[Span], right: Sequence[Span] = ()) -> None:
        """Replace the parts."""
        parts = tuple(left), tuple(right)
        self.show_in_width(lambda _width: parts)

    def show_in_width(self, parts_for: Callable[[int], Parts]) -> None:
        """Replace the parts by those that `parts_for` returns for a number of columns.

        It is called again for another width, before anything is drawn in that.
        """
        self._parts_for = parts_for
        left, right = parts_for(self.size.width)
        new = tuple(left), tuple(right)
        if new != (self._left, self._right):
            width = self._width = self.size.width
            before = spread(self._left, self._right, width)
            self._left, self._right = new
            after = spread(*new, width)
            start = _common(before, after)
            end = width - _common(before[::-1], after[::-1])
            if start < end:
                self.refresh(Region(start, 0, end - start, 1))
            else:  # there is no layout yet, or the same cells are in different parts
                self.refresh()

    @property
    def words(self) -> str:
        """The text, without the space between left and right."""
        return " ".join("".join(text for text, _ in part) for part in (self._left, self._right))

    def render_line(self, y: int) -> Strip:
        if self._width != self.size.width:
            self._width = self.size.width
            left, right = self._parts_for(self._width)
            self._left, self._right = tuple(left), tuple(right)
        spans = [] if y else spread(self._left, self._right, self.size.width)
        return strip_of(self, spans, self._fill)


def _common(one: Sequence[Span], other: Sequence[Span]) -> int:
    """Return the cells of the parts that two lines have in common at their beginning."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return sum(cells(part[0]) for part, _ in same)


# -- the status line -------------------------------------------------------------------------------

COUNTED_FROM = 3
"""Seconds after which the duration of the work is shown."""


class StatusLine(OneLine):
    """The status of the pane with the focus, and a message until the next key.

    Beside a message, the other parts are shown if they fit as a whole.
    """

    def __init__(self, stop_key: str) -> None:
        """`stop_key` is the name of the key that cancels the work."""
        super().__init__(id="status")
        self._stop_key = stop_key
        self._since = 0.0
        self._timer: Timer | None = None
        self._message: Span | None = None
        self._amount = ""
        self._work = ""
        self._waiting: Waiting | None = None
        self._position = ""
        self._marks = 0
        self._hint: tuple[str, ...] = ()
        self.has_hint = False
        """Whether a hint is shown."""

    def report(self, text: str, *, bad: bool = False) -> None:
        """Show a message until `clear_message`."""
        self._message = Span(sanitize(text), BAD if bad else STRONG)
        self._arrange()

    def add(self, text: str) -> None:
        """Add a message before the one since the last key."""
        before, style = self._message or Span("", STRONG)
        self._message = Span(f"{text}; {before}" if before else text, style)
        self._arrange()

    def clear_message(self) -> None:
        """Remove the message and the hint."""
        if self._message is not None or self._hint:
            self._message, self._hint = None, ()
            self._arrange()

    def hint(self, *parts: str) -> None:
        """Show a hint until `clear_message`, only its last parts where the whole does not fit."""
        self._hint = parts
        self._arrange()

    @property
    def ticks(self) -> bool:
        """Whether the line counts seconds, because something is in flight."""
        return self._timer is not None

    def show_state(
        self,
        *,
        amount: str,
        work: str,
        position: str,
        since: float = 0.0,
        waiting: Waiting | None = None,
        marks: int = 0,
    ) -> None:
        """Show the status of a pane, and how many threads are marked out of sight.

        `since` is when the work began, in seconds of the monotonic clock; `waiting` is the retry
        that it waits for.
        """
        self._since = since
        if work and self._timer is None:
            self._timer = self.set_interval(1.0, self._arrange)
        elif not work and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._amount, self._work, self._position, self._marks = amount, work, position, marks
        self._waiting = waiting
        self._arrange()

    def _arrange(self) -> None:
        self.show_in_width(self._parts)

    def _parts(self, width: int) -> Parts:
        right: list[Span] = []
        if self._marks:
            right.append(Span(f"{counted(self._marks, 'thread')} marked ", BUSY))
        if self._position:
            right.append(Span(f"{' ' if right else ''}{self._position} ", DIM))
        amount: list[Span] = [Span(self._amount, DIM)] if self._amount else []
        work = work_parts(self._work, monotonic() - self._since, self._stop_key)
        if self._waiting is not None:
            work = [Span(sanitize(self._waiting.words()), BUSY)]
        message = [self._message] if self._message else []
        room = width - line_width(right) - 1
        left = _apart(message, amount, work)
        if (message or self._waiting) and line_width(left) > room:
            left = _apart(message, work)
            if message and line_width(left) > room:
                left = _apart(message)
        hints = ("  ".join(self._hint[first:]) for first in range(len(self._hint)))
        hint = next((text for text in hints if line_width(left) + cells(text) + 5 <= room), "")
        self.has_hint = bool(hint)
        return left, [Span(f"{hint}   ", DIM), *right] if hint else right


def work_parts(work: str, seconds: float, stop_key: str) -> list[Span]:
    """Return what is in flight; after a while with its seconds, as a part of their own."""
    if not work:
        return []
    if seconds < COUNTED_FROM:
        return [Span(ui_text(f"{work}…"), BUSY)]
    return [
        Span(f"{work}, ", BUSY),
        Span(f"{int(seconds)} s", BUSY),
        Span(f", {stop_key} stops", BUSY),
    ]


def _apart(*groups: Sequence[Span]) -> list[Span]:
    """Join groups of parts with a space before the first and two between them."""
    spaced: list[Span] = []
    for group in groups:
        if group:
            spaced += [Span("  " if spaced else " "), *group]
    return spaced


# -- the footer ------------------------------------------------------------------------------------

SPACE = "  "
NARROW = 60
"""Columns below which a footer is narrow."""


class Footer(OneLine):
    """Keys and what they do."""

    DEFAULT_CSS = """
    Footer { dock: bottom; }
    """

    def __init__(self) -> None:
        super().__init__(id="footer", fill="header")
        self._hints: tuple[tuple[str, str], ...] = ()
        self._always: tuple[tuple[str, str], ...] = ()

    def show_hints(
        self, hints: Sequence[tuple[str, str]], *, always: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Show pairs of key and word, in this order; `always` has its room at the right end.

        In a narrow footer, the first of `always` has no word.
        """
        self._hints = tuple(hint for hint in hints if hint not in always)
        self._always = tuple(always)
        self.show_in_width(self._parts)

    def _parts(self, width: int) -> Parts:
        """Return as many as fit."""
        parts: list[Span] = [Span(" ")]
        right: list[Span] = []
        room = width - 1
        for number, (key, word) in enumerate(self._always):
            is_short = number == 0 and width < NARROW
            right += [Span(key, KEY)] if is_short else hint_parts(key, word)
            right.append(Span(SPACE if number < len(self._always) - 1 else " "))
        if right:
            room -= line_width(right) + len(SPACE)
        for key, word in self._hints:
            size = cells(key) + 1 + cells(word)
            if size > room:
                break
            parts += [*hint_parts(key, word), Span(SPACE)]
            room -= size + len(SPACE)
        return parts[:-1], right


def hint_parts(key: str, word: str) -> list[Span]:
    """A key and what it does."""
    return [Span(key, KEY), Span(f" {word}", DIM)]
