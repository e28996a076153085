"""What a command of the screen declares, and when it is offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from chatkit_tui.commands.command_context import CommandContext, Pane, Rule, always

HostT = TypeVar("HostT", contravariant=True)

BROWSE: Final = frozenset({Pane.THREADS, Pane.TRANSCRIPT})
THREADS: Final = frozenset({Pane.THREADS})
TRANSCRIPT: Final = frozenset({Pane.TRANSCRIPT})
PAGE: Final = frozenset({Pane.PAGE})
DETAIL: Final = frozenset({Pane.DETAIL})
MENU: Final = frozenset({Pane.MENU})
DIALOG: Final = frozenset({Pane.DIALOG})
PROMPT: Final = frozenset({Pane.PROMPT})
FORM: Final = frozenset({Pane.FORM})
SECRET: Final = frozenset({Pane.SESSION})
SESSIONS: Final = frozenset({Pane.SESSIONS, Pane.SESSION})
LISTS: Final = frozenset({*BROWSE, *PAGE, *DETAIL, *MENU, Pane.SESSIONS})


class Command(NamedTuple, Generic[HostT]):
    """A command of the screens that implement `HostT`."""

    id: str
    """Its name in the configuration file."""
    keys: tuple[str, ...]
    """Its default keys; none for a command of the palette alone."""
    title: str
    """One or two words, for the footer."""
    help: str
    """One sentence."""
    group: str
    run: Callable[[HostT], object]
    where: frozenset[Pane] = BROWSE
    """Where its keys are bound. Commands of different panes can share a key."""
    footer: int = 0
    """Its place in the footer, the lowest first; 0 leaves it out."""
    footer_where: frozenset[Pane] | None = None
    """Where it is in the footer; None for everywhere. A hint that comes and goes costs 200 bytes,
    unless it replaces another of its length."""
    changes: str = ""
    """What it does on the server, as a past participle; read-only mode does not offer it then."""
    needs: str = ""
    """The capability of the source without which it is not offered."""
    why_not: Rule = always
    quiet: bool = False
    """Nothing is reported if the key is pressed while the command is not available."""
    asks: bool = False
    """It can open a dialog that `confirm` answers."""
    alternatives: tuple[str, ...] = ()
    """Keys that replace the default key, the first that is free, if another command has it."""


def offered(
    context: CommandContext, commands: Iterable[Command[HostT]], pane: Pane | None = None
) -> list[Command[HostT]]:
    """Return the commands of a pane that the mode allows; by default of the context's pane."""
    return [
        command
        for command in commands
        if (pane or context.where) in command.where and is_allowed(command, context)
    ]


def is_allowed(command: Command[Any], context: CommandContext) -> bool:
    """Return whether the mode and the source allow a command at all."""
    return not (command.changes and context.read_only) and command.needs not in context.missing


def why_refused(command: Command[Any], context: CommandContext) -> str:
    """Return why the mode or the source does not allow a command."""
    reason = context.missing.get(command.needs)
    if command.changes and context.read_only and not reason:
        return f"Read-only: nothing is {command.changes}."
    return f"{command.title}: {reason or 'the source of these threads does not offer it'}"
