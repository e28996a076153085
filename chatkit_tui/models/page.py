"""A page of a list: its rows kept as text, and parsed on demand.

A transcript of 100,000 items stays in memory as packed pages. As models they would take five times
the memory and make every full garbage collection a noticeable pause. A large row is compressed
apart from the others, so that reading its neighbors costs nothing of its size.
"""

from __future__ import annotations

import hashlib
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, Self

from chatkit_tui.models.json import JSON, Effort, load_json, mend
from chatkit_tui.models.raw_json import RowSpan
from chatkit_tui.models.timestamps import Timestamp, read_time, time_of

LARGE_LIST: Final = 1_000_000
"""Bytes of a list answer from which it is delimited, not parsed."""
LARGE_ROW: Final = 64 * 1024
"""Bytes of a row from which it is compressed by itself."""
LARGE_PIECE: Final = 4 * LARGE_ROW
"""Bytes that other rows are compressed in together: reading one decompresses them all."""

_SLICE: Final = 1024 * 1024
"""Bytes that are compressed between two checks for a stop: some ten milliseconds."""

_NO_TIME: Final = -1
_LATEST: Final = 1 << 32
"""Times in whole seconds before this one are what they say; others are looked at."""

SETTLED: Final = frozenset(
    {"completed", "complete", "done", "success", "succeeded", "failed", "error", "incomplete"}
    | {"cancelled", "canceled", "expired", "rejected", "answered", "skipped"}
)
"""Values of `status` that are final."""

NO_ID: Final = "\0no id "
"""The prefix of the stand-in for a missing id; no id from a server contains a NUL."""


class RawRow:
    """A row of a page: what a list needs of it, and its JSON text."""

    __slots__ = ("index", "key", "name", "page")

    def __init__(self, page: Page, index: int, name: str) -> None:
        self.name = name
        """The id; for a row without one, a stand-in made from its text."""
        self.key = name
        """What identifies the row in a feed: the name, and a number if other rows have it too."""
        self.page = page
        self.index = index

    @property
    def id(self) -> str | None:
        """The id, which can serve as a cursor; None for a row without one."""
        return None if self.name.startswith(NO_ID) else self.name

    @property
    def has_id(self) -> bool:
        return not self.name.startswith(NO_ID)

    @property
    def is_settled(self) -> bool:
        """Whether the row is final, as far as its `status` says."""
        return self.index not in self.page.unsettled

    @property
    def created_at(self) -> int | None:
        """Unix seconds; None if the row has no valid time."""
        return self.page.second_at(self.index)

    @property
    def time(self) -> Timestamp | None:
        """The time of creation, from the id if need be."""
        return self.page.time_at(self.index)

    @property
    def size(self) -> int:
        """Bytes of the JSON text."""
        return self.page.size_of(self.index)

    @property
    def raw(self) -> bytes:
        """The JSON text, byte for byte. Costs some 3 ms for each megabyte."""
        return self.page.text_of(self.index)

    def __repr__(self) -> str:
        return f"RawRow({self.name!r})"


class Piece(NamedTuple):
    """A part of an answer, compressed once its page is packed."""

    size: int
    content: bytes
    is_packed: bool = False

    def packed(self) -> Piece:
        """Return the part compressed; can be stopped between two slices of it."""
        if self.is_packed:
            return self
        effort = Effort()
        packer = zlib.compressobj(1)
        text = memoryview(self.content)
        packed = []
        for start in range(0, len(text), _SLICE):
            effort.check()
            packed.append(packer.compress(text[start : start + _SLICE]))
        return Piece(self.size, b"".join((*packed, packer.flush())), is_packed=True)

    @property
    def text(self) -> bytes:
        """The part, decompressed."""
        if not self.is_packed:
            return self.content
        return _unpack_again(self) if self.size < LARGE_LIST else _unpack(self)


