"""Screens over the panes, with commands of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.events import Key
from textual.screen import ModalScreen, ScreenResultType
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import PAGE_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import Span
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.widgets.footer import Footer

LinesAt: TypeAlias = Callable[[int], list[list[Span]]]
"""The lines in a width."""


class ModalOnce(ModalScreen[ScreenResultType]):
    """A modal screen whose keys run commands, and that removes only itself from the stack.

    Textual removes whatever is on top: the screen below, when two keys that close arrive
    together; the palette above, when work that ends closes a dialog.
    """

    commands: CommandKeys[Any]
    DEFAULT_CSS = """
    ModalOnce .box {
        width: 72;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        border: round $primary;
        background: $surface;
        padding: 0 1;
    }
    """

    async def on_key(self, event: Key) -> None:
        await self.press(event)

    async def press(self, event: Key) -> None:
        """Run the command of a key."""
        await self.commands.press(event)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result, and close what is above; do nothing if it is closed."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)


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
