"""A feed as one sequence for a screen."""

from __future__ import annotations

import pytest

from chatkit_tui.feed import GAP, Feed, LoadedCopy, RowView, Side
from tests.feed.server import ListServer


async def gapped() -> Feed:
    """Rows 0 to 2 and 7 to 9 of ten."""
    feed = Feed(ListServer(10).fetch, first_limit=3)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    return feed


@pytest.mark.parametrize(
    ("newest_first", "shown"), [(False, [0, 1, 2, 7, 8, 9]), (True, [9, 8, 7, 2, 1, 0])]
)
@pytest.mark.parametrize("copied", [False, True])
async def test_rows_read_from_the_top_in_either_direction(
    newest_first: bool, copied: bool, shown: list[int]
) -> None:
    feed = await gapped()
    rows = RowView(LoadedCopy(feed) if copied else feed, newest_first=newest_first)
    keys = [f"row{number}" for number in shown]
    keys.insert(3, GAP)
    assert [rows.key(index) for index in range(len(rows))] == keys
    assert [rows.index(key) for key in keys] == [*range(7)]
    assert [rows.entry(index).id for index in range(7) if index != rows.gap] == [
        key for key in keys if key != GAP
    ]


async def test_a_filtered_copy_has_no_gap() -> None:
    feed = await gapped()
    rows = RowView(LoadedCopy(feed, lambda entry: entry.id in ("row1", "row8")))
    assert [rows.key(index) for index in range(len(rows))] == ["row1", "row8"]
    assert (rows.index("row8"), rows.index("row7"), rows.gap) == (1, None, None)


async def test_a_copy_does_not_change() -> None:
    feed = await gapped()
    copy, live = RowView(LoadedCopy(feed)), RowView(feed)
    await feed.load(Side.OLD)
    assert (len(copy), copy.gap) == (7, 3)
    assert (len(live), live.gap) == (10, None)


async def test_the_gap_is_at_the_edge_while_one_end_is_not_loaded() -> None:
    feed = Feed(ListServer(10).fetch, first_limit=3)
    await feed.load(Side.OLD)
    assert RowView(feed).gap == 3
    assert RowView(feed, newest_first=True).gap == 0
    assert RowView(feed, gap_at_edge=False).gap is None


async def test_there_is_no_gap_before_anything_is_loaded() -> None:
    assert RowView(Feed(ListServer(10).fetch)).gap is None


async def test_the_order_decides_which_side_is_above_the_gap() -> None:
    feed = await gapped()
    assert RowView(feed).sides == (Side.OLD, Side.NEW)
    assert RowView(feed, newest_first=True).sides == (Side.NEW, Side.OLD)


async def test_the_side_to_load_is_that_of_the_row_near_the_gap() -> None:
    rows = RowView(await gapped())
    assert [rows.side_to_load(index, 1) for index in range(6)] == [
        None, None, Side.OLD, Side.NEW, None, None,
    ]  # fmt: skip


async def test_rows_follow_the_feed() -> None:
    feed = await gapped()
    rows = RowView(feed)
    feed.drop(["row1", "row8"])
    keys = [rows.key(index) for index in range(len(rows))]
    assert keys == ["row0", "row2", GAP, "row7", "row9"]
    assert rows.index("row9") == 4
    assert rows.index("row8") is None


@pytest.mark.parametrize("index", [-1, 3, 7])
async def test_an_index_outside_or_of_the_gap_is_rejected(index: int) -> None:
    with pytest.raises(IndexError, match=f"row {index} of 7"):
        RowView(await gapped()).entry(index)
