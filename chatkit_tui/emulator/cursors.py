"""Pages of a list behind cursors.

Rows stand in the order of (created_at, sequence), both ascending. A cursor is the id of a row, is
exclusive, and is meant in the order asked for: in a descending list, `after` gives older rows.
`before` gives the rows nearest to the cursor, still in the order asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.refusals import invalid, unknown_cursor

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100


class Rows(Protocol):
    """A list that makes its rows when they are asked for."""

    def __len__(self) -> int:
        """How many rows there are, deleted ones included."""

    def row(self, index: int) -> dict[str, JSON]:
        """The JSON object of a row; 0 is the oldest."""

    def index_of(self, identifier: str) -> int | None:
        """The index of a row that exists, without a search; None for any other id."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list call asks for."""

    limit: int = DEFAULT_LIMIT
    """0 to 100."""
    order: str = "desc"
    """`asc` or `desc`."""
    after: str | None = None
    before: str | None = None


def list_page(
    rows: Rows, query: ListQuery, *, wanted: Callable[[int], bool] | None = None
) -> dict[str, JSON]:
    """One page as the API's list object.

    `wanted` says of an index whether the row is to be listed at all. Raises `RefusedError` for a
    cursor that is no row.
    """
    total = len(rows)

    def mirrored(number: int) -> int:
        """From an index to a place in the order asked for, and back again."""
        return number if query.order == "asc" else total - 1 - number

    first = mirrored(_index(rows, "after", query.after)) + 1 if query.after is not None else 0
    end = mirrored(_index(rows, "before", query.before)) if query.before is not None else total
    backwards = query.before is not None
    places = range(end - 1, first - 1, -1) if backwards else range(first, end)
    indexes: Iterator[int] = map(mirrored, places)
    if wanted is not None:
        indexes = filter(wanted, indexes)
    found = list(islice(indexes, query.limit + 1)) if query.limit else []
    chosen = found[: query.limit]
    if backwards:
        chosen.reverse()
    data = [rows.row(index) for index in chosen]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": len(found) > query.limit,
    }


def _index(rows: Rows, param: str, cursor: str) -> int:
    index = rows.index_of(cursor)
    if index is None:
        raise unknown_cursor(param, cursor)
    return index


def read_list_query(query: Mapping[str, str]) -> ListQuery:
    """Check the query of a list call. Raises `RefusedError` for what is outside the limits."""
    text = query.get("limit", str(DEFAULT_LIMIT))
    if not text.lstrip("-").isdecimal() or not text.isascii():
        raise invalid("limit", f"expected an integer, got '{text}'.", code="invalid_type")
    limit = int(text)
    if limit > LARGEST_LIMIT:
        raise invalid(
            "limit",
            f"expected at most {LARGEST_LIMIT}, got {limit}.",
            code="integer_above_max_value",
        )
    if limit < 0:
        raise invalid("limit", f"expected at least 0, got {limit}.", code="integer_below_min_value")
    order = query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid("order", f"expected 'asc' or 'desc', got '{order}'.")
    return ListQuery(limit, order, query.get("after"), query.get("before"))
