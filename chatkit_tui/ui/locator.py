"""Going to an id: a thread is asked for, the thread of an item is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual.message import Message
from textual.worker import Worker

from chatkit_tui.errors import ChatKitError, NotFoundError
from chatkit_tui.models.references import Reference
from chatkit_tui.sources.base import Retry
from chatkit_tui.sources.item_lookup import thread_of_item
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.failures import LoadFailure, Waiting, load_failure

if TYPE_CHECKING:
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.ui.screens.asking import AskingScreen


class Say(Protocol):
    """Tells something, as it came; what is `bad` ended the search, and can be worth it `again`."""

    def __call__(self, words: str, *, bad: bool, again: bool = False) -> object:
        """Tell it."""
        ...


class Locator:
    """Looks for one thing at a time; what was asked for last is what is wanted."""

    @dataclass
    class Located(Message, namespace="locator"):
        """A thread was looked for: the thread, or why there is none, or how far the search is."""

        reference: Reference
        words: str = ""
        thread: Thread | None = None
        going_on: bool = False
        trouble: LoadFailure | None = None
        """Why it could not be looked for."""

    def __init__(self, screen: AskingScreen, say: Say) -> None:
        """`say` tells how the search stands."""
        self._screen = screen
        self._say = say
        self._wanted: Reference | None = None
        self._waits = False
        """Whether what is wanted waits for the server to be in reach."""

    def refuse(self, reason: str) -> None:
        """Say why the text is not an id. Nothing is looked for."""
        self.give_up()
        self._say(f"there is no id in that: {reason}", bad=True)

    def look_for(self, reference: Reference) -> None:
        """Look for a thread or an item."""
        self.give_up()
        self._wanted = reference
        self._say(ui_text("looking…"), bad=False)
        _: Worker[None] = self._screen.run_worker(
            partial(self._look_for, reference), group="locate"
        )

    def give_up(self) -> None:
        """Want nothing any more, and cancel what is under way."""
        self._screen.workers.cancel_group(self._screen, "locate")
        self._wanted, self._waits = None, False

    def go_on(self) -> None:
        """The server is in reach again: look for what is still wanted."""
        if self._waits and self._wanted is not None:
            self.look_for(self._wanted)

    async def _look_for(self, reference: Reference) -> None:
        browse = self._screen

        def going_on(words: str) -> None:
            browse.post_message(self.Located(reference, words, going_on=True))

        def waits(retry: Retry) -> None:
            going_on(Waiting.of(retry).words())

        try:
            gateway = (await browse.gateway()).with_options(on_retry=waits)
            if reference.is_item:
                thread = await thread_of_item(
                    gateway,
                    reference.id,
                    lambda count: going_on(ui_text(f"{count:,} threads asked…")),
                )
            else:
                thread = await gateway.threads.retrieve(reference.id)
        except NotFoundError:
            browse.post_message(self.Located(reference, f"there is no {reference.id}"))
        except ChatKitError as error:
            trouble = load_failure(error)
            browse.post_message(self.Located(reference, trouble.told, trouble=trouble))
        else:
            problem = "" if thread else f"no thread has {reference.id}"
            browse.post_message(self.Located(reference, problem, thread))

    def take_in(self, message: Located) -> Thread | None:
        """The thread that was found, if it is still wanted; else how the search stands is told."""
        if message.reference is not self._wanted:
            return None
        if message.thread is None:
            self._waits = message.trouble is not None and message.trouble.offline
            self._say(message.words, bad=not message.going_on, again=message.trouble is not None)
            return None
        self._wanted = None
        return message.thread
