"""The feed on servers with shared ids, changed rows, one order, empty pages or new cursors."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import UnknownCursorError
from chatkit_tui.feed import Feed, Order, Side
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources import paging
from tests.feed.server import load_all, page

PLACEHOLDER = "__fake_id__"
BOUND = 400
"""Requests after which paging counts as endless."""


@dataclass
class RealServer:
    """Rows that may share an id; each has a number and a version, which only `change` changes."""

    rows: list[dict[str, Any]]
    orderless: bool = False
    """Every list is oldest first, in any order requested."""
    empty_every: int = 0
    """N: an empty page with its own cursor precedes every Nth page; 0: none does."""
    tokens: bool = False
    """Every page gives a new cursor of the server's own."""
    calls: list[tuple[str | None, Order, int]] = field(default_factory=list)

    async def fetch(self, *, after: str | None, order: Order, limit: int) -> Page:
        """What a feed is given."""
        self.calls.append((after, order, limit))
        assert len(self.calls) < BOUND
        rows = self.rows if order == "asc" or self.orderless else self.rows[::-1]
        start = self._start(rows, after)
        more = start < len(rows)
        if self.empty_every and more and len(self.calls) % self.empty_every == 0:
            return page([], has_more=True, last_id=f"token {start} {len(self.calls)}")
        shown = rows[start : start + limit]
        last = shown[-1]["id"] if shown else None
        if self.tokens and shown:
            last = f"token {start + len(shown)} {len(self.calls)}"
        return page(shown, has_more=start + limit < len(rows), last_id=last)

    def _start(self, rows: list[dict[str, Any]], after: str | None) -> int:
        if after is None:
            return 0
        if after.startswith("token "):
            return int(after.split()[1])
        places = [place for place, row in enumerate(rows) if row["id"] == after]
        if not places:
            raise UnknownCursorError("unknown cursor")
        return places[0] + 1  # of rows that share an id, the first that is found

    def change(self, number: int, **fields: Any) -> None:
        """Change a row."""
        self.rows[number] = {**self.rows[number], **fields}

    @property
    def texts(self) -> list[str]:
        """The rows as they are."""
        return [json.dumps(row) for row in self.rows]


def loaded(feed: Feed) -> list[str]:
    """The rows as the feed has them, from the oldest on."""
    return [entry.raw.decode() for entry in (*feed.old, *reversed(feed.new))]


def check_keys(feed: Feed) -> None:
    """Each row is found under its key."""
    for side, rows in ((Side.OLD, feed.old), (Side.NEW, feed.new)):
        for index, entry in enumerate(rows):
            assert feed.side_and_index(entry.key) == (side, index)


def rows_of(shared: list[int]) -> list[dict[str, Any]]:
    """Rows with ids of their own, each followed by so many that share one."""
    ids: list[str] = []
    for number, count in enumerate(shared):
        ids += [f"row{number}", *[PLACEHOLDER] * count]
    return [{"id": name, "n": number, "v": 0} for number, name in enumerate(ids)]


def count_at_end(again: list[RawRow], there: list[str]) -> int:
    """How many of the newest rows were listed again."""
    came = {entry.raw.decode() for entry in again}
    return len(list(takewhile(came.__contains__, reversed(there))))


SHARED = st.lists(st.integers(0, 3), max_size=14)
SIDES = st.lists(st.sampled_from(Side), max_size=25)


@given(
    shared=SHARED,
    first_limit=st.integers(1, 8),
    limit=st.integers(5, 9),
    sides=SIDES,
    empty_every=st.sampled_from([0, 0, 2, 3]),
    tokens=st.booleans(),
)
def test_rows_that_share_an_id_are_all_loaded_in_the_servers_order(
    shared: list[int],
    first_limit: int,
    limit: int,
    sides: list[Side],
    empty_every: int,
    tokens: bool,
) -> None:
    async def play() -> None:
        server = RealServer(rows_of(shared), empty_every=empty_every, tokens=tokens)
        feed = Feed(server.fetch, first_limit=first_limit, limit=limit)
        for side in sides:
            await feed.load(side)
            check_keys(feed)
            if feed.whole:
                assert loaded(feed) == server.texts
        await load_all(feed, Side.OLD)
        assert feed.whole, feed.broken
        assert loaded(feed) == server.texts
        # Only the server knows what follows a page without a unique id.
        assert feed.rows.repeats == 0 or first_limit < 5
        assert not feed.order_ignored

    asyncio.run(play())


