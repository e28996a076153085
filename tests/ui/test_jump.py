"""Jumps by the kind of items, also to those that are not loaded, and from thread to thread."""

from __future__ import annotations

import pytest

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import Emulator
from chatkit_tui.models.items import read_item
from chatkit_tui.search.searchable_text import KINDS
from chatkit_tui.ui.actions import jump
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.talk_emulator import TalkEmulator, task, user


def kind(driver: Driver) -> str:
    """Return the kind of the item under the cursor."""
    state = driver.browse.transcript.view.state
    assert state is not None
    assert state.cursor.row is not None
    return KINDS[read_item(state.rows.entry(state.cursor.row)).kind]


def test_every_kind_of_item_has_a_noun() -> None:
    assert set(jump._NOUNS) == {*KINDS.values(), "other"}


async def test_braces_go_to_the_messages_of_the_user(start: Start) -> None:
    async with start(emulator=Emulator(threads=40, items=20)) as driver:
        await driver.press("enter", "}")
        first = driver.item()
        assert kind(driver) == "user"
        await driver.press("}", "{")
        assert driver.item() == first


async def test_brackets_go_to_items_of_the_kind_under_the_cursor(start: Start) -> None:
    async with start(emulator=Emulator(threads=40, items=30)) as driver:
        await driver.press("enter", "j")
        expected, item = kind(driver), driver.item()
        await driver.press("]")
        assert kind(driver) == expected
        assert driver.item() != item
        await driver.press("[")
        assert driver.item() == item


async def test_a_jump_without_a_goal_says_that_there_is_none(start: Start) -> None:
    async with start(emulator=TalkEmulator([task(), user(), task()])) as driver:
        await driver.press("enter", "}", "}")
        assert "no further message of the user below" in driver.status
        await driver.press("{")
        assert "no further message of the user above" in driver.status


async def test_a_jump_loads_until_the_item_is_there(start: Start) -> None:
    items = [user() if number in {5, 55} else task() for number in range(300)]
    async with start(emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "}", "}")
        assert driver.position().startswith("56")
        assert 56 <= driver.loaded("items") < 300
        await driver.press("G", "{")
        assert driver.loaded("items") == 300
        assert driver.position().startswith("56/300")


async def test_a_jump_stops_at_its_bound_and_can_be_continued(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jump, "MOST_PAGES", 1)
    async with start(emulator=TalkEmulator([task()] * 300)) as driver:
        await driver.press("enter", "}")
        loaded = driver.loaded("items")
        assert loaded < 300
        assert f"in {loaded} loaded items: }} loads on" in driver.status
        monkeypatch.setattr(jump, "MOST_PAGES", 50)
        await driver.press("}")
        assert driver.loaded("items") == 300
        assert "no further message of the user below" in driver.status


async def test_esc_stops_a_jump_that_loads(start: Start) -> None:
    server = TalkEmulator([task()] * 300)
    async with start(emulator=server) as driver:
        await driver.press("enter")
        server.hold()
        await driver.pilot.press("}")
        assert driver.loading("items") == "looking on"
        await driver.pilot.press("escape")
        assert driver.loading("items") == ""
        assert driver.has_keys(Pane.TRANSCRIPT)
        server.release()
        await driver.settle()
        assert driver.loaded("items") < 300


async def test_the_next_thread_is_that_of_the_list_as_it_is_shown(start: Start) -> None:
    async with start() as driver:
        await driver.press("space", "/", "=s:locked", "enter", "g")
        shown = [row.id for row in driver.threads()]
        marked = driver.marked()
        await driver.press("enter", "J")
        assert driver.opened_id() == shown[1]
        assert driver.cursor() == 1
        await driver.press("J", "K", "K")
        assert driver.opened_id() == shown[0]
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert driver.marked() == marked
        assert driver.filter() == "s:locked"
        await driver.press("K")
        assert driver.opened_id() == shown[0]
        assert "first thread of the list" in driver.status


async def test_after_the_last_thread_further_ones_are_loaded(start: Start) -> None:
    async with start(emulator=Emulator(threads=3)) as driver:
        await driver.press("G", "enter", "J")
        assert "last of the threads of the list" in driver.status
    async with start(emulator=Emulator(threads=200)) as driver:
        loaded = driver.loaded("threads")
        await driver.press("/", "=s:active", "enter", "G", "enter", "J")
        assert driver.loaded("threads") > loaded
        last = driver.cursor()
        await driver.press("J")
        assert driver.cursor() == last + 1
