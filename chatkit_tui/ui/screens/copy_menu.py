"""The menu that asks what of an item to copy, and the screen that shows a text alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets.option_list import Option

from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.option_rows import OptionRows

EXCERPT = 48
"""Characters of a text that the menu shows of it."""

LARGEST_SHOWN = 200_000
"""Characters of a text that are shown alone."""


@dataclass(frozen=True, slots=True)
class Copyable:
    """Something that can be copied, and the key for it."""

    key: str
    source: Source


class CopyMenu(ModalOnce[Copyable | None]):
    """Asks which of some texts to copy; dismissed with it, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "cancel", show=False),
        Binding("j", "cursor('down')", show=False),
        Binding("k", "cursor('up')", show=False),
    ]
    DEFAULT_CSS = """
    CopyMenu {
        align: center middle;
        #menu {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $primary;
            background: $surface;
            padding: 0 1;
        }
        OptionRows { height: auto; background: $surface; }
    }
    """

    def __init__(self, choices: Sequence[Copyable]) -> None:
        super().__init__()
        self.choices = tuple(choices)

    def compose(self) -> ComposeResult:
        with Vertical(id="menu") as menu:
            menu.border_title = "Copy"
            yield OptionRows(*(Option(self._row(choice)) for choice in self.choices), compact=True)

    @staticmethod
    def _row(choice: Copyable) -> Content:
        excerpt = sanitize(" ".join(choice.source.excerpt[: 4 * EXCERPT].split()))
        if len(excerpt) > EXCERPT:
            excerpt = excerpt[: EXCERPT - 1] + ui_text("…")
        return (
            Content.styled(f"{choice.key}  ", "bold")
            + Content(f"{choice.source.name:<11}")
            + Content.styled(excerpt, "dim")
        )

    def on_key(self, event: Key) -> None:
        for choice in self.choices:
            if event.character == choice.key:
                event.stop()
                self.dismiss(choice)
                return

    def action_cursor(self, direction: str) -> None:
        listing = self.query_one(OptionRows)
        if direction == "down":
            listing.action_cursor_down()
        else:
            listing.action_cursor_up()

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.dismiss(self.choices[event.option_index])


class TextAlone(Screen[None]):
    """One text and nothing beside it, so that the terminal's own selection takes just that."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "close", "back", show=False)]
    DEFAULT_CSS = """
    TextAlone {
        #why { height: auto; color: $text-muted; }
        VerticalScroll { height: 1fr; }
    }
    """

    def action_close(self) -> None:
        """Go back; a second key in the same breath does nothing more."""
        if self.app.screen is self:
            self.app.pop_screen()

    def __init__(self, text: str, why: str) -> None:
        """Show `text`, which is made visible here; `why` says why it was not copied."""
        super().__init__()
        self._text = text
        self._why = why

    def compose(self) -> ComposeResult:
        yield Static(
            f"Not copied: {self._why}. Select it with the terminal's own selection "
            "(Shift and mouse in most). Esc goes back.",
            id="why",
            markup=False,
        )
        with VerticalScroll():
            yield Static(sanitize(self._text[:LARGEST_SHOWN], breaks=True), markup=False)
            if (left_out := len(self._text) - LARGEST_SHOWN) > 0:
                note = f"({left_out:,} more characters are not shown)"
                yield Static(note, markup=False, classes="left-out")
