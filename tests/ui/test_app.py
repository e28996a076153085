"""The app as a whole: what it imports, its keys, its themes, how it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest
from textual.widgets import Input, TextArea

from chatkit_tui.sources.base import SourceInfo
from tests.ui.conftest import Start
from tests.ui.driver import Driver

HEAVY = ("httpx", "pydantic", "markdown_it", "pygments", "openai")


def test_the_first_paint_needs_nothing_that_is_slow_to_import() -> None:
    found = subprocess.run(  # noqa: S603 - this interpreter, with the words above
        [
            sys.executable,
            "-c",
            f"import sys, chatkit_tui.ui.app; print([m for m in {HEAVY} if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


async def test_the_header_says_where_one_is(start: Start) -> None:
    async with start(project="proj_7 · billing") as driver:
        header = driver.line(0)
        assert all(word in header for word in ("demo.invalid", "proj_7 · billing", "…-key", "DEMO"))


async def test_the_header_shows_no_more_than_four_characters_of_a_key(start: Start) -> None:
    async with start(source=SourceInfo("", key_hint="sk-abcdefgh")) as driver:
        assert "…efgh" in driver.line(0)
        assert "defgh" not in driver.line(0)


async def test_what_the_wire_says_is_never_read_as_markup(start: Start) -> None:
    async with start(project="[bold red]x[/] \x1b[31m") as driver:
        assert "[bold red]x[/] ␛[31m" in driver.line(0)


async def test_a_remapped_key_works_and_the_old_one_does_not(start: Start) -> None:
    async with start(keys={"order": "x"}) as driver:
        await driver.press("o")
        assert "newest first" in driver.line(1)
        await driver.press("x")
        assert "oldest first" in driver.line(1)
        await driver.resize(120, 24)
        assert "x order" in driver.line(-1)


async def test_the_help_scrolls_and_goes_back_to_where_one_was(start: Start) -> None:
    async with start() as driver:
        await driver.press("j", "?")
        assert "Threads" in driver.line(0)
        first = driver.line(2)
        await driver.press("ctrl+d")
        assert driver.line(2) != first
        await driver.press("escape")
        assert driver.cursor() == 1


@pytest.mark.parametrize(("plain", "sign"), [(False, "○"), (True, "o")])
async def test_the_help_explains_the_signs(start: Start, plain: bool, sign: str) -> None:
    async with start(plain=plain) as driver:
        await driver.press("?", "G")
        lines = [driver.line(number).split(maxsplit=1) for number in range(22)]
        assert [sign, "a closed thread"] in lines
        assert [sign, "in a transcript: its thinking"] in lines


async def test_the_palette_does_what_a_key_does(start: Start) -> None:
    async with start() as driver:
        await driver.press("ctrl+p")
        await driver.pilot.press(*"order")
        await driver.settle()
        await driver.press("enter")
        await driver.settle()
        assert "oldest first" in driver.line(1)


async def pick_theme(driver: Driver, *keys: str) -> None:
    """Press keys in the menu of themes."""
    driver.browse.themes.action_theme()
    await driver.settle()
    await driver.press(*keys)


async def test_a_theme_is_shown_while_the_cursor_is_on_it_and_given_up_with_esc(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    async with start() as driver:
        await pick_theme(driver, "j", "j")
        assert driver.app.theme == "nord"
        await driver.press("escape")
        assert driver.app.theme == "dark"
        assert "theme" not in driver.status


async def test_a_theme_is_kept_and_remembered_with_enter(start: Start) -> None:
    kept: list[object] = []

    def remember(*choice: object) -> str:
        kept.append(choice)
        return "the next start has that of CHATKIT_TUI_THEME"

    async with start(remember=remember) as driver:
        await pick_theme(driver, "j", "enter")
        assert driver.app.current_theme.dark is False
        assert "theme: light; the next start has that of CHATKIT_TUI_THEME" in driver.status
    assert kept == [("theme", "light")]


async def test_without_colors_no_theme_is_offered(start: Start) -> None:
    async with start(plain=True) as driver:
        await pick_theme(driver)
        assert driver.is_alone()
        assert "theme: colors are off" in driver.status


async def test_ctrl_c_leaves_from_anywhere(start: Start) -> None:
    async with start() as driver:
        await driver.pilot.press("f", "a", "ctrl+c")
        await driver.pilot.pause()
        assert driver.app.return_code == 130


async def test_no_input_blinks(start: Start) -> None:
    async with start() as driver:
        for keys in (
            ["S"],
            ["escape", "f"],
            ["escape", "ctrl+p"],
            ["escape", "s", "n"],
            ["escape", "x"],
        ):
            await driver.press(*keys)
            assert isinstance(driver.app.focused, Input | TextArea), keys
            found = [*driver.app.screen.query(Input), *driver.app.screen.query(TextArea)]
            assert not any(each.cursor_blink for each in found), keys