@given(
    shared=SHARED,
    limit=st.integers(8, 12),
    sides=SIDES,
    changes=st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=6),
    born=st.integers(0, 12),
    gone=st.lists(st.integers(0, 60), max_size=1),
)
def test_a_refresh_updates_the_tail_and_rows_that_were_not_settled(
    shared: list[int],
    limit: int,
    sides: list[Side],
    changes: list[tuple[int, bool]],
    born: int,
    gone: list[int],
) -> None:
    async def play() -> None:
        server = RealServer(rows_of(shared))
        for number, open_ in changes:
            if open_ and number < len(server.rows):
                server.change(number, status="in_progress")
        feed = Feed(server.fetch, first_limit=limit, limit=limit)
        for side in [Side.NEW, *sides]:
            await feed.load(side)
        old_keys = {entry.raw.decode(): entry.key for entry in (*feed.old, *feed.new)}
        for number, _ in changes:
            if number < len(server.rows):
                server.change(number, v=1, status="completed")
        away = [server.rows[number] for number in gone if number < len(server.rows) - 1]
        server.rows = [row for row in server.rows if row not in away]
        count = len(server.rows) + len(away)
        server.rows += [{"id": f"new{n}", "n": count + n, "v": 0} for n in range(born)]
        growth = await feed.refresh()
        check_keys(feed)
        there = loaded(feed)
        end = there if feed.whole else there[len(feed.old) :]
        if feed.whole:
            assert growth.added == born
        # The newest rows are as they are now, and in their order.
        again = [entry for entry in (*feed.old, *reversed(feed.new)) if feed.rows.is_current(entry)]
        tail = end[len(end) - count_at_end(again, end) :]
        assert tail == server.texts[len(server.texts) - len(tail) :]
        assert len(tail) >= min(len(end), limit - 3)  # as far as a cursor allows
        # Rows listed again are up to date, and unsettled rows were listed again.
        assert {entry.raw.decode() for entry in again} <= set(server.texts)
        assert not any('"in_progress"' in text for text in there)
        for text in set(old_keys) & {entry.raw.decode() for entry in again}:
            if PLACEHOLDER not in text:
                assert feed.entry(old_keys[text]) is not None  # what is read keeps its key

    asyncio.run(play())


@given(
    shared=SHARED,
    first_limit=st.integers(2, 8),
    limit=st.integers(5, 9),
    sides=SIDES,
    last=st.sampled_from(Side),
)
def test_a_server_that_ignores_the_order_is_read_from_one_side(
    shared: list[int], first_limit: int, limit: int, sides: list[Side], last: Side
) -> None:
    async def play() -> None:
        server = RealServer(rows_of(shared), orderless=True)
        feed = Feed(server.fetch, first_limit=first_limit, limit=limit)
        for side in [*sides, last]:
            await feed.load(side)
            check_keys(feed)
            assert not feed.whole or len(feed) == len(server.rows)
            if {*sides, last} == set(Side) and not feed.whole and feed.old and feed.new:
                raise AssertionError("both ends are the same one")
        await load_all(feed, last)
        assert feed.whole
        rows = feed.old or feed.new
        assert [entry.raw.decode() for entry in rows] == server.texts

    asyncio.run(play())


async def test_equal_beginnings_of_both_ends_prove_that_the_order_is_ignored() -> None:
    server = RealServer(rows_of([0] * 20), orderless=True)
    feed = Feed(server.fetch, first_limit=5, limit=5)
    await feed.load(Side.OLD)
    assert not (await feed.load(Side.NEW)).whole
    assert feed.order_ignored
    assert len(feed) == 5
    await feed.load(Side.NEW)
    assert len(feed.old) == 10
    server.change(3, v=9)
    assert (await feed.refresh()).changed == 1
    assert loaded(feed) == server.texts[:10]


