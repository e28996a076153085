"""Copying: what is offered, what is sent, and what happens where nothing can be sent."""

from __future__ import annotations

import pytest

from chatkit_tui.ui.clipboard import LARGEST_COPY, clipboard_text, why_no_clipboard
from tests.ui.conftest import Start


async def test_a_key_copies_the_id_of_the_thread(start: Start) -> None:
    async with start() as driver:
        row = driver.browse.threads.list.current
        assert row is not None
        await driver.press("y", "h")
        assert driver.app.clipboard == row.id
        assert "thread id: sent to the terminal's clipboard" in driver.status


async def test_esc_copies_nothing(start: Start) -> None:
    async with start() as driver:
        await driver.press("y", "escape")
        assert driver.app.clipboard == ""


async def test_a_terminal_without_a_clipboard_gets_the_text_alone(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start() as driver:
        monkeypatch.setenv("TERM", "linux")
        row = driver.browse.threads.list.current
        assert row is not None
        await driver.press("y", "h")
        assert row.id in driver.frame()
        assert "a linux terminal has no clipboard" in driver.frame()
        assert driver.app.clipboard == ""
        await driver.press("escape")
        assert "Threads" in driver.frame()


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
    assert clipboard_text("a\x1b]52;c;x\x07b\n\tc\x9b31m\x7f") == "a]52;c;xb\n\tc31m"
