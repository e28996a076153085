"""A response of the API, as far as it arrived, and the page in that of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from chatkit_tui.models.json import mend
from chatkit_tui.models.page import LARGE_LIST, Page
from chatkit_tui.models.raw_json import delimit_list

LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""Bytes after decompression. A larger response is refused while it streams."""

LARGE_ANSWER: Final = 256 * 1024
"""Bytes from which a response is parsed in a thread, so that keys do not wait for it."""


class RawResponse(NamedTuple):
    """Status, headers and decompressed body. Its `repr` shows no body."""

    status: int
    headers: Mapping[str, str]
    """Looked up without regard to case."""
    body: bytes = b""
    cut_short: bool = False
    """The connection dropped before the body was whole, or the body came too slowly."""
    too_slow: bool = False
    """The body was given up because it came too slowly; it is cut short."""
    too_large: bool = False
    """The body went over the limit; `body` is its beginning."""
    unsearchable: bool = False
    """The body has too many escapes or credentials in it to be redacted, so it was dropped; it
    counts as too large."""
    garbled: bool = False
    """The body is not compressed as its headers say."""
    proxy: str = ""
    """The proxy that an unencrypted response came through, which may have answered itself."""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, for its support."""
        return self.headers.get("x-request-id")

    def __repr__(self) -> str:
        return f"RawResponse({self.status}, {len(self.body)} bytes)"


def parse_list_answer(raw: bytes, *, thread_id: str = "") -> Page:
    """Return the page in the body of a list response.

    Raise `ValueError` if `raw` is not JSON in UTF-8 or has no list in `data`.
    """
    fields, spans = delimit_list(raw, parse_rows=len(raw) < LARGE_LIST)
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
