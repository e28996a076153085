"""Marks of threads and of items."""

from __future__ import annotations

import pytest

from tests.ui.conftest import Start
from tests.ui.driver import Driver


def marked_items(driver: Driver) -> list[str]:
    marks = driver.browse.marking.items
    assert marks is not None
    return [row.name for row in marks.rows()]


async def test_all_shown_threads_a_range_and_the_others_are_marked(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("slash", "=okafor", "enter", "a")
        shown = [row.id for row in driver.threads()]
        assert driver.marked() == shown
        assert f"{len(shown)} threads marked" in driver.status
        await driver.press("escape")
        driver.browse.marking.action_unmark_all()
        assert driver.marked() == []
        await driver.press("g", "space", "j", "j", "m")
        assert driver.marked() == [driver.thread(number).id for number in range(4)]
        driver.browse.marking.action_invert_marks()
        left = [row.id for row in driver.threads() if row.id][4:]
        assert driver.marked() == left


async def test_a_range_says_why_it_is_not_possible(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("m")
        assert "nothing is marked" in driver.status
        await driver.press("j", "space", "slash", "=okafor", "enter", "j", "m")
        assert "marked last is not shown" in driver.status


@pytest.mark.parametrize("order", [(), ("o",)])
@pytest.mark.parametrize("plain", [False, True])
async def test_items_are_marked_in_the_gutter_and_given_in_order(
    start: Start, *, plain: bool, order: tuple[str, ...]
) -> None:
    async with start(80, 24, plain=plain) as driver:
        await driver.press("enter", *order, "g", "j", "space")
        first = marked_items(driver)
        await driver.press("j", "m")
        items = marked_items(driver)
        assert len(items) == 3
        assert first[0] in items
        feed = driver.browse.transcript.feed
        assert feed is not None
        assert items == [row.name for row in feed.rows if row.name in items]
        assert "3 marked" in driver.browse.transcript.amount
        sign = "+" if plain else "✓"
        lines = [line[:2] for line in driver.frame().splitlines()]
        assert 1 <= sum(sign in line for line in lines) <= 3
        await driver.press("escape")
        assert marked_items(driver) == []
        await driver.press("space")
        driver.browse.marking.action_unmark_all()
        assert marked_items(driver) == []


async def test_marks_of_items_end_with_their_thread(start: Start) -> None:
    async with start(100, 30) as driver:
        await driver.press("enter", "space", "escape", "escape", "enter")
        assert marked_items(driver) == []
        await driver.press("space")
        assert len(marked_items(driver)) == 1
        driver.browse.action_back()
        await driver.press("j", "enter")
        assert marked_items(driver) == []
