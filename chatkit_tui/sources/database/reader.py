"""Pages of the threads and items in a database.

A page is found by its place (keyset): the time and the key of the row before it. So rows of equal
times are neither lost nor repeated, and a page deep in a list costs as much as the first. Where no
index has the order, each page would read and sort the whole list; there the keys of a list are read
in order once, and a page by its keys.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Final, NamedTuple

from chatkit_tui.errors import InvalidArgumentError, NotFoundError, UnknownCursorError
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.database.dialect import Dialect, Rows, UnfitValueError, Value
from chatkit_tui.sources.database.layout import Layout, RowTable
from chatkit_tui.sources.database.rows import KEY_CURSOR, StoredRow, members_of, page_of, text_of

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow

LARGEST_PAGE: Final = 100
_DEFAULT_PAGE: Final = 20
_LARGEST_PAGE_SIZE: Final = 32 * 1024 * 1024
"""Bytes from which a page ends early."""
_KEPT_PLANS: Final = 1000
_KEPT_ORDERS: Final = 4
"""Lists whose keys are kept."""


class RowList(NamedTuple):
    """A list of rows: a table's, as far as conditions are true."""

    rows: RowTable
    conditions: tuple[str, ...]
    values: tuple[Value, ...]
    is_part: bool
    """Whether it is a small part of the table."""


class _Place(NamedTuple):
    """Where a page begins: behind a row."""

    key: Value
    is_timed: bool
    """Whether the row has a time."""


class _Order(NamedTuple):
    """The keys of a list, oldest first."""

    version: object
    """The version of the database that they are of."""
    keys: Sequence[Value]

    def behind(self, place: _Place | None, *, is_descending: bool) -> Sequence[Value] | None:
        """Return the keys behind a place, in the order of the list; None if it is not known."""
        if place is None:
            return self.keys[::-1] if is_descending else self.keys
        try:
            found = self.keys.index(place.key)
        except ValueError:
            return None
        return self.keys[:found][::-1] if is_descending else self.keys[found + 1 :]


