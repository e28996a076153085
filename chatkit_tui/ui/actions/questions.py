"""Questions that the prompt asks, and what the answers lead to."""

from __future__ import annotations

from typing import Final

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.secrets import SECRET_REFUSED, holds_secret
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.go_to import GoToActions
from chatkit_tui.ui.widgets.prompt import Prompt, Question

TITLES: Final = {
    Question.FILTER: ("keep", "show all"),
    Question.USER: ("load threads", "leave"),
    Question.GO_TO: ("go", "leave"),
    Question.FIND: ("keep", "end search"),
}
"""What the keys that accept and give up mean for each question."""


class QuestionActions:
    """Asks for a filter, a user, an id or a text to find, in place of the status line."""

    def __init__(self, host: ActionHost, go_to: GoToActions) -> None:
        self._host = host
        self._go_to = go_to

    def _ask(self, question: Question, text: str = "", placeholder: str = "") -> None:
        self._host.status.display = False
        self._host.prompt.ask(question, text, placeholder=placeholder)
        self.update_note()

    def update_note(self) -> None:
        """Show beside the prompt what its text leads to."""
        host = self._host
        if host.prompt.question is Question.FILTER:
            host.prompt.note(host.threads.amount)
        elif host.prompt.question is Question.FIND:
            host.prompt.note(host.transcript.found_words)

    def hints(self) -> list[tuple[str, str]]:
        """Return the hints of the footer while a question is asked."""
        question, keys = self._host.prompt.question, self._host.keys
        if question is None:
            return []
        accept, give_up = TITLES[question]
        hints = [(keys.first_name("accept"), accept), (keys.first_name("give_up"), give_up)]
        if question is Question.FILTER:
            hints.append((keys.pair("line_down", "line_up", Pane.PROMPT), "move"))
        return hints

    def end(self) -> None:
        """Close the prompt and give the pane the focus."""
        self._go_to.cancel()
        self._host.prompt.close()
        self._host.status.display = True
        self._host.go_to_pane(self._host.where)

    def action_filter(self) -> None:
        """Ask which text the listed threads must contain."""
        needle = self._host.threads.filter
        self._ask(Question.FILTER, needle, "in title, first words, user, status or id")

    def action_user(self) -> None:
        """Ask whose threads to load."""
        user = self._host.threads.user or ""
        self._ask(Question.USER, user, "the user's exact name; empty for all")

    def action_go_to(self) -> None:
        """Ask for an id or an address."""
        self._ask(Question.GO_TO, "", ui_text("cthr_…, cti_…, or an address"))

    def action_find(self) -> None:
        """Ask what to search for in the transcript."""
        self._ask(Question.FIND, self._host.transcript.sought)

    def typed(self, message: Prompt.Typed) -> None:
        """Filter and search while the user types."""
        host = self._host
        if message.question is Question.FILTER:
            host.threads.set_filter(message.text)
        elif message.question is Question.FIND:
            host.transcript.find(message.text)
        elif message.question is Question.GO_TO:
            self._go_to.cancel()
            host.status.display = False
            host.prompt.note("")
        self.update_note()

    def answered(self, message: Prompt.Answered) -> None:
        """Apply the answer."""
        host = self._host
        text = message.text.strip()
        if message.question in (Question.GO_TO, Question.USER) and holds_secret(text):
            host.prompt.note(f"that {SECRET_REFUSED}", bad=True)
        elif message.question is Question.GO_TO and text:
            if self._go_to.locate(text):
                self.end()
        else:
            self.end()
            if message.question is Question.FIND:
                host.transcript.end_find(keep=True)
            elif message.question is Question.USER:
                host.threads.set_user(message.text if text else None)  # spaces are part of a name

    def given_up(self, message: Prompt.GivenUp) -> None:
        """Undo what typing did."""
        self.end()
        if message.question is Question.FILTER:
            self._host.threads.set_filter("")
        elif message.question is Question.FIND:
            self._host.transcript.end_find(keep=False)
