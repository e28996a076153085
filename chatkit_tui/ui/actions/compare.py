"""Compare two threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.secrets import SECRET_REFUSED, holds_secret
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.times import moment
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.questions import QuestionActions
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.widgets.prompt import Question

if TYPE_CHECKING:
    from chatkit_tui.ui.screens.compare import ComparedThread


class CompareActions:
    """Finds the two threads, asks for one that is missing, and opens their comparison."""

    def __init__(self, host: ActionHost, questions: QuestionActions) -> None:
        self._host = host
        self._questions = questions
        self._first: Row | None = None
        """The thread that another one is asked for."""

    def action_compare(self) -> None:
        """Compare the two marked threads, else the open one and the one under the cursor."""
        host = self._host
        marked = list(host.threads.marks.values())
        if len(marked) > 2:
            host.status.report(f"compare: {len(marked)} threads are marked, and two are compared")
            return
        rows = {row.id: row for row in (*marked, host.transcript.row, host.threads.list.current)
                if row is not None and row.id}  # fmt: skip
        found = [*rows.values()]
        if len(found) > 1:
            self._open(found[0], found[1])
        elif not found:
            host.status.report("compare: there is no thread to compare")
        else:
            placeholder = ui_text("cthr_…, the id of the other thread")
            self._questions.ask_for(self, Question.COMPARE, "", placeholder)
            self._first = found[0]

    def typed(self, text: str) -> None:
        """Say nothing: an id is looked up when it is complete."""

    def answered(self, text: str) -> None:
        """Compare with the thread whose id was typed."""
        from chatkit_tui.models.references import NotAnIdError, read_reference

        host, first = self._host, self._first
        if holds_secret(text):
            host.prompt.note(f"that {SECRET_REFUSED}", bad=True)
            return
        try:
            reference = read_reference(text)
        except NotAnIdError as error:
            host.prompt.note(sanitize(f"there is no id in that: it {error}"), bad=True)
            return
        if first is None or reference.is_item or reference.id == first.id:
            host.prompt.note("give the id of another thread", bad=True)
            return
        self._questions.end()
        self._open(first, host.threads.row_of(reference.id) or reference.id)

    def closed(self, text: str) -> None:
        del text
        self._first = None

    def _open(self, first: Row, second: Row | str) -> None:
        from chatkit_tui.ui.screens.compare import CompareScreen

        host = self._host
        threads = [self._named(first), self._named(second)]
        host.app.push_screen(CompareScreen(host.get_source, threads, host.keys))

    def _named(self, thread: Row | str) -> ComparedThread:
        from chatkit_tui.ui.screens.compare import ComparedThread

        if isinstance(thread, str):
            return ComparedThread(thread, thread)
        when = "" if thread.seconds is None else moment(thread.seconds, self._host.options.zone)
        about = ui_text(" · ").join(part for part in (thread.user, when) if part)
        return ComparedThread(thread.id, thread.title or thread.id, about)
