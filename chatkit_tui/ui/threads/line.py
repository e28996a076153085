"""A thread as one or two lines of the list, and as the heading of its transcript."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from typing import NamedTuple

from chatkit_tui.document.spans import (
    BOOKMARK,
    DIM,
    DONE,
    NOTED,
    PLAIN,
    Span,
    Style,
    Symbol,
    status_symbol,
)
from chatkit_tui.inspection.notes import NO_NOTE, Note
from chatkit_tui.render import title_of
from chatkit_tui.sources.base import Capability
from chatkit_tui.text.plain import quoted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import age, date_or_age, moment
from chatkit_tui.text.width import cells, line_width, shorten
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.styled_lines import DERIVED, KEY, MARK, STRONG, fit, spread
from chatkit_tui.ui.threads.rows import Row

GUTTER = 4
"""Cells before the title: the bar of the cursor, the mark, the status symbol, a space."""
STATUS_WIDTH = 7
USER_WIDTH = 22
DATE_WIDTH = 10
"""Cells of `Mon 12 Mar`, the widest start of a thread in relative times."""
NO_ID = "(no id)"
LONGEST_STATUS = 40
"""Cells for a status and its reason beside a title."""
WIDE_FROM = 58
"""Columns from which one line has room for user and status."""
TWO_LINES_UNDER = 76
"""Columns below which a thread takes two lines, so that user and status have room."""
LINES_FOR_TWO = 16
"""Lines below which a thread takes one line in any case."""
BAR = Symbol("▌", ">")
"""The bar of the cursor."""
RESTING_BAR = Symbol("▌", ":")
"""The same in a list without the keys."""


class Setting(NamedTuple):
    """The form of times and symbols, and what is shown of each thread."""

    now: float
    zone: tzinfo | None = UTC
    """The zone of local times; None for the machine's."""
    times: Times = Times.RELATIVE
    plain: bool = False
    users: bool = True
    """Whether the source names the users of threads."""

    @property
    def shown_zone(self) -> tzinfo | None:
        """The zone of absolute times."""
        return UTC if self.times is Times.UTC else self.zone


def setting_of(options: Options) -> Setting:
    """Return the setting at the start."""
    # What a database offers is known only once it is open.
    users = options.source.names_users and Capability.FILTER_BY_USER in options.capabilities
    return Setting(options.clock(), options.zone, options.times, options.plain, users)


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
    return _approximate(text, row, setting)


def start_text(row: Row, setting: Setting) -> str:
    """Return the same as weekday and date for an age of some days: `Mon 12 Mar`."""
    if row.seconds is None or setting.times is not Times.RELATIVE:
        return time_text(row, setting)
    return _approximate(date_or_age(row.seconds, setting.now, setting.zone), row, setting)


def _approximate(text: str, row: Row, setting: Setting) -> str:
    symbol = "~" if setting.plain else "≈"
    return f"{symbol}{text}" if row.approximate else text


def user_text(row: Row, setting: Setting) -> str:
    """Return the user; empty if it is not known whether the thread has one."""
    if row.user:
        return sanitize(row.user)
    return "no user" if setting.users else ""


def title_span(row: Row, first_words: str | None) -> Span:
    """Return the title; for an untitled thread its first words in quotes, if known.

    A thread without an id is marked as such, because it cannot be opened.
    """
    title = title_of(row.title, first_words)
    text = title.text if row.id else f"{NO_ID} {title.text}"
    return Span(text, DERIVED if title.derived else PLAIN)


class Shown(NamedTuple):
    """How a thread is shown in its place of the list."""

    bar: Symbol | None = None
    """The bar of the cursor, if it is on the thread."""
    marked: bool = False
    first_words: str | None = None
    repeats_title: bool = False
    """Whether another visible thread has its title, so that the first words follow."""
    repeats_user: bool = False
    """Whether the user goes without saying, so that the first words replace it on a line."""
    tinted: bool = False
    """Whether the title has the accent of the cursor, in place of a fill."""
    note: Note = NO_NOTE
    problems: str = ""
    """What a scan found, in words; empty if nothing."""


