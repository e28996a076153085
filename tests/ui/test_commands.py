"""The declaration of the commands, and what is made from it."""

from __future__ import annotations

import re
from itertools import combinations, product
from typing import Any

import pytest

from chatkit_tui.commands.browse_commands import BROWSE_COMMANDS
from chatkit_tui.commands.command import Command, offered
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import (
    ADDRESS_COMMANDS,
    BY_ID,
    COMMANDS,
    CONFIRM,
    COPY_MENU_COMMANDS,
    DELETE_COMMANDS,
    DETAIL_COMMANDS,
    HELP_COMMANDS,
    SEARCH_COMMANDS,
    SESSION_COMMANDS,
    SUMMARY_COMMANDS,
)
from chatkit_tui.commands.keymap import KeyFault, Keymap, key_name, read_keys
from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.base import Capability
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.help import help_lines
from chatkit_tui.ui.widgets.prompt import Question
from tests.ui.conftest import Start
from tests.ui.test_delete_dialog import deletions

READING = CommandContext(where=Pane.TRANSCRIPT, columns=120, threads=3, thread_id="cthr_1", items=5)
LISTING = CommandContext(where=Pane.THREADS, columns=120, threads=3, marks=1, thread_id="cthr_1")

CONTEXTS = [
    CommandContext(
        where,
        threads=threads,
        marks=marks,
        filtered=filtered,
        thread_id=thread_id,
        items=2 if thread_id else 0,
        found=found,
        working=works,
        failed=failed,
    )
    for where, threads, marks, filtered, thread_id, found, works, failed in product(
        Pane, (0, 3), (0, 1), (False, True), (None, "cthr_1"), (None, 0, 4), (False, True),
        (False, True),
    )
]  # fmt: skip
"""Every combination of the state that the rules depend on."""


def test_every_id_is_declared_once() -> None:
    assert len(BY_ID) == len(COMMANDS)


def test_every_command_is_one_of_a_screen() -> None:
    groups = (
        BROWSE_COMMANDS, SEARCH_COMMANDS, SUMMARY_COMMANDS, HELP_COMMANDS, DETAIL_COMMANDS,
        ADDRESS_COMMANDS,
        COPY_MENU_COMMANDS, DELETE_COMMANDS, SESSION_COMMANDS,
    )  # fmt: skip
    assert {command.id for group in groups for command in group} == set(BY_ID)


def test_few_keys_are_shared_by_commands_of_a_pane() -> None:
    shared = {
        key
        for pane in Pane
        for one, other in combinations([c for c in COMMANDS if pane in c.where], 2)
        for key in set(one.keys) & set(other.keys)
    }
    assert shared == {"escape", "r", "n", "N"}


def test_every_reason_is_a_few_words_without_a_capital() -> None:
    reasons = {reason for context in CONTEXTS for c in COMMANDS if (reason := c.why_not(context))}
    assert reasons
    assert all(len(reason) < 60 and not reason[0].isupper() for reason in reasons)


@pytest.mark.parametrize(
    ("context", "key", "command_id", "is_quiet"),
    [
        (READING, "n", "next_match", False),
        (READING._replace(found=0), "N", "previous_match", False),
        (READING._replace(found=0, hits=3), "n", "next_hit", False),
        (LISTING, "escape", "clear_filter", True),
        (LISTING._replace(working=True, filtered=True), "escape", "stop", True),
    ],
)
def test_a_shared_key_runs_its_first_available_command_or_names_the_last(
    context: CommandContext, key: str, command_id: str, is_quiet: bool
) -> None:
    keys = CommandKeys[Any](None, BROWSE_COMMANDS, Keymap(), lambda: context)
    command = keys.command_of(key)
    assert command is not None
    assert (command.id, command.quiet) == (command_id, is_quiet)


def test_in_read_only_mode_changing_commands_are_absent() -> None:
    context = CommandContext(threads=3, read_only=True)
    assert not any(command.changes for command in offered(context, BROWSE_COMMANDS))
    assert BY_ID["delete"] in offered(CommandContext(threads=3), BROWSE_COMMANDS)