class DatabaseReader:
    """Reads threads and items, within `Dialect.read`."""

    def __init__(self, database: Dialect, layout: Layout, zone: tzinfo = UTC) -> None:
        """Read a database with a layout; times without a zone are in `zone`."""
        self._database = database
        self.layout = layout
        self._zone = zone
        self._orders: OrderedDict[RowList, _Order] = OrderedDict()
        self._sorted: dict[RowList, bool] = {}

    def threads(self, query: ListQuery) -> Page:
        """Return a page of threads; see `ThreadSource.list_threads`."""
        threads, owner = self.layout.threads, self.layout.owner
        if query.user is None:
            return self._page(_list(threads), query)
        if owner is None:
            raise InvalidArgumentError("The database names no users of threads.", param="user")
        try:
            return self._page(_list(threads, (f"{owner} = ?",), (query.user,)), query)
        except UnfitValueError:  # a name where users are numbers
            return page_of([], has_more=False, zone=self._zone)

    def items(self, thread_id: str, query: ListQuery) -> Page:
        """Return a page of items; see `ThreadSource.list_items`."""
        link = self._thread(thread_id, self.layout.link)[0]
        listed = _list(self.layout.items, (f"{self.layout.thread} = ?",), (link,), is_part=True)
        return self._page(listed, query, thread_id)

    def thread(self, thread_id: str) -> RawRow:
        """Return a thread. Raise `NotFoundError`."""
        threads = self.layout.threads
        stored = self._thread(thread_id, *_columns(threads))
        return page_of([_stored(threads, stored)], has_more=False, zone=self._zone).rows[0]

    def _thread(self, thread_id: str, *columns: str) -> tuple[Value, ...]:
        """Return columns of a thread. Raise `NotFoundError`."""
        threads = self.layout.threads
        found = self._first(_list(threads, (f"{threads.id} = ?",), (thread_id,)), columns)
        if found is None:
            raise NotFoundError("The database does not have this thread.", status=404)
        return found

    # -- pages -------------------------------------------------------------------------------------

    def _page(self, listed: RowList, query: ListQuery, thread_id: str = "") -> Page:
        limit = min(_DEFAULT_PAGE if query.limit is None else max(1, query.limit), LARGEST_PAGE)
        is_descending = query.order != "asc"
        place = self._place(listed, query.after) if query.after is not None else None
        rows = self._by_keys(listed, place, limit, is_descending=is_descending)
        if rows is None:
            rows = self._in_order(listed, place, limit, is_descending=is_descending)
        with closing(rows):
            taken, has_more = _take(rows, limit)
        return page_of(taken, has_more=has_more, thread_id=thread_id, zone=self._zone)

    def _place(self, listed: RowList, cursor: str) -> _Place:
        """Return the place behind the row of a cursor. Raise `UnknownCursorError`."""
        rows = listed.rows
        column, value = rows.id, cursor
        if cursor.startswith(KEY_CURSOR):
            column, value = rows.key, cursor.removeprefix(KEY_CURSOR)
        is_timed = f"{rows.time} IS NOT NULL" if rows.time else "1 = 1"
        found = self._first(_narrowed(listed, f"{column} = ?", (value,)), (rows.key, is_timed))
        if found is None:
            raise UnknownCursorError("The database does not have the row to continue from.")
        return _Place(found[0], bool(found[1]))

    def _first(self, listed: RowList, columns: Sequence[str]) -> tuple[Value, ...] | None:
        try:
            return next(iter(list(self._rows(listed, columns, "", 1))), None)
        except UnfitValueError:
            return None

    def _rows(self, listed: RowList, columns: Sequence[str], order: str, limit: int) -> Rows:
        statement = _statement(listed, columns, order) + f" LIMIT {limit}"
        return self._database.rows(statement, listed.values)

    def _in_order(
        self, listed: RowList, place: _Place | None, limit: int, *, is_descending: bool
    ) -> Generator[StoredRow, None, None]:
        """Yield rows behind a place, and one more than `limit` if there are as many."""
        left = limit + 1
        for part, order in self._parts(listed, place, is_descending=is_descending):
            with closing(self._rows(part, _columns(listed.rows), order, left)) as rows:
                for found in rows:
                    left -= 1
                    yield _stored(listed.rows, found)
            if left <= 0:
                return

    def _parts(
        self, listed: RowList, place: _Place | None, *, is_descending: bool
    ) -> Iterator[tuple[RowList, str]]:
        """Yield the parts of a list behind a place, each with its order.

        Rows without a time are a part of their own: a comparison with NULL is never true.
        """
        rows = listed.rows
        kinds = [True] if rows.time is None or rows.is_timed else [False, True]
        if self._database.nulls_first == is_descending:
            kinds.reverse()
        if place:
            kinds = kinds[kinds.index(place.is_timed) :]
        for is_timed in kinds:
            part = listed
            if rows.time and not rows.is_timed:
                part = _narrowed(part, f"{rows.time} IS {'NOT ' if is_timed else ''}NULL")
            if place and place.is_timed == is_timed:
                part = _behind(part, place, "<" if is_descending else ">")
            yield part, _order(rows, is_timed=is_timed, is_descending=is_descending)

    # -- lists that no index has in order ----------------------------------------------------------

    def _by_keys(
        self, listed: RowList, place: _Place | None, limit: int, *, is_descending: bool
    ) -> Generator[StoredRow, None, None] | None:
        """Return rows behind a place as `_in_order` does; None if that does better."""
        if not self._must_sort(listed):
            return None
        version = self._database.version()
        order = self._orders.get(listed)
        is_current = order is not None and order.version == version
        if place is None and not is_current and not listed.is_part:
            return None  # a beginning is found without all keys
        is_known = order is not None and place is not None and place.key in order.keys
        if order is None or not (is_current or is_known):
            order = self._read_order(listed, version)
            is_current = True
        keys = order.behind(place, is_descending=is_descending)
        if keys is None or (len(keys) <= limit and not is_current):
            return None  # rows may follow that are newer than the keys
        return self._of_keys(listed, keys, limit + 1, is_descending=is_descending)

    def _must_sort(self, listed: RowList) -> bool:
        """Return whether no index has a list in order."""
        rows = listed.rows
        if listed not in self._sorted:
            if len(self._sorted) >= _KEPT_PLANS:
                self._sorted.clear()
            statement = _statement(listed, (rows.key,), _order(rows)) + f" LIMIT {_DEFAULT_PAGE}"
            self._sorted[listed] = self._database.must_sort(statement, listed.values)
        return self._sorted[listed]

    def _read_order(self, listed: RowList, version: object) -> _Order:
        rows = listed.rows
        statement = _statement(listed, (rows.key,), _order(rows))
        with closing(self._database.rows(statement, listed.values)) as found:
            order = _Order(version, [key for (key,) in found])
        self._orders[listed] = order
        self._orders.move_to_end(listed)
        while len(self._orders) > _KEPT_ORDERS:
            self._orders.popitem(last=False)
        return order

    def _of_keys(
        self, listed: RowList, keys: Sequence[Value], count: int, *, is_descending: bool
    ) -> Generator[StoredRow, None, None]:
        """Yield `count` rows of keys, or all if there are fewer, without those that are gone."""
        rows = listed.rows
        order = _order(rows, is_descending=is_descending)
        left = count
        for start in range(0, len(keys), count):
            some = tuple(keys[start : start + count])
            marks = ", ".join("?" * len(some))
            part = _narrowed(listed, f"{rows.key} IN ({marks})", some)
            with closing(self._rows(part, _columns(rows), order, left)) as stored:
                for found in stored:
                    left -= 1
                    yield _stored(rows, found)
            if not left:
                return


