"""What a thread is called, on one line: its title or what stands for one."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chatkit_tui.text.plain import quoted
from chatkit_tui.text.sanitize import sanitize

_SPACES: Final = re.compile(r"[ \t\r\n]+")


class Title(NamedTuple):
    """What a thread is called."""

    text: str
    """Showable text of one line."""
    derived: bool
    """Whether it was made from the conversation because the thread has no title."""


def one_line(text: str) -> str:
    """A text on one line, each run of ordinary white space one space. Whatever else a terminal or
    a reader could take for white space stays, to be made visible."""
    return _SPACES.sub(" ", text).strip(" ")


def title_of(title: str | None, first_words: str | None = None) -> Title:
    """A title as it came, else the user's first words in quotes, else that there is none."""
    if title and title.strip():
        return Title(sanitize(one_line(title)), derived=False)
    if first_words:
        return Title(quoted(sanitize(first_words)), derived=True)
    return Title("(untitled)", derived=True)
