"""Sessions in memory, and the checks of a session request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from chatkit_tui.emulator.library import Identifiers
from chatkit_tui.emulator.requests import JSON, RejectedError, Row, invalid, not_found
from chatkit_tui.emulator.sample_data import WORKFLOWS, Clock

PREFIX = "cksess"
_MOST_SESSIONS = 10_000
LONGEST_STATE_KEY = 64
MOST_STATE_KEYS = 64
LONGEST_STATE_TEXT = 10_485_760
LONGEST_LIFE = 600
"""Seconds."""
LARGEST_FILE = 512
"""Megabytes."""

Check: TypeAlias = Callable[[str, JSON], None]
"""Takes the dotted name of a parameter and its value; raises `RejectedError`."""


@dataclass(slots=True)
class _Session:
    fields: Row
    expires_at: int
    cancelled: bool = False


class Sessions:
    """The last 10,000 sessions. They expire by the clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = Identifiers(PREFIX, "sessions")
        self._created = 0
        self._sessions: dict[str, _Session] = {}

    def create(self, body: bytes) -> Row:
        """Create a session from the body of a request. Raise `RejectedError`."""
        fields = read_session_body(body)
        if fields["workflow"]["id"] not in WORKFLOWS:
            raise _unknown_workflow(fields["workflow"]["id"])
        now = int(self._clock())
        identifier = self._ids.make(now, self._created)
        self._created += 1
        if len(self._sessions) >= _MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        self._sessions[identifier] = _Session(fields, now + fields["seconds"])
        return self.show(identifier)

    def cancel(self, identifier: str) -> Row:
        """Cancel a session; repeating it has no effect. Raise `RejectedError`."""
        if not identifier.startswith(PREFIX):
            raise invalid("session_id", f"'{identifier}' does not begin with '{PREFIX}'.")
        if identifier not in self._sessions:
            raise not_found("session", identifier)
        if self.status(identifier) == "active":
            self._sessions[identifier].cancelled = True
        return {**self.show(identifier), "client_secret": ""}

    def status(self, identifier: str) -> str:
        """Return `active`, `expired` or `cancelled`. Raise `KeyError` for an unknown session."""
        session = self._sessions[identifier]
        if session.cancelled:
            return "cancelled"
        return "active" if self._clock() < session.expires_at else "expired"

    def show(self, identifier: str) -> Row:
        """Return the session object. Raise `KeyError` for an unknown session."""
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


# -- session requests -----------------------------------------------------------------------------


def read_session_body(body: bytes) -> Row:
    """Check the body of a session request, and add the server's defaults.

    Return `user`, `workflow`, `seconds`, `rate` and `configuration`. Raise `RejectedError`.
    """
    try:
        fields = json.loads(body) if body else {}
    except ValueError:
        raise invalid("body", "not valid JSON.", code="invalid_json") from None
    _object("body", fields)
    for name in ("user", "workflow"):
        if fields.get(name) is None:
            raise _missing(name)
    _BODY("", fields)
    workflow = fields["workflow"]
    configuration = fields.get("chatkit_configuration") or {}
    titling = configuration.get("automatic_thread_titling")
    upload, history = configuration.get("file_upload") or {}, configuration.get("history") or {}
    return {
        "user": fields["user"],
        "workflow": {
            "id": workflow["id"],
            "version": workflow.get("version"),
            "state_variables": workflow.get("state_variables"),
            "tracing": {"enabled": _value(workflow.get("tracing"), "enabled", default=True)},
        },
        "seconds": _value(fields.get("expires_after"), "seconds", default=LONGEST_LIFE),
        "rate": _value(fields.get("rate_limits"), "max_requests_per_1_minute", default=10),
        "configuration": {
            "automatic_thread_titling": {"enabled": _value(titling, "enabled", default=True)},
            "file_upload": {
                "enabled": _value(upload, "enabled", default=False),
                "max_file_size": _value(upload, "max_file_size", default=LARGEST_FILE),
                "max_files": _value(upload, "max_files", default=10),
            },
            "history": {
                "enabled": _value(history, "enabled", default=True),
                "recent_threads": history.get("recent_threads"),
            },
        },
    }


