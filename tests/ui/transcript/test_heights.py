"""Heights follow a feed; sums over rows agree with the sum of a list."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.feed import RowView, Side
from chatkit_tui.ui.transcript.heights import (
    ESTIMATE,
    GAP_LINES,
    PAGE,
    HeightIndex,
    JoinedSums,
    RowSums,
)
from tests.ui.pages import message, talk

VALUES = st.lists(st.integers(0, 9), max_size=3 * PAGE)


def filled(values: list[int]) -> RowSums:
    sums = RowSums()
    sums.append(values)
    return sums


def units(values: list[int]) -> list[tuple[int, int]]:
    """Return for each unit of the total its row, and its number in that row."""
    return [(row, place) for row, value in enumerate(values) for place in range(value)]


def joined(leading: list[int], trailing: list[int], gap: int) -> tuple[JoinedSums, list[int]]:
    shown = [*leading, *([gap] if gap else []), *reversed(trailing)]
    return JoinedSums(filled(leading), filled(trailing), gap), shown


@given(VALUES)
def test_the_sum_before_each_row_is_that_of_the_rows_above_it(values: list[int]) -> None:
    sums = filled(values)
    assert [sums.before(row) for row in range(len(values) + 1)] == [0, *accumulate(values)]


@given(VALUES)
def test_every_unit_is_found_in_its_row(values: list[int]) -> None:
    sums = filled(values)
    assert [sums.at(amount) for amount in range(sums.total)] == units(values)


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 9), max_size=PAGE)), max_size=6))
def test_rows_can_be_added_at_both_ends(growths: list[tuple[bool, list[int]]]) -> None:
    sums, values = RowSums(), list[int]()
    for in_front, grown in growths:
        if in_front:
            sums.prepend(grown)
            values = grown + values
        else:
            sums.append(grown)
            values = values + grown
        assert [sums.before(row) for row in range(len(values) + 1)] == [0, *accumulate(values)]


def test_a_changed_row_changes_the_sums_behind_it() -> None:
    sums = filled([1] * (2 * PAGE))
    sums[PAGE] = 5
    assert (sums.before(PAGE), sums.before(PAGE + 1), sums.total) == (PAGE, PAGE + 5, 2 * PAGE + 4)


def test_a_unit_beyond_the_total_is_refused() -> None:
    sums = filled([2, 3])
    with pytest.raises(IndexError):
        sums.at(5)


def test_filled_sums_are_those_of_equal_rows() -> None:
    sums, count = RowSums(), 2 * PAGE + 7
    sums.fill(count, 9)
    assert [sums.before(row) for row in range(count + 1)] == [9 * row for row in range(count + 1)]


def test_cleared_sums_have_no_rows() -> None:
    sums = filled([1] * 300)
    sums.clear()
    assert (len(sums), sums.total) == (0, 0)


@given(VALUES, VALUES, st.integers(0, 3))
def test_two_ends_and_a_gap_are_summed_in_display_order(
    leading: list[int], trailing: list[int], gap: int
) -> None:
    sums, shown = joined(leading, trailing, gap)
    assert len(sums) == len(shown)
    assert [sums.before(row) for row in range(len(shown) + 1)] == [0, *accumulate(shown)]


@given(VALUES, VALUES, st.integers(0, 3))
def test_two_ends_and_a_gap_find_each_unit_in_display_order(
    leading: list[int], trailing: list[int], gap: int
) -> None:
    sums, shown = joined(leading, trailing, gap)
    assert [sums.at(amount) for amount in range(sums.total)] == units(shown)


async def test_items_that_were_not_rendered_have_the_estimate() -> None:
    feed = talk(10).feed()
    await feed.load(Side.OLD)
    assert HeightIndex(RowView(feed), feed).total == 10 * ESTIMATE


async def test_a_measured_item_moves_the_items_below_it() -> None:
    feed = talk(10).feed()
    await feed.load(Side.OLD)
    heights = HeightIndex(RowView(feed), feed)
    heights.measure(3, ESTIMATE + 5)
    assert [heights.above(row) for row in (3, 4)] == [3 * ESTIMATE, 4 * ESTIMATE + 5]


async def test_the_gap_has_lines_between_the_two_ends() -> None:
    feed = talk(100).feed(first_limit=20, limit=20)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    heights = HeightIndex(RowView(feed), feed)
    assert heights.above(21) - heights.above(20) == GAP_LINES
    assert heights.total == 40 * ESTIMATE + GAP_LINES


async def test_pages_on_both_sides_keep_measured_heights() -> None:
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


async def test_newer_items_keep_measured_heights() -> None:
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


async def test_removed_items_take_their_heights_with_them() -> None:
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
