"""A thread as one or two lines of the list, and as the heading of its transcript."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import Enum

from chatkit_tui.document.symbols import DONE, status_symbol
from chatkit_tui.render.titles import title_of
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import age, moment
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.ui.options import Times
from chatkit_tui.ui.parts import Part
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

    STRONG = ("┃", ">", "bar")
    """The list has the focus."""
    RESTING = ("│", ":", "dim")
    """The list does not have the focus."""

    def part(self, *, plain: bool) -> Part:
        """Return the symbol; ASCII if `plain`."""
        symbol, ascii_symbol, look = self.value
        return (ascii_symbol if plain else symbol), look


@dataclass(frozen=True, slots=True)
class Setting:
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


def title_part(row: Row, first_words: str | None, *, strong: bool) -> Part:
    """Return the title; for an untitled thread its first words in quotes, if known.

    A thread without an id is marked as such, because it cannot be opened.
    """
    title = title_of(row.title, first_words)
    text = title.text if row.id else f"{NO_ID} {title.text}"
    return text, "derived" if title.derived else "strong" if strong else "plain"


def thread_lines(
    row: Row,
    width: int,
    setting: Setting,
    *,
    two_lines: bool,
    bar: Bar | None,
    marked: bool,
    first_words: str | None,
) -> tuple[list[Part], ...]:
    """Return a thread as one or two lines of at most `width` cells."""
    symbol = status_symbol(row.status)
    shown_symbol = symbol.ascii if setting.plain else symbol.sign
    front = bar.part(plain=setting.plain) if bar else (" ", "plain")
    mark: Part = (
        ((DONE.ascii if setting.plain else DONE.sign), "mark") if marked else (" ", "plain")
    )
    head: list[Part] = [front, mark, (shown_symbol, symbol.role), (" ", "plain")]
    title, what = title_part(row, first_words, strong=bar is not None)
    when = time_text(row, setting)
    user = sanitize(row.user) if row.user else "no user"
    status = sanitize(row.status)
    room = max(0, width - GUTTER)
    if two_lines:
        first = [*head, *_spread((title, what), (f"{when} ", "dim"), room)]
        second = [
            front,
            ("   ", "plain"),
            *_spread((user, "dim"), (f"{status} ", "dim"), room),
        ]
        return first, second
    if width < WIDE_FROM:
        return ([*head, *_spread((title, what), (f"{when} ", "dim"), room)],)
    when_width = max(8, cells(when)) + 1
    user_width = min(USER_WIDTH, room // 4)
    title_width = max(8, room - user_width - STATUS_WIDTH - when_width - 3)
    return (
        [
            *head,
            (_pad(title, title_width), what),
            ("  ", "plain"),
            (_pad(user, user_width), "dim"),
            (" ", "plain"),
            (_pad(status, STATUS_WIDTH), symbol.role if symbol.role != "good" else "dim"),
            (f"{when} ".rjust(when_width), "dim"),
        ],
    )


def heading(row: Row, setting: Setting, first_words: str | None) -> tuple[list[Part], list[Part]]:
    """Return the heading of a transcript: status symbol and title; at the right status and age."""
    symbol = status_symbol(row.status)
    title, _ = title_part(row, first_words, strong=True)
    shown_symbol = symbol.ascii if setting.plain else symbol.sign
    left: list[Part] = [(" ", "plain"), (shown_symbol, symbol.role), (f" {title}", "strong")]
    status = f"{row.status}: {row.reason}" if row.reason else row.status
    return left, [
        (f"{shorten(sanitize(status), LONGEST_STATUS)}  {time_text(row, setting)} ", "dim")
    ]


def gap_line(width: int) -> list[Part]:
    """Return the gap row."""
    return [(shorten(ui_text("    ⋯ threads between, not loaded yet"), width), "dim")]


def _spread(left: Part, right: Part, width: int) -> list[Part]:
    """Put two parts at the two ends of a line; shorten the left one if necessary."""
    right_text = shorten(right[0], width)
    room = max(0, width - cells(right_text) - 1)
    left_text = shorten(left[0], room)
    space = max(0, width - cells(left_text) - cells(right_text))
    return [(left_text, left[1]), (" " * space, "plain"), (right_text, right[1])]


def _pad(text: str, width: int) -> str:
    short = shorten(text, width)
    return short + " " * (width - cells(short))
