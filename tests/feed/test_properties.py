"""After any sequence of events, the joined feed equals the server's list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import APIConnectionError
from chatkit_tui.feed import Feed, Growth, Side
from tests.feed.server import Dialect, ListServer, turns
from tests.feed.test_feed import ids

Step = tuple[str, int, bool]

ACTS = ("old", "new", "newer", "answer", "fail", "cancel", "born", "gone", "deleted")
STEPS = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 40),
    st.booleans(),
)
DIALECTS = st.builds(Dialect, last_id=st.booleans(), has_more=st.booleans())


class Story:
    """A feed, its server, and what is under way between them."""

    def __init__(self, server: ListServer, feed: Feed) -> None:
        self.server = server
        self.feed = feed
        self.loads: list[asyncio.Task[Growth]] = []
        self.acts: dict[str, Callable[[int, bool], None]] = {
            "old": lambda *_: self.start(Side.OLD),
            "new": lambda *_: self.start(Side.NEW),
            "newer": lambda *_: self.loads.append(asyncio.create_task(feed.refresh())),
            "answer": self.answer,
            "fail": self.fail,
            "cancel": self.cancel,
            "born": lambda number, _: server.add(number % 7),
            "gone": self.gone,
            "deleted": self.deleted,
        }

    def start(self, side: Side) -> None:
        self.loads.append(asyncio.create_task(self.feed.load(side)))

    def answer(self, number: int, late: bool) -> None:
        if self.server.waiting:
            self.server.release(number % len(self.server.waiting), late=late)

    def fail(self, number: int, _: bool) -> None:
        if self.server.waiting:
            self.server.fail(APIConnectionError("dropped"), number % len(self.server.waiting))

    def cancel(self, number: int, _: bool) -> None:
        if self.loads:
            self.loads[number % len(self.loads)].cancel()

    def gone(self, number: int, _: bool) -> None:
        """Someone else deletes a row."""
        if self.server.rows:
            self.server.delete(self.server.ids[number % len(self.server.rows)])

    def deleted(self, number: int, _: bool) -> None:
        """A row is deleted from here."""
        if len(self.feed):
            identifier = ids(self.feed)[number % len(self.feed)]
            self.server.delete(identifier)
            self.feed.drop([identifier])

    def check(self) -> None:
        """What holds at every moment."""
        shown = ids(self.feed)
        assert len(set(shown)) == len(shown)
        assert shown == sorted(shown, key=lambda identifier: int(identifier[3:]))
        for side, rows in ((Side.OLD, self.feed.old), (Side.NEW, self.feed.new)):
            for index, entry in enumerate(rows):
                assert self.feed.side_and_index(entry.name) == (side, index)

    async def finish(self, side: Side) -> None:
        """Let everything end, then load what is left."""
        self.server.held = False
        while self.server.waiting:
            self.server.release(late=True)
            await turns()
        outcomes: list[Any] = await asyncio.gather(*self.loads, return_exceptions=True)
        for outcome in outcomes:
            assert isinstance(outcome, (Growth, APIConnectionError, asyncio.CancelledError))
        while self.feed.can_grow(side):
            await self.feed.load(side)
        await self.feed.refresh()


@pytest.mark.slow
@given(
    count=st.integers(0, 40),
    first_limit=st.integers(1, 8),
    limit=st.integers(1, 8),
    dialect=DIALECTS,
    steps=st.lists(STEPS, max_size=40),
    last=st.sampled_from(Side),
)
def test_the_joined_feed_is_the_servers_list(
    count: int, first_limit: int, limit: int, dialect: Dialect, steps: list[Step], last: Side
) -> None:
    async def play() -> None:
        server = ListServer(count, dialect=dialect, held=True)
        feed = Feed(server.fetch, first_limit=first_limit, limit=limit)
        story = Story(server, feed)
        for act, number, flag in steps:
            story.acts[act](number, flag)
            if flag:
                await turns()
            story.check()
        await story.finish(last)
        story.check()
        assert feed.broken is None
        assert feed.whole
        # Rows that others deleted after they were loaded stay until the next refresh.
        there = set(server.ids)
        assert [identifier for identifier in ids(feed) if identifier in there] == server.ids

    asyncio.run(play())


@given(
    count=st.integers(0, 40),
    limit=st.integers(2, 8),
    sides=st.lists(st.sampled_from(Side), max_size=60),
    last_id=st.booleans(),
    has_more=st.booleans(),
)
def test_rows_that_come_again_are_dropped_in_every_order(
    count: int, limit: int, sides: list[Side], last_id: bool, has_more: bool
) -> None:
    async def play() -> None:
        dialect = Dialect(last_id=last_id, has_more=has_more, inclusive=True)
        server = ListServer(count, dialect=dialect)
        feed = Feed(server.fetch, first_limit=limit, limit=limit)
        for side in [*sides, *[Side.OLD] * 60]:
            await feed.load(side)
        assert ids(feed) == server.ids

    asyncio.run(play())


@given(
    count=st.integers(0, 30),
    limit=st.integers(1, 8),
    sides=st.lists(st.sampled_from(Side), max_size=10),
    dialect=st.builds(Dialect, endless=st.booleans(), circular=st.booleans()),
)
def test_a_broken_list_is_left_after_as_many_requests_as_it_has_pages(
    count: int, limit: int, sides: list[Side], dialect: Dialect
) -> None:
    async def play() -> None:
        server = ListServer(count, dialect=dialect)
        feed = Feed(server.fetch, first_limit=limit, limit=limit)
        for side in [*sides, *[Side.OLD] * 40, *[Side.NEW] * 40]:
            await feed.load(side)
        assert not feed.can_grow(Side.OLD)
        assert not feed.can_grow(Side.NEW)
        assert feed.whole or feed.broken
        assert set(ids(feed)) == set(server.ids)
        assert len(server.calls) <= 2 * (count // limit + 3)

    asyncio.run(play())
