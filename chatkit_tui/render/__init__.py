"""Models and a width in, lines out: pure functions, no clock but the one that is given, no I/O.

Here is what all of them share: the options of drawing, and the title of a thread.
"""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from typing import Final, NamedTuple

from chatkit_tui.text.plain import quoted
from chatkit_tui.text.sanitize import sanitize

_SPACES: Final = re.compile(r"[ \t\r\n]+")


class RenderContext(NamedTuple):
    """The clock and the time zone of the user, and the abilities of the terminal."""

    now: float
    """The current time in Unix seconds."""
    zone: tzinfo | None = UTC
    """The zone of absolute times."""
    relative: bool = True
    """Whether times are an age ("3 min ago") instead of a date and a time of day."""
    plain: bool = False
    """Whether symbols are ASCII."""
    user: str = ""
    """The user of the thread, for the header of user messages; "" if unknown."""
    bar: bool = False
    """Whether a bar beside the item shows its role, so that the header needs no symbol for it."""
    tables: bool = False
    """Whether charts are tables, for text that leaves the terminal."""


class Title(NamedTuple):
    """The title of a thread."""

    text: str
    """Sanitized text of one line."""
    derived: bool
    """Whether it replaces a missing title."""


def one_line(text: str) -> str:
    """Return a text with each run of ordinary white space as one space.

    Other characters that look like white space stay, so that `sanitize` can make them visible.
    """
    return _SPACES.sub(" ", text).strip(" ")


def title_of(title: str | None, first_words: str | None = None) -> Title:
    """Return the title, else the user's first words in quotes, else "(untitled)"."""
    if title and title.strip():
        return Title(sanitize(one_line(title)), derived=False)
    if first_words:
        return Title(quoted(sanitize(first_words)), derived=True)
    return Title("(untitled)", derived=True)
