"""The body of a list answer, split into its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chatkit_tui.models.json import DECODER, JSON, mend
from chatkit_tui.models.page import LARGE_LIST, Page
from chatkit_tui.models.raw_json import RowSpan, check_encoding, delimit_list
from chatkit_tui.models.scan import TOO_DEEP, Part, scan_object

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_LEADING_ID: Final = re.compile(r'\{\s*"id"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")', re.DOTALL)


def parse_list_answer(raw: bytes, *, thread_id: str = "") -> Page:
    """Return the page in a list answer.

    Raise `ValueError` if `raw` is not JSON in UTF-8 or has no list in `data`.
    """
    split = delimited_list if len(raw) >= LARGE_LIST else _parsed_list
    fields, spans = split(raw)
    if spans is None and ("data" not in fields or fields["data"] is not None):
        raise ValueError("the answer has no list in `data`")
    more, last_id = fields.get("has_more"), fields.get("last_id")
    return Page(
        raw,
        spans or (),
        has_more=more if isinstance(more, bool) else None,
        cursor=str(mend(last_id)) if isinstance(last_id, str) else None,
        thread_id=thread_id,
    )


def delimited_list(raw: bytes) -> tuple[dict[str, JSON], list[RowSpan] | None]:
    """Return the members of a list answer and the spans of its rows, without parsing the rows."""
    check_encoding(raw)
    return delimit_list(raw, len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0)


def _parsed_list(raw: bytes) -> tuple[dict[str, JSON], list[RowSpan] | None]:
    text = raw.decode("utf-8-sig")
    members, rows = scan_object(text, rows_of="data")
    fields = {name: part.value for name, part in members.items()}
    if rows is None:
        return fields, None
    edges = _byte_offsets(raw, text, rows)
    return fields, [
        RowSpan.of(start, end, _leading_id(text, row) if row.value is TOO_DEEP else row.value)
        for row, start, end in zip(rows, edges, edges, strict=True)
    ]


def _byte_offsets(raw: bytes, text: str, rows: list[Part]) -> Iterator[int]:
    """Yield start and end of each row in `raw`, of which `text` is the decoded form."""
    byte = len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0
    position = 0
    one_byte_each = len(text) == len(raw) - byte
    for row in rows:
        for edge in (row.start, row.end):
            between = edge - position if one_byte_each else len(text[position:edge].encode())
            byte += between
            position = edge
            yield byte


def _leading_id(text: str, row: Part) -> JSON:
    """Return an object with the id of a row that is nested too deeply to be parsed."""
    match = _LEADING_ID.match(text, row.start, row.end)
    return {"id": DECODER.decode(match[1])} if match else None
