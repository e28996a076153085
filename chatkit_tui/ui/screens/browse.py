"""The main screen: threads to the left, the transcript to the right, one at a time when narrow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from chatkit_tui.commands.browse_commands import BROWSE_COMMANDS
from chatkit_tui.commands.command import Command
from chatkit_tui.commands.command_context import TWO_PANES_FROM, CommandContext, Pane
from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.sources.base import Capability, GetSource
from chatkit_tui.terminal.flow_control import LinkSpeed
from chatkit_tui.ui.actions import appearance
from chatkit_tui.ui.actions.compare import CompareActions
from chatkit_tui.ui.actions.copy import CopyActions
from chatkit_tui.ui.actions.delete import DeleteActions
from chatkit_tui.ui.actions.detail import DetailActions
from chatkit_tui.ui.actions.export import ExportActions
from chatkit_tui.ui.actions.filter_items import ItemFilterActions
from chatkit_tui.ui.actions.find import FindActions
from chatkit_tui.ui.actions.first_hint import FirstHint
from chatkit_tui.ui.actions.follow import FollowActions
from chatkit_tui.ui.actions.jump import JumpActions
from chatkit_tui.ui.actions.marks import MarkActions
from chatkit_tui.ui.actions.mask import MaskActions
from chatkit_tui.ui.actions.notes import NoteActions
from chatkit_tui.ui.actions.outgoing import OutgoingActions
from chatkit_tui.ui.actions.preview import PreviewActions
from chatkit_tui.ui.actions.problems import ProblemActions
from chatkit_tui.ui.actions.profiles import ProfileActions
from chatkit_tui.ui.actions.questions import GoToActions, QuestionActions
from chatkit_tui.ui.actions.scan import ScanActions
from chatkit_tui.ui.actions.search import SearchActions
from chatkit_tui.ui.actions.sessions import SessionActions
from chatkit_tui.ui.actions.summary import SummaryActions
from chatkit_tui.ui.background_work import KeyPriority
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.messages import (
    ListRefreshed,
    PaneChanged,
    PaneReloaded,
    Reported,
    ThreadOpened,
    ThreadRead,
)
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.styled_lines import header_parts
from chatkit_tui.ui.theme import PLAIN_CLASS, SLOW_CLASS
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.pane import TranscriptPane
from chatkit_tui.ui.widgets.lines import Footer, OneLine, StatusLine
from chatkit_tui.ui.widgets.prompt import Prompt, Question

if TYPE_CHECKING:
    from chatkit_tui.commands.handlers import AppActions, BrowseHost, Moves
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.ui.copying import CopyResult
    from chatkit_tui.ui.options import ShownSource
    from chatkit_tui.ui.screen_reader import Situation


ALWAYS: Final = ("command_palette", "quit", "help")
"""The commands that are always in the footer, from left to right."""


class BrowseScreen(Screen[None]):
    """Both panes and the lines around them; it runs the commands."""

    # The two widgets that the focus moves between are redrawn; Textual would redraw the screen.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(
        self,
        options: Options,
        keys: Keymap,
        notes: Sequence[str],
        get_source: GetSource,
        *,
        application: AppActions,
        gate: ConfirmationGate,
        copy: Callable[[str], Awaitable[CopyResult]],
        show_source: Callable[[ShownSource], None],
        history: SessionHistory | None,
        link: LinkSpeed,
        key_priority: KeyPriority,
    ) -> None:
        """`notes` are shown at the start; `get_source` returns the source of threads."""
        super().__init__()
        self.application = application
        self.link = link
        self.get_source = get_source
        self.status = StatusLine(keys.first_name("stop"))
        self.prompt = Prompt(link)
        self.notes = notes
        self.options = options
        self.keys = keys
        why_not = options.source.why_not
        self._missing: dict[str, str] = {
            each: why_not.get(each, "") for each in Capability if each not in options.capabilities
        }
        self.where = Pane.THREADS
        self._arranged_for: Size | None = None
        """The size that was reported last."""
        self.offline = False
        """Whether the last request did not reach the server."""
        self.threads = ThreadsPane(options, keys, get_source, link)
        self.transcript = TranscriptPane(options, keys, get_source, link, key_priority)
        self._situation: Situation | None = None
        """What was last reported of the pane, with `--plain`."""
        self.header = OneLine(id="header", fill="header")
        self.footer = Footer()
        # Last, since mypy checks a protocol only against the attributes above.
        self.preview = PreviewActions(self)
        self.deletion = DeleteActions(self, gate)
        self.marking = MarkActions(self)
        self.jumps = JumpActions(self)
        self.problems = ProblemActions(self)
        self.summary = SummaryActions(self)
        self.exporting = ExportActions(self)
        self.outgoing = OutgoingActions(self)
        self.copying = CopyActions(self, copy, self.outgoing)
        self.detail = DetailActions(self, self.copying)
        self.go_to = GoToActions(self)
        self.reading = FindActions(self)
        self.questions = QuestionActions(self, self.go_to, self.reading)
        self.comparing = CompareActions(self, self.questions)
        self.item_filter = ItemFilterActions(self, self.questions)
        self.noting = NoteActions(self, self.questions)
        self.profiles = ProfileActions(self, show_source)
        self.searching = SearchActions(self)
        self.following = FollowActions(self)
        self.scanning = ScanActions(self)
        self.sessions = SessionActions(self, history, self.copying.copy, gate)
        self.masking = MaskActions(self)
        self.times = appearance.TimesActions(self)
        self.widths = appearance.WidthActions(self)
        self.themes = appearance.ThemeActions(self)
        self.commands: CommandKeys[BrowseHost] = CommandKeys(
            self, BROWSE_COMMANDS, keys, lambda: self.context
        )
        self._first_hint = FirstHint(self)
        self._hinted: CommandContext | None = None
        """What the footer's hints are for."""

    def compose(self) -> ComposeResult:
        yield self.header
        with Horizontal(id="panes"):
            yield self.threads
            yield self.transcript
        with Vertical(id="foot"):  # one line, whichever of both is visible
            yield self.status
            yield self.prompt
        yield self.footer

    def on_mount(self) -> None:
        self.app.set_class(self.options.plain, PLAIN_CLASS)
        self.app.set_class(self.link.slow, SLOW_CLASS)
        self.arrange_panes()
        self.threads.list.focus()
        if self.notes:
            more = f"  ({len(self.notes)} notes: chatkit-tui config show)"
            self.status.report(self.notes[0] + (more if len(self.notes) > 1 else ""), bad=True)
        self.set_interval(appearance.AGES_AFTER, self.times.let_ages_grow)
        self.watch(self.app, "app_focus", self.following.visibility_changed, init=False)
        self.app.screen_change_signal.subscribe(self, self.following.visibility_changed)
        self.deletion.report_unreported()
        self.noting.load()
        if self.options.target:
            self.go_to.locate(self.options.target, self.options.target_item)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        event.refresh_styles = bool(self.outer_size)  # before the first layout, they are new

    def on_unmount(self) -> None:
        self.preview.rest.stop()
        self.following.end()

    # -- state -------------------------------------------------------------------------------------

    @property
    def pane(self) -> ThreadsPane | TranscriptPane:
        """The pane with the focus."""
        return self.threads if self.where is Pane.THREADS else self.transcript

    @property
    def two_panes(self) -> bool:
        """Whether both panes are visible."""
        return self.size.width >= TWO_PANES_FROM and not self.widths.full

    @property
    def context(self) -> CommandContext:
        """What decides which commands are available."""
        return CommandContext(
            where=self.where,
            read_only=self.options.read_only,
            masked=self.options.mask is not None,
            missing=self._missing,
            columns=self.size.width,
            threads=len(self.threads.list.rows),
            marks=len(self.threads.marks),
            item_marks=self.marking.item_count,
            filtered=bool(self.threads.filter),
            without_id=bool((row := self.threads.list.current) and not row.id),
            thread_id=self.transcript.row.id if self.transcript.row else None,
            items=min(1, self.transcript.loaded),  # so that hints stay while pages load
            found=self.reading.found,
            unread=self.reading.is_unread,
            reading=self.reading.is_reading,
            items_filtered=self.item_filter.is_on,
            hits=self.searching.count,
            search_key=self.keys.first_name("find"),
            working=bool(self.pane.work),
            scanning=self.scanning.run.is_on,
            exporting=self.exporting.run.is_on,
            failed=self.pane.failure is not None,
        )

    # -- commands ----------------------------------------------------------------------------------

    @property
    def moves(self) -> Moves:
        """What the keys move in: the list, or the transcript."""
        return self.pane.moves

    async def press(self, event: Key) -> bool:
        """Run the command of a key before the focus gets it; return whether there is one."""
        if self.prompt.question is not None:
            return False
        command = self.commands.command_of(event.key)
        if command is not None:
            await self.act(command)
        elif event.key not in self.active_bindings and (reason := self.commands.refusal(event.key)):
            self.status.clear_message()
            self.status.report(reason)
        return command is not None

    async def on_key(self, event: Key) -> None:
        """Run the command of a key that the prompt does not use."""
        from chatkit_tui.ui.widgets.field import takes_key

        if self.prompt.question is None or takes_key(self.focused, event.key):
            return
        command = self.commands.command_of(event.key, Pane.PROMPT)
        if command is not None:
            event.stop()
            await self.act(command)

    async def act(self, command: Command[BrowseHost]) -> None:
        """Run a command, or report why it is not available."""
        if command.id != "accept":  # a message about the search stays when its prompt closes
            self.status.clear_message()
        if reason := command.why_not(self.context):
            if not command.quiet:
                self.status.report(f"{command.title}: {reason}")
            return
        self.times.let_ages_grow()
        await self.commands.run(command)
        self.update_lines()

    def action_accept(self) -> None:
        self.prompt.submit()

    def action_give_up(self) -> None:
        self.prompt.give_up()

    def update_lines(self) -> None:
        """Update header, status line and footer."""
        pane = self.pane
        background = self.exporting if self.exporting.run.is_on else self.scanning
        unseen = 0 if self.two_panes or self.where is Pane.THREADS else len(self.threads.marks)
        self.status.show_state(
            amount=self.following.amount_of(pane),
            work=pane.work or background.work,
            since=pane.since if pane.work else background.run.since,
            waiting=pane.waiting,
            position=pane.position,
            marks=unseen,
        )
        self._update_header()
        self.preview.follow_cursor()
        self.noting.show_note()
        self.following.update()
        if self.options.plain:
            self._report_changes()
        if pane.amount and not (pane.work or self.link.slow):
            self._first_hint.show()
        if self.prompt.question is not None:
            self._hinted = None
            self.footer.show_hints(self.questions.hints())
        elif (context := self.context) != self._hinted:
            self._hinted = context
            self.footer.show_hints(
                self.commands.hints(),
                always=[(self.keys.first_name(name), BY_ID[name].title) for name in ALWAYS],
            )

    def _report_changes(self) -> None:
        """Report in words what changed, for screen readers."""
        from chatkit_tui.ui.screen_reader import Situation, changes, situation

        before, self._situation = self._situation or Situation(), situation(self.pane)
        if report := changes(before, self._situation):
            self.status.add(report)

    def _update_header(self) -> None:
        parts = header_parts(self.options, offline=self.offline, slow=self.link.slow)
        self.header.show(*parts)

    def on_pane_changed(self, message: PaneChanged) -> None:
        """Update what header, status line, prompt and footer show."""
        message.stop()
        self.item_filter.follow()
        self.questions.update_note()
        self.update_lines()

    def reach_changed(self, reached: bool) -> None:
        """Show whether the server is reachable, and resume what waited for it."""
        self.offline = not reached
        self._update_header()
        if reached:
            self.go_to.resume()
            self.threads.resume()
            self.transcript.resume()

    def on_reported(self, message: Reported) -> None:
        """Show a message; after a refresh, also why threads were not deleted."""
        message.stop()
        reason = self.deletion.why_not_deleted() if message.refreshed else ""
        text = f"{message.text}; {reason}" if reason else message.text
        self.status.report(text, bad=message.bad or bool(reason))
        if message.bad and self.prompt.question is not None:  # it hides the status line
            self.prompt.note(text, bad=True)

    def on_prompt_typed(self, message: Prompt.Typed) -> None:
        message.stop()
        self.questions.typed(message)

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        message.stop()
        self.questions.answered(message)

    def on_prompt_given_up(self, message: Prompt.GivenUp) -> None:
        message.stop()
        self.questions.given_up(message)

    def open_located(self, thread: Thread, item_id: str) -> None:
        """Open a thread that was looked up, at an item if `item_id` is not empty."""
        if self.prompt.question is Question.GO_TO:
            self.questions.end()
        self.status.clear_message()
        row = self.threads.update(thread)
        self.threads.go_to(row.id)
        self.open_thread(row)
        if item_id:
            self.transcript.seek(item_id)

    def cancel_workers(self, group: str) -> None:
        self.workers.cancel_group(self, group)

    # -- panes -------------------------------------------------------------------------------------

    def on_resize(self, event: events.Resize) -> None:
        """Show one pane or two, depending on the width."""
        if event.size == self._arranged_for:
            event.prevent_default()  # Textual reports a size several times, and lays out each time
        else:
            self._arranged_for = event.size
            self.arrange_panes()

    def arrange_panes(self) -> None:
        """Show one pane or both, and the lines around them as they are now."""
        self.set_class(self.two_panes, "-two-panes")
        self.set_class(self.where is Pane.TRANSCRIPT, "-reading")
        self.update_lines()

    def go_to_pane(self, where: Pane) -> None:
        """Focus a pane, and show it if only one fits."""
        self.where = where
        if where is Pane.TRANSCRIPT:
            self.transcript.open_preview()
        self.arrange_panes()
        self.pane.focus_content()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Focus the clicked pane."""
        for where, pane in ((Pane.THREADS, self.threads), (Pane.TRANSCRIPT, self.transcript)):
            if pane.region.contains_point(event.screen_offset):  # the terminal names no widget
                if self.prompt.question is not None:
                    self.questions.end()
                self.go_to_pane(where)

    def on_thread_opened(self, message: ThreadOpened) -> None:
        """Open the thread, and stop loading the previous one."""
        message.stop()
        self.open_thread(message.row)

    def open_thread(self, row: Row) -> None:
        """Open a thread in the transcript."""
        self.go_to.cancel()
        self.times.redraw()
        self.transcript.open(row, self.threads.words.found.get(row.id))
        self.go_to_pane(Pane.TRANSCRIPT)
        self.scanning.go_to_found(row)

    def action_back(self) -> None:
        self.go_to_pane(Pane.THREADS)

    def action_next_pane(self) -> None:
        reading = self.where is Pane.TRANSCRIPT
        self.go_to_pane(Pane.THREADS if reading else Pane.TRANSCRIPT)

    def on_pane_reloaded(self, message: PaneReloaded) -> None:
        message.stop()
        self.times.redraw()

    def on_list_refreshed(self, message: ListRefreshed) -> None:
        """Refresh the open thread too."""
        message.stop()
        reading = self.transcript.row
        if reading is not None and (row := self.threads.row_of(reading.id)):
            self.transcript.update(row)
        self.transcript.refresh_loaded()
        self.noting.load()

    def on_thread_read(self, message: ThreadRead) -> None:
        """Show the new title and status of a thread."""
        message.stop()
        self.transcript.update(self.threads.update(message.thread))

    def action_help(self) -> None:
        from chatkit_tui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.context, self.keys, mouse=self.options.mouse))
