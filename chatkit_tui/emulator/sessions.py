"""Sessions, in memory, that expire by the clock."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.demo import WORKFLOWS, Clock
from chatkit_tui.emulator.identifiers import Identifiers
from chatkit_tui.emulator.refusals import invalid, unknown_session, unknown_workflow
from chatkit_tui.emulator.session_body import read_session_body

PREFIX = "cksess"
_MOST_KEPT = 10_000


@dataclass(slots=True)
class _Session:
    fields: dict[str, JSON]
    expires_at: int
    cancelled: bool = False


class Sessions:
    """The sessions that were made here; the oldest are forgotten past 10,000."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = Identifiers(PREFIX, "sessions")
        self._made = 0
        self._sessions: dict[str, _Session] = {}

    def create(self, body: bytes) -> dict[str, JSON]:
        """Make a session of a request's body; raises `RefusedError`."""
        fields = read_session_body(body)
        if fields["workflow"]["id"] not in WORKFLOWS:
            raise unknown_workflow(fields["workflow"]["id"])
        now = int(self._clock())
        identifier = self._ids.make(now, self._made)
        self._made += 1
        if len(self._sessions) >= _MOST_KEPT:
            del self._sessions[next(iter(self._sessions))]
        self._sessions[identifier] = _Session(fields, now + fields["seconds"])
        return self.show(identifier)

    def cancel(self, identifier: str) -> dict[str, JSON]:
        """End a session, as often as one likes; raises `RefusedError`."""
        if not identifier.startswith(PREFIX):
            raise invalid("session_id", f"'{identifier}' does not begin with '{PREFIX}'.")
        if identifier not in self._sessions:
            raise unknown_session(identifier)
        if self.status(identifier) == "active":
            self._sessions[identifier].cancelled = True
        return {**self.show(identifier), "client_secret": ""}

    def status(self, identifier: str) -> str:
        """`active`, `expired` or `cancelled`. Raises `KeyError` for a session not made here."""
        session = self._sessions[identifier]
        if session.cancelled:
            return "cancelled"
        return "active" if self._clock() < session.expires_at else "expired"

    def show(self, identifier: str) -> dict[str, JSON]:
        """The session object. Raises `KeyError` for a session not made here."""
        session = self._sessions[identifier]
        fields = session.fields
        secret = blake2b(identifier.encode(), digest_size=24, person=b"secret").hexdigest()
        return {
            "id": identifier,
            "object": "chatkit.session",
            "status": self.status(identifier),
            "user": fields["user"],
            "workflow": fields["workflow"],
            "expires_at": session.expires_at,
            "client_secret": f"ek_demo_{secret}",
            "rate_limits": {"max_requests_per_1_minute": fields["rate"]},
            "max_requests_per_1_minute": fields["rate"],
            "chatkit_configuration": fields["configuration"],
        }
