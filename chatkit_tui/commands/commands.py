"""Every command of the screen, declared once.

Key bindings, footer, help, command palette and the table of the README are made from these
declarations. A new command is a new row here and a method of the protocol in `handlers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, NamedTuple, TypeVar

from chatkit_tui.commands import command_context as state
from chatkit_tui.commands.command_context import CommandContext, Pane, Rule
from chatkit_tui.commands.handlers import (
    BrowseHost,
    CloseHost,
    CopyMenuHost,
    DialogHost,
    HelpHost,
    MenuHost,
    MovesHost,
    PageHost,
    PaletteHost,
    PromptHost,
    SearchHost,
    SessionsHost,
)

HostT = TypeVar("HostT", contravariant=True)

BROWSE: Final = frozenset({Pane.THREADS, Pane.TRANSCRIPT})
THREADS: Final = frozenset({Pane.THREADS})
TRANSCRIPT: Final = frozenset({Pane.TRANSCRIPT})
PAGE: Final = frozenset({Pane.PAGE})
MENU: Final = frozenset({Pane.MENU})
DIALOG: Final = frozenset({Pane.DIALOG})
PROMPT: Final = frozenset({Pane.PROMPT})
FORM: Final = frozenset({Pane.FORM})
SECRET: Final = frozenset({Pane.SESSION})
SESSIONS: Final = frozenset({Pane.SESSIONS, Pane.SESSION})
LISTS: Final = frozenset({*BROWSE, *PAGE, *MENU, Pane.SESSIONS})


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
    why_not: Rule = state.always
    quiet: bool = False
    """Nothing is reported if the key is pressed while the command is not available."""
    asks: bool = False
    """It can open a dialog that `confirm` answers."""
    alternatives: tuple[str, ...] = ()
    """Keys that replace the default key, the first that is free, if another command has it."""


_MOVES: Final[tuple[Command[MovesHost], ...]] = (
    Command("cursor_down", ("j",), "down", "Next thread, item or row.",
        "Move", lambda on: on.moves.action_cursor_down(), LISTS, why_not=state.nothing_to_move_in),
    Command("cursor_up", ("k",), "up", "Previous thread, item or row.",
        "Move", lambda on: on.moves.action_cursor_up(), LISTS, why_not=state.nothing_to_move_in),
    Command("line_down", ("down",), "line down", "Next row, or next line of the transcript.",
        "Move", lambda on: on.moves.action_line_down(), LISTS | PROMPT,
        why_not=state.nothing_to_move_in),
    Command("line_up", ("up",), "line up", "Previous row, or previous line of the transcript.",
        "Move", lambda on: on.moves.action_line_up(), LISTS | PROMPT,
        why_not=state.nothing_to_move_in),
    Command("page_down", ("ctrl+d", "pagedown"), "page down", "One page down.",
        "Move", lambda on: on.moves.action_page_down(), LISTS | PROMPT,
        why_not=state.nothing_to_move_in),
    Command("page_up", ("ctrl+u", "pageup"), "page up", "One page up.",
        "Move", lambda on: on.moves.action_page_up(), LISTS | PROMPT,
        why_not=state.nothing_to_move_in),
    Command("top", ("g", "home"), "top", "To the first thread, item or row.",
        "Move", lambda on: on.moves.action_top(), LISTS, why_not=state.nothing_to_move_in),
    Command("bottom", ("G", "end"), "bottom",
        "To the last thread, item or row. Threads and items in between are not loaded.",
        "Move", lambda on: on.moves.action_bottom(), LISTS, why_not=state.nothing_to_move_in),
)  # fmt: skip

_PROMPT: Final[tuple[Command[PromptHost], ...]] = (
    Command("accept", ("enter",), "accept", "Accept the text.",
        "Prompt", lambda on: on.action_accept(), PROMPT, footer=10, asks=True),
    Command("give_up", ("escape",), "leave", "Leave the prompt and undo what typing did.",
        "Prompt", lambda on: on.action_give_up(), PROMPT, footer=20),
)  # fmt: skip

# Of commands that share a key, the first that is available runs.
BROWSE_COMMANDS: Final[tuple[Command[BrowseHost], ...]] = (
    Command("stop", ("escape",), "stop", "Stop loading.",
        "Everywhere", lambda on: on.pane.action_stop(), footer=24,
        footer_where=TRANSCRIPT, why_not=state.nothing_runs, quiet=True),
    Command("retry", ("r",), "try again", "Repeat the request that failed.",
        "Everywhere", lambda on: on.pane.action_retry(), footer=10, why_not=state.nothing_failed),
    *_MOVES,
    Command("open", ("enter",), "open", "Open the thread.",
        "Threads", lambda on: on.threads.action_open(), THREADS, footer=20,
        why_not=state.no_thread_with_id),
    Command("filter", ("/",), "filter",
        "Filter the loaded threads by title, first words, user, status or id while you type.",
        "Threads", lambda on: on.questions.action_filter(), THREADS, footer=30),
    Command("clear_filter", ("escape",), "show all", "Remove the filter.",
        "Threads", lambda on: on.threads.action_clear_filter(), THREADS, footer=20,
        why_not=state.not_filtered, quiet=True),
    Command("user", ("f",), "user", "Load the threads of one user, or of all users.",
        "Threads", lambda on: on.questions.action_user(), THREADS, footer=40,
        needs="filter by user"),
    Command("mark", ("space",), "mark", "Mark the thread, or remove its mark.",
        "Threads", lambda on: on.threads.action_mark(), THREADS, footer=50,
        why_not=state.no_thread_with_id),
    Command("delete", ("D",), "delete",
        "Delete the open thread; in the list, the marked threads or the one under the cursor.",
        "Everywhere", lambda on: on.deletion.action_delete(), footer=55, changes="deleted",
        asks=True, needs="delete", why_not=state.nothing_to_delete),
    Command("deletions", (), "deletions", "Deletions made from here, with results and reasons.",
        "Everywhere", lambda on: on.deletion.action_deletions()),
    Command("copy", ("y",), "copy", "Copy text, raw JSON or an id to the clipboard.",
        "Everywhere", lambda on: on.copying.action_copy(), footer=57,
        why_not=state.nothing_to_move_in),
    Command("sessions", ("s",), "sessions",
        "Create and cancel sessions; list those made from here.",
        "Everywhere", lambda on: on.action_sessions(), footer=105, needs="sessions"),
    Command("unmark_all", (), "unmark all", "Remove all marks.",
        "Threads", lambda on: on.threads.action_unmark_all(), THREADS, why_not=state.no_marks),
    Command("refresh", ("r",), "refresh", "Load the threads again; cursor and marks stay.",
        "Threads", lambda on: on.threads.action_refresh(), THREADS, footer=130),
    Command("next_hit", ("n",), "next hit", "To the next hit of the search, in its thread.",
        "Transcript", lambda on: on.searching.action_next_hit(), TRANSCRIPT, footer=18,
        why_not=state.no_hits),
    Command("previous_hit", ("N",), "previous hit", "To the previous hit of the search.",
        "Transcript", lambda on: on.searching.action_previous_hit(), TRANSCRIPT, footer=19,
        why_not=state.no_hits),
    Command("end_hits", ("escape",), "end hits", "Forget the hits of the search.",
        "Transcript", lambda on: on.searching.action_end_search(), TRANSCRIPT, footer=20,
        why_not=state.no_hits, quiet=True),
    Command("next_match", ("n",), "next", "To the next match.",
        "Transcript", lambda on: on.transcript.action_next_match(), TRANSCRIPT, footer=20,
        why_not=state.nothing_found),
    Command("previous_match", ("N",), "previous", "To the previous match.",
        "Transcript", lambda on: on.transcript.action_previous_match(), TRANSCRIPT, footer=21,
        why_not=state.nothing_found),
    Command("clear_find", ("escape",), "end search", "End the search.",
        "Transcript", lambda on: on.transcript.action_clear_find(), TRANSCRIPT, footer=22,
        why_not=state.no_search),
    Command("back", ("escape",), "back", "Back to the threads.",
        "Transcript", lambda on: on.action_back(), TRANSCRIPT, footer=25),
    Command("find", ("/",), "find", "Search the loaded items of the transcript while you type.",
        "Transcript", lambda on: on.questions.action_find(), TRANSCRIPT, footer=30,
        why_not=state.no_items),
    Command("open_item", ("enter",), "raw", "Show the item as JSON, or as text again.",
        "Transcript", lambda on: on.transcript.action_raw(), TRANSCRIPT, why_not=state.no_items),
    Command("raw", ("i",), "raw", "Show the item as the JSON of the server, or as text again.",
        "Transcript", lambda on: on.transcript.action_raw(), TRANSCRIPT, footer=60,
        why_not=state.no_items),
    Command("fold", ("z",), "fold", "Unfold or fold the item.",
        "Transcript", lambda on: on.transcript.action_fold(), TRANSCRIPT, footer=70,
        why_not=state.no_items),
    Command("unfold_all", (), "unfold all", "Unfold every item.",
        "Transcript", lambda on: on.transcript.action_unfold_all(), TRANSCRIPT,
        why_not=state.no_items),
    Command("fold_all", (), "fold all", "Fold every item again.",
        "Transcript", lambda on: on.transcript.action_fold_all(), TRANSCRIPT,
        why_not=state.no_items),
    Command("load_newer", ("r",), "newer", "Load newer items, and the last ones again.",
        "Transcript", lambda on: on.transcript.action_load_newer(), TRANSCRIPT, footer=110,
        why_not=state.no_thread_open),
    Command("order", ("o",), "order", "Newest first, or oldest first.",
        "Everywhere", lambda on: on.pane.action_order(), footer=80),
    Command("go_to", (":",), "go to", "Open a thread by its id, by an item's id or by an address.",
        "Everywhere", lambda on: on.questions.action_go_to(), footer=90),
    Command("search", ("S",), "search",
        "Search all threads: an archive at once, any other source thread by thread.",
        "Everywhere", lambda on: on.searching.action_search(), footer=85),
    Command("versions", (), "versions",
        "Show earlier versions of the thread and its items, and what its source no longer has.",
        "Transcript", lambda on: on.searching.action_versions(), needs="versions",
        why_not=state.no_thread_open),
    Command("help", ("?",), "help", "Show what every key does.",
        "Everywhere", lambda on: on.action_help(), footer=95),
    Command("quit", ("q", "ctrl+c"), "quit", "Leave the program.",
        "Everywhere", lambda on: on.application.action_quit(), footer=100),
    Command("next_pane", ("tab", "shift+tab"), "pane", "To the other pane.",
        "Everywhere", lambda on: on.action_next_pane(), footer=120, why_not=state.no_thread_open),
    Command("width", ("w",), "width", "Give one pane the whole width, or show both.",
        "Everywhere", lambda on: on.action_width(), footer=140, why_not=state.too_narrow),
    Command("times", ("t",), "times", "Show times as ages, as local times, or in UTC.",
        "Everywhere", lambda on: on.action_times(), footer=150),
    Command("command_palette", ("ctrl+p",), "commands", "Find a command by its name.",
        "Everywhere", lambda on: on.application.action_command_palette(), BROWSE | PROMPT,
        footer=160),
    Command("theme", (), "theme", "Choose the colors; the choice is remembered.",
        "Everywhere", lambda on: on.themes.action_theme()),
    Command("slow", (), "slow connection", "Send less over a slow connection, or send all again.",
        "Everywhere", lambda on: on.action_slow()),
    Command("repaint", ("ctrl+l",), "repaint",
        "Draw the whole screen again, if another program wrote over it.",
        "Everywhere", lambda on: on.application.action_repaint(), frozenset(Pane)),
    *_PROMPT,
)  # fmt: skip

SEARCH_COMMANDS: Final[tuple[Command[SearchHost], ...]] = (
    Command("stop_search", ("escape",), "stop", "Stop reading threads; the hits stay.",
        "Search", lambda on: on.action_stop(), PROMPT, footer=5, why_not=state.nothing_runs,
        quiet=True),
    Command("read_on", ("ctrl+r",), "read on",
        "Read further threads after the search has stopped.",
        "Search", lambda on: on.action_read_on(), PROMPT, footer=15, why_not=state.nothing_unread),
    *_MOVES,
    *_PROMPT,
)  # fmt: skip

PALETTE_COMMANDS: Final[tuple[Command[PaletteHost], ...]] = (*_MOVES, *_PROMPT)

CLOSE_COMMANDS: Final[tuple[Command[CloseHost], ...]] = (
    Command("close", ("escape", "q"), "close", "Close the page or the menu.",
        "Pages and menus", lambda on: on.action_close(), PAGE | MENU, footer=10),
    Command("close_page", ("enter", "?"), "close", "Close the page.",
        "Pages and menus", lambda on: on.action_close(), PAGE),
)  # fmt: skip

PAGE_COMMANDS: Final[tuple[Command[PageHost], ...]] = (
    *CLOSE_COMMANDS,
    *_MOVES,
    Command("next_page", ("space",), "page", "One page down.",
        "Pages and menus", lambda on: on.moves.action_page_down(), PAGE),
)  # fmt: skip

HELP_COMMANDS: Final[tuple[Command[HelpHost], ...]] = (
    *PAGE_COMMANDS,
    Command("search_help", ("/",), "search", "Show only the part of the help with some text.",
        "Pages and menus", lambda on: on.action_search(), PAGE, footer=20),
    *_PROMPT,
)  # fmt: skip

_CHOOSE: Final[Command[MenuHost]] = Command("choose", ("enter",), "show",
    "Choose the row under the cursor.",
    "Pages and menus", lambda on: on.action_choose(), frozenset({Pane.MENU, Pane.SESSIONS}),
    footer=20, why_not=state.no_rows)  # fmt: skip

MENU_COMMANDS: Final[tuple[Command[MenuHost], ...]] = (CLOSE_COMMANDS[0], *_MOVES, _CHOOSE)

COPY_MENU_COMMANDS: Final[tuple[Command[CopyMenuHost], ...]] = (
    *MENU_COMMANDS,
    Command("copy_text", ("t",), "text", "Copy the text.",
        "Pages and menus", lambda on: on.action_choose_named("text"), MENU),
    Command("copy_raw", ("r",), "raw JSON", "Copy the raw JSON.",
        "Pages and menus", lambda on: on.action_choose_named("raw JSON"), MENU),
    Command("copy_item_id", ("i",), "item id", "Copy the id of the item.",
        "Pages and menus", lambda on: on.action_choose_named("item id"), MENU),
    Command("copy_thread_id", ("h",), "thread id", "Copy the id of the thread.",
        "Pages and menus", lambda on: on.action_choose_named("thread id"), MENU),
)  # fmt: skip

CONFIRM: Final[Command[DialogHost]] = Command("confirm", ("y",), "confirm",
    "Confirm, once the question is on the screen.",
    "Dialogs", lambda on: on.action_confirm(), DIALOG, alternatives=("Y", "ctrl+y"))  # fmt: skip

DIALOG_COMMANDS: Final[tuple[Command[DialogHost], ...]] = (
    CONFIRM,
    Command("decline", ("escape", "n", "q"), "cancel", "Close the dialog, or stop what it does.",
        "Dialogs", lambda on: on.action_decline(), DIALOG),
    Command("next_button", ("right", "down", "j"), "next", "To the next button.",
        "Dialogs", lambda on: on.focus_next(), DIALOG),
    Command("previous_button", ("left", "up", "k"), "previous", "To the previous button.",
        "Dialogs", lambda on: on.focus_previous(), DIALOG),
)  # fmt: skip

SESSION_COMMANDS: Final[tuple[Command[SessionsHost], ...]] = (
    Command("session_reveal", ("v",), "show secret",
        "Show the secret for half a minute, or hide it.",
        "Session panel", lambda on: on.action_reveal(), SECRET, footer=5, why_not=state.no_secret),
    Command("session_copy_secret", ("y",), "copy secret", "Copy the secret.",
        "Session panel", lambda on: on.action_copy_secret(), SECRET, footer=6,
        why_not=state.no_secret),
    Command("session_create", ("ctrl+s",), "create", "Create the session.",
        "Session panel", lambda on: on.action_create(), FORM, footer=10, changes="created"),
    Command("next_field", ("tab", "down", "enter"), "next field", "To the next field.",
        "Session panel", lambda on: on.focus_next(), FORM, footer=20),
    Command("previous_field", ("shift+tab", "up"), "previous field", "To the previous field.",
        "Session panel", lambda on: on.focus_previous(), FORM),
    Command("session_new", ("n",), "new", "Open the form for a new session.",
        "Session panel", lambda on: on.action_new(), SESSIONS, footer=15, changes="created"),
    _CHOOSE,
    Command("session_cancel", ("c",), "cancel", "Cancel the session.",
        "Session panel", lambda on: on.action_cancel_chosen(), SESSIONS, footer=30,
        changes="canceled", asks=True, why_not=state.no_session),
    Command("session_cancel_by_id", ("x",), "cancel by id", "Cancel a session by its id.",
        "Session panel", lambda on: on.action_cancel_any(), SESSIONS, footer=40,
        changes="canceled"),
    Command("session_back", ("escape",), "back",
        "Back to the list, or from the list to the panes.",
        "Session panel", lambda on: on.action_back(), SESSIONS | FORM, footer=50),
    Command("session_close", ("s", "q"), "close", "Close the panel.",
        "Session panel", lambda on: on.action_close(), SESSIONS | FORM),
    *_MOVES,
    *_PROMPT,
)  # fmt: skip

COMMANDS: Final[tuple[Command[Any], ...]] = tuple(dict.fromkeys((
    *BROWSE_COMMANDS, *SEARCH_COMMANDS, *HELP_COMMANDS, *COPY_MENU_COMMANDS, *DIALOG_COMMANDS,
    *SESSION_COMMANDS,
)))  # fmt: skip
"""Every command once, in the order of help and documentation."""
BY_ID: Final = {command.id: command for command in COMMANDS}


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
    if command.changes and context.read_only:
        return f"Read-only: nothing is {command.changes}."
    return f"{command.title}: the source of these threads does not offer it"
