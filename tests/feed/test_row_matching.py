"""Rows of a page that were loaded before are found, in linear time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.paging import match_rows, repeats_at_edge

Row = dict[str, Any]


class CountingPage(Page):
    """A page that counts how many rows of all such pages were read."""

    read = 0

    def text_of(self, index: int) -> bytes:
        CountingPage.read += 1
        return super().text_of(index)


def entries_of(rows: list[Row]) -> tuple[RawRow, ...]:
    return CountingPage.of_texts([json.dumps(row).encode() for row in rows]).rows


def named(names: str) -> list[Row]:
    """A row for each letter: a capital has an id of its own, the others share one."""
    return [{"id": name if name.isupper() else "shared", "text": name} for name in names]


@pytest.mark.parametrize(
    ("known", "fresh", "places"),
    [
        ("ABC", "ABC", [0, 1, 2]),
        ("ABC", "AXBC", [0, None, 1, 2]),
        ("ABCD", "AD", [0, 3]),
        ("ABC", "XYZ", [None, None, None]),
        ("ABCDE", "EABCD", [None, 0, 1, 2, 3]),  # the most rows that keep their order
        ("AxxB", "AyxxB", [0, None, 1, 2, 3]),
        ("AxxB", "AxyxB", [0, 1, None, 2, 3]),
        ("xxx", "Xxx", [None, 0, 1]),
        ("xxxxxx", "Xxx", [None, 0, 1]),  # not the last ones: those between are not gone
        ("AxBy", "AzBy", [0, 1, 2, 3]),
        ("AxBy", "AzBw", [0, 1, 2, 3]),
    ],
)
def test_rows_match_in_the_order_of_both(known: str, fresh: str, places: list[int | None]) -> None:
    assert match_rows(entries_of(named(known)), entries_of(named(fresh))) == places


@given(st.text("ABCDxy", max_size=12), st.text("ABCDxy", max_size=12))
def test_matches_have_equal_ids_and_ascending_places(known: str, fresh: str) -> None:
    olds, news = entries_of(named(known)), entries_of(named(fresh))
    places = match_rows(olds, news)
    matched = [place for place in places if place is not None]
    assert matched == sorted(set(matched))
    assert all(
        place is None or olds[place].id == entry.id
        for place, entry in zip(places, news, strict=True)
    )


@given(st.lists(st.sampled_from(["keep", "change", "drop", "insert"]), max_size=30))
def test_rows_with_unique_ids_match_after_any_change(acts: list[str]) -> None:
    known: list[Row] = [{"id": f"row{n}", "v": 0} for n in range(len(acts))]
    fresh: list[tuple[Row, int | None]] = []
    for place, act in enumerate(acts):
        if act == "insert":
            fresh.append(({"id": f"new{place}"}, None))
        if act != "drop":
            fresh.append(({**known[place], "v": int(act == "change")}, place))
    places = match_rows(entries_of(known), entries_of([row for row, _ in fresh]))
    assert places == [place for _, place in fresh]


@given(st.text("xyA", max_size=10), st.text("xyA", max_size=10))
def test_the_longest_repeat_at_the_edge_is_found(before: str, page: str) -> None:
    counts = range(min(len(before), len(page)) + 1)
    longest = max(count for count in counts if before.endswith(page[:count]))
    assert repeats_at_edge(entries_of(named(before)), entries_of(named(page))) == longest


def test_the_time_is_proportional_to_the_rows() -> None:
    count = 600
    like, other, own = ({"id": "s"}, {"id": "s", "x": 1}, {"id": "own"})
    ids: list[Row] = [{"id": f"r{n}", "v": 0} for n in range(count)]
    new: list[Row] = [{"id": f"n{n}", "v": 0} for n in range(count)]
    pairs: list[tuple[list[Row], list[Row]]] = [
        ([like] * count, [own, *[like] * count]),
        ([like] * count + [own], [other, *[like] * count]),
        ([like, other] * (count // 2), [other, other, like] * (count // 3)),
        (ids, [{**row, "v": n % 2} for n, row in enumerate(ids)]),
        (ids, ids[::-1]),
        (ids, new),
        ([like] * (count - 1) + [other], [like] * count),
    ]
    for known, fresh in pairs:
        olds, news = entries_of(known), entries_of(fresh)
        CountingPage.read = 0
        match_rows(olds, news)
        repeats_at_edge(olds, news)
        assert CountingPage.read <= 10 * (len(olds) + len(news))
