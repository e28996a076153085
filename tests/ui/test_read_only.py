"""The screen in read-only mode, without commands that change anything."""

from __future__ import annotations

from chatkit_tui.emulator import Emulator
from chatkit_tui.ui.palette import Palette
from tests.ui.conftest import Start


async def test_no_changing_command_is_available(start: Start, emulator: Emulator) -> None:
    async with start(120, 60, read_only=True) as driver:
        assert "READ-ONLY" in driver.line(0)
        assert "delete" not in driver.line(-1)
        await driver.press("question_mark")
        assert "delete" not in driver.frame().lower()
        await driver.press("escape", "space", "D", "y")
        assert driver.app.screen_stack[0] is driver.browse
        await driver.press("escape", "enter", "D", "y", "escape", "escape", "ctrl+p")
        assert isinstance(driver.app.screen, Palette)
        await driver.type("delete")
        assert "Delete" not in driver.frame()
        await driver.press("enter", "escape", "escape", "s", "n", "x", "c", "enter", "y", "ctrl+s")
        await driver.press("escape", "escape")
    assert {request.method for request in emulator.requests} == {"GET"}


async def test_a_read_only_profile_may_remap_the_key_and_still_has_none(
    start: Start, emulator: Emulator
) -> None:
    async with start(read_only=True, keys={"delete": "x"}) as driver:
        await driver.press("x", "D", "y")
        assert driver.app.screen_stack[0] is driver.browse
        await driver.press("escape")
    assert {request.method for request in emulator.requests} == {"GET"}


async def test_a_key_that_the_mode_takes_away_says_so(start: Start) -> None:
    async with start(read_only=True) as driver:
        await driver.press("D")
        assert driver.status.startswith(" Read-only: nothing is deleted.")
        await driver.press("enter", "D")
        assert driver.status.startswith(" Read-only: nothing is deleted.")


async def test_a_key_of_what_the_source_does_not_have_says_so(start: Start) -> None:
    async with start(capabilities=frozenset()) as driver:
        await driver.press("s")
        assert "sessions: the source of these threads does not offer it" in driver.status


async def test_a_key_of_the_other_pane_says_where_it_works(start: Start) -> None:
    async with start() as driver:
        await driver.press("z")
        assert driver.status.startswith(" z (fold) works only in an open thread")
        await driver.press("enter", "f")
        assert driver.status.startswith(" f (user) works only in the list")


async def test_a_key_without_a_command_says_where_the_keys_are(start: Start) -> None:
    async with start() as driver:
        await driver.press("Q")
        assert driver.status.startswith(" Q does nothing here: ? shows the keys")
        await driver.press("ctrl+z")  # the app suspends with it, where the terminal can
        assert "ctrl+z" not in driver.status.lower()
