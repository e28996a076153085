"""Questions that the prompt asks, what the answers lead to, and the lookup of an id."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from textual.worker import Worker

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.errors import ChatKitError, NotFoundError
from chatkit_tui.secrets import SECRET_REFUSED, holds_secret
from chatkit_tui.text.plain import counted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.find import FindActions
from chatkit_tui.ui.failures import LoadFailure, Waiting, listen_for_retries, load_failure
from chatkit_tui.ui.widgets.prompt import Prompt, Question

if TYPE_CHECKING:
    from chatkit_tui.models.references import Reference
    from chatkit_tui.models.threads import Thread

TITLES: Final = {
    Question.FILTER: ("keep", "show all"),
    Question.USER: ("load threads", "leave"),
    Question.GO_TO: ("go", "leave"),
    Question.FIND: ("keep", "end search"),
    Question.ITEMS: ("show", "leave"),
    Question.NOTE: ("keep", "leave"),
    Question.COMPARE: ("compare", "leave"),
}
"""What the keys that accept and give up mean for each question."""


class Asker(Protocol):
    """A controller with a question of its own."""

    def typed(self, text: str) -> None:
        """Say what is wrong with the text so far, if anything is."""

    def answered(self, text: str) -> None:
        """Act on the text, and end the question if it is accepted."""

    def closed(self, text: str) -> None:
        """Note what was typed: the question ends, for whatever reason."""


class QuestionActions:
    """Asks for a filter, a user, an id or a text to find, in place of the status line."""

    def __init__(self, host: ActionHost, go_to: GoToActions, finding: FindActions) -> None:
        self._host = host
        self._finding = finding
        self._go_to = go_to
        self._asker: Asker | None = None
        self._completions: list[str] = []
        """What the text was completed from."""
        self._start: str | None = None
        """The thread that the cursor was on before the text of the filter changed, by key."""
        self._left: str | None = None
        """The thread on which the last change of the filter left it."""

    def ask_for(self, asker: Asker, question: Question, text: str, placeholder: str) -> None:
        """Ask a question of another controller."""
        self._ask(question, text, placeholder)
        self._asker = asker

    def _ask(
        self, question: Question, text: str = "", placeholder: str = "", *, select: bool = False
    ) -> None:
        self._close_asker()
        self._host.status.display = False
        self._host.prompt.ask(question, text, placeholder=placeholder, select=select)
        self.update_note()

    def update_note(self) -> None:
        """Show beside the prompt what its text leads to."""
        host = self._host
        if host.prompt.question is Question.FILTER:
            filtering = host.threads.filtering
            saved = "  ".join(self._saved_names())
            words = filtering.problem or saved or filtering.remark or host.threads.amount
            host.prompt.note(words, bad=bool(filtering.problem))
        elif host.prompt.question is Question.FIND:
            problem = self._finding.problem
            host.prompt.note(problem or self._finding.words(), bad=bool(problem))

    def hints(self) -> list[tuple[str, str]]:
        """Return the hints of the footer while a question is asked."""
        question, keys = self._host.prompt.question, self._host.keys
        if question is None:
            return []
        accept, give_up = TITLES[question]
        hints = [(keys.first_name("accept"), accept), (keys.first_name("give_up"), give_up)]
        if question is Question.FIND and self._finding.is_reading:
            hints.insert(0, (keys.first_name("stop_search", Pane.PROMPT), "stop"))
            del hints[2:]
        elif question is Question.FIND and self._finding.is_unread:
            hints.append((keys.first_name("read_on", Pane.PROMPT), "load the rest"))
        elif question is Question.FILTER:
            hints.append((keys.pair("line_down", "line_up", Pane.PROMPT), "move"))
        return hints

    def _close_asker(self) -> None:
        asker, self._asker = self._asker, None
        if asker is not None:
            asker.closed(self._host.prompt.text)

    def end(self) -> None:
        """Close the prompt and give the pane the focus."""
        self._close_asker()
        self._go_to.cancel()
        self._host.prompt.close()
        self._host.status.display = True
        self._host.go_to_pane(self._host.where)

    def action_filter(self) -> None:
        """Ask which text the listed threads must contain."""
        needle = self._host.threads.filter
        self._start = self._left = None
        self._ask(Question.FILTER, needle, "text  s:locked  u:ada  since:7d  is:unanswered  -not")

    def action_user(self) -> None:
        """Ask whose threads to load."""
        threads = self._host.threads
        current = threads.list.current
        user = threads.user or (current.user if current else None) or ""
        self._ask(Question.USER, user, "the user's exact name; empty for all", select=True)

    def action_complete(self) -> None:
        """Complete the text to the next of what is possible."""
        prompt = self._host.prompt
        if prompt.text not in self._completions:
            self._completions = self._possible(prompt.text)
            place = -1
        else:
            place = self._completions.index(prompt.text)
        if self._completions:
            prompt.replace(self._completions[(place + 1) % len(self._completions)])
        elif prompt.question in (Question.FILTER, Question.USER):
            prompt.note("nothing completes this")

    def _possible(self, text: str) -> list[str]:
        from chatkit_tui.predicates.predicate import Predicate
        from chatkit_tui.search.completion import Names, filter_completions, user_completions

        host = self._host
        host.threads.look_at_users()
        users = host.threads.users.names
        if host.prompt.question is Question.USER:
            return user_completions(text, users)
        if host.prompt.question is Question.FILTER:
            saved = host.threads.filtering.saved
            return filter_completions(text, Names(saved, users, [*Predicate]))
        return []

    def _saved_names(self) -> list[str]:
        """Return the saved filters that the word at the end can become."""
        saved = self._host.threads.filtering.saved
        word = self._host.prompt.text.rpartition(" ")[2].removeprefix("-")
        if not word.startswith("@") or word.removeprefix("@") in saved:
            return []
        return [f"@{name}" for name in saved if f"@{name}".startswith(word)]

    def action_go_to(self) -> None:
        """Ask for an id or an address."""
        self._ask(Question.GO_TO, "", ui_text("cthr_…, cti_…, or an address"))

    def action_find(self) -> None:
        """Ask what to search for in the transcript."""
        search = self._host.transcript.search
        self._finding.problem = ""
        self._ask(Question.FIND, search.query if search else "")
        self._host.prompt.name_question(self._finding.label)

    def typed(self, message: Prompt.Typed) -> None:
        """Filter and search while the user types."""
        if message.question is Question.GO_TO:
            self._go_to.cancel()
        self._host.status.display = False
        self._host.prompt.note("")
        if message.question is Question.FILTER:
            self._filter(message.text)
        elif message.question is Question.FIND:
            self._finding.find(message.text)
        elif self._asker is not None:
            self._asker.typed(message.text)
        self.update_note()

    def answered(self, message: Prompt.Answered) -> None:
        """Apply the answer."""
        host = self._host
        text = message.text.strip()
        if self._asker is not None:
            self._asker.answered(message.text)
        elif message.question in (Question.GO_TO, Question.USER) and holds_secret(text):
            host.prompt.note(f"that {SECRET_REFUSED}", bad=True)
        elif message.question is Question.GO_TO and text:
            if self._go_to.locate(text):
                self.end()
        elif text and self._is_invalid(message):
            self.update_note()  # the prompt stays open, and says why
        else:
            self.end()
            if message.question is Question.FIND:
                host.transcript.end_find(keep=True)
            elif message.question is Question.USER:
                user = message.text if text else None  # spaces are part of a name
                mask = host.options.mask
                host.threads.set_user(mask.hide(user) if mask and user else user)

    def _is_invalid(self, message: Prompt.Answered) -> bool:
        """Whether a filter or an expression to find is invalid and cannot be completed."""
        if message.question is Question.FILTER:
            self._finish_filter(message.text)
            return bool(self._host.threads.filtering.problem)
        return message.question is Question.FIND and bool(self._finding.problem)

    def _finish_filter(self, text: str) -> None:
        """Complete an operator that has no effect as it is and can become only one thing."""
        threads = self._host.threads
        if threads.filtering.problem and len(possible := self._possible(text)) == 1:
            self._filter(possible[0])

    def _filter(self, text: str) -> None:
        """Filter the list, with the cursor on the thread it was on before, once that is shown."""
        threads = self._host.threads
        if (key := self._key()) != self._left:
            self._start = key  # the user moved it
        threads.set_filter(text)
        if self._start and (index := threads.list.rows.index(self._start)) is not None:
            threads.list.move_to(index)
        self._left = self._key()

    def _key(self) -> str | None:
        current = self._host.threads.list.current
        return current.key if current else None

    def given_up(self, message: Prompt.GivenUp) -> None:
        """Undo what typing did."""
        self.end()
        if message.question is Question.FILTER:
            self._filter("")
        elif message.question is Question.FIND:
            self._host.transcript.end_find(keep=False)


class GoToActions:
    """Looks up one reference at a time; a new one replaces the one before."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._wanted: Reference | None = None
        self._item_id = ""
        """The item to go to in the thread."""
        self._offline = False
        """Whether the lookup waits for the server to be reachable again."""

    def locate(self, text: str, item_id: str = "") -> bool:
        """Look up an id or an address; return whether its item was loaded and is now shown.

        `item_id` is an item to go to in the thread.
        """
        from chatkit_tui.models.references import NotAnIdError, read_reference

        self.cancel()
        host = self._host
        try:
            reference = read_reference(text)
        except NotAnIdError as error:
            self._report(f"there is no id in that: it {error}", bad=True)
            return False
        if reference.is_item and host.transcript.go_to_item(reference.id):
            host.go_to_pane(Pane.TRANSCRIPT)
            return True
        self._item_id = item_id
        self._look_up(reference)
        return False

    def cancel(self) -> None:
        """Cancel the lookup."""
        self._host.cancel_workers("locate")
        self._wanted, self._offline = None, False

    def resume(self) -> None:
        """Repeat a lookup that failed because the server was not reachable."""
        if self._offline and self._wanted is not None:
            self._look_up(self._wanted)

    def _look_up(self, reference: Reference) -> None:
        self.cancel()
        self._wanted = reference
        self._report(ui_text("looking…"))
        _: Worker[None] = self._host.run_worker(partial(self._retrieve, reference), group="locate")

    async def _retrieve(self, reference: Reference) -> None:
        from chatkit_tui.inspection.item_lookup import thread_of_item
        from chatkit_tui.models.threads import read_thread

        host = self._host
        report = partial(host.call_later, self._report_on, reference)
        listen_for_retries(lambda retry: report(Waiting.of(retry).words(), bad=False))
        problem = f"no thread has {reference.id}"
        try:
            source = await host.get_source()
            if reference.is_item:
                found = await thread_of_item(
                    source,
                    reference.id,
                    lambda lookup: report(
                        ui_text(f"{counted(lookup.asked, 'thread')} asked…"), bad=False
                    ),
                )
                thread = found.thread
                if found.skipped:
                    problem += ui_text(f" · {len(found.skipped):,} could not be listed")
            else:
                thread = read_thread(await source.get_thread(reference.id))
        except ChatKitError as error:
            if isinstance(error, NotFoundError) and error.from_api:
                report(f"there is no {reference.id}")
            else:
                failure = load_failure(error)
                report(failure.with_wait, failure=failure)
        else:
            if thread is None:
                report(problem)
            else:
                host.call_later(self._open, reference, thread)

    def _report_on(
        self,
        reference: Reference,
        text: str,
        *,
        bad: bool = True,
        failure: LoadFailure | None = None,
    ) -> None:
        """Report on a lookup, if it is still wanted."""
        if reference is self._wanted:
            self._offline = failure is not None and failure.offline
            self._report(text, bad=bad, again=failure is not None)

    def _open(self, reference: Reference, thread: Thread) -> None:
        if reference is self._wanted:
            self._wanted = None
            item_id = reference.id if reference.is_item else self._item_id
            self._host.open_located(thread, item_id)

    def _report(self, text: str, *, bad: bool = False, again: bool = False) -> None:
        """Report on the lookup; `again` means that the same input can be submitted again."""
        host = self._host
        if host.prompt.question is Question.GO_TO:
            # A failure is too long for the room beside the input.
            host.status.display = again
            if again:
                host.status.report(text, bad=True)
                text = f"{host.keys.first_name('accept')} tries again"
            host.prompt.note(sanitize(text), bad=bad)
        else:
            host.status.report(text, bad=bad)
