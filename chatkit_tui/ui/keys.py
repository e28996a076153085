"""The keys of the commands: how they are written, remapped and bound."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from textual.binding import Binding
from textual.keys import format_key

from chatkit_tui.commands.commands import BY_ID, COMMANDS, Command
from chatkit_tui.text.plain import ui_text

_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
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
APP_COMMANDS = frozenset({"quit", "command_palette", "repaint"})
"""What works on every screen, so that the app binds it."""


def key_name(key: str) -> str:
    """A key as a person writes it: `ctrl+d` is "Ctrl+d", `slash` is "/"."""
    if key in _NAMES:
        return ui_text(_NAMES[key])
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    name = ui_text(_NAMES.get(last) or format_key(last))
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys in force: those declared, and those that the configuration put in their place."""

    remapped: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, command: Command) -> tuple[str, ...]:
        """The keys of a command, in Textual's names."""
        return self.remapped.get(command.id, command.keys)

    def names(self, command: Command) -> str:
        """The keys of a command as a person writes them: "Ctrl+d PgDn"."""
        return " ".join(key_name(key) for key in self.of(command))

    def first_name(self, command_id: str) -> str:
        """The first key of a command as a person writes it; its title when it has none."""
        command = BY_ID[command_id]
        keys = self.of(command)
        return key_name(keys[0]) if keys else command.title

    @property
    def keymap(self) -> dict[str, str]:
        """The same for `App.set_keymap`."""
        return {name: ",".join(keys) for name, keys in self.remapped.items()}


def remap(wanted: Mapping[str, str]) -> tuple[Keys, tuple[str, ...]]:
    """Read the configuration's keys: command id to keys, separated by commas.

    Gives the keys in force, and a line for each entry that is set aside: unknown commands, empty
    keys, keys that leave none to confirm with, a key that another command of the same pane has.
    """
    taken: dict[str, tuple[str, ...]] = {}
    notes: list[str] = []
    for name, text in wanted.items():
        keys = tuple(key for key in (part.strip() for part in _split(text)) if key)
        if name not in BY_ID:
            notes.append(f"keys.{name}: there is no such command")
        elif not keys:
            notes.append(f"keys.{name}: no key is given")
        elif (by := BY_ID[name].confirmed_by) and set(by) <= set(keys):
            notes.append(f"keys.{name}: leaves no key to confirm with: {', '.join(by)}")
        else:
            taken[name] = keys
    for name in list(taken):
        if rival := _rival(BY_ID[name], taken):
            notes.append(f"keys.{name}: {', '.join(taken[name])} is taken by `{rival.id}`")
            del taken[name]
    return Keys(taken), tuple(notes)


def _split(text: str) -> list[str]:
    return [text] if text == "," else text.split(",")


def _rival(command: Command, taken: Mapping[str, tuple[str, ...]]) -> Command | None:
    """Another command that has one of these keys in the same place, and did not by declaration."""
    mine = set(taken[command.id])
    for other in COMMANDS:
        if other is command or not command.where & other.where:
            continue
        shared = mine & set(taken.get(other.id, other.keys))
        if shared - (set(command.keys) & set(other.keys)):
            return other
    return None


def screen_bindings(shared: Collection[str] = ()) -> list[Binding]:
    """The bindings of the browse screen: each asks for its command by id.

    They are looked at before a key goes to what has the focus and from there outwards, each step
    a message that waits behind whatever else there is to do. But for the commands in `shared`,
    whose keys a field has first.
    """
    return [
        Binding(
            ",".join(command.keys),
            f"act({command.id!r})",
            command.title,
            id=command.id,
            priority=command.id not in shared,
        )
        for command in COMMANDS
        if command.keys and command.id not in APP_COMMANDS
    ]


def key_table(keys: Keys | None = None) -> str:
    """The commands as a Markdown table, for the README."""
    keys = keys or Keys()
    rows = [
        f"| {' '.join(f'`{key_name(key)}`' for key in keys.of(command)) or '–'} "
        f"| {command.title} | `{command.id}` | {command.help} | {_places(command)} |"
        for command in COMMANDS
    ]
    head = ["| key | command | id | what it does | where |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _places(command: Command) -> str:
    return "both" if len(command.where) > 1 else next(iter(command.where)).value
