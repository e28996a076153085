"""A menu with a field above its rows: a text and a choice are asked for at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import PALETTE_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.option_rows import OptionRows

ChoiceT = TypeVar("ChoiceT")


class FieldWords(NamedTuple):
    """The program's words of a menu, sanitized."""

    title: str
    placeholder: str
    """What the field shows while it is empty."""
    verb: str
    """What accepting does."""
    missing: str
    """What is said if the field is empty."""


class FieldMenu(ModalOnce[tuple[ChoiceT, str] | None], Generic[ChoiceT]):
    """Asks for a text and one of some choices; dismissed with both, or with None."""

    DEFAULT_CSS = """
    FieldMenu TextField { margin-bottom: 1; }
    """

    def __init__(
        self,
        words: FieldWords,
        rows: Sequence[tuple[ChoiceT, Content]],
        keys: Keymap,
        *,
        text: str = "",
        chosen: int = 0,
    ) -> None:
        """`text` is in the field at first, and the cursor on the row `chosen`."""
        super().__init__()
        self._words = words
        self._choices = [choice for choice, _ in rows]
        self._chosen = chosen
        self.moves = OptionRows(*(Option(row) for _, row in rows), classes="-led")
        self.moves.can_focus = False  # the field keeps the focus
        self._field = TextField(text, placeholder=words.placeholder)
        self._box = Vertical(self._field, self.moves, classes="box")
        context = CommandContext(Pane.PROMPT)
        self.commands = CommandKeys(self, PALETTE_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        keymap = self.commands.keymap
        self._box.border_title = self._words.title
        self._box.border_subtitle = (
            f"{keymap.first_name('accept')} {self._words.verb},"
            f" {keymap.first_name('give_up')} leave"
        )
        yield self._box

    def on_mount(self) -> None:
        self._field.focus()
        self.moves.highlighted = self._chosen

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.action_accept()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        text = self._field.value.strip()
        if not text:
            self._box.border_subtitle = self._words.missing
        else:
            self.dismiss((self._choices[self.moves.highlighted or 0], text))

    def action_give_up(self) -> None:
        self.dismiss(None)
