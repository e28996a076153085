"""The pages that the transcript requests, and what it shows until they are loaded."""

from __future__ import annotations

from collections.abc import Callable

from chatkit_tui.emulator import Emulator
from chatkit_tui.feed import Side
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.ui.transcript.viewport import Moved
from tests.ui.pages import talk
from tests.ui.transcript.host import shown, thread_feed


def item_requests(emulator: Emulator) -> int:
    return sum(request.operation == "threads.list_items" for request in emulator.requests)


# -- before there are items ------------------------------------------------------------------------


async def test_without_a_thread_it_says_so() -> None:
    async with shown(None) as host:
        assert "No thread is open." in host.frame
        assert host.app.wanted == []


async def test_while_the_first_page_loads_it_says_so() -> None:
    async with shown(talk(5).feed(), answered=False) as host:
        await host.pilot.pause()
        assert "Loading the first items." in host.frame
        host.app.open_gate.set()


async def test_an_empty_thread_says_so() -> None:
    async with shown(talk(0).feed()) as host:
        assert "This thread has no items." in host.frame


async def test_a_failed_first_page_is_shown_and_can_be_retried(
    make_client: Callable[..., ChatKitClient],
) -> None:
    emulator = Emulator()
    client = make_client(emulator=emulator, max_retries=0)
    emulator.faults = ["unauthorized"]
    async with shown(thread_feed(client, emulator.thread_id())) as host:
        assert "✗ " in host.lines[(24 - 2) // 3]
        assert "r: try again" in host.frame
        assert len(host.app.wanted) == 1
        emulator.faults = []
        assert host.view.retry()
        await host.settle()
        assert "✗" not in host.frame
        assert host.view.position is not None
        assert host.view.position.number == 1


# -- pages -----------------------------------------------------------------------------------------


async def test_opening_a_thread_requests_one_page() -> None:
    async with shown(talk(1000).feed()) as host:
        assert host.app.wanted == [Side.OLD]


async def test_the_next_page_is_requested_before_the_window_reaches_the_gap() -> None:
    async with shown(talk(1000).feed(first_limit=100)) as host:
        host.app.open_gate.clear()
        while len(host.app.wanted) < 2:
            host.view.action_page_down()
            await host.pilot.pause()
        assert "not loaded" not in host.frame
        host.app.open_gate.set()


async def test_a_page_in_flight_is_not_requested_again() -> None:
    async with shown(talk(1000).feed()) as host:
        host.app.open_gate.clear()
        for _ in range(30):
            host.view.action_page_down()
            await host.pilot.pause()
        assert host.app.wanted == [Side.OLD, Side.OLD]
        assert "··· loading" in host.frame
        host.app.open_gate.set()


async def test_going_down_to_the_end_closes_the_gap_and_meets_every_item_once() -> None:
    async with shown(talk(130).feed()) as host:
        seen = [host.under_cursor]
        while (position := host.view.position) and (not position.whole or position.number < 130):
            if host.view.action_cursor_down() is Moved.BLOCKED:
                await host.settle()
            elif host.under_cursor != seen[-1]:
                seen.append(host.under_cursor)
        assert seen == [f"message number {number}" for number in range(130)]


async def test_end_in_a_thread_of_100_000_items_is_one_more_request(
    make_client: Callable[..., ChatKitClient],
) -> None:
    emulator = Emulator(threads=1, items=100_000)
    client = make_client(emulator=emulator)
    async with shown(thread_feed(client, emulator.thread_id())) as host:
        before = item_requests(emulator)
        host.view.action_bottom()
        await host.settle()
        assert item_requests(emulator) - before == 1
        newest = host.view.id_of_cursor()
    answer = await client.threads.list_items(emulator.thread_id(), limit=1, order="desc")
    assert newest == answer.rows[0].id


async def test_the_gap_shows_the_times_at_its_edges() -> None:
    async with shown(talk(1000).feed()) as host:
        host.view.action_bottom()
        await host.settle()
        host.app.open_gate.clear()
        while "not loaded" not in host.frame:
            host.view.action_page_up()
            await host.pilot.pause()
        told = "items between 2023-11-14 22:42 UTC and 2023-11-15 14:23 UTC"
        assert told in host.frame
        host.app.open_gate.set()


async def test_a_failed_page_is_shown_in_the_gap_and_not_requested_again(
    make_client: Callable[..., ChatKitClient],
) -> None:
    emulator = Emulator(threads=1, items=1000)
    client = make_client(emulator=emulator, max_retries=0)
    async with shown(thread_feed(client, emulator.thread_id())) as host:
        emulator.faults = ["unauthorized"]
        for _ in range(60):
            host.view.action_page_down()
            await host.settle()
        assert len(host.app.wanted) == 2
        assert "✗" in host.frame
        assert "r: try again" in host.frame


async def test_a_move_cancels_going_to_an_end() -> None:
    async with shown(talk(1000).feed()) as host:
        host.app.open_gate.clear()
        host.view.action_bottom()
        await host.pilot.pause()
        host.view.action_cursor_down()
        host.app.open_gate.set()
        await host.settle()
        assert host.under_cursor == "message number 1"


async def test_the_last_of_two_ends_wins() -> None:
    async with shown(talk(1000).feed(), newest_first=True) as host:
        host.app.open_gate.clear()
        host.view.action_bottom()
        await host.pilot.pause()
        host.view.action_top()
        host.app.open_gate.set()
        await host.settle()
        assert host.under_cursor == "message number 999"


async def test_the_position_shows_an_end_that_is_loading() -> None:
    async with shown(talk(1000).feed()) as host:
        host.app.open_gate.clear()
        host.view.action_bottom()
        await host.pilot.pause()
        assert host.app.positions[-1].jump is Side.NEW
        host.app.open_gate.set()
