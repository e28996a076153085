"""Rows that share an id, together with other changes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import APIConnectionError
from chatkit_tui.feed import Feed, Growth, Order, RowChanges, Side
from chatkit_tui.models.page import Page
from tests.feed.server import load_all, turns
from tests.feed.test_real_servers import PLACEHOLDER, RealServer, check_keys, loaded


def rows_like(kinds: str) -> list[dict[str, Any]]:
    """Rows named by letters: `o` has an id of its own, `x` and `y` share one each."""
    ids = {"x": PLACEHOLDER, "y": "__other__"}
    return [{"id": ids.get(kind, f"row{n}"), "n": n, "v": 0} for n, kind in enumerate(kinds)]


def numbers(feed: Feed) -> list[int]:
    """The numbers of the loaded rows, from the oldest on."""
    return [json.loads(text)["n"] for text in loaded(feed)]


# -- one row is no other ---------------------------------------------------------------------------


async def test_a_later_row_with_a_known_id_is_added() -> None:
    server = RealServer(rows_like("oxo"))
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.rows = rows_like("oxoxo")
    assert (await feed.refresh()).added == 2
    assert loaded(feed) == server.texts
    assert feed.rows.repeats == 0


async def test_it_is_added_when_the_first_row_is_far_away() -> None:
    server = RealServer(rows_like("ox" + "o" * 200))
    feed = Feed(server.fetch, limit=20)
    await load_all(feed, Side.OLD)
    server.rows = rows_like("ox" + "o" * 200 + "x")
    assert (await feed.refresh()).added == 1
    assert loaded(feed) == server.texts


async def test_it_is_added_where_a_page_begins_with_rows_that_are_loaded() -> None:
    server = RealServer(rows_like("xxoooox"))

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        answer = await server.fetch(after=after, order=order, limit=limit)
        answer.next_cursor = answer.rows[-2].name if len(answer) > 1 else answer.next_cursor
        return answer

    feed = Feed(fetch, first_limit=5, limit=5)
    await load_all(feed, Side.NEW)
    assert loaded(feed) == server.texts


async def test_a_shared_cursor_behind_an_empty_page_is_no_circle() -> None:
    server = RealServer(rows_like("oxooooxx"), empty_every=2)
    feed = Feed(server.fetch, first_limit=2, limit=5)
    await load_all(feed, Side.OLD)
    assert feed.whole, feed.broken
    assert loaded(feed) == server.texts


async def test_a_changed_row_keeps_its_key_where_one_before_it_is_gone() -> None:
    server = RealServer(rows_like("oxox"))
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.change(2, v=1)
    server.change(3, v=1)
    del server.rows[1]
    growth = await feed.refresh()
    assert (growth.added, growth.changed, growth.gone) == (0, 2, 1)
    assert loaded(feed) == server.texts
    row = feed.entry("row2")
    assert row is not None
    assert '"v": 1' in row.raw.decode()


async def test_a_cursor_that_returns_to_known_rows_adds_none_again() -> None:
    server = RealServer(rows_like("oxooo"))
    feed = Feed(server.fetch, first_limit=4, limit=6)
    await feed.load(Side.NEW)  # the cursor is an id that no other row has yet
    server.rows = rows_like("oxoooooxo")
    await load_all(feed, Side.NEW)
    assert numbers(feed) == [1, 2, 3, 4]
    await load_all(feed, Side.OLD)
    await feed.refresh()
    assert loaded(feed) == server.texts


async def test_a_row_that_replaces_another_is_noticed() -> None:
    server = RealServer(rows_like("ooooo"))
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    changes = RowChanges(feed, Side.OLD, texts=True)
    changes.take()
    server.change(2, id="regenerated")
    growth = await feed.refresh()
    assert (growth.added, growth.gone) == (1, 1)
    assert changes.take().reset


# -- ends that only look alike ---------------------------------------------------------------------


async def test_ends_whose_rows_share_ids_are_two_ends() -> None:
    for kinds in ("xxooooxx", "xyxooxyx", "xox"):
        server = RealServer(rows_like(kinds))
        feed = Feed(server.fetch, first_limit=2, limit=8)
        await feed.load(Side.OLD)
        await feed.load(Side.NEW)
        assert not feed.order_ignored, kinds
        await load_all(feed, Side.OLD)
        assert loaded(feed) == server.texts, kinds


async def test_two_rows_with_an_id_on_either_side_of_another_prove_no_order() -> None:
    server = RealServer(rows_like("ooxox"))
    feed = Feed(server.fetch, first_limit=2, limit=2)
    for side in (Side.OLD, Side.OLD, Side.NEW):
        await feed.load(side)
    assert not feed.order_ignored
    await load_all(feed, Side.NEW)
    assert loaded(feed) == server.texts


async def test_a_list_of_which_one_row_is_left_keeps_its_order() -> None:
    server = RealServer(rows_like("oooooo"))
    feed = Feed(server.fetch, first_limit=3)
    await feed.load(Side.NEW)
    server.rows = server.rows[-1:]
    await feed.load(Side.OLD)
    assert feed.whole
    assert numbers(feed) == [3, 4, 5]  # as long as nothing is asked for again
    await feed.refresh()
    assert numbers(feed) == [5]


# -- while a refresh is in flight ------------------------------------------------------------------


class Held:
    """Holds the answers of a server back; each is of the moment when it was asked for."""

    def __init__(self, server: RealServer) -> None:
        self.server = server
        self.waiting: list[asyncio.Future[None]] = []
        self.holds = False

    async def fetch(self, *, after: str | None, order: Order, limit: int) -> Page:
        """What a feed is given."""
        try:
            answer: Page | Exception = await self.server.fetch(
                after=after, order=order, limit=limit
            )
        except Exception as error:  # noqa: BLE001 # raised when it is released
            answer = error
        if self.holds:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.waiting.append(waiting)
            try:
                await waiting
            finally:
                self.waiting = [other for other in self.waiting if other is not waiting]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def release(self, number: int = 0, error: Exception | None = None) -> None:
        """Let an answer come, or fail."""
        waiting = self.waiting.pop(number % len(self.waiting))
        if error is None:
            waiting.set_result(None)
        else:
            waiting.set_exception(error)
        await turns()


async def test_a_list_that_grew_in_the_meantime_is_not_cut_to_an_older_answer() -> None:
    server = RealServer(rows_like("ooo"))
    held = Held(server)
    feed = Feed(held.fetch, first_limit=3, limit=3)
    server.rows = rows_like("oooo")
    await feed.load(Side.OLD)
    server.rows = rows_like("ooo")
    held.holds = True
    refresh = asyncio.create_task(feed.refresh(newer=False))
    await turns()
    server.rows = rows_like("ooooo")
    load = asyncio.create_task(feed.load(Side.OLD))
    await turns()
    await held.release(1)
    assert (await load).whole
    await held.release()
    held.holds = False
    await refresh
    assert numbers(feed) == [0, 1, 2, 3, 4]


async def test_a_side_that_grows_during_its_refresh_keeps_every_row() -> None:
    server = RealServer(rows_like("o" * 30), tokens=True)
    server.change(20, status="in_progress")  # so that the refresh takes several pages
    held = Held(server)
    feed = Feed(held.fetch, first_limit=8, limit=4)
    for side in (Side.OLD, Side.NEW, Side.NEW):
        await feed.load(side)
    held.holds = True
    refresh = asyncio.create_task(feed.refresh())
    await turns()
    await held.release()
    held.holds = False  # the next page is asked for by a cursor of the server's own
    await feed.load(Side.NEW)
    while held.waiting:
        await held.release()
    assert (await refresh).gone == 0
    assert numbers(feed) == [*range(8), *range(14, 30)]


async def test_rows_that_a_refresh_loads_first_are_current() -> None:
    feed = Feed(RealServer(rows_like("oo")).fetch)
    await feed.refresh()
    assert all(feed.rows.is_current(entry) for entry in feed.new)


ACTS = ("old", "new", "refresh", "answer", "answer", "fail", "cancel", "born", "gone", "change")
STEPS = st.tuples(st.sampled_from(ACTS), st.integers(0, 40), st.booleans())


class Story:
    """A feed of rows that share ids, its server, and the loads that are in flight."""

    def __init__(self, server: RealServer, *, first_limit: int) -> None:
        self.server = server
        self.held = Held(server)
        self.held.holds = True
        self.feed = Feed(self.held.fetch, first_limit=first_limit, limit=60)
        self.loads: list[asyncio.Task[Growth]] = []
        self._count = len(server.rows)

    async def act(self, act: str, number: int, *, newer: bool) -> None:
        """Take a step: the user's, the network's or the server's."""
        if act in tuple(Side):
            self.loads.append(asyncio.create_task(self.feed.load(Side(act))))
        elif act == "refresh":
            self.loads.append(asyncio.create_task(self.feed.refresh(newer=newer)))
        elif act in {"answer", "fail"} and self.held.waiting:
            error = APIConnectionError("dropped") if act == "fail" else None
            await self.held.release(number, error)
        elif act == "cancel" and self.loads:
            self.loads[number % len(self.loads)].cancel()
        else:
            self._change(act, number)

    def _change(self, act: str, number: int) -> None:
        rows = self.server.rows
        if act == "born":
            for row in rows_like("oxoyo"[number % 5 :]):
                born = row["id"].replace("row", f"row{self._count}.")
                rows.append({**row, "id": born, "n": self._count})
                self._count += 1
        elif act == "gone" and rows:
            del rows[number % len(rows)]
        elif act == "change" and rows:
            self.server.change(number % len(rows), v=number)

    async def finish(self, side: Side) -> None:
        """Let everything end, then load what is left."""
        while self.held.waiting:
            await self.held.release()
        self.held.holds = False
        for outcome in await asyncio.gather(*self.loads, return_exceptions=True):
            assert isinstance(outcome, (Growth, APIConnectionError, asyncio.CancelledError))
        await load_all(self.feed, side)


@given(
    kinds=st.text("oooxy", max_size=24),
    first_limit=st.integers(3, 8),
    tokens=st.booleans(),
    steps=st.lists(STEPS, max_size=30),
    last=st.sampled_from(Side),
)
def test_the_feed_equals_the_servers_list_after_any_changes(
    kinds: str, first_limit: int, tokens: bool, steps: list[tuple[str, int, bool]], last: Side
) -> None:
    async def play() -> None:
        story = Story(RealServer(rows_like(kinds), tokens=tokens), first_limit=first_limit)
        for act, number, flag in steps:
            await story.act(act, number, newer=flag)
            if flag:
                await turns()
            check_keys(story.feed)
        await story.finish(last)
        if story.feed.broken:  # a page without an id of its own on it leads nowhere
            assert not tokens
            assert any(not row["id"].startswith("row") for row in story.server.rows)
            return
        await story.feed.refresh()
        check_keys(story.feed)
        assert loaded(story.feed) == story.server.texts

    asyncio.run(play())
