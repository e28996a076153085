"""Every act of the screen, declared once.

The bindings, the footer, the help, the command palette and the README's table are made from
`COMMANDS`. A new act is a row here and an `action_` method of the pane that it belongs to, of the
browse screen or of the app, whichever is met first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from chatkit_tui.commands import availability
from chatkit_tui.commands.command_context import CommandContext, Pane

Rule: TypeAlias = Callable[[CommandContext], str | None]
"""Why a command does not work now, in a few words; None when it does."""

BOTH = frozenset(Pane)
THREADS = frozenset({Pane.THREADS})
TRANSCRIPT = frozenset({Pane.TRANSCRIPT})


CONFIRM_KEYS: Final = ("y", "Y", "ctrl+y")
"""The keys that confirm a question: the first that does not open it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One act: what it is called, its keys, where it applies and when it does not."""

    id: str
    """Its name in the configuration file, and its method: `action_<id>`."""
    keys: tuple[str, ...]
    """Textual's names of its keys; none for what only the palette offers."""
    title: str
    """One or two words, for the footer."""
    help: str
    """What it does, in one sentence."""
    group: str
    where: frozenset[Pane] = BOTH
    footer: int = 0
    """Its place in the footer, the lowest first; 0 keeps it out."""
    changes: bool = False
    """It changes something on the server: in read-only mode it is not there at all."""
    needs: str = ""
    """The capability of the source without which it is not there at all."""
    confirmed_by: tuple[str, ...] = ()
    """The keys of which one confirms what it asks; empty if it asks nothing."""
    why_not: Rule = availability.always
    quiet: bool = False
    """Its key says nothing when it does not work: one presses it to be on the safe side."""


