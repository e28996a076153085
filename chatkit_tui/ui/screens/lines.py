"""A screen of lines to be read and scrolled, and left again."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatkit_tui.document.spans import Span
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.widgets.footer import Footer

LinesAt: TypeAlias = Callable[[int], list[list[Span]]]
"""The lines in a width."""


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines, and where one is in them."""

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
        """Move by so many lines, as far as there are any."""
        last = max(0, len(self._lines) - self.size.height)
        self.top = max(0, min(self.top + lines, last))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        parts = self._lines[self.top + y] if self.top + y < len(self._lines) else []
        return strip_of(self, parts)


class LinesScreen(ModalOnce[None]):
    """Lines over the whole screen; any way of leaving goes back to where one was."""

    DEFAULT_CSS = """
    LinesScreen { background: $background; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "close", show=False),
        Binding("j,down", "move(1)", show=False),
        Binding("k,up", "move(-1)", show=False),
        Binding("ctrl+d,pagedown,space", "page(1)", show=False),
        Binding("ctrl+u,pageup", "page(-1)", show=False),
        Binding("g,home", "end(-1)", show=False),
        Binding("G,end", "end(1)", show=False),
    ]

    def __init__(self, lines_at: LinesAt) -> None:
        super().__init__()
        self._text = Lines(lines_at)
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        """The text and the keys that work in it."""
        yield self._text
        yield self._footer

    def on_mount(self) -> None:
        """Say which keys work here."""
        self._footer.say([("Esc", "close"), ("j k", "scroll"), ("Ctrl+d Ctrl+u", "page")])
        self._text.focus()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_move(self, lines: int) -> None:
        """Scroll by lines."""
        self._text.scroll_by(lines)

    def action_page(self, direction: int) -> None:
        """Scroll by a window."""
        self._text.scroll_by(direction * max(1, self._text.size.height - 1))

    def action_end(self, direction: int) -> None:
        """Scroll to an end."""
        self._text.scroll_by(direction * 1_000_000)
