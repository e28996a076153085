"""The feed as one sequence for a screen."""

from __future__ import annotations

import pytest

from chatkit_tui.feed import Feed, Rows, Side
from tests.feed.server import ListServer


async def gapped() -> Feed[str]:
    """Rows 0 to 2 and 7 to 9 of ten."""
    feed = Feed(ListServer(10).fetch, first_limit=3)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    return feed


@pytest.mark.parametrize(
    ("newest_first", "shown"), [(False, [0, 1, 2, 7, 8, 9]), (True, [9, 8, 7, 2, 1, 0])]
)
async def test_rows_read_from_the_top_in_either_direction(
    newest_first: bool, shown: list[int]
) -> None:
    rows = Rows(await gapped(), newest_first=newest_first)
    expected = [f"row{number}" for number in shown]
    assert [entry.id for entry in rows] == expected
    assert [rows.entry(index).id for index in range(len(rows))] == expected
    assert [rows.index_of(identifier) for identifier in expected] == [*range(6)]


async def test_the_gap_is_before_the_first_row_below_it() -> None:
    feed = await gapped()
    assert Rows(feed).gap_index == 3
    await feed.load(Side.OLD)
    assert Rows(feed).gap_index is None


async def test_the_gap_is_the_end_while_the_side_below_is_not_loaded() -> None:
    feed = Feed(ListServer(10).fetch, first_limit=3)
    await feed.load(Side.OLD)
    assert Rows(feed).gap_index == 3
    assert Rows(feed, newest_first=True).gap_index == 0


async def test_the_sides_of_the_gap_are_named_by_where_they_stand() -> None:
    feed = await gapped()
    assert (Rows(feed).above, Rows(feed).below) == (Side.OLD, Side.NEW)
    turned = Rows(feed, newest_first=True)
    assert (turned.above, turned.below) == (Side.NEW, Side.OLD)


async def test_rows_follow_the_feed() -> None:
    feed = await gapped()
    rows = Rows(feed)
    feed.drop(["row1", "row8"])
    assert [entry.id for entry in rows] == ["row0", "row2", "row7", "row9"]
    assert rows.index_of("row9") == 3
    assert rows.index_of("row8") is None


@pytest.mark.parametrize("index", [-1, 6])
async def test_an_index_outside_is_refused(index: int) -> None:
    with pytest.raises(IndexError, match=f"row {index} of 6"):
        Rows(await gapped()).entry(index)
