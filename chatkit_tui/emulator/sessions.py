"""Sessions in memory, and the checks of a session request."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, TypeAlias

from chatkit_tui.emulator.library import Identifiers
from chatkit_tui.emulator.requests import JSON, RejectedError, Row, check_range, invalid, not_found
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
            message = (
                f"Workflow with id '{fields['workflow']['id']}' not found. "
                f"This emulator knows {', '.join(WORKFLOWS)}."
            )
            raise RejectedError(404, message)
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
            "rate_limits": {"max_requests_per_1_minute": fields["max_requests_per_1_minute"]},
            "max_requests_per_1_minute": fields["max_requests_per_1_minute"],
            "chatkit_configuration": fields["configuration"],
        }


# -- session requests -----------------------------------------------------------------------------


def read_session_body(body: bytes) -> Row:
    """Check the body of a session request, and add the server's defaults.

    Return `user`, `workflow`, `seconds`, `max_requests_per_1_minute` and `configuration`. Raise
    `RejectedError`.
    """
    try:
        fields = json.loads(body) if body else {}
    except ValueError:
        raise invalid("body", "not valid JSON.", code="invalid_json") from None
    _BODY("", fields)
    workflow = fields["workflow"]
    configuration = fields.get("chatkit_configuration") or {}
    return {
        "user": fields["user"],
        "workflow": {
            "id": workflow["id"],
            "version": workflow.get("version"),
            "state_variables": workflow.get("state_variables"),
            "tracing": _defaulted(workflow, "tracing", enabled=True),
        },
        **_defaulted(fields, "expires_after", seconds=LONGEST_LIFE),
        **_defaulted(fields, "rate_limits", max_requests_per_1_minute=10),
        "configuration": {
            "automatic_thread_titling": _defaulted(
                configuration, "automatic_thread_titling", enabled=True
            ),
            "file_upload": _defaulted(
                configuration,
                "file_upload",
                enabled=False,
                max_file_size=LARGEST_FILE,
                max_files=10,
            ),
            "history": _defaulted(configuration, "history", enabled=True, recent_threads=None),
        },
    }


def _defaulted(parent: Row, name: str, **defaults: JSON) -> Row:
    """Return a member of an object with defaults for what is null or omitted."""
    given = parent.get(name) or {}
    return {
        field: default if given.get(field) is None else given[field]
        for field, default in defaults.items()
    }


_TYPES: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


def _type(kind: type) -> Check:
    return lambda param, value: _require_type(kind, param, value)


def _require_type(kind: type, param: str, value: JSON) -> None:
    if type(value) is not kind:
        raise _wrong_type(param, _TYPES[kind], value)


def _wrong_type(param: str, expected: str, value: JSON) -> RejectedError:
    reason = f"expected {expected}, got {_TYPES[type(value)]}."
    return invalid(param, reason, code="invalid_type")


def _text(param: str, value: JSON) -> None:
    _require_type(str, param, value)
    if not value:
        raise invalid(param, "expected at least 1 character.", code="string_below_min_length")


def _integer(least: int, most: int | None = None) -> Check:
    def check(param: str, value: JSON) -> None:
        _require_type(int, param, value)
        check_range(param, value, least, most)

    return check


def _anchor(param: str, value: JSON) -> None:
    if value != "created_at":
        raise invalid(param, "the only anchor is 'created_at'.")


def _state_variables(param: str, value: JSON) -> None:
    _require_type(dict, param, value)
    if len(value) > MOST_STATE_KEYS:
        reason = f"expected at most {MOST_STATE_KEYS} keys, got {len(value)}."
        raise invalid(param, reason, code="object_above_max_properties")
    for key, entry in value.items():
        if len(key) > LONGEST_STATE_KEY:
            reason = f"a key has {len(key)} characters, at most {LONGEST_STATE_KEY} are allowed."
            raise invalid(param, reason, code="string_above_max_length")
        if not isinstance(entry, (str, bool, int, float)):
            raise _wrong_type(f"{param}.{key}", "a string, boolean or number", entry)
        if isinstance(entry, str) and len(entry) > LONGEST_STATE_TEXT:
            reason = f"expected at most {LONGEST_STATE_TEXT} characters."
            raise invalid(f"{param}.{key}", reason, code="string_above_max_length")


def _fields(required: tuple[str, ...] = (), **checks: Check) -> Check:
    """Return the check of an object with these fields; null means the same as an omitted field."""

    def check(param: str, value: JSON) -> None:
        _require_type(dict, param or "body", value)
        prefix = f"{param}." if param else ""
        for name in required:
            if value.get(name) is None:
                message = f"Missing required parameter: '{prefix}{name}'."
                code = "missing_required_parameter"
                raise RejectedError(400, message, param=prefix + name, code=code)
        for name, entry in value.items():
            if name not in checks:
                message = f"Unknown parameter: '{prefix}{name}'."
                raise RejectedError(400, message, param=prefix + name, code="unknown_parameter")
            if entry is not None:
                checks[name](prefix + name, entry)

    return check


_SWITCH = _fields(enabled=_type(bool))

_BODY = _fields(
    ("user", "workflow"),
    user=_text,
    workflow=_fields(
        ("id",), id=_text, version=_text, state_variables=_state_variables, tracing=_SWITCH
    ),
    expires_after=_fields(("anchor", "seconds"), anchor=_anchor, seconds=_integer(1, LONGEST_LIFE)),
    rate_limits=_fields(max_requests_per_1_minute=_integer(1)),
    chatkit_configuration=_fields(
        automatic_thread_titling=_SWITCH,
        file_upload=_fields(
            enabled=_type(bool), max_file_size=_integer(1, LARGEST_FILE), max_files=_integer(1)
        ),
        history=_fields(enabled=_type(bool), recent_threads=_integer(1)),
    ),
)
