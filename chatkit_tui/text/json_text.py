"""JSON text on one line, without parsing it."""

from __future__ import annotations

import json
import re
from typing import Final

STRING_OR_SPACE: Final = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+', re.DOTALL)
"""A string, as the first group, or white space between values."""
_CONTROL: Final = re.compile(r"[\x00-\x1f]")


def compact(raw: bytes) -> bytes:
    """Return JSON text on one line, without white space outside strings.

    Invalid line breaks inside strings, which some servers send, become escapes.
    """

    def shrink(match: re.Match[str]) -> str:
        string: str | None = match[1]
        return "" if string is None else _CONTROL.sub(lambda m: json.dumps(m[0])[1:-1], string)

    text = raw.decode("utf-8", "surrogateescape")
    return STRING_OR_SPACE.sub(shrink, text).encode("utf-8", "surrogateescape")


def on_one_line(raw: bytes) -> bytes:
    """Return JSON text as it is if it has no line break, else compact."""
    return compact(raw) if b"\n" in raw or b"\r" in raw else raw
