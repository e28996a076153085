"""The title of a thread on one line, or its replacement."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chatkit_tui.text.plain import quoted
from chatkit_tui.text.sanitize import sanitize

_SPACES: Final = re.compile(r"[ \t\r\n]+")


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
