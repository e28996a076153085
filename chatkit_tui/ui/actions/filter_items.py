"""Show only those items of the open thread that match a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.worker import Worker

from chatkit_tui.text.plain import counted
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.questions import QuestionActions
from chatkit_tui.ui.widgets.prompt import Question

if TYPE_CHECKING:
    from chatkit_tui.feed.filtered_feed import FilteredFeed
    from chatkit_tui.inspection.item_filter import ItemFilter
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState
    from chatkit_tui.ui.transcript.viewport import Place

PLACEHOLDER = "text  k:tool  is:tool-error  -not"


class ItemFilterActions:
    """Asks for a filter, and keeps what is shown up to date while items are loaded.

    The filter ends when another thread is shown. Copying and pipes take the conversation without
    regard to it; moving, find and problems are about what is shown.
    """

    def __init__(self, host: ActionHost, questions: QuestionActions) -> None:
        self._host = host
        self._questions = questions
        self._text = ""
        """What was asked for last."""
        self._revision: tuple[FilteredFeed, int] | None = None
        """What was judged last."""
        self._left: Place | None = None
        """Where the cursor was when the filter was set."""
        self._was_barren = False
        self._is_new = False
        """Whether the filter was set and not all is judged yet."""
        self._began: str | None = None
        """The item that the cursor began at meanwhile."""

    @property
    def is_on(self) -> bool:
        return self._host.transcript.filtered is not None

    def action_filter_items(self) -> None:
        """Ask which items to show."""
        self._questions.ask_for(self, Question.ITEMS, self._text, PLACEHOLDER)

    def _parse(self, text: str) -> ItemFilter:
        from chatkit_tui.inspection.item_filter import ItemFilter

        return ItemFilter(text, now=self._host.options.clock())

    def typed(self, text: str) -> None:
        """Say what is wrong with the text."""
        if problem := self._parse(text).problem:
            self._host.prompt.note(problem, bad=True)

    def closed(self, text: str) -> None:
        self._text = text

    def answered(self, text: str) -> None:
        """Show the items that match, or all for an empty text."""
        from chatkit_tui.feed.filtered_feed import FilteredFeed

        pane, wanted = self._host.transcript, self._parse(text)
        if wanted.problem:
            self._host.prompt.note(wanted.problem, bad=True)
            return
        self._questions.end()
        if wanted.is_empty:
            self.action_show_all_items()
        elif pane.feed is not None:
            self._left = pane.view.place or self._left
            self._began, self._is_new, self._was_barren = None, True, False
            pane.show_items(FilteredFeed(pane.feed, wanted, self._judged), self._left)
            self.follow()

    def action_show_all_items(self) -> None:
        """Show all items again; the cursor stays on its item."""
        if self.is_on:
            pane = self._host.transcript
            pane.show_items(None, pane.view.place or self._left)

    def follow(self) -> None:
        """Judge what was loaded since."""
        shown = self._host.transcript.filtered
        if shown is None:
            return
        stamp = shown, shown.feed.revision
        if self._revision != stamp:
            self._revision = stamp
            _: Worker[None] = self._host.run_worker(shown.judge, group="filter items")

    def _judged(self) -> None:
        """Show the further items that match."""
        pane = self._host.transcript
        shown, state = pane.filtered, pane.view.state
        if shown is None or state is None:
            return
        if shown.is_barren:
            state.jump = None
        pane.view.feed_changed()
        if self._is_new:
            self._begin(shown, state)
        if shown.is_barren and not self._was_barren:
            keys = self._host.keys
            names = f"{keys.first_name('filter_items')} {keys.first_name('accept')}"
            loaded = counted(len(shown.feed), "loaded item")
            self._host.status.report(f"no further match in {loaded}: {names} loads on")
        self._was_barren = shown.is_barren
        pane.changed()

    def _begin(self, shown: FilteredFeed, state: TranscriptState) -> None:
        """Go to the item that is nearest to where the user was, unless the user moved on."""
        key = state.cursor.key
        self._began = self._began or key
        if shown.is_judged:
            self._is_new = False
            nearest = shown.nearest(self._left.key) if self._left else None
            if nearest is not None and key == self._began != nearest:
                self._host.transcript.view.go_to_item(nearest)
