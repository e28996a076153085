"""The key map: which keys run which command, by default and by the user's configuration.

Keys have the names that Textual gives them: `d`, `D`, `slash`, `ctrl+d`, `f5`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from chatkit_tui.commands.commands import BY_ID, Command
from chatkit_tui.text.plain import ui_text

_DISPLAYED: Final = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "home": "Home",
    "end": "End",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "backspace": "Backspace",
    "delete": "Del",
}
_TEXTUAL_NAMES: Final = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Names of characters in Unicode, and the ones that Textual has instead."""
_UNICODE_NAMES: Final = {name: unicode for unicode, name in _TEXTUAL_NAMES.items()}
_NAMED: Final = {
    *_DISPLAYED,
    "insert",
    *(f"f{number}" for number in range(1, 25)),
    *_UNICODE_NAMES,
}
_SAME: Final = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""Keys that a terminal cannot tell from others."""
_MODIFIERS: Final = {"ctrl", "shift", "alt", "meta", "super", "hyper"}
_ALIASES: Final = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "page_down": "pagedown",
    "page_up": "pageup",
}
INTERRUPT: Final = "ctrl+c"
"""The key that always leaves the program."""
_NEVER_CONFIRM: Final = {"enter", "space"}


def key_name(key: str) -> str:
    """Return a key as it is printed on a keyboard: `ctrl+d` is "Ctrl+d", `slash` is "/"."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    name = _DISPLAYED.get(last, last)
    if name == last and len(name) > 1:
        with suppress(KeyError):
            name = unicodedata.lookup(_UNICODE_NAMES.get(last, last).replace("_", " "))
    return "+".join([*(modifier.capitalize() for modifier in modifiers), ui_text(name)])


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force."""

    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The keys of commands that do not have their default keys, by command id."""

    def of(self, command: Command) -> tuple[str, ...]:
        """Return the keys of a command."""
        return self.changed.get(command.id, command.keys)

    def names(self, command: Command) -> str:
        """Return the keys of a command for display: "Ctrl+d PgDn"."""
        return " ".join(key_name(key) for key in self.of(command))

    def first_name(self, command_id: str) -> str:
        """Return the first key of a command for display, or its title if it has no key."""
        command = BY_ID[command_id]
        keys = self.of(command)
        return key_name(keys[0]) if keys else command.title
