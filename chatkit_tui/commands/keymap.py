"""The key map: which keys run which command, by default and by the user's configuration.

Keys have the names that Textual gives them: `d`, `D`, `slash`, `ctrl+d`, `f5`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from chatkit_tui.commands.command import Command, HostT, offered
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import BY_ID, COMMANDS, CONFIRM
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
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
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


class Keymap(NamedTuple):
    """The keys in force."""

    changed: Mapping[tuple[str, Pane], tuple[str, ...]] = MappingProxyType({})
    """The keys of commands that do not have their default keys, by command id and pane."""
    entries: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The valid entries of the user, by command id."""

    def of(self, command: Command[Any], pane: Pane | None = None) -> tuple[str, ...]:
        """Return the keys of a command in a pane, or in any of its panes."""
        if pane is not None:
            return self.changed.get((command.id, pane), command.keys)
        panes = [pane for pane in Pane if pane in command.where]
        keys = [self.changed.get((command.id, pane), command.keys) for pane in panes]
        return tuple(dict.fromkeys(chain(*keys)))

    def names(self, command: Command[Any]) -> str:
        """Return the keys of a command for display: "Ctrl+d PgDn"."""
        return " ".join(key_name(key) for key in self.of(command))

    def first_name(self, command_id: str, pane: Pane | None = None) -> str:
        """Return the first key of a command for display, or its title if it has no key."""
        command = BY_ID[command_id]
        keys = self.of(command, pane)
        return key_name(keys[0]) if keys else command.title

    def pair(self, first_id: str, second_id: str, pane: Pane) -> str:
        """Return the first keys of two commands for display: "j k"."""
        return f"{self.first_name(first_id, pane)} {self.first_name(second_id, pane)}"

    def working(
        self, context: CommandContext, commands: Iterable[Command[HostT]]
    ) -> list[Command[HostT]]:
        """Return the available commands that their keys run now, and those without keys."""
        found = []
        taken: set[str] = set()
        for command in offered(context, commands):
            if command.why_not(context) is None:
                keys = self.of(command, context.where)
                if taken.isdisjoint(keys):
                    found.append(command)
                taken.update(keys)
        return found


class KeyFault(NamedTuple):
    """An entry of the user that is dropped, or a consequence of one that is not."""

    command_id: str
    reason: str
    dropped: bool = True
    """The entry has no effect. If false, it has, and a default key of another command gave way."""


def read_keys(table: Mapping[str, object]) -> tuple[Keymap, list[KeyFault]]:
    """Return the keys in force with the user's entries, and what is to be reported of them.

    The values of `table` are keys separated by commas, or lists of keys. An entry replaces the
    keys of its command. Where another command of the same pane has one of them by default, that
    command loses it; two entries that have the same key in the same pane collide.
    """
    entries: dict[str, tuple[str, ...]] = {}
    faults: list[KeyFault] = []
    for command_id, value in table.items():
        keys = _split(value)
        if reason := _fault(command_id, keys):
            faults.append(KeyFault(command_id, reason))
        else:
            entries[command_id] = tuple(map(canonical, keys))
    for command_id in list(entries):
        if reason := _collision(BY_ID[command_id], entries):
            faults.append(KeyFault(command_id, reason))
            del entries[command_id]
    changed = {(name, pane): entries[name] for name in entries for pane in BY_ID[name].where}
    for command in COMMANDS if entries else ():
        if command.id not in entries:
            left = {pane: _left(command, pane, entries) for pane in Pane if pane in command.where}
            changed |= {(command.id, pane): keys for pane, keys in left.items()}
            faults += _given_way(command, left, entries)
    return Keymap(changed, entries), faults


def _fault(command_id: str, keys: tuple[str, ...]) -> str:
    """Return what is wrong with an entry by itself; empty if nothing is."""
    if command_id not in BY_ID:
        return f"there is no such command{_hint(command_id)}"
    if not keys:
        return 'must be a key or several, as in ["ctrl+d", "pagedown"]'
    if unknown := next((key for key in keys if not is_key(key)), None):
        return f"{unknown!r} is not a key{_nearest_key(unknown)}"
    if INTERRUPT in keys and command_id != "quit":
        return f"{INTERRUPT} always leaves the program"
    if command_id == CONFIRM.id and (never := _NEVER_CONFIRM & _canonical(keys)):
        return f"{', '.join(sorted(never))} cannot confirm: it is too easily pressed"
    return ""


def _collision(command: Command[Any], entries: Mapping[str, tuple[str, ...]]) -> str:
    """Return which other entry has a key of this one; empty if none has."""
    keys = set(entries[command.id])
    for other in COMMANDS:
        theirs = set(entries.get(other.id, _canonical(other.keys)))
        if command is CONFIRM and other.asks and keys & theirs:
            return f"{', '.join(sorted(keys & theirs))} opens the dialog ({other.id})"
        if other is command or other.id not in entries or not command.where & other.where:
            continue
        if (keys & theirs) - _both_by_default(command, other):
            return f"{', '.join(entries[command.id])} would collide with {other.id}"
    if CONFIRM.id not in entries and not _left(CONFIRM, Pane.DIALOG, entries):
        choices = (*CONFIRM.keys, *CONFIRM.alternatives)
        return f"leave one of {', '.join(choices)} to confirm with"
    return ""


