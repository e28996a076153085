"""Plain output: the program's own symbols in ASCII, for screen readers and simple terminals.

Code that draws documents takes `plain` as an argument. Sentences, such as the messages of errors,
are written in every layer, far from any screen; they take it from a context variable, as `decimal`
takes its precision, and so does each text that is sanitized for a sentence. Text of a source keeps
its characters.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

ASCII: Final[Mapping[str, str]] = {
    "…": "...",
    "“": '"',
    "”": '"',
    "·": "|",
    "⋯": "...",
    "–": "-",
    "—": "-",
    "›": ">",
    "≈": "~",
    "×": "x",
    "✓": "+",
    "✗": "x",
    "●": "*",
    "○": "o",
    "•": "*",
    "↓": "Down",
    "↑": "Up",
    "←": "Left",
    "→": "Right",
    "⟨": "<",
    "⟩": ">",
    "◌": "_",
}
"""The symbols in the program's own sentences, and their plain form. Pictures of controls (`␛`)
become their names instead."""

_TABLE: Final = str.maketrans(dict(ASCII))
_NAMES: Final = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR"),
    *("SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB"),
    *("ESC", "FS", "GS", "RS", "US", "SP", "DEL"),
)
_FIRST_PICTURE: Final = 0x2400

_plain: Final = ContextVar("plain", default=False)


def set_plain(plain: bool) -> None:
    """Set whether sentences are plain in this context and those copied from it."""
    _plain.set(plain)


def is_plain() -> bool:
    """Return whether sentences are plain in this context."""
    return _plain.get()


def ui_text(words: str) -> str:
    """Return a sentence of the program, plain if the context is; not for text of a source."""
    return words.translate(_TABLE) if not words.isascii() and _plain.get() else words


def picture(code: int, *, plain: bool | None = None) -> str:
    """Return the symbol for a control character of ASCII: `␛`, in plain output `<ESC>`."""
    plain = is_plain() if plain is None else plain
    index = 0x21 if code == 0x7F else code
    return f"<{_NAMES[index]}>" if plain else chr(_FIRST_PICTURE + index)


def quoted(text: str) -> str:
    """Return a text in quotation marks."""
    return f'"{text}"' if _plain.get() else f"“{text}”"


def counted(count: int, noun: str) -> str:
    """Return a number and its noun: `1 item`, `2,000 items`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
