"""Sums over rows agree with adding up a list."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.ui.transcript.heights import PAGE, JoinedSums, RowSums

VALUES = st.lists(st.integers(0, 9), max_size=3 * PAGE)


def filled(values: list[int]) -> RowSums:
    sums = RowSums()
    sums.append(values)
    return sums


def units(values: list[int]) -> list[tuple[int, int]]:
    """For each unit of the total, the row it belongs to and its place in that row."""
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
def test_rows_may_come_at_both_ends(growths: list[tuple[bool, list[int]]]) -> None:
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


def test_cleared_sums_have_no_rows() -> None:
    sums = filled([1] * 300)
    sums.clear()
    assert (len(sums), sums.total) == (0, 0)


@given(VALUES, VALUES, st.integers(0, 3))
def test_two_ends_and_a_gap_sum_up_as_the_screen_shows_them(
    leading: list[int], trailing: list[int], gap: int
) -> None:
    sums, shown = joined(leading, trailing, gap)
    assert len(sums) == len(shown)
    assert [sums.before(row) for row in range(len(shown) + 1)] == [0, *accumulate(shown)]


@given(VALUES, VALUES, st.integers(0, 3))
def test_two_ends_and_a_gap_find_each_unit_where_the_screen_shows_it(
    leading: list[int], trailing: list[int], gap: int
) -> None:
    sums, shown = joined(leading, trailing, gap)
    assert [sums.at(amount) for amount in range(sums.total)] == units(shown)
