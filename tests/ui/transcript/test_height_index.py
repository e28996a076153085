"""The height index follows a feed and knows where each row stands."""

from __future__ import annotations

from chatkit_tui.feed import RowView, Side
from chatkit_tui.ui.transcript.heights import ESTIMATE, GAP_LINES, HeightIndex
from tests.ui.pages import message, talk


async def test_items_that_were_not_drawn_have_the_estimate() -> None:
    feed = talk(10).feed()
    await feed.load(Side.OLD)
    assert HeightIndex(RowView(feed), feed).total == 10 * ESTIMATE


async def test_a_measured_item_moves_those_below_it() -> None:
    feed = talk(10).feed()
    await feed.load(Side.OLD)
    heights = HeightIndex(RowView(feed), feed)
    heights.measure(3, ESTIMATE + 5)
    assert [heights.above(row) for row in (3, 4)] == [3 * ESTIMATE, 4 * ESTIMATE + 5]


async def test_the_gap_takes_its_lines_between_the_two_ends() -> None:
    feed = talk(100).feed(first_limit=20, limit=20)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    heights = HeightIndex(RowView(feed), feed)
    assert heights.above(21) - heights.above(20) == GAP_LINES
    assert heights.total == 40 * ESTIMATE + GAP_LINES


async def test_what_was_measured_stays_measured_when_pages_come_on_both_sides() -> None:
    feed = talk(100).feed(first_limit=20, limit=20)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    rows = RowView(feed)
    heights = HeightIndex(rows, feed)
    first, last = rows.key(2), rows.key(len(rows) - 3)
    heights.measure(2, 50)
    heights.measure(len(rows) - 3, 70)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    heights.follow()
    measured = [
        heights.above(row + 1) - heights.above(row)
        for row in (rows.index(first), rows.index(last))
        if row is not None
    ]
    assert measured == [50, 70]


async def test_what_was_measured_stays_measured_when_newer_items_come() -> None:
    server = talk(10)
    feed = server.feed()
    await feed.load(Side.NEW)
    rows = RowView(feed)
    heights = HeightIndex(rows, feed)
    heights.measure(9, 50)
    server.items += [message(n, "later") for n in (10, 11)]
    await feed.refresh()
    heights.follow()
    assert heights.above(10) - heights.above(9) == 50
    assert heights.total == 11 * ESTIMATE + 50


async def test_items_that_went_take_their_heights_with_them() -> None:
    feed = talk(10).feed()
    await feed.load(Side.OLD)
    rows = RowView(feed)
    heights = HeightIndex(rows, feed)
    feed.drop([rows.key(4)])
    heights.follow()
    assert heights.total == 9 * ESTIMATE


async def test_another_width_makes_all_heights_estimates_again() -> None:
    feed = talk(10).feed()
    await feed.load(Side.OLD)
    heights = HeightIndex(RowView(feed), feed)
    heights.measure(3, 100)
    heights.forget()
    assert heights.total == 10 * ESTIMATE


async def test_heights_are_summed_from_the_newest_item_when_that_is_first() -> None:
    feed = talk(100).feed(first_limit=20, limit=20)
    await feed.load(Side.NEW)
    await feed.load(Side.OLD)
    rows = RowView(feed, newest_first=True)
    heights = HeightIndex(rows, feed)
    heights.measure(5, 2)
    heights.measure(30, 4)
    heights_of = [heights.above(row + 1) - heights.above(row) for row in range(len(rows))]
    assert (heights_of[5], heights_of[20], heights_of[30]) == (2, GAP_LINES, 4)
    assert sum(heights_of) == heights.total == 38 * ESTIMATE + 2 + GAP_LINES + 4
