"""Search everything that the source has: a field, and the hits while the user types."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import SEARCH_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import Span
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.sources.base import GetSource, Hit, SearchQuery
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import moment
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.field import TextField, takes_key
from chatkit_tui.ui.widgets.footer import Footer
from chatkit_tui.ui.widgets.one_line import OneLine
from chatkit_tui.ui.widgets.option_rows import OptionRows

EXAMPLE = 'words, "a phrase", -without, begin*'
PAGE = 50
"""Hits that are asked for at a time."""
NEAR_THE_END = 10
"""Hits below the highlighted one, fewer of which cause the next ones to be asked for."""


class SearchScreen(ModalOnce[int | None]):
    """Shows hits as the user types; dismissed with the number of the chosen one, or None.

    `hits` and `text` stay for the caller, who goes from hit to hit.
    """

    DEFAULT_CSS = """
    SearchScreen {
        background: $background;
        #hits { height: 1fr; background: $background; border: none; padding: 0; }
        #query { height: 1; border: none; padding: 0 1; }
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
    ) -> None:
        """Search at once if there is a `text`; only threads of `user` if there is one."""
        super().__init__()
        self.text = text
        self.hits: list[Hit] = []
        self.moves = OptionRows(id="hits")
        self.moves.can_focus = False  # the field keeps the focus
        self.commands = CommandKeys(
            self, SEARCH_COMMANDS, keys, lambda: CommandContext(Pane.PROMPT)
        )
        self._get_source = get_source
        self._options = options
        self._user = user
        self._is_whole = True
        """Whether no further hits exist."""
        self._field = TextField(text, placeholder=EXAMPLE, id="query")
        self._status = OneLine()
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        yield self._field
        with Vertical():
            yield self.moves
        yield self._status
        yield self._footer

    def on_mount(self) -> None:
        self._footer.say(self.commands.hints())
        self._field.focus()
        self._say("")
        if self.text:
            self._search()

    async def press(self, event: Key) -> None:
        """Run the command of a key that the field does not use."""
        if not takes_key(self._field, event.key):
            await super().press(event)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self.text:
            self.text = event.value
            self._search()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_index + NEAR_THE_END >= len(self.hits) and not self._is_whole:
            self._is_whole = True  # until the next hits are there
            work = partial(self._load, self.hits[-1].place)
            _: Worker[None] = self.run_worker(work, group="more", exclusive=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_index)

    def action_accept(self) -> None:
        """Open the highlighted hit."""
        if self.hits and self.moves.highlighted is not None:
            self.dismiss(self.moves.highlighted)

    def action_give_up(self) -> None:
        """Leave without opening a hit."""
        self.dismiss(None)

    # -- searching ---------------------------------------------------------------------------------

    def _search(self) -> None:
        """Search for what is typed; an earlier search is dropped."""
        self.workers.cancel_group(self, "more")
        if not self.text.strip():
            self._show([], "")
            return
        work = partial(self._load, None)
        _: Worker[None] = self.run_worker(work, group="search", exclusive=True)

    async def _load(self, below: int | None) -> None:
        """Load hits, the first ones or those below one."""
        query = SearchQuery(self.text, user=self._user, limit=PAGE + 1, below=below)
        try:
            source = await self._get_source()
            found = await source.search(query)
        except ChatKitError as error:
            self._show([], sanitize(error_line(error)))
            return
        self._is_whole = len(found) <= PAGE
        if below is None:
            self._show(found[:PAGE], "")
        else:
            self._add(found[:PAGE])

    def _show(self, hits: Sequence[Hit], message: str) -> None:
        self.hits = []
        self.moves.clear_options()
        self._add(hits)
        if hits:
            self.moves.highlighted = 0
        self._say(message)

    def _add(self, hits: Sequence[Hit]) -> None:
        self.hits += hits
        self.moves.add_options(Option(self._row(hit)) for hit in hits)
        self._say("")

    def _say(self, message: str) -> None:
        if not message and self.text.strip():
            more = "" if self._is_whole else ", more exist"
            count = "no hit" if not self.hits else f"{len(self.hits):,} hits"
            message = f"{count}{more}, newest first"
        self._status.show([Span(f" {message}")])

    def _row(self, hit: Hit) -> Content:
        """Return a hit as two lines: its passage, and where it is."""
        passage = Content()
        for piece, is_match in hit.pieces():
            passage += Content.styled(sanitize(piece), "bold reverse" if is_match else "")
        when = "" if hit.created_at is None else moment(hit.created_at, self._options.zone)
        where = ui_text(" · ").join(
            sanitize(part) for part in (hit.kind, hit.user or "", when) if part
        )
        return passage + Content("\n") + Content.styled(f"  {where}", "dim")
