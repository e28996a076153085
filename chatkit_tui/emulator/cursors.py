"""Pages of a list, selected by cursors.

Rows are in the order of (created_at, sequence), both ascending. A cursor is the id of a row. It is
exclusive and follows the requested order: in a descending list, `after` selects older rows.
`before` selects the rows nearest to the cursor, in the requested order, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple, Protocol

from chatkit_tui.emulator.requests import Row, check_range, invalid

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100


class Rows(Protocol):
    """A list that computes its rows on request."""

    def __len__(self) -> int:
        """Return the number of rows, including deleted ones."""

    def row(self, index: int) -> Row:
        """Return the JSON object of a row; 0 is the oldest."""

    def index_of(self, identifier: str) -> int | None:
        """Return the index of a row, or None if no row has the id."""


class ListQuery(NamedTuple):
    """The parameters of a list."""

    limit: int = DEFAULT_LIMIT
    """0 to 100."""
    order: str = "desc"
    """`asc` or `desc`."""
    after: str | None = None
    before: str | None = None


def list_page(rows: Rows, query: ListQuery, *, wanted: Callable[[int], bool] | None = None) -> Row:
    """Return a page as the API's list object.

    `wanted` selects rows by their index. Raise `RejectedError` for an unknown cursor.
    """
    total = len(rows)

    def mirrored(number: int) -> int:
        """Convert an index to a position in the requested order, and vice versa."""
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
        raise invalid(param, f"no row of this list has the id '{cursor}'.")
    return index


def read_list_query(query: Mapping[str, str]) -> ListQuery:
    """Return the parameters of a list. Raise `RejectedError` for a value outside its limits."""
    text = query.get("limit", str(DEFAULT_LIMIT))
    if not text.lstrip("-").isdecimal() or not text.isascii():
        raise invalid("limit", f"expected an integer, got '{text}'.", code="invalid_type")
    limit = int(text)
    check_range("limit", limit, 0, LARGEST_LIMIT)
    order = query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise invalid("order", f"expected 'asc' or 'desc', got '{order}'.")
    return ListQuery(limit, order, query.get("after"), query.get("before"))
