"""What the reader is asked for in the line above the footer, and what the answers lead to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual.screen import Screen

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.models.references import NotAnIdError, read_reference
from chatkit_tui.secrets import SECRET_REFUSED, holds_secret
from chatkit_tui.sources.base import ClientLike as ThreadSource
from chatkit_tui.terminal.link_speed import LinkSpeed
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.locator import Locator
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.pane import TranscriptPane
from chatkit_tui.ui.widgets.prompt import Prompt, Question
from chatkit_tui.ui.widgets.status_line import StatusLine

HINTS = {
    Question.FILTER: [("Enter", "keep"), ("Esc", "show all"), ("↓ ↑", "move")],
    Question.USER: [("Enter", "ask the server"), ("Esc", "leave")],
    Question.GO_TO: [("Enter", "go"), ("Esc", "leave")],
    Question.FIND: [("Enter", "keep"), ("Esc", "end search")],
}
"""What the footer shows while something is asked."""


class AskingScreen(Screen[None]):
    """A screen with both panes that asks in the place of its status line: for a filter, a user,
    an id, or what to find."""

    threads: ThreadsPane
    transcript: TranscriptPane
    where: Pane
    """Which of the two has the keys."""

    def __init__(
        self,
        keys: Keymap,
        line: LinkSpeed,
        gateway: Callable[[], Awaitable[ThreadSource]],
        *,
        id: str,  # noqa: A002 - Textual's own name
    ) -> None:
        """`gateway` gives the way to the server, and may raise."""
        super().__init__(id=id)
        self.line = line
        self.gateway = gateway
        self.status = StatusLine(keys.first_name("stop"))
        self.prompt = Prompt(line)
        self._locator = Locator(self, self._say_located)

    def go_to_pane(self, where: Pane) -> None:
        """Give a pane the keys, and the screen if there is one alone."""
        raise NotImplementedError

    def open_thread(self, row: Row) -> None:
        """Read a thread."""
        raise NotImplementedError

    def _ask(self, question: Question, text: str = "", placeholder: str = "") -> None:
        self.status.display = False
        self.prompt.ask(question, text, placeholder=placeholder)
        self._note()

    def _note(self) -> None:
        """Say beside the prompt what its text leads to."""
        if self.prompt.question is Question.FILTER:
            self.prompt.note(self.threads.amount)
        elif self.prompt.question is Question.FIND:
            self.prompt.note(self.transcript.found_words)

    def _end_question(self) -> None:
        self._locator.give_up()
        self.prompt.close()
        self.status.display = True
        self.go_to_pane(self.where)

    def action_filter(self) -> None:
        """Ask what the loaded threads shall have in them."""
        self._ask(Question.FILTER, self.threads.needle, "in title, first words, user, status or id")

    def action_user(self) -> None:
        """Ask whose threads are wanted."""
        self._ask(Question.USER, self.threads.user or "", "the user's exact name; empty for all")

    def action_go_to(self) -> None:
        """Ask for an id or an address."""
        self._ask(Question.GO_TO, "", ui_text("cthr_…, cti_…, or an address"))

    def action_find(self) -> None:
        """Ask what to search for in the transcript."""
        self._ask(Question.FIND, self.transcript.sought)

    def on_prompt_typed(self, message: Prompt.Typed) -> None:
        """Filter and search as one types."""
        message.stop()
        if message.question is Question.FILTER:
            self.threads.set_needle(message.text)
        elif message.question is Question.FIND:
            self.transcript.find(message.text)
        elif message.question is Question.GO_TO:
            self._locator.give_up()
            self.status.display = False
            self.prompt.note("")
        self._note()

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Enter: keep what was typed, or do what was asked for."""
        message.stop()
        text = message.text.strip()
        if message.question in (Question.GO_TO, Question.USER) and holds_secret(text):
            self.prompt.note(f"that {SECRET_REFUSED}", bad=True)
            return
        if message.question is Question.GO_TO and text:
            self.locate(text)
            return
        self._end_question()
        if message.question is Question.FIND:
            self.transcript.end_find(keep=True)
        elif message.question is Question.USER:
            self.threads.set_user(message.text if text else None)  # white space is part of a name

    def on_prompt_given_up(self, message: Prompt.GivenUp) -> None:
        """Esc: as if nothing had been asked."""
        message.stop()
        self._end_question()
        if message.question is Question.FILTER:
            self.threads.set_needle("")
        elif message.question is Question.FIND:
            self.transcript.end_find(keep=False)

    # -- going to an id ----------------------------------------------------------------------------

    def locate(self, text: str) -> None:
        """Open what an id or an address leads to, or say why that cannot be."""
        try:
            reference = read_reference(text)
        except NotAnIdError as error:
            self._locator.refuse(f"it {error}")
            return
        if reference.is_item and self.transcript.go_to_item(reference.id):
            self._end_question()
            self.go_to_pane(Pane.TRANSCRIPT)
        else:
            self._locator.look_for(reference)

    def on_locator_located(self, message: Locator.Located) -> None:
        """Open the thread that was asked for, or say why it cannot be."""
        message.stop()
        thread = self._locator.take_in(message)
        if thread is None:
            return
        if self.prompt.question is Question.GO_TO:
            self._end_question()
        self.status.hush()
        row = self.threads.take_in(thread)
        self.threads.go_to(row.id)
        self.open_thread(row)
        if message.reference.is_item:
            self.transcript.seek(message.reference.id)

    def _say_located(self, words: str, *, bad: bool, again: bool = False) -> None:
        if self.prompt.question is Question.GO_TO:
            # A failure has more words than there is room for beside what was typed.
            self.status.display = again
            if again:
                self.status.tell(words, bad=True)
                words = "Enter tries again"
            self.prompt.note(sanitize(words), bad=bad)
        else:
            self.status.tell(words, bad=bad)
