"""Find where the parts of a JSON text begin and end.

The parser of the standard library returns values without places, and fails for a whole text if one
part is nested too deeply. It also holds the interpreter for as long as a value is large, and a key
that is pressed meanwhile waits. Here the text is scanned in pieces of `STRIDE` bytes. The content
of parts that are only scanned is not checked.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from chatkit_tui.models.json import (
    DECODER,
    JSON,
    MOST_ROWS,
    MOST_STEPS,
    MOST_STEPS_AT_ONCE,
    Effort,
    check_members,
    check_rows,
    check_values,
    load_json,
    mend,
)

STRIDE: Final = 64 * 1024
"""Bytes that are scanned at once: well under a millisecond."""

_scan_once: Final = json.JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined]
"""Parses the value at a place, in C alone; fails for integers that `DECODER` accepts."""

_SPACE: Final = re.compile(rb"[ \t\n\r]*+")
_IN_STRING: Final = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SCALAR: Final = re.compile(rb'[^ \t\n\r,:"\[\]{}]++')
# Text that neither opens nor closes a level, with its strings and flat containers.
_STRING: Final = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT: Final = rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+"
_LEVEL: Final = re.compile(
    rb'(?:[^"\[\]{}]++|' + _STRING + rb"|\{" + _FLAT + rb"\}|\[" + _FLAT + rb"\])*+", re.DOTALL
)


class Member(NamedTuple):
    """A member of an object: its name, and the place of its value."""

    name: str
    start: int
    end: int


class RowSpan(NamedTuple):
    """The place of an element of an array, and the members that a list needs of it."""

    start: int
    end: int
    id: JSON = None
    status: JSON = None
    created_at: JSON = None

    @classmethod
    def of(cls, start: int, end: int, value: JSON) -> RowSpan:
        """Return the span of an element with its value, which may be anything."""
        if not isinstance(value, dict):
            return cls(start, end)
        return cls(start, end, value.get("id"), value.get("status"), value.get("created_at"))


def check_encoding(raw: bytes) -> None:
    """Raise `ValueError` if a text is not UTF-8."""
    if len(raw) <= STRIDE:
        raw.decode()
        return
    if raw.isascii():
        return
    decoder = getincrementaldecoder("utf-8")()
    view = memoryview(raw)
    for start in range(0, len(raw), STRIDE):
        decoder.decode(view[start : start + STRIDE])
    decoder.decode(b"", final=True)


def delimit_list(
    raw: bytes, *, parse_rows: bool = False
) -> tuple[dict[str, JSON], list[RowSpan] | None]:
    """Return the members of the object in `raw`, except the array `data`, and its elements.

    None stands for the elements if there is no such array. With `parse_rows`, each row is parsed,
    which is faster and holds the interpreter; a row that is not JSON is then an error. Raise
    `ValueError` if the text is not an object in UTF-8, or ends inside a value, and `TooMuchError`
    if it is over a limit.
    """
    check_encoding(raw)
    # Each byte becomes one character, so that places in the text are places in `raw`.
    text = raw.decode("latin-1") if parse_rows else ""
    effort = Effort()
    fields: dict[str, JSON] = {}
    rows: list[RowSpan] | None = None

    def take(name: str, position: int) -> int:
        nonlocal rows
        fields.pop(name, None)
        if name == "data" and raw[position : position + 1] == b"[":
            rows = []
            return _scan_rows(raw, text, position, rows, effort)
        with suppress(RecursionError):  # the list can do without
            if text:
                value, end = DECODER.raw_decode(text, position)
                is_ascii = raw[position:end].isascii()
                fields[name] = value if is_ascii else read_value(raw, position, end)
                return end
        end = skip_value(raw, position, effort)
        with suppress(RecursionError):
            fields[name] = read_value(raw, position, end)
        return end

    end = _scan_object(raw, _start(raw), take, effort)
    if skip_space(raw, end) != len(raw):
        raise ValueError("there is text behind the JSON")
    return fields, rows


def load_fields(raw: bytes) -> tuple[dict[str, JSON], tuple[str, ...]]:
    """Return the fields of the JSON object in `raw`, and the names of those nested too deeply.

    Raise `ValueError` if it is not a JSON object in UTF-8.
    """
    try:
        value = load_json(raw)
    except RecursionError:
        fields, too_deep = {}, []
        for member in {member.name: member for member in members(raw, MOST_STEPS)}.values():
            try:
                fields[member.name] = read_value(raw, member.start, member.end)
            except RecursionError:
                too_deep.append(member.name)
        return mend(fields), tuple(too_deep)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value, ()


def members(raw: bytes, most_steps: int = MOST_STEPS_AT_ONCE) -> list[Member]:
    """Return the members of the object in `raw`, in order.

    Raise `ValueError` if it is none, or broken, or has too many parts.
    """
    found: list[Member] = []
    effort = Effort(most_steps)

    def take(name: str, position: int) -> int:
        end = skip_value(raw, position, effort)
        found.append(Member(name, position, end))
        return end

    _scan_object(raw, _start(raw), take, effort)
    return found


def leading_members(raw: bytes) -> list[tuple[str, JSON]]:
    """Return the names and values of the object in `raw`, as far as its text came and is sound."""
    raw = raw.decode("utf-8", "replace").encode()
    found: list[tuple[str, JSON]] = []
    effort = Effort()

    def take(name: str, position: int) -> int:
        end = skip_value(raw, position, effort)
        text = raw[position:end].decode()
        value, size = DECODER.raw_decode(text)
        found.append((name, value))  # also if there is text behind it: it may deny the others
        if size < len(text):
            raise ValueError("there is text behind the value")
        return end

    with suppress(ValueError, RecursionError):
        _scan_object(raw, _start(raw), take, effort)
    return found


def _start(raw: bytes) -> int:
    return skip_space(raw, len(BOM_UTF8) if raw.startswith(BOM_UTF8) else 0)


def read_value(raw: bytes, start: int, end: int) -> JSON:
    """Return the value of a part. Raise `ValueError` if it is not JSON."""
    text = raw[start:end].decode()
    check_values(text)
    return DECODER.decode(text)


def _scan_rows(raw: bytes, text: str, position: int, rows: list[RowSpan], effort: Effort) -> int:
    """Add the elements of the array at a position to `rows`; return its end.

    They are parsed if there is a `text` of `raw`.
    """
    position = skip_space(raw, position + 1)
    if text:
        position = _parse_rows(raw, text, position, rows)
    while raw[position : position + 1] != b"]":
        row = _parse_row(raw, text, position) if text else None
        if row is None:
            effort.step()
            row = _scan_row(raw, position, effort)
        rows.append(row)
        if len(rows) > MOST_ROWS:
            check_rows(len(rows))
        is_next = raw.startswith(b",{", row.end)  # far faster than the pattern
        position = row.end + 1 if is_next else _next(raw, row.end, b"]")
    return position + 1


def _parse_rows(raw: bytes, text: str, position: int, rows: list[RowSpan]) -> int:
    """Add the usual elements from a position on to `rows`; return the place of the first other one.

    What is left is an element that is not an object, is separated by spaces, is nested too deeply
    or is broken, or the end of the array.
    """
    is_ascii, is_next = raw.isascii(), text.startswith("{", position)
    with suppress(RecursionError, ValueError, StopIteration):
        while is_next and len(rows) < MOST_ROWS:
            value, end = _scan_once(text, position)
            is_next = text.startswith(",{", end)
            if not is_next and not text.startswith("]", end):
                break
            get = value.get
            identifier, status, time = get("id"), get("status"), get("created_at")
            if is_ascii or f"{identifier}{status}{time}".isascii():
                rows.append(RowSpan(position, end, identifier, status, time))
            else:
                rows.append(RowSpan.of(position, end, read_value(raw, position, end)))
            position = end + is_next
    return position


def _parse_row(raw: bytes, text: str, position: int) -> RowSpan | None:
    """Return the span of an element; None if it is nested too deeply."""
    with suppress(RecursionError):
        value, end = DECODER.raw_decode(text, position)
        span = RowSpan.of(position, end, value)
        if f"{span.id}{span.status}{span.created_at}".isascii():
            return span
        return RowSpan.of(position, end, read_value(raw, position, end))
    return None


def _scan_row(raw: bytes, position: int, effort: Effort) -> RowSpan:
    end = skip_value(raw, position, effort)
    if raw[position : position + 1] != b"{":
        return RowSpan(position, end)
    if end - position < STRIDE:  # small ones, of which there may be many, are sooner parsed
        with suppress(ValueError, RecursionError):
            return RowSpan.of(position, end, read_value(raw, position, end))
    found: dict[str, JSON] = {}

    def take(name: str, position: int) -> int:
        end = skip_value(raw, position, effort)
        if name in ("id", "status", "created_at") and end - position < STRIDE:
            with suppress(ValueError, RecursionError):  # the row can do without
                found[name] = read_value(raw, position, end)
        return end

    end = _scan_object(raw, position, take, effort)
    return RowSpan.of(position, end, found)


def _scan_object(raw: bytes, position: int, take: Callable[[str, int], int], effort: Effort) -> int:
    """Call `take` for each member of an object; return the end of the object.

    `take` gets the name of the member and the start of its value, and returns its end.
    """
    if raw[position : position + 1] != b"{":
        raise ValueError("not a JSON object")
    position = skip_space(raw, position + 1)
    count = 0
    while raw[position : position + 1] != b"}":
        if raw[position : position + 1] != b'"':
            raise ValueError(f"a key was expected at byte {position}")
        effort.step()
        check_members(count := count + 1)
        end = _skip_string(raw, position)
        colon = skip_space(raw, end)
        if raw[colon : colon + 1] != b":":
            raise ValueError(f"a colon was expected at byte {colon}")
        name = read_value(raw, position, end) if end - position < STRIDE else ""
        position = _next(raw, take(name, skip_space(raw, colon + 1)), b"}")
    return position + 1


def _next(raw: bytes, position: int, closing: bytes) -> int:
    """Return the start of the next entry, or the closing bracket."""
    position = skip_space(raw, position)
    found = raw[position : position + 1]
    if found == b",":
        position = skip_space(raw, position + 1)
        if raw[position : position + 1] == closing:
            raise ValueError(f"a value was expected at byte {position}")
    elif found != closing:
        raise ValueError(f"a comma was expected at byte {position}")
    return position


def skip_space(raw: bytes, position: int) -> int:
    """Return the position after any white space."""
    match = _SPACE.match(raw, position)
    return match.end() if match else position


def skip_value(raw: bytes, position: int, effort: Effort) -> int:
    """Return the end of the value at a position. Raise `ValueError` if there is none."""
    found = raw[position : position + 1]
    if found == b'"':
        return _skip_string(raw, position)
    if found in {b"{", b"["}:
        return _skip_container(raw, position, effort)
    match = _SCALAR.match(raw, position, position + STRIDE)
    if match is None:
        raise ValueError(f"a value was expected at byte {position}")
    return match.end()


def _skip_string(raw: bytes, position: int) -> int:
    position += 1
    while match := _IN_STRING.match(raw, position, position + STRIDE):
        position = match.end()
        if raw[position : position + 1] == b'"':
            return position + 1
        if position >= len(raw) - 1:
            break
    raise ValueError("the text ends inside a string")


def _skip_container(raw: bytes, position: int, effort: Effort) -> int:
    depth = 0
    while position < len(raw):
        effort.step()
        found = raw[position : position + 1]
        if found in {b"{", b"["}:
            depth += 1
            position += 1
        elif found in {b"}", b"]"}:
            depth -= 1
            position += 1
            if depth == 0:
                return position
        elif found == b'"':
            position = _skip_string(raw, position)
        if match := _LEVEL.match(raw, position, position + STRIDE):
            position = match.end()
    raise ValueError("the text ends inside a value")
