"""Bookmark threads, write notes on them, and show both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial

from textual.worker import Worker

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.errors import NoteChangedError, NotesError
from chatkit_tui.inspection.notes import NO_NOTE, Note, NoteStore
from chatkit_tui.secrets import holds_secret
from chatkit_tui.storage.private_file import path_exists
from chatkit_tui.text.plain import counted, quoted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost, chosen_threads
from chatkit_tui.ui.actions.questions import QuestionActions
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.note_lines import NoteLines
from chatkit_tui.ui.widgets.prompt import Question

GROUP = "notes"
"""The group of the workers that read and write the file."""


class NoteActions:
    """Keeps the store, and the text of notes that were left without keeping them."""

    def __init__(self, host: ActionHost, questions: QuestionActions) -> None:
        self._host = host
        self._questions = questions
        options = host.options
        self._store = options.thread_notes or NoteStore(options.source.host, lasting=False)
        self._drafts: dict[str, str] = {}
        """What was typed and not kept, by thread id, until the program ends."""
        self._thread_id = ""
        """The thread whose note is in the prompt."""
        self._seen = ""
        """The note of that thread as the user saw it."""
        self._lines: NoteLines | None = None
        host.threads.list.note_of = self._shown

    def load(self) -> None:
        """Read the file if it has changed: another program may have written it."""
        if self._store.has_changed() and path_exists(self._store.path):
            self._run(self._load)

    async def _load(self) -> None:
        try:
            await asyncio.to_thread(self._store.load)
        except NotesError as error:
            self._host.status.report(sanitize(str(error)), bad=True)
        self._show_all()

    def _show_all(self) -> None:
        """Show what has changed in the list, and above the transcript."""
        self._host.threads.list.refresh()
        self._host.threads.filter_again()
        self.show_note()

    def show_note(self) -> None:
        """Show the note of the open thread above its transcript; without one, nothing."""
        row = self._host.transcript.row
        note = NO_NOTE if row is None else self._shown(row.id)
        if self._lines is None and not note.is_empty:
            self._lines = NoteLines(plain=self._host.options.plain)
            self._host.transcript.mount(self._lines, after=self._host.transcript.head)
        if self._lines is not None:
            self._lines.show(note)

    def _shown(self, thread_id: str) -> Note:
        note, mask = self._store.of(thread_id), self._host.options.mask
        return note._replace(text=mask.redactor.text(note.text)) if mask else note

    # -- bookmarks ---------------------------------------------------------------------------------

    def action_bookmark(self) -> None:
        """Bookmark threads; if all of them are bookmarked, remove the bookmarks."""
        ids = [row.id for row in chosen_threads(self._host)]
        self._run(partial(self._bookmark, ids))

    async def _bookmark(self, thread_ids: list[str]) -> None:
        store = self._store
        is_bookmarked = not all(store.of(thread_id).is_bookmarked for thread_id in thread_ids)
        try:
            for thread_id in thread_ids:
                await asyncio.to_thread(store.bookmark, thread_id, is_bookmarked=is_bookmarked)
        except NotesError as error:
            self._host.status.report(sanitize(str(error)), bad=True)
        else:
            threads = counted(len(thread_ids), "thread")
            done = "bookmarked" if is_bookmarked else "no longer bookmarked"
            self._host.status.report(f"{threads} {done}{self._until_when}")
        self._show_all()

    # -- notes -------------------------------------------------------------------------------------

    def action_note(self) -> None:
        """Ask for the note of the open thread, or in the list of the one under the cursor."""
        row = self._thread
        if row is None:
            return
        note = self._store.of(row.id)
        text = self._drafts.get(row.id, note.text)
        self._questions.ask_for(self, Question.NOTE, text, "what to remember of this thread")
        self._thread_id, self._seen = row.id, note.text

    @property
    def _thread(self) -> Row | None:
        host = self._host
        reading = host.where is Pane.TRANSCRIPT
        return host.transcript.row if reading else host.threads.list.current

    def typed(self, text: str) -> None:
        """Say nothing: any text is a note."""

    def answered(self, text: str) -> None:
        """Keep the note; the prompt stays open if that fails."""
        self._run(partial(self._write, self._thread_id, text, self._seen))

    def closed(self, text: str) -> None:
        """Keep what was typed for the next time, unless it is the note itself."""
        thread_id, self._thread_id = self._thread_id, ""
        if not thread_id:
            return
        if text.strip() != self._store.of(thread_id).text:
            self._drafts[thread_id] = text
            self._host.status.report("note: not kept; the command brings back what was typed")
        else:
            self._drafts.pop(thread_id, None)

    async def _write(self, thread_id: str, text: str, seen: str) -> None:
        host = self._host
        try:
            await asyncio.to_thread(partial(self._store.write, thread_id, text, before=seen))
        except NoteChangedError as error:
            self._seen = error.text
            accept = host.keys.first_name("accept")
            now = quoted(sanitize(error.text)) if error.text else "removed"
            self._refuse(f"{accept} replaces what another program wrote: {now}")
        except NotesError as error:
            self._refuse(sanitize(str(error)))
        else:
            self._drafts.pop(thread_id, None)
            self._end(thread_id, text)
            done = "kept" if self._store.of(thread_id).text else "removed"
            without = ", without the key in it" if holds_secret(text) else ""
            host.status.report(f"note: {done}{without}{self._until_when}")
        self._show_all()

    def _end(self, thread_id: str, text: str) -> None:
        """Close the prompt, unless the user went on typing meanwhile."""
        if self._thread_id == thread_id:
            self._seen = self._store.of(thread_id).text
            if self._host.prompt.text == text:
                self._thread_id = ""
                self._questions.end()

    @property
    def _until_when(self) -> str:
        return "" if self._store.is_lasting else " until the program ends"

    def _run(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        _: Worker[None] = self._host.run_worker(work, group=GROUP)

    def _refuse(self, reason: str) -> None:
        """Say why the note was not kept, above the prompt, which keeps what was typed."""
        self._host.status.display = True
        self._host.status.report(reason, bad=True)
