"""The command palette, made from the declaration of the commands."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher
from textual.widgets import Input
from textual.widgets.option_list import Option

from chatkit_tui.commands.command import Command
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import PALETTE_COMMANDS
from chatkit_tui.commands.handlers import BrowseHost
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.option_rows import OptionRows

IN_HELP = 0.01
"""The score of what is found in a help sentence: below that of any title."""


def search(
    commands: Sequence[Command[BrowseHost]], query: str
) -> list[tuple[Command[BrowseHost], Content]]:
    """Return the commands whose title is like a query, the best first, with their titles; then
    those whose help contains it; all of them for an empty query."""
    if not query:
        return [(command, Content(command.title)) for command in commands]
    matcher = Matcher(query)
    # Any few letters occur in a sentence in their order; one letter occurs in most.
    needle = query.casefold() if len(query) > 1 else None
    found = []
    for command in commands:
        score = matcher.match(command.title)
        if score <= 0 and needle and needle in command.help.casefold():
            score = IN_HELP
        if score > 0:
            found.append((score, command, matcher.highlight(command.title)))
    found.sort(key=lambda hit: -hit[0])
    return [(command, title) for _, command, title in found]


class Palette(ModalOnce[Command[BrowseHost] | None]):
    """Offers commands; dismissed with the chosen one, or with None."""

    DEFAULT_CSS = """
    Palette {
        align: center top;
        .box { width: 90; padding: 0 1; margin-top: 2; }
        OptionRows { scrollbar-size-vertical: 0; }
    }
    Palette.-low .box { padding: 0 1; margin-top: 0; }
    """

    def __init__(self, offered: Sequence[Command[BrowseHost]], keys: Keymap) -> None:
        super().__init__()
        self._offered = [command for command in offered if command.group != "Move"]
        self.found: list[Command[BrowseHost]] = []
        """The commands of the rows."""
        self.moves = OptionRows(classes="-led")
        self.moves.can_focus = False  # the field keeps the focus
        self._field = TextField(placeholder=ui_text("Search for commands…"))
        self._box = Vertical(self._field, self.moves, classes="box")
        context = CommandContext(Pane.PROMPT)
        self.commands = CommandKeys(self, PALETTE_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        self._box.border_title = "Commands"
        yield self._box

    def on_mount(self) -> None:
        self._field.focus()
        self._show("")

    def on_resize(self) -> None:
        above = 2 if self.has_class("-low") else 5
        self.moves.styles.max_height = max(1, self.app.size.height - above - 3)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    def _show(self, query: str) -> None:
        hits = search(self._offered, query)
        self.found = [command for command, _ in hits]
        self.moves.set_options(Option(self._row(command, title)) for command, title in hits)
        self.moves.highlighted = 0 if hits else None
        self._box.border_subtitle = "" if hits else "no command has that"

    def _row(self, command: Command[BrowseHost], title: Content) -> Content:
        keys = self.commands.keymap.names(command)
        return (
            title.stylize("bold")
            + Content.styled(f"  {keys}" if keys else "", "bold")
            + Content.styled(f"\n{command.help}", "dim")
        )

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.dismiss(self.found[event.option_index])

    def action_accept(self) -> None:
        self.moves.action_select()

    def action_give_up(self) -> None:
        self.dismiss(None)
