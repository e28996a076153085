"""The baseline: a Textual app with a line of text that a key changes."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Minimal(App[None]):
    """Show how many keys were pressed."""

    def compose(self) -> ComposeResult:
        self.pressed = 0
        self.line = Static("pressed 0")
        yield self.line

    def on_key(self, event: Key) -> None:
        del event
        self.pressed += 1
        self.line.update(f"pressed {self.pressed}")


if __name__ == "__main__":
    Minimal().run()
