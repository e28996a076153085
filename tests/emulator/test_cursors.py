"""Cursors are exclusive and follow the requested order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.emulator.cursors import ListQuery, list_page, read_list_query
from chatkit_tui.emulator.requests import RejectedError

ORDERS = st.sampled_from(["asc", "desc"])


class Letters:
    """Rows whose ids are their numbers."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.made = 0

    def __len__(self) -> int:
        return self.count

    def row(self, index: int) -> dict[str, Any]:
        self.made += 1
        return {"id": str(index)}

    def index_of(self, identifier: str) -> int | None:
        return int(identifier) if identifier.isdecimal() and int(identifier) < self.count else None


def ids(page: dict[str, Any]) -> list[int]:
    return [int(row["id"]) for row in page["data"]]


def in_order(count: int, order: str) -> list[int]:
    return list(range(count)) if order == "asc" else list(range(count))[::-1]


@given(count=st.integers(0, 60), order=ORDERS, limits=st.lists(st.integers(1, 25), min_size=1))
def test_paging_with_after_gives_the_list_for_any_page_size(
    count: int, order: str, limits: list[int]
) -> None:
    rows, seen, cursor, turn = Letters(count), list[int](), None, 0
    while True:
        page = list_page(rows, ListQuery(limits[turn % len(limits)], order, after=cursor))
        seen += ids(page)
        cursor, turn = page["last_id"], turn + 1
        if not page["has_more"]:
            break
    assert seen == in_order(count, order)


@given(count=st.integers(1, 60), order=ORDERS, limits=st.lists(st.integers(1, 25), min_size=1))
def test_paging_with_before_from_the_end_gives_the_list(
    count: int, order: str, limits: list[int]
) -> None:
    expected = in_order(count, order)
    rows, seen, turn = Letters(count), [expected[-1]], 0
    more = True
    while more:
        query = ListQuery(limits[turn % len(limits)], order, before=str(seen[0]))
        page = list_page(rows, query)
        seen = ids(page) + seen
        more, turn = page["has_more"], turn + 1
    assert seen == expected


@given(
    count=st.integers(1, 40),
    order=ORDERS,
    limit=st.integers(1, 50),
    ends=st.tuples(st.integers(0, 39), st.integers(0, 39)),
)
def test_between_two_cursors_lie_the_rows_nearest_to_before(
    count: int, order: str, limit: int, ends: tuple[int, int]
) -> None:
    after, before = ends[0] % count, ends[1] % count
    page = list_page(Letters(count), ListQuery(limit, order, str(after), str(before)))
    listed = in_order(count, order)
    between = listed[listed.index(after) + 1 : listed.index(before)]
    assert ids(page) == between[-limit:]
    assert page["has_more"] == (len(between) > limit)


@given(count=st.integers(0, 60), order=ORDERS, hidden=st.sets(st.integers(0, 59)))
def test_unwanted_rows_are_skipped(count: int, order: str, hidden: set[int]) -> None:
    page = list_page(
        Letters(count), ListQuery(100, order), wanted=lambda index: index not in hidden
    )
    assert ids(page) == [index for index in in_order(count, order) if index not in hidden]
    assert page["has_more"] is False


def test_first_id_and_last_id_follow_the_requested_order() -> None:
    page = list_page(Letters(10), ListQuery(3, "desc", after="7"))
    assert (page["first_id"], page["last_id"], page["has_more"]) == ("6", "4", True)


def test_a_limit_of_zero_gives_an_empty_page_without_ids() -> None:
    assert list_page(Letters(10), ListQuery(0)) == {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }


def test_a_page_computes_only_its_own_rows() -> None:
    rows = Letters(10**9)
    list_page(rows, ListQuery(20, "desc", after="500000000"))
    assert rows.made == 20


@pytest.mark.parametrize("param", ["after", "before"])
def test_an_unknown_cursor_is_rejected(param: str) -> None:
    with pytest.raises(RejectedError) as refused:
        list_page(Letters(3), read_list_query({param: "seven"}))
    assert refused.value.response.status == 400
    assert refused.value.response.content["error"]["param"] == param


def test_omitted_parameters_have_the_documented_defaults() -> None:
    assert read_list_query({}) == ListQuery(limit=20, order="desc", after=None, before=None)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"limit": "101"}, "integer_above_max_value"),
        ({"limit": "-1"}, "integer_below_min_value"),
        ({"limit": "many"}, "invalid_type"),
        ({"limit": ""}, "invalid_type"),
        ({"order": "newest"}, "invalid_value"),
    ],
)
def test_a_query_outside_its_limits_is_rejected(query: dict[str, str], code: str) -> None:
    with pytest.raises(RejectedError) as refused:
        read_list_query(query)
    error = refused.value.response.content["error"]
    assert (error["param"], error["code"]) == (next(iter(query)), code)


@pytest.mark.parametrize("limit", [1, 100])
def test_the_limits_themselves_are_allowed(limit: int) -> None:
    assert read_list_query({"limit": str(limit)}).limit == limit
