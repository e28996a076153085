"""Rows of a source as JSON, as they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatkit_tui.models.page import RawRow


def item_json(row: RawRow) -> bytes:
    """Return the JSON of an item with a line break; its bytes are those of the source."""
    return row.raw + b"\n"


def list_json(rows: Iterable[RawRow], *, has_more: bool) -> Iterator[bytes]:
    """Yield a list object of the API in pieces, a row on each line.

    `has_more` is whether the conversation has items that are not in the list, or may have.
    """
    yield b'{"object": "list", "data": ['
    before = b"\n"
    for row in rows:
        yield before + row.raw
        before = b",\n"
    yield b'\n], "has_more": ' + (b"true" if has_more else b"false") + b"}\n"
