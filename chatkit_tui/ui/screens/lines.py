"""A page of lines that scrolls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from textual.app import ComposeResult
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import PAGE_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import Span
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.widgets.footer import Footer

LinesAt: TypeAlias = Callable[[int], list[list[Span]]]
"""The lines in a width."""


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines, and the first one that is visible."""

    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """

    def __init__(self, lines_at: LinesAt) -> None:
        super().__init__()
        self._lines_at = lines_at
        self._lines: list[list[Span]] = []
        self.top = 0

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._lines = self._lines_at(self.size.width)
        self.scroll_by(0)

    def scroll_by(self, lines: int) -> None:
        """Move by some lines, at most to an end."""
        last = max(0, len(self._lines) - self.size.height)
        self.top = max(0, min(self.top + lines, last))
        self.refresh()

    def action_cursor_down(self) -> None:
        self.scroll_by(1)

    def action_cursor_up(self) -> None:
        self.scroll_by(-1)

    action_line_down = action_cursor_down
    action_line_up = action_cursor_up

    def action_page_down(self) -> None:
        self.scroll_by(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        self.scroll_by(-max(1, self.size.height - 1))

    def action_top(self) -> None:
        self.scroll_by(-self.top)

    def action_bottom(self) -> None:
        self.scroll_by(len(self._lines))

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        parts = self._lines[self.top + y] if self.top + y < len(self._lines) else []
        return strip_of(self, parts)


class LinesScreen(ModalOnce[None]):
    """A page of lines over the whole screen."""

    DEFAULT_CSS = """
    LinesScreen { background: $background; }
    """

    def __init__(self, lines_at: LinesAt, keys: Keymap) -> None:
        super().__init__()
        self.moves = Lines(lines_at)
        self.commands = CommandKeys(self, PAGE_COMMANDS, keys, lambda: CommandContext(Pane.PAGE))
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        yield self.moves
        yield self._footer

    def on_mount(self) -> None:
        keys = self.commands.keymap
        scroll = keys.pair("cursor_down", "cursor_up", Pane.PAGE)
        page = keys.pair("page_down", "page_up", Pane.PAGE)
        self._footer.say([*self.commands.hints(), (scroll, "scroll"), (page, "page")])
        self.moves.focus()

    def action_close(self) -> None:
        self.dismiss(None)