def test_in_read_only_mode_the_help_does_not_mention_deletion() -> None:
    words = "".join(
        text
        for line in help_lines(CommandContext(read_only=True), Keymap(), 80)
        for text, _ in line
    )
    assert "Delete" not in words


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.needs])
def test_commands_that_the_source_does_not_support_are_absent(command: Command[Any]) -> None:
    lacking = {Capability(command.needs).value: ""}
    for pane in command.where:
        context = CommandContext(pane, threads=3, thread_id="cthr_1", missing=lacking)
        assert command not in offered(context, BROWSE_COMMANDS)
        assert command in offered(context._replace(missing={}), BROWSE_COMMANDS)
    words = "".join(text for line in help_lines(context, Keymap(), 80) for text, _ in line)
    assert f"({command.id})" not in words


async def test_a_source_without_deletion_has_no_key_for_it(start: Start) -> None:
    async with start(capabilities=frozenset({Capability.SESSIONS})) as driver:
        await driver.press("D")
        assert len(driver.app.screen_stack) == 1
        assert "delete" not in driver.line(-1)
        await driver.press("s")
        assert len(driver.app.screen_stack) == 2


def test_the_help_has_every_key() -> None:
    words = "".join(text for line in help_lines(LISTING, Keymap(), 200) for text, _ in line)
    assert all(Keymap().names(command) in words for command in COMMANDS)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_no_line_of_the_help_is_wider_than_the_screen(width: int) -> None:
    lines = help_lines(LISTING, Keymap(), width)
    # The key column has a width of its own; beside it, words are never cut.
    assert max(sum(len(text) for text, _ in line) for line in lines) <= max(width, 36)


async def test_the_help_shows_the_part_with_what_is_typed_and_esc_shows_all_again(
    start: Start,
) -> None:
    async with start(120, 40) as driver:
        await driver.press("question_mark")
        every = driver.frame()
        assert re.match(r" Threads {40,}\w", driver.line(0))  # two headings
        await driver.press("slash")
        await driver.type("qj palette")
        assert "Nothing has that." in driver.frame()
        await driver.press("ctrl+u")
        await driver.type("ctrl+p")
        frame = driver.frame()
        assert "(command_palette)" in frame
        assert "Next thread" not in frame
        assert driver.line(-1).startswith(" Enter accept  Esc leave")
        await driver.press("enter")
        assert driver.frame().splitlines()[:9] == frame.splitlines()[:9]
        await driver.press("q")
        assert driver.frame() == every
        await driver.press("q")
        assert driver.is_alone()


def hints(context: CommandContext) -> list[tuple[str, str]]:
    return CommandKeys(None, BROWSE_COMMANDS, Keymap(), lambda: context).hints()  # type: ignore[misc] # runs none


def test_the_footer_begins_with_the_most_frequent_commands() -> None:
    assert hints(LISTING)[0] == ("Enter", "open")
    assert hints(READING)[0] == ("Esc", "back")


def test_the_footer_offers_to_stop_before_anything_else() -> None:
    shown = hints(CommandContext(Pane.TRANSCRIPT, thread_id="cthr_1", items=1, working=True))
    assert shown[0] == ("Esc", "stop")
    assert ("Esc", "back") not in shown


def test_loading_changes_at_most_one_hint() -> None:
    """Each further footer costs 200 bytes; the status line says what stops a long wait."""
    assert hints(LISTING._replace(working=True)) == hints(LISTING)
    loading = hints(READING._replace(working=True))
    assert loading[1:] == hints(READING)[1:]


def test_a_key_has_its_usual_name() -> None:
    assert [key_name(key) for key in ("ctrl+d", "slash", "/", "G", "shift+tab", "down")] == [
        "Ctrl+d", "/", "/", "G", "Shift+Tab", "↓",
    ]  # fmt: skip


def dropped(faults: list[KeyFault]) -> list[tuple[str, str]]:
    return [(fault.command_id, fault.reason) for fault in faults if fault.dropped]


def test_a_remapped_command_has_its_new_keys_and_no_others() -> None:
    keys, faults = read_keys({"delete": "ctrl+x, X"})
    assert faults == []
    assert keys.of(BY_ID["delete"]) == ("ctrl+x", "X")


def test_two_commands_can_change_places() -> None:
    keys, faults = read_keys({"order": "t", "times": "o"})
    assert faults == []
    assert keys.of(BY_ID["times"]) == ("o",)


