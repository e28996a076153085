"""Text fields that keep every character and draw a symbol for each hidden one.

Two user names that differ in a zero-width joiner are two users, so a field rejects only controls.
Invisible and bidirectional characters are drawn as symbols, one for each character, so that the
cursor can be placed on them.
"""

from __future__ import annotations

from typing import ClassVar, Final

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, OptionList

from chatkit_tui.text.sanitize import symbols

SYMBOL: Final = Style(bold=True, underline=True)
"""The style that tells a symbol from the same character in the text."""


def with_symbols(text: str) -> Text:
    """Return a text of the same length with symbols for hidden characters."""
    shown = symbols(text)
    drawn = Text(shown, no_wrap=True, overflow="ignore", end="")
    if shown != text:
        for place, (new, old) in enumerate(zip(shown, text, strict=True)):
            if new != old:
                drawn.stylize(SYMBOL, place, place + 1)
    return drawn


def takes_key(widget: Widget | None, key: str) -> bool:
    """Return whether a widget edits or moves with a key by itself."""
    # Fields of one line and of several have an offset; the latter take 15 ms to import.
    is_field = hasattr(type(widget), "cursor_screen_offset")
    if widget is None or not (is_field or isinstance(widget, OptionList)):
        return False
    bindings = (binding for binding in widget.BINDINGS if isinstance(binding, Binding))
    return any(key in binding.key.split(",") for binding in bindings)


class TextField(Input, inherit_bindings=False):
    """A field of one line. The screen has the key that accepts its text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in Input.BINDINGS
        if not isinstance(binding, Binding) or binding.action != "submit"
    ]
    cursor_blink = Reactive(default=False, init=False)  # blinking costs bytes for ever

    DEFAULT_CSS = """
    TextField {
        height: 1;
        padding: 0;
        border: none;
        border-left: blank;
        text-style: $field-style;
    }
    TextField, TextField:ansi { color: $field-text; background: $field; }
    TextField:focus {
        border: none;
        border-left: $bar $primary;
        background-tint: transparent;
    }
    """

    @property
    def _value(self) -> Text:
        return with_symbols(self.value)

    def _position_to_cell(self, position: int) -> int:
        return cell_len(symbols(self.value)[:position])

    def _cell_offset_to_index(self, offset: int) -> int:
        cell, end = offset + self.scroll_offset.x, 0
        for place, one in enumerate(symbols(self.value)):
            end += cell_len(one)
            if cell < end:
                return place
        return len(self.value)


class PromptField(TextField):
    """The input of a prompt, which has the focus whenever it is visible."""

    DEFAULT_CSS = """
    PromptField, PromptField:focus { border: none; }
    """

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Skip Textual's slow search for style rules: none depends on the focus."""
