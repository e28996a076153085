"""Parse JSON text with the place of each part of its first level.

The parser of the standard library returns values without places, and fails for a whole text if one
part is nested too deeply. Here a list answer yields the exact text of each row, and a part that is
too deep affects only itself.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chatkit_tui.models.json import DECODER, JSON, MOST_ROWS, check_rows, load_json, mend

TOO_DEEP: Final = object()
"""In place of a value that is nested too deeply for the interpreter."""

TOO_DEEP_REASON: Final = "nested too deeply to be read"

_SPACE = re.compile(r"[ \t\n\r]*")
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


class Part(NamedTuple):
    """A value and the place of its text."""

    start: int
    end: int
    value: JSON
    """`TOO_DEEP` if it could not be followed."""


def scan_object(
    text: str, start: int = 0, *, rows_of: str = ""
) -> tuple[dict[str, Part], list[Part] | None]:
    """Return the members of the object at `start`, and the elements of the array `rows_of` in it.

    The elements are None if there is no such array; it is not among the members. Raises
    `ValueError` when `text` is not a JSON object.
    """
    position = _skip_space(text, start)
    if text[position : position + 1] != "{":
        raise ValueError("not a JSON object")
    members, rows, position = _scan_members(text, position, rows_of)
    if _skip_space(text, position) != len(text):
        raise ValueError("there is text behind the JSON")
    return members, rows


def load_fields(raw: bytes) -> tuple[dict[str, JSON], tuple[str, ...]]:
    """Return the fields of the JSON object in `raw`, and the names of those nested too deeply.

    Raise `ValueError` if it is not a JSON object in UTF-8.
    """
    try:
        value = load_json(raw)
    except RecursionError:
        members, _ = scan_object(raw.decode("utf-8-sig"))
        too_deep = tuple(name for name, part in members.items() if part.value is TOO_DEEP)
        fields = {name: part.value for name, part in members.items() if name not in too_deep}
        return mend(fields), too_deep
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value, ()


def _scan_members(
    text: str, position: int, rows_of: str
) -> tuple[dict[str, Part], list[Part] | None, int]:
    members: dict[str, Part] = {}
    rows: list[Part] | None = None
    position = _skip_space(text, position + 1)
    while text[position : position + 1] != "}":
        if text[position : position + 1] != '"':
            raise ValueError(f"a key was expected at character {position}")
        key, position = DECODER.raw_decode(text, position)
        position = _skip_space(text, position)
        if text[position : position + 1] != ":":
            raise ValueError(f"a colon was expected at character {position}")
        position = _skip_space(text, position + 1)
        if rows_of and key == rows_of and text[position : position + 1] == "[":
            members.pop(key, None)
            rows, position = _scan_array(text, position)
        else:
            members[key] = _value(text, position)
            position = members[key].end
        position = _next(text, position, "}")
    return members, rows, position + 1


def _scan_array(text: str, position: int) -> tuple[list[Part], int]:
    rows: list[Part] = []
    position = _skip_space(text, position + 1)
    while text[position : position + 1] != "]":
        row = _value(text, position)
        rows.append(row)
        if len(rows) > MOST_ROWS:
            check_rows(len(rows))
        position = row.end + 1
        if not text.startswith(",{", row.end):  # far faster than the next line
            position = _next(text, row.end, "]")
    return rows, position + 1


def _next(text: str, position: int, closing: str) -> int:
    """Return the start of the next member, or the closing bracket."""
    position = _skip_space(text, position)
    found = text[position : position + 1]
    if found == ",":
        position = _skip_space(text, position + 1)
        if text[position : position + 1] == closing:
            raise ValueError(f"a value was expected at character {position}")
    elif found != closing:
        raise ValueError(f"a comma was expected at character {position}")
    return position


def _value(text: str, position: int) -> Part:
    try:
        value, end = DECODER.raw_decode(text, position)
    except RecursionError:
        return Part(position, _skip_nested(text, position), TOO_DEEP)
    return Part(position, end, value)


def _skip_nested(text: str, position: int) -> int:
    """Return the end of an array or object that is too deep to be parsed."""
    depth = 0
    for match in _BRACKETS.finditer(text, position):
        if match[0] in "[{":
            depth += 1
        elif match[0] in "]}":
            depth -= 1
            if depth == 0:
                return match.end()
    raise ValueError("the text ends inside a value")


def _skip_space(text: str, position: int) -> int:
    if text[position : position + 1] not in " \t\n\r":  # far faster than the pattern
        return position
    match = _SPACE.match(text, position)
    return match.end() if match else position
