"""The `[keys]` table: which key does what instead of those that the program comes with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import NamedTuple

from chatkit_tui.config.schema import nearest


class KeyUse(NamedTuple):
    """A command as far as its keys are concerned."""

    keys: tuple[str, ...]
    """The keys that it comes with, by Textual's names."""
    places: frozenset[str]
    """Where it works; commands that never work in the same place may share a key."""
    title: str = ""
    """What it is called on the screen, for who writes that in the place of its id."""
    confirmed_by: tuple[str, ...] = ()
    """The keys of which one confirms its question, if it asks one: not all of them may open it."""


class Misfit(NamedTuple):
    """An entry of `[keys]` that is set aside, and why."""

    command: str
    reason: str


def commands_with_keys() -> dict[str, KeyUse]:
    """The commands of the screen, as the configuration file may name them."""
    from chatkit_tui.commands.commands import COMMANDS

    return {
        command.id: KeyUse(
            command.keys,
            frozenset(str(where) for where in command.where),
            command.title,
            command.confirmed_by,
        )
        for command in COMMANDS
    }


_NAMED = {
    *("enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end"),
    *("pageup", "pagedown", "up", "down", "left", "right"),
    *(f"f{number}" for number in range(1, 25)),
    # Names that Textual has for signs instead of those of Unicode.
    *("slash", "backslash", "at", "minus", "plus", "underscore"),
}
_SIGNS = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Names of Unicode and what Textual has instead."""
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""Keys that a terminal cannot tell from others."""
_INTERRUPT = ("quit", "ctrl+c")
"""The one command that may have the key that always leaves."""
_MODIFIERS = {"ctrl", "shift", "alt", "meta", "super", "hyper"}
_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "page_down": "pagedown",
    "page_up": "pageup",
}


def read_keys(
    table: Mapping[str, object], commands: Mapping[str, KeyUse] | None
) -> tuple[dict[str, str], list[Misfit]]:
    """Command ids and their keys, separated by commas; and what is set aside.

    Without `commands` nothing is said about unknown ones and about keys that two have.
    """
    taken: dict[str, tuple[str, ...]] = {}
    misfits: list[Misfit] = []
    for command, value in table.items():
        keys = _key_names(value)
        if commands is not None and command not in commands:
            misfits.append(Misfit(command, f"there is no such command{_hint(command, commands)}"))
        elif not keys:
            misfits.append(
                Misfit(command, 'must be a key or several, as in ["ctrl+d", "pagedown"]')
            )
        elif unknown := next((key for key in keys if not is_key(key)), None):
            misfits.append(Misfit(command, f"{unknown!r} is no key{_nearest_key(unknown)}"))
        elif _INTERRUPT[1] in keys and command != _INTERRUPT[0]:
            misfits.append(Misfit(command, f"{_INTERRUPT[1]} always leaves the program"))
        elif commands and (by := commands[command].confirmed_by) and set(by) <= _spelled(keys):
            misfits.append(Misfit(command, f"leave one of {', '.join(by)} to confirm with"))
        else:
            taken[command] = keys
    if commands is not None:
        for command in list(taken):
            if rival := _rival(command, taken, commands):
                misfits.append(
                    Misfit(command, f"{', '.join(taken[command])} would collide with {rival}")
                )
                del taken[command]
    return {command: ",".join(map(_canonical, keys)) for command, keys in taken.items()}, misfits


def _hint(name: str, commands: Mapping[str, KeyUse]) -> str:
    """Return the ids that a wrong one was most likely meant for: those whose id or title it is, but
    for its spelling, else the nearest."""
    wanted = _plain(name)
    if wanted in commands:
        return f"; did you mean {wanted}?"
    called = [command for command, use in commands.items() if _plain(use.title) == wanted]
    if called:
        return f"; {name!r} is what the screen calls {' and '.join(called)}"
    by_name = {_plain(use.title): command for command, use in commands.items() if use.title}
    by_name |= {command: command for command in commands}
    meant = nearest(wanted, by_name)
    return f"; did you mean {by_name[meant]}?" if meant else ""


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _canonical(key: str) -> str:
    """Return a key as Textual reports it, so that its spellings compare as the same key."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    if len(last) == 1 and not last.isalnum():
        with suppress(ValueError):
            last = unicodedata.name(last).lower().replace("-", "_").replace(" ", "_")
    elif len(last) == 1 and modifiers == ["shift"] and len(last.upper()) == 1:
        modifiers, last = [], last.upper()
    last = _SIGNS.get(last, last)
    found = "+".join([*sorted(set(modifiers)), last])
    return _SAME.get(found, found)


def is_key(name: str) -> bool:
    """Whether this is a key by Textual's names: `d`, `D`, `/`, `slash`, `ctrl+d`, `f5`."""
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


def _key_names(value: object) -> tuple[str, ...]:
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
    meant = _ALIASES.get(key) or nearest(key, sorted(_NAMED))
    known = [modifier for modifier in modifiers if modifier in _MODIFIERS]
    return f"; did you mean {'+'.join([*known, meant])}?" if meant else ""


def _rival(
    command: str, taken: Mapping[str, tuple[str, ...]], commands: Mapping[str, KeyUse]
) -> str | None:
    """Another command with one of these keys in the same place, unless both come with it."""
    own = commands[command]
    for other, use in commands.items():
        if other != command and own.places & use.places:
            shared = _spelled(taken[command]) & _spelled(taken.get(other, use.keys))
            if shared - (_spelled(own.keys) & _spelled(use.keys)):
                return other
    return None


def _spelled(keys: Iterable[str]) -> set[str]:
    return {_canonical(key) for key in keys}
