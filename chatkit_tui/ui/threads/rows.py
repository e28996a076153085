"""The threads that the list shows: their rows in display order, filtered by what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from chatkit_tui.models.thread_summary import read_thread_summary
from chatkit_tui.render.titles import one_line
from chatkit_tui.text.folding import Query
from chatkit_tui.text.sanitize import sanitize

if TYPE_CHECKING:
    from chatkit_tui.feed import Rows
    from chatkit_tui.models.page import Entry
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.models.timestamps import Timestamp

GAP: Final = "gap"
"""Stands where threads between the two loaded ends are missing."""

Gap: TypeAlias = Literal["gap"]

_ANY: Final = Query("", capitals=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One thread as the list needs it. The texts are as they came, not yet fit to be shown."""

    key: str
    """What tells the row from the others of the list, two of which may share an id."""
    id: str
    """Empty for a thread that came without one: nothing can be asked for or done by it."""
    title: str | None
    user: str | None
    status: str
    reason: str | None
    seconds: int | None
    """When it began, in Unix seconds."""
    approximate: bool
    """The time was decoded from the id."""
    sought: str
    """Title, user, id and the reason of a status, as they are shown, on a line each: for the
    filter."""
    folded: str
    """The same, folded."""


def row_of(thread: Thread, entry: Entry[Thread] | None = None) -> Row:
    """The row of a thread, with the key and the id that it has in the list."""
    status = thread.status
    key = entry.key if entry else thread.id
    identifier = _id_of(entry) if entry else thread.id
    fields = (thread.title, thread.user, status.type, status.reason, thread.time)
    return _row(key, identifier, *fields)


def row_of_entry(entry: Entry[Thread]) -> Row:
    """The row of a thread in a list; a model is made of an unusual one alone."""
    seen = read_thread_summary(entry.raw)
    if seen is None:
        return row_of(entry.load(), entry)
    fields = (seen.title, seen.user, seen.status, seen.reason, seen.time)
    return _row(entry.key, _id_of(entry), *fields)


def _id_of(entry: Entry[Thread]) -> str:
    return entry.id if entry.has_id else ""


def _row(
    key: str,
    identifier: str,
    title: str | None,
    user: str | None,
    status: str,
    reason: str | None,
    time: Timestamp | None,
) -> Row:
    sought = "\n".join(
        sanitize(one_line(text)) for text in (title, user, identifier, reason) if text
    )
    return Row(
        key,
        identifier,
        title if title and title.strip() else None,
        user,
        status,
        reason,
        time.seconds if time else None,
        time.approximate if time else False,
        sought,
        _folded(sought),
    )


def _folded(lines: str, query: Query = _ANY) -> str:
    """Fold each line alone, so that nothing is found across two."""
    return "\n".join(query.fold(line).text for line in lines.split("\n"))


class ThreadRows:
    """The threads that were loaded when it was made, in display order; looking one up takes
    constant time.

    It is a copy of references, since the feed grows between two turns of the event loop and a
    cursor must not come to stand on another thread by that. `known` holds the row of each thread
    by key and is filled as they are looked at; `words` the first words of threads without a title.
    """

    def __init__(
        self,
        rows: Rows[Thread] | None = None,
        known: dict[str, Row] | None = None,
        words: Mapping[str, str | None] | None = None,
        query: Query | None = None,
    ) -> None:
        self._known = {} if known is None else known
        self._words = {} if words is None else words
        self._entries = [] if rows is None else list(rows)
        self.gap_index: int | None = None
        """Where threads are missing between others; None when they are not, or at the end alone."""
        if query is not None:
            self._entries = [entry for entry in self._entries if self._has(entry, query)]
        elif rows is not None and rows.gap_index and rows.gap_index < len(rows):
            self.gap_index = rows.gap_index
        self._places: dict[str, int] | None = None

    def _has(self, entry: Entry[Thread], query: Query) -> bool:
        """Return whether a thread has a text in what its row shows.

        In its status only from the beginning, because nearly all threads are active.
        """
        row = self._read(entry)
        folded = _folded(row.sought, query) if query.names_signs else row.folded
        if query.is_in(folded) or query.begins(sanitize(row.status)):
            return True
        words = None if row.title else self._words.get(row.id)
        return bool(words) and query.is_in(query.fold(sanitize(words or "")).text)

    def _read(self, entry: Entry[Thread]) -> Row:
        row = self._known.get(entry.key)
        if row is None:
            row = self._known[entry.key] = row_of_entry(entry)
        return row

    def __len__(self) -> int:
        return len(self._entries) + (self.gap_index is not None)

    def __getitem__(self, index: int) -> Row | Gap:
        if index < 0:
            raise IndexError(index)
        if self.gap_index is not None:
            if index == self.gap_index:
                return GAP
            index -= index > self.gap_index
        return self._read(self._entries[index])

    def raw(self, index: int) -> bytes:
        """The JSON of a thread as the list had it; empty for the gap."""
        if index == self.gap_index:
            return b""
        return self._entries[index - (self.gap_index is not None and index > self.gap_index)].raw

    def index_of(self, key: str) -> int | None:
        """Where a row stands in what is shown; None when it is not there.

        The key of the first row with an id is that id.
        """
        if self._places is None:
            self._places = {entry.key: place for place, entry in enumerate(self._entries)}
        place = self._places.get(key)
        if place is None:
            return None
        return place + (self.gap_index is not None and place >= self.gap_index)
