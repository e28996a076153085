"""Search an archive: newest hits first, at once whatever the number of hits."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from chatkit_tui.models.timestamps import LAST_SECOND
from chatkit_tui.sources.archive.index import has_index, read_object, seconds_of, user_word
from chatkit_tui.sources.archive.query import Query
from chatkit_tui.sources.archive.schema import EPOCH, POSITION_BITS, SLOTS_PER_SECOND_BITS
from chatkit_tui.sources.archive.searchable_text import item_text, kind_of, thread_text
from chatkit_tui.sources.base import Hit

RANKED: Final = 2_000
"""The newest hits that an order by relevance looks at: all of a common word take half a second."""

COUNT_SECONDS: Final = 1.0

_PASSAGE: Final = 160
"""Characters of a passage."""
_BEFORE_MATCH: Final = 40
_SHORTEST_ID: Final = 6


class Filters(NamedTuple):
    """What limits the hits beside the words."""

    user: str | None = None
    kind: str | None = None
    """`user`, `assistant`, `widget`, `tool`, `task`, `other` or `thread`."""
    since: int | None = None
    """Unix seconds, included."""
    until: int | None = None
    """Unix seconds, excluded."""
    thread_id: str | None = None


class Indexed(NamedTuple):
    """How much of an archive the index covers."""

    indexed: int
    not_indexed: int


class Searcher:
    """Searches with one connection, in one thread."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.has_index = has_index(connection)

    def indexed(self) -> Indexed:
        """Return how many items the index has, and how many it lacks."""
        (items,) = self._connection.execute(
            "SELECT coalesce(sum(item_count), 0) FROM thread"
        ).fetchone()
        if not self.has_index:
            return Indexed(0, items)
        (missing,) = self._connection.execute(
            "SELECT count(*) FROM item WHERE slot IS NULL"
        ).fetchone()
        return Indexed(items - missing, missing)

    def search(
        self,
        query: Query,
        filters: Filters,
        *,
        limit: int,
        below: int | None = None,
        order: Literal["newest", "relevance"] = "newest",
    ) -> list[Hit]:
        """Return hits, newest first, or by relevance among the newest 2,000.

        `below` is the place of the last hit that is known. Ids that the query names come first.
        """
        hits = self._by_id(query, filters) if below is None else []
        if query.needs_scan or not self.has_index:
            return [*hits, *self._scan(query, filters, limit, below)]
        statement, values = self._matching(query, filters, below)
        if order == "relevance":
            statement = (
                "SELECT rowid FROM (SELECT rowid, bm25(fts) AS score"
                f" {statement.removeprefix('SELECT rowid')} LIMIT {RANKED}) ORDER BY score"
            )
        slots = self._connection.execute(f"{statement} LIMIT ?", (*values, limit)).fetchall()
        return [*hits, *self._hits([slot for (slot,) in slots], query)]

    def count(self, query: Query, filters: Filters) -> tuple[int, bool]:
        """Return the number of hits, and whether all were counted within a second."""
        if query.needs_scan or not self.has_index:
            return 0, False
        end = time.monotonic() + COUNT_SECONDS
        statement, values = self._matching(query, filters, None)
        number = 0
        self._connection.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        try:
            for _ in self._connection.execute(statement, values):
                number += 1
        except sqlite3.OperationalError:
            return number, False
        finally:
            self._connection.set_progress_handler(None, 0)
        return number, True

    # -- with the index ----------------------------------------------------------------------------

    def _matching(
        self, query: Query, filters: Filters, below: int | None
    ) -> tuple[str, list[object]]:
        """Return the statement that yields the slots of all hits, newest first."""
        words = [f"k{filters.kind}"] if filters.kind else []
        words += [user_word(filters.user)] if filters.user is not None else []
        words += [f"t{self._number_of(filters.thread_id)}"] if filters.thread_id else []
        expression = f"{{text}} : ({query.expression()})"
        if words:
            expression += f" AND meta : ({' AND '.join(words)})"
        statement, values = "SELECT rowid FROM fts WHERE fts MATCH ?", [expression]
        bounds: list[object] = list(values)
        if filters.since is not None:
            statement += " AND rowid >= ?"
            bounds.append(_slot(filters.since))
        upper = [
            slot for slot in (below, filters.until and _slot(filters.until)) if slot is not None
        ]
        if upper:
            statement += " AND rowid < ?"
            bounds.append(min(upper))
        return f"{statement} ORDER BY rowid DESC", bounds

    def _number_of(self, thread_id: str) -> int:
        found = self._connection.execute(
            "SELECT thread_no FROM thread WHERE id = ?", (thread_id,)
        ).fetchone()
        return found[0] if found else -1

    def _hits(self, slots: Sequence[int], query: Query) -> Iterator[Hit]:
        for slot in slots:
            found = self._connection.execute(
                "SELECT item_key FROM index_slot WHERE slot = ?", (slot,)
            ).fetchone()
            hit = self._hit(slot, found[0], query) if found else None
            if hit:
                yield hit

    def _hit(self, slot: int, key: int, query: Query) -> Hit | None:
        """Return a hit with its passage: of an item, or of a thread if the key is negative."""
        number = -key if key < 0 else key >> POSITION_BITS
        thread = self._connection.execute(
            "SELECT id, user, created_at, raw FROM thread WHERE thread_no = ?", (number,)
        ).fetchone()
        if thread is None:
            return None
        thread_id, user, created_at, raw = thread
        # Another program may have written values of other types.
        user = user if isinstance(user, str) else None
        if not isinstance(created_at, int) or not 0 < created_at <= LAST_SECOND:
            created_at = None
        if key < 0:
            passage, matches = passage_of(thread_text(read_object(raw)), query)
            return Hit(
                slot,
                thread_id,
                None,
                None,
                created_at,
                user,
                "thread",
                passage,
                matches,
            )
        row = self._connection.execute("SELECT id, raw FROM item WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        item = read_object(row[1])
        passage, matches = passage_of(item_text(item), query)
        position = key & ((1 << POSITION_BITS) - 1)
        seconds = seconds_of(item, row[0])
        return Hit(
            slot, thread_id, row[0], position, seconds, user, kind_of(item), passage, matches
        )

    # -- without it --------------------------------------------------------------------------------

    def _by_id(self, query: Query, filters: Filters) -> list[Hit]:
        """Return the thread or the item that a query of one word names, or those that begin so."""
        word = query.text.strip()
        if len(word) < _SHORTEST_ID or any(character.isspace() for character in word):
            return []
        span = (word, word + "\U0010ffff")
        keys = self._connection.execute(
            "SELECT -thread_no FROM thread WHERE id >= ? AND id < ? UNION ALL"
            " SELECT key FROM item WHERE id >= ? AND id < ? LIMIT 5",
            (*span, *span),
        ).fetchall()
        hits = (self._hit(-1, key, query) for (key,) in keys)
        return [hit for hit in hits if hit and _fits(hit, filters)]

    def _scan(self, query: Query, filters: Filters, limit: int, below: int | None) -> list[Hit]:
        """Return hits by reading every item, newest thread first: for a term without letters."""
        hits: list[Hit] = []
        threads = self._connection.execute(
            "SELECT thread_no FROM thread ORDER BY created_at DESC, thread_no"
        )
        seen = 0
        for (number,) in threads:
            rows = self._connection.execute(
                "SELECT key, raw FROM item WHERE key BETWEEN ? AND ? ORDER BY key DESC",
                (number << POSITION_BITS, (number + 1 << POSITION_BITS) - 1),
            )
            for key, raw in rows:
                if not query.matches(item_text(read_object(raw))):
                    continue
                hit = self._hit(-1, key, query)
                if hit and _fits(hit, filters):
                    seen += 1
                    if below is None or seen > -below - 1:
                        hits.append(hit._replace(place=-seen - 1))
                if len(hits) == limit:
                    return hits
        return hits


def passage_of(text: str, query: Query) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a part of a text around the first match, and where the matches are in it."""
    spans = query.spans(text)
    first = spans[0][0] if spans else 0
    start = max(0, first - _BEFORE_MATCH)
    if start:  # begin with a word
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    passage = text[start : start + _PASSAGE]
    flat = "".join(" " if character.isspace() else character for character in passage)
    inside = tuple(
        (at - start, min(end - start, len(flat)))
        for at, end in spans
        if start <= at < start + len(flat)
    )
    return flat, inside


def _slot(seconds: int) -> int:
    return max(0, seconds - EPOCH) << SLOTS_PER_SECOND_BITS


def _fits(hit: Hit, filters: Filters) -> bool:
    seconds = hit.created_at or 0
    return (
        filters.user in (None, hit.user)
        and filters.kind in (None, hit.kind)
        and filters.thread_id in (None, hit.thread_id)
        and (filters.since is None or seconds >= filters.since)
        and (filters.until is None or seconds < filters.until)
    )
