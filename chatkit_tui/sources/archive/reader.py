"""Read an archive: threads and items in the source's order, earlier versions, and its state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from chatkit_tui.errors import ArchiveError, NotFoundError, UnknownCursorError
from chatkit_tui.models.timestamps import LAST_SECOND
from chatkit_tui.sources.archive import schema
from chatkit_tui.sources.archive.schema import POSITION_BITS, Origin
from chatkit_tui.sources.archive.search import Indexed, Searcher
from chatkit_tui.sources.base import CopyState, Hit, ListQuery, SearchQuery, Version
from chatkit_tui.storage.sqlite import connect_reader, copy_database

if TYPE_CHECKING:
    from chatkit_tui.predicates.predicate import Finding

LARGEST_PAGE: Final = 100
_DEFAULT_PAGE: Final = 20
_NOT_READ: Final = "not read yet"
_POSITIONS: Final = (1 << POSITION_BITS) - 1


class Slice(NamedTuple):
    """A page of rows."""

    rows: Sequence[tuple[str, str | bytes]]
    """Id and JSON of each row."""
    has_more: bool


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """What an archive holds, and how old it is. Times are Unix seconds."""

    file: Path
    origin: Origin
    threads: int
    items: int
    incomplete: int
    """Threads that were not read to their end."""
    reasons: dict[str, int]
    """Why not, and for how many of them; the most frequent reasons."""
    missing: int
    """Threads that the source no longer has."""
    missing_items: int
    listed_at: int | None
    """When the last complete listing of all users began."""
    listed_at_by_user: dict[str, int]
    """When the last complete listing of a user began, if it is later."""
    oldest_check: int | None
    newest_check: int | None
    indexed: Indexed
    attachments: int
    """Files that the items name. The files themselves are not in the archive."""


class ArchiveReader:
    """Reads an archive with one connection, in one thread at a time. Nothing is ever written.

    ```python
    with ArchiveReader("home.ckarchive") as archive:
        for thread_id, thread in archive.threads(ListQuery(limit=10, user="ada")).rows:
            items = [json.loads(item) for item in archive.present_items(thread_id)]
        for hit in archive.search(SearchQuery('refund -"not delivered"', kind="user")):
            print(hit.thread_id, hit.item_id, hit.passage)
    ```

    Ids and JSON are those of the server: a `str`, or `bytes` for JSON that is not UTF-8. A sync may
    write the file meanwhile; every call reads what is committed. At the end of the block, an error
    of a damaged file becomes an `ArchiveError`.
    """

    def __init__(self, path: Path | str) -> None:
        """Open an archive.

        Raise `ArchiveError` if the file is not one, cannot be read, or is of a newer version.
        """
        path = Path(path)
        schema.check_file(path)
        with ExitStack() as on_error:
            try:
                self._connection = connect_reader(path)
                on_error.callback(self._connection.close)
                schema.check_schema(self._connection, path)
                self.searcher = Searcher(self._connection)
                self._has_problems = schema.has_problems(self._connection)
            except schema.DAMAGE as error:
                raise schema.unreadable(path, error) from None
            on_error.pop_all()
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Close the file. Raise `ArchiveError` instead of an error of a damaged file."""
        self.close()
        if isinstance(error, schema.DAMAGE):
            raise schema.unreadable(self.path, error) from None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def interrupt(self) -> None:
        """End the statement that is running, from another thread."""
        self._connection.interrupt()

    def origin(self) -> Origin:
        """Return where the conversations come from."""
        return schema.origin_of(schema.read_meta(self._connection))

    def check_origin(self, origin: Origin) -> None:
        """Raise `ArchiveError` if the conversations come from elsewhere."""
        schema.check_origin(self._connection, self.path, origin)

    def names_users(self) -> bool:
        """Return whether threads say whose they are; those of a database may or may not."""
        kind = self.origin().kind
        if kind != "database":
            return kind != "server"
        statement = "SELECT EXISTS (SELECT 1 FROM thread WHERE user > '')"
        return bool(self._connection.execute(statement).fetchone()[0])

    # -- threads -----------------------------------------------------------------------------------

    def threads(self, query: ListQuery) -> Slice:
        """Return a page of threads, newest first unless `query` says otherwise.

        A page has 20 threads by default and 100 at most; the next one is after the id of the last.
        Raise `UnknownCursorError` if the archive does not have the thread `query.after`.
        """
        conditions, values = [], list[object]()
        if query.user is not None:
            conditions.append("user = ?")
            values.append(query.user)
        backwards = query.order == "asc"
        if query.after is not None:
            created_at, number = self._place_of(query.after)
            less, more = (">", "<") if backwards else ("<", ">")
            conditions.append(
                f"created_at {less}= ? AND (created_at {less} ? OR thread_no {more} ?)"
            )
            values += [created_at, created_at, number]
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        order = "created_at, thread_no DESC" if backwards else "created_at DESC, thread_no"
        return self._slice(
            f"SELECT id, raw FROM thread{where} ORDER BY {order}", values, query.limit
        )

    def thread(self, thread_id: str) -> str | bytes:
        """Return the JSON of a thread. Raise `NotFoundError`."""
        found = self._connection.execute(
            "SELECT raw FROM thread WHERE id = ?", (thread_id,)
        ).fetchone()
        if found is None:
            raise _not_found()
        raw: str | bytes = found[0]
        return raw

    def copy_state(self, thread_id: str) -> CopyState:
        """Return when a thread was last read, and what is missing. Raise `NotFoundError`."""
        found = self._connection.execute(
            "SELECT checked_at, complete, coalesce(CAST(incomplete_reason AS TEXT), '')"
            " FROM thread WHERE id = ?",
            (thread_id,),
        ).fetchone()
        if found is None:
            raise _not_found()
        checked_at, is_complete, reason = found
        return CopyState(_moment(checked_at), "" if is_complete else reason or _NOT_READ)

    def _place_of(self, thread_id: str) -> tuple[int, int]:
        found = self._connection.execute(
            "SELECT created_at, thread_no FROM thread WHERE id = ?", (thread_id,)
        ).fetchone()
        if found is None:
            raise UnknownCursorError("The archive does not have the thread to continue from.")
        return found[0], found[1]

    def thread_ids(self) -> list[str]:
        """Return the ids of all threads, those that the source no longer has included."""
        return [name for (name,) in self._connection.execute("SELECT id FROM thread")]

    def removed_hashes(self) -> set[str]:
        """Return what stands for the threads that the user removed; see `schema.id_hash`."""
        rows = self._connection.execute("SELECT id_sha256 FROM removed")
        return {name for (name,) in rows}

    def listed_users(self) -> list[str]:
        """Return the users whose threads alone were ever listed; none if those of all were."""
        rows = self._connection.execute("SELECT DISTINCT user FROM listing ORDER BY user")
        users = [user for (user,) in rows]
        return [] if None in users else users

    def threads_of(self, user: str) -> list[str]:
        """Return the ids of all threads of a user, newest first."""
        rows = self._connection.execute(
            "SELECT id FROM thread WHERE user = ? ORDER BY created_at DESC, thread_no", (user,)
        )
        return [name for (name,) in rows]

    # -- items -------------------------------------------------------------------------------------

    def items(self, thread_id: str, query: ListQuery) -> Slice:
        """Return a page of the items of a thread, newest first unless `query` says otherwise.

        Also items that the source no longer has. A page has 20 items by default and 100 at most.
        Raise `NotFoundError` without the thread, `UnknownCursorError` without the item
        `query.after`.
        """
        number = self._number_of(thread_id)
        first, last = number << POSITION_BITS, number << POSITION_BITS | _POSITIONS
        backwards = query.order != "asc"
        if query.after is not None:
            key = self._key_of(query.after, first, last)
            first, last = (first, key - 1) if backwards else (key + 1, last)
        return self._slice(
            "SELECT id, raw FROM item WHERE key BETWEEN ? AND ?"
            f" ORDER BY key{' DESC' if backwards else ''}",
            [first, last],
            query.limit,
        )

    def present_items(self, thread_id: str) -> Iterator[str | bytes]:
        """Yield the JSON of all items that the source still has, oldest first.

        Raise `NotFoundError` without the thread.
        """
        number = self._number_of(thread_id)
        rows = self._connection.execute(
            "SELECT raw FROM item WHERE key BETWEEN ? AND ? AND missing_since IS NULL ORDER BY key",
            (number << POSITION_BITS, number << POSITION_BITS | _POSITIONS),
        )
        return (raw for (raw,) in rows)

    def versions(self, thread_id: str) -> list[Version]:
        """Return the earlier JSON of a thread and of its items, and what the source no longer has.

        Raises `NotFoundError` without the thread.
        """
        number = self._number_of(thread_id)
        first, last = number << POSITION_BITS, number << POSITION_BITS | _POSITIONS
        rows = self._connection.execute(
            "SELECT t.id, NULL, v.replaced_at, v.raw, 0 FROM thread_version v"
            " JOIN thread t ON t.thread_no = v.thread_no WHERE v.thread_no = :number UNION ALL"
            " SELECT id, NULL, missing_since, raw, 1 FROM thread"
            " WHERE thread_no = :number AND missing_since IS NOT NULL UNION ALL"
            f" SELECT i.id, v.key & {_POSITIONS}, v.replaced_at, v.raw, 0 FROM item_version v"
            " JOIN item i ON i.key = v.key WHERE v.key BETWEEN :first AND :last UNION ALL"
            f" SELECT id, key & {_POSITIONS}, missing_since, raw, 1 FROM item"
            " WHERE key BETWEEN :first AND :last AND missing_since IS NOT NULL"
            " ORDER BY 2, 3",
            {"number": number, "first": first, "last": last},
        )
        return [
            Version(identifier, position, until, raw, is_missing=bool(is_missing))
            for identifier, position, until, raw, is_missing in rows
        ]

    def _number_of(self, thread_id: str) -> int:
        found = self._connection.execute(
            "SELECT thread_no FROM thread WHERE id = ?", (thread_id,)
        ).fetchone()
        if found is None:
            raise _not_found()
        return int(found[0])

    def _key_of(self, item_id: str, first: int, last: int) -> int:
        (key,) = self._connection.execute(
            "SELECT max(key) FROM item WHERE id = ? AND key BETWEEN ? AND ?", (item_id, first, last)
        ).fetchone()
        if key is None:
            raise UnknownCursorError("The archive does not have the item to continue from.")
        return int(key)

    def _slice(self, statement: str, values: Sequence[object], limit: int | None) -> Slice:
        most = min(_DEFAULT_PAGE if limit is None else limit, LARGEST_PAGE)
        rows = self._connection.execute(f"{statement} LIMIT ?", (*values, most + 1)).fetchall()
        return Slice(rows[:most], len(rows) > most)

    # -- search ------------------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> list[Hit]:
        """Return at most `query.limit` hits, newest first unless `query` says otherwise.

        For the next ones, search with `below` set to the `place` of the last one. The language is
        that of `chatkit_tui.search.query`. Raise `InvalidArgumentError` for a text that cannot be
        searched for.
        """
        return self.searcher.search(query)

    def problems(self, thread_id: str, now: float) -> list[Finding] | None:
        """Return the problems of a thread, oldest item first, without reading all its items.

        None if the archive does not know them: in a file of an earlier version, and of a thread
        that is not read to its end. `now` is in Unix seconds.
        """
        from chatkit_tui.sources.archive.problem_index import read_problems

        if not self._has_problems:
            return None
        return read_problems(self._connection, thread_id, now)

    # -- the whole file ----------------------------------------------------------------------------

    def copy_to(self, path: Path) -> None:
        """Write a copy that only its owner can read. Raise `ArchiveError` if `path` exists."""
        try:
            copy_database(self._connection, path)
        except FileExistsError:
            raise ArchiveError(f"{path} exists: choose another name.") from None
        except (OSError, sqlite3.OperationalError) as error:
            if getattr(error, "sqlite_errorname", "") not in ("", *schema.DISK_FULL):
                raise  # the archive cannot be read
            raise schema.unwritable(path, error) from None

    def listed_at(self) -> int | None:
        """Return when the last complete listing of all or some users began, in Unix seconds."""
        return max(self._listings().values(), default=None)

    def _listings(self) -> dict[str | None, int]:
        """Return when the last complete listing of each user and of all (None) began."""
        rows = self._connection.execute(
            "SELECT user, started_at FROM listing WHERE complete = 1 ORDER BY listing_no"
        )
        moments = {user: _moment(started_at) for user, started_at in rows}
        return {user: moment for user, moment in moments.items() if moment is not None}

    def info(self) -> ArchiveInfo:
        """Return what the archive holds, at one moment of a sync that writes it."""
        self._connection.execute("BEGIN")
        try:
            return self._info()
        finally:
            if self._connection.in_transaction:  # an error may have ended it
                self._connection.execute("ROLLBACK")

    def _info(self) -> ArchiveInfo:
        meta = schema.read_meta(self._connection)
        one = self._connection.execute
        threads, items, incomplete, missing, oldest, newest = one(
            "SELECT count(*), coalesce(sum(item_count), 0),"
            " count(*) FILTER (WHERE complete = 0 AND missing_since IS NULL),"
            " count(missing_since), min(checked_at), max(checked_at) FROM thread"
        ).fetchone()
        reasons = one(
            "SELECT coalesce(CAST(incomplete_reason AS TEXT), ?), count(*) FROM thread"
            " WHERE complete = 0 AND missing_since IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
            (_NOT_READ,),
        ).fetchall()
        (missing_items,) = one("SELECT count(missing_since) FROM item").fetchone()
        (attachments,) = one(
            "SELECT coalesce(sum(json_array_length(raw, '$.attachments')), 0) FROM item"
            " WHERE raw LIKE '%\"attachments\"%' AND json_valid(raw)"
        ).fetchone()
        listings = self._listings()
        listed_at = listings.pop(None, None)
        return ArchiveInfo(
            file=self.path,
            origin=schema.origin_of(meta),
            threads=threads,
            items=items,
            incomplete=incomplete,
            reasons=dict(reasons),
            missing=missing,
            missing_items=missing_items,
            listed_at=listed_at,
            listed_at_by_user={
                user: moment
                for user, moment in listings.items()
                if user is not None and moment > (listed_at or 0)
            },
            oldest_check=_moment(oldest),
            newest_check=_moment(newest),
            indexed=self.searcher.indexed(),
            attachments=attachments,
        )


def _moment(value: object) -> int | None:
    """Return a time of the file, which another program may have written, or None if it is none."""
    return value if isinstance(value, int) and 0 <= value < LAST_SECOND - 86_400 else None


def _not_found() -> NotFoundError:
    return NotFoundError("The archive does not have this thread.", status=404)
