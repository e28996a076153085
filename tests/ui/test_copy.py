"""Copying: the menu, the sequence, and the screen if no text can be copied."""

from __future__ import annotations

import re
import sys

import pytest
from textual.widgets import Static

from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.base import SourceInfo
from chatkit_tui.terminal.clipboard import (
    LARGEST_COPY,
    json_for_copy,
    why_no_clipboard,
)
from chatkit_tui.text.sanitize import without_controls
from chatkit_tui.ui.screens.copy_menu import LARGEST_SHOWN
from tests.hostile.wire import HostileEmulator
from tests.ui.conftest import Start


async def test_a_key_copies_the_id_of_the_thread(start: Start) -> None:
    async with start() as driver:
        row = driver.thread()
        await driver.press("y", "h")
        assert driver.app.clipboard == row.id
        assert "thread id: sent to the terminal's clipboard" in driver.status


@pytest.mark.parametrize("columns", [60, 80])
async def test_each_row_of_the_menu_is_one_line(start: Start, columns: int) -> None:
    async with start(80, 24) as driver:
        await driver.press("/", "=終電", "enter", "enter", "y")  # wide characters
        await driver.resize(columns, 24)
        rows = re.findall(r"│  (\S*)", driver.frame())
        assert [row for row in rows if row][:8] == list("tamrihuc")


async def test_esc_leaves_without_copying(start: Start) -> None:
    async with start() as driver:
        await driver.press("y", "escape")
        assert driver.app.clipboard == ""


async def test_a_terminal_without_a_clipboard_gets_the_text_alone(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start() as driver:
        monkeypatch.setenv("TERM", "linux")
        row = driver.thread()
        await driver.press("y", "h")
        assert row.id in driver.frame()
        assert "a linux terminal has no clipboard" in driver.frame()
        assert driver.app.clipboard == ""
        await driver.press("escape")
        assert "Threads" in driver.frame()


async def test_a_key_that_does_nothing_in_a_menu_says_so_until_the_next_key(start: Start) -> None:
    async with start() as driver:
        await driver.press("y", "z")
        assert "z does nothing here" in driver.frame()
        await driver.press("[")
        assert "[ does nothing here" in driver.frame()
        await driver.press("j")
        assert "does nothing here" not in driver.frame()
        await driver.press("z", "escape")
        driver.browse.themes.action_theme()
        await driver.press("z")
        assert "z does nothing here" in driver.frame()
        await driver.press("j")
        assert "keeps it" in driver.frame()


async def test_a_key_of_what_is_not_offered_in_the_menu_says_so(start: Start) -> None:
    async with start() as driver:
        await driver.press("y", "i")
        assert "there is no item id to copy here" in driver.frame()
        await driver.press("h")
        assert "thread id:" in driver.status


async def test_a_key_that_does_nothing_on_a_page_says_so(start: Start) -> None:
    async with start() as driver:
        await driver.press("?", "z")
        assert "z does nothing here" in driver.frame()
        await driver.press("j")
        assert "does nothing here" not in driver.frame()
        assert "scroll" in driver.frame()


@pytest.mark.parametrize(
    ("environ", "works"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "x"}, True),
        ({"TERM": "linux"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "Apple_Terminal", "TMUX": "x"}, True),
    ],
)
def test_it_is_known_which_terminals_take_no_text(environ: dict[str, str], works: bool) -> None:
    assert (why_no_clipboard("text", environ) is None) is works


