"""A page of a list: its rows kept as the compressed text that came, read when looked at.

A transcript of 100,000 items is kept in memory as pages. As models they would take five times
the room and make every full garbage collection a pause that a key would feel.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from chatkit_tui.models.wire import JSON

T_co = TypeVar("T_co", covariant=True)

_SPACE = re.compile(r"[ \t\n\r]*")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_LEADING_ID = re.compile(r'\{\s*"id"\s*:\s*("(?:[^"\\]|\\.)*")')
_decode = json.JSONDecoder(strict=False).raw_decode


class Entry(Generic[T_co]):
    """One row of a page: an id, and the text it can be read from at any time."""

    __slots__ = ("id", "index", "page")

    def __init__(self, page: Page[T_co], index: int, identifier: str) -> None:
        self.id = identifier
        """The row's id; for a row without one, a stand-in made from its text (see `has_id`)."""
        self.page = page
        self.index = index

    @property
    def has_id(self) -> bool:
        """Whether the server gave this row an id, so that it can serve as a cursor."""
        return not self.id.startswith(NO_ID)

    @property
    def raw(self) -> bytes:
        """The JSON text of the row, byte for byte as it came."""
        return self.page.row(self.index)

    def load(self) -> T_co:
        """Read the row. Costs some 10 µs for each kilobyte and is not remembered."""
        return self.page.read_row(self.raw)

    def __repr__(self) -> str:
        return f"Entry({self.id!r})"


NO_ID = "\0no id "
"""What the stand-in for a missing id begins with; no id on the wire holds a NUL."""


class Page(Generic[T_co]):
    """An answer to a list call.

    Iterating gives the rows as models; `entries` gives them unread.
    """

    __slots__ = ("_offsets", "_packed", "entries", "first_id", "has_more", "last_id", "read_row")

    def __init__(self, raw: bytes, read_row: Callable[[bytes], T_co]) -> None:
        """Take a list answer apart.

        `read_row` makes a model of one row's text; it must not raise for what the text says.
        Raises `ValueError` when `raw` is not JSON in UTF-8 or has no list in it.
        """
        text = raw.decode("utf-8-sig")
        fields, spans = _scan(text)
        self.read_row = read_row
        # Offsets count bytes, spans count characters.
        ascii_only = len(text) == len(raw)
        self._offsets = array("Q")
        position = byte = 0
        for start, end, _ in spans:
            for edge in (start, end):
                byte = edge if ascii_only else byte + len(text[position:edge].encode())
                position = edge
                self._offsets.append(byte)
        self._packed = zlib.compress(raw if ascii_only else text.encode(), 1)
        self.entries: tuple[Entry[T_co], ...] = tuple(
            Entry(self, index, _identifier(row, text[start:end]))
            for index, (start, end, row) in enumerate(spans)
        )
        first, last, more = (fields.get(name) for name in ("first_id", "last_id", "has_more"))
        self.first_id = first if isinstance(first, str) else None
        self.last_id = last if isinstance(last, str) else None
        self.has_more = more if isinstance(more, bool) else None
        """Whether the server says that there is more; None when it does not say."""

    @property
    def raw(self) -> bytes:
        """The JSON text of the whole answer, as it came."""
        return _unpack(self._packed)

    def row(self, index: int) -> bytes:
        """The JSON text of one row."""
        return self.raw[self._offsets[2 * index] : self._offsets[2 * index + 1]]

    @property
    def data(self) -> list[T_co]:
        """The rows as models, read anew at each call."""
        return [entry.load() for entry in self.entries]

    @property
    def next_cursor(self) -> str | None:
        """The `after` of the next page: `last_id`, else the last row's own id, else None."""
        if self.last_id:
            return self.last_id
        return self.entries[-1].id if self.entries and self.entries[-1].has_id else None

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[T_co]:
        return (entry.load() for entry in self.entries)


@lru_cache(maxsize=16)
def _unpack(packed: bytes) -> bytes:
    return zlib.decompress(packed)


def _identifier(row: JSON, text: str) -> str:
    """The id of a row; a row that could not be parsed is `_Unparsed` and searched for one."""
    found = row.get("id") if isinstance(row, dict) else None
    if row is _UNPARSED and (match := _LEADING_ID.match(text)):
        found = json.loads(match[1], strict=False)
    if isinstance(found, str) and found:
        return found
    return NO_ID + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


_UNPARSED = object()


def _scan(text: str) -> tuple[dict[str, JSON], list[tuple[int, int, JSON]]]:
    """The fields of a list answer, and start, end and value of each row of its `data`."""
    position = _skip_space(text, 0)
    if text[position : position + 1] == "[":
        rows, position = _scan_array(text, position)
        fields: dict[str, JSON] = {}
    elif text[position : position + 1] == "{":
        fields, found, position = _scan_object(text, position)
        if found is None:
            raise ValueError("the answer has no list in `data`")
        rows = found
    else:
        raise ValueError("the answer is not a JSON object")
    if _skip_space(text, position) != len(text):
        raise ValueError("there is text behind the JSON")
    return fields, rows


def _scan_object(
    text: str, position: int
) -> tuple[dict[str, JSON], list[tuple[int, int, JSON]] | None, int]:
    fields: dict[str, JSON] = {}
    rows: list[tuple[int, int, JSON]] | None = None
    position = _skip_space(text, position + 1)
    while text[position : position + 1] != "}":
        if text[position : position + 1] != '"':
            raise ValueError(f"a key was expected at character {position}")
        key, position = _decode(text, position)
        position = _skip_space(text, position)
        if text[position : position + 1] != ":":
            raise ValueError(f"a colon was expected at character {position}")
        position = _skip_space(text, position + 1)
        if key == "data" and text[position : position + 1] == "[":
            rows, position = _scan_array(text, position)
        else:
            fields[key], position = _value(text, position)
        position = _next(text, position, "}")
    return fields, rows, position + 1


def _scan_array(text: str, position: int) -> tuple[list[tuple[int, int, JSON]], int]:
    rows: list[tuple[int, int, JSON]] = []
    position = _skip_space(text, position + 1)
    while text[position : position + 1] != "]":
        start = position
        value, position = _value(text, position)
        rows.append((start, position, value))
        position = _next(text, position, "]")
    return rows, position + 1


def _next(text: str, position: int, closing: str) -> int:
    """Past the comma to the next member, or at the closing bracket."""
    position = _skip_space(text, position)
    found = text[position : position + 1]
    if found == ",":
        position = _skip_space(text, position + 1)
        if text[position : position + 1] == closing:
            raise ValueError(f"a value was expected at character {position}")
    elif found != closing:
        raise ValueError(f"a comma was expected at character {position}")
    return position


def _value(text: str, position: int) -> tuple[JSON, int]:
    try:
        return _decode(text, position)
    except RecursionError:
        return _UNPARSED, _skip_nested(text, position)
    except StopIteration:
        raise ValueError(f"a value was expected at character {position}") from None


def _skip_nested(text: str, position: int) -> int:
    """The end of an array or object that is too deep to be parsed."""
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
    match = _SPACE.match(text, position)
    return match.end() if match else position