def test_a_key_of_the_user_is_taken_from_the_default_of_another_command() -> None:
    keys, faults = read_keys({"delete": "q"})
    assert dropped(faults) == []
    assert keys.of(BY_ID["delete"]) == ("q",)
    assert keys.of(BY_ID["quit"]) == ("ctrl+c",)


def test_a_default_key_is_lost_only_in_the_panes_of_the_other_command() -> None:
    keys, _ = read_keys({"session_new": "j"})
    assert keys.of(BY_ID["cursor_down"], Pane.SESSIONS) == ()
    assert keys.of(BY_ID["cursor_down"], Pane.THREADS) == ("j",)


def test_two_keys_of_the_user_that_collide_are_an_error() -> None:
    keys, faults = read_keys({"mark": "x", "order": "x"})
    assert dropped(faults) == [("mark", "x would collide with order")]
    assert keys.of(BY_ID["mark"]) == ("space",)


@pytest.mark.parametrize("taker", ["repaint", "delete", "session_cancel", "next_button"])
def test_a_confirmation_always_keeps_a_key(taker: str) -> None:
    keys, faults = read_keys({taker: "y"})
    assert dropped(faults) == []
    assert keys.of(CONFIRM) == ("Y",)
    keys, faults = read_keys({taker: "ctrl+y, y, Y"})
    assert dropped(faults) == [(taker, "leave one of y, Y, ctrl+y to confirm with")]
    assert keys.of(CONFIRM) == ("y",)


def test_an_unknown_command_is_reported_and_the_other_entries_are_used() -> None:
    keys, faults = read_keys({"destroy": "x", "mark": "m"})
    assert [command for command, _ in dropped(faults)] == ["destroy"]
    assert keys.of(BY_ID["mark"]) == ("m",)


def test_the_same_key_can_mean_one_thing_in_each_pane() -> None:
    _, faults = read_keys({"filter": "x", "find": "x", "session_new": "x", "copy_text": "x"})
    assert dropped(faults) == []


async def test_a_key_that_commands_share_stays_with_the_others_when_one_is_remapped(
    start: Start,
) -> None:
    async with start(keys={"stop": "f5"}) as driver:
        await driver.press("enter", "escape")
        assert driver.has_keys(Pane.THREADS)


@pytest.mark.parametrize("taker", ["repaint", "command_palette"])
async def test_a_command_on_y_does_not_prevent_a_confirmation(
    start: Start, emulator: Emulator, taker: str
) -> None:
    async with start(keys={taker: "y"}) as driver:
        await driver.press("D")
        label = "Y  Delete" if taker == "repaint" else "y  Delete"
        assert label in driver.frame()
        await driver.press(label[0])
        assert len(deletions(emulator)) == 1


async def test_remapped_keys_work_in_pages_menus_and_the_session_panel(start: Start) -> None:
    keys = {"close": "f4", "copy_thread_id": "x", "cursor_down": "e", "session_new": "a",
            "session_back": "f6"}  # fmt: skip
    async with start(keys=keys) as driver:
        await driver.press("?")
        assert "F4 close  / search  e k scroll" in driver.line(-1)
        await driver.press("e", "f4")
        await driver.press("e", "y")
        assert "x  thread id" in driver.frame()
        await driver.press("x")
        assert driver.status.startswith(" thread id: ")
        await driver.press("s")
        assert "a new" in driver.frame()
        await driver.press("a")
        assert "F6 back" in driver.frame()
        await driver.press("f6")
        await driver.press("f6")
        assert driver.app.screen is driver.browse


async def test_the_key_that_accepts_a_text_is_that_of_its_command(start: Start) -> None:
    async with start(keys={"accept": "f5"}) as driver:
        await driver.press("/", "a", "enter")
        assert driver.browse.prompt.question is Question.FILTER
        await driver.press("f5")
        assert driver.browse.prompt.question is None
        await driver.press("s", "x")
        await driver.type("cksess_1")
        await driver.press("enter")
        assert "Cancel this session?" not in driver.frame()
        await driver.press("f5")
        assert "Cancel this session?" in driver.frame()


async def test_enter_in_a_form_is_the_key_of_a_command(start: Start) -> None:
    async with start(keys={"session_create": "enter"}) as driver:
        await driver.press("s", "n", "enter")
        assert "User is required" in driver.frame()
