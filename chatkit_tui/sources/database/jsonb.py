"""The binary JSON of SQLite (JSONB), which older libraries of SQLite cannot read.

Each element is a header with its type and size, and its content. Text and numbers are those of the
JSON text, so that little is lost.
"""

from __future__ import annotations

import json
from typing import Final

from chatkit_tui.models.json import JSON, MOST_VALUES, load_json

_OBJECT: Final = 12
_CONSTANTS: Final = ("null", "true", "false")
_INT, _INT5, _FLOAT, _FLOAT5 = 3, 4, 5, 6
_TEXT, _TEXT_JSON, _TEXT5, _TEXT_RAW, _ARRAY = 7, 8, 9, 10, 11
_SIZES: Final = {12: 1, 13: 2, 14: 4, 15: 8}


def is_jsonb(raw: bytes) -> bool:
    """Return whether bytes may be an object in JSONB; no JSON text begins so."""
    return bool(raw) and raw[0] & 0x0F == _OBJECT


def jsonb_text(raw: bytes) -> bytes:
    """Return the JSON text of an object in JSONB. Raise `ValueError` if it is none."""
    reader = _Reader(raw)
    value, end = reader.value(0, len(raw))
    if end != len(raw):
        raise ValueError("there are bytes behind the value")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._left = MOST_VALUES

    def value(self, start: int, limit: int) -> tuple[JSON, int]:
        """Return the element at a place and its end, which is at most `limit`."""
        self._left -= 1
        if start >= limit or self._left < 0:
            raise ValueError("an element was expected")
        kind, size = self._raw[start] & 0x0F, self._raw[start] >> 4
        begin = start + 1
        if size in _SIZES:
            begin += _SIZES[size]
            size = int.from_bytes(self._raw[start + 1 : begin], "big")
        end = begin + size
        if begin > limit or end > limit:
            raise ValueError("the element is cut short")
        if kind == _OBJECT:
            parts = self._elements(begin, end)
            return dict(zip(map(str, parts[::2]), parts[1::2], strict=True)), end
        if kind == _ARRAY:
            return self._elements(begin, end), end
        return _scalar(kind, self._raw[begin:end].decode("utf-8", "replace")), end

    def _elements(self, start: int, end: int) -> list[JSON]:
        found = []
        while start < end:
            value, start = self.value(start, end)
            found.append(value)
        return found


def _scalar(kind: int, text: str) -> JSON:
    if kind < len(_CONSTANTS):
        return load_json(_CONSTANTS[kind])
    if kind in (_INT, _FLOAT):
        return load_json(text)
    if kind in (_TEXT, _TEXT_RAW):
        return text
    if kind == _TEXT_JSON:
        return load_json(f'"{text}"')
    if kind == _INT5:
        return int(text, 16)
    if kind in (_FLOAT5, _TEXT5):  # a number like `.5` or `5.`, or a text with escapes of JSON5
        return float(text) if kind == _FLOAT5 else text
    raise ValueError("an unknown type of element")