def _left(
    command: Command[Any], pane: Pane, entries: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the keys that a command without an entry keeps in a pane."""
    taken: set[str] = set()
    for name, keys in entries.items():
        if _competes(BY_ID[name], command, pane):
            taken |= set(keys) - _both_by_default(command, BY_ID[name])
    left = tuple(key for key in command.keys if canonical(key) not in taken)
    return left or tuple(key for key in command.alternatives if key not in taken)[:1]


def _competes(other: Command[Any], command: Command[Any], pane: Pane) -> bool:
    """Return whether two commands cannot have the same key in a pane.

    The key that opens a dialog does not confirm it.
    """
    return pane in other.where or (command is CONFIRM and other.asks)


def _given_way(
    command: Command[Any],
    left: Mapping[Pane, tuple[str, ...]],
    entries: Mapping[str, tuple[str, ...]],
) -> list[KeyFault]:
    """Return a report for each entry that takes a default key of a command."""
    faults = []
    for name, keys in entries.items():
        lost = [key for key in command.keys if canonical(key) in keys]
        panes = [
            pane
            for pane, rest in left.items()
            if _competes(BY_ID[name], command, pane) and not set(lost) <= set(rest)
        ]
        if panes:
            where = f" in {', '.join(panes)}" if len(panes) < len(left) else ""
            rest = ", ".join(left[panes[0]])
            kept = f"which keeps {rest}" if rest else "which has no key there"
            text = f"takes {', '.join(lost)} from {command.id}{where}, {kept}"
            faults.append(KeyFault(name, text, dropped=False))
    return faults


def _both_by_default(command: Command[Any], other: Command[Any]) -> set[str]:
    """Return the keys that two commands share by default: the first that is available runs."""
    return _canonical(command.keys) & _canonical(other.keys)


def _hint(name: str) -> str:
    """Return which command the user most likely meant."""
    wanted = re.sub(r"[\s_-]+", "_", name.strip().lower())
    if wanted in BY_ID:
        return f"; did you mean {wanted}?"
    titles = {command: re.sub(r"[\s_-]+", "_", command.title.lower()) for command in COMMANDS}
    called = [command.id for command, title in titles.items() if title == wanted]
    if called:
        return f"; {name!r} is what the screen calls {' and '.join(called)}"
    ids = {title: command.id for command, title in titles.items()}
    ids |= {command.id: command.id for command in COMMANDS}
    nearest = get_close_matches(wanted, ids, n=1)
    return f"; did you mean {ids[nearest[0]]}?" if nearest else ""


def canonical(key: str) -> str:
    """Return a key as Textual reports it, so that its spellings compare as the same key."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    if len(last) == 1 and not last.isalnum():
        with suppress(ValueError):
            last = unicodedata.name(last).lower().replace("-", "_").replace(" ", "_")
    elif len(last) == 1 and modifiers == ["shift"] and len(last.upper()) == 1:
        modifiers, last = [], last.upper()
    last = _TEXTUAL_NAMES.get(last, last)
    found = "+".join([*sorted(set(modifiers)), last])
    return _SAME.get(found, found)


def _canonical(keys: Iterable[str]) -> set[str]:
    return {canonical(key) for key in keys}


def is_key(name: str) -> bool:
    """Return whether this names a key: `d`, `D`, `/`, `slash`, `ctrl+d`, `f5`."""
    *modifiers, key = name.split("+") if len(name) > 1 else [name]
    if not set(modifiers) <= _MODIFIERS:
        return False
    if len(key) == 1:
        return key.isprintable() and not key.isspace()
    if key in _NAMED:
        return True
    try:
        return unicodedata.lookup(key.replace("_", " ")).isprintable()
    except KeyError:
        return False


def _split(value: object) -> tuple[str, ...]:
    """Return the keys of an entry; none if it is neither text nor a list of texts."""
    if isinstance(value, str):
        value = [value] if value == "," else value.split(",")
    if not isinstance(value, list) or not all(isinstance(key, str) for key in value):
        return ()
    keys = (str(key).strip() for key in value)
    return tuple("comma" if key == "," else key for key in keys if key)


def _nearest_key(name: str) -> str:
    lowered = name.lower().replace("-", "+")
    if is_key(lowered):
        return f"; did you mean {lowered}?"
    *modifiers, key = lowered.split("+")
    nearest = _ALIASES.get(key) or next(iter(get_close_matches(key, sorted(_NAMED), n=1)), None)
    known = [modifier for modifier in modifiers if modifier in _MODIFIERS]
    return f"; did you mean {'+'.join([*known, nearest])}?" if nearest else ""
