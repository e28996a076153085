"""What a thread is called, on one line: its title or what stands for one."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.text.visible import visible


class Title(NamedTuple):
    """What a thread is called."""

    text: str
    """Showable text of one line."""
    derived: bool
    """Whether it was made from the conversation because the thread has no title."""


def title_of(title: str | None, first_words: str | None = None) -> Title:
    """A title as it came, else the user's first words in quotes, else that there is none."""
    if title and title.strip():
        return Title(visible(" ".join(title.split())), derived=False)
    if first_words:
        return Title(f"“{visible(first_words)}”", derived=True)
    return Title("(untitled)", derived=True)
