"""Open a thread by its id, by the id of an item in it, or by an address."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.errors import ChatKitError, NotFoundError
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.failures import LoadFailure, Waiting, listen_for_retries, load_failure
from chatkit_tui.ui.widgets.prompt import Question

if TYPE_CHECKING:
    from chatkit_tui.models.references import Reference
    from chatkit_tui.models.threads import Thread


class GoToActions:
    """Looks up one reference at a time; a new one replaces the one before."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._wanted: Reference | None = None
        self._offline = False
        """Whether the lookup waits for the server to be reachable again."""

    def locate(self, text: str) -> bool:
        """Look up an id or an address; return whether its item was loaded and is now shown."""
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
        from chatkit_tui.models.threads import read_thread
        from chatkit_tui.sources.item_lookup import thread_of_item

        host = self._host
        tell = partial(host.call_later, self._tell, reference)
        listen_for_retries(lambda retry: tell(Waiting.of(retry).words(), bad=False))
        problem = f"no thread has {reference.id}"
        try:
            source = await host.get_source()
            if reference.is_item:
                found = await thread_of_item(
                    source,
                    reference.id,
                    lambda lookup: tell(ui_text(f"{lookup.asked:,} threads asked…"), bad=False),
                )
                thread = found.thread
                if found.skipped:
                    problem += ui_text(f" · {len(found.skipped):,} could not be listed")
            else:
                thread = read_thread(await source.get_thread(reference.id))
        except NotFoundError:
            tell(f"there is no {reference.id}")
        except ChatKitError as error:
            failure = load_failure(error)
            tell(failure.told, failure=failure)
        else:
            if thread is None:
                tell(problem)
            else:
                host.call_later(self._open, reference, thread)

    def _tell(
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
            self._host.open_located(thread, reference.id if reference.is_item else "")

    def _report(self, text: str, *, bad: bool = False, again: bool = False) -> None:
        """Report on the lookup; `again` means that the same input can be submitted again."""
        host = self._host
        if host.prompt.question is Question.GO_TO:
            # A failure is too long for the room beside the input.
            host.status.display = again
            if again:
                host.status.tell(text, bad=True)
                text = f"{host.keys.first_name('accept')} tries again"
            host.prompt.note(sanitize(text), bad=bad)
        else:
            host.status.tell(text, bad=bad)
