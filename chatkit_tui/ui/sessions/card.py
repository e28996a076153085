"""One session: its properties, its countdown and its masked secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.render.sessions import countdown, masked_secret, session_facts
from chatkit_tui.secrets import redact
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session

REVEALED_FOR = 30.0
"""Seconds that a secret is visible."""


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

    class SecretWanted(Message):
        """The user copies the secret."""

        def __init__(self, secret: str) -> None:
            super().__init__()
            self.secret = secret

    def __init__(self, clock: Callable[[], float], zone: tzinfo | None, keys: Keymap) -> None:
        """`clock` returns Unix seconds; a `zone` of None is the machine's."""
        super().__init__(id="card")
        self.session: Session | None = None
        self._clock = clock
        self._zone = zone
        self._keys = keys
        self._revealed = False
        self._masking: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="left", markup=False)
        yield Static(id="secret", markup=False)
        yield Static(id="facts", markup=False)

    def show(self, session: Session) -> None:
        """Show a session."""
        self.session = session
        self._revealed = False
        facts = session_facts(session, self._zone)
        width = max((len(name) for name, _ in facts), default=0)
        self.query_one("#facts", Static).update(
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
        self.query_one("#left", Static).update(Content.styled(words, "bold"))

    @property
    def secret(self) -> str:
        secret = self.session.client_secret if self.session else None
        return secret.reveal() if secret else ""

    def _show_secret(self) -> None:
        line = self.query_one("#secret", Static)
        reveal = self._keys.first_name("session_reveal")
        copy = self._keys.first_name("session_copy_secret")
        if not self.secret:
            line.update(Content.styled("client secret: none came with it", "dim"))
        elif self._revealed:
            line.update(
                Content.styled("client secret: ", "dim")
                + Content(sanitize(self.secret))
                + Content.styled(f"\n{reveal} hides it, {copy} copies it", "dim")
            )
        else:
            line.update(
                Content.styled("client secret: ", "dim")
                + Content(masked_secret(self.secret))
                + Content.styled(f"\n{reveal} shows it, {copy} copies it; it is not saved", "dim")
            )

    def action_reveal(self) -> None:
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

    def action_copy_secret(self) -> None:
        """Request that the secret is copied."""
        if self.secret:
            self.post_message(self.SecretWanted(self.secret))
