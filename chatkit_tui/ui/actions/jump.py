"""Jump to the next item of a kind, and from the transcript to the next thread of the list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from chatkit_tui.text.plain import counted
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.messages import PaneChanged

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, RowView, Side
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.ui.transcript.pane import TranscriptPane

MOST_PAGES: Final = 50
"""Pages that are loaded before a jump stops and can be continued."""

_NOUNS: Final = {
    "user": "message of the user",
    "assistant": "message of the assistant",
    "widget": "widget",
    "tool": "tool call",
    "task": "task",
    "image": "image",
    "question": "question",
    "end": "end of a turn",
    "hidden": "hidden context",
    "other": "item of an unknown type",
}


def next_row(rows: RowView, start: int, by: int, matches: Callable[[RawRow], bool]) -> int | None:
    """Return the next row that matches, below (1) or above (-1), or the gap if it comes first.

    Return None if neither comes.
    """
    index = start + by
    while 0 <= index < len(rows):
        if index == rows.gap or matches(rows.entry(index)):
            return index
        index += by
    return None


def load_until(
    pane: TranscriptPane,
    by: int,
    is_there: Callable[[], Awaitable[bool]],
    then: Callable[[], object],
) -> bool:
    """Load items below (1) or above (-1) until what is looked for is there, and call `then`.

    `then` is also called at the end of what can be loaded, and after `MOST_PAGES`. Return False if
    nothing can be loaded.
    """
    feed, state = pane.feed, pane.view.state
    if feed is None or state is None:
        return False
    side: Side = state.rows.above if by > 0 else state.rows.below
    if not feed.can_grow(side):
        return False

    async def load(feed: Feed) -> None:
        for _ in range(MOST_PAGES):
            await state.feed.load(side)
            pane.post_message(PaneChanged())
            if not feed.can_grow(side) or await is_there():
                return

    pane.load_for(then, load, "looking on")
    return True


class JumpActions:
    """Goes to items by their kind, also to those that are not loaded, and to other threads."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host

    # -- items -------------------------------------------------------------------------------------

    def action_next_user_message(self) -> None:
        self._jump("next_user_message", 1, _of_kind("user"), _NOUNS["user"])

    def action_previous_user_message(self) -> None:
        self._jump("previous_user_message", -1, _of_kind("user"), _NOUNS["user"])

    def action_next_same_kind(self) -> None:
        self._jump_to_same_kind("next_same_kind", 1)

    def action_previous_same_kind(self) -> None:
        self._jump_to_same_kind("previous_same_kind", -1)

    def _jump_to_same_kind(self, command: str, by: int) -> None:
        state = self._host.transcript.view.state
        if state is not None and (row := state.cursor.row) is not None:
            kind = _kind(state.rows.entry(row))
            self._jump(command, by, _of_kind(kind), _NOUNS[kind])

    def _jump(
        self,
        command: str,
        by: int,
        matches: Callable[[RawRow], bool],
        noun: str,
        *,
        may_load: bool = True,
    ) -> None:
        """Go to the next item that matches, and load on until it is there.

        `command` is the id of the command that was pressed.
        """
        host, pane = self._host, self._host.transcript

        def find() -> int | None:
            state = pane.view.state
            row = state.cursor.row if state else None
            return next_row(state.rows, row, by, matches) if state and row is not None else None

        async def is_there() -> bool:
            return (found := find()) is None or not _is_gap(pane, found)

        def go_on() -> None:
            self._jump(command, by, matches, noun, may_load=False)

        found, state = find(), pane.view.state
        where = "below" if by > 0 else "above"
        if found is None:
            among = " among the shown items" if state and state.feed.hidden else ""
            host.status.report(f"no further {noun} {where}{among}")
        elif state is not None and not _is_gap(pane, found):
            pane.view.go_to_item(state.rows.key(found))
        elif not may_load or not load_until(pane, by, is_there, go_on):
            why = pane.feed and pane.feed.broken
            why = why or f"{host.keys.first_name(command)} loads on"
            loaded = counted(pane.loaded, "loaded item")
            host.status.report(f"no further {noun} {where} in {loaded}: {why}")

    # -- threads -----------------------------------------------------------------------------------

    def action_next_thread(self) -> None:
        self._go_to_thread(1)

    def action_previous_thread(self) -> None:
        self._go_to_thread(-1)

    def _go_to_thread(self, by: int) -> None:
        """Open the thread after the open one in the list as it is shown; its cursor goes along."""
        host, threads = self._host, self._host.threads
        if host.transcript.row is not None:
            threads.go_to(host.transcript.row.id)
        row = threads.step(by)
        if row is not None:
            host.open_thread(row)
        elif by < 0:
            host.status.report("this is the first thread of the list")
        elif threads.work:
            host.status.report("the next threads are loading")
        else:
            shown = "that match the filter" if threads.filter else "of the list"
            host.status.report(f"this is the last of the threads {shown}")


def _is_gap(pane: TranscriptPane, row: int) -> bool:
    return pane.view.state is not None and pane.view.state.rows.gap == row


def _of_kind(kind: str) -> Callable[[RawRow], bool]:
    """Return a function that returns whether a row is of a kind, and reads each row once."""
    others: set[str] = set()

    def matches(row: RawRow) -> bool:
        if row.key in others:
            return False
        if _kind(row) == kind:
            return True
        others.add(row.key)
        return False

    return matches


def _kind(row: RawRow) -> str:
    from chatkit_tui.search.searchable_text import kind_of, read_object

    return kind_of(read_object(row.raw))