def _unknown_workflow(workflow_id: str) -> RejectedError:
    known = ", ".join(WORKFLOWS)
    message = f"Workflow with id '{workflow_id}' not found. This emulator knows {known}."
    return RejectedError(404, message)


def _missing(param: str) -> RejectedError:
    message = f"Missing required parameter: '{param}'."
    return RejectedError(400, message, param=param, code="missing_required_parameter")


def _unknown_parameter(param: str) -> RejectedError:
    message = f"Unknown parameter: '{param}'."
    return RejectedError(400, message, param=param, code="unknown_parameter")


def _value(fields: Mapping[str, JSON] | None, name: str, *, default: JSON) -> JSON:
    value = (fields or {}).get(name)
    return default if value is None else value


def _object(param: str, value: JSON) -> None:
    if not isinstance(value, dict):
        raise invalid(param, f"expected an object, got {_name(value)}.", code="invalid_type")


def _boolean(param: str, value: JSON) -> None:
    if not isinstance(value, bool):
        raise invalid(param, f"expected a boolean, got {_name(value)}.", code="invalid_type")


def _text(param: str, value: JSON) -> None:
    if not isinstance(value, str):
        raise invalid(param, f"expected a string, got {_name(value)}.", code="invalid_type")
    if not value:
        raise invalid(param, "expected at least 1 character.", code="string_below_min_length")


def _integer(least: int, most: int | None = None) -> Check:
    def check(param: str, value: JSON) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise invalid(param, f"expected an integer, got {_name(value)}.", code="invalid_type")
        if value < least:
            raise invalid(
                param, f"expected at least {least}, got {value}.", code="integer_below_min_value"
            )
        if most is not None and value > most:
            raise invalid(
                param, f"expected at most {most}, got {value}.", code="integer_above_max_value"
            )

    return check


def _anchor(param: str, value: JSON) -> None:
    if value != "created_at":
        raise invalid(param, "the only anchor is 'created_at'.")


def _state_variables(param: str, value: JSON) -> None:
    _object(param, value)
    if len(value) > MOST_STATE_KEYS:
        raise invalid(
            param,
            f"expected at most {MOST_STATE_KEYS} keys, got {len(value)}.",
            code="object_above_max_properties",
        )
    for key, entry in value.items():
        if len(key) > LONGEST_STATE_KEY:
            raise invalid(
                param,
                f"a key has {len(key)} characters, at most {LONGEST_STATE_KEY} are allowed.",
                code="string_above_max_length",
            )
        if not isinstance(entry, (str, bool, int, float)):
            raise invalid(
                f"{param}.{key}",
                f"expected a string, boolean or number, got {_name(entry)}.",
                code="invalid_type",
            )
        if isinstance(entry, str) and len(entry) > LONGEST_STATE_TEXT:
            raise invalid(
                f"{param}.{key}",
                f"expected at most {LONGEST_STATE_TEXT} characters.",
                code="string_above_max_length",
            )


def _fields(required: tuple[str, ...] = (), **checks: Check) -> Check:
    """Return the check of an object with these fields; null means the same as an omitted field."""

    def check(param: str, value: JSON) -> None:
        _object(param or "body", value)
        prefix = f"{param}." if param else ""
        for name in required:
            if value.get(name) is None:
                raise _missing(prefix + name)
        for name, entry in value.items():
            if name not in checks:
                raise _unknown_parameter(prefix + name)
            if entry is not None:
                checks[name](prefix + name, entry)

    return check


def _name(value: JSON) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "an integer", float: "a number", str: "a string"}
    return names.get(type(value), "an array" if isinstance(value, list) else "an object")


_SWITCH = _fields(enabled=_boolean)

_BODY = _fields(
    user=_text,
    workflow=_fields(
        ("id",), id=_text, version=_text, state_variables=_state_variables, tracing=_SWITCH
    ),
    expires_after=_fields(("anchor", "seconds"), anchor=_anchor, seconds=_integer(1, LONGEST_LIFE)),
    rate_limits=_fields(max_requests_per_1_minute=_integer(1)),
    chatkit_configuration=_fields(
        automatic_thread_titling=_SWITCH,
        file_upload=_fields(
            enabled=_boolean, max_file_size=_integer(1, LARGEST_FILE), max_files=_integer(1)
        ),
        history=_fields(enabled=_boolean, recent_threads=_integer(1)),
    ),
)
