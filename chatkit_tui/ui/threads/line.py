"""A thread as one or two lines of the list, and as the heading of its transcript."""

from __future__ import annotations

from datetime import UTC, tzinfo
from enum import Enum
from typing import NamedTuple

from chatkit_tui.document.spans import DIM, DONE, PLAIN, Span, Style, status_symbol
from chatkit_tui.render import title_of
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import age, moment
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.ui.options import Times
from chatkit_tui.ui.styled_lines import DERIVED, KEY, MARK, STRONG
from chatkit_tui.ui.threads.rows import Row

GUTTER = 4
"""Cells before the title: the bar of the cursor, the mark, the status symbol, a space."""
STATUS_WIDTH = 8
USER_WIDTH = 22
NO_ID = "(no id)"
LONGEST_STATUS = 40
"""Cells for a status and its reason beside a title."""
WIDE_FROM = 58
"""Columns from which one line has room for user and status."""
TWO_LINES_UNDER = 76
"""Columns below which a thread takes two lines, so that user and status have room."""
LINES_FOR_TWO = 16
"""Lines below which a thread takes one line in any case."""


class Bar(Enum):
    """The bar of the cursor."""

    STRONG = ("┃", ">", KEY)
    """The list has the focus."""
    RESTING = ("│", ":", DIM)
    """The list does not have the focus."""

    def span(self, *, plain: bool) -> Span:
        """Return the symbol; ASCII if `plain`."""
        symbol, ascii_symbol, style = self.value
        return Span(ascii_symbol if plain else symbol, style)


class Setting(NamedTuple):
    """The form of times and symbols."""

    now: float
    zone: tzinfo | None = UTC
    """The zone of local times; None for the machine's."""
    times: Times = Times.RELATIVE
    plain: bool = False

    @property
    def shown_zone(self) -> tzinfo | None:
        """The zone of absolute times."""
        return UTC if self.times is Times.UTC else self.zone


def lines_for(width: int, height: int) -> int:
    """Return how many lines a thread takes in a list of that size: one or two."""
    return 2 if width < TWO_LINES_UNDER and height >= LINES_FOR_TWO else 1


def time_text(row: Row, setting: Setting) -> str:
    """Return when a thread was created; with "≈" if the time was decoded from the id."""
    if row.seconds is None:
        return "unknown"
    if setting.times is Times.RELATIVE:
        text = age(setting.now - row.seconds)
    else:
        text = moment(row.seconds, setting.shown_zone)
    symbol = "~" if setting.plain else "≈"
    return f"{symbol}{text}" if row.approximate else text


def title_span(row: Row, first_words: str | None, *, strong: bool) -> Span:
    """Return the title; for an untitled thread its first words in quotes, if known.

    A thread without an id is marked as such, because it cannot be opened.
    """
    title = title_of(row.title, first_words)
    text = title.text if row.id else f"{NO_ID} {title.text}"
    return Span(text, DERIVED if title.derived else STRONG if strong else PLAIN)


def thread_lines(
    row: Row,
    width: int,
    setting: Setting,
    *,
    two_lines: bool,
    bar: Bar | None,
    marked: bool,
    first_words: str | None,
) -> tuple[list[Span], ...]:
    """Return a thread as one or two lines of at most `width` cells."""
    symbol = status_symbol(row.status)
    shown_symbol = symbol.ascii if setting.plain else symbol.sign
    front = bar.span(plain=setting.plain) if bar else Span(" ")
    mark = Span(DONE.ascii if setting.plain else DONE.sign, MARK) if marked else Span(" ")
    head: list[Span] = [front, mark, Span(shown_symbol, Style(symbol.role)), Span(" ")]
    title, style = title_span(row, first_words, strong=bar is not None)
    when = time_text(row, setting)
    user = sanitize(row.user) if row.user else "no user"
    status = sanitize(row.status)
    room = max(0, width - GUTTER)
    if two_lines:
        first = [*head, *_spread(Span(title, style), Span(f"{when} ", DIM), room)]
        second = [
            front,
            Span("   "),
            *_spread(Span(user, DIM), Span(f"{status} ", DIM), room),
        ]
        return first, second
    if width < WIDE_FROM:
        return ([*head, *_spread(Span(title, style), Span(f"{when} ", DIM), room)],)
    when_width = max(8, cells(when)) + 1
    user_width = min(USER_WIDTH, room // 4)
    title_width = max(8, room - user_width - STATUS_WIDTH - when_width - 3)
    return (
        [
            *head,
            Span(_pad(title, title_width), style),
            Span("  "),
            Span(_pad(user, user_width), DIM),
            Span(" "),
            Span(_pad(status, STATUS_WIDTH), Style(symbol.role) if symbol.role != "good" else DIM),
            Span(f"{when} ".rjust(when_width), DIM),
        ],
    )


def heading(row: Row, setting: Setting, first_words: str | None) -> tuple[list[Span], list[Span]]:
    """Return the heading of a transcript: status symbol and title; at the right status and age."""
    symbol = status_symbol(row.status)
    title, _ = title_span(row, first_words, strong=True)
    shown_symbol = symbol.ascii if setting.plain else symbol.sign
    left: list[Span] = [
        Span(" "),
        Span(shown_symbol, Style(symbol.role)),
        Span(f" {title}", STRONG),
    ]
    status = f"{row.status}: {row.reason}" if row.reason else row.status
    return left, [
        Span(f"{shorten(sanitize(status), LONGEST_STATUS)}  {time_text(row, setting)} ", DIM)
    ]


def gap_line(width: int) -> list[Span]:
    """Return the gap row."""
    return [Span(shorten(ui_text("    ⋯ threads between, not loaded yet"), width), DIM)]


def _spread(left: Span, right: Span, width: int) -> list[Span]:
    """Put two spans at the two ends of a line; shorten the left one if necessary."""
    right_text = shorten(right.text, width)
    room = max(0, width - cells(right_text) - 1)
    left_text = shorten(left.text, room)
    space = max(0, width - cells(left_text) - cells(right_text))
    return [Span(left_text, left.style), Span(" " * space), Span(right_text, right.style)]


def _pad(text: str, width: int) -> str:
    short = shorten(text, width)
    return short + " " * (width - cells(short))
