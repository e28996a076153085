"""The body of a list answer, split into its rows."""

from __future__ import annotations

import re
from typing import Final

from chatkit_tui.models.json import DECODER, JSON, mend
from chatkit_tui.models.page import LARGE_LIST, Page
from chatkit_tui.models.raw_json import RowSpan, check_encoding, delimit_list
from chatkit_tui.models.scan import TOO_DEEP, Part, scan_object
from chatkit_tui.sources.http.response import LARGE_ANSWER

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
    page = Page(
        raw,
        spans or (),
        has_more=more if isinstance(more, bool) else None,
        cursor=str(mend(last_id)) if isinstance(last_id, str) else None,
        thread_id=thread_id,
    )
    if len(raw) >= LARGE_ANSWER:  # here, in the thread that reads it
        page.pack()
    return page


def delimited_list(raw: bytes) -> tuple[dict[str, JSON], list[RowSpan] | None]:
    """Return the members of a list answer and the spans of its rows, without parsing the rows."""
    check_encoding(raw)
    return delimit_list(raw, len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0)


def _parsed_list(raw: bytes) -> tuple[dict[str, JSON], list[RowSpan] | None]:
    raw.decode()  # raises an error if it is not UTF-8
    # Each byte becomes one character, so that places in the text are places in `raw`. Values with
    # other characters than ASCII are parsed again.
    text = raw.decode("latin-1")
    start = len(_BYTE_ORDER_MARK) if raw.startswith(_BYTE_ORDER_MARK) else 0
    members, rows = scan_object(text, start, rows_of="data")
    fields = {name: _exact_text(part, raw) for name, part in members.items()}
    return fields, None if rows is None else [_span(row, raw) for row in rows]


def _exact_text(part: Part, raw: bytes) -> JSON:
    if not isinstance(part.value, str) or part.value.isascii():
        return part.value
    return DECODER.decode(raw[part.start : part.end].decode())


def _span(row: Part, raw: bytes) -> RowSpan:
    """Return the span of a row with what a list needs of it."""
    start, end, value = row
    if value is TOO_DEEP:
        return RowSpan(start, end, _leading_id(raw[start:end].decode()))
    if not isinstance(value, dict):
        return RowSpan(start, end)
    span = RowSpan(start, end, value.get("id"), value.get("status"), value.get("created_at"))
    if f"{span.id}{span.status}{span.created_at}".isascii():
        return span
    return RowSpan.of(start, end, DECODER.decode(raw[start:end].decode()))


def _leading_id(text: str) -> JSON:
    """Return the id of a row that is nested too deeply to be parsed."""
    match = _LEADING_ID.match(text)
    return DECODER.decode(match[1]) if match else None