def test_a_text_that_is_too_long_is_not_sent() -> None:
    reason = why_no_clipboard("é" * (LARGEST_COPY // 2 + 1), {"TERM": "xterm"})
    assert reason is not None
    assert "more than a terminal takes" in reason


def test_control_characters_are_left_out_of_a_copy() -> None:
    assert without_controls("a\x1b]52;c;x\x07b\n\tc\x9b31m\x7f") == "a]52;c;xb\n\tc31m"


def test_a_carriage_return_in_a_copy_presses_no_enter() -> None:
    assert without_controls("one\r\ntwo\rthree") == "one\ntwothree"


def test_hidden_characters_belong_to_the_text_that_is_copied() -> None:
    assert without_controls("a\u202eb\u200b\u2028\U000e0041") == "a\u202eb\u200b\u2028\U000e0041"


def test_controls_that_json_does_not_escape_are_escaped_in_its_copy() -> None:
    copied = json_for_copy(b'{\n\t"a": "\x1b[31m\x00\xc2\x9b\xff"}')
    assert copied == '{\n\t"a": "\\u001b[31m\\u0000\\u009b\ufffd"}'
    assert without_controls(copied) == copied


async def test_copying_reports_the_number_of_hidden_characters(start: Start) -> None:
    async with start(160, 50, emulator=HostileEmulator(threads=30)) as driver:
        await driver.press("enter", "G", "y", "t")
        assert "clipboard, with 6,000 hidden characters" in driver.status


async def test_a_text_of_many_megabytes_is_shown_in_part(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(80, 24) as driver:
        text = "x" * 5_000_000
        await driver.browse.copying.copy(text)
        await driver.settle()
        shown = [str(part.render()) for part in driver.app.screen.query(Static)]
        assert sum(map(len, shown)) < 2 * LARGEST_SHOWN
        assert f"({5_000_000 - LARGEST_SHOWN:,} more characters are not shown)" in shown


async def test_a_hand_off_takes_three_keys_from_the_list(start: Start) -> None:
    async with start(reopen=("--profile", "it's")) as driver:
        row = driver.thread()
        await driver.press("enter", "y", "s")
        copied = driver.app.clipboard
        assert copied.startswith(f"{row.title}\nthread   {row.id}\nuser     {row.user}\n")
        item = driver.item()
        assert f"reopen   chatkit-tui --profile 'it'\"'\"'s' {row.id} --item {item}\n" in copied
        assert "--- item ---" in copied
        assert "--- after ---" in copied
        assert driver.status.startswith(" hand-off: sent")


async def test_marked_items_are_copied_in_order(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "g", "j", "space", "k", "k", "space", "y", "i")
        marks = driver.browse.transcript.view.marked()
        assert driver.app.clipboard.split("\n") == [row.id for row in marks]
        assert len(marks) == 2
        await driver.press("y", "a")
        times = [line for line in driver.app.clipboard.splitlines() if line.endswith(" UTC")]
        assert len(times) == 2
        assert times[0].startswith("user")
        await driver.press("y", "r")
        assert len(driver.app.clipboard.splitlines()) == 2
        await driver.press("y", "m")
        assert driver.app.clipboard.count("### ") == 2


async def test_a_whole_conversation_is_loaded_before_it_is_copied(start: Start) -> None:
    emulator = Emulator(threads=1, items=200)
    async with start(emulator=emulator) as driver:
        await driver.press("enter")
        assert driver.loaded("items") < 200
        await driver.press("y", "c")
        assert driver.loaded("items") == 200
        shown = driver.app.clipboard or driver.frame()
        assert "all 200 items" in shown


async def test_the_list_copies_the_user_the_command_and_the_marked_ids(start: Start) -> None:
    host = SourceInfo("ChatKit", "api.openai.com")
    async with start(reopen=("--demo",), source=host) as driver:
        row = driver.thread()
        for key, copied in (
            ("u", row.user),
            ("o", f"chatkit-tui --demo {row.id}"),
            ("l", f"https://platform.openai.com/logs/{row.id}"),
        ):
            await driver.press("y", key)
            assert driver.app.clipboard == copied
        await driver.press("space", "space", "y", "h")
        assert driver.app.clipboard.split("\n") == driver.marked()


async def test_a_tool_call_is_copied_with_its_name_and_status(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "g")
        view = driver.browse.transcript.view
        state = view.state
        assert state is not None
        call = next(row for row in state.feed.rows if b"client_tool_call" in row.raw)
        view.go_to_item(call.key)
        await driver.press("y", "t")
        assert driver.app.clipboard.splitlines()[0].startswith("✓ rebook")


async def test_the_screen_opens_at_an_item_of_a_thread(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "g", "j")
        thread, item = driver.opened_id(), driver.item()
    async with start(target=thread, target_item=item) as driver:
        assert (driver.opened_id(), driver.item()) == (thread, item)


async def test_what_is_copied_can_be_redacted(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "y")
        assert "M  redacted: no" in driver.frame()
        await driver.press("M")
        assert "M  redacted: yes" in driver.frame()
        assert "u  user            ‹email 1›" in driver.frame()
        await driver.press("s")
        assert "hand-off, redacted: sent" in driver.status
        summary = driver.app.clipboard
        assert "user     ‹email 1›\n" in summary
        assert "redacted yes\n" in summary
        assert f"reopen   chatkit-tui {driver.opened_id()} --item {driver.item()}\n" in summary
        for key in ("t", "r", "a", "m", "u", "c", "C"):
            await driver.press("y", key)
            assert driver.app.clipboard
            assert "@example" not in driver.app.clipboard
        await driver.press("escape", "y", "u")
        assert driver.app.clipboard == "‹email 1›"
        await driver.press("y", "M", "u")
        assert driver.app.clipboard == driver.thread().user


async def test_redacting_needs_its_extra(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stdnum", None)
    async with start() as driver:
        await driver.press("y", "M")
        assert "pip install 'chatkit-tui[redact]'" in driver.frame()
