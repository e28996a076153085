"""Pipe a part of a conversation to a shell command, or open it in a pager or an editor."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, cast

from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.text.plain import counted, quoted
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.messages import Reported

if TYPE_CHECKING:
    from chatkit_tui.export.outgoing import Conversation, Outgoing, Scope
    from chatkit_tui.feed import Feed
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.ui.child_process import ChildHost
    from chatkit_tui.ui.screens.outgoing_menu import Offer

GROUP = "outgoing"
"""The group of the worker that runs a child."""


class OutgoingActions:
    """Asks what goes out, loads what is missing of it, and runs the program."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._command = ""
        """The last command that was piped to."""
        self._last: Outgoing | None = None

    def action_pipe(self) -> None:
        """Ask for a shell command and for what it gets."""
        from chatkit_tui.ui.screens.outgoing_menu import pipe_menu

        if self._is_possible():
            offers = self._offers()
            menu = pipe_menu(offers, self._chosen(offers), self._command, self._host.keys)
            self._host.app.push_screen(menu, self._piped)

    def action_open_in_pager(self) -> None:
        """Ask what to read in the pager."""
        pager = os.environ.get("PAGER", "").strip()
        default = next((name for name in ("less", "more") if shutil.which(name)), "cat")
        self._ask_to_open(pager or default, "PAGER", self._page)

    def action_open_in_editor(self) -> None:
        """Ask what to open in the editor."""
        variables = ("VISUAL", "EDITOR")
        named = next((name for name in variables if os.environ.get(name, "").strip()), "")
        self._ask_to_open(os.environ[named].strip() if named else "vi", named, self._edit)

    def _ask_to_open(
        self, command: str, variable: str, then: Callable[[str, Outgoing], None]
    ) -> None:
        from chatkit_tui.ui.child_process import name_of, why_not_installed
        from chatkit_tui.ui.screens.outgoing_menu import OpenMenu

        if reason := why_not_installed(command, variable):
            self._say(reason, bad=True)
        elif self._is_possible():
            offers = self._offers()
            title = sanitize(f"Open in {name_of(command)}")
            menu = OpenMenu(title, offers, self._host.keys, chosen=self._chosen(offers))

            def chosen(offer: Offer | None) -> None:
                if offer is not None:
                    then(command, offer.outgoing)

            self._host.app.push_screen(menu, chosen)

    def _is_possible(self) -> bool:
        if sys.platform == "win32":
            self._say("programs cannot be given the terminal on Windows", bad=True)
            return False
        return True

    def _say(self, words: str, *, bad: bool = False) -> None:
        self._host.post_message(Reported(words, bad=bad))

    # -- what is offered ---------------------------------------------------------------------------

    def _offers(self) -> list[Offer]:
        """Return what can go out: marked items, the item, what is loaded, and all."""
        from chatkit_tui.export.outgoing import Form, Outgoing, Scope
        from chatkit_tui.ui.screens.outgoing_menu import Offer

        notes: dict[Scope, str] = {}
        feed = self._host.transcript.feed
        if marked := self._host.transcript.view.marked():
            notes[Scope.MARKED] = counted(len(marked), "item")
        if (row := self._host.transcript.view.entry()) is not None:
            notes[Scope.ITEM] = f"{row.size:,} bytes of JSON"
        if feed is not None and not feed.whole:
            notes[Scope.LOADED] = f"{counted(len(feed), 'item')}, not the whole"
        if feed is not None:
            whole = counted(len(feed), "item")
            notes[Scope.CONVERSATION] = whole if feed.whole else "loads the rest first"
        return [
            Offer(Outgoing(scope, form), note) for scope, note in notes.items() for form in Form
        ]

    def _chosen(self, offers: list[Offer]) -> int:
        """Return the row of what went out last."""
        rows = [offer.outgoing for offer in offers]
        return rows.index(self._last) if self._last in rows else 0

    # -- what is loaded ----------------------------------------------------------------------------

    def conversation(self, feed: Feed) -> Conversation | None:
        """Return what is loaded; None if another thread is open by now."""
        from chatkit_tui.export.heading import ConversationHead
        from chatkit_tui.export.outgoing import Conversation

        host = self._host
        row = host.transcript.row
        if row is None or host.transcript.feed is not feed:
            return None
        created = None if row.seconds is None else Timestamp(row.seconds, row.approximate)
        head = ConversationHead(
            row.id,
            _amount(feed),
            row.title or "",
            row.user or "",
            row.status,
            created,
            max((entry.page.asked[1] for entry in (*feed.old, *feed.new)), default=None),
            host.options.source.host,
            "yes" if host.options.mask else "",
        )
        return Conversation(head, tuple(feed.old), tuple(reversed(feed.new)), feed.whole)

    def load_rest(self, feed: Feed, then: Callable[[], None]) -> None:
        """Load all items with progress, which the stop command ends, and call `then`."""
        pane = self._host.transcript

        def follow() -> bool:
            pane.view.feed_changed()
            return True

        def finish() -> None:
            if feed.whole:
                then()
            else:
                reason = feed.broken or "it could not be loaded"
                self._say(f"the conversation is not whole: {reason}", bad=True)

        pane.load_for(finish, lambda feed: feed.load_rest(follow), "loading the whole conversation")

    # -- the programs ------------------------------------------------------------------------------

    def _piped(self, answer: tuple[Outgoing, str] | None) -> None:
        if answer is not None:
            outgoing, self._command = answer
            self._prepare(outgoing, partial(self._run, self._command, outgoing, self._command))

    def _page(self, command: str, outgoing: Outgoing) -> None:
        self._prepare(outgoing, partial(self._run, command, outgoing, command))

    def _edit(self, command: str, outgoing: Outgoing) -> None:
        shell = f'{command} "$1"'
        self._prepare(outgoing, partial(self._run, shell, outgoing, command, in_file=True))

    def _prepare(
        self, outgoing: Outgoing, run: Callable[[Callable[[], Iterable[bytes]]], None]
    ) -> None:
        """Call `run` with a function that makes the text, once all of it is loaded."""
        from chatkit_tui.export.outgoing import Scope, conversation_pieces, item_pieces

        self._last = outgoing
        pane = self._host.transcript
        context, row, feed = pane.view.context, pane.view.entry(), pane.feed

        def begin() -> None:
            if feed is not None and (conversation := self.conversation(feed)) is not None:
                run(partial(conversation_pieces, conversation, outgoing.form, context))

        if outgoing.scope is Scope.ITEM:
            if row is not None:
                run(partial(item_pieces, row, outgoing.form, context))
        elif outgoing.scope is Scope.MARKED:
            if feed is not None and (conversation := self.conversation(feed)) is not None:
                chosen = _only(conversation, pane.view.marked())
                run(partial(conversation_pieces, chosen, outgoing.form, context))
        elif outgoing.scope is Scope.LOADED or feed is None or feed.whole:
            begin()
        else:
            self.load_rest(feed, begin)

    def _run(
        self,
        command: str,
        outgoing: Outgoing,
        shown: str,
        make: Callable[[], Iterable[bytes]],
        *,
        in_file: bool = False,
    ) -> None:
        work = partial(self._send, command, outgoing, shown, make, in_file=in_file)
        self._host.run_worker(work, group=GROUP, exclusive=True)

    async def _send(
        self,
        command: str,
        outgoing: Outgoing,
        shown: str,
        make: Callable[[], Iterable[bytes]],
        *,
        in_file: bool,
    ) -> None:
        from chatkit_tui.ui import child_process as children

        app = cast("ChildHost", self._host.app)
        may_return = children.is_full_screen(shown, os.environ)
        try:
            if in_file:
                name = f"{outgoing.scope.split()[-1]}{outgoing.form.suffix}"
                with children.private_folder(app) as folder:
                    path = await asyncio.to_thread(children.write_private, folder / name, make)
                    child = children.Child(command, (str(path),))
                    words = await children.run_child(app, child, may_return=may_return)
            else:
                with await asyncio.to_thread(children.unnamed_file, make) as file:
                    child = children.Child(command, input=file)
                    words = await children.run_child(app, child, may_return=may_return)
        except OSError as error:
            self._say(f"no temporary file could be written: {error.strerror}", bad=True)
        else:
            report = f"{words}: {outgoing.words} to {quoted(sanitize(shown))}"
            self._say(report, bad=words != children.DONE)


def _only(conversation: Conversation, rows: list[RawRow]) -> Conversation:
    """Return a conversation of which only some rows are given out."""
    head = conversation.head._replace(amount=f"{counted(len(rows), 'item')} chosen of the thread")
    return conversation._replace(
        head=head, before_gap=rows, after_gap=(), is_whole=False, is_chosen=True
    )


def _amount(feed: Feed) -> str:
    """Return how much is loaded; only a feed that is whole has all items."""
    if feed.whole:
        return f"all {counted(len(feed), 'item')}"
    return f"{counted(len(feed), 'item')} loaded of more; the conversation is not whole"
