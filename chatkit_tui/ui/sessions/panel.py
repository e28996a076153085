"""The session panel: create sessions, show them, cancel them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import ContentSwitcher, Static
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
from chatkit_tui.ui.messages import Reported
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.sessions.form import SessionForm, field_of
from chatkit_tui.ui.sessions.views import CancelSessionDialog, SessionCard, SessionList
from chatkit_tui.ui.widgets.field import TextField, takes_key
from chatkit_tui.ui.widgets.push_button import PushButton

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.sources.base import GetSource, Retry, ThreadSource

READ_WITHIN = 3
"""Seconds that a message stays before the progress of a request replaces it."""
_TITLES = {"list": "Sessions made from here", "form": "New session", "card": "Session"}
_PANES = {"list": Pane.SESSIONS, "form": Pane.FORM, "card": Pane.SESSION}


@dataclass
class _Call:
    """A request in flight."""

    worker: Worker[None]
    doing: str
    doubt: str
    """What to report if the user stops waiting."""
    since: float
    """Unix seconds."""
    waiting: Waiting | None = None
    """The retry that the source waits for."""

    def progress(self, now: float, stop_key: str) -> str:
        """Return the progress at a time in Unix seconds, and the key that stops waiting."""
        if self.waiting is not None:
            return sanitize(f"{self.doing}: {self.waiting.words()}, {stop_key} stops waiting")
        waited = int(now - self.since)
        count = f"{waited} s, " if waited else ""
        return f"{self.doing} {ui_text('…')} {count}{stop_key} stops waiting"


class SessionPanel(ModalOnce[None]):
    """Covers the right part of a wide screen, or all of a narrow one.

    It is created once and keeps its input and its sessions while it is closed.
    """

    AUTO_FOCUS = "#list"
    DEFAULT_CSS = """
    SessionPanel {
        align: right middle;
        .box {
            width: 66;
            height: 100%;
            padding: 0 2;
            border: none;
            border-left: $bar $primary;
        }
        #title { text-style: bold; color: $primary; height: 1; margin-bottom: 1; }
        ContentSwitcher { height: 1fr; }
        #which { display: none; height: 1; }
        #say { height: auto; color: $text-warning; }
        #keys { height: auto; color: $text-muted; }
    }
    SessionPanel.-narrow .box { width: 100%; padding: 0 1; border-left: none; }
    SessionPanel.-asking #which { display: block; }
    """

    def __init__(
        self,
        get_source: GetSource,
        history: SessionHistory,
        *,
        options: Options,
        copy: Callable[[str], Awaitable[str]],
        gate: ConfirmationGate,
        keys: Keymap,
    ) -> None:
        """`copy` copies a text and returns a report."""
        super().__init__()
        self._get_source = get_source
        self._history = history
        self._host = options.source.host
        self._clock = options.clock
        self._read_only = options.read_only
        self._copy = copy
        self._gate = gate
        self._keys = keys
        self._stop_key = keys.first_name("session_back")
        self.commands = CommandKeys(self, SESSION_COMMANDS, keys, lambda: self.context)
        self.moves = SessionList(options.clock)
        self._form = SessionForm(keys.first_name("session_create"))
        self._card = SessionCard(options.clock, options.zone, keys)
        self._views = ContentSwitcher(self.moves, self._form, self._card, initial="list")
        self._which = TextField(id="which", placeholder="id of the session to cancel")
        self._heading = Static(id="title", markup=False)
        self._message = Static(id="say", markup=False)
        self._hints = Static(id="keys", markup=False)
        self._call: _Call | None = None
        """The request in flight."""
        self._failed_field: str | None = None
        """The field that the server rejected, empty for any; None without a failure."""
        self._counted_from = 0.0
        self._sessions: dict[str, Session] = {}
        """The sessions of this run by id; only these have secrets."""

    # -- content ----------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        self.on_resize()  # before there are parts, which a change would style a second time
        with Vertical(classes="box"):
            yield from (self._heading, self._views, self._which, self._message, self._hints)

    def on_mount(self) -> None:
        if not self._is_whole:
            return
        self.set_interval(1, self._tick)
        self.moves.show(self._history.all())
        self._label()
        self._say("")

    @property
    def _is_whole(self) -> bool:
        """Whether the panel is complete, which it is not if the program ends while it opens."""
        return self.moves.is_attached and self._hints.is_attached

    def on_screen_resume(self) -> None:
        self._tick()

    def on_resize(self) -> None:
        self.set_class(self.app.size.width < 100, "-narrow")

    def _tick(self) -> None:
        if not self.is_current or not self._is_whole:
            return
        if self._call is not None and self._clock() >= self._counted_from:
            self._show_progress(self._call)
        if self._view == "list":
            self._show_changes()
            self.moves.tick()
        elif self._view == "card":
            self._card.tick()

    def _show_changes(self) -> None:
        """Show what other programs have written to the history."""
        if self._history.has_changed():
            was_empty = not self.moves.records
            self.moves.show(self._history.all())
            self._label()
            if was_empty and not self._is_asking and self._call is None:
                self._say("")

    @property
    def _view(self) -> str:
        return self._views.current or "list"

    def _go(self, view: str) -> None:
        self._card.mask()
        self._views.current = view
        self.remove_class("-asking")
        self._focus_view()
        self._label()

    def _focus_view(self) -> None:
        if self._view == "form":
            self._form.focus_first()
        else:
            self.query_one(f"#{self._view}").focus()

    def _show(self, session: Session) -> None:
        self._sessions[session.id] = session
        self._card.show(session)
        self._go("card")

    def on_reported(self, message: Reported) -> None:
        """Show a message while the panel is open."""
        message.stop()
        self._say(message.text)

    def _say(self, words: str) -> None:
        is_empty = self._view == "list" and not self._is_asking and not self.moves.records
        if not words and is_empty:
            words = (
                "None yet. The API cannot list sessions, so only those made from here are known."
            )
        self._failed_field = None
        self._message.update(words)

    @property
    def _is_asking(self) -> bool:
        """Whether the user is asked for the id of a session."""
        return self.has_class("-asking")

    def _label(self) -> None:
        self._heading.update(_TITLES[self._view] + ("  READ-ONLY" if self._read_only else ""))
        hints = [f"{key} {title}" for key, title in self.commands.hints()]
        self._hints.update(ui_text(" · ").join(hints))

    def _status(self) -> str | None:
        """Return the status of the session that `c` cancels; None if there is none."""
        if self._view == "card":
            session = self._card.session
            return session.status if session is not None and session.id else None
        chosen = self.moves.chosen if self._view == "list" else None
        return chosen.status if chosen else None

    # -- commands ---------------------------------------------------------------------------------

    @property
    def context(self) -> CommandContext:
        return CommandContext(
            Pane.PROMPT if self._is_asking else _PANES[self._view],
            read_only=self._read_only,
            rows=len(self.moves.records),
            secret=bool(self._card.secret),
            session=self._status(),
        )

    async def press(self, event: Key) -> None:
        if event.key == "enter" and isinstance(self.focused, PushButton):
            return  # Enter presses a button
        if self.moves is self.focused or not takes_key(self.focused, event.key):
            is_bound = event.key in self.active_bindings  # such as those that scroll
            if not is_bound and (reason := self.commands.reason(event.key)):
                self._say(reason)
            await self.commands.press(event)

    def action_choose(self) -> None:
        self.moves.action_select()

    def action_reveal(self) -> None:
        self._card.toggle_secret()

    async def action_copy_secret(self) -> None:
        if self._card.secret:
            self._say(f"The secret: {await self._copy(self._card.secret)}.")

    def action_create(self) -> None:
        if request := self._form.request():
            self._begin(
                lambda source: source.create_session(request),
                self._created,
                "Creating the session",
                "It is not known whether a session was made; the API cannot list it.",
            )

    def on_push_button_pressed(self, event: PushButton.Pressed) -> None:
        event.stop()
        self.action_create()

    def action_accept(self) -> None:
        """Ask for a confirmation to cancel the session whose id was typed."""
        if session_id := self._which.value.strip():
            self._ask_to_cancel(session_id)

    def action_back(self) -> None:
        """Stop waiting; otherwise go back by one step, or close the panel."""
        if self._call is not None:
            self._call.worker.cancel()
            self._say(f"Stopped waiting. {self._call.doubt}")
            self._call = None
        elif self._is_asking:
            self.remove_class("-asking")
            self._focus_view()
            self._say("")
            self._label()
        elif self._view == "list":
            self.action_close()
        else:
            self._go("list")
            self._say("")

    action_give_up = action_back

    def action_close(self) -> None:
        self._card.mask()
        self.dismiss()

    def action_new(self) -> None:
        self._go("form")
        self._say("")

    def on_option_list_option_highlighted(self, event: SessionList.OptionHighlighted) -> None:
        """Name the keys for the session under the cursor."""
        event.stop()
        self._label()

    def on_option_list_option_selected(self, event: SessionList.OptionSelected) -> None:
        """Show a session of this run; the API cannot retrieve others."""
        event.stop()
        record = self.moves.chosen
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
            if session := self._card.session:
                workflow = session.workflow
                self._ask_to_cancel(session.id, session.user, workflow.id if workflow else None)
        elif record := self.moves.chosen:
            self._ask_to_cancel(record.id, record.user, record.workflow)

    def action_cancel_any(self) -> None:
        """Ask for the id of the session to cancel."""
        self.add_class("-asking")
        self._which.value = ""
        self._which.focus()
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
                    lambda source: source.cancel_session(session_id),
                    partial(self._cancelled, session_id),
                    "Cancelling the session",
                    "It is not known whether it was cancelled; cancelling it again does no harm.",
                )

        whose = ui_text(" · ").join(filter(None, about))
        dialog = CancelSessionDialog(session_id, whose, self._gate, self._keys)
        self.app.push_screen(dialog, answered)

    # -- requests ---------------------------------------------------------------------------------

    def _begin(
        self,
        send: Callable[[ThreadSource], Coroutine[None, None, Session]],
        done: Callable[[Session], None],
        doing: str,
        doubt: str,
    ) -> None:
        """Send one request at a time; `doubt` is reported if the user stops waiting."""
        if self._call is not None:
            self._say(
                f"{self._call.doing}: that goes first. {self._stop_key} stops waiting for it."
            )
            self._counted_from = self._clock() + READ_WITHIN
            return
        worker: Worker[None] = self.run_worker(partial(self._request, send, done), group=UNBROKEN)
        self._call = _Call(worker, doing, doubt, self._clock())
        self._show_progress(self._call)

    async def _request(
        self,
        send: Callable[[ThreadSource], Coroutine[None, None, Session]],
        done: Callable[[Session], None],
    ) -> None:
        """Send a request, and handle its outcome unless the program has ended by then."""
        listen_for_retries(lambda retry: self.call_later(self._waits, retry))
        try:
            session = await send(await self._get_source())
        except ChatKitError as error:
            self.call_later(self._failed, error)
        else:
            self.call_later(done, session)

    def _waits(self, retry: Retry) -> None:
        if self._call is not None:
            self._call.waiting = Waiting.of(retry)
            self._show_progress(self._call)

    def _show_progress(self, call: _Call) -> None:
        self._say(call.progress(self._clock(), self._stop_key))

    def _created(self, session: Session) -> None:
        from chatkit_tui.sessions.history import SessionRecord

        self._call = None
        created_at = int(self._clock())
        self._history.add(SessionRecord.of(session, created_at=created_at, host=self._host))
        self.moves.show(self._history.all())
        self._show(session)
        self._say(
            self._history.file_error or "Created. Its secret is not saved: copy it before you quit."
        )

    def _cancelled(self, session_id: str, session: Session) -> None:
        self._call = None
        self._history.mark(session_id, session.status)
        self.moves.show(self._history.all())
        self._show(session)
        self._say(sanitize(redact(f"{session_id}: {session.status}")))

    def _failed(self, error: ChatKitError) -> None:
        self._call = None
        self._say(sanitize(redact(str(error))))
        if self._view == "form":
            self._failed_field = field_of(getattr(error, "param", None))

    def on_session_form_edited(self, event: SessionForm.Edited) -> None:
        """Remove a failure once its field changes."""
        event.stop()
        if self._failed_field in ("", event.path) and self._call is None:
            self._say("")
