"""The body of sessions.create: every limit of the API's description, and its defaults."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeAlias

from chatkit_tui.emulator.calls import JSON
from chatkit_tui.emulator.refusals import invalid, missing, unknown_parameter

Check: TypeAlias = Callable[[str, JSON], None]
"""Takes the dotted name of a parameter and its value; raises `RefusedError` if they do not fit."""

LONGEST_STATE_KEY = 64
MOST_STATE_KEYS = 64
LONGEST_STATE_TEXT = 10_485_760
LONGEST_LIFE = 600
"""Seconds."""
LARGEST_FILE = 512
"""Megabytes."""


def read_session_body(body: bytes) -> dict[str, JSON]:
    """Check the body and fill in what the server would.

    Gives a flat picture of the session: `user`, `workflow`, `seconds`, `rate` and
    `configuration`, the last two as the session object has them. Raises `RefusedError`.
    """
    try:
        fields = json.loads(body) if body else {}
    except ValueError:
        raise invalid("body", "not valid JSON.", code="invalid_json") from None
    _object("body", fields)
    for name in ("user", "workflow"):
        if fields.get(name) is None:
            raise missing(name)
    _BODY("", fields)
    workflow = fields["workflow"]
    chosen = fields.get("chatkit_configuration") or {}
    upload, history = chosen.get("file_upload") or {}, chosen.get("history") or {}
    return {
        "user": fields["user"],
        "workflow": {
            "id": workflow["id"],
            "version": workflow.get("version"),
            "state_variables": workflow.get("state_variables"),
            "tracing": {"enabled": _chosen(workflow.get("tracing"), "enabled", default=True)},
        },
        "seconds": _chosen(fields.get("expires_after"), "seconds", default=LONGEST_LIFE),
        "rate": _chosen(fields.get("rate_limits"), "max_requests_per_1_minute", default=10),
        "configuration": {
            "automatic_thread_titling": {
                "enabled": _chosen(chosen.get("automatic_thread_titling"), "enabled", default=True)
            },
            "file_upload": {
                "enabled": _chosen(upload, "enabled", default=False),
                "max_file_size": _chosen(upload, "max_file_size", default=LARGEST_FILE),
                "max_files": _chosen(upload, "max_files", default=10),
            },
            "history": {
                "enabled": _chosen(history, "enabled", default=True),
                "recent_threads": history.get("recent_threads"),
            },
        },
    }


def _chosen(fields: Mapping[str, JSON] | None, name: str, *, default: JSON) -> JSON:
    value = (fields or {}).get(name)
    return default if value is None else value


# -- checks ----------------------------------------------------------------------------------------


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
    """An object with these fields and no others; null counts as left out where not required."""

    def check(param: str, value: JSON) -> None:
        _object(param or "body", value)
        prefix = f"{param}." if param else ""
        for name in required:
            if value.get(name) is None:
                raise missing(prefix + name)
        for name, entry in value.items():
            if name not in checks:
                raise unknown_parameter(prefix + name)
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
