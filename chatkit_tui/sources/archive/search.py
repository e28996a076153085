"""Search an archive: newest hits first, at once whatever the number of hits."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple, TypeAlias

from chatkit_tui.models.timestamps import LAST_SECOND
from chatkit_tui.search.query import Query
from chatkit_tui.search.searchable_text import (
    item_text,
    kind_of,
    read_object,
    text_of,
    thread_text,
)
from chatkit_tui.sources.archive.index import has_index, seconds_of, user_word
from chatkit_tui.sources.archive.schema import EPOCH, POSITION_BITS, SLOTS_PER_SECOND_BITS
from chatkit_tui.sources.base import Hit, SearchQuery

_RANKED: Final = 2_000
"""The newest hits that an order by relevance looks at: all of a common word take half a second."""

_FIRST: Final = 1 << 62
"""The place of hits that come before all others."""


Redact: TypeAlias = Callable[[str], str] | None


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
        missing = self.not_indexed() if self.has_index else items
        return Indexed(items - missing, missing)

    def not_indexed(self) -> int:
        """Return how many items a search does not cover: without an index it covers all."""
        if not self.has_index:
            return 0
        (missing,) = self._connection.execute(
            "SELECT count(*) FROM item WHERE slot IS NULL"
        ).fetchone()
        return int(missing)

    def search(self, wanted: SearchQuery) -> list[Hit]:
        """Return hits. Threads and items whose id the text begins come first.

        Raise `InvalidArgumentError` for a text that cannot be searched for.
        """
        query = Query(wanted.text)
        named = self._by_id(query, wanted)
        if query.needs_scan or not self.has_index:
            others: Iterator[Hit] = self._scan(query, wanted)
        else:
            others = self._matches(query, wanted, wanted.limit + len(named))
        known = {hit[1:3] for hit in named}
        hits = chain(
            named if wanted.below is None else (), (hit for hit in others if hit[1:3] not in known)
        )
        return list(islice(hits, wanted.limit))

    # -- with the index ----------------------------------------------------------------------------

    def _matches(self, query: Query, wanted: SearchQuery, limit: int) -> Iterator[Hit]:
        statement, values = self._statement(query, wanted)
        if wanted.order == "relevance":
            statement = (
                "SELECT rowid FROM (SELECT rowid, bm25(fts) AS score"
                f" {statement.removeprefix('SELECT rowid')} LIMIT {_RANKED}) ORDER BY score"
            )
        slots = self._connection.execute(f"{statement} LIMIT ?", (*values, limit)).fetchall()
        return self._hits([slot for (slot,) in slots], query, wanted.redact)

    def _statement(self, query: Query, wanted: SearchQuery) -> tuple[str, list[object]]:
        """Return the statement that yields the slots of all hits, newest first."""
        words = [f"k{wanted.kind}"] if wanted.kind else []
        words += [user_word(wanted.user)] if wanted.user is not None else []
        words += [f"t{self._number_of(wanted.thread_id)}"] if wanted.thread_id else []
        expression = f"{{text}} : ({query.expression()})"
        if words:
            expression += f" AND meta : ({' AND '.join(words)})"
        statement = "SELECT rowid FROM fts WHERE fts MATCH ?"
        values: list[object] = [expression]
        if wanted.since is not None:
            statement += " AND rowid >= ?"
            values.append(_slot(wanted.since))
        upper = [] if wanted.below is None else [wanted.below]
        if wanted.until is not None:
            upper.append(_slot(wanted.until))
        if upper:
            statement += " AND rowid < ?"
            values.append(min(upper))
        return f"{statement} ORDER BY rowid DESC", values

    def _number_of(self, thread_id: str) -> int:
        found = self._connection.execute(
            "SELECT thread_no FROM thread WHERE id = ?", (thread_id,)
        ).fetchone()
        return found[0] if found else -1

    def _hits(self, slots: Sequence[int], query: Query, redact: Redact) -> Iterator[Hit]:
        for slot in slots:
            found = self._connection.execute(
                "SELECT item_key FROM index_slot WHERE slot = ?", (slot,)
            ).fetchone()
            hit = self._hit(slot, found[0], query, redact) if found else None
            if hit:
                yield hit

    def _hit(self, slot: int, key: int, query: Query, redact: Redact) -> Hit | None:
        """Return a hit with its passage: of an item, or of a thread if the key is negative."""
        number = -key if key < 0 else key >> POSITION_BITS
        thread = self._connection.execute(
            "SELECT id, user, created_at, raw FROM thread WHERE thread_no = ?", (number,)
        ).fetchone()
        if thread is None:
            return None
        thread_id, user, created_at, raw = thread
        fields = read_object(raw)
        # Another program may have written values of other types.
        user = user if isinstance(user, str) else None
        found = Hit(
            place=slot,
            thread_id=_name(thread_id),
            item_id=None,
            position=None,
            created_at=None,
            user=user,
            kind="thread",
            passage="",
            matches=(),
            title=text_of(fields, "title"),
        )
        if key < 0:
            if isinstance(created_at, int) and 0 < created_at <= LAST_SECOND:
                found = found._replace(created_at=created_at)
            passage, matches = _passage(query, thread_text(fields), redact)
            return found._replace(passage=passage, matches=matches)
        row = self._connection.execute("SELECT id, raw FROM item WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        item = read_object(row[1])
        passage, matches = _passage(query, item_text(item), redact)
        return found._replace(
            item_id=_name(row[0]),
            position=key & ((1 << POSITION_BITS) - 1),
            created_at=seconds_of(item, _name(row[0])),
            kind=kind_of(item),
            passage=passage,
            matches=matches,
        )

    # -- without it --------------------------------------------------------------------------------

    def _by_id(self, query: Query, wanted: SearchQuery) -> list[Hit]:
        """Return the thread or the item that a query of one word names, or those that begin so."""
        word = query.beginning_of_id
        if word is None:
            return []
        span = (word, word + "\U0010ffff")
        keys = self._connection.execute(
            "SELECT -thread_no FROM thread WHERE id >= ? AND id < ? UNION ALL"
            " SELECT key FROM item WHERE id >= ? AND id < ? LIMIT 5",
            (*span, *span),
        ).fetchall()
        hits = (self._hit(_FIRST, key, query, wanted.redact) for (key,) in keys)
        return [hit for hit in hits if hit and wanted.admits(hit)]

    def _scan(self, query: Query, wanted: SearchQuery) -> Iterator[Hit]:
        """Yield hits by reading every item, newest thread first: for a term without letters."""
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
                hit = self._hit(-1 - seen, key, query, wanted.redact)
                if hit and wanted.admits(hit):
                    seen += 1
                    if wanted.below is None or hit.place < wanted.below:
                        yield hit


def _passage(query: Query, text: str, redact: Redact) -> tuple[str, tuple[tuple[int, int], ...]]:
    return query.passage(text if redact is None else redact(text))


def _slot(seconds: int) -> int:
    return max(0, seconds - EPOCH) << SLOTS_PER_SECOND_BITS


def _name(identifier: object) -> str:
    """Return an id, which another program may have written as another type."""
    return identifier if isinstance(identifier, str) else str(identifier)
