"""Answers about sessions as older documents show them."""

from __future__ import annotations

from chatkit_tui.emulator.calls import JSON, SESSIONS_CANCEL, SESSIONS_CREATE
from chatkit_tui.emulator.faults.fault import SESSIONS, Fault, Row, changed_answer


def sparse_session(session: Row) -> JSON:
    """Leave out the id, the user and everything that was resolved."""
    kept = ("client_secret", "expires_at", "max_requests_per_1_minute", "status", "workflow")
    return {name: session[name] for name in kept}


def old_session(session: Row) -> JSON:
    """Add the fields that only older documents have."""
    more: Row = {
        "scope": {"customer_id": "cust_1870", "environment": "staging"},
        "ttl_seconds": 900,
        "max_requests_per_session": 500,
    }
    if session["status"] == "cancelled":
        more["cancelled_at"] = session["expires_at"] - 300
    return {**session, **more}


def empty_secret(session: Row) -> JSON:
    """Give no secret with a new session either."""
    return {**session, "client_secret": ""}


def new_session_status(session: Row) -> JSON:
    """Give a status that no document has."""
    return {**session, "status": "suspended"}


SESSION_FAULTS = (
    Fault(
        "sparse-session",
        "sessions come without id and user",
        SESSIONS,
        changed_answer(sparse_session),
    ),
    Fault(
        "old-session",
        "sessions have scope, ttl_seconds, max_requests_per_session and cancelled_at",
        SESSIONS,
        changed_answer(old_session),
    ),
    Fault(
        "empty-secret",
        "a new session's client_secret is empty",
        (SESSIONS_CREATE,),
        changed_answer(empty_secret),
    ),
    Fault(
        "new-session-status",
        "sessions have a status that no document has",
        (SESSIONS_CREATE, SESSIONS_CANCEL),
        changed_answer(new_session_status),
    ),
)
