"""Texts to copy, and OSC 52, the sequence that sets the clipboard of the user's terminal.

It passes through SSH, and in an envelope through tmux and GNU screen. Terminals never confirm it.
"""

from __future__ import annotations

from base64 import b64encode
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping
from typing import NamedTuple

from chatkit_tui.text.sanitize import CONTROLS

LARGEST_COPY = 74_994
"""Bytes of text. xterm and tmux take a sequence of 100,000 bytes, which is four thirds of this."""

_DEAF_TERMINALS = ("linux", "dumb", "vt100", "vt220")
_DEAF_PROGRAMS = ("Apple_Terminal",)


def why_no_clipboard(text: str, environ: Mapping[str, str]) -> str | None:
    """Return why OSC 52 cannot copy this text in this terminal; None if it should work."""
    if environ.get("TERM", "") in _DEAF_TERMINALS:
        return f"a {environ['TERM']} terminal has no clipboard"
    if environ.get("TERM_PROGRAM", "") in _DEAF_PROGRAMS and "TMUX" not in environ:
        return f"{environ['TERM_PROGRAM']} takes no text from programs"
    if len(text) > LARGEST_COPY or len(text.encode()) > LARGEST_COPY:
        return f"{len(text):,} characters are more than a terminal takes ({LARGEST_COPY:,} bytes)"
    return None


_SCREEN_PIECE = 512
"""Characters of an envelope of GNU screen, which takes 768 bytes."""


def clipboard_sequence(text: str, environ: Mapping[str, str]) -> str:
    """Return the sequence that copies a text, in the envelope that a multiplexer needs.

    tmux passes it on with `allow-passthrough`, or takes it with `set-clipboard on`; one of the two
    arrives. Over SSH, only the name of the terminal shows a multiplexer, and `screen` may be tmux.
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


_ESCAPED = {point: f"\\u{point:04x}" for point in CONTROLS if point != ord("\r")}
_SLICE = 128 * 1024
"""Bytes to convert at once, which holds the interpreter lock."""


class Source(NamedTuple):
    """Something to copy."""

    name: str
    """Its kind: "text", "raw JSON"."""
    excerpt: str
    """Its beginning or its size."""
    text: Callable[[], str]
    """Return the text; may be slow, and may be called in a thread."""

    @classmethod
    def of(cls, name: str, text: str) -> Source:
        return cls(name, text, lambda: text)


def json_for_copy(raw: bytes) -> str:
    """Return JSON with its unescaped control characters as escapes; may be called in a thread."""
    decoder = getincrementaldecoder("utf-8")("replace")
    slices = (raw[start : start + _SLICE] for start in range(0, len(raw), _SLICE))
    pieces = [decoder.decode(piece).translate(_ESCAPED) for piece in slices]
    return "".join([*pieces, decoder.decode(b"", final=True)])
