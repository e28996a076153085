"""Every act of the screen, declared once.

The bindings, the footer, the help, the command palette and the README's table are made from
`COMMANDS`. A new act is a row here and an `action_` method of the pane that it belongs to, of the
browse screen or of the app, whichever is met first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from chatkit_tui.ui.scene import Scene, Where

Rule: TypeAlias = Callable[[Scene], str | None]
"""Why a command does not work now, in a few words; None when it does."""

BOTH = frozenset(Where)
THREADS = frozenset({Where.THREADS})
TRANSCRIPT = frozenset({Where.TRANSCRIPT})

TWO_PANES_FROM = 100
"""The width, in columns, from which threads and transcript stand side by side."""


def _always(scene: Scene) -> str | None:
    del scene
    return None


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
    where: frozenset[Where] = BOTH
    footer: int = 0
    """Its place in the footer, the lowest first; 0 keeps it out."""
    changes: bool = False
    """It changes something on the server: in read-only mode it is not there at all."""
    why_not: Rule = _always


def _no_threads(scene: Scene) -> str | None:
    return None if scene.threads else "no threads are shown"


def _nothing_to_move_in(scene: Scene) -> str | None:
    if scene.where is Where.THREADS:
        return _no_threads(scene)
    return _no_items(scene)


def _no_thread_open(scene: Scene) -> str | None:
    return None if scene.thread_id else "no thread is open"


def _no_items(scene: Scene) -> str | None:
    return _no_thread_open(scene) or (None if scene.items else "no items are loaded")


def _nothing_found(scene: Scene) -> str | None:
    if scene.found is None:
        return "nothing is searched for: / searches"
    return None if scene.found else "nothing matches"


def _no_marks(scene: Scene) -> str | None:
    return None if scene.marks else "nothing is marked"


def _nothing_runs(scene: Scene) -> str | None:
    return None if scene.working else "nothing is under way"


def _nothing_failed(scene: Scene) -> str | None:
    return None if scene.trouble else "nothing failed"


def _not_filtered(scene: Scene) -> str | None:
    return None if scene.filtered else "the list is not filtered"


def _nobody_searches(scene: Scene) -> str | None:
    return None if scene.found is not None else "nothing is searched for"


def _one_pane_anyway(scene: Scene) -> str | None:
    if scene.columns >= TWO_PANES_FROM:
        return None
    return f"the panes stand side by side from {TWO_PANES_FROM} columns"


# Of commands that share a key, the first one that works now gets it.
COMMANDS: tuple[Command, ...] = (
    Command("stop", ("escape",), "stop", "Stop what is under way.", "Everywhere",
            footer=1, why_not=_nothing_runs),
    Command("retry", ("r",), "try again", "Ask again for what failed.", "Everywhere",
            footer=1, why_not=_nothing_failed),
    Command("cursor_down", ("j",), "down", "Next thread or item.", "Move",
            why_not=_nothing_to_move_in),
    Command("cursor_up", ("k",), "up", "Previous thread or item.", "Move",
            why_not=_nothing_to_move_in),
    Command("line_down", ("down",), "line down", "One line down.", "Move",
            why_not=_nothing_to_move_in),
    Command("line_up", ("up",), "line up", "One line up.", "Move", why_not=_nothing_to_move_in),
    Command("page_down", ("ctrl+d", "pagedown"), "page down", "One page down.", "Move",
            why_not=_nothing_to_move_in),
    Command("page_up", ("ctrl+u", "pageup"), "page up", "One page up.", "Move",
            why_not=_nothing_to_move_in),
    Command("top", ("g", "home"), "top", "To the first thread or item.", "Move",
            why_not=_nothing_to_move_in),
    Command("bottom", ("G", "end"), "bottom",
            "To the last thread or item, without loading all that lies between.", "Move",
            why_not=_nothing_to_move_in),
    Command("open", ("enter",), "open", "Open the thread.", "Threads", THREADS, footer=2,
            why_not=_no_threads),
    Command("mark", ("space",), "mark", "Mark the thread, or take the mark away.", "Threads",
            THREADS, footer=7, why_not=_no_threads),
    Command("unmark_all", (), "unmark all", "Take all marks away.", "Threads", THREADS,
            why_not=_no_marks),
    Command("filter", ("/",), "filter", "Show only loaded threads that have some text in their "
            "title, user or id, as you type.", "Threads", THREADS, footer=3),
    Command("clear_filter", ("escape",), "show all", "Show all loaded threads again.", "Threads",
            THREADS, footer=2, why_not=_not_filtered),
    Command("user", ("f",), "user", "Ask the server for the threads of one user.", "Threads",
            THREADS, footer=4),
    Command("open_item", ("enter",), "raw", "Show the item as JSON, or drawn again.", "Transcript",
            TRANSCRIPT, why_not=_no_items),
    Command("raw", ("i",), "raw JSON", "Show the item as the JSON that came, or drawn again.",
            "Transcript", TRANSCRIPT, footer=6, why_not=_no_items),
    Command("fold", ("z",), "fold", "Open or close what is folded in the item.", "Transcript",
            TRANSCRIPT, footer=7, why_not=_no_items),
    Command("find", ("/",), "find", "Search what is loaded of the transcript, as you type.",
            "Transcript", TRANSCRIPT, footer=3, why_not=_no_items),
    Command("next_match", ("n",), "next", "Next match.", "Transcript", TRANSCRIPT, footer=2,
            why_not=_nothing_found),
    Command("previous_match", ("N",), "previous", "Previous match.", "Transcript", TRANSCRIPT,
            why_not=_nothing_found),
    Command("clear_find", ("escape",), "end search", "End the search.", "Transcript", TRANSCRIPT,
            why_not=_nobody_searches),
    Command("back", ("escape",), "back", "Back to the threads.", "Transcript", TRANSCRIPT,
            footer=2),
    Command("order", ("o",), "order", "Newest first, or oldest first.", "Everywhere", footer=5),
    Command("go_to", (":",), "go to", "Open a thread by its id or by its address.", "Everywhere",
            footer=8),
    Command("refresh", ("r",), "refresh", "Ask for the threads again; cursor and marks stay.",
            "Threads", THREADS, footer=9),
    Command("load_newer", ("r",), "newer", "Ask for items that came since.", "Transcript",
            TRANSCRIPT, footer=9, why_not=_no_thread_open),
    Command("times", ("t",), "times", "Times as ages, as local time, or as UTC.", "Everywhere",
            footer=11),
    Command("width", ("w",), "width", "Give one pane the whole width, or show both.",
            "Everywhere", footer=12, why_not=_one_pane_anyway),
    Command("next_pane", ("tab", "shift+tab"), "pane", "To the other pane.", "Everywhere",
            footer=10, why_not=_no_thread_open),
    Command("theme", (), "theme", "Light or dark.", "Everywhere"),
    Command("help", ("?",), "help", "What every key does.", "Everywhere", footer=4),
    Command("command_palette", ("ctrl+p",), "commands", "Find a command by its name.",
            "Everywhere", footer=14),
    Command("quit", ("q", "ctrl+c"), "quit", "Leave.", "Everywhere", footer=13),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}


def offered(scene: Scene, commands: Iterable[Command] = COMMANDS) -> list[Command]:
    """The commands that are there at all: in this pane, and allowed in this mode."""
    return [
        command
        for command in commands
        if scene.where in command.where and not (command.changes and scene.read_only)
    ]


def working(scene: Scene) -> list[Command]:
    """The commands that work now, in the order of their declaration."""
    return [command for command in offered(scene) if command.why_not(scene) is None]


def reached(command: Command, scene: Scene, key_of: Callable[[Command], tuple[str, ...]]) -> bool:
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
