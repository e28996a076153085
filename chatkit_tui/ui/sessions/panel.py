"""The session panel: create sessions, show them, cancel them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.message import Message
from textual.widgets import Button, ContentSwitcher, Input, Static
from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import SESSION_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.errors import ChatKitError
from chatkit_tui.secrets import SECRET_REFUSED, holds_secret, redact
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.failures import Waiting, listen_for_retries
from chatkit_tui.ui.leaving import UNBROKEN
from chatkit_tui.ui.messages import Said
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.sessions.call import Call, CancelSessionDialog
from chatkit_tui.ui.sessions.card import SessionCard
from chatkit_tui.ui.sessions.form import SessionForm, field_of
from chatkit_tui.ui.sessions.list import SessionList
from chatkit_tui.ui.widgets.field import TextField, takes_key

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session, SessionRequest
    from chatkit_tui.sessions.history import SessionHistory, SessionRecord
    from chatkit_tui.sources.base import GetSource, Retry, ThreadSource

READ_WITHIN = 3
"""Seconds that a message stays before the progress of a request replaces it."""


class SessionPanel(ModalOnce[None]):
    """Covers the right part of a wide screen, or all of a narrow one.

    It is created once and keeps its input and its sessions while it is closed.
    """

    AUTO_FOCUS = "#list"
    DEFAULT_CSS = """
    SessionPanel {
        align: right middle;
        #panel {
            width: 66;
            max-width: 100%;
            height: 100%;
            background: $surface;
            border-left: vkey $primary;
            padding: 0 1;
        }
        #title { text-style: bold; height: 1; margin-bottom: 1; }
        ContentSwitcher { height: 1fr; }
        #which { display: none; height: 1; }
        #say { height: auto; color: $text-warning; }
        #keys { height: auto; color: $text-muted; }
    }
    SessionPanel.-narrow #panel { width: 100%; border-left: none; }
    SessionPanel.-asking #which { display: block; }
    """

    @dataclass
    class Created(Message):
        """A session was made."""

        session: Session

    @dataclass
    class Cancelled(Message):
        """A session was cancelled."""

        session_id: str
        session: Session

    @dataclass
    class Waits(Message):
        """A request failed, and the source waits to retry it."""

        waiting: Waiting

    @dataclass
    class Failed(Message):
        """A request failed; the input stays."""

        words: str
        path: str = ""
        """The field that the server rejected, if it named one."""

    def __init__(
        self,
        get_source: GetSource,
        register: SessionHistory,
        *,
        options: Options,
        copy: Callable[[str], Awaitable[str]],
        gate: ConfirmationGate,
        keys: Keymap,
    ) -> None:
        """`register` is the list of sessions; `copy` copies a text and returns a report."""
        super().__init__()
        self._get_source = get_source
        self._register = register
        self._host = options.source.host
        self._clock = options.clock
        self._zone = options.zone
        self._read_only = options.read_only
        self._copy = copy
        self._gate = gate
        self._keys = keys
        self._stop_key = keys.first_name("session_back")
        self.commands = CommandKeys(self, SESSION_COMMANDS, keys, lambda: self.context)
        self._call: Call | None = None
        """The request in flight."""
        self._failed_field: str | None = None
        """The field that the server rejected, empty for any; None without a failure."""
        self._counted_from = 0.0
        self._sessions: dict[str, Session] = {}
        """The sessions of this run by id; only these have secrets."""

    # -- content ----------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Vertical(id="panel"):
            yield Static(id="title", markup=False)
            with ContentSwitcher(initial="list"):
                yield SessionList(self._clock)
                yield SessionForm(self._keys.first_name("session_create"))
                yield SessionCard(self._clock, self._zone, self._keys)
            yield TextField(id="which", compact=True, placeholder="id of the session to cancel")
            yield Static(id="say", markup=False)
            yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        if not self._is_whole:
            return
        self.query_one("#which", Input).cursor_blink = False
        self.set_interval(1, self._tick)
        self._list_again()
        self._label()
        self._say("")

    @property
    def _is_whole(self) -> bool:
        """Whether the panel is complete, which it is not if the program ends while it opens."""
        return bool(self.query(SessionList)) and bool(self.query("#which, #keys"))

    def on_screen_resume(self) -> None:
        self._tick()

    def on_resize(self) -> None:
        self.set_class(self.app.size.width < 100, "-narrow")

    def _tick(self) -> None:
        if not self.is_current or not self._is_whole:
            return
        if self._call is not None and self._clock() >= self._counted_from:
            self._say(self._call.words(self._clock(), self._stop_key))
        if self._view == "list":
            self.query_one(SessionList).tick()
        elif self._view == "card":
            self.query_one(SessionCard).tick()

    @property
    def _view(self) -> str:
        return self.query_one(ContentSwitcher).current or "list"

    def _go(self, view: str) -> None:
        self.query_one(SessionCard).mask()
        self.query_one(ContentSwitcher).current = view
        self.remove_class("-asking")
        if view == "form":
            self.query_one(SessionForm).focus_first()
        else:
            self.query_one(f"#{view}").focus()
        self._label()

    def _show(self, session: Session) -> None:
        self._sessions[session.id] = session
        self.query_one(SessionCard).show(session)
        self._go("card")

    def on_said(self, message: Said) -> None:
        """Show a message while the panel is open."""
        message.stop()
        self._say(message.text)

    def _say(self, words: str) -> None:
        asking = self.has_class("-asking")
        if not words and self._view == "list" and not asking and not self._records:
            words = (
                "None yet. The API cannot list sessions, so only those made from here are known."
            )
        self._failed_field = None
        self.query_one("#say", Static).update(words)

    @property
    def _records(self) -> tuple[SessionRecord, ...]:
        return self.query_one(SessionList).records

    def _label(self) -> None:
        titles = {
            "list": "Sessions made from here",
            "form": "New session",
            "card": "Session",
        }
        self.query_one("#title", Static).update(
            titles[self._view] + ("  READ-ONLY" if self._read_only else "")
        )
        hints = [f"{key} {title}" for key, title in self.commands.hints()]
        self.query_one("#keys", Static).update(ui_text(" · ").join(hints))

    def _can_cancel(self) -> bool:
        if self._view == "card":
            session = self.query_one(SessionCard).session
            return session is not None and bool(session.id) and session.status != "cancelled"
        return self._view == "list" and bool(self._records)

    def _list_again(self) -> None:
        self.query_one(SessionList).show(self._register.all())

    # -- commands ---------------------------------------------------------------------------------

    @property
    def moves(self) -> SessionList:
        """The list."""
        return self.query_one(SessionList)

    @property
    def context(self) -> CommandContext:
        panes = {"list": Pane.SESSIONS, "card": Pane.SESSION, "form": Pane.FORM}
        return CommandContext(
            Pane.PROMPT if self.has_class("-asking") else panes[self._view],
            read_only=self._read_only,
            rows=len(self._records),
            secret=bool(self.query_one(SessionCard).secret),
            cancellable=self._can_cancel(),
        )

    async def press(self, event: Key) -> None:
        if event.key == "enter" and isinstance(self.focused, Button):
            return  # Enter presses a button
        if self.moves is self.focused or not takes_key(self.focused, event.key):
            await self.commands.press(event)

    def action_choose(self) -> None:
        self.moves.action_select()

    def action_reveal(self) -> None:
        self.query_one(SessionCard).action_reveal()

    def action_copy_secret(self) -> None:
        self.query_one(SessionCard).action_copy_secret()

    def action_create(self) -> None:
        self.query_one(SessionForm).action_submit()

    def action_accept(self) -> None:
        """Ask for a confirmation to cancel the session whose id was typed."""
        if session_id := self.query_one("#which", Input).value.strip():
            self._ask_to_cancel(session_id)

    def action_back(self) -> None:
        """Stop waiting; otherwise go back by one step, or close the panel."""
        if self._call is not None:
            self._call.worker.cancel()
            self._say(f"Stopped waiting. {self._call.doubt}")
            self._call = None
        elif self.has_class("-asking"):
            self.remove_class("-asking")
            self.query_one(f"#{self._view}").focus()
            self._say("")
            self._label()
        elif self._view == "list":
            self.action_close()
        else:
            self._go("list")
            self._say("")

    action_give_up = action_back

    def action_close(self) -> None:
        self.query_one(SessionCard).mask()
        self.dismiss()

    def action_new(self) -> None:
        self._go("form")
        self._say("")

    def on_option_list_option_selected(self, event: SessionList.OptionSelected) -> None:
        """Show a session of this run; the API cannot retrieve others."""
        event.stop()
        record = self.query_one(SessionList).chosen
        if record and (session := self._sessions.get(record.id)):
            self._show(session)
            self._say("")
        elif record:
            self._say(
                "Only this is known of it: the API cannot retrieve a session, and its secret is "
                "not saved."
            )

    def action_cancel_chosen(self) -> None:
        """Ask whether to cancel the current session."""
        if self._view == "card":
            if session := self.query_one(SessionCard).session:
                workflow = session.workflow
                self._ask_to_cancel(session.id, session.user, workflow.id if workflow else None)
        elif record := self.query_one(SessionList).chosen:
            self._ask_to_cancel(record.id, record.user, record.workflow)

    def action_cancel_any(self) -> None:
        """Ask for the id of the session to cancel."""
        self.add_class("-asking")
        which = self.query_one("#which", Input)
        which.value = ""
        which.focus()
        self._say("Which session? Its secret stops working at once.")
        self._label()

    def _ask_to_cancel(self, session_id: str, *about: str | None) -> None:
        """Cancel a session after a confirmation; `about` is its untrusted owner."""
        if not session_id:
            self._say("This session has no id, so it cannot be cancelled.")
            return
        if holds_secret(session_id):
            self._say(f"That {SECRET_REFUSED}.")
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._begin(
                    partial(self._cancel, session_id),
                    "Cancelling the session",
                    "It is not known whether it was cancelled; cancelling it again does no harm.",
                )

        whose = ui_text(" · ").join(filter(None, about))
        dialog = CancelSessionDialog(session_id, whose, self._gate, self._keys)
        self.app.push_screen(dialog, answered)

    # -- requests ---------------------------------------------------------------------------------

    def on_session_form_submitted(self, event: SessionForm.Submitted) -> None:
        event.stop()
        self._begin(
            partial(self._create, event.request),
            "Creating the session",
            "It is not known whether a session was made; the API cannot list it.",
        )

    def _begin(
        self, work: Callable[[], Coroutine[None, None, None]], doing: str, doubt: str
    ) -> None:
        """Send one request at a time; `doubt` is reported if the user stops waiting."""
        if self._call is not None:
            self._say(
                f"{self._call.doing}: that goes first. {self._stop_key} stops waiting for it."
            )
            self._counted_from = self._clock() + READ_WITHIN
            return
        worker: Worker[None] = self.run_worker(work, group=UNBROKEN)
        self._call = Call(worker, doing, doubt, self._clock())
        self._say(self._call.words(self._clock(), self._stop_key))

    async def _source(self) -> ThreadSource:
        """Return the source of sessions, and report its retries."""

        def waits(retry: Retry) -> None:
            self.post_message(self.Waits(Waiting.of(retry)))

        listen_for_retries(waits)
        return await self._get_source()

    def on_session_panel_waits(self, event: Waits) -> None:
        event.stop()
        if self._call is not None:
            self._call = replace(self._call, waiting=event.waiting)
            self._say(self._call.words(self._clock(), self._stop_key))

    async def _create(self, request: SessionRequest) -> None:
        try:
            session = await (await self._source()).create_session(request)
        except ChatKitError as error:
            self.post_message(self.Failed(str(error), field_of(getattr(error, "param", None))))
        else:
            self.post_message(self.Created(session))

    async def _cancel(self, session_id: str) -> None:
        try:
            session = await (await self._source()).cancel_session(session_id)
        except ChatKitError as error:
            self.post_message(self.Failed(str(error)))
        else:
            self.post_message(self.Cancelled(session_id, session))

    def on_session_panel_created(self, event: Created) -> None:
        event.stop()
        self._call = None
        self._keep(event.session)
        self._list_again()
        self._show(event.session)
        self._say(
            self._register.trouble or "Created. Its secret is not saved: copy it before you quit."
        )

    def on_session_panel_cancelled(self, event: Cancelled) -> None:
        event.stop()
        self._call = None
        self._register.mark(event.session_id, event.session.status)
        self._list_again()
        self._show(event.session)
        self._say(sanitize(redact(f"{event.session_id}: {event.session.status}")))

    def on_session_panel_failed(self, event: Failed) -> None:
        event.stop()
        self._call = None
        self._say(sanitize(redact(event.words)))
        self._failed_field = event.path if self._view == "form" else None

    def on_session_form_edited(self, event: SessionForm.Edited) -> None:
        """Remove a failure once its field changes."""
        event.stop()
        if self._failed_field in ("", event.path) and self._call is None:
            self._say("")

    def _keep(self, session: Session) -> None:
        from chatkit_tui.sessions.history import SessionRecord

        self._register.add(
            SessionRecord.of(session, created_at=int(self._clock()), host=self._host)
        )

    async def on_session_card_secret_wanted(self, event: SessionCard.SecretWanted) -> None:
        event.stop()
        self._say(f"The secret: {await self._copy(event.secret)}.")
