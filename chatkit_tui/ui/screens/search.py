"""Search all threads: a field, and the hits while the user types or as threads are read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import SEARCH_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, PLAIN, Span
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.sources.base import Capability, GetSource, Hit, SearchQuery
from chatkit_tui.text.plain import counted, quoted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import moment
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.failures import Waiting, listen_for_retries
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.styled_lines import BAD, BUSY
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.lines import Footer, OneLine
from chatkit_tui.ui.widgets.option_rows import OptionRows

if TYPE_CHECKING:
    from chatkit_tui.inspection.scan import SearchScan
    from chatkit_tui.sources.base import Retry, ThreadSource

EXAMPLE = 'words, "a phrase", -without, begin*'
PAGE = 50
"""Hits that are asked for at a time."""
NEAR_THE_END = 10
"""Hits below the highlighted one, fewer of which cause the next ones to be asked for."""
OFFER = "An archive is searched at once: chatkit-tui archive sync FILE"


class PagedSearch:
    """A search of a source that can search: its hits so far, and whether more exist."""

    def __init__(self, wanted: SearchQuery) -> None:
        self.wanted = wanted
        self.hits: list[Hit] = []
        self.not_indexed = 0
        """Items that the source did not search."""
        self.has_ended = False
        """Whether no further hits exist."""

    async def load(self, source: ThreadSource) -> Sequence[Hit]:
        """Load the next hits, and return them. Raise `ChatKitError`."""
        below = self.hits[-1].place if self.hits else None
        found = await source.search(self.wanted._replace(limit=PAGE + 1, below=below))
        new = found.hits[:PAGE]
        self.hits += new
        self.not_indexed = found.not_indexed
        self.has_ended = len(found.hits) <= PAGE
        return new


class SearchScreen(ModalOnce[int | None]):
    """Shows hits; dismissed with the number of the chosen one, or None.

    A source that can search is asked while the user types. The threads of any other are read one by
    one, once the user accepts the text. `text`, `found` and `scan` stay for the caller.
    """

    DEFAULT_CSS = """
    SearchScreen {
        background: $background;
        #hits {
            height: 1fr;
            text-wrap: nowrap; text-overflow: ellipsis; scrollbar-gutter: stable;
        }
        Vertical { height: 1fr; }
    }
    """

    def __init__(
        self,
        get_source: GetSource,
        options: Options,
        keys: Keymap,
        *,
        text: str = "",
        user: str | None = None,
        scan: SearchScan | None = None,
        number: int = 0,
    ) -> None:
        """Search for a `text` if there is one, only in threads of `user` if there is one.

        `scan` is an earlier search to continue, and `number` the hit of it to highlight.
        """
        super().__init__()
        self.text = text
        self.found: PagedSearch | None = None
        """The search whose hits are shown, if the source can search."""
        self.scan = scan
        self.moves = OptionRows(id="hits", classes="-led")
        self.moves.can_focus = False  # the field keeps the focus
        self.commands = CommandKeys(self, SEARCH_COMMANDS, keys, self._state)
        self._get_source = get_source
        self._options = options
        self._user = user
        self._number = number
        self._can_search = Capability.SEARCH in options.capabilities
        self._is_searching = False
        """Whether the hits of the typed text are not there yet."""
        self._opens_first = False
        """Whether the user accepted the text before its hits were there."""
        self._is_loading_more = False
        self._is_reading = False
        """Whether threads are read one by one."""
        self._waiting: Waiting | None = None
        self._failure = ""
        self._timer: Timer | None = None
        self._field = TextField(text, placeholder=EXAMPLE, id="query")
        self._status = OneLine()
        self._note = OneLine()
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        yield self._field
        with Vertical():
            yield self.moves
        yield self._status
        if not self._can_search:
            yield self._note
        yield self._footer

    def on_mount(self) -> None:
        self._field.focus()
        self._say("")
        if self._can_search:
            self._search()
        elif self.scan is not None:
            self._show("")
            if self._number < len(self.hits):
                self.moves.highlighted = self._number

    def _state(self) -> CommandContext:
        scan = self.scan
        unread = scan is not None and not (self._is_reading or scan.threads.has_ended)
        return CommandContext(Pane.PROMPT, reading=self._is_reading, unread=unread)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self.text:
            self.text = event.value
            if self._can_search:
                self._search()
            else:
                self._say("")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        found = self.found
        if found is None or found.has_ended or self._is_loading_more:
            return
        if event.option_index + NEAR_THE_END >= len(found.hits):
            self._is_loading_more = True
            work = partial(self._load_more, found)
            _: Worker[None] = self.run_worker(work, group="more", exclusive=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index)

    def action_accept(self) -> None:
        """Open the highlighted hit, or the first one of a text that is still searched for.

        Begin to read threads if they were not read for this text.
        """
        if self._is_to_be_read:
            self._begin_to_read()
        elif self._is_searching:  # the hits on the screen are those of an earlier text
            self._opens_first = True
            self._say(ui_text("searching…"))
        elif self.hits and self.moves.highlighted is not None:
            self.dismiss(self.moves.highlighted)
        elif not self.text.strip():
            self._say("type what to search for first")

    def action_give_up(self) -> None:
        """Leave without opening a hit."""
        self.dismiss(None)

    @property
    def reading(self) -> SearchScreen:
        return self

    @property
    def hits(self) -> Sequence[Hit]:
        """The hits that are shown, which are not always those of the typed text."""
        shown = self.scan or self.found
        return shown.hits if shown else ()

    # -- a source that searches --------------------------------------------------------------------

    def _search(self) -> None:
        """Search for what is typed; an earlier search is dropped."""
        self.workers.cancel_group(self, "search")
        self.workers.cancel_group(self, "more")
        self._is_loading_more = self._opens_first = False
        self._is_searching = bool(self.text.strip())
        if not self._is_searching:
            self.found = None
            self._show("")
            return
        work = partial(self._load, PagedSearch(SearchQuery(self.text, user=self._user)))
        _: Worker[None] = self.run_worker(work, group="search", exclusive=True)

    async def _load(self, search: PagedSearch) -> None:
        """Load the first hits, in place of those of an earlier text."""
        message = ""
        try:
            await search.load(await self._get_source())
        except ChatKitError as error:
            message = sanitize(error_line(error))
        self._is_searching = False
        self.found = None if message else search
        self._show(message)
        if self._opens_first and self.hits:
            self.dismiss(0)

    async def _load_more(self, search: PagedSearch) -> None:
        try:
            new = await search.load(await self._get_source())
        except ChatKitError as error:
            self._say(sanitize(error_line(error)))
        else:
            self._add(new)
        self._is_loading_more = False

    # -- a source whose threads are read -----------------------------------------------------------

    @property
    def _is_to_be_read(self) -> bool:
        """Whether the threads were not read for this text."""
        if self._can_search or not self.text.strip():
            return False
        scan = self.scan
        return scan is None or (scan.wanted.text, scan.wanted.user) != (self.text, self._user)

    def _begin_to_read(self) -> None:
        from chatkit_tui.inspection.scan import SearchScan

        self.action_stop()
        self.scan = None
        try:
            self.scan = SearchScan(SearchQuery(self.text, user=self._user))
        except ChatKitError as error:
            self._show(sanitize(error_line(error)))
            return
        self._show("")
        self.action_read_on()

    def action_read_on(self) -> None:
        """Read further threads."""
        if self.scan is None:
            return
        self._is_reading, self._failure = True, ""
        self._timer = self.set_interval(1.0, partial(self._say, ""))  # counts a wait down
        work = partial(self._read, self.scan)
        _: Worker[None] = self.run_worker(work, group="search", exclusive=True)
        self._say("")

    def action_stop(self) -> None:
        """Stop reading threads."""
        self.workers.cancel_group(self, "search")
        self._end_reading()

    async def _read(self, scan: SearchScan) -> None:
        listen_for_retries(self._wait)
        try:
            await scan.run(await self._get_source(), self._found)
        except ChatKitError as error:
            self._failure = sanitize(error_line(error))
        self._end_reading()

    def _end_reading(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._waiting = None
        self._is_reading = False
        self._say("")

    def _wait(self, retry: Retry) -> None:
        self._waiting = Waiting.of(retry)
        self._say("")

    def _found(self, hits: Sequence[Hit]) -> None:
        self._waiting = None
        self._add(hits)

    # -- the hits ----------------------------------------------------------------------------------

    def _show(self, message: str) -> None:
        """Show all hits that are there, in place of others."""
        self.moves.clear_options()
        self._add(self.hits)
        self._say(message)

    def _add(self, hits: Sequence[Hit]) -> None:
        """Show hits below the others."""
        self.moves.add_options(Option(self._row(hit)) for hit in hits)
        if self.hits and self.moves.highlighted is None:
            self.moves.highlighted = 0
        self._say("")

    def _say(self, message: str) -> None:
        user = [Span(f"user {sanitize(self._user)} ", DIM)] if self._user else []
        if not self._can_search:
            self._say_read(message, user)
        else:
            if not message and self.found is not None:
                message = self._count(self.found)
            self._status.show([Span(f" {message}")], user)
        self._footer.show_hints(self.commands.hints())

    def _count(self, found: PagedSearch) -> str:
        words = counted(len(found.hits), "hit") if found.hits else "no hit"
        words += f"{'' if found.has_ended else ', more exist'}, newest first"
        if found.not_indexed:
            words += f"; {counted(found.not_indexed, 'item')} not indexed yet"
        return words

    def _say_read(self, message: str, user: list[Span]) -> None:
        """Show how far the reading of the threads is, and below what failed or what is quicker."""
        note = Span(f" {self._failure}", BAD) if self._failure else Span(f" {OFFER}", DIM)
        if self._waiting is not None:
            note = Span(f" {sanitize(self._waiting.words())}", BUSY)
        style = BUSY if self._is_reading else PLAIN
        if not message and self._is_to_be_read:
            key = self.commands.keymap.first_name("accept", Pane.PROMPT)
            message = f"{key} reads the threads one by one, newest first"
            if self.scan is not None:
                message += f"; these hits: {quoted(sanitize(self.scan.wanted.text))}"
        elif not message and self.scan is not None:
            message = self.scan.words(self._options.zone)
        status = Span(f" {message}", style)
        self._status.show([status], user)
        self._note.show([note])

    def _row(self, hit: Hit) -> Content:
        """Return a hit as two lines: its passage, and where it is."""
        passage = Content()
        for piece, is_match in hit.pieces():
            passage += Content.styled(sanitize(piece), "bold reverse" if is_match else "")
        when = "" if hit.created_at is None else moment(hit.created_at, self._options.zone)
        parts = (hit.kind, when, hit.user or "", hit.title or hit.thread_id)
        where = ui_text(" · ").join(sanitize(part) for part in parts if part)
        return passage + Content("\n") + Content.styled(f"  {where}", "dim")
