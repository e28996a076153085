"""The fields of a session as names and values, for the screen and the commands."""

from __future__ import annotations

from datetime import datetime, tzinfo

from chatkit_tui.models.json import JSON, dump_json
from chatkit_tui.models.sessions import Session, Switch
from chatkit_tui.secrets import redact
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize

MASK = "••••••••"


def session_facts(session: Session, zone: tzinfo | None = None) -> tuple[tuple[str, str], ...]:
    """Return all fields of a session except its secret, as names and sanitized text.

    `zone` is that of the times; None for the machine's. Missing fields are omitted; undocumented
    ones are shown under their own names.
    """
    workflow, configuration = session.workflow, session.chatkit_configuration
    facts: list[tuple[str, JSON]] = [
        ("id", session.id or "none was given: it cannot be cancelled"),
        ("status", session.status),
        ("user", session.user),
        ("expires", _moment(session.expires_at, zone)),
        ("cancelled", _moment(session.cancelled_at, zone)),
        ("lives for", _unit(session.ttl_seconds, "s")),
    ]
    if workflow:
        facts += [
            ("workflow", workflow.id),
            ("version", workflow.version or "latest"),
            ("tracing", _switch(workflow.tracing)),
            *(
                (f"state.{name}", dump_json(value))
                for name, value in (workflow.state_variables or {}).items()
            ),
        ]
    limits = session.rate_limits
    facts += [
        (
            "requests",
            _unit(
                (limits and limits.max_requests_per_1_minute) or session.max_requests_per_1_minute,
                "a minute",
            ),
        ),
        ("requests in all", session.max_requests_per_session),
    ]
    if configuration:
        uploads, history = configuration.file_upload, configuration.history
        facts.append(("titles", _switch(configuration.automatic_thread_titling)))
        if uploads:
            facts += [
                ("uploads", _on(uploads.enabled)),
                ("largest upload", _unit(uploads.max_file_size, "MB")),
                ("most uploads", uploads.max_files),
            ]
        if history:
            facts += [
                ("history", _on(history.enabled)),
                ("earlier threads", history.recent_threads or "all"),
            ]
    if session.scope:
        facts.append(("scope", dump_json(session.scope)))
    facts += [
        (name, value if isinstance(value, str) else dump_json(value))
        for name, value in (session.model_extra or {}).items()
    ]
    facts += [(problem.path, dump_json(problem.value)) for problem in session.problems]
    return tuple(
        (sanitize(redact(name)), sanitize(redact(str(value))))
        for name, value in facts
        if value is not None
    )


def masked_secret(secret: str) -> str:
    """Return a secret for the screen: the first characters, which show its kind, and a mask."""
    return (sanitize(secret[:3]) + ui_text(MASK)) if len(secret) > 12 else ui_text(MASK)


def countdown(expires_at: int | None, now: float) -> str:
    """Return how long a session is valid: "9:41 left", "expired", or "" if that is unknown."""
    if expires_at is None:
        return ""
    left = int(expires_at - now)
    if left <= 0:
        return "expired"
    hours, rest = divmod(left, 3600)
    minutes, seconds = divmod(rest, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{clock} left"


def _moment(seconds: int | None, zone: tzinfo | None) -> str | None:
    if seconds is None:
        return None
    return f"{datetime.fromtimestamp(seconds, zone).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def _on(enabled: bool | None) -> str | None:
    return None if enabled is None else "on" if enabled else "off"


def _switch(switch: Switch | None) -> str | None:
    return _on(switch.enabled) if switch else None


def _unit(number: int | None, unit: str) -> str | None:
    return None if number is None else f"{number} {unit}"