async def test_a_list_of_one_row_proves_no_ignored_order() -> None:
    server = RealServer(rows_of([0, 0]))
    feed = Feed(server.fetch, first_limit=1)
    await feed.load(Side.OLD)
    del server.rows[1]
    assert (await feed.load(Side.NEW)).whole
    assert not feed.order_ignored
    assert loaded(feed) == server.texts


async def test_empty_pages_are_followed_to_the_rows_behind_them() -> None:
    left = [page([], has_more=True, last_id=f"c{n}") for n in range(paging.MOST_EMPTY - 1)]
    left.append(page([{"id": "a"}]))

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        return left.pop(0)

    feed = Feed(fetch)
    assert (await feed.load(Side.OLD)).added == 1
    assert feed.whole


async def test_endless_empty_pages_are_followed_within_a_limit() -> None:
    calls: list[str | None] = []

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        calls.append(after)
        return page([], has_more=True, last_id=f"c{len(calls)}")

    feed = Feed(fetch)
    await load_all(feed, Side.OLD)
    assert feed.broken == paging.ONLY_EMPTY
    assert len(calls) == paging.MOST_EMPTY
    assert not feed.whole


async def test_a_circle_of_pages_under_new_cursors_is_followed_within_a_limit() -> None:
    calls: list[str | None] = []

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        calls.append(after)
        name = "ab"[len(calls) % 2]
        return page([{"id": name}], has_more=True, last_id=f"c{len(calls)}")

    feed = Feed(fetch)
    await load_all(feed, Side.OLD)
    assert feed.broken == paging.NOTHING_NEW
    assert len(calls) == 2 + paging.MOST_WITHOUT_NEW


class EmptyForUnknown(RealServer):
    """Answers a cursor that it does not know with an empty last page."""

    def _start(self, rows: list[dict[str, Any]], after: str | None) -> int:
        try:
            return super()._start(rows, after)
        except UnknownCursorError:
            return len(rows)


@pytest.mark.parametrize(
    ("first", "last"), [(39, 40), (38, 40), (30, 50), (40, 60), (39, 60), (20, 60), (0, 60)]
)
async def test_an_empty_last_page_removes_rows_only_if_another_cursor_agrees(
    first: int, last: int
) -> None:
    server = EmptyForUnknown(rows_of([0] * 60))
    server.rows = [{**row, "id": f"row{n}"} for n, row in enumerate(server.rows)]
    feed = Feed(server.fetch, limit=20)
    await load_all(feed, Side.OLD)
    del server.rows[first:last]  # row39 is the cursor of the tail
    assert (await feed.refresh()).gone >= min(last, 60) - max(first, 39)
    assert loaded(feed)[-20:] == server.texts[-20:]
    check_keys(feed)


async def test_only_rows_that_were_requested_again_are_current() -> None:
    server = RealServer(rows_of([0] * 60))
    feed = Feed(server.fetch, first_limit=20, limit=10)
    await load_all(feed, Side.NEW)
    assert all(feed.rows.is_current(entry) for entry in feed.new)
    await feed.refresh()
    assert [feed.rows.is_current(entry) for entry in feed.new] == [True] * 10 + [False] * 50


async def test_no_row_is_current_after_a_failed_refresh() -> None:
    server = RealServer(rows_of([0] * 9))
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    before = loaded(feed)

    async def failing(**_: object) -> Page:
        raise ConnectionError

    feed._requests.fetch = failing
    with suppress(ConnectionError):
        await feed.refresh()
    assert loaded(feed) == before
    assert not any(feed.rows.is_current(entry) for entry in feed.old)


async def test_an_unsettled_row_far_from_the_end_is_requested_by_itself() -> None:
    server = RealServer(rows_of([0] * 5_000))
    server.change(3, status="in_progress")
    feed = Feed(server.fetch, limit=100)
    await load_all(feed, Side.OLD)
    asked = len(server.calls)
    server.change(3, status="completed")
    growth = await feed.refresh()
    assert growth.changed == 1
    assert len(server.calls) - asked == 2
    assert loaded(feed) == server.texts
