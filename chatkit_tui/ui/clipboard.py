"""Copying to the clipboard of the terminal where the person sits, through SSH and tmux.

OSC 52 asks the terminal to do it and is never answered, so it can only be said that the text was
sent. Where it is known that nothing will come of it, that is said instead, and the screen shows
the text alone for selecting.
"""

from __future__ import annotations

from collections.abc import Mapping

LARGEST_COPY = 74_994
"""Bytes of text. xterm and tmux take a sequence of 100,000 bytes, which is four thirds of this."""

_DEAF_TERMINALS = ("linux", "dumb", "vt100", "vt220")
_DEAF_PROGRAMS = ("Apple_Terminal",)


def why_no_clipboard(text: str, environ: Mapping[str, str]) -> str | None:
    """Why OSC 52 would not carry this text in this terminal, in a few words; None if it should."""
    if environ.get("TERM", "") in _DEAF_TERMINALS:
        return f"a {environ['TERM']} terminal has no clipboard"
    if environ.get("TERM_PROGRAM", "") in _DEAF_PROGRAMS and "TMUX" not in environ:
        return f"{environ['TERM_PROGRAM']} takes no text from programs"
    if (size := len(text.encode())) > LARGEST_COPY:
        return f"{size:,} bytes are more than a terminal takes ({LARGEST_COPY:,})"
    return None


_DROPPED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)))


def clipboard_text(text: str) -> str:
    """The text without control characters other than tab and line breaks: a paste is typed."""
    return text.translate(_DROPPED)
