"""First words of threads without a title: fetched for those on the screen, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import GetSource, ListQuery
from chatkit_tui.ui.threads.rows import Row

LOOKED_AT = 3
"""How many items of a thread are looked at for something that the user said."""


class FirstWords:
    """Asks for the beginning of untitled threads that are on the screen, and remembers it.

    One request runs at a time; it is given up when its thread is off the screen. A failure is
    remembered too: the words only help, and are not worth a second try.
    """

    @dataclass
    class Found(Message, namespace="first_words"):
        """What the user said first in a thread; None when that is nothing or not to be had."""

        thread_id: str
        words: str | None

    def __init__(self, get_source: GetSource) -> None:
        self._get_source = get_source
        self.found: dict[str, str | None] = {}
        """What was found, by thread id."""
        self._asking: str | None = None
        self._worker: Worker[None] | None = None

    def want(self, asker: Widget, rows: Sequence[Row]) -> None:
        """See to the untitled threads among these; `asker` is sent `Found` for each."""
        wanted = [row.id for row in rows if row.id and not row.title and row.id not in self.found]
        if self._asking is not None:
            if self._asking in wanted:
                return
            if self._worker is not None:
                self._worker.cancel()
            self._asking = None
        if wanted:
            self._asking = wanted[0]
            self._worker = asker.run_worker(
                partial(self._ask, asker, wanted[0]), group="first words"
            )

    def take_in(self, message: Found) -> None:
        """Remember an answer."""
        self.found[message.thread_id] = message.words
        if self._asking == message.thread_id:
            self._asking = None

    async def _ask(self, asker: Widget, thread_id: str) -> None:
        words = None
        try:
            source = await self._get_source()
            page = await source.list_items(thread_id, ListQuery(LOOKED_AT, "asc", background=True))
        except ChatKitError:
            pass
        else:
            from chatkit_tui.render.threads import first_words

            words = first_words(page)
        asker.post_message(self.Found(thread_id, words))
