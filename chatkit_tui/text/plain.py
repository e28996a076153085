"""What the program itself writes, in ASCII alone where that was asked for.

One choice of the whole process, made once before anything is drawn, as a locale is: the sign that
stands for a hidden character, the dots behind a text that was cut and the words around both are
then written alike by everything. What came from the wire stays as it is, in whatever script.
"""

from __future__ import annotations

from collections.abc import Mapping
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
"""Every sign that stands in words of our own, and what it is without it. Pictures of controls
(`␛`) are not here: each becomes its name."""

_TABLE: Final = str.maketrans(dict(ASCII))
_NAMES: Final = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR"),
    *("SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB"),
    *("ESC", "FS", "GS", "RS", "US", "SP", "DEL"),
)
_FIRST_PICTURE: Final = 0x2400

_chosen = False


def set_plain(plain: bool) -> None:
    """Write ASCII alone from now on, or no longer."""
    global _chosen  # a choice of the process
    _chosen = plain


def is_plain() -> bool:
    """Whether the program writes ASCII alone."""
    return _chosen


def ui_text(words: str) -> str:
    """Words of our own, as they are to be written. Foreign text does not belong here: its dots and
    quotation marks are its own."""
    return words.translate(_TABLE) if _chosen and not words.isascii() else words


def picture(code: int, *, plain: bool | None = None) -> str:
    """Return the symbol for a control character of ASCII: `␛`, in plain output `<ESC>`."""
    plain = is_plain() if plain is None else plain
    index = 0x21 if code == 0x7F else code
    return f"<{_NAMES[index]}>" if plain else chr(_FIRST_PICTURE + index)


def quoted(text: str) -> str:
    """A text, foreign or not, in quotation marks of our own."""
    return f'"{text}"' if _chosen else f"“{text}”"