def _list(
    rows: RowTable,
    conditions: tuple[str, ...] = (),
    values: tuple[Value, ...] = (),
    *,
    is_part: bool = False,
) -> RowList:
    if rows.condition:
        conditions, values = (*conditions, rows.condition), (*values, *rows.values)
    return RowList(rows, conditions, values, is_part)


def _narrowed(listed: RowList, condition: str, values: tuple[Value, ...] = ()) -> RowList:
    return listed._replace(
        conditions=(*listed.conditions, condition), values=(*listed.values, *values)
    )


def _statement(listed: RowList, columns: Sequence[str], order: str) -> str:
    where = f" WHERE {' AND '.join(listed.conditions)}" if listed.conditions else ""
    by = f" ORDER BY {order}" if order else ""
    return f"SELECT {', '.join(columns)} FROM {listed.rows.table}{where}{by}"


def _order(rows: RowTable, *, is_timed: bool = True, is_descending: bool = False) -> str:
    direction = " DESC" if is_descending else ""
    by_time = f"{rows.time}{direction}, " if rows.time and is_timed else ""
    return f"{by_time}{rows.key}{direction}"


def _behind(listed: RowList, place: _Place, sign: str) -> RowList:
    """Return the rows of a part behind a place; `sign` compares a row with the one before it."""
    rows = listed.rows
    if rows.time is None or not place.is_timed:
        return _narrowed(listed, f"{rows.key} {sign} ?", (place.key,))
    # The time is compared in the database alone: in Python it could lose digits.
    row = _narrowed(listed, f"{rows.key} = ?", (place.key,))
    time = f"({_statement(row, (rows.time,), '')} LIMIT 1)"
    return _narrowed(
        listed,
        f"{rows.time} {sign}= {time} AND ({rows.time} {sign} {time} OR {rows.key} {sign} ?)",
        (*row.values, *row.values, place.key),
    )


def _columns(rows: RowTable) -> tuple[str, ...]:
    return (rows.key, rows.id, rows.json or "NULL", *(member.sql for member in rows.members))


def _stored(rows: RowTable, found: Sequence[Value]) -> StoredRow:
    key, identifier, json, *values = found
    names = (member.name for member in rows.members)
    text = json if isinstance(json, (str, bytes)) else None
    return StoredRow(key, text_of(identifier), text, members_of(names, values))


def _take(rows: Iterator[StoredRow], limit: int) -> tuple[list[StoredRow], bool]:
    """Return rows of a page, and whether more follow; fewer rows if they are large."""
    taken: list[StoredRow] = []
    size, has_more = 0, False
    for row in rows:  # to the end: to stop a statement costs more than a row
        size += row.size
        if taken and size > _LARGEST_PAGE_SIZE:
            return taken, True
        if len(taken) == limit:
            has_more = True
        else:
            taken.append(row)
    return taken, has_more
