"""Items that the next key may scroll into the window are rendered ahead."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_tui.feed import Side
from chatkit_tui.models.items import Item
from chatkit_tui.render import items
from chatkit_tui.ui import background_work
from chatkit_tui.ui.background_work import IdleTasks
from chatkit_tui.ui.transcript import strips
from tests.ui.pages import ThreadOnServer, message, talk
from tests.ui.transcript.host import Host, shown


@pytest.fixture(autouse=True)
def _idle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is prepared in idle time begins without a delay."""
    monkeypatch.setattr(background_work, "IDLE_AFTER", 0.0)


async def prepared(host: Host) -> None:
    """Wait until nothing is left to render ahead."""
    await host.settle()
    while not host.view._preparation.is_done:
        await host.pilot.pause()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of rendered items."""
    ids: list[str] = []
    drawing = items.render_item

    def counted(item: Item, *args: object, **named: object) -> object:
        ids.append(item.id)
        return drawing(item, *args, **named)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(items, "render_item", counted)
    return ids


async def test_the_next_page_is_rendered_before_a_key_asks_for_it(drawn: list[str]) -> None:
    async with shown(talk(60).feed()) as host:
        await prepared(host)
        drawn.clear()
        host.view.action_page_down()
        assert not drawn
        await prepared(host)
        assert drawn


async def test_rendering_ahead_does_not_change_the_screen() -> None:
    async with shown(talk(60).feed()) as host:
        before, position = host.frame, host.view.position
        await prepared(host)
        assert (host.frame, host.view.position) == (before, position)


async def test_at_most_one_window_is_rendered_ahead_on_each_side(drawn: list[str]) -> None:
    feed = talk(60).feed(first_limit=60)
    await feed.load(Side.OLD)
    async with shown(feed) as host:
        await prepared(host)
        assert len(set(drawn)) <= 2 * host.view.size.height // 3 + 1


async def test_a_large_item_is_not_rendered_ahead(drawn: list[str]) -> None:
    texts = [*(f"number {number}" for number in range(12)), "large " * 3000]
    feed = ThreadOnServer([message(n, text) for n, text in enumerate(texts)]).feed()
    async with shown(feed) as host:
        await prepared(host)
        assert "item_000011" in drawn
        assert "item_000012" not in drawn


async def test_the_number_of_cached_strips_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strips, "CACHED_STRIPS", 200)
    async with shown(talk(200).feed(first_limit=100, limit=100)) as host:
        for _ in range(8):
            host.view.action_page_down()
            await host.pilot.pause()
            assert len(host.view.strips.strips) <= 200


async def test_idle_tasks_run_until_nothing_is_left_and_can_be_stopped() -> None:
    left = [True, True, False, True]
    done = asyncio.Event()

    def step() -> bool:
        more = left.pop(0)
        if not more:
            done.set()
        return more

    idle = IdleTasks(step)
    idle.postpone()
    await done.wait()
    assert idle.is_done
    idle.postpone()
    idle.stop()
    assert idle.is_done
    assert left == [True]
