"""Stories of going about: from the list into a thread, back, to an id, from pane to pane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual import events

from chatkit_tui.cli.exit_codes import INTERRUPTED
from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import Emulator
from chatkit_tui.models.items import read_item
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver

if TYPE_CHECKING:
    from chatkit_tui.sources.openai import ChatKitClient


def items_calls(emulator: Emulator) -> list[str]:
    """The paths of what was asked about items, without the looks for first words."""
    return [
        request.path
        for request in emulator.requests
        if request.operation == "threads.list_items" and request.query.get("limit") != "3"
    ]


async def test_the_heading_of_the_pane_with_the_keys_is_filled_in_another_color(
    start: Start,
) -> None:
    async with start(160, 50) as driver:

        def fills() -> list[object]:
            panes = (driver.browse.threads, driver.browse.transcript)
            strips = [pane.head.render_line(0) for pane in panes]
            return [segment.style and segment.style.bgcolor for segment, *_ in strips]

        threads, transcript = fills()
        assert threads != transcript
        await driver.press("enter")
        assert fills() == [transcript, threads]
        await driver.press("escape")
        assert fills() == [threads, transcript]


async def test_a_support_engineer_filters_by_user_opens_a_thread_and_goes_to_its_end(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await driver.press("f", "=mira.okafor@example.com", "enter")
        await driver.press("enter")
        assert driver.title[:30] in driver.line(1)
        await driver.press("G")
        place = driver.browse.transcript.view.position
        assert place is not None
        assert place.number == place.loaded
        await driver.press("escape")
        assert driver.has_keys(Pane.THREADS)


async def test_the_end_of_a_long_thread_is_two_requests_away(start: Start) -> None:
    long = Emulator(threads=3, items=5_000)
    async with start(emulator=long) as driver:
        await driver.press("enter")
        before = len(items_calls(long))
        await driver.pilot.press("G")
        await driver.settle()
        place = driver.browse.transcript.view.position
        assert place is not None
        assert place.more_before
        assert place.number == place.loaded
        # The newest items, and perhaps a page above them, since a window needs some more.
        assert len(items_calls(long)) - before <= 2


async def test_a_thread_is_reopened_where_it_was_left_and_asked_for_again_by_one_request(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        await driver.press("enter", "j", "j", "j")
        item = driver.item()
        asked = len(items_calls(emulator))
        await driver.press("escape", "j", "enter", "escape", "k", "enter")
        assert driver.item() == item
        assert len(items_calls(emulator)) == asked + 2  # the first is that of the other thread


async def test_what_was_asked_last_wins(start: Start) -> None:
    slow = HeldEmulator()
    async with start(emulator=slow) as driver:
        slow.hold()
        await driver.pilot.press("enter", "tab", "j", "enter")  # Esc would stop the first
        slow.release()
        await driver.settle()
        wanted = driver.browse.threads.list.current
        shown = driver.opened()
        assert wanted is not None
        assert shown is not None
        assert driver.cursor() == 1
        assert shown.id == wanted.id
        entry = driver.browse.transcript.view.state
        assert entry is not None
        assert {read_item(item).thread_id for item in entry.feed.old} == {wanted.id}


async def test_keys_work_while_a_page_is_on_its_way(start: Start) -> None:
    slow = HeldEmulator(threads=300)
    async with start(emulator=slow) as driver:
        slow.hold()
        await driver.pilot.press("G")
        assert driver.loading("threads")
        await driver.pilot.press("j", "j")
        assert driver.cursor() == 2
        slow.release()
        await driver.settle()
        assert driver.cursor() == 2


async def test_esc_stops_what_is_under_way_and_keeps_what_is_loaded(start: Start) -> None:
    slow = HeldEmulator(threads=300)
    async with start(emulator=slow) as driver:
        loaded = driver.loaded("threads")
        slow.hold()
        await driver.pilot.press("r")
        assert "refreshing" in driver.status
        await driver.press("escape")
        assert "stopped" in driver.status
        assert driver.loaded("threads") == loaded


@pytest.mark.parametrize("keys", [("r",), ("escape", "enter")], ids=" ".join)
async def test_a_thread_stopped_before_its_first_item_came_says_so_and_can_be_asked_for_again(
    start: Start, emulator: Emulator, keys: tuple[str, ...]
) -> None:
    async with start() as driver:
        emulator.faults = ("stall@threads.list_items",)
        await driver.pilot.press("enter")
        assert "Loading the first items." in driver.frame()
        await driver.press("escape")
        assert "stopped" in driver.frame().split("\n", 3)[3]
        assert "Loading the first items." not in driver.frame()
        assert "r try again" in driver.line(-1)
        emulator.faults = ()
        await driver.press(*keys)
        assert "items" in driver.status
        assert driver.loaded("items")


async def test_a_pasted_address_opens_its_thread(start: Start) -> None:
    async with start() as driver:
        wanted = driver.thread(7)
        await driver.press(":", *f"https://platform.openai.com/logs/{wanted.id}", "enter")
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert driver.opened() == wanted
        assert driver.cursor() == 7


async def test_an_id_that_does_not_exist_is_told_in_place(start: Start) -> None:
    async with start() as driver:
        await driver.press(":", "=cthr_nothing", "enter")
        assert "there is no cthr_nothing" in driver.line(-2)
        await driver.press("escape")
        assert driver.has_keys(Pane.THREADS)


async def test_the_id_of_an_item_finds_its_thread_and_goes_to_it(
    start: Start, make_client: Callable[..., ChatKitClient]
) -> None:
    async with start() as driver:
        wanted = driver.thread(3)
        page = await make_client().threads.list_items(wanted.id, order="desc", limit=1)
        await driver.press(":", *page.rows[0].name, "enter")
        assert driver.opened() == wanted
        assert driver.item() == page.rows[0].name


async def test_an_item_deep_in_a_long_thread_is_loaded_and_gone_to(
    start: Start, make_client: Callable[..., ChatKitClient]
) -> None:
    long = Emulator(threads=2, items=900)
    items = make_client(emulator=long).threads
    threads = await items.list()
    pages = [page async for page in items.list_items(threads.rows[0].name, limit=100).pages()]
    deep = pages[4].rows[50].name
    async with start(emulator=long, target=deep) as driver:
        assert driver.item() == deep


async def test_the_id_of_no_item_is_told_after_asking_every_thread(start: Start) -> None:
    async with start() as driver:
        await driver.press(":", "=cti_nowhere", "enter")
        assert "no thread has cti_nowhere" in driver.line(-2)


async def test_threads_that_cannot_be_listed_are_counted_beside_an_item_that_is_not_found(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        emulator.faults = ("retry-never:1@threads.list_items",)
        await driver.press(":", "=cti_nowhere", "enter")
        assert "no thread has cti_nowhere · 1 could not be listed" in driver.line(-2)


async def test_the_program_can_be_started_on_a_thread(start: Start, emulator: Emulator) -> None:
    thread_id = emulator.library.identifier(0)
    async with start(target=thread_id) as driver:
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert driver.opened_id() == thread_id


async def test_a_thread_without_a_title_that_no_list_has_shown_is_called_by_its_first_words(
    start: Start, emulator: Emulator
) -> None:
    async with start(target=emulator.thread_id(-3)) as driver:
        assert "“test”" in driver.line(1)


async def test_from_a_hundred_columns_both_panes_are_on_the_screen(start: Start) -> None:
    async with start(100, 24) as driver:
        await driver.press("enter")
        assert driver.title[:20] in driver.line(2)
        assert "│" in driver.line(5)
        await driver.resize(99, 24)
        assert "│" not in driver.line(1)
        assert driver.has_keys(Pane.TRANSCRIPT)


async def test_both_panes_are_there_after_a_resize_below_a_dialog(start: Start) -> None:
    async with start(99, 24) as driver:
        await driver.press("?")
        await driver.resize(100, 24)
        await driver.press("escape")
        assert "│" in driver.line(5)
        await driver.press("?")
        await driver.resize(99, 24)
        await driver.resize(100, 24)
        await driver.press("escape")
        assert "│" in driver.line(5)


async def test_one_key_gives_the_transcript_the_whole_width_and_takes_it_back(
    start: Start,
) -> None:
    async with start(120, 24) as driver:
        await driver.press("enter", "w")
        assert driver.width("items") == 120
        await driver.press("w")
        assert driver.width("items") < 90


async def test_on_a_slow_line_one_pane_has_the_whole_width_from_the_start(start: Start) -> None:
    async with start(120, 24, slow=True) as driver:
        assert driver.width("threads") == 120


async def test_tab_goes_to_the_other_pane_and_back(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("enter", "tab")
        assert driver.has_keys(Pane.THREADS)
        await driver.press("tab")
        assert driver.has_keys(Pane.TRANSCRIPT)


async def test_a_search_is_typed_kept_walked_and_ended(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "/", "=flight")
        assert " of " in driver.line(-2)
        await driver.press("enter", "n")
        assert driver.matches()
        assert "“flight” 2 of" in driver.status
        await driver.press("escape")
        assert driver.matches() is None
        assert driver.has_keys(Pane.TRANSCRIPT)


async def test_items_that_came_since_are_asked_for_with_one_key(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "G", "r")
        assert "no new items" in driver.status


async def test_times_turn_from_ages_to_local_times_to_utc(start: Start) -> None:
    async with start() as driver:
        assert "min" in driver.line(2)
        await driver.press("t")
        assert "times: local" in driver.status
        assert "2026-03-12 09:" in driver.line(2)
        await driver.press("t", "t")
        assert "min" in driver.line(2)


async def test_a_click_gives_a_pane_the_keys(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("enter")
        await click(driver, 5, 6)
        assert driver.has_keys(Pane.THREADS)
        assert driver.cursor() == 2
        await click(driver, 60, 4)
        assert driver.has_keys(Pane.TRANSCRIPT)
        await click(driver, 5, 1)  # the heading, which takes no focus
        assert driver.has_keys(Pane.THREADS)


async def test_a_field_that_is_made_leaves_what_the_mouse_selected(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("enter")
        view = driver.browse.transcript.view
        await driver.pilot.mouse_down(view, offset=(2, 1))
        await driver.pilot.hover(view, offset=(8, 1))
        assert driver.browse.prompt.text == ""  # which makes it
        await driver.pilot.mouse_up(view, offset=(8, 1))
        await driver.press("ctrl+c")
        assert driver.app.clipboard.rstrip() == "TP 576"


async def test_ctrl_c_copies_what_the_mouse_selected_and_then_leaves(start: Start) -> None:
    async with start(120, 24) as driver:
        await driver.press("enter")
        view = driver.browse.transcript.view
        await driver.pilot.mouse_down(view, offset=(2, 1))
        await driver.pilot.hover(view, offset=(8, 1))
        await driver.pilot.mouse_up(view, offset=(8, 1))
        await driver.press("ctrl+c")
        assert driver.app.clipboard.rstrip() == "TP 576"
        assert driver.app.is_running
        await driver.press("ctrl+c")
    assert driver.app.return_code == INTERRUPTED


async def click(driver: Driver, x: int, y: int) -> None:
    """Click as a terminal does: unlike those of the pilot, its events name no widget."""
    for kind in (events.MouseDown, events.MouseUp):
        click = kind(None, x, y, 0, 0, 1, shift=False, meta=False, ctrl=False)
        driver.app.post_message(click)
    await driver.settle()
