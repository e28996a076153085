"""The command palette: where it opens, what it finds, and keys that come too early for it."""

from __future__ import annotations

import pytest

from chatkit_tui.ui.palette import Palette
from chatkit_tui.ui.widgets.option_rows import OptionRows
from tests.ui.conftest import Start
from tests.ui.driver import Driver


async def found_by(driver: Driver, words: str) -> list[str]:
    """The titles that the palette offers for some words, the best first."""
    await driver.press("ctrl+p")
    await driver.pilot.press(*words)
    await driver.settle()
    palette = driver.app.screen
    assert isinstance(palette, Palette)
    return [command.title for command in palette.found]


async def test_the_palette_opens_over_a_question(start: Start) -> None:
    async with start() as driver:
        await driver.press("slash", "r", "ctrl+p")
        assert isinstance(driver.app.screen, Palette)
        await driver.press("escape")
        assert "filter r" in driver.frame()


@pytest.mark.parametrize("size", [(80, 3), (80, 1), (1, 1)])
async def test_a_page_key_does_nothing_where_the_palette_has_no_room(
    start: Start, size: tuple[int, int]
) -> None:
    async with start() as driver:
        await driver.press("ctrl+p")
        await driver.resize(*size)
        await driver.press("pagedown", "pageup", "pagedown")
        assert isinstance(driver.app.screen, Palette)


async def test_a_page_key_before_the_list_is_laid_out_does_nothing(start: Start) -> None:
    async with start() as driver:
        await driver.press("ctrl+p")
        listing = driver.app.screen.query_one(OptionRows)
        offers = list(listing.options)
        with driver.app.batch_update():
            listing.display = False
            listing.clear_options()
        await driver.settle()
        listing.add_options(offers)
        listing.highlighted = 0
        await driver.press("pagedown")
        assert listing.highlighted == 0


async def test_a_page_key_still_moves_by_a_page(start: Start) -> None:
    async with start() as driver:
        await driver.press("ctrl+p", "pagedown")
        await driver.press("pageup")
        await driver.press("pagedown")
        assert (driver.app.screen.query_one(OptionRows).highlighted or 0) > 1


@pytest.mark.parametrize("opening", ["s", "D", "y", "question_mark"])
async def test_the_palette_does_not_open_where_it_has_nothing_to_offer(
    start: Start, opening: str
) -> None:
    async with start() as driver:
        await driver.press(opening)
        over = driver.app.screen
        await driver.press("ctrl+p")
        assert driver.app.screen is over


async def test_letters_scattered_over_a_help_sentence_find_nothing(start: Start) -> None:
    async with start() as driver:
        assert await found_by(driver, "unlock") == []


async def test_a_title_is_found_without_help_that_is_only_alike(start: Start) -> None:
    async with start() as driver:
        assert await found_by(driver, "theme") == ["theme"]


async def test_a_word_of_the_help_finds_its_command_after_those_with_it_in_the_title(
    start: Start,
) -> None:
    async with start() as driver:
        found = await found_by(driver, "mark")
        assert found[0] == "mark"
        assert "delete" in found[1:]


async def test_one_letter_is_looked_for_in_titles_alone(start: Start) -> None:
    async with start() as driver:
        found = await found_by(driver, "h")
        assert found
        assert all("h" in title for title in found)
