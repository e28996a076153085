"""What every key does, made from the declaration of the commands."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.scroll_view import ScrollView
from textual.strip import Strip

from chatkit_tui.text.width import cells, shorten
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.commands import COMMANDS, Command
from chatkit_tui.ui.keys import Keys
from chatkit_tui.ui.part_styles import Part, strip_of
from chatkit_tui.ui.scene import Scene
from chatkit_tui.ui.screens.overlay import Overlay
from chatkit_tui.ui.widgets.footer import Footer

KEY_WIDTH = 16
"""Columns for the keys; longer ones push their words to the right."""


def help_lines(scene: Scene, keys: Keys, width: int) -> list[list[Part]]:
    """The commands of both panes in groups, with why they do not work now where they do not."""
    lines: list[list[Part]] = []
    for group in _groups(scene):
        members = [
            command
            for command in COMMANDS
            if command.group == group
            and keys.of(command)
            and not (command.changes and scene.read_only)
        ]
        if lines:
            lines.append([])
        lines.append([(f" {group}", "strong")])
        for command in members:
            lines += _entry(command, scene, keys, width)
    return lines


def _groups(scene: Scene) -> list[str]:
    """The groups as declared, those of the pane that has the keys first."""
    groups = dict.fromkeys(command.group for command in COMMANDS)
    places = {command.group: command.where for command in COMMANDS}
    return sorted(
        groups, key=lambda group: len(places[group]) if scene.where in places[group] else 9
    )


def _entry(command: Command, scene: Scene, keys: Keys, width: int) -> list[list[Part]]:
    names = keys.names(command)
    room = max(10, width - KEY_WIDTH - 1)
    head = f"  {names} "
    words = [command.help[a:b] for a, b in break_lines(command.help, room)]
    lines: list[list[Part]] = [[(head.ljust(KEY_WIDTH), "key"), (words[0], "plain")]]
    lines += [[(" " * KEY_WIDTH, "plain"), (word, "plain")] for word in words[1:]]
    reason = command.why_not(scene) if scene.where in command.where else None
    if reason:
        remark = f"not now: {reason}"
        used = sum(cells(text) for text, _ in lines[-1])
        if used + 2 + cells(remark) < width:
            lines[-1].append((f"  {remark}", "dim"))
        else:
            lines.append([(" " * KEY_WIDTH, "plain"), (shorten(remark, room), "dim")])
    return lines


class HelpText(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines, and where one is in them."""

    DEFAULT_CSS = """
    HelpText {
        height: 1fr;
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """

    def __init__(self, scene: Scene, keys: Keys) -> None:
        super().__init__(id="help-text")
        self._scene = scene
        self._keys = keys
        self._lines: list[list[Part]] = []
        self.top = 0

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._lines = help_lines(self._scene, self._keys, self.size.width)
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


class HelpScreen(Overlay[None]):
    """Help over the whole screen; any way of leaving goes back to where one was."""

    DEFAULT_CSS = """
    HelpScreen { background: $background; }
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

    def __init__(self, scene: Scene, keys: Keys) -> None:
        super().__init__()
        self._text = HelpText(scene, keys)
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
