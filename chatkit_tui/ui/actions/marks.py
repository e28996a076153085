"""Mark threads and items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.text.plain import counted
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.messages import Reported
from chatkit_tui.ui.threads.pane import ThreadsPane

if TYPE_CHECKING:
    from chatkit_tui.ui.threads.rows import Row
    from chatkit_tui.ui.transcript.item_marks import ItemMarks


class MarkActions:
    """Marks threads in the list, and items of the open thread."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host

    @property
    def items(self) -> ItemMarks | None:
        """The marked items of the thread that is shown; None without a thread."""
        state = self._host.transcript.view.state
        return state.marks if state is not None else None

    @property
    def item_count(self) -> int:
        return len(self.items or ())

    def action_mark(self) -> None:
        """Mark or unmark the thread, and go to the next."""
        threads = self._host.threads
        row = threads.list.current
        if row is None or not threads.has_id(row, "marked or deleted"):
            return
        if threads.marks.pop(row.id, None) is None:
            threads.marks[row.id] = row
        threads.list.refresh_thread(threads.list.cursor)
        threads.list.move(1)
        threads.changed()

    def action_mark_item(self) -> None:
        """Mark or unmark the item, and go to the next."""
        view = self._host.transcript.view
        state, marks = view.state, self.items
        key = state.cursor.key if state is not None else None
        if state is None or marks is None or key is None:
            return
        if key in marks:
            marks.discard(key)
        else:
            marks.add(key)
        row = state.cursor.row
        view.refresh()
        if row is not None and row + 1 < len(state.rows) and row + 1 != state.rows.gap:
            view.go_to_item(state.rows.key(row + 1))
        self._host.transcript.changed()

    def action_mark_all(self) -> None:
        """Mark the threads that are shown."""
        rows = _rows(self._host.threads)
        self._mark_threads(rows)
        self._host.post_message(Reported(f"{counted(len(rows), 'thread')} marked"))

    def action_invert_marks(self) -> None:
        """Mark the threads that are shown and not marked, and unmark the others of them."""
        threads = self._host.threads
        rows = _rows(threads)
        unmarked = [row for row in rows if row.id not in threads.marks]
        for row in rows:
            threads.marks.pop(row.id, None)
        self._mark_threads(unmarked)

    def action_mark_range(self) -> None:
        """Mark what is between the last mark and the cursor."""
        if self._host.where is Pane.TRANSCRIPT:
            self._mark_item_range()
        else:
            self._mark_thread_range()

    def action_unmark_all(self) -> None:
        """Remove all marks of the pane."""
        if self._host.where is Pane.TRANSCRIPT:
            self.action_unmark_items()
        else:
            self._host.threads.marks.clear()
            self._mark_threads(())

    def action_unmark_items(self) -> None:
        if self.items is not None:
            self.items.clear()
        self._host.transcript.view.refresh()
        self._host.transcript.changed()

    def _mark_threads(self, rows: Iterable[Row]) -> None:
        threads = self._host.threads
        threads.marks.update({row.id: row for row in rows if row.id})
        threads.list.refresh()
        threads.changed()

    def _mark_thread_range(self) -> None:
        threads = self._host.threads
        rows = threads.list.rows
        last = rows.index(next(reversed(threads.marks)))
        if last is None:
            self._host.post_message(
                Reported("the thread that was marked last is not shown", bad=True)
            )
            return
        ends = sorted((last, threads.list.cursor))
        between = range(ends[0], ends[1] + 1)
        self._mark_threads(row for index in between if (row := rows.get(index)) is not None)

    def _mark_item_range(self) -> None:
        view, marks = self._host.transcript.view, self.items
        state = view.state
        if state is None or marks is None or marks.last is None or state.cursor.row is None:
            return
        last = state.rows.index(marks.last)
        if last is None:
            self._host.post_message(
                Reported("the item that was marked last is not shown", bad=True)
            )
            return
        start, end = sorted((last, state.cursor.row))
        for row in range(start, end + 1):
            if row != state.rows.gap:
                marks.add(state.rows.key(row))
        view.refresh()
        self._host.transcript.changed()


def _rows(threads: ThreadsPane) -> list[Row]:
    """Return the threads that are shown and have an id."""
    rows = threads.list.rows
    return [row for index in range(len(rows)) if (row := rows.get(index)) and row.id]
