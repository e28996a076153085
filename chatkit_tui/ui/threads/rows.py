"""The threads of the list: their rows in display order, filtered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from chatkit_tui.models.thread_summary import ThreadSummary, read_thread_summary
from chatkit_tui.render import one_line
from chatkit_tui.text.folding import Query
from chatkit_tui.text.sanitize import sanitize

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.search.thread_filter import ThreadFilter

_ANY: Final = Query("", capitals=False)


class Row(NamedTuple):
    """A thread as the list needs it. The texts are untrusted."""

    key: str
    """The key of the row in the feed, where two rows may share an id."""
    id: str
    """Empty for a thread without an id, for which no request is possible."""
    title: str | None
    user: str | None
    status: str
    reason: str | None
    seconds: int | None
    """When the thread was created, in Unix seconds."""
    approximate: bool
    """Whether the time was decoded from the id."""
    filter_text: str
    """Title, user, id and the reason of the status, sanitized, on a line each."""
    folded: str
    """The same text, folded."""

    def folded_for(self, query: Query) -> str:
        """Return the filter text, folded for a query whose capitals do not matter."""
        return _folded(self.filter_text, query) if query.names_signs else self.folded


def row_of(thread: Thread, entry: RawRow | None = None) -> Row:
    """Return the row of a thread, with the key and the id that it has in the list."""
    status = thread.status
    fields = (thread.id, thread.title, thread.user, status.type, status.reason, thread.time)
    return _row(ThreadSummary(*fields), entry)


def row_of_entry(entry: RawRow) -> Row:
    """Return the row of a thread in a list, without a model of the thread if possible."""
    summary = read_thread_summary(entry.raw, entry.page.zone)
    if summary is None:
        from chatkit_tui.models.threads import read_thread

        return row_of(read_thread(entry), entry)
    return _row(summary, entry)


def _row(thread: ThreadSummary, entry: RawRow | None) -> Row:
    key, identifier = (entry.key, entry.id or "") if entry else (thread.id, thread.id)
    _, title, user, status, reason, time = thread
    texts = (title, user, identifier, reason)
    filter_text = "\n".join(sanitize(one_line(text)) for text in texts if text)
    return Row(
        key,
        identifier,
        title if title and title.strip() else None,
        user,
        status,
        reason,
        time.seconds if time else None,
        time is not None and time.approximate,
        filter_text,
        _folded(filter_text),
    )


def _folded(lines: str, query: Query = _ANY) -> str:
    """Fold each line by itself, so that no match extends over two lines."""
    return "\n".join(query.fold(line).text for line in lines.split("\n"))


class ThreadRows:
    """The threads that were loaded when it was made, in display order, all or filtered.

    A copy, because the cursor of the list is an index, which a growing feed would move.
    """

    def __init__(
        self,
        feed: Feed | None = None,
        *,
        newest_first: bool = True,
        known: dict[str, Row] | None = None,
        words: Mapping[str, str | None] | None = None,
        wanted: ThreadFilter | None = None,
    ) -> None:
        """`known` caches rows by key; `words` are the first words of untitled threads, by id."""
        self._known = {} if known is None else known
        self._words = {} if words is None else words
        self.undecided: list[RawRow] = []
        """The threads of which the filter cannot know, because they were not read."""
        self._view = None
        if feed is not None:
            from chatkit_tui.feed import LoadedCopy, RowView  # imports models, unlike first paint

            is_shown = None if wanted is None else partial(self._matches, wanted)
            copy = LoadedCopy(feed, is_shown)
            self._view = RowView(copy, newest_first=newest_first, gap_at_edge=False)

    def _matches(self, wanted: ThreadFilter, entry: RawRow) -> bool:
        row = self._read(entry)
        words = None if row.title else self._words.get(row.id)
        if wanted.is_undecided(row, words):
            self.undecided.append(entry)
        return wanted.matches(row, words)

    def _read(self, entry: RawRow) -> Row:
        row = self._known.get(entry.key)
        if row is None:
            row = self._known[entry.key] = row_of_entry(entry)
        return row

    def __len__(self) -> int:
        return 0 if self._view is None else len(self._view)

    @property
    def gap(self) -> int | None:
        """The index of the gap row between the two ends of the list, or None."""
        return None if self._view is None else self._view.gap

    def get(self, index: int) -> Row | None:
        """Return the row at an index; None for the gap and out of range."""
        entry = self._entry(index)
        return None if entry is None else self._read(entry)

    def raw(self, index: int) -> bytes:
        """Return the JSON of a thread as the list had it; empty for the gap and out of range."""
        entry = self._entry(index)
        return b"" if entry is None else entry.raw

    def entries(self) -> list[RawRow]:
        """Return the shown threads as their source sent them."""
        return [row for index in range(len(self)) if (row := self._entry(index))]

    def _entry(self, index: int) -> RawRow | None:
        if self._view is None or not 0 <= index < len(self._view) or index == self._view.gap:
            return None
        return self._view.entry(index)

    def index(self, key: str) -> int | None:
        """Return the index of a row; None if it is not shown.

        The key of the first row with an id is that id.
        """
        return None if self._view is None else self._view.index(key)
