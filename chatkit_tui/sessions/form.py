"""The fields of a new session: labels, limits, and the conversion of text to a request.

The form on the screen and the options of `sessions create` share them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from chatkit_tui.models.references import has_control
from chatkit_tui.models.sessions import HOLDS_SECRET, SessionRequest, StateValue

FieldKind: TypeAlias = Literal["text", "whole", "switch", "pairs"]
"""Text; a whole number; on, off or the default; lines of NAME=VALUE."""


@dataclass(frozen=True, slots=True)
class SessionField:
    """One field of the form. `path` is its dotted path in the request."""

    path: str
    label: str
    kind: FieldKind
    limit: str
    """The valid values, following "must be"."""
    default: str = ""
    """The server's default."""
    required: bool = False


SESSION_FIELDS: tuple[SessionField, ...] = (
    SessionField("user", "User", "text", "at least 1 character", required=True),
    SessionField("workflow.id", "Workflow", "text", "a workflow's id", required=True),
    SessionField("workflow.version", "Version", "text", "a version's name", "latest"),
    SessionField(
        "workflow.state_variables",
        "State variables",
        "pairs",
        "at most 64 lines of NAME=VALUE, names of at most 64 characters",
        "none",
    ),
    SessionField("workflow.tracing.enabled", "Tracing", "switch", "on or off", "on"),
    SessionField(
        "expires_after.seconds", "Expires after", "whole", "1 to 600 seconds", "600 seconds"
    ),
    SessionField(
        "rate_limits.max_requests_per_1_minute",
        "Requests a minute",
        "whole",
        "a whole number of 1 or more",
        "10",
    ),
    SessionField(
        "chatkit_configuration.automatic_thread_titling.enabled",
        "Automatic titles",
        "switch",
        "on or off",
        "on",
    ),
    SessionField(
        "chatkit_configuration.file_upload.enabled", "Uploads", "switch", "on or off", "off"
    ),
    SessionField(
        "chatkit_configuration.file_upload.max_file_size",
        "Largest upload",
        "whole",
        "1 to 512 MB",
        "512 MB",
    ),
    SessionField(
        "chatkit_configuration.file_upload.max_files",
        "Most uploads",
        "whole",
        "a whole number of 1 or more",
        "10",
    ),
    SessionField("chatkit_configuration.history.enabled", "History", "switch", "on or off", "on"),
    SessionField(
        "chatkit_configuration.history.recent_threads",
        "Earlier threads",
        "whole",
        "a whole number of 1 or more",
        "all",
    ),
)

MOST_DIGITS = 18
"""The largest number of digits; a longer number exceeds every limit, and 64 bits."""

_FIELD_OF_PATH = {field.path: field for field in SESSION_FIELDS}


class SessionFieldError(ValueError):
    """Fields are invalid. `messages` has one line for each path."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        super().__init__("; ".join(messages.values()))
        self.messages = dict(messages)


def session_request(values: Mapping[str, str]) -> SessionRequest:
    """Return the request for texts by path; an empty text selects the server's default.

    Raise `SessionFieldError` with a message for every invalid field.
    """
    request: dict[str, Any] = {}
    messages: dict[str, str] = {}
    for field in SESSION_FIELDS:
        text = values.get(field.path, "")
        if field.kind != "pairs" and field.path != "user":  # white space is part of a user's name
            text = text.strip()
        if not text.strip():
            if field.required:
                messages[field.path] = f"{field.label} is required"
            continue
        try:
            value = _read(field, text)
        except ValueError as error:
            messages[field.path] = str(error) or _must_be(field)
            continue
        _put(request, field.path, value)
    try:
        valid = SessionRequest.model_validate(request)
        if not messages:
            return valid
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False):
            if fault["type"] != "missing":  # it was reported above
                field = _field_at(fault["loc"])
                holds_secret = fault["type"] == HOLDS_SECRET
                words = f"{field.label} {fault['msg']}" if holds_secret else _must_be(field)
                messages.setdefault(field.path, words)
    in_order = [field.path for field in SESSION_FIELDS if field.path in messages]
    raise SessionFieldError({path: messages[path] for path in in_order})


def read_state_value(text: str) -> StateValue:
    """Return the value of a state variable: a JSON boolean, number or string, else the text."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, float) and not math.isfinite(value):
        return text  # Python accepts NaN and Infinity, unlike JSON
    return value if isinstance(value, (bool, int, float, str)) else text


def _read(field: SessionField, text: str) -> object:
    if field.kind == "text":
        if has_control(text):
            raise ValueError(f"{field.label} contains a control character: {text}")
        return text
    if field.kind == "switch":
        if text not in ("on", "off"):
            raise ValueError
        return text == "on"
    if field.kind == "whole":
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > MOST_DIGITS:
            raise ValueError
        return int(text)
    pairs: dict[str, StateValue] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, sign, value = line.partition("=")
        name, value = name.strip(" \t"), value.strip(" \t")  # not other white space
        if not sign or not name:
            raise ValueError(f"{field.label}: line {number} is not NAME=VALUE")
        if name in pairs:
            raise ValueError(f"{field.label}: line {number} repeats {name!r}")
        pairs[name] = read_state_value(value)
    return pairs


def _must_be(field: SessionField) -> str:
    return f"{field.label} must be {field.limit}"


def _put(request: dict[str, Any], path: str, value: object) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        request = request.setdefault(parent, {})
    request[name] = value


def _field_at(location: tuple[int | str, ...]) -> SessionField:
    """Return the field of a validation error: the one with the longest matching path."""
    for length in range(len(location), 0, -1):
        path = ".".join(str(step) for step in location[:length])
        if field := _FIELD_OF_PATH.get(path):
            return field
    return SESSION_FIELDS[0]
