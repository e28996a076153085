"""A page of a list: its rows kept as the compressed text that came, read when looked at.

A transcript of 100,000 items is kept in memory as pages. As models they would take five times
the room and make every full garbage collection a pause that a key would feel. A large row is kept
apart from the others, so that looking at its neighbours costs nothing of its size.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Generic, NamedTuple, TypeVar

from chatkit_tui.models.json import DECODER, JSON, mend
from chatkit_tui.models.limits import Effort
from chatkit_tui.models.raw_json import Row, check_encoding, delimit_list
from chatkit_tui.models.scan import TOO_DEEP, Part, scan_object

T_co = TypeVar("T_co", covariant=True)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LARGE_LIST: Final = 1_000_000
"""Bytes from which on a list answer is taken apart without being parsed."""
LARGE_ROW: Final = 64 * 1024
"""Bytes from which on a row is kept by itself."""
LARGE_PIECE: Final = 4 * LARGE_ROW
"""Bytes that other rows are kept together in: looking at one unpacks them all."""

_SLICE: Final = 1024 * 1024
"""Bytes that are compressed at once: some ten milliseconds."""

_LEADING_ID = re.compile(r'\{\s*"id"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)


class Entry(Generic[T_co]):
    """One row of a page: an id, and the text it can be read from at any time."""

    __slots__ = ("id", "index", "key", "page")

    def __init__(self, page: Page[T_co], index: int, identifier: str) -> None:
        self.id = identifier
        """The row's id; for a row without one, a stand-in made from its text (see `has_id`)."""
        self.key = identifier
        """What tells the row from the others of a list: the id, and for a further row that shares
        it, the id and a number. The list that holds the row sets it; it is never sent."""
        self.page = page
        self.index = index

    @property
    def has_id(self) -> bool:
        """Whether the server gave this row an id, so that it can serve as a cursor."""
        return not self.id.startswith(NO_ID)

    @property
    def is_settled(self) -> bool:
        """Whether nothing in the row is under way, as far as its own `status` says."""
        return self.index not in self.page.unsettled

    @property
    def size(self) -> int:
        """Bytes of the row's JSON text."""
        return self.page.row_size(self.index)

    @property
    def raw(self) -> bytes:
        """The JSON text of the row, byte for byte as it came. Costs some 3 ms for each megabyte."""
        return self.page.row(self.index)

    def load(self) -> T_co:
        """Read the row. Costs some 10 µs for each kilobyte and is not remembered."""
        return self.page.read_row(self.raw)

    def __repr__(self) -> str:
        return f"Entry({self.id!r})"


SETTLED: Final = frozenset(
    {"completed", "complete", "done", "success", "succeeded", "failed", "error", "incomplete"}
    | {"cancelled", "canceled", "expired", "rejected"}
)
"""Words for a `status` that does not change any more."""

NO_ID = "\0no id "
"""What the stand-in for a missing id begins with; no id on the wire holds a NUL."""


class Piece(NamedTuple):
    """A stretch of an answer."""

    size: int
    packed: bytes

    @property
    def text(self) -> bytes:
        """The stretch as it came."""
        return _unpack_again(self) if self.size < LARGE_LIST else _unpack(self)


