"""Every command of the screen, declared once.

Key bindings, footer, help, command palette and the table of the README are made from these
declarations. A new command is a new row here or in `browse_commands`, and a method of the protocol
in `handlers`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chatkit_tui.commands import command_context as state
from chatkit_tui.commands.browse_commands import (
    BROWSE_COMMANDS,
    MOVES,
    PROMPT_COMMANDS,
    READ_COMMANDS,
)
from chatkit_tui.commands.command import (
    DETAIL,
    DIALOG,
    FORM,
    MENU,
    PAGE,
    SECRET,
    SESSIONS,
    Command,
)
from chatkit_tui.commands.command_context import Pane

if TYPE_CHECKING:
    from chatkit_tui.commands.handlers import (
        AddressMenuHost,
        CloseHost,
        CopyMenuHost,
        DeleteDialogHost,
        DetailHost,
        DialogHost,
        HelpHost,
        MenuHost,
        PageHost,
        PaletteHost,
        SearchHost,
        SessionsHost,
        SummaryHost,
    )

SEARCH_COMMANDS: Final[tuple[Command[SearchHost], ...]] = (
    *READ_COMMANDS,
    *MOVES,
    *PROMPT_COMMANDS,
)  # fmt: skip

PALETTE_COMMANDS: Final[tuple[Command[PaletteHost], ...]] = (*MOVES, *PROMPT_COMMANDS)

CLOSE_COMMANDS: Final[tuple[Command[CloseHost], ...]] = (
    Command("close", ("escape", "q"), "close", "Close the page or the menu.",
        "Pages and menus", lambda on: on.action_close(), PAGE | MENU, footer=10),
    Command("close_page", ("enter", "?"), "close", "Close the page.",
        "Pages and menus", lambda on: on.action_close(), PAGE),
)  # fmt: skip

PAGE_COMMANDS: Final[tuple[Command[PageHost], ...]] = (
    *CLOSE_COMMANDS,
    *MOVES,
    Command("next_page", ("space",), "page", "One page down.",
        "Pages and menus", lambda on: on.moves.action_page_down(), PAGE),
)  # fmt: skip

SUMMARY_COMMANDS: Final[tuple[Command[SummaryHost], ...]] = (
    Command("stop_summary", ("escape",), "stop", "Stop loading the rest of the thread.",
        "Pages and menus", lambda on: on.action_stop(), PAGE, footer=5,
        why_not=state.nothing_runs, quiet=True),
    Command("load_rest", ("r",), "load the rest", "Load the rest of the thread for the summary.",
        "Pages and menus", lambda on: on.action_load_rest(), PAGE, footer=20,
        why_not=state.nothing_left),
    *PAGE_COMMANDS,
)  # fmt: skip

HELP_COMMANDS: Final[tuple[Command[HelpHost], ...]] = (
    *PAGE_COMMANDS,
    Command("search_help", ("/",), "search", "Show only the part of the help with some text.",
        "Pages and menus", lambda on: on.action_search(), PAGE, footer=20),
    *PROMPT_COMMANDS,
)  # fmt: skip

DETAIL_COMMANDS: Final[tuple[Command[DetailHost], ...]] = (
    Command("detail_close", ("escape", "q"), "close", "Back to the item in its transcript.",
        "Details of an item", lambda on: on.action_close(), DETAIL, footer=10),
    Command("detail_fold", ("enter", "z", "space"), "unfold",
        "Unfold or fold the entries of the row, or show its whole value.",
        "Details of an item", lambda on: on.action_fold(), DETAIL, footer=20),
    Command("detail_copy", ("y",), "copy value", "Copy the value of the row.",
        "Details of an item", lambda on: on.action_copy_value(), DETAIL, footer=30),
    Command("detail_copy_path", ("p",), "copy path", "Copy the path of the row, as jq has it.",
        "Details of an item", lambda on: on.action_copy_path(), DETAIL, footer=40),
    Command("detail_search", ("/",), "search", "Search keys and values, also folded ones.",
        "Details of an item", lambda on: on.action_search(), DETAIL, footer=50),
    Command("detail_next", ("n",), "next", "To the next row that has the text.",
        "Details of an item", lambda on: on.action_next(), DETAIL),
    Command("detail_previous", ("N",), "previous", "To the previous row that has the text.",
        "Details of an item", lambda on: on.action_previous(), DETAIL),
    Command("detail_next_section", ("tab",), "section", "To the next section.",
        "Details of an item", lambda on: on.action_next_section(), DETAIL, footer=60),
    Command("detail_previous_section", ("shift+tab",), "previous section",
        "To the previous section.",
        "Details of an item", lambda on: on.action_previous_section(), DETAIL),
    Command("detail_unfold_all", ("Z",), "unfold all", "Unfold all of the JSON.",
        "Details of an item", lambda on: on.action_unfold_all(), DETAIL),
    Command("detail_fold_all", ("X",), "fold all", "Fold the JSON but for its first level.",
        "Details of an item", lambda on: on.action_fold_all(), DETAIL),
    Command("detail_address", ("o",), "open address",
        "Open the address of the row, or one of the item.",
        "Details of an item", lambda on: on.action_open_address(), DETAIL, footer=70),
    *MOVES,
    *PROMPT_COMMANDS,
)  # fmt: skip

_CHOOSE: Final[Command[MenuHost]] = Command("choose", ("enter",), "show",
    "Choose the row under the cursor.",
    "Pages and menus", lambda on: on.action_choose(), frozenset({Pane.MENU, Pane.SESSIONS}),
    footer=20, why_not=state.no_rows)  # fmt: skip

MENU_COMMANDS: Final[tuple[Command[MenuHost], ...]] = (CLOSE_COMMANDS[0], *MOVES, _CHOOSE)

ADDRESS_COMMANDS: Final[tuple[Command[AddressMenuHost], ...]] = (
    *MENU_COMMANDS,
    Command("address_copy", ("y",), "copy", "Copy the address.",
        "Pages and menus", lambda on: on.action_copy_address(), MENU),
)  # fmt: skip

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
    Command("copy_signed", ("a",), "text and author", "Copy the text with author and time.",
        "Pages and menus", lambda on: on.action_choose_named("text and author"), MENU),
    Command("copy_markdown", ("m",), "Markdown", "Copy the item as Markdown.",
        "Pages and menus", lambda on: on.action_choose_named("Markdown"), MENU),
    Command("copy_user", ("u",), "user", "Copy the name of the user.",
        "Pages and menus", lambda on: on.action_choose_named("user"), MENU),
    Command("copy_log", ("l",), "log address", "Copy the address of the thread's log.",
        "Pages and menus", lambda on: on.action_choose_named("log address"), MENU),
    Command("copy_whole", ("c",), "whole text", "Copy the whole conversation as text.",
        "Pages and menus", lambda on: on.action_choose_named("whole text"), MENU),
    Command("copy_whole_markdown", ("C",), "whole Markdown",
        "Copy the whole conversation as Markdown.",
        "Pages and menus", lambda on: on.action_choose_named("whole Markdown"), MENU),
    Command("copy_command", ("o",), "reopen command", "Copy a command that opens this place.",
        "Pages and menus", lambda on: on.action_choose_named("reopen command"), MENU),
    Command("copy_hand_off", ("s",), "hand-off",
        "Copy a summary for a ticket: ids, times, the item and its neighbors.",
        "Pages and menus", lambda on: on.action_choose_named("hand-off"), MENU),
    Command("copy_redacted", ("M",), "redacted",
        "Copy with personal data and keys replaced by tokens, or as it is.",
        "Pages and menus", lambda on: on.action_redact(), MENU),
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

DELETE_COMMANDS: Final[tuple[Command[DeleteDialogHost], ...]] = (
    *DIALOG_COMMANDS,
    Command("back_up", ("b",), "back up", "Choose a file that threads are saved in first.",
        "Dialogs", lambda on: on.action_back_up(), DIALOG),
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
        changes="cancelled", asks=True, why_not=state.no_session),
    Command("session_cancel_by_id", ("x",), "cancel by id", "Cancel a session by its id.",
        "Session panel", lambda on: on.action_cancel_any(), SESSIONS, footer=40,
        changes="cancelled"),
    Command("session_back", ("escape",), "back",
        "Back to the list, or from the list to the panes.",
        "Session panel", lambda on: on.action_back(), SESSIONS | FORM, footer=50),
    Command("session_close", ("s", "q"), "close", "Close the panel.",
        "Session panel", lambda on: on.action_close(), SESSIONS | FORM),
    *MOVES,
    *PROMPT_COMMANDS,
)  # fmt: skip

COMMANDS: Final[tuple[Command[Any], ...]] = tuple(dict.fromkeys((
    *BROWSE_COMMANDS, *SEARCH_COMMANDS, *SUMMARY_COMMANDS, *HELP_COMMANDS, *DETAIL_COMMANDS,
    *ADDRESS_COMMANDS,
    *COPY_MENU_COMMANDS, *DELETE_COMMANDS,
    *SESSION_COMMANDS,
)))  # fmt: skip
"""Every command once, in the order of help and documentation."""
BY_ID: Final = {command.id: command for command in COMMANDS}
