"""Fields to type in: they keep a text as it is typed and show a symbol for each hidden character.

Two user names that differ in a zero-width joiner are two users. So nothing but controls is kept
out of a field, and what could not be seen, or could turn the direction of the screen, is drawn as
a symbol (`text.sanitize.symbols`), one for each character, so that the cursor can stand on it.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, OptionList, TextArea

from chatkit_tui.text.sanitize import symbol_for, symbols

SYMBOL: Final = Style(bold=True, underline=True)
"""How a symbol differs from the same sign in the text."""

_REFUSED: Final = frozenset(("Cc", "Cs", "Zl", "Zp"))
"""Controls, halves of characters, and separators that would break the line of a field."""


def hidden_text(typed: str | None) -> str | None:
    """Return the text of a key that the toolkit does not take for text although it is: a joiner,
    a no-break or wide space, and whatever else is not printable by Python's measure. None for
    any other key."""
    if not typed or typed.isprintable():
        return None
    return None if any(unicodedata.category(one) in _REFUSED for one in typed) else typed


def pasted_text(pasted: str) -> str:
    """Return a pasted text as fields take it: a control becomes its sign, a tab spaces."""
    lines = pasted.replace("\r\n", "\n").replace("\r", "\n").strip("\n").expandtabs(4)
    return "".join(
        symbol_for(one) if one != "\n" and unicodedata.category(one) in _REFUSED else one
        for one in lines
    )


def with_symbols(text: str) -> Text:
    """Return a text as a field draws it, as many characters long."""
    shown = symbols(text)
    drawn = Text(shown, no_wrap=True, overflow="ignore", end="")
    if shown != text:
        for place, (new, old) in enumerate(zip(shown, text, strict=True)):
            if new != old:
                drawn.stylize(SYMBOL, place, place + 1)
    return drawn


def takes_key(widget: Widget | None, key: str) -> bool:
    """Return whether a widget edits or moves with a key by itself."""
    if not isinstance(widget, Input | TextArea | OptionList):
        return False
    bindings = (binding for binding in widget.BINDINGS if isinstance(binding, Binding))
    return any(key in binding.key.split(",") for binding in bindings)


class TextField(Input):
    """A field of one line."""

    @property
    def _value(self) -> Text:
        return with_symbols(self.value)

    def _position_to_cell(self, position: int) -> int:
        return cell_len(symbols(self.value)[:position])

    def _cell_offset_to_index(self, offset: int) -> int:
        """Return which character a click was on."""
        cell, end = offset + self.scroll_offset.x, 0
        for place, one in enumerate(symbols(self.value)):
            end += cell_len(one)
            if cell < end:
                return place
        return len(self.value)
