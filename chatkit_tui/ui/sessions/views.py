"""What the session panel shows: the list of sessions, one session, and the question before one is
cancelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static
from textual.widgets.option_list import Option

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.render.sessions import countdown, masked_secret, session_facts
from chatkit_tui.secrets import redact
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.screens.confirming import ConfirmingScreen
from chatkit_tui.ui.widgets.option_rows import OptionRows

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session
    from chatkit_tui.sessions.history import SessionRecord

REVEALED_FOR = 30.0
"""Seconds that a secret is visible."""


class SessionList(OptionRows):
    """Sessions with their remaining time, newest first."""

    DEFAULT_CSS = """
    SessionList { height: 1fr; }
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` returns Unix seconds."""
        super().__init__(id="list")
        self.records: tuple[SessionRecord, ...] = ()
        self._clock = clock

    def show(self, records: Sequence[SessionRecord]) -> None:
        """Show records; the highlight stays on its session."""
        chosen = self.chosen.id if self.chosen else None
        self.records = tuple(records)
        self.set_options(Option(self._row(record)) for record in self.records)
        ids = [record.id for record in self.records]
        self.highlighted = ids.index(chosen) if chosen in ids else (0 if ids else None)

    @property
    def chosen(self) -> SessionRecord | None:
        at = self.highlighted
        return self.records[at] if at is not None and at < len(self.records) else None

    def tick(self) -> None:
        """Update the countdowns."""
        for index, record in enumerate(self.records):
            row = self._row(record)
            if row != self.get_option_at_index(index).prompt:
                self.replace_option_prompt_at_index(index, row)

    def _row(self, record: SessionRecord) -> Content:
        left = countdown(record.expires_at, self._clock())
        state = record.status
        if state == "active" and left:
            state = left
        sign = ui_text({"cancelled": "✗", "expired": "○"}.get(state, "●"))
        return Content("\n").join(
            [
                Content(f"{sign} {sanitize(state)}  ")
                + Content.styled(sanitize(record.user or "no user"), "bold")
                + Content(f"  {sanitize(record.workflow or '')}"),
                Content.styled(
                    f"  {sanitize(record.id or 'no id')}{ui_text(' · ')}{sanitize(record.host)}",
                    "dim",
                ),
            ]
        )


class SessionCard(VerticalScroll, can_focus=True):
    """One session. Its secret is shown on request, for a limited time."""

    DEFAULT_CSS = """
    SessionCard {
        height: 1fr;
        Static { height: auto; }
        #left { height: 1; }
        #secret { margin: 1 0; }
    }
    """

    def __init__(self, clock: Callable[[], float], zone: tzinfo | None, keys: Keymap) -> None:
        """`clock` returns Unix seconds; a `zone` of None is the machine's."""
        super().__init__(id="card")
        self.session: Session | None = None
        self._clock = clock
        self._zone = zone
        self._keys = keys
        self._revealed = False
        self._masking: Timer | None = None
        self._line = Static(id="left", markup=False)
        self._secret = Static(id="secret", markup=False)
        self._properties = Static(id="facts", markup=False)

    def compose(self) -> ComposeResult:
        yield from (self._line, self._secret, self._properties)

    def show(self, session: Session) -> None:
        """Show a session."""
        self.session = session
        self._revealed = False
        facts = session_facts(session, self._zone)
        width = max((len(name) for name, _ in facts), default=0)
        self._properties.update(
            Content("\n").join(
                Content.styled(f"{name:<{width}}  ", "dim") + Content(value)
                for name, value in facts
            )
        )
        self.tick()
        self._show_secret()

    def tick(self) -> None:
        """Update the countdown; to be called once a second."""
        if self.session is None:
            return
        left = countdown(self.session.expires_at, self._clock())
        status = sanitize(redact(self.session.status))
        sign = {"active": "●", "cancelled": "✗", "expired": "○"}.get(self.session.status, "?")
        if self.session.status == "active" and left == "expired":
            sign = "○"
        shown = f"{ui_text(' · ')}{left}" if left and self.session.status == "active" else ""
        words = f"{ui_text(sign)} {status}{shown}"
        self._line.update(Content.styled(words, "bold"))

    @property
    def secret(self) -> str:
        secret = self.session.client_secret if self.session else None
        return secret.reveal() if secret else ""

    def _show_secret(self) -> None:
        if not self.secret:
            self._secret.update(Content.styled("client secret: none came with it", "dim"))
            return
        reveal = self._keys.first_name("session_reveal")
        copy = self._keys.first_name("session_copy_secret")
        shown, hint = (
            masked_secret(self.secret),
            f"{reveal} shows it, {copy} copies it; it is not saved",
        )
        if self._revealed:
            shown, hint = sanitize(self.secret), f"{reveal} hides it, {copy} copies it"
        self._secret.update(
            Content.styled("client secret: ", "dim")
            + Content(shown)
            + Content.styled(f"\n{hint}", "dim")
        )

    def toggle_secret(self) -> None:
        """Show the secret for a while, or mask it."""
        if self._masking:
            self._masking.stop()
        self._revealed = not self._revealed
        if self._revealed:
            self._masking = self.set_timer(REVEALED_FOR, self.mask)
        self._show_secret()

    def mask(self) -> None:
        self._revealed = False
        self._show_secret()


class CancelSessionDialog(ConfirmingScreen[bool]):
    """Asks whether to cancel a session; dismissed with the answer."""

    def __init__(self, session_id: str, about: str, gate: ConfirmationGate, keys: Keymap) -> None:
        """`about` is the owner of the session. Both texts are untrusted."""
        super().__init__(
            "Cancel this session?", gate=gate, keys=keys, confirm="Cancel", leave="Keep"
        )
        self._session_id, self._about = session_id, about

    def compose_subject(self) -> Static:
        """Return the id and the owner."""
        lines = [Content.styled(sanitize(self._session_id), "bold")]
        if self._about:
            lines.append(Content.styled(f"  {sanitize(self._about)}", "dim"))
        return Static(Content("\n").join(lines), id="subject", markup=False)

    def words(self) -> str:
        """Return the consequence."""
        return "Its secret stops working at once."

    def confirmed(self) -> None:
        self.dismiss(result=True)

    def action_decline(self) -> None:
        self.dismiss(result=False)