def thread_lines(
    row: Row, width: int, setting: Setting, shown: Shown, *, two_lines: bool
) -> tuple[list[Span], ...]:
    """Return a thread as one or two lines of at most `width` cells."""
    symbol = status_symbol(row.status)
    front = Span(" ")
    if shown.bar is not None:
        front = Span(shown.bar.form(plain=setting.plain), KEY if shown.bar is BAR else DIM)
    mark = Span(DONE.form(plain=setting.plain), MARK) if shown.marked else Span(" ")
    head: list[Span] = [
        front,
        mark,
        Span(symbol.form(plain=setting.plain), Style(symbol.role)),
        Span(" "),
    ]
    problems = [Span(f"{shown.problems} ", Style("bad"))] if shown.problems else []
    title = [*note_signs(shown.note, setting), *problems, *_title(row, shown)]
    when = start_text(row, setting)
    user = user_text(row, setting)
    status = Span("" if row.status == "active" else sanitize(row.status), Style(symbol.role))
    if not two_lines and width >= WIDE_FROM:
        columns = Columns.of(width, setting)
        return ([*head, *columns.line(title, Span(user, DIM), status, when)],)
    room = max(0, width - GUTTER)
    first = [*head, *spread(title, [Span(f"{when} ", DIM)], room)]
    if not two_lines:
        return (first,)
    if shown.repeats_user and shown.first_words and row.title:
        user = sanitize(shown.first_words)
    status = status._replace(text=f"{status.text} ")
    return first, [front, Span("   "), *spread([Span(user, DIM)], [status], room)]


def _title(row: Row, shown: Shown) -> list[Span]:
    """Return the title, and the first words if another visible thread has the same."""
    title = title_span(row, shown.first_words)
    style = title.style
    if shown.tinted:
        style = KEY
    elif row.status == "closed" and shown.bar is None:
        style = Style("dim", italic=style.italic)
    elif shown.bar is not None:
        style = style._replace(bold=True)
    spans = [Span(title.text, style)]
    if shown.repeats_title and shown.first_words and row.title:
        spans.append(Span(f" {quoted(sanitize(shown.first_words))}", Style("dim", italic=True)))
    return spans


def note_signs(note: Note, setting: Setting) -> list[Span]:
    """Return the signs of a bookmark and a note, before a title."""
    signs = [(note.is_bookmarked, BOOKMARK), (bool(note.text), NOTED)]
    spans = [Span(sign.form(plain=setting.plain), Style(sign.role)) for has, sign in signs if has]
    return [*spans, Span(" ")] if spans else []


class Columns(NamedTuple):
    """The cells of each column of a list of one line per thread."""

    title: int
    user: int
    status: int
    start: int

    @classmethod
    def of(cls, width: int, setting: Setting) -> Columns:
        """Return the columns of a list of a width."""
        start = DATE_WIDTH
        if setting.times is not Times.RELATIVE:
            start = cells(moment(setting.now, setting.shown_zone))
        room = max(0, width - GUTTER)
        user = min(USER_WIDTH, room // 4) if setting.users else 0
        title = max(8, room - user - STATUS_WIDTH - start - 1 - 3)
        return cls(title, user, STATUS_WIDTH, start + 1)

    def line(self, title: Sequence[Span], user: Span, status: Span, when: str) -> list[Span]:
        """Return a thread in these columns; a long time takes cells of the title."""
        missing = max(0, cells(when) + 1 - self.start)
        return [
            *_padded(title, max(8, self.title - missing)),
            Span("  "),
            *_padded([user], self.user),
            Span(" "),
            *_padded([status], self.status),
            Span(f"{when} ".rjust(self.start), DIM),
        ]


def list_heading(
    what: Sequence[Span], width: int, setting: Setting, *, two_lines: bool
) -> tuple[list[Span], list[Span]]:
    """Return the heading of a list as its header row: `what` it shows, then its columns.

    `what` is that of `head_parts`; the order, its second part, is left out if there is no room.
    """

    def fitting(room: int) -> Sequence[Span]:
        return what if line_width(what) <= room else [*what[:1], *what[2:]]

    if two_lines or width < WIDE_FROM:
        started = "Started "
        return [*fitting(width - 1 - len(started))], [Span(started)]
    columns = Columns.of(width, setting)
    user = "User" if columns.user else ""
    names = f"  {user:<{columns.user}} {'Status':<{columns.status}}"
    room = GUTTER + columns.title
    line = _padded(fitting(room), room)
    return [*line, Span(names + "Started ".rjust(columns.start))], []


def heading(row: Row, setting: Setting, first_words: str | None) -> tuple[list[Span], list[Span]]:
    """Return the heading of a transcript: title; at the right its age, and a status but active."""
    title, _ = title_span(row, first_words)
    status = f"{row.status}: {row.reason}" if row.reason else row.status
    if row.status == "active" and not row.reason:
        status = ""
    shown = f"{shorten(sanitize(status), LONGEST_STATUS)}  " if status else ""
    return [Span(f" {title}", STRONG)], [Span(f"{shown}{start_text(row, setting)} ")]


def gap_line(width: int) -> list[Span]:
    """Return the gap row."""
    return [Span(shorten(ui_text("    ⋯ threads between, not loaded yet"), width), DIM)]


def _padded(spans: Sequence[Span], width: int) -> list[Span]:
    fitting = fit(spans, width)
    return [*fitting, Span(" " * (width - line_width(fitting)))]
