"""A feed of the rows that match: keys do not wait while they are looked for."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator

from chatkit_tui.feed import Feed, LoadedCopy, Side
from chatkit_tui.feed.filtered_feed import FilteredFeed
from chatkit_tui.models.page import RawRow
from tests.feed.server import ListServer


class Watched(Collection[str]):
    """Keys that know which threads looked at them."""

    def __init__(self, *keys: str) -> None:
        self.keys = frozenset(keys)
        self.threads: set[threading.Thread] = set()

    def __contains__(self, key: object) -> bool:
        self.threads.add(threading.current_thread())
        return key in self.keys

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)


class ByKey:
    """A filter of some keys."""

    def __init__(self, wanted: Watched) -> None:
        self.wanted = wanted

    def matches(self, row: RawRow) -> bool:
        del row
        return True

    def among(self, rows: LoadedCopy) -> Collection[str]:
        del rows
        return self.wanted


async def test_every_row_is_looked_at_in_a_thread() -> None:
    feed = Feed(ListServer(10).fetch, first_limit=10)
    await feed.load(Side.OLD)
    wanted = Watched("row2", "row7")
    shown = FilteredFeed(feed, ByKey(wanted), lambda: None)
    await shown.judge()
    assert [row.key for row in (*shown.old, *shown.new)] == ["row2", "row7"]
    assert shown.side_and_index("row7") == (Side.OLD, 1)
    assert wanted.threads
    assert threading.current_thread() not in wanted.threads


async def test_rows_that_were_loaded_meanwhile_come_with_the_next_judgement() -> None:
    feed = Feed(ListServer(10).fetch, first_limit=5, limit=5)
    await feed.load(Side.OLD)
    shown = FilteredFeed(feed, ByKey(Watched("row2", "row7")), lambda: None)
    await shown.judge()
    await feed.load(Side.OLD)
    assert [row.key for row in shown.old] == ["row2"]
    await shown.judge()
    assert [row.key for row in shown.old] == ["row2", "row7"]