class Page(Generic[T_co]):
    """An answer to a list call.

    Iterating gives the rows as models; `entries` gives them unread.
    """

    __slots__ = (
        "_offsets",
        "_pieces",
        "_starts",
        "asked",
        "entries",
        "first_id",
        "has_more",
        "last_id",
        "object",
        "read_row",
        "unsettled",
    )

    def __init__(self, raw: bytes, read_row: Callable[[bytes], T_co]) -> None:
        """Take a list answer apart.

        `read_row` makes a model of one row's text; it must not raise for what the text says.
        Raises `ValueError` when `raw` is not JSON in UTF-8 or has no list in it.
        """
        fields, rows, ids, states = (_delimited if len(raw) >= LARGE_LIST else _parsed)(raw)
        self.read_row = read_row
        self.unsettled = tuple(index for index, state in enumerate(states) if _is_under_way(state))
        """The indices of rows whose `status` is a word for something that is not over."""
        self.asked: tuple[int, float] = (0, 0.0)
        """When the page was asked for, as the list that holds it counts and in Unix seconds."""
        self._offsets = array("Q", rows)
        edges = _edges(self._offsets, len(raw))
        self._starts = array("Q", edges[:-1])
        view = memoryview(raw)
        self._pieces = tuple(
            Piece(end - start, _pack(view[start:end])) for start, end in pairwise(edges)
        )
        self.entries: tuple[Entry[T_co], ...] = tuple(
            Entry(self, index, identifier) for index, identifier in enumerate(ids)
        )
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
        return b"".join([piece.text for piece in self._pieces])

    def row(self, index: int) -> bytes:
        """The JSON text of one row."""
        start, end = self._offsets[2 * index : 2 * index + 2]
        first, piece = self._piece_at(start)
        text = piece.text
        return text if end - start == len(text) else text[start - first : end - first]

    def packed_size(self) -> int:
        """Bytes of memory that the text of the answer takes."""
        return sum(len(piece.packed) for piece in self._pieces)

    def piece_of(self, index: int) -> Piece:
        """The stretch of the answer that is unpacked where one row is looked at."""
        return self._piece_at(self._offsets[2 * index])[1]

    def _piece_at(self, start: int) -> tuple[int, Piece]:
        number = bisect_right(self._starts, start) - 1
        return self._starts[number], self._pieces[number]

    def row_size(self, index: int) -> int:
        """Bytes of the JSON text of one row."""
        return self._offsets[2 * index + 1] - self._offsets[2 * index]

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


def _pack(text: memoryview) -> bytes:
    """Compress a stretch of an answer; can be stopped between two slices of it."""
    effort = Effort()
    packer = zlib.compressobj(1)
    packed = []
    for start in range(0, len(text), _SLICE):
        effort.check()
        packed.append(packer.compress(text[start : start + _SLICE]))
    return b"".join((*packed, packer.flush()))


def _unpack(piece: Piece) -> bytes:
    return zlib.decompress(piece.packed, bufsize=piece.size)


_unpack_again = lru_cache(maxsize=16)(_unpack)
"""Of the pieces that many rows share, the last few stay unpacked."""


def _edges(rows: Sequence[int], size: int) -> list[int]:
    """Where the pieces of an answer begin, and its end: a large row is a piece of its own.

    Others share pieces of `LARGE_PIECE` at most, without the space around them: else reading each
    row of a long list would unpack all of it each time.

    `rows` has start and end of each row in turn.
    """
    edges, last = [0], 0
    for start, end in zip(rows[::2], rows[1::2], strict=True):
        is_large = end - start >= LARGE_ROW
        if is_large or end - edges[-1] > LARGE_PIECE:
            edges += (last, start)
        if is_large:
            edges.append(end)
        last = end
    return sorted({*edges, last, size})


_Apart = tuple[dict[str, JSON], list[int], list[str], list[JSON]]
"""The members of an answer, start and end of each row in bytes, the rows' ids and their states."""


def _is_under_way(state: JSON) -> bool:
    return isinstance(state, str) and state not in SETTLED


def _parsed(raw: bytes) -> _Apart:
    text = raw.decode("utf-8-sig")
    members, rows = scan_object(text, rows_of="data")
    fields = {name: part.value for name, part in members.items()}
    found = _rows_of(fields, rows)
    ids = [_identifier(row.value, text[row.start : row.end]) for row in found]
    states = [row.value.get("status") if isinstance(row.value, dict) else None for row in found]
    return fields, list(_byte_offsets(raw, text, found)), ids, states


def _delimited(raw: bytes) -> _Apart:
    check_encoding(raw)
    start = len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0
    fields, rows = delimit_list(raw, start, "data")
    found = _rows_of(fields, rows)
    ids = [_id_or_stand_in(row.id, raw[row.start : row.end]) for row in found]
    edges = [edge for row in found for edge in (row.start, row.end)]
    return fields, edges, ids, [row.status for row in found]


_Rows = TypeVar("_Rows", list[Part], list[Row])


def _rows_of(fields: dict[str, JSON], rows: _Rows | None) -> _Rows | list[Any]:
    """The rows; none where `data` is null."""
    if rows is None and ("data" not in fields or fields["data"] is not None):
        raise ValueError("the answer has no list in `data`")
    return [] if rows is None else rows


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
    return _id_or_stand_in(found, text)


def _id_or_stand_in(found: JSON, text: str | bytes) -> str:
    if isinstance(found, str) and found:
        return str(mend(found))
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return NO_ID + hashlib.sha256(raw).hexdigest()[:16]