class Page:
    """Rows of a list, and how to get the page after them."""

    __slots__ = (
        "_offsets",
        "_pieces",
        "_rows",
        "_starts",
        "asked",
        "has_more",
        "ids_are_cursors",
        "naive",
        "names",
        "next_cursor",
        "thread_id",
        "times",
        "unsettled",
        "zone",
    )

    def __init__(
        self,
        text: bytes,
        spans: Sequence[RowSpan],
        *,
        has_more: bool | None = False,
        cursor: str | None = None,
        thread_id: str = "",
        zone: tzinfo = UTC,
        ids_are_cursors: bool = True,
    ) -> None:
        """Take a text that has a row in each of the spans.

        `cursor` is what the next page comes after. If `ids_are_cursors` it can be any row, and
        without a `cursor` it is the last one. `thread_id` is the thread of the rows, for items that
        do not name it. `zone` is that of times that name none.
        """
        self.has_more = has_more
        """Whether the list has further rows; None if the server does not say."""
        self.ids_are_cursors = ids_are_cursors
        """Whether a page can come after any row with an id. Else `next_cursor` is the only cursor,
        and counts in the order of this page alone."""
        self.thread_id = thread_id
        self.zone = zone
        self.asked: tuple[int, float] = (0, 0.0)
        """The generation of the request in its feed, and its time in Unix seconds."""
        self.unsettled = tuple(
            [
                index
                for index, span in enumerate(spans)
                if span.status is not None and _is_in_progress(span.status)
            ]
        )
        """The indices of rows whose `status` is not final."""
        self.times = array(
            "q",
            [
                at if type(at) is int and 0 <= at < _LATEST else _time_of(at, zone)
                for _, _, _, _, at in spans
            ],
        )
        self.naive = tuple(
            [
                index
                for index, span in enumerate(spans)
                if type(span.created_at) is str and _is_naive(span.created_at)
            ]
        )
        """The indices of rows whose time has no zone."""
        self._offsets = array("I", [edge for span in spans for edge in span[:2]])
        edges = _edges(self._offsets, len(text))
        self._starts = array("I", edges[:-1])
        self._pieces = tuple(
            Piece(end - start, text[start:end])  # the whole text is not copied
            for start, end in pairwise(edges)
        )
        self.names = tuple(
            [
                span.id
                if type(span.id) is str and span.id and span.id.isascii()
                else _name_of(span, text)
                for span in spans
            ]
        )
        """The name of each row; see `RawRow.name`."""
        self._rows: tuple[RawRow, ...] | None = None
        self.next_cursor = cursor or (self.last_id if ids_are_cursors else None)
        """What the next page comes after; None if that is not known."""

    @property
    def rows(self) -> tuple[RawRow, ...]:
        """The rows, which are made when they are first asked for: storing does without."""
        if self._rows is None:
            self._rows = tuple([RawRow(self, *named) for named in enumerate(self.names)])
        return self._rows

    def loose_rows(self, start: int = 0) -> tuple[RawRow, ...]:
        """Return rows that the page does not know, so that it is freed with the last of them.

        `rows` and their page refer to each other, and wait for the garbage collection.
        """
        return tuple([RawRow(self, index, self.names[index]) for index in range(start, len(self))])

    def pack(self) -> None:
        """Compress the text, in a page that is kept. Costs some 5 ms for each megabyte."""
        self._pieces = tuple([piece.packed() for piece in self._pieces])

    @classmethod
    def of_texts(
        cls,
        texts: Sequence[bytes],
        *,
        has_more: bool | None = False,
        thread_id: str = "",
        zone: tzinfo = UTC,
    ) -> Self:
        """Return a page of rows from the JSON text of each."""
        spans, start = [], 0
        for text in texts:
            try:
                value = load_json(text)
            except (ValueError, RecursionError):
                value = None
            spans.append(RowSpan.of(start, start + len(text), value))
            start += len(text) + 1
        return cls(b"\n".join(texts), spans, has_more=has_more, thread_id=thread_id, zone=zone)

    @property
    def last_id(self) -> str | None:
        """The id of the last row that has one."""
        return next((name for name in reversed(self.names) if not name.startswith(NO_ID)), None)

    @property
    def raw(self) -> bytes:
        """The text that the page was made from, byte for byte."""
        return b"".join([piece.text for piece in self._pieces])

    @property
    def is_answer(self) -> bool:
        """Whether the text is the answer of a server; otherwise it has only the rows."""
        return self._offsets[0] > 0 if self._offsets else bool(self.raw)

    def text_of(self, index: int) -> bytes:
        """Return the JSON text of a row."""
        start, end = self._offsets[2 * index], self._offsets[2 * index + 1]
        first, piece = self._piece_at(start) if len(self._pieces) > 1 else (0, self._pieces[0])
        return piece.text[start - first : end - first]

    def texts(self) -> list[bytes]:
        """Return the JSON text of each row."""
        if len(self._pieces) != 1:
            return [self.text_of(index) for index in range(len(self))]
        text, edges = self._pieces[0].text, iter(self._offsets)
        return [text[start:end] for start, end in zip(edges, edges, strict=True)]

    def second_at(self, index: int) -> int | None:
        """Return when a row was created, in Unix seconds; None if it has no valid time."""
        seconds = self.times[index]
        return None if seconds == _NO_TIME else seconds

    def time_at(self, index: int) -> Timestamp | None:
        """Return when a row was created, from its id if need be."""
        return time_of(self.second_at(index), self.names[index], naive=index in self.naive)

    def size_of(self, index: int) -> int:
        """Return the bytes of the JSON text of a row."""
        return self._offsets[2 * index + 1] - self._offsets[2 * index]

    def _piece_at(self, start: int) -> tuple[int, Piece]:
        number = bisect_right(self._starts, start) - 1
        return self._starts[number], self._pieces[number]

    def __len__(self) -> int:
        return len(self.names)


def _unpack(piece: Piece) -> bytes:
    return zlib.decompress(piece.content, bufsize=piece.size)


_unpack_again = lru_cache(maxsize=16)(_unpack)
"""Caches the last pieces that rows share."""


def _edges(offsets: Sequence[int], size: int) -> list[int]:
    """Return the offsets at which pieces begin, and the end: a large row is a piece of its own.

    Others share pieces of `LARGE_PIECE` at most, without the space around them: else reading each
    row of a long list would decompress all of it each time. `offsets` are the start and end of
    each row in turn.
    """
    if size <= LARGE_ROW:
        return [0, size]
    edges, last = [0], 0
    for start, end in zip(offsets[::2], offsets[1::2], strict=True):
        is_large = end - start >= LARGE_ROW
        if is_large or end - edges[-1] > LARGE_PIECE:
            edges += (last, start)
        if is_large:
            edges.append(end)
        last = end
    return sorted({*edges, last, size})


def _is_in_progress(status: JSON) -> bool:
    return isinstance(status, str) and status not in SETTLED


def _time_of(value: JSON, zone: tzinfo) -> int:
    time = read_time(value, zone)
    return time.seconds if time else _NO_TIME


def _is_naive(text: str) -> bool:
    time = read_time(text)
    return time is not None and time.naive


def _name_of(span: RowSpan, text: bytes) -> str:
    """Return the id of a row; a hash of its text if it has none."""
    name = span.id
    if type(name) is int:  # as servers in other languages send it
        return str(name)
    if isinstance(name, str) and name:
        return name if name.isascii() else str(mend(name))
    return NO_ID + hashlib.sha256(text[span.start : span.end]).hexdigest()[:16]
