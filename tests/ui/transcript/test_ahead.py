"""What comes into the window next is drawn before anybody asks for it."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_tui.feed import Side
from chatkit_tui.models.items import Item
from chatkit_tui.render import items
from chatkit_tui.ui.background_work import IdleTasks
from chatkit_tui.ui.transcript.strips import CACHED_STRIPS
from tests.ui.pages import ThreadOnServer, message, talk
from tests.ui.transcript.host import Host, shown


async def at_leisure(host: Host) -> None:
    """Wait until the transcript has drawn all that it draws by itself."""
    await host.settle()
    while not host.view.is_prepared:
        await host.pilot.pause()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the items that were drawn."""
    ids: list[str] = []
    drawing = items.render_item

    def counted(item: Item, *args: object, **named: object) -> object:
        ids.append(item.id)
        return drawing(item, *args, **named)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(items, "render_item", counted)
    return ids


async def test_the_next_page_is_drawn_before_anybody_turns_to_it(drawn: list[str]) -> None:
    async with shown(talk(60).feed()) as host:
        await at_leisure(host)
        drawn.clear()
        host.view.page_down()
        assert not drawn
        await at_leisure(host)
        assert drawn


async def test_what_is_drawn_beforehand_changes_nothing_that_one_sees() -> None:
    async with shown(talk(60).feed()) as host:
        before, position = host.frame, host.view.position
        await at_leisure(host)
        assert (host.frame, host.view.position) == (before, position)


async def test_no_more_is_drawn_than_one_window_to_each_side(drawn: list[str]) -> None:
    feed = talk(60).feed(first_limit=60)
    await feed.load(Side.OLD)
    async with shown(feed) as host:
        await at_leisure(host)
        assert len(set(drawn)) <= 2 * host.view.size.height // 3 + 1


async def test_an_item_that_takes_a_thread_is_left_until_one_gets_there(drawn: list[str]) -> None:
    texts = [*(f"number {number}" for number in range(12)), "large " * 3000]
    feed = ThreadOnServer([message(n, text) for n, text in enumerate(texts)]).feed()
    async with shown(feed) as host:
        await at_leisure(host)
        assert "item_000011" in drawn
        assert "item_000012" not in drawn


async def test_of_the_lines_that_were_made_the_older_ones_are_forgotten() -> None:
    async with shown(talk(400).feed(first_limit=100, limit=100)) as host:
        for _ in range(40):
            host.view.page_down()
            await host.pilot.pause()
            assert len(host.view.strips.strips) <= CACHED_STRIPS


async def test_leisure_goes_on_until_nothing_is_left_and_can_be_stopped() -> None:
    left = [True, True, False, True]
    done = asyncio.Event()

    def step() -> bool:
        more = left.pop(0)
        if not more:
            done.set()
        return more

    leisure = IdleTasks(step)
    leisure.postpone()
    await done.wait()
    assert leisure.is_done
    leisure.postpone()
    leisure.stop()
    assert leisure.is_done
    assert left == [True]