# Of commands that share a key, the first one that works now gets it.
COMMANDS: tuple[Command, ...] = (
    Command(
        "stop", ("escape",), "stop", "Stop what is under way.",
        "Everywhere", footer=10, why_not=availability.nothing_runs, quiet=True,
    ),
    Command(
        "retry", ("r",), "try again", "Ask again for what failed.",
        "Everywhere", footer=10, why_not=availability.nothing_failed,
    ),
    Command(
        "cursor_down", ("j",), "down", "Next thread or item.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "cursor_up", ("k",), "up", "Previous thread or item.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "line_down", ("down",), "line down", "Next thread, or next line of the transcript.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "line_up", ("up",), "line up", "Previous thread, or previous line of the transcript.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "page_down", ("ctrl+d", "pagedown"), "page down", "One page down.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "page_up", ("ctrl+u", "pageup"), "page up", "One page up.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "top", ("g", "home"), "top", "To the first thread or item.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "bottom", ("G", "end"), "bottom",
        "To the last thread or item, without loading all that lies between.",
        "Move", why_not=availability.nothing_to_move_in,
    ),
    Command(
        "open", ("enter",), "open", "Open the thread.",
        "Threads", THREADS, footer=20, why_not=availability.no_thread_with_id,
    ),
    Command(
        "filter", ("/",), "filter",
        "Show only loaded threads with some text in their title, first words, user, status or id, "
        "as you type.",
        "Threads", THREADS, footer=30,
    ),
    Command(
        "clear_filter", ("escape",), "show all", "Show all loaded threads again.",
        "Threads", THREADS, footer=20, why_not=availability.not_filtered,
    ),
    Command(
        "user", ("f",), "user", "Ask the server for the threads of one user, or of all.",
        "Threads", THREADS, footer=40, needs="filter by user",
    ),
    Command(
        "mark", ("space",), "mark", "Mark the thread, or take its mark away.",
        "Threads", THREADS, footer=50, why_not=availability.no_thread_with_id,
    ),
    Command(
        "delete", ("D",), "delete",
        "Delete the thread one reads; in the list the marked ones, else the one at the cursor.",
        "Everywhere", footer=55, changes=True, needs="delete", confirmed_by=CONFIRM_KEYS,
        why_not=availability.nothing_to_delete,
    ),
    Command(
        "deletions", (), "deletions", "What went for good from here, what did not, and why.",
        "Everywhere",
    ),
    Command(
        "copy", ("y",), "copy", "Copy text, raw JSON or an id to the terminal's clipboard.",
        "Everywhere", footer=57, why_not=availability.nothing_to_move_in,
    ),
    Command(
        "sessions", ("s",), "sessions", "Create and cancel sessions; those made from here.",
        "Everywhere", footer=105, needs="sessions",
    ),
    Command(
        "unmark_all", (), "unmark all", "Take all marks away.",
        "Threads", THREADS, why_not=availability.no_marks,
    ),
    Command(
        "refresh", ("r",), "refresh", "Ask for the threads again; cursor and marks stay.",
        "Threads", THREADS, footer=130,
    ),
    Command(
        "next_match", ("n",), "next", "To the next match.",
        "Transcript", TRANSCRIPT, footer=20, why_not=availability.nothing_found,
    ),
    Command(
        "previous_match", ("N",), "previous", "To the previous match.",
        "Transcript", TRANSCRIPT, footer=21, why_not=availability.nothing_found,
    ),
    Command(
        "clear_find", ("escape",), "end search", "End the search.",
        "Transcript", TRANSCRIPT, footer=22, why_not=availability.nobody_searches,
    ),
    Command(
        "back", ("escape",), "back", "Back to the threads.",
        "Transcript", TRANSCRIPT, footer=25,
    ),
    Command(
        "find", ("/",), "find", "Search what is loaded of the transcript, as you type.",
        "Transcript", TRANSCRIPT, footer=30, why_not=availability.no_items,
    ),
    Command(
        "open_item", ("enter",), "raw", "Show the item as JSON, or drawn again.",
        "Transcript", TRANSCRIPT, why_not=availability.no_items,
    ),
    Command(
        "raw", ("i",), "raw", "Show the item as the JSON that came, or drawn again.",
        "Transcript", TRANSCRIPT, footer=60, why_not=availability.no_items,
    ),
    Command(
        "fold", ("z",), "fold", "Open or close what is folded in the item.",
        "Transcript", TRANSCRIPT, footer=70, why_not=availability.no_items,
    ),
    Command(
        "unfold_all", (), "unfold all", "Open what is folded in every item.",
        "Transcript", TRANSCRIPT, why_not=availability.no_items,
    ),
    Command(
        "fold_all", (), "fold all", "Fold every item as it was.",
        "Transcript", TRANSCRIPT, why_not=availability.no_items,
    ),
    Command(
        "load_newer", ("r",), "newer", "Ask for newer items, and again for the last ones.",
        "Transcript", TRANSCRIPT, footer=110, why_not=availability.no_thread_open,
    ),
    Command(
        "order", ("o",), "order", "Newest first, or oldest first.",
        "Everywhere", footer=80,
    ),
    Command(
        "go_to", (":",), "go to", "Open a thread by its id, by an item's id or by an address.",
        "Everywhere", footer=90,
    ),
    Command(
        "help", ("?",), "help", "What every key does.",
        "Everywhere", footer=95,
    ),
    Command(
        "quit", ("q", "ctrl+c"), "quit", "Leave.",
        "Everywhere", footer=100,
    ),
    Command(
        "next_pane", ("tab", "shift+tab"), "pane", "To the other pane.",
        "Everywhere", footer=120, why_not=availability.no_thread_open,
    ),
    Command(
        "width", ("w",), "width", "Give one pane the whole width, or show both.",
        "Everywhere", footer=140, why_not=availability.one_pane_anyway,
    ),
    Command(
        "times", ("t",), "times", "Times as ages, as local times, or in UTC.",
        "Everywhere", footer=150,
    ),
    Command(
        "command_palette", ("ctrl+p",), "commands", "Find a command by its name.",
        "Everywhere", footer=160,
    ),
    Command(
        "theme", (), "theme", "Light or dark.",
        "Everywhere",
    ),
    Command(
        "slow", (), "slow line", "Spare a slow line, or do not any more.",
        "Everywhere",
    ),
    Command(
        "repaint", ("ctrl+l",), "repaint",
        "Draw the whole screen again, where something else wrote over it.",
        "Everywhere",
    ),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}


def offered(scene: CommandContext, commands: Iterable[Command] = COMMANDS) -> list[Command]:
    """The commands that are there at all: in this pane, and allowed in this mode."""
    return [
        command
        for command in commands
        if scene.where in command.where and is_allowed(command, scene)
    ]


def is_allowed(command: Command, scene: CommandContext) -> bool:
    """Return whether the mode and the source allow a command at all."""
    return not (command.changes and scene.read_only) and command.needs not in scene.missing


def working(scene: CommandContext) -> list[Command]:
    """The commands that work now, in the order of their declaration."""
    return [command for command in offered(scene) if command.why_not(scene) is None]


def meant(scene: CommandContext, key_of: Callable[[Command], tuple[str, ...]]) -> list[Command]:
    """The commands that work now and have their keys to themselves, or that have no keys."""
    found = []
    taken: set[str] = set()
    for command in working(scene):
        keys = key_of(command)
        if taken.isdisjoint(keys):
            found.append(command)
        taken.update(keys)
    return found


def reached(
    command: Command, scene: CommandContext, key_of: Callable[[Command], tuple[str, ...]]
) -> bool:
    """Whether this command is the one that its key means now.

    Of those that share a key, that is the first that works; when none does, the first, which
    then says why. `key_of` gives the keys after remapping.
    """
    keys = set(key_of(command))
    rivals = [other for other in offered(scene) if keys & set(key_of(other))]
    if command not in rivals:
        return False
    able = [other for other in rivals if other.why_not(scene) is None]
    return command is (able or rivals)[0]
