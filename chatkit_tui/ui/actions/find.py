"""Go from match to match in the open thread, also into what is not loaded yet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.transcript.status_text import found_words
from chatkit_tui.ui.widgets.prompt import Question

if TYPE_CHECKING:
    from chatkit_tui.feed import Side
    from chatkit_tui.ui.transcript.find_session import CurrentMatch


class FindActions:
    """Moves between matches. A step over items that are not loaded first offers to load them."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._offered: tuple[int, CurrentMatch | None] | None = None
        """The step that was offered instead of one over the gap, and from which match."""
        self._is_regex = False
        self.problem = ""
        """Why the text is not a valid expression; empty if it is."""

    @property
    def label(self) -> str:
        """What the prompt is called."""
        return "find regex" if self._is_regex else Question.FIND.value

    def find(self, text: str) -> None:
        """Search as the user types."""
        finder = self._host.transcript.view.finder
        self.problem = ""
        if not self._is_regex or not text:
            finder.find(text)
            return
        from chatkit_tui.text.expressions import Expression, InvalidExpressionError

        try:
            finder.find(Expression(text))
        except InvalidExpressionError as error:
            self.problem = sanitize(str(error))
            finder.find("")

    def action_regex(self) -> None:
        """Take what is typed as a regular expression, or as text again."""
        host = self._host
        self._is_regex = not self._is_regex
        if host.prompt.question is Question.FIND:
            host.prompt.name_question(self.label)
            self.find(host.prompt.text)
            host.prompt.note(self.problem or self.words(), bad=bool(self.problem))
        else:
            host.status.report(f"find: regular expressions {'on' if self._is_regex else 'off'}")

    @property
    def found(self) -> int | None:
        """How many matches there are; None without a search."""
        search = self._host.transcript.search
        return search.total if search else None

    @property
    def is_unread(self) -> bool:
        """Whether there is a search that could continue into items that are not loaded."""
        transcript = self._host.transcript
        return transcript.search is not None and transcript.search.more and not self.is_reading

    @property
    def is_reading(self) -> bool:
        """Whether the rest of the thread is loading."""
        return self._host.transcript.loads_rest

    def words(self) -> str:
        """Return what was found, for the prompt."""
        search, keys = self._host.transcript.search, self._host.keys
        key = "" if self.is_reading else keys.first_name("read_on", Pane.PROMPT)
        return found_words(search, key) if search else ""

    def action_next_match(self) -> None:
        self._go(1)

    def action_previous_match(self) -> None:
        self._go(-1)

    def action_clear_find(self) -> None:
        self._host.transcript.view.finder.clear()

    def action_read_on(self) -> None:
        """Load the rest of the thread, and find in it too."""
        self._read_on(1)

    def action_stop(self) -> None:
        """Stop loading the rest."""
        self._host.transcript.action_stop()

    def _go(self, by: int) -> None:
        host, transcript = self._host, self._host.transcript
        finder = transcript.view.finder
        if finder.session is None or not finder.passes_gap(by):
            finder.go(by)
        elif self.is_reading:
            host.status.report("no further match so far: the rest is loading")
        elif not finder.session.search.total or self._offered == (by, finder.session.current):
            self._read_on(by)
        else:
            self._offered = by, finder.session.current
            key = host.keys.first_name("next_match" if by > 0 else "previous_match")
            loaded = counted(transcript.loaded, "loaded item")
            host.status.report(f"no further match in {loaded}: {key} again loads the rest")

    def _read_on(self, by: int) -> None:
        session = self._host.transcript.view.finder.session
        if session is not None:
            self._load_rest(session.await_match(by))

    def _load_rest(self, side: Side) -> None:
        """Load all that is missing, growing one side."""
        pane = self._host.transcript
        if (feed := pane.feed) is None or (state := pane.view.state) is None:
            return

        async def load() -> None:
            pane.loads_rest = True
            try:
                while (
                    feed.can_grow(side) and (await state.feed.load(side)).added and not feed.whole
                ):
                    pane.view.feed_changed()
            finally:
                pane.loads_rest = False

        work = partial(pane.load, feed, load, side)
        pane.begin(work, "loading the rest", partial(self._load_rest, side))
