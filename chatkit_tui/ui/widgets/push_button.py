"""Buttons of one line."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

NARROWEST = 12
"""Cells of the narrowest button."""


SMALL_BELOW = 40
"""Columns of the terminal below which buttons are as narrow as their words."""


class PushButton(Widget, can_focus=True):
    """A button that a click presses, and Enter while it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "press", show=False)]
    DEFAULT_CSS = """
    PushButton {
        width: auto;
        height: 1;
        color: $field-text;
        background: $field;
        text-style: $field-style;
        &:hover { text-style: bold; }
        &:focus { color: $chosen-text; background: $chosen; text-style: $chosen-style; }
    }
    """

    label: reactive[str] = reactive("", layout=True)
    """The words on it."""

    class Pressed(Message):
        """The button was pressed."""

        def __init__(self, button: PushButton) -> None:
            super().__init__()
            self.button = button

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        """`label` is a trusted text of the program."""
        super().__init__(id=id)
        self.set_reactive(PushButton.label, label)

    def render(self) -> Content:
        # Spaces, not CSS, since a reversed style fills only text.
        is_small = self.app.size.width < SMALL_BELOW
        words = f" {self.label} " if is_small else f"  {self.label}  ".center(NARROWEST)
        return Content.styled(words, "bold" if self.has_focus else "")

    def on_click(self) -> None:
        self.action_press()

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))
