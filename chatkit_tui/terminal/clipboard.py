"""Texts to copy, and OSC 52, the sequence that asks the terminal where a person sits to take one.

It goes through SSH, and in an envelope through tmux and GNU screen. It is never answered, so that
it can only be said that a text was sent.
"""

from __future__ import annotations

from base64 import b64encode
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from typing import NamedTuple

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
    if len(text) > LARGEST_COPY or len(text.encode()) > LARGEST_COPY:
        return f"{len(text):,} characters are more than a terminal takes ({LARGEST_COPY:,} bytes)"
    return None


_SCREEN_PIECE = 512
"""Characters in an envelope of GNU screen, which takes 768 bytes in one."""


def clipboard_sequence(text: str, environ: Mapping[str, str]) -> str:
    """What asks the terminal to take a text, in the envelope that whatever lies between opens.

    In tmux, who wants it opened has to say so (`allow-passthrough`), or that programs may copy
    (`set-clipboard on`): one of the two arrives. Over SSH nothing but the terminal's name tells
    what lies between; `screen` may be either of them.
    """
    plain = f"\x1b]52;c;{b64encode(text.encode()).decode()}\a"
    name = environ.get("TERM", "")
    if "STY" in environ:
        return _for_screen(plain)
    if "TMUX" in environ or name.startswith("tmux"):
        doubled = plain.replace("\x1b", "\x1b\x1b")
        return f"{plain}\x1bPtmux;{doubled}\x1b\\"
    return plain + _for_screen(plain) if name.startswith("screen") else plain


def _for_screen(sequence: str) -> str:
    starts = range(0, len(sequence), _SCREEN_PIECE)
    return "".join(f"\x1bP{sequence[start : start + _SCREEN_PIECE]}\x1b\\" for start in starts)


_CONTROLS = (*range(9), *range(11, 32), *range(127, 160))
_DROPPED = dict.fromkeys(_CONTROLS)
_ESCAPED = {point: f"\\u{point:04x}" for point in _CONTROLS if point != 13}
_SLICE = 128 * 1024


class Source(NamedTuple):
    """Something that can be copied."""

    name: str
    """What it is: "text", "raw JSON"."""
    excerpt: str
    """How it begins, or how large it is."""
    text: Callable[[], str]
    """Makes the text; may take long, and may be called in a thread."""

    @classmethod
    def of(cls, name: str, text: str) -> Source:
        """A text that is at hand."""
        return cls(name, text, lambda: text)


def clipboard_text(text: str) -> str:
    """The true text without the characters that a terminal obeys, since a paste is typed.

    Those are the controls of ASCII and C1, but for tabs and line breaks: an escape sequence in a
    paste could end the terminal's own brackets around it, a carriage return would press Enter. A
    "\\r\\n" becomes "\\n". What only hides or turns the direction of writing belongs to the text
    and stays. May be called in a thread with a text of any length.
    """
    text = text.replace("\r\n", "\n") if "\r" in text else text
    return _translated(text, _DROPPED)


def json_for_copy(raw: bytes) -> str:
    """JSON as it came, with the controls in it that nobody escaped written as escapes."""
    decoder = getincrementaldecoder("utf-8")("replace")
    pieces = [decoder.decode(raw[start : start + _SLICE]) for start in range(0, len(raw), _SLICE)]
    return _translated("".join([*pieces, decoder.decode(b"", final=True)]), _ESCAPED)


def _translated(text: str, table: Mapping[int, str | None]) -> str:
    """In slices, so that no step holds the interpreter for longer than a key can wait."""
    slices = (text[start : start + _SLICE] for start in range(0, len(text), _SLICE))
    return "".join([piece.translate(table) for piece in slices])
