"""Go from problem to problem in the open thread, with the reason in the status line."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from chatkit_tui.text.plain import counted
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.jump import load_until, next_row

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, LoadedCopy
    from chatkit_tui.ui.threads.rows import Row
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState

AT_ONCE: Final = 200
"""Items that are looked at before the key returns, in some 20 ms; more are in a thread."""


class Looked(NamedTuple):
    """What was looked at."""

    row: Row | None
    feed: Feed
    revision: int


class ProblemActions:
    """Moves between the items of the open thread that have a problem."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._looked: Looked | None = None
        self._reasons: Mapping[str, str] = {}
        """Why items of what was looked at are problems, by key."""
        self._shown: str | None = None
        """The item whose problem was shown last."""

    def action_next_problem(self) -> None:
        self._go(1)

    def action_previous_problem(self) -> None:
        self._go(-1)

    def _go(self, by: int, *, may_load: bool = True) -> None:
        """Go to the next problem below (1) or above (-1); load on until it is there."""
        pane = self._host.transcript
        if pane.feed is None or pane.view.state is None:
            return
        if self._looked == self._stamp(pane.feed):
            self._step(pane.view.state, by, may_load=may_load)
        elif len(pane.feed) <= AT_ONCE:
            self._look_now(pane.feed)
            self._step(pane.view.state, by, may_load=may_load)
        else:
            pane.load_for(lambda: self._go(by, may_load=may_load), self._look, "looking at items")

    # -- looking -----------------------------------------------------------------------------------

    def _stamp(self, feed: Feed) -> Looked:
        return Looked(self._host.transcript.row, feed, feed.revision)

    def _look_now(self, feed: Feed) -> None:
        from chatkit_tui.feed import LoadedCopy

        self._looked = self._stamp(feed)
        self._reasons = self._find(LoadedCopy(feed), self._looked.row)

    async def _look(self, feed: Feed) -> None:
        """Look at what is loaded, without delaying keys."""
        from chatkit_tui.feed import LoadedCopy

        stamp = self._stamp(feed)
        reasons = await asyncio.to_thread(self._find, LoadedCopy(feed), stamp.row)
        self._looked, self._reasons = stamp, reasons

    def _find(self, items: LoadedCopy, row: Row | None) -> Mapping[str, str]:
        from chatkit_tui.inspection.problems import loaded_problems

        now = self._host.options.clock()
        if row is None:
            return loaded_problems(items, now)
        return loaded_problems(items, now, status=row.status, status_reason=row.reason)

    # -- moving ------------------------------------------------------------------------------------

    def _step(self, state: TranscriptState, by: int, *, may_load: bool) -> None:
        state.follow()
        key = state.cursor.key
        if key is None or (row := state.cursor.row) is None:
            return
        if key in self._reasons and key != self._shown:  # the cursor came there by itself
            self._report(state, key)
            return
        found = next_row(state.rows, row, by, lambda entry: entry.key in self._reasons)
        if found is None:
            self._report_none(state, by)
        elif found != state.rows.gap:
            key = state.rows.key(found)
            self._host.transcript.view.go_to_item(key)
            self._report(state, key)
        elif not may_load or not self._load_on(state, by):
            self._report_none(state, by, stopped=True)

    def _load_on(self, state: TranscriptState, by: int) -> bool:
        feed = self._host.transcript.feed or state.feed  # also what a filter hides
        due = len(feed)

        async def is_there() -> bool:
            # All is looked at again, since a page changes what the median and the answers are:
            # the more there is, the less often.
            nonlocal due
            if len(feed) < due * 3 // 2:
                return False
            due = len(feed)
            await self._look(feed)
            row = state.cursor.row
            if row is None:
                return True
            found = next_row(state.rows, row, by, lambda entry: entry.key in self._reasons)
            return found is None or found != state.rows.gap

        return load_until(self._host.transcript, by, is_there, lambda: self._go(by, may_load=False))

    # -- reports -----------------------------------------------------------------------------------

    def _report(self, state: TranscriptState, key: str) -> None:
        self._shown = key
        index = state.rows.index
        places = sorted(row for name in self._reasons if (row := index(name)) is not None)
        number = places.index(index(key) or 0) + 1
        count = f"{len(places):,}{'' if state.feed.whole else '+'}"
        self._host.status.report(f"problem {number:,} of {count}: {self._reasons[key]}")

    def _report_none(self, state: TranscriptState, by: int, *, stopped: bool = False) -> None:
        """Report that there is no further problem, and among which items."""
        keys, feed = self._host.keys, state.feed
        where = "below" if by > 0 else "above"
        what = f"no further problem {where}" if self._reasons else "no problem"
        if feed.hidden:
            known = f"in {counted(len(feed), 'shown item')}"
        elif feed.whole:
            known = f"in all {counted(len(feed), 'item')}"
        else:
            known = f"in {counted(len(feed), 'loaded item')}"
        words = f"{what} {known}"
        if stopped:
            command = "next_problem" if by > 0 else "previous_problem"
            words += f": {feed.broken or f'{keys.first_name(command)} loads on'}"
        elif not feed.whole and not self._reasons:
            words += ", more exist"
        self._host.status.report(words)
