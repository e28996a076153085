"""The declaration of the commands, and what is made from it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import BY_ID, COMMANDS, Command, meant, offered, reached, working
from chatkit_tui.commands.keymap import Keymap, key_name
from chatkit_tui.sources.base import Capability
from chatkit_tui.ui.actions.copy import CopyActions
from chatkit_tui.ui.actions.delete import DeleteActions
from chatkit_tui.ui.actions.questions import QuestionActions
from chatkit_tui.ui.actions.sessions import SessionActions
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.keys import remap
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.screens.help import help_lines
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.transcript.pane import TranscriptPane
from chatkit_tui.ui.widgets.footer import hints_of
from tests.ui.conftest import Start

READING = CommandContext(where=Pane.TRANSCRIPT, columns=120, threads=3, thread_id="cthr_1", items=5)
LISTING = CommandContext(where=Pane.THREADS, columns=120, threads=3, marks=1, thread_id="cthr_1")

SCENES = [
    CommandContext(
        where,
        threads=threads,
        marks=marks,
        filtered=filtered,
        thread_id=thread_id,
        items=2 if thread_id else 0,
        found=found,
        working=works,
        trouble=trouble,
    )
    for where, threads, marks, filtered, thread_id, found, works, trouble in product(
        Pane, (0, 3), (0, 1), (False, True), (None, "cthr_1"), (None, 0, 4), (False, True),
        (False, True),
    )
]  # fmt: skip
"""Every combination of what the rules look at."""


def keys_of(command: Command) -> tuple[str, ...]:
    return command.keys


def test_every_id_is_declared_once() -> None:
    assert len(BY_ID) == len(COMMANDS)


def test_every_command_has_a_method_where_it_applies() -> None:
    panes = {Pane.THREADS: ThreadsPane, Pane.TRANSCRIPT: TranscriptPane}
    actions = (CopyActions, DeleteActions, QuestionActions, SessionActions)
    missing = [
        (command.id, where.value)
        for command in COMMANDS
        for where in command.where
        if not any(
            hasattr(owner, f"action_{command.id}")
            for owner in (panes[where], *actions, BrowseScreen, ChatKitApp)
        )
    ]
    assert missing == []


@pytest.mark.parametrize("where", list(Pane))
def test_a_key_never_has_two_commands_that_work_at_once(where: Pane) -> None:
    for scene in SCENES:
        if scene.where is where:
            meant = [c for c in COMMANDS if reached(c, scene, keys_of)]
            for one, other in combinations(meant, 2):
                assert not set(one.keys) & set(other.keys), (one.id, other.id)


def test_every_reason_is_a_few_words_without_a_capital() -> None:
    reasons = {reason for scene in SCENES for c in COMMANDS if (reason := c.why_not(scene))}
    assert reasons
    assert all(len(reason) < 60 and not reason[0].isupper() for reason in reasons)


def test_in_read_only_mode_what_changes_something_is_not_there_at_all() -> None:
    scene = CommandContext(threads=3, read_only=True)
    assert not any(command.changes for command in offered(scene))
    assert BY_ID["delete"] in offered(CommandContext(threads=3))


def test_in_read_only_mode_the_help_does_not_speak_of_deleting() -> None:
    words = "".join(
        text
        for line in help_lines(CommandContext(read_only=True), Keymap(), 80)
        for text, _ in line
    )
    assert "Delete" not in words


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.needs])
def test_what_the_source_does_not_offer_is_not_there_at_all(command: Command) -> None:
    lacking = frozenset({Capability(command.needs).value})
    for pane in command.where:
        scene = CommandContext(pane, threads=3, thread_id="cthr_1", missing=lacking)
        assert command not in offered(scene)
        assert command in offered(replace(scene, missing=frozenset()))
    words = "".join(text for line in help_lines(scene, Keymap(), 80) for text, _ in line)
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


def test_the_footer_puts_what_one_does_most_first() -> None:
    assert hints_of(working(LISTING), Keymap())[0] == ("Enter", "open")
    assert hints_of(working(READING), Keymap())[0] == ("Esc", "back")


def test_the_footer_offers_to_stop_before_anything_else() -> None:
    scene = CommandContext(Pane.TRANSCRIPT, thread_id="cthr_1", items=1, working=True)
    hints = hints_of(meant(scene, keys_of), Keymap())
    assert hints[0] == ("Esc", "stop")
    assert ("Esc", "back") not in hints


def test_a_key_is_written_as_people_write_it() -> None:
    assert [key_name(key) for key in ("ctrl+d", "slash", "/", "G", "shift+tab", "down")] == [
        "Ctrl+d", "/", "/", "G", "Shift+Tab", "↓",
    ]  # fmt: skip


def test_a_remapped_command_has_its_new_keys_and_no_others() -> None:
    keys, notes = remap({"delete": "ctrl+x, X"})
    assert notes == ()
    assert keys.of(BY_ID["delete"]) == ("ctrl+x", "X")
    assert keys.changed == {"delete": ("ctrl+x", "X")}


def test_two_commands_can_change_places() -> None:
    keys, notes = remap({"order": "t", "times": "o"})
    assert notes == ()
    assert keys.of(BY_ID["times"]) == ("o",)


def test_a_key_that_something_else_has_is_refused_with_the_reason() -> None:
    keys, notes = remap({"delete": "ctrl+y, y, Y"})
    assert notes == ("keys.delete: leaves no key to confirm with: y, Y, ctrl+y",)
    assert keys.of(BY_ID["delete"]) == BY_ID["delete"].keys
    keys, notes = remap({"delete": "q"})
    assert keys.of(BY_ID["delete"]) == ("D",)
    assert notes == ("keys.delete: q is taken by `quit`",)


def test_an_unknown_command_is_named_and_the_rest_taken() -> None:
    keys, notes = remap({"destroy": "x", "mark": "m"})
    assert notes == ("keys.destroy: there is no such command",)
    assert keys.of(BY_ID["mark"]) == ("m",)


def test_the_same_key_can_mean_one_thing_in_each_pane() -> None:
    _, notes = remap({"filter": "x", "find": "x"})
    assert notes == ()
