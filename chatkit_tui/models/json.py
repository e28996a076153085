"""JSON text and values: how text is parsed, mended and written."""

from __future__ import annotations

import json
import re
from typing import Any, Final, TypeAlias

from chatkit_tui.models.limits import check_values

JSON: TypeAlias = Any
"""A JSON value as `json.loads` makes it: dict, list, str, int, float, bool or None."""

_MOST_DIGITS: Final = 4_000

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _integer(digits: str) -> int | str:
    """A whole number; one of more digits than the interpreter takes stays text."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


DECODER: Final = json.JSONDecoder(strict=False, parse_int=_integer)
"""Takes control characters inside strings as data."""


def load_json(raw: bytes | str) -> JSON:
    """Parse JSON text as ChatKit servers write it.

    Control characters inside strings are data. A lone surrogate, which no encoding of Unicode
    can carry on, becomes the visible text `⟨U+D800⟩`. Raises `ValueError` when it is not JSON,
    `TooMuchError` when it has too many values, and `RecursionError` when it is nested deeper than
    the interpreter can follow.
    """
    text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    check_values(text)
    value = DECODER.decode(text)
    return mend(value) if "\\ud" in text or "\\uD" in text else value


def mend(value: JSON) -> JSON:
    """`value` with each lone surrogate in its texts and keys made visible."""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", value)
    if isinstance(value, list):
        return [mend(entry) for entry in value]
    if isinstance(value, dict):
        return {mend(key): mend(entry) for key, entry in value.items()}
    return value


def dump_json(value: JSON) -> str:
    """The compact text of a JSON value, other scripts readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
