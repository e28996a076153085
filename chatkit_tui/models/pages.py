"""A page of a list: its rows kept as the compressed text that came, read when looked at.

A transcript of 100,000 items is kept in memory as pages. As models they would take five times
the room and make every full garbage collection a pause that a key would feel.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Generic, TypeVar

from chatkit_tui.models.json_text import DECODER, JSON, mend
from chatkit_tui.models.scan import TOO_DEEP, Part, scan_object

T_co = TypeVar("T_co", covariant=True)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LEADING_ID = re.compile(r'\{\s*"id"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)


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

    __slots__ = (
        "_offsets",
        "_packed",
        "entries",
        "first_id",
        "has_more",
        "last_id",
        "object",
        "read_row",
    )

    def __init__(self, raw: bytes, read_row: Callable[[bytes], T_co]) -> None:
        """Take a list answer apart.

        `read_row` makes a model of one row's text; it must not raise for what the text says.
        Raises `ValueError` when `raw` is not JSON in UTF-8 or has no list in it.
        """
        text = raw.decode("utf-8-sig")
        members, rows = scan_object(text, rows_of="data")
        if rows is None:
            if "data" not in members or members["data"].value is not None:
                raise ValueError("the answer has no list in `data`")
            rows = []
        self.read_row = read_row
        self._packed = zlib.compress(raw, 1)
        self._offsets = array("Q", _byte_offsets(raw, text, rows))
        self.entries: tuple[Entry[T_co], ...] = tuple(
            Entry(self, index, _identifier(row.value, text[row.start : row.end]))
            for index, row in enumerate(rows)
        )
        fields = {name: part.value for name, part in members.items()}
        self.object = _text(fields.get("object"))
        """What the server calls it: `list`."""
        self.first_id = _text(fields.get("first_id"))
        self.last_id = _text(fields.get("last_id"))
        more = fields.get("has_more")
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


def _byte_offsets(raw: bytes, text: str, rows: list[Part]) -> Iterator[int]:
    """Start and end of each row in `raw`, of which `text` is the decoded form."""
    byte = len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0
    position = 0
    one_byte_each = len(text) == len(raw) - byte
    for row in rows:
        for edge in (row.start, row.end):
            between = edge - position if one_byte_each else len(text[position:edge].encode())
            byte += between
            position = edge
            yield byte


def _text(value: JSON) -> str | None:
    return str(mend(value)) if isinstance(value, str) else None


def _identifier(row: JSON, text: str) -> str:
    """The id of a row; one that is too deep to be parsed is searched for its id."""
    found = row.get("id") if isinstance(row, dict) else None
    if row is TOO_DEEP and (match := _LEADING_ID.match(text)):
        found = DECODER.decode(match[1])
    if isinstance(found, str) and found:
        return str(mend(found))
    return NO_ID + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
