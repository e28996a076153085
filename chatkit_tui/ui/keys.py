"""The keys of the commands: how they are written, remapped and bound."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual.binding import Binding

from chatkit_tui.commands.commands import BY_ID, COMMANDS, Command
from chatkit_tui.commands.keymap import Keymap

APP_COMMANDS = frozenset({"quit", "command_palette", "repaint"})
"""What works on every screen, so that the app binds it."""


def remap(wanted: Mapping[str, str]) -> tuple[Keymap, tuple[str, ...]]:
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
    return Keymap(taken), tuple(notes)


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
