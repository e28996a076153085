"""The responses of a server: a page with its own cursor, a thread, and what an error means.

Some servers wrap each response as `{"type": …, "request_id": …, "response": …}`. They send no error
object.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from typing import Final

from chatkit_tui.errors import (
    APIError,
    APIStatusError,
    InternalServerError,
    NotFoundError,
    UnknownCursorError,
)
from chatkit_tui.models.json import mend
from chatkit_tui.models.page import LARGE_LIST, Page
from chatkit_tui.models.raw_json import delimit_list, leading_members, members
from chatkit_tui.sources.chatkit_server.requests import UNEXPLAINED
from chatkit_tui.sources.http.response import LARGE_ANSWER


def read_page(raw: bytes, *, zone: tzinfo, thread_id: str = "") -> Page:
    """Return the page in a response.

    `zone` is that of times without one. Raise `ValueError` if there is no list in `data`.
    """
    parse_rows = len(raw) < LARGE_LIST
    fields, spans = delimit_list(raw, parse_rows=parse_rows)
    if spans is None and "response" in fields:
        raw = _unwrapped(raw)
        fields, spans = delimit_list(raw, parse_rows=parse_rows)
    if spans is None:
        raise ValueError("the answer has no list in `data`")
    more, after = fields.get("has_more"), fields.get("after")
    cursor = str(mend(after)) if type(after) in (str, int) else ""
    page = Page(
        raw,
        spans,
        has_more=more if isinstance(more, bool) else bool(cursor),
        cursor=cursor or None,
        thread_id=thread_id,
        zone=zone,
        ids_are_cursors=False,
    )
    if len(raw) >= LARGE_ANSWER:  # here, in the thread that reads it
        page.pack()
    return page


def read_thread(raw: bytes, *, zone: tzinfo) -> Page:
    """Return the thread in a response, as the only row of a page.

    Raise `ValueError` for anything but an object with an id.
    """
    fields = dict(leading_members(raw))
    if "id" not in fields and isinstance(fields.get("response"), dict):
        raw = _unwrapped(raw)
    page = Page.of_texts([raw], zone=zone)
    if not page.rows[0].has_id:
        raise ValueError("the answer is not a thread")
    return page


def joined(texts: Iterable[bytes], *, thread_id: str, zone: tzinfo) -> Page:
    """Return a page, the last one of a list, of the JSON of its rows."""
    raw = b'{"data":[%b],"has_more":false}' % b",".join(texts)
    _, spans = delimit_list(raw)
    return Page(raw, spans or (), thread_id=thread_id, zone=zone, ids_are_cursors=False)


def _unwrapped(raw: bytes) -> bytes:
    """Return the response in a wrapped one."""
    return next(raw[start:end] for name, start, end in members(raw) if name == "response")


# -- errors ----------------------------------------------------------------------------------------

_UNAVAILABLE: Final = "No such thread, or another user's, or the server failed ({status})."


def is_unexplained(error: APIError) -> bool:
    """Return whether an error may mean that something is missing, or that the server failed."""
    return isinstance(error, InternalServerError) and error.status in UNEXPLAINED


def unavailable(error: APIStatusError) -> NotFoundError:
    """Return the error for a thread that such a response is about, while other requests work."""
    explained = NotFoundError(
        _UNAVAILABLE.format(status=error.status),
        status=error.status,
        detail=error.detail,
        request_id=error.request_id,
        from_api=False,
    )
    explained.reason = f"not available ({error.status})"
    return explained


def unknown_cursor(error: APIError) -> UnknownCursorError:
    """Return the error for a cursor that such a response is about."""
    return UnknownCursorError(error.message, request_id=error.request_id)
